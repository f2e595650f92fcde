/* SPDX-License-Identifier: MIT */
/* domain.h - domain names in options (RFC 1035 section 3.1 and 4.1.4). */
#ifndef DHCP_DOMAIN_H
#define DHCP_DOMAIN_H

#include "base/util.h"

#define DOMAIN_NAME_MAX 255		/* bytes on the wire, RFC 1035 section 2.3.4 */
#define DOMAIN_TEXT_LEN (4 * DOMAIN_NAME_MAX + 1)

/* RFC 4702 section 2.1: flags of option 81, and where the name begins. */
#define FQDN_S 0x01	/* the server updates the A record */
#define FQDN_O 0x02	/* against the client's wish */
#define FQDN_E 0x04	/* the name is in the canonical wire format */
#define FQDN_N 0x08	/* the server updates nothing */
#define FQDN_NAME 3

/**
 * domain_read() - the next name of an option
 * @data: the whole value: compression pointers count from its first byte
 * @pos: where the name starts; moved behind it on success
 * @partial: the value may end in place of the last, empty label (RFC 4702 section 2.3)
 * @ret: the name with dots between labels, "." for the root; bytes that are no
 *	letter, digit, '-' or '_' as \xNN
 *
 * A pointer leads strictly backwards, before all that was read of this name, so
 * that no name is endless.
 *
 * Return: 0 or -EBADMSG
 */
int domain_read(const uint8_t *data, size_t len, size_t *pos, bool partial,
		char ret[static DOMAIN_TEXT_LEN]);

#endif
