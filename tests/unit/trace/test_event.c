/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/util.h"
#include "trace/event.h"
#include "trace/option_value.h"
#include "trace/safe_text.h"

static char *to_json(const struct trace_event *e)
{
	struct text out = { 0 };

	assert_int_equal(trace_event_to_json(e, &out), 0);
	return text_take(&out);
}

/* The line is JSON, and what is read from it is written as the same line again. */
static void assert_round_trip(const struct trace_event *e)
{
	cleanup_free char *line = to_json(e), *again = NULL;
	cleanup_event struct trace_event back = { 0 };
	json_t *json = json_loads(line, 0, NULL);

	assert_non_null(json);
	json_decref(json);
	assert_int_equal(trace_event_from_json(line, strlen(line), &back), 0);
	again = to_json(&back);
	assert_string_equal(line, again);
}

/* An ACK as it comes off the wire. */
static void make_ack(struct trace_event *ret)
{
	uint8_t bytes[DHCP_MIN_LEN * 2];
	struct dhcp_message m = {
		.op = DHCP_OP_REPLY, .htype = 1, .hlen = 6, .type = DHCP_ACK, .xid = 0x3d6a3b68,
		.secs = 3, .flags = DHCP_FLAG_BROADCAST, .yiaddr = 0x0a000069,
	};
	struct frame f = {
		.kind = FRAME_UDP, .src_mac = { 2, 0x4e, 0x4c, 0, 0, 1 },
		.dst_mac = { 2, 0x4e, 0x4c, 0, 0, 2 }, .src_ip = 0x0a000001, .dst_ip = 0x0a000069,
		.src_port = 67, .dst_port = 68,
	};
	struct dhcp_builder b;
	int len;

	assert_int_equal(dhcp_build_begin(&b, bytes, sizeof(bytes), &m), 0);
	assert_int_equal(dhcp_build_put_u32(&b, DHCP_OPT_SERVER_ID, 0x0a000001), 0);
	assert_int_equal(dhcp_build_put_u32(&b, DHCP_OPT_LEASE_TIME, 3600), 0);
	assert_int_equal(dhcp_build_put(&b, DHCP_OPT_HOST_NAME, "a\n\xff\"\\", 5), 0);
	len = dhcp_build_end(&b);
	assert_int_equal(dhcp_message_decode(bytes, (size_t)len, &m, NULL, NULL), 0);
	assert_int_equal(trace_event_message(&f, &m, ret), 0);
	ret->n = 4;
	ret->t = 2000;
	ret->msg.frame = 7;
	str_copy(ret->msg.cable, sizeof(ret->msg.cable), "dhcptest:guest--host:host");
	str_copy(ret->msg.from, sizeof(ret->msg.from), "dhcptest:guest");
	str_copy(ret->msg.to, sizeof(ret->msg.to), "host:host");
}

/* RFC 4390 section 2.1: over InfiniBand a message does not have the client's address. */
static void no_hardware_address(void **state)
{
	cleanup_event struct trace_event e = { 0 };
	cleanup_free char *line = NULL;

	make_ack(&e);
	e.msg.hlen = 0;
	line = to_json(&e);
	assert_non_null(strstr(line, "\"hlen\":0,\"hops\":0,\"chaddr\":\"\","));
	assert_round_trip(&e);
}

static void message_line(void **state)
{
	cleanup_event struct trace_event e = { 0 };
	cleanup_free char *line = NULL;

	make_ack(&e);
	line = to_json(&e);
	assert_string_equal(line,
		"{\"schema\":\"netlab.event/1\",\"n\":4,\"t\":0.002000,\"kind\":\"message\","
		"\"cable\":\"dhcptest:guest--host:host\",\"from\":\"dhcptest:guest\","
		"\"to\":\"host:host\",\"message\":\"ACK\",\"xid\":\"3d6a3b68\","
		"\"src_mac\":\"02:4e:4c:00:00:01\",\"dst_mac\":\"02:4e:4c:00:00:02\","
		"\"src_ip\":\"10.0.0.1\",\"dst_ip\":\"10.0.0.105\","
		"\"src_port\":67,\"dst_port\":68,\"secs\":3,\"flags\":32768,"
		"\"ciaddr\":\"0.0.0.0\",\"yiaddr\":\"10.0.0.105\",\"siaddr\":\"0.0.0.0\","
		"\"giaddr\":\"0.0.0.0\",\"options\":{\"53\":\"ACK\",\"54\":\"10.0.0.1\","
		"\"51\":\"3600\",\"12\":\"a\\\\x0a\\\\xff\\\"\\\\\\\\\"},"
		"\"length\":300,\"op\":2,\"htype\":1,\"hlen\":6,"
		"\"hops\":0,\"chaddr\":\"00:00:00:00:00:00\",\"frame\":7}\n");
	assert_string_equal(trace_option(&e, DHCP_OPT_LEASE_TIME), "3600");
	assert_null(trace_option(&e, DHCP_OPT_T1));
	assert_round_trip(&e);
}

