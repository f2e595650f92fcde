/* SPDX-License-Identifier: MIT */
/* When a client speaks, and what it then says: time to the microsecond. */
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

static void assert_same_option(const struct dhcp_message *a, const struct dhcp_message *b,
			       uint8_t code)
{
	const uint8_t *va, *vb;
	size_t la, lb;

	va = dhcp_message_get(a, code, &la);
	vb = dhcp_message_get(b, code, &lb);
	assert_non_null(va);
	assert_non_null(vb);
	assert_int_equal(la, lb);
	assert_memory_equal(va, vb, la);
}

static void rfc2131_table_5_request_after_offer(void **state)
{
	struct dhcp_message discover, request;
	const struct dhcp_send *send;
	struct fixture f;

	begin(&f);
	play(&f, "sdd");
	discover = sent(&f, 0);
	f.now += 3 * S;		/* secs stay those of the DISCOVER all the same */
	play(&f, "o");
	request = sent(&f, 0);
	send = &f.out.action[0].send;

	assert_true(discover.secs > 0);
	assert_int_equal(request.secs, discover.secs);
	assert_int_equal(request.xid, discover.xid);
	assert_int_equal(request.ciaddr, 0);
	assert_int_equal(option32(&request, DHCP_OPT_REQUESTED_ADDRESS), OURS);
	assert_int_equal(option32(&request, DHCP_OPT_SERVER_ID), SERVER);
	assert_same_option(&discover, &request, DHCP_OPT_PARAMETER_LIST);
	assert_same_option(&discover, &request, DHCP_OPT_MAX_SIZE);
	assert_same_option(&discover, &request, DHCP_OPT_CLIENT_ID);
	assert_same_option(&discover, &request, DHCP_OPT_HOST_NAME);
	assert_true(send->to_mac && send->dst_ip == UINT32_MAX && send->src_ip == 0);
	assert_memory_equal(send->dst_mac, "\xff\xff\xff\xff\xff\xff", 6);
	assert_int_equal(send->src_port, 68);
	assert_int_equal(send->dst_port, 67);
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
	assert_true(f.c.t1 != BEGIN + 1800 * S || f.c.t2 != BEGIN + 3150 * S);
	assert_true(f.c.expires == BEGIN + HOUR * S);
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

static void rfc2131_4_4_5_rebinding_takes_any_server(void **state)
{
	struct dhcp_message m;
	struct fixture f;

	begin(&f);
	play(&f, "soa2");
	m = reply(&f, DHCP_ACK, OURS);
	change32(&m, DHCP_OPT_SERVER_ID, OTHER_SERVER);
	assert_int_equal(receive(&f, &m), 1);
	assert_int_equal(f.c.lease.server_id, OTHER_SERVER);
	play(&f, "d");
	assert_int_equal(f.out.action[0].send.dst_ip, OTHER_SERVER);
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

static void rfc2131_4_4_1_the_delay_in_init_is_bounded(void **state)
{
	struct dhcp_client_options opt = usual_options();

	opt.init_delay = 10 * S;
	for (opt.seed = 0; opt.seed < 50; opt.seed++) {
		struct fixture f;

		begin_with(&f, &opt);
		play(&f, "s");
		assert_int_equal(f.c.state, DHCP_CLIENT_INIT);
		assert_between(f.c.deadline, BEGIN, BEGIN + 10 * S);
		assert_int_equal(play(&f, "s"), 0);	/* starting twice does not skip it */
		play(&f, "d");
		assert_int_equal(sent(&f, 0).secs, 0);
	}
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

static void rfc2131_3_1_a_nak_forgets_the_address(void **state)
{
	struct dhcp_message m;
	struct fixture f;

	begin(&f);
	play(&f, "soadnd");
	m = sent(&f, 0);
	assert_int_equal(m.type, DHCP_DISCOVER);
	assert_false(dhcp_message_has(&m, DHCP_OPT_REQUESTED_ADDRESS));
}

static void rfc2131_4_4_2_init_reboot_asks_everyone(void **state)
{
	struct dhcp_client_options opt = usual_options();
	struct dhcp_message m;
	struct fixture f;

	opt.reboot_address = OURS;
	begin_with(&f, &opt);
	play(&f, "s");
	m = sent(&f, 0);
	assert_int_equal(m.type, DHCP_REQUEST);
	assert_int_equal(m.ciaddr, 0);
	assert_int_equal(option32(&m, DHCP_OPT_REQUESTED_ADDRESS), OURS);
	assert_false(dhcp_message_has(&m, DHCP_OPT_SERVER_ID));
	assert_true(f.out.action[0].send.to_mac && f.out.action[0].send.src_ip == 0);

	play(&f, "dddd");
	assert_between(f.now - BEGIN, 56 * S, 64 * S);
	play(&f, "d");
	m = sent(&f, 0);
	assert_int_equal(m.type, DHCP_DISCOVER);
	assert_int_equal(option32(&m, DHCP_OPT_REQUESTED_ADDRESS), OURS);
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

static void rfc2131_4_4_4_decline_is_broadcast_and_followed_by_a_pause(void **state)
{
	struct dhcp_message m;
	uint32_t xid;
	struct fixture f;

	begin(&f);
	play(&f, "soa");
	xid = f.c.xid;
	play(&f, "c");
	m = sent(&f, 0);
	assert_int_equal(m.type, DHCP_DECLINE);
	assert_int_not_equal(m.xid, xid);
	assert_int_equal(m.ciaddr, 0);
	assert_int_equal(m.secs, 0);
	assert_int_equal(option32(&m, DHCP_OPT_REQUESTED_ADDRESS), OURS);
	assert_int_equal(option32(&m, DHCP_OPT_SERVER_ID), SERVER);
	assert_true(dhcp_message_has(&m, DHCP_OPT_CLIENT_ID));
	assert_false(dhcp_message_has(&m, DHCP_OPT_PARAMETER_LIST));
	assert_false(dhcp_message_has(&m, DHCP_OPT_MAX_SIZE));
	assert_true(f.out.action[0].send.to_mac && f.out.action[0].send.src_ip == 0);
	assert_true(f.c.deadline == f.now + 10 * S);

	play(&f, "d");
	m = sent(&f, 0);
	assert_false(dhcp_message_has(&m, DHCP_OPT_REQUESTED_ADDRESS));
}

static void rfc2131_4_4_6_release_is_unicast(void **state)
{
	const struct dhcp_send *send;
	struct dhcp_message m;
	struct fixture f;

	begin(&f);
	play(&f, "soar");
	m = sent(&f, 0);
	send = &f.out.action[0].send;
	assert_true(!send->to_mac && send->dst_ip == SERVER && send->src_ip == OURS);
	assert_int_equal(m.ciaddr, OURS);
	assert_int_equal(option32(&m, DHCP_OPT_SERVER_ID), SERVER);
	assert_true(dhcp_message_has(&m, DHCP_OPT_CLIENT_ID));
	assert_false(dhcp_message_has(&m, DHCP_OPT_REQUESTED_ADDRESS));
	assert_false(dhcp_message_has(&m, DHCP_OPT_PARAMETER_LIST));
	assert_int_equal(f.c.lease.address, 0);
	assert_true(f.c.deadline == DHCP_NEVER);	/* until somebody starts it again */
}

static void rfc5227_1_1_probes_are_a_second_apart(void **state)
{
	struct dhcp_client_options opt = usual_options();
	uint64_t acked;
	struct fixture f;

	opt.conflict_probes = 3;
	begin_with(&f, &opt);
	play(&f, "so");
	f.now += S;
	play(&f, "a");
	acked = f.now;
	for (int i = 0; i < 3; i++) {
		assert_int_equal(f.out.action[0].type, DHCP_ACTION_PROBE);
		assert_int_equal(f.out.action[0].probe, OURS);
		assert_true(f.now == acked + i * S);
		assert_int_equal(play(&f, "a"), 0);	/* the ACK again changes nothing */
		play(&f, "d");
	}
	assert_int_equal(f.c.state, DHCP_CLIENT_BOUND);
	assert_true(f.now == acked + 4 * S);		/* ANNOUNCE_WAIT after the last */
	assert_true(f.c.expires == BEGIN + HOUR * S);
}

static void rfc2131_4_1_the_broadcast_flag_is_for_those_without_an_address(void **state)
{
	struct dhcp_client_options opt = usual_options();
	struct fixture f;

	opt.broadcast = true;
	begin_with(&f, &opt);
	play(&f, "s");
	assert_int_equal(sent(&f, 0).flags, DHCP_FLAG_BROADCAST);
	play(&f, "o");
	assert_int_equal(sent(&f, 0).flags, DHCP_FLAG_BROADCAST);
	play(&f, "ad");
	assert_int_equal(sent(&f, 0).flags, 0);
}

static void rfc951_messages_have_300_bytes_at_least(void **state)
{
	struct fixture f;

	begin(&f);
	play(&f, "soad");
	assert_true(f.out.action[0].send.len >= DHCP_MIN_LEN);
}

/* The longest that options can make it must fit what every server takes in. */
static void rfc2131_2_the_longest_message_fits_576_bytes(void **state)
{
	struct dhcp_client_options opt = usual_options();
	struct fixture f;

	memset(opt.host_name, 'h', sizeof(opt.host_name) - 1);
	memset(opt.client_id, 1, sizeof(opt.client_id));
	opt.client_id_len = sizeof(opt.client_id);
	memset(opt.request, 1, sizeof(opt.request));
	opt.n_request = sizeof(opt.request);
	begin_with(&f, &opt);
	assert_int_equal(play(&f, "so"), 1);
	assert_true(f.out.action[0].send.len <= 548);
}

static const char journey[] = "sddodoadda2dbaiIxaxddddrsoatsnd";

/* Every byte that a client sends on its journey, one after the other. */
static size_t record(const struct dhcp_client_options *opt, uint8_t *ret)
{
	struct fixture f;
	size_t len = 0;

	begin_with(&f, opt);
	for (const char *p = journey; *p; p++) {
		play_letter(&f, *p);
		for (unsigned int i = 0; i < f.out.n; i++) {
			const struct dhcp_send *send = &f.out.action[i].send;

			if (f.out.action[i].type != DHCP_ACTION_SEND)
				continue;
			memcpy(ret + len, send->data, send->len);
			len += send->len;
		}
	}
	return len;
}

static uint8_t one[20000], two[20000];

static void same_seed_same_bytes(void **state)
{
	struct dhcp_client_options opt = usual_options();
	size_t len = record(&opt, one);

	assert_true(len > 15 * DHCP_MIN_LEN);
	assert_int_equal(record(&opt, two), len);
	assert_memory_equal(one, two, len);

	opt.seed++;
	record(&opt, two);
	assert_memory_not_equal(one, two, len);
}

static void two_clients_of_one_seed_draw_different_xids(void **state)
{
	struct dhcp_client_options opt = usual_options();
	struct fixture f, g;

	begin_with(&f, &opt);
	opt.mac[5]++;
	begin_with(&g, &opt);
	play(&f, "s");
	play(&g, "s");
	assert_int_not_equal(f.c.xid, g.c.xid);
}

static void a_copy_is_a_snapshot(void **state)
{
	struct fixture f, g;

	begin(&f);
	play(&f, "sdo");
	g = f;
	play(&f, "dadd2ddet");
	play(&g, "dadd2dde");
	assert_int_equal(g.out.n, 1);
	play(&g, "t");
	assert_int_equal(f.c.state, g.c.state);
	assert_true(f.c.prng == g.c.prng && f.c.xid == g.c.xid && f.now == g.now);
}

static void options_that_make_no_sense_are_refused(void **state)
{
	struct dhcp_client_options good = usual_options(), bad;
	struct dhcp_client c = { .xid = 5 };

	bad = good;
	memset(bad.mac, 0, sizeof(bad.mac));
	assert_int_equal(dhcp_client_init(&c, &bad), -EINVAL);
	bad = good;
	bad.mac[0] |= 1;
	assert_int_equal(dhcp_client_init(&c, &bad), -EINVAL);
	bad = good;
	bad.client_id_len = 1;
	assert_int_equal(dhcp_client_init(&c, &bad), -EINVAL);
	bad.client_id_len = DHCP_CLIENT_ID_MAX + 1;
	assert_int_equal(dhcp_client_init(&c, &bad), -EINVAL);
	bad = good;
	bad.n_request = DHCP_CLIENT_REQUEST_MAX + 1;
	assert_int_equal(dhcp_client_init(&c, &bad), -EINVAL);
	bad.n_request = 1;
	bad.request[0] = DHCP_OPT_END;
	assert_int_equal(dhcp_client_init(&c, &bad), -EINVAL);
	bad = good;
	memset(bad.host_name, 'x', sizeof(bad.host_name));
	assert_int_equal(dhcp_client_init(&c, &bad), -EINVAL);
	bad = good;
	bad.reboot_address = IP(224, 0, 0, 1);
	assert_int_equal(dhcp_client_init(&c, &bad), -EINVAL);
	bad = good;
	bad.init_delay = DHCP_NEVER;
	assert_int_equal(dhcp_client_init(&c, &bad), -EINVAL);
	assert_int_equal(c.xid, 5);		/* untouched */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rfc2131_4_1_backoff_doubles_up_to_64_s),
		cmocka_unit_test(rfc2131_4_1_retransmissions_keep_the_xid_and_count_secs),
		cmocka_unit_test(rfc2131_4_1_secs_stop_at_65535),
		cmocka_unit_test(rfc2131_table_5_request_after_offer),
		cmocka_unit_test(rfc2131_3_1_the_request_gives_up_after_a_minute),
		cmocka_unit_test(rfc2131_4_4_5_t1_t2_and_expiry_to_the_microsecond),
		cmocka_unit_test(rfc2131_4_4_5_default_t1_and_t2_have_a_little_fuzz),
		cmocka_unit_test(rfc2131_4_4_5_times_that_do_not_fit_are_noted),
		cmocka_unit_test(rfc2131_3_3_a_lease_for_ever_has_no_timers),
		cmocka_unit_test(rfc2131_3_3_the_longest_lease_does_not_overflow),
		cmocka_unit_test(rfc2131_4_4_5_a_lease_of_a_second),
		cmocka_unit_test(rfc2131_4_4_5_renewing_waits_half_of_the_time_to_t2),
		cmocka_unit_test(rfc2131_4_4_5_rebinding_waits_half_of_the_lease_left),
		cmocka_unit_test(rfc2131_4_4_5_a_renewal_counts_from_its_request),
		cmocka_unit_test(rfc2131_4_4_5_rebinding_takes_any_server),
		cmocka_unit_test(rfc2131_4_4_5_a_late_deadline_finds_the_lease_over),
		cmocka_unit_test(rfc2131_4_4_1_the_delay_in_init_is_bounded),
		cmocka_unit_test(rfc2131_3_1_naks_in_a_row_make_longer_pauses),
		cmocka_unit_test(rfc2131_3_1_a_nak_forgets_the_address),
		cmocka_unit_test(rfc2131_4_4_2_init_reboot_asks_everyone),
		cmocka_unit_test(rfc2131_3_2_an_unanswered_reboot_keeps_a_running_lease),
		cmocka_unit_test(rfc2131_4_4_2_start_after_the_lease_ended_discovers),
		cmocka_unit_test(rfc2131_4_4_4_decline_is_broadcast_and_followed_by_a_pause),
		cmocka_unit_test(rfc2131_4_4_6_release_is_unicast),
		cmocka_unit_test(rfc5227_1_1_probes_are_a_second_apart),
		cmocka_unit_test(rfc2131_4_1_the_broadcast_flag_is_for_those_without_an_address),
		cmocka_unit_test(rfc951_messages_have_300_bytes_at_least),
		cmocka_unit_test(rfc2131_2_the_longest_message_fits_576_bytes),
		cmocka_unit_test(same_seed_same_bytes),
		cmocka_unit_test(two_clients_of_one_seed_draw_different_xids),
		cmocka_unit_test(a_copy_is_a_snapshot),
		cmocka_unit_test(options_that_make_no_sense_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
