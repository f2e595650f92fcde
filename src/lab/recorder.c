/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/addr.h"
#include "lab/recorder.h"
#include "sys/clock.h"
#include "sys/file.h"
#include "sys/proc.h"

#define LOG_MAX_BYTES (128ull << 20)
#define CAPTURE_MAX_BYTES (256ull << 20)
#define PENDING_MAX (1u << 20)	/* what waits for room on a full disk, of the log, of the capture */
#define BUFFER_KEPT 65536	/* a turn that wrote more was a storm */
#define STORM 16384		/* a turn that noted more is worth waking a thread for */
#define QUEUE_MAX (512u << 10)	/* when the agent waits for the thread: this still fits a cache */
#define LOOK_EVERY_US 250	/* how late the thread may be */
#define QUIET_LOOKS 200		/* then the storm is over */

static const uint8_t everyone[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };

/*
 * What is noted, one after the other, each at a multiple of its alignment:
 * a struct note, then the frame, or the event with its two strings behind it.
 */

/**
 * struct note
 * @size: with all that belongs to it
 * @is_frame: @sender: @meta: of a frame of @len bytes
 * @has_text: @has_rfc: of an event
 * @n_unnoted: what was lost before it
 */
struct note {
	uint32_t size, len;
	bool is_frame, has_text, has_rfc;
	size_t sender;
	uint64_t t, n_unnoted;
	struct packet_meta meta;
};

#define EVENT_SIZE offsetof(struct trace_event, msg)

/* Room for a note and @more bytes behind it, which are there; NULL: no memory. */
static struct note *add_note(struct recorder *r, uint64_t t, size_t more)
{
	size_t size = sizeof(struct note) + more;
	struct note *n;

	size = (size + alignof(struct note) - 1) & ~(alignof(struct note) - 1);
	if (r->noted.len > QUEUE_MAX)
		recorder_flush(r);
	if (!text_grow(&r->noted, size)) {
		r->noted.failed = false;
		r->n_unnoted++;
		return NULL;
	}
	n = (struct note *)(r->noted.str + r->noted.len);
	*n = (struct note){ .size = (uint32_t)size, .t = t, .n_unnoted = r->n_unnoted };
	r->n_unnoted = 0;
	r->noted.len += size;
	return n;
}

static size_t string_size(const char *s)
{
	return s ? strlen(s) + 1 : 0;
}

void recorder_event(struct recorder *r, uint64_t t, const struct trace_event *e)
{
	size_t text = string_size(e->text), rfc = string_size(e->rfc);
	struct note *n = add_note(r, t, EVENT_SIZE + text + rfc);
	uint8_t *at = (uint8_t *)(n + 1);

	if (!n)
		return;
	n->has_text = text > 0;
	n->has_rfc = rfc > 0;
	memcpy(at, e, EVENT_SIZE);
	if (text)
		memcpy(at + EVENT_SIZE, e->text, text);
	if (rfc)
		memcpy(at + EVENT_SIZE + text, e->rfc, rfc);
}

void recorder_frame(struct recorder *r, uint64_t t, size_t sender, const struct packet_meta *meta,
		    const void *data, size_t len)
{
	struct note *n = add_note(r, t, len);

	if (!n)
		return;
	n->is_frame = true;
	n->sender = sender;
	n->meta = *meta;
	n->len = (uint32_t)len;
	memcpy(n + 1, data, len);
}

/*
 * Writing down: by whoever is at work, the agent or its thread.
 */

/* A full disk loses some of the log, not the lab; and what is in the file stays whole lines. */
static void write_out(int fd, struct text *t)
{
	size_t done = t->len > 0 ? file_write_some(fd, t->str, t->len) : 0;

	if (done > 0 && done < t->len)
		memmove(t->str, t->str + done, t->len - done);
	t->len -= done;
	t->failed = false;
}

/* A line of the log is read together with its frame: so that is there first. */
static void write_files(struct recorder *r)
{
	write_out(r->capture, &r->out_capture);
	if (r->out_capture.len == 0)
		write_out(r->log, &r->out_log);
}

