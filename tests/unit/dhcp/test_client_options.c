/* SPDX-License-Identifier: MIT */
/* What a user may want of a client beyond RFC 2131: options of one's own, lists, extensions. */
#include "client_fixture.h"

#define S DHCP_SECOND

static const uint8_t some[] = { 60, 3, 'l', 'a', 'b', 51, 4, 0, 0, 14, 16, 77, 2, 1, 'u' };

static struct dhcp_client_options sending(const uint8_t *send, uint8_t n)
{
	struct dhcp_client_options opt = usual_options();

	memcpy(opt.send, send, n);
	opt.n_send = n;
	return opt;
}

static void assert_has(struct fixture *f, uint8_t code, const char *value, size_t len)
{
	struct dhcp_message m = sent(f, 0);
	const uint8_t *got;
	size_t got_len;

	got = dhcp_message_get(&m, code, &got_len);
	assert_non_null(got);
	assert_int_equal(got_len, len);
	assert_memory_equal(got, value, len);
}

static void assert_lacks(struct fixture *f, uint8_t code)
{
	struct dhcp_message m = sent(f, 0);

	assert_false(dhcp_message_has(&m, code));
}

static void rfc2131_table_5_options_of_ones_own(void **state)
{
	struct dhcp_client_options opt = sending(some, sizeof(some));
	struct fixture f;

	begin_with(&f, &opt);
	play(&f, "s");
	assert_has(&f, DHCP_OPT_VENDOR_CLASS, "lab", 3);
	assert_has(&f, DHCP_OPT_USER_CLASS, "\1u", 2);
	assert_has(&f, DHCP_OPT_LEASE_TIME, "\0\0\16\20", 4);
	play(&f, "o");
	assert_has(&f, DHCP_OPT_VENDOR_CLASS, "lab", 3);
	play(&f, "ai");
	assert_has(&f, DHCP_OPT_VENDOR_CLASS, "lab", 3);
	assert_lacks(&f, DHCP_OPT_LEASE_TIME);		/* section 4.4.3 */
	play(&f, "r");
	assert_lacks(&f, DHCP_OPT_VENDOR_CLASS);	/* MUST NOT in a RELEASE */
}

static void options_that_are_broken_or_the_clients_own_are_refused(void **state)
{
	static const struct {
		uint8_t n;
		uint8_t bytes[8];
	} bad[] = {
		{ 1, { 60 } },
		{ 3, { 60, 2, 'x' } },
		{ 3, { 53, 1, 1 } },
		{ 6, { 50, 4, 10, 0, 0, 1 } },
		{ 2, { 80, 0 } },
		{ 2, { 0, 0 } },
		{ 2, { 255, 0 } },
		{ 5, { 60, 1, 'x', 61, 0 } },
	};

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct dhcp_client_options opt = sending(bad[i].bytes, bad[i].n);
		struct dhcp_client c;

		assert_int_equal(dhcp_client_init(&c, &opt), -EINVAL);
	}
}

