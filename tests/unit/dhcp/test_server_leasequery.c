/* SPDX-License-Identifier: MIT */
/* test_server_leasequery.c - who has this address, which addresses has this client (RFC 4388)? */
#include "server_fixture.h"

#include "base/bytes.h"
#include "base/prng.h"

#define QUERIER 0xc0a80001u	/* of no subnet of the server's: giaddr is no key */
#define NET1 0x0a000100u

static const uint8_t router[] = { 10, 0, 0, 1 };

static struct dhcp_server_options answering(void)
{
	struct dhcp_server_options opt = usual_options();

	opt.n_queriers = 1;
	opt.querier[0] = (struct dhcp_server_querier){ QUERIER & 0xffffff00, 24 };
	add_value(&opt, DHCP_OPT_ROUTER, false, router, sizeof(router));
	opt.n_subnets = 1;
	opt.subnet[0] = (struct dhcp_server_subnet){
		.address = NET1, .prefix_len = 24, .first = NET1 + 10, .last = NET1 + 12,
		.default_lease_sec = 600, .min_lease_sec = 300, .max_lease_sec = 900,
	};
	return opt;
}

static struct ask about_address(uint32_t address)
{
	return (struct ask){
		.type = DHCP_LEASEQUERY, .giaddr = QUERIER, .src_ip = QUERIER, .dst_ip = SERVER,
		.ciaddr = address, .no_hardware = true,
	};
}

static struct ask about_client(uint16_t client)
{
	return (struct ask){
		.type = DHCP_LEASEQUERY, .giaddr = QUERIER, .src_ip = QUERIER, .dst_ip = SERVER,
		.client = client,
	};
}

static struct ask about_id(const char *id)
{
	struct ask a = about_address(0);

	a.id = id;
	return a;
}

static uint32_t bind_by(struct lab *lab, struct ask a)
{
	a.type = DHCP_DISCOVER;
	assert_int_equal(lab_ask(lab, &a), DHCP_OFFER);
	a.type = DHCP_REQUEST;
	a.server_id = SERVER;
	a.requested = lab->reply.yiaddr;
	assert_int_equal(lab_ask(lab, &a), DHCP_ACK);
	return lab->reply.yiaddr;
}

static int ask_with(struct lab *lab, struct ask a, const uint8_t *list, size_t n)
{
	a.list = list;
	a.n_list = n;
	return lab_ask(lab, &a);
}

static void test_query_by_address_rfc4388_s6_4(void **state)
{
	struct dhcp_server_options opt = answering();
	struct lab lab;
	struct ask a;
	uint32_t address;

	lab_start(&lab, &opt);
	address = lab_bind(&lab, 7);
	a = about_address(address);
	a.xid = 0x99;
	assert_int_equal(lab_ask(&lab, &a), DHCP_LEASEACTIVE);
	assert_int_equal(lab.reply.ciaddr, address);
	assert_int_equal(lab.reply.yiaddr, 0);
	assert_int_equal(lab.reply.xid, 0x99);
	assert_int_equal(lab.reply.htype, 1);
	assert_int_equal(lab.reply.hlen, 6);
	assert_int_equal(lab.reply.chaddr[5], 7);
	assert_int_equal(reply_u32(&lab, DHCP_OPT_SERVER_ID), SERVER);
	assert_false(dhcp_message_has(&lab.reply, DHCP_OPT_ASSOCIATED_IP));

	/* managed, but nobody's: on offer, given back, never given; with nothing else in it */
	(void)lab_release(&lab, 7, address);
	assert_int_equal(lab_ask(&lab, &a), DHCP_LEASEUNASSIGNED);
	assert_int_equal(lab.reply.ciaddr, address);
	assert_false(dhcp_message_has(&lab.reply, DHCP_OPT_SERVER_ID));
	assert_false(dhcp_message_has(&lab.reply, DHCP_OPT_LEASE_TIME));
	a = about_address(lab_offer(&lab, 8));
	assert_int_equal(lab_ask(&lab, &a), DHCP_LEASEUNASSIGNED);
	a = about_address(NET1 + 10);
	assert_int_equal(lab_ask(&lab, &a), DHCP_LEASEUNASSIGNED);

	/* not managed: outside of all pools */
	a = about_address(SERVER);
	assert_int_equal(lab_ask(&lab, &a), DHCP_LEASEUNKNOWN);
	assert_false(dhcp_message_has(&lab.reply, DHCP_OPT_SERVER_ID));
	a = about_address(NET1 + 9);
	assert_int_equal(lab_ask(&lab, &a), DHCP_LEASEUNKNOWN);
	lab_end(&lab);
}

