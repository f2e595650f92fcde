/* SPDX-License-Identifier: MIT */
/* FORCERENEW (RFC 3203), which counts only when it was signed (RFC 6704). */
#include "client_fixture.h"

static void begin_bound(struct fixture *f)
{
	struct dhcp_client_options opt = usual_options();

	opt.force_renew = true;
	begin_with(f, &opt);
	play(f, "soK");
	assert_int_equal(f->c.state, DHCP_CLIENT_BOUND);
}

static void assert_refused(struct fixture *f, int r, const char *why)
{
	assert_int_equal(r, 0);
	if (!strstr(f->out.reason.why, why))
		fail_msg("refused because %s", f->out.reason.why);
	assert_int_equal(f->c.state, DHCP_CLIENT_BOUND);
}

static void rfc3203_2_2_a_signed_forcerenew_renews(void **state)
{
	struct dhcp_message m;
	struct fixture f;

	begin_bound(&f);
	assert_int_equal(force_renew(&f, 2, usual_nonce, OURS), 1);
	assert_int_equal(f.c.state, DHCP_CLIENT_RENEWING);
	m = sent(&f, 0);
	assert_int_equal(m.type, DHCP_REQUEST);
	assert_int_equal(m.ciaddr, OURS);
	assert_int_equal(f.out.action[0].send.dst_ip, SERVER);
	play(&f, "a");
	assert_int_equal(f.c.state, DHCP_CLIENT_BOUND);
	/* RFC 6704 section 3.1.3: a renewal's ACK has no nonce, and the old one stays. */
	assert_int_equal(force_renew(&f, 3, usual_nonce, OURS), 1);
}

static void rfc6704_3_1_4_another_nonce_is_refused(void **state)
{
	uint8_t other[AUTH_VALUE_LEN] = "sixteen bytes .";
	struct fixture f;

	begin_bound(&f);
	assert_refused(&f, force_renew(&f, 2, other, OURS), "not signed with our nonce");
}

static void rfc3118_2_a_replay_is_refused(void **state)
{
	struct fixture f;

	begin_bound(&f);
	assert_refused(&f, force_renew(&f, 1, usual_nonce, OURS), "replay");
	assert_int_equal(force_renew(&f, 5, usual_nonce, OURS), 1);
	assert_int_equal(force_renew(&f, 5, usual_nonce, OURS), 0);
	/* Also one that came while the client was renewing, or rebinding. */
	assert_int_equal(force_renew(&f, 6, usual_nonce, OURS), 1);
	assert_int_equal(force_renew(&f, 6, usual_nonce, OURS), 0);
	play(&f, "2");
	assert_int_equal(f.c.state, DHCP_CLIENT_REBINDING);
	assert_int_equal(force_renew(&f, 7, usual_nonce, OURS), 1);
	assert_int_equal(force_renew(&f, 7, usual_nonce, OURS), 0);
	play(&f, "a");
	assert_refused(&f, force_renew(&f, 5, usual_nonce, OURS), "replay");
	assert_refused(&f, force_renew(&f, 7, usual_nonce, OURS), "replay");
	assert_int_equal(force_renew(&f, UINT64_MAX, usual_nonce, OURS), 1);
}

static void rfc3203_2_2_one_to_many_is_discarded(void **state)
{
	struct fixture f;

	begin_bound(&f);
	assert_refused(&f, force_renew(&f, 2, usual_nonce, IP(255, 255, 255, 255)), "more than one");
	assert_refused(&f, force_renew(&f, 2, usual_nonce, IP(224, 0, 0, 1)), "more than one");
	assert_refused(&f, force_renew(&f, 2, usual_nonce, IP(10, 0, 0, 255)), "more than one");
}

static void rfc3203_6_without_authentication_it_is_refused(void **state)
{
	struct auth nonce = { .type = AUTH_NONCE, .replay = 9 };
	uint8_t value[AUTH_LEN];
	struct dhcp_message m;
	struct fixture f;

	begin_bound(&f);
	m = reply(&f, DHCP_FORCERENEW, OURS);
	assert_refused(&f, receive(&f, &m), "without authentication");
	put(&m, DHCP_OPT_AUTHENTICATION, "\3\1\0", 3);
	assert_refused(&f, receive(&f, &m), "without authentication");

	/* a nonce is no signature (RFC 6704 section 3.1.2) */
	m = reply(&f, DHCP_FORCERENEW, OURS);
	auth_write(&nonce, value);
	put(&m, DHCP_OPT_AUTHENTICATION, value, sizeof(value));
	assert_refused(&f, receive(&f, &m), "without authentication");
}

/* A client that has not asked for it has no nonce, whatever a server sends. */
static void rfc6704_3_1_4_without_a_nonce_it_is_refused(void **state)
{
	struct fixture f;

	begin(&f);
	play(&f, "soK");
	assert_refused(&f, force_renew(&f, 2, usual_nonce, OURS), "no server gave us a nonce");
}

