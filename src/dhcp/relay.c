/* SPDX-License-Identifier: MIT */
/* relay.c - see netlab/dhcp_relay.h; the rules themselves stand in relay_table.c */
#include <errno.h>
#include <string.h>

#include "base/addr.h"
#include "dhcp/relay_internal.h"

_Static_assert(DHCP_RELAY_TARGETS_MAX <= DHCP_ACTIONS_MAX, "a message for each");

/* ---- options ---- */

static bool is_own(const struct dhcp_relay_options *opt, uint32_t address)
{
	for (size_t i = 0; i < opt->n_own; i++)
		if (opt->own[i] == address)
			return true;
	for (size_t i = 0; i < opt->n_ports; i++)
		if (opt->port[i].address == address)
			return true;

	return false;
}

/* A message that we sent to ourselves would go round until its hops are too many. */
static bool are_targets_valid(const struct dhcp_relay_options *opt,
			      const struct dhcp_relay_port *port)
{
	if (!port->n_targets || port->n_targets > DHCP_RELAY_TARGETS_MAX)
		return false;
	for (size_t i = 0; i < port->n_targets; i++)
		if (!ip4_is_host(port->target[i]) || is_own(opt, port->target[i]))
			return false;

	return true;
}

static bool is_port_valid(const struct dhcp_relay_options *opt, const struct dhcp_relay_port *port)
{
	return ip4_is_host(port->address) && (!port->giaddr || is_own(opt, port->giaddr)) &&
	       are_targets_valid(opt, port) && port->circuit_id_len <= DHCP_RELAY_ID_MAX &&
	       port->remote_id_len <= DHCP_RELAY_ID_MAX && port->hops_max >= 1 &&
	       port->hops_max <= DHCP_RELAY_HOPS_MAX && port->max_size >= DHCP_MIN_MAX_SIZE &&
	       port->max_size <= DHCP_MESSAGE_MAX + 28 && port->policy <= DHCP_RELAY_DROP;
}

int dhcp_relay_init(struct dhcp_relay *r, const struct dhcp_relay_options *opt)
{
	if (!opt->n_ports || opt->n_ports > DHCP_RELAY_PORTS_MAX ||
	    opt->n_own > DHCP_RELAY_OWN_MAX)
		return -EINVAL;
	for (size_t i = 0; i < opt->n_ports; i++) {
		if (!is_port_valid(opt, &opt->port[i]))
			return -EINVAL;
		for (size_t k = 0; k < i; k++)
			if (opt->port[i].address == opt->port[k].address)
				return -EINVAL;
	}

	*r = (struct dhcp_relay){ .opt = *opt };
	return 0;
}

/* ---- one step ---- */

static int ignore(struct dhcp_actions *out, const char *why, const char *rfc)
{
	out->reason = (struct dhcp_reason){ why, rfc };
	return 0;
}

static int receive(struct dhcp_relay *r, const struct dhcp_event *ev, struct dhcp_actions *out)
{
	const struct relay_row *row;
	struct relay_query q;

	if (!ev->rx.msg || !ev->rx.payload)
		return -EINVAL;
	if (relay_filter(r, &ev->rx, &q, &out->reason) < 0)
		return 0;

	out->facts.has_client = true;
	memcpy(out->facts.chaddr, ev->rx.msg->chaddr, sizeof(out->facts.chaddr));
	row = relay_find_row(&q);
	out->from = row->from;
	out->to = row->to;
	out->reason = row->reason;
	return row->act->run ? row->act->run(r, &q, out) : 0;
}

int dhcp_relay_step(struct dhcp_relay *r, const struct dhcp_event *ev, struct dhcp_actions *out)
{
	out->n = 0;
	out->reason = (struct dhcp_reason){ "", "" };
	out->facts = (struct dhcp_facts){ 0 };
	out->from = DHCP_RELAY_PLAIN;
	out->to = DHCP_RELAY_PLAIN;

	switch (ev->type) {
	case DHCP_EVENT_RX:
		return receive(r, ev, out);
	case DHCP_EVENT_DEADLINE:
		return ignore(out, "a relay agent waits for nothing", "RFC 1542 section 4.1");
	case DHCP_EVENT_CONFLICT:
		return ignore(out, "a relay agent gives no addresses", "RFC 1542 section 4.1");
	case DHCP_EVENT_START:
	case DHCP_EVENT_STOP:
		return ignore(out, "a relay agent has nothing to begin or to end",
			      "RFC 1542 section 4.1");
	case DHCP_EVENT_COMMAND:
		return ignore(out, "commands are for clients", "RFC 2131 section 1.4");
	}

	return -EINVAL;
}
