/* SPDX-License-Identifier: MIT */
/*
 * diagram.c - the sequence diagram: a lane a node, an arrow a message, and the
 * clients' states in their lanes.
 *
 * Lines are drawn into a row of cells, then written; so nothing is ever wider
 * than the row.
 */
#include <errno.h>
#include <string.h>

#include "trace/safe_text.h"
#include "trace/view_parts.h"

#define WIDTH 80
#define LANES_MAX 6	/* so that "[REQUESTING]" fits between two lanes */
#define GAP_MAX 32	/* cells between lanes, where there is room */
#define TIME_GAP 2
#define BOX 4		/* what a box adds to the width of its name: "| " and " |" */
#define NO_LANE SIZE_MAX

struct glyphs {
	uint32_t lane, line, cross, right, left;
	uint32_t all_line, all_cross, all_right, all_left;
	uint32_t top_left, top_right, bottom_left, bottom_right, edge, stem, cut;
};

static const struct glyphs ascii = {
	'|', '-', '|', '>', '<', '=', '|', '>', '<', '+', '+', '+', '+', '-', '+', '~',
};
static const struct glyphs unicode = {
	0x2502, 0x2500, 0x253c, 0x2192, 0x2190, 0x2550, 0x256a, 0x21d2, 0x21d0,
	0x250c, 0x2510, 0x2514, 0x2518, 0x2500, 0x252c, 0x2026,
};

struct lane {
	const char *place;	/* of the log's */
	size_t x;
	size_t name_len;
	uint32_t name[WIDTH];
};

struct diagram {
	const struct glyphs *g;
	struct text *out;
	size_t left;	/* cells in front of the lanes, for the time */
	size_t n;
	struct lane lane[LANES_MAX];
	uint32_t row[WIDTH];
};

/* Rows */

static void row_clear(struct diagram *d)
{
	for (size_t i = 0; i < WIDTH; i++)
		d->row[i] = ' ';
}

static void row_lanes(struct diagram *d)
{
	row_clear(d);
	for (size_t i = 0; i < d->n; i++)
		d->row[d->lane[i].x] = d->g->lane;
}

static void row_put(struct diagram *d, size_t x, uint32_t c)
{
	if (x < WIDTH)
		d->row[x] = c;
}

/* ASCII only: what may hold other letters goes through name_cells(). */
static void row_text(struct diagram *d, size_t x, const char *s)
{
	for (; *s; s++)
		row_put(d, x++, (uint8_t)*s);
}

static void add_utf8(struct text *out, uint32_t c)
{
	char buf[3] = { (char)c };
	size_t len = 1;

	if (c >= 0x800) {
		buf[0] = (char)(0xe0 | c >> 12);
		buf[1] = (char)(0x80 | (c >> 6 & 0x3f));
		buf[2] = (char)(0x80 | (c & 0x3f));
		len = 3;
	}
	text_addn(out, buf, len);
}

static void row_write(struct diagram *d)
{
	size_t len = WIDTH;

	while (len > 0 && d->row[len - 1] == ' ')
		len--;
	for (size_t i = 0; i < len; i++)
		add_utf8(d->out, d->row[i]);
	text_add(d->out, "\n");
}

/* The string in ASCII, one '?' for a letter beyond it, cut to @max cells. */
static size_t name_cells(const struct glyphs *g, const char *s, size_t len, size_t max,
			 uint32_t *ret)
{
	cleanup_text struct text safe = { 0 };
	size_t n = 0;

	safe_text_add(&safe, s, len);
	for (const char *c = safe.str; c && *c; c++) {
		if (((uint8_t)*c & 0xc0) == 0x80)
			continue;
		if (n == max) {
			ret[max - 1] = g->cut;
			break;
		}
		ret[n++] = (uint8_t)*c < 0x80 ? (uint8_t)*c : '?';
	}

	return n;
}

