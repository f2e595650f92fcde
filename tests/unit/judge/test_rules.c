/* SPDX-License-Identifier: MIT */
/* test_rules.c - each judgement, with what is beside what it is about. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "judge/judge.h"

#define MS 1000ull

/* Two of a's interfaces, the second with a client; a node whose name begins as another's. */
static const char base[] = "[Lab]\nFormatVersion=1\n[Node s a ab]\n[Wiring]\n"
			   "Cable=s:x a:p\nCable=s:y a:q\nCable=s:z ab:x\n"
			   "[Network a:q]\nDHCP=ipv4\n[Network ab:x]\nDHCP=ipv4\n";

struct world {
	struct scenario *s;
	uint64_t now;
	struct judge_client client;
	struct judge_host host;
	struct trace_log log;
	struct trace_event events[16];
	int ping;
};

static struct scenario *parse(const char *section, const char *keys)
{
	const struct scenario_options opt = { .name = "t" };
	cleanup_diags struct diags diags = { 0 };
	struct scenario *s = NULL;
	char text[1024];

	snprintf(text, sizeof(text), "%s%s%s", base, section, keys);
	if (scenario_parse(text, strlen(text), &opt, &s, &diags) < 0) {
		cleanup_free char *errors = diags_format(&diags, "test");

		fail_msg("%s%s", keys, errors);
	}
	return s;
}

static int setup(void **state)
{
	struct world *w = calloc(1, sizeof(*w));

	assert_non_null(w);
	w->s = parse("", "");
	w->now = 100000 * MS;
	w->client = (struct judge_client){ .state = "BOUND", .address = 0x0a000005 };
	w->log.event = w->events;
	*state = w;
	return 0;
}

static int teardown(void **state)
{
	struct world *w = *state;

	judge_host_done(&w->host);
	scenario_free(w->s);
	free(w);
	return 0;
}

static uint64_t op_now(void *ctx)
{
	return ((struct world *)ctx)->now;
}

static bool op_client(void *ctx, size_t iface, struct judge_client *ret)
{
	*ret = ((struct world *)ctx)->client;
	return ((struct world *)ctx)->s->ifaces[iface].client;
}

static int op_host(void *ctx, size_t node, struct judge_host *ret)
{
	const struct judge_host *h = &((struct world *)ctx)->host;

	for (size_t i = 0; i < h->n_addresses; i++)
		assert_int_equal(judge_host_address(ret, h->addresses[i].iface,
						    h->addresses[i].address), 0);
	for (size_t i = 0; i < h->n_routes; i++)
		assert_int_equal(judge_host_route(ret, h->routes[i].dest, h->routes[i].prefix_len,
						  h->routes[i].gateway), 0);
	return 0;
}

static int op_ping(void *ctx, size_t node, uint32_t dst, uint64_t timeout_us, uint64_t *ret_rtt_us)
{
	return ((struct world *)ctx)->ping;
}

static const struct trace_log *op_log(void *ctx)
{
	return &((struct world *)ctx)->log;
}

static const struct judge_ops ops = { op_now, op_client, op_host, op_ping, op_log };

static struct trace_event *event(struct world *w, uint64_t ms, enum trace_kind kind,
				 const char *at)
{
	struct trace_event *e = &w->events[w->log.n++];

	*e = (struct trace_event){ .kind = kind, .t = ms * MS };
	snprintf(e->at, sizeof(e->at), "%s", at);
	return e;
}

static void state(struct world *w, uint64_t ms, const char *at, const char *machine,
		  const char *to)
{
	struct trace_event *e = event(w, ms, TRACE_STATE, at);

	snprintf(e->machine, sizeof(e->machine), "%s", machine);
	snprintf(e->to, sizeof(e->to), "%s", to);
}

static void address_event(struct world *w, uint64_t ms, const char *at, const char *op,
			  const char *address)
{
	struct trace_event *e = event(w, ms, TRACE_ADDRESS, at);

	snprintf(e->op, sizeof(e->op), "%s", op);
	e->text = (char *)address;
}

static struct trace_event *message(struct world *w, uint64_t ms, uint8_t type, const char *from,
				   uint32_t xid)
{
	struct trace_event *e = event(w, ms, TRACE_MESSAGE, "");
	size_t iface = scenario_iface(w->s, from);

	snprintf(e->msg.from, sizeof(e->msg.from), "%s", from);
	memcpy(e->msg.src_mac, w->s->ifaces[iface].mac, 6);
	e->msg.type = type;
	e->msg.xid = xid;
	return e;
}

