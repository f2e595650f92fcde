/* SPDX-License-Identifier: MIT */
/* explain_machine.c - the tables of client, server and relay agent, as pages to read. */
#include <string.h>

#include <netlab/dhcp_client.h>
#include <netlab/dhcp_relay.h>
#include <netlab/dhcp_server.h>

#include "dhcp/linklocal.h"
#include "trace/explain_pages.h"
#include "trace/page.h"

#define NAME_COLUMN 16

/**
 * struct machine - what the tables have in common
 * @in_words: a line a state
 * @ignores: NULL: every pair has its row
 */
struct machine {
	unsigned int states, triggers;
	const char *const *in_words;
	const char *(*state_name)(unsigned int s);
	const char *(*trigger_name)(unsigned int t);
	bool (*row)(size_t i, struct dhcp_row *ret);
	bool (*ignores)(unsigned int s, unsigned int t, struct dhcp_reason *ret);
};

static void add_reason(struct text *out, const struct dhcp_reason *r)
{
	cleanup_text struct text why = { 0 };

	if (!r->why || !r->why[0])
		return;
	text_add(&why, "why: %s", r->why);
	if (r->rfc && r->rfc[0])
		text_add(&why, " (%s)", r->rfc);
	if (why.str)
		page_paragraph(out, 6, why.str);
}

/* "  on OFFER, if a condition -> REQUESTING" and what is done, and why */
static void add_arrow(struct text *out, const struct dhcp_row *row)
{
	cleanup_text struct text head = { 0 }, act = { 0 };

	text_add(&head, "on %s", row->on);
	if (row->guard && row->guard[0])
		text_add(&head, " [%s]", row->guard);
	text_add(&head, " -> %s", row->to);
	text_add(&act, "do:  %s", row->act);
	if (!head.str || !act.str)
		return;

	page_paragraph(out, 2, head.str);
	if (row->act && row->act[0])
		page_paragraph(out, 6, act.str);
	add_reason(out, &row->reason);
}

static bool is_state(const struct machine *m, const char *name)
{
	for (unsigned int s = 0; s < m->states; s++)
		if (strcmp(m->state_name(s), name) == 0)
			return true;

	return false;
}

/* The arrows from one state; with @state NULL those from several at once. */
static void add_arrows_from(struct text *out, const struct machine *m, const char *state)
{
	const char *told = "";
	struct dhcp_row row;

	for (size_t i = 0; m->row(i, &row); i++) {
		if (state ? strcmp(row.from, state) != 0 : is_state(m, row.from))
			continue;
		if (strcmp(told, row.from) != 0)
			text_add(out, "\n%s\n", row.from);
		told = row.from;
		add_arrow(out, &row);
	}
}

static void add_arrows(struct text *out, const struct machine *m)
{
	text_add(out, "\nArrows: in a state, on what [if] -> the next state; "
		      "the first that fits.\n");
	for (unsigned int s = 0; s < m->states; s++)
		add_arrows_from(out, m, m->state_name(s));
	add_arrows_from(out, m, NULL);
}

/* Was the reason told for a trigger before @t already? */
static bool is_told(const struct machine *m, unsigned int s, unsigned int t, const char *why)
{
	struct dhcp_reason r;

	for (unsigned int i = 0; i < t; i++)
		if (m->ignores(s, i, &r) && strcmp(r.why, why) == 0)
			return true;

	return false;
}

/* The triggers that state @s ignores for the same reason as @first, on one line. */
static void add_ignored(struct text *out, const struct machine *m, unsigned int s,
			unsigned int first, const struct dhcp_reason *reason)
{
	cleanup_text struct text line = { 0 };
	struct dhcp_reason r;

	for (unsigned int t = first; t < m->triggers; t++)
		if (m->ignores(s, t, &r) && strcmp(r.why, reason->why) == 0)
			text_add(&line, "%s%s", t == first ? "" : ", ", m->trigger_name(t));
	text_add(&line, ": %s", reason->why);
	if (reason->rfc && reason->rfc[0])
		text_add(&line, " (%s)", reason->rfc);
	if (line.str)
		page_paragraph(out, 2, line.str);
}

