/* SPDX-License-Identifier: MIT */
/* When a client speaks: time to the microsecond. */
#include "client_fixture.h"

#define S DHCP_SECOND

static void assert_between(uint64_t v, uint64_t low, uint64_t high)
{
	assert_true(v >= low);
	assert_true(v <= high);
}

/* The waits between transmissions, the last one for ever. */
static const uint64_t waits[] = { 4, 8, 16, 32, 64, 64, 64 };

static void rfc2131_4_1_backoff_doubles_up_to_64_s(void **state)
{
	struct dhcp_client_options opt = usual_options();
	uint64_t low = UINT64_MAX, high = 0;

	for (opt.seed = 0; opt.seed < 300; opt.seed++) {
		struct fixture f;

		begin_with(&f, &opt);
		play(&f, "s");
		for (size_t i = 0; i < ARRAY_SIZE(waits); i++) {
			uint64_t wait = f.c.deadline - f.now;

			assert_between(wait, (waits[i] - 1) * S, (waits[i] + 1) * S);
			low = min_u64(low, wait - (waits[i] - 1) * S);
			high = max_u64(high, wait - (waits[i] - 1) * S);
			play(&f, "d");
		}
	}
	/* uniform over two seconds: 2100 draws come near both ends */
	assert_true(low < S / 50 && high > 2 * S - S / 50);
}

static void rfc2131_4_1_retransmissions_keep_the_xid_and_count_secs(void **state)
{
	struct dhcp_message first, again;
	struct fixture f;

	begin(&f);
	play(&f, "s");
	first = sent(&f, 0);
	assert_int_equal(first.secs, 0);
	for (int i = 0; i < 6; i++) {
		play(&f, "d");
		again = sent(&f, 0);
		assert_int_equal(again.xid, first.xid);
		assert_int_equal(again.secs, (f.now - BEGIN) / S);
	}
}

static void rfc2131_4_1_secs_stop_at_65535(void **state)
{
	struct dhcp_message m;
	struct fixture f;

	begin(&f);
	play(&f, "s");
	deadline_at(&f, BEGIN + 70000 * S);
	m = sent(&f, 0);
	assert_int_equal(m.secs, 65535);
	play(&f, "o");
	m = sent(&f, 0);
	assert_int_equal(m.secs, 65535);
}

static void rfc2131_3_1_the_request_gives_up_after_a_minute(void **state)
{
	uint32_t xid;
	struct fixture f;

	begin(&f);
	play(&f, "so");
	xid = f.c.xid;
	for (int i = 1; i < 4; i++) {
		play(&f, "d");
		assert_int_equal(sent(&f, 0).xid, xid);
		assert_int_equal(f.c.state, DHCP_CLIENT_REQUESTING);
	}
	play(&f, "d");
	assert_between(f.now - BEGIN, 56 * S, 64 * S);
	assert_int_equal(f.c.state, DHCP_CLIENT_INIT);
	assert_true(f.c.deadline == f.now);	/* anew at once */
	play(&f, "d");
	assert_int_equal(sent(&f, 0).type, DHCP_DISCOVER);
	assert_int_not_equal(f.c.xid, xid);
	assert_int_equal(sent(&f, 0).secs, 0);
}

/* Leases count from the first REQUEST, however late the ACK is. */
static void bind_after(struct fixture *f, uint32_t lease, uint32_t t1, uint32_t t2)
{
	struct dhcp_message m;

	begin(f);
	play(f, "so");
	m = reply(f, DHCP_ACK, OURS);
	change32(&m, DHCP_OPT_LEASE_TIME, lease);
	if (t1)
		put32(&m, DHCP_OPT_T1, t1);
	if (t2)
		put32(&m, DHCP_OPT_T2, t2);
	f->now += 1234567;
	assert_int_equal(receive(f, &m), 1);
}

