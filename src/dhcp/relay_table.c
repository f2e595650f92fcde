/* SPDX-License-Identifier: MIT */
/*
 * relay_table.c - the relay agent of RFC 1542 section 4 as a table: what a
 * message carries, which way it goes, what it carries then, and why.
 *
 * Read it from the top: the first row of the message's state and direction
 * whose guard holds is taken.
 */
#include <string.h>

#include "base/addr.h"
#include "base/util.h"
#include "dhcp/relay_internal.h"

#define IP_UDP_LEN 28
#define HTYPE_ETHERNET 1
#define ETHERNET_HLEN 6
#define GROUP_BIT 0x01	/* of a MAC address's first byte */

/* ---- guards: they look, and change nothing ---- */

static bool adds(const struct relay_query *q)
{
	return q->info_len;
}

/* RFC 3046 section 2.1: the greatest size that adding may lead to. */
static bool fits(const struct relay_query *q)
{
	return q->marked_len && q->marked_len + IP_UDP_LEN <= q->port->max_size;
}

static bool is_untrusted(const struct relay_query *q)
{
	return !q->port->trusted;
}

static bool is_dropped(const struct relay_query *q)
{
	return q->port->policy == DHCP_RELAY_DROP;
}

static bool is_replaced(const struct relay_query *q)
{
	return q->port->policy == DHCP_RELAY_REPLACE && fits(q);
}

/* The client has no address that it could be reached at, or can not take a unicast yet. */
static bool is_broadcast(const struct relay_query *q)
{
	const struct dhcp_message *m = q->rx->msg;

	return (m->flags & DHCP_FLAG_BROADCAST) || m->type == DHCP_NAK || !ip4_is_host(m->yiaddr) ||
	       m->htype != HTYPE_ETHERNET || m->hlen != ETHERNET_HLEN ||
	       (m->chaddr[0] & GROUP_BIT);
}

/* An option 82 that we did not put in: on a trusted link a switch did, and takes it out. */
static bool is_of_switch(const struct relay_query *q)
{
	size_t len = 0;
	const uint8_t *info = dhcp_message_get(q->rx->msg, DHCP_OPT_RELAY_INFO, &len);

	return q->port->trusted &&
	       !(info && len == q->info_len && memcmp(info, q->info, len) == 0);
}

static bool is_of_switch_broadcast(const struct relay_query *q)
{
	return is_of_switch(q) && is_broadcast(q);
}

static const struct relay_guard guard_fits = { "option 82 is wanted, and fits", fits };
static const struct relay_guard guard_adds = { "option 82 is wanted, but finds no room", adds };
static const struct relay_guard guard_untrusted = { "the link is not trusted", is_untrusted };
static const struct relay_guard guard_dropped = { "others' option 82 is not wanted", is_dropped };
static const struct relay_guard guard_replaced = {
	"others' option 82 is to be replaced, and ours fits", is_replaced
};
static const struct relay_guard guard_broadcast = {
	"broadcast flag, NAK, or no address to send to", is_broadcast
};
static const struct relay_guard guard_switch = {
	"a trusted switch put it in", is_of_switch
};
static const struct relay_guard guard_switch_broadcast = {
	"a trusted switch put it in; broadcast flag, NAK, or no address to send to",
	is_of_switch_broadcast
};

/* ---- acts ---- */

/* To all servers, always the same ones (RFC 1542 section 4.1.1). */
static int relay_request(struct dhcp_relay *r, const struct relay_query *q,
			 const struct relay_change *change, struct dhcp_actions *out)
{
	for (size_t i = 0; i < q->port->n_targets; i++) {
		struct dhcp_action *a = &out->action[i];
		int n;

		a->type = DHCP_ACTION_SEND;
		n = relay_write(q->rx, change, &a->send);
		if (n < 0)
			return n;
		a->send.type = q->rx->msg->type;
		a->send.src_ip = relay_giaddr(q->port);
		a->send.dst_ip = q->port->target[i];
		a->send.src_port = a->send.dst_port = DHCP_SERVER_PORT;
		a->send.to_mac = false;
		a->send.port = q->port_no;
		memset(a->send.dst_mac, 0, sizeof(a->send.dst_mac));
	}

	out->n = q->port->n_targets;
	r->requests++;
	return 1;
}

/* RFC 1542 section 4.1.1: hops counts on; giaddr is filled in once and then never changed. */
static struct relay_change forward(const struct relay_query *q)
{
	const struct dhcp_message *m = q->rx->msg;

