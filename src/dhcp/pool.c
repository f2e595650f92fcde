/* SPDX-License-Identifier: MIT */
/* pool.c - see pool.h */
#include "dhcp/pool.h"

#include "base/addr.h"
#include "base/util.h"

#define WORD_BITS 64

static uint32_t pool_covered(const struct pool_range *range, uint32_t max_bindings)
{
	uint64_t most = (uint64_t)max_bindings * POOL_BITS_PER_BINDING;

	if (!range->first)
		return 0;

	return (uint32_t)min_u64((uint64_t)range->last - range->first + 1, most);
}

static size_t map_words(uint32_t covered)
{
	return ((size_t)covered + WORD_BITS - 1) / WORD_BITS;
}

size_t pool_map_size(const struct pool_range *range, uint32_t max_bindings)
{
	return map_words(pool_covered(range, max_bindings)) * sizeof(uint64_t);
}

static uint64_t *pool_map(struct pool *p)
{
	return (uint64_t *)((unsigned char *)p + p->map);
}

static const uint64_t *pool_map_const(const struct pool *p)
{
	return (const uint64_t *)((const unsigned char *)p + p->map);
}

static bool is_in_range(const struct pool *p, uint32_t address)
{
	return p->first && address >= p->first && address <= p->last;
}

void pool_bar(struct pool *p, uint32_t address)
{
	if (!is_in_range(p, address))
		return;

	pool_mark(p, address);
	p->size--;
}

void pool_init(struct pool *p, size_t map, const struct pool_range *range, uint32_t self,
	       uint32_t max_bindings)
{
	uint32_t mask = ip4_mask(range->prefix_len);

	*p = (struct pool){
		.first = range->first,
		.last = range->last,
		.never = { self, range->address & mask, range->address | ~mask },
		.covered = pool_covered(range, max_bindings),
		.size = range->first ? range->last - range->first + 1 : 0,
		.map = map,
	};
	p->unmarked = p->covered;
	/* Addresses that no host may have, and ours. */
	for (size_t i = 0; i < ARRAY_SIZE(p->never); i++)
		pool_bar(p, p->never[i]);
}

bool pool_has(const struct pool *p, uint32_t address)
{
	for (size_t i = 0; i < ARRAY_SIZE(p->never); i++)
		if (address == p->never[i])
			return false;

	return is_in_range(p, address);
}

/* The word and the bit of @address; false where it has none. */
static bool find_bit(const struct pool *p, uint32_t address, size_t *ret_word, uint64_t *ret_bit)
{
	uint32_t n = address - p->first;

	if (!is_in_range(p, address) || n >= p->covered)
		return false;

	*ret_word = n / WORD_BITS;
	*ret_bit = UINT64_C(1) << (n % WORD_BITS);
	return true;
}

void pool_mark(struct pool *p, uint32_t address)
{
	uint64_t *map = pool_map(p);
	uint64_t bit;
	size_t word;

	if (!find_bit(p, address, &word, &bit) || (map[word] & bit))
		return;

	map[word] |= bit;
	p->unmarked--;
}

void pool_unmark(struct pool *p, uint32_t address)
{
	uint64_t *map = pool_map(p);
	uint64_t bit;
	size_t word;

	if (!find_bit(p, address, &word, &bit) || !(map[word] & bit))
		return;

	map[word] &= ~bit;
	p->unmarked++;
}

/* The clear bits of word @i, without those past the end of the pool. */
static uint64_t clear_bits(const struct pool *p, size_t i)
{
	uint32_t tail = p->covered % WORD_BITS;
	uint64_t clear = ~pool_map_const(p)[i];

	if (tail && i == map_words(p->covered) - 1)
		clear &= (UINT64_C(1) << tail) - 1;

	return clear;
}

uint32_t pool_next(const struct pool *p, uint64_t hash)
{
	size_t words = map_words(p->covered);
	uint64_t clear;
	uint32_t start;
	size_t i;

	if (!p->unmarked)
		return 0;

	start = (uint32_t)(hash % p->covered);
	i = start / WORD_BITS;
	clear = clear_bits(p, i) & (UINT64_MAX << (start % WORD_BITS));
	while (!clear) {	/* ends: some bit is clear */
		i = (i + 1) % words;
		clear = clear_bits(p, i);
	}

	return p->first + (uint32_t)(i * WORD_BITS) + (uint32_t)__builtin_ctzll(clear);
}