static void add_ignored_in_state(struct text *out, const struct machine *m, unsigned int s)
{
	struct dhcp_reason r;
	bool first = true;

	for (unsigned int t = 0; t < m->triggers; t++) {
		if (!m->ignores(s, t, &r) || is_told(m, s, t, r.why))
			continue;
		if (first)
			text_add(out, "\n%s\n", m->state_name(s));
		first = false;
		add_ignored(out, m, s, t, &r);
	}
}

static void add_states(struct text *out, const struct machine *m)
{
	text_add(out, "\nStates\n");
	for (unsigned int s = 0; s < m->states; s++)
		page_item(out, m->state_name(s), NAME_COLUMN, m->in_words[s]);
}

static void add_machine(struct text *out, const struct machine *m)
{
	add_states(out, m);
	add_arrows(out, m);
	if (!m->ignores)
		return;
	text_add(out, "\nIgnored on purpose\n");
	for (unsigned int s = 0; s < m->states; s++)
		add_ignored_in_state(out, m, s);
}

static const char *client_state_name(unsigned int s)
{
	return dhcp_client_state_name((enum dhcp_client_state)s);
}

static const char *client_trigger_name(unsigned int t)
{
	return dhcp_client_trigger_name((enum dhcp_client_trigger)t);
}

static bool client_ignores(unsigned int s, unsigned int t, struct dhcp_reason *ret)
{
	return dhcp_client_ignores((enum dhcp_client_state)s, (enum dhcp_client_trigger)t, ret);
}

void explain_client(struct text *out)
{
	static const char *const in_words[DHCP_CLIENT_STATES] = {
		[DHCP_CLIENT_STOPPED] = "switched off",
		[DHCP_CLIENT_INIT] =
			"has no address: waits to be started, or for its time to look for a server",
		[DHCP_CLIENT_SELECTING] = "has sent a DISCOVER and waits for offers",
		[DHCP_CLIENT_REQUESTING] = "has chosen an offer, sent a REQUEST, waits for the ACK",
		[DHCP_CLIENT_BOUND] = "has an address and uses it",
		[DHCP_CLIENT_RENEWING] = "T1 has passed: asks its own server to extend the lease",
		[DHCP_CLIENT_REBINDING] = "T2 has passed: asks any server to extend the lease",
		[DHCP_CLIENT_INIT_REBOOT] = "starts again, and remembers an address",
		[DHCP_CLIENT_REBOOTING] = "has asked whether the remembered address is still right",
	};
	static const struct machine m = {
		.states = DHCP_CLIENT_STATES,
		.triggers = DHCP_CLIENT_TRIGGERS,
		.in_words = in_words,
		.state_name = client_state_name,
		.trigger_name = client_trigger_name,
		.row = dhcp_client_row,
		.ignores = client_ignores,
	};

	text_add(out, "The DHCP client (RFC 2131 section 4.4, figure 5)\n\n");
	page_paragraph(out, 0,
		       "A client is always in one state. A message, a deadline or a command takes "
		       "it along an arrow to the next one. What netlab runs is the table below: "
		       "each entry is one arrow.");
	add_machine(out, &m);
}

static const char *binding_state_name(unsigned int s)
{
	return dhcp_binding_state_name((enum dhcp_binding_state)s);
}

static const char *server_trigger_name(unsigned int t)
{
	return dhcp_server_trigger_name((enum dhcp_server_trigger)t);
}

static bool server_ignores(unsigned int s, unsigned int t, struct dhcp_reason *ret)
{
	return dhcp_server_ignores((enum dhcp_binding_state)s, (enum dhcp_server_trigger)t, ret);
}