/* Of an address that is too long its end: many begin alike. */
static size_t lane_name(const struct glyphs *g, const char *place, size_t max, uint32_t *ret)
{
	size_t len = view_node_len(place), skip, n;
	uint32_t ip;
	uint8_t mac[6];

	if (len <= max || (mac_parse(place, mac) < 0 && ip4_parse(place, &ip) < 0))
		return name_cells(g, place, len, max, ret);

	skip = len - max;
	n = name_cells(g, place + skip, max, max, ret);
	ret[0] = g->cut;
	return n;
}

/* Lanes */

static size_t find_lane(const struct diagram *d, const char *place)
{
	for (size_t i = 0; i < d->n; i++)
		if (view_same_node(d->lane[i].place, place))
			return i;

	return NO_LANE;
}

static bool add_lane(struct diagram *d, const char *place)
{
	if (find_lane(d, place) != NO_LANE)
		return true;
	if (d->n == LANES_MAX)
		return false;

	d->lane[d->n++].place = place;
	return true;
}

/* False when there are more nodes than lanes. */
static bool find_lanes(struct diagram *d, const struct trace_log *log)
{
	for (size_t i = 0; i < log->n; i++) {
		const struct trace_event *e = &log->event[i];

		if (e->kind != TRACE_MESSAGE)
			continue;
		if (!add_lane(d, e->msg.from))
			return false;
		if (!view_is_broadcast(&e->msg) && !add_lane(d, e->msg.to))
			return false;
	}

	return true;
}

/*
 * A box is at most its share of the row less one cell, so neighbours never
 * touch, wherever the first and the last one stand.
 */
static void place_lanes(struct diagram *d)
{
	size_t room = WIDTH - d->left, name_max = room / d->n - 1 - BOX, first, last, gap = 0;

	for (size_t i = 0; i < d->n; i++) {
		struct lane *l = &d->lane[i];

		l->name_len = lane_name(d->g, l->place, min_u64(name_max, GAP_MAX - BOX - 1),
					l->name);
	}

	first = d->left + (d->lane[0].name_len + BOX) / 2;
	last = WIDTH - (d->lane[d->n - 1].name_len + BOX + 1) / 2;
	if (d->n > 1)
		gap = min_u64(GAP_MAX, (last - first) / (d->n - 1));
	for (size_t i = 0; i < d->n; i++)
		d->lane[i].x = first + i * gap;
}

static void box_row(struct diagram *d, uint32_t start, uint32_t fill, uint32_t end, uint32_t stem)
{
	row_clear(d);
	for (size_t i = 0; i < d->n; i++) {
		const struct lane *l = &d->lane[i];
		size_t width = l->name_len + BOX, x = l->x - width / 2;

		for (size_t j = 1; j + 1 < width; j++)
			row_put(d, x + j, fill);
		row_put(d, x, start);
		row_put(d, x + width - 1, end);
		if (stem)
			row_put(d, l->x, stem);
	}
}

static void draw_boxes(struct diagram *d)
{
	const struct glyphs *g = d->g;

	box_row(d, g->top_left, g->edge, g->top_right, 0);
	row_write(d);

	box_row(d, g->lane, ' ', g->lane, 0);
	for (size_t i = 0; i < d->n; i++) {
		const struct lane *l = &d->lane[i];

		for (size_t j = 0; j < l->name_len; j++)
			row_put(d, l->x - (l->name_len + BOX) / 2 + 2 + j, l->name[j]);
	}
	row_write(d);

	box_row(d, g->bottom_left, g->edge, g->bottom_right, g->stem);
	row_write(d);
}

/* Messages */

/* Above its arrow, which begins at @x; further to the left where the row is too short. */
static void draw_label(struct diagram *d, const struct trace_event *e, size_t x)
{
	cleanup_text struct text label = { 0 };

	text_add(&label, " ");
	view_add_label(e, &label);
	text_add(&label, " ");
	if (label.failed)
		return;

	row_lanes(d);
	x += 1;
	if (x + label.len > WIDTH)
		x = WIDTH - label.len;
	row_text(d, x, label.str);
	row_write(d);
}

