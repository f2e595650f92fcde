/* SPDX-License-Identifier: MIT */
/*
 * profile.h - where the time of `up` goes, as a profiler shows it: calls, own
 * and cumulative time of each kind of operation, then what each called.
 */
#ifndef LAB_PROFILE_H
#define LAB_PROFILE_H

#include "base/text.h"

enum profile_kind {
	PROFILE_UP,
	PROFILE_RUN_DIR,
	PROFILE_SPAWN,
	PROFILE_BUILD,
	PROFILE_NAMESPACE,
	PROFILE_UNSHARE,
	PROFILE_PIN,
	PROFILE_BRIDGE,
	PROFILE_CABLE,
	PROFILE_VETH,
	PROFILE_OFFLOAD,
	PROFILE_ADDRESS,
	PROFILE_LINK_UP,
	PROFILE_ROUTE,
	PROFILE_SYSCTL,
	PROFILE_NAT,
	PROFILE_STATE_FILE,
	PROFILE_WAIT_UP,
	PROFILE_SOCKETS,
	PROFILE_AGENT,
	PROFILE_EXCHANGE,
};
#define PROFILE_KINDS (PROFILE_EXCHANGE + 1)
#define PROFILE_DEPTH 8

/* Times in nanoseconds. */
struct profile_cell {
	uint64_t calls, own, cumulative;
};

/**
 * struct profile - a plain value, so that it can be sent from the monitor to `up`
 * @on: nothing is measured when false
 * @sum: per kind; @edge[a][b]: what a called of b; @top: what nobody here called
 * @stack: open calls: kind, start, time spent in their callees
 */
struct profile {
	bool on;
	unsigned int depth;
	struct {
		enum profile_kind kind;
		uint64_t start, inner;
	} stack[PROFILE_DEPTH];
	struct profile_cell sum[PROFILE_KINDS];
	struct profile_cell top[PROFILE_KINDS];
	struct profile_cell edge[PROFILE_KINDS][PROFILE_KINDS];
};

/* Calls nest; at most PROFILE_DEPTH deep, deeper ones count for their caller. */
void profile_enter(struct profile *p, enum profile_kind kind);
void profile_leave(struct profile *p);
/* Adds what another process measured, as calls of the one that is open here. */
void profile_merge(struct profile *p, const struct profile *other);
/* The two tables. */
void profile_format(const struct profile *p, struct text *out);

/* A call that ends with its scope: PROFILE_SCOPE(p, PROFILE_PIN); */
static inline void profile_leavep(struct profile **p)
{
	profile_leave(*p);
}
#define PROFILE_SCOPE(p, kind)                                                   \
	CLEANUP(profile_leavep) struct profile *profile_scope_ = (p);            \
	profile_enter(profile_scope_, (kind))

#endif
