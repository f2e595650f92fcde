/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include <netlab/dhcp_message.h>

#include "base/util.h"
#include "dhcp/route.h"

struct value_case {
	uint8_t code;
	const char *value;
	size_t len;
	const char *want;
};

#define V(s) s, sizeof(s) - 1

static void rows_are_complete_and_in_order(void **state)
{
	for (int code = 0; code < 256; code++) {
		const struct dhcp_option_info *info = dhcp_option_info((uint8_t)code);

		assert_int_equal(info->code, code);
		assert_true(info->type <= DHCP_TYPE_BYTES);
		assert_non_null(info->title);
		assert_non_null(info->label);
		assert_int_equal(!info->name, !info->rfc);
	}
}

static void every_option_is_found_by_number_name_and_label(void **state)
{
	char number[4];

	for (int code = 0; code < 256; code++) {
		const struct dhcp_option_info *info = dhcp_option_info((uint8_t)code);

		snprintf(number, sizeof(number), "%d", code);
		assert_ptr_equal(dhcp_option_find(number), info);
		if (!info->name)
			continue;
		assert_int_equal(strspn(info->name, "abcdefghijklmnopqrstuvwxyz0123456789-"),
				 strlen(info->name));
		assert_ptr_equal(dhcp_option_find(info->name), info);
		assert_ptr_equal(dhcp_option_find(info->label), info);
	}
	assert_int_equal(dhcp_option_find("LeaseTime")->code, 51);
	assert_int_equal(dhcp_option_find("t1")->code, 58);
	assert_null(dhcp_option_find("256"));
	assert_null(dhcp_option_find(""));
	assert_null(dhcp_option_find("unassigned"));
	assert_null(dhcp_option_find("router2"));
}

static void rfc2132_wrong_lengths_are_not_valid(void **state)
{
	uint8_t zeros[16] = { 0 };

	for (int code = 1; code < 255; code++) {
		size_t min_len = dhcp_option_info((uint8_t)code)->min_len;

		if (min_len > 0)
			assert_false(dhcp_option_is_valid((uint8_t)code, zeros, min_len - 1));
		if (dhcp_option_is_fixed((uint8_t)code))
			assert_false(dhcp_option_is_valid((uint8_t)code, zeros, min_len + 1));
	}
	assert_false(dhcp_option_is_valid(3, zeros, 6));
	assert_false(dhcp_option_is_valid(33, zeros, 12));
	assert_true(dhcp_option_is_valid(68, NULL, 0));
}

static void any_value_formats_safely(void **state)
{
	uint8_t value[300];
	char out[64];

	for (int fill = 0; fill < 256; fill += 17) {
		memset(value, fill, sizeof(value));
		for (int code = 0; code < 256; code++) {
			for (size_t len = 0; len < sizeof(value); len += 1 + len / 4) {
				size_t n = dhcp_option_format((uint8_t)code, value, len, out,
							      sizeof(out));

				assert_int_equal(strlen(out), n);
				for (size_t i = 0; i < n; i++)
					assert_in_range(out[i], ' ', '~');
			}
		}
	}
}

