/* SPDX-License-Identifier: MIT */
#include <argp.h>
#include <errno.h>
#include <string.h>

#include "cli/follow.h"
#include "cli/number.h"
#include "cli/out.h"
#include "cli/stop.h"
#include "cli/term.h"
#include "cli/verb.h"
#include "config.h"
#include "trace/view.h"

struct trace {
	struct term term;
	const char *lab;
	bool live, json, diagram, explain;
	uint64_t max;
	struct view view;
	struct trace_log log;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct trace *t = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &t->term;
		return 0;
	case 'f':
		t->live = true;
		return 0;
	case 'j':
		t->json = true;
		return 0;
	case 'n':
		t->max = number_count(arg, "-n", state);
		return 0;
	case 'd':
		if (strcmp(arg, "text") != 0)
			argp_error(state, "--diagram is text, not \"%s\"", arg);
		t->diagram = true;
		return 0;
	case 'e':
		t->explain = true;
		return 0;
	case ARGP_KEY_ARG:
		if (state->arg_num > 0)
			argp_error(state, "one LAB at a time, not also \"%s\"", arg);
		t->lab = arg;
		return 0;
	case ARGP_KEY_END:
		if ((t->diagram || t->explain) && (t->json || t->live))
			argp_error(state, "--diagram and --explain go neither with --json nor with "
				   "--follow");
		if (t->diagram && t->explain)
			argp_error(state, "either --diagram or --explain");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option options[] = {
	{ "follow", 'f', NULL, 0, "go on until Ctrl-C, or until the lab is down", 0 },
	{ "number", 'n', "N", 0, "only the first N events, or messages with --explain", 0 },
	{ "json", 'j', NULL, 0, "one JSON object a line, schema netlab.event/1", 0 },
	{ "explain", 'e', NULL, 0, "each message at length: its options, and why it was sent", 0 },
	{ "diagram", 'd', "text", 0, "the messages as a sequence diagram", 0 },
	{ 0 },
};

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "[LAB]",
	.children = term_children,
	.doc = "What happened in a lab: every message on its cables, every transition of its "
	       "machines, every message that one ignored and why, every address that came and "
	       "went.\v"
	       "Example: " PROGRAM_NAME " trace -n 12\n",
};

static enum exit_status print_json(void *ctx, const struct trace_event *e)
{
	struct text cleanup_text out = { 0 };

	trace_event_to_json(e, &out);
	return out_text(&out);
}

static enum exit_status print_line(void *ctx, const struct trace_event *e)
{
	struct text cleanup_text out = { 0 };
	struct trace *t = ctx;

	view_timeline(&t->view, e, &out);
	return out_text(&out);
}

static enum exit_status diagram(struct trace *t)
{
	struct text cleanup_text out = { 0 };
	struct trace_log log = t->log;

	if (t->max && log.n > t->max)
		log.n = t->max;
	if (view_diagram(&t->view, &log, &out) < 0)
		return report_no_memory();
	return out_text(&out);
}

static enum exit_status explain(const struct trace *t)
{
	struct text cleanup_text out = { 0 };
	uint64_t n = 0;

	for (size_t i = 0; i < t->log.n && (!t->max || n < t->max); i++) {
		if (t->log.event[i].kind != TRACE_MESSAGE)
			continue;
		text_add(&out, "%s", n++ ? "\n" : "");
		view_explain(&t->view, &t->log, i, &out);
	}
	if (n == 0)
		text_add(&out, "no messages yet\n");
	return out_text(&out);
}

static enum exit_status trace(struct trace *t)
{
	struct follow f = { .max = t->max, .live = t->live, .ctx = t };
	struct lab_info cleanup_lab_info info = { 0 };
	struct error err = { 0 };

	if (lab_find(t->lab, &info, &err) < 0)
		return report_error(&err);
	f.event = t->json ? print_json : print_line;
	if (t->json)
		return follow_log(&info, &f);

	/* Its names so far decide how wide the columns are. */
	if (lab_events(&info, &t->log, &err) < 0)
		return report_error(&err);
	t->view = term_view(&t->term);
	view_fit_names(&t->view, &t->log);
	if (t->explain)
		return explain(t);
	return t->diagram ? diagram(t) : follow_log(&info, &f);
}

int verb_trace(int argc, char **argv)
{
	struct trace t = { 0 };
	enum exit_status status;

	argp_parse(&argp, argc, argv, 0, NULL, &t);
	term_decide(&t.term);
	if (t.live)
		stop_catch();
	status = trace(&t);
	trace_log_done(&t.log);
	return (int)status;
}
