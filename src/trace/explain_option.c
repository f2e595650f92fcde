/* SPDX-License-Identifier: MIT */
/* explain_option.c - a page an option: its value, an example, who carries it. */
#include <string.h>

#include "base/bytes.h"
#include "trace/explain_pages.h"
#include "trace/option_value.h"
#include "trace/page.h"

#define COLUMN 14
#define EXAMPLE_SIZE 64

static const char *type_in_words(enum dhcp_option_type type)
{
	switch (type) {
	case DHCP_TYPE_NONE:
		return "nobody knows";
	case DHCP_TYPE_FLAG:
		return "none: that it is there says all";
	case DHCP_TYPE_BOOL:
		return "0 for no, 1 for yes";
	case DHCP_TYPE_U8:
		return "a number, one byte";
	case DHCP_TYPE_U16:
		return "a number, two bytes";
	case DHCP_TYPE_U16S:
		return "numbers, two bytes each";
	case DHCP_TYPE_U32:
		return "a number, four bytes";
	case DHCP_TYPE_I32:
		return "a number with sign, four bytes";
	case DHCP_TYPE_SECONDS:
		return "seconds, four bytes; 4294967295 is for ever";
	case DHCP_TYPE_ADDRESS:
		return "an IPv4 address";
	case DHCP_TYPE_ADDRESSES:
		return "IPv4 addresses, the preferred one first";
	case DHCP_TYPE_PAIRS:
		return "pairs of IPv4 addresses";
	case DHCP_TYPE_TEXT:
		return "text, without a zero at the end";
	case DHCP_TYPE_MESSAGE_TYPE:
		return "the number of the message's type";
	case DHCP_TYPE_CODES:
		return "numbers of options, one byte each, the most wanted first";
	case DHCP_TYPE_CLIENT_ID:
		return "a type byte (1: a MAC address follows) and any bytes";
	case DHCP_TYPE_OVERLOAD:
		return "1: file holds options; 2: sname does; 3: both do";
	case DHCP_TYPE_ROUTES:
		return "routes: prefix length, the bytes of the network that it covers, gateway";
	case DHCP_TYPE_DOMAINS:
		return "domain names as in the DNS, each label with its length in front";
	case DHCP_TYPE_FQDN:
		return "flags, two bytes that mean nothing any more, a domain name";
	case DHCP_TYPE_SUBOPTIONS:
		return "options inside: code, length and value of each";
	case DHCP_TYPE_BYTES:
		return "bytes of a form of their own";
	}
	return "";
}

/* Addresses that make sense for the options that students meet first. */
static uint32_t example_address(uint8_t code)
{
	switch (code) {
	case DHCP_OPT_SUBNET_MASK:
		return 0xffffff00;
	case DHCP_OPT_BROADCAST:
		return 0x0a0000ff;
	case DHCP_OPT_REQUESTED_ADDRESS:
		return 0x0a000069;
	case 118:
		return 0x0a000000;
	}
	return 0x0a000001;
}

static const char *example_text(uint8_t code)
{
	switch (code) {
	case DHCP_OPT_HOST_NAME:
		return "host";
	case DHCP_OPT_DOMAIN_NAME:
		return "lab.example";
	case DHCP_OPT_MESSAGE:
		return "this address is lent to another client";
	case DHCP_OPT_VENDOR_CLASS:
		return "netlab";
	case 100:
		return "CET-1CEST,M3.5.0,M10.5.0/3";
	case 101:
		return "Europe/Berlin";
	case 114:
		return "https://portal.example/";
	}
	return "example";
}

static uint32_t example_seconds(uint8_t code)
{
	return code == DHCP_OPT_T1 ? 1800 : code == DHCP_OPT_T2 ? 3150 : 3600;
}

static void put_string(struct writer *w, const char *s)
{
	put_bytes(w, s, strlen(s));
}

