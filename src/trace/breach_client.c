/* SPDX-License-Identifier: MIT */
/* breach_client.c - rules for clients, and for the relay agents that pass their words on. */
#include <string.h>

#include "base/addr.h"
#include "trace/breach_rules.h"

#define SECOND 1000000ull
#define LEEWAY (SECOND / 10)	/* clocks of a capture are not exact */
#define EXCHANGE (60 * SECOND)	/* an OFFER older than this is no reason to judge a REQUEST */
#define HOPS_MAX 16

/* What the client sent itself: no relay has touched it yet. */
static bool is_own(const struct breach_case *c)
{
	return c->m->op == DHCP_OP_REQUEST && !c->relayed;
}

static bool is_from_client(const struct breach_case *c)
{
	return c->m->op == DHCP_OP_REQUEST && c->m->type <= DHCP_INFORM;
}

static bool has(const struct breach_case *c, uint8_t code)
{
	return dhcp_message_has(c->m, code);
}

static const char *address(uint32_t a)
{
	static _Thread_local char buf[IP4_LEN];

	return ip4_format(a, buf);
}

static bool is_broadcast(const struct breach_case *c)
{
	return c->p->link.frame.dst_ip == IP4_BROADCAST;
}

/* Fields and options, RFC 2131 table 5 */

static bool discover_ciaddr(const struct breach_case *c)
{
	breach_say(c, "ciaddr %s", address(c->m->ciaddr));
	return c->m->type == DHCP_DISCOVER && c->m->ciaddr != 0;
}

static bool forbidden(const struct breach_case *c)
{
	return is_from_client(c) && breach_forbidden_option(c);
}

static bool missing(const struct breach_case *c)
{
	return is_from_client(c) && breach_missing_option(c);
}

static bool servers_fields(const struct breach_case *c)
{
	return is_from_client(c) && (c->m->yiaddr != 0 || c->m->siaddr != 0);
}

static bool client_hops(const struct breach_case *c)
{
	breach_say(c, "hops %u", c->m->hops);
	return is_own(c) && c->m->hops != 0;
}

static bool reserved_flags(const struct breach_case *c)
{
	unsigned int flags = c->bytes[10] << 8 | c->bytes[11];

	breach_say(c, "flags 0x%04x", flags);
	return is_own(c) && flags & ~DHCP_FLAG_BROADCAST;
}

static bool is_end(const struct breach_case *c)
{
	return c->m->type == DHCP_DECLINE || c->m->type == DHCP_RELEASE;
}

static bool end_header(const struct breach_case *c)
{
	return is_end(c) && (c->m->secs != 0 || c->m->flags != 0);
}

static bool end_ciaddr(const struct breach_case *c)
{
	breach_say(c, "%s, ciaddr %s", dhcp_type_name(c->m->type), address(c->m->ciaddr));
	return is_end(c) && (c->m->type == DHCP_RELEASE) == (c->m->ciaddr == 0);
}

static bool inform_ciaddr(const struct breach_case *c)
{
	return c->m->type == DHCP_INFORM && c->m->ciaddr == 0;
}

static bool small_max_size(const struct breach_case *c)
{
	uint16_t size;

	if (dhcp_message_get_u16(c->m, DHCP_OPT_MAX_SIZE, &size) < 0)
		return false;
	breach_say(c, "%u", size);
	return size < DHCP_MIN_MAX_SIZE;
}

static bool rapid_commit_listed(const struct breach_case *c)
{
	size_t len;
	const uint8_t *list = dhcp_message_get(c->m, DHCP_OPT_PARAMETER_LIST, &len);

	return list && memchr(list, DHCP_OPT_RAPID_COMMIT, len);
}

/* The four kinds of REQUEST, RFC 2131 section 4.3.2 and table 4 */

static bool is_request(const struct breach_case *c)
{
	return c->m->type == DHCP_REQUEST;
}

static bool is_selecting(const struct breach_case *c)
{
	return is_request(c) && has(c, DHCP_OPT_SERVER_ID);
}

static const struct breach_offer *find_offer(const struct breach_case *c, uint32_t server_id,
					     uint32_t yiaddr)
{
	for (size_t i = 0; i < BREACH_OFFERS; i++) {
		const struct breach_offer *o = &c->c->offer[i];

		if (o->address && c->t - o->t < EXCHANGE &&
		    (!server_id || o->server_id == server_id) &&
		    (!yiaddr || o->address == yiaddr))
			return o;
	}
	return NULL;
}

