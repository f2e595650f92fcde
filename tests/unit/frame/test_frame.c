/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <string.h>

#include "base/bytes.h"
#include "frame/frame.h"

#define IP 14	/* where the IP header starts */
#define UDP 34

static const uint8_t hello[] = "hello";

static const struct frame sample = {
	.src_mac = { 2, 0, 0, 0, 0, 1 },
	.dst_mac = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff },
	.dst_ip = 0xffffffff,
	.src_port = 68,
	.dst_port = 67,
	.payload = hello,
	.payload_len = 5,
};

static int build(uint8_t out[static 128])
{
	memset(out, 0, 128);
	return frame_encode_udp(&sample, 1, out, 128);
}

/* RFC 768: 0 would say that there is none, so a sum of 0 is sent as all ones. */
static void rfc768_a_checksum_of_zero_is_sent_as_ones(void **state)
{
	uint8_t payload[2] = { 0, 0 }, data[128];
	struct frame f = sample;

	f.payload = payload;
	f.payload_len = sizeof(payload);
	assert_true(frame_encode_udp(&f, 1, data, sizeof(data)) > 0);
	memcpy(payload, data + UDP + 6, 2);	/* now all adds up to ones */
	assert_true(frame_encode_udp(&f, 1, data, sizeof(data)) > 0);
	assert_int_equal(load_be16(data + UDP + 6), 0xffff);
}

static void fix_ip_checksum(uint8_t *data)
{
	size_t len = (data[IP] & 0xfu) * 4;

	store_be16(data + IP + 10, 0);
	store_be16(data + IP + 10, (uint16_t)~checksum_add(0, data + IP, len));
}

static void udp_round_trip(void **state)
{
	struct frame f = { 0 };
	uint8_t data[128];
	int len = build(data);

	assert_int_equal(len, FRAME_UDP_OVERHEAD + 5);
	assert_int_equal(frame_decode(data, (size_t)len, false, &f), 0);
	assert_int_equal(f.kind, FRAME_UDP);
	assert_int_equal(f.src_ip, 0);
	assert_int_equal(f.dst_ip, 0xffffffff);
	assert_int_equal(f.src_port, 68);
	assert_int_equal(f.dst_port, 67);
	assert_int_equal(f.payload_len, 5);
	assert_memory_equal(f.payload, hello, 5);
	assert_memory_equal(f.src_mac, sample.src_mac, 6);
}

static void ethernet_trailer_is_no_payload(void **state)
{
	struct frame f;
	uint8_t data[128];
	int len = build(data);

	assert_int_equal(frame_decode(data, (size_t)len + 20, false, &f), 0);
	assert_int_equal(f.payload_len, 5);
}

static void rfc791_3_1_options_are_skipped(void **state)
{
	struct frame f;
	uint8_t data[128];
	int len = build(data);

	memmove(data + UDP + 4, data + UDP, 13);
	memset(data + UDP, 1, 4);
	data[IP] = 0x46;
	store_be16(data + IP + 2, (uint16_t)(len - IP + 4));
	fix_ip_checksum(data);
	assert_int_equal(frame_decode(data, (size_t)len + 4, false, &f), 0);
	assert_memory_equal(f.payload, hello, 5);
}

static void rfc791_wrong_lengths_and_checksums_are_refused(void **state)
{
	static const struct {
		size_t at;
		uint8_t value;
	} cases[] = {
		{ IP, 0x44 }, { IP, 0x65 }, { IP, 0x4f }, { IP + 2, 0xff }, { IP + 3, 19 },
		{ UDP + 4, 1 }, { UDP + 5, 7 },
	};
	struct frame f = { .src_port = 77 };
	uint8_t data[128];
	int len;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		len = build(data);
		data[cases[i].at] = cases[i].value;
		if ((data[IP] & 0xf) == 5)
			fix_ip_checksum(data);
		assert_int_equal(frame_decode(data, (size_t)len, true, &f), -EBADMSG);
	}
	len = build(data);
	data[IP + 8]++;
	assert_int_equal(frame_decode(data, (size_t)len, false, &f), -EBADMSG);
	assert_int_equal(f.src_port, 77);
}

static void every_cut_is_refused(void **state)
{
	struct frame f;
	uint8_t data[128];
	int len = build(data);

	for (int cut = 0; cut < len; cut++)
		assert_int_equal(frame_decode(data, (size_t)cut, false, &f), -EBADMSG);
}

