/* SPDX-License-Identifier: MIT */
/* leases.c - see leases.h */
#include "dhcp/leases.h"

#include <string.h>

#include "base/prng.h"
#include "base/util.h"

enum index { BY_ID, BY_ADDRESS };

/* ---- the block ---- */

static uint32_t table_size(uint32_t max)
{
	uint32_t size = 4;

	while (size < 2 * max)		/* at most half full: probes stay short */
		size *= 2;

	return size;
}

size_t leases_tail_size(const struct leases_config *c)
{
	size_t max = c->max_bindings;
	size_t size = max * sizeof(struct slot) +
		      (2 * (size_t)table_size(c->max_bindings) + max) * sizeof(uint32_t);

	for (size_t i = 0; i < c->n_subnets; i++)
		size += pool_map_size(&c->net[i], c->max_bindings);

	return size;
}

static void keep_addresses(struct leases *l, const struct leases_config *c)
{
	l->n_kept = c->n_kept;
	memcpy(l->kept, c->kept, c->n_kept * sizeof(l->kept[0]));
	for (size_t i = 0; i < c->n_kept; i++)
		for (size_t k = 0; k < c->n_subnets; k++)
			pool_bar(&l->pool[k], c->kept[i]);	/* it is of one of them */
}

/* The bits of all pools, from @map on, in bytes from @l; where they end. */
static size_t pools_init(struct leases *l, const struct leases_config *c, size_t map)
{
	for (size_t i = 0; i < c->n_subnets; i++) {
		size_t pool = offsetof(struct leases, pool) + i * sizeof(l->pool[0]);

		pool_init(&l->pool[i], map - pool, &c->net[i], c->self, c->max_bindings);
		map += pool_map_size(&c->net[i], c->max_bindings);
	}

	return map;
}

void leases_init(struct leases *l, const struct leases_config *c)
{
	size_t table = table_size(c->max_bindings) * sizeof(uint32_t);

	*l = (struct leases){
		.seed = c->seed,
		.max = c->max_bindings,
		.mask = table_size(c->max_bindings) - 1,
		.slots = sizeof(*l),
		.n_subnets = c->n_subnets,
	};
	memset(l->oldest, 0xff, sizeof(l->oldest));			/* NO_SLOT */
	memset(l->newest, 0xff, sizeof(l->newest));
	/* What is aligned to 8 comes first. */
	l->by_id = pools_init(l, c, l->slots + l->max * sizeof(struct slot));
	l->by_address = l->by_id + table;
	l->heap = l->by_address + table;
	memset((unsigned char *)l + l->by_id, 0xff, 2 * table);
	keep_addresses(l, c);
}

const struct slot *leases_at(const struct leases *l, uint32_t i)
{
	return (const struct slot *)((const unsigned char *)l + l->slots) + i;
}

struct slot *leases_slot(struct leases *l, uint32_t i)
{
	return (struct slot *)((unsigned char *)l + l->slots) + i;
}

static const uint32_t *table_const(const struct leases *l, enum index which)
{
	size_t off = which == BY_ID ? l->by_id : l->by_address;

	return (const uint32_t *)((const unsigned char *)l + off);
}

static uint32_t *table(struct leases *l, enum index which)
{
	size_t off = which == BY_ID ? l->by_id : l->by_address;

	return (uint32_t *)((unsigned char *)l + off);
}

static uint32_t *heap(struct leases *l)
{
	return (uint32_t *)((unsigned char *)l + l->heap);
}

static const uint32_t *heap_const(const struct leases *l)
{
	return (const uint32_t *)((const unsigned char *)l + l->heap);
}

/* ---- two hash tables: open addressing, linear probing, deletion by moving back ---- */

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

static uint64_t slot_hash(const struct leases *l, enum index which, uint32_t i)
{
	const struct slot *slot = leases_at(l, i);

	return which == BY_ID ? slot->id_hash : mix(l->seed, slot->b.address);
}

/* Where in the table number @i stands; it does. */
static uint32_t index_pos(const struct leases *l, enum index which, uint32_t i)
{
	uint32_t pos = (uint32_t)slot_hash(l, which, i) & l->mask;

	while (table_const(l, which)[pos] != i)
		pos = (pos + 1) & l->mask;

	return pos;
}

