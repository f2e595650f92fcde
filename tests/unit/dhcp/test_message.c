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

/* A message in the making: header and cookie, then what each test adds. */
struct packet {
	uint8_t data[DHCP_MESSAGE_MAX];
	size_t len;
};

static void begin(struct packet *p)
{
	memset(p, 0, sizeof(*p));
	p->data[0] = DHCP_OP_REPLY;
	p->data[1] = 1;
	p->data[2] = 6;
	store_be32(p->data + 4, 0x3d6a3b68);
	store_be32(p->data + DHCP_HEADER_LEN, DHCP_COOKIE);
	p->len = OPTIONS_OFFSET;
}

static void add(struct packet *p, const void *bytes, size_t len)
{
	memcpy(p->data + p->len, bytes, len);
	p->len += len;
}

#define ADD(p, s) add(p, s, sizeof(s) - 1)
#define ACK "\x35\1\5"

/* Each of these tests is one of dhcp_message_peek(), too: it says the same. */
static int decode(const struct packet *p, struct dhcp_message *m)
{
	const char *why = NULL, *rfc = NULL;
	int r = dhcp_message_decode(p->data, p->len, m, &why, &rfc);
	uint32_t xid = 77;
	uint8_t type = 77;

	assert_int_equal(dhcp_message_peek(p->data, p->len, &type, &xid), r);
	assert_int_equal(type, r < 0 ? 77 : m->type);
	assert_int_equal(xid, r < 0 ? 77 : m->xid);
	assert_int_equal(r < 0, why != NULL);
	assert_int_equal(r < 0, rfc != NULL);
	return r;
}

static void rfc2131_2_header(void **state)
{
	struct dhcp_message m;
	struct packet p;

	begin(&p);
	store_be16(p.data + 10, 0xffff);
	for (uint8_t i = 0; i < 4; i++)		/* ciaddr, yiaddr, siaddr, giaddr */
		store_be32(p.data + 12 + 4 * i, 0x0a000068u + i);
	ADD(&p, ACK "\xff");
	assert_int_equal(decode(&p, &m), 0);
	assert_int_equal(m.op, DHCP_OP_REPLY);
	assert_int_equal(m.type, DHCP_ACK);
	assert_int_equal(m.xid, 0x3d6a3b68);
	assert_int_equal(m.ciaddr, 0x0a000068);
	assert_int_equal(m.yiaddr, 0x0a000069);
	assert_int_equal(m.siaddr, 0x0a00006a);
	assert_int_equal(m.giaddr, 0x0a00006b);
	/* For who shows them; what is sent has no other than BROADCAST (RFC 1542 section 2.2). */
	assert_int_equal(m.flags, 0xffff);
	assert_int_equal(m.size, p.len);

	/* The longest message, and the last of the types (RFC 4388). */
	p.data[OPTIONS_OFFSET + 2] = DHCP_LEASEACTIVE;
	p.len = sizeof(p.data);
	assert_int_equal(decode(&p, &m), 0);
	assert_int_equal(m.type, DHCP_LEASEACTIVE);
	assert_int_equal(m.size, DHCP_MESSAGE_MAX);
	p.data[OPTIONS_OFFSET + 2]++;
	assert_int_equal(decode(&p, &m), -EBADMSG);
}

static void rfc2131_2_bad_headers(void **state)
{
	static const struct {
		size_t at;
		uint8_t value;
	} cases[] = { { 0, 0 }, { 0, 3 }, { 2, 17 }, { 2, 255 } };
	uint8_t long_message[DHCP_MESSAGE_MAX + 1] = { 1 };
	struct dhcp_message m = { .xid = 77 };
	struct packet p;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		begin(&p);
		ADD(&p, ACK "\xff");
		p.data[cases[i].at] = cases[i].value;
		assert_int_equal(decode(&p, &m), -EBADMSG);
	}
	p.len = DHCP_HEADER_LEN - 1;
	assert_int_equal(decode(&p, &m), -EBADMSG);
	assert_int_equal(dhcp_message_decode(long_message, sizeof(long_message), &m, NULL, NULL),
			 -EBADMSG);
	assert_int_equal(m.xid, 77);
}

