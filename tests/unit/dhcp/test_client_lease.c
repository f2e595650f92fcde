/* SPDX-License-Identifier: MIT */
/* From an ACK to a lease: its times and its parameters. */
#include "client_fixture.h"

#include "base/addr.h"
#include "dhcp/client_lease.h"

#define S DHCP_SECOND
#define INF DHCP_INFINITY
#define NEVER DHCP_NEVER

static const struct {
	uint32_t lease, t1, t2;		/* as the server said them, 0: not at all */
	uint64_t want, want_t1, want_t2;
	bool is_default;
} times[] = {
	/* nothing said: 0.5 and 0.875 */
	{ 3600, 0, 0, 3600 * S, 1800 * S, 3150 * S, true },
	{ 1, 0, 0, S, S / 2, S / 8 * 7, true },
	{ 2, 0, 0, 2 * S, S, S / 4 * 7, true },
	{ 0x80000000u, 0, 0, 2147483648 * S, 1073741824 * S, 1879048192 * S, true },
	{ 0xfffffffeu, 0, 0, 4294967294 * S, 2147483647 * S, 3758096382250000, true },
	/* said, and it fits */
	{ 3600, 900, 2700, 3600 * S, 900 * S, 2700 * S, false },
	{ 3, 1, 2, 3 * S, S, 2 * S, false },
	{ 3600, 900, 0, 3600 * S, 900 * S, 3150 * S, false },
	{ 3600, 0, 3000, 3600 * S, 1800 * S, 3000 * S, false },
	/* said, and it does not */
	{ 3600, 2700, 900, 3600 * S, 1800 * S, 3150 * S, true },
	{ 3600, 900, 900, 3600 * S, 1800 * S, 3150 * S, true },
	{ 3600, 900, 3600, 3600 * S, 1800 * S, 3150 * S, true },
	{ 3600, 3600, 7200, 3600 * S, 1800 * S, 3150 * S, true },
	{ 3600, 3200, 0, 3600 * S, 1800 * S, 3150 * S, true },
	{ 3600, 0, 1700, 3600 * S, 1800 * S, 3150 * S, true },
	{ 3600, INF, INF, 3600 * S, 1800 * S, 3150 * S, true },
	/* for ever: nothing is ever due */
	{ INF, 0, 0, NEVER, NEVER, NEVER, true },
	{ INF, 900, 2700, NEVER, NEVER, NEVER, true },
};

static void rfc2131_4_4_5_lease_times_are_normalised(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(times); i++) {
		struct lease_times t;

		lease_times_normalise(times[i].lease, times[i].t1, times[i].t2, &t);
		if (t.lease != times[i].want || t.t1 != times[i].want_t1 ||
		    t.t2 != times[i].want_t2 || t.is_default != times[i].is_default)
			fail_msg("row %zu", i);
	}
}

/* The lease that a client takes from an ACK of @m's options. */
static struct dhcp_config bound_by(struct fixture *f, struct dhcp_message *m)
{
	assert_int_equal(receive(f, m), 1);
	assert_int_equal(f->c.state, DHCP_CLIENT_BOUND);
	assert_int_equal(f->out.action[f->out.n - 1].type, DHCP_ACTION_CONFIGURE);
	return f->out.action[f->out.n - 1].config;
}

static struct dhcp_message ack(struct fixture *f)
{
	begin(f);
	play(f, "so");
	return reply(f, DHCP_ACK, OURS);
}

