/* SPDX-License-Identifier: MIT */
/*
 * client_act.c - what the rows of the client's table do. Each finds the client
 * in the row's new state; where it fails, all that it has changed is undone.
 */
#include <string.h>

#include "base/addr.h"
#include "base/prng.h"
#include "dhcp/auth.h"
#include "dhcp/client.h"
#include "dhcp/client_lease.h"

#define MIN_V6ONLY_WAIT 300		/* seconds, RFC 8925 section 3.4 */
#define RENEW_MIN (60 * DHCP_SECOND)	/* RFC 2131 section 4.4.5 */
#define DELAY_MIN (1 * DHCP_SECOND)	/* RFC 2131 section 4.4.1 */
#define DECLINE_PAUSE (10 * DHCP_SECOND)/* RFC 2131 section 3.1 step 5 */
#define REFUSALS_MAX 6			/* the pause after a NAK grows up to 64 s */

/* RFC 5227 section 1.1 */
#define PROBE_WAIT (1 * DHCP_SECOND)
#define PROBE_MIN (1 * DHCP_SECOND)
#define PROBE_MAX (2 * DHCP_SECOND)
#define ANNOUNCE_WAIT (2 * DHCP_SECOND)	/* quiet after the last probe */
#define ANNOUNCE_NUM 2
#define ANNOUNCE_INTERVAL (2 * DHCP_SECOND)
#define MAX_CONFLICTS 10
#define RATE_LIMIT_INTERVAL (60 * DHCP_SECOND)
#define DEFEND_INTERVAL (10 * DHCP_SECOND)

static uint32_t new_xid(struct dhcp_client *c)
{
	uint32_t xid;

	do
		xid = prng_u32(&c->prng);
	while (!xid);	/* 0 stands for none */
	return xid;
}

static void begin_exchange(struct dhcp_client *c, uint64_t now)
{
	c->xid = new_xid(c);
	c->exchange_start = now;
	c->request_sent = now;
	c->attempt = 0;
	c->inform_xid = 0;
	c->no_auto_configure = false;
}

static void forget_lease(struct dhcp_client *c)
{
	c->lease = (struct dhcp_config){ 0 };
	c->t1 = c->t2 = c->expires = DHCP_NEVER;
	c->defended_until = 0;
	c->ipv6_only = false;
	c->has_nonce = false;
	c->configured = false;
	c->probing = false;
}

/* Takes the lease off the interface, if it is there, and forgets it. */
static void drop_lease(struct dhcp_client *c, struct dhcp_actions *out)
{
	if (c->configured)
		client_action(out, DHCP_ACTION_DECONFIGURE)->config = c->lease;
	forget_lease(c);
}

static void count_attempt(struct dhcp_client *c)
{
	if (c->attempt < UINT8_MAX)
		c->attempt++;
}

/* RFC 2131 section 4.1: 4, 8, 16, 32, 64, 64 ... seconds, each give or take one. */
static uint64_t backoff_after(struct dhcp_client *c, uint8_t attempt, uint64_t now)
{
	unsigned int doublings = min_u64(attempt - 1, 4);

	return now + (4 * DHCP_SECOND << doublings) - DHCP_SECOND +
	       prng_below(&c->prng, 2 * DHCP_SECOND + 1);
}

static uint64_t backoff(struct dhcp_client *c, uint64_t now)
{
	return backoff_after(c, c->attempt, now);
}

/* What who has a lease waits for: its next REQUEST, and what it has begun beside that. */
static uint64_t lease_deadline(const struct dhcp_client *c)
{
	bool is_bound = c->state == DHCP_CLIENT_BOUND;
	uint64_t deadline = is_bound ? c->t1 : c->retry_at;

	if (c->announcements_left)
		deadline = min_u64(deadline, c->announce_at);
	if (is_bound && c->inform_xid && c->inform_again)
		deadline = min_u64(deadline, c->inform_again);
	return deadline;
}

/* RFC 2131 section 4.4.5: half of the time that is left, at least a minute, never past @until. */
static uint64_t half_way(uint64_t now, uint64_t until)
{
	if (until == DHCP_NEVER)
		return now + RENEW_MIN;
	if (until <= now)
		return until;
	return min_u64(until, now + max_u64((until - now) / 2, RENEW_MIN));
}

