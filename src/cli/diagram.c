/* SPDX-License-Identifier: MIT */
#include "cli/diagram.h"

#include <string.h>

#include "cli/out.h"

void diagram_parse(struct diagram *d, const char *arg, struct argp_state *state)
{
	d->wanted = true;
	if (strcmp(arg, "text") == 0)
		d->draw = view_diagram;
	else if (strcmp(arg, "mermaid") == 0)
		d->draw = view_mermaid;
	else if (strcmp(arg, "svg") == 0)
		d->draw = view_svg;
	else
		argp_error(state, "--diagram is text, mermaid or svg, not \"%s\"", arg);
}

enum exit_status diagram_show(const struct diagram *d, const struct view *v,
			      const struct trace_log *log)
{
	struct text cleanup_text out = { 0 };

	return d->draw(v, log, &out) < 0 ? report_no_memory() : out_raw(&out);
}
