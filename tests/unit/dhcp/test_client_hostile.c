/* SPDX-License-Identifier: MIT */
/*
 * A server that lies, lie by lie. What it can not be believed is refused with a
 * reason, and a good server is heard after it; what it can be, does no harm.
 */
#include "client_fixture.h"

#include "base/addr.h"

/* The lie changes nothing, as OFFER and as ACK; then a good answer is taken. */
static void assert_disbelieved(void (*lie)(struct fixture *f, struct dhcp_message *m))
{
	static const uint8_t types[] = { DHCP_OFFER, DHCP_ACK };
	struct fixture f;

	begin(&f);
	play(&f, "s");
	for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
		struct dhcp_client before = f.c;
		struct dhcp_message m = reply(&f, types[i], OURS);

		f.msg = m;
		f.ev = (struct dhcp_event){ .type = DHCP_EVENT_RX };
		f.ev.rx = (struct dhcp_rx){
			.msg = &f.msg, .src_ip = SERVER, .dst_ip = OURS,
			.src_port = DHCP_SERVER_PORT, .dst_port = DHCP_CLIENT_PORT,
		};
		lie(&f, &f.msg);
		assert_int_equal(step(&f), 0);
		assert_true(f.out.reason.why[0] && f.out.reason.rfc[0]);
		assert_memory_equal(&f.c, &before, sizeof(before));
		assert_int_equal(answer(&f, types[i], OURS), 1);
	}
	assert_int_equal(f.c.state, DHCP_CLIENT_BOUND);
}

static void lie_wrong_xid(struct fixture *f, struct dhcp_message *m)
{
	m->xid ^= 1;
}

static void hostile_wrong_xid(void **state)
{
	assert_disbelieved(lie_wrong_xid);
}

static void lie_wrong_chaddr(struct fixture *f, struct dhcp_message *m)
{
	m->chaddr[0] ^= 2;
}

static void hostile_wrong_chaddr(void **state)
{
	assert_disbelieved(lie_wrong_chaddr);
}

static void lie_wrong_server_port(struct fixture *f, struct dhcp_message *m)
{
	f->ev.rx.src_port = 68;
}

static void hostile_wrong_server_port(void **state)
{
	assert_disbelieved(lie_wrong_server_port);
}

static void lie_wrong_client_port(struct fixture *f, struct dhcp_message *m)
{
	f->ev.rx.dst_port = 67;
}

static void hostile_wrong_client_port(void **state)
{
	assert_disbelieved(lie_wrong_client_port);
}

static void lie_a_request_in_place_of_a_reply(struct fixture *f, struct dhcp_message *m)
{
	m->op = DHCP_OP_REQUEST;
}

static void hostile_a_request_in_place_of_a_reply(void **state)
{
	assert_disbelieved(lie_a_request_in_place_of_a_reply);
}

static void lie_no_server_identifier(struct fixture *f, struct dhcp_message *m)
{
	drop(m, DHCP_OPT_SERVER_ID);
}

static void hostile_no_server_identifier(void **state)
{
	assert_disbelieved(lie_no_server_identifier);
}

static void lie_a_server_identifier_that_no_host_has(struct fixture *f, struct dhcp_message *m)
{
	change32(m, DHCP_OPT_SERVER_ID, IP(255, 255, 255, 255));
}

static void hostile_a_server_identifier_that_no_host_has(void **state)
{
	assert_disbelieved(lie_a_server_identifier_that_no_host_has);
}

static void lie_a_lease_time_of_0(struct fixture *f, struct dhcp_message *m)
{
	change32(m, DHCP_OPT_LEASE_TIME, 0);
}

static void hostile_a_lease_time_of_0(void **state)
{
	assert_disbelieved(lie_a_lease_time_of_0);
}

static void lie_no_lease_time(struct fixture *f, struct dhcp_message *m)
{
	drop(m, DHCP_OPT_LEASE_TIME);
}

static void hostile_no_lease_time(void **state)
{
	assert_disbelieved(lie_no_lease_time);
}

