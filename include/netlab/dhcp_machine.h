/* SPDX-License-Identifier: MIT */
/*
 * dhcp_machine.h - what goes into a DHCP machine and what comes out.
 *
 * A machine is a plain struct and a step function: an event and the time go
 * in, actions come out. It reads no clock, opens no socket, holds no pointer
 * into itself, draws its random numbers from a seed inside: a copy of it is a
 * snapshot, the same seed gives the same packets.
 *
 * Times are microseconds on a clock of the caller's that never goes back.
 * There are no timers: after each step the caller reads the machine's deadline
 * and sends DHCP_EVENT_DEADLINE when that time has come.
 */
#ifndef NETLAB_DHCP_MACHINE_H
#define NETLAB_DHCP_MACHINE_H

#include <netlab/dhcp_binding.h>
#include <netlab/dhcp_message.h>

#define DHCP_NEVER UINT64_MAX		/* a deadline that does not come */
#define DHCP_SECOND 1000000ull

enum dhcp_event_type {
	DHCP_EVENT_START,	/* the interface is up: begin */
	DHCP_EVENT_RX,		/* a message came */
	DHCP_EVENT_DEADLINE,	/* the machine's deadline has come */
	DHCP_EVENT_CONFLICT,	/* somebody else uses the address (RFC 5227) */
	DHCP_EVENT_STOP,	/* end politely */
	DHCP_EVENT_COMMAND,	/* the user asks */
};

enum dhcp_command {
	DHCP_COMMAND_RELEASE,
	DHCP_COMMAND_RENEW,
	DHCP_COMMAND_REBIND,
	DHCP_COMMAND_RESTART,	/* forget nothing, begin at INIT-REBOOT (or INIT) */
	DHCP_COMMAND_DECLINE,
	DHCP_COMMAND_INFORM,
	DHCP_COMMAND_LINK_UP,	/* not the user, the link: it was away and is back */
	DHCP_COMMAND_FORCERENEW,	/* of a server: have the holder of @address renew */
};

/**
 * struct dhcp_rx - one received message and the datagram around it
 * @msg: decoded; only read during the step
 * @src_ip: of the datagram, as the other addresses in host byte order
 * @payload: @msg as it came, @msg->size bytes: what a relay agent passes on (RFC 1542
 *	section 4.1.1: as it is); others leave it alone, and NULL will do for them
 * @dst_ip: 255.255.255.255 for a broadcast
 * @port: of a relay agent: the link that it came by
 */
struct dhcp_rx {
	const struct dhcp_message *msg;
	const void *payload;
	uint32_t src_ip, dst_ip;
	uint16_t src_port, dst_port;
	uint8_t src_mac[6];
	uint8_t port;
};

/**
 * struct dhcp_event - one thing that happened
 * @now: microseconds; never less than at the step before
 */
struct dhcp_event {
	enum dhcp_event_type type;
	uint64_t now;
	union {
		struct dhcp_rx rx;
		uint32_t conflict;	/* the address that is in use */
		struct {
			enum dhcp_command command;
			uint32_t address;	/* of DHCP_COMMAND_FORCERENEW */
		};
	};
};

/**
 * struct dhcp_send - a datagram to send
 * @dst_mac: where to send it if @to_mac; else the sender asks its neighbour table
 * @to_mac: the receiver has no address yet and can not answer ARP, or it is a
 *	broadcast: send it as a frame (RFC 2131 section 4.1)
 * @port: of a relay agent: the link that it leaves by, if @to_mac
 * @type: enum dhcp_message_type, for those who watch
 * @data: the UDP payload
 */
struct dhcp_send {
	uint32_t src_ip, dst_ip;
	uint16_t src_port, dst_port;
	uint8_t dst_mac[6];
	bool to_mac;
	uint8_t port;
	uint8_t type;
	uint16_t len;
	uint8_t data[DHCP_MESSAGE_MAX];
};

#define DHCP_ROUTERS_MAX 4
#define DHCP_DNS_MAX 6
#define DHCP_ROUTES_MAX 16

/* One route that came with a lease (121 or 33, RFC 3442); gateway 0: on link. */
struct dhcp_route {
	uint32_t dest, gateway;
	uint8_t prefix_len;
};

