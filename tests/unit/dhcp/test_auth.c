/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <netlab/dhcp_message.h>

#include "base/util.h"
#include "dhcp/auth.h"
#include "dhcp/md5.h"

static void assert_hex(const uint8_t digest[static MD5_LEN], const char *hex)
{
	char text[2 * MD5_LEN + 1];

	for (size_t i = 0; i < MD5_LEN; i++)
		snprintf(text + 2 * i, 3, "%02x", digest[i]);
	assert_string_equal(text, hex);
}

static void rfc1321_a_5_md5_test_suite(void **state)
{
	static const char *const suite[][2] = {
		{ "", "d41d8cd98f00b204e9800998ecf8427e" },
		{ "a", "0cc175b9c0f1b6a831c399e269772661" },
		{ "abc", "900150983cd24fb0d6963f7d28e17f72" },
		{ "message digest", "f96b697d7cb7938d525a2f31aaf161d0" },
		{ "abcdefghijklmnopqrstuvwxyz", "c3fcd3d76192e4007dfb496cca67e13b" },
		{ "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
		  "d174ab98d277d9f5a5611c2c9f419d9f" },
		{ "1234567890123456789012345678901234567890123456789012345678901234567890"
		  "1234567890", "57edf4a22be3c955ac49da2e2107b67a" },
	};
	uint8_t digest[MD5_LEN];

	for (size_t i = 0; i < ARRAY_SIZE(suite); i++) {
		md5(&(struct md5_part){ suite[i][0], strlen(suite[i][0]) }, 1, digest);
		assert_hex(digest, suite[i][1]);
	}
}

static void a_hash_does_not_depend_on_the_pieces(void **state)
{
	const struct md5_part part[] = { { "mess", 4 }, { "", 0 }, { "age digest", 10 } };
	uint8_t digest[MD5_LEN];

	md5(part, ARRAY_SIZE(part), digest);
	assert_hex(digest, "f96b697d7cb7938d525a2f31aaf161d0");
}

/* @n bytes of @byte if @text is NULL. */
static void assert_hmac(const char *key, uint8_t key_byte, size_t key_len, const char *text,
			uint8_t byte, size_t len, const char *hex)
{
	uint8_t keys[80], bytes[80], digest[MD5_LEN];

	memset(keys, key_byte, sizeof(keys));
	memset(bytes, byte, sizeof(bytes));
	hmac_md5(key ? (const void *)key : keys, key_len,
		 &(struct md5_part){ text ? (const void *)text : bytes, len }, 1, digest);
	assert_hex(digest, hex);
}

static void rfc2202_2_hmac_md5_test_cases(void **state)
{
	static const char large[] = "Test Using Larger Than Block-Size Key - Hash Key First";
	static const char larger[] =
		"Test Using Larger Than Block-Size Key and Larger Than One Block-Size Data";
	static const char counted[] =
		"\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10\x11\x12\x13\x14"
		"\x15\x16\x17\x18\x19";

	assert_hmac(NULL, 0x0b, 16, "Hi There", 0, 8, "9294727a3638bb1c13f48ef8158bfc9d");
	assert_hmac("Jefe", 0, 4, "what do ya want for nothing?", 0, 28,
		    "750c783e6ab0b503eaa86e310a5db738");
	assert_hmac(NULL, 0xaa, 16, NULL, 0xdd, 50, "56be34521d144c88dbb8c733f0e8b3f6");
	assert_hmac(counted, 0, 25, NULL, 0xcd, 50, "697eaf0aca3a3aea3a75164746ffaa79");
	assert_hmac(NULL, 0x0c, 16, "Test With Truncation", 0, 20,
		    "56461ef2342edc00f9bab995690efd4c");
	assert_hmac(NULL, 0xaa, 80, large, 0, strlen(large), "6b1ab7fe4bd7bf8f0b62e6ce61b9d0cd");
	assert_hmac(NULL, 0xaa, 80, larger, 0, strlen(larger),
		    "6f630fad67cda0ee1fb1f562db3aa53e");
}

static const struct auth usual = { .type = AUTH_DIGEST, .replay = 0x0102030405060708 };
static const uint8_t nonce[AUTH_VALUE_LEN] = { "0123456789abcdef" };

static void rfc6704_3_1_2_the_option_goes_there_and_back(void **state)
{
	struct auth a = { .type = AUTH_NONCE, .replay = UINT64_MAX - 1 }, back;
	uint8_t value[AUTH_LEN];

	memcpy(a.value, nonce, sizeof(a.value));
	auth_write(&a, value);
	assert_memory_equal(value, "\x03\x01\x00\xff\xff\xff\xff\xff\xff\xff\xfe\x01", 12);
	assert_int_equal(auth_read(value, sizeof(value), &back), 0);
	assert_int_equal(back.type, AUTH_NONCE);
	assert_true(back.replay == a.replay);
	assert_memory_equal(back.value, nonce, sizeof(nonce));
}

