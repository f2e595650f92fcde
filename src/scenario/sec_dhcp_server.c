/* SPDX-License-Identifier: MIT */
/* sec_dhcp_server.c - [DHCPServer] */
#include <errno.h>
#include <string.h>

#include "base/text.h"
#include "scenario/client_keys.h"
#include "scenario/raw_options.h"
#include "scenario/relay_keys.h"
#include "scenario/server_keys.h"

#define DEFAULT_LEASE 3600
#define MAX_LEASE (12 * 3600)	/* systemd.network(5) */
#define OFFER 60
#define SERVER_ADDRESS "_server_address"	/* systemd.network(5): DNS= and NTP= may say it */

/* Addresses of one list; @key->max of them at most. */
int add_servers(struct parse *p, const struct key_def *key, void *field, const struct value *v)
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

int set_timezone(struct parse *p, const struct key_def *key, void *field, const struct value *v)
{
	for (const char *s = v->text; *s; s++)
		if (!strchr("/_+-", *s) && !is_plain_name((char[]){ *s, '\0' }, 1))
			return bad_key(p, key, v, "\"%s\" is no time zone, as Europe/Berlin is",
				       v->text);
	return set_text(p, key, field, v);
}

/* A text without white space. */
static int set_word(struct parse *p, const struct key_def *key, void *field, const struct value *v)
{
	if (strpbrk(v->text, " \t"))
		return bad_key(p, key, v, "\"%s\" has a space in it", v->text);
	return set_text(p, key, field, v);
}

#define MS 1000			/* microseconds */
#define PROBE_MS 1000		/* ConflictDetection=yes */
#define PROBE_MS_MIN 10
#define PROBE_MS_MAX 10000

/* yes, no, or how long to wait for an answer; milliseconds. */
static int set_conflict_detection(struct parse *p, const struct key_def *key, void *field,
				  const struct value *v)
{
	struct given *g = field;
	int r;

	if (strcmp(v->text, "yes") == 0 || strcmp(v->text, "no") == 0) {
		g->value = v->text[0] == 'y' ? PROBE_MS : 0;
		return 0;
	}
	r = set_time(p, key, field, v);
	if (r == 0)
		g->value /= MS;
	return r;
}

#define V6ONLY_WAIT_MIN 300	/* RFC 8925 section 3.4 */

/* RFC 4388 section 6.4.2: what it says of these holds, whatever a list says. */
static int add_secrets(struct parse *p, const struct key_def *key, void *field,
		       const struct value *v)
{
	static const uint8_t told[] = { 51, 53, 54, 58, 59, 82, 92 };
	const struct list *list = field;
	size_t before = list->n;
	int r = add_codes(p, key, field, v);

	for (size_t i = before; r == 0 && i < list->n; i++)
		if (memchr(told, (int)list->item[i].value, sizeof(told)))
			return bad_key(p, key, v, "option %u is no secret: an answer to a "
				       "LEASEQUERY says it (RFC 4388)", list->item[i].value);
	return r;
}

