/* SPDX-License-Identifier: MIT */
/* time_wish.h - a wish about the lab's clock, on its way through the control socket. */
#ifndef LAB_TIME_WISH_H
#define LAB_TIME_WISH_H

#include "lab/lab.h"

/* Of a request; whoever sent it: every number is checked. 0 or -EINVAL. */
int lab_time_wish_from_json(const json_t *j, struct lab_time_wish *ret);

#endif
