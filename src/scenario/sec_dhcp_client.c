/* SPDX-License-Identifier: MIT */
/* sec_dhcp_client.c - [DHCPv4] */
#include <errno.h>
#include <string.h>

#include "base/text.h"
#include "scenario/client_keys.h"

#define ROUTE_METRIC 1024		/* systemd.network(5) */
#define START_DELAY_MAX (86400ull * 1000000)
#define CONFLICT_WAIT_MAX (60ull * 1000000)
#define COLLECT_MAX (60ull * 1000000)
#define CLASS_MAX 64
#define RAPID_COMMIT 80
#define SERVERS_MAX ARRAY_SIZE(((struct scn_client *)0)->servers)

/*
 * "mac" is nothing here: the machine's default. "id:xyz" gets type 0 before it,
 * "hex:..." is the value as it is (RFC 2132 section 9.14). -1: it is none of them.
 */
int parse_client_id(const char *s, uint8_t ret[static CLIENT_ID_MAX])
{
	size_t n = 0;

	if (strcmp(s, "mac") == 0)
		return 0;
	if (strncmp(s, "id:", 3) == 0) {
		n = strlen(s + 3);
		if (n == 0 || n > CLIENT_ID_MAX - 1)
			return -1;
		ret[0] = 0;
		memcpy(ret + 1, s + 3, n);
		return (int)n + 1;
	}
	if (strncmp(s, "hex:", 4) != 0)
		return -1;

	for (s += 3; *s == ':'; s += 3) {
		char digits[] = { s[1], s[1] ? s[2] : '\0', '\0' };

		if (strspn(digits, "0123456789abcdefABCDEF") != 2 || n == CLIENT_ID_MAX)
			return -1;
		ret[n++] = (uint8_t)strtoul(digits, NULL, 16);
	}
	return *s || n < 2 ? -1 : (int)n;
}

int set_client_id(struct parse *p, const struct key_def *key, void *field, const struct value *v)
{
	uint8_t id[CLIENT_ID_MAX];

	if (parse_client_id(v->text, id) < 0)
		return bad_key(p, key, v, "\"%s\" is none of mac, %sid:TEXT, hex:01:02:...; 2 to "
			       "%zu bytes with the type", v->text,
			       key->set == set_client_id ? "" : "duid, ", CLIENT_ID_MAX);
	return set_text(p, key, field, v);
}

int set_host_name(struct parse *p, const struct key_def *key, void *field, const struct value *v)
{
	if (!is_plain_name(v->text, key->max))
		return bad_key(p, key, v, "\"%s\" is no host name", v->text);
	return set_text(p, key, field, v);
}

/* A client has one more than a reservation, which is not told whose it would be. */
static int set_own_id(struct parse *p, const struct key_def *key, void *field,
		      const struct value *v)
{
	return (strcmp(v->text, "duid") == 0 ? set_text : set_client_id)(p, key, field, v);
}

#define FIELD(f) offsetof(struct raw_client, f)

static const struct key_def keys[] = {
	{ "Hostname", set_host_name, FIELD(host_name),
	  .max = sizeof(((struct scn_client *)0)->host_name) - 1 },
	{ "SendHostname", set_bool, FIELD(send_host_name) },
	{ "RequestOptions", add_codes, FIELD(request), 1, 254, .clear = clear_list },
	{ "UseDNS", set_bool, FIELD(use_dns) },
	{ "UseGateway", set_bool, FIELD(use_gateway) },
	{ "UseRoutes", set_bool, FIELD(use_routes) },
	{ "UseMTU", set_bool, FIELD(use_mtu) },
	{ "RequestBroadcast", set_bool, FIELD(broadcast) },
	{ "SendRelease", set_bool, FIELD(send_release) },
	{ "RouteMetric", set_number, FIELD(route_metric), .max = UINT32_MAX },
	{ "ClientIdentifier", set_own_id, FIELD(client_id), .max = 4 + 3 * CLIENT_ID_MAX },
	{ "StartDelaySec", set_time, FIELD(start_delay), .max = START_DELAY_MAX },
	{ "CollectOffersSec", set_time, FIELD(collect), .max = COLLECT_MAX },
	{ "RequestAddress", set_ip4, FIELD(request_address) },
	{ "ConflictDetection", set_conflict, FIELD(conflict), 1, CONFLICT_WAIT_MAX },
	{ "MaxAttempts", set_attempts, FIELD(attempts), 1, 255 },
	{ "RapidCommit", set_bool, FIELD(rapid_commit) },
	{ "LeaseFile", set_lease_file, FIELD(lease_file),
	  .max = sizeof(((struct scn_client *)0)->lease_file) - 1 },
	{ "ForceRenew", set_bool, FIELD(force_renew) },
	{ "SendFQDN", set_fqdn, FIELD(fqdn) },
	{ "VendorClassIdentifier", set_text, FIELD(vendor_class), .max = CLASS_MAX, .plain = true },
	{ "UserClass", set_user_class, FIELD(user_class), .max = CLASS_MAX, .plain = true },
	{ "SendOption", add_option, FIELD(send), .clear = clear_list, .plain = true },
	{ "DenyList", add_prefixes, FIELD(deny), .max = SERVERS_MAX, .clear = clear_list },
	{ "AllowList", add_prefixes, FIELD(allow), .max = SERVERS_MAX, .clear = clear_list },
};

static void *client_object(struct parse *p, size_t index, struct place at)
{
	struct raw_iface *raw = &p->ifaces[index];

	if (!raw->client) {
		raw->client = calloc(1, sizeof(*raw->client));
		if (raw->client)
			raw->client->at = at;
	}
	return raw->client;
}

