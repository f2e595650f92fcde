/* SPDX-License-Identifier: MIT */
/* test_server_force_renew.c - nonces in ACKs, and FORCERENEWs signed with them (RFC 6704). */
#include "server_fixture.h"

#include "dhcp/auth.h"

static struct dhcp_server_options forcing(void)
{
	struct dhcp_server_options opt = usual_options();

	opt.force_renew = true;
	return opt;
}

/* The nonce of the last reply; false: it has none. */
static bool nonce_of(const struct lab *lab, struct auth *ret)
{
	size_t len;
	const uint8_t *value = dhcp_message_get(&lab->reply, DHCP_OPT_AUTHENTICATION, &len);

	if (!value)
		return false;
	assert_int_equal(len, AUTH_LEN);
	assert_int_equal(auth_read(value, len, ret), 0);
	assert_int_equal(ret->type, AUTH_NONCE);
	return true;
}

static int renew(struct lab *lab, uint16_t client, uint32_t address, uint32_t dst)
{
	struct ask a = {
		.type = DHCP_REQUEST, .client = client, .ciaddr = address, .dst_ip = dst,
	};

	return lab_ask(lab, &a);
}

static void test_offer_says_what_the_server_can_rfc6704_s3_1_3(void **state)
{
	struct dhcp_server_options opt = forcing();
	struct ask a = { .type = DHCP_DISCOVER, .client = 1, .can_force = true };
	const uint8_t *can;
	struct lab lab;
	size_t len;

	lab_start(&lab, &opt);
	assert_int_equal(lab_ask(&lab, &a), DHCP_OFFER);
	can = dhcp_message_get(&lab.reply, DHCP_OPT_FORCERENEW_NONCE, &len);
	assert_non_null(can);
	assert_int_equal(len, 1);
	assert_int_equal(can[0], AUTH_HMAC_MD5);
	assert_false(dhcp_message_has(&lab.reply, DHCP_OPT_AUTHENTICATION));

	/* not to those who can not: without option 145, or with other algorithms */
	a.can_force = false;
	assert_int_equal(lab_ask(&lab, &a), DHCP_OFFER);
	assert_false(dhcp_message_has(&lab.reply, DHCP_OPT_FORCERENEW_NONCE));
	a.code = DHCP_OPT_FORCERENEW_NONCE;
	a.value = "\2\3";
	a.n_value = 2;
	assert_int_equal(lab_ask(&lab, &a), DHCP_OFFER);
	assert_false(dhcp_message_has(&lab.reply, DHCP_OPT_FORCERENEW_NONCE));
	a.value = "\2\1";
	assert_int_equal(lab_ask(&lab, &a), DHCP_OFFER);
	assert_true(dhcp_message_has(&lab.reply, DHCP_OPT_FORCERENEW_NONCE));
	lab_end(&lab);

	/* an OFFER of no address (RFC 2563) leads to no lease */
	opt.first = opt.last = 0;
	opt.no_auto_configure = true;
	a.auto_configure = true;
	lab_start(&lab, &opt);
	assert_int_equal(lab_ask(&lab, &a), DHCP_OFFER);
	assert_int_equal(lab.reply.yiaddr, 0);
	assert_false(dhcp_message_has(&lab.reply, DHCP_OPT_FORCERENEW_NONCE));
	lab_end(&lab);

	opt = usual_options();
	lab_start(&lab, &opt);
	assert_int_equal(lab_ask(&lab, &a), DHCP_OFFER);
	assert_false(dhcp_message_has(&lab.reply, DHCP_OPT_FORCERENEW_NONCE));
	lab_end(&lab);
}

static void test_ack_brings_a_nonce_rfc6704_s3_1_3(void **state)
{
	struct dhcp_server_options opt = forcing();
	struct auth first, second;
	struct lab lab;

	lab_start(&lab, &opt);
	lab.can_force = true;
	(void)lab_bind(&lab, 1);
	assert_true(nonce_of(&lab, &first));
	(void)lab_bind(&lab, 2);
	assert_true(nonce_of(&lab, &second));
	assert_memory_not_equal(first.value, second.value, AUTH_VALUE_LEN);
	lab.can_force = false;
	(void)lab_bind(&lab, 3);
	assert_false(nonce_of(&lab, &first));
	lab_end(&lab);

	opt.force_renew = false;
	lab_start(&lab, &opt);
	lab.can_force = true;
	(void)lab_bind(&lab, 1);
	assert_false(nonce_of(&lab, &first));
	lab_end(&lab);
}

