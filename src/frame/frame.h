/* SPDX-License-Identifier: MIT */
/*
 * frame.h - Ethernet II frames that carry ARP or UDP over IPv4.
 *
 * Decoding tolerates what real wires bring: Ethernet trailers, IP options,
 * checksums that the kernel has left to hardware that is not there (veth).
 * Addresses are in host byte order, ports too.
 */
#ifndef FRAME_FRAME_H
#define FRAME_FRAME_H

#include "base/util.h"

#define FRAME_MAX 1514
#define ETH_HEADER_LEN 14
#define FRAME_UDP_OVERHEAD (14 + 20 + 8)
#define FRAME_ARP_LEN (14 + 28)

/* arp_op, RFC 826. */
#define ARP_REQUEST 1
#define ARP_REPLY 2

enum frame_kind {
	FRAME_OTHER,	/* sound as far as it was read, and none of ours */
	FRAME_ARP,
	FRAME_UDP,
	FRAME_ICMP,
};

/**
 * struct frame - one decoded frame
 * @payload: points into the bytes that were decoded: UDP's or ICMP's data
 * @arp_op: ARP_REQUEST or ARP_REPLY; for ARP @src_ip/@arp_sender_mac and @dst_ip/@arp_target_mac
 *	hold the sender's and the target's addresses
 * @no_checksum: of one that is encoded: UDP's is left out (RFC 768: it is zero)
 * @icmp_type: 8 echo request, 0 echo reply, 3 unreachable
 */
struct frame {
	enum frame_kind kind;
	uint8_t src_mac[6], dst_mac[6];
	uint16_t ethertype;
	uint32_t src_ip, dst_ip;
	uint8_t ip_proto;
	uint16_t src_port, dst_port;
	uint8_t icmp_type, icmp_code;
	uint16_t arp_op;
	uint8_t arp_sender_mac[6], arp_target_mac[6];
	bool no_checksum;
	const uint8_t *payload;
	size_t payload_len;
};

/**
 * frame_decode() - read one frame
 * @csum_partial: the kernel said that the UDP checksum is not filled in yet
 *	(TP_STATUS_CSUMNOTREADY): it is not looked at
 * @ret: untouched on failure
 *
 * Return: 0; -EBADMSG when a length or checksum lies (RFC 791, 768, 826);
 * -EOPNOTSUPP for an IP fragment (RFC 791: DHCP's 576 bytes are never fragmented on our links).
 */
int frame_decode(const void *data, size_t len, bool csum_partial, struct frame *ret);

/**
 * frame_encode_udp() - Ethernet + IPv4 + UDP headers and the payload, with checksums
 * @f: src/dst mac, ip, port, payload
 * @id: IP identification
 *
 * Return: bytes written to @out, or -EMSGSIZE
 */
int frame_encode_udp(const struct frame *f, uint16_t id, void *out, size_t size);

/* An ARP packet (RFC 826, probes: RFC 5227 2.1.1), from @f's arp_ fields. Bytes, or -EMSGSIZE. */
int frame_encode_arp(const struct frame *f, void *out, size_t size);

/* RFC 1071 checksum of @len bytes on top of @sum, folded, not inverted. */
uint32_t checksum_add(uint32_t sum, const void *data, size_t len);

#endif
