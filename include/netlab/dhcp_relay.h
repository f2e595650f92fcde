/* SPDX-License-Identifier: MIT */
/*
 * dhcp_relay.h - the DHCP relay agent, RFC 1542 section 4, with the option of
 * RFC 3046, as a pure machine.
 *
 * A relay agent remembers nothing: all that it needs for the way back is in the
 * message. Its table goes by what a message brings along, option 82 or not.
 */
#ifndef NETLAB_DHCP_RELAY_H
#define NETLAB_DHCP_RELAY_H

#include <netlab/dhcp_machine.h>

/* What a message carries when it comes, and when it is passed on. */
enum dhcp_relay_state {
	DHCP_RELAY_PLAIN,	/* no option 82 */
	DHCP_RELAY_MARKED,	/* option 82 */
};
#define DHCP_RELAY_STATES (DHCP_RELAY_MARKED + 1)

enum dhcp_relay_trigger {
	DHCP_RELAY_ON_REQUEST,	/* of a client on one of its links: giaddr is 0 */
	DHCP_RELAY_ON_RELAYED,	/* of a relay agent nearer to the client: giaddr is set */
	DHCP_RELAY_ON_REPLY,	/* of a server, to the giaddr of one of its links */
};
#define DHCP_RELAY_TRIGGERS (DHCP_RELAY_ON_REPLY + 1)

/* What becomes of an option 82 that others have put into a request. */
enum dhcp_relay_policy {
	DHCP_RELAY_KEEP,	/* RFC 3046 sections 2.1 and 2.1.1 */
	DHCP_RELAY_REPLACE,	/* by its own, where that fits */
	DHCP_RELAY_DROP,	/* the request is dropped */
};

#define DHCP_RELAY_PORTS_MAX 32
#define DHCP_RELAY_OWN_MAX 64
#define DHCP_RELAY_TARGETS_MAX 4		/* an action each */
#define DHCP_RELAY_ID_MAX 64
#define DHCP_RELAY_HOPS_MAX 16		/* RFC 1542 section 4.1.1 */
#define DHCP_RELAY_NO_PORT 0xff		/* dhcp_rx.port of a unicast that the host's stack took */

/**
 * struct dhcp_relay_port - one link with clients
 * @address: the host's own on it: giaddr
 * @giaddr: another of the host's addresses to be answered at; the link is then named
 *	in option 82 (RFC 3527), which names the port of a reply, too. 0: @address
 * @target: servers, or relay agents on the way to them; @n_targets at least 1
 * @circuit_id: @remote_id: suboptions 1 and 2 of the option 82 that is added; of
 *	length 0: not added
 * @server_id_override: clients shall take @address for their server's, so that
 *	their renewals come by here, too (RFC 5107)
 * @trusted: an option 82 that comes from here without giaddr is believed
 * @hops_max: 1..16: what passed more relay agents is dropped
 * @secs_min: what has waited less (secs) is dropped
 * @max_size: bytes of IP datagram that adding option 82 may lead to; 576..1500
 */
struct dhcp_relay_port {
	uint32_t address, giaddr;
	uint8_t n_targets;
	uint32_t target[DHCP_RELAY_TARGETS_MAX];
	uint8_t circuit_id_len, remote_id_len;
	uint8_t circuit_id[DHCP_RELAY_ID_MAX];
	uint8_t remote_id[DHCP_RELAY_ID_MAX];
	bool server_id_override;
	bool trusted;
	enum dhcp_relay_policy policy;
	uint8_t hops_max;
	uint16_t secs_min;
	uint16_t max_size;
};

/**
 * struct dhcp_relay_options - what a relay agent is told before it starts
 * @port: by number: as in dhcp_rx.port and dhcp_send.port
 * @own: all addresses of the host, those of the ports may stand among them
 */
struct dhcp_relay_options {
	uint8_t n_ports, n_own;
	uint32_t own[DHCP_RELAY_OWN_MAX];
	struct dhcp_relay_port port[DHCP_RELAY_PORTS_MAX];
};

/**
 * struct dhcp_relay - one relay agent
 * @requests: @replies: that it passed on
 * @unmarked: of @requests, those that had no room for option 82 (RFC 3046 section 2.1)
 *
 * No pointers: a copy is a snapshot. It has no deadline.
 */
struct dhcp_relay {
	struct dhcp_relay_options opt;
	uint64_t requests, replies, unmarked;
};

/**
 * dhcp_relay_init() - a relay agent that is at work at once
 *
 * Return: 0, or -EINVAL for options that make no sense
 */
int dhcp_relay_init(struct dhcp_relay *r, const struct dhcp_relay_options *opt);

/**
 * dhcp_relay_step() - one event
 * @ev: of an RX, @rx.payload must be there
 * @out: @out->from and @out->to: what the message carried and what it carries now
 *
 * Return: 1 taken; 0 ignored, with the relay agent untouched; -EINVAL for an event that is none
 */
int dhcp_relay_step(struct dhcp_relay *r, const struct dhcp_event *ev, struct dhcp_actions *out);

/* "PLAIN"; never NULL. */
const char *dhcp_relay_state_name(enum dhcp_relay_state s);
const char *dhcp_relay_trigger_name(enum dhcp_relay_trigger t);

/* The table, for `netlab explain relay` and the tests: row @i, false past the end. */
bool dhcp_relay_row(size_t i, struct dhcp_row *ret);

#endif
