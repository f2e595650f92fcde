/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lab/agent_private.h"
#include "sys/clock.h"
#include "sys/fd.h"
#include "sys/file.h"
#include "sys/proc.h"

#define REPORT_EVERY_US 50000
#define TRIM_AFTER_US 500000
#define STARTED_A_TURN 16

uint64_t agent_now(const struct agent *a)
{
	return lab_time_now(&a->time);
}

uint64_t agent_log_time(struct agent *a)
{
	a->last_t = max_u64(a->last_t, a->batch_t ? a->batch_t : agent_now(a));
	return a->last_t;
}

void agent_event(struct agent *a, const struct trace_event *e)
{
	recorder_event(&a->recorder, agent_log_time(a), e);
}

void agent_note(struct agent *a, const char *fmt, ...)
{
	cleanup_event struct trace_event e = { 0 };
	char text[256];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	if (trace_event_make(TRACE_LAB, NULL, text, NULL, &e) == 0)
		agent_event(a, &e);
}

/* At once when the last one is BOUND; on the way there now and then. */
static void report_progress(struct agent *a)
{
	struct agent_message msg = { .type = AGENT_PROGRESS, .count = a->bound };
	struct timeval later = { .tv_usec = REPORT_EVERY_US };
	uint64_t now = clock_us();

	if (a->bound == a->reported)
		return;
	if (a->bound != a->clients && now - a->reported_at < REPORT_EVERY_US) {
		event_add(&a->report_timer, &later);
		return;
	}
	/* Who waits for this looks into the log at once. */
	recorder_settle(&a->recorder);
	a->reported = a->bound;
	a->reported_at = now;
	monitor_ask(a, &msg);
}

static void on_quiet(evutil_socket_t fd, short what, void *ctx)
{
	struct agent *a = ctx;

	a->is_quiet = true;
}

/* The loop flushes after each turn: that is what the turn is for. */
static void on_report_timer(evutil_socket_t fd, short what, void *ctx)
{
}

static void on_trim_timer(evutil_socket_t fd, short what, void *ctx)
{
	struct agent *a = ctx;

	recorder_trim(&a->recorder);
	packet_batch_clear(a->received);
	packet_batch_clear(a->captured);
	if (packet_batch_count(a->sent) == 0)
		packet_batch_clear(a->sent);
	proc_trim_memory();
}

/*
 * What parsing the scenario and writing down a storm of messages left behind is worth
 * more than the lab. Nobody waits for it, and there is more of it until the last
 * addresses are answered for: a moment later.
 */
static void trim_once(struct agent *a)
{
	struct timeval later = { .tv_usec = TRIM_AFTER_US };

	if (a->trimmed || a->bound < a->clients)
		return;
	a->trimmed = true;
	event_add(&a->trim_timer, &later);
}

void agent_flush(struct agent *a)
{
	recorder_flush(&a->recorder);
	report_progress(a);
	closer_kick(&a->closer);
	trim_once(a);
}

/* A fork keeps everything; the agent shall hold only what @s names. */
static int close_unwanted(const struct agent_setup *s)
{
	const struct lab_sockets *k = s->sockets;
	cleanup_free int *keep = calloc(4 * k->n_ifaces + 2 * k->n_captures + 4, sizeof(*keep));
	size_t n = 0;

	if (!keep)
		return -ENOMEM;
	keep[n++] = s->monitor;
	keep[n++] = s->log;
	keep[n++] = s->capture;
	for (size_t i = 0; i < k->n_ifaces; i++) {
		keep[n++] = k->packet[i];
		keep[n++] = k->udp[i];
		keep[n++] = k->journal[i][0];
		keep[n++] = k->journal[i][1];
	}
	for (size_t i = 0; i < k->n_captures; i++) {
		keep[n++] = k->captures[i].fd;
		keep[n++] = k->captures[i].queues;
	}
	if (k->wire)
		keep[n++] = k->wire;
	return fd_close_all_but(keep, n);
}

static int make_base(struct agent *a)
{
	struct event_config *cfg = event_config_new();

	if (!cfg)
		return -ENOMEM;
	/* Lab time runs faster than the clock: a millisecond of ours may be a minute of theirs. */
	event_config_set_flag(cfg, EVENT_BASE_FLAG_PRECISE_TIMER | EVENT_BASE_FLAG_NOLOCK);
	a->base = event_base_new_with_config(cfg);
	event_config_free(cfg);
	if (!a->base)
		return -ENOMEM;
	evtimer_assign(&a->report_timer, a->base, on_report_timer, a);
	evtimer_assign(&a->quiet_timer, a->base, on_quiet, a);
	evtimer_assign(&a->trim_timer, a->base, on_trim_timer, a);
	lab_time_init(&a->time, a->base, a->setup->speed);
	return 0;
}

