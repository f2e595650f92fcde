/* SPDX-License-Identifier: MIT */
/*
 * graph.c - all forms are made from one walk through the cables: each node once,
 * below the one from which it was reached.
 */
#include "scenario/graph.h"

#include <errno.h>
#include <string.h>

#define CELLS 79	/* of a line of text */

/* SVG, in pixels. */
#define COLUMN 250
#define BOX 200
#define LINE 17
#define GAP 14

/**
 * struct graph - a drawing on its way
 * @seen: of each node: it was visited
 * @x: @y: of its box; @below: where the next box goes
 */
struct graph {
	const struct scenario *s;
	const struct graph_options *opt;
	struct text *out;
	bool *seen;
	unsigned int *x, *y, below;
};

static const char *kind_of(const struct scn_node *n)
{
	if (n->kind == SCN_SWITCH)
		return "switch";
	return n->ip_forward ? "router" : "";
}

/* What is on an interface: "10.0.0.1/24, DHCP server". */
static void add_info(const struct graph *g, size_t iface, struct text *out)
{
	const struct scn_iface *i = &g->s->ifaces[iface];
	const char *note = g->opt->note ? g->opt->note(g->opt->ctx, iface) : NULL;
	const char *sep = "";
	char ip[IP4_LEN];

	for (size_t a = 0; a < i->n_addresses; a++, sep = ", ")
		text_add(out, "%s%s/%u", sep, ip4_format(i->addresses[a].address, ip),
			 i->addresses[a].prefix_len);
	if (i->server) {
		text_add(out, "%sDHCP server", sep);
		sep = ", ";
	}
	if (i->client) {
		text_add(out, "%sDHCP client", sep);
		sep = ", ";
	}
	if (note)
		text_add(out, "%s%s", sep, note);
}

/* The node with most cables is in the middle of things: drawings begin with it. */
static size_t root(const struct graph *g)
{
	size_t best = NONE;

	for (size_t n = 0; n < g->s->n_nodes; n++) {
		if (!g->seen[n] &&
		    (best == NONE || g->s->nodes[n].n_ifaces > g->s->nodes[best].n_ifaces))
			best = n;
	}
	return best;
}

static size_t peer_node(const struct graph *g, size_t iface)
{
	return g->s->ifaces[g->s->ifaces[iface].peer].node;
}

/* Does one of the node's interfaces after @i still have something to draw? @back: to its parent. */
static bool is_last(const struct scn_node *n, size_t i, size_t back)
{
	for (size_t k = i + 1; k < n->n_ifaces; k++) {
		if (n->ifaces[k] != back)
			return false;
	}
	return true;
}

/* What does not fit into the line goes below it. */
static void add_fitting(struct text *line, const char *more, const char *indent)
{
	struct text cleanup_text trial = { 0 };

	text_add(&trial, "%s  %s", strrchr(line->str, '\n') ? strrchr(line->str, '\n') + 1
							     : line->str, more);
	if (!more[0])
		return;
	/* In columns, not bytes: the signs of a tree have three of these each. */
	if (trial.len <= CELLS + (strstr(trial.str, "─") ? 8 : 0))
		text_add(line, "  %s", more);
	else
		text_add(line, "\n%s     %s", indent, more);
}

static void text_node(struct graph *g, size_t node, size_t back, const char *indent);

static void text_cable(struct graph *g, size_t iface, const char *indent, bool last)
{
	const struct scn_iface *near = &g->s->ifaces[iface], *far = &g->s->ifaces[near->peer];
	const struct scn_node *other = &g->s->nodes[far->node];
	struct text cleanup_text line = { 0 }, info = { 0 }, below = { 0 };
	bool seen = g->seen[far->node];

	text_add(&below, "%s%s", indent, last ? "   " : g->opt->unicode ? "│  " : "|  ");
	text_add(&line, "%s%s%s", indent, g->opt->unicode ? (last ? "└─ " : "├─ ") :
		 last ? "`- " : "|- ", near->name);
	if (g->s->nodes[near->node].kind == SCN_HOST) {
		add_info(g, iface, &info);
		text_add(&line, "%s%s", info.len ? " " : "", info.str ? info.str : "");
		text_done(&info);
		info = (struct text){ 0 };
	}
	text_add(&line, " %s ", g->opt->unicode ? "──" : "--");
	text_add(&line, "%s%s", far->label, seen ? "  (above)" : "");
	if (!seen)
		add_info(g, near->peer, &info);
	if (!seen && kind_of(other)[0])
		text_add(&info, "%s%s", info.len ? "  " : "", kind_of(other));
	if (line.str)
		add_fitting(&line, info.str ? info.str : "", below.str ? below.str : "");
	text_add(g->out, "%s\n", line.str ? line.str : "");
	if (!seen)
		text_node(g, far->node, near->peer, below.str ? below.str : "");
}

