/* SPDX-License-Identifier: MIT */
/* server_facts.c - the numbers behind a decision, for those who explain it */
#include <string.h>

#include "base/util.h"
#include "dhcp/server_internal.h"

/* Does the choice of an address look at the pool? */
static bool is_choice(enum dhcp_server_trigger t)
{
	return t == DHCP_SERVER_ON_DISCOVER || t == DHCP_SERVER_ON_RAPID ||
	       t == DHCP_SERVER_ON_BOOTP || t == DHCP_SERVER_ON_SELECTING;
}

static void tell_pool(const struct dhcp_server *s, const struct server_query *q,
		      struct dhcp_facts *ret)
{
	const struct leases *l = &s->leases;
	const struct pool *pool = &l->pool[q->pool];
	const uint32_t *used = l->used[q->pool];

	ret->pool_first = pool->first;
	ret->pool_last = pool->last;
	ret->pool_size = pool->size;
	ret->pool_held = used[DHCP_BINDING_ACTIVE] + used[DHCP_BINDING_OFFERED] +
			 used[DHCP_BINDING_PROBED];
	ret->pool_resting = used[DHCP_BINDING_DECLINED];
	ret->pool_next = DHCP_NEVER;
	if (ret->pool_held + ret->pool_resting >= ret->pool_size)
		ret->pool_next = leases_next_end(l, q->pool);
}

void server_tell_client(const struct dhcp_rx *rx, struct dhcp_facts *ret)
{
	ret->has_client = rx->msg->hlen >= sizeof(ret->chaddr);
	memcpy(ret->chaddr, rx->msg->chaddr, sizeof(ret->chaddr));
}

void server_tell_facts(const struct dhcp_server *s, const struct server_query *q,
		       struct dhcp_facts *ret)
{
	*ret = (struct dhcp_facts){ .address = q->asked ? q->asked : q->own };
	if (q->class)
		ret->class = (uint8_t)(q->class - s->opt.class + 1);
	if (q->rx)
		server_tell_client(q->rx, ret);
	else if (q->slot && q->slot->b.id_len) {
		ret->has_client = q->slot->b.hlen >= sizeof(ret->chaddr);
		memcpy(ret->chaddr, q->slot->b.chaddr, sizeof(ret->chaddr));
	}
	if (is_choice(q->trigger))
		tell_pool(s, q, ret);
}
