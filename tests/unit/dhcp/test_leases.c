/* SPDX-License-Identifier: MIT */
/* test_leases.c - the bindings of a server, on their own: room, order, and what is counted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/util.h"
#include "dhcp/leases.h"

#define NET0 0x0a000000u
#define NET1 0x0a000100u
#define FIRST 10		/* the pools of both subnets: .10 to .19, the class's: .20 to .29 */
#define KEPT (NET0 + 12)
#define OUTSIDE (NET0 + 200)
#define NOW (1000 * DHCP_SECOND)
#define LATER (2000 * DHCP_SECOND)

/* Two subnets, and a class on the first of them. */
static struct leases_config usual_config(void)
{
	return (struct leases_config){
		.max_bindings = 1000,
		.seed = 7,
		.self = NET0 + 1,
		.n_subnets = 2,
		.n_pools = 3,
		.range = {
			{ NET0, 24, NET0 + FIRST, NET0 + FIRST + 9 },
			{ NET1, 24, NET1 + FIRST, NET1 + FIRST + 9 },
			{ NET0, 24, NET0 + 20, NET0 + 29 },
		},
		.n_kept = 1,
		.kept = { KEPT },
		.keeps_more = true,
	};
}

static struct leases *make(const struct leases_config *c, uint32_t cap)
{
	struct leases *l = malloc(sizeof(*l) + leases_tail_size(c, cap));

	assert_non_null(l);
	leases_init(l, c, cap);
	return l;
}

/* Client @n has @address, in @state until @expires. */
static uint32_t hold(struct leases *l, uint8_t n, uint32_t address, enum dhcp_binding_state state,
		     uint64_t expires)
{
	struct client_id id = { .len = 2, .bytes = { 1, n } };
	uint8_t subnet = address >= NET1;
	uint32_t i;

	id.subnet = subnet;
	leases_hash_id(l, &id);
	i = leases_take(l, &id, subnet, address);
	leases_set(l, i, state, expires);
	return leases_find_address(l, address);
}

static void room_grows_fourfold_then_twofold_and_shrinks_late(void **state)
{
	static const struct {
		uint32_t n, cap, max, want;
	} cases[] = {
		{ 62, 64, 1000, 64 }, { 63, 64, 1000, 256 }, { 64, 64, 1000, 256 },
		{ 63, 64, 100, 100 }, { 65533, 65535, 1u << 24, 65535 },
		{ 65534, 65535, 1u << 24, 262140 }, { 65535, 65536, 1u << 24, 131072 },
		{ 262143, 262144, 1u << 24, 524288 },
		{ 0, 64, 1000, 64 }, { 7, 65, 1000, 64 }, { 8, 65, 1000, 65 },
		{ 15, 128, 1000, 64 }, { 16, 128, 1000, 128 }, { 124, 1000, 1000, 500 },
		{ 125, 1000, 1000, 1000 },
	};
	struct leases_config c = usual_config();

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct leases l = { .n = cases[i].n, .cap = cases[i].cap, .max = cases[i].max };

		assert_int_equal(leases_better_cap(&l), cases[i].want);
	}
	assert_int_equal(leases_first_cap(&c), 64);
	c.max_bindings = 63;
	assert_int_equal(leases_first_cap(&c), 63);
}

/* All that is remembered, in its order; all that @want names, which ends with 0. */
static void assert_remembered(const struct leases *l, const uint32_t *want)
{
	uint32_t i = NO_SLOT;

	for (; *want; want++) {
		i = leases_remembered(l, i);
		assert_int_not_equal(i, NO_SLOT);
		assert_int_equal(leases_at(l, i)->b.address, *want);
	}
	assert_int_equal(leases_remembered(l, i), NO_SLOT);
}

static void remembered_ones_come_list_by_list_oldest_first(void **state)
{
	struct leases_config c = usual_config();
	struct leases *l = make(&c, 64), *bigger = make(&c, 256);

	assert_remembered(l, (uint32_t[]){ 0 });
	(void)hold(l, 1, KEPT, DHCP_BINDING_EXPIRED, NOW);
	assert_remembered(l, (uint32_t[]){ KEPT, 0 });
	(void)hold(l, 2, NET1 + 11, DHCP_BINDING_RELEASED, NOW);
	(void)hold(l, 3, NET1 + 10, DHCP_BINDING_EXPIRED, NOW);
	(void)hold(l, 4, NET1 + 12, DHCP_BINDING_ACTIVE, LATER);
	assert_remembered(l, (uint32_t[]){ NET1 + 11, NET1 + 10, KEPT, 0 });
	(void)hold(l, 5, NET0 + 15, DHCP_BINDING_EXPIRED, NOW);
	(void)hold(l, 6, NET0 + 21, DHCP_BINDING_EXPIRED, NOW);
	assert_remembered(l, (uint32_t[]){ NET0 + 15, NET1 + 11, NET1 + 10, NET0 + 21, KEPT, 0 });
	leases_remove(l, leases_find_address(l, NET1 + 11));
	assert_remembered(l, (uint32_t[]){ NET0 + 15, NET1 + 10, NET0 + 21, KEPT, 0 });
	leases_move(bigger, l);
	assert_remembered(bigger, (uint32_t[]){ NET0 + 15, NET1 + 10, NET0 + 21, KEPT, 0 });
	free(bigger);
	free(l);
}