/* Another seed, another nonce: who knows all but the seed can not tell it. */
static void test_nonce_follows_from_the_seed_rfc6704_s3_1_3(void **state)
{
	struct dhcp_server_options opt = forcing();
	struct auth nonce[3];
	struct lab lab;

	for (size_t i = 0; i < ARRAY_SIZE(nonce); i++) {
		opt.first = opt.last = NET + 9;
		opt.seed = i ? 0x700000007u : 7;
		lab_start(&lab, &opt);
		lab.can_force = true;
		assert_int_equal(lab_bind(&lab, 1), NET + 9);
		assert_true(nonce_of(&lab, &nonce[i]));
		lab_end(&lab);
	}
	assert_memory_not_equal(nonce[0].value, nonce[1].value, AUTH_VALUE_LEN);
	assert_memory_equal(nonce[1].value, nonce[2].value, AUTH_VALUE_LEN);
}

/* A renewal brings one only to who has none; who begins anew, or rebinds, gets a new one. */
static void test_when_a_nonce_is_new_rfc6704_s3_1_3(void **state)
{
	struct dhcp_server_options opt = forcing();
	struct auth first, next;
	struct lab lab;
	uint32_t address;

	lab_start(&lab, &opt);
	lab.can_force = true;
	address = lab_bind(&lab, 1);
	assert_true(nonce_of(&lab, &first));
	lab.now += DHCP_SECOND;
	assert_int_equal(renew(&lab, 1, address, SERVER), DHCP_ACK);
	assert_false(nonce_of(&lab, &next));
	assert_memory_equal(dhcp_server_binding_more(lab.s, 0)->nonce, first.value, AUTH_VALUE_LEN);
	assert_int_equal(renew(&lab, 1, address, IP4_BROADCAST), DHCP_ACK);
	assert_true(nonce_of(&lab, &next));
	assert_memory_not_equal(next.value, first.value, AUTH_VALUE_LEN);
	assert_true(next.replay > first.replay);
	lab.now += DHCP_SECOND;
	assert_int_equal(lab_bind(&lab, 1), address);
	assert_true(nonce_of(&lab, &first));
	assert_memory_not_equal(next.value, first.value, AUTH_VALUE_LEN);

	/* who has not heard of it so far */
	lab.can_force = false;
	address = lab_bind(&lab, 2);
	lab.can_force = true;
	assert_int_equal(renew(&lab, 2, address, SERVER), DHCP_ACK);
	assert_true(nonce_of(&lab, &next));
	lab_end(&lab);
}

static void test_force_renew_is_signed_rfc6704_s3_1_3(void **state)
{
	struct dhcp_server_options opt = forcing();
	const struct dhcp_send *sent;
	struct auth nonce, digest;
	struct lab lab;
	uint32_t address;
	size_t len;

	lab_start(&lab, &opt);
	lab.can_force = true;
	address = lab_bind(&lab, 1);
	assert_true(nonce_of(&lab, &nonce));
	lab.now += DHCP_SECOND;
	assert_int_equal(lab_force_renew(&lab, address), 1);
	sent = lab_sent(&lab);
	assert_int_equal(sent->type, DHCP_FORCERENEW);
	assert_int_equal(lab.reply.type, DHCP_FORCERENEW);
	assert_int_equal(lab.reply.op, DHCP_OP_REPLY);
	assert_int_equal(lab.reply.chaddr[5], 1);
	assert_int_equal(lab.reply.ciaddr, address);
	assert_int_equal(reply_u32(&lab, DHCP_OPT_SERVER_ID), SERVER);
	/* RFC 3203 section 2: unicast, to its address */
	assert_int_equal(sent->dst_ip, address);
	assert_int_equal(sent->dst_port, DHCP_CLIENT_PORT);
	assert_int_equal(sent->src_ip, SERVER);
	assert_false(sent->to_mac);

	assert_true(auth_is_genuine(sent->data, sent->len, nonce.value));
	nonce.value[0] ^= 1;
	assert_false(auth_is_genuine(sent->data, sent->len, nonce.value));
	assert_int_equal(auth_read(dhcp_message_get(&lab.reply, DHCP_OPT_AUTHENTICATION, &len),
				   AUTH_LEN, &digest), 0);
	assert_int_equal(digest.type, AUTH_DIGEST);
	assert_true(digest.replay > nonce.replay);
	assert_int_equal(lab_binding(&lab, address)->state, DHCP_BINDING_ACTIVE);

	/* again, later: no replay */
	nonce.replay = digest.replay;
	lab.now += 1;
	assert_int_equal(lab_force_renew(&lab, address), 1);
	assert_int_equal(auth_read(dhcp_message_get(&lab.reply, DHCP_OPT_AUTHENTICATION, &len),
				   AUTH_LEN, &digest), 0);
	assert_true(digest.replay > nonce.replay);
	lab_end(&lab);
}

