/* SPDX-License-Identifier: MIT */
/*
 * test_year.c - a client and a server that lives badly, for a year at a time.
 *
 * Messages are lost, late and doubled; the server is away for hours and comes
 * back with its memory lost; the client is carried to another subnet, and back;
 * the user does what users do. Whatever happens, the
 * rules of RFC 2131 hold at every moment: they are checked after each step.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include <netlab/dhcp_client.h>
#include <netlab/dhcp_server.h>

#include "base/addr.h"
#include "base/prng.h"
#include "base/util.h"

#define S DHCP_SECOND
#define MINUTE (60 * S)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)
#define NET 0x0a000000u
#define IN_FLIGHT 64	/* more than can be under way in the longest delay */
#define STUCK 20	/* steps of a client in one microsecond */

struct packet {
	uint64_t at;
	bool to_server;
	struct dhcp_send send;
};

/**
 * struct year - the world of one run
 * @restart_at: the server goes, or comes back; @user_at: the user does something;
 *	@move_at: the client is carried to the other subnet, which becomes @net
 * @promised: until when the server has given @client's address away, as it counts
 * @on_interface: its expires; 0: no address is on the interface
 * @sent_*: the last message of the client, for the time to the next
 * @asked_at: its last REQUEST, the first of an exchange: from there leases count;
 *	@asked_xid: of which; @bound_at: when it became BOUND
 * @by_hand: the user, not a timer, has moved the client since
 */
struct year {
	uint64_t prng, now, restart_at, user_at, move_at, promised;
	uint32_t net;
	struct dhcp_client client;
	struct dhcp_server_options server_opt;
	void *mem;
	struct dhcp_server *server;	/* NULL: away */
	struct dhcp_actions out;
	struct packet packets[IN_FLIGHT];
	size_t n_packets;

	uint64_t on_interface, with_address;
	uint32_t address;
	uint64_t sent_at, sent_t2, sent_expires, asked_at, bound_at;
	uint32_t sent_xid, asked_xid;
	uint8_t sent_type, sent_state;
	unsigned int tries, stuck, restarts, moves, binds, renewals, expiries, naks;
	bool by_hand;
};

/* ---- the rules ---- */

static uint64_t half_or_minute(uint64_t left)
{
	return max_u64(left / 2, MINUTE);
}

/* RFC 2131 sections 4.1 and 4.4.5: how long after the last one the same message comes again. */
static void check_again(const struct year *y)
{
	uint64_t gap = y->now - y->sent_at;
	uint64_t usual = 4 * S << min_u64(y->tries - 1, 4);

	switch ((enum dhcp_client_state)y->sent_state) {
	case DHCP_CLIENT_SELECTING:
	case DHCP_CLIENT_REQUESTING:
	case DHCP_CLIENT_REBOOTING:
		assert_in_range(gap, usual - S, usual + S);
		assert_true(y->sent_state == DHCP_CLIENT_SELECTING || y->tries < 4);
		return;
	case DHCP_CLIENT_RENEWING:
		assert_true(gap == half_or_minute(y->sent_t2 - y->sent_at));
		assert_true(y->now < y->sent_t2);
		return;
	case DHCP_CLIENT_REBINDING:
		assert_true(gap == half_or_minute(y->sent_expires - y->sent_at));
		assert_true(y->now < y->sent_expires);
		return;
	case DHCP_CLIENT_BOUND:
		assert_int_equal(y->sent_type, DHCP_INFORM);
		assert_in_range(gap, usual - S, usual + S);
		assert_true(y->tries < 4);
		return;
	case DHCP_CLIENT_STOPPED:
	case DHCP_CLIENT_INIT:
	case DHCP_CLIENT_INIT_REBOOT:
		break;
	}
	fail_msg("%s sends again", dhcp_client_state_name(y->sent_state));
}

static bool is_with_lease(enum dhcp_client_state s)
{
	return s == DHCP_CLIENT_BOUND || s == DHCP_CLIENT_RENEWING || s == DHCP_CLIENT_REBINDING;
}

