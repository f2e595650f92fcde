/* SPDX-License-Identifier: MIT */
/*
 * agent_capture.c - what was on the cables: each frame once, where it entered
 * its cable, into the pcapng; each DHCP message of it into the log.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "lab/agent_private.h"
#include "sys/packet.h"

#define CAPTURE_MAX_BYTES (256ull << 20)
#define FRAMES_A_TURN 256
#define FRAME_KEPT 2048		/* bytes of a frame that are kept: jumbo frames are cut */

static const uint8_t everyone[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };

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

static const char *label_by_mac(const struct agent *a, const uint8_t mac[static 6])
{
	if (!memcmp(mac, everyone, 6))
		return "everyone";
	for (size_t i = 0; i < a->scenario->n_ifaces; i++)
		if (!memcmp(a->scenario->ifaces[i].mac, mac, 6))
			return a->scenario->ifaces[i].label;
	return "";
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

/* Does the frame carry DHCP that can be read? */
static bool read_message(const void *data, size_t len, bool csum_partial, struct frame *ret_frame,
			 struct dhcp_message *ret)
{
	struct frame *f = ret_frame;

	if (frame_decode(data, len, csum_partial, f) < 0 || f->kind != FRAME_UDP)
		return false;
	if (f->dst_port != DHCP_SERVER_PORT && f->dst_port != DHCP_CLIENT_PORT)
		return false;
	return dhcp_message_decode(f->payload, f->payload_len, ret, NULL, NULL) == 0;
}

static void tell_message(struct agent *a, size_t sender, const char *to, const struct frame *f,
			 const struct dhcp_message *m, int64_t frame)
{
	const struct scn_iface *from = &a->scenario->ifaces[sender];
	cleanup_event struct trace_event e = { .kind = TRACE_MESSAGE };

	/* What is not in the capture must be in the log. */
	if (frame <= 0) {
		if (trace_event_message(f, m, &e) < 0)
			return;
		static_assert(sizeof(e.msg.cable) >= CABLE_NAME_MAX, "a cable's name fits");
		scenario_cable_name(a->scenario, from->cable, e.msg.cable);
	}
	str_copy(e.msg.from, sizeof(e.msg.from), from->label);
	str_copy(e.msg.to, sizeof(e.msg.to), to);
	e.msg.frame = frame > 0 ? (uint64_t)frame : 0;
	agent_event(a, &e);
}

static int64_t keep_frame(struct agent *a, size_t sender, const struct packet_meta *meta,
			  const void *data, size_t len, const char *comment)
{
	if (a->capture_bytes > CAPTURE_MAX_BYTES)
		return 0;
	a->capture_bytes += len + 64;
	if (a->capture_bytes > CAPTURE_MAX_BYTES) {
		agent_note(a, "the capture is full (%llu MB): later frames are not kept",
			   CAPTURE_MAX_BYTES >> 20);
		return 0;
	}
	return pcapng_add_packet(&a->pcapng, (uint32_t)a->scenario->ifaces[sender].cable,
				 meta->wall_ns, data, len, meta->wire_len, comment);
}

void capture_take(struct agent *a, size_t sender, const struct packet_meta *meta, const void *data,
		  size_t len)
{
	char comment[256];
	struct dhcp_message m;
	const char *to;
	bool is_message;
	struct frame f;
	int64_t frame;

	is_message = read_message(data, len, meta->csum_partial, &f, &m);
	if (!agent_has_room(a)) {
		if (is_message)
			agent_lose_event(a);
		return;
	}
	to = is_message ? label_by_mac(a, f.dst_mac) : "";
	if (is_message)
		snprintf(comment, sizeof(comment), "%s => %s: %s, xid %08x",
			 a->scenario->ifaces[sender].label, to[0] ? to : "?",
			 dhcp_type_name(m.type), m.xid);
	frame = keep_frame(a, sender, meta, data, len, is_message ? comment : NULL);
	if (is_message)
		tell_message(a, sender, to, &f, &m, frame);
}

static void drain(struct capture *c)
{
	uint8_t data[FRAME_KEPT];
	struct packet_meta meta;
	size_t sender;

	for (int i = 0; i < FRAMES_A_TURN; i++) {
		int n = packet_recv(c->socket.fd, data, sizeof(data), &meta);

		if (n < 0 && n != -ENETDOWN)
			break;
		if (n <= 0)
			continue;
		sender = sender_of(c, &meta);
		if (sender != NONE)
			capture_take(c->agent, sender, &meta, data, (size_t)n);
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

int capture_init(struct agent *a, struct capture *c, const struct capture_socket *socket)
{
	c->agent = a;
	c->socket = *socket;
	event_assign(&c->rx, a->base, socket->fd, EV_READ | EV_PERSIST, on_capture, c);
	return event_add(&c->rx, NULL) < 0 ? -ENOMEM : 0;
}
