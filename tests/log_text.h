/* SPDX-License-Identifier: MIT */
/* log_text.h - for tests: a lab's log that is in memory. */
#ifndef TESTS_LOG_TEXT_H
#define TESTS_LOG_TEXT_H

#include <errno.h>
#include <string.h>

#include "trace/log.h"

/* The bytes of both files that nobody has read yet. */
struct log_text {
	const char *data[TRACE_FILES];
	size_t len[TRACE_FILES];
};

static inline int log_text_read(void *ctx, enum trace_file file, void *buf, size_t size)
{
	struct log_text *t = ctx;
	size_t n = min_u64(size, t->len[file]);

	if (n > 0)
		memcpy(buf, t->data[file], n);
	t->data[file] += n;
	t->len[file] -= n;
	return (int)n;
}

/* All events of the lines. 0 or -errno. */
static inline int log_text_events(const char *lines, size_t len, struct trace_log *ret)
{
	struct log_text text = { .data = { lines, "" }, .len = { len } };
	cleanup_trace_reader struct trace_reader r = { .read = log_text_read, .ctx = &text };
	int n;

	do {
		cleanup_event struct trace_event e = { 0 };

		n = trace_reader_next(&r, &e);
		if (n == 1 && trace_log_add(ret, &e) < 0)
			n = -ENOMEM;
	} while (n == 1);
	return n;
}

#endif
