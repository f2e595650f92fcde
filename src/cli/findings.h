/* SPDX-License-Identifier: MIT */
/* findings.h - what was found of a scenario's expectations and tasks, and how it is shown. */
#ifndef CLI_FINDINGS_H
#define CLI_FINDINGS_H

#include <jansson.h>

#include "cli/exit.h"
#include "cli/term.h"
#include "judge/judge.h"

/**
 * struct finding - one expectation or task
 * @expect: or @task: the other is NULL
 * @wanted: it is asked for
 * @answer: to a task, NULL: none; borrowed
 */
struct finding {
	const struct scn_expect *expect;
	const struct scn_task *task;
	const char *name, *hint;
	unsigned int of;
	bool wanted;
	const char *answer;
	struct judgement found;
};

/* All of them, the expectations first, and the sums over those that are wanted. */
struct findings {
	const struct scenario *s;
	size_t n;
	struct finding *all;
	size_t passed, failed, skipped;
	unsigned int points, of;
};

/* All are wanted. @s is borrowed. 0 or -ENOMEM. */
int findings_new(const struct scenario *s, struct findings *ret);
void findings_done(struct findings *f);
#define cleanup_findings CLEANUP(findings_done)

/* The one of this name; NULL, and the user was told which name may have been meant. */
struct finding *findings_find(struct findings *f, const char *name);

/*
 * Judges what is wanted. What was met once stays met. An expectation of another
 * @phase than the one that it is is skipped, and so are tasks at the start.
 */
void findings_judge(struct findings *f, enum scn_phase phase, const struct judge_ops *ops,
		    void *ctx);
/* Where nobody is there to answer. */
void findings_skip_tasks(struct findings *f, const char *why);

/* What was judged at the start takes the place of what @f skipped for that reason. */
void findings_join(struct findings *f, const struct findings *start);

/* With a line for each, and hints; or schema netlab.check/1. */
enum exit_status findings_print(const struct findings *f, const struct term *term);
enum exit_status findings_print_json(const struct findings *f);
/* The same document, the caller's; NULL: out of memory. */
json_t *findings_json(const struct findings *f);
/* A JUnit report in a file, as continuous integration reads it. */
enum exit_status findings_write_junit(const struct findings *f, const char *path);

/* 0 all are met, 1 one is not, 6 there was nothing to judge. */
enum exit_status findings_status(const struct findings *f);

#endif
