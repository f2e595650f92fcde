/* SPDX-License-Identifier: MIT */
/* agent_address.c - what of a machine's addresses the monitor is asked for, and has answered. */
#include <errno.h>
#include <string.h>

#include "lab/agent_address.h"
#include "lab/agent_private.h"

static bool is_caller(const struct machine *m)
{
	const struct scenario *s = m->agent->scenario;

	return s->nodes[s->ifaces[m->iface].node].is_caller;
}

static bool is_awaited(const struct machine *m)
{
	return scn_is_awaited(&m->agent->scenario->ifaces[m->iface]);
}

static bool has_lease_file(const struct machine *m)
{
	return scn_lease_file(&m->agent->scenario->ifaces[m->iface])[0];
}

/* The kernel counts whole real seconds: rounded up, so that the machine is the one to end it. */
static uint32_t real_seconds(const struct agent *a, uint64_t expires)
{
	uint64_t now = agent_now(a);
	double left;

	/* The kernel's clock goes on while the lab's stands still. */
	if (expires == DHCP_NEVER || a->time.paused)
		return UINT32_MAX;
	left = expires > now ? (double)(expires - now) / 1e6 / a->time.speed : 0;
	return left >= UINT32_MAX - 2 ? UINT32_MAX - 1 : (uint32_t)left + 1;
}

static int configure(struct machine *m, const struct dhcp_config *c)
{
	struct agent_message msg = {
		.type = AGENT_CONFIGURE,
		.iface = (uint32_t)m->iface,
		.seconds = real_seconds(m->agent, c->expires),
		.config = *c,
	};

	if (held_config_set(&m->pending, &m->agent->config, c) < 0)
		return -ENOMEM;
	m->agent->unanswered++;
	return monitor_ask(m->agent, &msg);
}

int address_configure(void *ctx, struct node *n, const struct dhcp_config *c)
{
	return configure(ctx, c);
}

void address_retime(struct machine *m)
{
	struct dhcp_config c = held_config(&m->pending);

	if (!m->has_lease || m->link == LAB_LINK_GONE)
		return;
	/* What was put on the interface, without what the scenario leaves out of a lease. */
	c.expires = m->node.client.lease.expires;
	configure(m, &c);
}

int address_deconfigure(void *ctx, struct node *n, const struct dhcp_config *c)
{
	struct machine *m = ctx;
	struct agent_message msg = {
		.type = AGENT_DECONFIGURE,
		.iface = (uint32_t)m->iface,
		.config = *c,
		/* Left by STOP without RELEASE, and by a link that was away. */
		.keeps = n->client.reboot_until > agent_now(m->agent),
		.released = m->released,
	};

	held_config_clear(&m->pending);
	if (m->has_lease && is_awaited(m))
		m->agent->bound--;
	m->has_lease = false;
	news_address(m, false, c);
	/* When the lab goes, its namespaces go: only what is the caller's own must be mended. */
	if (m->agent->stopping && !is_caller(m) && !has_lease_file(m))
		return 0;
	m->agent->unanswered++;
	return monitor_ask(m->agent, &msg);
}

int address_link_local(void *ctx, struct node *n, const struct dhcp_config *c, bool on)
{
	struct machine *m = ctx;
	struct agent_message msg = {
		.type = on ? AGENT_CONFIGURE : AGENT_DECONFIGURE,
		.iface = (uint32_t)m->iface,
		.seconds = UINT32_MAX,
		.link_local = true,
		.config = *c,
	};

	if (!on)
		news_address(m, false, c);
	m->has_link_local = false;
	if (m->agent->stopping && !is_caller(m))
		return 0;
	m->agent->unanswered++;
	return monitor_ask(m->agent, &msg);
}

static void put_back_lease(struct machine *m, const struct dhcp_config *c)
{
	struct dhcp_config had = held_config(&m->pending);
	struct node *n = &m->node;

	if (m->has_lease && c && memcmp(&had, c, sizeof(had)) == 0)
		return;
	if (m->has_lease && !(c && c->address == had.address)) {
		address_deconfigure(m, n, &had);
		if (machine_use_packet(m) < 0)
			agent_note(m->agent, "%s: no packet socket for the step back", n->label);
	}
	if (c)
		configure(m, c);
}

static void put_link_local(struct machine *m, uint32_t address, bool on)
{
	struct dhcp_config c = {
		.address = address,
		.prefix_len = LINKLOCAL_PREFIX_LEN,
		.broadcast = address | 0xffff,
	};

	address_link_local(m, &m->node, &c, on);
}

/* One of the two at a time is on the interface: so what is wrong goes first. */
void address_put_back(struct machine *m, const struct dhcp_config *c, uint32_t link_local)
{
	uint32_t wanted = node_link_local(&m->node);

	if (m->link == LAB_LINK_GONE)
		return;
	if (link_local && link_local != wanted)
		put_link_local(m, link_local, false);
	put_back_lease(m, c);
	if (wanted && link_local != wanted)
		put_link_local(m, wanted, true);
}

/*
 * RFC 2131 section 3.2: a stored lease that a server refuses was never on the
 * interface. Only its file is there to go.
 */
static void forget_stored(struct machine *m)
{
	struct agent_message msg = { .type = AGENT_DECONFIGURE, .iface = (uint32_t)m->iface };

	m->has_stored = false;
	m->agent->unanswered++;
	monitor_ask(m->agent, &msg);
}

void address_step_done(struct machine *m)
{
	if (m->has_stored && !m->node.client.last_address)
		forget_stored(m);
}

static void took_address(struct machine *m)
{
	const struct dhcp_config c = held_config(&m->pending);
	bool is_new = !m->has_lease;

	if (m->pending.address == 0 || m->node.client.lease.address != m->pending.address)
		return;		/* the answer to a wish that is over */
	m->has_lease = true;
	m->has_stored = false;
	if (is_new)
		m->agent->bound += is_awaited(m);
	news_address(m, true, &c);
	machine_use_udp(m);
}

static void took_link_local(struct machine *m)
{
	struct dhcp_config c = {
		.address = node_link_local(&m->node),
		.prefix_len = LINKLOCAL_PREFIX_LEN,
	};

	if (!c.address || m->has_link_local)
		return;		/* the answer to a wish that is over */
	m->has_link_local = true;
	news_address(m, true, &c);
}

void address_answered(struct machine *m, const struct agent_message *msg)
{
	if (msg->error.code < 0)
		agent_note(m->agent, "%s: %s", m->node.label, msg->error.text);
	else if (msg->asked == AGENT_CONFIGURE && msg->link_local)
		took_link_local(m);
	else if (msg->asked == AGENT_CONFIGURE && m->node.kind == NODE_CLIENT)
		took_address(m);
}
