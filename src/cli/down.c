/* SPDX-License-Identifier: MIT */
#include "cli/down.h"

#include <argp.h>
#include <errno.h>
#include <string.h>

#include "cli/out.h"
#include "cli/verb.h"
#include "config.h"

/* More releases than this are counted, not listed. */
#define LIST_MAX 12

struct down {
	struct term term;
	const char *lab;
	bool all, wait, yes;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct down *d = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &d->term;
		return 0;
	case 'a':
		d->all = true;
		return 0;
	case 'w':
		d->wait = true;
		return 0;
	case 'y':
		d->yes = true;
		return 0;
	case ARGP_KEY_ARG:
		if (d->lab)
			argp_error(state, "one LAB at a time, or --all");
		d->lab = arg;
		return 0;
	case ARGP_KEY_END:
		if (d->lab && d->all)
			argp_error(state, "either \"%s\" or --all", d->lab);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option options[] = {
	{ "all", 'a', NULL, 0, "all of your labs; asks first on a terminal", 0 },
	{ "wait", 'w', NULL, 0, "return when the kernel is done with it, too", 0 },
	{ "yes", 'y', NULL, 0, "do not ask", 0 },
	{ 0 },
};

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "[LAB|--all]",
	.children = term_children,
	.doc = "Stop a lab and remove what its state file says it made, and nothing else. To do it "
	       "twice is fine. LAB may be left out where only one is up.\v"
	       "Exit status: 0 nothing of it is left; 5 something could not be removed.\n"
	       "Example: " PROGRAM_NAME " down --wait\n",
};

static void add_ok(const struct term *term, struct text *out, const char *what)
{
	text_add(out, "  ");
	term_paint(term, out, TONE_GOOD, "ok");
	text_add(out, "  %s ", what);
}

static void tell(const struct term *term, const char *lab, const struct lab_down_report *r,
		 struct text *out)
{
	if (r->n_released > LIST_MAX)
		text_add(out, "%s: %zu clients released their addresses\n", lab, r->n_released);
	for (size_t i = 0; r->n_released <= LIST_MAX && i < r->n_released; i++) {
		const char *space = strchr(r->released[i], ' ');
		int len = space ? (int)(space - r->released[i]) : (int)strlen(r->released[i]);

		text_add(out, "%s: %.*s released%s\n", lab, len, r->released[i],
			 space ? space : " its address");
	}
	if (r->servers || r->clients) {
		add_ok(term, out, "stopped");
		if (r->servers)
			text_count(out, r->servers, "server");
		if (r->servers && r->clients)
			text_add(out, ", ");
		if (r->clients)
			text_count(out, r->clients, "client");
		text_add(out, "\n");
	}
	add_ok(term, out, "removed");
	text_count(out, r->namespaces, "namespace");
	text_add(out, ", ");
	text_count(out, r->cables, "cable");
	text_add(out, "\n");
	if (!r->n_kept)
		text_add(out, "nothing of %s is left on this machine\n", lab);
}

enum exit_status take_down(const struct lab_info *info, const struct term *term, bool wait)
{
	struct lab_down_report cleanup_down_report r = { 0 };
	struct text cleanup_text out = { 0 };
	struct error err = { 0 };
	enum exit_status status;
	int code;

	code = lab_stop(info, wait, &r, &err);
	if (code < 0 && !r.n_kept)
		return report_error(&err);
	tell(term, info->name, &r, &out);
	status = out_text(&out);
	for (size_t i = 0; i < r.n_kept; i++)
		report(EXIT_CONFLICT, "%s: %s", info->name, r.kept[i]);
	return r.n_kept ? EXIT_CONFLICT : status;
}

static enum exit_status down_all(const struct down *d)
{
	struct text cleanup_text question = { 0 };
	enum exit_status status = EXIT_OK;
	struct lab_info *labs = NULL;
	struct error err = { 0 };
	int n = lab_list(&labs, &err);

	if (n < 0)
		return report_error(&err);
	if (!n)
		printf("no lab is up\n");
	text_add(&question, "take down ");
	for (int i = 0; i < n; i++)
		text_add(&question, "%s%s", i ? ", " : "", labs[i].name);
	text_add(&question, "?");

	if (n && !d->yes && term_can_ask() && !term_ask(question.str ? question.str : "all?"))
		goto untouched;
	for (int i = 0; i < n; i++) {
		enum exit_status one = take_down(&labs[i], &d->term, d->wait);

		status = status ? status : one;
	}
	lab_list_free(labs, (size_t)n);
	return status;

untouched:
	lab_list_free(labs, (size_t)n);
	printf("nothing was touched\n");
	return EXIT_OK;
}

/*
 * A lab that is not there is down already, unless the name looks like a slip
 * for one that is.
 */
static enum exit_status not_up(const char *name, const struct error *why)
{
	cleanup_free const char **names = NULL;
	struct lab_info *labs = NULL;
	const char *near = NULL;
	int n = lab_list(&labs, NULL);

	if (n > 0)
		names = calloc((size_t)n, sizeof(*names));
	for (int i = 0; names && i < n; i++)
		names[i] = labs[i].name;
	if (names && name)
		near = nearest(name, names, (size_t)n);
	if (n >= 0)
		lab_list_free(labs, (size_t)n);
	if (near)
		return report_error(why);
	if (name)
		printf("%s is not up\n", name);
	else
		printf("no lab is up\n");
	return EXIT_OK;
}

int verb_down(int argc, char **argv)
{
	struct lab_info cleanup_lab_info info = { 0 };
	struct error err = { 0 };
	struct down d = { 0 };
	int r;

	argp_parse(&argp, argc, argv, 0, NULL, &d);
	term_decide(&d.term);
	if (d.all)
		return down_all(&d);

	r = lab_find(d.lab, &info, &err);
	if (r == -ENOENT)
		return not_up(d.lab, &err);
	if (r < 0)
		return report_error(&err);
	return take_down(&info, &d.term, d.wait);
}
