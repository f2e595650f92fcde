/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"

static void text_grows(void **state)
{
	cleanup_text struct text t = { 0 };

	for (int i = 0; i < 1000; i++)
		text_add(&t, "%d,", i % 10);
	assert_int_equal(t.len, 2000);
	assert_int_equal(strlen(t.str), 2000);
}

static void taking_an_empty_text_gives_an_empty_string(void **state)
{
	struct text t = { 0 };
	char *str = text_take(&t);

	assert_string_equal(str, "");
	assert_null(t.str);
	free(str);
}

static void padding_counts_code_points_of_the_last_line(void **state)
{
	cleanup_text struct text t = { 0 };

	text_add(&t, "a long first line\n\xc3\xa9");
	text_pad(&t, 4);
	text_add(&t, "|");
	assert_string_equal(t.str, "a long first line\n\xc3\xa9   |");
	text_pad(&t, 2);
	assert_string_equal(t.str, "a long first line\n\xc3\xa9   |");
}

static void copies_are_cut_and_terminated(void **state)
{
	char buf[4];

	assert_true(str_copy(buf, sizeof(buf), "abc"));
	assert_false(str_copy(buf, sizeof(buf), "abcd"));
	assert_string_equal(buf, "abc");
}

static void nearest_spelling(void **state)
{
	static const char *const words[] = { "up", "down", "status", "dhcptest", "why" };
	static const struct {
		const char *word, *want;
	} cases[] = {
		{ "dhpctest", "dhcptest" }, { "STATUS", "status" }, { "wh", "why" },
		{ "statsu", "status" },	    { "ups", "up" },	    { "banana", NULL },
		{ "", NULL },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const char *got = nearest(cases[i].word, words, ARRAY_SIZE(words));

		if (cases[i].want)
			assert_string_equal(got, cases[i].want);
		else
			assert_null(got);
	}
}

static void durations_read(void **state)
{
	static const struct {
		const char *text;
		uint64_t us;
	} cases[] = {
		{ "90", 90000000 },	  { "90s", 90000000 },
		{ "1h 30min", 5400000000 },
		{ "500ms", 500000 },	  { "1d", 86400000000 },    { "infinity", UINT64_MAX },
		{ "2.5 s", 2500000 },	  { "1h30min", 5400000000 }, { "0", 0 },
		{ "9223372036854775808us", 1ull << 63 },
	};
	uint64_t us;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_int_equal(duration_parse(cases[i].text, &us), 0);
		assert_int_equal(us, cases[i].us);
	}
}

static void bad_durations_are_refused(void **state)
{
	static const char *const bad[] = { "", " ", "s", "1x", "-1s", "1.s", "1s infinity" };
	uint64_t us = 7;

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_int_equal(duration_parse(bad[i], &us), -EINVAL);
	assert_int_equal(duration_parse("9223372036854775809us", &us), -ERANGE);
	assert_int_equal(duration_parse("99999999999999999999", &us), -ERANGE);
	assert_int_equal(duration_parse("999999999999999y", &us), -ERANGE);
	assert_int_equal(us, 7);
}

static void durations_print(void **state)
{
	static const struct {
		uint64_t us;
		const char *text;
	} cases[] = {
		{ 3600000000, "1h" },	{ 5400000000, "1h 30min" }, { 2500000, "2.5s" },
		{ 12000, "12ms" },	{ UINT64_MAX, "for ever" }, { 0, "0s" },
		{ 90061000000, "1d 1h 1min 1s" }, { 7, "7us" },	    { 60000999, "1min" },
		{ 1050000, "1.05s" },
	};
	char buf[DURATION_LEN];

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_string_equal(duration_format(cases[i].us, buf), cases[i].text);
	duration_format(UINT64_MAX - 1, buf);
}

static void errors_keep_code_and_gain_prefixes(void **state)
{
	struct error err = { 0 };

	assert_int_equal(error_set(&err, -EEXIST, "name \"%s\" taken", "a"), -EEXIST);
	assert_int_equal(error_prefix(&err, "%s", "lab"), -EEXIST);
	assert_string_equal(err.text, "lab: name \"a\" taken");
	assert_int_equal(error_set(NULL, -EPERM, "x"), -EPERM);
	assert_true(error_prefix(NULL, "x") < 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_grows),
		cmocka_unit_test(taking_an_empty_text_gives_an_empty_string),
		cmocka_unit_test(padding_counts_code_points_of_the_last_line),
		cmocka_unit_test(copies_are_cut_and_terminated),
		cmocka_unit_test(nearest_spelling),
		cmocka_unit_test(durations_read),
		cmocka_unit_test(bad_durations_are_refused),
		cmocka_unit_test(durations_print),
		cmocka_unit_test(errors_keep_code_and_gain_prefixes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
