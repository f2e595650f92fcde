/* SPDX-License-Identifier: MIT */
/* test_server_reply.c - what stands in OFFER, ACK and NAK, and where they go. */
#include "server_fixture.h"

static const uint8_t router[4] = { 10, 0, 0, 1 };
static const uint8_t dns[8] = { 10, 0, 0, 53, 10, 0, 0, 54 };

/* The codes of the reply in the order in which they stand, "53 54 51"; for one comparison. */
static const char *codes(const struct lab *lab, char buf[static 512])
{
	size_t len = 0;

	buf[0] = '\0';
	for (size_t i = 0; i < lab->reply.n_fields; i++)
		len += (size_t)snprintf(buf + len, 512 - len, "%s%u", i ? " " : "",
					lab->reply.fields[i].code);
	return buf;
}

static struct dhcp_server_options options_with_values(void)
{
	struct dhcp_server_options opt = usual_options();

	add_value(&opt, DHCP_OPT_DNS, false, dns, sizeof(dns));
	add_value(&opt, DHCP_OPT_ROUTER, false, router, sizeof(router));
	add_value(&opt, DHCP_OPT_DOMAIN_NAME, true, "lab.example", 11);
	return opt;
}

/* @n bytes of one sub-option after the other. */
static void fill_relay_info(char *ret, size_t n)
{
	for (size_t i = 0; i < n; i += 3)
		memcpy(ret + i, "\002\001x", 3);
	ret[n] = '\0';
}

/* ---- contents ---- */

static void test_offer_fields_rfc2131_table3(void **state)
{
	struct ask discover = {
		.type = DHCP_DISCOVER, .client = 0x0105, .xid = 0xabcd, .secs = 9, .hops = 3,
		.flags = DHCP_FLAG_BROADCAST,
	};
	static const uint8_t chaddr[16] = { 0x02, 0x4e, 0x4c, 0, 1, 5 };
	struct dhcp_server_options opt = usual_options();
	struct lab lab;

	lab_start(&lab, &opt);
	assert_int_equal(lab_ask(&lab, &discover), DHCP_OFFER);
	assert_int_equal(lab.reply.op, DHCP_OP_REPLY);
	assert_int_equal(lab.reply.htype, 1);
	assert_int_equal(lab.reply.hlen, 6);
	assert_int_equal(lab.reply.hops, 0);
	assert_int_equal(lab.reply.xid, 0xabcd);
	assert_int_equal(lab.reply.secs, 0);
	assert_int_equal(lab.reply.flags, DHCP_FLAG_BROADCAST);
	assert_int_equal(lab.reply.ciaddr, 0);
	assert_int_equal(lab.reply.siaddr, 0);
	assert_memory_equal(lab.reply.chaddr, chaddr, sizeof(chaddr));
	assert_int_equal(reply_u32(&lab, DHCP_OPT_SERVER_ID), SERVER);
	assert_int_equal(reply_u32(&lab, DHCP_OPT_LEASE_TIME), 3600);
	assert_int_equal(reply_u32(&lab, DHCP_OPT_SUBNET_MASK), 0xffffff00);
	assert_true(lab_sent(&lab)->len >= DHCP_MIN_LEN);
	lab_end(&lab);
}

static void test_ack_repeats_ciaddr_of_the_request_rfc2131_table3(void **state)
{
	struct ask renew = { .type = DHCP_REQUEST, .client = 1, .dst_ip = SERVER };
	struct dhcp_server_options opt = usual_options();
	struct lab lab;

	lab_start(&lab, &opt);
	renew.ciaddr = lab_bind(&lab, 1);
	assert_int_equal(lab.reply.ciaddr, 0);
	assert_int_equal(lab_ask(&lab, &renew), DHCP_ACK);
	assert_int_equal(lab.reply.ciaddr, renew.ciaddr);
	assert_int_equal(lab.reply.yiaddr, renew.ciaddr);
	lab_end(&lab);
}

