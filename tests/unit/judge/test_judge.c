/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "judge/judge.h"

static const char text[] =
	"[Lab]\nFormatVersion=1\n[Node s]\n[Node c]\n[Wiring]\nCable=s:a c:b\n"
	"[Network s:a]\nAddress=10.0.0.1/24\nDHCPServer=yes\n[Network c:b]\nDHCP=ipv4\n"
	"[Expect lease]\nNode=c:b\nState=BOUND\nAddress=10.0.0.10-10.0.0.20\nWithin=2s\n"
	"[Expect dora]\nNode=c:b\nMessages=DISCOVER OFFER REQUEST ACK\nSameTransaction=yes\n"
	"[Expect reach]\nNode=c\nPing=10.0.0.1\n"
	"[Expect way]\nNode=c\nRoute=default via 10.0.0.1\n"
	"[Expect unreached]\nNode=c\nPing=10.0.0.1\nCount=0\n"
	"[Expect lost]\nNode=c\nNoAddress=yes\nAfterSec=10s\nWithin=1s\n"
	"[Expect request]\nMessage=REQUEST\nFrom=c\nField=ciaddr none\n"
	"Field=dst_ip 255.255.255.255\nOption=54 10.0.0.1\nOption=82 none\n"
	"[Expect no-nak]\nNode=c\nMessage=NAK\nCount=0\nWithin=5s\n"
	"[Expect two-acks]\nMessage=ACK\nCount=2-3\n"
	"[Expect late-ack]\nMessage=ACK\nAfterSec=5s\n"
	"[Expect given]\nNode=c\nServer=10.0.0.1\nRouter=10.0.0.1\nDNS=10.0.0.1\n"
	"LeaseTimeSec=10min\n"
	"[Task xid]\nAsk=Which xid?\nAnswer=xid of DISCOVER\n"
	"[Task server]\nAsk=Which server?\nAnswer=option 54 of REQUEST from c\n"
	"[Task who]\nAsk=Who sent it?\nAnswer=from of DISCOVER\n"
	"[Task mac]\nAsk=To which MAC?\nAnswer=dst_mac of DISCOVER\n"
	"[Task flags]\nAsk=Which flags?\nAnswer=flags of DISCOVER\n"
	"[Task none]\nAsk=Option 82?\nAnswer=option 82 of DISCOVER\n"
	"[Task nak]\nAsk=Which xid has the second ACK?\nAnswer=xid of ACK 2\n"
	"[Task acks]\nAsk=How many?\nAnswer=count of ACK\n";

enum { LEASE, DORA, REACH, WAY, UNREACHED, LOST, REQUEST, NO_NAK, TWO_ACKS, LATE_ACK, GIVEN };
enum { T_XID, T_SERVER, T_WHO, T_MAC, T_FLAGS, T_NONE, T_NAK, T_ACKS };

/* A lab as each case wants it. */
struct world {
	struct scenario *s;
	uint64_t now;
	bool has_client;
	struct judge_client client;
	struct trace_log log;
	struct trace_event events[16];
	uint32_t address;
	uint32_t gateway;
	int ping;
};

static uint64_t op_now(void *ctx)
{
	return ((struct world *)ctx)->now;
}

static bool op_client(void *ctx, size_t iface, struct judge_client *ret)
{
	*ret = ((struct world *)ctx)->client;
	return ((struct world *)ctx)->has_client;
}

