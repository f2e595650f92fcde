/* SPDX-License-Identifier: MIT */
/* test_server_probe.c - an address is asked for before it is offered. */
#include "server_fixture.h"

#define PROBE_MS 500

static struct dhcp_server_options probing(void)
{
	struct dhcp_server_options opt = usual_options();

	opt.probe_ms = PROBE_MS;
	return opt;
}

/* A DISCOVER of @asked, 0 for none; the address that is probed for, 0 for none. */
static uint32_t discover_asking(struct lab *lab, uint16_t client, uint32_t asked)
{
	struct ask a = {
		.type = DHCP_DISCOVER, .client = client, .xid = 0x100u + client,
		.flags = client % 2 ? DHCP_FLAG_BROADCAST : 0, .requested = asked,
	};

	(void)lab_ask(lab, &a);
	for (unsigned int i = 0; i < lab->out.n; i++)
		if (lab->out.action[i].type == DHCP_ACTION_PROBE)
			return lab->out.action[i].probe;
	return 0;
}

static uint32_t discover(struct lab *lab, uint16_t client)
{
	return discover_asking(lab, client, 0);
}

static int pass_ms(struct lab *lab, uint64_t ms)
{
	lab->now += ms * 1000;
	return lab_deadline(lab, 0);
}

static void test_offer_waits_for_silence_rfc2131_s2_2(void **state)
{
	struct dhcp_server_options opt = probing();
	struct lab lab;
	uint32_t address;

	lab_start(&lab, &opt);
	address = discover(&lab, 1);
	assert_in_range(address, NET + 2, NET + 254);
	assert_int_equal(lab.reply.type, 0);
	assert_true(dhcp_server_is_probing(lab.s, address));
	assert_int_equal(dhcp_server_deadline(lab.s), lab.now + PROBE_MS * 1000);
	assert_int_equal(pass_ms(&lab, PROBE_MS - 1), 0);
	assert_int_equal(pass_ms(&lab, 1), 1);
	assert_int_equal(lab.reply.type, DHCP_OFFER);
	assert_int_equal(lab.reply.yiaddr, address);
	assert_int_equal(lab.reply.xid, 0x101);
	assert_int_equal(lab.reply.flags, DHCP_FLAG_BROADCAST);
	assert_false(dhcp_server_is_probing(lab.s, address));
	assert_int_equal(lab_select(&lab, 1, address), DHCP_ACK);
	lab_end(&lab);
}

/* The order of section 4.3.1 is the same as without: reserved, previous, asked, new. */
static void test_order_of_choice_with_a_probe_rfc2131_s4_3_1(void **state)
{
	struct dhcp_server_options opt = probing();
	struct lab lab;

	opt.n_reserved = 1;
	opt.reserved[0] = (struct dhcp_reservation){
		.address = NET + 66, .id_len = 7, .id = { 1, 2, 0x4e, 0x4c, 0, 0, 6 },
	};
	lab_start(&lab, &opt);
	assert_int_equal(discover_asking(&lab, 1, NET + 77), NET + 77);
	assert_int_equal(pass_ms(&lab, PROBE_MS), 1);
	assert_int_equal(lab.reply.yiaddr, NET + 77);
	assert_int_equal(lab_select(&lab, 1, NET + 77), DHCP_ACK);
	(void)lab_release(&lab, 1, NET + 77);
	assert_int_equal(discover_asking(&lab, 1, NET + 88), NET + 77);

	/* another's, and one of nowhere: then a new one */
	assert_in_range(discover_asking(&lab, 2, NET + 66), NET + 2, NET + 254);
	assert_false(dhcp_server_is_probing(lab.s, NET + 66));
	assert_in_range(discover_asking(&lab, 3, 0x0b000001), NET + 2, NET + 254);

	/* a reservation goes before what is asked for; where it is taken, a new one comes */
	assert_int_equal(discover_asking(&lab, 6, NET + 99), NET + 66);
	assert_int_equal(lab_conflict(&lab, NET + 66), 1);
	assert_false(dhcp_server_is_probing(lab.s, NET + 99));
	lab_end(&lab);
}

static void test_conflict_gets_the_client_another_address_rfc2131_s2_2(void **state)
{
	struct dhcp_server_options opt = probing();
	struct lab lab;
	uint32_t taken, next;

	opt.first = NET + 2;
	opt.last = NET + 3;
	lab_start(&lab, &opt);
	taken = discover(&lab, 1);
	assert_int_equal(lab_conflict(&lab, taken), 1);
	assert_int_equal(lab.out.from, DHCP_BINDING_PROBED);
	assert_int_equal(lab.out.to, DHCP_BINDING_DECLINED);
	next = taken == NET + 2 ? NET + 3 : NET + 2;
	assert_true(dhcp_server_is_probing(lab.s, next));
	assert_false(dhcp_server_is_probing(lab.s, taken));
	assert_int_equal(pass_ms(&lab, PROBE_MS), 1);
	assert_int_equal(lab.reply.yiaddr, next);
	assert_int_equal(lab.reply.xid, 0x101);
	assert_int_equal(lab_binding(&lab, taken)->state, DHCP_BINDING_DECLINED);
	lab_end(&lab);
}

/* Every address is somebody's: silence, and nothing stays behind. */
static void test_conflicts_until_the_pool_is_empty_rfc2131_s2_2(void **state)
{
	struct dhcp_server_options opt = probing();
	struct lab lab;

	opt.first = NET + 2;
	opt.last = NET + 4;
	lab_start(&lab, &opt);
	(void)discover(&lab, 1);
	for (uint32_t i = 0; i < 3; i++)
		for (uint32_t a = NET + 2; a <= NET + 4; a++)
			if (dhcp_server_is_probing(lab.s, a))
				assert_int_equal(lab_conflict(&lab, a), 1);
	assert_int_equal(pass_ms(&lab, PROBE_MS), 0);
	assert_int_equal(discover(&lab, 1), 0);
	assert_non_null(strstr(lab.out.reason.why, "pool is full"));
	lab_end(&lab);
}

