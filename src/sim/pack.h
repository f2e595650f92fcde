/* SPDX-License-Identifier: MIT */
/*
 * pack.h - a plain value, kept as what sets it apart from a model of its kind:
 * bits that say which words differ, then those words.
 */
#ifndef SIM_PACK_H
#define SIM_PACK_H

#include "base/util.h"

#define PACK_WORD sizeof(uint64_t)
/* Words of the bits for a value of @n words, and the most that it can come to. */
#define PACK_BITS(n) (((n) + 63) / 64)
#define PACK_MAX(n) (PACK_BITS(n) + (n))

/*
 * @value and @model have @n words. Returns the words of @ret that count, at most
 * PACK_MAX(@n); there is room for one more.
 */
size_t pack(const void *value, const void *model, size_t n, uint64_t *ret);
/* What @packed was made of, with the same @model. */
void unpack(const uint64_t *packed, const void *model, size_t n, void *ret);

/**
 * struct arena - memory that is given back all at once; start with `= {0}`
 * @block: the newest, which leads to the others; @used bytes of it are taken
 */
struct arena {
	struct arena_block *block;
	size_t used;
};

/* Bytes aligned for words, at most ARENA_MAX; NULL: no memory. */
#define ARENA_MAX ((size_t)1 << 16)
void *arena_take(struct arena *a, size_t size);
void arena_done(struct arena *a);

#endif
