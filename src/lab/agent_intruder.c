/* SPDX-License-Identifier: MIT */
/*
 * agent_intruder.c - who sends what he should not (node/intruder.h), at his end of a
 * wire. There is room for some from the start, since a timer is for as long as the lab.
 */
#include <errno.h>
#include <string.h>

#include "lab/agent_private.h"

static void tell(struct agent *a, size_t iface, const char *text)
{
	cleanup_event struct trace_event e = { 0 };

	if (text[0] && trace_event_make(TRACE_FAULT, a->scenario->ifaces[iface].label, text, NULL,
					&e) == 0)
		agent_event(a, &e);
}

static void say(struct seat *s, const struct intruder_frame *f)
{
	if (f->len > 0) {
		capture_drain_all(s->agent);	/* in the log the cause comes first */
		wire_inject(s->agent, s->who.iface, f->data, f->len);
	}
	tell(s->agent, s->who.iface, f->text);
	lab_timer_set(&s->timer, intruder_next(&s->who));
}

static void on_due(void *ctx)
{
	struct seat *s = ctx;
	struct intruder_frame f = { 0 };

	if (intruder_next(&s->who) <= agent_now(s->agent))
		intruder_due(&s->who, agent_now(s->agent), &f);
	say(s, &f);
}

void intruders_hear(struct agent *a, size_t iface, const void *data, size_t len)
{
	for (size_t i = 0; i < a->n_seats; i++) {
		struct seat *s = &a->seats[i];
		struct intruder_frame f;

		if (!s->who.scenario || s->who.iface != iface)
			continue;
		intruder_hear(&s->who, agent_now(a), data, len, &f);
		say(s, &f);
	}
}

int intruder_add(struct agent *a, const struct scn_fault *f)
{
	for (size_t i = 0; i < a->n_seats; i++) {
		struct seat *s = &a->seats[i];
		int r;

		if (s->who.scenario)
			continue;
		r = intruder_init(&s->who, a->scenario, f);
		if (r == 0)
			lab_timer_set(&s->timer, intruder_next(&s->who));
		return r;
	}
	return -ENOSPC;
}

size_t intruders_clear(struct agent *a)
{
	size_t n = 0;

	for (size_t i = 0; i < a->n_seats; i++) {
		struct seat *s = &a->seats[i];

		if (!s->who.scenario)
			continue;
		intruder_done(&s->who);
		lab_timer_set(&s->timer, UINT64_MAX);
		n++;
	}
	return n;
}

const struct intruder *intruder_find(const struct agent *a, const char *name)
{
	for (size_t i = 0; i < a->n_seats; i++)
		if (a->seats[i].who.scenario && strcmp(a->seats[i].who.fault.name, name) == 0)
			return &a->seats[i].who;
	return NULL;
}

int intruders_save(const struct agent *a, struct intruder **ret)
{
	struct intruder *saved = calloc(a->n_seats + 1, sizeof(*saved));

	if (!saved)
		return -ENOMEM;
	for (size_t i = 0; i < a->n_seats; i++)
		if (intruder_copy(&a->seats[i].who, &saved[i]) < 0) {
			intruders_free(saved, i);
			return -ENOMEM;
		}
	*ret = saved;
	return 0;
}

/* Their timers are set back with all the others. */
void intruders_restore(struct agent *a, struct intruder *was)
{
	for (size_t i = 0; i < a->n_seats; i++) {
		intruder_done(&a->seats[i].who);
		a->seats[i].who = was[i];
	}
	free(was);
}

void intruders_free(struct intruder *saved, size_t n)
{
	for (size_t i = 0; saved && i < n; i++)
		intruder_done(&saved[i]);
	free(saved);
}

int intruders_init(struct agent *a)
{
	const struct scenario *s = a->scenario;
	int r = 0;

	a->n_seats = s->n_faults + LIVE_INTRUDERS_MAX;
	a->seats = calloc(a->n_seats, sizeof(*a->seats));
	if (!a->seats)
		return -ENOMEM;
	for (size_t i = 0; i < a->n_seats; i++) {
		a->seats[i].agent = a;
		lab_timer_init(&a->seats[i].timer, &a->time, on_due, &a->seats[i]);
	}
	for (size_t i = 0; r == 0 && i < s->n_faults; i++)
		if (scn_fault_sends(s->faults[i].kind))
			r = intruder_add(a, &s->faults[i]);
	return r;
}
