/* SPDX-License-Identifier: MIT */
/* test_relay_info.c - option 82: RFC 3046, RFC 3527, RFC 5107. */
#include "relay_fixture.h"

static void rfc3046_2_1_nothing_is_added_by_default(void **state)
{
	struct bench b = usual_bench();

	bench_start(&b);
	assert_int_equal(step(&b, DISCOVER()), 1);
	expect_info(&b, NULL, 0);
	assert_int_equal(b.out.to, DHCP_RELAY_PLAIN);
	assert_int_equal(b.r.unmarked, 0);
}

static void rfc3046_2_1_added_as_the_last_option(void **state)
{
	struct bench b = usual_bench();
	const struct dhcp_send *s = sent_by(&b);
	static const uint8_t end[] = { 82, 16, 1, 4, 'e', 't', 'h', '0', 2, 8, 'b', 'u', 'i', 'l',
				       'd', 'i', 'n', 'g', 255 };

	set_circuit_id(&b.opt.port[0], "eth0");
	memcpy(b.opt.port[0].remote_id, "building", 8);
	b.opt.port[0].remote_id_len = 8;
	bench_start(&b);
	assert_int_equal(step(&b, DISCOVER(.filler = 100)), 1);
	assert_int_equal(b.out.from, DHCP_RELAY_PLAIN);
	assert_int_equal(b.out.to, DHCP_RELAY_MARKED);
	expect_info(&b, end + 2, 16);
	assert_int_equal(s->len, b.len + 18);
	assert_memory_equal(s->data + s->len - sizeof(end), end, sizeof(end));
	assert_memory_equal(s->data + 28, b.bytes + 28, b.len - 28 - 1);
}

static void rfc3046_2_1_padding_makes_room(void **state)
{
	struct bench b = usual_bench();

	set_circuit_id(&b.opt.port[0], "eth0");
	bench_start(&b);
	assert_int_equal(step(&b, DISCOVER()), 1);
	assert_int_equal(b.len, DHCP_MIN_LEN);
	assert_int_equal(sent_by(&b)->len, DHCP_MIN_LEN);
	expect_info(&b, "\1\4eth0", 6);
}

static void rfc3046_2_1_not_added_where_it_does_not_fit(void **state)
{
	struct bench b = usual_bench();
	size_t room = 576 - 28 - 240 - 3 - 2 - 8 - 1;	/* header, 53, 224, 82, END */

	set_circuit_id(&b.opt.port[0], "eth0");
	b.opt.port[0].max_size = 576;
	bench_start(&b);
	assert_int_equal(step(&b, DISCOVER(.filler = room - 2)), 1);	/* it is of two parts */
	assert_int_equal(sent_by(&b)->len, 576 - 28);
	expect_info(&b, "\1\4eth0", 6);
	assert_int_equal(b.r.unmarked, 0);
	assert_int_equal(step(&b, DISCOVER(.filler = room - 1)), 1);
	expect_info(&b, NULL, 0);
	assert_int_equal(sent_by(&b)->len, b.len);
	assert_int_equal(b.passed.giaddr, LAN_A);
	assert_int_equal(b.r.unmarked, 1);
	assert_int_equal(b.out.to, DHCP_RELAY_PLAIN);
}

static void rfc3046_2_1_spoofed_by_a_client(void **state)
{
	struct bench b = usual_bench();

	set_circuit_id(&b.opt.port[0], "eth0");
	bench_start(&b);
	expect_drop(&b, DISCOVER(.info = "\1\4eth9"), "RFC 3046 section 2.1");
	expect_drop(&b, DISCOVER(.info = "", .port = 1), "RFC 3046 section 2.1");
}

