/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "sim/world.h"
#include "world.h"

#define HOUR (3600 * DHCP_SECOND)
#define DAY (24 * HOUR)

/**
 * struct world - a scenario, its simulation, and what came out
 * @count: messages by type
 * @json: the log; @frames: all bytes that were sent, cable by cable and time
 */
struct world {
	struct scenario *s;
	struct sim *sim;
	unsigned int count[DHCP_TYPE_MAX + 1];
	unsigned int added, removed, drops;
	uint64_t last_n, last_t, n_frames, last_frame;
	uint64_t removed_at;
	char states[512];	/* of clients, each after a space */
	struct text json, frames;
};

static void note_state(struct world *w, const struct trace_event *e)
{
	size_t len = strlen(w->states);

	if (strcmp(e->machine, "client") == 0 && strcmp(e->from, e->to) != 0)
		snprintf(w->states + len, sizeof(w->states) - len, " %s", e->to);
}

static void on_event(void *ctx, const struct trace_event *e)
{
	struct world *w = ctx;

	assert_int_equal(e->n, ++w->last_n);
	assert_true(e->t >= w->last_t);
	w->last_t = e->t;
	assert_int_equal(trace_event_to_json(e, &w->json), 0);

	if (e->kind == TRACE_MESSAGE) {
		w->count[e->msg.type]++;
		assert_int_equal(e->msg.frame, w->last_frame);
	}
	if (e->kind == TRACE_STATE)
		note_state(w, e);
	if (e->kind == TRACE_DROP)
		w->drops++;
	if (e->kind == TRACE_ADDRESS && strcmp(e->op, "add") == 0)
		w->added++;
	if (e->kind == TRACE_ADDRESS && strcmp(e->op, "remove") == 0) {
		w->removed++;
		w->removed_at = e->t;
	}
}

static uint64_t on_frame(void *ctx, size_t cable, uint64_t t, const void *data, size_t len)
{
	struct world *w = ctx;

	assert_true(cable < w->s->n_cables);
	text_addn(&w->frames, (const char *)&t, sizeof(t));
	text_addn(&w->frames, data, len);
	return w->last_frame = ++w->n_frames;
}

static void start(struct world *w, const char *ini, uint64_t seed)
{
	struct sim_options opt = {
		.seed = seed, .ctx = w, .on_event = on_event, .on_frame = on_frame,
	};

	memset(w, 0, sizeof(*w));
	w->s = parse(ini);
	assert_int_equal(sim_new(w->s, &opt, &w->sim), 0);
}

static void stop(struct world *w)
{
	sim_free(w->sim);
	scenario_free(w->s);
	text_done(&w->json);
	text_done(&w->frames);
}

static size_t iface(const struct world *w, const char *label)
{
	size_t i = scenario_iface(w->s, label);

	assert_int_not_equal(i, NONE);
	return i;
}

static const char *state_of(const struct world *w, const char *label)
{
	return node_state(sim_machine(w->sim, iface(w, label)));
}

static void test_four_messages(void **state)
{
	struct world w;
	uint8_t len = 0;
	uint32_t address;

	start(&w, PAIR_INI, 7);
	assert_int_equal(sim_run_until_bound(w.sim, 10 * DHCP_SECOND), 1);
	assert_string_equal(w.states, " SELECTING REQUESTING BOUND");
	assert_int_equal(sim_now(w.sim), 4 * SIM_CABLE_US);
	for (int type = DHCP_DISCOVER; type <= DHCP_ACK; type++)
		assert_int_equal(w.count[type], type != DHCP_DECLINE);
	address = sim_address(w.sim, iface(&w, "c:eth0"), &len);
	assert_in_range(address, 0x0a00000a, 0x0a000014);
	assert_int_equal(len, 24);
	assert_int_equal(sim_address(w.sim, iface(&w, "srv:eth0"), &len), 0);
	assert_int_equal(w.added, 1);
	assert_int_equal(w.n_frames, 4);
	assert_int_equal(w.drops, 0);
	stop(&w);
}

