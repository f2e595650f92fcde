/* SPDX-License-Identifier: MIT */
/* sec_network.c - [Network], [Link], [Address], [Route]: an interface and its addresses */
#include <errno.h>
#include <string.h>

#include "base/text.h"
#include "scenario/parse.h"

#define MTU_MIN 68	/* the kernel's for IPv4, RFC 791 */
#define MTU_MAX 65535

static int add_address(struct parse *p, const struct key_def *key, void *field,
		       const struct value *v)
{
	struct value rest = *v, word;
	uint32_t address;
	uint8_t len;
	int r;

	while ((r = next_word(p, &rest, &word)) > 0) {
		r = parse_iface_address(p, key, &word, &address, &len);
		if (r < 0)
			return r;
		r = list_add(field, place_of(p, word.raw), address, len);
		if (r < 0)
			return r;
	}

	return r;
}

static int set_link_local(struct parse *p, const struct key_def *key, void *field,
			  const struct value *v)
{
	static const char *const words[] = {
		[SCN_LINK_LOCAL_NO] = "no", [SCN_LINK_LOCAL_FALLBACK] = "fallback",
		[SCN_LINK_LOCAL_IPV4] = "ipv4",
	};

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		if (strcmp(words[i], v->text) == 0) {
			((struct given *)field)->value = i;
			return 0;
		}
	}
	return bad_key(p, key, v, "\"%s\" is none of ipv4, fallback, no%s", v->text,
		       did_you_mean(p, v->text, words, ARRAY_SIZE(words), "\"", "\""));
}

/* systemd.network(5): both is for those who have IPv6, too. */
static int set_masquerade(struct parse *p, const struct key_def *key, void *field,
			  const struct value *v)
{
	struct value ipv4 = { .text = "ipv4", .raw = v->raw };

	return set_bool4(p, key, field, strcmp(v->text, "both") == 0 ? &ipv4 : v);
}

static const struct key_def network_keys[] = {
	{ "Address", add_address, offsetof(struct raw_iface, addresses), .clear = clear_list },
	{ "Gateway", set_ip4, offsetof(struct raw_iface, gateway) },
	{ "DHCP", set_bool4, offsetof(struct raw_iface, dhcp) },
	{ "DHCPServer", set_bool, offsetof(struct raw_iface, dhcp_server) },
	{ "IPForward", set_bool4, offsetof(struct raw_iface, ip_forward) },
	{ "IPMasquerade", set_masquerade, offsetof(struct raw_iface, masquerade) },
	{ "LinkLocalAddressing", set_link_local, offsetof(struct raw_iface, link_local) },
};

int set_mac(struct parse *p, const struct key_def *key, void *field, const struct value *v)
{
	uint8_t mac[6];
	uint64_t number = 0;

	if (mac_parse(v->text, mac) < 0)
		return bad_key(p, key, v, "\"%s\" is not a MAC address, as 02:00:00:00:00:01 is",
			       v->text);
	if (mac[0] & 1)
		return bad_key(p, key, v, "%s is a group's address (the first byte is odd)",
			       v->text);
	for (size_t i = 0; i < sizeof(mac); i++)
		number = number << 8 | mac[i];
	if (number == 0)
		return bad_key(p, key, v, "an interface can not have the address of zeros");

	((struct given *)field)->value = number;
	return 0;
}

static const struct key_def link_keys[] = {
	{ "MACAddress", set_mac, offsetof(struct raw_iface, mac) },
	{ "MTUBytes", set_number, offsetof(struct raw_iface, mtu), MTU_MIN, MTU_MAX },
};

static void *network_object(struct parse *p, size_t index, struct place at)
{
	const struct scn_iface *iface = &p->s->ifaces[index];
	struct raw_iface *raw = &p->ifaces[index];

	if (p->s->nodes[iface->node].kind == SCN_SWITCH)
		bad(p, at, "\"%s\" is a switch's port: a switch has no address", iface->label);
	if (raw->at.line == 0)
		raw->at = at;
	return raw;
}

static void *link_object(struct parse *p, size_t index, struct place at)
{
	return &p->ifaces[index];
}