static void rfc6704_3_1_4_discover_and_request_say_145(void **state)
{
	struct dhcp_client_options opt = usual_options();
	struct dhcp_message m;
	struct fixture f;

	opt.force_renew = true;
	begin_with(&f, &opt);
	for (const char *p = "so"; *p; p++) {
		size_t len;
		const uint8_t *value;

		play_letter(&f, *p);
		m = sent(&f, 0);
		value = dhcp_message_get(&m, DHCP_OPT_FORCERENEW_NONCE, &len);
		assert_non_null(value);
		assert_int_equal(len, 1);
		assert_int_equal(value[0], AUTH_HMAC_MD5);
	}
	play(&f, "Kr");
	m = sent(&f, 0);
	assert_false(dhcp_message_has(&m, DHCP_OPT_FORCERENEW_NONCE));

	begin(&f);		/* and only who would obey says it */
	for (const char *p = "so"; *p; p++) {
		play_letter(&f, *p);
		m = sent(&f, 0);
		assert_false(dhcp_message_has(&m, DHCP_OPT_FORCERENEW_NONCE));
	}
}

/* "from any valid ACK": that to an INFORM is one, too. */
static void rfc6704_3_1_4_a_nonce_is_taken_from_any_ack(void **state)
{
	static const char *const ways[] = { "", "di", "dw", "2" };

	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		uint8_t other[AUTH_VALUE_LEN] = "sixteen bytes .", value[AUTH_LEN];
		struct auth a = { .type = AUTH_NONCE, .replay = 7 };
		struct dhcp_message m;
		struct fixture f;

		begin_bound(&f);
		play(&f, i == 0 ? "i" : ways[i]);
		m = reply(&f, DHCP_ACK, i < 2 ? 0 : OURS);
		memcpy(a.value, other, sizeof(a.value));
		auth_write(&a, value);
		put(&m, DHCP_OPT_AUTHENTICATION, value, sizeof(value));
		assert_int_equal(receive(&f, &m), 1);
		assert_int_equal(force_renew(&f, 8, usual_nonce, OURS), 0);
		assert_int_equal(force_renew(&f, 7, other, OURS), 0);	/* a replay */
		assert_int_equal(force_renew(&f, 8, other, OURS), 1);
	}
}

static void rfc6704_3_1_4_a_promised_nonce_must_come(void **state)
{
	struct dhcp_client_options opt = usual_options();
	struct fixture f;

	opt.force_renew = true;
	begin_with(&f, &opt);
	play(&f, "sNa");
	assert_int_equal(f.c.state, DHCP_CLIENT_INIT);
	assert_int_equal(f.c.configured, false);
	assert_true(f.c.deadline > f.now);	/* with a pause */
	play(&f, "dNK");
	assert_int_equal(f.c.state, DHCP_CLIENT_BOUND);
}

/* Nor does a digest in a renewal's ACK take its place. */
static void rfc6704_3_1_4_what_is_no_nonce_leaves_the_old(void **state)
{
	struct auth a = { .type = AUTH_DIGEST, .replay = 9 };
	uint8_t value[AUTH_LEN];
	struct fixture f;

	begin_bound(&f);
	play(&f, "d");
	auth_write(&a, value);
	answer_with(&f, DHCP_ACK, DHCP_OPT_AUTHENTICATION, value, sizeof(value));
	assert_int_equal(f.c.state, DHCP_CLIENT_BOUND);
	assert_int_equal(force_renew(&f, 2, usual_nonce, OURS), 1);
}

/* It goes with its lease. */
static void rfc6704_3_1_4_the_nonce_of_an_old_lease_is_none(void **state)
{
	struct fixture f;

	begin_bound(&f);
	play(&f, "rsoa");
	assert_refused(&f, force_renew(&f, 2, usual_nonce, OURS), "no server gave us a nonce");
}

/* A digest is none. */
static void rfc6704_3_1_4_a_promised_nonce_must_be_one(void **state)
{
	struct dhcp_client_options opt = usual_options();
	struct auth a = { .type = AUTH_DIGEST, .replay = 1 };
	uint8_t value[AUTH_LEN];
	struct fixture f;

	opt.force_renew = true;
	begin_with(&f, &opt);
	play(&f, "sN");
	auth_write(&a, value);
	answer_with(&f, DHCP_ACK, DHCP_OPT_AUTHENTICATION, value, sizeof(value));
	assert_int_equal(f.c.state, DHCP_CLIENT_INIT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rfc3203_2_2_a_signed_forcerenew_renews),
		cmocka_unit_test(rfc6704_3_1_4_another_nonce_is_refused),
		cmocka_unit_test(rfc3118_2_a_replay_is_refused),
		cmocka_unit_test(rfc3203_2_2_one_to_many_is_discarded),
		cmocka_unit_test(rfc3203_6_without_authentication_it_is_refused),
		cmocka_unit_test(rfc6704_3_1_4_without_a_nonce_it_is_refused),
		cmocka_unit_test(rfc6704_3_1_4_discover_and_request_say_145),
		cmocka_unit_test(rfc6704_3_1_4_a_promised_nonce_must_come),
		cmocka_unit_test(rfc6704_3_1_4_a_promised_nonce_must_be_one),
		cmocka_unit_test(rfc6704_3_1_4_a_nonce_is_taken_from_any_ack),
		cmocka_unit_test(rfc6704_3_1_4_what_is_no_nonce_leaves_the_old),
		cmocka_unit_test(rfc6704_3_1_4_the_nonce_of_an_old_lease_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
