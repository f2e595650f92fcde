/* SPDX-License-Identifier: MIT */
#include "cli/judge.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cli/session.h"
#include "cli/words.h"

#define PING_TIMEOUT_US 1000000

/* All that the judge of one expectation looks at. */
struct court {
	const struct scenario *s;
	const struct scn_expect *e;
	const struct judge_ops *ops;
	void *ctx;
	struct judgement *ret;
};

static void rule(const struct court *c, enum judge_result result, const char *fmt, ...)
	PRINTF_LIKE(3, 4);

static void rule(const struct court *c, enum judge_result result, const char *fmt, ...)
{
	va_list ap;

	c->ret->result = result;
	va_start(ap, fmt);
	vsnprintf(c->ret->evidence, sizeof(c->ret->evidence), fmt, ap);
	va_end(ap);
}

/* The interface that is meant: the named one, or the node's first with a client, or its first. */
static size_t subject(const struct court *c)
{
	const struct scn_node *n;

	if (c->e->iface != NONE)
		return c->e->iface;
	if (c->e->node == NONE)
		return NONE;
	n = &c->s->nodes[c->e->node];
	for (size_t i = 0; i < n->n_ifaces; i++) {
		if (c->s->ifaces[n->ifaces[i]].client.on)
			return n->ifaces[i];
	}
	return n->n_ifaces ? n->ifaces[0] : NONE;
}

static bool array_has(const json_t *array, const char *word)
{
	const json_t *v;
	size_t i;

	json_array_foreach(array, i, v) {
		const char *s = json_string_value(v);

		if (s && strcmp(s, word) == 0)
			return true;
	}
	return false;
}

/* Lab time at which the interface's client first came to the state; UINT64_MAX: never. */
static uint64_t reached(const struct court *c, const char *label, const char *state)
{
	const struct trace_log *log = c->ops->log ? c->ops->log(c->ctx) : NULL;

	for (size_t i = 0; log && i < log->n; i++) {
		const struct trace_event *e = &log->event[i];

		if (e->kind == TRACE_STATE && strcmp(e->at, label) == 0 &&
		    strcmp(e->machine, "client") == 0 && strcmp(e->to, state) == 0)
			return e->t;
	}
	return UINT64_MAX;
}

/* Does the kernel have the address that the client says it put there? Unknown counts as yes. */
static bool kernel_has(const struct court *c, size_t iface, uint32_t address)
{
	const struct scn_iface *i = &c->s->ifaces[iface];
	struct netstate cleanup_netstate state = { 0 };
	const struct netstate_link *link;

	if (!c->ops->netstate || c->ops->netstate(c->ctx, i->node, &state) < 0)
		return true;
	link = netstate_find(&state, i->name);
	for (size_t a = 0; link && a < link->n_addresses; a++) {
		if (link->addresses[a].address == address)
			return true;
	}
	return false;
}

/* What of the lease itself is asked. False: ruled. */
static bool lease_is_right(const struct court *c, const json_t *client, const char *who)
{
	const struct scn_expect *e = c->e;
	const char *server = object_string(client, "server_id");
	char want[IP4_LEN];
	const json_t *seconds = json_object_get(client, "lease_seconds");
	uint32_t sec = json_is_number(seconds) ? (uint32_t)json_number_value(seconds) : UINT32_MAX;

	if (e->server && strcmp(server, ip4_format(e->server, want)) != 0)
		rule(c, JUDGE_FAIL, "%s has its lease from %s, not from %s", who, server, want);
	else if (e->router && !array_has(json_object_get(client, "router"),
					 ip4_format(e->router, want)))
		rule(c, JUDGE_FAIL, "%s was not given router %s", who, want);
	else if (e->dns && !array_has(json_object_get(client, "dns"), ip4_format(e->dns, want)))
		rule(c, JUDGE_FAIL, "%s was not given DNS server %s", who, want);
	else if (e->lease_sec && e->lease_sec != sec)
		rule(c, JUDGE_FAIL, "%s has its lease for %u s, not %u s", who, sec, e->lease_sec);
	else
		return true;
	return false;
}

static bool address_is_right(const struct court *c, size_t iface, const char *text, const char *who)
{
	const struct scn_expect *e = c->e;
	struct text cleanup_text range = { 0 };
	uint32_t address;

	if (ip4_parse(text, &address) < 0)
		address = 0;
	words_range(&range, e->first, e->last);
	if (e->last && (address < e->first || address > e->last))
		rule(c, JUDGE_FAIL, "%s has %s, not %s", who, address ? text : "no address",
		     range.str ? range.str : "?");
	else if (address && !kernel_has(c, iface, address))
		rule(c, JUDGE_FAIL, "%s leases %s, but the address is not on the interface", who,
		     text);
	else
		return true;
	return false;
}

