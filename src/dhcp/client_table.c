/* SPDX-License-Identifier: MIT */
/*
 * client_table.c - RFC 2131 section 4.4, figure 5: one row per arrow, then
 * what timers, users and ARP add to it. The first row whose guard holds wins;
 * if none holds, the second table says why nothing happens.
 */
#include "dhcp/client.h"

#define ROW(from_, on_, guard_, to_, act_, why_, rfc_)                                      \
	{                                                                                   \
		DHCP_CLIENT_##from_, DHCP_CLIENT_ON_##on_, &client_guard_##guard_,          \
		DHCP_CLIENT_##to_, &client_act_##act_, { why_, rfc_ }                       \
	}

static const struct client_row table[] = {
	/*  from         on        guard               to           act */
	ROW(INIT,        START,    wants_delay,        INIT,        wait,
	    "clients that come up together shall not speak together", RFC2131("4.4.1")),
	ROW(INIT,        START,    is_idle,            SELECTING,   discover,
	    "the client has no address yet, so it sends from 0.0.0.0 to everyone",
	    RFC2131("4.4.1")),
	ROW(INIT,        DEADLINE, always,             SELECTING,   discover,
	    "the wait is over: ask every server for an address", RFC2131("4.4.1")),
	ROW(INIT,        RESTART,  always,             SELECTING,   discover,
	    "the user wants it now, and there is no old address to ask for", RFC2131("4.4.1")),
	ROW(INIT,        LINK_UP,  waits_for_ipv6,     SELECTING,   discover,
	    "the link was away: perhaps this network wants IPv4", "RFC 8925 section 3.2"),
	ROW(INIT,        STOP,     always,             STOPPED,     halt,
	    "the client is told to end", RFC2131("4.4.6")),

	ROW(SELECTING,   OFFER,    ipv6_only,          INIT,        ipv6_only,
	    "the network prefers clients that need no IPv4: wait V6ONLY_WAIT",
	    "RFC 8925 section 3.2"),
	ROW(SELECTING,   OFFER,    forbidden,          SELECTING,   go_without,
	    "no address for us here, and we shall not make one up", "RFC 2563 section 2.2"),
	ROW(SELECTING,   OFFER,    previous,           REQUESTING,  request,
	    "the address that the client had before: no other offer can be better",
	    RFC2131("4.4.1")),
	ROW(SELECTING,   OFFER,    has_offer,          SELECTING,   pass_over,
	    "one offer more, and no better: the one that came first stays the choice",
	    RFC2131("4.4.1")),
	ROW(SELECTING,   OFFER,    collects,           SELECTING,   keep_offer,
	    "a good offer; another server may have the client's old address, so it waits",
	    RFC2131("4.4.1")),
	ROW(SELECTING,   OFFER,    always,             REQUESTING,  request,
	    "the first good offer wins; all servers hear which one was taken", RFC2131("4.4.1")),
	ROW(SELECTING,   ACK,      rapid_and_probes,   REQUESTING,  probe_first,
	    "the server gives an address at once: it is ours if nobody else has it",
	    "RFC 4039 section 3.1"),
	ROW(SELECTING,   ACK,      rapid,              BOUND,       bind,
	    "the server gives the address at once, in two messages", "RFC 4039 section 3.1"),
	ROW(SELECTING,   DEADLINE, has_offer,          REQUESTING,  request_kept,
	    "the wait for offers is over: the one that came first is taken", RFC2131("4.4.1")),
	ROW(SELECTING,   DEADLINE, tried_enough,       STOPPED,     halt,
	    "no server answered, and the user set an end to the tries", RFC2131("4.1")),
	ROW(SELECTING,   DEADLINE, always,             SELECTING,   discover_again,
	    "no server answered: the wait doubles, up to 64 s", RFC2131("4.1")),
	ROW(SELECTING,   RESTART,  always,             SELECTING,   discover,
	    "the user wants a new exchange", RFC2131("4.4.1")),
	ROW(SELECTING,   LINK_UP,  always,             SELECTING,   discover,
	    "the link was away, and may lead elsewhere now: begin anew", RFC2131("3.7")),
	ROW(SELECTING,   STOP,     always,             STOPPED,     halt,
	    "the client is told to end", RFC2131("4.4.6")),

	ROW(REQUESTING,  ACK,      lacks_nonce,        INIT,        refused,
	    "the server promised a nonce, and its ACK has none", "RFC 6704 section 3.1.4"),
	ROW(REQUESTING,  ACK,      asked_and_probes,   REQUESTING,  probe_first,
	    "the address is ours if nobody else has it", "RFC 5227 section 2.1"),
	ROW(REQUESTING,  ACK,      asked,              BOUND,       bind,
	    "the server gives the address for the time of the lease", RFC2131("4.4.1")),
	ROW(REQUESTING,  NAK,      from_asked,         INIT,        refused,
	    "the server does not give the address: begin anew", RFC2131("3.1")),
	ROW(REQUESTING,  DEADLINE, lease_over,         INIT,        expire,
	    "the lease ended while its address was probed", RFC2131("4.4.5")),
	ROW(REQUESTING,  DEADLINE, has_probes,         REQUESTING,  probe,
	    "nobody answered so far", "RFC 5227 section 2.1.1"),
	ROW(REQUESTING,  DEADLINE, is_probing,         BOUND,       bind_probed,
	    "nobody answered the probes: the address is ours", "RFC 5227 section 2.3"),
	ROW(REQUESTING,  DEADLINE, has_tries,          REQUESTING,  request_again,
	    "the server did not answer: the wait doubles", RFC2131("4.1")),
	ROW(REQUESTING,  DEADLINE, always,             INIT,        give_up,
	    "the server did not answer four times", RFC2131("3.1")),
	ROW(REQUESTING,  CONFLICT, conflict_ours,      INIT,        decline,
	    "somebody else has the address: tell the server", RFC2131("3.1")),
	ROW(REQUESTING,  RESTART,  always,             SELECTING,   discover,
	    "the user wants a new exchange", RFC2131("4.4.1")),
	ROW(REQUESTING,  LINK_UP,  always,             SELECTING,   discover,
	    "the link was away, and may lead elsewhere now: begin anew", RFC2131("3.7")),
	ROW(REQUESTING,  STOP,     always,             STOPPED,     halt,
	    "the client is told to end", RFC2131("4.4.6")),

	ROW(BOUND,       ACK,      informs,            BOUND,       informed,
	    "parameters came, the lease stays as it is", RFC2131("3.4")),
	ROW(BOUND,       DEADLINE, lease_over,         INIT,        expire,
	    "the lease is over: the address must go at once", RFC2131("4.4.5")),
	ROW(BOUND,       DEADLINE, announces,          BOUND,       announce,
	    "the second announcement: nobody's ARP cache shall know another",
	    "RFC 5227 section 2.3"),
	ROW(BOUND,       DEADLINE, inform_over,        BOUND,       inform_over,
	    "no server answered four INFORMs", RFC2131("4.4.3")),
	ROW(BOUND,       DEADLINE, inform_due,         BOUND,       inform_again,
	    "no server answered the INFORM: the wait doubles", RFC2131("4.1")),
	ROW(BOUND,       DEADLINE, past_t2,            REBINDING,   rebind,
	    "T2: ask every server to extend the lease", RFC2131("4.4.5")),
	ROW(BOUND,       DEADLINE, always,             RENEWING,    renew,
	    "T1: ask the leasing server to extend the lease", RFC2131("4.4.5")),
	ROW(BOUND,       CONFLICT, may_defend,         BOUND,       defend,
	    "somebody else uses our address: say once that it is ours",
	    "RFC 5227 section 2.4 (b)"),
	ROW(BOUND,       CONFLICT, conflict_ours,      INIT,        decline,
	    "somebody else goes on using our address: cease to, and tell the server",
	    "RFC 5227 section 2.4 (b)"),
	ROW(BOUND,       FORCERENEW, always,           RENEWING,    renew_forced,
	    "the server wants the lease renewed, and has signed that",
	    "RFC 3203 section 2.2"),
	ROW(BOUND,       RELEASE,  always,             INIT,        release,
	    "the user gives the lease back", RFC2131("4.4.6")),
	ROW(BOUND,       RENEW,    always,             RENEWING,    renew,
	    "a client may renew before T1", RFC2131("4.4.5")),
	ROW(BOUND,       REBIND,   always,             REBINDING,   rebind,
	    "the user wants any server to extend the lease", RFC2131("4.4.5")),
	ROW(BOUND,       RESTART,  always,             REBOOTING,   reboot,
	    "the user wants to know whether the lease still holds", RFC2131("4.4.2")),
	ROW(BOUND,       LINK_UP,  always,             REBOOTING,   reboot_anew,
	    "the link was away, and may lead elsewhere now: does the lease still hold?",
	    RFC2131("3.7")),
	ROW(BOUND,       DECLINE,  always,             INIT,        decline,
	    "the user says that the address is in use", RFC2131("4.4.4")),
	ROW(BOUND,       INFORM,   always,             BOUND,       inform,
	    "the user asks for parameters only", RFC2131("4.4.3")),
	ROW(BOUND,       STOP,     will_release,       STOPPED,     release,
	    "the client ends and gives the lease back", RFC2131("4.4.6")),
	ROW(BOUND,       STOP,     always,             STOPPED,     halt,
	    "the client ends and keeps its lease for the next time", RFC2131("4.4.6")),

	ROW(RENEWING,    ACK,      informs,            RENEWING,    informed,
	    "parameters came, the lease stays as it is", RFC2131("3.4")),
	ROW(RENEWING,    ACK,      ours_from_leasing,  BOUND,       bind,
	    "the lease counts anew from when the REQUEST was sent", RFC2131("4.4.5")),
	ROW(RENEWING,    NAK,      from_asked,         INIT,        refused,
	    "the server ends the lease: the address must go at once", RFC2131("4.4.5")),
	ROW(RENEWING,    DEADLINE, lease_over,         INIT,        expire,
	    "the lease is over: the address must go at once", RFC2131("4.4.5")),
	ROW(RENEWING,    DEADLINE, announces,          RENEWING,    announce,
	    "the second announcement: nobody's ARP cache shall know another",
	    "RFC 5227 section 2.3"),
	ROW(RENEWING,    DEADLINE, past_t2,            REBINDING,   rebind,
	    "T2: the leasing server is silent, so ask every server", RFC2131("4.4.5")),
	ROW(RENEWING,    DEADLINE, always,             RENEWING,    renew_again,
	    "no answer in half of the time to T2: once more", RFC2131("4.4.5")),
	ROW(RENEWING,    CONFLICT, may_defend,         RENEWING,    defend,
	    "somebody else uses our address: say once that it is ours",
	    "RFC 5227 section 2.4 (b)"),
	ROW(RENEWING,    CONFLICT, conflict_ours,      INIT,        decline,
	    "somebody else goes on using our address: cease to, and tell the server",
	    "RFC 5227 section 2.4 (b)"),
	ROW(RENEWING,    FORCERENEW, always,           RENEWING,    renew_again_forced,
	    "the server wants the lease renewed: once more at once",
	    "RFC 3203 section 2.2"),
	ROW(RENEWING,    RELEASE,  always,             INIT,        release,
	    "the user gives the lease back", RFC2131("4.4.6")),
	ROW(RENEWING,    RENEW,    always,             RENEWING,    renew_again,
	    "the user does not want to wait", RFC2131("4.4.5")),
	ROW(RENEWING,    REBIND,   always,             REBINDING,   rebind,
	    "the user wants any server to extend the lease", RFC2131("4.4.5")),
	ROW(RENEWING,    RESTART,  always,             REBOOTING,   reboot,
	    "the user wants to know whether the lease still holds", RFC2131("4.4.2")),
	ROW(RENEWING,    LINK_UP,  always,             REBOOTING,   reboot_anew,
	    "the link was away, and may lead elsewhere now: does the lease still hold?",
	    RFC2131("3.7")),
	ROW(RENEWING,    DECLINE,  always,             INIT,        decline,
	    "the user says that the address is in use", RFC2131("4.4.4")),
	ROW(RENEWING,    INFORM,   always,             RENEWING,    inform,
	    "the user asks for parameters only", RFC2131("4.4.3")),
	ROW(RENEWING,    STOP,     will_release,       STOPPED,     release,
	    "the client ends and gives the lease back", RFC2131("4.4.6")),
	ROW(RENEWING,    STOP,     always,             STOPPED,     halt,
	    "the client ends and keeps its lease for the next time", RFC2131("4.4.6")),

	ROW(REBINDING,   ACK,      informs,            REBINDING,   informed,
	    "parameters came, the lease stays as it is", RFC2131("3.4")),
	ROW(REBINDING,   ACK,      ours,               BOUND,       bind,
	    "a server extends the lease; from now on it is the leasing one", RFC2131("4.4.5")),
	ROW(REBINDING,   NAK,      always,             INIT,        refused,
	    "a server ends the lease: the address must go at once", RFC2131("4.4.5")),
	ROW(REBINDING,   DEADLINE, lease_over,         INIT,        expire,
	    "the lease is over: the address must go at once", RFC2131("4.4.5")),
	ROW(REBINDING,   DEADLINE, announces,          REBINDING,   announce,
	    "the second announcement: nobody's ARP cache shall know another",
	    "RFC 5227 section 2.3"),
	ROW(REBINDING,   DEADLINE, always,             REBINDING,   rebind_again,
	    "no answer in half of the time that is left: once more", RFC2131("4.4.5")),
	ROW(REBINDING,   CONFLICT, may_defend,         REBINDING,   defend,
	    "somebody else uses our address: say once that it is ours",
	    "RFC 5227 section 2.4 (b)"),
	ROW(REBINDING,   CONFLICT, conflict_ours,      INIT,        decline,
	    "somebody else goes on using our address: cease to, and tell the server",
	    "RFC 5227 section 2.4 (b)"),
	ROW(REBINDING,   FORCERENEW, always,           REBINDING,   rebind_again_forced,
	    "a server wants the lease renewed: once more at once",
	    "RFC 3203 section 2.2"),
	ROW(REBINDING,   RELEASE,  always,             INIT,        release,
	    "the user gives the lease back", RFC2131("4.4.6")),
	ROW(REBINDING,   REBIND,   always,             REBINDING,   rebind_again,
	    "the user does not want to wait", RFC2131("4.4.5")),
	ROW(REBINDING,   RESTART,  always,             REBOOTING,   reboot,
	    "the user wants to know whether the lease still holds", RFC2131("4.4.2")),
	ROW(REBINDING,   LINK_UP,  always,             REBOOTING,   reboot_anew,
	    "the link was away, and may lead elsewhere now: does the lease still hold?",
	    RFC2131("3.7")),
	ROW(REBINDING,   DECLINE,  always,             INIT,        decline,
	    "the user says that the address is in use", RFC2131("4.4.4")),
	ROW(REBINDING,   INFORM,   always,             REBINDING,   inform,
	    "the user asks for parameters only", RFC2131("4.4.3")),
	ROW(REBINDING,   STOP,     will_release,       STOPPED,     release,
	    "the client ends and gives the lease back", RFC2131("4.4.6")),
	ROW(REBINDING,   STOP,     always,             STOPPED,     halt,
	    "the client ends and keeps its lease for the next time", RFC2131("4.4.6")),

	ROW(INIT_REBOOT, START,    always,             REBOOTING,   reboot,
	    "the client remembers an address and asks whether it still holds", RFC2131("4.4.2")),
	ROW(INIT_REBOOT, RESTART,  always,             REBOOTING,   reboot,
	    "the client remembers an address and asks whether it still holds", RFC2131("4.4.2")),
	ROW(INIT_REBOOT, STOP,     always,             STOPPED,     halt,
	    "the client is told to end", RFC2131("4.4.6")),

	ROW(REBOOTING,   ACK,      ours_ipv6_only,     INIT,        ipv6_only,
	    "the network prefers clients that need no IPv4: wait V6ONLY_WAIT",
	    "RFC 8925 section 3.2"),
	ROW(REBOOTING,   ACK,      ours_and_probes,    REBOOTING,   probe_first,
	    "the address is ours if nobody else has it", "RFC 5227 section 2.1"),
	ROW(REBOOTING,   ACK,      ours,               BOUND,       bind,
	    "a server confirms the old address", RFC2131("4.4.2")),
	ROW(REBOOTING,   NAK,      not_probing,        INIT,        refused,
	    "the old address does not hold here: begin anew", RFC2131("3.2")),
	ROW(REBOOTING,   DEADLINE, lease_over,         INIT,        expire,
	    "the lease is over: the address must go at once", RFC2131("4.4.5")),
	ROW(REBOOTING,   DEADLINE, has_probes,         REBOOTING,   probe,
	    "nobody answered so far", "RFC 5227 section 2.1.1"),
	ROW(REBOOTING,   DEADLINE, is_probing,         BOUND,       bind_probed,
	    "nobody answered the probes: the address is ours", "RFC 5227 section 2.3"),
	ROW(REBOOTING,   DEADLINE, has_tries,          REBOOTING,   request_again,
	    "no server answered: the wait doubles", RFC2131("4.1")),
	ROW(REBOOTING,   DEADLINE, keeps_lease,        REBOOTING,   begin_probes,
	    "nobody answered, and the old lease still runs: it is ours if nobody else has it",
	    "RFC 5227 section 2.1"),
	ROW(REBOOTING,   DEADLINE, has_lease,          BOUND,       keep,
	    "nobody answered, and the old lease still runs: it may be used", RFC2131("3.2")),
	ROW(REBOOTING,   DEADLINE, always,             INIT,        give_up,
	    "nobody answered, and no lease is known to run: begin anew", RFC2131("3.2")),
	ROW(REBOOTING,   CONFLICT, conflict_ours,      INIT,        decline,
	    "somebody else has the address: tell the server", RFC2131("3.2")),
	ROW(REBOOTING,   RELEASE,  has_lease,          INIT,        release,
	    "the user gives the lease back", RFC2131("4.4.6")),
	ROW(REBOOTING,   RESTART,  always,             REBOOTING,   reboot,
	    "the user wants a new exchange", RFC2131("4.4.2")),
	ROW(REBOOTING,   LINK_UP,  always,             REBOOTING,   reboot_anew,
	    "the link was away, and may lead elsewhere now: does the lease still hold?",
	    RFC2131("3.7")),
	ROW(REBOOTING,   STOP,     will_release,       STOPPED,     release,
	    "the client ends and gives the lease back", RFC2131("4.4.6")),
	ROW(REBOOTING,   STOP,     always,             STOPPED,     halt,
	    "the client is told to end", RFC2131("4.4.6")),

	ROW(STOPPED,     START,    may_reboot,         REBOOTING,   reboot,
	    "the client kept its lease and asks whether it still holds", RFC2131("4.4.2")),
	ROW(STOPPED,     START,    wants_delay,        INIT,        wait,
	    "clients that come up together shall not speak together", RFC2131("4.4.1")),
	ROW(STOPPED,     START,    always,             SELECTING,   discover,
	    "the client has no address, so it sends from 0.0.0.0 to everyone", RFC2131("4.4.1")),
	ROW(STOPPED,     RESTART,  may_reboot,         REBOOTING,   reboot,
	    "the client kept its lease and asks whether it still holds", RFC2131("4.4.2")),
	ROW(STOPPED,     RESTART,  always,             SELECTING,   discover,
	    "the client has no address, so it sends from 0.0.0.0 to everyone", RFC2131("4.4.1")),
};

