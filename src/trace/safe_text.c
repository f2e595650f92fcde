/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "trace/safe_text.h"

/* The character that starts at @s, and its bytes; 0 bytes if it is not UTF-8 (RFC 3629). */
static size_t utf8_get(const uint8_t *s, size_t len, uint32_t *ret)
{
	static const uint32_t smallest[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t n = s[0] < 0x80 ? 1 : s[0] >> 5 == 0x6 ? 2 : s[0] >> 4 == 0xe ? 3 :
		   s[0] >> 3 == 0x1e ? 4 : 0;
	uint32_t c;

	if (n == 0 || n > len)
		return 0;

	c = n == 1 ? s[0] : s[0] & (0x7fu >> n);
	for (size_t i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (s[i] & 0x3f);
	}
	if (c < smallest[n] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;

	*ret = c;
	return n;
}

/* C0, DEL, C1, line separators, and what turns the direction of writing round. */
static bool is_control(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x200e || c == 0x200f ||
	       (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

static void add(struct text *out, const char *bytes, size_t len, bool double_backslash)
{
	const uint8_t *s = (const uint8_t *)bytes;

	while (len > 0) {
		uint32_t c = 0;
		size_t n = utf8_get(s, len, &c), step = n ? n : 1;

		if (n == 0 || is_control(c)) {
			for (size_t i = 0; i < step; i++)
				text_add(out, "\\x%02x", s[i]);
		} else {
			if (c == '\\' && double_backslash)
				text_addn(out, "\\", 1);
			text_addn(out, (const char *)s, n);
		}
		s += step;
		len -= step;
	}
}

void safe_text_add(struct text *out, const char *bytes, size_t len)
{
	add(out, bytes, len, false);
}

void safe_text_escape(struct text *out, const char *bytes, size_t len)
{
	add(out, bytes, len, true);
}

bool safe_text_is_utf8(const char *bytes, size_t len)
{
	const uint8_t *s = (const uint8_t *)bytes;

	while (len > 0) {
		uint32_t c;
		size_t n = utf8_get(s, len, &c);

		if (n == 0)
			return false;
		s += n;
		len -= n;
	}

	return true;
}

static int hex_digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

int safe_text_unescape(const char *text, uint8_t *out, size_t size)
{
	size_t len = 0;

	while (*text) {
		uint8_t byte = (uint8_t)*text++;

		if (byte == '\\' && *text == '\\') {
			text++;
		} else if (byte == '\\' && *text == 'x' && hex_digit(text[1]) >= 0 &&
			   hex_digit(text[2]) >= 0) {
			byte = (uint8_t)(hex_digit(text[1]) << 4 | hex_digit(text[2]));
			text += 3;
		}
		if (len == size)
			return -EMSGSIZE;
		out[len++] = byte;
	}

	return (int)len;
}
