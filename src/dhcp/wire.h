/* SPDX-License-Identifier: MIT */
/* wire.h - where the parts of a message stand (RFC 2131 section 2, figure 1). */
#ifndef DHCP_WIRE_H
#define DHCP_WIRE_H

#include <string.h>

#include <netlab/dhcp_message.h>

#define XID_OFFSET 4
#define CHADDR_OFFSET 28
#define CHADDR_LEN 16
#define SNAME_OFFSET 44
#define SNAME_LEN 64
#define FILE_OFFSET 108
#define FILE_LEN 128
#define OPTIONS_OFFSET (DHCP_HEADER_LEN + 4) /* behind the cookie */

/* Option 52, RFC 2132 section 9.3: bits of its value. */
#define OVERLOAD_FILE 1
#define OVERLOAD_SNAME 2

/* Nothing but zeros, and no options: the room for them, most of it all, stays as it is. */
static inline void message_clear(struct dhcp_message *m)
{
	memset(m, 0, offsetof(struct dhcp_message, fields));
}

#endif
