/* SPDX-License-Identifier: MIT */
/*
 * dhcp_option.h - what every option number means: one table, 0 to 255.
 */
#ifndef NETLAB_DHCP_OPTION_H
#define NETLAB_DHCP_OPTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum dhcp_option_code {
	DHCP_OPT_PAD = 0,
	DHCP_OPT_SUBNET_MASK = 1,
	DHCP_OPT_ROUTER = 3,
	DHCP_OPT_DNS = 6,
	DHCP_OPT_HOST_NAME = 12,
	DHCP_OPT_DOMAIN_NAME = 15,
	DHCP_OPT_MTU = 26,
	DHCP_OPT_BROADCAST = 28,
	DHCP_OPT_STATIC_ROUTES = 33,
	DHCP_OPT_NTP = 42,
	DHCP_OPT_VENDOR = 43,
	DHCP_OPT_REQUESTED_ADDRESS = 50,
	DHCP_OPT_LEASE_TIME = 51,
	DHCP_OPT_OVERLOAD = 52,
	DHCP_OPT_MESSAGE_TYPE = 53,
	DHCP_OPT_SERVER_ID = 54,
	DHCP_OPT_PARAMETER_LIST = 55,
	DHCP_OPT_MESSAGE = 56,
	DHCP_OPT_MAX_SIZE = 57,
	DHCP_OPT_T1 = 58,
	DHCP_OPT_T2 = 59,
	DHCP_OPT_VENDOR_CLASS = 60,
	DHCP_OPT_CLIENT_ID = 61,
	DHCP_OPT_TFTP_SERVER = 66,
	DHCP_OPT_BOOT_FILE = 67,
	DHCP_OPT_USER_CLASS = 77,
	DHCP_OPT_RAPID_COMMIT = 80,
	DHCP_OPT_FQDN = 81,
	DHCP_OPT_RELAY_INFO = 82,
	DHCP_OPT_AUTHENTICATION = 90,
	DHCP_OPT_LAST_TRANSACTION = 91,
	DHCP_OPT_ASSOCIATED_IP = 92,
	DHCP_OPT_CLIENT_NDI = 94,
	DHCP_OPT_CLIENT_UUID = 97,
	DHCP_OPT_IPV6_ONLY = 108,
	DHCP_OPT_CAPTIVE_PORTAL = 114,
	DHCP_OPT_AUTO_CONFIGURE = 116,
	DHCP_OPT_SUBNET_SELECTION = 118,
	DHCP_OPT_DOMAIN_SEARCH = 119,
	DHCP_OPT_SIP = 120,
	DHCP_OPT_CLASSLESS_ROUTES = 121,
	DHCP_OPT_VI_VENDOR_CLASS = 124,
	DHCP_OPT_VI_VENDOR = 125,
	DHCP_OPT_FORCERENEW_NONCE = 145,
	DHCP_OPT_MICROSOFT_ROUTES = 249,
	DHCP_OPT_END = 255,
};

/* How the bytes of a value are read and shown. */
enum dhcp_option_type {
	DHCP_TYPE_NONE,		/* pad, end, and numbers that nobody assigned */
	DHCP_TYPE_FLAG,		/* no bytes at all (80) */
	DHCP_TYPE_BOOL,		/* one byte, 0 or 1 */
	DHCP_TYPE_U8,
	DHCP_TYPE_U16,
	DHCP_TYPE_U16S,		/* one or more */
	DHCP_TYPE_U32,
	DHCP_TYPE_I32,
	DHCP_TYPE_SECONDS,	/* u32 that 0xffffffff makes infinite */
	DHCP_TYPE_ADDRESS,
	DHCP_TYPE_ADDRESSES,	/* one or more */
	DHCP_TYPE_PAIRS,	/* address pairs (21, 33) */
	DHCP_TYPE_TEXT,
	DHCP_TYPE_MESSAGE_TYPE,	/* 53 */
	DHCP_TYPE_CODES,	/* option numbers (55) */
	DHCP_TYPE_CLIENT_ID,	/* type byte and the rest (61) */
	DHCP_TYPE_OVERLOAD,	/* 52 */
	DHCP_TYPE_ROUTES,	/* 121: RFC 3442 destinations */
	DHCP_TYPE_DOMAINS,	/* 119: RFC 1035 names */
	DHCP_TYPE_FQDN,		/* 81 */
	DHCP_TYPE_SUBOPTIONS,	/* 43, 82: codes inside */
	DHCP_TYPE_BYTES,
};

/**
 * struct dhcp_option_info - one row of the option table
 * @code: its number; rows are in order, one for each of 0..255
 * @name: a word for command lines and JSON ("router"), NULL if unassigned
 * @label: the word or two that lists show ("T1"), never NULL
 * @title: a few words for people ("routers on the client's subnet")
 * @type: shape of the value
 * @min_len: fewest bytes that a valid value has (0 for free form)
 * @rfc: the text that defines it ("RFC 2132 section 3.5"), NULL if unassigned
 */
struct dhcp_option_info {
	uint8_t code;
	uint8_t type;
	uint8_t min_len;
	const char *name;
	const char *label;
	const char *title;
	const char *rfc;
};

/* Never NULL. */
const struct dhcp_option_info *dhcp_option_info(uint8_t code);

/*
 * By number ("51"), name ("lease-time"), label ("T1") or networkd's spelling ("LeaseTime"):
 * case, '-', '_' and spaces do not count. NULL if there is none.
 */
const struct dhcp_option_info *dhcp_option_find(const char *name_or_number);

/* Has every value of this option the same length (min_len)? Then it can come only once. */
bool dhcp_option_is_fixed(uint8_t code);

/* Does a value of @len bytes fit the option's type? (RFC 2132's lengths and multiples) */
bool dhcp_option_is_valid(uint8_t code, const uint8_t *data, size_t len);

/**
 * dhcp_option_format() - a value as people read it: "10.0.0.1", "1h", "1 mask, 3 router"
 * @out: always terminated; control bytes never come through
 * @size: of @out; what does not fit is cut and ends in "..."
 *
 * Return: length of the text in @out
 */
size_t dhcp_option_format(uint8_t code, const uint8_t *data, size_t len, char *out, size_t size);

#endif