static void rfc2131_4_4_1_an_ack_configures(void **state)
{
	struct dhcp_message m;
	struct dhcp_config cfg;
	struct fixture f;

	m = ack(&f);
	put(&m, DHCP_OPT_DNS, "\x0a\x00\x00\x03\x0a\x00\x00\x04", 8);
	put(&m, DHCP_OPT_MTU, "\x05\x78", 2);
	put(&m, DHCP_OPT_DOMAIN_NAME, "lab.example", 11);
	put(&m, DHCP_OPT_HOST_NAME, "guest\0", 6);
	cfg = bound_by(&f, &m);

	assert_int_equal(cfg.address, OURS);
	assert_int_equal(cfg.prefix_len, 24);
	assert_int_equal(cfg.broadcast, IP(10, 0, 0, 255));
	assert_int_equal(cfg.server_id, SERVER);
	assert_int_equal(cfg.lease_sec, HOUR);
	assert_int_equal(cfg.n_routers, 1);
	assert_int_equal(cfg.routers[0], SERVER);
	assert_int_equal(cfg.n_dns, 2);
	assert_int_equal(cfg.dns[1], IP(10, 0, 0, 4));
	assert_int_equal(cfg.mtu, 1400);
	assert_string_equal(cfg.domain, "lab.example");
	assert_string_equal(cfg.host_name, "guest");
	assert_memory_equal(&cfg, &f.c.lease, sizeof(cfg));
}

/* One of the two is enough, and is told of if it does not fit. */
static void rfc2131_4_4_5_t1_or_t2_alone(void **state)
{
	static const struct {
		uint8_t code;
		uint32_t sec;
		uint32_t want_t1, want_t2;
		bool noted;
	} cases[] = {
		{ DHCP_OPT_T1, 900, 900, 3150, false }, { DHCP_OPT_T2, 3000, 1800, 3000, false },
		{ DHCP_OPT_T1, 3200, 0, 0, true }, { DHCP_OPT_T2, 1700, 0, 0, true },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct dhcp_message m;
		struct fixture f;

		m = ack(&f);
		put32(&m, cases[i].code, cases[i].sec);
		(void)bound_by(&f, &m);
		assert_int_equal(f.out.n, 1 + cases[i].noted);
		if (cases[i].noted)
			continue;
		assert_true(f.c.t1 == BEGIN + cases[i].want_t1 * S);
		assert_true(f.c.t2 == BEGIN + cases[i].want_t2 * S);
	}
}

static void rfc791_without_a_mask_the_class_counts(void **state)
{
	struct dhcp_message m;
	struct fixture f;

	m = ack(&f);
	drop(&m, DHCP_OPT_SUBNET_MASK);
	assert_int_equal(bound_by(&f, &m).prefix_len, 8);
}

static const struct {
	uint32_t said, want;
} broadcasts[] = {
	{ IP(10, 0, 0, 255), IP(10, 0, 0, 255) },
	{ IP(255, 255, 255, 255), IP(255, 255, 255, 255) },
	{ IP(10, 0, 0, 0), IP(10, 0, 0, 0) },		/* as 4.2BSD had it */
	{ IP(10, 9, 9, 255), IP(10, 0, 0, 255) },	/* not on this subnet */
	{ OURS, IP(10, 0, 0, 255) },
};

static void rfc2132_5_3_broadcast_address(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(broadcasts); i++) {
		struct dhcp_message m;
		struct fixture f;

		m = ack(&f);
		put32(&m, DHCP_OPT_BROADCAST, broadcasts[i].said);
		assert_int_equal(bound_by(&f, &m).broadcast, broadcasts[i].want);
	}
}

