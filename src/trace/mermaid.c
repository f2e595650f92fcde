/* SPDX-License-Identifier: MIT */
/* mermaid.c - a log as a sequence diagram in Mermaid's language. */
#include <errno.h>
#include <string.h>

#include "trace/lanes.h"
#include "trace/safe_text.h"
#include "trace/view.h"
#include "trace/view_parts.h"

/* Mermaid reads '#' and ';' itself; it has entity codes for them. */
static void add_text(struct text *out, const char *bytes, size_t len)
{
	cleanup_text struct text safe = { 0 };

	safe_text_add(&safe, bytes, len);
	for (const char *c = safe.str; c && *c; c++) {
		if (strchr("#;<>\"", *c))
			text_add(out, "#%d;", *c);
		else
			text_addn(out, c, 1);
	}
}

static void add_participants(const struct lanes *l, bool all, struct text *out)
{
	for (size_t i = 0; i < l->n; i++) {
		text_add(out, "    participant n%zu as ", i);
		add_text(out, l->place[i], view_node_len(l->place[i]));
		text_add(out, "\n");
	}
	if (all)
		text_add(out, "    participant all as everyone\n");
}

static void add_message(const struct lanes *l, const struct trace_event *e, struct text *out)
{
	cleanup_text struct text label = { 0 };
	size_t to = lanes_target(l, &e->msg);

	text_add(out, "    n%zu->>", lanes_of(l, e->msg.from));
	if (to == LANES_ALL)
		text_add(out, "all: ");
	else
		text_add(out, "n%zu: ", to);
	view_add_label(e, &label);
	text_add(&label, ", ");
	view_add_time(&label, e->t);
	if (label.str)
		add_text(out, label.str, label.len);
	text_add(out, "\n");
}

static void add_state(const struct lanes *l, const struct trace_event *e, struct text *out)
{
	size_t lane = lanes_of(l, e->at);

	if (lane == LANES_ALL || strcmp(e->machine, "client") != 0)
		return;
	text_add(out, "    Note over n%zu: ", lane);
	add_text(out, e->to, strlen(e->to));
	text_add(out, "\n");
}

static void add_fault(const struct lanes *l, const struct trace_event *e, struct text *out)
{
	text_add(out, l->n > 1 ? "    Note over n0,n%zu: " : "    Note over n%zu: ", l->n - 1);
	add_text(out, e->text ? e->text : "", e->text ? strlen(e->text) : 0);
	text_add(out, "\n");
}

static bool any_to_all(const struct lanes *l, const struct trace_log *log)
{
	for (size_t i = 0; i < log->n; i++)
		if (log->event[i].kind == TRACE_MESSAGE &&
		    lanes_target(l, &log->event[i].msg) == LANES_ALL)
			return true;

	return false;
}

int view_mermaid(const struct view *v, const struct trace_log *log, struct text *out)
{
	cleanup_lanes struct lanes l = { 0 };

	if (lanes_find(log, &l) < 0)
		return -ENOMEM;

	text_add(out, "sequenceDiagram\n");
	add_participants(&l, any_to_all(&l, log), out);
	for (size_t i = 0; i < log->n; i++) {
		const struct trace_event *e = &log->event[i];

		if (e->kind == TRACE_MESSAGE)
			add_message(&l, e, out);
		else if (e->kind == TRACE_STATE)
			add_state(&l, e, out);
		else if (e->kind == TRACE_FAULT && l.n > 0)
			add_fault(&l, e, out);
	}
	return out->failed ? -ENOMEM : 0;
}
