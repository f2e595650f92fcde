/* SPDX-License-Identifier: MIT */
/*
 * event_json.c - an event as a line of JSON.
 *
 * By hand: the agent writes a line or more for each packet, and a tree of
 * jansson's for each cost more than the packet did. What goes wrong for want of
 * memory is in @out->failed.
 */
#include <errno.h>
#include <string.h>

#include "trace/event.h"
#include "trace/option_value.h"
#include "trace/safe_text.h"

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
	hardware_add(out, m->chaddr, min_u64(m->hlen, sizeof(m->chaddr)));
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

/* Only of frames that have tags: other captures than a lab's. */
static void put_vlans(struct text *out, const struct frame_vlans *v)
{
	if (v->n == 0)
		return;
	put_key(out, "vlan");
	for (unsigned int i = 0; i < v->n; i++) {
		text_add(out, "%c", i > 0 ? ',' : '[');
		put_number(out, v->id[i], 1);
	}
	PUT(out, "]");
}

static int put_line(struct text *out, const struct trace_event *e, uint64_t n, uint64_t t,
		    bool whole)
{
	size_t start = out->len;

	PUT(out, TRACE_EVENT_HEAD);
	put_number(out, n, 1);
	PUT(out, ",\"t\":");
	put_number(out, t / 1000000, 1);
	PUT(out, ".");
	put_number(out, t % 1000000, 6);
	put_text(out, "kind", trace_kind_name(e->kind));
	if (e->kind == TRACE_MESSAGE)
		put_message(out, &e->msg, whole);
	else
		put_others(out, e);
	put_vlans(out, &e->vlans);
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
