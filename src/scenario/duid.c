/* SPDX-License-Identifier: MIT */
/*
 * duid.c - ClientIdentifier=duid, an identifier by RFC 4361 section 6.1: type 255, a
 * number of the interface's, and the node's DUID, the same on all of its interfaces.
 */
#include <string.h>

#include "base/bytes.h"
#include "base/prng.h"
#include "scenario/scenario.h"

#define TYPE_DUID 255		/* RFC 4361 section 6.1 */
#define DUID_UUID 4		/* RFC 6355 section 4 */
#define UUID_LEN 16

/* From the seed and the node's name, as MAC addresses are; of version 4 by its form (RFC 4122). */
static void put_uuid(struct writer *w, uint64_t seed, const char *node)
{
	uint64_t prng = prng_derive(prng_derive(seed, "duid"), node);
	uint8_t uuid[UUID_LEN];

	for (size_t i = 0; i < UUID_LEN; i += 4)
		store_be32(uuid + i, prng_u32(&prng));
	uuid[6] = (uuid[6] & 0x0f) | 0x40;
	uuid[8] = (uuid[8] & 0x3f) | 0x80;
	put_bytes(w, uuid, sizeof(uuid));
}

size_t scn_client_id(const struct scenario *s, const struct scn_iface *iface,
		     uint8_t ret[static SCN_CLIENT_ID_MAX])
{
	const struct scn_client *c = iface->client;
	struct writer w;

	writer_init(&w, ret, SCN_CLIENT_ID_MAX);
	if (!c->by_duid) {
		put_bytes(&w, c->client_id, c->client_id_len);
		return w.len;
	}

	put_u8(&w, TYPE_DUID);
	put_be32(&w, (uint32_t)prng_derive(0, iface->name));
	put_be16(&w, DUID_UUID);
	put_uuid(&w, s->seed, s->nodes[iface->node].name);
	return w.len;
}