static int wait_at_random(struct dhcp_client *c, const struct dhcp_event *ev,
			  struct dhcp_actions *out)
{
	uint64_t least = c->opt.init_delay < DELAY_MIN ? 0 : DELAY_MIN;

	c->deadline = ev->now + least + prng_below(&c->prng, c->opt.init_delay - least + 1);
	return 0;
}
const struct client_act client_act_wait = { "wait a random time", wait_at_random };

static int discover_again(struct dhcp_client *c, const struct dhcp_event *ev,
			  struct dhcp_actions *out)
{
	int r;

	r = client_send_discover(c, ev->now, out);
	if (r < 0)
		return r;

	c->discover_secs = client_secs(c, ev->now);	/* its REQUEST will say the same */
	count_attempt(c);
	c->deadline = backoff(c, ev->now);
	return 0;
}
const struct client_act client_act_discover_again = { "send DHCPDISCOVER again", discover_again };

static int discover(struct dhcp_client *c, const struct dhcp_event *ev, struct dhcp_actions *out)
{
	forget_lease(c);
	begin_exchange(c, ev->now);
	return discover_again(c, ev, out);
}
const struct client_act client_act_discover = { "send DHCPDISCOVER", discover };

static int request_again(struct dhcp_client *c, const struct dhcp_event *ev,
			 struct dhcp_actions *out)
{
	int r;

	r = client_send_request(c, ev->now, out);
	if (r < 0)
		return r;

	count_attempt(c);
	c->deadline = min_u64(backoff(c, ev->now), c->expires);
	return 0;
}
const struct client_act client_act_request_again = { "send DHCPREQUEST again", request_again };

static void take_offer(struct dhcp_client *c, const struct dhcp_event *ev)
{
	c->lease.address = ev->rx.msg->yiaddr;
	c->lease.server_id = client_server_of(ev);
	c->nonce_promised = dhcp_message_has(ev->rx.msg, DHCP_OPT_FORCERENEW_NONCE);
}

/* Same xid as the OFFER (table 5); the lease will count from now. */
static int request_kept(struct dhcp_client *c, const struct dhcp_event *ev,
			struct dhcp_actions *out)
{
	c->request_sent = ev->now;
	c->attempt = 0;
	return request_again(c, ev, out);
}
const struct client_act client_act_request_kept = { "send DHCPREQUEST for the offer that it has",
						    request_kept };

static int request(struct dhcp_client *c, const struct dhcp_event *ev, struct dhcp_actions *out)
{
	take_offer(c, ev);
	return request_kept(c, ev, out);
}
const struct client_act client_act_request = { "send DHCPREQUEST", request };

/* RFC 2131 section 4.4.1 leaves open for how long; no DISCOVER is sent meanwhile. */
static int keep_offer(struct dhcp_client *c, const struct dhcp_event *ev,
		      struct dhcp_actions *out)
{
	take_offer(c, ev);
	c->deadline = ev->now + c->opt.collect;
	return 0;
}
const struct client_act client_act_keep_offer = { "keep the offer, wait for others", keep_offer };

static int pass_over(struct dhcp_client *c, const struct dhcp_event *ev, struct dhcp_actions *out)
{
	return 0;
}
const struct client_act client_act_pass_over = { "pass the offer over", pass_over };

static int reboot(struct dhcp_client *c, const struct dhcp_event *ev, struct dhcp_actions *out)
{
	if (!c->lease.server_id)	/* no more is known of it than the address */
		c->lease.address = c->last_address;
	c->probing = false;
	begin_exchange(c, ev->now);
	return request_again(c, ev, out);
}
const struct client_act client_act_reboot = { "send DHCPREQUEST for the old address", reboot };

/*
 * RFC 5227 section 2.1: who comes back to a link probes for the address before it is used
 * again. Until then it is off the interface, and the lease is remembered.
 */
static int reboot_anew(struct dhcp_client *c, const struct dhcp_event *ev,
		       struct dhcp_actions *out)
{
	int r;

	r = reboot(c, ev, out);
	if (r < 0 || !c->configured || !c->opt.conflict_probes)
		return r;

	client_action(out, DHCP_ACTION_DECONFIGURE)->config = c->lease;
	c->configured = false;
	c->reboot_until = c->expires;
	return 0;
}
const struct client_act client_act_reboot_anew = {
	"send DHCPREQUEST for the old address, which is to be probed again", reboot_anew
};

