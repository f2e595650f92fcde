/* SPDX-License-Identifier: MIT */
/* test_server_bootp.c - clients that speak BOOTP and not DHCP (RFC 951, RFC 1534). */
#include "server_fixture.h"

#define RESERVED (NET + 200)
#define CLIENT 9

static struct dhcp_server_options bootp_options(bool dynamic)
{
	struct dhcp_server_options opt = usual_options();

	opt.bootp = dynamic;
	opt.n_reserved = 1;
	opt.reserved[0] = (struct dhcp_reservation){
		.address = RESERVED, .id_len = 7, .id = { 1, 2, 0x4e, 0x4c, 0, 0, CLIENT },
	};
	return opt;
}

/* The address in the reply; 0 for no reply. */
static uint32_t boot(struct lab *lab, uint16_t client)
{
	struct ask a = { .client = client };

	(void)lab_ask(lab, &a);
	return lab->out.n ? lab->reply.yiaddr : 0;
}

static void test_reserved_host_gets_its_address_rfc1534_s2(void **state)
{
	struct dhcp_server_options opt = bootp_options(false);
	struct lab lab;

	lab_start(&lab, &opt);
	assert_int_equal(boot(&lab, CLIENT), RESERVED);
	assert_int_equal(boot(&lab, CLIENT), RESERVED);
	assert_int_equal(boot(&lab, CLIENT + 1), 0);
	assert_string_equal(lab.out.reason.rfc, "RFC 1534 section 2");
	lab_end(&lab);
}

static void test_pool_only_if_told_so_and_for_ever_rfc1534_s2(void **state)
{
	struct dhcp_server_options opt = bootp_options(true);
	struct lab lab;
	uint32_t address;

	lab_start(&lab, &opt);
	address = boot(&lab, CLIENT + 1);
	assert_int_not_equal(address, 0);
	assert_true(dhcp_server_deadline(lab.s) == DHCP_NEVER);
	assert_int_equal(dhcp_server_binding(lab.s, 0)->state, DHCP_BINDING_ACTIVE);
	lab.now += 1000000 * DHCP_SECOND;
	assert_int_equal(boot(&lab, CLIENT + 1), address);
	lab_end(&lab);
}

static void test_reply_is_no_dhcp_message_rfc1534_s2(void **state)
{
	struct dhcp_server_options opt = bootp_options(false);
	static const uint8_t dhcp_only[] = { 51, 53, 54, 58, 59 };
	struct lab lab;

	add_value(&opt, DHCP_OPT_ROUTER, false, "\12\0\0\1", 4);
	lab_start(&lab, &opt);
	assert_int_equal(boot(&lab, CLIENT), RESERVED);
	assert_int_equal(lab.reply.op, DHCP_OP_REPLY);
	assert_int_equal(lab.reply.type, DHCP_NO_TYPE);
	assert_int_equal(lab.reply.siaddr, SERVER);
	for (size_t i = 0; i < sizeof(dhcp_only); i++)
		assert_false(dhcp_message_has(&lab.reply, dhcp_only[i]));
	assert_true(dhcp_message_has(&lab.reply, DHCP_OPT_SUBNET_MASK));
	assert_true(dhcp_message_has(&lab.reply, DHCP_OPT_ROUTER));
	lab_end(&lab);
}

/* A vend area of 64 bytes, in a message of 300: what does not fit stays away. */
static void test_reply_has_300_bytes_rfc951_s3(void **state)
{
	struct dhcp_server_options opt = bootp_options(false);
	static const uint8_t text[60] = "a text that has no room beside the others";
	struct lab lab;

	add_value(&opt, DHCP_OPT_ROUTER, false, "\12\0\0\1", 4);
	add_value(&opt, DHCP_OPT_DOMAIN_NAME, true, text, sizeof(text));
	lab_start(&lab, &opt);
	assert_int_equal(boot(&lab, CLIENT), RESERVED);
	assert_int_equal(lab.out.action[0].send.len, DHCP_MIN_LEN);
	assert_false(dhcp_message_has(&lab.reply, DHCP_OPT_DOMAIN_NAME));
	assert_false(dhcp_message_has(&lab.reply, DHCP_OPT_OVERLOAD));
	lab_end(&lab);
}

