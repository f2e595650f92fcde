/* SPDX-License-Identifier: MIT */
/*
 * monitor_agent.c - what the agent asks for, done once it is checked
 * (lab/agent_message.h).
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "lab/agent_message.h"
#include "lab/lease_file.h"
#include "lab/monitor_private.h"
#include "lab/sockets.h"
#include "sys/fd.h"
#include "sys/file.h"

#define ETHERNET_MTU 1500	/* what a veth is born with */

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

static size_t routes_of(struct monitor *m, uint32_t iface, const struct dhcp_config *c,
			struct netconf_route ret[LEASE_ROUTES_MAX])
{
	const struct scn_iface *i = &m->scenario->ifaces[iface];
	struct dhcp_route routes[LEASE_ROUTES_MAX];
	size_t n = lease_routes(c, routes);

	/* The caller's own routes are the caller's. */
	if (m->scenario->nodes[i->node].is_caller)
		return 0;
	for (size_t k = 0; k < n; k++)
		ret[k] = (struct netconf_route){
			.ifindex = m->build.ifindex[iface],
			.metric = i->client->route_metric,
			.dhcp = true,
			.dest = routes[k].dest,
			.prefix_len = routes[k].prefix_len,
			.gateway = routes[k].gateway,
		};
	return n;
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
	struct netconf_route had[LEASE_ROUTES_MAX], has[LEASE_ROUTES_MAX];
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
	const struct dhcp_config c = held_config(&m->configured[iface]);
	struct netconf_address a;

	if (!c.address)
		return;
	held_config_clear(&m->configured[iface]);
	remove_routes(m, iface, &c, NULL);
	a = address_of(m, iface, &c, 0);
	netconf_del_address(conf, &a, NULL);
	if (sets_mtu(m, i, &c))
		netconf_set_mtu(conf, a.ifindex, own_mtu(i), NULL);
	resolver_write(m, i->node, NULL);
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
	struct netconf_route routes[LEASE_ROUTES_MAX];
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
	struct held_config *held = &m->configured[msg->iface];
	struct dhcp_config old;
	int r = build_check_address(&m->build, m->setup->info->name, msg->iface,
				    msg->config.address, msg->config.prefix_len, err);

	if (r < 0)
		return r;
	old = held_config(held);
	if (old.address && (old.address != msg->config.address ||
			    old.prefix_len != msg->config.prefix_len)) {
		remove_config(m, msg->iface);
		old = held_config(held);
	}
	if (held_config_set(held, &m->config, &msg->config) < 0)
		return error_set(err, -ENOMEM, "out of memory");
	r = add_config(m, msg, old.address ? &old : NULL, err);
	if (r == 0 && !msg->link_local)
		keep_lease(m, msg);
	return r;
}

static void deconfigure(struct monitor *m, const struct agent_message *msg)
{
	remove_config(m, msg->iface);
	if (!msg->keeps && !msg->link_local)
		forget_lease(m, msg->iface);
}

/* Each happens once, in the scenario's order: a step back does not lead behind one. */
static int do_event(struct monitor *m, uint32_t index, int *ret_ifindex, struct error *err)
{
	if (index < m->next_event)
		return error_set(err, -EPERM, "that event has happened");
	m->next_event = index + 1;
	return monitor_event(m, index, ret_ifindex, err);
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

void monitor_carry_out(struct monitor *m, const struct agent_message *msg)
{
	cleanup_fd int fd = -1;
	struct error err = { 0 };
	int ifindex = 0;

	if (msg->type == AGENT_EVENT)
		do_event(m, msg->count, &ifindex, &err);
	else if (msg->type == AGENT_CONFIGURE)
		configure(m, msg, &err);
	else if (msg->type == AGENT_DECONFIGURE)
		deconfigure(m, msg);
	else
		fd = sockets_open_packet(&m->build, msg->iface, &err);
	/* What others did before stands before it in the log, and its routes behind it. */
	watch_read(m, m->scenario->ifaces[msg->iface].node);
	answer(m, msg, &err, fd, ifindex);
	news_tell_changes(m, msg->iface);
}

static void serve(struct monitor *m, const struct agent_message *msg)
{
	struct error err = { 0 };

	/* Too slow, or somebody else's: what it speaks of is not there any more. */
	if (m->finished) {
		answer(m, msg, &lab_goes_down, -1, 0);
		return;
	}
	if (agent_message_check(m->scenario, msg, &err) < 0) {
		dprintf(STDERR_FILENO, "the agent was refused something: %s\n", err.text);
		answer(m, msg, &err, -1, 0);
		return;
	}
	release_finish(m, msg->iface);
	if (!release_waits(m, msg))
		monitor_carry_out(m, msg);
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

/* What no agent of ours says is the word of somebody who has got into it. */
static void distrust(struct monitor *m)
{
	dprintf(STDERR_FILENO, "the agent does not speak as an agent does: it is killed\n");
	if (m->agent_pid)
		kill(m->agent_pid, SIGKILL);
}

void monitor_on_agent(evutil_socket_t fd, short what, void *ctx)
{
	char bytes[sizeof(struct agent_message) + AGENT_TEXT_MAX];
	struct agent_message msg;
	struct monitor *m = ctx;
	int n = fd_recv(fd, bytes, sizeof(bytes), NULL, NULL);
	const char *text;

	if (n <= 0 && n != -EMSGSIZE) {
		event_del(&m->rx_agent);	/* it has ended: SIGCHLD says how */
		return;
	}
	if (n < 0 || agent_message_read(bytes, (size_t)n, &msg, &text) < 0) {
		event_del(&m->rx_agent);
		distrust(m);
		return;
	}
	switch (msg.type) {
	case AGENT_CONFIGURE:
	case AGENT_DECONFIGURE:
	case AGENT_OPEN_PACKET:
	case AGENT_EVENT:
		serve(m, &msg);
		break;
	case AGENT_PROGRESS:
		m->bound = (uint32_t)min_u64(msg.count, m->clients);
		tell_up(m);
		break;
	case AGENT_STOPPED:
		monitor_agent_stopped(m, text, msg.text_len);
		break;
	case AGENT_STATUS_DONE:
		control_status_done(m, &msg.error);
		break;
	case AGENT_WISH_DONE:
		control_wish_done(m, &msg);
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