static void test_over_leases_are_unassigned_rfc4388_s6_4(void **state)
{
	struct dhcp_server_options opt = answering();
	struct lab lab;
	struct ask a;

	lab_start(&lab, &opt);
	a = about_address(lab_bind(&lab, 7));
	lab.now = lab_binding(&lab, a.ciaddr)->expires;	/* nobody has sent DEADLINE yet */
	assert_int_equal(lab_ask(&lab, &a), DHCP_LEASEUNASSIGNED);
	a = about_client(7);
	assert_int_equal(lab_ask(&lab, &a), DHCP_LEASEUNKNOWN);
	lab_end(&lab);
}

static void test_reserved_addresses_are_managed_rfc4388_s6_4(void **state)
{
	struct dhcp_server_options opt = answering();
	struct ask a = about_address(NET1 + 200);
	struct lab lab;

	opt.n_reserved = 1;
	opt.reserved[0] = (struct dhcp_reservation){
		.address = NET1 + 200, .id_len = 2, .id_is_option = true, .id = "ab",
	};
	lab_start(&lab, &opt);
	assert_int_equal(lab_ask(&lab, &a), DHCP_LEASEUNASSIGNED);
	lab_end(&lab);
}

/* The hardware address finds those with an identifier, too; other types of it are others. */
static void test_query_by_hardware_address_rfc4388_s6_4_1(void **state)
{
	struct dhcp_server_options opt = answering();
	struct lab lab;
	struct ask a = about_client(7);
	uint32_t address;

	lab_start(&lab, &opt);
	assert_int_equal(lab_ask(&lab, &a), DHCP_LEASEUNKNOWN);
	address = bind_by(&lab, (struct ask){ .client = 7, .id = "seven" });
	(void)lab_bind(&lab, 8);
	assert_int_equal(lab_ask(&lab, &a), DHCP_LEASEACTIVE);
	assert_int_equal(lab.reply.ciaddr, address);
	assert_int_equal(lab.reply.chaddr[5], 7);
	assert_false(dhcp_message_has(&lab.reply, DHCP_OPT_ASSOCIATED_IP));	/* it is the only one */
	a.htype = 6;
	assert_int_equal(lab_ask(&lab, &a), DHCP_LEASEUNKNOWN);
	a.htype = 1;
	a.hlen = 5;
	assert_int_equal(lab_ask(&lab, &a), DHCP_LEASEUNKNOWN);
	lab_end(&lab);
}

static void test_query_by_client_id_rfc4388_s6_4_1(void **state)
{
	static const uint8_t list[] = { DHCP_OPT_CLIENT_ID };
	struct dhcp_server_options opt = answering();
	struct lab lab;
	uint32_t address;
	struct ask a;
	size_t len;

	lab_start(&lab, &opt);
	address = bind_by(&lab, (struct ask){ .client = 7, .id = "seven" });
	(void)bind_by(&lab, (struct ask){ .client = 8, .id = "eight" });
	assert_int_equal(ask_with(&lab, about_id("seven"), list, 1), DHCP_LEASEACTIVE);
	assert_int_equal(lab.reply.ciaddr, address);
	assert_memory_equal(dhcp_message_get(&lab.reply, DHCP_OPT_CLIENT_ID, &len), "seven", 5);
	assert_int_equal(len, 5);
	assert_int_equal(ask_with(&lab, about_id("seve"), list, 1), DHCP_LEASEUNKNOWN);

	/* asked for by its hardware address, it has none to return */
	address = lab_bind(&lab, 9);
	a = about_address(0);
	a.code = DHCP_OPT_CLIENT_ID;
	a.value = "\1\2NL\0\0\11";	/* what others send as one */
	a.n_value = 7;
	assert_int_equal(lab_ask(&lab, &a), DHCP_LEASEUNKNOWN);
	assert_int_equal(ask_with(&lab, about_address(address), list, 1), DHCP_LEASEACTIVE);
	assert_false(dhcp_message_has(&lab.reply, DHCP_OPT_CLIENT_ID));
	lab_end(&lab);
}

