/* SPDX-License-Identifier: MIT */
/* agent_status.c - the machines as they are now, in the words of status --json. */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "lab/agent_private.h"

#define PROGRAM "netlab"	/* these machines are the embedded ones */

static json_t *json_ip(uint32_t addr)
{
	char text[IP4_LEN];

	return addr ? json_string(ip4_format(addr, text)) : json_null();
}

static json_t *json_ips(const uint32_t *addr, size_t n)
{
	json_t *list = json_array();

	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, json_ip(addr[i]));
	return list;
}

/* Seconds from @now until @then; null for never, 0 for what is over. */
static json_t *json_in(uint64_t then, uint64_t now)
{
	if (then == DHCP_NEVER)
		return json_null();
	return json_integer(then > now ? (json_int_t)((then - now) / DHCP_SECOND) : 0);
}

static json_t *json_lease_seconds(uint32_t sec)
{
	return sec == DHCP_INFINITY ? json_null() : json_integer(sec);
}

static json_t *json_lease(const struct dhcp_client *c, bool has_lease, uint64_t now)
{
	const struct dhcp_config *l = &c->lease;

	if (!has_lease)
		return json_pack("{s:s, s:n, s:n, s:n, s:[], s:[], s:n, s:n, s:n, s:n, s:s}",
				 "state", dhcp_client_state_name(c->state), "address",
				 "prefix_length", "server_id", "router", "dns", "lease_seconds",
				 "t1_in", "t2_in", "expires_in", "program", PROGRAM);
	return json_pack("{s:s, s:o, s:i, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:s}", "state",
			 dhcp_client_state_name(c->state), "address", json_ip(l->address),
			 "prefix_length", l->prefix_len, "server_id", json_ip(l->server_id),
			 "router", json_ips(l->routers, l->n_routers), "dns",
			 json_ips(l->dns, l->n_dns), "lease_seconds",
			 json_lease_seconds(l->lease_sec), "t1_in", json_in(c->t1, now), "t2_in",
			 json_in(c->t2, now), "expires_in", json_in(c->expires, now), "program",
			 PROGRAM);
}

/* Its lease, and when it does something next by itself. */
static json_t *json_client(const struct machine *m, uint64_t now)
{
	json_t *o = json_lease(&m->node.client, m->has_lease, now);

	json_object_set_new(o, "next_in", json_in(m->node.client.deadline, now));
	json_object_set_new(o, "link_local",
			    json_ip(m->has_link_local ? node_link_local(&m->node) : 0));
	return o;
}

static json_t *json_pool(const struct dhcp_pool_count *c)
{
	char net[IP4_LEN + 4], ip[IP4_LEN], first[IP4_LEN], last[IP4_LEN];

	snprintf(net, sizeof(net), "%s/%u", ip4_format(c->address, ip), c->prefix_len);
	return json_pack("{s:s, s:s, s:s, s:I, s:I, s:I}", "subnet", net, "first",
			 ip4_format(c->first, first), "last", ip4_format(c->last, last), "size",
			 (json_int_t)c->size, "leased", (json_int_t)c->leased, "free",
			 (json_int_t)c->free);
}

static json_t *json_server(const struct node *n, uint64_t now)
{
	json_t *pools = json_array();
	struct dhcp_pool_count count;

	for (size_t i = 0; dhcp_server_count(n->server, i, now, &count); i++)
		if (count.first)
			json_array_append_new(pools, json_pool(&count));
	return json_pack("{s:s, s:b, s:o}", "program", PROGRAM, "running", !n->off, "pools", pools);
}

static const char *const lease_words[DHCP_BINDING_STATES] = {
	[DHCP_BINDING_OFFERED] = "offered",   [DHCP_BINDING_ACTIVE] = "active",
	[DHCP_BINDING_EXPIRED] = "expired",   [DHCP_BINDING_RELEASED] = "released",
	[DHCP_BINDING_DECLINED] = "declined",	/* a PROBED one is still nobody's */
};

static json_t *json_hex(const uint8_t *data, size_t len)
{
	char text[3 * DHCP_BINDING_ID_MAX + 1] = "";

	for (size_t i = 0; i < len && i < DHCP_BINDING_ID_MAX; i++)
		snprintf(text + 3 * i, 4, "%02x%s", data[i], i + 1 < len ? ":" : "");
	return json_string(text);
}

