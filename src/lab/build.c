/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "lab/build.h"
#include "lab/build_switch.h"
#include "lab/build_wire.h"
#include "lab/flood.h"
#include "sys/clock.h"
#include "sys/fd.h"
#include "sys/nat.h"
#include "sys/netns.h"

#define LOOPBACK_INDEX 1	/* in every namespace: the kernel makes it first */
#define WAIT_UP_US 5000000ull

/* The caller's own namespace is there already: no operation makes it. */
static int open_caller(struct build *b, struct error *err)
{
	for (size_t i = 0; i < b->scenario->n_nodes; i++) {
		int r;

		if (!b->scenario->nodes[i].is_caller)
			continue;
		b->ns[i] = netns_open_self();
		r = b->ns[i] < 0 ? error_set(err, b->ns[i], "cannot open my own namespace") :
				   netconf_open(b->home, b->ns[i], &b->conf[i], err);
		if (r < 0)
			return r;
	}
	return 0;
}

int build_init(struct build *b, const struct plan *plan, struct error *err)
{
	const struct scenario *s = plan->scenario;

	*b = (struct build){ .plan = plan, .scenario = s, .home = -1, .state = -1,
			    .wires = -1 };
	b->ns = calloc(s->n_nodes + 1, sizeof(*b->ns));
	b->conf = calloc(s->n_nodes + 1, sizeof(struct netconf *));
	b->ifindex = calloc(s->n_ifaces + 1, sizeof(*b->ifindex));
	b->wire_index = calloc(s->n_ifaces + 1, sizeof(*b->wire_index));
	b->at = calloc(s->n_ifaces + 1, sizeof(*b->at));
	b->muted = calloc(s->n_ifaces + 1, sizeof(*b->muted));
	for (size_t i = 0; b->ns && i < s->n_nodes; i++)
		b->ns[i] = -1;
	if (!b->ns || !b->conf || !b->ifindex || !b->wire_index || !b->at || !b->muted) {
		build_done(b);
		return error_set(err, -ENOMEM, "out of memory");
	}
	for (size_t i = 0; i < s->n_ifaces; i++)
		b->at[i] = s->ifaces[i].node;
	flood_plan(b);
	b->home = netns_open_self();
	if (b->home < 0)
		return error_set(err, b->home, "cannot open my own network namespace: %s",
				 strerror(-b->home));
	return open_caller(b, err);
}

void build_done(struct build *b)
{
	size_t n = b->scenario ? b->scenario->n_nodes : 0;

	for (size_t i = 0; i < n && b->conf; i++)
		netconf_close(b->conf[i]);
	/* Switches first: their end takes the cables along, which is the cheaper way round. */
	for (size_t i = 0; i < n && b->ns; i++)
		if (b->scenario->nodes[i].kind == SCN_SWITCH)
			b->ns[i] = fd_close(b->ns[i]);
	for (size_t i = 0; i < n && b->ns; i++)
		b->ns[i] = fd_close(b->ns[i]);
	b->wires_conf = netconf_close(b->wires_conf);
	b->wires = fd_close(b->wires);
	b->home = fd_close(b->home);
	free(b->ns);
	free(b->conf);
	free(b->ifindex);
	free(b->wire_index);
	free(b->at);
	free(b->muted);
	b->ns = NULL;
	b->conf = NULL;
	b->ifindex = NULL;
	b->wire_index = NULL;
	b->at = NULL;
	b->muted = NULL;
}

static int write_ahead(struct build *b, const char *op, const char *name,
		       const struct netns_id *id, struct error *err)
{
	PROFILE_SCOPE(b->profile, PROFILE_STATE_FILE);
	int r = state_add(b->state, op, name, id);

	return r < 0 ? error_set(err, r, "cannot write the state file: %s", strerror(-r)) : 0;
}

/* A name that follows from the lab's is changed with it, one that the scenario gives by itself. */
static int name_taken(const struct scenario *s, const struct scn_node *node, struct error *err)
{
	size_t len = strlen(s->name);

	if (!strncmp(node->netns, s->name, len) && node->netns[len] == '-')
		return error_set(err, -EEXIST,
				 "namespace \"%s\" exists already, and is not this lab's; to start "
				 "the lab under another name: --name NAME",
				 node->netns);
	return error_set(err, -EEXIST,
			 "namespace \"%s\" exists already, and is not this lab's; for another "
			 "name: --set 'Node %s.Namespace=NAME'",
			 node->netns, node->name);
}

