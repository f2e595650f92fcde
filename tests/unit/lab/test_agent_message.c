/* SPDX-License-Identifier: MIT */
/* The agent may be somebody else's: what it says, and what of it the scenario allows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "lab/agent_message.h"
#include "scenario/scenario.h"

#define SERVER 0
#define CLIENT 2
#define LONER 4		/* a client with a link-local address */

static const char text[] =
	"[Lab]\nFormatVersion=1\n"
	"[Node srv host loner]\n"
	"[Switch sw]\n"
	"[Wiring]\n"
	"Cable=srv:eth0 sw:p0\nCable=host:eth0 sw:p1\nCable=loner:eth0 sw:p2\n"
	"[Network srv:eth0]\nAddress=10.0.0.1/24\nDHCPServer=yes\n"
	"[Network host:eth0]\nDHCP=ipv4\n"
	"[Network loner:eth0]\nDHCP=ipv4\nLinkLocalAddressing=ipv4\n"
	"[Event flap]\nNode=host\nAfterSec=1h\nAction=link-down\n"
	"[Event renew]\nNode=host\nAfterSec=2h\nAction=renew\n";

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

static struct agent_message configure(uint32_t iface)
{
	return (struct agent_message){
		.type = AGENT_CONFIGURE,
		.iface = iface,
		.config = { .address = 0x0a000005, .prefix_len = 24, .broadcast = 0x0a0000ff },
	};
}

static int read_back(const void *data, size_t len, struct agent_message *ret)
{
	const char *after;

	return agent_message_read(data, len, ret, &after);
}

static void lengths_are_checked(void **state)
{
	struct agent_message m = { .type = AGENT_STOPPED }, back;
	char bytes[sizeof(m) + 4];
	const char *after = NULL;

	for (size_t len = 0; len < sizeof(m); len += 7)
		assert_int_equal(read_back(&m, len, &back), -EBADMSG);
	assert_int_equal(read_back(&m, sizeof(m), &back), 0);
	m.text_len = 4;
	memcpy(bytes, &m, sizeof(m));
	memcpy(bytes + sizeof(m), "a b\n", 4);
	assert_int_equal(read_back(bytes, sizeof(bytes) - 1, &back), -EBADMSG);
	assert_int_equal(agent_message_read(bytes, sizeof(bytes), &back, &after), 0);
	assert_memory_equal(after, "a b\n", 4);
	m.text_len = UINT32_MAX;
	assert_int_equal(read_back(&m, sizeof(m), &back), -EBADMSG);
}

static void only_an_agents_messages_are_taken(void **state)
{
	struct agent_message m = { 0 }, back;

	for (int type = AGENT_CONFIGURE; type <= AGENT_QUIT; type++) {
		m.type = (enum agent_message_type)type;
		assert_int_equal(read_back(&m, sizeof(m), &back),
				 type < AGENT_ANSWER ? 0 : -EBADMSG);
	}
	m.type = (enum agent_message_type)1000;
	assert_int_equal(read_back(&m, sizeof(m), &back), -EBADMSG);
}

static void a_bool_is_0_or_1(void **state)
{
	static const size_t at[] = {
		offsetof(struct agent_message, taken), offsetof(struct agent_message, keeps),
		offsetof(struct agent_message, link_local),
	};

	for (size_t i = 0; i < ARRAY_SIZE(at); i++) {
		struct agent_message m = { .type = AGENT_WISH_DONE }, back;

		((uint8_t *)&m)[at[i]] = 1;
		assert_int_equal(read_back(&m, sizeof(m), &back), 0);
		((uint8_t *)&m)[at[i]] = 2;
		assert_int_equal(read_back(&m, sizeof(m), &back), -EBADMSG);
	}
}

static void what_is_printed_is_harmless(void **state)
{
	static const struct {
		const char *said, *shown;
	} cases[] = {
		{ "", "" },
		{ "no such client", "no such client" },
		{ "kein Gerät", "kein Gerät" },
		{ "\033[2J", "?[2J" },
		{ "two\nlines", "two?lines" },
		{ "half \xc3", "half ?" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct agent_message m = { .type = AGENT_WISH_DONE }, back;

		str_copy(m.error.text, sizeof(m.error.text), cases[i].said);
		assert_int_equal(read_back(&m, sizeof(m), &back), 0);
		assert_string_equal(back.error.text, cases[i].shown);
	}
}

static void an_error_is_an_errno(void **state)
{
	static const struct {
		int code, r;
	} cases[] = { { 0, 0 }, { -EPERM, 0 }, { -4095, 0 }, { -4096, -EBADMSG },
		      { 1, -EBADMSG }, { INT_MIN, -EBADMSG } };

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct agent_message m = { .type = AGENT_WISH_DONE }, back;

		m.error.code = cases[i].code;
		memset(m.error.text, 'e', sizeof(m.error.text));
		assert_int_equal(read_back(&m, sizeof(m), &back), cases[i].r);
		if (cases[i].r == 0)
			assert_int_equal(strlen(back.error.text), sizeof(m.error.text) - 1);
	}
}

