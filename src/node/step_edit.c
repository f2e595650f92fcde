/* SPDX-License-Identifier: MIT */
/*
 * step_edit.c - a held message with one field or option changed. RFC 2131
 * section 2: the fields stand at fixed places, the options behind the magic cookie.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "node/step.h"

#include <netlab/dhcp_option.h>

#define OPTIONS_OFFSET 240	/* behind the fields and the magic cookie */
#define WORDS_MAX 512

enum field_type {
	FIELD_NUMBER,
	FIELD_ADDRESS,
	FIELD_MAC,
};

static const struct field {
	const char *name;
	enum field_type type;
	uint8_t len;
	uint16_t offset;
} fields[] = {
	{ "op", FIELD_NUMBER, 1, 0 },	     { "htype", FIELD_NUMBER, 1, 1 },
	{ "hlen", FIELD_NUMBER, 1, 2 },	     { "hops", FIELD_NUMBER, 1, 3 },
	{ "xid", FIELD_NUMBER, 4, 4 },	     { "secs", FIELD_NUMBER, 2, 8 },
	{ "flags", FIELD_NUMBER, 2, 10 },    { "ciaddr", FIELD_ADDRESS, 4, 12 },
	{ "yiaddr", FIELD_ADDRESS, 4, 16 },  { "siaddr", FIELD_ADDRESS, 4, 20 },
	{ "giaddr", FIELD_ADDRESS, 4, 24 },  { "chaddr", FIELD_MAC, 6, 28 },
};

static void add_number(struct step_edit *e, uint32_t value, size_t len)
{
	for (size_t i = len; i > 0; i--)
		e->data[e->len++] = (uint8_t)(value >> 8 * (i - 1));
}

/* A number that @len bytes can hold; an xid is written as netlab shows it, too: in hex. */
static int read_number(const char *s, size_t len, bool is_hex, uint32_t *ret)
{
	unsigned long long value;
	char *end;

	if (s[0] < '0' || (s[0] > '9' && !is_hex))
		return -EINVAL;
	errno = 0;
	value = strtoull(s, &end, is_hex ? 16 : 0);
	if (errno || *end || value >> 8 * len)
		return -EINVAL;
	*ret = (uint32_t)value;
	return 0;
}

static int read_field(const struct field *f, const char *value, struct step_edit *e)
{
	uint32_t number;
	int r = -EINVAL;

	switch (f->type) {
	case FIELD_NUMBER:
		r = read_number(value, f->len, f->offset == 4, &number);
		break;
	case FIELD_ADDRESS:
		r = ip4_parse(value, &number);
		break;
	case FIELD_MAC:
		e->len = f->len;
		return mac_parse(value, e->data);
	}
	if (r == 0)
		add_number(e, number, f->len);
	return r;
}

static int parse_field(const char *name, const char *value, struct step_edit *ret,
		       struct error *err)
{
	const char *names[ARRAY_SIZE(fields) + 1] = { "option" }, *near;

	for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
		const struct field *f = &fields[i];

		names[i + 1] = f->name;
		if (strcmp(name, f->name) != 0)
			continue;
		*ret = (struct step_edit){ .offset = f->offset };
		if (read_field(f, value, ret) < 0)
			return error_set(err, -EINVAL, "%s can not be \"%s\"", name, value);
		return 0;
	}
	near = nearest(name, names, ARRAY_SIZE(names));
	return error_set(err, -EINVAL, "a message has no field \"%s\"%s%s%s", name,
			 near ? "; did you mean \"" : " (xid, secs, flags, ciaddr, yiaddr, "
						      "siaddr, giaddr, chaddr, option CODE ...)",
			 near ? near : "", near ? "\"?" : "");
}

