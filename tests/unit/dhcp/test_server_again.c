/* SPDX-License-Identifier: MIT */
/* test_server_again.c - what comes twice, and pools of the smallest and the biggest size. */
#include "server_fixture.h"

/* Whatever its xid: the client began anew, or its OFFER was lost. */
static void test_repeated_discover_gets_the_same_offer_rfc2131_s4_3_1(void **state)
{
	struct dhcp_server_options opt = usual_options();
	struct ask a = { .type = DHCP_DISCOVER, .client = 7, .xid = 1 };
	struct lab lab;
	uint32_t address;

	lab_start(&lab, &opt);
	assert_int_equal(lab_ask(&lab, &a), DHCP_OFFER);
	address = lab.reply.yiaddr;
	for (a.xid = 2; a.xid < 5; a.xid++) {
		lab.now += 50 * DHCP_SECOND;	/* each keeps the offer from lapsing */
		(void)lab_deadline(&lab, 0);
		a.requested = NET + 200;
		assert_int_equal(lab_ask(&lab, &a), DHCP_OFFER);
		assert_int_equal(lab.reply.yiaddr, address);
		assert_int_equal(lab.reply.xid, a.xid);
	}
	assert_null(dhcp_server_binding(lab.s, 1));
	lab_end(&lab);
}

/* Section 3.1 step 4: the ACK was lost, the REQUEST comes again. */
static void test_lost_ack_comes_again_rfc2131_s3_1(void **state)
{
	struct dhcp_server_options opt = usual_options();
	struct dhcp_send first;
	struct lab lab;
	uint32_t address;

	lab_start(&lab, &opt);
	address = lab_offer(&lab, 7);
	assert_int_equal(lab_select(&lab, 7, address), DHCP_ACK);
	first = *lab_sent(&lab);
	lab.now += 4 * DHCP_SECOND;
	assert_int_equal(lab_select(&lab, 7, address), DHCP_ACK);
	assert_int_equal(lab_sent(&lab)->len, first.len);
	assert_memory_equal(lab_sent(&lab)->data, first.data, first.len);
	assert_true(lab_binding(&lab, address)->expires == lab.now + 3600 * DHCP_SECOND);
	assert_null(dhcp_server_binding(lab.s, 1));
	lab_end(&lab);
}

/* They are not answered; the second of them finds nothing to do. */
static void test_release_and_decline_twice_rfc2131_s4_3_4(void **state)
{
	struct dhcp_server_options opt = usual_options();
	struct lab lab;
	uint32_t address;

	lab_start(&lab, &opt);
	address = lab_bind(&lab, 7);
	(void)lab_release(&lab, 7, address);
	assert_int_equal(lab.reply.type, 0);
	assert_int_equal(lab_release(&lab, 7, address), 0);
	assert_int_equal(lab_binding(&lab, address)->state, DHCP_BINDING_RELEASED);

	assert_int_equal(lab_bind(&lab, 7), address);
	(void)lab_decline(&lab, 7, address);
	assert_int_equal(lab.reply.type, 0);
	lab.now += 100 * DHCP_SECOND;
	assert_int_equal(lab_decline(&lab, 7, address), 0);
	/* nor does it begin the quarantine anew */
	assert_true(lab_binding(&lab, address)->expires == lab.now + 500 * DHCP_SECOND);
	lab_end(&lab);
}

static void test_for_ever_only_if_it_is_allowed_rfc2131_s3_3(void **state)
{
	struct dhcp_server_options opt = usual_options();
	struct ask a = { .type = DHCP_DISCOVER, .client = 7, .lease_sec = DHCP_INFINITY };
	struct lab lab;

	lab_start(&lab, &opt);
	assert_int_equal(lab_ask(&lab, &a), DHCP_OFFER);
	assert_int_equal(reply_u32(&lab, DHCP_OPT_LEASE_TIME), 86400);
	lab_end(&lab);
	opt.max_lease_sec = DHCP_INFINITY;
	lab_start(&lab, &opt);
	assert_int_equal(lab_ask(&lab, &a), DHCP_OFFER);
	assert_int_equal(reply_u32(&lab, DHCP_OPT_LEASE_TIME), DHCP_INFINITY);
	lab_end(&lab);
}

/* A network of four addresses, two of which hosts can have: the server and one client. */
static void test_pool_of_a_30(void **state)
{
	struct dhcp_server_options opt = usual_options();
	struct ask a = { .type = DHCP_DISCOVER, .client = 8, .requested = NET + 3 };
	struct lab lab;

	opt.prefix_len = 30;
	opt.first = NET;
	opt.last = NET + 3;
	opt.max_bindings = 8;
	lab_start(&lab, &opt);
	assert_int_equal(lab_bind(&lab, 7), NET + 2);
	assert_int_equal(reply_u32(&lab, DHCP_OPT_SUBNET_MASK), 0xfffffffc);
	assert_int_equal(lab_ask(&lab, &a), 0);
	assert_non_null(strstr(lab.out.reason.why, "pool is full"));
	assert_int_equal(lab.out.facts.pool_size, 1);
	(void)lab_release(&lab, 7, NET + 2);
	assert_int_equal(lab_bind(&lab, 8), NET + 2);
	lab_end(&lab);
}

/* Sixteen million addresses: first and last can be had, and what is held costs memory, no more. */
static void test_pool_of_an_8(void **state)
{
	struct dhcp_server_options opt = usual_options();
	struct ask a = { .type = DHCP_DISCOVER, .client = 9999 };
	uint32_t seen[500];
	struct lab lab;

	opt.prefix_len = 8;
	opt.first = NET;
	opt.last = NET + 0xffffff;
	opt.max_bindings = 1 << 20;
	lab_start(&lab, &opt);
	for (uint16_t i = 0; i < ARRAY_SIZE(seen); i++) {
		seen[i] = lab_bind(&lab, i);
		assert_in_range(seen[i], NET + 2, NET + 0xfffffe);
		for (uint16_t k = 0; k < i; k++)
			assert_int_not_equal(seen[i], seen[k]);
	}
	assert_true(dhcp_server_bytes(lab.s) < 1 << 20);
	for (uint32_t asked = NET + 0xffffff; asked > NET + 0xfffffd; asked--, a.client++) {
		a.requested = asked;
		assert_int_equal(lab_ask(&lab, &a), DHCP_OFFER);
		assert_true((lab.reply.yiaddr == asked) == (asked != NET + 0xffffff));
	}
	assert_int_equal(lab.out.facts.pool_size, (1 << 24) - 3);	/* less its ends, and the server */
	lab_end(&lab);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_repeated_discover_gets_the_same_offer_rfc2131_s4_3_1),
		cmocka_unit_test(test_lost_ack_comes_again_rfc2131_s3_1),
		cmocka_unit_test(test_release_and_decline_twice_rfc2131_s4_3_4),
		cmocka_unit_test(test_for_ever_only_if_it_is_allowed_rfc2131_s3_3),
		cmocka_unit_test(test_pool_of_a_30),
		cmocka_unit_test(test_pool_of_an_8),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
