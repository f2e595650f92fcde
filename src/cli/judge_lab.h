/* SPDX-License-Identifier: MIT */
/* judge_lab.h - a running lab as the judge sees it: the agent's word, the kernel's, the log. */
#ifndef CLI_JUDGE_LAB_H
#define CLI_JUDGE_LAB_H

#include "cli/session.h"
#include "judge/judge.h"

/**
 * struct lab_court
 * @session: connected; borrowed
 * @log: as of the last refresh
 */
struct lab_court {
	struct session *session;
	struct trace_log log;
};

/* Its ctx is a struct lab_court. */
extern const struct judge_ops lab_judge_ops;

/* Asks the lab for the machines' status and reads its log anew. */
enum exit_status lab_court_refresh(struct lab_court *c);
void lab_court_done(struct lab_court *c);
#define cleanup_lab_court CLEANUP(lab_court_done)

#endif