/* RFC 3021: a subnet of two addresses has none; one of four has. */
static void rfc2132_5_3_the_smallest_subnet_with_a_broadcast_address(void **state)
{
	static const struct {
		uint32_t mask, want;
	} cases[] = {
		{ IP(255, 255, 255, 252), IP(10, 0, 0, 107) }, { IP(255, 255, 255, 254), 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct dhcp_message m;
		struct fixture f;

		m = ack(&f);
		change32(&m, DHCP_OPT_SUBNET_MASK, cases[i].mask);
		assert_int_equal(bound_by(&f, &m).broadcast, cases[i].want);
	}
}

static void rfc3442_classless_routes_stand_alone(void **state)
{
	static const uint8_t value[] = {
		0, 10, 0, 0, 1,				/* default by 10.0.0.1 */
		17, 10, 1, 255, 10, 0, 0, 2,		/* 10.1.128.0/17: the rest is cut off */
		32, 192, 0, 2, 1, 0, 0, 0, 0,		/* on link */
	};
	struct dhcp_config cfg;
	struct dhcp_message m;
	struct fixture f;

	m = ack(&f);
	put(&m, DHCP_OPT_CLASSLESS_ROUTES, value, sizeof(value));
	put(&m, DHCP_OPT_STATIC_ROUTES, "\xc0\x00\x02\x00\x0a\x00\x00\x09", 8);
	cfg = bound_by(&f, &m);

	assert_int_equal(cfg.n_routers, 0);
	assert_int_equal(cfg.n_routes, 3);
	assert_int_equal(cfg.routes[0].prefix_len, 0);
	assert_int_equal(cfg.routes[0].gateway, SERVER);
	assert_int_equal(cfg.routes[1].dest, IP(10, 1, 128, 0));
	assert_int_equal(cfg.routes[1].prefix_len, 17);
	assert_int_equal(cfg.routes[2].dest, IP(192, 0, 2, 1));
	assert_int_equal(cfg.routes[2].gateway, 0);
}

static const struct {
	const char *name;
	uint8_t len;
	uint8_t value[16];
} bad_routes[] = {
	{ "prefix 33", 9, { 33, 10, 0, 0, 0, 10, 0, 0, 1 } },
	{ "prefix 255", 5, { 255, 10, 0, 0, 1 } },
	{ "cut in the gateway", 7, { 24, 10, 0, 1, 10, 0, 0 } },
	{ "cut in the destination", 2, { 24, 10 } },
	{ "rubbish after a good one", 7, { 0, 10, 0, 0, 1, 24, 10 } },
	{ "a gateway that is no host", 5, { 0, 224, 0, 0, 1 } },
};

static void rfc3442_bad_routes_leave_the_router_option(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(bad_routes); i++) {
		struct dhcp_config cfg;
		struct dhcp_message m;
		struct fixture f;

		m = ack(&f);
		put(&m, DHCP_OPT_CLASSLESS_ROUTES, bad_routes[i].value, bad_routes[i].len);
		cfg = bound_by(&f, &m);
		if (cfg.n_routes || cfg.n_routers != 1)
			fail_msg("taken: %s", bad_routes[i].name);
	}
}

static void rfc2132_5_8_static_routes_go_by_class(void **state)
{
	struct dhcp_config cfg;
	struct dhcp_message m;
	struct fixture f;

	m = ack(&f);
	put(&m, DHCP_OPT_STATIC_ROUTES,
	    "\xc0\x00\x02\x05\x0a\x00\x00\x09"	/* 192.0.2.5, a class C address, by 10.0.0.9 */
	    "\x00\x00\x00\x00\x0a\x00\x00\x09", /* no default route here */
	    16);
	cfg = bound_by(&f, &m);
	assert_int_equal(cfg.n_routes, 1);
	assert_int_equal(cfg.routes[0].dest, IP(192, 0, 2, 0));
	assert_int_equal(cfg.routes[0].prefix_len, 24);
	assert_int_equal(cfg.routes[0].gateway, IP(10, 0, 0, 9));
	assert_int_equal(cfg.n_routers, 1);
}

