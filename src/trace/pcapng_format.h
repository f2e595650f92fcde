/* SPDX-License-Identifier: MIT */
/* pcapng_format.h - numbers of draft-ietf-opsawg-pcapng, for its writer and its reader. */
#ifndef TRACE_PCAPNG_FORMAT_H
#define TRACE_PCAPNG_FORMAT_H

#include "base/util.h"

#define BLOCK_SECTION 0x0a0d0d0au
#define BLOCK_INTERFACE 1
#define BLOCK_PACKET 6

#define BYTE_ORDER_MAGIC 0x1a2b3c4du
#define BLOCK_OVERHEAD 12 /* type, and the length in front and behind */

#define OPT_IF_NAME 2

/* Values are padded to 32 bits. */
static inline size_t pcapng_padding(size_t len)
{
	return -len & 3;
}

#endif
