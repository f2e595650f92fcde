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

#include <netlab/dhcp_machine.h>

struct sim;

/* A frame takes so long from one end of a cable to the other, in microseconds. */
#define SIM_CABLE_US 500

/**
 * struct sim_options
 * @seed: of the machines
 * @on_event: gets each event in order, n and t filled in; @e is borrowed. NULL
 *	when nobody listens: no time goes into making them then
 * @on_frame: each frame once, as it leaves its sender and enters the cable there,
 *	before its message event; NULL allowed. Returns the frame's number in a
 *	capture, or 0
 * @hold: asked before a machine's message leaves: true holds it, and it is lost
 *	unless sim_release() has it; NULL: none is held
 */
struct sim_options {
	uint64_t seed;
	void *ctx;
	void (*on_event)(void *ctx, const struct trace_event *e);
	uint64_t (*on_frame)(void *ctx, size_t cable, uint64_t t, const void *data, size_t len);
	bool (*hold)(void *ctx, size_t iface, const struct dhcp_send *s);
};

/*
 * Borrows @s, which must stay. At time 0 the servers start, then the clients,
 * each after its start_delay; the scenario's events happen at their times. 0;
 * -ENOMEM; -EINVAL: a machine can not run with its options, or there are more
 * than 65535 switches.
 */
int sim_new(const struct scenario *s, const struct sim_options *opt, struct sim **ret);
/* NULL allowed; returns NULL. */
struct sim *sim_free(struct sim *sim);

/* Clients that are BOUND now. */
size_t sim_bound(const struct sim *sim);
/* DHCP messages that were sent so far. */
uint64_t sim_messages(const struct sim *sim);
/* Virtual time now, microseconds since the start. */
uint64_t sim_now(const struct sim *sim);

/**
 * sim_run() - go on until @until, or until nothing more can happen
 * @until: virtual time; it is @until afterwards even when nothing happened last.
 *	DHCP_NEVER ends only in a world where nobody renews
 *
 * Return: 1 when all clients that are to get a lease are BOUND at its end (also when
 * there are none), 0 when not, -ENOMEM, -EPROTO when a machine does not move on
 */
int sim_run(struct sim *sim, uint64_t until);
/* Go on until all events are over and every client is BOUND, at most until @until. The same. */
int sim_run_until_bound(struct sim *sim, uint64_t until);

/*
 * For who goes message by message: one event. 1, 0: none is left, -errno. When the
 * next one is, and when the next frame comes to an end of a cable; DHCP_NEVER: none.
 */
int sim_step(struct sim *sim);
uint64_t sim_next(const struct sim *sim);
uint64_t sim_next_arrival(const struct sim *sim);
/* A message that was held leaves the machine of @iface now. 0 or -errno. */
int sim_release(struct sim *sim, size_t iface, const struct dhcp_send *s);
/* An event of the user's: @e goes to on_event like all others. */
void sim_tell(struct sim *sim, const struct trace_event *e);

/*
 * What a user does to the machine of an interface, now; a stopped one hears
 * nothing. 1 taken, 0 ignored, -ENOENT if it runs none, -errno of the machine's.
 */
int sim_start(struct sim *sim, size_t iface);
int sim_stop(struct sim *sim, size_t iface);
int sim_crash(struct sim *sim, size_t iface);
int sim_command(struct sim *sim, size_t iface, enum dhcp_command command);

/*
 * The machine of an interface as it is now, NULL if it runs none. Good until the next
 * question, or the next thing that happens.
 */
struct node;
const struct node *sim_machine(const struct sim *sim, size_t iface);
/* The address that its client put on the interface; 0: none, @ret_prefix_len is untouched then. */
uint32_t sim_address(const struct sim *sim, size_t iface, uint8_t *ret_prefix_len);
/* What its client put there; address 0: nothing. */
struct dhcp_config sim_config(const struct sim *sim, size_t iface);
/*
 * Would an echo request from a node reach the owner of @dst, and its reply come back?
 * Nothing is sent: addresses, routes and forwarding are followed both ways.
 */
bool sim_ping(const struct sim *sim, size_t node, uint32_t dst);

#endif
