/* SPDX-License-Identifier: MIT */
/* expect.h - [Expect] and [Task]: what a lab is judged by, and asks */
#ifndef SCENARIO_EXPECT_H
#define SCENARIO_EXPECT_H

#include "scenario/terms.h"

enum scn_expect_kind {
	SCN_EXPECT_STATE,	/* State= and/or Address= Server= Router= DNS= LeaseTimeSec= */
	SCN_EXPECT_MESSAGES,	/* Messages= (SameTransaction=) */
	SCN_EXPECT_MESSAGE,	/* Message= (Field= Option= From= Count=) */
	SCN_EXPECT_PING,	/* Ping= from Node= */
	SCN_EXPECT_ROUTE,	/* Route= on Node= */
	SCN_EXPECT_ADDRESS,	/* Address= of an interface without a client */
	SCN_EXPECT_NO_ADDRESS,	/* NoAddress= of an interface */
};

enum scn_phase {
	SCN_PHASE_END,		/* when it is asked: `check` */
	SCN_PHASE_START,	/* when the lab has come up, before anybody mends it */
};

/* What a message has: a name of trace --json's, or an option. */
enum scn_field {
	SCN_FIELD_XID,
	SCN_FIELD_SRC_MAC,
	SCN_FIELD_DST_MAC,
	SCN_FIELD_SRC_IP,
	SCN_FIELD_DST_IP,
	SCN_FIELD_SRC_PORT,
	SCN_FIELD_DST_PORT,
	SCN_FIELD_SECS,
	SCN_FIELD_FLAGS,
	SCN_FIELD_CIADDR,
	SCN_FIELD_YIADDR,
	SCN_FIELD_SIADDR,
	SCN_FIELD_GIADDR,
	SCN_FIELD_LENGTH,
	SCN_FIELD_FROM,		/* the places: for answers */
	SCN_FIELD_TO,
	SCN_FIELD_COUNT,	/* how many messages: for answers */
	SCN_FIELD_OPTION,
};

/* How a field is written. */
enum scn_field_form {
	SCN_FORM_NUMBER,
	SCN_FORM_HEX,
	SCN_FORM_IP4,
	SCN_FORM_MAC,
	SCN_FORM_TEXT,
};

/* "xid"; "option" */
const char *scn_field_name(enum scn_field f);
enum scn_field_form scn_field_form(enum scn_field f);

/**
 * struct scn_match - what Field= or Option= asks of a message
 * @option: number, of SCN_FIELD_OPTION
 * @first: @last: the field's value lies between them
 * @absent: the option must not be there
 * @value: the option's text as in trace --json, "" for any
 */
struct scn_match {
	enum scn_field field;
	uint8_t option;
	bool absent;
	uint64_t first, last;
	char value[64];
};

#define SCN_MESSAGES_MAX 16
#define SCN_MATCHES_MAX 6

/**
 * struct scn_expect - one [Expect NAME]
 * @node: @iface: what Node= names; @iface NONE if it names a node only, both
 *	NONE if there is none (a Message= that may be anybody's)
 * @first: @last: Address= or NoAddress= as a value, a range or a prefix; 0 and
 *	0: not asked
 * @state: "BOUND"; "" not asked
 * @route: Route=DESTINATION [via GATEWAY], DESTINATION a prefix or "default";
 *	gateway 0: not asked
 * @server: @router: @dns: @lease_sec: 0: not asked
 * @message: option 53's value
 * @matches: all must hold; @from_node: @from_iface: who sent it, as @node and @iface
 * @count_first: @count_last: how many such messages, or replies to the ping, or
 *	routes; 1 and UINT32_MAX unless told otherwise
 * @after: microseconds of lab time since up: what came before does not count
 * @within: microseconds since @after that it may take; 0: not asked
 * @points: 1 unless told otherwise
 */
struct scn_expect {
	struct place at;
	char name[NODE_NAME_MAX];
	enum scn_expect_kind kind;
	enum scn_phase phase;
	size_t node, iface;
	char state[16];
	uint32_t first, last;
	uint32_t server, router, dns;
	uint32_t lease_sec;
	size_t n_messages;
	uint8_t messages[SCN_MESSAGES_MAX];	/* option 53 values */
	bool same_transaction;
	uint8_t message;
	size_t n_matches;
	struct scn_match matches[SCN_MATCHES_MAX];
	size_t from_node, from_iface;
	uint32_t count_first, count_last;
	uint32_t ping;
	struct scn_route route;
	uint64_t after, within;
	unsigned int points;
	char hint[256];
};

/**
 * struct scn_task - one [Task NAME]: a question that the student's own trace answers
 * @field: @option: what the answer is, as in struct scn_match
 * @message: option 53's value: of the @nth such message, from 1
 * @edits: not messages are counted, but addresses that came or went, by others than netlab
 * @from_node: @from_iface: sent by it (@edits: there); NONE: by anybody
 */
struct scn_task {
	struct place at;
	char name[NODE_NAME_MAX];
	char ask[300];
	enum scn_field field;
	uint8_t option;
	uint8_t message;
	bool edits;
	unsigned int nth;
	size_t from_node, from_iface;
	unsigned int points;
	char hint[256];
};

#endif
