/* SPDX-License-Identifier: MIT */
#include "cli/words.h"

void words_pool(struct text *out, const struct scn_server *s)
{
	words_range(out, s->first, s->last);
	/* "for ever" brings its own "for". */
	text_add(out, s->default_lease_sec == UINT32_MAX ? " " : " for ");
	words_seconds(out, s->default_lease_sec);
}

void words_cable(struct text *out, const struct scenario *s, size_t cable)
{
	const struct scn_cable *c = &s->cables[cable];

	text_add(out, "%s -- %s", s->ifaces[c->a].label, s->ifaces[c->b].label);
}

void words_targets(struct text *out, const struct scn_relay *relay)
{
	char address[IP4_LEN];

	for (size_t i = 0; i < relay->n_targets; i++)
		text_add(out, " %s", ip4_format(relay->target[i], address));
}

void words_op(struct text *out, const struct scenario *s, const struct plan_op *op)
{
	const char *place = op->iface != NONE ? s->ifaces[op->iface].label :
			    op->node != NONE  ? s->nodes[op->node].name : "";
	char address[IP4_LEN];

	switch (op->type) {
	case PLAN_CABLE:
		words_cable(out, s, op->index);
		return;
	case PLAN_ADDRESS: {
		const struct scn_address *a = &s->ifaces[op->iface].addresses[op->index];

		text_add(out, "%s %s/%u", place, ip4_format(a->address, address), a->prefix_len);
		return;
	}
	case PLAN_MASQUERADE: {
		const struct scn_address *a = &s->ifaces[op->iface].addresses[op->index];

		text_add(out, "%s %s/%u", place,
			 ip4_format(a->address & ip4_mask(a->prefix_len), address), a->prefix_len);
		return;
	}
	case PLAN_ROUTE:
		text_add(out, "%s ", place);
		words_route(out, &s->ifaces[op->iface].routes[op->index]);
		return;
	case PLAN_SERVER:
		text_add(out, "%s leases ", place);
		words_pool(out, s->ifaces[op->iface].server);
		return;
	case PLAN_RELAY:
		text_add(out, "%s relays to", place);
		words_targets(out, s->ifaces[op->iface].relay);
		return;
	case PLAN_NETNS:
	case PLAN_BRIDGE:
	case PLAN_MTU:
	case PLAN_FORWARD:
	case PLAN_LINK_UP:
	case PLAN_CLIENT:
		text_add(out, "%s", place);
		return;
	}
}
