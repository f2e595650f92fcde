/* SPDX-License-Identifier: MIT */
/*
 * diag.h - what is wrong with a scenario file: all of it, each with its place.
 */
#ifndef SCENARIO_DIAG_H
#define SCENARIO_DIAG_H

#include "base/util.h"

/* A place in a file. Lines and columns count from 1; columns count bytes. */
struct place {
	unsigned int line, column;
};

/**
 * struct diag - one error
 * @text: for people, without the place; owned
 */
struct diag {
	struct place at;
	char *text;
};

/**
 * struct diags - all errors of one file, in the order of their places once
 *	diags_sort() has run
 * @dropped: how many came after the first DIAGS_MAX
 */
struct diags {
	size_t n, size;
	struct diag *diag;
	size_t dropped;
};

#define DIAGS_MAX 50

/* Always returns -EINVAL, so that a checker can end with it. */
int diag_add(struct diags *d, struct place at, const char *fmt, ...) PRINTF_LIKE(3, 4);
void diags_sort(struct diags *d);
void diags_done(struct diags *d);
#define cleanup_diags CLEANUP(diags_done)

/* "FILE:LINE:COL: text\n" for each, as a new string; NULL when memory ran out. */
char *diags_format(const struct diags *d, const char *file);

#endif
