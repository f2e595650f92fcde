/* SPDX-License-Identifier: MIT */
/* pcapng_read.c - a capture that pcapng.c has written, block by block. */
#include <errno.h>
#include <string.h>

#include "base/bytes.h"
#include "trace/pcapng.h"
#include "trace/pcapng_format.h"

void pcapng_reader_done(struct pcapng_reader *r)
{
	for (uint32_t i = 0; i < r->interfaces; i++)
		free(r->name[i]);
	free(r->name);
	*r = (struct pcapng_reader){ 0 };
}

/* The name among an interface's options; "" if there is none. */
static char *find_name(struct reader *r)
{
	while (reader_left(r) > 0 && !r->overrun) {
		uint16_t code = get_be16(r), len = get_be16(r);
		const uint8_t *value = get_span(r, len);

		get_span(r, pcapng_padding(len));
		if (code == OPT_IF_NAME && value)
			return strndup((const char *)value, len);
	}
	return strdup("");
}

static int read_interface(struct pcapng_reader *p, struct reader *r)
{
	char **name = reallocarray(p->name, p->interfaces + 1, sizeof(*name));

	if (!name)
		return -ENOMEM;
	p->name = name;

	get_span(r, 8);
	name[p->interfaces] = find_name(r);
	if (!name[p->interfaces])
		return -ENOMEM;
	p->interfaces++;
	return 0;
}

static int read_packet(struct pcapng_reader *p, struct reader *r, struct pcapng_packet *ret)
{
	struct pcapng_packet packet = { .interface = get_be32(r) };

	packet.wall_ns = (uint64_t)get_be32(r) << 32;
	packet.wall_ns |= get_be32(r);
	packet.len = get_be32(r);
	packet.wire_len = get_be32(r);
	packet.data = get_span(r, packet.len);
	if (!packet.data || packet.interface >= p->interfaces)
		return -EBADMSG;

	p->frames++;
	*ret = packet;
	return 1;
}

/* 1: it was a packet; 0: another block; -errno. */
static int read_block(struct pcapng_reader *p, uint32_t type, struct reader *r,
		      struct pcapng_packet *ret)
{
	switch (type) {
	case BLOCK_SECTION:
		return get_be32(r) == BYTE_ORDER_MAGIC ? 0 : -EBADMSG;
	case BLOCK_INTERFACE:
		return read_interface(p, r);
	case BLOCK_PACKET:
		return read_packet(p, r, ret);
	default:
		return 0;
	}
}

int pcapng_read(struct pcapng_reader *p, const void *data, size_t len, size_t *ret_used,
		struct pcapng_packet *ret)
{
	struct reader all;

	reader_init(&all, data, len);
	*ret_used = 0;
	while (reader_left(&all) >= BLOCK_OVERHEAD) {
		uint32_t type = get_be32(&all), size = get_be32(&all);
		struct reader body;
		int r;

		if (size < BLOCK_OVERHEAD || size % 4)
			return -EBADMSG;
		if (size - 8 > reader_left(&all))
			return 0;
		reader_init(&body, get_span(&all, size - BLOCK_OVERHEAD), size - BLOCK_OVERHEAD);
		if (get_be32(&all) != size)
			return -EBADMSG;
		r = read_block(p, type, &body, ret);
		if (r < 0)
			return r;
		*ret_used = all.pos;
		if (r > 0)
			return r;
	}
	return 0;
}
