/* SPDX-License-Identifier: MIT */
/*
 * lease_index.h - the two hash tables and the heap of struct leases.
 *
 * What is compared stands in the tables and in the heap itself: with many
 * bindings each look at a slot is a wait for memory, so only the right one is
 * looked at.
 */
#ifndef DHCP_LEASE_INDEX_H
#define DHCP_LEASE_INDEX_H

#include "dhcp/leases.h"

enum lease_index { BY_ID, BY_ADDRESS };

/* Of a hash table: a slot's number, NO_SLOT for none, and half of its hash. */
struct lease_entry {
	uint32_t slot;
	uint32_t hash;
};

/* Of the heap: when that slot's time ends. */
struct lease_end {
	uint64_t expires;
	uint32_t slot;
};

/* Entries of each table; a power of 2. */
uint32_t lease_table_size(uint32_t cap);
void lease_index_clear(struct leases *l);
void lease_index_put(struct leases *l, enum lease_index which, uint32_t i);
/* Slot @i is in the table. */
void lease_index_remove(struct leases *l, enum lease_index which, uint32_t i);
void lease_index_renumber(struct leases *l, enum lease_index which, uint32_t from, uint32_t to);

/* A new slot: it is not in the heap. */
void lease_heap_none(struct leases *l, uint32_t i);
bool lease_heap_has(const struct leases *l, uint32_t i);
void lease_heap_put(struct leases *l, uint32_t i);
/* Slot @i is in the heap, and ends at another time. */
void lease_heap_change(struct leases *l, uint32_t i);
void lease_heap_remove(struct leases *l, uint32_t i);
void lease_heap_renumber(struct leases *l, uint32_t from, uint32_t to);
void lease_heap_copy(struct leases *l, const struct leases *from);

#endif
