/* SPDX-License-Identifier: MIT */
/*
 * agent_capture.c - what was on the cables: each frame once, where it entered
 * its cable, into the pcapng; each DHCP message of it into the log.
 */
#include <errno.h>
#include <string.h>

#include "base/addr.h"
#include "lab/agent_private.h"
#include "sys/packet.h"

#define CAPTURE_MAX_BYTES (256ull << 20)
#define BATCHES_A_TURN 4

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

/**
 * struct seen - a DHCP message that can be read, on its way from @sender
 * @to: label of who it is for; "": nobody of the lab
 */
struct seen {
	size_t sender;
	struct frame frame;
	uint8_t type;
	uint32_t xid;
	const char *to;
};

static bool read_message(const struct agent *a, const void *data, size_t len, bool csum_partial,
			 struct seen *ret)
{
	struct frame *f = &ret->frame;

	if (frame_decode(data, len, csum_partial, f) < 0 || f->kind != FRAME_UDP)
		return false;
	if (f->dst_port != DHCP_SERVER_PORT && f->dst_port != DHCP_CLIENT_PORT)
		return false;
	if (dhcp_message_peek(f->payload, f->payload_len, &ret->type, &ret->xid) < 0)
		return false;
	ret->to = label_by_mac(a, f->dst_mac);
	return true;
}

/* What is not in the capture must be in the log. */
static int tell_whole(const struct agent *a, const struct seen *s, struct trace_event *ret)
{
	size_t cable = a->scenario->ifaces[s->sender].cable;
	struct dhcp_message m;
	int r;

	r = dhcp_message_decode(s->frame.payload, s->frame.payload_len, &m, NULL, NULL);
	if (r == 0)
		r = trace_event_message(&s->frame, &m, ret);
	static_assert(sizeof(ret->msg.cable) >= CABLE_NAME_MAX, "a cable's name fits");
	if (r == 0)
		scenario_cable_name(a->scenario, cable, ret->msg.cable);
	return r;
}

static void tell_message(struct agent *a, const struct seen *s, int64_t frame)
{
	cleanup_event struct trace_event e = { .kind = TRACE_MESSAGE };

	if (frame <= 0 && tell_whole(a, s, &e) < 0)
		return;
	str_copy(e.msg.from, sizeof(e.msg.from), a->scenario->ifaces[s->sender].label);
	str_copy(e.msg.to, sizeof(e.msg.to), s->to);
	e.msg.frame = frame > 0 ? (uint64_t)frame : 0;
	agent_event(a, &e);
}

#define COMMENT_MAX (2 * PLACE_NAME_MAX + 64)

/* By hand: every message has one. "a:x => b:y: DISCOVER, xid 01234567" */
static void write_comment(const struct agent *a, const struct seen *s, char ret[static COMMENT_MAX])
{
	char *p = stpcpy(ret, a->scenario->ifaces[s->sender].label);

	p = stpcpy(p, " => ");
	p = stpcpy(p, s->to[0] ? s->to : "?");
	p = stpcpy(p, ": ");
	p = stpcpy(p, dhcp_type_name(s->type));
	p = stpcpy(p, ", xid ");
	for (int shift = 24; shift >= 0; shift -= 8, p += 2)
		hex_byte((uint8_t)(s->xid >> shift), p);
	*p = '\0';
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
	struct seen s = { .sender = sender };
	char comment[COMMENT_MAX];
	bool is_message;
	int64_t frame;

	is_message = read_message(a, data, len, meta->csum_partial, &s);
	if (!agent_has_room(a)) {
		if (is_message)
			agent_lose_event(a);
		return;
	}
	if (is_message)
		write_comment(a, &s, comment);
	frame = keep_frame(a, sender, meta, data, len, is_message ? comment : NULL);
	if (is_message)
		tell_message(a, &s, frame);
}

void capture_take_batch(struct agent *a, size_t sender, const struct packet_batch *b, int n)
{
	for (int i = 0; i < n; i++) {
		const struct packet_frame *f = packet_batch_frame(b, i);

		if (f->len > 0)
			capture_take(a, sender, &f->meta, f->data, f->len);
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