const struct section_def network_section = {
	.name = "Network",
	.phase = PHASE_REST,
	.kind = SECTION_IFACE,
	.keys = network_keys,
	.n_keys = ARRAY_SIZE(network_keys),
	.object = network_object,
};

const struct section_def link_section = {
	.name = "Link",
	.phase = PHASE_REST,
	.kind = SECTION_IFACE,
	.keys = link_keys,
	.n_keys = ARRAY_SIZE(link_keys),
	.object = link_object,
};

static int set_address(struct parse *p, const struct key_def *key, void *field,
		       const struct value *v)
{
	struct given *g = field;
	uint32_t address;
	int r = parse_iface_address(p, key, v, &address, &g->len);

	if (r == 0)
		g->value = address;
	return r;
}

static int set_destination(struct parse *p, const struct key_def *key, void *field,
			   const struct value *v)
{
	struct given *g = field;
	uint32_t address;
	int r = parse_destination(p, key, v, &address, &g->len);

	if (r == 0)
		g->value = address;
	return r;
}

static const struct key_def address_keys[] = {
	{ "Address", set_address, offsetof(struct raw_object, address) },
};

static const struct key_def route_keys[] = {
	{ "Destination", set_destination, offsetof(struct raw_object, destination) },
	{ "Gateway", set_ip4, offsetof(struct raw_object, gateway) },
	{ "Metric", set_number, offsetof(struct raw_object, metric), .max = UINT32_MAX },
};

/* Each section makes one more object for each of its interfaces. */
static void *new_object(struct parse *p, struct raw_object **objects, size_t *n, size_t iface,
			struct place at)
{
	const struct scenario *s = p->s;
	struct raw_object *new;

	if (array_grow(objects, *n, sizeof(**objects)) < 0)
		return NULL;
	if (s->nodes[s->ifaces[iface].node].kind == SCN_SWITCH)
		bad(p, at, "\"%s\" is a switch's port: a switch has no address",
		    s->ifaces[iface].label);

	new = &(*objects)[(*n)++];
	*new = (struct raw_object){ .at = at, .iface = iface };
	return new;
}

static void *address_object(struct parse *p, size_t index, struct place at)
{
	return new_object(p, &p->addresses, &p->n_addresses, index, at);
}

static void *route_object(struct parse *p, size_t index, struct place at)
{
	return new_object(p, &p->routes, &p->n_routes, index, at);
}

const struct section_def address_section = {
	.name = "Address",
	.phase = PHASE_REST,
	.kind = SECTION_IFACE,
	.keys = address_keys,
	.n_keys = ARRAY_SIZE(address_keys),
	.object = address_object,
};

const struct section_def route_section = {
	.name = "Route",
	.phase = PHASE_REST,
	.kind = SECTION_IFACE,
	.keys = route_keys,
	.n_keys = ARRAY_SIZE(route_keys),
	.object = route_object,
};

static int iface_add_address(struct scn_iface *iface, struct place at, uint32_t address,
			     uint8_t len)
{
	int r = array_grow(&iface->addresses, iface->n_addresses, sizeof(*iface->addresses));

	if (r == 0)
		iface->addresses[iface->n_addresses++] =
			(struct scn_address){ .at = at, .address = address, .prefix_len = len };
	return r;
}

static int iface_add_route(struct scn_iface *iface, const struct scn_route *route)
{
	int r = array_grow(&iface->routes, iface->n_routes, sizeof(*iface->routes));

	if (r == 0)
		iface->routes[iface->n_routes++] = *route;
	return r;
}

/* Is there an address from which the gateway can be asked for by ARP? */
static void check_gateway(struct parse *p, const struct scn_iface *iface, const struct given *g)
{
	uint32_t gateway = (uint32_t)g->value, first, last;
	const struct raw_iface *raw = &p->ifaces[iface - p->s->ifaces];
	char text[IP4_LEN];

	ip4_format(gateway, text);
	if (p->s->nodes[iface->node].is_caller) {
		bad(p, g->at, "Gateway=: node \"%s\" is the caller's own machine; its routes are "
		    "left alone", p->s->nodes[iface->node].name);
		return;
	}
	for (size_t i = 0; i < iface->n_addresses; i++) {
		const struct scn_address *a = &iface->addresses[i];

		subnet_hosts(a->address, a->prefix_len, &first, &last);
		if (gateway == a->address) {
			bad(p, g->at, "Gateway=: %s is the interface's own address", text);
			return;
		}
		if (gateway >= first && gateway <= last)
			return;
	}
	if (!raw->addresses.wrong)
		bad(p, g->at, "Gateway=: %s is in no subnet of %s%s", text, iface->label,
		    iface->n_addresses ? "" : ", which has no Address=");
}

