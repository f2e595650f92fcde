/* SPDX-License-Identifier: MIT */
/* test_server_pool.c - who gets which address, for how long, and under load. */
#include "base/prng.h"

#include "server_fixture.h"

static uint32_t ask_for_address(struct lab *lab, uint16_t client, uint32_t requested)
{
	struct ask a = { .type = DHCP_DISCOVER, .client = client, .requested = requested };

	return lab_ask(lab, &a) == DHCP_OFFER ? lab->reply.yiaddr : 0;
}

static struct dhcp_server_options small_pool(uint32_t first, uint32_t last)
{
	struct dhcp_server_options opt = usual_options();

	opt.first = first;
	opt.last = last;
	return opt;
}

/* ---- the choice, in the order of section 4.3.1 ---- */

static void test_order_of_choice_rfc2131_s4_3_1(void **state)
{
	struct dhcp_server_options opt = usual_options();
	uint32_t address;
	struct lab lab;

	lab_start(&lab, &opt);
	assert_int_equal(ask_for_address(&lab, 1, NET + 77), NET + 77);
	assert_string_equal(lab.out.reason.why, "the address it asked for is free");
	assert_int_equal(ask_for_address(&lab, 1, NET + 78), NET + 77);
	assert_string_equal(lab.out.reason.why,
			    "the address that is on offer to it: the same again");
	assert_int_equal(lab_select(&lab, 1, NET + 77), DHCP_ACK);
	assert_int_equal(ask_for_address(&lab, 1, NET + 78), NET + 77);
	assert_string_equal(lab.out.reason.why, "the address it holds already");
	assert_int_equal(lab_release(&lab, 1, NET + 77), 1);
	assert_int_equal(ask_for_address(&lab, 1, NET + 78), NET + 77);
	assert_string_equal(lab.out.reason.why, "its address of before, still free");
	address = ask_for_address(&lab, 2, NET + 77);
	assert_int_not_equal(address, NET + 77);
	assert_string_equal(lab.out.reason.why, "a new address from the pool");
	lab_end(&lab);
}

static void test_new_address_is_the_same_for_the_same_client_and_seed(void **state)
{
	struct dhcp_server_options opt = usual_options();
	uint32_t first[3];
	struct lab lab;

	for (int i = 0; i < 3; i++) {
		opt.seed = i < 2 ? 7 : 8;
		lab_start(&lab, &opt);
		first[i] = ask_for_address(&lab, 1, 0);
		lab_end(&lab);
	}
	assert_int_equal(first[0], first[1]);
	assert_int_not_equal(first[0], first[2]);
}

static void test_unusable_addresses_are_never_given_rfc2131_s4_3_1(void **state)
{
	static const uint32_t bad[] = { SERVER, NET, NET + 255, NET + 256, 0xc0a80105, 0xffffffff };
	struct dhcp_server_options opt = small_pool(NET, NET + 255);
	struct dhcp_pool_count count;
	struct lab lab;

	lab_start(&lab, &opt);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_int_not_equal(ask_for_address(&lab, (uint16_t)(i + 1), bad[i]), bad[i]);
	for (uint16_t c = 1; c <= 253; c++) {
		uint32_t address = ask_for_address(&lab, c, 0);

		assert_true(address > SERVER && address < NET + 255);
	}
	assert_int_equal(ask_for_address(&lab, 254, 0), 0);
	assert_string_equal(lab.out.reason.why, "the pool is full");
	assert_true(dhcp_server_count(lab.s, 0, lab.now, &count));
	assert_int_equal(count.size, 253);
	assert_int_equal(count.leased, 253);
	assert_int_equal(count.free, 0);
	lab_end(&lab);
}

