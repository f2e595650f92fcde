/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "trace/why.h"

#define HEAD "{\"schema\":\"netlab.event/1\",\"n\":"
#define DISCOVER(n, t) HEAD n ",\"t\":" t ",\"kind\":\"message\",\"from\":\"c3:eth0\"," \
	"\"to\":\"everyone\",\"message\":\"DISCOVER\",\"xid\":\"00000007\"}"
#define FULL(n, t) HEAD n ",\"t\":" t ",\"kind\":\"drop\",\"at\":\"srv:eth0\"," \
	"\"machine\":\"server\",\"message\":\"DISCOVER\",\"why\":\"the pool is full\"," \
	"\"rfc\":\"RFC 2131 section 4.3.1\",\"client\":\"02:00:00:00:00:03\",\"pool\":{" \
	"\"first\":\"10.1.0.10\",\"last\":\"10.1.0.17\",\"size\":8,\"held\":8,\"declined\":0," \
	"\"next_free_in\":250}}"
#define STATE(n, from, to) HEAD n ",\"t\":0,\"kind\":\"state\",\"at\":\"c3:eth0\"," \
	"\"machine\":\"client\",\"from\":\"" from "\",\"to\":\"" to "\",\"why\":\"w\"}"
#define OF_ANOTHER(n) HEAD n ",\"t\":5,\"kind\":\"drop\",\"at\":\"srv:eth0\"," \
	"\"machine\":\"server\",\"message\":\"DISCOVER\",\"why\":\"x\"," \
	"\"client\":\"02:00:00:00:00:04\"}"
#define REPLY(n, type, address) HEAD n ",\"t\":6,\"kind\":\"message\",\"from\":\"srv:eth0\"," \
	"\"to\":\"c3:eth0\",\"message\":\"" type "\",\"xid\":\"00000007\",\"yiaddr\":\"" \
	address "\",\"options\":{\"54\":\"10.1.0.1\",\"51\":\"3600\"}}"

static void assert_why(const struct why_client *c, const char *const *lines, size_t n,
		       const char *want)
{
	cleanup_trace_log struct trace_log log = { 0 };
	cleanup_text struct text out = { 0 };
	cleanup_why struct why w = { 0 };

	for (size_t i = 0; i < n; i++) {
		struct trace_event e = { 0 };

		assert_int_equal(trace_event_from_json(lines[i], strlen(lines[i]), &e), 0);
		assert_int_equal(trace_log_add(&log, &e), 0);
	}
	assert_int_equal(why_find(c, &log, &w), 0);
	why_view(c, &log, &w, &out);
	assert_string_equal(out.str, want);
}

#define CLIENT(s, a, next) { .place = "c3:eth0", .mac = { 2, 0, 0, 0, 0, 3 }, .state = s, \
			     .address = a, .next_in = next }
static void a_full_pool(void **state)
{
	const struct why_client c = CLIENT("SELECTING", "", 14);
	static const char *const lines[] = {
		STATE("1", "INIT", "SELECTING"), DISCOVER("2", "0"), FULL("3", "0"),
		DISCOVER("4", "4"), FULL("5", "4"), OF_ANOTHER("6"), DISCOVER("21", "12"),
		FULL("22", "12"),
	};

	assert_why(&c, lines, ARRAY_SIZE(lines),
		"c3:eth0 has no lease. It is SELECTING, attempt 3, next DISCOVER in 14s.\n"
		"  #21    c3:eth0 to everyone, DISCOVER: is there a DHCP server?\n"
		"  #22    srv:eth0 made no OFFER: the pool is full; 10.1.0.10-10.1.0.17: 8 of\n"
		"         8 held, the next free in 4min 10s. RFC 2131 section 4.3.1\n");
}

static void nobody_answers(void **state)
{
	const struct why_client c = CLIENT("SELECTING", "", 4);
	static const char *const lines[] = {
		DISCOVER("2", "0"),
		HEAD "3,\"t\":0,\"kind\":\"fault\",\"at\":\"c3:eth0\",\"what\":\"DISCOVER lost\"}",
		OF_ANOTHER("4"), DISCOVER("5", "4"),
	};

	assert_why(&c, lines, ARRAY_SIZE(lines),
		"c3:eth0 has no lease. It is SELECTING, attempt 2, next DISCOVER in 4s.\n"
		"  #5     c3:eth0 to everyone, DISCOVER: is there a DHCP server?\n"
		"  nobody answered: no server has recorded that the message came\n");
}

/* What took its lease comes first. */
static void after_a_nak(void **state)
{
	const struct why_client c = CLIENT("SELECTING", "", -1);
	static const char *const lines[] = {
		DISCOVER("1", "0"), REPLY("2", "NAK", "0.0.0.0"), STATE("3", "REQUESTING", "INIT"),
		DISCOVER("4", "1"),
	};

	assert_why(&c, lines, ARRAY_SIZE(lines),
		"c3:eth0 has no lease. It is SELECTING, attempt 1.\n"
		"  #3     REQUESTING -> INIT: w\n"
		"  #4     c3:eth0 to everyone, DISCOVER: is there a DHCP server?\n"
		"  nobody answered: no server has recorded that the message came\n");
}

static void bound(void **state)
{
	const struct why_client c = CLIENT("BOUND", "10.1.0.10/24", 1800);
	static const char *const lines[] = {
		DISCOVER("1", "0"), REPLY("2", "ACK", "10.1.0.10"),
		STATE("3", "REQUESTING", "BOUND"),
	};

	assert_why(&c, lines, ARRAY_SIZE(lines),
		"c3:eth0 has 10.1.0.10/24: it is BOUND, next step in 30min.\n"
		"  #1     c3:eth0 to everyone, DISCOVER: is there a DHCP server?\n"
		"  #2     srv:eth0 to c3:eth0, ACK: 10.1.0.10 is yours for 1h\n"
		"  #3     REQUESTING -> BOUND: w\n");
}

static void nothing_recorded(void **state)
{
	const struct why_client c = CLIENT("STOPPED", "", -1);

	assert_why(&c, NULL, 0, "c3:eth0 has no lease. It is STOPPED.\n"
				"  nothing is recorded of it\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_full_pool),
		cmocka_unit_test(nobody_answers),
		cmocka_unit_test(after_a_nak),
		cmocka_unit_test(bound),
		cmocka_unit_test(nothing_recorded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
