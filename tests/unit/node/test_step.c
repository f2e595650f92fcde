/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/bytes.h"
#include "frames.h"
#include "node/node.h"
#include "node/step.h"

#include <netlab/dhcp_option.h>

static struct step_command parsed(const char *line)
{
	struct step_command c;
	struct error err = { 0 };

	if (step_parse(line, &c, &err) < 0)
		fail_msg("%s: %s", line, err.text);
	return c;
}

static void refused(const char *line, const char *words)
{
	struct step_command c = { .op = STEP_QUIT };
	struct error err = { 0 };

	assert_int_equal(step_parse(line, &c, &err), -EINVAL);
	assert_int_equal(c.op, STEP_QUIT);
	if (!strstr(err.text, words))
		fail_msg("%s: \"%s\" says nothing of \"%s\"", line, err.text, words);
}

static void test_commands(void **state)
{
	static const struct {
		const char *line;
		enum step_op op;
		uint32_t pos;
	} rows[] = {
		{ "", STEP_NEXT, 1 },	    { "  ", STEP_NEXT, 1 },   { "n", STEP_NEXT, 1 },
		{ "next 3", STEP_NEXT, 3 }, { "d", STEP_DROP, 1 },    { " drop 2 ", STEP_DROP, 2 },
		{ "c 4", STEP_COPY, 4 },    { "y 5s 2", STEP_DELAY, 2 }, { "b", STEP_BACK, 1 },
		{ "s\r", STEP_SHOW, 1 },    { "q", STEP_QUIT, 1 },    { "?", STEP_HELP, 1 },
		{ "r", STEP_RUN, 1 },	    { "hold", STEP_HOLD, 1 }, { "e xid 1", STEP_EDIT, 1 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct step_command c = parsed(rows[i].line);

		assert_int_equal(c.op, rows[i].op);
		assert_int_equal(c.pos, rows[i].pos);
	}
	assert_int_equal(parsed("delay 1500ms").us, 1500000);
}

static void test_commands_that_are_none(void **state)
{
	char *longest = test_calloc(1, 3000);

	refused("nxet", "did you mean \"next\"");
	refused("z", "h: help");
	refused("n x", "is not the number");
	refused("n 0", "number 1");
	refused("n 99999999999", "is not the number");
	refused("b 2", "what is \"2\"");
	refused("y", "by how much");
	refused("y soon", "not a time");
	refused("y 0s", "not a time");
	refused("e", "edit what");
	refused("e yiaddr", "edit what");
	refused("e yiadr 1.2.3.4", "did you mean \"yiaddr\"");
	refused("e yiaddr 1.2.3", "can not be");
	refused("e secs 65536", "can not be");
	refused("e op -1", "can not be");
	refused("e option", "edit what");
	refused("e option 51", "edit what");
	refused("e option 300 1", "no option \"300\"");
	refused("e option 51 soon", "option 51");
	refused("e option 82 1", "option 82");
	refused("r WHAT", "until what");
	refused("r host=HAPPY", "no client is ever");
	refused("r =BOUND", "whose state");
	memset(longest, 'n', 2999);
	refused(longest, "too long");
	test_free(longest);
}

static void test_what_is_waited_for(void **state)
{
	struct step_until u = parsed("r ack").until;

	assert_int_equal(u.type, DHCP_ACK);
	assert_false(step_until_state(&u, "host:host", "BOUND"));

	u = parsed("r host=bound").until;
	assert_int_equal(u.type, 0);
	assert_true(step_until_state(&u, "host:eth0", "BOUND"));
	assert_true(step_until_state(&u, "host", "BOUND"));
	assert_false(step_until_state(&u, "host2:eth0", "BOUND"));
	assert_false(step_until_state(&u, "host:eth0", "INIT"));

	u = parsed("r host:eth1=INIT-REBOOT").until;
	assert_true(step_until_state(&u, "host:eth1", "INIT-REBOOT"));
	assert_false(step_until_state(&u, "host:eth0", "INIT-REBOOT"));
}

/* An OFFER with options 53, 51, 3 and the end, padded to 300 bytes. */
static struct dhcp_send offer(void)
{
	static const uint8_t options[] = { 53, 1, DHCP_OFFER, 51, 4, 0,	 0, 14,
					   16, 3, 4,	      10, 0, 0, 1, 255 };
	struct dhcp_send s = { .type = DHCP_OFFER, .len = 300 };

	s.data[0] = DHCP_OP_REPLY;
	s.data[1] = 1;
	s.data[2] = 6;
	store_be32(s.data + 236, 0x63825363);
	memcpy(s.data + 240, options, sizeof(options));
	return s;
}

static struct dhcp_send edited(const char *line)
{
	struct step_command c = parsed(line);
	struct dhcp_send s = offer();

	assert_int_equal(step_edit(&c.edit, &s), 0);
	return s;
}

static struct dhcp_message decoded(const struct dhcp_send *s)
{
	struct dhcp_message m;

	assert_int_equal(dhcp_message_decode(s->data, s->len, &m, NULL, NULL), 0);
	return m;
}

static void test_fields_are_edited(void **state)
{
	struct dhcp_send s = edited("e yiaddr 10.0.0.99");

	assert_int_equal(decoded(&s).yiaddr, 0x0a000063);
	s = edited("e xid 3d6a3b68");
	assert_int_equal(decoded(&s).xid, 0x3d6a3b68);
	s = edited("e secs 7");
	assert_int_equal(decoded(&s).secs, 7);
	s = edited("e flags 0x8000");
	assert_int_equal(decoded(&s).flags, DHCP_FLAG_BROADCAST);
	s = edited("e chaddr 02:00:00:00:00:07");
	assert_int_equal(decoded(&s).chaddr[5], 7);
	s = edited("e op 1");
	assert_int_equal(s.data[0], 1);
	assert_int_equal(s.len, 300);
}

/* The bytes at the place where options begin. */
static void assert_options(const struct dhcp_send *s, const char *bytes, size_t len)
{
	assert_memory_equal(s->data + 240, bytes, len);
}

static void rfc2131_2_an_edited_option_stands_where_it_stood(void **state)
{
	struct dhcp_send s = edited("e option 51 60");

	assert_options(&s, "\x35\x01\x02\x33\x04\x00\x00\x00\x3c\x03\x04\x0a\x00\x00\x01\xff", 16);
	assert_int_equal(s.len, 300);
	s = edited("e option router -");
	assert_options(&s, "\x35\x01\x02\x33\x04\x00\x00\x0e\x10\xff\x00\x00\x00\x00\x00", 15);
	assert_int_equal(s.len, 300);
	s = edited("e option 6 8.8.8.8 1.1.1.1");
	assert_options(&s, "\x35\x01\x02\x33\x04\x00\x00\x0e\x10\x03\x04\x0a\x00\x00\x01"
			   "\x06\x08\x08\x08\x08\x08\x01\x01\x01\x01\xff", 26);
	s = edited("e option host-name two words");
	assert_memory_equal(s.data + 255, "\x0c\x09two words\xff", 12);
	s = edited("e option 43 01:02:ff");
	assert_memory_equal(s.data + 255, "\x2b\x03\x01\x02\xff\xff", 6);
}

static void test_an_edited_type_is_the_messages(void **state)
{
	struct dhcp_send s = edited("e option 53 NAK");

	assert_int_equal(s.type, DHCP_NAK);
	assert_int_equal(decoded(&s).type, DHCP_NAK);
	s = edited("e option 53 -");
	assert_int_equal(s.type, DHCP_NO_TYPE);
}

static void test_a_message_grows_no_further_than_a_datagram(void **state)
{
	struct dhcp_send s = offer(), before;
	char line[512] = "e option 43 ";
	size_t at = strlen(line);
	uint8_t codes[] = { 43, 224, 225, 226, 227, 228 };

	for (size_t i = 0; i < 255; i++)
		memcpy(line + at + i, "0", 2);
	line[at + 254] = '\0';	/* 127 bytes */
	for (size_t i = 0; i < 9; i++) {
		struct step_command c = parsed(line);

		c.edit.code = i < sizeof(codes) ? codes[i] : (uint8_t)(100 + i);
		assert_int_equal(step_edit(&c.edit, &s), 0);
	}
	before = s;
	{
		struct step_command c = parsed(line);

		c.edit.code = 200;
		assert_int_equal(step_edit(&c.edit, &s), -EMSGSIZE);
	}
	assert_memory_equal(&s, &before, sizeof(s));
}

static void add(struct step_queue *q, uint8_t type)
{
	struct dhcp_send s = { .type = type };

	assert_int_equal(step_queue_add(q, type, &s), 0);
}

/* Types of what is there, in order. */
static const char *there(const struct step_queue *q)
{
	static char text[16];
	size_t i;

	for (i = 0; step_queue_at(q, i + 1); i++)
		text[i] = (char)('0' + step_queue_at(q, i + 1)->send.type);
	text[i] = '\0';
	assert_int_equal(step_queue_count(q), i);
	return text;
}

static int apply(struct step_queue *q, const char *line, uint64_t now)
{
	struct step_command c = parsed(line);

	return step_queue_apply(q, &c, now);
}

static void test_the_queue(void **state)
{
	struct step_queue q = { 0 }, copy;
	struct step_held h;

	assert_int_equal(step_queue_take(&q, 1, &h), -ENOENT);
	assert_int_equal(step_queue_due(&q), DHCP_NEVER);
	for (uint8_t type = 1; type <= 5; type++)
		add(&q, type);
	assert_string_equal(there(&q), "12345");
	assert_int_equal(apply(&q, "d 2", 0), 0);
	assert_string_equal(there(&q), "1345");
	assert_int_equal(apply(&q, "c 2", 0), 0);
	assert_string_equal(there(&q), "13345");
	assert_int_equal(apply(&q, "d 6", 0), -ENOENT);
	assert_int_equal(step_queue_copy(&q, &copy), 0);
	assert_int_equal(step_queue_take(&q, 5, &h), 0);
	assert_int_equal(h.iface, 5);
	assert_string_equal(there(&q), "1334");
	assert_string_equal(there(&copy), "13345");
	step_queue_done(&copy);
	step_queue_done(&q);
}

static void test_what_is_delayed_comes_back_at_the_end(void **state)
{
	struct step_queue q = { 0 };

	add(&q, 1);
	add(&q, 2);
	assert_int_equal(apply(&q, "y 5s", 1000000), 0);
	assert_int_equal(apply(&q, "y 2s", 1000000), 0);
	assert_string_equal(there(&q), "");
	add(&q, 3);
	assert_int_equal(step_queue_due(&q), 3000000);
	step_queue_wake(&q, 2999999);
	assert_string_equal(there(&q), "3");
	step_queue_wake(&q, 3000000);
	assert_string_equal(there(&q), "23");
	assert_int_equal(step_queue_due(&q), 6000000);
	step_queue_wake(&q, 6000000);
	assert_string_equal(there(&q), "123");
	step_queue_done(&q);
}

static int checked(const struct step_queue *q, const char *line, size_t n_past)
{
	struct step_command c = parsed(line);
	struct error err = { 0 };
	int r = step_check(q, &c, n_past, &err);

	assert_int_equal(r, err.code);
	return r;
}

static void test_what_there_is_to_be_done(void **state)
{
	struct step_queue q = { 0 };

	assert_int_equal(checked(&q, "n", 0), 0);	/* time goes on */
	assert_int_equal(checked(&q, "n 2", 0), -ENOENT);
	assert_int_equal(checked(&q, "d", 0), -ENOENT);
	assert_int_equal(checked(&q, "b", 0), -ENOENT);
	assert_int_equal(checked(&q, "b", 1), 0);
	assert_int_equal(checked(&q, "q", 0), 0);
	add(&q, 1);
	assert_int_equal(checked(&q, "d", 0), 0);
	assert_int_equal(checked(&q, "d 2", 0), -ENOENT);
	step_queue_done(&q);
}

static void test_what_the_log_says(void **state)
{
	struct step_command c = parsed("d");
	char text[STEP_TEXT_MAX];

	step_describe(&c, DHCP_OFFER, text);
	assert_string_equal(text, "OFFER DROPPED BY HAND");
	c = parsed("y 90s");
	step_describe(&c, DHCP_ACK, text);
	assert_string_equal(text, "ACK DELAYED BY HAND: 1min 30s");
	c = parsed("e yiaddr 10.0.0.99");
	step_describe(&c, DHCP_ACK, text);
	assert_string_equal(text, "ACK EDITED BY HAND: yiaddr 10.0.0.99");
}

static void test_a_release_outlives_its_address(void **state)
{
	struct scenario *s = scenario_of("[Lab]\nFormatVersion=1\n[Node a]\n[Node b]\n"
					 "[Wiring]\nCable=a:e b:e\n"
					 "[Network a:e]\nAddress=10.0.0.1/24\n", "");
	struct dhcp_send send = { .type = DHCP_RELEASE, .src_ip = 0x0a000005,
				  .dst_ip = 0x0a000001 };

	assert_true(step_make_lasting(s, &send));
	assert_true(send.to_mac);
	assert_memory_equal(send.dst_mac, s->ifaces[scenario_iface(s, "a:e")].mac, 6);

	send = (struct dhcp_send){ .type = DHCP_RELEASE, .src_ip = 0x0a000105,
				   .dst_ip = 0x0a000001 };
	assert_false(step_make_lasting(s, &send));
	send.type = DHCP_REQUEST;	/* who sends that keeps its address */
	assert_true(step_make_lasting(s, &send));
	assert_false(send.to_mac);
	scenario_free(s);
}

static void test_a_copy_of_a_machine_is_a_snapshot(void **state)
{
	static const struct node_ops ops = { 0 };
	struct dhcp_server_options opt = {
		.address = 0x0a000001, .prefix_len = 24, .first = 0x0a000002, .last = 0x0a0000fe,
		.default_lease_sec = 3600, .min_lease_sec = 60, .max_lease_sec = 86400,
		.offer_sec = 60, .decline_sec = 60, .max_bindings = 100,
	};
	struct dhcp_binding b = {
		.state = DHCP_BINDING_ACTIVE, .address = 0x0a000007, .id_len = 7,
		.id = { 1, 2, 3, 4, 5, 6, 7 }, .expires = DHCP_NEVER,
	};
	uint8_t mac[6] = { 2, 0, 0, 0, 0, 1 };
	struct node n, copy;

	assert_int_equal(node_init_server(&n, "a:e", mac, &opt, &ops, NULL), 0);
	assert_int_equal(node_copy(&n, &copy), 0);
	assert_int_equal(dhcp_server_restore(n.server, &b, NULL, 0), 0);
	assert_non_null(dhcp_server_binding(n.server, 0));
	assert_null(dhcp_server_binding(copy.server, 0));
	node_done(&n);
	assert_int_equal(dhcp_server_restore(copy.server, &b, NULL, 0), 0);
	node_done(&copy);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_commands),
		cmocka_unit_test(test_commands_that_are_none),
		cmocka_unit_test(test_what_is_waited_for),
		cmocka_unit_test(test_fields_are_edited),
		cmocka_unit_test(rfc2131_2_an_edited_option_stands_where_it_stood),
		cmocka_unit_test(test_an_edited_type_is_the_messages),
		cmocka_unit_test(test_a_message_grows_no_further_than_a_datagram),
		cmocka_unit_test(test_the_queue),
		cmocka_unit_test(test_what_is_delayed_comes_back_at_the_end),
		cmocka_unit_test(test_what_there_is_to_be_done),
		cmocka_unit_test(test_what_the_log_says),
		cmocka_unit_test(test_a_release_outlives_its_address),
		cmocka_unit_test(test_a_copy_of_a_machine_is_a_snapshot),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
