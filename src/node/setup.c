/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/bytes.h"
#include "base/prng.h"
#include "node/setup.h"

static uint8_t ignored_parts(const struct scn_client *c)
{
	uint8_t flags = 0;

	if (!c->use_gateway)
		flags |= NODE_IGNORE_GATEWAY;
	if (!c->use_dns)
		flags |= NODE_IGNORE_DNS;
	if (!c->use_routes)
		flags |= NODE_IGNORE_ROUTES;
	if (!c->use_mtu)
		flags |= NODE_IGNORE_MTU;
	return flags;
}

static bool is_wanted(uint8_t code, uint8_t ignored)
{
	switch (code) {
	case DHCP_OPT_ROUTER:
		return !(ignored & NODE_IGNORE_GATEWAY);
	case DHCP_OPT_DNS:
		return !(ignored & NODE_IGNORE_DNS);
	case DHCP_OPT_STATIC_ROUTES:
	case DHCP_OPT_CLASSLESS_ROUTES:
		return !(ignored & NODE_IGNORE_ROUTES);
	case DHCP_OPT_MTU:
		return !(ignored & NODE_IGNORE_MTU);
	}

	return true;
}

static void set_request(const struct scn_client *c, struct dhcp_client_options *ret)
{
	size_t n = c->n_request;
	const uint8_t *list = n ? c->request : dhcp_client_usual_request(&n);
	uint8_t ignored = ignored_parts(c);

	for (size_t i = 0; i < n; i++) {
		if (is_wanted(list[i], ignored))
			ret->request[ret->n_request++] = list[i];
	}
	if (!ret->n_request)	/* no entry would mean the machine's own list */
		ret->request[ret->n_request++] = DHCP_OPT_SUBNET_MASK;
}

/* RFC 5227 section 1.1; one is enough for those who chose how long to wait. */
static uint8_t probes_of(const struct scn_client *c)
{
	return c->conflict_wait ? 1 : 3;
}

void node_client_options(const struct scenario *s, size_t iface, uint64_t seed,
			 struct dhcp_client_options *ret)
{
	const struct scn_iface *i = &s->ifaces[iface];
	const struct scn_client *c = i->client;

	*ret = (struct dhcp_client_options){
		.broadcast = c->broadcast,
		.release_on_stop = c->send_release,
		.reboot_address = c->request_address,
		.conflict_probes = c->detect_conflicts ? probes_of(c) : 0,
		.conflict_wait = c->conflict_wait,
		.collect = c->collect,
		.n_send = c->n_send,
		.only_servers = c->only_servers,
		.max_attempts = c->max_attempts,
		.rapid_commit = c->rapid_commit,
		.force_renew = c->force_renew,
		.auto_configure = c->link_local != SCN_LINK_LOCAL_NO,
		.fqdn = (enum dhcp_fqdn)c->fqdn,
		.seed = prng_derive(seed, i->label),
	};
	memcpy(ret->mac, i->mac, sizeof(ret->mac));
	ret->client_id_len = (uint8_t)scn_client_id(s, i, ret->client_id);
	str_copy(ret->host_name, sizeof(ret->host_name), scn_host_name(s, i));
	memcpy(ret->send, c->send, sizeof(ret->send));
	for (size_t k = 0; k < c->n_servers; k++)
		ret->servers[ret->n_servers++] = (struct dhcp_prefix){ c->servers[k].address,
								       c->servers[k].len };
	set_request(c, ret);
}

/* Where the options of one subnet go. */
struct values {
	struct writer *bytes;
	struct dhcp_server_value *value;
	uint8_t *n;
};

static bool has_value(const struct values *to, uint8_t code)
{
	for (size_t i = 0; i < *to->n; i++)
		if (to->value[i].code == code)
			return true;

	return false;
}

/* An option that is sent to those who ask for it. */
static void add_value(const struct values *to, uint8_t code, const void *data, size_t len)
{
	size_t off = to->bytes->len;

	put_bytes(to->bytes, data, len);
	to->value[(*to->n)++] = (struct dhcp_server_value){
		.code = code,
		.off = (uint16_t)off,
		.len = (uint16_t)len,
	};
}

static void add_addresses(const struct values *to, uint8_t code, const uint32_t *address, size_t n)
{
	uint8_t bytes[4 * 8];

	if (!n || has_value(to, code))
		return;
	for (size_t i = 0; i < n; i++)
		store_be32(bytes + 4 * i, address[i]);
	add_value(to, code, bytes, 4 * n);
}

