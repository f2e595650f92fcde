/* SPDX-License-Identifier: MIT */
/* event.c - what the scenario has happen to its clients: commands, links, moved cables */
#include <stdio.h>

#include "sim/world.h"

static void tell(struct sim *sim, const char *text)
{
	sim_tell(sim, &(struct trace_event){ .kind = TRACE_LAB, .text = (char *)text });
}

static void tell_fault(struct sim *sim, const char *where, const char *text)
{
	struct trace_event e = { .kind = TRACE_FAULT, .text = (char *)text };

	str_copy(e.at, sizeof(e.at), where);
	sim_tell(sim, &e);
}

/* In the words of the lab, which hears of it from the kernel. */
static void set_link(struct sim *sim, size_t iface, bool up)
{
	struct sim_machine *m = sim->ifaces[iface].machine;
	char text[PLACE_NAME_MAX + 32];
	struct node *n;

	if (sim->ifaces[iface].down == !up)
		return;
	sim->ifaces[iface].down = !up;
	snprintf(text, sizeof(text), "%s: the link is %s", sim->scenario->ifaces[iface].label,
		 up ? "up" : "down");
	tell(sim, text);
	n = machine_wake(sim, m);
	if (up && !m->waiting)
		node_command(n, sim->now, DHCP_COMMAND_LINK_UP);
	machine_settle(sim, m);
}

/* Its plug is out of one switch, and then in another. */
static void move(struct sim *sim, const struct scn_event *e)
{
	int r;

	set_link(sim, e->iface, false);
	r = link_plug(sim, sim->ifaces[e->iface].peer, e->to);
	if (r < 0)
		sim_fail(sim, r);
	set_link(sim, e->iface, true);
}

void event_happen(struct sim *sim, size_t index)
{
	const struct scn_event *e = &sim->scenario->events[index];
	char text[SCN_EVENT_TEXT];

	scn_event_text(sim->scenario, e, text);
	if (e->of_fault)
		tell_fault(sim, sim->scenario->ifaces[e->iface].label, text);
	else
		tell(sim, text);
	if (e->action == SCN_MOVE)
		move(sim, e);
	else if (e->action == SCN_LINK_DOWN || e->action == SCN_LINK_UP)
		set_link(sim, e->iface, e->action == SCN_LINK_UP);
	else
		sim_action(sim, sim->ifaces[e->iface].machine, e->action);
}
