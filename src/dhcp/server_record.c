/* SPDX-License-Identifier: MIT */
/* server_record.c - a life after this one: what is on record comes back */
#include <errno.h>
#include <string.h>

#include "dhcp/lease_mac.h"
#include "dhcp/server_internal.h"

/* Only what it COMMITs, and what a lease has become in the meantime. */
static bool is_record(const struct dhcp_server *s, const struct dhcp_binding *b)
{
	if (b->address == s->opt.address || b->id_len > sizeof(b->id) ||
	    b->hlen > sizeof(b->chaddr))
		return false;

	switch (b->state) {
	case DHCP_BINDING_ACTIVE:
	case DHCP_BINDING_EXPIRED:
	case DHCP_BINDING_RELEASED:
		return b->id_len;
	case DHCP_BINDING_DECLINED:
		return true;
	case DHCP_BINDING_NONE:
	case DHCP_BINDING_OFFERED:
	case DHCP_BINDING_PROBED:
		break;
	}

	return false;
}

/* RFC 2131 section 2.1: the bindings are kept, whatever happens to the server. */
int dhcp_server_restore(struct dhcp_server *s, const struct dhcp_binding *b,
			const struct dhcp_binding_more *more, uint64_t now)
{
	struct client_id id = { .len = b->id_len, .is_option = b->id_is_option };
	struct leases *l = &s->leases;
	int subnet = server_subnet_of(s, b->address);
	struct slot *slot;
	uint32_t i;

	if (!is_record(s, b) || (more && more->vendor_len > sizeof(more->vendor)))
		return -EINVAL;
	if (subnet < 0)
		return subnet;
	leases_settle(l, now);
	if (!leases_has_room(l, now) && leases_find_address(l, b->address) == NO_SLOT)
		return -ENOSPC;

	id.subnet = (uint8_t)subnet;
	memcpy(id.bytes, b->id, b->id_len);
	leases_hash_id(l, &id);
	i = leases_take(l, b->id_len ? &id : NULL, id.subnet, b->address);
	slot = leases_slot(l, i);
	slot->had_lease = b->state != DHCP_BINDING_DECLINED;
	slot->b.htype = b->htype;
	slot->b.hlen = b->hlen;
	memcpy(slot->b.chaddr, b->chaddr, sizeof(slot->b.chaddr));
	memcpy(slot->b.host_name, b->host_name, sizeof(slot->b.host_name));
	if (l->more)
		*leases_more(l, i) = more ? *more : (struct dhcp_binding_more){ 0 };
	leases_set(l, i, b->state, b->expires);
	if (b->state == DHCP_BINDING_ACTIVE)
		lease_mac_put(l, i);
	leases_settle(l, now);
	return 0;
}
