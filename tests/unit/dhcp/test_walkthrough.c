/* SPDX-License-Identifier: MIT */
/*
 * test_walkthrough.c - client and server wired to each other: no sockets, no
 * clock but a number, every datagram through the codec.
 */
#include <netlab/dhcp_client.h>

#include "server_fixture.h"

#define HOUR (3600 * DHCP_SECOND)

struct world {
	uint64_t now;
	struct dhcp_client c;
	struct lab lab;		/* the server */
	bool cut;		/* nothing passes the cable */
	char log[4096];		/* "DISCOVER OFFER ..." */
	uint64_t sum;		/* of all bytes that were sent */
};

static void world_begin(struct world *w)
{
	struct dhcp_server_options server = usual_options();
	struct dhcp_client_options client = {
		.mac = { 0x02, 0x4e, 0x4c, 0, 0, 2 }, .host_name = "host", .seed = 7,
	};

	memset(w, 0, sizeof(*w));
	w->now = 1000 * DHCP_SECOND;
	lab_start(&w->lab, &server);
	assert_int_equal(dhcp_client_init(&w->c, &client), 0);
}

static void world_end(struct world *w)
{
	lab_end(&w->lab);
}

static void note_down(struct world *w, const struct dhcp_send *send)
{
	size_t len = strlen(w->log);

	(void)snprintf(w->log + len, sizeof(w->log) - len, "%s%s", len ? " " : "",
		       dhcp_type_name(send->type));
	for (size_t i = 0; i < send->len; i++)
		w->sum = w->sum * 31 + send->data[i];
}

/* The datagram as the other side gets it. */
static struct dhcp_event arrive(struct world *w, const struct dhcp_send *send,
				struct dhcp_message *msg)
{
	struct dhcp_event ev = {
		.type = DHCP_EVENT_RX,
		.now = w->now,
		.rx = { .msg = msg, .src_ip = send->src_ip, .dst_ip = send->dst_ip,
			.src_port = send->src_port, .dst_port = send->dst_port },
	};

	note_down(w, send);
	assert_int_equal(dhcp_message_decode(send->data, send->len, msg, NULL, NULL), 0);
	return ev;
}

static void tell_client(struct world *w, const struct dhcp_event *ev);

static void tell_server(struct world *w, const struct dhcp_event *ev)
{
	struct dhcp_message msg;
	struct dhcp_actions out;

	assert_true(dhcp_server_step(w->lab.s, ev, &out) >= 0);
	for (unsigned int i = 0; i < out.n; i++) {
		struct dhcp_event reply;

		if (out.action[i].type != DHCP_ACTION_SEND)
			continue;
		reply = arrive(w, &out.action[i].send, &msg);
		tell_client(w, &reply);
	}
}

static void tell_client(struct world *w, const struct dhcp_event *ev)
{
	struct dhcp_message msg;
	struct dhcp_actions out;

	assert_true(dhcp_client_step(&w->c, ev, &out) >= 0);
	for (unsigned int i = 0; i < out.n; i++) {
		struct dhcp_event request;

		if (out.action[i].type != DHCP_ACTION_SEND)
			continue;
		request = arrive(w, &out.action[i].send, &msg);
		if (!w->cut)
			tell_server(w, &request);
	}
}

static void happen(struct world *w, enum dhcp_event_type type)
{
	struct dhcp_event ev = { .type = type, .now = w->now };

	tell_client(w, &ev);
}

static void command(struct world *w, enum dhcp_command command)
{
	struct dhcp_event ev = { .type = DHCP_EVENT_COMMAND, .now = w->now, .command = command };

	tell_client(w, &ev);
}

/* Time passes; who waits for it is told. */
static void run_for(struct world *w, uint64_t us)
{
	uint64_t end = w->now + us;

	for (;;) {
		uint64_t server = dhcp_server_deadline(w->lab.s);
		struct dhcp_event ev = { .type = DHCP_EVENT_DEADLINE };

		if (min_u64(server, w->c.deadline) > end)
			break;
		w->now = max_u64(w->now, min_u64(server, w->c.deadline));
		ev.now = w->now;
		if (server <= w->now)
			tell_server(w, &ev);
		if (w->c.deadline <= w->now)
			tell_client(w, &ev);
	}
	w->now = end;
}

