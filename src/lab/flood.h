/* SPDX-License-Identifier: MIT */
/*
 * flood.h - broadcasts on a big switch.
 *
 * Each broadcast is copied to every port: a thousand clients' DISCOVERs and
 * REQUESTs are two million deliveries that nobody reads. So where there are
 * many clients, a client's port gets no flooded broadcasts while `up` waits for
 * them all. It misses nothing: servers answer it by unicast. A client that
 * asks for broadcast replies, or that may be told NAK before it has an address
 * (RFC 2131 section 4.1 broadcasts it), is not muted.
 */
#ifndef LAB_FLOOD_H
#define LAB_FLOOD_H

#include "lab/build.h"

/* Which interfaces are muted, from the scenario. */
void flood_plan(struct build *b);
/* At a switch's port, before it is up: no flooding if its client is muted. 0 or -errno. */
int flood_mute(struct build *b, size_t port, struct error *err);
/* When `up` has done waiting: from now on all ports are as any other. */
void flood_unmute_all(struct build *b);
/*
 * Before they all release what they have: each asks everyone for the server's MAC
 * address, and there are no later broadcasts that somebody could miss.
 */
void flood_mute_again(struct build *b);

#endif