static void rfc768_checksum(void **state)
{
	struct frame f;
	uint8_t data[128];
	int len = build(data);

	data[len - 1] ^= 1;
	assert_int_equal(frame_decode(data, (size_t)len, false, &f), -EBADMSG);
	assert_int_equal(frame_decode(data, (size_t)len, true, &f), 0);
	store_be16(data + UDP + 6, 0);
	assert_int_equal(frame_decode(data, (size_t)len, false, &f), 0);
}

static void rfc791_fragments_are_not_supported(void **state)
{
	struct frame f;
	uint8_t data[128];
	int len = build(data);

	store_be16(data + IP + 6, 0x2000);
	fix_ip_checksum(data);
	assert_int_equal(frame_decode(data, (size_t)len, false, &f), -EOPNOTSUPP);
	store_be16(data + IP + 6, 0x0001);
	fix_ip_checksum(data);
	assert_int_equal(frame_decode(data, (size_t)len, false, &f), -EOPNOTSUPP);
	store_be16(data + IP + 6, 0x4000);
	fix_ip_checksum(data);
	assert_int_equal(frame_decode(data, (size_t)len, false, &f), 0);
}

static void rfc826_arp_round_trip(void **state)
{
	struct frame f = { .arp_op = 1, .src_ip = 0x0a000001, .dst_ip = 0x0a000002 }, g;
	uint8_t data[64];
	int len;

	memcpy(f.arp_sender_mac, sample.src_mac, 6);
	len = frame_encode_arp(&f, data, sizeof(data));
	assert_int_equal(len, 42);
	assert_int_equal(frame_decode(data, 42, false, &g), 0);
	assert_int_equal(g.kind, FRAME_ARP);
	assert_int_equal(g.arp_op, 1);
	assert_int_equal(g.src_ip, f.src_ip);
	assert_int_equal(g.dst_ip, f.dst_ip);
	assert_memory_equal(g.arp_sender_mac, f.arp_sender_mac, 6);
	assert_int_equal(frame_decode(data, 41, false, &g), -EBADMSG);
	assert_int_equal(frame_encode_arp(&f, data, 41), -EMSGSIZE);
}

static void icmp_is_read(void **state)
{
	uint8_t data[128];
	struct frame f;
	int len = build(data);

	data[IP + 9] = 1;
	fix_ip_checksum(data);
	memset(data + UDP, 0, 13);
	data[UDP] = 8;
	store_be16(data + UDP + 2, (uint16_t)~checksum_add(0, data + UDP, 13));
	assert_int_equal(frame_decode(data, (size_t)len, false, &f), 0);
	assert_int_equal(f.kind, FRAME_ICMP);
	assert_int_equal(f.icmp_type, 8);
	assert_int_equal(f.payload_len, 5);
	data[UDP + 1] = 1;
	assert_int_equal(frame_decode(data, (size_t)len, false, &f), -EBADMSG);
}

static void too_small_buffers_are_refused(void **state)
{
	uint8_t data[128];

	assert_int_equal(frame_encode_udp(&sample, 1, data, 46), -EMSGSIZE);
	assert_int_equal(frame_encode_udp(&sample, 1, data, 47), 47);
}

static void rfc1071_odd_lengths(void **state)
{
	static const uint8_t data[] = { 0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7, 0x10 };

	/* Section 3's example, and one byte more. */
	assert_int_equal(checksum_add(0, data, 8), 0xddf2);
	assert_int_equal(checksum_add(0, data, 9), 0xedf2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rfc768_a_checksum_of_zero_is_sent_as_ones),
		cmocka_unit_test(udp_round_trip),
		cmocka_unit_test(ethernet_trailer_is_no_payload),
		cmocka_unit_test(rfc791_3_1_options_are_skipped),
		cmocka_unit_test(rfc791_wrong_lengths_and_checksums_are_refused),
		cmocka_unit_test(every_cut_is_refused),
		cmocka_unit_test(rfc768_checksum),
		cmocka_unit_test(rfc791_fragments_are_not_supported),
		cmocka_unit_test(rfc826_arp_round_trip),
		cmocka_unit_test(icmp_is_read),
		cmocka_unit_test(too_small_buffers_are_refused),
		cmocka_unit_test(rfc1071_odd_lengths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
