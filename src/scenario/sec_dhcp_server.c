/* SPDX-License-Identifier: MIT */
/* sec_dhcp_server.c - [DHCPServer] */
#include <errno.h>
#include <string.h>

#include "base/text.h"
#include "scenario/parse.h"

#define LEASE_MIN 2
#define DEFAULT_LEASE 3600
#define MAX_LEASE (12 * 3600)	/* systemd.network(5) */
#define OFFER 60
#define SERVER_ADDRESS "_server_address"	/* systemd.network(5): DNS= and NTP= may say it */

/* Addresses of one list; @key->max of them at most. */
static int add_servers(struct parse *p, const struct key_def *key, void *field,
		       const struct value *v)
{
	struct value rest = *v, word;
	struct list *list = field;
	int r;

	while ((r = next_word(p, &rest, &word)) > 0) {
		struct given g = { 0 };	/* 0.0.0.0: the server itself, put in later */

		r = strcmp(word.text, SERVER_ADDRESS) == 0 ? 0 : set_ip4(p, key, &g, &word);
		if (r < 0)
			return r;
		if (list->n == key->max)
			return bad_key(p, key, &word, "more than %llu addresses",
				       (unsigned long long)key->max);
		r = list_add(list, place_of(p, word.raw), (uint32_t)g.value, 0);
		if (r < 0)
			return r;
	}

	return r;
}

static int set_timezone(struct parse *p, const struct key_def *key, void *field,
			const struct value *v)
{
	for (const char *s = v->text; *s; s++)
		if (!strchr("/_+-", *s) && !is_plain_name((char[]){ *s, '\0' }, 1))
			return bad_key(p, key, v, "\"%s\" is no time zone, as Europe/Berlin is",
				       v->text);
	return set_text(p, key, field, v);
}

#define FIELD(f) offsetof(struct raw_server, f)
#define SERVERS_MAX(list) ARRAY_SIZE(((struct scn_server *)0)->list)

static const struct key_def keys[] = {
	{ "PoolOffset", set_number, FIELD(pool_offset), .max = UINT32_MAX },
	{ "PoolSize", set_number, FIELD(pool_size), .max = UINT32_MAX },
	{ "PoolStart", set_ip4, FIELD(pool_start) },
	{ "PoolEnd", set_ip4, FIELD(pool_end) },
	{ "DefaultLeaseTimeSec", set_seconds, FIELD(default_lease), LEASE_MIN, UINT32_MAX },
	{ "MinLeaseTimeSec", set_seconds, FIELD(min_lease), LEASE_MIN, UINT32_MAX },
	{ "MaxLeaseTimeSec", set_seconds, FIELD(max_lease), LEASE_MIN, UINT32_MAX },
	{ "OfferTimeSec", set_seconds, FIELD(offer), 1, 86400 },
	{ "EmitDNS", set_bool, FIELD(emit_dns) },
	{ "DNS", add_servers, FIELD(dns), .max = SERVERS_MAX(dns), .clear = clear_list },
	{ "EmitRouter", set_bool, FIELD(emit_router) },
	{ "Router", add_servers, FIELD(router), .max = SERVERS_MAX(router), .clear = clear_list },
	{ "EmitNTP", set_bool, FIELD(emit_ntp) },
	{ "NTP", add_servers, FIELD(ntp), .max = SERVERS_MAX(ntp), .clear = clear_list },
	{ "EmitTimezone", set_bool, FIELD(emit_timezone) },
	{ "Timezone", set_timezone, FIELD(timezone),
	  .max = sizeof(((struct scn_server *)0)->timezone) - 1 },
	{ "Authoritative", set_bool, FIELD(authoritative) },
};

static void *server_object(struct parse *p, size_t index, struct place at)
{
	struct raw_iface *raw = &p->ifaces[index];

	if (!raw->server) {
		raw->server = calloc(1, sizeof(*raw->server));
		if (raw->server)
			raw->server->at = at;
	}
	return raw->server;
}

