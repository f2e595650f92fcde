/* SPDX-License-Identifier: MIT */
#include <argp.h>
#include <string.h>

#include "cli/judge_sim.h"
#include "cli/out.h"
#include "cli/scenario_file.h"
#include "cli/verb.h"
#include "config.h"
#include "scenario/plan.h"

struct lint {
	bool solution;
	size_t files, wrong;
	enum exit_status worst;
};

/* What is judged of a lab, as it stands or mended. */
struct trial {
	struct findings start, end;
};

static void trial_done(struct trial *t)
{
	findings_done(&t->start);
	findings_done(&t->end);
}

/* The first that failed, or NULL. */
static const struct finding *failed(const struct findings *f)
{
	for (size_t i = 0; i < f->n; i++) {
		if (f->all[i].found.result == JUDGE_FAIL)
			return &f->all[i];
	}
	return NULL;
}

static enum exit_status complain(const struct scenario *s, const struct finding *one,
				 const char *when)
{
	return report(EXIT_FAILED, "%s: %s, %s is not met: %s", s->name, when, one->name,
		      one->found.evidence);
}

/* As it stands it is what it promises, and fails its check if it has a solution. */
static enum exit_status prove_unsolved(const struct scenario *s, const struct trial *t)
{
	const struct finding *one = failed(&t->start);

	if (one)
		return complain(s, one, "at the start");
	one = failed(&t->end);
	if (s->n_solution && !one)
		return report(EXIT_FAILED, "%s passes its check without its Solution=: nothing in "
			      "it is broken", s->name);
	if (!s->n_solution && one)
		return complain(s, one, "as it stands and without a Solution=");
	if (!t->end.passed && !t->end.failed)
		return report(EXIT_NOTHING, "%s expects nothing that can be judged in virtual time",
			      s->name);
	return EXIT_OK;
}

static enum exit_status prove_solved(const struct scenario_file *f, const struct scenario *broken)
{
	CLEANUP(trial_done) struct trial t = { 0 };
	cleanup_scenario struct scenario *s = NULL;
	const struct scenario_options opt = {
		.set = (const char *const *)broken->solution,
		.n_set = broken->n_solution,
	};
	enum exit_status status = scenario_file_parse(f, &opt, &s);
	const struct finding *one;

	if (!status)
		status = sim_judge(s, 0, &t.start, &t.end);
	if (status)
		return status;
	one = failed(&t.end);
	return one ? complain(s, one, "with its Solution=") : EXIT_OK;
}

/* What was proved, and what was not: the questions. */
static void print_proof(const struct scenario_file *f, const struct scenario *s,
			const struct finding *one)
{
	if (one)
		printf("%s: ok; it fails %s as it stands, and passes with its Solution=", f->path,
		       one->name);
	else
		printf("%s: ok; it passes its check", f->path);
	if (s->n_tasks)
		printf("; %zu task%s skipped: nobody is there to answer", s->n_tasks,
		       s->n_tasks == 1 ? "" : "s");
	printf("\n");
}

static enum exit_status prove(const struct scenario_file *f, const struct scenario *s)
{
	CLEANUP(trial_done) struct trial t = { 0 };
	enum exit_status status = sim_judge(s, 0, &t.start, &t.end);

	if (!status)
		status = prove_unsolved(s, &t);
	if (!status && s->n_solution)
		status = prove_solved(f, s);
	if (status)
		return status;
	print_proof(f, s, failed(&t.end));
	return EXIT_OK;
}

static void lint_one(struct lint *l, const char *arg)
{
	struct scenario_file cleanup_scenario_file f = { 0 };
	cleanup_scenario struct scenario *s = NULL;
	struct scenario_options opt = { 0 };
	enum exit_status status;

	l->files++;
	status = scenario_file_read(arg, &f);
	if (!status)
		status = scenario_file_parse(&f, &opt, &s);
	if (!status && l->solution)
		status = prove(&f, s);
	else if (!status)
		printf("%s: ok\n", f.path);
	if (!status)
		return;
	l->wrong++;
	if (!l->worst)
		l->worst = status;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct lint *l = state->input;

	switch (key) {
	case 's':
		l->solution = true;
		return 0;
	case ARGP_KEY_ARGS:
		for (int i = state->next; i < state->argc; i++)
			lint_one(l, state->argv[i]);
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "which FILE?");
		return EINVAL;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option options[] = {
	{ "solution", 's', NULL, 0, "prove, in virtual time, that the lab fails its check as it "
	  "stands, and passes with its Solution=", 0 },
	{ 0 },
};

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "FILE...",
	.doc = "Check scenario files: grammar, names, addresses, pools, cables. Nothing is "
	       "touched. All errors of a file come in one go, as FILE:LINE:COL.\v"
	       "Exit status: 0 all are right, 3 one is wrong, 2 there is no such scenario. With "
	       "--solution also: 1 the proof failed, 6 there was nothing to judge.\n"
	       "Example: " PROGRAM_NAME " lint dhcptest\n",
};

int verb_lint(int argc, char **argv)
{
	struct lint l = { 0 };

	argp_parse(&argp, argc, argv, 0, NULL, &l);
	return (int)l.worst;
}
