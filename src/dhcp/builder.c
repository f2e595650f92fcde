/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "base/bytes.h"
#include "dhcp/wire.h"

#define PART_MAX 255	/* bytes of value behind one length byte */
#define OVERLOAD_OPTION_LEN 3

static void put_header(struct writer *w, const struct dhcp_message *m)
{
	size_t hlen = min_u64(m->hlen, CHADDR_LEN);

	put_u8(w, m->op);
	put_u8(w, m->htype);
	put_u8(w, (uint8_t)hlen);
	put_u8(w, m->hops);
	put_be32(w, m->xid);
	put_be16(w, m->secs);
	/* RFC 1542 section 2.2: all other bits are sent as zero. */
	put_be16(w, m->flags & DHCP_FLAG_BROADCAST);
	put_be32(w, m->ciaddr);
	put_be32(w, m->yiaddr);
	put_be32(w, m->siaddr);
	put_be32(w, m->giaddr);
	put_bytes(w, m->chaddr, hlen);
	put_zeros(w, CHADDR_LEN - hlen);
}

/* The text and zeros behind it: nothing of the caller's memory leaks out. */
static void put_text(struct writer *w, const char *text, size_t size)
{
	size_t len = strnlen(text, size - 1);

	put_bytes(w, text, len);
	put_zeros(w, size - len);
}

int dhcp_build_begin(struct dhcp_builder *b, void *out, size_t limit, const struct dhcp_message *m)
{
	struct writer w;

	if (limit < DHCP_MIN_LEN)
		return -EMSGSIZE;

	writer_init(&w, out, limit);
	put_header(&w, m);
	put_text(&w, m->sname, SNAME_LEN);
	put_text(&w, m->file, FILE_LEN);
	put_be32(&w, DHCP_COOKIE);

	*b = (struct dhcp_builder){ .data = out, .limit = limit, .len = w.len };
	if (m->type == DHCP_NO_TYPE)
		return 0;
	return dhcp_build_put_u8(b, DHCP_OPT_MESSAGE_TYPE, m->type);
}

/* Bytes on the wire: RFC 3396 section 6 splits what is over 255 bytes. */
static size_t encoded_len(size_t len)
{
	size_t parts = len <= PART_MAX ? 1 : (len + PART_MAX - 1) / PART_MAX;

	return len + 2 * parts;
}

static void encode(uint8_t *out, uint8_t code, const uint8_t *value, size_t len)
{
	do {
		size_t part = min_u64(len, PART_MAX);

		*out++ = code;
		*out++ = (uint8_t)part;
		if (part == 0)
			return;
		memcpy(out, value, part);
		out += part;
		value += part;
		len -= part;
	} while (len > 0);
}

/*
 * Option 52 stands in front, behind the message type: it may be known only
 * late, and the last option must stay the last (82, RFC 3046 section 2.2).
 */
static void set_overload(struct dhcp_builder *b, uint8_t bit)
{
	uint8_t *at = b->data + OPTIONS_OFFSET;

	if (at[0] == DHCP_OPT_MESSAGE_TYPE && b->len > OPTIONS_OFFSET)
		at += 3;
	if (b->file_len == 0 && b->sname_len == 0) {
		memmove(at + OVERLOAD_OPTION_LEN, at, (size_t)(b->data + b->len - at));
		b->len += OVERLOAD_OPTION_LEN;
		at[0] = DHCP_OPT_OVERLOAD;
		at[1] = 1;
		at[2] = 0;
	}
	at[2] |= bit;
}

/* RFC 2131 section 4.1: a field of the header that holds no text may hold options and END. */
static bool put_in_header(struct dhcp_builder *b, uint8_t bit, uint8_t code, const void *value,
			  size_t len)
{
	size_t *used = bit == OVERLOAD_FILE ? &b->file_len : &b->sname_len;
	size_t size = bit == OVERLOAD_FILE ? FILE_LEN : SNAME_LEN;
	uint8_t *field = b->data + (bit == OVERLOAD_FILE ? FILE_OFFSET : SNAME_OFFSET);

	if (*used == 0 && field[0] != 0)
		return false;
	if (encoded_len(len) > size - 1 - *used)
		return false;

	set_overload(b, bit);
	encode(field + *used, code, value, len);
	*used += encoded_len(len);
	return true;
}

static bool put_in_options(struct dhcp_builder *b, size_t reserve, uint8_t code, const void *value,
			   size_t len)
{
	size_t need = encoded_len(len);

	if (b->len + reserve > b->limit || need > b->limit - reserve - b->len)
		return false;

	encode(b->data + b->len, code, value, len);
	b->len += need;
	return true;
}

/* One byte for END; and room for option 52 while it may still be needed. */
static int put_where_room_is(struct dhcp_builder *b, uint8_t code, const void *value, size_t len)
{
	bool overloaded = b->file_len > 0 || b->sname_len > 0;
	bool may_begin = b->may_overload && !overloaded &&
			 b->len + OVERLOAD_OPTION_LEN + 1 <= b->limit;

	if (put_in_options(b, may_begin ? 1 + OVERLOAD_OPTION_LEN : 1, code, value, len))
		return 0;
	if ((may_begin || overloaded) &&
	    (put_in_header(b, OVERLOAD_FILE, code, value, len) ||
	     put_in_header(b, OVERLOAD_SNAME, code, value, len)))
		return 0;
	return put_in_options(b, 1, code, value, len) ? 0 : -EMSGSIZE;
}

int dhcp_build_put(struct dhcp_builder *b, uint8_t code, const void *value, size_t len)
{
	if (code == DHCP_OPT_PAD || code == DHCP_OPT_END || code == DHCP_OPT_OVERLOAD)
		return -EINVAL;

	/* Mostly there is room enough, whatever comes behind it. */
	if (put_in_options(b, 1 + OVERLOAD_OPTION_LEN, code, value, len))
		return 0;
	return put_where_room_is(b, code, value, len);
}

int dhcp_build_put_u8(struct dhcp_builder *b, uint8_t code, uint8_t v)
{
	return dhcp_build_put(b, code, &v, 1);
}

int dhcp_build_put_u16(struct dhcp_builder *b, uint8_t code, uint16_t v)
{
	uint8_t value[2];

	store_be16(value, v);
	return dhcp_build_put(b, code, value, sizeof(value));
}

int dhcp_build_put_u32(struct dhcp_builder *b, uint8_t code, uint32_t v)
{
	uint8_t value[4];

	store_be32(value, v);
	return dhcp_build_put(b, code, value, sizeof(value));
}

int dhcp_build_end(struct dhcp_builder *b)
{
	if (b->file_len > 0)
		b->data[FILE_OFFSET + b->file_len] = DHCP_OPT_END;
	if (b->sname_len > 0)
		b->data[SNAME_OFFSET + b->sname_len] = DHCP_OPT_END;
	b->data[b->len++] = DHCP_OPT_END;

	/* RFC 951 section 3, RFC 1542 section 2.1: old relays drop what is shorter. */
	if (b->len < DHCP_MIN_LEN) {
		memset(b->data + b->len, 0, DHCP_MIN_LEN - b->len);
		b->len = DHCP_MIN_LEN;
	}
	return (int)b->len;
}