static void rfc2131_4_4_5_t1_t2_and_expiry_to_the_microsecond(void **state)
{
	struct dhcp_message m;
	struct fixture f;

	bind_after(&f, HOUR, 900, 2700);
	assert_true(f.c.t1 == BEGIN + 900 * S);
	assert_true(f.c.t2 == BEGIN + 2700 * S);
	assert_true(f.c.expires == BEGIN + HOUR * S);
	assert_true(f.c.lease.expires == f.c.expires);
	assert_true(f.c.deadline == f.c.t1);
	assert_int_equal(f.c.lease.t1_sec, 900);
	assert_int_equal(f.c.lease.t2_sec, 2700);

	assert_int_equal(deadline_at(&f, BEGIN + 900 * S - 1), 0);
	assert_int_equal(f.c.state, DHCP_CLIENT_BOUND);
	assert_int_equal(deadline_at(&f, BEGIN + 900 * S), 1);
	assert_int_equal(f.c.state, DHCP_CLIENT_RENEWING);

	while (f.c.deadline < BEGIN + 2700 * S)
		play(&f, "d");
	assert_true(f.c.deadline == BEGIN + 2700 * S);
	assert_int_equal(f.c.state, DHCP_CLIENT_RENEWING);
	play(&f, "d");
	assert_int_equal(f.c.state, DHCP_CLIENT_REBINDING);

	while (f.c.deadline < BEGIN + HOUR * S)
		play(&f, "d");
	assert_true(f.c.deadline == BEGIN + HOUR * S);
	assert_int_equal(f.c.state, DHCP_CLIENT_REBINDING);
	play(&f, "d");
	assert_int_equal(f.c.state, DHCP_CLIENT_INIT);
	assert_int_equal(f.out.action[0].type, DHCP_ACTION_DECONFIGURE);
	assert_int_equal(f.out.action[0].config.address, OURS);
	assert_true(f.c.deadline == f.now);

	play(&f, "d");		/* and it asks for its old address */
	assert_true(f.now == BEGIN + HOUR * S);
	m = sent(&f, 0);
	assert_int_equal(m.type, DHCP_DISCOVER);
	assert_int_equal(option32(&m, DHCP_OPT_REQUESTED_ADDRESS), OURS);
}

static void rfc2131_4_4_5_default_t1_and_t2_have_a_little_fuzz(void **state)
{
	struct fixture f;

	bind_after(&f, HOUR, 0, 0);
	assert_between(f.c.t1 - BEGIN, 1782 * S, 1818 * S);	/* 1800 give or take 1 % */
	assert_between(f.c.t2 - BEGIN, 3119 * S, 3181 * S);
	assert_true(f.c.t1 != BEGIN + 1800 * S && f.c.t2 != BEGIN + 3150 * S);
	assert_true(f.c.expires == BEGIN + HOUR * S);
}

/* As far as a 256th of the lease to either side, and uniformly: no two renew together. */
static void rfc2131_4_4_5_the_fuzz_reaches_both_ends(void **state)
{
	const uint64_t span = HOUR * S / 256, usual[] = { 1800 * S, 3150 * S };
	uint64_t low[2] = { UINT64_MAX, UINT64_MAX }, high[2] = { 0, 0 };
	struct dhcp_client_options opt = usual_options();

	for (opt.seed = 0; opt.seed < 300; opt.seed++) {
		uint64_t t[2];
		struct fixture f;

		begin_with(&f, &opt);
		play(&f, "soa");
		t[0] = f.c.t1 - BEGIN;
		t[1] = f.c.t2 - BEGIN;
		for (size_t i = 0; i < 2; i++) {
			low[i] = min_u64(low[i], t[i]);
			high[i] = max_u64(high[i], t[i]);
		}
	}
	for (size_t i = 0; i < 2; i++) {
		assert_between(low[i], usual[i] - span, usual[i] - span + span / 25);
		assert_between(high[i], usual[i] + span - span / 25, usual[i] + span);
	}
}

static void rfc2131_4_4_5_times_that_do_not_fit_are_noted(void **state)
{
	struct fixture f;

	bind_after(&f, HOUR, 3000, 2000);
	assert_int_equal(f.out.n, 2);
	assert_int_equal(f.out.action[0].type, DHCP_ACTION_NOTE);
	assert_int_equal(f.out.action[0].note.address, OURS);
	assert_int_equal(f.out.action[1].type, DHCP_ACTION_CONFIGURE);
	assert_between(f.c.t1 - BEGIN, 1782 * S, 1818 * S);
}

static void rfc2131_3_3_a_lease_for_ever_has_no_timers(void **state)
{
	struct fixture f;

	bind_after(&f, DHCP_INFINITY, 900, 2700);
	assert_true(f.c.deadline == DHCP_NEVER);
	assert_true(f.c.t1 == DHCP_NEVER && f.c.t2 == DHCP_NEVER && f.c.expires == DHCP_NEVER);
	assert_true(f.c.lease.expires == DHCP_NEVER);
	assert_int_equal(f.c.lease.lease_sec, DHCP_INFINITY);
	assert_int_equal(f.out.n, 1);		/* nothing to note */

	/* the user may renew it all the same; then it asks each minute */
	play(&f, "w");
	assert_true(f.c.deadline == f.now + 60 * S);
	play(&f, "b");
	assert_true(f.c.deadline == f.now + 60 * S);
}

