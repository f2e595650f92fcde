/* SPDX-License-Identifier: MIT */
/* Whose address is it? A link that was away, and what is said of it (RFC 5227 section 2). */
#include "client_fixture.h"

#define S DHCP_SECOND

/* BOUND since it probed twice, both announcements made; then the link is back. */
static void come_back(struct fixture *f, const char *state)
{
	struct dhcp_client_options opt = usual_options();

	opt.conflict_probes = 2;
	begin_with(f, &opt);
	play(f, "soadddd");
	assert_true(f->c.configured);
	play(f, state);
	assert_int_equal(play(f, "l"), 1);
}

static void rfc5227_2_1_an_address_comes_off_when_its_link_was_away(void **state)
{
	static const char *const ways[] = { "", "d", "2", "x" };	/* BOUND to REBOOTING */

	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		struct dhcp_message m;
		struct fixture f;

		come_back(&f, ways[i]);
		assert_int_equal(f.c.state, DHCP_CLIENT_REBOOTING);
		m = sent(&f, 0);
		assert_int_equal(m.type, DHCP_REQUEST);
		assert_int_equal(m.ciaddr, 0);
		assert_int_equal(option32(&m, DHCP_OPT_REQUESTED_ADDRESS), OURS);
		assert_int_equal(f.out.n, 2);
		assert_int_equal(f.out.action[1].type, DHCP_ACTION_DECONFIGURE);
		assert_int_equal(f.out.action[1].config.address, OURS);
		assert_false(f.c.configured);
	}
}

static void rfc5227_2_1_a_confirmed_address_is_probed_again(void **state)
{
	struct fixture f;

	come_back(&f, "");
	assert_int_equal(play(&f, "a"), 1);
	assert_int_equal(f.c.state, DHCP_CLIENT_REBOOTING);
	for (int i = 0; i < 2; i++) {
		play(&f, "d");
		assert_int_equal(f.out.action[0].type, DHCP_ACTION_PROBE);
		assert_int_equal(f.out.action[0].probe, OURS);
	}
	play(&f, "d");
	assert_int_equal(f.c.state, DHCP_CLIENT_BOUND);
	assert_int_equal(f.out.action[0].type, DHCP_ACTION_CONFIGURE);
	assert_int_equal(f.out.action[1].type, DHCP_ACTION_ANNOUNCE);
}

/* RFC 2131 section 3.2 lets it use the lease that still runs, and this only when it is free. */
static void rfc5227_2_1_an_address_that_nobody_confirmed_is_probed_too(void **state)
{
	struct dhcp_client before;
	struct fixture f;

	come_back(&f, "");
	before = f.c;
	play(&f, "ddd");
	assert_int_equal(f.out.action[0].type, DHCP_ACTION_SEND);
	play(&f, "d");
	assert_int_equal(f.c.state, DHCP_CLIENT_REBOOTING);
	assert_true(f.c.deadline <= f.now + S);
	assert_int_equal(f.out.n, 0);
	for (int i = 0; i < 2; i++) {
		play(&f, "d");
		assert_int_equal(f.out.action[0].type, DHCP_ACTION_PROBE);
	}
	play(&f, "d");
	assert_int_equal(f.c.state, DHCP_CLIENT_BOUND);
	assert_int_equal(f.out.action[0].type, DHCP_ACTION_CONFIGURE);
	assert_memory_equal(&f.out.action[0].config, &before.lease, sizeof(before.lease));
	assert_true(f.c.t1 == before.t1 && f.c.t2 == before.t2 && f.c.expires == before.expires);
	play(&f, "d");		/* the second announcement */
	assert_true(f.c.deadline == f.c.t1);
}

static void rfc5227_2_1_what_another_has_by_now_is_declined(void **state)
{
	static const char *const ways[] = { "a", "dddd" };

	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		struct fixture f;

		come_back(&f, "");
		assert_int_equal(conflict(&f, OURS), 0);	/* it claims nothing yet */
		play(&f, ways[i]);
		assert_int_equal(play(&f, "c"), 1);
		assert_int_equal(f.c.state, DHCP_CLIENT_INIT);
		assert_int_equal(sent(&f, 0).type, DHCP_DECLINE);
		assert_int_equal(f.out.n, 1);		/* it is off already */
	}
}

static void what_it_has_not_on_its_interface_can_not_be_released(void **state)
{
	struct fixture f;

	come_back(&f, "");
	assert_int_equal(play(&f, "r"), 0);
	play(&f, "e");		/* the lease is over, and nothing is to be taken off */
	assert_int_equal(f.c.state, DHCP_CLIENT_INIT);
	assert_int_equal(f.out.n, 0);

	come_back(&f, "");
	play(&f, "ts");		/* but remembered */
	assert_int_equal(f.c.state, DHCP_CLIENT_REBOOTING);
	assert_int_equal(f.c.lease.address, OURS);
}

