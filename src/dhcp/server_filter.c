/* SPDX-License-Identifier: MIT */
/*
 * server_filter.c - what stands in front of the server's table: messages that
 * no row shall see, who the client is, and which of the four REQUESTs it sent.
 */
#include <errno.h>
#include <string.h>

#include "base/addr.h"
#include "base/bytes.h"
#include "dhcp/server_internal.h"

#define HOPS_MAX 16

static bool is_ours(const struct dhcp_server *s, uint32_t address)
{
	return address == s->opt.address;
}

/* Does option 54 name us? By our address, or as the relay agent had us called (RFC 5107). */
static bool is_our_name(const struct dhcp_server *s, const struct server_query *q, uint32_t id)
{
	return is_ours(s, id) || id == q->server_id;
}

/* Option 54: 0 when there is none. */
static uint32_t server_named(const struct dhcp_message *m)
{
	uint32_t id = 0;

	(void)dhcp_message_get_u32(m, DHCP_OPT_SERVER_ID, &id);
	return id;
}

static uint32_t requested_address(const struct dhcp_message *m)
{
	uint32_t address = 0;

	(void)dhcp_message_get_u32(m, DHCP_OPT_REQUESTED_ADDRESS, &address);
	return address;
}

/* What relay agents and clients send; the decoder has let through no types that nobody knows. */
static bool is_for_servers(uint8_t type)
{
	switch (type) {
	case DHCP_DISCOVER:
	case DHCP_REQUEST:
	case DHCP_DECLINE:
	case DHCP_RELEASE:
	case DHCP_INFORM:
	case DHCP_LEASEQUERY:
	case DHCP_NO_TYPE:	/* BOOTP */
		return true;
	default:	/* a byte from the wire, not an enum */
		return false;
	}
}

static bool is_broadcast(const struct dhcp_server *s, uint32_t address)
{
	return address == IP4_BROADCAST ||
	       address == (s->opt.address | ~ip4_mask(s->opt.prefix_len));
}

/* NULL: it says whose it is. */
static const struct dhcp_reason *refuse_identity(const struct dhcp_server *s,
						 const struct dhcp_message *m)
{
	static const struct dhcp_reason nobody = {
		"neither a client identifier nor a hardware address", "RFC 2131 section 4.2"
	};
	/* RFC 3396 would let it, but then the smallest reply has no room for the echo. */
	static const struct dhcp_reason long_id = {
		"a client identifier of over 255 bytes: no reply could give it back",
		"RFC 6842 section 3"
	};
	size_t id_len = 0;

	if (m->hlen > sizeof(m->chaddr) ||
	    (!dhcp_message_get(m, DHCP_OPT_CLIENT_ID, &id_len) && !m->hlen))
		return &nobody;
	if (!m->hlen && s->opt.ignore_client_id)
		return &nobody;

	return id_len > UINT8_MAX ? &long_id : NULL;
}

/* NULL: a message that a client may have sent to this server. */
static const struct dhcp_reason *refuse(const struct dhcp_server *s, const struct dhcp_rx *rx)
{
	static const struct dhcp_reason not_request = {
		"a reply (op 2): servers answer requests only", "RFC 2131 section 2"
	};
	static const struct dhcp_reason own = {
		"our own message came back", "RFC 2131 section 4.1"
	};
	/* A router sees frames to its MAC address that it is to pass on. */
	static const struct dhcp_reason transit = {
		"the datagram is on its way to another host", "RFC 1122 section 3.2.1.3"
	};
	static const struct dhcp_reason ciaddr = {
		"ciaddr is no address that a host can have", "RFC 1122 section 3.2.1.3"
	};
	static const struct dhcp_reason hops = {
		"it passed more than 16 relay agents", "RFC 1542 section 4.1.1"
	};
	static const struct dhcp_reason reply = {
		"a message that only servers send", "RFC 2131 section 3.1"
	};
	const struct dhcp_message *m = rx->msg;

	if (m->op != DHCP_OP_REQUEST)
		return &not_request;
	if (is_ours(s, rx->src_ip))
		return &own;
	if (!is_ours(s, rx->dst_ip) && !is_broadcast(s, rx->dst_ip))
		return &transit;
	if (m->ciaddr && !ip4_is_host(m->ciaddr))
		return &ciaddr;
	if (m->hops > HOPS_MAX)
		return &hops;

	if (!is_for_servers(m->type))
		return &reply;

	return m->type == DHCP_LEASEQUERY ? server_refuse_leasequery(s, m) : refuse_identity(s, m);
}

