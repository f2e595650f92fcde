/* SPDX-License-Identifier: MIT */
/*
 * server_leasequery.c - LEASEQUERY: who has this address, or which addresses has
 * this client (RFC 4388)?
 */
#include <string.h>

#include "base/addr.h"
#include "base/bytes.h"
#include "base/util.h"
#include "dhcp/lease_mac.h"
#include "dhcp/server_internal.h"

#define RFC4388(section) "RFC 4388 section " section
#define ASSOCIATED_MAX 63	/* addresses that one option holds */

/* ---- the question ---- */

static bool is_querier(const struct dhcp_server *s, uint32_t address)
{
	for (size_t i = 0; i < s->opt.n_queriers; i++) {
		const struct dhcp_server_querier *e = &s->opt.querier[i];

		if (ip4_in_prefix(address, e->address, e->prefix_len))
			return true;
	}

	return false;
}

const struct dhcp_reason *server_refuse_leasequery(const struct dhcp_server *s,
						   const struct dhcp_message *m)
{
	static const struct dhcp_reason off = {
		"this server answers no questions about leases", RFC4388("7")
	};
	static const struct dhcp_reason nowhere = {
		"giaddr is empty: there is nowhere to answer to", RFC4388("6.4.3")
	};
	static const struct dhcp_reason stranger = {
		"giaddr is none of those that may ask about leases", RFC4388("7")
	};
	static const struct dhcp_reason mixed = {
		"it must ask by one of address, hardware address and client identifier",
		RFC4388("6.3")
	};
	int keys = (m->ciaddr != 0) + (m->hlen != 0) +
		   dhcp_message_has(m, DHCP_OPT_CLIENT_ID);

	if (!s->opt.n_queriers)
		return &off;
	if (!m->giaddr)
		return &nowhere;
	if (!is_querier(s, m->giaddr))
		return &stranger;

	return keys == 1 && m->hlen <= sizeof(m->chaddr) ? NULL : &mixed;
}

/* How far one has come among the bindings of a client: one in each subnet, or a chain. */
struct walk {
	uint8_t subnet;
	uint32_t slot;
};

#define WALK_BEGIN ((struct walk){ .slot = NO_SLOT })

/* Section 6.4.1: who has proffered the same identifier; false: there are no more subnets. */
static bool walk_identifier(const struct dhcp_server *s, const struct server_query *q,
			    struct walk *w)
{
	struct client_id id = q->id;

	if (w->subnet == s->leases.n_subnets)
		return false;

	id.subnet = w->subnet++;
	leases_hash_id(&s->leases, &id);
	w->slot = leases_find_id(&s->leases, &id);
	return true;
}

/* Section 6.4.1: or has the same hardware address; false: there are no more. */
static bool walk_hardware(const struct dhcp_server *s, const struct server_query *q,
			  struct walk *w)
{
	const struct dhcp_message *m = q->rx->msg;

	w->slot = leases_next_of_mac(&s->leases, m->htype, m->hlen, m->chaddr, w->slot);
	return w->slot != NO_SLOT;
}

/* The next lease of the client, or NO_SLOT. */
static uint32_t next_lease(const struct dhcp_server *s, const struct server_query *q,
			   struct walk *w)
{
	while (q->rx->msg->hlen ? walk_hardware(s, q, w) : walk_identifier(s, q, w)) {
		if (w->slot != NO_SLOT &&
		    slot_state(leases_at(&s->leases, w->slot), q->now) == DHCP_BINDING_ACTIVE)
			return w->slot;
	}

	return NO_SLOT;
}

/* Section 6.4.1: of several addresses the one about which the client wrote last. */
uint32_t server_find_lease(const struct dhcp_server *s, const struct server_query *q)
{
	struct walk w = WALK_BEGIN;
	uint32_t last = NO_SLOT, i;

	if (q->rx->msg->ciaddr)
		return leases_find_address(&s->leases, q->rx->msg->ciaddr);

	while ((i = next_lease(s, q, &w)) != NO_SLOT)
		if (last == NO_SLOT || leases_more_at(&s->leases, i)->seen >
				       leases_more_at(&s->leases, last)->seen)
			last = i;

	return last;
}

/* ---- the answer ---- */

/* Section 6.4.2: all addresses of the client that was asked for, if there are several. */
static void put_associated(const struct dhcp_server *s, const struct server_query *q,
			   struct dhcp_builder *b)
{
	uint8_t value[4 * ASSOCIATED_MAX];
	struct walk w = WALK_BEGIN;
	size_t n = 0;
	uint32_t i;

