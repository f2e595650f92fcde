/* SPDX-License-Identifier: MIT */
/* Packets of any capture as events: who is who where there are no nodes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/bytes.h"
#include "trace/packet.h"

#define MESSAGE_LEN 300
#define SERVER 0x0a000001u
#define YOURS 0x0a000009u

struct sent {
	uint8_t frame[FRAME_MAX];
	size_t len;
};

static struct sent build(uint8_t type, uint32_t src_ip, uint32_t dst_ip, uint16_t dst_port)
{
	static const uint8_t client[] = { 2, 0, 0, 0, 0, 1 }, server[] = { 2, 0, 0, 0, 0, 2 };
	bool is_reply = type == DHCP_OFFER, to_all = dst_ip == IP4_BROADCAST;
	uint8_t m[MESSAGE_LEN] = { is_reply ? 2 : 1, 1, 6 };
	struct frame f = {
		.src_ip = src_ip, .dst_ip = dst_ip, .src_port = is_reply ? 67 : 68,
		.dst_port = dst_port, .payload = m, .payload_len = sizeof(m),
	};
	struct sent s;
	int len;

	memcpy(m + 28, client, 6);
	store_be32(m + 236, DHCP_COOKIE);
	memcpy(m + 240, (const uint8_t[]){ 53, 1, type, 255 }, 4);
	memcpy(f.src_mac, is_reply ? server : client, 6);
	memset(f.dst_mac, 0xff, 6);
	if (!to_all)
		memcpy(f.dst_mac, is_reply ? client : server, 6);
	len = frame_encode_udp(&f, 1, s.frame, sizeof(s.frame));
	assert_true(len > 0);
	s.len = (size_t)len;
	return s;
}

/* With its Ethernet header, or without. */
static struct trace_packet read_sent(const struct sent *s, bool is_raw)
{
	size_t skip = is_raw ? ETH_HEADER_LEN : 0;
	struct trace_packet p;

	trace_packet_read(is_raw ? FRAME_LINK_RAW : FRAME_LINK_ETHERNET, s->frame + skip,
			  s->len - skip, s->len - skip, &p);
	return p;
}

static void assert_places(const struct sent *s, bool is_raw, const char *from, const char *to)
{
	struct trace_packet p = read_sent(s, is_raw);
	cleanup_event struct trace_event e = { 0 };

	assert_int_equal(p.kind, TRACE_PACKET_DHCP);
	assert_int_equal(trace_packet_event(&p, &e), 0);
	assert_int_equal(e.kind, TRACE_MESSAGE);
	assert_string_equal(e.msg.from, from);
	assert_string_equal(e.msg.to, to);
}

static void places_are_mac_addresses(void **state)
{
	struct sent d = build(DHCP_DISCOVER, 0, IP4_BROADCAST, 67);
	struct sent o = build(DHCP_OFFER, SERVER, YOURS, 68);

	assert_places(&d, false, "02:00:00:00:00:01", "everyone");
	assert_places(&o, false, "02:00:00:00:00:02", "02:00:00:00:00:01");
}

/* A client without an address is its chaddr. */
static void without_them_places_are_ip_addresses(void **state)
{
	struct sent d = build(DHCP_DISCOVER, 0, IP4_BROADCAST, 67);
	struct sent o = build(DHCP_OFFER, SERVER, YOURS, 68);
	struct sent r = build(DHCP_REQUEST, YOURS, SERVER, 67);

	assert_places(&d, true, "02:00:00:00:00:01", "everyone");
	assert_places(&o, true, "10.0.0.1", "10.0.0.9");
	assert_places(&r, true, "10.0.0.9", "10.0.0.1");
}

/* Behind the MAC addresses, of what can be read and of what cannot. */
static void tags_come_along(void **state)
{
	struct sent s = build(DHCP_DISCOVER, 0, IP4_BROADCAST, 67);

	memmove(s.frame + 16, s.frame + 12, s.len - 12);
	memcpy(s.frame + 12, (const uint8_t[]){ 0x81, 0, 0x60, 0x64 }, 4);
	for (size_t missing = 0; missing < 2; missing++) {
		cleanup_event struct trace_event e = { 0 };
		struct trace_packet p;

		trace_packet_read(FRAME_LINK_ETHERNET, s.frame, s.len + 4 - missing, s.len + 4, &p);
		assert_int_equal(p.kind, missing ? TRACE_PACKET_UNREADABLE : TRACE_PACKET_DHCP);
		assert_int_equal(trace_packet_event(&p, &e), 0);
		assert_int_equal(e.vlans.n, 1);
		assert_int_equal(e.vlans.id[0], 100);
	}
}

static void other_ports_are_none_of_ours(void **state)
{
	struct sent s = build(DHCP_DISCOVER, 0, IP4_BROADCAST, 53);

	assert_int_equal(read_sent(&s, false).kind, TRACE_PACKET_OTHER);
}

static void assert_unreadable(const struct trace_packet *p, const char *why)
{
	cleanup_event struct trace_event e = { 0 };

	assert_int_equal(p->kind, TRACE_PACKET_UNREADABLE);
	assert_non_null(strstr(p->why, why));
	assert_int_equal(trace_packet_event(p, &e), 0);
	assert_int_equal(e.kind, TRACE_DROP);
	assert_string_equal(e.machine, "nobody");
	assert_string_equal(e.at, "02:00:00:00:00:01");
	assert_string_equal(e.text, p->why);
}

static void what_cannot_be_read_says_why(void **state)
{
	struct sent s = build(DHCP_DISCOVER, 0, IP4_BROADCAST, 67);
	struct trace_packet p;

	trace_packet_read(FRAME_LINK_ETHERNET, s.frame, 100, s.len, &p);
	assert_unreadable(&p, "cut: ");
	assert_null(p.rfc);

	/* An op that is none: the reason is the message decoder's own. */
	s = build(DHCP_DISCOVER, 0, IP4_BROADCAST, 67);
	s.frame[FRAME_UDP_OVERHEAD] = 9;
	store_be16(s.frame + FRAME_UDP_OVERHEAD - 2, 0);
	p = read_sent(&s, false);
	assert_int_equal(p.kind, TRACE_PACKET_UNREADABLE);
	assert_non_null(p.rfc);

	s = build(DHCP_DISCOVER, 0, IP4_BROADCAST, 67);
	s.frame[ETH_HEADER_LEN + 10] ^= 1;
	p = read_sent(&s, false);
	assert_unreadable(&p, "damaged: ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(places_are_mac_addresses),
		cmocka_unit_test(without_them_places_are_ip_addresses),
		cmocka_unit_test(tags_come_along),
		cmocka_unit_test(other_ports_are_none_of_ours),
		cmocka_unit_test(what_cannot_be_read_says_why),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