static void test_identity_is_61_or_the_hardware_address_rfc2131_s4_2(void **state)
{
	struct dhcp_server_options opt = usual_options();
	struct ask a = { .type = DHCP_DISCOVER, .client = 1, .id = "one" };
	uint32_t one, two, none;
	struct lab lab;

	lab_start(&lab, &opt);
	assert_int_equal(lab_ask(&lab, &a), DHCP_OFFER);
	one = lab.reply.yiaddr;
	a.client = 2;		/* one identifier from two interfaces: one client */
	assert_int_equal(lab_ask(&lab, &a), DHCP_OFFER);
	assert_int_equal(lab.reply.yiaddr, one);
	a.id = "two";		/* two from one interface: two */
	assert_int_equal(lab_ask(&lab, &a), DHCP_OFFER);
	two = lab.reply.yiaddr;
	a.id = NULL;
	assert_int_equal(lab_ask(&lab, &a), DHCP_OFFER);
	none = lab.reply.yiaddr;
	assert_true(one != two && two != none && one != none);
	lab_end(&lab);
}

static void test_host_name_is_kept_only_if_it_is_one_rfc1123_s2_1(void **state)
{
	struct dhcp_server_options opt = usual_options();
	struct ask a = { .type = DHCP_DISCOVER, .client = 1 };
	static const char *const good[] = { "host-1.lab", "az.AZ-09", "a" };
	static const char *const bad[] = {
		"x;reboot", "a b", "../x", "-a", ".a", ".", "h\303\266st", "a@", "a[", "a`", "a{", "a:",
		"$a",
		/* longer than what is kept: no half of a name */
		"a234567890123456789012345678901234567890123456789012345678901234",
	};
	const char *last = good[ARRAY_SIZE(good) - 1];
	struct lab lab;

	lab_start(&lab, &opt);
	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		a.name = good[i];
		assert_int_equal(lab_ask(&lab, &a), DHCP_OFFER);
		assert_string_equal(lab_binding(&lab, lab.reply.yiaddr)->host_name, good[i]);
	}
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		a.client = (uint16_t)(2 + i);
		a.name = bad[i];
		assert_int_equal(lab_ask(&lab, &a), DHCP_OFFER);
		assert_string_equal(lab_binding(&lab, lab.reply.yiaddr)->host_name, "");
	}

	/* A full name without one (RFC 4702 section 2.3) leaves what is known. */
	a = (struct ask){ .type = DHCP_DISCOVER, .client = 1, .fqdn = "\4\0\0", .n_fqdn = 3 };
	assert_int_equal(lab_ask(&lab, &a), DHCP_OFFER);
	assert_string_equal(lab_binding(&lab, lab.reply.yiaddr)->host_name, last);
	a.fqdn = "\4\0\0\7a";		/* nor does a broken one */
	a.n_fqdn = 5;
	assert_int_equal(lab_ask(&lab, &a), DHCP_OFFER);
	assert_string_equal(lab_binding(&lab, lab.reply.yiaddr)->host_name, last);
	a.n_fqdn = 3;
	a.fqdn = "\0\0\0";
	assert_int_equal(lab_ask(&lab, &a), DHCP_OFFER);
	assert_string_equal(lab_binding(&lab, lab.reply.yiaddr)->host_name, last);
	lab_end(&lab);
}

static void test_trailing_nuls_are_no_part_of_a_name_rfc2132_s2(void **state)
{
	struct dhcp_server_options opt = usual_options();
	struct ask a = { .type = DHCP_DISCOVER, .client = 1, .name = "hostxx" };
	struct dhcp_message m;
	struct dhcp_event ev = {
		.type = DHCP_EVENT_RX, .rx = { .msg = &m, .dst_ip = IP4_BROADCAST },
	};
	struct lab lab;

	lab_start(&lab, &opt);
	ev.now = lab.now;
	build_ask(&a, &m);
	memset(m.data + m.fields[m.n_fields - 1].off + 4, 0, 2);
	assert_int_equal(lab_step(&lab, &ev), 1);
	assert_string_equal(lab_binding(&lab, lab.reply.yiaddr)->host_name, "host");
	lab_end(&lab);
}

