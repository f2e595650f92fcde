/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/prng.h"
#include "sim/map.h"

static void test_empty(void **state)
{
	struct map m = { 0 };

	assert_int_equal(map_find(&m, 1, MAP_NONE), MAP_NONE);
	assert_false(map_has(&m, 1, 1));
	assert_null(map_at(&m, 1));
	map_remove(&m, 1, 1);
	map_done(&m);
}

static void test_two_values_of_one_key(void **state)
{
	struct map m = { 0 };

	assert_int_equal(map_add(&m, 5, 1), 0);
	assert_int_equal(map_add(&m, 5, 2), 0);
	assert_int_equal(map_find(&m, 5, 1), 2);
	assert_int_equal(map_find(&m, 5, 2), 1);
	map_remove(&m, 5, 1);
	assert_int_equal(map_find(&m, 5, MAP_NONE), 2);
	assert_int_equal(map_find(&m, 5, 2), MAP_NONE);
	map_done(&m);
}

static void test_changed_in_place(void **state)
{
	struct map m = { 0 };

	assert_int_equal(map_add(&m, 5, 1), 0);
	*map_at(&m, 5) = 9;
	assert_int_equal(map_find(&m, 5, MAP_NONE), 9);
	map_done(&m);
}

#define KEYS 64

/* Against a plain array: adds and removes in any order, many of them neighbours. */
static void test_against_a_model(void **state)
{
	bool there[KEYS] = { 0 };
	struct map m = { 0 };
	uint64_t prng = 3;

	for (int i = 0; i < 20000; i++) {
		uint32_t k = (uint32_t)prng_below(&prng, KEYS);

		if (there[k])
			map_remove(&m, k, k + 100);
		else
			assert_int_equal(map_add(&m, k, k + 100), 0);
		there[k] = !there[k];
		for (uint32_t j = 0; j < KEYS; j++)
			assert_int_equal(map_has(&m, j, j + 100), there[j]);
	}
	map_done(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_two_values_of_one_key),
		cmocka_unit_test(test_changed_in_place),
		cmocka_unit_test(test_against_a_model),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
