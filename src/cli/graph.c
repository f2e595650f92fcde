/* SPDX-License-Identifier: MIT */
/* graph.c - `graph`: a lab with the addresses that it has now, or a scenario, as a drawing. */
#include <argp.h>
#include <errno.h>
#include <string.h>

#include "cli/out.h"
#include "cli/scenario_file.h"
#include "cli/session.h"
#include "cli/term.h"
#include "cli/verb.h"
#include "config.h"
#include "scenario/graph.h"

static const char *const forms[] = {
	[GRAPH_TEXT] = "text",
	[GRAPH_DOT] = "dot",
	[GRAPH_MERMAID] = "mermaid",
	[GRAPH_SVG] = "svg",
};

struct graph_verb {
	struct term term;
	enum graph_form form;
	const char *what;
};

static void set_form(struct graph_verb *v, const char *arg, struct argp_state *state)
{
	const char *near = nearest(arg, forms, ARRAY_SIZE(forms));

	for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
		if (strcmp(arg, forms[i]) == 0) {
			v->form = (enum graph_form)i;
			return;
		}
	}
	if (near)
		argp_error(state, "no form \"%s\"; did you mean \"%s\"?", arg, near);
	argp_error(state, "--format wants text, dot, mermaid or svg, not \"%s\"", arg);
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct graph_verb *v = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &v->term;
		return 0;
	case 'f':
		set_form(v, arg, state);
		return 0;
	case ARGP_KEY_ARG:
		if (state->arg_num > 0)
			argp_error(state, "one LAB or SCENARIO at a time, not also \"%s\"", arg);
		v->what = arg;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option options[] = {
	{ "format", 'f', "FORM", 0, "text, dot, mermaid or svg (text)", 0 },
	{ 0 },
};

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "[LAB|SCENARIO]",
	.children = term_children,
	.doc = "Draw a lab that is up, with the addresses that its clients have now, or a "
	       "scenario.\v"
	       "Example: " PROGRAM_NAME " graph dhcptest --format svg >dhcptest.svg\n",
};

/* What a client has leased. */
static const char *note(void *ctx, size_t iface)
{
	const char *address = object_string(session_client(ctx, iface), "address");

	return address[0] ? address : NULL;
}

static enum exit_status draw(const struct graph_verb *v, const struct scenario *s,
			     struct session *lab)
{
	struct graph_options opt = { .unicode = v->term.unicode };
	struct text cleanup_text out = { 0 };

	if (lab) {
		opt.note = note;
		opt.ctx = lab;
	}
	if (graph_draw(s, v->form, &opt, &out) < 0)
		return report_no_memory();
	return out_raw(&out);
}

static enum exit_status draw_lab(const struct graph_verb *v)
{
	struct session cleanup_session s = { 0 };
	enum exit_status status = session_open(v->what, &s);

	if (!status)
		status = session_connect(&s);
	return status ? status : draw(v, s.scenario, &s);
}

int verb_graph(int argc, char **argv)
{
	struct scenario_file cleanup_scenario_file file = { 0 };
	struct lab_info cleanup_lab_info info = { 0 };
	cleanup_scenario struct scenario *s = NULL;
	struct scenario_options opt = { 0 };
	struct graph_verb v = { 0 };
	enum exit_status status;

	argp_parse(&argp, argc, argv, 0, NULL, &v);
	term_decide(&v.term);
	if (!v.what || lab_find(v.what, &info, NULL) == 0)
		return (int)draw_lab(&v);
	status = scenario_file_read(v.what, &file);
	if (!status)
		status = scenario_file_parse(&file, &opt, &s);
	return (int)(status ? status : draw(&v, s, NULL));
}
