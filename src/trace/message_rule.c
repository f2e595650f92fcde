/* SPDX-License-Identifier: MIT */
/* message_rule.c - RFC 2131 tables 3 and 5, with RFC 3046, 4039 and 6842 on top. */
#include "base/util.h"
#include "trace/explain_pages.h"

struct rule_row {
	uint8_t code;
	uint8_t rule[DHCP_INFORM + 1];
};

#define MUST RULE_MUST
#define SHOULD RULE_SHOULD
#define MAY RULE_MAY
#define IF RULE_DEPENDS
#define S_NOT RULE_SHOULD_NOT
#define NOT RULE_MUST_NOT

/* Columns: (none), DISCOVER, OFFER, REQUEST, DECLINE, ACK, NAK, RELEASE, INFORM. */
static const struct rule_row rows[] = {
	{ DHCP_OPT_REQUESTED_ADDRESS, { NOT, MAY, NOT, IF, MUST, NOT, NOT, NOT, NOT } },
	{ DHCP_OPT_LEASE_TIME, { NOT, MAY, MUST, MAY, NOT, IF, NOT, NOT, NOT } },
	{ DHCP_OPT_OVERLOAD, { NOT, MAY, MAY, MAY, MAY, MAY, NOT, MAY, MAY } },
	{ DHCP_OPT_MESSAGE_TYPE, { NOT, MUST, MUST, MUST, MUST, MUST, MUST, MUST, MUST } },
	{ DHCP_OPT_SERVER_ID, { NOT, NOT, MUST, IF, MUST, MUST, MUST, MUST, NOT } },
	{ DHCP_OPT_PARAMETER_LIST, { NOT, MAY, NOT, MAY, NOT, NOT, NOT, NOT, MAY } },
	{ DHCP_OPT_MESSAGE,
	  { NOT, S_NOT, SHOULD, S_NOT, SHOULD, SHOULD, SHOULD, SHOULD, S_NOT } },
	{ DHCP_OPT_MAX_SIZE, { NOT, MAY, NOT, MAY, NOT, NOT, NOT, NOT, MAY } },
	{ DHCP_OPT_VENDOR_CLASS, { NOT, MAY, MAY, MAY, NOT, MAY, MAY, NOT, MAY } },
	{ DHCP_OPT_CLIENT_ID, { NOT, MAY, IF, MAY, MAY, IF, IF, MAY, MAY } },
	{ DHCP_OPT_RAPID_COMMIT, { NOT, MAY, NOT, NOT, NOT, IF, NOT, NOT, NOT } },
	{ DHCP_OPT_RELAY_INFO, { NOT, IF, IF, IF, IF, IF, IF, IF, IF } },
};

/* "All others", the last row of both tables. */
static const uint8_t others[DHCP_INFORM + 1] = { NOT, MAY, MAY, MAY, NOT, MAY, NOT, NOT, MAY };

static const struct rule_row *find_row(uint8_t code)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (rows[i].code == code)
			return &rows[i];

	return NULL;
}

enum message_rule message_rule(uint8_t type, uint8_t code)
{
	const struct rule_row *row = find_row(code);

	if (type > DHCP_INFORM)
		return RULE_MAY;
	return (enum message_rule)(row ? row->rule : others)[type];
}

bool message_rule_is_named(uint8_t code)
{
	return find_row(code) != NULL;
}

const char *message_rule_name(enum message_rule rule)
{
	static const char *const names[MESSAGE_RULES] = {
		[RULE_MUST] = "must",
		[RULE_SHOULD] = "should",
		[RULE_MAY] = "may",
		[RULE_DEPENDS] = "it depends",
		[RULE_SHOULD_NOT] = "should not",
		[RULE_MUST_NOT] = "must not",
	};

	return names[rule];
}

const char *message_rule_note(uint8_t type, uint8_t code)
{
	if (message_rule(type, code) != RULE_DEPENDS)
		return NULL;

	switch (code) {
	case DHCP_OPT_REQUESTED_ADDRESS:
		return "must when selecting and rebooting; must not when renewing or rebinding";
	case DHCP_OPT_LEASE_TIME:
		return "must in the answer to a REQUEST; must not in the answer to an INFORM";
	case DHCP_OPT_SERVER_ID:
		return "must when selecting; must not after a reboot, when renewing or rebinding";
	case DHCP_OPT_CLIENT_ID:
		return "must if the client sent one, the same; else must not (RFC 6842 section 3)";
	case DHCP_OPT_RAPID_COMMIT:
		return "must in an ACK to a DISCOVER; else must not (RFC 4039 section 3)";
	case DHCP_OPT_RELAY_INFO:
		return "only if it goes through a relay (RFC 3046 section 2.1)";
	}
	return NULL;
}
