/* SPDX-License-Identifier: MIT */
/*
 * netwatch.h - rtnetlink, the listening part (libmnl): what happens to the
 * links, the IPv4 addresses and the routes of a namespace, whoever did it.
 */
#ifndef SYS_NETWATCH_H
#define SYS_NETWATCH_H

#include "base/error.h"
#include "sys/netconf.h"

enum net_news_kind {
	NET_NEWS_LINK,
	NET_NEWS_ADDRESS,
	NET_NEWS_ROUTE,
};

#define NET_PROTOCOL_LEN 12

/**
 * struct net_news - what the kernel says
 * @ifindex: of the link, or the one that the address or route is on; 0: of none
 * @gone: deleted, or (a link) moved to another namespace
 * @up: a link: it is IFF_UP and has its carrier
 * @replaced: a route: it came in place of another
 * @address: @prefix_len: an address, or where a route leads to
 * @gateway: @metric: of a route; 0: none
 * @protocol: of a route, in the kernel's words: "dhcp"
 * @port: of who did it, as netconf_port(); 0: the kernel, or an ioctl
 */
struct net_news {
	enum net_news_kind kind;
	int ifindex;
	bool gone, up, replaced;
	uint8_t prefix_len;	/* here there is no padding: the struct is sent as it is */
	uint32_t address;
	uint32_t gateway, metric;
	char protocol[NET_PROTOCOL_LEN];
	uint32_t port;
};

/**
 * netwatch_open() - a non-blocking socket that hears of it from now on
 * @own: new addresses and routes that come from this socket are not heard of, nor are
 *	the routes that the kernel makes for each address
 * @links: of links too
 *
 * Return: a descriptor or -errno
 */
int netwatch_open(int home, int ns, const struct netconf *own, bool links);

/* Asks how a link is now: the answer comes as news. 0 or -errno. */
int netwatch_ask(int fd, int ifindex);

#define NET_NEWS_MAX 32

/**
 * netwatch_read() - what has come
 * @ret: NET_NEWS_MAX places
 *
 * Return: how many (0: what came was no news), -EAGAIN: nothing came, -ENOBUFS:
 * some was lost, so it is to be asked again; -errno
 */
int netwatch_read(int fd, struct net_news *ret);

#endif
