/* SPDX-License-Identifier: MIT */
/*
 * journal.h - bindings as lines of text: what a server has on record.
 *
 *	3600.025000 02:4e:4c:00:00:02 10.0.0.105 host 01:02:4e:4c:00:00:02 active 5d0c1f9e
 *
 * The first five words are those of a lease of dnsmasq's lease file: when it
 * ends (0: never), hardware address (TYPE- before it where that is not
 * Ethernet's), address, host name, client identifier, with * for what there is
 * none of. Two words are ours. What became of the binding: active, expired,
 * released, declined (the client identifier is - when it is nobody's any more).
 * Then, where the server keeps more than that, as many of these as it knows:
 * seen= and since= (seconds: when the client wrote last, and when its lease
 * began), nonce=, class= (a number), vendor= and relay= (options 60 and 82).
 * And a checksum of all before it (FNV-1a, 32 bits), so that a line that was
 * cut or damaged is not taken for another binding.
 *
 * dnsmasq's file is written anew for each change; a journal is only added to,
 * and the last line of an address, or of a client in its subnet, is what holds.
 * Times are seconds of the server's own clock.
 *
 * So that it does not grow for ever it is written anew, into a second file, so
 * that there is a whole one at any moment. The new one begins with a line that
 * says how often that was done, and how many bytes of bindings it had then: one
 * that has fewer was never finished, and the other file holds.
 *
 *	journal 2 75000 1b0e7c55
 */
#ifndef DHCP_JOURNAL_H
#define DHCP_JOURNAL_H

#include <netlab/dhcp_binding.h>

#include "base/util.h"

#define JOURNAL_LINE_MAX 2048	/* no line is longer; no NUL is among it */

/*
 * The line of @b (ACTIVE, EXPIRED, RELEASED, DECLINED), newline at its end, in @out. Its
 * length. What is zero in @more stands not in it; NULL: all is.
 */
size_t journal_write(const struct dhcp_binding *b, const struct dhcp_binding_more *more,
		     char out[static JOURNAL_LINE_MAX]);
/* A line, without its newline. 0, or -EBADMSG: it is not what journal_write() wrote. */
int journal_read(const char *line, size_t len, struct dhcp_binding *ret,
		 struct dhcp_binding_more *ret_more);

/* The first line of a journal that was written anew, newline at its end. Its length. */
size_t journal_write_head(uint64_t generation, size_t bytes, char out[static JOURNAL_LINE_MAX]);
/* That line, without its newline. 0, or -EBADMSG: it is none. */
int journal_read_head(const char *line, size_t len, uint64_t *ret_generation, size_t *ret_bytes);

/**
 * struct journal_file - what was found of a journal
 * @bytes: may be NULL if @len is 0
 */
struct journal_file {
	const char *bytes;
	size_t len;
};

/*
 * Which of two files holds, 0 or 1: the one that was written anew last, if that
 * was finished. The first journal, without a head, is file 0, and of generation 0.
 */
int journal_newest(const struct journal_file file[static 2], uint64_t *ret_generation);

#endif
