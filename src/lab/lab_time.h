/* SPDX-License-Identifier: MIT */
/*
 * lab_time.h - the clock of a lab: it runs at a rate, stands still, jumps.
 *
 * Everything in the agent that waits for a moment of lab time has a lab_timer,
 * so that all of them follow the clock wherever it goes.
 */
#ifndef LAB_LAB_TIME_H
#define LAB_LAB_TIME_H

#include <event2/event.h>
#include <event2/event_struct.h>

#include "base/util.h"

struct lab_timer;

/**
 * struct lab_time
 * @real0: clock_us() at lab time @lab0
 * @speed: lab seconds a second; > 0, also while the clock stands
 * @paused: lab time is @lab0
 * @jumping: it is @lab0 and moves from timer to timer, on to @jump_to
 * @timers: all that were made
 */
struct lab_time {
	struct event_base *base;
	uint64_t real0, lab0, jump_to;
	double speed;
	bool paused, jumping;
	struct lab_timer *timers;
};

/**
 * struct lab_timer - @fn(@ctx) is called once when lab time is @then
 * @then: microseconds; UINT64_MAX: not set
 */
struct lab_timer {
	struct lab_time *time;
	struct lab_timer *next;
	uint64_t then;
	void (*fn)(void *ctx);
	void *ctx;
	struct event ev;
};

/* Lab time 0 is now. */
void lab_time_init(struct lab_time *t, struct event_base *base, double speed);
void lab_time_start(struct lab_time *t);
/* Microseconds of lab time. */
uint64_t lab_time_now(const struct lab_time *t);

void lab_time_pause(struct lab_time *t);
void lab_time_resume(struct lab_time *t);
void lab_time_set_speed(struct lab_time *t, double speed);
/*
 * lab_time_jump() begins: from then on each lab_time_step() moves the clock to
 * the next timer that is set, and runs it. It says false when there is none
 * before @to: the clock is there, and goes on as before.
 */
void lab_time_jump(struct lab_time *t, uint64_t to);
bool lab_time_step(struct lab_time *t);
/* When the next timer that is set wants to be called; UINT64_MAX: none is. */
uint64_t lab_time_next(const struct lab_time *t);
/*
 * What all timers wait for, in an array that is the caller's; and back to lab time
 * @now, with the timers as they were. A clock that stands only. 0 or -ENOMEM.
 */
int lab_time_save(const struct lab_time *t, uint64_t **ret);
void lab_time_restore(struct lab_time *t, uint64_t now, const uint64_t *timers);
/* The jump ends where it is. */
void lab_time_stay(struct lab_time *t);

/* @l lives as long as the lab does. */
void lab_timer_init(struct lab_timer *l, struct lab_time *t, void (*fn)(void *ctx), void *ctx);
/* At lab time @then, or at once if that is over. UINT64_MAX: never. */
void lab_timer_set(struct lab_timer *l, uint64_t then);

#endif
