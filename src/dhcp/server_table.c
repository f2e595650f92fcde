/* SPDX-License-Identifier: MIT */
/*
 * server_table.c - the server of RFC 2131 section 4.3 as a table: what a
 * client's binding is, what came, what it becomes, what is answered, and why.
 *
 * Read it from the top: the first row of the binding's state and of what came
 * whose guard holds is taken. Pairs that are nobody's row stand in ignored[].
 */
#include "base/addr.h"
#include "base/util.h"
#include "dhcp/server_internal.h"

/* ---- guards: they look, and change nothing ---- */

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
 * Plainly wrong on this link, whoever the client is. An address of this network
 * proves nothing, not even one that is leased to somebody: without a record of
 * the client a server stays silent (RFC 2131 section 4.3.2).
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

static const struct server_guard its_address = { "it means its own address", is_its_address };
static const struct server_guard asked_is_free = {
	"the address it asks for is free", is_room_for_asked
};
static const struct server_guard reserved_open = {
	"an address is reserved for it, and open", is_other_reserved
};
static const struct server_guard reserved_taken = {
	"its reserved address is not open, but another is free", is_reserved_taken
};
static const struct server_guard asked_reserved = {
	"the address it asks for is reserved for it", is_asked_reserved
};
static const struct server_guard not_reserved = {
	"another address is reserved for it, and open", is_asked_not_reserved
};
static const struct server_guard no_room = { "no memory is left", is_no_room };
static const struct server_guard left_without = {
	"there is no address, and it asks whether to make one up", is_left_without
};
static const struct server_guard ipv6_only = { "it can do without IPv4", is_ipv6_only };
static const struct server_guard own_address = { "it has an address, or had", has_own };
static const struct server_guard probe_reserved = {
	"probing, and an address is reserved for it and open", is_probe_reserved
};
static const struct server_guard probe_own = { "probing", may_probe };
static const struct server_guard probe_asked = {
	"probing, and the address it asks for is free", is_probe_asked
};
static const struct server_guard probe_new = { "probing, and an address is free", is_probe_new };
static const struct server_guard has_new = { "an address is free", is_new_address };
static const struct server_guard bootp_own = {
	"it has an address, or had, that a BOOTP client may keep", has_bootp_own
};
static const struct server_guard no_bootp = { "addresses are not for BOOTP", is_no_bootp };
static const struct server_guard authoritative = { "authoritative", is_authoritative };
static const struct server_guard foreign = {
	"authoritative, and the address is another network's", is_foreign
};
static const struct server_guard remembered = { "it has had a lease of it", is_remembered };
static const struct server_guard on_link = { "its address is on this link", is_inform_on_link };

/* ---- the table ---- */

#define NONE DHCP_BINDING_NONE
#define OFFERED DHCP_BINDING_OFFERED
#define ACTIVE DHCP_BINDING_ACTIVE
#define EXPIRED DHCP_BINDING_EXPIRED
#define RELEASED DHCP_BINDING_RELEASED
#define DECLINED DHCP_BINDING_DECLINED
#define PROBED DHCP_BINDING_PROBED
#define ANY SERVER_ANY

#define DISCOVER DHCP_SERVER_ON_DISCOVER
#define RAPID DHCP_SERVER_ON_RAPID
#define SELECTING DHCP_SERVER_ON_SELECTING
#define OTHER_SERVER DHCP_SERVER_ON_OTHER_SERVER
#define INIT_REBOOT DHCP_SERVER_ON_INIT_REBOOT
#define RENEWING DHCP_SERVER_ON_RENEWING
#define REBINDING DHCP_SERVER_ON_REBINDING
#define DECLINE DHCP_SERVER_ON_DECLINE
#define RELEASE DHCP_SERVER_ON_RELEASE
#define INFORM DHCP_SERVER_ON_INFORM
#define DEADLINE DHCP_SERVER_ON_DEADLINE
#define CONFLICT DHCP_SERVER_ON_CONFLICT
#define BOOTP DHCP_SERVER_ON_BOOTP

#define RAPID_RFC "RFC 4039 section 3.1"
#define BOOTP_RFC "RFC 1534 section 2"
#define RFC(section) "RFC 2131 section " section

