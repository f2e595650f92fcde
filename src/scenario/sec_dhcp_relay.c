/* SPDX-License-Identifier: MIT */
/* sec_dhcp_relay.c - [DHCPServer] with RelayTarget=: a relay agent in place of a server */
#include <errno.h>
#include <string.h>

#include "scenario/relay_keys.h"

#define STRING "string:"
#define HOPS 16
#define SIZE 1500

int set_relay_id(struct parse *p, const struct key_def *key, void *field, const struct value *v)
{
	struct given *g = field;
	size_t prefix = strlen(STRING), len = strlen(v->text);

	if (strncmp(v->text, STRING, prefix) != 0 || len == prefix)
		return bad_key(p, key, v, "\"%s\" is not string:TEXT", v->text);
	if (len - prefix > RELAY_ID_MAX)
		return bad_key(p, key, v, "longer than %zu bytes", RELAY_ID_MAX);

	g->text = v->text;
	return 0;
}

static const char *const policies[] = {
	[SCN_RELAY_KEEP] = "keep",
	[SCN_RELAY_REPLACE] = "replace",
	[SCN_RELAY_DROP] = "drop",
};

int set_relay_policy(struct parse *p, const struct key_def *key, void *field,
		     const struct value *v)
{
	for (size_t i = 0; i < ARRAY_SIZE(policies); i++) {
		if (strcmp(v->text, policies[i]) == 0) {
			((struct given *)field)->value = i;
			return 0;
		}
	}

	return bad_key(p, key, v, "\"%s\" is neither keep, replace nor drop%s", v->text,
		       did_you_mean(p, v->text, policies, ARRAY_SIZE(policies), "\"", "\""));
}

uint8_t copy_relay_id(const struct given *g, uint8_t ret[static RELAY_ID_MAX])
{
	size_t len;

	if (!g->section)
		return 0;
	len = strlen(g->text) - strlen(STRING);
	memcpy(ret, g->text + strlen(STRING), len);
	return (uint8_t)len;
}

static bool has_address(const struct scenario *s, size_t node, uint32_t address)
{
	const struct scn_node *n = &s->nodes[node];

	for (size_t i = 0; i < n->n_ifaces; i++) {
		const struct scn_iface *iface = &s->ifaces[n->ifaces[i]];

		for (size_t k = 0; k < iface->n_addresses; k++)
			if (iface->addresses[k].address == address)
				return true;
	}

	return false;
}

/* Servers, and none of the node's own addresses: what is sent there would come back. */
static void finish_targets(struct parse *p, const struct scn_iface *iface, const struct list *list,
			   struct scn_relay *relay)
{
	char text[IP4_LEN];

	for (size_t i = 0; i < list->n; i++) {
		uint32_t target = list->item[i].value;

		if (!target)
			bad(p, list->item[i].at, "RelayTarget=: a relay agent is no server; give "
			    "the server's address");
		else if (has_address(p->s, iface->node, target))
			bad(p, list->item[i].at, "RelayTarget=: %s is an address of node \"%s\" "
			    "itself", ip4_format(target, text), p->s->nodes[iface->node].name);
		relay->target[relay->n_targets++] = target;
	}
}

/* Keys for a pool say that somebody wanted a server. */
static void refuse_pool(struct parse *p, const struct raw_server *raw)
{
	static const char *const names[] = { "PoolOffset", "PoolSize", "PoolStart", "PoolEnd" };
	const struct given *const keys[] = { &raw->pool_offset, &raw->pool_size, &raw->pool_start,
					     &raw->pool_end };

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		if (keys[i]->section)
			bad(p, keys[i]->at, "%s=: with RelayTarget= this is a relay agent, which "
			    "has no addresses to give", names[i]);
}

int relay_finish(struct parse *p, size_t index)
{
	struct scn_iface *iface = &p->s->ifaces[index];
	const struct raw_server *raw = p->ifaces[index].server;
	struct scn_relay *relay = calloc(1, sizeof(*relay));
	char text[IP4_LEN];

	if (!relay)
		return -ENOMEM;
	iface->relay = relay;
	*relay = (struct scn_relay){
		.at = raw->at,
		.address = iface->n_addresses ? iface->addresses[0].address : 0,
		.giaddr = (uint32_t)raw->relay_address.value,
		.server_id_override = raw->relay_override.value,
		.trusted = raw->relay_trusted.value,
		.policy = (enum scn_relay_policy)raw->relay_policy.value,
		.hops_max = raw->relay_hops.section ? (uint8_t)raw->relay_hops.value : HOPS,
		.secs_min = (uint16_t)raw->relay_secs.value,
		.max_size = raw->relay_size.section ? (uint16_t)raw->relay_size.value : SIZE,
	};
	relay->circuit_id_len = copy_relay_id(&raw->circuit_id, relay->circuit_id);
	relay->remote_id_len = copy_relay_id(&raw->remote_id, relay->remote_id);
	finish_targets(p, iface, &raw->relay_targets, relay);
	refuse_pool(p, raw);
	if (!relay->address && !p->ifaces[index].addresses.wrong)
		bad(p, raw->at, "RelayTarget= on %s, which has no Address=", iface->label);
	p->s->nodes[iface->node].has_relay = true;
	if (relay->giaddr && !has_address(p->s, iface->node, relay->giaddr))
		bad(p, raw->relay_address.at, "RelayAddress=: node \"%s\" does not have %s",
		    p->s->nodes[iface->node].name, ip4_format(relay->giaddr, text));
	return 0;
}

#define LINKS_MAX 32
#define ADDRESSES_MAX 64

static void check_node(struct parse *p, const struct scn_node *node)
{
	const struct scn_iface *relay = NULL, *server = NULL;
	size_t links = 0, addresses = 0;

	for (size_t i = 0; i < node->n_ifaces; i++) {
		const struct scn_iface *iface = &p->s->ifaces[node->ifaces[i]];

		addresses += iface->n_addresses;
		links += iface->relay != NULL;
		if (iface->relay && !relay)
			relay = iface;
		if (iface->server && !server)
			server = iface;
	}

	if (relay && server)
		bad(p, relay->relay->at, "node \"%s\" has a server at %s and a relay agent: both "
		    "want port 67; give one of them a node of its own", node->name, server->label);
	if (links > LINKS_MAX)
		bad(p, relay->relay->at, "a relay agent of over %d links", LINKS_MAX);
	if (relay && addresses > ADDRESSES_MAX)
		bad(p, relay->relay->at, "a relay agent with over %d addresses", ADDRESSES_MAX);
}

void relay_check(struct parse *p)
{
	for (size_t i = 0; i < p->s->n_nodes; i++)
		check_node(p, &p->s->nodes[i]);
}
