/* SPDX-License-Identifier: MIT */
/*
 * machine.c - the machines of all interfaces. Servers and relay agents are as
 * they are; clients are packed while nothing happens to them: they are plain
 * values, most of which is what the scenario tells all of them.
 */
#include <errno.h>
#include <string.h>

#include "node/setup.h"
#include "sim/world.h"

#define NODE_WORDS (sizeof(struct node) / PACK_WORD)
#define ROOM_FIRST 32	/* words of an ordinary client, in each of its states */

_Static_assert(sizeof(struct node) % PACK_WORD == 0, "a node is whole words");
_Static_assert(PACK_MAX(NODE_WORDS) * PACK_WORD <= ARENA_MAX, "a node fits into an arena");

static int init(const struct sim *sim, size_t iface, struct node *ret)
{
	int r;

	/* Client or server, what it makes happen it does to the same world. */
	r = node_init(ret, sim->scenario, iface, sim->opt.seed, sim->model.ops, sim->model.ctx);
	if (r == 0)
		ret->user = iface;
	return r;
}

static void unfold(const struct sim *sim, const struct sim_machine *m, struct node *ret)
{
	if (m->asleep)
		unpack(m->asleep, &sim->model, NODE_WORDS, ret);
	else
		(void)init(sim, m->iface, ret);		/* it was good enough once */
}

struct node *machine_wake(struct sim *sim, struct sim_machine *m)
{
	if (m->home)
		return &m->home->node;
	if (sim->who != m) {
		assert(!sim->who);
		unfold(sim, m, &sim->awake);
		sim->who = m;
	}
	return &sim->awake;
}

/* Room for @words at least. 0 or -ENOMEM. */
static int make_bed(struct sim *sim, struct sim_machine *m, size_t words)
{
	size_t room = m->room ? m->room : ROOM_FIRST;
	uint64_t *bed;

	if (words <= m->room)
		return 0;
	while (room < words)
		room *= 2;
	bed = arena_take(&sim->beds, room * PACK_WORD);
	if (!bed)
		return -ENOMEM;
	m->asleep = bed;
	m->room = (uint32_t)room;
	return 0;
}

static void sleep_again(struct sim *sim, struct sim_machine *m)
{
	uint64_t packed[PACK_MAX(NODE_WORDS) + 1];
	size_t words;

	if (m->home)
		return;
	words = pack(&sim->awake, &sim->model, NODE_WORDS, packed);
	sim->who = NULL;
	if (make_bed(sim, m, words) < 0)
		sim_fail(sim, -ENOMEM);
	else
		memcpy(m->asleep, packed, words * PACK_WORD);
}

bool machine_is_running(const struct sim *sim, const struct sim_machine *m)
{
	return sim->ifaces[m->iface].hears;
}

/*
 * A deadline that moves away leaves its event in the queue, which then finds
 * nothing to do and is added again: one event a machine, however often it moves.
 */
static void arm(struct sim *sim, struct sim_machine *m, const struct node *n)
{
	uint64_t t = machine_is_running(sim, m) ? node_next_deadline(n) : DHCP_NEVER;

	if (t >= m->armed)
		return;
	m->armed = max_u64(t, sim->now);
	sim_schedule(sim, SIM_DEADLINE, m->armed, m->iface, NULL);
}

void machine_settle(struct sim *sim, struct sim_machine *m)
{
	const struct node *n = machine_wake(sim, m);
	bool bound = m->kind == NODE_CLIENT && n->client.state == DHCP_CLIENT_BOUND;

	if (m->is_awaited && bound != m->bound)
		sim->n_bound += bound ? 1 : (size_t)-1;
	m->bound = bound;
	arm(sim, m, n);
	sleep_again(sim, m);
}

const struct node *sim_machine(const struct sim *sim, size_t iface)
{
	const struct sim_machine *m = sim->ifaces[iface].machine;

	if (!m)
		return NULL;
	if (m->home)
		return &m->home->node;
	if (sim->who == m)
		return &sim->awake;
	unfold(sim, m, sim->shown);
	return sim->shown;
}

size_t sim_bound(const struct sim *sim)
{
	size_t n = 0;

	for (size_t i = 0; i < sim->n_machines; i++)
		n += sim->machines[i].bound;
	return n;
}

/* Of clients that are told the same one is looked at: is it good enough? */
static int make_client(struct sim *sim, size_t iface, const struct scn_client **ret_last)
{
	const struct scn_client *client = sim->scenario->ifaces[iface].client;
	int r;

	if (*ret_last == client)
		return 0;
	r = init(sim, iface, &sim->awake);
	if (r == 0 && !*ret_last)
		sim->model = sim->awake;
	*ret_last = client;
	return r;
}

static int make_home(struct sim *sim, size_t iface, struct sim_machine *m)
{
	int r;

	m->home = calloc(1, sizeof(*m->home));
	if (!m->home)
		return -ENOMEM;
	r = init(sim, iface, &m->home->node);
	if (r == 0) {
		m->kind = (uint8_t)m->home->node.kind;
		return 0;
	}
	free(m->home);
	m->home = NULL;
	return r;
}

static int make(struct sim *sim, size_t iface, const struct scn_client **ret_last)
{
	const struct scn_iface *i = &sim->scenario->ifaces[iface];
	struct sim_machine *m = &sim->machines[sim->n_machines];
	int r;

	*m = (struct sim_machine){ .iface = (uint32_t)iface, .kind = NODE_CLIENT,
				   .waiting = true, .armed = DHCP_NEVER };
	r = i->relay || i->server ? make_home(sim, iface, m) : make_client(sim, iface, ret_last);
	if (r < 0)
		return r;
	sim->ifaces[iface].machine = m;
	sim->n_machines++;
	m->is_awaited = scn_is_awaited(i);
	sim->n_awaited += m->is_awaited;
	sim->n_without += m->kind == NODE_CLIENT && !m->is_awaited;
	return 0;
}

int machines_make(struct sim *sim)
{
	const struct scenario *s = sim->scenario;
	const struct scn_client *last = NULL;
	size_t n = 0;
	int r;

	for (size_t i = 0; i < s->n_ifaces; i++)
		n += scn_has_machine(&s->ifaces[i]);
	sim->machines = malloc((n + 1) * sizeof(*sim->machines));
	sim->shown = malloc(sizeof(*sim->shown));
	if (!sim->machines || !sim->shown)
		return -ENOMEM;

	sim->model = (struct node){ .ops = &sim->ops, .ctx = sim };
	for (size_t i = 0; i < s->n_ifaces; i++) {
		if (!scn_has_machine(&s->ifaces[i]))
			continue;
		r = make(sim, i, &last);
		if (r < 0)
			return r;
	}

	return 0;
}

void machines_done(struct sim *sim)
{
	for (size_t i = 0; i < sim->n_machines; i++) {
		struct sim_home *home = sim->machines[i].home;

		if (home) {
			node_done(&home->node);
			text_done(&home->journal);
			free(home);
		}
		held_config_clear(&sim->machines[i].config);
	}
	arena_done(&sim->beds);
	free(sim->machines);
	free(sim->shown);
}
