/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "base/text.h"
#include "scenario/plan.h"

static const char lab[] =
	"[Lab]\nFormatVersion=1\n"
	"[Node srv c[1-2]]\n[Node me]\nNamespace=@caller\n[Switch sw]\n"
	"[Wiring]\nCable=srv:lan sw:p0\nCable=c[1-2]:eth0 sw:p[1-2]\nCable=me:lab sw:p3\n"
	"[Network srv:lan]\nAddress=10.0.0.1/24\nDHCPServer=yes\nIPForward=yes\n"
	"[Network c1:eth0]\nDHCP=yes\n"
	"[Network c2:eth0]\nAddress=10.0.0.2/24 10.0.1.2/24\nGateway=10.0.0.1\n"
	"[Link c2:eth0 sw:p2]\nMTUBytes=1400\n"
	"[Network me:lab]\nAddress=10.0.0.3/24\n"
	"[DHCPServer srv:lan]\nPoolStart=10.0.0.100\nPoolEnd=10.0.0.199\nDNS=10.0.0.1 10.0.0.2\n"
	"[DHCPv4 c1:eth0]\nClientIdentifier=id:xy\nRequestBroadcast=yes\nStartDelaySec=1500ms\n";

static struct scenario *parse(const char *text)
{
	const struct scenario_options opt = { .name = "lab" };
	struct diags diags = { 0 };
	struct scenario *s = NULL;

	assert_int_equal(scenario_parse(text, strlen(text), &opt, &s, &diags), 0);
	diags_done(&diags);
	return s;
}

static void add_op(struct text *t, const struct scenario *s, const struct plan_op *op)
{
	text_add(t, "%s %s", plan_op_name(op->type), s->nodes[op->node].name);
	if (op->iface != NONE)
		text_add(t, ":%s", s->ifaces[op->iface].name);
	if (op->type == PLAN_CABLE || op->index > 0)
		text_add(t, " %zu", op->index);
	text_add(t, "\n");
}

/* Namespaces, bridges, cables, hosts, ports, bridges up, routes, servers, clients. */
static void operations_stand_in_the_cheapest_order(void **state)
{
	cleanup_scenario struct scenario *s = parse(lab);
	cleanup_text struct text t = { 0 };
	cleanup_plan struct plan plan = { 0 };

	assert_int_equal(plan_make(s, &plan), 0);
	assert_ptr_equal(plan.scenario, s);
	for (size_t i = 0; i < plan.n_ops; i++)
		add_op(&t, s, &plan.ops[i]);

	assert_string_equal(t.str,
			    "namespace srv\nnamespace c1\nnamespace c2\nnamespace sw\n"
			    "switch sw\n"
			    "cable srv:lan 0\ncable c1:eth0 1\ncable c2:eth0 2\ncable me:lab 3\n"
			    "address srv:lan\nforwarding srv\nlink srv\nlink srv:lan\n"
			    "link c1\nlink c1:eth0\n"
			    "address c2:eth0\naddress c2:eth0 1\nmtu c2:eth0\nlink c2\n"
			    "link c2:eth0\n"
			    "address me:lab\nlink me:lab\n"
			    "link sw:p0\nlink sw:p1\nmtu sw:p2\nlink sw:p2\nlink sw:p3\nlink sw\n"
			    "route c2:eth0\n"
			    "server srv:lan\n"
			    "client c1:eth0\n");
}

static void every_operation_has_a_name(void **state)
{
	for (unsigned int i = PLAN_NETNS; i <= PLAN_CLIENT; i++)
		assert_string_not_equal(plan_op_name((enum plan_op_type)i), "operation");
}

static void alias_names_lab_and_node(void **state)
{
	cleanup_scenario struct scenario *s = parse(lab);
	char alias[256], small[8];

	plan_alias(s, scenario_iface(s, "c1:eth0"), alias, sizeof(alias));
	assert_string_equal(alias, "netlab:lab:c1");
	plan_alias(s, 0, small, sizeof(small));
	assert_string_equal(small, "netlab:");
}

static void assert_lines_in_order(const char *text, const char *const *lines, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const char *found = strstr(text, lines[i]);

		if (!found)
			fail_msg("missing, or out of order: %s", lines[i]);
		text = found + strlen(lines[i]);
	}
}