static void values_read_well(void **state)
{
	static const struct value_case cases[] = {
		{ 51, V("\0\0\x0e\x10"), "1h" },
		{ 51, V("\xff\xff\xff\xff"), "for ever" },
		{ 53, V("\1"), "DISCOVER" },
		{ 55, V("\1\3\6\x33\x54"), "1 mask, 3 router, 6 DNS, 51 lease time, 84" },
		{ 61, V("\1\2NL\0\0\2"), "01:02:4e:4c:00:00:02" },
		{ 6, V("\x0a\0\0\1\x0a\0\0\2"), "10.0.0.1, 10.0.0.2" },
		{ 121, V("\x08\x0a\x0a\0\0\1"), "10.0.0.0/8 via 10.0.0.1" },
		{ 121, V("\0\x0a\0\0\1\x20\x0a\1\2\3\0\0\0\0"),
		  "0.0.0.0/0 via 10.0.0.1, 10.1.2.3/32 on link" },
		{ 33, V("\x0a\1\0\0\x0a\0\0\1"), "10.1.0.0 via 10.0.0.1" },
		{ 52, V("\3"), "file and sname" },
		{ 80, V(""), "yes" },
		{ 19, V("\1"), "yes" },
		{ 2, V("\xff\xff\xff\xff"), "-1" },
		{ 26, V("\5\xdc"), "1500" },
		{ 12, V("host\0\0"), "host" },
		{ 12, V("$(id)\x1b[1m\n\xff\\"), "$(id)\\x1b[1m\\x0a\\xff\\\\" },
		{ 82, V("\1\4eth0\5\4\x0a\1\0\0\x63\0"),
		  "circuit id \"eth0\", link selection 10.1.0.0, 99" },
		{ 43, V("\6\1\3\xff"), "6 03" },
		{ 53, V("\1\1"), "malformed 01:01" },
		{ 50, V(""), "malformed, empty" },
		{ 224, V("abc"), "\"abc\"" },
		{ 249, V("\x10\xac\x10\x0a\0\0\2\0\x0a\0\0\1"),
		  "172.16.0.0/16 via 10.0.0.2, 0.0.0.0/0 via 10.0.0.1" },
		{ 249, V("\x10\xac\x10\x0a\0\0"), "10:ac:10:0a:00:00" },
		{ 249, V("of this site"), "\"of this site\"" },
		{ 249, V(""), "" },
	};
	char out[256];

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		dhcp_option_format(cases[i].code, (const uint8_t *)cases[i].value, cases[i].len,
				   out, sizeof(out));
		assert_string_equal(out, cases[i].want);
	}
}

/* Each in words where it has its RFC's form, else its bytes. */
static void forms_of_several_fields(void **state)
{
	static const struct value_case cases[] = {
		{ 78, V("\1\x0a\0\0\1\x0a\0\0\2"), "mandatory 1: 10.0.0.1, 10.0.0.2" },
		{ 78, V("\1\x0a\0\0"), "01:0a:00:00" },
		{ 79, V("\0lab"), "mandatory 0: lab" },
		{ 79, V("\0"), "00" },
		{ 83, V("\0\1\0\2\0\3\1\2\3\4\x0a\0\0\1"),
		  "functions 0001, access 0002, administration 0003, security 01020304: 10.0.0.1" },
		{ 99, V("\2DE\0\2de\3\6Berlin"), "what 2, country DE: 0 \"de\", 3 \"Berlin\"" },
		{ 99, V("\2DE\3\7Berlin"), "02:44:45:03:07:42:65:72:6c:69:6e" },
		{ 109, V("\x20\1\x0d\xb8\0\0\0\0\0\1\0\0\0\0\0\1"), "2001:db8::1:0:0:1" },
		{ 109, V("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"), "::" },
		{ 109, V("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1"), "::1" },
		{ 109, V("\xfe\x80\0\0\0\0\0\0\0\0\0\0\0\0\0\0"), "fe80::" },
		{ 109, V("\0\1\0\0\0\3\0\4\0\5\0\6\0\7\0\x18"), "1:0:3:4:5:6:7:18" },
		/* South and west are negative. */
		{ 123, V("\x88\x4d\xcc\x1f\x8a\x8b\x65\xed\xa8\x85\x14\0\0\x0f\0\1"),
		  "34 bits of latitude 38.898678, 34 bits of longitude -77.035824, 16 bits of "
		  "altitude 15.00 m, datum 1" },
		{ 144, V("\x4b\0\0\0\0\x49\0\0\0\0\x24\0\0\1\x80\x41"),
		  "uncertainty 18 of latitude -128.000000, 18 of longitude 128.000000, 16 of "
		  "altitude 1.50 floors, version and datum 65" },
		{ 139, V("\1\4\x0a\0\0\1\2\x08\x0a\0\0\2\x0a\0\0\3"),
		  "1 10.0.0.1, 2 10.0.0.2, 10.0.0.3" },
		{ 139, V("\1\5\x0a\0\0\1"), "01:05:0a:00:00:01" },
		{ 140, V("\1\5\3lab\0"), "1 lab" },
		{ 143, V("\0\1a\0\2bc"), "a, bc" },
		{ 143, V("\0\3ab"), "00:03:61:62" },
		{ 145, V("\1\2"), "algorithm 1, 2" },
		{ 146, V("\1\x0a\0\0\1\0\0\0\0\3lab\0"), "preference 1, 10.0.0.1, 0.0.0.0 for lab" },
		{ 151, V("\0"), "status 0" },
		{ 151, V("\4no"), "status 4: no" },
		{ 158, V("\4\x0a\0\0\1\4\x0a\0\0\2"), "10.0.0.1, 10.0.0.2" },
		{ 158, V("\4\x0a\0\0\1\4"), "04:0a:00:00:01:04" },
		{ 159, V("\4\6\x18\0"), "offset 4, PSID of 6 bits 1800" },
		{ 162, V("\0\x08\0\1\5\3dns\0"), "priority 1, dns" },
		{ 162, V("\0\x0d\0\1\5\3dns\0\4\x0a\0\0\1"), "priority 1, dns, 10.0.0.1" },
		{ 162, V("\0\x11\0\1\5\3dns\0\4\x0a\0\0\1\0\2\0\0"),
		  "priority 1, dns, 10.0.0.1, parameters 00:02:00:00" },
		{ 208, V("\xf1\0\x74\x7e"), "the magic f100 747e" },
		{ 212, V("\x08\x20\x20\1\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\0\x0a\0\0\1"),
		  "IPv4 mask length 8, prefix length 32, prefix 2001:db8::, relays 10.0.0.1" },
		{ 220, V("\0\1\2\0\x18"), "flags 0: 1 00:18" },
		{ 221, V("\xff"), "type 255" },
		{ 221, V("\0lab"), "type 0: lab" },
	};
	char out[256];

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		dhcp_option_format(cases[i].code, (const uint8_t *)cases[i].value, cases[i].len,
				   out, sizeof(out));
		assert_string_equal(out, cases[i].want);
	}
}

