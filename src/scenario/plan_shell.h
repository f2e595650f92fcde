/* SPDX-License-Identifier: MIT */
/* plan_shell.h - the parts of plan_shell(); nobody outside src/scenario includes it. */
#ifndef SCENARIO_PLAN_SHELL_H
#define SCENARIO_PLAN_SHELL_H

#include "base/text.h"
#include "scenario/plan.h"

/* "ip netns exec NAME ", or "" for the caller's node. */
void shell_exec(struct text *t, const struct scn_node *node);
/* dnsmasq for the server of an interface. */
void shell_server(struct text *t, const struct scenario *s, const struct scn_iface *iface);
void shell_relay(struct text *t, const struct scenario *s, const struct scn_iface *iface);
/* The program that dhclient calls, once for all clients. */
void shell_lease_script(struct text *t);
/* dhclient for the client of an interface. */
void shell_client(struct text *t, const struct scenario *s, const struct scn_iface *iface);

#endif
