/* SPDX-License-Identifier: MIT */
#include <string.h>

#include <netlab/dhcp_message.h>

#include "base/addr.h"
#include "base/bytes.h"
#include "base/text.h"
#include "dhcp/domain.h"
#include "dhcp/option_form.h"
#include "dhcp/option_output.h"
#include "dhcp/route.h"

static void add_u16s(struct option_output *out, const uint8_t *data, size_t len)
{
	for (size_t pos = 0; pos < len && !out->cut; pos += 2) {
		option_add_comma(out, pos);
		option_add(out, "%u", load_be16(data + pos));
	}
}

/* 33: destination and router; 21: address and mask. */
static void add_pairs(struct option_output *out, uint8_t code, const uint8_t *data, size_t len)
{
	const char *between = code == DHCP_OPT_STATIC_ROUTES ? " via " : "/";

	for (size_t pos = 0; pos < len && !out->cut; pos += 8) {
		option_add_comma(out, pos);
		option_add_address(out, data + pos);
		option_add(out, "%s", between);
		option_add_address(out, data + pos + 4);
	}
}

static void add_seconds(struct option_output *out, uint32_t seconds)
{
	char buf[DURATION_LEN];
	uint64_t us = seconds == DHCP_INFINITY ? UINT64_MAX : seconds * UINT64_C(1000000);

	option_add(out, "%s", duration_format(us, buf));
}

static void add_codes(struct option_output *out, const uint8_t *data, size_t len)
{
	for (size_t pos = 0; pos < len && !out->cut; pos++) {
		const struct dhcp_option_info *info = dhcp_option_info(data[pos]);

		option_add_comma(out, pos);
		option_add(out, info->name ? "%u %s" : "%u", data[pos], info->label);
	}
}

static void add_overload(struct option_output *out, uint8_t value)
{
	static const char *const names[] = { "", "file", "sname", "file and sname" };

	option_add(out, "%s", names[value & 3]);
}

static void add_routes(struct option_output *out, const uint8_t *data, size_t len)
{
	struct dhcp_route route;
	char buf[IP4_LEN];

	for (size_t pos = 0; pos < len && !out->cut;) {
		option_add_comma(out, pos);
		if (dhcp_route_read(data, len, &pos, &route) < 0)
			return;
		option_add(out, "%s/%u", ip4_format(route.dest, buf), route.prefix_len);
		if (route.gateway == 0)
			option_add(out, " on link");
		else
			option_add(out, " via %s", ip4_format(route.gateway, buf));
	}
}

/* RFC 4702 section 2: flags, two bytes that mean nothing any more, the name. */
static void add_fqdn(struct option_output *out, const uint8_t *data, size_t len)
{
	static const struct {
		uint8_t bit;
		char letter;
	} flags[] = { { 0x01, 'S' }, { 0x02, 'O' }, { 0x04, 'E' }, { 0x08, 'N' } };
	char name[DOMAIN_TEXT_LEN];
	size_t pos = 0;

	/* Without E the name is text (section 2.3.1). */
	if (len == 3)
		option_add(out, "no name");
	else if (!(data[0] & 0x04))
		option_add_text(out, data + 3, len - 3);
	else if (domain_read(data + 3, len - 3, &pos, true, name) == 0 && pos == len - 3)
		option_add(out, "%s", name);
	else
		option_add_hex(out, data + 3, len - 3);

	option_add(out, " (");
	for (size_t i = 0; i < ARRAY_SIZE(flags); i++)
		if (data[0] & flags[i].bit)
			option_add(out, "%c", flags[i].letter);
	option_add(out, "%s)", (data[0] & 0x0f) ? "" : "no flags");
}

/* The suboptions of 82 that IANA lists; NULL for others. */
static const char *relay_suboption_name(uint8_t code)
{
	static const char *const names[] = {
		[1] = "circuit id", [2] = "remote id", [4] = "device class",
		[5] = "link selection", [6] = "subscriber id", [7] = "RADIUS attributes",
		[8] = "authentication", [9] = "vendor specific", [10] = "relay flags",
		[11] = "server id override", [12] = "relay id",
	};

	return code < ARRAY_SIZE(names) ? names[code] : NULL;
}

static void add_suboption(struct option_output *out, uint8_t option, uint8_t code,
			  const uint8_t *value, size_t len)
{
	const char *name = option == DHCP_OPT_RELAY_INFO ? relay_suboption_name(code) : NULL;
	/* RFC 3527 section 3, RFC 5107 section 4. */
	bool is_address = name && (code == 5 || code == 11) && len == 4;

	if (name)
		option_add(out, "%s", name);
	else
		option_add(out, "%u", code);
	if (len > 0)
		option_add(out, " ");
	if (is_address)
		option_add_address(out, value);
	else
		option_add_bytes(out, value, len);
}

