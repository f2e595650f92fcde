/* SPDX-License-Identifier: MIT */
#include "lab/profile.h"
#include "sys/clock.h"

static const char *const kind_names[PROFILE_KINDS] = {
	[PROFILE_UP] = "up",
	[PROFILE_RUN_DIR] = "run directory",
	[PROFILE_SPAWN] = "start monitor",
	[PROFILE_BUILD] = "build",
	[PROFILE_NAMESPACE] = "namespace",
	[PROFILE_UNSHARE] = "unshare(NEWNET)",
	[PROFILE_PIN] = "pin name",
	[PROFILE_BRIDGE] = "bridge",
	[PROFILE_CABLE] = "cable",
	[PROFILE_VETH] = "veth pair",
	[PROFILE_OFFLOAD] = "offload off",
	[PROFILE_ADDRESS] = "address",
	[PROFILE_LINK_UP] = "link up",
	[PROFILE_ROUTE] = "route",
	[PROFILE_SYSCTL] = "sysctl",
	[PROFILE_NAT] = "masquerade",
	[PROFILE_STATE_FILE] = "state file",
	[PROFILE_WAIT_UP] = "wait for links",
	[PROFILE_SOCKETS] = "open sockets",
	[PROFILE_AGENT] = "start agent",
	[PROFILE_EXCHANGE] = "until all BOUND",
};

void profile_enter(struct profile *p, enum profile_kind kind)
{
	if (!p || !p->on)
		return;
	if (p->depth < PROFILE_DEPTH) {
		p->stack[p->depth].kind = kind;
		p->stack[p->depth].inner = 0;
		p->stack[p->depth].start = clock_ns();
	}
	p->depth++;
}

static void cell_add(struct profile_cell *c, uint64_t calls, uint64_t own, uint64_t cumulative)
{
	c->calls += calls;
	c->own += own;
	c->cumulative += cumulative;
}

void profile_leave(struct profile *p)
{
	if (!p || !p->on || p->depth == 0)
		return;

	p->depth--;
	if (p->depth >= PROFILE_DEPTH)
		return;

	enum profile_kind kind = p->stack[p->depth].kind;
	uint64_t took = clock_ns() - p->stack[p->depth].start;
	uint64_t own = took - min_u64(took, p->stack[p->depth].inner);

	cell_add(&p->sum[kind], 1, own, took);
	if (p->depth == 0) {
		cell_add(&p->top[kind], 1, own, took);
		return;
	}
	cell_add(&p->edge[p->stack[p->depth - 1].kind][kind], 1, own, took);
	p->stack[p->depth - 1].inner += took;
}

static void merge_cell(struct profile_cell *c, const struct profile_cell *other)
{
	cell_add(c, other->calls, other->own, other->cumulative);
}

void profile_merge(struct profile *p, const struct profile *other)
{
	if (!p || !p->on || p->depth == 0 || p->depth > PROFILE_DEPTH)
		return;

	for (int a = 0; a < PROFILE_KINDS; a++) {
		merge_cell(&p->sum[a], &other->sum[a]);
		merge_cell(&p->edge[p->stack[p->depth - 1].kind][a], &other->top[a]);
		p->stack[p->depth - 1].inner += other->top[a].cumulative;
		for (int b = 0; b < PROFILE_KINDS; b++)
			merge_cell(&p->edge[a][b], &other->edge[a][b]);
	}
}

static void add_row(struct text *out, const struct profile_cell *c, const char *name)
{
	text_add(out, "  %7llu  %9.3f  %9.3f  %9.3f  %s\n", (unsigned long long)c->calls,
		 (double)c->own / 1e6, (double)c->cumulative / 1e6,
		 (double)c->cumulative / 1e6 / (double)c->calls, name);
}

/* Indexes of the used cells of a row, the most cumulative first. */
static size_t by_cumulative(const struct profile_cell *cells, int ret[PROFILE_KINDS])
{
	size_t n = 0;

	for (int k = 0; k < PROFILE_KINDS; k++) {
		size_t at = n;

		if (cells[k].calls == 0)
			continue;
		while (at > 0 && cells[ret[at - 1]].cumulative < cells[k].cumulative) {
			ret[at] = ret[at - 1];
			at--;
		}
		ret[at] = k;
		n++;
	}
	return n;
}

void profile_format(const struct profile *p, struct text *out)
{
	int order[PROFILE_KINDS], inner[PROFILE_KINDS];
	size_t n = by_cumulative(p->sum, order);

	text_add(out, "  times in milliseconds, ordered by cumulative time\n\n");
	text_add(out, "  %7s  %9s  %9s  %9s  %s\n", "calls", "own", "cumul.", "per call",
		 "operation");
	for (size_t i = 0; i < n; i++)
		add_row(out, &p->sum[order[i]], kind_names[order[i]]);

	text_add(out, "\n  what each called\n");
	for (size_t i = 0; i < n; i++) {
		size_t m = by_cumulative(p->edge[order[i]], inner);

		if (m == 0)
			continue;
		text_add(out, "\n  %s ->\n", kind_names[order[i]]);
		for (size_t k = 0; k < m; k++)
			add_row(out, &p->edge[order[i]][inner[k]], kind_names[inner[k]]);
	}
}