/* A client that leaves one quarantined address after the other leaves nothing else behind. */
static void test_declines_without_end_rfc2131_s4_3_3(void **state)
{
	struct dhcp_server_options opt = usual_options();
	struct lab lab;

	opt.max_bindings = 4;
	opt.decline_sec = 10;
	lab_start(&lab, &opt);
	for (int i = 0; i < 100; i++) {
		assert_int_equal(lab_decline(&lab, 1, lab_bind(&lab, 1)), 1);
		(void)lab_bind(&lab, 1);
		assert_int_equal(lab_deadline(&lab, 10), 1);
		assert_non_null(dhcp_server_binding(lab.s, 0));
		assert_null(dhcp_server_binding(lab.s, 1));
	}
	lab_end(&lab);
}

/* What is over is over, even if nobody has sent DEADLINE yet. */
static void test_a_lapsed_offer_is_free_at_its_time_rfc2131_s4_3_2(void **state)
{
	struct dhcp_server_options opt = usual_options();
	uint32_t address;
	struct lab lab;

	lab_start(&lab, &opt);
	address = lab_offer(&lab, 1);
	lab.now += opt.offer_sec * DHCP_SECOND - 1;
	assert_int_equal(lab_select(&lab, 2, address), DHCP_NAK);
	lab.now += 1;
	assert_int_equal(lab_select(&lab, 2, address), DHCP_ACK);
	lab_end(&lab);
}

/* ---- DECLINE, RELEASE, another server ---- */

static void test_declined_address_rests_rfc2131_s4_3_3(void **state)
{
	struct dhcp_server_options opt = small_pool(NET + 10, NET + 11);
	struct dhcp_pool_count count;
	uint32_t address, second;
	struct lab lab;

	lab_start(&lab, &opt);
	address = lab_bind(&lab, 1);
	assert_int_equal(lab_decline(&lab, 1, address), 1);
	assert_int_equal(lab.out.action[0].type, DHCP_ACTION_NOTE);
	assert_int_equal(lab.out.action[0].note.address, address);
	second = ask_for_address(&lab, 1, address);	/* not even to the decliner */
	assert_true(second && second != address);
	assert_int_equal(ask_for_address(&lab, 2, address), 0);
	assert_true(dhcp_server_count(lab.s, 0, lab.now, &count));
	assert_int_equal(count.leased, 1);
	assert_int_equal(count.free, 0);
	assert_int_equal(lab_select(&lab, 1, second), DHCP_ACK);
	assert_int_equal(lab_deadline(&lab, opt.decline_sec), 1);
	assert_string_equal(lab.out.reason.why,
			    "the quarantine is over: the address is free again");
	assert_int_equal(ask_for_address(&lab, 2, address), address);
	lab_end(&lab);
}

static void test_strangers_can_neither_decline_nor_release_rfc2131_s4_3_4(void **state)
{
	struct dhcp_server_options opt = usual_options();
	uint32_t address, other;
	struct lab lab;

	lab_start(&lab, &opt);
	address = lab_bind(&lab, 1);
	other = lab_bind(&lab, 2);
	assert_int_equal(lab_decline(&lab, 2, address), 0);
	assert_int_equal(lab_release(&lab, 2, address), 0);
	assert_int_equal(lab_decline(&lab, 3, address), 0);
	assert_int_equal(lab_release(&lab, 3, address), 0);
	assert_int_equal(lab_binding(&lab, address)->state, DHCP_BINDING_ACTIVE);
	assert_int_equal(lab_binding(&lab, other)->state, DHCP_BINDING_ACTIVE);
	assert_int_equal(lab_release(&lab, 1, address), 1);
	assert_true(lab_binding(&lab, address)->expires == lab.now);
	assert_int_equal(lab_release(&lab, 1, address), 0);	/* twice is harmless */
	assert_string_equal(lab.out.reason.why, "released already");
	lab_end(&lab);
}

