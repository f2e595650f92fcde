/* SPDX-License-Identifier: MIT */
/*
 * step_sim.c - a simulation, message by message. The same seed and the same
 * commands give the same packets: to go back a step is to begin anew, and do all
 * but the last of them.
 */
#include "cli/step_sim.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/out.h"
#include "cli/stepper.h"
#include "node/node.h"
#include "sim/sim.h"

#define SEEK_MAX_US (UINT64_C(366) * 86400 * 1000000)	/* a year without a message is enough */

/**
 * struct stepping_sim
 * @holds: what machines send is held in @queue
 * @done: the commands so far, @n_done of them
 * @status: of the first event that could not be shown
 */
struct stepping_sim {
	const struct scenario *scenario;
	struct stepper *stepper;
	struct sim *sim;
	bool holds;
	struct step_queue queue;
	struct step_command *done;
	size_t n_done;
	enum exit_status status;
};

static void fail(struct stepping_sim *g, enum exit_status status)
{
	if (!g->status)
		g->status = status;
}

/* The simulator lends the event: what is kept is a copy, by way of its line. */
static void on_event(void *ctx, const struct trace_event *e)
{
	struct text cleanup_text line = { 0 };
	struct trace_event copy = { 0 };
	struct stepping_sim *g = ctx;

	if (trace_event_to_json(e, &line) < 0 ||
	    trace_event_from_json(line.str, line.len, &copy) < 0)
		fail(g, report_no_memory());
	else
		fail(g, stepper_event(g->stepper, &copy));
}

static bool on_send(void *ctx, size_t iface, const struct dhcp_send *s)
{
	struct stepping_sim *g = ctx;
	struct dhcp_send copy = *s;

	if (!g->holds || !step_make_lasting(g->scenario, &copy))
		return false;
	if (step_queue_add(&g->queue, iface, &copy) < 0)
		fail(g, report_no_memory());
	return true;
}

static enum exit_status ended(const struct stepping_sim *g, int r)
{
	return r < 0 ? report(EXIT_CANNOT, "the simulation ended early: %s", strerror(-r))
		     : g->status;
}

static enum exit_status begin(struct stepping_sim *g)
{
	const struct sim_options opt = {
		.seed = g->scenario->seed, .ctx = g, .on_event = on_event, .hold = on_send,
	};

	g->sim = sim_free(g->sim);
	step_queue_done(&g->queue);
	g->holds = true;
	return ended(g, sim_new(g->scenario, &opt, &g->sim));
}

static uint64_t next_time(const struct stepping_sim *g)
{
	return min_u64(sim_next(g->sim), step_queue_due(&g->queue));
}

/* The next thing that happens, a delayed message's return among them. */
static int happen(struct stepping_sim *g)
{
	uint64_t due = step_queue_due(&g->queue);
	int r;

	if (due >= sim_next(g->sim))
		return sim_step(g->sim);
	r = sim_run(g->sim, due);
	step_queue_wake(&g->queue, sim_now(g->sim));
	return r < 0 ? r : 1;
}

/* Nothing is held: time goes on until something is. */
static enum exit_status seek(struct stepping_sim *g)
{
	uint64_t limit = sim_now(g->sim) + SEEK_MAX_US;
	int r = 1;

	while (r > 0 && !g->status && step_queue_count(&g->queue) == 0) {
		if (next_time(g) > limit)
			return report(EXIT_USAGE, "nothing is held, and nobody will send anything");
		r = happen(g);
	}
	return ended(g, r);
}

/* As a lab that is started so: it stops before the first message. */
static enum exit_status start(struct stepping_sim *g)
{
	enum exit_status status = begin(g);

	return status || next_time(g) == DHCP_NEVER ? status : seek(g);
}

/* What was let go comes to where it goes, over every cable on the way. */
static enum exit_status settle(struct stepping_sim *g)
{
	uint64_t limit = sim_now(g->sim) + 2 * (g->scenario->n_cables + 1) * SIM_CABLE_US;
	int r = 1;

	while (r > 0 && sim_next_arrival(g->sim) <= limit)
		r = happen(g);
	return ended(g, r);
}

static void tell(struct stepping_sim *g, enum trace_kind kind, const char *at, char *text)
{
	struct trace_event e = { .kind = kind, .text = text };

	str_copy(e.at, sizeof(e.at), at);
	sim_tell(g->sim, &e);
}

static void release(struct stepping_sim *g, const struct step_held *h)
{
	int r = sim_release(g->sim, h->iface, &h->send);
	char text[STEP_TEXT_MAX];

	if (r == 0)
		return;
	snprintf(text, sizeof(text), "the message that was held can not be sent: %s",
		 strerror(-r));
	tell(g, TRACE_LAB, "", text);
}

static enum exit_status next(struct stepping_sim *g, uint32_t pos)
{
	struct step_held h;

	if (step_queue_take(&g->queue, pos, &h) < 0)
		return seek(g);
	release(g, &h);
	return settle(g);
}

static enum exit_status apply(struct stepping_sim *g, const struct step_command *c)
{
	const struct step_held *h = step_queue_at(&g->queue, c->pos);
	char text[STEP_TEXT_MAX];

	step_describe(c, h->send.type, text);
	tell(g, TRACE_FAULT, g->scenario->ifaces[h->iface].label, text);
	return ended(g, step_queue_apply(&g->queue, c, sim_now(g->sim)));
}