static bool same(const struct text *a, const struct text *b)
{
	return a->len == b->len && memcmp(a->str, b->str, a->len) == 0;
}

static void test_same_seed_same_bytes(void **state)
{
	struct world a, b, c;

	start(&a, PAIR_INI, 7);
	start(&b, PAIR_INI, 7);
	start(&c, PAIR_INI, 8);
	sim_run(a.sim, 5 * HOUR);
	/* Not even how often it was stopped to look matters. */
	for (uint64_t t = 0; t <= 5 * HOUR; t += 10 * 60 * DHCP_SECOND)
		sim_run(b.sim, t);
	sim_run(c.sim, 5 * HOUR);
	assert_true(same(&a.json, &b.json));
	assert_true(same(&a.frames, &b.frames));
	assert_false(same(&a.json, &c.json));
	assert_false(same(&a.frames, &c.frames));
	stop(&a);
	stop(&b);
	stop(&c);
}

#define STAR_INI                                             \
	"[Lab]\nFormatVersion=1\n"                           \
	"[Node srv]\n[Node c[1-100]]\n[Switch sw]\n"         \
	"[Wiring]\nCable=srv:eth0 sw:p0\nCable=c[1-100]:eth0 sw:p[1-100]\n" \
	"[Network srv:eth0]\nAddress=10.0.0.1/16\nDHCPServer=yes\n" \
	"[DHCPServer srv:eth0]\nPoolStart=10.0.1.1\nPoolEnd=10.0.1.120\nDefaultLeaseTimeSec=1h\n" \
	"[Network c[1-100]:eth0]\nDHCP=ipv4\n"

static void test_hundred_clients_on_a_switch(void **state)
{
	bool taken[120] = { 0 };
	struct world w;

	start(&w, STAR_INI, 7);
	assert_int_equal(sim_run_until_bound(w.sim, 10 * DHCP_SECOND), 1);
	for (size_t i = 0; i < w.s->n_ifaces; i++) {
		uint8_t len;
		uint32_t a;

		if (!w.s->ifaces[i].client)
			continue;
		a = sim_address(w.sim, i, &len);
		assert_in_range(a, 0x0a000101, 0x0a000178);
		assert_false(taken[a - 0x0a000101]);
		taken[a - 0x0a000101] = true;
	}
	/* Four messages each: the other 99 heard the broadcasts without a word. */
	assert_int_equal(w.n_frames, 400);
	assert_int_equal(w.drops, 0);
	stop(&w);
}

/* Also when all replies are broadcasts, which every client hears. */
static void test_broadcast_replies_are_for_one(void **state)
{
	struct world w;

	start(&w, STAR_INI "[DHCPv4 c[1-100]:eth0]\nRequestBroadcast=yes\n", 7);
	assert_int_equal(sim_run_until_bound(w.sim, 10 * DHCP_SECOND), 1);
	assert_int_equal(w.n_frames, 400);
	assert_int_equal(w.drops, 0);
	stop(&w);
}

#define MOVED_INI                                                            \
	"[Lab]\nFormatVersion=1\n[Node n s c d]\n[Switch up down]\n"          \
	"[Wiring]\nCable=n:e up:p0\nCable=s:e down:p0\nCable=c:e up:p1\n"      \
	"Cable=d:e down:p2\n[Network n:e]\nAddress=10.1.0.1/24\nDHCPServer=yes\n" \
	"[Network s:e]\nAddress=10.2.0.1/24\nDHCPServer=yes\n"                 \
	"[DHCPServer n:e s:e]\nAuthoritative=yes\n[Network c:e d:e]\nDHCP=ipv4\n"

