/* SPDX-License-Identifier: MIT */
/*
 * monitor_watch.c - what the kernel tells of the nodes. That the link under a client
 * is down, back or gone is news to the agent, who can see none of it from an address
 * that is BOUND; an address or a route is news to the log.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "lab/monitor_private.h"
#include "sys/fd.h"

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

static void take_link(struct watch *w, const struct net_news *news)
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

static void take_news(struct watch *w, const struct net_news *news)
{
	switch (news->kind) {
	case NET_NEWS_LINK:
		take_link(w, news);
		break;
	case NET_NEWS_ADDRESS:
	case NET_NEWS_ROUTE:
		news_tell(w->monitor, w->node, news);
		break;
	}
}

static void ask_all(struct watch *w)
{
	const struct scn_node *n = &w->monitor->scenario->nodes[w->node];

	for (size_t k = 0; k < n->n_ifaces; k++)
		if (w->monitor->scenario->ifaces[n->ifaces[k]].client)
			netwatch_ask(w->fd, w->monitor->build.ifindex[n->ifaces[k]]);
}

/* Links can be asked for again. */
static void lost_news(struct watch *w)
{
	struct agent_message msg = { .type = AGENT_NOTE };
	char text[128];
	int len = snprintf(text, sizeof(text),
			   "%s: its addresses and routes change faster than they can be written "
			   "down: some are missing here",
			   w->monitor->scenario->nodes[w->node].name);

	monitor_tell_agent(w->monitor, &msg, text, min_u64((size_t)len, sizeof(text) - 1), NULL, 0);
	ask_all(w);
}

/* What the socket has by now; of the link @but, an interface or NONE, it is not told. */
static void read_news(struct watch *w, size_t but)
{
	struct net_news news[NET_NEWS_MAX];
	int n;

	while ((n = netwatch_read(w->fd, news)) >= 0) {
		for (int i = 0; i < n; i++)
			if (but == NONE || news[i].kind != NET_NEWS_LINK ||
			    w->monitor->build.ifindex[but] != news[i].ifindex)
				take_news(w, &news[i]);
	}
	if (n == -ENOBUFS)
		lost_news(w);
}

static void read_node(struct monitor *m, size_t node, size_t but)
{
	if (m->watches && m->watches[node].fd >= 0)
		read_news(&m->watches[node], but);
}

void watch_read(struct monitor *m, size_t node)
{
	read_node(m, node, NONE);
}

/* Both ends of its cable: until then frames are lost. */
static void wait_up(struct monitor *m, size_t iface)
{
	size_t node = m->scenario->ifaces[iface].node, port = m->scenario->ifaces[iface].peer;
	const struct build *b = &m->build;

	netconf_wait_up(b->conf[b->at[port]], &b->ifindex[port], 1, UP_PATIENCE_US, NULL);
	netconf_wait_up(b->conf[node], &b->ifindex[iface], 1, UP_PATIENCE_US, NULL);
}

/*
 * The kernel may report a plug that was out for some milliseconds, or may not: it
 * looks at most links once a second. So what it says of this one is taken away,
 * and told here.
 */
void watch_replugged(struct monitor *m, size_t iface)
{
	wait_up(m, iface);
	read_node(m, m->scenario->ifaces[iface].node, iface);
	tell_agent(m, iface, LAB_LINK_DOWN);
	tell_agent(m, iface, LAB_LINK_UP);
}

void watch_link_set(struct monitor *m, size_t iface, bool up)
{
	if (up)
		wait_up(m, iface);
	read_node(m, m->scenario->ifaces[iface].node, NONE);
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

static int watch(struct monitor *m, size_t node)
{
	struct watch *w = &m->watches[node];
	bool links = has_client(m->scenario, node);
	int fd = netwatch_open(m->build.home, m->build.ns[node], m->build.conf[node], links);

	if (fd < 0)
		return fd;
	w->fd = fd;
	event_assign(&w->rx, m->base, fd, EV_READ | EV_PERSIST, on_news, w);
	event_add(&w->rx, NULL);
	ask_all(w);
	return 0;
}

int watch_nodes(struct monitor *m)
{
	const struct scenario *s = m->scenario;
	int r = 0;

	if (m->watches)
		return 0;
	m->watches = calloc(s->n_nodes + 1, sizeof(*m->watches));
	m->link = calloc(s->n_ifaces + 1, sizeof(*m->link));
	if (!m->watches || !m->link)
		return -ENOMEM;
	for (size_t node = 0; node < s->n_nodes; node++)
		m->watches[node] = (struct watch){ .monitor = m, .node = node, .fd = -1 };
	for (size_t node = 0; r == 0 && node < s->n_nodes; node++)
		r = watch(m, node);
	return r;
}

void watch_end(struct monitor *m)
{
	for (size_t node = 0; m->watches && node < m->scenario->n_nodes; node++) {
		struct watch *w = &m->watches[node];

		if (w->fd < 0)
			continue;
		event_del(&w->rx);
		w->fd = fd_close(w->fd);
	}
}
