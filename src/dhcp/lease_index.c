/* SPDX-License-Identifier: MIT */
/* lease_index.c - see lease_index.h */
#include "dhcp/lease_index.h"

#include <string.h>

#include "base/prng.h"
#include "base/util.h"

/* ---- two hash tables: open addressing, linear probing, deletion by moving back ---- */

uint32_t lease_table_size(uint32_t cap)
{
	uint32_t size = 4;

	while (size < 2 * cap)		/* at most half full: probes stay short */
		size *= 2;

	return size;
}

static const struct lease_entry *table_const(const struct leases *l, enum lease_index which)
{
	size_t off = which == BY_ID ? l->by_id : l->by_address;

	return (const struct lease_entry *)((const unsigned char *)l + off);
}

static struct lease_entry *table(struct leases *l, enum lease_index which)
{
	size_t off = which == BY_ID ? l->by_id : l->by_address;

	return (struct lease_entry *)((unsigned char *)l + off);
}

void lease_index_clear(struct leases *l)
{
	memset(table(l, BY_ID), 0xff, ((size_t)l->mask + 1) * sizeof(struct lease_entry));
	memset(table(l, BY_ADDRESS), 0xff, ((size_t)l->mask + 1) * sizeof(struct lease_entry));
}

static uint64_t mix(uint64_t hash, uint64_t word)
{
	uint64_t state = hash ^ word;

	return prng_u64(&state);
}

void leases_hash_id(const struct leases *l, struct client_id *id)
{
	uint64_t hash = mix(l->seed, (uint64_t)id->subnet << 16 | (uint64_t)id->len << 1 |
				     id->is_option);

	for (size_t i = 0; i < id->len; i += sizeof(uint64_t)) {
		uint64_t word = 0;

		/* Byte by byte, so that the order of bytes in a word does not matter. */
		for (size_t k = i; k < id->len && k < i + sizeof(word); k++)
			word = word << 8 | id->bytes[k];
		hash = mix(hash, word);
	}
	id->hash = hash;
}

static uint32_t hash_of(const struct leases *l, enum lease_index which, uint32_t i)
{
	const struct slot *slot = leases_at(l, i);

	return (uint32_t)(which == BY_ID ? slot->id_hash : mix(l->seed, slot->b.address));
}

/* Where in the table number @i stands; it does. */
static uint32_t index_pos(const struct leases *l, enum lease_index which, uint32_t i)
{
	uint32_t pos = hash_of(l, which, i) & l->mask;

	while (table_const(l, which)[pos].slot != i)
		pos = (pos + 1) & l->mask;

	return pos;
}

void lease_index_put(struct leases *l, enum lease_index which, uint32_t i)
{
	uint32_t hash = hash_of(l, which, i);
	uint32_t pos = hash & l->mask;

	while (table(l, which)[pos].slot != NO_SLOT)
		pos = (pos + 1) & l->mask;
	table(l, which)[pos] = (struct lease_entry){ i, hash };
}

void lease_index_remove(struct leases *l, enum lease_index which, uint32_t i)
{
	struct lease_entry *t = table(l, which);
	uint32_t hole = index_pos(l, which, i);
	uint32_t pos = hole;

	for (;;) {
		pos = (pos + 1) & l->mask;
		if (t[pos].slot == NO_SLOT)
			break;
		if (((pos - t[pos].hash) & l->mask) < ((pos - hole) & l->mask))
			continue;	/* it would come to stand before its home */
		t[hole] = t[pos];
		hole = pos;
	}
	t[hole].slot = NO_SLOT;
}

void lease_index_renumber(struct leases *l, enum lease_index which, uint32_t from, uint32_t to)
{
	table(l, which)[index_pos(l, which, from)].slot = to;
}

static bool is_client(const struct slot *slot, const struct client_id *id)
{
	return slot->id_hash == id->hash && slot->b.id_len == id->len &&
	       slot->b.id_is_option == id->is_option && slot->subnet == id->subnet &&
	       memcmp(slot->b.id, id->bytes, id->len) == 0;
}

uint32_t leases_find_id(const struct leases *l, const struct client_id *id)
{
	const struct lease_entry *t = table_const(l, BY_ID);
	uint32_t hash = (uint32_t)id->hash;
	uint32_t pos = hash & l->mask;

	while (t[pos].slot != NO_SLOT &&
	       (t[pos].hash != hash || !is_client(leases_at(l, t[pos].slot), id)))
		pos = (pos + 1) & l->mask;

	return t[pos].slot;
}

/* Where in the heap each slot stands; NO_SLOT: its time does not end. */
static uint32_t *positions(struct leases *l)
{
	return (uint32_t *)((unsigned char *)l + l->heap_pos);
}

static const uint32_t *positions_const(const struct leases *l)
{
	return (const uint32_t *)((const unsigned char *)l + l->heap_pos);
}

#define CACHE_LINE 64

