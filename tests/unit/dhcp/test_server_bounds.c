/* SPDX-License-Identifier: MIT */
/* test_server_bounds.c - what a reply has room for, to the byte; and what it never has. */
#include "server_fixture.h"

#include "dhcp/server_internal.h"

#define OPTIONS_AT 240
#define LEAST_ROOM 548		/* RFC 2131 section 2: 576 less the headers of IP and UDP */

/* Whether the reply has the option at all, even one that no reader would take. */
static bool has_code(const struct lab *lab, uint8_t code)
{
	for (unsigned int i = 0; i < lab->reply.n_fields; i++)
		if (lab->reply.fields[i].code == code)
			return true;

	return false;
}

static void test_size_of_a_reply_to_the_byte_rfc2132_s9_10(void **state)
{
	static const struct {
		uint16_t max_size;
		size_t limit;
	} cases[] = {
		{ 0, 548 }, { 1, 548 }, { 575, 548 }, { 576, 548 }, { 577, 549 }, { 1000, 972 },
		{ 1499, 1471 }, { 1500, 1472 }, { 1501, 1472 }, { 65535, 1472 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct ask a = { .type = DHCP_DISCOVER, .max_size = cases[i].max_size };
		struct dhcp_message m;

		build_ask(&a, &m);
		assert_int_equal(server_reply_limit(&m), cases[i].limit);
	}
}

/* More than there is room for: what is left of it is less than the shortest option. */
static struct dhcp_server_options full_options(uint8_t *ret_list, size_t *ret_n)
{
	static const uint8_t codes[] = { 19, 20, 23, 27, 29, 30, 31, 34, 36, 37, 39, 46 };
	struct dhcp_server_options opt = usual_options();
	uint8_t text[240];
	size_t n = 0;

	memset(text, 'x', sizeof(text));
	for (uint8_t code = 201; code <= 203; code++) {
		add_value(&opt, code, false, text, code == 201 ? 14 : 180);
		ret_list[n++] = code;
	}
	for (size_t i = 0; i < ARRAY_SIZE(codes); i++) {
		add_value(&opt, codes[i], false, "\1", 1);
		ret_list[n++] = codes[i];
	}
	*ret_n = n;
	return opt;
}

/* However much else is asked for, and not a byte too long. */
static void test_relay_info_to_the_byte_rfc3046_s2_2(void **state)
{
	uint8_t list[32];
	size_t n_list;
	struct dhcp_server_options opt = full_options(list, &n_list);
	char info[300] = "";
	struct lab lab;

	lab_start(&lab, &opt);
	for (size_t len = 2; len < sizeof(info); len++) {
		/* type, server, lease, T1, T2 before it, an END behind it; parts of 255 bytes */
		size_t used = OPTIONS_AT + 3 + 6 + 6 + 6 + 6 + 2 * ((len + 254) / 255) + len + 1;
		struct ask a = {
			.type = DHCP_DISCOVER, .client = 1, .giaddr = NET + 250, .relay = info,
			.n_relay = len, .list = list, .n_list = n_list,
		};
		const uint8_t *back;
		size_t n;

		assert_int_equal(lab_ask(&lab, &a), DHCP_OFFER);
		assert_true(lab_sent(&lab)->len <= LEAST_ROOM);
		back = dhcp_message_get(&lab.reply, DHCP_OPT_RELAY_INFO, &n);
		if (used > LEAST_ROOM) {
			assert_false(has_code(&lab, DHCP_OPT_RELAY_INFO));
			continue;
		}
		assert_non_null(back);
		assert_int_equal(n, len);
		assert_memory_equal(back, info, len);
	}
	lab_end(&lab);
}

/* It goes straight to the client: no agent is on its way. */
static void test_answer_to_inform_has_no_relay_info_rfc3046_s2_2(void **state)
{
	struct dhcp_server_options opt = usual_options();
	struct ask a = {
		.type = DHCP_INFORM, .client = 1, .ciaddr = NET + 40, .giaddr = NET + 250,
		.relay = "\1\1x",
	};
	struct lab lab;

	lab_start(&lab, &opt);
	assert_int_equal(lab_ask(&lab, &a), DHCP_ACK);
	assert_int_equal(lab_sent(&lab)->dst_ip, NET + 40);
	assert_false(has_code(&lab, DHCP_OPT_RELAY_INFO));
	lab_end(&lab);
}

/* RFC 3011 section 2 has the selection back, but table 3 has nothing more in a NAK. */
static void test_nak_has_no_answers_rfc2131_table3(void **state)
{
	struct dhcp_server_options opt = usual_options();
	struct ask a = { .type = DHCP_DISCOVER, .client = 1, .subnet = NET };
	struct lab lab;

	lab_start(&lab, &opt);
	assert_int_equal(lab_ask(&lab, &a), DHCP_OFFER);
	assert_true(has_code(&lab, DHCP_OPT_SUBNET_SELECTION));
	a.type = DHCP_REQUEST;
	a.server_id = SERVER;
	a.requested = 0xc0a80105;
	assert_int_equal(lab_ask(&lab, &a), DHCP_NAK);
	assert_false(has_code(&lab, DHCP_OPT_SUBNET_SELECTION));
	lab_end(&lab);
}

static void test_boot_as_it_is_configured_rfc2132_s9_4(void **state)
{
	static const uint8_t others[] = { DHCP_OPT_ROUTER };
	static const uint8_t both[] = { DHCP_OPT_TFTP_SERVER, DHCP_OPT_BOOT_FILE };
	struct dhcp_server_options opt = usual_options();
	struct ask a = { .type = DHCP_DISCOVER, .client = 1, .list = both, .n_list = 2 };
	struct lab lab;

	lab_start(&lab, &opt);		/* nothing: not even an empty option */
	assert_int_equal(lab_ask(&lab, &a), DHCP_OFFER);
	assert_false(has_code(&lab, DHCP_OPT_TFTP_SERVER));
	assert_false(has_code(&lab, DHCP_OPT_BOOT_FILE));
	lab_end(&lab);

	strcpy(opt.boot_server, "b");
	strcpy(opt.boot_file, "f");
	lab_start(&lab, &opt);
	assert_int_equal(lab_ask(&lab, &a), DHCP_OFFER);
	assert_true(dhcp_message_has(&lab.reply, DHCP_OPT_TFTP_SERVER));
	assert_true(dhcp_message_has(&lab.reply, DHCP_OPT_BOOT_FILE));
	a.list = others;		/* who asks for other things has it in the header */
	a.n_list = 1;
	assert_int_equal(lab_ask(&lab, &a), DHCP_OFFER);
	assert_string_equal(lab.reply.sname, "b");
	assert_string_equal(lab.reply.file, "f");
	lab_end(&lab);
}

/* Nor who lists other options. */
static void test_ipv6_only_is_for_those_who_ask_rfc8925_s3_3(void **state)
{
	static const uint8_t list[] = { DHCP_OPT_ROUTER };
	struct dhcp_server_options opt = usual_options();
	struct ask a = { .type = DHCP_DISCOVER, .client = 1, .list = list, .n_list = 1 };
	struct lab lab;

	add_value(&opt, DHCP_OPT_IPV6_ONLY, false, "\0\0\7\10", 4);
	lab_start(&lab, &opt);
	assert_int_equal(lab_ask(&lab, &a), DHCP_OFFER);
	assert_int_not_equal(lab.reply.yiaddr, 0);
	assert_false(has_code(&lab, DHCP_OPT_IPV6_ONLY));
	lab_end(&lab);
}

/* Of six bytes, and still no MAC address; a MAC address, and longer than one. */
static void test_unicast_needs_a_mac_address_rfc2131_s4_1(void **state)
{
	static const struct {
		uint8_t htype, hlen;
	} cases[] = { { 6, 6 }, { 1, 8 } };
	struct dhcp_server_options opt = usual_options();

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct ask a = {
			.type = DHCP_DISCOVER, .client = 1,
			.htype = cases[i].htype, .hlen = cases[i].hlen,
		};
		struct lab lab;

		lab_start(&lab, &opt);
		assert_int_equal(lab_ask(&lab, &a), DHCP_OFFER);
		assert_int_equal(lab_sent(&lab)->dst_ip, IP4_BROADCAST);
		lab_end(&lab);
	}
}