/* A client that is carried to another subnet gets a NAK there, and then an address. */
static void rfc2131_4_3_2_a_client_that_was_moved_gets_a_nak(void **state)
{
	struct world w;
	uint8_t len;

	start(&w, MOVED_INI "[Event walk]\nNode=c\nAction=move\nSwitch=down\nAfterSec=1h\n"
			    "[Event back]\nNode=c\nAction=move\nSwitch=up\nAfterSec=2h\n", 7);
	sim_run(w.sim, HOUR - 1);
	assert_int_equal(sim_address(w.sim, iface(&w, "c:e"), &len) >> 8, 0x0a0100);
	assert_true(sim_ping(w.sim, scenario_node(w.s, "c"), 0x0a010001));
	assert_int_equal(w.count[DHCP_NAK], 0);
	sim_run(w.sim, 2 * HOUR - 1);
	assert_int_equal(w.count[DHCP_NAK], 1);
	assert_int_equal(sim_address(w.sim, iface(&w, "c:e"), &len) >> 8, 0x0a0200);
	assert_true(sim_ping(w.sim, scenario_node(w.s, "c"), 0x0a020001));
	assert_true(sim_ping(w.sim, scenario_node(w.s, "d"),
			     sim_address(w.sim, iface(&w, "c:e"), &len)));
	assert_false(sim_ping(w.sim, scenario_node(w.s, "n"),
			      sim_address(w.sim, iface(&w, "c:e"), &len)));
	assert_int_equal(sim_run_until_bound(w.sim, 3 * HOUR), 1);
	assert_int_equal(w.count[DHCP_NAK], 2);
	assert_int_equal(sim_address(w.sim, iface(&w, "c:e"), &len) >> 8, 0x0a0100);
	assert_true(sim_ping(w.sim, scenario_node(w.s, "n"),
			     sim_address(w.sim, iface(&w, "c:e"), &len)));
	stop(&w);
}

/* Who is plugged into a switch where nobody is gets no answer, and its lease runs out. */
static void test_a_dead_switch(void **state)
{
	struct world w;
	uint8_t len;

	start(&w, MOVED_INI "[Switch dead]\n[Event a]\nNode=c\nAction=move\nSwitch=dead\n"
			    "AfterSec=10\n", 7);
	assert_int_equal(sim_run(w.sim, HOUR / 2), 1);
	assert_string_equal(state_of(&w, "c:e"), "BOUND");
	assert_false(sim_ping(w.sim, scenario_node(w.s, "c"), 0x0a010001));
	sim_run(w.sim, 2 * HOUR);
	assert_string_equal(state_of(&w, "c:e"), "SELECTING");
	assert_int_equal(sim_address(w.sim, iface(&w, "c:e"), &len), 0);
	stop(&w);
}

/* Events do what a user would do by hand; a link that is down carries nothing. */
static void test_events(void **state)
{
	struct world w;
	uint64_t frames;

	start(&w, PAIR_INI "[Event a]\nNode=c\nAction=renew\nAfterSec=10\n"
			   "[Event b]\nNode=c\nAction=link-down\nAfterSec=20\n"
			   "[Event c]\nNode=c\nAction=rebind\nAfterSec=21\n"
			   "[Event d]\nNode=c\nAction=link-up\nAfterSec=30\n"
			   "[Event e]\nNode=c\nAction=stop\nAfterSec=40\n"
			   "[Event f]\nNode=c\nAction=start\nAfterSec=50\n", 7);
	sim_run(w.sim, 15 * DHCP_SECOND);
	assert_int_equal(w.count[DHCP_REQUEST], 2);
	frames = w.n_frames;
	sim_run(w.sim, 25 * DHCP_SECOND);
	assert_int_equal(w.n_frames, frames);
	assert_false(sim_ping(w.sim, scenario_node(w.s, "srv"), 0x0a00000a));
	assert_string_equal(state_of(&w, "c:eth0"), "REBINDING");
	sim_run(w.sim, 35 * DHCP_SECOND);
	assert_string_equal(state_of(&w, "c:eth0"), "BOUND");
	assert_int_equal(w.count[DHCP_REQUEST], 3);
	sim_run(w.sim, 45 * DHCP_SECOND);
	assert_string_equal(state_of(&w, "c:eth0"), "STOPPED");
	assert_int_equal(w.count[DHCP_RELEASE], 1);
	assert_int_equal(sim_run_until_bound(w.sim, HOUR), 1);
	assert_int_equal(w.count[DHCP_DISCOVER], 2);
	assert_int_equal(sim_now(w.sim), 50 * DHCP_SECOND + 4 * SIM_CABLE_US);
	stop(&w);
}