/* Away again while it probes: from the beginning. */
static void rfc5227_2_1_each_time_the_link_was_away(void **state)
{
	struct fixture f;

	come_back(&f, "");
	play(&f, "adl");
	assert_int_equal(sent(&f, 0).type, DHCP_REQUEST);
	assert_int_equal(f.out.n, 1);
	assert_false(f.c.probing);
	play(&f, "add");
	assert_int_equal(f.out.action[0].type, DHCP_ACTION_PROBE);
	play(&f, "d");
	assert_int_equal(f.c.state, DHCP_CLIENT_BOUND);
}

/* Who does not probe keeps the address on while it asks. */
static void a_client_that_does_not_probe_keeps_its_address(void **state)
{
	struct fixture f;

	begin(&f);
	play(&f, "soal");
	assert_int_equal(f.c.state, DHCP_CLIENT_REBOOTING);
	assert_int_equal(f.out.n, 1);
	assert_true(f.c.configured);
	play(&f, "a");
	assert_int_equal(f.c.state, DHCP_CLIENT_BOUND);
}

/* An ACK that came while it probes holds; a NAK of another server's is late. */
static void rfc2131_4_4_2_a_nak_after_the_ack_is_ignored(void **state)
{
	struct fixture f;

	come_back(&f, "");
	play(&f, "a");
	assert_int_equal(play(&f, "n"), 0);
	assert_string_equal(f.out.reason.why, "another server gave its ACK before");
	assert_true(f.c.probing);
}

static void a_link_that_comes_back_ends_no_pause(void **state)
{
	struct fixture f;

	begin(&f);
	play(&f, "son");
	assert_int_equal(play(&f, "l"), 0);
}

/* Whatever becomes of the lease meanwhile: both announcements, 2 s apart. */
static void rfc5227_2_3_two_announcements_though_it_renews(void **state)
{
	static const char *const ways[] = { "w", "b", "wb", "wa", "ba", "xa" };

	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		struct dhcp_client_options opt = usual_options();
		enum dhcp_client_state before;
		uint64_t first, renewal;
		struct fixture f;

		opt.conflict_probes = 2;
		begin_with(&f, &opt);
		play(&f, "soaddd");
		assert_int_equal(f.out.action[1].type, DHCP_ACTION_ANNOUNCE);
		first = f.now;
		f.now += S / 2;
		play(&f, ways[i]);
		before = f.c.state;
		renewal = before == DHCP_CLIENT_BOUND ? f.c.t1 : f.c.retry_at;
		assert_true(renewal > first + 2 * S);
		play(&f, "d");
		assert_true(f.now == first + 2 * S);
		assert_int_equal(f.out.n, 1);
		assert_int_equal(f.out.action[0].type, DHCP_ACTION_ANNOUNCE);
		assert_int_equal(f.out.action[0].announce, OURS);
		assert_int_equal(f.c.state, before);
		assert_true(f.c.deadline == renewal);
	}
}

/* T1 and what follows it are not put off by an announcement that is to come. */
static void rfc2131_4_4_5_an_announcement_puts_off_no_t1(void **state)
{
	struct dhcp_client_options opt = usual_options();
	struct dhcp_message m;
	struct fixture f;

	opt.conflict_probes = 1;
	opt.conflict_wait = S / 2;
	begin_with(&f, &opt);
	play(&f, "so");
	m = reply(&f, DHCP_ACK, OURS);
	put32(&m, DHCP_OPT_T1, 1);
	put32(&m, DHCP_OPT_T2, 2);
	receive(&f, &m);
	play(&f, "d");
	assert_int_equal(f.c.state, DHCP_CLIENT_BOUND);
	play(&f, "d");
	assert_true(f.now == BEGIN + S);
	assert_int_equal(f.c.state, DHCP_CLIENT_RENEWING);
	play(&f, "d");
	assert_true(f.now == BEGIN + 2 * S);
	assert_int_equal(f.c.state, DHCP_CLIENT_REBINDING);
	play(&f, "d");
	assert_true(f.now == BEGIN + 5 * S / 2);
	assert_int_equal(f.out.action[0].type, DHCP_ACTION_ANNOUNCE);
}

/* ---- what must be forgotten with a lease ---- */

