/* SPDX-License-Identifier: MIT */
#include "dhcp/journal.h"

#include <errno.h>
#include <string.h>

#include "base/addr.h"

#define US 1000000
#define US_DIGITS 6
#define NEVER UINT64_MAX	/* DHCP_NEVER */
#define HTYPE_ETHERNET 1
#define MAC_BYTES 6

static const char *const states[DHCP_BINDING_STATES] = {
	[DHCP_BINDING_ACTIVE] = "active",
	[DHCP_BINDING_EXPIRED] = "expired",
	[DHCP_BINDING_RELEASED] = "released",
	[DHCP_BINDING_DECLINED] = "declined",
};

static uint32_t checksum(const char *s, size_t len)
{
	uint32_t hash = 2166136261u;

	for (size_t i = 0; i < len; i++)
		hash = (hash ^ (uint8_t)s[i]) * 16777619u;
	return hash;
}

/* ---- out: each puts a word's part at @p and returns where the next one goes ---- */

static char *put_text(char *p, const char *text)
{
	size_t len = strlen(text);

	memcpy(p, text, len);
	return p + len;
}

static char *put_number(char *p, uint64_t n, int digits)
{
	char text[20];
	int at = sizeof(text);

	while (n || digits > 0) {
		text[--at] = (char)('0' + n % 10);
		n /= 10;
		digits--;
	}
	memcpy(p, text + at, sizeof(text) - (size_t)at);
	return p + sizeof(text) - at;
}

static char *put_hex(char *p, const uint8_t *data, size_t len)
{
	for (size_t i = 0; i < len; i++, p += 2) {
		if (i)
			*p++ = ':';
		hex_byte(data[i], p);
	}
	return p;
}

static char *put_time(char *p, uint64_t us)
{
	if (us == NEVER)
		return put_text(p, "0");
	p = put_number(p, us / US, 1);
	*p++ = '.';
	return put_number(p, us % US, US_DIGITS);
}

static char *put_hardware(char *p, const struct dhcp_binding *b)
{
	if (b->htype != HTYPE_ETHERNET || b->hlen != MAC_BYTES) {
		p = put_hex(p, &b->htype, 1);
		*p++ = '-';
	}
	return put_hex(p, b->chaddr, b->hlen);
}

static char *put_id(char *p, const struct dhcp_binding *b)
{
	if (!b->id_len)
		return put_text(p, "-");
	return b->id_is_option ? put_hex(p, b->id, b->id_len) : put_text(p, "*");
}

size_t journal_write(const struct dhcp_binding *b, char out[static JOURNAL_LINE_MAX])
{
	char ip[IP4_LEN], *p = out;
	uint32_t hash;

	p = put_time(p, b->expires);
	*p++ = ' ';
	p = put_hardware(p, b);
	*p++ = ' ';
	p = put_text(p, ip4_format(b->address, ip));
	*p++ = ' ';
	p = put_text(p, b->host_name[0] ? b->host_name : "*");
	*p++ = ' ';
	p = put_id(p, b);
	*p++ = ' ';
	p = put_text(p, states[b->state]);
	hash = checksum(out, (size_t)(p - out));
	*p++ = ' ';
	for (int shift = 24; shift >= 0; shift -= 8, p += 2)
		hex_byte((uint8_t)(hash >> shift), p);
	*p++ = '\n';
	return (size_t)(p - out);
}

/* ---- in: only the shape is looked at; journal_read() compares the rest with what goes out ---- */

enum word { TIME, HARDWARE, ADDRESS, NAME, ID, STATE, SUM, WORDS };

/* Cuts @line at its spaces. 0, or -EBADMSG for more or fewer words than there are. */
static int split(char *line, char *ret[static WORDS])
{
	size_t n = 0;

	for (char *p = line; p; n++) {
		if (n == WORDS)
			return -EBADMSG;
		ret[n] = p;
		p = strchr(p, ' ');
		if (p)
			*p++ = '\0';
	}
	return n == WORDS ? 0 : -EBADMSG;
}

