/* SPDX-License-Identifier: MIT */
/* client_guard.c - the conditions of the client's table. They ask and change nothing. */
#include "base/addr.h"
#include "dhcp/auth.h"
#include "dhcp/client.h"

/* RFC 2131 section 3.1 step 5: four tries, 60 seconds in all. */
#define REQUEST_TRIES 4

const struct client_guard client_guard_always = { "", NULL };

static bool may_reboot(const struct dhcp_client *c, const struct dhcp_event *ev)
{
	return c->last_address && ev->now < c->reboot_until;
}
const struct client_guard client_guard_may_reboot = { "an old lease may still run", may_reboot };

static bool is_idle(const struct dhcp_client *c, const struct dhcp_event *ev)
{
	return c->deadline == DHCP_NEVER;
}
const struct client_guard client_guard_is_idle = { "nothing is waited for", is_idle };

static bool wants_delay(const struct dhcp_client *c, const struct dhcp_event *ev)
{
	return is_idle(c, ev) && c->opt.init_delay;
}
const struct client_guard client_guard_wants_delay = { "a delay is configured", wants_delay };

static bool is_other_server(const struct dhcp_client *c, const struct dhcp_event *ev)
{
	return client_server_of(ev) != c->lease.server_id;
}
const struct client_guard client_guard_other_server = { "from another server", is_other_server };

static bool is_from_asked(const struct dhcp_client *c, const struct dhcp_event *ev)
{
	return !is_other_server(c, ev);
}
const struct client_guard client_guard_from_asked = { "from the server asked", is_from_asked };

/* An ACK to a REQUEST of ours, for the address that the REQUEST named. */
static bool is_ours(const struct dhcp_client *c, const struct dhcp_event *ev)
{
	return ev->rx.msg->xid == c->xid && ev->rx.msg->yiaddr == c->lease.address && !c->probing;
}
const struct client_guard client_guard_ours = { "for the address asked", is_ours };

/* An address that is on our interface already needs no probe. */
static bool is_to_be_probed(const struct dhcp_client *c)
{
	return c->opt.conflict_probes && !c->configured;
}

static bool is_ours_and_probes(const struct dhcp_client *c, const struct dhcp_event *ev)
{
	return is_ours(c, ev) && is_to_be_probed(c);
}
const struct client_guard client_guard_ours_and_probes = {
	"for the address asked, which is to be probed", is_ours_and_probes
};

static bool is_asked(const struct dhcp_client *c, const struct dhcp_event *ev)
{
	return is_ours(c, ev) && is_from_asked(c, ev);
}
const struct client_guard client_guard_asked = { "from the chosen server, for the address asked",
						 is_asked };

static bool is_asked_and_probes(const struct dhcp_client *c, const struct dhcp_event *ev)
{
	return is_asked(c, ev) && is_to_be_probed(c);
}
const struct client_guard client_guard_asked_and_probes = {
	"from the chosen server, for the address asked, which is to be probed", is_asked_and_probes
};

const struct client_guard client_guard_ours_from_leasing = {
	"from the leasing server, for our address", is_asked
};

static bool is_informing(const struct dhcp_client *c, const struct dhcp_event *ev)
{
	return client_is_inform_answer(c, ev->rx.msg);
}
const struct client_guard client_guard_informs = { "answers our INFORM", is_informing };

static bool is_lease_over(const struct dhcp_client *c, const struct dhcp_event *ev)
{
	return ev->now >= c->expires;
}
const struct client_guard client_guard_lease_over = { "the lease is over", is_lease_over };

static bool is_past_t2(const struct dhcp_client *c, const struct dhcp_event *ev)
{
	return ev->now >= c->t2;
}
const struct client_guard client_guard_past_t2 = { "T2 has come", is_past_t2 };

static bool is_probing(const struct dhcp_client *c, const struct dhcp_event *ev)
{
	return c->probing;
}
const struct client_guard client_guard_is_probing = { "the address is being probed", is_probing };

static bool is_not_probing(const struct dhcp_client *c, const struct dhcp_event *ev)
{
	return !c->probing;
}
const struct client_guard client_guard_not_probing = { "no ACK came before", is_not_probing };

static bool has_probes(const struct dhcp_client *c, const struct dhcp_event *ev)
{
	return c->probing && c->probes_left;
}
const struct client_guard client_guard_has_probes = { "probes are left", has_probes };

static bool is_to_announce(const struct dhcp_client *c, const struct dhcp_event *ev)
{
	return c->announcements_left && ev->now >= c->announce_at;
}
const struct client_guard client_guard_announces = { "an announcement is due", is_to_announce };

static bool is_inform_due(const struct dhcp_client *c, const struct dhcp_event *ev)
{
	return c->inform_xid && c->inform_again && ev->now >= c->inform_again;
}
const struct client_guard client_guard_inform_due = { "an INFORM has no answer", is_inform_due };

static bool is_inform_over(const struct dhcp_client *c, const struct dhcp_event *ev)
{
	return is_inform_due(c, ev) && c->inform_attempt >= REQUEST_TRIES;
}
const struct client_guard client_guard_inform_over = { "an INFORM has no answer, after 4 tries",
						       is_inform_over };

