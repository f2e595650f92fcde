/* SPDX-License-Identifier: MIT */
/*
 * event.h - one thing that happened in a lab, and its line in the event log.
 *
 * Scripts get JSON lines, "schema":"netlab.event/1". The lab's log keeps the
 * same lines, without what the frames of the pcapng beside it say already: these
 * two are all that any view of a lab is made from (trace/log.h).
 */
#ifndef TRACE_EVENT_H
#define TRACE_EVENT_H

#include "base/addr.h"
#include "base/text.h"
#include "frame/link.h"

#include <netlab/dhcp_machine.h>

#define TRACE_EVENT_SCHEMA "netlab.event/1"
/* How each line begins that netlab has written. */
#define TRACE_EVENT_HEAD "{\"schema\":\"" TRACE_EVENT_SCHEMA "\",\"n\":"

enum trace_kind {
	TRACE_MESSAGE,	/* a DHCP message was on a cable */
	TRACE_STATE,	/* a machine went from one state to another */
	TRACE_DROP,	/* a machine ignored a message */
	TRACE_ADDRESS,	/* an address came to an interface, or left it */
	TRACE_ROUTE,	/* likewise a route */
	TRACE_FAULT,	/* something was broken on purpose */
	TRACE_LAB,	/* the lab itself: up, down, a node's process ended */
};

/* What a state event says that undoes others: the lab went back a step. */
#define TRACE_STEP_BACK "a step back"

#define TRACE_PLACE_MAX 80	/* "node:if" and NUL */
#define TRACE_CABLE_MAX (2 * TRACE_PLACE_MAX + 2)	/* "a:x--b:y" and NUL */

/*
 * An option of a message: its number, and its value as scripts read it
 * (option_value_add(): "3600", not "1h").
 */
struct trace_option {
	uint8_t code;
	char *text;	/* owned */
};

/**
 * struct trace_message - the message fields of cli.md
 * @cable: "a:x--b:y", as the scenario wrote it
 * @from: the place that sent it; @to: the place it was sent to, or "everyone"
 * @length: of the DHCP message, bytes
 * @wire_len: of its frame, where that is known; 0: the message is in an Ethernet frame of its own
 * @frame: number of its frame in the pcapng, from 1; 0: not captured
 * @op: 0: this field and the next are not known, as in old logs
 * @sname: @file: text only; NULL: none; owned
 */
struct trace_message {
	char cable[TRACE_CABLE_MAX];
	char from[TRACE_PLACE_MAX], to[TRACE_PLACE_MAX];
	uint8_t type;
	uint32_t xid;
	uint8_t src_mac[6], dst_mac[6];
	uint32_t src_ip, dst_ip;
	uint16_t src_port, dst_port;
	uint16_t secs, flags;
	uint32_t ciaddr, yiaddr, siaddr, giaddr;
	size_t n_options;
	struct trace_option *options;	/* owned */
	unsigned int length, wire_len;
	uint64_t frame;
	uint8_t op, htype, hlen, hops;
	uint8_t chaddr[16];
	char *sname, *file;
};

#define TRACE_CLASS_MAX 72

/**
 * struct trace_facts - what a server's decision was about
 * @client: the MAC address, if @has_client
 * @address: 0: none
 * @class: of the client, as the scenario's [DHCPServerClass] names it; "": of none
 * @pool_first: @pool_last: ends of the client's pool, if @pool_size is not 0: so many
 *	addresses it can give away, of which some are held, and some rest after a DECLINE
 * @pool_next_sec: until one of them is free again, if none is; 0: not known
 */
struct trace_facts {
	bool has_client;
	uint8_t client[6];
	uint32_t address;
	char class[TRACE_CLASS_MAX];
	uint32_t pool_first, pool_last;
	uint32_t pool_size, pool_held, pool_resting;
	uint64_t pool_next_sec;
};

/**
 * struct trace_route - what a route says, but for where it leads to
 * @gateway: 0: on link
 * @metric: 0: none
 * @protocol: who made it, in the kernel's words: "dhcp", "static", "boot"
 */
struct trace_route {
	uint32_t gateway, metric;
	char protocol[12];
};

/**
 * struct trace_event - one line of the log
 * @n: counts from 1
 * @t: microseconds of lab time
 * @at: the place ("node:if"); not for messages
 * @machine: "client" or "server": whose state it is (state, drop)
 * @from: @to: states
 * @message: type of what was dropped; 0: it could not be read, or is BOOTP
 * @op: "add" or "remove" (address, route), "replace" (route)
 * @by_others: netlab did not do it, but a program in the node (address, route)
 * @text: why (state, drop), the address "10.0.0.1/24" (address), where it leads to (route),
 *	what (fault, lab); owned
 * @rfc: the section, or NULL; owned
 * @facts: of state and drop
 * @vlans: of the frame (message, or the drop of one that cannot be read); a lab has none
 * @msg: only for messages
 */
struct trace_event {
	enum trace_kind kind;
	uint64_t n, t;
	char at[TRACE_PLACE_MAX];
	char machine[12];
	char from[16], to[16];
	uint8_t message;
	char op[8];
	bool by_others;
	char *text;
	char *rfc;
	struct trace_facts facts;
	struct trace_route route;
	struct frame_vlans vlans;
	struct trace_message msg;
};

void trace_event_done(struct trace_event *e);
#define cleanup_event CLEANUP(trace_event_done)

/**
 * trace_event_message() - the event of a DHCP message that was seen in a frame
 * @f: decoded frame
 * @m: decoded message
 * @ret: n, t, cable, from, to and frame number are the caller's to fill in
 *
 * Return: 0 or -ENOMEM
 */
int trace_event_message(const struct frame *f, const struct dhcp_message *m,
			struct trace_event *ret);

/* A state, drop, address, route, fault or lab event; strings are copied. 0 or -ENOMEM. */
int trace_event_make(enum trace_kind kind, const char *at, const char *text, const char *rfc,
		     struct trace_event *ret);

/* The line that scripts read (`trace --json`), with its newline, added to @out. 0 or -ENOMEM. */
int trace_event_to_json(const struct trace_event *e, struct text *out);
/*
 * The line that the log keeps: of a message whose frame is in the capture only
 * its number, time and places; trace/log.h puts the rest back. @n and @t stand for the
 * event's own. 0 or -ENOMEM.
 */
int trace_event_to_log(const struct trace_event *e, uint64_t n, uint64_t t, struct text *out);
/*
 * One line of either kind back; unknown fields are ignored, missing ones are zero or "".
 * Return: 0; -EBADMSG: not such a line; -EOPNOTSUPP: of a kind that a later netlab has added
 */
int trace_event_from_json(const char *line, size_t len, struct trace_event *ret);

/*
 * Of such a line only its number, and whether it is a message: for who counts them, a
 * fiftieth of the work. False: it does not begin as they do.
 */
bool trace_event_peek(const char *line, size_t len, uint64_t *ret_n, bool *ret_is_message);

/* "state". */
const char *trace_kind_name(enum trace_kind kind);
/* The kind of this name, or -EINVAL. */
int trace_kind_parse(const char *name);

/* The plain text of an option, NULL if the message has none. */
const char *trace_option(const struct trace_event *e, uint8_t code);

/* Events in their order: what most views are made from. */
struct trace_log {
	size_t n;
	struct trace_event *event;
};
/* @e, which is the log's from now on. 0, or -ENOMEM: it still is the caller's. */
int trace_log_add(struct trace_log *l, struct trace_event *e);
void trace_log_done(struct trace_log *l);
#define cleanup_trace_log CLEANUP(trace_log_done)

#endif
