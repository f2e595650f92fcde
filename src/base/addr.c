/* SPDX-License-Identifier: MIT */
#include "base/addr.h"

#include <errno.h>

/* A number up to @max without a leading zero; moves @s behind it. -1 if there is none. */
static int parse_decimal(const char **s, int max)
{
	const char *p = *s;
	int v = 0;

	if (*p < '0' || *p > '9')
		return -1;
	if (p[0] == '0' && p[1] >= '0' && p[1] <= '9')
		return -1;

	for (; *p >= '0' && *p <= '9'; p++) {
		v = v * 10 + (*p - '0');
		if (v > max)
			return -1;
	}

	*s = p;
	return v;
}

/* Four numbers; moves @s behind them. */
static int parse_quad(const char **s, uint32_t *ret)
{
	uint32_t addr = 0;

	for (int i = 0; i < 4; i++) {
		int v;

		if (i > 0 && *(*s)++ != '.')
			return -EINVAL;
		v = parse_decimal(s, 255);
		if (v < 0)
			return -EINVAL;
		addr = addr << 8 | (uint32_t)v;
	}

	*ret = addr;
	return 0;
}

int ip4_parse(const char *s, uint32_t *ret)
{
	uint32_t addr;

	if (parse_quad(&s, &addr) < 0 || *s)
		return -EINVAL;

	*ret = addr;
	return 0;
}

void hex_byte(uint8_t byte, char ret[static 2])
{
	static const char digits[] = "0123456789abcdef";

	ret[0] = digits[byte >> 4];
	ret[1] = digits[byte & 15];
}

static char *put_octet(char *p, uint32_t octet)
{
	if (octet >= 100)
		*p++ = (char)('0' + octet / 100);
	if (octet >= 10)
		*p++ = (char)('0' + octet / 10 % 10);
	*p++ = (char)('0' + octet % 10);
	return p;
}

/* By hand: every message in the log has a dozen of these. */
const char *ip4_format(uint32_t addr, char buf[static IP4_LEN])
{
	char *p = buf;

	for (int shift = 24; shift >= 0; shift -= 8) {
		p = put_octet(p, addr >> shift & 0xff);
		*p++ = '.';
	}
	p[-1] = '\0';
	return buf;
}

int ip4_parse_prefix(const char *s, uint32_t *ret_addr, uint8_t *ret_len)
{
	uint32_t addr;
	int len = 32;

	if (parse_quad(&s, &addr) < 0)
		return -EINVAL;
	if (*s == '/') {
		s++;
		len = parse_decimal(&s, 32);
	}
	if (len < 0 || *s)
		return -EINVAL;

	*ret_addr = addr;
	*ret_len = (uint8_t)len;
	return 0;
}

uint32_t ip4_mask(uint8_t len)
{
	return len == 0 ? 0 : ~0u << (32 - len);
}

int ip4_mask_len(uint32_t mask)
{
	int len = mask == 0 ? 0 : 32 - __builtin_ctz(mask);

	return mask == ip4_mask((uint8_t)len) ? len : -EINVAL;
}

bool ip4_in_prefix(uint32_t addr, uint32_t net, uint8_t len)
{
	return ((addr ^ net) & ip4_mask(len)) == 0;
}

uint8_t ip4_class_len(uint32_t addr)
{
	if (addr >> 31 == 0)
		return 8;
	if (addr >> 30 == 2)
		return 16;
	if (addr >> 29 == 6)
		return 24;
	return 32;
}

bool ip4_is_host(uint32_t addr)
{
	uint32_t first = addr >> 24;

	return first != 0 && first != 127 && first < 224;
}

bool ip4_is_link_local(uint32_t addr)
{
	return addr >> 16 == 0xa9fe;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

int mac_parse(const char *s, uint8_t ret[static 6])
{
	uint8_t mac[6];

	for (int i = 0; i < 6; i++) {
		int high = hex_digit(*s), low = high < 0 ? -1 : hex_digit(s[1]);

		if (low < 0)
			return -EINVAL;
		mac[i] = (uint8_t)(high << 4 | low);
		s += 2;
		if (i < 5 && *s != ':' && *s != '-')
			return -EINVAL;
		if (i < 5)
			s++;
	}
	if (*s)
		return -EINVAL;

	for (int i = 0; i < 6; i++)
		ret[i] = mac[i];
	return 0;
}

const char *mac_format(const uint8_t mac[static 6], char buf[static MAC_LEN])
{
	for (int i = 0; i < 6; i++) {
		hex_byte(mac[i], buf + 3 * i);
		buf[3 * i + 2] = ':';
	}
	buf[MAC_LEN - 1] = '\0';
	return buf;
}
