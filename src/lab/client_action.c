/* SPDX-License-Identifier: MIT */
/* client_action.c - what a user may want of a client: the request. */
#include <errno.h>
#include <string.h>

#include "lab/connect.h"

int lab_client(struct lab *l, size_t iface, enum scn_action action,
	       struct lab_wish_report *ret, struct error *err)
{
	return lab_wish(l,
			json_pack("{s:s, s:I, s:s}", "op", "client", "iface", (json_int_t)iface,
				  "action", scn_action_name(action)),
			ret, err);
}