static void rfc2131_3_3_the_longest_lease_does_not_overflow(void **state)
{
	struct fixture f;

	bind_after(&f, DHCP_INFINITY - 1, 0, 0);
	assert_true(f.c.expires == BEGIN + 4294967294 * S);
	assert_true(f.c.t1 < f.c.t2 && f.c.t2 < f.c.expires);
}

static void rfc2131_4_4_5_a_lease_of_a_second(void **state)
{
	struct dhcp_message m;
	struct fixture f;

	begin(&f);
	play(&f, "so");
	m = reply(&f, DHCP_ACK, OURS);
	change32(&m, DHCP_OPT_LEASE_TIME, 1);
	receive(&f, &m);
	assert_true(f.now < f.c.t1 && f.c.t1 < f.c.t2 && f.c.t2 < f.c.expires);
	assert_true(f.c.expires == BEGIN + S);
	play(&f, "d");
	assert_int_equal(f.c.state, DHCP_CLIENT_RENEWING);
	assert_true(f.c.deadline == f.c.t2);
	play(&f, "d");
	assert_true(f.c.deadline == f.c.expires);
}

static void rfc2131_4_4_5_renewing_waits_half_of_the_time_to_t2(void **state)
{
	const struct dhcp_send *send;
	struct dhcp_message m;
	struct fixture f;

	bind_after(&f, HOUR, 900, 2700);
	play(&f, "d");
	m = sent(&f, 0);
	send = &f.out.action[0].send;
	assert_true(!send->to_mac && send->dst_ip == SERVER && send->src_ip == OURS);
	assert_int_equal(m.ciaddr, OURS);
	assert_int_equal(m.secs, 0);
	assert_false(dhcp_message_has(&m, DHCP_OPT_REQUESTED_ADDRESS));
	assert_false(dhcp_message_has(&m, DHCP_OPT_SERVER_ID));

	assert_true(f.c.deadline == BEGIN + (900 + 900) * S);
	play(&f, "d");
	assert_int_equal(sent(&f, 0).xid, m.xid);
	assert_int_equal(sent(&f, 0).secs, 900);
	assert_true(f.c.deadline == BEGIN + (1800 + 450) * S);
	play(&f, "dd");
	assert_true(f.c.deadline == BEGIN + 2587500000);	/* half of 225 s */
	play(&f, "d");
	assert_true(f.c.deadline == BEGIN + 2647500000);	/* 60 s, over half of 112.5 */
	play(&f, "d");
	assert_true(f.c.deadline == BEGIN + 2700 * S);		/* never past T2 */
}

static void rfc2131_4_4_5_rebinding_waits_half_of_the_lease_left(void **state)
{
	const struct dhcp_send *send;
	struct dhcp_message m;
	uint32_t renew_xid;
	struct fixture f;

	bind_after(&f, HOUR, 900, 2700);
	play(&f, "d");
	renew_xid = f.c.xid;
	play(&f, "2");
	m = sent(&f, 0);
	send = &f.out.action[0].send;
	assert_true(send->to_mac && send->dst_ip == UINT32_MAX && send->src_ip == OURS);
	assert_int_equal(m.ciaddr, OURS);
	assert_int_equal(m.secs, 1800);		/* the renewal began at T1 */
	assert_int_not_equal(m.xid, renew_xid);
	assert_false(dhcp_message_has(&m, DHCP_OPT_REQUESTED_ADDRESS));
	assert_false(dhcp_message_has(&m, DHCP_OPT_SERVER_ID));
	assert_true(f.c.deadline == BEGIN + (2700 + 450) * S);
	play(&f, "d");
	assert_true(f.c.deadline == BEGIN + (3150 + 225) * S);
}

static void rfc2131_4_4_5_a_renewal_counts_from_its_request(void **state)
{
	uint64_t renewed;
	struct fixture f;

	bind_after(&f, HOUR, 900, 2700);
	play(&f, "d");
	renewed = f.now;
	f.now += 5 * S;
	play(&f, "a");
	assert_int_equal(f.c.state, DHCP_CLIENT_BOUND);
	assert_int_equal(f.out.action[0].type, DHCP_ACTION_CONFIGURE);
	assert_true(f.out.action[0].config.expires == renewed + HOUR * S);
	assert_true(f.c.expires == renewed + HOUR * S);
	assert_true(f.c.deadline == f.c.t1);
}

