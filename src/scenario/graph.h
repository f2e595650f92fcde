/* SPDX-License-Identifier: MIT */
/* graph.h - a scenario as a drawing: nodes, cables, what is on their ends. */
#ifndef SCENARIO_GRAPH_H
#define SCENARIO_GRAPH_H

#include "base/text.h"
#include "scenario/scenario.h"

enum graph_form {
	GRAPH_TEXT,
	GRAPH_DOT,	/* Graphviz */
	GRAPH_MERMAID,
	GRAPH_SVG,
};

/**
 * struct graph_options
 * @unicode: lines of GRAPH_TEXT; else ASCII
 * @note: what else there is to say of an interface, as its address now; NULL allowed,
 *	may return NULL
 */
struct graph_options {
	bool unicode;
	const char *(*note)(void *ctx, size_t iface);
	void *ctx;
};

/* Adds the drawing to @out. 0 or -ENOMEM. */
int graph_draw(const struct scenario *s, enum graph_form form, const struct graph_options *opt,
	       struct text *out);

#endif