/* The one about which the client wrote last stands in ciaddr, all of them in 92. */
static void test_client_with_several_addresses_rfc4388_s6_4_2(void **state)
{
	struct dhcp_server_options opt = answering();
	struct ask a = about_client(7);
	struct lab lab;
	uint32_t here, there;
	const uint8_t *all;
	size_t len;

	lab_start(&lab, &opt);
	here = lab_bind(&lab, 7);
	lab.now += DHCP_SECOND;
	there = bind_by(&lab, (struct ask){ .client = 7, .giaddr = NET1 + 1 });
	assert_int_equal(lab_ask(&lab, &a), DHCP_LEASEACTIVE);
	assert_int_equal(lab.reply.ciaddr, there);
	assert_int_equal(reply_u32(&lab, DHCP_OPT_SUBNET_MASK), 0xffffff00);
	all = dhcp_message_get(&lab.reply, DHCP_OPT_ASSOCIATED_IP, &len);
	assert_int_equal(len, 8);
	assert_memory_equal(all, ((uint8_t[]){ 10, 0, 1, (uint8_t)there,
					       10, 0, 0, (uint8_t)here }), 8);
	lab.now += DHCP_SECOND;
	assert_int_equal(lab_offer(&lab, 7), here);
	assert_int_equal(lab_ask(&lab, &a), DHCP_LEASEACTIVE);
	assert_int_equal(lab.reply.ciaddr, here);
	lab_end(&lab);
}

static void test_times_are_what_is_left_of_them_rfc4388_s6_4_2(void **state)
{
	static const uint8_t list[] = {
		DHCP_OPT_T2, DHCP_OPT_T1, DHCP_OPT_LEASE_TIME, DHCP_OPT_LAST_TRANSACTION,
	};
	struct dhcp_server_options opt = answering();
	struct lab lab;
	struct ask a;

	lab_start(&lab, &opt);
	a = about_address(lab_bind(&lab, 7));		/* for 3600 s */
	lab.now += 100 * DHCP_SECOND;
	assert_int_equal(ask_with(&lab, a, list, sizeof(list)), DHCP_LEASEACTIVE);
	assert_int_equal(reply_u32(&lab, DHCP_OPT_LEASE_TIME), 3500);
	assert_int_equal(reply_u32(&lab, DHCP_OPT_T1), 1700);
	assert_int_equal(reply_u32(&lab, DHCP_OPT_T2), 3050);
	assert_int_equal(reply_u32(&lab, DHCP_OPT_LAST_TRANSACTION), 100);

	/* T1 is past, then T2 */
	lab.now += 1700 * DHCP_SECOND;
	assert_int_equal(ask_with(&lab, a, list, sizeof(list)), DHCP_LEASEACTIVE);
	assert_false(dhcp_message_has(&lab.reply, DHCP_OPT_T1));
	assert_int_equal(reply_u32(&lab, DHCP_OPT_T2), 1350);
	lab.now += 1350 * DHCP_SECOND;
	assert_int_equal(ask_with(&lab, a, list, sizeof(list)), DHCP_LEASEACTIVE);
	assert_false(dhcp_message_has(&lab.reply, DHCP_OPT_T2));
	assert_int_equal(reply_u32(&lab, DHCP_OPT_LEASE_TIME), 450);

	/* a question is no transaction of the client's */
	assert_int_equal(reply_u32(&lab, DHCP_OPT_LAST_TRANSACTION), 3150);

	/* an OFFER of the same address extends nothing */
	assert_int_equal(lab_offer(&lab, 7), a.ciaddr);
	assert_int_equal(ask_with(&lab, a, list, sizeof(list)), DHCP_LEASEACTIVE);
	assert_int_equal(reply_u32(&lab, DHCP_OPT_LEASE_TIME), 450);
	assert_false(dhcp_message_has(&lab.reply, DHCP_OPT_T2));
	assert_int_equal(reply_u32(&lab, DHCP_OPT_LAST_TRANSACTION), 0);

	/* an ACK begins anew */
	assert_int_equal(lab_select(&lab, 7, a.ciaddr), DHCP_ACK);
	assert_int_equal(ask_with(&lab, a, list, sizeof(list)), DHCP_LEASEACTIVE);
	assert_true(dhcp_message_has(&lab.reply, DHCP_OPT_T1));
	lab_end(&lab);
}

