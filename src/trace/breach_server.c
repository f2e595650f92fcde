/* SPDX-License-Identifier: MIT */
/* breach_server.c - rules for servers, and for the relay agents that pass their words on. */
#include <string.h>

#include "base/addr.h"
#include "frame/frame.h"
#include "trace/breach_rules.h"

#define IP_UDP_OVERHEAD (FRAME_UDP_OVERHEAD - ETH_HEADER_LEN)

static bool is_reply(const struct breach_case *c)
{
	return c->m->op == DHCP_OP_REPLY &&
	       (c->m->type == DHCP_OFFER || c->m->type == DHCP_ACK || c->m->type == DHCP_NAK);
}

static bool is(const struct breach_case *c, uint8_t type)
{
	return is_reply(c) && c->m->type == type;
}

static bool has(const struct breach_case *c, uint8_t code)
{
	return dhcp_message_has(c->m, code);
}

/* The type of the request that it answers; DHCP_NO_TYPE: not known. */
static uint8_t answered_type(const struct breach_case *c)
{
	return c->answers ? c->answers->type : DHCP_NO_TYPE;
}

static uint32_t destination(const struct breach_case *c)
{
	return c->p->link.frame.dst_ip;
}

static void say_destination(const struct breach_case *c)
{
	char buf[IP4_LEN];

	breach_say(c, "to %s", ip4_format(destination(c), buf));
}

/* Fields and options, RFC 2131 table 3 */

static bool forbidden(const struct breach_case *c)
{
	return is_reply(c) && breach_forbidden_option(c);
}

static bool missing(const struct breach_case *c)
{
	return is_reply(c) && breach_missing_option(c);
}

static bool ack_no_lease(const struct breach_case *c)
{
	return is(c, DHCP_ACK) && !has(c, DHCP_OPT_LEASE_TIME) &&
	       (answered_type(c) == DHCP_REQUEST || answered_type(c) == DHCP_DISCOVER);
}

static bool inform_lease(const struct breach_case *c)
{
	return is(c, DHCP_ACK) && answered_type(c) == DHCP_INFORM &&
	       has(c, DHCP_OPT_LEASE_TIME);
}

static bool inform_yiaddr(const struct breach_case *c)
{
	return is(c, DHCP_ACK) && answered_type(c) == DHCP_INFORM && c->m->yiaddr != 0;
}

/* RFC 2563 section 2.3: an OFFER of nothing may say whether to take a link-local address. */
static bool offer_nothing(const struct breach_case *c)
{
	return is(c, DHCP_OFFER) && c->m->yiaddr == 0 && !has(c, DHCP_OPT_AUTO_CONFIGURE);
}

static bool ack_other_address(const struct breach_case *c)
{
	uint32_t wanted;
	char buf[IP4_LEN], want[IP4_LEN];

	if (!is(c, DHCP_ACK) || answered_type(c) != DHCP_REQUEST)
		return false;
	wanted = c->answers->ciaddr ? c->answers->ciaddr : c->answers->requested;
	breach_say(c, "%s, the REQUEST is for %s", ip4_format(c->m->yiaddr, buf),
		   ip4_format(wanted, want));
	return wanted && c->m->yiaddr != wanted;
}

static bool reply_ciaddr(const struct breach_case *c)
{
	if (!is_reply(c) || c->m->ciaddr == 0)
		return false;
	return c->m->type != DHCP_ACK || (c->answers && c->m->ciaddr != c->answers->ciaddr);
}

static bool reply_header(const struct breach_case *c)
{
	breach_say(c, "hops %u, secs %u", c->m->hops, c->m->secs);
	return is_reply(c) && (c->m->hops != 0 || c->m->secs != 0);
}

static bool nak_fields(const struct breach_case *c)
{
	return is(c, DHCP_NAK) && (c->m->yiaddr != 0 || c->m->siaddr != 0);
}

/* A relayed NAK has the flag set by the server (section 4.3.2). */
static bool reply_flags(const struct breach_case *c)
{
	bool broadcast = c->m->flags & DHCP_FLAG_BROADCAST;

	if (!is_reply(c) || !c->answers || (c->m->type == DHCP_NAK && broadcast))
		return false;
	breach_say(c, "0x%04x", c->m->flags);
	return broadcast != c->answers->broadcast;
}

static bool bad_times(const struct breach_case *c)
{
	uint32_t t1 = 0, t2 = UINT32_MAX, lease;
	bool has_t1 = dhcp_message_get_u32(c->m, DHCP_OPT_T1, &t1) == 0;
	bool has_t2 = dhcp_message_get_u32(c->m, DHCP_OPT_T2, &t2) == 0;

	if (!is_reply(c) || dhcp_message_get_u32(c->m, DHCP_OPT_LEASE_TIME, &lease) < 0 ||
	    lease == DHCP_INFINITY)
		return false;
	breach_say(c, "T1 %u s, T2 %u s, lease %u s", t1, t2, lease);
	return (has_t1 && has_t2 && t1 >= t2) || (has_t1 && t1 >= lease) ||
	       (has_t2 && t2 >= lease);
}

