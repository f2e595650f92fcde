/* SPDX-License-Identifier: MIT */
/*
 * svg.h - the few shapes that netlab's pictures are made of, as SVG elements.
 *
 * Coordinates are pixels. Text may hold anything that somebody sent: it is made
 * safe here.
 */
#ifndef TRACE_SVG_H
#define TRACE_SVG_H

#include "base/text.h"

enum svg_anchor {
	SVG_START,
	SVG_MIDDLE,
	SVG_END,
};

#define SVG_LETTER 7.3	/* width of a letter of the 12-pixel typewriter face */

/* The document's head with styles and a background, and its end. */
void svg_begin(struct text *out, unsigned int width, unsigned int height, const char *title);
void svg_end(struct text *out);

/*
 * @style: a class of svg_begin()'s: "lane", "one", "all" for lines; "box",
 * "state", "fault" for boxes; "name", "label", "time", "small" for text
 */
void svg_line(struct text *out, const char *style, double x1, double y1, double x2, double y2);
/* An arrow's head at @x, @y that points to the left (@direction -1) or right (1). */
void svg_head(struct text *out, const char *style, double x, double y, int direction);
/* Centred on @x, with @words in the middle. */
void svg_box(struct text *out, const char *style, double x, double y, double width,
	     double height, const char *words, size_t len);
void svg_text(struct text *out, const char *style, enum svg_anchor anchor, double x, double y,
	      const char *words, size_t len);

#endif