	if (q->rx->msg->ciaddr)
		return;
	while (n < ASSOCIATED_MAX && (i = next_lease(s, q, &w)) != NO_SLOT)
		store_be32(value + 4 * n++, leases_at(&s->leases, i)->b.address);
	if (n > 1)
		(void)dhcp_build_put(b, DHCP_OPT_ASSOCIATED_IP, value, 4 * n);
}

static uint32_t seconds_since(uint64_t then, uint64_t now)
{
	return (uint32_t)min_u64((now - then) / DHCP_SECOND, UINT32_MAX);
}

/* Section 6.4.2: T1 and T2 likewise tell what is left of them, while anything is. */
static void put_time(const struct server_query *q, const struct dhcp_binding_more *more,
		     uint8_t code, struct dhcp_builder *b)
{
	const struct dhcp_binding *lease = &q->slot->b;
	uint32_t gone = seconds_since(more->since, q->now), t1, t2, at;

	if (code == DHCP_OPT_LEASE_TIME) {
		(void)dhcp_build_put_u32(b, code, server_remainder_sec(q->slot, q->now));
		return;
	}
	if (!more->since || lease->expires == DHCP_NEVER ||
	    !server_lease_times(seconds_since(more->since, lease->expires), &t1, &t2))
		return;
	at = code == DHCP_OPT_T1 ? t1 : t2;
	if (at > gone)
		(void)dhcp_build_put_u32(b, code, at - gone);
}

static void put_bytes_of(const uint8_t *value, size_t len, uint8_t code, struct dhcp_builder *b)
{
	if (len)
		(void)dhcp_build_put(b, code, value, len);
}

/* Section 6.4.2: what it speaks of by itself is told, or not, for the reasons that it has. */
bool server_are_secrets_valid(const struct dhcp_server_options *opt)
{
	static const uint8_t told[] = {
		DHCP_OPT_PAD, DHCP_OPT_LEASE_TIME, DHCP_OPT_MESSAGE_TYPE, DHCP_OPT_SERVER_ID,
		DHCP_OPT_T1, DHCP_OPT_T2, DHCP_OPT_RELAY_INFO, DHCP_OPT_ASSOCIATED_IP,
		DHCP_OPT_END,
	};

	if (opt->n_secrets > sizeof(opt->secret))
		return false;
	for (size_t i = 0; i < opt->n_secrets; i++)
		if (memchr(told, opt->secret[i], sizeof(told)))
			return false;

	return true;
}

/* What the client said of itself and got, as far as it is known and fits. */
static void put_asked(const struct dhcp_server *s, const struct server_query *q, uint8_t code,
		      struct dhcp_builder *b)
{
	const struct dhcp_binding_more *more = server_more(s, q);
	const struct dhcp_binding *lease = &q->slot->b;

	if (code == DHCP_OPT_LEASE_TIME || code == DHCP_OPT_T1 || code == DHCP_OPT_T2)
		put_time(q, more, code, b);
	else if (code == DHCP_OPT_LAST_TRANSACTION)
		(void)dhcp_build_put_u32(b, code, seconds_since(more->seen, q->now));
	else if (code == DHCP_OPT_VENDOR_CLASS)
		put_bytes_of(more->vendor, more->vendor_len, code, b);
	else if (code == DHCP_OPT_SUBNET_MASK)
		(void)dhcp_build_put_u32(b, code, ip4_mask(server_net(s, q)->prefix_len));
	else if (code == DHCP_OPT_CLIENT_ID && lease->id_is_option)
		put_bytes_of(lease->id, lease->id_len, code, b);
	else if (code != DHCP_OPT_CLIENT_ID)
		server_put_parameter(s, q, code, b);
}

static void put_once(const struct dhcp_server *s, const struct server_query *q, uint8_t code,
		     bool *is_put, struct dhcp_builder *b)
{
	bool is_secret = memchr(s->opt.secret, code, s->opt.n_secrets);

	if (!is_put[code] && !is_secret)
		put_asked(s, q, code, b);
	is_put[code] = true;
}

/* Those of a REQUEST that lists nothing (section 6.2): its times, and all that there is. */
static void put_usual(const struct dhcp_server *s, const struct server_query *q, bool *is_put,
		      struct dhcp_builder *b)
{
	static const uint8_t usual[] = {
		DHCP_OPT_LEASE_TIME, DHCP_OPT_T1, DHCP_OPT_T2, DHCP_OPT_SUBNET_MASK,
		DHCP_OPT_HOST_NAME,
	};
	const struct dhcp_server_subnet *net = server_net(s, q);

