/* SPDX-License-Identifier: MIT */
/* leases.c - see leases.h */
#include "dhcp/leases.h"

#include <string.h>

#include "base/util.h"
#include "dhcp/lease_index.h"
#include "dhcp/lease_mac.h"

#define CAP_MIN 64	/* bindings that there is room for at first */
#define CAP_MANY (1u << 16)	/* up to here room is cheaper than moving often */
#define STEP_ADDS 2	/* bindings that one step can add */

/* ---- the block ---- */

/* Where things stand behind the head: what is aligned to 8 comes first. */
static void lay_out(struct leases *l, bool keeps_more, uint32_t cap)
{
	size_t table = lease_table_size(cap) * sizeof(struct lease_entry);

	l->cap = cap;
	l->mask = lease_table_size(cap) - 1;
	l->slots = sizeof(*l);
	l->heap = l->slots + cap * sizeof(struct slot);
	if (keeps_more) {
		l->more = l->heap;
		l->heap += cap * sizeof(struct dhcp_binding_more);
	}
	l->by_id = l->heap + cap * sizeof(struct lease_end);
	l->by_address = l->by_id + table;
	l->map = l->by_address + table;
	if (keeps_more) {
		size_t end = l->map + lease_mac_size(cap);

		l->by_mac = l->map;
		l->map = (end + sizeof(uint64_t) - 1) / sizeof(uint64_t) * sizeof(uint64_t);
	}
}

static size_t maps_size(const struct leases_config *c, uint32_t cap)
{
	size_t size = 0;

	for (size_t i = 0; i < c->n_pools; i++)
		size += pool_map_size(&c->range[i], cap);

	return size;
}

size_t leases_tail_size(const struct leases_config *c, uint32_t cap)
{
	struct leases l;

	lay_out(&l, c->keeps_more, cap);
	return l.map + maps_size(c, cap) + cap * sizeof(uint32_t) - sizeof(l);
}

uint32_t leases_first_cap(const struct leases_config *c)
{
	return (uint32_t)min_u64(c->max_bindings, CAP_MIN);
}

uint32_t leases_better_cap(const struct leases *l)
{
	if (l->n + STEP_ADDS > l->cap)
		return (uint32_t)min_u64((l->cap < CAP_MANY ? 4 : 2) * (uint64_t)l->cap, l->max);
	if (l->cap > CAP_MIN && l->n < l->cap / 8)
		return (uint32_t)max_u64(l->cap / 2, CAP_MIN);

	return l->cap;
}

static void keep_addresses(struct leases *l, const struct leases_config *c)
{
	l->n_kept = c->n_kept;
	memcpy(l->kept, c->kept, c->n_kept * sizeof(l->kept[0]));
	for (size_t i = 0; i < c->n_kept; i++)
		for (size_t k = 0; k < c->n_pools; k++)
			pool_bar(&l->pool[k], c->kept[i]);	/* it is of one of them */
}

/* The bits of all pools, from @map on, in bytes from @l; where they end. */
static size_t pools_init(struct leases *l, const struct leases_config *c, size_t map)
{
	for (size_t i = 0; i < c->n_pools; i++) {
		size_t pool = offsetof(struct leases, pool) + i * sizeof(l->pool[0]);

		pool_init(&l->pool[i], map - pool, &c->range[i], c->self, l->cap);
		map += pool_map_size(&c->range[i], l->cap);
	}

	return map;
}

void leases_init(struct leases *l, const struct leases_config *c, uint32_t cap)
{
	*l = (struct leases){
		.seed = c->seed,
		.max = c->max_bindings,
		.n_subnets = c->n_subnets,
		.n_pools = c->n_pools,
	};
	memset(l->oldest, 0xff, sizeof(l->oldest));			/* NO_SLOT */
	memset(l->newest, 0xff, sizeof(l->newest));
	lay_out(l, c->keeps_more, cap);
	memset((unsigned char *)l + l->map, 0, maps_size(c, cap));
	l->heap_pos = pools_init(l, c, l->map);
	lease_index_clear(l);
	lease_mac_clear(l);
	keep_addresses(l, c);
}

