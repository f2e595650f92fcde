/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>

#include "base/addr.h"

static void addresses_read_and_print(void **state)
{
	char buf[IP4_LEN];
	uint32_t addr = 7;

	assert_int_equal(ip4_parse("10.0.0.105", &addr), 0);
	assert_int_equal(addr, 0x0a000069);
	assert_string_equal(ip4_format(0xffffffff, buf), "255.255.255.255");
}

static void bad_addresses_are_refused(void **state)
{
	static const char *const bad[] = { "",	       "10.0.0",    "10.0.0.256", "10.0.0.1 ",
					   "010.0.0.1", "10..0.1",   "10.0.0.1.2", "a.b.c.d",
					   "+1.0.0.1",	"10.0.0.99999999999" };
	uint32_t addr = 7;

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_int_equal(ip4_parse(bad[i], &addr), -EINVAL);
	assert_int_equal(addr, 7);
}

static void prefixes(void **state)
{
	uint32_t addr;
	uint8_t len;

	assert_int_equal(ip4_parse_prefix("10.0.0.1/24", &addr, &len), 0);
	assert_int_equal(len, 24);
	assert_int_equal(ip4_parse_prefix("10.0.0.1", &addr, &len), 0);
	assert_int_equal(len, 32);
	assert_int_equal(ip4_parse_prefix("10.0.0.1/33", &addr, &len), -EINVAL);
	assert_int_equal(ip4_parse_prefix("10.0.0.1/", &addr, &len), -EINVAL);
	assert_true(ip4_in_prefix(0x0a0000ff, 0x0a000000, 24));
	assert_false(ip4_in_prefix(0x0a0001ff, 0x0a000000, 24));
	assert_true(ip4_in_prefix(0xc0000001, 0x0a000000, 0));
}

static void masks(void **state)
{
	for (uint8_t len = 0; len <= 32; len++)
		assert_int_equal(ip4_mask_len(ip4_mask(len)), len);
	assert_int_equal(ip4_mask(25), 0xffffff80);
	assert_int_equal(ip4_mask_len(0xff00ff00), -EINVAL);
	assert_int_equal(ip4_mask_len(1), -EINVAL);
}

static void rfc791_classes_and_hosts(void **state)
{
	assert_int_equal(ip4_class_len(0x0a000001), 8);
	assert_int_equal(ip4_class_len(0xac100001), 16);
	assert_int_equal(ip4_class_len(0xc0a80001), 24);
	assert_int_equal(ip4_class_len(0xe0000001), 32);
	assert_true(ip4_is_host(0x0a000001));
	assert_false(ip4_is_host(0x00000001));
	assert_false(ip4_is_host(0x7f000001));
	assert_false(ip4_is_host(0xe0000001));
	assert_false(ip4_is_host(IP4_BROADCAST));
}

static void macs(void **state)
{
	uint8_t mac[6] = { 9 };
	char buf[MAC_LEN];

	assert_int_equal(mac_parse("02:4E-4c:00:00:01", mac), 0);
	assert_string_equal(mac_format(mac, buf), "02:4e:4c:00:00:01");
	assert_int_equal(mac_parse("02:4e:4c:00:00", mac), -EINVAL);
	assert_int_equal(mac_parse("02:4e:4c:00:00:01:", mac), -EINVAL);
	assert_int_equal(mac_parse("02:4e:4c:00:00:g1", mac), -EINVAL);
	assert_int_equal(mac_parse("", mac), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_read_and_print),
		cmocka_unit_test(bad_addresses_are_refused),
		cmocka_unit_test(prefixes),
		cmocka_unit_test(masks),
		cmocka_unit_test(rfc791_classes_and_hosts),
		cmocka_unit_test(macs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
