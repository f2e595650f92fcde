/* SPDX-License-Identifier: MIT */
/*
 * host.c - as much of a host's kernel as DHCP meets: which address is where,
 * who answers ARP, and which frames reach the machine. Neighbours are looked
 * up, not asked for: the only ARP on the wires are probes and their answers.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "sim/world.h"

#define GROUP_BIT 0x01

bool host_is_switch(const struct sim *sim, size_t iface)
{
	return sim->ifaces[iface].switch_no != NO_SWITCH;
}

static uint64_t address_key(uint32_t segment, uint32_t address)
{
	return (uint64_t)segment << 32 | address;
}

uint32_t host_neighbour(const struct sim *sim, uint32_t segment, uint32_t address, size_t except)
{
	return map_find(&sim->addresses, address_key(segment, address), (uint32_t)except);
}

bool host_has_address(const struct sim *sim, size_t iface, uint32_t address)
{
	uint32_t segment = sim->ifaces[iface].segment;

	return map_has(&sim->addresses, address_key(segment, address), (uint32_t)iface);
}

int host_add_address(struct sim *sim, size_t iface, uint32_t address)
{
	return map_add(&sim->addresses, address_key(sim->ifaces[iface].segment, address),
		       (uint32_t)iface);
}

static int map_iface(struct sim *sim, size_t iface)
{
	const struct scn_iface *i = &sim->scenario->ifaces[iface];
	int r = 0;

	if (sim->opt.on_event)
		r = map_add(&sim->macs, mac_key(i->mac), (uint32_t)iface);
	for (size_t a = 0; r == 0 && a < i->n_addresses; a++)
		r = map_add(&sim->addresses,
			    address_key(sim->ifaces[iface].segment, i->addresses[a].address),
			    (uint32_t)iface);
	return r;
}

int host_map(struct sim *sim)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < sim->scenario->n_ifaces; i++) {
		if (!host_is_switch(sim, i))
			r = map_iface(sim, i);
	}

	return r;
}

static int move_address(struct sim *sim, size_t iface, uint32_t segment, uint32_t address)
{
	map_remove(&sim->addresses, address_key(sim->ifaces[iface].segment, address),
		   (uint32_t)iface);
	return map_add(&sim->addresses, address_key(segment, address), (uint32_t)iface);
}

int host_change_segment(struct sim *sim, size_t iface, uint32_t segment)
{
	const struct scn_iface *i = &sim->scenario->ifaces[iface];
	const struct sim_machine *m = sim->ifaces[iface].machine;
	int r = 0;

	for (size_t a = 0; r == 0 && a < i->n_addresses; a++)
		r = move_address(sim, iface, segment, i->addresses[a].address);
	if (r == 0 && m && m->config.address)
		r = move_address(sim, iface, segment, m->config.address);
	sim->ifaces[iface].segment = segment;
	return r;
}

#define ETHER_LEN 14
#define TTL_OFFSET (ETHER_LEN + 8)
#define CHECKSUM_OFFSET (ETHER_LEN + 10)
#define IP_LEN 20

/* An IP datagram in a frame goes by @way. 0 or -errno */
static int route_frame(struct sim *sim, struct way way, uint8_t *frame, size_t len)
{
	uint32_t next;

	if (!way.found)
		return -ENETUNREACH;
	next = host_neighbour(sim, sim->ifaces[way.iface].segment, way.via, way.iface);
	if (next == MAP_NONE)
		return -EHOSTUNREACH;

	memcpy(frame, sim->scenario->ifaces[next].mac, 6);
	memcpy(frame + 6, sim->scenario->ifaces[way.iface].mac, 6);
	return link_transmit(sim, way.iface, frame, len);
}

/* The interface of a relay agent's link; every other machine has one only. */
static size_t iface_of_port(const struct sim *sim, const struct node *n, uint8_t port)
{
	const struct scn_node *node = &sim->scenario->nodes[sim->scenario->ifaces[n->user].node];

	for (size_t k = 0; n->kind == NODE_RELAY && k < node->n_ifaces; k++) {
		const struct sim_machine *m = sim->ifaces[node->ifaces[k]].machine;

		if (m && m->kind == NODE_RELAY && m->home->node.port == port)
			return node->ifaces[k];
	}

	return n->user;
}

/* A relay agent sends by any link, all others by their own, to which their sockets are bound. */
static struct way way_of(const struct sim *sim, const struct node *n, uint32_t dst)
{
	if (n->kind == NODE_RELAY)
		return reach_find_way(sim, sim->scenario->ifaces[n->user].node, dst);
	return reach_find_way_over(sim, n->user, dst);
}

