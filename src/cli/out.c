/* SPDX-License-Identifier: MIT */
#include "cli/out.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio_ext.h>
#include <string.h>

#include "cli/fold.h"
#include "config.h"

enum exit_status report(enum exit_status status, const char *fmt, ...)
{
	va_list ap;

	/* Results and errors often share a terminal: keep their order. */
	fflush(stdout);

	fputs(PROGRAM_NAME ": ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	return status;
}

enum exit_status report_error(const struct error *err)
{
	if (!err->text[0])
		return report(exit_from_errno(err->code), "%s", strerror(-err->code));
	return report(exit_from_errno(err->code), "%s", err->text);
}

enum exit_status report_no_memory(void)
{
	return report(EXIT_CANNOT, "out of memory");
}

enum exit_status out_raw(const struct text *t)
{
	if (t->failed)
		return report_no_memory();
	if (t->str)
		fwrite(t->str, 1, t->len, stdout);
	return EXIT_OK;
}

enum exit_status out_text(const struct text *t)
{
	struct text cleanup_text folded = { 0 };
	size_t columns = fold_columns();

	if (!columns || t->failed)
		return out_raw(t);
	fold_text(t, columns, &folded);
	return out_raw(&folded);
}

enum exit_status out_json(json_t *doc)
{
	int r;

	if (!doc)
		return report_no_memory();
	r = json_dumpf(doc, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(12));
	json_decref(doc);
	fputc('\n', stdout);

	/* A write error is out_done()'s to report. */
	return r < 0 && !ferror(stdout) ? report_no_memory() : EXIT_OK;
}

int out_done(int status)
{
	int err;

	errno = 0;
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;

	err = errno;
	if (err == EPIPE) {
		signal(SIGPIPE, SIG_DFL);
		raise(SIGPIPE);
	}
	fprintf(stderr, PROGRAM_NAME ": cannot write the results: %s\n",
		err ? strerror(err) : "a write failed");
	__fpurge(stdout);
	clearerr(stdout);
	return status == EXIT_OK ? EXIT_CANNOT : status;
}

void text_count(struct text *t, size_t n, const char *one)
{
	text_add(t, "%zu %s%s", n, one, n == 1 ? "" : "s");
}