static void address(struct world *w, const char *iface, uint32_t a)
{
	assert_int_equal(judge_host_address(&w->host, scenario_iface(w->s, iface), a), 0);
}

static void judged(struct world *w, const char *keys, enum judge_result want,
		   const char *evidence)
{
	struct scenario *s = parse("[Expect x]\n", keys);
	struct judgement j;

	judge_expect(s, &s->expects[0], &ops, w, &j);
	scenario_free(s);
	if (!strstr(j.evidence, evidence) || j.result != want)
		fail_msg("%s: %s: %s", keys, judge_result_name(j.result), j.evidence);
}

static void met(struct world *w, const char *keys, const char *evidence)
{
	judged(w, keys, JUDGE_PASS, evidence);
}

static void unmet(struct world *w, const char *keys, const char *evidence)
{
	judged(w, keys, JUDGE_FAIL, evidence);
}

static void test_since_when_a_client_is_in_its_state(void **ctx)
{
	struct world *w = *ctx;

	address(w, "a:q", 0x0a000005);
	state(w, 500, "a:q", "client", "SELECTING");
	state(w, 700, "ab:x", "client", "BOUND");
	state(w, 800, "a:q", "link-local", "BOUND");
	state(w, 5000, "a:q", "client", "BOUND");
	state(w, 6000, "a:q", "client", "BOUND");
	unmet(w, "Node=a:q\nState=BOUND\nWithin=2s\n", "a:q is BOUND since 5s after the start, not "
	      "within 2s");
	met(w, "Node=a:q\nState=BOUND\nWithin=5s\n", "a:q is BOUND to 10.0.0.5");
	met(w, "Node=a:q\nState=BOUND\nAfterSec=5500ms\nWithin=1s\n", "BOUND");
	unmet(w, "Node=a:q\nState=BOUND\nAfterSec=7s\nWithin=1s\n", "since an unknown time");
	/* What must be is judged as soon as it can be, not when its time is over. */
	w->now = 5000 * MS;
	met(w, "Node=a:q\nState=BOUND\nWithin=10s\n", "BOUND");
	met(w, "Node=a:q\nState=BOUND\nAfterSec=5s\n", "BOUND");
	unmet(w, "Node=a:q\nState=BOUND\nAfterSec=6s\n", "too early: judged from 6s of lab time");
}

static void test_the_address_that_a_client_says_it_has(void **ctx)
{
	struct world *w = *ctx;

	address(w, "a:p", 0x0a000005);
	unmet(w, "Node=a:q\nState=BOUND\n", "a:q leases 10.0.0.5, but the address is not on the "
	      "interface");
	address(w, "a:q", 0x0a000006);
	unmet(w, "Node=a:q\nState=BOUND\n", "not on the interface");
	address(w, "a:q", 0x0a000005);
	met(w, "Node=a:q\nState=BOUND\n", "a:q is BOUND to 10.0.0.5");
	unmet(w, "Node=a:q\nAddress=10.0.0.6-10.0.0.9\n", "has 10.0.0.5, not 10.0.0.6-10.0.0.9");
	unmet(w, "Node=a:q\nAddress=10.0.0.1-10.0.0.4\n", "has 10.0.0.5");
	met(w, "Node=a:q\nAddress=10.0.0.5\n", "10.0.0.5");
	unmet(w, "Node=a:q\nState=RENEWING\n", "a:q is BOUND, not RENEWING");
}

static void test_routes(void **ctx)
{
	struct world *w = *ctx;

	assert_int_equal(judge_host_route(&w->host, 0x0a010000, 16, 0x0a000001), 0);
	met(w, "Node=a\nRoute=10.1.0.0/16\n", "a has the route 10.1.0.0/16");
	met(w, "Node=a\nRoute=10.1.0.0/16 via 10.0.0.1\n", "has the route");
	unmet(w, "Node=a\nRoute=10.1.0.0/16 via 10.0.0.2\n", "but via 10.0.0.1");
	unmet(w, "Node=a\nRoute=10.2.0.0/16\n", "has no route 10.2.0.0/16");
	unmet(w, "Node=a\nRoute=10.1.0.0/24\n", "has no route 10.1.0.0/24");
	unmet(w, "Node=a\nRoute=10.1.0.0/16\nCount=0\n", "a has the route");
	met(w, "Node=a\nRoute=10.2.0.0/16\nCount=0\n", "has no route");
}