static bool selecting_no_server(const struct breach_case *c)
{
	uint32_t wanted = breach_address(c->m, DHCP_OPT_REQUESTED_ADDRESS);
	const struct breach_offer *o;

	if (!is_request(c) || has(c, DHCP_OPT_SERVER_ID) || !wanted || c->m->ciaddr)
		return false;
	o = find_offer(c, 0, wanted);
	return o && o->xid == c->m->xid && c->c->leased_xid != o->xid;
}

static bool selecting_ciaddr(const struct breach_case *c)
{
	breach_say(c, "ciaddr %s", address(c->m->ciaddr));
	return is_selecting(c) && c->m->ciaddr != 0;
}

static bool selecting_no_address(const struct breach_case *c)
{
	return is_selecting(c) && c->m->ciaddr == 0 && !has(c, DHCP_OPT_REQUESTED_ADDRESS);
}

static bool selecting_other_address(const struct breach_case *c)
{
	uint32_t server = breach_address(c->m, DHCP_OPT_SERVER_ID);
	uint32_t wanted = breach_address(c->m, DHCP_OPT_REQUESTED_ADDRESS);

	if (!is_selecting(c) || !wanted)
		return false;
	breach_say(c, "it asks for %s", address(wanted));
	return find_offer(c, server, 0) && !find_offer(c, server, wanted);
}

static bool request_for_nothing(const struct breach_case *c)
{
	return is_request(c) && c->m->ciaddr == 0 && !has(c, DHCP_OPT_SERVER_ID) &&
	       !has(c, DHCP_OPT_REQUESTED_ADDRESS);
}

static bool renewing_address(const struct breach_case *c)
{
	return is_request(c) && c->m->ciaddr != 0 && !has(c, DHCP_OPT_SERVER_ID) &&
	       has(c, DHCP_OPT_REQUESTED_ADDRESS);
}

/* Exchanges */

static bool request_xid(const struct breach_case *c)
{
	const struct breach_offer *o;

	if (!is_selecting(c))
		return false;
	o = find_offer(c, breach_address(c->m, DHCP_OPT_SERVER_ID),
		       breach_address(c->m, DHCP_OPT_REQUESTED_ADDRESS));
	if (!o)
		return false;
	breach_say(c, "%08x, the OFFER has %08x", c->m->xid, o->xid);
	return o->xid != c->m->xid;
}

/* The DISCOVER that this REQUEST follows; NULL: not seen. */
static const struct breach_request *discover_before(const struct breach_case *c)
{
	const struct breach_request *d = &c->c->discover[c->relayed];

	return is_request(c) && c->m->ciaddr == 0 && d->seen && d->xid == c->m->xid ? d : NULL;
}

static bool request_secs(const struct breach_case *c)
{
	const struct breach_request *d = discover_before(c);

	if (!d || !is_selecting(c))
		return false;
	breach_say(c, "secs %u, the DISCOVER has %u", c->m->secs, d->secs);
	return c->m->secs < d->secs_first || c->m->secs > d->secs;
}

static bool client_id_changes(const struct breach_case *c)
{
	const struct breach_request *d = discover_before(c);

	return d && !breach_same_value(&d->client_id, c->m, DHCP_OPT_CLIENT_ID);
}

static bool list_missing(const struct breach_case *c)
{
	const struct breach_request *d = discover_before(c);
	size_t len = 0;
	const uint8_t *list = dhcp_message_get(c->m, DHCP_OPT_PARAMETER_LIST, &len);

	if (!d || !d->list.has || d->list.too_long)
		return false;
	for (size_t i = 0; i < d->list.len; i++) {
		if (list && memchr(list, d->list.data[i], len))
			continue;
		breach_say(c, "option %u was asked for in the DISCOVER only", d->list.data[i]);
		return true;
	}
	return false;
}

static bool xid_reused(const struct breach_case *c)
{
	breach_say(c, "%08x", c->m->xid);
	return is_own(c) && c->m->type == DHCP_DISCOVER && c->c->leased &&
	       c->c->leased_xid == c->m->xid;
}

/* Retransmission, RFC 2131 section 4.1: 4, 8, 16, 32, 64 s, each give or take one */

