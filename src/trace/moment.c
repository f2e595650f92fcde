/* SPDX-License-Identifier: MIT */
#include "trace/moment.h"

#include "trace/view_parts.h"

static enum moment moment_of_request(const struct trace_event *e)
{
	const struct trace_message *m = &e->msg;

	if (trace_option(e, DHCP_OPT_SERVER_ID))
		return MOMENT_SELECTING;
	if (m->ciaddr != 0)
		return view_is_broadcast(m) || m->giaddr != 0 ? MOMENT_REBINDING : MOMENT_RENEWING;
	return trace_option(e, DHCP_OPT_REQUESTED_ADDRESS) ? MOMENT_REBOOTING : MOMENT_UNKNOWN;
}

static enum moment moment_of_ack(const struct trace_event *e)
{
	if (e->msg.yiaddr == 0)
		return MOMENT_ACK_INFORM;
	if (trace_option(e, DHCP_OPT_RAPID_COMMIT))
		return MOMENT_ACK_AT_ONCE;
	return e->msg.ciaddr ? MOMENT_ACK_MORE : MOMENT_ACK_LEASE;
}

enum moment moment_of(const struct trace_event *e)
{
	switch ((enum dhcp_message_type)e->msg.type) {
	case DHCP_NO_TYPE:
		return MOMENT_BOOTP;
	case DHCP_DISCOVER:
		return MOMENT_DISCOVER;
	case DHCP_OFFER:
		return MOMENT_OFFER;
	case DHCP_REQUEST:
		return moment_of_request(e);
	case DHCP_DECLINE:
		return MOMENT_DECLINE;
	case DHCP_ACK:
		return moment_of_ack(e);
	case DHCP_NAK:
		return MOMENT_NAK;
	case DHCP_RELEASE:
		return MOMENT_RELEASE;
	case DHCP_INFORM:
		return MOMENT_INFORM;
	case DHCP_FORCERENEW:
		return MOMENT_FORCERENEW;
	case DHCP_LEASEQUERY:
		return MOMENT_QUERY;
	case DHCP_LEASEUNASSIGNED:
	case DHCP_LEASEUNKNOWN:
	case DHCP_LEASEACTIVE:
		return MOMENT_QUERY_ANSWER;
	}
	return MOMENT_UNKNOWN;
}

static const struct {
	const char *why, *rfc;
} reasons[MOMENTS] = {
	[MOMENT_UNKNOWN] = {
		"no rule of the RFC leads to such a message", "RFC 2131 section 4.3.2" },
	[MOMENT_BOOTP] = { "no option 53: this is BOOTP, which knows no leases", "RFC 1534" },
	[MOMENT_DISCOVER] = {
		"the client has no address yet and knows no server, so it asks all of them",
		"RFC 2131 section 4.4.1" },
	[MOMENT_OFFER] = {
		"the server has a free address; nothing is lent until the client takes it",
		"RFC 2131 section 4.3.1" },
	[MOMENT_SELECTING] = {
		"the client takes this offer; everyone hears it, so that the other servers take "
		"theirs back", "RFC 2131 section 3.1" },
	[MOMENT_REBOOTING] = {
		"the client had this address before and asks whether it may use it again; it needs "
		"no DISCOVER for that", "RFC 2131 section 4.4.2" },
	[MOMENT_RENEWING] = {
		"T1 has come: the client asks the server that lent the address for more time, and "
		"nobody else", "RFC 2131 section 4.4.5" },
	[MOMENT_REBINDING] = {
		"T2 has come and the client's own server has not answered: now any server may "
		"extend the lease", "RFC 2131 section 4.4.5" },
	[MOMENT_ACK_LEASE] = {
		"the server has written the lease down before it says so: the address is the "
		"client's, counted from its REQUEST", "RFC 2131 section 4.3.2" },
	[MOMENT_ACK_MORE] = {
		"the client has the address (ciaddr), so the answer goes there; the lease counts "
		"anew from the REQUEST", "RFC 2131 section 4.4.5" },
	[MOMENT_ACK_AT_ONCE] = {
		"client and server both want two messages instead of four: the DISCOVER is "
		"answered by the lease itself", "RFC 4039 section 3" },
	[MOMENT_ACK_INFORM] = {
		"the client has an address already: it gets the rest, and no lease",
		"RFC 2131 section 4.3.5" },
	[MOMENT_NAK] = {
		"what the client asked for is wrong or taken; it must hear it even if its address "
		"does not fit this link", "RFC 2131 section 4.3.2" },
	[MOMENT_DECLINE] = {
		"an ARP probe found somebody else with this address: the server must know",
		"RFC 2131 section 4.4.1" },
	[MOMENT_RELEASE] = {
		"the client leaves: the server may lend the address to others, there is no answer",
		"RFC 2131 section 4.4.6" },
	[MOMENT_INFORM] = {
		"the client's address was set by hand: it asks for the other parameters only",
		"RFC 2131 section 4.4.3" },
	[MOMENT_FORCERENEW] = {
		"the server wants the client to renew now, because something has changed",
		"RFC 3203 section 2" },
	[MOMENT_QUERY] = {
		"a relay agent has forgotten, or never saw, who holds which address",
		"RFC 4388 section 3" },
	[MOMENT_QUERY_ANSWER] = { "the answer to a relay agent's question",
				  "RFC 4388 section 6.4" },
};