static void long_values_are_cut_with_dots(void **state)
{
	static const uint8_t name[] = "a-long-host-name";
	char out[12];

	assert_int_equal(dhcp_option_format(12, name, 16, out, 12), 11);
	assert_string_equal(out, "a-long-h...");
	assert_int_equal(dhcp_option_format(12, name, 6, out, 7), 6);
	assert_string_equal(out, "a-long");
	assert_int_equal(dhcp_option_format(12, name, 2, out, 0), 0);
	assert_int_equal(dhcp_option_format(12, name, 2, out, 1), 0);
}

/* RFC 1035 section 4.1.4 in RFC 3397's option. */
static void rfc3397_2_search_lists(void **state)
{
	static const struct value_case cases[] = {
		{ 119, V("\3eng\5apple\3com\0\x09marketing\xc0\4"),
		  "eng.apple.com, marketing.apple.com" },
		{ 119, V("\0"), "." },
		{ 119, V("\4a.\x1b \0"), "a\\x2e\\x1b\\x20" },
		{ 119, V("\xc0\0"), NULL },
		{ 119, V("\1a\xc0\0"), NULL },
		{ 119, V("\1a\xc0\4\1b\0"), NULL },
		{ 119, V("\1a\xc0\4\1b\xc0\0"), NULL },
		{ 119, V("\3eng\5app"), NULL },
		{ 119, V("\3eng"), NULL },
		{ 119, V("\1a\xc0"), NULL },
		{ 119, V("\x40"), NULL },
	};
	char out[128];

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const uint8_t *value = (const uint8_t *)cases[i].value;

		assert_int_equal(dhcp_option_is_valid(119, value, cases[i].len), !!cases[i].want);
		dhcp_option_format(119, value, cases[i].len, out, sizeof(out));
		if (cases[i].want)
			assert_string_equal(out, cases[i].want);
		else
			assert_memory_equal(out, "malformed", 9);
	}
}

static void rfc1035_2_3_4_names_over_255_bytes_are_refused(void **state)
{
	uint8_t value[256];

	memset(value, 'a', sizeof(value));
	for (int i = 0; i < 3; i++)
		value[i * 64] = 63;
	value[192] = 61;
	value[254] = 0;
	assert_true(dhcp_option_is_valid(119, value, 255));
	value[192] = 62;
	value[254] = 'a';
	value[255] = 0;
	assert_false(dhcp_option_is_valid(119, value, 256));
}

