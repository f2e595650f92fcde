/* SPDX-License-Identifier: MIT */
/* agent_time.c - what a user wants of the lab's clock, and what must follow it. */
#include <errno.h>

#include "base/text.h"
#include "lab/agent_address.h"
#include "lab/agent_private.h"
#include "sys/clock.h"

/*
 * veth pairs and bridges deliver before sendto() returns. The kernel may put
 * it off under load, so nothing must have come for a moment before the clock
 * moves on: else a retransmission would overtake its own answer.
 */
#define QUIET_US 200
#define GUEST_US 250000		/* a program that is asked needs its turn of the processor */
#define SLICE_US 500000		/* of real time: who waits for a long jump shall see it move */

/* The kernel counts real seconds: it hears how many are left by the new clock. */
void retime_all(struct agent *a)
{
	for (size_t i = 0; i < a->n_machines; i++)
		if (a->machines[i].node.kind == NODE_CLIENT)
			address_retime(&a->machines[i]);
}

static uint64_t moment_of(const struct dhcp_client *c, enum lab_moment moment)
{
	switch (moment) {
	case LAB_MOMENT_T1:
		return c->t1;
	case LAB_MOMENT_T2:
		return c->t2;
	case LAB_MOMENT_EXPIRY:
		return c->expires;
	}
	return DHCP_NEVER;
}

/* The first such moment that is still to come. */
static uint64_t find_moment(const struct agent *a, const struct lab_time_wish *wish)
{
	uint64_t now = agent_now(a), first = DHCP_NEVER;

	for (size_t i = 0; i < a->n_machines; i++) {
		const struct machine *m = &a->machines[i];
		uint64_t then;

		if (!m->has_lease || (wish->iface != LAB_ANY && wish->iface != m->iface))
			continue;
		then = moment_of(&m->node.client, wish->moment);
		if (then > now)
			first = min_u64(first, then);
	}
	return first;
}

static void arm_quiet(struct agent *a)
{
	struct timeval tv = { .tv_usec = guest_is_awaited(a) ? GUEST_US : QUIET_US };

	a->is_quiet = false;
	event_add(&a->quiet_timer, &tv);
}

static int go_to(struct agent *a, uint64_t to)
{
	a->slice_end = clock_us() + SLICE_US;
	lab_time_jump(&a->time, to);
	arm_quiet(a);
	return -EINPROGRESS;
}

static int jump(struct agent *a, uint64_t to)
{
	char by[DURATION_LEN];

	a->asked = 0;
	agent_note(a, "time jumps by %s", duration_format(to - agent_now(a), by));
	return go_to(a, to);
}

static int jump_until(struct agent *a, const struct lab_time_wish *wish, struct error *err)
{
	uint64_t to = find_moment(a, wish);

	if (to == DHCP_NEVER)
		return error_set(err, -ENOENT, "no lease has that still before it");
	return jump(a, to);
}

static int go_on(struct agent *a)
{
	retime_all(a);
	if (a->time.paused)
		agent_note(a, "time stands still");
	else if (a->time.speed == 1.0)
		agent_note(a, "time goes on");
	else
		agent_note(a, "time goes on, %g times as fast", a->time.speed);
	return 1;
}

int agent_time(struct agent *a, const struct agent_message *wish, struct error *err)
{
	const struct lab_time_wish *t = &wish->time;

	switch (t->op) {
	case LAB_TIME_PAUSE:
		lab_time_pause(&a->time);
		return go_on(a);
	case LAB_TIME_RESUME:
		if (a->step.on)
			return error_set(err, -EBUSY, "the lab goes step by step: q in `netlab "
					 "step` ends that");
		lab_time_resume(&a->time);
		return go_on(a);
	case LAB_TIME_SPEED:
		lab_time_set_speed(&a->time, t->speed);
		return go_on(a);
	case LAB_TIME_FORWARD:
		return jump(a, agent_now(a) + t->us);
	case LAB_TIME_UNTIL:
		return jump_until(a, t, err);
	case LAB_TIME_TO:
		return go_to(a, max_u64(t->us, agent_now(a)));
	}
	return error_set(err, -EINVAL, "not a wish about time");
}

void agent_time_step(struct agent *a)
{
	struct error none = { 0 };
	int there = 1;
	bool quiet = a->is_quiet && !a->was_busy && a->unanswered == 0;

	if (!a->time.jumping)
		return;
	a->was_busy = false;
	if (quiet)
		guest_give_up(a);
	if (!quiet || lab_time_step(&a->time)) {
		if (clock_us() < a->slice_end) {
			arm_quiet(a);
			return;
		}
		there = 0;
		lab_time_stay(&a->time);
	}
	retime_all(a);
	monitor_wish_done(a, there, &none);
}
