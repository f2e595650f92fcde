/* SPDX-License-Identifier: MIT */
/* agent_step_status.c - what is held, in the words of lab_status(). */
#include <jansson.h>
#include <string.h>

#include "lab/agent_private.h"

static bool has_address(const struct agent *a, size_t iface, uint32_t address)
{
	const struct scn_iface *i = &a->scenario->ifaces[iface];
	const struct machine *m = a->machine_of[iface];

	for (size_t k = 0; k < i->n_addresses; k++)
		if (i->addresses[k].address == address)
			return true;
	return m && m->node.kind == NODE_CLIENT && m->has_lease &&
	       m->node.client.lease.address == address;
}

static bool is_broadcast(const uint8_t mac[static 6])
{
	static const uint8_t everyone[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };

	return memcmp(mac, everyone, sizeof(everyone)) == 0;
}

/* The interface that it is for; NONE: everyone, or somebody who is not of this lab. */
static size_t receiver(const struct agent *a, const struct dhcp_send *s)
{
	for (size_t i = 0; i < a->scenario->n_ifaces; i++) {
		if (s->to_mac ? memcmp(a->scenario->ifaces[i].mac, s->dst_mac, 6) == 0
			      : has_address(a, i, s->dst_ip))
			return i;
	}
	return NONE;
}

/* Of a copy of the machine: it counts its datagrams. */
static json_t *json_frame(const struct agent *a, const struct step_held *h,
			  const uint8_t mac[static 6])
{
	const struct machine *m = a->machine_of[h->iface];
	char hex[2 * FRAME_MAX + 1] = "";
	uint8_t bytes[FRAME_MAX];
	int len;

	if (m) {
		struct node copy = m->node;

		len = node_frame(&copy, &h->send, mac, bytes, sizeof(bytes));
	} else {
		len = guest_frame(a, h, bytes);
	}
	for (int i = 0; i < len; i++)
		hex_byte(bytes[i], hex + 2 * i);
	return json_string(hex);
}

static json_t *json_held(const struct agent *a, const struct step_held *h)
{
	const struct machine *m = a->machine_of[h->iface];
	const struct dhcp_send *s = &h->send;
	size_t to = receiver(a, s);
	const struct node_relay *relay = m && m->node.kind == NODE_RELAY ? m->node.relay : NULL;
	const char *at = relay ? relay->port[s->port].label : a->scenario->ifaces[h->iface].label;
	const uint8_t *mac = s->dst_mac;
	char ip[IP4_LEN];

	if (!s->to_mac && to != NONE)
		mac = a->scenario->ifaces[to].mac;
	return json_pack("{s:s, s:s, s:s, s:o}", "at", at, "message",
			 dhcp_type_name(s->type), "to",
			 to != NONE ? a->scenario->ifaces[to].label
			 : s->to_mac && is_broadcast(s->dst_mac) ? "everyone"
								 : ip4_format(s->dst_ip, ip),
			 "frame", json_frame(a, h, mac));
}

static json_t *json_in(uint64_t then, uint64_t now)
{
	if (then == UINT64_MAX)
		return json_null();
	return json_real(then > now ? (double)(then - now) / 1e6 : 0);
}

json_t *step_status(const struct agent *a)
{
	uint64_t now = agent_now(a), then = lab_time_next(&a->time);
	const struct step_held *h;
	json_t *held;

	if (!a->step.on)
		return json_null();
	held = json_array();
	for (size_t i = 1; (h = step_queue_at(&a->step.queue, i)); i++)
		json_array_append_new(held, json_held(a, h));
	return json_pack("{s:I, s:o, s:o}", "back", (json_int_t)a->step.n_past, "next_in",
			 json_in(then, now), "held", held);
}