static int do_netns(struct build *b, const struct plan_op *op, struct error *err)
{
	PROFILE_SCOPE(b->profile, PROFILE_NAMESPACE);
	const struct scn_node *node = &b->scenario->nodes[op->node];
	struct netns_id id;
	int r;

	profile_enter(b->profile, PROFILE_UNSHARE);
	b->ns[op->node] = netns_create(b->home, err);
	profile_leave(b->profile);
	if (b->ns[op->node] < 0)
		return b->ns[op->node];

	if (b->pin) {
		r = netns_identify(b->ns[op->node], &id);
		if (r < 0)
			return error_set(err, r, "a new namespace cannot be looked at: %s",
					 strerror(-r));
		r = write_ahead(b, "netns", node->netns, &id, err);
		if (r < 0)
			return r;
		profile_enter(b->profile, PROFILE_PIN);
		r = netns_pin(node->netns, b->ns[op->node], err);
		profile_leave(b->profile);
		if (r == -EEXIST)
			return name_taken(b->scenario, node, err);
		if (r < 0)
			return r;
	}
	return netconf_open(b->home, b->ns[op->node], &b->conf[op->node], err);
}

static int do_bridge(struct build *b, const struct plan_op *op, struct error *err)
{
	PROFILE_SCOPE(b->profile, PROFILE_BRIDGE);
	const struct scn_node *node = &b->scenario->nodes[op->node];
	int r;

	r = write_ahead(b, "bridge", node->name, NULL, err);
	if (r < 0)
		return r;
	/* One write for the whole switch: with IPv6 on, every port of it would chatter. */
	netconf_sysctl(b->home, b->ns[op->node], "net/ipv6/conf/default/disable_ipv6", "1", NULL);
	return switch_make(b, op->node, err);
}

static int end_of(struct build *b, size_t iface, char *alias, size_t alias_size,
		  struct netconf_end *ret, struct error *err)
{
	const struct scn_iface *i = &b->scenario->ifaces[iface];
	int master = 0;

	if (b->scenario->nodes[i->node].kind == SCN_SWITCH) {
		master = switch_master(b, iface, err);
		if (master < 0)
			return master;
	}
	plan_alias(b->scenario, iface, alias, alias_size);
	*ret = (struct netconf_end){
		.ns = b->ns[i->node],
		.conf = b->conf[i->node],
		.name = i->name,
		.master = master,
		.alias = b->scenario->nodes[i->node].is_caller ? alias : NULL,
	};
	memcpy(ret->mac, i->mac, sizeof(ret->mac));
	return 0;
}

/* A link in the caller's own namespace outlives the lab's: its name is written down by itself. */
static int note_caller_link(struct build *b, size_t iface, struct error *err)
{
	const struct scn_iface *i = &b->scenario->ifaces[iface];

	if (!b->scenario->nodes[i->node].is_caller)
		return 0;
	return write_ahead(b, "link", i->name, NULL, err);
}

static int settle_end(struct build *b, size_t iface, struct error *err)
{
	const struct scn_iface *i = &b->scenario->ifaces[iface];

	b->ifindex[iface] = netconf_index(b->conf[i->node], i->name, err);
	if (b->ifindex[iface] < 0)
		return b->ifindex[iface];
	if (b->scenario->nodes[i->node].kind == SCN_SWITCH)
		return 0;

	PROFILE_SCOPE(b->profile, PROFILE_OFFLOAD);
	return netconf_no_offload(b->home, b->ns[i->node], i->name, err);
}

static int do_cable(struct build *b, const struct plan_op *op, struct error *err)
{
	PROFILE_SCOPE(b->profile, PROFILE_CABLE);
	const struct scn_cable *c = &b->scenario->cables[op->index];
	const struct scn_iface *a = &b->scenario->ifaces[c->a];
	char alias_a[128], alias_z[128], name[CABLE_NAME_MAX];
	struct netconf_end end_a, end_z;
	int r;

	scenario_cable_name(b->scenario, op->index, name);
	r = end_of(b, c->a, alias_a, sizeof(alias_a), &end_a, err);
	if (r == 0)
		r = end_of(b, c->b, alias_z, sizeof(alias_z), &end_z, err);
	if (r == 0)
		r = write_ahead(b, "cable", name, NULL, err);
	if (r == 0)
		r = note_caller_link(b, c->a, err);
	if (r == 0)
		r = note_caller_link(b, c->b, err);
	if (r < 0)
		return r;

	profile_enter(b->profile, PROFILE_VETH);
	if (c->wire)
		r = build_wire(b, c, &end_a, &end_z, err);
	else
		r = netconf_add_veth(b->conf[a->node], &end_a, &end_z, err);
	profile_leave(b->profile);
	if (r < 0)
		return error_prefix(err, "cable %s", name);
	r = settle_end(b, c->a, err);
	return r < 0 ? r : settle_end(b, c->b, err);
}

static int do_address(struct build *b, const struct plan_op *op, struct error *err)
{
	PROFILE_SCOPE(b->profile, PROFILE_ADDRESS);
	const struct scn_iface *i = &b->scenario->ifaces[op->iface];
	const struct scn_address *sa = &i->addresses[op->index];
	struct netconf_address a = {
		.ifindex = b->ifindex[op->iface],
		.address = sa->address,
		.prefix_len = sa->prefix_len,
		.broadcast = sa->prefix_len < 31 ? sa->address | ~ip4_mask(sa->prefix_len) : 0,
		.valid_sec = UINT32_MAX,
		.preferred_sec = UINT32_MAX,
	};

	if (netconf_add_address(b->conf[i->node], &a, false, err) < 0)
		return error_prefix(err, "address of %s", i->label);
	return 0;
}

