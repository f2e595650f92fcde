/* SPDX-License-Identifier: MIT */
/* fault_fill.c - somebody at an interface who sends what he should not: what is not given of him */
#include <errno.h>

#include "base/error.h"
#include "scenario/parse.h"

#define DEFAULT_LEASE 3600

/* What is reached from an interface without a router, one interface after the other. */
struct walk {
	const struct scenario *s;
	bool *seen;
	size_t *found, n;
};

static void visit(struct walk *w, size_t iface)
{
	if (iface == NONE || w->seen[iface])
		return;
	w->seen[iface] = true;
	w->found[w->n++] = iface;
}

static void walk_from(struct walk *w, size_t start)
{
	visit(w, start);
	for (size_t i = 0; i < w->n; i++) {
		const struct scn_iface *iface = &w->s->ifaces[w->found[i]];
		const struct scn_node *node = &w->s->nodes[iface->node];

		visit(w, iface->peer);
		for (size_t k = 0; node->kind == SCN_SWITCH && k < node->n_ifaces; k++)
			visit(w, node->ifaces[k]);
	}
}

/* The first that is a server, else the first that has an address; NULL: there is none. */
static const struct scn_iface *choose(const struct walk *w)
{
	const struct scn_iface *best = NULL;

	for (size_t i = 0; i < w->n; i++) {
		const struct scn_iface *iface = &w->s->ifaces[w->found[i]];

		if (iface->n_addresses > 0 && (!best || (iface->server && !best->server)))
			best = iface;
	}
	return best;
}

static int find_neighbour(const struct scenario *s, size_t iface, const struct scn_iface **ret)
{
	cleanup_free bool *seen = calloc(s->n_ifaces, sizeof(*seen));
	cleanup_free size_t *found = calloc(s->n_ifaces, sizeof(*found));
	struct walk w = { .s = s, .seen = seen, .found = found };

	if (!seen || !found)
		return -ENOMEM;
	walk_from(&w, iface);
	*ret = choose(&w);
	return 0;
}

static const struct scn_iface *owner(const struct scenario *s, uint32_t address)
{
	for (size_t i = 0; i < s->n_ifaces; i++)
		for (size_t k = 0; k < s->ifaces[i].n_addresses; k++)
			if (s->ifaces[i].addresses[k].address == address)
				return &s->ifaces[i];
	return NULL;
}

static int fill_subnet(const struct scenario *s, struct scn_fault *f, const struct scn_iface *near,
		       struct error *err)
{
	uint32_t first, last;
	char text[IP4_LEN];

	if (!near)
		return error_set(err, -EINVAL, "write it with its prefix, as 10.0.0.66/24 is: "
				 "there is nobody to take the subnet from");
	if (f->address && !ip4_in_prefix(f->address, near->addresses[0].address,
					 near->addresses[0].prefix_len))
		return error_set(err, -EINVAL, "%s is not in the subnet of %s; write it with its "
				 "prefix", ip4_format(f->address, text), near->label);
	f->prefix_len = near->addresses[0].prefix_len;
	if (f->address)
		return 0;
	subnet_hosts(near->addresses[0].address, f->prefix_len, &first, &last);
	for (f->address = last; f->address > first && owner(s, f->address); f->address--)
		;
	return 0;
}

static int fill_address(const struct scenario *s, struct scn_fault *f, struct error *err)
{
	const struct scn_iface *near, *other;
	uint32_t first, last;
	char text[IP4_LEN];
	int r = 0;

	if (!f->prefix_len) {
		r = find_neighbour(s, f->iface, &near);
		if (r == 0)
			r = fill_subnet(s, f, near, err);
	}
	if (r < 0)
		return r;
	other = owner(s, f->address);
	if (other)
		return error_set(err, -EINVAL, "%s is the address of %s already",
				 ip4_format(f->address, text), other->label);
	subnet_hosts(f->address, f->prefix_len, &first, &last);
	return first < last ? 0 : error_set(err, -EINVAL, "a /%u has no room for his clients",
					    f->prefix_len);
}

