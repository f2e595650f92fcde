/* SPDX-License-Identifier: MIT */
/* client_send.c - the messages of a client, RFC 2131 section 4.4.1, table 5. */
#include <errno.h>
#include <string.h>

#include "base/addr.h"
#include "dhcp/auth.h"
#include "dhcp/client.h"
#include "dhcp/domain.h"
#include "dhcp/wire.h"

#define ETHERNET 1	/* htype, RFC 1700 "Hardware Types" */
#define IP_UDP_LEN 28

/*
 * What the client takes in (option 57, an IP datagram), and what it sends: no
 * server need take in more (RFC 2131 section 2).
 */
#define MAX_IN (DHCP_MESSAGE_MAX + IP_UDP_LEN)
#define MAX_OUT (DHCP_MIN_MAX_SIZE - IP_UDP_LEN)

/* RFC 3442 page 4: 121 stands before 3 and 33. */
static const uint8_t usual_request[] = {
	DHCP_OPT_SUBNET_MASK, DHCP_OPT_CLASSLESS_ROUTES, DHCP_OPT_ROUTER,
	DHCP_OPT_STATIC_ROUTES, DHCP_OPT_DNS, DHCP_OPT_HOST_NAME,
	DHCP_OPT_DOMAIN_NAME, DHCP_OPT_MTU, DHCP_OPT_BROADCAST,
	DHCP_OPT_LEASE_TIME, DHCP_OPT_T1, DHCP_OPT_T2,
};

/**
 * struct letter - where the messages of one client differ
 * @requested: option 50; 0: none
 * @server: option 54; 0: none
 * @to: IP address; IP4_BROADCAST for everyone
 * @text: option 56; NULL: none
 */
struct letter {
	enum dhcp_message_type type;
	uint16_t secs;
	uint32_t ciaddr, requested, server, to;
	const char *text;
};

const uint8_t *dhcp_client_usual_request(size_t *ret_n)
{
	*ret_n = ARRAY_SIZE(usual_request);
	return usual_request;
}

struct dhcp_action *client_action(struct dhcp_actions *out, enum dhcp_action_type type)
{
	struct dhcp_action *a;

	assert(out->n < DHCP_ACTIONS_MAX);
	a = &out->action[out->n++];
	a->type = type;
	return a;
}

size_t client_identifier(const struct dhcp_client *c, uint8_t ret[static DHCP_CLIENT_ID_MAX])
{
	if (c->opt.client_id_len) {
		memcpy(ret, c->opt.client_id, c->opt.client_id_len);
		return c->opt.client_id_len;
	}

	ret[0] = ETHERNET;
	memcpy(ret + 1, c->opt.mac, sizeof(c->opt.mac));
	return 1 + sizeof(c->opt.mac);
}

static int put_identifier(const struct dhcp_client *c, struct dhcp_builder *b)
{
	uint8_t id[DHCP_CLIENT_ID_MAX];

	return dhcp_build_put(b, DHCP_OPT_CLIENT_ID, id, client_identifier(c, id));
}

static const uint8_t *request_list(const struct dhcp_client *c, size_t *ret_n)
{
	*ret_n = c->opt.n_request ? c->opt.n_request : ARRAY_SIZE(usual_request);
	return c->opt.n_request ? c->opt.request : usual_request;
}

bool client_requests(const struct dhcp_client *c, uint8_t code)
{
	size_t n;
	const uint8_t *list = request_list(c, &n);

	return memchr(list, code, n);
}

/* Option 55; an INFORM does not ask for lease times (RFC 2131 section 4.4.3). */
static int put_request_list(const struct dhcp_client *c, enum dhcp_message_type type,
			    struct dhcp_builder *b)
{
	uint8_t list[DHCP_CLIENT_REQUEST_MAX];
	size_t n_from, n = 0;
	const uint8_t *from = request_list(c, &n_from);

	for (size_t i = 0; i < n_from; i++) {
		if (type == DHCP_INFORM && (from[i] == DHCP_OPT_LEASE_TIME ||
					    from[i] == DHCP_OPT_T1 || from[i] == DHCP_OPT_T2))
			continue;
		list[n++] = from[i];
	}
	return n ? dhcp_build_put(b, DHCP_OPT_PARAMETER_LIST, list, n) : 0;
}

/* The user's own; an INFORM has no lease time (RFC 2131 section 4.4.3). */
static int put_sent(const struct dhcp_client *c, enum dhcp_message_type type,
		    struct dhcp_builder *b)
{
	const uint8_t *o = c->opt.send, *end = o + c->opt.n_send;
	int r = 0;

	for (; r == 0 && o < end; o += 2 + o[1]) {
		if (type != DHCP_INFORM || o[0] != DHCP_OPT_LEASE_TIME)
			r = dhcp_build_put(b, o[0], o + 2, o[1]);
	}
	return r;
}

/*
 * RFC 4039 section 3.1. Only with the first DISCOVER: an ACK that answers it has
 * a lease that counts from there, and one that is late shall not be all there is.
 */
