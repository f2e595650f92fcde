/* SPDX-License-Identifier: MIT */
/* raw_options.c - see raw_options.h */
#include "scenario/raw_options.h"

#include <errno.h>
#include <string.h>

#include "base/bytes.h"
#include "base/text.h"

#define OPTIONS_MAX 24		/* SendOption= of one server */
#define OPTIONS_BYTES 2048	/* of all options of one server */
#define VALUE_MAX sizeof(((struct scn_option *)0)->value)
#define LABEL_MAX 63		/* RFC 1035 section 2.3.4 */

enum {
	CODE_VENDOR = 43,
	CODE_DOMAIN_NAME = 15,
	CODE_IPV6_ONLY = 108,
	CODE_CAPTIVE_PORTAL = 114,
	CODE_SEARCH = 119,
	CODE_ROUTES = 121,
};

void clear_options(struct parse *p, void *field)
{
	((struct raw_options *)field)->n = 0;
}

static int options_add(struct raw_options *o, const struct scn_option *new)
{
	int r = array_grow(&o->item, o->n, sizeof(*o->item));

	if (r == 0)
		o->item[o->n++] = *new;
	return r;
}

/* ---- CODE:TYPE:VALUE, as networkd has it; "hex" is netlab's own ---- */

/* Decimal, at most @max; -1 for anything else. */
static int64_t parse_up_to(const char *s, uint64_t max)
{
	uint64_t n = 0;

	if (!*s)
		return -1;
	for (; *s; s++) {
		if (*s < '0' || *s > '9')
			return -1;
		n = n * 10 + (uint64_t)(*s - '0');
		if (n > max)
			return -1;
	}

	return (int64_t)n;
}

static bool put_hex(struct writer *w, const char *s)
{
	for (; *s; s += s[2] == ':' && s[3] ? 3 : 2) {
		char digits[] = { s[0], s[1], '\0' };

		if (strspn(digits, "0123456789abcdefABCDEF") != 2)
			return false;
		put_u8(w, (uint8_t)strtoul(digits, NULL, 16));
	}

	return true;
}

static bool put_address(struct writer *w, const char *s)
{
	uint32_t address;

	if (ip4_parse(s, &address) < 0)
		return false;
	put_be32(w, address);
	return true;
}

static bool put_number(struct writer *w, const char *s, uint64_t max)
{
	int64_t n = parse_up_to(s, max);

	if (n < 0)
		return false;
	if (max == UINT8_MAX)
		put_u8(w, (uint8_t)n);
	else if (max == UINT16_MAX)
		put_be16(w, (uint16_t)n);
	else
		put_be32(w, (uint32_t)n);
	return true;
}

/* False: the type is none, or @s is no value of it. */
static bool put_typed(struct writer *w, const char *type, size_t type_len, const char *s)
{
	static const char *const types[] = {
		"uint8", "uint16", "uint32", "ipv4address", "string", "hex",
	};
	size_t i = 0;

	while (i < ARRAY_SIZE(types) &&
	       (strlen(types[i]) != type_len || memcmp(types[i], type, type_len) != 0))
		i++;

	switch (i) {
	case 0:
		return put_number(w, s, UINT8_MAX);
	case 1:
		return put_number(w, s, UINT16_MAX);
	case 2:
		return put_number(w, s, UINT32_MAX);
	case 3:
		return put_address(w, s);
	case 4:
		put_bytes(w, s, strlen(s));
		return true;
	case 5:
		return put_hex(w, s);
	}

	return false;
}

/* 0, or -EINVAL, reported. */
static int parse_option(struct parse *p, const struct key_def *key, const struct value *v,
			struct scn_option *ret)
{
	const char *type = strchr(v->text, ':'), *value = type ? strchr(type + 1, ':') : NULL;
	char code_text[4] = "";
	struct writer w;
	int64_t code;

	if (!value)
		return bad_key(p, key, v, "\"%s\" is no CODE:TYPE:VALUE, as 66:string:boot is",
			       v->text);
	if (type - v->text < (ptrdiff_t)sizeof(code_text))
		memcpy(code_text, v->text, (size_t)(type - v->text));
	code = parse_up_to(code_text, 254);
	if (code < 1)
		return bad_key(p, key, v, "\"%.*s\" is no option's number, 1 to 254",
			       (int)(type - v->text), v->text);