static void a_list_of_servers_keeps_others_out(void **state)
{
	static const struct {
		bool only;
		uint32_t address;
		uint8_t len;
		int taken;
	} cases[] = {
		{ false, SERVER, 32, 0 },
		{ false, IP(10, 0, 0, 0), 24, 0 },
		{ false, OTHER_SERVER, 32, 1 },
		{ true, SERVER, 32, 1 },
		{ true, 0, 0, 1 },
		{ true, OTHER_SERVER, 32, 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct dhcp_client_options opt = usual_options();
		struct fixture f;

		opt.servers[0] = (struct dhcp_prefix){ cases[i].address, cases[i].len };
		opt.n_servers = 1;
		opt.only_servers = cases[i].only;
		begin_with(&f, &opt);
		assert_int_equal(play(&f, "so"), cases[i].taken);
		if (!cases[i].taken)
			assert_non_null(strstr(f.out.reason.why, "list of servers"));
	}
}

static void every_server_on_the_list_counts(void **state)
{
	struct dhcp_client_options opt = usual_options();
	struct fixture f;

	opt.servers[0] = (struct dhcp_prefix){ OTHER_SERVER, 32 };
	opt.servers[1] = (struct dhcp_prefix){ SERVER, 32 };
	opt.n_servers = 2;
	begin_with(&f, &opt);
	assert_int_equal(play(&f, "so"), 0);
	opt.only_servers = true;
	begin_with(&f, &opt);
	assert_int_equal(play(&f, "so"), 1);
}

static void the_last_attempt_ends_the_client(void **state)
{
	struct dhcp_client_options opt = usual_options();
	struct fixture f;

	opt.max_attempts = 3;
	begin_with(&f, &opt);
	play(&f, "sdd");
	assert_int_equal(f.c.state, DHCP_CLIENT_SELECTING);
	play(&f, "d");
	assert_int_equal(f.c.state, DHCP_CLIENT_STOPPED);
	assert_true(f.c.deadline == DHCP_NEVER);
	play(&f, "s");
	assert_int_equal(f.c.state, DHCP_CLIENT_SELECTING);
}

static void rfc4039_3_1_two_messages_are_enough(void **state)
{
	struct dhcp_client_options opt = usual_options();
	struct fixture f;

	opt.rapid_commit = true;
	begin_with(&f, &opt);
	play(&f, "s");
	assert_has(&f, DHCP_OPT_RAPID_COMMIT, "", 0);
	f.now += S;
	play(&f, "A");
	assert_int_equal(f.c.state, DHCP_CLIENT_BOUND);
	assert_int_equal(f.c.lease.address, OURS);
	assert_true(f.c.expires == BEGIN + HOUR * S);	/* from the DISCOVER */
}

static void rfc4039_3_1_only_who_asked_and_is_told(void **state)
{
	struct dhcp_client_options opt = usual_options();
	struct fixture f;

	begin(&f);
	assert_int_equal(play(&f, "sA"), 0);		/* not asked for */
	opt.rapid_commit = true;
	begin_with(&f, &opt);
	assert_int_equal(play(&f, "sa"), 0);		/* an ACK without option 80 */
	play(&f, "o");
	assert_int_equal(f.c.state, DHCP_CLIENT_REQUESTING);	/* a server without it is fine */
	assert_lacks(&f, DHCP_OPT_RAPID_COMMIT);
}

static void rfc4039_only_the_first_discover_asks(void **state)
{
	struct dhcp_client_options opt = usual_options();
	struct fixture f;

	opt.rapid_commit = true;
	begin_with(&f, &opt);
	play(&f, "sd");
	assert_lacks(&f, DHCP_OPT_RAPID_COMMIT);
}

static void rfc8925_3_2_a_client_that_needs_no_ipv4_waits(void **state)
{
	struct dhcp_client_options opt = usual_options();
	struct fixture f;

	opt.request[opt.n_request++] = DHCP_OPT_IPV6_ONLY;
	begin_with(&f, &opt);
	play(&f, "sO");
	assert_int_equal(f.c.state, DHCP_CLIENT_INIT);
	assert_true(f.c.deadline == f.now + 1800 * S);
	play(&f, "d");
	assert_int_equal(f.c.state, DHCP_CLIENT_SELECTING);

	opt.reboot_address = OURS;
	begin_with(&f, &opt);
	play(&f, "sX");
	assert_int_equal(f.c.state, DHCP_CLIENT_INIT);
	assert_true(f.c.deadline == f.now + 300 * S);	/* MIN_V6ONLY_WAIT */
}

/* Section 3.3: the OFFER of a server that obeys is of 0.0.0.0, and has no lease time. */
static void rfc8925_3_3_an_offer_of_0_0_0_0_is_one(void **state)
{
	struct dhcp_client_options opt = usual_options();
	struct fixture f;

	opt.request[opt.n_request++] = DHCP_OPT_IPV6_ONLY;
	begin_with(&f, &opt);
	play(&f, "s");
	assert_int_equal(offer_nothing(&f, DHCP_OPT_IPV6_ONLY, "\0\0\7\10", 4), 1);
	assert_int_equal(f.c.state, DHCP_CLIENT_INIT);
	assert_true(f.c.deadline == f.now + 1800 * S);

	begin(&f);	/* not asked for: it is no offer at all */
	play(&f, "s");
	assert_int_equal(offer_nothing(&f, DHCP_OPT_IPV6_ONLY, "\0\0\7\10", 4), 0);
}

static void rfc2563_2_2_who_makes_addresses_up_says_so(void **state)
{
	struct dhcp_client_options opt = usual_options();
	struct fixture f;

	opt.auto_configure = true;
	begin_with(&f, &opt);
	play(&f, "s");
	assert_has(&f, DHCP_OPT_AUTO_CONFIGURE, "\1", 1);
	play(&f, "o");
	assert_lacks(&f, DHCP_OPT_AUTO_CONFIGURE);	/* section 2.5: in no other message */

	begin(&f);
	play(&f, "s");
	assert_lacks(&f, DHCP_OPT_AUTO_CONFIGURE);
}

static void rfc2563_2_2_an_offer_of_nothing(void **state)
{
	struct dhcp_client_options opt = usual_options();
	struct fixture f;
	uint64_t deadline;

	opt.auto_configure = true;
	begin_with(&f, &opt);
	play(&f, "s");
	deadline = f.c.deadline;
	assert_int_equal(offer_nothing(&f, DHCP_OPT_AUTO_CONFIGURE, "\1", 1), 0);
	assert_non_null(strstr(f.out.reason.rfc, "RFC 2563"));
	assert_false(f.c.no_auto_configure);
	assert_int_equal(play(&f, "Z"), 1);
	assert_true(f.c.no_auto_configure && f.c.state == DHCP_CLIENT_SELECTING);
	assert_true(f.c.deadline == deadline);	/* the DISCOVERs go on as if nothing had come */
	play(&f, "d");
	assert_true(f.c.no_auto_configure);
	play(&f, "o");				/* another server has an address after all */
	assert_int_equal(f.c.state, DHCP_CLIENT_REQUESTING);
	play(&f, "x");
	assert_false(f.c.no_auto_configure);	/* a new exchange, and perhaps a new network */

	begin(&f);				/* nobody said 116: an offer of no address is none */
	assert_int_equal(play(&f, "sZ"), 0);
	assert_null(strstr(f.out.reason.rfc, "RFC 2563"));
}

/* RFC 8925 section 3.3.1: one OFFER can say both. */
static void rfc8925_3_3_1_neither_ipv4_nor_an_address_of_ones_own(void **state)
{
	struct dhcp_client_options opt = usual_options();

	opt.request[opt.n_request++] = DHCP_OPT_IPV6_ONLY;
	opt.auto_configure = true;
	for (uint8_t may = 0; may < 2; may++) {
		struct fixture f;
		struct dhcp_message m;

		begin_with(&f, &opt);
		play(&f, "s");
		m = reply(&f, DHCP_OFFER, 0);
		put(&m, DHCP_OPT_IPV6_ONLY, "\0\0\7\10", 4);
		put(&m, DHCP_OPT_AUTO_CONFIGURE, &may, 1);
		assert_int_equal(receive(&f, &m), 1);
		assert_int_equal(f.c.state, DHCP_CLIENT_INIT);
		assert_int_equal(f.c.no_auto_configure, !may);
	}
}

/* An OFFER of @address by @server, without a promise of a nonce or with one. */
static int offer_of(struct fixture *f, uint32_t address, uint32_t server, bool nonce)
{
	struct dhcp_message m = reply(f, DHCP_OFFER, address);

	change32(&m, DHCP_OPT_SERVER_ID, server);
	if (nonce)
		put(&m, DHCP_OPT_FORCERENEW_NONCE, "\1", 1);
	return receive(f, &m);
}

static struct dhcp_client_options collecting(void)
{
	struct dhcp_client_options opt = usual_options();

	opt.collect = 3 * S;
	return opt;
}

static void rfc2131_4_4_1_offers_are_collected_and_the_first_is_taken(void **state)
{
	struct dhcp_client_options opt = collecting();
	struct dhcp_message m;
	struct fixture f;
	uint32_t xid;

	opt.force_renew = true;
	begin_with(&f, &opt);
	play(&f, "s");
	xid = f.c.xid;
	f.now += S;
	assert_int_equal(offer_of(&f, OURS, SERVER, true), 1);
	assert_int_equal(f.c.state, DHCP_CLIENT_SELECTING);
	assert_true(f.c.deadline == f.now + 3 * S);	/* and no DISCOVER before that */
	f.now += 2 * S;
	assert_int_equal(offer_of(&f, OURS + 1, OTHER_SERVER, false), 1);
	assert_int_equal(f.out.n, 0);
	assert_true(f.c.deadline == f.now + S);		/* others make it wait no longer */

	assert_int_equal(deadline_at(&f, 0), 1);
	assert_int_equal(f.c.state, DHCP_CLIENT_REQUESTING);
	m = sent(&f, 0);
	assert_int_equal(option32(&m, DHCP_OPT_REQUESTED_ADDRESS), OURS);
	assert_int_equal(option32(&m, DHCP_OPT_SERVER_ID), SERVER);
	assert_int_equal(m.xid, xid);
	assert_int_equal(m.secs, 0);		/* the DISCOVER's */
	assert_true(f.c.nonce_promised);	/* that of the offer taken, not of the last */
	play(&f, "K");
	assert_int_equal(f.c.state, DHCP_CLIENT_BOUND);
	/* a lease counts from its REQUEST, however long offers were collected */
	assert_true(f.c.expires == f.now + HOUR * S);
}

static void rfc2131_4_4_1_the_previous_address_is_preferred(void **state)
{
	struct dhcp_client_options opt = collecting();
	struct dhcp_message m;
	struct fixture f;

	begin_with(&f, &opt);
	play(&f, "sodars");			/* it had OURS, gave it back, and begins anew */
	assert_int_equal(f.c.state, DHCP_CLIENT_SELECTING);
	assert_int_equal(offer_of(&f, OURS + 1, OTHER_SERVER, true), 1);
	assert_int_equal(f.c.state, DHCP_CLIENT_SELECTING);
	assert_int_equal(offer_of(&f, OURS, SERVER, false), 1);
	assert_int_equal(f.c.state, DHCP_CLIENT_REQUESTING);	/* at once */
	m = sent(&f, 0);
	assert_int_equal(option32(&m, DHCP_OPT_REQUESTED_ADDRESS), OURS);
	assert_int_equal(option32(&m, DHCP_OPT_SERVER_ID), SERVER);
	assert_false(f.c.nonce_promised);

	opt.collect = 0;			/* the first wins, whatever it offers */
	begin_with(&f, &opt);
	play(&f, "soars");
	assert_int_equal(offer_of(&f, OURS + 1, OTHER_SERVER, false), 1);
	assert_int_equal(f.c.state, DHCP_CLIENT_REQUESTING);
}

/* What it has collected goes with the exchange, and bad offers are none. */
static void rfc2131_4_4_1_a_new_exchange_collects_anew(void **state)
{
	struct dhcp_client_options opt = collecting();
	struct fixture f;

	opt.max_attempts = 1;
	for (const char *again = "xl"; *again; again++) {
		begin_with(&f, &opt);
		assert_int_equal(play(&f, "s"), 1);
		assert_int_equal(offer_of(&f, 0, SERVER, false), 0);
		assert_int_equal(f.c.lease.address, 0);
		play(&f, "o");
		play_letter(&f, *again);
		assert_int_equal(f.c.lease.address, 0);
		play(&f, "d");			/* no offer: that was its last attempt */
		assert_int_equal(f.c.state, DHCP_CLIENT_STOPPED);
	}
	begin_with(&f, &opt);
	play(&f, "sod");			/* an offer is taken, whatever the attempts */
	assert_int_equal(f.c.state, DHCP_CLIENT_REQUESTING);
}

/* A conflict over an address that is only offered is nobody's business. */
static void an_offer_that_is_kept_is_no_lease(void **state)
{
	struct dhcp_client_options opt = collecting();
	struct fixture f;

	opt.conflict_probes = 3;
	begin_with(&f, &opt);
	play(&f, "so");
	assert_int_equal(conflict(&f, OURS), 0);
	assert_int_equal(play(&f, "t"), 1);
	assert_int_equal(f.out.n, 0);
	assert_int_equal(f.c.lease.address, 0);
}

static void rfc8925_3_2_who_did_not_ask_does_not_see_it(void **state)
{
	struct fixture f;

	begin(&f);
	play(&f, "sO");
	assert_int_equal(f.c.state, DHCP_CLIENT_REQUESTING);
}

/* An ACK in any other state than REBOOTING: the address goes on being used. */
static void rfc8925_3_2_a_lease_in_use_is_kept(void **state)
{
	struct dhcp_client_options opt = usual_options();
	struct fixture f;

	opt.request[opt.n_request++] = DHCP_OPT_IPV6_ONLY;
	begin_with(&f, &opt);
	play(&f, "soadX");
	assert_int_equal(f.c.state, DHCP_CLIENT_BOUND);
}

static void assert_fqdn(enum dhcp_fqdn how, const char *name, const char *value, size_t len)
{
	struct dhcp_client_options opt = usual_options();
	struct fixture f;

	opt.fqdn = how;
	memset(opt.host_name, 0, sizeof(opt.host_name));
	memcpy(opt.host_name, name, strlen(name));
	begin_with(&f, &opt);
	play(&f, "s");
	assert_has(&f, DHCP_OPT_FQDN, value, len);
	assert_lacks(&f, DHCP_OPT_HOST_NAME);
	play(&f, "o");
	/* RFC 4702 section 3: the same in all messages of an exchange */
	assert_has(&f, DHCP_OPT_FQDN, value, len);
}

static void rfc4702_2_1_the_flags_say_who_tells_the_dns(void **state)
{
	assert_fqdn(DHCP_FQDN_SERVER, "a.example", "\5\0\0\1a\7example\0", 14);
	assert_fqdn(DHCP_FQDN_CLIENT, "a.example", "\4\0\0\1a\7example\0", 14);
	assert_fqdn(DHCP_FQDN_NOBODY, "a.example", "\14\0\0\1a\7example\0", 14);
}

static void rfc4702_2_3_a_name_without_a_dot_is_a_part(void **state)
{
	assert_fqdn(DHCP_FQDN_SERVER, "host", "\5\0\0\4host", 8);
}

static void rfc4702_4_the_servers_word_is_told(void **state)
{
	static const struct {
		const char *flags, *why;
	} cases[] = {
		{ "\5", "as asked" }, { "\7", "unasked" }, { "\6", "leaves it to us" },
		{ "\4", "we may" }, { "\14", "nothing" },
	};
	struct dhcp_client_options opt = usual_options();

	opt.fqdn = DHCP_FQDN_SERVER;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		uint8_t value[4] = { (uint8_t)cases[i].flags[0] };
		struct fixture f;

		begin_with(&f, &opt);
		play(&f, "so");
		assert_int_equal(answer_with(&f, DHCP_ACK, DHCP_OPT_FQDN, value, 4), 1);
		assert_int_equal(f.out.action[0].type, DHCP_ACTION_NOTE);
		if (!strstr(f.out.action[0].note.reason.why, cases[i].why))
			fail_msg("%s", f.out.action[0].note.reason.why);
		play(&f, "da");
		assert_int_equal(f.out.action[0].type, DHCP_ACTION_CONFIGURE);	/* once */
	}
}

