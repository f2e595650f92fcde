/* SPDX-License-Identifier: MIT */
/*
 * leases.h - the bindings of a server: found by client, by address, by what
 * ends next, and by what was forgotten longest.
 *
 * All of it lies in one block without pointers, so that a copy is a snapshot:
 * the slots, what is kept beside them (if anything is), hash tables and a
 * heap of slot numbers, and the bits of the pool. An address is in one slot at
 * most, and so is a client. Slots are dense: removing one moves the last into
 * its place, so numbers hold only until the next removal. A block has room for
 * so many bindings; the owner moves all to a bigger or smaller one in time, so
 * that memory follows what is held.
 */
#ifndef DHCP_LEASES_H
#define DHCP_LEASES_H

#include <netlab/dhcp_server.h>

#include "dhcp/pool.h"

#define NO_SLOT UINT32_MAX
#define LEASES_MAX (1u << 24)	/* one for each address of 10.0.0.0/8 */
#define SUBNETS_MAX (1 + DHCP_SERVER_SUBNETS_MAX)	/* with the server's own link, number 0 */
#define POOLS_MAX (SUBNETS_MAX + DHCP_SERVER_CLASSES_MAX)	/* a subnet's, then a class's */
#define LISTS (POOLS_MAX + 1)

/**
 * struct client_id - what tells clients apart (RFC 2131 section 4.2)
 * @hash: of all the rest, seeded
 * @subnet: number of the client's subnet: section 2.1 makes it part of the key, so
 *	that one who moves has a binding in each
 * @is_option: from option 61; else htype and chaddr
 */
struct client_id {
	uint64_t hash;
	uint8_t subnet;
	uint8_t len;
	bool is_option;
	uint8_t bytes[DHCP_BINDING_ID_MAX];
};

/**
 * struct slot - a binding and its places in the indexes
 * @b: id_len 0: a declined address that is no client's any more
 * @offered_sec: the lease that the last OFFER promised
 * @older: @newer: neighbours among the remembered ones of its list
 * @subnet: number of the address's subnet; @pool: of its pool
 * @is_kept: the address is kept for one client: it is never given to another
 * @had_lease: the client has held this address, not only been offered it
 */
struct slot {
	struct dhcp_binding b;
	uint64_t id_hash;
	uint32_t offered_sec;
	uint32_t older, newer;
	uint8_t subnet, pool;
	bool is_kept;
	bool had_lease;
};

/**
 * struct leases - the head of the block
 * @max: bindings that it may ever hold; @cap: that it has room for now
 * @n: slots in use
 * @mask: entries of each hash table, less one
 * @heap_n: slots whose time ends
 * @n_pools: each subnet's, then each class's, which are empty for a class without
 * @oldest: @newest: ends of the lists of remembered (expired, released) ones: each
 *	pool's, and those of kept addresses
 * @kept: addresses that are kept for one client each, in order
 * @used: addresses of each pool that can be given away, by the state they are in
 * @more: struct dhcp_binding_more, one beside each slot; 0: none are kept
 * @by_mac: see lease_mac.h; there where @more is, else 0
 * @slots: @by_id: @by_address: @heap: @heap_pos: @map: bytes from the start of this struct
 */
struct leases {
	uint64_t seed;
	uint32_t max, cap, n;
	uint32_t mask;
	uint32_t heap_n;
	size_t slots, more, by_id, by_address, by_mac, heap, heap_pos, map;
	uint8_t n_subnets, n_pools;
	uint16_t n_kept;
	uint32_t oldest[LISTS], newest[LISTS];
	uint32_t used[POOLS_MAX][DHCP_BINDING_STATES];
	struct pool pool[POOLS_MAX];
	uint32_t kept[DHCP_SERVER_RESERVED_MAX];
};

/**
 * struct leases_config - what a block is made for
 * @self: the server's own address
 * @range: of the pools: the subnets', by number, then the classes'
 * @kept: addresses that are kept for one client each, in order, each once
 * @keeps_more: struct dhcp_binding_more beside each binding
 */