	return (struct relay_change){
		.hops = (uint8_t)(m->hops + 1),
		.giaddr = m->giaddr ? m->giaddr : relay_giaddr(q->port),
	};
}

static int run_forward(struct dhcp_relay *r, const struct relay_query *q, struct dhcp_actions *out)
{
	const struct relay_change change = forward(q);

	return relay_request(r, q, &change, out);
}

static int run_forward_unmarked(struct dhcp_relay *r, const struct relay_query *q,
				struct dhcp_actions *out)
{
	r->unmarked++;
	return run_forward(r, q, out);
}

static int run_forward_marked(struct dhcp_relay *r, const struct relay_query *q,
			      struct dhcp_actions *out)
{
	struct relay_change change = forward(q);

	change.info = q->info;
	change.info_len = q->info_len;
	return relay_request(r, q, &change, out);
}

/* RFC 1542 section 4.1.2, RFC 2131 section 4.1: the client can not be asked for by ARP yet. */
static void address_reply(const struct relay_query *q, bool broadcast, struct dhcp_send *s)
{
	const struct dhcp_message *m = q->rx->msg;

	s->type = m->type;
	s->src_ip = q->port->address;
	s->dst_ip = broadcast ? IP4_BROADCAST : m->yiaddr;
	s->src_port = DHCP_SERVER_PORT;
	s->dst_port = DHCP_CLIENT_PORT;
	s->to_mac = true;
	s->port = q->port_no;
	if (broadcast)
		memset(s->dst_mac, 0xff, sizeof(s->dst_mac));
	else
		memcpy(s->dst_mac, m->chaddr, sizeof(s->dst_mac));
}

/* RFC 1542 section 4.1.2: no field of a reply is changed. */
static int relay_reply(struct dhcp_relay *r, const struct relay_query *q, bool strip,
		       struct dhcp_actions *out)
{
	const struct dhcp_message *m = q->rx->msg;
	const struct relay_change change = { m->hops, m->giaddr, .strip = strip };
	struct dhcp_action *a = &out->action[0];
	int n;

	a->type = DHCP_ACTION_SEND;
	n = relay_write(q->rx, &change, &a->send);
	if (n < 0)
		return n;
	address_reply(q, is_broadcast(q), &a->send);
	out->n = 1;
	r->replies++;
	return 1;
}

static int run_deliver(struct dhcp_relay *r, const struct relay_query *q, struct dhcp_actions *out)
{
	return relay_reply(r, q, false, out);
}

static int run_deliver_stripped(struct dhcp_relay *r, const struct relay_query *q,
				struct dhcp_actions *out)
{
	return relay_reply(r, q, true, out);
}

static const struct relay_act act_forward = { "send it to the servers", run_forward };
static const struct relay_act act_forward_unmarked = {
	"send it to the servers, without option 82", run_forward_unmarked
};
static const struct relay_act act_forward_marked = {
	"send it to the servers, with option 82", run_forward_marked
};
static const struct relay_act act_drop = { "drop it", NULL };
static const struct relay_act act_broadcast = { "broadcast it on the client's link", run_deliver };
static const struct relay_act act_unicast = { "send it to yiaddr at chaddr", run_deliver };
static const struct relay_act act_broadcast_stripped = {
	"take option 82 out, broadcast it on the client's link", run_deliver_stripped
};
static const struct relay_act act_unicast_stripped = {
	"take option 82 out, send it to yiaddr at chaddr", run_deliver_stripped
};

/* ---- the table ---- */

#define PLAIN DHCP_RELAY_PLAIN
#define MARKED DHCP_RELAY_MARKED
#define REQUEST DHCP_RELAY_ON_REQUEST
#define RELAYED DHCP_RELAY_ON_RELAYED
#define REPLY DHCP_RELAY_ON_REPLY