static void test_pings(void **ctx)
{
	struct world *w = *ctx;

	met(w, "Node=a\nPing=10.0.0.1\n", "a pings 10.0.0.1");
	unmet(w, "Node=a\nPing=10.0.0.1\nCount=0\n", "a pings 10.0.0.1");
	w->ping = -ETIMEDOUT;
	unmet(w, "Node=a\nPing=10.0.0.1\n", "no reply in 1s");
	met(w, "Node=a\nPing=10.0.0.1\nCount=0\n", "no reply in 1s");
	w->ping = -ENETUNREACH;
	unmet(w, "Node=a\nPing=10.0.0.1\n", "Network is unreachable");
	met(w, "Node=a\nPing=10.0.0.1\nCount=0\n", "Network is unreachable");
}

static void test_addresses_of_the_kernel(void **ctx)
{
	struct world *w = *ctx;

	unmet(w, "Node=s:x\nAddress=10.0.0.1\n", "s:x has no address, not 10.0.0.1");
	address(w, "s:y", 0x0a000009);
	address(w, "s:x", 0x0a000005);
	address(w, "s:x", 0x0a000006);
	met(w, "Node=s:x\nAddress=10.0.0.5\n", "s:x has 10.0.0.5");
	met(w, "Node=s:x\nAddress=10.0.0.6\n", "s:x has 10.0.0.6");
	unmet(w, "Node=s:x\nAddress=10.0.0.9\n", "s:x has 10.0.0.5, not 10.0.0.9");
	unmet(w, "Node=s:x\nAddress=10.0.0.7-10.0.0.20\n", "s:x has 10.0.0.5");
	unmet(w, "Node=s:x\nAddress=10.0.0.1-10.0.0.4\n", "s:x has 10.0.0.5");
	/* Of the interface that is named, and not of the node's client. */
	met(w, "Node=a:p\nNoAddress=yes\n", "a:p has no address");
	address(w, "a:q", 0x0a000001);
	met(w, "Node=a:p\nNoAddress=yes\n", "a:p has no address");
	unmet(w, "Node=a:q\nNoAddress=yes\n", "a:q has 10.0.0.1");
	met(w, "Node=a:q\nNoAddress=10.0.0.2-10.0.0.9\n", "a:q has no such address");
}

static void test_when_an_address_went(void **ctx)
{
	static const char keys[] = "Node=a:q\nNoAddress=10.0.0.0/24\nAfterSec=10s\nWithin=5s\n";
	struct world *w = *ctx;

	address_event(w, 9000, "a:q", "remove", "10.0.0.5/24");
	address_event(w, 12000, "ab:x", "remove", "10.0.0.5/24");
	address_event(w, 12000, "a:q", "add", "10.0.0.5/24");
	address_event(w, 12000, "a:q", "remove", "10.9.0.5/24");
	address_event(w, 12000, "a:q", "remove", "9.0.0.5/24");
	address_event(w, 20000, "a:q", "remove", "10.0.0.5/24");
	unmet(w, keys, "a:q lost no such address between 10s and 15s");
	address_event(w, 15000, "a:q", "remove", "10.0.0.5/24");
	met(w, keys, "since 15s");
}

static void test_whose_messages_count(void **ctx)
{
	struct world *w = *ctx;

	message(w, 1000, DHCP_DISCOVER, "a:q", 1);
	message(w, 1001, DHCP_OFFER, "s:y", 2);
	unmet(w, "Node=a:q\nMessages=DISCOVER OFFER\n", "a:q: no OFFER after DISCOVER");
	unmet(w, "Node=ab\nMessages=DISCOVER\n", "ab:x: no DISCOVER was seen");
	met(w, "Message=OFFER\n", "one OFFER");
	unmet(w, "Node=a:q\nMessage=OFFER\n", "no OFFER was seen");
	message(w, 1002, DHCP_OFFER, "s:y", 1);
	message(w, 1003, DHCP_REQUEST, "a:q", 1);
	message(w, 2000, DHCP_DISCOVER, "a:q", 3);
	unmet(w, "Node=a:q\nMessages=DISCOVER OFFER REQUEST ACK\nSameTransaction=yes\n",
	      "a:q: no ACK after DISCOVER OFFER REQUEST in one transaction");
	message(w, 2001, DHCP_ACK, "s:y", 3);
	unmet(w, "Node=a:q\nMessages=DISCOVER OFFER REQUEST ACK\nSameTransaction=yes\n", "no ACK");
	met(w, "Node=a:q\nMessages=DISCOVER OFFER REQUEST ACK\n", "DISCOVER OFFER REQUEST ACK");
	unmet(w, "Node=a:q\nMessages=DISCOVER OFFER\nAfterSec=2s\n", "no OFFER after DISCOVER");
	met(w, "Message=ACK\nAfterSec=1s\n", "one ACK, at 2.001s");
}

