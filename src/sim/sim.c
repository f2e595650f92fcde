/* SPDX-License-Identifier: MIT */
#include <errno.h>

#include "sim/world.h"

void sim_fail(struct sim *sim, int err)
{
	if (!sim->error)
		sim->error = err;
}

void sim_schedule(struct sim *sim, enum sim_event_type type, uint64_t t, size_t iface,
		  struct sim_frame *frame)
{
	struct sim_event e = { .type = type, .iface = (uint32_t)iface, .frame = frame };
	int r = queue_add(&sim->queue, t, e);

	if (r < 0) {
		frame_put(frame);
		sim_fail(sim, r);
	}
}

void sim_tell(struct sim *sim, const struct trace_event *e)
{
	struct trace_event stamped;

	if (!sim->opt.on_event)
		return;
	stamped = *e;
	stamped.n = ++sim->n_events;
	stamped.t = sim->now;
	sim->opt.on_event(sim->opt.ctx, &stamped);
}

static uint8_t ears(const struct sim_machine *m)
{
	return 1u << SIM_FRAME_ARP |
	       1u << (m->kind == NODE_CLIENT ? SIM_FRAME_TO_CLIENT : SIM_FRAME_TO_SERVER);
}

static int start(struct sim *sim, struct sim_machine *m)
{
	struct node *n = machine_wake(sim, m);
	int r;

	m->waiting = false;
	sim->ifaces[m->iface].hears = ears(m);
	r = node_start(n, sim->now);
	machine_settle(sim, m);
	return r;
}

static void deadline(struct sim *sim, struct sim_machine *m)
{
	struct node *n;

	if (m->armed != sim->now)
		return;
	m->armed = DHCP_NEVER;
	n = machine_wake(sim, m);
	if (machine_is_running(sim, m) && node_next_deadline(n) <= sim->now) {
		int r = node_deadline(n, sim->now);

		/* A machine that does not move on would hold the clock for ever. */
		if (r <= 0 && node_next_deadline(n) <= sim->now)
			sim_fail(sim, r < 0 ? r : -EPROTO);
	}
	machine_settle(sim, m);
}

static void happen(struct sim *sim, const struct sim_event *e)
{
	switch ((enum sim_event_type)e->type) {
	case SIM_START:
		if (sim->ifaces[e->iface].machine->waiting)
			start(sim, sim->ifaces[e->iface].machine);
		break;
	case SIM_DEADLINE:
		deadline(sim, sim->ifaces[e->iface].machine);
		break;
	case SIM_INTRUDER:
		sim_intruder_wakes(sim, e->iface);
		break;
	case SIM_EVENT:
		sim->n_to_come--;
		event_happen(sim, e->iface);
		break;
	case SIM_ARRIVE:
		link_arrive(sim, e->iface, e->frame);
		break;
	case SIM_FLOOD:
		link_flood(sim, e->iface, e->frame);
		break;
	}
	frame_put(e->frame);
}

static void take_event(struct sim *sim, uint64_t t)
{
	struct sim_event e;

	sim->now = t;
	e = queue_take(&sim->queue);
	happen(sim, &e);
}

int sim_step(struct sim *sim)
{
	uint64_t t;

	if (!queue_next(&sim->queue, &t))
		return 0;
	take_event(sim, t);
	return sim->error ? sim->error : 1;
}

uint64_t sim_next(const struct sim *sim)
{
	uint64_t t;

	return queue_next(&sim->queue, &t) ? t : DHCP_NEVER;
}

/* Is a frame among the events of the moment? */
static bool has_arrival(const struct queue *q, const struct queue_moment *m)
{
	for (uint32_t i = m->first; i; i = q->event[i].next)
		if (q->event[i].type == SIM_ARRIVE || q->event[i].type == SIM_FLOOD)
			return true;
	return false;
}

uint64_t sim_next_arrival(const struct sim *sim)
{
	const struct queue *q = &sim->queue;
	uint64_t t = DHCP_NEVER;

	for (size_t i = 0; i < q->n; i++)
		if (q->heap[i].t < t && has_arrival(q, &q->heap[i]))
			t = q->heap[i].t;
	return t;
}

static bool all_bound(const struct sim *sim)
{
	return sim->n_bound == sim->n_awaited;
}

/* Nothing is left to wait for. Where all clients are to go without a lease, there always is. */
static bool is_settled(const struct sim *sim)
{
	bool is_over = sim->n_awaited > 0 || sim->n_without == 0;

	return sim->n_to_come == 0 && is_over && all_bound(sim);
}

/* Runs to @until, or to the moment after the last event at which all clients are BOUND. */
static int run(struct sim *sim, uint64_t until, bool until_bound)
{
	uint64_t next;

	while (!sim->error && !(until_bound && is_settled(sim))) {
		if (!queue_next(&sim->queue, &next) || next > until)
			break;
		take_event(sim, next);
	}

	if (sim->error)
		return sim->error;
	if (!(until_bound && is_settled(sim)) && until != DHCP_NEVER)
		sim->now = max_u64(sim->now, until);
	return all_bound(sim);
}

int sim_run(struct sim *sim, uint64_t until)
{
	return run(sim, until, false);
}

int sim_run_until_bound(struct sim *sim, uint64_t until)
{
	return run(sim, until, true);
}