	for (size_t i = 0; i < sizeof(usual); i++)
		put_once(s, q, usual[i], is_put, b);
	for (size_t i = 0; q->class && i < q->class->n_values; i++)
		put_once(s, q, q->class->value[i].code, is_put, b);
	for (size_t i = 0; i < net->n_values; i++)
		put_once(s, q, net->value[i].code, is_put, b);
}

/* Section 6.4.2: what is not asked for stays out, but for the other addresses. */
static void put_lease(const struct dhcp_server *s, const struct server_query *q,
		      struct dhcp_builder *b)
{
	const struct dhcp_binding_more *more = server_more(s, q);
	size_t n = 0;
	const uint8_t *list = dhcp_message_get(q->rx->msg, DHCP_OPT_PARAMETER_LIST, &n);
	bool is_put[256] = { false };

	put_associated(s, q, b);
	if (!list)
		put_usual(s, q, is_put, b);
	for (size_t i = 0; i < n; i++)
		put_once(s, q, list[i], is_put, b);
	if (is_put[DHCP_OPT_RELAY_INFO])
		put_bytes_of(more->relay, more->relay_len, DHCP_OPT_RELAY_INFO, b);
}

/* Who has the address stands in the header: the one who was asked for, or its holder. */
static void write_header(const struct server_query *q, enum dhcp_message_type type,
			 struct dhcp_message *ret)
{
	const struct dhcp_message *m = q->rx->msg;

	*ret = (struct dhcp_message){
		.op = DHCP_OP_REPLY, .type = type, .htype = m->htype, .hlen = m->hlen,
		.xid = m->xid, .giaddr = m->giaddr, .ciaddr = m->ciaddr,
	};
	memcpy(ret->chaddr, m->chaddr, sizeof(ret->chaddr));
	if (type != DHCP_LEASEACTIVE)
		return;

	ret->htype = q->slot->b.htype;
	ret->hlen = q->slot->b.hlen;
	ret->ciaddr = q->own;
	memcpy(ret->chaddr, q->slot->b.chaddr, sizeof(ret->chaddr));
}

/* Section 6.4.3: to giaddr. Only LEASEACTIVE has options (sections 6.4 and 6.4.2). */
static int answer(const struct dhcp_server *s, const struct server_query *q,
		  enum dhcp_message_type type, struct dhcp_actions *out)
{
	struct dhcp_action *a = &out->action[out->n];
	struct dhcp_message header;
	struct dhcp_builder b;
	int r;

	*a = (struct dhcp_action){
		.type = DHCP_ACTION_SEND,
		.send = {
			.src_ip = s->opt.address, .src_port = DHCP_SERVER_PORT,
			.dst_ip = q->rx->msg->giaddr, .dst_port = DHCP_SERVER_PORT,
			.type = (uint8_t)type,
		},
	};
	write_header(q, type, &header);
	r = dhcp_build_begin(&b, a->send.data, server_reply_limit(q->rx->msg), &header);
	if (r == 0 && type == DHCP_LEASEACTIVE)
		r = dhcp_build_put_u32(&b, DHCP_OPT_SERVER_ID, s->opt.address);
	if (r < 0)
		return r;
	if (type == DHCP_LEASEACTIVE)
		put_lease(s, q, &b);

	a->send.len = (uint16_t)dhcp_build_end(&b);
	out->n++;
	return 1;
}

static int run_active(struct dhcp_server *s, const struct server_query *q,
		      const struct server_row *row, struct dhcp_actions *out)
{
	return answer(s, q, DHCP_LEASEACTIVE, out);
}

static int run_unassigned(struct dhcp_server *s, const struct server_query *q,
			  const struct server_row *row, struct dhcp_actions *out)
{
	return answer(s, q, DHCP_LEASEUNASSIGNED, out);
}

static int run_unknown(struct dhcp_server *s, const struct server_query *q,
		       const struct server_row *row, struct dhcp_actions *out)
{
	return answer(s, q, DHCP_LEASEUNKNOWN, out);
}

const struct server_act server_act_lease_active = { "LEASEACTIVE", run_active };
const struct server_act server_act_lease_unassigned = { "LEASEUNASSIGNED", run_unassigned };
const struct server_act server_act_lease_unknown = { "LEASEUNKNOWN", run_unknown };
