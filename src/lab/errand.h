/* SPDX-License-Identifier: MIT */
/*
 * errand.h - work that takes its time, done by a child process while the loop
 * goes on. What the child has written the loop gets when it is done.
 */
#ifndef LAB_ERRAND_H
#define LAB_ERRAND_H

#include <event2/event.h>

#include "base/text.h"

struct errand;

/**
 * struct errand_plan - what is to be done, and who wants to know
 * @work: called in the child, which has no descriptors but the standard ones, and @ctx as it
 *	was. 0 or -errno
 * @done: called in the loop, once, with what @work has written; NULL: it has failed. The
 *	errand is over then
 */
struct errand_plan {
	int (*work)(void *ctx, struct text *out);
	void *ctx;
	void (*done)(void *arg, const struct text *out);
	void *arg;
};

/* 0 or -errno */
int errand_begin(struct event_base *base, const struct errand_plan *plan, struct errand **ret);
/* The child is ended, and nobody hears of it. NULL allowed. */
void errand_drop(struct errand *e);

#endif
