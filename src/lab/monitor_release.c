/* SPDX-License-Identifier: MIT */
/*
 * monitor_release.c - an address that a client has released stays on its interface until
 * its RELEASE has left: on a cable with a delay, or one that the agent carries, ARP takes a
 * moment to find the server, and what waits for it would go with the address.
 */
#include <stdlib.h>

#include "lab/monitor_private.h"
#include "sys/clock.h"
#include "sys/fd.h"
#include "sys/netstate.h"

#define LOOK_AGAIN_US 1000
#define PATIENCE_US 500000	/* nobody answers ARP: the server is gone */

/**
 * struct release - a wish of the agent's that waits
 * @sock: reads the node's neighbours
 * @limit: when it waits no longer
 */
struct release {
	struct monitor *monitor;
	struct event timer;
	struct agent_message wish;
	int sock;
	uint64_t limit;
};

static void release_free(struct release *r)
{
	event_del(&r->timer);
	fd_close(r->sock);
	free(r);
}

void release_finish(struct monitor *m, uint32_t iface)
{
	struct release *r = m->releases ? m->releases[iface] : NULL;
	struct agent_message wish;

	if (!r)
		return;
	m->releases[iface] = NULL;
	wish = r->wish;
	release_free(r);
	monitor_carry_out(m, &wish);
}

void release_finish_all(struct monitor *m)
{
	for (uint32_t i = 0; m->releases && i < m->scenario->n_ifaces; i++)
		release_finish(m, i);
}

static void look_again(struct release *r)
{
	struct timeval tv = { .tv_usec = LOOK_AGAIN_US };

	event_add(&r->timer, &tv);
}

static void on_timer(evutil_socket_t fd, short what, void *ctx)
{
	struct release *r = ctx;
	int ifindex = r->monitor->build.ifindex[r->wish.iface];

	if (clock_us() < r->limit && netstate_is_resolving(r->sock, ifindex, NULL) > 0)
		look_again(r);
	else
		release_finish(r->monitor, r->wish.iface);
}

bool release_waits(struct monitor *m, const struct agent_message *wish)
{
	size_t node = m->scenario->ifaces[wish->iface].node;
	cleanup_fd int sock = -1;
	struct release *r;

	/* A lab that goes down has no time to lose. */
	if (!wish->released || m->going_down)
		return false;
	sock = netstate_socket(m->build.home, m->build.ns[node]);
	if (sock < 0 || netstate_is_resolving(sock, m->build.ifindex[wish->iface], NULL) <= 0)
		return false;
	if (!m->releases)
		m->releases = calloc(m->scenario->n_ifaces, sizeof(*m->releases));
	r = m->releases ? calloc(1, sizeof(*r)) : NULL;
	if (!r)
		return false;
	*r = (struct release){
		.monitor = m,
		.wish = *wish,
		.sock = TAKE_FD(sock),
		.limit = clock_us() + PATIENCE_US,
	};
	evtimer_assign(&r->timer, m->base, on_timer, r);
	m->releases[wish->iface] = r;
	look_again(r);
	return true;
}
