/* SPDX-License-Identifier: MIT */
/*
 * machine.h - what the parts of a node share.
 *
 *	node.c		init, the events that the owner gives, names
 *	node_rx.c	frames in: what becomes an event, what is dropped, and why
 *	node_act.c	actions out, and their lines in the log
 *	node_life.c	ends and beginnings: what a server's next life knows of this one
 *	setup.c		from a scenario to a node
 */
#ifndef NODE_MACHINE_H
#define NODE_MACHINE_H

#include "node/node.h"

/* One event for the machine of @n: step, log, act. Returns 1, 0, -errno as node.h says. */
int machine_step(struct node *n, const struct dhcp_event *ev);

/*
 * Room for as many leases as the server is about to hold, before each step; without
 * memory it goes on as it is.
 */
void machine_fit(struct node *n);

/* "client" or "server", as the log names them. */
const char *machine_name(const struct node *n);

/* node_act.c: what a step at @now that was taken wants done, and said. */
void machine_act(struct node *n, uint64_t now, const struct dhcp_actions *out);
/*
 * A message of @type (0: it could not be read) was ignored at @now; @facts: of the
 * machine's decision, NULL for a message that it has not seen.
 */
void machine_tell_drop(struct node *n, uint64_t now, uint8_t type,
		       const struct dhcp_reason *reason, const struct dhcp_facts *facts);
/* A lab event in words. */
void machine_tell(struct node *n, const char *text, const char *rfc);
/* A wish of the user's that was ignored. */
void machine_tell_refusal(struct node *n, const struct dhcp_reason *reason);
/* "cannot WHAT: No such device", after @err, a negative errno. */
void machine_tell_failure(struct node *n, const char *what, int err);

/* node_life.c: the end of a server that is told to stop, and its next beginning. */
int machine_stop_server(struct node *n);
int machine_start_again(struct node *n, uint64_t now);
/* Puts a binding on record. 0 or -errno. */
int machine_commit(struct node *n, const struct dhcp_binding *b,
		   const struct dhcp_binding_more *more);

#endif