static int let_go(struct sim *sim, struct node *n, const struct dhcp_send *s)
{
	uint8_t frame[FRAME_MAX];
	int len;

	len = node_frame(n, s, s->dst_mac, frame, sizeof(frame));
	if (len < 0)
		return len;
	if (s->to_mac)
		return link_transmit(sim, iface_of_port(sim, n, s->port), frame, (size_t)len);

	return route_frame(sim, way_of(sim, n, s->dst_ip), frame, (size_t)len);
}

static int host_send(void *ctx, struct node *n, const struct dhcp_send *s)
{
	struct sim *sim = ctx;

	if (sim->opt.hold && sim->opt.hold(sim->opt.ctx, n->user, s))
		return 0;
	return let_go(sim, n, s);
}

int sim_release(struct sim *sim, size_t iface, const struct dhcp_send *s)
{
	struct sim_machine *m = sim->ifaces[iface].machine;
	int r = let_go(sim, machine_wake(sim, m), s);

	machine_settle(sim, m);
	return r;
}

static int host_send_frame(void *ctx, struct node *n, const void *frame, size_t len)
{
	return link_transmit(ctx, n->user, frame, len);
}

static void remove_address(struct sim *sim, struct node *n)
{
	struct sim_iface *iface = &sim->ifaces[n->user];
	struct held_config *held = &iface->machine->config;

	if (!held->address)
		return;
	map_remove(&sim->addresses, address_key(iface->segment, held->address),
		   (uint32_t)n->user);
	sim_news_address(sim, n, "remove", held->address, held_config_rest(held)->prefix_len);
	held_config_clear(held);
}

/* A lease, in place of another if there is one. Its routes are told when all of it is there. */
static int host_configure(void *ctx, struct node *n, const struct dhcp_config *c)
{
	struct sim *sim = ctx;
	struct sim_iface *iface = &sim->ifaces[n->user];
	struct held_config *held = &iface->machine->config;
	bool same = held->address == c->address &&
		    held_config_rest(held)->prefix_len == c->prefix_len;
	struct sim_routes had;
	int r = 0;

	sim_routes_of(sim, n, &had);
	if (!same) {
		remove_address(sim, n);
		r = map_add(&sim->addresses, address_key(iface->segment, c->address),
			    (uint32_t)n->user);
	}
	if (r == 0)
		r = held_config_set(held, &sim->config, c);
	if (r < 0)
		return r;
	if (!same)
		sim_news_address(sim, n, "add", c->address, c->prefix_len);
	sim_routes_since(sim, n, &had);
	return 0;
}

static int host_deconfigure(void *ctx, struct node *n, const struct dhcp_config *c)
{
	struct sim_routes had;

	sim_routes_of(ctx, n, &had);
	remove_address(ctx, n);
	sim_routes_since(ctx, n, &had);
	return 0;
}

static int host_link_local(void *ctx, struct node *n, const struct dhcp_config *c, bool on)
{
	return on ? host_configure(ctx, n, c) : host_deconfigure(ctx, n, c);
}

static void host_event(void *ctx, struct node *n, const struct trace_event *e)
{
	sim_tell(ctx, e);
}

static int host_recall(void *ctx, struct node *n, struct text *ret)
{
	struct sim *sim = ctx;
	const struct text *journal = &sim->ifaces[n->user].machine->home->journal;

	if (journal->len)
		text_addn(ret, journal->str, journal->len);
	return 0;
}

const struct node_ops host_ops = {
	.send = host_send,
	.send_frame = host_send_frame,
	.configure = host_configure,
	.deconfigure = host_deconfigure,
	.link_local = host_link_local,
	.event = host_event,
	.recall = host_recall,
};

/* Is it somebody beside the host who has it? He answers for himself. */
static bool is_of_intruder(const struct sim *sim, size_t iface, uint32_t address)
{
	for (size_t i = 0; sim->ifaces[iface].intruded && i < sim->scenario->n_faults; i++)
		if (sim->intruders[i].iface == iface &&
		    intruder_address(&sim->intruders[i]) == address)
			return true;
	return false;
}

