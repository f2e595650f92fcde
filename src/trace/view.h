/* SPDX-License-Identifier: MIT */
/* view.h - events as people see them in a terminal. */
#ifndef TRACE_VIEW_H
#define TRACE_VIEW_H

#include "trace/event.h"

/**
 * struct view - how to show things
 * @unicode: arrows and boxes beyond ASCII
 * @colour: ANSI colours; never the only carrier of meaning
 * @name_width: cells for names, at least those of "everyone"
 * @time_width: cells for times, at least 9
 * @places: show "node:if" for all, since a node of the log has several interfaces
 *
 * The last three come from view_fit_names(). Zeros will do where the log is
 * not known yet: lines that need more room take it.
 */
struct view {
	bool unicode, colour;
	unsigned int name_width, time_width;
	bool places;
};

/* The widths that suit @log, within reason, and whether names need their interface. */
void view_fit_names(struct view *v, const struct trace_log *log);

/**
 * view_timeline() - one line (with newline) for one event
 *
 *	   0.000s  host      => everyone   DISCOVER  is there a DHCP server?
 *	   0.001s  dhcptest  -> host       OFFER     10.0.0.105 for 1h, from 10.0.0.1
 *	   0.001s  host      -- SELECTING -> REQUESTING: an offer is taken (RFC 2131 ...)
 *	   0.002s  host      x  ignores OFFER: the xid is not that of our exchange (RFC ...)
 *	   0.002s  host      +  10.0.0.105/24 on host:host
 *
 * => is a broadcast. Times are rounded to milliseconds; from one hour on they
 * are "1h30m00.004s", with the days in front: "6d23h30m00.004s".
 */
void view_timeline(const struct view *v, const struct trace_event *e, struct text *out);

/* The same of an event that is no message, in 80 columns: more lines where it needs them. */
void view_timeline_page(const struct view *v, const struct trace_event *e, struct text *out);

/**
 * view_explain() - event @i of @log at length: who, where, every option, and why
 *
 *	#1  0.000s  host:host => ff:ff:ff:ff:ff:ff
 *	            0.0.0.0:68 -> 255.255.255.255:67   342 bytes
 *	    DHCPDISCOVER   xid 3d6a3b68   client INIT -> SELECTING
 *	      53 message type        DISCOVER
 *	    why: the client has no address yet ... (RFC 2131 section 4.4.1)
 *
 * The client's step that sent the message, or that an answer led to, is looked
 * for between the messages before and after it. Other events are their line of
 * the timeline, numbered. No line is wider than 80 columns, but for names that are.
 */
void view_explain(const struct view *v, const struct trace_log *log, size_t i, struct text *out);

/* Of that only why the message was sent. */
void view_why(const struct view *v, const struct trace_log *log, size_t i, struct text *out);

/* The sequence diagram of a log, at most 80 columns wide: a lane a node, an arrow a message. */
int view_diagram(const struct view *v, const struct trace_log *log, struct text *out);

/* The same for Mermaid, which GitHub and many wikis draw. */
int view_mermaid(const struct view *v, const struct trace_log *log, struct text *out);
/* The same as a picture, for a browser or a slide. */
int view_svg(const struct view *v, const struct trace_log *log, struct text *out);

/* What the message means at this moment, a few words: "10.0.0.105 please, from 10.0.0.1". */
void view_meaning(const struct trace_event *e, struct text *out);

#endif
