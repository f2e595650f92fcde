/* SPDX-License-Identifier: MIT */
/*
 * build_switch.h - a switch in its namespace: a bridge, and as many more as its
 * ports need, each on a trunk to the first one, for a bridge of the kernel's has
 * room for 1023.
 */
#ifndef LAB_BUILD_SWITCH_H
#define LAB_BUILD_SWITCH_H

#include "lab/build.h"

/* Its bridges, down, and the trunks, up. 0 or -errno. */
int switch_make(struct build *b, size_t node, struct error *err);
/* Its bridges go up. 0 or -errno. */
int switch_up(struct build *b, size_t node, struct error *err);
/* The ifindex of the bridge that a port of its is of, or -errno. */
int switch_master(struct build *b, size_t port, struct error *err);

#endif
