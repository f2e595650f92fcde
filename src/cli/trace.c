/* SPDX-License-Identifier: MIT */
#include <argp.h>
#include <string.h>

#include "cli/diagram.h"
#include "cli/follow.h"
#include "cli/number.h"
#include "cli/out.h"
#include "cli/pick.h"
#include "cli/place.h"
#include "cli/stop.h"
#include "cli/story_page.h"
#include "cli/term.h"
#include "cli/verb.h"
#include "config.h"
#include "frame/frame.h"
#include "trace/hex.h"

/**
 * struct trace - what is wanted, and how far we are
 * @max: events, or messages with --explain; 0: all of them
 * @read: @shown: events so far
 * @frame: of the message that was read last
 */
struct trace {
	struct term term;
	struct pick pick;
	const char *lab, *html;
	bool live, json, explain, hex;
	struct diagram diagram;
	uint64_t max, read, shown;
	struct view view;
	struct trace_log log;
	struct pcapng_packet frame;
};

enum { OPT_HTML = 256 };

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct trace *t = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &t->term;
		state->child_inputs[1] = &t->pick;
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
		diagram_parse(&t->diagram, arg, state);
		return 0;
	case 'x':
		t->hex = true;
		return 0;
	case 'e':
		t->explain = true;
		return 0;
	case OPT_HTML:
		t->html = arg;
		return 0;
	case ARGP_KEY_ARG:
		if (state->arg_num > 0)
			argp_error(state, "one LAB at a time, not also \"%s\"", arg);
		t->lab = arg;
		return 0;
	case ARGP_KEY_END:
		if ((t->diagram.wanted || t->explain) && (t->json || t->live))
			argp_error(state, "--diagram and --explain go neither with --json nor with "
				   "--follow");
		if (t->diagram.wanted && (t->explain || t->hex))
			argp_error(state, "--diagram goes neither with --explain nor with -x");
		if (t->json && t->hex)
			argp_error(state, "--json does not go with -x");
		if (t->html && (t->diagram.wanted || t->explain || t->json || t->live || t->hex ||
				t->max))
			argp_error(state, "--html has all of it: no other option goes with it");
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
	{ "hex", 'x', NULL, 0, "the bytes of each message, with the field under each", 0 },
	{ "html", OPT_HTML, "FILE", 0, "all of it as one page for a browser; - is standard output",
	  0 },
	{ "diagram", 'd', "text|mermaid|svg", 0, "the messages as a sequence diagram", 0 },
	{ 0 },
};

static const struct argp_child children[] = {
	{ &term_argp, 0, NULL, 0 },
	{ &pick_argp, 0, NULL, 0 },
	{ 0 },
};

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "[LAB]",
	.children = children,
	.doc = "What happened in a lab: every message on its cables, every transition of its "
	       "machines, every message that one ignored and why, every address that came and "
	       "went.\v"
	       "Example: " PROGRAM_NAME " trace -n 12\n",
};

/* The DHCP message in the frame, if the capture has it. */
static void add_hex(const struct trace *t, struct text *out)
{
	struct frame f;

	if (t->frame.len && frame_decode(t->frame.data, t->frame.len, true, &f) == 0 &&
	    f.kind == FRAME_UDP)
		view_hex(out, f.payload, f.payload_len);
}

/* @i: of the event in the log, which may have grown since it was read. */
static bool add_event(const struct trace *t, const struct trace_event *e, uint64_t i,
		      struct text *out)
{
	if (t->json)
		return trace_event_to_json(e, out) == 0;
	if (!t->explain) {
		view_timeline(&t->view, e, out);
		return true;
	}
	if (t->shown > 1)
		text_add(out, "\n");
	view_explain(&t->view, &t->log, i, out);
	return true;
}

static enum exit_status print(void *ctx, const struct trace_event *e)
{
	struct text cleanup_text out = { 0 };
	struct trace *t = ctx;
	uint64_t i = t->read++;

	if (!pick_wants(&t->pick, e) ||
	    (t->explain && (e->kind != TRACE_MESSAGE || i >= t->log.n)))
		return EXIT_OK;
	t->shown++;
	if (!add_event(t, e, i, &out))
		return report_no_memory();
	if (t->hex && e->kind == TRACE_MESSAGE)
		add_hex(t, &out);
	return t->json ? out_raw(&out) : out_text(&out);
}

static bool has_enough(void *ctx)
{
	const struct trace *t = ctx;

	return t->max && t->shown >= t->max;
}

/* The log, without what is not wanted. */
static enum exit_status diagram(struct trace *t)
{
	size_t n = 0;

	for (size_t i = 0; i < t->log.n; i++) {
		struct trace_event e = t->log.event[i];

		if (!pick_wants(&t->pick, &e) || (t->max && n >= t->max))
			trace_event_done(&e);
		else
			t->log.event[n++] = e;
	}
	t->log.n = n;
	return diagram_show(&t->diagram, &t->view, &t->log);
}

static enum exit_status page(const struct trace *t)
{
	struct session cleanup_session s = { 0 };
	enum exit_status status = session_open(t->lab, &s);

	return status ? status : story_page_write(&s, t->html);
}

/* A client may be named by its MAC address; else by a node of the lab. */
static enum exit_status check_node(const struct trace *t, const struct lab_info *info)
{
	struct scenario *s = NULL;
	struct error err = { 0 };
	enum exit_status status;
	uint8_t mac[6];

	if (!t->pick.node || mac_parse(t->pick.node, mac) == 0)
		return EXIT_OK;
	if (lab_scenario(info, &s, &err) < 0)
		return report_error(&err);
	status = place_check(s, t->pick.node);
	scenario_free(s);
	return status;
}

static enum exit_status trace(struct trace *t)
{
	const struct follow f = {
		.live = t->live, .ctx = t, .event = print, .enough = has_enough,
		.frame = &t->frame,
	};
	struct lab_info cleanup_lab_info info = { 0 };
	struct error err = { 0 };
	enum exit_status status;

	if (lab_find(t->lab, &info, &err) < 0)
		return report_error(&err);
	status = check_node(t, &info);
	if (status)
		return status;
	if (t->json)
		return follow_log(&info, &f);

	/* Its names so far decide how wide the columns are. */
	if (lab_events(&info, &t->log, &err) < 0)
		return report_error(&err);
	t->view = term_view(&t->term);
	view_fit_names(&t->view, &t->log);
	if (t->diagram.wanted)
		return diagram(t);
	status = follow_log(&info, &f);
	if (!status && t->explain && t->shown == 0)
		puts("no messages yet");
	return status;
}

int verb_trace(int argc, char **argv)
{
	struct trace t = { 0 };
	enum exit_status status;

	argp_parse(&argp, argc, argv, 0, NULL, &t);
	term_decide(&t.term);
	if (t.live)
		stop_catch();
	status = t.html ? page(&t) : trace(&t);
	trace_log_done(&t.log);
	return (int)status;
}