static bool has_tries(const struct dhcp_client *c, const struct dhcp_event *ev)
{
	return c->attempt < REQUEST_TRIES;
}
const struct client_guard client_guard_has_tries = { "fewer than 4 tries", has_tries };

static bool has_lease(const struct dhcp_client *c, const struct dhcp_event *ev)
{
	return c->configured;
}
const struct client_guard client_guard_has_lease = { "it holds a lease", has_lease };

/* It is off the interface since the link was away (RFC 5227 section 2.1). */
static bool keeps_lease(const struct dhcp_client *c, const struct dhcp_event *ev)
{
	return !c->configured && c->lease.server_id;
}
const struct client_guard client_guard_keeps_lease = {
	"it has a lease, whose address is to be probed again", keeps_lease
};

static bool will_release(const struct dhcp_client *c, const struct dhcp_event *ev)
{
	return c->configured && c->opt.release_on_stop;
}
const struct client_guard client_guard_will_release = { "it shall release at the end",
							will_release };

static bool is_conflict_ours(const struct dhcp_client *c, const struct dhcp_event *ev)
{
	return ev->conflict == c->lease.address && (c->configured || c->probing);
}
const struct client_guard client_guard_conflict_ours = { "over our address", is_conflict_ours };

/* RFC 5227 section 2.4 (b): once in DEFEND_INTERVAL. */
static bool may_defend(const struct dhcp_client *c, const struct dhcp_event *ev)
{
	return is_conflict_ours(c, ev) && c->configured && ev->now >= c->defended_until;
}
const struct client_guard client_guard_may_defend = { "over our address, the first in 10 s",
						      may_defend };

static bool has_tried_enough(const struct dhcp_client *c, const struct dhcp_event *ev)
{
	return c->opt.max_attempts && c->attempt >= c->opt.max_attempts;
}
const struct client_guard client_guard_tried_enough = { "it has tried as often as it may",
							has_tried_enough };

static bool is_rapid(const struct dhcp_client *c, const struct dhcp_event *ev)
{
	return c->opt.rapid_commit && dhcp_message_has(ev->rx.msg, DHCP_OPT_RAPID_COMMIT);
}
const struct client_guard client_guard_rapid = { "with rapid commit, as asked for",
						      is_rapid };

static bool is_rapid_and_probes(const struct dhcp_client *c, const struct dhcp_event *ev)
{
	return is_rapid(c, ev) && is_to_be_probed(c);
}
const struct client_guard client_guard_rapid_and_probes = {
	"with rapid commit, for an address which is to be probed", is_rapid_and_probes
};

static bool is_ipv6_only(const struct dhcp_client *c, const struct dhcp_event *ev)
{
	return client_is_ipv6_enough(c, ev->rx.msg);
}
const struct client_guard client_guard_ipv6_only = { "IPv6 will do, says the server",
						     is_ipv6_only };

static bool collects(const struct dhcp_client *c, const struct dhcp_event *ev)
{
	return c->opt.collect;
}
const struct client_guard client_guard_collects = { "offers are collected", collects };

static bool is_previous(const struct dhcp_client *c, const struct dhcp_event *ev)
{
	return c->opt.collect && ev->rx.msg->yiaddr == c->last_address;
}
const struct client_guard client_guard_previous = {
	"offers are collected, and it is of the address of before", is_previous
};

static bool has_offer(const struct dhcp_client *c, const struct dhcp_event *ev)
{
	return c->lease.address;
}
const struct client_guard client_guard_has_offer = { "it has an offer", has_offer };

static bool is_forbidden(const struct dhcp_client *c, const struct dhcp_event *ev)
{
	return client_is_forbidden_own(c, ev->rx.msg);
}
const struct client_guard client_guard_forbidden = {
	"of no address, and none is to be made up", is_forbidden
};

static bool is_ours_and_ipv6_only(const struct dhcp_client *c, const struct dhcp_event *ev)
{
	return is_ours(c, ev) && is_ipv6_only(c, ev);
}
const struct client_guard client_guard_ours_ipv6_only = {
	"for the address asked; IPv6 will do, says the server", is_ours_and_ipv6_only
};

static bool waits_for_ipv6(const struct dhcp_client *c, const struct dhcp_event *ev)
{
	return c->ipv6_only;
}
const struct client_guard client_guard_waits_for_ipv6 = { "it does without IPv4", waits_for_ipv6 };

/* RFC 6704 section 3.1.4: what the OFFER promised, the ACK must have. */
static bool lacks_nonce(const struct dhcp_client *c, const struct dhcp_event *ev)
{
	struct auth a;

	return is_asked(c, ev) && c->opt.force_renew && c->nonce_promised &&
	       !(client_read_auth(ev->rx.msg, &a) && a.type == AUTH_NONCE);
}
const struct client_guard client_guard_lacks_nonce = {
	"from the chosen server, without the nonce that it promised", lacks_nonce
};