static const struct key_def keys[] = {
	SUBNET_KEYS(0),
	{ "OfferTimeSec", set_seconds, FIELD(offer), 1, 86400 },
	{ "ConflictDetection", set_conflict_detection, FIELD(conflict_detection),
	  PROBE_MS_MIN * MS, PROBE_MS_MAX * MS },
	{ "Authoritative", set_bool, FIELD(authoritative) },
	{ "AllowUnknown", set_bool, FIELD(allow_unknown) },
	{ "IgnoreClientId", set_bool, FIELD(ignore_client_id) },
	{ "BootServerAddress", set_ip4, FIELD(next_server) },
	{ "BootServerName", set_word, FIELD(boot_server),
	  .max = sizeof(((struct scn_server *)0)->boot_server) - 1 },
	{ "BootFilename", set_word, FIELD(boot_file),
	  .max = sizeof(((struct scn_server *)0)->boot_file) - 1 },
	RELAY_KEYS,
	{ "RapidCommit", set_bool, FIELD(rapid_commit) },
	{ "BOOTP", set_bool, FIELD(bootp) },
	{ "AutoConfigure", set_bool, FIELD(auto_configure) },
	{ "ForceRenew", set_bool, FIELD(force_renew) },
	{ "LeaseQueryFrom", add_prefixes, FIELD(queriers), .max = SERVERS_MAX(queriers),
	  .clear = clear_list },
	{ "LeaseQueryDenyOptions", add_secrets, FIELD(secrets), 1, 254, .clear = clear_list },
	{ "PersistLeases", set_bool, FIELD(persist_leases) },
	{ "Domain", set_host_name, FIELD(domain), .max = 253 },
	{ "SearchDomains", add_search_domains, FIELD(search), .clear = clear_options },
	{ "ClasslessRoute", add_route_option, FIELD(routes), .clear = clear_options },
	{ "CaptivePortal", set_word, FIELD(portal), .max = UINT8_MAX },
	{ "IPv6OnlyPreferredSec", set_seconds, FIELD(ipv6_only), V6ONLY_WAIT_MIN,
	  UINT32_MAX - 1 },
	{ "SendOption", add_send_option, FIELD(send), .clear = clear_options },
	{ "SendVendorOption", add_vendor_option, FIELD(vendor), .clear = clear_options },
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

/* A subnet behind relay agents without any of these keys has no pool. */
static bool has_pool_keys(const struct raw_server *raw)
{
	return is_given(&raw->pool_offset) || is_given(&raw->pool_size) ||
	       is_given(&raw->pool_start) || is_given(&raw->pool_end);
}

static uint32_t given_or(const struct given *g, uint32_t value)
{
	return g->section ? (uint32_t)g->value : value;
}

static void finish_times(struct parse *p, const struct raw_server *raw,
			 const struct scn_server *parent, struct scn_server *server)
{
	uint32_t max = given_or(&raw->max_lease, parent ? parent->max_lease_sec : MAX_LEASE);
	uint32_t min = given_or(&raw->min_lease, parent ? parent->min_lease_sec : LEASE_MIN);
	uint32_t lease = given_or(&raw->default_lease,
				  parent ? parent->default_lease_sec : DEFAULT_LEASE);

	/* What is not given fits itself to what is. */
	if (!raw->default_lease.section)
		lease = (uint32_t)max_u64(min_u64(lease, max), min);
	if (!raw->max_lease.section)
		max = (uint32_t)max_u64(max, lease);
	if (parent && !raw->min_lease.section)
		min = (uint32_t)min_u64(min, lease);

	if (min > max)
		bad(p, raw->min_lease.at, "MinLeaseTimeSec= is over MaxLeaseTimeSec=");
	else if (lease > max)
		bad(p, raw->default_lease.at, "DefaultLeaseTimeSec= is over MaxLeaseTimeSec=");
	else if (lease < min)
		bad(p, raw->default_lease.at, "DefaultLeaseTimeSec= is under MinLeaseTimeSec=");

	server->default_lease_sec = lease;
	server->min_lease_sec = min;
	server->max_lease_sec = max;
}

/* Emit*=yes with nothing to emit is an error; =no leaves the list at home. */
static size_t finish_list(struct parse *p, const char *name, const struct given *emit,
			  const struct list *list, uint32_t self, size_t n_inherited,
			  const uint32_t *inherited, uint32_t *ret)
{
	if (emit->section && emit->value && !list_is_given(list) && !n_inherited)
		bad(p, emit->at, "Emit%s=yes needs %s=", name, name);
	if (emit->section && !emit->value)
		return 0;

	if (!list_is_given(list) && n_inherited) {
		memcpy(ret, inherited, n_inherited * sizeof(*ret));
		return n_inherited;
	}
	for (size_t i = 0; i < list->n; i++)
		ret[i] = list->item[i].value ? list->item[i].value : self;
	return list->n;
}

/* A router that clients can not reach by ARP is none. */
static void finish_router(struct parse *p, const struct raw_server *raw, uint32_t self,
			  bool forwards, struct scn_server *server)
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
		uint32_t router = item->value ? item->value : self;

		if (router < first || router > last)
			bad(p, item->at, "Router=: %s is out of the server's subnet",
			    ip4_format(router, text));
		server->router[server->n_router++] = router;
	}
	if (server->n_router == 0 && self == server->address)
		server->router[server->n_router++] = self;
	else if (server->n_router == 0)
		bad(p, raw->emit_router.at, "EmitRouter=yes needs Router=");
}

static void finish_timezone(struct parse *p, const struct raw_server *raw,
			    const struct scn_server *parent, struct scn_server *server)
{
	bool inherits = parent && parent->timezone[0] && !is_given(&raw->timezone);

	if (raw->emit_timezone.value && !is_given(&raw->timezone) && !inherits)
		bad(p, raw->emit_timezone.at, "EmitTimezone=yes needs Timezone=");
	if (raw->emit_timezone.section && !raw->emit_timezone.value)
		return;
	if (inherits)
		memcpy(server->timezone, parent->timezone, sizeof(server->timezone));
	else
		copy_text(server->timezone, sizeof(server->timezone), &raw->timezone);
}

void server_finish_parts(struct parse *p, const struct raw_server *raw, uint32_t self,
			 const struct scn_server *parent, bool forwards,
			 struct scn_server *server)
{
	static const struct scn_server nothing;
	const struct scn_server *from = parent ? parent : &nothing;

	if (!parent || has_pool_keys(raw))
		finish_pool(p, raw, server);
	finish_times(p, raw, parent, server);
	finish_router(p, raw, self, forwards, server);
	server->n_dns = finish_list(p, "DNS", &raw->emit_dns, &raw->dns, self, from->n_dns,
				    from->dns, server->dns);
	server->n_ntp = finish_list(p, "NTP", &raw->emit_ntp, &raw->ntp, self, from->n_ntp,
				    from->ntp, server->ntp);
	finish_timezone(p, raw, parent, server);
}

