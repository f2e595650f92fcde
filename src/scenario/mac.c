/* SPDX-License-Identifier: MIT */
/* mac.c - a MAC address for every interface, the same for the same seed and name */
#include <errno.h>
#include <string.h>

#include "base/prng.h"
#include "scenario/parse.h"

/* Locally administered, and "NL" so that people see whose it is. */
static const uint8_t prefix[3] = { 0x02, 0x4e, 0x4c };

void mac_from_number(uint64_t number, uint8_t ret[static 6])
{
	for (int i = 5; i >= 0; i--, number >>= 8)
		ret[i] = (uint8_t)number;
}

/* 0, -EEXIST, -ENOMEM */
static int claim(struct index *taken, const uint8_t mac[static 6], size_t iface, size_t *ret_other)
{
	char text[MAC_LEN];

	return index_add(taken, mac_format(mac, text), iface, ret_other);
}

static int take_given(struct parse *p, struct index *taken)
{
	for (size_t i = 0; i < p->s->n_ifaces; i++) {
		const struct given *g = &p->ifaces[i].mac;
		struct scn_iface *iface = &p->s->ifaces[i];
		size_t other;
		int r;

		if (!g->section)
			continue;
		mac_from_number(g->value, iface->mac);
		r = claim(taken, iface->mac, i, &other);
		if (r == -ENOMEM)
			return r;
		if (r < 0)
			bad(p, g->at, "MACAddress=: %s has it already", p->s->ifaces[other].label);
	}

	return 0;
}

/* From the seed and the name; the next free one where two names fall together. */
static int make_mac(struct index *taken, uint64_t seed, struct scn_iface *iface, size_t i)
{
	uint32_t tail = (uint32_t)prng_derive(seed, iface->label);
	int r;

	do {
		memcpy(iface->mac, prefix, sizeof(prefix));
		iface->mac[3] = (uint8_t)(tail >> 16);
		iface->mac[4] = (uint8_t)(tail >> 8);
		iface->mac[5] = (uint8_t)tail;
		r = claim(taken, iface->mac, i, NULL);
		tail++;
	} while (r == -EEXIST);

	return r;
}

int mac_finish(struct parse *p)
{
	cleanup_index struct index taken = { 0 };
	struct scenario *s = p->s;
	int r = take_given(p, &taken);

	for (size_t i = 0; i < s->n_ifaces && r == 0; i++)
		if (!p->ifaces[i].mac.section)
			r = make_mac(&taken, s->seed, &s->ifaces[i], i);
	return r;
}
