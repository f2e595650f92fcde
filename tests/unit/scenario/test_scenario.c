/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <string.h>

#include "base/text.h"
#include "scenario/scenario.h"

#define LAB "[Lab]\nFormatVersion=1\n"
#define PAIR LAB "[Node srv host]\n[Wiring]\nCable=srv:lan host:eth0\n"
#define SERVER                                                              \
	PAIR "[Network srv:lan]\nAddress=10.0.0.1/24\nDHCPServer=yes\n"      \
	     "[DHCPServer srv:lan]\n"
#define CLIENT PAIR "[Network host:eth0]\nDHCP=ipv4\n[DHCPv4 host:eth0]\n"

static struct scenario *parse_with(const char *text, struct scenario_options opt)
{
	struct diags diags = { 0 };
	struct scenario *s = NULL;
	char *errors;

	opt.name = "lab";
	scenario_parse(text, strlen(text), &opt, &s, &diags);
	errors = diags_format(&diags, "f");
	assert_string_equal(errors, "");
	free(errors);
	diags_done(&diags);
	return s;
}

static struct scenario *parse(const char *text)
{
	return parse_with(text, (struct scenario_options){ 0 });
}

static const struct scn_iface *iface(const struct scenario *s, const char *label)
{
	size_t i = scenario_iface(s, label);

	assert_int_not_equal(i, NONE);
	return &s->ifaces[i];
}

static uint32_t ip(const char *text)
{
	uint32_t address = 0;

	assert_int_equal(ip4_parse(text, &address), 0);
	return address;
}

static void lab_keys(void **state)
{
	cleanup_scenario struct scenario *s =
		parse(LAB "Title=One [1-2]\nObjective=See \\\n  this\nLevel=easy\n"
		"Seed=18446744073709551615\n"
		      "Speed=0.5\n[Node a]\n");
	cleanup_scenario struct scenario *plain = parse(LAB "[Node a]\n");

	assert_string_equal(s->name, "lab");
	assert_string_equal(s->title, "One [1-2]");
	assert_string_equal(s->objective, "See this");
	assert_string_equal(s->level, "easy");
	assert_true(s->has_seed);
	assert_true(s->seed == UINT64_MAX);
	assert_true(s->speed == 0.5);
	assert_false(plain->has_seed);
	assert_true(plain->seed == SCENARIO_SEED);
	assert_true(plain->speed == 1.0);
}

static void nodes_and_namespaces(void **state)
{
	cleanup_scenario struct scenario *s = parse(
		LAB "[Node c[8-10]]\n[Node x y]\nNamespace=ns[1-2]\n[Switch sw]\n[Node me]\n"
		"Namespace=@caller\n");

	assert_int_equal(s->n_nodes, 7);
	assert_string_equal(s->nodes[2].name, "c10");
	assert_string_equal(s->nodes[2].netns, "lab-c10");
	assert_string_equal(s->nodes[4].netns, "ns2");
	assert_int_equal(s->nodes[5].kind, SCN_SWITCH);
	assert_true(s->nodes[6].is_caller);
	assert_string_equal(s->nodes[6].netns, "");
	assert_int_equal(scenario_node(s, "sw"), 5);
	assert_int_equal(scenario_node(s, "nobody"), NONE);
	assert_int_equal(scenario_iface(s, "x:eth0"), NONE);
}

static void cables_make_interfaces(void **state)
{
	cleanup_scenario struct scenario *s = parse(
		LAB "[Node c[1-100]]\n[Switch sw]\n[Wiring]\nCable=c1:no sw:no\nCable=\n"
		"Cable=c[1-100]:eth0 sw:p[1-100]\n");
	const struct scn_iface *c7 = iface(s, "c7:eth0");

	assert_int_equal(s->n_cables, 100);
	assert_int_equal(s->n_ifaces, 200);
	assert_string_equal(c7->name, "eth0");
	assert_string_equal(s->ifaces[c7->peer].label, "sw:p7");
	assert_ptr_equal(&s->ifaces[s->ifaces[c7->peer].peer], c7);
	assert_ptr_equal(&s->ifaces[s->cables[c7->cable].a], c7);
	assert_int_equal(s->nodes[scenario_node(s, "sw")].n_ifaces, 100);
	assert_string_equal(s->nodes[c7->node].name, "c7");
}

static void ranges_pair_with_the_sections_names(void **state)
{
	cleanup_scenario struct scenario *s = parse(
		LAB "[Node c[1-100] d]\n[Switch sw]\n[Wiring]\nCable=c[1-100]:eth0 sw:p[1-100]\n"
		"Cable=d:eth0 sw:x\n"
		"[Network c[1-100]:eth0]\nAddress=10.0.0.[1-100]/16\nGateway=10.0.1.1\n"
		"[Link c[1-2]:eth0 d:eth0]\nMTUBytes=140[0-2]\n");

	assert_int_equal(iface(s, "c42:eth0")->addresses[0].address, ip("10.0.0.42"));
	assert_int_equal(iface(s, "c42:eth0")->addresses[0].prefix_len, 16);
	assert_int_equal(iface(s, "c42:eth0")->routes[0].gateway, ip("10.0.1.1"));
	assert_int_equal(iface(s, "c1:eth0")->mtu, 1400);
	assert_int_equal(iface(s, "d:eth0")->mtu, 1402);
}

