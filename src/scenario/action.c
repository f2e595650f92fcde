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
	const char *where = s->ifaces[e->iface].label;
	int n = snprintf(ret, SCN_EVENT_TEXT, "%s: event %s: ", where, e->name);
	size_t left = SCN_EVENT_TEXT - (size_t)n;

	if (e->action == SCN_MOVE)
		snprintf(ret + n, left, "its cable goes from its switch to %s",
			 s->nodes[e->to].name);
	else if (e->action == SCN_LINK_DOWN || e->action == SCN_LINK_UP)
		snprintf(ret + n, left, "its link %s",
			 e->action == SCN_LINK_UP ? "comes back" : "goes down");
	else
		snprintf(ret + n, left, "the %s is told to %s",
			 s->ifaces[e->iface].server ? "server" : "client", names[e->action]);
}
