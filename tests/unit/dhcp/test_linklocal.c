/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/util.h"
#include "dhcp/linklocal.h"

#define BEGIN (1000 * DHCP_SECOND)
#define SEEDS 300

struct fixture {
	struct linklocal l;
	struct dhcp_actions out;
	uint64_t now;
};

static const uint8_t mac[6] = { 2, 0, 0, 0, 0, 1 };

static void begin_seeded(struct fixture *f, uint64_t seed)
{
	memset(f, 0, sizeof(*f));
	f->now = BEGIN;
	linklocal_init(&f->l, mac, seed);
	assert_int_equal(f->l.deadline, DHCP_NEVER);
}

static void on(struct fixture *f, enum linklocal_trigger t)
{
	assert_int_equal(linklocal_step(&f->l, t, f->now, &f->out), 1);
}

/* The next deadline is so far away; it comes. */
static uint64_t pass(struct fixture *f)
{
	uint64_t wait = f->l.deadline - f->now;

	assert_int_not_equal(f->l.deadline, DHCP_NEVER);
	f->now = f->l.deadline;
	on(f, LINKLOCAL_ON_DEADLINE);
	return wait;
}

static void begin(struct fixture *f)
{
	begin_seeded(f, 7);
	on(f, LINKLOCAL_ON_WANTED);
}

static void claim(struct fixture *f)
{
	while (f->l.state == LINKLOCAL_PROBING)
		pass(f);
	assert_int_equal(f->l.state, LINKLOCAL_CLAIMED);
}

/* The one action of the last step, or the @i-th. */
static const struct dhcp_action *did(const struct fixture *f, unsigned int i,
				     enum dhcp_action_type type)
{
	assert_true(f->out.n > i);
	assert_int_equal(f->out.action[i].type, type);
	return &f->out.action[i];
}

static void between(uint64_t x, uint64_t least, uint64_t most)
{
	assert_true(x >= least && x <= most);
}

static void rfc3927_2_1_addresses_are_chosen_by_mac_in_the_range(void **state)
{
	static const uint8_t other[6] = { 2, 0, 0, 0, 0, 2 };
	struct linklocal a, b;
	uint8_t seen[256] = { 0 };
	uint32_t low = UINT32_MAX, high = 0;
	size_t places = 0;

	for (uint64_t seed = 0; seed < 400000; seed++) {
		linklocal_init(&a, mac, seed);
		low = a.address < low ? a.address : low;
		high = a.address > high ? a.address : high;
		places += !seen[a.address >> 8 & 0xff];
		seen[a.address >> 8 & 0xff] = 1;
	}
	assert_int_equal(low, 0xa9fe0100);
	assert_int_equal(high, 0xa9fefeff);
	assert_int_equal(places, 254);	/* every part of the range is chosen now and then */

	linklocal_init(&a, mac, 7);
	linklocal_init(&b, mac, 7);
	assert_int_equal(a.address, b.address);
	linklocal_init(&b, other, 7);
	assert_int_not_equal(a.address, b.address);
}

static void rfc3927_2_2_1_three_probes_at_random_then_2_s_of_silence(void **state)
{
	uint64_t shortest = DHCP_NEVER, longest = 0;
	struct fixture f;

	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		begin_seeded(&f, seed);
		on(&f, LINKLOCAL_ON_WANTED);
		assert_int_equal(f.out.n, 0);
		between(pass(&f), 0, 1 * DHCP_SECOND);
		for (int i = 0; i < 3; i++) {
			uint64_t gap = f.l.deadline - f.now;

			assert_int_equal(did(&f, 0, DHCP_ACTION_PROBE)->probe, f.l.address);
			if (i < 2)
				between(gap, 1 * DHCP_SECOND, 2 * DHCP_SECOND);
			else
				assert_int_equal(gap, 2 * DHCP_SECOND);
			shortest = min_u64(shortest, gap);
			longest = i < 2 ? max_u64(longest, gap) : longest;
			assert_int_equal(f.l.state, LINKLOCAL_PROBING);
			pass(&f);
		}
		assert_int_equal(f.l.state, LINKLOCAL_CLAIMED);
	}
	assert_true(shortest < 1100000 && longest > 1900000);
}

