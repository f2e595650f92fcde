/* SPDX-License-Identifier: MIT */
#include "cli/judge_lab.h"

#include <errno.h>

#include "cli/out.h"
#include "sys/fd.h"
#include "sys/packet.h"

static uint64_t op_now(void *ctx)
{
	struct lab_court *c = ctx;

	return (uint64_t)(object_number(c->session->status, "seconds") * 1e6);
}

static size_t addresses(const json_t *array, uint32_t ret[static JUDGE_LIST_MAX])
{
	const json_t *v;
	size_t i, n = 0;

	json_array_foreach(array, i, v) {
		const char *s = json_string_value(v);

		if (s && n < JUDGE_LIST_MAX && ip4_parse(s, &ret[n]) == 0)
			n++;
	}
	return n;
}

static bool op_client(void *ctx, size_t iface, struct judge_client *ret)
{
	struct lab_court *c = ctx;
	const json_t *o = session_client(c->session, iface);

	if (!o)
		return false;
	str_copy(ret->state, sizeof(ret->state), object_string(o, "state"));
	if (ip4_parse(object_string(o, "address"), &ret->address) < 0)
		ret->address = 0;
	if (ip4_parse(object_string(o, "server_id"), &ret->server) < 0)
		ret->server = 0;
	/* A lease for ever has no number of seconds. */
	ret->lease_sec = json_is_number(json_object_get(o, "lease_seconds"))
				 ? (uint32_t)object_number(o, "lease_seconds") : UINT32_MAX;
	ret->n_router = addresses(json_object_get(o, "router"), ret->router);
	ret->n_dns = addresses(json_object_get(o, "dns"), ret->dns);
	return true;
}

static int read_host(const struct session *s, size_t node, const struct netstate *state,
		     struct judge_host *ret)
{
	const struct scn_node *n = &s->scenario->nodes[node];
	int r = 0;

	for (size_t i = 0; i < n->n_ifaces; i++) {
		const struct scn_iface *iface = &s->scenario->ifaces[n->ifaces[i]];
		const struct netstate_link *link = netstate_find(state, iface->name);

		for (size_t a = 0; r == 0 && link && a < link->n_addresses; a++)
			r = judge_host_address(ret, n->ifaces[i], link->addresses[a].address);
	}
	for (size_t i = 0; r == 0 && i < state->n_routes; i++)
		r = judge_host_route(ret, state->routes[i].dest, state->routes[i].prefix_len,
				     state->routes[i].gateway);
	return r;
}

static int op_host(void *ctx, size_t node, struct judge_host *ret)
{
	struct lab_court *c = ctx;
	struct netstate cleanup_netstate state = { 0 };
	int r = session_netstate(c->session, node, &state, NULL);

	return r < 0 ? r : read_host(c->session, node, &state, ret);
}

static int op_ping(void *ctx, size_t node, uint32_t dst, uint64_t timeout_us, uint64_t *ret_rtt_us)
{
	struct lab_court *c = ctx;
	cleanup_fd int sock = lab_socket(c->session->lab, node, LAB_SOCKET_PING, NULL);

	int r = sock < 0 ? sock : ping_once(sock, dst, 1, timeout_us, ret_rtt_us);

	/* The kernel may answer for an ARP that failed before somebody mended it: ask again. */
	return r == -EHOSTUNREACH ? ping_once(sock, dst, 2, timeout_us, ret_rtt_us) : r;
}

static const struct trace_log *op_log(void *ctx)
{
	return &((struct lab_court *)ctx)->log;
}

const struct judge_ops lab_judge_ops = { op_now, op_client, op_host, op_ping, op_log };

enum exit_status lab_court_refresh(struct lab_court *c)
{
	struct error err = { 0 };

	json_decref(c->session->status);
	c->session->status = NULL;
	if (lab_status(c->session->lab, &c->session->status, &err) < 0)
		return report_error(&err);
	lab_court_done(c);
	c->log = (struct trace_log){ 0 };
	if (lab_events(&c->session->info, &c->log, &err) < 0)
		return report_error(&err);
	return EXIT_OK;
}

void lab_court_done(struct lab_court *c)
{
	trace_log_done(&c->log);
}