static void test_lease_for_ever_has_no_t1_rfc4388_s6_4_2(void **state)
{
	struct dhcp_server_options opt = answering();
	struct lab lab;
	struct ask a;

	opt.default_lease_sec = opt.max_lease_sec = DHCP_INFINITY;
	lab_start(&lab, &opt);
	a = about_address(lab_bind(&lab, 7));
	assert_int_equal(lab_ask(&lab, &a), DHCP_LEASEACTIVE);
	assert_int_equal(reply_u32(&lab, DHCP_OPT_LEASE_TIME), DHCP_INFINITY);
	assert_false(dhcp_message_has(&lab.reply, DHCP_OPT_T1));
	lab_end(&lab);
}

/* Section 6.2: without a list what a REQUEST without one gets; with one, nothing else. */
static void test_parameters_of_the_holder_rfc4388_s6_2(void **state)
{
	static const uint8_t list[] = { DHCP_OPT_ROUTER, DHCP_OPT_DNS, DHCP_OPT_ROUTER };
	struct dhcp_server_options opt = answering();
	struct lab lab;
	struct ask a;

	lab_start(&lab, &opt);
	a = about_address(lab_bind(&lab, 7));
	assert_int_equal(lab_ask(&lab, &a), DHCP_LEASEACTIVE);
	assert_int_equal(reply_u32(&lab, DHCP_OPT_ROUTER), SERVER);
	assert_int_equal(reply_u32(&lab, DHCP_OPT_LEASE_TIME), 3600);
	assert_int_equal(reply_u32(&lab, DHCP_OPT_T1), 1800);
	assert_int_equal(reply_u32(&lab, DHCP_OPT_SUBNET_MASK), 0xffffff00);
	assert_false(dhcp_message_has(&lab.reply, DHCP_OPT_LAST_TRANSACTION));
	assert_int_equal(ask_with(&lab, a, list, sizeof(list)), DHCP_LEASEACTIVE);
	assert_int_equal(reply_u32(&lab, DHCP_OPT_ROUTER), SERVER);
	assert_false(dhcp_message_has(&lab.reply, DHCP_OPT_LEASE_TIME));
	assert_false(dhcp_message_has(&lab.reply, DHCP_OPT_SUBNET_MASK));

	/* those of its subnet: there is no router */
	a = about_address(bind_by(&lab, (struct ask){ .client = 8, .giaddr = NET1 + 1 }));
	assert_int_equal(ask_with(&lab, a, list, sizeof(list)), DHCP_LEASEACTIVE);
	assert_false(dhcp_message_has(&lab.reply, DHCP_OPT_ROUTER));
	lab_end(&lab);
}