static void test_who_can_not_be_forced_rfc6704_s3_1_3(void **state)
{
	struct dhcp_server_options opt = forcing();
	struct lab lab;
	uint32_t address;

	lab_start(&lab, &opt);
	lab.can_force = true;
	assert_int_equal(lab_force_renew(&lab, lab_offer(&lab, 2)), 0);
	assert_int_equal(lab_force_renew(&lab, NET + 200), 0);
	address = lab_bind(&lab, 1);

	/* RFC 6704: the client is another program now, one that knows nothing of it */
	lab.can_force = false;
	assert_int_equal(renew(&lab, 1, address, SERVER), DHCP_ACK);
	assert_int_equal(lab_force_renew(&lab, address), 0);
	assert_non_null(strstr(lab.out.reason.why, "no nonce"));
	lab.can_force = true;
	assert_int_equal(lab_bind(&lab, 1), address);
	assert_int_equal(lab_force_renew(&lab, address), 1);
	(void)lab_release(&lab, 1, address);
	assert_int_equal(lab_force_renew(&lab, address), 0);
	lab_end(&lab);
}

/* Section 3.1.3: the server records it. On record it outlives a crash. */
static void test_nonce_is_on_record_rfc6704_s3_1_3(void **state)
{
	struct dhcp_server_options opt = forcing();
	struct auth nonce;
	struct lab lab;
	uint32_t address;

	lab_start(&lab, &opt);
	lab.can_force = true;
	address = lab_bind(&lab, 1);
	assert_true(nonce_of(&lab, &nonce));
	lab_restart(&lab, true);
	lab.now += DHCP_SECOND;
	assert_int_equal(lab_force_renew(&lab, address), 1);
	assert_true(auth_is_genuine(lab_sent(&lab)->data, lab_sent(&lab)->len, nonce.value));

	/* what is on record holds, also where that is nothing; what is no record is refused */
	assert_int_equal(dhcp_server_restore(lab.s, &lab.record[0], NULL, lab.now), 0);
	assert_int_equal(lab_force_renew(&lab, address), 0);
	lab.more[0].vendor_len = sizeof(lab.more[0].vendor) + 1;
	assert_int_equal(dhcp_server_restore(lab.s, &lab.record[0], &lab.more[0], lab.now),
			 -EINVAL);
	lab_restart(&lab, false);
	assert_int_equal(lab_force_renew(&lab, address), 0);
	lab_end(&lab);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_offer_says_what_the_server_can_rfc6704_s3_1_3),
		cmocka_unit_test(test_ack_brings_a_nonce_rfc6704_s3_1_3),
		cmocka_unit_test(test_nonce_follows_from_the_seed_rfc6704_s3_1_3),
		cmocka_unit_test(test_when_a_nonce_is_new_rfc6704_s3_1_3),
		cmocka_unit_test(test_force_renew_is_signed_rfc6704_s3_1_3),
		cmocka_unit_test(test_who_can_not_be_forced_rfc6704_s3_1_3),
		cmocka_unit_test(test_nonce_is_on_record_rfc6704_s3_1_3),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
