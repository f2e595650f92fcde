/* SPDX-License-Identifier: MIT */
#include "trace/why.h"

#include <errno.h>
#include <string.h>

#include "trace/page.h"
#include "trace/safe_text.h"
#include "trace/view.h"
#include "trace/view_parts.h"

#define COLUMN 9

static bool is_at(const struct why_client *c, const struct trace_event *e)
{
	return strcmp(e->at, c->place) == 0;
}

static bool is_from(const struct why_client *c, const struct trace_event *e)
{
	return e->kind == TRACE_MESSAGE && strcmp(e->msg.from, c->place) == 0;
}

static bool is_to(const struct why_client *c, const struct trace_event *e)
{
	return e->kind == TRACE_MESSAGE && !is_from(c, e) &&
	       (strcmp(e->msg.to, c->place) == 0 || memcmp(e->msg.chaddr, c->mac, 6) == 0);
}

/* Does the event say anything about this client? */
static bool concerns(const struct why_client *c, const struct trace_event *e)
{
	switch (e->kind) {
	case TRACE_MESSAGE:
		return is_from(c, e) || is_to(c, e);
	case TRACE_ADDRESS:
	case TRACE_ROUTE:
		return is_at(c, e);
	case TRACE_STATE:
	case TRACE_DROP:
	case TRACE_LAB:
		return is_at(c, e) ||
		       (e->facts.has_client && memcmp(e->facts.client, c->mac, 6) == 0);
	case TRACE_FAULT:
		return true;
	}
	return false;
}

/* A message with which a client begins: it asks for an address, new or old. */
static bool begins(const struct why_client *c, const struct trace_event *e)
{
	if (!is_from(c, e))
		return false;
	return e->msg.type == DHCP_DISCOVER ||
	       (e->msg.type == DHCP_REQUEST && e->msg.ciaddr == 0 &&
		!trace_option(e, DHCP_OPT_SERVER_ID));
}

static bool loses(const struct why_client *c, const struct trace_event *e)
{
	return e->kind == TRACE_STATE && is_at(c, e) &&
	       (strcmp(e->to, "INIT") == 0 || strcmp(e->to, "STOPPED") == 0);
}

/* Where the story of its present state begins; the log's end: it has never begun. */
static size_t find_start(const struct why_client *c, const struct trace_log *log)
{
	for (size_t i = log->n; i-- > 0;)
		if (begins(c, &log->event[i]))
			return i;
	for (size_t i = log->n; i-- > 0;)
		if (is_at(c, &log->event[i]))
			return i;
	return log->n;
}

/* The event before @start that took its lease, or sent it back; @start: there is none. */
static size_t find_loss(const struct why_client *c, const struct trace_log *log, size_t start)
{
	for (size_t i = start; i-- > 0;)
		if (loses(c, &log->event[i]))
			return i;
	return start;
}

static int add(struct why *w, size_t event)
{
	size_t *more;

	if ((w->n & (w->n - 1)) == 0) {
		more = reallocarray(w->event, w->n ? 2 * w->n : 1, sizeof(*more));
		if (!more)
			return -ENOMEM;
		w->event = more;
	}
	w->event[w->n++] = event;
	return 0;
}

/* How often the last message was sent, back to when something else happened to the client. */
static void count_attempts(const struct why_client *c, const struct trace_log *log, struct why *w)
{
	const struct trace_message *last = NULL;

	for (size_t i = log->n; i-- > 0;) {
		const struct trace_event *e = &log->event[i];

		if (is_to(c, e))
			return;
		if (!is_from(c, e))
			continue;
		if (last && (e->msg.xid != last->xid || e->msg.type != last->type))
			return;
		last = &e->msg;
		w->type = e->msg.type;
		w->attempt++;
	}
}

int why_find(const struct why_client *c, const struct trace_log *log, struct why *ret)
{
	cleanup_why struct why w = { 0 };
	size_t start = find_start(c, log), loss = find_loss(c, log, start);
	int r = loss < start && !c->address[0] ? add(&w, loss) : 0;

	for (size_t i = start; i < log->n && r == 0; i++)
		if (concerns(c, &log->event[i]))
			r = add(&w, i);
	if (r < 0)
		return r;

	count_attempts(c, log, &w);
	*ret = w;
	w = (struct why){ 0 };
	return 0;
}

void why_done(struct why *w)
{
	free(w->event);
	*w = (struct why){ 0 };
}

static void add_safe(struct text *out, const char *s)
{
	safe_text_add(out, s ? s : "", s ? strlen(s) : 0);
}