/* Those of its class, and the name that is kept for it. */
static void test_class_and_name_of_the_holder_rfc4388_s6_4_2(void **state)
{
	static const uint8_t list[] = { DHCP_OPT_DOMAIN_NAME, DHCP_OPT_HOST_NAME };
	struct dhcp_server_options opt = answering();
	struct lab lab;
	struct ask a;
	size_t len;

	memcpy(opt.values + 4, "voip", 4);
	opt.n_classes = 1;
	opt.class[0] = (struct dhcp_server_class){
		.user_len = 5, .user = "phone",
		.n_values = 1, .value = { { DHCP_OPT_DOMAIN_NAME, false, 4, 4 } },
	};
	opt.n_reserved = 1;
	opt.reserved[0] = (struct dhcp_reservation){
		.address = NET + 77, .id_len = 7, .id = { 1, 2, 0x4e, 0x4c, 0, 0, 7 },
		.host_name = "kept",
	};
	lab_start(&lab, &opt);
	a = (struct ask){
		.client = 7, .id = "seven", .code = DHCP_OPT_USER_CLASS, .value = "phone",
		.n_value = 5,
	};
	a = about_address(bind_by(&lab, a));
	assert_int_equal(a.ciaddr, NET + 77);
	assert_int_equal(ask_with(&lab, a, list, sizeof(list)), DHCP_LEASEACTIVE);
	assert_memory_equal(dhcp_message_get(&lab.reply, DHCP_OPT_DOMAIN_NAME, &len), "voip", 4);
	assert_memory_equal(dhcp_message_get(&lab.reply, DHCP_OPT_HOST_NAME, &len), "kept", 4);
	a = about_address(lab_bind(&lab, 8));
	assert_int_equal(ask_with(&lab, a, list, sizeof(list)), DHCP_LEASEACTIVE);
	assert_false(dhcp_message_has(&lab.reply, DHCP_OPT_DOMAIN_NAME));
	lab_end(&lab);
}

/* The last option 82 that came, past renewals that have none, and past a restart. */
static void test_relay_info_and_vendor_are_kept_rfc4388_s6_7(void **state)
{
	static const uint8_t list[] = { DHCP_OPT_RELAY_INFO, DHCP_OPT_VENDOR_CLASS };
	struct dhcp_server_options opt = answering();
	struct ask a = {
		.client = 7, .giaddr = NET1 + 1, .relay = "\1\3abc", .code = DHCP_OPT_VENDOR_CLASS,
		.value = "MSFT", .n_value = 4,
	};
	struct ask renew = { .type = DHCP_REQUEST, .client = 7, .dst_ip = SERVER };
	struct lab lab;
	size_t len;

	lab_start(&lab, &opt);
	renew.ciaddr = bind_by(&lab, a);
	assert_int_equal(lab_ask(&lab, &renew), DHCP_ACK);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(ask_with(&lab, about_address(renew.ciaddr), list, sizeof(list)),
				 DHCP_LEASEACTIVE);
		assert_memory_equal(dhcp_message_get(&lab.reply, DHCP_OPT_RELAY_INFO, &len),
				    "\1\3abc", 5);
		assert_int_equal(len, 5);
		assert_memory_equal(dhcp_message_get(&lab.reply, DHCP_OPT_VENDOR_CLASS, &len),
				    "MSFT", 4);
		lab_restart(&lab, true);
	}
	a.relay = "\1\1z";
	(void)bind_by(&lab, a);
	assert_int_equal(ask_with(&lab, about_address(renew.ciaddr), list, sizeof(list)),
			 DHCP_LEASEACTIVE);
	assert_memory_equal(dhcp_message_get(&lab.reply, DHCP_OPT_RELAY_INFO, &len), "\1\1z", 3);
	assert_int_equal(len, 3);

	/* of what is too long to be kept there is nothing: no half of it, and not the old one */
	a.value = "0123456789012345678901234567890123456789012345678901234567890123456789";
	a.n_value = 65;
	(void)bind_by(&lab, a);
	assert_int_equal(ask_with(&lab, about_address(renew.ciaddr), list, sizeof(list)),
			 DHCP_LEASEACTIVE);
	assert_false(dhcp_message_has(&lab.reply, DHCP_OPT_VENDOR_CLASS));

	/* another holder of the address has nothing of it */
	assert_int_equal(lab_ask(&lab, &(struct ask){
		.type = DHCP_RELEASE, .client = 7, .ciaddr = renew.ciaddr, .server_id = SERVER,
		.dst_ip = SERVER }), 0);
	a = (struct ask){ .client = 8, .giaddr = NET1 + 1, .requested = renew.ciaddr };
	assert_int_equal(bind_by(&lab, a), renew.ciaddr);
	assert_int_equal(ask_with(&lab, about_address(renew.ciaddr), list, sizeof(list)),
			 DHCP_LEASEACTIVE);
	assert_false(dhcp_message_has(&lab.reply, DHCP_OPT_RELAY_INFO));
	assert_false(dhcp_message_has(&lab.reply, DHCP_OPT_VENDOR_CLASS));
	lab_end(&lab);
}

