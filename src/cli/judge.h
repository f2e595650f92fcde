/* SPDX-License-Identifier: MIT */
/*
 * judge.h - is an expectation met? Asked of whatever stands behind judge_ops,
 * so that a lab and a simulation are judged by the same words.
 */
#ifndef CLI_JUDGE_H
#define CLI_JUDGE_H

#include <jansson.h>

#include "scenario/scenario.h"
#include "sys/netstate.h"
#include "trace/event.h"

/**
 * struct judge_ops - where the evidence comes from. An op that is NULL means
 *	that its kind of question cannot be answered here: the result is a skip
 * @client: status --json's object of the client on an interface; borrowed, NULL: none
 * @netstate: what a node's namespace has; 0 or -errno; the judge frees it
 * @ping: 0, -ETIMEDOUT, -ENETUNREACH ...
 * @log: all events so far; borrowed
 */
struct judge_ops {
	json_t *(*client)(void *ctx, size_t iface);
	int (*netstate)(void *ctx, size_t node, struct netstate *ret);
	int (*ping)(void *ctx, size_t node, uint32_t dst, uint64_t timeout_us,
		    uint64_t *ret_rtt_us);
	const struct trace_log *(*log)(void *ctx);
};

enum judge_result {
	JUDGE_PASS,
	JUDGE_FAIL,
	JUDGE_SKIP,
};

/**
 * struct judgement
 * @evidence: what was found, a clause
 */
struct judgement {
	enum judge_result result;
	char evidence[320];
};

void judge(const struct scenario *s, const struct scn_expect *e, const struct judge_ops *ops,
	   void *ctx, struct judgement *ret);

/* "pass", "fail", "skip" */
const char *judge_result_name(enum judge_result r);

#endif