/* RFC 2131 section 4.4: an address is in use exactly while its lease runs. */
static void check_client(struct year *y)
{
	const struct dhcp_client *c = &y->client;

	assert_int_equal(c->configured, y->on_interface != 0);
	if (c->state != DHCP_CLIENT_REBOOTING)	/* where a lease may run on, or not */
		assert_int_equal(is_with_lease(c->state), c->configured);
	if (!y->on_interface)
		return;

	assert_int_equal(c->lease.address, y->address);
	assert_true(y->on_interface == c->expires);
	assert_true(y->now < y->on_interface);
	assert_true(y->on_interface <= y->promised);	/* never longer than the server thinks */
	assert_true(c->t1 < c->t2 && c->t2 < c->expires && c->deadline <= c->expires);
}

/* ---- messages ---- */

static bool one_in(struct year *y, uint64_t n)
{
	return prng_below(&y->prng, n) == 0;
}

static void post(struct year *y, const struct dhcp_send *send, bool to_server)
{
	struct packet *p;

	if (one_in(y, 8))
		return;
	assert_true(y->n_packets < IN_FLIGHT);
	p = &y->packets[y->n_packets++];
	p->at = y->now + 1 + prng_below(&y->prng, one_in(y, 10) ? 5 * S : S / 100);
	p->to_server = to_server;
	p->send = *send;
	if (one_in(y, 20))
		post(y, send, to_server);
}

static void note_sent(struct year *y, const struct dhcp_send *send)
{
	bool again = y->tries && y->sent_xid == y->client.xid && y->sent_type == send->type &&
		     y->sent_state == y->client.state &&
		     !(y->by_hand && send->type == DHCP_INFORM);

	if (again && !y->by_hand)
		check_again(y);
	if (send->type == DHCP_REQUEST && y->asked_xid != y->client.xid) {
		y->asked_at = y->now;
		y->asked_xid = y->client.xid;
	}
	y->tries = again ? y->tries + 1 : 1;
	y->by_hand = false;
	y->sent_at = y->now;
	y->sent_xid = y->client.xid;
	y->sent_type = send->type;
	y->sent_state = (uint8_t)y->client.state;
	y->sent_t2 = y->client.t2;
	y->sent_expires = y->client.expires;
}

/*
 * RFC 2131 section 4.4.1: from the REQUEST on; section 4.4.5: T1 and T2 as the
 * server says, give or take a second. An INFORM changes nothing of it.
 */
static void check_lease(const struct year *y, const struct dhcp_config *c)
{
	uint64_t lease = c->lease_sec * S;

	if (c->expires == y->on_interface)
		return;
	assert_true(c->expires == y->asked_at + lease);
	assert_in_range(y->client.t1 - y->asked_at, lease / 2 - S, lease / 2 + S);
	assert_in_range(y->client.t2 - y->asked_at, lease / 8 * 7 - S, lease / 8 * 7 + S);
}

/* Section 4.4.5: at T1 and at T2, or at once where they came while it was not BOUND. */
static void check_timer(const struct year *y, unsigned int from)
{
	const struct dhcp_client *c = &y->client;

	if (from == DHCP_CLIENT_BOUND && c->state == DHCP_CLIENT_RENEWING)
		assert_true(y->now == max_u64(c->t1, y->bound_at));
	if (from == DHCP_CLIENT_RENEWING && c->state == DHCP_CLIENT_REBINDING)
		assert_true(y->now == c->t2);
}

static void client_acts(struct year *y)
{
	for (unsigned int i = 0; i < y->out.n; i++) {
		const struct dhcp_action *a = &y->out.action[i];

		switch (a->type) {
		case DHCP_ACTION_SEND:
			note_sent(y, &a->send);
			post(y, &a->send, true);
			break;
		case DHCP_ACTION_CONFIGURE:
			assert_true(!y->on_interface || y->address == a->config.address);
			check_lease(y, &a->config);
			y->on_interface = a->config.expires;
			y->address = a->config.address;
			break;
		case DHCP_ACTION_DECONFIGURE:
			assert_true(y->on_interface && y->address == a->config.address);
			y->on_interface = 0;
			break;
		case DHCP_ACTION_PROBE:
		case DHCP_ACTION_ANNOUNCE:
		case DHCP_ACTION_NOTE:
		case DHCP_ACTION_COMMIT:
			break;
		}
	}
}

