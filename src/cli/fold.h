/* SPDX-License-Identifier: MIT */
/* fold.h - lines that are too long for a terminal go on in its next row, at a space. */
#ifndef CLI_FOLD_H
#define CLI_FOLD_H

#include "base/text.h"

#define FOLD_INDENT 8	/* cells; where a line goes on */

/*
 * @in to @out, no line wider than @columns cells (more than 2 * FOLD_INDENT), colours
 * aside. A word that is longer than a row is broken.
 */
void fold_text(const struct text *in, size_t columns, struct text *out);

/* Columns of the terminal that standard output is; 0: it is none. */
size_t fold_columns(void);

#endif
