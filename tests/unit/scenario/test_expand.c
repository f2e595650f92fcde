/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>

#include "scenario/expand.h"

static void ranges_count_and_expand(void **state)
{
	static const struct {
		const char *text;
		size_t n, nth;
		const char *expect;
	} cases[] = {
		{ "eth0", 0, 0, "eth0" },
		{ "c[1-100]", 100, 99, "c100" },
		{ "c[1-3]:eth0 sw:p[11-13]", 3, 1, "c2:eth0 sw:p12" },
		{ "10.0.0.[1-100]/16", 100, 0, "10.0.0.1/16" },
		{ "c[01-10]", 10, 8, "c09" },
		{ "c[01-10]", 10, 9, "c10" },
		{ "[0-0]", 1, 0, "0" },
		{ "c[0-65535]", 65536, 65535, "c65535" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		cleanup_free char *got = expand_nth(cases[i].text, cases[i].nth);
		const char *why, *at;
		size_t n = 99;

		assert_int_equal(expand_count(cases[i].text, &n, &why, &at), 0);
		assert_int_equal(n, cases[i].n);
		assert_string_equal(got, cases[i].expect);
	}
}

static void bad_ranges_say_why_and_where(void **state)
{
	static const char pairs[] = "does not pair off with the range before it: they differ in size";
	static const char shape[] = "is no range: write [1-100]";
	static const struct {
		const char *text, *why;
		size_t at;
	} cases[] = {
		{ "c[1-", shape, 1 },	       { "c[1-2", shape, 1 },
		{ "c[]", shape, 1 },	       { "c[a-b]", shape, 1 },
		{ "c[1]", shape, 1 },	       { "c[-1]", shape, 1 },
		{ "c[1-2][", shape, 6 },       { "c[1-9999999999]", shape, 1 },
		{ "c[5-1]", "counts down", 1 }, { "c[1-2]:[1-3]", pairs, 7 },
		{ "c[0-65536]", "is over 65536 long", 1 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const char *why = NULL, *at = NULL;
		size_t n = 99;

		assert_int_equal(expand_count(cases[i].text, &n, &why, &at), -EINVAL);
		assert_string_equal(why, cases[i].why);
		assert_int_equal(at - cases[i].text, cases[i].at);
		assert_int_equal(n, 99);
	}
}

static void globs_match_within_a_name(void **state)
{
	static const struct {
		const char *glob, *name;
		bool match;
	} cases[] = {
		{ "c*:eth0", "c1:eth0", true },	   { "c*:eth0", "c:eth0", true },
		{ "c*:eth0", "c100:eth1", false }, { "c*:eth0", "srv:eth0", false },
		{ "*", "a:eth0", false },	   { "*:*", "a:eth0", true },
		{ "?:eth?", "a:eth0", true },	   { "?:eth?", "ab:eth0", false },
		{ "a?eth0", "a:eth0", false },	   { "*a*b*:x", "xxaxxbxx:x", true },
		{ "*a*b*:x", "xxbxxaxx:x", false }, { "c*:*", "c:", true },
		{ "**:eth0", "x:eth0", true },	   { "", "", true },
		{ "a", "", false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_int_equal(expand_match(cases[i].glob, cases[i].name), cases[i].match);
	assert_true(expand_is_glob("c*"));
	assert_true(expand_is_glob("c?"));
	assert_false(expand_is_glob("c[1-2]"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ranges_count_and_expand),
		cmocka_unit_test(bad_ranges_say_why_and_where),
		cmocka_unit_test(globs_match_within_a_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
