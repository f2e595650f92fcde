/* SPDX-License-Identifier: MIT */
#include "scenario/scenario.h"

/*
 * A relay agent sends by any of the node's links, without a machine there; who masquerades
 * sends what others have said as if it were his own.
 */
static bool speaks_for_others(const struct scenario *s, const struct scn_node *n)
{
	for (size_t i = 0; i < n->n_ifaces; i++)
		if (s->ifaces[n->ifaces[i]].relay || s->ifaces[n->ifaces[i]].masquerade)
			return true;
	return false;
}

bool scenario_is_guest(const struct scenario *s, size_t iface)
{
	const struct scn_iface *i = &s->ifaces[iface];
	const struct scn_node *n = &s->nodes[i->node];

	return n->kind != SCN_SWITCH && !n->is_caller && !i->emulator && !scn_has_machine(i) &&
	       !speaks_for_others(s, n);
}

void scenario_wire_guests(struct scenario *s)
{
	for (size_t c = 0; c < s->n_cables; c++) {
		struct scn_cable *cable = &s->cables[c];

		if (scenario_is_guest(s, cable->a) || scenario_is_guest(s, cable->b))
			cable->wire = true;
	}
}
