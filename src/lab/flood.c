/* SPDX-License-Identifier: MIT */
#include "lab/flood.h"

#include <string.h>

#define MANY_CLIENTS 32		/* below, the copies cost nothing that a user would feel */

static bool can_be_muted(const struct scenario *s, const struct scn_iface *i)
{
	const struct scn_iface *port = &s->ifaces[i->peer];

	return i->client && !i->client->broadcast && i->client->request_address == 0 &&
	       !i->client->lease_file[0] &&
	       s->nodes[port->node].kind == SCN_SWITCH;
}

void flood_plan(struct build *b)
{
	const struct scenario *s = b->scenario;
	size_t clients = 0;

	for (size_t i = 0; i < s->n_ifaces; i++)
		clients += s->ifaces[i].client != NULL;
	for (size_t i = 0; clients > MANY_CLIENTS && i < s->n_ifaces; i++)
		b->muted[i] = can_be_muted(s, &s->ifaces[i]);
	/* Who sits at a client's interface hears the others' broadcasts. */
	for (size_t i = 0; i < s->n_faults; i++)
		if (scn_fault_sends(s->faults[i].kind))
			b->muted[s->faults[i].iface] = false;
}

int flood_mute(struct build *b, size_t port, struct error *err)
{
	const struct scn_iface *p = &b->scenario->ifaces[port];

	if (!b->muted[p->peer])
		return 0;
	return netconf_set_flood(b->conf[p->node], b->ifindex[port], false, err);
}

/* At all ports that @b->muted names. */
static void set_all(struct build *b, bool on)
{
	for (size_t i = 0; i < b->scenario->n_ifaces; i++) {
		size_t port = b->scenario->ifaces[i].peer;

		/* A port that a user has taken away needs no flooding. */
		if (b->muted[i])
			netconf_set_flood(b->conf[b->at[port]], b->ifindex[port], on, NULL);
	}
}

void flood_unmute_all(struct build *b)
{
	set_all(b, true);
	memset(b->muted, 0, b->scenario->n_ifaces * sizeof(*b->muted));
}

void flood_mute_again(struct build *b)
{
	flood_plan(b);
	set_all(b, false);
}
