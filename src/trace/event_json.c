/* SPDX-License-Identifier: MIT */
/* event_json.c - an event as a line of JSON, "netlab.event/1", and back. */
#include <errno.h>
#include <jansson.h>
#include <string.h>

#include "trace/event.h"
#include "trace/option_value.h"
#include "trace/safe_text.h"

#define SCHEMA "netlab.event/1"
#define T_MAX 9000000000.0 /* seconds: what a double holds to the microsecond */

static const char *const kind_names[] = {
	[TRACE_MESSAGE] = "message", [TRACE_STATE] = "state", [TRACE_DROP] = "drop",
	[TRACE_ADDRESS] = "address", [TRACE_ROUTE] = "route", [TRACE_FAULT] = "fault",
	[TRACE_LAB] = "lab",
};

int trace_kind_parse(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(kind_names); i++)
		if (strcmp(name, kind_names[i]) == 0)
			return (int)i;
	return -EINVAL;
}

static void json_done(json_t **j)
{
	json_decref(*j);
}
#define cleanup_json CLEANUP(json_done)

/*
 * Writing. By hand: the agent writes a line or more for each packet, and a tree
 * of jansson's for each cost more than the packet did. What goes wrong for want
 * of memory is in @out->failed.
 */

/* In decimal, with zeros in front to make it @width digits. */
static void put_number(struct text *out, uint64_t value, size_t width)
{
	char buf[20], *p = buf + sizeof(buf);

	do {
		*--p = (char)('0' + value % 10);
		value /= 10;
	} while (value > 0 || (size_t)(buf + sizeof(buf) - p) < width);
	text_addn(out, p, (size_t)(buf + sizeof(buf) - p));
}

/* A literal, whose length is known. */
#define PUT(out, literal) text_addn(out, literal, sizeof(literal) - 1)

/* RFC 8259 section 7. */
static void put_escaped(struct text *out, char c)
{
	static const char from[] = "\"\\\b\f\n\r\t", to[] = "\"\\bfnrt";
	const char *at = strchr(from, c);

	if (c && at)
		text_add(out, "\\%c", to[at - from]);
	else
		text_add(out, "\\u%04x", (unsigned char)c);
}

/*
 * A character that stands for itself. Control characters do not, DEL and those of
 * two bytes (C1) among them: a terminal that shows the line would obey them.
 */
static bool is_plain(const char *s)
{
	unsigned char c = (unsigned char)s[0];

	return c >= 0x20 && c != '"' && c != '\\' && c != 0x7f &&
	       !(c == 0xc2 && (unsigned char)s[1] < 0xa0);
}

/* Does each of its bytes just stand for itself? No way out: many are seen at once. */
static bool is_simple(const char *s, size_t len)
{
	unsigned int other = 0;

	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)s[i];

		other |= (c < 0x20) | (c >= 0x7f) | (c == '"') | (c == '\\');
	}
	return !other;
}

static void put_unsimple(struct text *out, const char *s)
{
	cleanup_text struct text safe = { 0 };

	if (!safe_text_is_utf8(s, strlen(s))) {
		safe_text_add(&safe, s, strlen(s));
		out->failed |= safe.failed;
		s = safe.str ? safe.str : "";
	}
	while (*s) {
		size_t plain = 0;

		while (is_plain(s + plain))
			plain++;
		text_addn(out, s, plain);
		s += plain;
		if ((unsigned char)*s == 0xc2)
			s++;
		if (*s)
			put_escaped(out, *s++);
	}
}

/* NULL is an empty string. */
static void put_quoted(struct text *out, const char *s)
{
	size_t len = s ? strlen(s) : 0;

	PUT(out, "\"");
	if (is_simple(s, len))
		text_addn(out, s, len);
	else
		put_unsimple(out, s);
	PUT(out, "\"");
}

#define put_key(out, key) PUT(out, ",\"" key "\":")
#define put_text(out, key, s) (put_key(out, key), put_quoted(out, s))
#define put_int(out, key, value) (put_key(out, key), put_number(out, value, 1))
#define put_ip(out, key, address) (put_key(out, key), put_address(out, address))
#define put_mac(out, key, mac) (put_key(out, key), put_hardware(out, mac))
#define put_type(out, key, type) (put_key(out, key), put_message_type(out, type))

