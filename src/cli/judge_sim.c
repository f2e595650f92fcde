/* SPDX-License-Identifier: MIT */
#include "cli/judge_sim.h"

#include <errno.h>
#include <string.h>

#include "cli/out.h"
#include "node/node.h"

#define UP_PATIENCE_US 10000000	/* of virtual time, as `up` waits for its clients */
#define MOMENT_US 1000000	/* after the last thing that is waited for */

static uint64_t op_now(void *ctx)
{
	return sim_now(((struct sim_court *)ctx)->sim);
}

static bool op_client(void *ctx, size_t iface, struct judge_client *ret)
{
	struct sim_court *c = ctx;
	const struct node *n = sim_machine(c->sim, iface);
	struct dhcp_config lease;

	if (!n || n->kind != NODE_CLIENT)
		return false;
	str_copy(ret->state, sizeof(ret->state), node_state(n));
	if (node_link_local(n))
		return true;	/* an address, but no lease */
	lease = sim_config(c->sim, iface);
	ret->address = lease.address;
	ret->server = lease.server_id;
	ret->lease_sec = lease.lease_sec;
	for (size_t i = 0; i < lease.n_routers && i < JUDGE_LIST_MAX; i++)
		ret->router[ret->n_router++] = lease.routers[i];
	for (size_t i = 0; i < lease.n_dns && i < JUDGE_LIST_MAX; i++)
		ret->dns[ret->n_dns++] = lease.dns[i];
	return true;
}

/* What the file puts on an interface, and the ways that come with it. */
static int add_static(struct judge_host *h, const struct scenario *s, size_t iface)
{
	const struct scn_iface *i = &s->ifaces[iface];
	int r = 0;

	for (size_t a = 0; r == 0 && a < i->n_addresses; a++) {
		uint8_t len = i->addresses[a].prefix_len;

		r = judge_host_address(h, iface, i->addresses[a].address);
		if (r == 0)
			r = judge_host_route(h, i->addresses[a].address & ip4_mask(len), len, 0);
	}
	for (size_t n = 0; r == 0 && n < i->n_routes; n++)
		r = judge_host_route(h, i->routes[n].dest, i->routes[n].prefix_len,
				     i->routes[n].gateway);
	return r;
}

static int add_leased(struct judge_host *h, const struct dhcp_config *c, size_t iface)
{
	int r;

	if (!c || !c->address)
		return 0;
	r = judge_host_address(h, iface, c->address);
	if (r == 0)
		r = judge_host_route(h, c->address & ip4_mask(c->prefix_len), c->prefix_len, 0);
	for (size_t n = 0; r == 0 && n < c->n_routes; n++)
		r = judge_host_route(h, c->routes[n].dest, c->routes[n].prefix_len,
				     c->routes[n].gateway);
	if (r == 0 && c->n_routers)
		r = judge_host_route(h, 0, 0, c->routers[0]);
	return r;
}

static int op_host(void *ctx, size_t node, struct judge_host *ret)
{
	struct sim_court *c = ctx;
	const struct scn_node *n = &c->s->nodes[node];
	int r = 0;

	for (size_t i = 0; r == 0 && i < n->n_ifaces; i++) {
		struct dhcp_config leased = sim_config(c->sim, n->ifaces[i]);

		r = add_static(ret, c->s, n->ifaces[i]);
		if (r == 0)
			r = add_leased(ret, &leased, n->ifaces[i]);
	}
	return r;
}

static int op_ping(void *ctx, size_t node, uint32_t dst, uint64_t timeout_us, uint64_t *ret_rtt_us)
{
	struct sim_court *c = ctx;

	return sim_ping(c->sim, node, dst) ? 0 : -EHOSTUNREACH;
}

static const struct trace_log *op_log(void *ctx)
{
	return &((struct sim_court *)ctx)->log;
}

const struct judge_ops sim_judge_ops = { op_now, op_client, op_host, op_ping, op_log };

/* The event is borrowed; a copy of it is what its line in a log says. */
static int remember(struct sim_court *c, const struct trace_event *e)
{
	struct text cleanup_text line = { 0 };
	int r;

	if (c->log.n == c->room) {
		size_t room = c->room ? 2 * c->room : 64;
		struct trace_event *more = reallocarray(c->log.event, room, sizeof(*more));

		if (!more)
			return -ENOMEM;
		c->log.event = more;
		c->room = room;
	}
	r = trace_event_to_json(e, &line);
	if (r == 0)
		r = trace_event_from_json(line.str, line.len, &c->log.event[c->log.n]);
	if (r == 0)
		c->log.n++;
	return r;
}

void sim_court_hear(void *ctx, const struct trace_event *e)
{
	struct sim_court *c = ctx;

	if (!c->failed && remember(c, e) < 0)
		c->failed = true;
}

void sim_court_done(struct sim_court *c)
{
	sim_free(c->sim);
	trace_log_done(&c->log);
}

/* When everything that is expected has happened, or has not. */
static uint64_t end_of(const struct scenario *s)
{
	uint64_t end = UP_PATIENCE_US;

	for (size_t i = 0; i < s->n_expects; i++)
		end = max_u64(end, s->expects[i].after + s->expects[i].within + MOMENT_US);
	return end;
}

static enum exit_status failed(int r)
{
	return report(EXIT_CANNOT, "the simulation ended early: %s", strerror(-r));
}

enum exit_status sim_judge(const struct scenario *s, uint64_t at_least_us,
			   struct findings *ret_start, struct findings *ret_end)
{
	struct sim_court cleanup_sim_court c = { .s = s };
	const struct sim_options opt = { .seed = s->seed, .ctx = &c, .on_event = sim_court_hear };
	int r = sim_new(s, &opt, &c.sim);

	if (r == 0 && (findings_new(s, ret_start) < 0 || findings_new(s, ret_end) < 0))
		r = -ENOMEM;
	if (r >= 0)
		r = sim_run_until_bound(c.sim, UP_PATIENCE_US);
	if (r < 0)
		return failed(r);
	findings_judge(ret_start, SCN_PHASE_START, &sim_judge_ops, &c);
	r = sim_run(c.sim, max_u64(end_of(s), at_least_us));
	if (r < 0 || c.failed)
		return failed(r < 0 ? r : -ENOMEM);
	findings_judge(ret_end, SCN_PHASE_END, &sim_judge_ops, &c);
	findings_skip_tasks(ret_end, "nobody is there to answer");
	return EXIT_OK;
}