/* A key only where there are tags, of what can be read and of what cannot. */
static void vlans(void **state)
{
	cleanup_event struct trace_event e = { 0 }, drop = { 0 };
	cleanup_free char *one = NULL, *two = NULL, *unreadable = NULL;

	make_ack(&e);
	e.vlans = (struct frame_vlans){ 1, { 0 } };
	one = to_json(&e);
	assert_non_null(strstr(one, "\"frame\":7,\"vlan\":[0]}\n"));
	assert_round_trip(&e);
	e.vlans = (struct frame_vlans){ 2, { 5, 4094 } };
	two = to_json(&e);
	assert_non_null(strstr(two, "\"frame\":7,\"vlan\":[5,4094]}\n"));
	assert_round_trip(&e);

	assert_int_equal(trace_event_make(TRACE_DROP, "a", "cut", NULL, &drop), 0);
	drop.vlans = e.vlans;
	unreadable = to_json(&drop);
	assert_non_null(strstr(unreadable, "\"why\":\"cut\",\"vlan\":[5,4094]}\n"));
	assert_round_trip(&drop);
}

static void other_lines(void **state)
{
	static const struct {
		struct trace_event e;
		const char *text, *rfc, *line;
	} rows[] = {
		{ { .kind = TRACE_STATE, .n = 1, .t = 1, .machine = "client", .from = "INIT",
		    .to = "SELECTING" }, "no address", "RFC 2131 section 4.4.1",
		  "{\"schema\":\"netlab.event/1\",\"n\":1,\"t\":0.000001,\"kind\":\"state\","
		  "\"at\":\"a:b\",\"machine\":\"client\",\"from\":\"INIT\",\"to\":\"SELECTING\","
		  "\"why\":\"no address\",\"rfc\":\"RFC 2131 section 4.4.1\"}\n" },
		{ { .kind = TRACE_DROP, .n = 2, .t = 604800000001, .machine = "server",
		    .message = DHCP_OFFER }, "not ours", NULL,
		  "{\"schema\":\"netlab.event/1\",\"n\":2,\"t\":604800.000001,\"kind\":\"drop\","
		  "\"at\":\"a:b\",\"machine\":\"server\",\"message\":\"OFFER\",\"why\":\"not ours\"}\n" },
		{ { .kind = TRACE_DROP, .n = 2, .machine = "server" }, "cut", NULL,
		  "{\"schema\":\"netlab.event/1\",\"n\":2,\"t\":0.000000,\"kind\":\"drop\","
		  "\"at\":\"a:b\",\"machine\":\"server\",\"message\":\"\",\"why\":\"cut\"}\n" },
		{ { .kind = TRACE_DROP, .n = 2, .machine = "server", .message = DHCP_DISCOVER,
		    .facts = { .has_client = true, .client = { 2, 0, 0, 0, 0, 9 },
			       .address = 0x0a000005, .class = "phone", .pool_first = 0x0a000002,
			       .pool_last = 0x0a000009, .pool_size = 8, .pool_held = 7,
			       .pool_resting = 1, .pool_next_sec = 250 } }, "full", NULL,
		  "{\"schema\":\"netlab.event/1\",\"n\":2,\"t\":0.000000,\"kind\":\"drop\","
		  "\"at\":\"a:b\",\"machine\":\"server\",\"message\":\"DISCOVER\","
		  "\"why\":\"full\",\"client\":\"02:00:00:00:00:09\",\"address\":\"10.0.0.5\","
		  "\"class\":\"phone\",\"pool\":{\"first\":\"10.0.0.2\",\"last\":\"10.0.0.9\",\"size\":8,\"held\":7,"
		  "\"declined\":1,\"next_free_in\":250}}\n" },
		{ { .kind = TRACE_ADDRESS, .n = 3, .op = "add" }, "10.0.0.5/24", NULL,
		  "{\"schema\":\"netlab.event/1\",\"n\":3,\"t\":0.000000,\"kind\":\"address\","
		  "\"at\":\"a:b\",\"op\":\"add\",\"address\":\"10.0.0.5/24\"}\n" },
		{ { .kind = TRACE_ADDRESS, .n = 3, .op = "remove", .by_others = true },
		  "10.0.0.5/24", NULL,
		  "{\"schema\":\"netlab.event/1\",\"n\":3,\"t\":0.000000,\"kind\":\"address\","
		  "\"at\":\"a:b\",\"op\":\"remove\",\"address\":\"10.0.0.5/24\",\"by\":\"others\"}\n" },
		{ { .kind = TRACE_ROUTE, .n = 3, .op = "add", .by_others = true,
		    .route = { .gateway = 0x0a000001, .metric = 9, .protocol = "static" } },
		  "0.0.0.0/0", NULL,
		  "{\"schema\":\"netlab.event/1\",\"n\":3,\"t\":0.000000,\"kind\":\"route\","
		  "\"at\":\"a:b\",\"op\":\"add\",\"route\":\"0.0.0.0/0\",\"gateway\":\"10.0.0.1\","
		  "\"metric\":9,\"protocol\":\"static\",\"by\":\"others\"}\n" },
		{ { .kind = TRACE_ROUTE, .n = 3, .op = "replace", .route = { .protocol = "dhcp" } },
		  "10.9.0.0/16", NULL,
		  "{\"schema\":\"netlab.event/1\",\"n\":3,\"t\":0.000000,\"kind\":\"route\","
		  "\"at\":\"a:b\",\"op\":\"replace\",\"route\":\"10.9.0.0/16\",\"protocol\":\"dhcp\"}\n" },
		{ { .kind = TRACE_FAULT, .n = 4 }, "drops OFFER", NULL,
		  "{\"schema\":\"netlab.event/1\",\"n\":4,\"t\":0.000000,\"kind\":\"fault\","
		  "\"at\":\"a:b\",\"what\":\"drops OFFER\"}\n" },
		{ { .kind = TRACE_LAB, .n = 5 }, "up", NULL,
		  "{\"schema\":\"netlab.event/1\",\"n\":5,\"t\":0.000000,\"kind\":\"lab\","
		  "\"at\":\"a:b\",\"what\":\"up\"}\n" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_event struct trace_event made = { 0 };
		struct trace_event e = rows[i].e;
		cleanup_free char *line = NULL;

		assert_int_equal(trace_event_make(e.kind, "a:b", rows[i].text, rows[i].rfc, &made),
				 0);
		str_copy(e.at, sizeof(e.at), made.at);
		e.text = made.text;
		e.rfc = made.rfc;
		line = to_json(&e);
		assert_string_equal(line, rows[i].line);
		assert_round_trip(&e);
	}
}

static void hostile_strings_stay_json(void **state)
{
	static const char *const texts[] = {
		"\xff\xfe", "\xc0\x80", "\xed\xa0\x80", "\xf8\x88\x80\x80\x80", "\x1b[31m\r\n\t",
		"\"}{\\", "caf\xc3\xa9", "\xc3", "", "\xe2\x80\xae",
	};

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		cleanup_event struct trace_event e = { 0 };

		assert_int_equal(trace_event_make(TRACE_DROP, texts[i], texts[i], texts[i], &e), 0);
		assert_round_trip(&e);
	}
}

