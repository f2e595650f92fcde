/* SPDX-License-Identifier: MIT */
/*
 * bytes.h - bounded reading and writing of network byte order.
 *
 * Nothing in netlab touches packet bytes but through these two cursors. Both
 * stop at their bounds and remember that they did, so that a run of gets or
 * puts needs only one check, at its end.
 *
 * All are inline: a message takes some hundreds of them, and as calls they were
 * a fifth of what a machine does.
 */
#ifndef BASE_BYTES_H
#define BASE_BYTES_H

#include <string.h>

#include "base/util.h"

/**
 * struct reader - a cursor over bytes that somebody else sent
 * @data: not owned
 * @len: bytes in @data
 * @pos: bytes read so far, never over @len
 * @overrun: a get went past the end; it and all later gets returned zeros
 */
struct reader {
	const uint8_t *data;
	size_t len;
	size_t pos;
	bool overrun;
};

/**
 * struct writer - a cursor over a buffer of the caller's
 * @data: not owned
 * @size: bytes that @data can hold
 * @len: bytes written so far, never over @size
 * @overflow: a put did not fit; it and all later puts wrote nothing
 */
struct writer {
	uint8_t *data;
	size_t size;
	size_t len;
	bool overflow;
};

/* Big-endian loads and stores at a place whose bounds the caller has checked. */

static inline uint16_t load_be16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static inline uint32_t load_be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static inline void store_be16(uint8_t *p, uint16_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

static inline void store_be32(uint8_t *p, uint32_t v)
{
	store_be16(p, (uint16_t)(v >> 16));
	store_be16(p + 2, (uint16_t)v);
}

static inline void reader_init(struct reader *r, const void *data, size_t len)
{
	*r = (struct reader){ .data = data, .len = len };
}

static inline size_t reader_left(const struct reader *r)
{
	return r->overrun ? 0 : r->len - r->pos;
}

/* The address of the next @len bytes, which are skipped; NULL on overrun. */
static inline const uint8_t *get_span(struct reader *r, size_t len)
{
	const uint8_t *p;

	if (len > reader_left(r))
		r->overrun = true;
	if (r->overrun)
		return NULL;

	p = r->data + r->pos;
	r->pos += len;
	return p;
}

static inline uint8_t get_u8(struct reader *r)
{
	const uint8_t *p = get_span(r, 1);

	return p ? *p : 0;
}

static inline uint16_t get_be16(struct reader *r)
{
	const uint8_t *p = get_span(r, 2);

	return p ? load_be16(p) : 0;
}

static inline uint32_t get_be32(struct reader *r)
{
	const uint8_t *p = get_span(r, 4);

	return p ? load_be32(p) : 0;
}

/* Copies @len bytes to @ret, or fills it with zeros on overrun. */
static inline void get_bytes(struct reader *r, void *ret, size_t len)
{
	const uint8_t *p = get_span(r, len);

	if (len == 0)
		return;
	if (p)
		memcpy(ret, p, len);
	else
		memset(ret, 0, len);
}

static inline void writer_init(struct writer *w, void *data, size_t size)
{
	*w = (struct writer){ .data = data, .size = size };
}

static inline size_t writer_left(const struct writer *w)
{
	return w->overflow ? 0 : w->size - w->len;
}

/* Room for @len bytes, counted as written; NULL when they do not fit. */
static inline uint8_t *put_span(struct writer *w, size_t len)
{
	uint8_t *p;

	if (len > writer_left(w))
		w->overflow = true;
	if (w->overflow)
		return NULL;

	p = w->data + w->len;
	w->len += len;
	return p;
}

static inline void put_u8(struct writer *w, uint8_t v)
{
	uint8_t *p = put_span(w, 1);

	if (p)
		*p = v;
}

static inline void put_be16(struct writer *w, uint16_t v)
{
	uint8_t *p = put_span(w, 2);

	if (p)
		store_be16(p, v);
}

static inline void put_be32(struct writer *w, uint32_t v)
{
	uint8_t *p = put_span(w, 4);

	if (p)
		store_be32(p, v);
}

static inline void put_bytes(struct writer *w, const void *data, size_t len)
{
	uint8_t *p = put_span(w, len);

	if (p && len > 0)
		memcpy(p, data, len);
}

static inline void put_zeros(struct writer *w, size_t len)
{
	uint8_t *p = put_span(w, len);

	if (p && len > 0)
		memset(p, 0, len);
}

#endif