static void put_pair(struct writer *w, uint8_t code)
{
	put_be32(w, 0x0a010000);
	put_be32(w, code == DHCP_OPT_STATIC_ROUTES ? 0x0a000001 : 0xffff0000);
}

static void put_example_bytes(struct writer *w, size_t len)
{
	for (size_t i = 0; i < len; i++)
		put_u8(w, (uint8_t)(i + 1));
}

/* The value of a type that holds one number; also where a list could have more. */
static void put_example_number(struct writer *w, uint8_t code, uint8_t type)
{
	switch (type) {
	case DHCP_TYPE_U8:
		put_u8(w, 64);
		return;
	case DHCP_TYPE_U16:
	case DHCP_TYPE_U16S:
		put_be16(w, 1500);
		return;
	case DHCP_TYPE_U32:
	case DHCP_TYPE_I32:
	case DHCP_TYPE_SECONDS:
		put_be32(w, example_seconds(code));
		return;
	case DHCP_TYPE_ADDRESS:
	case DHCP_TYPE_ADDRESSES:
		put_be32(w, example_address(code));
		return;
	case DHCP_TYPE_MESSAGE_TYPE:
		put_u8(w, DHCP_DISCOVER);
		return;
	default:
		put_u8(w, 1);
		return;
	}
}

static void put_example(struct writer *w, uint8_t code)
{
	static const uint8_t id[] = { 1, 0x02, 0x4e, 0x4c, 0, 0, 2 };
	static const uint8_t codes[] = { 1, 3, 6, 51, 58, 59 };
	static const uint8_t routes[] = { 16, 10, 1, 10, 0, 0, 1, 0, 10, 0, 0, 2 };
	const struct dhcp_option_info *info = dhcp_option_info(code);

	switch ((enum dhcp_option_type)info->type) {
	case DHCP_TYPE_NONE:
	case DHCP_TYPE_FLAG:
		return;
	case DHCP_TYPE_BOOL:
	case DHCP_TYPE_OVERLOAD:
	case DHCP_TYPE_U8:
	case DHCP_TYPE_U16:
	case DHCP_TYPE_U16S:
	case DHCP_TYPE_U32:
	case DHCP_TYPE_I32:
	case DHCP_TYPE_SECONDS:
	case DHCP_TYPE_ADDRESS:
	case DHCP_TYPE_ADDRESSES:
	case DHCP_TYPE_MESSAGE_TYPE:
		put_example_number(w, code, info->type);
		return;
	case DHCP_TYPE_PAIRS:
		put_pair(w, code);
		return;
	case DHCP_TYPE_TEXT:
		put_string(w, example_text(code));
		return;
	case DHCP_TYPE_CODES:
		put_bytes(w, codes, sizeof(codes));
		return;
	case DHCP_TYPE_CLIENT_ID:
		put_bytes(w, id, sizeof(id));
		return;
	case DHCP_TYPE_ROUTES:
		put_bytes(w, routes, sizeof(routes));
		return;
	case DHCP_TYPE_DOMAINS:
		put_bytes(w, "\3lab\7example", 13);
		return;
	case DHCP_TYPE_FQDN:
		put_zeros(w, 3);
		put_string(w, "host.lab.example");
		return;
	case DHCP_TYPE_SUBOPTIONS:
		put_string(w, "\1\5port1");
		return;
	case DHCP_TYPE_BYTES:
		put_example_bytes(w, max_u64(info->min_len, 4));
		return;
	}
}

size_t explain_option_example(uint8_t code, uint8_t *out, size_t size)
{
	struct writer w;

	writer_init(&w, out, size);
	put_example(&w, code);
	return w.len;
}