static void lie_a_netmask_with_holes(struct fixture *f, struct dhcp_message *m)
{
	change32(m, DHCP_OPT_SUBNET_MASK, IP(255, 0, 255, 0));
}

static void hostile_a_netmask_with_holes(void **state)
{
	assert_disbelieved(lie_a_netmask_with_holes);
}

static void lie_address_0_0_0_0(struct fixture *f, struct dhcp_message *m)
{
	m->yiaddr = 0;
}

static void hostile_address_0_0_0_0(void **state)
{
	assert_disbelieved(lie_address_0_0_0_0);
}

static void lie_the_broadcast_address(struct fixture *f, struct dhcp_message *m)
{
	m->yiaddr = IP(255, 255, 255, 255);
}

static void hostile_the_broadcast_address(void **state)
{
	assert_disbelieved(lie_the_broadcast_address);
}

static void lie_a_multicast_address(struct fixture *f, struct dhcp_message *m)
{
	m->yiaddr = IP(239, 1, 2, 3);
}

static void hostile_a_multicast_address(void **state)
{
	assert_disbelieved(lie_a_multicast_address);
}

static void lie_a_loopback_address(struct fixture *f, struct dhcp_message *m)
{
	m->yiaddr = IP(127, 0, 0, 1);
}

static void hostile_a_loopback_address(void **state)
{
	assert_disbelieved(lie_a_loopback_address);
}

static void lie_the_servers_own_address(struct fixture *f, struct dhcp_message *m)
{
	m->yiaddr = SERVER;
}

static void hostile_the_servers_own_address(void **state)
{
	assert_disbelieved(lie_the_servers_own_address);
}

static void lie_the_subnets_broadcast_address(struct fixture *f, struct dhcp_message *m)
{
	m->yiaddr = IP(10, 0, 0, 255);
}

/* The smallest subnet that has one. */
static void lie_the_broadcast_address_of_a_30(struct fixture *f, struct dhcp_message *m)
{
	m->yiaddr = IP(10, 0, 0, 107);
	change32(m, DHCP_OPT_SUBNET_MASK, IP(255, 255, 255, 252));
}

static void hostile_the_subnets_broadcast_address(void **state)
{
	assert_disbelieved(lie_the_subnets_broadcast_address);
	assert_disbelieved(lie_the_broadcast_address_of_a_30);
}

static void lie_another_clients_identifier(struct fixture *f, struct dhcp_message *m)
{
	put(m, DHCP_OPT_CLIENT_ID, "\0x", 2);
}

static void hostile_another_clients_identifier(void **state)
{
	assert_disbelieved(lie_another_clients_identifier);
}

static void hostile_an_ack_that_nobody_asked_for(void **state)
{
	struct fixture f;

	begin(&f);
	assert_int_equal(answer(&f, DHCP_ACK, OURS), 0);	/* in INIT */
	play(&f, "s");
	assert_int_equal(answer(&f, DHCP_ACK, OURS), 0);	/* instead of an OFFER */
	play(&f, "oa");
	assert_int_equal(answer(&f, DHCP_ACK, OURS + 1), 0);	/* in BOUND */
	assert_int_equal(f.c.lease.address, OURS);
}

static void hostile_an_ack_for_another_address(void **state)
{
	struct fixture f;

	begin(&f);
	play(&f, "so");
	assert_int_equal(answer(&f, DHCP_ACK, OURS + 1), 0);
	play(&f, "ad");
	assert_int_equal(f.c.state, DHCP_CLIENT_RENEWING);
	assert_int_equal(answer(&f, DHCP_ACK, OURS + 1), 0);
	assert_int_equal(f.c.lease.address, OURS);
}

static void hostile_an_ack_from_another_server(void **state)
{
	struct dhcp_message m;
	struct fixture f;

	begin(&f);
	play(&f, "so");
	m = reply(&f, DHCP_ACK, OURS);
	change32(&m, DHCP_OPT_SERVER_ID, OTHER_SERVER);
	assert_int_equal(receive(&f, &m), 0);
	assert_int_equal(f.c.state, DHCP_CLIENT_REQUESTING);
}