/* Not JSON's own demand: `trace --json` goes to terminals, too. */
static void no_control_character_stands_for_itself(void **state)
{
	static const char text[] = "a\x7f" "b\xc2\x9b" "2J\xc2\xa0" "c\x1b";
	cleanup_event struct trace_event e = { 0 }, back = { 0 };
	cleanup_free char *line = NULL;

	assert_int_equal(trace_event_make(TRACE_LAB, "", text, NULL, &e), 0);
	line = to_json(&e);
	assert_non_null(strstr(line, "\"a\\u007fb\\u009b2J\xc2\xa0" "c\\u001b\""));
	assert_int_equal(trace_event_from_json(line, strlen(line), &back), 0);
	assert_string_equal(back.text, text);
}

static void every_byte_in_an_option(void **state)
{
	for (unsigned int code = 1; code < 255; code++) {
		struct trace_option option = { .code = (uint8_t)code };
		struct trace_event e = {
			.kind = TRACE_MESSAGE, .n = 1, .msg = { .n_options = 1, .options = &option },
		};
		struct text text = { 0 };
		uint8_t data[256];

		for (size_t i = 0; i < sizeof(data); i++)
			data[i] = (uint8_t)(255 - i);
		option_value_add(&text, (uint8_t)code, data, sizeof(data));
		option.text = text_take(&text);
		assert_non_null(option.text);
		assert_round_trip(&e);
		free(option.text);
	}
}