static void lists_longer_than_ours_are_cut(void **state)
{
	uint8_t routes[5 * 40], servers[4 * 60], pairs[8 * (DHCP_ROUTES_MAX + 1)];
	struct dhcp_config cfg;
	struct dhcp_message m;
	struct fixture f;

	for (size_t i = 0; i < sizeof(routes); i += 5)
		memcpy(routes + i, "\x00\x0a\x00\x00\x01", 5);
	for (size_t i = 0; i < sizeof(servers); i += 4)
		memcpy(servers + i, "\x0a\x00\x00\x07", 4);

	m = ack(&f);
	put(&m, DHCP_OPT_CLASSLESS_ROUTES, routes, sizeof(routes));
	put(&m, DHCP_OPT_DNS, servers, sizeof(servers));
	cfg = bound_by(&f, &m);
	assert_int_equal(cfg.n_routes, DHCP_ROUTES_MAX);
	assert_int_equal(cfg.n_dns, DHCP_DNS_MAX);
	assert_int_equal(f.out.action[0].type, DHCP_ACTION_NOTE);
	assert_non_null(strstr(f.out.action[0].note.reason.why, "more routes"));

	m = ack(&f);
	put(&m, DHCP_OPT_CLASSLESS_ROUTES, routes, 5 * DHCP_ROUTES_MAX);
	assert_int_equal(bound_by(&f, &m).n_routes, DHCP_ROUTES_MAX);
	assert_int_not_equal(f.out.action[0].type, DHCP_ACTION_NOTE);

	for (size_t i = 0; i < sizeof(pairs); i += 8)
		memcpy(pairs + i, "\xc0\x00\x02\x00\x0a\x00\x00\x09", 8);
	m = ack(&f);
	put(&m, DHCP_OPT_STATIC_ROUTES, pairs, sizeof(pairs));
	assert_int_equal(bound_by(&f, &m).n_routes, DHCP_ROUTES_MAX);

	m = ack(&f);
	drop(&m, DHCP_OPT_ROUTER);
	put(&m, DHCP_OPT_ROUTER, servers, sizeof(servers));
	assert_int_equal(bound_by(&f, &m).n_routers, DHCP_ROUTERS_MAX);
}

static void addresses_that_no_host_has_are_left_out(void **state)
{
	struct dhcp_config cfg;
	struct dhcp_message m;
	struct fixture f;

	m = ack(&f);
	put(&m, DHCP_OPT_DNS, "\x00\x00\x00\x00\x0a\x00\x00\x03\xff\xff\xff\xff", 12);
	cfg = bound_by(&f, &m);
	assert_int_equal(cfg.n_dns, 1);
	assert_int_equal(cfg.dns[0], IP(10, 0, 0, 3));
}

static void rfc1122_3_3_3_an_mtu_under_576_is_none(void **state)
{
	struct dhcp_message m;
	struct fixture f;

	m = ack(&f);
	put(&m, DHCP_OPT_MTU, "\x02\x3f", 2);
	assert_int_equal(bound_by(&f, &m).mtu, 0);
	m = ack(&f);
	put(&m, DHCP_OPT_MTU, "\x02\x40", 2);
	assert_int_equal(bound_by(&f, &m).mtu, 576);
}

/* Names reach files and shells: what could do harm there is no name. */
static void names_with_shell_characters_are_none(void **state)
{
	static const char *const bad[] = {
		"a;reboot", "$(id)", "`id`", "a b", "a\nnameserver 1.2.3.4", "a/../b", "-rf", ".x",
		"a\"b", "a|b", "caf\xc3\xa9",
		"0123456789012345678901234567890123456789012345678901234567890123",
	};

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct dhcp_config cfg;
		struct dhcp_message m;
		struct fixture f;

		m = ack(&f);
		put(&m, DHCP_OPT_HOST_NAME, bad[i], strlen(bad[i]));
		cfg = bound_by(&f, &m);
		if (cfg.host_name[0])
			fail_msg("taken: %s", bad[i]);
	}
}

static void names_of_all_that_names_are_made_of_are_taken(void **state)
{
	struct dhcp_config cfg;
	struct dhcp_message m;
	struct fixture f;

	m = ack(&f);
	put(&m, DHCP_OPT_HOST_NAME, "az-AZ.09_", 9);
	put(&m, DHCP_OPT_DOMAIN_NAME, "0.a", 3);
	cfg = bound_by(&f, &m);
	assert_string_equal(cfg.host_name, "az-AZ.09_");
	assert_string_equal(cfg.domain, "0.a");
}