static bool mask_after_router(const struct breach_case *c)
{
	bool router = false;

	for (size_t i = 0; is_reply(c) && i < c->m->n_fields; i++) {
		router = router || c->m->fields[i].code == DHCP_OPT_ROUTER;
		if (c->m->fields[i].code == DHCP_OPT_SUBNET_MASK)
			return router;
	}
	return false;
}

static bool not_chosen(const struct breach_case *c)
{
	uint32_t server = breach_address(c->m, DHCP_OPT_SERVER_ID);
	char buf[IP4_LEN];

	if (!is_reply(c) || answered_type(c) != DHCP_REQUEST || !c->answers->server_id || !server)
		return false;
	breach_say(c, "the REQUEST names %s", ip4_format(c->answers->server_id, buf));
	return server != c->answers->server_id;
}

static bool rapid_commit_unasked(const struct breach_case *c)
{
	return is(c, DHCP_ACK) && has(c, DHCP_OPT_RAPID_COMMIT) &&
	       answered_type(c) == DHCP_DISCOVER && !c->answers->rapid_commit;
}

/* RFC 2131 section 2: without option 57 a client accepts 576 bytes. */
static bool too_long(const struct breach_case *c)
{
	unsigned int size = c->m->size + IP_UDP_OVERHEAD, limit;

	if (!is_reply(c) || !c->answers)
		return false;
	limit = (unsigned int)max_u64(c->answers->max_size, DHCP_MIN_MAX_SIZE);
	breach_say(c, "%u bytes, not over %u", size, limit);
	return size > limit;
}

/* Echoes */

static bool client_id_missing(const struct breach_case *c)
{
	return is_reply(c) && c->answers && c->answers->client_id.has &&
	       !breach_same_value(&c->answers->client_id, c->m, DHCP_OPT_CLIENT_ID);
}

static bool client_id_invented(const struct breach_case *c)
{
	return is_reply(c) && c->answers && !c->answers->client_id.has &&
	       has(c, DHCP_OPT_CLIENT_ID);
}

/* On its way to the relay agent: what the server wrote, before the agent takes 82 out. */
static bool is_to_relay(const struct breach_case *c)
{
	return is_reply(c) && c->relayed && c->p->link.frame.dst_port == DHCP_SERVER_PORT;
}

static bool relay_info_missing(const struct breach_case *c)
{
	return is_to_relay(c) && c->answers && c->answers->relay_info.has &&
	       !has(c, DHCP_OPT_RELAY_INFO);
}

static bool relay_info_changed(const struct breach_case *c)
{
	return is_to_relay(c) && c->answers && c->answers->relay_info.has &&
	       has(c, DHCP_OPT_RELAY_INFO) &&
	       !breach_same_value(&c->answers->relay_info, c->m, DHCP_OPT_RELAY_INFO);
}

static bool relay_info_left(const struct breach_case *c)
{
	return is_reply(c) && c->relayed && has(c, DHCP_OPT_RELAY_INFO) &&
	       c->p->link.frame.dst_port == DHCP_CLIENT_PORT;
}

/* Where it goes, RFC 2131 section 4.1 */

static bool is_to_client(const struct breach_case *c)
{
	return is_reply(c) && !c->relayed;
}

static bool nak_not_broadcast(const struct breach_case *c)
{
	say_destination(c);
	return is_to_client(c) && c->m->type == DHCP_NAK && destination(c) != IP4_BROADCAST;
}

static bool nak_relayed_flag(const struct breach_case *c)
{
	return is(c, DHCP_NAK) && c->relayed && !(c->m->flags & DHCP_FLAG_BROADCAST);
}

static bool ciaddr_elsewhere(const struct breach_case *c)
{
	say_destination(c);
	return is_to_client(c) && c->m->type != DHCP_NAK && c->answers && c->answers->ciaddr &&
	       destination(c) != c->answers->ciaddr;
}

static bool flag_not_broadcast(const struct breach_case *c)
{
	say_destination(c);
	return is_to_client(c) && c->m->type != DHCP_NAK && c->answers &&
	       c->answers->ciaddr == 0 && c->answers->broadcast &&
	       destination(c) != IP4_BROADCAST;
}

static bool giaddr_elsewhere(const struct breach_case *c)
{
	say_destination(c);
	return is_to_relay(c) && destination(c) != c->m->giaddr;
}

