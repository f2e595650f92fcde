/* SPDX-License-Identifier: MIT */
/* meaning.c - what a message says at this moment, as one would say it. */
#include <string.h>

#include "trace/option_value.h"
#include "trace/safe_text.h"
#include "trace/view_parts.h"

static void say_address(struct text *out, uint32_t address)
{
	char buf[IP4_LEN];

	text_add(out, "%s", ip4_format(address, buf));
}

/* "@before" and the value as people read it; false, and nothing, when it has none. */
static bool say_option(struct text *out, const struct trace_event *e, const char *before,
		       uint8_t code)
{
	const char *value = trace_option(e, code);

	if (!value)
		return false;
	text_add(out, "%s", before);
	option_value_show(out, code, value);
	return true;
}

/* " for 1h", " for ever"; true for a time that ends. */
static bool say_lease(struct text *out, const struct trace_event *e)
{
	const char *value = trace_option(e, DHCP_OPT_LEASE_TIME);

	if (value && strcmp(value, "4294967295") == 0) {
		text_add(out, " for ever");
		return false;
	}
	return say_option(out, e, " for ", DHCP_OPT_LEASE_TIME);
}

static void say_discover(struct text *out, const struct trace_event *e)
{
	text_add(out, "is there a DHCP server?");
	if (say_option(out, e, " I would like ", DHCP_OPT_REQUESTED_ADDRESS))
		text_add(out, " again");
	if (trace_option(e, DHCP_OPT_RAPID_COMMIT))
		text_add(out, " (an ACK at once will do)");
}

static void say_offer(struct text *out, const struct trace_event *e)
{
	say_address(out, e->msg.yiaddr);
	say_lease(out, e);
	say_option(out, e, ", from ", DHCP_OPT_SERVER_ID);
}

/*
 * RFC 2131 section 4.3.2 and table 4: which REQUEST it is, is told by option
 * 54, option 50 and ciaddr.
 */
static void say_request(struct text *out, const struct trace_event *e)
{
	const struct trace_message *m = &e->msg;

	if (trace_option(e, DHCP_OPT_SERVER_ID)) {
		if (!say_option(out, e, "", DHCP_OPT_REQUESTED_ADDRESS))
			text_add(out, "I do not say which address,");
		say_option(out, e, " please, from ", DHCP_OPT_SERVER_ID);
	} else if (m->ciaddr != 0 && view_is_broadcast(m)) {
		say_address(out, m->ciaddr);
		text_add(out, ": may I keep it, whoever serves here?");
	} else if (m->ciaddr != 0) {
		text_add(out, "may I keep ");
		say_address(out, m->ciaddr);
		text_add(out, "?");
	} else if (say_option(out, e, "I had ", DHCP_OPT_REQUESTED_ADDRESS)) {
		text_add(out, "; may I use it again?");
	} else {
		text_add(out, "asks for no address: no server may answer");
	}
}

/* Table 3: yiaddr is 0 in the answer to an INFORM, ciaddr is that of the REQUEST. */
static void say_ack(struct text *out, const struct trace_event *e)
{
	const struct trace_message *m = &e->msg;

	if (m->yiaddr == 0) {
		text_add(out, "keep your address; here is the rest");
		say_option(out, e, ", from ", DHCP_OPT_SERVER_ID);
		return;
	}

	say_address(out, m->yiaddr);
	text_add(out, " is yours");
	if (say_lease(out, e) && m->ciaddr != 0)
		text_add(out, " more");
	if (trace_option(e, DHCP_OPT_RAPID_COMMIT))
		text_add(out, ", at once");
}

static void say_decline(struct text *out, const struct trace_event *e)
{
	if (!say_option(out, e, "", DHCP_OPT_REQUESTED_ADDRESS))
		text_add(out, "the address");
	text_add(out, " is in use by somebody else");
}

static void say_inform(struct text *out, const struct trace_event *e)
{
	text_add(out, "I am ");
	say_address(out, e->msg.ciaddr ? e->msg.ciaddr : e->msg.src_ip);
	text_add(out, "; what else should I know?");
}

static void say_bootp(struct text *out, const struct trace_event *e)
{
	if (e->msg.yiaddr == 0) {
		text_add(out, "which address is mine?");
		return;
	}
	say_address(out, e->msg.yiaddr);
	text_add(out, " is yours for ever");
}

/* RFC 4388: the query is about ciaddr, a MAC address or a client identifier. */
static void say_lease_query(struct text *out, const struct trace_event *e)
{
	if (e->msg.ciaddr == 0) {
		text_add(out, "which address has this client?");
		return;
	}
	text_add(out, "who has ");
	say_address(out, e->msg.ciaddr);
	text_add(out, "?");
}

static void say_about(struct text *out, const struct trace_event *e, const char *what)
{
	say_address(out, e->msg.ciaddr);
	text_add(out, "%s", what);
}

static void say(struct text *out, const struct trace_event *e)
{
	switch ((enum dhcp_message_type)e->msg.type) {
	case DHCP_NO_TYPE:
		say_bootp(out, e);
		return;
	case DHCP_DISCOVER:
		say_discover(out, e);
		return;
	case DHCP_OFFER:
		say_offer(out, e);
		return;
	case DHCP_REQUEST:
		say_request(out, e);
		return;
	case DHCP_DECLINE:
		say_decline(out, e);
		return;
	case DHCP_ACK:
		say_ack(out, e);
		return;
	case DHCP_NAK:
		if (!say_option(out, e, "no: ", DHCP_OPT_MESSAGE))
			text_add(out, "no; start again from the beginning");
		return;
	case DHCP_RELEASE:
		text_add(out, "I give ");
		say_about(out, e, " back");
		return;
	case DHCP_INFORM:
		say_inform(out, e);
		return;
	case DHCP_FORCERENEW:
		text_add(out, "renew now");
		return;
	case DHCP_LEASEQUERY:
		say_lease_query(out, e);
		return;
	case DHCP_LEASEUNASSIGNED:
		say_about(out, e, " is mine to lend, and free");
		return;
	case DHCP_LEASEUNKNOWN:
		text_add(out, "I know nothing about it");
		return;
	case DHCP_LEASEACTIVE:
		say_about(out, e, " is lent");
		return;
	}
	text_add(out, "no RFC gives this type a meaning");
}

/* A client's message, on its way from a relay agent. */
static bool is_relayed(const struct trace_message *m)
{
	switch (m->type) {
	case DHCP_DISCOVER:
	case DHCP_REQUEST:
	case DHCP_DECLINE:
	case DHCP_RELEASE:
	case DHCP_INFORM:
		return m->giaddr != 0 && !view_is_broadcast(m);
	}

	return false;
}

void view_meaning(const struct trace_event *e, struct text *out)
{
	char buf[IP4_LEN], to[IP4_LEN];

	if (e->kind != TRACE_MESSAGE)
		return;
	if (is_relayed(&e->msg)) {
		text_add(out, "relays it to %s, giaddr %s", ip4_format(e->msg.dst_ip, to),
			 ip4_format(e->msg.giaddr, buf));
		return;
	}

	say(out, e);
	if (e->msg.giaddr != 0)
		text_add(out, " (relay %s)", ip4_format(e->msg.giaddr, buf));
}
