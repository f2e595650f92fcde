/* SPDX-License-Identifier: MIT */
/* expand.h - ranges "c[1-100]" and globs "c*" in names and values. */
#ifndef SCENARIO_EXPAND_H
#define SCENARIO_EXPAND_H

#include "base/util.h"

#define EXPAND_MAX 65536	/* names that one file may stand for */

/**
 * expand_count() - how many strings @s stands for
 * @ret_n: 0 without a range; else the size that all its ranges have
 * @ret_why: on error: what is wrong, to be put after the string
 * @ret_at: on error: the range that is wrong, in @s
 *
 * Return: 0 or -EINVAL
 */
int expand_count(const char *s, size_t *ret_n, const char **ret_why, const char **ret_at);

/* The @i-th of them, a new string; NULL when memory ran out. */
char *expand_nth(const char *s, size_t i);

/* Has it '*' or '?'? */
bool expand_is_glob(const char *s);
/* '*' is any run of bytes, '?' any byte; neither is a ':'. */
bool expand_match(const char *glob, const char *name);

#endif
