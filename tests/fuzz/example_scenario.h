/* SPDX-License-Identifier: MIT */
/* example_scenario.h - the lab that the requests of the fuzzers here are about. */
#ifndef FUZZ_EXAMPLE_SCENARIO_H
#define FUZZ_EXAMPLE_SCENARIO_H

#include <stdlib.h>
#include <string.h>

#include "scenario/scenario.h"

/*
 * Interfaces: 0 srv:eth0, a server; 2 host:eth0, a client; 4 loner:eth0, a
 * client with a link-local address; between them the switch's ports. Event 0 is
 * the link of host:eth0, event 1 a renewal.
 */
static inline const struct scenario *example_scenario(void)
{
	static const char text[] =
		"[Lab]\nFormatVersion=1\n"
		"[Node srv host loner]\n"
		"[Switch sw]\n"
		"[Wiring]\n"
		"Cable=srv:eth0 sw:p0\nCable=host:eth0 sw:p1\nCable=loner:eth0 sw:p2\n"
		"[Network srv:eth0]\nAddress=10.0.0.1/24\nDHCPServer=yes\n"
		"[Network host:eth0]\nDHCP=ipv4\n"
		"[Network loner:eth0]\nDHCP=ipv4\nLinkLocalAddressing=ipv4\n"
		"[Event flap]\nNode=host\nAfterSec=1h\nAction=link-down\n"
		"[Event renew]\nNode=host\nAfterSec=2h\nAction=renew\n";
	static struct scenario *s;
	const struct scenario_options opt = { .name = "fuzz" };
	cleanup_diags struct diags diags = { 0 };

	if (!s && scenario_parse(text, strlen(text), &opt, &s, &diags) < 0)
		abort();
	return s;
}

#endif
