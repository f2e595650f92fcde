/* SPDX-License-Identifier: MIT */
#include "scenario/client_keys.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/addr.h"
#include "base/bytes.h"

#define VENDOR_CLASS 60		/* RFC 2132 section 9.13 */
#define USER_CLASS 77		/* RFC 3004 */

int set_conflict(struct parse *p, const struct key_def *key, void *field, const struct value *v)
{
	struct given *g = field, word = { 0 };

	if (v->text[0] >= '0' && v->text[0] <= '9' && v->text[1])
		return set_time(p, key, field, v);
	if (set_bool(p, key, &word, v) < 0)
		return -EINVAL;
	g->value = word.value ? CONFLICT_YES : 0;
	return 0;
}

int set_attempts(struct parse *p, const struct key_def *key, void *field, const struct value *v)
{
	if (strcmp(v->text, "infinity") != 0)
		return set_number(p, key, field, v);
	((struct given *)field)->value = 0;
	return 0;
}

int add_prefixes(struct parse *p, const struct key_def *key, void *field, const struct value *v)
{
	struct value rest = *v, word;
	struct list *list = field;
	uint32_t address;
	uint8_t len;
	int r;

	while ((r = next_word(p, &rest, &word)) > 0) {
		if (ip4_parse_prefix(word.text, &address, &len) < 0)
			return bad_key(p, key, &word, "\"%s\" is neither an address nor a prefix",
				       word.text);
		if (list->n == key->max)
			return bad_key(p, key, &word, "more than %zu addresses", (size_t)key->max);
		r = list_add(list, place_of(p, word.raw), address, len);
		if (r < 0)
			return r;
	}
	return r;
}

int add_codes(struct parse *p, const struct key_def *key, void *field, const struct value *v)
{
	struct value rest = *v, word;
	struct list *list = field;
	int r;

	while ((r = next_word(p, &rest, &word)) > 0) {
		struct given g = { 0 };

		r = set_number(p, key, &g, &word);
		if (r < 0)
			return r;
		for (size_t i = 0; i < list->n; i++)
			if (list->item[i].value == g.value)
				return bad_key(p, key, &word, "option %s is named twice",
					       word.text);
		if (list->n == CODES_MAX)
			return bad_key(p, key, &word, "more than %zu options", CODES_MAX);
		r = list_add(list, place_of(p, word.raw), (uint32_t)g.value, 0);
		if (r < 0)
			return r;
	}

	return r;
}

/* What the client writes itself, whatever it is told, and what is no option. */
static bool is_clients_own(uint64_t code)
{
	static const uint8_t own[] = {
		0, 12, 50, 52, 53, 54, 55, 56, 57, 61, 80, 81, 90, 116, 145, 255,
	};

	return code > 255 || memchr(own, (int)code, sizeof(own));
}

/* Decimal, up to @max. False: it is none. */
static bool read_number(const char *s, uint64_t max, uint64_t *ret)
{
	char *end;

	if (strspn(s, "0123456789") != strlen(s) || strlen(s) - 1 >= 10)
		return false;
	*ret = strtoull(s, &end, 10);
	return *ret <= max;
}

/* The bytes of @value; -1: it does not fit @type, or there is no such type. */
static int encode(const char *type, const char *value, uint8_t ret[static 255])
{
	static const struct {
		const char *name;
		uint8_t bytes;
	} numbers[] = { { "uint8", 1 }, { "uint16", 2 }, { "uint32", 4 } };
	size_t len = strlen(value);
	uint64_t number;
	uint32_t ip;

	if (strcmp(type, "string") == 0) {
		if (len == 0 || len > 255)
			return -1;
		memcpy(ret, value, len);
		return (int)len;
	}
	if (strcmp(type, "ipv4address") == 0) {
		if (ip4_parse(value, &ip) < 0)
			return -1;
		store_be32(ret, ip);
		return 4;
	}
	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
		uint8_t n = numbers[i].bytes;

		if (strcmp(type, numbers[i].name) != 0)
			continue;
		if (!read_number(value, (UINT64_C(1) << (8 * n)) - 1, &number))
			return -1;
		for (uint8_t k = 0; k < n; k++)
			ret[k] = (uint8_t)(number >> (8 * (n - 1 - k)));
		return n;
	}
	return -1;
}

static int add_bytes(struct list *list, struct place at, uint8_t code, const uint8_t *value,
		     uint8_t len)
{
	int r = list_add(list, at, code, 0);

	if (r == 0)
		r = list_add(list, at, len, 0);
	for (size_t i = 0; r == 0 && i < len; i++)
		r = list_add(list, at, value[i], 0);
	return r;
}

int add_option(struct parse *p, const struct key_def *key, void *field, const struct value *v)
{
	cleanup_free char *text = strdup(v->text);
	char *type, *value;
	uint8_t bytes[255];
	uint64_t code;
	int len;

	if (!text)
		return -ENOMEM;
	type = strchr(text, ':');
	value = type ? strchr(type + 1, ':') : NULL;
	if (!value)
		return bad_key(p, key, v, "\"%s\" is not CODE:TYPE:VALUE", v->text);
	*type++ = *value++ = '\0';
	if (!read_number(text, 255, &code) || is_clients_own(code))
		return bad_key(p, key, v, "%s is no option, or one that the client writes itself",
			       text);
	len = encode(type, value, bytes);
	if (len < 0)
		return bad_key(p, key, v, "\"%s:%s\" is none of uint8, uint16, uint32, "
			       "ipv4address, string, with a value of that kind", type, value);
	return add_bytes(field, place_of(p, v->raw), (uint8_t)code, bytes, (uint8_t)len);
}

