/* SPDX-License-Identifier: MIT */
/* fault_wish.h - a wish about faults, on its way through the control socket. */
#ifndef LAB_FAULT_WISH_H
#define LAB_FAULT_WISH_H

#include "lab/lab.h"

/* Of a request; whoever sent it: every number is checked. 0 or -EINVAL. */
int lab_fault_wish_from_json(const struct scenario *s, const json_t *j, struct lab_fault_wish *ret);

#endif
