/* SPDX-License-Identifier: MIT */
/* log.c - the two files of a lab's log, for whoever looks at it. */
#include <errno.h>
#include <string.h>

#include "lab/lab.h"
#include "sys/fd.h"
#include "sys/file.h"

static const char *const names[TRACE_FILES] = {
	[TRACE_FILE_LOG] = "events.jsonl",
	[TRACE_FILE_CAPTURE] = "capture.pcapng",
};

static int read_some(void *ctx, enum trace_file file, void *buf, size_t size)
{
	const struct lab_log *l = ctx;

	return file_read_some(l->fd[file], buf, size);
}

void lab_log_done(struct lab_log *l)
{
	trace_reader_done(&l->reader);
	for (size_t i = 0; i < TRACE_FILES; i++)
		l->fd[i] = fd_close(l->fd[i]);
}

int lab_log_open(const struct lab_info *i, struct lab_log *ret, struct error *err)
{
	*ret = (struct lab_log)LAB_LOG_CLOSED;
	ret->reader.read = read_some;
	ret->reader.ctx = ret;
	for (size_t f = 0; f < TRACE_FILES; f++) {
		char path[LAB_PATH_MAX];

		lab_path(i, names[f], path);
		ret->fd[f] = file_open(path);
		if (ret->fd[f] < 0)
			return error_set(err, ret->fd[f], "cannot read %s: %s", path,
					 strerror(-ret->fd[f]));
	}
	return 0;
}

int lab_log_next(struct lab_log *l, struct trace_event *ret, struct error *err)
{
	int n = trace_reader_next(&l->reader, ret);

	if (n == -EBADMSG)
		return error_set(err, -ESTALE,
				 "the log has a line that is no event, or the capture a frame that "
				 "is no message");
	return n < 0 ? error_set(err, n, "cannot read the log: %s", strerror(-n)) : n;
}

int lab_events(const struct lab_info *i, struct trace_log *ret, struct error *err)
{
	struct lab_log cleanup_lab_log log = LAB_LOG_CLOSED;
	cleanup_trace_log struct trace_log all = { 0 };
	int r;

	r = lab_log_open(i, &log, err);
	if (r < 0)
		return r;
	for (;;) {
		cleanup_event struct trace_event e = { 0 };

		r = lab_log_next(&log, &e, err);
		if (r <= 0)
			break;
		if (trace_log_add(&all, &e) < 0)
			return error_set(err, -ENOMEM, "out of memory");
	}
	if (r < 0)
		return r;
	*ret = all;
	all = (struct trace_log){ 0 };
	return 0;
}