/* RFC 826: whoever has the address answers, a probe (RFC 5227 section 2.1.1) too. */
static void answer_arp(struct sim *sim, size_t iface, const struct sim_frame *in)
{
	const uint8_t *mac = sim->scenario->ifaces[iface].mac;
	uint8_t out[FRAME_ARP_LEN];
	struct frame f, reply = { .arp_op = ARP_REPLY };
	int len;	/* it is whole: only messages have holes */

	if (frame_decode(in->data, in->len, false, &f) < 0 || f.arp_op != ARP_REQUEST ||
	    !host_has_address(sim, iface, f.dst_ip) || is_of_intruder(sim, iface, f.dst_ip))
		return;

	reply.src_ip = f.dst_ip;
	reply.dst_ip = f.src_ip;
	memcpy(reply.src_mac, mac, 6);
	memcpy(reply.arp_sender_mac, mac, 6);
	memcpy(reply.dst_mac, f.arp_sender_mac, 6);
	memcpy(reply.arp_target_mac, f.arp_sender_mac, 6);
	len = frame_encode_arp(&reply, out, sizeof(out));
	if (len > 0)
		len = link_transmit(sim, iface, out, (size_t)len);
	if (len < 0)
		sim_fail(sim, len);
}

/* RFC 1812 section 5.3.1: a router counts the time to live down. */
static void forward(struct sim *sim, size_t node, const struct sim_frame *in, uint32_t dst)
{
	uint8_t buf[FRAME_MAX], frame[FRAME_MAX];

	memcpy(frame, frame_bytes(in, buf), in->len);
	if (frame[TTL_OFFSET] <= 1)
		return;
	frame[TTL_OFFSET]--;
	store_be16(frame + CHECKSUM_OFFSET, 0);
	store_be16(frame + CHECKSUM_OFFSET, (uint16_t)~checksum_add(0, frame + ETHER_LEN, IP_LEN));
	/* Without a way it is lost, as it would be anywhere. */
	(void)route_frame(sim, reach_find_way(sim, node, dst), frame, in->len);
}

/* A unicast to one of the node's addresses, for its relay agent if it has one. */
static bool give_to_relay(struct sim *sim, size_t node, const struct frame *f)
{
	const struct scn_node *n = &sim->scenario->nodes[node];

	for (size_t k = 0; k < n->n_ifaces; k++) {
		struct sim_machine *m = sim->ifaces[n->ifaces[k]].machine;

		if (!m || m->kind != NODE_RELAY || !sim->ifaces[n->ifaces[k]].hears)
			continue;
		node_rx_udp(&m->home->node, sim->now, f->src_ip, f->src_port, f->dst_ip, f->payload,
			    f->payload_len);
		return true;
	}

	return false;
}

/* What the host's IP does with a unicast DHCP frame. True: the machine does not see it. */
static bool take_unicast(struct sim *sim, size_t iface, const struct sim_frame *in)
{
	size_t node = sim->scenario->ifaces[iface].node;
	uint8_t buf[FRAME_MAX];
	struct frame f;

	if (frame_decode(frame_bytes(in, buf), in->len, !in->broken, &f) < 0)
		return false;
	if (reach_is_own(sim, node, f.dst_ip))
		return in->kind == SIM_FRAME_TO_SERVER && give_to_relay(sim, node, &f);
	if (!sim->scenario->nodes[node].ip_forward ||
	    (sim->ifaces[iface].hears & 1u << in->kind && in->kind == SIM_FRAME_TO_CLIENT))
		return false;

	forward(sim, node, in, f.dst_ip);
	return true;
}

static bool is_router_or_relay(const struct sim *sim, size_t iface)
{
	const struct scn_node *node = &sim->scenario->nodes[sim->scenario->ifaces[iface].node];

	return node->ip_forward || node->has_relay;
}

void host_receive(struct sim *sim, size_t iface, const struct sim_frame *f)
{
	struct sim_machine *m = sim->ifaces[iface].machine;
	bool heard = sim->ifaces[iface].hears & 1u << f->kind;
	bool is_group = f->data[0] & GROUP_BIT;
	uint8_t buf[FRAME_MAX];

	if (sim->ifaces[iface].intruded)
		sim_intruders_hear(sim, iface, f);
	if (!heard && f->kind != SIM_FRAME_ARP && is_group)
		return;
	if (!is_group && memcmp(f->data, sim->scenario->ifaces[iface].mac, 6) != 0)
		return;
	if (f->kind == SIM_FRAME_ARP)
		answer_arp(sim, iface, f);
	else if (!is_group && is_router_or_relay(sim, iface) && take_unicast(sim, iface, f))
		return;
	if (!heard)
		return;

	/* What no fault has touched is as it was made: so are its checksums. */
	node_rx_frame(machine_wake(sim, m), sim->now, frame_bytes(f, buf), f->len,
		      !f->broken);
	machine_settle(sim, m);
}