static void text_node(struct graph *g, size_t node, size_t back, const char *indent)
{
	const struct scn_node *n = &g->s->nodes[node];

	g->seen[node] = true;
	for (size_t i = 0; i < n->n_ifaces; i++) {
		/* Drawn already, from the other end. */
		if (n->ifaces[i] == back)
			continue;
		text_cable(g, n->ifaces[i], indent, is_last(n, i, back));
	}
}

static void draw_text(struct graph *g)
{
	for (size_t n = root(g); n != NONE; n = root(g)) {
		text_add(g->out, "%s%s%s\n", g->s->nodes[n].name,
			 kind_of(&g->s->nodes[n])[0] ? "  " : "", kind_of(&g->s->nodes[n]));
		text_node(g, n, NONE, "");
	}
}

/* A node's lines: its name, and what is on its interfaces; @eol between them. */
static void add_lines(const struct graph *g, size_t node, const char *eol)
{
	const struct scn_node *n = &g->s->nodes[node];

	text_add(g->out, "%s%s%s", n->name, kind_of(n)[0] ? ", " : "", kind_of(n));
	for (size_t i = 0; i < n->n_ifaces && n->kind == SCN_HOST; i++) {
		text_add(g->out, "%s%s ", eol, g->s->ifaces[n->ifaces[i]].name);
		add_info(g, n->ifaces[i], g->out);
	}
}

static void draw_dot(struct graph *g)
{
	text_add(g->out, "graph \"%s\" {\n\tnode [fontname=\"sans-serif\"];\n", g->s->name);
	for (size_t n = 0; n < g->s->n_nodes; n++) {
		text_add(g->out, "\tn%zu [shape=%s, label=\"", n,
			 g->s->nodes[n].kind == SCN_SWITCH ? "ellipse" : "box");
		add_lines(g, n, "\\n");
		text_add(g->out, "\"];\n");
	}
	for (size_t c = 0; c < g->s->n_cables; c++) {
		const struct scn_iface *a = &g->s->ifaces[g->s->cables[c].a];
		const struct scn_iface *b = &g->s->ifaces[g->s->cables[c].b];

		text_add(g->out, "\tn%zu -- n%zu [taillabel=\"%s\", headlabel=\"%s\"];\n", a->node,
			 b->node, a->name, b->name);
	}
	text_add(g->out, "}\n");
}

static void draw_mermaid(struct graph *g)
{
	text_add(g->out, "flowchart LR\n");
	for (size_t n = 0; n < g->s->n_nodes; n++) {
		bool is_switch = g->s->nodes[n].kind == SCN_SWITCH;

		text_add(g->out, "    n%zu%s\"", n, is_switch ? "([" : "[");
		add_lines(g, n, "<br/>");
		text_add(g->out, "\"%s\n", is_switch ? "])" : "]");
	}
	for (size_t c = 0; c < g->s->n_cables; c++) {
		const struct scn_iface *a = &g->s->ifaces[g->s->cables[c].a];
		const struct scn_iface *b = &g->s->ifaces[g->s->cables[c].b];

		text_add(g->out, "    n%zu ---|\"%s - %s\"| n%zu\n", a->node, a->name, b->name,
			 b->node);
	}
}

static unsigned int box_height(const struct scn_node *n)
{
	return LINE * (1 + (n->kind == SCN_HOST ? (unsigned int)n->n_ifaces : 0)) + 10;
}