/* RFC 2131 section 4.4.5: at half the lease, unicast, one REQUEST and one ACK. */
static void test_a_day_of_renewals(void **state)
{
	struct world w;

	start(&w, PAIR_INI, 7);
	assert_int_equal(sim_run(w.sim, DAY - DHCP_SECOND), 1);
	assert_int_equal(sim_now(w.sim), DAY - DHCP_SECOND);
	assert_int_equal(w.count[DHCP_DISCOVER], 1);
	assert_in_range(w.count[DHCP_REQUEST], 46, 50);
	assert_int_equal(w.count[DHCP_ACK], w.count[DHCP_REQUEST]);
	assert_int_equal(w.added, 1);
	assert_int_equal(w.removed, 0);
	stop(&w);
}

static void test_release_on_stop(void **state)
{
	struct world w;
	uint8_t len;

	start(&w, PAIR_INI, 7);
	sim_run(w.sim, DHCP_SECOND);
	assert_int_equal(sim_stop(w.sim, iface(&w, "c:eth0")), 1);
	assert_int_equal(sim_run(w.sim, DAY), 0);
	assert_int_equal(w.count[DHCP_RELEASE], 1);
	assert_int_equal(w.removed, 1);
	assert_int_equal(sim_address(w.sim, iface(&w, "c:eth0"), &len), 0);
	assert_string_equal(state_of(&w, "c:eth0"), "STOPPED");
	assert_non_null(strstr(w.json.str, "RELEASED"));
	stop(&w);
}

static const char *next_news(const char **at, char line[static 256])
{
	const char *found = strstr(*at, "\"kind\":\"route\""), *end;

	if (!found)
		return NULL;
	end = strchr(found, '\n');
	snprintf(line, 256, "%.*s", (int)(end - found), found);
	*at = end;
	return line;
}

/* RFC 3442: with 33 comes the default route too; who stops takes both with him. */
static void test_routes_of_a_lease_are_told(void **state)
{
	static const char *const want[] = { "add", "add", "remove", "remove" };
	static const char *const to[] = {
		"\"route\":\"10.0.0.0/8\",\"gateway\":\"10.0.0.7\",\"metric\":1024,\"protocol\":\"dhcp\"",
		"\"route\":\"0.0.0.0/0\",\"gateway\":\"10.0.0.1\",\"metric\":1024,\"protocol\":\"dhcp\"",
	};
	char line[256];
	const char *at;
	struct world w;

	start(&w, PAIR_INI "[DHCPServer srv:eth0]\nRouter=10.0.0.1\n"
	      "SendOption=33:hex:0a0700000a000007\n"
	      "[Event a]\nNode=c\nAction=renew\nAfterSec=10\n"
	      "[Event b]\nNode=c\nAction=stop\nAfterSec=20\n", 7);
	assert_int_equal(sim_run(w.sim, 30 * DHCP_SECOND), 0);
	at = w.json.str;
	for (size_t i = 0; i < ARRAY_SIZE(want); i++) {
		assert_non_null(next_news(&at, line));
		assert_non_null(strstr(line, "\"at\":\"c:eth0\""));
		assert_non_null(strstr(line, want[i]));
		assert_non_null(strstr(line, to[i % 2]));
	}
	/* The renewal brought the same, and told nothing. */
	assert_null(next_news(&at, line));
	stop(&w);
}

