/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "node/setup.h"

static void make_scenario(struct scenario *s, struct scn_iface iface[static 2])
{
	static struct scn_client client;
	static struct scn_server server;

	memset(s, 0, sizeof(*s));
	memset(iface, 0, 2 * sizeof(*iface));
	iface[0].client = &client;
	iface[1].server = &server;
	str_copy(iface[0].label, sizeof(iface[0].label), "c:eth0");
	str_copy(iface[1].label, sizeof(iface[1].label), "s:eth0");
	iface[0].mac[5] = 1;
	iface[1].mac[5] = 2;
	*iface[0].client = (struct scn_client){
		.use_gateway = true, .use_dns = true, .use_routes = true,
		.use_mtu = true, .host_name = "c", .send_release = true,
	};
	*iface[1].server = (struct scn_server){
		.address = 0x0a000001, .prefix_len = 24, .first = 0x0a00000a,
		.last = 0x0a000014, .default_lease_sec = 3600, .min_lease_sec = 2,
		.max_lease_sec = 7200, .offer_sec = 60, .allow_unknown = true,
	};
	s->n_ifaces = 2;
	s->ifaces = iface;
}

static bool asks_for(const struct dhcp_client_options *o, uint8_t code)
{
	return memchr(o->request, code, o->n_request) != NULL;
}

static void test_request_list(void **state)
{
	static const struct {
		bool gateway, dns, routes, mtu;
		uint8_t absent[3];
	} cases[] = {
		{ true, true, true, true, { 0 } },
		{ false, true, true, true, { 3 } },
		{ true, false, true, true, { 6 } },
		{ true, true, false, true, { 33, 121 } },
		{ true, true, true, false, { 26 } },
	};
	static const uint8_t all[] = { 1, 3, 6, 26, 33, 51, 58, 59, 121 };

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct dhcp_client_options o;
		struct scn_iface iface[2];
		struct scenario s;

		make_scenario(&s, iface);
		iface[0].client->use_gateway = cases[i].gateway;
		iface[0].client->use_dns = cases[i].dns;
		iface[0].client->use_routes = cases[i].routes;
		iface[0].client->use_mtu = cases[i].mtu;
		node_client_options(&s, 0, 7, &o);
		for (size_t c = 0; c < ARRAY_SIZE(all); c++)
			assert_int_equal(asks_for(&o, all[c]),
					 !memchr(cases[i].absent, all[c], sizeof(cases[i].absent)));
	}
}

/* Nothing left to ask for is not the same as "the machine's usual list". */
static void test_request_list_never_empty(void **state)
{
	struct dhcp_client_options o;
	struct scn_iface iface[2];
	struct scenario s;

	make_scenario(&s, iface);
	iface[0].client->use_gateway = false;
	iface[0].client->request[0] = DHCP_OPT_ROUTER;
	iface[0].client->n_request = 1;
	node_client_options(&s, 0, 7, &o);
	assert_int_equal(o.n_request, 1);
	assert_int_equal(o.request[0], DHCP_OPT_SUBNET_MASK);
}

static void test_seeds_are_apart(void **state)
{
	struct dhcp_client_options a, b, c;
	struct scn_iface iface[2];
	struct scenario s;

	make_scenario(&s, iface);
	node_client_options(&s, 0, 7, &a);
	node_client_options(&s, 0, 8, &b);
	str_copy(iface[0].label, sizeof(iface[0].label), "d:eth0");
	node_client_options(&s, 0, 7, &c);
	assert_true(a.seed != b.seed && a.seed != c.seed);
}

static void test_server_values(void **state)
{
	static const uint8_t want[] = { 10, 0, 0, 1, 10, 0, 0, 2, 10, 0, 0, 3, 'U', 'T', 'C' };
	struct dhcp_server_options o;
	struct scn_iface iface[2];
	struct scenario s;

	make_scenario(&s, iface);
	iface[1].server->n_router = 1;
	iface[1].server->router[0] = 0x0a000001;
	iface[1].server->n_ntp = 2;
	iface[1].server->ntp[0] = 0x0a000002;
	iface[1].server->ntp[1] = 0x0a000003;
	strcpy(iface[1].server->timezone, "UTC");
	node_server_options(&s, 1, 7, &o);

	assert_int_equal(o.n_values, 3);
	assert_int_equal(o.value[0].code, DHCP_OPT_ROUTER);
	assert_int_equal(o.value[1].code, DHCP_OPT_NTP);
	assert_int_equal(o.value[1].off, 4);
	assert_int_equal(o.value[1].len, 8);
	assert_int_equal(o.value[2].code, 101);		/* RFC 4833 section 3 */
	assert_int_equal(o.value[2].len, 3);
	assert_memory_equal(o.values, want, sizeof(want));
	assert_true(o.max_bindings >= 11);
}

/* All that the scenario may hold fits. */
static void test_server_values_at_most(void **state)
{
	struct dhcp_server_options o;
	struct scn_iface iface[2];
	struct scn_server *v;
	struct scenario s;

	make_scenario(&s, iface);
	v = iface[1].server;
	v->n_router = ARRAY_SIZE(v->router);
	v->n_dns = ARRAY_SIZE(v->dns);
	v->n_ntp = ARRAY_SIZE(v->ntp);
	memset(v->timezone, 'x', sizeof(v->timezone) - 1);
	node_server_options(&s, 1, 7, &o);
	assert_int_equal(o.n_values, 4);
	assert_true(o.value[3].off + o.value[3].len <= sizeof(o.values));
	assert_int_equal(o.values[o.value[3].off + 62], 'x');
}

