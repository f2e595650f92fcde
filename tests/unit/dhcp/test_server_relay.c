/* SPDX-License-Identifier: MIT */
/* test_server_relay.c - subnets behind relay agents, and what the agents say. */
#include "server_fixture.h"

#define NET1 0x0a000100u	/* 10.0.1.0/24 */
#define NET2 0x0a000200u	/* 10.0.2.0/25 */
#define AGENT1 (NET1 + 1)
#define AGENT2 (NET2 + 1)

static const uint8_t router1[] = { 10, 0, 1, 1 };

static struct dhcp_server_options two_subnets(void)
{
	struct dhcp_server_options opt = usual_options();

	add_value(&opt, DHCP_OPT_ROUTER, true, "\12\0\0\1", 4);
	opt.n_subnets = 2;
	opt.subnet[0] = (struct dhcp_server_subnet){
		.address = NET1, .prefix_len = 24, .first = NET1 + 10, .last = NET1 + 12,
		.default_lease_sec = 600, .min_lease_sec = 300, .max_lease_sec = 900,
		.n_values = 1,
		.value = { { DHCP_OPT_ROUTER, true, 4, sizeof(router1) } },
	};
	opt.subnet[1] = (struct dhcp_server_subnet){
		.address = NET2, .prefix_len = 25, .first = NET2 + 10, .last = NET2 + 20,
		.default_lease_sec = 60, .min_lease_sec = 60, .max_lease_sec = 60,
	};
	memcpy(opt.values + 4, router1, sizeof(router1));
	return opt;
}

static uint32_t relayed_bind(struct lab *lab, uint16_t client, uint32_t giaddr)
{
	struct ask a = { .type = DHCP_DISCOVER, .client = client, .giaddr = giaddr };

	assert_int_equal(lab_ask(lab, &a), DHCP_OFFER);
	a.type = DHCP_REQUEST;
	a.server_id = SERVER;
	a.requested = lab->reply.yiaddr;
	assert_int_equal(lab_ask(lab, &a), DHCP_ACK);
	return lab->reply.yiaddr;
}

static void test_pool_of_the_subnet_of_giaddr_rfc2131_s4_3_1(void **state)
{
	struct dhcp_server_options opt = two_subnets();
	struct lab lab;
	uint32_t address;

	lab_start(&lab, &opt);
	address = relayed_bind(&lab, 1, AGENT1);
	assert_in_range(address, NET1 + 10, NET1 + 12);
	assert_int_equal(lab_sent(&lab)->dst_ip, AGENT1);
	assert_int_equal(lab_sent(&lab)->dst_port, DHCP_SERVER_PORT);
	assert_int_equal(reply_u32(&lab, DHCP_OPT_SUBNET_MASK), 0xffffff00);
	assert_int_equal(reply_u32(&lab, DHCP_OPT_LEASE_TIME), 600);
	assert_int_equal(reply_u32(&lab, DHCP_OPT_ROUTER), AGENT1);

	address = relayed_bind(&lab, 2, AGENT2);
	assert_in_range(address, NET2 + 10, NET2 + 20);
	assert_int_equal(reply_u32(&lab, DHCP_OPT_SUBNET_MASK), 0xffffff80);
	assert_int_equal(reply_u32(&lab, DHCP_OPT_LEASE_TIME), 60);
	assert_false(dhcp_message_has(&lab.reply, DHCP_OPT_ROUTER));

	assert_in_range(lab_bind(&lab, 3), NET + 2, NET + 254);
	assert_int_equal(reply_u32(&lab, DHCP_OPT_ROUTER), SERVER);
	lab_end(&lab);
}

