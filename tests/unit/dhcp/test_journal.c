/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include <netlab/dhcp_server.h>

#include "dhcp/journal.h"

#define IP 0x0a000069u

struct sample {
	struct dhcp_binding b;
	const char *words;	/* all but the checksum */
};

static const struct sample samples[] = {
	{ { .state = DHCP_BINDING_ACTIVE, .address = IP, .id_len = 7, .id_is_option = true,
	    .htype = 1, .hlen = 6, .id = { 1, 2, 0x4e, 0x4c, 0, 0, 2 },
	    .chaddr = { 2, 0x4e, 0x4c, 0, 0, 2 }, .host_name = "host",
	    .expires = 3600 * DHCP_SECOND + 25000 },
	  "3600.025000 02:4e:4c:00:00:02 10.0.0.105 host 01:02:4e:4c:00:00:02 active" },
	/* by its hardware address, for ever, without a name */
	{ { .state = DHCP_BINDING_ACTIVE, .address = IP, .id_len = 7, .htype = 1, .hlen = 6,
	    .id = { 1, 2, 0x4e, 0x4c, 0, 0, 2 }, .chaddr = { 2, 0x4e, 0x4c, 0, 0, 2 },
	    .expires = DHCP_NEVER },
	  "0 02:4e:4c:00:00:02 10.0.0.105 * * active" },
	/* not Ethernet */
	{ { .state = DHCP_BINDING_EXPIRED, .address = IP, .id_len = 3, .htype = 32, .hlen = 2,
	    .id = { 32, 0xab, 0xcd }, .chaddr = { 0xab, 0xcd }, .expires = 7 },
	  "0.000007 20-ab:cd 10.0.0.105 * * expired" },
	{ { .state = DHCP_BINDING_RELEASED, .address = IP, .id_len = 1, .id_is_option = true,
	    .htype = 1, .hlen = 6, .id = { 0xff }, .chaddr = { 1, 2, 3, 4, 5, 6 },
	    .host_name = "a-b.example", .expires = DHCP_SECOND },
	  "1.000000 01:02:03:04:05:06 10.0.0.105 a-b.example ff released" },
	/* nobody's, and nobody's hardware */
	{ { .state = DHCP_BINDING_DECLINED, .address = IP, .expires = 600 * DHCP_SECOND },
	  "600.000000 00- 10.0.0.105 * - declined" },
};

static void a_binding_goes_out_and_comes_back(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(samples); i++) {
		const char *words = samples[i].words;
		char line[JOURNAL_LINE_MAX];
		struct dhcp_binding_more more;
		struct dhcp_binding b;
		size_t len = journal_write(&samples[i].b, NULL, line);

		assert_int_equal(len, strlen(words) + sizeof(" 01234567"));
		assert_memory_equal(line, words, strlen(words));
		assert_int_equal(line[len - 1], '\n');
		assert_int_equal(journal_read(line, len - 1, &b, &more), 0);
		assert_memory_equal(&b, &samples[i].b, sizeof(b));
	}
}

/* What is kept beside a lease, each word of it in its place. */
static void more_goes_out_and_comes_back(void **state)
{
	static const struct {
		struct dhcp_binding_more more;
		const char *words;
	} cases[] = {
		{ { .seen = 1500000, .since = 1000000 }, " seen=1.500000 since=1.000000" },
		{ { .has_nonce = true, .nonce = { 1, [15] = 0xff } },
		  " nonce=01:00:00:00:00:00:00:00:00:00:00:00:00:00:00:ff" },
		{ { .class = 8, .vendor_len = 2, .vendor = "ab", .relay_len = 3, .relay = { 1, 1, 9 } },
		  " class=8 vendor=61:62 relay=01:01:09" },
	};
	char line[JOURNAL_LINE_MAX];

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		size_t len = journal_write(&samples[0].b, &cases[i].more, line);
		size_t skip = strlen(samples[0].words);
		struct dhcp_binding_more more;
		struct dhcp_binding b;

		assert_int_equal(len, skip + strlen(cases[i].words) + sizeof(" 01234567"));
		assert_memory_equal(line + skip, cases[i].words, strlen(cases[i].words));
		assert_int_equal(journal_read(line, len - 1, &b, &more), 0);
		assert_memory_equal(&b, &samples[0].b, sizeof(b));
		assert_memory_equal(&more, &cases[i].more, sizeof(more));
	}
}