const struct section_def dhcp_server_section = {
	.name = "DHCPServer",
	.phase = PHASE_REST,
	.kind = SECTION_IFACE,
	.keys = keys,
	.n_keys = ARRAY_SIZE(keys),
	.object = server_object,
};

/* The place of the key that a pool's error is about. */
static struct place pool_place(const struct raw_server *raw)
{
	const struct given *const g[] = { &raw->pool_offset, &raw->pool_start, &raw->pool_size,
					  &raw->pool_end };

	for (size_t i = 0; i < ARRAY_SIZE(g); i++)
		if (g[i]->section)
			return g[i]->at;
	return raw->at;
}

static bool check_pool_keys(struct parse *p, const struct raw_server *raw)
{
	if (raw->pool_offset.section && raw->pool_start.section) {
		bad(p, raw->pool_start.at, "PoolStart= and PoolOffset= say the same; give one");
		return false;
	}
	if (raw->pool_size.section && raw->pool_end.section) {
		bad(p, raw->pool_end.at, "PoolEnd= and PoolSize= say the same; give one");
		return false;
	}
	return true;
}

/*
 * systemd.network(5): PoolOffset= counts from the subnet's own address; 0, as
 * PoolSize=0, is the default: the subnet's hosts. 64 bits, since sums of what
 * a file says may be past the last address.
 */
static void finish_pool(struct parse *p, const struct raw_server *raw, struct scn_server *server)
{
	uint32_t net = server->address & ip4_mask(server->prefix_len), first_host, last_host;
	char first_text[IP4_LEN], last_text[IP4_LEN];
	uint64_t first, last;

	subnet_hosts(server->address, server->prefix_len, &first_host, &last_host);
	first = raw->pool_start.section ? raw->pool_start.value
		: raw->pool_offset.value ? net + raw->pool_offset.value : first_host;
	last = raw->pool_end.section ? raw->pool_end.value
	       : raw->pool_size.value ? first + raw->pool_size.value - 1 : last_host;
	if (!check_pool_keys(p, raw))
		return;
	if (!raw->pool_start.section && !raw->pool_offset.value && first == server->address)
		first++;
	if (!raw->pool_end.section && !raw->pool_size.value && last == server->address)
		last--;

	if (first > last || (first == last && first == server->address)) {
		bad(p, pool_place(raw), "the pool contains no address");
	} else if (first < first_host || last > last_host) {
		bad(p, pool_place(raw), "the pool is out of its subnet, whose hosts are %s-%s",
		    ip4_format(first_host, first_text), ip4_format(last_host, last_text));
	} else {
		server->first = (uint32_t)first;
		server->last = (uint32_t)last;
	}
}

static uint32_t given_or(const struct given *g, uint32_t value)
{
	return g->section ? (uint32_t)g->value : value;
}

static void finish_times(struct parse *p, const struct raw_server *raw, struct scn_server *server)
{
	uint32_t max = given_or(&raw->max_lease, MAX_LEASE);
	uint32_t min = given_or(&raw->min_lease, LEASE_MIN);
	uint32_t lease = given_or(&raw->default_lease, DEFAULT_LEASE);

	/* What is not given fits itself to what is. */
	if (!raw->default_lease.section)
		lease = (uint32_t)max_u64(min_u64(lease, max), min);
	if (!raw->max_lease.section)
		max = (uint32_t)max_u64(max, lease);

	if (min > max)
		bad(p, raw->min_lease.at, "MinLeaseTimeSec= is over MaxLeaseTimeSec=");
	else if (lease > max)
		bad(p, raw->default_lease.at, "DefaultLeaseTimeSec= is over MaxLeaseTimeSec=");
	else if (lease < min)
		bad(p, raw->default_lease.at, "DefaultLeaseTimeSec= is under MinLeaseTimeSec=");

	server->default_lease_sec = lease;
	server->min_lease_sec = min;
	server->max_lease_sec = max;
	server->offer_sec = given_or(&raw->offer, OFFER);
}