static void judge_state(const struct court *c)
{
	const struct scn_expect *e = c->e;
	size_t iface = subject(c);
	const json_t *client = iface != NONE ? c->ops->client(c->ctx, iface) : NULL;
	const char *who = iface != NONE ? c->s->ifaces[iface].label : words_subject(c->s, e);
	const char *state = object_string(client, "state");
	const char *address = object_string(client, "address");
	char within[DURATION_LEN], took[DURATION_LEN];
	struct text cleanup_text range = { 0 };
	uint64_t at;

	if (!client) {
		rule(c, JUDGE_FAIL, "%s runs no DHCP client", who);
		return;
	}
	if (e->state[0] && strcmp(e->state, state) != 0) {
		rule(c, JUDGE_FAIL, "%s is %s, not %s", who, state, e->state);
		return;
	}
	if (!address_is_right(c, iface, address, who) || !lease_is_right(c, client, who))
		return;
	at = e->within && e->state[0] ? reached(c, who, e->state) : 0;
	if (at > e->within && e->within) {
		rule(c, JUDGE_FAIL, "%s is %s since %s after the start, not within %s", who, state,
		     at == UINT64_MAX ? "an unknown time" : duration_format(at, took),
		     duration_format(e->within, within));
		return;
	}

	if (e->last && e->first != e->last) {
		text_add(&range, ", within ");
		words_range(&range, e->first, e->last);
	}
	rule(c, JUDGE_PASS, "%s is %s%s%s%s", who, state, address[0] ? " to " : "", address,
	     range.str ? range.str : "");
}

/* Was the message sent by the client of @i, or sent in one of its transactions? */
static bool is_own(const struct trace_event *e, const struct scn_iface *i)
{
	return e->kind == TRACE_MESSAGE && memcmp(e->msg.src_mac, i->mac, 6) == 0;
}

static bool is_own_transaction(const struct trace_log *log, const struct scn_iface *i, uint32_t xid)
{
	for (size_t n = 0; n < log->n; n++) {
		if (is_own(&log->event[n], i) && log->event[n].msg.xid == xid)
			return true;
	}
	return false;
}

/*
 * How many of the expected messages came, in their order, among those of the
 * interface's own transactions (@i NULL: of all), with @xid if @one_xid. On
 * which cable does not matter: behind a switch the replies enter another one.
 */
static size_t follow(const struct court *c, const struct trace_log *log, const struct scn_iface *i,
		     bool one_xid, uint32_t xid)
{
	size_t found = 0;

	for (size_t n = 0; n < log->n && found < c->e->n_messages; n++) {
		const struct trace_event *e = &log->event[n];

		if (e->kind != TRACE_MESSAGE || e->msg.type != c->e->messages[found])
			continue;
		if (one_xid && e->msg.xid != xid)
			continue;
		if (!i || is_own_transaction(log, i, e->msg.xid))
			found++;
	}
	return found;
}

/* The most that any one transaction has of the messages. */
static size_t follow_one(const struct court *c, const struct trace_log *log,
			 const struct scn_iface *i)
{
	size_t best = 0;

	for (size_t n = 0; n < log->n && best < c->e->n_messages; n++) {
		const struct trace_event *e = &log->event[n];
		size_t found;

		/* A transaction is tried where its first message comes. */
		if (e->kind != TRACE_MESSAGE || e->msg.type != c->e->messages[0])
			continue;
		found = follow(c, log, i, true, e->msg.xid);
		best = found > best ? found : best;
	}
	return best;
}

static void judge_messages(const struct court *c)
{
	const struct scn_expect *e = c->e;
	size_t iface = subject(c);
	const struct scn_iface *i = iface != NONE ? &c->s->ifaces[iface] : NULL;
	const struct trace_log *log = c->ops->log(c->ctx);
	struct text cleanup_text want = { 0 };
	size_t found;

	found = e->same_transaction ? follow_one(c, log, i) : follow(c, log, i, false, 0);
	if (found == e->n_messages) {
		words_messages(&want, e->messages, e->n_messages);
		rule(c, JUDGE_PASS, "%s%s", want.str ? want.str : "nothing",
		     e->same_transaction ? ", one transaction id" : "");
		return;
	}
	words_messages(&want, e->messages, found);
	rule(c, JUDGE_FAIL, "%s: no %s %s%s%s", words_subject(c->s, e),
	     dhcp_type_name(e->messages[found]), found ? "after " : "was seen",
	     want.str ? want.str : "", e->same_transaction ? " in one transaction" : "");
}