/* A subnet's pool that is full takes nothing from another's, not even what was given up. */
static void test_full_pool_does_not_spill_into_another_rfc2131_s4_3_1(void **state)
{
	struct dhcp_server_options opt = two_subnets();
	struct ask a = { .type = DHCP_DISCOVER, .client = 9, .giaddr = AGENT1 };
	struct lab lab;
	uint32_t own;

	lab_start(&lab, &opt);
	own = lab_bind(&lab, 1);
	assert_int_equal(lab_release(&lab, 1, own), 1);
	for (uint16_t i = 2; i < 5; i++)
		(void)relayed_bind(&lab, i, AGENT1);
	assert_int_equal(lab_ask(&lab, &a), 0);
	assert_non_null(strstr(lab.out.reason.why, "pool is full"));
	a.requested = own;
	assert_int_equal(lab_ask(&lab, &a), 0);
	lab_end(&lab);
}

/* Section 2.1: the key of a binding is the subnet number and the client's identity. */
static void test_client_that_moves_has_a_binding_in_each_subnet_rfc2131_s2_1(void **state)
{
	struct dhcp_server_options opt = two_subnets();
	struct lab lab;
	uint32_t here, there;

	lab_start(&lab, &opt);
	here = lab_bind(&lab, 1);
	there = relayed_bind(&lab, 1, AGENT1);
	assert_int_equal(lab_binding(&lab, here)->state, DHCP_BINDING_ACTIVE);
	assert_int_equal(lab_binding(&lab, there)->state, DHCP_BINDING_ACTIVE);
	assert_int_equal(lab_offer(&lab, 1), here);
	lab_end(&lab);
}

/* Unicast renewals and releases come past the agent: ciaddr says which subnet is meant. */
static void test_unicast_from_behind_a_relay_rfc2131_s4_3_2(void **state)
{
	struct dhcp_server_options opt = two_subnets();
	struct ask renew = { .type = DHCP_REQUEST, .client = 1, .dst_ip = SERVER };
	struct lab lab;
	uint32_t address;

	lab_start(&lab, &opt);
	address = relayed_bind(&lab, 1, AGENT1);
	renew.ciaddr = address;
	assert_int_equal(lab_ask(&lab, &renew), DHCP_ACK);
	assert_int_equal(lab_sent(&lab)->dst_ip, address);
	assert_int_equal(reply_u32(&lab, DHCP_OPT_LEASE_TIME), 600);
	assert_int_equal(lab_release(&lab, 1, address), 1);
	assert_int_equal(lab_binding(&lab, address)->state, DHCP_BINDING_RELEASED);
	lab_end(&lab);
}

/* Broadcast, it was heard on the server's own link, whatever address the client still has. */
static void test_broadcast_is_of_the_link_rfc2131_s4_3_2(void **state)
{
	struct dhcp_server_options opt = two_subnets();
	struct ask rebind = { .type = DHCP_REQUEST, .client = 1 };
	struct lab lab;

	lab_start(&lab, &opt);
	rebind.ciaddr = relayed_bind(&lab, 1, AGENT1);
	assert_int_not_equal(lab_ask(&lab, &rebind), DHCP_ACK);
	lab_end(&lab);
}

static void test_wrong_network_is_by_giaddr_rfc2131_s4_3_2(void **state)
{
	struct dhcp_server_options opt = two_subnets();
	struct ask a = {
		.type = DHCP_REQUEST, .client = 1, .giaddr = AGENT1, .requested = NET + 9,
	};
	struct lab lab;

	opt.authoritative = true;
	lab_start(&lab, &opt);
	assert_int_equal(lab_ask(&lab, &a), DHCP_NAK);
	assert_true(lab.reply.flags & DHCP_FLAG_BROADCAST);
	assert_int_equal(lab_sent(&lab)->dst_ip, AGENT1);
	a.requested = NET1 + 10;	/* may be another server's word */
	assert_int_equal(lab_ask(&lab, &a), 0);
	lab_end(&lab);
}

