/* SPDX-License-Identifier: MIT */
#include "sim/queue.h"

#include <errno.h>

#define FIRST_SIZE 64

void queue_done(struct queue *q, void (*put)(struct sim_frame *f))
{
	for (size_t i = 0; i < q->n; i++)
		for (uint32_t k = q->heap[i].first; k; k = q->event[k].next)
			if (q->event[k].frame)
				put(q->event[k].frame);
	free(q->heap);
	free(q->event);
	*q = (struct queue){ 0 };
}

static bool is_before(const struct queue_moment *a, const struct queue_moment *b)
{
	return a->t != b->t ? a->t < b->t : a->order < b->order;
}

/* Room for one more behind @n elements of @array. */
static int make_room(void *array, size_t n, size_t *size, size_t element)
{
	void **elements = array;
	void *grown;

	if (n < *size)
		return 0;
	grown = reallocarray(*elements, *size ? 2 * *size : FIRST_SIZE, element);
	if (!grown)
		return -ENOMEM;

	*elements = grown;
	*size = *size ? 2 * *size : FIRST_SIZE;
	return 0;
}

/* The number of a place for an event; 0: no memory. */
static uint32_t new_event(struct queue *q)
{
	uint32_t number = q->free;

	if (number) {
		q->free = q->event[number].next;
		return number;
	}
	if (q->n_events + 1 >= UINT32_MAX ||
	    make_room(&q->event, q->n_events + 1, &q->size_events, sizeof(*q->event)) < 0)
		return 0;
	return (uint32_t)++q->n_events;
}

static struct queue_end *end_of(struct queue *q, uint64_t t)
{
	return &q->ends[t & (QUEUE_ENDS - 1)];
}

static void add_moment(struct queue *q, uint64_t t, uint32_t first)
{
	struct queue_moment m = { .t = t, .order = q->moments++, .first = first };
	size_t i, parent;

	for (i = q->n++; i > 0; i = parent) {
		parent = (i - 1) / 2;
		if (!is_before(&m, &q->heap[parent]))
			break;
		q->heap[i] = q->heap[parent];
	}
	q->heap[i] = m;
}

int queue_add(struct queue *q, uint64_t t, struct sim_event e)
{
	struct queue_end *end = end_of(q, t);
	uint32_t number;
	int r;

	r = make_room(&q->heap, q->n, &q->size, sizeof(*q->heap));
	if (r < 0)
		return r;
	number = new_event(q);
	if (!number)
		return -ENOMEM;

	q->event[number] = e;
	q->event[number].next = 0;
	if (end->last && end->t == t)
		q->event[end->last].next = number;
	else
		add_moment(q, t, number);
	*end = (struct queue_end){ t, number };
	return 0;
}

bool queue_next(const struct queue *q, uint64_t *ret_t)
{
	if (!q->n)
		return false;

	*ret_t = q->heap[0].t;
	return true;
}

static void remove_first_moment(struct queue *q)
{
	struct queue_moment last = q->heap[--q->n];
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
}

struct sim_event queue_take(struct queue *q)
{
	uint32_t number = q->heap[0].first;
	struct queue_end *end = end_of(q, q->heap[0].t);
	struct sim_event e = q->event[number];

	if (end->last == number)
		end->last = 0;	/* nothing can be added behind it any more */
	q->event[number].next = q->free;
	q->free = number;
	if (e.next)
		q->heap[0].first = e.next;
	else
		remove_first_moment(q);
	return e;
}