void leases_move(struct leases *l, const struct leases *from)
{
	l->n = from->n;
	l->heap_n = from->heap_n;
	memcpy(l->used, from->used, sizeof(l->used));
	memcpy(l->oldest, from->oldest, sizeof(l->oldest));
	memcpy(l->newest, from->newest, sizeof(l->newest));
	memcpy(leases_slot(l, 0), leases_at(from, 0), l->n * sizeof(struct slot));
	if (l->more)
		memcpy(leases_more(l, 0), leases_more_at(from, 0),
		       l->n * sizeof(struct dhcp_binding_more));
	lease_heap_copy(l, from);
	lease_mac_copy(l, from);
	for (uint32_t i = 0; i < l->n; i++) {
		const struct slot *slot = leases_at(l, i);

		if (slot->b.id_len)
			lease_index_put(l, BY_ID, i);
		lease_index_put(l, BY_ADDRESS, i);
		pool_mark(&l->pool[slot->pool], slot->b.address);
	}
}

const struct slot *leases_at(const struct leases *l, uint32_t i)
{
	return (const struct slot *)((const unsigned char *)l + l->slots) + i;
}

struct slot *leases_slot(struct leases *l, uint32_t i)
{
	return (struct slot *)((unsigned char *)l + l->slots) + i;
}

const struct dhcp_binding_more *leases_more_at(const struct leases *l, uint32_t i)
{
	if (!l->more)
		return NULL;
	return (const struct dhcp_binding_more *)((const unsigned char *)l + l->more) + i;
}

struct dhcp_binding_more *leases_more(struct leases *l, uint32_t i)
{
	return l->more ? (struct dhcp_binding_more *)((unsigned char *)l + l->more) + i : NULL;
}

/* ---- the remembered ones, oldest first ---- */

static bool is_remembered(enum dhcp_binding_state state)
{
	return state == DHCP_BINDING_EXPIRED || state == DHCP_BINDING_RELEASED;
}

/* Number of the list on which the slot is remembered. */
static size_t list_of(const struct slot *slot)
{
	return slot->is_kept ? POOLS_MAX : slot->pool;
}

/* What points at the neighbours of slot @i shall point at @older_to and @newer_to. */
static void list_link(struct leases *l, uint32_t i, uint32_t older_to, uint32_t newer_to)
{
	const struct slot *slot = leases_at(l, i);

	*(slot->older == NO_SLOT ? &l->oldest[list_of(slot)]
				 : &leases_slot(l, slot->older)->newer) = newer_to;
	*(slot->newer == NO_SLOT ? &l->newest[list_of(slot)]
				 : &leases_slot(l, slot->newer)->older) = older_to;
}

static void list_put(struct leases *l, uint32_t i)
{
	struct slot *slot = leases_slot(l, i);

	slot->older = l->newest[list_of(slot)];
	slot->newer = NO_SLOT;
	list_link(l, i, i, i);
}

static void list_remove(struct leases *l, uint32_t i)
{
	list_link(l, i, leases_at(l, i)->older, leases_at(l, i)->newer);
}

uint32_t leases_remembered(const struct leases *l, uint32_t after)
{
	size_t list = 0;

	if (after != NO_SLOT && leases_at(l, after)->newer != NO_SLOT)
		return leases_at(l, after)->newer;
	if (after != NO_SLOT)
		list = list_of(leases_at(l, after)) + 1;
	while (list < LISTS && l->oldest[list] == NO_SLOT)
		list++;

	return list < LISTS ? l->oldest[list] : NO_SLOT;
}

/* ---- slots ---- */

/* Takes a slot out of the heap or the list, whichever its state put it in. */
static void slot_unlink(struct leases *l, uint32_t i)
{
	const struct slot *slot = leases_at(l, i);

	if (is_remembered(slot->b.state))
		list_remove(l, i);
	else if (lease_heap_has(l, i))
		lease_heap_remove(l, i);
}

