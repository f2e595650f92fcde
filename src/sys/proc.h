/* SPDX-License-Identifier: MIT */
/* proc.h - processes and what they may do: cloning, privileges, seccomp, the lab's namespaces. */
#ifndef SYS_PROC_H
#define SYS_PROC_H

#include <sys/types.h>

#include "base/error.h"

/* Does the process hold CAP_SYS_ADMIN and CAP_NET_ADMIN (in its user namespace)? */
bool proc_is_privileged(void);

/**
 * proc_clone_lab() - a child that is PID 1 of a new pid namespace
 * @rootless: it gets a user, mount and network namespace too, in which the
 *	caller's uid is 0; the maps are written before it returns in the child
 * @ret_pid: in the parent
 * @ret_pidfd: in the parent
 *
 * Return: 1 in the parent, 0 in the child, -errno with the step that failed and
 * the machine's reason in @err (unprivileged_userns_clone, AppArmor,
 * user.max_user_namespaces)
 */
int proc_clone_lab(bool rootless, pid_t *ret_pid, int *ret_pidfd, struct error *err);

/* After it failed with @code: what to do about it, a part of a sentence. */
const char *proc_lab_mend(int code, bool rootless);

/* Rootless: a tmpfs at NETNS_DIR, and a /proc of the pid namespace's own. 0 or -errno. */
int proc_mount_private(struct error *err);

/* fork(), with the child's signals at their defaults; an ignored HUP, INT or QUIT stays so. */
pid_t proc_fork(void);
/* The same; what the child writes to its @ret_fd the parent reads from its own. */
pid_t proc_fork_piped(int *ret_fd);
/* Waits until a child has ended; @end: it is killed. Has it ended well, with exit status 0? */
bool proc_reap(pid_t pid, bool end);
/*
 * New session, standard streams to /dev/null, the folder /, umask 077, signals
 * at their defaults and none blocked. 0 or -errno.
 */
int proc_daemonize(struct error *err);

/**
 * proc_sandbox() - give up everything, for good: no capabilities, no new
 *	privileges, not dumpable, nobody's uid if it was root's, and a seccomp
 *	allow-list for a process that only polls, reads, writes, sends and closes
 */
int proc_sandbox(struct error *err);

/**
 * proc_limit_keeper() - no capability but those that it takes to configure
 *	namespaces, to make a node's own files, to end a process of nobody's, and
 *	to take all of it down; and no new ones
 *
 * For the process that outlives the building of a lab.
 */
int proc_limit_keeper(struct error *err);

/**
 * proc_limit_command() - the capabilities that programs can have from now on, here and in
 *	all children: those that a program of a network needs on a machine
 * @own_user: it is root of a user namespace only, and may use it as it likes
 *
 * What is about the whole machine goes: its clock, modules, devices, mounts.
 */
int proc_limit_command(bool own_user, struct error *err);

/* This process's number in the pid namespace that /proc shows: what others see. Or -errno. */
int proc_visible_pid(void);

/*
 * Gives back what only the start needed: freed memory, where the C library can,
 * and the pages of code that were read on the way.
 */
void proc_trim_memory(void);

/* Waits for the process of a pidfd: 0, -ETIMEDOUT, -errno. */
int proc_wait_pidfd(int pidfd, uint64_t timeout_us);
int proc_kill_pidfd(int pidfd, int sig);

/* Namespaces of a node, by descriptor; -1: not its own. */
struct proc_ns {
	int user, pid, net, mnt, uts;
};

/**
 * proc_make_node_ns() - a mount and UTS namespace for a node: own /run, /var,
 *	/etc/resolv.conf, /etc/hosts, hostname, and /sys and /proc of its own
 * @net: its network namespace
 * @ret_mnt: @ret_uts: descriptors, the caller's
 * @ret_etc: likewise: its /etc, to change files in from outside
 *
 * Made by a short-lived child; the caller stays where it is.
 */
int proc_make_node_ns(int net, const char *hostname, int *ret_mnt, int *ret_uts, int *ret_etc,
		      struct error *err);

/**
 * proc_pretend_ids() - from now on, changes of owner and user succeed without
 *	being made, here and in all children
 *
 * A lab without privilege knows one user only, and daemons that cannot become
 * another one (dnsmasq, dhcpcd, systemd-networkd) refuse to start. For the
 * child that is about to execute one.
 */
int proc_pretend_ids(struct error *err);

/**
 * proc_exec_in() - run a command inside a node, wait for it, pass its status on
 * @argv: NULL-terminated; looked up in PATH and the sbin folders
 * @env: "NAME=value" added to the environment; NULL-terminated, or NULL
 *
 * The command is a child in the lab's pid namespace: it ends with the lab.
 * Interrupts go to it (same process group), SIGTERM and SIGHUP are passed on.
 * The calling process enters the node for good: it has nothing else to do.
 * Return: its exit status, 128+signal, 126 not executable, 127 not found,
 * 125 and @err for a failure of ours
 */
int proc_exec_in(const struct proc_ns *ns, char *const *argv, const char *const *env,
		 struct error *err);

#endif
