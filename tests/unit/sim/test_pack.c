/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/prng.h"
#include "sim/pack.h"

#define N 145	/* neither whole runs nor whole words of bits */

static void fill(uint64_t *words, size_t n, uint64_t *seed)
{
	for (size_t i = 0; i < n; i++)
		words[i] = prng_u64(seed);
}

static void what_was_packed_comes_out_again(void **state)
{
	uint64_t model[N], value[N], packed[PACK_MAX(N) + 1], out[N], seed = 1;

	fill(model, N, &seed);
	for (size_t round = 0; round < 500; round++) {
		size_t changes = prng_below(&seed, N + 1), differ = 0;

		memcpy(value, model, sizeof(value));
		for (size_t k = 0; k < changes; k++)
			value[prng_below(&seed, N)] += prng_below(&seed, 2);
		for (size_t i = 0; i < N; i++)
			differ += value[i] != model[i];
		assert_int_equal(pack(value, model, N, packed), PACK_BITS(N) + differ);
		unpack(packed, model, N, out);
		assert_memory_equal(out, value, sizeof(out));
	}
}

static void one_like_the_model_takes_its_bits_alone(void **state)
{
	uint64_t model[N], packed[PACK_MAX(N) + 1], out[N], seed = 2;

	fill(model, N, &seed);
	assert_int_equal(pack(model, model, N, packed), PACK_BITS(N));
	unpack(packed, model, N, out);
	assert_memory_equal(out, model, sizeof(out));
}

static void nothing_in_common_takes_most(void **state)
{
	uint64_t model[N] = { 0 }, value[N], packed[PACK_MAX(N) + 1], out[N];

	memset(value, 0xff, sizeof(value));
	assert_int_equal(pack(value, model, N, packed), PACK_MAX(N));
	unpack(packed, model, N, out);
	assert_memory_equal(out, value, sizeof(out));
}

static void an_arena_gives_no_byte_twice(void **state)
{
	struct arena a = { 0 };
	uint8_t *taken[2000];

	for (size_t i = 0; i < 2000; i++) {
		taken[i] = arena_take(&a, 1 + i);
		assert_non_null(taken[i]);
		assert_int_equal((uintptr_t)taken[i] % PACK_WORD, 0);
		memset(taken[i], (int)(i % 251), 1 + i);
	}
	assert_non_null(arena_take(&a, ARENA_MAX));
	for (size_t i = 0; i < 2000; i++)
		for (size_t k = 0; k < 1 + i; k++)
			assert_int_equal(taken[i][k], i % 251);
	arena_done(&a);
	assert_null(a.block);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_packed_comes_out_again),
		cmocka_unit_test(one_like_the_model_takes_its_bits_alone),
		cmocka_unit_test(nothing_in_common_takes_most),
		cmocka_unit_test(an_arena_gives_no_byte_twice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
