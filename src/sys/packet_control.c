/* SPDX-License-Identifier: MIT */
#include "sys/packet_control.h"

#include <linux/if_ether.h>
#include <string.h>

#include "base/bytes.h"
#include "sys/clock.h"

#define NSEC_PER_SEC 1000000000u
#define TYPE_OFFSET 12		/* of the EtherType in a frame */

/* The structs in a control message may lie unaligned. */
static void read_control(struct msghdr *msg, struct tpacket_auxdata *aux, struct timespec *stamp)
{
	for (struct cmsghdr *c = CMSG_FIRSTHDR(msg); c; c = CMSG_NXTHDR(msg, c)) {
		if (c->cmsg_level == SOL_PACKET && c->cmsg_type == PACKET_AUXDATA)
			memcpy(aux, CMSG_DATA(c), sizeof(*aux));
		else if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_TIMESTAMPNS)
			memcpy(stamp, CMSG_DATA(c), sizeof(*stamp));
	}
}

/* Puts the 802.1Q tag back that the kernel has taken out: it was on the wire. */
static size_t restore_tag(uint8_t *frame, size_t len, size_t size,
			  const struct tpacket_auxdata *aux)
{
	bool has_type = aux->tp_status & TP_STATUS_VLAN_TPID_VALID;
	size_t rest;

	if (len < TYPE_OFFSET)
		return len;

	rest = min_u64(len - TYPE_OFFSET, size - TYPE_OFFSET - PACKET_TAG_LEN);
	memmove(frame + TYPE_OFFSET + PACKET_TAG_LEN, frame + TYPE_OFFSET, rest);
	store_be16(frame + TYPE_OFFSET, has_type ? aux->tp_vlan_tpid : ETH_P_8021Q);
	store_be16(frame + TYPE_OFFSET + 2, aux->tp_vlan_tci);
	return TYPE_OFFSET + PACKET_TAG_LEN + rest;
}

static void fill_meta(struct packet_meta *m, const struct tpacket_auxdata *aux,
		      const struct timespec *stamp, const struct sockaddr_ll *from)
{
	*m = (struct packet_meta){
		.wall_ns = (uint64_t)stamp->tv_sec * NSEC_PER_SEC + (uint64_t)stamp->tv_nsec,
		.ifindex = from->sll_ifindex,
		.outgoing = from->sll_pkttype == PACKET_OUTGOING,
		.csum_partial = aux->tp_status & TP_STATUS_CSUMNOTREADY,
		.wire_len = aux->tp_len,
	};
	if (m->wall_ns == 0)
		m->wall_ns = clock_wall_ns();
}

size_t packet_control_read(struct msghdr *msg, uint8_t *frame, size_t len, size_t size,
			   struct packet_meta *ret, bool *ret_tagged)
{
	struct tpacket_auxdata aux = { 0 };
	struct timespec stamp = { 0 };

	read_control(msg, &aux, &stamp);
	fill_meta(ret, &aux, &stamp, msg->msg_name);
	*ret_tagged = aux.tp_status & TP_STATUS_VLAN_VALID;
	if (!*ret_tagged)
		return len;
	ret->wire_len += PACKET_TAG_LEN;
	return restore_tag(frame, len, size, &aux);
}
