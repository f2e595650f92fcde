/* SPDX-License-Identifier: MIT */
#include "scenario/scenario.h"

bool scenario_is_guest(const struct scenario *s, size_t iface)
{
	const struct scn_iface *i = &s->ifaces[iface];
	const struct scn_node *n = &s->nodes[i->node];

	return n->kind != SCN_SWITCH && !n->is_caller && !n->ip_forward && !i->emulator &&
	       !scn_has_machine(i);
}

void scenario_wire_guests(struct scenario *s)
{
	for (size_t c = 0; c < s->n_cables; c++) {
		struct scn_cable *cable = &s->cables[c];

		if (scenario_is_guest(s, cable->a) || scenario_is_guest(s, cable->b))
			cable->wire = true;
	}
}