static void rfc1534_no_cookie_is_bootp(void **state)
{
	struct dhcp_message m;
	struct packet p;

	begin(&p);
	ADD(&p, ACK "\xff");
	p.data[DHCP_HEADER_LEN]++;
	assert_int_equal(decode(&p, &m), 0);
	assert_int_equal(m.type, DHCP_NO_TYPE);
	assert_int_equal(m.n_fields, 0);
	p.len = DHCP_HEADER_LEN;
	assert_int_equal(decode(&p, &m), 0);
}

static void rfc2132_2_length_past_the_end(void **state)
{
	struct dhcp_message m = { .xid = 77 };
	struct packet p;

	begin(&p);
	ADD(&p, ACK "\x0c\x05host");
	assert_int_equal(decode(&p, &m), -EBADMSG);
	begin(&p);
	ADD(&p, ACK "\x0c");
	assert_int_equal(decode(&p, &m), -EBADMSG);
	assert_int_equal(m.xid, 77);
}

static void rfc2131_4_1_missing_end_is_tolerated(void **state)
{
	struct dhcp_message m;
	struct packet p;

	begin(&p);
	ADD(&p, ACK);
	assert_int_equal(decode(&p, &m), 0);
	assert_int_equal(m.type, DHCP_ACK);
}

static void rfc2132_3_2_nothing_is_read_after_end(void **state)
{
	struct dhcp_message m;
	struct packet p;

	begin(&p);
	ADD(&p, "\0\0" ACK "\0\xff\x0c\xff");
	assert_int_equal(decode(&p, &m), 0);
	assert_int_equal(m.n_fields, 1);
}

static void rfc2132_9_important_values_must_be_sound(void **state)
{
	static const struct {
		const char *options;
		size_t len;
	} cases[] = {
		{ "\x35\0", 2 },		{ "\x35\2\1\1", 4 },	{ "\x35\1\0", 3 },
		{ "\x35\1\x0e", 3 },		{ "\x32\0", 2 },	{ "\x32\3\1\1\1", 5 },
		{ "\x33\0", 2 },		{ "\x33\5\1\1\1\1\1", 7 }, { "\x36\0", 2 },
		{ "\x36\1\1", 3 },		{ "\x34\0", 2 },	{ "\x34\1\0", 3 },
		{ "\x34\1\4", 3 },
	};
	struct dhcp_message m;
	struct packet p;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		begin(&p);
		add(&p, cases[i].options, cases[i].len);
		ADD(&p, "\xff");
		assert_int_equal(decode(&p, &m), -EBADMSG);
	}
}

static void malformed_unimportant_options_are_as_if_absent(void **state)
{
	struct dhcp_message m;
	struct packet p;
	uint16_t mtu = 7;
	uint8_t ttl = 7;

	/* 61 of no byte and 3 of three bytes, 26 of one byte. */
	begin(&p);
	ADD(&p, ACK "\x3d\0\3\3\1\1\1\x1a\1\1\xff");
	assert_int_equal(decode(&p, &m), 0);
	assert_int_equal(m.n_fields, 4);
	assert_null(dhcp_message_get(&m, DHCP_OPT_CLIENT_ID, NULL));
	assert_false(dhcp_message_has(&m, DHCP_OPT_ROUTER));
	assert_int_equal(dhcp_message_get_u16(&m, DHCP_OPT_MTU, &mtu), -EBADMSG);
	assert_int_equal(dhcp_message_get_u8(&m, 23, &ttl), -ENOENT);
	assert_int_equal(mtu + ttl, 14);
}

