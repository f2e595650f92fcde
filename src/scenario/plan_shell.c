/* SPDX-License-Identifier: MIT */
#include "scenario/plan.h"
char *plan_shell(const struct plan *p)
{
	return NULL;
}