#define TCODE 101		/* RFC 4833 section 3: a time zone by its name */
#define DECLINE_REST_SEC 600	/* a declined address is not offered for so long */
#define SPARE_BINDINGS 64	/* clients remembered beyond one for each address */
#define MAX_BINDINGS (1u << 20)
#define HTYPE_ETHERNET 1

/* What SendOption= forces stands already, and is not given twice. */
static void add_lists(const struct scn_server *v, const struct values *to)
{
	add_addresses(to, DHCP_OPT_ROUTER, v->router, v->n_router);
	add_addresses(to, DHCP_OPT_DNS, v->dns, v->n_dns);
	add_addresses(to, DHCP_OPT_NTP, v->ntp, v->n_ntp);
	if (v->timezone[0] && !has_value(to, TCODE))
		add_value(to, TCODE, v->timezone, strlen(v->timezone));
}

static void add_options(const struct scn_option *options, size_t n, const struct values *to)
{
	for (size_t i = 0; i < n; i++) {
		const struct scn_option *o = &options[i];

		add_value(to, o->code, o->value, o->len);
		to->value[*to->n - 1].forced = o->forced;
	}
}

/* The first @n of the own link's, bytes and all, but for routes: their gateways are there. */
static void share_options(const struct dhcp_server_value *value, size_t n, const struct values *to)
{
	for (size_t i = 0; i < n; i++)
		if (value[i].code != DHCP_OPT_CLASSLESS_ROUTES || value[i].forced)
			to->value[(*to->n)++] = value[i];
}

static void add_subnet(const struct scn_server *v, const struct scn_server *server,
		       struct writer *bytes,
		       struct dhcp_server_options *ret)
{
	struct dhcp_server_subnet *net = &ret->subnet[ret->n_subnets++];
	struct values to = { bytes, net->value, &net->n_values };

	*net = (struct dhcp_server_subnet){
		.address = v->address,
		.prefix_len = v->prefix_len,
		.first = v->first,
		.last = v->last,
		.default_lease_sec = v->default_lease_sec,
		.min_lease_sec = v->min_lease_sec,
		.max_lease_sec = v->max_lease_sec,
	};
	share_options(ret->value, server->n_options, &to);
	add_lists(v, &to);
}

static void add_class(const struct scn_class *v, struct writer *bytes,
		      struct dhcp_server_options *ret)
{
	struct dhcp_server_class *c = &ret->class[ret->n_classes++];
	struct values to = { bytes, c->value, &c->n_values };
	size_t vendor_len = strlen(v->vendor);

	*c = (struct dhcp_server_class){
		.user_len = (uint8_t)strlen(v->user),
		.enterprise = v->enterprise,
		.first = v->first,
		.last = v->last,
	};
	c->vendor_is_prefix = vendor_len && v->vendor[vendor_len - 1] == '*';
	c->vendor_len = (uint8_t)(vendor_len - c->vendor_is_prefix);
	memcpy(c->user, v->user, c->user_len);
	memcpy(c->vendor, v->vendor, c->vendor_len);
	add_options(v->options, v->n_options, &to);
}

/* One entry for each way in which the client, or its place, can be known. */
static void add_reservation(const struct scn_reservation *v, struct dhcp_server_options *ret)
{
	struct dhcp_reservation *e = &ret->reserved[ret->n_reserved];

	if (v->client_id_len) {
		*e = (struct dhcp_reservation){
			.address = v->address, .id_len = v->client_id_len, .id_is_option = true,
		};
		memcpy(e->id, v->client_id, v->client_id_len);
		str_copy(e->host_name, sizeof(e->host_name), v->host_name);
		e = &ret->reserved[++ret->n_reserved];
	}
	if (v->circuit_id_len) {
		*e = (struct dhcp_reservation){
			.address = v->address, .id_len = v->circuit_id_len, .id_is_circuit = true,
		};
		memcpy(e->id, v->circuit_id, v->circuit_id_len);
		str_copy(e->host_name, sizeof(e->host_name), v->host_name);
		ret->n_reserved++;
	}
	if (v->has_mac) {
		*e = (struct dhcp_reservation){
			.address = v->address, .id_len = 1 + sizeof(v->mac),
			.id = { HTYPE_ETHERNET },
		};
		memcpy(e->id + 1, v->mac, sizeof(v->mac));
		str_copy(e->host_name, sizeof(e->host_name), v->host_name);
		ret->n_reserved++;
	}
}

