/* SPDX-License-Identifier: MIT */
/* sec_expect_match.c - what is asked of one message: its type, fields, options, sender, number */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "scenario/parse.h"

/* RFC 2132 section 9.6: option 53's value is the index. */
const char *const message_names[MESSAGE_NAMES] = {
	NULL, "DISCOVER", "OFFER", "REQUEST", "DECLINE", "ACK", "NAK", "RELEASE", "INFORM",
};

static const struct {
	const char *name;
	enum scn_field_form form;
	uint64_t max;
} fields[] = {
	[SCN_FIELD_XID] = { "xid", SCN_FORM_HEX, UINT32_MAX },
	[SCN_FIELD_SRC_MAC] = { "src_mac", SCN_FORM_MAC, 0xffffffffffff },
	[SCN_FIELD_DST_MAC] = { "dst_mac", SCN_FORM_MAC, 0xffffffffffff },
	[SCN_FIELD_SRC_IP] = { "src_ip", SCN_FORM_IP4, UINT32_MAX },
	[SCN_FIELD_DST_IP] = { "dst_ip", SCN_FORM_IP4, UINT32_MAX },
	[SCN_FIELD_SRC_PORT] = { "src_port", SCN_FORM_NUMBER, UINT16_MAX },
	[SCN_FIELD_DST_PORT] = { "dst_port", SCN_FORM_NUMBER, UINT16_MAX },
	[SCN_FIELD_SECS] = { "secs", SCN_FORM_NUMBER, UINT16_MAX },
	[SCN_FIELD_FLAGS] = { "flags", SCN_FORM_HEX, UINT16_MAX },
	[SCN_FIELD_CIADDR] = { "ciaddr", SCN_FORM_IP4, UINT32_MAX },
	[SCN_FIELD_YIADDR] = { "yiaddr", SCN_FORM_IP4, UINT32_MAX },
	[SCN_FIELD_SIADDR] = { "siaddr", SCN_FORM_IP4, UINT32_MAX },
	[SCN_FIELD_GIADDR] = { "giaddr", SCN_FORM_IP4, UINT32_MAX },
	[SCN_FIELD_LENGTH] = { "length", SCN_FORM_NUMBER, UINT16_MAX },
	[SCN_FIELD_FROM] = { "from", SCN_FORM_TEXT, 0 },
	[SCN_FIELD_TO] = { "to", SCN_FORM_TEXT, 0 },
	[SCN_FIELD_COUNT] = { "count", SCN_FORM_NUMBER, 0 },
	[SCN_FIELD_OPTION] = { "option", SCN_FORM_TEXT, 0 },
};

const char *scn_field_name(enum scn_field f)
{
	return fields[f].name;
}

enum scn_field_form scn_field_form(enum scn_field f)
{
	return fields[f].form;
}

int find_field(struct parse *p, const struct key_def *key, const struct value *word, bool is_answer,
	       enum scn_field *ret)
{
	size_t n = is_answer ? ARRAY_SIZE(fields) : SCN_FIELD_FROM;
	const char *names[ARRAY_SIZE(fields)];

	for (size_t i = 0; i < n; i++) {
		names[i] = fields[i].name;
		if (strcmp(names[i], word->text) != 0)
			continue;
		*ret = (enum scn_field)i;
		return 0;
	}
	return bad_key(p, key, word, "\"%s\" is no field of a message%s", word->text,
		       did_you_mean(p, word->text, names, n, "\"", "\""));
}

int find_option(struct parse *p, const struct key_def *key, const struct value *word, uint8_t *ret)
{
	unsigned int code = 0;
	const char *s = word->text;

	while (*s >= '0' && *s <= '9' && code < 1000)
		code = 10 * code + (unsigned int)(*s++ - '0');
	if (*s || code < 1 || code > 254)
		return bad_key(p, key, word, "\"%s\" is no option: a number, 1 to 254", word->text);
	*ret = (uint8_t)code;
	return 0;
}