static void rfc4702_2_fqdn(void **state)
{
	static const struct value_case cases[] = {
		{ 81, V("\5\0\0\4host\3lab\0"), "host.lab (SE)" },
		{ 81, V("\4\0\0\4host"), "host (E)" },
		{ 81, V("\1\0\0host.lab"), "host.lab (S)" },
		{ 81, V("\0\0\0"), "no name (no flags)" },
		{ 81, V("\4\0\0\xc0\0"), "c0:00 (E)" },
	};
	char out[64];

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		dhcp_option_format(81, (const uint8_t *)cases[i].value, cases[i].len,
				   out, sizeof(out));
		assert_string_equal(out, cases[i].want);
	}
}

/* As the machine's own firmware writes it: EFI specification, appendix A. */
static void rfc4578_2_3_the_uuid_of_a_machine(void **state)
{
	static const uint8_t value[] = { 0, 0x03, 0x02, 0x01, 0x00, 0x05, 0x04, 0x07, 0x06, 0x08,
					 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f };
	char out[64];

	dhcp_option_format(97, value, sizeof(value), out, sizeof(out));
	assert_string_equal(out, "UUID 00010203-0405-0607-0809-0a0b0c0d0e0f");
}

static void rfc3004_4_an_empty_class_is_seen(void **state)
{
	char out[64];

	dhcp_option_format(77, (const uint8_t *)"\0\3lab", 5, out, sizeof(out));
	assert_string_equal(out, "\"\", \"lab\"");
}

static void rfc3442_bad_routes_are_refused(void **state)
{
	assert_false(dhcp_option_is_valid(121, (const uint8_t *)"\x21\x0a\0\0\1\x0a\0\0\1", 9));
	assert_false(dhcp_option_is_valid(121, (const uint8_t *)"\x18\x0a\0\0\x0a\0", 6));
	assert_false(dhcp_option_is_valid(121, (const uint8_t *)"\0\x0a\0\0", 4));
}

static void rfc3442_bits_beyond_the_mask_are_zeroed(void **state)
{
	static const uint8_t value[] = { 25, 129, 210, 177, 132, 10, 0, 0, 1 };
	struct dhcp_route route;
	size_t pos = 0;

	assert_int_equal(dhcp_route_read(value, sizeof(value), &pos, &route), 0);
	assert_int_equal(pos, sizeof(value));
	assert_int_equal(route.dest, 0x81d2b180);
	assert_int_equal(route.gateway, 0x0a000001);
}

static void message_types_have_names(void **state)
{
	for (int type = 0; type <= DHCP_TYPE_MAX; type++) {
		assert_int_equal(dhcp_type_by_name(dhcp_type_name((uint8_t)type)), type);
		assert_true(strlen(dhcp_type_purpose((uint8_t)type)) > 0);
		assert_memory_equal(dhcp_type_rfc((uint8_t)type), "RFC ", 4);
	}
	assert_int_equal(dhcp_type_by_name("dhcpoffer"), DHCP_OFFER);
	assert_true(dhcp_type_by_name("DHCP") < 0);
	assert_true(dhcp_type_by_name("") < 0);
	assert_string_equal(dhcp_type_name(200), "UNKNOWN");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_complete_and_in_order),
		cmocka_unit_test(every_option_is_found_by_number_name_and_label),
		cmocka_unit_test(rfc2132_wrong_lengths_are_not_valid),
		cmocka_unit_test(any_value_formats_safely),
		cmocka_unit_test(values_read_well),
		cmocka_unit_test(forms_of_several_fields),
		cmocka_unit_test(long_values_are_cut_with_dots),
		cmocka_unit_test(rfc3397_2_search_lists),
		cmocka_unit_test(rfc1035_2_3_4_names_over_255_bytes_are_refused),
		cmocka_unit_test(rfc4702_2_fqdn),
		cmocka_unit_test(rfc4578_2_3_the_uuid_of_a_machine),
		cmocka_unit_test(rfc3004_4_an_empty_class_is_seen),
		cmocka_unit_test(rfc3442_bad_routes_are_refused),
		cmocka_unit_test(rfc3442_bits_beyond_the_mask_are_zeroed),
		cmocka_unit_test(message_types_have_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
