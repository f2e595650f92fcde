/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include <netlab/dhcp_message.h>

#include "base/addr.h"
#include "base/bytes.h"
#include "trace/option_value.h"
#include "trace/safe_text.h"

/* No value of a whole option is longer in words, unless somebody makes it so. */
#define SHOWN_MAX 4096

/* Texts */

static void add_hex(struct text *out, const uint8_t *data, size_t len, const char *between)
{
	for (size_t i = 0; i < len; i++) {
		char digits[2];

		hex_byte(data[i], digits);
		if (i > 0)
			text_addn(out, between, strlen(between));
		text_addn(out, digits, sizeof(digits));
	}
}

/* RFC 2132 section 2: NULs at the end do not belong to the text. */
static void add_text(struct text *out, const uint8_t *data, size_t len)
{
	while (len > 0 && data[len - 1] == '\0')
		len--;
	safe_text_escape(out, (const char *)data, len);
}

static void add_address(struct text *out, uint32_t address)
{
	char buf[IP4_LEN];

	ip4_format(address, buf);
	text_addn(out, buf, strlen(buf));
}

static void add_addresses(struct text *out, const uint8_t *data, size_t len, bool pairs)
{
	for (size_t i = 0; i + 4 <= len; i += 4) {
		if (i > 0)
			text_addn(out, pairs && i % 8 ? " " : ",", 1);
		add_address(out, load_be32(data + i));
	}
}

static void add_numbers(struct text *out, const uint8_t *data, size_t len, size_t width)
{
	for (size_t i = 0; i + width <= len; i += width)
		text_add(out, "%s%u", i ? "," : "",
			 width == 1 ? data[i] : width == 2 ? load_be16(data + i) :
							     load_be32(data + i));
}

/* RFC 3442: prefix length, only the octets that it covers, gateway. */
static void add_routes(struct text *out, const uint8_t *data, size_t len)
{
	struct reader r;

	reader_init(&r, data, len);
	while (reader_left(&r) > 0 && !r.overrun) {
		const char *comma = r.pos > 0 ? "," : "";
		uint8_t prefix = get_u8(&r), dest[4] = { 0 };

		get_bytes(&r, dest, prefix > 32 ? 4 : (prefix + 7u) / 8);
		text_add(out, "%s", comma);
		add_address(out, load_be32(dest));
		text_add(out, "/%u ", prefix);
		add_address(out, get_be32(&r));
	}
}

static bool read_number(const char **s, uint64_t max, uint64_t *ret)
{
	size_t digits = strspn(*s, "0123456789");

	if (digits == 0 || digits > 10)
		return false;
	*ret = strtoull(*s, NULL, 10);
	*s += digits;
	return *ret <= max;
}

void hardware_add(struct text *out, const uint8_t *data, size_t len)
{
	add_hex(out, data, len, ":");
}

void message_type_add(struct text *out, uint8_t type)
{
	if (type <= DHCP_TYPE_MAX)
		text_add(out, "%s", dhcp_type_name(type));
	else
		text_add(out, "%u", type);
}

int message_type_parse(const char *s)
{
	uint64_t value;
	int type = dhcp_type_by_name(s);

	if (type >= 0)
		return type;
	return read_number(&s, UINT8_MAX, &value) && !*s ? (int)value : -EINVAL;
}