static void rfc3397_2_the_search_list_stands_before_the_domain(void **state)
{
	static const struct {
		const char *value;
		size_t len;
		const char *want;
	} cases[] = {
		{ "\3lab\7example\0\1x\300\4", 17, "lab.example x.example" },
		{ "\3lab\7example\0\3a;b\0\1y\0", 21, "lab.example y" },
		{ "\1a\300\0", 4, "d.example" },		/* a loop: option 15 it is */
		{ "\1a\300\2", 4, "d.example" },
		{ "\3lab", 4, "d.example" },
		{ "\3lab\0\3ex", 8, "d.example" },	/* section 3: the part of a name is none */
		{ "\0", 1, "d.example" },
		{ "", 0, "d.example" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct dhcp_config cfg;
		struct dhcp_message m;
		struct fixture f;

		m = ack(&f);
		put(&m, DHCP_OPT_DOMAIN_NAME, "d.example", 9);
		put(&m, DHCP_OPT_DOMAIN_SEARCH, cases[i].value, cases[i].len);
		cfg = bound_by(&f, &m);
		assert_string_equal(cfg.domain, cases[i].want);
	}
}

static void names_that_have_no_room_are_left_out(void **state)
{
	struct dhcp_config cfg;
	struct dhcp_message m;
	struct fixture f;
	char names[8 * 22];

	m = ack(&f);
	for (size_t i = 0; i < 8; i++) {
		memset(names + i * 22, 'a' + (int)i, 22);
		names[i * 22] = 20;
		names[i * 22 + 21] = 0;
	}
	put(&m, DHCP_OPT_DOMAIN_SEARCH, names, sizeof(names));
	cfg = bound_by(&f, &m);
	assert_int_equal(strlen(cfg.domain), 6 * 20 + 5);
}

static void rfc2131_4_1_an_inform_is_sent_four_times_at_most(void **state)
{
	struct fixture f;
	uint64_t t1, last;
	uint32_t xid;

	begin(&f);
	play(&f, "soa");
	t1 = f.c.deadline;
	play(&f, "i");
	xid = sent(&f, 0).xid;
	for (int i = 0; i < 3; i++) {
		last = f.now;
		play(&f, "d");
		assert_int_equal(f.c.state, DHCP_CLIENT_BOUND);
		assert_int_equal(sent(&f, 0).type, DHCP_INFORM);
		assert_int_equal(sent(&f, 0).xid, xid);
		assert_true(f.now - last >= ((4u << i) - 1) * DHCP_SECOND);
		assert_true(f.now - last <= ((4u << i) + 1) * DHCP_SECOND);
	}
	play(&f, "d");
	assert_int_equal(f.out.n, 1);
	assert_int_equal(f.out.action[0].type, DHCP_ACTION_NOTE);
	assert_true(f.c.deadline == t1);
	assert_int_equal(play(&f, "I"), 0);	/* too late */
}

static void an_answered_inform_is_not_sent_again(void **state)
{
	struct fixture f;
	uint64_t t1;

	begin(&f);
	play(&f, "soa");
	t1 = f.c.deadline;
	play(&f, "i");
	assert_true(f.c.deadline < t1);
	play(&f, "I");
	assert_true(f.c.deadline == t1);
}

static void rfc2131_3_4_an_inform_changes_parameters_and_not_the_lease(void **state)
{
	struct dhcp_client before;
	struct dhcp_message m;
	struct fixture f;

	begin(&f);
	play(&f, "soai");
	before = f.c;
	m = sent(&f, 0);
	assert_int_equal(m.ciaddr, OURS);
	assert_false(dhcp_message_has(&m, DHCP_OPT_REQUESTED_ADDRESS));
	assert_false(dhcp_message_has(&m, DHCP_OPT_LEASE_TIME));
	assert_false(dhcp_message_has(&m, DHCP_OPT_SERVER_ID));

	f.now += DHCP_SECOND;
	m = reply(&f, DHCP_ACK, 0);
	drop(&m, DHCP_OPT_SUBNET_MASK);		/* none is said: the known one stays */
	put32(&m, DHCP_OPT_DNS, IP(10, 0, 0, 3));
	put32(&m, DHCP_OPT_LEASE_TIME, 5);
	assert_int_equal(receive(&f, &m), 1);
	assert_int_equal(f.c.lease.n_dns, 1);
	assert_int_equal(f.c.lease.prefix_len, 24);
	assert_int_equal(f.c.lease.lease_sec, HOUR);
	assert_true(f.c.expires == before.expires && f.c.deadline == before.t1);

	assert_int_equal(receive(&f, &m), 0);	/* it was answered already */
}

/* What the answer does not have any more is gone, too. */
static void rfc2131_3_4_an_informs_answer_takes_the_place_of_the_old(void **state)
{
	struct dhcp_message m;
	struct fixture f;

	m = ack(&f);
	put(&m, DHCP_OPT_STATIC_ROUTES, "\xc0\x00\x02\x00\x0a\x00\x00\x09", 8);
	(void)bound_by(&f, &m);
	play(&f, "i");
	m = reply(&f, DHCP_ACK, 0);
	put(&m, DHCP_OPT_CLASSLESS_ROUTES, "\x00\x0a\x00\x00\x09", 5);
	assert_int_equal(receive(&f, &m), 1);
	assert_int_equal(f.c.lease.n_routers, 0);
	assert_int_equal(f.c.lease.n_routes, 1);

	play(&f, "i");
	m = reply(&f, DHCP_ACK, 0);
	assert_int_equal(receive(&f, &m), 1);
	assert_int_equal(f.c.lease.n_routers, 1);
	assert_int_equal(f.c.lease.n_routes, 0);
}

static void rfc2131_4_4_3_an_inform_asks_for_no_times(void **state)
{
	struct dhcp_client_options opt = usual_options();
	struct fixture f;
	const uint8_t *list;
	size_t n;

	opt.n_request = 5;
	memcpy(opt.request, "\3\72\63\73\6", 5);		/* 3 58 51 59 6 */
	begin_with(&f, &opt);
	play(&f, "soai");
	f.msg = sent(&f, 0);
	list = dhcp_message_get(&f.msg, DHCP_OPT_PARAMETER_LIST, &n);
	assert_int_equal(n, 2);
	assert_memory_equal(list, "\3\6", 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rfc2131_4_4_5_lease_times_are_normalised),
		cmocka_unit_test(rfc2131_4_4_1_an_ack_configures),
		cmocka_unit_test(rfc2131_4_4_5_t1_or_t2_alone),
		cmocka_unit_test(rfc791_without_a_mask_the_class_counts),
		cmocka_unit_test(rfc2132_5_3_broadcast_address),
		cmocka_unit_test(rfc2132_5_3_the_smallest_subnet_with_a_broadcast_address),
		cmocka_unit_test(rfc3442_classless_routes_stand_alone),
		cmocka_unit_test(rfc3442_bad_routes_leave_the_router_option),
		cmocka_unit_test(rfc2132_5_8_static_routes_go_by_class),
		cmocka_unit_test(lists_longer_than_ours_are_cut),
		cmocka_unit_test(addresses_that_no_host_has_are_left_out),
		cmocka_unit_test(rfc1122_3_3_3_an_mtu_under_576_is_none),
		cmocka_unit_test(names_with_shell_characters_are_none),
		cmocka_unit_test(names_of_all_that_names_are_made_of_are_taken),
		cmocka_unit_test(rfc3397_2_the_search_list_stands_before_the_domain),
		cmocka_unit_test(names_that_have_no_room_are_left_out),
		cmocka_unit_test(rfc2131_4_1_an_inform_is_sent_four_times_at_most),
		cmocka_unit_test(an_answered_inform_is_not_sent_again),
		cmocka_unit_test(rfc2131_3_4_an_inform_changes_parameters_and_not_the_lease),
		cmocka_unit_test(rfc2131_3_4_an_informs_answer_takes_the_place_of_the_old),
		cmocka_unit_test(rfc2131_4_4_3_an_inform_asks_for_no_times),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