/* Room for one for each address that can be given, and some to spare. */
static uint32_t most_bindings(const struct scn_server *v)
{
	uint64_t n = SPARE_BINDINGS + v->n_reserved;

	if (v->last)
		n += (uint64_t)v->last - v->first + 1;
	for (size_t i = 0; i < v->n_subnets; i++)
		if (v->subnets[i].last)
			n += (uint64_t)v->subnets[i].last - v->subnets[i].first + 1;

	for (size_t i = 0; i < v->n_classes; i++)
		if (v->classes[i].last)
			n += (uint64_t)v->classes[i].last - v->classes[i].first + 1;

	return (uint32_t)min_u64(n, MAX_BINDINGS);
}

void node_server_options(const struct scenario *s, size_t iface, uint64_t seed,
			 struct dhcp_server_options *ret)
{
	const struct scn_iface *i = &s->ifaces[iface];
	const struct scn_server *v = i->server;
	struct writer bytes;
	struct values own = { &bytes, ret->value, &ret->n_values };

	*ret = (struct dhcp_server_options){
		.address = v->address,
		.prefix_len = v->prefix_len,
		.first = v->first,
		.last = v->last,
		.default_lease_sec = v->default_lease_sec,
		.min_lease_sec = v->min_lease_sec,
		.max_lease_sec = v->max_lease_sec,
		.offer_sec = v->offer_sec,
		.decline_sec = DECLINE_REST_SEC,
		.authoritative = v->authoritative,
		.rapid_commit = v->rapid_commit,
		.bootp = v->bootp,
		.probe_ms = v->probe_ms,
		.no_auto_configure = !v->auto_configure,
		.reserved_only = !v->allow_unknown,
		.ignore_client_id = v->ignore_client_id,
		.max_bindings = most_bindings(v),
		.seed = prng_derive(seed, i->label),
	};

	ret->force_renew = v->force_renew;
	ret->n_queriers = (uint8_t)v->n_queriers;
	for (size_t k = 0; k < v->n_queriers; k++)
		ret->querier[k] = (struct dhcp_server_querier){ v->queriers[k].address,
								v->queriers[k].len };
	ret->n_secrets = v->n_secrets;
	memcpy(ret->secret, v->secret, sizeof(ret->secret));
	ret->next_server = v->next_server;
	str_copy(ret->boot_server, sizeof(ret->boot_server), v->boot_server);
	str_copy(ret->boot_file, sizeof(ret->boot_file), v->boot_file);
	writer_init(&bytes, ret->values, sizeof(ret->values));
	add_options(v->options, v->n_options, &own);
	add_lists(v, &own);
	for (size_t k = 0; k < v->n_subnets; k++)
		add_subnet(&v->subnets[k], v, &bytes, ret);
	for (size_t k = 0; k < v->n_classes; k++)
		add_class(&v->classes[k], &bytes, ret);
	for (size_t k = 0; k < v->n_reserved; k++)
		add_reservation(&v->reserved[k], ret);
}

static struct dhcp_relay_port relay_port(const struct scn_relay *v)
{
	struct dhcp_relay_port port = {
		.address = v->address,
		.giaddr = v->giaddr,
		.n_targets = v->n_targets,
		.circuit_id_len = v->circuit_id_len,
		.remote_id_len = v->remote_id_len,
		.server_id_override = v->server_id_override,
		.trusted = v->trusted,
		.policy = (enum dhcp_relay_policy)v->policy,
		.hops_max = v->hops_max,
		.secs_min = v->secs_min,
		.max_size = v->max_size,
	};

	memcpy(port.target, v->target, sizeof(port.target));
	memcpy(port.circuit_id, v->circuit_id, sizeof(port.circuit_id));
	memcpy(port.remote_id, v->remote_id, sizeof(port.remote_id));
	return port;
}

uint8_t node_relay_options(const struct scenario *s, size_t iface, struct dhcp_relay_options *ret,
			   struct node_port ports[static DHCP_RELAY_PORTS_MAX])
{
	const struct scn_node *node = &s->nodes[s->ifaces[iface].node];
	uint8_t this = 0;