static void test_nak_has_nothing_else_rfc2131_table3(void **state)
{
	struct ask request = {
		.type = DHCP_REQUEST, .client = 1, .requested = NET + 77, .id = "abcdef",
		.ciaddr = 0, .max_size = 1500,
	};
	struct dhcp_server_options opt = options_with_values();
	char buf[512];
	struct lab lab;

	lab_start(&lab, &opt);
	request.type = DHCP_DISCOVER;
	request.requested = 0;
	assert_int_equal(lab_ask(&lab, &request), DHCP_OFFER);
	request.type = DHCP_REQUEST;
	request.server_id = SERVER;
	request.requested = 0xc0a80105;
	assert_int_equal(lab_ask(&lab, &request), DHCP_NAK);
	assert_string_equal(codes(&lab, buf), "53 54 61 56");
	assert_int_equal(lab.reply.ciaddr, 0);
	assert_int_equal(lab.reply.yiaddr, 0);
	assert_int_equal(lab.reply.siaddr, 0);
	lab_end(&lab);
}

/* Table 3 has no ciaddr in OFFER and NAK, and no options in file and sname of a NAK. */
static void test_offer_and_nak_repeat_no_ciaddr_rfc2131_table3(void **state)
{
	struct ask a = { .type = DHCP_DISCOVER, .client = 1, .ciaddr = NET + 99 };
	struct dhcp_server_options opt = usual_options();
	char id[256], info[31];
	struct lab lab;

	memset(id, 'x', sizeof(id) - 1);
	id[255] = '\0';
	fill_relay_info(info, 30);
	a.id = id;
	lab_start(&lab, &opt);
	assert_int_equal(lab_ask(&lab, &a), DHCP_OFFER);
	assert_int_equal(lab.reply.ciaddr, 0);
	a.type = DHCP_REQUEST;
	a.server_id = SERVER;
	a.requested = lab.reply.yiaddr;
	a.ciaddr = 0;
	assert_int_equal(lab_ask(&lab, &a), DHCP_ACK);

	a = (struct ask){ .type = DHCP_REQUEST, .client = 1, .id = id, .ciaddr = NET + 99 };
	assert_int_equal(lab_ask(&lab, &a), DHCP_NAK);
	assert_int_equal(lab.reply.ciaddr, 0);
	assert_true(dhcp_message_has(&lab.reply, DHCP_OPT_MESSAGE));
	a.giaddr = NET + 250;
	a.relay = info;		/* no room is left for the message */
	assert_int_equal(lab_ask(&lab, &a), DHCP_NAK);
	assert_false(dhcp_message_has(&lab.reply, DHCP_OPT_OVERLOAD));
	assert_false(dhcp_message_has(&lab.reply, DHCP_OPT_MESSAGE));
	lab_end(&lab);
}

static void test_client_id_comes_back_and_is_never_invented_rfc6842_s3(void **state)
{
	struct ask with = { .type = DHCP_DISCOVER, .client = 1, .id = "\001\002\003" };
	struct ask without = { .type = DHCP_DISCOVER, .client = 2 };
	struct dhcp_server_options opt = usual_options();
	const uint8_t *id;
	struct lab lab;
	size_t len;

	lab_start(&lab, &opt);
	assert_int_equal(lab_ask(&lab, &with), DHCP_OFFER);
	id = dhcp_message_get(&lab.reply, DHCP_OPT_CLIENT_ID, &len);
	assert_non_null(id);
	assert_int_equal(len, 3);
	assert_memory_equal(id, "\001\002\003", 3);
	assert_int_equal(lab_ask(&lab, &without), DHCP_OFFER);
	assert_false(dhcp_message_has(&lab.reply, DHCP_OPT_CLIENT_ID));
	lab_end(&lab);
}

