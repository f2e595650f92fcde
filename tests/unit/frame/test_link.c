/* SPDX-License-Identifier: MIT */
/* What stands in front of IP in other people's captures, and what keeps a packet from being read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/bytes.h"
#include "frame/link.h"

#define IP_LEN (20 + 8 + 5)
#define PACKET_MAX 128

static const uint8_t to[] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff }, from[] = { 2, 0, 0, 0, 0, 1 };

/* From the IP header on: 10.0.0.1:68 to 10.0.0.2:67, "hello". */
static void build_ip(uint8_t out[static IP_LEN])
{
	const struct frame f = {
		.src_ip = 0x0a000001, .dst_ip = 0x0a000002, .src_port = 68, .dst_port = 67,
		.payload = (const uint8_t *)"hello", .payload_len = 5,
	};
	uint8_t frame[PACKET_MAX];

	assert_int_equal(frame_encode_udp(&f, 1, frame, sizeof(frame)), ETH_HEADER_LEN + IP_LEN);
	memcpy(out, frame + ETH_HEADER_LEN, IP_LEN);
}

static struct frame_link read_behind(unsigned int type, const void *header, size_t len)
{
	uint8_t packet[PACKET_MAX];
	struct frame_link l;

	memcpy(packet, header, len);
	build_ip(packet + len);
	frame_link_read(type, packet, len + IP_LEN, len + IP_LEN, &l);
	if (l.frame.payload)
		assert_memory_equal(l.frame.payload, "hello", 5);
	return l;
}

static void assert_sound(const struct frame_link *l)
{
	assert_int_equal(l->trouble, FRAME_SOUND);
	assert_int_equal(l->frame.kind, FRAME_UDP);
	assert_int_equal(l->frame.src_ip, 0x0a000001);
	assert_int_equal(l->frame.dst_port, 67);
	assert_int_equal(l->frame.payload_len, 5);
}

static void ethernet(void **state)
{
	uint8_t header[14] = { 0 };
	struct frame_link l;

	memcpy(header, to, 6);
	memcpy(header + 6, from, 6);
	store_be16(header + 12, 0x0800);
	l = read_behind(FRAME_LINK_ETHERNET, header, sizeof(header));
	assert_sound(&l);
	assert_true(l.has_src_mac && l.has_dst_mac);
	assert_memory_equal(l.frame.src_mac, from, 6);
	assert_memory_equal(l.frame.dst_mac, to, 6);
	assert_int_equal(l.vlans.n, 0);
}

/* IEEE 802.1Q: the number is 12 bits, priority and DEI stand before it. */
static void vlan_tags(void **state)
{
	static const struct {
		uint16_t words[8];
		size_t n;
		unsigned int vlans;
		uint16_t vlan[2];
	} rows[] = {
		{ { 0x8100, 0xe007, 0x0800 }, 3, 1, { 7 } },
		{ { 0x88a8, 0x0005, 0x8100, 0x0fff, 0x0800 }, 5, 2, { 5, 4095 } },
		{ { 0x9100, 0x0001, 0x8100, 0x0002, 0x8100, 0x0003, 0x0800 }, 7, 2, { 1, 2 } },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		uint8_t header[12 + 2 * 8] = { 0 };
		struct frame_link l;

		memcpy(header + 6, from, 6);
		for (size_t k = 0; k < rows[i].n; k++)
			store_be16(header + 12 + 2 * k, rows[i].words[k]);
		l = read_behind(FRAME_LINK_ETHERNET, header, 12 + 2 * rows[i].n);
		assert_sound(&l);
		assert_int_equal(l.vlans.n, rows[i].vlans);
		assert_memory_equal(l.vlans.id, rows[i].vlan, sizeof(rows[i].vlan));
	}
}

static void tags_without_end_are_cut(void **state)
{
	uint8_t packet[64];
	struct frame_link l;

	for (size_t i = 0; i < sizeof(packet); i += 2)
		store_be16(packet + i, 0x8100);
	frame_link_read(FRAME_LINK_ETHERNET, packet, sizeof(packet), sizeof(packet), &l);
	assert_int_equal(l.trouble, FRAME_BROKEN);
	frame_link_read(FRAME_LINK_ETHERNET, packet, sizeof(packet), sizeof(packet) + 1, &l);
	assert_int_equal(l.trouble, FRAME_CUT);
	assert_int_equal(l.frame.kind, FRAME_OTHER);
}

