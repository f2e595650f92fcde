/* SPDX-License-Identifier: MIT */
/*
 * machine.h - what the parts of a node share.
 *
 *	node.c		init, the events that the owner gives, names
 *	node_rx.c	frames in: what becomes an event, what is dropped, and why
 *	node_act.c	actions out, and their lines in the log
 *	link_local.c	what the machine beside a client is told (RFC 3927)
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
/* The same for the machine of @n's link-local address. */
void machine_act_link_local(struct node *n, uint64_t now, const struct dhcp_actions *out);
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

/*
 * link_local.c: after each step of a client, first what makes the link-local
 * address give way, before the client's own actions; then, if the step was
 * taken, what makes it wanted. A node that wants none has none.
 */
void link_local_give_way(struct node *n, const struct dhcp_event *ev,
			 const struct dhcp_actions *out);
void link_local_follow(struct node *n, const struct dhcp_event *ev);
void link_local_stop(struct node *n, uint64_t now);
/* 1 taken, 0 */
int link_local_deadline(struct node *n, uint64_t now);
uint64_t link_local_next_deadline(const struct node *n);
/* An ARP packet of somebody else's: 1 if it is a conflict, 0. */
int link_local_rx_arp(struct node *n, uint64_t now, const struct frame *f);

/* node_life.c: the end of a server that is told to stop, and its next beginning. */
int machine_stop_server(struct node *n);
int machine_start_again(struct node *n, uint64_t now);
/* Puts a binding on record. 0 or -errno. */
int machine_commit(struct node *n, const struct dhcp_binding *b,
		   const struct dhcp_binding_more *more);

#endif
