/* SPDX-License-Identifier: MIT */
/*
 * server_act.c - what the rows of the server's table do. Each writes its reply
 * first and changes the tables last, when nothing can fail any more.
 */
#include <string.h>

#include "base/addr.h"
#include "base/text.h"
#include "base/util.h"
#include "dhcp/domain.h"
#include "dhcp/server_internal.h"

static uint64_t ends(uint64_t now, uint32_t seconds)
{
	return seconds == DHCP_INFINITY ? DHCP_NEVER : now + seconds * DHCP_SECOND;
}

/* What is left of a running lease, RFC 2131 section 4.3.1; at least a second. */
uint32_t server_remainder_sec(const struct slot *slot, uint64_t now)
{
	if (slot->b.expires == DHCP_NEVER)
		return DHCP_INFINITY;

	return (uint32_t)max_u64((slot->b.expires - now) / DHCP_SECOND, 1);
}

/* RFC 2131 section 4.3.1: what is asked, within policy; else what is left; else the default. */
static uint32_t lease_to_offer(const struct dhcp_server *s, const struct server_query *q)
{
	const struct dhcp_server_subnet *net = server_net(s, q);
	uint32_t asked;

	if (dhcp_message_get_u32(q->rx->msg, DHCP_OPT_LEASE_TIME, &asked) == 0)
		return (uint32_t)min_u64(max_u64(asked, net->min_lease_sec), net->max_lease_sec);
	if (q->state == DHCP_BINDING_ACTIVE)
		return server_remainder_sec(q->slot, q->now);

	return net->default_lease_sec;
}

/* As offered, if the REQUEST follows an OFFER and names no other time (section 4.3.2). */
static uint32_t lease_to_grant(const struct dhcp_server *s, const struct server_query *q)
{
	bool follows_offer = q->trigger == DHCP_SERVER_ON_SELECTING && q->slot &&
			     q->slot->offered_sec && q->own == q->asked;

	if (dhcp_message_has(q->rx->msg, DHCP_OPT_LEASE_TIME))
		return lease_to_offer(s, q);

	return follows_offer ? q->slot->offered_sec : server_net(s, q)->default_lease_sec;
}

static int add_send(const struct dhcp_server *s, const struct server_query *q,
		    const struct server_reply *reply, struct dhcp_actions *out)
{
	struct dhcp_action *a = &out->action[out->n];
	int r;

	a->type = DHCP_ACTION_SEND;
	r = server_write_reply(s, q, reply, &a->send);
	if (r < 0)
		return r;

	if (reply->yiaddr)
		out->facts.address = reply->yiaddr;
	out->n++;
	return 1;
}

static void add_note(const struct server_row *row, uint32_t address, struct dhcp_actions *out)
{
	if (out->n == DHCP_ACTIONS_MAX)
		return;		/* one DEADLINE can end more leases than there is room to tell of */

	out->action[out->n++] = (struct dhcp_action){
		.type = DHCP_ACTION_NOTE,
		.note = { .reason = row->reason, .address = address },
	};
}

/*
 * RFC 2131 sections 2.1 and 3.1: on record before the client hears of it. Behind
 * it in @out comes what it makes true.
 */
static void add_commit(const struct dhcp_binding *b, struct dhcp_actions *out)
{
	out->action[out->n++] = (struct dhcp_action){ .type = DHCP_ACTION_COMMIT, .commit = *b };
}

/* Is it what RFC 1123 section 2.1 lets a name be? */
static bool is_host_name(const uint8_t *name, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		bool is_letter = (name[i] | 0x20) >= 'a' && (name[i] | 0x20) <= 'z';
		bool is_digit = name[i] >= '0' && name[i] <= '9';

		if (!is_letter && !is_digit && name[i] != '-' && name[i] != '.')
			return false;
	}

	return len > 0 && name[0] != '-' && name[0] != '.';
}