/* Relay agents and servers first: nobody asks before they listen; else as in the file. */
static void schedule_starts(struct sim *sim)
{
	for (int kind = NODE_RELAY; kind >= NODE_CLIENT; kind--) {
		for (size_t i = 0; i < sim->n_machines; i++) {
			const struct sim_machine *m = &sim->machines[i];
			const struct scn_iface *iface = &sim->scenario->ifaces[m->iface];

			if (m->kind == kind)
				sim_schedule(sim, SIM_START,
					     kind == NODE_CLIENT ? iface->client->start_delay : 0,
					     m->iface, NULL);
		}
	}
}

static int build(struct sim *sim)
{
	int r;

	snoop_init(&sim->snoop, sim->scenario);
	r = faults_init(&sim->faults, sim->scenario);
	if (r < 0)
		return r;
	/* Captures show them; what is damaged on its way is found out by them. */
	sim->ops.no_checksums = !sim->opt.on_frame && sim->faults.n_rules == 0;
	r = link_map(sim);
	if (r < 0)
		return r;
	r = host_map(sim);
	if (r < 0)
		return r;
	r = machines_make(sim);
	if (r < 0)
		return r;

	r = sim_intruders_start(sim);
	if (r < 0)
		return r;
	schedule_starts(sim);
	for (size_t i = 0; i < sim->scenario->n_events; i++)
		sim_schedule(sim, SIM_EVENT, sim->scenario->events[i].after, i, NULL);
	sim->n_to_come = sim->scenario->n_events;
	return sim->error;
}

int sim_new(const struct scenario *s, const struct sim_options *opt, struct sim **ret)
{
	struct sim *sim = calloc(1, sizeof(*sim));
	int r = -ENOMEM;

	if (!sim)
		return -ENOMEM;

	sim->scenario = s;
	sim->opt = *opt;
	sim->ops = host_ops;
	if (!opt->on_event)
		sim->ops.event = NULL;
	sim->ifaces = calloc(s->n_ifaces ? s->n_ifaces : 1, sizeof(*sim->ifaces));
	if (sim->ifaces)
		r = build(sim);
	if (r < 0) {
		sim_free(sim);
		return r;
	}

	*ret = sim;
	return 0;
}

struct sim *sim_free(struct sim *sim)
{
	if (!sim)
		return NULL;

	queue_done(&sim->queue, frame_put);
	machines_done(sim);
	shared_config_put(sim->config);
	free(sim->ifaces);
	faults_done(&sim->faults);
	snoop_done(&sim->snoop);
	for (uint16_t i = 0; i < sim->n_switches; i++)
		free(sim->switches[i].serving);
	sim_intruders_done(sim);
	free(sim->switches);
	free(sim->moved);
	map_done(&sim->addresses);
	map_done(&sim->macs);
	map_done(&sim->ports);
	free(sim);
	return NULL;
}

uint64_t sim_messages(const struct sim *sim)
{
	return sim->n_messages;
}

uint64_t sim_now(const struct sim *sim)
{
	return sim->now;
}

struct dhcp_config sim_config(const struct sim *sim, size_t iface)
{
	static const struct held_config none;
	const struct sim_machine *m = sim->ifaces[iface].machine;

	return held_config(m ? &m->config : &none);
}

uint32_t sim_address(const struct sim *sim, size_t iface, uint8_t *ret_prefix_len)
{
	const struct sim_machine *m = sim->ifaces[iface].machine;

	if (!m || !m->config.address)
		return 0;
	*ret_prefix_len = held_config_rest(&m->config)->prefix_len;
	return m->config.address;
}

int sim_start(struct sim *sim, size_t iface)
{
	struct sim_machine *m = sim->ifaces[iface].machine;

	return m ? start(sim, m) : -ENOENT;
}

/*
 * A server is about to end. What it has committed is what it has in its memory,
 * until then: no power fails between the two in here.
 */
static void keep_record(struct sim *sim, struct sim_machine *m)
{
	if (m->kind != NODE_SERVER || m->home->node.off)
		return;
	text_done(&m->home->journal);
	node_snapshot(&m->home->node, 0, &m->home->journal);
	if (m->home->journal.failed)
		sim_fail(sim, -ENOMEM);
}

static int end(struct sim *sim, size_t iface, int (*how)(struct node *n, uint64_t now))
{
	struct sim_machine *m = sim->ifaces[iface].machine;
	int r;

	if (!m)
		return -ENOENT;
	keep_record(sim, m);
	r = how(machine_wake(sim, m), sim->now);
	m->waiting = false;
	sim->ifaces[iface].hears = 0;
	machine_settle(sim, m);
	return r;
}

int sim_stop(struct sim *sim, size_t iface)
{
	return end(sim, iface, node_stop);
}

int sim_crash(struct sim *sim, size_t iface)
{
	return end(sim, iface, node_crash);
}

int sim_action(struct sim *sim, struct sim_machine *m, enum scn_action action)
{
	int r;

	m->waiting = false;	/* who is told what to do waits no longer */
	if (action == SCN_STOP || action == SCN_CRASH)
		keep_record(sim, m);
	sim->ifaces[m->iface].hears = ears(m);
	r = node_action(machine_wake(sim, m), sim->now, action);
	machine_settle(sim, m);
	return r;
}

int sim_command(struct sim *sim, size_t iface, enum dhcp_command command)
{
	struct sim_machine *m = sim->ifaces[iface].machine;
	int r;

	if (!m)
		return -ENOENT;
	r = node_command(machine_wake(sim, m), sim->now, command);
	machine_settle(sim, m);
	return r;
}