/* The ACK's word counts, not the OFFER's; a renewal's again. */
static void hostile_parameters_that_change(void **state)
{
	struct dhcp_message m;
	struct fixture f;

	begin(&f);
	play(&f, "so");
	m = reply(&f, DHCP_ACK, OURS);
	change32(&m, DHCP_OPT_LEASE_TIME, 120);
	change32(&m, DHCP_OPT_ROUTER, IP(10, 0, 0, 9));
	assert_int_equal(receive(&f, &m), 1);
	assert_int_equal(f.c.lease.lease_sec, 120);
	assert_int_equal(f.c.lease.routers[0], IP(10, 0, 0, 9));
	play(&f, "d");
	m = reply(&f, DHCP_ACK, OURS);
	drop(&m, DHCP_OPT_ROUTER);
	assert_int_equal(receive(&f, &m), 1);
	assert_int_equal(f.c.lease.n_routers, 0);
	assert_int_equal(f.c.lease.lease_sec, HOUR);
}

static void hostile_absurd_lease_times(void **state)
{
	static const uint32_t absurd[] = { 1, 2, 0x7fffffff, 0x80000000, 0xfffffffe };

	for (size_t i = 0; i < ARRAY_SIZE(absurd); i++) {
		struct dhcp_message m;
		struct fixture f;

		begin(&f);
		play(&f, "so");
		m = reply(&f, DHCP_ACK, OURS);
		change32(&m, DHCP_OPT_LEASE_TIME, absurd[i]);
		assert_int_equal(receive(&f, &m), 1);
		assert_true(f.c.expires == f.c.request_sent + absurd[i] * DHCP_SECOND);
		assert_true(f.now < f.c.t1 && f.c.t1 < f.c.t2 && f.c.t2 < f.c.expires);
		assert_true(f.c.deadline == f.c.t1);
	}
}

