/* SPDX-License-Identifier: MIT */
/*
 * monitor_news.c - addresses and routes that come and go in the nodes' kernels, told to
 * the agent for the log. What a lease brings is known here before the kernel says so.
 */
#include <stdio.h>
#include <string.h>

#include "lab/monitor_private.h"

static size_t iface_of(const struct monitor *m, size_t node, int ifindex)
{
	const struct scn_node *n = &m->scenario->nodes[node];

	for (size_t k = 0; k < n->n_ifaces; k++)
		if (m->build.ifindex[n->ifaces[k]] == ifindex)
			return n->ifaces[k];
	return NONE;
}

/* "node:if", also where a user has made the interface; "node", where it is gone by now. */
static void place_of(struct monitor *m, size_t node, int ifindex, char *ret, size_t size)
{
	char name[IF_NAME_MAX] = "";

	if (ifindex > 0)
		netconf_name(m->build.conf[node], ifindex, name, NULL);
	snprintf(ret, size, "%s%s%s", m->scenario->nodes[node].name, name[0] ? ":" : "", name);
}

static void tell(struct monitor *m, size_t node, size_t iface, const struct net_news *news,
		 bool by_others)
{
	struct agent_message msg = {
		.type = AGENT_NEWS,
		.iface = (uint32_t)iface,
		.count = (uint32_t)node,
		.news = *news,
		.by_others = by_others,
	};
	char place[PLACE_NAME_MAX];

	if (iface == NONE)
		place_of(m, node, news->ifindex, place, sizeof(place));
	else
		str_copy(place, sizeof(place), m->scenario->ifaces[iface].label);
	if (m->agent_pid)
		monitor_tell_agent(m, &msg, place, strlen(place), NULL, 0);
}

void news_tell(struct monitor *m, size_t node, const struct net_news *news)
{
	size_t iface = iface_of(m, node, news->ifindex);

	/* Of the caller's own machine only what is the lab's. */
	if (iface == NONE && m->scenario->nodes[node].is_caller)
		return;
	tell(m, node, iface, news, news->port != netconf_port(m->build.conf[node]));
}

void news_tell_changes(struct monitor *m, uint32_t iface)
{
	for (size_t i = 0; i < m->n_changes; i++) {
		const struct netconf_route *r = &m->changes[i].route;
		struct net_news news = {
			.kind = NET_NEWS_ROUTE,
			.ifindex = r->ifindex,
			.gone = m->changes[i].gone,
			.address = r->dest,
			.prefix_len = r->prefix_len,
			.gateway = r->gateway,
			.metric = r->metric,
			.protocol = "dhcp",
		};

		tell(m, m->scenario->ifaces[iface].node, iface, &news, false);
	}
	m->n_changes = 0;
}