/* RFC 2132 section 8.4, RFC 3046 section 2.0: codes and lengths again, if all keep to it. */
static bool suboptions_fit(uint8_t option, const uint8_t *data, size_t len)
{
	struct reader r;

	reader_init(&r, data, len);
	while (reader_left(&r) > 0) {
		uint8_t code = get_u8(&r);

		/* 43 may have pads and an END; in 82 these numbers are like all others. */
		if (option != DHCP_OPT_RELAY_INFO && code == DHCP_OPT_PAD)
			continue;
		if (option != DHCP_OPT_RELAY_INFO && code == DHCP_OPT_END)
			return true;
		get_span(&r, get_u8(&r));
	}

	return !r.overrun;
}

static void add_suboptions(struct option_output *out, uint8_t option, const uint8_t *data,
			   size_t len)
{
	bool first = true;
	struct reader r;

	if (!suboptions_fit(option, data, len)) {
		option_add_bytes(out, data, len);
		return;
	}

	reader_init(&r, data, len);
	while (reader_left(&r) > 0 && !out->cut) {
		uint8_t code = get_u8(&r), value_len;

		if (option != DHCP_OPT_RELAY_INFO && code == DHCP_OPT_PAD)
			continue;
		if (option != DHCP_OPT_RELAY_INFO && code == DHCP_OPT_END)
			return;
		value_len = get_u8(&r);
		option_add_comma(out, !first);
		first = false;
		add_suboption(out, option, code, get_span(&r, value_len), value_len);
	}
}

/* RFC 3004 section 4: each class with its length in front. What does not keep to it is bytes. */
static void add_user_classes(struct option_output *out, const uint8_t *data, size_t len)
{
	struct reader r;

	reader_init(&r, data, len);
	while (reader_left(&r) > 0)
		get_span(&r, get_u8(&r));
	if (r.overrun) {
		option_add_bytes(out, data, len);
		return;
	}

	reader_init(&r, data, len);
	while (reader_left(&r) > 0 && !out->cut) {
		uint8_t class_len;

		option_add_comma(out, r.pos);
		class_len = get_u8(&r);
		if (class_len == 0)
			option_add(out, "\"\"");
		option_add_bytes(out, get_span(&r, class_len), class_len);
	}
}

/* RFC 3118 section 2: protocol, algorithm, replay detection, and what belongs to them. */
static void add_authentication(struct option_output *out, const uint8_t *data, size_t len)
{
	static const char *const protocols[] = {
		"configuration token", "delayed authentication", "obsolete protocol 2",
		"reconfigure key",
	};

	if (len < 11) {
		option_add_bytes(out, data, len);
		return;
	}
	if (data[0] < ARRAY_SIZE(protocols))
		option_add(out, "%s", protocols[data[0]]);
	else
		option_add(out, "protocol %u", data[0]);
	option_add(out, ", algorithm %u, replay method %u, counter %08x%08x", data[1], data[2],
	    load_be32(data + 3), load_be32(data + 7));
	if (len > 11) {
		option_add(out, ", ");
		option_add_hex(out, data + 11, len - 11);
	}
}

/* RFC 3925 sections 3 and 4: an enterprise number, and its data with a length in front. */
static bool enterprises_fit(const uint8_t *data, size_t len)
{
	struct reader r;

	reader_init(&r, data, len);
	while (reader_left(&r) > 0) {
		get_be32(&r);
		get_span(&r, get_u8(&r));
	}
	return !r.overrun;
}

static void add_enterprises(struct option_output *out, uint8_t code, const uint8_t *data,
			    size_t len)
{
	struct reader r;

	if (!enterprises_fit(data, len)) {
		option_add_bytes(out, data, len);
		return;
	}

	reader_init(&r, data, len);
	while (reader_left(&r) > 0 && !out->cut) {
		uint8_t data_len;
		const uint8_t *inner;

		option_add_comma(out, r.pos);
		option_add(out, "enterprise %u: ", get_be32(&r));
		data_len = get_u8(&r);
		inner = get_span(&r, data_len);
		if (code == DHCP_OPT_VI_VENDOR)
			add_suboptions(out, code, inner, data_len);
		else
			add_user_classes(out, inner, data_len);
	}
}

/* RFC 3361: encoding 0 for names, 1 for addresses. */
static void add_sip(struct option_output *out, const uint8_t *data, size_t len)
{
	if (data[0] == 1 && len > 1 && len % 4 == 1)
		option_add_addresses(out, data + 1, len - 1);
	else if (data[0] == 0 && len > 1)
		option_add_domains(out, data + 1, len - 1);
	else
		option_add_bytes(out, data, len);
}

/* Its first three fields have the smallest byte first (EFI specification, appendix A). */
static void add_uuid(struct option_output *out, const uint8_t *data)
{
	static const uint8_t order[] = { 3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15 };

	option_add(out, "UUID ");
	for (size_t i = 0; i < ARRAY_SIZE(order); i++)
		option_add(out, i == 4 || i == 6 || i == 8 || i == 10 ? "-%02x" : "%02x",
		    data[order[i]]);
}

