/* SPDX-License-Identifier: MIT */
/*
 * proto.h - what the three processes of a lab say to each other.
 *
 * Two SOCK_SEQPACKET pairs: `up` with the monitor while the lab is being made,
 * and the monitor with its agent for as long as the lab lives. The messages
 * are plain structs: both ends are the same program. The agent's are checked
 * all the same, for it is the one that reads hostile packets.
 */
#ifndef LAB_PROTO_H
#define LAB_PROTO_H

#include "base/error.h"
#include "lab/lab.h"
#include "node/step.h"
#include "sys/netwatch.h"

#include <netlab/dhcp_machine.h>

/* The monitor to `up`. */
enum up_message_type {
	UP_BUILT,	/* everything stands */
	UP_SETTLED,	/* all clients have what they wanted */
	UP_FAILED,	/* @error; nothing is left */
	UP_PROFILE,	/* a struct profile follows as a message of its own */
};

/* `up` to the monitor: one byte. Without it, the end of `up` is the end of the lab. */
#define UP_KEEP 'k'

struct up_message {
	enum up_message_type type;
	uint32_t clients, bound;
	uint64_t build_us;
	struct error error;
};

enum agent_message_type {
	/* the agent asks */
	AGENT_CONFIGURE,	/* @config onto @iface; answered */
	AGENT_DECONFIGURE,	/* @config off @iface; answered */
	AGENT_OPEN_PACKET,	/* a packet socket for the client of @iface; answered, with it */
	AGENT_EVENT,		/* do the scenario's event number @count; answered */
	AGENT_PROGRESS,		/* @count of the clients are BOUND */
	AGENT_STOPPED,		/* after AGENT_STOP; @count released; their names in @text */
	AGENT_STATUS_DONE,	/* the memfd is written */
	AGENT_WISH_DONE,	/* after AGENT_CLIENT and its like: @taken, @first, @last, @error */
	/* the monitor answers, or asks */
	AGENT_ANSWER,		/* to the first four: @asked, @iface, @error.code */
	AGENT_STOP,		/* release what is held */
	AGENT_STATUS,		/* write the machines' state into the memfd that comes along */
	/* the user's wishes, one at a time */
	AGENT_CLIENT,		/* do @action with the client of @iface */
	AGENT_TIME,		/* @time */
	AGENT_FAULT,		/* @fault */
	AGENT_STEP,		/* @step */
	/* no wishes */
	AGENT_LINK,		/* the link of the client of @iface is @link now */
	AGENT_NOTE,		/* @text into the log, as a lab event */
	AGENT_NEWS,		/* @news, an address or a route at the place @text of node @count */
	AGENT_QUIT,		/* close everything and end */
};

/* A client's link. */
enum lab_link {
	LAB_LINK_UP,
	LAB_LINK_DOWN,
	LAB_LINK_GONE,
};

#define AGENT_TEXT_MAX 32768

/**
 * struct agent_message
 * @iface: index into the scenario's interfaces; NONE: another one of the node's (AGENT_NEWS)
 * @seconds: AGENT_CONFIGURE: lifetime of the address in real seconds, UINT32_MAX for ever
 * @link_local: AGENT_CONFIGURE, AGENT_DECONFIGURE, and the answer: @config is no lease, but
 *	the interface's link-local address
 * @keeps: AGENT_DECONFIGURE: the lease runs on, and its LeaseFile= stays
 * @released: AGENT_DECONFIGURE: a RELEASE was sent from that address, perhaps just now
 * @by_others: AGENT_NEWS: netlab did not do it
 * @ifindex: in the answer to a cable's move: of its port, at the switch
 * @taken: it was done; else the log says why not
 * @to: lab time that a jump goes to
 * @first: @last: numbers of the events that it brought so far; @last < @first: none
 */
struct agent_message {
	enum agent_message_type type;
	enum agent_message_type asked;
	uint32_t iface;
	uint32_t count;
	uint32_t seconds;
	enum scn_action action;
	struct lab_time_wish time;
	struct lab_fault_wish fault;
	struct step_command step;
	enum lab_link link;
	struct net_news news;
	int ifindex;
	bool taken, keeps, link_local, released, by_others;
	uint64_t first, last, to;
	struct dhcp_config config;
	struct error error;
	uint32_t text_len;	/* bytes of text that follow the struct, without NUL */
};

#endif
