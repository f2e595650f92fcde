/* SPDX-License-Identifier: MIT */
/*
 * test_server_abuse.c - what other servers got wrong: each kind of bad packet and
 * bad neighbour has its name here. What a message itself can lie about is in
 * test_message.c.
 */
#include "server_fixture.h"

#define FLOOD 2000

/* Bytes of a DISCOVER with these options, as they stand. */
static int decode(const void *options, size_t len, uint8_t hlen, struct dhcp_message *ret)
{
	uint8_t bytes[DHCP_MESSAGE_MAX] = { DHCP_OP_REQUEST, 1, hlen };

	memcpy(bytes + DHCP_HEADER_LEN, "\143\202\123\143", 4);
	memcpy(bytes + DHCP_HEADER_LEN + 4, options, len);
	return dhcp_message_decode(bytes, DHCP_HEADER_LEN + 4 + len, ret, NULL, NULL);
}

static int decode_text(const char *options, size_t len)
{
	struct dhcp_message m;

	return decode(options, len, 6, &m);
}

static void test_lying_lengths_rfc2131_s4_1(void **state)
{
	assert_int_equal(decode_text("\65\1\1\75\10ab\377", 8), -EBADMSG);
	assert_int_equal(decode_text("\65\1\1\67\377\1\3\6", 8), -EBADMSG);
	assert_int_equal(decode_text("\65\1\1\62", 4), -EBADMSG);
}

static void test_overload_loops_rfc2132_s9_3(void **state)
{
	/* 52 in the options, and again in file, where it means nothing. */
	uint8_t bytes[DHCP_HEADER_LEN + 16] = { DHCP_OP_REQUEST, 1, 6 };
	struct dhcp_message m;

	memcpy(bytes + 108, "\64\1\3\377", 4);
	memcpy(bytes + DHCP_HEADER_LEN, "\143\202\123\143\65\1\1\64\1\1\377", 11);
	assert_int_equal(dhcp_message_decode(bytes, sizeof(bytes), &m, NULL, NULL), -EBADMSG);
}

static void test_zero_length_options_rfc2132_s2(void **state)
{
	assert_int_equal(decode_text("\65\0\377", 3), -EBADMSG);
	assert_int_equal(decode_text("\65\1\3\62\0\377", 6), -EBADMSG);
	assert_int_equal(decode_text("\65\1\3\66\0\377", 6), -EBADMSG);
}

static void test_hlen_over_16_rfc2131_s2(void **state)
{
	struct dhcp_message m;

	assert_int_equal(decode("\65\1\1\377", 4, 17, &m), -EBADMSG);
	assert_int_equal(decode("\65\1\1\377", 4, 255, &m), -EBADMSG);
	assert_int_equal(decode("\65\1\1\377", 4, 16, &m), 0);
}

/* The same six bytes of another kind of hardware are another client. */
static void test_htype_mismatch_rfc2131_s4_2(void **state)
{
	struct dhcp_server_options opt = usual_options();
	struct ask a = { .type = DHCP_REQUEST, .client = 1, .htype = 6 };
	struct lab lab;

	lab_start(&lab, &opt);
	a.requested = lab_bind(&lab, 1);
	assert_int_equal(lab_ask(&lab, &a), 0);
	assert_non_null(strstr(lab.out.reason.why, "no record of this client"));
	lab_end(&lab);
}

/* Random MAC addresses: the memory is bounded, the offers lapse, the pool comes back. */
static void test_discover_flood_rfc2131_s2_2(void **state)
{
	struct dhcp_server_options opt = usual_options();
	uint32_t address;
	struct lab lab;
	size_t n = 0;

	lab_start(&lab, &opt);
	address = lab_bind(&lab, 1);
	for (uint16_t i = 0; i < FLOOD; i++)
		(void)lab_ask(&lab, &(struct ask){ .type = DHCP_DISCOVER, .client = 100 + i });
	while (dhcp_server_binding(lab.s, n))
		n++;
	assert_true(n <= opt.max_bindings);
	assert_int_equal(lab_ask(&lab, &(struct ask){ .type = DHCP_REQUEST, .client = 1,
						      .ciaddr = address, .dst_ip = SERVER }),
			 DHCP_ACK);
	lab_deadline(&lab, opt.offer_sec);
	assert_int_not_equal(lab_offer(&lab, 50), 0);
	lab_end(&lab);
}