/*
 * For those who list leases: option 81 before option 12 (RFC 4702 section 4),
 * whose name as text is told from that of labels by the E bit.
 */
static void set_host_name(struct dhcp_binding *b, const struct dhcp_message *m)
{
	char labels[DOMAIN_TEXT_LEN];
	size_t len = 0, pos = FQDN_NAME;
	const uint8_t *name = dhcp_message_get(m, DHCP_OPT_FQDN, &len);

	if (!name) {
		name = dhcp_message_get(m, DHCP_OPT_HOST_NAME, &len);
	} else if (!(name[0] & FQDN_E)) {
		name += FQDN_NAME;
		len -= FQDN_NAME;
	} else {
		if (domain_read(name, len, &pos, true, labels) < 0)
			return;
		name = (const uint8_t *)labels;
		len = strlen(labels);
	}

	while (name && len && !name[len - 1])	/* RFC 2132 section 2: NULs may follow it */
		len--;
	if (!name || len >= sizeof(b->host_name) || !is_host_name(name, len))
		return;
	memcpy(b->host_name, name, len);
	b->host_name[len] = '\0';
}

/* Gives the client @address; what it had before is given up. */
static struct slot *take(struct dhcp_server *s, const struct server_query *q, uint32_t address,
			 enum dhcp_binding_state state, uint64_t expires)
{
	const struct dhcp_message *m = q->rx->msg;
	struct slot *slot;
	uint32_t i;

	leases_settle(&s->leases, q->now);
	i = leases_take(&s->leases, &q->id, q->id.subnet, address);
	leases_set(&s->leases, i, state, expires);
	slot = leases_slot(&s->leases, i);
	slot->b.htype = m->htype;
	slot->b.hlen = m->hlen;
	memcpy(slot->b.chaddr, m->chaddr, sizeof(slot->b.chaddr));
	set_host_name(&slot->b, m);
	server_keep_more(s, q, slot);
	return slot;
}

/* A lease that ends because its client begins anew, and is to have another address. */
static void give_up(const struct server_query *q, uint32_t address, struct dhcp_actions *out)
{
	struct dhcp_binding b;

	if (q->state != DHCP_BINDING_ACTIVE || q->own == address)
		return;
	b = q->slot->b;
	b.state = DHCP_BINDING_RELEASED;
	b.expires = q->now;
	add_commit(&b, out);
}

static int offer(struct dhcp_server *s, const struct server_query *q, const struct server_row *row,
		 struct dhcp_actions *out, uint32_t address)
{
	struct server_reply reply = {
		.type = DHCP_OFFER, .yiaddr = address, .lease_sec = lease_to_offer(s, q),
	};
	uint64_t expires = ends(q->now, s->opt.offer_sec);
	int r;

	r = add_send(s, q, &reply, out);
	if (r < 0)
		return r;

	if (row->to == DHCP_BINDING_ACTIVE)	/* an OFFER extends no lease, section 4.3.1 */
		expires = q->slot->b.expires;
	give_up(q, address, out);
	take(s, q, address, row->to, expires)->offered_sec = reply.lease_sec;
	return r;
}

static int run_offer_own(struct dhcp_server *s, const struct server_query *q,
			 const struct server_row *row, struct dhcp_actions *out)
{
	return offer(s, q, row, out, q->own);
}

static int run_offer_asked(struct dhcp_server *s, const struct server_query *q,
			   const struct server_row *row, struct dhcp_actions *out)
{
	return offer(s, q, row, out, q->asked);
}

static int run_offer_reserved(struct dhcp_server *s, const struct server_query *q,
			      const struct server_row *row, struct dhcp_actions *out)
{
	return offer(s, q, row, out, q->reserved->address);
}

static int run_offer_new(struct dhcp_server *s, const struct server_query *q,
			 const struct server_row *row, struct dhcp_actions *out)
{
	return offer(s, q, row, out, q->fresh);
}