struct leases_config {
	bool keeps_more;
	uint32_t max_bindings;
	uint64_t seed;
	uint32_t self;
	uint8_t n_subnets, n_pools;
	struct pool_range range[POOLS_MAX];
	uint16_t n_kept;
	uint32_t kept[DHCP_SERVER_RESERVED_MAX];
};

/* Bytes that follow the head of a block with room for @cap bindings. */
size_t leases_tail_size(const struct leases_config *c, uint32_t cap);
/* The room to begin with, and the one that would suit it better than the one it has. */
uint32_t leases_first_cap(const struct leases_config *c);
uint32_t leases_better_cap(const struct leases *l);
/* @l: followed by leases_tail_size() bytes, which are touched where they are used. */
void leases_init(struct leases *l, const struct leases_config *c, uint32_t cap);
/* Into @l, just made of the same config, all that @from holds; there is room for it. */
void leases_move(struct leases *l, const struct leases *from);

/* @id is set but for the hash, which follows from the rest and the seed. */
void leases_hash_id(const struct leases *l, struct client_id *id);
/* That client is about to be looked for: memory may begin to fetch it. */
void leases_expect(const struct leases *l, const struct client_id *id);
/* Slot numbers, or NO_SLOT. */
uint32_t leases_find_id(const struct leases *l, const struct client_id *id);
uint32_t leases_find_address(const struct leases *l, uint32_t address);
/* The slot that ends first, if it has ended at @now. */
uint32_t leases_due(const struct leases *l, uint64_t now);
const struct slot *leases_at(const struct leases *l, uint32_t i);
struct slot *leases_slot(struct leases *l, uint32_t i);
/* What is kept beside slot @i; NULL: nothing is. */
struct dhcp_binding_more *leases_more(struct leases *l, uint32_t i);
const struct dhcp_binding_more *leases_more_at(const struct leases *l, uint32_t i);

/*
 * The remembered ones: of each list, the one that was given up longest ago first.
 * @after: NO_SLOT: the first of all. NO_SLOT: there is none after it
 */
uint32_t leases_remembered(const struct leases *l, uint32_t after);

/* When the first slot's time ends; DHCP_NEVER for none. */
uint64_t leases_deadline(const struct leases *l);

/* What the slot is at @now, even if nobody has sent DEADLINE yet. */
enum dhcp_binding_state slot_state(const struct slot *slot, uint64_t now);

/* Number of the pool that @address of @subnet is of; the subnet's own if it is of none. */
uint8_t leases_pool_of(const struct leases *l, uint8_t subnet, uint32_t address);

/* May @address of that pool be given to a client that does not have it? */
bool leases_is_free(const struct leases *l, uint8_t pool, uint32_t address, uint64_t now);
/* Has nobody @address? So that he may have it for whom it is kept. */
bool leases_is_open(const struct leases *l, uint32_t address, uint64_t now);
/* Is @address kept for one client? */
bool leases_is_kept(const struct leases *l, uint32_t address);
/*
 * When the first address of a pool is free again that is not now. Among
 * many leases it is looked for only where it is found at once: DHCP_NEVER then.
 */
uint64_t leases_next_end(const struct leases *l, uint8_t pool);
/* Can one more binding be held, if need be by forgetting an old one? */
bool leases_has_room(const struct leases *l, uint64_t now);
/*
 * An address of that pool for a client without one: one that nobody has had,
 * else the one that was given up longest ago; 0 when all are taken.
 */
uint32_t leases_choose(const struct leases *l, const struct client_id *id, uint8_t pool,
		       uint64_t now);

/* Ends everything whose time is over: leases are remembered, the others forgotten. */
void leases_settle(struct leases *l, uint64_t now);

/**
 * leases_take() - the slot in which @id has @address, new if need be
 * @id: NULL for nobody
 * @subnet: of @address, and of @id
 * @address: free, or the client's own already
 *
 * Gives up what the client had before, and whoever was remembered for the
 * address; a declined address rests on as nobody's. There is room, and
 * everything is settled.
 */
uint32_t leases_take(struct leases *l, const struct client_id *id, uint8_t subnet,
		     uint32_t address);
void leases_set(struct leases *l, uint32_t i, enum dhcp_binding_state state, uint64_t expires);
void leases_remove(struct leases *l, uint32_t i);

#endif
