/* SPDX-License-Identifier: MIT */
/* host.c - what a client says of its lease, and what the kernel has: addresses, routes, ways. */
#include <errno.h>
#include <string.h>

#include "base/text.h"
#include "judge/private.h"
#include "judge/words.h"

#define PING_TIMEOUT_US 1000000

static bool has(const uint32_t *list, size_t n, uint32_t address)
{
	for (size_t i = 0; i < n; i++) {
		if (list[i] == address)
			return true;
	}
	return false;
}

/* Lab time, in the time that counts, at which the client came to the state; UINT64_MAX: never. */
static uint64_t reached(const struct court *c, const char *label, const char *state)
{
	const struct trace_log *log = c->ops->log(c->ctx);
	uint64_t late = UINT64_MAX;

	for (size_t i = 0; i < log->n; i++) {
		const struct trace_event *e = &log->event[i];

		if (e->kind != TRACE_STATE || e->t < c->e->after || strcmp(e->at, label) != 0 ||
		    strcmp(e->machine, "client") != 0 || strcmp(e->to, state) != 0)
			continue;
		if (is_in_time(c->e, e->t))
			return e->t;
		late = late == UINT64_MAX ? e->t : late;
	}
	return late;
}

/* Does the kernel have the address that the client says it put there? */
static bool kernel_has(const struct court *c, size_t iface, uint32_t address)
{
	struct judge_host cleanup_judge_host host = { 0 };

	if (c->ops->host(c->ctx, c->s->ifaces[iface].node, &host) < 0)
		return false;
	for (size_t a = 0; a < host.n_addresses; a++) {
		if (host.addresses[a].iface == iface && host.addresses[a].address == address)
			return true;
	}
	return false;
}

/* What of the lease itself is asked. False: ruled. */
static bool lease_is_right(const struct court *c, const struct judge_client *client,
			   const char *who)
{
	const struct scn_expect *e = c->e;
	char want[IP4_LEN], have[IP4_LEN];

	if (e->server && client->server != e->server)
		rule(c, JUDGE_FAIL, "%s has its lease from %s, not from %s", who,
		     client->server ? ip4_format(client->server, have) : "nobody",
		     ip4_format(e->server, want));
	else if (e->router && !has(client->router, client->n_router, e->router))
		rule(c, JUDGE_FAIL, "%s was not given router %s", who, ip4_format(e->router, want));
	else if (e->dns && !has(client->dns, client->n_dns, e->dns))
		rule(c, JUDGE_FAIL, "%s was not given DNS server %s", who,
		     ip4_format(e->dns, want));
	else if (e->lease_sec && e->lease_sec != client->lease_sec)
		rule(c, JUDGE_FAIL, "%s has its lease for %u s, not %u s", who, client->lease_sec,
		     e->lease_sec);
	else
		return true;
	return false;
}

static bool address_is_right(const struct court *c, size_t iface, uint32_t address, const char *who)
{
	const struct scn_expect *e = c->e;
	struct text cleanup_text range = { 0 };
	char text[IP4_LEN];

	words_range(&range, e->first, e->last);
	if (e->last && (address < e->first || address > e->last))
		rule(c, JUDGE_FAIL, "%s has %s, not %s", who,
		     address ? ip4_format(address, text) : "no address",
		     range.str ? range.str : "?");
	else if (address && !kernel_has(c, iface, address))
		rule(c, JUDGE_FAIL, "%s leases %s, but the address is not on the interface", who,
		     ip4_format(address, text));
	else
		return true;
	return false;
}

/* Did it come to the state in time? False: ruled. */
static bool time_is_right(const struct court *c, const char *who)
{
	const struct scn_expect *e = c->e;
	char within[DURATION_LEN], took[DURATION_LEN];
	uint64_t at;

	if (!e->within || !e->state[0])
		return true;
	at = reached(c, who, e->state);
	if (at != UINT64_MAX && is_in_time(e, at))
		return true;
	rule(c, JUDGE_FAIL, "%s is %s since %s after the start, not within %s", who, e->state,
	     at == UINT64_MAX ? "an unknown time" : duration_format(at, took),
	     duration_format(e->after + e->within, within));
	return false;
}

void judge_state(const struct court *c)
{
	const struct scn_expect *e = c->e;
	size_t iface = e->iface;	/* the parser has seen to it that there is one */
	const char *who = c->s->ifaces[iface].label;
	struct judge_client client = { 0 };
	struct text cleanup_text range = { 0 };
	char address[IP4_LEN];

	if (!c->ops->client(c->ctx, iface, &client)) {
		rule(c, JUDGE_FAIL, "%s runs no DHCP client", who);
		return;
	}
	if (e->state[0] && strcmp(e->state, client.state) != 0) {
		rule(c, JUDGE_FAIL, "%s is %s, not %s", who, client.state, e->state);
		return;
	}
	if (!address_is_right(c, iface, client.address, who) || !lease_is_right(c, &client, who) ||
	    !time_is_right(c, who))
		return;

	if (e->last && e->first != e->last) {
		text_add(&range, ", within ");
		words_range(&range, e->first, e->last);
	}
	rule(c, JUDGE_PASS, "%s is %s%s%s%s", who, client.state, client.address ? " to " : "",
	     client.address ? ip4_format(client.address, address) : "", range.str ? range.str : "");
}