static void hostile_t1_after_t2_after_the_lease(void **state)
{
	static const uint32_t times[][2] = {
		{ HOUR, 2 }, { 2, HOUR }, { 3 * HOUR, 2 * HOUR }, { 0, 0 },
		{ 0xffffffff, 0xffffffff }, { 1800, 1800 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(times); i++) {
		struct dhcp_message m;
		struct fixture f;

		begin(&f);
		play(&f, "so");
		m = reply(&f, DHCP_ACK, OURS);
		put32(&m, DHCP_OPT_T1, times[i][0]);
		put32(&m, DHCP_OPT_T2, times[i][1]);
		assert_int_equal(receive(&f, &m), 1);
		assert_true(f.c.t1 < f.c.t2 && f.c.t2 < f.c.expires);
		assert_int_equal(f.out.action[0].type, DHCP_ACTION_NOTE);
	}
}

/* A NAK for each REQUEST: the pauses grow to a minute, so an hour has no flood. */
static void hostile_a_storm_of_naks(void **state)
{
	unsigned int n = 0;
	struct fixture f;

	begin(&f);
	play(&f, "s");
	while (f.now < BEGIN + HOUR * DHCP_SECOND) {
		play(&f, "on");
		assert_int_equal(f.c.state, DHCP_CLIENT_INIT);
		play(&f, "d");
		n++;
	}
	assert_in_range(n, 30, 130);
}

static void hostile_offers_after_bound(void **state)
{
	struct dhcp_client before;
	struct fixture f;

	begin(&f);
	play(&f, "soa");
	before = f.c;
	for (int i = 0; i < 100; i++) {
		assert_int_equal(answer(&f, DHCP_OFFER, OURS + i), 0);
		assert_string_equal(f.out.reason.why, "nobody asked for an offer");
	}
	assert_memory_equal(&f.c, &before, sizeof(before));
}

static void hostile_strings_for_a_shell(void **state)
{
	static const char *const strings[] = {
		"$(reboot)", "`id`", "a;b", "a b", "a\nb", "a|b", "../../etc", "-rf", "\x1b[2J", "a&b",
	};

	for (size_t i = 0; i < ARRAY_SIZE(strings); i++) {
		struct dhcp_message m;
		struct fixture f;

		begin(&f);
		play(&f, "so");
		m = reply(&f, DHCP_ACK, OURS);
		put(&m, DHCP_OPT_HOST_NAME, strings[i], strlen(strings[i]));
		put(&m, DHCP_OPT_DOMAIN_NAME, strings[i], strlen(strings[i]));
		assert_int_equal(receive(&f, &m), 1);
		assert_string_equal(f.c.lease.host_name, "");
		assert_string_equal(f.c.lease.domain, "");
	}
}

static void hostile_domain_names_in_a_circle(void **state)
{
	static const struct {
		const char *value;
		size_t len;
	} circles[] = {
		{ "\xc0\x00", 2 }, { "\1a\xc0\x00", 4 }, { "\1a\xc0\x02", 4 }, { "\xc0\x02\xc0\x00", 4 },
		{ "\xff\xff", 2 }, { "\xc0", 1 }, { "\77a", 2 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(circles); i++) {
		struct fixture f;

		begin(&f);
		play(&f, "so");
		assert_int_equal(answer_with(&f, DHCP_ACK, DHCP_OPT_DOMAIN_SEARCH, circles[i].value,
					     circles[i].len), 1);
		assert_string_equal(f.c.lease.domain, "");
	}
}

/* Lengths that lie, as bytes: the codec lets no such message through to the client. */
static void hostile_truncated_options(void **state)
{
	struct dhcp_message m = { .op = DHCP_OP_REPLY, .htype = 1, .hlen = 6, .type = DHCP_ACK };
	uint8_t bytes[DHCP_MESSAGE_MAX];
	struct dhcp_builder b;
	size_t options = DHCP_HEADER_LEN + 4;
	int len;

	assert_int_equal(dhcp_build_begin(&b, bytes, sizeof(bytes), &m), 0);
	assert_int_equal(dhcp_build_put_u32(&b, DHCP_OPT_SERVER_ID, SERVER), 0);
	len = dhcp_build_end(&b);
	assert_true(len > 0);
	assert_int_equal(dhcp_message_decode(bytes, (size_t)len, &m, NULL, NULL), 0);
	bytes[options + 3 + 1] = 255;	/* of option 54, behind 53 */
	assert_true(dhcp_message_decode(bytes, (size_t)len, &m, NULL, NULL) < 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hostile_wrong_xid),
		cmocka_unit_test(hostile_wrong_chaddr),
		cmocka_unit_test(hostile_wrong_server_port),
		cmocka_unit_test(hostile_wrong_client_port),
		cmocka_unit_test(hostile_a_request_in_place_of_a_reply),
		cmocka_unit_test(hostile_no_server_identifier),
		cmocka_unit_test(hostile_a_server_identifier_that_no_host_has),
		cmocka_unit_test(hostile_a_lease_time_of_0),
		cmocka_unit_test(hostile_no_lease_time),
		cmocka_unit_test(hostile_a_netmask_with_holes),
		cmocka_unit_test(hostile_address_0_0_0_0),
		cmocka_unit_test(hostile_the_broadcast_address),
		cmocka_unit_test(hostile_a_multicast_address),
		cmocka_unit_test(hostile_a_loopback_address),
		cmocka_unit_test(hostile_the_servers_own_address),
		cmocka_unit_test(hostile_the_subnets_broadcast_address),
		cmocka_unit_test(hostile_another_clients_identifier),
		cmocka_unit_test(hostile_an_ack_that_nobody_asked_for),
		cmocka_unit_test(hostile_an_ack_for_another_address),
		cmocka_unit_test(hostile_an_ack_from_another_server),
		cmocka_unit_test(hostile_parameters_that_change),
		cmocka_unit_test(hostile_absurd_lease_times),
		cmocka_unit_test(hostile_t1_after_t2_after_the_lease),
		cmocka_unit_test(hostile_a_storm_of_naks),
		cmocka_unit_test(hostile_offers_after_bound),
		cmocka_unit_test(hostile_strings_for_a_shell),
		cmocka_unit_test(hostile_domain_names_in_a_circle),
		cmocka_unit_test(hostile_truncated_options),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