static void add_example(struct text *out, uint8_t code)
{
	uint8_t data[EXAMPLE_SIZE];
	char shown[160];
	size_t len = explain_option_example(code, data, sizeof(data));
	cleanup_text struct text bytes = { 0 };

	dhcp_option_format(code, data, len, shown, sizeof(shown));
	page_item(out, "example", COLUMN, shown);

	text_add(&bytes, "%02x %02zx", code, len);
	for (size_t i = 0; i < len; i++)
		text_add(&bytes, " %02x", data[i]);
	if (bytes.str)
		page_item(out, "its bytes", COLUMN, bytes.str);
}

/* Types whose values have one length only. */
static bool is_fixed(enum dhcp_option_type type)
{
	switch (type) {
	case DHCP_TYPE_FLAG:
	case DHCP_TYPE_BOOL:
	case DHCP_TYPE_U8:
	case DHCP_TYPE_U16:
	case DHCP_TYPE_U32:
	case DHCP_TYPE_I32:
	case DHCP_TYPE_SECONDS:
	case DHCP_TYPE_ADDRESS:
	case DHCP_TYPE_MESSAGE_TYPE:
	case DHCP_TYPE_OVERLOAD:
		return true;
	case DHCP_TYPE_NONE:
	case DHCP_TYPE_U16S:
	case DHCP_TYPE_ADDRESSES:
	case DHCP_TYPE_PAIRS:
	case DHCP_TYPE_TEXT:
	case DHCP_TYPE_CODES:
	case DHCP_TYPE_CLIENT_ID:
	case DHCP_TYPE_ROUTES:
	case DHCP_TYPE_DOMAINS:
	case DHCP_TYPE_FQDN:
	case DHCP_TYPE_SUBOPTIONS:
	case DHCP_TYPE_BYTES:
		return false;
	}
	return false;
}

static void add_length(struct text *out, const struct dhcp_option_info *info)
{
	bool fixed = is_fixed((enum dhcp_option_type)info->type);
	cleanup_text struct text len = { 0 };

	if (!fixed && info->min_len == 0)
		text_add(&len, "any");
	else
		text_add(&len, "%s%u byte%s", fixed ? "" : "at least ", info->min_len,
			 info->min_len == 1 ? "" : "s");
	if (len.str)
		page_item(out, "length", COLUMN, len.str);
}

static void add_carriers(struct text *out, uint8_t code)
{
	text_add(out, "\nWhich messages carry it (RFC 2131 tables 3 and 5)\n");
	for (uint8_t type = DHCP_DISCOVER; type <= DHCP_INFORM; type++) {
		const char *note = message_rule_note(type, code);

		page_item(out, dhcp_type_name(type), COLUMN,
			  note ? note : message_rule_name(message_rule(type, code)));
	}
}

/* PAD and END are single bytes without length and value (RFC 2132 section 2). */
static void add_marker(struct text *out, uint8_t code)
{
	text_add(out, "\n");
	page_paragraph(out, 0, code == DHCP_OPT_PAD ?
		       "A single zero byte, without length or value. It fills the gaps that align "
		       "options, may stand anywhere between them, and means nothing." :
		       "A single byte (255), without length or value. What comes after it is not "
		       "read. Every options field ends with it.");
}

void explain_option(struct text *out, uint8_t code)
{
	const struct dhcp_option_info *info = dhcp_option_info(code);

	if (!info->name) {
		text_add(out, "Option %u is unassigned\n\n", code);
		page_paragraph(out, 0,
			       "IANA has given this number to nothing, or has taken it back. "
			       "Clients and servers skip options that they do not know, by their "
			       "length.");
		return;
	}

	text_add(out, "Option %u, %s: %s\n\n", code, info->name, info->title);
	page_item(out, "defined in", COLUMN, info->rfc);
	if (code == DHCP_OPT_PAD || code == DHCP_OPT_END) {
		add_marker(out, code);
		return;
	}
	page_item(out, "value", COLUMN, type_in_words((enum dhcp_option_type)info->type));
	if (info->type == DHCP_TYPE_NONE)
		return;
	add_length(out, info);
	add_example(out, code);
	add_carriers(out, code);
}