static void put_address(struct text *out, uint32_t address)
{
	char buf[IP4_LEN];

	put_quoted(out, ip4_format(address, buf));
}

static void put_hardware(struct text *out, const uint8_t mac[static 6])
{
	char buf[MAC_LEN];

	put_quoted(out, mac_format(mac, buf));
}

static void put_message_type(struct text *out, uint8_t type)
{
	PUT(out, "\"");
	message_type_add(out, type);
	PUT(out, "\"");
}

static void put_options(struct text *out, const struct trace_message *m)
{
	put_key(out, "options");
	PUT(out, "{");
	for (size_t i = 0; i < m->n_options; i++) {
		if (i > 0)
			PUT(out, ",");
		PUT(out, "\"");
		put_number(out, m->options[i].code, 1);
		PUT(out, "\":");
		put_quoted(out, m->options[i].text);
	}
	PUT(out, "}");
}

/* The address that the client says is its own, hlen bytes of it. */
static void put_chaddr(struct text *out, const struct trace_message *m)
{
	put_key(out, "chaddr");
	PUT(out, "\"");
	option_value_add(out, DHCP_OPT_CLIENT_ID, m->chaddr,
			 min_u64(m->hlen, sizeof(m->chaddr)));
	PUT(out, "\"");
}

static void put_header(struct text *out, const struct trace_message *m)
{
	if (m->op == 0)
		return;
	put_int(out, "op", m->op);
	put_int(out, "htype", m->htype);
	put_int(out, "hlen", m->hlen);
	put_int(out, "hops", m->hops);
	put_chaddr(out, m);
	if (m->sname)
		put_text(out, "sname", m->sname);
	if (m->file)
		put_text(out, "file", m->file);
}

/* What the frame of the message says. */
static void put_content(struct text *out, const struct trace_message *m)
{
	put_type(out, "message", m->type);
	put_key(out, "xid");
	text_add(out, "\"%08x\"", m->xid);
	put_mac(out, "src_mac", m->src_mac);
	put_mac(out, "dst_mac", m->dst_mac);
	put_ip(out, "src_ip", m->src_ip);
	put_ip(out, "dst_ip", m->dst_ip);
	put_int(out, "src_port", m->src_port);
	put_int(out, "dst_port", m->dst_port);
	put_int(out, "secs", m->secs);
	put_int(out, "flags", m->flags);
	put_ip(out, "ciaddr", m->ciaddr);
	put_ip(out, "yiaddr", m->yiaddr);
	put_ip(out, "siaddr", m->siaddr);
	put_ip(out, "giaddr", m->giaddr);
	put_options(out, m);
	put_int(out, "length", m->length);
	put_header(out, m);
}

static void put_message(struct text *out, const struct trace_message *m, bool whole)
{
	if (whole)
		put_text(out, "cable", m->cable);
	put_text(out, "from", m->from);
	put_text(out, "to", m->to);
	if (whole)
		put_content(out, m);
	put_int(out, "frame", m->frame);
}

static void put_pool(struct text *out, const struct trace_facts *f)
{
	char first[IP4_LEN];

	put_key(out, "pool");
	PUT(out, "{\"first\":");
	put_quoted(out, ip4_format(f->pool_first, first));
	put_ip(out, "last", f->pool_last);
	put_int(out, "size", f->pool_size);
	put_int(out, "held", f->pool_held);
	put_int(out, "declined", f->pool_resting);
	if (f->pool_next_sec)
		put_int(out, "next_free_in", f->pool_next_sec);
	PUT(out, "}");
}

static void put_facts(struct text *out, const struct trace_facts *f)
{
	if (f->has_client)
		put_mac(out, "client", f->client);
	if (f->address)
		put_ip(out, "address", f->address);
	if (f->class[0])
		put_text(out, "class", f->class);
	if (f->pool_size)
		put_pool(out, f);
}

static void put_reason(struct text *out, const struct trace_event *e)
{
	put_text(out, "why", e->text);
	if (e->rfc)
		put_text(out, "rfc", e->rfc);
	put_facts(out, &e->facts);
}

