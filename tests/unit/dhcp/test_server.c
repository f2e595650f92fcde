/* SPDX-License-Identifier: MIT */
/* test_server.c - the server's table, walked pair by pair and row by row. */
#include "server_walk.h"

static void mark_row(struct walk *w, enum dhcp_server_trigger t)
{
	const struct dhcp_actions *out = &w->lab.out;
	const char *from = dhcp_binding_state_name((enum dhcp_binding_state)out->from);
	const char *to = dhcp_binding_state_name((enum dhcp_binding_state)out->to);
	struct dhcp_row row;

	for (size_t i = 0; dhcp_server_row(i, &row); i++) {
		bool is_from = !strcmp(row.from, "any") || !strcmp(row.from, from);
		bool is_to = !strcmp(row.to, "any") || !strcmp(row.to, to);

		if (is_from && is_to && !strcmp(row.on, dhcp_server_trigger_name(t)) &&
		    row.reason.why == out->reason.why)
			w->reached[i] = true;
	}
}

/* Is it about an address, and not about the client that writes? */
static bool is_of_address(enum dhcp_server_trigger t)
{
	return t == DHCP_SERVER_ON_CONFLICT || t == DHCP_SERVER_ON_LEASEQUERY ||
	       t == DHCP_SERVER_ON_FORCERENEW;
}

static void walk_pair(struct walk *w, enum dhcp_server_trigger t, bool authoritative,
		      enum shortage shortage)
{
	cleanup_free void *before = NULL;
	enum dhcp_binding_state state;
	size_t size;
	int r;

	walk_begin(w, authoritative, shortage);
	lab_fit(&w->lab);
	size = dhcp_server_bytes(w->lab.s);
	before = malloc(size);
	memcpy(before, w->lab.mem, size);
	state = state_of_client(&w->lab, CLIENT);
	r = walk_step(w, t);
	if (!is_of_address(t)) {
		assert_int_equal(w->lab.out.from, state);
		assert_int_equal(w->lab.out.to, state_of_client(&w->lab, CLIENT));
	}
	assert_true(w->lab.out.reason.why[0]);
	assert_true(w->lab.out.reason.rfc[0]);
	if (r == 0)
		assert_memory_equal(before, w->lab.mem, size);
	mark_row(w, t);
	lab_end(&w->lab);
}

static void walk_all(struct walk *w, enum dhcp_server_trigger t)
{
	for (w->start = NEW; w->start < (w->probes ? STARTS : PROBED); w->start++)
		for (w->asked = ITS_OWN; w->asked < ASKED; w->asked++)
			for (w->kept = NOT_KEPT; w->kept < KEPTS; w->kept++)
				for (enum shortage s = PLENTY; s < SHORTAGES; s++) {
					walk_pair(w, t, false, s);
					walk_pair(w, t, true, s);
				}
}

/* By a server that probes, and by one that does not. */
static void walk_both(struct walk *w, enum dhcp_server_trigger t)
{
	w->probes = true;
	walk_all(w, t);
	w->probes = false;
	walk_all(w, t);
}

static void walk_discovers(struct walk *w)
{
	for (w->wants = AN_ADDRESS; w->wants < WANTS; w->wants++) {
		walk_both(w, DHCP_SERVER_ON_DISCOVER);
		w->probes = false;	/* a server that does knows no rapid commit */
		walk_all(w, DHCP_SERVER_ON_RAPID);
	}
	w->wants = AN_ADDRESS;
}

static void walk_deadlines(struct walk *w)
{
	struct dhcp_server_options opt = usual_options();
	static const enum start starts[] = { OFFERED, OFFERED_AGAIN, ACTIVE, DECLINED, PROBED };

	for (size_t i = 0; i < ARRAY_SIZE(starts); i++) {
		opt.probe_ms = starts[i] == PROBED ? 1000 : 0;
		lab_start(&w->lab, &opt);
		w->own = bring_to(&w->lab, starts[i]);
		if (starts[i] == PROBED)
			w->own = begin_probe(&w->lab);
		w->lab.now = dhcp_server_deadline(w->lab.s);
		assert_int_equal(lab_deadline(&w->lab, 0), 1);
		assert_int_equal(w->lab.out.from, start_state[starts[i]]);
		assert_int_equal(w->lab.out.to, state_of_client(&w->lab, CLIENT));
		mark_row(w, DHCP_SERVER_ON_DEADLINE);
		lab_end(&w->lab);
	}
}

