/* SPDX-License-Identifier: MIT */
/* test_relay.c - RFC 1542 section 4: requests to the server, replies to the client. */
#include "relay_fixture.h"

static void rfc1542_4_1_1_giaddr_is_the_link_and_hops_counts(void **state)
{
	struct bench b = usual_bench();

	bench_start(&b);
	assert_int_equal(step(&b, DISCOVER(.port = 1, .hops = 3)), 1);
	assert_int_equal(b.out.n, 1);
	assert_int_equal(b.passed.giaddr, LAN_B);
	assert_int_equal(b.passed.hops, 4);
	assert_int_equal(sent_by(&b)->dst_ip, SERVER);
	assert_int_equal(sent_by(&b)->src_ip, LAN_B);
	assert_int_equal(sent_by(&b)->src_port, 67);
	assert_int_equal(sent_by(&b)->dst_port, 67);
	assert_false(sent_by(&b)->to_mac);
	assert_int_equal(sent_by(&b)->type, DHCP_DISCOVER);
	assert_int_equal(b.r.requests, 1);
}

static void rfc1542_4_1_1_every_other_byte_is_as_it_came(void **state)
{
	struct bench b = usual_bench();

	bench_start(&b);
	write_message(&b, &DISCOVER(.secs = 7));
	b.bytes[11] = 0x55;		/* flags that mean nothing */
	memset(b.bytes + 44, 'n', 64);	/* a server name that does not end */
	b.bytes[b.len - 1] = 'x';	/* behind END */
	assert_int_equal(receive(&b, &DISCOVER(.secs = 7)), 1);
	assert_int_equal(sent_by(&b)->len, b.len);
	for (size_t i = 0; i < b.len; i++)
		if (i != 3 && (i < 24 || i > 27))
			assert_int_equal(sent_by(&b)->data[i], b.bytes[i]);
}

static void rfc1542_4_1_1_giaddr_that_is_set_stays(void **state)
{
	struct bench b = usual_bench();

	set_circuit_id(&b.opt.port[0], "port7");
	bench_start(&b);
	assert_int_equal(step(&b, DISCOVER(.giaddr = FIRST_RELAY, .hops = 1,
					   .src_ip = FIRST_RELAY, .dst_ip = LAN_A,
					   .port = DHCP_RELAY_NO_PORT)), 1);
	assert_int_equal(b.passed.giaddr, FIRST_RELAY);
	assert_int_equal(b.passed.hops, 2);
	expect_info(&b, NULL, 0);	/* RFC 3046 section 2.1.1 */
}

static void rfc1542_4_1_1_too_many_hops(void **state)
{
	struct bench b = usual_bench();

	b.opt.port[1].hops_max = 4;
	bench_start(&b);
	assert_int_equal(step(&b, DISCOVER(.hops = 16)), 1);
	expect_drop(&b, DISCOVER(.hops = 17), "RFC 1542 section 4.1.1");
	assert_int_equal(step(&b, DISCOVER(.hops = 4, .port = 1)), 1);
	expect_drop(&b, DISCOVER(.hops = 5, .port = 1), "RFC 1542 section 4.1.1");
}

static void rfc1542_4_1_1_threshold_of_secs(void **state)
{
	struct bench b = usual_bench();

	b.opt.port[0].secs_min = 4;
	bench_start(&b);
	expect_drop(&b, DISCOVER(.secs = 3), "RFC 1542 section 4.1.1");
	assert_int_equal(step(&b, DISCOVER(.secs = 4)), 1);
}

static void rfc1542_4_1_1_every_server_gets_every_request(void **state)
{
	struct bench b = usual_bench();

	b.opt.port[0].n_targets = DHCP_RELAY_TARGETS_MAX;
	for (uint32_t i = 0; i < DHCP_RELAY_TARGETS_MAX; i++)
		b.opt.port[0].target[i] = SERVER + i;
	bench_start(&b);
	assert_int_equal(step(&b, DISCOVER()), 1);
	assert_int_equal(b.out.n, DHCP_RELAY_TARGETS_MAX);
	for (uint32_t i = 0; i < DHCP_RELAY_TARGETS_MAX; i++) {
		assert_int_equal(b.out.action[i].send.dst_ip, SERVER + i);
		assert_memory_equal(b.out.action[i].send.data, b.out.action[0].send.data,
				    b.out.action[0].send.len);
	}
}

static void rfc1542_4_1_1_never_loops(void **state)
{
	struct bench b = usual_bench();

	bench_start(&b);
	expect_drop(&b, DISCOVER(.src_ip = UPLINK), "RFC 1542 section 4.1.1");
	expect_drop(&b, DISCOVER(.giaddr = LAN_B), "RFC 3046 section 2.1.1");
	b.opt.port[0].target[0] = LAN_B;
	assert_int_equal(dhcp_relay_init(&b.r, &b.opt), -EINVAL);
	b.opt.port[0].target[0] = UPLINK;
	assert_int_equal(dhcp_relay_init(&b.r, &b.opt), -EINVAL);
	b.opt.port[0].target[0] = IP4_BROADCAST;
	assert_int_equal(dhcp_relay_init(&b.r, &b.opt), -EINVAL);
}

