/* SPDX-License-Identifier: MIT */
/* test_server.c - the server's table, walked pair by pair and row by row. */
#include "server_fixture.h"

#define CLIENT 1
#define TAKER 8
#define NEIGHBOUR 9
#define FILLER 20

/* ---- how a client comes to stand where a row begins ---- */

enum start {
	NEW, OFFERED, OFFERED_AGAIN, ACTIVE, EXPIRED, RELEASED, DECLINED, PROBED, PROBED_AGAIN,
	STARTS
};

static const enum dhcp_binding_state start_state[STARTS] = {
	[NEW] = DHCP_BINDING_NONE,
	[OFFERED] = DHCP_BINDING_OFFERED,
	[OFFERED_AGAIN] = DHCP_BINDING_OFFERED,
	[ACTIVE] = DHCP_BINDING_ACTIVE,
	[EXPIRED] = DHCP_BINDING_EXPIRED,
	[RELEASED] = DHCP_BINDING_RELEASED,
	[DECLINED] = DHCP_BINDING_DECLINED,
	[PROBED] = DHCP_BINDING_PROBED,
	[PROBED_AGAIN] = DHCP_BINDING_PROBED,
};

static void expire(struct lab *lab, uint32_t address)
{
	lab->now = lab_binding(lab, address)->expires;
	assert_int_equal(lab_deadline(lab, 0), 1);
}

/* The address that the client has afterwards, 0 for none. */
static uint32_t bring_to(struct lab *lab, enum start start)
{
	uint32_t address = 0;

	if (start == OFFERED)
		return lab_offer(lab, CLIENT);
	if (start != NEW && start != PROBED)
		address = lab_bind(lab, CLIENT);
	if (start == EXPIRED || start == OFFERED_AGAIN || start == PROBED_AGAIN)
		expire(lab, address);
	if (start == OFFERED_AGAIN)
		assert_int_equal(lab_offer(lab, CLIENT), address);
	if (start == RELEASED)
		assert_int_equal(lab_release(lab, CLIENT, address), 1);
	if (start == DECLINED)
		assert_int_equal(lab_decline(lab, CLIENT, address), 1);

	return address;
}

/* The last step to PROBED and PROBED_AGAIN: no time passes from there on. */
static uint32_t begin_probe(struct lab *lab)
{
	struct ask discover = { .type = DHCP_DISCOVER, .client = CLIENT };

	assert_int_equal(lab_ask(lab, &discover), 0);
	assert_int_equal(lab->out.action[0].type, DHCP_ACTION_PROBE);
	return lab->out.action[0].probe;
}

static enum dhcp_binding_state state_of_client(const struct lab *lab, uint8_t last)
{
	const struct dhcp_binding *b;

	for (size_t i = 0; (b = dhcp_server_binding(lab->s, i)); i++)
		if (b->id_len && b->chaddr[5] == last)
			return b->state;

	return DHCP_BINDING_NONE;
}

/* ---- every pair, with every kind of address, every policy, every shortage ---- */

enum asked { ITS_OWN, SOME_FREE, A_NEIGHBOURS, ANOTHER_NETWORKS, ASKED };
enum shortage { PLENTY, POOL_FULL, NO_MEMORY, SHORTAGES };
/* What is reserved for the client: open, another's at first and for good, or at first only. */
enum kept { NOT_KEPT, KEPT, KEPT_BUT_TAKEN, KEPT_AND_BACK, KEPTS };

#define KEPT_ADDRESS (NET + 202)

/* What a DISCOVER says beside. */
enum wants { AN_ADDRESS, WHETHER_TO_MAKE_ONE_UP, NO_IPV4, WANTS };

#define ROWS_MAX 256

struct walk {
	bool reached[ROWS_MAX];
	struct lab lab;
	enum start start;
	enum asked asked;
	enum kept kept;
	enum wants wants;
	bool probes;
	uint32_t own, neighbours, address;
};

static struct ask ask_for(enum dhcp_server_trigger t, uint32_t address)
{
	struct ask a = { .client = CLIENT, .type = DHCP_REQUEST };

	switch (t) {
	case DHCP_SERVER_ON_DISCOVER:
	case DHCP_SERVER_ON_RAPID:
		a.type = DHCP_DISCOVER;
		a.requested = address;
		a.rapid = t == DHCP_SERVER_ON_RAPID;
		break;
	case DHCP_SERVER_ON_SELECTING:
		a.server_id = SERVER;
		a.requested = address;
		break;
	case DHCP_SERVER_ON_OTHER_SERVER:
		a.server_id = OTHER_SERVER;
		a.requested = address;
		break;
	case DHCP_SERVER_ON_INIT_REBOOT:
		a.requested = address;
		break;
	case DHCP_SERVER_ON_RENEWING:
		a.ciaddr = address;
		a.dst_ip = SERVER;
		break;
	case DHCP_SERVER_ON_REBINDING:
		a.ciaddr = address;
		break;
	case DHCP_SERVER_ON_DECLINE:
		a.type = DHCP_DECLINE;
		a.server_id = SERVER;
		a.requested = address;
		break;
	case DHCP_SERVER_ON_RELEASE:
		a.type = DHCP_RELEASE;
		a.server_id = SERVER;
		a.ciaddr = address;
		break;
	case DHCP_SERVER_ON_INFORM:
		a.type = DHCP_INFORM;
		a.ciaddr = address;
		break;
	case DHCP_SERVER_ON_BOOTP:
		a.type = DHCP_NO_TYPE;
		break;
	case DHCP_SERVER_ON_LEASEQUERY:
		a.type = DHCP_LEASEQUERY;
		a.giaddr = OTHER_SERVER;
		a.ciaddr = address;
		a.no_hardware = true;
		break;
	case DHCP_SERVER_ON_DEADLINE:
	case DHCP_SERVER_ON_CONFLICT:
	case DHCP_SERVER_ON_FORCERENEW:
		break;
	}

