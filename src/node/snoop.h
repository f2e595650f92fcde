/* SPDX-License-Identifier: MIT */
/*
 * snoop.h - DHCP snooping: what a switch with DHCPSnooping=yes lets through.
 *
 *	from a port that is not trusted
 *		no message of a server's
 *		no message that a relay has forwarded
 *		no chaddr that is not the frame's sender
 *		no RELEASE or DECLINE of a client that has its lease behind another port
 *		no more clients than LeasesPerPort=
 *
 * Which client is behind which port the table of bindings says: a DISCOVER or
 * REQUEST makes an entry, the server's ACK makes it last as long as the lease.
 * Pure; one table for all switches of a scenario.
 */
#ifndef NODE_SNOOP_H
#define NODE_SNOOP_H

#include "scenario/scenario.h"

#define SNOOP_ENTRIES_MAX 8192

/**
 * struct snoop_entry - a client behind a port
 * @port: interface of the switch
 * @address: 0: it has asked, and no ACK has come yet
 * @expires: microseconds of lab time
 */
struct snoop_entry {
	size_t port;
	uint8_t mac[6];
	uint32_t address;
	uint64_t expires;
};

struct snoop {
	const struct scenario *scenario;
	size_t n;
	struct snoop_entry *entry;
};

/* Borrows @s. Nothing is allocated before it is needed. */
void snoop_init(struct snoop *sn, const struct scenario *s);
void snoop_done(struct snoop *sn);
/* @ret is overwritten. 0 or -ENOMEM. */
int snoop_copy(const struct snoop *sn, struct snoop *ret);

/**
 * snoop_judge() - a frame has come into a switch
 * @port: of the switch; where that does not snoop, all may pass
 * @ret_type: option 53 of what is refused
 *
 * Return: NULL: let it through; else why not
 */
const char *snoop_judge(struct snoop *sn, uint64_t now, size_t port, const void *data, size_t len,
			uint8_t *ret_type);

#endif