static void finish_boot(const struct raw_server *raw, struct scn_server *server)
{
	server->next_server = (uint32_t)raw->next_server.value;
	copy_text(server->boot_server, sizeof(server->boot_server), &raw->boot_server);
	copy_text(server->boot_file, sizeof(server->boot_file), &raw->boot_file);
	server->rapid_commit = given_or(&raw->rapid_commit, true);
	server->bootp = raw->bootp.value;
	server->auto_configure = given_or(&raw->auto_configure, true);
}

static void finish_queriers(const struct raw_server *raw, struct scn_server *server)
{
	for (size_t i = 0; i < raw->queriers.n; i++)
		server->queriers[server->n_queriers++] = (struct scn_prefix){
			raw->queriers.item[i].value, raw->queriers.item[i].len };
	for (size_t i = 0; i < raw->secrets.n; i++)
		server->secret[server->n_secrets++] = (uint8_t)raw->secrets.item[i].value;
}

static int finish_server(struct parse *p, size_t index)
{
	struct scn_iface *iface = &p->s->ifaces[index];
	const struct raw_iface *raw = &p->ifaces[index];
	const struct raw_server none = { .at = raw->dhcp_server.at };
	const struct raw_server *rs = raw->server ? raw->server : &none;
	struct scn_server *server = calloc(1, sizeof(*server));

	if (!server)
		return -ENOMEM;
	iface->server = server;
	server->at = rs->at;
	if (iface->n_addresses == 0) {
		if (!raw->addresses.wrong)
			bad(p, raw->dhcp_server.at, "DHCPServer=yes on %s, which has no Address=",
			    iface->label);
		return 0;
	}
	server->address = iface->addresses[0].address;
	server->prefix_len = iface->addresses[0].prefix_len;
	server->authoritative = rs->authoritative.value;
	server->allow_unknown = given_or(&rs->allow_unknown, true);
	server->ignore_client_id = rs->ignore_client_id.value;
	server->offer_sec = given_or(&rs->offer, OFFER);
	server->persist_leases = given_or(&rs->persist_leases, true);
	server->probe_ms = (uint32_t)rs->conflict_detection.value;
	server->force_renew = rs->force_renew.value;
	finish_queriers(rs, server);
	finish_boot(rs, server);
	server_finish_parts(p, rs, server->address, NULL, p->s->nodes[iface->node].ip_forward,
			    server);
	return finish_options(p, rs, server);
}

/* Keys of relay agents, without RelayTarget=. */
static void refuse_relay_keys(struct parse *p, const struct raw_server *raw)
{
	static const char *const names[] = {
		"RelayAgentCircuitId", "RelayAgentRemoteId", "RelayAddress",
		"RelayServerIdOverride", "RelayTrusted", "RelayPolicy", "RelayMaxHops",
		"RelayMinSecs", "RelayMaxMessageSize",
	};
	const struct given *const given[] = {
		&raw->circuit_id, &raw->remote_id, &raw->relay_address, &raw->relay_override,
		&raw->relay_trusted, &raw->relay_policy, &raw->relay_hops, &raw->relay_secs,
		&raw->relay_size,
	};

	for (size_t i = 0; i < ARRAY_SIZE(given); i++)
		if (given[i]->section)
			bad(p, given[i]->at, "%s= needs RelayTarget=: this is a server", names[i]);
}

/* What DHCPServer=yes makes of an interface: a relay agent, if it says to whom. */
static int finish_machine(struct parse *p, size_t index)
{
	const struct raw_server *raw = p->ifaces[index].server;

	if (raw && list_is_given(&raw->relay_targets))
		return relay_finish(p, index);
	if (raw)
		refuse_relay_keys(p, raw);
	return finish_server(p, index);
}

void refuse_on(struct parse *p, size_t iface, const char *section, struct place at)
{
	const struct scn_iface *i = &p->s->ifaces[iface];

	if (i->relay)
		bad(p, at, "[%s] on %s, which is a relay agent's (RelayTarget=): it belongs to the "
		    "server that the agent asks", section, i->label);
	else if (!p->ifaces[iface].dhcp_server.wrong)
		bad(p, at, "[%s] on %s, which has no DHCPServer=yes in its [Network]", section,
		    i->label);
}

int server_finish(struct parse *p)
{
	for (size_t i = 0; i < p->s->n_ifaces; i++) {
		const struct raw_iface *raw = &p->ifaces[i];

		const char *label = p->s->ifaces[i].label;
		int r = raw->dhcp_server.value ? finish_machine(p, i) : 0;

		if (r < 0)
			return r;
		if (!raw->dhcp_server.value && raw->server && !raw->dhcp_server.wrong)
			bad(p, raw->server->at, "[DHCPServer] on %s, which has no DHCPServer=yes "
			    "in its [Network]", label);
		if (raw->dhcp_server.value && raw->dhcp.value)
			bad(p, raw->dhcp.at, "DHCP= and DHCPServer= on %s: an interface is a "
			    "client or a server", label);
	}

	relay_check(p);
	return 0;
}
