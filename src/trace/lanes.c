/* SPDX-License-Identifier: MIT */
#include "trace/lanes.h"

#include <errno.h>

#include "trace/view_parts.h"

size_t lanes_of(const struct lanes *l, const char *place)
{
	for (size_t i = 0; i < l->n; i++)
		if (view_same_node(l->place[i], place))
			return i;

	return LANES_ALL;
}

/* Room for one more; sizes are powers of two. */
static int add(struct lanes *l, const char *place)
{
	const char **more;

	if (lanes_of(l, place) != LANES_ALL)
		return 0;
	if ((l->n & (l->n - 1)) == 0) {
		more = reallocarray(l->place, l->n ? 2 * l->n : 1, sizeof(*more));
		if (!more)
			return -ENOMEM;
		l->place = more;
	}
	l->place[l->n++] = place;
	return 0;
}

int lanes_find(const struct trace_log *log, struct lanes *ret)
{
	cleanup_lanes struct lanes l = { 0 };

	for (size_t i = 0; i < log->n; i++) {
		const struct trace_event *e = &log->event[i];

		if (e->kind != TRACE_MESSAGE)
			continue;
		if (add(&l, e->msg.from) < 0 ||
		    (!view_is_broadcast(&e->msg) && add(&l, e->msg.to) < 0))
			return -ENOMEM;
	}

	*ret = l;
	l = (struct lanes){ 0 };
	return 0;
}

void lanes_done(struct lanes *l)
{
	free(l->place);
	*l = (struct lanes){ 0 };
}

size_t lanes_target(const struct lanes *l, const struct trace_message *m)
{
	char peer[TRACE_PLACE_MAX];

	if (!view_is_broadcast(m))
		return lanes_of(l, m->to);
	return view_peer(m, peer) ? lanes_of(l, peer) : LANES_ALL;
}