/* @data fits its type: dhcp_option_is_valid() has seen to it. */
static void add_valid(struct text *out, enum dhcp_option_type type, const uint8_t *data, size_t len)
{
	switch (type) {
	case DHCP_TYPE_FLAG:
		break;
	case DHCP_TYPE_BOOL:
	case DHCP_TYPE_U8:
	case DHCP_TYPE_OVERLOAD:
	case DHCP_TYPE_CODES:
		add_numbers(out, data, len, 1);
		break;
	case DHCP_TYPE_U16:
	case DHCP_TYPE_U16S:
		add_numbers(out, data, len, 2);
		break;
	case DHCP_TYPE_U32:
	case DHCP_TYPE_SECONDS:
		add_numbers(out, data, len, 4);
		break;
	case DHCP_TYPE_I32:
		text_add(out, "%d", (int32_t)load_be32(data));
		break;
	case DHCP_TYPE_ADDRESS:
	case DHCP_TYPE_ADDRESSES:
		add_addresses(out, data, len, false);
		break;
	case DHCP_TYPE_PAIRS:
		add_addresses(out, data, len, true);
		break;
	case DHCP_TYPE_TEXT:
		add_text(out, data, len);
		break;
	case DHCP_TYPE_MESSAGE_TYPE:
		message_type_add(out, data[0]);
		break;
	case DHCP_TYPE_ROUTES:
		add_routes(out, data, len);
		break;
	case DHCP_TYPE_NONE:
	case DHCP_TYPE_CLIENT_ID:
	case DHCP_TYPE_DOMAINS:
	case DHCP_TYPE_FQDN:
	case DHCP_TYPE_SUBOPTIONS:
	case DHCP_TYPE_BYTES:
		add_hex(out, data, len, ":");
		break;
	}
}

static bool has_any_length(enum dhcp_option_type type)
{
	return type == DHCP_TYPE_NONE || type == DHCP_TYPE_TEXT || type == DHCP_TYPE_BYTES;
}

void option_value_add(struct text *out, uint8_t code, const uint8_t *data, size_t len)
{
	enum dhcp_option_type type = dhcp_option_info(code)->type;

	if (dhcp_option_is_valid(code, data, len) || has_any_length(type)) {
		add_valid(out, type, data, len);
	} else {
		text_add(out, "0x");
		add_hex(out, data, len, "");
	}
}

/* Bytes. Each read_ reads one item at @s, moves @s behind it, and says whether it was one. */

static bool read_hex(const char **s, uint8_t *ret)
{
	char *end, pair[3] = { (*s)[0], (*s)[0] ? (*s)[1] : '\0', '\0' };

	*ret = (uint8_t)strtoul(pair, &end, 16);
	if (end != pair + 2 || strspn(pair, "0123456789abcdefABCDEF") != 2)
		return false;

	*s += 2;
	return true;
}

static int parse_hex(const char *s, bool colons, struct writer *w)
{
	while (*s) {
		uint8_t byte;

		if (colons && w->len > 0 && *s++ != ':')
			return -EINVAL;
		if (!read_hex(&s, &byte))
			return -EINVAL;
		put_u8(w, byte);
	}

	return 0;
}

static int parse_numbers(const char *s, size_t width, struct writer *w)
{
	uint64_t value;

	do {
		if (w->len > 0)
			s++;
		if (!read_number(&s, UINT32_MAX >> (32 - 8 * width), &value))
			return -EINVAL;
		if (width == 4)
			put_be16(w, (uint16_t)(value >> 16));
		if (width >= 2)
			put_be16(w, (uint16_t)value);
		else
			put_u8(w, (uint8_t)value);
	} while (*s == ',');

	return *s ? -EINVAL : 0;
}

static int parse_signed(const char *s, struct writer *w)
{
	bool negative = *s == '-';
	uint64_t value;

	s += negative;
	if (!read_number(&s, (uint64_t)INT32_MAX + negative, &value) || *s)
		return -EINVAL;

	put_be32(w, negative ? -(uint32_t)value : (uint32_t)value);
	return 0;
}

static bool read_address(const char **s, uint32_t *ret)
{
	char buf[IP4_LEN];
	size_t len = strspn(*s, "0123456789.");

	if (len >= sizeof(buf))
		return false;
	memcpy(buf, *s, len);
	buf[len] = '\0';
	*s += len;
	return ip4_parse(buf, ret) == 0;
}

