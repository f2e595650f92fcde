/* SPDX-License-Identifier: MIT */
/*
 * bytes.h - bounded reading and writing of network byte order.
 *
 * Nothing in netlab touches packet bytes but through these two cursors. Both
 * stop at their bounds and remember that they did, so that a run of gets or
 * puts needs only one check, at its end.
 */
#ifndef BASE_BYTES_H
#define BASE_BYTES_H

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

void reader_init(struct reader *r, const void *data, size_t len);
size_t reader_left(const struct reader *r);
uint8_t get_u8(struct reader *r);
uint16_t get_be16(struct reader *r);
uint32_t get_be32(struct reader *r);
/* Copies @len bytes to @ret, or fills it with zeros on overrun. */
void get_bytes(struct reader *r, void *ret, size_t len);
/* The address of the next @len bytes, which are skipped; NULL on overrun. */
const uint8_t *get_span(struct reader *r, size_t len);

void writer_init(struct writer *w, void *data, size_t size);
size_t writer_left(const struct writer *w);
void put_u8(struct writer *w, uint8_t v);
void put_be16(struct writer *w, uint16_t v);
void put_be32(struct writer *w, uint32_t v);
void put_bytes(struct writer *w, const void *data, size_t len);
void put_zeros(struct writer *w, size_t len);

/* Big-endian loads and stores at a place whose bounds the caller has checked. */
uint16_t load_be16(const uint8_t *p);
uint32_t load_be32(const uint8_t *p);
void store_be16(uint8_t *p, uint16_t v);
void store_be32(uint8_t *p, uint32_t v);

#endif
