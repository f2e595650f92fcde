/* SPDX-License-Identifier: MIT */
/* explain_example.c - a value for each option, as a server or client might send it. */
#include <string.h>

#include "base/bytes.h"
#include "trace/explain_pages.h"

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
	case 95:
		return "ldap://dc.example/";
	case 98:
		return "https://auth.example/";
	case DHCP_OPT_CAPTIVE_PORTAL:
		return "https://portal.example/";
	case 161:
		return "https://maker.example/lamp";
	}
	return "example";
}

/* Numbers that stand for something; others are as good as any. */
static uint8_t example_byte(uint8_t code)
{
	switch (code) {
	case 46:	/* H-node */
		return 8;
	case 156:	/* ACTIVE */
		return 2;
	case 157:	/* another server */
		return 1;
	}
	return 64;
}

static uint16_t example_word(uint8_t code)
{
	switch (code) {
	case 93:	/* x64 with EFI */
		return 7;
	case 117:	/* option 6: the DNS */
		return DHCP_OPT_DNS;
	}
	return 1500;
}

static uint32_t example_long(uint8_t code)
{
	switch (code) {
	case DHCP_OPT_T1:
		return 1800;
	case DHCP_OPT_T2:
		return 3150;
	case 152:	/* the first of January 2026 */
	case 154:
	case 155:
		return 1767225600;
	}
	return 3600;
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

#define BYTES(s) s, sizeof(s) - 1
#define LAB_EXAMPLE "\3lab\7example\0"
#define SERVER "\x0a\0\0\1"
#define ENTERPRISE "\0\0\x7e\xd9"	/* 32473, for examples (RFC 5612) */
#define IPV6_PREFIX "\x20\1\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0"	/* but for its last byte */
/* 52.5 degrees north, 13.375 east, 34 m high; before each six bits: how well it is known. */
#define PLACE(north, east, high) north "\x69\0\0\0" east "\x1a\xc0\0\0" high "\0\x22\0"

/* Of a form of their own, as the RFC in the option's row has it. */
static const struct {
	uint8_t code;
	const char *bytes;
	size_t len;
} own_forms[] = {
	{ 63, BYTES("\2\0\5\1\1") },
	{ DHCP_OPT_USER_CLASS, BYTES("\5staff\3lab") },
	{ 78, BYTES("\1" SERVER) },
	{ 79, BYTES("\1lab") },
	{ 83, BYTES("\0\1\0\1\0\1\0\0\0\1" SERVER) },
	{ DHCP_OPT_AUTHENTICATION, BYTES("\1\1\0\0\0\0\0\0\0\0\1") },
	{ DHCP_OPT_CLIENT_NDI, BYTES("\1\3\x10") },
	{ DHCP_OPT_CLIENT_UUID, BYTES("\0\x0e\x8f\x4a\x1b\xc2\x5d\x6e\x47\x9a\x3b\2NL\0\0\2") },
	{ 99, BYTES("\2DE\3\6Berlin") },
	{ 109, BYTES(IPV6_PREFIX "\1") },
	{ DHCP_OPT_SIP, BYTES("\1" SERVER) },
	{ 122, BYTES("\1\4" SERVER) },
	{ 123, BYTES(PLACE("\x88", "\x88", "\x17\x80") "\1") },
	{ DHCP_OPT_VI_VENDOR_CLASS, BYTES(ENTERPRISE "\7\6netlab") },
	{ DHCP_OPT_VI_VENDOR, BYTES(ENTERPRISE "\7\1\5port1") },
	{ 139, BYTES("\1\4" SERVER) },
	{ 140, BYTES("\1\x0d" LAB_EXAMPLE) },
	{ 143, BYTES("\0\x14https://lab.example/") },
	{ DHCP_OPT_FORCERENEW_NONCE, BYTES("\1") },
	{ 144, BYTES(PLACE("\x48", "\x48", "\x14\x40") "\x41") },
	{ 146, BYTES("\0" SERVER "\x0a\0\0\2" LAB_EXAMPLE) },
	{ 151, BYTES("\4not for you") },
	{ 158, BYTES("\4" SERVER) },
	{ 159, BYTES("\4\6\x18\0") },
	{ 162, BYTES("\0\x1d\0\1\x0d" LAB_EXAMPLE "\4" SERVER "\0\1\0\4\3dot") },
	{ 208, BYTES("\xf1\0\x74\x7e") },
	{ 212, BYTES("\x08\x20" IPV6_PREFIX "\0" SERVER) },
	{ 220, BYTES("\0\1\2\0\x18") },
	{ 221, BYTES("\0lab") },
	{ DHCP_OPT_MICROSOFT_ROUTES, BYTES("\x10\x0a\1" SERVER "\0\x0a\0\0\2") },
};

static bool put_own_form(struct writer *w, uint8_t code)
{
	for (size_t i = 0; i < ARRAY_SIZE(own_forms); i++) {
		if (own_forms[i].code == code) {
			put_bytes(w, own_forms[i].bytes, own_forms[i].len);
			return true;
		}
	}
	return false;
}

/* The value of a type that holds one number; also where a list could have more. */
static void put_example_number(struct writer *w, uint8_t code, uint8_t type)
{
	switch (type) {
	case DHCP_TYPE_U8:
		put_u8(w, example_byte(code));
		return;
	case DHCP_TYPE_U16:
	case DHCP_TYPE_U16S:
		put_be16(w, example_word(code));
		return;
	case DHCP_TYPE_U32:
	case DHCP_TYPE_I32:
	case DHCP_TYPE_SECONDS:
		put_be32(w, example_long(code));
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

/* By its type; the bytes are those of options that each site defines. */
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
		put_bytes(w, BYTES(LAB_EXAMPLE));
		return;
	case DHCP_TYPE_FQDN:
		put_zeros(w, 3);
		put_string(w, "host.lab.example");
		return;
	case DHCP_TYPE_SUBOPTIONS:
		put_string(w, "\1\5port1");
		return;
	case DHCP_TYPE_BYTES:
		put_string(w, "\1\2\3\4");
		return;
	}
}

size_t explain_option_example(uint8_t code, uint8_t *out, size_t size)
{
	struct writer w;

	writer_init(&w, out, size);
	if (!put_own_form(&w, code))
		put_example(&w, code);
	return w.len;
}
