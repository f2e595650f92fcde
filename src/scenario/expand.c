/* SPDX-License-Identifier: MIT */
#include "scenario/expand.h"

#include <errno.h>
#include <string.h>

#include "base/text.h"

#define DIGITS "0123456789"
#define DIGITS_MAX 9

/**
 * struct range - one "[first-last]"
 * @open: its '['; @end: what follows the ']'
 * @width: digits at least: "[01-20]" keeps its zeros
 */
struct range {
	const char *open, *end;
	unsigned long first, last;
	int width;
};

/* The first range in @s. Return: 1, 0 there is none, -EINVAL it is not closed or not numbers. */
static int find_range(const char *s, struct range *ret)
{
	const char *open = strchr(s, '['), *second;
	size_t n_first, n_last;

	if (!open)
		return 0;
	ret->open = open;
	n_first = strspn(open + 1, DIGITS);
	if (open[1 + n_first] != '-')
		return -EINVAL;
	second = open + 1 + n_first + 1;
	n_last = strspn(second, DIGITS);
	if (n_first == 0 || n_last == 0 || n_first > DIGITS_MAX || n_last > DIGITS_MAX ||
	    second[n_last] != ']')
		return -EINVAL;

	ret->first = strtoul(open + 1, NULL, 10);
	ret->last = strtoul(second, NULL, 10);
	ret->width = open[1] == '0' ? (int)n_first : 1;
	ret->end = second + n_last + 1;
	return 1;
}

int expand_count(const char *s, size_t *ret_n, const char **ret_why, const char **ret_at)
{
	const char *why = NULL;
	struct range range;
	size_t n = 0;
	int r;

	while ((r = find_range(s, &range)) > 0 && !why) {
		size_t size = range.last - range.first + 1;

		*ret_at = range.open;
		if (range.last < range.first)
			why = "counts down";
		else if (size > EXPAND_MAX)
			why = "is over 65536 long";
		else if (n > 0 && n != size)
			why = "does not pair off with the range before it: they differ in size";
		n = size;
		s = range.end;
	}
	if (r < 0) {
		*ret_at = range.open;
		why = "is no range: write [1-100]";
	}
	if (why) {
		*ret_why = why;
		return -EINVAL;
	}

	*ret_n = n;
	return 0;
}

char *expand_nth(const char *s, size_t i)
{
	cleanup_text struct text t = { 0 };
	struct range range;

	while (find_range(s, &range) > 0) {
		text_addn(&t, s, (size_t)(range.open - s));
		text_add(&t, "%0*lu", range.width, range.first + i);
		s = range.end;
	}
	text_add(&t, "%s", s);

	return text_take(&t);
}

bool expand_is_glob(const char *s)
{
	return strpbrk(s, "*?") != NULL;
}

/* The last '*' takes as little as will do; on a mismatch it takes one byte more. */
bool expand_match(const char *glob, const char *name)
{
	const char *star = NULL, *taken = NULL;

	while (*name) {
		if (*glob == '*') {
			star = glob++;
			taken = name;
		} else if (*glob == *name || (*glob == '?' && *name != ':')) {
			glob++;
			name++;
		} else if (star && *taken != ':') {
			glob = star + 1;
			name = ++taken;
		} else {
			return false;
		}
	}
	while (*glob == '*')
		glob++;

	return !*glob;
}
