/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "base/prng.h"

static void reader_stops_for_good_at_the_end(void **state)
{
	static const uint8_t data[] = { 1, 2, 3, 4, 5 };
	uint8_t copy[2] = { 9, 9 };
	struct reader r;

	reader_init(&r, data, sizeof(data));
	assert_int_equal(get_be32(&r), 0x01020304);
	assert_int_equal(get_be16(&r), 0);
	assert_true(r.overrun);
	assert_int_equal(reader_left(&r), 0);
	assert_int_equal(get_u8(&r), 0);
	assert_null(get_span(&r, 0));
	get_bytes(&r, copy, 2);
	assert_int_equal(copy[0] | copy[1], 0);
}

static void reader_survives_huge_lengths(void **state)
{
	uint8_t data[4] = { 0 };
	struct reader r;

	reader_init(&r, data, sizeof(data));
	get_u8(&r);
	assert_null(get_span(&r, SIZE_MAX));
}

static void writer_writes_nothing_past_its_bound(void **state)
{
	uint8_t data[6] = { 0, 0, 0, 0, 0, 0xaa };
	struct writer w;

	writer_init(&w, data, 5);
	put_be32(&w, 0x01020304);
	put_be16(&w, 0x0506);
	put_u8(&w, 7);
	assert_true(w.overflow);
	assert_int_equal(w.len, 4);
	assert_int_equal(data[4], 0);
	assert_int_equal(data[5], 0xaa);
}

static void prng_is_splitmix64(void **state)
{
	uint64_t s = 1234567;

	/* The published test vector of the algorithm. */
	assert_true(prng_u64(&s) == 6457827717110365317u);
	assert_true(prng_u64(&s) == 3203168211198807973u);
}

static void prng_below_stays_below(void **state)
{
	bool seen[3] = { false };
	uint64_t s = 1;

	for (int i = 0; i < 100; i++)
		seen[prng_below(&s, 3)] = true;
	assert_true(seen[0] && seen[1] && seen[2]);
	assert_int_equal(prng_below(&s, 1), 0);
}

static void prng_derive_depends_on_seed_and_name(void **state)
{
	assert_true(prng_derive(1, "a") == prng_derive(1, "a"));
	assert_true(prng_derive(1, "a") != prng_derive(2, "a"));
	assert_true(prng_derive(1, "ab") != prng_derive(1, "ba"));
	assert_true(prng_derive(1, "") != prng_derive(1, "a"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reader_stops_for_good_at_the_end),
		cmocka_unit_test(reader_survives_huge_lengths),
		cmocka_unit_test(writer_writes_nothing_past_its_bound),
		cmocka_unit_test(prng_is_splitmix64),
		cmocka_unit_test(prng_below_stays_below),
		cmocka_unit_test(prng_derive_depends_on_seed_and_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
