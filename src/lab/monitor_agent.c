/* SPDX-License-Identifier: MIT */
/*
 * monitor_agent.c - what the agent asks for, checked against the plan before
 * it is done: the agent reads hostile packets, so nothing that it says is
 * taken on trust.
 */
#include <errno.h>
#include <string.h>

#include "base/text.h"
#include "lab/lease_file.h"
#include "lab/monitor_private.h"
#include "lab/sockets.h"
#include "sys/fd.h"
#include "sys/file.h"

#define ETHERNET_MTU 1500	/* what a veth is born with */

/* Is this an interface on which the scenario runs a client? */
static bool is_client(const struct monitor *m, uint32_t iface)
{
	return iface < m->scenario->n_ifaces && m->scenario->ifaces[iface].client;
}

static struct netconf_address address_of(struct monitor *m, uint32_t iface,
					 const struct dhcp_config *c, uint32_t seconds)
{
	return (struct netconf_address){
		.ifindex = m->build.ifindex[iface],
		.address = c->address,
		.prefix_len = c->prefix_len,
		.broadcast = c->broadcast,
		.valid_sec = seconds,
		.preferred_sec = seconds,
	};
}

/* Routes that a lease brings: 121 (or 33), else a default route by the first router (RFC 3442). */
static size_t routes_of(struct monitor *m, uint32_t iface, const struct dhcp_config *c,
			struct netconf_route ret[DHCP_ROUTES_MAX])
{
	const struct scn_iface *i = &m->scenario->ifaces[iface];
	struct netconf_route base = {
		.ifindex = m->build.ifindex[iface],
		.metric = i->client->route_metric,
		.dhcp = true,
	};

	/* The caller's own routes are the caller's. */
	if (m->scenario->nodes[i->node].is_caller)
		return 0;
	if (c->n_routes == 0 && c->n_routers > 0) {
		ret[0] = base;
		ret[0].gateway = c->routers[0];
		return 1;
	}
	for (size_t k = 0; k < c->n_routes && k < DHCP_ROUTES_MAX; k++) {
		ret[k] = base;
		ret[k].dest = c->routes[k].dest;
		ret[k].prefix_len = c->routes[k].prefix_len;
		ret[k].gateway = c->routes[k].gateway;
	}
	return min_u64(c->n_routes, DHCP_ROUTES_MAX);
}

/* What the link had before a lease changed it. */
static unsigned int own_mtu(const struct scn_iface *i)
{
	return i->mtu ? i->mtu : ETHERNET_MTU;
}

/* Is the link's MTU the lease's? The caller's own links stay as they are. */
static bool sets_mtu(const struct monitor *m, const struct scn_iface *i,
		     const struct dhcp_config *c)
{
	return c && c->mtu && i->client->use_mtu && !m->scenario->nodes[i->node].is_caller;
}

/* For the log, once the answer is on its way. */
static void note_change(struct monitor *m, const struct netconf_route *r, bool gone)
{
	if (m->n_changes < ROUTE_CHANGES_MAX)
		m->changes[m->n_changes++] = (struct route_change){ .route = *r, .gone = gone };
}

static bool is_same_route(const struct netconf_route *a, const struct netconf_route *b)
{
	return a->dest == b->dest && a->prefix_len == b->prefix_len && a->gateway == b->gateway;
}

static bool has_route(const struct netconf_route *list, size_t n, const struct netconf_route *r)
{
	for (size_t i = 0; i < n; i++) {
		if (is_same_route(&list[i], r))
			return true;
	}
	return false;
}

/* Those of @old that @new has not. What a user has removed by hand is gone already: no failure. */
static void remove_routes(struct monitor *m, uint32_t iface, const struct dhcp_config *old,
			  const struct dhcp_config *new)
{
	struct netconf *conf = m->build.conf[m->scenario->ifaces[iface].node];
	struct netconf_route had[DHCP_ROUTES_MAX], has[DHCP_ROUTES_MAX];
	size_t n_had = routes_of(m, iface, old, had);
	size_t n_has = new ? routes_of(m, iface, new, has) : 0;

	for (size_t k = 0; k < n_had; k++) {
		if (!has_route(has, n_has, &had[k]) &&
		    netconf_del_route(conf, &had[k], NULL) == 0)
			note_change(m, &had[k], true);
	}
}

static void remove_config(struct monitor *m, uint32_t iface)
{
	const struct scn_iface *i = &m->scenario->ifaces[iface];
	struct netconf *conf = m->build.conf[i->node];
	cleanup_free struct dhcp_config *c = TAKE_PTR(m->configured[iface]);
	struct netconf_address a;

	if (!c)
		return;
	remove_routes(m, iface, c, NULL);
	a = address_of(m, iface, c, 0);
	netconf_del_address(conf, &a, NULL);
	if (sets_mtu(m, i, c))
		netconf_set_mtu(conf, a.ifindex, own_mtu(i), NULL);
	resolver_write(m, i->node, NULL);
}

