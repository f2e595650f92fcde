/* SPDX-License-Identifier: MIT */
#include "base/bytes.h"
#include "frame/frame.h"
#include "frame/wire.h"

static uint32_t fold(uint64_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint32_t)sum;
}

/* RFC 1071 section 2: words of 32 bits add up to the same sum, once it is folded. */
uint32_t checksum_add(uint32_t sum, const void *data, size_t len)
{
	const uint8_t *p = data;
	uint64_t wide = sum;

	for (; len >= 4; p += 4, len -= 4)
		wide += load_be32(p);
	for (; len >= 2; p += 2, len -= 2)
		wide += load_be16(p);
	if (len)
		wide += (uint32_t)*p << 8;

	return fold(wide);
}

uint32_t udp_pseudo_sum(const struct frame *f, uint16_t len)
{
	return fold((uint64_t)f->src_ip + f->dst_ip + IP4_PROTO_UDP + len);
}
