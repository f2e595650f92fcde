/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "node/held_config.h"

static const struct dhcp_config model = {
	.prefix_len = 24, .server_id = 0x0a000001, .lease_sec = 3600, .n_dns = 1,
	.dns = { 0x0a000001 }, .domain = "example.org",
};

static struct dhcp_config lease(uint32_t address, uint64_t expires)
{
	struct dhcp_config c = model;

	c.address = address;
	c.expires = expires;
	return c;
}

static void what_is_held_is_what_was_given(void **state)
{
	struct held_config h[3] = { { 0 } };
	struct shared_config *last = NULL;

	for (uint32_t i = 0; i < 3; i++) {
		struct dhcp_config c = lease(0x0a000002 + i, 1000 + i);

		assert_int_equal(held_config_set(&h[i], &last, &c), 0);
	}
	for (uint32_t i = 0; i < 3; i++) {
		struct dhcp_config c = held_config(&h[i]);

		assert_int_equal(c.address, 0x0a000002 + i);
		assert_int_equal(c.expires, 1000 + i);
		assert_string_equal(c.domain, "example.org");
		assert_int_equal(held_config_rest(&h[i])->prefix_len, 24);
		assert_int_equal(held_config_rest(&h[i])->address, 0);
		held_config_clear(&h[i]);
	}
	shared_config_put(last);
}

static void leases_that_say_the_same_share_it(void **state)
{
	struct dhcp_config a = lease(1, 1), b = lease(2, 2), other = lease(3, 3);
	struct held_config x = { 0 }, y = { 0 }, z = { 0 };
	struct shared_config *last = NULL;

	strcpy(other.domain, "example.com");
	assert_int_equal(held_config_set(&x, &last, &a), 0);
	assert_int_equal(held_config_set(&y, &last, &b), 0);
	assert_int_equal(held_config_set(&z, &last, &other), 0);
	assert_ptr_equal(x.rest, y.rest);
	assert_ptr_not_equal(x.rest, z.rest);
	assert_string_equal(held_config_rest(&y)->domain, "example.org");
	assert_string_equal(held_config_rest(&z)->domain, "example.com");
	held_config_clear(&x);
	assert_string_equal(held_config_rest(&y)->domain, "example.org");
	held_config_clear(&y);
	held_config_clear(&z);
	shared_config_put(last);
}

static void a_renewal_takes_the_place_of_what_was_held(void **state)
{
	struct dhcp_config a = lease(1, 1), b = lease(1, 9);
	struct shared_config *last = NULL;
	struct held_config h = { 0 };

	b.n_dns = 0;
	assert_int_equal(held_config_set(&h, &last, &a), 0);
	assert_int_equal(held_config_set(&h, &last, &b), 0);
	assert_int_equal(held_config(&h).n_dns, 0);
	assert_int_equal(held_config(&h).expires, 9);
	held_config_clear(&h);
	shared_config_put(last);
}

static void nothing_is_all_zeros(void **state)
{
	const struct dhcp_config none = { 0 };
	struct held_config h = { 0 };
	struct dhcp_config c = held_config(&h);

	assert_memory_equal(&c, &none, sizeof(c));
	held_config_clear(&h);
	assert_null(h.rest);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_held_is_what_was_given),
		cmocka_unit_test(leases_that_say_the_same_share_it),
		cmocka_unit_test(a_renewal_takes_the_place_of_what_was_held),
		cmocka_unit_test(nothing_is_all_zeros),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
