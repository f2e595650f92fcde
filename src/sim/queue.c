/* SPDX-License-Identifier: MIT */
#include <errno.h>

#include "sim/queue.h"

#define FIRST_SIZE 64

void queue_done(struct queue *q)
{
	free(q->heap);
	*q = (struct queue){ 0 };
}

static bool is_before(const struct sim_event *a, const struct sim_event *b)
{
	return a->t != b->t ? a->t < b->t : a->order < b->order;
}

static int grow(struct queue *q)
{
	size_t size = q->size ? 2 * q->size : FIRST_SIZE;
	struct sim_event *heap = reallocarray(q->heap, size, sizeof(*heap));

	if (!heap)
		return -ENOMEM;

	q->heap = heap;
	q->size = size;
	return 0;
}

int queue_add(struct queue *q, struct sim_event e)
{
	size_t i, parent;
	int r;

	if (q->n == q->size) {
		r = grow(q);
		if (r < 0)
			return r;
	}

	e.order = q->added++;
	for (i = q->n++; i > 0; i = parent) {
		parent = (i - 1) / 2;
		if (!is_before(&e, &q->heap[parent]))
			break;
		q->heap[i] = q->heap[parent];
	}
	q->heap[i] = e;
	return 0;
}

const struct sim_event *queue_first(const struct queue *q)
{
	return q->n ? &q->heap[0] : NULL;
}

struct sim_event queue_take(struct queue *q)
{
	struct sim_event first = q->heap[0], last = q->heap[--q->n];
	size_t i = 0, child;

	while ((child = 2 * i + 1) < q->n) {
		if (child + 1 < q->n && is_before(&q->heap[child + 1], &q->heap[child]))
			child++;
		if (!is_before(&q->heap[child], &last))
			break;
		q->heap[i] = q->heap[child];
		i = child;
	}
	q->heap[i] = last;
	return first;
}