static void the_longest_line_fits(void **state)
{
	struct dhcp_binding b = {
		.state = DHCP_BINDING_RELEASED, .address = UINT32_MAX, .id_len = 64,
		.id_is_option = true, .htype = 255, .hlen = 16, .expires = UINT64_MAX - 1,
	}, back;
	struct dhcp_binding_more more, all = {
		.seen = UINT64_MAX - 1, .since = UINT64_MAX - 1, .has_nonce = true, .class = 255,
		.vendor_len = sizeof(all.vendor), .relay_len = UINT8_MAX,
	};
	char line[JOURNAL_LINE_MAX];
	size_t len;

	memset(b.host_name, 'x', sizeof(b.host_name) - 1);
	len = journal_write(&b, &all, line);
	assert_true(len < 1536);
	assert_int_equal(journal_read(line, len - 1, &back, &more), 0);
	assert_memory_equal(&back, &b, sizeof(b));
	assert_memory_equal(&more, &all, sizeof(all));
}

/* Whatever happens to one character, or to the end: it is seen. */
static void a_damaged_line_is_no_line(void **state)
{
	static const struct dhcp_binding_more some = {
		.seen = 1, .has_nonce = true, .class = 12, .vendor_len = 1, .relay_len = 2,
	};
	char line[JOURNAL_LINE_MAX];
	struct dhcp_binding_more more;
	struct dhcp_binding b;
	size_t len = journal_write(&samples[0].b, &some, line) - 1;

	for (size_t i = 0; i < len; i++) {
		assert_int_equal(journal_read(line, i, &b, &more), -EBADMSG);
		for (int bit = 0; bit < 8; bit++) {
			line[i] = (char)(line[i] ^ 1 << bit);
			assert_int_equal(journal_read(line, len, &b, &more), -EBADMSG);
			line[i] = (char)(line[i] ^ 1 << bit);
		}
	}
	assert_int_equal(journal_read(line, len, &b, &more), 0);
}

static void other_lines_are_no_lines(void **state)
{
	static const char *const bad[] = {
		"", " ", "# a comment", "duid 00:01:00:01",
		/* a whole line of dnsmasq's own */
		"1700000000 02:4e:4c:00:00:02 10.0.0.105 host 01:02:4e:4c:00:00:02",
		"1 2 3 4 5 6 7", "1 2 3 4 5 6 7 8", "      ",
	};
	struct dhcp_binding_more more;
	struct dhcp_binding b;
	char line[2 * JOURNAL_LINE_MAX];

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_int_equal(journal_read(bad[i], strlen(bad[i]), &b, &more), -EBADMSG);
	memset(line, 'x', sizeof(line));
	assert_int_equal(journal_read(line, sizeof(line), &b, &more), -EBADMSG);
}

/* ---- written anew ---- */

static void a_head_goes_out_and_comes_back(void **state)
{
	static const char words[] = "journal 2 75000 ";
	char line[JOURNAL_LINE_MAX];
	uint64_t generation;
	size_t bytes, len = journal_write_head(2, 75000, line);

	assert_int_equal(len, strlen(words) + sizeof("01234567"));
	assert_memory_equal(line, words, strlen(words));
	assert_int_equal(journal_read_head(line, len - 1, &generation, &bytes), 0);
	assert_int_equal(generation, 2);
	assert_int_equal(bytes, 75000);

	len = journal_write_head(UINT64_MAX, SIZE_MAX, line);
	assert_int_equal(journal_read_head(line, len - 1, &generation, &bytes), 0);
	assert_true(generation == UINT64_MAX && bytes == SIZE_MAX);
}

