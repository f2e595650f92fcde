/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cli/judge.h"

static const char text[] =
	"[Lab]\nFormatVersion=1\n[Node s]\n[Node c]\n[Wiring]\nCable=s:a c:b\n"
	"[Network s:a]\nAddress=10.0.0.1/24\nDHCPServer=yes\n[Network c:b]\nDHCP=ipv4\n"
	"[Expect lease]\nNode=c:b\nState=BOUND\nAddress=10.0.0.10-10.0.0.20\nWithin=2s\n"
	"[Expect dora]\nNode=c:b\nMessages=DISCOVER OFFER REQUEST ACK\nSameTransaction=yes\n"
	"[Expect reach]\nNode=c\nPing=10.0.0.1\n"
	"[Expect way]\nNode=c\nRoute=default via 10.0.0.1\n";

enum { LEASE, DORA, REACH, WAY };

/* A lab as each case wants it. */
struct world {
	struct scenario *s;
	json_t *client;
	struct trace_log log;
	struct trace_event events[8];
	struct netstate_address address;
	uint32_t gateway;
	int ping;
};

static json_t *op_client(void *ctx, size_t iface)
{
	return ((struct world *)ctx)->client;
}

/* The judge frees it: it gets memory of its own. */
static int op_netstate(void *ctx, size_t node, struct netstate *ret)
{
	const struct world *w = ctx;

	ret->n_links = ret->n_routes = 1;
	ret->links = calloc(1, sizeof(*ret->links));
	ret->routes = calloc(1, sizeof(*ret->routes));
	assert_non_null(ret->links);
	assert_non_null(ret->routes);
	strcpy(ret->links->name, "b");
	ret->links->n_addresses = 1;
	ret->links->addresses = malloc(sizeof(w->address));
	assert_non_null(ret->links->addresses);
	*ret->links->addresses = w->address;
	ret->routes->gateway = w->gateway;
	return 0;
}

static int op_ping(void *ctx, size_t node, uint32_t dst, uint64_t timeout_us, uint64_t *ret_rtt_us)
{
	assert_int_equal(dst, 0x0a000001);
	return ((struct world *)ctx)->ping;
}

static const struct trace_log *op_log(void *ctx)
{
	return &((struct world *)ctx)->log;
}

static const struct judge_ops ops = { op_client, op_netstate, op_ping, op_log };

static void add_message(struct world *w, uint8_t type, uint32_t xid, bool own)
{
	struct trace_event *e = &w->events[w->log.n++];

	e->kind = TRACE_MESSAGE;
	e->msg.type = type;
	e->msg.xid = xid;
	if (own)
		memcpy(e->msg.src_mac, w->s->ifaces[1].mac, 6);
}

static void add_bound(struct world *w, uint64_t t)
{
	struct trace_event *e = &w->events[w->log.n++];

	e->kind = TRACE_STATE;
	e->t = t;
	strcpy(e->at, "c:b");
	strcpy(e->machine, "client");
	strcpy(e->to, "BOUND");
}

/* Everything as it should be. */
static int setup(void **state)
{
	struct scenario_options opt = { .name = "t" };
	struct diags cleanup_diags diags = { 0 };
	struct world *w = calloc(1, sizeof(*w));

	assert_non_null(w);
	*state = w;
	assert_int_equal(scenario_parse(text, strlen(text), &opt, &w->s, &diags), 0);
	w->client = json_pack("{s:s, s:s}", "state", "BOUND", "address", "10.0.0.12");
	w->address.address = 0x0a00000c;
	w->gateway = 0x0a000001;
	w->log.event = w->events;
	add_message(w, DHCP_DISCOVER, 7, true);
	add_message(w, DHCP_OFFER, 7, false);
	add_message(w, DHCP_REQUEST, 7, true);
	add_message(w, DHCP_ACK, 7, false);
	add_bound(w, 1000);
	return 0;
}

