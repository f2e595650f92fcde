/* SPDX-License-Identifier: MIT */
/* reset.c - `reset`: everything of this user's labs goes, also what does not answer any more. */
#include <argp.h>
#include <stdio.h>
#include <string.h>

#include "cli/down.h"
#include "cli/out.h"
#include "cli/verb.h"
#include "config.h"

struct reset {
	struct term term;
	bool yes;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct reset *r = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &r->term;
		return 0;
	case 'y':
		r->yes = true;
		return 0;
	case ARGP_KEY_ARG:
		argp_error(state, "\"%s\": reset removes all labs; for one: %s down %s", arg,
			   PROGRAM_NAME, arg);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option options[] = {
	{ "yes", 'y', NULL, 0, "do not ask", 0 },
	{ 0 },
};

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.children = term_children,
	.doc = "List everything that your labs have left on this machine, those that run and "
	       "those that died, ask, and remove it. A lab that does not answer is ended by "
	       "force. Other people's labs, and what no lab has made, are left alone.\v"
	       "Exit status: 0 nothing is left; 2 not asked, for want of a terminal (--yes); 5 "
	       "something could not be removed.\n"
	       "Example: " PROGRAM_NAME " reset\n",
};

static const char *what_it_is(const struct lab_info *i)
{
	if (i->alive)
		return "is up";
	if (i->stale)
		return "is from before this machine was started";
	return "has lost its monitor";
}

static enum exit_status list(const struct lab_info *labs, int n)
{
	struct text cleanup_text out = { 0 };

	for (int i = 0; i < n; i++)
		text_add(&out, "%s %s (%s)\n", labs[i].name, what_it_is(&labs[i]), labs[i].dir);
	if (n == 0)
		text_add(&out, "no lab has left anything\n");
	return out_text(&out);
}

/* Asked first; who is alive and does not go is ended. */
static enum exit_status remove_lab(const struct reset *r, const struct lab_info *info)
{
	enum exit_status status = take_down(info, &r->term, true);
	struct error err = { 0 };

	if (status != EXIT_CONFLICT || !info->alive)
		return status;
	if (lab_kill(info, &err) < 0)
		return report_error(&err);
	report(EXIT_OK, "%s was ended by force", info->name);
	return take_down(info, &r->term, false);
}

static enum exit_status reset(const struct reset *r, const struct lab_info *labs, int n)
{
	enum exit_status status = list(labs, n);

	if (status || n == 0)
		return status;
	fflush(stdout);
	if (!r->yes && !term_can_ask())
		return report(EXIT_USAGE, "nothing was touched: say --yes");
	if (!r->yes && !term_ask("remove all of it?")) {
		printf("nothing was touched\n");
		return EXIT_OK;
	}
	for (int i = 0; i < n; i++) {
		enum exit_status one = remove_lab(r, &labs[i]);

		status = status ? status : one;
	}
	return status;
}

int verb_reset(int argc, char **argv)
{
	struct lab_info *labs = NULL;
	struct error err = { 0 };
	enum exit_status status;
	struct reset r = { 0 };
	int n;

	argp_parse(&argp, argc, argv, 0, NULL, &r);
	term_decide(&r.term);
	n = lab_list(&labs, &err);
	if (n < 0)
		return (int)report_error(&err);
	status = reset(&r, labs, n);
	lab_list_free(labs, (size_t)n);
	return (int)status;
}
