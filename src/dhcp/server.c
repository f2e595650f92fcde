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
		DHCP_OPT_T2, DHCP_OPT_CLIENT_ID, DHCP_OPT_TFTP_SERVER, DHCP_OPT_BOOT_FILE,
		DHCP_OPT_RAPID_COMMIT, DHCP_OPT_FQDN, DHCP_OPT_RELAY_INFO, DHCP_OPT_AUTHENTICATION,
		DHCP_OPT_LAST_TRANSACTION, DHCP_OPT_ASSOCIATED_IP, DHCP_OPT_AUTO_CONFIGURE,
		DHCP_OPT_SUBNET_SELECTION, DHCP_OPT_FORCERENEW_NONCE, DHCP_OPT_END,
	};

	return memchr(reserved, code, sizeof(reserved));
}

static bool are_values_valid(const struct dhcp_server_options *opt,
			     const struct dhcp_server_value *value, size_t n)
{
	bool seen[256] = { false };

	if (n > DHCP_SERVER_OPTIONS_MAX)
		return false;

	for (size_t i = 0; i < n; i++) {
		const struct dhcp_server_value *v = &value[i];

		if (is_reserved(v->code) || seen[v->code] || v->len > sizeof(opt->values) ||
		    v->off > sizeof(opt->values) - v->len ||
		    (!v->forced &&
		     !dhcp_option_is_valid(v->code, opt->values + v->off, v->len)))
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

static bool is_pool_valid(const struct dhcp_server_subnet *net)
{
	if (!net->first && !net->last)
		return true;

	return net->first <= net->last &&
	       ip4_in_prefix(net->first, net->address, net->prefix_len) &&
	       ip4_in_prefix(net->last, net->address, net->prefix_len);
}

static bool are_times_valid(const struct dhcp_server_subnet *net)
{
	return net->min_lease_sec && net->min_lease_sec <= net->default_lease_sec &&
	       net->default_lease_sec <= net->max_lease_sec;
}

/* Texts that end, and no next server that can not be one. */
static bool is_boot_valid(const struct dhcp_server_options *opt)
{
	return memchr(opt->boot_server, '\0', sizeof(opt->boot_server)) &&
	       memchr(opt->boot_file, '\0', sizeof(opt->boot_file)) &&
	       (!opt->next_server || ip4_is_host(opt->next_server));
}

static bool is_subnet_valid(const struct dhcp_server_options *opt,
			    const struct dhcp_server_subnet *net)
{
	/* A subnet of two addresses or one has no network and broadcast address to keep. */
	return net->prefix_len >= 1 && net->prefix_len <= 30 &&
	       !(net->address & ~ip4_mask(net->prefix_len)) && is_pool_valid(net) &&
	       are_times_valid(net) && are_values_valid(opt, net->value, net->n_values);
}

/* The server's own link, as a subnet like the others. */
static void own_link(const struct dhcp_server_options *opt, struct dhcp_server_subnet *ret)
{
	*ret = (struct dhcp_server_subnet){
		.address = opt->address & ip4_mask(opt->prefix_len),
		.prefix_len = opt->prefix_len,
		.n_values = opt->n_values,
		.first = opt->first,
		.last = opt->last,
		.default_lease_sec = opt->default_lease_sec,
		.min_lease_sec = opt->min_lease_sec,
		.max_lease_sec = opt->max_lease_sec,
	};
	memcpy(ret->value, opt->value, sizeof(ret->value));
}

static bool overlap(const struct dhcp_server_subnet *a, const struct dhcp_server_subnet *b)
{
	return ip4_in_prefix(a->address, b->address, b->prefix_len) ||
	       ip4_in_prefix(b->address, a->address, a->prefix_len);
}

/* All subnets by number, in @ret; how many, or 0 if they make no sense. */
static uint8_t collect_subnets(const struct dhcp_server_options *opt,
			       struct dhcp_server_subnet ret[static SUBNETS_MAX])
{
	if (opt->prefix_len > 32 || opt->n_subnets > DHCP_SERVER_SUBNETS_MAX)
		return 0;

	own_link(opt, &ret[0]);
	memcpy(&ret[1], opt->subnet, opt->n_subnets * sizeof(ret[0]));
	for (size_t i = 0; i <= opt->n_subnets; i++) {
		if (!is_subnet_valid(opt, &ret[i]))
			return 0;
		for (size_t k = 0; k < i; k++)
			if (overlap(&ret[i], &ret[k]))
				return 0;
	}

	return (uint8_t)(opt->n_subnets + 1);
}

static bool do_ranges_meet(const struct pool_range *a, const struct pool_range *b)
{
	return a->first && b->first && a->first <= b->last && b->first <= a->last;
}

/* The pools of the subnets, then those of the classes, in @ret. */
static void collect_ranges(const struct dhcp_server_options *opt,
			   const struct dhcp_server_subnet *net, struct leases_config *ret)
{
	for (size_t i = 0; i < ret->n_subnets; i++)
		ret->range[i] = (struct pool_range){ net[i].address, net[i].prefix_len,
						     net[i].first, net[i].last };
	for (size_t k = 0; k < opt->n_classes; k++) {
		const struct dhcp_server_class *c = &opt->class[k];
		struct pool_range *range = &ret->range[ret->n_subnets + k];

		*range = (struct pool_range){ .first = c->first, .last = c->last };
		for (size_t i = 0; i < ret->n_subnets; i++) {
			if (!ip4_in_prefix(c->first, net[i].address, net[i].prefix_len))
				continue;
			range->address = net[i].address;
			range->prefix_len = net[i].prefix_len;
		}
	}
	ret->n_pools = (uint8_t)(ret->n_subnets + opt->n_classes);
}

static bool are_classes_valid(const struct dhcp_server_options *opt,
			      const struct leases_config *config)
{
	for (size_t i = 0; i < opt->n_classes; i++) {
		const struct dhcp_server_class *c = &opt->class[i];
		const struct pool_range *range = &config->range[config->n_subnets + i];

		if (c->user_len > sizeof(c->user) || c->vendor_len > sizeof(c->vendor) ||
		    !are_values_valid(opt, c->value, c->n_values) || c->first > c->last ||
		    (c->first && (!range->prefix_len ||
				  !ip4_in_prefix(c->last, range->address, range->prefix_len))))
			return false;
		for (const struct pool_range *r = config->range; r < range; r++)
			if (do_ranges_meet(r, range))
				return false;
	}

	return true;
}

/* False for options that make no sense. */
static bool configure(const struct dhcp_server_options *opt,
		      struct dhcp_server_subnet net[static SUBNETS_MAX], struct leases_config *ret,
		      struct reserved *ret_reserved)
{
	*ret = (struct leases_config){
		.max_bindings = opt->max_bindings,
		.seed = opt->seed,
		.self = opt->address,
		.keeps_more = server_keeps_more(opt),
	};
	if (opt->n_classes > DHCP_SERVER_CLASSES_MAX)
		return false;
	ret->n_subnets = collect_subnets(opt, net);
	collect_ranges(opt, net, ret);
	if (!ret->n_subnets || !are_classes_valid(opt, ret) ||
	    reserved_init(ret_reserved, opt, net, ret->n_subnets) < 0)
		return false;

	ret->n_kept = reserved_addresses(opt, ret->kept);
	return is_address_valid(opt) && is_boot_valid(opt) &&
	       opt->n_queriers <= DHCP_SERVER_QUERIERS_MAX && server_are_secrets_valid(opt) &&
	       opt->probe_ms <= DHCP_SERVER_PROBE_MS_MAX && opt->offer_sec && opt->decline_sec &&
	       opt->max_bindings && opt->max_bindings <= LEASES_MAX;
}

static size_t probes_offset(const struct leases_config *config, uint32_t cap)
{
	size_t end = sizeof(struct dhcp_server) + leases_tail_size(config, cap);

	return (end + _Alignof(struct probe) - 1) / _Alignof(struct probe) * _Alignof(struct probe);
}

static size_t block_size(const struct dhcp_server_options *opt,
			 const struct leases_config *config, uint32_t cap)
{
	return probes_offset(config, cap) +
	       (opt->probe_ms ? DHCP_SERVER_PROBES_MAX * sizeof(struct probe) : 0);
}

size_t dhcp_server_size(const struct dhcp_server_options *opt)
{
	struct dhcp_server_subnet net[SUBNETS_MAX];
	struct leases_config config;
	struct reserved reserved;

	if (!configure(opt, net, &config, &reserved))
		return 0;

	return block_size(opt, &config, leases_first_cap(&config));
}

/* With room for @cap bindings, and none in it: what it learned is forgotten. */
static void begin(struct dhcp_server *s, const struct leases_config *config, uint32_t cap)
{
	leases_init(&s->leases, config, cap);
	if (s->opt.probe_ms) {
		s->probes = probes_offset(config, cap);
		probes_init(server_probes(s));
	}
}

int dhcp_server_init(void *mem, const struct dhcp_server_options *opt, struct dhcp_server **ret)
{
	struct dhcp_server_subnet net[SUBNETS_MAX];
	struct leases_config config;
	struct reserved reserved;
	struct dhcp_server *s = mem;

	if (!configure(opt, net, &config, &reserved))
		return -EINVAL;

	memset(mem, 0, sizeof(*s));
	s->opt = *opt;
	memcpy(s->net, net, config.n_subnets * sizeof(net[0]));
	s->reserved = reserved;
	begin(s, &config, leases_first_cap(&config));
	*ret = s;
	return 0;
}

/* What its leases were made of. */
static void config_of(const struct dhcp_server *s, struct leases_config *ret)
{
	*ret = (struct leases_config){
		.max_bindings = s->opt.max_bindings,
		.seed = s->opt.seed,
		.self = s->opt.address,
		.keeps_more = server_keeps_more(&s->opt),
		.n_subnets = s->leases.n_subnets,
		.n_kept = s->leases.n_kept,
	};
	collect_ranges(&s->opt, s->net, ret);
	memcpy(ret->kept, s->leases.kept, sizeof(ret->kept));
}

static size_t size_with(const struct dhcp_server *s, uint32_t cap)
{
	struct leases_config config;

	config_of(s, &config);
	return block_size(&s->opt, &config, cap);
}

size_t dhcp_server_bytes(const struct dhcp_server *s)
{
	return size_with(s, s->leases.cap);
}

size_t dhcp_server_wants(const struct dhcp_server *s)
{
	uint32_t cap = leases_better_cap(&s->leases);

	return cap == s->leases.cap ? 0 : size_with(s, cap);
}

struct dhcp_server *dhcp_server_move(void *mem, const struct dhcp_server *s)
{
	uint32_t cap = leases_better_cap(&s->leases);
	struct dhcp_server *new = mem;
	struct leases_config config;

	config_of(s, &config);
	memset(new, 0, sizeof(*new));
	memcpy(new, s, offsetof(struct dhcp_server, leases));
	leases_init(&new->leases, &config, cap);
	leases_move(&new->leases, &s->leases);
	if (s->probes) {
		new->probes = probes_offset(&config, cap);
		memcpy(server_probes(new), (const unsigned char *)s + s->probes,
		       DHCP_SERVER_PROBES_MAX * sizeof(struct probe));
	}

	return new;
}

void dhcp_server_forget(struct dhcp_server *s)
{
	struct leases_config config;

	config_of(s, &config);
	begin(s, &config, s->leases.cap);
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

	server_tell_facts(s, q, &out->facts);
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
	if (server_filter(s, &ev->rx, ev->now, &q, &out->reason) < 0) {
		server_tell_client(&ev->rx, &out->facts);
		return 0;
	}

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
		.id.subnet = slot->subnet,
		.own = slot->b.address,
	};

	(void)take_row(s, &q, out);
}

/*
 * The DISCOVER behind @p again, on its way to a row; the place is free from now
 * on. False: its client has gone on without the OFFER.
 */
static bool resume(struct dhcp_server *s, struct probe *p, uint64_t now, struct dhcp_rx *rx,
		   struct server_query *ret)
{
	struct dhcp_reason why;

	*rx = probe_rx(p);
	p->due = DHCP_NEVER;
	return server_filter(s, rx, now, ret, &why) == 0;
}

/* Nobody has answered: the OFFER that waited goes out. */
static int end_probe(struct dhcp_server *s, struct probe *p, uint64_t now,
		     struct dhcp_actions *out)
{
	uint32_t address = p->address;
	struct server_query q;
	struct dhcp_rx rx;

	out->reason = (struct dhcp_reason){
		"the client went on without waiting for the probe", "RFC 2131 section 2.2"
	};
	if (!resume(s, p, now, &rx, &q) || q.state != DHCP_BINDING_PROBED || q.own != address)
		return 1;	/* the place was freed */

	q.trigger = DHCP_SERVER_ON_DEADLINE;
	return take_row(s, &q, out);
}

/* All that is due, in one step; a note for each, as many as there is room for. */
static int run_out(struct dhcp_server *s, uint64_t now, struct dhcp_actions *out)
{
	struct probe *p = s->probes ? probes_first(server_probes(s)) : NULL;
	uint32_t i = leases_due(&s->leases, now);

	if (p && p->due <= now)
		return end_probe(s, p, now, out);
	if (i == NO_SLOT)
		return ignore(out, "nothing is due yet", "RFC 2131 section 4.3");

	for (; i != NO_SLOT; i = leases_due(&s->leases, now))
		end_slot(s, i, now, out);

	return 1;
}

/* Another address for the client that waits; @out goes on speaking of the conflict. */
static void choose_again(struct dhcp_server *s, const struct server_query *q,
			 struct dhcp_actions *out)
{
	const struct dhcp_reason conflict = out->reason;
	uint8_t from = out->from, to = out->to;

	(void)take_row(s, q, out);
	if (out->n < DHCP_ACTIONS_MAX)
		out->action[out->n++] = (struct dhcp_action){
			.type = DHCP_ACTION_NOTE, .note = { .reason = out->reason },
		};
	out->reason = conflict;
	out->from = from;
	out->to = to;
}

static int conflict(struct dhcp_server *s, const struct dhcp_event *ev, struct dhcp_actions *out)
{
	struct probe *p = s->probes ? probes_find(server_probes(s), ev->conflict) : NULL;
	struct server_query q;
	struct dhcp_rx rx;
	int r;

	server_query_address(s, DHCP_SERVER_ON_CONFLICT, ev->conflict, ev->now, &q);
	r = take_row(s, &q, out);
	if (r <= 0 || !p || q.state != DHCP_BINDING_PROBED)
		return r;

	if (resume(s, p, ev->now, &rx, &q))
		choose_again(s, &q, out);
	return r;
}

static int command(struct dhcp_server *s, const struct dhcp_event *ev, struct dhcp_actions *out)
{
	struct server_query q;

	if (ev->command != DHCP_COMMAND_FORCERENEW)
		return ignore(out, "a command for clients", "RFC 2131 section 1.4");

	server_query_address(s, DHCP_SERVER_ON_FORCERENEW, ev->address, ev->now, &q);
	return take_row(s, &q, out);
}

int dhcp_server_step(struct dhcp_server *s, const struct dhcp_event *ev, struct dhcp_actions *out)
{
	out->n = 0;
	out->reason = (struct dhcp_reason){ "", "" };
	out->facts = (struct dhcp_facts){ 0 };
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
		return command(s, ev, out);
	}

	return -EINVAL;
}