/* Each node right of the one from which it was reached, leaves below each other. */
static void place(struct graph *g, size_t node, unsigned int depth)
{
	const struct scn_node *n = &g->s->nodes[node];
	unsigned int top = g->below;

	g->seen[node] = true;
	g->x[node] = 10 + depth * COLUMN;
	g->y[node] = top;
	for (size_t i = 0; i < n->n_ifaces; i++) {
		size_t other = peer_node(g, n->ifaces[i]);

		if (!g->seen[other])
			place(g, other, depth + 1);
	}
	g->below = (unsigned int)max_u64(g->below, top + box_height(n) + GAP);
}

static void svg_box(const struct graph *g, size_t node)
{
	const struct scn_node *n = &g->s->nodes[node];
	unsigned int y = g->y[node] + LINE;

	text_add(g->out, "<rect x=\"%u\" y=\"%u\" width=\"%d\" height=\"%u\" rx=\"%d\" fill=\"%s\" "
			 "stroke=\"#333\"/>\n", g->x[node], g->y[node], BOX, box_height(n),
		 n->kind == SCN_SWITCH ? 12 : 2, n->kind == SCN_SWITCH ? "#e8eef8" : "#fff");
	text_add(g->out, "<text x=\"%u\" y=\"%u\" font-weight=\"bold\">%s%s%s</text>\n",
		 g->x[node] + 8, y, n->name, kind_of(n)[0] ? ", " : "", kind_of(n));
	for (size_t i = 0; i < n->n_ifaces && n->kind == SCN_HOST; i++) {
		y += LINE;
		text_add(g->out, "<text x=\"%u\" y=\"%u\">%s ", g->x[node] + 8, y,
			 g->s->ifaces[n->ifaces[i]].name);
		add_info(g, n->ifaces[i], g->out);
		text_add(g->out, "</text>\n");
	}
}

static void svg_cable(const struct graph *g, const struct scn_cable *c)
{
	size_t a = g->s->ifaces[c->a].node, b = g->s->ifaces[c->b].node;
	bool right = g->x[a] < g->x[b];
	size_t from = right ? a : b, to = right ? b : a;

	text_add(g->out, "<path d=\"M%u %u H%u V%u H%u\" fill=\"none\" stroke=\"#333\"/>\n",
		 g->x[from] + BOX, g->y[from] + LINE - 4, g->x[from] + BOX + (COLUMN - BOX) / 2,
		 g->y[to] + LINE - 4, g->x[to]);
}

static void draw_svg(struct graph *g)
{
	unsigned int width = 0;

	g->below = 10;
	for (size_t n = root(g); n != NONE; n = root(g))
		place(g, n, 0);
	for (size_t n = 0; n < g->s->n_nodes; n++)
		width = (unsigned int)max_u64(width, g->x[n] + BOX + 10);
	text_add(g->out, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%u\" height=\"%u\" "
			 "font-family=\"sans-serif\" font-size=\"12\">\n<title>%s</title>\n"
			 "<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n", width,
		 g->below, g->s->name);
	for (size_t c = 0; c < g->s->n_cables; c++)
		svg_cable(g, &g->s->cables[c]);
	for (size_t n = 0; n < g->s->n_nodes; n++)
		svg_box(g, n);
	text_add(g->out, "</svg>\n");
}

int graph_draw(const struct scenario *s, enum graph_form form, const struct graph_options *opt,
	       struct text *out)
{
	size_t n = s->n_nodes ? s->n_nodes : 1;
	cleanup_free bool *seen = calloc(n, sizeof(*seen));
	cleanup_free unsigned int *x = calloc(n, sizeof(*x)), *y = calloc(n, sizeof(*y));
	struct graph g = { .s = s, .opt = opt, .out = out, .seen = seen, .x = x, .y = y };

	if (!seen || !x || !y)
		return -ENOMEM;
	switch (form) {
	case GRAPH_TEXT:
		draw_text(&g);
		break;
	case GRAPH_DOT:
		draw_dot(&g);
		break;
	case GRAPH_MERMAID:
		draw_mermaid(&g);
		break;
	case GRAPH_SVG:
		draw_svg(&g);
		break;
	}
	return out->failed ? -ENOMEM : 0;
}
