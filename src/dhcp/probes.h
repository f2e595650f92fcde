/* SPDX-License-Identifier: MIT */
/*
 * probes.h - DISCOVERs whose OFFER waits until nobody has answered for the
 * address (RFC 2131 section 2.2). Few and of one length, so a plain array.
 */
#ifndef DHCP_PROBES_H
#define DHCP_PROBES_H

#include <netlab/dhcp_server.h>

/**
 * struct probe - one of them
 * @due: microseconds; DHCP_NEVER: the place is free
 * @rx: of the DISCOVER; its msg points nowhere: see probe_rx()
 */
struct probe {
	uint64_t due;
	uint32_t address;
	struct dhcp_rx rx;
	struct dhcp_message msg;
};

/* @p: DHCP_SERVER_PROBES_MAX of them. */
void probes_init(struct probe *p);
/* NULL: all places are taken. */
struct probe *probes_free(struct probe *p);
struct probe *probes_find(struct probe *p, uint32_t address);
/* The one that is due first; NULL: none is out. */
struct probe *probes_first(struct probe *p);

/* The DISCOVER as it came. */
struct dhcp_rx probe_rx(const struct probe *p);

#endif