/**
 * struct dhcp_config - what a lease puts on an interface
 * @address: 0 when there is none
 * @lease_sec: from when the REQUEST was sent; DHCP_INFINITY for ever
 * @t1_sec: @t2_sec: likewise
 * @expires: microseconds on the machine's clock; DHCP_NEVER for ever
 * @mtu: 0 when the server named none
 * @domain: where names are looked for: the domains of option 119, a space between
 *	them, else that of option 15; letters, digits, '-', '_', '.' only
 */
struct dhcp_config {
	uint32_t address;
	uint8_t prefix_len;
	uint32_t broadcast;
	uint32_t server_id;
	uint32_t lease_sec, t1_sec, t2_sec;
	uint64_t expires;
	uint16_t mtu;
	uint8_t n_routers, n_dns, n_routes;
	uint32_t routers[DHCP_ROUTERS_MAX];
	uint32_t dns[DHCP_DNS_MAX];
	struct dhcp_route routes[DHCP_ROUTES_MAX];
	char domain[128];
	char host_name[64];
};

enum dhcp_action_type {
	DHCP_ACTION_SEND,
	DHCP_ACTION_CONFIGURE,		/* put @config on the interface, or renew what is there */
	DHCP_ACTION_DECONFIGURE,	/* take @config off the interface */
	DHCP_ACTION_PROBE,		/* ask by ARP whether somebody has @probe (RFC 5227) */
	DHCP_ACTION_ANNOUNCE,		/* tell by ARP that @announce is ours (RFC 5227) */
	DHCP_ACTION_NOTE,		/* something worth telling that sends nothing */
	DHCP_ACTION_COMMIT,		/* put @commit on record before an ACK leaves */
};

/* Why, in a sentence, and where the RFC says so. Both are constants; never freed. */
struct dhcp_reason {
	const char *why;
	const char *rfc;
};

/**
 * struct dhcp_note - a decision of a machine's, in words
 * @reason: the rule
 * @address: that it was about; 0 for none
 */
struct dhcp_note {
	struct dhcp_reason reason;
	uint32_t address;
};

struct dhcp_action {
	enum dhcp_action_type type;
	union {
		struct dhcp_send send;
		struct dhcp_config config;
		struct dhcp_note note;
		uint32_t probe;
		uint32_t announce;
		struct {
			struct dhcp_binding commit;
			struct dhcp_binding_more more;	/* zeros if it keeps nothing more */
		};
	};
};

/**
 * struct dhcp_facts - what a server's decision was about, in numbers
 * @has_client: @chaddr is known: the first 6 bytes of the client's hardware address
 * @address: that was given, asked for, or ended; 0: none
 * @class: number of the client's class, from 1; 0: it is of none
 * @pool_size: addresses that the client's pool can give away; 0: it was not looked at
 * @pool_first: @pool_last: its ends
 * @pool_held: on lease or on offer; @pool_resting: declined
 * @pool_next: microseconds: when the first of those is free again, of a pool without
 *	a free one; DHCP_NEVER: not known
 */
struct dhcp_facts {
	bool has_client;
	uint8_t chaddr[6];
	uint8_t class;
	uint32_t address;
	uint32_t pool_first, pool_last;
	uint32_t pool_size, pool_held, pool_resting;
	uint64_t pool_next;
};

#define DHCP_ACTIONS_MAX 5

/**
 * struct dhcp_actions - all that one step wants done, in order
 * @n: entries of @action
 * @reason: the row of the table that was taken, or why the event was ignored
 * @from: state before; @to: state after (the machine's own enum)
 * @facts: of a server's step; a client's has none
 *
 * Filled anew by each step; needs no clearing before.
 */
struct dhcp_actions {
	unsigned int n;
	struct dhcp_reason reason;
	uint8_t from, to;
	struct dhcp_facts facts;
	struct dhcp_action action[DHCP_ACTIONS_MAX];
};

/**
 * struct dhcp_row - one arrow of a machine, for those who print or walk the tables
 * @from: @on: @to: names of the state, the trigger and the next state
 * @guard: name of the condition, "" for always
 * @act: what is done, in a few words
 * @reason: why, and the section of the RFC
 */
struct dhcp_row {
	const char *from, *on, *guard, *to, *act;
	struct dhcp_reason reason;
};

#endif