static void test_longest_client_id_comes_back_whole_rfc6842_s3(void **state)
{
	char id[2][256];
	struct ask a = { .type = DHCP_DISCOVER, .client = 1, .id = id[0] };
	struct dhcp_server_options opt = usual_options();
	uint32_t first;
	struct lab lab;
	size_t len;

	memset(id, 'x', sizeof(id));
	id[0][255] = '\0';
	id[1][255] = '\0';
	id[1][254] = 'y';	/* the last byte tells them apart */
	lab_start(&lab, &opt);
	assert_int_equal(lab_ask(&lab, &a), DHCP_OFFER);
	assert_memory_equal(dhcp_message_get(&lab.reply, DHCP_OPT_CLIENT_ID, &len), id[0], 255);
	assert_int_equal(len, 255);
	first = lab.reply.yiaddr;
	assert_int_equal(lab_ask(&lab, &a), DHCP_OFFER);
	assert_int_equal(lab.reply.yiaddr, first);
	a.id = id[1];
	assert_int_equal(lab_ask(&lab, &a), DHCP_OFFER);
	assert_int_not_equal(lab.reply.yiaddr, first);
	lab_end(&lab);
}

/* RFC 3396 lets it be longer, but a reply of 576 bytes could not give it back. */
static void test_client_id_that_can_not_come_back_is_dropped_rfc6842_s3(void **state)
{
	char id[601];
	struct ask a = { .type = DHCP_DISCOVER, .client = 1, .id = id };
	struct dhcp_server_options opt = usual_options();
	struct lab lab;

	memset(id, 'x', sizeof(id));
	for (size_t len = 256; len < sizeof(id); len += 172) {
		id[len] = '\0';
		lab_start(&lab, &opt);
		assert_int_equal(lab_ask(&lab, &a), 0);
		assert_non_null(strstr(lab.out.reason.why, "client identifier"));
		lab_end(&lab);
		id[len] = 'x';
	}
}

/* ---- the relay agent's option ---- */

static void assert_last_is_relay_info(const struct lab *lab, const char *value)
{
	const uint8_t *echo;
	size_t len = 0;

	assert_true(lab->reply.n_fields);
	assert_int_equal(lab->reply.fields[lab->reply.n_fields - 1].code, DHCP_OPT_RELAY_INFO);
	echo = dhcp_message_get(&lab->reply, DHCP_OPT_RELAY_INFO, &len);
	assert_int_equal(len, strlen(value));
	assert_memory_equal(echo, value, len);
}

static void test_relay_info_comes_back_last_rfc3046_s2_2(void **state)
{
	static const char info[] = "\001\004eth1\376\002xy";	/* 254: nobody's sub-option */
	struct ask a = {
		.type = DHCP_DISCOVER, .client = 1, .giaddr = NET + 250, .relay = info,
		.id = "abcdef",
	};
	struct dhcp_server_options opt = options_with_values();
	struct lab lab;

	lab_start(&lab, &opt);
	assert_int_equal(lab_ask(&lab, &a), DHCP_OFFER);
	assert_last_is_relay_info(&lab, info);
	a.type = DHCP_REQUEST;
	a.server_id = SERVER;
	a.requested = NET + 77;
	assert_int_equal(lab_ask(&lab, &a), DHCP_NAK);
	assert_last_is_relay_info(&lab, info);

	/* from a client itself: not a relay agent's word */
	a = (struct ask){ .type = DHCP_DISCOVER, .client = 1, .relay = info };
	assert_int_equal(lab_ask(&lab, &a), DHCP_OFFER);
	assert_false(dhcp_message_has(&lab.reply, DHCP_OPT_RELAY_INFO));
	lab_end(&lab);
}

