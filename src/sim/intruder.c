/* SPDX-License-Identifier: MIT */
/* intruder.c - who sends what he should not, in virtual time */
#include <errno.h>

#include "sim/world.h"

static void wait_for_next(struct sim *sim, size_t fault)
{
	uint64_t due = intruder_next(&sim->intruders[fault]);

	if (due == sim->awaited[fault])
		return;
	sim->awaited[fault] = due;
	if (due != UINT64_MAX)
		sim_schedule(sim, SIM_INTRUDER, max_u64(due, sim->now), fault, NULL);
}

int sim_intruders_start(struct sim *sim)
{
	const struct scenario *s = sim->scenario;
	int r = 0;

	sim->intruders = calloc(s->n_faults + 1, sizeof(*sim->intruders));
	sim->awaited = calloc(s->n_faults + 1, sizeof(*sim->awaited));
	if (!sim->intruders || !sim->awaited)
		return -ENOMEM;
	for (size_t i = 0; r == 0 && i < s->n_faults; i++) {
		if (!scn_fault_sends(s->faults[i].kind))
			continue;
		sim->awaited[i] = UINT64_MAX;
		r = intruder_init(&sim->intruders[i], s, &s->faults[i]);
		if (r == 0 && intruder_address(&sim->intruders[i]))
			r = host_add_address(sim, s->faults[i].iface, s->faults[i].address);
		if (r == 0)
			wait_for_next(sim, i);
	}
	return r;
}

void sim_intruders_done(struct sim *sim)
{
	for (size_t i = 0; sim->intruders && i < sim->scenario->n_faults; i++)
		intruder_done(&sim->intruders[i]);
	free(sim->intruders);
	free(sim->awaited);
}

static void transmit(struct sim *sim, size_t fault, const struct intruder_frame *f)
{
	size_t iface = sim->intruders[fault].iface;
	struct trace_event e = { .kind = TRACE_FAULT, .text = (char *)f->text };
	int r = f->len > 0 ? link_transmit(sim, iface, f->data, f->len) : 0;

	/* As for any other: what does not leave is lost. */
	if (r < 0 && r != -ENETDOWN)
		sim_fail(sim, r);
	if (f->text[0]) {
		str_copy(e.at, sizeof(e.at), sim->scenario->ifaces[iface].label);
		sim_tell(sim, &e);
	}
	wait_for_next(sim, fault);
}

void sim_intruder_wakes(struct sim *sim, size_t fault)
{
	struct intruder *in = &sim->intruders[fault];
	struct intruder_frame f = { 0 };

	if (sim->awaited[fault] > sim->now)
		return;		/* what he waited for has moved */
	sim->awaited[fault] = UINT64_MAX;
	if (intruder_next(in) <= sim->now)
		intruder_due(in, sim->now, &f);
	transmit(sim, fault, &f);
}

void sim_intruders_hear(struct sim *sim, size_t iface, const struct sim_frame *in)
{
	for (size_t i = 0; i < sim->scenario->n_faults; i++) {
		struct intruder_frame f;
		uint8_t buf[FRAME_MAX];

		if (!sim->intruders[i].scenario || sim->intruders[i].iface != iface)
			continue;
		intruder_hear(&sim->intruders[i], sim->now, frame_bytes(in, buf), in->len, &f);
		transmit(sim, i, &f);
	}
}