/* T1 behind T2, no word about the name, and routes without end: all is told, and it has room. */
static void an_ack_that_is_odd_in_every_way_is_told_of(void **state)
{
	struct dhcp_client_options opt = usual_options();
	struct dhcp_message m;
	struct fixture f;
	uint8_t routes[5 * (DHCP_ROUTES_MAX + 1)];
	unsigned int notes = 0;

	for (size_t i = 0; i < sizeof(routes); i += 5)
		memcpy(routes + i, "\x00\x0a\x00\x00\x01", 5);
	opt.fqdn = DHCP_FQDN_SERVER;
	begin_with(&f, &opt);
	play(&f, "so");
	m = reply(&f, DHCP_ACK, OURS);
	put(&m, DHCP_OPT_CLASSLESS_ROUTES, routes, sizeof(routes));
	put32(&m, DHCP_OPT_T1, 3599);
	put32(&m, DHCP_OPT_T2, 3598);
	assert_int_equal(receive(&f, &m), 1);
	for (unsigned int i = 0; i < f.out.n; i++)
		notes += f.out.action[i].type == DHCP_ACTION_NOTE;
	assert_int_equal(notes, 3);
	assert_int_equal(f.out.action[f.out.n - 1].type, DHCP_ACTION_CONFIGURE);
	play(&f, "da");
	assert_int_equal(f.out.action[0].type, DHCP_ACTION_CONFIGURE);	/* once */
}

