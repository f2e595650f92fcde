/* SPDX-License-Identifier: MIT */
#include "trace/svg.h"

#include <string.h>

#include "trace/safe_text.h"

#define HEAD 8	/* pixels */

static void add_escaped(struct text *out, const char *words, size_t len)
{
	cleanup_text struct text safe = { 0 };

	safe_text_add(&safe, words, len);
	for (const char *c = safe.str; c && *c; c++) {
		if (*c == '<')
			text_add(out, "&lt;");
		else if (*c == '>')
			text_add(out, "&gt;");
		else if (*c == '&')
			text_add(out, "&amp;");
		else
			text_addn(out, c, 1);
	}
}

/* Light or dark as the reader's page is. */
static const char style[] =
	"<style>\n"
	"svg { --ink: #1f2328; --paper: #ffffff; --dim: #6e7781; --line: #c4cad1; "
	"--one: #1a7f37; --all: #0969da; --soft: #eef4fb; --bad: #cf222e }\n"
	"@media (prefers-color-scheme: dark) { svg { --ink: #e6edf3; --paper: #0d1117; "
	"--dim: #8d96a0; --line: #3d444d; --one: #3fb950; --all: #4493f8; --soft: #17243a; "
	"--bad: #f85149 } }\n"
	"text { font: 12px ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace; "
	"fill: var(--ink) }\n"
	".name { font-weight: bold } .time, .small { fill: var(--dim) }\n"
	".lane { stroke: var(--line); stroke-width: 1 }\n"
	".one { stroke: var(--one); stroke-width: 1.5 }\n"
	".all { stroke: var(--all); stroke-width: 2.5 }\n"
	"polygon.one { fill: var(--one) } polygon.all { fill: var(--all) }\n"
	".box { fill: var(--paper); stroke: var(--ink) }\n"
	".state { fill: var(--soft); stroke: var(--all) }\n"
	".fault { fill: var(--paper); stroke: var(--bad) } .paper { fill: var(--paper) }\n"
	"</style>\n";

void svg_begin(struct text *out, unsigned int width, unsigned int height, const char *title)
{
	text_add(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%u\" height=\"%u\" "
		 "viewBox=\"0 0 %u %u\" role=\"img\">\n<title>", width, height, width, height);
	add_escaped(out, title, strlen(title));
	text_add(out, "</title>\n%s<rect class=\"paper\" width=\"%u\" height=\"%u\"/>\n", style,
		 width, height);
}

void svg_end(struct text *out)
{
	text_add(out, "</svg>\n");
}

void svg_line(struct text *out, const char *class, double x1, double y1, double x2, double y2)
{
	text_add(out, "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>\n",
		 class, x1, y1, x2, y2);
}

void svg_head(struct text *out, const char *class, double x, double y, int direction)
{
	double back = x - direction * HEAD;

	text_add(out, "<polygon class=\"%s\" points=\"%.1f,%.1f %.1f,%.1f %.1f,%.1f\"/>\n", class,
		 x, y, back, y - HEAD / 2.0, back, y + HEAD / 2.0);
}

void svg_box(struct text *out, const char *class, double x, double y, double width,
	     double height, const char *words, size_t len)
{
	text_add(out, "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" "
		 "rx=\"4\"/>\n", class, x - width / 2, y, width, height);
	svg_text(out, strcmp(class, "box") == 0 ? "name" : "label", SVG_MIDDLE, x,
		 y + height / 2 + 4, words, len);
}

void svg_text(struct text *out, const char *class, enum svg_anchor anchor, double x, double y,
	      const char *words, size_t len)
{
	static const char *const anchors[] = { "start", "middle", "end" };

	text_add(out, "<text class=\"%s\" text-anchor=\"%s\" x=\"%.1f\" y=\"%.1f\">", class,
		 anchors[anchor], x, y);
	add_escaped(out, words, len);
	text_add(out, "</text>\n");
}
