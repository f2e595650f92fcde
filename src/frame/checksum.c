/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/bytes.h"
#include "frame/frame.h"
#include "frame/wire.h"

static uint32_t fold(uint64_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint32_t)sum;
}

/*
 * RFC 1071 section 2: words of 32 bits add up to the same sum, once it is
 * folded, and (section 2(B)) in the machine's own order of bytes: only the
 * folded sum is turned round.
 */
uint32_t checksum_add(uint32_t sum, const void *data, size_t len)
{
	const uint8_t *p = data;
	uint8_t folded[2];
	uint64_t wide = 0;
	uint16_t last = 0;

	for (; len >= sizeof(uint32_t); p += sizeof(uint32_t), len -= sizeof(uint32_t)) {
		uint32_t word;

		memcpy(&word, p, sizeof(word));
		wide += word;
	}
	if (len >= sizeof(last)) {
		memcpy(&last, p, sizeof(last));
		wide += last;
		p += sizeof(last);
		len -= sizeof(last);
	}
	last = 0;
	memcpy(&last, p, len);
	last = (uint16_t)fold(wide + last);
	memcpy(folded, &last, sizeof(folded));
	return fold((uint64_t)sum + load_be16(folded));
}

uint32_t udp_pseudo_sum(const struct frame *f, uint16_t len)
{
	return fold((uint64_t)f->src_ip + f->dst_ip + IP4_PROTO_UDP + len);
}
