/* SPDX-License-Identifier: MIT */
/* Every field and every option of what a client sends, and no others: RFC 2131 table 5. */
#include "client_fixture.h"

#define EVERYONE IP(255, 255, 255, 255)
#define COOKIE "\x63\x82\x53\x63"
#define ID "\xffone of a kind"
#define ID_LEN (sizeof(ID) - 1)

/* A client that wants all that can be wanted: so each message says all that it may. */
static struct dhcp_client_options all_options(void)
{
	static const uint8_t own[] = { 60, 3, 'l', 'a', 'b', 51, 4, 0, 0, 14, 16, 77, 2, 1, 'u' };
	struct dhcp_client_options opt = usual_options();

	memcpy(opt.client_id, ID, ID_LEN);
	opt.client_id_len = ID_LEN;
	memcpy(opt.send, own, sizeof(own));
	opt.n_send = sizeof(own);
	opt.fqdn = DHCP_FQDN_SERVER;
	opt.rapid_commit = opt.force_renew = opt.auto_configure = opt.broadcast = true;
	return opt;
}

static const struct {
	const char *script;
	enum dhcp_message_type type;
	uint16_t flags;
	uint32_t ciaddr, src, dst;
	bool reboots;
	uint8_t codes[16];
} messages[] = {
	{ "s", DHCP_DISCOVER, 0x8000, 0, 0, EVERYONE, false,
	  { 53, 61, 80, 55, 57, 81, 145, 116, 60, 51, 77 } },
	{ "sd", DHCP_DISCOVER, 0x8000, 0, 0, EVERYONE, false,
	  { 53, 61, 55, 57, 81, 145, 116, 60, 51, 77 } },
	{ "soars", DHCP_DISCOVER, 0x8000, 0, 0, EVERYONE, false,
	  { 53, 61, 50, 80, 55, 57, 81, 145, 116, 60, 51, 77 } },
	{ "so", DHCP_REQUEST, 0x8000, 0, 0, EVERYONE, false,
	  { 53, 61, 50, 54, 55, 57, 81, 145, 60, 51, 77 } },
	{ "s", DHCP_REQUEST, 0x8000, 0, 0, EVERYONE, true,
	  { 53, 61, 50, 55, 57, 81, 145, 60, 51, 77 } },
	{ "soad", DHCP_REQUEST, 0, OURS, OURS, SERVER, false,
	  { 53, 61, 55, 57, 81, 145, 60, 51, 77 } },
	{ "soa2", DHCP_REQUEST, 0, OURS, OURS, EVERYONE, false,
	  { 53, 61, 55, 57, 81, 145, 60, 51, 77 } },
	{ "soai", DHCP_INFORM, 0, OURS, OURS, SERVER, false, { 53, 61, 55, 57, 81, 60, 77 } },
	{ "soak", DHCP_DECLINE, 0, 0, 0, EVERYONE, false, { 53, 61, 50, 54, 56 } },
	{ "soar", DHCP_RELEASE, 0, OURS, OURS, SERVER, false, { 53, 61, 54, 56 } },
};

/* The client has sent message @i: as it went out, and decoded. */
static const struct dhcp_send *send_message(struct fixture *f, size_t i, struct dhcp_message *ret)
{
	struct dhcp_client_options opt = all_options();

	if (messages[i].reboots)
		opt.reboot_address = OURS;
	begin_with(f, &opt);
	assert_int_equal(play(f, messages[i].script), 1);
	*ret = sent(f, 0);
	assert_int_equal(ret->type, messages[i].type);
	return &f->out.action[0].send;
}

static void rfc2131_table_5_these_options_and_no_others(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(messages); i++) {
		struct dhcp_message m;
		struct fixture f;
		size_t n = 0;

		send_message(&f, i, &m);
		for (; messages[i].codes[n]; n++)
			if (!dhcp_message_has(&m, messages[i].codes[n]))
				fail_msg("\"%s\" lacks %u", messages[i].script,
					 messages[i].codes[n]);
		if (m.n_fields != n)
			fail_msg("\"%s\" has %u options", messages[i].script, m.n_fields);
	}
}