/* A machine that was not called for hours does what is due now, not what was due then. */
static void rfc2131_4_4_5_a_late_deadline_finds_the_lease_over(void **state)
{
	struct fixture f;

	bind_after(&f, HOUR, 900, 2700);
	deadline_at(&f, BEGIN + 2800 * S);
	assert_int_equal(f.c.state, DHCP_CLIENT_REBINDING);
	bind_after(&f, HOUR, 900, 2700);
	deadline_at(&f, BEGIN + 4000 * S);
	assert_int_equal(f.c.state, DHCP_CLIENT_INIT);
}

/* "a random time between one and ten seconds" */
static void rfc2131_4_4_1_the_delay_in_init_is_bounded(void **state)
{
	struct dhcp_client_options opt = usual_options();
	uint64_t low = UINT64_MAX, high = 0;

	opt.init_delay = 10 * S;
	for (opt.seed = 0; opt.seed < 200; opt.seed++) {
		struct fixture f;

		begin_with(&f, &opt);
		play(&f, "s");
		assert_int_equal(f.c.state, DHCP_CLIENT_INIT);
		assert_between(f.c.deadline, BEGIN + S, BEGIN + 10 * S);
		low = min_u64(low, f.c.deadline - BEGIN);
		high = max_u64(high, f.c.deadline - BEGIN);
		assert_int_equal(play(&f, "s"), 0);	/* starting twice does not skip it */
		play(&f, "d");
		assert_int_equal(sent(&f, 0).secs, 0);
	}
	assert_true(low < 3 * S / 2 && high > 19 * S / 2);
}

static void a_delay_in_init_under_a_second_is_kept(void **state)
{
	struct dhcp_client_options opt = usual_options();
	struct fixture f;

	opt.init_delay = S / 10;
	begin_with(&f, &opt);
	play(&f, "s");
	assert_between(f.c.deadline, BEGIN, BEGIN + S / 10);
}

static void rfc2131_3_1_naks_in_a_row_make_longer_pauses(void **state)
{
	static const uint64_t pauses[] = { 1, 2, 4, 8, 16, 32, 64, 64, 64 };
	struct fixture f;

	begin(&f);
	play(&f, "s");
	for (size_t i = 0; i < ARRAY_SIZE(pauses); i++) {
		play(&f, "on");
		assert_int_equal(f.c.state, DHCP_CLIENT_INIT);
		assert_between(f.c.deadline - f.now, pauses[i] * S / 2, pauses[i] * S * 3 / 2);
		play(&f, "d");
	}
	play(&f, "oa");
	assert_int_equal(f.c.refusals, 0);
}

/* Give or take a half: clients that a server refuses together do not come back together. */
static void rfc2131_3_1_pauses_after_naks_are_random(void **state)
{
	struct dhcp_client_options opt = usual_options();
	uint64_t low = UINT64_MAX, high = 0;

	for (opt.seed = 0; opt.seed < 300; opt.seed++) {
		struct fixture f;

		begin_with(&f, &opt);
		play(&f, "son");
		low = min_u64(low, f.c.deadline - f.now);
		high = max_u64(high, f.c.deadline - f.now);
	}
	assert_between(low, S / 2, S / 2 + S / 50);
	assert_between(high, 3 * S / 2 - S / 50, 3 * S / 2);
}

static void rfc2131_3_2_an_unanswered_reboot_keeps_a_running_lease(void **state)
{
	uint64_t t1;
	struct fixture f;

	begin(&f);
	play(&f, "soa");
	t1 = f.c.t1;
	play(&f, "xdddd");
	assert_int_equal(f.c.state, DHCP_CLIENT_BOUND);
	assert_true(f.c.deadline == t1);
	assert_int_equal(f.c.lease.address, OURS);
}

static void rfc2131_4_4_5_a_reboot_does_not_outlive_the_lease(void **state)
{
	struct fixture f;

	bind_after(&f, HOUR, 900, 2700);
	f.now = BEGIN + HOUR * S - 2 * S;	/* a retransmission would be due in 3 s at least */
	play(&f, "x");
	assert_int_equal(f.c.state, DHCP_CLIENT_REBOOTING);
	assert_true(f.c.deadline == f.c.expires);
	play(&f, "d");
	assert_int_equal(f.c.state, DHCP_CLIENT_INIT);
	assert_int_equal(f.out.action[0].type, DHCP_ACTION_DECONFIGURE);
}

