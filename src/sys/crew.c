/* SPDX-License-Identifier: MIT */
#include <pthread.h>
#include <stdatomic.h>

#include "sys/crew.h"

#define CREW_STACK (128 * 1024)

struct crew {
	void (*fn)(void *arg, size_t i);
	void *arg;
	size_t n;
	atomic_size_t next;
};

static void *work(void *arg)
{
	struct crew *c = arg;

	for (;;) {
		size_t i = atomic_fetch_add(&c->next, 1);

		if (i >= c->n)
			return NULL;
		c->fn(c->arg, i);
	}
}

void crew_run(size_t threads, size_t n, void (*fn)(void *arg, size_t i), void *arg)
{
	struct crew c = { .fn = fn, .arg = arg, .n = n };
	size_t wanted = min_u64(min_u64(threads, CREW_MAX), n);
	pthread_t others[CREW_MAX];
	size_t n_others = 0;
	pthread_attr_t attr;

	if (wanted > 1 && pthread_attr_init(&attr) == 0) {
		pthread_attr_setstacksize(&attr, CREW_STACK);
		while (n_others < wanted - 1 &&
		       pthread_create(&others[n_others], &attr, work, &c) == 0)
			n_others++;
		pthread_attr_destroy(&attr);
	}

	work(&c);
	while (n_others > 0)
		pthread_join(others[--n_others], NULL);
}
