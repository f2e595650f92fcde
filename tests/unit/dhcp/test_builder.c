/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <string.h>

#include <netlab/dhcp_message.h>

#include "base/bytes.h"
#include "dhcp/wire.h"

static const struct dhcp_message ack = {
	.op = DHCP_OP_REPLY,
	.type = DHCP_ACK,
	.htype = 1,
	.hlen = 6,
	.xid = 0x3d6a3b68,
	.flags = 0xffff,
	.yiaddr = 0x0a000069,
	.chaddr = { 2, 0x4e, 0x4c, 0, 0, 2, 0xde, 0xad },
};

static uint8_t out[DHCP_MESSAGE_MAX];
static const uint8_t bytes[600] = { 1, 2, 3, [599] = 9 };

static void begin(struct dhcp_builder *b, size_t limit, const struct dhcp_message *m)
{
	memset(out, 0xaa, sizeof(out));
	assert_int_equal(dhcp_build_begin(b, out, limit, m), 0);
}

/* Option 52 is three bytes; without one more for END it must not be put. */
static void rfc2132_9_3_overload_leaves_room_for_end(void **state)
{
	for (size_t room = 3; room <= 4; room++) {
		struct dhcp_builder b;

		begin(&b, 400, &ack);
		assert_int_equal(dhcp_build_put(&b, 224, bytes, b.limit - b.len - 2 - room), 0);
		b.may_overload = true;
		assert_int_equal(dhcp_build_put(&b, 225, bytes, 20), room > 3 ? 0 : -EMSGSIZE);
		assert_in_range(dhcp_build_end(&b), DHCP_MIN_LEN, b.limit);
	}
}

static void finish(struct dhcp_builder *b, struct dhcp_message *m)
{
	int len = dhcp_build_end(b);

	assert_in_range(len, DHCP_MIN_LEN, b->limit);
	assert_int_equal(dhcp_message_decode(out, (size_t)len, m, NULL, NULL), 0);
}

static void assert_holds(const struct dhcp_message *m, uint8_t code, const void *want,
			 size_t want_len)
{
	size_t len;
	const uint8_t *value = dhcp_message_get(m, code, &len);

	assert_non_null(value);
	assert_int_equal(len, want_len);
	assert_memory_equal(value, want, len);
}

static void rfc951_3_messages_have_300_bytes(void **state)
{
	struct dhcp_builder b;
	struct dhcp_message m;
	uint32_t lease;

	begin(&b, DHCP_MESSAGE_MAX, &ack);
	assert_int_equal(dhcp_build_put_u32(&b, DHCP_OPT_LEASE_TIME, 3600), 0);
	finish(&b, &m);
	assert_int_equal(m.size, DHCP_MIN_LEN);
	assert_int_equal(m.type, DHCP_ACK);
	assert_int_equal(m.yiaddr, ack.yiaddr);
	assert_int_equal(dhcp_message_get_u32(&m, DHCP_OPT_LEASE_TIME, &lease), 0);
	assert_int_equal(lease, 3600);
	for (size_t i = OPTIONS_OFFSET + 10; i < DHCP_MIN_LEN; i++)
		assert_int_equal(out[i], 0);
}

static void rfc1542_2_2_other_flags_are_zero(void **state)
{
	struct dhcp_builder b;

	begin(&b, DHCP_MESSAGE_MAX, &ack);
	assert_int_equal(out[10], 0x80);
	assert_int_equal(out[11], 0);
	/* Nothing beyond hlen either. */
	assert_int_equal(out[CHADDR_OFFSET + 6], 0);
}

static void rfc3396_6_long_values_are_split(void **state)
{
	static const size_t lens[] = { 0, 255, 256, 510, 511, 600 };

	for (size_t i = 0; i < sizeof(lens) / sizeof(lens[0]); i++) {
		struct dhcp_builder b;
		struct dhcp_message m;

		begin(&b, DHCP_MESSAGE_MAX, &ack);
		assert_int_equal(dhcp_build_put(&b, 224, bytes, lens[i]), 0);
		finish(&b, &m);
		assert_holds(&m, 224, bytes, lens[i]);
	}
}

static void a_put_that_does_not_fit_changes_nothing(void **state)
{
	struct dhcp_builder b;
	struct dhcp_message m;
	size_t room;

	begin(&b, DHCP_MIN_LEN, &ack);
	room = DHCP_MIN_LEN - b.len - 1;
	assert_int_equal(dhcp_build_put(&b, 224, bytes, room - 1), -EMSGSIZE);
	assert_int_equal(out[b.len], 0xaa);
	assert_int_equal(dhcp_build_put(&b, 224, bytes, room - 2), 0);
	assert_int_equal(dhcp_build_put(&b, 225, bytes, 0), -EMSGSIZE);
	finish(&b, &m);
	assert_holds(&m, 224, bytes, room - 2);
}

