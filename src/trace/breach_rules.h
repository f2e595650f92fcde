/* SPDX-License-Identifier: MIT */
/* breach_rules.h - between the watch, which remembers, and its tables of rules. */
#ifndef TRACE_BREACH_RULES_H
#define TRACE_BREACH_RULES_H

#include "trace/breach.h"

#define BREACH_VALUE_MAX 255

/* A value of an option that was seen; longer ones are as good as not seen. */
struct breach_value {
	bool has, too_long;
	uint8_t len;
	uint8_t data[BREACH_VALUE_MAX];
};

/**
 * struct breach_request - what a client has sent, as it was last
 * @seen: it has sent any
 * @answered: a reply to it was seen
 * @times: transmissions with this xid
 * @secs_first: @secs: of the first and of the last of them
 */
struct breach_request {
	bool seen, answered;
	uint64_t t;
	uint32_t xid;
	uint8_t type;
	unsigned int times;
	uint16_t secs_first, secs;
	bool broadcast, rapid_commit;
	uint32_t ciaddr, giaddr;
	uint32_t server_id, requested;	/* options 54 and 50; 0: none */
	uint16_t max_size;		/* option 57; 0: none */
	struct breach_value client_id, list, relay_info;
};

struct breach_offer {
	uint32_t server_id, address, xid;
	uint64_t t;
};

#define BREACH_OFFERS 4

/* Index 1 of an array is for what came through a relay. */
struct breach_client {
	uint8_t chaddr[16];
	struct breach_request discover[2], request[2];
	struct breach_offer offer[BREACH_OFFERS];
	unsigned int n_offers;		/* counts on; the last BREACH_OFFERS are kept */
	bool leased;			/* an ACK was seen, to @leased_xid */
	uint32_t leased_xid;
	uint64_t last_hash, last_t;	/* of the last message, to know it again */
};

/**
 * struct breach_case - one message before the rules
 * @bytes: of the message, @m->size of them
 * @c: of its client, before this message
 * @relayed: giaddr is set
 * @answers: the request that a reply answers; NULL: not known
 * @before: the same request before, which this repeats; NULL: none
 * @detail: for the rule that is broken to say more in
 */
struct breach_case {
	const struct trace_packet *p;
	const struct dhcp_message *m;
	const uint8_t *bytes;
	uint64_t t;
	const struct breach_client *c;
	bool relayed;
	const struct breach_request *answers, *before;
	char *detail;
};

/* A rule and the test for it; @broken may fill in the case's detail. */
struct breach_row {
	struct breach_rule rule;
	bool (*broken)(const struct breach_case *c);
};

struct breach_table {
	const struct breach_row *row;
	size_t n;
};

extern const struct breach_table breach_form_rules, breach_client_rules, breach_server_rules;

void breach_say(const struct breach_case *c, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* Option 50 or 54 of a message, 0 for none. */
uint32_t breach_address(const struct dhcp_message *m, uint8_t code);
bool breach_same_value(const struct breach_value *v, const struct dhcp_message *m, uint8_t code);
/* Any option of tables 3 and 5 that has no business in the message, and any that lacks. */
bool breach_forbidden_option(const struct breach_case *c);
bool breach_missing_option(const struct breach_case *c);

#endif