static void rfc2132_9_14_client_id_lengths(void **state)
{
	static const uint8_t lens[] = { 0, 1, 2, 255 };
	uint8_t id[255] = { 0 };
	struct dhcp_message m;
	struct packet p;
	size_t len;

	for (size_t i = 0; i < sizeof(lens); i++) {
		begin(&p);
		ADD(&p, ACK "\x3d");
		add(&p, &lens[i], 1);
		add(&p, id, lens[i]);
		ADD(&p, "\xff");
		assert_int_equal(decode(&p, &m), 0);
		assert_int_equal(dhcp_message_get(&m, 61, &len) != NULL, lens[i] >= 2);
		if (lens[i] >= 2)
			assert_int_equal(len, lens[i]);
	}
}

static void rfc3396_5_split_values_are_joined(void **state)
{
	struct dhcp_message m;
	const uint8_t *value;
	struct packet p;
	size_t len;

	/* Options, then file, then sname, though they stand the other way round. */
	begin(&p);
	ADD(&p, "\x0f\4one." ACK "\x34\1\3\x0f\1o\xff");
	memcpy(p.data + FILE_OFFSET, "\x0f\2tw\xff", 5);
	memcpy(p.data + SNAME_OFFSET, "\x0f\1x\xff", 4);
	assert_int_equal(decode(&p, &m), 0);
	value = dhcp_message_get(&m, DHCP_OPT_DOMAIN_NAME, &len);
	assert_int_equal(len, 8);
	assert_memory_equal(value, "one.otwx", 8);
	assert_int_equal(m.fields[0].code, DHCP_OPT_DOMAIN_NAME);
	assert_int_equal(m.fields[0].flags, DHCP_FIELD_SPLIT);
	assert_int_equal(m.fields[1].flags, 0);
	assert_string_equal(m.file, "");
	assert_string_equal(m.sname, "");
}

static void single_values_come_once(void **state)
{
	struct dhcp_message m;
	struct packet p;

	begin(&p);
	ADD(&p, ACK ACK "\xff");
	assert_int_equal(decode(&p, &m), -EBADMSG);
	begin(&p);
	ADD(&p, ACK "\x33\2\0\0\x33\2\0\1\xff");
	assert_int_equal(decode(&p, &m), -EBADMSG);
	begin(&p);
	ADD(&p, ACK "\x1a\2\5\xdc\x1a\2\5\xdc\xff");
	assert_int_equal(decode(&p, &m), -EBADMSG);
	begin(&p);
	ADD(&p, ACK "\x34\1\1\x34\1\1\xff");
	assert_int_equal(decode(&p, &m), -EBADMSG);
}

static void rfc2132_9_3_overload_inside_overload(void **state)
{
	const char *why;
	struct dhcp_message m;
	struct packet p;

	begin(&p);
	ADD(&p, ACK "\x34\1\1\xff");
	memcpy(p.data + FILE_OFFSET, "\x34\1\2\xff", 4);
	assert_int_equal(dhcp_message_decode(p.data, p.len, &m, &why, NULL), -EBADMSG);
	assert_string_equal(why, "an overload (52) inside an overloaded field");
	memcpy(p.data + FILE_OFFSET + 126, "\x0c\x05", 2);
	memset(p.data + FILE_OFFSET, 0, 126);
	assert_int_equal(decode(&p, &m), -EBADMSG);
}

static void rfc2131_4_1_only_the_overloaded_field_holds_options(void **state)
{
	struct dhcp_message m;
	struct packet p;

	begin(&p);
	ADD(&p, ACK "\x34\1\2\xff");
	memcpy(p.data + SNAME_OFFSET, "\x0c\1h\xff", 4);
	memcpy(p.data + FILE_OFFSET, "\x0f\1d", 3);
	assert_int_equal(decode(&p, &m), 0);
	assert_true(dhcp_message_has(&m, DHCP_OPT_HOST_NAME));
	assert_false(dhcp_message_has(&m, DHCP_OPT_DOMAIN_NAME));
	assert_string_equal(m.file, "\x0f\1d");
}