int set_user_class(struct parse *p, const struct key_def *key, void *field, const struct value *v)
{
	struct value rest = *v, word;
	int r;

	while ((r = next_word(p, &rest, &word)) > 0) {
		if (strlen(word.text) > key->max - 1)
			return bad_key(p, key, &word, "longer than %zu bytes",
				       (size_t)key->max - 1);
	}
	return r < 0 ? r : set_text(p, key, field, v);
}

/* RFC 3004 section 4: each class has its length before it. */
static uint8_t pack_user_class(const char *text, uint8_t *ret)
{
	uint8_t n = 0;

	for (text += strspn(text, " \t"); *text; text += strspn(text, " \t")) {
		size_t len = strcspn(text, " \t");

		ret[n++] = (uint8_t)len;
		memcpy(ret + n, text, len);
		n = (uint8_t)(n + len);
		text += len;
	}
	return n;
}

static bool is_sent(const struct scn_client *c, uint8_t code)
{
	for (size_t pos = 0; pos + 1 < c->n_send; pos += 2u + c->send[pos + 1]) {
		if (c->send[pos] == code)
			return true;
	}
	return false;
}

static void send_option(struct parse *p, struct scn_client *c, struct place at, uint8_t code,
			const uint8_t *value, size_t len)
{
	uint8_t *to = c->send + c->n_send;

	if (is_sent(c, code)) {
		bad(p, at, "option %u is sent twice", code);
		return;
	}
	if (c->n_send + 2 + len > sizeof(c->send)) {
		bad(p, at, "options of more than %zu bytes in all are sent", sizeof(c->send));
		return;
	}
	to[0] = code;
	to[1] = (uint8_t)len;
	memcpy(to + 2, value, len);
	c->n_send = (uint8_t)(c->n_send + 2 + len);
}

static void send_list(struct parse *p, struct scn_client *c, const struct list *l)
{
	uint8_t value[255];

	for (size_t pos = 0; pos + 1 < l->n;) {
		const struct item *o = &l->item[pos];
		uint8_t len = (uint8_t)o[1].value;

		for (uint8_t i = 0; i < len; i++)
			value[i] = (uint8_t)o[2 + i].value;
		send_option(p, c, o->at, (uint8_t)o->value, value, len);
		pos += 2u + len;
	}
}

/* systemd.network(5): where there is an AllowList=, DenyList= does not count. */
static void finish_servers(const struct raw_client *raw, struct scn_client *c)
{
	const struct list *l = raw->allow.n ? &raw->allow : &raw->deny;

	c->only_servers = raw->allow.n > 0;
	for (size_t i = 0; i < l->n; i++)
		c->servers[c->n_servers++] = (struct scn_prefix){ l->item[i].value,
								  l->item[i].len };
}

int set_fqdn(struct parse *p, const struct key_def *key, void *field, const struct value *v)
{
	static const char *const words[] = {
		[SCN_FQDN_NO] = "no", [SCN_FQDN_SERVER] = "server",
		[SCN_FQDN_CLIENT] = "client", [SCN_FQDN_NOBODY] = "nobody",
	};

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		if (strcmp(words[i], v->text) == 0) {
			((struct given *)field)->value = i;
			return 0;
		}
	}
	return bad_key(p, key, v, "\"%s\" is none of server, client, nobody, no%s", v->text,
		       did_you_mean(p, v->text, words, ARRAY_SIZE(words), "\"", "\""));
}

int set_lease_file(struct parse *p, const struct key_def *key, void *field,
		   const struct value *v)
{
	if (!is_plain_name(v->text, key->max))
		return bad_key(p, key, v, "\"%s\" is no name of a file in the state folder: "
			       "letters, digits, '-', '_', '.', at most %llu", v->text,
			       (unsigned long long)key->max);
	return set_text(p, key, field, v);
}

/* Labels that are not empty, with dots between them. */
static bool is_domain(const char *name)
{
	size_t len = strlen(name);

	return len > 0 && name[0] != '.' && name[len - 1] != '.' && !strstr(name, "..");
}

void finish_client_keys(struct parse *p, const struct raw_client *raw,
			const struct scn_iface *iface)
{
	const char *name = scn_host_name(p->s, iface);
	struct scn_client *c = iface->client;
	uint8_t value[255];

	c->detect_conflicts = raw->conflict.value != 0;
	if (raw->conflict.value != CONFLICT_YES)
		c->conflict_wait = raw->conflict.value;
	c->max_attempts = (uint8_t)raw->attempts.value;
	c->rapid_commit = raw->rapid_commit.value;
	c->force_renew = raw->force_renew.value;
	copy_text(c->lease_file, sizeof(c->lease_file), &raw->lease_file);
	c->fqdn = (enum scn_fqdn)raw->fqdn.value;
	if (c->fqdn != SCN_FQDN_NO && !is_domain(name))
		bad(p, raw->fqdn.at, "SendFQDN=: \"%s\" is no domain name", name);
	finish_servers(raw, c);
	if (raw->vendor_class.text)
		send_option(p, c, raw->vendor_class.at, VENDOR_CLASS,
			    (const uint8_t *)raw->vendor_class.text,
			    strlen(raw->vendor_class.text));
	if (raw->user_class.text)
		send_option(p, c, raw->user_class.at, USER_CLASS, value,
			    pack_user_class(raw->user_class.text, value));
	send_list(p, c, &raw->send);
}