/* The sender is known, nobody else; and only if its address is one of Ethernet. */
static void cooked(void **state)
{
	uint8_t header[16] = { 0, 0, 0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 0, 0, 8, 0 };
	struct frame_link l = read_behind(FRAME_LINK_COOKED, header, sizeof(header));

	assert_sound(&l);
	assert_true(l.has_src_mac);
	assert_false(l.has_dst_mac);
	assert_memory_equal(l.frame.src_mac, from, 6);

	header[5] = 8;
	l = read_behind(FRAME_LINK_COOKED, header, sizeof(header));
	assert_sound(&l);
	assert_false(l.has_src_mac);
}

static void cooked2(void **state)
{
	const uint8_t header[20] = { 8, 0, 0, 0, 0, 0, 0, 1, 0, 1, 4, 6, 2, 0, 0, 0, 0, 1 };
	struct frame_link l = read_behind(FRAME_LINK_COOKED2, header, sizeof(header));

	assert_sound(&l);
	assert_true(l.has_src_mac);
	assert_false(l.has_dst_mac);
	assert_memory_equal(l.frame.src_mac, from, 6);
}

static void raw(void **state)
{
	struct frame_link l = read_behind(FRAME_LINK_RAW, "", 0);

	assert_sound(&l);
	assert_false(l.has_src_mac || l.has_dst_mac);
	l = read_behind(FRAME_LINK_IPV4, "", 0);
	assert_sound(&l);
}

static void other_links_are_not_known(void **state)
{
	struct frame_link l = read_behind(9, "", 0);

	assert_int_equal(l.frame.kind, FRAME_OTHER);
	assert_false(frame_link_known(9));
	assert_false(frame_link_known(0));
	assert_true(frame_link_known(FRAME_LINK_ETHERNET) && frame_link_known(FRAME_LINK_RAW));
	assert_true(frame_link_known(FRAME_LINK_COOKED) && frame_link_known(FRAME_LINK_COOKED2));
	assert_true(frame_link_known(FRAME_LINK_IPV4));
}

/* Whatever is left of a packet, its addresses and ports are read as far as they are there. */
static void cut_packets(void **state)
{
	uint8_t ip[IP_LEN];

	build_ip(ip);
	for (size_t len = 0; len < IP_LEN; len++) {
		struct frame_link l;

		frame_link_read(FRAME_LINK_RAW, ip, len, IP_LEN, &l);
		assert_int_equal(l.trouble, FRAME_CUT);
		assert_null(l.frame.payload);
		assert_int_equal(l.frame.src_ip, len < 20 ? 0 : 0x0a000001);
		assert_int_equal(l.frame.kind, len < 24 ? FRAME_OTHER : FRAME_UDP);
		assert_int_equal(l.frame.dst_port, len < 24 ? 0 : 67);
	}
}

static void fix_sum(uint8_t *ip)
{
	store_be16(ip + 10, 0);
	store_be16(ip + 10, (uint16_t)~checksum_add(0, ip, 20));
}

static void fragments(void **state)
{
	struct frame_link l;
	uint8_t ip[IP_LEN];

	build_ip(ip);
	store_be16(ip + 6, 0x2000);	/* the first: ports are here */
	fix_sum(ip);
	frame_link_read(FRAME_LINK_RAW, ip, IP_LEN, IP_LEN, &l);
	assert_int_equal(l.trouble, FRAME_FRAGMENT);
	assert_int_equal(l.frame.dst_port, 67);

	store_be16(ip + 6, 64);		/* a later one: what stands there are no ports */
	fix_sum(ip);
	frame_link_read(FRAME_LINK_RAW, ip, IP_LEN, IP_LEN, &l);
	assert_int_equal(l.trouble, FRAME_FRAGMENT);
	assert_int_equal(l.frame.kind, FRAME_OTHER);
}

/* RFC 768: offload leaves a sum unfilled, so that is no reason not to read; RFC 791: IP's is. */
static void rfc768_checksums(void **state)
{
	struct frame_link l;
	uint8_t ip[IP_LEN];

	build_ip(ip);
	ip[26] ^= 1;
	frame_link_read(FRAME_LINK_RAW, ip, IP_LEN, IP_LEN, &l);
	assert_int_equal(l.trouble, FRAME_CHECKSUM);
	assert_int_equal(l.frame.payload_len, 5);

	build_ip(ip);
	ip[10] ^= 1;
	frame_link_read(FRAME_LINK_RAW, ip, IP_LEN, IP_LEN, &l);
	assert_int_equal(l.trouble, FRAME_BROKEN);
	assert_null(l.frame.payload);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ethernet),
		cmocka_unit_test(vlan_tags),
		cmocka_unit_test(tags_without_end_are_cut),
		cmocka_unit_test(cooked),
		cmocka_unit_test(cooked2),
		cmocka_unit_test(raw),
		cmocka_unit_test(other_links_are_not_known),
		cmocka_unit_test(cut_packets),
		cmocka_unit_test(fragments),
		cmocka_unit_test(rfc768_checksums),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
