/* SPDX-License-Identifier: MIT */
/*
 * intruder.h - somebody at an interface who sends what he should not: who starves a
 * server (starve.h), a rogue server, who uses an address that others are to have. He
 * has no socket: what he says enters the cable as if his interface had sent it, and
 * what comes to it he hears. Pure: frames in, frames out.
 *
 *	rogue	 a server machine as any other (node.h), which leaves no record
 *	conflict answers ARP for its addresses (RFC 826), and announces them as it
 *		 takes them (RFC 5227 section 2.3)
 */
#ifndef NODE_INTRUDER_H
#define NODE_INTRUDER_H

#include "node/fault.h"
#include "node/node.h"
#include "node/starve.h"

/**
 * struct squat - addresses that somebody uses
 * @left: so many more, of those that others ask for
 */
struct squat {
	uint32_t address[SCN_CONFLICTS_MAX];
	uint32_t n, left;
};

/**
 * struct intruder - one fault that sends (scn_fault_sends())
 * @scenario: NULL: there is nobody, and all else is 0
 * @iface: from which he sends
 * @fired: what he has done so far: clients that he was, messages that he sent, ARP
 *	requests that he answered
 * @begun: @fault.after is over, and he has begun
 */
struct intruder {
	const struct scenario *scenario;
	struct scn_fault fault;
	size_t iface;
	uint32_t fired;
	bool begun;
	struct starve starve;
	struct squat squat;
	struct node rogue;
};

/**
 * struct intruder_frame - what he sends, and what the log says of it
 * @len: 0: nothing
 * @text: "": nothing worth a line
 */
struct intruder_frame {
	size_t len;
	uint8_t data[FRAME_MAX];
	char text[FAULT_TEXT_MAX];
};

/* Borrows @s; @f is filled in (scenario_fault_fill()). @in is overwritten. 0 or -ENOMEM. */
int intruder_init(struct intruder *in, const struct scenario *s, const struct scn_fault *f);
/* Nobody is there any more. All zero allowed. */
void intruder_done(struct intruder *in);
/* @ret is overwritten. 0 or -ENOMEM. */
int intruder_copy(const struct intruder *in, struct intruder *ret);

/* When intruder_due() is to be called; UINT64_MAX: not at all. */
uint64_t intruder_next(const struct intruder *in);
void intruder_due(struct intruder *in, uint64_t now, struct intruder_frame *ret);
/* A frame has come to his interface. */
void intruder_hear(struct intruder *in, uint64_t now, const void *data, size_t len,
		   struct intruder_frame *ret);
/* The address at which a rogue is to be found by those who are not his clients; 0: none. */
uint32_t intruder_address(const struct intruder *in);

#endif