/* Both make the whole node a router. */
static void finish_forward(struct parse *p, const struct scn_iface *iface, const char *key,
			   const struct given *g)
{
	struct scn_node *node = &p->s->nodes[iface->node];

	if (!g->value)
		return;
	node->ip_forward = true;
	if (node->is_caller)
		bad(p, g->at, "%s=: node \"%s\" is the caller's own machine; it is not made a "
		    "router", key, node->name);
}

static int finish_iface(struct parse *p, size_t index)
{
	struct scn_iface *iface = &p->s->ifaces[index];
	const struct raw_iface *raw = &p->ifaces[index];

	iface->mtu = (unsigned int)raw->mtu.value;
	for (size_t i = 0; i < raw->addresses.n; i++) {
		const struct item *a = &raw->addresses.item[i];
		int r = iface_add_address(iface, a->at, a->value, a->len);

		if (r < 0)
			return r;
	}
	finish_forward(p, iface, "IPForward", &raw->ip_forward);
	finish_forward(p, iface, "IPMasquerade", &raw->masquerade);
	iface->masquerade = raw->masquerade.value;
	if (iface->masquerade && iface->n_addresses == 0 && !raw->addresses.wrong)
		bad(p, raw->masquerade.at, "IPMasquerade= on %s, which has no Address=: whom "
		    "is it for?", iface->label);
	return 0;
}

static int finish_gateway(struct parse *p, size_t index)
{
	struct scn_iface *iface = &p->s->ifaces[index];
	const struct given *g = &p->ifaces[index].gateway;

	if (!g->section)
		return 0;
	check_gateway(p, iface, g);
	return iface_add_route(iface, &(struct scn_route){ .at = g->at,
							   .gateway = (uint32_t)g->value });
}

static int finish_route(struct parse *p, const struct raw_object *raw)
{
	struct scn_iface *iface = &p->s->ifaces[raw->iface];
	struct scn_route route = {
		.at = raw->at,
		.dest = (uint32_t)raw->destination.value,
		.prefix_len = raw->destination.len,
		.gateway = (uint32_t)raw->gateway.value,
		.metric = (uint32_t)raw->metric.value,
	};

	if (!is_given(&raw->destination) && !is_given(&raw->gateway)) {
		bad(p, raw->at, "[Route] needs Destination= or Gateway=");
		return 0;
	}
	if (raw->gateway.section)
		check_gateway(p, iface, &raw->gateway);
	else if (p->s->nodes[iface->node].is_caller)
		bad(p, raw->at, "[Route]: node \"%s\" is the caller's own machine; its routes are "
		    "left alone", p->s->nodes[iface->node].name);
	return iface_add_route(iface, &route);
}

static int finish_addresses(struct parse *p)
{
	for (size_t i = 0; i < p->n_addresses; i++) {
		const struct raw_object *raw = &p->addresses[i];
		int r;

		if (!is_given(&raw->address))
			bad(p, raw->at, "[Address] needs Address=");
		if (!raw->address.section)
			continue;
		r = iface_add_address(&p->s->ifaces[raw->iface], raw->address.at,
				      (uint32_t)raw->address.value, raw->address.len);
		if (r < 0)
			return r;
	}

	return 0;
}

int network_finish(struct parse *p)
{
	size_t n = p->s->n_ifaces;
	int r = 0;

	for (size_t i = 0; i < n && r == 0; i++)
		r = finish_iface(p, i);
	if (r == 0)
		r = finish_addresses(p);
	for (size_t i = 0; i < n && r == 0; i++)
		r = finish_gateway(p, i);
	for (size_t i = 0; i < p->n_routes && r == 0; i++)
		r = finish_route(p, &p->routes[i]);

	return r;
}
