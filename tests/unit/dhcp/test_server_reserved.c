/* SPDX-License-Identifier: MIT */
/* test_server_reserved.c - addresses that are kept for one client each. */
#include "server_fixture.h"

#define INSIDE (NET + 10)	/* of the pool */
#define OUTSIDE (NET + 200)

static struct dhcp_server_options small_pool(void)
{
	struct dhcp_server_options opt = usual_options();

	opt.first = NET + 9;
	opt.last = NET + 11;
	return opt;
}

static void keep_for_mac(struct dhcp_server_options *opt, uint32_t address, uint8_t client)
{
	opt->reserved[opt->n_reserved++] = (struct dhcp_reservation){
		.address = address, .id_len = 7, .id = { 1, 2, 0x4e, 0x4c, 0, 0, client },
	};
}

static void keep_for_id(struct dhcp_server_options *opt, uint32_t address, const char *id)
{
	struct dhcp_reservation *e = &opt->reserved[opt->n_reserved++];

	*e = (struct dhcp_reservation){
		.address = address, .id_len = (uint8_t)strlen(id), .id_is_option = true,
	};
	memcpy(e->id, id, e->id_len);
}

static int discover(struct lab *lab, uint16_t client, const char *id)
{
	struct ask a = { .type = DHCP_DISCOVER, .client = client, .id = id };

	return lab_ask(lab, &a);
}

static void test_reserved_address_is_its_clients_rfc2131_s2_2(void **state)
{
	static const uint32_t places[] = { INSIDE, OUTSIDE };

	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		struct dhcp_server_options opt = small_pool();
		struct ask asks = { .type = DHCP_DISCOVER, .client = 1, .requested = NET + 9 };
		struct lab lab;

		keep_for_mac(&opt, places[i], 1);
		lab_start(&lab, &opt);
		/* reservations beat what the client asks for */
		assert_int_equal(lab_ask(&lab, &asks), DHCP_OFFER);
		assert_int_equal(lab.reply.yiaddr, places[i]);
		assert_int_equal(lab_select(&lab, 1, places[i]), DHCP_ACK);
		/* it is the same after a release, and after the lease is over */
		assert_int_equal(lab_release(&lab, 1, places[i]), 1);
		assert_int_equal(lab_bind(&lab, 1), places[i]);
		(void)lab_deadline(&lab, 3600);
		assert_int_equal(lab_bind(&lab, 1), places[i]);
		lab_end(&lab);
	}
}

static void test_client_id_goes_before_hardware_address_rfc2131_s4_2(void **state)
{
	struct dhcp_server_options opt = small_pool();
	struct lab lab;

	keep_for_mac(&opt, NET + 100, 1);
	keep_for_id(&opt, NET + 101, "printer");
	lab_start(&lab, &opt);
	assert_int_equal(discover(&lab, 1, "printer"), DHCP_OFFER);
	assert_int_equal(lab.reply.yiaddr, NET + 101);
	assert_int_equal(discover(&lab, 1, "other id"), DHCP_OFFER);
	assert_int_equal(lab.reply.yiaddr, NET + 100);
	assert_int_equal(discover(&lab, 2, "printer2"), DHCP_OFFER);
	assert_in_range(lab.reply.yiaddr, NET + 9, NET + 11);
	lab_end(&lab);
}

static void test_reserved_address_is_never_anothers_rfc2131_s2_2(void **state)
{
	struct dhcp_server_options opt = small_pool();
	struct ask a = { .type = DHCP_DISCOVER, .client = 7, .requested = INSIDE };
	struct dhcp_pool_count count;
	struct lab lab;

	keep_for_mac(&opt, INSIDE, 1);
	lab_start(&lab, &opt);
	assert_true(dhcp_server_count(lab.s, 0, lab.now, &count));
	assert_int_equal(count.size, 2);
	assert_int_equal(lab_ask(&lab, &a), DHCP_OFFER);
	assert_int_not_equal(lab.reply.yiaddr, INSIDE);
	assert_int_equal(lab_select(&lab, 8, INSIDE), DHCP_NAK);
	(void)lab_bind(&lab, 8);
	assert_int_equal(discover(&lab, 9, NULL), 0);
	/* not even when its client gave it back, or its lease is over */
	assert_int_equal(lab_bind(&lab, 1), INSIDE);
	assert_int_equal(lab_release(&lab, 1, INSIDE), 1);
	assert_int_equal(discover(&lab, 9, NULL), 0);
	lab_end(&lab);
}

/* Forgetting its binding, as when memory is short, does not free it for others. */
static void test_reserved_address_outlives_its_binding(void **state)
{
	struct dhcp_server_options opt = small_pool();
	struct lab lab;

	opt.max_bindings = 2;
	keep_for_mac(&opt, INSIDE, 1);
	lab_start(&lab, &opt);
	assert_int_equal(lab_bind(&lab, 1), INSIDE);
	assert_int_equal(lab_release(&lab, 1, INSIDE), 1);
	(void)lab_bind(&lab, 2);
	(void)lab_bind(&lab, 3);
	assert_null(lab_binding(&lab, INSIDE));
	assert_int_equal(discover(&lab, 4, NULL), 0);
	lab_end(&lab);
}

