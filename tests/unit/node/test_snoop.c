/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "frames.h"
#include "node/snoop.h"

static const char ini[] = "[Lab]\nFormatVersion=1\n[Node srv a b]\n"
			  "[Switch sw]\nDHCPSnooping=yes\nTrustedPort=p1\nLeasesPerPort=2\n"
			  "[Switch plain]\n"
			  "[Wiring]\nCable=srv:eth0 sw:p1\nCable=a:eth0 sw:p2\n"
			  "Cable=b:eth0 sw:p3\nCable=plain:p1 sw:p4\nCable=srv:eth1 plain:p2\n";

#define REPLY DHCP_OP_REPLY
#define ASK DHCP_OP_REQUEST

static void start(struct snoop *sn)
{
	snoop_init(sn, scenario_of(ini, ""));
}

static void stop(struct snoop *sn)
{
	scenario_free((struct scenario *)sn->scenario);
	snoop_done(sn);
}

/* "": let through. */
static const char *judge(struct snoop *sn, uint64_t now, const char *port, struct said w)
{
	struct bytes b = frame_of(&w);
	uint8_t type = 0;
	const char *why;

	why = snoop_judge(sn, now, scenario_iface(sn->scenario, port), b.data, b.len, &type);
	assert_int_equal(type, why ? w.type : 0);
	return why ? why : "";
}

#define PASSES(...) assert_string_equal(judge(__VA_ARGS__), "")
#define REFUSED(...) assert_string_not_equal(judge(__VA_ARGS__), "")

static void test_servers_only_behind_trusted_ports(void **state)
{
	struct snoop sn;

	start(&sn);
	for (unsigned int i = 0; i < 3; i++) {
		static const uint8_t types[] = { DHCP_OFFER, DHCP_ACK, DHCP_NAK };
		struct said w = { .type = types[i], .op = REPLY, .src = 9, .who = 1 };

		PASSES(&sn, 0, "sw:p1", w);
		REFUSED(&sn, 0, "sw:p2", w);
		PASSES(&sn, 0, "plain:p2", w);
		w.giaddr = 0x0a000001;
		REFUSED(&sn, 0, "sw:p2", w);
	}
	stop(&sn);
}

static void test_chaddr_must_be_the_sender(void **state)
{
	struct snoop sn;

	start(&sn);
	PASSES(&sn, 0, "sw:p2", (struct said){ DHCP_DISCOVER, ASK, 1, 1 });
	REFUSED(&sn, 0, "sw:p2", (struct said){ DHCP_DISCOVER, ASK, 1, 2 });
	PASSES(&sn, 0, "sw:p1", (struct said){ DHCP_DISCOVER, ASK, 1, 2 });
	REFUSED(&sn, 0, "sw:p2", (struct said){ DHCP_DISCOVER, ASK, 1, 1, .giaddr = 1 });
	stop(&sn);
}

static void test_a_port_has_so_many_clients(void **state)
{
	struct snoop sn;

	start(&sn);
	PASSES(&sn, 0, "sw:p2", (struct said){ DHCP_DISCOVER, ASK, 1, 1 });
	PASSES(&sn, 0, "sw:p2", (struct said){ DHCP_REQUEST, ASK, 2, 2 });
	REFUSED(&sn, 0, "sw:p2", (struct said){ DHCP_DISCOVER, ASK, 3, 3 });
	PASSES(&sn, 0, "sw:p2", (struct said){ DHCP_REQUEST, ASK, 1, 1 });
	PASSES(&sn, 0, "sw:p3", (struct said){ DHCP_DISCOVER, ASK, 3, 3 });
	/* Who got nothing is forgotten; who has a lease is not. */
	PASSES(&sn, 1, "sw:p1", (struct said){ DHCP_ACK, REPLY, 9, 1, 0x0a00000a, 0, 3600 });
	PASSES(&sn, 61 * DHCP_SECOND, "sw:p2", (struct said){ DHCP_DISCOVER, ASK, 4, 4 });
	REFUSED(&sn, 61 * DHCP_SECOND, "sw:p2", (struct said){ DHCP_DISCOVER, ASK, 5, 5 });
	stop(&sn);
}

static void test_bindings_last_as_long_as_leases(void **state)
{
	struct snoop sn;

	start(&sn);
	PASSES(&sn, 0, "sw:p2", (struct said){ DHCP_REQUEST, ASK, 1, 1 });
	PASSES(&sn, 0, "sw:p1", (struct said){ DHCP_ACK, REPLY, 9, 1, 0x0a00000a, 0, 3600 });
	assert_int_equal(sn.n, 1);
	assert_int_equal(sn.entry[0].address, 0x0a00000a);
	assert_int_equal(sn.entry[0].expires, 3600 * DHCP_SECOND);
	/* An OFFER binds nobody, and a client of whom nobody has heard has no port. */
	PASSES(&sn, 0, "sw:p1", (struct said){ DHCP_OFFER, REPLY, 9, 1, 0x0a00000b, 0, 10 });
	PASSES(&sn, 0, "sw:p1", (struct said){ DHCP_ACK, REPLY, 9, 7, 0x0a00000c, 0, 10 });
	assert_int_equal(sn.n, 1);
	assert_int_equal(sn.entry[0].address, 0x0a00000a);
	PASSES(&sn, 3600 * DHCP_SECOND, "sw:p1", (struct said){ DHCP_NAK, REPLY, 9, 1 });
	assert_int_equal(sn.n, 0);
	stop(&sn);
}

static void test_only_the_owner_gives_back(void **state)
{
	struct snoop sn;

	start(&sn);
	PASSES(&sn, 0, "sw:p2", (struct said){ DHCP_REQUEST, ASK, 1, 1 });
	PASSES(&sn, 0, "sw:p1", (struct said){ DHCP_ACK, REPLY, 9, 1, 0x0a00000a, 0, 3600 });
	REFUSED(&sn, 0, "sw:p3", (struct said){ DHCP_RELEASE, ASK, 1, 1 });
	REFUSED(&sn, 0, "sw:p3", (struct said){ DHCP_DECLINE, ASK, 1, 1 });
	PASSES(&sn, 0, "sw:p2", (struct said){ DHCP_RELEASE, ASK, 1, 1 });
	assert_int_equal(sn.n, 0);
	REFUSED(&sn, 0, "sw:p2", (struct said){ DHCP_RELEASE, ASK, 1, 1 });
	stop(&sn);
}

static void test_other_frames_pass(void **state)
{
	struct bytes arp = arp_frame();
	struct snoop sn;
	uint8_t type;

	start(&sn);
	assert_null(snoop_judge(&sn, 0, scenario_iface(sn.scenario, "sw:p2"), arp.data, arp.len,
				&type));
	assert_null(snoop_judge(&sn, 0, scenario_iface(sn.scenario, "sw:p2"), "x", 1, &type));
	stop(&sn);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_servers_only_behind_trusted_ports),
		cmocka_unit_test(test_chaddr_must_be_the_sender),
		cmocka_unit_test(test_a_port_has_so_many_clients),
		cmocka_unit_test(test_bindings_last_as_long_as_leases),
		cmocka_unit_test(test_only_the_owner_gives_back),
		cmocka_unit_test(test_other_frames_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
