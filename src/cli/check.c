/* SPDX-License-Identifier: MIT */
#include <argp.h>
#include <errno.h>
#include <string.h>

#include "cli/answers.h"
#include "cli/judge_lab.h"
#include "cli/number.h"
#include "cli/out.h"
#include "cli/stop.h"
#include "cli/term.h"
#include "cli/verb.h"
#include "config.h"
#include "sys/clock.h"

#define RETRY_US 100000

/**
 * struct check - the verb's options and its findings
 * @word: the words of the command line: perhaps a LAB, then NAMEs and TASK=ANSWERs
 * @answers: what was answered before
 */
struct check {
	struct term term;
	bool json;
	const char *junit;
	uint64_t wait_us;
	char **word;
	size_t n_words;
	struct session session;
	struct lab_court court;
	struct findings findings;
	char *answers;
};

enum { OPT_JUNIT = 256 };

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
	case OPT_JUNIT:
		c->junit = arg;
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
	{ "junit", OPT_JUNIT, "FILE", 0, "also as a JUnit report in FILE", 0 },
	{ "wait", 'w', "S", 0, "try again for up to S seconds until all are met", 0 },
	{ 0 },
};

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "[LAB] [NAME...] [TASK=ANSWER...]",
	.children = term_children,
	.doc = "Judge a lab's expectations, or the named ones, with evidence and hints. "
	       "TASK=ANSWER answers a question of the lab; the answer is kept until the lab goes "
	       "down.\v"
	       "Exit status: 0 all are met, 1 one is not, 6 there was nothing to judge.\n"
	       "Example: " PROGRAM_NAME " check --wait 5\n",
};

/* The first word is a lab if one is called so; else it is an expectation's name already. */
static enum exit_status open_lab(struct check *c)
{
	struct lab_info cleanup_lab_info named = { 0 }, only = { 0 };
	const char *lab = NULL;

	/* A word that is no lab's may be an expectation's if there is a lab to have it. */
	if (c->n_words && !strchr(c->word[0], '=') &&
	    (lab_find(c->word[0], &named, NULL) == 0 || lab_find(NULL, &only, NULL) < 0))
		lab = c->word[0];
	if (lab) {
		c->word++;
		c->n_words--;
	}
	return session_open(lab, &c->session);
}

/* TASK=ANSWER. */
static enum exit_status take_answer(struct check *c, char *word)
{
	char *answer = strchr(word, '=');
	struct finding *one;

	*answer++ = '\0';
	one = findings_find(&c->findings, word);
	if (!one)
		return EXIT_USAGE;
	if (!one->task)
		return report(EXIT_USAGE, "%s is an expectation, not a question: it has no answer",
			      word);
	one->wanted = true;
	one->answer = answer;
	return answers_add(&c->session.info, word, answer);
}

/* All, or what the command line names. */
static enum exit_status choose(struct check *c)
{
	struct findings *f = &c->findings;
	enum exit_status status = answers_read(&c->session.info, f, &c->answers);

	for (size_t i = 0; i < f->n; i++)
		f->all[i].wanted = c->n_words == 0;
	for (size_t w = 0; !status && w < c->n_words; w++) {
		struct finding *one;

		if (strchr(c->word[w], '=')) {
			status = take_answer(c, c->word[w]);
			continue;
		}
		one = findings_find(f, c->word[w]);
		if (!one)
			return EXIT_USAGE;
		one->wanted = true;
	}
	return status;
}

static enum exit_status judge_until(struct check *c)
{
	uint64_t end = clock_us() + c->wait_us;
	enum exit_status status;

	for (;;) {
		status = lab_court_refresh(&c->court);
		if (status)
			return status;
		findings_judge(&c->findings, SCN_PHASE_END, &lab_judge_ops, &c->court);
		if (!c->findings.failed || clock_us() >= end)
			return EXIT_OK;
		if (stop_wanted())
			return EXIT_INTERRUPTED;
		clock_sleep_us(RETRY_US);
	}
}

static enum exit_status check(struct check *c)
{
	enum exit_status status = open_lab(c);

	if (status)
		return status;
	if (findings_new(c->session.scenario, &c->findings) < 0)
		return report_no_memory();
	status = choose(c);
	if (!status)
		status = session_connect(&c->session);
	if (status)
		return status;
	c->court.session = &c->session;
	status = judge_until(c);
	if (!status && c->junit)
		status = findings_write_junit(&c->findings, c->junit);
	if (!status)
		status = c->json ? findings_print_json(&c->findings)
				 : findings_print(&c->findings, &c->term);
	return status ? status : findings_status(&c->findings);
}

int verb_check(int argc, char **argv)
{
	struct check c = { 0 };
	enum exit_status status;

	argp_parse(&argp, argc, argv, 0, NULL, &c);
	term_decide(&c.term);
	if (c.wait_us)
		stop_catch();
	status = check(&c);
	lab_court_done(&c.court);
	findings_done(&c.findings);
	free(c.answers);
	session_done(&c.session);
	return (int)status;
}