static void test_offer_not_chosen_is_withdrawn_rfc2131_s3_1(void **state)
{
	struct dhcp_server_options opt = small_pool(NET + 10, NET + 10);
	struct ask other = {
		.type = DHCP_REQUEST, .client = 1, .server_id = OTHER_SERVER, .requested = NET + 50,
	};
	struct lab lab;

	lab_start(&lab, &opt);
	assert_int_equal(lab_offer(&lab, 1), NET + 10);
	assert_int_equal(ask_for_address(&lab, 2, 0), 0);
	assert_int_equal(lab_ask(&lab, &other), 0);
	assert_int_equal(lab.out.n, 1);
	assert_int_equal(lab_offer(&lab, 2), NET + 10);
	lab_end(&lab);
}

static void test_conflict_withdraws_an_offer_rfc2131_s2_2(void **state)
{
	struct dhcp_server_options opt = usual_options();
	uint32_t address, second;
	struct lab lab;

	lab_start(&lab, &opt);
	address = lab_offer(&lab, 1);
	assert_int_equal(lab_conflict(&lab, address), 1);
	second = lab_offer(&lab, 1);
	assert_int_not_equal(second, address);
	assert_int_equal(lab_conflict(&lab, NET + 200), 1);	/* nobody's yet */
	assert_int_not_equal(ask_for_address(&lab, 2, NET + 200), NET + 200);
	lab_end(&lab);
}

/* ---- time ---- */

static void test_pool_full_then_freed_by_expiry_rfc2131_s2_2(void **state)
{
	struct dhcp_server_options opt = small_pool(NET + 10, NET + 12);
	struct lab lab;

	lab_start(&lab, &opt);
	for (uint16_t c = 1; c <= 3; c++)
		lab_bind(&lab, c);
	assert_int_equal(ask_for_address(&lab, 4, 0), 0);
	assert_true(dhcp_server_deadline(lab.s) == lab.now + 3600 * DHCP_SECOND);
	assert_int_equal(lab_deadline(&lab, 3599), 0);		/* never before its time */
	assert_int_equal(ask_for_address(&lab, 4, 0), 0);
	assert_int_equal(lab_deadline(&lab, 1), 1);		/* all three in one step */
	assert_int_equal(lab.out.n, 3);
	assert_true(dhcp_server_deadline(lab.s) == DHCP_NEVER);
	assert_int_not_equal(lab_offer(&lab, 4), 0);
	lab_end(&lab);
}

static void test_expired_lease_is_free_even_before_the_deadline_is_told(void **state)
{
	struct dhcp_server_options opt = small_pool(NET + 10, NET + 10);
	struct lab lab;

	opt.max_bindings = 1;
	lab_start(&lab, &opt);
	lab_bind(&lab, 1);
	lab.now += 3600 * DHCP_SECOND;
	assert_int_equal(lab_offer(&lab, 2), NET + 10);
	assert_null(dhcp_server_binding(lab.s, 1));
	lab_end(&lab);
}

static void test_offers_lapse_and_are_forgotten_rfc2131_s4_3_2(void **state)
{
	struct dhcp_server_options opt = usual_options();
	uint32_t address;
	struct lab lab;

	lab_start(&lab, &opt);
	address = lab_offer(&lab, 1);
	assert_true(dhcp_server_deadline(lab.s) == lab.now + 60 * DHCP_SECOND);
	assert_int_equal(lab_deadline(&lab, 60), 1);
	assert_null(dhcp_server_binding(lab.s, 0));
	assert_int_equal(lab_select(&lab, 1, address), DHCP_ACK);	/* late, but still free */
	lab_end(&lab);
}

static void test_what_was_forgotten_longest_goes_first(void **state)
{
	struct dhcp_server_options opt = small_pool(NET + 10, NET + 12);
	uint32_t address[4];
	struct lab lab;

	lab_start(&lab, &opt);
	for (uint16_t c = 1; c <= 3; c++)
		address[c] = lab_bind(&lab, c);
	lab_release(&lab, 2, address[2]);
	lab_release(&lab, 1, address[1]);
	lab_release(&lab, 3, address[3]);
	assert_int_equal(lab_offer(&lab, 7), address[2]);
	assert_int_equal(lab_offer(&lab, 8), address[1]);
	assert_int_equal(lab_offer(&lab, 3), address[3]);	/* the rest is remembered */
	lab_end(&lab);
}

