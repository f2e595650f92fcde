/* SPDX-License-Identifier: MIT */
/* What a client must not believe: one row a lie, with the reason that the trace will show. */
#include "client_fixture.h"

static void set_port(struct fixture *f, struct dhcp_message *m)
{
	f->ev.rx.src_port = 6767;
}

static void set_client_port(struct fixture *f, struct dhcp_message *m)
{
	f->ev.rx.dst_port = DHCP_SERVER_PORT;
}

static void set_op(struct fixture *f, struct dhcp_message *m)
{
	m->op = DHCP_OP_REQUEST;
}

static void set_chaddr(struct fixture *f, struct dhcp_message *m)
{
	m->chaddr[5] ^= 1;
}

static void set_hlen(struct fixture *f, struct dhcp_message *m)
{
	m->hlen = 16;
}

static void set_htype(struct fixture *f, struct dhcp_message *m)
{
	m->htype = 6;
}

static void set_bootp(struct fixture *f, struct dhcp_message *m)
{
	m->type = DHCP_NO_TYPE;
}

static void set_force_renew(struct fixture *f, struct dhcp_message *m)
{
	m->type = DHCP_FORCERENEW;
	f->ev.rx.dst_ip = OURS;
}

static void set_discover(struct fixture *f, struct dhcp_message *m)
{
	m->type = DHCP_DISCOVER;
}

static void set_xid(struct fixture *f, struct dhcp_message *m)
{
	m->xid++;
}

static void set_xid_none(struct fixture *f, struct dhcp_message *m)
{
	m->xid = 0;
}

static void echo_other(struct fixture *f, struct dhcp_message *m)
{
	put(m, DHCP_OPT_CLIENT_ID, "\x01\x02\x4e\x4c\x00\x00\x03", 7);
}

static void echo_short(struct fixture *f, struct dhcp_message *m)
{
	put(m, DHCP_OPT_CLIENT_ID, "\x01\x02\x4e\x4c\x00\x00", 6);
}

static void echo_long(struct fixture *f, struct dhcp_message *m)
{
	uint8_t id[255] = { 1, 0x02, 0x4e, 0x4c, 0, 0, 2 };

	put(m, DHCP_OPT_CLIENT_ID, id, sizeof(id));
}

static void drop_server(struct fixture *f, struct dhcp_message *m)
{
	drop(m, DHCP_OPT_SERVER_ID);
}

static void set_server_zero(struct fixture *f, struct dhcp_message *m)
{
	change32(m, DHCP_OPT_SERVER_ID, 0);
}

static void set_server_broadcast(struct fixture *f, struct dhcp_message *m)
{
	change32(m, DHCP_OPT_SERVER_ID, IP(255, 255, 255, 255));
}

static void cut_server(struct fixture *f, struct dhcp_message *m)
{
	drop(m, DHCP_OPT_SERVER_ID);
	put(m, DHCP_OPT_SERVER_ID, "\x0a\x00\x00", 3);
}

static void drop_lease_time(struct fixture *f, struct dhcp_message *m)
{
	drop(m, DHCP_OPT_LEASE_TIME);
}

static void set_lease_time_zero(struct fixture *f, struct dhcp_message *m)
{
	change32(m, DHCP_OPT_LEASE_TIME, 0);
}

static void cut_lease_time(struct fixture *f, struct dhcp_message *m)
{
	drop(m, DHCP_OPT_LEASE_TIME);
	put(m, DHCP_OPT_LEASE_TIME, "\x00\x00\x0e", 3);
}

static void give_nothing(struct fixture *f, struct dhcp_message *m)
{
	m->yiaddr = 0;
}

static void give_broadcast(struct fixture *f, struct dhcp_message *m)
{
	m->yiaddr = IP(255, 255, 255, 255);
}

static void give_multicast(struct fixture *f, struct dhcp_message *m)
{
	m->yiaddr = IP(224, 0, 0, 1);
}

static void give_loopback(struct fixture *f, struct dhcp_message *m)
{
	m->yiaddr = IP(127, 0, 0, 1);
}