static enum exit_status do_one(struct stepping_sim *g, const struct step_command *c)
{
	return c->op == STEP_NEXT ? next(g, c->pos) : apply(g, c);
}

static enum exit_status remember(struct stepping_sim *g, const struct step_command *c)
{
	struct step_command *more = reallocarray(g->done, g->n_done + 1, sizeof(*more));

	if (!more)
		return report_no_memory();
	g->done = more;
	more[g->n_done++] = *c;
	return EXIT_OK;
}

static enum exit_status go_back(struct stepping_sim *g)
{
	struct stepper *s = g->stepper;
	char text[STEP_TEXT_MAX];
	enum exit_status status;

	trace_log_done(&s->log);
	s->silent = true;
	status = start(g);
	g->n_done--;
	for (size_t i = 0; !status && i < g->n_done; i++)
		status = do_one(g, &g->done[i]);
	s->silent = false;
	if (!status) {
		snprintf(text, sizeof(text), "step: back to before #%llu",
			 (unsigned long long)(s->log.n ? s->log.event[s->log.n - 1].n + 1 : 1));
		tell(g, TRACE_LAB, "", text);
	}
	return status;
}

static enum exit_status end(struct stepping_sim *g)
{
	struct step_held h;

	g->holds = false;
	while (step_queue_take(&g->queue, 1, &h) == 0)
		release(g, &h);
	return settle(g);
}

static enum exit_status act(struct stepper *s, const struct step_command *c, const char *line)
{
	struct stepping_sim *g = s->ctx;
	enum exit_status status = EXIT_OK;
	struct error err = { 0 };

	if (step_check(&g->queue, c, g->n_done, &err) < 0)
		return report_error(&err);
	if (c->op == STEP_HOLD)
		return g->sim ? EXIT_OK : start(g);
	if (c->op == STEP_BACK)
		return go_back(g);
	if (c->op == STEP_QUIT)
		return end(g);
	status = do_one(g, c);
	return status ? status : remember(g, c);
}

static bool is_for(const struct stepping_sim *g, size_t iface, const struct dhcp_send *s)
{
	const struct scn_iface *i = &g->scenario->ifaces[iface];
	uint8_t len;

	if (s->to_mac)
		return memcmp(i->mac, s->dst_mac, sizeof(i->mac)) == 0;
	for (size_t k = 0; k < i->n_addresses; k++)
		if (i->addresses[k].address == s->dst_ip)
			return true;
	return s->dst_ip && sim_address(g->sim, iface, &len) == s->dst_ip;
}

static int add_held(const struct stepping_sim *g, const struct step_held *h,
		    struct step_scene *scene)
{
	struct node copy = *sim_machine(g->sim, h->iface);	/* it counts its datagrams */
	const char *at = copy.kind == NODE_RELAY ? copy.relay->port[h->send.port].label
						 : copy.label;
	const uint8_t *mac = h->send.dst_mac;
	const char *to = "everyone";
	uint8_t frame[FRAME_MAX];
	int len;

	for (size_t i = 0; i < g->scenario->n_ifaces; i++) {
		if (!is_for(g, i, &h->send))
			continue;
		to = g->scenario->ifaces[i].label;
		mac = g->scenario->ifaces[i].mac;
		break;
	}
	len = node_frame(&copy, &h->send, mac, frame, sizeof(frame));
	return len < 0 ? len : step_scene_add(scene, at, to, frame, (size_t)len);
}

static enum exit_status look(struct stepper *s, struct step_scene *ret)
{
	const struct stepping_sim *g = s->ctx;
	const struct step_held *h;
	uint64_t then = next_time(g);

	ret->now = sim_now(g->sim);
	ret->next_in = then == DHCP_NEVER ? DHCP_NEVER : then - ret->now;
	ret->back = g->n_done;
	for (size_t i = 1; (h = step_queue_at(&g->queue, i)); i++)
		if (add_held(g, h, ret) < 0)
			return report(EXIT_CANNOT, "a message that is held can not be shown");
	return EXIT_OK;
}

static int is_so(struct stepper *s, const struct step_until *u)
{
	const struct stepping_sim *g = s->ctx;
	int found = -1;

	for (size_t i = 0; i < g->scenario->n_ifaces; i++) {
		const struct node *n = sim_machine(g->sim, i);
		struct step_until here = *u;

		if (!n || n->kind != NODE_CLIENT)
			continue;
		str_copy(here.state, sizeof(here.state), node_state(n));
		if (!step_until_state(&here, n->label, node_state(n)))
			continue;
		if (step_until_state(u, n->label, node_state(n)))
			return 1;
		found = 0;
	}
	return found;
}

static const struct stepper_ops ops = { .act = act, .look = look, .is_so = is_so };

enum exit_status sim_step_through(const struct scenario *s, const struct term *term)
{
	struct stepping_sim g = { .scenario = s };
	struct stepper stepper = { .ops = &ops, .ctx = &g, .name = s->name };
	enum exit_status status;

	g.stepper = &stepper;
	stepper.view = term_view(term);
	status = stepper_act(&stepper, "hold");
	if (!status)
		status = stepper_talk(&stepper);
	stepper_done(&stepper);
	step_queue_done(&g.queue);
	free(g.done);
	sim_free(g.sim);
	return status;
}