/* Nobody confirmed the old address once: the next start need not ask again. */
static void rfc2131_3_2_an_unanswered_reboot_is_not_repeated(void **state)
{
	struct dhcp_client_options opt = usual_options();
	struct fixture f;

	opt.reboot_address = OURS;
	begin_with(&f, &opt);
	play(&f, "sddddts");
	assert_int_equal(f.c.state, DHCP_CLIENT_SELECTING);
}

/* Stopped without a RELEASE the lease runs on, but not for ever. */
static void rfc2131_4_4_2_start_after_the_lease_ended_discovers(void **state)
{
	struct fixture f;

	bind_after(&f, HOUR, 900, 2700);
	play(&f, "t");
	f.now = BEGIN + HOUR * S - 1;
	play(&f, "s");
	assert_int_equal(f.c.state, DHCP_CLIENT_REBOOTING);
	bind_after(&f, HOUR, 900, 2700);
	play(&f, "t");
	f.now = BEGIN + HOUR * S;
	play(&f, "s");
	assert_int_equal(f.c.state, DHCP_CLIENT_SELECTING);
}

/* PROBE_WAIT, PROBE_MIN and PROBE_MAX, ANNOUNCE_WAIT. */
static void rfc5227_1_1_probes_come_at_random(void **state)
{
	struct dhcp_client_options opt = usual_options();
	uint64_t low[2] = { UINT64_MAX, UINT64_MAX }, high[2] = { 0, 0 };

	opt.conflict_probes = 3;
	for (opt.seed = 0; opt.seed < 200; opt.seed++) {
		struct fixture f;

		begin_with(&f, &opt);
		play(&f, "so");
		f.now += S;
		play(&f, "a");
		assert_int_equal(f.out.action[0].type, DHCP_ACTION_NOTE);
		for (int i = 0; i < 3; i++) {
			uint64_t wait = f.c.deadline - f.now;
			size_t later = i > 0;

			assert_int_equal(play(&f, "a"), 0);	/* the ACK again changes nothing */
			assert_between(wait, later * S, (later + 1) * S);
			low[later] = min_u64(low[later], wait);
			high[later] = max_u64(high[later], wait);
			play(&f, "d");
			assert_int_equal(f.out.action[0].type, DHCP_ACTION_PROBE);
			assert_int_equal(f.out.action[0].probe, OURS);
		}
		assert_true(f.c.deadline == f.now + 2 * S);
		play(&f, "d");
		assert_int_equal(f.c.state, DHCP_CLIENT_BOUND);
		assert_true(f.c.expires == BEGIN + HOUR * S);
	}
	/* uniform over a second: draws come near both ends */
	assert_true(low[0] < S / 20 && high[0] > S - S / 20);
	assert_true(low[1] < S + S / 20 && high[1] > 2 * S - S / 20);
}

/* MAX_CONFLICTS and RATE_LIMIT_INTERVAL. */
static void rfc5227_2_1_1_ten_conflicts_limit_the_rate(void **state)
{
	struct fixture f;

	begin(&f);
	play(&f, "s");
	for (int i = 1; i <= 12; i++) {
		play(&f, "oacc");
		assert_int_equal(f.c.state, DHCP_CLIENT_INIT);
		assert_true(f.c.deadline == f.now + (i < 10 ? 10 : 60) * S);
		play(&f, "d");
	}
}

static void up_to_ack(struct fixture *f, uint64_t wait)
{
	struct dhcp_client_options opt = usual_options();

	opt.conflict_probes = 3;
	opt.conflict_wait = wait;
	begin_with(f, &opt);
	play(f, "so");
	f->now += S;
	play(f, "a");
}

static void rfc5227_2_3_two_announcements_2_s_apart(void **state)
{
	struct fixture f;
	uint64_t bound;

	up_to_ack(&f, 0);
	play(&f, "dddd");
	bound = f.now;
	assert_int_equal(f.out.action[1].type, DHCP_ACTION_ANNOUNCE);
	assert_int_equal(f.out.action[1].announce, OURS);
	play(&f, "d");
	assert_true(f.now == bound + 2 * S);
	assert_int_equal(f.out.n, 1);
	assert_int_equal(f.out.action[0].type, DHCP_ACTION_ANNOUNCE);
	assert_true(f.c.deadline == f.c.t1);
	assert_int_equal(f.c.state, DHCP_CLIENT_BOUND);
}