static void judge_ping(const struct court *c)
{
	const struct scn_expect *e = c->e;
	const char *who = words_subject(c->s, e);
	char address[IP4_LEN], rtt[DURATION_LEN];
	uint64_t rtt_us = 0;
	int r;

	ip4_format(e->ping, address);
	r = c->ops->ping(c->ctx, e->node, e->ping, PING_TIMEOUT_US, &rtt_us);
	if (r == 0 && rtt_us)
		rule(c, JUDGE_PASS, "%s pings %s, reply in %s", who, address,
		     duration_format(rtt_us, rtt));
	else if (r == 0)
		rule(c, JUDGE_PASS, "%s pings %s", who, address);
	else if (r == -ETIMEDOUT)
		rule(c, JUDGE_FAIL, "%s cannot ping %s: no reply in %s", who, address,
		     duration_format(PING_TIMEOUT_US, rtt));
	else
		rule(c, JUDGE_FAIL, "%s cannot ping %s: %s", who, address, strerror(-r));
}

static void judge_route(const struct court *c)
{
	const struct scn_route *want = &c->e->route;
	const char *who = words_subject(c->s, c->e);
	struct netstate cleanup_netstate state = { 0 };
	struct text cleanup_text words = { 0 };
	char other[IP4_LEN] = "";
	int r;

	words_route(&words, want);
	r = c->ops->netstate(c->ctx, c->e->node, &state);
	if (r < 0) {
		rule(c, JUDGE_FAIL, "the routes of %s cannot be read: %s", who, strerror(-r));
		return;
	}
	for (size_t i = 0; i < state.n_routes; i++) {
		const struct netstate_route *have = &state.routes[i];

		if (have->dest != want->dest || have->prefix_len != want->prefix_len)
			continue;
		if (!want->gateway || have->gateway == want->gateway) {
			rule(c, JUDGE_PASS, "%s has the route %s", who, words.str);
			return;
		}
		ip4_format(have->gateway, other);
	}
	rule(c, JUDGE_FAIL, "%s has no route %s%s%s", who, words.str ? words.str : "",
	     other[0] ? ", but via " : "", other);
}

static void judge_address(const struct court *c)
{
	const struct scn_expect *e = c->e;
	const char *who = words_subject(c->s, e);
	struct netstate cleanup_netstate state = { 0 };
	struct text cleanup_text range = { 0 }, have = { 0 };
	const struct netstate_link *link;
	size_t iface = subject(c);
	char buf[IP4_LEN];
	int r;

	r = c->ops->netstate(c->ctx, e->node, &state);
	link = r == 0 && iface != NONE ? netstate_find(&state, c->s->ifaces[iface].name) : NULL;
	if (!link) {
		rule(c, JUDGE_FAIL, "the addresses of %s cannot be read: %s", who,
		     r < 0 ? strerror(-r) : "there is no such interface");
		return;
	}
	for (size_t a = 0; a < link->n_addresses; a++) {
		uint32_t address = link->addresses[a].address;

		if (address >= e->first && address <= e->last) {
			rule(c, JUDGE_PASS, "%s has %s", who, ip4_format(address, buf));
			return;
		}
		text_add(&have, "%s%s", a ? ", " : "", ip4_format(address, buf));
	}
	words_range(&range, e->first, e->last);
	rule(c, JUDGE_FAIL, "%s has %s, not %s", who, have.str ? have.str : "no address",
	     range.str ? range.str : "?");
}

void judge(const struct scenario *s, const struct scn_expect *e, const struct judge_ops *ops,
	   void *ctx, struct judgement *ret)
{
	const struct court c = { s, e, ops, ctx, ret };
	bool can = false;

	switch (e->kind) {
	case SCN_EXPECT_STATE:
		can = ops->client;
		if (can)
			judge_state(&c);
		break;
	case SCN_EXPECT_MESSAGES:
		can = ops->log;
		if (can)
			judge_messages(&c);
		break;
	case SCN_EXPECT_PING:
		can = ops->ping;
		if (can)
			judge_ping(&c);
		break;
	case SCN_EXPECT_ROUTE:
		can = ops->netstate;
		if (can)
			judge_route(&c);
		break;
	case SCN_EXPECT_ADDRESS:
		can = ops->netstate;
		if (can)
			judge_address(&c);
		break;
	}
	if (!can)
		rule(&c, JUDGE_SKIP, "cannot be judged here");
}

const char *judge_result_name(enum judge_result r)
{
	static const char *const names[] = {
		[JUDGE_PASS] = "pass",
		[JUDGE_FAIL] = "fail",
		[JUDGE_SKIP] = "skip",
	};

	return names[r];
}