/* A name that a client chose: any bytes; what is not plain ASCII is shown as '?'. */
static json_t *json_name(const char *name)
{
	char text[sizeof(((struct dhcp_binding *)0)->host_name)];

	if (!name[0])
		return json_null();
	str_copy(text, sizeof(text), name);
	for (char *p = text; *p; p++)
		if (*p < 0x20 || *p > 0x7e)
			*p = '?';
	return json_string(text);
}

static json_t *json_binding(const char *server, const struct dhcp_binding *b, uint64_t now)
{
	return json_pack("{s:s, s:o, s:o, s:o, s:o, s:s, s:o}", "server", server, "address",
			 json_ip(b->address), "mac", json_hex(b->chaddr, 6), "client_id",
			 b->id_is_option ? json_hex(b->id, b->id_len) : json_null(), "hostname",
			 json_name(b->host_name), "state",
			 lease_words[b->state], "expires_in", json_in(b->expires, now));
}

static void add_leases(json_t *leases, const struct machine *m, uint64_t now)
{
	const struct dhcp_binding *b;

	for (size_t i = 0; (b = dhcp_server_binding(m->node.server, i)); i++)
		if (lease_words[b->state])
			json_array_append_new(leases, json_binding(m->node.label, b, now));
}

static const char *place_of(const struct scenario *s, const struct scn_fault *f)
{
	if (f->iface != NONE)
		return s->ifaces[f->iface].label;
	return f->node != NONE ? s->nodes[f->node].name : "";
}

static json_t *json_fault(const struct scenario *s, const struct scn_fault *f, uint32_t fired)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:I, s:f, s:I}", "name", f->name, "type",
			 scenario_fault_name(f->kind), "node", place_of(s, f), "direction",
			 scenario_direction_name(f->direction), "message",
			 f->message ? dhcp_type_name(f->message) : "", "count",
			 (json_int_t)f->count, "rate", (double)f->rate / SCN_MILLION, "struck",
			 (json_int_t)fired);
}

static json_t *json_faults(const struct agent *a)
{
	json_t *list = json_array();

	for (size_t i = 0; i < a->faults.n_rules; i++) {
		const struct fault_rule *r = &a->faults.rules[i];

		if (r->emulates)
			continue;
		json_array_append_new(list, json_fault(a->scenario, &r->f, r->fired));
	}
	for (size_t i = 0; i < a->n_seats; i++) {
		const struct intruder *in = &a->seats[i].who;

		if (in->scenario)
			json_array_append_new(list, json_fault(a->scenario, &in->fault,
							       in->fired));
	}
	return list;
}

static json_t *json_relay(const struct node *n)
{
	const struct dhcp_relay *r = &n->relay->machine;
	const struct dhcp_relay_port *port = &r->opt.port[n->port];
	json_t *targets = json_array();

	for (size_t i = 0; i < port->n_targets; i++)
		json_array_append_new(targets, json_ip(port->target[i]));
	return json_pack("{s:o, s:o}", "address", json_ip(port->address), "targets", targets);
}

int agent_status(struct agent *a, struct text *out)
{
	uint64_t now = agent_now(a);
	json_t *clients = json_object(), *servers = json_object(), *leases = json_array();
	json_t *relays = json_object(), *all;
	char *line;

	for (size_t i = 0; i < a->n_machines; i++) {
		const struct machine *m = &a->machines[i];

		if (m->node.kind == NODE_CLIENT) {
			json_object_set_new(clients, m->node.label,
					    json_client(m, now));
			continue;
		}
		if (m->node.kind == NODE_RELAY) {
			json_object_set_new(relays, m->node.label, json_relay(&m->node));
			continue;
		}
		json_object_set_new(servers, m->node.label, json_server(&m->node, now));
		add_leases(leases, m, now);
	}
	all = json_pack("{s:f, s:f, s:b, s:o, s:o, s:o, s:o, s:o, s:o}", "seconds",
			(double)now / 1e6, "speed", a->time.speed, "paused", a->time.paused,
			"clients", clients, "servers", servers, "relays", relays, "leases", leases,
			"faults", json_faults(a), "step", step_status(a));
	line = all ? json_dumps(all, JSON_COMPACT) : NULL;
	json_decref(all);
	if (!line)
		return -ENOMEM;
	text_addn(out, line, strlen(line));
	free(line);
	return out->failed ? -ENOMEM : 0;
}