static void test_relay_info_comes_whole_or_not_at_all_rfc3046_s2_2(void **state)
{
	struct dhcp_server_options opt = usual_options();
	struct ask a = { .type = DHCP_DISCOVER, .client = 1, .giaddr = NET + 250 };
	uint8_t many[250];
	char info[601];
	struct lab lab;

	memset(many, 'x', sizeof(many));
	add_value(&opt, 224, true, many, sizeof(many));
	add_value(&opt, 225, true, many, 200);
	lab_start(&lab, &opt);

	/* the parameters make room for it; it stands in the options field itself */
	a.relay = info;
	fill_relay_info(info, 150);
	assert_int_equal(lab_ask(&lab, &a), DHCP_OFFER);
	assert_last_is_relay_info(&lab, info);
	assert_true(lab_sent(&lab)->len <= DHCP_MIN_MAX_SIZE - 28);

	fill_relay_info(info, 600);
	assert_int_equal(lab_ask(&lab, &a), DHCP_OFFER);
	assert_false(dhcp_message_has(&lab.reply, DHCP_OPT_RELAY_INFO));
	a.max_size = 1500;
	assert_int_equal(lab_ask(&lab, &a), DHCP_OFFER);
	assert_last_is_relay_info(&lab, info);
	lab_end(&lab);
}

/* ---- parameters ---- */

static void test_parameters_in_the_order_of_55_rfc2132_s9_8(void **state)
{
	/* 15 is forced; 51 and 54 are there anyway; 42 is not configured; 3 is asked twice. */
	static const uint8_t list[] = { 3, 1, 42, 51, 54, 6, 3 };
	static const uint8_t only_dns[] = { 6 };
	struct ask a = { .type = DHCP_DISCOVER, .client = 1, .list = list, .n_list = sizeof(list) };
	struct dhcp_server_options opt = options_with_values();
	char buf[512];
	struct lab lab;
	size_t len;

	lab_start(&lab, &opt);
	assert_int_equal(lab_ask(&lab, &a), DHCP_OFFER);
	assert_string_equal(codes(&lab, buf), "53 54 51 58 59 1 3 6 15");
	assert_non_null(dhcp_message_get(&lab.reply, DHCP_OPT_ROUTER, &len));
	assert_int_equal(len, sizeof(router));		/* once */
	a.list = only_dns;
	a.n_list = sizeof(only_dns);
	assert_int_equal(lab_ask(&lab, &a), DHCP_OFFER);
	assert_string_equal(codes(&lab, buf), "53 54 51 58 59 1 6 15");
	a.list = NULL;		/* nothing listed: all that there is */
	assert_int_equal(lab_ask(&lab, &a), DHCP_OFFER);
	assert_string_equal(codes(&lab, buf), "53 54 51 58 59 1 6 3 15");
	lab_end(&lab);
}

static void test_reply_keeps_to_the_clients_size_rfc2132_s9_10(void **state)
{
	static const uint8_t list[] = { 43, 6, 3 };
	static const struct {
		uint16_t max_size;
		size_t limit;
		bool has_vendor;
	} cases[] = { { 0, 548, false }, { 100, 548, false }, { 576, 548, false },
		      { 1500, 1472, true }, { 65535, 1472, true } };
	struct dhcp_server_options opt = options_with_values();
	uint8_t vendor[440];
	struct lab lab;

	memset(vendor, 0, sizeof(vendor));
	for (size_t i = 0; i < sizeof(vendor); i += 220) {	/* two well formed suboptions */
		vendor[i] = 1;
		vendor[i + 1] = 218;
	}
	add_value(&opt, DHCP_OPT_VENDOR, false, vendor, sizeof(vendor));
	lab_start(&lab, &opt);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct ask a = {
			.type = DHCP_DISCOVER, .client = 1, .max_size = cases[i].max_size,
			.list = list, .n_list = sizeof(list),
		};

		assert_int_equal(lab_ask(&lab, &a), DHCP_OFFER);
		assert_true(lab_sent(&lab)->len <= cases[i].limit);
		assert_int_equal(dhcp_message_has(&lab.reply, DHCP_OPT_VENDOR),
				 cases[i].has_vendor);
		assert_true(dhcp_message_has(&lab.reply, DHCP_OPT_LEASE_TIME));
		assert_true(dhcp_message_has(&lab.reply, DHCP_OPT_ROUTER));
	}
	lab_end(&lab);
}

