/* SPDX-License-Identifier: MIT */
/* action.c - the words for what can be wanted of a client, of its link and of its cable */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "scenario/scenario.h"

static const char *const names[SCN_ACTIONS] = {
	[SCN_RENEW] = "renew",		[SCN_REBIND] = "rebind",
	[SCN_RELEASE] = "release",	[SCN_DECLINE] = "decline",
	[SCN_INFORM] = "inform",	[SCN_REBOOT] = "reboot",
	[SCN_STOP] = "stop",		[SCN_START] = "start",
	[SCN_CRASH] = "crash",
	[SCN_FORCERENEW] = "forcerenew",
	[SCN_LINK_DOWN] = "link-down",	[SCN_LINK_UP] = "link-up",
	[SCN_MOVE] = "move",
};

const char *scn_action_name(enum scn_action a)
{
	return names[a];
}

int scn_action(const char *name)
{
	for (int a = 0; name && a < SCN_ACTIONS; a++)
		if (!strcmp(names[a], name))
			return a;
	return -EINVAL;
}

void scn_event_text(const struct scenario *s, const struct scn_event *e,
		    char ret[static SCN_EVENT_TEXT])
{
	const struct scn_iface *iface = &s->ifaces[e->iface];
	const char *machine = iface->server ? "server" : "client";
	size_t left;
	int n;

	if (e->of_fault) {
		snprintf(ret, SCN_EVENT_TEXT, "%s %s FAULT %s",
			 iface->server ? "SERVER" : "CLIENT",
			 e->action == SCN_CRASH ? "CRASHED BY" : "STARTED AGAIN AFTER", e->name);
		return;
	}
	n = snprintf(ret, SCN_EVENT_TEXT, "%s: event %s: ", iface->label, e->name);
	left = SCN_EVENT_TEXT - (size_t)n;
	if (e->action == SCN_MOVE)
		snprintf(ret + n, left, "its cable goes from its switch to %s",
			 s->nodes[e->to].name);
	else if (e->action == SCN_LINK_DOWN || e->action == SCN_LINK_UP)
		snprintf(ret + n, left, "its link %s",
			 e->action == SCN_LINK_UP ? "comes back" : "goes down");
	else
		snprintf(ret + n, left, "the %s is told to %s", machine, names[e->action]);
}
