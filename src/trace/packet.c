/* SPDX-License-Identifier: MIT */
#include "trace/packet.h"

#include <string.h>

static const uint8_t everyone[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };

static bool is_dhcp_port(uint16_t port)
{
	return port == DHCP_SERVER_PORT || port == DHCP_CLIENT_PORT;
}

static const char *trouble_in_words(enum frame_trouble t)
{
	static const char *const words[FRAME_TROUBLES] = {
		[FRAME_CUT] = "cut: the capture kept a part of the packet only",
		[FRAME_FRAGMENT] = "a fragment: the rest of the datagram came in other packets",
		[FRAME_BROKEN] = "damaged: a length or a checksum in the IP or UDP header is wrong",
	};

	return words[t];
}

void trace_packet_read(unsigned int link_type, const void *data, size_t len, size_t wire_len,
		       struct trace_packet *ret)
{
	const struct frame *f = &ret->link.frame;

	ret->kind = TRACE_PACKET_OTHER;
	ret->rfc = NULL;
	frame_link_read(link_type, data, len, wire_len, &ret->link);
	if (f->kind != FRAME_UDP || !is_dhcp_port(f->dst_port))
		return;

	ret->kind = TRACE_PACKET_UNREADABLE;
	ret->why = trouble_in_words(ret->link.trouble);
	if (!ret->why && dhcp_message_decode(f->payload, f->payload_len, &ret->msg, &ret->why,
					     &ret->rfc) == 0)
		ret->kind = TRACE_PACKET_DHCP;
}

static void name_by_ip(uint32_t ip, char ret[static TRACE_PLACE_MAX])
{
	char buf[IP4_LEN];

	str_copy(ret, TRACE_PLACE_MAX, ip4_format(ip, buf));
}

static void name_by_mac(const uint8_t mac[static 6], char ret[static TRACE_PLACE_MAX])
{
	char buf[MAC_LEN];

	str_copy(ret, TRACE_PLACE_MAX, mac_format(mac, buf));
}

/* Without a MAC address, a client that has no IP address yet is known by its chaddr. */
static void name_sender(const struct trace_packet *p, char ret[static TRACE_PLACE_MAX])
{
	if (p->link.has_src_mac)
		name_by_mac(p->link.frame.src_mac, ret);
	else if (p->link.frame.src_ip == 0 && p->kind == TRACE_PACKET_DHCP)
		name_by_mac(p->msg.chaddr, ret);
	else
		name_by_ip(p->link.frame.src_ip, ret);
}

static void name_receiver(const struct trace_packet *p, char ret[static TRACE_PLACE_MAX])
{
	const struct frame *f = &p->link.frame;
	bool to_all = p->link.has_dst_mac ? memcmp(f->dst_mac, everyone, 6) == 0 :
					    f->dst_ip == IP4_BROADCAST;

	if (to_all)
		str_copy(ret, TRACE_PLACE_MAX, "everyone");
	else if (p->link.has_dst_mac)
		name_by_mac(f->dst_mac, ret);
	else
		name_by_ip(f->dst_ip, ret);
}

int trace_packet_event(const struct trace_packet *p, struct trace_event *ret)
{
	struct trace_event e = { 0 };
	int r;

	if (p->kind == TRACE_PACKET_DHCP) {
		r = trace_event_message(&p->link.frame, &p->msg, &e);
		name_sender(p, e.msg.from);
		name_receiver(p, e.msg.to);
	} else {
		r = trace_event_make(TRACE_DROP, NULL, p->why, p->rfc, &e);
		name_sender(p, e.at);
		str_copy(e.machine, sizeof(e.machine), "nobody");
	}
	if (r < 0)
		return r;

	e.vlans = p->link.vlans;
	*ret = e;
	return 0;
}
