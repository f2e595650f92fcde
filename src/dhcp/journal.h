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

#endif
