/* SPDX-License-Identifier: MIT */
/*
 * story.h - a whole lab as one page for a browser: its nodes and cables, every
 * event, the bytes of every message, the results of its check. The page needs
 * nothing else: no network, no other file.
 */
#ifndef TRACE_STORY_H
#define TRACE_STORY_H

#include "trace/event.h"

/* A node, and the addresses that it has from the scenario: "10.0.0.1/24", space between. */
struct story_node {
	const char *name;
	const char *kind;	/* "host", "router", "switch" */
	const char *addresses;
};

struct story_cable {
	const char *name;	/* as in the events: "a:x--b:y" */
	const char *a, *b;	/* nodes */
};

/**
 * struct story - what the page shows beside the events; all borrowed
 * @check: the document of `check --json`, or NULL
 * @live: JSON for the page of `web`, or NULL
 */
struct story {
	const char *name, *title, *objective;
	uint64_t seed;
	double speed;
	size_t n_nodes, n_cables;
	const struct story_node *nodes;
	const struct story_cable *cables;
	const char *check, *live;
};

/*
 * The page is its beginning, its events one after the other, and its end. Text
 * that somebody sent is safe in it. They return 0 or -ENOMEM.
 *
 * @frame: the bytes of a message's frame; @len 0: none
 */
int story_begin(const struct story *s, struct text *out);
int story_event(const struct trace_event *e, const void *frame, size_t len, struct text *out);
int story_end(struct text *out);

/* The event alone, as the page takes it while it is live: one line of JSON. */
int story_event_json(const struct trace_event *e, const void *frame, size_t len,
		     struct text *out);

#endif