/* An identifier longer than a binding holds: its beginning, and a hash of the whole. */
static void shorten_id(const struct dhcp_server *s, const uint8_t *option, size_t len,
		       struct client_id *id)
{
	struct client_id part = { .len = 0 };
	uint64_t hash = s->opt.seed;

	for (size_t i = 0; i < len; i += part.len) {
		size_t n = len - i < sizeof(part.bytes) ? len - i : sizeof(part.bytes);

		part.len = (uint8_t)n;
		memcpy(part.bytes, option + i, n);
		leases_hash_id(&s->leases, &part);
		hash = hash * 31 + part.hash;
	}
	id->len = sizeof(id->bytes);
	memcpy(id->bytes, option, sizeof(id->bytes) - sizeof(hash));
	store_be32(id->bytes + sizeof(id->bytes) - 8, (uint32_t)(hash >> 32));
	store_be32(id->bytes + sizeof(id->bytes) - 4, (uint32_t)hash);
}

/* Who it is by its hardware address: in @ret, the length. */
static uint8_t hardware_id(uint8_t htype, const uint8_t *chaddr, uint8_t hlen,
			   uint8_t ret[static DHCP_BINDING_ID_MAX])
{
	ret[0] = htype;
	memcpy(ret + 1, chaddr, hlen);
	return (uint8_t)(1 + hlen);
}

/* RFC 2131 section 4.2: option 61 if the client sent it, else its hardware address. */
static void identify(const struct dhcp_server *s, const struct dhcp_message *m,
		     struct client_id *id)
{
	size_t len = 0;
	const uint8_t *option = dhcp_message_get(m, DHCP_OPT_CLIENT_ID, &len);

	id->is_option = option && len && !s->opt.ignore_client_id;
	if (id->is_option && len > sizeof(id->bytes)) {
		shorten_id(s, option, len, id);
	} else if (id->is_option) {
		id->len = (uint8_t)len;
		memcpy(id->bytes, option, len);
	} else {
		id->len = hardware_id(m->htype, m->chaddr, m->hlen, id->bytes);
	}
	leases_hash_id(&s->leases, id);
}

/* What is kept for whoever is behind this port of a relay agent (RFC 3046 section 3.1). */
static const struct dhcp_reservation *find_by_circuit(const struct dhcp_server *s,
						      const struct server_query *q)
{
	size_t len = 0;
	const uint8_t *id = server_relay_suboption(s, q->rx->msg, RELAY_CIRCUIT_ID, &len);

	if (!id || !len || len > DHCP_BINDING_ID_MAX)
		return NULL;

	return reserved_find(&s->reserved, &s->opt, server_net(s, q), RESERVED_BY_CIRCUIT, id,
			     len);
}

static const struct dhcp_reservation *find_hardware(const struct dhcp_server *s,
						    const struct server_query *q, uint8_t htype,
						    const uint8_t *chaddr, uint8_t hlen)
{
	uint8_t id[DHCP_BINDING_ID_MAX];
	uint8_t len = hardware_id(htype, chaddr, hlen, id);

	return hlen ? reserved_find(&s->reserved, &s->opt, server_net(s, q),
				    RESERVED_BY_HARDWARE, id, len) : NULL;
}

static const struct dhcp_reservation *find_identifier(const struct dhcp_server *s,
						      const struct server_query *q,
						      const uint8_t *id, uint8_t len)
{
	return reserved_find(&s->reserved, &s->opt, server_net(s, q), RESERVED_BY_ID, id, len);
}

/* What is kept for the client: by its identifier, its hardware address, its place. */
static const struct dhcp_reservation *find_reserved(const struct dhcp_server *s,
						    const struct server_query *q)
{
	const struct dhcp_message *m = q->rx->msg;
	const struct dhcp_reservation *found = NULL;

	if (q->id.is_option)
		found = find_identifier(s, q, q->id.bytes, q->id.len);
	if (!found)
		found = find_hardware(s, q, m->htype, m->chaddr, m->hlen);
	return found ? found : find_by_circuit(s, q);
}