	return a;
}

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

/* One address for two: by the client's hardware address, and by the identifier "taker". */
static void keep_address(struct dhcp_server_options *opt)
{
	opt->n_reserved = 2;
	opt->reserved[0] = (struct dhcp_reservation){
		.address = KEPT_ADDRESS, .id_len = 7, .id = { 1, 2, 0x4e, 0x4c, 0, 0, CLIENT },
	};
	opt->reserved[1] = (struct dhcp_reservation){
		.address = KEPT_ADDRESS, .id_len = 5, .id_is_option = true, .id = "taker",
	};
}

/* The taker has the address that is kept, or gives it back. */
static void take_kept(struct lab *lab, bool back)
{
	struct ask a = {
		.type = DHCP_DISCOVER, .client = TAKER, .id = "taker", .lease_sec = 86400,
	};

	if (!back)
		assert_int_equal(lab_discover(lab, &a), DHCP_OFFER);
	a.type = back ? DHCP_RELEASE : DHCP_REQUEST;
	a.server_id = SERVER;
	a.requested = back ? 0 : KEPT_ADDRESS;
	a.ciaddr = back ? KEPT_ADDRESS : 0;
	(void)lab_ask(lab, &a);
	assert_int_equal(lab_binding(lab, KEPT_ADDRESS)->state,
			 back ? DHCP_BINDING_RELEASED : DHCP_BINDING_ACTIVE);
}

static struct dhcp_server_options walk_options(bool authoritative, enum shortage shortage,
					       enum kept kept)
{
	struct dhcp_server_options opt = usual_options();

	if (kept != NOT_KEPT)
		keep_address(&opt);

	opt.authoritative = authoritative;
	opt.bootp = authoritative;	/* two kinds of server: one that is free with its answers */
	opt.rapid_commit = true;
	opt.no_auto_configure = true;
	opt.force_renew = authoritative;
	opt.n_queriers = 1;
	opt.querier[0] = (struct dhcp_server_querier){ OTHER_SERVER, 32 };
	add_value(&opt, DHCP_OPT_IPV6_ONLY, false, "\0\0\7\10", 4);
	opt.max_bindings = shortage == NO_MEMORY ? 2 + (kept > KEPT) : 16;
	if (shortage == POOL_FULL)
		opt.last = NET + 4;
	return opt;
}

static void walk_begin(struct walk *w, bool authoritative, enum shortage shortage)
{
	struct dhcp_server_options opt = walk_options(authoritative, shortage, w->kept);

	struct ask filler = { .type = DHCP_DISCOVER, .client = FILLER };

	opt.probe_ms = w->probes ? 1000 : 0;
	lab_start(&w->lab, &opt);
	w->lab.can_force = true;
	if (w->kept >= KEPT_BUT_TAKEN)
		take_kept(&w->lab, false);
	w->own = bring_to(&w->lab, w->start);
	if (w->kept == KEPT_AND_BACK)
		take_kept(&w->lab, true);
	w->neighbours = lab_bind(&w->lab, NEIGHBOUR);
	if (w->start >= PROBED)
		w->own = begin_probe(&w->lab);
	if (w->start == NEW && shortage == NO_MEMORY)
		(void)lab_ask(&w->lab, &filler);
	for (; shortage == POOL_FULL && filler.client < FILLER + 3; filler.client++)
		(void)lab_ask(&w->lab, &filler);
	w->address = w->asked == ITS_OWN	? (w->own ? w->own : NET + 201)
		     : w->asked == SOME_FREE	? NET + 202
		     : w->asked == A_NEIGHBOURS ? w->neighbours
						: 0xc0a80105;
}

static int walk_step(struct walk *w, enum dhcp_server_trigger t)
{
	static const uint8_t ipv6_only[] = { DHCP_OPT_IPV6_ONLY };
	struct ask a = ask_for(t, w->address);

	a.auto_configure = w->wants == WHETHER_TO_MAKE_ONE_UP;
	a.list = w->wants == NO_IPV4 ? ipv6_only : NULL;
	a.n_list = sizeof(ipv6_only);

	if (t == DHCP_SERVER_ON_DEADLINE)
		return lab_deadline(&w->lab, 0);
	if (t == DHCP_SERVER_ON_CONFLICT)
		return lab_conflict(&w->lab, w->address);
	if (t == DHCP_SERVER_ON_FORCERENEW)
		return lab_force_renew(&w->lab, w->address);

	(void)lab_ask(&w->lab, &a);
	return w->lab.out.n ? 1 : 0;
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
