/* SPDX-License-Identifier: MIT */
/* world.h - for the tests of the simulator: scenarios from text. */
#ifndef TESTS_SIM_WORLD_H
#define TESTS_SIM_WORLD_H

#include <stdio.h>
#include <string.h>

#include "sim/sim.h"

static inline struct scenario *parse(const char *text)
{
	cleanup_diags struct diags diags = { 0 };
	struct scenario *s = NULL;

	if (scenario_parse(text, strlen(text), &(struct scenario_options){ .name = "test" }, &s,
			   &diags) < 0) {
		cleanup_free char *errors = diags_format(&diags, "test");

		fail_msg("%s", errors);
	}
	return s;
}

#define PAIR_INI                                             \
	"[Lab]\nFormatVersion=1\n"                           \
	"[Node srv c]\n"                                     \
	"[Wiring]\nCable=srv:eth0 c:eth0\n"                  \
	"[Network srv:eth0]\nAddress=10.0.0.1/24\nDHCPServer=yes\n" \
	"[DHCPServer srv:eth0]\nPoolStart=10.0.0.10\nPoolEnd=10.0.0.20\nDefaultLeaseTimeSec=1h\n" \
	"[Network c:eth0]\nDHCP=ipv4\n"

#endif
