/* SPDX-License-Identifier: MIT */
/* agent_machine.c - the lab's node_ops: one machine on real sockets, and its timer. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "lab/agent_address.h"
#include "lab/agent_private.h"
#include "node/setup.h"
#include "sys/clock.h"
#include "sys/fd.h"
#include "sys/packet.h"

#define DATAGRAMS_A_TURN 64

/* What a client costs here once it is BOUND, its packet socket being closed. */
_Static_assert(sizeof(struct machine) <= 4096, "a client's memory");

static void listen_on_packet(struct machine *m);
static void listen_on_udp(struct machine *m);

void machine_use_udp(struct machine *m)
{
	int r;

	/* Who watches for conflicts goes on listening to ARP. */
	if (m->use_udp || m->node.client.opt.conflict_probes)
		return;
	r = udp_set_sink(m->udp, false);
	if (r < 0) {
		agent_note(m->agent, "%s: cannot listen on UDP: %s", m->node.label, strerror(-r));
		return;
	}
	m->use_udp = true;
	event_del(&m->rx);
	closer_add(&m->agent->closer, TAKE_FD(m->packet));
	listen_on_udp(m);
}

int machine_use_packet(struct machine *m)
{
	struct agent_message msg = { .type = AGENT_OPEN_PACKET, .iface = (uint32_t)m->iface };
	int r;

	if (!m->use_udp)
		return 0;
	r = monitor_ask_and_wait(m->agent, &msg, &m->packet);
	if (r < 0)
		return r;
	m->use_udp = false;
	event_del(&m->rx);
	udp_set_sink(m->udp, true);
	listen_on_packet(m);
	return 0;
}

static int send_frame(struct machine *m, const void *frame, size_t len)
{
	struct agent *a = m->agent;
	struct packet_meta meta = { .wall_ns = clock_wall_ns(), .wire_len = len };
	int r = packet_send(m->packet, a->setup->ifindex[m->iface], frame, len);

	if (r == 0 && m->records_sent)
		capture_take(a, m->iface, &meta, frame, len);
	return r;
}

static int send_as_frame(struct machine *m, const struct dhcp_send *s)
{
	uint8_t frame[FRAME_MAX];
	int n;

	n = node_frame(&m->node, s, s->dst_mac, frame, sizeof(frame));
	if (n < 0)
		return n;
	return send_frame(m, frame, (size_t)n);
}

int machine_send_later(struct machine *m, const struct dhcp_send *s)
{
	struct packet_batch *b = m->agent->sent;
	uint8_t *room = packet_batch_room(b);
	int n;

	/* What may be held or struck goes alone. */
	if (m->use_udp || m->agent->step.on || m->agent->faults.n_rules > 0 || !room)
		return 0;
	/* Through the kernel's stack, ahead of the others: they are not to the same client. */
	if (!s->to_mac) {
		n = udp_send(m->udp, s->src_ip, s->dst_ip, s->dst_port, s->data, s->len);
		return n < 0 ? n : 1;
	}
	n = node_frame(&m->node, s, s->dst_mac, room, PACKET_BATCH_KEPT);
	if (n < 0)
		return n;
	packet_batch_add(b, (size_t)n);
	return 1;
}

int machine_send_batch(struct machine *m, size_t *ret_failed)
{
	struct agent *a = m->agent;
	int n = packet_batch_count(a->sent), r;

	if (n == 0)
		return 0;
	r = packet_batch_send(a->sent, m->packet, ret_failed);
	if (m->records_sent)
		capture_take_batch(a, m->iface, a->sent, n);
	return r;
}

int machine_send(struct machine *m, const struct dhcp_send *s)
{
	int r = 0;

	/* What has an address, and sends from it, needs no frames of its own making. */
	if (!s->to_mac || (m->use_udp && s->src_ip && s->src_ip == m->node.client.lease.address)) {
		r = udp_send(m->udp, s->src_ip, s->dst_ip, s->dst_port, s->data, s->len);
	} else {
		r = machine_use_packet(m);
		if (r == 0)
			r = send_as_frame(m, s);
	}
	/* It is on the cable by now: in the log, too, before anything that follows from it. */
	capture_drain_iface(m->agent, m->iface);
	return r;
}

int machine_post(struct machine *m, const struct dhcp_send *s)
{
	return step_holds(m, s) ? 0 : machine_let_go(m, s);
}

