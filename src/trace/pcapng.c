/* SPDX-License-Identifier: MIT */
/*
 * pcapng.c - draft-ietf-opsawg-pcapng. Written big-endian on every machine, so
 * that the same lab gives the same file; readers take either order.
 */
#include <errno.h>
#include <string.h>

#include "base/bytes.h"
#include "trace/pcapng.h"
#include "trace/pcapng_format.h"

#define LINKTYPE_ETHERNET 1
#define SNAP_LEN 65535u

#define OPT_END 0
#define OPT_COMMENT 1
#define OPT_SHB_USERAPPL 4
#define OPT_IF_DESCRIPTION 3
#define OPT_IF_TSRESOL 9

#define USUAL_BLOCK 1024	/* bytes that nearly all blocks fit in */

/* One block in the making; @big: in memory of its own. */
struct block {
	struct writer w;
	uint8_t *data, *big;
	uint8_t usual[USUAL_BLOCK];
};

/* What an option's value takes; lengths are 16 bits, so more is cut off. */
static size_t option_len(const char *text)
{
	return text ? min_u64(strlen(text), UINT16_MAX - 3) : 0;
}

/* @size: at least what the block's body takes. */
static int block_begin(struct block *b, uint32_t type, size_t size)
{
	size += BLOCK_OVERHEAD;
	b->big = size > sizeof(b->usual) ? malloc(size) : NULL;
	if (size > sizeof(b->usual) && !b->big)
		return -ENOMEM;

	b->data = b->big ? b->big : b->usual;
	writer_init(&b->w, b->data, size);
	put_be32(&b->w, type);
	put_be32(&b->w, 0);
	return 0;
}

static void put_padded(struct block *b, const void *data, size_t len)
{
	put_bytes(&b->w, data, len);
	put_zeros(&b->w, pcapng_padding(len));
}

static void put_option(struct block *b, uint16_t code, const void *data, size_t len)
{
	put_be16(&b->w, code);
	put_be16(&b->w, (uint16_t)len);
	put_padded(b, data, len);
}

static void put_text(struct block *b, uint16_t code, const char *text)
{
	if (text && text[0])
		put_option(b, code, text, option_len(text));
}

static void put_end_of_options(struct block *b)
{
	put_option(b, OPT_END, "", 0);
}

/* Fills the lengths in and hands the block over. */
static int block_end(struct pcapng *p, struct block *b)
{
	uint32_t len = (uint32_t)b->w.len + 4;
	int r;

	put_be32(&b->w, len);
	assert(!b->w.overflow);
	store_be32(b->data + 4, len);

	r = p->write(p->ctx, b->data, len);
	free(b->big);
	return r < 0 ? r : 0;
}

/* Room for options: each has four bytes in front and up to three behind. */
static size_t options_size(const char *a, const char *b)
{
	return option_len(a) + option_len(b) + 4 * 8;
}

int pcapng_begin(struct pcapng *p, const char *program, const char *comment)
{
	struct block b;
	int r = block_begin(&b, BLOCK_SECTION, 16 + options_size(program, comment));

	if (r < 0)
		return r;

	put_be32(&b.w, BYTE_ORDER_MAGIC);
	put_be16(&b.w, 1);
	put_be16(&b.w, 0);
	/* Section length -1: to the end of the file. */
	put_be32(&b.w, UINT32_MAX);
	put_be32(&b.w, UINT32_MAX);
	put_text(&b, OPT_COMMENT, comment);
	put_text(&b, OPT_SHB_USERAPPL, program);
	put_end_of_options(&b);

	p->interfaces = 0;
	p->frames = 0;
	return block_end(p, &b);
}

int pcapng_add_interface(struct pcapng *p, const char *name, const char *description)
{
	static const uint8_t nanoseconds = 9;
	struct block b;
	int r = block_begin(&b, BLOCK_INTERFACE, 8 + options_size(name, description));

	if (r < 0)
		return r;

	put_be16(&b.w, LINKTYPE_ETHERNET);
	put_be16(&b.w, 0);
	put_be32(&b.w, SNAP_LEN);
	put_text(&b, OPT_IF_NAME, name);
	put_text(&b, OPT_IF_DESCRIPTION, description);
	put_option(&b, OPT_IF_TSRESOL, &nanoseconds, sizeof(nanoseconds));
	put_end_of_options(&b);

	r = block_end(p, &b);
	return r < 0 ? r : (int)p->interfaces++;
}

int64_t pcapng_add_packet(struct pcapng *p, uint32_t interface, uint64_t wall_ns,
			  const void *data, size_t len, size_t wire_len, const char *comment)
{
	struct block b;
	int r;

	if (interface >= p->interfaces || len > wire_len || len > SNAP_LEN ||
	    wire_len > UINT32_MAX)
		return -EINVAL;
	r = block_begin(&b, BLOCK_PACKET, 20 + len + 3 + options_size(comment, NULL));
	if (r < 0)
		return r;

	put_be32(&b.w, interface);
	put_be32(&b.w, (uint32_t)(wall_ns >> 32));
	put_be32(&b.w, (uint32_t)wall_ns);
	put_be32(&b.w, (uint32_t)len);
	put_be32(&b.w, (uint32_t)wire_len);
	put_padded(&b, data, len);
	if (comment && comment[0]) {
		put_text(&b, OPT_COMMENT, comment);
		put_end_of_options(&b);
	}

	r = block_end(p, &b);
	return r < 0 ? r : (int64_t)++p->frames;
}