/* Emit*=yes with nothing to emit is an error; =no leaves the list at home. */
static size_t finish_list(struct parse *p, const char *name, const struct given *emit,
			  const struct list *list, uint32_t self, uint32_t *ret)
{
	if (emit->section && emit->value && !list_is_given(list))
		bad(p, emit->at, "Emit%s=yes needs %s=", name, name);
	if (emit->section && !emit->value)
		return 0;

	for (size_t i = 0; i < list->n; i++)
		ret[i] = list->item[i].value ? list->item[i].value : self;
	return list->n;
}

/* A router that clients can not reach by ARP is none. */
static void finish_router(struct parse *p, const struct raw_server *raw, bool forwards,
			  struct scn_server *server)
{
	bool emit = raw->emit_router.section ? raw->emit_router.value
					     : forwards || raw->router.n > 0;
	uint32_t first, last;
	char text[IP4_LEN];

	if (!emit)
		return;
	subnet_hosts(server->address, server->prefix_len, &first, &last);
	for (size_t i = 0; i < raw->router.n; i++) {
		const struct item *item = &raw->router.item[i];
		uint32_t router = item->value ? item->value : server->address;

		if (router < first || router > last)
			bad(p, item->at, "Router=: %s is out of the server's subnet",
			    ip4_format(router, text));
		server->router[server->n_router++] = router;
	}
	if (server->n_router == 0)
		server->router[server->n_router++] = server->address;
}

static void finish_server(struct parse *p, size_t index)
{
	static const struct raw_server none = { 0 };
	struct scn_iface *iface = &p->s->ifaces[index];
	const struct raw_iface *raw = &p->ifaces[index];
	const struct raw_server *rs = raw->server ? raw->server : &none;
	struct scn_server *server = &iface->server;

	server->on = true;
	server->at = raw->server ? raw->server->at : raw->dhcp_server.at;
	if (iface->n_addresses == 0) {
		if (!raw->addresses.wrong)
			bad(p, raw->dhcp_server.at, "DHCPServer=yes on %s, which has no Address=",
			    iface->label);
		return;
	}
	server->address = iface->addresses[0].address;
	server->prefix_len = iface->addresses[0].prefix_len;
	server->authoritative = rs->authoritative.value;

	/* Without a section there is no key that could be to blame for the pool. */
	finish_pool(p, raw->server ? rs : &(struct raw_server){ .at = raw->dhcp_server.at }, server);
	finish_times(p, rs, server);
	finish_router(p, rs, p->s->nodes[iface->node].ip_forward, server);
	server->n_dns = finish_list(p, "DNS", &rs->emit_dns, &rs->dns, server->address, server->dns);
	server->n_ntp = finish_list(p, "NTP", &rs->emit_ntp, &rs->ntp, server->address, server->ntp);
	if (rs->emit_timezone.value && !is_given(&rs->timezone))
		bad(p, rs->emit_timezone.at, "EmitTimezone=yes needs Timezone=");
	if (!rs->emit_timezone.section || rs->emit_timezone.value)
		copy_text(server->timezone, sizeof(server->timezone), &rs->timezone);
}

int server_finish(struct parse *p)
{
	for (size_t i = 0; i < p->s->n_ifaces; i++) {
		const struct raw_iface *raw = &p->ifaces[i];

		if (raw->dhcp_server.value)
			finish_server(p, i);
		else if (raw->server && !raw->dhcp_server.wrong)
			bad(p, raw->server->at, "[DHCPServer] on %s, which has no DHCPServer=yes in "
			    "its [Network]", p->s->ifaces[i].label);
		if (raw->dhcp_server.value && raw->dhcp.value)
			bad(p, raw->dhcp.at, "DHCP= and DHCPServer= on %s: an interface is a client "
			    "or a server", p->s->ifaces[i].label);
	}

	return 0;
}