static void a_damaged_head_is_none(void **state)
{
	char line[JOURNAL_LINE_MAX];
	size_t bytes, len = journal_write_head(12, 34, line) - 1;
	uint64_t generation;

	for (size_t i = 0; i < len; i++) {
		assert_int_equal(journal_read_head(line, i, &generation, &bytes), -EBADMSG);
		for (int bit = 0; bit < 8; bit++) {
			line[i] = (char)(line[i] ^ 1 << bit);
			assert_int_equal(journal_read_head(line, len, &generation, &bytes),
					 -EBADMSG);
			line[i] = (char)(line[i] ^ 1 << bit);
		}
	}
	len = journal_write_head(0, 34, line) - 1;	/* what was never written anew has none */
	assert_int_equal(journal_read_head(line, len, &generation, &bytes), -EBADMSG);
	len = journal_write(&samples[0].b, NULL, line) - 1;
	assert_int_equal(journal_read_head(line, len, &generation, &bytes), -EBADMSG);
}

/* Head and lines of a journal of one binding, and one that came later; the length. */
static size_t write_file(uint64_t generation, char *out)
{
	char line[JOURNAL_LINE_MAX];
	size_t len = journal_write(&samples[0].b, NULL, line), at;

	at = generation ? journal_write_head(generation, len, out) : 0;
	for (int i = 0; i < 2; i++, at += len)
		memcpy(out + at, line, len);
	return at;
}

/* The worse first; what was written anew last is the best. */
static void what_a_journal_is_worth_rises(void **state)
{
	char unfinished[JOURNAL_LINE_MAX], anew[4 * JOURNAL_LINE_MAX];
	const struct journal_file file[] = {
		{ NULL, 0 }, { "journal 7 1", 11 },
		{ unfinished, journal_write_head(8, 1, unfinished) }, { "damaged\n", 8 },
		{ anew, write_file(6, anew) },
	};
	uint64_t generation;

	for (size_t i = 0; i < ARRAY_SIZE(file); i++)
		for (size_t j = 0; j < ARRAY_SIZE(file); j++)
			assert_int_equal(journal_newest((struct journal_file[]){ file[i], file[j] },
							&generation), j > i);
}

static int newest(const char *a, size_t a_len, const char *b, size_t b_len)
{
	uint64_t generation;

	return journal_newest((struct journal_file[]){ { a, a_len }, { b, b_len } }, &generation);
}

/* Whoever is killed while the second is written, or the first emptied: one holds. */
static void of_two_files_the_newest_whole_one_holds(void **state)
{
	char old[4 * JOURNAL_LINE_MAX], new[4 * JOURNAL_LINE_MAX], line[JOURNAL_LINE_MAX];
	size_t promised = journal_write(&samples[0].b, NULL, line);
	size_t head = journal_write_head(1, promised, line);

	for (uint64_t generation = 0; generation < 3; generation++) {
		size_t old_len = write_file(generation, old);
		size_t new_len = write_file(generation + 1, new);

		for (size_t i = 0; i <= new_len; i++) {
			bool is_whole = i >= head + promised;

			assert_int_equal(newest(old, old_len, new, i), is_whole);
			/* The two change places; but the first of all is never the second. */
			if (generation)
				assert_int_equal(newest(new, i, old, old_len), !is_whole);
		}
		assert_int_equal(newest(NULL, 0, new, new_len), 1);
		assert_int_equal(newest(new, new_len, NULL, 0), 0);
	}
	assert_int_equal(newest(NULL, 0, NULL, 0), 0);
}

/* Half a record is better than none. */
static void what_is_left_of_the_only_file_holds(void **state)
{
	char file[4 * JOURNAL_LINE_MAX];
	size_t len = write_file(3, file);

	for (size_t i = 1; i <= len; i++) {
		assert_int_equal(newest(NULL, 0, file, i), 1);
		assert_int_equal(newest(file, i, NULL, 0), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_binding_goes_out_and_comes_back),
		cmocka_unit_test(more_goes_out_and_comes_back),
		cmocka_unit_test(the_longest_line_fits),
		cmocka_unit_test(a_damaged_line_is_no_line),
		cmocka_unit_test(other_lines_are_no_lines),
		cmocka_unit_test(a_head_goes_out_and_comes_back),
		cmocka_unit_test(a_damaged_head_is_none),
		cmocka_unit_test(what_a_journal_is_worth_rises),
		cmocka_unit_test(of_two_files_the_newest_whole_one_holds),
		cmocka_unit_test(what_is_left_of_the_only_file_holds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
