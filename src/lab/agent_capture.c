/* SPDX-License-Identifier: MIT */
/*
 * agent_capture.c - what was on the cables: each frame once, where it entered
 * its cable, for the recorder.
 */
#include <errno.h>

#include "lab/agent_private.h"
#include "sys/packet.h"

#define BATCHES_A_TURN 4

static size_t iface_by_index(const struct agent *a, size_t node, int ifindex)
{
	const struct scn_node *n = &a->scenario->nodes[node];

	for (size_t k = 0; k < n->n_ifaces; k++)
		if (a->ifindex[n->ifaces[k]] == ifindex && a->at[n->ifaces[k]] == node)
			return n->ifaces[k];
	/* Only a cable that an event moved can be a guest. */
	for (size_t i = 0; i < a->n_happened; i++) {
		size_t port = a->scenario->ifaces[a->scenario->events[i].iface].peer;

		if (a->at[port] == node && a->ifindex[port] == ifindex)
			return port;
	}
	return NONE;
}

/* The interface that put the frame on its cable; NONE: not a cable's, or seen before. */
static size_t sender_of(const struct capture *c, const struct packet_meta *meta)
{
	const struct scenario *s = c->agent->scenario;
	size_t port;

	if (c->socket.node == NONE)
		return meta->outgoing ? c->socket.iface : s->ifaces[c->socket.iface].peer;

	port = iface_by_index(c->agent, c->socket.node, meta->ifindex);
	if (port == NONE)
		return NONE;	/* the bridge itself, which sees all once more */
	if (s->cables[s->ifaces[port].cable].wire)
		return NONE;	/* recorded by who carries it */
	/* From another switch: it was recorded where it entered that one. */
	if (s->nodes[s->ifaces[s->ifaces[port].peer].node].kind == SCN_SWITCH)
		return NONE;
	return s->ifaces[port].peer;
}

void capture_take(struct agent *a, size_t sender, const struct packet_meta *meta, const void *data,
		  size_t len)
{
	if (!a->machine_of[sender])
		guest_hear(a, sender, data, len);
	recorder_frame(&a->recorder, agent_log_time(a), sender, meta, data, len);
}

void capture_take_batch(struct agent *a, size_t sender, const struct packet_batch *b, int n)
{
	uint64_t t = agent_log_time(a);

	for (int i = 0; i < n; i++) {
		const struct packet_frame *f = packet_batch_frame(b, i);

		if (f->len > 0)
			recorder_frame(&a->recorder, t, sender, &f->meta, f->data, f->len);
	}
}

static void drain(struct capture *c)
{
	struct agent *a = c->agent;
	int n = PACKET_BATCH;

	for (int i = 0; i < BATCHES_A_TURN && n == PACKET_BATCH; i++) {
		n = packet_batch_recv(a->captured, c->socket.fd);
		/* That the link went down is told once, before what came until then. */
		if (n == -ENETDOWN)
			n = packet_batch_recv(a->captured, c->socket.fd);
		for (int k = 0; k < n; k++) {
			const struct packet_frame *f = packet_batch_frame(a->captured, k);
			size_t sender = sender_of(c, &f->meta);

			if (sender != NONE)
				capture_take(a, sender, &f->meta, f->data, f->len);
		}
	}
}

void capture_drain_iface(struct agent *a, size_t iface)
{
	size_t cable = a->scenario->ifaces[iface].cable;

	if (a->scenario->cables[cable].wire)
		wire_drain(a);
	else
		drain(&a->captures[a->setup->sockets->capture_of[cable]]);
}

void capture_drain_all(struct agent *a)
{
	for (size_t i = 0; i < a->n_captures; i++)
		drain(&a->captures[i]);
}

static void on_capture(evutil_socket_t fd, short what, void *ctx)
{
	drain(ctx);
}

/*
 * That a frame was sent does not say any more that it was on the wire: now the capture
 * has to see it.
 */
static void on_queues(evutil_socket_t fd, short what, void *ctx)
{
	struct capture *c = ctx;

	event_del(&c->queues);
	if (packet_see_marked(c->socket.fd) == 0)
		c->agent->machine_of[c->socket.iface]->records_sent = false;
}

static int share_with_server(struct capture *c)
{
	struct machine *m = c->agent->machine_of[c->socket.iface];

	m->records = m->records_sent = true;
	event_assign(&c->queues, c->agent->base, c->socket.queues, EV_READ | EV_PERSIST,
		     on_queues, c);
	return event_add(&c->queues, NULL);
}

int capture_init(struct agent *a, struct capture *c, const struct capture_socket *socket)
{
	c->agent = a;
	c->socket = *socket;
	if (socket->but_server && share_with_server(c) < 0)
		return -ENOMEM;
	event_assign(&c->rx, a->base, socket->fd, EV_READ | EV_PERSIST, on_capture, c);
	return event_add(&c->rx, NULL) < 0 ? -ENOMEM : 0;
}
