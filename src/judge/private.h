/* SPDX-License-Identifier: MIT */
/* private.h - what the judges of the several kinds share. */
#ifndef JUDGE_PRIVATE_H
#define JUDGE_PRIVATE_H

#include "judge/judge.h"

/* All that the judge of one expectation looks at. */
struct court {
	const struct scenario *s;
	const struct scn_expect *e;
	const struct judge_ops *ops;
	void *ctx;
	struct judgement *ret;
};

void rule(const struct court *c, enum judge_result result, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* Did it happen in the time that the expectation is about? */
bool is_in_time(const struct scn_expect *e, uint64_t t);

/* host.c: what a client and a kernel have. wire.c: what was on the cables. */
void judge_state(const struct court *c);
void judge_address(const struct court *c);
void judge_no_address(const struct court *c);
void judge_route(const struct court *c);
void judge_ping(const struct court *c);
void judge_messages(const struct court *c);
void judge_message(const struct court *c);

/* field.c: a field that is a number; those of form text are 0. */
uint64_t field_number(const struct trace_message *m, enum scn_field f);
/* As trace --json has it, or -ENOENT for an option that is not there. */
int field_text(const struct trace_event *e, enum scn_field f, uint8_t option, struct text *out);
/* A number of the field's form, as people write it. */
void field_format(enum scn_field f, uint64_t value, struct text *out);

#endif