static void test_unknown_subnets_are_met_with_silence_rfc2131_s4_3_1(void **state)
{
	static const struct {
		struct ask ask;
		const char *why;
	} cases[] = {
		{ { .type = DHCP_DISCOVER, .giaddr = 0x0a000301 }, "this relay agent" },
		{ { .type = DHCP_DISCOVER, .giaddr = NET2 + 127 }, "can have" },
		{ { .type = DHCP_DISCOVER, .giaddr = NET + 255 }, "can have" },
		{ { .type = DHCP_DISCOVER, .giaddr = NET }, "can have" },
		{ { .type = DHCP_DISCOVER, .giaddr = 0xe0000001 }, "can have" },
		{ { .type = DHCP_DISCOVER, .giaddr = AGENT1, .subnet = 0x0a000300 }, "selected" },
		{ { .type = DHCP_DISCOVER, .giaddr = AGENT1, .relay = "\5\4\12\1\1\1" },
		  "selected" },
	};
	struct dhcp_server_options opt = two_subnets();
	struct lab lab;

	lab_start(&lab, &opt);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_int_equal(lab_ask(&lab, &cases[i].ask), 0);
		assert_non_null(strstr(lab.out.reason.why, cases[i].why));
	}
	lab_end(&lab);
}

/* The agent names the link; the answer still goes to giaddr, wherever that is. */
static void test_link_selection_rfc3527_s3(void **state)
{
	static const char info[] = "\1\2xy\5\4\12\0\2\0";
	struct dhcp_server_options opt = two_subnets();
	struct ask a = {
		.type = DHCP_DISCOVER, .client = 1, .giaddr = 0xc0a80001, .relay = info,
		.n_relay = sizeof(info) - 1,
	};
	struct lab lab;

	lab_start(&lab, &opt);
	assert_int_equal(lab_ask(&lab, &a), DHCP_OFFER);
	assert_in_range(lab.reply.yiaddr, NET2 + 10, NET2 + 20);
	assert_int_equal(lab_sent(&lab)->dst_ip, 0xc0a80001);
	a.subnet = NET1;	/* section 3: the agent's word goes before the client's */
	assert_int_equal(lab_ask(&lab, &a), DHCP_OFFER);
	assert_in_range(lab.reply.yiaddr, NET2 + 10, NET2 + 20);
	lab_end(&lab);
}

static void test_subnet_selection_comes_back_rfc3011_s2(void **state)
{
	static const uint8_t list[] = { DHCP_OPT_SUBNET_MASK };
	struct dhcp_server_options opt = two_subnets();
	struct ask a = {
		.type = DHCP_DISCOVER, .client = 1, .giaddr = NET + 250, .subnet = NET1,
		.list = list, .n_list = sizeof(list),
	};
	struct lab lab;

	lab_start(&lab, &opt);
	assert_int_equal(lab_ask(&lab, &a), DHCP_OFFER);
	assert_in_range(lab.reply.yiaddr, NET1 + 10, NET1 + 12);
	assert_int_equal(reply_u32(&lab, DHCP_OPT_SUBNET_SELECTION), NET1);
	assert_int_equal(lab_sent(&lab)->dst_ip, NET + 250);
	assert_in_range(lab_offer(&lab, 2), NET + 2, NET + 254);
	assert_false(dhcp_message_has(&lab.reply, DHCP_OPT_SUBNET_SELECTION));
	lab_end(&lab);
}

/* The agent wants to stand between the client and us, also for unicasts. */
static void test_server_id_override_rfc5107_s4(void **state)
{
	static const char info[] = "\013\4\12\0\1\1";
	struct dhcp_server_options opt = two_subnets();
	struct ask a = {
		.type = DHCP_DISCOVER, .client = 1, .giaddr = AGENT1, .relay = info,
		.n_relay = sizeof(info) - 1,
	};
	struct lab lab;

	lab_start(&lab, &opt);
	assert_int_equal(lab_ask(&lab, &a), DHCP_OFFER);
	assert_int_equal(reply_u32(&lab, DHCP_OPT_SERVER_ID), AGENT1);
	assert_int_equal(lab_sent(&lab)->src_ip, SERVER);
	a.type = DHCP_REQUEST;
	a.requested = lab.reply.yiaddr;
	a.server_id = AGENT1;
	assert_int_equal(lab_ask(&lab, &a), DHCP_ACK);
	assert_int_equal(reply_u32(&lab, DHCP_OPT_SERVER_ID), AGENT1);

	/* Without the agent's word that name is another server's. */
	a.relay = NULL;
	assert_int_equal(lab_ask(&lab, &a), 0);
	assert_non_null(strstr(lab.out.reason.why, "another server"));
	lab_end(&lab);
}