static void a_plain_name_goes_over_a_glob(void **state)
{
	cleanup_scenario struct scenario *s = parse(
		LAB "[Node c[1-3]]\n[Switch sw]\n[Wiring]\nCable=c[1-3]:eth0 sw:p[1-3]\n"
		"[Network *:eth0]\nDHCP=yes\n[DHCPv4 c*:eth0]\nSendRelease=no\nRouteMetric=5\n"
		"[DHCPv4 c2:eth0]\nRouteMetric=6\n[Link *:*]\nMTUBytes=1300\n");

	assert_non_null(iface(s, "c1:eth0")->client);
	assert_null(iface(s, "sw:p1")->client);
	assert_int_equal(iface(s, "c1:eth0")->client->route_metric, 5);
	assert_int_equal(iface(s, "c2:eth0")->client->route_metric, 6);
	assert_false(iface(s, "c2:eth0")->client->send_release);
	assert_int_equal(iface(s, "sw:p1")->mtu, 1300);
}

static void what_a_client_sends_and_whom_it_hears(void **state)
{
	static const uint8_t send[] = {
		60, 7, 'l', 'a', 'b', ' ', 'o', 'n', 'e', 77, 5, 1, 'a', 2, 'b', 'c',
		51, 4, 0, 0, 14, 16, 150, 4, 10, 0, 0, 9, 128, 2, 1, 0, 129, 1, 7,
		130, 4, '[', '1', ':', ']',
	};
	cleanup_scenario struct scenario *s = parse(
		CLIENT "VendorClassIdentifier=lab one\nUserClass=a bc\nSendOption=51:uint32:3600\n"
		"SendOption=150:ipv4address:10.0.0.9\nSendOption=128:uint16:256\n"
		"SendOption=129:uint8:7\nSendOption=130:string:[1:]\nDenyList=10.0.0.7 10.1.0.0/16\n"
		"ConflictDetection=500ms\nMaxAttempts=5\nRapidCommit=yes\n");
	const struct scn_client *c = iface(s, "host:eth0")->client;

	assert_int_equal(c->n_send, sizeof(send));
	assert_memory_equal(c->send, send, sizeof(send));
	assert_int_equal(c->n_servers, 2);
	assert_int_equal(c->servers[1].address, 0x0a010000);
	assert_int_equal(c->servers[1].len, 16);
	assert_false(c->only_servers);
	assert_true(c->detect_conflicts && c->rapid_commit);
	assert_true(c->conflict_wait == 500000);
	assert_int_equal(c->max_attempts, 5);
}

static void an_allow_list_makes_a_deny_list_idle(void **state)
{
	cleanup_scenario struct scenario *s = parse(
		CLIENT "DenyList=10.0.0.7\nAllowList=10.0.0.1\nConflictDetection=yes\n"
		"MaxAttempts=infinity\n");
	const struct scn_client *c = iface(s, "host:eth0")->client;

	assert_true(c->only_servers);
	assert_int_equal(c->n_servers, 1);
	assert_int_equal(c->servers[0].address, 0x0a000001);
	assert_true(c->detect_conflicts);
	assert_true(c->conflict_wait == 0);
	assert_int_equal(c->max_attempts, 0);
}

static void addresses_and_routes(void **state)
{
	cleanup_scenario struct scenario *s = parse(
		PAIR "[Network srv:lan]\nAddress=10.9.9.9/24\nAddress=\nAddress=10.0.0.1/24\n"
		"IPForward=ipv4\n"
		"[Address srv:lan]\nAddress=192.168.1.1/31\n[Route srv:lan]\n"
		"Destination=10.5.0.0/16\n"
		"Gateway=10.0.0.7\nMetric=9\n[Route srv:lan]\nDestination=10.6.0.0/16\n"
		"[Link srv:lan]\nMACAddress=02-00-00-00-00-aB\n");
	const struct scn_iface *lan = iface(s, "srv:lan");

	assert_int_equal(lan->n_addresses, 2);
	assert_int_equal(lan->addresses[0].address, ip("10.0.0.1"));
	assert_int_equal(lan->addresses[1].prefix_len, 31);
	assert_int_equal(lan->n_routes, 2);
	assert_int_equal(lan->routes[0].dest, ip("10.5.0.0"));
	assert_int_equal(lan->routes[0].prefix_len, 16);
	assert_int_equal(lan->routes[0].gateway, ip("10.0.0.7"));
	assert_int_equal(lan->routes[0].metric, 9);
	assert_int_equal(lan->routes[1].gateway, 0);
	assert_true(s->nodes[lan->node].ip_forward);
	assert_memory_equal(lan->mac, "\x02\0\0\0\0\xab", 6);
}

