/* SPDX-License-Identifier: MIT */
/* What stands in a LeaseFile= may be anything: a lease, half of one, or an attack. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <string.h>

#include "lab/lease_file.h"

#define GOOD "netlab-lease 1\naddress 10.0.0.5\nuntil 1700000000\n"

static int parse(const char *text, struct stored_lease *ret)
{
	return lease_file_parse(text, strlen(text), ret);
}

static void what_was_written_is_read(void **state)
{
	static const uint64_t until[] = { 1, 1700000000, UINT64_MAX };

	for (size_t i = 0; i < ARRAY_SIZE(until); i++) {
		const struct stored_lease l = { .address = 0x0a000005, .until = until[i] };
		cleanup_text struct text t = { 0 };
		struct stored_lease back = { 0 };

		lease_file_format(&l, &t);
		assert_int_equal(lease_file_parse(t.str, t.len, &back), 0);
		assert_int_equal(back.address, l.address);
		assert_true(back.until == l.until);
	}
}

static void half_a_lease_is_none(void **state)
{
	struct stored_lease l = { .address = 7 };

	for (size_t len = 0; len < strlen(GOOD); len++)
		assert_int_equal(lease_file_parse(GOOD, len, &l), -EBADMSG);
	assert_int_equal(l.address, 7);
	assert_int_equal(parse(GOOD, &l), 0);
}

static void hostile_files_are_none(void **state)
{
	static const char *const files[] = {
		"netlab-lease 2\naddress 10.0.0.5\nuntil 1700000000\n",
		"netlab-lease 1\naddress 0.0.0.0\nuntil 1700000000\n",
		"netlab-lease 1\naddress 255.255.255.255\nuntil 1700000000\n",
		"netlab-lease 1\naddress 10.0.0.5; reboot\nuntil 1700000000\n",
		"netlab-lease 1\naddress 10.0.0.5\nuntil -1\n",
		"netlab-lease 1\naddress 10.0.0.5\nuntil 99999999999999999999\n",
		"netlab-lease 1\naddress 10.0.0.5\nuntil \n",
		"netlab-lease 1\nuntil 1700000000\naddress 10.0.0.5\n",
		GOOD "x\n",
		GOOD GOOD,
	};
	char long_file[LEASE_FILE_MAX + 2] = "netlab-lease 1\naddress ";
	struct stored_lease l;

	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		if (parse(files[i], &l) != -EBADMSG)
			fail_msg("taken: %s", files[i]);
	memset(long_file + strlen(long_file), '1', LEASE_FILE_MAX - 40);
	assert_int_equal(lease_file_parse(long_file, sizeof(long_file), &l), -EBADMSG);
	assert_int_equal(lease_file_parse(long_file, LEASE_FILE_MAX, &l), -EBADMSG);
	assert_int_equal(lease_file_parse("netlab-lease 1\n\0", 16, &l), -EBADMSG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_written_is_read),
		cmocka_unit_test(half_a_lease_is_none),
		cmocka_unit_test(hostile_files_are_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
