/* SPDX-License-Identifier: MIT */
/* safe_text.h - bytes that somebody else chose, made fit for a terminal and for JSON. */
#ifndef TRACE_SAFE_TEXT_H
#define TRACE_SAFE_TEXT_H

#include "base/text.h"

/**
 * safe_text_add() - add @bytes as printable UTF-8
 *
 * What is not UTF-8, and every character that moves a cursor or turns the
 * direction of writing round, becomes \xNN, byte by byte. A backslash stays one.
 */
void safe_text_add(struct text *out, const char *bytes, size_t len);

/* Likewise, and a backslash becomes two, so that safe_text_unescape() finds the bytes again. */
void safe_text_escape(struct text *out, const char *bytes, size_t len);

/* Is all of it UTF-8? */
bool safe_text_is_utf8(const char *bytes, size_t len);

/* The bytes of an escaped text. Their number, or -EMSGSIZE when @size is too small. */
int safe_text_unescape(const char *text, uint8_t *out, size_t size);

#endif
