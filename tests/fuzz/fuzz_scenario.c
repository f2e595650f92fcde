/* SPDX-License-Identifier: MIT */
/*
 * fuzz_scenario.c - a scenario's text: parse it, check what came out, plan it.
 *
 * A first line "# --set WHAT" is a --set too. Either the text is wrong and
 * something says so, or every promise of scenario.h holds.
 */
#include <errno.h>
#include <string.h>

#include "scenario/plan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool ok)
{
	if (!ok)
		abort();
}

/* The --set of the first line, a new string; NULL without one. */
static char *first_set(const char *text, size_t len)
{
	static const char mark[] = "# --set ";
	const char *end = memchr(text, '\n', len);

	if (!end || (size_t)(end - text) < strlen(mark) || memcmp(text, mark, strlen(mark)) != 0)
		return NULL;
	return strndup(text + strlen(mark), (size_t)(end - text) - strlen(mark));
}

static void check_iface(const struct scenario *s, size_t i)
{
	const struct scn_iface *iface = &s->ifaces[i];
	const struct scn_server *server = iface->server;

	check(iface->node < s->n_nodes && iface->cable < s->n_cables && iface->peer < s->n_ifaces);
	check(s->ifaces[iface->peer].peer == i && scenario_iface(s, iface->label) == i);
	check(!(iface->mac[0] & 1));
	check(!iface->client || !server);
	if (!server)
		return;
	check(server->first <= server->last && server->min_lease_sec <= server->max_lease_sec);
	check(ip4_in_prefix(server->first, server->address, server->prefix_len));
	check(ip4_in_prefix(server->last, server->address, server->prefix_len));
}

/* Who sends has an interface of a host, and a rogue a pool in a subnet that he is in. */
static void check_sender(const struct scenario *s, const struct scn_fault *f)
{
	const struct scn_iface *i = &s->ifaces[f->iface];

	check(f->iface < s->n_ifaces && s->nodes[i->node].kind == SCN_HOST);
	check(s->cables[i->cable].wire);
	if (f->kind != SCN_FAULT_ROGUE)
		return;
	check(f->first <= f->last && f->last - f->first < SCN_ROGUE_POOL_MAX && f->lease_sec);
	check(ip4_in_prefix(f->first, f->address, f->prefix_len));
	check(ip4_in_prefix(f->last, f->address, f->prefix_len));
	check(ip4_in_prefix(f->router, f->address, f->prefix_len));
}

static void check_scenario(const struct scenario *s)
{
	cleanup_plan struct plan plan = { 0 };
	cleanup_free char *script = NULL;

	check(s->n_nodes > 0);
	for (size_t i = 0; i < s->n_ifaces; i++)
		check_iface(s, i);
	for (size_t i = 0; i < s->n_expects; i++)
		check(s->expects[i].node < s->n_nodes);

	check(plan_make(s, &plan) == 0);
	check(plan.n_ops + 1 >= s->n_nodes + s->n_cables);	/* one may be the caller's */
	script = plan_shell(&plan);
	check(script);
	for (size_t i = 0; i < s->n_faults; i++)
		if (scn_fault_sends(s->faults[i].kind))
			check_sender(s, &s->faults[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cleanup_free char *set = first_set((const char *)data, size), *errors = NULL;
	const char *const sets[] = { set };
	const struct scenario_options opt = { .name = "fuzz", .set = sets, .n_set = set ? 1 : 0 };
	cleanup_scenario struct scenario *s = NULL;
	cleanup_diags struct diags diags = { 0 };
	int r = scenario_parse((const char *)data, size, &opt, &s, &diags);

	check(r == 0 || r == -EINVAL);
	check((r == 0) == (diags.n == 0) && (r == 0) == (s != NULL));
	errors = diags_format(&diags, "f");
	check(errors);
	for (size_t i = 1; i < diags.n; i++)
		check(diags.diag[i - 1].at.line <= diags.diag[i].at.line);
	if (s)
		check_scenario(s);
	return 0;
}