void leases_expect(const struct leases *l, const struct client_id *id)
{
	const struct lease_entry *e = &table_const(l, BY_ID)[(uint32_t)id->hash & l->mask];
	const unsigned char *slot;

	if (e->slot == NO_SLOT)
		return;
	slot = (const unsigned char *)leases_at(l, e->slot);
	for (size_t i = 0; i < sizeof(struct slot); i += CACHE_LINE)
		__builtin_prefetch(slot + i, 1);
	__builtin_prefetch(&positions_const(l)[e->slot]);
}

uint32_t leases_find_address(const struct leases *l, uint32_t address)
{
	const struct lease_entry *t = table_const(l, BY_ADDRESS);
	uint32_t hash = (uint32_t)mix(l->seed, address);
	uint32_t pos = hash & l->mask;

	while (t[pos].slot != NO_SLOT &&
	       (t[pos].hash != hash || leases_at(l, t[pos].slot)->b.address != address))
		pos = (pos + 1) & l->mask;

	return t[pos].slot;
}

/* ---- the heap: who ends first; four below each, so that it is half as deep ---- */

#define BRANCH 4

static struct lease_end *heap(struct leases *l)
{
	return (struct lease_end *)((unsigned char *)l + l->heap);
}

static const struct lease_end *heap_const(const struct leases *l)
{
	return (const struct lease_end *)((const unsigned char *)l + l->heap);
}

static void place(struct leases *l, uint32_t pos, const struct lease_end *end)
{
	heap(l)[pos] = *end;
	positions(l)[end->slot] = pos;
}

/* @end into the hole at @pos, or above it where it belongs. */
static void sift_up(struct leases *l, uint32_t pos, struct lease_end end)
{
	while (pos && end.expires < heap(l)[(pos - 1) / BRANCH].expires) {
		place(l, pos, &heap(l)[(pos - 1) / BRANCH]);
		pos = (pos - 1) / BRANCH;
	}
	place(l, pos, &end);
}

/* The same, below. */
static void sift_down(struct leases *l, uint32_t pos, struct lease_end end)
{
	const struct lease_end *h = heap_const(l);

	for (;;) {
		uint32_t first = BRANCH * pos + 1, child = first;

		for (uint32_t k = first + 1; k < first + BRANCH && k < l->heap_n; k++)
			if (h[k].expires < h[child].expires)
				child = k;
		if (child >= l->heap_n || end.expires <= h[child].expires)
			break;
		place(l, pos, &h[child]);
		pos = child;
	}
	place(l, pos, &end);
}

void lease_heap_none(struct leases *l, uint32_t i)
{
	positions(l)[i] = NO_SLOT;
}

bool lease_heap_has(const struct leases *l, uint32_t i)
{
	return positions_const(l)[i] != NO_SLOT;
}

void lease_heap_put(struct leases *l, uint32_t i)
{
	sift_up(l, l->heap_n++, (struct lease_end){ leases_at(l, i)->b.expires, i });
}

void lease_heap_change(struct leases *l, uint32_t i)
{
	uint32_t pos = positions_const(l)[i];
	struct lease_end end = { leases_at(l, i)->b.expires, i };

	if (pos && end.expires < heap(l)[(pos - 1) / BRANCH].expires)
		sift_up(l, pos, end);
	else
		sift_down(l, pos, end);
}

void lease_heap_remove(struct leases *l, uint32_t i)
{
	uint32_t pos = positions_const(l)[i];
	struct lease_end last = heap(l)[--l->heap_n];

	positions(l)[i] = NO_SLOT;
	if (pos == l->heap_n)
		return;

	if (pos && last.expires < heap(l)[(pos - 1) / BRANCH].expires)
		sift_up(l, pos, last);
	else
		sift_down(l, pos, last);
}

void lease_heap_renumber(struct leases *l, uint32_t from, uint32_t to)
{
	uint32_t pos = positions_const(l)[from];

	positions(l)[to] = pos;
	if (pos != NO_SLOT)
		heap(l)[pos].slot = to;
}

void lease_heap_copy(struct leases *l, const struct leases *from)
{
	memcpy(heap(l), heap_const(from), from->heap_n * sizeof(struct lease_end));
	memcpy(positions(l), positions_const(from), from->n * sizeof(uint32_t));
}

uint64_t leases_deadline(const struct leases *l)
{
	return l->heap_n ? heap_const(l)[0].expires : DHCP_NEVER;
}

#define SEARCH_MAX 1024

uint64_t leases_next_end(const struct leases *l, uint8_t pool)
{
	uint32_t n = l->heap_n <= SEARCH_MAX ? l->heap_n : 1;
	uint64_t next = DHCP_NEVER;

	for (uint32_t i = 0; i < n; i++) {
		const struct slot *slot = leases_at(l, heap_const(l)[i].slot);

		if (slot->pool == pool && !slot->is_kept &&
		    pool_has(&l->pool[pool], slot->b.address))
			next = min_u64(next, heap_const(l)[i].expires);
	}

	return next;
}

uint32_t leases_due(const struct leases *l, uint64_t now)
{
	return l->heap_n && heap_const(l)[0].expires <= now ? heap_const(l)[0].slot : NO_SLOT;
}