static void test_without_release(void **state)
{
	struct world w;

	start(&w, PAIR_INI "[DHCPv4 c:eth0]\nSendRelease=no\n", 7);
	sim_run(w.sim, DHCP_SECOND);
	assert_int_equal(sim_stop(w.sim, iface(&w, "c:eth0")), 1);
	sim_run(w.sim, 2 * DHCP_SECOND);
	assert_int_equal(w.count[DHCP_RELEASE], 0);
	stop(&w);
}

/* RFC 2131 section 4.4.5: T1, T2, then the lease is over and the address gone. */
static void test_lost_server(void **state)
{
	struct world w;

	start(&w, PAIR_INI, 7);
	sim_run(w.sim, DHCP_SECOND);
	sim_stop(w.sim, iface(&w, "srv:eth0"));
	assert_int_equal(sim_run(w.sim, HOUR + 60 * DHCP_SECOND), 0);
	assert_int_equal(w.removed, 1);
	/* Counted from when the REQUEST was sent. */
	assert_in_range(w.removed_at, HOUR, HOUR + DHCP_SECOND);
	assert_non_null(strstr(w.states, " BOUND RENEWING REBINDING INIT"));
	stop(&w);
}

static void test_server_comes_back(void **state)
{
	struct world w;

	start(&w, PAIR_INI, 7);
	sim_run(w.sim, DHCP_SECOND);
	sim_stop(w.sim, iface(&w, "srv:eth0"));
	sim_run(w.sim, HOUR - 450 * DHCP_SECOND + DHCP_SECOND);
	assert_string_equal(state_of(&w, "c:eth0"), "REBINDING");
	sim_start(w.sim, iface(&w, "srv:eth0"));
	assert_int_equal(sim_run_until_bound(w.sim, HOUR), 1);
	assert_int_equal(w.removed, 0);
	stop(&w);
}

/* RFC 2131 section 4.1: 4, 8, 16, 32, 64, 64 ... seconds, each give or take one. */
static void test_nobody_answers(void **state)
{
	struct world w;

	start(&w, PAIR_INI, 7);
	sim_stop(w.sim, iface(&w, "srv:eth0"));	/* before it ever started */
	assert_int_equal(sim_run(w.sim, 300 * DHCP_SECOND), 0);
	assert_in_range(w.count[DHCP_DISCOVER], 7, 9);
	assert_int_equal(w.count[DHCP_OFFER], 0);
	stop(&w);
}

/* Nobody waits for a client that is to get nothing; one that is alone is watched all the same. */
static void test_a_client_that_goes_without(void **state)
{
	static const char ini[] =
		"[Lab]\nFormatVersion=1\n[Node deaf c]\n[Wiring]\nCable=deaf:eth0 c:eth0\n"
		"[Network deaf:eth0]\nAddress=10.0.0.1/24\n[Network c:eth0]\nDHCP=ipv4\n"
		"[Expect none]\nNode=c\nState=SELECTING\n";
	struct world w;

	start(&w, ini, 7);
	assert_int_equal(sim_run_until_bound(w.sim, 10 * DHCP_SECOND), 1);
	assert_int_equal(sim_now(w.sim), 10 * DHCP_SECOND);
	assert_true(w.count[DHCP_DISCOVER] >= 2);
	stop(&w);
}