	*ret = (struct scn_option){ .at = place_of(p, v->raw), .code = (uint8_t)code };
	writer_init(&w, ret->value, VALUE_MAX);
	if (!put_typed(&w, type + 1, (size_t)(value - type - 1), value + 1))
		return bad_key(p, key, v, "\"%s\" is no value of one of the types uint8, uint16, "
			       "uint32, ipv4address, string, hex", type + 1);
	if (w.overflow)
		return bad_key(p, key, v, "the value is over %zu bytes", VALUE_MAX);
	ret->len = (uint8_t)w.len;
	return 0;
}

/* Those that the server sets itself, whatever the scenario says. */
static bool is_servers_own(uint8_t code)
{
	static const uint8_t own[] = {
		1, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 61, 66, 67, 80, 81, 82, 116, 118,
	};

	return memchr(own, code, sizeof(own));
}

int add_send_option(struct parse *p, const struct key_def *key, void *field,
		    const struct value *v)
{
	struct raw_options *o = field;
	struct scn_option new;
	int r = parse_option(p, key, v, &new);

	if (r < 0)
		return r;
	if (is_servers_own(new.code))
		return bad_key(p, key, v, "option %u is the server's own to set", new.code);
	for (size_t i = 0; i < o->n; i++)
		if (o->item[i].code == new.code)
			return bad_key(p, key, v, "option %u is given twice", new.code);
	if (o->n == OPTIONS_MAX)
		return bad_key(p, key, v, "more than %d options", OPTIONS_MAX);

	return options_add(o, &new);
}

int add_vendor_option(struct parse *p, const struct key_def *key, void *field,
		      const struct value *v)
{
	struct scn_option new;
	int r = parse_option(p, key, v, &new);

	if (r < 0)
		return r;
	if (new.len > VALUE_MAX - 2)
		return bad_key(p, key, v, "the value is over %zu bytes", VALUE_MAX - 2);
	/* RFC 2132 section 8.4: code, length, value */
	memmove(new.value + 2, new.value, new.len);
	new.value[0] = new.code;
	new.value[1] = new.len;
	new.len = (uint8_t)(new.len + 2);
	return options_add(field, &new);
}

/* ---- domains and routes ---- */

/* RFC 1035 section 3.1: labels with their lengths, and the root. */
static bool put_domain(struct writer *w, const char *name)
{
	while (*name) {
		size_t len = strcspn(name, ".");

		if (len == 0 || len > LABEL_MAX || strspn(name, "abcdefghijklmnopqrstuvwxyz"
			"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") < len)
			return false;
		put_u8(w, (uint8_t)len);
		put_bytes(w, name, len);
		name += len + (name[len] == '.');
	}
	put_u8(w, 0);
	return !w->overflow && w->len > 1;
}

int add_search_domains(struct parse *p, const struct key_def *key, void *field,
		       const struct value *v)
{
	struct value rest = *v, word;
	int r;

	while ((r = next_word(p, &rest, &word)) > 0) {
		struct scn_option new = { .at = place_of(p, word.raw), .code = CODE_SEARCH };
		struct writer w;

		writer_init(&w, new.value, VALUE_MAX);
		if (!put_domain(&w, word.text))
			return bad_key(p, key, &word, "\"%s\" is no domain name", word.text);
		new.len = (uint8_t)w.len;
		r = options_add(field, &new);
		if (r < 0)
			return r;
	}

	return r;
}

/* RFC 3442: the prefix's length, as many of its bytes as that needs, the gateway. */
static void put_route(struct writer *w, uint32_t dest, uint8_t len, uint32_t gateway)
{
	uint8_t bytes[4];

	store_be32(bytes, dest);
	put_u8(w, len);
	put_bytes(w, bytes, (len + 7u) / 8);
	put_be32(w, gateway);
}

int add_route_option(struct parse *p, const struct key_def *key, void *field,
		     const struct value *v)
{
	struct scn_option new = { .at = place_of(p, v->raw), .code = CODE_ROUTES };
	struct value rest = *v, dest_word = { 0 }, word = { 0 }, end;
	struct given gateway = { 0 };
	struct writer w;
	uint32_t dest;
	uint8_t len;
	int r = next_word(p, &rest, &dest_word);

	if (r > 0)
		r = next_word(p, &rest, &word);
	if (r > 0)
		r = next_word(p, &rest, &end) ? -EINVAL : 1;
	if (r == -ENOMEM)
		return r;
	if (r < 1)
		return bad_key(p, key, v, "\"%s\" is no DESTINATION GATEWAY, as 10.2.0.0/16 "
			       "10.0.0.254 is", v->text);
	r = parse_destination(p, key, &dest_word, &dest, &len);
	if (r == 0)
		r = set_ip4(p, key, &gateway, &word);
	if (r < 0)
		return r;

	writer_init(&w, new.value, VALUE_MAX);
	put_route(&w, dest, len, (uint32_t)gateway.value);
	new.len = (uint8_t)w.len;
	return options_add(field, &new);
}

