/* SPDX-License-Identifier: MIT */
/*
 * agent.h - the process that runs all machines of a lab and reads all its
 * packets, without any privilege.
 *
 * What it wants changed it asks the monitor for (proto.h).
 */
#ifndef LAB_AGENT_H
#define LAB_AGENT_H

#include "lab/sockets.h"

/**
 * struct agent_setup - what the agent gets from the monitor at birth
 * @monitor: its end of the socket pair
 * @stored: per interface: address of a lease in a LeaseFile=, or 0; NULL: there are none
 * @step: every message is held from the start
 * @log: event log; @capture: pcapng; both for appending
 */
struct agent_setup {
	const struct scenario *scenario;
	struct lab_sockets *sockets;
	const int *ifindex, *wire_index;
	const uint32_t *stored;
	double speed;
	bool step;
	int monitor, log, capture;
};

/* Runs until told to quit, or until the monitor is gone. Never returns. */
_Noreturn void agent_run(const struct agent_setup *setup);

#endif