static void use_lease(struct dhcp_client *c, struct dhcp_actions *out)
{
	c->configured = true;
	c->probing = false;
	c->refusals = 0;
	c->last_address = c->lease.address;
	c->reboot_until = 0;
	c->deadline = lease_deadline(c);
	client_action(out, DHCP_ACTION_CONFIGURE)->config = c->lease;
}

static int announce(struct dhcp_client *c, const struct dhcp_event *ev,
		    struct dhcp_actions *out)
{
	client_action(out, DHCP_ACTION_ANNOUNCE)->announce = c->lease.address;
	c->announcements_left--;
	c->announce_at = ev->now + ANNOUNCE_INTERVAL;
	c->deadline = lease_deadline(c);
	return 0;
}
const struct client_act client_act_announce = { "announce the address again", announce };

/* The deadline stays as it is: whoever renews goes on renewing. */
static int defend(struct dhcp_client *c, const struct dhcp_event *ev, struct dhcp_actions *out)
{
	client_action(out, DHCP_ACTION_ANNOUNCE)->announce = c->lease.address;
	c->defended_until = ev->now + DEFEND_INTERVAL;
	client_note(c, out, "somebody else uses it too: an announcement says once that it is ours",
	     "RFC 5227 section 2.4 (b)");
	return 0;
}
const struct client_act client_act_defend = { "announce that the address is ours", defend };

static int bind_probed(struct dhcp_client *c, const struct dhcp_event *ev,
		       struct dhcp_actions *out)
{
	use_lease(c, out);
	c->announcements_left = ANNOUNCE_NUM;
	return announce(c, ev, out);
}
const struct client_act client_act_bind_probed = { "use the address, announce it", bind_probed };

static int bind(struct dhcp_client *c, const struct dhcp_event *ev, struct dhcp_actions *out)
{
	client_take_lease(c, ev, out);
	use_lease(c, out);
	return 0;
}
const struct client_act client_act_bind = { "record the lease, set T1 and T2", bind };

/* From this probe to the next, or to the end of the wait after the last. */
static uint64_t probe_gap(struct dhcp_client *c)
{
	if (c->probes_left)
		return PROBE_MIN + prng_below(&c->prng, PROBE_MAX - PROBE_MIN + 1);
	return c->opt.conflict_wait ? c->opt.conflict_wait : ANNOUNCE_WAIT;
}

static int probe(struct dhcp_client *c, const struct dhcp_event *ev, struct dhcp_actions *out)
{
	client_action(out, DHCP_ACTION_PROBE)->probe = c->lease.address;
	c->probes_left--;
	c->deadline = min_u64(ev->now + probe_gap(c), c->expires);
	return 0;
}
const struct client_act client_act_probe = { "send an ARP probe", probe };

/* RFC 5227 section 2.1.1 */
static int begin_probes(struct dhcp_client *c, const struct dhcp_event *ev,
			struct dhcp_actions *out)
{
	c->probing = true;
	c->probes_left = c->opt.conflict_probes;
	/* Clients that come up together shall not probe together. */
	c->deadline = min_u64(ev->now + prng_below(&c->prng, PROBE_WAIT + 1), c->expires);
	return c->opt.conflict_wait ? probe(c, ev, out) : 0;
}
const struct client_act client_act_begin_probes = { "prepare to probe by ARP", begin_probes };

static int probe_first(struct dhcp_client *c, const struct dhcp_event *ev,
		       struct dhcp_actions *out)
{
	client_take_lease(c, ev, out);
	begin_probes(c, ev, out);
	client_note(c, out, "given, and ours if nobody answers an ARP probe for it",
	     "RFC 5227 section 2.1");
	return 0;
}
const struct client_act client_act_probe_first = { "record the lease, prepare to probe by ARP",
						   probe_first };

static int keep(struct dhcp_client *c, const struct dhcp_event *ev, struct dhcp_actions *out)
{
	c->deadline = lease_deadline(c);
	/* A link that was down has lost its routes, whatever it kept. */
	client_action(out, DHCP_ACTION_CONFIGURE)->config = c->lease;
	return 0;
}
const struct client_act client_act_keep = { "keep the lease", keep };

/*
 * A server that answers each REQUEST with a NAK must not get a client to
 * flood the net: about 1 s of pause, then 2, 4 ... up to 64 until a lease comes.
 */