static void assert_zeros(const uint8_t *data, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		assert_int_equal(data[i], 0);
}

/* RFC 1542 sections 3.1.2 and 3.4: no flag but the first, and giaddr is for relay agents. */
static void rfc2131_table_5_each_field_of_the_header(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(messages); i++) {
		const struct dhcp_send *send;
		struct dhcp_message m;
		struct fixture f;

		send = send_message(&f, i, &m);
		assert_memory_equal(send->data, "\1\1\6\0", 4);		/* op htype hlen hops */
		assert_int_equal(load_be32(send->data + 4), f.c.inform_xid ? f.c.inform_xid
									   : f.c.xid);
		assert_int_equal(load_be16(send->data + 10), messages[i].flags);
		assert_int_equal(load_be32(send->data + 12), messages[i].ciaddr);
		assert_zeros(send->data, 16, 28);			/* yiaddr siaddr giaddr */
		assert_memory_equal(send->data + 28, f.c.opt.mac, 6);
		assert_zeros(send->data, 34, 236);			/* sname, file */
		assert_memory_equal(send->data + 236, COOKIE, 4);
		assert_int_equal(send->src_ip, messages[i].src);
		assert_int_equal(send->dst_ip, messages[i].dst);
		assert_int_equal(send->to_mac, messages[i].dst == EVERYONE);
		assert_int_equal(send->src_port, 68);
		assert_int_equal(send->dst_port, 67);
	}
}

/* Section 4.1: the last option is END; what fills the rest is PADs. */
static void rfc2131_4_1_the_last_option_is_end(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(messages); i++) {
		const struct dhcp_send *send;
		struct dhcp_message m;
		struct fixture f;
		size_t at = 240;

		send = send_message(&f, i, &m);
		assert_true(send->len >= DHCP_MIN_LEN);
		while (at < send->len && send->data[at] != DHCP_OPT_END)
			at += 2u + send->data[at + 1];
		assert_true(at < send->len);
		assert_zeros(send->data, at + 1, send->len);
	}
}

/* Sections 3.1 step 6, 3.2 step 1, 4.2 and 4.3.2 say it again, of one message each. */
static void rfc2131_2_the_same_identifier_in_every_message(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(messages); i++) {
		struct dhcp_message m;
		const uint8_t *id;
		struct fixture f;
		size_t len;

		send_message(&f, i, &m);
		id = dhcp_message_get(&m, DHCP_OPT_CLIENT_ID, &len);
		assert_non_null(id);
		assert_int_equal(len, ID_LEN);
		assert_memory_equal(id, ID, ID_LEN);
	}
}

/* Section 2: unique in its subnet; where none is chosen it is made of the hardware address. */
static void rfc2131_2_an_identifier_of_the_hardware_address(void **state)
{
	struct dhcp_message m;
	const uint8_t *id;
	struct fixture f;
	size_t len;

	begin(&f);
	play(&f, "s");
	m = sent(&f, 0);
	id = dhcp_message_get(&m, DHCP_OPT_CLIENT_ID, &len);
	assert_non_null(id);
	assert_int_equal(len, 7);
	assert_memory_equal(id, "\x01\x02\x4e\x4c\x00\x00\x02", 7);
}

/* Section 3.5: the list of the DISCOVER in each REQUEST; and 57, which has no upper end here. */
static void rfc2131_3_5_each_request_has_the_list_and_the_size(void **state)
{
	size_t n_usual, n = 0;
	const uint8_t *usual = dhcp_client_usual_request(&n_usual);

	for (size_t i = 0; i < ARRAY_SIZE(messages); i++) {
		struct dhcp_message m;
		const uint8_t *list;
		struct fixture f;
		uint16_t size;
		size_t len;

		if (messages[i].type != DHCP_DISCOVER && messages[i].type != DHCP_REQUEST)
			continue;
		send_message(&f, i, &m);
		list = dhcp_message_get(&m, DHCP_OPT_PARAMETER_LIST, &len);
		assert_non_null(list);
		assert_int_equal(len, n_usual);
		assert_memory_equal(list, usual, len);
		/* RFC 3442 page 6: at least the MTU of the interface */
		assert_int_equal(dhcp_message_get_u16(&m, DHCP_OPT_MAX_SIZE, &size), 0);
		assert_int_equal(size, 1500);
		n++;
	}
	assert_int_equal(n, 7);
}

