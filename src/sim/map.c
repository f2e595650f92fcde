/* SPDX-License-Identifier: MIT */
/* map.c - open addressing, linear probing, no tombstones: removal closes the gap. */
#include <errno.h>

#include "sim/map.h"

#define FIRST_SIZE 16

void map_done(struct map *m)
{
	free(m->slots);
	*m = (struct map){ 0 };
}

/* Multiplicative hashing: the high bits are the good ones. */
static size_t home(const struct map *m, uint64_t key)
{
	key ^= key >> 32;
	key *= 0x9e3779b97f4a7c15u;
	return (size_t)(key >> 32) & (m->size - 1);
}

static size_t next(const struct map *m, size_t i)
{
	return (i + 1) & (m->size - 1);
}

static void put(struct map *m, struct map_slot slot)
{
	size_t i = home(m, slot.key);

	while (m->slots[i].value != MAP_NONE)
		i = next(m, i);
	m->slots[i] = slot;
}

static int grow(struct map *m)
{
	struct map larger = { .n = m->n, .size = m->size ? 2 * m->size : FIRST_SIZE };

	larger.slots = malloc(larger.size * sizeof(*larger.slots));
	if (!larger.slots)
		return -ENOMEM;
	for (size_t i = 0; i < larger.size; i++)
		larger.slots[i].value = MAP_NONE;
	for (size_t i = 0; i < m->size; i++) {
		if (m->slots[i].value != MAP_NONE)
			put(&larger, m->slots[i]);
	}

	free(m->slots);
	*m = larger;
	return 0;
}

int map_add(struct map *m, uint64_t key, uint32_t value)
{
	int r;

	if (2 * (m->n + 1) > m->size) {
		r = grow(m);
		if (r < 0)
			return r;
	}

	put(m, (struct map_slot){ key, value });
	m->n++;
	return 0;
}

/* The place of the pair, or of an empty slot. */
static size_t find_pair(const struct map *m, uint64_t key, uint32_t value)
{
	size_t i = home(m, key);

	while (m->slots[i].value != MAP_NONE &&
	       !(m->slots[i].key == key && m->slots[i].value == value))
		i = next(m, i);
	return i;
}

/* May the slot at @from move to the gap, or would a search for it then stop short? */
static bool may_move(const struct map *m, size_t from, size_t gap)
{
	size_t mask = m->size - 1;
	size_t start = home(m, m->slots[from].key);

	return ((from - start) & mask) >= ((from - gap) & mask);
}

void map_remove(struct map *m, uint64_t key, uint32_t value)
{
	size_t gap;

	if (!map_has(m, key, value))
		return;

	gap = find_pair(m, key, value);
	for (size_t i = next(m, gap); m->slots[i].value != MAP_NONE; i = next(m, i)) {
		if (may_move(m, i, gap)) {
			m->slots[gap] = m->slots[i];
			gap = i;
		}
	}
	m->slots[gap].value = MAP_NONE;
	m->n--;
}

bool map_has(const struct map *m, uint64_t key, uint32_t value)
{
	return m->n && m->slots[find_pair(m, key, value)].value != MAP_NONE;
}

uint32_t map_find(const struct map *m, uint64_t key, uint32_t except)
{
	if (!m->n)
		return MAP_NONE;

	for (size_t i = home(m, key); m->slots[i].value != MAP_NONE; i = next(m, i)) {
		if (m->slots[i].key == key && m->slots[i].value != except)
			return m->slots[i].value;
	}

	return MAP_NONE;
}

uint32_t *map_at(struct map *m, uint64_t key)
{
	uint32_t value = map_find(m, key, MAP_NONE);

	return value == MAP_NONE ? NULL : &m->slots[find_pair(m, key, value)].value;
}
