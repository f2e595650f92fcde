/* SPDX-License-Identifier: MIT */
/* test_server_parameters.c - what a server tells beside the address, and when. */
#include "server_fixture.h"

static int discover(struct lab *lab, const uint8_t *list, size_t n)
{
	struct ask a = { .type = DHCP_DISCOVER, .client = 1, .list = list, .n_list = n };

	return lab_ask(lab, &a);
}

static bool reply_has(const struct lab *lab, uint8_t code, const void *value, size_t n)
{
	size_t len = 0;
	const uint8_t *got = dhcp_message_get(&lab->reply, code, &len);

	return got && len == n && memcmp(got, value, n) == 0;
}

/* ---- boot ---- */

static void test_boot_in_header_or_options_rfc2132_s9_4(void **state)
{
	static const uint8_t asks[] = { DHCP_OPT_TFTP_SERVER, DHCP_OPT_BOOT_FILE };
	struct dhcp_server_options opt = usual_options();
	struct lab lab;

	opt.next_server = NET + 7;
	strcpy(opt.boot_server, "boot");
	strcpy(opt.boot_file, "pxelinux.0");
	lab_start(&lab, &opt);
	(void)lab_bind(&lab, 1);
	assert_int_equal(lab.reply.siaddr, NET + 7);
	assert_string_equal(lab.reply.sname, "boot");
	assert_string_equal(lab.reply.file, "pxelinux.0");
	assert_false(dhcp_message_has(&lab.reply, DHCP_OPT_BOOT_FILE));

	assert_int_equal(discover(&lab, asks, sizeof(asks)), DHCP_OFFER);
	assert_string_equal(lab.reply.sname, "");
	assert_string_equal(lab.reply.file, "");
	assert_true(reply_has(&lab, DHCP_OPT_TFTP_SERVER, "boot", 4));
	assert_true(reply_has(&lab, DHCP_OPT_BOOT_FILE, "pxelinux.0", 10));

	/* never in a NAK, table 3 */
	assert_int_equal(lab_select(&lab, 1, NET + 99), DHCP_NAK);
	assert_int_equal(lab.reply.siaddr, 0);
	assert_string_equal(lab.reply.file, "");
	lab_end(&lab);
}

static void test_boot_is_never_guessed_rfc2131_s4_3_1(void **state)
{
	static const uint8_t asks[] = { DHCP_OPT_TFTP_SERVER, DHCP_OPT_BOOT_FILE };
	struct dhcp_server_options opt = usual_options();
	struct lab lab;

	lab_start(&lab, &opt);
	assert_int_equal(discover(&lab, asks, sizeof(asks)), DHCP_OFFER);
	assert_int_equal(lab.reply.siaddr, 0);
	assert_false(dhcp_message_has(&lab.reply, DHCP_OPT_TFTP_SERVER));
	assert_false(dhcp_message_has(&lab.reply, DHCP_OPT_BOOT_FILE));
	lab_end(&lab);
}

/* ---- rapid commit ---- */

static void test_rapid_commit_if_both_want_it_rfc4039_s3_1(void **state)
{
	static const struct {
		bool server, client;
		int reply;
	} cases[] = {
		{ true, true, DHCP_ACK }, { true, false, DHCP_OFFER }, { false, true, DHCP_OFFER },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct ask a = { .type = DHCP_DISCOVER, .client = 1, .rapid = cases[i].client };
		struct dhcp_server_options opt = usual_options();
		bool is_ack = cases[i].reply == DHCP_ACK;
		struct lab lab;

		opt.rapid_commit = cases[i].server;
		lab_start(&lab, &opt);
		assert_int_equal(lab_ask(&lab, &a), cases[i].reply);
		assert_int_equal(dhcp_message_has(&lab.reply, DHCP_OPT_RAPID_COMMIT), is_ack);
		assert_int_equal(reply_u32(&lab, DHCP_OPT_LEASE_TIME), 3600);
		assert_int_equal(lab_binding(&lab, lab.reply.yiaddr)->state,
				 is_ack ? DHCP_BINDING_ACTIVE : DHCP_BINDING_OFFERED);
		lab_end(&lab);
	}
}

/* The ACK was lost: the DISCOVER that follows gets the same again. */
static void test_rapid_commit_repeated_rfc4039_s3_1(void **state)
{
	struct ask a = { .type = DHCP_DISCOVER, .client = 1, .rapid = true };
	struct dhcp_server_options opt = usual_options();
	struct lab lab;
	uint32_t address;

	opt.rapid_commit = true;
	lab_start(&lab, &opt);
	assert_int_equal(lab_ask(&lab, &a), DHCP_ACK);
	address = lab.reply.yiaddr;
	a.xid = 99;
	assert_int_equal(lab_ask(&lab, &a), DHCP_ACK);
	assert_int_equal(lab.reply.yiaddr, address);
	assert_null(dhcp_server_binding(lab.s, 1));
	lab_end(&lab);
}