static void test_from_whom(void **ctx)
{
	struct world *w = *ctx;

	message(w, 1000, DHCP_OFFER, "s:y", 1);
	met(w, "Message=OFFER\nFrom=s\n", "one OFFER");
	met(w, "Message=OFFER\nFrom=s:y\n", "one OFFER");
	unmet(w, "Message=OFFER\nFrom=s:x\n", "no OFFER was seen");
	unmet(w, "Message=OFFER\nFrom=a\n", "no OFFER was seen");
	message(w, 1000, DHCP_DISCOVER, "ab:x", 1);
	unmet(w, "Message=DISCOVER\nFrom=a\n", "no DISCOVER was seen");
	met(w, "Message=DISCOVER\nFrom=ab\n", "one DISCOVER");
}

static char srv_text[] = "10.0.0.1", id_text[] = "01:02:4e";
static struct trace_option options[] = { { 54, srv_text }, { 61, id_text } };

static void test_what_is_in_a_message(void **ctx)
{
	struct world *w = *ctx;
	struct trace_event *e = message(w, 1000, DHCP_OFFER, "s:y", 1);

	e->msg.options = options;
	e->msg.n_options = 2;
	e->msg.yiaddr = 0x0a000005;
	met(w, "Message=OFFER\nOption=61\n", "one OFFER");
	met(w, "Message=OFFER\nOption=54 10.0.0.1\n", "one OFFER");
	unmet(w, "Message=OFFER\nOption=54 10.0.0.2\n", "1 other: option 54 10.0.0.1");
	unmet(w, "Message=OFFER\nOption=61 none\n", "option 61 01:02:4e");
	met(w, "Message=OFFER\nOption=82 none\n", "one OFFER");
	unmet(w, "Message=OFFER\nOption=82\n", "no option 82");
	unmet(w, "Message=OFFER\nOption=82 x\n", "no option 82");
	met(w, "Message=OFFER\nField=yiaddr 10.0.0.0-10.0.0.9\n", "one OFFER");
	unmet(w, "Message=OFFER\nField=yiaddr 10.0.0.6-10.0.0.9\n", "yiaddr 10.0.0.5");
	unmet(w, "Message=OFFER\nField=yiaddr 10.0.0.1-10.0.0.4\n", "yiaddr 10.0.0.5");
	met(w, "Message=OFFER\nField=yiaddr 10.0.0.9\nCount=0\n", "no OFFER");
	unmet(w, "Message=OFFER\nCount=0\n", "one OFFER");
	unmet(w, "Message=OFFER\nCount=2\n", "one OFFER");
	/* What must not be, only when it can be no more; all else at once. */
	w->now = 1000 * MS;
	unmet(w, "Message=NAK\nCount=0\nWithin=2s\n", "too early: judged from 2s");
	met(w, "Message=OFFER\nWithin=2s\n", "one OFFER");
	w->now = 2000 * MS;
	met(w, "Message=NAK\nCount=0\nWithin=2s\n", "no NAK was seen");
}

/* Every field that can be asked for, each with a value of its own. */
static void add_all_fields(struct world *w)
{
	struct trace_event *e = message(w, 1000, DHCP_DISCOVER, "ab:x", 0xabcd);

	e->msg.src_ip = 0x01010101;
	e->msg.dst_ip = 0x02020202;
	e->msg.src_port = 68;
	e->msg.dst_port = 67;
	e->msg.secs = 2;
	e->msg.flags = 0x8000;
	e->msg.ciaddr = 0x03030303;
	e->msg.yiaddr = 0x04040404;
	e->msg.siaddr = 0x05050505;
	e->msg.giaddr = 0x06060606;
	e->msg.length = 300;
	memcpy(e->msg.src_mac, (const uint8_t[]){ 2, 0, 0, 0, 0, 1 }, 6);
	memcpy(e->msg.dst_mac, (const uint8_t[]){ 2, 0, 0, 0, 0, 2 }, 6);
	strcpy(e->msg.to, "everyone");
	e->msg.options = options;
	e->msg.n_options = 2;
	/* Later ones, of others. */
	message(w, 1001, DHCP_DISCOVER, "a:q", 0x77);
	message(w, 1002, DHCP_OFFER, "s:y", 0x78);
	message(w, 1003, DHCP_OFFER, "s:x", 0x79);
}

