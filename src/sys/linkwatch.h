/* SPDX-License-Identifier: MIT */
/*
 * linkwatch.h - rtnetlink, the listening part (libmnl): links of a namespace
 * that go down, come back, or vanish.
 */
#ifndef SYS_LINKWATCH_H
#define SYS_LINKWATCH_H

#include "base/error.h"

/**
 * struct link_news - what the kernel says of a link
 * @gone: deleted, or moved to another namespace
 * @up: it is IFF_UP and has its carrier
 */
struct link_news {
	int ifindex;
	bool gone, up;
};

/* A non-blocking socket that hears of every link of a namespace from now on. Or -errno. */
int linkwatch_open(int home, int ns);

/* Asks how a link is now: the answer comes as news. 0 or -errno. */
int linkwatch_ask(int fd, int ifindex);

#define LINK_NEWS_MAX 32

/**
 * linkwatch_read() - what has come
 * @ret: LINK_NEWS_MAX places
 *
 * Return: how many (0: what came was no news), -EAGAIN: nothing came, -ENOBUFS:
 * some was lost, so it is to be asked again; -errno
 */
int linkwatch_read(int fd, struct link_news *ret);

#endif
