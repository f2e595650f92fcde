/* SPDX-License-Identifier: MIT */
/* event_json.c - an event as a line of JSON, "netlab.event/1", and back. */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "trace/event.h"
#include "trace/option_value.h"
#include "trace/safe_text.h"

#define SCHEMA "netlab.event/1"
#define T_MAX 9000000000.0 /* seconds: what a double holds to the microsecond */

static const char *const kind_names[] = {
	[TRACE_MESSAGE] = "message", [TRACE_STATE] = "state", [TRACE_DROP] = "drop",
	[TRACE_ADDRESS] = "address", [TRACE_FAULT] = "fault", [TRACE_LAB] = "lab",
};

static void json_done(json_t **j)
{
	json_decref(*j);
}
#define cleanup_json CLEANUP(json_done)

/* Writing. A failed set leaves jansson's object short of a field: the sum of all is checked. */

static int set_text(json_t *o, const char *key, const char *s)
{
	cleanup_text struct text safe = { 0 };
	json_t *value = json_string(s ? s : "");

	/* Not UTF-8, or no memory. */
	if (!value) {
		safe_text_add(&safe, s, strlen(s));
		value = safe.str && !safe.failed ? json_string(safe.str) : NULL;
	}
	return json_object_set_new(o, key, value);
}

static int set_int(json_t *o, const char *key, uint64_t value)
{
	return json_object_set_new(o, key, json_integer((json_int_t)value));
}

static int set_ip(json_t *o, const char *key, uint32_t address)
{
	char buf[IP4_LEN];

	return set_text(o, key, ip4_format(address, buf));
}

static int set_mac(json_t *o, const char *key, const uint8_t mac[static 6])
{
	char buf[MAC_LEN];

	return set_text(o, key, mac_format(mac, buf));
}

static int set_type(json_t *o, const char *key, uint8_t type)
{
	cleanup_text struct text name = { 0 };

	message_type_add(&name, type);
	return name.failed ? -1 : set_text(o, key, name.str);
}

static int set_xid(json_t *o, uint32_t xid)
{
	char buf[9];

	snprintf(buf, sizeof(buf), "%08x", xid);
	return set_text(o, "xid", buf);
}

static int set_options(json_t *o, const struct trace_message *m)
{
	json_t *options = json_object();
	int r = 0;

	for (size_t i = 0; i < m->n_options; i++) {
		char key[4];

		snprintf(key, sizeof(key), "%u", m->options[i].code);
		r |= set_text(options, key, m->options[i].text);
	}

	return r | json_object_set_new(o, "options", options);
}

static int set_message(json_t *o, const struct trace_message *m)
{
	return set_text(o, "cable", m->cable) | set_text(o, "from", m->from) |
	       set_text(o, "to", m->to) | set_type(o, "message", m->type) |
	       set_xid(o, m->xid) | set_mac(o, "src_mac", m->src_mac) |
	       set_mac(o, "dst_mac", m->dst_mac) | set_ip(o, "src_ip", m->src_ip) |
	       set_ip(o, "dst_ip", m->dst_ip) | set_int(o, "src_port", m->src_port) |
	       set_int(o, "dst_port", m->dst_port) | set_int(o, "secs", m->secs) |
	       set_int(o, "flags", m->flags) | set_ip(o, "ciaddr", m->ciaddr) |
	       set_ip(o, "yiaddr", m->yiaddr) | set_ip(o, "siaddr", m->siaddr) |
	       set_ip(o, "giaddr", m->giaddr) | set_options(o, m) |
	       set_int(o, "length", m->length) | set_int(o, "frame", m->frame);
}

static int set_pool(json_t *o, const struct trace_facts *f)
{
	json_t *pool = json_object();
	int r;

	r = set_ip(pool, "first", f->pool_first) | set_ip(pool, "last", f->pool_last) |
	    set_int(pool, "size", f->pool_size) | set_int(pool, "held", f->pool_held) |
	    set_int(pool, "declined", f->pool_resting) |
	    (f->pool_next_sec ? set_int(pool, "next_free_in", f->pool_next_sec) : 0);
	return r | json_object_set_new(o, "pool", pool);
}