/* One probe, and so long: what a user chose who has no five seconds. */
static void a_wait_of_ones_own_begins_at_once(void **state)
{
	struct fixture f;
	uint64_t acked;

	up_to_ack(&f, S / 2);
	acked = f.now;
	assert_int_equal(f.out.action[0].type, DHCP_ACTION_PROBE);
	play(&f, "dd");
	acked = f.now;
	play(&f, "d");
	assert_int_equal(f.c.state, DHCP_CLIENT_BOUND);
	assert_true(f.now == acked + S / 2);
}

static void rfc5227_2_4_b_an_address_is_defended_once_in_10_s(void **state)
{
	struct fixture f;
	uint64_t t1;

	begin(&f);
	play(&f, "soa");
	t1 = f.c.deadline;
	f.now += S;
	assert_int_equal(play(&f, "c"), 1);
	assert_int_equal(f.out.action[0].type, DHCP_ACTION_ANNOUNCE);
	assert_int_equal(f.c.state, DHCP_CLIENT_BOUND);
	assert_true(f.c.deadline == t1);
	f.now += 10 * S;
	assert_int_equal(play(&f, "c"), 1);
	assert_int_equal(f.c.state, DHCP_CLIENT_BOUND);
	f.now += 10 * S - 1;
	play(&f, "c");
	assert_int_equal(f.c.state, DHCP_CLIENT_INIT);
	assert_int_equal(f.out.action[0].send.type, DHCP_DECLINE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rfc2131_4_1_backoff_doubles_up_to_64_s),
		cmocka_unit_test(rfc2131_4_1_retransmissions_keep_the_xid_and_count_secs),
		cmocka_unit_test(rfc2131_4_1_secs_stop_at_65535),
		cmocka_unit_test(rfc2131_3_1_the_request_gives_up_after_a_minute),
		cmocka_unit_test(rfc2131_4_4_5_t1_t2_and_expiry_to_the_microsecond),
		cmocka_unit_test(rfc2131_4_4_5_default_t1_and_t2_have_a_little_fuzz),
		cmocka_unit_test(rfc2131_4_4_5_the_fuzz_reaches_both_ends),
		cmocka_unit_test(rfc2131_4_4_5_times_that_do_not_fit_are_noted),
		cmocka_unit_test(rfc2131_3_3_a_lease_for_ever_has_no_timers),
		cmocka_unit_test(rfc2131_3_3_the_longest_lease_does_not_overflow),
		cmocka_unit_test(rfc2131_4_4_5_a_lease_of_a_second),
		cmocka_unit_test(rfc2131_4_4_5_renewing_waits_half_of_the_time_to_t2),
		cmocka_unit_test(rfc2131_4_4_5_rebinding_waits_half_of_the_lease_left),
		cmocka_unit_test(rfc2131_4_4_5_a_renewal_counts_from_its_request),
		cmocka_unit_test(rfc2131_4_4_5_a_late_deadline_finds_the_lease_over),
		cmocka_unit_test(rfc2131_4_4_1_the_delay_in_init_is_bounded),
		cmocka_unit_test(a_delay_in_init_under_a_second_is_kept),
		cmocka_unit_test(rfc2131_3_1_naks_in_a_row_make_longer_pauses),
		cmocka_unit_test(rfc2131_3_1_pauses_after_naks_are_random),
		cmocka_unit_test(rfc2131_3_2_an_unanswered_reboot_keeps_a_running_lease),
		cmocka_unit_test(rfc2131_4_4_5_a_reboot_does_not_outlive_the_lease),
		cmocka_unit_test(rfc2131_3_2_an_unanswered_reboot_is_not_repeated),
		cmocka_unit_test(rfc2131_4_4_2_start_after_the_lease_ended_discovers),
		cmocka_unit_test(rfc5227_1_1_probes_come_at_random),
		cmocka_unit_test(rfc5227_2_1_1_ten_conflicts_limit_the_rate),
		cmocka_unit_test(rfc5227_2_3_two_announcements_2_s_apart),
		cmocka_unit_test(a_wait_of_ones_own_begins_at_once),
		cmocka_unit_test(rfc5227_2_4_b_an_address_is_defended_once_in_10_s),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
