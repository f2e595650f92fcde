/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "scenario/multiply.h"

#define CABLE                                                                                     \
	"[Lab]\nFormatVersion=1\n[Node srv host host-3]\n[Wiring]\nCable=srv:e host:e\n"          \
	"[Network srv:e]\nAddress=10.0.0.1/24\nDHCPServer=yes\n[Network host:e]\nDHCP=ipv4\n"     \
	"[DHCPv4 host:e]\nClientIdentifier=id:one\n"
#define ON_SWITCH                                                                                 \
	"[Lab]\nFormatVersion=1\n[Node srv a b]\n[Switch sw]\n[Wiring]\nCable=srv:e sw:p0\n"      \
	"Cable=a:e sw:p1\nCable=b:e sw:p2\n[Network srv:e]\nAddress=10.0.0.1/24\n"                \
	"[Network a:e]\nDHCP=ipv4\n[Network b:e]\nDHCP=ipv4\n"
#define NO_CLIENT "[Lab]\nFormatVersion=1\n[Node a b]\n[Wiring]\nCable=a:e b:e\n"

static struct scenario *parse(const char *text)
{
	const struct scenario_options opt = { .name = "lab" };
	cleanup_diags struct diags diags = { 0 };
	struct scenario *s = NULL;

	assert_int_equal(scenario_parse(text, strlen(text), &opt, &s, &diags), 0);
	return s;
}

static size_t count_clients(const struct scenario *s)
{
	size_t n = 0;

	for (size_t i = 0; i < s->n_ifaces; i++)
		n += s->ifaces[i].client != NULL;
	return n;
}

/* Every cable has two ends that know each other, and no MAC address stands twice. */
static void assert_sound(const struct scenario *s)
{
	for (size_t c = 0; c < s->n_cables; c++) {
		const struct scn_iface *a = &s->ifaces[s->cables[c].a];

		assert_int_equal(a->cable, c);
		assert_int_equal(a->peer, s->cables[c].b);
		assert_int_equal(s->ifaces[a->peer].peer, s->cables[c].a);
		assert_int_equal(s->ifaces[a->peer].cable, c);
	}
	for (size_t i = 0; i < s->n_ifaces; i++)
		for (size_t k = i + 1; k < s->n_ifaces; k++)
			assert_memory_not_equal(s->ifaces[i].mac, s->ifaces[k].mac, 6);
}

static void a_cable_gets_a_switch_in_it(void **state)
{
	cleanup_scenario struct scenario *s = parse(CABLE);
	size_t server = scenario_iface(s, "srv:e");

	assert_int_equal(scenario_multiply(s, 5), 0);
	assert_int_equal(count_clients(s), 5);
	assert_sound(s);
	assert_int_equal(s->nodes[s->ifaces[s->ifaces[server].peer].node].kind, SCN_SWITCH);
	assert_int_equal(scenario_iface(s, "host-3:e"), NONE);
	assert_int_not_equal(scenario_iface(s, "host-6:e"), NONE);
}

static void copies_are_clients_of_their_own(void **state)
{
	cleanup_scenario struct scenario *s = parse(CABLE);
	size_t copy;

	assert_int_equal(scenario_multiply(s, 2), 0);
	copy = scenario_iface(s, "host-2:e");
	assert_int_not_equal(copy, NONE);
	assert_int_equal(s->ifaces[copy].client->client_id_len, 0);
	assert_string_equal(scn_host_name(s, &s->ifaces[copy]), "host-2");
	assert_null(s->nodes[s->ifaces[copy].node].netns);
}

static void a_switch_gets_more_ports(void **state)
{
	cleanup_scenario struct scenario *s = parse(ON_SWITCH);
	size_t nodes = s->n_nodes;

	assert_int_equal(scenario_multiply(s, 100), 0);
	assert_int_equal(count_clients(s), 100);
	assert_int_equal(s->n_nodes, nodes + 98);
	assert_sound(s);
}

static void what_cannot_be(void **state)
{
	cleanup_scenario struct scenario *none = parse(NO_CLIENT), *two = parse(ON_SWITCH);

	assert_int_equal(scenario_multiply(none, 2), -ENOENT);
	assert_int_equal(scenario_multiply(two, (size_t)CLIENTS_MAX + 1), -ERANGE);
	assert_int_equal(scenario_multiply(two, 1), 0);
	assert_int_equal(count_clients(two), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_cable_gets_a_switch_in_it),
		cmocka_unit_test(copies_are_clients_of_their_own),
		cmocka_unit_test(a_switch_gets_more_ports),
		cmocka_unit_test(what_cannot_be),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
