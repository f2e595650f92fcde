/* SPDX-License-Identifier: MIT */
/*
 * fault.h - what is done on purpose to the frames of a cable. Pure: a verdict
 * on the n-th frame of a class is a function of (seed, who sent it onto which
 * cable, class, n), so that a stray ARP shifts nothing, and the lab and the
 * simulator do the same to the same frames.
 */
#ifndef NODE_FAULT_H
#define NODE_FAULT_H

#include "frame/frame.h"
#include "scenario/scenario.h"

#include <netlab/dhcp_message.h>

/* Classes that are counted apart: DHCP messages by type, ARP, all else. */
enum fault_class {
	FAULT_OTHER = 0,
	FAULT_DHCP = 1,		/* option 53 is the class: 1 to DHCP_TYPE_MAX */
	FAULT_ARP = DHCP_TYPE_MAX + 1,
};
#define FAULT_CLASSES (FAULT_ARP + 1)

/**
 * struct fault_rule - a fault that is in force
 * @salt: of its name, for its draws
 * @fired: how often it has struck
 * @emulates: it is a part of [NetworkEmulator], not a [Fault]
 */
struct fault_rule {
	struct scn_fault f;
	uint64_t salt, jitter;
	uint32_t fired;
	bool emulates;
};

/**
 * struct faults - all rules of a lab, and what they have counted
 * @seen: per interface: frames that it has sent since there was a rule, by class;
 *	NULL: there was none yet
 */
struct faults {
	const struct scenario *scenario;
	uint64_t seed;
	size_t n_rules;
	struct fault_rule *rules;
	uint32_t (*seen)[FAULT_CLASSES];
};

#define FAULT_STRIKES_MAX 4

/**
 * struct fault_verdict - what becomes of a frame
 * @copies: 0: it is lost, 1, or 2
 * @late: microseconds, of each copy
 * @corrupt: the bit at @bit (counted from 0) is turned round
 * @strikes: the rules that are worth a line in the log, @n_strikes of them. They
 *	are good until the next change of the rules
 */
struct fault_verdict {
	unsigned int copies;
	uint64_t late;
	bool corrupt;
	size_t bit;
	size_t n_strikes;
	const struct fault_rule *strikes[FAULT_STRIKES_MAX];
};

/* The rules of the scenario, which is borrowed. 0 or -ENOMEM. */
int faults_init(struct faults *f, const struct scenario *s);
/* Without init (all zero) allowed. */
void faults_done(struct faults *f);

/* All of it, with what has been counted; @ret is overwritten. 0 or -ENOMEM. */
int faults_copy(const struct faults *f, struct faults *ret);

/* Takes effect with the next frame. 0; -EEXIST: the name is taken; -ENOMEM. */
int faults_add(struct faults *f, const struct scn_fault *fault);
/* Has one of [Fault] or faults_add() that name? */
bool faults_has(const struct faults *f, const char *name);
/* Those of [Fault] and faults_add(); what a [NetworkEmulator] does stays. Count of them. */
size_t faults_clear(struct faults *f);

/* Is there a rule for what @from sends? Without one faults_judge() lets it pass as it is. */
bool faults_cover(const struct faults *f, size_t from);

/* The class of a frame that is on a cable. */
unsigned int fault_class(const void *data, size_t len);

/**
 * faults_judge() - a frame enters a cable
 * @now: lab time
 * @from: the interface that sent it
 */
void faults_judge(struct faults *f, uint64_t now, size_t from, const void *data, size_t len,
		  struct fault_verdict *ret);

/* The same of a frame of a known class, @len bytes of it; there is a rule. */
void faults_judge_class(struct faults *f, uint64_t now, size_t from, unsigned int class, size_t len,
			struct fault_verdict *ret);
/* The class of a DHCP message by itself. */
unsigned int fault_class_of_message(const void *payload, size_t len);

#define FAULT_TEXT_MAX 192

/* "OFFER DROPPED BY FAULT lossy (1 of 2)"; @class of the frame that it struck. */
void fault_describe(const struct fault_rule *r, unsigned int class,
		    char ret[static FAULT_TEXT_MAX]);

#endif
