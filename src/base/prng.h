/* SPDX-License-Identifier: MIT */
/*
 * prng.h - seeded random numbers. Same seed, same numbers, on every machine.
 * Not for secrets. The state is one word (splitmix64), so that a machine that
 * holds it stays a plain value.
 */
#ifndef BASE_PRNG_H
#define BASE_PRNG_H

#include "base/util.h"

uint64_t prng_u64(uint64_t *state);
uint32_t prng_u32(uint64_t *state);
/* Uniform in 0..@n-1; @n > 0. */
uint64_t prng_below(uint64_t *state, uint64_t n);
/* A seed that depends on @seed and on every byte of @name, and on nothing else. */
uint64_t prng_derive(uint64_t seed, const char *name);

#endif