static const struct server_row server_table[] = {
	/* DISCOVER: the address is chosen in the order of section 4.3.1 */
	{ PROBED, DISCOVER, NULL, PROBED, &server_act_silent,
	  { "its address is being asked for: the OFFER follows", RFC("2.2") } },
	{ ANY, DISCOVER, &probe_reserved, PROBED, &server_act_probe_reserved,
	  { "the address that is reserved for it, if nobody has it", RFC("2.2") } },
	{ ANY, DISCOVER, &reserved_open, OFFERED, &server_act_offer_reserved,
	  { "the address that is reserved for it", RFC("2.2") } },
	{ ACTIVE, DISCOVER, NULL, ACTIVE, &server_act_offer_own,
	  { "the address it holds already", RFC("4.3.1") } },
	{ OFFERED, DISCOVER, NULL, OFFERED, &server_act_offer_own,
	  { "the address that is on offer to it: the same again", RFC("4.3.1") } },
	{ ANY, DISCOVER, &ipv6_only, ANY, &server_act_offer_nothing,
	  { "it can do without IPv4 here, and gets no address", "RFC 8925 section 3.3" } },
	{ EXPIRED, DISCOVER, &probe_own, PROBED, &server_act_probe_own,
	  { "its address of before, if nobody has it", RFC("2.2") } },
	{ RELEASED, DISCOVER, &probe_own, PROBED, &server_act_probe_own,
	  { "its address of before, if nobody has it", RFC("2.2") } },
	{ ANY, DISCOVER, &probe_asked, PROBED, &server_act_probe_asked,
	  { "the address it asked for, if nobody has it", RFC("2.2") } },
	{ ANY, DISCOVER, &probe_new, PROBED, &server_act_probe_new,
	  { "a new address from the pool, if nobody has it", RFC("2.2") } },
	{ EXPIRED, DISCOVER, NULL, OFFERED, &server_act_offer_own,
	  { "its address of before, still free", RFC("4.3.1") } },
	{ RELEASED, DISCOVER, NULL, OFFERED, &server_act_offer_own,
	  { "its address of before, still free", RFC("4.3.1") } },
	{ NONE, DISCOVER, &left_without, NONE, &server_act_offer_nothing,
	  { "no address for it, and it shall not make one up", "RFC 2563 section 2.3" } },
	{ NONE, DISCOVER, &no_room, NONE, &server_act_silent,
	  { "no memory for another binding", RFC("4.2") } },
	{ NONE, DISCOVER, &reserved_taken, OFFERED, &server_act_offer_new,
	  { "its reserved address is not open: another until it is", RFC("2.2") } },
	{ NONE, DISCOVER, &asked_is_free, OFFERED, &server_act_offer_asked,
	  { "the address it asked for is free", RFC("4.3.1") } },
	{ NONE, DISCOVER, &has_new, OFFERED, &server_act_offer_new,
	  { "a new address from the pool", RFC("4.3.1") } },
	{ NONE, DISCOVER, NULL, NONE, &server_act_silent, { "the pool is full", RFC("4.3.1") } },
	{ DECLINED, DISCOVER, &left_without, DECLINED, &server_act_offer_nothing,
	  { "no address for it, and it shall not make one up", "RFC 2563 section 2.3" } },
	{ DECLINED, DISCOVER, &no_room, DECLINED, &server_act_silent,
	  { "no memory for another binding", RFC("4.2") } },
	{ DECLINED, DISCOVER, &reserved_taken, OFFERED, &server_act_offer_new,
	  { "its reserved address is not open: another until it is", RFC("2.2") } },
	{ DECLINED, DISCOVER, &asked_is_free, OFFERED, &server_act_offer_asked,
	  { "the address it asked for is free", RFC("4.3.1") } },
	{ DECLINED, DISCOVER, &has_new, OFFERED, &server_act_offer_new,
	  { "a new address from the pool: the declined one rests", RFC("4.3.3") } },
	{ DECLINED, DISCOVER, NULL, DECLINED, &server_act_silent,
	  { "the pool is full", RFC("4.3.1") } },

	/* DISCOVER with rapid commit: the same choice, and the lease at once */
	{ ANY, RAPID, &reserved_open, ACTIVE, &server_act_commit_reserved,
	  { "the address that is reserved for it, without an OFFER", RAPID_RFC } },
	{ ANY, RAPID, &own_address, ACTIVE, &server_act_commit_own,
	  { "its address, without an OFFER", RAPID_RFC } },
	{ ANY, RAPID, &left_without, ANY, &server_act_offer_nothing,
	  { "no address for it, and it shall not make one up", "RFC 2563 section 2.3" } },
	{ ANY, RAPID, &no_room, ANY, &server_act_silent,
	  { "no memory for another binding", RFC("4.2") } },
	{ ANY, RAPID, &reserved_taken, ACTIVE, &server_act_commit_new,
	  { "its reserved address is not open: another until it is", RFC("2.2") } },
	{ ANY, RAPID, &asked_is_free, ACTIVE, &server_act_commit_asked,
	  { "the address it asked for, without an OFFER", RAPID_RFC } },
	{ ANY, RAPID, &has_new, ACTIVE, &server_act_commit_new,
	  { "a new address from the pool, without an OFFER", RAPID_RFC } },
	{ ANY, RAPID, NULL, ANY, &server_act_silent, { "the pool is full", RFC("4.3.1") } },

	/* BOOTP: one message each way, and the address for ever */
	{ ANY, BOOTP, &reserved_open, ACTIVE, &server_act_commit_reserved,
	  { "a BOOTP client: the address that is reserved for it, for ever", BOOTP_RFC } },
	{ ANY, BOOTP, &bootp_own, ACTIVE, &server_act_commit_own,
	  { "a BOOTP client: its address, for ever", BOOTP_RFC } },
	{ ANY, BOOTP, &no_bootp, ANY, &server_act_silent,
	  { "a BOOTP client: no address is reserved for it, and BOOTP=yes is not given",
	    BOOTP_RFC } },
	{ ANY, BOOTP, &no_room, ANY, &server_act_silent,
	  { "no memory for another binding", RFC("4.2") } },
	{ ANY, BOOTP, &has_new, ACTIVE, &server_act_commit_new,
	  { "a BOOTP client: a new address from the pool, for ever", BOOTP_RFC } },
	{ ANY, BOOTP, NULL, ANY, &server_act_silent, { "the pool is full", RFC("4.3.1") } },

	/* REQUEST in SELECTING: it chose us */
	{ OFFERED, SELECTING, &its_address, ACTIVE, &server_act_ack,
	  { "it chose our offer", RFC("4.3.2") } },
	{ OFFERED, SELECTING, NULL, OFFERED, &server_act_nak,
	  { "not the address that was offered", RFC("4.3.2") } },
	{ PROBED, SELECTING, NULL, PROBED, &server_act_nak,
	  { "nothing was offered yet: the address is being asked for", RFC("2.2") } },
	{ ACTIVE, SELECTING, &its_address, ACTIVE, &server_act_ack,
	  { "it holds this address: the same answer again", RFC("4.3.2") } },
	{ ACTIVE, SELECTING, NULL, ACTIVE, &server_act_nak,
	  { "it holds another address", RFC("4.3.2") } },
	{ EXPIRED, SELECTING, &its_address, ACTIVE, &server_act_ack,
	  { "its address of before, still free", RFC("4.3.2") } },
	{ EXPIRED, SELECTING, &asked_is_free, ACTIVE, &server_act_ack,
	  { "the offer lapsed, but the address is still free", RFC("4.3.2") } },
	{ EXPIRED, SELECTING, NULL, EXPIRED, &server_act_nak,
	  { "the address is not free any more", RFC("3.1") } },
	{ RELEASED, SELECTING, &its_address, ACTIVE, &server_act_ack,
	  { "its address of before, still free", RFC("4.3.2") } },
	{ RELEASED, SELECTING, &asked_is_free, ACTIVE, &server_act_ack,
	  { "the offer lapsed, but the address is still free", RFC("4.3.2") } },
	{ RELEASED, SELECTING, NULL, RELEASED, &server_act_nak,
	  { "the address is not free any more", RFC("3.1") } },
	{ NONE, SELECTING, &asked_is_free, ACTIVE, &server_act_ack,
	  { "the offer lapsed, but the address is still free", RFC("4.3.2") } },
	{ NONE, SELECTING, NULL, NONE, &server_act_nak,
	  { "the address is not free any more", RFC("3.1") } },
	{ DECLINED, SELECTING, &asked_is_free, ACTIVE, &server_act_ack,
	  { "the offer lapsed, but the address is still free", RFC("4.3.2") } },
	{ DECLINED, SELECTING, NULL, DECLINED, &server_act_nak,
	  { "the address is not free any more", RFC("3.1") } },

	/* REQUEST that names another server: our offer is not wanted */
	{ OFFERED, OTHER_SERVER, &remembered, EXPIRED, &server_act_change,
	  { "it chose another server: the address is free again", RFC("3.1") } },
	{ OFFERED, OTHER_SERVER, NULL, NONE, &server_act_change,
	  { "it chose another server: the address is free again", RFC("3.1") } },

	{ PROBED, OTHER_SERVER, &remembered, EXPIRED, &server_act_change,
	  { "it chose another server: the address is free again", RFC("3.1") } },
	{ PROBED, OTHER_SERVER, NULL, NONE, &server_act_change,
	  { "it chose another server: the address is free again", RFC("3.1") } },

	/* REQUEST in INIT-REBOOT: is my old address still right? */
	{ ANY, INIT_REBOOT, &asked_reserved, ACTIVE, &server_act_ack,
	  { "the address that is reserved for it", RFC("4.3.2") } },
	{ ANY, INIT_REBOOT, &not_reserved, ANY, &server_act_nak,
	  { "another address is reserved for it", RFC("4.3.2") } },
	{ ACTIVE, INIT_REBOOT, &its_address, ACTIVE, &server_act_ack,
	  { "its address is right", RFC("4.3.2") } },
	{ ACTIVE, INIT_REBOOT, NULL, ACTIVE, &server_act_nak,
	  { "not the address of its lease", RFC("4.3.2") } },
	{ OFFERED, INIT_REBOOT, &its_address, ACTIVE, &server_act_ack,
	  { "the address is kept for it", RFC("4.3.2") } },
	{ OFFERED, INIT_REBOOT, &remembered, OFFERED, &server_act_nak,
	  { "not the address of its lease", RFC("4.3.2") } },
	{ OFFERED, INIT_REBOOT, &foreign, OFFERED, &server_act_nak,
	  { "an address of another network", RFC("4.3.2") } },
	{ OFFERED, INIT_REBOOT, NULL, OFFERED, &server_act_silent,
	  { "no lease of this client on record: another server may have one", RFC("4.3.2") } },
	{ EXPIRED, INIT_REBOOT, &its_address, ACTIVE, &server_act_ack,
	  { "its lease is over, but its address is still free", RFC("4.3.2") } },
	{ EXPIRED, INIT_REBOOT, NULL, EXPIRED, &server_act_nak,
	  { "not the address of its lease", RFC("4.3.2") } },
	{ RELEASED, INIT_REBOOT, &its_address, ACTIVE, &server_act_ack,
	  { "it gave its address back, but it is still free", RFC("4.3.2") } },
	{ RELEASED, INIT_REBOOT, NULL, RELEASED, &server_act_nak,
	  { "not the address of its lease", RFC("4.3.2") } },
	{ NONE, INIT_REBOOT, &foreign, NONE, &server_act_nak,
	  { "an address of another network", RFC("4.3.2") } },
	{ NONE, INIT_REBOOT, NULL, NONE, &server_act_silent,
	  { "no record of this client: another server may have one", RFC("4.3.2") } },
	{ PROBED, INIT_REBOOT, &foreign, PROBED, &server_act_nak,
	  { "an address of another network", RFC("4.3.2") } },
	{ PROBED, INIT_REBOOT, NULL, PROBED, &server_act_silent,
	  { "its address is being asked for", RFC("2.2") } },
	{ DECLINED, INIT_REBOOT, &its_address, DECLINED, &server_act_nak,
	  { "it declined this address", RFC("4.3.3") } },
	{ DECLINED, INIT_REBOOT, &foreign, DECLINED, &server_act_nak,
	  { "an address of another network", RFC("4.3.2") } },
	{ DECLINED, INIT_REBOOT, NULL, DECLINED, &server_act_silent,
	  { "no lease of this client on record: another server may have one", RFC("4.3.2") } },

	/* REQUEST in RENEWING: unicast to us, who gave the lease */
	{ ANY, RENEWING, &asked_reserved, ACTIVE, &server_act_ack,
	  { "the address that is reserved for it", RFC("4.3.2") } },
	{ ANY, RENEWING, &not_reserved, ANY, &server_act_nak,
	  { "another address is reserved for it", RFC("4.3.2") } },
	{ ACTIVE, RENEWING, &its_address, ACTIVE, &server_act_ack,
	  { "the lease is extended", RFC("4.3.2") } },
	{ ACTIVE, RENEWING, NULL, ACTIVE, &server_act_nak,
	  { "not the address of its lease", RFC("4.3.2") } },
	{ OFFERED, RENEWING, &its_address, ACTIVE, &server_act_ack,
	  { "the address is kept for it", RFC("4.3.2") } },
	{ OFFERED, RENEWING, &remembered, OFFERED, &server_act_nak,
	  { "not the address of its lease", RFC("4.3.2") } },
	{ OFFERED, RENEWING, &authoritative, OFFERED, &server_act_nak,
	  { "no lease of this client on record", RFC("4.3.2") } },
	{ OFFERED, RENEWING, NULL, OFFERED, &server_act_silent,
	  { "no lease of this client on record", RFC("4.3.2") } },
	{ EXPIRED, RENEWING, &its_address, ACTIVE, &server_act_ack,
	  { "its lease is over, but its address is still free", RFC("4.3.2") } },
	{ EXPIRED, RENEWING, NULL, EXPIRED, &server_act_nak,
	  { "not the address of its lease", RFC("4.3.2") } },
	{ RELEASED, RENEWING, &its_address, ACTIVE, &server_act_ack,
	  { "it gave its address back, but it is still free", RFC("4.3.2") } },
	{ RELEASED, RENEWING, NULL, RELEASED, &server_act_nak,
	  { "not the address of its lease", RFC("4.3.2") } },
	{ NONE, RENEWING, &authoritative, NONE, &server_act_nak,
	  { "no lease of this client on record", RFC("4.3.2") } },
	{ NONE, RENEWING, NULL, NONE, &server_act_silent,
	  { "no lease of this client on record", RFC("4.3.2") } },
	{ PROBED, RENEWING, &authoritative, PROBED, &server_act_nak,
	  { "no lease of this client on record", RFC("4.3.2") } },
	{ PROBED, RENEWING, NULL, PROBED, &server_act_silent,
	  { "its address is being asked for", RFC("2.2") } },
	{ DECLINED, RENEWING, &its_address, DECLINED, &server_act_nak,
	  { "it declined this address", RFC("4.3.3") } },
	{ DECLINED, RENEWING, &authoritative, DECLINED, &server_act_nak,
	  { "no lease of this client on record", RFC("4.3.2") } },
	{ DECLINED, RENEWING, NULL, DECLINED, &server_act_silent,
	  { "no lease of this client on record", RFC("4.3.2") } },

	/* REQUEST in REBINDING: broadcast, any server that knows the lease may answer */
	{ ANY, REBINDING, &asked_reserved, ACTIVE, &server_act_ack,
	  { "the address that is reserved for it", RFC("4.3.2") } },
	{ ANY, REBINDING, &not_reserved, ANY, &server_act_nak,
	  { "another address is reserved for it", RFC("4.3.2") } },
	{ ACTIVE, REBINDING, &its_address, ACTIVE, &server_act_ack,
	  { "the lease is extended", RFC("4.3.2") } },
	{ ACTIVE, REBINDING, NULL, ACTIVE, &server_act_nak,
	  { "not the address of its lease", RFC("4.3.2") } },
	{ OFFERED, REBINDING, &its_address, ACTIVE, &server_act_ack,
	  { "the address is kept for it", RFC("4.3.2") } },
	{ OFFERED, REBINDING, &remembered, OFFERED, &server_act_nak,
	  { "not the address of its lease", RFC("4.3.2") } },
	{ OFFERED, REBINDING, &foreign, OFFERED, &server_act_nak,
	  { "an address of another network", RFC("4.3.2") } },
	{ OFFERED, REBINDING, NULL, OFFERED, &server_act_silent,
	  { "no lease of this client on record: another server may have one", RFC("4.3.2") } },
	{ EXPIRED, REBINDING, &its_address, ACTIVE, &server_act_ack,
	  { "its lease is over, but its address is still free", RFC("4.3.2") } },
	{ EXPIRED, REBINDING, NULL, EXPIRED, &server_act_nak,
	  { "not the address of its lease", RFC("4.3.2") } },
	{ RELEASED, REBINDING, &its_address, ACTIVE, &server_act_ack,
	  { "it gave its address back, but it is still free", RFC("4.3.2") } },
	{ RELEASED, REBINDING, NULL, RELEASED, &server_act_nak,
	  { "not the address of its lease", RFC("4.3.2") } },
	{ NONE, REBINDING, &foreign, NONE, &server_act_nak,
	  { "an address of another network", RFC("4.3.2") } },
	{ NONE, REBINDING, NULL, NONE, &server_act_silent,
	  { "no record of this client: another server may have one", RFC("4.3.2") } },
	{ PROBED, REBINDING, &foreign, PROBED, &server_act_nak,
	  { "an address of another network", RFC("4.3.2") } },
	{ PROBED, REBINDING, NULL, PROBED, &server_act_silent,
	  { "its address is being asked for", RFC("2.2") } },
	{ DECLINED, REBINDING, &its_address, DECLINED, &server_act_nak,
	  { "it declined this address", RFC("4.3.3") } },
	{ DECLINED, REBINDING, &foreign, DECLINED, &server_act_nak,
	  { "an address of another network", RFC("4.3.2") } },
	{ DECLINED, REBINDING, NULL, DECLINED, &server_act_silent,
	  { "no lease of this client on record: another server may have one", RFC("4.3.2") } },

	/* DECLINE, RELEASE, INFORM */
	{ OFFERED, DECLINE, &its_address, DECLINED, &server_act_quarantine,
	  { "the client found the address in use: nobody gets it for a while", RFC("4.3.3") } },
	{ OFFERED, DECLINE, NULL, OFFERED, &server_act_silent,
	  { "only the holder of an address may decline it", RFC("4.3.3") } },
	{ ACTIVE, DECLINE, &its_address, DECLINED, &server_act_quarantine,
	  { "the client found the address in use: nobody gets it for a while", RFC("4.3.3") } },
	{ ACTIVE, DECLINE, NULL, ACTIVE, &server_act_silent,
	  { "only the holder of an address may decline it", RFC("4.3.3") } },
	{ ACTIVE, RELEASE, &its_address, RELEASED, &server_act_change,
	  { "the address is free, and remembered as the client's", RFC("4.3.4") } },
	{ ACTIVE, RELEASE, NULL, ACTIVE, &server_act_silent,
	  { "only the holder of an address may release it", RFC("4.3.4") } },
	{ ANY, INFORM, &on_link, ANY, &server_act_inform,
	  { "it has an address and wants the rest", RFC("4.3.5") } },
	{ ANY, INFORM, NULL, ANY, &server_act_silent,
	  { "its address is none of this link", RFC("3.4") } },

	/* time */
	{ OFFERED, DEADLINE, &remembered, EXPIRED, &server_act_change,
	  { "the offer lapsed: the address is free again", RFC("4.3.2") } },
	{ OFFERED, DEADLINE, NULL, NONE, &server_act_change,
	  { "the offer lapsed: the address is free again", RFC("4.3.2") } },
	{ ACTIVE, DEADLINE, NULL, EXPIRED, &server_act_change,
	  { "the lease is over: the address is free, and remembered as the client's",
	    RFC("2.2") } },
	{ DECLINED, DEADLINE, NULL, NONE, &server_act_change,
	  { "the quarantine is over: the address is free again", RFC("4.3.3") } },

	{ PROBED, DEADLINE, NULL, OFFERED, &server_act_offer_own,
	  { "nobody answered for the address: it is offered", RFC("2.2") } },

	/* somebody was seen using an address that is not leased */
	{ NONE, CONFLICT, &asked_is_free, DECLINED, &server_act_quarantine,
	  { "a stranger uses the address: nobody gets it for a while", RFC("2.2") } },
	{ NONE, CONFLICT, NULL, NONE, &server_act_silent,
	  { "the address is not one to give away", RFC("2.2") } },
	{ OFFERED, CONFLICT, NULL, DECLINED, &server_act_quarantine,
	  { "a stranger uses the address: the offer is withdrawn", RFC("2.2") } },
	{ PROBED, CONFLICT, NULL, DECLINED, &server_act_quarantine,
	  { "a stranger has the address: another for the client", RFC("2.2") } },
	{ EXPIRED, CONFLICT, NULL, DECLINED, &server_act_quarantine,
	  { "a stranger uses the address: nobody gets it for a while", RFC("2.2") } },
	{ RELEASED, CONFLICT, NULL, DECLINED, &server_act_quarantine,
	  { "a stranger uses the address: nobody gets it for a while", RFC("2.2") } },
	{ DECLINED, CONFLICT, NULL, DECLINED, &server_act_quarantine,
	  { "the address is still in use: the quarantine begins anew", RFC("2.2") } },
};