static void put_route(struct text *out, const struct trace_event *e)
{
	put_text(out, "route", e->text);
	if (e->route.gateway)
		put_ip(out, "gateway", e->route.gateway);
	if (e->route.metric)
		put_int(out, "metric", e->route.metric);
	put_text(out, "protocol", e->route.protocol);
}

/* What the kernel has now, and had not before. */
static void put_change(struct text *out, const struct trace_event *e)
{
	put_text(out, "op", e->op);
	if (e->kind == TRACE_ROUTE)
		put_route(out, e);
	else
		put_text(out, "address", e->text);
	if (e->by_others)
		put_text(out, "by", "others");
}

static void put_others(struct text *out, const struct trace_event *e)
{
	if (e->at[0] || e->kind != TRACE_LAB)
		put_text(out, "at", e->at);

	switch (e->kind) {
	case TRACE_MESSAGE:
		break;
	case TRACE_STATE:
		put_text(out, "machine", e->machine);
		put_text(out, "from", e->from);
		put_text(out, "to", e->to);
		put_reason(out, e);
		break;
	case TRACE_DROP:
		put_text(out, "machine", e->machine);
		if (e->message)
			put_type(out, "message", e->message);
		else
			put_text(out, "message", "");
		put_reason(out, e);
		break;
	case TRACE_ADDRESS:
	case TRACE_ROUTE:
		put_change(out, e);
		break;
	case TRACE_FAULT:
	case TRACE_LAB:
		put_text(out, "what", e->text);
		break;
	}
}

static int put_line(struct text *out, const struct trace_event *e, uint64_t n, uint64_t t,
		    bool whole)
{
	size_t start = out->len;

	PUT(out, "{\"schema\":\"" SCHEMA "\",\"n\":");
	put_number(out, n, 1);
	PUT(out, ",\"t\":");
	put_number(out, t / 1000000, 1);
	PUT(out, ".");
	put_number(out, t % 1000000, 6);
	put_text(out, "kind", kind_names[e->kind]);
	if (e->kind == TRACE_MESSAGE)
		put_message(out, &e->msg, whole);
	else
		put_others(out, e);
	PUT(out, "}\n");
	if (!out->failed)
		return 0;

	/* Half a line is none. */
	out->len = start;
	return -ENOMEM;
}

int trace_event_to_json(const struct trace_event *e, struct text *out)
{
	return put_line(out, e, e->n, e->t, true);
}

int trace_event_to_log(const struct trace_event *e, uint64_t n, uint64_t t, struct text *out)
{
	return put_line(out, e, n, t, e->kind != TRACE_MESSAGE || e->msg.frame == 0);
}

/* Reading: a field that is missing leaves @ret as it was; one of the wrong type sets @bad. */

struct source {
	const json_t *o;
	bool bad;
};

static const char *get_text(struct source *s, const char *key)
{
	const json_t *value = json_object_get(s->o, key);

	if (value && !json_is_string(value))
		s->bad = true;
	return json_string_value(value);
}

static void get_place(struct source *s, const char *key, char *ret, size_t size)
{
	const char *text = get_text(s, key);

	if (text)
		str_copy(ret, size, text);
}

static char *get_copy(struct source *s, const char *key)
{
	const char *text = get_text(s, key);

	return text ? strdup(text) : NULL;
}

static uint64_t get_int(struct source *s, const char *key, uint64_t max)
{
	const json_t *value = json_object_get(s->o, key);
	json_int_t number = json_integer_value(value);

	if (value && (!json_is_integer(value) || number < 0 || (uint64_t)number > max)) {
		s->bad = true;
		return 0;
	}
	return (uint64_t)number;
}

static uint64_t get_time(struct source *s)
{
	const json_t *value = json_object_get(s->o, "t");
	double t = json_number_value(value);

	/* Written so that NaN is bad too. */
	if (!json_is_number(value) || !(t >= 0 && t <= T_MAX)) {
		s->bad = true;
		return 0;
	}
	return (uint64_t)(t * 1e6 + 0.5);
}

