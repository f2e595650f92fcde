/* SPDX-License-Identifier: MIT */
/* up_view.h - what `up` shows: what stands, the messages, who has which address. */
#ifndef CLI_UP_VIEW_H
#define CLI_UP_VIEW_H

#include <jansson.h>

#include "cli/term.h"
#include "scenario/plan.h"
#include "trace/event.h"

#define UP_VIEW_LINES 12 /* of one kind, before they are summed up */

/* "dhcptest: one server, one client, four messages          (rootless, seed 7)" */
void up_view_title(struct text *out, const struct scenario *s, const char *mode);
/* The "ok" lines; a kind that has more than a dozen is summed up in one. */
void up_view_plan(const struct term *t, struct text *out, const struct plan *p);
/*
 * Those of @log, which are the first UP_VIEW_LINES; @more: the command that shows the
 * others, @n_more of them.
 */
void up_view_messages(const struct term *t, struct text *out, const struct trace_log *log,
		      size_t n_more, const char *more);
size_t up_view_count_clients(const struct scenario *s);
/**
 * up_view_clients() - who is BOUND to what
 * @clients: lab_status()'s object of them; NULL: nobody is to be named, and
 * @bound: so many are BOUND
 * @total_us: how long it took, for a lab's only client
 */
void up_view_clients(struct text *out, const struct scenario *s, const json_t *clients,
		     size_t bound, uint64_t total_us);

#endif
