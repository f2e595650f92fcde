/* SPDX-License-Identifier: MIT */
/*
 * test_restart.c - ten thousand clients for an hour. Messages are lost and
 * doubled, clients crash, leave and come back, and so do their servers: no
 * address is on two hosts at any moment, and none is there after its lease.
 *
 * Who looks is not the machines: each address that comes onto an interface, or
 * goes, is written down as the world says it, and once a minute all interfaces
 * are read and compared with that.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/addr.h"
#include "base/prng.h"
#include "scenario/multiply.h"
#include "world.h"

#define CLIENTS 10000
#define NET 0x0a000000u		/* 10.0.0.0/16 */
#define ADDRESSES (1u << 16)

#define SECOND DHCP_SECOND
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define AWAY_MAX 2048

/* Fewer addresses than clients: somebody waits for what others give up. */
static const char scenario[] =
	"[Lab]\nFormatVersion=1\n"
	"[Node srv c]\n"
	"[Switch sw]\n"
	"[Wiring]\nCable=srv:eth0 sw:srv\nCable=c:eth0 sw:c\n"
	"[Network srv:eth0]\nAddress=10.0.0.1/16\nDHCPServer=yes\n"
	"[DHCPServer srv:eth0]\nPoolOffset=256\nPoolSize=9900\nDefaultLeaseTimeSec=20min\n"
	"PersistLeases=%s\n"
	"[Network c:eth0]\nDHCP=ipv4\n"
	"[NetworkEmulator srv:eth0 sw:srv]\nLossRate=10%%\nDuplicateRate=5%%\n";

/**
 * struct away - who is not there
 * @until: it is started again then
 */
struct away {
	size_t iface;
	uint64_t until;
};

/**
 * struct hour - the world of one run
 * @clients: their interfaces; @server: its
 * @holders: of each address, as it was told; @counted: as it is read
 * @last: who held it last
 * @away: @n_away of them
 * @two_holders: @too_late: moments at which an address was on a second host, or
 *	on one whose lease was over
 * @adds: @handed_on: addresses that came onto a host, and those that were another's before
 */
struct hour {
	struct scenario *scenario;
	struct sim *sim;
	uint64_t prng;
	size_t clients[CLIENTS], server;
	uint8_t holders[ADDRESSES], counted[ADDRESSES];
	uint32_t last[ADDRESSES];
	struct away away[AWAY_MAX];
	size_t n_away;
	unsigned int two_holders, too_late, adds, handed_on, struck, restarts;
};

static uint64_t seed = 1;	/* of the run */

/* ---- the invariant ---- */

/* Told before anything of it is changed: what is on the interface is there until now. */
static void check_time(struct hour *h, size_t iface)
{
	const struct dhcp_config c = sim_config(h->sim, iface);

	h->too_late += c.address && sim_now(h->sim) > c.expires;
}

static void note_address(struct hour *h, size_t iface, const struct trace_event *e)
{
	uint32_t address, at;
	uint8_t len;

	assert_int_equal(ip4_parse_prefix(e->text, &address, &len), 0);
	at = address - NET;
	assert_in_range(at, 0, ADDRESSES - 1);
	if (strcmp(e->op, "remove") == 0) {
		assert_true(h->holders[at]-- > 0);
		return;
	}
	h->adds++;
	h->two_holders += h->holders[at]++ > 0;
	h->handed_on += h->last[at] && h->last[at] != iface;
	h->last[at] = (uint32_t)iface;
}

/* "c:eth0", "c-2:eth0" ...: the first client and its copies. */
static size_t client_at(const struct hour *h, const char *place)
{
	size_t number = place[1] == '-' ? strtoul(place + 2, NULL, 10) : 1;

	assert_in_range(number, 1, CLIENTS);
	assert_string_equal(place, h->scenario->ifaces[h->clients[number - 1]].label);
	return h->clients[number - 1];
}

static void on_event(void *ctx, const struct trace_event *e)
{
	struct hour *h = ctx;
	size_t iface;

	h->struck += e->kind == TRACE_FAULT;
	if ((e->kind != TRACE_STATE && e->kind != TRACE_ADDRESS) || e->at[0] != 'c')
		return;
	iface = client_at(h, e->at);
	check_time(h, iface);
	if (e->kind == TRACE_ADDRESS)
		note_address(h, iface, e);
}

/* What was told is what there is. */
static void check_all(struct hour *h)
{
	memset(h->counted, 0, sizeof(h->counted));
	for (size_t i = 0; i < CLIENTS; i++) {
		const struct dhcp_config c = sim_config(h->sim, h->clients[i]);

		if (c.address)
			h->counted[c.address - NET]++;
		check_time(h, h->clients[i]);
	}
	assert_memory_equal(h->counted, h->holders, sizeof(h->counted));
}

