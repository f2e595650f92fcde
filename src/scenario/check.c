/* SPDX-License-Identifier: MIT */
/* check.c - what only the whole network shows: loops, addresses and pools that clash */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "scenario/parse.h"

/*
 * Segments of layer 2, by union and find: every interface is of one, with its
 * cable's other end, and with all other ports if it is a switch's.
 */
static size_t find_root(size_t *parent, size_t i)
{
	while (parent[i] != i) {
		parent[i] = parent[parent[i]];
		i = parent[i];
	}
	return i;
}

/* False if they were one already. The smaller index is the root: names in errors are stable. */
static bool join(size_t *parent, size_t a, size_t b)
{
	a = find_root(parent, a);
	b = find_root(parent, b);
	if (a == b)
		return false;
	parent[max_u64(a, b)] = min_u64(a, b);
	return true;
}

/* A second way between two switches, without a spanning tree, is a storm. */
static void join_cables(struct parse *p, size_t *parent)
{
	const struct scenario *s = p->s;

	for (size_t i = 0; i < s->n_cables; i++) {
		const struct scn_cable *cable = &s->cables[i];

		if (!join(parent, cable->a, cable->b))
			bad(p, cable->at, "the cable closes a loop of switches; its frames would "
			    "go round for ever");
	}
}

static size_t *find_segments(struct parse *p)
{
	const struct scenario *s = p->s;
	size_t *parent = calloc(s->n_ifaces + 1, sizeof(*parent));

	if (!parent)
		return NULL;
	for (size_t i = 0; i < s->n_ifaces; i++)
		parent[i] = i;
	for (size_t i = 0; i < s->n_nodes; i++) {
		const struct scn_node *node = &s->nodes[i];

		for (size_t k = 1; node->kind == SCN_SWITCH && k < node->n_ifaces; k++)
			join(parent, node->ifaces[0], node->ifaces[k]);
	}

	join_cables(p, parent);
	return parent;
}

static bool is_before(struct place a, struct place b)
{
	return a.line < b.line || (a.line == b.line && a.column < b.column);
}

static int check_address(struct parse *p, struct index *seen, size_t segment, size_t iface,
			 const struct scn_address *a)
{
	char key[64], text[IP4_LEN];
	size_t other;
	int r;

	snprintf(key, sizeof(key), "%zu %08x", segment, a->address);
	r = index_add(seen, key, iface, &other);
	if (r == -EEXIST) {
		bad(p, a->at, "Address=: %s has %s already", p->s->ifaces[other].label,
		    ip4_format(a->address, text));
		return 0;
	}
	return r;
}

/* In one segment no two interfaces may have one address. */
static int check_addresses(struct parse *p, size_t *parent)
{
	cleanup_index struct index seen = { 0 };

	for (size_t i = 0; i < p->s->n_ifaces; i++) {
		const struct scn_iface *iface = &p->s->ifaces[i];

		for (size_t k = 0; k < iface->n_addresses; k++) {
			int r = check_address(p, &seen, find_root(parent, i), i,
					      &iface->addresses[k]);

			if (r < 0)
				return r;
		}
	}

	return 0;
}

/* A server's pool, to be sorted. */
struct pool {
	size_t segment, iface;
	uint32_t first, last;
};

static int compare_pools(const void *a, const void *b)
{
	const struct pool *x = a, *y = b;

	if (x->segment != y->segment)
		return x->segment < y->segment ? -1 : 1;
	if (x->first != y->first)
		return x->first < y->first ? -1 : 1;
	return x->iface < y->iface ? -1 : x->iface > y->iface;
}

static void report_overlap(struct parse *p, const struct pool *a, const struct pool *b)
{
	const struct scn_iface *first = &p->s->ifaces[a->iface], *second = &p->s->ifaces[b->iface];
	char from[IP4_LEN], to[IP4_LEN];

	if (is_before(second->server->at, first->server->at) ||
	    (!is_before(first->server->at, second->server->at) && b->iface < a->iface)) {
		const struct scn_iface *swap = first;

		first = second;
		second = swap;
	}
	bad(p, second->server->at, "the pool of %s overlaps that of %s, %s-%s", second->label,
	    first->label, ip4_format(first->server->first, from),
	    ip4_format(first->server->last, to));
}

static int check_pools(struct parse *p, size_t *parent)
{
	const struct scenario *s = p->s;
	cleanup_free struct pool *pools = calloc(s->n_ifaces + 1, sizeof(*pools));
	size_t n = 0, widest = 0;

	if (!pools)
		return -ENOMEM;
	for (size_t i = 0; i < s->n_ifaces; i++)
		if (s->ifaces[i].server && s->ifaces[i].server->first)
			pools[n++] = (struct pool){ find_root(parent, i), i,
						    s->ifaces[i].server->first,
						    s->ifaces[i].server->last };
	qsort(pools, n, sizeof(*pools), compare_pools);

	for (size_t i = 1; i < n; i++) {	/* widest: of those before, what reaches furthest */
		if (pools[widest].segment != pools[i].segment) {
			widest = i;
			continue;
		}
		if (pools[i].first <= pools[widest].last)
			report_overlap(p, &pools[widest], &pools[i]);
		if (pools[i].last > pools[widest].last)
			widest = i;
	}

	return 0;
}

static int seen_route(struct index *seen, size_t iface, size_t node, uint32_t dest, uint8_t len,
		      uint32_t metric)
{
	char key[64];

	snprintf(key, sizeof(key), "%zu %08x %u %u", node, dest & ip4_mask(len), len, metric);
	return index_add(seen, key, iface, NULL);
}

static int check_route(struct parse *p, struct index *seen, size_t i, const struct scn_route *route)
{
	char text[IP4_LEN];
	int r = seen_route(seen, i, p->s->ifaces[i].node, route->dest, route->prefix_len,
			   route->metric);

	if (r != -EEXIST)
		return r;
	bad(p, route->at, "node \"%s\" has a route to %s/%u with metric %u already",
	    p->s->nodes[p->s->ifaces[i].node].name, ip4_format(route->dest, text),
	    route->prefix_len, route->metric);
	return 0;
}

/* The kernel has one route a destination and metric; an address brings its subnet's. */
static int check_routes(struct parse *p)
{
	cleanup_index struct index seen = { 0 };
	const struct scenario *s = p->s;
	int r = 0;

	for (size_t i = 0; i < s->n_ifaces; i++)
		for (size_t k = 0; k < s->ifaces[i].n_addresses; k++) {
			const struct scn_address *a = &s->ifaces[i].addresses[k];

			if (seen_route(&seen, i, s->ifaces[i].node, a->address, a->prefix_len, 0) ==
			    -ENOMEM)
				return -ENOMEM;
		}

	for (size_t i = 0; i < s->n_ifaces; i++)
		for (size_t k = 0; k < s->ifaces[i].n_routes && r == 0; k++)
			r = check_route(p, &seen, i, &s->ifaces[i].routes[k]);
	return r;
}

int check_scenario(struct parse *p)
{
	cleanup_free size_t *parent = find_segments(p);
	int r;

	if (!parent)
		return -ENOMEM;
	r = check_addresses(p, parent);
	if (r == 0)
		r = check_pools(p, parent);
	if (r == 0)
		r = check_routes(p);
	return r;
}
