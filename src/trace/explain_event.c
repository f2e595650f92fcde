/* SPDX-License-Identifier: MIT */
/* explain_event.c - one message at length, with the step that it belongs to. */
#include <string.h>

#include "trace/moment.h"
#include "trace/option_value.h"
#include "trace/page.h"
#include "trace/safe_text.h"
#include "trace/view_parts.h"

#define INDENT 4
#define VALUE_COLUMN 28
#define HEADING_INDENT_MAX 20	/* a datagram behind it has room in any case */
#define DECISION_MOST 256	/* events that are looked through for it */

static void add_safe(struct text *out, const char *s)
{
	safe_text_add(out, s, strlen(s));
}

static bool is_step_of(const struct trace_event *e, const char *place)
{
	return e->kind == TRACE_STATE && strcmp(e->machine, "client") == 0 &&
	       strcmp(e->at, place) == 0 && !(e->text && strcmp(e->text, TRACE_STEP_BACK) == 0);
}

/* The step that follows message @i, before any other message, or NULL. */
static const struct trace_event *step_after(const struct trace_log *log, size_t i,
					    const char *place)
{
	for (i++; i < log->n && log->event[i].kind != TRACE_MESSAGE; i++)
		if (is_step_of(&log->event[i], place))
			return &log->event[i];

	return NULL;
}

/* A client's step is logged close to what it sends, on either side of it. */
static const struct trace_event *find_step(const struct trace_log *log, size_t i)
{
	const struct trace_message *m = &log->event[i].msg;
	const struct trace_event *next = step_after(log, i, m->from);

	if (next && next->t == log->event[i].t)
		return next;
	for (size_t j = i; j > 0 && log->event[j - 1].kind != TRACE_MESSAGE; j--)
		if (is_step_of(&log->event[j - 1], m->from))
			return &log->event[j - 1];

	return next ? next : step_after(log, i, m->to);
}

/*
 * What a server decided about this client before it sent message @i: it answers
 * many in one turn, so that other decisions and messages may stand between.
 */
static const struct trace_event *find_decision(const struct trace_log *log, size_t i)
{
	const struct trace_message *m = &log->event[i].msg;

	for (size_t j = i; j > 0 && i - j < DECISION_MOST; j--) {
		const struct trace_event *e = &log->event[j - 1];

		if (e->kind == TRACE_STATE && strcmp(e->machine, "server") == 0 &&
		    strcmp(e->at, m->from) == 0 && e->facts.has_client &&
		    memcmp(e->facts.client, m->chaddr, sizeof(e->facts.client)) == 0)
			return e;
		if (e->kind == TRACE_MESSAGE && e->msg.xid == m->xid &&
		    strcmp(e->msg.from, m->from) == 0)
			return NULL;
	}
	return NULL;
}

/* The client's own words are no reason of another's message. */
static const struct trace_event *find_reason(const struct trace_log *log, size_t i,
					     const struct trace_event *step)
{
	const struct trace_message *m = &log->event[i].msg;

	if (step && strcmp(step->at, m->from) == 0)
		return step;
	return find_decision(log, i);
}

/* A part of the heading: in a line of its own where the last one has no room for it. */
static void add_part(struct text *out, const char *gap, const struct text *part, size_t indent)
{
	if (part->len == 0)
		return;
	if (page_column(out) + strlen(gap) + view_width(part->str) > PAGE_WIDTH) {
		text_add(out, "\n");
		text_pad(out, indent);
	} else {
		text_add(out, "%s", gap);
	}
	text_add(out, "%s", part->str);
}

/* The MAC address that it was sent to; some captures have none. */
static void add_receiver(const struct trace_message *m, struct text *out)
{
	static const uint8_t none[6];
	char mac[MAC_LEN];

	if (memcmp(m->dst_mac, none, sizeof(none)) == 0)
		add_safe(out, m->to);
	else
		text_add(out, "%s", mac_format(m->dst_mac, mac));
}