/* By default so many below his own address, or above it if that is the first of the subnet. */
static int fill_pool(struct scn_fault *f, const char **ret_key, struct error *err)
{
	uint32_t net = f->address & ip4_mask(f->prefix_len), first_host, last_host;
	uint64_t size = f->pool_size ? f->pool_size : SCN_ROGUE_POOL, first, last;
	uint32_t below;

	subnet_hosts(f->address, f->prefix_len, &first_host, &last_host);
	below = f->address - first_host;
	if (f->pool_offset) {
		first = (uint64_t)net + f->pool_offset;
		last = first + size - 1;
		if (!f->pool_size && first <= last_host)
			last = min_u64(last, last_host);
	} else if (below) {
		first = f->address - (f->pool_size ? size : min_u64(size, below));
		last = f->address - 1;
	} else {
		first = f->address + 1;
		last = f->pool_size ? f->address + size : min_u64(f->address + size, last_host);
	}
	*ret_key = f->pool_offset ? "PoolOffset" : "PoolSize";
	if (size > SCN_ROGUE_POOL_MAX || first < first_host || last > last_host ||
	    (first == last && first == f->address))
		return error_set(err, -EINVAL, "his pool is not within his subnet");
	f->first = (uint32_t)first;
	f->last = (uint32_t)last;
	return 0;
}

static int fill_rogue(const struct scenario *s, struct scn_fault *f, const char **ret_key,
		      struct error *err)
{
	uint32_t first, last;
	char text[IP4_LEN];
	int r;

	*ret_key = "Address";
	r = fill_address(s, f, err);
	if (r == 0)
		r = fill_pool(f, ret_key, err);
	if (r < 0)
		return r;

	subnet_hosts(f->address, f->prefix_len, &first, &last);
	*ret_key = "Router";
	if (f->router && (f->router < first || f->router > last))
		return error_set(err, -EINVAL, "%s is out of his subnet",
				 ip4_format(f->router, text));
	f->router = f->router ? f->router : f->address;
	f->dns = f->dns ? f->dns : f->address;
	f->lease_sec = f->lease_sec ? f->lease_sec : DEFAULT_LEASE;
	return 0;
}

static int fill_conflict(const struct scenario *s, struct scn_fault *f, const char **ret_key,
			 struct error *err)
{
	const struct scn_iface *other = f->address ? owner(s, f->address) : NULL;
	char text[IP4_LEN];

	*ret_key = "Address";
	if (other == &s->ifaces[f->iface])
		return error_set(err, -EINVAL, "%s is %s's own: who is in conflict with it?",
				 ip4_format(f->address, text), other->label);
	*ret_key = "Count";
	if (f->address && f->count)
		return error_set(err, -EINVAL, "Address= is one address; Count= of those that are "
				 "asked for is without it");
	if (f->count > SCN_CONFLICTS_MAX)
		return error_set(err, -EINVAL, "%u is more than %d", f->count, SCN_CONFLICTS_MAX);
	f->count = f->count ? f->count : 1;
	return 0;
}

int scenario_fault_fill(const struct scenario *s, struct scn_fault *f, const char **ret_key,
			struct error *err)
{
	const struct scn_node *node = f->node == NONE ? NULL : &s->nodes[f->node];

	*ret_key = "Node";
	if (node && f->iface == NONE && node->n_ifaces == 1)
		f->iface = node->ifaces[0];
	if (!node || f->iface == NONE || node->kind == SCN_SWITCH)
		return error_set(err, -EINVAL, "write NODE:IF of a host");
	f->direction = SCN_FROM;
	if (f->kind == SCN_FAULT_ROGUE)
		return fill_rogue(s, f, ret_key, err);
	return f->kind == SCN_FAULT_CONFLICT ? fill_conflict(s, f, ret_key, err) : 0;
}
