/* SPDX-License-Identifier: MIT */
/*
 * build_wire.h - a cable as a wire: two veth pairs, whose inner ends lie in a
 * namespace that only the agent's packet socket looks into. The namespace has
 * no name: it goes when the lab's processes go.
 */
#ifndef LAB_BUILD_WIRE_H
#define LAB_BUILD_WIRE_H

#include "lab/build.h"

/* @a: @z: the outer ends of @c. 0 or -errno. */
int build_wire(struct build *b, const struct scn_cable *c, const struct netconf_end *a,
	       const struct netconf_end *z, struct error *err);

#endif