static void rfc6704_3_1_2_others_options_are_refused(void **state)
{
	static const struct {
		uint8_t at, byte;
	} wrong[] = { { 0, 1 }, { 1, 0 }, { 2, 1 }, { 11, 0 }, { 11, 3 } };
	uint8_t value[AUTH_LEN + 1] = { 0 };
	struct auth a = { .replay = 7 };

	auth_write(&usual, value);
	assert_int_equal(auth_read(value, AUTH_LEN - 1, &a), -EBADMSG);
	assert_int_equal(auth_read(value, AUTH_LEN + 1, &a), -EBADMSG);
	assert_int_equal(auth_read(value, 0, &a), -EBADMSG);
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		auth_write(&usual, value);
		value[wrong[i].at] = wrong[i].byte;
		assert_int_equal(auth_read(value, AUTH_LEN, &a), -EBADMSG);
	}
	assert_int_equal(a.replay, 7);
}

static size_t build(const struct auth *a, uint8_t msg[static DHCP_MESSAGE_MAX])
{
	struct dhcp_message m = { .op = DHCP_OP_REPLY, .htype = 1, .hlen = 6,
				  .type = DHCP_FORCERENEW };
	uint8_t value[AUTH_LEN];
	struct dhcp_builder b;

	assert_int_equal(dhcp_build_begin(&b, msg, DHCP_MESSAGE_MAX, &m), 0);
	assert_int_equal(dhcp_build_put_u32(&b, DHCP_OPT_SERVER_ID, 0x0a000001), 0);
	if (a) {
		auth_write(a, value);
		assert_int_equal(dhcp_build_put(&b, DHCP_OPT_AUTHENTICATION, value,
						sizeof(value)), 0);
	}
	return (size_t)dhcp_build_end(&b);
}

static void rfc6704_3_1_3_a_signed_message_is_genuine(void **state)
{
	uint8_t msg[DHCP_MESSAGE_MAX], other[AUTH_VALUE_LEN] = { "0123456789abcdeF" };
	size_t len = build(&usual, msg);

	assert_false(auth_is_genuine(msg, len, nonce));
	assert_int_equal(auth_sign(msg, len, nonce), 0);
	assert_true(auth_is_genuine(msg, len, nonce));
	assert_false(auth_is_genuine(msg, len, other));
	assert_int_equal(auth_sign(msg, len, nonce), 0);	/* zeros stood for the old one */
	assert_true(auth_is_genuine(msg, len, nonce));
}

static void rfc6704_3_1_3_every_byte_is_signed(void **state)
{
	uint8_t msg[DHCP_MESSAGE_MAX];
	size_t len = build(&usual, msg);

	assert_int_equal(auth_sign(msg, len, nonce), 0);
	for (size_t i = 0; i < len; i++) {
		msg[i] ^= 1;
		assert_false(auth_is_genuine(msg, len, nonce));
		msg[i] ^= 1;
	}
	assert_false(auth_is_genuine(msg, len - 1, nonce));
}

static void a_message_without_a_digest_is_not_genuine(void **state)
{
	static const struct auth no_digest = { .type = AUTH_NONCE };
	uint8_t msg[DHCP_MESSAGE_MAX];
	size_t len = build(NULL, msg);

	assert_false(auth_is_genuine(msg, len, nonce));
	assert_int_equal(auth_sign(msg, len, nonce), -ENOENT);
	len = build(&no_digest, msg);
	assert_int_equal(auth_sign(msg, len, nonce), -ENOENT);
	for (size_t i = 0; i < len; i++)	/* cut anywhere */
		assert_false(auth_is_genuine(msg, i, nonce));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(rfc1321_a_5_md5_test_suite),
		cmocka_unit_test(a_hash_does_not_depend_on_the_pieces),
		cmocka_unit_test(rfc2202_2_hmac_md5_test_cases),
		cmocka_unit_test(rfc6704_3_1_2_the_option_goes_there_and_back),
		cmocka_unit_test(rfc6704_3_1_2_others_options_are_refused),
		cmocka_unit_test(rfc6704_3_1_3_a_signed_message_is_genuine),
		cmocka_unit_test(rfc6704_3_1_3_every_byte_is_signed),
		cmocka_unit_test(a_message_without_a_digest_is_not_genuine),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
