/* SPDX-License-Identifier: MIT */
/* fuzz_control.c - one request of a command to a lab's monitor: the bytes as they come. */
#include <errno.h>

#include "lab/control_request.h"
#include "example_scenario.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool ok)
{
	if (!ok)
		abort();
}

static void check_fault(const struct scenario *s, const struct scn_fault *f)
{
	check(memchr(f->name, '\0', sizeof(f->name)) && scn_fault_strikes(f->kind));
	check(f->node == NONE || f->node < s->n_nodes);
	check(f->iface == NONE || (f->iface < s->n_ifaces && s->ifaces[f->iface].node == f->node));
	check(f->rate <= SCN_MILLION && f->after <= SCN_AFTER_MAX && f->delay <= SCN_DELAY_MAX);
}

static void check_time(const struct scenario *s, const struct lab_time_wish *w)
{
	check((unsigned int)w->op < LAB_TIME_OPS && (unsigned int)w->moment < LAB_MOMENTS);
	check(w->iface == LAB_ANY || w->iface < s->n_ifaces);
	check(w->op != LAB_TIME_SPEED || (w->speed > 0 && w->speed <= LAB_SPEED_MAX));
	check(w->op != LAB_TIME_FORWARD || w->us <= LAB_FORWARD_MAX_US);
}

static void check_wish(const struct scenario *s, const struct agent_message *wish)
{
	const struct scn_iface *i;

	check(wish->type == AGENT_CLIENT || wish->type == AGENT_TIME ||
	      wish->type == AGENT_FAULT || wish->type == AGENT_STEP);
	if (wish->type == AGENT_CLIENT) {
		check(wish->iface < s->n_ifaces && wish->action < SCN_CLIENT_ACTIONS);
		i = &s->ifaces[wish->iface];
		check(i->client || i->server);
	}
	if (wish->type == AGENT_TIME)
		check_time(s, &wish->time);
	if (wish->type == AGENT_FAULT)
		check_fault(s, &wish->fault.fault);
	if (wish->type == AGENT_STEP)
		check(wish->step.pos > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct scenario *s = example_scenario();
	struct control_request request;
	struct error err = { 0 };
	int r;

	if (size > CONTROL_REQUEST_MAX)
		return 0;
	memset(&request, 0xee, sizeof(request));
	r = control_request_parse(s, (const char *)data, size, &request, &err);
	check(r == 0 || r == -EINVAL || r == -ENOENT);
	check(r == err.code && !err.text[0] == !r);
	if (r < 0)
		return 0;
	if (request.op == CONTROL_SOCKET || request.op == CONTROL_ENTER)
		check(request.node < s->n_nodes);
	if (request.op == CONTROL_WISH)
		check_wish(s, &request.wish);
	return 0;
}
