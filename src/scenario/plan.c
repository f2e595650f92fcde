/* SPDX-License-Identifier: MIT */
#include "scenario/plan.h"

#include <errno.h>
#include <stdio.h>

#include "scenario/array.h"

/* A plan that grows; the first failure is kept, so that one check at the end is enough. */
struct maker {
	const struct scenario *s;
	struct plan plan;
	int error;
};

static void add(struct maker *m, enum plan_op_type type, size_t node, size_t iface, size_t index)
{
	struct plan *p = &m->plan;

	if (m->error == 0)
		m->error = array_grow(&p->ops, p->n_ops, sizeof(*p->ops));
	if (m->error == 0)
		p->ops[p->n_ops++] = (struct plan_op){ type, node, iface, index };
}

static void add_namespaces(struct maker *m)
{
	for (size_t i = 0; i < m->s->n_nodes; i++)
		if (!m->s->nodes[i].is_caller)
			add(m, PLAN_NETNS, i, NONE, 0);
	for (size_t i = 0; i < m->s->n_nodes; i++)
		if (m->s->nodes[i].kind == SCN_SWITCH)
			add(m, PLAN_BRIDGE, i, NONE, 0);
}

static void add_cables(struct maker *m)
{
	for (size_t i = 0; i < m->s->n_cables; i++) {
		size_t a = m->s->cables[i].a;

		add(m, PLAN_CABLE, m->s->ifaces[a].node, a, i);
	}
}

static void add_mtu(struct maker *m, size_t iface)
{
	if (m->s->ifaces[iface].mtu)
		add(m, PLAN_MTU, m->s->ifaces[iface].node, iface, 0);
}

static void add_masquerade(struct maker *m, size_t node, size_t iface)
{
	const struct scn_iface *i = &m->s->ifaces[iface];

	for (size_t a = 0; i->masquerade && a < i->n_addresses; a++)
		add(m, PLAN_MASQUERADE, node, iface, a);
}

/* A host, from its addresses to its interfaces up; the caller's own loopback is left alone. */
static void add_host(struct maker *m, size_t node)
{
	const struct scn_node *n = &m->s->nodes[node];

	for (size_t i = 0; i < n->n_ifaces; i++)
		for (size_t a = 0; a < m->s->ifaces[n->ifaces[i]].n_addresses; a++)
			add(m, PLAN_ADDRESS, node, n->ifaces[i], a);
	for (size_t i = 0; i < n->n_ifaces; i++)
		add_mtu(m, n->ifaces[i]);
	if (n->ip_forward)
		add(m, PLAN_FORWARD, node, NONE, 0);
	for (size_t i = 0; i < n->n_ifaces; i++)
		add_masquerade(m, node, n->ifaces[i]);
	if (!n->is_caller)
		add(m, PLAN_LINK_UP, node, NONE, 0);
	for (size_t i = 0; i < n->n_ifaces; i++)
		add(m, PLAN_LINK_UP, node, n->ifaces[i], 0);
}

size_t plan_bridges(const struct scenario *s, size_t node)
{
	size_t n = s->nodes[node].n_ifaces;

	return n > 0 ? (n + SWITCH_BRIDGE_PORTS - 1) / SWITCH_BRIDGE_PORTS : 1;
}

size_t plan_bridge_of(const struct scenario *s, size_t port)
{
	const struct scn_node *n = &s->nodes[s->ifaces[port].node];
	size_t k = 0;

	if (n->n_ifaces <= SWITCH_BRIDGE_PORTS)
		return 0;
	while (n->ifaces[k] != port)
		k++;
	return k / SWITCH_BRIDGE_PORTS;
}

const char *plan_bridge_name(size_t i, char buf[static IF_NAME_MAX])
{
	if (i == 0)
		return SWITCH_BRIDGE;
	snprintf(buf, IF_NAME_MAX, ".br%u", (unsigned int)(i % 10));
	return buf;
}

void plan_trunk_names(size_t i, char ret_near[static IF_NAME_MAX],
		      char ret_far[static IF_NAME_MAX])
{
	snprintf(ret_near, IF_NAME_MAX, ".br0-br%u", (unsigned int)(i % 10));
	snprintf(ret_far, IF_NAME_MAX, ".br%u-br0", (unsigned int)(i % 10));
}

/* Ports first: a bridge that is up handles every port that joins it. */
static void add_switches(struct maker *m)
{
	for (size_t i = 0; i < m->s->n_nodes; i++) {
		const struct scn_node *n = &m->s->nodes[i];

		for (size_t k = 0; n->kind == SCN_SWITCH && k < n->n_ifaces; k++) {
			add_mtu(m, n->ifaces[k]);
			add(m, PLAN_LINK_UP, i, n->ifaces[k], 0);
		}
	}
	for (size_t i = 0; i < m->s->n_nodes; i++)
		if (m->s->nodes[i].kind == SCN_SWITCH)
			add(m, PLAN_LINK_UP, i, NONE, 0);
}

/* The kernel takes a route through an interface only when that is up. */
static void add_routes(struct maker *m)
{
	for (size_t i = 0; i < m->s->n_ifaces; i++)
		for (size_t k = 0; k < m->s->ifaces[i].n_routes; k++)
			add(m, PLAN_ROUTE, m->s->ifaces[i].node, i, k);
}

static void add_dhcp(struct maker *m)
{
	for (size_t i = 0; i < m->s->n_ifaces; i++)
		if (m->s->ifaces[i].server)
			add(m, PLAN_SERVER, m->s->ifaces[i].node, i, 0);
	for (size_t i = 0; i < m->s->n_ifaces; i++)
		if (m->s->ifaces[i].relay)
			add(m, PLAN_RELAY, m->s->ifaces[i].node, i, 0);
	for (size_t i = 0; i < m->s->n_ifaces; i++)
		if (m->s->ifaces[i].client)
			add(m, PLAN_CLIENT, m->s->ifaces[i].node, i, 0);
}

int plan_make(const struct scenario *s, struct plan *ret)
{
	struct maker m = { .s = s, .plan.scenario = s };

	add_namespaces(&m);
	add_cables(&m);
	for (size_t i = 0; i < s->n_nodes; i++)
		if (s->nodes[i].kind == SCN_HOST)
			add_host(&m, i);
	add_switches(&m);
	add_routes(&m);
	add_dhcp(&m);
	if (m.error < 0) {
		plan_done(&m.plan);
		return m.error;
	}

	*ret = m.plan;
	return 0;
}

void plan_done(struct plan *p)
{
	free(p->ops);
	*p = (struct plan){ 0 };
}

const char *plan_op_name(enum plan_op_type t)
{
	switch (t) {
	case PLAN_NETNS:
		return "namespace";
	case PLAN_BRIDGE:
		return "switch";
	case PLAN_CABLE:
		return "cable";
	case PLAN_ADDRESS:
		return "address";
	case PLAN_MTU:
		return "mtu";
	case PLAN_FORWARD:
		return "forwarding";
	case PLAN_MASQUERADE:
		return "masquerade";
	case PLAN_LINK_UP:
		return "link";
	case PLAN_ROUTE:
		return "route";
	case PLAN_SERVER:
		return "server";
	case PLAN_RELAY:
		return "relay";
	case PLAN_CLIENT:
		return "client";
	}

	return "operation";
}

void plan_alias(const struct scenario *s, size_t iface, char *ret, size_t size)
{
	snprintf(ret, size, "netlab:%s:%s", s->name, s->nodes[s->ifaces[iface].node].name);
}
