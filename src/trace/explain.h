/* SPDX-License-Identifier: MIT */
/* explain.h - the machines, messages and options in words, from their own tables. */
#ifndef TRACE_EXPLAIN_H
#define TRACE_EXPLAIN_H

#include "base/text.h"

/**
 * explain_topic() - "client", "server", "relay", a message ("OFFER"), an option ("51", "router")
 * @out: pages of text, 80 columns
 * @ret_near: on -ENOENT the topic that may have been meant, or NULL
 *
 * Return: 0, -ENOENT, -ENOMEM
 */
int explain_topic(const char *topic, struct text *out, const char **ret_near);

/* What there is to explain. */
void explain_contents(struct text *out);

#endif
