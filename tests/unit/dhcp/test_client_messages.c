/* SPDX-License-Identifier: MIT */
/* What a client says and to whom; and that the same seed says the same again. */
#include "client_fixture.h"

#define S DHCP_SECOND

static void assert_between(uint64_t v, uint64_t low, uint64_t high)
{
	assert_true(v >= low);
	assert_true(v <= high);
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

static void rfc2131_4_4_4_decline_is_broadcast_and_followed_by_a_pause(void **state)
{
	struct dhcp_message m;
	uint32_t xid;
	struct fixture f;

	begin(&f);
	play(&f, "soa");
	xid = f.c.xid;
	play(&f, "cc");
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

/* The exchange that the user began instead is the only one that counts. */
static void rfc2131_4_4_4_an_inform_without_an_answer_is_broadcast(void **state)
{
	struct fixture f;

	begin(&f);
	play(&f, "soai");
	assert_int_equal(f.out.action[0].send.dst_ip, SERVER);
	for (int i = 0; i < 3; i++) {
		struct dhcp_message m;

		play(&f, "d");
		m = sent(&f, 0);
		assert_int_equal(m.ciaddr, OURS);
		assert_int_equal(f.out.action[0].send.dst_ip, IP(255, 255, 255, 255));
		assert_int_equal(f.out.action[0].send.src_ip, OURS);
	}
	play(&f, "di");		/* given up, and asked for anew */
	assert_int_equal(f.out.action[0].send.dst_ip, SERVER);
}

/* What extends the lease has the timer: an INFORM meanwhile is sent once. */
static void rfc2131_4_4_3_an_inform_delays_no_renewal(void **state)
{
	static const char *const ways[] = { "soad", "soa2" };

	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		struct fixture f;
		uint64_t deadline;

		begin(&f);
		play(&f, ways[i]);
		deadline = f.c.deadline;
		play(&f, "i");
		assert_int_equal(sent(&f, 0).type, DHCP_INFORM);
		assert_true(f.c.deadline == deadline);
		play(&f, "I");
		assert_true(f.c.deadline == deadline);
		play(&f, "d");
		assert_int_equal(sent(&f, 0).type, DHCP_REQUEST);
	}
}

/* T1 comes before the INFORM is sent again; and one that was sent while renewing never is. */
static void rfc2131_4_4_3_an_inform_puts_off_no_t1(void **state)
{
	struct dhcp_message m;
	struct fixture f;

	begin(&f);
	play(&f, "so");
	m = reply(&f, DHCP_ACK, OURS);
	put32(&m, DHCP_OPT_T1, 2);
	put32(&m, DHCP_OPT_T2, 2000);
	receive(&f, &m);
	play(&f, "i");
	assert_true(f.c.deadline == f.c.t1);
	play(&f, "d");
	assert_int_equal(f.c.state, DHCP_CLIENT_RENEWING);

	begin(&f);
	play(&f, "soadia");
	assert_int_equal(f.c.state, DHCP_CLIENT_BOUND);
	play(&f, "d");
	assert_int_equal(f.c.state, DHCP_CLIENT_RENEWING);
}

static void rfc2131_4_4_3_an_inform_is_forgotten_on_restart(void **state)
{
	struct dhcp_message m;
	struct fixture f;

	begin(&f);
	play(&f, "soai");
	m = reply(&f, DHCP_ACK, 0);
	play(&f, "x");
	assert_int_equal(receive(&f, &m), 0);
	assert_string_equal(f.out.reason.why, "the xid is not that of our exchange");
	play(&f, "a");
	assert_int_equal(f.c.state, DHCP_CLIENT_BOUND);
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

/* RFC 3442 page 4: 121 is asked for before 3 and 33. */
static void rfc3442_the_usual_list_is_what_is_sent(void **state)
{
	const uint8_t *usual, *list;
	size_t n_usual, n = 0;
	struct dhcp_message m;
	struct fixture f;

	begin(&f);
	play(&f, "s");
	m = sent(&f, 0);
	list = dhcp_message_get(&m, DHCP_OPT_PARAMETER_LIST, &n);
	usual = dhcp_client_usual_request(&n_usual);
	assert_int_equal(n, n_usual);
	assert_memory_equal(list, usual, n);
	list = memchr(usual, DHCP_OPT_CLASSLESS_ROUTES, n);
	assert_non_null(list);
	assert_true(list < (const uint8_t *)memchr(usual, DHCP_OPT_ROUTER, n));
	assert_true(list < (const uint8_t *)memchr(usual, DHCP_OPT_STATIC_ROUTES, n));
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
	opt.send[0] = DHCP_OPT_VENDOR_CLASS;
	opt.send[1] = sizeof(opt.send) - 2;
	opt.n_send = sizeof(opt.send);
	opt.fqdn = DHCP_FQDN_SERVER;
	opt.host_name[20] = '.';
	opt.rapid_commit = opt.force_renew = opt.auto_configure = true;
	begin_with(&f, &opt);
	for (const char *p = "soai"; *p; p++) {
		assert_int_equal(play_letter(&f, *p), 1);
		if (*p != 'a')
			assert_true(f.out.action[0].send.len <= 548);
	}
	play(&f, "rs");		/* with option 50 */
	assert_true(f.out.action[0].send.len > 500 && f.out.action[0].send.len <= 548);
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
	bad.request[0] = DHCP_OPT_RAPID_COMMIT;		/* RFC 4039 section 3 */
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
		cmocka_unit_test(rfc2131_table_5_request_after_offer),
		cmocka_unit_test(rfc2131_4_4_5_rebinding_takes_any_server),
		cmocka_unit_test(rfc2131_3_1_a_nak_forgets_the_address),
		cmocka_unit_test(rfc2131_4_4_2_init_reboot_asks_everyone),
		cmocka_unit_test(rfc2131_4_4_4_decline_is_broadcast_and_followed_by_a_pause),
		cmocka_unit_test(rfc2131_4_4_4_an_inform_without_an_answer_is_broadcast),
		cmocka_unit_test(rfc2131_4_4_3_an_inform_delays_no_renewal),
		cmocka_unit_test(rfc2131_4_4_3_an_inform_puts_off_no_t1),
		cmocka_unit_test(rfc2131_4_4_3_an_inform_is_forgotten_on_restart),
		cmocka_unit_test(rfc2131_4_4_6_release_is_unicast),
		cmocka_unit_test(rfc2131_4_1_the_broadcast_flag_is_for_those_without_an_address),
		cmocka_unit_test(rfc951_messages_have_300_bytes_at_least),
		cmocka_unit_test(rfc3442_the_usual_list_is_what_is_sent),
		cmocka_unit_test(rfc2131_2_the_longest_message_fits_576_bytes),
		cmocka_unit_test(same_seed_same_bytes),
		cmocka_unit_test(two_clients_of_one_seed_draw_different_xids),
		cmocka_unit_test(a_copy_is_a_snapshot),
		cmocka_unit_test(options_that_make_no_sense_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
