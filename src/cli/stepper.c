/* SPDX-License-Identifier: MIT */
#include "cli/stepper.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/out.h"
#include "trace/hex.h"

#define RUN_MAX 10000	/* messages that `run` lets go at most */

static const char prompt[] =
	"Enter: next, d drop, c copy, y delay, e edit, s show, r run, b back, q quit, h help> ";

int step_scene_add(struct step_scene *s, const char *at, const char *to, const void *frame,
		   size_t len)
{
	cleanup_event struct trace_event e = { 0 };
	struct dhcp_message m = { .type = DHCP_NO_TYPE };
	struct step_frame *more;
	struct frame f;
	int r;

	if (len > FRAME_MAX)
		return -EMSGSIZE;
	more = reallocarray(s->frame, s->held.n + 1, sizeof(*more));
	if (!more)
		return -ENOMEM;
	s->frame = more;
	more[s->held.n].len = len;
	memcpy(more[s->held.n].data, frame, len);
	r = frame_decode(frame, len, true, &f);
	/* What an edit has made unreadable is held all the same. */
	if (r == 0)
		(void)dhcp_message_decode(f.payload, f.payload_len, &m, NULL, NULL);
	if (r == 0)
		r = trace_event_message(&f, &m, &e);
	if (r < 0)
		return r;
	e.t = s->now;
	str_copy(e.msg.from, sizeof(e.msg.from), at);
	str_copy(e.msg.to, sizeof(e.msg.to), to);
	r = trace_log_add(&s->held, &e);
	if (r == 0)
		e = (struct trace_event){ 0 };
	return r;
}

void step_scene_done(struct step_scene *s)
{
	trace_log_done(&s->held);
	free(s->frame);
	*s = (struct step_scene){ 0 };
}

void stepper_done(struct stepper *s)
{
	step_scene_done(&s->scene);
	trace_log_done(&s->log);
}

enum exit_status stepper_event(struct stepper *s, struct trace_event *e)
{
	struct text cleanup_text out = { 0 };

	if (!s->silent)
		view_timeline(&s->view, e, &out);
	if (trace_log_add(&s->log, e) < 0) {
		trace_event_done(e);
		return report_no_memory();
	}
	return s->silent ? EXIT_OK : out_text(&out);
}

enum exit_status stepper_look(struct stepper *s)
{
	step_scene_done(&s->scene);
	view_fit_names(&s->view, &s->log);
	return s->ops->look(s, &s->scene);
}

/* Sees the held message as the next event of the log, so that its reason is found there. */
static void with_held(struct stepper *s, size_t i, struct text *out,
		      void (*view)(const struct view *v, const struct trace_log *log, size_t i,
				   struct text *out))
{
	struct trace_event *held = &s->scene.held.event[i];
	struct trace_log log = { .n = s->log.n + 1 };

	log.event = calloc(log.n, sizeof(*log.event));
	if (!log.event) {
		out->failed = true;
		return;
	}
	if (s->log.n)
		memcpy(log.event, s->log.event, s->log.n * sizeof(*log.event));
	held->n = s->log.n ? s->log.event[s->log.n - 1].n + 1 : 1;
	log.event[s->log.n] = *held;
	view(&s->view, &log, s->log.n, out);
	free(log.event);	/* what is in them is the stepper's */
}

static void add_nothing(const struct stepper *s, struct text *out)
{
	char in[DURATION_LEN];

	if (s->scene.next_in == DHCP_NEVER)
		text_add(out, "nothing is held, and no machine waits for anything\n");
	else
		text_add(out, "nothing is held; the next timer is due in %s (Enter goes on)\n",
			 duration_format(s->scene.next_in, in));
}

enum exit_status stepper_show(struct stepper *s)
{
	struct text cleanup_text out = { 0 };

	for (size_t i = 0; i < s->scene.held.n; i++) {
		text_add(&out, "[%zu] ", i + 1);
		view_timeline(&s->view, &s->scene.held.event[i], &out);
		if (i == 0)
			with_held(s, i, &out, view_why);
	}
	if (s->scene.held.n == 0)
		add_nothing(s, &out);
	return out_text(&out);
}

static enum exit_status show_at_length(struct stepper *s, size_t pos)
{
	struct text cleanup_text out = { 0 };
	const struct step_frame *f;