void explain_server(struct text *out)
{
	static const char *const in_words[DHCP_BINDING_STATES] = {
		[DHCP_BINDING_NONE] = "nothing is known of this client",
		[DHCP_BINDING_OFFERED] = "an address is kept for it for a while",
		[DHCP_BINDING_ACTIVE] = "it holds a lease",
		[DHCP_BINDING_EXPIRED] = "its lease ran out: the address is remembered, and free",
		[DHCP_BINDING_RELEASED] = "it gave the address back; likewise",
		[DHCP_BINDING_DECLINED] = "it found the address in use; nobody gets it for a while",
		[DHCP_BINDING_PROBED] = "its address is asked for by ARP; the OFFER waits",
	};
	static const struct machine m = {
		.states = DHCP_BINDING_STATES,
		.triggers = DHCP_SERVER_TRIGGERS,
		.in_words = in_words,
		.state_name = binding_state_name,
		.trigger_name = server_trigger_name,
		.row = dhcp_server_row,
		.ignores = server_ignores,
	};

	text_add(out, "The DHCP server (RFC 2131 section 4.3)\n\n");
	page_paragraph(out, 0,
		       "A server has no state of its own: each client's binding has one. A REQUEST "
		       "comes in four kinds (section 4.3.2), told apart by option 54 (server id), "
		       "option 50 (requested address) and ciaddr: SELECTING has 54 and 50, "
		       "INIT-REBOOT has 50 only, RENEWING has ciaddr and is unicast, REBINDING has "
		       "ciaddr and is broadcast.");
	add_machine(out, &m);
}

static const char *relay_state_name(unsigned int s)
{
	return dhcp_relay_state_name((enum dhcp_relay_state)s);
}

static const char *relay_trigger_name(unsigned int t)
{
	return dhcp_relay_trigger_name((enum dhcp_relay_trigger)t);
}

void explain_relay(struct text *out)
{
	static const char *const in_words[DHCP_RELAY_STATES] = {
		[DHCP_RELAY_PLAIN] = "the message carries no option 82",
		[DHCP_RELAY_MARKED] = "it carries option 82 (relay agent information)",
	};
	static const struct machine m = {
		.states = DHCP_RELAY_STATES,
		.triggers = DHCP_RELAY_TRIGGERS,
		.in_words = in_words,
		.state_name = relay_state_name,
		.trigger_name = relay_trigger_name,
		.row = dhcp_relay_row,
	};

	text_add(out, "The DHCP relay agent (RFC 1542 section 4, RFC 3046)\n\n");
	page_paragraph(out, 0,
		       "Routers pass no broadcasts on. A relay agent on a link with clients hears "
		       "theirs and sends them on to the servers, by unicast; the answers it gives "
		       "to the clients. It remembers nothing: giaddr, and what it put into option "
		       "82, come back with each answer. A renewal is a unicast from client to "
		       "server, which the router passes on as any other.");
	text_add(out, "\n");
	page_paragraph(out, 0,
		       "The table never sees what came to port 68, a request that passed too many "
		       "relay agents or has one of our own addresses in giaddr already, or a reply "
		       "whose giaddr is none of our links.");
	add_machine(out, &m);
}

static const char *link_local_state_name(unsigned int s)
{
	return linklocal_state_name((enum linklocal_state)s);
}

void explain_link_local(struct text *out)
{
	static const char *const in_words[] = {
		[LINKLOCAL_OFF] = "no such address is wanted",
		[LINKLOCAL_PROBING] = "has chosen an address and asks whether somebody has it",
		[LINKLOCAL_CLAIMED] = "has the address, and defends it",
	};
	static const struct machine m = {
		.states = ARRAY_SIZE(in_words),
		.in_words = in_words,
		.state_name = link_local_state_name,
		.row = linklocal_row,
	};

	text_add(out, "Link-local addresses (RFC 3927)\n\n");
	page_paragraph(out, 0,
		       "Without a lease, hosts of one link can still speak to each other: each "
		       "chooses an address in 169.254.0.0/16 and makes sure that nobody else has "
		       "it. This machine runs beside the DHCP client, which goes on asking for a "
		       "lease as if it were not there. Where a scenario says "
		       "LinkLocalAddressing=fallback it begins when three DISCOVERs had no "
		       "answer, with ipv4 as soon as the client begins.");
	add_machine(out, &m);
}