static void test_one_probe_delays_nobody_else_rfc2131_s3_1(void **state)
{
	struct dhcp_server_options opt = probing();
	struct ask renew = { .type = DHCP_REQUEST, .client = 1, .dst_ip = SERVER };
	struct lab lab;
	uint32_t a, b;

	lab_start(&lab, &opt);
	renew.ciaddr = lab_bind(&lab, 1);
	a = discover(&lab, 2);
	lab.now += 100 * 1000;
	b = discover(&lab, 3);
	assert_int_not_equal(a, b);
	assert_int_equal(lab_ask(&lab, &renew), DHCP_ACK);
	assert_int_equal(pass_ms(&lab, PROBE_MS - 100), 1);
	assert_int_equal(lab.reply.yiaddr, a);
	assert_int_equal(pass_ms(&lab, 100), 1);
	assert_int_equal(lab.reply.yiaddr, b);
	lab_end(&lab);
}

/* Those that end together are told one a DEADLINE, each due at once. */
static void test_probes_that_end_together(void **state)
{
	struct dhcp_server_options opt = probing();
	struct lab lab;
	size_t offers = 0;

	lab_start(&lab, &opt);
	for (uint16_t i = 0; i < DHCP_SERVER_PROBES_MAX; i++)
		assert_int_not_equal(discover(&lab, i), 0);
	/* more than there is room for: an OFFER without a probe, and nobody waits */
	assert_int_equal(discover(&lab, 99), 0);
	assert_int_equal(lab.reply.type, DHCP_OFFER);
	lab.now += PROBE_MS * 1000;
	while (dhcp_server_deadline(lab.s) <= lab.now) {
		assert_int_equal(lab_deadline(&lab, 0), 1);
		assert_int_equal(lab.reply.type, DHCP_OFFER);
		offers++;
	}
	assert_int_equal(offers, DHCP_SERVER_PROBES_MAX);
	lab_end(&lab);
}

static void test_repeated_discover_waits_for_the_same_probe_rfc2131_s4_3_1(void **state)
{
	struct dhcp_server_options opt = probing();
	struct lab lab;
	uint32_t address;

	lab_start(&lab, &opt);
	address = discover(&lab, 1);
	assert_int_equal(discover(&lab, 1), 0);
	assert_non_null(strstr(lab.out.reason.why, "the OFFER follows"));
	assert_int_equal(pass_ms(&lab, PROBE_MS), 1);
	assert_int_equal(lab.reply.yiaddr, address);
	/* and after the OFFER the same again, without another probe */
	assert_int_equal(discover(&lab, 1), 0);
	assert_int_equal(lab.reply.type, DHCP_OFFER);
	assert_int_equal(lab.reply.yiaddr, address);
	lab_end(&lab);
}

static void test_client_that_chose_another_server_is_not_offered_rfc2131_s3_1(void **state)
{
	struct dhcp_server_options opt = probing();
	struct ask other = {
		.type = DHCP_REQUEST, .client = 1, .server_id = OTHER_SERVER,
		.requested = NET + 50,
	};
	struct lab lab;

	lab_start(&lab, &opt);
	assert_int_not_equal(discover(&lab, 1), 0);
	(void)lab_ask(&lab, &other);
	assert_null(dhcp_server_binding(lab.s, 0));
	assert_int_equal(pass_ms(&lab, PROBE_MS), 1);
	assert_int_equal(lab.out.n, 0);
	assert_int_equal(dhcp_server_deadline(lab.s), DHCP_NEVER);
	lab_end(&lab);
}

/* Who holds an address uses it: an ARP answer of its own is no conflict, and no probe is due. */
static void test_held_addresses_are_not_probed_rfc2131_s2_2(void **state)
{
	struct dhcp_server_options opt = probing();
	struct lab lab;
	uint32_t address;

	lab_start(&lab, &opt);
	address = lab_bind(&lab, 1);
	assert_int_equal(discover(&lab, 1), 0);
	assert_int_equal(lab.reply.type, DHCP_OFFER);
	assert_int_equal(lab_release(&lab, 1, address), 1);
	assert_int_equal(discover(&lab, 1), address);	/* it may have passed to somebody */
	lab_end(&lab);
}

static void test_probe_waits_too_long_are_refused(void **state)
{
	struct dhcp_server_options opt = probing();

	opt.probe_ms = DHCP_SERVER_PROBE_MS_MAX;
	assert_int_not_equal(dhcp_server_size(&opt), 0);
	opt.probe_ms++;
	assert_int_equal(dhcp_server_size(&opt), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_offer_waits_for_silence_rfc2131_s2_2),
		cmocka_unit_test(test_order_of_choice_with_a_probe_rfc2131_s4_3_1),
		cmocka_unit_test(test_conflict_gets_the_client_another_address_rfc2131_s2_2),
		cmocka_unit_test(test_conflicts_until_the_pool_is_empty_rfc2131_s2_2),
		cmocka_unit_test(test_one_probe_delays_nobody_else_rfc2131_s3_1),
		cmocka_unit_test(test_probes_that_end_together),
		cmocka_unit_test(test_repeated_discover_waits_for_the_same_probe_rfc2131_s4_3_1),
		cmocka_unit_test(test_client_that_chose_another_server_is_not_offered_rfc2131_s3_1),
		cmocka_unit_test(test_held_addresses_are_not_probed_rfc2131_s2_2),
		cmocka_unit_test(test_probe_waits_too_long_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