static void test_overload_before_anything_is_left_out_rfc2131_s4_1(void **state)
{
	struct ask a = { .type = DHCP_DISCOVER, .client = 1 };
	struct dhcp_server_options opt = usual_options();
	uint8_t vendor[230] = { 1, 228 }, list[100];
	struct lab lab;
	size_t len;

	memset(list, 'a', sizeof(list));
	add_value(&opt, DHCP_OPT_VENDOR, false, vendor, sizeof(vendor));
	add_value(&opt, DHCP_OPT_DOMAIN_NAME, false, list, sizeof(list));
	lab_start(&lab, &opt);
	assert_int_equal(lab_ask(&lab, &a), DHCP_OFFER);
	assert_true(lab_sent(&lab)->len <= 548);
	assert_non_null(dhcp_message_get(&lab.reply, DHCP_OPT_VENDOR, &len));
	assert_int_equal(len, sizeof(vendor));
	assert_non_null(dhcp_message_get(&lab.reply, DHCP_OPT_DOMAIN_NAME, &len));
	assert_int_equal(len, sizeof(list));
	lab_end(&lab);
}

/* ---- times ---- */

static void test_lease_negotiation_rfc2131_s4_3_1(void **state)
{
	static const struct {
		uint32_t min, max, asked, given;
	} cases[] = {
		{ 60, 86400, 0, 3600 },
		{ 60, 86400, 7200, 7200 },
		{ 60, 86400, 1, 60 },
		{ 60, 86400, 0x80000000, 86400 },
		{ 60, 86400, DHCP_INFINITY, 86400 },
		{ 60, DHCP_INFINITY, DHCP_INFINITY, DHCP_INFINITY },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct dhcp_server_options opt = usual_options();
		struct ask a = { .type = DHCP_DISCOVER, .client = 1, .lease_sec = cases[i].asked };
		struct lab lab;

		opt.min_lease_sec = cases[i].min;
		opt.max_lease_sec = cases[i].max;
		lab_start(&lab, &opt);
		assert_int_equal(lab_ask(&lab, &a), DHCP_OFFER);
		assert_int_equal(reply_u32(&lab, DHCP_OPT_LEASE_TIME), cases[i].given);
		/* The REQUEST need not repeat it: the ACK keeps to the OFFER. */
		assert_int_equal(lab_select(&lab, 1, lab.reply.yiaddr), DHCP_ACK);
		assert_int_equal(reply_u32(&lab, DHCP_OPT_LEASE_TIME), cases[i].given);
		assert_true(dhcp_server_deadline(lab.s) ==
			    (cases[i].given == DHCP_INFINITY ?
				     DHCP_NEVER :
				     lab.now + cases[i].given * DHCP_SECOND));
		lab_end(&lab);
	}
}

/* Of the REQUEST's own wish, if it has one; else the OFFER holds. */
static void test_request_may_name_another_time_rfc2131_s4_3_1(void **state)
{
	struct dhcp_server_options opt = usual_options();
	struct ask a = { .type = DHCP_DISCOVER, .client = 1, .lease_sec = 600 };
	struct lab lab;

	lab_start(&lab, &opt);
	assert_int_equal(lab_ask(&lab, &a), DHCP_OFFER);
	assert_int_equal(reply_u32(&lab, DHCP_OPT_LEASE_TIME), 600);
	a.type = DHCP_REQUEST;
	a.server_id = SERVER;
	a.requested = lab.reply.yiaddr;
	a.lease_sec = 1200;
	assert_int_equal(lab_ask(&lab, &a), DHCP_ACK);
	assert_int_equal(reply_u32(&lab, DHCP_OPT_LEASE_TIME), 1200);
	lab_end(&lab);
}

