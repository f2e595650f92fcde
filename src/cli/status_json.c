/* SPDX-License-Identifier: MIT */
#include "cli/status_json.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/out.h"
#include "sys/clock.h"
#include "sys/netns.h"

/* A machine of the kind, or null. New reference. */
static json_t *or_null(json_t *borrowed)
{
	return borrowed ? json_incref(borrowed) : json_null();
}

/* What the kernel has; a broken lab has nothing to show. */
static json_t *addresses(const struct netstate_link *link)
{
	json_t *list = json_array();

	for (size_t a = 0; link && a < link->n_addresses; a++) {
		char ip[IP4_LEN], prefix[IP4_LEN + 4];

		snprintf(prefix, sizeof(prefix), "%s/%u",
			 ip4_format(link->addresses[a].address, ip), link->addresses[a].prefix_len);
		json_array_append_new(list, json_string(prefix));
	}
	return list;
}

static json_t *iface_json(const struct session *s, size_t iface, const struct netstate *state)
{
	const struct scn_iface *i = &s->scenario->ifaces[iface];
	const struct netstate_link *link = netstate_find(state, i->name);
	char mac[MAC_LEN];

	return json_pack("{s:s, s:s, s:s, s:b, s:o, s:o, s:o, s:o}", "name", i->name, "mac",
			 mac_format(link ? link->mac : i->mac, mac), "peer",
			 s->scenario->ifaces[i->peer].label, "up", link && link->up, "addresses",
			 addresses(link), "client", or_null(session_client(s, iface)), "server",
			 or_null(session_server(s, iface)), "relay",
			 or_null(session_relay(s, iface)));
}

static void netns_path(const struct session *s, const struct scn_node *n, char *ret, size_t size)
{
	if (n->is_caller)
		snprintf(ret, size, "/proc/%d/ns/net", s->info.monitor);
	else if (s->info.rootless)
		snprintf(ret, size, "/proc/%d/root%s/%s", s->info.monitor, NETNS_DIR, n->netns);
	else
		snprintf(ret, size, "%s/%s", NETNS_DIR, n->netns);
}

static json_t *node_json(const struct session *s, size_t node, struct error *err)
{
	const struct scn_node *n = &s->scenario->nodes[node];
	struct netstate cleanup_netstate state = { 0 };
	char path[2 * LAB_PATH_MAX];
	json_t *ifaces;

	if (s->lab && session_netstate(s, node, &state, err) < 0) {
		error_prefix(err, "node %s", n->name);
		return NULL;
	}
	ifaces = json_array();
	for (size_t i = 0; i < n->n_ifaces; i++)
		json_array_append_new(ifaces, iface_json(s, n->ifaces[i], &state));
	netns_path(s, n, path, sizeof(path));
	return json_pack("{s:s, s:s, s:s, s:o}", "name", n->name, "netns", n->netns, "netns_path",
			 path, "interfaces", ifaces);
}

static const char *state_word(const struct session *s)
{
	if (!s->lab)
		return "broken";
	return json_is_true(json_object_get(s->status, "paused")) ? "paused" : "up";
}

static double up_seconds(const struct lab_info *i)
{
	uint64_t now = clock_wall_ns();

	/*
	 * Whole milliseconds; a clock that was set back shows 0, as does a lab that
	 * never began.
	 */
	return i->started_wall_ns > 0 && now > i->started_wall_ns ?
	       (double)((now - i->started_wall_ns) / 1000000) / 1000 : 0;
}

enum exit_status status_lab(const struct session *s, json_t **ret)
{
	json_t *leases = json_object_get(s->status, "leases");
	json_t *nodes = json_array();
	struct error err = { 0 };
	json_t *lab;

	for (size_t i = 0; i < s->scenario->n_nodes; i++) {
		json_t *node = node_json(s, i, &err);

		if (!node) {
			json_decref(nodes);
			return err.code ? report_error(&err) : report_no_memory();
		}
		json_array_append_new(nodes, node);
	}
	lab = json_pack("{s:s, s:s, s:f, s:b, s:I, s:f, s:s, s:o, s:o}", "name", s->info.name,
			"state", state_word(s), "speed",
			s->lab ? object_number(s->status, "speed") : s->info.speed, "rootless",
			s->info.rootless, "seed", (json_int_t)s->info.seed, "up_seconds",
			up_seconds(&s->info), "scenario", s->info.scenario, "nodes", nodes,
			"leases", leases ? json_incref(leases) : json_array());
	if (!lab)
		return report_no_memory();
	*ret = lab;
	return EXIT_OK;
}