static int check_config(const struct dhcp_config *c, struct error *err)
{
	if (!ip4_is_host(c->address) || c->prefix_len < 1 || c->prefix_len > 32)
		return error_set(err, -EINVAL,
				 "the agent asked for an address that no host can have");
	for (size_t k = 0; k < c->n_routes && k < DHCP_ROUTES_MAX; k++)
		if (c->routes[k].prefix_len > 32)
			return error_set(err, -EINVAL,
					 "the agent asked for a route that cannot be");
	return 0;
}

/* RFC 3927 section 2.1: what no DHCP server gave is of one prefix, and nothing comes with it. */
static int check_link_local(const struct monitor *m, const struct agent_message *msg,
			    struct error *err)
{
	const struct dhcp_config *c = &msg->config;
	uint8_t third = (uint8_t)(c->address >> 8);

	if (m->scenario->ifaces[msg->iface].client->link_local == SCN_LINK_LOCAL_NO)
		return error_set(err, -EPERM, "the scenario wants no link-local address there");
	if (!ip4_is_link_local(c->address) || third == 0 || third == 255 ||
	    c->prefix_len != 16 || c->n_routers || c->n_routes || c->n_dns || c->mtu ||
	    c->domain[0])
		return error_set(err, -EINVAL, "the agent asked for no link-local address");
	return 0;
}

/* What a server gives with the address may be wrong: that is told, and the address is used. */
static void note(struct monitor *m, uint32_t iface, const struct error *err)
{
	struct agent_message msg = { .type = AGENT_NOTE };
	cleanup_text struct text text = { 0 };

	text_add(&text, "%s: %s", m->scenario->ifaces[iface].label, err->text);
	if (!text.failed)
		monitor_tell_agent(m, &msg, text.str, text.len, NULL, 0);
}

static void set_mtu(struct monitor *m, uint32_t iface, const struct dhcp_config *old,
		    const struct dhcp_config *new)
{
	const struct scn_iface *i = &m->scenario->ifaces[iface];
	struct netconf *conf = m->build.conf[i->node];
	struct error why = { 0 };
	int r = 0;

	if (sets_mtu(m, i, new))
		r = netconf_set_mtu(conf, m->build.ifindex[iface], new->mtu, &why);
	else if (sets_mtu(m, i, old))
		r = netconf_set_mtu(conf, m->build.ifindex[iface], own_mtu(i), &why);
	if (r < 0)
		note(m, iface, &why);
}

static void add_routes(struct monitor *m, const struct agent_message *msg)
{
	struct netconf *conf = m->build.conf[m->scenario->ifaces[msg->iface].node];
	struct netconf_route routes[DHCP_ROUTES_MAX];
	size_t n = routes_of(m, msg->iface, &msg->config, routes);

	for (size_t k = 0; k < n; k++) {
		struct error why = { 0 };
		int r = netconf_add_route(conf, &routes[k], &why);

		/* A renewal brings the same ones. */
		if (r < 0 && r != -EEXIST)
			note(m, msg->iface, &why);
		else if (r == 0)
			note_change(m, &routes[k], false);
	}
}

static bool is_same_dns(const struct dhcp_config *a, const struct dhcp_config *b)
{
	return a->n_dns == b->n_dns && !memcmp(a->dns, b->dns, sizeof(a->dns)) &&
	       !strncmp(a->domain, b->domain, sizeof(a->domain));
}

/* A lease that can not be kept is told, and used. */
static void keep_lease(struct monitor *m, const struct agent_message *msg)
{
	const struct scn_iface *i = &m->scenario->ifaces[msg->iface];
	struct error why = { 0 };
	int r;

	if (!i->client->lease_file[0])
		return;
	r = lease_file_write(m->setup->leases, i->client->lease_file, &msg->config, msg->seconds);
	if (r == 0)
		return;
	error_set(&why, r, "cannot write its lease file: %s", strerror(-r));
	note(m, msg->iface, &why);
}

static void forget_lease(struct monitor *m, uint32_t iface)
{
	const struct scn_iface *i = &m->scenario->ifaces[iface];

	if (i->client->lease_file[0])
		file_remove_at(m->setup->leases, i->client->lease_file);
}

/* @old: what is there; NULL: nothing. */
static int add_config(struct monitor *m, const struct agent_message *msg,
		      const struct dhcp_config *old, struct error *err)
{
	size_t node = m->scenario->ifaces[msg->iface].node;
	struct netconf_address a = address_of(m, msg->iface, &msg->config, msg->seconds);
	struct error why = { 0 };
	int r;

	if (old)
		remove_routes(m, msg->iface, old, &msg->config);
	r = netconf_add_address(m->build.conf[node], &a, true, err);
	if (r < 0)
		return r;
	set_mtu(m, msg->iface, old, &msg->config);
	add_routes(m, msg);
	if ((!old || !is_same_dns(old, &msg->config)) &&
	    resolver_write(m, node, &why) < 0)
		note(m, msg->iface, &why);
	return 0;
}