static void test_discover_of_a_bound_client_gets_what_is_left_rfc2131_s4_3_1(void **state)
{
	struct ask a = { .type = DHCP_DISCOVER, .client = 1 };
	struct dhcp_server_options opt = usual_options();
	uint32_t address;
	uint64_t expires;
	struct lab lab;

	lab_start(&lab, &opt);
	address = lab_bind(&lab, 1);
	expires = dhcp_server_deadline(lab.s);
	lab.now += 1000 * DHCP_SECOND;
	assert_int_equal(lab_ask(&lab, &a), DHCP_OFFER);
	assert_int_equal(lab.reply.yiaddr, address);
	assert_int_equal(reply_u32(&lab, DHCP_OPT_LEASE_TIME), 2600);
	assert_true(dhcp_server_deadline(lab.s) == expires);
	a.lease_sec = 5000;
	assert_int_equal(lab_ask(&lab, &a), DHCP_OFFER);
	assert_int_equal(reply_u32(&lab, DHCP_OPT_LEASE_TIME), 5000);
	a.lease_sec = 0;
	lab.now = expires - 1;		/* never a lease of 0 seconds */
	assert_int_equal(lab_ask(&lab, &a), DHCP_OFFER);
	assert_int_equal(reply_u32(&lab, DHCP_OPT_LEASE_TIME), 1);
	lab_end(&lab);
}

/* What was offered once, for another address, binds nobody. */
static void test_lease_of_another_offer_does_not_count_rfc2131_s4_3_1(void **state)
{
	struct ask a = { .type = DHCP_DISCOVER, .client = 1, .lease_sec = 100 };
	struct dhcp_server_options opt = usual_options();
	struct lab lab;

	lab_start(&lab, &opt);
	assert_int_equal(lab_ask(&lab, &a), DHCP_OFFER);
	assert_int_equal(lab_select(&lab, 1, lab.reply.yiaddr), DHCP_ACK);
	assert_int_equal(reply_u32(&lab, DHCP_OPT_LEASE_TIME), 100);
	assert_int_equal(lab_deadline(&lab, 100), 1);
	assert_int_equal(lab_select(&lab, 1, NET + 200), DHCP_ACK);
	assert_int_equal(reply_u32(&lab, DHCP_OPT_LEASE_TIME), 3600);
	lab_end(&lab);
}

static void test_t1_and_t2_lie_inside_the_lease_rfc2131_s4_4_5(void **state)
{
	static const uint32_t leases[] = { 3, 4, 5, 8, 60, 3600, 0x80000000, 0xfffffffe };
	struct dhcp_server_options opt = usual_options();
	struct ask a = { .type = DHCP_DISCOVER, .client = 1 };
	struct lab lab;

	opt.min_lease_sec = 1;
	opt.max_lease_sec = DHCP_INFINITY;
	lab_start(&lab, &opt);
	for (size_t i = 0; i < ARRAY_SIZE(leases); i++) {
		uint32_t t1, t2;

		a.lease_sec = leases[i];
		assert_int_equal(lab_ask(&lab, &a), DHCP_OFFER);
		t1 = reply_u32(&lab, DHCP_OPT_T1);
		t2 = reply_u32(&lab, DHCP_OPT_T2);
		assert_true(0 < t1 && t1 < t2 && t2 < leases[i]);
		assert_int_equal(t1, leases[i] / 2);
		assert_int_equal(t2, (uint64_t)leases[i] * 7 / 8);
	}
	for (uint32_t lease = 1; lease <= 2; lease++) {	/* no whole seconds lie inside */
		a.lease_sec = lease;
		assert_int_equal(lab_ask(&lab, &a), DHCP_OFFER);
		assert_false(dhcp_message_has(&lab.reply, DHCP_OPT_T1));
	}
	a.lease_sec = DHCP_INFINITY;
	assert_int_equal(lab_ask(&lab, &a), DHCP_OFFER);
	assert_false(dhcp_message_has(&lab.reply, DHCP_OPT_T1));
	lab_end(&lab);
}

