/* SPDX-License-Identifier: MIT */
/* fault.h - [Fault]: what goes wrong on purpose */
#ifndef SCENARIO_FAULT_H
#define SCENARIO_FAULT_H

#include "scenario/terms.h"

struct error;
struct scenario;

enum scn_fault_kind {
	SCN_FAULT_DROP,
	SCN_FAULT_DELAY,
	SCN_FAULT_DUPLICATE,
	SCN_FAULT_CORRUPT,
	SCN_FAULT_REORDER,
	SCN_FAULT_STARVE,	/* this and the next two strike no frames: they send their own */
	SCN_FAULT_ROGUE,
	SCN_FAULT_CONFLICT,
	SCN_FAULT_CRASH,	/* of a machine: becomes events */
};
#define SCN_FAULT_KINDS (SCN_FAULT_CRASH + 1)

/* Is it one of those that strike frames on cables? */
static inline bool scn_fault_strikes(enum scn_fault_kind kind)
{
	return kind < SCN_FAULT_STARVE;
}

/* Is it somebody at an interface, who sends frames there? */
static inline bool scn_fault_sends(enum scn_fault_kind kind)
{
	return kind >= SCN_FAULT_STARVE && kind <= SCN_FAULT_CONFLICT;
}

/* Which frames of a node's cables are meant. */
enum scn_direction {
	SCN_BOTH,
	SCN_FROM,	/* those that it sends */
	SCN_TO,		/* those that are sent to it */
};

#define SCN_AFTER_MAX (7 * 86400ll * 1000000)	/* of AfterSec=, DelaySec=, microseconds */
#define SCN_DELAY_MAX (3600ll * 1000000)
#define SCN_MILLION 1000000u	/* a rate of 100 % */

/**
 * struct scn_fault - [Fault NAME]: what goes wrong on purpose. A plain value
 * @node: NONE: on every cable; @iface: the only one of its interfaces, or NONE
 * @message: option 53; 0: any frame
 * @count: how often; 0: for ever
 * @rate: of a million frames that fit
 * @after: microseconds of lab time before it begins
 * @delay: microseconds, for SCN_FAULT_DELAY and SCN_FAULT_REORDER; of SCN_FAULT_STARVE
 *	between two clients
 * @forge_source: of SCN_FAULT_STARVE: frames come from the clients' addresses, too
 * @address: of SCN_FAULT_ROGUE: his own; of SCN_FAULT_CONFLICT: the one that is in use,
 *	0: those that are asked for next
 * @prefix_len: @first: @last: @router: @dns: @lease_sec: what SCN_FAULT_ROGUE gives
 * @pool_offset: @pool_size: as they were given, 0: not; for scenario_fault_fill()
 */
struct scn_fault {
	struct place at;
	char name[NODE_NAME_MAX];
	enum scn_fault_kind kind;
	enum scn_direction direction;
	size_t node, iface;
	uint8_t message;
	uint32_t count, rate;
	uint64_t after, delay;
	bool forge_source;
	uint32_t address, first, last, router, dns, lease_sec;
	uint32_t pool_offset, pool_size;
	uint8_t prefix_len;
};

#define SCN_ROGUE_POOL 10	/* PoolSize= of Type=rogue */
#define SCN_ROGUE_POOL_MAX 65536
#define SCN_CONFLICTS_MAX 64	/* Count= of Type=conflict */

#define SCN_DELAY_US 1000000	/* DelaySec= of Type=delay */
#define SCN_REORDER_US 50000	/* DelaySec= of Type=reorder */
#define SCN_STARVE_US 10000	/* DelaySec= of Type=starve */

/* "drop" */
const char *scenario_fault_name(enum scn_fault_kind kind);
/* An enum scn_fault_kind, or -EINVAL; an enum scn_direction ("from", "to", "both"), likewise. */
int scenario_fault_kind(const char *name);
int scenario_direction(const char *name);
const char *scenario_direction_name(enum scn_direction d);
/* "10%", "0.5%": of a million. 0 or -EINVAL. */
int scenario_rate(const char *s, uint32_t *ret);
/* DelaySec= where none is given; 0 for a kind that delays nothing. */
uint64_t scenario_fault_delay(enum scn_fault_kind kind);

/**
 * scenario_fault_fill() - what is not given of a fault that sends, and whether it makes sense
 * @f: 0 stands for what is not given
 * @ret_key: the key that is wrong
 *
 * Who is a rogue has by default the last address that is free in the subnet of the server
 * that his interface can reach without a router, gives the ten below it, and is the
 * router and DNS server of his clients.
 * Return: 0, -EINVAL, -ENOMEM
 */
int scenario_fault_fill(const struct scenario *s, struct scn_fault *f, const char **ret_key,
			struct error *err);
/* Can @f hit a frame that interface @from sends onto its cable? */
bool scenario_fault_covers(const struct scenario *s, const struct scn_fault *f, size_t from);

#endif
