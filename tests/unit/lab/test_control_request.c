/* SPDX-License-Identifier: MIT */
/* What may come in by the control socket: requests, and everything else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <string.h>

#include "lab/control_request.h"
#include "scenario/scenario.h"

static const char text[] =
	"[Lab]\nFormatVersion=1\n"
	"[Node srv host]\n"
	"[Wiring]\n"
	"Cable=srv:eth0 host:eth0\n"
	"[Network srv:eth0]\nAddress=10.0.0.1/24\nDHCPServer=yes\n"
	"[Network host:eth0]\nDHCP=ipv4\n";

#define CLOCK "\"speed\":1.0,\"us\":0,\"moment\":\"T1\",\"iface\":4294967295}"

static int setup(void **state)
{
	const struct scenario_options opt = { .name = "test" };
	cleanup_diags struct diags diags = { 0 };

	return scenario_parse(text, strlen(text), &opt, (struct scenario **)state, &diags);
}

static int teardown(void **state)
{
	scenario_free(*state);
	return 0;
}

static int parse(void **state, const char *request, struct control_request *ret)
{
	struct error err = { 0 };
	int r = control_request_parse(*state, request, strlen(request), ret, &err);

	/* Whoever asked gets a word. */
	assert_int_equal(r, err.code);
	assert_true(r == 0 || err.text[0]);
	return r;
}

static void requests_are_understood(void **state)
{
	static const struct {
		const char *request;
		enum control_op op;
	} cases[] = {
		{ "{\"op\":\"down\"}", CONTROL_DOWN },
		{ "{\"op\":\"status\"}", CONTROL_STATUS },
		{ "{\"op\":\"enter\",\"node\":1}", CONTROL_ENTER },
		{ "{\"op\":\"socket\",\"node\":1,\"kind\":\"ping\"}", CONTROL_SOCKET },
		{ "{\"op\":\"client\",\"iface\":1,\"action\":\"renew\"}", CONTROL_WISH },
		{ "{\"op\":\"step\",\"command\":\"\"}", CONTROL_WISH },
		{ "{\"op\":\"time\",\"wish\":\"pause\"," CLOCK, CONTROL_WISH },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct control_request r;

		assert_int_equal(parse(state, cases[i].request, &r), 0);
		assert_int_equal(r.op, cases[i].op);
	}
}

static void a_wish_says_what_is_wanted(void **state)
{
	struct control_request r;

	assert_int_equal(parse(state, "{\"op\":\"client\",\"iface\":1,\"action\":\"renew\"}", &r), 0);
	assert_int_equal(r.wish.type, AGENT_CLIENT);
	assert_int_equal(r.wish.iface, 1);
	assert_int_equal(r.wish.action, scn_action("renew"));
	assert_int_equal(parse(state, "{\"op\":\"socket\",\"node\":1,\"kind\":\"ping\"}", &r), 0);
	assert_int_equal(r.kind, LAB_SOCKET_PING);
	assert_int_equal(r.node, 1);
	assert_int_equal(parse(state, "{\"op\":\"socket\",\"node\":0,\"kind\":\"route\"}", &r), 0);
	assert_int_equal(r.kind, LAB_SOCKET_ROUTE);
}

static void the_rest_is_refused(void **state)
{
	static const struct {
		const char *request;
		int r;
	} cases[] = {
		{ "", -EINVAL },
		{ "down", -EINVAL },
		{ "[\"down\"]", -EINVAL },
		{ "{\"op\":7}", -EINVAL },
		{ "{\"op\":\"downwards\"}", -EINVAL },
		{ "{\"op\":\"enter\",\"node\":2}", -ENOENT },
		{ "{\"op\":\"enter\",\"node\":-1}", -ENOENT },
		{ "{\"op\":\"socket\",\"node\":0}", -EINVAL },
		{ "{\"op\":\"client\",\"iface\":2,\"action\":\"renew\"}", -ENOENT },
		{ "{\"op\":\"client\",\"iface\":4294967297,\"action\":\"renew\"}", -ENOENT },
		{ "{\"op\":\"client\",\"iface\":1,\"action\":\"link-down\"}", -EINVAL },
		{ "{\"op\":\"client\",\"iface\":1}", -EINVAL },
		{ "{\"op\":\"time\",\"wish\":\"stop\"," CLOCK, -EINVAL },
		{ "{\"op\":\"time\",\"wish\":\"speed\",\"speed\":0.0,\"us\":0,\"moment\":\"T1\","
		  "\"iface\":1}", -EINVAL },
		{ "{\"op\":\"time\",\"wish\":\"until\",\"speed\":1.0,\"us\":0,\"moment\":\"T1\","
		  "\"iface\":2}", -EINVAL },
		{ "{\"op\":\"step\",\"command\":\"dance\"}", -EINVAL },
		{ "{\"op\":\"fault\"}", -EINVAL },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct control_request r, before;

		memset(&r, 0x5a, sizeof(r));
		before = r;
		assert_int_equal(parse(state, cases[i].request, &r), cases[i].r);
		assert_memory_equal(&r, &before, sizeof(r));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(requests_are_understood),
		cmocka_unit_test(a_wish_says_what_is_wanted),
		cmocka_unit_test(the_rest_is_refused),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