struct ignored {
	uint8_t from, on;
	struct dhcp_reason reason;
};

static const struct ignored ignored[] = {
	{ NONE, OTHER_SERVER, { "it chose another server; nothing was on offer", RFC("3.1") } },
	{ ACTIVE, OTHER_SERVER,
	  { "it chose another server; its lease here runs to its end", RFC("3.1") } },
	{ EXPIRED, OTHER_SERVER, { "it chose another server; nothing was on offer", RFC("3.1") } },
	{ RELEASED, OTHER_SERVER,
	  { "it chose another server; nothing was on offer", RFC("3.1") } },
	{ DECLINED, OTHER_SERVER,
	  { "it chose another server; nothing was on offer", RFC("3.1") } },
	{ NONE, DECLINE, { "only the holder of an address may decline it", RFC("4.3.3") } },
	{ EXPIRED, DECLINE, { "its lease is over: nothing to decline", RFC("4.3.3") } },
	{ RELEASED, DECLINE, { "it gave the address back: nothing to decline", RFC("4.3.3") } },
	{ DECLINED, DECLINE, { "declined already", RFC("4.3.3") } },
	{ PROBED, DECLINE, { "nothing was offered yet: nothing to decline", RFC("4.3.3") } },
	{ PROBED, RELEASE, { "nothing was offered yet: nothing to release", RFC("4.3.4") } },
	{ NONE, RELEASE, { "only the holder of an address may release it", RFC("4.3.4") } },
	{ OFFERED, RELEASE, { "only offered, not leased: nothing to release", RFC("4.3.4") } },
	{ EXPIRED, RELEASE, { "its lease is over: nothing to release", RFC("4.3.4") } },
	{ RELEASED, RELEASE, { "released already", RFC("4.3.4") } },
	{ DECLINED, RELEASE, { "it declined the address: nothing to release", RFC("4.3.4") } },
	{ NONE, DEADLINE, { "nothing runs out", RFC("4.3") } },
	{ EXPIRED, DEADLINE, { "the lease is over already", RFC("4.3") } },
	{ RELEASED, DEADLINE, { "the address is free already", RFC("4.3") } },
	{ ACTIVE, CONFLICT,
	  { "the address is leased: its holder uses it, and declines it if need be",
	    RFC("4.4.1") } },
};

