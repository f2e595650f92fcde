/* SPDX-License-Identifier: MIT */
/*
 * link_local.c - the machine of RFC 3927 beside a client. The client knows
 * nothing of it (section 2.11); this file looks at what the client does.
 */
#include "base/util.h"
#include "node/machine.h"

/* RFC 2131 section 4.1's waits of 4, 8 and 16 s, and nobody has answered. */
#define SILENT_DISCOVERS 3

void node_set_link_local(struct node *n, enum scn_link_local mode)
{
	n->link_local_mode = mode;
	if (mode != SCN_LINK_LOCAL_NO)
		linklocal_init(&n->link_local, n->mac, n->client.opt.seed);
}

static int link_local_step(struct node *n, enum linklocal_trigger on, uint64_t now)
{
	struct dhcp_actions out;
	int r;

	if (n->link_local_mode == SCN_LINK_LOCAL_NO)
		return 0;
	r = linklocal_step(&n->link_local, on, now, &out);
	if (r > 0)
		machine_act_link_local(n, now, &out);
	return r;
}

static bool has_config(const struct dhcp_actions *out)
{
	for (unsigned int i = 0; i < out->n; i++)
		if (out->action[i].type == DHCP_ACTION_CONFIGURE)
			return true;

	return false;
}

void link_local_give_way(struct node *n, const struct dhcp_event *ev,
			 const struct dhcp_actions *out)
{
	if (ev->type == DHCP_EVENT_STOP)
		link_local_step(n, LINKLOCAL_ON_STOP, ev->now);
	else if (ev->type == DHCP_EVENT_COMMAND && ev->command == DHCP_COMMAND_LINK_UP)
		link_local_step(n, LINKLOCAL_ON_LINK_UP, ev->now);
	else if (has_config(out))
		link_local_step(n, LINKLOCAL_ON_LEASE, ev->now);
	else if (n->client.no_auto_configure)
		link_local_step(n, LINKLOCAL_ON_FORBIDDEN, ev->now);
}

/* A client that rests until it is started again wants nothing. */
static bool is_wanted(const struct node *n, const struct dhcp_event *ev)
{
	const struct dhcp_client *c = &n->client;
	bool gave_up = c->state == DHCP_CLIENT_STOPPED && ev->type == DHCP_EVENT_DEADLINE;

	if (c->configured || c->no_auto_configure)
		return false;
	if (n->link_local_mode == SCN_LINK_LOCAL_IPV4)
		return c->deadline != DHCP_NEVER || gave_up;
	return gave_up || (c->state == DHCP_CLIENT_SELECTING && c->attempt > SILENT_DISCOVERS);
}

void link_local_follow(struct node *n, const struct dhcp_event *ev)
{
	if (n->link_local_mode != SCN_LINK_LOCAL_NO && is_wanted(n, ev))
		link_local_step(n, LINKLOCAL_ON_WANTED, ev->now);
}

void link_local_stop(struct node *n, uint64_t now)
{
	link_local_step(n, LINKLOCAL_ON_STOP, now);
}

int link_local_deadline(struct node *n, uint64_t now)
{
	return link_local_step(n, LINKLOCAL_ON_DEADLINE, now);
}

uint64_t link_local_next_deadline(const struct node *n)
{
	return n->link_local_mode == SCN_LINK_LOCAL_NO ? DHCP_NEVER : n->link_local.deadline;
}

/* RFC 3927 sections 2.2.1 and 2.5: by its sender address, or as a probe while we probe. */
int link_local_rx_arp(struct node *n, uint64_t now, const struct frame *f)
{
	const struct linklocal *l = &n->link_local;
	bool is_rival = l->state == LINKLOCAL_PROBING && f->arp_op == ARP_REQUEST &&
			f->src_ip == 0 && f->dst_ip == l->address;

	if (n->kind != NODE_CLIENT || n->link_local_mode == SCN_LINK_LOCAL_NO ||
	    l->state == LINKLOCAL_OFF)
		return 0;
	if (!is_rival && f->src_ip != l->address)
		return 0;
	return link_local_step(n, LINKLOCAL_ON_CONFLICT, now);
}

uint32_t node_link_local(const struct node *n)
{
	if (n->kind != NODE_CLIENT || n->link_local_mode == SCN_LINK_LOCAL_NO ||
	    n->link_local.state != LINKLOCAL_CLAIMED)
		return 0;
	return n->link_local.address;
}
