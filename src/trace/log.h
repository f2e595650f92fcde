/* SPDX-License-Identifier: MIT */
/*
 * log.h - a lab's events, one after the other, put together again from its two
 * files: the event log has who, when, where and why, the capture has what was
 * on the cables.
 *
 * While packets flow, only that is written which nobody could find out later.
 * All that a message says is read from its frame, when somebody looks.
 */
#ifndef TRACE_LOG_H
#define TRACE_LOG_H

#include "trace/event.h"
#include "trace/pcapng.h"

enum trace_file {
	TRACE_FILE_LOG,
	TRACE_FILE_CAPTURE,
};
#define TRACE_FILES (TRACE_FILE_CAPTURE + 1)

/* What was read of a file and not used yet: @data from @at to @len. */
struct trace_stream {
	uint8_t *data;
	size_t at, len, size;
};

/**
 * struct trace_reader - where somebody is in a log
 * @read: the next bytes of a file, at most @size; 0: no more for now; or -errno
 * @frame: of the message that was read last; its bytes last until the next one is
 *	read. No bytes (len 0) where the message was not captured
 *
 * Start with the two callbacks set and the rest zero; end with trace_reader_done().
 */
struct trace_reader {
	int (*read)(void *ctx, enum trace_file file, void *buf, size_t size);
	void *ctx;
	struct pcapng_packet frame;
	struct trace_stream file[TRACE_FILES];
	struct pcapng_reader pcapng;
};

void trace_reader_done(struct trace_reader *r);
#define cleanup_trace_reader CLEANUP(trace_reader_done)

/**
 * trace_reader_next() - the next event
 * @ret: the caller's to free; untouched unless there is one
 *
 * Kinds that a later netlab has added are left out. A last line that is cut, or
 * a message whose frame is not there yet, is no event so far: the writer may be
 * about to finish it, or was stopped there.
 *
 * Return: 1; 0: no more for now; -EBADMSG: not such a file; -ENOMEM; or what @read had
 */
int trace_reader_next(struct trace_reader *r, struct trace_event *ret);
/*
 * Passes over all that is left. @ret_messages is raised by their number, @ret_last is
 * the last event's, if there is one. 0; or as trace_reader_next()
 */
int trace_reader_count(struct trace_reader *r, size_t *ret_messages, uint64_t *ret_last);

#endif