/* Slots move when one before them goes: the order of the remembered ones must not. */
static void test_order_of_forgetting_outlives_a_move(void **state)
{
	struct dhcp_server_options opt = small_pool(NET + 10, NET + 12);
	struct ask other = { .type = DHCP_REQUEST, .client = 1, .server_id = OTHER_SERVER };
	uint32_t first, last;
	struct lab lab;

	lab_start(&lab, &opt);
	first = lab_offer(&lab, 1);
	lab_bind(&lab, 2);
	last = lab_bind(&lab, 3);
	lab_release(&lab, 3, last);
	(void)lab_ask(&lab, &other);
	assert_int_equal(lab_offer(&lab, 4), first);
	assert_int_equal(lab_offer(&lab, 5), last);
	assert_int_equal(ask_for_address(&lab, 6, 0), 0);
	lab_end(&lab);
}

static void test_flood_can_not_take_memory_from_those_who_are_bound(void **state)
{
	struct dhcp_server_options opt = usual_options();
	struct ask renew = { .type = DHCP_REQUEST, .client = 1, .dst_ip = SERVER };
	struct lab lab;

	opt.max_bindings = 8;
	lab_start(&lab, &opt);
	renew.ciaddr = lab_bind(&lab, 1);
	for (uint16_t c = 100; c < 107; c++)
		assert_int_not_equal(ask_for_address(&lab, c, 0), 0);
	for (uint16_t c = 107; c < 200; c++) {
		assert_int_equal(ask_for_address(&lab, c, 0), 0);
		assert_string_equal(lab.out.reason.why, "no memory for another binding");
		assert_int_equal(lab_ask(&lab, &renew), DHCP_ACK);
	}
	lab.now += 60 * DHCP_SECOND;	/* the offers have lapsed */
	assert_int_not_equal(ask_for_address(&lab, 200, 0), 0);
	assert_int_equal(lab_ask(&lab, &renew), DHCP_ACK);
	lab_end(&lab);
}

/* ---- 10,000 clients that do as they like ---- */

/* What a client believes: that it has @address until then. */
struct holder {
	uint32_t address;
	uint64_t until;
};

#define HOLDERS 10000

static void check_holders(const struct lab *lab, const struct holder *holders)
{
	cleanup_free enum dhcp_binding_state *states = calloc(65536, sizeof(*states));
	const struct dhcp_binding *b;

	for (size_t i = 0; (b = dhcp_server_binding(lab->s, i)); i++)
		states[b->address & 0xffff] = b->state;
	for (size_t i = 0; i < HOLDERS; i++)
		if (holders[i].until > lab->now)
			assert_int_equal(states[holders[i].address & 0xffff],
					 DHCP_BINDING_ACTIVE);
}

static void check_invariants(const struct lab *lab)
{
	cleanup_free bool *has_holder = calloc(65536, sizeof(*has_holder));
	struct dhcp_pool_count count;
	const struct dhcp_binding *b;
	uint64_t first = DHCP_NEVER;
	uint32_t leased = 0;
	size_t n = 0;

	for (; (b = dhcp_server_binding(lab->s, n)); n++) {
		bool is_leased = (b->state == DHCP_BINDING_ACTIVE ||
				  b->state == DHCP_BINDING_OFFERED) && b->expires > lab->now;

		assert_int_equal(b->address >> 16, NET >> 16);
		assert_int_not_equal(b->address, SERVER);
		assert_false(has_holder[b->address & 0xffff]);
		has_holder[b->address & 0xffff] = true;
		leased += is_leased;
		if (b->state == DHCP_BINDING_ACTIVE || b->state == DHCP_BINDING_OFFERED ||
		    b->state == DHCP_BINDING_DECLINED)
			first = min_u64(first, b->expires);
	}
	assert_true(n <= lab->opt.max_bindings);
	assert_true(dhcp_server_count(lab->s, 0, lab->now, &count));
	assert_int_equal(count.leased, leased);
	assert_true(count.free <= count.size - leased);
	assert_true(dhcp_server_deadline(lab->s) == first);
}

