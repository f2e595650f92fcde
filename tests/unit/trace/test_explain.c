/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <netlab/dhcp_client.h>
#include <netlab/dhcp_relay.h>
#include <netlab/dhcp_server.h>

#include "base/util.h"
#include "trace/explain.h"
#include "trace/explain_pages.h"

static char *explain(const char *topic)
{
	const char *near = "untouched";
	struct text out = { 0 };

	assert_int_equal(explain_topic(topic, &out, &near), 0);
	assert_string_equal(near, "untouched");
	return text_take(&out);
}

/* Printable ASCII, 80 columns, no space at the end of a line, a newline at the end. */
static void assert_page(const char *page)
{
	size_t width = 0;

	assert_non_null(page);
	assert_in_range(strlen(page), 40, 100000);
	for (const char *c = page; *c; c++) {
		if (*c == '\n') {
			assert_true(c == page || c[-1] != ' ');
			width = 0;
			continue;
		}
		assert_in_range(*c, ' ', '~');
		if (++width > 80)
			fail_msg("too wide: %.90s", c - 80);
	}
	assert_int_equal(page[strlen(page) - 1], '\n');
}

static void assert_has(const char *page, const char *words)
{
	if (!strstr(page, words))
		fail_msg("\"%s\" is missing in:\n%s", words, page);
}

static void every_message_has_a_page(void **state)
{
	for (uint8_t type = 0; type <= DHCP_TYPE_MAX; type++) {
		cleanup_free char *page = explain(dhcp_type_name(type));

		assert_page(page);
		assert_has(page, dhcp_type_name(type));
		assert_has(page, dhcp_type_rfc(type));
		assert_has(page, "sent by");
	}
}

static void every_option_has_a_page(void **state)
{
	for (unsigned int code = 0; code < 256; code++) {
		const struct dhcp_option_info *info = dhcp_option_info((uint8_t)code);
		cleanup_free char *page = NULL, *by_name = NULL;
		char number[4];

		snprintf(number, sizeof(number), "%u", code);
		page = explain(number);
		assert_page(page);
		assert_has(page, number);
		if (!info->name || dhcp_type_by_name(info->name) >= 0)
			continue;
		assert_has(page, info->rfc);
		by_name = explain(info->name);
		assert_string_equal(page, by_name);
	}
}

static void every_example_is_valid(void **state)
{
	for (unsigned int code = 1; code < 255; code++) {
		uint8_t data[64];
		size_t len = explain_option_example((uint8_t)code, data, sizeof(data));

		if (dhcp_option_info((uint8_t)code)->type != DHCP_TYPE_NONE &&
		    !dhcp_option_is_valid((uint8_t)code, data, len))
			fail_msg("the example of option %u is not valid", code);
	}
}

/* What dhcp_option_format() shows of bytes that it has no words for. */
static bool is_bare_hex(const char *shown, const uint8_t *data, size_t len)
{
	char hex[3 * 64 + 1] = "";

	for (size_t i = 0; i < len; i++)
		snprintf(hex + 3 * i, sizeof(hex) - 3 * i, "%02x:", data[i]);
	return len > 0 && strlen(shown) == 3 * len - 1 && memcmp(shown, hex, 3 * len - 1) == 0;
}

/* Client identifiers are written so everywhere; the others are each site's own (RFC 3942). */
static bool has_no_words(unsigned int code)
{
	return code == DHCP_OPT_CLIENT_ID || (code >= 224 && code != DHCP_OPT_MICROSOFT_ROUTES);
}

static bool says_only_bytes(unsigned int code)
{
	cleanup_free char *page = NULL;
	char number[4];

	snprintf(number, sizeof(number), "%u", code);
	page = explain(number);
	return strstr(page, "bytes of a form of their own");
}

static void every_example_is_in_words(void **state)
{
	for (unsigned int code = 1; code < 255; code++) {
		uint8_t data[64];
		char shown[160];
		size_t len = explain_option_example((uint8_t)code, data, sizeof(data));

		if (dhcp_option_info((uint8_t)code)->type == DHCP_TYPE_NONE)
			continue;
		dhcp_option_format((uint8_t)code, data, len, shown, sizeof(shown));
		if (shown[0] == '\0' || is_bare_hex(shown, data, len) != has_no_words(code))
			fail_msg("the example of option %u is \"%s\"", code, shown);
		if (!has_no_words(code) && says_only_bytes(code))
			fail_msg("no words for the form of option %u", code);
	}
}