/* RFC 2131 section 2.1: a lease outlives its server. The client starts from nothing. */
static void test_crash_and_restart(void **state)
{
	static const char ini[] =
		PAIR_INI
		"[Fault power]\nType=crash\nNode=srv\nAfterSec=10s\nRestartSec=5s\n"
		"[Fault fuse]\nType=crash\nNode=c:eth0\nAfterSec=12s\nRestartSec=1s\n"
		"[Fault end]\nType=crash\nNode=c\nAfterSec=1min\n";
	struct world w;

	start(&w, ini, 7);
	assert_false(w.s->cables[0].wire);
	assert_int_equal(w.s->n_events, 5);
	sim_run(w.sim, 50 * DHCP_SECOND);
	assert_non_null(strstr(w.json.str, "\"kind\":\"fault\",\"at\":\"srv:eth0\","
				"\"what\":\"SERVER CRASHED BY FAULT power\""));
	assert_non_null(strstr(w.json.str, "SERVER STARTED AGAIN AFTER FAULT power"));
	assert_non_null(strstr(w.json.str, "CLIENT STARTED AGAIN AFTER FAULT fuse"));
	assert_non_null(strstr(w.json.str, "the server starts again, with 1 binding on record"));
	assert_int_equal(w.added, 2);
	assert_int_equal(w.removed, 1);
	assert_int_equal(w.removed_at, 12 * DHCP_SECOND);
	sim_run(w.sim, 3600 * DHCP_SECOND);
	assert_int_equal(w.added, 2);
	assert_int_equal(w.removed_at, 60 * DHCP_SECOND);
	stop(&w);
}

static void test_full_pool_is_logged(void **state)
{
	struct world w;

	start(&w, "[Lab]\nFormatVersion=1\n[Node srv c1 c2]\n[Switch sw]\n"
		  "[Wiring]\nCable=srv:e sw:p0\nCable=c[1-2]:e sw:p[1-2]\n"
		  "[Network srv:e]\nAddress=10.0.0.1/24\nDHCPServer=yes\n"
		  "[DHCPServer srv:e]\nPoolStart=10.0.0.9\nPoolEnd=10.0.0.9\n"
		  "[Network c[1-2]:e]\nDHCP=ipv4\n", 7);
	assert_int_equal(sim_run_until_bound(w.sim, 10 * DHCP_SECOND), 0);
	assert_int_equal(sim_now(w.sim), 10 * DHCP_SECOND);
	assert_int_equal(w.drops, w.count[DHCP_DISCOVER] - 1);

	/* The one that leaves makes room for the other. */
	assert_int_equal(sim_command(w.sim, iface(&w, "c1:e"), DHCP_COMMAND_RELEASE), 1);
	sim_run(w.sim, 200 * DHCP_SECOND);
	assert_string_equal(state_of(&w, "c2:e"), "BOUND");
	stop(&w);
}

/* Somebody has a pool's address by hand: he answers the server's probe (RFC 2131 section 2.2). */
static void probing_server_avoids_a_squatter(void **state)
{
	struct world w;
	uint8_t len;

	start(&w, "[Lab]\nFormatVersion=1\n[Node srv c squat]\n[Switch sw]\n"
		  "[Wiring]\nCable=srv:e sw:p0\nCable=c:e sw:p1\nCable=squat:e sw:p2\n"
		  "[Network srv:e]\nAddress=10.0.0.1/24\nDHCPServer=yes\n"
		  "[DHCPServer srv:e]\nPoolStart=10.0.0.9\nPoolEnd=10.0.0.10\n"
		  "ConflictDetection=500ms\n"
		  "[Network squat:e]\nAddress=10.0.0.9/24\n"
		  "[Network c:e]\nDHCP=ipv4\n[DHCPv4 c:e]\nRequestAddress=10.0.0.9\n", 7);
	assert_int_equal(sim_run_until_bound(w.sim, 60 * DHCP_SECOND), 1);
	assert_int_equal(sim_address(w.sim, iface(&w, "c:e"), &len), 0x0a00000a);
	assert_non_null(strstr(w.json.str, "a stranger has the address"));
	stop(&w);
}

static void test_start_delay(void **state)
{
	struct world w;

	start(&w, PAIR_INI "[DHCPv4 c:eth0]\nStartDelaySec=5\n", 7);
	assert_int_equal(sim_run(w.sim, 4 * DHCP_SECOND), 0);
	assert_int_equal(w.last_n, 0);
	assert_int_equal(sim_run(w.sim, 6 * DHCP_SECOND), 1);
	stop(&w);
}