static bool is_asking(const struct why_client *c)
{
	return strcmp(c->state, "BOUND") != 0 && strcmp(c->state, "INIT") != 0 &&
	       strcmp(c->state, "STOPPED") != 0;
}

static void add_next(const struct why_client *c, const struct why *w, struct text *out)
{
	char time[DURATION_LEN];

	if (is_asking(c) && w->attempt)
		text_add(out, ", attempt %u", w->attempt);
	if (c->next_in < 0)
		return;
	text_add(out, ", next ");
	if (is_asking(c) && w->attempt)
		view_add_type(out, w->type);
	else
		text_add(out, "step");
	text_add(out, " in %s", duration_format((uint64_t)c->next_in * 1000000, time));
}

static void add_headline(const struct why_client *c, const struct why *w, struct text *out)
{
	add_safe(out, c->place);
	if (c->address[0])
		text_add(out, " has %s: it is %s", c->address, c->state);
	else
		text_add(out, " has no lease. It is %s", c->state);
	add_next(c, w, out);
	text_add(out, ".\n");
}

static void add_reason(const struct trace_event *e, struct text *out)
{
	if (e->text && e->text[0]) {
		text_add(out, ": ");
		add_safe(out, e->text);
	}
	view_add_pool(&e->facts, out);
	if (e->rfc && e->rfc[0]) {
		text_add(out, ". ");
		add_safe(out, e->rfc);
	}
}

/* What the one who ignored it would have sent. */
static const char *missing_answer(const struct trace_event *e)
{
	if (strcmp(e->machine, "server") != 0)
		return NULL;
	return e->message == DHCP_DISCOVER ? "made no OFFER" :
	       e->message == DHCP_REQUEST ? "gave no answer" : NULL;
}

static void say_drop(const struct trace_event *e, struct text *out)
{
	const char *missing = missing_answer(e);

	add_safe(out, e->at);
	if (missing) {
		text_add(out, " %s", missing);
	} else {
		text_add(out, " ignored ");
		if (e->message)
			view_add_type(out, e->message);
		else
			text_add(out, "a message");
	}
	add_reason(e, out);
}

/* The client's own step, or a server's decision, which may change nothing. */
static void say_state(const struct trace_event *e, struct text *out)
{
	bool changes = strcmp(e->from, e->to) != 0;

	if (strcmp(e->machine, "client") != 0 || !changes) {
		add_safe(out, e->at);
		text_add(out, changes ? " " : "");
	}
	if (changes) {
		add_safe(out, e->from);
		text_add(out, " -> ");
		add_safe(out, e->to);
	}
	add_reason(e, out);
}

static void say_message(const struct trace_event *e, struct text *out)
{
	add_safe(out, e->msg.from);
	text_add(out, view_is_broadcast(&e->msg) ? " to everyone, " : " to ");
	if (!view_is_broadcast(&e->msg)) {
		add_safe(out, e->msg.to);
		text_add(out, ", ");
	}
	view_add_type(out, e->msg.type);
	text_add(out, ": ");
	view_meaning(e, out);
}

static void say(const struct trace_event *e, struct text *out)
{
	switch (e->kind) {
	case TRACE_MESSAGE:
		say_message(e, out);
		return;
	case TRACE_STATE:
		say_state(e, out);
		return;
	case TRACE_DROP:
		say_drop(e, out);
		return;
	case TRACE_ADDRESS:
	case TRACE_ROUTE:
		view_change(e, out);
		text_add(out, strcmp(e->op, "remove") == 0 ? " went off " : " came on ");
		add_safe(out, e->at);
		view_change_by(e, out);
		return;
	case TRACE_FAULT:
		text_add(out, "fault: ");
		add_safe(out, e->text);
		return;
	case TRACE_LAB:
		add_safe(out, e->at);
		add_reason(e, out);
		return;
	}
}

static void add_line(const struct trace_event *e, struct text *out)
{
	cleanup_text struct text words = { 0 };

	text_add(out, "  #%llu", (unsigned long long)e->n);
	text_pad(out, COLUMN - 1);
	text_add(out, " ");
	say(e, &words);
	page_words(out, COLUMN, words.str ? words.str : "");
	text_add(out, "\n");
}

void why_view(const struct why_client *c, const struct trace_log *log, const struct why *w,
	      struct text *out)
{
	const struct trace_event *last = w->n ? &log->event[w->event[w->n - 1]] : NULL;

	add_headline(c, w, out);
	for (size_t i = 0; i < w->n; i++)
		add_line(&log->event[w->event[i]], out);
	if (!last)
		text_add(out, "  nothing is recorded of it\n");
	else if (is_asking(c) && is_from(c, last))
		text_add(out, "  nobody answered: no server has recorded that the message came\n");
}
