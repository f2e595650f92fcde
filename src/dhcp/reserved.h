/* SPDX-License-Identifier: MIT */
/*
 * reserved.h - which addresses are kept for whom: the clients of
 * dhcp_server_options.reserved in an order that can be searched by halving.
 */
#ifndef DHCP_RESERVED_H
#define DHCP_RESERVED_H

#include "dhcp/leases.h"

enum reserved_by {
	RESERVED_BY_HARDWARE,
	RESERVED_BY_ID,
	RESERVED_BY_CIRCUIT,
};

/* Numbers of the entries, in the order of client and address. */
struct reserved {
	uint16_t n;
	uint16_t by_id[DHCP_SERVER_RESERVED_MAX];
};

/*
 * 0, or -EINVAL: too many; one without an id; an address of none of the @n_nets
 * subnets @net, or that no client can have; one client twice in a subnet; one
 * address for two clients.
 */
int reserved_init(struct reserved *r, const struct dhcp_server_options *opt,
		  const struct dhcp_server_subnet *net, size_t n_nets);

/* The addresses, in order and each once, in @ret; how many. */
uint16_t reserved_addresses(const struct dhcp_server_options *opt,
			    uint32_t ret[static DHCP_SERVER_RESERVED_MAX]);

/* What is kept for this client in @net; NULL for nothing. */
const struct dhcp_reservation *reserved_find(const struct reserved *r,
					     const struct dhcp_server_options *opt,
					     const struct dhcp_server_subnet *net,
					     enum reserved_by by, const uint8_t *id, size_t id_len);

#endif