static struct ask random_ask(uint64_t *prng, const struct holder *holders)
{
	struct ask a = { .client = (uint16_t)prng_below(prng, HOLDERS) };
	uint32_t address = holders[a.client].address;
	uint64_t what = prng_below(prng, 16);

	if (!prng_below(prng, 10))
		address = NET + (uint32_t)prng_below(prng, 4096);
	a.type = what < 6 ? DHCP_DISCOVER : what < 14 ? DHCP_REQUEST
	       : what < 15 ? DHCP_RELEASE : DHCP_DECLINE;
	if (what < 6 || !address)
		a.type = DHCP_DISCOVER;
	if (what < 11 || what == 15)
		a.requested = address;
	else
		a.ciaddr = address;
	if ((what >= 6 && what < 10) || what >= 14)
		a.server_id = prng_below(prng, 20) ? SERVER : OTHER_SERVER;
	a.dst_ip = what == 12 ? SERVER : 0;
	return a;
}

static struct dhcp_server_options churn_options(void)
{
	struct dhcp_server_options opt = usual_options();

	opt.address = SERVER;
	opt.prefix_len = 16;
	opt.first = NET;
	opt.last = NET + 4095;
	opt.default_lease_sec = 600;
	opt.decline_sec = 300;
	opt.max_bindings = 1500;
	opt.authoritative = true;
	return opt;
}

static void believe(struct holder *h, const struct lab *lab, uint8_t sent)
{
	if (sent == DHCP_RELEASE || sent == DHCP_DECLINE || lab->reply.type == DHCP_NAK)
		h->until = 0;
	if (lab->reply.type == DHCP_OFFER && lab->reply.yiaddr != h->address)
		*h = (struct holder){ .address = lab->reply.yiaddr };
	if (lab->reply.type == DHCP_ACK)
		*h = (struct holder){
			.address = lab->reply.yiaddr,
			.until = lab->now + reply_u32(lab, DHCP_OPT_LEASE_TIME) * DHCP_SECOND,
		};
}

static void churn(struct lab *lab, uint64_t *prng, struct holder *holders, int steps)
{
	for (int i = 0; i < steps; i++) {
		struct ask a = random_ask(prng, holders);

		lab->now += prng_below(prng, DHCP_SECOND / 4);
		if (prng_below(prng, 3) && dhcp_server_deadline(lab->s) <= lab->now)
			assert_int_equal(lab_deadline(lab, 0), 1);
		(void)lab_ask(lab, &a);
		believe(&holders[a.client], lab, a.type);
		if (i % 1000)
			continue;
		check_invariants(lab);
		check_holders(lab, holders);
	}
}

static void test_ten_thousand_clients_churn(void **state)
{
	cleanup_free struct holder *held = calloc(HOLDERS, sizeof(*held));
	struct dhcp_server_options opt = churn_options();
	struct dhcp_pool_count count;
	uint64_t prng = 42;
	struct lab lab;

	lab_start(&lab, &opt);
	churn(&lab, &prng, held, 60000);
	assert_true(dhcp_server_count(lab.s, 0, lab.now, &count));
	assert_true(count.leased > 500);	/* it was a real load */
	lab_deadline(&lab, 86400);
	check_invariants(&lab);
	assert_true(dhcp_server_count(lab.s, 0, lab.now, &count));
	assert_int_equal(count.leased, 0);
	assert_int_equal(count.free, count.size);
	lab_end(&lab);
}

