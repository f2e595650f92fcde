/* SPDX-License-Identifier: MIT */
/* wire.c - what was on the cables, of the messages that an expectation is about. */
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "judge/private.h"
#include "judge/words.h"

/* Was the message sent by the client of @i, or sent in one of its transactions? */
static bool is_own(const struct trace_event *e, const struct scn_iface *i)
{
	return e->kind == TRACE_MESSAGE && memcmp(e->msg.src_mac, i->mac, 6) == 0;
}

static bool is_own_transaction(const struct trace_log *log, const struct scn_iface *i, uint32_t xid)
{
	for (size_t n = 0; n < log->n; n++) {
		if (is_own(&log->event[n], i) && log->event[n].msg.xid == xid)
			return true;
	}
	return false;
}

/* One that counts: of the type, in time, of the interface's transactions (@i NULL: of all). */
static bool counts(const struct court *c, const struct trace_log *log, const struct scn_iface *i,
		   const struct trace_event *e, uint8_t type)
{
	return e->kind == TRACE_MESSAGE && e->msg.type == type && is_in_time(c->e, e->t) &&
	       (!i || is_own_transaction(log, i, e->msg.xid));
}

/*
 * How many of the expected messages came, in their order, with @xid if
 * @one_xid. On which cable does not matter: behind a switch the replies enter
 * another one.
 */
static size_t follow(const struct court *c, const struct trace_log *log, const struct scn_iface *i,
		     bool one_xid, uint32_t xid)
{
	size_t found = 0;

	for (size_t n = 0; n < log->n && found < c->e->n_messages; n++) {
		const struct trace_event *e = &log->event[n];

		if (one_xid && e->msg.xid != xid)
			continue;
		found += counts(c, log, i, e, c->e->messages[found]);
	}
	return found;
}

/* The most that any one transaction has of the messages. */
static size_t follow_one(const struct court *c, const struct trace_log *log,
			 const struct scn_iface *i)
{
	size_t best = 0;

	for (size_t n = 0; n < log->n && best < c->e->n_messages; n++) {
		const struct trace_event *e = &log->event[n];
		size_t found;

		/* A transaction is tried where its first message comes. */
		if (!counts(c, log, i, e, c->e->messages[0]))
			continue;
		found = follow(c, log, i, true, e->msg.xid);
		best = found > best ? found : best;
	}
	return best;
}

static const struct scn_iface *whose(const struct court *c)
{
	return c->e->iface != NONE ? &c->s->ifaces[c->e->iface] : NULL;
}

void judge_messages(const struct court *c)
{
	const struct scn_expect *e = c->e;
	const struct trace_log *log = c->ops->log(c->ctx);
	struct text cleanup_text want = { 0 };
	size_t found;

	found = e->same_transaction ? follow_one(c, log, whose(c))
				    : follow(c, log, whose(c), false, 0);
	if (found == e->n_messages) {
		words_messages(&want, e->messages, e->n_messages);
		rule(c, JUDGE_PASS, "%s%s", want.str ? want.str : "nothing",
		     e->same_transaction ? ", one transaction id" : "");
		return;
	}
	words_messages(&want, e->messages, found);
	rule(c, JUDGE_FAIL, "%s: no %s %s%s%s", words_subject(c->s, e),
	     dhcp_type_name(e->messages[found]), found ? "after " : "was seen",
	     want.str ? want.str : "", e->same_transaction ? " in one transaction" : "");
}

/* The place that sent it, or the node that the place is of. */
static bool is_from(const struct court *c, const struct trace_event *e)
{
	const char *name;
	size_t len;

	if (c->e->from_node == NONE)
		return true;
	if (c->e->from_iface != NONE)
		return strcmp(e->msg.from, c->s->ifaces[c->e->from_iface].label) == 0;
	name = c->s->nodes[c->e->from_node].name;
	len = strlen(name);
	return strncmp(e->msg.from, name, len) == 0 && e->msg.from[len] == ':';
}

static bool matches(const struct trace_event *e, const struct scn_match *m)
{
	uint64_t value;
	const char *text;

	if (m->field == SCN_FIELD_OPTION) {
		text = trace_option(e, m->option);
		if (m->absent || !text)
			return m->absent && !text;
		return !m->value[0] || strcasecmp(text, m->value) == 0;
	}
	value = field_number(&e->msg, m->field);
	return value >= m->first && value <= m->last;
}

/* The first thing asked of a message that it has not; NULL: it has all. */
static const struct scn_match *amiss(const struct scn_expect *x, const struct trace_event *e)
{
	for (size_t i = 0; i < x->n_matches; i++) {
		if (!matches(e, &x->matches[i]))
			return &x->matches[i];
	}
	return NULL;
}

/* What a message has where something else was wanted: "giaddr 0.0.0.0", "no option 82". */
static void add_found(struct text *out, const struct trace_event *e, const struct scn_match *m)
{
	struct text cleanup_text value = { 0 };

	if (field_text(e, m->field, m->option, &value) < 0)
		text_add(out, "no option %u", m->option);
	else if (m->field == SCN_FIELD_OPTION)
		text_add(out, "option %u %s", m->option, value.str ? value.str : "");
	else
		text_add(out, "%s %s", scn_field_name(m->field), value.str ? value.str : "");
}

/* Of the messages of the right type: how many fit, and what was wrong with the others. */
struct census {
	size_t fit, others;
	const struct trace_event *first, *near;
	const struct scn_match *amiss;
};

static struct census count(const struct court *c)
{
	const struct trace_log *log = c->ops->log(c->ctx);
	const struct scn_iface *i = whose(c);
	struct census n = { 0 };

	for (size_t k = 0; k < log->n; k++) {
		const struct trace_event *e = &log->event[k];
		const struct scn_match *wrong;

		if (!counts(c, log, i, e, c->e->message) || !is_from(c, e))
			continue;
		wrong = amiss(c->e, e);
		if (wrong) {
			n.others++;
			n.near = e;
			n.amiss = wrong;
		} else if (n.fit++ == 0) {
			n.first = e;
		}
	}
	return n;
}

void judge_message(const struct court *c)
{
	const struct scn_expect *e = c->e;
	struct census n = count(c);
	struct text cleanup_text what = { 0 };
	bool met = n.fit >= e->count_first && n.fit <= e->count_last;
	char at[DURATION_LEN];

	words_message(&what, e);
	if (n.fit == 1)
		rule(c, met ? JUDGE_PASS : JUDGE_FAIL, "one %s, at %s", what.str,
		     duration_format(n.first->t, at));
	else if (n.fit)
		rule(c, met ? JUDGE_PASS : JUDGE_FAIL, "%zu x %s, the first at %s", n.fit, what.str,
		     duration_format(n.first->t, at));
	else if (!n.others || met)
		rule(c, met ? JUDGE_PASS : JUDGE_FAIL, "no %s was seen", what.str);
	if (n.fit || !n.others || met)
		return;

	text_add(&what, "; %zu other%s: ", n.others, n.others == 1 ? "" : "s");
	add_found(&what, n.near, n.amiss);
	rule(c, JUDGE_FAIL, "no %s", what.str);
}