static int parse_addresses(const char *s, struct writer *w)
{
	uint32_t address;

	do {
		if (w->len > 0)
			s++;
		if (!read_address(&s, &address))
			return -EINVAL;
		put_be32(w, address);
	} while (*s == ',' || *s == ' ');

	return *s ? -EINVAL : 0;
}

static int parse_routes(const char *s, struct writer *w)
{
	uint32_t dest, gateway;
	uint64_t prefix;

	do {
		uint8_t bytes[4];

		if (w->len > 0)
			s++;
		if (!read_address(&s, &dest) || *s++ != '/' || !read_number(&s, 32, &prefix) ||
		    *s++ != ' ' || !read_address(&s, &gateway))
			return -EINVAL;
		store_be32(bytes, dest);
		put_u8(w, (uint8_t)prefix);
		put_bytes(w, bytes, (prefix + 7) / 8);
		put_be32(w, gateway);
	} while (*s == ',');

	return *s ? -EINVAL : 0;
}

static int parse_type(const char *s, struct writer *w)
{
	int type = message_type_parse(s);

	if (type < 0)
		return type;

	put_u8(w, (uint8_t)type);
	return 0;
}

static int parse_text(const char *s, struct writer *w)
{
	int len = safe_text_unescape(s, w->data, w->size);

	if (len < 0)
		return len;

	w->len = (size_t)len;
	return 0;
}

static int parse(enum dhcp_option_type type, const char *s, struct writer *w)
{
	if (*s == '\0')
		return 0;

	switch (type) {
	case DHCP_TYPE_BOOL:
	case DHCP_TYPE_U8:
	case DHCP_TYPE_OVERLOAD:
	case DHCP_TYPE_CODES:
		return parse_numbers(s, 1, w);
	case DHCP_TYPE_U16:
	case DHCP_TYPE_U16S:
		return parse_numbers(s, 2, w);
	case DHCP_TYPE_U32:
	case DHCP_TYPE_SECONDS:
		return parse_numbers(s, 4, w);
	case DHCP_TYPE_I32:
		return parse_signed(s, w);
	case DHCP_TYPE_ADDRESS:
	case DHCP_TYPE_ADDRESSES:
	case DHCP_TYPE_PAIRS:
		return parse_addresses(s, w);
	case DHCP_TYPE_TEXT:
		return parse_text(s, w);
	case DHCP_TYPE_MESSAGE_TYPE:
		return parse_type(s, w);
	case DHCP_TYPE_ROUTES:
		return parse_routes(s, w);
	case DHCP_TYPE_FLAG:
	case DHCP_TYPE_NONE:
	case DHCP_TYPE_CLIENT_ID:
	case DHCP_TYPE_DOMAINS:
	case DHCP_TYPE_FQDN:
	case DHCP_TYPE_SUBOPTIONS:
	case DHCP_TYPE_BYTES:
		return parse_hex(s, true, w);
	}

	return -EINVAL;
}

int option_value_parse(uint8_t code, const char *text, uint8_t *out, size_t size)
{
	enum dhcp_option_type type = dhcp_option_info(code)->type;
	struct writer w;
	int r;

	writer_init(&w, out, size);
	if (strncmp(text, "0x", 2) == 0 && type != DHCP_TYPE_TEXT)
		r = parse_hex(text + 2, false, &w);
	else
		r = parse(type, text, &w);
	if (r < 0)
		return r;

	return w.overflow ? -EMSGSIZE : (int)w.len;
}

void option_value_format(struct text *out, uint8_t code, const uint8_t *data, size_t len)
{
	char shown[SHOWN_MAX];

	dhcp_option_format(code, data, len, shown, sizeof(shown));
	text_add(out, "%s", shown);
}

void option_value_show(struct text *out, uint8_t code, const char *text)
{
	uint8_t data[DHCP_MESSAGE_MAX];
	int len = option_value_parse(code, text, data, sizeof(data));

	if (len < 0) {
		safe_text_add(out, text, strlen(text));
		return;
	}
	option_value_format(out, code, data, (size_t)len);
}
