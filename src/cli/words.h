/* SPDX-License-Identifier: MIT */
/* words.h - parts of a scenario in the words that all verbs use for them. */
#ifndef CLI_WORDS_H
#define CLI_WORDS_H

#include "base/text.h"
#include "judge/words.h"
#include "scenario/plan.h"

/* "10.0.0.2-10.0.0.254 for 1h" */
void words_pool(struct text *out, const struct scn_server *s);
/* " 10.9.0.2 10.9.0.3" */
void words_targets(struct text *out, const struct scn_relay *relay);
/* "a:x -- b:y" */
void words_cable(struct text *out, const struct scenario *s, size_t cable);
/* What one operation of the plan is about: "dhcptest:guest 10.0.0.1/24". */
void words_op(struct text *out, const struct scenario *s, const struct plan_op *op);

#endif
