/* SPDX-License-Identifier: MIT */
#include "base/prng.h"

/* splitmix64: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014. */
uint64_t prng_u64(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

uint32_t prng_u32(uint64_t *state)
{
	return (uint32_t)(prng_u64(state) >> 32);
}

uint64_t prng_below(uint64_t *state, uint64_t n)
{
	/* 2^64 mod @n numbers at the top would make the small results likelier. */
	uint64_t surplus = (UINT64_MAX % n + 1) % n;
	uint64_t v;

	do {
		v = prng_u64(state);
	} while (v > UINT64_MAX - surplus);

	return v % n;
}

uint64_t prng_derive(uint64_t seed, const char *name)
{
	uint64_t v = prng_u64(&seed);

	for (; *name; name++) {
		v ^= (uint8_t)*name;
		v = prng_u64(&v);
	}

	return v;
}
