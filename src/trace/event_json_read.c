/* SPDX-License-Identifier: MIT */
/*
 * event_json_read.c - an event from a line of JSON.
 *
 * A field that is missing leaves @ret as it was; one of the wrong type sets @bad.
 */
#include <errno.h>
#include <jansson.h>
#include <string.h>

#include "trace/event.h"
#include "trace/option_value.h"

#define T_MAX 9000000000.0 /* seconds: what a double holds to the microsecond */

static void json_done(json_t **j)
{
	json_decref(*j);
}
#define cleanup_json CLEANUP(json_done)

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

static void get_vlans(struct source *s, struct frame_vlans *ret)
{
	const json_t *value = json_object_get(s->o, "vlan");
	size_t n = json_array_size(value);

	if (value && (!json_is_array(value) || n > FRAME_VLANS_MAX)) {
		s->bad = true;
		return;
	}
	for (size_t i = 0; i < n; i++) {
		const json_t *id = json_array_get(value, i);
		json_int_t number = json_integer_value(id);

		s->bad |= !json_is_integer(id) || number < 0 || number > FRAME_VLAN_ID_MAX;
		ret->id[ret->n++] = (uint16_t)number;
	}
}

static int get_kind(struct source *s, enum trace_kind *ret)
{
	const char *name = get_text(s, "kind");
	int kind = name ? trace_kind_parse(name) : -EINVAL;

	if (kind < 0)
		return name ? -EOPNOTSUPP : -EBADMSG;
	*ret = (enum trace_kind)kind;
	return 0;
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

	if (!schema || strcmp(schema, TRACE_EVENT_SCHEMA) != 0)
		return -EBADMSG;
	r = get_kind(&s, &e.kind);
	if (r < 0)
		return r;

	e.n = get_int(&s, "n", INT64_MAX);
	e.t = get_time(&s);
	get_vlans(&s, &e.vlans);
	r = e.kind == TRACE_MESSAGE ? get_message(&s, &e.msg) : get_others(&s, &e);
	if (r < 0)
		return r;
	if (s.bad)
		return -EBADMSG;

	*ret = e;
	e = (struct trace_event){ 0 };
	return 0;
}

bool trace_event_peek(const char *line, size_t len, uint64_t *ret_n, bool *ret_is_message)
{
	static const char head[] = TRACE_EVENT_HEAD;
	static const char message[] = "\"kind\":\"message\""; /* in a text it would be \" */
	const char *at = line + strlen(head), *end = line + len;
	uint64_t n = 0;

	if (len < strlen(head) || memcmp(line, head, strlen(head)) != 0)
		return false;
	for (; at < end && *at >= '0' && *at <= '9'; at++)
		n = 10 * n + (uint64_t)(*at - '0');
	*ret_n = n;
	*ret_is_message = memmem(at, (size_t)(end - at), message, strlen(message));
	return true;
}
