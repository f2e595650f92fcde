/* SPDX-License-Identifier: MIT */
/*
 * agent_news.c - addresses and routes of the nodes, into the log. A lease's address is
 * there when the monitor has said so; what others do the kernel tells it. Each is
 * written down once: known are the addresses of which the log says that they are there.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lab/agent_private.h"

struct known_address {
	struct known_address *next;
	int ifindex;
	uint32_t address;
	uint8_t prefix_len;
};

static struct known_address **find(struct agent *a, size_t node, const struct known_address *k)
{
	struct known_address **at = &a->known[node];

	while (*at && ((*at)->ifindex != k->ifindex || (*at)->address != k->address ||
		       (*at)->prefix_len != k->prefix_len))
		at = &(*at)->next;
	return at;
}

/* 1: it was not known; 0; -ENOMEM */
static int learn(struct agent *a, size_t node, const struct known_address *k)
{
	struct known_address **at = find(a, node, k), *new;

	if (*at)
		return 0;
	new = malloc(sizeof(*new));
	if (!new)
		return -ENOMEM;
	*new = *k;
	new->next = NULL;
	*at = new;
	return 1;
}

/* Was it known? */
static bool forget(struct agent *a, size_t node, const struct known_address *k)
{
	struct known_address **at = find(a, node, k), *old = *at;

	if (!old)
		return false;
	*at = old->next;
	free(old);
	return true;
}

int news_init(struct agent *a)
{
	const struct scenario *s = a->scenario;

	a->known = calloc(s->n_nodes + 1, sizeof(struct known_address *));
	if (!a->known)
		return -ENOMEM;
	for (size_t i = 0; i < s->n_ifaces; i++) {
		const struct scn_iface *iface = &s->ifaces[i];

		for (size_t k = 0; k < iface->n_addresses; k++) {
			struct known_address known = {
				.ifindex = a->ifindex[i],
				.address = iface->addresses[k].address,
				.prefix_len = iface->addresses[k].prefix_len,
			};

			if (learn(a, iface->node, &known) < 0)
				return -ENOMEM;
		}
	}
	return 0;
}

bool news_knows(const struct agent *a, size_t node, uint32_t address)
{
	for (const struct known_address *k = a->known[node]; k; k = k->next)
		if (k->address == address)
			return true;
	return false;
}

static void tell(struct agent *a, enum trace_kind kind, const char *place, const char *op,
		 const struct net_news *news, bool by_others)
{
	cleanup_event struct trace_event e = { 0 };
	char text[IP4_LEN + 4], ip[IP4_LEN];

	snprintf(text, sizeof(text), "%s/%u", ip4_format(news->address, ip), news->prefix_len);
	if (trace_event_make(kind, place, text, NULL, &e) < 0)
		return;
	str_copy(e.op, sizeof(e.op), op);
	e.by_others = by_others;
	e.route.gateway = news->gateway;
	e.route.metric = news->metric;
	str_copy(e.route.protocol, sizeof(e.route.protocol), news->protocol);
	agent_event(a, &e);
}

void news_address(struct machine *m, bool add, const struct dhcp_config *c)
{
	struct agent *a = m->agent;
	size_t node = a->scenario->ifaces[m->iface].node;
	struct net_news news = { .address = c->address, .prefix_len = c->prefix_len };
	struct known_address k = {
		.ifindex = a->ifindex[m->iface],
		.address = c->address,
		.prefix_len = c->prefix_len,
	};

	if (add ? learn(a, node, &k) != 0 : forget(a, node, &k))
		tell(a, TRACE_ADDRESS, m->node.label, add ? "add" : "remove", &news, false);
}

static void take_address(struct agent *a, const struct agent_message *msg, const char *place)
{
	const struct net_news *news = &msg->news;
	struct known_address k = {
		.ifindex = news->ifindex,
		.address = news->address,
		.prefix_len = news->prefix_len,
	};

	/* What netlab took away stands in the log, and is forgotten; what is renewed is known. */
	if (news->gone ? forget(a, msg->count, &k) || msg->by_others
		       : learn(a, msg->count, &k) != 0)
		tell(a, TRACE_ADDRESS, place, news->gone ? "remove" : "add", news,
		     msg->by_others);
}

void news_take(struct agent *a, const struct agent_message *msg, const char *text)
{
	const struct net_news *news = &msg->news;
	char place[TRACE_PLACE_MAX];

	if (msg->count >= a->scenario->n_nodes)
		return;
	snprintf(place, sizeof(place), "%.*s", (int)msg->text_len, text);
	/* The message that brought it was on the cable before. */
	if (msg->iface < a->scenario->n_ifaces)
		capture_drain_iface(a, msg->iface);
	if (news->kind == NET_NEWS_ADDRESS)
		take_address(a, msg, place);
	else
		tell(a, TRACE_ROUTE, place,
		     news->gone ? "remove" : news->replaced ? "replace" : "add", news,
		     msg->by_others);
}