static int configure(struct monitor *m, const struct agent_message *msg, struct error *err)
{
	struct dhcp_config *now = m->configured[msg->iface], *new;
	cleanup_free struct dhcp_config *old = NULL;
	int r = check_config(&msg->config, err);

	if (r == 0 && msg->link_local)
		r = check_link_local(m, msg, err);
	if (r < 0)
		return r;
	if (now && (now->address != msg->config.address ||
		    now->prefix_len != msg->config.prefix_len))
		remove_config(m, msg->iface);
	new = malloc(sizeof(*new));
	if (!new)
		return error_set(err, -ENOMEM, "out of memory");
	*new = msg->config;
	old = TAKE_PTR(m->configured[msg->iface]);
	m->configured[msg->iface] = new;
	r = add_config(m, msg, old, err);
	if (r == 0 && !msg->link_local)
		keep_lease(m, msg);
	return r;
}

/* Is it an event that changes the network? The others are the agent's own. */
static bool is_network_event(const struct monitor *m, const struct agent_message *msg)
{
	const struct scn_event *e;

	if (msg->count >= m->scenario->n_events)
		return false;
	e = &m->scenario->events[msg->count];
	return e->iface == msg->iface && e->action >= SCN_CLIENT_ACTIONS;
}

static void deconfigure(struct monitor *m, const struct agent_message *msg)
{
	remove_config(m, msg->iface);
	if (!msg->keeps && !msg->link_local)
		forget_lease(m, msg->iface);
}

static void answer(struct monitor *m, const struct agent_message *asked, const struct error *err,
		   int fd, int ifindex)
{
	struct agent_message msg = {
		.type = AGENT_ANSWER,
		.asked = asked->type,
		.iface = asked->iface,
		.count = asked->count,
		.link_local = asked->link_local,
		.ifindex = ifindex,
		.error = *err,
	};

	monitor_tell_agent(m, &msg, NULL, 0, &fd, fd >= 0);
}

static void serve(struct monitor *m, const struct agent_message *msg)
{
	cleanup_fd int fd = -1;
	struct error err = { 0 };
	int ifindex = 0;

	if (!is_client(m, msg->iface))
		error_set(&err, -EPERM, "the scenario runs no client there");
	else if (msg->type == AGENT_EVENT && !is_network_event(m, msg))
		error_set(&err, -EPERM, "the scenario has no such event");
	else if (msg->type == AGENT_EVENT)
		monitor_event(m, msg->count, &ifindex, &err);
	else if (msg->type == AGENT_CONFIGURE)
		configure(m, msg, &err);
	else if (msg->type == AGENT_DECONFIGURE)
		deconfigure(m, msg);
	else
		fd = sockets_open_packet(&m->build, msg->iface, &err);
	/* What others did before stands before it in the log, and its routes behind it. */
	if (is_client(m, msg->iface))
		watch_read(m, m->scenario->ifaces[msg->iface].node);
	answer(m, msg, &err, fd, ifindex);
	news_tell_changes(m, msg->iface);
}

static void tell_up(struct monitor *m)
{
	struct up_message msg = {
		.type = UP_SETTLED,
		.clients = m->clients,
		.bound = m->bound,
		.build_us = m->build_us,
	};

	if (!m->kept)
		fd_send(m->setup->up, &msg, sizeof(msg), NULL, 0);
}

void monitor_on_agent(evutil_socket_t fd, short what, void *ctx)
{
	struct {
		struct agent_message msg;
		char text[AGENT_TEXT_MAX];
	} in;
	struct monitor *m = ctx;
	int n = fd_recv(fd, &in, sizeof(in), NULL, NULL);

	if (n < (int)sizeof(in.msg)) {
		event_del(&m->rx_agent);	/* it has ended: SIGCHLD says how */
		return;
	}
	/* It is put into an answer as a string. */
	in.msg.error.text[sizeof(in.msg.error.text) - 1] = '\0';
	switch (in.msg.type) {
	case AGENT_CONFIGURE:
	case AGENT_DECONFIGURE:
	case AGENT_OPEN_PACKET:
	case AGENT_EVENT:
		serve(m, &in.msg);
		break;
	case AGENT_PROGRESS:
		m->bound = in.msg.count;
		tell_up(m);
		break;
	case AGENT_STOPPED:
		monitor_agent_stopped(m, in.text,
				      min_u64(in.msg.text_len, (size_t)n - sizeof(in.msg)));
		break;
	case AGENT_STATUS_DONE:
		control_status_done(m, &in.msg.error);
		break;
	case AGENT_WISH_DONE:
		control_wish_done(m, &in.msg);
		break;
	case AGENT_ANSWER:
	case AGENT_STOP:
	case AGENT_STATUS:
	case AGENT_CLIENT:
	case AGENT_TIME:
	case AGENT_FAULT:
	case AGENT_STEP:
	case AGENT_LINK:
	case AGENT_NOTE:
	case AGENT_NEWS:
	case AGENT_QUIT:
		break;		/* ours to send */
	}
}
