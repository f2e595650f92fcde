/* SPDX-License-Identifier: MIT */
/* view_parts.h - what the timeline and the diagram have in common. */
#ifndef TRACE_VIEW_PARTS_H
#define TRACE_VIEW_PARTS_H

#include "trace/view.h"

enum view_colour {
	VIEW_PLAIN,
	VIEW_DIM,
	VIEW_GREEN,
	VIEW_YELLOW,
	VIEW_RED,
	VIEW_CYAN,
};

/* The ANSI sequence of @c, or nothing where colours are off. */
void view_colour(const struct view *v, struct text *out, enum view_colour c);
/* What a type of message looks like: taking steps, good news, bad news. */
enum view_colour view_type_colour(uint8_t type);

/* "0.001s", "1800.004s", "1h30m00.004s", "6d23h30m00.004s" */
void view_add_time(struct text *out, uint64_t us);
/* The place, or its node only; safe for terminals. */
void view_add_name(const struct view *v, struct text *out, const char *place);
/* Length of the node's name in "node:if"; of all of it when it is a MAC address. */
size_t view_node_len(const char *place);
bool view_same_node(const char *a, const char *b);
/* The type's name, "message 200" for an unknown one. */
void view_add_type(struct text *out, uint8_t type);

/* "OFFER 10.0.0.105": the type, and the address that it is about. */
void view_add_label(const struct trace_event *e, struct text *out);
/* The other end of its cable "a:x--b:y"; false: it has none that is known. */
bool view_peer(const struct trace_message *m, char ret[static TRACE_PLACE_MAX]);

/* "10.0.0.5/24", "default route via 10.0.0.1": what of an address or route event. */
void view_change(const struct trace_event *e, struct text *out);
/* ", in place of another", " (not by netlab)", or nothing. */
void view_change_by(const struct trace_event *e, struct text *out);

/* "; 10.0.0.10-10.0.0.17: 8 of 8 held, the next free in 4min": what is known of a pool. */
void view_add_pool(const struct trace_facts *f, struct text *out);

/* "VLAN 10", "VLAN 4094 in VLAN 5", or nothing. */
void view_add_vlans(const struct trace_event *e, struct text *out);

/* Cells of a string: one a character. */
size_t view_width(const char *s);

/* Did it go to all on its link? */
bool view_is_broadcast(const struct trace_message *m);

#endif