/* The same for the client that holds @b. */
static const struct dhcp_reservation *find_holder(const struct dhcp_server *s,
						  const struct server_query *q,
						  const struct dhcp_binding *b)
{
	const struct dhcp_reservation *found = NULL;

	if (b->id_is_option)
		found = find_identifier(s, q, b->id, b->id_len);
	return found ? found : find_hardware(s, q, b->htype, b->chaddr, b->hlen);
}

/* RFC 2131 section 4.3.2 and table 4: told apart by 54, 50 and ciaddr. */
static const struct dhcp_reason *classify_request(const struct dhcp_server *s,
						  const struct dhcp_rx *rx, struct server_query *q)
{
	static const struct dhcp_reason mixed = {
		"a REQUEST of none of the four kinds: 54, 50 and ciaddr do not go together",
		"RFC 2131 section 4.3.6, table 4"
	};
	const struct dhcp_message *m = rx->msg;
	bool names = dhcp_message_has(m, DHCP_OPT_SERVER_ID);
	bool asks = dhcp_message_has(m, DHCP_OPT_REQUESTED_ADDRESS);

	if (names && !is_our_name(s, q, server_named(m))) {
		q->trigger = DHCP_SERVER_ON_OTHER_SERVER;
		return NULL;
	}
	if (asks == (m->ciaddr != 0) || (names && !asks))
		return &mixed;

	q->asked = asks ? requested_address(m) : m->ciaddr;
	if (asks)
		q->trigger = names ? DHCP_SERVER_ON_SELECTING : DHCP_SERVER_ON_INIT_REBOOT;
	else if (is_broadcast(s, rx->dst_ip) || m->giaddr)	/* relay agents hear broadcasts */
		q->trigger = DHCP_SERVER_ON_REBINDING;
	else
		q->trigger = DHCP_SERVER_ON_RENEWING;

	return NULL;
}

/* DECLINE and RELEASE must name the server that they are for, table 5. */
static const struct dhcp_reason *not_for_us(const struct dhcp_server *s,
					    const struct server_query *q,
					    const struct dhcp_message *m)
{
	static const struct dhcp_reason unnamed = {
		"it names no server, as it must", "RFC 2131 section 4.4.1, table 5"
	};
	static const struct dhcp_reason other = {
		"it names another server", "RFC 2131 section 4.4.1, table 5"
	};

	if (!dhcp_message_has(m, DHCP_OPT_SERVER_ID))
		return &unnamed;

	return is_our_name(s, q, server_named(m)) ? NULL : &other;
}

/* RFC 951 section 7.3: a BOOTP client can name the server and the file that it wants. */
static const struct dhcp_reason *refuse_bootp(const struct dhcp_server *s,
					      const struct dhcp_message *m)
{
	static const struct dhcp_reason other = {
		"a BOOTP client that wants another server, by its name in sname",
		"RFC 951 section 7.3"
	};
	static const struct dhcp_reason no_file = {
		"a BOOTP client that wants a file which is not here", "RFC 951 section 7.3"
	};

	if (m->sname[0] && strcmp(m->sname, s->opt.boot_server) != 0)
		return &other;

	return m->file[0] && strcmp(m->file, s->opt.boot_file) != 0 ? &no_file : NULL;
}

/* RFC 4039 section 3.1; RFC 8925 section 3.3: not to somebody who is to do without. */
static bool is_rapid(const struct dhcp_server *s, const struct server_query *q)
{
	return s->opt.rapid_commit && !s->opt.probe_ms &&
	       dhcp_message_has(q->rx->msg, DHCP_OPT_RAPID_COMMIT) && !server_is_ipv6_only(s, q);
}

/* What the message is about: @q->trigger and @q->asked. NULL, or why it is nothing. */
static const struct dhcp_reason *classify(const struct dhcp_server *s, const struct dhcp_rx *rx,
					  struct server_query *q)
{
	const struct dhcp_message *m = rx->msg;

	switch (m->type) {
	case DHCP_REQUEST:
		return classify_request(s, rx, q);
	case DHCP_DECLINE:
		q->trigger = DHCP_SERVER_ON_DECLINE;
		q->asked = requested_address(m);
		return not_for_us(s, q, m);
	case DHCP_RELEASE:
		q->trigger = DHCP_SERVER_ON_RELEASE;
		q->asked = m->ciaddr;
		return not_for_us(s, q, m);
	case DHCP_INFORM:
		q->trigger = DHCP_SERVER_ON_INFORM;
		return NULL;
	case DHCP_NO_TYPE:
		q->trigger = DHCP_SERVER_ON_BOOTP;
		return refuse_bootp(s, m);
	default:	/* the last one that refuse() lets through */
		q->trigger = is_rapid(s, q) ? DHCP_SERVER_ON_RAPID : DHCP_SERVER_ON_DISCOVER;
		q->asked = requested_address(m);
		return NULL;
	}
}

