/* SPDX-License-Identifier: MIT */
/* client_action.c - what a user may want of a client: the words, and the request. */
#include <errno.h>
#include <string.h>

#include "lab/connect.h"

static const char *const names[LAB_CLIENT_ACTIONS] = {
	[LAB_CLIENT_RENEW] = "renew",	  [LAB_CLIENT_REBIND] = "rebind",
	[LAB_CLIENT_RELEASE] = "release", [LAB_CLIENT_DECLINE] = "decline",
	[LAB_CLIENT_INFORM] = "inform",	  [LAB_CLIENT_REBOOT] = "reboot",
	[LAB_CLIENT_STOP] = "stop",	  [LAB_CLIENT_START] = "start",
};

const char *lab_client_action_name(enum lab_client_action a)
{
	return names[a];
}

int lab_client_action(const char *name)
{
	for (int a = 0; name && a < LAB_CLIENT_ACTIONS; a++)
		if (!strcmp(names[a], name))
			return a;
	return -EINVAL;
}

int lab_client(struct lab *l, size_t iface, enum lab_client_action action,
	       struct lab_wish_report *ret, struct error *err)
{
	return lab_wish(l,
			json_pack("{s:s, s:I, s:s}", "op", "client", "iface", (json_int_t)iface,
				  "action", names[action]),
			ret, err);
}