static void only_where_the_scenario_runs_a_client(void **state)
{
	static const enum agent_message_type types[] = {
		AGENT_CONFIGURE, AGENT_DECONFIGURE, AGENT_OPEN_PACKET,
	};
	const struct scenario *s = *state;

	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		for (uint32_t iface = 0; iface < s->n_ifaces + 2; iface++) {
			struct agent_message m = configure(iface);
			bool is_client = iface == CLIENT || iface == LONER;

			m.type = types[i];
			assert_int_equal(agent_message_check(s, &m, NULL), is_client ? 0 : -EPERM);
		}
}

static void only_events_of_the_scenarios_network(void **state)
{
	const struct scenario *s = *state;
	struct agent_message m = { .type = AGENT_EVENT, .iface = CLIENT };

	assert_int_equal(agent_message_check(s, &m, NULL), 0);
	m.iface = LONER;
	assert_int_equal(agent_message_check(s, &m, NULL), -EPERM);
	m.iface = CLIENT;
	m.count = 1;	/* the agent's own */
	assert_int_equal(agent_message_check(s, &m, NULL), -EPERM);
	m.count = 2;
	assert_int_equal(agent_message_check(s, &m, NULL), -EPERM);
}

static void addresses_are_hosts(void **state)
{
	static const struct {
		uint32_t address;
		uint8_t prefix_len;
		uint32_t broadcast;
		int r;
	} cases[] = {
		{ 0x0a000005, 24, 0x0a0000ff, 0 },
		{ 0x0a000005, 32, 0, 0 },
		{ 0x0a000005, 24, UINT32_MAX, 0 },
		{ 0x0a000005, 24, 0x08080808, -EINVAL },
		{ 0x0a000005, 0, 0, -EINVAL },
		{ 0x0a000005, 33, 0, -EINVAL },
		{ 0x7f000001, 8, 0, -EINVAL },
		{ 0xe0000001, 24, 0, -EINVAL },
		{ 0, 24, 0, -EINVAL },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct agent_message m = configure(CLIENT);

		m.config.address = cases[i].address;
		m.config.prefix_len = cases[i].prefix_len;
		m.config.broadcast = cases[i].broadcast;
		assert_int_equal(agent_message_check(*state, &m, NULL), cases[i].r);
	}
}

static void nothing_is_counted_beyond_its_array(void **state)
{
	struct agent_message m = configure(CLIENT);

	m.config.n_routers = DHCP_ROUTERS_MAX + 1;
	assert_int_equal(agent_message_check(*state, &m, NULL), -EINVAL);
	m = configure(CLIENT);
	m.config.n_dns = DHCP_DNS_MAX + 1;
	assert_int_equal(agent_message_check(*state, &m, NULL), -EINVAL);
	m = configure(CLIENT);
	m.config.n_routes = DHCP_ROUTES_MAX + 1;
	assert_int_equal(agent_message_check(*state, &m, NULL), -EINVAL);
	m = configure(CLIENT);
	m.config.n_routes = 1;
	m.config.routes[0].prefix_len = 33;
	assert_int_equal(agent_message_check(*state, &m, NULL), -EINVAL);
	m = configure(CLIENT);
	memset(m.config.domain, 'a', sizeof(m.config.domain));
	assert_int_equal(agent_message_check(*state, &m, NULL), -EINVAL);
	m = configure(CLIENT);
	m.config.mtu = 67;
	assert_int_equal(agent_message_check(*state, &m, NULL), -EINVAL);
}

static void link_local_addresses_only_where_they_are_wanted(void **state)
{
	struct agent_message m = configure(LONER);

	m.link_local = true;
	assert_int_equal(agent_message_check(*state, &m, NULL), -EINVAL);
	m.config = (struct dhcp_config){ .address = 0xa9fe0105, .prefix_len = 16 };
	assert_int_equal(agent_message_check(*state, &m, NULL), 0);
	m.iface = CLIENT;
	assert_int_equal(agent_message_check(*state, &m, NULL), -EPERM);
	m.iface = LONER;
	m.config.address = 0xa9fe0005;	/* RFC 3927 section 2.1: the first 256 are reserved */
	assert_int_equal(agent_message_check(*state, &m, NULL), -EINVAL);
	m.config = (struct dhcp_config){ .address = 0xa9fe0105, .prefix_len = 16, .n_routers = 1 };
	assert_int_equal(agent_message_check(*state, &m, NULL), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lengths_are_checked),
		cmocka_unit_test(only_an_agents_messages_are_taken),
		cmocka_unit_test(a_bool_is_0_or_1),
		cmocka_unit_test(what_is_printed_is_harmless),
		cmocka_unit_test(an_error_is_an_errno),
		cmocka_unit_test(only_where_the_scenario_runs_a_client),
		cmocka_unit_test(only_events_of_the_scenarios_network),
		cmocka_unit_test(addresses_are_hosts),
		cmocka_unit_test(nothing_is_counted_beyond_its_array),
		cmocka_unit_test(link_local_addresses_only_where_they_are_wanted),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