static void unknown_fields_are_ignored(void **state)
{
	static const char line[] = "{\"schema\":\"netlab.event/1\",\"later\":{\"x\":[1]},\"n\":1,"
				   "\"t\":1,\"kind\":\"lab\",\"what\":\"up\"}";
	cleanup_event struct trace_event e = { 0 };

	assert_int_equal(trace_event_from_json(line, strlen(line), &e), 0);
	assert_int_equal(e.t, 1000000);
	assert_string_equal(e.text, "up");
}

#define HEAD "{\"schema\":\"netlab.event/1\",\"n\":1,\"t\":0.5,"

static void what_is_no_event_is_refused(void **state)
{
	static const struct {
		const char *line;
		int result;
	} rows[] = {
		{ "", -EBADMSG },
		{ "{}", -EBADMSG },
		{ "[1]", -EBADMSG },
		{ "null", -EBADMSG },
		{ HEAD "\"kind\":\"lab\"", -EBADMSG },
		{ HEAD "\"kind\":\"lab\"} x", -EBADMSG },
		{ HEAD "\"kind\":\"later\"}", -EOPNOTSUPP },
		{ HEAD "\"kind\":7}", -EBADMSG },
		{ HEAD "\"kind\":\"lab\",\"what\":1}", -EBADMSG },
		{ HEAD "\"kind\":\"lab\",\"n\":2}", -EBADMSG },
		{ "{\"schema\":\"netlab.event/2\",\"n\":1,\"t\":0,\"kind\":\"lab\"}", -EBADMSG },
		{ "{\"schema\":\"netlab.event/1\",\"n\":-1,\"t\":0,\"kind\":\"lab\"}", -EBADMSG },
		{ "{\"schema\":\"netlab.event/1\",\"n\":1,\"t\":-1,\"kind\":\"lab\"}", -EBADMSG },
		{ "{\"schema\":\"netlab.event/1\",\"n\":1,\"t\":1e300,\"kind\":\"lab\"}", -EBADMSG },
		{ "{\"schema\":\"netlab.event/1\",\"n\":1,\"kind\":\"lab\"}", -EBADMSG },
		{ HEAD "\"kind\":\"message\",\"message\":\"HELLO\"}", -EBADMSG },
		{ HEAD "\"kind\":\"message\",\"xid\":\"12\"}", -EBADMSG },
		{ HEAD "\"kind\":\"message\",\"secs\":65536}", -EBADMSG },
		{ HEAD "\"kind\":\"message\",\"ciaddr\":\"10.0.0\"}", -EBADMSG },
		{ HEAD "\"kind\":\"message\",\"src_mac\":\"x\"}", -EBADMSG },
		{ HEAD "\"kind\":\"message\",\"vlan\":7}", -EBADMSG },
		{ HEAD "\"kind\":\"message\",\"vlan\":[\"7\"]}", -EBADMSG },
		{ HEAD "\"kind\":\"message\",\"vlan\":[4096]}", -EBADMSG },
		{ HEAD "\"kind\":\"message\",\"vlan\":[-1]}", -EBADMSG },
		{ HEAD "\"kind\":\"message\",\"vlan\":[1,2,3]}", -EBADMSG },
		{ HEAD "\"kind\":\"message\",\"options\":[]}", -EBADMSG },
		{ HEAD "\"kind\":\"message\",\"options\":{\"256\":\"x\"}}", -EBADMSG },
		{ HEAD "\"kind\":\"message\",\"options\":{\"-1\":\"x\"}}", -EBADMSG },
		{ HEAD "\"kind\":\"message\",\"options\":{\"\":\"x\"}}", -EBADMSG },
		{ HEAD "\"kind\":\"message\",\"options\":{\"1\":\"x\",\"3\":4}}", -EBADMSG },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct trace_event e = { .n = 99 };

		assert_int_equal(trace_event_from_json(rows[i].line, strlen(rows[i].line), &e),
				 rows[i].result);
		assert_int_equal(e.n, 99);
		assert_null(e.text);
	}
}