static void give_servers(struct fixture *f, struct dhcp_message *m)
{
	m->yiaddr = SERVER;
}

static void set_mask_with_hole(struct fixture *f, struct dhcp_message *m)
{
	change32(m, DHCP_OPT_SUBNET_MASK, IP(255, 0, 255, 0));
}

static void cut_mask(struct fixture *f, struct dhcp_message *m)
{
	drop(m, DHCP_OPT_SUBNET_MASK);
	put(m, DHCP_OPT_SUBNET_MASK, "\xff\xff\xff", 3);
}

static void set_mask_empty(struct fixture *f, struct dhcp_message *m)
{
	change32(m, DHCP_OPT_SUBNET_MASK, 0);
}

static void give_network(struct fixture *f, struct dhcp_message *m)
{
	m->yiaddr = IP(10, 0, 0, 0);
}

static void give_subnet_broadcast(struct fixture *f, struct dhcp_message *m)
{
	m->yiaddr = IP(10, 0, 0, 255);
}

static const struct {
	const char *name;
	void (*spoil)(struct fixture *f, struct dhcp_message *m);
	const char *why, *rfc;
} lies[] = {
	{ "from port 6767", set_port, "port", "RFC 2131 section 4.1" },
	{ "to port 67", set_client_port, "port", "RFC 2131 section 4.1" },
	{ "a request", set_op, "op is not BOOTREPLY", "RFC 2131 section 2" },
	{ "another's chaddr", set_chaddr, "chaddr", "RFC 2131 section 4.1" },
	{ "hlen 16", set_hlen, "chaddr", "RFC 2131 section 4.1" },
	{ "token ring", set_htype, "chaddr", "RFC 2131 section 4.1" },
	{ "BOOTP", set_bootp, "BOOTP", "RFC 2131 section 3" },
	{ "FORCERENEW", set_force_renew, "without authentication", "RFC 3203 section 6" },
	{ "a reply that discovers", set_discover, "type", "RFC 2131 section 4.4" },
	{ "another xid", set_xid, "xid", "RFC 2131 section 4.4.1" },
	{ "xid 0", set_xid_none, "xid", "RFC 2131 section 4.4.1" },
	{ "another's 61", echo_other, "identifier", "RFC 6842 section 3" },
	{ "61 cut short", echo_short, "identifier", "RFC 6842 section 3" },
	{ "61 of 255 bytes", echo_long, "identifier", "RFC 6842 section 3" },
	{ "no 54", drop_server, "server identifier", "RFC 2131 section 4.3.1, table 3" },
	{ "54 of zeros", set_server_zero, "server identifier", "RFC 2131 section 4.3.1, table 3" },
	{ "54 broadcast", set_server_broadcast, "server identifier",
	  "RFC 2131 section 4.3.1, table 3" },
	{ "54 of 3 bytes", cut_server, "server identifier", "RFC 2131 section 4.3.1, table 3" },
	{ "no 51", drop_lease_time, "lease time", "RFC 2131 section 4.3.1, table 3" },
	{ "51 of 0 s", set_lease_time_zero, "lease time", "RFC 2131 section 4.3.1, table 3" },
	{ "51 of 3 bytes", cut_lease_time, "lease time", "RFC 2131 section 4.3.1, table 3" },
	{ "yiaddr 0", give_nothing, "yiaddr", "RFC 1122 section 3.2.1.3" },
	{ "yiaddr broadcast", give_broadcast, "yiaddr", "RFC 1122 section 3.2.1.3" },
	{ "yiaddr multicast", give_multicast, "yiaddr", "RFC 1122 section 3.2.1.3" },
	{ "yiaddr loopback", give_loopback, "yiaddr", "RFC 1122 section 3.2.1.3" },
	{ "the server's address", give_servers, "server's own", "RFC 2131 section 3.1" },
	{ "a mask of 3 bytes", cut_mask, "holes", "RFC 1122 section 3.2.1.3" },
	{ "a mask with holes", set_mask_with_hole, "holes", "RFC 1122 section 3.2.1.3" },
	{ "an empty mask", set_mask_empty, "holes", "RFC 1122 section 3.2.1.3" },
	{ "the network's address", give_network, "network's", "RFC 1122 section 3.2.1.3" },
	{ "the subnet's broadcast", give_subnet_broadcast, "broadcast",
	  "RFC 1122 section 3.2.1.3" },
};