static void pages_of_the_machines(void **state)
{
	cleanup_free char *client = explain("client"), *server = explain("Server");
	cleanup_free char *relay = explain("relay");
	struct dhcp_row row;

	assert_page(client);
	assert_page(server);
	assert_page(relay);
	for (size_t i = 0; dhcp_client_row(i, &row); i++) {
		assert_has(client, row.from);
		assert_has(client, row.to);
		assert_has(client, row.on);
	}
	for (size_t i = 0; dhcp_server_row(i, &row); i++)
		assert_has(server, row.on);
	for (size_t i = 0; dhcp_relay_row(i, &row); i++) {
		assert_has(relay, row.on);
		assert_has(relay, row.reason.rfc);
	}
	assert_has(client, "RFC 2131 section 4.4.1");
	assert_has(server, "RFC 2131 section 4.3.1");
}

/* RFC 2131 tables 3 and 5, a cell of each kind. */
static void tables_3_and_5(void **state)
{
	static const struct {
		uint8_t type, code;
		enum message_rule rule;
	} rows[] = {
		{ DHCP_DISCOVER, DHCP_OPT_SERVER_ID, RULE_MUST_NOT },
		{ DHCP_DISCOVER, DHCP_OPT_REQUESTED_ADDRESS, RULE_MAY },
		{ DHCP_DISCOVER, DHCP_OPT_MESSAGE, RULE_SHOULD_NOT },
		{ DHCP_OFFER, DHCP_OPT_LEASE_TIME, RULE_MUST },
		{ DHCP_OFFER, DHCP_OPT_PARAMETER_LIST, RULE_MUST_NOT },
		{ DHCP_REQUEST, DHCP_OPT_REQUESTED_ADDRESS, RULE_DEPENDS },
		{ DHCP_REQUEST, DHCP_OPT_SERVER_ID, RULE_DEPENDS },
		{ DHCP_DECLINE, DHCP_OPT_REQUESTED_ADDRESS, RULE_MUST },
		{ DHCP_DECLINE, DHCP_OPT_ROUTER, RULE_MUST_NOT },
		{ DHCP_ACK, DHCP_OPT_LEASE_TIME, RULE_DEPENDS },
		{ DHCP_ACK, DHCP_OPT_ROUTER, RULE_MAY },
		{ DHCP_NAK, DHCP_OPT_LEASE_TIME, RULE_MUST_NOT },
		{ DHCP_NAK, DHCP_OPT_MESSAGE, RULE_SHOULD },
		{ DHCP_NAK, DHCP_OPT_ROUTER, RULE_MUST_NOT },
		{ DHCP_RELEASE, DHCP_OPT_SERVER_ID, RULE_MUST },
		{ DHCP_RELEASE, DHCP_OPT_REQUESTED_ADDRESS, RULE_MUST_NOT },
		{ DHCP_INFORM, DHCP_OPT_LEASE_TIME, RULE_MUST_NOT },
		{ DHCP_INFORM, DHCP_OPT_PARAMETER_LIST, RULE_MAY },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_int_equal(message_rule(rows[i].type, rows[i].code), rows[i].rule);

	for (uint8_t type = DHCP_DISCOVER; type <= DHCP_INFORM; type++) {
		assert_int_equal(message_rule(type, DHCP_OPT_MESSAGE_TYPE), RULE_MUST);
		for (unsigned int code = 1; code < 255; code++)
			assert_int_equal(message_rule(type, (uint8_t)code) == RULE_DEPENDS,
					 message_rule_note(type, (uint8_t)code) != NULL);
	}
}

static void near_misses(void **state)
{
	static const struct {
		const char *topic, *near;
	} rows[] = {
		{ "offr", "OFFER" },	   { "DHCPOFFR", "OFFER" },   { "clinet", "client" },
		{ "severr", "server" },	{ "rellay", "relay" },   { "lease-tme", "lease-time" }, { "roter", "router" },
		{ "xyzzyxyzzy", NULL },	   { "", NULL },	      { "256", NULL },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_text struct text out = { 0 };
		const char *near = "?";

		assert_int_equal(explain_topic(rows[i].topic, &out, &near), -ENOENT);
		assert_int_equal(out.len, 0);
		if (rows[i].near)
			assert_string_equal(near, rows[i].near);
		else
			assert_null(near);
	}
}

static void contents_lists_everything(void **state)
{
	cleanup_text struct text out = { 0 };

	explain_contents(&out);
	assert_page(out.str);
	assert_has(out.str, "client");
	assert_has(out.str, "DISCOVER");
	assert_has(out.str, " 51 lease-time");
	assert_has(out.str, "255 end");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_message_has_a_page),
		cmocka_unit_test(every_option_has_a_page),
		cmocka_unit_test(every_example_is_valid),
		cmocka_unit_test(every_example_is_in_words),
		cmocka_unit_test(pages_of_the_machines),
		cmocka_unit_test(tables_3_and_5),
		cmocka_unit_test(near_misses),
		cmocka_unit_test(contents_lists_everything),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
