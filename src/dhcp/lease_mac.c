/* SPDX-License-Identifier: MIT */
/* lease_mac.c - see lease_mac.h; nothing of it is there where nobody may ask (l->by_mac is 0) */
#include "dhcp/lease_mac.h"

#include <string.h>

#include "base/prng.h"
#include "dhcp/lease_index.h"

/* Of a slot: its chain, NO_SLOT for none, and its neighbours in it. */
struct link {
	uint32_t chain;
	uint32_t before, behind;
};

size_t lease_mac_size(uint32_t cap)
{
	return lease_table_size(cap) * sizeof(uint32_t) + cap * sizeof(struct link);
}

/* The first slot of each chain; there are as many as the tables have entries. */
static uint32_t *firsts(struct leases *l)
{
	return (uint32_t *)((unsigned char *)l + l->by_mac);
}

static const uint32_t *firsts_const(const struct leases *l)
{
	return (const uint32_t *)((const unsigned char *)l + l->by_mac);
}

static struct link *links(struct leases *l)
{
	return (struct link *)(firsts(l) + l->mask + 1);
}

static const struct link *links_const(const struct leases *l)
{
	return (const struct link *)(firsts_const(l) + l->mask + 1);
}

void lease_mac_clear(struct leases *l)
{
	if (l->by_mac)
		memset(firsts(l), 0xff, lease_mac_size(l->cap));	/* NO_SLOT */
}

static uint32_t chain_of(const struct leases *l, uint8_t htype, uint8_t hlen,
			 const uint8_t *chaddr)
{
	uint64_t hash = l->seed ^ ((uint64_t)htype << 8 | hlen);

	for (size_t i = 0; i < hlen; i++) {
		uint64_t state = hash ^ chaddr[i];

		hash = prng_u64(&state);
	}
	return (uint32_t)hash & l->mask;
}

void lease_mac_remove(struct leases *l, uint32_t i)
{
	struct link *link;

	if (!l->by_mac)
		return;
	link = &links(l)[i];
	if (link->chain == NO_SLOT)
		return;
	*(link->before == NO_SLOT ? &firsts(l)[link->chain]
				  : &links(l)[link->before].behind) = link->behind;
	if (link->behind != NO_SLOT)
		links(l)[link->behind].before = link->before;
	link->chain = NO_SLOT;
}

void lease_mac_put(struct leases *l, uint32_t i)
{
	const struct dhcp_binding *b = &leases_at(l, i)->b;
	uint32_t chain, *first;

	if (!l->by_mac)
		return;
	lease_mac_remove(l, i);
	chain = chain_of(l, b->htype, b->hlen, b->chaddr);
	first = &firsts(l)[chain];
	links(l)[i] = (struct link){ .chain = chain, .before = NO_SLOT, .behind = *first };
	if (*first != NO_SLOT)
		links(l)[*first].before = i;
	*first = i;
}

void lease_mac_renumber(struct leases *l, uint32_t from, uint32_t to)
{
	struct link *link;

	if (!l->by_mac)
		return;
	links(l)[to] = links(l)[from];
	links(l)[from].chain = NO_SLOT;
	link = &links(l)[to];
	if (link->chain == NO_SLOT)
		return;
	*(link->before == NO_SLOT ? &firsts(l)[link->chain]
				  : &links(l)[link->before].behind) = to;
	if (link->behind != NO_SLOT)
		links(l)[link->behind].before = to;
}

void lease_mac_copy(struct leases *l, const struct leases *from)
{
	for (uint32_t i = 0; l->by_mac && i < from->n; i++)
		if (links_const(from)[i].chain != NO_SLOT)
			lease_mac_put(l, i);
}

uint32_t leases_next_of_mac(const struct leases *l, uint8_t htype, uint8_t hlen,
			    const uint8_t *chaddr, uint32_t after)
{
	uint32_t i = after == NO_SLOT ? firsts_const(l)[chain_of(l, htype, hlen, chaddr)]
				      : links_const(l)[after].behind;

	for (; i != NO_SLOT; i = links_const(l)[i].behind) {
		const struct dhcp_binding *b = &leases_at(l, i)->b;

		if (b->htype == htype && b->hlen == hlen && memcmp(b->chaddr, chaddr, hlen) == 0)
			break;
	}
	return i;
}
