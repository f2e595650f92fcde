/* SPDX-License-Identifier: MIT */
/* undo.c - the inverses of a plan's operations, from the state file; and what must hold before. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "lab/build.h"
#include "sys/fd.h"
#include "sys/netns.h"
#include "sys/netstate.h"

static int keep(struct lab_down_report *ret, const struct error *why)
{
	char **kept = realloc(ret->kept, (ret->n_kept + 1) * sizeof(*kept));

	if (!kept)
		return -ENOMEM;
	ret->kept = kept;
	ret->kept[ret->n_kept] = strdup(why->text);
	if (!ret->kept[ret->n_kept])
		return -ENOMEM;
	ret->n_kept++;
	return why->code;
}

/* The names of all namespaces at once: one by one each would wait for the one before. */
static int undo_namespaces(const struct state_op *ops, int n, struct lab_down_report *ret)
{
	cleanup_free struct netns_pin *pins = calloc((size_t)n + 1, sizeof(*pins));
	size_t n_pins = 0;
	int first = 0;

	if (!pins)
		return -ENOMEM;
	for (int i = n - 1; i >= 0; i--)
		if (!strcmp(ops[i].op, "netns"))
			pins[n_pins++] =
				(struct netns_pin){ .name = ops[i].name, .id = ops[i].id };
	netns_unpin_all(pins, n_pins);

	for (size_t i = 0; i < n_pins; i++) {
		int r = pins[i].err.code < 0 ? keep(ret, &pins[i].err) : 0;

		ret->namespaces += r == 0;
		if (r < 0 && first == 0)
			first = r;
	}
	return first;
}

/* Of this lab: NULL before there is one. */
static bool is_own(const struct netstate_link *l, const char *lab)
{
	char mark[128];

	if (!lab)
		return false;
	snprintf(mark, sizeof(mark), "netlab:%s:", lab);
	return strncmp(l->alias, mark, strlen(mark)) == 0;
}

/* A link in the caller's namespace: only if it still bears this lab's mark. */
static int undo_link(const char *lab, const struct state_op *op, int home,
		     struct lab_down_report *ret)
{
	cleanup_netstate struct netstate state = { 0 };
	cleanup_netconf struct netconf *conf = NULL;
	cleanup_fd int sock = -1;
	const struct netstate_link *link;
	struct error err = { 0 };
	int r;

	sock = netstate_socket(home, home);
	r = sock < 0 ? error_set(&err, sock, "cannot look for the link \"%s\": %s", op->name,
				 strerror(-sock)) :
		       netstate_read(sock, &state, &err);
	if (r < 0)
		return keep(ret, &err);
	link = netstate_find(&state, op->name);
	if (!link || !is_own(link, lab))
		return 0;

	r = netconf_open(home, home, &conf, &err);
	if (r == 0)
		r = netconf_del_link(conf, op->name, &err);
	return r < 0 && r != -ENODEV ? keep(ret, &err) : 0;
}

static int undo_one(const char *lab, const struct state_op *op, int home,
		    struct lab_down_report *ret)
{
	if (!strcmp(op->op, "link"))
		return undo_link(lab, op, home, ret);
	/* What lives inside a namespace goes with it. */
	ret->cables += !strcmp(op->op, "cable");
	ret->servers += !strcmp(op->op, "server");
	ret->clients += !strcmp(op->op, "client");
	return 0;
}

static int keep_unknown(const char *dir, size_t lines, struct lab_down_report *ret)
{
	struct error err;

	error_set(&err, -ESTALE,
		  "%s/state has %zu line%s that netlab did not write: what may have stood there is "
		  "left alone; when you have looked at it: rm -r %s", dir, lines,
		  lines > 1 ? "s" : "", dir);
	return keep(ret, &err);
}

int build_undo(const char *lab, const char *dir, int home, struct lab_down_report *ret)
{
	cleanup_free struct state_op *ops = NULL;
	int n, r, first = 0;
	size_t bad;

	n = state_read_ops(dir, &ops, &bad);
	/* No state file: nothing had been made yet. */
	if (n < 0)
		return n == -ENOENT ? 0 : n;

	for (int i = n - 1; i >= 0; i--) {
		r = undo_one(lab, &ops[i], home, ret);
		if (r < 0 && first == 0)
			first = r;
	}
	if (bad > 0 && first == 0)
		first = keep_unknown(dir, bad, ret);
	r = undo_namespaces(ops, n, ret);
	return first < 0 ? first : r;
}

void build_count(const struct scenario *s, struct lab_down_report *ret)
{
	ret->namespaces = s->n_nodes;
	ret->cables = s->n_cables;
	for (size_t i = 0; i < s->n_ifaces; i++) {
		ret->servers += s->ifaces[i].server != NULL;
		ret->clients += s->ifaces[i].client != NULL;
	}
}

static bool overlaps(uint32_t a, uint8_t a_len, uint32_t b, uint8_t b_len)
{
	uint8_t len = a_len < b_len ? a_len : b_len;

	return ip4_in_prefix(a, b, len);
}

static bool is_own_index(const struct netstate *st, int ifindex, const char *lab)
{
	for (size_t i = 0; i < st->n_links; i++)
		if (st->links[i].ifindex == ifindex)
			return is_own(&st->links[i], lab);
	return false;
}

