/* SPDX-License-Identifier: MIT */
/*
 * pool.h - which addresses a server may give away, and which of them nobody
 * has ever had.
 *
 * A bit for each address that is on record, so that a new one is found in
 * words of 64. The bits cover at most POOL_BITS_PER_BINDING addresses for each
 * binding that the server can hold: memory follows the bindings, not the pool.
 */
#ifndef DHCP_POOL_H
#define DHCP_POOL_H

#include <netlab/dhcp_server.h>

#define POOL_BITS_PER_BINDING 64

/**
 * struct pool_range - what a pool is made of
 * @address: @prefix_len: its subnet
 * @first: @last: 0 and 0: it has no address
 */
struct pool_range {
	uint32_t address;
	uint8_t prefix_len;
	uint32_t first, last;
};

/**
 * struct pool - addresses @first to @last
 * @never: the server's own address, the network's and the broadcast address
 * @covered: addresses that have a bit, from @first on
 * @unmarked: how many of those bits are clear
 * @size: addresses that can be given away
 * @map: where the bits stand, in bytes from the start of this struct
 */
struct pool {
	uint32_t first, last;
	uint32_t never[3];
	uint32_t covered;
	uint32_t unmarked;
	uint32_t size;
	size_t map;
};

/* Bytes of the bits that the pool of @range needs; a multiple of 8. */
size_t pool_map_size(const struct pool_range *range, uint32_t max_bindings);
/* @map: bytes from @p to pool_map_size() zeros, aligned to 8. @self: the server's address. */
void pool_init(struct pool *p, size_t map, const struct pool_range *range, uint32_t self,
	       uint32_t max_bindings);

/* Keeps @address from being given away: on record for good, and not one of @size. */
void pool_bar(struct pool *p, uint32_t address);

/* In the pool, and neither the server's own nor the network's nor broadcast. */
bool pool_has(const struct pool *p, uint32_t address);

/* Puts @address on record, or off it; others than the pool's are passed over. */
void pool_mark(struct pool *p, uint32_t address);
void pool_unmark(struct pool *p, uint32_t address);

/*
 * The first address off record at or after a place that @hash chooses, round
 * the end; 0 when all are on record. The same hash chooses the same place.
 */
uint32_t pool_next(const struct pool *p, uint64_t hash);

#endif