static bool is_of(const struct server_row *row, unsigned int from, unsigned int on)
{
	return row->on == on && (row->from == from || row->from == ANY);
}

const struct server_row *server_find_row(const struct dhcp_server *s, const struct server_query *q,
					 struct dhcp_reason *ret_why)
{
	for (size_t i = 0; i < ARRAY_SIZE(server_table); i++) {
		const struct server_row *row = &server_table[i];

		if (is_of(row, q->state, q->trigger) && (!row->guard || row->guard->holds(s, q)))
			return row;
	}

	(void)dhcp_server_ignores(q->state, q->trigger, ret_why);
	return NULL;
}

bool dhcp_server_ignores(enum dhcp_binding_state s, enum dhcp_server_trigger t,
			 struct dhcp_reason *ret)
{
	for (size_t i = 0; i < ARRAY_SIZE(ignored); i++) {
		if (ignored[i].from != s || ignored[i].on != t)
			continue;
		if (ret)
			*ret = ignored[i].reason;
		return true;
	}

	return false;
}

bool dhcp_server_has_row(enum dhcp_binding_state s, enum dhcp_server_trigger t)
{
	for (size_t i = 0; i < ARRAY_SIZE(server_table); i++)
		if (is_of(&server_table[i], s, t))
			return true;

	return false;
}

/* ---- for those who print it ---- */

static const char *state_name(uint8_t state)
{
	return state == ANY ? "any" : dhcp_binding_state_name((enum dhcp_binding_state)state);
}

bool dhcp_server_row(size_t i, struct dhcp_row *ret)
{
	const struct server_row *row;

	if (i >= ARRAY_SIZE(server_table))
		return false;

	row = &server_table[i];
	*ret = (struct dhcp_row){
		.from = state_name(row->from),
		.on = dhcp_server_trigger_name((enum dhcp_server_trigger)row->on),
		.guard = row->guard ? row->guard->name : "",
		.to = state_name(row->to),
		.act = row->act->name,
		.reason = row->reason,
	};
	return true;
}
