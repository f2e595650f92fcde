/* SPDX-License-Identifier: MIT */
/* server.c - see netlab/dhcp_server.h; the rules themselves stand in server_table.c */
#include <errno.h>
#include <string.h>

#include "base/addr.h"
#include "base/util.h"
#include "dhcp/server_internal.h"

/* ---- options ---- */

/* Options that are the server's to set, or never a server's (RFC 2131 table 3). */
static bool is_reserved(uint8_t code)
{
	static const uint8_t reserved[] = {
		DHCP_OPT_PAD, DHCP_OPT_SUBNET_MASK, DHCP_OPT_REQUESTED_ADDRESS,
		DHCP_OPT_LEASE_TIME, DHCP_OPT_OVERLOAD, DHCP_OPT_MESSAGE_TYPE, DHCP_OPT_SERVER_ID,
		DHCP_OPT_PARAMETER_LIST, DHCP_OPT_MESSAGE, DHCP_OPT_MAX_SIZE, DHCP_OPT_T1,
		DHCP_OPT_T2, DHCP_OPT_CLIENT_ID, DHCP_OPT_RELAY_INFO, DHCP_OPT_END,
	};

	return memchr(reserved, code, sizeof(reserved));
}

static bool are_values_valid(const struct dhcp_server_options *opt)
{
	bool seen[256] = { false };

	if (opt->n_values > DHCP_SERVER_OPTIONS_MAX)
		return false;

	for (size_t i = 0; i < opt->n_values; i++) {
		const struct dhcp_server_value *v = &opt->value[i];

		if (is_reserved(v->code) || seen[v->code] || v->len > sizeof(opt->values) ||
		    v->off > sizeof(opt->values) - v->len ||
		    !dhcp_option_is_valid(v->code, opt->values + v->off, v->len))
			return false;
		seen[v->code] = true;
	}

	return true;
}

static bool is_address_valid(const struct dhcp_server_options *opt)
{
	uint32_t mask = ip4_mask(opt->prefix_len);

	return ip4_is_host(opt->address) && (opt->address & ~mask) &&
	       (opt->address | mask) != IP4_BROADCAST;
}

static bool is_pool_valid(const struct dhcp_server_options *opt)
{
	if (!opt->first && !opt->last)
		return true;

	return opt->first <= opt->last &&
	       ip4_in_prefix(opt->first, opt->address, opt->prefix_len) &&
	       ip4_in_prefix(opt->last, opt->address, opt->prefix_len);
}

static bool are_times_valid(const struct dhcp_server_options *opt)
{
	return opt->min_lease_sec && opt->min_lease_sec <= opt->default_lease_sec &&
	       opt->default_lease_sec <= opt->max_lease_sec && opt->offer_sec && opt->decline_sec;
}

static bool are_options_valid(const struct dhcp_server_options *opt)
{
	/* A subnet of two addresses or one has no network and broadcast address to keep. */
	return opt->prefix_len >= 1 && opt->prefix_len <= 30 && is_address_valid(opt) &&
	       is_pool_valid(opt) && are_times_valid(opt) && opt->max_bindings &&
	       opt->max_bindings <= LEASES_MAX && are_values_valid(opt);
}

size_t dhcp_server_size(const struct dhcp_server_options *opt)
{
	if (!are_options_valid(opt))
		return 0;

	return sizeof(struct dhcp_server) + leases_tail_size(opt);
}

int dhcp_server_init(void *mem, const struct dhcp_server_options *opt, struct dhcp_server **ret)
{
	struct dhcp_server *s = mem;

	if (!are_options_valid(opt))
		return -EINVAL;

	memset(mem, 0, dhcp_server_size(opt));
	s->opt = *opt;
	leases_init(&s->leases, opt);
	*ret = s;
	return 0;
}

/* ---- one step ---- */

static int ignore(struct dhcp_actions *out, const char *why, const char *rfc)
{
	out->reason = (struct dhcp_reason){ why, rfc };
	return 0;
}