static void test_longest_fqdn_comes_back_rfc4702_s4(void **state)
{
	struct dhcp_server_options opt = usual_options();
	uint8_t fqdn[255] = { 4 };
	struct ask a = {
		.type = DHCP_DISCOVER, .client = 1, .max_size = 1500,
		.fqdn = (const char *)fqdn, .n_fqdn = sizeof(fqdn),
	};
	struct lab lab;
	size_t n;

	memset(fqdn + 3, 1, sizeof(fqdn) - 3);
	lab_start(&lab, &opt);
	assert_int_equal(lab_ask(&lab, &a), DHCP_OFFER);
	assert_non_null(dhcp_message_get(&lab.reply, DHCP_OPT_FQDN, &n));
	assert_int_equal(n, sizeof(fqdn));
	lab_end(&lab);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_size_of_a_reply_to_the_byte_rfc2132_s9_10),
		cmocka_unit_test(test_relay_info_to_the_byte_rfc3046_s2_2),
		cmocka_unit_test(test_answer_to_inform_has_no_relay_info_rfc3046_s2_2),
		cmocka_unit_test(test_nak_has_no_answers_rfc2131_table3),
		cmocka_unit_test(test_boot_as_it_is_configured_rfc2132_s9_4),
		cmocka_unit_test(test_ipv6_only_is_for_those_who_ask_rfc8925_s3_3),
		cmocka_unit_test(test_unicast_needs_a_mac_address_rfc2131_s4_1),
		cmocka_unit_test(test_longest_fqdn_comes_back_rfc4702_s4),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
