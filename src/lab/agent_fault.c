/* SPDX-License-Identifier: MIT */
/*
 * agent_fault.c - faults that come while the lab is up, what is late, and
 * cables that are no wires: there, what netlab's own machines say is judged at
 * their own sockets. On its way out it is struck before the kernel has it, so that it
 * never is on the cable; what comes from others is struck before the machine has it.
 */
#include <errno.h>
#include <string.h>

#include "lab/agent_private.h"

#define HELD_MAX (64u << 20)	/* bytes: what is late beyond that is lost, as in a full queue */

void fault_tell(struct agent *a, size_t from, unsigned int class, const struct fault_verdict *v)
{
	for (size_t i = 0; i < v->n_strikes; i++) {
		cleanup_event struct trace_event e = { 0 };
		char text[FAULT_TEXT_MAX];

		fault_describe(v->strikes[i], class, text);
		if (trace_event_make(TRACE_FAULT, a->scenario->ifaces[from].label, text, NULL,
				     &e) == 0)
			agent_event(a, &e);
	}
}

static void arm(struct late *l)
{
	lab_timer_set(&l->timer, l->first ? l->first->due : UINT64_MAX);
}

void fault_hold(struct agent *a, const struct held *like, const void *data, size_t len)
{
	struct held **at = &a->late.first, *h;

	if (a->late.bytes + len > HELD_MAX)
		return;
	h = malloc(sizeof(*h) + len);
	if (!h)
		return;
	*h = *like;
	h->len = len;
	memcpy(h->data, data, len);
	a->late.bytes += len;
	/* Of two at the same time the first stays the first. */
	while (*at && (*at)->due <= h->due)
		at = &(*at)->next;
	h->next = *at;
	*at = h;
	arm(&a->late);
}

int late_copy(const struct held *first, struct held **ret)
{
	struct held *copy = NULL, **at = &copy;

	for (; first; first = first->next) {
		*at = malloc(sizeof(**at) + first->len);
		if (!*at) {
			late_free(copy);
			return -ENOMEM;
		}
		memcpy(*at, first, sizeof(*first) + first->len);
		(*at)->next = NULL;
		at = &(*at)->next;
	}
	*ret = copy;
	return 0;
}

void late_free(struct held *first)
{
	while (first) {
		struct held *next = first->next;

		free(first);
		first = next;
	}
}

static void on_due(void *ctx)
{
	struct agent *a = ctx;
	uint64_t now = agent_now(a);

	while (a->late.first && a->late.first->due <= now) {
		struct held *h = a->late.first;

		a->late.first = h->next;
		a->late.bytes -= h->len;
		h->arrive(a, h);
		free(h);
	}
	a->was_busy = true;
	arm(&a->late);
}

int fault_init(struct agent *a)
{
	lab_timer_init(&a->late.timer, &a->time, on_due, a);
	return faults_init(&a->faults, a->scenario);
}

/* Is there a machine at an end of the cable that can be struck, or a wire? */
static bool can_strike(const struct agent *a, size_t cable, const struct scn_fault *f)
{
	const struct scn_cable *c = &a->scenario->cables[cable];

	return c->wire || (f->message && (a->machine_of[c->a] || a->machine_of[c->b]));
}

static bool covers(const struct agent *a, size_t cable, const struct scn_fault *f)
{
	return scenario_fault_covers(a->scenario, f, a->scenario->cables[cable].a) ||
	       scenario_fault_covers(a->scenario, f, a->scenario->cables[cable].b);
}

static int refuse(const struct agent *a, size_t cable, const struct scn_fault *f, struct error *err)
{
	char name[CABLE_NAME_MAX];

	scenario_cable_name(a->scenario, cable, name);
	return error_set(err, -EBUSY,
			 "%s is no wire: %s; for all else, start the lab with a "
			 "[NetworkEmulator %s] section, which makes it one", name,
			 f->message ? "no machine of netlab's is at its ends" :
				      "only messages (--message) of netlab's machines can be "
				      "struck there",
			 a->scenario->ifaces[a->scenario->cables[cable].a].label);
}

/* Where no node is named it is enough that some cable can be struck. */
static int check(const struct agent *a, const struct scn_fault *f, struct error *err)
{
	size_t cannot = NONE, can = 0;

	for (size_t i = 0; i < a->scenario->n_cables; i++) {
		if (!covers(a, i, f))
			continue;
		if (can_strike(a, i, f))
			can++;
		else if (cannot == NONE)
			cannot = i;
	}
	if (cannot != NONE && (can == 0 || f->node != NONE || !f->message))
		return refuse(a, cannot, f, err);
	return can ? 0 : error_set(err, -EBUSY, "no cable ends there");
}

/* Who has no socket can say nothing but on a wire. */
static int check_wire(const struct agent *a, const struct scn_fault *f, struct error *err)
{
	const struct scn_iface *i = &a->scenario->ifaces[f->iface];
	char name[CABLE_NAME_MAX];

	if (a->scenario->cables[i->cable].wire)
		return 0;
	scenario_cable_name(a->scenario, i->cable, name);
	return error_set(err, -EBUSY,
			 "%s is no wire, so nobody can sit there; start the lab with "
			 "--set 'NetworkEmulator %s.DelaySec=0', which makes it one", name,
			 i->label);
}

/* Not of a name that another fault has. */
static int add_intruder(struct agent *a, const struct scn_fault *f)
{
	return faults_has(&a->faults, f->name) ? -EEXIST : intruder_add(a, f);
}