static void test_every_row_is_reached(void **state)
{
	struct walk w = { .own = 0 };
	struct dhcp_row row;
	size_t missed = 0;

	for (enum dhcp_server_trigger t = 0; t < DHCP_SERVER_TRIGGERS; t++)
		if (t > DHCP_SERVER_ON_RAPID && t != DHCP_SERVER_ON_DEADLINE)
			walk_both(&w, t);
	walk_discovers(&w);
	walk_deadlines(&w);
	for (size_t i = 0; dhcp_server_row(i, &row); i++) {
		assert_true(i < ROWS_MAX);
		if (!w.reached[i])
			print_message("# no case reaches: %s, %s, if %s\n", row.from, row.on,
				      row.guard);
		missed += !w.reached[i];
	}
	assert_int_equal(missed, 0);
}

static void test_every_pair_is_a_row_or_ignored_with_a_reason(void **state)
{
	for (enum dhcp_binding_state s = 0; s < DHCP_BINDING_STATES; s++)
		for (enum dhcp_server_trigger t = 0; t < DHCP_SERVER_TRIGGERS; t++) {
			struct dhcp_reason why = { NULL, NULL };
			bool ignored = dhcp_server_ignores(s, t, &why);

			assert_true(ignored != dhcp_server_has_row(s, t));
			assert_true(!ignored || (why.why[0] && why.rfc[0]));
		}
}

static void test_every_row_says_what_and_why(void **state)
{
	struct dhcp_row row;
	size_t n = 0;

	for (; dhcp_server_row(n, &row); n++) {
		assert_true(row.from[0] && row.on[0] && row.to[0] && row.act[0]);
		assert_non_null(row.guard);
		assert_true(row.reason.why[0]);
		assert_int_equal(strncmp(row.reason.rfc, "RFC ", 4), 0);
	}
	assert_true(n > DHCP_SERVER_TRIGGERS);
	assert_string_equal(dhcp_binding_state_name(DHCP_BINDING_STATES), "?");
	assert_string_equal(dhcp_server_trigger_name(DHCP_SERVER_TRIGGERS), "?");
}

/* ---- the four REQUESTs of section 4.3.2: right, wrong, unknown ---- */

struct request_case {
	enum start start;
	enum dhcp_server_trigger kind;
	enum asked asked;
	bool authoritative;
	int reply;	/* 0: silence */
};

static const struct request_case requests[] = {
	{ OFFERED, DHCP_SERVER_ON_SELECTING, ITS_OWN, false, DHCP_ACK },
	{ OFFERED, DHCP_SERVER_ON_SELECTING, SOME_FREE, false, DHCP_NAK },
	{ OFFERED, DHCP_SERVER_ON_SELECTING, ANOTHER_NETWORKS, false, DHCP_NAK },
	{ ACTIVE, DHCP_SERVER_ON_SELECTING, ITS_OWN, false, DHCP_ACK },
	{ NEW, DHCP_SERVER_ON_SELECTING, SOME_FREE, false, DHCP_ACK },
	{ NEW, DHCP_SERVER_ON_SELECTING, A_NEIGHBOURS, false, DHCP_NAK },
	{ ACTIVE, DHCP_SERVER_ON_INIT_REBOOT, ITS_OWN, false, DHCP_ACK },
	{ EXPIRED, DHCP_SERVER_ON_INIT_REBOOT, ITS_OWN, false, DHCP_ACK },
	{ ACTIVE, DHCP_SERVER_ON_INIT_REBOOT, SOME_FREE, false, DHCP_NAK },
	{ ACTIVE, DHCP_SERVER_ON_INIT_REBOOT, ANOTHER_NETWORKS, false, DHCP_NAK },
	{ NEW, DHCP_SERVER_ON_INIT_REBOOT, SOME_FREE, false, 0 },
	{ NEW, DHCP_SERVER_ON_INIT_REBOOT, SOME_FREE, true, 0 },
	{ NEW, DHCP_SERVER_ON_INIT_REBOOT, ANOTHER_NETWORKS, false, 0 },
	{ NEW, DHCP_SERVER_ON_INIT_REBOOT, ANOTHER_NETWORKS, true, DHCP_NAK },
	/* "if it has no record of this client, then it MUST remain silent" */
	{ NEW, DHCP_SERVER_ON_INIT_REBOOT, A_NEIGHBOURS, true, 0 },
	{ OFFERED, DHCP_SERVER_ON_INIT_REBOOT, A_NEIGHBOURS, true, 0 },
	{ DECLINED, DHCP_SERVER_ON_INIT_REBOOT, A_NEIGHBOURS, true, 0 },
	{ NEW, DHCP_SERVER_ON_REBINDING, A_NEIGHBOURS, true, 0 },
	{ EXPIRED, DHCP_SERVER_ON_INIT_REBOOT, A_NEIGHBOURS, false, DHCP_NAK },
	{ ACTIVE, DHCP_SERVER_ON_RENEWING, ITS_OWN, false, DHCP_ACK },
	{ ACTIVE, DHCP_SERVER_ON_RENEWING, SOME_FREE, false, DHCP_NAK },
	{ NEW, DHCP_SERVER_ON_RENEWING, SOME_FREE, false, 0 },
	{ NEW, DHCP_SERVER_ON_RENEWING, SOME_FREE, true, DHCP_NAK },
	{ ACTIVE, DHCP_SERVER_ON_REBINDING, ITS_OWN, false, DHCP_ACK },
	{ ACTIVE, DHCP_SERVER_ON_REBINDING, A_NEIGHBOURS, false, DHCP_NAK },
	{ NEW, DHCP_SERVER_ON_REBINDING, SOME_FREE, false, 0 },
	{ NEW, DHCP_SERVER_ON_REBINDING, SOME_FREE, true, 0 },
	{ NEW, DHCP_SERVER_ON_REBINDING, ANOTHER_NETWORKS, true, DHCP_NAK },
};