static uint32_t get_ip(struct source *s, const char *key)
{
	const char *text = get_text(s, key);
	uint32_t address = 0;

	if (text && ip4_parse(text, &address) < 0)
		s->bad = true;
	return address;
}

static void get_mac(struct source *s, const char *key, uint8_t ret[static 6])
{
	const char *text = get_text(s, key);

	if (text && mac_parse(text, ret) < 0)
		s->bad = true;
}

static uint8_t get_type(struct source *s)
{
	const char *text = get_text(s, "message");
	int type = text && *text ? message_type_parse(text) : DHCP_NO_TYPE;

	if (type < 0)
		s->bad = true;
	return type < 0 ? 0 : (uint8_t)type;
}

static uint32_t get_xid(struct source *s)
{
	const char *text = get_text(s, "xid");

	if (!text)
		return 0;
	if (strlen(text) != 8 || strspn(text, "0123456789abcdef") != 8)
		s->bad = true;
	return (uint32_t)strtoul(text, NULL, 16);
}

static int get_option(const char *key, const json_t *value, struct trace_message *m)
{
	char *end;
	unsigned long code = strtoul(key, &end, 10);
	char *text;

	if (!*key || *end || strspn(key, "0123456789") > 3 || code > UINT8_MAX ||
	    !json_is_string(value))
		return -EBADMSG;
	text = strdup(json_string_value(value));
	if (!text)
		return -ENOMEM;

	m->options[m->n_options++] = (struct trace_option){ .code = (uint8_t)code, .text = text };
	return 0;
}

static int get_options(struct source *s, struct trace_message *m)
{
	json_t *options = json_object_get(s->o, "options"), *value;
	const char *key;
	int r = 0;

	if (options && !json_is_object(options))
		return -EBADMSG;
	if (json_object_size(options) == 0)
		return 0;

	m->options = calloc(json_object_size(options), sizeof(*m->options));
	if (!m->options)
		return -ENOMEM;

	json_object_foreach(options, key, value) {
		r = get_option(key, value, m);
		if (r < 0)
			return r;
	}
	return 0;
}

/* As many bytes as there are pairs of digits. */
static void get_chaddr(struct source *s, uint8_t ret[static 16])
{
	const char *text = get_text(s, "chaddr");

	if (text && option_value_parse(DHCP_OPT_CLIENT_ID, text, ret, 16) < 0)
		s->bad = true;
}

static void get_header(struct source *s, struct trace_message *m)
{
	m->op = (uint8_t)get_int(s, "op", UINT8_MAX);
	m->htype = (uint8_t)get_int(s, "htype", UINT8_MAX);
	m->hlen = (uint8_t)get_int(s, "hlen", UINT8_MAX);
	m->hops = (uint8_t)get_int(s, "hops", UINT8_MAX);
	get_chaddr(s, m->chaddr);
	m->sname = get_copy(s, "sname");
	m->file = get_copy(s, "file");
}

static int get_message(struct source *s, struct trace_message *m)
{
	get_place(s, "cable", m->cable, sizeof(m->cable));
	get_place(s, "from", m->from, sizeof(m->from));
	get_place(s, "to", m->to, sizeof(m->to));
	m->type = get_type(s);
	m->xid = get_xid(s);
	get_mac(s, "src_mac", m->src_mac);
	get_mac(s, "dst_mac", m->dst_mac);
	m->src_ip = get_ip(s, "src_ip");
	m->dst_ip = get_ip(s, "dst_ip");
	m->src_port = (uint16_t)get_int(s, "src_port", UINT16_MAX);
	m->dst_port = (uint16_t)get_int(s, "dst_port", UINT16_MAX);
	m->secs = (uint16_t)get_int(s, "secs", UINT16_MAX);
	m->flags = (uint16_t)get_int(s, "flags", UINT16_MAX);
	m->ciaddr = get_ip(s, "ciaddr");
	m->yiaddr = get_ip(s, "yiaddr");
	m->siaddr = get_ip(s, "siaddr");
	m->giaddr = get_ip(s, "giaddr");
	m->length = (unsigned int)get_int(s, "length", UINT16_MAX);
	m->frame = get_int(s, "frame", INT64_MAX);
	get_header(s, m);
	return get_options(s, m);
}

