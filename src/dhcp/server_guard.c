/* SPDX-License-Identifier: MIT */
/* server_guard.c - the conditions of the server's table. They look, and change nothing. */
#include "base/addr.h"
#include "dhcp/server_internal.h"

static bool is_its_address(const struct dhcp_server *s, const struct server_query *q)
{
	return q->own && q->own == q->asked;
}

/* Is an address kept for the client that it does not have, but could? */
static bool is_reserved_open(const struct dhcp_server *s, const struct server_query *q)
{
	return q->reserved && leases_is_open(&s->leases, q->reserved->address, q->now) &&
	       leases_has_room(&s->leases, q->now);
}

static bool is_other_reserved(const struct dhcp_server *s, const struct server_query *q)
{
	return is_reserved_open(s, q) && q->reserved->address != q->own;
}

static bool is_asked_reserved(const struct dhcp_server *s, const struct server_query *q)
{
	return is_other_reserved(s, q) && q->reserved->address == q->asked;
}

static bool is_asked_not_reserved(const struct dhcp_server *s, const struct server_query *q)
{
	return is_reserved_open(s, q) && q->reserved->address != q->asked;
}

/* Somebody else has it: two clients with one hardware address, or a stranger. */
static bool is_reserved_taken(const struct dhcp_server *s, const struct server_query *q)
{
	return q->reserved && q->fresh;
}

static bool is_room_for_asked(const struct dhcp_server *s, const struct server_query *q)
{
	if (is_asked_reserved(s, q))
		return true;

	return leases_is_free(&s->leases, q->pool, q->asked, q->now) &&
	       leases_has_room(&s->leases, q->now);
}

/* RFC 2563 section 2.3: no address is to be had, the client asks, and shall make none up. */
static bool is_left_without(const struct dhcp_server *s, const struct server_query *q)
{
	bool has_none = !leases_has_room(&s->leases, q->now) ||
			(!q->fresh && !is_room_for_asked(s, q));

	return has_none && s->opt.no_auto_configure &&
	       dhcp_message_has(q->rx->msg, DHCP_OPT_AUTO_CONFIGURE);
}

static bool is_ipv6_only(const struct dhcp_server *s, const struct server_query *q)
{
	return server_is_ipv6_only(s, q);
}

/* When all places are taken the OFFER goes out without: a SHOULD delays nobody. */
static bool may_probe(const struct dhcp_server *s, const struct server_query *q)
{
	return s->probes && probes_free(server_probes((struct dhcp_server *)s));
}

static bool is_probe_reserved(const struct dhcp_server *s, const struct server_query *q)
{
	return may_probe(s, q) && is_other_reserved(s, q);
}

static bool is_probe_asked(const struct dhcp_server *s, const struct server_query *q)
{
	return may_probe(s, q) && !q->reserved && is_room_for_asked(s, q);
}

static bool is_probe_new(const struct dhcp_server *s, const struct server_query *q)
{
	return may_probe(s, q) && q->fresh && leases_has_room(&s->leases, q->now);
}

static bool is_no_room(const struct dhcp_server *s, const struct server_query *q)
{
	return !leases_has_room(&s->leases, q->now);
}

static bool is_new_address(const struct dhcp_server *s, const struct server_query *q)
{
	return q->fresh;
}

static bool has_own(const struct dhcp_server *s, const struct server_query *q)
{
	return q->own && q->state != DHCP_BINDING_DECLINED;
}

/* RFC 1534 section 2: addresses that nobody has set aside for it only where that is wanted. */
static bool is_no_bootp(const struct dhcp_server *s, const struct server_query *q)
{
	return !s->opt.bootp;
}

static bool has_bootp_own(const struct dhcp_server *s, const struct server_query *q)
{
	bool is_reserved = q->reserved && q->reserved->address == q->own;

	return has_own(s, q) && (is_reserved || s->opt.bootp);
}

static bool is_authoritative(const struct dhcp_server *s, const struct server_query *q)
{
	return s->opt.authoritative;
}

