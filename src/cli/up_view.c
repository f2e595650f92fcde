/* SPDX-License-Identifier: MIT */
#include "cli/up_view.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "cli/session.h"
#include "cli/words.h"
#include "trace/view.h"

#define COLUMNS 80

void up_view_title(struct text *out, const struct scenario *s, const char *mode)
{
	struct text cleanup_text line = { 0 };
	size_t tail;
	char seed[32];

	text_add(&line, "%s", s->name);
	if (s->title[0]) {
		/* The title is a sentence's middle here, unless it begins with an abbreviation. */
		bool plain = !isupper((unsigned char)s->title[1]);

		text_add(&line, ": %c%s", plain ? tolower((unsigned char)s->title[0]) : s->title[0],
			 s->title + 1);
	}
	snprintf(seed, sizeof(seed), "%llu", (unsigned long long)s->seed);
	tail = strlen(mode) + strlen(seed) + strlen("(, seed )");
	text_add(&line, "  ");
	if (tail < COLUMNS)
		text_pad(&line, COLUMNS - tail);
	text_add(&line, "(%s, seed %s)\n", mode, seed);
	text_addn(out, line.str, line.len);
}

/* Cells for the word of a kind, wider where the plan has the widest one. */
static int word_width(const struct plan *p)
{
	size_t width = strlen(plan_op_name(PLAN_NETNS));

	for (size_t i = 0; i < p->n_ops; i++)
		if (p->ops[i].type == PLAN_FORWARD)
			width = strlen(plan_op_name(PLAN_FORWARD));
	return (int)width;
}

static void add_ok(const struct term *t, struct text *out, const struct plan *p,
		   enum plan_op_type type)
{
	text_add(out, "  ");
	term_paint(t, out, TONE_GOOD, "ok");
	text_add(out, "  %-*s  ", word_width(p), plan_op_name(type));
}

/* The plan's operation number @n of a type, or NULL. */
static const struct plan_op *nth(const struct plan *p, enum plan_op_type type, size_t n)
{
	for (size_t i = 0; i < p->n_ops; i++) {
		if (p->ops[i].type == type && n-- == 0)
			return &p->ops[i];
	}
	return NULL;
}

static size_t count(const struct plan *p, enum plan_op_type type)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n_ops; i++)
		n += p->ops[i].type == type;
	return n;
}

static void summary(const struct term *t, struct text *out, const struct plan *p,
		    enum plan_op_type type, size_t n)
{
	add_ok(t, out, p, type);
	text_add(out, "%zu: ", n);
	for (size_t i = 0; i < 2; i++) {
		words_op(out, p->scenario, nth(p, type, i));
		text_add(out, ", ");
	}
	text_add(out, "... ");
	words_op(out, p->scenario, nth(p, type, n - 1));
	text_add(out, "\n");
}

static void one_line(const struct term *t, struct text *out, const struct plan *p,
		     enum plan_op_type type, size_t n)
{
	add_ok(t, out, p, type);
	for (size_t i = 0; i < n; i++) {
		text_add(out, "%s", i ? ", " : "");
		words_op(out, p->scenario, nth(p, type, i));
	}
	text_add(out, "\n");
}

static void lines(const struct term *t, struct text *out, const struct plan *p,
		  enum plan_op_type type, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		add_ok(t, out, p, type);
		words_op(out, p->scenario, nth(p, type, i));
		text_add(out, "\n");
	}
}

void up_view_plan(const struct term *t, struct text *out, const struct plan *p)
{
	static const struct {
		enum plan_op_type type;
		bool joined;	/* names only: they share a line */
	} kinds[] = {
		{ PLAN_NETNS, true },    { PLAN_BRIDGE, true },  { PLAN_CABLE, false },
		{ PLAN_ADDRESS, false }, { PLAN_ROUTE, false },  { PLAN_FORWARD, true },
		{ PLAN_MASQUERADE, false },
		{ PLAN_SERVER, false },  { PLAN_RELAY, false },
		{ PLAN_CLIENT, false },
	};

	for (size_t k = 0; k < ARRAY_SIZE(kinds); k++) {
		size_t n = count(p, kinds[k].type);

		if (n > UP_VIEW_LINES)
			summary(t, out, p, kinds[k].type, n);
		else if (n && kinds[k].joined)
			one_line(t, out, p, kinds[k].type, n);
		else
			lines(t, out, p, kinds[k].type, n);
	}
}

void up_view_messages(const struct term *t, struct text *out, const struct trace_log *log,
		      size_t n_more, const char *more)
{
	struct view view = term_view(t);
	size_t messages = 0;

	view_fit_names(&view, log);
	for (size_t i = 0; i < log->n; i++) {
		if (log->event[i].kind != TRACE_MESSAGE)
			continue;
		if (messages++ == 0)
			text_add(out, "\n");
		view_timeline(&view, &log->event[i], out);
	}
	if (n_more)
		text_add(out, "   ... %zu more: %s\n", n_more, more);
}

static bool is_bound(const json_t *client)
{
	return strcmp(object_string(client, "state"), "BOUND") == 0;
}

static void add_client(struct text *out, const char *label, const json_t *client,
		       uint64_t total_us)
{
	const json_t *t1 = json_object_get(client, "t1_in");
	char buf[DURATION_LEN];

	text_add(out, "%s is BOUND to %s/%.0f", label, object_string(client, "address"),
		 object_number(client, "prefix_length"));
	text_add(out, "   (");
	if (total_us)
		text_add(out, "up in %.3fs; ", (double)total_us / 1e6);
	if (json_is_number(t1))
		/* Whole seconds, rounded down a moment after T1 was set: the begun one counts. */
		text_add(out, "renews in %s)\n",
			 duration_format(((uint64_t)json_number_value(t1) + 1) * 1000000, buf));
	else
		text_add(out, "for ever)\n");
}

size_t up_view_count_clients(const struct scenario *s)
{
	size_t n = 0;

	for (size_t i = 0; i < s->n_ifaces; i++)
		n += s->ifaces[i].client != NULL;
	return n;
}

void up_view_clients(struct text *out, const struct scenario *s, const json_t *clients,
		     size_t bound, uint64_t total_us)
{
	size_t n = up_view_count_clients(s);

	if (clients) {
		bound = 0;
		for (size_t i = 0; i < s->n_ifaces; i++)
			bound += is_bound(json_object_get(clients, s->ifaces[i].label));
	}
	text_add(out, "\n");
	if (!n) {
		text_add(out, "%s is up   (in %.3fs)\n", s->name, (double)total_us / 1e6);
		return;
	}
	if (n > UP_VIEW_LINES) {
		text_add(out, "%zu of %zu clients are BOUND   (up in %.3fs)\n", bound, n,
			 (double)total_us / 1e6);
		return;
	}
	for (size_t i = 0; i < s->n_ifaces; i++) {
		const char *label = s->ifaces[i].label;
		const json_t *client = json_object_get(clients, label);

		if (is_bound(client))
			add_client(out, label, client, n == 1 ? total_us : 0);
		else if (s->ifaces[i].client && s->ifaces[i].client->goes_without)
			text_add(out, "%s has no lease, as is expected of it\n", label);
	}
	if (n > 1)
		text_add(out, "%zu of %zu clients are BOUND   (up in %.3fs)\n", bound, n,
			 (double)total_us / 1e6);
}