static void note_fault(struct agent *a, const struct scn_fault *f)
{
	if (scn_fault_sends(f->kind))
		agent_note(a, "fault %s: %s at %s", f->name, scenario_fault_name(f->kind),
			   a->scenario->ifaces[f->iface].label);
	else
		agent_note(a, "fault %s: %s %s", f->name, scenario_fault_name(f->kind),
			   f->message ? dhcp_type_name(f->message) : "any frame");
}

int agent_fault(struct agent *a, const struct agent_message *wish, struct error *err)
{
	struct scn_fault f = wish->fault.fault;
	int r;

	if (wish->fault.clear) {
		agent_note(a, "faults are cleared: %zu",
			   faults_clear(&a->faults) + intruders_clear(a));
		return 1;
	}
	r = scn_fault_sends(f.kind) ? check_wire(a, &f, err) : check(a, &f, err);
	if (r < 0)
		return r;
	f.after += agent_now(a);
	r = intruder_find(a, f.name) ? -EEXIST :
	    scn_fault_sends(f.kind) ? add_intruder(a, &f) : faults_add(&a->faults, &f);
	if (r == -ENOSPC)
		return error_set(err, r, "%d of them are enough", LIVE_INTRUDERS_MAX);
	if (r == -EEXIST)
		return error_set(err, r, "there is a fault \"%s\" already", f.name);
	if (r < 0)
		return error_set(err, r, "out of memory");
	note_fault(a, &f);
	return 1;
}

static bool is_wire(const struct machine *m)
{
	const struct scenario *s = m->agent->scenario;

	return s->cables[s->ifaces[m->iface].cable].wire;
}

/* What the message of @class that @from has sent is in for; false: nothing. */
static bool judge(struct machine *m, size_t from, unsigned int class, size_t len,
		  struct fault_verdict *v)
{
	struct agent *a = m->agent;

	faults_judge_class(&a->faults, agent_now(a), from, class, len, v);
	fault_tell(a, from, class, v);
	return v->copies != 1 || v->late || v->corrupt;
}

static void send_late(struct agent *a, const struct held *h)
{
	struct dhcp_send s;

	memcpy(&s, h->data, sizeof(s));
	machine_send(a->machine_of[h->iface], &s);
}

/* A broken message, which the kernel would sum up anew, would arrive nowhere: it is not sent. */
bool fault_strikes_send(struct machine *m, const struct dhcp_send *s)
{
	struct fault_verdict v;

	if (m->agent->faults.n_rules == 0 || is_wire(m) ||
	    !judge(m, m->iface, s->type, FRAME_UDP_OVERHEAD + s->len, &v))
		return false;
	for (unsigned int i = 0; i < v.copies && !v.corrupt; i++) {
		if (v.late)
			fault_hold(m->agent, &(struct held){ .due = agent_now(m->agent) + v.late,
							     .arrive = send_late,
							     .iface = m->iface },
				   s, sizeof(*s));
		else
			machine_send(m, s);
	}
	return true;
}

/* Who sent what a machine receives; NONE: one of netlab's, whose messages are judged there. */
static size_t sender(const struct machine *m)
{
	size_t peer = m->agent->scenario->ifaces[m->iface].peer;

	return m->agent->machine_of[peer] ? NONE : peer;
}

static bool is_judged(const struct machine *m)
{
	return m->agent->faults.n_rules > 0 && !is_wire(m) && sender(m) != NONE;
}

static void take_frame(struct agent *a, const struct held *h)
{
	machine_take_frame(a->machine_of[h->iface], h->data, h->len, h->csum_partial);
}

bool fault_strikes_frame(struct machine *m, const void *frame, size_t len, bool csum_partial)
{
	unsigned int class;
	uint8_t copy[FRAME_MAX];
	struct fault_verdict v;
	struct held h = { .arrive = take_frame, .iface = m->iface, .csum_partial = csum_partial };

	if (!is_judged(m))
		return false;
	class = fault_class(frame, len);
	if (class == FAULT_OTHER || class == FAULT_ARP || !judge(m, sender(m), class, len, &v))
		return false;
	memcpy(copy, frame, len);
	if (v.corrupt) {
		copy[v.bit / 8] ^= (uint8_t)(1u << v.bit % 8);
		h.csum_partial = false;
	}
	h.due = agent_now(m->agent) + v.late;
	for (unsigned int i = 0; i < v.copies; i++) {
		if (v.late)
			fault_hold(m->agent, &h, copy, len);
		else
			machine_take_frame(m, copy, len, h.csum_partial);
	}
	return true;
}

static void take_udp(struct agent *a, const struct held *h)
{
	machine_take_udp(a->machine_of[h->iface], h->src, h->port, h->dst, h->data, h->len);
}

/* A broken datagram never comes so far. */
bool fault_strikes_udp(struct machine *m, uint32_t src, uint16_t port, uint32_t dst,
		       const void *data, size_t len)
{
	struct held h = { .arrive = take_udp, .iface = m->iface, .src = src, .port = port,
			  .dst = dst };
	struct fault_verdict v;

	if (!is_judged(m) || !judge(m, sender(m), fault_class_of_message(data, len),
				    FRAME_UDP_OVERHEAD + len, &v))
		return false;
	h.due = agent_now(m->agent) + v.late;
	for (unsigned int i = 0; i < v.copies && !v.corrupt; i++) {
		if (v.late)
			fault_hold(m->agent, &h, data, len);
		else
			machine_take_udp(m, src, port, dst, data, len);
	}
	return true;
}