static void add_datagram(const struct trace_message *m, struct text *out)
{
	char src[IP4_LEN], dst[IP4_LEN];

	text_add(out, "%s:%u -> %s:%u   %u bytes", ip4_format(m->src_ip, src), m->src_port,
		 ip4_format(m->dst_ip, dst), m->dst_port,
		 m->wire_len ? m->wire_len : m->length + FRAME_UDP_OVERHEAD);
}

static void add_heading(const struct trace_event *e, struct text *out)
{
	cleanup_text struct text to = { 0 }, vlans = { 0 }, datagram = { 0 };
	size_t indent;

	text_add(out, "#%llu  ", (unsigned long long)e->n);
	view_add_time(out, e->t);
	text_add(out, "  ");
	indent = min_u64(page_column(out), HEADING_INDENT_MAX);
	add_safe(out, e->msg.from);

	text_add(&to, view_is_broadcast(&e->msg) ? "=> " : "-> ");
	add_receiver(&e->msg, &to);
	view_add_vlans(e, &vlans);
	add_datagram(&e->msg, &datagram);
	add_part(out, " ", &to, indent);
	add_part(out, "   ", &vlans, indent);
	add_part(out, "   ", &datagram, indent);
	text_add(out, "\n");
}

static void add_type(const struct view *v, const struct trace_event *e,
		     const struct trace_event *step, struct text *out)
{
	text_pad(out, INDENT);
	view_colour(v, out, view_type_colour(e->msg.type));
	text_add(out, "%s", e->msg.type && e->msg.type <= DHCP_TYPE_MAX ? "DHCP" : "");
	view_add_type(out, e->msg.type);
	view_colour(v, out, VIEW_PLAIN);
	text_add(out, "   xid %08x", e->msg.xid);
	if (step) {
		text_add(out, "   client ");
		add_safe(out, step->from);
		text_add(out, " -> ");
		add_safe(out, step->to);
	}
	text_add(out, "\n");
}

/* "  label      value (RFC ...)", wrapped where it is long. */
static void add_row(struct text *out, const char *label, const char *value, const char *rfc)
{
	text_add(out, "      %s", label);
	text_pad(out, VALUE_COLUMN - 1);
	text_add(out, " ");
	page_words(out, VALUE_COLUMN, value);
	if (rfc) {
		cleanup_text struct text where = { 0 };

		text_add(&where, "(%s)", rfc);
		page_words(out, VALUE_COLUMN, where.str ? where.str : "");
	}
	text_add(out, "\n");
}

static void add_address(struct text *out, const char *name, uint32_t address, const char *what)
{
	cleanup_text struct text value = { 0 };
	char buf[IP4_LEN];

	if (address == 0)
		return;
	text_add(&value, "%s, %s", ip4_format(address, buf), what);
	if (value.str)
		add_row(out, name, value.str, NULL);
}

static void add_number(struct text *out, const char *name, unsigned int number, const char *what)
{
	cleanup_text struct text value = { 0 };

	if (number == 0)
		return;
	text_add(&value, "%u%s", number, what);
	if (value.str)
		add_row(out, name, value.str, NULL);
}

static void add_words(struct text *out, const char *name, const char *words)
{
	cleanup_text struct text safe = { 0 };

	if (!words)
		return;
	add_safe(&safe, words);
	if (safe.str)
		add_row(out, name, safe.str, NULL);
}

static void add_chaddr(const struct trace_message *m, struct text *out)
{
	cleanup_text struct text hex = { 0 };

	if (m->op == 0)
		return;
	hardware_add(&hex, m->chaddr, min_u64(m->hlen, sizeof(m->chaddr)));
	text_add(&hex, "%s",
		 hex.len ? ", the client" : "none: the client does not tell its address");
	if (hex.str)
		add_row(out, "chaddr", hex.str, NULL);
}

