/* SPDX-License-Identifier: MIT */
/* client_lease.h - from an ACK to a lease: its times and its parameters. */
#ifndef DHCP_CLIENT_LEASE_H
#define DHCP_CLIENT_LEASE_H

#include <netlab/dhcp_machine.h>

/**
 * struct lease_times - how long a lease runs
 * @lease: @t1: @t2: microseconds from when the REQUEST was sent; 0 < @t1 < @t2
 *	< @lease, or all DHCP_NEVER
 * @is_default: @t1 and @t2 are the RFC's fractions and not the server's choice
 */
struct lease_times {
	uint64_t lease, t1, t2;
	bool is_default;
};

/**
 * lease_times_normalise() - the times of options 51, 58 and 59, made consistent
 * @lease_sec: over 0; DHCP_INFINITY for ever
 * @t1_sec: @t2_sec: 0 where the server named none
 *
 * The server's T1 and T2 hold if 0 < T1 < T2 < lease (RFC 2131 section 4.4.5),
 * one that is missing being taken as 0.5 or 0.875 of the lease; else both are.
 */
void lease_times_normalise(uint32_t lease_sec, uint32_t t1_sec, uint32_t t2_sec,
			   struct lease_times *ret);

/* The times in @m, which has option 51. @ret_bad: it has 58 or 59 and they were of no use. */
void lease_times_read(const struct dhcp_message *m, struct lease_times *ret, bool *ret_bad);

/*
 * Prefix length of option 1, or of @address' class if there is none (RFC 791).
 * -EBADMSG for a mask with holes, or of nothing at all.
 */
int lease_prefix_len(const struct dhcp_message *m, uint32_t address);

/*
 * All of @cfg but address, server and times, from the options of @m; @cfg's address is set.
 * False: option 121 has more routes than have room there.
 */
bool lease_parameters(const struct dhcp_message *m, struct dhcp_config *cfg);

#endif
