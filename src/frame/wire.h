/* SPDX-License-Identifier: MIT */
/* wire.h - numbers that both directions of the frame codec need. */
#ifndef FRAME_WIRE_H
#define FRAME_WIRE_H

#include "frame/frame.h"

#define ETHERTYPE_IP4 0x0800
#define ETHERTYPE_ARP 0x0806

#define IP4_HEADER_LEN 20
#define IP4_PROTO_ICMP 1
#define IP4_PROTO_UDP 17
#define IP4_MORE_FRAGMENTS 0x2000
#define IP4_OFFSET_MASK 0x1fff

#define UDP_HEADER_LEN 8
#define ICMP_HEADER_LEN 8

#define ARP_ETHERNET 1
#define ARP_SIZES 0x0604 /* six bytes of MAC, four of IPv4 */

/*
 * From the IP header on: 0, -EBADMSG, -EOPNOTSUPP as frame_decode(). @f is as
 * far as it was read, also on failure.
 */
int frame_decode_ip4(const uint8_t *data, size_t left, bool csum_partial, struct frame *f);

/* The sum of RFC 768's pseudo header for a datagram of @len bytes. */
uint32_t udp_pseudo_sum(const struct frame *f, uint16_t len);

#endif