/* ---- destinations ---- */

#define MAC_1 { 0x02, 0x4e, 0x4c, 0, 0, 1 }
#define MAC_ALL { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff }

static void expect_sent(const struct lab *lab, uint32_t ip, uint16_t port, bool to_mac,
			const uint8_t mac[static 6])
{
	const struct dhcp_send *send = lab_sent(lab);

	assert_int_equal(send->src_ip, SERVER);
	assert_int_equal(send->src_port, DHCP_SERVER_PORT);
	assert_int_equal(send->dst_ip, ip);
	assert_int_equal(send->dst_port, port);
	assert_int_equal(send->to_mac, to_mac);
	if (to_mac)
		assert_memory_equal(send->dst_mac, mac, 6);
	assert_int_equal(send->type, lab->reply.type);
}

static void test_destinations_of_an_offer_rfc2131_s4_1(void **state)
{
	static const uint8_t mac[6] = MAC_1, all[6] = MAC_ALL;
	struct dhcp_server_options opt = usual_options();
	struct ask a = { .type = DHCP_DISCOVER, .client = 1 };
	struct lab lab;

	lab_start(&lab, &opt);
	assert_int_equal(lab_ask(&lab, &a), DHCP_OFFER);
	expect_sent(&lab, lab.reply.yiaddr, 68, true, mac);
	a.flags = DHCP_FLAG_BROADCAST;
	assert_int_equal(lab_ask(&lab, &a), DHCP_OFFER);
	expect_sent(&lab, IP4_BROADCAST, 68, true, all);
	a.giaddr = NET + 250;
	assert_int_equal(lab_ask(&lab, &a), DHCP_OFFER);
	expect_sent(&lab, NET + 250, 67, false, mac);
	assert_int_equal(lab.reply.giaddr, NET + 250);
	/* A hardware address that is no MAC address can not be sent to. */
	a = (struct ask){ .type = DHCP_DISCOVER, .client = 1, .htype = 32, .hlen = 16 };
	assert_int_equal(lab_ask(&lab, &a), DHCP_OFFER);
	expect_sent(&lab, IP4_BROADCAST, 68, true, all);
	lab_end(&lab);
}

static void test_renewing_is_answered_to_ciaddr_rfc2131_s4_1(void **state)
{
	static const uint8_t mac[6] = MAC_1;
	struct dhcp_server_options opt = usual_options();
	struct ask a = { .type = DHCP_REQUEST, .client = 1, .flags = DHCP_FLAG_BROADCAST };
	struct lab lab;

	lab_start(&lab, &opt);
	a.ciaddr = lab_bind(&lab, 1);
	a.dst_ip = SERVER;
	assert_int_equal(lab_ask(&lab, &a), DHCP_ACK);
	assert_string_equal(lab.out.reason.why, "the lease is extended");
	expect_sent(&lab, a.ciaddr, 68, false, mac);
	lab_end(&lab);
}

static void test_nak_is_broadcast_whatever_the_flag_rfc2131_s4_3_2(void **state)
{
	static const uint8_t all[6] = MAC_ALL;
	struct dhcp_server_options opt = usual_options();
	struct ask a = { .type = DHCP_REQUEST, .client = 1, .requested = 0xc0a80105 };
	struct lab lab;

	lab_start(&lab, &opt);
	lab_bind(&lab, 1);
	assert_int_equal(lab_ask(&lab, &a), DHCP_NAK);
	expect_sent(&lab, IP4_BROADCAST, 68, true, all);
	assert_int_equal(lab.reply.flags, 0);
	a.requested = 0;	/* even to a client that has an address */
	a.ciaddr = NET + 99;
	a.dst_ip = SERVER;
	assert_int_equal(lab_ask(&lab, &a), DHCP_NAK);
	expect_sent(&lab, IP4_BROADCAST, 68, true, all);
	a.giaddr = NET + 250;
	assert_int_equal(lab_ask(&lab, &a), DHCP_NAK);
	expect_sent(&lab, NET + 250, 67, false, all);
	assert_int_equal(lab.reply.flags, DHCP_FLAG_BROADCAST);
	lab_end(&lab);
}

