/* SPDX-License-Identifier: MIT */
/* explain_option.c - a page an option: its value, an example, who carries it. */
#include "trace/explain_pages.h"
#include "trace/option_value.h"
#include "trace/page.h"

#define COLUMN 14
#define EXAMPLE_SIZE 64

/* Of values that are DHCP_TYPE_BYTES, but have a form; NULL for others. */
static const char *form_in_words(uint8_t code)
{
	static const struct {
		uint8_t code;
		const char *words;
	} forms[] = {
		{ DHCP_OPT_USER_CLASS, "classes, each with its length in front" },
		{ 78, "a byte, 1 if no others are to be looked for; IPv4 addresses" },
		{ 79, "a byte, 1 if no others are to be used; text" },
		{ 83, "flags: three times two bytes, and four; IPv4 addresses" },
		{ DHCP_OPT_AUTHENTICATION, "protocol, algorithm, replay method (a byte each), a "
		  "counter of eight bytes, and what belongs to the protocol" },
		{ DHCP_OPT_CLIENT_NDI, "1 for UNDI, its major and its minor version, a byte each" },
		{ DHCP_OPT_CLIENT_UUID, "a byte 0, and a UUID of 16 bytes" },
		{ 99, "a byte that says whose place it is, two letters for the country, and "
		  "options inside" },
		{ 109, "an IPv6 address" },
		{ DHCP_OPT_SIP, "a byte 0 and domain names, or a byte 1 and IPv4 addresses" },
		{ 123, "latitude, longitude, altitude, each with six bits that say how well it is "
		  "known; a byte for the datum" },
		{ DHCP_OPT_VI_VENDOR_CLASS, "an enterprise number of four bytes, a length, and so "
		  "many bytes of classes, each with its length in front; then perhaps another "
		  "enterprise" },
		{ DHCP_OPT_VI_VENDOR, "an enterprise number of four bytes, a length, and so many "
		  "bytes of options: code, length and value of each; then perhaps another "
		  "enterprise" },
		{ 139, "options inside, of IPv4 addresses" },
		{ 140, "options inside, of domain names as in the DNS" },
		{ 143, "URIs, each with its length in front, two bytes" },
		{ 144, "latitude, longitude, altitude, each with six bits that say how uncertain "
		  "it is; a byte for version and datum" },
		{ DHCP_OPT_FORCERENEW_NONCE, "the numbers of algorithms, one byte each" },
		{ 146, "a byte for the preference, two IPv4 addresses, domain names" },
		{ 151, "a byte for the status, and text" },
		{ 158, "lists of IPv4 addresses, each with its length in front" },
		{ 159, "offset and length of the PSID, a byte each, and the PSID, two bytes" },
		{ 162, "resolvers, each with its length in front, two bytes: priority, name, "
		  "addresses, parameters" },
		{ 208, "four bytes that are always the same" },
		{ 212, "length of the IPv4 mask, length of the prefix, a byte each; the prefix, 16 "
		  "bytes; IPv4 addresses" },
		{ 220, "a byte of flags, and options inside" },
		{ 221, "a byte for the type, and the name or number of the VPN" },
		{ DHCP_OPT_MICROSOFT_ROUTES, "any bytes; for Microsoft's clients routes, as in "
		  "option 121" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(forms); i++)
		if (forms[i].code == code)
			return forms[i].words;
	return NULL;
}

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
	const char *form;

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
	form = form_in_words(code);
	page_item(out, "value", COLUMN, form ? form :
		  type_in_words((enum dhcp_option_type)info->type));
	if (info->type == DHCP_TYPE_NONE)
		return;
	add_length(out, info);
	add_example(out, code);
	add_carriers(out, code);
}