/* One that hides in the file field is one all the same. */
static void rfc3046_2_1_spoofed_in_the_file_field(void **state)
{
	struct bench b = usual_bench();
	static const uint8_t hidden[] = { 82, 3, 1, 1, 'x', 255 };
	static const uint8_t overload[] = { 52, 1, 1, 255 };

	bench_start(&b);
	write_message(&b, &DISCOVER());
	memcpy(b.bytes + 243, overload, sizeof(overload));
	memcpy(b.bytes + 108, hidden, sizeof(hidden));
	assert_int_equal(receive(&b, &DISCOVER()), 0);
	assert_string_equal(b.out.reason.rfc, "RFC 3046 section 2.1");
}

static void rfc3046_2_1_of_a_trusted_switch(void **state)
{
	struct bench b = usual_bench();

	set_circuit_id(&b.opt.port[0], "eth0");
	b.opt.port[0].trusted = true;
	bench_start(&b);
	assert_int_equal(step(&b, DISCOVER(.info = "\1\4port")), 1);
	assert_int_equal(b.passed.giaddr, LAN_A);
	expect_info(&b, "\1\4port", 6);
	assert_memory_equal(sent_by(&b)->data + 28, b.bytes + 28, b.len - 28);
	/* What a switch put in is the switch's to take out. */
	assert_int_equal(step(&b, OFFER(.info = "\1\4port")), 1);
	expect_info(&b, "\1\4port", 6);
	assert_int_equal(sent_by(&b)->dst_ip, CLIENT);
	assert_int_equal(step(&b, OFFER(.info = "\1\4port", .flags = DHCP_FLAG_BROADCAST)), 1);
	expect_info(&b, "\1\4port", 6);
	assert_int_equal(sent_by(&b)->dst_ip, IP4_BROADCAST);
	/* Ours goes, also there. */
	assert_int_equal(step(&b, OFFER(.info = "\1\4eth0")), 1);
	expect_info(&b, NULL, 0);
}

static void policy_of_others_option_82(void **state)
{
	struct bench b = usual_bench();

	set_circuit_id(&b.opt.port[0], "eth0");
	b.opt.port[0].trusted = true;
	b.opt.port[0].policy = DHCP_RELAY_REPLACE;
	bench_start(&b);
	assert_int_equal(step(&b, DISCOVER(.info = "\1\5port7")), 1);
	expect_info(&b, "\1\4eth0", 6);
	assert_int_equal(step(&b, DISCOVER(.info = "\1\5port7", .giaddr = FIRST_RELAY)), 1);
	expect_info(&b, "\1\4eth0", 6);
	assert_int_equal(b.passed.giaddr, FIRST_RELAY);
	/* Nothing to replace it by. */
	b.r.opt.port[0].circuit_id_len = 0;
	assert_int_equal(step(&b, DISCOVER(.info = "\1\5port7")), 1);
	expect_info(&b, "\1\5port7", 7);
	b.r.opt.port[0].policy = DHCP_RELAY_DROP;
	expect_drop(&b, DISCOVER(.info = "\1\5port7"), "RFC 3046 section 2.1");
	expect_drop(&b, DISCOVER(.info = "\1\5port7", .giaddr = FIRST_RELAY),
		    "RFC 3046 section 2.1.1");
	assert_int_equal(step(&b, DISCOVER(.giaddr = FIRST_RELAY)), 1);
}

static void rfc3046_2_1_1_two_relays_one_option_82(void **state)
{
	struct bench first = usual_bench(), second = usual_bench();
	struct sent relayed = { .type = DHCP_DISCOVER, .giaddr = LAN_A, .src_ip = LAN_A,
				.dst_ip = FIRST_RELAY, .port = DHCP_RELAY_NO_PORT };

	set_circuit_id(&first.opt.port[0], "desk");
	first.opt.port[0].target[0] = FIRST_RELAY;
	bench_start(&first);
	second.opt = (struct dhcp_relay_options){ .n_ports = 1 };
	second.opt.port[0] = usual_port(FIRST_RELAY);
	set_circuit_id(&second.opt.port[0], "tower");
	bench_start(&second);

	assert_int_equal(step(&first, DISCOVER()), 1);
	second.len = sent_by(&first)->len;
	memcpy(second.bytes, sent_by(&first)->data, second.len);
	assert_int_equal(receive(&second, &relayed), 1);
	assert_int_equal(second.passed.giaddr, LAN_A);
	assert_int_equal(second.passed.hops, 2);
	expect_info(&second, "\1\4desk", 6);
	assert_int_equal(sent_by(&second)->dst_ip, SERVER);
}