static void test_snapshot_replays_the_same_bytes(void **state)
{
	struct dhcp_server_options opt = churn_options();
	cleanup_free struct holder *held = calloc(HOLDERS, sizeof(*held));
	cleanup_free struct holder *held2 = calloc(HOLDERS, sizeof(*held));
	uint64_t prng = 1, prng2;
	struct lab lab, copy;
	size_t size;

	lab_start(&lab, &opt);
	lab.is_compared = true;
	churn(&lab, &prng, held, 5000);
	copy = lab;
	size = dhcp_server_bytes(lab.s);
	copy.mem = malloc(size);
	memcpy(copy.mem, lab.mem, size);
	copy.s = copy.mem;
	memcpy(held2, held, HOLDERS * sizeof(*held));
	prng2 = prng;
	churn(&lab, &prng, held, 5000);
	churn(&copy, &prng2, held2, 5000);
	size = dhcp_server_bytes(lab.s);
	assert_int_equal(dhcp_server_bytes(copy.s), size);
	assert_memory_equal(lab.mem, copy.mem, size);
	assert_memory_equal(held, held2, HOLDERS * sizeof(*held));
	lab_end(&lab);
	lab_end(&copy);
}

/* ---- memory ---- */

#define DISCOVERS 3000

/* As many clients as that ask, and never come back: random MAC addresses, as starvation has them. */
static void flood(struct lab *lab)
{
	for (uint16_t i = 0; i < DISCOVERS; i++)
		assert_int_not_equal(ask_for_address(lab, 1000 + i, 0), 0);
}

static struct dhcp_server_options huge_pool(void)
{
	struct dhcp_server_options opt = usual_options();

	opt.prefix_len = 8;
	opt.last = NET + 0xfffffe;
	opt.max_bindings = 1u << 20;
	return opt;
}

static void test_memory_follows_the_leases_not_the_pool(void **state)
{
	struct dhcp_server_options opt = huge_pool();
	struct dhcp_pool_count count;
	uint32_t address[3];
	struct lab lab;
	size_t small;

	lab_start(&lab, &opt);
	for (uint16_t i = 0; i < 3; i++) {
		address[i] = ask_for_address(&lab, i, 0);
		assert_int_equal(lab_select(&lab, i, address[i]), DHCP_ACK);
	}
	small = dhcp_server_bytes(lab.s);
	assert_true(small < 128 * 1024);
	flood(&lab);
	assert_true(dhcp_server_count(lab.s, 0, lab.now, &count));
	assert_int_equal(count.leased, DISCOVERS + 3);
	assert_true(dhcp_server_bytes(lab.s) > small + DISCOVERS * sizeof(struct dhcp_binding));
	lab_deadline(&lab, opt.offer_sec);	/* the offers lapse, and are forgotten */
	for (int i = 0; i < 16; i++)
		lab_deadline(&lab, 0);
	assert_int_equal(dhcp_server_bytes(lab.s), small);
	for (uint16_t i = 0; i < 3; i++)
		assert_int_equal(ask_for_address(&lab, i, 0), address[i]);
	lab_end(&lab);
}

/* Its owner has no more: those who are bound stay so, and new clients are turned away. */
static void test_a_server_that_gets_no_memory_goes_on(void **state)
{
	struct dhcp_server_options opt = huge_pool();
	struct dhcp_message m;
	struct dhcp_event ev = {
		.type = DHCP_EVENT_RX, .rx = { .msg = &m, .dst_ip = IP4_BROADCAST },
	};
	struct lab lab;
	uint16_t i = 0;

	lab_start(&lab, &opt);
	ev.now = lab.now;
	do {
		build_ask(&(struct ask){ .type = DHCP_DISCOVER, .client = i++ }, &m);
		dhcp_server_step(lab.s, &ev, &lab.out);
		assert_true(i < 1000);
	} while (lab.out.n);
	assert_string_equal(lab.out.reason.why, "no memory for another binding");
	assert_int_not_equal(dhcp_server_wants(lab.s), 0);
	assert_int_not_equal(ask_for_address(&lab, i, 0), 0);
	lab_end(&lab);
}

/* ---- options that make no sense ---- */

