/* SPDX-License-Identifier: MIT */
/* place.h - a place on the command line: NODE, NODE:IF, LAB/NODE, LAB/NODE:IF. */
#ifndef CLI_PLACE_H
#define CLI_PLACE_H

#include "cli/session.h"

/**
 * struct target - what a place means
 * @session: of its lab, not connected yet
 * @iface: NONE: only a node was named
 */
struct target {
	struct session session;
	size_t node, iface;
};

/* Finds it, or tells the user what was probably meant. */
enum exit_status place_find(const char *arg, struct target *ret);
/* Where it named a node only: the node's only client. */
enum exit_status place_client(struct target *t);
/* The same, or its only server if it has no client. */
enum exit_status place_machine(struct target *t);
/* Is "NODE" or "NODE:IF" one of the scenario's? Else the user is told what was probably meant. */
enum exit_status place_check(const struct scenario *s, const char *word);
void target_done(struct target *t);
#define cleanup_target CLEANUP(target_done)

#endif
