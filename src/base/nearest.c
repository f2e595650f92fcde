/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/text.h"

#define WORD_MAX 64

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static size_t min3(size_t a, size_t b, size_t c)
{
	size_t ab = a < b ? a : b;

	return ab < c ? ab : c;
}

/*
 * Damerau's and Levenshtein's distance (optimal string alignment): the fewest
 * letters put in, left out, changed, or exchanged with their neighbour.
 */
static size_t distance(const char *a, size_t a_len, const char *b, size_t b_len)
{
	size_t rows[3][WORD_MAX + 1];
	size_t *before = rows[0], *last = rows[1], *row = rows[2];

	for (size_t j = 0; j <= b_len; j++)
		last[j] = j;

	for (size_t i = 1; i <= a_len; i++) {
		size_t *spare = before;

		row[0] = i;
		for (size_t j = 1; j <= b_len; j++) {
			size_t change = lower(a[i - 1]) != lower(b[j - 1]);

			row[j] = min3(last[j] + 1, row[j - 1] + 1, last[j - 1] + change);
			if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) &&
			    lower(a[i - 2]) == lower(b[j - 1]))
				row[j] = min3(row[j], row[j], before[j - 2] + 1);
		}
		before = last;
		last = row;
		row = spare;
	}

	return last[b_len];
}

const char *nearest(const char *word, const char *const *words, size_t n)
{
	size_t word_len = strlen(word), best_distance = SIZE_MAX;
	const char *best = NULL;

	for (size_t i = 0; word_len <= WORD_MAX && i < n; i++) {
		size_t len = strlen(words[i]), d;

		if (len > WORD_MAX)
			continue;
		d = distance(word, word_len, words[i], len);
		if (d < best_distance && d * 3 <= max_u64(len, word_len)) {
			best = words[i];
			best_distance = d;
		}
	}

	return best;
}