static unsigned int in_flight(const struct sim *sim, enum sim_event_type type)
{
	unsigned int n = 0;

	for (size_t i = 0; i < sim->queue.n; i++)
		for (uint32_t k = sim->queue.heap[i].first; k; k = sim->queue.event[k].next)
			n += sim->queue.event[k].type == type;
	return n;
}

/* A switch has learnt from the DISCOVER behind which port the OFFER is wanted (802.1D). */
static void test_switch_learns(void **state)
{
	struct world w;

	start(&w, "[Lab]\nFormatVersion=1\n[Node srv c]\n[Switch sw]\n"
		  "[Wiring]\nCable=srv:e sw:p0\nCable=c:e sw:p1\n"
		  "[Network srv:e]\nAddress=10.0.0.1/24\nDHCPServer=yes\n"
		  "[Network c:e]\nDHCP=ipv4\n", 7);
	sim_run(w.sim, SIM_CABLE_US);
	assert_int_equal(in_flight(w.sim, SIM_FLOOD), 1);
	sim_run(w.sim, 3 * SIM_CABLE_US);
	assert_int_equal(w.count[DHCP_OFFER], 1);
	assert_int_equal(in_flight(w.sim, SIM_FLOOD), 0);
	assert_int_equal(in_flight(w.sim, SIM_ARRIVE), 1);
	stop(&w);
}

/* Every cable on the way takes its time. */
static void test_two_switches(void **state)
{
	struct world w;

	start(&w, "[Lab]\nFormatVersion=1\n[Node srv c]\n[Switch s1 s2]\n"
		  "[Wiring]\nCable=srv:e s1:p0\nCable=s1:up s2:up\nCable=c:e s2:p0\n"
		  "[Network srv:e]\nAddress=10.0.0.1/24\nDHCPServer=yes\n"
		  "[Network c:e]\nDHCP=ipv4\n", 7);
	assert_int_equal(sim_run_until_bound(w.sim, DHCP_SECOND), 1);
	assert_int_equal(sim_now(w.sim), 4 * 3 * SIM_CABLE_US);
	stop(&w);
}

static void test_nobody_listens(void **state)
{
	cleanup_scenario struct scenario *s = parse(PAIR_INI);
	struct sim *sim = NULL;

	assert_int_equal(sim_new(s, &(struct sim_options){ .seed = 7 }, &sim), 0);
	assert_int_equal(sim_run(sim, DAY - DHCP_SECOND), 1);
	assert_null(sim_free(sim));
}

static void test_no_machines(void **state)
{
	struct world w;

	start(&w, "[Lab]\nFormatVersion=1\n[Node a b]\n[Wiring]\nCable=a:e b:e\n", 7);
	assert_int_equal(sim_run(w.sim, DHCP_NEVER), 1);
	assert_int_equal(sim_now(w.sim), 0);
	assert_null(sim_machine(w.sim, 0));
	assert_int_equal(sim_stop(w.sim, 0), -ENOENT);
	stop(&w);
}

#define LOSSY "[Fault lossy]\nType=drop\nMessage=OFFER\nCount=2\n"

/* RFC 2131 section 4.1: 4 s, then 8 s, each with a second more or less. */
static void test_a_lost_offer_is_asked_for_again(void **state)
{
	struct world w;

	start(&w, PAIR_INI LOSSY, 7);
	assert_int_equal(sim_run_until_bound(w.sim, 60 * DHCP_SECOND), 1);
	assert_int_equal(w.count[DHCP_DISCOVER], 3);
	assert_in_range(sim_now(w.sim), 10 * DHCP_SECOND, 14 * DHCP_SECOND);
	assert_non_null(strstr(w.json.str, "OFFER DROPPED BY FAULT lossy (2 of 2)"));
	stop(&w);
}