static void client_step(struct year *y, struct dhcp_event *ev)
{
	unsigned int from = y->client.state;

	ev->now = y->now;
	if (dhcp_client_step(&y->client, ev, &y->out) != 1)
		return;

	client_acts(y);
	check_client(y);
	if (ev->type == DHCP_EVENT_DEADLINE)
		check_timer(y, from);
	if (from != DHCP_CLIENT_BOUND && y->client.state == DHCP_CLIENT_BOUND)
		y->bound_at = y->now;
	y->binds += from == DHCP_CLIENT_REQUESTING && y->client.state == DHCP_CLIENT_BOUND;
	y->renewals += is_with_lease(from) && from != DHCP_CLIENT_BOUND &&
		       y->client.state == DHCP_CLIENT_BOUND;
	y->expiries += from == DHCP_CLIENT_REBINDING && y->client.state == DHCP_CLIENT_INIT &&
		       ev->type == DHCP_EVENT_DEADLINE;
	y->naks += ev->type == DHCP_EVENT_RX && ev->rx.msg->type == DHCP_NAK;
}

/* What an ACK promises, by the server's clock. */
static void note_promise(struct year *y, const struct dhcp_send *send)
{
	struct dhcp_message m;
	uint32_t sec;

	if (send->type != DHCP_ACK)
		return;
	assert_int_equal(dhcp_message_decode(send->data, send->len, &m, NULL, NULL), 0);
	if (dhcp_message_get_u32(&m, DHCP_OPT_LEASE_TIME, &sec) < 0)
		return;		/* to an INFORM */
	assert_true(ip4_in_prefix(m.yiaddr, y->net, 24));
	y->promised = max_u64(y->promised, y->now + sec * S);
}

static void server_step(struct year *y, struct dhcp_event *ev)
{
	ev->now = y->now;
	if (!y->server || dhcp_server_step(y->server, ev, &y->out) != 1)
		return;

	for (unsigned int i = 0; i < y->out.n; i++) {
		if (y->out.action[i].type != DHCP_ACTION_SEND)
			continue;
		note_promise(y, &y->out.action[i].send);
		post(y, &y->out.action[i].send, false);
	}
}

static void deliver(struct year *y, size_t i)
{
	struct packet p = y->packets[i];
	struct dhcp_message m;
	struct dhcp_event ev = {
		.type = DHCP_EVENT_RX,
		.rx = {
			.msg = &m, .src_ip = p.send.src_ip, .dst_ip = p.send.dst_ip,
			.src_port = p.send.src_port, .dst_port = p.send.dst_port,
		},
	};

	y->packets[i] = y->packets[--y->n_packets];
	assert_int_equal(dhcp_message_decode(p.send.data, p.send.len, &m, NULL, NULL), 0);
	if (p.to_server)
		server_step(y, &ev);
	else
		client_step(y, &ev);
}

/* ---- what happens to the two ---- */

static void start_server(struct year *y)
{
	y->server_opt.seed = prng_u64(&y->prng);
	y->server_opt.address = y->net + 1;
	y->server_opt.first = y->net + 10;
	y->server_opt.last = y->net + 13;
	assert_int_equal(dhcp_server_init(y->mem, &y->server_opt, &y->server), 0);
}

/* Away, and back as one that has never heard of anybody. */
static void restart(struct year *y)
{
	if (y->server) {
		y->server = NULL;
		y->restart_at = y->now + prng_below(&y->prng, one_in(y, 2) ? DAY : 10 * MINUTE);
		return;
	}

	y->server_opt.authoritative = one_in(y, 2);
	start_server(y);
	y->restart_at = y->now + prng_below(&y->prng, 6 * DAY);
	y->restarts++;
}

/* What was under way stays behind; the server there has never heard of the client. */
static void move(struct year *y)
{
	struct dhcp_event ev = { .type = DHCP_EVENT_COMMAND, .command = DHCP_COMMAND_LINK_UP };

	y->net ^= 0x100;
	y->n_packets = 0;
	y->server_opt.authoritative = true;
	start_server(y);
	y->restart_at = y->now + prng_below(&y->prng, 6 * DAY);
	y->move_at = y->now + prng_below(&y->prng, 20 * DAY);
	y->by_hand = true;
	client_step(y, &ev);
	y->moves++;
}