static void get_facts(const struct source *s, bool *ret_bad, struct trace_facts *f)
{
	const json_t *pool = json_object_get(s->o, "pool");
	struct source of_event = { .o = s->o }, of_pool = { .o = pool };

	f->has_client = json_object_get(s->o, "client");
	get_mac(&of_event, "client", f->client);
	f->address = get_ip(&of_event, "address");
	get_place(&of_event, "class", f->class, sizeof(f->class));
	f->pool_first = get_ip(&of_pool, "first");
	f->pool_last = get_ip(&of_pool, "last");
	f->pool_size = (uint32_t)get_int(&of_pool, "size", UINT32_MAX);
	f->pool_held = (uint32_t)get_int(&of_pool, "held", UINT32_MAX);
	f->pool_resting = (uint32_t)get_int(&of_pool, "declined", UINT32_MAX);
	f->pool_next_sec = get_int(&of_pool, "next_free_in", UINT32_MAX);
	*ret_bad |= of_event.bad || of_pool.bad || (pool && !json_is_object(pool));
}

static void get_change(struct source *s, struct trace_event *e)
{
	const char *by = get_text(s, "by");

	e->by_others = by && strcmp(by, "others") == 0;
	if (e->kind != TRACE_ROUTE)
		return;
	e->route.gateway = get_ip(s, "gateway");
	e->route.metric = (uint32_t)get_int(s, "metric", UINT32_MAX);
	get_place(s, "protocol", e->route.protocol, sizeof(e->route.protocol));
}

static int get_kind(struct source *s, enum trace_kind *ret)
{
	const char *name = get_text(s, "kind");

	if (!name)
		return -EBADMSG;
	for (size_t i = 0; i < ARRAY_SIZE(kind_names); i++) {
		if (strcmp(name, kind_names[i]) == 0) {
			*ret = (enum trace_kind)i;
			return 0;
		}
	}

	return -EOPNOTSUPP;
}

/* What the kinds other than messages have; each kind has its own word for its text. */
static int get_others(struct source *s, struct trace_event *e)
{
	static const char *const text_key[] = {
		[TRACE_MESSAGE] = "why", [TRACE_STATE] = "why", [TRACE_DROP] = "why",
		[TRACE_ADDRESS] = "address", [TRACE_ROUTE] = "route",
		[TRACE_FAULT] = "what", [TRACE_LAB] = "what",
	};

	get_place(s, "at", e->at, sizeof(e->at));
	get_place(s, "machine", e->machine, sizeof(e->machine));
	get_place(s, "op", e->op, sizeof(e->op));
	get_place(s, "from", e->from, sizeof(e->from));
	get_place(s, "to", e->to, sizeof(e->to));
	if (e->kind == TRACE_DROP)
		e->message = get_type(s);
	if (e->kind == TRACE_DROP || e->kind == TRACE_STATE)
		get_facts(s, &s->bad, &e->facts);
	if (e->kind == TRACE_ADDRESS || e->kind == TRACE_ROUTE)
		get_change(s, e);
	e->rfc = get_copy(s, "rfc");
	e->text = get_copy(s, text_key[e->kind]);
	if (!e->text)
		e->text = strdup("");

	return e->text ? 0 : -ENOMEM;
}

int trace_event_from_json(const char *line, size_t len, struct trace_event *ret)
{
	cleanup_event struct trace_event e = { 0 };
	cleanup_json json_t *o = json_loadb(line, len, JSON_REJECT_DUPLICATES, NULL);
	struct source s = { .o = o };
	const char *schema = get_text(&s, "schema");
	int r;

	if (!schema || strcmp(schema, SCHEMA) != 0)
		return -EBADMSG;
	r = get_kind(&s, &e.kind);
	if (r < 0)
		return r;

	e.n = get_int(&s, "n", INT64_MAX);
	e.t = get_time(&s);
	r = e.kind == TRACE_MESSAGE ? get_message(&s, &e.msg) : get_others(&s, &e);
	if (r < 0)
		return r;
	if (s.bad)
		return -EBADMSG;

	*ret = e;
	e = (struct trace_event){ 0 };
	return 0;
}
