/* SPDX-License-Identifier: MIT */
/* breach_view.h - broken rules for people and for scripts. */
#ifndef TRACE_BREACH_VIEW_H
#define TRACE_BREACH_VIEW_H

#include "trace/breach.h"
#include "trace/view.h"

/* A line or two for each: "   !  MUST, RFC 2131 section 4.3.2: ... (ciaddr 10.0.0.5)". */
void breach_view_lines(const struct view *v, const struct breaches *b, struct text *out);

/*
 * The line of trace_event_to_json() with one field more:
 *	"breaches":[{"rule","level":"MUST|SHOULD|RFC","rfc","what","detail"}]
 * 0 or -ENOMEM.
 */
int breach_view_json(const struct trace_event *e, const struct breaches *b, struct text *out);

#define BREACH_RULES_MAX 96	/* rules that a tally has room for */

/* How often each rule was broken, and by which message first. */
struct breach_tally {
	size_t times[BREACH_RULES_MAX];
	uint64_t first[BREACH_RULES_MAX];
};

/* @n: the message's number */
void breach_tally_add(struct breach_tally *t, const struct breaches *b, uint64_t n);
/* A paragraph a rule, the strongest first; "" when none was broken. */
void breach_tally_view(const struct breach_tally *t, struct text *out);

#endif
