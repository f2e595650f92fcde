/* SPDX-License-Identifier: MIT */
/* explain_pages.h - the pages behind explain_topic(), one writer a kind. */
#ifndef TRACE_EXPLAIN_PAGES_H
#define TRACE_EXPLAIN_PAGES_H

#include <netlab/dhcp_message.h>

#include "base/text.h"

void explain_client(struct text *out);
void explain_server(struct text *out);
void explain_relay(struct text *out);
void explain_link_local(struct text *out);
/* @type: 0..DHCP_TYPE_MAX */
void explain_message(struct text *out, uint8_t type);
void explain_option(struct text *out, uint8_t code);

/**
 * explain_option_example() - a value that is valid for @code
 * @size: of @out, at least 64
 *
 * Return: its length
 */
size_t explain_option_example(uint8_t code, uint8_t *out, size_t size);

/* RFC 2131 tables 3 and 5: may a message carry an option? */
enum message_rule {
	RULE_MUST,
	RULE_SHOULD,
	RULE_MAY,
	RULE_DEPENDS,	/* see message_rule_note() */
	RULE_SHOULD_NOT,
	RULE_MUST_NOT,
};
#define MESSAGE_RULES (RULE_MUST_NOT + 1)

/* @type: DHCP_DISCOVER..DHCP_INFORM; the tables say nothing of the others */
enum message_rule message_rule(uint8_t type, uint8_t code);
/* "must", "must not"; never NULL */
const char *message_rule_name(enum message_rule rule);
/* A condition or an exception, in words; NULL where there is none. */
const char *message_rule_note(uint8_t type, uint8_t code);
/* Does the option have a row of its own in the tables? */
bool message_rule_is_named(uint8_t code);

#endif
