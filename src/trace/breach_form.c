/* SPDX-License-Identifier: MIT */
/* breach_form.c - rules about how a message is built, whoever sends it. */
#include <string.h>

#include "dhcp/wire.h"
#include "trace/breach_rules.h"
#include "trace/explain_pages.h"

#define HTYPE_ETHERNET 1

/* Where END stands in a field of options, or @len when it has none. */
static size_t find_end(const uint8_t *field, size_t len)
{
	size_t i = 0;

	while (i < len && field[i] != DHCP_OPT_END)
		i += field[i] == DHCP_OPT_PAD || i + 1 >= len ? 1 : 2u + field[i + 1];
	return i < len ? i : len;
}

static bool has_options(const struct breach_case *c)
{
	return c->m->size > OPTIONS_OFFSET;
}

static size_t options_len(const struct breach_case *c)
{
	return c->m->size - OPTIONS_OFFSET;
}

static bool no_end(const struct breach_case *c)
{
	return has_options(c) &&
	       find_end(c->bytes + OPTIONS_OFFSET, options_len(c)) == options_len(c);
}

static bool after_end(const struct breach_case *c)
{
	const uint8_t *options = c->bytes + OPTIONS_OFFSET;
	size_t len = has_options(c) ? options_len(c) : 0;

	for (size_t i = find_end(options, len) + 1; i < len; i++) {
		if (options[i] != DHCP_OPT_PAD) {
			breach_say(c, "byte 0x%02x, %zu bytes after it", options[i],
				   i - find_end(options, len));
			return true;
		}
	}
	return false;
}

static uint8_t overload(const struct dhcp_message *m)
{
	uint8_t value = 0;

	(void)dhcp_message_get_u8(m, DHCP_OPT_OVERLOAD, &value);
	return value;
}

static bool overload_no_end(const struct breach_case *c)
{
	uint8_t value = overload(c->m);
	bool file = value & OVERLOAD_FILE &&
		    find_end(c->bytes + FILE_OFFSET, FILE_LEN) == FILE_LEN;
	bool sname = value & OVERLOAD_SNAME &&
		     find_end(c->bytes + SNAME_OFFSET, SNAME_LEN) == SNAME_LEN;

	if (file || sname)
		breach_say(c, "%s", file && sname ? "file and sname" : file ? "file" : "sname");
	return file || sname;
}

static bool text_open(const struct breach_case *c)
{
	uint8_t value = overload(c->m);
	bool file = !(value & OVERLOAD_FILE) && !memchr(c->bytes + FILE_OFFSET, 0, FILE_LEN);
	bool sname = !(value & OVERLOAD_SNAME) && !memchr(c->bytes + SNAME_OFFSET, 0, SNAME_LEN);

	if (file || sname)
		breach_say(c, "%s", file && sname ? "file and sname" : file ? "file" : "sname");
	return file || sname;
}

static bool too_short(const struct breach_case *c)
{
	breach_say(c, "%u bytes", c->m->size);
	return c->m->size < DHCP_MIN_LEN;
}

static bool bad_value(const struct breach_case *c)
{
	for (size_t i = 0; i < c->m->n_fields; i++) {
		const struct dhcp_field *f = &c->m->fields[i];
		const struct dhcp_option_info *info = dhcp_option_info(f->code);

		if (dhcp_option_is_valid(f->code, c->m->data + f->off, f->len))
			continue;
		breach_say(c, "option %u %s, %u bytes (%s)", f->code,
			   info->name ? info->name : "unassigned", f->len,
			   info->rfc ? info->rfc : "no RFC");
		return true;
	}
	return false;
}

static bool wrong_op(const struct breach_case *c)
{
	switch (c->m->type) {
	case DHCP_DISCOVER:
	case DHCP_REQUEST:
	case DHCP_DECLINE:
	case DHCP_RELEASE:
	case DHCP_INFORM:
		return c->m->op != DHCP_OP_REQUEST;
	case DHCP_OFFER:
	case DHCP_ACK:
	case DHCP_NAK:
		return c->m->op != DHCP_OP_REPLY;
	}
	return false;
}

static bool wrong_hlen(const struct breach_case *c)
{
	breach_say(c, "hlen %u", c->m->hlen);
	return c->m->htype == HTYPE_ETHERNET && c->m->hlen != 6;
}

static const struct breach_row rows[] = {
	{ { "no-end", BREACH_TEXT, "RFC 2131 section 4.1",
	    "the last option is always END (255)" }, no_end },
	{ { "after-end", BREACH_TEXT, "RFC 2132 section 3.2",
	    "after END come only pad bytes" }, after_end },
	{ { "overload-no-end", BREACH_MUST, "RFC 2131 section 4.1",
	    "options in file and sname begin with the first byte and are ended by END" },
	  overload_no_end },
	{ { "text-open", BREACH_TEXT, "RFC 2131 section 2",
	    "sname and file are ended by a zero byte" }, text_open },
	{ { "too-short", BREACH_TEXT, "RFC 1542 section 2.1",
	    "a message has at least 300 bytes; relay agents drop shorter ones" }, too_short },
	{ { "bad-value", BREACH_TEXT, "RFC 2132 section 2",
	    "an option's value has the length and the form that its RFC gives it" }, bad_value },
	{ { "wrong-op", BREACH_TEXT, "RFC 2131 section 2",
	    "op is 1 in a client's message and 2 in a server's" }, wrong_op },
	{ { "wrong-hlen", BREACH_TEXT, "RFC 2131 section 2",
	    "an Ethernet address has 6 bytes" }, wrong_hlen },
};

const struct breach_table breach_form_rules = { rows, ARRAY_SIZE(rows) };

/*
 * These may go where RFC 2131's tables say "all others MUST NOT": the RFCs that
 * made them want them in every message (3118, 3046, 3011, 6607).
 */
static bool goes_everywhere(uint8_t code)
{
	return code == DHCP_OPT_AUTHENTICATION || code == DHCP_OPT_RELAY_INFO ||
	       code == DHCP_OPT_SUBNET_SELECTION || code == 221;
}

static void say_option(const struct breach_case *c, uint8_t code)
{
	const char *name = dhcp_option_info(code)->name;

	breach_say(c, "%s, option %u %s", dhcp_type_name(c->m->type), code,
		   name ? name : "unassigned");
}

bool breach_forbidden_option(const struct breach_case *c)
{
	for (size_t i = 0; i < c->m->n_fields; i++) {
		uint8_t code = c->m->fields[i].code;

		if (goes_everywhere(code) || message_rule(c->m->type, code) != RULE_MUST_NOT)
			continue;
		say_option(c, code);
		return true;
	}
	return false;
}

bool breach_missing_option(const struct breach_case *c)
{
	/* The only rows of the tables with a MUST in them. */
	static const uint8_t codes[] = {
		DHCP_OPT_REQUESTED_ADDRESS, DHCP_OPT_LEASE_TIME, DHCP_OPT_SERVER_ID,
	};

	for (size_t i = 0; i < ARRAY_SIZE(codes); i++) {
		if (message_rule(c->m->type, codes[i]) != RULE_MUST ||
		    dhcp_message_has(c->m, codes[i]))
			continue;
		say_option(c, codes[i]);
		return true;
	}
	return false;
}