/* ---- the world ---- */

static void find_machines(struct hour *h)
{
	const struct scenario *s = h->scenario;
	size_t n = 0;

	for (size_t i = 0; i < s->n_ifaces; i++) {
		if (s->ifaces[i].client)
			h->clients[n++] = i;
		if (s->ifaces[i].server)
			h->server = i;
	}
	assert_int_equal(n, CLIENTS);
}

static struct hour *begin(bool persist)
{
	struct hour *h = calloc(1, sizeof(*h));
	struct sim_options opt = { .seed = seed, .ctx = h, .on_event = on_event };
	char text[sizeof(scenario) + sizeof("yes")];

	assert_non_null(h);
	snprintf(text, sizeof(text), scenario, persist ? "yes" : "no");
	h->prng = seed;
	h->scenario = parse(text);
	h->scenario->seed = seed;	/* of what is lost */
	assert_int_equal(scenario_multiply(h->scenario, CLIENTS), 0);
	find_machines(h);
	assert_int_equal(sim_new(h->scenario, &opt, &h->sim), 0);
	return h;
}

static void end(struct hour *h)
{
	sim_free(h->sim);
	scenario_free(h->scenario);
	free(h);
}

/* ---- who comes and goes ---- */

static uint64_t draw(struct hour *h, uint64_t below)
{
	return prng_below(&h->prng, below);
}

static bool is_away(const struct hour *h, size_t iface)
{
	for (size_t i = 0; i < h->n_away; i++)
		if (h->away[i].iface == iface)
			return true;
	return false;
}

/* By a crash, or in order: then a client says that it gives its address back. */
static void send_away(struct hour *h, size_t iface, uint64_t how_long)
{
	if (h->n_away == AWAY_MAX || is_away(h, iface))
		return;
	assert_true((draw(h, 2) ? sim_crash : sim_stop)(h->sim, iface) >= 0);
	h->away[h->n_away++] = (struct away){ iface, sim_now(h->sim) + how_long };
}

static void bring_back(struct hour *h)
{
	for (size_t i = 0; i < h->n_away;) {
		if (h->away[i].until > sim_now(h->sim)) {
			i++;
			continue;
		}
		h->restarts += h->away[i].iface == h->server;
		assert_int_equal(sim_start(h->sim, h->away[i].iface), 1);
		h->away[i] = h->away[--h->n_away];
	}
}

/* Mostly for a moment; but a server may be away while leases end, and a client for longer. */
static void live(struct hour *h)
{
	if (draw(h, 200) == 0)
		send_away(h, h->server, draw(h, draw(h, 4) ? 20 * SECOND : 15 * MINUTE));
	send_away(h, h->clients[draw(h, CLIENTS)],
		  draw(h, draw(h, 2) ? 20 * SECOND : 30 * MINUTE));
	bring_back(h);
}

/* Or as much of it as it takes to see the rule broken. */
static struct hour *an_hour(bool persist)
{
	struct hour *h = begin(persist);

	for (uint64_t t = 0; t < HOUR && !h->two_holders; t += SECOND) {
		assert_true(sim_run(h->sim, t + draw(h, SECOND)) >= 0);
		live(h);
		if (t % MINUTE == 0)
			check_all(h);
	}
	return h;
}

static void rfc2131_2_1_no_address_has_two_holders_whoever_crashes(void **state)
{
	struct hour *h = an_hour(true);

	print_message("# %u messages, %u struck, %u restarts, %u addresses given, %u of them "
		      "another's before\n", (unsigned int)sim_messages(h->sim), h->struck,
		      h->restarts, h->adds, h->handed_on);
	assert_int_equal(h->two_holders, 0);
	assert_int_equal(h->too_late, 0);

	/* It was an hour in which much happened. */
	assert_true(sim_now(h->sim) > HOUR - MINUTE);
	assert_true(sim_messages(h->sim) / h->struck < 10);
	assert_true(h->restarts > 5);
	assert_true(h->adds > CLIENTS + 1000);
	assert_true(h->handed_on > 100);
	end(h);
}

/* What the rule is there for, and that its breach is seen. */
static void without_a_record_an_address_has_two_holders(void **state)
{
	struct hour *h = an_hour(false);

	assert_true(h->two_holders > 0);
	assert_true(h->restarts > 0);
	assert_int_equal(h->too_late, 0);
	end(h);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rfc2131_2_1_no_address_has_two_holders_whoever_crashes),
		cmocka_unit_test(without_a_record_an_address_has_two_holders),
	};

	if (argc > 1)
		seed = strtoull(argv[1], NULL, 10);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