static void test_slow_broken_and_double(void **state)
{
	struct world w;

	start(&w, PAIR_INI "[NetworkEmulator c:eth0]\nDelaySec=1s\n"
	      "[Fault twice]\nType=duplicate\nMessage=DISCOVER\n"
	      "[Fault broken]\nType=corrupt\nMessage=ACK\nCount=1\n", 7);
	assert_int_equal(sim_run_until_bound(w.sim, 60 * DHCP_SECOND), 1);
	assert_true(sim_now(w.sim) > 2 * DHCP_SECOND);
	assert_in_range(w.count[DHCP_OFFER], 2, 4);
	assert_int_equal(w.count[DHCP_ACK], 2);
	assert_non_null(strstr(w.json.str, "DISCOVER DUPLICATED BY FAULT twice"));
	stop(&w);
}

#define SNOOP_INI                                                                    \
	"[Lab]\nFormatVersion=1\n[Node srv rogue c]\n"                              \
	"[Switch sw]\nTrustedPort=p1\nDHCPSnooping=%s\n"                            \
	"[Wiring]\nCable=srv:eth0 sw:p1\nCable=rogue:eth0 sw:p2\nCable=c:eth0 sw:p3\n" \
	"[NetworkEmulator srv:eth0]\nDelaySec=100ms\n"                               \
	"[Network srv:eth0]\nAddress=10.0.0.1/24\nDHCPServer=yes\n"                 \
	"[Network rogue:eth0]\nAddress=10.0.0.2/24\nDHCPServer=yes\n"               \
	"[DHCPServer srv:eth0]\nPoolStart=10.0.0.10\nPoolEnd=10.0.0.20\n"           \
	"[DHCPServer rogue:eth0]\nPoolStart=10.0.0.110\nPoolEnd=10.0.0.120\n"       \
	"[Network c:eth0]\nDHCP=ipv4\n"

static void test_a_switch_that_snoops_stops_a_rogue(void **state)
{
	static const char *const snoops[] = { "no", "yes" };

	for (size_t i = 0; i < 2; i++) {
		char ini[1024];
		uint32_t address;
		uint8_t len;
		struct world w;

		snprintf(ini, sizeof(ini), SNOOP_INI, snoops[i]);
		start(&w, ini, 7);
		assert_int_equal(sim_run_until_bound(w.sim, 60 * DHCP_SECOND), 1);
		address = sim_address(w.sim, iface(&w, "c:eth0"), &len);
		assert_in_range(address & 0xff, i ? 10 : 110, i ? 20 : 120);
		assert_int_equal(!!strstr(w.json.str, "a port that is not trusted"), i);
		stop(&w);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_lost_offer_is_asked_for_again),
		cmocka_unit_test(test_slow_broken_and_double),
		cmocka_unit_test(test_a_switch_that_snoops_stops_a_rogue),
		cmocka_unit_test(rfc2131_4_3_2_a_client_that_was_moved_gets_a_nak),
		cmocka_unit_test(test_a_dead_switch),
		cmocka_unit_test(test_events),
		cmocka_unit_test(test_four_messages),
		cmocka_unit_test(test_same_seed_same_bytes),
		cmocka_unit_test(test_hundred_clients_on_a_switch),
		cmocka_unit_test(test_broadcast_replies_are_for_one),
		cmocka_unit_test(test_a_day_of_renewals),
		cmocka_unit_test(test_routes_of_a_lease_are_told),
		cmocka_unit_test(test_release_on_stop),
		cmocka_unit_test(test_without_release),
		cmocka_unit_test(test_lost_server),
		cmocka_unit_test(test_server_comes_back),
		cmocka_unit_test(test_nobody_answers),
		cmocka_unit_test(test_a_client_that_goes_without),
		cmocka_unit_test(test_crash_and_restart),
		cmocka_unit_test(test_full_pool_is_logged),
		cmocka_unit_test(probing_server_avoids_a_squatter),
		cmocka_unit_test(test_start_delay),
		cmocka_unit_test(test_switch_learns),
		cmocka_unit_test(test_two_switches),
		cmocka_unit_test(test_nobody_listens),
		cmocka_unit_test(test_no_machines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
