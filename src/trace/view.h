/* SPDX-License-Identifier: MIT */
/* view.h - events as people see them in a terminal. */
#ifndef TRACE_VIEW_H
#define TRACE_VIEW_H

#include "trace/event.h"

/**
 * struct view - how to show things
 * @unicode: arrows and boxes beyond ASCII
 * @colour: ANSI colours; never the only carrier of meaning
 * @name_width: cells for node names (view_fit_names())
 */
struct view {
	bool unicode, colour;
	unsigned int name_width;
};

/* Width of the longest node name among the messages of @log, within reason. */
void view_fit_names(struct view *v, const struct trace_log *log);

/**
 * view_timeline() - one line (with newline) for one event
 *
 *	   0.000s  host      => everyone   DISCOVER  is there a DHCP server?
 *	   0.001s  dhcptest  -> host       OFFER     10.0.0.105 for 1h, from 10.0.0.1
 */
void view_timeline(const struct view *v, const struct trace_event *e, struct text *out);

/* The sequence diagram of a log, at most 80 columns wide: a lane a node, an arrow a message. */
int view_diagram(const struct view *v, const struct trace_log *log, struct text *out);

/* What the message means at this moment, a few words: "10.0.0.105 please, from 10.0.0.1". */
void view_meaning(const struct trace_event *e, struct text *out);

#endif
