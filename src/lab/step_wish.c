/* SPDX-License-Identifier: MIT */
/* step_wish.c - what a user may want of a lab that goes message by message: the request. */
#include <errno.h>

#include "lab/connect.h"

int lab_step(struct lab *l, const char *command, struct lab_wish_report *ret, struct error *err)
{
	return lab_wish(l, json_pack("{s:s, s:s}", "op", "step", "command", command), ret, err);
}