/* Does the caller's namespace already reach this subnet, by an address or a route not of @lab's? */
static int check_subnet(const struct netstate *st, const char *lab, const struct scn_iface *of,
			const struct scn_address *a, struct error *err)
{
	char text[IP4_LEN], other[IP4_LEN];

	for (size_t i = 0; i < st->n_routes; i++) {
		const struct netstate_route *r = &st->routes[i];

		if (r->prefix_len > 0 && !is_own_index(st, r->ifindex, lab) &&
		    overlaps(a->address, a->prefix_len, r->dest, r->prefix_len))
			return error_set(err, -EADDRINUSE,
					 "this machine already has a route to %s/%u, which the "
					 "lab wants for %s (%s/%u): change the lab's addresses",
					 ip4_format(r->dest, other), r->prefix_len, of->label,
					 ip4_format(a->address, text), a->prefix_len);
	}
	for (size_t i = 0; i < st->n_links; i++)
		for (size_t k = 0; k < st->links[i].n_addresses; k++) {
			const struct netstate_address *have = &st->links[i].addresses[k];

			if (!is_own(&st->links[i], lab) &&
			    overlaps(a->address, a->prefix_len, have->address, have->prefix_len))
				return error_set(err, -EADDRINUSE,
						 "%s of this machine has %s/%u, which overlaps %s: "
						 "change the lab's addresses",
						 st->links[i].name,
						 ip4_format(have->address, other),
						 have->prefix_len, of->label);
		}
	return 0;
}

/* Any of the lab's subnets may be reached from the caller's interface, by switches and routers. */
static int check_subnets(const struct scenario *s, const struct netstate *st, struct error *err)
{
	for (size_t i = 0; i < s->n_ifaces; i++)
		for (size_t a = 0; a < s->ifaces[i].n_addresses; a++) {
			int r = check_subnet(st, NULL, &s->ifaces[i], &s->ifaces[i].addresses[a],
					     err);

			if (r < 0)
				return r;
		}
	return 0;
}

static int check_names(const struct scenario *s, size_t node, const struct netstate *st,
		       struct error *err)
{
	for (size_t k = 0; k < s->nodes[node].n_ifaces; k++) {
		const char *name = s->ifaces[s->nodes[node].ifaces[k]].name;

		if (netstate_find(st, name))
			return error_set(err, -EEXIST,
					 "this machine already has an interface \"%s\": rename it "
					 "in the scenario (Cable=)",
					 name);
	}
	return 0;
}

int build_check_caller(const struct scenario *s, struct error *err)
{
	cleanup_netstate struct netstate st = { 0 };
	cleanup_fd int home = -1;
	cleanup_fd int sock = -1;
	size_t node = 0;
	int r;

	while (node < s->n_nodes && !s->nodes[node].is_caller)
		node++;
	if (node == s->n_nodes)
		return 0;

	home = netns_open_self();
	sock = home < 0 ? home : netstate_socket(home, home);
	if (sock < 0)
		return error_set(err, sock, "cannot read this machine's network: %s",
				 strerror(-sock));
	r = netstate_read(sock, &st, err);
	if (r == 0)
		r = check_names(s, node, &st, err);
	return r < 0 ? r : check_subnets(s, &st, err);
}

/* One that was seen to be free when the lab began, or a part of it. */
static bool is_scenario_subnet(const struct scenario *s, uint32_t address, uint8_t prefix_len)
{
	for (size_t i = 0; i < s->n_ifaces; i++)
		for (size_t k = 0; k < s->ifaces[i].n_addresses; k++) {
			const struct scn_address *a = &s->ifaces[i].addresses[k];

			if (prefix_len >= a->prefix_len &&
			    ip4_in_prefix(address, a->address, a->prefix_len))
				return true;
		}
	return false;
}

/*
 * The machine reaches the rest of the world by its default route, which overlaps
 * nothing: what a lease takes from it would be the lab's to hear and to answer.
 */
static int check_wanted(const struct scenario *s, const struct scn_iface *of,
			const struct scn_address *a, struct error *err)
{
	char text[IP4_LEN];

	if (ip4_is_link_local(a->address) || is_scenario_subnet(s, a->address, a->prefix_len))
		return 0;
	return error_set(err, -EPERM,
			 "%s is in this machine's own network, which takes no %s/%u: the scenario "
			 "has no such subnet",
			 of->label, ip4_format(a->address, text), a->prefix_len);
}

int build_check_address(const struct build *b, const char *lab, size_t iface, uint32_t address,
			uint8_t prefix_len, struct error *err)
{
	const struct scn_iface *i = &b->scenario->ifaces[iface];
	const struct scn_address a = { .address = address, .prefix_len = prefix_len };
	cleanup_netstate struct netstate st = { 0 };
	cleanup_fd int sock = -1;
	int r;

	if (!b->scenario->nodes[i->node].is_caller)
		return 0;
	sock = netstate_socket(b->home, b->ns[i->node]);
	if (sock < 0)
		return error_set(err, sock, "cannot read this machine's network: %s",
				 strerror(-sock));
	r = netstate_read(sock, &st, err);
	if (r == 0)
		r = check_subnet(&st, lab, i, &a, err);
	return r < 0 ? r : check_wanted(b->scenario, i, &a, err);
}
