/* SPDX-License-Identifier: MIT */
/* value.c - values that keys of more than one section have. */
#include <errno.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "scenario/parse.h"

#define SECOND 1000000ull

int set_text(struct parse *p, const struct key_def *key, void *field, const struct value *v)
{
	struct given *g = field;

	if (strlen(v->text) > key->max)
		return bad_key(p, key, v, "longer than %llu bytes", (unsigned long long)key->max);
	g->text = keep(p, v->text);
	return g->text ? 0 : -ENOMEM;
}

void copy_text(char *dst, size_t size, const struct given *g)
{
	const char *s = g->text ? g->text : "";
	size_t n = 0;

	for (; *s && n + 1 < size; s++) {
		bool space = *s == ' ' || *s == '\t';

		if (space && n > 0 && dst[n - 1] == ' ')
			continue;
		dst[n++] = space ? ' ' : *s;
	}
	dst[n] = '\0';
}

/* systemd.syntax(7), "Booleans". -1: it is none. */
static int parse_bool(const char *s)
{
	static const char *const yes[] = { "yes", "true", "on", "1", "y", "t" };
	static const char *const no[] = { "no", "false", "off", "0", "n", "f" };

	for (size_t i = 0; i < ARRAY_SIZE(yes); i++) {
		if (strcasecmp(s, yes[i]) == 0)
			return 1;
		if (strcasecmp(s, no[i]) == 0)
			return 0;
	}
	return -1;
}

int set_bool(struct parse *p, const struct key_def *key, void *field, const struct value *v)
{
	int b = parse_bool(v->text);

	if (b < 0)
		return bad_key(p, key, v, "\"%s\" is neither yes nor no", v->text);
	((struct given *)field)->value = (uint64_t)b;
	return 0;
}

int set_bool4(struct parse *p, const struct key_def *key, void *field, const struct value *v)
{
	int b = strcmp(v->text, "ipv4") == 0 ? 1 : parse_bool(v->text);

	if (strcmp(v->text, "ipv6") == 0)
		return bad_key(p, key, v, "labs are IPv4 only");
	if (b < 0)
		return bad_key(p, key, v, "\"%s\" is none of yes, ipv4, no", v->text);
	((struct given *)field)->value = (uint64_t)b;
	return 0;
}

/* Decimal digits only. 0, -EINVAL, -ERANGE. */
static int parse_number(const char *s, uint64_t *ret)
{
	uint64_t v = 0;

	if (!*s)
		return -EINVAL;
	for (; *s; s++) {
		if (*s < '0' || *s > '9')
			return -EINVAL;
		if (__builtin_mul_overflow(v, 10, &v) ||
		    __builtin_add_overflow(v, (uint64_t)(*s - '0'), &v))
			return -ERANGE;
	}

	*ret = v;
	return 0;
}

int set_number(struct parse *p, const struct key_def *key, void *field, const struct value *v)
{
	uint64_t number;
	int r = parse_number(v->text, &number);

	if (r == -EINVAL)
		return bad_key(p, key, v, "\"%s\" is not a number", v->text);
	if (r < 0 || number < key->min || number > key->max)
		return bad_key(p, key, v, "%s is out of range: %llu to %llu", v->text,
			       (unsigned long long)key->min, (unsigned long long)key->max);
	((struct given *)field)->value = number;
	return 0;
}

/* A time of @min to @max microseconds, or for ever. */
static int parse_time(struct parse *p, const struct key_def *key, const struct value *v,
		      uint64_t min, uint64_t max, uint64_t *ret)
{
	char shortest[DURATION_LEN], longest[DURATION_LEN];
	uint64_t us;
	int r = duration_parse(v->text, &us);

	if (r == -EINVAL)
		return bad_key(p, key, v, "\"%s\" is not a time; write 90, 90s or 1h 30min",
			       v->text);
	if (r == 0 && us == UINT64_MAX && max == UINT64_MAX) {
		*ret = us;
		return 0;
	}
	if (r == 0 && us < min && max == UINT64_MAX)
		return bad_key(p, key, v, "%s is out of range: at least %s", v->text,
			       duration_format(min, shortest));
	if (r < 0 || us == UINT64_MAX || us < min || us > max)
		return bad_key(p, key, v, "%s is out of range: %s to %s", v->text,
			       duration_format(min, shortest), duration_format(max, longest));
	*ret = us;
	return 0;
}

int set_time(struct parse *p, const struct key_def *key, void *field, const struct value *v)
{
	return parse_time(p, key, v, key->min, key->max, &((struct given *)field)->value);
}