/* RFC 3442 page 5: who asks for classless routes asks for the router option, too. */
static void rfc3442_the_usual_list_has_both(void **state)
{
	size_t n;
	const uint8_t *usual = dhcp_client_usual_request(&n);

	assert_non_null(memchr(usual, DHCP_OPT_CLASSLESS_ROUTES, n));
	assert_non_null(memchr(usual, DHCP_OPT_ROUTER, n));
}

/* A client is told of what it is to leave alone: it comes to the same lease. */
static void rfc1542_3_4_flags_and_giaddr_of_a_reply_mean_nothing(void **state)
{
	struct dhcp_message m;
	struct fixture f, g;

	begin(&f);
	begin(&g);
	play(&f, "soa");
	play(&g, "s");
	m = reply(&g, DHCP_OFFER, OURS);
	m.flags = 0xffff;
	m.giaddr = IP(10, 9, 9, 9);
	m.hops = 3;
	m.secs = 77;
	assert_int_equal(receive(&g, &m), 1);
	m.type = DHCP_ACK;
	assert_int_equal(receive(&g, &m), 1);
	assert_memory_equal(&g.c, &f.c, sizeof(f.c));
}

/* Section 4.1: up to 64 s, however often. */
static void rfc2131_4_1_the_wait_stays_at_64_s(void **state)
{
	struct fixture f;

	begin(&f);
	play(&f, "sdddd");
	for (int i = 0; i < 600; i++) {
		assert_in_range(f.c.deadline - f.now, 63 * DHCP_SECOND, 65 * DHCP_SECOND);
		play(&f, "d");
	}
}

/* Section 4.4.1: a second at least, where that is what the user allows. */
static void rfc2131_4_4_1_a_delay_of_a_second_is_one(void **state)
{
	struct dhcp_client_options opt = usual_options();
	struct fixture f;

	opt.init_delay = DHCP_SECOND;
	begin_with(&f, &opt);
	play(&f, "s");
	assert_true(f.c.deadline == BEGIN + DHCP_SECOND);
}

/* Section 3.1 step 5: the client notifies the user that it failed, and begins anew. */
static void rfc2131_3_1_the_user_hears_that_it_failed(void **state)
{
	struct fixture f;

	begin(&f);
	play(&f, "sodddd");
	assert_int_equal(f.out.to, DHCP_CLIENT_INIT);
	assert_string_equal(f.out.reason.why, "the server did not answer four times");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rfc2131_table_5_these_options_and_no_others),
		cmocka_unit_test(rfc2131_table_5_each_field_of_the_header),
		cmocka_unit_test(rfc2131_4_1_the_last_option_is_end),
		cmocka_unit_test(rfc2131_2_the_same_identifier_in_every_message),
		cmocka_unit_test(rfc2131_2_an_identifier_of_the_hardware_address),
		cmocka_unit_test(rfc2131_3_5_each_request_has_the_list_and_the_size),
		cmocka_unit_test(rfc3442_the_usual_list_has_both),
		cmocka_unit_test(rfc1542_3_4_flags_and_giaddr_of_a_reply_mean_nothing),
		cmocka_unit_test(rfc2131_3_1_the_user_hears_that_it_failed),
		cmocka_unit_test(rfc2131_4_1_the_wait_stays_at_64_s),
		cmocka_unit_test(rfc2131_4_4_1_a_delay_of_a_second_is_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
