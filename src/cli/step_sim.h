/* SPDX-License-Identifier: MIT */
/* step_sim.h - `sim --step`. */
#ifndef CLI_STEP_SIM_H
#define CLI_STEP_SIM_H

#include "cli/exit.h"
#include "cli/term.h"
#include "scenario/scenario.h"

/* Goes through a scenario in virtual time, message by message, as stepper_talk() is told. */
enum exit_status sim_step_through(const struct scenario *s, const struct term *term);

#endif