	if (pos > s->scene.held.n)
		return report(EXIT_USAGE, "there is no message %zu: %zu held", pos,
			      s->scene.held.n);
	f = &s->scene.frame[pos - 1];
	with_held(s, pos - 1, &out, view_explain);
	view_hex(&out, f->data + FRAME_UDP_OVERHEAD, f->len - FRAME_UDP_OVERHEAD);
	return out_text(&out);
}

enum exit_status stepper_act(struct stepper *s, const char *line)
{
	struct step_command c;
	struct error err = { 0 };
	enum exit_status status;

	if (step_parse(line, &c, &err) < 0)
		return report(EXIT_USAGE, "%s", err.text);
	status = s->ops->act(s, &c, line);
	return status ? status : stepper_look(s);
}

static bool holds(const struct stepper *s, uint8_t type)
{
	for (size_t i = 0; i < s->scene.held.n; i++)
		if (s->scene.held.event[i].msg.type == type)
			return true;
	return false;
}

static bool is_reached(struct stepper *s, const struct step_until *u)
{
	if (u->type)
		return holds(s, u->type);
	return u->place[0] ? s->ops->is_so(s, u) > 0 : s->scene.held.n == 0;
}

enum exit_status stepper_until(struct stepper *s, const struct step_until *u)
{
	enum exit_status status = EXIT_OK;

	if (u->place[0] && s->ops->is_so(s, u) < 0)
		return report(EXIT_USAGE, "%s has no client \"%s\"", s->name, u->place);
	for (int i = 0; !status && !is_reached(s, u); i++) {
		if (i == RUN_MAX)
			return report(EXIT_FAILED, "it is not so after %d messages", RUN_MAX);
		status = stepper_act(s, "next");
	}
	return status;
}

static enum exit_status carry_out(struct stepper *s, const char *line,
				  const struct step_command *c)
{
	enum exit_status status;

	switch (c->op) {
	case STEP_HELP:
		fputs(step_help, stdout);
		return EXIT_OK;
	case STEP_SHOW:
		return show_at_length(s, c->pos);
	case STEP_RUN:
		status = stepper_until(s, &c->until);
		break;
	case STEP_QUIT:
		return stepper_act(s, line);
	case STEP_NEXT:
		/* What came since from a program of others is seen before it goes. */
		if (s->scene.held.n == 0) {
			status = stepper_look(s);
			if (status || s->scene.held.n > 0)
				break;
		}
		status = stepper_act(s, line);
		break;
	case STEP_HOLD:
	case STEP_DROP:
	case STEP_COPY:
	case STEP_DELAY:
	case STEP_EDIT:
	case STEP_BACK:
	default:
		status = stepper_act(s, line);
	}
	return status ? status : stepper_show(s);
}

/* One line of the user's. True: he has had enough. */
static bool obey(struct stepper *s, char *line, enum exit_status *ret)
{
	struct step_command c;
	struct error err = { 0 };

	line[strcspn(line, "\n")] = '\0';
	if (step_parse(line, &c, &err) < 0)
		*ret = report(EXIT_USAGE, "%s", err.text);
	else
		*ret = carry_out(s, line, &c);
	return *ret == EXIT_OK && c.op == STEP_QUIT;
}

static void ask(bool is_asked)
{
	fflush(stdout);
	if (is_asked)
		fputs(prompt, stderr);
}

/* Nobody says anything: the next message goes, when there is one. */
static enum exit_status go_once(struct stepper *s)
{
	enum exit_status status = EXIT_OK;

	if (s->scene.held.n == 0)
		status = stepper_act(s, "next");
	if (!status && s->scene.held.n > 0)
		status = stepper_act(s, "next");
	return status ? status : stepper_show(s);
}

enum exit_status stepper_talk(struct stepper *s)
{
	enum exit_status status = EXIT_OK, worst = EXIT_OK;
	bool is_asked = term_can_ask(), quit = false;
	cleanup_free char *line = NULL;
	size_t size = 0, lines = 0;

	if (is_asked)
		stepper_show(s);
	for (ask(is_asked); !quit && getline(&line, &size, stdin) >= 0; lines++) {
		quit = obey(s, line, &status);
		worst = status ? status : worst;
		if (!quit)
			ask(is_asked);
	}
	if (lines == 0 && !is_asked)
		return go_once(s);
	if (is_asked && !quit)
		fputs("\n", stderr);
	/* Who makes a mistake at a prompt sees it, and goes on. */
	return is_asked ? EXIT_OK : worst;
}