/* Of both, in an ACK: @value is option 81's; @want is the host's name then. */
static void assert_name(const char *value, size_t len, const char *want)
{
	struct dhcp_message m;
	struct fixture f;

	begin(&f);
	play(&f, "so");
	m = reply(&f, DHCP_ACK, OURS);
	if (want[0])
		put(&m, DHCP_OPT_HOST_NAME, "short", 5);
	put(&m, DHCP_OPT_FQDN, value, len);
	assert_int_equal(receive(&f, &m), 1);
	assert_string_equal(f.c.lease.host_name, want);
}

static void rfc4702_3_1_the_full_name_is_preferred(void **state)
{
	static const char longest[] = "\4\0\0\77"
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

	assert_name("\4\0\0\1a\7example\0", 14, "a.example");
	assert_name("\4\0\0\1a\7example", 13, "a.example");
	assert_name("\0\0\0a.example", 12, "short");		/* the encoding of old */
	assert_name("\4\0\0", 3, "short");			/* no name */
	assert_name("\4\0\0\3a;b\0", 8, "short");
	assert_name("\4\0\0\7a", 5, "short");
	assert_name(longest, 67, longest + 4);
	assert_name("\4\0\0\1a\77"
		    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 69, "short");
	assert_name("\4\0\0\1a\7example\0", 14, "");	/* nobody said what the host's is */
}

