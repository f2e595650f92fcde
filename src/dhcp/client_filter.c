/* SPDX-License-Identifier: MIT */
/*
 * client_filter.c - in front of the table: may this message speak to this
 * client at all? A list of what can be wrong with it, in order.
 */
#include <string.h>

#include "base/addr.h"
#include "dhcp/auth.h"
#include "dhcp/client.h"
#include "dhcp/client_lease.h"

#define ETHERNET 1	/* htype, RFC 1700 "Hardware Types" */

bool client_is_inform_answer(const struct dhcp_client *c, const struct dhcp_message *m)
{
	return m->type == DHCP_ACK && c->inform_xid && m->xid == c->inform_xid;
}

/* RFC 8925 section 3.2: who has not asked for option 108 must not see it. */
bool client_is_ipv6_enough(const struct dhcp_client *c, const struct dhcp_message *m)
{
	uint32_t sec;

	return client_requests(c, DHCP_OPT_IPV6_ONLY) &&
	       dhcp_message_get_u32(m, DHCP_OPT_IPV6_ONLY, &sec) == 0;
}

/* An OFFER of no address, to one who can make one up, with what it says of that in @ret. */
static bool is_about_own(const struct dhcp_client *c, const struct dhcp_message *m, uint8_t *ret)
{
	return m->type == DHCP_OFFER && !m->yiaddr && c->opt.auto_configure &&
	       dhcp_message_get_u8(m, DHCP_OPT_AUTO_CONFIGURE, ret) == 0;
}

bool client_is_forbidden_own(const struct dhcp_client *c, const struct dhcp_message *m)
{
	uint8_t may;

	return is_about_own(c, m, &may) && !may;
}

/* RFC 2563 section 2.2: it changes nothing. */
static bool permits_own(const struct dhcp_client *c, const struct dhcp_event *ev)
{
	const struct dhcp_message *m = ev->rx.msg;
	uint8_t may;

	return is_about_own(c, m, &may) && may && !client_is_ipv6_enough(c, m);
}

/* Does it give (or promise) us an address? An OFFER, or an ACK to a REQUEST. */
static bool gives_address(const struct dhcp_client *c, const struct dhcp_message *m)
{
	if (m->type == DHCP_OFFER)	/* RFC 8925 section 3.3, RFC 2563: some are of none */
		return !client_is_ipv6_enough(c, m) && !client_is_forbidden_own(c, m);
	return m->type == DHCP_ACK && !client_is_inform_answer(c, m);
}

static bool has_wrong_port(const struct dhcp_client *c, const struct dhcp_event *ev)
{
	return ev->rx.src_port != DHCP_SERVER_PORT || ev->rx.dst_port != DHCP_CLIENT_PORT;
}

static bool is_no_reply(const struct dhcp_client *c, const struct dhcp_event *ev)
{
	return ev->rx.msg->op != DHCP_OP_REPLY;
}

static bool is_bootp(const struct dhcp_client *c, const struct dhcp_event *ev)
{
	return ev->rx.msg->type == DHCP_NO_TYPE;
}

static bool is_force_renew(const struct dhcp_event *ev)
{
	return ev->rx.msg->type == DHCP_FORCERENEW;
}

/* RFC 3203 section 2.2: one to many is discarded. */
static bool forces_many(const struct dhcp_client *c, const struct dhcp_event *ev)
{
	return is_force_renew(ev) && (!ip4_is_host(ev->rx.dst_ip) ||
				      ev->rx.dst_ip == c->lease.broadcast);
}

bool client_read_auth(const struct dhcp_message *m, struct auth *ret)
{
	size_t len;
	const uint8_t *value = dhcp_message_get(m, DHCP_OPT_AUTHENTICATION, &len);

	return value && auth_read(value, len, ret) == 0;
}

static bool forces_unsigned(const struct dhcp_client *c, const struct dhcp_event *ev)
{
	struct auth a;

	return is_force_renew(ev) &&
	       (!client_read_auth(ev->rx.msg, &a) || a.type != AUTH_DIGEST);
}

