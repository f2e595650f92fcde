/* SPDX-License-Identifier: MIT */
/* The bytes of a message with the field under each. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/util.h"
#include "trace/hex.h"

#define COOKIE_AT 236
#define SIZE 300

static void message(uint8_t m[static SIZE], const void *options, size_t len)
{
	memset(m, 0, SIZE);
	memcpy(m, "\1\1\6\0\x12\x34\x56\x78", 8);
	store_be32(m + COOKIE_AT, 0x63825363);
	memcpy(m + COOKIE_AT + 4, options, len);
}

/* From the first line that begins with @start; all of it for "". */
static char *show(const uint8_t *m, size_t len, const char *start)
{
	struct text cleanup_text out = { 0 };
	uint8_t *exact = malloc(len + !len);
	const char *at;

	assert_non_null(exact);
	memcpy(exact, m, len);
	view_hex(&out, exact, len);
	free(exact);
	at = out.str ? strstr(out.str, start) : "";
	assert_non_null(at);
	return strdup(at);
}

static void assert_options(const void *options, size_t len, const char *want)
{
	cleanup_free char *shown = NULL;
	uint8_t m[SIZE];

	message(m, options, len);
	shown = show(m, COOKIE_AT + 4 + len, "    0f0");
	assert_string_equal(shown, want);
}

static void the_header_is_that_of_rfc2131_section_2(void **state)
{
	cleanup_free char *shown = NULL;
	uint8_t m[SIZE];

	message(m, "\xff", 1);
	shown = show(m, COOKIE_AT + 5, "");
	assert_string_equal(shown,
		"    000  01 01 06 00 12 34 56 78 00 00 00 00\n"
		"         op ht hl ho xid         secs  flags\n"
		"    00c  00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00\n"
		"         ciaddr      yiaddr      siaddr      giaddr\n"
		"    01c  00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00\n"
		"         chaddr\n"
		"    02c  64 zero bytes: no sname\n"
		"    06c  128 zero bytes: no file\n"
		"    0ec  63 82 53 63\n"
		"         magic cookie: options follow\n"
		"    0f0  ff\n"
		"         255 end\n");
}

static void each_option_has_its_name_and_value(void **state)
{
	assert_options("\x35\1\1\0\0\x33\4\0\0\x0e\x10\xff", 12,
		"    0f0  35 01 01\n"
		"         53 message type: DISCOVER\n"
		"    0f3  2 pad bytes\n"
		"    0f5  33 04 00 00 0e 10\n"
		"         51 lease time: 1h\n"
		"    0fb  ff\n"
		"         255 end\n");
}

static void long_values_take_several_rows(void **state)
{
	assert_options("\x0c\x10" "0123456789abcdef" "\xff", 19,
		"    0f0  0c 10 30 31 32 33 34 35 36 37 38 39 61 62 63 64\n"
		"    100  65 66\n"
		"         12 host name: 0123456789abcdef\n"
		"    102  ff\n"
		"         255 end\n");
}

/* Short bytes, long words: a parameter list is as long as its names. In 80 columns, whole. */
static void words_have_the_lines_that_they_need(void **state)
{
	static const uint8_t params[] = { 55, 9, 1, 121, 3, 6, 15, 119, 12, 28, 42, 255 };
	char text[2 + 200 + 1 + 1] = "\x0c\xc8";

	assert_options(params, sizeof(params),
		"    0f0  37 09 01 79 03 06 0f 77 0c 1c 2a\n"
		"         55 wants: 1 mask, 121 routes, 3 router, 6 DNS, 15 domain, 119 search,\n"
		"            12 host name, 28 broadcast, 42 NTP\n"
		"    0fb  ff\n"
		"         255 end\n");

	/* A word without an end. */
	memset(text + 2, 'n', 200);
	text[202] = '\xff';
	{
		cleanup_free char *shown = NULL;
		uint8_t m[SIZE + 200] = { 0 };
		size_t letters = 0;

		message(m, text, 203);
		shown = show(m, COOKIE_AT + 4 + 203, "         12 host name");
		for (char *line = strtok(shown, "\n"); line; line = strtok(NULL, "\n")) {
			assert_true(strlen(line) <= 80);
			for (char *c = strchr(line, 'n'); c; c = strchr(c + 1, 'n'))
				letters += strstr(line, "host") || strstr(line, "end") ? 0 : 1;
		}
		assert_int_equal(letters, 200);
	}
}

