/* SPDX-License-Identifier: MIT */
/* step.c - `step`: a lab that is up, message by message. */
#include "cli/step.h"

#include <argp.h>
#include <stdio.h>
#include <string.h>

#include "cli/out.h"
#include "cli/session.h"
#include "cli/stepper.h"
#include "cli/verb.h"
#include "config.h"

/* A lab that is gone through; its log is read as it grows. */
struct stepping_lab {
	struct session session;
	struct lab_log log;
	json_t *status;
};

static enum exit_status read_log(struct stepper *s)
{
	struct stepping_lab *l = s->ctx;

	for (;;) {
		struct trace_event e = { 0 };
		struct error err = { 0 };
		enum exit_status status;
		int r = lab_log_next(&l->log, &e, &err);

		if (r <= 0)
			return r < 0 ? report_error(&err) : EXIT_OK;
		status = stepper_event(s, &e);
		if (status)
			return status;
	}
}

/* Where time goes far, the answer comes before it is there. */
static enum exit_status act(struct stepper *s, const struct step_command *c, const char *line)
{
	struct stepping_lab *l = s->ctx;
	struct lab_wish_report r = { 0 };
	enum exit_status status;

	do {
		struct error err = { 0 };

		if (lab_step(l->session.lab, line, &r, &err) < 0)
			return report_error(&err);
		status = read_log(s);
	} while (!status && !r.taken);
	return status;
}

static int digit(char c)
{
	return c <= '9' ? c - '0' : c - 'a' + 10;
}

static int add_held(struct step_scene *scene, const json_t *held)
{
	const char *hex = object_string(held, "frame");
	size_t len = strlen(hex) / 2;
	uint8_t frame[FRAME_MAX];

	for (size_t i = 0; i < len && i < sizeof(frame); i++)
		frame[i] = (uint8_t)(digit(hex[2 * i]) << 4 | digit(hex[2 * i + 1]));
	return step_scene_add(scene, object_string(held, "at"), object_string(held, "to"), frame,
			      len);
}

static enum exit_status look(struct stepper *s, struct step_scene *ret)
{
	struct stepping_lab *l = s->ctx;
	const json_t *step, *next, *held;
	struct error err = { 0 };
	json_t *status;
	size_t i;

	if (lab_status(l->session.lab, &status, &err) < 0)
		return report_error(&err);
	json_decref(l->status);
	l->status = status;
	step = json_object_get(status, "step");
	next = json_object_get(step, "next_in");
	ret->now = (uint64_t)(object_number(status, "seconds") * 1e6 + 0.5);
	ret->next_in = json_is_number(next) ? (uint64_t)(json_number_value(next) * 1e6 + 0.5)
					    : DHCP_NEVER;
	ret->back = (size_t)object_number(step, "back");
	json_array_foreach(json_object_get(step, "held"), i, held)
		if (add_held(ret, held) < 0)
			return report(EXIT_CANNOT, "a message that is held can not be shown");
	return EXIT_OK;
}

static int is_so(struct stepper *s, const struct step_until *u)
{
	const struct stepping_lab *l = s->ctx;
	const char *label;
	json_t *client;
	int found = -1;

	json_object_foreach(json_object_get(l->status, "clients"), label, client) {
		const char *state = object_string(client, "state");
		struct step_until here = *u;

		str_copy(here.state, sizeof(here.state), state);
		if (!step_until_state(&here, label, state))
			continue;
		if (step_until_state(u, label, state))
			return 1;
		found = 0;
	}
	return found;
}

static const struct stepper_ops ops = { .act = act, .look = look, .is_so = is_so };

static void lab_done(struct stepping_lab *l)
{
	json_decref(l->status);
	lab_log_done(&l->log);
	session_done(&l->session);
}

/* What was in the log before is known, and shown by `trace`. */
static enum exit_status open_lab(struct stepper *s, const char *name, const struct term *term)
{
	struct stepping_lab *l = s->ctx;
	struct error err = { 0 };
	enum exit_status status = session_open(name, &l->session);

