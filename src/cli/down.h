/* SPDX-License-Identifier: MIT */
/* down.h - taking a lab down and telling what went, for `down` and `up --foreground`. */
#ifndef CLI_DOWN_H
#define CLI_DOWN_H

#include "cli/exit.h"
#include "cli/term.h"
#include "lab/lab.h"

enum exit_status take_down(const struct lab_info *info, const struct term *term, bool wait);

#endif