/* To giaddr and its port 67, wherever the question came from; giaddr picks no subnet. */
static void test_answer_goes_to_giaddr_rfc4388_s6_4_3(void **state)
{
	struct dhcp_server_options opt = answering();
	struct lab lab;
	struct ask a;

	lab_start(&lab, &opt);
	a = about_address(lab_bind(&lab, 7));
	a.src_ip = NET + 99;
	assert_int_equal(lab_ask(&lab, &a), DHCP_LEASEACTIVE);
	assert_int_equal(lab_sent(&lab)->dst_ip, QUERIER);
	assert_int_equal(lab_sent(&lab)->dst_port, DHCP_SERVER_PORT);
	assert_false(lab_sent(&lab)->to_mac);
	assert_int_equal(lab.reply.giaddr, QUERIER);
	lab_end(&lab);
}

static void test_questions_that_get_no_answer_rfc4388_s6_3(void **state)
{
	static const struct {
		struct ask ask;
		const char *why;
	} cases[] = {
		{ { .ciaddr = NET + 2, .no_hardware = true }, "nowhere to answer" },
		{ { .ciaddr = NET + 2, .no_hardware = true, .giaddr = 0xc0a80101 }, "none of those" },
		{ { .giaddr = QUERIER, .no_hardware = true }, "one of address" },
		{ { .giaddr = QUERIER, .ciaddr = NET + 2 }, "one of address" },
		{ { .giaddr = QUERIER, .id = "xy" }, "one of address" },
		{ { .giaddr = QUERIER, .id = "xy", .ciaddr = NET + 2, .no_hardware = true },
		  "one of address" },
	};
	struct dhcp_server_options opt = answering();
	struct ask a = about_address(NET + 2);
	struct lab lab;

	lab_start(&lab, &opt);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct ask bad = cases[i].ask;

		bad.type = DHCP_LEASEQUERY;
		assert_int_equal(lab_ask(&lab, &bad), 0);
		assert_non_null(strstr(lab.out.reason.why, cases[i].why));
	}
	lab_end(&lab);

	/* section 7: nobody may ask unless somebody is told to be allowed */
	opt.n_queriers = 0;
	lab_start(&lab, &opt);
	assert_int_equal(lab_ask(&lab, &a), 0);
	assert_non_null(strstr(lab.out.reason.why, "answers no questions"));
	assert_string_equal(lab.out.reason.rfc, "RFC 4388 section 7");
	lab_end(&lab);
}

/* Many leases, and blocks of memory that grow and shrink: what is kept goes with its lease. */
static void test_what_is_kept_moves_with_its_lease_rfc4388_s6_7(void **state)
{
	static const uint8_t list[] = { DHCP_OPT_VENDOR_CLASS };
	struct dhcp_server_options opt = answering();
	uint32_t address[200];
	struct lab lab;
	size_t len;

	lab_start(&lab, &opt);
	for (uint16_t i = 0; i < ARRAY_SIZE(address); i++)
		address[i] = bind_by(&lab, (struct ask){
			.client = i, .code = DHCP_OPT_VENDOR_CLASS, .value = &i, .n_value = 2 });
	for (uint16_t i = 0; i < ARRAY_SIZE(address); i += 2)	/* their slots are filled again */
		(void)lab_decline(&lab, i, address[i]);
	(void)lab_deadline(&lab, 600);
	for (uint16_t i = 1; i < ARRAY_SIZE(address); i += 2) {
		assert_int_equal(ask_with(&lab, about_address(address[i]), list, sizeof(list)),
				 DHCP_LEASEACTIVE);
		assert_memory_equal(dhcp_message_get(&lab.reply, DHCP_OPT_VENDOR_CLASS, &len), &i, 2);
	}
	lab_end(&lab);
}