/* Two clients of one hardware address: who comes second waits for it in the pool. */
static void test_reservation_leased_elsewhere_waits_rfc2131_s2_2(void **state)
{
	struct dhcp_server_options opt = small_pool();
	struct ask renew = {
		.type = DHCP_REQUEST, .client = 1, .id = "second", .dst_ip = SERVER,
	};
	struct ask a = { .type = DHCP_REQUEST, .client = 1, .server_id = SERVER };
	struct lab lab;

	keep_for_mac(&opt, INSIDE, 1);
	lab_start(&lab, &opt);
	assert_int_equal(lab_bind(&lab, 1), INSIDE);
	assert_int_equal(discover(&lab, 1, "second"), DHCP_OFFER);
	assert_non_null(strstr(lab.out.reason.why, "reserved address is not open"));
	assert_int_not_equal(lab.reply.yiaddr, INSIDE);
	a.id = "second";
	a.requested = renew.ciaddr = lab.reply.yiaddr;
	assert_int_equal(lab_ask(&lab, &a), DHCP_ACK);
	assert_int_equal(lab_ask(&lab, &renew), DHCP_ACK);

	assert_int_equal(lab_release(&lab, 1, INSIDE), 1);
	assert_int_equal(lab_ask(&lab, &renew), DHCP_NAK);
	assert_non_null(strstr(lab.out.reason.why, "another address is reserved"));
	assert_int_equal(discover(&lab, 1, "second"), DHCP_OFFER);
	assert_int_equal(lab.reply.yiaddr, INSIDE);
	lab_end(&lab);
}

/* The reservation is a record of the client: INIT-REBOOT is not met with silence. */
static void test_reservation_is_a_record_rfc2131_s4_3_2(void **state)
{
	struct dhcp_server_options opt = small_pool();
	struct ask a = { .type = DHCP_REQUEST, .client = 1, .requested = OUTSIDE };
	struct lab lab;

	keep_for_mac(&opt, OUTSIDE, 1);
	lab_start(&lab, &opt);
	assert_int_equal(lab_ask(&lab, &a), DHCP_ACK);
	assert_int_equal(lab.reply.yiaddr, OUTSIDE);
	lab_end(&lab);

	lab_start(&lab, &opt);
	a.requested = NET + 9;
	assert_int_equal(lab_ask(&lab, &a), DHCP_NAK);
	lab_end(&lab);
}

static void test_declined_reservation_rests_rfc2131_s4_3_3(void **state)
{
	struct dhcp_server_options opt = small_pool();
	struct lab lab;

	keep_for_mac(&opt, OUTSIDE, 1);
	lab_start(&lab, &opt);
	assert_int_equal(lab_bind(&lab, 1), OUTSIDE);
	assert_int_equal(lab_decline(&lab, 1, OUTSIDE), 1);
	assert_in_range(lab_bind(&lab, 1), NET + 9, NET + 11);
	lab.now += 600 * DHCP_SECOND;
	assert_int_equal(lab_offer(&lab, 1), OUTSIDE);
	lab_end(&lab);
}

static void test_reserved_host_name_rfc2132_s3_14(void **state)
{
	static const uint8_t list[] = { DHCP_OPT_ROUTER, DHCP_OPT_HOST_NAME, DHCP_OPT_HOST_NAME };
	struct dhcp_server_options opt = small_pool();
	struct ask a = { .type = DHCP_DISCOVER, .client = 1, .list = list };
	const uint8_t *name;
	struct lab lab;
	size_t len = 0;

	keep_for_mac(&opt, OUTSIDE, 1);
	strcpy(opt.reserved[0].host_name, "desk");
	lab_start(&lab, &opt);
	for (a.n_list = 1; a.n_list <= sizeof(list); a.n_list++) {
		assert_int_equal(lab_ask(&lab, &a), DHCP_OFFER);
		name = dhcp_message_get(&lab.reply, DHCP_OPT_HOST_NAME, &len);
		assert_int_equal(name != NULL, a.n_list > 1);
	}
	assert_int_equal(len, 4);
	a.list = NULL;
	assert_int_equal(lab_ask(&lab, &a), DHCP_OFFER);
	assert_true(dhcp_message_has(&lab.reply, DHCP_OPT_HOST_NAME));
	assert_int_equal(discover(&lab, 2, NULL), DHCP_OFFER);
	assert_false(dhcp_message_has(&lab.reply, DHCP_OPT_HOST_NAME));
	lab_end(&lab);
}

static void test_reservation_is_for_its_subnet(void **state)
{
	struct dhcp_server_options opt = small_pool();
	struct ask a = { .type = DHCP_DISCOVER, .client = 1, .giaddr = NET + 0x101 };
	struct lab lab;

	opt.n_subnets = 1;
	opt.subnet[0] = (struct dhcp_server_subnet){
		.address = NET + 0x100, .prefix_len = 24, .default_lease_sec = 60,
		.min_lease_sec = 60, .max_lease_sec = 60,
	};
	keep_for_mac(&opt, NET + 0x120, 1);
	lab_start(&lab, &opt);
	assert_in_range(lab_bind(&lab, 1), NET + 9, NET + 11);
	assert_int_equal(lab_ask(&lab, &a), DHCP_OFFER);	/* without any pool */
	assert_int_equal(lab.reply.yiaddr, NET + 0x120);
	lab_end(&lab);
}

