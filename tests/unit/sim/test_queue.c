/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/prng.h"
#include "sim/queue.h"

/* What waits, in the order in which it must come out: a plain list beside the queue. */
struct list {
	uint64_t t[4000];
	uint32_t iface[4000];
	size_t n;
};

static void add(struct queue *q, struct list *l, uint64_t t, uint32_t number)
{
	size_t i = l->n++;

	assert_int_equal(queue_add(q, t, (struct sim_event){ .iface = number }), 0);
	for (; i > 0 && l->t[i - 1] > t; i--) {
		l->t[i] = l->t[i - 1];
		l->iface[i] = l->iface[i - 1];
	}
	l->t[i] = t;
	l->iface[i] = number;
}

static void take(struct queue *q, struct list *l)
{
	uint64_t t = 0;

	assert_true(queue_next(q, &t));
	assert_int_equal(t, l->t[0]);
	assert_int_equal(queue_take(q).iface, l->iface[0]);
	l->n--;
	memmove(l->t, l->t + 1, l->n * sizeof(*l->t));
	memmove(l->iface, l->iface + 1, l->n * sizeof(*l->iface));
}

/*
 * Soonest first; of two at the same time the one that was added first, however
 * many other times there are, and whatever was taken out between the two.
 */
static void test_order(void **state)
{
	static const uint64_t spans[] = { 1, 3, 50, 100000 };

	for (size_t k = 0; k < ARRAY_SIZE(spans); k++) {
		uint64_t prng = 5 + k, now = 0, t;
		struct queue q = { 0 };
		struct list l = { .n = 0 };

		for (uint32_t i = 0; i < 4000; i++) {
			add(&q, &l, now + prng_below(&prng, (uint32_t)spans[k]), i);
			if (prng_below(&prng, 3) == 0) {
				now = l.t[0];
				take(&q, &l);
			}
		}
		while (l.n)
			take(&q, &l);
		assert_false(queue_next(&q, &t));
		queue_done(&q, NULL);
	}
}

static void test_next_stays(void **state)
{
	struct queue q = { 0 };
	uint64_t t;

	assert_false(queue_next(&q, &t));
	assert_int_equal(queue_add(&q, 2, (struct sim_event){ .iface = 2 }), 0);
	assert_int_equal(queue_add(&q, 1, (struct sim_event){ .iface = 1 }), 0);
	for (int i = 0; i < 2; i++) {
		assert_true(queue_next(&q, &t));
		assert_int_equal(t, 1);
	}
	assert_int_equal(queue_take(&q).iface, 1);
	assert_int_equal(queue_take(&q).iface, 2);
	assert_false(queue_next(&q, &t));
	queue_done(&q, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_next_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