static void kept_addresses_are_found_however_many(void **state)
{
	for (uint16_t n = 0; n < 8; n++) {
		struct leases_config c = usual_config();
		struct leases *l;

		c.n_kept = n;
		for (uint16_t i = 0; i < n; i++)
			c.kept[i] = NET0 + 100 + 2 * i;
		l = make(&c, 64);
		for (uint32_t a = NET0 + 98; a < NET0 + 120; a++)
			assert_int_equal(leases_is_kept(l, a),
					 a >= NET0 + 100 && a < NET0 + 100 + 2 * n && !(a & 1));
		free(l);
	}
}

static void a_class_pool_goes_before_the_subnets(void **state)
{
	struct leases_config c = usual_config();
	struct leases *l = make(&c, 64);

	assert_int_equal(leases_pool_of(l, 0, NET0 + 19), 0);
	assert_int_equal(leases_pool_of(l, 0, NET0 + 20), 2);
	assert_int_equal(leases_pool_of(l, 0, NET0 + 29), 2);
	assert_int_equal(leases_pool_of(l, 0, NET0 + 30), 0);
	assert_int_equal(leases_pool_of(l, 1, NET1 + 10), 1);
	assert_int_equal(leases_pool_of(l, 1, OUTSIDE), 1);
	free(l);
}

/* What the pool can give away, by the state that it is in: kept and other addresses are not it. */
static void addresses_of_a_pool_are_counted_by_state(void **state)
{
	struct leases_config c = usual_config();
	struct leases *l = make(&c, 64);
	uint32_t i;

	i = hold(l, 1, NET0 + 15, DHCP_BINDING_ACTIVE, LATER);
	assert_int_equal(l->used[0][DHCP_BINDING_ACTIVE], 1);
	assert_int_equal(l->used[0][DHCP_BINDING_NONE], 0);
	leases_set(l, i, DHCP_BINDING_EXPIRED, LATER);
	assert_int_equal(l->used[0][DHCP_BINDING_ACTIVE], 0);
	assert_int_equal(l->used[0][DHCP_BINDING_EXPIRED], 1);
	leases_remove(l, i);
	assert_int_equal(l->used[0][DHCP_BINDING_EXPIRED], 0);
	(void)hold(l, 2, KEPT, DHCP_BINDING_ACTIVE, LATER);
	(void)hold(l, 3, OUTSIDE, DHCP_BINDING_ACTIVE, LATER);
	assert_int_equal(l->used[0][DHCP_BINDING_ACTIVE], 0);
	(void)hold(l, 4, NET0 + 25, DHCP_BINDING_ACTIVE, LATER);
	assert_int_equal(l->used[2][DHCP_BINDING_ACTIVE], 1);
	assert_int_equal(l->used[0][DHCP_BINDING_ACTIVE], 0);
	free(l);
}

static void an_address_that_is_kept_stays_barred(void **state)
{
	struct leases_config c = usual_config();
	struct leases *l = make(&c, 64);
	struct client_id id = { .len = 2, .bytes = { 1, 99 } };

	leases_hash_id(l, &id);
	leases_remove(l, hold(l, 1, KEPT, DHCP_BINDING_ACTIVE, LATER));
	for (uint8_t n = 0; n < 9; n++) {
		uint32_t address = leases_choose(l, &id, 0, NOW);

		assert_in_range(address, NET0 + FIRST, NET0 + FIRST + 9);
		assert_int_not_equal(address, KEPT);
		(void)hold(l, 10 + n, address, DHCP_BINDING_ACTIVE, LATER);
	}
	assert_int_equal(leases_choose(l, &id, 0, NOW), 0);
	free(l);
}

/* A lease that is over counts as such before anybody says DEADLINE: of that pool alone. */
static void a_full_pool_gives_what_is_over(void **state)
{
	struct leases_config c = usual_config();
	struct client_id id = { .len = 2, .bytes = { 1, 99 } };
	struct leases *l;

	c.n_kept = 0;
	l = make(&c, 64);
	leases_hash_id(l, &id);
	for (uint8_t n = 0; n < 10; n++)
		(void)hold(l, n, NET0 + FIRST + n, DHCP_BINDING_ACTIVE, LATER + n);
	(void)hold(l, 20, NET1 + 10, DHCP_BINDING_ACTIVE, NOW);
	assert_int_equal(leases_choose(l, &id, 0, NOW), 0);	/* that is the other pool's */
	leases_remove(l, leases_find_address(l, NET1 + 10));
	assert_int_equal(leases_choose(l, &id, 0, LATER - 1), 0);
	assert_int_equal(leases_choose(l, &id, 0, LATER), NET0 + FIRST);
	assert_true(leases_is_free(l, 0, NET0 + FIRST, LATER));
	assert_false(leases_is_free(l, 0, NET0 + FIRST + 1, LATER));
	free(l);
}

