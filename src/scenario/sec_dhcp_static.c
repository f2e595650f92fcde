/* SPDX-License-Identifier: MIT */
/* sec_dhcp_static.c - [DHCPServerStaticLease]: an address for one client */
#include <errno.h>
#include <string.h>

#include "scenario/relay_keys.h"

#undef FIELD
#define FIELD(f) offsetof(struct raw_reservation, f)

static const struct key_def keys[] = {
	{ "MACAddress", set_mac, FIELD(mac) },
	{ "ClientIdentifier", set_client_id, FIELD(client_id), .max = 4 + 3 * CLIENT_ID_MAX },
	{ "CircuitId", set_relay_id, FIELD(circuit_id), .plain = true },
	{ "Address", set_ip4, FIELD(address) },
	{ "Hostname", set_host_name, FIELD(host_name),
	  .max = sizeof(((struct scn_reservation *)0)->host_name) - 1 },
};

static void *reservation_object(struct parse *p, size_t index, struct place at)
{
	struct raw_reservation *raw;

	if (array_grow(&p->reserved, p->n_reserved, sizeof(*p->reserved)) < 0)
		return NULL;

	raw = &p->reserved[p->n_reserved++];
	*raw = (struct raw_reservation){ .at = at, .iface = index };
	return raw;
}

const struct section_def dhcp_static_section = {
	.name = "DHCPServerStaticLease",
	.phase = PHASE_REST,
	.kind = SECTION_IFACE,
	.keys = keys,
	.n_keys = ARRAY_SIZE(keys),
	.object = reservation_object,
};

static const struct scn_server *subnet_of(const struct scn_server *server, uint32_t address)
{
	if (ip4_in_prefix(address, server->address, server->prefix_len))
		return server;
	for (size_t i = 0; i < server->n_subnets; i++)
		if (ip4_in_prefix(address, server->subnets[i].address,
				  server->subnets[i].prefix_len))
			return &server->subnets[i];

	return NULL;
}

/* Reports an address that the server can not give to anybody. */
static void check_address(struct parse *p, const struct raw_reservation *raw,
			  const struct scn_server *server)
{
	uint32_t address = (uint32_t)raw->address.value, first, last;
	const struct scn_server *net = subnet_of(server, address);
	char text[IP4_LEN];

	ip4_format(address, text);
	if (!net) {
		bad(p, raw->address.at, "Address=: %s is in no subnet of the server", text);
		return;
	}
	subnet_hosts(net->address, net->prefix_len, &first, &last);
	if (address < first || address > last)
		bad(p, raw->address.at, "Address=: %s is an end of its subnet: no host can have it",
		    text);
	else if (address == server->address)
		bad(p, raw->address.at, "Address=: %s is the server's own", text);
}

static bool is_same_client(const struct scn_reservation *a, const struct scn_reservation *b)
{
	return (a->has_mac && b->has_mac && memcmp(a->mac, b->mac, sizeof(a->mac)) == 0) ||
	       (a->client_id_len && a->client_id_len == b->client_id_len &&
		memcmp(a->client_id, b->client_id, a->client_id_len) == 0) ||
	       (a->circuit_id_len && a->circuit_id_len == b->circuit_id_len &&
		memcmp(a->circuit_id, b->circuit_id, a->circuit_id_len) == 0);
}

/* Reports an address that is another's, and a client that has one in the subnet. */
static void check_others(struct parse *p, const struct raw_reservation *raw,
			 const struct scn_server *server, const struct scn_reservation *new)
{
	char text[IP4_LEN];

	for (size_t i = 0; i < server->n_reserved; i++) {
		const struct scn_reservation *other = &server->reserved[i];

		if (other->address == new->address)
			bad(p, raw->address.at, "Address=: %s is reserved already, in line %u",
			    ip4_format(new->address, text), other->at.line);
		else if (is_same_client(other, new) &&
			 subnet_of(server, other->address) == subnet_of(server, new->address))
			bad(p, raw->at, "the client has %s already, by line %u",
			    ip4_format(other->address, text), other->at.line);
	}
}

static bool is_complete(struct parse *p, const struct raw_reservation *raw)
{
	if (!is_given(&raw->address))
		bad(p, raw->at, "[DHCPServerStaticLease] needs Address=");
	if (!is_given(&raw->mac) && !is_given(&raw->client_id) && !is_given(&raw->circuit_id))
		bad(p, raw->at, "[DHCPServerStaticLease] needs MACAddress=, ClientIdentifier= or "
		    "CircuitId=");
	if (raw->circuit_id.section && (raw->mac.section || raw->client_id.section))
		bad(p, raw->circuit_id.at, "CircuitId=: the lease is for a client or for a place; "
		    "give one");

	return raw->address.section &&
	       (raw->mac.section || raw->client_id.section || raw->circuit_id.section);
}

static int finish_reservation(struct parse *p, const struct raw_reservation *raw)
{
	struct scn_server *server = p->s->ifaces[raw->iface].server;
	struct scn_reservation new = {
		.at = raw->at,
		.address = (uint32_t)raw->address.value,
		.has_mac = raw->mac.section,
	};

	if (!server)
		refuse_on(p, raw->iface, "DHCPServerStaticLease", raw->at);
	if (!server || !server->address || !is_complete(p, raw))
		return 0;

	mac_from_number(raw->mac.value, new.mac);
	if (raw->client_id.section)
		new.client_id_len = (uint8_t)parse_client_id(raw->client_id.text, new.client_id);
	if (raw->client_id.section && !new.client_id_len)
		bad(p, raw->client_id.at, "ClientIdentifier=: mac says nothing here; give "
		    "MACAddress=");
	new.circuit_id_len = copy_relay_id(&raw->circuit_id, new.circuit_id);
	copy_text(new.host_name, sizeof(new.host_name), &raw->host_name);
	check_address(p, raw, server);
	check_others(p, raw, server, &new);
	if (server->n_reserved == RESERVED_PER_SERVER) {
		bad(p, raw->at, "more than %d reservations for one server", RESERVED_PER_SERVER);
		return 0;
	}
	if (array_grow(&server->reserved, server->n_reserved, sizeof(*server->reserved)) < 0)
		return -ENOMEM;

	server->reserved[server->n_reserved++] = new;
	return 0;
}

int reservation_finish(struct parse *p)
{
	for (size_t i = 0; i < p->n_reserved; i++) {
		int r = finish_reservation(p, &p->reserved[i]);

		if (r < 0)
			return r;
	}

	return 0;
}
