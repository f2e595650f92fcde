/* SPDX-License-Identifier: MIT */
/*
 * agent_step.c - the lab, message by message: what netlab's own machines send
 * is held before it is on its cable (and before a fault strikes it), while the
 * clock stands. Each wish is answered when what follows from it has happened.
 */
#include <errno.h>
#include <string.h>

#include "lab/agent_private.h"
#include "sys/clock.h"

/* As for a jump (agent_time.c), and longer: only a user is waiting. */
#define QUIET_US 3000
#define SLICE_US 500000
/* Programs of others are processes of their own, and may think about it. */
#define GUESTS_QUIET_US 100000

static void on_due(void *ctx)
{
	struct agent *a = ctx;

	step_queue_wake(&a->step.queue, agent_now(a));
	lab_timer_set(&a->step.timer, step_queue_due(&a->step.queue));
	if (!a->step.on)
		step_release_all(a);
}

void step_init(struct agent *a)
{
	lab_timer_init(&a->step.timer, &a->time, on_due, a);
	a->step.on = a->setup->step;
	a->step.guests = a->setup->step && guest_is_possible(a);
}

bool step_holds(struct machine *m, const struct dhcp_send *s)
{
	struct agent *a = m->agent;
	struct dhcp_send copy;

	if (!a->step.on || a->stopping)
		return false;
	copy = *s;
	return step_make_lasting(a->scenario, &copy) &&
	       step_queue_add(&a->step.queue, m->iface, &copy) == 0;
}

static void release(struct agent *a, const struct step_held *h)
{
	struct machine *m = a->machine_of[h->iface];
	int r;

	if (!m)
		r = guest_let_go(a, h);
	else if (m->node.kind == NODE_RELAY)
		r = relay_let_go(m, &h->send);
	else
		r = machine_let_go(m, &h->send);
	if (r < 0)
		agent_note(a, "%s: the message that was held can not be sent: %s",
			   a->scenario->ifaces[h->iface].label, strerror(-r));
}

void step_release_all(struct agent *a)
{
	struct step_held h;

	while (step_queue_take(&a->step.queue, 1, &h) == 0)
		release(a, &h);
}

/* Into the log, as a fault: the user has done it to the message. */
static void tell(struct agent *a, const struct step_command *c)
{
	const struct step_held *h = step_queue_at(&a->step.queue, c->pos);
	cleanup_event struct trace_event e = { 0 };
	char text[STEP_TEXT_MAX];

	step_describe(c, h->send.type, text);
	if (trace_event_make(TRACE_FAULT, a->scenario->ifaces[h->iface].label, text, NULL,
			     &e) == 0)
		agent_event(a, &e);
}

static int begin(struct agent *a)
{
	struct stepping *st = &a->step;

	if (st->on)
		return 0;
	st->on = true;
	lab_time_pause(&a->time);
	retime_all(a);
	agent_note(a, "step: time stands still, and each message is held");
	return 0;
}

static int end(struct agent *a)
{
	struct stepping *st = &a->step;

	if (!st->on)
		return 0;
	st->on = false;
	step_forget(a);
	agent_note(a, "step: all goes on");
	lab_time_resume(&a->time);
	retime_all(a);
	step_release_all(a);
	return 0;
}

static int next(struct agent *a, uint32_t pos)
{
	struct step_held h;

	a->step.seeking = step_queue_take(&a->step.queue, pos, &h) < 0;
	if (!a->step.seeking)
		release(a, &h);
	return 0;
}

static int apply(struct agent *a, const struct step_command *c)
{
	int r;

	tell(a, c);
	r = step_queue_apply(&a->step.queue, c, agent_now(a));
	lab_timer_set(&a->step.timer, step_queue_due(&a->step.queue));
	return r;
}

static int take_step(struct agent *a, const struct step_command *c)
{
	switch (c->op) {
	case STEP_HOLD:
		return begin(a);
	case STEP_NEXT:
		return next(a, c->pos);
	case STEP_DROP:
	case STEP_COPY:
	case STEP_DELAY:
	case STEP_EDIT:
		return apply(a, c);
	case STEP_BACK:
		return step_go_back(a);
	case STEP_QUIT:
		return end(a);
	case STEP_RUN:
	case STEP_SHOW:
	case STEP_HELP:
		break;
	}
	return -EINVAL;
}

static int check(const struct agent *a, const struct step_command *c, struct error *err)
{
	if (!a->step.on && c->op != STEP_HOLD && c->op != STEP_QUIT)
		return error_set(err, -EBUSY, "no message is held here: step begins with hold");
	return step_check(&a->step.queue, c, a->step.n_past, err);
}

static void arm_quiet(struct agent *a)
{
	struct timeval tv = { .tv_usec = a->step.guests ? GUESTS_QUIET_US : QUIET_US };

	a->is_quiet = false;
	event_add(&a->quiet_timer, &tv);
}

int agent_step(struct agent *a, const struct step_command *c, struct error *err)
{
	int r = check(a, c, err);

	if (r < 0)
		return r;
	if (step_can_be_undone(c->op)) {
		r = step_remember(a);
		if (r < 0)
			return error_set(err, r, "there is no memory left to come back to this");
	}
	a->step.seeking = false;
	r = take_step(a, c);
	if (r < 0)
		return error_set(err, r, "this step can not be done: %s", strerror(-r));
	a->step.waiting = true;
	a->was_busy = true;
	a->step.slice_end = clock_us() + SLICE_US;
	arm_quiet(a);
	return -EINPROGRESS;
}

static void answer(struct agent *a, int taken, const struct error *err)
{
	a->step.waiting = false;
	monitor_wish_done(a, taken, err);
}

/* Nothing is held: the next timer, whatever it is for. */
static void seek(struct agent *a)
{
	uint64_t then = lab_time_next(&a->time);
	struct error err = { 0 };

	/* What others wait for nobody knows. */
	if (then == UINT64_MAX && a->step.guests) {
		answer(a, 1, &err);
		return;
	}
	if (then == UINT64_MAX) {
		error_set(&err, -ENOENT, "nothing is held, and no machine waits for anything: "
			  "nothing more will happen");
		answer(a, 0, &err);
		return;
	}
	lab_time_jump(&a->time, then);
	lab_time_step(&a->time);
	lab_time_stay(&a->time);
	arm_quiet(a);
}

void step_turn(struct agent *a)
{
	bool quiet = a->is_quiet && !a->was_busy && a->unanswered == 0;
	bool is_late = clock_us() > a->step.slice_end;
	struct error none = { 0 };

	if (!a->step.waiting)
		return;
	if (!quiet) {
		if (a->is_quiet || a->was_busy)
			arm_quiet(a);
		a->was_busy = false;
		return;
	}
	if (!a->step.seeking || step_queue_count(&a->step.queue) > 0)
		answer(a, 1, &none);
	else if (is_late)
		answer(a, 0, &none);
	else
		seek(a);
}