const char *moment_of_message(const struct trace_event *e, const char **ret_rfc)
{
	enum moment m = moment_of(e);

	*ret_rfc = reasons[m].rfc;
	return reasons[m].why;
}

/* Who speaks: an option can mean one thing from a client, another from a server. */
static bool is_servers(const struct trace_event *e)
{
	return e->msg.type == DHCP_OFFER || e->msg.type == DHCP_ACK || e->msg.type == DHCP_NAK;
}

static const char *requested_address(enum moment m)
{
	switch ((int)m) {
	case MOMENT_DISCOVER:
		return "a wish: the server may offer another";
	case MOMENT_SELECTING:
		return "the address on offer";
	case MOMENT_REBOOTING:
		return "the address that it had";
	case MOMENT_DECLINE:
		return "the address that is in use";
	}
	return NULL;
}

static const char *lease_time(enum moment m)
{
	switch ((int)m) {
	case MOMENT_DISCOVER:
	case MOMENT_SELECTING:
	case MOMENT_REBOOTING:
	case MOMENT_RENEWING:
	case MOMENT_REBINDING:
		return "a wish: the server decides";
	case MOMENT_OFFER:
		return "how long it would be lent";
	case MOMENT_ACK_LEASE:
	case MOMENT_ACK_AT_ONCE:
		return "counted from the client's message";
	case MOMENT_ACK_MORE:
		return "counted anew from the REQUEST";
	}
	return NULL;
}

static const char *server_id(enum moment m)
{
	switch ((int)m) {
	case MOMENT_SELECTING:
		return "the server that is chosen";
	case MOMENT_OFFER:
		return "who offers";
	case MOMENT_ACK_LEASE:
	case MOMENT_ACK_AT_ONCE:
		return "whom to ask when the lease is to be renewed";
	case MOMENT_RELEASE:
	case MOMENT_DECLINE:
		return "the server that lent the address";
	}
	return NULL;
}

static const char *router(const struct trace_event *e)
{
	return is_servers(e) && trace_option(e, DHCP_OPT_CLASSLESS_ROUTES) ?
	       "not used: the routes (121) replace it" : NULL;
}

const char *moment_of_option(const struct trace_event *e, uint8_t code)
{
	switch (code) {
	case DHCP_OPT_REQUESTED_ADDRESS:
		return requested_address(moment_of(e));
	case DHCP_OPT_LEASE_TIME:
		return lease_time(moment_of(e));
	case DHCP_OPT_SERVER_ID:
		return server_id(moment_of(e));
	case DHCP_OPT_ROUTER:
	case DHCP_OPT_STATIC_ROUTES:
		return router(e);
	case DHCP_OPT_OVERLOAD:
		return "options go on there";
	case DHCP_OPT_MAX_SIZE:
		return "the longest datagram that it takes";
	case DHCP_OPT_T1:
		return "then the client asks this server for more time";
	case DHCP_OPT_T2:
		return "then it asks any server";
	case DHCP_OPT_CLIENT_ID:
		return is_servers(e) ? "echoed, so that the client knows it is meant" :
				       "the server knows the client by this, not by chaddr";
	case DHCP_OPT_RELAY_INFO:
		return is_servers(e) ? "the relay agent's own words, echoed" :
				       "put in by the relay agent";
	case DHCP_OPT_RAPID_COMMIT:
		return e->msg.type == DHCP_DISCOVER ? "an ACK may come at once" : NULL;
	}
	return NULL;
}