/* ---- what they come to ---- */

static int server_add(struct scn_server *server, const struct scn_option *new)
{
	int r = array_grow(&server->options, server->n_options, sizeof(*server->options));

	if (r == 0)
		server->options[server->n_options++] = *new;
	return r;
}

/* All elements one after the other, as one option, with @tail behind them. */
static int add_joined(struct parse *p, const struct raw_options *o, uint8_t code, const char *name,
		      const struct scn_option *tail, struct scn_server *server)
{
	struct scn_option joined = { .code = code };
	struct writer w;

	if (!o->n)
		return 0;
	joined.at = o->item[0].at;
	writer_init(&w, joined.value, VALUE_MAX);
	for (size_t i = 0; i < o->n; i++)
		put_bytes(&w, o->item[i].value, o->item[i].len);
	put_bytes(&w, tail->value, tail->len);
	if (w.overflow) {
		bad(p, joined.at, "%s=: all of them together are over %zu bytes", name, VALUE_MAX);
		return 0;
	}
	joined.len = (uint8_t)w.len;
	return server_add(server, &joined);
}

/*
 * RFC 3442: who takes option 121 passes over option 3, so the default route is
 * repeated in it.
 */
static int add_routes(struct parse *p, const struct raw_server *raw, struct scn_server *server)
{
	struct scn_option tail = { 0 };
	struct writer w;

	writer_init(&w, tail.value, VALUE_MAX);
	if (server->n_router)
		put_route(&w, 0, 0, server->router[0]);
	tail.len = (uint8_t)w.len;
	return add_joined(p, &raw->routes, CODE_ROUTES, "ClasslessRoute", &tail, server);
}

static int add_text(const struct given *g, uint8_t code, struct scn_server *server)
{
	struct scn_option new = { .at = g->at, .code = code };

	if (!g->section || !g->text[0])
		return 0;
	new.len = (uint8_t)strlen(g->text);	/* the key's table keeps it under 256 */
	memcpy(new.value, g->text, new.len);
	return server_add(server, &new);
}

static int add_ipv6_only(const struct given *g, struct scn_server *server)
{
	struct scn_option new = { .at = g->at, .code = CODE_IPV6_ONLY, .len = 4 };

	if (!g->section)
		return 0;
	store_be32(new.value, (uint32_t)g->value);
	return server_add(server, &new);
}

/* SendOption= goes out whether asked for or not, and in place of what another key says. */
static int add_forced(struct parse *p, const struct raw_options *o, struct scn_server *server)
{
	for (size_t i = 0; i < o->n; i++) {
		struct scn_option new = o->item[i];
		int r;

		new.forced = true;
		for (size_t k = 0; k < server->n_options; k++)
			if (server->options[k].code == new.code)
				bad(p, new.at, "SendOption=: option %u is given by another key too",
				    new.code);
		r = server_add(server, &new);
		if (r < 0)
			return r;
	}

	return 0;
}

static void check_size(struct parse *p, const struct scn_server *server)
{
	size_t bytes = 0;

	for (size_t i = 0; i < server->n_options; i++)
		bytes += server->options[i].len;
	if (bytes > OPTIONS_BYTES)
		bad(p, server->at, "all options together are over %d bytes", OPTIONS_BYTES);
}

int finish_options(struct parse *p, const struct raw_server *raw, struct scn_server *server)
{
	static const struct scn_option nothing;
	int r;

	r = add_text(&raw->domain, CODE_DOMAIN_NAME, server);
	if (r == 0)
		r = add_text(&raw->portal, CODE_CAPTIVE_PORTAL, server);
	if (r == 0)
		r = add_ipv6_only(&raw->ipv6_only, server);
	if (r == 0)
		r = add_joined(p, &raw->search, CODE_SEARCH, "SearchDomains", &nothing, server);
	if (r == 0)
		r = add_joined(p, &raw->vendor, CODE_VENDOR, "SendVendorOption", &nothing, server);
	if (r == 0)
		r = add_routes(p, raw, server);
	if (r == 0)
		r = add_forced(p, &raw->send, server);
	if (r == 0)
		check_size(p, server);

	return r;
}