/* Section 2.1: of a client itself it is nobody's word, unless a switch is trusted to add it. */
static void test_relay_info_without_giaddr_only_if_trusted_rfc3046_s2_1(void **state)
{
	static const char info[] = "\5\4\12\0\1\1";
	struct dhcp_server_options opt = two_subnets();
	struct ask a = {
		.type = DHCP_DISCOVER, .client = 1, .relay = info, .n_relay = sizeof(info) - 1,
	};
	struct lab lab;

	lab_start(&lab, &opt);
	assert_int_equal(lab_ask(&lab, &a), DHCP_OFFER);
	assert_in_range(lab.reply.yiaddr, NET + 2, NET + 254);
	assert_false(dhcp_message_has(&lab.reply, DHCP_OPT_RELAY_INFO));
	lab_end(&lab);

	opt.trust_relay_info = true;
	lab_start(&lab, &opt);
	assert_int_equal(lab_ask(&lab, &a), DHCP_OFFER);
	assert_in_range(lab.reply.yiaddr, NET1 + 10, NET1 + 12);
	assert_true(dhcp_message_has(&lab.reply, DHCP_OPT_RELAY_INFO));
	lab_end(&lab);
}

/* Suboptions that lie about their length say nothing; the option comes back all the same. */
static void test_lying_suboptions_rfc3046_s2_0(void **state)
{
	static const struct {
		const char *info;
		size_t len;
	} cases[] = {
		{ "\5\4\12\0\1", 5 }, { "\5\3\12\0\1", 5 }, { "\5\0", 2 },
		{ "\1\377\5\4\12\0\2\1", 8 }, { "\5\5\12\0\2\1\1", 7 },
	};
	struct dhcp_server_options opt = two_subnets();
	struct lab lab;

	lab_start(&lab, &opt);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct ask a = {
			.type = DHCP_DISCOVER, .client = 1, .giaddr = AGENT1,
			.relay = cases[i].info, .n_relay = cases[i].len,
		};
		const uint8_t *echo;
		size_t len = 0;

		assert_int_equal(lab_ask(&lab, &a), DHCP_OFFER);
		assert_in_range(lab.reply.yiaddr, NET1 + 10, NET1 + 12);
		echo = dhcp_message_get(&lab.reply, DHCP_OPT_RELAY_INFO, &len);
		assert_int_equal(len, cases[i].len);
		assert_memory_equal(echo, cases[i].info, len);
	}
	lab_end(&lab);
}

/* Conflicts and what is held are counted where the address is. */
static void test_each_subnet_keeps_its_own_addresses(void **state)
{
	struct dhcp_server_options opt = two_subnets();
	struct dhcp_pool_count count;
	struct ask a = { .type = DHCP_DISCOVER, .client = 2, .giaddr = AGENT1 };
	struct lab lab;

	lab_start(&lab, &opt);
	assert_true(dhcp_server_count(lab.s, 0, lab.now, &count));
	assert_int_equal(count.size, 253);
	assert_true(dhcp_server_count(lab.s, 1, lab.now, &count));
	assert_int_equal(count.address, NET1);
	assert_int_equal(count.size, 3);
	assert_true(dhcp_server_count(lab.s, 2, lab.now, &count));
	assert_int_equal(count.size, 11);
	assert_false(dhcp_server_count(lab.s, 3, lab.now, &count));
	assert_int_equal(lab_conflict(&lab, NET1 + 10), 1);
	assert_int_equal(lab_conflict(&lab, NET1 + 11), 1);
	(void)relayed_bind(&lab, 1, AGENT1);
	assert_int_equal(lab_ask(&lab, &a), 0);
	assert_true(dhcp_server_count(lab.s, 1, lab.now, &count));
	assert_int_equal(count.leased, 1);
	assert_int_equal(count.free, 0);
	for (size_t i = 0; i < 3; i += 2) {
		assert_true(dhcp_server_count(lab.s, i, lab.now, &count));
		assert_int_equal(count.leased, 0);
		assert_int_equal(count.free, count.size);
	}
	lab_end(&lab);
}