	if (!status)
		status = session_reach(&l->session);
	if (status)
		return status;
	if (lab_log_open(&l->session.info, &l->log, &err) < 0)
		return report_error(&err);
	s->name = l->session.info.name;
	s->view = term_view(term);
	s->silent = true;
	status = read_log(s);
	s->silent = false;
	return status ? status : stepper_act(s, "hold");
}

enum exit_status step_first(const char *lab, const struct term *term)
{
	struct stepping_lab l = { .log = LAB_LOG_CLOSED };
	struct stepper s = { .ops = &ops, .ctx = &l };
	enum exit_status status = open_lab(&s, lab, term);

	if (!status && s.scene.held.n == 0 && s.scene.next_in != DHCP_NEVER)
		status = stepper_act(&s, "next");
	if (!status)
		status = stepper_show(&s);
	stepper_done(&s);
	lab_done(&l);
	return status;
}

struct step_verb {
	struct term term;
	const char *lab;
	bool has_until;
	struct step_until until;
};

enum { OPT_UNTIL = 256 };

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct step_verb *v = state->input;
	struct error err = { 0 };

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &v->term;
		return 0;
	case OPT_UNTIL:
		v->has_until = true;
		if (step_parse_until(arg, &v->until, &err) < 0)
			argp_error(state, "--until: %s", err.text);
		return 0;
	case ARGP_KEY_ARG:
		if (state->arg_num > 0)
			argp_error(state, "one LAB at a time, not also \"%s\"", arg);
		v->lab = arg;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option options[] = {
	{ "until", OPT_UNTIL, "ACK|NODE=BOUND", 0,
	  "let messages go until one of this type is held, or a client is in that state", 0 },
	{ 0 },
};

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "[LAB]",
	.children = term_children,
	.doc = "Go through a lab message by message. Lab time stands still; each DHCP message of "
	       PROGRAM_NAME "'s own machines is held before it is on the cable, and shown with "
	       "the reason for it. Then it is let go, dropped, copied, delayed or edited; or the "
	       "whole lab goes back one step.\n\n"
	       "Commands come from standard input, one a line. Without any, one message is let "
	       "go. The lab stays as it is when this ends; only q lets it go on. "
	       PROGRAM_NAME " up --step starts a lab so.\v"
	       "Commands:\n"
	       "  Enter, n [N]         let it go (the N-th of several); if nothing is held, time "
	       "goes on to the next message\n"
	       "  d [N]                drop it\n"
	       "  c [N]                copy it: it is sent twice\n"
	       "  y TIME [N]           delay it by TIME of lab time\n"
	       "  e FIELD VALUE        edit it: e yiaddr 10.0.0.99\n"
	       "  e option CODE VALUE  e option 51 60; e option router - takes it out\n"
	       "  s [N]                show every field, why, and the bytes\n"
	       "  r [ACK|NODE=BOUND]   run on\n"
	       "  b                    back one step\n"
	       "  q                    quit: all goes on\n\n"
	       "Example: " PROGRAM_NAME " step --until ACK\n",
};

static enum exit_status run(struct step_verb *v, struct stepper *s)
{
	enum exit_status status = open_lab(s, v->lab, &v->term);

	if (status)
		return status;
	if (!v->has_until)
		return stepper_talk(s);
	status = stepper_until(s, &v->until);
	return status ? status : stepper_show(s);
}

int verb_step(int argc, char **argv)
{
	struct stepping_lab l = { .log = LAB_LOG_CLOSED };
	struct stepper s = { .ops = &ops, .ctx = &l };
	struct step_verb v = { 0 };
	enum exit_status status;

	argp_parse(&argp, argc, argv, 0, NULL, &v);
	term_decide(&v.term);
	status = run(&v, &s);
	stepper_done(&s);
	lab_done(&l);
	return (int)status;
}