static int refused(struct dhcp_client *c, const struct dhcp_event *ev, struct dhcp_actions *out)
{
	uint64_t pause = DHCP_SECOND << c->refusals;

	drop_lease(c, out);
	c->last_address = 0;
	if (c->refusals < REFUSALS_MAX)
		c->refusals++;
	c->deadline = ev->now + pause / 2 + prng_below(&c->prng, pause + 1);
	return 0;
}
const struct client_act client_act_refused = { "give up the address, pause", refused };

static int give_up(struct dhcp_client *c, const struct dhcp_event *ev, struct dhcp_actions *out)
{
	forget_lease(c);
	c->reboot_until = 0;
	c->deadline = ev->now;
	return 0;
}
const struct client_act client_act_give_up = { "begin anew at once", give_up };

static int expire(struct dhcp_client *c, const struct dhcp_event *ev, struct dhcp_actions *out)
{
	drop_lease(c, out);
	c->deadline = ev->now;
	return 0;
}
const struct client_act client_act_expire = { "halt the network, begin anew at once", expire };

/* RFC 5227 section 2.1.1: a net full of conflicts shall not be full of probes too. */
static uint64_t pause_after_decline(const struct dhcp_client *c)
{
	return c->conflicts < MAX_CONFLICTS ? DECLINE_PAUSE : RATE_LIMIT_INTERVAL;
}

static int decline(struct dhcp_client *c, const struct dhcp_event *ev, struct dhcp_actions *out)
{
	int r;

	c->xid = new_xid(c);
	r = client_send_decline(c, out);
	if (r < 0)
		return r;

	drop_lease(c, out);
	c->last_address = 0;
	if (c->conflicts < MAX_CONFLICTS)
		c->conflicts++;
	c->deadline = ev->now + pause_after_decline(c);
	return 0;
}
const struct client_act client_act_decline = { "send DHCPDECLINE, pause", decline };

static int ipv6_only(struct dhcp_client *c, const struct dhcp_event *ev, struct dhcp_actions *out)
{
	uint32_t sec = 0;

	/* The guard has seen that it is there. */
	(void)dhcp_message_get_u32(ev->rx.msg, DHCP_OPT_IPV6_ONLY, &sec);
	drop_lease(c, out);
	c->reboot_until = 0;
	c->ipv6_only = true;
	c->no_auto_configure = client_is_forbidden_own(c, ev->rx.msg);	/* section 3.3.1 */
	c->deadline = ev->now + max_u64(sec, MIN_V6ONLY_WAIT) * DHCP_SECOND;
	return 0;
}
const struct client_act client_act_ipv6_only = { "do without IPv4 for V6ONLY_WAIT", ipv6_only };

/* RFC 2563 section 2.2: others may still offer one, so the DISCOVERs go on. */
static int go_without(struct dhcp_client *c, const struct dhcp_event *ev,
		      struct dhcp_actions *out)
{
	c->no_auto_configure = true;
	return 0;
}
const struct client_act client_act_go_without = { "make no address up, ask on", go_without };

static int release(struct dhcp_client *c, const struct dhcp_event *ev, struct dhcp_actions *out)
{
	int r;

	c->xid = new_xid(c);
	r = client_send_release(c, out);
	if (r < 0)
		return r;

	drop_lease(c, out);
	c->deadline = DHCP_NEVER;
	return 0;
}
const struct client_act client_act_release = { "send DHCPRELEASE, halt the network", release };

/* Without a RELEASE the lease runs on: START will ask for it again. */
static int halt(struct dhcp_client *c, const struct dhcp_event *ev, struct dhcp_actions *out)
{
	if (c->configured)
		c->reboot_until = c->expires;
	drop_lease(c, out);
	c->deadline = DHCP_NEVER;
	return 0;
}
const struct client_act client_act_halt = { "halt the network", halt };

static int renew_again(struct dhcp_client *c, const struct dhcp_event *ev,
		       struct dhcp_actions *out)
{
	int r;

	r = client_send_request(c, ev->now, out);
	if (r < 0)
		return r;

	count_attempt(c);
	c->retry_at = half_way(ev->now, c->t2);
	c->deadline = lease_deadline(c);
	return 0;
}
const struct client_act client_act_renew_again = { "send DHCPREQUEST to the leasing server again",
						   renew_again };