/* Bits without a meaning are of use to nobody, but they are there (RFC 2131 section 2). */
static void add_flags(uint16_t flags, struct text *out)
{
	unsigned int reserved = flags & ~DHCP_FLAG_BROADCAST;
	cleanup_text struct text words = { 0 };

	if (flags & DHCP_FLAG_BROADCAST)
		text_add(&words, "BROADCAST: the client can not take unicasts yet");
	if (reserved)
		text_add(&words, "%s0x%04x: bits that mean nothing, and should be zero",
			 words.len ? ", and " : "", reserved);
	if (words.str)
		add_row(out, "flags", words.str, NULL);
}

/* The fields that are not zero: the others say nothing. RFC 2131 section 2, table 1. */
static void add_fields(const struct trace_message *m, struct text *out)
{
	add_number(out, "hops", m->hops, m->hops == 1 ? " relay agent so far" :
							" relay agents so far");
	add_number(out, "secs", m->secs, m->secs == 1 ? " second since the client began" :
							" seconds since the client began");
	add_flags(m->flags, out);
	add_address(out, "ciaddr", m->ciaddr, "the address that the client has");
	add_address(out, "yiaddr", m->yiaddr, "the address for the client");
	add_address(out, "siaddr", m->siaddr, "the server to boot from");
	add_address(out, "giaddr", m->giaddr, "the relay agent");
	add_chaddr(m, out);
	add_words(out, "sname", m->sname);
	add_words(out, "file", m->file);
}

static void add_option(const struct trace_event *e, const struct trace_option *o,
		       struct text *out)
{
	const struct dhcp_option_info *info = dhcp_option_info(o->code);
	const char *here = moment_of_option(e, o->code);
	cleanup_text struct text label = { 0 }, value = { 0 };

	text_add(&label, "%-2u %s", o->code, info->name ? info->label : "unassigned");
	option_value_show(&value, o->code, o->text);
	if (here)
		text_add(&value, "%s%s", value.len ? "; " : "", here);
	if (label.str)
		add_row(out, label.str, value.str ? value.str : "", info->rfc);
}

static void add_options(const struct trace_event *e, struct text *out)
{
	for (size_t i = 0; i < e->msg.n_options; i++)
		add_option(e, &e->msg.options[i], out);
}

static void add_says(const struct trace_event *e, struct text *out)
{
	cleanup_text struct text says = { 0 };

	text_add(&says, "says: ");
	view_meaning(e, &says);
	if (says.str)
		page_paragraph(out, INDENT, says.str);
}

/* What the machine wrote down when it did this; of others' messages what the RFC says. */
static void add_why(const struct trace_event *e, const struct trace_event *step, struct text *out)
{
	bool recorded = step && step->text && step->text[0];
	const char *rfc = recorded ? step->rfc : NULL;
	cleanup_text struct text why = { 0 };

	text_add(&why, "why: ");
	add_safe(&why, recorded ? step->text : moment_of_message(e, &rfc));
	if (rfc && rfc[0]) {
		text_add(&why, " (");
		add_safe(&why, rfc);
		text_add(&why, ")");
	}
	if (why.str)
		page_paragraph(out, INDENT, why.str);
}

void view_explain(const struct view *v, const struct trace_log *log, size_t i, struct text *out)
{
	const struct trace_event *e = &log->event[i];
	const struct trace_event *step;

	if (e->kind != TRACE_MESSAGE) {
		text_add(out, "#%llu", (unsigned long long)e->n);
		view_timeline_page(v, e, out);
		return;
	}

	step = find_step(log, i);
	add_heading(e, out);
	add_type(v, e, step, out);
	add_fields(&e->msg, out);
	add_options(e, out);
	add_says(e, out);
	add_why(e, find_reason(log, i, step), out);
}

void view_why(const struct view *v, const struct trace_log *log, size_t i, struct text *out)
{
	add_why(&log->event[i], find_reason(log, i, find_step(log, i)), out);
}
