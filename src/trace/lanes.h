/* SPDX-License-Identifier: MIT */
/* lanes.h - the nodes that take part in a log's messages, in their order of appearance. */
#ifndef TRACE_LANES_H
#define TRACE_LANES_H

#include "trace/event.h"

#define LANES_ALL SIZE_MAX	/* no lane: everybody */

/**
 * struct lanes
 * @place: of the log's, one for each node; @n of them; owned array
 */
struct lanes {
	size_t n;
	const char **place;
};

/* 0 or -ENOMEM. @log must outlive it. */
int lanes_find(const struct trace_log *log, struct lanes *ret);
void lanes_done(struct lanes *l);
#define cleanup_lanes CLEANUP(lanes_done)

/* The lane of the node of a place, or LANES_ALL. */
size_t lanes_of(const struct lanes *l, const char *place);
/*
 * Where a message goes: a lane; for a broadcast on a cable between two nodes
 * the other one's; LANES_ALL for all other broadcasts.
 */
size_t lanes_target(const struct lanes *l, const struct trace_message *m);

#endif