static void rfc1542_4_1_1_request_from_elsewhere(void **state)
{
	struct bench b = usual_bench();
	uint8_t port = DHCP_RELAY_NO_PORT;

	bench_start(&b);
	expect_drop(&b, DISCOVER(.port = port, .dst_ip = UPLINK), "RFC 1542 section 4.1.1");
	/* RFC 5107: a renewal that was sent to the relay agent's own address. */
	assert_int_equal(step(&b, DISCOVER(.port = port, .dst_ip = LAN_B)), 1);
	assert_int_equal(b.passed.giaddr, LAN_B);
}

static void rfc1542_4_1_port_of_clients_is_nothing_for_a_relay(void **state)
{
	struct bench b = usual_bench();

	bench_start(&b);
	expect_drop(&b, DISCOVER(.dst_port = 68), "RFC 1542 section 4.1");
	expect_drop(&b, OFFER(.dst_port = 68), "RFC 1542 section 4.1");
}

static void rfc1542_4_1_bootp_is_relayed(void **state)
{
	struct bench b = usual_bench();

	set_circuit_id(&b.opt.port[0], "p1");
	bench_start(&b);
	assert_int_equal(step(&b, (struct sent){ .type = DHCP_NO_TYPE }), 1);
	assert_int_equal(b.passed.giaddr, LAN_A);
	expect_info(&b, "\1\2p1", 4);
	/* Without the cookie there is no place for option 82. */
	write_message(&b, &(struct sent){ .type = DHCP_NO_TYPE });
	memset(b.bytes + 236, 0, 4);
	assert_int_equal(receive(&b, &(struct sent){ .type = DHCP_NO_TYPE }), 1);
	assert_int_equal(b.passed.giaddr, LAN_A);
	assert_int_equal(b.r.unmarked, 1);
	assert_int_equal(sent_by(&b)->len, b.len);
}

static void rfc1542_4_1_2_reply_goes_to_yiaddr_at_chaddr(void **state)
{
	struct bench b = usual_bench();

	bench_start(&b);
	assert_int_equal(step(&b, OFFER()), 1);
	assert_int_equal(b.out.n, 1);
	assert_true(sent_by(&b)->to_mac);
	assert_int_equal(sent_by(&b)->port, 0);
	assert_int_equal(sent_by(&b)->src_ip, LAN_A);
	assert_int_equal(sent_by(&b)->dst_ip, CLIENT);
	assert_int_equal(sent_by(&b)->src_port, 67);
	assert_int_equal(sent_by(&b)->dst_port, 68);
	assert_memory_equal(sent_by(&b)->dst_mac, b.msg.chaddr, 6);
	assert_memory_equal(sent_by(&b)->data, b.bytes, b.len);
	assert_int_equal(b.r.replies, 1);
	assert_int_equal(step(&b, OFFER(.giaddr = LAN_B)), 1);
	assert_int_equal(sent_by(&b)->port, 1);
}

static void expect_broadcast(struct bench *b, struct sent s)
{
	static const uint8_t everyone[6] = { 255, 255, 255, 255, 255, 255 };

	assert_int_equal(step(b, s), 1);
	assert_true(sent_by(b)->to_mac);
	assert_int_equal(sent_by(b)->dst_ip, IP4_BROADCAST);
	assert_memory_equal(sent_by(b)->dst_mac, everyone, 6);
}

static void rfc1542_4_1_2_broadcast_where_unicast_can_not_be(void **state)
{
	struct bench b = usual_bench();

	bench_start(&b);
	expect_broadcast(&b, OFFER(.flags = DHCP_FLAG_BROADCAST));
	expect_broadcast(&b, (struct sent){ .op = DHCP_OP_REPLY, .type = DHCP_NAK,
					    .giaddr = LAN_A, .yiaddr = CLIENT });
	expect_broadcast(&b, (struct sent){ .op = DHCP_OP_REPLY, .type = DHCP_ACK,
					    .giaddr = LAN_A });
	expect_broadcast(&b, OFFER(.htype = 6));
	expect_broadcast(&b, OFFER(.hlen = 8));
	expect_broadcast(&b, OFFER(.multicast_chaddr = true));
}

static void rfc1542_4_1_2_giaddr_that_is_not_ours(void **state)
{
	struct bench b = usual_bench();

	bench_start(&b);
	expect_drop(&b, (struct sent){ .op = DHCP_OP_REPLY, .type = DHCP_OFFER },
		    "RFC 1542 section 4.1.2");
	expect_drop(&b, OFFER(.giaddr = FIRST_RELAY, .dst_ip = LAN_A), "RFC 1542 section 4.1.2");
	expect_drop(&b, OFFER(.giaddr = UPLINK), "RFC 1542 section 4.1.2");
}

static void rfc2131_4_1_servers_answer_giaddr(void **state)
{
	struct bench b = usual_bench();

	bench_start(&b);
	expect_drop(&b, OFFER(.dst_ip = IP4_BROADCAST), "RFC 2131 section 4.1");
}

