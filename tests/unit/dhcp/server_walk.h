/* SPDX-License-Identifier: MIT */
/*
 * server_walk.h - every way in which a client can stand before a server: what it
 * had, what it asks for, what is reserved for it, what there is none of.
 */
#ifndef SERVER_WALK_H
#define SERVER_WALK_H

#include "server_fixture.h"

#define CLIENT 1
#define TAKER 8
#define NEIGHBOUR 9
#define FILLER 20

/* ---- how a client comes to stand where a row begins ---- */

enum start {
	NEW, OFFERED, OFFERED_AGAIN, ACTIVE, EXPIRED, RELEASED, DECLINED, PROBED, PROBED_AGAIN,
	STARTS
};

static const enum dhcp_binding_state start_state[STARTS] = {
	[NEW] = DHCP_BINDING_NONE,
	[OFFERED] = DHCP_BINDING_OFFERED,
	[OFFERED_AGAIN] = DHCP_BINDING_OFFERED,
	[ACTIVE] = DHCP_BINDING_ACTIVE,
	[EXPIRED] = DHCP_BINDING_EXPIRED,
	[RELEASED] = DHCP_BINDING_RELEASED,
	[DECLINED] = DHCP_BINDING_DECLINED,
	[PROBED] = DHCP_BINDING_PROBED,
	[PROBED_AGAIN] = DHCP_BINDING_PROBED,
};

static inline void expire(struct lab *lab, uint32_t address)
{
	lab->now = lab_binding(lab, address)->expires;
	assert_int_equal(lab_deadline(lab, 0), 1);
}

/* The address that the client has afterwards, 0 for none. */
static inline uint32_t bring_to(struct lab *lab, enum start start)
{
	uint32_t address = 0;

	if (start == OFFERED)
		return lab_offer(lab, CLIENT);
	if (start != NEW && start != PROBED)
		address = lab_bind(lab, CLIENT);
	if (start == EXPIRED || start == OFFERED_AGAIN || start == PROBED_AGAIN)
		expire(lab, address);
	if (start == OFFERED_AGAIN)
		assert_int_equal(lab_offer(lab, CLIENT), address);
	if (start == RELEASED)
		assert_int_equal(lab_release(lab, CLIENT, address), 1);
	if (start == DECLINED)
		assert_int_equal(lab_decline(lab, CLIENT, address), 1);

	return address;
}

/* The last step to PROBED and PROBED_AGAIN: no time passes from there on. */
static inline uint32_t begin_probe(struct lab *lab)
{
	struct ask discover = { .type = DHCP_DISCOVER, .client = CLIENT };

	assert_int_equal(lab_ask(lab, &discover), 0);
	assert_int_equal(lab->out.action[0].type, DHCP_ACTION_PROBE);
	return lab->out.action[0].probe;
}

static inline enum dhcp_binding_state state_of_client(const struct lab *lab, uint8_t last)
{
	const struct dhcp_binding *b;

	for (size_t i = 0; (b = dhcp_server_binding(lab->s, i)); i++)
		if (b->id_len && b->chaddr[5] == last)
			return b->state;

	return DHCP_BINDING_NONE;
}

/* ---- every pair, with every kind of address, every policy, every shortage ---- */

enum asked { ITS_OWN, SOME_FREE, A_NEIGHBOURS, ANOTHER_NETWORKS, ASKED };
enum shortage { PLENTY, POOL_FULL, NO_MEMORY, SHORTAGES };
/* What is reserved for the client: open, another's at first and for good, or at first only. */
enum kept { NOT_KEPT, KEPT, KEPT_BUT_TAKEN, KEPT_AND_BACK, KEPTS };

#define KEPT_ADDRESS (NET + 202)

/* What a DISCOVER says beside. */
enum wants { AN_ADDRESS, WHETHER_TO_MAKE_ONE_UP, NO_IPV4, WANTS };

#define ROWS_MAX 256

struct walk {
	bool reached[ROWS_MAX];
	struct lab lab;
	enum start start;
	enum asked asked;
	enum kept kept;
	enum wants wants;
	bool probes;
	uint32_t own, neighbours, address;
};

static inline struct ask ask_for(enum dhcp_server_trigger t, uint32_t address)
{
	struct ask a = { .client = CLIENT, .type = DHCP_REQUEST };

	switch (t) {
	case DHCP_SERVER_ON_DISCOVER:
	case DHCP_SERVER_ON_RAPID:
		a.type = DHCP_DISCOVER;
		a.requested = address;
		a.rapid = t == DHCP_SERVER_ON_RAPID;
		break;
	case DHCP_SERVER_ON_SELECTING:
		a.server_id = SERVER;
		a.requested = address;
		break;
	case DHCP_SERVER_ON_OTHER_SERVER:
		a.server_id = OTHER_SERVER;
		a.requested = address;
		break;
	case DHCP_SERVER_ON_INIT_REBOOT:
		a.requested = address;
		break;
	case DHCP_SERVER_ON_RENEWING:
		a.ciaddr = address;
		a.dst_ip = SERVER;
		break;
	case DHCP_SERVER_ON_REBINDING:
		a.ciaddr = address;
		break;
	case DHCP_SERVER_ON_DECLINE:
		a.type = DHCP_DECLINE;
		a.server_id = SERVER;
		a.requested = address;
		break;
	case DHCP_SERVER_ON_RELEASE:
		a.type = DHCP_RELEASE;
		a.server_id = SERVER;
		a.ciaddr = address;
		break;
	case DHCP_SERVER_ON_INFORM:
		a.type = DHCP_INFORM;
		a.ciaddr = address;
		break;
	case DHCP_SERVER_ON_BOOTP:
		a.type = DHCP_NO_TYPE;
		break;
	case DHCP_SERVER_ON_LEASEQUERY:
		a.type = DHCP_LEASEQUERY;
		a.giaddr = OTHER_SERVER;
		a.ciaddr = address;
		a.no_hardware = true;
		break;
	case DHCP_SERVER_ON_DEADLINE:
	case DHCP_SERVER_ON_CONFLICT:
	case DHCP_SERVER_ON_FORCERENEW:
		break;
	}

	return a;
}

