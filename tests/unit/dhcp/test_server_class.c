/* SPDX-License-Identifier: MIT */
/* test_server_class.c - classes of clients: options and pools of their own. */
#include "server_fixture.h"

#define OWN_FIRST (NET + 100)
#define OWN_LAST (NET + 109)

static struct dhcp_server_options class_options(void)
{
	struct dhcp_server_options opt = usual_options();

	opt.first = NET + 2;
	opt.last = NET + 99;
	add_value(&opt, DHCP_OPT_DOMAIN_NAME, false, "labphone", 3);	/* the class: all 8 */
	opt.n_classes = 1;
	opt.class[0] = (struct dhcp_server_class){
		.first = OWN_FIRST, .last = OWN_LAST, .n_values = 1,
	};
	memcpy(opt.values, "labphone", 8);
	opt.class[0].value[0] = (struct dhcp_server_value){ DHCP_OPT_DOMAIN_NAME, false, 3, 5 };
	return opt;
}

static void set_user(struct dhcp_server_options *opt, const char *user)
{
	opt->class[0].user_len = (uint8_t)strlen(user);
	memcpy(opt->class[0].user, user, strlen(user));
}

/* Is the client that says @code of itself one of the class? Both its address and option tell. */
static bool is_member(const struct dhcp_server_options *opt, uint8_t code, const void *value,
		      size_t len)
{
	static const uint8_t list[] = { DHCP_OPT_DOMAIN_NAME };
	struct ask a = {
		.type = DHCP_DISCOVER, .client = 7, .list = list, .n_list = 1,
		.code = code, .value = value, .n_value = len,
	};
	const uint8_t *domain;
	bool in_pool, has_option;
	struct lab lab;
	size_t n;

	lab_start(&lab, opt);
	assert_int_equal(lab_discover(&lab, &a), DHCP_OFFER);
	in_pool = lab.reply.yiaddr >= OWN_FIRST && lab.reply.yiaddr <= OWN_LAST;
	domain = dhcp_message_get(&lab.reply, DHCP_OPT_DOMAIN_NAME, &n);
	assert_non_null(domain);
	has_option = n == 5 && !memcmp(domain, "phone", n);
	assert_int_equal(in_pool, has_option);
	lab_end(&lab);
	return in_pool;
}

static void test_user_class_rfc3004_s4(void **state)
{
	struct dhcp_server_options opt = class_options();

	set_user(&opt, "voip");
	assert_true(is_member(&opt, DHCP_OPT_USER_CLASS, "\4voip", 5));
	assert_true(is_member(&opt, DHCP_OPT_USER_CLASS, "\2ab\4voip", 8));
	assert_true(is_member(&opt, DHCP_OPT_USER_CLASS, "voip", 4));	/* as clients do */
	assert_false(is_member(&opt, DHCP_OPT_USER_CLASS, "\5voipx", 6));
	assert_false(is_member(&opt, DHCP_OPT_USER_CLASS, "\3voi", 4));
	assert_false(is_member(&opt, DHCP_OPT_USER_CLASS, "\2ab\377voip", 8));	/* lying length */
	assert_false(is_member(&opt, DHCP_OPT_VENDOR_CLASS, "voip", 4));
}

static void test_vendor_class_rfc2132_s9_13(void **state)
{
	struct dhcp_server_options opt = class_options();

	opt.class[0].vendor_len = 3;
	memcpy(opt.class[0].vendor, "PXE", 3);
	assert_true(is_member(&opt, DHCP_OPT_VENDOR_CLASS, "PXE", 3));
	assert_false(is_member(&opt, DHCP_OPT_VENDOR_CLASS, "PXEClient", 9));
	opt.class[0].vendor_is_prefix = true;
	assert_true(is_member(&opt, DHCP_OPT_VENDOR_CLASS, "PXEClient", 9));
	assert_false(is_member(&opt, DHCP_OPT_VENDOR_CLASS, "PX", 2));
}

static void test_vendor_enterprise_rfc3925_s3(void **state)
{
	struct dhcp_server_options opt = class_options();

	opt.class[0].enterprise = 3561;
	assert_true(is_member(&opt, DHCP_OPT_VI_VENDOR_CLASS, "\0\0\15\351\2\1a", 7));
	assert_true(is_member(&opt, DHCP_OPT_VI_VENDOR_CLASS, "\0\0\0\1\0\0\0\15\351\0", 10));
	assert_false(is_member(&opt, DHCP_OPT_VI_VENDOR_CLASS, "\0\0\15\350\2\1a", 7));
}

static void test_all_that_a_class_names_must_fit(void **state)
{
	struct dhcp_server_options opt = class_options();

	set_user(&opt, "voip");
	opt.class[0].enterprise = 3561;
	assert_false(is_member(&opt, DHCP_OPT_USER_CLASS, "voip", 4));
}

