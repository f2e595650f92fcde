/* SPDX-License-Identifier: MIT */
#include "cli/words.h"

#include <netlab/dhcp_message.h>

void words_seconds(struct text *out, uint32_t sec)
{
	char buf[DURATION_LEN];

	text_add(out, "%s",
		 duration_format(sec == UINT32_MAX ? UINT64_MAX : sec * UINT64_C(1000000), buf));
}

void words_range(struct text *out, uint32_t first, uint32_t last)
{
	char a[IP4_LEN], b[IP4_LEN];

	text_add(out, "%s", ip4_format(first, a));
	if (last != first)
		text_add(out, "-%s", ip4_format(last, b));
}

void words_pool(struct text *out, const struct scn_server *s)
{
	words_range(out, s->first, s->last);
	/* "for ever" brings its own "for". */
	text_add(out, s->default_lease_sec == UINT32_MAX ? " " : " for ");
	words_seconds(out, s->default_lease_sec);
}

void words_route(struct text *out, const struct scn_route *r)
{
	char dest[IP4_LEN], gateway[IP4_LEN];

	if (!r->prefix_len)
		text_add(out, "default");
	else
		text_add(out, "%s/%u", ip4_format(r->dest, dest), r->prefix_len);
	if (r->gateway)
		text_add(out, " via %s", ip4_format(r->gateway, gateway));
}

void words_cable(struct text *out, const struct scenario *s, size_t cable)
{
	const struct scn_cable *c = &s->cables[cable];

	text_add(out, "%s -- %s", s->ifaces[c->a].label, s->ifaces[c->b].label);
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
	case PLAN_ROUTE:
		text_add(out, "%s ", place);
		words_route(out, &s->ifaces[op->iface].routes[op->index]);
		return;
	case PLAN_SERVER:
		text_add(out, "%s leases ", place);
		words_pool(out, &s->ifaces[op->iface].server);
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

void words_messages(struct text *out, const uint8_t *types, size_t n)
{
	for (size_t i = 0; i < n; i++)
		text_add(out, "%s%s", i ? " " : "", dhcp_type_name(types[i]));
}

const char *words_subject(const struct scenario *s, const struct scn_expect *e)
{
	if (e->iface != NONE)
		return s->ifaces[e->iface].label;
	return e->node != NONE ? s->nodes[e->node].name : "the lab";
}

static void add_address(struct text *out, const char *what, uint32_t address)
{
	char buf[IP4_LEN];

	if (address)
		text_add(out, ", %s %s", what, ip4_format(address, buf));
}

static void expect_state(struct text *out, const struct scn_expect *e)
{
	text_add(out, " is %s", e->state[0] ? e->state : "configured");
	if (e->last) {
		text_add(out, ", address %s", e->first == e->last ? "" : "within ");
		words_range(out, e->first, e->last);
	}
	add_address(out, "from server", e->server);
	add_address(out, "router", e->router);
	add_address(out, "DNS", e->dns);
	if (e->lease_sec) {
		text_add(out, ", lease time ");
		words_seconds(out, e->lease_sec);
	}
}

void words_expect(struct text *out, const struct scenario *s, const struct scn_expect *e)
{
	char buf[IP4_LEN], time[DURATION_LEN];

	text_add(out, "%s", words_subject(s, e));
	switch (e->kind) {
	case SCN_EXPECT_STATE:
		expect_state(out, e);
		break;
	case SCN_EXPECT_MESSAGES:
		text_add(out, " sees ");
		words_messages(out, e->messages, e->n_messages);
		text_add(out, "%s", e->same_transaction ? ", one transaction id" : "");
		break;
	case SCN_EXPECT_PING:
		text_add(out, " can ping %s", ip4_format(e->ping, buf));
		break;
	case SCN_EXPECT_ROUTE:
		text_add(out, " has the route ");
		words_route(out, &e->route);
		break;
	case SCN_EXPECT_ADDRESS:
		text_add(out, " has address ");
		words_range(out, e->first, e->last);
		break;
	}
	if (e->within)
		text_add(out, ", within %s", duration_format(e->within, time));
}
