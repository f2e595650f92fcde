/* SPDX-License-Identifier: MIT */
/* explain_option.c - a page an option: its value, an example, who carries it. */
#include "trace/explain_pages.h"
#include "trace/option_value.h"
#include "trace/page.h"

#define COLUMN 14
#define EXAMPLE_SIZE 64

/* What an example shows in words; NULL: netlab shows the bytes. */
static const char *own_form_in_words(uint8_t code)
{
	switch (code) {
	case DHCP_OPT_USER_CLASS:
		return "classes, each with its length in front";
	case DHCP_OPT_AUTHENTICATION:
		return "protocol, algorithm, replay method (a byte each), a counter of eight bytes, "
		       "and what belongs to the protocol";
	case DHCP_OPT_CLIENT_NDI:
		return "1 for UNDI, its major and its minor version, a byte each";
	case DHCP_OPT_CLIENT_UUID:
		return "a byte 0, and a UUID of 16 bytes";
	case DHCP_OPT_SIP:
		return "a byte 0 and domain names, or a byte 1 and IPv4 addresses";
	case DHCP_OPT_VI_VENDOR_CLASS:
		return "an enterprise number of four bytes, a length, and so many bytes of classes, each "
		       "with its length in front; then perhaps another enterprise";
	case DHCP_OPT_VI_VENDOR:
		return "an enterprise number of four bytes, a length, and so many bytes of options: code, "
		       "length and value of each; then perhaps another enterprise";
	case DHCP_OPT_MICROSOFT_ROUTES:
		return "any bytes; for Microsoft's clients routes, as in option 121";
	}
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
	form = own_form_in_words(code);
	page_item(out, "value", COLUMN, form ? form :
		  type_in_words((enum dhcp_option_type)info->type));
	if (info->type == DHCP_TYPE_NONE)
		return;
	add_length(out, info);
	add_example(out, code);
	add_carriers(out, code);
}
