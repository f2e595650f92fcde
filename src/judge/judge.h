/* SPDX-License-Identifier: MIT */
/*
 * judge.h - is an expectation met, is an answer right? Asked of whatever stands
 * behind judge_ops, so that a lab and a simulation are judged by the same words.
 */
#ifndef JUDGE_JUDGE_H
#define JUDGE_JUDGE_H

#include "scenario/scenario.h"
#include "trace/event.h"

#define JUDGE_LIST_MAX 8

/* What a client has. Address and server 0: nothing, or unknown. */
struct judge_client {
	char state[16];
	uint32_t address, server, lease_sec;
	size_t n_router, n_dns;
	uint32_t router[JUDGE_LIST_MAX], dns[JUDGE_LIST_MAX];
};

/**
 * struct judge_host - what the kernel of a node has
 * @addresses: with the scenario's index of the interface; owned
 * @routes: owned; gateway 0: on the link itself
 */
struct judge_host {
	size_t n_addresses, n_routes;
	struct judge_address {
		size_t iface;
		uint32_t address;
	} *addresses;
	struct judge_route {
		uint32_t dest, gateway;
		uint8_t prefix_len;
	} *routes;
};

void judge_host_done(struct judge_host *h);
#define cleanup_judge_host CLEANUP(judge_host_done)
/* One more of them. 0 or -ENOMEM. */
int judge_host_address(struct judge_host *h, size_t iface, uint32_t address);
int judge_host_route(struct judge_host *h, uint32_t dest, uint8_t prefix_len, uint32_t gateway);

/**
 * struct judge_ops - where the evidence comes from
 * @now: lab time
 * @client: of an interface; false: it runs none
 * @host: 0 or -errno; the judge frees it
 * @ping: 0, -ETIMEDOUT, -ENETUNREACH ...
 * @log: all events so far; borrowed
 */
struct judge_ops {
	uint64_t (*now)(void *ctx);
	bool (*client)(void *ctx, size_t iface, struct judge_client *ret);
	int (*host)(void *ctx, size_t node, struct judge_host *ret);
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
	char evidence[480];
};

void judge_expect(const struct scenario *s, const struct scn_expect *e, const struct judge_ops *ops,
		  void *ctx, struct judgement *ret);

/**
 * judge_task() - is @answer what the log of this very lab says?
 * @answer: NULL: there is none yet. Numbers may be decimal or 0x..., an xid with or
 *	without 0x, a place with or without its interface
 *
 * The evidence never names the right answer.
 */
void judge_task(const struct scenario *s, const struct scn_task *t, const struct trace_log *log,
		const char *answer, struct judgement *ret);

/* "pass", "fail", "skip" */
const char *judge_result_name(enum judge_result r);

#endif
