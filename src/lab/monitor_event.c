/* SPDX-License-Identifier: MIT */
/*
 * monitor_event.c - events of the scenario that change the network: a link down
 * or up, a cable in another switch. The agent has the lab's clock, and says when;
 * what is done, the scenario says.
 */
#include <errno.h>

#include "lab/monitor_private.h"

/* The routes of the scenario went with the link; those of a lease come back with it. */
static void restore_routes(struct monitor *m, size_t iface)
{
	const struct scn_iface *i = &m->scenario->ifaces[iface];

	for (size_t k = 0; k < i->n_routes; k++) {
		struct netconf_route r = {
			.dest = i->routes[k].dest,
			.prefix_len = i->routes[k].prefix_len,
			.gateway = i->routes[k].gateway,
			.ifindex = m->build.ifindex[iface],
			.metric = i->routes[k].metric,
		};

		netconf_add_route(m->build.conf[i->node], &r, NULL);
	}
}

static int set_link(struct monitor *m, size_t iface, bool up, struct error *err)
{
	struct netconf *conf = m->build.conf[m->scenario->ifaces[iface].node];
	int r = netconf_set_up(conf, m->build.ifindex[iface], up, err);

	if (r == 0 && up)
		restore_routes(m, iface);
	watch_link_set(m, iface, up);
	return r;
}

/* The port's own bridge forgets it, and the far end loses its carrier, as when a plug is pulled. */
static int move(struct monitor *m, size_t port, size_t to, struct error *err)
{
	const char *name = m->scenario->ifaces[port].name;
	struct build *b = &m->build;
	int r, bridge;

	r = netconf_set_up(b->conf[b->at[port]], b->ifindex[port], false, err);
	if (r == 0 && b->at[port] != to)
		r = netconf_move_link(b->conf[b->at[port]], b->ifindex[port], b->ns[to], err);
	if (r < 0)
		return r;
	b->at[port] = to;
	b->ifindex[port] = netconf_index(b->conf[to], name, err);
	bridge = netconf_index(b->conf[to], SWITCH_BRIDGE, err);
	if (b->ifindex[port] < 0 || bridge < 0)
		return err->code;
	r = netconf_set_master(b->conf[to], b->ifindex[port], bridge, err);
	return r < 0 ? r : netconf_set_up(b->conf[to], b->ifindex[port], true, err);
}

int monitor_event(struct monitor *m, uint32_t index, int *ret_ifindex, struct error *err)
{
	const struct scn_event *e = &m->scenario->events[index];
	size_t port = m->scenario->ifaces[e->iface].peer;
	int r;

	/* It may happen before `up` has returned: the client shall hear of its link. */
	r = watch_nodes(m);
	if (r < 0)
		return error_set(err, r, "cannot watch the nodes");
	if (e->action != SCN_MOVE)
		return set_link(m, e->iface, e->action == SCN_LINK_UP, err);
	r = move(m, port, e->to, err);
	*ret_ifindex = m->build.ifindex[port];
	if (r == 0)
		watch_replugged(m, e->iface);
	return r;
}