static void set_slot(const struct dhcp_server *s, uint32_t i, struct server_query *q)
{
	const struct slot *slot = i == NO_SLOT ? NULL : leases_at(&s->leases, i);

	if (slot)
		q->state = slot_state(slot, q->now);
	if (q->state == DHCP_BINDING_NONE)
		return;

	q->slot = slot;
	q->own = slot->b.address;
}

/* Where the client is, and by what name it knows us. NULL, or why it is nowhere. */
static const struct dhcp_reason *locate(const struct dhcp_server *s, const struct dhcp_rx *rx,
					struct server_query *q)
{
	const struct dhcp_reason *why = NULL;
	uint32_t name = server_relay_address(s, rx->msg, RELAY_SERVER_ID);
	int subnet = server_find_subnet(s, rx, &why);

	if (subnet < 0)
		return why;

	q->id.subnet = (uint8_t)subnet;
	q->class = server_find_class(s, rx->msg);
	q->pool = server_pool_of(s, q->id.subnet, q->class);
	q->server_id = ip4_is_host(name) ? name : s->opt.address;
	return NULL;
}

/* RFC 4388 section 6.3: giaddr says only where the answer goes. */
static void query_lease(const struct dhcp_server *s, struct server_query *q)
{
	const struct dhcp_binding_more *more;

	q->trigger = DHCP_SERVER_ON_LEASEQUERY;
	q->asked = q->rx->msg->ciaddr;
	identify(s, q->rx->msg, &q->id);
	set_slot(s, server_find_lease(s, q), q);
	if (!q->slot)
		return;

	more = server_more(s, q);
	q->id.subnet = q->slot->subnet;
	if (more->class && more->class <= s->opt.n_classes)
		q->class = &s->opt.class[more->class - 1];
	q->reserved = find_holder(s, q, &q->slot->b);
}

int server_filter(const struct dhcp_server *s, const struct dhcp_rx *rx, uint64_t now,
		  struct server_query *ret, struct dhcp_reason *ret_why)
{
	static const struct dhcp_reason stranger = {
		"no address is reserved for it, and others are not served", "RFC 2131 section 4.2"
	};
	struct server_query q = { .now = now, .rx = rx };
	const struct dhcp_reason *why = refuse(s, rx);

	if (!why && rx->msg->type == DHCP_LEASEQUERY) {
		query_lease(s, &q);
		*ret = q;
		return 0;
	}
	if (!why)
		why = locate(s, rx, &q);
	if (!why) {
		identify(s, rx->msg, &q.id);
		leases_expect(&s->leases, &q.id);
		why = classify(s, rx, &q);
	}
	if (!why) {
		q.reserved = find_reserved(s, &q);
		if (s->opt.reserved_only && !q.reserved)
			why = &stranger;
	}
	if (why) {
		*ret_why = *why;
		return -ENOMSG;
	}

	set_slot(s, leases_find_id(&s->leases, &q.id), &q);
	if (q.trigger == DHCP_SERVER_ON_DISCOVER || q.trigger == DHCP_SERVER_ON_RAPID ||
	    q.trigger == DHCP_SERVER_ON_BOOTP)
		q.fresh = leases_choose(&s->leases, &q.id, q.pool, now);
	*ret = q;
	return 0;
}

void server_query_address(const struct dhcp_server *s, enum dhcp_server_trigger trigger,
			  uint32_t address, uint64_t now, struct server_query *ret)
{
	*ret = (struct server_query){ .trigger = trigger, .now = now, .asked = address };
	for (uint8_t i = 0; i < s->leases.n_subnets; i++)
		if (ip4_in_prefix(address, s->net[i].address, s->net[i].prefix_len))
			ret->id.subnet = i;
	ret->pool = leases_pool_of(&s->leases, ret->id.subnet, address);
	set_slot(s, leases_find_address(&s->leases, address), ret);
}