/* Is there room for more in the log and the capture? Not if much waits on a full disk. */
static bool files_have_room(struct recorder *r)
{
	if (max_u64(r->out_capture.len, r->out_log.len) > PENDING_MAX)
		write_files(r);
	return max_u64(r->out_capture.len, r->out_log.len) <= PENDING_MAX;
}

static void add_line(struct recorder *r, uint64_t t, const struct trace_event *e)
{
	size_t before = r->out_log.len;

	trace_event_to_log(e, ++r->n_events, t, &r->out_log);
	r->log_bytes += r->out_log.len - before;
}

static void add_remark(struct recorder *r, uint64_t t, const char *fmt, ...) PRINTF_LIKE(3, 4);
static void add_remark(struct recorder *r, uint64_t t, const char *fmt, ...)
{
	struct trace_event e = { .kind = TRACE_LAB };
	char text[128];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	e.text = text;
	add_line(r, t, &e);
}

/* Somebody who floods the lab shall fill neither the disk nor the memory. */
static void write_event(struct recorder *r, uint64_t t, const struct trace_event *e)
{
	if (r->log_bytes > LOG_MAX_BYTES)
		return;
	if (!files_have_room(r)) {
		r->n_lost++;
		return;
	}
	if (r->n_lost > 0) {
		add_remark(r, t, "the disk was full: %llu events are lost",
			   (unsigned long long)r->n_lost);
		r->n_lost = 0;
	}
	add_line(r, t, e);
	if (r->log_bytes > LOG_MAX_BYTES)
		add_remark(r, t, "the event log is full (%llu MB): later events are not kept",
			   LOG_MAX_BYTES >> 20);
}

static const char *label_by_mac(const struct scenario *s, const uint8_t mac[static 6])
{
	if (!memcmp(mac, everyone, 6))
		return "everyone";
	for (size_t i = 0; i < s->n_ifaces; i++)
		if (!memcmp(s->ifaces[i].mac, mac, 6))
			return s->ifaces[i].label;
	return "";
}

/**
 * struct seen - a DHCP message that can be read
 * @from: @to: labels of who sent it, and who it is for; "": nobody of the lab
 */
struct seen {
	const struct note *note;
	struct frame frame;
	uint8_t type;
	uint32_t xid;
	const char *from, *to;
};

static bool read_message(const struct recorder *r, const struct note *n, struct seen *ret)
{
	struct frame *f = &ret->frame;

	if (frame_decode(n + 1, n->len, n->meta.csum_partial, f) < 0 || f->kind != FRAME_UDP)
		return false;
	if (f->dst_port != DHCP_SERVER_PORT && f->dst_port != DHCP_CLIENT_PORT)
		return false;
	if (dhcp_message_peek(f->payload, f->payload_len, &ret->type, &ret->xid) < 0)
		return false;
	ret->note = n;
	ret->from = r->scenario->ifaces[n->sender].label;
	ret->to = label_by_mac(r->scenario, f->dst_mac);
	return true;
}

/* What is not in the capture must be in the log. */
static int tell_whole(const struct recorder *r, const struct seen *s, struct trace_event *ret)
{
	size_t cable = r->scenario->ifaces[s->note->sender].cable;
	struct dhcp_message m;
	int err;

	err = dhcp_message_decode(s->frame.payload, s->frame.payload_len, &m, NULL, NULL);
	if (err == 0)
		err = trace_event_message(&s->frame, &m, ret);
	static_assert(sizeof(ret->msg.cable) >= CABLE_NAME_MAX, "a cable's name fits");
	if (err == 0)
		scenario_cable_name(r->scenario, cable, ret->msg.cable);
	return err;
}

