/* SPDX-License-Identifier: MIT */
/*
 * agent_relay.c - a relay agent on real sockets: each of its links has a machine
 * with a packet socket, which hears the clients; unicasts come, and leave, through
 * one UDP socket of its node.
 */
#include <errno.h>

#include "lab/agent_private.h"
#include "sys/packet.h"

#define DATAGRAMS_A_TURN 64

static const struct scn_node *node_of(const struct machine *m)
{
	return &m->agent->scenario->nodes[m->agent->scenario->ifaces[m->iface].node];
}

/* The machine of link @port; NULL: its interface is gone. */
static struct machine *machine_of_port(const struct machine *m, uint8_t port)
{
	const struct scn_node *node = node_of(m);

	for (size_t k = 0; k < node->n_ifaces; k++) {
		struct machine *other = m->agent->machine_of[node->ifaces[k]];

		if (other && other->node.kind == NODE_RELAY && other->node.port == port)
			return other;
	}

	return NULL;
}

/* The machine with the UDP socket: that of the first link. */
static struct machine *first_machine(const struct machine *m)
{
	return machine_of_port(m, 0);
}

/* What was on its cables is in the log before what follows from it. */
static void drain_all(const struct machine *m)
{
	const struct scn_node *node = node_of(m);

	for (size_t k = 0; k < node->n_ifaces; k++)
		capture_drain_iface(m->agent, node->ifaces[k]);
}

static int send_to_client(struct machine *m, struct node *n, const struct dhcp_send *s)
{
	const struct machine *out = machine_of_port(m, s->port);
	uint8_t frame[FRAME_MAX];
	int len;

	if (!out || out->packet < 0)
		return -ENODEV;
	len = node_frame(n, s, s->dst_mac, frame, sizeof(frame));
	if (len < 0)
		return len;

	return packet_send(out->packet, m->agent->ifindex[out->iface], frame, (size_t)len);
}

int relay_let_go(struct machine *m, const struct dhcp_send *s)
{
	int r;

	if (s->to_mac)
		r = send_to_client(m, &m->node, s);
	else
		r = udp_send(first_machine(m)->udp, s->src_ip, s->dst_ip, s->dst_port, s->data,
			     s->len);
	drain_all(m);
	return r;
}

int relay_send(void *ctx, struct node *n, const struct dhcp_send *s)
{
	struct machine *m = ctx;

	return step_holds(m, s) ? 0 : relay_let_go(m, s);
}

static void on_unicast(evutil_socket_t fd, short what, void *ctx)
{
	struct machine *m = ctx;
	uint8_t data[DHCP_MESSAGE_MAX];

	for (int i = 0; i < DATAGRAMS_A_TURN; i++) {
		uint32_t src, dst;
		uint16_t port;
		int n = udp_recv(m->udp, data, sizeof(data), &src, &port, &dst);

		if (n < 0)
			break;
		m->agent->was_busy = true;
		drain_all(m);
		node_rx_udp(&m->node, agent_now(m->agent), src, port, dst, data, (size_t)n);
	}
}

int relay_listen(struct machine *m)
{
	if (m->udp < 0)
		return 0;
	m->rx_unicast = event_new(m->agent->base, m->udp, EV_READ | EV_PERSIST, on_unicast, m);
	if (!m->rx_unicast)
		return -ENOMEM;
	event_add(m->rx_unicast, NULL);
	return 0;
}
