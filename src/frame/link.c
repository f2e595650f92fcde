/* SPDX-License-Identifier: MIT */
#include "frame/link.h"

#include <string.h>

#include "base/bytes.h"
#include "frame/wire.h"

#define ETHERTYPE_VLAN 0x8100		/* IEEE 802.1Q */
#define ETHERTYPE_SERVICE_VLAN 0x88a8	/* IEEE 802.1ad */
#define ETHERTYPE_OLD_SERVICE_VLAN 0x9100
#define COOKED_ADDRESS_LEN 8

bool frame_link_known(unsigned int type)
{
	return type == FRAME_LINK_ETHERNET || type == FRAME_LINK_RAW ||
	       type == FRAME_LINK_COOKED || type == FRAME_LINK_IPV4 || type == FRAME_LINK_COOKED2;
}

static bool is_vlan(uint16_t ethertype)
{
	return ethertype == ETHERTYPE_VLAN || ethertype == ETHERTYPE_SERVICE_VLAN ||
	       ethertype == ETHERTYPE_OLD_SERVICE_VLAN;
}

/* Past the tags, which stand where the type would. */
static uint16_t read_tags(struct reader *r, uint16_t ethertype, struct frame_link *l)
{
	while (is_vlan(ethertype) && !r->overrun) {
		uint16_t tag = get_be16(r);

		if (l->vlans.n < FRAME_VLANS_MAX)
			l->vlans.id[l->vlans.n++] = tag & FRAME_VLAN_ID_MAX;
		ethertype = get_be16(r);
	}
	return ethertype;
}

static uint16_t read_ethernet(struct reader *r, struct frame_link *l)
{
	get_bytes(r, l->frame.dst_mac, 6);
	get_bytes(r, l->frame.src_mac, 6);
	l->has_src_mac = true;
	l->has_dst_mac = true;
	return get_be16(r);
}

static void read_cooked_address(struct reader *r, size_t len, struct frame_link *l)
{
	uint8_t address[COOKED_ADDRESS_LEN];

	get_bytes(r, address, sizeof(address));
	l->has_src_mac = len == 6;
	if (l->has_src_mac)
		memcpy(l->frame.src_mac, address, 6);
}

/* LINKTYPE_LINUX_SLL: kind, hardware, length, 8 bytes of address, protocol. */
static uint16_t read_cooked(struct reader *r, struct frame_link *l)
{
	uint16_t len;

	get_span(r, 4);
	len = get_be16(r);
	read_cooked_address(r, len, l);
	return get_be16(r);
}

/* LINKTYPE_LINUX_SLL2: protocol, 2 reserved, interface, hardware, kind, length, address. */
static uint16_t read_cooked2(struct reader *r, struct frame_link *l)
{
	uint16_t protocol = get_be16(r);
	uint8_t len;

	get_span(r, 2 + 4 + 2 + 1);
	len = get_u8(r);
	read_cooked_address(r, len, l);
	return protocol;
}

/* To the IP header: its protocol's number. */
static uint16_t read_header(unsigned int type, struct reader *r, struct frame_link *l)
{
	switch (type) {
	case FRAME_LINK_ETHERNET:
		return read_tags(r, read_ethernet(r, l), l);
	case FRAME_LINK_COOKED:
		return read_tags(r, read_cooked(r, l), l);
	case FRAME_LINK_COOKED2:
		return read_tags(r, read_cooked2(r, l), l);
	case FRAME_LINK_RAW:
	case FRAME_LINK_IPV4:
		return ETHERTYPE_IP4;
	}
	return 0;
}

/* Addresses and ports of a datagram that can not be read as a whole. */
static void peek(const uint8_t *data, size_t left, struct frame *f)
{
	size_t header_len = (data[0] & 0xfu) * 4;
	bool first = (load_be16(data + 6) & IP4_OFFSET_MASK) == 0;

	f->ip_proto = data[9];
	f->src_ip = load_be32(data + 12);
	f->dst_ip = load_be32(data + 16);
	if (f->ip_proto != IP4_PROTO_UDP || !first || header_len < IP4_HEADER_LEN ||
	    left < header_len + 4)
		return;
	f->kind = FRAME_UDP;
	f->src_port = load_be16(data + header_len);
	f->dst_port = load_be16(data + header_len + 2);
}

static void read_ip4(const uint8_t *data, size_t left, bool cut, struct frame_link *l)
{
	if (frame_decode_ip4(data, left, false, &l->frame) == 0)
		return;
	if (frame_decode_ip4(data, left, true, &l->frame) == 0) {
		l->trouble = FRAME_CHECKSUM;
		return;
	}

	l->frame.kind = FRAME_OTHER;
	l->trouble = cut ? FRAME_CUT : FRAME_BROKEN;
	if (left < IP4_HEADER_LEN || data[0] >> 4 != 4)
		return;
	if (load_be16(data + 6) & (IP4_MORE_FRAGMENTS | IP4_OFFSET_MASK))
		l->trouble = FRAME_FRAGMENT;
	peek(data, left, &l->frame);
}

void frame_link_read(unsigned int type, const void *data, size_t len, size_t wire_len,
		     struct frame_link *ret)
{
	struct frame_link l = { .frame = { .kind = FRAME_OTHER } };
	struct reader r;

	reader_init(&r, data, len);
	l.frame.ethertype = read_header(type, &r, &l);
	if (r.overrun)
		l.trouble = len < wire_len ? FRAME_CUT : FRAME_BROKEN;
	else if (l.frame.ethertype == ETHERTYPE_IP4)
		read_ip4(r.data + r.pos, reader_left(&r), len < wire_len, &l);
	*ret = l;
}
