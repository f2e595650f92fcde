/* SPDX-License-Identifier: MIT */
#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>

bool text_grow(struct text *t, size_t more)
{
	size_t size = t->size ? t->size : 64;
	char *str;

	if (t->failed)
		return false;
	if (t->str && more < t->size - t->len)
		return true;

	while (size - t->len <= more) {
		if (size > SIZE_MAX / 2)
			goto fail;
		size *= 2;
	}
	str = realloc(t->str, size);
	if (!str)
		goto fail;

	t->str = str;
	t->size = size;
	return true;
fail:
	t->failed = true;
	return false;
}

#define USUAL_ADD 48	/* bytes that nearly all additions fit in */

/* What does not fit is written once more, when its length is known. */
void text_add(struct text *t, const char *fmt, ...)
{
	size_t room;
	va_list ap;
	int len;

	if (!text_grow(t, USUAL_ADD))
		return;
	room = t->size - t->len;
	va_start(ap, fmt);
	len = vsnprintf(t->str + t->len, room, fmt, ap);
	va_end(ap);

	if (len >= 0 && (size_t)len >= room) {
		t->str[t->len] = '\0';
		if (!text_grow(t, (size_t)len))
			return;
		va_start(ap, fmt);
		vsnprintf(t->str + t->len, (size_t)len + 1, fmt, ap);
		va_end(ap);
	}
	if (len < 0) {
		t->failed = true;
		t->str[t->len] = '\0';
		return;
	}
	t->len += (size_t)len;
}

/* Cells of the last line: one a code point, which is right for all that netlab prints. */
static size_t last_line_width(const struct text *t)
{
	size_t width = 0;

	for (size_t i = t->len; i > 0 && t->str[i - 1] != '\n'; i--)
		if (((uint8_t)t->str[i - 1] & 0xc0) != 0x80)
			width++;

	return width;
}

void text_pad(struct text *t, size_t column)
{
	size_t width = last_line_width(t);

	if (width >= column || !text_grow(t, column - width))
		return;

	memset(t->str + t->len, ' ', column - width);
	t->len += column - width;
	t->str[t->len] = '\0';
}

char *text_take(struct text *t)
{
	char *str;

	text_addn(t, "", 0);
	str = t->failed ? NULL : TAKE_PTR(t->str);
	text_done(t);
	return str;
}

void text_done(struct text *t)
{
	free(t->str);
	*t = (struct text){ 0 };
}

bool str_copy(char *dst, size_t size, const char *src)
{
	if (size == 0)
		return false;
	if (memccpy(dst, src, '\0', size))
		return true;

	dst[size - 1] = '\0';
	return false;
}
