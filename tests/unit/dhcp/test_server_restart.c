/* SPDX-License-Identifier: MIT */
/* test_server_restart.c - what a server puts on record, and what its next life knows by it. */
#include "server_fixture.h"

#define HOUR 3600

static const struct dhcp_binding *last_record(const struct lab *lab)
{
	assert_true(lab->n_records > 0);
	return &lab->record[lab->n_records - 1];
}

/* server_fixture.h looks at each ACK of all tests: here is what is in the record. */
static void rfc2131_3_1_a_lease_is_on_record_before_its_ack(void **state)
{
	struct dhcp_server_options opt = usual_options();
	struct ask renew = { .type = DHCP_REQUEST, .client = 1 };
	const struct dhcp_binding *b;
	struct lab lab;

	lab_start(&lab, &opt);
	renew.ciaddr = lab_offer(&lab, 1);
	assert_int_equal(lab.n_records, 0);	/* an offer binds nobody */
	assert_int_equal(lab_select(&lab, 1, renew.ciaddr), DHCP_ACK);
	assert_int_equal(lab.n_records, 1);
	b = last_record(&lab);
	assert_memory_equal(b, lab_binding(&lab, renew.ciaddr), sizeof(*b));
	assert_true(b->expires == lab.now + HOUR * DHCP_SECOND);

	lab.now += 100 * DHCP_SECOND;
	renew.dst_ip = SERVER;
	assert_int_equal(lab_ask(&lab, &renew), DHCP_ACK);
	assert_int_equal(lab.n_records, 2);
	assert_true(last_record(&lab)->expires == lab.now + HOUR * DHCP_SECOND);
	lab_end(&lab);
}

static void rfc4039_3_1_a_lease_at_once_is_on_record_too(void **state)
{
	struct dhcp_server_options opt = usual_options();
	struct ask discover = { .type = DHCP_DISCOVER, .client = 1, .rapid = true };
	struct lab lab;

	opt.rapid_commit = true;
	lab_start(&lab, &opt);
	assert_int_equal(lab_ask(&lab, &discover), DHCP_ACK);
	assert_int_equal(lab.n_records, 1);
	assert_int_equal(last_record(&lab)->state, DHCP_BINDING_ACTIVE);
	lab_end(&lab);
}

static void rfc2131_4_3_5_an_inform_is_not_on_record(void **state)
{
	struct dhcp_server_options opt = usual_options();
	struct ask inform = { .type = DHCP_INFORM, .client = 1, .ciaddr = NET + 77 };
	struct lab lab;

	lab_start(&lab, &opt);
	assert_int_equal(lab_ask(&lab, &inform), DHCP_ACK);
	assert_int_equal(lab.n_records, 0);
	lab_end(&lab);
}

static void rfc2131_2_1_a_lease_survives_its_server(void **state)
{
	struct dhcp_server_options opt = usual_options();
	struct ask reboot = { .type = DHCP_REQUEST, .client = 1 };
	struct lab lab;

	lab_start(&lab, &opt);
	reboot.requested = lab_bind(&lab, 1);
	lab_restart(&lab, true);
	assert_int_equal(lab_ask(&lab, &reboot), DHCP_ACK);
	assert_int_equal(lab.reply.yiaddr, reboot.requested);

	/* And without a record the server does not know the client: silence. */
	lab_restart(&lab, false);
	assert_null(dhcp_server_binding(lab.s, 0));
	assert_int_equal(lab_ask(&lab, &reboot), 0);
	lab_end(&lab);
}

/* The pool is of two: with both leased nobody else gets one, before and after. */
static void rfc2131_2_1_no_address_has_two_clients_after_a_restart(void **state)
{
	struct dhcp_server_options opt = usual_options();
	struct ask discover = { .type = DHCP_DISCOVER, .client = 3 };
	struct lab lab;

	opt.last = opt.first + 1;
	lab_start(&lab, &opt);
	lab_bind(&lab, 1);
	lab_bind(&lab, 2);
	lab_restart(&lab, true);
	assert_int_equal(lab_ask(&lab, &discover), 0);
	lab_restart(&lab, false);
	assert_int_equal(lab_ask(&lab, &discover), DHCP_OFFER);
	lab_end(&lab);
}

