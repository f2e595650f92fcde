/* SPDX-License-Identifier: MIT */
#include "sim/pack.h"

#include <string.h>

#define RUN 8	/* words that are looked at together: most runs are all alike */
#define WORD_BITS 64 /* a multiple of RUN */

static uint64_t word_at(const void *value, size_t i)
{
	uint64_t word;

	memcpy(&word, (const uint8_t *)value + i * PACK_WORD, sizeof(word));
	return word;
}

static bool is_alike(const void *value, const void *model, size_t first, size_t last)
{
	size_t at = first * PACK_WORD;

	return memcmp((const uint8_t *)value + at, (const uint8_t *)model + at,
		      (last - first) * PACK_WORD) == 0;
}

/* Words @first up to @last, of one word of bits; returns the bits of those that differ. */
static uint64_t pack_run(const void *value, const void *model, size_t first, size_t last,
			 uint64_t *ret, size_t *len)
{
	uint64_t bits = 0;
	size_t n = *len;

	/* Which of them differ nobody can guess: no branch, but one word too many. */
	for (size_t i = first; i < last; i++) {
		uint64_t word = word_at(value, i);
		bool differs = word != word_at(model, i);

		bits |= (uint64_t)differs << i % WORD_BITS;
		ret[n] = word;
		n += differs;
	}
	*len = n;
	return bits;
}

size_t pack(const void *value, const void *model, size_t n, uint64_t *ret)
{
	size_t len = PACK_BITS(n), last;

	memset(ret, 0, len * PACK_WORD);
	for (size_t first = 0; first < n; first = last) {
		last = first + RUN < n ? first + RUN : n;
		if (is_alike(value, model, first, last))
			continue;
		ret[first / WORD_BITS] |= pack_run(value, model, first, last, ret, &len);
	}

	return len;
}

void unpack(const uint64_t *packed, const void *model, size_t n, void *ret)
{
	const uint64_t *word = packed + PACK_BITS(n);

	memcpy(ret, model, n * PACK_WORD);
	for (size_t k = 0; k < PACK_BITS(n); k++) {
		for (uint64_t bits = packed[k]; bits; bits &= bits - 1) {
			size_t i = 64 * k + (size_t)__builtin_ctzll(bits);

			memcpy((uint8_t *)ret + i * PACK_WORD, word++, PACK_WORD);
		}
	}
}

#define BLOCK_SIZE ((size_t)1 << 18)

struct arena_block {
	struct arena_block *older;
	uint64_t bytes[];
};

void *arena_take(struct arena *a, size_t size)
{
	const size_t room = BLOCK_SIZE - sizeof(*a->block);
	void *mem;

	size = (size + PACK_WORD - 1) / PACK_WORD * PACK_WORD;
	if (!a->block || size > room - a->used) {
		struct arena_block *block = malloc(BLOCK_SIZE);

		if (!block)
			return NULL;
		block->older = a->block;
		*a = (struct arena){ .block = block };
	}
	mem = (uint8_t *)a->block->bytes + a->used;
	a->used += size;
	return mem;
}

void arena_done(struct arena *a)
{
	while (a->block) {
		struct arena_block *older = a->block->older;

		free(a->block);
		a->block = older;
	}
	a->used = 0;
}
