/* SPDX-License-Identifier: MIT */
/*
 * server_more.c - what a server keeps beside its bindings for those who ask
 * about them (RFC 4388 section 6.7), and the nonces of its clients (RFC 6704).
 */
#include <string.h>

#include "base/bytes.h"
#include "dhcp/auth.h"
#include "dhcp/lease_mac.h"
#include "dhcp/md5.h"
#include "dhcp/server_internal.h"

_Static_assert(AUTH_VALUE_LEN == DHCP_NONCE_LEN && MD5_LEN == DHCP_NONCE_LEN, "a nonce");

bool server_keeps_more(const struct dhcp_server_options *opt)
{
	return opt->n_queriers || opt->force_renew;
}

static uint32_t number_of(const struct dhcp_server *s, const struct slot *slot)
{
	return (uint32_t)(slot - leases_at(&s->leases, 0));
}

const struct dhcp_binding_more *server_more(const struct dhcp_server *s,
					    const struct server_query *q)
{
	return q->slot ? leases_more_at(&s->leases, number_of(s, q->slot)) : NULL;
}

/* An option as long as there is room for it, or nothing. Its length. */
static uint8_t keep(const uint8_t *value, size_t len, uint8_t *ret, size_t max)
{
	if (len > max)
		return 0;
	memcpy(ret, value, len);
	return (uint8_t)len;
}

/* A renewal comes past the relay agent: what that said before still holds. */
void server_keep_more(struct dhcp_server *s, const struct server_query *q, const struct slot *slot)
{
	struct dhcp_binding_more *more = leases_more(&s->leases, number_of(s, slot));
	const uint8_t *value;
	size_t len;

	if (!more)
		return;
	if (slot->b.state == DHCP_BINDING_ACTIVE)
		lease_mac_put(&s->leases, number_of(s, slot));
	more->seen = q->now;
	more->class = q->class ? (uint8_t)(q->class - s->opt.class + 1) : 0;
	value = dhcp_message_get(q->rx->msg, DHCP_OPT_VENDOR_CLASS, &len);
	if (value)
		more->vendor_len = keep(value, len, more->vendor, sizeof(more->vendor));
	value = server_relay_info(s, q->rx->msg, &len);
	if (value)
		more->relay_len = keep(value, len, more->relay, sizeof(more->relay));
}

bool server_can_force(const struct dhcp_server *s, const struct server_query *q)
{
	size_t len = 0;
	const uint8_t *can = dhcp_message_get(q->rx->msg, DHCP_OPT_FORCERENEW_NONCE, &len);

	return s->opt.force_renew && q->rx->msg->type != DHCP_NO_TYPE && len &&
	       memchr(can, AUTH_HMAC_MD5, len);
}

/*
 * RFC 6704 section 3.1.3: one who renews has it already, if it was given one. No
 * client has the same as another, nor the same again; without the seed nobody
 * can tell them.
 */
bool server_new_nonce(const struct dhcp_server *s, const struct server_query *q, uint32_t address,
		      uint8_t ret[static DHCP_NONCE_LEN])
{
	const struct dhcp_binding_more *more = server_more(s, q);
	bool has_one = q->own == address && more && more->has_nonce;
	uint8_t key[8], facts[12];
	const struct md5_part part[] = {
		{ facts, sizeof(facts) }, { q->id.bytes, q->id.len },
	};

	if (!server_can_force(s, q) || (q->trigger == DHCP_SERVER_ON_RENEWING && has_one))
		return false;

	store_be32(key, (uint32_t)(s->opt.seed >> 32));
	store_be32(key + 4, (uint32_t)s->opt.seed);
	store_be32(facts, address);
	store_be32(facts + 4, (uint32_t)(q->now >> 32));
	store_be32(facts + 8, (uint32_t)q->now);
	hmac_md5(key, sizeof(key), part, 2, ret);
	return true;
}

void server_keep_lease(struct dhcp_server *s, const struct server_query *q,
		       const struct slot *slot, const uint8_t *nonce)
{
	struct dhcp_binding_more *more = leases_more(&s->leases, number_of(s, slot));

	if (!more)
		return;
	more->since = q->now;
	more->has_nonce = nonce || (more->has_nonce && server_can_force(s, q));
	if (nonce)
		memcpy(more->nonce, nonce, sizeof(more->nonce));
}