static int do_mtu(struct build *b, const struct plan_op *op, struct error *err)
{
	const struct scn_iface *i = &b->scenario->ifaces[op->iface];

	if (netconf_set_mtu(b->conf[i->node], b->ifindex[op->iface], i->mtu, err) < 0)
		return error_prefix(err, "MTU of %s", i->label);
	return 0;
}

static int do_forward(struct build *b, const struct plan_op *op, struct error *err)
{
	PROFILE_SCOPE(b->profile, PROFILE_SYSCTL);

	return netconf_sysctl(b->home, b->ns[op->node], "net/ipv4/ip_forward", "1", err);
}

static int do_masquerade(struct build *b, const struct plan_op *op, struct error *err)
{
	PROFILE_SCOPE(b->profile, PROFILE_NAT);
	const struct scn_iface *i = &b->scenario->ifaces[op->iface];
	const struct scn_address *a = &i->addresses[op->index];

	if (nat_masquerade(b->home, b->ns[op->node], a->address, a->prefix_len, err) < 0)
		return error_prefix(err, "IPMasquerade= of %s", i->label);
	return 0;
}

static int do_link_up(struct build *b, const struct plan_op *op, struct error *err)
{
	PROFILE_SCOPE(b->profile, PROFILE_LINK_UP);
	struct netconf *conf = b->conf[op->node];
	int index = LOOPBACK_INDEX;

	if (op->iface != NONE)
		index = b->ifindex[op->iface];
	else if (b->scenario->nodes[op->node].kind == SCN_SWITCH)
		return switch_up(b, op->node, err);
	if (index < 0)
		return index;
	if (op->iface != NONE && flood_mute(b, op->iface, err) < 0)
		return err->code;
	return netconf_set_up(conf, index, true, err);
}

static int do_route(struct build *b, const struct plan_op *op, struct error *err)
{
	PROFILE_SCOPE(b->profile, PROFILE_ROUTE);
	const struct scn_iface *i = &b->scenario->ifaces[op->iface];
	const struct scn_route *sr = &i->routes[op->index];
	struct netconf_route r = {
		.dest = sr->dest,
		.prefix_len = sr->prefix_len,
		.gateway = sr->gateway,
		.ifindex = b->ifindex[op->iface],
		.metric = sr->metric,
	};

	if (netconf_add_route(b->conf[i->node], &r, err) < 0)
		return error_prefix(err, "route of %s", i->label);
	return 0;
}

/* The machines are started by the agent; here they are only written down. */
static int do_machine(struct build *b, const struct plan_op *op, struct error *err)
{
	return write_ahead(b, plan_op_name(op->type), b->scenario->ifaces[op->iface].label, NULL,
			   err);
}

static int (*const do_op[])(struct build *, const struct plan_op *, struct error *) = {
	[PLAN_NETNS] = do_netns,
	[PLAN_BRIDGE] = do_bridge,
	[PLAN_CABLE] = do_cable,
	[PLAN_ADDRESS] = do_address,
	[PLAN_MTU] = do_mtu,
	[PLAN_FORWARD] = do_forward,
	[PLAN_MASQUERADE] = do_masquerade,
	[PLAN_LINK_UP] = do_link_up,
	[PLAN_ROUTE] = do_route,
	[PLAN_SERVER] = do_machine,
	[PLAN_RELAY] = do_machine,
	[PLAN_CLIENT] = do_machine,
};

int build_run(struct build *b, struct error *err)
{
	PROFILE_SCOPE(b->profile, PROFILE_BUILD);
	int r;

	for (size_t i = 0; i < b->plan->n_ops; i++) {
		const struct plan_op *op = &b->plan->ops[i];

		if (b->cancelled && b->cancelled(b->ctx))
			return error_set(err, -ECANCELED, "interrupted");
		r = do_op[op->type](b, op, err);
		if (r < 0)
			return r;
	}
	return 0;
}

int build_wait_up(struct build *b, struct error *err)
{
	PROFILE_SCOPE(b->profile, PROFILE_WAIT_UP);

	for (size_t n = 0; n < b->scenario->n_nodes; n++) {
		const struct scn_node *node = &b->scenario->nodes[n];
		cleanup_free int *index = calloc(node->n_ifaces + 1, sizeof(*index));
		int r;

		if (!index)
			return error_set(err, -ENOMEM, "out of memory");
		for (size_t k = 0; k < node->n_ifaces; k++)
			index[k] = b->ifindex[node->ifaces[k]];
		if (node->n_ifaces == 0)
			continue;
		r = netconf_wait_up(b->conf[n], index, node->n_ifaces, WAIT_UP_US, err);
		if (r < 0)
			return error_prefix(err, "links of %s", node->name);
	}
	return 0;
}