	*ret = (struct dhcp_relay_options){ 0 };
	for (size_t k = 0; k < node->n_ifaces; k++) {
		const struct scn_iface *i = &s->ifaces[node->ifaces[k]];

		for (size_t a = 0; a < i->n_addresses; a++)
			ret->own[ret->n_own++] = i->addresses[a].address;
		if (!i->relay)
			continue;
		if (node->ifaces[k] == iface)
			this = ret->n_ports;
		str_copy(ports[ret->n_ports].label, sizeof(ports[0].label), i->label);
		memcpy(ports[ret->n_ports].mac, i->mac, sizeof(i->mac));
		ret->port[ret->n_ports++] = relay_port(i->relay);
	}

	return this;
}

static int init_relay(struct node *n, const struct scenario *s, size_t iface,
		      const struct node_ops *ops, void *ctx)
{
	struct node_port ports[DHCP_RELAY_PORTS_MAX];
	struct dhcp_relay_options opt;
	uint8_t port = node_relay_options(s, iface, &opt, ports);

	return node_init_relay(n, ports, port, &opt, ops, ctx);
}

int node_init(struct node *n, const struct scenario *s, size_t iface, uint64_t seed,
	      const struct node_ops *ops, void *ctx)
{
	const struct scn_iface *i = &s->ifaces[iface];
	union {
		struct dhcp_client_options client;
		struct dhcp_server_options server;
	} opt;
	int r;

	if (i->relay)
		return init_relay(n, s, iface, ops, ctx);
	if (i->server) {
		node_server_options(s, iface, seed, &opt.server);
		r = node_init_server(n, i->label, i->mac, &opt.server, ops, ctx);
		if (r == 0)
			/* Where nobody keeps a record, there is none to wait for. */
			n->persist = i->server->persist_leases && ops->recall;
		return r;
	}

	node_client_options(s, iface, seed, &opt.client);
	r = node_init_client(n, i->label, &opt.client, ops, ctx);
	if (r < 0)
		return r;
	n->ignore = ignored_parts(i->client);
	if (s->n_nodes > i->node && s->nodes[i->node].n_ifaces > 1) {
		n->scenario = s;
		n->host = &s->nodes[i->node];
	}
	node_set_link_local(n, i->client->link_local);
	return 0;
}

_Static_assert((int)DHCP_FQDN_NOBODY == (int)SCN_FQDN_NOBODY, "names in the DNS");
_Static_assert(sizeof(((struct dhcp_client_options *)0)->request) ==
	       sizeof(((struct scn_client *)0)->request), "request lists");
_Static_assert(sizeof(((struct dhcp_client_options *)0)->host_name) ==
	       sizeof(((struct scn_client *)0)->host_name), "host names");
_Static_assert(sizeof(((struct dhcp_client_options *)0)->send) ==
	       sizeof(((struct scn_client *)0)->send), "options to send");
_Static_assert(ARRAY_SIZE(((struct dhcp_client_options *)0)->servers) ==
	       ARRAY_SIZE(((struct scn_client *)0)->servers), "servers");
_Static_assert(sizeof(((struct dhcp_client_options *)0)->client_id) ==
	       sizeof(((struct scn_client *)0)->client_id), "client identifiers");
_Static_assert(ARRAY_SIZE(((struct dhcp_server_options *)0)->querier) ==
	       ARRAY_SIZE(((struct scn_server *)0)->queriers), "queriers");
_Static_assert(sizeof(((struct dhcp_server_options *)0)->secret) ==
	       sizeof(((struct scn_server *)0)->secret), "options that are not told");
_Static_assert(DHCP_SERVER_CLASSES_MAX >= CLASSES_PER_SERVER, "classes");
_Static_assert(sizeof(((struct dhcp_server_class *)0)->user) ==
	       sizeof(((struct scn_class *)0)->user) - 1, "user classes");
_Static_assert(DHCP_SERVER_SUBNETS_MAX >= SUBNETS_PER_SERVER, "subnets");
_Static_assert(DHCP_SERVER_RESERVED_MAX >= 2 * RESERVED_PER_SERVER, "an entry for each identity");
_Static_assert(sizeof(((struct dhcp_reservation *)0)->id) >=
	       sizeof(((struct scn_reservation *)0)->client_id), "client identifiers");
_Static_assert(DHCP_RELAY_TARGETS_MAX == RELAY_TARGETS, "targets of relay agents");
_Static_assert(sizeof(((struct dhcp_relay_port *)0)->circuit_id) ==
	       sizeof(((struct scn_relay *)0)->circuit_id), "circuit ids");