static int renew(struct dhcp_client *c, const struct dhcp_event *ev, struct dhcp_actions *out)
{
	begin_exchange(c, ev->now);
	return renew_again(c, ev, out);
}
const struct client_act client_act_renew = { "send DHCPREQUEST to the leasing server", renew };

static int rebind_again(struct dhcp_client *c, const struct dhcp_event *ev,
			struct dhcp_actions *out)
{
	int r;

	r = client_send_request(c, ev->now, out);
	if (r < 0)
		return r;

	count_attempt(c);
	c->retry_at = half_way(ev->now, c->expires);
	c->deadline = lease_deadline(c);
	return 0;
}
const struct client_act client_act_rebind_again = { "broadcast DHCPREQUEST again", rebind_again };

/* secs go on counting from T1: it is still the same renewal (RFC 2131 section 2, table 1). */
static int rebind(struct dhcp_client *c, const struct dhcp_event *ev, struct dhcp_actions *out)
{
	uint64_t start = out->from == DHCP_CLIENT_RENEWING ? c->exchange_start : ev->now;

	begin_exchange(c, ev->now);
	c->exchange_start = start;
	return rebind_again(c, ev, out);
}
const struct client_act client_act_rebind = { "broadcast DHCPREQUEST", rebind };

/* Whatever comes of it: the same FORCERENEW does not count again. */
static void take_replay(struct dhcp_client *c, const struct dhcp_event *ev)
{
	struct auth a;

	if (client_read_auth(ev->rx.msg, &a))
		c->replay = a.replay;
}

static int renew_forced(struct dhcp_client *c, const struct dhcp_event *ev,
			struct dhcp_actions *out)
{
	take_replay(c, ev);
	return renew(c, ev, out);
}
const struct client_act client_act_renew_forced = { "send DHCPREQUEST to the leasing server",
						    renew_forced };

static int renew_again_forced(struct dhcp_client *c, const struct dhcp_event *ev,
			      struct dhcp_actions *out)
{
	take_replay(c, ev);
	return renew_again(c, ev, out);
}
const struct client_act client_act_renew_again_forced = {
	"send DHCPREQUEST to the leasing server again", renew_again_forced
};

static int rebind_again_forced(struct dhcp_client *c, const struct dhcp_event *ev,
			       struct dhcp_actions *out)
{
	take_replay(c, ev);
	return rebind_again(c, ev, out);
}
const struct client_act client_act_rebind_again_forced = { "broadcast DHCPREQUEST again",
							   rebind_again_forced };

static int inform_again(struct dhcp_client *c, const struct dhcp_event *ev,
			struct dhcp_actions *out)
{
	int r = client_send_inform(c, out);

	if (r < 0 || c->state != DHCP_CLIENT_BOUND)
		return r;	/* while the lease is being extended, that has the timer */

	c->inform_attempt++;
	c->inform_again = backoff_after(c, c->inform_attempt, ev->now);
	c->deadline = lease_deadline(c);
	return 0;
}
const struct client_act client_act_inform_again = { "send DHCPINFORM again", inform_again };

static int inform(struct dhcp_client *c, const struct dhcp_event *ev, struct dhcp_actions *out)
{
	c->inform_xid = new_xid(c);
	c->inform_attempt = 0;
	c->inform_again = 0;
	return inform_again(c, ev, out);
}
const struct client_act client_act_inform = { "send DHCPINFORM", inform };

static int inform_over(struct dhcp_client *c, const struct dhcp_event *ev,
		       struct dhcp_actions *out)
{
	c->inform_xid = 0;
	c->deadline = lease_deadline(c);
	client_note(c, out, "no server answered the INFORM: the parameters stay as they are",
	     RFC2131("4.4.3"));
	return 0;
}
const struct client_act client_act_inform_over = { "give the INFORM up", inform_over };

/* Parameters, and neither address nor lease times (RFC 2131 section 3.4). */
static int informed(struct dhcp_client *c, const struct dhcp_event *ev, struct dhcp_actions *out)
{
	c->inform_xid = 0;
	if (c->state == DHCP_CLIENT_BOUND)
		c->deadline = lease_deadline(c);
	client_take_parameters(c, ev->rx.msg, out);
	client_take_nonce(c, ev->rx.msg);
	client_action(out, DHCP_ACTION_CONFIGURE)->config = c->lease;
	return 0;
}
const struct client_act client_act_informed = { "take the parameters", informed };