static void option_values(void **state)
{
	static const struct {
		uint8_t code;
		const char *data;
		size_t len;
		const char *plain, *shown;
	} rows[] = {
		{ 51, "\0\0\x0e\x10", 4, "3600", "1h" },
		{ 51, "\xff\xff\xff\xff", 4, "4294967295", "for ever" },
		{ 51, "\0\x0e", 2, "0x000e", NULL },
		{ 53, "\1", 1, "DISCOVER", "DISCOVER" },
		{ 53, "\xc8", 1, "200", NULL },
		{ 55, "\1\3\6", 3, "1,3,6", "1 mask, 3 router, 6 DNS" },
		{ 61, "\1\2\x4e\x4c\0\0\2", 7, "01:02:4e:4c:00:00:02", "01:02:4e:4c:00:00:02" },
		{ 61, "\x10", 1, "0x10", NULL },
		{ 3, "\x0a\0\0\1\x0a\0\0\2", 8, "10.0.0.1,10.0.0.2", "10.0.0.1, 10.0.0.2" },
		{ 3, "\x0a", 1, "0x0a", NULL },
		{ 33, "\x0a\1\0\0\x0a\0\0\1\x0a\2\0\0\x0a\0\0\1", 16,
		  "10.1.0.0 10.0.0.1,10.2.0.0 10.0.0.1",
		  "10.1.0.0 via 10.0.0.1, 10.2.0.0 via 10.0.0.1" },
		{ 121, "\x10\x0a\1\x0a\0\0\1\0\x0a\0\0\2", 12, "10.1.0.0/16 10.0.0.1,0.0.0.0/0 10.0.0.2",
		  "10.1.0.0/16 via 10.0.0.1, 0.0.0.0/0 via 10.0.0.2" },
		{ 12, "a\\b\x1b", 4, "a\\\\b\\x1b", "a\\\\b\\x1b" },
		{ 12, "0x41", 4, "0x41", "0x41" },
		{ 12, "host\0\0", 6, "host", "host" },
		{ 2, "\xff\xff\xf1\xf0", 4, "-3600", "-3600" },
		{ 2, "\x80\0\0\0", 4, "-2147483648", "-2147483648" },
		{ 26, "\5\xdc", 2, "1500", "1500" },
		{ 80, "", 0, "", "yes" },
		{ 80, "\1", 1, "0x01", NULL },
		{ 82, "\1\2ab", 4, "01:02:61:62", NULL },
		{ 224, "\xab\xcd", 2, "ab:cd", "ab:cd" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_text struct text plain = { 0 }, shown = { 0 }, again = { 0 };
		uint8_t data[64];
		int len;

		text_add(&plain, "%s", "");
		option_value_add(&plain, rows[i].code, (const uint8_t *)rows[i].data, rows[i].len);
		assert_string_equal(plain.str, rows[i].plain);

		len = option_value_parse(rows[i].code, plain.str, data, sizeof(data));
		assert_true(len >= 0 && (size_t)len <= rows[i].len);
		assert_memory_equal(data, rows[i].data, (size_t)len);
		text_add(&again, "%s", "");
		option_value_add(&again, rows[i].code, data, (size_t)len);
		assert_string_equal(again.str, rows[i].plain);

		option_value_show(&shown, rows[i].code, plain.str);
		if (rows[i].shown)
			assert_string_equal(shown.str, rows[i].shown);
	}
}

static void option_values_that_are_none(void **state)
{
	static const struct {
		uint8_t code;
		const char *text;
		int result;
	} rows[] = {
		{ 51, "1h", -EINVAL },	     { 51, "4294967296", -EINVAL },
		{ 51, "1,", -EINVAL },	     { 1, "10.0.0.256", -EINVAL },
		{ 1, "10.0.0.1,", -EINVAL }, { 121, "10.0.0.0/33 10.0.0.1", -EINVAL },
		{ 121, "10.0.0.0/8", -EINVAL }, { 61, "1:2", -EINVAL },
		{ 61, "01:02:", -EINVAL },   { 61, "0x123", -EINVAL },
		{ 53, "HELLO", -EINVAL },    { 55, "256", -EINVAL },
		{ 2, "2147483648", -EINVAL }, { 12, "123456789", -EMSGSIZE },
		{ 61, "01:02:03:04:05:06:07:08:09", -EMSGSIZE },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_text struct text shown = { 0 };
		uint8_t data[8];

		assert_int_equal(option_value_parse(rows[i].code, rows[i].text, data, sizeof(data)),
				 rows[i].result);
		/* Whatever a log says, something can be shown. */
		option_value_show(&shown, rows[i].code, rows[i].text);
		assert_non_null(shown.str);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(message_line),
		cmocka_unit_test(no_hardware_address),
		cmocka_unit_test(vlans),
		cmocka_unit_test(other_lines),
		cmocka_unit_test(hostile_strings_stay_json),
		cmocka_unit_test(no_control_character_stands_for_itself),
		cmocka_unit_test(every_byte_in_an_option),
		cmocka_unit_test(unknown_fields_are_ignored),
		cmocka_unit_test(what_is_no_event_is_refused),
		cmocka_unit_test(option_values),
		cmocka_unit_test(option_values_that_are_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