/* One more or less in its state, if its address is one that the pool could give away. */
static void count(struct leases *l, uint32_t i, int by)
{
	const struct slot *slot = leases_at(l, i);

	if (!slot->is_kept && pool_has(&l->pool[slot->pool], slot->b.address))
		l->used[slot->pool][slot->b.state] += (uint32_t)by;
}

void leases_set(struct leases *l, uint32_t i, enum dhcp_binding_state state, uint64_t expires)
{
	struct slot *slot = leases_slot(l, i);
	bool ends = !is_remembered(state) && expires != DHCP_NEVER;
	bool stays = ends && lease_heap_has(l, i);

	if (!stays)
		slot_unlink(l, i);
	if (state != DHCP_BINDING_ACTIVE)
		lease_mac_remove(l, i);
	count(l, i, -1);
	slot->b.state = state;
	slot->b.expires = expires;
	slot->had_lease |= state == DHCP_BINDING_ACTIVE;
	count(l, i, 1);
	if (stays)
		lease_heap_change(l, i);
	else if (ends)
		lease_heap_put(l, i);
	else if (is_remembered(state))
		list_put(l, i);
}

/* The last slot comes to stand at @to, a place that is empty. */
static void slot_move(struct leases *l, uint32_t from, uint32_t to)
{
	const struct slot *slot = leases_at(l, from);

	if (slot->b.id_len)
		lease_index_renumber(l, BY_ID, from, to);
	lease_index_renumber(l, BY_ADDRESS, from, to);
	if (is_remembered(slot->b.state))
		list_link(l, from, to, to);
	lease_heap_renumber(l, from, to);
	lease_mac_renumber(l, from, to);
	*leases_slot(l, to) = *slot;
	if (l->more)
		*leases_more(l, to) = *leases_more_at(l, from);
}

void leases_remove(struct leases *l, uint32_t i)
{
	const struct slot *slot = leases_at(l, i);

	slot_unlink(l, i);
	lease_mac_remove(l, i);
	count(l, i, -1);
	if (slot->b.id_len)
		lease_index_remove(l, BY_ID, i);
	lease_index_remove(l, BY_ADDRESS, i);
	if (!slot->is_kept)
		pool_unmark(&l->pool[slot->pool], slot->b.address);
	l->n--;
	if (i != l->n)
		slot_move(l, l->n, i);
}

static uint32_t slot_add(struct leases *l, const struct client_id *id, uint8_t subnet,
			 uint32_t address)
{
	uint32_t i = l->n++;
	struct slot *slot = leases_slot(l, i);

	*slot = (struct slot){
		.b = { .state = DHCP_BINDING_NONE, .address = address, .expires = DHCP_NEVER },
		.older = NO_SLOT,
		.newer = NO_SLOT,
		.subnet = subnet,
		.pool = leases_pool_of(l, subnet, address),
		.is_kept = leases_is_kept(l, address),
	};
	if (l->more)
		*leases_more(l, i) = (struct dhcp_binding_more){ 0 };
	if (id) {
		slot->id_hash = id->hash;
		slot->b.id_len = id->len;
		slot->b.id_is_option = id->is_option;
		memcpy(slot->b.id, id->bytes, id->len);
		lease_index_put(l, BY_ID, i);
	}
	lease_index_put(l, BY_ADDRESS, i);
	pool_mark(&l->pool[slot->pool], address);
	lease_heap_none(l, i);
	count(l, i, 1);
	return i;
}

/* The client gives its slot up; a declined address rests on as nobody's. */
static void slot_leave(struct leases *l, uint32_t i)
{
	if (leases_at(l, i)->b.state != DHCP_BINDING_DECLINED) {
		leases_remove(l, i);
		return;
	}

	lease_index_remove(l, BY_ID, i);
	leases_slot(l, i)->b.id_len = 0;
}