static void test_four_requests_rfc2131_s4_3_2(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(requests); i++) {
		const struct request_case *c = &requests[i];
		struct walk w = { .start = c->start, .asked = c->asked };
		int r;

		walk_begin(&w, c->authoritative, PLENTY);
		r = walk_step(&w, c->kind);
		assert_int_equal(r, c->reply != 0);
		if (w.lab.reply.type != c->reply)
			print_message("# case %zu: %s\n", i, w.lab.out.reason.why);
		assert_int_equal(w.lab.reply.type, c->reply);
		if (c->reply == DHCP_ACK)
			assert_int_equal(w.lab.reply.yiaddr, w.address);
		lab_end(&w.lab);
	}
}

static void test_request_of_no_kind_is_dropped_rfc2131_table4(void **state)
{
	static const struct ask asks[] = {
		{ .type = DHCP_REQUEST, .client = CLIENT },
		{ .type = DHCP_REQUEST, .client = CLIENT, .server_id = SERVER },
		{ .type = DHCP_REQUEST, .client = CLIENT, .ciaddr = NET + 5, .requested = NET + 5 },
		{ .type = DHCP_REQUEST, .client = CLIENT, .ciaddr = NET + 5, .server_id = SERVER },
	};
	struct dhcp_server_options opt = usual_options();
	struct lab lab;

	lab_start(&lab, &opt);
	for (size_t i = 0; i < ARRAY_SIZE(asks); i++) {
		assert_int_equal(lab_ask(&lab, &asks[i]), 0);
		assert_non_null(strstr(lab.out.reason.why, "none of the four"));
	}
	lab_end(&lab);
}

/* Relay agents hear only broadcasts: what they bring of a bound client is REBINDING. */
static void test_relayed_renewal_is_rebinding_rfc2131_s4_3_2(void **state)
{
	struct ask a = {
		.type = DHCP_REQUEST, .client = CLIENT, .ciaddr = NET + 5, .dst_ip = SERVER,
	};
	struct dhcp_server_options opt = usual_options();
	struct lab lab;

	opt.authoritative = true;
	lab_start(&lab, &opt);
	assert_int_equal(lab_ask(&lab, &a), DHCP_NAK);
	a.giaddr = NET + 250;
	assert_int_equal(lab_ask(&lab, &a), 0);
	lab_end(&lab);
}

/* ---- the filter ---- */