static int op_host(void *ctx, size_t node, struct judge_host *ret)
{
	const struct world *w = ctx;

	if (w->address)
		assert_int_equal(judge_host_address(ret, 1, w->address), 0);
	assert_int_equal(judge_host_route(ret, 0, 0, w->gateway), 0);
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

static const struct judge_ops ops = { op_now, op_client, op_host, op_ping, op_log };

static char type_text[] = "3", server_text[] = "10.0.0.1", gone_text[] = "10.0.0.12/24";
static struct trace_option request_options[] = { { 53, type_text }, { 54, server_text } };

static void add_message(struct world *w, uint8_t type, uint32_t xid, bool own)
{
	struct trace_event *e = &w->events[w->log.n++];

	e->kind = TRACE_MESSAGE;
	e->msg.type = type;
	strcpy(e->msg.from, own ? "c:b" : "s:a");
	e->msg.dst_ip = own ? 0xffffffff : 0x0a00000c;
	memset(e->msg.dst_mac, own ? 0xff : 2, 6);
	if (type == DHCP_REQUEST) {
		e->msg.n_options = 2;
		e->msg.options = request_options;
	}
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
	w->has_client = true;
	w->client = (struct judge_client){ .state = "BOUND", .address = 0x0a00000c,
					   .server = 0x0a000001, .lease_sec = 600,
					   .n_router = 1, .router = { 0x0a000001 },
					   .n_dns = 1, .dns = { 0x0a000001 } };
	w->now = 20000000;
	w->address = 0x0a00000c;
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

	scenario_free(w->s);
	free(w);
	return 0;
}

static void check(struct world *w, size_t expect, enum judge_result want, const char *evidence)
{
	struct judgement j;

	judge_expect(w->s, &w->s->expects[expect], &ops, w, &j);
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

	strcpy(w->client.state, "SELECTING");
	check(w, LEASE, JUDGE_FAIL, "c:b is SELECTING, not BOUND");
}

static void test_address_out_of_range(void **state)
{
	struct world *w = *state;

	w->client.address = 0x0a000015;
	check(w, LEASE, JUDGE_FAIL, "c:b has 10.0.0.21, not 10.0.0.10-10.0.0.20");
}

static void test_kernel_has_another_address(void **state)
{
	struct world *w = *state;

	w->address = 0x0a00000d;
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

	w->has_client = false;
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

static void test_what_must_not_be(void **state)
{
	struct world *w = *state;

	check(w, UNREACHED, JUDGE_FAIL, "c pings 10.0.0.1");
	w->ping = -EHOSTUNREACH;
	check(w, UNREACHED, JUDGE_PASS, "c cannot ping 10.0.0.1");
	check(w, NO_NAK, JUDGE_PASS, "no NAK was seen");
	add_message(w, DHCP_NAK, 7, false);
	check(w, NO_NAK, JUDGE_FAIL, "one NAK");
	w->events[5].t = 5000001;
	check(w, NO_NAK, JUDGE_PASS, "no NAK");
	w->now = 4999999;
	check(w, NO_NAK, JUDGE_FAIL, "too early: judged from 5s of lab time on, and it is 4s");
}

static void add_removal(struct world *w, uint64_t t)
{
	struct trace_event *e = &w->events[w->log.n++];

	e->kind = TRACE_ADDRESS;
	e->t = t;
	strcpy(e->at, "c:b");
	strcpy(e->op, "remove");
	e->text = gone_text;
}

static void test_an_address_that_goes(void **state)
{
	struct world *w = *state;

	check(w, LOST, JUDGE_FAIL, "c:b has 10.0.0.12");
	w->address = 0;
	check(w, LOST, JUDGE_FAIL, "lost no such address between 10s and 11s");
	add_removal(w, 10500000);
	check(w, LOST, JUDGE_PASS, "c:b has no address, since 10.5s");
	w->events[5].t = 11000001;
	check(w, LOST, JUDGE_FAIL, "lost no such address");
	w->now = 9000000;
	check(w, LOST, JUDGE_FAIL, "too early");
}

static void test_one_message(void **state)
{
	struct world *w = *state;

	check(w, REQUEST, JUDGE_PASS, "one REQUEST without ciaddr, with dst_ip 255.255.255.255, "
	      "with option 54 10.0.0.1, without option 82, at 0s");
	w->events[2].msg.ciaddr = 0x0a00000c;
	check(w, REQUEST, JUDGE_FAIL, "1 other: ciaddr 10.0.0.12");
	w->events[2].msg.ciaddr = 0;
	w->events[2].msg.n_options = 1;
	check(w, REQUEST, JUDGE_FAIL, "1 other: no option 54");
	w->events[2].msg.n_options = 2;
	strcpy(w->events[2].msg.from, "cc:b");
	check(w, REQUEST, JUDGE_FAIL, "was seen");
}

static void test_how_many(void **state)
{
	struct world *w = *state;

	check(w, TWO_ACKS, JUDGE_FAIL, "one ACK, at 0s");
	add_message(w, DHCP_ACK, 9, false);
	check(w, TWO_ACKS, JUDGE_PASS, "2 x ACK");
	add_message(w, DHCP_ACK, 9, false);
	add_message(w, DHCP_ACK, 9, false);
	check(w, TWO_ACKS, JUDGE_FAIL, "4 x ACK");
}

static void test_what_came_before_does_not_count(void **state)
{
	struct world *w = *state;

	check(w, LATE_ACK, JUDGE_FAIL, "no ACK was seen");
	w->events[3].t = 5000000;
	check(w, LATE_ACK, JUDGE_PASS, "one ACK, at 5s");
}

static void test_what_the_lease_says(void **state)
{
	struct world *w = *state;

	check(w, GIVEN, JUDGE_PASS, "c:b is BOUND to 10.0.0.12");
	w->client.server++;
	check(w, GIVEN, JUDGE_FAIL, "from 10.0.0.2, not from 10.0.0.1");
	w->client.server--;
	w->client.router[0]++;
	check(w, GIVEN, JUDGE_FAIL, "not given router 10.0.0.1");
	w->client.router[0]--;
	w->client.n_dns = 0;
	check(w, GIVEN, JUDGE_FAIL, "not given DNS server 10.0.0.1");
	w->client.n_dns = 1;
	w->client.lease_sec = 599;
	check(w, GIVEN, JUDGE_FAIL, "for 599 s, not 600 s");
}

static void answer(struct world *w, size_t task, const char *text_, enum judge_result want,
		   const char *evidence)
{
	struct judgement j;

	judge_task(w->s, &w->s->tasks[task], &w->log, text_, &j);
	if (!strstr(j.evidence, evidence))
		fail_msg("\"%s\" is not in \"%s\"", evidence, j.evidence);
	assert_int_equal(j.result, want);
}

static void test_answers(void **state)
{
	struct world *w = *state;

	w->events[0].msg.xid = 0x3d6a3b68;
	w->events[0].msg.flags = 0x8000;
	answer(w, T_XID, "3d6a3b68", JUDGE_PASS, "right");
	answer(w, T_XID, "0x3D6A3B68", JUDGE_PASS, "right");
	answer(w, T_SERVER, "10.0.0.1", JUDGE_PASS, "right");
	answer(w, T_WHO, "c", JUDGE_PASS, "right");
	answer(w, T_WHO, "c:b", JUDGE_PASS, "right");
	answer(w, T_MAC, "FF:ff:ff:ff:ff:ff", JUDGE_PASS, "right");
	answer(w, T_FLAGS, "0x8000", JUDGE_PASS, "right");
	answer(w, T_FLAGS, "32768", JUDGE_PASS, "right");
	answer(w, T_NONE, "none", JUDGE_PASS, "right");
	answer(w, T_ACKS, "1", JUDGE_PASS, "right");
}

static void test_wrong_answers(void **state)
{
	struct world *w = *state;

	answer(w, T_XID, NULL, JUDGE_FAIL, "not answered yet: Which xid?");
	answer(w, T_XID, "8", JUDGE_FAIL, "\"8\" is not it");
	answer(w, T_XID, "-7", JUDGE_FAIL, "is not it");
	answer(w, T_XID, "7 ", JUDGE_FAIL, "is not it");
	answer(w, T_XID, "", JUDGE_FAIL, "is not it");
	answer(w, T_SERVER, "10.0.0.10", JUDGE_FAIL, "is not it");
	answer(w, T_WHO, "cc", JUDGE_FAIL, "is not it");
	answer(w, T_WHO, "s", JUDGE_FAIL, "is not it");
	answer(w, T_MAC, "ff:ff:ff:ff:ff:fe", JUDGE_FAIL, "is not it");
	answer(w, T_NAK, "7", JUDGE_FAIL, "nobody can know yet: there was no such ACK");
	answer(w, T_ACKS, "2", JUDGE_FAIL, "is not it");
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
		TEST(test_what_must_not_be),
		TEST(test_an_address_that_goes),
		TEST(test_one_message),
		TEST(test_how_many),
		TEST(test_what_came_before_does_not_count),
		TEST(test_what_the_lease_says),
		TEST(test_answers),
		TEST(test_wrong_answers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
