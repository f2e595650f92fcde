/* SPDX-License-Identifier: MIT */
/* starve.c - who takes all addresses of a pool, in virtual time */
#include <errno.h>

#include "sim/world.h"

static void wait_for_next(struct sim *sim, size_t fault)
{
	const struct starve *st = &sim->starve[fault];

	if (st->due != UINT64_MAX)
		sim_schedule(sim, SIM_STARVE, st->due, fault, NULL);
}

int starve_start(struct sim *sim)
{
	const struct scenario *s = sim->scenario;

	sim->starve = calloc(s->n_faults + 1, sizeof(*sim->starve));
	if (!sim->starve)
		return -ENOMEM;
	for (size_t i = 0; i < s->n_faults; i++) {
		if (s->faults[i].kind != SCN_FAULT_STARVE)
			continue;
		starve_init(&sim->starve[i], s, &s->faults[i]);
		wait_for_next(sim, i);
	}
	return 0;
}

static void transmit(struct sim *sim, size_t iface, const uint8_t *frame, size_t len)
{
	int r = link_transmit(sim, iface, frame, len);

	if (r < 0)
		sim_fail(sim, r);
}

void starve_next(struct sim *sim, size_t fault)
{
	struct starve *st = &sim->starve[fault];
	uint8_t frame[FRAME_MAX];
	size_t len = starve_ask(st, frame);

	transmit(sim, st->iface, frame, len);
	wait_for_next(sim, fault);
}

void starve_hear(struct sim *sim, size_t iface, const struct sim_frame *f)
{
	for (size_t i = 0; i < sim->scenario->n_faults; i++) {
		const struct starve *st = &sim->starve[i];
		uint8_t frame[FRAME_MAX];
		size_t len;

		if (!st->fault || st->iface != iface)
			continue;
		len = starve_answer(st, f->data, f->len, frame);
		if (len > 0)
			transmit(sim, iface, frame, len);
	}
}
