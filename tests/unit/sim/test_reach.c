/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "world.h"

#define HEAD "[Lab]\nFormatVersion=1\n"
#define THREE_INI                                            \
	HEAD "[Node a r b]\n[Wiring]\nCable=a:e r:l\nCable=r:r b:e\n" \
	"[Network r:l]\nAddress=10.0.1.1/24\n[Network r:r]\nAddress=10.0.2.1/24\n" \
	"[Network a:e]\nAddress=10.0.1.2/24\n[Network b:e]\nAddress=10.0.2.2/24\n"
#define VIA_A "[Network a:e]\nGateway=10.0.1.1\n"
#define VIA_B "[Network b:e]\nGateway=10.0.2.1\n"
#define FORWARD "[Network r:l]\nIPForward=yes\n"

static const struct {
	const char *name, *ini, *from;
	uint32_t to;
	bool reached;
} cases[] = {
	{ "itself", THREE_INI, "a", 0x0a000102, true },
	{ "its neighbour", THREE_INI, "a", 0x0a000101, true },
	{ "nobody's address", THREE_INI, "a", 0x0a000109, false },
	{ "no route", THREE_INI FORWARD, "a", 0x0a000202, false },
	{ "the router's far side, from near", THREE_INI VIA_A, "a", 0x0a000201, true },
	{ "no forwarding", THREE_INI VIA_A VIA_B, "a", 0x0a000202, false },
	{ "no way back", THREE_INI VIA_A FORWARD, "a", 0x0a000202, false },
	{ "there and back", THREE_INI VIA_A VIA_B FORWARD, "a", 0x0a000202, true },
	{ "a route that names the subnet",
	  THREE_INI VIA_B FORWARD "[Route a:e]\nDestination=10.0.2.0/24\nGateway=10.0.1.1\n", "a",
	  0x0a000202, true },
	{ "a gateway that is not there", THREE_INI "[Network a:e]\nGateway=10.0.1.7\n", "a",
	  0x0a000202, false },
	{ "no way back is needed to a router that masquerades",
	  THREE_INI VIA_A "[Network r:l]\nIPMasquerade=ipv4\n", "a", 0x0a000202, true },
	{ "what comes in by the other side is not masqueraded",
	  THREE_INI VIA_A "[Network r:r]\nIPMasquerade=ipv4\n", "a", 0x0a000202, false },
	{ "nor what is answered", THREE_INI VIA_A VIA_B "[Network r:l]\nIPMasquerade=ipv4\n", "b",
	  0x0a000102, true },
	{ "nor what the router sends", THREE_INI "[Network r:l]\nIPMasquerade=ipv4\n", "r",
	  0x0a000202, true },
	{ "masqueraded twice",
	  HEAD "[Node a r q b]\n[Wiring]\nCable=a:e r:l\nCable=r:r q:l\nCable=q:r b:e\n"
	  "[Network a:e]\nAddress=10.0.1.2/24\nGateway=10.0.1.1\n"
	  "[Network r:l]\nAddress=10.0.1.1/24\nIPMasquerade=ipv4\n"
	  "[Network r:r]\nAddress=10.0.2.1/24\nGateway=10.0.2.2\n"
	  "[Network q:l]\nAddress=10.0.2.2/24\nIPMasquerade=ipv4\n"
	  "[Network q:r]\nAddress=10.0.3.1/24\n[Network b:e]\nAddress=10.0.3.2/24\n",
	  "a", 0x0a000302, true },
	{ "without an address", HEAD "[Node a b]\n[Wiring]\nCable=a:e b:e\n"
	  "[Network b:e]\nAddress=10.0.0.2/24\n", "a", 0x0a000002, false },
	/* Same wire is not same subnet: b thinks that a is elsewhere. */
	{ "wrong mask", HEAD "[Node a b]\n[Wiring]\nCable=a:e b:e\n"
	  "[Network a:e]\nAddress=10.0.0.130/24\n[Network b:e]\nAddress=10.0.0.2/25\n", "a",
	  0x0a000002, false },
};

static void test_ping(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		cleanup_scenario struct scenario *s = parse(cases[i].ini);
		struct sim *sim = NULL;

		assert_int_equal(sim_new(s, &(struct sim_options){ 0 }, &sim), 0);
		if (sim_ping(sim, scenario_node(s, cases[i].from), cases[i].to) != cases[i].reached)
			fail_msg("%s", cases[i].name);
		sim_free(sim);
	}
}

/* A leased address and a leased default route count as much as written ones. */
static void test_ping_after_a_lease(void **state)
{
	cleanup_scenario struct scenario *s = parse(
		HEAD "[Node srv c out]\n[Wiring]\nCable=srv:l c:e\nCable=srv:r out:e\n"
		"[Network srv:l]\nAddress=10.0.1.1/24\nDHCPServer=yes\nIPForward=yes\n"
		"[Network srv:r]\nAddress=10.0.2.1/24\n"
		"[Network out:e]\nAddress=10.0.2.2/24\nGateway=10.0.2.1\n"
		"[Network c:e]\nDHCP=ipv4\n");
	struct sim *sim = NULL;
	size_t c = scenario_node(s, "c"), out = scenario_node(s, "out");
	uint32_t address;
	uint8_t len;

	assert_int_equal(sim_new(s, &(struct sim_options){ .seed = 7 }, &sim), 0);
	assert_false(sim_ping(sim, c, 0x0a000101));
	assert_int_equal(sim_run_until_bound(sim, DHCP_SECOND), 1);
	assert_true(sim_ping(sim, c, 0x0a000101));
	assert_true(sim_ping(sim, c, 0x0a000202));
	address = sim_address(sim, scenario_iface(s, "c:e"), &len);
	assert_true(sim_ping(sim, out, address));

	sim_stop(sim, scenario_iface(s, "c:e"));
	assert_false(sim_ping(sim, c, 0x0a000202));
	assert_false(sim_ping(sim, out, address));
	sim_free(sim);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ping),
		cmocka_unit_test(test_ping_after_a_lease),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