static void test_inform_rfc2131_s4_3_5(void **state)
{
	static const uint8_t mac[6] = MAC_1;
	struct dhcp_server_options opt = options_with_values();
	struct ask a = { .type = DHCP_INFORM, .client = 1, .ciaddr = NET + 40 };
	char buf[512];
	struct lab lab;

	lab_start(&lab, &opt);
	assert_int_equal(lab_ask(&lab, &a), DHCP_ACK);
	expect_sent(&lab, NET + 40, 68, false, mac);
	assert_int_equal(lab.reply.yiaddr, 0);
	assert_int_equal(lab.reply.ciaddr, NET + 40);
	assert_string_equal(codes(&lab, buf), "53 54 1 6 3 15");
	assert_null(dhcp_server_binding(lab.s, 0));

	a.ciaddr = 0;		/* then to where it came from, if that is here */
	a.src_ip = NET + 41;
	assert_int_equal(lab_ask(&lab, &a), DHCP_ACK);
	expect_sent(&lab, NET + 41, 68, false, mac);
	a.src_ip = 0xc0a80105;
	assert_int_equal(lab_ask(&lab, &a), 0);
	a.ciaddr = NET + 255;
	assert_int_equal(lab_ask(&lab, &a), 0);
	lab_end(&lab);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_offer_fields_rfc2131_table3),
		cmocka_unit_test(test_ack_repeats_ciaddr_of_the_request_rfc2131_table3),
		cmocka_unit_test(test_nak_has_nothing_else_rfc2131_table3),
		cmocka_unit_test(test_offer_and_nak_repeat_no_ciaddr_rfc2131_table3),
		cmocka_unit_test(test_client_id_comes_back_and_is_never_invented_rfc6842_s3),
		cmocka_unit_test(test_longest_client_id_comes_back_whole_rfc6842_s3),
		cmocka_unit_test(test_client_id_that_can_not_come_back_is_dropped_rfc6842_s3),
		cmocka_unit_test(test_relay_info_comes_back_last_rfc3046_s2_2),
		cmocka_unit_test(test_relay_info_comes_whole_or_not_at_all_rfc3046_s2_2),
		cmocka_unit_test(test_parameters_in_the_order_of_55_rfc2132_s9_8),
		cmocka_unit_test(test_reply_keeps_to_the_clients_size_rfc2132_s9_10),
		cmocka_unit_test(test_overload_before_anything_is_left_out_rfc2131_s4_1),
		cmocka_unit_test(test_lease_negotiation_rfc2131_s4_3_1),
		cmocka_unit_test(test_request_may_name_another_time_rfc2131_s4_3_1),
		cmocka_unit_test(test_discover_of_a_bound_client_gets_what_is_left_rfc2131_s4_3_1),
		cmocka_unit_test(test_lease_of_another_offer_does_not_count_rfc2131_s4_3_1),
		cmocka_unit_test(test_t1_and_t2_lie_inside_the_lease_rfc2131_s4_4_5),
		cmocka_unit_test(test_destinations_of_an_offer_rfc2131_s4_1),
		cmocka_unit_test(test_renewing_is_answered_to_ciaddr_rfc2131_s4_1),
		cmocka_unit_test(test_nak_is_broadcast_whatever_the_flag_rfc2131_s4_3_2),
		cmocka_unit_test(test_inform_rfc2131_s4_3_5),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
