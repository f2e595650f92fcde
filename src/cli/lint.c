/* SPDX-License-Identifier: MIT */
#include <argp.h>

#include "cli/out.h"
#include "cli/scenario_file.h"
#include "cli/verb.h"
#include "config.h"
#include "scenario/plan.h"

struct lint {
	size_t files, wrong;
	enum exit_status worst;
};

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
	if (!status) {
		printf("%s: ok\n", f.path);
		return;
	}
	l->wrong++;
	if (!l->worst)
		l->worst = status;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	if (key == ARGP_KEY_ARG) {
		lint_one(state->input, arg);
		return 0;
	}
	if (key == ARGP_KEY_NO_ARGS)
		argp_error(state, "which FILE?");
	return ARGP_ERR_UNKNOWN;
}

static const struct argp argp = {
	.parser = parse,
	.args_doc = "FILE...",
	.doc = "Check scenario files: grammar, names, addresses, pools, cables. Nothing is "
	       "touched. All errors of a file come in one go, as FILE:LINE:COL.\v"
	       "Exit status: 0 all are right, 3 one is wrong, 2 there is no such scenario.\n"
	       "Example: " PROGRAM_NAME " lint dhcptest\n",
};

int verb_lint(int argc, char **argv)
{
	struct lint l = { 0 };

	argp_parse(&argp, argc, argv, 0, NULL, &l);
	return (int)l.worst;
}
