/* SPDX-License-Identifier: MIT */
/*
 * reach.c - an echo request and its reply, followed through the routing tables
 * of the nodes on their way; nothing is sent.
 */
#include "sim/world.h"

#define TTL 64	/* routers that a packet may pass */
#define NATS_MAX 8

static void consider(struct way *best, uint32_t dst, uint32_t dest, struct way w)
{
	if (!ip4_in_prefix(dst, dest, w.len))
		return;
	if (best->found && (w.len < best->len || (w.len == best->len && w.metric >= best->metric)))
		return;

	w.found = true;
	*best = w;
}

static void consider_static(const struct sim *sim, size_t iface, uint32_t dst, struct way *best)
{
	const struct scn_iface *i = &sim->scenario->ifaces[iface];

	for (size_t a = 0; a < i->n_addresses; a++)
		consider(best, dst, i->addresses[a].address, (struct way){
			.len = i->addresses[a].prefix_len, .iface = iface, .via = dst });

	for (size_t r = 0; r < i->n_routes; r++) {
		const struct scn_route *route = &i->routes[r];

		consider(best, dst, route->dest, (struct way){
			.len = route->prefix_len, .metric = route->metric, .iface = iface,
			.via = route->gateway ? route->gateway : dst });
	}
}

static void consider_leased(const struct sim *sim, size_t iface, uint32_t dst, struct way *best)
{
	const struct sim_machine *m = sim->ifaces[iface].machine;
	struct dhcp_route routes[LEASE_ROUTES_MAX];
	const struct dhcp_config *c;
	size_t n_routes;
	uint32_t metric;

	if (!m || !m->config.address)
		return;
	c = held_config_rest(&m->config);
	metric = sim->scenario->ifaces[iface].client->route_metric;

	consider(best, dst, m->config.address, (struct way){
		.len = c->prefix_len, .iface = iface, .via = dst });
	n_routes = lease_routes(c, routes);
	for (size_t r = 0; r < n_routes; r++)
		consider(best, dst, routes[r].dest, (struct way){
			.len = routes[r].prefix_len, .metric = metric, .iface = iface,
			.via = routes[r].gateway ? routes[r].gateway : dst });
}

struct way reach_find_way(const struct sim *sim, size_t node, uint32_t dst)
{
	const struct scn_node *n = &sim->scenario->nodes[node];
	struct way best = { 0 };

	for (size_t i = 0; i < n->n_ifaces; i++) {
		if (sim->ifaces[n->ifaces[i]].down)
			continue;
		consider_static(sim, n->ifaces[i], dst, &best);
		consider_leased(sim, n->ifaces[i], dst, &best);
	}

	return best;
}

struct way reach_find_way_over(const struct sim *sim, size_t iface, uint32_t dst)
{
	struct way best = { 0 };

	if (!sim->ifaces[iface].down) {
		consider_static(sim, iface, dst, &best);
		consider_leased(sim, iface, dst, &best);
	}

	return best;
}

bool reach_is_own(const struct sim *sim, size_t node, uint32_t address)
{
	const struct scn_node *n = &sim->scenario->nodes[node];

	for (size_t i = 0; i < n->n_ifaces; i++) {
		if (host_has_address(sim, n->ifaces[i], address))
			return true;
	}

	return false;
}

/* The kernel prefers the address that shares its subnet with the next hop; 0: it has none. */
static uint32_t source(const struct sim *sim, const struct way *way)
{
	const struct scn_iface *i = &sim->scenario->ifaces[way->iface];
	uint32_t leased;
	uint8_t len;

	for (size_t a = 0; a < i->n_addresses; a++) {
		if (ip4_in_prefix(way->via, i->addresses[a].address, i->addresses[a].prefix_len))
			return i->addresses[a].address;
	}
	leased = sim_address(sim, way->iface, &len);
	if (leased)
		return leased;
	return i->n_addresses ? i->addresses[0].address : 0;
}

/* A router on the way that has put its own address in the place of the sender's. */
struct nat {
	size_t node;
	uint32_t inside, outside;
};

/**
 * struct echo - a request, and then its reply, on the way
 * @src: the sender, as those see it who receive the request
 * @nat: of the routers that masqueraded it, @n of them, the last one last
 */
struct echo {
	uint32_t src, dst;
	bool is_reply;
	size_t n;
	struct nat nat[NATS_MAX];
};

/* IPMasquerade=: what comes from the subnet of such an interface, and goes to another. */
static bool is_masqueraded(const struct sim *sim, size_t node, const struct echo *e)
{
	const struct scn_node *n = &sim->scenario->nodes[node];

	for (size_t i = 0; i < n->n_ifaces; i++) {
		const struct scn_iface *iface = &sim->scenario->ifaces[n->ifaces[i]];

		for (size_t a = 0; iface->masquerade && a < iface->n_addresses; a++) {
			const struct scn_address *own = &iface->addresses[a];

			if (ip4_in_prefix(e->src, own->address, own->prefix_len) &&
			    !ip4_in_prefix(e->dst, own->address, own->prefix_len))
				return true;
		}
	}
	return false;
}

/* A request leaves a router. False: so many addresses nobody remembers. */
static bool masquerade(const struct sim *sim, size_t node, const struct way *way, struct echo *e)
{
	uint32_t own = source(sim, way);

	if (e->is_reply || !is_masqueraded(sim, node, e))
		return true;
	if (e->n == NATS_MAX)
		return false;
	e->nat[e->n++] = (struct nat){ node, e->src, own };
	e->src = own;
	return true;
}

/* A reply has come to the router that had masqueraded its request: it goes on from there. */
static bool is_undone(struct echo *e, size_t node)
{
	const struct nat *last = e->n > 0 ? &e->nat[e->n - 1] : NULL;

	if (!e->is_reply || !last || last->node != node || last->outside != e->dst)
		return false;
	e->dst = last->inside;
	e->n--;
	return true;
}

/* The node that @e from @node ends at; NONE if it gets lost. */
static size_t follow(const struct sim *sim, size_t node, struct echo *e)
{
	for (unsigned int hops = 0; hops < TTL; hops++) {
		struct way way;
		uint32_t next;

		if (!is_undone(e, node) && reach_is_own(sim, node, e->dst))
			return node;
		if (hops && !sim->scenario->nodes[node].ip_forward)
			return NONE;
		way = reach_find_way(sim, node, e->dst);
		if (!way.found || (hops && !masquerade(sim, node, &way, e)))
			return NONE;
		next = host_neighbour(sim, sim->ifaces[way.iface].segment, way.via, way.iface);
		if (next == MAP_NONE || sim->ifaces[next].down)
			return NONE;
		node = sim->scenario->ifaces[next].node;
	}

	return NONE;
}

bool sim_ping(const struct sim *sim, size_t node, uint32_t dst)
{
	struct way way;
	struct echo e = { .dst = dst };
	size_t there;

	if (reach_is_own(sim, node, dst))
		return true;

	way = reach_find_way(sim, node, dst);
	e.src = way.found ? source(sim, &way) : 0;
	if (!e.src)
		return false;

	there = follow(sim, node, &e);
	e.dst = e.src;
	e.is_reply = true;
	return there != NONE && follow(sim, there, &e) == node;
}
