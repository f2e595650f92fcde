/* SPDX-License-Identifier: MIT */
#include <errno.h>

#include "base/bytes.h"
#include "frame/frame.h"
#include "frame/wire.h"

#define TTL 64

static void put_eth_header(struct writer *w, const struct frame *f, uint16_t ethertype)
{
	put_bytes(w, f->dst_mac, 6);
	put_bytes(w, f->src_mac, 6);
	put_be16(w, ethertype);
}

/* RFC 791 section 3.1. */
static void put_ip4_header(struct writer *w, const struct frame *f, uint16_t id, size_t len)
{
	uint8_t *header = w->data + w->len;

	put_u8(w, 0x45);
	put_u8(w, 0);
	put_be16(w, (uint16_t)len);
	put_be16(w, id);
	put_be16(w, 0);
	put_u8(w, TTL);
	put_u8(w, IP4_PROTO_UDP);
	put_be16(w, 0);
	put_be32(w, f->src_ip);
	put_be32(w, f->dst_ip);
	store_be16(header + 10, (uint16_t)~checksum_add(0, header, IP4_HEADER_LEN));
}

static void put_udp(struct writer *w, const struct frame *f)
{
	uint16_t len = (uint16_t)(UDP_HEADER_LEN + f->payload_len), sum;
	uint8_t *header = w->data + w->len;

	put_be16(w, f->src_port);
	put_be16(w, f->dst_port);
	put_be16(w, len);
	put_be16(w, 0);
	put_bytes(w, f->payload, f->payload_len);

	if (f->no_checksum)
		return;
	/* RFC 768: zero says "no checksum", so a sum of zero is sent as all ones. */
	sum = (uint16_t)~checksum_add(udp_pseudo_sum(f, len), header, len);
	store_be16(header + 6, sum ? sum : 0xffff);
}

int frame_encode_udp(const struct frame *f, uint16_t id, void *out, size_t size)
{
	size_t ip_len;
	struct writer w;

	if (f->payload_len > UINT16_MAX - IP4_HEADER_LEN - UDP_HEADER_LEN)
		return -EMSGSIZE;
	ip_len = IP4_HEADER_LEN + UDP_HEADER_LEN + f->payload_len;
	if (ETH_HEADER_LEN + ip_len > size)
		return -EMSGSIZE;

	writer_init(&w, out, size);
	put_eth_header(&w, f, ETHERTYPE_IP4);
	put_ip4_header(&w, f, id, ip_len);
	put_udp(&w, f);
	return (int)w.len;
}

int frame_encode_arp(const struct frame *f, void *out, size_t size)
{
	struct writer w;

	writer_init(&w, out, size);
	put_eth_header(&w, f, ETHERTYPE_ARP);
	put_be16(&w, ARP_ETHERNET);
	put_be16(&w, ETHERTYPE_IP4);
	put_be16(&w, ARP_SIZES);
	put_be16(&w, f->arp_op);
	put_bytes(&w, f->arp_sender_mac, 6);
	put_be32(&w, f->src_ip);
	put_bytes(&w, f->arp_target_mac, 6);
	put_be32(&w, f->dst_ip);
	return w.overflow ? -EMSGSIZE : (int)w.len;
}