static bool is_lane_at(const struct diagram *d, size_t x)
{
	for (size_t i = 0; i < d->n; i++)
		if (d->lane[i].x == x)
			return true;

	return false;
}

/* From lane to lane, passing those in between. */
static void draw_arrow(struct diagram *d, size_t from, size_t to, bool to_all)
{
	size_t low = from < to ? from : to, high = from < to ? to : from;
	const struct glyphs *g = d->g;
	uint32_t line = to_all ? g->all_line : g->line, cross = to_all ? g->all_cross : g->cross;

	for (size_t x = low + 1; x < high; x++)
		row_put(d, x, is_lane_at(d, x) ? cross : line);
	if (to > from)
		row_put(d, to - 1, to_all ? g->all_right : g->right);
	else
		row_put(d, to + 1, to_all ? g->all_left : g->left);
}

/* From one lane to all lanes in @low..@high: a head at each of them. */
static void draw_broadcast(struct diagram *d, size_t from, size_t low, size_t high)
{
	for (size_t x = low; x <= high; x++) {
		if (is_lane_at(d, x))
			continue;
		if (x > from)
			row_put(d, x, is_lane_at(d, x + 1) ? d->g->all_right : d->g->all_line);
		else
			row_put(d, x, is_lane_at(d, x - 1) ? d->g->all_left : d->g->all_line);
	}
}

/* On a cable between two lanes: what is on it reaches nobody else. */
static size_t other_end(const struct diagram *d, const struct trace_message *m)
{
	char peer[TRACE_PLACE_MAX];
	size_t lane;

	if (!view_peer(m, peer))
		return NO_LANE;
	lane = find_lane(d, peer);
	return lane == find_lane(d, m->from) ? NO_LANE : lane;
}

static void draw_time(struct diagram *d, uint64_t t)
{
	cleanup_text struct text time = { 0 };

	view_add_time(&time, t);
	if (time.str && time.len + TIME_GAP <= d->left)
		row_text(d, d->left - TIME_GAP - time.len, time.str);
}

static void draw_to_lane(struct diagram *d, const struct trace_event *e, size_t from, size_t to,
			 bool to_all)
{
	draw_label(d, e, min_u64(from, to));
	row_lanes(d);
	if (from != to)
		draw_arrow(d, from, to, to_all);
}

static void draw_to_all(struct diagram *d, const struct trace_event *e, size_t from)
{
	size_t peer = other_end(d, &e->msg);
	size_t low = d->lane[0].x, high = d->lane[d->n - 1].x;

	if (peer != NO_LANE) {
		draw_to_lane(d, e, from, d->lane[peer].x, true);
		return;
	}
	if (d->n == 1)
		high = min_u64(from + GAP_MAX, WIDTH - 1);

	draw_label(d, e, from < high ? from : low);
	row_lanes(d);
	draw_broadcast(d, from, low, high);
	if (d->n == 1)
		row_put(d, high, d->g->all_right);
}

static void draw_message(struct diagram *d, const struct trace_event *e)
{
	size_t from = d->lane[find_lane(d, e->msg.from)].x;

	if (view_is_broadcast(&e->msg))
		draw_to_all(d, e, from);
	else
		draw_to_lane(d, e, from, d->lane[find_lane(d, e->msg.to)].x, false);
	draw_time(d, e->t);
	row_write(d);
}

/* "[BOUND]" in the client's lane */
static void draw_state(struct diagram *d, const struct trace_event *e)
{
	size_t lane = find_lane(d, e->at), x;
	uint32_t name[WIDTH];
	size_t len;

	if (lane == NO_LANE || strcmp(e->machine, "client") != 0)
		return;

	len = name_cells(d->g, e->to, strlen(e->to), sizeof(e->to), name);
	x = d->lane[lane].x - min_u64(d->lane[lane].x, (len + 2) / 2);
	x = min_u64(x, WIDTH - len - 2);

	row_lanes(d);
	row_put(d, x, '[');
	for (size_t i = 0; i < len; i++)
		row_put(d, x + 1 + i, name[i]);
	row_put(d, x + 1 + len, ']');
	row_write(d);
}