#define TABLE3 "RFC 2131 section 4.3.1, table 3"
#define WHERE "RFC 2131 section 4.1"

static const struct breach_row rows[] = {
	{ { "server-option", BREACH_MUST, TABLE3,
	    "an option that this message must not carry" }, forbidden },
	{ { "server-option-missing", BREACH_MUST, TABLE3,
	    "an option that this message must carry is not there" }, missing },
	{ { "ack-no-lease", BREACH_MUST, TABLE3,
	    "an ACK that lends an address must have a lease time (51)" }, ack_no_lease },
	{ { "inform-lease", BREACH_MUST, "RFC 2131 section 4.3.5",
	    "the answer to an INFORM must not have a lease time (51)" }, inform_lease },
	{ { "inform-yiaddr", BREACH_SHOULD, "RFC 2131 section 4.3.5",
	    "the answer to an INFORM should have yiaddr 0" }, inform_yiaddr },
	{ { "offer-nothing", BREACH_TEXT, TABLE3,
	    "an OFFER has the address on offer in yiaddr" }, offer_nothing },
	{ { "ack-other-address", BREACH_TEXT, TABLE3,
	    "an ACK is for the address that was requested" }, ack_other_address },
	{ { "reply-ciaddr", BREACH_TEXT, TABLE3,
	    "ciaddr is 0 in an OFFER and a NAK, and the REQUEST's or 0 in an ACK" },
	  reply_ciaddr },
	{ { "reply-header", BREACH_TEXT, TABLE3,
	    "hops and secs are 0 in a server's message" }, reply_header },
	{ { "nak-fields", BREACH_TEXT, TABLE3, "yiaddr and siaddr are 0 in a NAK" }, nak_fields },
	{ { "reply-flags", BREACH_TEXT, TABLE3,
	    "a reply has the flags of the message that it answers" }, reply_flags },
	{ { "bad-times", BREACH_MUST, "RFC 2131 section 4.4.5",
	    "T1 (58) must be before T2 (59), and T2 before the end of the lease (51)" },
	  bad_times },
	{ { "mask-after-router", BREACH_MUST, "RFC 2132 section 3.3",
	    "the subnet mask (1) must stand before the router (3)" }, mask_after_router },
	{ { "not-chosen", BREACH_TEXT, "RFC 2131 section 3.1",
	    "only the server that a REQUEST names answers it" }, not_chosen },
	{ { "rapid-commit-unasked", BREACH_MUST, "RFC 4039 section 3",
	    "a DISCOVER without rapid commit (80) must not be answered with it" },
	  rapid_commit_unasked },
	{ { "too-long", BREACH_TEXT, "RFC 2132 section 9.10",
	    "a datagram is no longer than the client accepts (57), or than 576 bytes" },
	  too_long },
	{ { "client-id-missing", BREACH_MUST, "RFC 6842 section 3",
	    "the client id (61) of the client's message must be in the reply, unaltered" },
	  client_id_missing },
	{ { "client-id-invented", BREACH_MUST, "RFC 6842 section 3",
	    "without a client id (61) in the client's message the reply must have none" },
	  client_id_invented },
	{ { "relay-info-missing", BREACH_MUST, "RFC 3046 section 2.2",
	    "a server that knows option 82 must echo it" }, relay_info_missing },
	{ { "relay-info-changed", BREACH_MUST, "RFC 3046 section 2.2",
	    "option 82 must come back as it was sent" }, relay_info_changed },
	{ { "relay-info-left", BREACH_MUST, "RFC 3046 section 2.1",
	    "the relay agent must take option 82 out before the client gets the reply" },
	  relay_info_left },
	{ { "nak-not-broadcast", BREACH_MUST, "RFC 2131 section 4.3.2",
	    "a NAK to a client on the server's own link must be broadcast" },
	  nak_not_broadcast },
	{ { "nak-relayed-flag", BREACH_MUST, "RFC 2131 section 4.3.2",
	    "a NAK through a relay agent must have the BROADCAST flag" }, nak_relayed_flag },
	{ { "ciaddr-elsewhere", BREACH_TEXT, WHERE,
	    "the reply to a client with an address (ciaddr) goes to that address" },
	  ciaddr_elsewhere },
	{ { "flag-not-broadcast", BREACH_TEXT, WHERE,
	    "the reply to a client that set the BROADCAST flag is broadcast" },
	  flag_not_broadcast },
	{ { "giaddr-elsewhere", BREACH_TEXT, WHERE,
	    "the reply to a relayed message goes to the address in giaddr" },
	  giaddr_elsewhere },
};

const struct breach_table breach_server_rules = { rows, ARRAY_SIZE(rows) };