int machine_let_go(struct machine *m, const struct dhcp_send *s)
{
	return fault_strikes_send(m, s) ? 0 : machine_send(m, s);
}

/* A server's replies go out when what they rest on is on record. */
static int op_send(void *ctx, struct node *n, const struct dhcp_send *s)
{
	struct machine *m = ctx;

	if (n->kind == NODE_CLIENT) {
		m->released = s->type == DHCP_RELEASE;
		guest_ask(m->agent, s->type);
		return machine_post(m, s);
	}
	journal_queue(m, s);
	return 0;
}

static int op_commit(void *ctx, struct node *n, const char *line, size_t len)
{
	return journal_commit(ctx, line, len);
}

static int op_recall(void *ctx, struct node *n, struct text *ret)
{
	return journal_recall(ctx, ret);
}

static int op_send_frame(void *ctx, struct node *n, const void *frame, size_t len)
{
	struct machine *m = ctx;
	int r = machine_use_packet(m);

	return r < 0 ? r : send_frame(m, frame, len);
}

static void op_event(void *ctx, struct node *n, const struct trace_event *e)
{
	struct machine *m = ctx;

	agent_event(m->agent, e);
}

static const struct node_ops relay_ops = {
	.send = relay_send,
	.event = op_event,
};

static const struct node_ops lab_ops = {
	.send = op_send,
	.send_frame = op_send_frame,
	.configure = address_configure,
	.deconfigure = address_deconfigure,
	.link_local = address_link_local,
	.event = op_event,
	.commit = op_commit,
	.recall = op_recall,
};

static void follow_timer(struct machine *m)
{
	/* Others' broadcasts reach who has not started yet: it starts all the same. */
	lab_timer_set(&m->timer, m->start_at ? m->start_at : node_next_deadline(&m->node));
}

static void step_done(struct machine *m)
{
	journal_step_done(m);
	address_step_done(m);
}

/* After a step: the timer follows. */
static void settle(struct machine *m)
{
	step_done(m);
	follow_timer(m);
}

/* The same for a step that is a turn of its own. */
static void finish(struct machine *m)
{
	settle(m);
	journal_flush(m);
}

static void start(struct machine *m)
{
	m->start_at = 0;
	node_start(&m->node, agent_now(m->agent));
	finish(m);
}

static void on_timer(void *ctx)
{
	struct machine *m = ctx;
	uint64_t now = agent_now(m->agent);

	if (m->start_at && now >= m->start_at) {
		start(m);
		return;
	}
	node_deadline(&m->node, now);
	finish(m);
}

/* A step of a turn of many, at whose end is finish(). */
static void take_frame(struct machine *m, uint64_t now, const void *frame, size_t len,
		       bool csum_partial)
{
	node_rx_frame(&m->node, now, frame, len, csum_partial);
	step_done(m);
}

void machine_take_frame(struct machine *m, const void *frame, size_t len, bool csum_partial)
{
	take_frame(m, agent_now(m->agent), frame, len, csum_partial);
	finish(m);
}

void machine_take_udp(struct machine *m, uint32_t src, uint16_t port, uint32_t dst,
		      const void *data, size_t len)
{
	node_rx_udp(&m->node, agent_now(m->agent), src, port, dst, data, len);
	settle(m);
}

/* What is on the cable is in the log before what follows from it. */
static void record(struct machine *m, int n)
{
	struct agent *a = m->agent;

	capture_drain_iface(a, m->iface);
	if (m->records)
		capture_take_batch(a, a->scenario->ifaces[m->iface].peer, a->received, n);
}

/* A turn is a batch; what is left in a client's when it closes its socket was for nobody. */
static void on_packet(evutil_socket_t fd, short what, void *ctx)
{
	struct machine *m = ctx;
	struct agent *a = m->agent;
	int n = packet_batch_recv(a->received, fd);
	uint64_t now;

	if (n <= 0)
		return;
	a->was_busy = true;
	record(m, n);
	now = agent_now(a);
	a->batch_t = n > 1 ? now : 0;
	for (int i = 0; i < n && m->packet == fd; i++) {
		const struct packet_frame *f = packet_batch_frame(a->received, i);

		if (f->meta.outgoing || f->meta.wire_len > f->len || f->len > FRAME_MAX)
			continue;
		if (!fault_strikes_frame(m, f->data, f->len, f->meta.csum_partial))
			take_frame(m, now, f->data, f->len, f->meta.csum_partial);
	}
	a->batch_t = 0;
	finish(m);
}