static void rfc2131_2_names_without_a_terminator(void **state)
{
	struct dhcp_message m;
	struct packet p;

	begin(&p);
	ADD(&p, ACK "\xff");
	memset(p.data + FILE_OFFSET, 'f', FILE_LEN);
	memset(p.data + SNAME_OFFSET, 's', SNAME_LEN);
	assert_int_equal(decode(&p, &m), 0);
	assert_int_equal(strlen(m.file), FILE_LEN);
	assert_int_equal(strlen(m.sname), SNAME_LEN);
}

static void a_thousand_repeats_are_joined(void **state)
{
	struct dhcp_message m;
	struct packet p;
	size_t n = 0, len;

	begin(&p);
	ADD(&p, ACK);
	for (; p.len + 3 < DHCP_MESSAGE_MAX; n++)
		ADD(&p, "\x3c\1r");
	ADD(&p, "\xff");
	assert_int_equal(decode(&p, &m), 0);
	assert_non_null(dhcp_message_get(&m, DHCP_OPT_VENDOR_CLASS, &len));
	assert_int_equal(len, n);
	assert_int_equal(m.n_fields, 2);

	begin(&p);
	while (p.len + 2 < DHCP_MESSAGE_MAX)
		ADD(&p, "\xe0\0");
	assert_int_equal(decode(&p, &m), 0);
	assert_int_equal(m.n_fields, 1);
	assert_int_equal(m.data_len, 0);
}

static void every_code_fits(void **state)
{
	struct dhcp_message m;
	struct packet p;

	begin(&p);
	for (int code = 1; code < 255; code++) {
		uint8_t option[] = { (uint8_t)code, 1, 1 };

		if (code != 50 && code != 51 && code != 54)
			add(&p, option, 3);
	}
	p.data[FILE_OFFSET] = DHCP_OPT_END;
	assert_int_equal(decode(&p, &m), 0);
	assert_int_equal(m.n_fields, 251);
	for (int code = 0; code < 256; code++) {
		bool there = code > 0 && code < 255 && code != 50 && code != 51 && code != 54;
		uint8_t value = 0;

		assert_int_equal(dhcp_message_get_u8(&m, (uint8_t)code, &value),
				 there ? 0 : -ENOENT);
		assert_int_equal(value, there);
	}
}

/* What the place was used for before does not shine through. */
static void an_option_of_the_message_before_is_gone(void **state)
{
	static const uint8_t name[] = { DHCP_OPT_HOST_NAME, 1, 'a' };
	struct dhcp_message m;
	struct packet with, without;

	begin(&with);
	add(&with, name, sizeof(name));
	begin(&without);
	assert_int_equal(decode(&with, &m), 0);
	assert_true(dhcp_message_has(&m, DHCP_OPT_HOST_NAME));
	assert_int_equal(decode(&without, &m), 0);
	assert_false(dhcp_message_has(&m, DHCP_OPT_HOST_NAME));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rfc2131_2_header),
		cmocka_unit_test(rfc2131_2_bad_headers),
		cmocka_unit_test(rfc1534_no_cookie_is_bootp),
		cmocka_unit_test(rfc2132_2_length_past_the_end),
		cmocka_unit_test(rfc2131_4_1_missing_end_is_tolerated),
		cmocka_unit_test(rfc2132_3_2_nothing_is_read_after_end),
		cmocka_unit_test(rfc2132_9_important_values_must_be_sound),
		cmocka_unit_test(malformed_unimportant_options_are_as_if_absent),
		cmocka_unit_test(rfc2132_9_14_client_id_lengths),
		cmocka_unit_test(rfc3396_5_split_values_are_joined),
		cmocka_unit_test(single_values_come_once),
		cmocka_unit_test(rfc2132_9_3_overload_inside_overload),
		cmocka_unit_test(rfc2131_4_1_only_the_overloaded_field_holds_options),
		cmocka_unit_test(rfc2131_2_names_without_a_terminator),
		cmocka_unit_test(a_thousand_repeats_are_joined),
		cmocka_unit_test(every_code_fits),
		cmocka_unit_test(an_option_of_the_message_before_is_gone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
