/* SPDX-License-Identifier: MIT */
/*
 * agent_guest.c - messages of programs that are not netlab's. Step by step they are
 * held at the beginning of their wire, before they are written down, and sent on
 * from there. While time jumps, their servers are waited for: they need real time.
 */
#include <string.h>

#include "lab/agent_private.h"

/* So many questions in a row that no guest answers, and nobody waits for one any more. */
#define GUEST_PATIENCE 4

bool guest_is_possible(const struct agent *a)
{
	const struct scenario *s = a->scenario;

	for (size_t i = 0; i < s->n_ifaces; i++)
		if (s->cables[s->ifaces[i].cable].wire && scenario_is_guest(s, i))
			return true;
	return false;
}

/* The message as one of ours would be held. False: it is none that can be read. */
static bool read_message(const void *frame, size_t len, struct dhcp_send *ret)
{
	struct dhcp_message m;
	struct frame f;

	if (frame_decode(frame, len, true, &f) < 0 || f.kind != FRAME_UDP ||
	    (f.dst_port != DHCP_SERVER_PORT && f.dst_port != DHCP_CLIENT_PORT) ||
	    f.payload_len > sizeof(ret->data) ||
	    dhcp_message_decode(f.payload, f.payload_len, &m, NULL, NULL) < 0)
		return false;
	*ret = (struct dhcp_send){
		.src_ip = f.src_ip, .dst_ip = f.dst_ip,
		.src_port = f.src_port, .dst_port = f.dst_port,
		.to_mac = true,
		.type = m.type,
		.len = (uint16_t)f.payload_len,
	};
	memcpy(ret->dst_mac, f.dst_mac, sizeof(ret->dst_mac));
	memcpy(ret->data, f.payload, f.payload_len);
	return true;
}

/* Is it what a router of the lab only passes on? Then it was held where it came from. */
static bool is_passed_on(const struct agent *a, size_t from, const struct dhcp_send *s)
{
	size_t node = a->scenario->ifaces[from].node;

	return a->scenario->nodes[node].ip_forward && s->src_ip != 0 &&
	       !news_knows(a, node, s->src_ip);
}

bool guest_holds(struct agent *a, size_t from, const void *frame, size_t len)
{
	struct dhcp_send s;

	if (!a->step.on || a->stopping || !scenario_is_guest(a->scenario, from))
		return false;
	return read_message(frame, len, &s) && !is_passed_on(a, from, &s) &&
	       step_queue_add(&a->step.queue, from, &s) == 0;
}

void guest_hear(struct agent *a, size_t from, const void *frame, size_t len)
{
	struct dhcp_send s;

	if (!scenario_is_guest(a->scenario, from) || !read_message(frame, len, &s) ||
	    s.data[0] != DHCP_OP_REPLY)
		return;
	a->guest_patience = GUEST_PATIENCE;
	a->asked -= a->asked > 0;
}

void guest_ask(struct agent *a, enum dhcp_message_type type)
{
	if (a->time.jumping && type != DHCP_RELEASE && type != DHCP_DECLINE)
		a->asked++;
}

bool guest_is_awaited(const struct agent *a)
{
	return a->asked > 0 && a->guest_patience > 0;
}

void guest_give_up(struct agent *a)
{
	a->guest_patience -= guest_is_awaited(a);
	a->asked = 0;
}

int guest_frame(const struct agent *a, const struct step_held *h, uint8_t ret[static FRAME_MAX])
{
	const struct dhcp_send *s = &h->send;
	struct frame f = {
		.src_ip = s->src_ip, .dst_ip = s->dst_ip,
		.src_port = s->src_port, .dst_port = s->dst_port,
		.payload = s->data,
		.payload_len = s->len,
	};

	memcpy(f.src_mac, a->scenario->ifaces[h->iface].mac, sizeof(f.src_mac));
	memcpy(f.dst_mac, s->dst_mac, sizeof(f.dst_mac));
	return frame_encode_udp(&f, 0, ret, FRAME_MAX);
}

int guest_let_go(struct agent *a, const struct step_held *h)
{
	uint8_t frame[FRAME_MAX];
	int len = guest_frame(a, h, frame);

	if (len < 0)
		return len;
	wire_inject(a, h->iface, frame, (size_t)len);
	return 0;
}