static int teardown(void **state)
{
	struct world *w = *state;

	json_decref(w->client);
	scenario_free(w->s);
	free(w);
	return 0;
}

static void check(struct world *w, size_t expect, enum judge_result want, const char *evidence)
{
	struct judgement j;

	judge(w->s, &w->s->expects[expect], &ops, w, &j);
	if (!strstr(j.evidence, evidence))
		fail_msg("\"%s\" is not in \"%s\"", evidence, j.evidence);
	assert_int_equal(j.result, want);
}

static void test_all_met(void **state)
{
	check(*state, LEASE, JUDGE_PASS, "c:b is BOUND to 10.0.0.12, within 10.0.0.10-10.0.0.20");
	check(*state, DORA, JUDGE_PASS, "DISCOVER OFFER REQUEST ACK, one transaction id");
	check(*state, REACH, JUDGE_PASS, "c pings 10.0.0.1");
	check(*state, WAY, JUDGE_PASS, "default via 10.0.0.1");
}

static void test_wrong_state(void **state)
{
	struct world *w = *state;

	json_object_set_new(w->client, "state", json_string("SELECTING"));
	check(w, LEASE, JUDGE_FAIL, "c:b is SELECTING, not BOUND");
}

static void test_address_out_of_range(void **state)
{
	struct world *w = *state;

	json_object_set_new(w->client, "address", json_string("10.0.0.21"));
	check(w, LEASE, JUDGE_FAIL, "c:b has 10.0.0.21, not 10.0.0.10-10.0.0.20");
}

static void test_kernel_has_another_address(void **state)
{
	struct world *w = *state;

	w->address.address = 0x0a00000d;
	check(w, LEASE, JUDGE_FAIL, "not on the interface");
}

static void test_too_late(void **state)
{
	struct world *w = *state;

	w->events[4].t = 2000001;
	check(w, LEASE, JUDGE_FAIL, "not within 2s");
}

static void test_no_client(void **state)
{
	struct world *w = *state;

	json_decref(w->client);
	w->client = NULL;
	check(w, LEASE, JUDGE_FAIL, "runs no DHCP client");
}

static void test_two_transactions(void **state)
{
	struct world *w = *state;

	w->events[2].msg.xid = w->events[3].msg.xid = 8;
	check(w, DORA, JUDGE_FAIL, "no REQUEST after DISCOVER OFFER in one transaction");
}

static void test_messages_of_somebody_else(void **state)
{
	struct world *w = *state;

	memset(w->events[0].msg.src_mac, 0, 6);
	memset(w->events[2].msg.src_mac, 0, 6);
	check(w, DORA, JUDGE_FAIL, "no DISCOVER was seen");
}

static void test_no_reply(void **state)
{
	struct world *w = *state;

	w->ping = -ETIMEDOUT;
	check(w, REACH, JUDGE_FAIL, "c cannot ping 10.0.0.1: no reply in 1s");
}

static void test_route_by_another_way(void **state)
{
	struct world *w = *state;

	w->gateway = 0x0a000002;
	check(w, WAY, JUDGE_FAIL, "but via 10.0.0.2");
}

static void test_unanswerable_is_skipped(void **state)
{
	const struct judge_ops none = { 0 };
	struct world *w = *state;
	struct judgement j;

	for (size_t i = 0; i < w->s->n_expects; i++) {
		judge(w->s, &w->s->expects[i], &none, w, &j);
		assert_int_equal(j.result, JUDGE_SKIP);
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_all_met),
		TEST(test_wrong_state),
		TEST(test_address_out_of_range),
		TEST(test_kernel_has_another_address),
		TEST(test_too_late),
		TEST(test_no_client),
		TEST(test_two_transactions),
		TEST(test_messages_of_somebody_else),
		TEST(test_no_reply),
		TEST(test_route_by_another_way),
		TEST(test_unanswerable_is_skipped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