/* An OFFER of no address: the client shall do without (RFC 2563, RFC 8925). */
static int run_offer_nothing(struct dhcp_server *s, const struct server_query *q,
			     const struct server_row *row, struct dhcp_actions *out)
{
	struct server_reply reply = { .type = DHCP_OFFER };

	return add_send(s, q, &reply, out);
}

static int commit(struct dhcp_server *s, const struct server_query *q,
		  const struct server_row *row, struct dhcp_actions *out, uint32_t address)
{
	struct dhcp_action *record = &out->action[out->n++];
	const struct dhcp_binding_more *more;
	const struct slot *slot;
	struct server_reply reply = { .type = DHCP_ACK, .yiaddr = address };
	uint8_t nonce[DHCP_NONCE_LEN];
	uint64_t expires = DHCP_NEVER;
	int r;

	if (server_new_nonce(s, q, address, nonce))
		reply.nonce = nonce;
	if (q->trigger == DHCP_SERVER_ON_BOOTP) {	/* RFC 1534 section 2: for ever */
		reply.type = DHCP_NO_TYPE;
	} else {
		reply.lease_sec = lease_to_grant(s, q);
		expires = ends(q->now, reply.lease_sec);
	}

	r = add_send(s, q, &reply, out);
	if (r < 0) {
		out->n--;
		return r;
	}

	slot = take(s, q, address, row->to, expires);
	server_keep_lease(s, q, slot, reply.nonce);
	*record = (struct dhcp_action){ .type = DHCP_ACTION_COMMIT, .commit = slot->b };
	more = leases_more_at(&s->leases, leases_find_address(&s->leases, address));
	if (more)
		record->more = *more;
	return r;
}

static int run_ack(struct dhcp_server *s, const struct server_query *q,
		   const struct server_row *row, struct dhcp_actions *out)
{
	return commit(s, q, row, out, q->asked);
}

static int run_commit_own(struct dhcp_server *s, const struct server_query *q,
			  const struct server_row *row, struct dhcp_actions *out)
{
	return commit(s, q, row, out, q->own);
}

static int run_commit_new(struct dhcp_server *s, const struct server_query *q,
			  const struct server_row *row, struct dhcp_actions *out)
{
	return commit(s, q, row, out, q->fresh);
}

static int run_commit_reserved(struct dhcp_server *s, const struct server_query *q,
			       const struct server_row *row, struct dhcp_actions *out)
{
	return commit(s, q, row, out, q->reserved->address);
}

static int run_nak(struct dhcp_server *s, const struct server_query *q,
		   const struct server_row *row, struct dhcp_actions *out)
{
	struct server_reply reply = { .type = DHCP_NAK, .message = row->reason.why };

	return add_send(s, q, &reply, out);
}

/* RFC 2131 section 4.3.5: parameters only; no binding is made or touched. */
static int run_inform(struct dhcp_server *s, const struct server_query *q,
		      const struct server_row *row, struct dhcp_actions *out)
{
	struct server_reply reply = { .type = DHCP_ACK };

	return add_send(s, q, &reply, out);
}

uint32_t server_inform_target(const struct server_query *q)
{
	return q->rx->msg->ciaddr ? q->rx->msg->ciaddr : q->rx->src_ip;
}

/* Withdrawn, released, run out: the binding is @row->to from now on. */
static int run_change(struct dhcp_server *s, const struct server_query *q,
		      const struct server_row *row, struct dhcp_actions *out)
{
	uint32_t i = leases_find_address(&s->leases, q->own);

	add_note(row, q->own, out);
	if (row->to == DHCP_BINDING_NONE)
		leases_remove(&s->leases, i);
	else
		leases_set(&s->leases, i, row->to, min_u64(q->slot->b.expires, q->now));
	if (row->to == DHCP_BINDING_RELEASED)
		add_commit(&leases_at(&s->leases, i)->b, out);
	return 1;
}