static void index_put(struct leases *l, enum index which, uint32_t i)
{
	uint32_t pos = (uint32_t)slot_hash(l, which, i) & l->mask;

	while (table(l, which)[pos] != NO_SLOT)
		pos = (pos + 1) & l->mask;
	table(l, which)[pos] = i;
}

static void index_remove(struct leases *l, enum index which, uint32_t i)
{
	uint32_t *t = table(l, which);
	uint32_t hole = index_pos(l, which, i);
	uint32_t pos = hole;

	for (;;) {
		uint32_t home;

		pos = (pos + 1) & l->mask;
		if (t[pos] == NO_SLOT)
			break;
		home = (uint32_t)slot_hash(l, which, t[pos]) & l->mask;
		if (((pos - home) & l->mask) < ((pos - hole) & l->mask))
			continue;	/* it would come to stand before its home */
		t[hole] = t[pos];
		hole = pos;
	}
	t[hole] = NO_SLOT;
}

static bool is_client(const struct slot *slot, const struct client_id *id)
{
	return slot->id_hash == id->hash && slot->b.id_len == id->len &&
	       slot->b.id_is_option == id->is_option && slot->subnet == id->subnet &&
	       memcmp(slot->b.id, id->bytes, id->len) == 0;
}

uint32_t leases_find_id(const struct leases *l, const struct client_id *id)
{
	const uint32_t *t = table_const(l, BY_ID);
	uint32_t pos = (uint32_t)id->hash & l->mask;

	while (t[pos] != NO_SLOT && !is_client(leases_at(l, t[pos]), id))
		pos = (pos + 1) & l->mask;

	return t[pos];
}

uint32_t leases_find_address(const struct leases *l, uint32_t address)
{
	const uint32_t *t = table_const(l, BY_ADDRESS);
	uint32_t pos = (uint32_t)mix(l->seed, address) & l->mask;

	while (t[pos] != NO_SLOT && leases_at(l, t[pos])->b.address != address)
		pos = (pos + 1) & l->mask;

	return t[pos];
}

/* ---- the heap: who ends first ---- */

static void heap_place(struct leases *l, uint32_t pos, uint32_t i)
{
	heap(l)[pos] = i;
	leases_slot(l, i)->heap_pos = pos;
}

static uint64_t heap_time(const struct leases *l, uint32_t pos)
{
	return leases_at(l, heap_const(l)[pos])->b.expires;
}

static void heap_up(struct leases *l, uint32_t pos)
{
	uint32_t i = heap(l)[pos];
	uint64_t expires = leases_at(l, i)->b.expires;

	while (pos && expires < heap_time(l, (pos - 1) / 2)) {
		heap_place(l, pos, heap(l)[(pos - 1) / 2]);
		pos = (pos - 1) / 2;
	}
	heap_place(l, pos, i);
}

static void heap_down(struct leases *l, uint32_t pos)
{
	uint32_t i = heap(l)[pos];
	uint64_t expires = leases_at(l, i)->b.expires;

	for (;;) {
		uint32_t child = 2 * pos + 1;

		if (child + 1 < l->heap_n && heap_time(l, child + 1) < heap_time(l, child))
			child++;
		if (child >= l->heap_n || expires <= heap_time(l, child))
			break;
		heap_place(l, pos, heap(l)[child]);
		pos = child;
	}
	heap_place(l, pos, i);
}

static void heap_put(struct leases *l, uint32_t i)
{
	heap_place(l, l->heap_n++, i);
	heap_up(l, l->heap_n - 1);
}

static void heap_remove(struct leases *l, uint32_t i)
{
	uint32_t pos = leases_at(l, i)->heap_pos;
	uint32_t last = heap(l)[--l->heap_n];

	leases_slot(l, i)->heap_pos = NO_SLOT;
	if (pos == l->heap_n)
		return;

	heap_place(l, pos, last);
	heap_up(l, pos);
	heap_down(l, leases_at(l, last)->heap_pos);
}

uint64_t leases_deadline(const struct leases *l)
{
	return l->heap_n ? heap_time(l, 0) : DHCP_NEVER;
}

uint32_t leases_due(const struct leases *l, uint64_t now)
{
	return l->heap_n && heap_time(l, 0) <= now ? heap_const(l)[0] : NO_SLOT;
}

/* ---- the remembered ones, oldest first ---- */

static bool is_remembered(enum dhcp_binding_state state)
{
	return state == DHCP_BINDING_EXPIRED || state == DHCP_BINDING_RELEASED;
}