static void test_spoofed_release_storm_rfc2131_s4_3_4(void **state)
{
	struct dhcp_server_options opt = usual_options();
	uint32_t address;
	struct lab lab;

	lab_start(&lab, &opt);
	address = lab_bind(&lab, 1);
	for (uint16_t i = 100; i < FLOOD; i++)
		assert_int_equal(lab_release(&lab, i, address), 0);
	assert_int_equal(lab_binding(&lab, address)->state, DHCP_BINDING_ACTIVE);
	lab_end(&lab);
}

/*
 * One client may quarantine only what it holds, so each DECLINE costs it an OFFER
 * of its own, and it holds one address at a time. It can not be told from many
 * clients, so it is the pool that bounds it: afterwards all rest, all come back.
 */
static void test_decline_storm_rfc2131_s4_3_3(void **state)
{
	struct dhcp_server_options opt = usual_options();
	struct dhcp_pool_count count;
	struct lab lab;
	uint32_t holder;

	opt.last = NET + 9;
	lab_start(&lab, &opt);
	holder = lab_bind(&lab, 1);
	for (int i = 0; i < FLOOD; i++)
		if (lab_ask(&lab, &(struct ask){ .type = DHCP_DISCOVER, .client = 2 }))
			assert_int_equal(lab_decline(&lab, 2, lab.reply.yiaddr), 1);
	assert_int_equal(lab_decline(&lab, 2, holder), 0);
	assert_int_equal(lab_binding(&lab, holder)->state, DHCP_BINDING_ACTIVE);
	lab_deadline(&lab, opt.decline_sec);
	assert_true(dhcp_server_count(lab.s, 0, lab.now, &count));
	assert_int_equal(count.free, count.size - 1);
	lab_end(&lab);
}

static void test_relay_loop_ends_by_hops_rfc1542_s4_1_1(void **state)
{
	struct dhcp_server_options opt = usual_options();
	struct ask a = { .type = DHCP_DISCOVER, .client = 1, .hops = 17 };
	struct lab lab;

	lab_start(&lab, &opt);
	assert_int_equal(lab_ask(&lab, &a), 0);
	assert_string_equal(lab.out.reason.rfc, "RFC 1542 section 4.1.1");
	a.hops = 16;
	assert_int_equal(lab_ask(&lab, &a), DHCP_OFFER);
	lab_end(&lab);
}

/* Another server's replies, its own broadcasts, what is on its way to another host. */
static void test_not_for_this_server_rfc2131_s4_1(void **state)
{
	static const struct ask asks[] = {
		{ .type = DHCP_OFFER, .op = DHCP_OP_REPLY }, { .type = DHCP_ACK },
		{ .type = DHCP_DISCOVER, .src_ip = SERVER },
		{ .type = DHCP_DISCOVER, .dst_ip = OTHER_SERVER },
		{ .type = DHCP_DISCOVER, .giaddr = 0xc0a80101 },	/* of an unknown subnet */
		{ .type = DHCP_DISCOVER, .giaddr = 0x7f000001 },
	};
	struct dhcp_server_options opt = usual_options();
	struct lab lab;

	lab_start(&lab, &opt);
	for (size_t i = 0; i < ARRAY_SIZE(asks); i++) {
		assert_int_equal(lab_ask(&lab, &asks[i]), 0);
		assert_true(lab.out.reason.why[0] && lab.out.reason.rfc[0]);
	}
	assert_null(dhcp_server_binding(lab.s, 0));
	lab_end(&lab);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lying_lengths_rfc2131_s4_1),
		cmocka_unit_test(test_overload_loops_rfc2132_s9_3),
		cmocka_unit_test(test_zero_length_options_rfc2132_s2),
		cmocka_unit_test(test_hlen_over_16_rfc2131_s2),
		cmocka_unit_test(test_htype_mismatch_rfc2131_s4_2),
		cmocka_unit_test(test_discover_flood_rfc2131_s2_2),
		cmocka_unit_test(test_spoofed_release_storm_rfc2131_s4_3_4),
		cmocka_unit_test(test_decline_storm_rfc2131_s4_3_3),
		cmocka_unit_test(test_relay_loop_ends_by_hops_rfc1542_s4_1_1),
		cmocka_unit_test(test_not_for_this_server_rfc2131_s4_1),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
