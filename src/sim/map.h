/* SPDX-License-Identifier: MIT */
/* map.h - a hash table from 64-bit keys to numbers; a key may stand for several. */
#ifndef SIM_MAP_H
#define SIM_MAP_H

#include "base/util.h"

#define MAP_NONE UINT32_MAX	/* a value that is none */

struct map_slot {
	uint64_t key;
	uint32_t value;
};

/**
 * struct map - start with `= {0}`
 * @slots: owned; @size of them, a power of two
 * @n: slots in use, at most half
 */
struct map {
	struct map_slot *slots;
	size_t n, size;
};

void map_done(struct map *m);

/* @value: not MAP_NONE. 0 or -ENOMEM. */
int map_add(struct map *m, uint64_t key, uint32_t value);
/* Takes one pair out; one that is not there is no mistake. */
void map_remove(struct map *m, uint64_t key, uint32_t value);
bool map_has(const struct map *m, uint64_t key, uint32_t value);
/* A value of @key that is not @except; with none but that, MAP_NONE. */
uint32_t map_find(const struct map *m, uint64_t key, uint32_t except);
/* The slot of @key's only value, to be changed in place; NULL if it has none. */
uint32_t *map_at(struct map *m, uint64_t key);

#endif