/* ---- what others see ---- */

uint64_t dhcp_server_deadline(const struct dhcp_server *s)
{
	const struct probe *p = NULL;

	if (s->probes)	/* it is only looked at */
		p = probes_first(server_probes((struct dhcp_server *)s));
	return p ? min_u64(p->due, leases_deadline(&s->leases)) : leases_deadline(&s->leases);
}

bool dhcp_server_is_probing(const struct dhcp_server *s, uint32_t address)
{
	return s->probes && probes_find(server_probes((struct dhcp_server *)s), address);
}

const struct dhcp_server_options *dhcp_server_options(const struct dhcp_server *s)
{
	return &s->opt;
}

const struct dhcp_binding *dhcp_server_binding(const struct dhcp_server *s, size_t i)
{
	return i < s->leases.n ? &leases_at(&s->leases, (uint32_t)i)->b : NULL;
}

const struct dhcp_binding_more *dhcp_server_binding_more(const struct dhcp_server *s, size_t i)
{
	return i < s->leases.n ? leases_more_at(&s->leases, (uint32_t)i) : NULL;
}

const struct dhcp_binding *dhcp_server_remembered(const struct dhcp_server *s,
						  const struct dhcp_binding *after)
{
	const struct leases *l = &s->leases;
	uint32_t i = NO_SLOT;

	static_assert(offsetof(struct slot, b) == 0, "a binding is where its slot is");
	if (after)
		i = (uint32_t)((const struct slot *)(const void *)after - leases_at(l, 0));
	i = leases_remembered(l, i);
	return i == NO_SLOT ? NULL : &leases_at(l, i)->b;
}