/* Too many digits, or too few, make a number that goes out otherwise than it came in. */
static uint64_t get_time(const char *s)
{
	uint64_t us = 0;

	if (strcmp(s, "0") == 0)
		return NEVER;
	for (; *s; s++)
		if (*s >= '0' && *s <= '9')
			us = us * 10 + (uint64_t)(*s - '0');
	return us;
}

static uint8_t hex_digit(char c)
{
	return (uint8_t)(c >= 'a' ? c - 'a' + 10 : c - '0');
}

/* Bytes with a colon between two; how many, or -EBADMSG for more than @max. */
static int get_hex(const char *s, uint8_t *ret, size_t max)
{
	size_t len = strlen(s), n = (len + 1) / 3;

	if (n > max || (len && len % 3 != 2))
		return -EBADMSG;
	for (size_t i = 0; i < n; i++, s += 3)
		ret[i] = (uint8_t)(hex_digit(s[0]) << 4 | hex_digit(s[1]));
	return (int)n;
}

static int get_hardware(const char *s, struct dhcp_binding *b)
{
	int n;

	b->htype = HTYPE_ETHERNET;
	if (strlen(s) > 2 && s[2] == '-') {
		b->htype = (uint8_t)(hex_digit(s[0]) << 4 | hex_digit(s[1]));
		s += 3;
	}
	n = get_hex(s, b->chaddr, sizeof(b->chaddr));
	if (n < 0)
		return n;
	b->hlen = (uint8_t)n;
	return 0;
}

/* As the server makes one of the hardware address, RFC 2131 section 4.2. */
static void id_by_hardware(struct dhcp_binding *b)
{
	b->id[0] = b->htype;
	memcpy(b->id + 1, b->chaddr, b->hlen);
	b->id_len = (uint8_t)(1 + b->hlen);
}

static int get_id(const char *s, struct dhcp_binding *b)
{
	int n;

	if (strcmp(s, "-") == 0)
		return 0;
	if (strcmp(s, "*") == 0) {
		id_by_hardware(b);
		return 0;
	}
	b->id_is_option = true;
	n = get_hex(s, b->id, sizeof(b->id));
	if (n < 0)
		return n;
	b->id_len = (uint8_t)n;
	return 0;
}

static int get_name(const char *s, struct dhcp_binding *b)
{
	if (strcmp(s, "*") == 0)
		return 0;
	if (!*s || strlen(s) >= sizeof(b->host_name))
		return -EBADMSG;
	for (const char *p = s; *p; p++)
		if (*p <= ' ' || *p > '~' || *p == '*')
			return -EBADMSG;
	memcpy(b->host_name, s, strlen(s));
	return 0;
}

static int get_state(const char *s, struct dhcp_binding *b)
{
	for (int i = 0; i < DHCP_BINDING_STATES; i++)
		if (states[i] && strcmp(states[i], s) == 0) {
			b->state = (enum dhcp_binding_state)i;
			return 0;
		}
	return -EBADMSG;
}

static int get_words(char *const word[static WORDS], struct dhcp_binding *ret)
{
	ret->expires = get_time(word[TIME]);
	if (get_hardware(word[HARDWARE], ret) < 0 || ip4_parse(word[ADDRESS], &ret->address) < 0 ||
	    get_name(word[NAME], ret) < 0 || get_id(word[ID], ret) < 0 ||
	    get_state(word[STATE], ret) < 0)
		return -EBADMSG;
	return 0;
}

int journal_read(const char *line, size_t len, struct dhcp_binding *ret)
{
	char copy[JOURNAL_LINE_MAX], again[JOURNAL_LINE_MAX], *word[WORDS];
	struct dhcp_binding b = { 0 };

	if (len >= sizeof(copy) || memchr(line, '\0', len))
		return -EBADMSG;
	memcpy(copy, line, len);
	copy[len] = '\0';
	if (split(copy, word) < 0 || get_words(word, &b) < 0)
		return -EBADMSG;
	/* What is not as it would be written was not written so: the checksum is in it, too. */
	if (journal_write(&b, again) != len + 1 || memcmp(again, line, len) != 0)
		return -EBADMSG;
	*ret = b;
	return 0;
}