static void rfc3927_2_4_two_announcements_2_s_apart(void **state)
{
	const struct dhcp_config *c;
	struct fixture f;

	begin(&f);
	claim(&f);
	c = &did(&f, 0, DHCP_ACTION_CONFIGURE)->config;
	assert_int_equal(c->address, f.l.address);
	assert_int_equal(c->prefix_len, 16);
	assert_int_equal(c->broadcast, 0xa9feffff);
	assert_int_equal(did(&f, 1, DHCP_ACTION_ANNOUNCE)->announce, f.l.address);
	assert_int_equal(pass(&f), 2 * DHCP_SECOND);
	assert_int_equal(did(&f, 0, DHCP_ACTION_ANNOUNCE)->announce, f.l.address);
	assert_int_equal(f.l.deadline, DHCP_NEVER);
}

static void rfc3927_2_2_1_a_conflict_while_probing_chooses_another(void **state)
{
	struct fixture f;
	uint32_t first;

	begin(&f);
	first = f.l.address;
	pass(&f);
	pass(&f);
	on(&f, LINKLOCAL_ON_CONFLICT);
	assert_int_equal(did(&f, 0, DHCP_ACTION_NOTE)->note.address, first);
	assert_int_equal(f.l.state, LINKLOCAL_PROBING);
	assert_int_not_equal(f.l.address, first);
	between(pass(&f), 0, DHCP_SECOND);
	for (int i = 0; i < 3; i++) {	/* all three, for the new one */
		assert_int_equal(did(&f, 0, DHCP_ACTION_PROBE)->probe, f.l.address);
		pass(&f);
	}
	assert_int_equal(f.l.state, LINKLOCAL_CLAIMED);
}

static void rfc3927_2_2_1_more_than_ten_conflicts_limit_the_rate(void **state)
{
	struct fixture f;

	begin(&f);
	for (int i = 1; i <= 300; i++) {
		on(&f, LINKLOCAL_ON_CONFLICT);
		if (i <= 10)
			between(f.l.deadline - f.now, 0, DHCP_SECOND);
		else
			between(f.l.deadline - f.now, 60 * DHCP_SECOND, 61 * DHCP_SECOND);
	}

	/* The count is of the tries for one address. */
	claim(&f);
	f.now += DHCP_SECOND;
	on(&f, LINKLOCAL_ON_CONFLICT);
	on(&f, LINKLOCAL_ON_CONFLICT);
	between(f.l.deadline - f.now, 0, DHCP_SECOND);
	for (int i = 1; i <= 10; i++) {
		on(&f, LINKLOCAL_ON_CONFLICT);
		between(f.l.deadline - f.now, 0, DHCP_SECOND);
	}
	on(&f, LINKLOCAL_ON_CONFLICT);
	between(f.l.deadline - f.now, 60 * DHCP_SECOND, 61 * DHCP_SECOND);
}

static void rfc3927_2_5_b_an_address_is_defended_once_in_10_s(void **state)
{
	struct fixture f;
	uint32_t ours;

	begin(&f);
	claim(&f);
	ours = f.l.address;
	for (int i = 0; i < 3; i++) {
		on(&f, LINKLOCAL_ON_CONFLICT);
		assert_int_equal(did(&f, 0, DHCP_ACTION_ANNOUNCE)->announce, ours);
		assert_int_equal(f.out.n, 2);	/* one announcement and its note */
		assert_int_equal(f.l.state, LINKLOCAL_CLAIMED);
		f.now += 10 * DHCP_SECOND;
	}
	on(&f, LINKLOCAL_ON_CONFLICT);
	f.now += 10 * DHCP_SECOND - 1;
	on(&f, LINKLOCAL_ON_CONFLICT);
	assert_int_equal(did(&f, 0, DHCP_ACTION_DECONFIGURE)->config.address, ours);
	assert_int_equal(f.l.state, LINKLOCAL_PROBING);
	assert_int_not_equal(f.l.address, ours);
}

static void rfc3927_2_5_b_the_next_address_is_defended_by_its_own_right(void **state)
{
	struct fixture f;
	uint64_t defended;

	begin(&f);
	claim(&f);
	on(&f, LINKLOCAL_ON_CONFLICT);
	defended = f.now;
	f.now++;
	on(&f, LINKLOCAL_ON_CONFLICT);
	pass(&f);
	for (int i = 0; i < 3; i++) {	/* all three, for the new one */
		assert_int_equal(did(&f, 0, DHCP_ACTION_PROBE)->probe, f.l.address);
		pass(&f);
	}
	assert_int_equal(f.l.state, LINKLOCAL_CLAIMED);
	assert_true(f.now < defended + 10 * DHCP_SECOND);
	on(&f, LINKLOCAL_ON_CONFLICT);
	assert_int_equal(did(&f, 0, DHCP_ACTION_ANNOUNCE)->announce, f.l.address);
	assert_int_equal(f.l.state, LINKLOCAL_CLAIMED);
}