/* Sends a good message of @type, spoiled by lie @i; it must change nothing. */
static void assert_refused(const char *script, uint8_t type, size_t i)
{
	struct dhcp_client before;
	struct fixture f;

	begin(&f);
	play(&f, script);
	f.msg = reply(&f, type, OURS);
	f.ev = (struct dhcp_event){ .type = DHCP_EVENT_RX };
	f.ev.rx.msg = &f.msg;
	f.ev.rx.src_port = DHCP_SERVER_PORT;
	f.ev.rx.dst_port = DHCP_CLIENT_PORT;
	lies[i].spoil(&f, &f.msg);
	before = f.c;

	if (step(&f) != 0)
		fail_msg("taken: %s", lies[i].name);
	if (!strstr(f.out.reason.why, lies[i].why))
		fail_msg("%s: refused because %s", lies[i].name, f.out.reason.why);
	assert_string_equal(f.out.reason.rfc, lies[i].rfc);
	assert_int_equal(f.out.n, 0);
	assert_memory_equal(&f.c, &before, sizeof(before));
}

static void rfc2131_4_4_1_bad_offers_are_refused_with_a_reason(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(lies); i++)
		assert_refused("s", DHCP_OFFER, i);
}

static void rfc2131_4_4_1_bad_acks_are_refused_with_a_reason(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(lies); i++)
		assert_refused("so", DHCP_ACK, i);
}

static void rfc6842_3_our_own_identifier_is_welcome(void **state)
{
	struct dhcp_client_options opt = usual_options();
	struct dhcp_message m;
	struct fixture f;

	begin(&f);
	play(&f, "s");
	m = reply(&f, DHCP_OFFER, OURS);
	put(&m, DHCP_OPT_CLIENT_ID, "\x01\x02\x4e\x4c\x00\x00\x02", 7);
	assert_int_equal(receive(&f, &m), 1);

	opt.client_id_len = 3;
	memcpy(opt.client_id, "\xffxy", 3);
	begin_with(&f, &opt);
	play(&f, "s");
	m = reply(&f, DHCP_OFFER, OURS);
	put(&m, DHCP_OPT_CLIENT_ID, "\xffxy", 3);
	assert_int_equal(receive(&f, &m), 1);
}

/* RFC 2132 section 9.14: it has two bytes at least; an empty one is as good as none. */
static void rfc6842_3_an_empty_identifier_is_no_echo(void **state)
{
	struct dhcp_message m;
	struct fixture f;

	begin(&f);
	play(&f, "s");
	m = reply(&f, DHCP_OFFER, OURS);
	put(&m, DHCP_OPT_CLIENT_ID, "", 0);
	assert_int_equal(receive(&f, &m), 1);
}

static void rfc3021_a_link_of_two_addresses_has_no_broadcast(void **state)
{
	struct dhcp_message m;
	struct fixture f;

	begin(&f);
	play(&f, "s");
	m = reply(&f, DHCP_OFFER, IP(10, 0, 0, 0));
	change32(&m, DHCP_OPT_SUBNET_MASK, IP(255, 255, 255, 254));
	assert_int_equal(receive(&f, &m), 1);
}

static void rfc2131_4_4_1_an_ack_later_than_its_lease_is_refused(void **state)
{
	struct dhcp_message m;
	struct fixture f;

	begin(&f);
	play(&f, "so");
	m = reply(&f, DHCP_ACK, OURS);
	change32(&m, DHCP_OPT_LEASE_TIME, 3);
	f.now += 3 * DHCP_SECOND;
	assert_int_equal(receive(&f, &m), 0);
	assert_non_null(strstr(f.out.reason.why, "over before"));
	f.now--;
	assert_int_equal(receive(&f, &m), 1);
}