static int take_row(struct dhcp_server *s, const struct server_query *q, struct dhcp_actions *out)
{
	const struct server_row *row = server_find_row(s, q, &out->reason);

	out->from = (uint8_t)q->state;
	out->to = (uint8_t)q->state;
	if (!row)
		return 0;

	out->reason = row->reason;
	if (row->to != SERVER_ANY)
		out->to = row->to;
	return row->act->run(s, q, row, out);
}

static int receive(struct dhcp_server *s, const struct dhcp_event *ev, struct dhcp_actions *out)
{
	struct server_query q;

	if (!ev->rx.msg)
		return -EINVAL;
	if (server_filter(s, &ev->rx, ev->now, &q, &out->reason) < 0)
		return 0;

	return take_row(s, &q, out);
}

/* The row for the slot whose time is over; it always has one, which always succeeds. */
static void end_slot(struct dhcp_server *s, uint32_t i, uint64_t now, struct dhcp_actions *out)
{
	const struct slot *slot = leases_at(&s->leases, i);
	struct server_query q = {
		.trigger = DHCP_SERVER_ON_DEADLINE,
		.now = now,
		.slot = slot,
		.state = slot->b.state,
		.own = slot->b.address,
	};

	(void)take_row(s, &q, out);
}

/* All that is due, in one step; a note for each, as many as there is room for. */
static int run_out(struct dhcp_server *s, uint64_t now, struct dhcp_actions *out)
{
	uint32_t i = leases_due(&s->leases, now);

	if (i == NO_SLOT)
		return ignore(out, "nothing is due yet", "RFC 2131 section 4.3");

	for (; i != NO_SLOT; i = leases_due(&s->leases, now))
		end_slot(s, i, now, out);

	return 1;
}

static int conflict(struct dhcp_server *s, const struct dhcp_event *ev, struct dhcp_actions *out)
{
	struct server_query q;

	server_query_address(s, DHCP_SERVER_ON_CONFLICT, ev->conflict, ev->now, &q);
	return take_row(s, &q, out);
}

int dhcp_server_step(struct dhcp_server *s, const struct dhcp_event *ev, struct dhcp_actions *out)
{
	out->n = 0;
	out->reason = (struct dhcp_reason){ "", "" };
	out->from = DHCP_BINDING_NONE;
	out->to = DHCP_BINDING_NONE;

	switch (ev->type) {
	case DHCP_EVENT_RX:
		return receive(s, ev, out);
	case DHCP_EVENT_DEADLINE:
		return run_out(s, ev->now, out);
	case DHCP_EVENT_CONFLICT:
		return conflict(s, ev, out);
	case DHCP_EVENT_START:
		return ignore(out, "a server waits for its clients", "RFC 2131 section 1.4");
	case DHCP_EVENT_STOP:
		return ignore(out, "leases outlive their server", "RFC 2131 section 2.1");
	case DHCP_EVENT_COMMAND:
		return ignore(out, "commands are for clients", "RFC 2131 section 1.4");
	}

	return -EINVAL;
}

/* ---- what others see ---- */

uint64_t dhcp_server_deadline(const struct dhcp_server *s)
{
	return leases_deadline(&s->leases);
}

const struct dhcp_server_options *dhcp_server_options(const struct dhcp_server *s)
{
	return &s->opt;
}

const struct dhcp_binding *dhcp_server_binding(const struct dhcp_server *s, size_t i)
{
	return i < s->leases.n ? &leases_at(&s->leases, (uint32_t)i)->b : NULL;
}

void dhcp_server_count(const struct dhcp_server *s, uint64_t now, struct dhcp_pool_count *ret)
{
	struct dhcp_pool_count c = { .size = s->leases.pool.size, .free = s->leases.pool.size };

	for (uint32_t i = 0; i < s->leases.n; i++) {
		const struct slot *slot = leases_at(&s->leases, i);
		enum dhcp_binding_state state = slot_state(slot, now);
		bool is_leased = state == DHCP_BINDING_ACTIVE || state == DHCP_BINDING_OFFERED;

		if (!pool_has(&s->leases.pool, slot->b.address))
			continue;
		c.leased += is_leased;
		c.free -= is_leased || state == DHCP_BINDING_DECLINED;
	}
	*ret = c;
}
