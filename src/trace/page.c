/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "trace/page.h"

/* One a code point; sequences that colour what follows ("ESC [ 32 m") take no room. */
static size_t cells(const char *s, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++) {
		if (s[i] == '\033')
			while (i + 1 < len && s[i] != 'm')
				i++;
		else
			n += ((uint8_t)s[i] & 0xc0) != 0x80;
	}
	return n;
}

size_t page_column(const struct text *t)
{
	size_t len = 0;

	while (len < t->len && t->str[t->len - 1 - len] != '\n')
		len++;
	return len ? cells(t->str + t->len - len, len) : 0;
}

/* "RFC 2131" and "51 lease-time" do not fall apart at the end of a line. */
static bool sticks(const char *word, size_t len)
{
	return strspn(word, "0123456789") == len ||
	       (len >= 3 && strncmp(word + len - 3, "RFC", 3) == 0) ||
	       (len == 7 && strncmp(word, "section", 7) == 0);
}

/* The word at @s, with those that stick to it. */
static size_t word_len(const char *s)
{
	size_t start = 0, len = strcspn(s, " ");

	while (len > start && sticks(s + start, len - start) && s[len] && s[len + 1]) {
		start = len + 1;
		len = start + strcspn(s + start, " ");
	}
	return len;
}

/* As much of a word as fits into @room, to the last ':' or ',' if there is one; no half letters. */
static size_t piece_len(const char *word, size_t len, size_t room)
{
	size_t n = room;

	while (n > room / 2 && word[n - 1] != ':' && word[n - 1] != ',')
		n--;
	if (n <= room / 2)
		n = room;
	while (n > 1 && ((uint8_t)word[n] & 0xc0) == 0x80)
		n--;
	return min_u64(n, len);
}

/* A word that is longer than a line. */
static void add_long_word(struct text *out, size_t indent, const char *word, size_t len)
{
	for (;;) {
		size_t room = PAGE_WIDTH - min_u64(page_column(out), PAGE_WIDTH - 1);
		size_t n = cells(word, len) <= room ? len : piece_len(word, len, room);

		text_addn(out, word, n);
		word += n;
		len -= n;
		if (len == 0 || out->failed)
			return;
		text_add(out, "\n");
		text_pad(out, indent);
	}
}

void page_words(struct text *out, size_t indent, const char *text)
{
	for (text += strspn(text, " "); *text; text += strspn(text, " ")) {
		size_t word = word_len(text), at = page_column(out);
		bool first = at == 0 || out->str[out->len - 1] == ' ';

		if (at > indent && at + !first + cells(text, word) > PAGE_WIDTH) {
			text_add(out, "\n");
			text_pad(out, indent);
		} else if (!first) {
			text_add(out, " ");
		}
		add_long_word(out, indent, text, word);
		text += word;
	}
}

void page_paragraph(struct text *out, size_t indent, const char *text)
{
	text_pad(out, indent);
	page_words(out, indent, text);
	text_add(out, "\n");
}

void page_item(struct text *out, const char *label, size_t column, const char *text)
{
	text_add(out, "  %s", label);
	if (page_column(out) >= column)
		text_add(out, "\n");
	text_pad(out, column);
	page_words(out, column, text);
	text_add(out, "\n");
}
