/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "trace/page.h"
#include "trace/safe_text.h"
#include "trace/view_parts.h"

#define TIME_WIDTH 9
#define TYPE_WIDTH 8 /* "DISCOVER" */
#define WORDS_COLUMN_MAX 44 /* beyond it too little of a line is left */

static void add_safe(struct text *out, const char *s)
{
	safe_text_add(out, s, strlen(s));
}

static void add_spaces(struct text *out, size_t have, size_t want)
{
	text_add(out, "%*s", (int)(want > have ? want - have : 0), "");
}

/* The name in its column, and two spaces. */
static void add_name(const struct view *v, struct text *out, const char *place, unsigned int width)
{
	cleanup_text struct text name = { 0 };

	view_add_name(v, &name, place);
	if (name.str) {
		text_add(out, "%s", name.str);
		add_spaces(out, view_width(name.str), width);
	} else {
		add_spaces(out, 0, width);
	}
	text_add(out, "  ");
}

static void add_time(const struct view *v, struct text *out, uint64_t t)
{
	cleanup_text struct text time = { 0 };

	view_add_time(&time, t);
	if (!time.str)
		return;
	add_spaces(out, time.len, max_u64(TIME_WIDTH, v->time_width));
	view_colour(v, out, VIEW_DIM);
	text_add(out, "%s", time.str);
	view_colour(v, out, VIEW_PLAIN);
	text_add(out, "  ");
}

static void add_type(const struct view *v, struct text *out, uint8_t type)
{
	cleanup_text struct text name = { 0 };

	view_add_type(&name, type);
	if (!name.str)
		return;
	view_colour(v, out, view_type_colour(type));
	text_add(out, "%s", name.str);
	view_colour(v, out, VIEW_PLAIN);
	add_spaces(out, name.len, TYPE_WIDTH);
	text_add(out, "  ");
}

/* " (VLAN 10)", of a frame that has a tag. */
static void add_vlans(const struct trace_event *e, struct text *out)
{
	if (e->vlans.n == 0)
		return;
	text_add(out, " (");
	view_add_vlans(e, out);
	text_add(out, ")");
}

static void add_message(const struct view *v, const struct trace_event *e, struct text *out)
{
	add_name(v, out, e->msg.to, v->name_width);
	text_add(out, " ");
	add_type(v, out, e->msg.type);
	view_meaning(e, out);
	add_vlans(e, out);
}

static void add_reason(const struct trace_event *e, struct text *out)
{
	if (e->text && e->text[0]) {
		text_add(out, ": ");
		add_safe(out, e->text);
	}
	if (e->rfc && e->rfc[0]) {
		text_add(out, " (");
		add_safe(out, e->rfc);
		text_add(out, ")");
	}
}

/* "10.1.0.10-10.1.0.17: 8 of 8 held, the next free in 4min 10s", of a pool that has none left. */
void view_add_pool(const struct trace_facts *f, struct text *out)
{
	char first[IP4_LEN], last[IP4_LEN], next[DURATION_LEN];

	if (!f->pool_size || f->pool_held + f->pool_resting < f->pool_size)
		return;

	text_add(out, "; %s-%s: %u of %u held", ip4_format(f->pool_first, first),
		 ip4_format(f->pool_last, last), f->pool_held, f->pool_size);
	if (f->pool_resting)
		text_add(out, ", %u declined", f->pool_resting);
	if (f->pool_next_sec)
		text_add(out, ", the next free in %s",
			 duration_format(f->pool_next_sec * DHCP_SECOND, next));
}

static void add_class(const struct trace_facts *f, struct text *out)
{
	if (!f->class[0])
		return;
	text_add(out, "; class ");
	add_safe(out, f->class);
}

static void add_state(const struct view *v, const struct trace_event *e, struct text *out)
{
	if (strcmp(e->from, e->to) != 0) {	/* else a decision that changed nothing */
		add_safe(out, e->from);
		text_add(out, " -> ");
	}
	view_colour(v, out, strcmp(e->to, "BOUND") == 0 ? VIEW_GREEN : VIEW_CYAN);
	add_safe(out, e->to);
	view_colour(v, out, VIEW_PLAIN);
	add_reason(e, out);
	add_class(&e->facts, out);
}

