/* SPDX-License-Identifier: MIT */
#include <pthread.h>
#include <stdatomic.h>
#include <sys/mman.h>

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

/*
 * Stacks of our own, from @stacks on: the C library would keep its own for threads to come,
 * two pages of each taken, of which a big lab has more than of half a hundred clients.
 */
static size_t start_threads(struct crew *c, uint8_t *stacks, size_t n, pthread_t *ret)
{
	size_t started = 0;
	pthread_attr_t attr;

	if (pthread_attr_init(&attr) != 0)
		return 0;
	while (started < n &&
	       pthread_attr_setstack(&attr, stacks + started * CREW_STACK, CREW_STACK) == 0 &&
	       pthread_create(&ret[started], &attr, work, c) == 0)
		started++;
	pthread_attr_destroy(&attr);
	return started;
}

void crew_run(size_t threads, size_t n, void (*fn)(void *arg, size_t i), void *arg)
{
	struct crew c = { .fn = fn, .arg = arg, .n = n };
	size_t wanted = min_u64(min_u64(threads, CREW_MAX), n);
	size_t size = wanted > 1 ? (wanted - 1) * CREW_STACK : 0;
	pthread_t others[CREW_MAX];
	size_t n_others = 0;
	void *stacks = MAP_FAILED;

	if (size)
		stacks = mmap(NULL, size, PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
	if (stacks != MAP_FAILED)
		n_others = start_threads(&c, stacks, wanted - 1, others);

	work(&c);
	while (n_others > 0)
		pthread_join(others[--n_others], NULL);
	if (stacks != MAP_FAILED)
		munmap(stacks, size);
}