const struct section_def dhcp_client_section = {
	.name = "DHCPv4",
	.phase = PHASE_REST,
	.kind = SECTION_IFACE,
	.keys = keys,
	.n_keys = ARRAY_SIZE(keys),
	.object = client_object,
};

/* A Use*= key; on the caller's own machine it can only be no. */
static bool use(struct parse *p, const char *name, const struct given *g, bool is_caller)
{
	if (is_caller && g->value)
		bad(p, g->at, "%s=: on the caller's own machine only the address is used", name);
	return g->section ? g->value && !is_caller : !is_caller;
}

static void finish_names(const struct raw_client *raw, struct scn_client *c)
{
	bool send = !raw->send_host_name.section || raw->send_host_name.value;

	if (send && raw->host_name.section)
		copy_text(c->host_name, sizeof(c->host_name), &raw->host_name);
	c->sends_node_name = send && !raw->host_name.section;
	c->by_duid = raw->client_id.section && strcmp(raw->client_id.text, "duid") == 0;
	if (raw->client_id.section && !c->by_duid)
		c->client_id_len = (uint8_t)parse_client_id(raw->client_id.text, c->client_id);
}

/* RFC 4039 section 3: option 80 must not be on the list; RapidCommit= sends it. */
static void set_request(struct parse *p, const struct list *l, struct scn_client *c)
{
	for (size_t i = 0; i < l->n; i++) {
		if (l->item[i].value == RAPID_COMMIT)
			bad(p, l->item[i].at, "RequestOptions=: option %u is none to ask for: "
			    "RapidCommit= sends it", RAPID_COMMIT);
		c->request[c->n_request++] = (uint8_t)l->item[i].value;
	}
}

static int finish_client(struct parse *p, size_t index)
{
	static const struct raw_client none = { 0 };
	struct scn_iface *iface = &p->s->ifaces[index];
	const struct scn_node *node = &p->s->nodes[iface->node];
	const struct raw_client *raw = p->ifaces[index].client ? p->ifaces[index].client : &none;
	struct scn_client *c = calloc(1, sizeof(*c));

	if (!c)
		return -ENOMEM;
	iface->client = c;
	c->users = 1;
	c->at = p->ifaces[index].client ? raw->at : p->ifaces[index].dhcp.at;
	finish_names(raw, c);
	c->use_dns = use(p, "UseDNS", &raw->use_dns, node->is_caller);
	c->use_gateway = use(p, "UseGateway", &raw->use_gateway, node->is_caller);
	c->use_routes = use(p, "UseRoutes", &raw->use_routes, node->is_caller);
	c->use_mtu = raw->use_mtu.value;
	c->broadcast = raw->broadcast.value;
	c->send_release = !raw->send_release.section || raw->send_release.value;
	c->route_metric = raw->route_metric.section ? (uint32_t)raw->route_metric.value
						    : ROUTE_METRIC;
	c->start_delay = raw->start_delay.value;
	c->collect = raw->collect.value;
	c->request_address = (uint32_t)raw->request_address.value;
	c->link_local = (enum scn_link_local)p->ifaces[index].link_local.value;
	finish_client_keys(p, raw, iface);
	set_request(p, &raw->request, c);
	return 0;
}

/* Two clients that write one file would each find the other's lease. */
static int check_lease_files(struct parse *p)
{
	cleanup_index struct index seen = { 0 };

	for (size_t i = 0; i < p->s->n_ifaces; i++) {
		const struct scn_client *c = p->s->ifaces[i].client;
		size_t other;
		int r = c && c->lease_file[0] ? index_add(&seen, c->lease_file, i, &other) : 0;

		if (r == -ENOMEM)
			return r;
		if (r == -EEXIST)
			bad(p, p->ifaces[i].client->lease_file.at,
			    "LeaseFile=: %s has \"%s\" already", p->s->ifaces[other].label,
			    c->lease_file);
	}
	return 0;
}

/* Clients that are told the same, a thousand of them maybe, have it in common. */
static void share_client(struct scn_client **client, struct scn_client **last)
{
	const size_t users = offsetof(struct scn_client, users) + sizeof((*last)->users);
	struct scn_client *c = *client;

	/* Both were made of zeros: what is between the members is alike, too. */
	if (*last && !memcmp((char *)*last + users, (char *)c + users, sizeof(*c) - users)) {
		free(c);
		*client = *last;
		(*last)->users++;
	}
	*last = *client;
}

int client_finish(struct parse *p)
{
	struct scn_client *last = NULL;

	for (size_t i = 0; i < p->s->n_ifaces; i++) {
		const struct raw_iface *raw = &p->ifaces[i];
		int r = raw->dhcp.value ? finish_client(p, i) : 0;

		if (r < 0)
			return r;
		if (raw->dhcp.value)
			share_client(&p->s->ifaces[i].client, &last);
		if (!raw->dhcp.value && raw->client && !raw->dhcp.wrong)
			bad(p, raw->client->at, "[DHCPv4] on %s, which has no DHCP=ipv4 in its "
			    "[Network]", p->s->ifaces[i].label);
		if (raw->link_local.value && !raw->dhcp.value && !raw->dhcp.wrong)
			bad(p, raw->link_local.at, "LinkLocalAddressing=: %s has no DHCP=ipv4: it "
			    "is the DHCP client that goes without a lease",
			    p->s->ifaces[i].label);
	}

	return check_lease_files(p);
}
