/* SPDX-License-Identifier: MIT */
/*
 * netns.h - network namespaces: made, pinned under /run/netns as iproute2
 * does it, and entered.
 *
 * Entering is per thread and sticky, so nobody but this file calls setns(2)
 * for a network namespace; what it hands out is a descriptor.
 */
#ifndef SYS_NETNS_H
#define SYS_NETNS_H

#include "base/error.h"

#define NETNS_DIR "/run/netns"

/* The namespace of the calling thread. A descriptor or -errno. */
int netns_open_self(void);
/* A pinned one by name. A descriptor, -ENOENT, or -EINVAL: a file that is no namespace. */
int netns_open_name(const char *name);

/**
 * netns_create() - a new namespace; the calling thread stays where it was
 * @home: descriptor of the thread's own namespace
 *
 * Return: a descriptor or -errno (-ENOSPC: user.max_net_namespaces)
 */
int netns_create(int home, struct error *err);

/**
 * netns_call() - run @fn inside a namespace
 * @home: where the thread goes back to
 *
 * Return: what @fn returned, or -errno if the namespace could not be entered.
 * If the thread can not go home it ends the process: going on in the wrong
 * namespace would touch the wrong machine.
 */
int netns_call(int home, int ns, int (*fn)(void *arg), void *arg);

/**
 * struct netns_id - by what a namespace is known again
 * @ino: of its file; the kernel gives the number of one that is gone to the next
 * @cookie: SO_NETNS_COOKIE, never given twice until a reboot; 0: a kernel before 5.14
 */
struct netns_id {
	uint64_t ino, cookie;
};

/**
 * netns_dir_prepare() - make NETNS_DIR a shared mount point, under iproute2's lock
 *
 * Return: 0 or -errno
 */
int netns_dir_prepare(struct error *err);

/**
 * netns_pin() - give a namespace a name under NETNS_DIR
 *
 * Return: 0, -EEXIST (the name is taken), -errno. Nothing is left on failure.
 */
int netns_pin(const char *name, int ns, struct error *err);

/**
 * netns_unpin() - take the name away again
 * @id: the namespace that it must be: another is left alone; NULL: any
 *
 * Return: 0 (also when it is gone already), -ESTALE (the name is another's now), -errno
 */
int netns_unpin(const char *name, const struct netns_id *id, struct error *err);

/**
 * struct netns_pin - a name to be taken away
 * @err: code 0 when it is gone, else as netns_unpin() says
 */
struct netns_pin {
	const char *name;
	struct netns_id id;
	struct error err;
};

/* netns_unpin() for all of them, side by side: each one waits for a grace period. */
void netns_unpin_all(struct netns_pin *pins, size_t n);

/* By what a namespace @ns is known again. 0 or -errno. */
int netns_identify(int ns, struct netns_id *ret);

/* May a namespace have this name? No '/', not "." or "..", 1..255 bytes. */
bool netns_is_name(const char *name);

#endif