static void rfc3927_2_2_a_link_that_was_away_is_probed_again(void **state)
{
	struct fixture f;
	uint32_t ours;

	begin(&f);
	claim(&f);
	ours = f.l.address;
	on(&f, LINKLOCAL_ON_LINK_UP);
	assert_int_equal(did(&f, 0, DHCP_ACTION_DECONFIGURE)->config.address, ours);
	assert_int_equal(f.l.state, LINKLOCAL_PROBING);
	assert_int_equal(f.l.address, ours);
	pass(&f);
	on(&f, LINKLOCAL_ON_LINK_UP);	/* in the middle of it: all three again */
	for (int i = 0; i < 3; i++) {
		pass(&f);
		did(&f, 0, DHCP_ACTION_PROBE);
	}
	claim(&f);
}

static void rfc3927_1_9_a_lease_takes_its_place(void **state)
{
	static const enum linklocal_trigger ends[] = { LINKLOCAL_ON_LEASE, LINKLOCAL_ON_FORBIDDEN,
						       LINKLOCAL_ON_STOP };
	struct fixture f;

	for (size_t i = 0; i < ARRAY_SIZE(ends); i++) {
		uint32_t ours;

		begin(&f);
		on(&f, ends[i]);	/* while it probes there is nothing to take off */
		assert_int_equal(f.out.n, 0);
		assert_int_equal(f.l.deadline, DHCP_NEVER);

		on(&f, LINKLOCAL_ON_WANTED);
		claim(&f);
		ours = f.l.address;
		on(&f, ends[i]);
		assert_int_equal(did(&f, 0, DHCP_ACTION_DECONFIGURE)->config.address, ours);
		assert_int_equal(f.l.state, LINKLOCAL_OFF);
		assert_int_equal(f.l.deadline, DHCP_NEVER);

		/* RFC 3927 section 2.1: the next time it begins with the one that it had. */
		on(&f, LINKLOCAL_ON_WANTED);
		assert_int_equal(f.l.address, ours);
	}
}

static void what_has_no_row_changes_nothing(void **state)
{
	struct fixture f;
	struct linklocal before;

	begin_seeded(&f, 7);
	for (int t = LINKLOCAL_ON_LEASE; t <= LINKLOCAL_ON_CONFLICT; t++)
		assert_int_equal(linklocal_step(&f.l, t, f.now, &f.out), 0);
	begin(&f);
	before = f.l;
	assert_int_equal(linklocal_step(&f.l, LINKLOCAL_ON_WANTED, f.now, &f.out), 0);
	/* A deadline that has not come. */
	assert_true(f.l.deadline > BEGIN);
	f.now = f.l.deadline - 1;
	assert_int_equal(linklocal_step(&f.l, LINKLOCAL_ON_DEADLINE, f.now, &f.out), 0);
	assert_memory_equal(&f.l, &before, sizeof(before));
}

static void every_row_has_a_reason_and_a_section(void **state)
{
	struct dhcp_row row;
	size_t n = 0;

	for (; linklocal_row(n, &row); n++) {
		assert_true(strlen(row.reason.why) > 10 && strlen(row.act) > 5);
		assert_non_null(strstr(row.reason.rfc, strcmp(row.on, "forbidden") == 0
						       ? "RFC 2563 section "
						       : "RFC 3927 section "));
		assert_string_not_equal(row.from, "?");
		assert_string_not_equal(row.on, "?");
		assert_string_not_equal(row.to, "?");
	}
	assert_int_equal(n, 15);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rfc3927_2_1_addresses_are_chosen_by_mac_in_the_range),
		cmocka_unit_test(rfc3927_2_2_1_three_probes_at_random_then_2_s_of_silence),
		cmocka_unit_test(rfc3927_2_4_two_announcements_2_s_apart),
		cmocka_unit_test(rfc3927_2_2_1_a_conflict_while_probing_chooses_another),
		cmocka_unit_test(rfc3927_2_2_1_more_than_ten_conflicts_limit_the_rate),
		cmocka_unit_test(rfc3927_2_5_b_an_address_is_defended_once_in_10_s),
		cmocka_unit_test(rfc3927_2_5_b_the_next_address_is_defended_by_its_own_right),
		cmocka_unit_test(rfc3927_2_2_a_link_that_was_away_is_probed_again),
		cmocka_unit_test(rfc3927_1_9_a_lease_takes_its_place),
		cmocka_unit_test(what_has_no_row_changes_nothing),
		cmocka_unit_test(every_row_has_a_reason_and_a_section),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
