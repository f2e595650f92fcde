/* SPDX-License-Identifier: MIT */
/* time.c - `time`: the clock of a lab, and what happens when it moves. */
#include <argp.h>
#include <stdlib.h>
#include <string.h>

#include "cli/number.h"
#include "cli/out.h"
#include "cli/place.h"
#include "cli/stop.h"
#include "cli/term.h"
#include "cli/verb.h"
#include "config.h"

#define WORDS_MAX 5

/**
 * struct timing - one wish about the clock
 * @words: @n of them, as they were typed
 * @lab: NULL: the only one; @place: whose lease, for `until`; NULL: the first of all
 * @target: its lab; its interface for `until`
 */
struct timing {
	struct term term;
	bool json;
	const char *words[WORDS_MAX];
	size_t n;
	const char *lab, *place;
	struct lab_time_wish wish;
	struct target target;
	struct view view;
};

static const char *const spec_words[] = { "pause", "resume", "speed", "until" };

static bool is_spec(const char *word)
{
	for (size_t i = 0; i < ARRAY_SIZE(spec_words); i++)
		if (strcmp(word, spec_words[i]) == 0)
			return true;
	return word[0] == '+';
}

static void set_moment(struct timing *t, const char *word, struct argp_state *state)
{
	int m = lab_moment(word);

	if (m < 0)
		argp_error(state, "until when? T1, T2 or expiry, not \"%s\"", word);
	else
		t->wish.moment = (enum lab_moment)m;
}

static void set_forward(struct timing *t, const char *word, struct argp_state *state)
{
	t->wish.op = LAB_TIME_FORWARD;
	t->wish.us = number_time(word + 1, "+", state);
	if (t->wish.us > LAB_FORWARD_MAX_US)
		argp_error(state, "%s is more than a hundred years", word);
}

static void unknown_spec(const char *word, struct argp_state *state)
{
	const char *near = nearest(word, spec_words, ARRAY_SIZE(spec_words));

	if (near)
		argp_error(state, "no \"%s\"; did you mean \"%s\"?", word, near);
	argp_error(state, "pause, resume, speed N, +TIME or until T1, not \"%s\"", word);
}

/* @words of SPEC, @n > 0 of them. */
static void parse_spec(struct timing *t, const char *const *words, size_t n,
		       struct argp_state *state)
{
	size_t wanted = 1;

	if (strcmp(words[0], "pause") == 0) {
		t->wish.op = LAB_TIME_PAUSE;
	} else if (strcmp(words[0], "resume") == 0) {
		t->wish.op = LAB_TIME_RESUME;
	} else if (words[0][0] == '+') {
		set_forward(t, words[0], state);
	} else if (n < 2) {
		argp_error(state, "%s what? See --help", words[0]);
	} else if (strcmp(words[0], "speed") == 0) {
		wanted = 2;
		t->wish.op = LAB_TIME_SPEED;
		t->wish.speed = number_speed(words[1], "speed", state);
	} else {
		wanted = n > 2 ? 3 : 2;
		t->wish.op = LAB_TIME_UNTIL;
		set_moment(t, words[1], state);
		t->place = n > 2 ? words[2] : NULL;
	}
	if (n > wanted)
		argp_error(state, "what is \"%s\" after that?", words[wanted]);
}

static void parse_words(struct timing *t, struct argp_state *state)
{
	size_t first = t->n > 0 && !is_spec(t->words[0]);

	if (t->n > first && is_spec(t->words[first])) {
		t->lab = first ? t->words[0] : NULL;
		parse_spec(t, t->words + first, t->n - first, state);
	} else if (t->n == 0) {
		argp_error(state, "pause, resume, speed N, +TIME or until T1?");
	} else {
		unknown_spec(t->words[t->n > 1], state);
	}
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct timing *t = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &t->term;
		return 0;
	case 'j':
		t->json = true;
		return 0;
	case ARGP_KEY_ARG:
		if (t->n == WORDS_MAX)
			argp_error(state, "what is \"%s\" after that?", arg);
		t->words[t->n++] = arg;
		return 0;
	case ARGP_KEY_END:
		parse_words(t, state);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option options[] = {
	{ "json", 'j', NULL, 0, "what happened: one JSON object a line, schema netlab.event/1", 0 },
	{ 0 },
};

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "[LAB] pause\n[LAB] resume\n[LAB] speed N\n[LAB] +TIME\n"
		    "[LAB] until T1|T2|expiry [NODE[:IF]]",
	.children = term_children,
	.doc = "The clock of the lab: let it stand still, run, run N times as fast; jump by TIME "
	       "(30min, 1d), or to the moment when a lease renews (T1), rebinds (T2) or "
	       "expires.\n\n"
	       "A jump leaves nothing out: every timer on the way runs in its order, and what "
	       "happened is shown. Messages go on being delivered while the clock stands. "
	       "Lifetimes that the kernel counts follow. Programs of others in the lab have a "
	       "clock of their own: they notice nothing.\v"
	       "Example: " PROGRAM_NAME " time until T1\n",
};

