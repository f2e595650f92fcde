/* SPDX-License-Identifier: MIT */
/* why.h - the recorded decisions that led a client to where it is, or to having no lease. */
#ifndef TRACE_WHY_H
#define TRACE_WHY_H

#include "trace/event.h"

/**
 * struct why_client - the client that is asked about, as it is now
 * @place: "node:if"
 * @address: "10.0.0.5/24"; "" for none
 * @next_in: seconds until it does something by itself; -1: nothing, or not known
 */
struct why_client {
	const char *place;
	uint8_t mac[6];
	char state[16];
	char address[24];
	int64_t next_in;
};

/**
 * struct why - what the log has about it
 * @attempt: transmissions of the last message that is not answered; 0: none
 * @type: of that message
 * @n: @event: the events that matter, indexes into the log, in their order; owned
 */
struct why {
	unsigned int attempt;
	uint8_t type;
	size_t n;
	size_t *event;
};

/* 0 or -ENOMEM */
int why_find(const struct why_client *c, const struct trace_log *log, struct why *ret);
void why_done(struct why *w);
#define cleanup_why CLEANUP(why_done)

/**
 * why_view() - in words
 *
 *	c3:eth0 has no lease. It is SELECTING, attempt 3, next DISCOVER in 14s.
 *	  #21  c3:eth0 asks everyone: is there a DHCP server?
 *	  #22  srv:eth0 made no OFFER: the pool is full ...
 */
void why_view(const struct why_client *c, const struct trace_log *log, const struct why *w,
	      struct text *out);

#endif