static void count_leases(const struct dhcp_server *s, size_t pool, uint64_t now,
			 struct dhcp_pool_count *c)
{
	for (uint32_t i = 0; i < s->leases.n; i++) {
		const struct slot *slot = leases_at(&s->leases, i);
		enum dhcp_binding_state state = slot_state(slot, now);
		bool is_leased = state == DHCP_BINDING_ACTIVE || state == DHCP_BINDING_OFFERED ||
				 state == DHCP_BINDING_PROBED;

		if (slot->pool != pool || slot->is_kept ||
		    !pool_has(&s->leases.pool[pool], slot->b.address))
			continue;
		c->leased += is_leased;
		c->free -= is_leased || state == DHCP_BINDING_DECLINED;
	}
}

bool dhcp_server_count(const struct dhcp_server *s, size_t i, uint64_t now,
		       struct dhcp_pool_count *ret)
{
	struct leases_config config;
	const struct pool_range *r;
	struct dhcp_pool_count c;

	if (i >= s->leases.n_pools)
		return false;
	config_of(s, &config);
	r = &config.range[i];
	c = (struct dhcp_pool_count){
		.address = r->address, .prefix_len = r->prefix_len, .first = r->first,
		.last = r->last, .size = s->leases.pool[i].size, .free = s->leases.pool[i].size,
	};
	count_leases(s, i, now, &c);
	*ret = c;
	return true;
}
