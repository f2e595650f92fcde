/* SPDX-License-Identifier: MIT */
/* hex.h - a message's bytes, with the field under each. */
#ifndef TRACE_HEX_H
#define TRACE_HEX_H

#include "base/text.h"

/**
 * view_hex() - the bytes of a DHCP message
 *
 *	    000  01 01 06 00 3d 6a 3b 68 00 00 00 00
 *	         op ht hl ho xid         secs  flags
 *	    0f0  35 01 01
 *	         53 message type: DISCOVER
 *
 * Any bytes will do: options that run past the end are shown as far as they go.
 */
void view_hex(struct text *out, const uint8_t *data, size_t len);

#endif
