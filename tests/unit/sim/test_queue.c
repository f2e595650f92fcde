/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/prng.h"
#include "sim/queue.h"

/* Soonest first; of two at the same time the one that was added first. */
static void test_order(void **state)
{
	uint64_t prng = 5, t = 0, order = 0;
	struct queue q = { 0 };

	for (uint32_t i = 0; i < 1000; i++)
		assert_int_equal(queue_add(&q, (struct sim_event){ .t = prng_below(&prng, 50),
								   .iface = i }), 0);
	for (uint32_t i = 0; i < 1000; i++) {
		struct sim_event e = queue_take(&q);

		assert_true(e.t > t || (e.t == t && (i == 0 || e.order > order)));
		assert_int_equal(e.order, e.iface);
		t = e.t;
		order = e.order;
	}
	assert_null(queue_first(&q));
	queue_done(&q);
}

static void test_first_stays(void **state)
{
	struct queue q = { 0 };

	assert_int_equal(queue_add(&q, (struct sim_event){ .t = 2 }), 0);
	assert_int_equal(queue_add(&q, (struct sim_event){ .t = 1 }), 0);
	assert_int_equal(queue_first(&q)->t, 1);
	assert_int_equal(queue_first(&q)->t, 1);
	assert_int_equal(queue_take(&q).t, 1);
	assert_int_equal(queue_take(&q).t, 2);
	queue_done(&q);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_first_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
