/* SPDX-License-Identifier: MIT */
/*
 * queue.h - what is going to happen, soonest first. Most of it happens at the
 * same time as something else: a heap of moments, each with its events in the
 * order in which they were added.
 */
#ifndef SIM_QUEUE_H
#define SIM_QUEUE_H

#include "base/util.h"

struct sim_frame;

enum sim_event_type {
	SIM_START,	/* the machine of @iface starts */
	SIM_DEADLINE,	/* its deadline has come, unless it was moved since */
	SIM_ARRIVE,	/* @frame reaches @iface */
	SIM_INTRUDER,	/* who sends what he should not wakes: fault number @iface */
	SIM_EVENT,	/* the scenario's event number @iface happens */
	SIM_FLOOD,	/* @frame reaches all that hangs on @iface's switch, but @iface */
};

/**
 * struct sim_event - one thing to come
 * @frame: a reference, for those that bring one
 * @next: number of the one after it at the same time; the queue's own
 */
struct sim_event {
	struct sim_frame *frame;
	uint32_t iface;
	uint32_t next;
	uint8_t type;
};

/**
 * struct queue_moment - events at one time
 * @t: microseconds
 * @order: of two moments at the same time the one with the lower goes first
 * @first: number of its first event; the others follow it
 */
struct queue_moment {
	uint64_t t;
	uint64_t order;
	uint32_t first;
};

/* The newest moment at @t ends with event @last; 0: not known. */
struct queue_end {
	uint64_t t;
	uint32_t last;
};

#define QUEUE_ENDS 16	/* a power of two */

/**
 * struct queue - start with `= {0}`
 * @heap: moments, @n of them
 * @event: by number, from 1; @n_events have ever been in use, those that are free
 *	again hang together from @free
 * @ends: where events at times that were asked for lately can be added. A time that
 *	is not there gets one more moment
 */
struct queue {
	struct queue_moment *heap;
	size_t n, size;
	struct sim_event *event;
	size_t n_events, size_events;
	uint32_t free;
	uint64_t moments;
	struct queue_end ends[QUEUE_ENDS];
};

/* What still waits goes to @put, in no order. */
void queue_done(struct queue *q, void (*put)(struct sim_frame *f));
/* 0 or -ENOMEM. */
int queue_add(struct queue *q, uint64_t t, struct sim_event e);
/* When the soonest comes; false if there is none. */
bool queue_next(const struct queue *q, uint64_t *ret_t);
/* Takes the soonest out, the first added of those at the same time; there must be one. */
struct sim_event queue_take(struct queue *q);

#endif