/* ACKs and NAKs that are well-formed and still not the ones that the client waits for. */
static const struct {
	const char *name, *script;
	uint8_t type;
	uint32_t yiaddr, server;
	const char *why;
} strangers[] = {
	{ "another server's ACK", "so", DHCP_ACK, OURS, OTHER_SERVER, "another server" },
	{ "an ACK for another address", "so", DHCP_ACK, OURS + 1, SERVER, "another address" },
	{ "another server's NAK", "so", DHCP_NAK, 0, OTHER_SERVER, "another server" },
	{ "an ACK without a REQUEST", "s", DHCP_ACK, OURS, SERVER, "no REQUEST" },
	{ "a NAK without a REQUEST", "s", DHCP_NAK, 0, SERVER, "no REQUEST" },
	{ "a second OFFER", "so", DHCP_OFFER, OURS + 1, OTHER_SERVER, "after the choice" },
	{ "an ACK in BOUND", "soa", DHCP_ACK, OURS, SERVER, "no REQUEST" },
	{ "a NAK in BOUND", "soa", DHCP_NAK, 0, SERVER, "no REQUEST" },
	{ "a renewal with another address", "soad", DHCP_ACK, OURS + 1, SERVER, "no renewal" },
	{ "a renewal of another server's", "soad", DHCP_ACK, OURS, OTHER_SERVER,
	  "another server" },
	{ "another server's NAK", "soad", DHCP_NAK, 0, OTHER_SERVER, "another server" },
	{ "a rebind with another address", "soa2", DHCP_ACK, OURS + 1, SERVER, "no renewal" },
	{ "INIT-REBOOT with another address", "soax", DHCP_ACK, OURS + 1, SERVER,
	  "another address" },
};

static void rfc2131_3_1_only_the_awaited_answer_counts(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(strangers); i++) {
		struct dhcp_message m;
		struct fixture f;

		begin(&f);
		play(&f, strangers[i].script);
		m = reply(&f, strangers[i].type, strangers[i].yiaddr);
		change32(&m, DHCP_OPT_SERVER_ID, strangers[i].server);
		if (receive(&f, &m) != 0)
			fail_msg("taken: %s", strangers[i].name);
		if (!strstr(f.out.reason.why, strangers[i].why))
			fail_msg("%s: %s", strangers[i].name, f.out.reason.why);
	}
}

/* RFC 5227 section 2.4: only conflicts over our address concern us. */
static void rfc5227_2_4_foreign_conflicts_are_ignored(void **state)
{
	struct fixture f;

	begin(&f);
	play(&f, "soa");
	assert_int_equal(conflict(&f, OURS + 1), 0);
	begin(&f);
	play(&f, "so");
	assert_int_equal(conflict(&f, OURS), 0);
}

static void an_event_that_is_none_leaves_the_machine_untouched(void **state)
{
	struct dhcp_client before;
	struct fixture f;

	begin(&f);
	play(&f, "soa");
	before = f.c;

	assert_int_equal(happen(&f, (enum dhcp_event_type)99), -EINVAL);
	assert_int_equal(command(&f, (enum dhcp_command)99), -EINVAL);
	assert_int_equal(happen(&f, DHCP_EVENT_RX), -EINVAL);	/* without a message */
	assert_int_equal(f.out.n, 0);
	assert_memory_equal(&f.c, &before, sizeof(before));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rfc2131_4_4_1_bad_offers_are_refused_with_a_reason),
		cmocka_unit_test(rfc2131_4_4_1_bad_acks_are_refused_with_a_reason),
		cmocka_unit_test(rfc6842_3_our_own_identifier_is_welcome),
		cmocka_unit_test(rfc6842_3_an_empty_identifier_is_no_echo),
		cmocka_unit_test(rfc3021_a_link_of_two_addresses_has_no_broadcast),
		cmocka_unit_test(rfc2131_4_4_1_an_ack_later_than_its_lease_is_refused),
		cmocka_unit_test(rfc2131_3_1_only_the_awaited_answer_counts),
		cmocka_unit_test(rfc5227_2_4_foreign_conflicts_are_ignored),
		cmocka_unit_test(an_event_that_is_none_leaves_the_machine_untouched),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