static void test_bad_options_are_refused(void **state)
{
	struct dhcp_server_options good = usual_options(), bad[14];
	struct dhcp_server *s = NULL;
	size_t n = 0;
	uint64_t mem;

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		bad[i] = good;
	bad[n++].address = 0;
	bad[n++].address = NET + 255;
	bad[n++].prefix_len = 31;
	bad[n++].prefix_len = 0;
	bad[n++].first = NET + 255;
	bad[n++].last = NET + 256;
	bad[n++].default_lease_sec = 59;
	bad[n++].max_lease_sec = 3599;
	bad[n++].min_lease_sec = 0;
	bad[n++].offer_sec = 0;
	bad[n++].max_bindings = 0;
	bad[n++].max_bindings = UINT32_MAX;
	add_value(&bad[n++], DHCP_OPT_SUBNET_MASK, false, "\377\377\377\0", 4);
	add_value(&bad[n], DHCP_OPT_ROUTER, false, "\12\0\0\1", 4);
	bad[n++].value[0].off = DHCP_SERVER_VALUES_MAX - 3;
	assert_int_equal(n, ARRAY_SIZE(bad));
	assert_int_not_equal(dhcp_server_size(&good), 0);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(dhcp_server_size(&bad[i]), 0);
		assert_int_equal(dhcp_server_init(&mem, &bad[i], &s), -EINVAL);
		assert_null(s);
	}
}

static void test_server_without_a_pool_offers_nothing(void **state)
{
	struct dhcp_server_options opt = small_pool(0, 0);
	struct ask inform = { .type = DHCP_INFORM, .client = 1, .ciaddr = NET + 9 };
	struct lab lab;

	lab_start(&lab, &opt);
	assert_int_equal(ask_for_address(&lab, 1, NET + 5), 0);
	assert_int_equal(lab_ask(&lab, &inform), DHCP_ACK);
	lab_end(&lab);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order_of_choice_rfc2131_s4_3_1),
		cmocka_unit_test(test_new_address_is_the_same_for_the_same_client_and_seed),
		cmocka_unit_test(test_unusable_addresses_are_never_given_rfc2131_s4_3_1),
		cmocka_unit_test(test_identity_is_61_or_the_hardware_address_rfc2131_s4_2),
		cmocka_unit_test(test_trailing_nuls_are_no_part_of_a_name_rfc2132_s2),
		cmocka_unit_test(test_a_lapsed_offer_is_free_at_its_time_rfc2131_s4_3_2),
		cmocka_unit_test(test_declines_without_end_rfc2131_s4_3_3),
		cmocka_unit_test(test_host_name_is_kept_only_if_it_is_one_rfc1123_s2_1),
		cmocka_unit_test(test_declined_address_rests_rfc2131_s4_3_3),
		cmocka_unit_test(test_strangers_can_neither_decline_nor_release_rfc2131_s4_3_4),
		cmocka_unit_test(test_offer_not_chosen_is_withdrawn_rfc2131_s3_1),
		cmocka_unit_test(test_conflict_withdraws_an_offer_rfc2131_s2_2),
		cmocka_unit_test(test_pool_full_then_freed_by_expiry_rfc2131_s2_2),
		cmocka_unit_test(test_expired_lease_is_free_even_before_the_deadline_is_told),
		cmocka_unit_test(test_offers_lapse_and_are_forgotten_rfc2131_s4_3_2),
		cmocka_unit_test(test_what_was_forgotten_longest_goes_first),
		cmocka_unit_test(test_order_of_forgetting_outlives_a_move),
		cmocka_unit_test(test_flood_can_not_take_memory_from_those_who_are_bound),
		cmocka_unit_test(test_ten_thousand_clients_churn),
		cmocka_unit_test(test_snapshot_replays_the_same_bytes),
		cmocka_unit_test(test_memory_follows_the_leases_not_the_pool),
		cmocka_unit_test(test_a_server_that_gets_no_memory_goes_on),
		cmocka_unit_test(test_bad_options_are_refused),
		cmocka_unit_test(test_server_without_a_pool_offers_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