static const struct {
	const char *what, *right, *wrong;
} questions[] = {
	{ "xid of DISCOVER", "0xABCD", "abce" },
	{ "src_mac of DISCOVER", "02:00:00:00:00:01", "02:00:00:00:00:02" },
	{ "dst_mac of DISCOVER", "02:00:00:00:00:02", "02:00:00:00:00" },
	{ "src_ip of DISCOVER", "1.1.1.1", "1.1.1.2" },
	{ "dst_ip of DISCOVER", "2.2.2.2", "2.2.2" },
	{ "src_port of DISCOVER", "68", "67" },
	{ "dst_port of DISCOVER", "67", "68" },
	{ "secs of DISCOVER", "2", "+2" },
	{ "secs of DISCOVER", "0x2", "-2" },
	{ "secs of DISCOVER", "2", "2s" },
	{ "flags of DISCOVER", "0x8000", "8000" },
	{ "ciaddr of DISCOVER", "3.3.3.3", "0.0.0.0" },
	{ "yiaddr of DISCOVER", "4.4.4.4", "0.0.0.0" },
	{ "siaddr of DISCOVER", "5.5.5.5", "0.0.0.0" },
	{ "giaddr of DISCOVER", "6.6.6.6", "0.0.0.0" },
	{ "length of DISCOVER", "300", "301" },
	{ "from of DISCOVER", "ab", "a" },
	{ "from of DISCOVER", "AB:X", "ab:" },
	{ "to of DISCOVER", "everyone", "every" },
	{ "option 54 of DISCOVER", "10.0.0.1", "10" },
	{ "option 61 of DISCOVER", "01:02:4E", "01" },
	{ "option 82 of DISCOVER", "none", "01" },
	{ "xid of DISCOVER 2", "77", "abcd" },
	{ "xid of DISCOVER from a", "77", "abcd" },
	{ "xid of DISCOVER from ab", "abcd", "77" },
	{ "xid of OFFER from s", "78", "79" },
	{ "xid of OFFER from s:x", "79", "78" },
	{ "count of OFFER", "2", "3" },
	{ "count of OFFER from s:x", "1", "2" },
	{ "count of NAK", "0", "1" },
};

static enum judge_result answered(struct world *w, const char *what, const char *answer)
{
	char keys[128];
	struct judgement j;
	struct scenario *s;

	snprintf(keys, sizeof(keys), "Ask=What?\nAnswer=%s\n", what);
	s = parse("[Task x]\n", keys);
	judge_task(s, &s->tasks[0], &w->log, answer, &j);
	scenario_free(s);
	return j.result;
}

/* What netlab does is no edit; nor is a route. */
static void test_edits_are_counted(void **ctx)
{
	struct world *w = *ctx;

	address_event(w, 1, "a:q", "add", "10.0.0.5/24");
	assert_int_equal(answered(w, "count of edits", "0"), JUDGE_PASS);
	for (unsigned int i = 0; i < 3; i++) {
		address_event(w, 2 + i, i < 2 ? "a:q" : "ab:x", i ? "add" : "remove", "10.0.0.5/24");
		w->events[w->log.n - 1].by_others = true;
	}
	event(w, 6, TRACE_ROUTE, "a:q")->by_others = true;
	assert_int_equal(answered(w, "count of edits", "3"), JUDGE_PASS);
	assert_int_equal(answered(w, "count of edits from a", "2"), JUDGE_PASS);
	assert_int_equal(answered(w, "count of edits from ab:x", "1"), JUDGE_PASS);
	assert_int_equal(answered(w, "count of edits from a:p", "1"), JUDGE_FAIL);
}

static void test_each_question(void **ctx)
{
	struct world *w = *ctx;

	add_all_fields(w);
	for (size_t i = 0; i < ARRAY_SIZE(questions); i++) {
		if (answered(w, questions[i].what, questions[i].right) != JUDGE_PASS)
			fail_msg("%s: %s is right", questions[i].what, questions[i].right);
		if (answered(w, questions[i].what, questions[i].wrong) != JUDGE_FAIL)
			fail_msg("%s: %s is wrong", questions[i].what, questions[i].wrong);
	}
	assert_int_equal(answered(w, "xid of NAK", "0"), JUDGE_FAIL);
}

#define RULE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		RULE(test_since_when_a_client_is_in_its_state),
		RULE(test_the_address_that_a_client_says_it_has),
		RULE(test_routes),
		RULE(test_pings),
		RULE(test_addresses_of_the_kernel),
		RULE(test_when_an_address_went),
		RULE(test_whose_messages_count),
		RULE(test_from_whom),
		RULE(test_what_is_in_a_message),
		RULE(test_each_question),
		RULE(test_edits_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