#define IN(state) (1u << DHCP_CLIENT_##state)
#define WITH_LEASE (IN(BOUND) | IN(RENEWING) | IN(REBINDING))
#define AT_REST (IN(STOPPED) | IN(INIT) | IN(INIT_REBOOT))
#define ASKING (IN(SELECTING) | IN(REQUESTING) | IN(REBOOTING))

/* What happens to a client and shall not move it. The first that fits says why. */
static const struct {
	unsigned int states;
	enum dhcp_client_trigger on;
	const struct client_guard *guard;
	struct dhcp_reason reason;
} ignored[] = {
	{ IN(INIT), DHCP_CLIENT_ON_START, &client_guard_always,
	  { "the client was started and pauses before it speaks", RFC2131("4.4.1") } },
	{ ASKING | WITH_LEASE, DHCP_CLIENT_ON_START, &client_guard_always,
	  { "the client was started before", RFC2131("4.4") } },

	{ IN(REQUESTING) | IN(REBOOTING), DHCP_CLIENT_ON_OFFER, &client_guard_always,
	  { "an offer after the choice is discarded", RFC2131("4.4, figure 5") } },
	{ AT_REST | WITH_LEASE, DHCP_CLIENT_ON_OFFER, &client_guard_always,
	  { "nobody asked for an offer", RFC2131("4.4, figure 5") } },

	{ IN(REQUESTING) | IN(REBOOTING), DHCP_CLIENT_ON_ACK, &client_guard_is_probing,
	  { "the same ACK again: the address is being probed", "RFC 5227 section 2.1" } },
	{ IN(REQUESTING), DHCP_CLIENT_ON_ACK, &client_guard_other_server,
	  { "another server's ACK than the one that was chosen", RFC2131("3.1") } },
	{ IN(REQUESTING) | IN(REBOOTING), DHCP_CLIENT_ON_ACK, &client_guard_always,
	  { "an ACK for another address than the one that was asked for", RFC2131("3.1") } },
	{ IN(RENEWING), DHCP_CLIENT_ON_ACK, &client_guard_other_server,
	  { "another server's ACK than the one that was asked", RFC2131("4.4.5") } },
	{ IN(RENEWING) | IN(REBINDING), DHCP_CLIENT_ON_ACK, &client_guard_always,
	  { "an ACK with another address is no renewal", RFC2131("4.4.5") } },
	{ AT_REST | IN(SELECTING) | IN(BOUND), DHCP_CLIENT_ON_ACK, &client_guard_always,
	  { "an ACK that no REQUEST waits for is discarded", RFC2131("4.4.1") } },

	{ IN(REQUESTING) | IN(RENEWING), DHCP_CLIENT_ON_NAK, &client_guard_always,
	  { "another server's NAK than the one that was asked", RFC2131("3.1") } },
	{ IN(REBOOTING), DHCP_CLIENT_ON_NAK, &client_guard_always,
	  { "another server gave its ACK before", RFC2131("4.4.2") } },
	{ AT_REST | IN(SELECTING) | IN(BOUND), DHCP_CLIENT_ON_NAK, &client_guard_always,
	  { "a NAK that no REQUEST waits for is discarded", RFC2131("4.4, figure 5") } },

	{ IN(STOPPED) | IN(INIT_REBOOT), DHCP_CLIENT_ON_DEADLINE, &client_guard_always,
	  { "the client waits for START", RFC2131("4.4") } },

	{ IN(REQUESTING) | IN(REBOOTING), DHCP_CLIENT_ON_CONFLICT, &client_guard_always,
	  { "the address is not ours, or not ours yet", "RFC 5227 section 2.1.1" } },
	{ WITH_LEASE, DHCP_CLIENT_ON_CONFLICT, &client_guard_always,
	  { "the conflict is over an address that is not ours", "RFC 5227 section 2.4" } },
	{ AT_REST | IN(SELECTING), DHCP_CLIENT_ON_CONFLICT, &client_guard_always,
	  { "the client has no address to fight for", "RFC 5227 section 2.4" } },

	{ IN(STOPPED), DHCP_CLIENT_ON_STOP, &client_guard_always,
	  { "the client was stopped before", RFC2131("4.4.6") } },

	{ AT_REST | ASKING, DHCP_CLIENT_ON_RELEASE, &client_guard_always,
	  { "there is no lease to give back", RFC2131("4.4.6") } },
	{ AT_REST | ASKING, DHCP_CLIENT_ON_RENEW, &client_guard_always,
	  { "there is no lease to renew, or a REQUEST for it is under way", RFC2131("4.4.5") } },
	{ IN(REBINDING), DHCP_CLIENT_ON_RENEW, &client_guard_always,
	  { "the client asks every server already", RFC2131("4.4.5") } },
	{ AT_REST | ASKING, DHCP_CLIENT_ON_REBIND, &client_guard_always,
	  { "there is no lease to extend, or a REQUEST for it is under way", RFC2131("4.4.5") } },
	{ AT_REST | ASKING, DHCP_CLIENT_ON_DECLINE, &client_guard_always,
	  { "there is no lease to refuse, or a REQUEST for it is under way", RFC2131("4.4.4") } },
	{ AT_REST | ASKING, DHCP_CLIENT_ON_INFORM, &client_guard_always,
	  { "an INFORM is for those whose address is settled", RFC2131("4.4.3") } },
	{ AT_REST | ASKING, DHCP_CLIENT_ON_FORCERENEW, &client_guard_always,
	  { "there is no lease to renew, or a REQUEST for it is under way",
	    "RFC 3203 section 2.2" } },
	{ AT_REST, DHCP_CLIENT_ON_LINK_UP, &client_guard_always,
	  { "the client has not begun, or pauses, or has ended", RFC2131("3.7") } },
};

