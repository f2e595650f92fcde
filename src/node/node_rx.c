/* SPDX-License-Identifier: MIT */
/*
 * node_rx.c - frames in. First what is not meant for this machine is passed
 * over, then what is meant for it and broken is logged; the rest are events.
 */
#include <string.h>

#include "node/machine.h"

#define GROUP_BIT 0x01	/* of a MAC address's first byte: broadcast or multicast */
#define ETHERNET_HLEN 6

static bool is_ours(const struct node *n, const uint8_t mac[static 6])
{
	return memcmp(mac, n->mac, sizeof(n->mac)) == 0;
}

/* RFC 5227 sections 2.1.1 and 2.4: what the host says by another interface is no conflict. */
static bool is_our_hosts(const struct node *n, const uint8_t mac[static 6])
{
	for (size_t i = 0; n->host && i < n->host->n_ifaces; i++)
		if (memcmp(mac, n->scenario->ifaces[n->host->ifaces[i]].mac, sizeof(n->mac)) == 0)
			return true;

	return false;
}

static uint16_t own_port(const struct node *n)
{
	return n->kind == NODE_CLIENT ? DHCP_CLIENT_PORT : DHCP_SERVER_PORT;
}

/* Another client's reply, which a switch or the broadcast flag brought here too. */
static bool is_for_another(const struct node *n, const struct dhcp_message *m)
{
	return n->kind == NODE_CLIENT && m->op == DHCP_OP_REPLY && m->hlen == ETHERNET_HLEN &&
	       !is_ours(n, m->chaddr);
}

/* @rx without its message, which is decoded from @data; @broken: known to be, and why. */
static int rx_message(struct node *n, uint64_t now, struct dhcp_rx *rx,
		      const struct dhcp_reason *broken, const void *data, size_t len)
{
	struct dhcp_event ev = { .type = DHCP_EVENT_RX, .now = now };
	struct dhcp_reason bad = { 0 };
	struct dhcp_message msg;
	int r;

	r = dhcp_message_decode(data, len, &msg, &bad.why, &bad.rfc);
	if (r == 0 && is_for_another(n, &msg))
		return 0;
	if (broken || r < 0) {
		machine_tell_drop(n, now, r < 0 ? DHCP_NO_TYPE : msg.type,
				  broken ? broken : &bad, NULL);
		return 0;
	}

	ev.rx = *rx;
	ev.rx.msg = &msg;
	ev.rx.payload = data;
	return machine_step(n, &ev);
}

static int rx_udp(struct node *n, uint64_t now, const struct frame *f,
		  const struct dhcp_reason *broken)
{
	struct dhcp_rx rx = {
		.src_ip = f->src_ip,
		.dst_ip = f->dst_ip,
		.src_port = f->src_port,
		.dst_port = f->dst_port,
		.port = n->port,
	};

	if (f->dst_port != own_port(n) || (n->kind == NODE_RELAY && !(f->dst_mac[0] & GROUP_BIT)))
		return 0;

	memcpy(rx.src_mac, f->src_mac, sizeof(rx.src_mac));
	return rx_message(n, now, &rx, broken, f->payload, f->payload_len);
}

/* A client asks about one address at a time, a server about many. */
static bool is_probing(const struct node *n, uint32_t address)
{
	if (n->kind == NODE_SERVER)
		return dhcp_server_is_probing(n->server, address);

	/* RFC 5227 section 2.1.1: from the beginning, which is before the first probe */
	return n->kind == NODE_CLIENT && n->client.probing && address == n->client.lease.address;
}

/* The address that nobody else may have: asked about, or held. */
static bool is_claimed(const struct node *n, uint32_t address)
{
	if (n->kind == NODE_CLIENT)
		return address && address == n->client.lease.address;
	return is_probing(n, address);
}

/*
 * RFC 5227 section 2.1.1: somebody who probes for the same address at the same
 * time has as good a claim to it. A probe's sender address is zero.
 */
static bool is_rival_probe(const struct node *n, const struct frame *f)
{
	return f->arp_op == ARP_REQUEST && f->src_ip == 0 && is_probing(n, f->dst_ip);
}

/* RFC 5227 sections 2.1.1 and 2.4: the sender of any ARP packet says which address it has. */
static int rx_arp(struct node *n, uint64_t now, const struct frame *f)
{
	struct dhcp_event ev = { .type = DHCP_EVENT_CONFLICT, .now = now };

	if (is_ours(n, f->arp_sender_mac))
		return 0;
	if (is_our_hosts(n, f->arp_sender_mac))	/* RFC 3927 section 2.5 asks for the interface's */
		return link_local_rx_arp(n, now, f);
	if (is_rival_probe(n, f))
		ev.conflict = f->dst_ip;
	else if (is_claimed(n, f->src_ip))
		ev.conflict = f->src_ip;
	else
		return link_local_rx_arp(n, now, f);

	return machine_step(n, &ev);
}

static bool is_meant_for(const struct node *n, const struct frame *f)
{
	return !is_ours(n, f->src_mac) && ((f->dst_mac[0] & GROUP_BIT) || is_ours(n, f->dst_mac));
}

/*
 * A datagram whose UDP checksum lies was sent to somebody: the rest of it still
 * says to whom. Broken IP is nobody's, as for the kernel's own stack.
 */
static int rx_broken(struct node *n, uint64_t now, const void *data, size_t len)
{
	static const struct dhcp_reason reason = {
		"its UDP checksum is wrong: it was damaged on the way", "RFC 768",
	};
	struct frame f;

	if (frame_decode(data, len, true, &f) < 0 || f.kind != FRAME_UDP || !is_meant_for(n, &f))
		return 0;
	return rx_udp(n, now, &f, &reason);
}

int node_rx_frame(struct node *n, uint64_t now, const void *data, size_t len, bool csum_partial)
{
	struct frame f;

	if (n->off)
		return 0;
	if (frame_decode(data, len, csum_partial, &f) < 0)
		return csum_partial ? 0 : rx_broken(n, now, data, len);
	if (!is_meant_for(n, &f))
		return 0;

	switch (f.kind) {
	case FRAME_ARP:
		return rx_arp(n, now, &f);
	case FRAME_UDP:
		return rx_udp(n, now, &f, NULL);
	case FRAME_ICMP:
	case FRAME_OTHER:
		break;
	}

	return 0;
}

/* Is it one of the host's? Else it was a broadcast, which comes as a frame, too. */
static bool is_own_address(const struct dhcp_relay_options *opt, uint32_t address)
{
	for (size_t i = 0; i < opt->n_own; i++)
		if (opt->own[i] == address)
			return true;

	return false;
}

int node_rx_udp(struct node *n, uint64_t now, uint32_t src, uint16_t src_port, uint32_t dst,
		const void *data, size_t len)
{
	struct dhcp_rx rx = {
		.src_ip = src,
		.dst_ip = dst,
		.src_port = src_port,
		.dst_port = own_port(n),
		.port = DHCP_RELAY_NO_PORT,
	};

	if (n->kind == NODE_RELAY && !is_own_address(&n->relay->machine.opt, dst))
		return 0;
	return n->off ? 0 : rx_message(n, now, &rx, NULL, data, len);
}