static bool forces_without_nonce(const struct dhcp_client *c, const struct dhcp_event *ev)
{
	return is_force_renew(ev) && !c->has_nonce;
}

static bool forces_with_other_nonce(const struct dhcp_client *c, const struct dhcp_event *ev)
{
	return is_force_renew(ev) &&
	       !(ev->rx.payload &&
		 auth_is_genuine(ev->rx.payload, ev->rx.msg->size, c->nonce));
}

static bool forces_again(const struct dhcp_client *c, const struct dhcp_event *ev)
{
	struct auth a;

	return is_force_renew(ev) && client_read_auth(ev->rx.msg, &a) && a.replay <= c->replay;
}

static bool is_for_servers(const struct dhcp_client *c, const struct dhcp_event *ev)
{
	uint8_t type = ev->rx.msg->type;

	return type != DHCP_OFFER && type != DHCP_ACK && type != DHCP_NAK && !is_force_renew(ev);
}

static bool is_for_other_mac(const struct dhcp_client *c, const struct dhcp_event *ev)
{
	const struct dhcp_message *m = ev->rx.msg;

	return m->htype != ETHERNET || m->hlen != sizeof(c->opt.mac) ||
	       memcmp(m->chaddr, c->opt.mac, sizeof(c->opt.mac)) != 0;
}

static bool has_other_xid(const struct dhcp_client *c, const struct dhcp_event *ev)
{
	const struct dhcp_message *m = ev->rx.msg;

	return m->xid != c->xid && !client_is_inform_answer(c, m) && !is_force_renew(ev);
}

static bool has_other_identifier(const struct dhcp_client *c, const struct dhcp_event *ev)
{
	uint8_t ours[DHCP_CLIENT_ID_MAX];
	const uint8_t *echo;
	size_t len;

	echo = dhcp_message_get(ev->rx.msg, DHCP_OPT_CLIENT_ID, &len);
	return echo && (len != client_identifier(c, ours) || memcmp(echo, ours, len) != 0);
}

static uint32_t server_of(const struct dhcp_message *m)
{
	uint32_t id;

	return dhcp_message_get_u32(m, DHCP_OPT_SERVER_ID, &id) < 0 ? 0 : id;
}

static bool has_no_server(const struct dhcp_client *c, const struct dhcp_event *ev)
{
	return !ip4_is_host(server_of(ev->rx.msg));
}

static bool is_listed(const struct dhcp_client *c, uint32_t server)
{
	for (size_t i = 0; i < c->opt.n_servers; i++) {
		if (ip4_in_prefix(server, c->opt.servers[i].address, c->opt.servers[i].len))
			return true;
	}
	return false;
}

static bool is_from_unwanted_server(const struct dhcp_client *c, const struct dhcp_event *ev)
{
	return c->opt.n_servers && is_listed(c, server_of(ev->rx.msg)) != c->opt.only_servers;
}

static bool has_no_lease_time(const struct dhcp_client *c, const struct dhcp_event *ev)
{
	uint32_t sec = 0;

	return gives_address(c, ev->rx.msg) &&
	       (dhcp_message_get_u32(ev->rx.msg, DHCP_OPT_LEASE_TIME, &sec) < 0 || !sec);
}

static bool has_unusable_address(const struct dhcp_client *c, const struct dhcp_event *ev)
{
	return gives_address(c, ev->rx.msg) && !ip4_is_host(ev->rx.msg->yiaddr);
}

static bool gives_servers_address(const struct dhcp_client *c, const struct dhcp_event *ev)
{
	return gives_address(c, ev->rx.msg) && ev->rx.msg->yiaddr == server_of(ev->rx.msg);
}

static bool has_bad_mask(const struct dhcp_client *c, const struct dhcp_event *ev)
{
	return gives_address(c, ev->rx.msg) && lease_prefix_len(ev->rx.msg, ev->rx.msg->yiaddr) < 0;
}