/* systemd.network(5): PoolOffset= counts from the subnet's own address. */
static void pools(void **state)
{
	static const struct {
		const char *address, *keys, *first, *last;
	} cases[] = {
		{ "10.0.0.1/24", "PoolOffset=2\nPoolSize=253\n", "10.0.0.2", "10.0.0.254" },
		{ "10.0.0.1/24", "PoolOffset=100\n", "10.0.0.100", "10.0.0.254" },
		{ "10.0.0.1/24", "PoolOffset=0\nPoolSize=0\n", "10.0.0.2", "10.0.0.254" },
		{ "10.0.0.1/24", "PoolSize=10\n", "10.0.0.2", "10.0.0.10" },
		{ "10.0.0.1/24", "", "10.0.0.2", "10.0.0.254" },
		{ "10.0.0.254/24", "", "10.0.0.1", "10.0.0.253" },
		{ "10.0.0.9/24", "", "10.0.0.1", "10.0.0.254" },
		{ "10.0.0.9/24", "PoolStart=10.0.0.5\nPoolEnd=10.0.0.9\n", "10.0.0.5", "10.0.0.9" },
		{ "10.0.0.9/24", "PoolStart=10.0.0.5\nPoolSize=1\n", "10.0.0.5", "10.0.0.5" },
		{ "10.0.0.9/24", "PoolOffset=5\nPoolEnd=10.0.0.6\n", "10.0.0.5", "10.0.0.6" },
		{ "10.0.0.0/31", "", "10.0.0.1", "10.0.0.1" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		cleanup_text struct text t = { 0 };
		cleanup_scenario struct scenario *s = NULL;
		const struct scn_server *server;

		text_add(&t, PAIR "[Network srv:lan]\nDHCPServer=yes\nAddress=%s\n"
		"[DHCPServer srv:lan]\n%s",
			 cases[i].address, cases[i].keys);
		s = parse(t.str);
		server = iface(s, "srv:lan")->server;
		assert_non_null(server);
		assert_int_equal(server->first, ip(cases[i].first));
		assert_int_equal(server->last, ip(cases[i].last));
	}
}

static void lease_times(void **state)
{
	static const struct {
		const char *keys;
		uint32_t lease, min, max;
	} cases[] = {
		{ "", 3600, 2, 43200 },
		{ "DefaultLeaseTimeSec=1h 30min\n", 5400, 2, 43200 },
		{ "DefaultLeaseTimeSec=1d\n", 86400, 2, 86400 },
		{ "DefaultLeaseTimeSec=infinity\n", UINT32_MAX, 2, UINT32_MAX },
		{ "MaxLeaseTimeSec=600\n", 600, 2, 600 },
		{ "MinLeaseTimeSec=2h\n", 7200, 7200, 43200 },
		{ "DefaultLeaseTimeSec=2\nMaxLeaseTimeSec=2s\n", 2, 2, 2 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		cleanup_text struct text t = { 0 };
		cleanup_scenario struct scenario *s = NULL;
		const struct scn_server *server;

		text_add(&t, SERVER "%s", cases[i].keys);
		s = parse(t.str);
		server = iface(s, "srv:lan")->server;
		assert_int_equal(server->default_lease_sec, cases[i].lease);
		assert_int_equal(server->min_lease_sec, cases[i].min);
		assert_int_equal(server->max_lease_sec, cases[i].max);
		assert_int_equal(server->offer_sec, 60);
	}
}

static void servers_emit_what_is_named(void **state)
{
	cleanup_scenario struct scenario *plain = parse(SERVER);
	cleanup_scenario struct scenario *full = parse(
		SERVER "DNS=10.0.0.53 _server_address\nRouter=10.0.0.3\nNTP=10.0.0.4\n"
		"Timezone=Europe/Berlin\n"
		"Authoritative=yes\nOfferTimeSec=5\n");
	cleanup_scenario struct scenario *off = parse(
		SERVER "DNS=10.0.0.53\nEmitDNS=no\nNTP=1.1.1.1\nEmitNTP=no\nRouter=10.0.0.3\n"
		"EmitRouter=no\n"
		"Timezone=UTC\nEmitTimezone=no\n");
	const struct scn_server *server = iface(plain, "srv:lan")->server;

	assert_int_equal(server->n_dns + server->n_router + server->n_ntp, 0);
	assert_string_equal(server->timezone, "");
	assert_false(server->authoritative);

	server = iface(full, "srv:lan")->server;
	assert_int_equal(server->n_dns, 2);
	assert_int_equal(server->dns[0], ip("10.0.0.53"));
	assert_int_equal(server->dns[1], ip("10.0.0.1"));
	assert_int_equal(server->router[0], ip("10.0.0.3"));
	assert_int_equal(server->ntp[0], ip("10.0.0.4"));
	assert_string_equal(server->timezone, "Europe/Berlin");
	assert_true(server->authoritative);
	assert_int_equal(server->offer_sec, 5);

	server = iface(off, "srv:lan")->server;
	assert_int_equal(server->n_dns + server->n_router + server->n_ntp, 0);
	assert_string_equal(server->timezone, "");
}

static void servers_have_subnets_behind_relay_agents(void **state)
{
	cleanup_scenario struct scenario *s = parse(
		SERVER "DNS=10.0.0.53\nDefaultLeaseTimeSec=10min\nTimezone=UTC\n"
		"[DHCPServerSubnet srv:lan]\nSubnet=10.0.1.0/24\nPoolStart=10.0.1.10\n"
		"PoolEnd=10.0.1.20\nRouter=10.0.1.1\nDNS=_server_address\n"
		"[DHCPServerSubnet srv:lan]\nSubnet=10.0.2.0/25\nDefaultLeaseTimeSec=1min\n"
		"EmitTimezone=no\n");
	const struct scn_server *server = iface(s, "srv:lan")->server;

	assert_int_equal(server->n_subnets, 2);
	assert_int_equal(server->subnets[0].address, ip("10.0.1.0"));
	assert_int_equal(server->subnets[0].first, ip("10.0.1.10"));
	assert_int_equal(server->subnets[0].last, ip("10.0.1.20"));
	assert_int_equal(server->subnets[0].router[0], ip("10.0.1.1"));
	assert_int_equal(server->subnets[0].n_dns, 1);
	assert_int_equal(server->subnets[0].dns[0], ip("10.0.0.1"));
	assert_int_equal(server->subnets[0].default_lease_sec, 600);
	assert_string_equal(server->subnets[0].timezone, "UTC");
	assert_int_equal(server->subnets[1].first, 0);
	assert_int_equal(server->subnets[1].dns[0], ip("10.0.0.53"));
	assert_int_equal(server->subnets[1].n_router, 0);
	assert_int_equal(server->subnets[1].default_lease_sec, 60);
	assert_string_equal(server->subnets[1].timezone, "");
}

/* The bytes of option @code as the scenario has them. */
static void assert_option(const struct scn_server *server, uint8_t code, bool forced,
			  const void *value, size_t len)
{
	for (size_t i = 0; i < server->n_options; i++) {
		const struct scn_option *o = &server->options[i];

		if (o->code != code)
			continue;
		assert_int_equal(o->forced, forced);
		assert_int_equal(o->len, len);
		assert_memory_equal(o->value, value, len);
		return;
	}
	fail_msg("no option %u", code);
}

/* RFC 4361 section 6.1: 255, the interface's number, the node's DUID; of type 4 (RFC 6355). */
static void rfc4361_6_1_an_identifier_of_the_node(void **state)
{
	cleanup_scenario struct scenario *s = parse(
		"[Lab]\nFormatVersion=1\n[Node a b]\n[Switch sw]\n[Wiring]\n"
		"Cable=a:x[1-2] sw:p[1-2]\nCable=b:x sw:p3\n"
		"[Network a:x[1-2] b:x]\nDHCP=ipv4\n[DHCPv4 a:x[1-2] b:x]\nClientIdentifier=duid\n");
	cleanup_scenario struct scenario *plain = parse(
		"[Lab]\nFormatVersion=1\n[Node a b]\n[Wiring]\nCable=a:x b:x\n"
		"[Network a:x b:x]\nDHCP=ipv4\n[DHCPv4 b:x]\nClientIdentifier=id:z\n");
	uint8_t ax[SCN_CLIENT_ID_MAX], ay[SCN_CLIENT_ID_MAX], bx[SCN_CLIENT_ID_MAX];

	assert_int_equal(scn_client_id(s, iface(s, "a:x1"), ax), 1 + 4 + 2 + 16);
	assert_int_equal(scn_client_id(s, iface(s, "a:x2"), ay), 23);
	assert_int_equal(scn_client_id(s, iface(s, "b:x"), bx), 23);
	assert_int_equal(ax[0], 255);
	assert_memory_equal(ax + 5, "\0\4", 2);
	assert_memory_equal(ax + 5, ay + 5, 18);	/* one DUID, and several interfaces */
	assert_memory_not_equal(ax + 1, ay + 1, 4);
	assert_memory_not_equal(ax + 5, bx + 5, 18);

	assert_int_equal(scn_client_id(plain, iface(plain, "a:x"), ax), 0);
	assert_int_equal(scn_client_id(plain, iface(plain, "b:x"), ax), 2);
	assert_memory_equal(ax, "\0z", 2);
}

static void who_may_ask_about_leases_and_what(void **state)
{
	cleanup_scenario struct scenario *s = parse(
		SERVER "LeaseQueryFrom=10.0.0.3 10.9.0.0/16\nLeaseQueryDenyOptions=3\n"
		"LeaseQueryDenyOptions=61 12\n");
	cleanup_scenario struct scenario *plain = parse(SERVER);
	const struct scn_server *server = iface(s, "srv:lan")->server;

	assert_int_equal(server->n_queriers, 2);
	assert_int_equal(server->queriers[1].len, 16);
	assert_int_equal(server->n_secrets, 3);
	assert_memory_equal(server->secret, "\3\75\14", 3);
	assert_int_equal(iface(plain, "srv:lan")->server->n_secrets, 0);
}

static void servers_send_options(void **state)
{
	cleanup_scenario struct scenario *s = parse(
		SERVER "Router=10.0.0.1\nBootServerAddress=10.0.0.7\nBootServerName=boot\n"
		"BootFilename=pxelinux.0\nRapidCommit=no\nAutoConfigure=no\nDomain=lab.test\n"
		"SearchDomains=lab.test a.b.\nClasslessRoute=10.2.0.0/15 10.0.0.3\n"
		"ClasslessRoute=10.4.0.0/16 10.0.0.4\nCaptivePortal=https://x.test/\n"
		"IPv6OnlyPreferredSec=30min\nSendVendorOption=1:uint16:258\n"
		"SendVendorOption=2:ipv4address:1.2.3.4\n"
		"SendOption=224:hex:01:ff:00\nSendOption=225:string:a:b c\n"
		"SendOption=226:uint32:4294967295\nSendOption=227:uint8:255\n");
	cleanup_scenario struct scenario *plain = parse(SERVER);
	const struct scn_server *server = iface(s, "srv:lan")->server;

	assert_int_equal(server->next_server, ip("10.0.0.7"));
	assert_string_equal(server->boot_server, "boot");
	assert_string_equal(server->boot_file, "pxelinux.0");
	assert_false(server->rapid_commit || server->auto_configure);
	assert_option(server, 15, false, "lab.test", 8);
	assert_option(server, 119, false, "\3lab\4test\0\1a\1b\0", 15);
	/* RFC 3442: with the default route, since 3 is passed over then */
	assert_option(server, 121, false,
		      "\17\12\2\12\0\0\3\20\12\4\12\0\0\4\0\12\0\0\1", 19);
	assert_option(server, 114, false, "https://x.test/", 15);
	assert_option(server, 108, false, "\0\0\7\10", 4);
	assert_option(server, 43, false, "\1\2\1\2\2\4\1\2\3\4", 10);
	assert_option(server, 224, true, "\1\377\0", 3);
	assert_option(server, 225, true, "a:b c", 5);
	assert_option(server, 226, true, "\377\377\377\377", 4);
	assert_option(server, 227, true, "\377", 1);

	server = iface(plain, "srv:lan")->server;
	assert_int_equal(server->n_options, 0);
	assert_true(server->rapid_commit && server->auto_configure);
}

static void servers_know_classes_of_clients(void **state)
{
	cleanup_scenario struct scenario *s = parse(
		SERVER "BOOTP=yes\nPoolStart=10.0.0.10\nPoolEnd=10.0.0.99\n"
		"[DHCPServerClass srv:lan]\nUserClass=voip\nPoolStart=10.0.0.100\n"
		"PoolEnd=10.0.0.109\nSendOption=150:ipv4address:10.0.0.5\n"
		"[DHCPServerClass srv:lan]\nVendorClass=PXEClient*\nVendorEnterprise=343\n"
		"SendVendorOption=6:uint8:8\n");
	const struct scn_server *server = iface(s, "srv:lan")->server;

	assert_true(server->bootp);
	assert_int_equal(server->n_classes, 2);
	assert_string_equal(server->classes[0].user, "voip");
	assert_int_equal(server->classes[0].first, ip("10.0.0.100"));
	assert_int_equal(server->classes[0].last, ip("10.0.0.109"));
	assert_int_equal(server->classes[0].n_options, 1);
	assert_int_equal(server->classes[0].options[0].code, 150);
	assert_true(server->classes[0].options[0].forced);
	assert_string_equal(server->classes[1].vendor, "PXEClient*");
	assert_int_equal(server->classes[1].enterprise, 343);
	assert_int_equal(server->classes[1].first, 0);
	assert_memory_equal(server->classes[1].options[0].value, "\6\1\10", 3);
}

static void servers_keep_addresses_for_clients(void **state)
{
	cleanup_scenario struct scenario *s = parse(
		SERVER "AllowUnknown=no\nIgnoreClientId=yes\nConflictDetection=200ms\n"
		"[DHCPServerSubnet srv:lan]\nSubnet=10.0.1.0/24\n"
		"[DHCPServerStaticLease srv:lan]\nMACAddress=02:00:00:00:00:01\n"
		"Address=10.0.0.200\nHostname=desk\n"
		"[DHCPServerStaticLease srv:lan]\nClientIdentifier=id:printer\n"
		"MACAddress=02:00:00:00:00:01\nAddress=10.0.1.7\n");
	const struct scn_server *server = iface(s, "srv:lan")->server;

	assert_false(server->allow_unknown);
	assert_true(server->ignore_client_id);
	assert_int_equal(server->probe_ms, 200);
	assert_int_equal(server->n_reserved, 2);
	assert_true(server->reserved[0].has_mac);
	assert_memory_equal(server->reserved[0].mac, "\2\0\0\0\0\1", 6);
	assert_int_equal(server->reserved[0].address, ip("10.0.0.200"));
	assert_int_equal(server->reserved[0].client_id_len, 0);
	assert_string_equal(server->reserved[0].host_name, "desk");
	assert_int_equal(server->reserved[1].client_id_len, 8);
	assert_memory_equal(server->reserved[1].client_id, "\0printer", 8);
}

static void a_forwarding_server_is_the_router(void **state)
{
	cleanup_scenario struct scenario *asked = parse(SERVER "EmitRouter=yes\n");
	cleanup_scenario struct scenario *forwards =
		parse(SERVER "[Network srv:lan]\nIPForward=yes\n");
	cleanup_scenario struct scenario *never =
		parse(SERVER "EmitRouter=no\n[Network srv:lan]\nIPForward=yes\n");

	assert_int_equal(iface(asked, "srv:lan")->server->router[0], ip("10.0.0.1"));
	assert_int_equal(iface(forwards, "srv:lan")->server->router[0], ip("10.0.0.1"));
	assert_int_equal(iface(never, "srv:lan")->server->n_router, 0);
}

static void client_defaults(void **state)
{
	cleanup_scenario struct scenario *s = parse(CLIENT);
	const struct scn_client *c = iface(s, "host:eth0")->client;

	assert_true(c->use_gateway && c->use_dns && c->use_routes && c->send_release);
	assert_false(c->use_mtu || c->broadcast);
	assert_string_equal(scn_host_name(s, iface(s, "host:eth0")), "host");
	assert_int_equal(c->client_id_len + c->n_request, 0);
	assert_int_equal(c->route_metric, 1024);
	assert_int_equal(c->start_delay + c->request_address + c->collect, 0);
}

static void client_keys(void **state)
{
	cleanup_scenario struct scenario *s = parse(
		CLIENT "Hostname=my.host\nRequestOptions=1\nRequestOptions=\nRequestOptions=3 254\n"
		"UseDNS=no\nUseGateway=off\nUseRoutes=0\nUseMTU=yes\nRequestBroadcast=yes\n"
		"SendRelease=no\n"
		"RouteMetric=7\nClientIdentifier=hex:01:aB:ff\nStartDelaySec=1500ms\n"
		"CollectOffersSec=3\n"
		"RequestAddress=10.0.0.7\n");
	cleanup_scenario struct scenario *text = parse(CLIENT "ClientIdentifier=id:xyz\n"
	"SendHostname=no\n");
	cleanup_scenario struct scenario *mac = parse(CLIENT "ClientIdentifier=mac\n");
	const struct scn_client *c = iface(s, "host:eth0")->client;

	assert_string_equal(scn_host_name(s, iface(s, "host:eth0")), "my.host");
	assert_int_equal(c->n_request, 2);
	assert_int_equal(c->request[1], 254);
	assert_false(c->use_dns || c->use_gateway || c->use_routes || c->send_release);
	assert_true(c->use_mtu && c->broadcast);
	assert_int_equal(c->route_metric, 7);
	assert_int_equal(c->client_id_len, 3);
	assert_memory_equal(c->client_id, "\x01\xab\xff", 3);
	assert_int_equal(c->start_delay, 1500000);
	assert_int_equal(c->collect, 3000000);
	assert_int_equal(c->request_address, ip("10.0.0.7"));
	c = iface(text, "host:eth0")->client;
	assert_int_equal(c->client_id_len, 4);
	assert_memory_equal(c->client_id, "\0xyz", 4);
	assert_string_equal(scn_host_name(text, iface(text, "host:eth0")), "");
	assert_int_equal(iface(mac, "host:eth0")->client->client_id_len, 0);
}

static void the_callers_client_takes_an_address_only(void **state)
{
	cleanup_scenario struct scenario *s = parse(
		LAB "[Node srv]\n[Node me]\nNamespace=@caller\n[Wiring]\nCable=srv:lan me:lab\n"
		"[Network me:lab]\nDHCP=yes\n");
	const struct scn_client *c = iface(s, "me:lab")->client;

	assert_non_null(c);
	assert_false(c->use_dns || c->use_gateway || c->use_routes);
}

static void expectations(void **state)
{
	cleanup_scenario struct scenario *s = parse(
		CLIENT "[Network srv:lan]\nAddress=10.0.0.1/24\n"
		"[Expect a]\nNode=host\nState=BOUND\nAddress=10.0.0.2-10.0.0.254\n"
		"Server=10.0.0.1\nRouter=10.0.0.3\n"
		"DNS=10.0.0.4\nLeaseTimeSec=1h\nWithin=2s\nPoints=0\nHint=Look [here]\n"
		"[Expect b]\nNode=host:eth0\nMessages=DISCOVER OFFER REQUEST\nMessages=ACK\n"
		"SameTransaction=yes\n"
		"[Expect c]\nNode=srv\nPing=10.0.0.2\n"
		"[Expect d]\nNode=srv\nRoute=default via 10.0.0.9\n"
		"[Expect e]\nNode=srv:lan\nAddress=10.0.0.1\n"
		"[Expect f]\nNode=host\nAddress=10.0.0.0/24\n"
		"[Expect g]\nNode=srv\nRoute=10.1.0.0/16\n");
	const struct scn_expect *e = s->expects;

	assert_int_equal(e[0].kind, SCN_EXPECT_STATE);
	assert_int_equal(e[0].iface, scenario_iface(s, "host:eth0"));
	assert_string_equal(e[0].state, "BOUND");
	assert_int_equal(e[0].first, ip("10.0.0.2"));
	assert_int_equal(e[0].last, ip("10.0.0.254"));
	assert_int_equal(e[0].server, ip("10.0.0.1"));
	assert_int_equal(e[0].router, ip("10.0.0.3"));
	assert_int_equal(e[0].dns, ip("10.0.0.4"));
	assert_int_equal(e[0].lease_sec, 3600);
	assert_int_equal(e[0].within, 2000000);
	assert_int_equal(e[0].points, 0);
	assert_string_equal(e[0].hint, "Look [here]");
	assert_int_equal(e[1].kind, SCN_EXPECT_MESSAGES);
	assert_int_equal(e[1].n_messages, 4);
	assert_memory_equal(e[1].messages, "\1\2\3\5", 4);
	assert_true(e[1].same_transaction);
	assert_int_equal(e[1].points, 1);
	assert_int_equal(e[2].kind, SCN_EXPECT_PING);
	assert_int_equal(e[2].iface, NONE);
	assert_int_equal(e[2].node, scenario_node(s, "srv"));
	assert_int_equal(e[2].ping, ip("10.0.0.2"));
	assert_int_equal(e[3].kind, SCN_EXPECT_ROUTE);
	assert_int_equal(e[3].route.gateway, ip("10.0.0.9"));
	assert_int_equal(e[3].route.prefix_len, 0);
	assert_int_equal(e[4].kind, SCN_EXPECT_ADDRESS);
	assert_int_equal(e[4].first, e[4].last);
	assert_int_equal(e[5].kind, SCN_EXPECT_STATE);
	assert_int_equal(e[5].first, ip("10.0.0.1"));
	assert_int_equal(e[5].last, ip("10.0.0.254"));
	assert_int_equal(e[6].route.dest, ip("10.1.0.0"));
	assert_int_equal(e[6].route.prefix_len, 16);
}

static void events_come_in_the_order_of_their_times(void **state)
{
	cleanup_scenario struct scenario *s =
		parse(LAB "[Node c srv]\n[Switch north south]\n[Wiring]\nCable=c:eth0 north:p1\n"
			  "Cable=srv:eth0 south:p0\n"
			  "[Network c:eth0]\nDHCP=ipv4\n"
			  "[Event b]\nNode=c\nAction=renew\nAfterSec=2min\n"
			  "[Event c]\nNode=c:eth0\nAction=link-down\nAfterSec=2min\n"
			  "[Event a]\nNode=c\nAction=move\nSwitch=south\nAfterSec=1\n"
			  "[Event d]\nNode=c\nAction=move\nSwitch=north\nAfterSec=1h\n");
	const struct scn_event *e = s->events;
	char text[SCN_EVENT_TEXT];

	assert_int_equal(s->n_events, 4);
	assert_string_equal(e[0].name, "a");
	assert_int_equal(e[0].action, SCN_MOVE);
	assert_int_equal(e[0].after, 1000000);
	assert_int_equal(e[0].iface, scenario_iface(s, "c:eth0"));
	assert_int_equal(e[0].to, scenario_node(s, "south"));
	assert_string_equal(e[1].name, "b");
	assert_int_equal(e[1].action, SCN_RENEW);
	assert_string_equal(e[2].name, "c");
	assert_int_equal(e[2].action, SCN_LINK_DOWN);
	assert_int_equal(e[3].to, scenario_node(s, "north"));
	scn_event_text(s, &e[0], text);
	assert_string_equal(text, "c:eth0: event a: its cable goes from its switch to south");
	scn_event_text(s, &e[1], text);
	assert_string_equal(text, "c:eth0: event b: the client is told to renew");
}

static void actions_have_names(void **state)
{
	for (int a = 0; a < SCN_ACTIONS; a++)
		assert_int_equal(scn_action(scn_action_name((enum scn_action)a)), a);
	assert_int_equal(scn_action("Renew"), -EINVAL);
	assert_int_equal(scn_action(NULL), -EINVAL);
}

static void macs_depend_on_seed_and_name_only(void **state)
{
	cleanup_scenario struct scenario *a = parse(PAIR), *b = NULL, *other = NULL;

	b = parse(LAB "[Node x srv host]\n[Wiring]\nCable=x:a host:eth0\nCable=srv:lan x:b\n");
	other = parse_with(PAIR, (struct scenario_options){ .seed = 8, .has_seed = true });
	assert_memory_equal(iface(a, "srv:lan")->mac, "\x02\x4e\x4c", 3);
	assert_memory_equal(iface(a, "srv:lan")->mac, iface(b, "srv:lan")->mac, 6);
	assert_memory_equal(iface(a, "host:eth0")->mac, iface(b, "host:eth0")->mac, 6);
	assert_memory_not_equal(iface(a, "srv:lan")->mac, iface(a, "host:eth0")->mac, 6);
	assert_memory_not_equal(iface(a, "srv:lan")->mac, iface(other, "srv:lan")->mac, 6);
	assert_true(other->has_seed && other->seed == 8);
}

static int compare_macs(const void *a, const void *b)
{
	return memcmp(a, b, 6);
}

/* 16000 names in 2^24 numbers: about eight pairs of them fall together. */
static void macs_are_unique(void **state)
{
	cleanup_scenario struct scenario *s = parse(
		LAB "[Node a b c d]\n[Wiring]\nCable=a:e[1-4000] b:e[1-4000]\n"
		"Cable=c:e[1-4000] d:e[1-4000]\n");
	cleanup_free uint8_t *macs = malloc(s->n_ifaces * 6);

	assert_int_equal(s->n_ifaces, 16000);
	for (size_t i = 0; i < s->n_ifaces; i++)
		memcpy(macs + 6 * i, s->ifaces[i].mac, 6);
	qsort(macs, s->n_ifaces, 6, compare_macs);
	for (size_t i = 1; i < s->n_ifaces; i++)
		assert_memory_not_equal(macs + 6 * (i - 1), macs + 6 * i, 6);
}

static void set_goes_over_the_file(void **state)
{
	static const char *const set[] = {
		"Lab.Speed=60",
		"Network srv:lan.Address=10.1.0.1/24",
		"DHCPServer srv:lan.PoolSize=5",
		"DHCPServer srv:lan.PoolSize=6",
		"Node host.Namespace=other",
		"Expect p.Ping=10.1.0.9",
	};
	cleanup_scenario struct scenario *s = parse_with(
		SERVER "PoolSize=253\nPoolOffset=2\n[Expect p]\nNode=srv\nPing=10.0.0.2\n",
		(struct scenario_options){ .set = set, .n_set = ARRAY_SIZE(set) });

	assert_true(s->speed == 60.0);
	assert_int_equal(iface(s, "srv:lan")->n_addresses, 1);
	assert_int_equal(iface(s, "srv:lan")->server->first, ip("10.1.0.2"));
	assert_int_equal(iface(s, "srv:lan")->server->last, ip("10.1.0.7"));
	assert_string_equal(s->nodes[1].netns, "other");
	assert_int_equal(s->expects[0].ping, ip("10.1.0.9"));
}

static void names(void **state)
{
	assert_true(scenario_is_name("a"));
	assert_true(scenario_is_name("two-hosts_1.x"));
	assert_true(scenario_is_name("0123456789012345678901234567890"));
	assert_false(scenario_is_name("01234567890123456789012345678901"));
	assert_false(scenario_is_name(""));
	assert_false(scenario_is_name("."));
	assert_false(scenario_is_name(".."));
	assert_false(scenario_is_name("-x"));
	assert_false(scenario_is_name("a/b"));
	assert_false(scenario_is_name("a b"));
	assert_false(scenario_is_name("\xc3\xa4"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lab_keys),
		cmocka_unit_test(nodes_and_namespaces),
		cmocka_unit_test(cables_make_interfaces),
		cmocka_unit_test(ranges_pair_with_the_sections_names),
		cmocka_unit_test(a_plain_name_goes_over_a_glob),
		cmocka_unit_test(what_a_client_sends_and_whom_it_hears),
		cmocka_unit_test(an_allow_list_makes_a_deny_list_idle),
		cmocka_unit_test(addresses_and_routes),
		cmocka_unit_test(pools),
		cmocka_unit_test(lease_times),
		cmocka_unit_test(servers_emit_what_is_named),
		cmocka_unit_test(servers_have_subnets_behind_relay_agents),
		cmocka_unit_test(rfc4361_6_1_an_identifier_of_the_node),
		cmocka_unit_test(who_may_ask_about_leases_and_what),
		cmocka_unit_test(servers_send_options),
		cmocka_unit_test(servers_know_classes_of_clients),
		cmocka_unit_test(servers_keep_addresses_for_clients),
		cmocka_unit_test(a_forwarding_server_is_the_router),
		cmocka_unit_test(client_defaults),
		cmocka_unit_test(client_keys),
		cmocka_unit_test(the_callers_client_takes_an_address_only),
		cmocka_unit_test(expectations),
		cmocka_unit_test(events_come_in_the_order_of_their_times),
		cmocka_unit_test(actions_have_names),
		cmocka_unit_test(macs_depend_on_seed_and_name_only),
		cmocka_unit_test(macs_are_unique),
		cmocka_unit_test(set_goes_over_the_file),
		cmocka_unit_test(names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
