/* SPDX-License-Identifier: MIT */
/* explain_event.c - one message at length, with the step that it belongs to. */
#include <string.h>

#include "trace/option_value.h"
#include "trace/page.h"
#include "trace/safe_text.h"
#include "trace/view_parts.h"

#define INDENT 4
#define VALUE_COLUMN 28

static void add_safe(struct text *out, const char *s)
{
	safe_text_add(out, s, strlen(s));
}

static bool is_step_of(const struct trace_event *e, const char *place)
{
	return e->kind == TRACE_STATE && strcmp(e->machine, "client") == 0 &&
	       strcmp(e->at, place) == 0;
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

static void add_heading(const struct trace_event *e, struct text *out)
{
	const struct trace_message *m = &e->msg;
	char mac[MAC_LEN], src[IP4_LEN], dst[IP4_LEN];

	text_add(out, "#%llu  ", (unsigned long long)e->n);
	view_add_time(out, e->t);
	text_add(out, "  ");
	add_safe(out, m->from);
	text_add(out, " %s %s   %s:%u -> %s:%u   %u bytes\n", view_is_broadcast(m) ? "=>" : "->",
		 mac_format(m->dst_mac, mac), ip4_format(m->src_ip, src), m->src_port,
		 ip4_format(m->dst_ip, dst), m->dst_port, m->length + FRAME_UDP_OVERHEAD);
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

/* The address fields that are not zero: the others say nothing. */
static void add_fields(const struct trace_message *m, struct text *out)
{
	const struct {
		const char *name;
		uint32_t address;
	} fields[] = {
		{ "ciaddr", m->ciaddr }, { "yiaddr", m->yiaddr },
		{ "siaddr", m->siaddr }, { "giaddr", m->giaddr },
	};
	char buf[IP4_LEN];

	for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
		if (fields[i].address == 0)
			continue;
		text_add(out, "         %s", fields[i].name);
		text_pad(out, VALUE_COLUMN);
		text_add(out, "%s\n", ip4_format(fields[i].address, buf));
	}
}

static void add_options(const struct trace_message *m, struct text *out)
{
	for (size_t i = 0; i < m->n_options; i++) {
		const struct dhcp_option_info *info = dhcp_option_info(m->options[i].code);

		text_add(out, "     %3u %s", info->code, info->name ? info->name : "unassigned");
		text_pad(out, VALUE_COLUMN - 1);
		text_add(out, " ");
		option_value_show(out, info->code, m->options[i].text);
		text_add(out, "\n");
	}
}

static void add_why(const struct trace_event *e, const struct trace_event *step, struct text *out)
{
	cleanup_text struct text why = { 0 };

	text_add(&why, "says: ");
	view_meaning(e, &why);
	if (why.str)
		page_paragraph(out, INDENT, why.str);
	if (!step || !step->text || !step->text[0])
		return;

	text_done(&why);
	text_add(&why, "why: ");
	add_safe(&why, step->text);
	if (step->rfc && step->rfc[0]) {
		text_add(&why, " (");
		add_safe(&why, step->rfc);
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
		view_timeline(v, e, out);
		return;
	}

	step = find_step(log, i);
	add_heading(e, out);
	add_type(v, e, step, out);
	add_fields(&e->msg, out);
	add_options(&e->msg, out);
	add_why(e, step, out);
}