/* Somebody who is remembered, of this pool if there is one; NO_SLOT: nobody is. */
static uint32_t most_forgettable(const struct leases *l, uint8_t pool)
{
	uint32_t i = l->oldest[pool];

	for (size_t k = 0; i == NO_SLOT && k < LISTS; k++)
		i = l->oldest[k];

	return i;
}

uint32_t leases_take(struct leases *l, const struct client_id *id, uint8_t subnet,
		     uint32_t address)
{
	uint32_t i = id ? leases_find_id(l, id) : NO_SLOT;

	if (i != NO_SLOT && leases_at(l, i)->b.address == address)
		return i;
	if (i != NO_SLOT)
		slot_leave(l, i);

	i = leases_find_address(l, address);
	if (i != NO_SLOT)
		leases_remove(l, i);
	if (l->n == l->cap)
		leases_remove(l, most_forgettable(l, leases_pool_of(l, subnet, address)));

	return slot_add(l, id, subnet, address);
}

/* ---- questions ---- */

enum dhcp_binding_state slot_state(const struct slot *slot, uint64_t now)
{
	if (slot->b.expires > now)
		return slot->b.state;

	switch (slot->b.state) {
	case DHCP_BINDING_OFFERED:
		return slot->had_lease ? DHCP_BINDING_EXPIRED : DHCP_BINDING_NONE;
	case DHCP_BINDING_ACTIVE:
		return DHCP_BINDING_EXPIRED;
	case DHCP_BINDING_DECLINED:
		return DHCP_BINDING_NONE;
	case DHCP_BINDING_NONE:
	case DHCP_BINDING_EXPIRED:
	case DHCP_BINDING_RELEASED:
	case DHCP_BINDING_PROBED:
		break;
	}

	return slot->b.state;
}

bool leases_is_kept(const struct leases *l, uint32_t address)
{
	size_t first = 0, last = l->n_kept;

	while (first < last) {
		size_t middle = (first + last) / 2;

		if (l->kept[middle] == address)
			return true;
		if (l->kept[middle] < address)
			first = middle + 1;
		else
			last = middle;
	}

	return false;
}

bool leases_is_open(const struct leases *l, uint32_t address, uint64_t now)
{
	uint32_t i = leases_find_address(l, address);
	enum dhcp_binding_state state;

	if (i == NO_SLOT)
		return true;

	state = slot_state(leases_at(l, i), now);
	return state == DHCP_BINDING_NONE || is_remembered(state);
}

uint8_t leases_pool_of(const struct leases *l, uint8_t subnet, uint32_t address)
{
	for (uint8_t i = l->n_subnets; i < l->n_pools; i++)
		if (pool_has(&l->pool[i], address))
			return i;

	return subnet;
}

bool leases_is_free(const struct leases *l, uint8_t pool, uint32_t address, uint64_t now)
{
	return pool_has(&l->pool[pool], address) && !leases_is_kept(l, address) &&
	       leases_is_open(l, address, now);
}

bool leases_has_room(const struct leases *l, uint64_t now)
{
	return l->n < l->cap || most_forgettable(l, 0) != NO_SLOT || leases_due(l, now) != NO_SLOT;
}

uint32_t leases_choose(const struct leases *l, const struct client_id *id, uint8_t pool,
		       uint64_t now)
{
	uint32_t address = pool_next(&l->pool[pool], id->hash);
	uint32_t i = l->oldest[pool];

	if (address)
		return address;
	if (i != NO_SLOT)
		return leases_at(l, i)->b.address;

	i = leases_due(l, now);		/* the caller is late with the DEADLINE */
	if (i == NO_SLOT || leases_at(l, i)->pool != pool || leases_at(l, i)->is_kept)
		return 0;
	return leases_at(l, i)->b.address;
}

void leases_settle(struct leases *l, uint64_t now)
{
	uint32_t i;

	while ((i = leases_due(l, now)) != NO_SLOT) {
		enum dhcp_binding_state state = slot_state(leases_at(l, i), now);

		if (state == DHCP_BINDING_NONE)
			leases_remove(l, i);
		else
			leases_set(l, i, state, leases_at(l, i)->b.expires);
	}
}
