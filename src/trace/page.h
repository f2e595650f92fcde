/* SPDX-License-Identifier: MIT */
/* page.h - plain text in 80 columns. */
#ifndef TRACE_PAGE_H
#define TRACE_PAGE_H

#include "base/text.h"

#define PAGE_WIDTH 80

/* Cells of the line that @t ends in; colours take none. */
size_t page_column(const struct text *t);
/* @text word by word, from where the last line ends; new lines begin @indent cells in. */
void page_words(struct text *out, size_t indent, const char *text);
/* A paragraph, @indent cells in, with its newline. */
void page_paragraph(struct text *out, size_t indent, const char *text);
/* "  label     words", the words from @column on, over several lines if need be. */
void page_item(struct text *out, const char *label, size_t column, const char *text);

#endif