/* One address for two: by the client's hardware address, and by the identifier "taker". */
static inline void keep_address(struct dhcp_server_options *opt)
{
	opt->n_reserved = 2;
	opt->reserved[0] = (struct dhcp_reservation){
		.address = KEPT_ADDRESS, .id_len = 7, .id = { 1, 2, 0x4e, 0x4c, 0, 0, CLIENT },
	};
	opt->reserved[1] = (struct dhcp_reservation){
		.address = KEPT_ADDRESS, .id_len = 5, .id_is_option = true, .id = "taker",
	};
}

/* The taker has the address that is kept, or gives it back. */
static inline void take_kept(struct lab *lab, bool back)
{
	struct ask a = {
		.type = DHCP_DISCOVER, .client = TAKER, .id = "taker", .lease_sec = 86400,
	};

	if (!back)
		assert_int_equal(lab_discover(lab, &a), DHCP_OFFER);
	a.type = back ? DHCP_RELEASE : DHCP_REQUEST;
	a.server_id = SERVER;
	a.requested = back ? 0 : KEPT_ADDRESS;
	a.ciaddr = back ? KEPT_ADDRESS : 0;
	(void)lab_ask(lab, &a);
	assert_int_equal(lab_binding(lab, KEPT_ADDRESS)->state,
			 back ? DHCP_BINDING_RELEASED : DHCP_BINDING_ACTIVE);
}

static inline struct dhcp_server_options walk_options(bool authoritative, enum shortage shortage,
					       enum kept kept)
{
	struct dhcp_server_options opt = usual_options();

	if (kept != NOT_KEPT)
		keep_address(&opt);

	opt.authoritative = authoritative;
	opt.bootp = authoritative;	/* two kinds of server: one that is free with its answers */
	opt.rapid_commit = true;
	opt.no_auto_configure = true;
	opt.force_renew = authoritative;
	opt.n_queriers = 1;
	opt.querier[0] = (struct dhcp_server_querier){ OTHER_SERVER, 32 };
	add_value(&opt, DHCP_OPT_IPV6_ONLY, false, "\0\0\7\10", 4);
	opt.max_bindings = shortage == NO_MEMORY ? 2 + (kept > KEPT) : 16;
	if (shortage == POOL_FULL)
		opt.last = NET + 4;
	return opt;
}

static inline void walk_begin(struct walk *w, bool authoritative, enum shortage shortage)
{
	struct dhcp_server_options opt = walk_options(authoritative, shortage, w->kept);

	struct ask filler = { .type = DHCP_DISCOVER, .client = FILLER };

	opt.probe_ms = w->probes ? 1000 : 0;
	lab_start(&w->lab, &opt);
	w->lab.can_force = true;
	if (w->kept >= KEPT_BUT_TAKEN)
		take_kept(&w->lab, false);
	w->own = bring_to(&w->lab, w->start);
	if (w->kept == KEPT_AND_BACK)
		take_kept(&w->lab, true);
	w->neighbours = lab_bind(&w->lab, NEIGHBOUR);
	if (w->start >= PROBED)
		w->own = begin_probe(&w->lab);
	if (w->start == NEW && shortage == NO_MEMORY)
		(void)lab_ask(&w->lab, &filler);
	for (; shortage == POOL_FULL && filler.client < FILLER + 3; filler.client++)
		(void)lab_ask(&w->lab, &filler);
	w->address = w->asked == ITS_OWN	? (w->own ? w->own : NET + 201)
		     : w->asked == SOME_FREE	? NET + 202
		     : w->asked == A_NEIGHBOURS ? w->neighbours
						: 0xc0a80105;
}

static inline int walk_step(struct walk *w, enum dhcp_server_trigger t)
{
	static const uint8_t ipv6_only[] = { DHCP_OPT_IPV6_ONLY };
	struct ask a = ask_for(t, w->address);

	a.auto_configure = w->wants == WHETHER_TO_MAKE_ONE_UP;
	a.list = w->wants == NO_IPV4 ? ipv6_only : NULL;
	a.n_list = sizeof(ipv6_only);

	if (t == DHCP_SERVER_ON_DEADLINE)
		return lab_deadline(&w->lab, 0);
	if (t == DHCP_SERVER_ON_CONFLICT)
		return lab_conflict(&w->lab, w->address);
	if (t == DHCP_SERVER_ON_FORCERENEW)
		return lab_force_renew(&w->lab, w->address);

	(void)lab_ask(&w->lab, &a);
	return w->lab.out.n ? 1 : 0;
}

#endif