static int set_facts(json_t *o, const struct trace_facts *f)
{
	return (f->has_client ? set_mac(o, "client", f->client) : 0) |
	       (f->address ? set_ip(o, "address", f->address) : 0) |
	       (f->pool_size ? set_pool(o, f) : 0);
}

static int set_reason(json_t *o, const struct trace_event *e)
{
	return set_text(o, "why", e->text) | (e->rfc ? set_text(o, "rfc", e->rfc) : 0) |
	       set_facts(o, &e->facts);
}

static int set_state(json_t *o, const struct trace_event *e)
{
	return set_text(o, "at", e->at) | set_text(o, "machine", e->machine) |
	       set_text(o, "from", e->from) | set_text(o, "to", e->to) | set_reason(o, e);
}

static int set_drop(json_t *o, const struct trace_event *e)
{
	return set_text(o, "at", e->at) | set_text(o, "machine", e->machine) |
	       (e->message ? set_type(o, "message", e->message) : set_text(o, "message", "")) |
	       set_reason(o, e);
}

static int set_event(json_t *o, const struct trace_event *e)
{
	switch (e->kind) {
	case TRACE_MESSAGE:
		return set_message(o, &e->msg);
	case TRACE_STATE:
		return set_state(o, e);
	case TRACE_DROP:
		return set_drop(o, e);
	case TRACE_ADDRESS:
		return set_text(o, "at", e->at) | set_text(o, "op", e->op) |
		       set_text(o, "address", e->text);
	case TRACE_FAULT:
		return set_text(o, "at", e->at) | set_text(o, "what", e->text);
	case TRACE_LAB:
		return (e->at[0] ? set_text(o, "at", e->at) : 0) | set_text(o, "what", e->text);
	}

	return -1;
}

int trace_event_to_json(const struct trace_event *e, struct text *out)
{
	cleanup_json json_t *o = json_object();
	cleanup_free char *fields = NULL;

	if (!o || set_text(o, "kind", kind_names[e->kind]) | set_event(o, e))
		return -ENOMEM;
	fields = json_dumps(o, JSON_COMPACT | JSON_EMBED);
	if (!fields)
		return -ENOMEM;

	/* jansson has no way to say "six decimals", so the time is written by hand. */
	text_add(out, "{\"schema\":\"" SCHEMA "\",\"n\":%llu,\"t\":%llu.%06llu,%s}\n",
		 (unsigned long long)e->n, (unsigned long long)(e->t / 1000000),
		 (unsigned long long)(e->t % 1000000), fields);
	return out->failed ? -ENOMEM : 0;
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
	return get_options(s, m);
}

static void get_facts(const struct source *s, bool *ret_bad, struct trace_facts *f)
{
	const json_t *pool = json_object_get(s->o, "pool");
	struct source of_event = { .o = s->o }, of_pool = { .o = pool };

	f->has_client = json_object_get(s->o, "client");
	get_mac(&of_event, "client", f->client);
	f->address = get_ip(&of_event, "address");
	f->pool_first = get_ip(&of_pool, "first");
	f->pool_last = get_ip(&of_pool, "last");
	f->pool_size = (uint32_t)get_int(&of_pool, "size", UINT32_MAX);
	f->pool_held = (uint32_t)get_int(&of_pool, "held", UINT32_MAX);
	f->pool_resting = (uint32_t)get_int(&of_pool, "declined", UINT32_MAX);
	f->pool_next_sec = get_int(&of_pool, "next_free_in", UINT32_MAX);
	*ret_bad |= of_event.bad || of_pool.bad || (pool && !json_is_object(pool));
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
		[TRACE_ADDRESS] = "address", [TRACE_FAULT] = "what", [TRACE_LAB] = "what",
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