static void user(struct year *y)
{
	struct dhcp_event ev = { .type = DHCP_EVENT_COMMAND };
	bool idle = y->client.deadline == DHCP_NEVER;

	if (idle)
		ev.type = DHCP_EVENT_START;
	else if (one_in(y, 8))
		ev.type = DHCP_EVENT_STOP;
	else if (one_in(y, 8))
		ev = (struct dhcp_event){
			.type = DHCP_EVENT_CONFLICT, .conflict = y->client.lease.address,
		};
	else
		ev.command = (enum dhcp_command)prng_below(&y->prng, DHCP_COMMAND_INFORM + 1);

	y->by_hand = true;
	client_step(y, &ev);
	y->user_at = y->now + prng_below(&y->prng,
					 y->client.deadline == DHCP_NEVER ? 2 * HOUR : 4 * DAY);
}

static uint64_t server_deadline(const struct year *y)
{
	return y->server ? dhcp_server_deadline(y->server) : DHCP_NEVER;
}

/* The packet that comes first; IN_FLIGHT: none. */
static size_t next_packet(const struct year *y)
{
	size_t first = IN_FLIGHT;

	for (size_t i = 0; i < y->n_packets; i++)
		if (first == IN_FLIGHT || y->packets[i].at < y->packets[first].at)
			first = i;

	return first;
}

static void go_to(struct year *y, uint64_t t)
{
	assert_true(t >= y->now);
	y->stuck = t == y->now ? y->stuck + 1 : 0;
	assert_true(y->stuck < STUCK);
	if (y->on_interface)
		y->with_address += t - y->now;
	y->now = t;
}

/* The next thing that happens; timers before what comes at the same time. */
static void happen(struct year *y)
{
	struct dhcp_event timer = { .type = DHCP_EVENT_DEADLINE };
	size_t packet = next_packet(y);
	uint64_t at = packet == IN_FLIGHT ? DHCP_NEVER : y->packets[packet].at;
	uint64_t next = min_u64(min_u64(y->client.deadline, server_deadline(y)),
				min_u64(min_u64(y->restart_at, y->user_at),
					min_u64(y->move_at, at)));

	go_to(y, max_u64(next, y->now));
	if (next == y->client.deadline)
		client_step(y, &timer);
	else if (next == server_deadline(y))
		server_step(y, &timer);
	else if (next == at)
		deliver(y, packet);
	else if (next == y->move_at)
		move(y);
	else if (next == y->restart_at)
		restart(y);
	else
		user(y);
}

static void begin(struct year *y, uint64_t seed, uint32_t lease_sec)
{
	struct dhcp_client_options opt = {
		.mac = { 0x02, 0x4e, 0x4c, 0, 0, 2 },
		.conflict_probes = seed % 4,
		.init_delay = seed % 3 * 5 * S,
		.collect = seed / 2 % 2 * 3 * S,
		.release_on_stop = seed % 2,
		.seed = seed,
	};

	*y = (struct year){
		.prng = seed,
		.now = S,
		.net = NET,
		.move_at = 10 * DAY,
		.server_opt = {
			.address = NET + 1, .prefix_len = 24, .first = NET + 10, .last = NET + 13,
			.default_lease_sec = lease_sec, .min_lease_sec = 1,
			.max_lease_sec = lease_sec, .offer_sec = 60, .decline_sec = 600,
			.max_bindings = 8,
		},
	};
	y->mem = malloc(dhcp_server_size(&y->server_opt));
	assert_non_null(y->mem);
	assert_int_equal(dhcp_client_init(&y->client, &opt), 0);
	restart(y);
}

static void live(uint64_t seed, uint32_t lease_sec, uint64_t until)
{
	struct year y;

	begin(&y, seed, lease_sec);
	while (y.now < until)
		happen(&y);
	/* It was a year worth living: nothing of this is rare. */
	assert_true(y.restarts > 20 && y.binds > 20 && y.renewals > 50 && y.expiries > 3);
	assert_true(y.naks > 3 && y.moves > 20);
	assert_true(y.with_address > until / 2);
	free(y.mem);
}

static void rfc2131_4_4_a_year_of_bad_days(void **state)
{
	static const uint32_t leases[] = { 1800, 7200, 43200 };

	for (uint64_t seed = 1; seed <= 6; seed++)
		live(seed, leases[seed % ARRAY_SIZE(leases)], 365 * DAY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rfc2131_4_4_a_year_of_bad_days),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
