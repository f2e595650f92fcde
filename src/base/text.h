/* SPDX-License-Identifier: MIT */
/* text.h - growing strings, nearest spellings, durations as people write them. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <string.h>

#include "base/util.h"

/**
 * struct text - a string that grows
 * @str: NUL-terminated once anything was added; NULL before; owned
 * @len: without the NUL
 * @failed: memory ran out: what was added since is missing
 *
 * Start with `= {0}`; declare it cleanup_text, or hand @str over with text_take().
 */
struct text {
	char *str;
	size_t len;
	size_t size;
	bool failed;
};

void text_add(struct text *t, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* Room for @more bytes and the NUL: at @t->str + @t->len, for who writes there. */
bool text_grow(struct text *t, size_t more);

/* Here, since lines of the log are made of many short ones. */
static inline void text_addn(struct text *t, const char *bytes, size_t len)
{
	if (t->failed || len >= t->size - t->len) {
		if (!text_grow(t, len))
			return;
	}
	if (len > 0)
		memcpy(t->str + t->len, bytes, len);
	t->len += len;
	t->str[t->len] = '\0';
}

/* Spaces until the line that @t ends in is @column display cells wide (UTF-8 aware). */
void text_pad(struct text *t, size_t column);
/* The string, now the caller's, never NULL unless memory ran out; @t is empty again. */
char *text_take(struct text *t);
void text_done(struct text *t);
#define cleanup_text CLEANUP(text_done)

/* Copies @src, cut to fit; always terminated. Returns false if it was cut. */
bool str_copy(char *dst, size_t size, const char *src);

/**
 * nearest() - the candidate that is spelled most like @word
 * @word: what was typed
 * @words: candidates
 * @n: how many
 *
 * Return: one of @words, or NULL when none is near enough to be meant
 * (edit distance, transpositions counted once, over a third of the length).
 */
const char *nearest(const char *word, const char *const *words, size_t n);

/**
 * duration_parse() - systemd.time(7): "90", "90s", "1h 30min", "500ms", "1d", "infinity"
 * @ret_us: microseconds; UINT64_MAX for infinity
 *
 * Return: 0, -EINVAL (not a time), -ERANGE (over 2^63 us)
 */
int duration_parse(const char *s, uint64_t *ret_us);

#define DURATION_LEN 32

/*
 * The shortest spelling of @us that reads well: "1h", "1h 30min", "2.5s", "12ms", "for ever".
 * Cut to milliseconds from one second on, to seconds from one minute on.
 */
const char *duration_format(uint64_t us, char buf[static DURATION_LEN]);

#endif
