/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "frames.h"
#include "node/fault.h"

#define SECOND 1000000ull

static const char ini[] = "[Lab]\nFormatVersion=1\nSeed=3\n[Node a b c]\n"
			  "[Wiring]\nCable=a:eth0 b:eth0\nCable=a:eth1 c:eth0\n";

static void start(struct faults *f, const char *more)
{
	struct scenario *s = scenario_of(ini, more);

	assert_int_equal(faults_init(f, s), 0);
}

static void stop(struct faults *f)
{
	scenario_free((struct scenario *)f->scenario);
	faults_done(f);
}

static size_t iface(const struct faults *f, const char *label)
{
	size_t i = scenario_iface(f->scenario, label);

	assert_int_not_equal(i, NONE);
	return i;
}

static struct fault_verdict judge(struct faults *f, uint64_t now, const char *from, uint8_t type)
{
	struct fault_verdict v;
	struct bytes b = type ? dhcp_frame(type) : arp_frame();

	faults_judge(f, now, iface(f, from), b.data, b.len, &v);
	return v;
}

static void test_without_rules_all_pass(void **state)
{
	struct faults f;

	start(&f, "");
	assert_int_equal(judge(&f, 0, "a:eth0", DHCP_OFFER).copies, 1);
	assert_null(f.seen);	/* nothing was counted */
	stop(&f);
}

static void test_a_message_is_hit_so_often(void **state)
{
	struct faults f;
	struct fault_verdict v;
	char text[FAULT_TEXT_MAX];

	start(&f, "[Fault lossy]\nType=drop\nMessage=OFFER\nCount=2\n");
	assert_int_equal(judge(&f, 0, "a:eth0", DHCP_ACK).copies, 1);
	assert_int_equal(judge(&f, 0, "a:eth0", 0).copies, 1);
	assert_int_equal(judge(&f, 0, "a:eth0", DHCP_OFFER).copies, 0);
	v = judge(&f, 0, "a:eth0", DHCP_OFFER);
	assert_int_equal(v.copies, 0);
	assert_int_equal(v.n_strikes, 1);
	fault_describe(v.strikes[0], DHCP_OFFER, text);
	assert_string_equal(text, "OFFER DROPPED BY FAULT lossy (2 of 2)");
	assert_int_equal(judge(&f, 0, "a:eth0", DHCP_OFFER).copies, 1);
	stop(&f);
}

static void test_node_and_direction(void **state)
{
	static const struct {
		const char *keys;
		bool a0, b, a1, c;	/* what they send is hit */
	} rows[] = {
		{ "", true, true, true, true },
		{ "Node=a\n", true, true, true, true },
		{ "Node=b\n", true, true, false, false },
		{ "Node=b\nDirection=from\n", false, true, false, false },
		{ "Node=b\nDirection=to\n", true, false, false, false },
		{ "Node=a:eth1\nDirection=from\n", false, false, true, false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char more[96];
		struct faults f;

		snprintf(more, sizeof(more), "[Fault x]\nType=drop\n%s", rows[i].keys);
		start(&f, more);
		assert_int_equal(judge(&f, 0, "a:eth0", 1).copies, !rows[i].a0);
		assert_int_equal(judge(&f, 0, "b:eth0", 1).copies, !rows[i].b);
		assert_int_equal(judge(&f, 0, "a:eth1", 1).copies, !rows[i].a1);
		assert_int_equal(judge(&f, 0, "c:eth0", 1).copies, !rows[i].c);
		/* These cables, and no others, are wires. */
		assert_int_equal(f.scenario->cables[0].wire, rows[i].a0 || rows[i].b);
		assert_int_equal(f.scenario->cables[1].wire, rows[i].a1 || rows[i].c);
		stop(&f);
	}
}

static void test_what_each_kind_does(void **state)
{
	struct fault_verdict v;
	struct faults f;

	start(&f, "[Fault d]\nType=delay\nDelaySec=2s\nAfterSec=5s\n"
		  "[Fault u]\nType=duplicate\nMessage=ACK\n[Fault r]\nType=reorder\nMessage=NAK\n"
		  "[Fault c]\nType=corrupt\nMessage=DISCOVER\n");
	v = judge(&f, 5 * SECOND - 1, "a:eth0", DHCP_ACK);
	assert_int_equal(v.copies, 2);
	assert_int_equal(v.late, 0);
	v = judge(&f, 5 * SECOND, "a:eth0", DHCP_ACK);
	assert_int_equal(v.copies, 2);
	assert_int_equal(v.late, 2 * SECOND);
	assert_int_equal(v.n_strikes, 2);
	assert_int_equal(judge(&f, 0, "a:eth0", DHCP_NAK).late, SCN_REORDER_US);
	v = judge(&f, 0, "a:eth0", DHCP_DISCOVER);
	assert_true(v.corrupt);
	assert_in_range(v.bit, ETH_HEADER_LEN * 8, dhcp_frame(DHCP_DISCOVER).len * 8 - 1);
	stop(&f);
}

/* One letter a verdict on @n messages of a type, with @stray ARPs before each. */
static void verdicts(struct faults *f, const char *from, uint8_t type, size_t n, size_t stray,
		     char *ret)
{
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < stray; k++)
			judge(f, 0, "a:eth0", 0);
		ret[i] = judge(f, 0, from, type).copies ? '.' : 'x';
	}
	ret[n] = '\0';
}

