/* SPDX-License-Identifier: MIT */
#include <argp.h>
#include <errno.h>
#include <string.h>

#include "cli/judge.h"
#include "cli/number.h"
#include "cli/out.h"
#include "cli/session.h"
#include "cli/stop.h"
#include "cli/term.h"
#include "cli/verb.h"
#include "config.h"
#include "sys/clock.h"
#include "sys/fd.h"
#include "sys/packet.h"

#define RETRY_US 100000

/**
 * struct check - the verb's options and its findings
 * @word: the words of the command line: perhaps a LAB, then NAMEs
 * @judged: one for each expectation of the scenario; @wanted: whether it is asked for
 */
struct check {
	struct term term;
	bool json;
	uint64_t wait_us;
	char **word;
	size_t n_words;
	struct session session;
	struct trace_log log;
	struct judgement *judged;
	bool *wanted;
};

struct tally {
	size_t passed, failed, skipped;
	unsigned int points, of;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct check *c = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &c->term;
		return 0;
	case 'j':
		c->json = true;
		return 0;
	case 'w':
		c->wait_us = number_time(arg, "--wait", state);
		return 0;
	case ARGP_KEY_ARGS:
		c->word = &state->argv[state->next];
		c->n_words = (size_t)(state->argc - state->next);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option options[] = {
	{ "json", 'j', NULL, 0, "as JSON, schema netlab.check/1", 0 },
	{ "wait", 'w', "S", 0, "try again for up to S seconds until all are met", 0 },
	{ 0 },
};

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "[LAB] [NAME...]",
	.children = term_children,
	.doc = "Judge a lab's expectations, or the named ones, with evidence and hints.\v"
	       "Exit status: 0 all are met, 1 one is not, 6 there was nothing to judge.\n"
	       "Example: " PROGRAM_NAME " check --wait 5\n",
};

static json_t *op_client(void *ctx, size_t iface)
{
	struct check *c = ctx;

	return session_client(&c->session, iface);
}

static int op_netstate(void *ctx, size_t node, struct netstate *ret)
{
	struct check *c = ctx;

	return session_netstate(&c->session, node, ret, NULL);
}

static int op_ping(void *ctx, size_t node, uint32_t dst, uint64_t timeout_us, uint64_t *ret_rtt_us)
{
	struct check *c = ctx;
	cleanup_fd int sock = lab_socket(c->session.lab, node, LAB_SOCKET_PING, NULL);

	return sock < 0 ? sock : ping_once(sock, dst, 1, timeout_us, ret_rtt_us);
}

static const struct trace_log *op_log(void *ctx)
{
	struct check *c = ctx;

	return &c->log;
}

static const struct judge_ops ops = { op_client, op_netstate, op_ping, op_log };

static size_t find_expect(const struct scenario *s, const char *name)
{
	for (size_t i = 0; i < s->n_expects; i++) {
		if (strcmp(s->expects[i].name, name) == 0)
			return i;
	}
	return NONE;
}

/* The first word is a lab if one is called so; else it is an expectation's name already. */
static enum exit_status open_lab(struct check *c)
{
	struct lab_info cleanup_lab_info named = { 0 }, only = { 0 };
	const char *lab = NULL;

	/* A word that is no lab's may be an expectation's if there is a lab to have it. */
	if (c->n_words && (lab_find(c->word[0], &named, NULL) == 0 ||
			   lab_find(NULL, &only, NULL) < 0))
		lab = c->word[0];
	if (lab) {
		c->word++;
		c->n_words--;
	}
	return session_open(lab, &c->session);
}

static enum exit_status choose(struct check *c)
{
	const struct scenario *s = c->session.scenario;

	for (size_t i = 0; i < s->n_expects; i++)
		c->wanted[i] = c->n_words == 0;
	for (size_t w = 0; w < c->n_words; w++) {
		cleanup_free const char **names = NULL;
		size_t i = find_expect(s, c->word[w]);
		const char *near;

		if (i != NONE) {
			c->wanted[i] = true;
			continue;
		}
		names = calloc(s->n_expects + 1, sizeof(*names));
		for (size_t n = 0; names && n < s->n_expects; n++)
			names[n] = s->expects[n].name;
		if (names)
			names[s->n_expects] = s->name;
		near = names ? nearest(c->word[w], names, s->n_expects + 1) : NULL;
		return report(EXIT_USAGE,
			      "%s has no expectation \"%s\", nor is there a lab of that name%s%s%s",
			      s->name, c->word[w], near ? "; did you mean \"" : "",
			      near ? near : "", near ? "\"?" : "");
	}
	return EXIT_OK;
}

static enum exit_status refresh(struct check *c)
{
	struct error err = { 0 };

	json_decref(c->session.status);
	c->session.status = NULL;
	if (lab_status(c->session.lab, &c->session.status, &err) < 0)
		return report_error(&err);
	trace_log_done(&c->log);
	c->log = (struct trace_log){ 0 };
	if (lab_events(&c->session.info, &c->log, &err) < 0)
		return report_error(&err);
	return EXIT_OK;
}

static struct tally judge_all(struct check *c)
{
	const struct scenario *s = c->session.scenario;
	struct tally t = { 0 };

