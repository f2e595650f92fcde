/* SPDX-License-Identifier: MIT */
/*
 * agent_wire.c - cables that are wires: each frame is taken at one end, written
 * down, judged (node/fault.h, and node/snoop.h where it enters a switch), and
 * given to the other end, at once or later.
 */
#include <errno.h>
#include <string.h>

#include "lab/agent_private.h"
#include "sys/clock.h"

#define FRAMES_A_TURN 256
#define FRAME_KEPT 2048		/* bytes that the capture keeps, as of other cables */

/* A frame with all that goes with it. */
struct parcel {
	struct packet_offload offload;
	struct packet_meta meta;
	size_t len;
	uint8_t data[PACKET_WIRE_MAX];
};

static bool is_switch_port(const struct agent *a, size_t iface)
{
	return a->scenario->nodes[a->scenario->ifaces[iface].node].kind == SCN_SWITCH;
}

static void tell_refusal(struct agent *a, size_t port, uint8_t type, const char *why)
{
	cleanup_event struct trace_event e = { 0 };

	if (trace_event_make(TRACE_DROP, a->scenario->ifaces[port].label, why, NULL, &e) < 0)
		return;
	str_copy(e.machine, sizeof(e.machine), "switch");
	e.message = type;
	agent_event(a, &e);
}

static void carry(struct agent *a, size_t from, struct parcel *p);

void wire_inject(struct agent *a, size_t from, const uint8_t *frame, size_t len)
{
	struct parcel *p = calloc(1, sizeof(*p));

	if (!p)
		return;
	p->meta = (struct packet_meta){ .wall_ns = clock_wall_ns(), .wire_len = len };
	p->len = len;
	memcpy(p->data, frame, len);
	carry(a, from, p);
	free(p);
}

/* The frame comes to the end of its wire. What that end can not take is lost, as on any cable. */
static void deliver(struct agent *a, size_t to, const struct packet_offload *offload,
		    const void *data, size_t len)
{
	uint8_t type = DHCP_NO_TYPE;
	const char *why = NULL;

	intruders_hear(a, to, data, len);
	if (is_switch_port(a, to))
		why = snoop_judge(&a->snoop, agent_now(a), to, data, len, &type);
	if (why)
		tell_refusal(a, to, type, why);
	else
		packet_wire_send(a->wire.fd, a->setup->wire_index[to], offload, data, len);
}

static void on_arrival(struct agent *a, const struct held *h)
{
	deliver(a, h->iface, &h->offload, h->data, h->len);
}

static void break_bit(struct parcel *p, size_t bit)
{
	p->data[bit / 8] ^= (uint8_t)(1u << bit % 8);
	packet_offload_clear(&p->offload);
}

static void carry(struct agent *a, size_t from, struct parcel *p)
{
	size_t to = a->scenario->ifaces[from].peer;
	uint64_t now = agent_now(a);
	struct fault_verdict v;

	if (!is_switch_port(a, from))
		capture_take(a, from, &p->meta, p->data, min_u64(p->len, FRAME_KEPT));
	faults_judge(&a->faults, now, from, p->data, p->len, &v);
	if (v.n_strikes > 0)
		fault_tell(a, from, fault_class(p->data, p->len), &v);
	if (v.corrupt)
		break_bit(p, v.bit);
	for (unsigned int i = 0; i < v.copies; i++) {
		if (v.late)
			fault_hold(a, &(struct held){ .due = now + v.late, .arrive = on_arrival,
						      .iface = to, .offload = p->offload },
				   p->data, p->len);
		else
			deliver(a, to, &p->offload, p->data, p->len);
	}
}

static size_t iface_of(const struct wire *w, int index)
{
	return index > 0 && (size_t)index < w->n_ends ? w->iface_of[index] : NONE;
}

void wire_drain(struct agent *a)
{
	struct parcel p;

	for (int i = 0; a->wire.fd && i < FRAMES_A_TURN; i++) {
		int n = packet_wire_recv(a->wire.fd, &p.offload, p.data, sizeof(p.data), &p.meta);
		size_t from;

		if (n == -EAGAIN)
			break;
		from = n > 0 ? iface_of(&a->wire, p.meta.ifindex) : NONE;
		if (from == NONE)
			continue;
		a->was_busy = true;
		p.len = (size_t)n;
		if (!guest_holds(a, from, p.data, p.len))
			carry(a, from, &p);
	}
}

static void on_wire(evutil_socket_t fd, short what, void *ctx)
{
	wire_drain(ctx);
}

static int map_ends(struct agent *a)
{
	const int *index = a->setup->wire_index;
	struct wire *w = &a->wire;

	for (size_t i = 0; i < a->scenario->n_ifaces; i++)
		w->n_ends = max_u64(w->n_ends, (size_t)index[i] + 1);
	w->iface_of = calloc(w->n_ends, sizeof(*w->iface_of));
	if (!w->iface_of)
		return -ENOMEM;
	for (size_t i = 0; i < w->n_ends; i++)
		w->iface_of[i] = NONE;
	for (size_t i = 0; i < a->scenario->n_ifaces; i++)
		if (index[i])
			w->iface_of[index[i]] = i;
	return 0;
}

int wire_init(struct agent *a)
{
	int r;

	snoop_init(&a->snoop, a->scenario);
	a->wire.fd = a->setup->sockets->wire;
	if (!a->wire.fd)
		return 0;
	r = map_ends(a);
	if (r == 0)
		r = intruders_init(a);
	if (r < 0)
		return r;
	event_assign(&a->wire.rx, a->base, a->wire.fd, EV_READ | EV_PERSIST, on_wire, a);
	return event_add(&a->wire.rx, NULL) < 0 ? -ENOMEM : 0;
}
