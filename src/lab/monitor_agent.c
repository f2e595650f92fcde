/* SPDX-License-Identifier: MIT */
/*
 * monitor_agent.c - what the agent asks for, checked against the plan before
 * it is done: the agent reads hostile packets, so nothing that it says is
 * taken on trust.
 */
#include <errno.h>
#include <string.h>

#include "lab/monitor_private.h"
#include "lab/sockets.h"
#include "sys/fd.h"

/* Is this an interface on which the scenario runs a client? */
static bool is_client(const struct monitor *m, uint32_t iface)
{
	return iface < m->scenario->n_ifaces && m->scenario->ifaces[iface].client.on;
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

/* The routes that a lease brings: 121 (or 33), else a default route by the first router (RFC 3442). */
static size_t routes_of(struct monitor *m, uint32_t iface, const struct dhcp_config *c,
			struct netconf_route ret[DHCP_ROUTES_MAX])
{
	const struct scn_iface *i = &m->scenario->ifaces[iface];
	struct netconf_route base = {
		.ifindex = m->build.ifindex[iface],
		.metric = i->client.route_metric,
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

static void remove_config(struct monitor *m, uint32_t iface)
{
	struct netconf *conf = m->build.conf[m->scenario->ifaces[iface].node];
	cleanup_free struct dhcp_config *c = TAKE_PTR(m->configured[iface]);
	struct netconf_route routes[DHCP_ROUTES_MAX];
	struct netconf_address a;
	size_t n;

	if (!c)
		return;
	/* What a user has removed by hand is gone already: that is no failure. */
	n = routes_of(m, iface, c, routes);
	for (size_t k = 0; k < n; k++)
		netconf_del_route(conf, &routes[k], NULL);
	a = address_of(m, iface, c, 0);
	netconf_del_address(conf, &a, NULL);
}

static int check_config(const struct dhcp_config *c, struct error *err)
{
	if (!ip4_is_host(c->address) || c->prefix_len < 1 || c->prefix_len > 32)
		return error_set(err, -EINVAL, "the agent asked for an address that no host can have");
	for (size_t k = 0; k < c->n_routes && k < DHCP_ROUTES_MAX; k++)
		if (c->routes[k].prefix_len > 32)
			return error_set(err, -EINVAL, "the agent asked for a route that cannot be");
	return 0;
}

static int add_config(struct monitor *m, const struct agent_message *msg, struct error *err)
{
	const struct scn_iface *i = &m->scenario->ifaces[msg->iface];
	struct netconf *conf = m->build.conf[i->node];
	struct netconf_route routes[DHCP_ROUTES_MAX];
	struct netconf_address a = address_of(m, msg->iface, &msg->config, msg->seconds);
	size_t n;
	int r;

	r = netconf_add_address(conf, &a, true, err);
	if (r < 0)
		return r;
	if (msg->config.mtu && i->client.use_mtu && !m->scenario->nodes[i->node].is_caller)
		r = netconf_set_mtu(conf, a.ifindex, msg->config.mtu, err);
	n = routes_of(m, msg->iface, &msg->config, routes);
	for (size_t k = 0; r == 0 && k < n; k++) {
		r = netconf_add_route(conf, &routes[k], err);
		if (r == -EEXIST)
			r = 0;	/* a renewal brings the same ones */
	}
	return r;
}

static int configure(struct monitor *m, const struct agent_message *msg, struct error *err)
{
	struct dhcp_config *now = m->configured[msg->iface];
	int r = check_config(&msg->config, err);

	if (r < 0)
		return r;
	if (now && (now->address != msg->config.address ||
		    now->prefix_len != msg->config.prefix_len ||
		    now->n_routes != msg->config.n_routes ||
		    now->n_routers != msg->config.n_routers ||
		    memcmp(now->routers, msg->config.routers, sizeof(now->routers)) ||
		    memcmp(now->routes, msg->config.routes, sizeof(now->routes))))
		remove_config(m, msg->iface);
	if (!m->configured[msg->iface])
		m->configured[msg->iface] = malloc(sizeof(struct dhcp_config));
	if (!m->configured[msg->iface])
		return error_set(err, -ENOMEM, "out of memory");
	*m->configured[msg->iface] = msg->config;
	return add_config(m, msg, err);
}

static void answer(struct monitor *m, const struct agent_message *asked, const struct error *err,
		   int fd)
{
	struct agent_message msg = {
		.type = AGENT_ANSWER,
		.asked = asked->type,
		.iface = asked->iface,
		.error = *err,
	};

	monitor_tell_agent(m, &msg, NULL, 0, &fd, fd >= 0);
}

static void serve(struct monitor *m, const struct agent_message *msg)
{
	cleanup_fd int fd = -1;
	struct error err = { 0 };

	if (!is_client(m, msg->iface))
		error_set(&err, -EPERM, "the scenario runs no client there");
	else if (msg->type == AGENT_CONFIGURE)
		configure(m, msg, &err);
	else if (msg->type == AGENT_DECONFIGURE)
		remove_config(m, msg->iface);
	else
		fd = sockets_open_packet(&m->build, msg->iface, &err);
	answer(m, msg, &err, fd);
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
	switch (in.msg.type) {
	case AGENT_CONFIGURE:
	case AGENT_DECONFIGURE:
	case AGENT_OPEN_PACKET:
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
	case AGENT_CLIENT_DONE:
		control_client_done(m, &in.msg);
		break;
	case AGENT_ANSWER:
	case AGENT_STOP:
	case AGENT_STATUS:
	case AGENT_CLIENT:
	case AGENT_NOTE:
	case AGENT_QUIT:
		break;		/* ours to send */
	}
}