static int message_type(struct parse *p, const struct key_def *key, const struct value *word,
			uint8_t *ret)
{
	for (uint8_t type = 1; type < MESSAGE_NAMES; type++) {
		if (strcmp(message_names[type], word->text) != 0)
			continue;
		*ret = type;
		return 0;
	}
	return bad_key(p, key, word, "\"%s\" is no DHCP message%s", word->text,
		       did_you_mean(p, word->text, message_names + 1, MESSAGE_NAMES - 1, "\"",
				    "\""));
}

int set_message(struct parse *p, const struct key_def *key, void *field, const struct value *v)
{
	uint8_t type = 0;
	int r = message_type(p, key, v, &type);

	if (r == 0)
		((struct given *)field)->value = type;
	return r;
}

int add_messages(struct parse *p, const struct key_def *key, void *field, const struct value *v)
{
	struct value rest = *v, word;
	struct list *list = field;
	uint8_t type = 0;
	int r;

	while ((r = next_word(p, &rest, &word)) > 0) {
		r = message_type(p, key, &word, &type);
		if (r < 0)
			return r;
		if (list->n == SCN_MESSAGES_MAX)
			return bad_key(p, key, &word, "more than %d messages", SCN_MESSAGES_MAX);
		r = list_add(list, place_of(p, word.raw), type, 0);
		if (r < 0)
			return r;
	}

	return r;
}

/* A number, decimal or 0x..., up to @max. */
static int read_number(const char *s, uint64_t max, uint64_t *ret)
{
	bool hex = s[0] == '0' && (s[1] == 'x' || s[1] == 'X');
	uint64_t v = 0;

	s += hex ? 2 : 0;
	if (!*s)
		return -EINVAL;
	for (; *s; s++) {
		unsigned int digit = *s >= '0' && *s <= '9' ? (unsigned int)(*s - '0') :
				     hex && isxdigit((unsigned char)*s) ?
				     (unsigned int)((*s | 0x20) - 'a') + 10 : 99;

		if (digit == 99 || v > max)
			return -EINVAL;
		v = (hex ? 16 : 10) * v + digit;
	}
	if (v > max)
		return -EINVAL;
	*ret = v;
	return 0;
}

/* An address, a range or a prefix; 0.0.0.0 and 255.255.255.255 stand in messages, too. */
static int match_ip4(const char *s, struct scn_match *m)
{
	char text[2 * IP4_LEN + 4];
	uint32_t first, last;
	uint8_t len = 32;
	char *dash;

	if (!str_copy(text, sizeof(text), s))
		return -EINVAL;
	dash = strchr(text, '-');
	if (dash)
		*dash = '\0';
	if (dash ? ip4_parse(text, &first) || ip4_parse(dash + 1, &last)
		 : ip4_parse_prefix(text, &first, &len))
		return -EINVAL;
	if (!dash)
		last = first | ~ip4_mask(len);
	m->first = first;
	m->last = last;
	return first > last ? -EINVAL : 0;
}

static int match_mac(const char *s, struct scn_match *m)
{
	uint8_t mac[6];
	uint64_t number = 0;

	if (mac_parse(s, mac) < 0)
		return -EINVAL;
	for (size_t i = 0; i < sizeof(mac); i++)
		number = number << 8 | mac[i];
	m->first = m->last = number;
	return 0;
}

static int match_number(const char *s, uint64_t max, struct scn_match *m)
{
	char text[48];
	char *dash;

	if (!str_copy(text, sizeof(text), s))
		return -EINVAL;
	dash = strchr(text, '-');
	if (dash)
		*dash = '\0';
	if (read_number(text, max, &m->first) < 0)
		return -EINVAL;
	m->last = m->first;
	if (dash && read_number(dash + 1, max, &m->last) < 0)
		return -EINVAL;
	return m->first > m->last ? -EINVAL : 0;
}

/* What the value of a field may be, in words. */
static const char *form_words(enum scn_field_form form)
{
	switch (form) {
	case SCN_FORM_IP4:
		return "an address, a range or a prefix";
	case SCN_FORM_MAC:
		return "a MAC address";
	case SCN_FORM_NUMBER:
	case SCN_FORM_HEX:
		return "a number or a range";
	case SCN_FORM_TEXT:
		break;
	}
	return "a text";
}