/* ---- no address on purpose ---- */

static void test_auto_configure_rfc2563_s2_3(void **state)
{
	static const struct {
		bool server, client, is_full;
		int reply;
	} cases[] = {
		{ true, true, true, DHCP_OFFER },
		{ true, false, true, 0 },
		{ false, true, true, 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct ask a = {
			.type = DHCP_DISCOVER, .client = 1, .auto_configure = cases[i].client,
		};
		struct dhcp_server_options opt = usual_options();
		struct lab lab;

		opt.first = opt.last = 0;
		opt.no_auto_configure = cases[i].server;
		lab_start(&lab, &opt);
		assert_int_equal(lab_ask(&lab, &a), cases[i].reply);
		if (lab.reply.type) {
			assert_int_equal(lab.reply.yiaddr, 0);
			assert_true(reply_has(&lab, DHCP_OPT_AUTO_CONFIGURE, "\0", 1));
			assert_false(dhcp_message_has(&lab.reply, DHCP_OPT_LEASE_TIME));
			assert_int_equal(lab_sent(&lab)->dst_ip, IP4_BROADCAST);
		}
		assert_null(dhcp_server_binding(lab.s, 0));
		lab_end(&lab);
	}
}

/* With an address to give it is the usual exchange, without the option. */
static void test_auto_configure_means_nothing_with_an_address_rfc2563_s2_2(void **state)
{
	struct ask a = { .type = DHCP_DISCOVER, .client = 1, .auto_configure = true };
	struct dhcp_server_options opt = usual_options();
	struct lab lab;

	opt.no_auto_configure = true;
	lab_start(&lab, &opt);
	assert_int_equal(lab_ask(&lab, &a), DHCP_OFFER);
	assert_int_not_equal(lab.reply.yiaddr, 0);
	assert_false(dhcp_message_has(&lab.reply, DHCP_OPT_AUTO_CONFIGURE));
	lab_end(&lab);
}

static void test_ipv6_only_rfc8925_s3_3(void **state)
{
	static const uint8_t list[] = { DHCP_OPT_IPV6_ONLY };
	struct dhcp_server_options opt = usual_options();
	struct ask a = {
		.type = DHCP_DISCOVER, .client = 1, .list = list, .n_list = 1, .rapid = true,
		.auto_configure = true,
	};
	struct lab lab;

	opt.rapid_commit = true;
	add_value(&opt, DHCP_OPT_IPV6_ONLY, false, "\0\0\7\10", 4);
	lab_start(&lab, &opt);
	assert_int_equal(lab_ask(&lab, &a), DHCP_OFFER);
	assert_int_equal(lab.reply.yiaddr, 0);
	assert_true(reply_has(&lab, DHCP_OPT_IPV6_ONLY, "\0\0\7\10", 4));
	/* section 3.3.1: whether it may have an address of its own is another question */
	assert_true(reply_has(&lab, DHCP_OPT_AUTO_CONFIGURE, "\1", 1));
	assert_false(dhcp_message_has(&lab.reply, DHCP_OPT_RAPID_COMMIT));
	assert_null(dhcp_server_binding(lab.s, 0));

	lab_end(&lab);
	opt.no_auto_configure = true;
	lab_start(&lab, &opt);
	assert_int_equal(lab_ask(&lab, &a), DHCP_OFFER);
	assert_true(reply_has(&lab, DHCP_OPT_AUTO_CONFIGURE, "\0", 1));

	/* who does not list it never sees it, not even who lists nothing */
	assert_int_not_equal(lab_offer(&lab, 2), 0);
	assert_false(dhcp_message_has(&lab.reply, DHCP_OPT_IPV6_ONLY));
	lab_end(&lab);
}

/* ---- names ---- */

static void test_fqdn_flags_and_form_rfc4702_s4(void **state)
{
	static const struct {
		const char *asked, *reply;
		size_t len;
		const char *name;	/* that the binding has */
	} cases[] = {
		{ "\1\0\0pc.lab", "\2\377\377pc.lab", 9, "pc.lab" },	/* S: not done, so O */
		{ "\0\0\0pc", "\0\377\377pc", 5, "pc" },
		{ "\10\0\0pc", "\10\377\377pc", 5, "pc" },		/* N: nobody does */
		{ "\5\0\0\2pc\3lab\0", "\6\377\377\2pc\3lab\0", 11, "pc.lab" },
		{ "\364\0\0\2pc\3lab", "\4\377\377\2pc\3lab", 10, "pc.lab" },	/* MBZ bits */
		{ "\0\0\0a b", "\0\377\377a b", 6, "" },
	};
	struct dhcp_server_options opt = usual_options();
	struct lab lab;

	lab_start(&lab, &opt);
	for (uint16_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct ask a = {
			.type = DHCP_DISCOVER, .client = i, .fqdn = cases[i].asked,
			.n_fqdn = cases[i].len, .name = "other",
		};

		assert_int_equal(lab_ask(&lab, &a), DHCP_OFFER);
		assert_true(reply_has(&lab, DHCP_OPT_FQDN, cases[i].reply, cases[i].len));
		assert_string_equal(lab_binding(&lab, lab.reply.yiaddr)->host_name,
				    cases[i].name);
	}
	assert_int_equal(discover(&lab, NULL, 0), DHCP_OFFER);
	assert_false(dhcp_message_has(&lab.reply, DHCP_OPT_FQDN));
	lab_end(&lab);
}

/* ---- the list ---- */

static void test_broadcast_address_is_known_without_being_told_rfc2132_s5_3(void **state)
{
	static const uint8_t list[] = { DHCP_OPT_BROADCAST };
	struct dhcp_server_options opt = usual_options();
	struct lab lab;

	lab_start(&lab, &opt);
	assert_int_equal(discover(&lab, list, sizeof(list)), DHCP_OFFER);
	assert_int_equal(reply_u32(&lab, DHCP_OPT_BROADCAST), NET + 255);
	assert_int_equal(discover(&lab, NULL, 0), DHCP_OFFER);
	assert_false(dhcp_message_has(&lab.reply, DHCP_OPT_BROADCAST));
	lab_end(&lab);

	add_value(&opt, DHCP_OPT_BROADCAST, false, "\12\0\0\0", 4);
	lab_start(&lab, &opt);
	assert_int_equal(discover(&lab, list, sizeof(list)), DHCP_OFFER);
	assert_int_equal(reply_u32(&lab, DHCP_OPT_BROADCAST), NET);
	lab_end(&lab);
}

/* A lab may want to show what a server must not send: what is forced goes out as it is. */
static void test_forced_values_go_out_as_they_are(void **state)
{
	struct dhcp_server_options opt = usual_options();
	struct dhcp_server_options bad = opt;
	struct lab lab;

	add_value(&bad, DHCP_OPT_CAPTIVE_PORTAL, false, "", 0);
	assert_int_equal(dhcp_server_size(&bad), 0);
	add_value(&opt, 224, true, "", 0);
	add_value(&opt, DHCP_OPT_VENDOR, true, "\1\1x", 3);
	lab_start(&lab, &opt);
	assert_int_equal(discover(&lab, (const uint8_t[]){ DHCP_OPT_ROUTER }, 1), DHCP_OFFER);
	assert_true(reply_has(&lab, 224, "", 0));
	assert_true(reply_has(&lab, DHCP_OPT_VENDOR, "\1\1x", 3));
	lab_end(&lab);
}

/* What does not fit goes in the reverse order of the list; what must be there stays. */
static void test_least_wanted_is_left_out_first_rfc2132_s9_8(void **state)
{
	static const uint8_t list[] = { 226, 225, 224 };
	struct dhcp_server_options opt = usual_options();
	uint8_t big[200] = { 0 };
	struct lab lab;

	for (uint8_t code = 224; code <= 226; code++)
		add_value(&opt, code, false, big, sizeof(big));
	lab_start(&lab, &opt);
	assert_int_equal(discover(&lab, list, sizeof(list)), DHCP_OFFER);
	assert_true(dhcp_message_has(&lab.reply, 226));
	assert_false(dhcp_message_has(&lab.reply, 224));
	assert_int_equal(reply_u32(&lab, DHCP_OPT_LEASE_TIME), 3600);
	assert_true(lab_sent(&lab)->len <= DHCP_MIN_MAX_SIZE - 28);
	lab_end(&lab);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_boot_in_header_or_options_rfc2132_s9_4),
		cmocka_unit_test(test_boot_is_never_guessed_rfc2131_s4_3_1),
		cmocka_unit_test(test_rapid_commit_if_both_want_it_rfc4039_s3_1),
		cmocka_unit_test(test_rapid_commit_repeated_rfc4039_s3_1),
		cmocka_unit_test(test_auto_configure_rfc2563_s2_3),
		cmocka_unit_test(test_auto_configure_means_nothing_with_an_address_rfc2563_s2_2),
		cmocka_unit_test(test_ipv6_only_rfc8925_s3_3),
		cmocka_unit_test(test_fqdn_flags_and_form_rfc4702_s4),
		cmocka_unit_test(test_broadcast_address_is_known_without_being_told_rfc2132_s5_3),
		cmocka_unit_test(test_forced_values_go_out_as_they_are),
		cmocka_unit_test(test_least_wanted_is_left_out_first_rfc2132_s9_8),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
