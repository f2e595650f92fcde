/* SPDX-License-Identifier: MIT */
/*
 * netstate.h - rtnetlink, the reading half (libnl-route): what the kernel
 * really has in one namespace. Its types do not leave netstate.c.
 */
#ifndef SYS_NETSTATE_H
#define SYS_NETSTATE_H

#include "base/error.h"

struct netstate_address {
	uint32_t address;
	uint8_t prefix_len;
	uint32_t broadcast;
	uint32_t valid_sec, preferred_sec;	/* UINT32_MAX for ever */
};

struct netstate_link {
	int ifindex;
	char name[16];
	char alias[128];
	uint8_t mac[6];
	bool up, running;	/* IFF_UP; carrier and operstate up */
	bool loopback;
	unsigned int mtu;
	size_t n_addresses;
	struct netstate_address *addresses;
};

struct netstate_route {
	uint32_t dest, gateway;
	uint8_t prefix_len;
	int ifindex;
	uint32_t metric;
	uint8_t protocol;	/* RTPROT_* */
};

struct netstate {
	size_t n_links, n_routes;
	struct netstate_link *links;
	struct netstate_route *routes;	/* IPv4, main table */
};

/* A bound NETLINK_ROUTE socket of a namespace, to hand to somebody else. Descriptor or -errno. */
int netstate_socket(int home, int ns);

/**
 * netstate_read() - links, IPv4 addresses and routes
 * @sock: from netstate_socket(); reading needs no privilege. Stays the caller's.
 * @ret: to be freed with netstate_done()
 */
int netstate_read(int sock, struct netstate *ret, struct error *err);
void netstate_done(struct netstate *s);
#define cleanup_netstate CLEANUP(netstate_done)

/*
 * Does the kernel hold back what was sent by a link until ARP has found the receiver?
 * @sock: as above. 1, 0, -errno.
 */
int netstate_is_resolving(int sock, int ifindex, struct error *err);

const struct netstate_link *netstate_find(const struct netstate *s, const char *ifname);

#endif
