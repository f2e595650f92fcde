/* SPDX-License-Identifier: MIT */
/* pick.h - which events of a timeline somebody wants to see: --node, --kind, --message. */
#ifndef CLI_PICK_H
#define CLI_PICK_H

#include <argp.h>

#include "trace/event.h"

/**
 * struct pick - nothing set: everything
 * @node: "host", "host:eth0", or a MAC address; NULL: any
 * @kinds: bits 1 << enum trace_kind; 0: any
 * @messages: bits 1 << type; 0: any
 */
struct pick {
	const char *node;
	uint32_t kinds;
	uint64_t messages;
};

/* As a child of a verb's own argp: its input is a struct pick. */
extern const struct argp pick_argp;

bool pick_wants(const struct pick *p, const struct trace_event *e);

#endif
