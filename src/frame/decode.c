/* SPDX-License-Identifier: MIT */
#include <errno.h>

#include "base/bytes.h"
#include "frame/frame.h"
#include "frame/wire.h"

static bool checksum_ok(uint32_t sum, const uint8_t *data, size_t len)
{
	return checksum_add(sum, data, len) == 0xffff;
}

/* RFC 768. An IP payload longer than the datagram is the sender's padding. */
static int decode_udp(const uint8_t *data, size_t left, bool csum_partial, struct frame *f)
{
	uint16_t len, sum;
	struct reader r;

	reader_init(&r, data, left);
	f->src_port = get_be16(&r);
	f->dst_port = get_be16(&r);
	len = get_be16(&r);
	sum = get_be16(&r);
	if (r.overrun || len < UDP_HEADER_LEN || len > left)
		return -EBADMSG;
	if (sum != 0 && !csum_partial && !checksum_ok(udp_pseudo_sum(f, len), data, len))
		return -EBADMSG;

	f->kind = FRAME_UDP;
	f->payload = data + UDP_HEADER_LEN;
	f->payload_len = len - UDP_HEADER_LEN;
	return 0;
}

static int decode_icmp(const uint8_t *data, size_t len, struct frame *f)
{
	if (len < ICMP_HEADER_LEN || !checksum_ok(0, data, len))
		return -EBADMSG;

	f->kind = FRAME_ICMP;
	f->icmp_type = data[0];
	f->icmp_code = data[1];
	f->payload = data + ICMP_HEADER_LEN;
	f->payload_len = len - ICMP_HEADER_LEN;
	return 0;
}

/* RFC 791 section 3.1. What follows the total length is Ethernet's trailer. */
int frame_decode_ip4(const uint8_t *data, size_t left, bool csum_partial, struct frame *f)
{
	size_t header_len, len;

	if (left < IP4_HEADER_LEN || data[0] >> 4 != 4)
		return -EBADMSG;
	header_len = (data[0] & 0xfu) * 4;
	len = load_be16(data + 2);
	if (header_len < IP4_HEADER_LEN || len < header_len || len > left)
		return -EBADMSG;
	if (!checksum_ok(0, data, header_len))
		return -EBADMSG;
	if (load_be16(data + 6) & (IP4_MORE_FRAGMENTS | IP4_OFFSET_MASK))
		return -EOPNOTSUPP;

	f->ip_proto = data[9];
	f->src_ip = load_be32(data + 12);
	f->dst_ip = load_be32(data + 16);
	if (f->ip_proto == IP4_PROTO_UDP)
		return decode_udp(data + header_len, len - header_len, csum_partial, f);
	if (f->ip_proto == IP4_PROTO_ICMP)
		return decode_icmp(data + header_len, len - header_len, f);
	return 0;
}

/* RFC 826, for Ethernet and IPv4; other hardware and protocols are none of ours. */
static int decode_arp(struct reader *r, struct frame *f)
{
	uint16_t hardware = get_be16(r), protocol = get_be16(r), sizes = get_be16(r);

	if (r->overrun)
		return -EBADMSG;
	if (hardware != ARP_ETHERNET || protocol != ETHERTYPE_IP4 || sizes != ARP_SIZES)
		return 0;

	f->arp_op = get_be16(r);
	get_bytes(r, f->arp_sender_mac, 6);
	f->src_ip = get_be32(r);
	get_bytes(r, f->arp_target_mac, 6);
	f->dst_ip = get_be32(r);
	if (r->overrun)
		return -EBADMSG;

	f->kind = FRAME_ARP;
	return 0;
}

int frame_decode(const void *data, size_t len, bool csum_partial, struct frame *ret)
{
	struct frame f = { .kind = FRAME_OTHER };
	struct reader r;
	int err = 0;

	reader_init(&r, data, len);
	get_bytes(&r, f.dst_mac, 6);
	get_bytes(&r, f.src_mac, 6);
	f.ethertype = get_be16(&r);
	if (r.overrun)
		return -EBADMSG;

	if (f.ethertype == ETHERTYPE_ARP)
		err = decode_arp(&r, &f);
	else if (f.ethertype == ETHERTYPE_IP4)
		err = frame_decode_ip4(r.data + r.pos, reader_left(&r), csum_partial, &f);
	if (err < 0)
		return err;

	*ret = f;
	return 0;
}
