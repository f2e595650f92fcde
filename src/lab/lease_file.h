/* SPDX-License-Identifier: MIT */
/*
 * lease_file.h - LeaseFile=: what a client has of a lease outlives the lab.
 *
 * A few lines in the state folder, which is the user's alone: /var/lib/netlab, or
 * ~/.local/state/netlab. The scenario names a file there, and nothing elsewhere. The
 * monitor writes it, whole or not at all; what is in it is believed as little as
 * a packet.
 */
#ifndef LAB_LEASE_FILE_H
#define LAB_LEASE_FILE_H

#include "base/error.h"
#include "base/text.h"
#include "scenario/scenario.h"

#include <netlab/dhcp_machine.h>

#define LEASE_FILE_MAX 4096	/* bytes */

/**
 * struct stored_lease
 * @until: seconds since 1970; UINT64_MAX for ever
 */
struct stored_lease {
	uint32_t address;
	uint64_t until;
};

void lease_file_format(const struct stored_lease *l, struct text *out);
/* 0, or -EBADMSG with @ret untouched: it is none, or not all of one. */
int lease_file_parse(const char *text, size_t len, struct stored_lease *ret);

/**
 * lease_files_open() - the folder, and what is there for the clients of a scenario
 * @ret_address: per interface: of a lease that still runs; else 0. Owned by the caller
 *
 * Return: a descriptor of the folder; -1 where no client has a LeaseFile=, with
 * @ret_address NULL; -errno below -1
 */
int lease_files_open(const struct scenario *s, bool privileged, uint32_t **ret_address,
		     struct error *err);
/* @seconds: from now; UINT32_MAX for ever. 0 or -errno. */
int lease_file_write(int dir, const char *name, const struct dhcp_config *c, uint32_t seconds);

#endif