static void there_is_room_while_somebody_can_be_forgotten(void **state)
{
	struct leases_config c = usual_config();
	struct leases *l = make(&c, 2);

	assert_true(leases_has_room(l, NOW));
	(void)hold(l, 1, NET0 + 15, DHCP_BINDING_ACTIVE, LATER);
	assert_true(leases_has_room(l, NOW));
	(void)hold(l, 2, NET1 + 15, DHCP_BINDING_ACTIVE, LATER + 1);
	assert_false(leases_has_room(l, NOW));
	assert_true(leases_has_room(l, LATER));		/* it is over, if nobody has said so yet */
	(void)hold(l, 2, NET1 + 15, DHCP_BINDING_RELEASED, NOW);
	assert_true(leases_has_room(l, NOW));		/* of whatever list */
	(void)hold(l, 3, NET0 + 16, DHCP_BINDING_ACTIVE, LATER);
	assert_int_equal(leases_find_address(l, NET1 + 15), NO_SLOT);
	(void)hold(l, 1, NET0 + 15, DHCP_BINDING_RELEASED, NOW);
	(void)hold(l, 4, KEPT, DHCP_BINDING_RELEASED, NOW);
	assert_int_equal(leases_find_address(l, NET0 + 15), NO_SLOT);
	(void)hold(l, 5, NET0 + 17, DHCP_BINDING_ACTIVE, LATER);	/* kept ones last */
	assert_int_equal(leases_find_address(l, KEPT), NO_SLOT);
	free(l);
}

static void who_has_had_a_lease_is_known(void **state)
{
	struct leases_config c = usual_config();
	struct leases *l = make(&c, 64);
	uint32_t i = hold(l, 1, NET0 + 15, DHCP_BINDING_OFFERED, LATER);

	assert_false(leases_at(l, i)->had_lease);
	assert_int_equal(slot_state(leases_at(l, i), LATER - 1), DHCP_BINDING_OFFERED);
	assert_int_equal(slot_state(leases_at(l, i), LATER), DHCP_BINDING_NONE);
	leases_set(l, i, DHCP_BINDING_ACTIVE, LATER);
	assert_int_equal(slot_state(leases_at(l, i), LATER), DHCP_BINDING_EXPIRED);
	leases_set(l, i, DHCP_BINDING_OFFERED, LATER);
	assert_true(leases_at(l, i)->had_lease);
	assert_int_equal(slot_state(leases_at(l, i), LATER), DHCP_BINDING_EXPIRED);
	leases_set(l, i, DHCP_BINDING_DECLINED, LATER);
	assert_int_equal(slot_state(leases_at(l, i), LATER), DHCP_BINDING_NONE);
	free(l);
}

/* RFC 2131 section 4.3.3: its client goes, and the address rests. */
static void a_declined_address_rests_as_nobodys_wherever_it_moves(void **state)
{
	struct leases_config c = usual_config();
	struct leases *l = make(&c, 64), *bigger = make(&c, 256);
	struct client_id nobody = { .len = 0 };

	(void)hold(l, 1, NET0 + 15, DHCP_BINDING_DECLINED, LATER);
	(void)hold(l, 1, NET0 + 16, DHCP_BINDING_ACTIVE, LATER);
	assert_int_equal(leases_at(l, leases_find_address(l, NET0 + 15))->b.id_len, 0);
	leases_move(bigger, l);
	assert_int_equal(bigger->n, 2);
	assert_int_not_equal(leases_find_address(bigger, NET0 + 15), NO_SLOT);
	leases_hash_id(bigger, &nobody);
	assert_int_equal(leases_find_id(bigger, &nobody), NO_SLOT);
	leases_settle(bigger, LATER);
	assert_int_equal(leases_find_address(bigger, NET0 + 15), NO_SLOT);
	assert_int_equal(leases_at(bigger, leases_find_address(bigger, NET0 + 16))->b.state,
			 DHCP_BINDING_EXPIRED);
	free(bigger);
	free(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(room_grows_fourfold_then_twofold_and_shrinks_late),
		cmocka_unit_test(remembered_ones_come_list_by_list_oldest_first),
		cmocka_unit_test(kept_addresses_are_found_however_many),
		cmocka_unit_test(a_class_pool_goes_before_the_subnets),
		cmocka_unit_test(addresses_of_a_pool_are_counted_by_state),
		cmocka_unit_test(an_address_that_is_kept_stays_barred),
		cmocka_unit_test(a_full_pool_gives_what_is_over),
		cmocka_unit_test(there_is_room_while_somebody_can_be_forgotten),
		cmocka_unit_test(who_has_had_a_lease_is_known),
		cmocka_unit_test(a_declined_address_rests_as_nobodys_wherever_it_moves),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