static void begin_probing(struct fixture *f, uint8_t probes)
{
	struct dhcp_client_options opt = usual_options();

	opt.conflict_probes = probes;
	begin_with(f, &opt);
}

static void rfc5227_2_1_the_next_lease_is_probed_too(void **state)
{
	static const char *const ends[] = { "rs", "kd", "dnd", "tsnd", "ed" };

	for (size_t i = 0; i < ARRAY_SIZE(ends); i++) {
		struct fixture f;

		begin_probing(&f, 2);
		play(&f, "soadddd");
		play(&f, ends[i]);
		assert_int_equal(f.c.state, DHCP_CLIENT_SELECTING);
		play(&f, "oad");
		assert_int_equal(f.c.state, DHCP_CLIENT_REQUESTING);
		assert_int_equal(f.out.action[0].type, DHCP_ACTION_PROBE);
		play(&f, "dd");
		assert_int_equal(f.c.state, DHCP_CLIENT_BOUND);
		assert_int_equal(f.c.announcements_left, 1);
	}
}

static void rfc5227_2_1_1_after_a_conflict_another_address_is_taken(void **state)
{
	struct fixture f;

	begin_probing(&f, 2);
	play(&f, "soadcd");
	assert_int_equal(f.c.state, DHCP_CLIENT_SELECTING);
	assert_int_equal(answer(&f, DHCP_OFFER, OURS + 1), 1);
	assert_int_equal(answer(&f, DHCP_ACK, OURS + 1), 1);
	play(&f, "ddd");
	assert_int_equal(f.c.state, DHCP_CLIENT_BOUND);
	assert_int_equal(f.c.lease.address, OURS + 1);
}

static void rfc5227_2_4_b_the_next_lease_has_a_defence_of_its_own(void **state)
{
	struct fixture f;

	begin(&f);
	play(&f, "soacrsoa");
	assert_int_equal(play(&f, "c"), 1);
	assert_int_equal(f.c.state, DHCP_CLIENT_BOUND);
	assert_int_equal(f.out.action[0].type, DHCP_ACTION_ANNOUNCE);
}

/* A REQUEST waits as section 4.1 has it, however long ago the last lease ended. */
static void rfc2131_4_1_an_old_lease_hurries_no_request(void **state)
{
	struct fixture f;

	begin(&f);
	play(&f, "soar");
	f.now += 2 * HOUR * S;
	play(&f, "so");
	assert_true(f.c.deadline >= f.now + 3 * S);
	assert_true(f.c.t1 == DHCP_NEVER && f.c.t2 == DHCP_NEVER);
	play(&f, "d");
	assert_int_equal(f.c.state, DHCP_CLIENT_REQUESTING);
}

static void rfc8925_3_2_a_wait_is_over_when_it_was_over(void **state)
{
	struct dhcp_client_options opt = usual_options();
	struct fixture f;

	opt.request[opt.n_request++] = DHCP_OPT_IPV6_ONLY;
	begin_with(&f, &opt);
	play(&f, "sOdon");
	assert_int_equal(f.c.state, DHCP_CLIENT_INIT);
	assert_int_equal(play(&f, "l"), 0);	/* the pause after a NAK, and no other */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rfc5227_2_1_an_address_comes_off_when_its_link_was_away),
		cmocka_unit_test(rfc5227_2_1_a_confirmed_address_is_probed_again),
		cmocka_unit_test(rfc5227_2_1_an_address_that_nobody_confirmed_is_probed_too),
		cmocka_unit_test(rfc5227_2_1_what_another_has_by_now_is_declined),
		cmocka_unit_test(what_it_has_not_on_its_interface_can_not_be_released),
		cmocka_unit_test(rfc5227_2_1_each_time_the_link_was_away),
		cmocka_unit_test(a_client_that_does_not_probe_keeps_its_address),
		cmocka_unit_test(rfc2131_4_4_2_a_nak_after_the_ack_is_ignored),
		cmocka_unit_test(a_link_that_comes_back_ends_no_pause),
		cmocka_unit_test(rfc5227_2_3_two_announcements_though_it_renews),
		cmocka_unit_test(rfc5227_2_1_the_next_lease_is_probed_too),
		cmocka_unit_test(rfc5227_2_1_1_after_a_conflict_another_address_is_taken),
		cmocka_unit_test(rfc5227_2_4_b_the_next_lease_has_a_defence_of_its_own),
		cmocka_unit_test(rfc2131_4_1_an_old_lease_hurries_no_request),
		cmocka_unit_test(rfc8925_3_2_a_wait_is_over_when_it_was_over),
		cmocka_unit_test(rfc2131_4_4_5_an_announcement_puts_off_no_t1),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