	for (size_t i = 0; i < s->n_expects; i++) {
		if (!c->wanted[i])
			continue;
		/* What was met once stays met: waiting is for the others. */
		if (c->judged[i].result != JUDGE_PASS)
			judge(s, &s->expects[i], &ops, c, &c->judged[i]);
		t.passed += c->judged[i].result == JUDGE_PASS;
		t.failed += c->judged[i].result == JUDGE_FAIL;
		t.skipped += c->judged[i].result == JUDGE_SKIP;
		t.points += c->judged[i].result == JUDGE_PASS ? s->expects[i].points : 0;
		t.of += c->judged[i].result != JUDGE_SKIP ? s->expects[i].points : 0;
	}
	return t;
}

static const char *hint(const struct scn_expect *e, const struct judgement *j)
{
	return j->result == JUDGE_FAIL ? e->hint : "";
}

static void print_one(const struct check *c, struct text *out, size_t i, size_t width)
{
	static const char *const words[] = {
		[JUDGE_PASS] = "ok", [JUDGE_FAIL] = "FAIL", [JUDGE_SKIP] = "skip",
	};
	const struct scn_expect *e = &c->session.scenario->expects[i];
	const struct judgement *j = &c->judged[i];
	struct text cleanup_text line = { 0 };
	const char *word = words[j->result];

	text_add(&line, "%-*s  %s", (int)width, e->name, j->evidence);
	text_pad(&line, 66);
	text_add(&line, "  %u/%u", j->result == JUDGE_PASS ? e->points : 0, e->points);
	text_add(out, "  ");
	term_paint(&c->term, out, j->result == JUDGE_FAIL ? TONE_BAD : TONE_GOOD, word);
	text_add(out, "%*s%s\n", 6 - (int)strlen(word), "", line.str ? line.str : "");
	if (hint(e, j)[0])
		text_add(out, "        hint: %s\n", e->hint);
}

static enum exit_status print(const struct check *c, const struct tally *t)
{
	const struct scenario *s = c->session.scenario;
	struct text cleanup_text out = { 0 };
	size_t width = 5;

	for (size_t i = 0; i < s->n_expects; i++)
		width = max_u64(width, strlen(s->expects[i].name));
	text_add(&out, "%s: ", s->name);
	text_count(&out, t->passed + t->failed + t->skipped, "expectation");
	text_add(&out, "\n");
	for (size_t i = 0; i < s->n_expects; i++) {
		if (c->wanted[i])
			print_one(c, &out, i, width);
	}
	text_add(&out, "%zu passed, %zu failed", t->passed, t->failed);
	if (t->skipped)
		text_add(&out, ", %zu skipped", t->skipped);
	text_add(&out, "; %u of ", t->points);
	text_count(&out, t->of, "point");
	text_add(&out, "\n");
	return out_text(&out);
}

static enum exit_status print_json(const struct check *c, const struct tally *t)
{
	const struct scenario *s = c->session.scenario;
	json_t *results = json_array();

	for (size_t i = 0; i < s->n_expects; i++) {
		const struct scn_expect *e = &s->expects[i];
		const struct judgement *j = &c->judged[i];

		if (!c->wanted[i])
			continue;
		json_array_append_new(results, json_pack(
			"{s:s, s:s, s:s, s:s, s:I, s:I}", "name", e->name, "result",
			judge_result_name(j->result), "evidence", j->evidence, "hint", hint(e, j),
			"points", (json_int_t)(j->result == JUDGE_PASS ? e->points : 0),
			"of", (json_int_t)e->points));
	}
	return out_json(json_pack("{s:s, s:s, s:I, s:I, s:I, s:I, s:I, s:o}", "schema",
				  "netlab.check/1", "lab", s->name, "passed",
				  (json_int_t)t->passed, "failed", (json_int_t)t->failed,
				  "skipped", (json_int_t)t->skipped,
				  "points", (json_int_t)t->points, "of", (json_int_t)t->of,
				  "results", results));
}

static enum exit_status judge_until(struct check *c, struct tally *ret)
{
	uint64_t end = clock_us() + c->wait_us;
	enum exit_status status;

	for (;;) {
		status = refresh(c);
		if (status)
			return status;
		*ret = judge_all(c);
		if (!ret->failed || clock_us() >= end)
			return EXIT_OK;
		if (stop_wanted())
			return EXIT_INTERRUPTED;
		clock_sleep_us(RETRY_US);
	}
}

static int check(struct check *c)
{
	const struct scenario *s;
	struct tally t = { 0 };
	enum exit_status status;

	status = open_lab(c);
	if (status)
		return (int)status;
	s = c->session.scenario;
	c->judged = calloc(s->n_expects + 1, sizeof(*c->judged));
	c->wanted = calloc(s->n_expects + 1, sizeof(*c->wanted));
	if (!c->judged || !c->wanted)
		return report_no_memory();
	for (size_t i = 0; i < s->n_expects; i++)
		c->judged[i].result = JUDGE_SKIP;

	status = choose(c);
	if (!status)
		status = session_connect(&c->session);
	if (!status)
		status = judge_until(c, &t);
	if (status)
		return (int)status;

	status = c->json ? print_json(c, &t) : print(c, &t);
	if (status)
		return (int)status;
	if (t.failed)
		return EXIT_FAILED;
	return t.passed ? EXIT_OK : EXIT_NOTHING;
}

int verb_check(int argc, char **argv)
{
	struct check c = { 0 };
	int status;

	argp_parse(&argp, argc, argv, 0, NULL, &c);
	term_decide(&c.term);
	if (c.wait_us)
		stop_catch();
	status = check(&c);
	session_done(&c.session);
	trace_log_done(&c.log);
	free(c.judged);
	free(c.wanted);
	return status;
}
