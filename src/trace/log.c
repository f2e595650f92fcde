/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "trace/log.h"

#define FIRST_SIZE 65536
#define ITEM_MAX (1u << 20)	/* a line or block that is longer is none of ours */

void trace_reader_done(struct trace_reader *r)
{
	for (size_t i = 0; i < TRACE_FILES; i++) {
		free(r->file[i].data);
		r->file[i] = (struct trace_stream){ 0 };
	}
	pcapng_reader_done(&r->pcapng);
}

/* Room behind what is unused. */
static int make_room(struct trace_stream *s)
{
	size_t size = s->size ? 2 * s->size : FIRST_SIZE;
	uint8_t *data;

	if (s->at > 0) {
		memmove(s->data, s->data + s->at, s->len - s->at);
		s->len -= s->at;
		s->at = 0;
	}
	if (s->len < s->size)
		return 0;
	if (size > ITEM_MAX)
		return -EBADMSG;
	data = realloc(s->data, size);
	if (!data)
		return -ENOMEM;

	s->data = data;
	s->size = size;
	return 0;
}

/* 1: there is more in the stream now, which may have moved; 0: the file has no more; -errno. */
static int read_more(struct trace_reader *r, enum trace_file file)
{
	struct trace_stream *s = &r->file[file];
	int n = make_room(s);

	if (n == 0)
		n = r->read(r->ctx, file, s->data + s->len, s->size - s->len);
	if (n <= 0)
		return n;
	s->len += (size_t)n;
	return 1;
}

/* The length of the next whole line, with its newline; 0: there is none. */
static int find_line(struct trace_reader *r)
{
	struct trace_stream *s = &r->file[TRACE_FILE_LOG];
	size_t seen = 0;

	for (;;) {
		const uint8_t *at = s->data + s->at, *end = NULL;
		int n;

		if (s->data)
			end = memchr(at + seen, '\n', s->len - s->at - seen);
		if (end)
			return (int)(end - at) + 1;
		seen = s->len - s->at;
		n = read_more(r, TRACE_FILE_LOG);
		if (n <= 0)
			return n;
	}
}

/* The next frame, in r->frame. 1, 0, -errno. */
static int next_frame(struct trace_reader *r)
{
	struct trace_stream *s = &r->file[TRACE_FILE_CAPTURE];

	for (;;) {
		size_t used = 0;
		int n = pcapng_read(&r->pcapng, s->data + s->at, s->len - s->at, &used, &r->frame);

		if (n < 0)
			return n;
		s->at += used;
		if (n == 0)
			n = read_more(r, TRACE_FILE_CAPTURE);
		else
			return 1;
		if (n <= 0)
			return n;
	}
}

static int find_frame(struct trace_reader *r, uint64_t number)
{
	if (number < r->pcapng.frames)
		return -EBADMSG;
	while (r->pcapng.frames < number) {
		int n = next_frame(r);

		if (n <= 0)
			return n;
	}
	return 1;
}

/* Checksums were the agent's to judge, who knew which ones were left to the hardware. */
static int decode(const struct trace_reader *r, struct trace_event *ret)
{
	struct dhcp_message m;
	struct frame f;
	int err = frame_decode(r->frame.data, r->frame.len, true, &f);

	if (err == 0 && f.kind == FRAME_UDP)
		err = dhcp_message_decode(f.payload, f.payload_len, &m, NULL, NULL);
	if (err < 0 || f.kind != FRAME_UDP)
		return -EBADMSG;
	err = trace_event_message(&f, &m, ret);
	if (err == 0)
		str_copy(ret->msg.cable, sizeof(ret->msg.cable),
			 r->pcapng.name[r->frame.interface]);
	return err;
}

/* What the log has left out of a message. 1, 0: its frame is not there yet, -errno. */
static int complete(struct trace_reader *r, struct trace_event *e)
{
	cleanup_event struct trace_event whole = { 0 };
	int n;

	if (e->kind != TRACE_MESSAGE || e->msg.frame == 0) {
		r->frame.len = 0;
		return 1;
	}
	n = find_frame(r, e->msg.frame);
	if (n <= 0)
		return n;
	n = decode(r, &whole);
	if (n < 0)
		return n;

	whole.n = e->n;
	whole.t = e->t;
	whole.msg.frame = e->msg.frame;
	str_copy(whole.msg.from, sizeof(whole.msg.from), e->msg.from);
	str_copy(whole.msg.to, sizeof(whole.msg.to), e->msg.to);
	trace_event_done(e);
	*e = whole;
	whole = (struct trace_event){ 0 };
	return 1;
}

/* The event of a line of @len bytes with its newline. 1, 0: not yet, -EOPNOTSUPP, -errno. */
static int read_line(struct trace_reader *r, size_t len, struct trace_event *ret)
{
	const struct trace_stream *s = &r->file[TRACE_FILE_LOG];
	cleanup_event struct trace_event e = { 0 };
	int n;

	n = trace_event_from_json((const char *)s->data + s->at, len - 1, &e);
	if (n == 0)
		n = complete(r, &e);
	if (n <= 0)
		return n;

	*ret = e;
	e = (struct trace_event){ 0 };
	return 1;
}

int trace_reader_next(struct trace_reader *r, struct trace_event *ret)
{
	for (;;) {
		int len = find_line(r), n = -EOPNOTSUPP;

		if (len <= 0)
			return len;
		if (len > 1)
			n = read_line(r, (size_t)len, ret);
		if (n == 0 || (n < 0 && n != -EOPNOTSUPP))
			return n;
		r->file[TRACE_FILE_LOG].at += (size_t)len;
		if (n == 1)
			return 1;
	}
}

int trace_reader_count(struct trace_reader *r, size_t *ret_messages, uint64_t *ret_last)
{
	struct trace_stream *s = &r->file[TRACE_FILE_LOG];

	for (;;) {
		int len = find_line(r);
		bool is_message = false;

		if (len <= 0)
			return len;
		if (len > 1 && !trace_event_peek((const char *)s->data + s->at, (size_t)len,
						 ret_last, &is_message))
			return -EBADMSG;
		*ret_messages += is_message;
		s->at += (size_t)len;
	}
}