static bool gives_subnets_address(const struct dhcp_client *c, const struct dhcp_event *ev)
{
	const struct dhcp_message *m = ev->rx.msg;
	uint32_t host_bits;
	int len;

	if (!gives_address(c, m))
		return false;
	len = lease_prefix_len(m, m->yiaddr);
	if (len > 30)	/* RFC 3021: every address is a host's */
		return false;

	host_bits = ~ip4_mask(len);
	return !(m->yiaddr & host_bits) || (m->yiaddr & host_bits) == host_bits;
}

/* An ACK that took longer than its lease. */
static bool is_over_already(const struct dhcp_client *c, const struct dhcp_event *ev)
{
	struct lease_times times;
	bool bad;

	if (ev->rx.msg->type != DHCP_ACK || client_is_inform_answer(c, ev->rx.msg))
		return false;
	lease_times_read(ev->rx.msg, &times, &bad);
	return times.lease != DHCP_NEVER && c->request_sent + times.lease <= ev->now;
}

/* The first that is true of a message is why it is dropped. */
static const struct {
	bool (*is_wrong)(const struct dhcp_client *c, const struct dhcp_event *ev);
	struct dhcp_reason reason;
} checks[] = {
	{ has_wrong_port,
	  { "it did not go from the server port, 67, to the client port, 68", RFC2131("4.1") } },
	{ is_no_reply, { "op is not BOOTREPLY: it is no server's message", RFC2131("2") } },
	{ is_for_other_mac,
	  { "chaddr is not our MAC address: it is for another client", RFC2131("4.1") } },
	{ is_bootp, { "it has no message type: a BOOTP reply", RFC2131("3") } },
	{ forces_many, { "a FORCERENEW to more than one client", "RFC 3203 section 2.2" } },
	{ forces_unsigned, { "a FORCERENEW without authentication", "RFC 3203 section 6" } },
	{ forces_without_nonce,
	  { "no server gave us a nonce to check a FORCERENEW with", "RFC 6704 section 3.1.4" } },
	{ forces_with_other_nonce,
	  { "the FORCERENEW was not signed with our nonce", "RFC 6704 section 3.1.4" } },
	{ forces_again,
	  { "the FORCERENEW is no newer than the last: a replay", "RFC 3118 section 2" } },
	{ is_for_servers, { "its type is none that a client reads", RFC2131("4.4") } },
	{ has_other_xid, { "the xid is not that of our exchange", RFC2131("4.4.1") } },
	{ has_other_identifier,
	  { "the client identifier that it echoes is not ours", "RFC 6842 section 3" } },
	{ has_no_server,
	  { "it names no server identifier that a host can have", RFC2131("4.3.1, table 3") } },
	{ is_from_unwanted_server,
	  { "the user's list of servers keeps this one out", RFC2131("4.4.1") } },
	{ permits_own,
	  { "an offer of no address: we may make one up for this link", "RFC 2563 section 2.2" } },
	{ has_no_lease_time,
	  { "it has no lease time, or one of 0 seconds", RFC2131("4.3.1, table 3") } },
	{ has_unusable_address,
	  { "yiaddr is no address that a host can have", "RFC 1122 section 3.2.1.3" } },
	{ gives_servers_address, { "it gives us the server's own address", RFC2131("3.1") } },
	{ has_bad_mask, { "the subnet mask has holes, or is none", "RFC 1122 section 3.2.1.3" } },
	{ gives_subnets_address,
	  { "yiaddr is the network's or the broadcast address", "RFC 1122 section 3.2.1.3" } },
	{ is_over_already, { "the lease was over before the ACK came", RFC2131("4.4.1") } },
};

bool client_filter(const struct dhcp_client *c, const struct dhcp_event *ev,
		   struct dhcp_reason *ret)
{
	for (size_t i = 0; i < ARRAY_SIZE(checks); i++) {
		if (checks[i].is_wrong(c, ev)) {
			*ret = checks[i].reason;
			return false;
		}
	}
	return true;
}

bool client_filter_reason(size_t i, struct dhcp_reason *ret)
{
	if (i >= ARRAY_SIZE(checks))
		return false;
	*ret = checks[i].reason;
	return true;
}