int set_seconds(struct parse *p, const struct key_def *key, void *field, const struct value *v)
{
	bool for_ever = key->max == UINT32_MAX;
	uint64_t us;
	int r = parse_time(p, key, v, key->min * SECOND,
			   for_ever ? UINT64_MAX : key->max * SECOND, &us);

	if (r < 0)
		return r;
	if (us == UINT64_MAX) {
		((struct given *)field)->value = UINT32_MAX;
		return 0;
	}
	if (us % SECOND)
		return bad_key(p, key, v, "%s is not a whole number of seconds", v->text);
	if (us / SECOND >= UINT32_MAX)
		return bad_key(p, key, v, "%s is over 136 years; write infinity", v->text);
	((struct given *)field)->value = us / SECOND;
	return 0;
}

int set_ip4(struct parse *p, const struct key_def *key, void *field, const struct value *v)
{
	uint32_t address;

	if (ip4_parse(v->text, &address) < 0)
		return bad_key(p, key, v, "\"%s\" is not an IPv4 address", v->text);
	if (!ip4_is_host(address))
		return bad_key(p, key, v, "%s is no address that a host can have", v->text);
	((struct given *)field)->value = address;
	return 0;
}

void subnet_hosts(uint32_t address, uint8_t len, uint32_t *ret_first, uint32_t *ret_last)
{
	uint32_t net = address & ip4_mask(len), last = net | ~ip4_mask(len);
	uint32_t ends = len <= 30 ? 1 : 0;	/* RFC 3021: a /31 has neither end reserved */

	*ret_first = net + ends;
	*ret_last = last - ends;
}

int parse_iface_address(struct parse *p, const struct key_def *key, const struct value *v,
			uint32_t *ret, uint8_t *ret_len)
{
	uint32_t address, first, last;
	uint8_t len;

	if (ip4_parse_prefix(v->text, &address, &len) < 0)
		return bad_key(p, key, v, "\"%s\" is not an IPv4 address with its prefix, as "
			       "10.0.0.1/24 is", v->text);
	if (!strchr(v->text, '/'))
		return bad_key(p, key, v, "%s has no prefix length; write %s/24", v->text, v->text);
	if (!ip4_is_host(address) || len == 0)
		return bad_key(p, key, v, "%s is no address that a host can have", v->text);
	subnet_hosts(address, len, &first, &last);
	if (address < first)
		return bad_key(p, key, v, "%s is the address of the subnet itself", v->text);
	if (address > last)
		return bad_key(p, key, v, "%s is the broadcast address of its subnet", v->text);

	*ret = address;
	*ret_len = len;
	return 0;
}

int parse_destination(struct parse *p, const struct key_def *key, const struct value *v,
		      uint32_t *ret, uint8_t *ret_len)
{
	char net[IP4_LEN];
	uint32_t address;
	uint8_t len;

	if (strcmp(v->text, "default") == 0) {
		*ret = 0;
		*ret_len = 0;
		return 0;
	}
	if (ip4_parse_prefix(v->text, &address, &len) < 0)
		return bad_key(p, key, v, "\"%s\" is not a destination, as 10.0.1.0/24 is",
			       v->text);
	if (address & ~ip4_mask(len))
		return bad_key(p, key, v, "%s has host bits set; the subnet is %s/%u", v->text,
			       ip4_format(address & ip4_mask(len), net), len);
	if (len > 0 && !ip4_is_host(address))
		return bad_key(p, key, v, "%s is no destination of hosts", v->text);

	*ret = address;
	*ret_len = len;
	return 0;
}

void clear_list(struct parse *p, void *field)
{
	((struct list *)field)->n = 0;
}

int append_text(struct parse *p, const struct key_def *key, void *field, const struct value *v)
{
	struct raw_texts *t = field;
	struct given g = { 0 };
	int r = set_text(p, key, &g, v);

	if (r == 0)
		r = array_grow(&t->text, t->n, sizeof(*t->text));
	if (r == 0)
		t->text[t->n++] = g.text;
	return r;
}

void clear_texts(struct parse *p, void *field)
{
	((struct raw_texts *)field)->n = 0;
}

bool list_is_given(const struct list *l)
{
	return l->n > 0 || l->wrong;
}

int list_add(struct list *l, struct place at, uint32_t value, uint8_t len)
{
	int r = array_grow(&l->item, l->n, sizeof(*l->item));

	if (r == 0)
		l->item[l->n++] = (struct item){ .at = at, .value = value, .len = len };
	return r;
}

int next_word(struct parse *p, struct value *v, struct value *ret)
{
	cleanup_free char *word = NULL;
	size_t len;

	v->text += strspn(v->text, " \t");
	v->raw += strspn(v->raw, " \t");
	if (!*v->text)
		return 0;
	len = strcspn(v->text, " \t");
	word = strndup(v->text, len);
	if (!word)
		return -ENOMEM;
	ret->text = keep(p, word);
	ret->raw = v->raw;
	v->text += len;
	v->raw += strcspn(v->raw, " \t");

	return ret->text ? 1 : -ENOMEM;
}
