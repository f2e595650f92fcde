/* SPDX-License-Identifier: MIT */
/*
 * lease_mac.h - the leases of a hardware address, for those who ask about it
 * (RFC 4388 section 6.4.1). There may be several of one: its client is in more
 * than one subnet, or goes by more than one identifier.
 *
 * Chains, not a table like the other two: many clients of one hardware address
 * would fill that at one place, and each more of them would take longer.
 */
#ifndef DHCP_LEASE_MAC_H
#define DHCP_LEASE_MAC_H

#include "dhcp/leases.h"

/* Bytes that the chains take in a block with room for @cap bindings. */
size_t lease_mac_size(uint32_t cap);
void lease_mac_clear(struct leases *l);
/* Slot @i is leased to the hardware address in it, which it was not, or was to another. */
void lease_mac_put(struct leases *l, uint32_t i);
/* It is no lease any more; or was none. */
void lease_mac_remove(struct leases *l, uint32_t i);
void lease_mac_renumber(struct leases *l, uint32_t from, uint32_t to);
/* Into @l, which has slots like @from's and no chains yet. */
void lease_mac_copy(struct leases *l, const struct leases *from);

/* A lease of that hardware address, the one behind slot @after (NO_SLOT: the first); or NO_SLOT. */
uint32_t leases_next_of_mac(const struct leases *l, uint8_t htype, uint8_t hlen,
			    const uint8_t *chaddr, uint32_t after);

#endif