static void test_subnets_and_reservations(void **state)
{
	struct scn_server behind = {
		.address = 0x0a000100, .prefix_len = 24, .first = 0x0a00010a,
		.last = 0x0a000113, .default_lease_sec = 60, .min_lease_sec = 60,
		.max_lease_sec = 60, .n_router = 1, .router = { 0x0a000101 },
	};
	struct scn_reservation kept[] = {
		{ .address = 0x0a0000c8, .has_mac = true, .mac = { 2, 0, 0, 0, 0, 1 },
		  .client_id_len = 3, .client_id = { 0, 'i', 'd' }, .host_name = "desk" },
		{ .address = 0x0a0001c8, .has_mac = true, .mac = { 2, 0, 0, 0, 0, 1 } },
	};
	struct dhcp_server_options o;
	struct scn_iface iface[2];
	struct scenario s;

	make_scenario(&s, iface);
	iface[1].server->n_subnets = 1;
	iface[1].server->subnets = &behind;
	iface[1].server->n_reserved = ARRAY_SIZE(kept);
	iface[1].server->reserved = kept;
	node_server_options(&s, 1, 7, &o);
	assert_int_equal(o.n_subnets, 1);
	assert_int_equal(o.subnet[0].n_values, 1);
	assert_memory_equal(o.values + o.subnet[0].value[0].off, "\12\0\1\1", 4);
	assert_int_equal(o.n_reserved, 3);
	assert_true(o.reserved[0].id_is_option);
	assert_memory_equal(o.reserved[0].id, "\0id", 3);
	assert_memory_equal(o.reserved[1].id, "\1\2\0\0\0\0\1", 7);
	assert_string_equal(o.reserved[1].host_name, "desk");
	assert_int_equal(o.reserved[2].address, 0x0a0001c8);
	assert_int_equal(o.max_bindings, 11 + 10 + 2 + 64);
	assert_false(o.reserved_only);
	assert_int_not_equal(dhcp_server_size(&o), 0);
}

static void test_options_go_to_subnets_too_but_for_routes(void **state)
{
	struct scn_server behind = {
		.address = 0x0a000100, .prefix_len = 24, .default_lease_sec = 60,
		.min_lease_sec = 60, .max_lease_sec = 60,
	};
	struct scn_option options[] = {
		{ .code = 15, .len = 3, .value = "lab" },
		{ .code = 121, .len = 5, .value = { 0, 10, 0, 0, 1 } },
		{ .code = 3, .forced = true, .len = 1, .value = { 7 } },
	};
	struct dhcp_server_options o;
	struct scn_iface iface[2];
	struct scenario s;

	make_scenario(&s, iface);
	iface[1].server->n_subnets = 1;
	iface[1].server->subnets = &behind;
	iface[1].server->n_options = ARRAY_SIZE(options);
	iface[1].server->options = options;
	iface[1].server->n_router = 1;
	iface[1].server->next_server = 0x0a000007;
	strcpy(iface[1].server->boot_file, "boot");
	iface[1].server->auto_configure = true;
	node_server_options(&s, 1, 7, &o);
	assert_int_equal(o.n_values, 3);	/* the forced one stands for Router= */
	assert_true(o.value[2].forced);
	assert_int_equal(o.subnet[0].n_values, 2);
	assert_int_equal(o.subnet[0].value[1].code, 3);
	assert_int_equal(o.next_server, 0x0a000007);
	assert_string_equal(o.boot_file, "boot");
	assert_false(o.rapid_commit);
	assert_false(o.no_auto_configure);
	assert_int_not_equal(dhcp_server_size(&o), 0);
}

static void test_machine_of_an_interface(void **state)
{
	static const struct node_ops ops;
	struct scn_iface iface[2];
	struct scenario s;
	struct node n;

	make_scenario(&s, iface);
	iface[0].client->use_dns = false;
	assert_int_equal(node_init(&n, &s, 0, 7, &ops, NULL), 0);
	assert_int_equal(n.kind, NODE_CLIENT);
	assert_int_equal(n.ignore, NODE_IGNORE_DNS);
	node_done(&n);
	assert_int_equal(node_init(&n, &s, 1, 7, &ops, NULL), 0);
	assert_int_equal(n.kind, NODE_SERVER);
	assert_int_equal(n.mac[5], 2);
	node_done(&n);
}

/* RFC 5227 section 2.4: by which a client knows what its own host says. */
static void test_hosts_interfaces_are_known(void **state)
{
	static const struct node_ops ops;
	struct scn_node hosts[2] = {
		{ .ifaces = (size_t[]){ 0 }, .n_ifaces = 1 },
		{ .ifaces = (size_t[]){ 0, 1 }, .n_ifaces = 2 },
	};
	struct scn_iface iface[2];
	struct scenario s;
	struct node n;

	make_scenario(&s, iface);
	s.nodes = hosts;
	s.n_nodes = 2;
	assert_int_equal(node_init(&n, &s, 0, 7, &ops, NULL), 0);
	assert_null(n.host);
	node_done(&n);
	iface[0].node = 1;
	assert_int_equal(node_init(&n, &s, 0, 7, &ops, NULL), 0);
	assert_ptr_equal(n.host, &hosts[1]);
	assert_ptr_equal(n.scenario, &s);
	node_done(&n);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_request_list),
		cmocka_unit_test(test_request_list_never_empty),
		cmocka_unit_test(test_seeds_are_apart),
		cmocka_unit_test(test_server_values),
		cmocka_unit_test(test_server_values_at_most),
		cmocka_unit_test(test_subnets_and_reservations),
		cmocka_unit_test(test_options_go_to_subnets_too_but_for_routes),
		cmocka_unit_test(test_machine_of_an_interface),
		cmocka_unit_test(test_hosts_interfaces_are_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