static void rfc2131_2_2_a_lease_ends_in_time_whoever_was_away(void **state)
{
	struct dhcp_server_options opt = usual_options();
	struct lab lab;
	uint32_t address;

	lab_start(&lab, &opt);
	address = lab_bind(&lab, 1);
	lab_restart(&lab, true);
	assert_true(dhcp_server_deadline(lab.s) == lab.now + HOUR * DHCP_SECOND);
	lab.now += HOUR * DHCP_SECOND;
	lab_restart(&lab, true);
	assert_int_equal(lab_binding(&lab, address)->state, DHCP_BINDING_EXPIRED);
	assert_true(dhcp_server_deadline(lab.s) == DHCP_NEVER);
	lab_end(&lab);
}

static void rfc2131_4_3_4_what_was_released_stays_released(void **state)
{
	struct dhcp_server_options opt = usual_options();
	struct lab lab;
	uint32_t address;

	lab_start(&lab, &opt);
	address = lab_bind(&lab, 1);
	lab_release(&lab, 1, address);
	assert_int_equal(last_record(&lab)->state, DHCP_BINDING_RELEASED);
	lab_restart(&lab, true);
	assert_int_equal(lab_binding(&lab, address)->state, DHCP_BINDING_RELEASED);
	assert_int_equal(lab_offer(&lab, 1), address);	/* remembered as the client's */
	lab_end(&lab);
}

static void rfc2131_4_3_3_a_quarantine_survives_the_server(void **state)
{
	struct dhcp_server_options opt = usual_options();
	struct lab lab;
	uint32_t address;

	opt.last = opt.first + 1;
	lab_start(&lab, &opt);
	address = lab_bind(&lab, 1);
	lab_decline(&lab, 1, address);
	lab_restart(&lab, true);
	assert_int_equal(lab_binding(&lab, address)->state, DHCP_BINDING_DECLINED);
	/* The client goes elsewhere; the address rests on, as nobody's. */
	assert_int_not_equal(lab_bind(&lab, 1), address);
	lab_restart(&lab, true);
	assert_int_equal(lab_binding(&lab, address)->id_len, 0);
	lab.now += 601 * DHCP_SECOND;
	lab_restart(&lab, true);
	assert_null(lab_binding(&lab, address));
	lab_end(&lab);
}

static void rfc2131_2_2_a_strangers_address_is_on_record(void **state)
{
	struct dhcp_server_options opt = usual_options();
	struct lab lab;

	lab_start(&lab, &opt);
	assert_int_equal(lab_conflict(&lab, NET + 77), 1);
	lab_restart(&lab, true);
	assert_int_equal(lab_binding(&lab, NET + 77)->state, DHCP_BINDING_DECLINED);
	lab_end(&lab);
}

/* Its lease is another's to have, from the OFFER of the reserved one on. */
static void rfc2131_4_3_1_a_lease_that_was_given_up_is_not_held_again(void **state)
{
	struct dhcp_server_options opt = usual_options();
	struct ask discover = { .type = DHCP_DISCOVER, .client = 1 };
	struct ask as_other = { .type = DHCP_REQUEST, .client = 1, .id = "other",
				.server_id = SERVER, .requested = NET + 200 };
	struct lab lab;
	uint32_t old;

	/* An address is kept for its hardware, which says that it is somebody else at first. */
	opt.n_reserved = 1;
	opt.reserved[0] = (struct dhcp_reservation){
		.address = NET + 200, .id_len = 7, .id = { 1, 2, 0x4e, 0x4c, 0, 0, 1 },
	};
	lab_start(&lab, &opt);
	assert_int_equal(lab_ask(&lab, &as_other), DHCP_ACK);
	old = lab_bind(&lab, 1);
	as_other.type = DHCP_RELEASE;
	as_other.ciaddr = as_other.requested;
	as_other.requested = 0;
	(void)lab_ask(&lab, &as_other);
	assert_int_equal(lab_binding(&lab, NET + 200)->state, DHCP_BINDING_RELEASED);
	assert_int_equal(lab_ask(&lab, &discover), DHCP_OFFER);
	assert_int_equal(lab.reply.yiaddr, NET + 200);
	assert_null(lab_binding(&lab, old));
	lab_restart(&lab, true);
	assert_int_equal(lab_binding(&lab, old)->state, DHCP_BINDING_RELEASED);
	lab_end(&lab);
}

