/* SPDX-License-Identifier: MIT */
/* queue.h - what is going to happen, soonest first: a binary heap. */
#ifndef SIM_QUEUE_H
#define SIM_QUEUE_H

#include "base/util.h"

struct sim_frame;

enum sim_event_type {
	SIM_START,	/* the machine of @iface starts */
	SIM_DEADLINE,	/* its deadline has come, unless it was moved since */
	SIM_ARRIVE,	/* @frame reaches @iface */
	SIM_STARVE,	/* the next client of the scenario's fault number @iface */
	SIM_EVENT,	/* the scenario's event number @iface happens */
	SIM_FLOOD,	/* @frame reaches all that hangs on @iface's switch, but @iface */
};

/**
 * struct sim_event - one thing to come
 * @t: microseconds; of two at the same time the one that was added first comes first
 * @frame: a reference, for those that bring one
 */
struct sim_event {
	uint64_t t;
	uint64_t order;		/* queue_add() fills it in */
	struct sim_frame *frame;
	uint32_t iface;
	uint8_t type;
};

/* Start with `= {0}`. */
struct queue {
	struct sim_event *heap;
	size_t n, size;
	uint64_t added;
};

void queue_done(struct queue *q);
/* 0 or -ENOMEM. */
int queue_add(struct queue *q, struct sim_event e);
/* The soonest, still in the queue; NULL if there is none. */
const struct sim_event *queue_first(const struct queue *q);
/* Takes the soonest out; there must be one. */
struct sim_event queue_take(struct queue *q);

#endif