/* The addresses that the answer speaks of, as a set: ciaddr, or all of option 92. */
static uint32_t set_of_answer(const struct lab *lab)
{
	size_t len = 0;
	const uint8_t *all = dhcp_message_get(&lab->reply, DHCP_OPT_ASSOCIATED_IP, &len);
	uint32_t sum = 0;

	if (lab->reply.type == DHCP_LEASEUNKNOWN)
		return 0;
	if (!all)
		return lab->reply.ciaddr;
	for (size_t i = 0; i < len; i += 4)
		sum += load_be32(all + i);
	return sum;
}

/* The same, by a look at each lease that there is. */
static uint32_t set_of_leases(const struct lab *lab, const struct ask *a)
{
	const struct dhcp_binding *b;
	uint32_t sum = 0;

	for (size_t i = 0; (b = dhcp_server_binding(lab->s, i)); i++) {
		bool is_meant = a->id ? b->id_is_option && b->id_len == strlen(a->id) &&
					memcmp(b->id, a->id, b->id_len) == 0
				      : b->chaddr[5] == (uint8_t)a->client;

		if (is_meant && b->state == DHCP_BINDING_ACTIVE && b->expires > lab->now)
			sum += b->address;
	}
	return sum;
}

static void assert_answers(struct lab *lab, uint16_t mac, const char *id)
{
	struct ask by[] = { about_client(mac), about_id(id) };

	for (size_t i = 0; i < ARRAY_SIZE(by); i++) {
		(void)lab_ask(lab, &by[i]);
		assert_int_equal(set_of_answer(lab), set_of_leases(lab, &by[i]));
	}
}

/*
 * Few hardware addresses with many identifiers, which change hands; leases that
 * begin, end, are given back and declined, in a block that grows and shrinks, and
 * once is lost and read back: each question has the answer that a look at all leases has.
 */
static void test_whoever_holds_what_is_found_rfc4388_s6_4_1(void **state)
{
	struct dhcp_server_options opt = answering();
	uint64_t prng = 7;
	struct lab lab;

	opt.max_bindings = 512;
	opt.first = NET + 2;
	opt.subnet[0].last = NET1 + 120;
	lab_start(&lab, &opt);
	for (int i = 0; i < 6000; i++) {
		char id[] = { 'i', (char)('a' + prng_below(&prng, 20)),
			      (char)('a' + prng_below(&prng, 20)), '\0' };
		uint32_t what = prng_below(&prng, 10);
		struct ask a = {
			.type = DHCP_DISCOVER, .id = id,
			/* many, so that some share a chain; and few, so that some have several */
			.client = (uint16_t)prng_below(&prng, i % 2 ? 12 : 250),
			.giaddr = prng_below(&prng, 3) ? 0 : NET1 + 1,
		};

		if (lab_ask(&lab, &a) == DHCP_OFFER && what < 8) {
			a.type = DHCP_REQUEST;
			a.server_id = SERVER;
			a.requested = lab.reply.yiaddr;
			assert_int_equal(lab_ask(&lab, &a), DHCP_ACK);
			a.type = what ? DHCP_RELEASE : DHCP_DECLINE;
			a.ciaddr = what ? a.requested : 0;
			if (what < 3)
				assert_int_equal(lab_ask(&lab, &a), 0);
		}
		if (i % 1000 == 999)	/* all but what was bound of late is over */
			(void)lab_deadline(&lab, 880);
		assert_answers(&lab, (uint16_t)prng_below(&prng, i % 4 ? 12 : 250), id);
	}
	lab_end(&lab);
}

/* The same after a crash, and for one who comes with another hardware address. */
static void test_identifier_that_moves_to_another_mac_rfc4388_s6_4_1(void **state)
{
	struct dhcp_server_options opt = answering();
	struct ask old = about_client(7), new = about_client(8);
	struct lab lab;
	uint32_t address;

	lab_start(&lab, &opt);
	address = bind_by(&lab, (struct ask){ .client = 7, .id = "seven" });
	assert_int_equal(bind_by(&lab, (struct ask){ .client = 8, .id = "seven" }), address);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(lab_ask(&lab, &old), DHCP_LEASEUNKNOWN);
		assert_int_equal(lab_ask(&lab, &new), DHCP_LEASEACTIVE);
		assert_int_equal(lab.reply.ciaddr, address);
		lab_restart(&lab, true);
	}
	lab_end(&lab);
}

