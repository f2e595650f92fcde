/* SPDX-License-Identifier: MIT */
/*
 * plan.h - a scenario as the operations that build it, in order. Each has an
 * inverse; all are validated before the first one runs.
 */
#ifndef SCENARIO_PLAN_H
#define SCENARIO_PLAN_H

#include "scenario/scenario.h"

/* In the order in which they run: it is the cheapest that the kernel has. */
enum plan_op_type {
	PLAN_NETNS,	/* make and pin a node's namespace */
	PLAN_BRIDGE,	/* the bridge of a switch, still down */
	PLAN_CABLE,	/* a veth pair, both ends in place */
	PLAN_ADDRESS,	/* a static address */
	PLAN_MTU,
	PLAN_FORWARD,	/* ip_forward of a node */
	PLAN_MASQUERADE,	/* of what comes in by an interface; @index: of its address */
	PLAN_LINK_UP,	/* an interface, the loopback, or a switch's port or bridge */
	PLAN_ROUTE,
	PLAN_SERVER,	/* start a DHCP server */
	PLAN_RELAY,	/* a DHCP relay agent's link with clients */
	PLAN_CLIENT,	/* start a DHCP client */
};

/**
 * struct plan_op - one operation
 * @node: index into the scenario's nodes; @iface: of its interfaces, NONE where
 *	it does not apply (PLAN_LINK_UP with NONE: the loopback of a host, the
 *	bridge of a switch)
 * @index: which of the interface's addresses or routes; cable's index for
 *	PLAN_CABLE, whose node and interface are those of its first end
 */
struct plan_op {
	enum plan_op_type type;
	size_t node, iface, index;
};

struct plan {
	const struct scenario *scenario;
	size_t n_ops;
	struct plan_op *ops;
};

/* The plan of a checked scenario. It borrows @s. 0 or -ENOMEM. */
int plan_make(const struct scenario *s, struct plan *ret);
void plan_done(struct plan *p);
#define cleanup_plan CLEANUP(plan_done)

/* "namespace", "cable", ...: the word of the operation in progress lines; never NULL. */
const char *plan_op_name(enum plan_op_type t);

/* The link alias that marks an interface as netlab's: "netlab:LAB:NODE". */
void plan_alias(const struct scenario *s, size_t iface, char *ret, size_t size);

#define SWITCH_BRIDGE "br0"	/* a switch's bridge, in its own namespace */
#define SWITCH_BRIDGE_PORTS 1000	/* of a switch; the kernel's bridge can have 1023 */

/* How many bridges a switch is; which of them, from 0, has one of its ports. */
size_t plan_bridges(const struct scenario *s, size_t node);
size_t plan_bridge_of(const struct scenario *s, size_t port);
/* Bridge @i of a switch; the ends of its trunk to the first. No port can have such a name. */
const char *plan_bridge_name(size_t i, char buf[static IF_NAME_MAX]);
void plan_trunk_names(size_t i, char ret_near[static IF_NAME_MAX],
		      char ret_far[static IF_NAME_MAX]);

/**
 * plan_shell() - the same by hand: a POSIX shell script of ip(8), dnsmasq and dhclient
 *
 * "sh SCRIPT" builds, "sh SCRIPT down" removes. It writes below /run only.
 * What those programs have no word for (OfferTimeSec=, MinLeaseTimeSec=,
 * MaxLeaseTimeSec=, RequestOptions=, UseDNS=, UseMTU=, Speed=, events) it leaves out.
 *
 * Return: a new string, or NULL when memory ran out
 */
char *plan_shell(const struct plan *p);

#endif