void judge_ping(const struct court *c)
{
	const struct scn_expect *e = c->e;
	const char *who = words_subject(c->s, e);
	enum judge_result answered = e->count_last ? JUDGE_PASS : JUDGE_FAIL;
	enum judge_result silent = e->count_last ? JUDGE_FAIL : JUDGE_PASS;
	char address[IP4_LEN], rtt[DURATION_LEN];
	uint64_t rtt_us = 0;
	int r;

	ip4_format(e->ping, address);
	r = c->ops->ping(c->ctx, e->node, e->ping, PING_TIMEOUT_US, &rtt_us);
	if (r == 0 && rtt_us)
		rule(c, answered, "%s pings %s, reply in %s", who, address,
		     duration_format(rtt_us, rtt));
	else if (r == 0)
		rule(c, answered, "%s pings %s", who, address);
	else if (r == -ETIMEDOUT)
		rule(c, silent, "%s cannot ping %s: no reply in %s", who, address,
		     duration_format(PING_TIMEOUT_US, rtt));
	else
		rule(c, silent, "%s cannot ping %s: %s", who, address, strerror(-r));
}

void judge_route(const struct court *c)
{
	const struct scn_route *want = &c->e->route;
	const char *who = words_subject(c->s, c->e);
	struct judge_host cleanup_judge_host host = { 0 };
	struct text cleanup_text words = { 0 };
	bool wanted = c->e->count_last;
	char other[IP4_LEN] = "";
	int r;

	words_route(&words, want);
	r = c->ops->host(c->ctx, c->e->node, &host);
	if (r < 0) {
		rule(c, JUDGE_FAIL, "the routes of %s cannot be read: %s", who, strerror(-r));
		return;
	}
	for (size_t i = 0; i < host.n_routes; i++) {
		const struct judge_route *have = &host.routes[i];

		if (have->dest != want->dest || have->prefix_len != want->prefix_len)
			continue;
		if (!want->gateway || have->gateway == want->gateway) {
			rule(c, wanted ? JUDGE_PASS : JUDGE_FAIL, "%s has the route %s", who,
			     words.str);
			return;
		}
		ip4_format(have->gateway, other);
	}
	rule(c, wanted ? JUDGE_FAIL : JUDGE_PASS, "%s has no route %s%s%s", who,
	     words.str ? words.str : "", other[0] ? ", but via " : "", other);
}

/* The interface's address in the range, or else the first that it has; 0: it has none. */
static int find_address(const struct court *c, size_t iface, uint32_t *ret, bool *ret_in_range)
{
	struct judge_host cleanup_judge_host host = { 0 };
	uint32_t found = 0;
	bool in_range = false;
	int r = c->ops->host(c->ctx, c->e->node, &host);

	for (size_t a = 0; r == 0 && a < host.n_addresses && !in_range; a++) {
		uint32_t address = host.addresses[a].address;

		if (host.addresses[a].iface != iface)
			continue;
		in_range = address >= c->e->first && address <= c->e->last;
		if (in_range || !found)
			found = address;
	}
	if (r < 0) {
		rule(c, JUDGE_FAIL, "the addresses of %s cannot be read: %s",
		     words_subject(c->s, c->e), strerror(-r));
		return r;
	}
	*ret = found;
	*ret_in_range = in_range;
	return 0;
}

void judge_address(const struct court *c)
{
	const char *who = words_subject(c->s, c->e);
	struct text cleanup_text range = { 0 };
	char buf[IP4_LEN];
	uint32_t address;
	bool in_range;

	if (find_address(c, c->e->iface, &address, &in_range) < 0)
		return;
	words_range(&range, c->e->first, c->e->last);
	if (in_range)
		rule(c, JUDGE_PASS, "%s has %s", who, ip4_format(address, buf));
	else
		rule(c, JUDGE_FAIL, "%s has %s, not %s", who,
		     address ? ip4_format(address, buf) : "no address",
		     range.str ? range.str : "?");
}

/* Lab time at which an address of the range left the interface; UINT64_MAX: in that time never. */
static uint64_t removed(const struct court *c, const char *label)
{
	const struct trace_log *log = c->ops->log(c->ctx);

	for (size_t i = 0; i < log->n; i++) {
		const struct trace_event *e = &log->event[i];
		uint32_t address;
		uint8_t len;

		if (e->kind == TRACE_ADDRESS && is_in_time(c->e, e->t) &&
		    strcmp(e->at, label) == 0 && strcmp(e->op, "remove") == 0 &&
		    ip4_parse_prefix(e->text, &address, &len) == 0 && address >= c->e->first &&
		    address <= c->e->last)
			return e->t;
	}
	return UINT64_MAX;
}

void judge_no_address(const struct court *c)
{
	const struct scn_expect *e = c->e;
	size_t iface = e->iface;
	const char *who = c->s->ifaces[iface].label;
	char buf[IP4_LEN], from[DURATION_LEN], to[DURATION_LEN];
	uint32_t address;
	bool in_range;
	uint64_t at;

	if (find_address(c, iface, &address, &in_range) < 0)
		return;
	at = e->within ? removed(c, who) : 0;
	if (in_range)
		rule(c, JUDGE_FAIL, "%s has %s", who, ip4_format(address, buf));
	else if (at == UINT64_MAX)
		rule(c, JUDGE_FAIL, "%s lost no such address between %s and %s", who,
		     e->after ? duration_format(e->after, from) : "the start",
		     duration_format(e->after + e->within, to));
	else
		rule(c, JUDGE_PASS, "%s has no %saddress%s%s", who, address ? "such " : "",
		     at ? ", since " : "", at ? duration_format(at, from) : "");
}