/* RFC 1542 section 2.1: as many options as there is room for in 300 bytes, or in what it sent. */
static void test_reply_is_as_long_as_the_request_rfc1542_s2_1(void **state)
{
	static const uint8_t filler[200];
	struct dhcp_server_options opt = bootp_options(false);
	struct ask a = { .client = CLIENT };
	char text[150];
	struct lab lab;

	memset(text, 'x', sizeof(text));
	add_value(&opt, DHCP_OPT_DOMAIN_NAME, true, text, sizeof(text));
	lab_start(&lab, &opt);
	(void)lab_ask(&lab, &a);
	assert_int_equal(lab_sent(&lab)->len, 300);
	assert_false(dhcp_message_has(&lab.reply, DHCP_OPT_DOMAIN_NAME));
	a.code = DHCP_OPT_VENDOR;
	a.value = filler;
	a.n_value = sizeof(filler);
	(void)lab_ask(&lab, &a);
	assert_true(dhcp_message_has(&lab.reply, DHCP_OPT_DOMAIN_NAME));
	lab_end(&lab);
}

/* What it has as a DHCP client it does not keep as a BOOTP client, unless that may have it. */
static void test_lease_of_a_dhcp_client_is_none_rfc1534_s2(void **state)
{
	struct dhcp_server_options opt = bootp_options(false);
	struct lab lab;
	uint32_t address;

	lab_start(&lab, &opt);
	(void)lab_bind(&lab, 5);
	assert_int_equal(boot(&lab, 5), 0);
	lab_end(&lab);
	opt.bootp = true;
	opt.force_renew = true;
	lab_start(&lab, &opt);
	address = lab_bind(&lab, 5);
	lab.can_force = true;
	assert_int_equal(boot(&lab, 5), address);
	/* RFC 6704 is for DHCP clients */
	assert_int_equal(lab_force_renew(&lab, address), 0);
	lab_end(&lab);
}

static void test_wants_another_server_or_file_rfc951_s7_3(void **state)
{
	struct dhcp_server_options opt = bootp_options(false);
	struct dhcp_message m;
	struct dhcp_event ev = {
		.type = DHCP_EVENT_RX, .rx = { .msg = &m, .dst_ip = IP4_BROADCAST },
	};
	struct lab lab;

	memcpy(opt.boot_server, "boots", 5);
	memcpy(opt.boot_file, "vmunix", 6);
	lab_start(&lab, &opt);
	ev.now = lab.now;
	build_ask(&(struct ask){ .client = CLIENT }, &m);
	memcpy(m.sname, "boots", 6);
	memcpy(m.file, "vmunix", 7);
	assert_int_equal(lab_step(&lab, &ev), 1);
	memcpy(m.sname, "other", 6);
	assert_int_equal(lab_step(&lab, &ev), 0);
	memcpy(m.sname, "boots", 6);
	memcpy(m.file, "linux", 6);
	assert_int_equal(lab_step(&lab, &ev), 0);
	lab_end(&lab);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reserved_host_gets_its_address_rfc1534_s2),
		cmocka_unit_test(test_pool_only_if_told_so_and_for_ever_rfc1534_s2),
		cmocka_unit_test(test_reply_is_no_dhcp_message_rfc1534_s2),
		cmocka_unit_test(test_reply_has_300_bytes_rfc951_s3),
		cmocka_unit_test(test_reply_is_as_long_as_the_request_rfc1542_s2_1),
		cmocka_unit_test(test_lease_of_a_dhcp_client_is_none_rfc1534_s2),
		cmocka_unit_test(test_wants_another_server_or_file_rfc951_s7_3),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