/* What was broken on purpose, across the lanes. */
static void draw_fault(struct diagram *d, const struct trace_event *e)
{
	const char *what = e->text ? e->text : "";
	uint32_t cells[WIDTH];
	size_t n = name_cells(d->g, what, strlen(what), WIDTH - d->left - 2, cells);

	row_lanes(d);
	draw_time(d, e->t);
	row_text(d, d->left, "! ");
	for (size_t i = 0; i < n; i++)
		row_put(d, d->left + 2 + i, cells[i]);
	row_put(d, d->left + 2 + n, ' ');
	row_write(d);
}

static void draw_legend(struct diagram *d)
{
	const struct glyphs *g = d->g;

	row_lanes(d);
	row_write(d);
	row_clear(d);
	for (size_t i = 0; i < 2; i++) {
		size_t x = d->left + 18 * i;

		row_put(d, x, i ? g->line : g->all_line);
		row_put(d, x + 1, i ? g->line : g->all_line);
		row_put(d, x + 2, i ? g->right : g->all_right);
		row_text(d, x + 4, i ? "to one node   [STATE] of a client" : "to everyone");
	}
	row_write(d);
}

static void draw_lanes(struct diagram *d, const struct trace_log *log)
{
	place_lanes(d);
	draw_boxes(d);
	for (size_t i = 0; i < log->n; i++) {
		const struct trace_event *e = &log->event[i];

		if (e->kind == TRACE_MESSAGE)
			draw_message(d, e);
		else if (e->kind == TRACE_STATE)
			draw_state(d, e);
		else if (e->kind == TRACE_FAULT)
			draw_fault(d, e);
	}
	draw_legend(d);
}

/* More nodes than lanes: a line a message, cut to the width of the row. */

static void compact_line(struct diagram *d, const struct trace_event *e)
{
	const struct view nodes = { 0 };
	cleanup_text struct text line = { 0 };
	uint32_t cells[WIDTH];
	size_t n;

	view_add_name(&nodes, &line, e->msg.from);
	text_add(&line, view_is_broadcast(&e->msg) ? " => " : " -> ");
	view_add_name(&nodes, &line, e->msg.to);
	text_add(&line, "  ");
	view_add_label(e, &line);
	if (line.failed)
		return;

	row_clear(d);
	draw_time(d, e->t);
	n = name_cells(d->g, line.str, line.len, WIDTH - d->left, cells);
	for (size_t i = 0; i < n; i++)
		row_put(d, d->left + i, cells[i]);
	row_write(d);
}

static void draw_compact(struct diagram *d, const struct trace_log *log)
{
	text_add(d->out, "More than %u nodes: too many for lanes in %u columns. "
		 "One line a message:\n", LANES_MAX, WIDTH);
	for (size_t i = 0; i < log->n; i++)
		if (log->event[i].kind == TRACE_MESSAGE)
			compact_line(d, &log->event[i]);
}

int view_diagram(const struct view *v, const struct trace_log *log, struct text *out)
{
	cleanup_text struct text time = { 0 };
	struct diagram d = { .g = v->unicode ? &unicode : &ascii, .out = out };
	bool fits = find_lanes(&d, log);

	if (d.n == 0) {
		text_add(out, "no messages yet\n");
		return out->failed ? -ENOMEM : 0;
	}

	view_add_time(&time, log->event[log->n - 1].t);
	d.left = time.len + TIME_GAP;
	if (fits)
		draw_lanes(&d, log);
	else
		draw_compact(&d, log);
	return out->failed || time.failed ? -ENOMEM : 0;
}