static void rfc3046_2_1_1_giaddr_that_nobody_can_have(void **state)
{
	struct bench b = usual_bench();

	bench_start(&b);
	expect_drop(&b, DISCOVER(.giaddr = 0x7f000001), "RFC 3046 section 2.1.1");
	expect_drop(&b, DISCOVER(.giaddr = 0xe0000001), "RFC 3046 section 2.1.1");
	expect_drop(&b, DISCOVER(.giaddr = IP4_BROADCAST), "RFC 3046 section 2.1.1");
	/* Our own: a spoof. */
	expect_drop(&b, DISCOVER(.giaddr = LAN_A), "RFC 3046 section 2.1.1");
	expect_drop(&b, DISCOVER(.giaddr = UPLINK), "RFC 3046 section 2.1.1");
}

static void rfc3046_2_1_taken_out_of_the_reply(void **state)
{
	struct bench b = usual_bench();

	set_circuit_id(&b.opt.port[0], "eth0");
	bench_start(&b);
	assert_int_equal(step(&b, OFFER(.info = "\1\4eth0", .filler = 300)), 1);
	expect_info(&b, NULL, 0);
	assert_int_equal(b.out.from, DHCP_RELAY_MARKED);
	assert_int_equal(b.out.to, DHCP_RELAY_PLAIN);
	assert_int_equal(sent_by(&b)->len, b.len - 8);
	assert_int_equal(sent_by(&b)->data[sent_by(&b)->len - 1], 255);
	assert_int_equal(b.passed.giaddr, LAN_A);
	assert_int_equal(sent_by(&b)->dst_ip, CLIENT);
	/* A short one is filled up again, RFC 1542 section 2.1. */
	assert_int_equal(step(&b, OFFER(.info = "\1\4eth0")), 1);
	assert_int_equal(sent_by(&b)->len, DHCP_MIN_LEN);
	assert_int_equal(step(&b, OFFER(.info = "\1\4eth0", .flags = DHCP_FLAG_BROADCAST)), 1);
	expect_info(&b, NULL, 0);
	assert_int_equal(sent_by(&b)->dst_ip, IP4_BROADCAST);
}

/* "It SHALL NOT parse or remove" option 82 there. */
static void rfc3046_2_1_file_field_of_a_reply_is_left_alone(void **state)
{
	struct bench b = usual_bench();
	static const uint8_t hidden[] = { 82, 3, 1, 1, 'x', 255 };
	static const uint8_t overload[] = { 52, 1, 1, 255 };
	const struct sent offer = OFFER();

	bench_start(&b);
	write_message(&b, &offer);
	memcpy(b.bytes + 243, overload, sizeof(overload));
	memcpy(b.bytes + 108, hidden, sizeof(hidden));
	assert_int_equal(receive(&b, &offer), 1);
	assert_memory_equal(sent_by(&b)->data, b.bytes, b.len);
}

static void rfc3527_3_link_is_named_where_giaddr_is_another(void **state)
{
	struct bench b = usual_bench();
	static const uint8_t link_b[] = { 5, 4, 10, 2, 0, 1 };

	b.opt.port[0].giaddr = b.opt.port[1].giaddr = UPLINK;
	bench_start(&b);
	assert_int_equal(step(&b, DISCOVER(.port = 1)), 1);
	assert_int_equal(b.passed.giaddr, UPLINK);
	assert_int_equal(sent_by(&b)->src_ip, UPLINK);
	expect_info(&b, link_b, sizeof(link_b));
	/* The echo says which link; without it nothing does. */
	assert_int_equal(step(&b, OFFER(.giaddr = UPLINK, .info = (const char *)link_b,
					.n_info = sizeof(link_b))), 1);
	assert_int_equal(sent_by(&b)->port, 1);
	expect_info(&b, NULL, 0);
	expect_drop(&b, OFFER(.giaddr = UPLINK), "RFC 1542 section 4.1.2");
	expect_drop(&b, OFFER(.giaddr = UPLINK, .info = "\5\4\12\7\1\1"),
		    "RFC 1542 section 4.1.2");
	/* It runs past its end. */
	expect_drop(&b, OFFER(.giaddr = UPLINK, .info = "\1\2aa\5\11\12", .n_info = 7),
		    "RFC 1542 section 4.1.2");
}

