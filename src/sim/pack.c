/* SPDX-License-Identifier: MIT */
#include "sim/pack.h"

#include <string.h>

#define RUN 8	/* words that are looked at together: most runs are all alike */

static uint64_t word_at(const void *value, size_t i)
{
	uint64_t word;

	memcpy(&word, (const uint8_t *)value + i * PACK_WORD, sizeof(word));
	return word;
}

static bool is_run_alike(const void *value, const void *model, size_t first)
{
	uint64_t differ = 0;

	for (size_t i = first; i < first + RUN; i++)
		differ |= word_at(value, i) ^ word_at(model, i);
	return !differ;
}

size_t pack(const void *value, const void *model, size_t n, uint64_t *ret)
{
	size_t len = PACK_BITS(n);

	memset(ret, 0, len * PACK_WORD);
	for (size_t first = 0; first < n; first += RUN) {
		if (first + RUN <= n && is_run_alike(value, model, first))
			continue;
		/* Which of them differ nobody can guess: no branch, but one word too many. */
		for (size_t i = first; i < first + RUN && i < n; i++) {
			uint64_t word = word_at(value, i);
			bool differs = word != word_at(model, i);

			ret[i / 64] |= (uint64_t)differs << i % 64;
			ret[len] = word;
			len += differs;
		}
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
