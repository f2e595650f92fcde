/* SPDX-License-Identifier: MIT */
/*
 * link.h - packets of any capture: what stands in front of the IP header, and
 * what keeps a packet from being read.
 *
 * Own cables carry plain Ethernet (frame.h); other people's captures have VLAN
 * tags, Linux's cooked headers, or no link header at all.
 */
#ifndef FRAME_LINK_H
#define FRAME_LINK_H

#include "frame/frame.h"

/* LINKTYPE_ numbers of the capture formats (www.tcpdump.org/linktypes.html). */
enum frame_link_type {
	FRAME_LINK_ETHERNET = 1,
	FRAME_LINK_RAW = 101,		/* IP begins at once */
	FRAME_LINK_COOKED = 113,	/* "any" interface, version 1 */
	FRAME_LINK_IPV4 = 228,
	FRAME_LINK_COOKED2 = 276,
};

enum frame_trouble {
	FRAME_SOUND,
	FRAME_CHECKSUM,		/* UDP's is wrong, or left to hardware; all was read */
	FRAME_CUT,		/* the capture has kept a part only */
	FRAME_FRAGMENT,		/* the first part of a datagram */
	FRAME_BROKEN,		/* a length or the IP checksum lies */
};
#define FRAME_TROUBLES (FRAME_BROKEN + 1)

#define FRAME_VLANS_MAX 2	/* 802.1ad around 802.1Q */
#define FRAME_VLAN_ID_MAX 0x0fff

/**
 * struct frame_vlans - the numbers of its VLAN tags, the outer one first
 * @n: further tags are gone past
 */
struct frame_vlans {
	unsigned int n;
	uint16_t id[FRAME_VLANS_MAX];
};

/**
 * struct frame_link - one captured packet
 * @trouble: from FRAME_CUT on @frame has no payload: addresses and ports only,
 *	as far as they were there
 * @frame: kind FRAME_UDP if it is (a part of) a UDP datagram
 * @has_src_mac: @has_dst_mac: cooked headers know the sender only, raw IP nobody
 */
struct frame_link {
	enum frame_trouble trouble;
	struct frame frame;
	bool has_src_mac, has_dst_mac;
	struct frame_vlans vlans;
};

/* Is it a link type that frame_link_read() knows? */
bool frame_link_known(unsigned int type);

/**
 * frame_link_read() - read one captured packet
 * @len: bytes that the capture has; @wire_len: that there were
 * @ret: filled in any case; kind FRAME_OTHER for what is not IPv4 and UDP
 */
void frame_link_read(unsigned int type, const void *data, size_t len, size_t wire_len,
		     struct frame_link *ret);

#endif
