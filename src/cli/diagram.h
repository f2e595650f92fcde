/* SPDX-License-Identifier: MIT */
/* diagram.h - --diagram text|mermaid|svg, for the verbs that draw a timeline. */
#ifndef CLI_DIAGRAM_H
#define CLI_DIAGRAM_H

#include <argp.h>

#include "cli/exit.h"
#include "trace/view.h"

struct diagram {
	bool wanted;
	int (*draw)(const struct view *v, const struct trace_log *log, struct text *out);
};

/* The option's argument; what is none is an argp_error(). */
void diagram_parse(struct diagram *d, const char *arg, struct argp_state *state);
enum exit_status diagram_show(const struct diagram *d, const struct view *v,
			      const struct trace_log *log);

#endif
