/* SPDX-License-Identifier: MIT */
/*
 * frames.c - frames on their way. Of the 342 bytes of an ordinary message 202 are
 * zeros that stand together: the rest of chaddr, sname and file. When a million
 * clients start together there are a million messages on their way, so these are left
 * out, and so are the zeros at the end.
 */
#include <string.h>

#include "sim/world.h"

#define HEAD (FRAME_UDP_OVERHEAD + 34)			/* with 6 bytes of chaddr */
#define HOLE (FRAME_UDP_OVERHEAD + DHCP_HEADER_LEN - HEAD)	/* up to the cookie */

static bool is_hollow(const uint8_t *data, size_t len, enum sim_frame_kind kind)
{
	static const uint8_t zeros[HOLE];

	return (kind == SIM_FRAME_TO_SERVER || kind == SIM_FRAME_TO_CLIENT) &&
	       len >= HEAD + HOLE && memcmp(data + HEAD, zeros, HOLE) == 0;
}

/* Where the zeros begin that @data ends with, no further back than @least. */
static size_t end_of_bytes(const uint8_t *data, size_t least, size_t len)
{
	uint64_t word = 0;

	while (len >= least + sizeof(word)) {
		memcpy(&word, data + len - sizeof(word), sizeof(word));
		if (word)
			break;
		len -= sizeof(word);
	}
	while (len > least && !data[len - 1])
		len--;
	return len;
}

struct sim_frame *frame_new(const void *data, size_t len, enum sim_frame_kind kind)
{
	const uint8_t *bytes = data;
	bool hollow = is_hollow(bytes, len, kind);
	size_t kept = hollow ? end_of_bytes(bytes, HEAD + HOLE, len) - HOLE : len;
	struct sim_frame *f;

	f = malloc(sizeof(*f) + kept);
	if (!f)
		return NULL;
	*f = (struct sim_frame){ .refs = 1, .len = (uint16_t)len, .kept = (uint16_t)kept,
				 .kind = (uint8_t)kind };
	if (!hollow) {
		memcpy(f->data, bytes, len);
		return f;
	}
	memcpy(f->data, bytes, HEAD);
	memcpy(f->data + HEAD, bytes + HEAD + HOLE, kept - HEAD);
	return f;
}

void frame_put(struct sim_frame *f)
{
	if (f && --f->refs == 0)
		free(f);
}

const uint8_t *frame_bytes(const struct sim_frame *f, uint8_t buf[static FRAME_MAX])
{
	size_t end = f->kept + HOLE;

	if (f->kept == f->len)
		return f->data;
	memcpy(buf, f->data, HEAD);
	memset(buf + HEAD, 0, HOLE);
	memcpy(buf + HEAD + HOLE, f->data + HEAD, f->kept - HEAD);
	memset(buf + end, 0, f->len - end);
	return buf;
}