static int match_value(const char *s, struct scn_match *m)
{
	enum scn_field_form form = fields[m->field].form;

	if (form == SCN_FORM_IP4)
		return match_ip4(s, m);
	if (form == SCN_FORM_MAC)
		return match_mac(s, m);
	return match_number(s, fields[m->field].max, m);
}

static int add_match(struct parse *p, const struct key_def *key, struct raw_matches *list,
		     const struct value *v, const struct scn_match *m)
{
	if (list->n == SCN_MATCHES_MAX)
		return bad_key(p, key, v, "more than %d of them", SCN_MATCHES_MAX);
	list->item[list->n++] = *m;
	return 0;
}

/* "NAME" (it is not 0), "NAME none" (it is), "NAME VALUE". */
static int read_field(struct parse *p, const struct key_def *key, struct raw_matches *list,
		      const struct value *v)
{
	struct value rest = *v, name, value, more;
	struct scn_match m = { 0 };
	int r = next_word(p, &rest, &name);

	if (r > 0)
		r = find_field(p, key, &name, false, &m.field) < 0 ? -EINVAL
								     : next_word(p, &rest, &value);
	if (r < 0)
		return r;
	m.first = r ? 0 : 1;
	m.last = r ? 0 : fields[m.field].max;
	if (r && strcmp(value.text, "none") != 0 && match_value(value.text, &m) < 0)
		return bad_key(p, key, &value, "\"%s\" is no value of %s: %s, or none", value.text,
			       name.text, form_words(fields[m.field].form));
	if (r && next_word(p, &rest, &more) > 0)
		return bad_key(p, key, &more, "\"%s\" is one word too many; a further field has a "
			       "%s= of its own", more.text, key->name);
	return add_match(p, key, list, v, &m);
}

/* "CODE", "CODE none", "CODE VALUE", the value as trace --json has it. */
static int read_option(struct parse *p, const struct key_def *key, struct raw_matches *list,
		       const struct value *v)
{
	struct scn_match m = { .field = SCN_FIELD_OPTION };
	struct value rest = *v, code;
	int r = next_word(p, &rest, &code);

	if (r > 0)
		r = find_option(p, key, &code, &m.option);
	if (r < 0)
		return r;
	rest.text += strspn(rest.text, " \t");
	if (strcmp(rest.text, "none") == 0)
		m.absent = true;
	else if (!str_copy(m.value, sizeof(m.value), rest.text))
		return bad_key(p, key, v, "the value is longer than %zu bytes",
			       sizeof(m.value) - 1);
	return add_match(p, key, list, v, &m);
}

int add_field_match(struct parse *p, const struct key_def *key, void *field, const struct value *v)
{
	struct raw_matches *list = field;
	int r = read_field(p, key, list, v);

	list->wrong = list->wrong || r < 0;
	return r;
}

int add_option_match(struct parse *p, const struct key_def *key, void *field,
		     const struct value *v)
{
	struct raw_matches *list = field;
	int r = read_option(p, key, list, v);

	list->wrong = list->wrong || r < 0;
	return r;
}

void clear_matches(struct parse *p, void *field)
{
	((struct raw_matches *)field)->n = 0;
}

#define COUNT_MAX 1000000

int set_count(struct parse *p, const struct key_def *key, void *field, const struct value *v)
{
	char text[48];
	uint64_t first, last;
	char *dash;
	int r;

	if (!str_copy(text, sizeof(text), v->text))
		text[0] = '\0';
	dash = strchr(text, '-');
	if (dash)
		*dash = '\0';
	r = read_number(text, COUNT_MAX, &first);
	last = first;
	if (r == 0 && dash)
		last = UINT32_MAX;
	if (r == 0 && dash && dash[1])
		r = read_number(dash + 1, COUNT_MAX, &last);
	if (r < 0 || first > last)
		return bad_key(p, key, v, "\"%s\" is no number, nor a range of them (2, 2-4, 2-), "
			       "up to %d", v->text, COUNT_MAX);
	((struct given *)field)->value = first << 32 | last;
	return 0;
}
