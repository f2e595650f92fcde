/* SPDX-License-Identifier: MIT */
/*
 * relay_internal.h - what the files of the relay agent share.
 *
 *	relay.c		options, one step
 *	relay_filter.c	messages that no row shall see, and which link a message is about
 *	relay_table.c	the rows, and what they do
 *	relay_message.c	the bytes of a message, changed where a relay agent may change them
 */
#ifndef DHCP_RELAY_INTERNAL_H
#define DHCP_RELAY_INTERNAL_H

#include <netlab/dhcp_relay.h>

/* Suboptions of option 82. */
enum relay_information {
	RELAY_INFO_CIRCUIT_ID = 1,	/* RFC 3046 section 3.1 */
	RELAY_INFO_REMOTE_ID = 2,	/* RFC 3046 section 3.2 */
	RELAY_INFO_LINK = 5,		/* RFC 3527 section 3 */
	RELAY_INFO_SERVER_ID = 11,	/* RFC 5107 section 4 */
};

#define RELAY_INFO_MAX (2 * (2 + DHCP_RELAY_ID_MAX) + 2 * (2 + 4))
_Static_assert(RELAY_INFO_MAX <= UINT8_MAX, "our option 82 is of one part");

/**
 * struct relay_query - what came, after the filter
 * @port: the link that the client is on
 * @info: the option 82 that belongs to the link; @info_len 0: none
 * @marked_len: of the message with @info in place of what it has; 0: there is no
 *	place for it
 */
struct relay_query {
	enum dhcp_relay_trigger trigger;
	const struct dhcp_rx *rx;
	uint8_t port_no;
	const struct dhcp_relay_port *port;
	enum dhcp_relay_state state;
	uint8_t info[RELAY_INFO_MAX];
	size_t info_len;
	size_t marked_len;
};

struct relay_guard {
	const char *name;
	bool (*holds)(const struct relay_query *q);
};

/* @run: 1 done; NULL: the message is dropped. */
struct relay_act {
	const char *name;
	int (*run)(struct dhcp_relay *r, const struct relay_query *q, struct dhcp_actions *out);
};

/* One row: the first of its (from, on) whose guard holds is taken. There is always one. */
struct relay_row {
	uint8_t from, on;
	const struct relay_guard *guard;	/* NULL: always */
	uint8_t to;
	const struct relay_act *act;
	struct dhcp_reason reason;
};

/* relay_filter.c: 0, or -ENOMSG with @ret_why. */
int relay_filter(const struct dhcp_relay *r, const struct dhcp_rx *rx, struct relay_query *ret,
		 struct dhcp_reason *ret_why);
/* giaddr of what comes from there. */
uint32_t relay_giaddr(const struct dhcp_relay_port *port);

/* relay_table.c */
const struct relay_row *relay_find_row(const struct relay_query *q);

/**
 * struct relay_change - what a relay agent may change in a message
 * @strip: take the option 82 in the options field out
 * @info: put this one in, as the last option; @info_len 0: none
 */
struct relay_change {
	uint8_t hops;
	uint32_t giaddr;
	bool strip;
	const uint8_t *info;
	size_t info_len;
};

/*
 * relay_message.c: @rx.payload with @change, into @ret's data. What stands behind
 * END is not kept where options are put in or taken out. 0 or -EMSGSIZE.
 */
int relay_write(const struct dhcp_rx *rx, const struct relay_change *change,
		struct dhcp_send *ret);
/* Its length with @info_len bytes of option 82 in place of its own; 0: it has no options. */
size_t relay_marked_len(const struct dhcp_rx *rx, size_t info_len);

#endif
