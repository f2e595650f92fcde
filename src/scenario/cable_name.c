/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "scenario/scenario.h"

void scenario_cable_name(const struct scenario *s, size_t cable, char ret[static CABLE_NAME_MAX])
{
	snprintf(ret, CABLE_NAME_MAX, "%s--%s", s->ifaces[s->cables[cable].a].label,
		 s->ifaces[s->cables[cable].b].label);
}