static const struct relay_row relay_table[] = {
	{ PLAIN, REQUEST, &guard_fits, MARKED, &act_forward_marked,
	  { "a broadcast ends at the router: giaddr tells the server the client's subnet and "
	    "where to answer, option 82 which link it came by", "RFC 3046 section 2.1" } },
	{ PLAIN, REQUEST, &guard_adds, PLAIN, &act_forward_unmarked,
	  { "with option 82 it would be longer than it may be", "RFC 3046 section 2.1" } },
	{ PLAIN, REQUEST, NULL, PLAIN, &act_forward,
	  { "a broadcast ends at the router: giaddr tells the server the client's subnet and "
	    "where to answer", "RFC 1542 section 4.1.1" } },
	{ MARKED, REQUEST, &guard_untrusted, MARKED, &act_drop,
	  { "option 82 without a relay agent, from a link that is not trusted: a client made "
	    "it up", "RFC 3046 section 2.1" } },
	{ MARKED, REQUEST, &guard_dropped, MARKED, &act_drop,
	  { "it has option 82 already, and that of others is not wanted",
	    "RFC 3046 section 2.1" } },
	{ MARKED, REQUEST, &guard_replaced, MARKED, &act_forward_marked,
	  { "the option 82 of the switch gives way to ours", "RFC 3046 section 2.1" } },
	{ MARKED, REQUEST, NULL, MARKED, &act_forward,
	  { "a trusted switch put option 82 in: giaddr is added, a second option 82 is not",
	    "RFC 3046 section 2.1" } },
	{ PLAIN, RELAYED, NULL, PLAIN, &act_forward,
	  { "another relay agent was first: its giaddr stays, and nothing is added",
	    "RFC 3046 section 2.1.1" } },
	{ MARKED, RELAYED, &guard_dropped, MARKED, &act_drop,
	  { "it has option 82 already, and that of others is not wanted",
	    "RFC 3046 section 2.1.1" } },
	{ MARKED, RELAYED, &guard_replaced, MARKED, &act_forward_marked,
	  { "the option 82 of the other relay agent gives way to ours",
	    "RFC 3046 section 2.1.1" } },
	{ MARKED, RELAYED, NULL, MARKED, &act_forward,
	  { "another relay agent was first: its giaddr and its option 82 stay",
	    "RFC 3046 section 2.1.1" } },
	{ PLAIN, REPLY, &guard_broadcast, PLAIN, &act_broadcast,
	  { "giaddr says which link, and the client must be told by broadcast",
	    "RFC 1542 section 4.1.2" } },
	{ PLAIN, REPLY, NULL, PLAIN, &act_unicast,
	  { "giaddr says which link, chaddr and yiaddr say which client; it can not answer ARP yet",
	    "RFC 1542 section 4.1.2" } },
	{ MARKED, REPLY, &guard_switch_broadcast, MARKED, &act_broadcast,
	  { "the option 82 is the switch's to take out; the client must be told by broadcast",
	    "RFC 3046 section 2.1" } },
	{ MARKED, REPLY, &guard_switch, MARKED, &act_unicast,
	  { "the option 82 is the switch's to take out", "RFC 3046 section 2.1" } },
	{ MARKED, REPLY, &guard_broadcast, PLAIN, &act_broadcast_stripped,
	  { "who put option 82 in takes it out; the client must be told by broadcast",
	    "RFC 3046 section 2.1" } },
	{ MARKED, REPLY, NULL, PLAIN, &act_unicast_stripped,
	  { "who put option 82 in takes it out; chaddr and yiaddr say which client",
	    "RFC 3046 section 2.1" } },
};

const struct relay_row *relay_find_row(const struct relay_query *q)
{
	size_t i = 0;

	/* The last row of each pair has no guard. */
	while (relay_table[i].from != q->state || relay_table[i].on != q->trigger ||
	       (relay_table[i].guard && !relay_table[i].guard->holds(q)))
		i++;

	return &relay_table[i];
}

/* ---- names ---- */

const char *dhcp_relay_state_name(enum dhcp_relay_state s)
{
	switch (s) {
	case DHCP_RELAY_PLAIN:
		return "PLAIN";
	case DHCP_RELAY_MARKED:
		return "MARKED";
	}

	return "?";
}

const char *dhcp_relay_trigger_name(enum dhcp_relay_trigger t)
{
	switch (t) {
	case DHCP_RELAY_ON_REQUEST:
		return "request of a client";
	case DHCP_RELAY_ON_RELAYED:
		return "request of a relay agent";
	case DHCP_RELAY_ON_REPLY:
		return "reply of a server";
	}

	return "?";
}

bool dhcp_relay_row(size_t i, struct dhcp_row *ret)
{
	const struct relay_row *row;

	if (i >= ARRAY_SIZE(relay_table))
		return false;

	row = &relay_table[i];
	*ret = (struct dhcp_row){
		.from = dhcp_relay_state_name((enum dhcp_relay_state)row->from),
		.on = dhcp_relay_trigger_name((enum dhcp_relay_trigger)row->on),
		.guard = row->guard ? row->guard->name : "",
		.to = dhcp_relay_state_name((enum dhcp_relay_state)row->to),
		.act = row->act->name,
		.reason = row->reason,
	};
	return true;
}
