/* SPDX-License-Identifier: MIT */
/*
 * held_config.h - what a lease has put on an interface, in 24 bytes: all but its
 * address and end are mostly the same for all clients of a server, who share it.
 */
#ifndef NODE_HELD_CONFIG_H
#define NODE_HELD_CONFIG_H

#include "base/util.h"

#include <netlab/dhcp_machine.h>

struct shared_config;

/**
 * struct held_config - start with `= {0}`: nothing
 * @address: @expires: as in struct dhcp_config; address 0: nothing
 * @rest: NULL with nothing
 */
struct held_config {
	uint32_t address;
	uint64_t expires;
	struct shared_config *rest;
};

/*
 * @last: what was held last by whoever, and may be shared; start with NULL, end with
 * shared_config_put(). 0, or -ENOMEM with @h as it was.
 */
int held_config_set(struct held_config *h, struct shared_config **last,
		    const struct dhcp_config *c);
void held_config_clear(struct held_config *h);
/* All zeros: nothing. */
struct dhcp_config held_config(const struct held_config *h);
/* All but the address and the end, which are 0; there must be something. */
const struct dhcp_config *held_config_rest(const struct held_config *h);

#define LEASE_ROUTES_MAX (DHCP_ROUTES_MAX + 1)

/*
 * Routes that a lease brings: those of option 121, or those of 33 and a default route by the
 * first router: with 121 a lease has no routers (RFC 3442). Returns how many.
 */
size_t lease_routes(const struct dhcp_config *c, struct dhcp_route ret[static LEASE_ROUTES_MAX]);

/* The end of one use; NULL allowed. */
void shared_config_put(struct shared_config *s);

#endif