/*
 * Plainly wrong on this link, whoever the client is: a NAK is a SHOULD of RFC 2131
 * section 4.3.2, but only one who knows all networks of the link can tell, so the
 * user must say so. An address of this network proves nothing, not even one that is
 * leased to somebody: without a record of the client a server MUST stay silent.
 */
static bool is_foreign(const struct dhcp_server *s, const struct server_query *q)
{
	const struct dhcp_server_subnet *net = server_net(s, q);

	return s->opt.authoritative && !ip4_in_prefix(q->asked, net->address, net->prefix_len);
}

static bool is_remembered(const struct dhcp_server *s, const struct server_query *q)
{
	return q->slot && q->slot->had_lease;
}

/* RFC 2131 section 3.4: the address of an INFORM is checked, its lease is not. */
static bool is_inform_on_link(const struct dhcp_server *s, const struct server_query *q)
{
	const struct dhcp_server_subnet *net = server_net(s, q);
	uint32_t target = server_inform_target(q);
	uint32_t host = target & ~ip4_mask(net->prefix_len);

	return ip4_is_host(target) && ip4_in_prefix(target, net->address, net->prefix_len) &&
	       host && host != ~ip4_mask(net->prefix_len) && target != s->opt.address;
}

/* Is it an address that this server could give, or has given, to somebody? */
static bool is_managed(const struct dhcp_server *s, const struct server_query *q)
{
	for (size_t i = 0; i < s->leases.n_pools; i++)
		if (pool_has(&s->leases.pool[i], q->asked))
			return true;

	return q->slot || leases_is_kept(&s->leases, q->asked);
}

static bool has_nonce(const struct dhcp_server *s, const struct server_query *q)
{
	const struct dhcp_binding_more *more = server_more(s, q);

	return more && more->has_nonce;
}

const struct server_guard server_guard_its_address = { "it means its own address", is_its_address };
const struct server_guard server_guard_asked_is_free = {
	"the address it asks for is free", is_room_for_asked
};
const struct server_guard server_guard_reserved_open = {
	"an address is reserved for it, and open", is_other_reserved
};
const struct server_guard server_guard_reserved_taken = {
	"its reserved address is not open, but another is free", is_reserved_taken
};
const struct server_guard server_guard_asked_reserved = {
	"the address it asks for is reserved for it", is_asked_reserved
};
const struct server_guard server_guard_not_reserved = {
	"another address is reserved for it, and open", is_asked_not_reserved
};
const struct server_guard server_guard_no_room = { "no memory is left", is_no_room };
const struct server_guard server_guard_left_without = {
	"there is no address, and it asks whether to make one up", is_left_without
};
const struct server_guard server_guard_ipv6_only = { "it can do without IPv4", is_ipv6_only };
const struct server_guard server_guard_own_address = { "it has an address, or had", has_own };
const struct server_guard server_guard_probe_reserved = {
	"probing, and an address is reserved for it and open", is_probe_reserved
};
const struct server_guard server_guard_probe_own = { "probing", may_probe };
const struct server_guard server_guard_probe_asked = {
	"probing, and the address it asks for is free", is_probe_asked
};
const struct server_guard server_guard_probe_new = {
	"probing, and an address is free", is_probe_new
};
const struct server_guard server_guard_has_new = { "an address is free", is_new_address };
const struct server_guard server_guard_bootp_own = {
	"it has an address, or had, that a BOOTP client may keep", has_bootp_own
};
const struct server_guard server_guard_no_bootp = { "addresses are not for BOOTP", is_no_bootp };
const struct server_guard server_guard_authoritative = { "authoritative", is_authoritative };
const struct server_guard server_guard_foreign = {
	"authoritative, and the address is another network's", is_foreign
};
const struct server_guard server_guard_remembered = { "it has had a lease of it", is_remembered };
const struct server_guard server_guard_on_link = {
	"its address is on this link", is_inform_on_link
};
const struct server_guard server_guard_managed = {
	"the address is one of this server's", is_managed
};
const struct server_guard server_guard_has_nonce = {
	"its holder has a nonce to check it with", has_nonce
};