/* RFC 2131 section 4.3.3: not available, to nobody, until the quarantine is over. */
static int run_quarantine(struct dhcp_server *s, const struct server_query *q,
			  const struct server_row *row, struct dhcp_actions *out)
{
	uint32_t i;

	leases_settle(&s->leases, q->now);
	i = leases_find_address(&s->leases, q->asked);
	if (i == NO_SLOT)
		i = leases_take(&s->leases, NULL, q->id.subnet, q->asked);
	leases_set(&s->leases, i, row->to, ends(q->now, s->opt.decline_sec));
	add_note(row, q->asked, out);
	add_commit(&leases_at(&s->leases, i)->b, out);
	return 1;
}

/* RFC 2131 section 2.2: nobody else gets the address while it is asked for. */
static int probe(struct dhcp_server *s, const struct server_query *q,
		 const struct server_row *row, struct dhcp_actions *out, uint32_t address)
{
	struct probe *p = probes_free(server_probes(s));	/* the guard has seen one */

	p->due = q->now + s->opt.probe_ms * (DHCP_SECOND / 1000);
	p->address = address;
	p->msg = *q->rx->msg;
	p->rx = *q->rx;
	p->rx.msg = NULL;
	give_up(q, address, out);
	take(s, q, address, row->to, DHCP_NEVER);
	out->facts.address = address;
	out->action[out->n++] = (struct dhcp_action){
		.type = DHCP_ACTION_PROBE, .probe = address,
	};
	return 1;
}

static int run_probe_own(struct dhcp_server *s, const struct server_query *q,
			 const struct server_row *row, struct dhcp_actions *out)
{
	return probe(s, q, row, out, q->own);
}

static int run_probe_asked(struct dhcp_server *s, const struct server_query *q,
			   const struct server_row *row, struct dhcp_actions *out)
{
	return probe(s, q, row, out, q->asked);
}

static int run_probe_new(struct dhcp_server *s, const struct server_query *q,
			 const struct server_row *row, struct dhcp_actions *out)
{
	return probe(s, q, row, out, q->fresh);
}

static int run_probe_reserved(struct dhcp_server *s, const struct server_query *q,
			      const struct server_row *row, struct dhcp_actions *out)
{
	return probe(s, q, row, out, q->reserved->address);
}

static int run_silent(struct dhcp_server *s, const struct server_query *q,
		      const struct server_row *row, struct dhcp_actions *out)
{
	return 0;
}

const struct server_act server_act_offer_own = { "OFFER its address", run_offer_own };
const struct server_act server_act_offer_asked = { "OFFER what it asked for", run_offer_asked };
const struct server_act server_act_offer_reserved = {
	"OFFER the address reserved for it", run_offer_reserved
};
const struct server_act server_act_offer_new = { "OFFER a new address", run_offer_new };
const struct server_act server_act_offer_nothing = { "OFFER no address", run_offer_nothing };
const struct server_act server_act_commit_own = { "ACK its address at once", run_commit_own };
const struct server_act server_act_commit_asked = { "ACK what it asked for at once", run_ack };
const struct server_act server_act_commit_new = { "ACK a new address at once", run_commit_new };
const struct server_act server_act_commit_reserved = {
	"ACK the address reserved for it at once", run_commit_reserved
};
const struct server_act server_act_probe_own = { "probe for its address", run_probe_own };
const struct server_act server_act_probe_asked = { "probe for what it asked for", run_probe_asked };
const struct server_act server_act_probe_new = { "probe for a new address", run_probe_new };
const struct server_act server_act_probe_reserved = {
	"probe for the address reserved for it", run_probe_reserved
};
const struct server_act server_act_ack = { "ACK", run_ack };
const struct server_act server_act_nak = { "NAK", run_nak };
const struct server_act server_act_inform = { "ACK without a lease", run_inform };
const struct server_act server_act_change = { "no answer", run_change };
const struct server_act server_act_quarantine = { "quarantine the address", run_quarantine };
const struct server_act server_act_silent = { "silence", run_silent };
