/* SPDX-License-Identifier: MIT */
/* step.h - `step` on a lab, for other verbs. */
#ifndef CLI_STEP_H
#define CLI_STEP_H

#include "cli/exit.h"
#include "cli/term.h"

/* Goes on to the first message that is held in a lab that was started so, and shows it. */
enum exit_status step_first(const char *lab, const struct term *term);

#endif