/* A client without a name says none, by whatever option. */
static void who_has_no_name_sends_none(void **state)
{
	for (int fqdn = DHCP_FQDN_NO; fqdn <= DHCP_FQDN_SERVER; fqdn++) {
		struct dhcp_client_options opt = usual_options();
		struct fixture f;

		opt.host_name[0] = '\0';
		opt.fqdn = (enum dhcp_fqdn)fqdn;
		begin_with(&f, &opt);
		play(&f, "s");
		f.msg = sent(&f, 0);
		for (unsigned int i = 0; i < f.msg.n_fields; i++)
			assert_true(f.msg.fields[i].code != DHCP_OPT_HOST_NAME &&
				    f.msg.fields[i].code != DHCP_OPT_FQDN);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rfc4702_2_1_the_flags_say_who_tells_the_dns),
		cmocka_unit_test(rfc4702_2_3_a_name_without_a_dot_is_a_part),
		cmocka_unit_test(rfc4702_4_the_servers_word_is_told),
		cmocka_unit_test(rfc4702_3_1_the_full_name_is_preferred),
		cmocka_unit_test(an_ack_that_is_odd_in_every_way_is_told_of),
		cmocka_unit_test(who_has_no_name_sends_none),
		cmocka_unit_test(rfc2131_table_5_options_of_ones_own),
		cmocka_unit_test(options_that_are_broken_or_the_clients_own_are_refused),
		cmocka_unit_test(a_list_of_servers_keeps_others_out),
		cmocka_unit_test(every_server_on_the_list_counts),
		cmocka_unit_test(the_last_attempt_ends_the_client),
		cmocka_unit_test(rfc4039_3_1_two_messages_are_enough),
		cmocka_unit_test(rfc4039_3_1_only_who_asked_and_is_told),
		cmocka_unit_test(rfc4039_only_the_first_discover_asks),
		cmocka_unit_test(rfc8925_3_2_a_client_that_needs_no_ipv4_waits),
		cmocka_unit_test(rfc8925_3_3_an_offer_of_0_0_0_0_is_one),
		cmocka_unit_test(rfc2563_2_2_who_makes_addresses_up_says_so),
		cmocka_unit_test(rfc2563_2_2_an_offer_of_nothing),
		cmocka_unit_test(rfc8925_3_3_1_neither_ipv4_nor_an_address_of_ones_own),
		cmocka_unit_test(rfc2131_4_4_1_offers_are_collected_and_the_first_is_taken),
		cmocka_unit_test(rfc2131_4_4_1_the_previous_address_is_preferred),
		cmocka_unit_test(rfc2131_4_4_1_a_new_exchange_collects_anew),
		cmocka_unit_test(an_offer_that_is_kept_is_no_lease),
		cmocka_unit_test(rfc8925_3_2_who_did_not_ask_does_not_see_it),
		cmocka_unit_test(rfc8925_3_2_a_lease_in_use_is_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
