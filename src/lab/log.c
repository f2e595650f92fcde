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

/* What a trace_reader has returned, with words. */
static int name_failure(int n, struct error *err)
{
	if (n == -EBADMSG)
		return error_set(err, -ESTALE,
				 "the log has a line that is no event, or the capture a frame that "
				 "is no message");
	return n < 0 ? error_set(err, n, "cannot read the log: %s", strerror(-n)) : n;
}

int lab_log_next(struct lab_log *l, struct trace_event *ret, struct error *err)
{
	return name_failure(trace_reader_next(&l->reader, ret), err);
}

/* Up to message number @messages, or the end. 1, 0: the end, -errno. */
static int read_events(struct lab_log *log, size_t messages, struct trace_log *ret,
		       struct error *err)
{
	int r = 1;

	while (messages > 0 && r > 0) {
		cleanup_event struct trace_event e = { 0 };

		r = lab_log_next(log, &e, err);
		if (r <= 0)
			break;
		messages -= e.kind == TRACE_MESSAGE;
		if (trace_log_add(ret, &e) < 0)
			return error_set(err, -ENOMEM, "out of memory");
	}
	return r;
}

int lab_events_first(const struct lab_info *i, size_t messages, struct trace_log *ret,
		     struct lab_log_rest *ret_rest, struct error *err)
{
	struct lab_log cleanup_lab_log log = LAB_LOG_CLOSED;
	cleanup_trace_log struct trace_log first = { 0 };
	struct lab_log_rest rest = { 0 };
	int r;

	r = lab_log_open(i, &log, err);
	if (r == 0)
		r = read_events(&log, messages, &first, err);
	rest.last = first.n ? first.event[first.n - 1].n : 0;
	if (r > 0)
		r = name_failure(trace_reader_count(&log.reader, &rest.messages, &rest.last), err);
	if (r < 0)
		return r;
	*ret = first;
	*ret_rest = rest;
	first = (struct trace_log){ 0 };
	return 0;
}

int lab_events(const struct lab_info *i, struct trace_log *ret, struct error *err)
{
	struct lab_log_rest none;

	return lab_events_first(i, SIZE_MAX, ret, &none, err);
}