/* Section 6.4.2: a list of what is not to be told, whether it is asked for or not. */
static void test_sensitive_options_are_not_told_rfc4388_s6_4_2(void **state)
{
	static const uint8_t list[] = { DHCP_OPT_ROUTER, DHCP_OPT_CLIENT_ID, DHCP_OPT_VENDOR_CLASS,
					DHCP_OPT_LEASE_TIME };
	struct dhcp_server_options opt = answering();
	struct ask client = {
		.client = 7, .id = "seven", .code = DHCP_OPT_VENDOR_CLASS, .value = "MSFT",
		.n_value = 4,
	};
	struct ask a = about_client(7);
	struct lab lab;

	opt.n_secrets = 2;
	opt.secret[0] = DHCP_OPT_ROUTER;
	opt.secret[1] = DHCP_OPT_CLIENT_ID;
	lab_start(&lab, &opt);
	(void)bind_by(&lab, client);
	assert_true(dhcp_message_has(&lab.reply, DHCP_OPT_ROUTER));	/* the client gets it */
	assert_int_equal(ask_with(&lab, a, list, sizeof(list)), DHCP_LEASEACTIVE);
	assert_false(dhcp_message_has(&lab.reply, DHCP_OPT_ROUTER));
	assert_false(dhcp_message_has(&lab.reply, DHCP_OPT_CLIENT_ID));
	assert_true(dhcp_message_has(&lab.reply, DHCP_OPT_VENDOR_CLASS));
	assert_true(dhcp_message_has(&lab.reply, DHCP_OPT_LEASE_TIME));
	assert_int_equal(lab_ask(&lab, &a), DHCP_LEASEACTIVE);
	assert_false(dhcp_message_has(&lab.reply, DHCP_OPT_ROUTER));
	assert_true(dhcp_message_has(&lab.reply, DHCP_OPT_SUBNET_MASK));
	lab_end(&lab);

	/* what an answer must have is no secret */
	opt.secret[1] = DHCP_OPT_RELAY_INFO;
	assert_int_equal(dhcp_server_size(&opt), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_query_by_address_rfc4388_s6_4),
		cmocka_unit_test(test_over_leases_are_unassigned_rfc4388_s6_4),
		cmocka_unit_test(test_reserved_addresses_are_managed_rfc4388_s6_4),
		cmocka_unit_test(test_query_by_hardware_address_rfc4388_s6_4_1),
		cmocka_unit_test(test_query_by_client_id_rfc4388_s6_4_1),
		cmocka_unit_test(test_client_with_several_addresses_rfc4388_s6_4_2),
		cmocka_unit_test(test_times_are_what_is_left_of_them_rfc4388_s6_4_2),
		cmocka_unit_test(test_lease_for_ever_has_no_t1_rfc4388_s6_4_2),
		cmocka_unit_test(test_parameters_of_the_holder_rfc4388_s6_2),
		cmocka_unit_test(test_class_and_name_of_the_holder_rfc4388_s6_4_2),
		cmocka_unit_test(test_relay_info_and_vendor_are_kept_rfc4388_s6_7),
		cmocka_unit_test(test_answer_goes_to_giaddr_rfc4388_s6_4_3),
		cmocka_unit_test(test_questions_that_get_no_answer_rfc4388_s6_3),
		cmocka_unit_test(test_whoever_holds_what_is_found_rfc4388_s6_4_1),
		cmocka_unit_test(test_identifier_that_moves_to_another_mac_rfc4388_s6_4_1),
		cmocka_unit_test(test_sensitive_options_are_not_told_rfc4388_s6_4_2),
		cmocka_unit_test(test_what_is_kept_moves_with_its_lease_rfc4388_s6_7),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