static void add_drop(const struct view *v, const struct trace_event *e, struct text *out)
{
	/* "nobody": of a capture, where no machine was. */
	text_add(out, "%s", strcmp(e->machine, "nobody") ? "ignores " : "cannot be read");
	if (e->message)
		view_add_type(out, e->message);
	else if (strcmp(e->machine, "nobody") != 0)
		text_add(out, "a message");
	view_colour(v, out, VIEW_PLAIN);
	add_reason(e, out);
	add_class(&e->facts, out);
	view_add_pool(&e->facts, out);
	add_vlans(e, out);
}

static enum view_colour colour_of(const char *op)
{
	if (strcmp(op, "remove") == 0)
		return VIEW_RED;
	return strcmp(op, "replace") == 0 ? VIEW_YELLOW : VIEW_GREEN;
}

/* "10.0.0.5/24 on host:host", and who did it if netlab did not. */
static void add_change(const struct view *v, const struct trace_event *e, struct text *out)
{
	bool removed = strcmp(e->op, "remove") == 0;

	view_change(e, out);
	view_colour(v, out, VIEW_PLAIN);
	text_add(out, removed ? " off " : " on ");
	add_safe(out, e->at);
	view_change_by(e, out);
}

static void add_words(const struct view *v, const struct trace_event *e, struct text *out)
{
	add_safe(out, e->text ? e->text : "");
	view_colour(v, out, VIEW_PLAIN);
}

/* What kind of event it is, in three cells; its colour goes on. */
static void add_mark(const struct view *v, const struct trace_event *e, struct text *out)
{
	switch (e->kind) {
	case TRACE_MESSAGE:
		text_add(out, view_is_broadcast(&e->msg) ? "=> " : "-> ");
		break;
	case TRACE_STATE:
		text_add(out, "-- ");
		break;
	case TRACE_DROP:
		view_colour(v, out, VIEW_YELLOW);
		text_add(out, "x  ");
		break;
	case TRACE_ADDRESS:
	case TRACE_ROUTE:
		view_colour(v, out, colour_of(e->op));
		text_add(out, strcmp(e->op, "remove") == 0 ? "-  " : "+  ");
		break;
	case TRACE_FAULT:
		view_colour(v, out, VIEW_RED);
		text_add(out, "!  ");
		break;
	case TRACE_LAB:
		view_colour(v, out, VIEW_PLAIN);
		text_add(out, "*  ");
		break;
	}
}

/* When, where, and of what kind. */
static void add_lead(const struct view *v, const struct trace_event *e, struct text *out)
{
	const char *who = e->kind == TRACE_MESSAGE ? e->msg.from : e->at;

	add_time(v, out, e->t);
	add_name(v, out, who[0] || e->kind != TRACE_LAB ? who : "lab", v->name_width);
	add_mark(v, e, out);
}

static void add_rest(const struct view *v, const struct trace_event *e, struct text *out)
{
	switch (e->kind) {
	case TRACE_MESSAGE:
		add_message(v, e, out);
		break;
	case TRACE_STATE:
		add_state(v, e, out);
		break;
	case TRACE_DROP:
		add_drop(v, e, out);
		break;
	case TRACE_ADDRESS:
	case TRACE_ROUTE:
		add_change(v, e, out);
		break;
	case TRACE_FAULT:
	case TRACE_LAB:
		add_words(v, e, out);
		break;
	}
}

void view_timeline(const struct view *v, const struct trace_event *e, struct text *out)
{
	add_lead(v, e, out);
	add_rest(v, e, out);
	text_add(out, "\n");
}

void view_timeline_page(const struct view *v, const struct trace_event *e, struct text *out)
{
	cleanup_text struct text rest = { 0 };

	add_lead(v, e, out);
	add_rest(v, e, &rest);
	if (rest.str)
		page_words(out, min_u64(page_column(out), WORDS_COLUMN_MAX), rest.str);
	text_add(out, "\n");
}