static void a_client_that_moved_is_where_it_was_last(void **state)
{
	struct dhcp_server_options opt = usual_options();
	struct dhcp_binding b = {
		.state = DHCP_BINDING_ACTIVE, .address = NET + 10, .htype = 1, .hlen = 6,
		.id_len = 1, .id_is_option = true, .id = { 9 }, .expires = DHCP_NEVER,
	};
	struct lab lab;

	lab_start(&lab, &opt);
	assert_int_equal(dhcp_server_restore(lab.s, &b, NULL, lab.now), 0);
	b.address++;
	assert_int_equal(dhcp_server_restore(lab.s, &b, NULL, lab.now), 0);
	b.id[0]++;	/* and now somebody else has that one */
	assert_int_equal(dhcp_server_restore(lab.s, &b, NULL, lab.now), 0);
	assert_null(lab_binding(&lab, NET + 10));
	assert_int_equal(lab_binding(&lab, NET + 11)->id[0], 10);
	assert_null(dhcp_server_binding(lab.s, 1));
	lab_end(&lab);
}

static void what_no_server_commits_is_not_restored(void **state)
{
	struct dhcp_server_options opt = usual_options();
	const struct dhcp_binding good = {
		.state = DHCP_BINDING_ACTIVE, .address = NET + 10, .htype = 1, .hlen = 6,
		.id_len = 1, .id_is_option = true, .expires = DHCP_NEVER,
	};
	struct dhcp_binding b = good;
	struct lab lab;

	opt.max_bindings = 1;
	lab_start(&lab, &opt);
	b.state = DHCP_BINDING_OFFERED;
	assert_int_equal(dhcp_server_restore(lab.s, &b, NULL, lab.now), -EINVAL);
	b = good;
	b.address = SERVER;
	assert_int_equal(dhcp_server_restore(lab.s, &b, NULL, lab.now), -EINVAL);
	b = good;
	b.id_len = 0;
	assert_int_equal(dhcp_server_restore(lab.s, &b, NULL, lab.now), -EINVAL);
	b = good;
	b.address = NET + 0x100;
	assert_int_equal(dhcp_server_restore(lab.s, &b, NULL, lab.now), -ENOENT);
	assert_int_equal(dhcp_server_restore(lab.s, &good, NULL, lab.now), 0);
	b = good;
	b.address++;
	b.id[0]++;
	assert_int_equal(dhcp_server_restore(lab.s, &b, NULL, lab.now), -ENOSPC);
	assert_null(dhcp_server_binding(lab.s, 1));
	lab_end(&lab);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rfc2131_3_1_a_lease_is_on_record_before_its_ack),
		cmocka_unit_test(rfc4039_3_1_a_lease_at_once_is_on_record_too),
		cmocka_unit_test(rfc2131_4_3_5_an_inform_is_not_on_record),
		cmocka_unit_test(rfc2131_2_1_a_lease_survives_its_server),
		cmocka_unit_test(rfc2131_2_1_no_address_has_two_clients_after_a_restart),
		cmocka_unit_test(rfc2131_2_2_a_lease_ends_in_time_whoever_was_away),
		cmocka_unit_test(rfc2131_4_3_4_what_was_released_stays_released),
		cmocka_unit_test(rfc2131_4_3_3_a_quarantine_survives_the_server),
		cmocka_unit_test(rfc2131_2_2_a_strangers_address_is_on_record),
		cmocka_unit_test(rfc2131_4_3_1_a_lease_that_was_given_up_is_not_held_again),
		cmocka_unit_test(a_client_that_moved_is_where_it_was_last),
		cmocka_unit_test(what_no_server_commits_is_not_restored),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
