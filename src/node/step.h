/* SPDX-License-Identifier: MIT */
/*
 * step.h - a lab that is gone through message by message: what is held before it
 * leaves its sender, what a user may want done with it, and what he waits for.
 * Pure: the lab and the simulator hold, and carry out, the same way.
 */
#ifndef NODE_STEP_H
#define NODE_STEP_H

#include "base/error.h"
#include "scenario/scenario.h"
#include "trace/event.h"

#include <netlab/dhcp_client.h>

enum step_op {
	STEP_HOLD,	/* begin: from now on every message is held */
	STEP_NEXT,	/* let it go; where nothing is held, time goes on until something is */
	STEP_DROP,
	STEP_COPY,
	STEP_DELAY,
	STEP_EDIT,
	STEP_BACK,	/* undo the last of these */
	STEP_QUIT,	/* let all go, and hold nothing any more */
	/* the rest is for who shows it, and changes nothing in the lab */
	STEP_RUN,
	STEP_SHOW,
	STEP_HELP,
};

/**
 * struct step_edit - one change of a message's bytes
 * @offset: of a field, @len bytes of @data; an option has none
 * @remove: the option goes
 * @words: as the user wrote it
 */
struct step_edit {
	bool is_option, remove;
	uint8_t code, len;
	uint16_t offset;
	uint8_t data[255];
	char words[64];
};

/**
 * struct step_until - what `run` waits for
 * @type: a message of this type is held; 0: none
 * @place: node or "node:if" of a client that is in @state; "": none
 */
struct step_until {
	uint8_t type;
	char place[TRACE_PLACE_MAX], state[16];
};

/**
 * struct step_command - one line of what a user types
 * @pos: which of the held messages, from 1
 * @us: of a delay, in lab time
 */
struct step_command {
	enum step_op op;
	uint32_t pos;
	uint64_t us;
	struct step_until until;
	struct step_edit edit;
};

/* The commands in a line of help each. */
extern const char step_help[];

/* Of one line, without its newline; an empty one is STEP_NEXT. 0 or -EINVAL with words. */
int step_parse(const char *line, struct step_command *ret, struct error *err);
/* "ACK" or "host=BOUND". The same. */
int step_parse_until(const char *word, struct step_until *ret, struct error *err);
/* "yiaddr 10.0.0.99", "option 51 60", "option router -". The same. */
int step_parse_edit(const char *words, struct step_edit *ret, struct error *err);

/* Is a client at @place ("node:if"), which is in @state, what is waited for? */
bool step_until_state(const struct step_until *u, const char *place, const char *state);

#define STEP_TEXT_MAX 128

/* "OFFER DROPPED BY HAND": what @c does to a message of @type, for the log. */
void step_describe(const struct step_command *c, uint8_t type, char ret[static STEP_TEXT_MAX]);

/* Is it one that `back` takes back? */
bool step_can_be_undone(enum step_op op);

/**
 * step_edit() - the message with one field or option changed
 *
 * Lengths, the end of the options and the padding follow. Its checksums are made
 * when it is sent. Return: 0, or -EMSGSIZE: it would not fit into a datagram
 */
int step_edit(const struct step_edit *e, struct dhcp_send *s);

/**
 * struct step_held - a message on hold
 * @iface: of the machine that sends it
 * @due: lab time at which it comes (back) into the queue; 0: it is there
 */
struct step_held {
	size_t iface;
	uint64_t due;
	struct dhcp_send send;
};

/* In the order in which they came; all zero is an empty one. */
struct step_queue {
	size_t n, size;
	struct step_held *held;
};

/* At its end. 0 or -ENOMEM. */
int step_queue_add(struct step_queue *q, size_t iface, const struct dhcp_send *s);
/* How many are there; delayed ones are not. */
size_t step_queue_count(const struct step_queue *q);
/* Number @pos, from 1, of those that are there; NULL. Good until the next change. */
struct step_held *step_queue_at(const struct step_queue *q, size_t pos);
/* Takes it out. 0 or -ENOENT. */
int step_queue_take(struct step_queue *q, size_t pos, struct step_held *ret);
/* Drops, copies, delays (from lab time @now on) or edits one that is there. 0 or -errno. */
int step_queue_apply(struct step_queue *q, const struct step_command *c, uint64_t now);
/* When the first of the delayed ones is due; DHCP_NEVER. */
uint64_t step_queue_due(const struct step_queue *q);
/* Those that are due at @now are there again. */
void step_queue_wake(struct step_queue *q, uint64_t now);
/* @q into @ret, which is overwritten. 0 or -ENOMEM. */
int step_queue_copy(const struct step_queue *q, struct step_queue *ret);
void step_queue_done(struct step_queue *q);

/* Is there what @c is about, among what is held and the @n_past steps? 0 or -ENOENT with words. */
int step_check(const struct step_queue *q, const struct step_command *c, size_t n_past,
	       struct error *err);

/*
 * What a client sends from an address that it gives up in the same breath would
 * find no way any more when it is let go: it goes as a frame to whom it would have
 * gone to. False: that is behind a router; such a RELEASE is not to be held.
 */
bool step_make_lasting(const struct scenario *s, struct dhcp_send *send);

#endif
