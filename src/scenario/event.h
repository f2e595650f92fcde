/* SPDX-License-Identifier: MIT */
/* event.h - [Event]: what happens, and what a user can want */
#ifndef SCENARIO_EVENT_H
#define SCENARIO_EVENT_H

#include "scenario/terms.h"

/* What a user, or an event of the scenario, can want of a client; the last three of its cable. */
enum scn_action {
	SCN_RENEW,
	SCN_REBIND,
	SCN_RELEASE,
	SCN_DECLINE,
	SCN_INFORM,
	SCN_REBOOT,
	SCN_STOP,
	SCN_START,
	SCN_CRASH,
	SCN_FORCERENEW,		/* of a server alone */
	SCN_LINK_DOWN,
	SCN_LINK_UP,
	SCN_MOVE,
};
#define SCN_CLIENT_ACTIONS (SCN_FORCERENEW + 1)
#define SCN_ACTIONS (SCN_MOVE + 1)

/* One that a server can do, too. */
static inline bool scn_action_is_for_servers(enum scn_action a)
{
	return a == SCN_STOP || a == SCN_START || a == SCN_CRASH || a == SCN_FORCERENEW;
}

/* "renew" */
const char *scn_action_name(enum scn_action a);
/* An enum scn_action, or -EINVAL for a word (NULL too) that is none. */
int scn_action(const char *name);

/**
 * struct scn_event - one [Event NAME]
 * @iface: of the client that it happens to
 * @to: SCN_MOVE: node index of the switch that its cable is plugged into
 * @after: microseconds of lab time since the machines were started
 * @order: in the file
 * @of_fault: @name is that of a [Fault] of Type=crash
 */
struct scn_event {
	struct place at;
	char name[NODE_NAME_MAX];
	enum scn_action action;
	size_t iface, to;
	uint64_t after;
	size_t order;
	bool of_fault;
};

#define SCN_EVENT_TEXT (PLACE_NAME_MAX + 2 * NODE_NAME_MAX + 48)

#endif