static void shell_does_the_same_by_hand(void **state)
{
	static const char *const lines[] = {
		"\nset -e\n",
		"\tip link del lab 2>/dev/null || :\n",
		"for name in lab-srv lab-c1 lab-c2 lab-sw; do\n\t\tip netns del \"$name\"",
		"if ip link show dev lab >/dev/null",
		"\nip netns add lab-srv\n",
		"\nip -n lab-sw link add br0 type bridge mcast_snooping 0\n",
		"\nip link add lan address 02:4e:4c:",
		" netns lab-srv type veth \\\n\tpeer name p0 address 02:4e:4c:",
		" netns lab-sw\nip -n lab-srv link set dev lan addrgenmode none\n"
		"ip -n lab-sw link set dev p0 addrgenmode none master br0\n",
		"\nip link add lab address 02:4e:4c:",
		"\nip link set dev lab addrgenmode none\n",
		"\nip -n lab-srv addr add 10.0.0.1/24 brd + dev lan\n",
		"\nip netns exec lab-srv sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward'\n",
		"\nip -n lab-c2 link set dev eth0 mtu 1400\n",
		"\nip addr add 10.0.0.3/24 brd + dev lab\nip link set dev lab up\n",
		"\nip -n lab-sw link set dev br0 up\n",
		"\nip -n lab-c2 route add default via 10.0.0.1 dev eth0\n",
		"\nip netns exec lab-srv dnsmasq ",
		"--dhcp-range=10.0.0.100,10.0.0.199,255.255.255.0,3600 ",
		"--dhcp-option=option:router,10.0.0.1 ",
		"--dhcp-option=option:dns-server,10.0.0.1,10.0.0.2 ",
		"\ncat >\"$dir/lease\" <<'END'\n",
		"\nsend dhcp-client-identifier 00:78:79;\nsend host-name \"c1\";\nEND\n"
		"sleep 2\nip netns exec lab-c1 dhclient -4 -1 -v -B -sf \"$dir/lease\" ",
		" eth0\n",
		"\ntrap - EXIT\n",
	};
	cleanup_scenario struct scenario *s = parse(lab);
	cleanup_plan struct plan plan = { 0 };
	cleanup_free char *script = NULL;

	assert_int_equal(plan_make(s, &plan), 0);
	script = plan_shell(&plan);
	assert_lines_in_order(script, lines, ARRAY_SIZE(lines));
	assert_null(strstr(script, ">/etc"));
	assert_null(strstr(script, "netns lab-me"));
}

/* Each of the script's namespaces and of the caller's links is made once and removed once. */
static void shell_removes_what_it_makes(void **state)
{
	cleanup_scenario struct scenario *s = parse(lab);
	cleanup_plan struct plan plan = { 0 };
	cleanup_free char *script = NULL;
	const char *down, *end;

	assert_int_equal(plan_make(s, &plan), 0);
	script = plan_shell(&plan);
	down = strstr(script, "\ndown() {");
	end = strstr(down, "\n}\n");
	for (size_t i = 0; i < s->n_nodes; i++) {
		const char *name = s->nodes[i].netns;
		const char *found = strstr(down, name);

		assert_true(s->nodes[i].is_caller || (found && found < end));
	}
}

/* A bridge of the kernel's has 1023 ports at most. */
static void wide_switch_is_two_bridges(void **state)
{
	static const char *const lines[] = {
		"ip -n lab-sw link add br0 type bridge mcast_snooping 0\n",
		"ip -n lab-sw link add .br1 type bridge mcast_snooping 0\n",
		"ip -n lab-sw link add .br0-br1 type veth peer name .br1-br0\n",
		"ip -n lab-sw link set dev .br0-br1 addrgenmode none master br0 up\n",
		"ip -n lab-sw link set dev .br1-br0 addrgenmode none master .br1 up\n",
		"link set dev p1 addrgenmode none master br0\n",
		"link set dev p1000 addrgenmode none master br0\n",
		"link set dev p1001 addrgenmode none master .br1\n",
		"ip -n lab-sw link set dev br0 up\nip -n lab-sw link set dev .br1 up\n",
	};
	cleanup_scenario struct scenario *s = parse(
		"[Lab]\nFormatVersion=1\n[Node a]\n[Switch sw]\n[Wiring]\n"
		"Cable=a:x[1-1001] sw:p[1-1001]\n");
	cleanup_plan struct plan plan = { 0 };
	cleanup_free char *script = NULL;

	assert_int_equal(plan_make(s, &plan), 0);
	assert_int_equal(plan_bridges(s, scenario_node(s, "sw")), 2);
	script = plan_shell(&plan);
	assert_lines_in_order(script, lines, ARRAY_SIZE(lines));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(operations_stand_in_the_cheapest_order),
		cmocka_unit_test(every_operation_has_a_name),
		cmocka_unit_test(alias_names_lab_and_node),
		cmocka_unit_test(shell_does_the_same_by_hand),
		cmocka_unit_test(shell_removes_what_it_makes),
		cmocka_unit_test(wide_switch_is_two_bridges),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
