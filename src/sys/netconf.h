/* SPDX-License-Identifier: MIT */
/*
 * netconf.h - rtnetlink, the writing half (libmnl): links, addresses, routes.
 *
 * One message, one acknowledgement. On failure the kernel's own extended
 * error text is in @err. Addresses in host byte order.
 */
#ifndef SYS_NETCONF_H
#define SYS_NETCONF_H

#include "base/error.h"

/* A netlink socket in one namespace. */
struct netconf;

int netconf_open(int home, int ns, struct netconf **ret, struct error *err);
/* NULL allowed; returns NULL. */
struct netconf *netconf_close(struct netconf *n);
static inline void cleanup_netconfp(struct netconf **n)
{
	netconf_close(*n);
}
/* By what the kernel tells who changed something: the socket's number in its namespace. */
uint32_t netconf_port(const struct netconf *n);
#define cleanup_netconf CLEANUP(cleanup_netconfp)

/**
 * struct netconf_end - one end of a cable to be born
 * @ns: the namespace in which it is born, under its final name; never moved
 * @conf: a socket in it; NULL: one is opened for the moment
 * @name: at most 15 bytes
 * @master: ifindex of its bridge in that namespace; 0: none
 * @alias: IFLA_IFALIAS, the mark of ownership; NULL: none
 * @ifindex: 0: the kernel's choice; given for both ends or for none. Best two
 *	different ones: a kernel before 6.8 takes the ends of a cable that have
 *	the same index for no cable, and one of them is up a second late.
 */
struct netconf_end {
	int ns;
	struct netconf *conf;
	const char *name;
	uint8_t mac[6];
	int master;
	const char *alias;
	int ifindex;
};

/**
 * netconf_add_veth() - a cable, one queue an end, no IPv6 address generation
 * @n: socket in @a's namespace
 *
 * Return: 0, -EEXIST (either name is taken), -EOPNOTSUPP (a kernel without veth), -errno
 */
int netconf_add_veth(struct netconf *n, const struct netconf_end *a,
		     const struct netconf_end *b, struct error *err);

/* A bridge that is down, without multicast snooping, that forwards at once. 0 or -errno. */
int netconf_add_bridge(struct netconf *n, const char *name, const uint8_t mac[static 6],
		       struct error *err);

/*
 * A netem that does nothing yet, on a link's way out. 0; -ENOENT or -EOPNOTSUPP: the kernel
 * has none; -errno.
 */
int netconf_add_netem(struct netconf *n, int ifindex, struct error *err);

/* The name of a link, up to IFNAMSIZ bytes with its NUL. 0, -ENODEV, -errno. */
int netconf_name(struct netconf *n, int ifindex, char ret[static 16], struct error *err);

/* The index of a link, or -ENODEV. */
int netconf_index(struct netconf *n, const char *name, struct error *err);
int netconf_del_link(struct netconf *n, const char *name, struct error *err);
int netconf_set_up(struct netconf *n, int ifindex, bool up, struct error *err);
int netconf_set_mtu(struct netconf *n, int ifindex, unsigned int mtu, struct error *err);
/* Into another namespace, under its name; it is down there, and of no bridge. */
int netconf_move_link(struct netconf *n, int ifindex, int ns, struct error *err);
int netconf_set_master(struct netconf *n, int ifindex, int master, struct error *err);
/* Flooding of broadcasts out of a bridge's port. */
int netconf_set_flood(struct netconf *n, int ifindex, bool on, struct error *err);

/**
 * struct netconf_address - an address on a link
 * @broadcast: 0: none
 * @valid_sec: @preferred_sec: lifetimes; UINT32_MAX for ever
 */
struct netconf_address {
	int ifindex;
	uint32_t address;
	uint8_t prefix_len;
	uint32_t broadcast;
	uint32_t valid_sec, preferred_sec;
};

/* Adds it, or replaces the lifetimes of what is there (@replace). */
int netconf_add_address(struct netconf *n, const struct netconf_address *a, bool replace,
			struct error *err);
int netconf_del_address(struct netconf *n, const struct netconf_address *a, struct error *err);

/**
 * struct netconf_route - a route in the main table
 * @gateway: 0: on link
 * @ifindex: 0: the kernel finds it by @gateway
 * @metric: 0: the kernel's default
 */
struct netconf_route {
	uint32_t dest;
	uint8_t prefix_len;
	uint32_t gateway;
	int ifindex;
	uint32_t metric;
	bool dhcp;		/* RTPROT_DHCP instead of RTPROT_STATIC */
};

int netconf_add_route(struct netconf *n, const struct netconf_route *r, struct error *err);
int netconf_del_route(struct netconf *n, const struct netconf_route *r, struct error *err);

/* A sysctl of one namespace: "net/ipv4/ip_forward", "1". 0 or -errno. */
int netconf_sysctl(int home, int ns, const char *name, const char *value, struct error *err);

/* Checksum and segmentation offload off, so that captures show what a wire would. 0 or -errno. */
int netconf_no_offload(int home, int ns, const char *ifname, struct error *err);

/**
 * netconf_wait_up() - wait until links have OPERSTATE up: a link that is
 *	IFF_UP may still drop its first frame
 * @ifindex: @count of them, in @n's namespace
 * @timeout_us: at most so long
 *
 * Return: 0, -ETIMEDOUT, -errno
 */
int netconf_wait_up(struct netconf *n, const int *ifindex, size_t count, uint64_t timeout_us,
		    struct error *err);

#endif
