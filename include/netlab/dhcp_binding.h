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
#define DHCP_NONCE_LEN 16

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

/**
 * struct dhcp_binding_more - what a server keeps beside a binding if it answers
 * LEASEQUERYs or sends FORCERENEWs
 * @seen: when the client last wrote about the address (RFC 4388 section 6.7)
 * @since: when its lease began, or was last extended; 0: not yet. Both microseconds
 * @nonce: what the client checks a FORCERENEW with (RFC 6704), if @has_nonce
 * @class: number of the client's class, from 1; 0: none
 * @vendor: option 60; @relay: option 82, the last that came; of what is longer, nothing
 */
struct dhcp_binding_more {
	uint64_t seen, since;
	bool has_nonce;
	uint8_t nonce[DHCP_NONCE_LEN];
	uint8_t class;
	uint8_t vendor_len, relay_len;
	uint8_t vendor[64];
	uint8_t relay[255];
};

#endif
