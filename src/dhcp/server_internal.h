/* SPDX-License-Identifier: MIT */
/*
 * server_internal.h - what the files of the server share: a request after the
 * filter, the rows of the table, the writing of replies.
 */
#ifndef DHCP_SERVER_INTERNAL_H
#define DHCP_SERVER_INTERNAL_H

#include <netlab/dhcp_server.h>

#include "dhcp/leases.h"
#include "dhcp/probes.h"
#include "dhcp/reserved.h"

/* One block: this head, then what leases.h puts behind it. */
struct dhcp_server {
	struct dhcp_server_options opt;
	struct dhcp_server_subnet net[SUBNETS_MAX];	/* 0: its own link */
	struct reserved reserved;
	size_t probes;	/* where struct probe stand, in bytes from here; 0: none */
	struct leases leases;
};

/**
 * struct server_query - what came, after the filter: all that guards and acts look at
 * @rx: NULL for DEADLINE and CONFLICT
 * @id: set if @rx is; @id.subnet always
 * @server_id: what the client shall know us by: our address, or what its relay
 *	agent wants in its place (RFC 5107)
 * @class: that the client is of; NULL: none
 * @pool: number of the one from which it may get an address that it does not have yet
 * @slot: of the client (or of the address, without @rx); NULL when its state is
 *	NONE. Good until the tables change.
 * @state: of that binding, at @now
 * @own: its address; 0 for none
 * @asked: option 50, ciaddr, or the address of the conflict, whichever the
 *	trigger speaks of; 0 for none
 * @reserved: what is kept for this client; NULL for nothing
 * @fresh: an address for a client that has none; 0 for none. Set for DISCOVER.
 */
struct server_query {
	enum dhcp_server_trigger trigger;
	uint64_t now;
	const struct dhcp_rx *rx;
	struct client_id id;
	uint32_t server_id;
	const struct dhcp_server_class *class;
	uint8_t pool;
	const struct slot *slot;
	enum dhcp_binding_state state;
	uint32_t own, asked, fresh;
	const struct dhcp_reservation *reserved;
};

struct server_guard {
	const char *name;
	bool (*holds)(const struct dhcp_server *s, const struct server_query *q);
};

struct server_row;

/* @run: 1 done, 0 silence, -errno with the server untouched. */
struct server_act {
	const char *name;
	int (*run)(struct dhcp_server *s, const struct server_query *q,
		   const struct server_row *row, struct dhcp_actions *out);
};

#define SERVER_ANY DHCP_BINDING_STATES	/* as @from: whatever it is; as @to: as it was */

/* One row: the first of its (from, on) whose guard holds is taken. */
struct server_row {
	uint8_t from, on;
	const struct server_guard *guard;	/* NULL: always */
	uint8_t to;
	const struct server_act *act;
	struct dhcp_reason reason;
};

static inline const struct dhcp_server_subnet *server_net(const struct dhcp_server *s,
							  const struct server_query *q)
{
	return &s->net[q->id.subnet];
}

/* NULL: this server does not probe. */
static inline struct probe *server_probes(struct dhcp_server *s)
{
	return s->probes ? (struct probe *)((unsigned char *)s + s->probes) : NULL;
}

/* server_relay.c: suboptions of option 82 (RFC 3046 section 2.0) that servers act on. */
enum relay_suboption {
	RELAY_CIRCUIT_ID = 1,
	RELAY_LINK_SELECTION = 5,	/* RFC 3527 */
	RELAY_SERVER_ID = 11,		/* RFC 5107 */
};

/* Option 82, if it is to be believed: of a relay agent, or trusted. */
const uint8_t *server_relay_info(const struct dhcp_server *s, const struct dhcp_message *m,
				 size_t *ret_len);
/* A suboption of it and its length; NULL for none. */
const uint8_t *server_relay_suboption(const struct dhcp_server *s, const struct dhcp_message *m,
				      enum relay_suboption code, size_t *ret_len);
/* The address in a suboption of it; 0 for none. */
uint32_t server_relay_address(const struct dhcp_server *s, const struct dhcp_message *m,
			      enum relay_suboption code);
/* Number of the subnet that @address is of, or -ENOENT. */
int server_subnet_of(const struct dhcp_server *s, uint32_t address);
/* Number of the subnet that @rx is about, or -ENOENT with @ret_why. */
int server_find_subnet(const struct dhcp_server *s, const struct dhcp_rx *rx,
		       const struct dhcp_reason **ret_why);

/* server_filter.c: messages that no row shall see. 0, or -ENOMSG with @ret_why. */
int server_filter(const struct dhcp_server *s, const struct dhcp_rx *rx, uint64_t now,
		  struct server_query *ret, struct dhcp_reason *ret_why);
/* A query about an address, without a message. */
void server_query_address(const struct dhcp_server *s, enum dhcp_server_trigger trigger,
			  uint32_t address, uint64_t now, struct server_query *ret);

/* server_table.c: the row for @q, or NULL with the reason why there is none. */
const struct server_row *server_find_row(const struct dhcp_server *s, const struct server_query *q,
					 struct dhcp_reason *ret_why);

/* server_class.c: the first one that the sender of @m fits; NULL: it fits none. */
const struct dhcp_server_class *server_find_class(const struct dhcp_server *s,
						  const struct dhcp_message *m);
/* Number of the pool of @class (NULL: of none) in @subnet. */
uint8_t server_pool_of(const struct dhcp_server *s, uint8_t subnet,
		       const struct dhcp_server_class *class);