/* The parts of a long value mean nothing alone: 10.1.2.0/24 in two. */
static void rfc3396_7_each_part_says_the_whole_value(void **state)
{
	assert_options("\x79\3\x18\x0a\1\x79\5\2\x0a\0\0\1\xff", 13,
		"    0f0  79 03 18 0a 01\n"
		"         121 routes, a part; all of it: 10.1.2.0/24 via 10.0.0.1\n"
		"    0f5  79 05 02 0a 00 00 01\n"
		"         121 routes, a part; all of it: 10.1.2.0/24 via 10.0.0.1\n"
		"    0fc  ff\n"
		"         255 end\n");
}

static void what_runs_past_the_end_is_shown_as_far_as_it_goes(void **state)
{
	assert_options("\x33\4\0\0", 4,
		"    0f0  33 04 00 00\n"
		"         an option that runs past the end\n");
	assert_options("\x33\4\0\0\0", 5,
		"    0f0  33 04 00 00 00\n"
		"         an option that runs past the end\n");
	assert_options("\x33", 1,
		"    0f0  33\n"
		"         an option that runs past the end\n");
}

/* RFC 2132 section 9.3: bit 0 says that file has options, bit 1 sname. */
static void rfc2132_9_3_overloaded_fields_are_options(void **state)
{
	static const struct {
		uint8_t overload;
		const char *sname, *file;
	} rows[] = {
		{ 1, "         sname\n", "         12 host name: b\n" },
		{ 2, "         12 host name: a\n", "         file\n" },
		/* file comes before sname: RFC 2131 section 4.1. */
		{ 3, "         12 host name, a part; all of it: ba\n", "0c 01 62\n" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_free char *shown = NULL;
		uint8_t m[SIZE];

		message(m, (const uint8_t[]){ 52, 1, rows[i].overload, 255 }, 4);
		memcpy(m + 44, "\x0c\1a\xff", 4);
		memcpy(m + 108, "\x0c\1b\xff", 4);
		shown = show(m, SIZE, "");
		assert_non_null(strstr(shown, rows[i].sname));
		assert_non_null(strstr(shown, rows[i].file));
	}
}

/* RFC 2132 section 3.2: END is the last option, whatever stands behind it. */
static void rfc2132_3_2_behind_the_end_are_no_options(void **state)
{
	assert_options("\x35\1\1\xff\x0c\1a", 7,
		"    0f0  35 01 01\n"
		"         53 message type: DISCOVER\n"
		"    0f3  ff\n"
		"         255 end\n"
		"    0f4  0c 01 61\n"
		"         behind the end: nobody reads this\n");
}

/* BOOTP (RFC 951): a vendor area that nobody else can read. */
static void without_the_cookie_are_no_options(void **state)
{
	cleanup_free char *full = NULL, *empty = NULL;
	uint8_t m[SIZE];

	message(m, "", 0);
	memcpy(m + COOKIE_AT, "\1\2\3\4\x35\1\1", 7);
	full = show(m, COOKIE_AT + 7, "    0ec");
	assert_string_equal(full,
		"    0ec  01 02 03 04 35 01 01\n"
		"         vendor area: no magic cookie, so no options\n");
	memset(m + COOKIE_AT, 0, 7);
	empty = show(m, COOKIE_AT + 64, "    0ec");
	assert_string_equal(empty, "    0ec  64 zero bytes: no vendor area\n");
}

/* Every length, down to nothing: no byte past the end is read (the sanitizer sees to that). */
static void cut_at_each_byte(void **state)
{
	uint8_t m[SIZE];

	message(m, "\x35\1\1\x34\1\3\xff", 7);
	for (size_t len = 0; len <= SIZE; len++) {
		cleanup_free char *shown = show(m, len, "");

		assert_int_equal(strstr(shown, "options follow") != NULL, len >= COOKIE_AT + 4);
		assert_int_equal(shown[0] == '\0', len == 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_header_is_that_of_rfc2131_section_2),
		cmocka_unit_test(each_option_has_its_name_and_value),
		cmocka_unit_test(long_values_take_several_rows),
		cmocka_unit_test(words_have_the_lines_that_they_need),
		cmocka_unit_test(rfc3396_7_each_part_says_the_whole_value),
		cmocka_unit_test(what_runs_past_the_end_is_shown_as_far_as_it_goes),
		cmocka_unit_test(rfc2132_9_3_overloaded_fields_are_options),
		cmocka_unit_test(rfc2132_3_2_behind_the_end_are_no_options),
		cmocka_unit_test(without_the_cookie_are_no_options),
		cmocka_unit_test(cut_at_each_byte),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