static int put_rapid_commit(const struct dhcp_client *c, enum dhcp_message_type type,
			    struct dhcp_builder *b)
{
	if (type != DHCP_DISCOVER || !c->opt.rapid_commit || c->attempt > 0)
		return 0;
	return dhcp_build_put(b, DHCP_OPT_RAPID_COMMIT, NULL, 0);
}

/* RFC 4702 sections 2.3 and 3: a name without a dot is a part of one, and has no end. */
static int put_fqdn(const struct dhcp_client *c, struct dhcp_builder *b)
{
	static const uint8_t flags[] = {
		[DHCP_FQDN_SERVER] = FQDN_S, [DHCP_FQDN_CLIENT] = 0, [DHCP_FQDN_NOBODY] = FQDN_N,
	};
	uint8_t value[FQDN_NAME + sizeof(c->opt.host_name) + 2] = {
		FQDN_E | flags[c->opt.fqdn],
	};
	const char *name = c->opt.host_name;
	size_t len = FQDN_NAME;

	while (*name) {
		size_t n = strcspn(name, ".");

		value[len++] = (uint8_t)n;
		memcpy(value + len, name, n);
		len += n;
		name += n + (name[n] == '.');
	}
	if (strchr(c->opt.host_name, '.'))
		value[len++] = 0;
	return dhcp_build_put(b, DHCP_OPT_FQDN, value, len);
}

/* RFC 4702 section 3.1: with option 81 there is no option 12. */
static int put_name(const struct dhcp_client *c, struct dhcp_builder *b)
{
	if (!c->opt.host_name[0])
		return 0;
	if (c->opt.fqdn != DHCP_FQDN_NO)
		return put_fqdn(c, b);
	return dhcp_build_put(b, DHCP_OPT_HOST_NAME, c->opt.host_name, strlen(c->opt.host_name));
}

/* RFC 6704 section 3.1.4: in all DISCOVERs and REQUESTs. */
static int put_nonce_capable(const struct dhcp_client *c, enum dhcp_message_type type,
			     struct dhcp_builder *b)
{
	static const uint8_t algorithm = AUTH_HMAC_MD5;

	if (!c->opt.force_renew || (type != DHCP_DISCOVER && type != DHCP_REQUEST))
		return 0;
	return dhcp_build_put(b, DHCP_OPT_FORCERENEW_NONCE, &algorithm, 1);
}

/* RFC 2563 section 2.2: who makes addresses up says so; 1 is AutoConfigure. */
static int put_auto_configure(const struct dhcp_client *c, enum dhcp_message_type type,
			      struct dhcp_builder *b)
{
	if (!c->opt.auto_configure || type != DHCP_DISCOVER)
		return 0;
	return dhcp_build_put_u8(b, DHCP_OPT_AUTO_CONFIGURE, 1);
}

/* What table 5 forbids in DECLINE and RELEASE; elsewhere the same in each message. */
static int put_wishes(const struct dhcp_client *c, enum dhcp_message_type type,
		      struct dhcp_builder *b)
{
	int r;

	if (type == DHCP_DECLINE || type == DHCP_RELEASE)
		return 0;

	r = put_request_list(c, type, b);
	if (r < 0)
		return r;
	r = dhcp_build_put_u16(b, DHCP_OPT_MAX_SIZE, MAX_IN);
	if (r == 0)
		r = put_name(c, b);
	if (r == 0)
		r = put_nonce_capable(c, type, b);
	if (r == 0)
		r = put_auto_configure(c, type, b);
	return r < 0 ? r : put_sent(c, type, b);
}

static int put_options(const struct dhcp_client *c, const struct letter *l, struct dhcp_builder *b)
{
	int r;

	r = put_identifier(c, b);
	if (r < 0)
		return r;
	if (l->requested) {
		r = dhcp_build_put_u32(b, DHCP_OPT_REQUESTED_ADDRESS, l->requested);
		if (r < 0)
			return r;
	}
	if (l->server) {
		r = dhcp_build_put_u32(b, DHCP_OPT_SERVER_ID, l->server);
		if (r < 0)
			return r;
	}
	if (l->text) {
		r = dhcp_build_put(b, DHCP_OPT_MESSAGE, l->text, strlen(l->text));
		if (r < 0)
			return r;
	}
	r = put_rapid_commit(c, l->type, b);
	return r < 0 ? r : put_wishes(c, l->type, b);
}

/* Broadcast replies are for those who have no address to be reached at (section 4.1). */
static uint16_t flags_of(const struct dhcp_client *c, const struct letter *l)
{
	bool asks = l->type == DHCP_DISCOVER || l->type == DHCP_REQUEST;

	return asks && c->opt.broadcast && !l->ciaddr ? DHCP_FLAG_BROADCAST : 0;
}

static int write_message(const struct dhcp_client *c, const struct letter *l,
			 struct dhcp_send *send)
{
	struct dhcp_message m;
	struct dhcp_builder b;
	int r;