static int hex_digit(char c)
{
	const char *digits = "0123456789abcdef", *at = c ? strchr(digits, c | 0x20) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* Bytes as hex pairs, ':' or nothing between them; "0x" before them is allowed. */
static int read_bytes(const char *s, struct step_edit *e)
{
	if (s[0] == '0' && s[1] == 'x')
		s += 2;
	while (*s) {
		int high = hex_digit(s[0]), low = high < 0 ? -1 : hex_digit(s[1]);

		if (low < 0 || e->len == sizeof(e->data))
			return -EINVAL;
		e->data[e->len++] = (uint8_t)(high << 4 | low);
		s += 2;
		s += *s == ':' && s[1];
	}
	return 0;
}

static int read_text(const char *s, struct step_edit *e)
{
	size_t len = strlen(s);

	if (len > sizeof(e->data))
		return -EINVAL;
	memcpy(e->data, s, len);
	e->len = (uint8_t)len;
	return 0;
}

static int read_seconds(const char *s, uint32_t *ret)
{
	uint64_t us;

	if (strcmp(s, "infinity") == 0) {
		*ret = DHCP_INFINITY;
		return 0;
	}
	if (read_number(s, 4, false, ret) == 0)
		return 0;
	if (duration_parse(s, &us) < 0 || us / DHCP_SECOND >= DHCP_INFINITY)
		return -EINVAL;
	*ret = (uint32_t)(us / DHCP_SECOND);
	return 0;
}

/* Bytes that one word of a value makes; 0: as many as it has, in hex. */
static const uint8_t word_len[DHCP_TYPE_BYTES + 1] = {
	[DHCP_TYPE_BOOL] = 1,	   [DHCP_TYPE_U8] = 1,	      [DHCP_TYPE_CODES] = 1,
	[DHCP_TYPE_OVERLOAD] = 1,  [DHCP_TYPE_U16] = 2,	      [DHCP_TYPE_U16S] = 2,
	[DHCP_TYPE_U32] = 4,	   [DHCP_TYPE_I32] = 4,	      [DHCP_TYPE_SECONDS] = 4,
	[DHCP_TYPE_ADDRESS] = 4,   [DHCP_TYPE_ADDRESSES] = 4, [DHCP_TYPE_PAIRS] = 4,
	[DHCP_TYPE_MESSAGE_TYPE] = 1,
};

static int read_typed(uint8_t type, const char *s, uint32_t *ret)
{
	int message;

	if (type == DHCP_TYPE_ADDRESS || type == DHCP_TYPE_ADDRESSES || type == DHCP_TYPE_PAIRS)
		return ip4_parse(s, ret);
	if (type == DHCP_TYPE_SECONDS)
		return read_seconds(s, ret);
	message = type == DHCP_TYPE_MESSAGE_TYPE ? dhcp_type_by_name(s) : 0;
	if (message > 0) {
		*ret = (uint32_t)message;
		return 0;
	}
	return read_number(s, word_len[type], false, ret);
}

static int read_word(uint8_t type, const char *s, struct step_edit *e)
{
	uint32_t number;

	if (!word_len[type])
		return read_bytes(s, e);
	if (read_typed(type, s, &number) < 0 || e->len + word_len[type] > (int)sizeof(e->data))
		return -EINVAL;
	add_number(e, number, word_len[type]);
	return 0;
}

/* The next word of @rest, which begins behind it then; NULL: there is none. */
static char *next_word(char **rest, const char *blanks)
{
	char *word = *rest + strspn(*rest, blanks);

	if (!*word)
		return NULL;
	*rest = word + strcspn(word, blanks);
	if (**rest)
		*(*rest)++ = '\0';
	return word;
}

static int read_value(const struct dhcp_option_info *o, const char *value, struct step_edit *e)
{
	char copy[WORDS_MAX], *rest = copy, *word;

	if (o->type == DHCP_TYPE_TEXT)
		return read_text(value, e);
	if (!str_copy(copy, sizeof(copy), value))
		return -EINVAL;
	while ((word = next_word(&rest, " ,\t")))
		if (read_word(o->type, word, e) < 0)
			return -EINVAL;
	return 0;
}

static int parse_option(const char *name, const char *value, struct step_edit *ret,
			struct error *err)
{
	const struct dhcp_option_info *o = dhcp_option_find(name);

	if (!o || o->code == DHCP_OPT_PAD || o->code == DHCP_OPT_END)
		return error_set(err, -EINVAL, "there is no option \"%s\" (explain options)", name);
	*ret = (struct step_edit){ .is_option = true, .code = o->code };
	if (strcmp(value, "-") == 0)
		ret->remove = true;
	else if (read_value(o, value, ret) < 0)
		return error_set(err, -EINVAL, "option %u (%s) can not be \"%s\"", o->code,
				 o->label, value);
	return 0;
}

int step_parse_edit(const char *words, struct step_edit *ret, struct error *err)
{
	char copy[WORDS_MAX], *rest = copy, *name, *option = NULL;
	bool is_option = false;

	if (!str_copy(copy, sizeof(copy), words))
		return error_set(err, -EINVAL, "that is too long");
	name = next_word(&rest, " \t");
	if (name && strcmp(name, "option") == 0) {
		is_option = true;
		option = next_word(&rest, " \t");
	}
	rest += strspn(rest, " \t");
	if (!name || !rest[0])
		return error_set(err, -EINVAL, "edit what? e yiaddr 10.0.0.99, e option 51 60, "
				 "e option router - (takes it out)");
	if ((is_option ? parse_option(option, rest, ret, err)
		       : parse_field(name, rest, ret, err)) < 0)
		return -EINVAL;
	str_copy(ret->words, sizeof(ret->words), words);
	return 0;
}

static void put_option(struct writer *w, const struct step_edit *e)
{
	put_u8(w, e->code);
	put_u8(w, e->len);
	put_bytes(w, e->data, e->len);
}

/* All options of @s into @w, but for the one that is edited, which stands where it stood. */
static void copy_options(const struct step_edit *e, const struct dhcp_send *s, struct writer *w)
{
	struct reader r;
	bool done = e->remove;

	reader_init(&r, s->data + OPTIONS_OFFSET, s->len - OPTIONS_OFFSET);
	while (reader_left(&r) > 0) {
		uint8_t code = get_u8(&r), len;
		const uint8_t *value;

		if (code == DHCP_OPT_END)
			break;
		if (code == DHCP_OPT_PAD)
			continue;
		len = get_u8(&r);
		value = get_span(&r, len);
		if (!value)
			break;
		if (code == e->code && !done)
			put_option(w, e);
		done |= code == e->code;
		if (code == e->code)
			continue;
		put_u8(w, code);
		put_u8(w, len);
		put_bytes(w, value, len);
	}
	if (!done)
		put_option(w, e);
	put_u8(w, DHCP_OPT_END);
}

static int edit_option(const struct step_edit *e, struct dhcp_send *s)
{
	uint8_t data[DHCP_MESSAGE_MAX];
	struct writer w;

	writer_init(&w, data, sizeof(data));
	put_bytes(&w, s->data, OPTIONS_OFFSET);
	copy_options(e, s, &w);
	/* It was padded for those who want BOOTP's size (RFC 1542 section 2.1). */
	if (!w.overflow && w.len < s->len)
		put_zeros(&w, s->len - w.len);
	if (w.overflow)
		return -EMSGSIZE;
	memcpy(s->data, data, w.len);
	s->len = (uint16_t)w.len;
	if (e->code == DHCP_OPT_MESSAGE_TYPE)
		s->type = e->remove || !e->len ? DHCP_NO_TYPE : e->data[0];
	return 0;
}

int step_edit(const struct step_edit *e, struct dhcp_send *s)
{
	if (s->len < OPTIONS_OFFSET)
		return -EMSGSIZE;
	if (e->is_option)
		return edit_option(e, s);
	memcpy(s->data + e->offset, e->data, e->len);
	return 0;
}