static int make_machines(struct agent *a)
{
	const struct scenario *s = a->scenario;
	size_t count = 0;

	for (size_t i = 0; i < s->n_ifaces; i++)
		count += scn_has_machine(&s->ifaces[i]);
	a->machines = calloc(count + 1, sizeof(*a->machines));
	a->machine_of = calloc(s->n_ifaces + 1, sizeof(struct machine *));
	a->at = calloc(s->n_ifaces + 1, sizeof(*a->at));
	a->ifindex = calloc(s->n_ifaces + 1, sizeof(*a->ifindex));
	if (!a->machines || !a->machine_of || !a->at || !a->ifindex)
		return -ENOMEM;
	for (size_t i = 0; i < s->n_ifaces; i++) {
		a->at[i] = s->ifaces[i].node;
		a->ifindex[i] = a->setup->ifindex[i];
	}

	for (size_t i = 0; i < s->n_ifaces; i++) {
		struct machine *m = &a->machines[a->n_machines];
		int r;

		if (!scn_has_machine(&s->ifaces[i]))
			continue;
		r = machine_init(a, m, i);
		if (r < 0)
			return r;
		a->machine_of[i] = m;
		a->n_machines++;
		a->clients += scn_is_awaited(&s->ifaces[i]);
	}
	return 0;
}

static int make_batches(struct agent *a)
{
	a->received = packet_batch_new();
	a->captured = packet_batch_new();
	a->sent = packet_batch_new();
	return a->received && a->captured && a->sent ? 0 : -ENOMEM;
}

static int make_captures(struct agent *a)
{
	const struct lab_sockets *k = a->setup->sockets;

	a->captures = calloc(k->n_captures + 1, sizeof(*a->captures));
	if (!a->captures)
		return -ENOMEM;
	for (size_t i = 0; i < k->n_captures; i++, a->n_captures++) {
		int r = capture_init(a, &a->captures[i], &k->captures[i]);

		if (r < 0)
			return r;
	}
	return 0;
}

static int agent_init(struct agent *a, const struct agent_setup *setup)
{
	int r;

	*a = (struct agent){ .setup = setup, .scenario = setup->scenario,
			    .status_fd = -1 };
	closer_init(&a->closer);
	r = close_unwanted(setup);
	if (r == 0)
		r = recorder_init(&a->recorder, a->scenario, setup->log, setup->capture);
	if (r == 0)
		r = make_base(a);
	if (r == 0)
		r = make_batches(a);
	if (r == 0)
		r = make_machines(a);
	if (r == 0)
		r = news_init(a);
	if (r == 0)
		r = make_captures(a);
	if (r == 0)
		r = fault_init(a);
	if (r == 0)
		step_init(a);
	if (r == 0)
		r = wire_init(a);
	return r == 0 ? monitor_link_init(a) : r;
}

static int turn(struct agent *a, int how)
{
	int r = event_base_loop(a->base, how);

	agent_serve(a);
	agent_flush(a);
	return r;
}

/*
 * Servers first: a client's DISCOVER finds them listening. The loop turns in
 * between: a thousand DISCOVERs at once would not fit a server's socket.
 */
static void start_machines(struct agent *a)
{
	size_t started = 0;

	lab_time_start(&a->time);
	if (a->step.on)
		lab_time_pause(&a->time);
	agent_note(a, "%s is up, seed %llu, speed %g", a->scenario->name,
		   (unsigned long long)a->scenario->seed, a->time.speed);
	for (size_t i = 0; i < a->n_machines; i++)
		if (a->machines[i].node.kind != NODE_CLIENT)
			machine_start(&a->machines[i]);
	agent_flush(a);
	for (size_t i = 0; i < a->n_machines; i++) {
		if (a->machines[i].node.kind != NODE_CLIENT)
			continue;
		machine_start(&a->machines[i]);
		if (++started % STARTED_A_TURN == 0)
			turn(a, EVLOOP_NONBLOCK);
	}
	agent_flush(a);
}

static void close_all(struct agent *a)
{
	for (size_t i = 0; i < a->n_machines; i++) {
		closer_add(&a->closer, a->machines[i].packet);
		fd_close(a->machines[i].udp);
	}
	for (size_t i = 0; i < a->n_captures; i++)
		closer_add(&a->closer, a->captures[i].socket.fd);
	if (a->wire.fd)
		closer_add(&a->closer, a->wire.fd);
	closer_finish(&a->closer);
}

_Noreturn void agent_run(const struct agent_setup *setup)
{
	struct error err = { 0 };
	struct agent a;
	int r;

	r = agent_init(&a, setup);
	if (r == 0)
		r = proc_sandbox(&err);
	if (r < 0) {
		dprintf(STDERR_FILENO, "agent: %s\n", err.code ? err.text : strerror(-r));
		_exit(1);
	}
	start_machines(&a);
	events_start(&a);
	while (!a.quit && turn(&a, EVLOOP_ONCE) == 0)
		;
	recorder_settle(&a.recorder);
	close_all(&a);
	_exit(0);
}