static bool comes_after(const struct breach_case *c, uint64_t least)
{
	uint64_t gap = c->t - c->before->t;

	breach_say(c, "%u.%03u s after the one before, not %u", (unsigned int)(gap / SECOND),
		   (unsigned int)(gap / 1000 % 1000), (unsigned int)(least / SECOND));
	return gap + LEEWAY < least;
}

static bool too_early(const struct breach_case *c)
{
	if (!is_own(c) || !c->before || c->m->ciaddr != 0 ||
	    (c->m->type != DHCP_DISCOVER && !is_request(c)))
		return false;
	return comes_after(c, ((4ull << min_u64(c->before->times - 1, 4)) - 1) * SECOND);
}

static bool renews_too_early(const struct breach_case *c)
{
	return is_own(c) && c->before && is_request(c) && c->m->ciaddr != 0 &&
	       comes_after(c, 60 * SECOND);
}

static bool secs_constant(const struct breach_case *c)
{
	breach_say(c, "secs %u", c->m->secs);
	return is_own(c) && c->before && c->t - c->before->t >= 2 * SECOND &&
	       c->m->secs == c->before->secs && c->m->secs != UINT16_MAX;
}

/* Where it goes */

static bool source_address(const struct breach_case *c)
{
	breach_say(c, "from %s", address(c->p->link.frame.src_ip));
	return is_own(c) && is_broadcast(c) && c->m->ciaddr == 0 &&
	       (c->m->type == DHCP_DISCOVER || is_request(c)) && c->p->link.frame.src_ip != 0;
}

static bool decline_unicast(const struct breach_case *c)
{
	breach_say(c, "to %s", address(c->p->link.frame.dst_ip));
	return is_own(c) && c->m->type == DHCP_DECLINE && !is_broadcast(c);
}

static bool release_broadcast(const struct breach_case *c)
{
	return is_own(c) && c->m->type == DHCP_RELEASE && is_broadcast(c);
}

static bool release_elsewhere(const struct breach_case *c)
{
	uint32_t server = breach_address(c->m, DHCP_OPT_SERVER_ID);

	breach_say(c, "to %s", address(c->p->link.frame.dst_ip));
	return is_own(c) && c->m->type == DHCP_RELEASE && server && !is_broadcast(c) &&
	       c->p->link.frame.dst_ip != server;
}

static bool request_port(const struct breach_case *c)
{
	breach_say(c, "to port %u", c->p->link.frame.dst_port);
	return is_from_client(c) && c->p->link.frame.dst_port != DHCP_SERVER_PORT;
}

/* Relay agents */

static bool is_relayed(const struct breach_case *c)
{
	return c->m->op == DHCP_OP_REQUEST && c->relayed;
}

static bool relay_hops(const struct breach_case *c)
{
	return is_relayed(c) && c->m->hops == 0;
}

static bool too_many_hops(const struct breach_case *c)
{
	breach_say(c, "hops %u", c->m->hops);
	return is_relayed(c) && c->m->hops > HOPS_MAX;
}

static bool relay_info_not_last(const struct breach_case *c)
{
	return is_relayed(c) && has(c, DHCP_OPT_RELAY_INFO) &&
	       c->m->fields[c->m->n_fields - 1].code != DHCP_OPT_RELAY_INFO;
}

#define TABLE5 "RFC 2131 section 4.4.1, table 5"
#define KINDS "RFC 2131 section 4.3.2"