static void events_that_are_nothing_for_a_relay(void **state)
{
	static const enum dhcp_event_type types[] = {
		DHCP_EVENT_START, DHCP_EVENT_DEADLINE, DHCP_EVENT_CONFLICT, DHCP_EVENT_STOP,
		DHCP_EVENT_COMMAND,
	};
	struct bench b = usual_bench();
	struct dhcp_event ev = { .type = DHCP_EVENT_RX };

	bench_start(&b);
	for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
		ev.type = types[i];
		assert_int_equal(dhcp_relay_step(&b.r, &ev, &b.out), 0);
		assert_true(b.out.n == 0 && b.out.reason.why[0] && b.out.reason.rfc[0]);
	}
	ev = (struct dhcp_event){ .type = DHCP_EVENT_RX };
	assert_int_equal(dhcp_relay_step(&b.r, &ev, &b.out), -EINVAL);
	ev.type = (enum dhcp_event_type)99;
	assert_int_equal(dhcp_relay_step(&b.r, &ev, &b.out), -EINVAL);
}

static void options_that_make_no_sense(void **state)
{
	struct bench b = usual_bench();
	struct dhcp_relay_options good = b.opt;

#define BAD(what) do { \
		b.opt = good; \
		what; \
		assert_int_equal(dhcp_relay_init(&b.r, &b.opt), -EINVAL); \
	} while (0)
	BAD(b.opt.n_ports = 0);
	BAD(b.opt.n_ports = DHCP_RELAY_PORTS_MAX + 1);
	BAD(b.opt.n_own = DHCP_RELAY_OWN_MAX + 1);
	BAD(b.opt.port[1].address = LAN_A);
	BAD(b.opt.port[1].address = 0);
	BAD(b.opt.port[1].giaddr = SERVER);
	BAD(b.opt.port[0].n_targets = 0);
	BAD(b.opt.port[0].n_targets = DHCP_RELAY_TARGETS_MAX + 1);
	BAD(b.opt.port[0].hops_max = 0);
	BAD(b.opt.port[0].hops_max = 17);
	BAD(b.opt.port[0].max_size = 575);
	BAD(b.opt.port[0].max_size = 1501);
	BAD(b.opt.port[0].circuit_id_len = DHCP_RELAY_ID_MAX + 1);
	BAD(b.opt.port[0].remote_id_len = DHCP_RELAY_ID_MAX + 1);
	BAD(b.opt.port[0].policy = (enum dhcp_relay_policy)3);
#undef BAD
	assert_int_equal(dhcp_relay_init(&b.r, &good), 0);
}

static void every_pair_ends_in_a_row_that_always_holds(void **state)
{
	bool seen[DHCP_RELAY_STATES][DHCP_RELAY_TRIGGERS] = { 0 };
	struct dhcp_row row;

	for (size_t i = 0; dhcp_relay_row(i, &row); i++) {
		assert_true(row.act[0] && row.reason.why[0] && row.reason.rfc[0]);
		for (unsigned int s = 0; s < DHCP_RELAY_STATES; s++)
			for (unsigned int t = 0; t < DHCP_RELAY_TRIGGERS; t++)
				if (!row.guard[0] && !strcmp(row.from, dhcp_relay_state_name(s)) &&
				    !strcmp(row.on, dhcp_relay_trigger_name(t)))
					seen[s][t] = true;
	}
	for (unsigned int s = 0; s < DHCP_RELAY_STATES; s++)
		for (unsigned int t = 0; t < DHCP_RELAY_TRIGGERS; t++)
			assert_true(seen[s][t]);
	assert_string_equal(dhcp_relay_state_name(99), "?");
	assert_string_equal(dhcp_relay_trigger_name(99), "?");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rfc1542_4_1_1_giaddr_is_the_link_and_hops_counts),
		cmocka_unit_test(rfc1542_4_1_1_every_other_byte_is_as_it_came),
		cmocka_unit_test(rfc1542_4_1_1_giaddr_that_is_set_stays),
		cmocka_unit_test(rfc1542_4_1_1_too_many_hops),
		cmocka_unit_test(rfc1542_4_1_1_threshold_of_secs),
		cmocka_unit_test(rfc1542_4_1_1_every_server_gets_every_request),
		cmocka_unit_test(rfc1542_4_1_1_never_loops),
		cmocka_unit_test(rfc1542_4_1_1_request_from_elsewhere),
		cmocka_unit_test(rfc1542_4_1_port_of_clients_is_nothing_for_a_relay),
		cmocka_unit_test(rfc1542_4_1_bootp_is_relayed),
		cmocka_unit_test(rfc1542_4_1_2_reply_goes_to_yiaddr_at_chaddr),
		cmocka_unit_test(rfc1542_4_1_2_broadcast_where_unicast_can_not_be),
		cmocka_unit_test(rfc1542_4_1_2_giaddr_that_is_not_ours),
		cmocka_unit_test(rfc2131_4_1_servers_answer_giaddr),
		cmocka_unit_test(events_that_are_nothing_for_a_relay),
		cmocka_unit_test(options_that_make_no_sense),
		cmocka_unit_test(every_pair_ends_in_a_row_that_always_holds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