/* Number of the list on which the slot is remembered. */
static size_t list_of(const struct slot *slot)
{
	return slot->is_kept ? SUBNETS_MAX : slot->subnet;
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

/* ---- slots ---- */

/* Takes a slot out of the heap or the list, whichever its state put it in. */
static void slot_unlink(struct leases *l, uint32_t i)
{
	const struct slot *slot = leases_at(l, i);

	if (is_remembered(slot->b.state))
		list_remove(l, i);
	else if (slot->heap_pos != NO_SLOT)
		heap_remove(l, i);
}

void leases_set(struct leases *l, uint32_t i, enum dhcp_binding_state state, uint64_t expires)
{
	struct slot *slot = leases_slot(l, i);

	slot_unlink(l, i);
	slot->b.state = state;
	slot->b.expires = expires;
	slot->had_lease |= state == DHCP_BINDING_ACTIVE;
	if (is_remembered(state))
		list_put(l, i);
	else if (expires != DHCP_NEVER)
		heap_put(l, i);
}

/* The last slot comes to stand at @to, a place that is empty. */
static void slot_move(struct leases *l, uint32_t from, uint32_t to)
{
	const struct slot *slot = leases_at(l, from);

	if (slot->b.id_len)
		table(l, BY_ID)[index_pos(l, BY_ID, from)] = to;
	table(l, BY_ADDRESS)[index_pos(l, BY_ADDRESS, from)] = to;
	if (is_remembered(slot->b.state))
		list_link(l, from, to, to);
	else if (slot->heap_pos != NO_SLOT)
		heap(l)[slot->heap_pos] = to;
	*leases_slot(l, to) = *slot;
}

void leases_remove(struct leases *l, uint32_t i)
{
	const struct slot *slot = leases_at(l, i);

	slot_unlink(l, i);
	if (slot->b.id_len)
		index_remove(l, BY_ID, i);
	index_remove(l, BY_ADDRESS, i);
	if (!slot->is_kept)
		pool_unmark(&l->pool[slot->subnet], slot->b.address);
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
		.heap_pos = NO_SLOT,
		.older = NO_SLOT,
		.newer = NO_SLOT,
		.subnet = subnet,
		.is_kept = leases_is_kept(l, address),
	};
	if (id) {
		slot->id_hash = id->hash;
		slot->b.id_len = id->len;
		slot->b.id_is_option = id->is_option;
		memcpy(slot->b.id, id->bytes, id->len);
		index_put(l, BY_ID, i);
	}
	index_put(l, BY_ADDRESS, i);
	pool_mark(&l->pool[subnet], address);
	return i;
}

/* The client gives its slot up; a declined address rests on as nobody's. */
static void slot_leave(struct leases *l, uint32_t i)
{
	if (leases_at(l, i)->b.state != DHCP_BINDING_DECLINED) {
		leases_remove(l, i);
		return;
	}

	index_remove(l, BY_ID, i);
	leases_slot(l, i)->b.id_len = 0;
}

/* Somebody who is remembered, of this subnet if there is one; NO_SLOT: nobody is. */
static uint32_t most_forgettable(const struct leases *l, uint8_t subnet)
{
	uint32_t i = l->oldest[subnet];

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
	if (l->n == l->max)
		leases_remove(l, most_forgettable(l, subnet));

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

bool leases_is_free(const struct leases *l, uint8_t subnet, uint32_t address, uint64_t now)
{
	return pool_has(&l->pool[subnet], address) && !leases_is_kept(l, address) &&
	       leases_is_open(l, address, now);
}

bool leases_has_room(const struct leases *l, uint64_t now)
{
	return l->n < l->max || most_forgettable(l, 0) != NO_SLOT || leases_due(l, now) != NO_SLOT;
}

uint32_t leases_choose(const struct leases *l, const struct client_id *id, uint64_t now)
{
	uint32_t address = pool_next(&l->pool[id->subnet], id->hash);
	uint32_t i = l->oldest[id->subnet];

	if (address)
		return address;
	if (i != NO_SLOT)
		return leases_at(l, i)->b.address;

	i = leases_due(l, now);		/* the caller is late with the DEADLINE */
	if (i == NO_SLOT || leases_at(l, i)->subnet != id->subnet || leases_at(l, i)->is_kept)
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
