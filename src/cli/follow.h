/* SPDX-License-Identifier: MIT */
/* follow.h - a lab's events, one by one, as they happen. */
#ifndef CLI_FOLLOW_H
#define CLI_FOLLOW_H

#include "cli/exit.h"
#include "lab/lab.h"

/**
 * struct follow - how to read a log
 * @from: events up to this number are left out
 * @max: at most so many events; 0: all of them
 * @live: wait for more until the lab is gone or stop_wanted()
 * @enough: asked after each event and now and then; true ends the reading. NULL: never
 * @event: gets each event; an exit status ends the reading
 * @frame: where the frame of each message is put before @event gets it; len 0 where
 *	it was not captured. NULL: not wanted
 */
struct follow {
	uint64_t from, max;
	bool live;
	void *ctx;
	bool (*enough)(void *ctx);
	enum exit_status (*event)(void *ctx, const struct trace_event *e);
	struct pcapng_packet *frame;
};

enum exit_status follow_log(const struct lab_info *info, const struct follow *f);

#endif