static const struct breach_row rows[] = {
	{ { "discover-ciaddr", BREACH_TEXT, "RFC 2131 section 4.4.1",
	    "a DISCOVER has ciaddr 0" }, discover_ciaddr },
	{ { "client-option", BREACH_MUST, TABLE5,
	    "an option that this message must not carry" }, forbidden },
	{ { "client-option-missing", BREACH_MUST, TABLE5,
	    "an option that this message must carry is not there" }, missing },
	{ { "servers-fields", BREACH_TEXT, TABLE5,
	    "yiaddr and siaddr are 0 in a client's message" }, servers_fields },
	{ { "client-hops", BREACH_TEXT, TABLE5, "a client sends hops 0" }, client_hops },
	{ { "reserved-flags", BREACH_MUST, "RFC 2131 section 2",
	    "of the flags, all bits but BROADCAST are 0" }, reserved_flags },
	{ { "end-header", BREACH_TEXT, TABLE5,
	    "secs and flags are 0 in a DECLINE and a RELEASE" }, end_header },
	{ { "end-ciaddr", BREACH_TEXT, TABLE5,
	    "a DECLINE has ciaddr 0, a RELEASE the address that it gives back" }, end_ciaddr },
	{ { "inform-ciaddr", BREACH_TEXT, TABLE5,
	    "an INFORM has the client's address in ciaddr" }, inform_ciaddr },
	{ { "small-max-size", BREACH_TEXT, "RFC 2132 section 9.10",
	    "the maximum message size (57) is at least 576" }, small_max_size },
	{ { "rapid-commit-listed", BREACH_MUST, "RFC 4039 section 3",
	    "rapid commit (80) must not stand in the parameter list (55)" },
	  rapid_commit_listed },
	{ { "selecting-no-server", BREACH_MUST, KINDS,
	    "a REQUEST that takes an offer must name the server (54)" }, selecting_no_server },
	{ { "selecting-ciaddr", BREACH_MUST, KINDS,
	    "a REQUEST with a server id (54) must have ciaddr 0" }, selecting_ciaddr },
	{ { "selecting-no-address", BREACH_MUST, KINDS,
	    "a REQUEST that takes an offer must name the address (50)" },
	  selecting_no_address },
	{ { "selecting-other-address", BREACH_MUST, KINDS,
	    "the requested address (50) must be that of the server's offer" },
	  selecting_other_address },
	{ { "request-for-nothing", BREACH_MUST, KINDS,
	    "a REQUEST must have a requested address (50) or ciaddr" }, request_for_nothing },
	{ { "renewing-address", BREACH_MUST, KINDS,
	    "a REQUEST with ciaddr, to extend a lease, must not carry option 50" },
	  renewing_address },
	{ { "request-xid", BREACH_TEXT, TABLE5,
	    "a REQUEST that takes an offer has the offer's xid" }, request_xid },
	{ { "request-secs", BREACH_MUST, "RFC 2131 section 3.1",
	    "a REQUEST that takes an offer must have the secs of its DISCOVER" },
	  request_secs },
	{ { "client-id-changes", BREACH_MUST, "RFC 2131 section 4.2",
	    "the client id (61) must be the same in all messages" }, client_id_changes },
	{ { "list-missing", BREACH_MUST, "RFC 2131 section 3.5",
	    "the parameter list (55) of the DISCOVER must be in the REQUEST too" },
	  list_missing },
	{ { "xid-reused", BREACH_TEXT, "RFC 2131 section 4.4.1",
	    "a new exchange has a new random xid" }, xid_reused },
	{ { "too-early", BREACH_SHOULD, "RFC 2131 section 4.1",
	    "messages should be sent again after 4, 8, 16, 32, 64 s, give or take 1 s" },
	  too_early },
	{ { "renews-too-early", BREACH_SHOULD, "RFC 2131 section 4.4.5",
	    "a REQUEST to extend a lease should be sent again after 60 s at least" },
	  renews_too_early },
	{ { "secs-constant", BREACH_SHOULD, "RFC 1542 section 3.2",
	    "secs should not be the same in all messages: relay agents may wait for it" },
	  secs_constant },
	{ { "source-address", BREACH_TEXT, "RFC 2131 section 4.1",
	    "broadcasts of a client that asks for an address come from 0.0.0.0" },
	  source_address },
	{ { "decline-unicast", BREACH_TEXT, "RFC 2131 section 4.4.4",
	    "a DECLINE is broadcast" }, decline_unicast },
	{ { "release-broadcast", BREACH_TEXT, "RFC 2131 section 4.4.4",
	    "a RELEASE goes to the server, not to everyone" }, release_broadcast },
	{ { "release-elsewhere", BREACH_MUST, "RFC 2131 section 4.1",
	    "unicasts must go to the address in the server id (54)" }, release_elsewhere },
	{ { "request-port", BREACH_TEXT, "RFC 2131 section 4.1",
	    "a client's messages go to port 67" }, request_port },
	{ { "relay-hops", BREACH_MUST, "RFC 1542 section 4.1.1",
	    "a relay agent must count hops up" }, relay_hops },
	{ { "too-many-hops", BREACH_MUST, "RFC 1542 section 4.1.1",
	    "a relay agent must drop what has more than 16 hops" }, too_many_hops },
	{ { "relay-info-not-last", BREACH_MUST, "RFC 3046 section 2.1",
	    "a relay agent adds option 82 as the last one" }, relay_info_not_last },
};

const struct breach_table breach_client_rules = { rows, ARRAY_SIZE(rows) };
