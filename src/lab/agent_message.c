/* SPDX-License-Identifier: MIT */
#include "lab/agent_message.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "trace/safe_text.h"

#define ERRNO_MAX 4095		/* the kernel's own bound */
#define MTU_MIN 68		/* RFC 791 */

/* A bool that is neither makes the compiler's code do anything. */
static bool are_bools(const void *data)
{
	static const size_t at[] = {
		offsetof(struct agent_message, taken),
		offsetof(struct agent_message, keeps),
		offsetof(struct agent_message, link_local),
		offsetof(struct agent_message, released),
		offsetof(struct agent_message, by_others),
	};

	for (size_t i = 0; i < ARRAY_SIZE(at); i++) {
		if (((const uint8_t *)data)[at[i]] > 1)
			return false;
	}
	return true;
}

static bool is_agents(enum agent_message_type type)
{
	switch (type) {
	case AGENT_CONFIGURE:
	case AGENT_DECONFIGURE:
	case AGENT_OPEN_PACKET:
	case AGENT_EVENT:
	case AGENT_PROGRESS:
	case AGENT_STOPPED:
	case AGENT_STATUS_DONE:
	case AGENT_WISH_DONE:
		return true;
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
		return false;	/* the monitor's to say */
	}
	return false;
}

/* It goes into JSON, and ends on a terminal. */
static void make_harmless(struct error *e)
{
	cleanup_text struct text safe = { 0 };

	safe_text_add(&safe, e->text, strlen(e->text));
	if (!e->text[0] || (safe.str && !strcmp(safe.str, e->text)))
		return;
	for (char *p = e->text; *p; p++)
		if (*p < ' ' || *p > '~')
			*p = '?';
}

int agent_message_read(const void *data, size_t len, struct agent_message *ret,
		       const char **ret_text)
{
	struct agent_message msg;

	if (len < sizeof(msg) || !are_bools(data))
		return -EBADMSG;
	memcpy(&msg, data, sizeof(msg));
	if (!is_agents(msg.type) || msg.text_len > len - sizeof(msg) ||
	    msg.error.code > 0 || msg.error.code < -ERRNO_MAX)
		return -EBADMSG;
	msg.error.text[sizeof(msg.error.text) - 1] = '\0';
	make_harmless(&msg.error);
	*ret = msg;
	*ret_text = (const char *)data + sizeof(msg);
	return 0;
}

static bool is_broadcast_of(const struct dhcp_config *c)
{
	return c->broadcast == 0 || c->broadcast == UINT32_MAX ||
	       ip4_in_prefix(c->broadcast, c->address, c->prefix_len);
}

static int check_config(const struct dhcp_config *c, struct error *err)
{
	if (c->n_routers > DHCP_ROUTERS_MAX || c->n_dns > DHCP_DNS_MAX ||
	    c->n_routes > DHCP_ROUTES_MAX || !memchr(c->domain, '\0', sizeof(c->domain)))
		return error_set(err, -EINVAL, "the agent asked for more than a lease can bring");
	if (!ip4_is_host(c->address) || c->prefix_len < 1 || c->prefix_len > 32 ||
	    !is_broadcast_of(c))
		return error_set(err, -EINVAL,
				 "the agent asked for an address that no host can have");
	if (c->mtu && c->mtu < MTU_MIN)
		return error_set(err, -EINVAL, "the agent asked for an MTU that cannot be");
	for (size_t k = 0; k < c->n_routes; k++)
		if (c->routes[k].prefix_len > 32)
			return error_set(err, -EINVAL,
					 "the agent asked for a route that cannot be");
	return 0;
}

/* RFC 3927 section 2.1: what no DHCP server gave is of one prefix, and nothing comes with it. */
static int check_link_local(const struct scenario *s, const struct agent_message *msg,
			    struct error *err)
{
	const struct dhcp_config *c = &msg->config;
	uint8_t third = (uint8_t)(c->address >> 8);

	if (s->ifaces[msg->iface].client->link_local == SCN_LINK_LOCAL_NO)
		return error_set(err, -EPERM, "the scenario wants no link-local address there");
	if (!ip4_is_link_local(c->address) || third == 0 || third == 255 ||
	    c->prefix_len != 16 || c->n_routers || c->n_routes || c->n_dns || c->mtu ||
	    c->domain[0])
		return error_set(err, -EINVAL, "the agent asked for no link-local address");
	return 0;
}

/* Is it an event that changes the network? The others are the agent's own. */
static bool is_network_event(const struct scenario *s, const struct agent_message *msg)
{
	const struct scn_event *e;

	if (msg->count >= s->n_events)
		return false;
	e = &s->events[msg->count];
	return e->iface == msg->iface && e->action >= SCN_CLIENT_ACTIONS;
}

int agent_message_check(const struct scenario *s, const struct agent_message *msg,
			struct error *err)
{
	int r = 0;

	if (msg->iface >= s->n_ifaces || !s->ifaces[msg->iface].client)
		return error_set(err, -EPERM, "the scenario runs no client there");
	if (msg->type == AGENT_EVENT && !is_network_event(s, msg))
		return error_set(err, -EPERM, "the scenario has no such event");
	if (msg->type == AGENT_CONFIGURE)
		r = check_config(&msg->config, err);
	if (r == 0 && msg->type == AGENT_CONFIGURE && msg->link_local)
		r = check_link_local(s, msg, err);
	return r;
}
