/* SPDX-License-Identifier: MIT */
/* judge_sim.h - a scenario in virtual time as the judge sees it. */
#ifndef CLI_JUDGE_SIM_H
#define CLI_JUDGE_SIM_H

#include "cli/findings.h"
#include "sim/sim.h"

/**
 * struct sim_court - a simulation that remembers its events
 * @failed: memory ran out for one
 */
struct sim_court {
	const struct scenario *s;
	struct sim *sim;
	struct trace_log log;
	size_t room;
	bool failed;
};

/* Its ctx is a struct sim_court. */
extern const struct judge_ops sim_judge_ops;

/* The simulator's on_event: @ctx is a struct sim_court. */
void sim_court_hear(void *ctx, const struct trace_event *e);
/* Takes the simulation with it. */
void sim_court_done(struct sim_court *c);
#define cleanup_sim_court CLEANUP(sim_court_done)

/**
 * sim_judge() - run a scenario until everything expected can be judged, and judge it
 * @at_least_us: of virtual time, at least so long
 * @ret_start: the findings at the start, when all clients are BOUND or had 10 s
 * @ret_end: those at the end
 *
 * Tells the user what went wrong. Free both findings.
 */
enum exit_status sim_judge(const struct scenario *s, uint64_t at_least_us,
			   struct findings *ret_start, struct findings *ret_end);

#endif