/*
 * What is given out as @code: the class's, else the subnet's; NULL: nothing.
 */
const struct dhcp_server_value *server_find_value(const struct dhcp_server *s,
						  const struct server_query *q, uint8_t code);

/* server_facts.c: what a decision on @q is about; and all that is known of a message unread. */
void server_tell_facts(const struct dhcp_server *s, const struct server_query *q,
		       struct dhcp_facts *ret);
void server_tell_client(const struct dhcp_rx *rx, struct dhcp_facts *ret);

/* server_guard.c */
extern const struct server_guard server_guard_its_address, server_guard_asked_is_free;
extern const struct server_guard server_guard_reserved_open, server_guard_reserved_taken;
extern const struct server_guard server_guard_asked_reserved, server_guard_not_reserved;
extern const struct server_guard server_guard_no_room, server_guard_left_without;
extern const struct server_guard server_guard_ipv6_only, server_guard_own_address;
extern const struct server_guard server_guard_probe_reserved, server_guard_probe_own;
extern const struct server_guard server_guard_probe_asked, server_guard_probe_new;
extern const struct server_guard server_guard_has_new, server_guard_bootp_own;
extern const struct server_guard server_guard_no_bootp, server_guard_authoritative;
extern const struct server_guard server_guard_foreign, server_guard_remembered;
extern const struct server_guard server_guard_on_link, server_guard_managed, server_guard_has_nonce;

/* server_act.c */
extern const struct server_act server_act_offer_own, server_act_offer_asked, server_act_offer_new;
extern const struct server_act server_act_offer_reserved, server_act_offer_nothing;
extern const struct server_act server_act_probe_own, server_act_probe_asked;
extern const struct server_act server_act_probe_new, server_act_probe_reserved;
extern const struct server_act server_act_commit_own, server_act_commit_asked;
extern const struct server_act server_act_commit_new, server_act_commit_reserved;
extern const struct server_act server_act_ack, server_act_nak, server_act_inform;
extern const struct server_act server_act_change, server_act_quarantine, server_act_silent;

/* server_force.c */
extern const struct server_act server_act_force_renew;

/* server_leasequery.c */
extern const struct server_act server_act_lease_active, server_act_lease_unassigned;
extern const struct server_act server_act_lease_unknown;

/* May all that is to be kept secret be? */
bool server_are_secrets_valid(const struct dhcp_server_options *opt);
/* NULL: a LEASEQUERY that is to be answered. */
const struct dhcp_reason *server_refuse_leasequery(const struct dhcp_server *s,
						   const struct dhcp_message *m);
/* The slot that the LEASEQUERY of @q is about, or NO_SLOT. */
uint32_t server_find_lease(const struct dhcp_server *s, const struct server_query *q);

/* server_more.c: what is kept beside a binding; NULL: nothing is. */
const struct dhcp_binding_more *server_more(const struct dhcp_server *s,
					    const struct server_query *q);
bool server_keeps_more(const struct dhcp_server_options *opt);
/* The client of @q has written about the address of @slot. */
void server_keep_more(struct dhcp_server *s, const struct server_query *q, const struct slot *slot);
/* May the client of @q be sent a FORCERENEW? It says so in option 145 (RFC 6704). */
bool server_can_force(const struct dhcp_server *s, const struct server_query *q);
/* A nonce for the ACK of @address; false: it needs none. */
bool server_new_nonce(const struct dhcp_server *s, const struct server_query *q, uint32_t address,
		      uint8_t ret[static DHCP_NONCE_LEN]);
/* That ACK goes out: the lease begins, or goes on, now. @nonce: that is in it, or NULL. */
void server_keep_lease(struct dhcp_server *s, const struct server_query *q,
		       const struct slot *slot, const uint8_t *nonce);

/* Would it do without IPv4, and is its subnet one where it can (RFC 8925)? */
bool server_is_ipv6_only(const struct dhcp_server *s, const struct server_query *q);

/* The address to which an INFORM is answered; 0 for none. */
uint32_t server_inform_target(const struct server_query *q);

/**
 * struct server_reply - what a reply says beyond the request that it answers
 * @yiaddr: 0: none (NAK, INFORM, an OFFER of nothing)
 * @lease_sec: likewise
 * @message: option 56; NULL for none
 * @nonce: for option 90 (RFC 6704); NULL for none
 */
struct server_reply {
	enum dhcp_message_type type;
	uint32_t yiaddr;
	uint32_t lease_sec;
	const char *message;
	const uint8_t *nonce;
};

/* server_reply.c: fills @ret whole, with addresses. 0 or -EMSGSIZE. */
int server_write_reply(const struct dhcp_server *s, const struct server_query *q,
		       const struct server_reply *reply, struct dhcp_send *ret);
/* How long a reply to @m may be. */
size_t server_reply_limit(const struct dhcp_message *m);
/* One parameter for the client of @q, if it is configured and fits. */
void server_put_parameter(const struct dhcp_server *s, const struct server_query *q, uint8_t code,
			  struct dhcp_builder *b);
/* 0.5 and 0.875 of the lease; false where no whole seconds with 0 < T1 < T2 < lease exist. */
bool server_lease_times(uint32_t lease_sec, uint32_t *ret_t1, uint32_t *ret_t2);
/* What is left of a running lease, in seconds; at least 1. */
uint32_t server_remainder_sec(const struct slot *slot, uint64_t now);

#endif
