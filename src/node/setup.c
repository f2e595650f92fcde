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

void node_client_options(const struct scenario *s, size_t iface, uint64_t seed,
			 struct dhcp_client_options *ret)
{
	const struct scn_iface *i = &s->ifaces[iface];
	const struct scn_client *c = &i->client;

	*ret = (struct dhcp_client_options){
		.client_id_len = c->client_id_len,
		.broadcast = c->broadcast,
		.release_on_stop = c->send_release,
		.reboot_address = c->request_address,
		.seed = prng_derive(seed, i->label),
	};
	memcpy(ret->mac, i->mac, sizeof(ret->mac));
	memcpy(ret->client_id, c->client_id, sizeof(ret->client_id));
	memcpy(ret->host_name, c->host_name, sizeof(ret->host_name));
	set_request(c, ret);
}

/* An option that is sent to those who ask for it. */
static void add_value(struct dhcp_server_options *o, struct writer *w, uint8_t code,
		      const void *data, size_t len)
{
	size_t off = w->len;

	put_bytes(w, data, len);
	o->value[o->n_values++] = (struct dhcp_server_value){
		.code = code,
		.off = (uint16_t)off,
		.len = (uint16_t)len,
	};
}

static void add_addresses(struct dhcp_server_options *o, struct writer *w, uint8_t code,
			  const uint32_t *address, size_t n)
{
	uint8_t bytes[4 * 8];

	if (!n)
		return;
	for (size_t i = 0; i < n; i++)
		store_be32(bytes + 4 * i, address[i]);
	add_value(o, w, code, bytes, 4 * n);
}

#define TCODE 101		/* RFC 4833 section 3: a time zone by its name */
#define DECLINE_REST_SEC 600	/* a declined address is not offered for so long */
#define SPARE_BINDINGS 64	/* clients remembered beyond one for each address */
#define MAX_BINDINGS (1u << 20)

void node_server_options(const struct scenario *s, size_t iface, uint64_t seed,
			 struct dhcp_server_options *ret)
{
	const struct scn_iface *i = &s->ifaces[iface];
	const struct scn_server *v = &i->server;
	uint64_t size = v->last ? (uint64_t)v->last - v->first + 1 : 0;
	struct writer w;

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
		.max_bindings = (uint32_t)min_u64(size + SPARE_BINDINGS, MAX_BINDINGS),
		.seed = prng_derive(seed, i->label),
	};

	writer_init(&w, ret->values, sizeof(ret->values));
	add_addresses(ret, &w, DHCP_OPT_ROUTER, v->router, v->n_router);
	add_addresses(ret, &w, DHCP_OPT_DNS, v->dns, v->n_dns);
	add_addresses(ret, &w, DHCP_OPT_NTP, v->ntp, v->n_ntp);
	if (v->timezone[0])
		add_value(ret, &w, TCODE, v->timezone, strlen(v->timezone));
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

	if (i->server.on) {
		node_server_options(s, iface, seed, &opt.server);
		return node_init_server(n, i->label, i->mac, &opt.server, ops, ctx);
	}

	node_client_options(s, iface, seed, &opt.client);
	r = node_init_client(n, i->label, &opt.client, ops, ctx);
	if (r == 0)
		n->ignore = ignored_parts(&i->client);
	return r;
}

_Static_assert(sizeof(((struct dhcp_client_options *)0)->request) ==
	       sizeof(((struct scn_client *)0)->request), "request lists");
_Static_assert(sizeof(((struct dhcp_client_options *)0)->host_name) ==
	       sizeof(((struct scn_client *)0)->host_name), "host names");
_Static_assert(sizeof(((struct dhcp_client_options *)0)->client_id) ==
	       sizeof(((struct scn_client *)0)->client_id), "client identifiers");
