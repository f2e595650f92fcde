/* SPDX-License-Identifier: MIT */
/*
 * sim.h - a scenario in virtual time: simulated cables and switches, a heap
 * of events, the same machines. No privilege, no kernel, no clock: same seed,
 * same bytes.
 */
#ifndef SIM_SIM_H
#define SIM_SIM_H

#include "scenario/scenario.h"
#include "trace/event.h"

#include <netlab/dhcp_server.h>

struct sim;

/* A frame takes so long from one end of a cable to the other, in microseconds. */
#define SIM_CABLE_US 250

/**
 * struct sim_options
 * @seed: of the machines
 * @on_event: gets each event in order, n and t filled in; @e is borrowed
 * @on_frame: each frame as it enters a cable, before its message event; NULL allowed.
 *	Returns the frame's number in a capture, or 0
 */
struct sim_options {
	uint64_t seed;
	void *ctx;
	void (*on_event)(void *ctx, const struct trace_event *e);
	uint64_t (*on_frame)(void *ctx, size_t cable, uint64_t t, const void *data, size_t len);
};

/* Borrows @s, which must stay. 0, -ENOMEM, -EINVAL. */
int sim_new(const struct scenario *s, const struct sim_options *opt, struct sim **ret);
struct sim *sim_free(struct sim *sim);

/* Virtual time now, microseconds since the start. */
uint64_t sim_now(const struct sim *sim);

/**
 * sim_run() - go on until @until, or until nothing more can happen
 *
 * Return: 1 when all clients are BOUND at its end, 0 when not, -errno
 */
int sim_run(struct sim *sim, uint64_t until);
/* Go on until every client is BOUND, at most until @until: what `up` waits for. The same returns. */
int sim_run_until_bound(struct sim *sim, uint64_t until);

/* The machine of an interface: its state, NULL if it runs none. */
struct node;
const struct node *sim_machine(const struct sim *sim, size_t iface);
/* The address that its client put on the interface; 0: none. */
uint32_t sim_address(const struct sim *sim, size_t iface, uint8_t *ret_prefix_len);
/* Would an echo request from a node reach the owner of @dst, and its reply come back? */
bool sim_ping(const struct sim *sim, size_t node, uint32_t dst);

#endif
