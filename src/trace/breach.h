/* SPDX-License-Identifier: MIT */
/*
 * breach.h - which rules of the RFCs a message breaks, given those before it.
 *
 * The watch looks at everybody's messages from outside, so a rule stands here
 * only if a capture can prove that it was broken: what may have been said
 * before the capture began, or on another cable, is given the benefit of the
 * doubt. Each rule names how strong the RFC's own word is.
 */
#ifndef TRACE_BREACH_H
#define TRACE_BREACH_H

#include "trace/packet.h"

enum breach_level {
	BREACH_MUST,	/* MUST, MUST NOT, SHALL, SHALL NOT */
	BREACH_SHOULD,	/* SHOULD, SHOULD NOT */
	BREACH_TEXT,	/* the RFC says so, in a table or without these words */
};

/**
 * struct breach_rule
 * @name: a word for scripts: "discover-ciaddr"
 * @what: what was not to be, in a sentence without a full stop
 */
struct breach_rule {
	const char *name;
	enum breach_level level;
	const char *rfc;
	const char *what;
};

#define BREACH_DETAIL_LEN 160

/* @detail: the values of this very message; may be "". Printable ASCII */
struct breach {
	const struct breach_rule *rule;
	char detail[BREACH_DETAIL_LEN];
};

#define BREACHES_MAX 16	/* of one message; the rest is left out */

struct breaches {
	size_t n;
	struct breach breach[BREACHES_MAX];
};

/* "MUST", "SHOULD", "RFC" */
const char *breach_level_name(enum breach_level l);

/* Rule @i; NULL past the last. */
const struct breach_rule *breach_rule(size_t i);

/* What was said so far: bounded, old exchanges are forgotten first. */
struct breach_watch;
struct breach_watch *breach_watch_new(void);
struct breach_watch *breach_watch_free(struct breach_watch *w);

/**
 * breach_watch_packet() - the next message
 * @t: microseconds; of the capture
 * @p: of kind TRACE_PACKET_DHCP; only read during the call
 * @ret: what it breaks
 *
 * A message that the capture has twice, as it does on a bridge, counts once.
 * Return: 0 or -ENOMEM
 */
int breach_watch_packet(struct breach_watch *w, uint64_t t, const struct trace_packet *p,
			struct breaches *ret);

#endif