static void come_up(struct world *w)
{
	happen(w, DHCP_EVENT_START);
	run_for(w, 20 * DHCP_SECOND);
	assert_int_equal(w->c.state, DHCP_CLIENT_BOUND);
}

static enum dhcp_binding_state binding_state(const struct world *w, uint32_t address)
{
	const struct dhcp_binding *b = lab_binding(&w->lab, address);

	return b ? b->state : DHCP_BINDING_NONE;
}

static void expect_held(const struct world *w)
{
	const struct dhcp_binding *b = lab_binding(&w->lab, w->c.lease.address);

	assert_non_null(b);
	assert_int_equal(b->state, DHCP_BINDING_ACTIVE);
	/* The client counts from its REQUEST: it never holds on longer than the server. */
	assert_true(w->c.expires <= b->expires);
}

static void test_four_messages_rfc2131_s3_1(void **state)
{
	struct world w;

	world_begin(&w);
	come_up(&w);
	assert_string_equal(w.log, "DISCOVER OFFER REQUEST ACK");
	assert_int_equal(w.c.lease.server_id, SERVER);
	assert_int_equal(w.c.lease.prefix_len, 24);
	assert_int_equal(w.c.lease.lease_sec, 3600);
	assert_int_equal(w.c.lease.t1_sec, 1800);
	assert_int_equal(w.c.lease.t2_sec, 3150);
	assert_string_equal(lab_binding(&w.lab, w.c.lease.address)->host_name, "host");
	expect_held(&w);
	world_end(&w);
}

static void test_a_week_of_renewals_rfc2131_s4_4_5(void **state)
{
	struct world w;
	uint32_t address;

	world_begin(&w);
	come_up(&w);
	address = w.c.lease.address;
	for (int hour = 0; hour < 7 * 24; hour++) {
		w.log[0] = '\0';
		run_for(&w, HOUR);
		assert_int_equal(w.c.lease.address, address);
		assert_int_equal(strncmp(w.log, "REQUEST ACK", 11), 0);
		expect_held(&w);
	}
	world_end(&w);
}

static void test_silent_server_then_rebinding_rfc2131_s4_4_5(void **state)
{
	struct world w;
	uint32_t address;

	world_begin(&w);
	come_up(&w);
	address = w.c.lease.address;
	w.cut = true;
	run_for(&w, 3200 * DHCP_SECOND);
	assert_int_equal(w.c.state, DHCP_CLIENT_REBINDING);
	w.cut = false;
	run_for(&w, 380 * DHCP_SECOND);
	assert_int_equal(w.c.state, DHCP_CLIENT_BOUND);
	assert_int_equal(w.c.lease.address, address);
	expect_held(&w);
	world_end(&w);
}

static void test_lost_for_good_then_back_rfc2131_s4_4_5(void **state)
{
	struct world w;
	uint32_t address;

	world_begin(&w);
	come_up(&w);
	address = w.c.lease.address;
	w.cut = true;
	run_for(&w, 2 * HOUR);
	assert_int_equal(binding_state(&w, address), DHCP_BINDING_EXPIRED);
	assert_int_not_equal(w.c.state, DHCP_CLIENT_BOUND);
	w.cut = false;
	run_for(&w, HOUR / 4);
	assert_int_equal(w.c.state, DHCP_CLIENT_BOUND);
	assert_int_equal(w.c.lease.address, address);	/* remembered, and still free */
	world_end(&w);
}

static void test_release_and_the_same_address_again_rfc2131_s3_1(void **state)
{
	struct world w;
	uint32_t address;

	world_begin(&w);
	come_up(&w);
	address = w.c.lease.address;
	command(&w, DHCP_COMMAND_RELEASE);
	assert_int_equal(binding_state(&w, address), DHCP_BINDING_RELEASED);
	happen(&w, DHCP_EVENT_STOP);
	come_up(&w);
	assert_int_equal(w.c.lease.address, address);
	expect_held(&w);
	world_end(&w);
}

