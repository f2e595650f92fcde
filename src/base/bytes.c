/* SPDX-License-Identifier: MIT */
#include "base/bytes.h"

#include <string.h>

void reader_init(struct reader *r, const void *data, size_t len)
{
	*r = (struct reader){ .data = data, .len = len };
}

size_t reader_left(const struct reader *r)
{
	return r->overrun ? 0 : r->len - r->pos;
}

const uint8_t *get_span(struct reader *r, size_t len)
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

uint8_t get_u8(struct reader *r)
{
	const uint8_t *p = get_span(r, 1);

	return p ? *p : 0;
}

uint16_t get_be16(struct reader *r)
{
	const uint8_t *p = get_span(r, 2);

	return p ? load_be16(p) : 0;
}

uint32_t get_be32(struct reader *r)
{
	const uint8_t *p = get_span(r, 4);

	return p ? load_be32(p) : 0;
}

void get_bytes(struct reader *r, void *ret, size_t len)
{
	const uint8_t *p = get_span(r, len);

	if (len == 0)
		return;
	if (p)
		memcpy(ret, p, len);
	else
		memset(ret, 0, len);
}

void writer_init(struct writer *w, void *data, size_t size)
{
	*w = (struct writer){ .data = data, .size = size };
}

size_t writer_left(const struct writer *w)
{
	return w->overflow ? 0 : w->size - w->len;
}

/* Room for @len bytes, counted as written; NULL when they do not fit. */
static uint8_t *put_span(struct writer *w, size_t len)
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

void put_u8(struct writer *w, uint8_t v)
{
	uint8_t *p = put_span(w, 1);

	if (p)
		*p = v;
}

void put_be16(struct writer *w, uint16_t v)
{
	uint8_t *p = put_span(w, 2);

	if (p)
		store_be16(p, v);
}

void put_be32(struct writer *w, uint32_t v)
{
	uint8_t *p = put_span(w, 4);

	if (p)
		store_be32(p, v);
}

void put_bytes(struct writer *w, const void *data, size_t len)
{
	uint8_t *p = put_span(w, len);

	if (p && len > 0)
		memcpy(p, data, len);
}

void put_zeros(struct writer *w, size_t len)
{
	uint8_t *p = put_span(w, len);

	if (p && len > 0)
		memset(p, 0, len);
}

uint16_t load_be16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

uint32_t load_be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

void store_be16(uint8_t *p, uint16_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

void store_be32(uint8_t *p, uint32_t v)
{
	store_be16(p, (uint16_t)(v >> 16));
	store_be16(p + 2, (uint16_t)v);
}
