/* SPDX-License-Identifier: MIT */
#include "dhcp/domain.h"

#include <errno.h>
#include <stdio.h>

#define LABEL_MAX 63
#define POINTER 0xc0

/**
 * struct name_reader - where in a name we are
 * @limit: pointers must lead to before this place
 * @wire_len: of the name without compression
 * @text_len: of what stands in @text
 */
struct name_reader {
	const uint8_t *data;
	size_t len, pos, limit;
	size_t wire_len, text_len;
	char *text;
};

static bool is_plain(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '-' || c == '_';
}

static int read_label(struct name_reader *r, size_t label_len)
{
	if (label_len > r->len - r->pos)
		return -EBADMSG;
	r->wire_len += 1 + label_len;
	if (r->wire_len + 1 > DOMAIN_NAME_MAX)
		return -EBADMSG;

	if (r->text_len > 0)
		r->text[r->text_len++] = '.';
	for (; label_len > 0; label_len--) {
		uint8_t c = r->data[r->pos++];

		r->text_len += (size_t)snprintf(r->text + r->text_len,
						DOMAIN_TEXT_LEN - r->text_len,
						is_plain(c) ? "%c" : "\\x%02x", c);
	}
	return 0;
}

static int follow_pointer(struct name_reader *r, uint8_t high)
{
	size_t target;

	if (r->pos >= r->len)
		return -EBADMSG;
	target = (size_t)(high & ~POINTER) << 8 | r->data[r->pos];
	if (target >= r->limit)
		return -EBADMSG;

	r->pos = target;
	r->limit = target;
	return 0;
}

int domain_read(const uint8_t *data, size_t len, size_t *pos, bool partial,
		char ret[static DOMAIN_TEXT_LEN])
{
	char text[DOMAIN_TEXT_LEN];
	struct name_reader r = { data, len, *pos, *pos, 0, 0, text };
	size_t end = 0;		/* behind the first pointer */
	int err = 0;

	while (err == 0) {
		uint8_t c;

		if (r.pos >= len) {
			if (!partial)
				return -EBADMSG;
			break;
		}
		c = data[r.pos++];
		if (c == 0)
			break;
		if (c <= LABEL_MAX) {
			err = read_label(&r, c);
		} else if ((c & POINTER) == POINTER) {
			if (end == 0)
				end = r.pos + 1;
			err = follow_pointer(&r, c);
		} else {
			err = -EBADMSG;
		}
	}
	if (err < 0)
		return err;

	*pos = end ? end : r.pos;
	text[r.text_len] = '\0';
	snprintf(ret, DOMAIN_TEXT_LEN, "%s", r.text_len > 0 ? text : ".");
	return 0;
}