static void test_restart_asks_for_the_old_address_rfc2131_s3_2(void **state)
{
	struct world w;
	uint32_t address;

	world_begin(&w);
	come_up(&w);
	address = w.c.lease.address;
	w.log[0] = '\0';
	command(&w, DHCP_COMMAND_RESTART);
	run_for(&w, DHCP_SECOND);
	assert_string_equal(w.log, "REQUEST ACK");
	assert_int_equal(w.c.lease.address, address);
	world_end(&w);
}

static void test_moved_to_another_network_rfc2131_s4_3_2(void **state)
{
	struct dhcp_server_options elsewhere = usual_options();
	struct world w;

	world_begin(&w);
	come_up(&w);
	lab_end(&w.lab);
	elsewhere.address = 0xc0a80101;
	elsewhere.first = 0xc0a80164;
	elsewhere.last = 0xc0a801c8;
	elsewhere.authoritative = true;
	lab_start(&w.lab, &elsewhere);
	w.log[0] = '\0';
	command(&w, DHCP_COMMAND_RESTART);
	run_for(&w, 60 * DHCP_SECOND);
	assert_string_equal(w.log, "REQUEST NAK DISCOVER OFFER REQUEST ACK");
	assert_int_equal(w.c.lease.server_id, 0xc0a80101);
	world_end(&w);
}

static void test_declined_address_is_not_offered_again_rfc2131_s4_3_3(void **state)
{
	struct world w;
	uint32_t address;

	world_begin(&w);
	come_up(&w);
	address = w.c.lease.address;
	command(&w, DHCP_COMMAND_DECLINE);
	assert_int_equal(binding_state(&w, address), DHCP_BINDING_DECLINED);
	run_for(&w, 60 * DHCP_SECOND);
	assert_int_equal(w.c.state, DHCP_CLIENT_BOUND);
	assert_int_not_equal(w.c.lease.address, address);
	expect_held(&w);
	world_end(&w);
}

/* An OFFER of 0.0.0.0 from the one, and what the other makes of it. */
static void test_ipv6_only_on_both_sides_rfc8925_s3(void **state)
{
	struct dhcp_server_options server = usual_options();
	struct world w;

	world_begin(&w);
	lab_end(&w.lab);
	add_value(&server, DHCP_OPT_IPV6_ONLY, false, "\0\0\7\10", 4);
	lab_start(&w.lab, &server);
	w.c.opt.request[w.c.opt.n_request++] = DHCP_OPT_IPV6_ONLY;
	happen(&w, DHCP_EVENT_START);
	run_for(&w, 1799 * DHCP_SECOND);
	assert_string_equal(w.log, "DISCOVER OFFER");
	assert_true(w.c.ipv6_only);
	run_for(&w, 2 * DHCP_SECOND);
	assert_string_equal(w.log, "DISCOVER OFFER DISCOVER OFFER");
	world_end(&w);
}

static void test_same_seeds_same_bytes(void **state)
{
	struct world w[2];

	for (int i = 0; i < 2; i++) {
		world_begin(&w[i]);
		come_up(&w[i]);
		run_for(&w[i], 24 * HOUR);
		world_end(&w[i]);
	}
	assert_string_equal(w[0].log, w[1].log);
	assert_true(w[0].sum == w[1].sum);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_four_messages_rfc2131_s3_1),
		cmocka_unit_test(test_a_week_of_renewals_rfc2131_s4_4_5),
		cmocka_unit_test(test_silent_server_then_rebinding_rfc2131_s4_4_5),
		cmocka_unit_test(test_lost_for_good_then_back_rfc2131_s4_4_5),
		cmocka_unit_test(test_release_and_the_same_address_again_rfc2131_s3_1),
		cmocka_unit_test(test_restart_asks_for_the_old_address_rfc2131_s3_2),
		cmocka_unit_test(test_moved_to_another_network_rfc2131_s4_3_2),
		cmocka_unit_test(test_declined_address_is_not_offered_again_rfc2131_s4_3_3),
		cmocka_unit_test(test_ipv6_only_on_both_sides_rfc8925_s3),
		cmocka_unit_test(test_same_seeds_same_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