static void rfc2131_4_1_overload_before_dropping(void **state)
{
	struct dhcp_builder b;
	struct dhcp_message m;

	begin(&b, DHCP_MIN_LEN, &ack);
	b.may_overload = true;
	assert_int_equal(dhcp_build_put(&b, 224, bytes, 40), 0);
	assert_int_equal(dhcp_build_put(&b, 225, bytes, 125), 0);
	assert_int_equal(dhcp_build_put(&b, 226, bytes, 61), 0);
	assert_int_equal(dhcp_build_put(&b, 227, bytes, 20), -EMSGSIZE);
	finish(&b, &m);
	assert_holds(&m, 224, bytes, 40);
	assert_holds(&m, 225, bytes, 125);
	assert_holds(&m, 226, bytes, 61);
	assert_int_equal(m.type, DHCP_ACK);
	/* RFC 3046 section 2.2: the last option stays the last. */
	assert_int_equal(out[OPTIONS_OFFSET + 3], DHCP_OPT_OVERLOAD);
	assert_int_equal(out[OPTIONS_OFFSET + 5], OVERLOAD_FILE | OVERLOAD_SNAME);
}

static void text_in_the_header_is_never_overwritten(void **state)
{
	struct dhcp_message with_file = ack, m;
	struct dhcp_builder b;

	strcpy(with_file.file, "boot.bin");
	begin(&b, DHCP_MIN_LEN, &with_file);
	b.may_overload = true;
	assert_int_equal(dhcp_build_put(&b, 224, bytes, 100), -EMSGSIZE);
	assert_int_equal(dhcp_build_put(&b, 224, bytes, 60), 0);
	finish(&b, &m);
	assert_string_equal(m.file, "boot.bin");
	assert_holds(&m, 224, bytes, 60);
}

/* RFC 2131 section 2: they end with a NUL, however long they were. */
static void rfc2131_2_names_in_the_header_end(void **state)
{
	struct dhcp_message full = ack;
	struct dhcp_builder b;

	memset(full.sname, 's', SNAME_LEN);
	memset(full.file, 'f', FILE_LEN);
	begin(&b, DHCP_MIN_LEN, &full);
	assert_int_equal(out[SNAME_OFFSET + SNAME_LEN - 2], 's');
	assert_int_equal(out[SNAME_OFFSET + SNAME_LEN - 1], '\0');
	assert_int_equal(out[FILE_OFFSET + FILE_LEN - 2], 'f');
	assert_int_equal(out[FILE_OFFSET + FILE_LEN - 1], '\0');
	assert_int_equal(load_be32(out + DHCP_HEADER_LEN), DHCP_COOKIE);
}

static void room_kept_for_overload_is_used_at_last(void **state)
{
	struct dhcp_message full = ack, m;
	struct dhcp_builder b;
	size_t room;

	strcpy(full.file, "f");
	strcpy(full.sname, "s");
	begin(&b, DHCP_MIN_LEN, &full);
	b.may_overload = true;
	room = DHCP_MIN_LEN - b.len - 1;
	assert_int_equal(dhcp_build_put(&b, 224, bytes, room - 2), 0);
	finish(&b, &m);
	assert_holds(&m, 224, bytes, room - 2);
}

static void a_longest_message_is_within_every_limit(void **state)
{
	for (size_t limit = DHCP_MIN_LEN; limit < 700; limit += 7) {
		struct dhcp_builder b;
		struct dhcp_message m;

		begin(&b, limit, &ack);
		b.may_overload = true;
		for (uint8_t code = 224; code < 254; code++)
			dhcp_build_put(&b, code, bytes, code - 200u);
		finish(&b, &m);
		if (limit < sizeof(out))
			assert_int_equal(out[limit], 0xaa);
	}
}

static void impossible_puts_are_refused(void **state)
{
	struct dhcp_builder b;

	assert_int_equal(dhcp_build_begin(&b, out, DHCP_MIN_LEN - 1, &ack), -EMSGSIZE);
	begin(&b, DHCP_MIN_LEN, &ack);
	assert_int_equal(dhcp_build_put_u8(&b, DHCP_OPT_OVERLOAD, 1), -EINVAL);
	assert_int_equal(dhcp_build_put(&b, DHCP_OPT_PAD, NULL, 0), -EINVAL);
	assert_int_equal(dhcp_build_put(&b, DHCP_OPT_END, NULL, 0), -EINVAL);
	assert_int_equal(dhcp_build_put(&b, DHCP_OPT_RAPID_COMMIT, NULL, 0), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rfc2132_9_3_overload_leaves_room_for_end),
		cmocka_unit_test(rfc951_3_messages_have_300_bytes),
		cmocka_unit_test(rfc1542_2_2_other_flags_are_zero),
		cmocka_unit_test(rfc3396_6_long_values_are_split),
		cmocka_unit_test(a_put_that_does_not_fit_changes_nothing),
		cmocka_unit_test(rfc2131_4_1_overload_before_dropping),
		cmocka_unit_test(text_in_the_header_is_never_overwritten),
		cmocka_unit_test(rfc2131_2_names_in_the_header_end),
		cmocka_unit_test(room_kept_for_overload_is_used_at_last),
		cmocka_unit_test(a_longest_message_is_within_every_limit),
		cmocka_unit_test(impossible_puts_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