static void test_filter(void **state)
{
	static const struct {
		struct ask ask;
		const char *why;
	} cases[] = {
		{ { .type = DHCP_DISCOVER, .op = DHCP_OP_REPLY }, "op 2" },
		{ { .type = DHCP_DISCOVER, .src_ip = SERVER }, "our own message" },
		{ { .type = DHCP_DISCOVER, .hops = 17 }, "16 relay agents" },
		{ { .type = DHCP_LEASEQUERY, .hops = 16 }, "no questions" },	/* not too many */
		{ { .type = DHCP_DISCOVER, .giaddr = 0xc0a80101 }, "subnet of this relay" },
		{ { .type = DHCP_DISCOVER, .giaddr = SERVER }, "a relay agent can have" },
		{ { .type = DHCP_DISCOVER, .giaddr = NET + 255 }, "a relay agent can have" },
		{ { .type = DHCP_DISCOVER, .giaddr = NET }, "a relay agent can have" },
		{ { .type = DHCP_NO_TYPE }, "BOOTP" },
		{ { .type = DHCP_REQUEST, .ciaddr = NET + 5, .dst_ip = OTHER_SERVER },
		  "to another host" },
		{ { .type = DHCP_DISCOVER, .ciaddr = 0xe0000001 }, "ciaddr is no address" },
		{ { .type = DHCP_INFORM, .ciaddr = UINT32_MAX }, "ciaddr is no address" },
		{ { .type = DHCP_OFFER }, "only servers send" },
		{ { .type = DHCP_ACK }, "only servers send" },
		{ { .type = DHCP_NAK }, "only servers send" },
		{ { .type = DHCP_FORCERENEW }, "only servers send" },
		{ { .type = DHCP_LEASEUNASSIGNED }, "only servers send" },
		{ { .type = DHCP_LEASEUNKNOWN }, "only servers send" },
		{ { .type = DHCP_LEASEACTIVE }, "only servers send" },
		{ { .type = DHCP_RELEASE, .ciaddr = NET + 5 }, "names no server" },
		{ { .type = DHCP_DECLINE, .requested = NET + 5 }, "names no server" },
		{ { .type = DHCP_RELEASE, .ciaddr = NET + 5, .server_id = OTHER_SERVER },
		  "names another server" },
		{ { .type = DHCP_DECLINE, .requested = NET + 5, .server_id = OTHER_SERVER },
		  "names another server" },
	};
	struct dhcp_server_options opt = usual_options();
	struct lab lab;

	lab_start(&lab, &opt);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_int_equal(lab_ask(&lab, &cases[i].ask), 0);
		assert_non_null(strstr(lab.out.reason.why, cases[i].why));
		assert_null(dhcp_server_binding(lab.s, 0));
	}
	lab_end(&lab);
}

static void test_client_without_any_identity_is_dropped_rfc2131_s4_2(void **state)
{
	struct ask discover = { .type = DHCP_DISCOVER };
	struct dhcp_server_options opt = usual_options();
	struct dhcp_message m;
	struct dhcp_event ev = {
		.type = DHCP_EVENT_RX, .rx = { .msg = &m, .dst_ip = IP4_BROADCAST },
	};
	struct lab lab;

	lab_start(&lab, &opt);
	build_ask(&discover, &m);
	m.hlen = 0;
	assert_int_equal(lab_step(&lab, &ev), 0);
	assert_non_null(strstr(lab.out.reason.why, "neither a client identifier"));
	lab_end(&lab);
}

static void test_start_stop_and_commands_are_ignored_with_a_reason(void **state)
{
	static const enum dhcp_event_type types[] = {
		DHCP_EVENT_START, DHCP_EVENT_STOP, DHCP_EVENT_COMMAND, DHCP_EVENT_DEADLINE,
	};
	struct dhcp_server_options opt = usual_options();
	struct dhcp_event rx = { .type = DHCP_EVENT_RX };
	struct lab lab;

	lab_start(&lab, &opt);
	for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
		struct dhcp_event ev = { .type = types[i] };

		assert_int_equal(dhcp_server_step(lab.s, &ev, &lab.out), 0);
		assert_true(lab.out.reason.why[0]);
		assert_int_equal(lab.out.n, 0);
	}
	assert_int_equal(dhcp_server_step(lab.s, &rx, &lab.out), -EINVAL);
	lab_end(&lab);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_pair_is_a_row_or_ignored_with_a_reason),
		cmocka_unit_test(test_every_row_says_what_and_why),
		cmocka_unit_test(test_every_row_is_reached),
		cmocka_unit_test(test_four_requests_rfc2131_s4_3_2),
		cmocka_unit_test(test_request_of_no_kind_is_dropped_rfc2131_table4),
		cmocka_unit_test(test_relayed_renewal_is_rebinding_rfc2131_s4_3_2),
		cmocka_unit_test(test_filter),
		cmocka_unit_test(test_client_without_any_identity_is_dropped_rfc2131_s4_2),
		cmocka_unit_test(test_start_stop_and_commands_are_ignored_with_a_reason),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