static void rfc3046_3_1_circuit_id_says_which_link(void **state)
{
	struct bench b = usual_bench();

	b.opt.port[0].giaddr = b.opt.port[1].giaddr = UPLINK;
	set_circuit_id(&b.opt.port[0], "desk");
	set_circuit_id(&b.opt.port[1], "lab");
	bench_start(&b);
	assert_int_equal(step(&b, OFFER(.giaddr = UPLINK, .info = "\1\3lab")), 1);
	assert_int_equal(sent_by(&b)->port, 1);
	assert_int_equal(step(&b, OFFER(.giaddr = UPLINK, .info = "\2\1x\1\4desk")), 1);
	assert_int_equal(sent_by(&b)->port, 0);
	expect_drop(&b, OFFER(.giaddr = UPLINK, .info = "\1\3lob"), "RFC 1542 section 4.1.2");
	/* A link that is answered at another address is not meant. */
	expect_drop(&b, OFFER(.giaddr = LAN_A), "RFC 1542 section 4.1.2");
	b.r.opt.port[1].giaddr = 0;
	expect_drop(&b, OFFER(.giaddr = UPLINK, .info = "\1\3lab"), "RFC 1542 section 4.1.2");
}

static void rfc5107_4_relay_stands_for_the_server(void **state)
{
	struct bench b = usual_bench();
	static const uint8_t info[] = { 11, 4, 10, 1, 0, 1 };

	b.opt.port[0].server_id_override = true;
	bench_start(&b);
	assert_int_equal(step(&b, DISCOVER()), 1);
	expect_info(&b, info, sizeof(info));
	/* The renewal comes to the relay agent, by unicast. */
	assert_int_equal(step(&b, (struct sent){ .type = DHCP_REQUEST, .ciaddr = CLIENT,
						 .src_ip = CLIENT, .dst_ip = LAN_A,
						 .port = DHCP_RELAY_NO_PORT }), 1);
	expect_info(&b, info, sizeof(info));
	assert_int_equal(b.passed.giaddr, LAN_A);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rfc3046_2_1_nothing_is_added_by_default),
		cmocka_unit_test(rfc3046_2_1_added_as_the_last_option),
		cmocka_unit_test(rfc3046_2_1_padding_makes_room),
		cmocka_unit_test(rfc3046_2_1_not_added_where_it_does_not_fit),
		cmocka_unit_test(rfc3046_2_1_spoofed_by_a_client),
		cmocka_unit_test(rfc3046_2_1_spoofed_in_the_file_field),
		cmocka_unit_test(rfc3046_2_1_of_a_trusted_switch),
		cmocka_unit_test(policy_of_others_option_82),
		cmocka_unit_test(rfc3046_2_1_1_two_relays_one_option_82),
		cmocka_unit_test(rfc3046_2_1_1_giaddr_that_nobody_can_have),
		cmocka_unit_test(rfc3046_2_1_taken_out_of_the_reply),
		cmocka_unit_test(rfc3046_2_1_file_field_of_a_reply_is_left_alone),
		cmocka_unit_test(rfc3527_3_link_is_named_where_giaddr_is_another),
		cmocka_unit_test(rfc3046_3_1_circuit_id_says_which_link),
		cmocka_unit_test(rfc5107_4_relay_stands_for_the_server),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
