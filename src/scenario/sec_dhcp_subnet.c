/* SPDX-License-Identifier: MIT */
/* sec_dhcp_subnet.c - [DHCPServerSubnet]: addresses for a subnet behind relay agents */
#include <errno.h>

#include "scenario/server_keys.h"

static int set_subnet(struct parse *p, const struct key_def *key, void *field,
		      const struct value *v)
{
	struct given *g = field;
	uint32_t address;
	int r = parse_destination(p, key, v, &address, &g->len);

	if (r < 0)
		return r;
	if (g->len == 0 || g->len > 30)
		return bad_key(p, key, v, "%s has no room for clients and a relay agent; its "
			       "prefix is 1 to 30 bits long", v->text);
	g->value = address;
	return 0;
}

static const struct key_def keys[] = {
	{ "Subnet", set_subnet, offsetof(struct raw_subnet, subnet) },
	SUBNET_KEYS(offsetof(struct raw_subnet, server)),
};

static void *subnet_object(struct parse *p, size_t index, struct place at)
{
	struct raw_subnet *raw;

	if (array_grow(&p->subnets, p->n_subnets, sizeof(*p->subnets)) < 0)
		return NULL;

	raw = &p->subnets[p->n_subnets++];
	*raw = (struct raw_subnet){ .iface = index, .server = { .at = at } };
	return raw;
}

const struct section_def dhcp_subnet_section = {
	.name = "DHCPServerSubnet",
	.phase = PHASE_REST,
	.kind = SECTION_IFACE,
	.keys = keys,
	.n_keys = ARRAY_SIZE(keys),
	.object = subnet_object,
};

static bool overlap(const struct scn_server *a, uint32_t address, uint8_t len)
{
	return ip4_in_prefix(a->address, address, len) ||
	       ip4_in_prefix(address, a->address, a->prefix_len);
}

/* False, and reported, if the server has addresses of it already, or too many subnets. */
static bool is_new(struct parse *p, const struct raw_subnet *raw, const struct scn_server *server)
{
	uint32_t address = (uint32_t)raw->subnet.value;
	bool clash = overlap(server, address, raw->subnet.len);
	char text[IP4_LEN];

	for (size_t i = 0; i < server->n_subnets; i++)
		clash |= overlap(&server->subnets[i], address, raw->subnet.len);
	if (clash)
		bad(p, raw->subnet.at, "Subnet=: the server has addresses of %s/%u already",
		    ip4_format(address, text), raw->subnet.len);
	else if (server->n_subnets == SUBNETS_PER_SERVER)
		bad(p, raw->server.at, "more than %d subnets for one server", SUBNETS_PER_SERVER);

	return !clash && server->n_subnets < SUBNETS_PER_SERVER;
}

static int finish_subnet(struct parse *p, const struct raw_subnet *raw)
{
	struct scn_server *server = p->s->ifaces[raw->iface].server, *new;

	if (!server) {
		refuse_on(p, raw->iface, "DHCPServerSubnet", raw->server.at);
		return 0;
	}
	if (!is_given(&raw->subnet))
		bad(p, raw->server.at, "[DHCPServerSubnet] needs Subnet=");
	if (!raw->subnet.section || !is_new(p, raw, server))
		return 0;
	if (array_grow(&server->subnets, server->n_subnets, sizeof(*server->subnets)) < 0)
		return -ENOMEM;

	new = &server->subnets[server->n_subnets++];
	*new = (struct scn_server){
		.at = raw->server.at,
		.address = (uint32_t)raw->subnet.value,
		.prefix_len = raw->subnet.len,
	};
	server_finish_parts(p, &raw->server, server->address, server, false, new);
	return 0;
}

int subnet_finish(struct parse *p)
{
	for (size_t i = 0; i < p->n_subnets; i++) {
		int r = finish_subnet(p, &p->subnets[i]);

		if (r < 0)
			return r;
	}

	return 0;
}