static void write_message(struct recorder *r, const struct seen *s, int64_t frame)
{
	cleanup_event struct trace_event e = { .kind = TRACE_MESSAGE };

	if (r->log_bytes > LOG_MAX_BYTES || (frame <= 0 && tell_whole(r, s, &e) < 0))
		return;
	str_copy(e.msg.from, sizeof(e.msg.from), s->from);
	str_copy(e.msg.to, sizeof(e.msg.to), s->to);
	e.msg.frame = frame > 0 ? (uint64_t)frame : 0;
	write_event(r, s->note->t, &e);
}

#define COMMENT_MAX (2 * PLACE_NAME_MAX + 64)

/* By hand: every message has one. "a:x => b:y: DISCOVER, xid 01234567" */
static void write_comment(const struct seen *s, char ret[static COMMENT_MAX])
{
	char *p = stpcpy(ret, s->from);

	p = stpcpy(p, " => ");
	p = stpcpy(p, s->to[0] ? s->to : "?");
	p = stpcpy(p, ": ");
	p = stpcpy(p, dhcp_type_name(s->type));
	p = stpcpy(p, ", xid ");
	for (int shift = 24; shift >= 0; shift -= 8, p += 2)
		hex_byte((uint8_t)(s->xid >> shift), p);
	*p = '\0';
}

static int64_t keep_frame(struct recorder *r, const struct note *n, const char *comment)
{
	if (r->capture_bytes > CAPTURE_MAX_BYTES)
		return 0;
	r->capture_bytes += n->len + 64;
	if (r->capture_bytes > CAPTURE_MAX_BYTES) {
		add_remark(r, n->t, "the capture is full (%llu MB): later frames are not kept",
			   CAPTURE_MAX_BYTES >> 20);
		return 0;
	}
	return pcapng_add_packet(&r->pcapng, (uint32_t)r->scenario->ifaces[n->sender].cable,
				 n->meta.wall_ns, n + 1, n->len, n->meta.wire_len, comment);
}

static void write_frame(struct recorder *r, const struct note *n)
{
	struct seen s = { 0 };
	bool is_message = read_message(r, n, &s);
	char comment[COMMENT_MAX];
	int64_t frame;

	if (!files_have_room(r)) {
		r->n_lost += is_message;
		return;
	}
	if (is_message)
		write_comment(&s, comment);
	frame = keep_frame(r, n, is_message ? comment : NULL);
	if (is_message)
		write_message(r, &s, frame);
}

static void write_note(struct recorder *r, const struct note *n)
{
	struct trace_event e = { 0 };
	char *strings = (char *)(n + 1) + EVENT_SIZE;

	r->n_lost += n->n_unnoted;
	if (n->is_frame) {
		write_frame(r, n);
		return;
	}
	memcpy(&e, n + 1, EVENT_SIZE);
	e.text = n->has_text ? strings : NULL;
	e.rfc = n->has_rfc ? strings + string_size(e.text) : NULL;
	write_event(r, n->t, &e);
}

static void write_down(struct recorder *r)
{
	for (size_t at = 0; at < r->work.len;) {
		const struct note *n = (const struct note *)(r->work.str + at);

		write_note(r, n);
		at += n->size;
	}
	r->work.len = 0;
	write_files(r);
}

static void drop_buffer(struct text *t, size_t kept)
{
	if (t->len == 0 && t->size > kept)
		text_done(t);
}

/* Nobody is at work, and the lock is held. */
static void drop_buffers(struct recorder *r, size_t kept)
{
	drop_buffer(&r->queue, kept);
	drop_buffer(&r->work, kept);
	drop_buffer(&r->out_log, kept);
	drop_buffer(&r->out_capture, kept);
}

/*
 * Who writes down. A thread costs a small lab more than it saves: it comes with
 * a storm, and goes when the storm is over. It looks for itself whether there is
 * more to do: to wake it costs the agent more than the writing did.
 */

static void swap_texts(struct text *a, struct text *b)
{
	struct text c = *a;

	*a = *b;
	*b = c;
}

/* The lock is held, and let go while the queue is written. */
static void write_queue(struct recorder *r)
{
	r->busy = true;
	swap_texts(&r->queue, &r->work);
	pthread_mutex_unlock(&r->lock);
	write_down(r);
	pthread_mutex_lock(&r->lock);
	r->busy = false;
	pthread_cond_broadcast(&r->done);
}

