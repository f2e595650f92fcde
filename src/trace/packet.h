/* SPDX-License-Identifier: MIT */
/*
 * packet.h - one packet of a capture that anybody made, read as far as DHCP
 * goes, and the event that it is in a timeline.
 *
 * There are no nodes in such a capture: places are MAC addresses, or IP
 * addresses where the capture kept no others.
 */
#ifndef TRACE_PACKET_H
#define TRACE_PACKET_H

#include "frame/link.h"
#include "trace/event.h"

enum trace_packet_kind {
	TRACE_PACKET_OTHER,		/* none of ours */
	TRACE_PACKET_UNREADABLE,	/* to or from a DHCP port, but not to be read */
	TRACE_PACKET_DHCP,
};

/**
 * struct trace_packet
 * @link: whose payload, the bytes of the message, is in the capture's memory
 * @msg: for TRACE_PACKET_DHCP
 * @why: @rfc: for TRACE_PACKET_UNREADABLE; @rfc may be NULL. Constants
 */
struct trace_packet {
	enum trace_packet_kind kind;
	struct frame_link link;
	struct dhcp_message msg;
	const char *why, *rfc;
};

/* @link_type: enum frame_link_type; @wire_len: what there was of the packet, @len: what is here */
void trace_packet_read(unsigned int link_type, const void *data, size_t len, size_t wire_len,
		       struct trace_packet *ret);

/*
 * The event: a message, or a drop of nobody's for what is unreadable. Its number,
 * time and frame number are the caller's to fill in. 0 or -ENOMEM.
 */
int trace_packet_event(const struct trace_packet *p, struct trace_event *ret);

#endif
