/* SPDX-License-Identifier: MIT */
/* test_server_facts.c - the numbers behind a decision. */
#include "server_fixture.h"

static const uint8_t mac[6] = { 0x02, 0x4e, 0x4c, 0, 0, 7 };

static void test_facts_name_the_client_and_the_address(void **state)
{
	struct dhcp_server_options opt = usual_options();
	struct lab lab;
	uint32_t address;

	lab_start(&lab, &opt);
	address = lab_offer(&lab, 7);
	assert_true(lab.out.facts.has_client);
	assert_memory_equal(lab.out.facts.chaddr, mac, sizeof(mac));
	assert_int_equal(lab.out.facts.address, address);
	assert_int_equal(lab_select(&lab, 7, address + 1), DHCP_NAK);
	assert_int_equal(lab.out.facts.address, address + 1);
	lab_end(&lab);
}

static void test_facts_of_a_full_pool(void **state)
{
	struct dhcp_server_options opt = usual_options();
	struct lab lab;

	opt.first = NET + 2;
	opt.last = NET + 4;
	lab_start(&lab, &opt);
	(void)lab_bind(&lab, 1);
	assert_int_equal(lab_decline(&lab, 2, lab_bind(&lab, 2)), 1);
	lab.now += 10 * DHCP_SECOND;
	assert_int_not_equal(lab_offer(&lab, 3), 0);
	assert_int_equal(lab.out.facts.pool_held, 1);
	assert_int_equal(lab.out.facts.pool_resting, 1);
	assert_true(lab.out.facts.pool_next == DHCP_NEVER);
	assert_int_equal(lab_ask(&lab, &(struct ask){ .type = DHCP_DISCOVER, .client = 7 }), 0);
	assert_int_equal(lab.out.facts.pool_first, NET + 2);
	assert_int_equal(lab.out.facts.pool_last, NET + 4);
	assert_int_equal(lab.out.facts.pool_size, 3);
	assert_int_equal(lab.out.facts.pool_held, 2);
	assert_int_equal(lab.out.facts.pool_resting, 1);
	assert_true(lab.out.facts.pool_next == lab.now + opt.offer_sec * DHCP_SECOND);
	lab_deadline(&lab, opt.offer_sec);
	assert_int_not_equal(lab_offer(&lab, 7), 0);
	assert_int_equal(lab.out.facts.pool_held, 1);
	lab_end(&lab);
}

static void test_facts_name_the_class(void **state)
{
	struct dhcp_server_options opt = usual_options();
	struct ask a = { .type = DHCP_DISCOVER, .client = 7, .code = DHCP_OPT_USER_CLASS };
	struct lab lab;

	opt.n_classes = 2;
	memcpy(opt.class[0].user, "voip", opt.class[0].user_len = 4);
	memcpy(opt.class[1].user, "tv", opt.class[1].user_len = 2);
	lab_start(&lab, &opt);
	a.value = "tv";
	a.n_value = 2;
	assert_int_equal(lab_ask(&lab, &a), DHCP_OFFER);
	assert_int_equal(lab.out.facts.class, 2);
	a.value = "voip";
	a.n_value = 4;
	assert_int_equal(lab_ask(&lab, &a), DHCP_OFFER);
	assert_int_equal(lab.out.facts.class, 1);
	(void)lab_offer(&lab, 8);
	assert_int_equal(lab.out.facts.class, 0);
	lab_end(&lab);
}

/* Offers that wait for a probe hold their addresses; a BOOTP client's choice is one, too. */
static void test_facts_of_probes_and_bootp(void **state)
{
	struct dhcp_server_options opt = usual_options();
	struct ask a = { .type = DHCP_DISCOVER, .client = 1 };
	struct lab lab;

	opt.probe_ms = 1000;
	opt.bootp = true;
	lab_start(&lab, &opt);
	(void)lab_ask(&lab, &a);
	a.client = 2;
	(void)lab_ask(&lab, &a);
	assert_int_equal(lab.out.facts.pool_held, 1);
	a.type = DHCP_NO_TYPE;
	a.client = 3;
	(void)lab_ask(&lab, &a);
	assert_int_equal(lab.out.facts.pool_held, 2);
	lab_end(&lab);
}

/* The counts of a server that has been given more memory, and less. */
static void test_facts_outlive_a_move(void **state)
{
	struct dhcp_server_options opt = usual_options();
	struct lab lab;

	lab_start(&lab, &opt);
	for (uint16_t i = 1; i <= 100; i++)
		(void)lab_bind(&lab, i);
	(void)lab_offer(&lab, 101);
	assert_int_equal(lab.out.facts.pool_held, 100);
	lab_end(&lab);
}

/* Nobody's any more: the client took another address after it had declined this one. */
static void test_facts_of_an_address_of_nobody(void **state)
{
	struct dhcp_server_options opt = usual_options();
	struct lab lab;
	uint32_t declined;

	lab_start(&lab, &opt);
	declined = lab_bind(&lab, 7);
	(void)lab_decline(&lab, 7, declined);
	assert_int_not_equal(lab_bind(&lab, 7), declined);
	assert_int_equal(lab_deadline(&lab, 600), 1);
	assert_int_equal(lab.out.facts.address, declined);
	assert_false(lab.out.facts.has_client);
	lab_end(&lab);
}

static void test_facts_of_ignored_messages(void **state)
{
	struct dhcp_server_options opt = usual_options();
	struct lab lab;

	lab_start(&lab, &opt);
	assert_int_equal(lab_ask(&lab, &(struct ask){ .type = DHCP_OFFER, .client = 7 }), 0);
	assert_true(lab.out.facts.has_client);
	assert_memory_equal(lab.out.facts.chaddr, mac, sizeof(mac));
	assert_int_equal(lab.out.facts.pool_size, 0);
	assert_int_equal(lab_ask(&lab, &(struct ask){ .type = DHCP_OFFER, .hlen = 5 }), 0);
	assert_false(lab.out.facts.has_client);
	lab_end(&lab);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_facts_name_the_client_and_the_address),
		cmocka_unit_test(test_facts_of_a_full_pool),
		cmocka_unit_test(test_facts_name_the_class),
		cmocka_unit_test(test_facts_of_probes_and_bootp),
		cmocka_unit_test(test_facts_outlive_a_move),
		cmocka_unit_test(test_facts_of_an_address_of_nobody),
		cmocka_unit_test(test_facts_of_ignored_messages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
