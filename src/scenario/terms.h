/* SPDX-License-Identifier: MIT */
/* terms.h - how long names are, addresses and routes: what all parts of a scenario share */
#ifndef SCENARIO_TERMS_H
#define SCENARIO_TERMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scenario/diag.h"

#define NODE_NAME_MAX 64	/* with NUL */
#define IF_NAME_MAX 16		/* with NUL: the kernel's IFNAMSIZ */
#define PLACE_NAME_MAX (NODE_NAME_MAX + IF_NAME_MAX)	/* "node:if" */
#define CABLE_NAME_MAX (2 * PLACE_NAME_MAX + 2)	/* "a:x--b:y" */
#define NONE SIZE_MAX		/* an index that is none */

struct scn_address {
	struct place at;
	uint32_t address;
	uint8_t prefix_len;
};

struct scn_route {
	struct place at;
	uint32_t dest, gateway;
	uint8_t prefix_len;
	uint32_t metric;
};

#endif