/* RFC 4578: 94 is type, major and minor number; 97 is a type and a UUID. */
static void add_pxe(struct option_output *out, uint8_t code, const uint8_t *data, size_t len)
{
	if (code == DHCP_OPT_CLIENT_NDI && len == 3)
		option_add(out, "UNDI %u.%u", data[1], data[2]);
	else if (code == DHCP_OPT_CLIENT_UUID && data[0] == 0 && len == 17)
		add_uuid(out, data + 1);
	else
		option_add_bytes(out, data, len);
}

/* What Microsoft's clients ask for since before there was 121; a site may mean something else. */
static void add_microsoft_routes(struct option_output *out, const uint8_t *data, size_t len)
{
	if (len > 0 && dhcp_routes_are_valid(data, len))
		add_routes(out, data, len);
	else
		option_add_bytes(out, data, len);
}

/* Values of a form of their own: those that are met on real networks, in words. */
static void add_own_form(struct option_output *out, uint8_t code, const uint8_t *data, size_t len)
{
	switch (code) {
	case DHCP_OPT_USER_CLASS:
		add_user_classes(out, data, len);
		return;
	case DHCP_OPT_AUTHENTICATION:
		add_authentication(out, data, len);
		return;
	case DHCP_OPT_CLIENT_NDI:
	case DHCP_OPT_CLIENT_UUID:
		add_pxe(out, code, data, len);
		return;
	case DHCP_OPT_SIP:
		add_sip(out, data, len);
		return;
	case DHCP_OPT_VI_VENDOR_CLASS:
	case DHCP_OPT_VI_VENDOR:
		add_enterprises(out, code, data, len);
		return;
	case DHCP_OPT_MICROSOFT_ROUTES:
		add_microsoft_routes(out, data, len);
		return;
	}
	if (!option_form_add(out, code, data, len))
		option_add_bytes(out, data, len);
}

/* Of a type that holds one number, or just says yes. */
static void add_number(struct option_output *out, uint8_t type, const uint8_t *data)
{
	switch (type) {
	case DHCP_TYPE_BOOL:
		option_add(out, "%s", data[0] ? "yes" : "no");
		return;
	case DHCP_TYPE_U8:
		option_add(out, "%u", data[0]);
		return;
	case DHCP_TYPE_U32:
		option_add(out, "%u", load_be32(data));
		return;
	case DHCP_TYPE_I32:
		option_add(out, "%d", (int32_t)load_be32(data));
		return;
	case DHCP_TYPE_SECONDS:
		add_seconds(out, load_be32(data));
		return;
	case DHCP_TYPE_MESSAGE_TYPE:
		option_add(out, "%s", dhcp_type_name(data[0]));
		return;
	case DHCP_TYPE_OVERLOAD:
		add_overload(out, data[0]);
		return;
	default:
		option_add(out, "yes");
		return;
	}
}

/* @data is valid for @code. */
static void add_value(struct option_output *out, uint8_t code, const uint8_t *data, size_t len)
{
	uint8_t type = dhcp_option_info(code)->type;

	switch ((enum dhcp_option_type)type) {
	case DHCP_TYPE_FLAG:
	case DHCP_TYPE_BOOL:
	case DHCP_TYPE_U8:
	case DHCP_TYPE_U32:
	case DHCP_TYPE_I32:
	case DHCP_TYPE_SECONDS:
	case DHCP_TYPE_MESSAGE_TYPE:
	case DHCP_TYPE_OVERLOAD:
		add_number(out, type, data);
		return;
	case DHCP_TYPE_U16:
	case DHCP_TYPE_U16S:
		add_u16s(out, data, len);
		return;
	case DHCP_TYPE_ADDRESS:
	case DHCP_TYPE_ADDRESSES:
		option_add_addresses(out, data, len);
		return;
	case DHCP_TYPE_PAIRS:
		add_pairs(out, code, data, len);
		return;
	case DHCP_TYPE_TEXT:
		option_add_text(out, data, len);
		return;
	case DHCP_TYPE_CODES:
		add_codes(out, data, len);
		return;
	case DHCP_TYPE_CLIENT_ID:
		option_add_hex(out, data, len);
		return;
	case DHCP_TYPE_ROUTES:
		add_routes(out, data, len);
		return;
	case DHCP_TYPE_DOMAINS:
		option_add_domains(out, data, len);
		return;
	case DHCP_TYPE_FQDN:
		add_fqdn(out, data, len);
		return;
	case DHCP_TYPE_SUBOPTIONS:
		add_suboptions(out, code, data, len);
		return;
	case DHCP_TYPE_NONE:
	case DHCP_TYPE_BYTES:
		add_own_form(out, code, data, len);
		return;
	}
}

size_t dhcp_option_format(uint8_t code, const uint8_t *data, size_t len, char *out, size_t size)
{
	struct option_output o = { .buf = out, .size = size };

	if (size == 0)
		return 0;
	out[0] = '\0';

	if (dhcp_option_is_valid(code, data, len)) {
		add_value(&o, code, data, len);
	} else {
		option_add(&o, len > 0 ? "malformed " : "malformed, empty");
		option_add_hex(&o, data, len);
	}

	if (o.cut && size > 3)
		memcpy(out + size - 4, "...", 4);
	return o.len;
}
