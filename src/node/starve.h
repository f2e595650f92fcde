/* SPDX-License-Identifier: MIT */
/*
 * starve.h - somebody who takes all addresses of a pool: DISCOVERs of clients
 * that do not exist, and a REQUEST for each OFFER. Pure: frames in, frames out.
 */
#ifndef NODE_STARVE_H
#define NODE_STARVE_H

#include "frame/frame.h"
#include "scenario/scenario.h"

/**
 * struct starve - one [Fault] of Type=starve
 * @iface: from which it sends
 * @asked: clients that it has been so far
 * @due: lab time of the next one; UINT64_MAX: none
 */
struct starve {
	const struct scenario *scenario;
	struct scn_fault fault;
	size_t iface;
	uint32_t asked;
	uint64_t due;
};

/* Borrows @s; @f is of SCN_FAULT_STARVE, and names an interface. */
void starve_init(struct starve *st, const struct scenario *s, const struct scn_fault *f);
/* The DISCOVER that is due. Its length. */
size_t starve_ask(struct starve *st, uint8_t ret[static FRAME_MAX]);
/* The REQUEST that an OFFER to one of its clients is worth. Its length; 0: it is none. */
size_t starve_answer(const struct starve *st, const void *data, size_t len,
		     uint8_t ret[static FRAME_MAX]);

#endif