static void test_bad_subnets_are_refused(void **state)
{
	struct dhcp_server_options good = two_subnets(), bad[7];

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		bad[i] = good;
	bad[0].subnet[0].address = NET1 + 1;
	bad[1].subnet[0].address = NET;
	bad[2].subnet[0].prefix_len = 15;
	bad[3].subnet[1].last = NET2 + 128;
	bad[4].subnet[1].default_lease_sec = 0;
	bad[5].subnet[1].n_values = DHCP_SERVER_OPTIONS_MAX + 1;
	bad[6].n_subnets = DHCP_SERVER_SUBNETS_MAX + 1;
	assert_int_not_equal(dhcp_server_size(&good), 0);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_int_equal(dhcp_server_size(&bad[i]), 0);
}

/* Whoever is behind the port has its address; a relay agent must have said so. */
static void test_address_by_circuit_id_rfc3046_s3_1(void **state)
{
	struct dhcp_server_options opt = two_subnets();
	struct ask a = { .type = DHCP_DISCOVER, .client = 5, .giaddr = AGENT1,
			 .relay = "\2\1x\1\5port7" };
	struct lab lab;

	opt.n_reserved = 1;
	opt.reserved[0] = (struct dhcp_reservation){
		.address = NET1 + 77, .id_is_circuit = true, .id_len = 5, .id = "port7",
	};
	lab_start(&lab, &opt);
	assert_int_equal(lab_ask(&lab, &a), DHCP_OFFER);
	assert_int_equal(lab.reply.yiaddr, NET1 + 77);
	a = (struct ask){ .type = DHCP_DISCOVER, .client = 6, .giaddr = AGENT1,
			  .relay = "\1\5port8" };
	assert_int_equal(lab_ask(&lab, &a), DHCP_OFFER);
	assert_in_range(lab.reply.yiaddr, NET1 + 10, NET1 + 12);
	/* A client identifier of the same bytes is another thing. */
	a = (struct ask){ .type = DHCP_DISCOVER, .client = 7, .giaddr = AGENT1, .id = "port7" };
	assert_int_equal(lab_ask(&lab, &a), DHCP_OFFER);
	assert_in_range(lab.reply.yiaddr, NET1 + 10, NET1 + 12);
	lab_end(&lab);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_address_by_circuit_id_rfc3046_s3_1),
		cmocka_unit_test(test_pool_of_the_subnet_of_giaddr_rfc2131_s4_3_1),
		cmocka_unit_test(test_full_pool_does_not_spill_into_another_rfc2131_s4_3_1),
		cmocka_unit_test(test_client_that_moves_has_a_binding_in_each_subnet_rfc2131_s2_1),
		cmocka_unit_test(test_unicast_from_behind_a_relay_rfc2131_s4_3_2),
		cmocka_unit_test(test_broadcast_is_of_the_link_rfc2131_s4_3_2),
		cmocka_unit_test(test_wrong_network_is_by_giaddr_rfc2131_s4_3_2),
		cmocka_unit_test(test_unknown_subnets_are_met_with_silence_rfc2131_s4_3_1),
		cmocka_unit_test(test_link_selection_rfc3527_s3),
		cmocka_unit_test(test_subnet_selection_comes_back_rfc3011_s2),
		cmocka_unit_test(test_server_id_override_rfc5107_s4),
		cmocka_unit_test(test_relay_info_without_giaddr_only_if_trusted_rfc3046_s2_1),
		cmocka_unit_test(test_lying_suboptions_rfc3046_s2_0),
		cmocka_unit_test(test_each_subnet_keeps_its_own_addresses),
		cmocka_unit_test(test_bad_subnets_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