static enum exit_status open_lab(struct timing *t)
{
	cleanup_free char *place = NULL;
	enum exit_status status;

	t->wish.iface = LAB_ANY;
	if (!t->place)
		return session_open(t->lab, &t->target.session);
	if (asprintf(&place, "%s%s%s", t->lab ? t->lab : "", t->lab ? "/" : "", t->place) < 0)
		return report_no_memory();
	status = place_find(place, &t->target);
	if (status)
		return status;
	status = place_client(&t->target);
	if (status)
		target_done(&t->target);
	t->wish.iface = (uint32_t)t->target.iface;
	return status;
}

static enum exit_status show_event(const struct timing *t, const struct trace_event *e)
{
	struct text cleanup_text out = { 0 };

	if (t->json)
		trace_event_to_json(e, &out);
	else
		view_timeline(&t->view, e, &out);
	return out_text(&out);
}

static enum exit_status show(struct timing *t, const struct lab_wish_report *r)
{
	struct trace_log cleanup_trace_log log = { 0 };
	struct error err = { 0 };
	enum exit_status status = EXIT_OK;

	if (lab_events(&t->target.session.info, &log, &err) < 0)
		return report_error(&err);
	view_fit_names(&t->view, &log);
	for (size_t i = 0; i < log.n && !status; i++)
		if (log.event[i].n >= r->first && log.event[i].n <= r->last)
			status = show_event(t, &log.event[i]);
	fflush(stdout);
	return status;
}

static bool is_jump(const struct lab_time_wish *w)
{
	return w->op == LAB_TIME_FORWARD || w->op == LAB_TIME_UNTIL || w->op == LAB_TIME_TO;
}

/* A long jump comes back now and then, and is sent on. */
static enum exit_status carry_out(struct timing *t)
{
	struct lab_wish_report r = { 0 };
	struct error err = { 0 };
	enum exit_status status;

	do {
		if (lab_time(t->target.session.lab, &t->wish, &r, &err) < 0)
			return report_error(&err);
		status = show(t, &r);
		if (status)
			return status;
		if (stop_wanted())
			return EXIT_INTERRUPTED;
		t->wish.op = is_jump(&t->wish) ? LAB_TIME_TO : t->wish.op;
		t->wish.us = r.to;
	} while (!r.taken);
	return EXIT_OK;
}

/* How the clock is now, for people. */
static enum exit_status show_clock(struct timing *t)
{
	struct session *s = &t->target.session;
	struct error err = { 0 };
	char now[DURATION_LEN];
	json_t *status;
	double speed;

	if (lab_status(s->lab, &status, &err) < 0)
		return report_error(&err);
	speed = object_number(status, "speed");
	printf("%s: lab time is %s, ", s->info.name,
	       duration_format((uint64_t)(object_number(status, "seconds") * 1e6), now));
	if (json_is_true(json_object_get(status, "paused")))
		printf("and stands still (%s time resume)\n", PROGRAM_NAME);
	else if (speed == 1.0)
		printf("and runs as fast as any clock\n");
	else
		printf("and runs %g times as fast as other clocks\n", speed);
	json_decref(status);
	return EXIT_OK;
}

static enum exit_status run(struct timing *t)
{
	enum exit_status status = session_reach(&t->target.session);

	if (!status)
		status = carry_out(t);
	if ((!status || status == EXIT_INTERRUPTED) && !t->json)
		show_clock(t);
	return status;
}

int verb_time(int argc, char **argv)
{
	struct timing t = { 0 };
	enum exit_status status;

	argp_parse(&argp, argc, argv, 0, NULL, &t);
	term_decide(&t.term);
	t.view = term_view(&t.term);
	stop_catch();
	status = open_lab(&t);
	if (status)
		return (int)status;
	status = run(&t);
	target_done(&t.target);
	return (int)status;
}
