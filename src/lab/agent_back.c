/* SPDX-License-Identifier: MIT */
/*
 * agent_back.c - steps taken back. Machines are plain values, so a copy of them
 * is a snapshot; with the messages on hold, the clock and all that waits for it,
 * it is the lab. The kernel's addresses follow. What stays is the log: it says
 * that it went back.
 *
 * Taken between two steps, when nothing is under way and the monitor owes no answer.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lab/agent_address.h"
#include "lab/agent_private.h"

#define PAST_MAX 256
#define PAST_BYTES_MAX (64u << 20)

/**
 * struct machine_past - of one machine
 * @journal: what a server had on record
 */
struct machine_past {
	struct node node;
	bool has_lease;
	uint64_t start_at;
	struct dhcp_config config;
	struct text journal;
};

/**
 * struct step_past - the lab before a step
 * @n_events: that were in the log
 * @timers: all of the clock's, in its order
 */
struct step_past {
	uint64_t n_events, now;
	size_t n_happened, n_machines, bytes;
	uint64_t *timers;
	struct machine_past *machine;
	struct step_queue queue;
	struct held *late;
	size_t late_bytes;
	struct faults faults;
	struct snoop snoop;
	struct intruder *intruders;
	size_t n_intruders;
};

static struct step_past *past_free(struct step_past *p)
{
	if (!p)
		return NULL;
	for (size_t i = 0; i < p->n_machines; i++) {
		node_done(&p->machine[i].node);
		text_done(&p->machine[i].journal);
	}
	free(p->machine);
	free(p->timers);
	intruders_free(p->intruders, p->n_intruders);
	step_queue_done(&p->queue);
	late_free(p->late);
	faults_done(&p->faults);
	snoop_done(&p->snoop);
	free(p);
	return NULL;
}

static void cleanup_pastp(struct step_past **p)
{
	past_free(*p);
}

static size_t machine_bytes(const struct machine_past *p)
{
	size_t bytes = sizeof(*p) + p->journal.size;

	return p->node.kind == NODE_SERVER ? bytes + dhcp_server_bytes(p->node.server) : bytes;
}

static int save_machine(struct machine *m, struct machine_past *ret)
{
	int r = node_copy(&m->node, &ret->node);

	if (r < 0)
		return r;
	ret->has_lease = m->has_lease;
	ret->start_at = m->start_at;
	ret->config = held_config(&m->pending);
	return m->node.persist ? journal_recall(m, &ret->journal) : 0;
}

static int save_machines(struct agent *a, struct step_past *p)
{
	p->machine = calloc(a->n_machines + 1, sizeof(*p->machine));
	if (!p->machine)
		return -ENOMEM;
	for (size_t i = 0; i < a->n_machines; i++) {
		int r = save_machine(&a->machines[i], &p->machine[i]);

		if (r < 0)
			return r;
		p->n_machines++;
		p->bytes += machine_bytes(&p->machine[i]);
	}
	return 0;
}

static int save(struct agent *a, struct step_past **ret)
{
	CLEANUP(cleanup_pastp) struct step_past *p = calloc(1, sizeof(*p));
	int r;

	if (!p)
		return -ENOMEM;
	p->n_events = recorder_settle(&a->recorder);
	p->now = agent_now(a);
	p->n_happened = a->n_happened;
	p->late_bytes = a->late.bytes;
	p->n_intruders = a->n_seats;
	r = save_machines(a, p);
	if (r == 0)
		r = lab_time_save(&a->time, &p->timers);
	if (r == 0)
		r = step_queue_copy(&a->step.queue, &p->queue);
	if (r == 0)
		r = late_copy(a->late.first, &p->late);
	if (r == 0)
		r = faults_copy(&a->faults, &p->faults);
	if (r == 0)
		r = snoop_copy(&a->snoop, &p->snoop);
	if (r == 0)
		r = intruders_save(a, &p->intruders);
	if (r < 0)
		return r;
	p->bytes += p->queue.n * sizeof(*p->queue.held) + p->late_bytes;
	*ret = TAKE_PTR(p);
	return 0;
}

static void forget_first(struct stepping *st)
{
	st->past_bytes -= st->past[0]->bytes;
	past_free(st->past[0]);
	st->n_past--;
	memmove(st->past, st->past + 1, st->n_past * sizeof(struct step_past *));
}

void step_forget(struct agent *a)
{
	while (a->step.n_past > 0)
		forget_first(&a->step);
}

int step_remember(struct agent *a)
{
	struct stepping *st = &a->step;
	struct step_past *p;
	int r;

	if (!st->past)
		st->past = calloc(PAST_MAX, sizeof(struct step_past *));
	if (!st->past)
		return -ENOMEM;
	r = save(a, &p);
	if (r < 0)
		return r;
	while (st->n_past == PAST_MAX ||
	       (st->n_past > 0 && st->past_bytes + p->bytes > PAST_BYTES_MAX))
		forget_first(st);
	st->past[st->n_past++] = p;
	st->past_bytes += p->bytes;
	return 0;
}

/* For who reads the log alone: the machine is where it was. */
static void tell_state(struct agent *a, const struct machine *m, const char *before)
{
	cleanup_event struct trace_event e = { 0 };
	const char *now = node_state(&m->node);

	if (strcmp(before, now) == 0 ||
	    trace_event_make(TRACE_STATE, m->node.label, TRACE_STEP_BACK, NULL, &e) < 0)
		return;
	str_copy(e.machine, sizeof(e.machine), "client");
	str_copy(e.from, sizeof(e.from), before);
	str_copy(e.to, sizeof(e.to), now);
	agent_event(a, &e);
}

static void restore_machine(struct agent *a, struct machine *m, struct machine_past *p)
{
	const char *before = node_state(&m->node);
	uint32_t link_local = m->has_link_local ? node_link_local(&m->node) : 0;
	struct node now = m->node;

	m->node = p->node;
	p->node = now;		/* freed with what it came from */
	m->start_at = p->start_at;
	tell_state(a, m, before);
	if (m->node.kind == NODE_CLIENT)
		address_put_back(m, p->has_lease ? &p->config : NULL, link_local);
	if (m->node.persist)
		journal_replace(m, &p->journal);
}

static void restore(struct agent *a, struct step_past *p)
{
	a->last_t = p->now;
	lab_time_restore(&a->time, p->now, p->timers);
	agent_note(a, "step: back to before #%llu", (unsigned long long)p->n_events + 1);
	a->n_happened = p->n_happened;
	step_queue_done(&a->step.queue);
	a->step.queue = p->queue;
	p->queue = (struct step_queue){ 0 };
	late_free(a->late.first);
	a->late.first = TAKE_PTR(p->late);
	a->late.bytes = p->late_bytes;
	faults_done(&a->faults);
	a->faults = p->faults;
	p->faults = (struct faults){ 0 };
	snoop_done(&a->snoop);
	a->snoop = p->snoop;
	p->snoop = (struct snoop){ 0 };
	intruders_restore(a, TAKE_PTR(p->intruders));
	for (size_t i = 0; i < p->n_machines; i++)
		restore_machine(a, &a->machines[i], &p->machine[i]);
}

int step_go_back(struct agent *a)
{
	struct stepping *st = &a->step;
	struct step_past *p = st->past[--st->n_past];

	st->past_bytes -= p->bytes;
	restore(a, p);
	past_free(p);
	return 0;
}
