/* SPDX-License-Identifier: MIT */
/*
 * dhcp_binding.h - what a server knows of one client and its address.
 */
#ifndef NETLAB_DHCP_BINDING_H
#define NETLAB_DHCP_BINDING_H

#include <stdbool.h>
#include <stdint.h>

enum dhcp_binding_state {
	DHCP_BINDING_NONE,	/* nothing is known of this client */
	DHCP_BINDING_OFFERED,
	DHCP_BINDING_ACTIVE,
	DHCP_BINDING_EXPIRED,	/* remembered; the address is free for others */
	DHCP_BINDING_RELEASED,	/* likewise */
	DHCP_BINDING_DECLINED,	/* the address is in quarantine */
	DHCP_BINDING_PROBED,	/* it is asked for by ARP; the OFFER waits for silence */
};
#define DHCP_BINDING_STATES (DHCP_BINDING_PROBED + 1)

#define DHCP_BINDING_ID_MAX 64

/**
 * struct dhcp_binding - what the server knows of one client and its address
 * @id: option 61, or htype and chaddr (RFC 2131 section 4.2); of an option over
 *	DHCP_BINDING_ID_MAX bytes its beginning and a hash
 * @id_len: 0 when nobody is known to use it (a declined address)
 * @id_is_option: which of the two
 * @expires: microseconds; DHCP_NEVER for ever, and for a PROBED one
 */
struct dhcp_binding {
	enum dhcp_binding_state state;
	uint32_t address;
	uint8_t id_len;
	bool id_is_option;
	uint8_t htype, hlen;
	uint8_t id[DHCP_BINDING_ID_MAX];
	uint8_t chaddr[16];
	char host_name[64];
	uint64_t expires;
};

#endif
