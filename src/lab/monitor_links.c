/* SPDX-License-Identifier: MIT */
/*
 * monitor_links.c - the links under the clients: that one is down, back or gone
 * is news to the agent, who can see none of it from an address that is BOUND.
 */
#include <errno.h>
#include <string.h>

#include "lab/monitor_private.h"
#include "sys/fd.h"
#include "sys/linkwatch.h"

#define UP_PATIENCE_US 2000000

static void tell_agent(struct monitor *m, size_t iface, enum lab_link link)
{
	struct agent_message msg = {
		.type = AGENT_LINK,
		.iface = (uint32_t)iface,
		.link = link,
	};

	if (m->link[iface] == link || m->link[iface] == LAB_LINK_GONE || !m->agent_pid)
		return;
	m->link[iface] = link;
	monitor_tell_agent(m, &msg, NULL, 0, NULL, 0);
}

static void take_news(struct link_watch *w, const struct link_news *news)
{
	const struct scn_node *n = &w->monitor->scenario->nodes[w->node];

	for (size_t k = 0; k < n->n_ifaces; k++) {
		size_t i = n->ifaces[k];

		if (!w->monitor->scenario->ifaces[i].client ||
		    w->monitor->build.ifindex[i] != news->ifindex)
			continue;
		tell_agent(w->monitor, i, news->gone ? LAB_LINK_GONE
				       : news->up ? LAB_LINK_UP : LAB_LINK_DOWN);
	}
}

static void ask_all(struct link_watch *w)
{
	const struct scn_node *n = &w->monitor->scenario->nodes[w->node];

	for (size_t k = 0; k < n->n_ifaces; k++)
		if (w->monitor->scenario->ifaces[n->ifaces[k]].client)
			linkwatch_ask(w->fd, w->monitor->build.ifindex[n->ifaces[k]]);
}

/* What the socket has by now; of @but, an interface or NONE, it is not told. */
static void read_news(struct link_watch *w, size_t but)
{
	struct link_news news[LINK_NEWS_MAX];
	int n;

	while ((n = linkwatch_read(w->fd, news)) >= 0) {
		for (int i = 0; i < n; i++)
			if (but == NONE || w->monitor->build.ifindex[but] != news[i].ifindex)
				take_news(w, &news[i]);
	}
	if (n == -ENOBUFS)
		ask_all(w);
}

/* Both ends of its cable: until then frames are lost. */
static void wait_up(struct monitor *m, size_t iface)
{
	size_t node = m->scenario->ifaces[iface].node, port = m->scenario->ifaces[iface].peer;
	const struct build *b = &m->build;

	netconf_wait_up(b->conf[b->at[port]], &b->ifindex[port], 1, UP_PATIENCE_US, NULL);
	netconf_wait_up(b->conf[node], &b->ifindex[iface], 1, UP_PATIENCE_US, NULL);
}

static void read_all(struct monitor *m, size_t node, size_t but)
{
	for (size_t i = 0; i < m->n_watches; i++)
		if (m->watches[i].node == node)
			read_news(&m->watches[i], but);
}

/*
 * The kernel may report a plug that was out for some milliseconds, or may not: it
 * looks at most links once a second. So what it says of this one is taken away,
 * and told here.
 */
void links_replugged(struct monitor *m, size_t iface)
{
	wait_up(m, iface);
	read_all(m, m->scenario->ifaces[iface].node, iface);
	tell_agent(m, iface, LAB_LINK_DOWN);
	tell_agent(m, iface, LAB_LINK_UP);
}

void links_read(struct monitor *m, size_t iface, bool up)
{
	if (up)
		wait_up(m, iface);
	read_all(m, m->scenario->ifaces[iface].node, NONE);
}

static void on_news(evutil_socket_t fd, short what, void *ctx)
{
	read_news(ctx, NONE);
}

static bool has_client(const struct scenario *s, size_t node)
{
	for (size_t k = 0; k < s->nodes[node].n_ifaces; k++) {
		if (s->ifaces[s->nodes[node].ifaces[k]].client)
			return true;
	}
	return false;
}

static int watch(struct monitor *m, struct link_watch *w, size_t node)
{
	int fd = linkwatch_open(m->build.home, m->build.ns[node]);

	if (fd < 0)
		return fd;
	*w = (struct link_watch){ .monitor = m, .node = node, .fd = fd };
	event_assign(&w->rx, m->base, fd, EV_READ | EV_PERSIST, on_news, w);
	event_add(&w->rx, NULL);
	ask_all(w);
	return 0;
}

int links_watch(struct monitor *m)
{
	const struct scenario *s = m->scenario;
	int r = 0;

	if (m->watches)
		return 0;
	m->watches = calloc(s->n_nodes + 1, sizeof(*m->watches));
	m->link = calloc(s->n_ifaces + 1, sizeof(*m->link));
	if (!m->watches || !m->link)
		return -ENOMEM;
	for (size_t node = 0; r == 0 && node < s->n_nodes; node++) {
		if (!has_client(s, node))
			continue;
		r = watch(m, &m->watches[m->n_watches], node);
		m->n_watches += r == 0;
	}
	return r;
}

void links_unwatch(struct monitor *m)
{
	for (size_t i = 0; i < m->n_watches; i++) {
		event_del(&m->watches[i].rx);
		m->watches[i].fd = fd_close(m->watches[i].fd);
	}
	m->n_watches = 0;
}
