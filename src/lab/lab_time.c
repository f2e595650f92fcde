/* SPDX-License-Identifier: MIT */
#include "lab/lab_time.h"

#include <errno.h>
#include <stdlib.h>

#include "sys/clock.h"

static bool stands(const struct lab_time *t)
{
	return t->paused || t->jumping;
}

uint64_t lab_time_now(const struct lab_time *t)
{
	uint64_t real;

	if (stands(t))
		return t->lab0;
	real = clock_us() - t->real0;
	return t->lab0 + (t->speed == 1.0 ? real : (uint64_t)((double)real * t->speed));
}

static void arm(struct lab_timer *l)
{
	const struct lab_time *t = l->time;
	uint64_t now, wait;
	struct timeval tv;

	if (l->then == UINT64_MAX || stands(t)) {
		event_del(&l->ev);
		return;
	}
	now = lab_time_now(t);
	wait = l->then > now ? (uint64_t)((double)(l->then - now) / t->speed) + 1 : 0;
	tv.tv_sec = (time_t)(wait / 1000000);
	tv.tv_usec = (suseconds_t)(wait % 1000000);
	event_add(&l->ev, &tv);
}

static void arm_all(struct lab_time *t)
{
	for (struct lab_timer *l = t->timers; l; l = l->next)
		arm(l);
}

/* From here on by other rules, without a jump of the clock. */
static void change(struct lab_time *t, double speed, bool paused, bool jumping)
{
	t->lab0 = lab_time_now(t);
	t->real0 = clock_us();
	t->speed = speed;
	t->paused = paused;
	t->jumping = jumping;
	arm_all(t);
}

void lab_time_init(struct lab_time *t, struct event_base *base, double speed)
{
	*t = (struct lab_time){ .base = base, .speed = speed, .real0 = clock_us() };
}

void lab_time_start(struct lab_time *t)
{
	t->real0 = clock_us();
	t->lab0 = 0;
	arm_all(t);
}

void lab_time_pause(struct lab_time *t)
{
	change(t, t->speed, true, t->jumping);
}

void lab_time_resume(struct lab_time *t)
{
	change(t, t->speed, false, t->jumping);
}

void lab_time_set_speed(struct lab_time *t, double speed)
{
	change(t, speed, t->paused, t->jumping);
}

void lab_time_jump(struct lab_time *t, uint64_t to)
{
	t->jump_to = to;
	change(t, t->speed, t->paused, true);
}

static struct lab_timer *next_timer(const struct lab_time *t)
{
	struct lab_timer *next = NULL;

	for (struct lab_timer *l = t->timers; l; l = l->next)
		if (l->then != UINT64_MAX && (!next || l->then < next->then))
			next = l;
	return next;
}

uint64_t lab_time_next(const struct lab_time *t)
{
	const struct lab_timer *next = next_timer(t);

	return next ? next->then : UINT64_MAX;
}

int lab_time_save(const struct lab_time *t, uint64_t **ret)
{
	uint64_t *timers;
	size_t n = 0;

	for (const struct lab_timer *l = t->timers; l; l = l->next)
		n++;
	timers = calloc(n + 1, sizeof(*timers));
	if (!timers)
		return -ENOMEM;
	n = 0;
	for (const struct lab_timer *l = t->timers; l; l = l->next)
		timers[n++] = l->then;
	*ret = timers;
	return 0;
}

void lab_time_restore(struct lab_time *t, uint64_t now, const uint64_t *timers)
{
	t->lab0 = now;
	for (struct lab_timer *l = t->timers; l; l = l->next)
		l->then = *timers++;
	arm_all(t);
}

static void fire(struct lab_timer *l)
{
	l->then = UINT64_MAX;
	l->fn(l->ctx);
}

void lab_time_stay(struct lab_time *t)
{
	change(t, t->speed, t->paused, false);
}

bool lab_time_step(struct lab_time *t)
{
	struct lab_timer *next = next_timer(t);

	if (next && next->then <= t->jump_to) {
		t->lab0 = max_u64(t->lab0, next->then);
		fire(next);
		return true;
	}
	t->lab0 = max_u64(t->lab0, t->jump_to);
	lab_time_stay(t);
	return false;
}

static void on_time(evutil_socket_t fd, short what, void *ctx)
{
	struct lab_timer *l = ctx;

	/* Rounded, or set anew in the same turn of the loop: not before its time. */
	if (l->then > lab_time_now(l->time))
		arm(l);
	else
		fire(l);
}

void lab_timer_init(struct lab_timer *l, struct lab_time *t, void (*fn)(void *ctx), void *ctx)
{
	*l = (struct lab_timer){
		.time = t, .next = t->timers, .then = UINT64_MAX, .fn = fn, .ctx = ctx,
	};
	t->timers = l;
	evtimer_assign(&l->ev, t->base, on_time, l);
}

void lab_timer_set(struct lab_timer *l, uint64_t then)
{
	l->then = then;
	arm(l);
}
