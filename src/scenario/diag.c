/* SPDX-License-Identifier: MIT */
#include "scenario/diag.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

int diag_add(struct diags *d, struct place at, const char *fmt, ...)
{
	struct diag *grown;
	va_list ap;
	char *text;
	int len;

	if (d->n == DIAGS_MAX)
		goto drop;
	if (d->n == d->size) {
		size_t size = d->size ? 2 * d->size : 8;

		grown = realloc(d->diag, size * sizeof(*grown));
		if (!grown)
			goto drop;
		d->diag = grown;
		d->size = size;
	}

	va_start(ap, fmt);
	len = vasprintf(&text, fmt, ap);
	va_end(ap);
	if (len < 0)
		goto drop;

	d->diag[d->n++] = (struct diag){ .at = at, .text = text };
	return -EINVAL;
drop:
	d->dropped++;
	return -EINVAL;
}

static bool stands_after(const struct diag *a, const struct diag *b)
{
	if (a->at.line != b->at.line)
		return a->at.line > b->at.line;
	return a->at.column > b->at.column;
}

/* Stable, and short lists only: by insertion. */
void diags_sort(struct diags *d)
{
	for (size_t i = 1; i < d->n; i++) {
		struct diag this = d->diag[i];
		size_t at = i;

		for (; at > 0 && stands_after(&d->diag[at - 1], &this); at--)
			d->diag[at] = d->diag[at - 1];
		d->diag[at] = this;
	}
}

void diags_done(struct diags *d)
{
	for (size_t i = 0; i < d->n; i++)
		free(d->diag[i].text);
	free(d->diag);
	*d = (struct diags){ 0 };
}

char *diags_format(const struct diags *d, const char *file)
{
	cleanup_text struct text t = { 0 };

	for (size_t i = 0; i < d->n; i++) {
		text_add(&t, "%s:", file);
		if (d->diag[i].at.line)		/* a --set has no place in the file */
			text_add(&t, "%u:%u:", d->diag[i].at.line, d->diag[i].at.column);
		text_add(&t, " %s\n", d->diag[i].text);
	}
	if (d->dropped > 0)
		text_add(&t, "%s: and %zu more errors\n", file, d->dropped);

	return text_take(&t);
}
