/* SPDX-License-Identifier: MIT */
/*
 * recorder.h - the lab's log as it is written: what happened, and what was on
 * the cables, into the event log and the capture.
 *
 * The agent only notes what nobody could find out later. Turning it into lines
 * and blocks is put off until the turn's packets are on their way; in a storm a
 * thread does it, on a core of its own, so that a server answers nearly as fast
 * as if nobody looked.
 */
#ifndef LAB_RECORDER_H
#define LAB_RECORDER_H

#include <pthread.h>

#include "scenario/scenario.h"
#include "sys/packet.h"
#include "trace/event.h"
#include "trace/pcapng.h"

/**
 * struct recorder - one thread notes, one at a time writes down
 * @noted: of this turn, the agent's alone; @n_unnoted: what found no memory since
 * @lock: of all that follows; the thread lets go of it while it is @busy, when all
 *	from @work on is its own
 * @done: it is not busy any more
 * @queue: what it is to write next
 * @work: what is being written down
 * @out_log: @out_capture: what is still to be written; on a full disk it waits
 * @n_events: in the log so far; @log_bytes: of them; @n_lost: events that found no
 *	room in it
 */
struct recorder {
	const struct scenario *scenario;
	int log, capture;

	struct text noted;
	uint64_t n_unnoted;

	pthread_mutex_t lock;
	pthread_cond_t done;
	bool busy, has_thread;
	struct text queue;

	struct text work;
	struct text out_log, out_capture;
	struct pcapng pcapng;
	uint64_t n_events, log_bytes, capture_bytes, n_lost;
};

/* @log: @capture: descriptors to append to, the caller's. 0 or -errno. */
int recorder_init(struct recorder *r, const struct scenario *s, int log, int capture);

/* Something that happened at lab time @t, which never goes back; no message. */
void recorder_event(struct recorder *r, uint64_t t, const struct trace_event *e);
/* A frame that interface @sender has put on its cable; a DHCP message is an event, too. */
void recorder_frame(struct recorder *r, uint64_t t, size_t sender, const struct packet_meta *meta,
		    const void *data, size_t len);

/* The end of a turn: what was noted is written now, or in a storm soon. */
void recorder_flush(struct recorder *r);
/* All that was noted is written, as far as the disk has room. Returns how many events there are. */
uint64_t recorder_settle(struct recorder *r);
/* Gives back the memory of a storm that is over. */
void recorder_trim(struct recorder *r);

#endif
