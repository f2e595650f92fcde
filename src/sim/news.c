/* SPDX-License-Identifier: MIT */
/* news.c - addresses and routes that a lease brings and takes, in the words of a lab's log. */
#include <stdio.h>
#include <string.h>

#include "sim/world.h"

#define PREFIX_TEXT (IP4_LEN + sizeof("/32"))

static void tell(struct sim *sim, const struct node *n, struct trace_event *e, uint32_t address,
		 uint8_t prefix_len)
{
	char text[PREFIX_TEXT], ip[IP4_LEN];

	snprintf(text, sizeof(text), "%s/%u", ip4_format(address, ip), prefix_len);
	str_copy(e->at, sizeof(e->at), n->label);
	e->text = text;
	sim_tell(sim, e);
}

void sim_news_address(struct sim *sim, const struct node *n, const char *op, uint32_t address,
		  uint8_t prefix_len)
{
	struct trace_event e = { .kind = TRACE_ADDRESS };

	if (!sim->opt.on_event)
		return;
	str_copy(e.op, sizeof(e.op), op);
	tell(sim, n, &e, address, prefix_len);
}

static void tell_route(struct sim *sim, const struct node *n, const char *op,
		       const struct dhcp_route *r)
{
	struct trace_event e = {
		.kind = TRACE_ROUTE,
		.route = {
			.gateway = r->gateway,
			.metric = sim->scenario->ifaces[n->user].client->route_metric,
			.protocol = "dhcp",
		},
	};

	str_copy(e.op, sizeof(e.op), op);
	tell(sim, n, &e, r->dest, r->prefix_len);
}

/* A kernel takes no gateway that it cannot reach by the same interface. */
static bool is_on_link(const struct sim *sim, const struct node *n, uint32_t gateway,
		       const struct sim_routes *before)
{
	const struct held_config *held = &sim->ifaces[n->user].machine->config;
	const struct scn_iface *iface = &sim->scenario->ifaces[n->user];
	bool found = ip4_in_prefix(gateway, held->address, held_config_rest(held)->prefix_len);

	for (size_t i = 0; i < iface->n_addresses; i++)
		found |= ip4_in_prefix(gateway, iface->addresses[i].address,
				       iface->addresses[i].prefix_len);
	for (size_t i = 0; i < before->n; i++)
		found |= !before->route[i].gateway &&
			 ip4_in_prefix(gateway, before->route[i].dest,
				       before->route[i].prefix_len);
	return found;
}

void sim_routes_of(const struct sim *sim, const struct node *n, struct sim_routes *ret)
{
	const struct held_config *held = &sim->ifaces[n->user].machine->config;
	struct dhcp_route all[LEASE_ROUTES_MAX];
	size_t len;

	ret->n = 0;
	/* As in a lab, the caller's own routes are the caller's. */
	if (!sim->opt.on_event || !held->address ||
	    sim->scenario->nodes[sim->scenario->ifaces[n->user].node].is_caller)
		return;
	len = lease_routes(held_config_rest(held), all);
	for (size_t i = 0; i < len; i++)
		if (!all[i].gateway || is_on_link(sim, n, all[i].gateway, ret))
			ret->route[ret->n++] = all[i];
}

/* Those of @some that @others has not. */
static void tell_rest(struct sim *sim, const struct node *n, const char *op,
		      const struct sim_routes *some, const struct sim_routes *others)
{
	for (size_t i = 0; i < some->n; i++) {
		const struct dhcp_route *r = &some->route[i], *o = others->route;

		while (o < others->route + others->n &&
		       (o->dest != r->dest || o->prefix_len != r->prefix_len ||
			o->gateway != r->gateway))
			o++;
		if (o == others->route + others->n)
			tell_route(sim, n, op, r);
	}
}

void sim_routes_since(struct sim *sim, const struct node *n, const struct sim_routes *had)
{
	struct sim_routes has;

	sim_routes_of(sim, n, &has);
	tell_rest(sim, n, "remove", had, &has);
	tell_rest(sim, n, "add", &has, had);
}