static bool holds(const struct client_guard *g, const struct dhcp_client *c,
		  const struct dhcp_event *ev)
{
	return !g->holds || g->holds(c, ev);
}

const struct client_row *client_row_find(const struct dhcp_client *c, enum dhcp_client_trigger on,
					 const struct dhcp_event *ev)
{
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		const struct client_row *row = &table[i];

		if (row->from == c->state && row->on == on && holds(row->guard, c, ev))
			return row;
	}
	return NULL;
}

struct dhcp_reason client_ignore_reason(const struct dhcp_client *c, enum dhcp_client_trigger on,
					const struct dhcp_event *ev)
{
	for (size_t i = 0; i < ARRAY_SIZE(ignored); i++) {
		if ((ignored[i].states & 1u << c->state) && ignored[i].on == on &&
		    holds(ignored[i].guard, c, ev))
			return ignored[i].reason;
	}
	/* A test walks all pairs: none is on neither list. */
	return (struct dhcp_reason){ "nothing is to be done", RFC2131("4.4") };
}

bool client_ignored_reason(size_t i, struct dhcp_reason *ret)
{
	if (i >= ARRAY_SIZE(ignored))
		return false;
	*ret = ignored[i].reason;
	return true;
}

bool dhcp_client_row(size_t i, struct dhcp_row *ret)
{
	const struct client_row *row;

	if (i >= ARRAY_SIZE(table))
		return false;

	row = &table[i];
	*ret = (struct dhcp_row){
		.from = dhcp_client_state_name(row->from),
		.on = dhcp_client_trigger_name(row->on),
		.guard = row->guard->name,
		.to = dhcp_client_state_name(row->to),
		.act = row->act->name,
		.reason = row->reason,
	};
	return true;
}

bool dhcp_client_ignores(enum dhcp_client_state s, enum dhcp_client_trigger t,
			 struct dhcp_reason *ret)
{
	for (size_t i = 0; i < ARRAY_SIZE(ignored); i++) {
		if (!(ignored[i].states & 1u << s) || ignored[i].on != t ||
		    ignored[i].guard->holds)
			continue;
		if (ret)
			*ret = ignored[i].reason;
		return true;
	}
	return false;
}

bool dhcp_client_has_row(enum dhcp_client_state s, enum dhcp_client_trigger t)
{
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		if (table[i].from == s && table[i].on == t)
			return true;
	}
	return false;
}
