/* SPDX-License-Identifier: MIT */
/* bare_star.h - a star of machines on one switch, by bare netlink. */
#ifndef BENCH_BARE_STAR_H
#define BENCH_BARE_STAR_H

#include "bare.h"

#define BARE_STAR_MAX 1023			/* ports of a bridge in Linux */
#define BARE_FIRST_ADDRESS 0x0a000001u		/* 10.0.0.1/8 is nobody's: node 1 has the next */

/* One end of a cable: its namespace and index. */
struct bare_end {
	struct bare_ns *ns;
	int ifindex;
};

/**
 * struct bare_star - the switch and @n nodes
 * @ns: of the switch, then of the nodes
 * @ends: the bridge, @n ends in the nodes, @n ports
 */
struct bare_star {
	unsigned int n;
	int home;
	bool pinned;
	struct bare_ns *ns;
	struct bare_end *ends;
};

/*
 * Until every link is ready to carry its first frame. The first @n_addresses nodes
 * have one; @pinned: under /run/netns too, as bench-0 (the switch), bench-1 ...
 */
void bare_star_build(struct bare_star *s, unsigned int n, unsigned int n_addresses, bool pinned);
/* Takes the names away. */
void bare_star_unpin(const struct bare_star *s);

#endif