	message_clear(&m);
	m.op = DHCP_OP_REQUEST;
	m.htype = ETHERNET;
	m.hlen = sizeof(c->opt.mac);
	m.type = l->type;
	m.xid = l->type == DHCP_INFORM ? c->inform_xid : c->xid;
	m.secs = l->secs;
	m.flags = flags_of(c, l);
	m.ciaddr = l->ciaddr;
	memcpy(m.chaddr, c->opt.mac, sizeof(c->opt.mac));
	r = dhcp_build_begin(&b, send->data, MAX_OUT, &m);
	if (r < 0)
		return r;
	r = put_options(c, l, &b);
	if (r < 0)
		return r;
	return dhcp_build_end(&b);
}

/* A client with an address speaks from it; the others from 0.0.0.0 (RFC 2131 section 4.1). */
static int post(const struct dhcp_client *c, const struct letter *l, struct dhcp_actions *out)
{
	struct dhcp_send *send = &client_action(out, DHCP_ACTION_SEND)->send;
	int len;

	send->src_ip = l->ciaddr;
	send->dst_ip = l->to;
	send->src_port = DHCP_CLIENT_PORT;
	send->dst_port = DHCP_SERVER_PORT;
	send->to_mac = l->to == IP4_BROADCAST;
	memset(send->dst_mac, send->to_mac ? 0xff : 0, sizeof(send->dst_mac));
	send->type = l->type;

	len = write_message(c, l, send);
	if (len < 0)
		return len;
	send->len = len;
	return 0;
}

uint16_t client_secs(const struct dhcp_client *c, uint64_t now)
{
	return min_u64((now - c->exchange_start) / DHCP_SECOND, UINT16_MAX);
}

int client_send_discover(const struct dhcp_client *c, uint64_t now, struct dhcp_actions *out)
{
	const struct letter l = {
		.type = DHCP_DISCOVER,
		.secs = client_secs(c, now),
		.requested = c->last_address,
		.to = IP4_BROADCAST,
	};

	return post(c, &l, out);
}

/* REQUESTING: 50 and 54, and the DISCOVER's secs (section 3.1 step 3). */
static struct letter request_of_offer(const struct dhcp_client *c)
{
	return (struct letter){
		.secs = c->discover_secs,
		.requested = c->lease.address,
		.server = c->lease.server_id,
		.to = IP4_BROADCAST,
	};
}

/* REBOOTING: 50 and no 54, for any server (section 4.3.2). */
static struct letter request_of_old(const struct dhcp_client *c, uint64_t now)
{
	return (struct letter){
		.secs = client_secs(c, now),
		.requested = c->lease.address,
		.to = IP4_BROADCAST,
	};
}

/* RENEWING, REBINDING: ciaddr, neither 50 nor 54; only RENEWING asks one server (section 4.3.2). */
static struct letter request_of_lease(const struct dhcp_client *c, uint64_t now)
{
	bool unicast = c->state == DHCP_CLIENT_RENEWING;

	return (struct letter){
		.secs = client_secs(c, now),
		.ciaddr = c->lease.address,
		.to = unicast ? c->lease.server_id : IP4_BROADCAST,
	};
}

int client_send_request(const struct dhcp_client *c, uint64_t now, struct dhcp_actions *out)
{
	struct letter l;

	switch (c->state) {
	case DHCP_CLIENT_REQUESTING:
		l = request_of_offer(c);
		break;
	case DHCP_CLIENT_REBOOTING:
		l = request_of_old(c, now);
		break;
	case DHCP_CLIENT_RENEWING:
	case DHCP_CLIENT_REBINDING:
		l = request_of_lease(c, now);
		break;
	case DHCP_CLIENT_STOPPED:
	case DHCP_CLIENT_INIT:
	case DHCP_CLIENT_SELECTING:
	case DHCP_CLIENT_BOUND:
	case DHCP_CLIENT_INIT_REBOOT:
		return -EINVAL;		/* no row of the table sends a REQUEST there */
	}

	l.type = DHCP_REQUEST;
	return post(c, &l, out);
}

/* Broadcast: the address is not ours to speak from (section 4.4.4). */
int client_send_decline(const struct dhcp_client *c, struct dhcp_actions *out)
{
	const struct letter l = {
		.type = DHCP_DECLINE,
		.requested = c->lease.address,
		.server = c->lease.server_id,
		.to = IP4_BROADCAST,
		.text = "the address is in use",
	};

	return post(c, &l, out);
}

int client_send_release(const struct dhcp_client *c, struct dhcp_actions *out)
{
	const struct letter l = {
		.type = DHCP_RELEASE,
		.ciaddr = c->lease.address,
		.server = c->lease.server_id,
		.to = c->lease.server_id,
		.text = "no longer needed",
	};

	return post(c, &l, out);
}

/* Section 4.4.4: to the server that is known; if that has no answer, to everyone. */
int client_send_inform(const struct dhcp_client *c, struct dhcp_actions *out)
{
	const struct letter l = {
		.type = DHCP_INFORM,
		.ciaddr = c->lease.address,
		.to = c->inform_attempt ? IP4_BROADCAST : c->lease.server_id,
	};

	return post(c, &l, out);
}