static void test_a_stray_frame_shifts_nothing(void **state)
{
	static const char more[] = "[Fault x]\nType=drop\nRate=40%\n";
	char plain[65], strayed[65], other[65], acks[65];
	struct faults f;

	start(&f, more);
	verdicts(&f, "a:eth0", DHCP_OFFER, 64, 0, plain);
	stop(&f);
	start(&f, more);
	verdicts(&f, "a:eth0", DHCP_OFFER, 64, 3, strayed);
	verdicts(&f, "b:eth0", DHCP_OFFER, 64, 0, other);
	verdicts(&f, "a:eth0", DHCP_ACK, 64, 0, acks);
	stop(&f);
	assert_string_equal(plain, strayed);
	/* Another sender and another class have draws of their own. */
	assert_string_not_equal(plain, other);
	assert_string_not_equal(plain, acks);
}

static void test_rates_hold(void **state)
{
	struct faults f;
	unsigned int lost = 0;

	start(&f, "[NetworkEmulator a:eth0]\nLossRate=12.5%\n");
	for (unsigned int i = 0; i < 4000; i++)
		lost += judge(&f, 0, "a:eth0", DHCP_ACK).copies == 0;
	assert_in_range(lost, 420, 580);
	assert_int_equal(judge(&f, 0, "b:eth0", DHCP_ACK).copies, 1);
	stop(&f);
}

static void test_a_slow_link_is_no_news(void **state)
{
	uint64_t least = UINT64_MAX, most = 0;
	struct faults f;

	start(&f, "[NetworkEmulator a:eth0]\nDelaySec=20ms\nDelayJitterSec=5ms\n");
	for (unsigned int i = 0; i < 500; i++) {
		struct fault_verdict v = judge(&f, 0, "a:eth0", DHCP_ACK);

		assert_int_equal(v.n_strikes, 0);
		least = min_u64(least, v.late);
		most = max_u64(most, v.late);
	}
	assert_in_range(least, 15000, 15200);
	assert_in_range(most, 24800, 25000);
	stop(&f);
}

static void test_added_and_cleared(void **state)
{
	struct scn_fault x = { .name = "x", .kind = SCN_FAULT_DROP, .node = NONE, .iface = NONE,
			       .rate = SCN_MILLION };
	struct faults f;

	start(&f, "[NetworkEmulator a:eth0]\nDuplicateRate=100%\n");
	assert_int_equal(faults_add(&f, &x), 0);
	assert_int_equal(faults_add(&f, &x), -EEXIST);
	assert_int_equal(judge(&f, 0, "a:eth0", DHCP_ACK).copies, 0);
	assert_int_equal(faults_clear(&f), 1);
	assert_int_equal(judge(&f, 0, "a:eth0", DHCP_ACK).copies, 2);
	stop(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_without_rules_all_pass),
		cmocka_unit_test(test_a_message_is_hit_so_often),
		cmocka_unit_test(test_node_and_direction),
		cmocka_unit_test(test_what_each_kind_does),
		cmocka_unit_test(test_a_stray_frame_shifts_nothing),
		cmocka_unit_test(test_rates_hold),
		cmocka_unit_test(test_a_slow_link_is_no_news),
		cmocka_unit_test(test_added_and_cleared),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