static void *write_storm(void *arg)
{
	struct recorder *r = arg;
	unsigned int quiet = 0;

	pthread_mutex_lock(&r->lock);
	while (quiet < QUIET_LOOKS) {
		if (r->queue.len > 0) {
			write_queue(r);
			quiet = 0;
			continue;
		}
		quiet++;
		pthread_mutex_unlock(&r->lock);
		clock_sleep_us(LOOK_EVERY_US);
		pthread_mutex_lock(&r->lock);
	}
	drop_buffers(r, 0);
	r->has_thread = false;
	pthread_mutex_unlock(&r->lock);
	proc_trim_memory();
	return NULL;
}

/* Where none is to be had the agent does it. The lock is held. */
static void call_thread(struct recorder *r)
{
	pthread_t thread;

	r->has_thread = pthread_create(&thread, NULL, write_storm, r) == 0;
	if (r->has_thread)
		pthread_detach(thread);
}

/* What was noted goes where the thread finds it. The lock is held. */
static void hand_over(struct recorder *r)
{
	if (r->noted.len == 0)
		return;
	if (r->queue.len == 0) {
		swap_texts(&r->queue, &r->noted);
	} else if (text_grow(&r->queue, r->noted.len)) {
		memcpy(r->queue.str + r->queue.len, r->noted.str, r->noted.len);
		r->queue.len += r->noted.len;
		r->noted.len = 0;
	} else {
		r->queue.failed = false;	/* later, when the queue is empty */
	}
}

/* The agent writes, whatever the thread does. The lock is held. */
static void write_all(struct recorder *r)
{
	while (r->busy)
		pthread_cond_wait(&r->done, &r->lock);
	swap_texts(&r->queue, &r->work);
	write_down(r);
}

void recorder_flush(struct recorder *r)
{
	pthread_mutex_lock(&r->lock);
	hand_over(r);
	if (!r->has_thread && r->queue.len > STORM)
		call_thread(r);
	if (!r->has_thread) {
		write_all(r);
		drop_buffers(r, BUFFER_KEPT);
	} else if (r->queue.len > QUEUE_MAX) {
		write_all(r);
	}
	pthread_mutex_unlock(&r->lock);
}

uint64_t recorder_settle(struct recorder *r)
{
	uint64_t n;

	pthread_mutex_lock(&r->lock);
	do {
		hand_over(r);
		write_all(r);
	} while (r->noted.len > 0);
	n = r->n_events;
	pthread_mutex_unlock(&r->lock);
	return n;
}

void recorder_trim(struct recorder *r)
{
	recorder_settle(r);
	drop_buffer(&r->noted, 0);
	pthread_mutex_lock(&r->lock);
	drop_buffers(r, 0);
	pthread_mutex_unlock(&r->lock);
}

static int pcapng_out(void *ctx, const void *data, size_t len)
{
	struct recorder *r = ctx;

	text_addn(&r->out_capture, data, len);
	return r->out_capture.failed ? -ENOMEM : 0;
}

static int begin_capture(struct recorder *r)
{
	const struct scenario *s = r->scenario;
	int err;

	r->pcapng = (struct pcapng){ .write = pcapng_out, .ctx = r };
	err = pcapng_begin(&r->pcapng, "netlab", s->title);
	for (size_t c = 0; err >= 0 && c < s->n_cables; c++) {
		char name[CABLE_NAME_MAX];

		scenario_cable_name(s, c, name);
		err = pcapng_add_interface(&r->pcapng, name, NULL);
	}
	return err < 0 ? err : 0;
}

int recorder_init(struct recorder *r, const struct scenario *s, int log, int capture)
{
	*r = (struct recorder){ .scenario = s, .log = log, .capture = capture };
	pthread_mutex_init(&r->lock, NULL);
	pthread_cond_init(&r->done, NULL);
	return begin_capture(r);
}
