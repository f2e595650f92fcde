/* SPDX-License-Identifier: MIT */
/*
 * agent_event.c - the scenario's events, each at its time: what is wanted of a
 * client is done here, what changes the network by the monitor.
 */
#include "lab/agent_private.h"

static void ask_monitor(struct agent *a, size_t index)
{
	struct agent_message msg = {
		.type = AGENT_EVENT,
		.iface = (uint32_t)a->scenario->events[index].iface,
		.count = (uint32_t)index,
	};

	step_forget(a);		/* no step back puts the cables back */
	a->unanswered++;
	monitor_ask(a, &msg);
}

static void tell_fault(struct agent *a, const char *where, const char *text)
{
	cleanup_event struct trace_event e = { 0 };

	if (trace_event_make(TRACE_FAULT, where, text, NULL, &e) == 0)
		agent_event(a, &e);
}

static void happen(struct agent *a, size_t index)
{
	const struct scn_event *e = &a->scenario->events[index];
	char text[SCN_EVENT_TEXT];

	scn_event_text(a->scenario, e, text);
	if (e->of_fault)
		tell_fault(a, a->scenario->ifaces[e->iface].label, text);
	else
		agent_note(a, "%s", text);
	if (e->action < SCN_CLIENT_ACTIONS)
		machine_action(a->machine_of[e->iface], e->action);
	else
		ask_monitor(a, index);
}

static void wait_for_next(struct agent *a)
{
	if (a->n_happened < a->scenario->n_events)
		lab_timer_set(&a->event_timer, a->scenario->events[a->n_happened].after);
}

static void on_timer(void *ctx)
{
	struct agent *a = ctx;

	if (a->stopping)
		return;
	happen(a, a->n_happened++);
	wait_for_next(a);
}

void events_start(struct agent *a)
{
	lab_timer_init(&a->event_timer, &a->time, on_timer, a);
	wait_for_next(a);
}

/* From now on its switch is another one: so is the capture that sees its frames. */
void event_answered(struct agent *a, const struct agent_message *msg)
{
	const struct scn_event *e = &a->scenario->events[msg->count];
	const struct lab_sockets *s = a->setup->sockets;
	size_t port = a->scenario->ifaces[e->iface].peer;

	if (msg->error.code < 0 || e->action != SCN_MOVE)
		return;
	a->at[port] = e->to;
	a->ifindex[port] = msg->ifindex;
	for (size_t i = 0; i < s->n_captures; i++)
		if (s->captures[i].node == e->to)
			s->capture_of[a->scenario->ifaces[port].cable] = i;
}
