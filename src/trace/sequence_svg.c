/* SPDX-License-Identifier: MIT */
/* sequence_svg.c - a log as a picture: a lane a node, an arrow a message. */
#include <errno.h>
#include <string.h>

#include "trace/lanes.h"
#include "trace/svg.h"
#include "trace/view.h"
#include "trace/view_parts.h"

#define MARGIN 16
#define TIME_WIDTH 110
#define LANE_GAP_MIN 210
#define TOP 64			/* below the boxes with the names */
#define BOX_HEIGHT 28
#define MESSAGE_STEP 40
#define NOTE_STEP 30
#define LINE_DROP 6		/* of the arrow, below its label */

/**
 * struct picture
 * @body: what stands between the head, which needs the height, and the end
 * @gap: between two lanes
 * @y: so far down we are
 */
struct picture {
	struct lanes lanes;
	struct text body;
	double gap, y;
};

static double lane_x(const struct picture *p, size_t lane)
{
	return MARGIN + TIME_WIDTH + p->gap * ((double)lane + 0.5);
}

static double right(const struct picture *p)
{
	return MARGIN + TIME_WIDTH + p->gap * (double)p->lanes.n;
}

/* Wide enough for the longest name in its box. */
static void find_gap(struct picture *p)
{
	size_t longest = 0;

	for (size_t i = 0; i < p->lanes.n; i++)
		longest = max_u64(longest, view_node_len(p->lanes.place[i]));
	p->gap = (double)max_u64(LANE_GAP_MIN, (uint64_t)((double)longest * SVG_LETTER) + 48);
}

static void draw_time(struct picture *p, uint64_t t)
{
	cleanup_text struct text time = { 0 };

	view_add_time(&time, t);
	if (time.str)
		svg_text(&p->body, "time", SVG_END, MARGIN + TIME_WIDTH - 24, p->y, time.str,
			 time.len);
}

static void draw_one(struct picture *p, size_t from, size_t to, double y)
{
	int direction = to > from ? 1 : -1;

	svg_line(&p->body, "one", lane_x(p, from), y, lane_x(p, to) - direction * 4, y);
	svg_head(&p->body, "one", lane_x(p, to) - 1.0 * direction, y, direction);
}

/* To all lanes, or to the only other one: a head at each. */
static void draw_all(struct picture *p, size_t from, size_t only, double y)
{
	for (size_t i = 0; i < p->lanes.n; i++) {
		int direction = i > from ? 1 : -1;

		if (i == from || (only != LANES_ALL && i != only))
			continue;
		svg_line(&p->body, "all", lane_x(p, from), y, lane_x(p, i) - direction * 4, y);
		svg_head(&p->body, "all", lane_x(p, i) - 1.0 * direction, y, direction);
	}
	if (p->lanes.n == 1) {
		svg_line(&p->body, "all", lane_x(p, 0), y, right(p) - 4, y);
		svg_head(&p->body, "all", right(p), y, 1);
	}
}

static void draw_label(struct picture *p, const struct trace_event *e, size_t from, size_t to)
{
	cleanup_text struct text label = { 0 };
	size_t left = to == LANES_ALL ? from : min_u64(from, to);

	/* To the right of its arrow's beginning, to the left for the last lane's broadcasts. */
	bool at_end = to == LANES_ALL && from > 0 && from + 1 == p->lanes.n;

	view_add_label(e, &label);
	if (label.str)
		svg_text(&p->body, "label", at_end ? SVG_END : SVG_START,
			 lane_x(p, left) + (at_end ? -10 : 10), p->y, label.str, label.len);
}

static void draw_message(struct picture *p, const struct trace_event *e)
{
	size_t from = lanes_of(&p->lanes, e->msg.from), to = lanes_target(&p->lanes, &e->msg);
	double y = p->y + LINE_DROP;

	draw_time(p, e->t);
	draw_label(p, e, from, to);
	if (view_is_broadcast(&e->msg))
		draw_all(p, from, to, y);
	else if (to != from)
		draw_one(p, from, to, y);
	p->y += MESSAGE_STEP;
}

static void draw_state(struct picture *p, const struct trace_event *e)
{
	size_t lane = lanes_of(&p->lanes, e->at), len = strlen(e->to);

	if (lane == LANES_ALL || strcmp(e->machine, "client") != 0)
		return;
	svg_box(&p->body, "state", lane_x(p, lane), p->y - 16, (double)len * SVG_LETTER + 20, 22,
		e->to, len);
	p->y += NOTE_STEP;
}

static void draw_fault(struct picture *p, const struct trace_event *e)
{
	double left = MARGIN + TIME_WIDTH, width = right(p) - left;
	size_t room = (size_t)((width - 16) / SVG_LETTER), len = e->text ? strlen(e->text) : 0;

	draw_time(p, e->t);
	svg_box(&p->body, "fault", left + width / 2, p->y - 16, width, 22, e->text ? e->text : "",
		min_u64(len, room));
	p->y += NOTE_STEP;
}

static void draw_event(struct picture *p, const struct trace_event *e)
{
	if (e->kind == TRACE_MESSAGE)
		draw_message(p, e);
	else if (e->kind == TRACE_STATE)
		draw_state(p, e);
	else if (e->kind == TRACE_FAULT)
		draw_fault(p, e);
}

static void draw_lanes(const struct picture *p, struct text *out)
{
	for (size_t i = 0; i < p->lanes.n; i++) {
		size_t len = view_node_len(p->lanes.place[i]);

		svg_line(out, "lane", lane_x(p, i), MARGIN + BOX_HEIGHT, lane_x(p, i), p->y);
		svg_box(out, "box", lane_x(p, i), MARGIN, (double)len * SVG_LETTER + 28,
			BOX_HEIGHT, p->lanes.place[i], len);
	}
}

static void draw_legend(struct picture *p)
{
	double x = MARGIN + TIME_WIDTH, y = p->y + 20;

	svg_line(&p->body, "all", x, y, x + 26, y);
	svg_head(&p->body, "all", x + 30, y, 1);
	svg_text(&p->body, "small", SVG_START, x + 38, y + 4, "to everyone", 11);
	svg_line(&p->body, "one", x + 140, y, x + 166, y);
	svg_head(&p->body, "one", x + 170, y, 1);
	svg_text(&p->body, "small", SVG_START, x + 178, y + 4, "to one node", 11);
}

int view_svg(const struct view *v, const struct trace_log *log, struct text *out)
{
	struct picture p = { .y = MARGIN + TOP };
	bool failed;

	if (lanes_find(log, &p.lanes) < 0)
		return -ENOMEM;

	find_gap(&p);
	for (size_t i = 0; i < log->n && p.lanes.n > 0; i++)
		draw_event(&p, &log->event[i]);
	svg_begin(out, (unsigned int)max_u64((uint64_t)right(&p) + MARGIN, 480),
		  (unsigned int)p.y + 3 * MARGIN, "DHCP messages");
	draw_lanes(&p, out);
	draw_legend(&p);
	failed = p.body.failed || !p.body.str;
	if (!failed)
		text_addn(out, p.body.str, p.body.len);
	svg_end(out);

	lanes_done(&p.lanes);
	text_done(&p.body);
	return failed || out->failed ? -ENOMEM : 0;
}
