/* SPDX-License-Identifier: MIT */
/* words.h - what is expected, in the words that all verbs use for it. */
#ifndef JUDGE_WORDS_H
#define JUDGE_WORDS_H

#include "base/text.h"
#include "scenario/scenario.h"

/* "default via 10.0.0.1", "10.1.0.0/16 via 10.0.0.2" */
void words_route(struct text *out, const struct scn_route *r);
/* "host:host is BOUND, address within 10.0.0.2-10.0.0.254, within 2s" */
void words_expect(struct text *out, const struct scenario *s, const struct scn_expect *e);
/* "10.0.0.2-10.0.0.254", "10.0.0.5" */
void words_range(struct text *out, uint32_t first, uint32_t last);
/* "DISCOVER OFFER REQUEST ACK" */
void words_messages(struct text *out, const uint8_t *types, size_t n);
/* The one message that is asked for: "REQUEST with ciaddr 10.0.0.5, without option 54" */
void words_message(struct text *out, const struct scn_expect *e);
/* @sec as a duration: "1h", "for ever" for UINT32_MAX. */
void words_seconds(struct text *out, uint32_t sec);
/* Whom it is about: the interface, or else the node. */
const char *words_subject(const struct scenario *s, const struct scn_expect *e);

#endif