/* Neither way round: not even for who asks for an address of it. */
/* Who lists nothing gets all that there is: of the class first, and each once. */
static void test_who_lists_nothing_gets_the_class_options(void **state)
{
	struct dhcp_server_options opt = class_options();
	struct ask a = {
		.type = DHCP_DISCOVER, .client = 7, .code = DHCP_OPT_USER_CLASS,
		.value = "\4voip", .n_value = 5,
	};
	const uint8_t *domain;
	unsigned int times = 0;
	struct lab lab;
	size_t n;

	set_user(&opt, "voip");
	opt.class[0].value[opt.class[0].n_values++] =
		(struct dhcp_server_value){ DHCP_OPT_TFTP_SERVER + 100, false, 0, 3 };
	lab_start(&lab, &opt);
	assert_int_equal(lab_discover(&lab, &a), DHCP_OFFER);
	domain = dhcp_message_get(&lab.reply, DHCP_OPT_DOMAIN_NAME, &n);
	assert_non_null(domain);
	assert_int_equal(n, 5);
	assert_true(dhcp_message_has(&lab.reply, DHCP_OPT_TFTP_SERVER + 100));
	for (unsigned int i = 0; i < lab.reply.n_fields; i++)
		times += lab.reply.fields[i].code == DHCP_OPT_DOMAIN_NAME;
	assert_int_equal(times, 1);
	lab_end(&lab);
}

static void test_a_class_and_the_others_have_pools_apart(void **state)
{
	struct dhcp_server_options opt = class_options();
	struct ask a = { .type = DHCP_DISCOVER, .code = DHCP_OPT_USER_CLASS, .value = "voip",
			 .n_value = 4, .requested = NET + 50 };
	struct dhcp_pool_count count;
	struct lab lab;

	set_user(&opt, "voip");
	lab_start(&lab, &opt);
	for (a.client = 1; a.client <= 10; a.client++) {
		assert_int_equal(lab_discover(&lab, &a), DHCP_OFFER);
		assert_in_range(lab.reply.yiaddr, OWN_FIRST, OWN_LAST);
	}
	assert_int_equal(lab_ask(&lab, &a), 0);
	assert_string_equal(lab.out.reason.why, "the pool is full");
	assert_int_equal(lab.out.facts.pool_first, OWN_FIRST);
	assert_true(dhcp_server_count(lab.s, 0, lab.now, &count));
	assert_int_equal(count.size, 98);
	assert_int_equal(count.leased, 0);
	assert_true(dhcp_server_count(lab.s, 1, lab.now, &count));
	assert_int_equal(count.first, OWN_FIRST);
	assert_int_equal(count.last, OWN_LAST);
	assert_int_equal(count.address, NET);
	assert_int_equal(count.prefix_len, 24);
	assert_int_equal(count.size, 10);
	assert_int_equal(count.leased, 10);
	assert_false(dhcp_server_count(lab.s, 2, lab.now, &count));
	assert_false(dhcp_server_count(lab.s, SIZE_MAX, lab.now, &count));
	assert_int_equal(count.leased, 10);	/* as it was */
	a = (struct ask){ .type = DHCP_DISCOVER, .client = 99, .requested = OWN_FIRST };
	lab_deadline(&lab, opt.offer_sec);	/* it is free again */
	assert_int_equal(lab_discover(&lab, &a), DHCP_OFFER);
	assert_in_range(lab.reply.yiaddr, NET + 2, NET + 99);
	lab_end(&lab);
}

/* Behind a relay agent, where the class has no pool, its clients get the subnet's addresses. */
static void test_pool_of_a_class_is_for_its_subnet(void **state)
{
	struct dhcp_server_options opt = class_options();
	struct ask a = { .type = DHCP_DISCOVER, .client = 7, .code = DHCP_OPT_USER_CLASS,
			 .value = "voip", .n_value = 4, .giaddr = NET + 0x101 };
	struct lab lab;

	set_user(&opt, "voip");
	opt.n_subnets = 1;
	opt.subnet[0] = (struct dhcp_server_subnet){
		.address = NET + 0x100, .prefix_len = 24, .first = NET + 0x110,
		.last = NET + 0x110, .default_lease_sec = 60, .min_lease_sec = 60,
		.max_lease_sec = 60,
	};
	lab_start(&lab, &opt);
	assert_int_equal(lab_ask(&lab, &a), DHCP_OFFER);
	assert_int_equal(lab.reply.yiaddr, NET + 0x110);
	assert_int_equal(lab.out.facts.pool_size, 1);
	lab_end(&lab);
}

static void test_bad_classes_are_refused(void **state)
{
	struct dhcp_server_options good = class_options(), bad[5];

	assert_int_not_equal(dhcp_server_size(&good), 0);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		bad[i] = good;
	bad[0].class[0].first = NET + 99;	/* the server's pool */
	bad[1].class[0].last = NET + 256;
	bad[2].class[0].first = OWN_LAST + 1;
	bad[3].n_classes = DHCP_SERVER_CLASSES_MAX + 1;
	bad[4].class[0].user_len = 65;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_int_equal(dhcp_server_size(&bad[i]), 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_user_class_rfc3004_s4),
		cmocka_unit_test(test_vendor_class_rfc2132_s9_13),
		cmocka_unit_test(test_vendor_enterprise_rfc3925_s3),
		cmocka_unit_test(test_all_that_a_class_names_must_fit),
		cmocka_unit_test(test_who_lists_nothing_gets_the_class_options),
		cmocka_unit_test(test_a_class_and_the_others_have_pools_apart),
		cmocka_unit_test(test_pool_of_a_class_is_for_its_subnet),
		cmocka_unit_test(test_bad_classes_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