static void on_udp(evutil_socket_t fd, short what, void *ctx)
{
	struct machine *m = ctx;
	uint8_t data[DHCP_MESSAGE_MAX];

	for (int i = 0; i < DATAGRAMS_A_TURN && m->use_udp; i++) {
		uint32_t src, dst;
		uint16_t port;
		int n = udp_recv(m->udp, data, sizeof(data), &src, &port, &dst);

		if (n < 0)
			break;
		m->agent->was_busy = true;
		capture_drain_iface(m->agent, m->iface);
		if (!fault_strikes_udp(m, src, port, dst, data, (size_t)n))
			machine_take_udp(m, src, port, dst, data, (size_t)n);
	}
}

static void listen_on_packet(struct machine *m)
{
	event_assign(&m->rx, m->agent->base, m->packet, EV_READ | EV_PERSIST, on_packet, m);
	event_add(&m->rx, NULL);
}

static void listen_on_udp(struct machine *m)
{
	event_assign(&m->rx, m->agent->base, m->udp, EV_READ | EV_PERSIST, on_udp, m);
	event_add(&m->rx, NULL);
}

int machine_init(struct agent *a, struct machine *m, size_t iface)
{
	int r;

	*m = (struct machine){
		.agent = a,
		.iface = iface,
		.packet = a->setup->sockets->packet[iface],
		.udp = a->setup->sockets->udp[iface],
	};
	r = node_init(&m->node, a->scenario, iface, a->scenario->seed,
		      a->scenario->ifaces[iface].relay ? &relay_ops : &lab_ops, m);
	if (r == 0 && a->setup->stored && a->setup->stored[iface]) {
		r = node_remember(&m->node, a->setup->stored[iface]);
		m->has_stored = true;
	}
	if (r < 0)
		return r;
	if (m->node.kind == NODE_SERVER)
		r = journal_init(m);
	if (r < 0)
		return r;
	lab_timer_init(&m->timer, &a->time, on_timer, m);
	listen_on_packet(m);
	if (m->node.kind == NODE_RELAY)
		return relay_listen(m);
	return 0;
}

void machine_start(struct machine *m)
{
	const struct scn_client *c = m->agent->scenario->ifaces[m->iface].client;

	if (!c || c->start_delay == 0) {
		start(m);
		return;
	}
	m->start_at = agent_now(m->agent) + c->start_delay;
	lab_timer_set(&m->timer, m->start_at);
}

void machine_stop(struct machine *m)
{
	m->start_at = 0;
	node_stop(&m->node, agent_now(m->agent));
	finish(m);
}

/* The kernel has taken it away, and the address with it: it can not even say good-bye. */
static void lose_link(struct machine *m)
{
	agent_note(m->agent, "%s: the interface is gone: the client ends", m->node.label);
	m->node.client.opt.release_on_stop = false;
	if (m->node.client.state != DHCP_CLIENT_STOPPED ||
	    m->node.link_local.state != LINKLOCAL_OFF)
		machine_stop(m);
	event_del(&m->rx);
	closer_add(&m->agent->closer, TAKE_FD(m->packet));
	m->udp = fd_close(m->udp);
}

void machine_link(struct machine *m)
{
	bool was_down = m->link_was_down || m->link == LAB_LINK_DOWN;

	if (m->link_news == m->link && !m->link_was_down)
		return;
	if (m->link_was_down && m->link == LAB_LINK_UP)
		agent_note(m->agent, "%s: the link is down", m->node.label);
	m->link = m->link_news;
	m->link_was_down = false;
	if (m->link == LAB_LINK_GONE) {
		lose_link(m);
	} else if (m->link == LAB_LINK_UP && was_down) {
		agent_note(m->agent, "%s: the link is up", m->node.label);
		node_command(&m->node, agent_now(m->agent), DHCP_COMMAND_LINK_UP);
		settle(m);
	}
}

int machine_action(struct machine *m, enum scn_action action)
{
	int r;

	if (m->link == LAB_LINK_GONE) {
		agent_note(m->agent, "%s: the interface is gone: there is no client any more",
			   m->node.label);
		return 0;
	}
	capture_drain_iface(m->agent, m->iface);
	m->start_at = 0;	/* who is told what to do waits no longer */
	r = node_action(&m->node, agent_now(m->agent), action);
	finish(m);
	return r;
}
