/* SPDX-License-Identifier: MIT */
/*
 * linklocal.h - an address that nobody gave: RFC 3927, as a pure machine beside
 * the DHCP client, which it neither sees nor disturbs (section 2.11).
 *
 * Who owns both tells it when an address is wanted and when a lease came. It
 * chooses an address in 169.254.1.0 to 169.254.254.255, probes for it, announces
 * and defends it. When it is not wanted any more it remembers which it had: that is
 * the first that it tries the next time.
 */
#ifndef DHCP_LINKLOCAL_H
#define DHCP_LINKLOCAL_H

#include <netlab/dhcp_machine.h>

#define LINKLOCAL_PREFIX 0xa9fe0000u	/* 169.254.0.0 */
#define LINKLOCAL_PREFIX_LEN 16

enum linklocal_state {
	LINKLOCAL_OFF,
	LINKLOCAL_PROBING,	/* the address is ours unless somebody has it */
	LINKLOCAL_CLAIMED,	/* it is on the interface */
};

enum linklocal_trigger {
	LINKLOCAL_ON_WANTED,	/* the interface is to have an address */
	LINKLOCAL_ON_LEASE,	/* and has got a routable one */
	LINKLOCAL_ON_FORBIDDEN,	/* a server says that it shall have none (RFC 2563) */
	LINKLOCAL_ON_STOP,
	LINKLOCAL_ON_LINK_UP,	/* the link was away and is back */
	LINKLOCAL_ON_DEADLINE,
	LINKLOCAL_ON_CONFLICT,	/* somebody else uses @address, or probes for it while we do */
};

/**
 * struct linklocal - the machine
 * @deadline: step with LINKLOCAL_ON_DEADLINE at this time; DHCP_NEVER: at none
 * @address: probed for or claimed; in OFF the next candidate
 *
 * The rest is its own. No pointers: a copy is a snapshot.
 */
struct linklocal {
	enum linklocal_state state;
	uint64_t deadline;
	uint32_t address;
	uint64_t prng;
	uint64_t defended_until;	/* a conflict before this is the second in 10 s */
	uint8_t probes_left, announcements_left;
	uint8_t conflicts;		/* since an address was last claimed */
};

/*
 * In OFF. The same @seed and @mac choose the same addresses, different MAC
 * addresses different ones (RFC 3927 section 2.1).
 */
void linklocal_init(struct linklocal *l, const uint8_t mac[static 6], uint64_t seed);

/**
 * linklocal_step() - one event at @now, microseconds
 * @out: filled anew: PROBE, ANNOUNCE, CONFIGURE, DECONFIGURE and NOTE, as a client's;
 *	@from and @to are states of enum linklocal_state
 *
 * Return: 1 taken, 0: there is nothing to be done
 */
int linklocal_step(struct linklocal *l, enum linklocal_trigger on, uint64_t now,
		   struct dhcp_actions *out);

/* "CLAIMED"; never NULL. */
const char *linklocal_state_name(enum linklocal_state s);
/* The table, for `netlab explain link-local` and the tests: row @i, false past the end. */
bool linklocal_row(size_t i, struct dhcp_row *ret);

#endif