static void test_strangers_are_not_served_if_told_so(void **state)
{
	struct dhcp_server_options opt = small_pool();
	struct lab lab;

	opt.reserved_only = true;
	keep_for_mac(&opt, OUTSIDE, 1);
	lab_start(&lab, &opt);
	assert_int_equal(discover(&lab, 2, NULL), 0);
	assert_non_null(strstr(lab.out.reason.why, "no address is reserved"));
	assert_int_equal(lab_bind(&lab, 1), OUTSIDE);
	lab_end(&lab);
}

/* Two identifiers of one machine are one client then; option 61 still comes back. */
static void test_client_id_can_be_left_aside(void **state)
{
	struct dhcp_server_options opt = small_pool();
	struct lab lab;
	uint32_t address;

	opt.ignore_client_id = true;
	lab_start(&lab, &opt);
	assert_int_equal(discover(&lab, 1, "first"), DHCP_OFFER);
	address = lab.reply.yiaddr;
	assert_true(dhcp_message_has(&lab.reply, DHCP_OPT_CLIENT_ID));
	assert_int_equal(discover(&lab, 1, "second"), DHCP_OFFER);
	assert_int_equal(lab.reply.yiaddr, address);
	assert_int_equal(discover(&lab, 1, NULL), DHCP_OFFER);
	assert_int_equal(lab.reply.yiaddr, address);

	/* then who has no hardware address is nobody */
	assert_int_equal(lab_ask(&lab, &(struct ask){
		.type = DHCP_DISCOVER, .id = "first", .no_hardware = true }), 0);
	assert_non_null(strstr(lab.out.reason.why, "neither"));
	lab_end(&lab);
}

/* Found among many, in whatever order they were given. */
static void test_as_many_reservations_as_there_may_be(void **state)
{
	struct dhcp_server_options opt = usual_options();
	struct lab lab;

	opt.prefix_len = 16;
	for (unsigned int i = 0; i < DHCP_SERVER_RESERVED_MAX; i++)
		keep_for_mac(&opt, NET + 0x1000 + i * 7 % 256, (uint8_t)(i * 11));
	lab_start(&lab, &opt);
	for (unsigned int i = 0; i < DHCP_SERVER_RESERVED_MAX; i++)
		assert_int_equal(lab_bind(&lab, (uint8_t)(i * 11)), NET + 0x1000 + i * 7 % 256);
	lab_end(&lab);
}

static void test_bad_reservations_are_refused(void **state)
{
	struct dhcp_server_options good = small_pool();
	struct dhcp_server_options *bad = calloc(9, sizeof(*bad));

	assert_non_null(bad);
	keep_for_mac(&good, INSIDE, 1);
	keep_for_id(&good, INSIDE, "id");
	for (size_t i = 0; i < 9; i++)
		bad[i] = good;
	bad[0].reserved[0].address = NET + 256;
	bad[1].reserved[0].address = SERVER;
	bad[2].reserved[0].address = NET;
	bad[3].reserved[0].address = NET + 255;
	bad[4].reserved[0].id_len = 0;
	bad[5].reserved[0].id_len = DHCP_BINDING_ID_MAX + 1;
	keep_for_id(&bad[6], NET + 20, "id");
	keep_for_mac(&bad[7], INSIDE, 2);
	memset(bad[8].reserved[0].host_name, 'x', sizeof(bad[8].reserved[0].host_name));
	assert_int_not_equal(dhcp_server_size(&good), 0);
	for (size_t i = 0; i < 9; i++)
		assert_int_equal(dhcp_server_size(&bad[i]), 0);
	free(bad);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reserved_address_is_its_clients_rfc2131_s2_2),
		cmocka_unit_test(test_client_id_goes_before_hardware_address_rfc2131_s4_2),
		cmocka_unit_test(test_reserved_address_is_never_anothers_rfc2131_s2_2),
		cmocka_unit_test(test_reserved_address_outlives_its_binding),
		cmocka_unit_test(test_reservation_leased_elsewhere_waits_rfc2131_s2_2),
		cmocka_unit_test(test_reservation_is_a_record_rfc2131_s4_3_2),
		cmocka_unit_test(test_declined_reservation_rests_rfc2131_s4_3_3),
		cmocka_unit_test(test_reserved_host_name_rfc2132_s3_14),
		cmocka_unit_test(test_reservation_is_for_its_subnet),
		cmocka_unit_test(test_strangers_are_not_served_if_told_so),
		cmocka_unit_test(test_client_id_can_be_left_aside),
		cmocka_unit_test(test_as_many_reservations_as_there_may_be),
		cmocka_unit_test(test_bad_reservations_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
