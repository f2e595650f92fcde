/* SPDX-License-Identifier: MIT */
/*
 * fuzz_packet.c - packets of a capture that anybody made: read, judged by the rules, and
 * shown in every way that there is.
 *
 * The input is a row of packets: a byte of link type, two of time that passed (1/16 s), two of
 * length, the bytes. With bit 0x80 of the first the bytes are a DHCP message, which is put into
 * a sound frame; with bit 0x40 the capture has kept a part of the packet only.
 */
#include <string.h>

#include "base/bytes.h"
#include "trace/breach_view.h"
#include "trace/hex.h"
#include "trace/safe_text.h"

#define PACKETS_MAX 24
#define TICK_US 62500
#define WRAPPED 0x80
#define CUT 0x40
#define REPLY 0x20	/* of a wrapped one: from the server's port to the client's */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool ok)
{
	if (!ok)
		abort();
}

/* Lines of text: no control character, which would do something to a terminal. */
static void check_lines(const struct text *t)
{
	check(!t->failed);
	for (size_t i = 0; i < t->len; i++) {
		unsigned char c = (unsigned char)t->str[i];

		check(c == '\n' || (c >= ' ' && c != 0x7f));
		check(c != 0xc2 || i + 1 == t->len || (unsigned char)t->str[i + 1] >= 0xa0);
	}
	check(safe_text_is_utf8(t->str ? t->str : "", t->len));
}

/* Nothing that a packet says makes a line of an explanation wider than 80 cells. */
static void check_widths(const struct text *t)
{
	size_t width = 0;

	for (size_t i = 0; i < t->len; i++) {
		unsigned char c = (unsigned char)t->str[i];

		width = c == '\n' ? 0 : width + ((c & 0xc0) != 0x80);
		check(width <= 80);
	}
}

static size_t wrap(uint8_t how, const void *data, size_t len, uint8_t out[static FRAME_MAX])
{
	const struct frame f = {
		.src_mac = { 2, 0, 0, 0, 0, 1 }, .dst_mac = { 255, 255, 255, 255, 255, 255 },
		.src_port = how & REPLY ? 67 : 68, .dst_port = how & REPLY ? 68 : 67,
		.src_ip = how & REPLY ? 0x0a000001 : 0, .dst_ip = 0xffffffff,
		.payload = data, .payload_len = len,
	};
	int n = frame_encode_udp(&f, 1, out, FRAME_MAX);

	return n > 0 ? (size_t)n : 0;
}

/* The line that scripts read says the same as the event. */
static void check_json(const struct trace_event *e, const struct breaches *b)
{
	cleanup_event struct trace_event again = { 0 };
	cleanup_text struct text line = { 0 };

	check(breach_view_json(e, b, &line) == 0);
	check_lines(&line);
	check(trace_event_from_json(line.str, line.len, &again) == 0);
	check(again.kind == e->kind && again.t == e->t && again.msg.xid == e->msg.xid);
	check(again.msg.n_options == e->msg.n_options);
}

static void take(struct breach_watch *w, uint64_t t, const struct trace_packet *p,
		 const uint8_t *bytes, size_t len, struct trace_log *log)
{
	static const struct view v;
	const struct frame *f = &p->link.frame;
	cleanup_text struct text out = { 0 };
	struct breaches b = { 0 };
	struct trace_event e;

	check(trace_packet_event(p, &e) == 0);
	e.n = log->n + 1;
	e.t = t;
	if (p->kind == TRACE_PACKET_DHCP) {
		check(f->payload >= bytes && f->payload + f->payload_len <= bytes + len);
		check(breach_watch_packet(w, t, p, &b) == 0 && b.n <= BREACHES_MAX);
		view_hex(&out, f->payload, p->msg.size);
	} else {
		check(p->why != NULL);
	}
	view_timeline(&v, &e, &out);
	breach_view_lines(&v, &b, &out);
	check_lines(&out);
	check_json(&e, &b);
	check(trace_log_add(log, &e) == 0);
}

static void show_all(const struct trace_log *log)
{
	cleanup_text struct text out = { 0 }, picture = { 0 };
	struct view v = { 0 };

	view_fit_names(&v, log);
	for (size_t i = 0; i < log->n; i++)
		view_explain(&v, log, i, &out);
	check_widths(&out);
	check(view_diagram(&v, log, &out) == 0);
	check(view_mermaid(&v, log, &out) == 0);
	check_lines(&out);
	check(view_svg(&v, log, &picture) == 0);
	check_lines(&picture);
}

/* Exactly so many bytes, so that a read past them is seen. */
static void one(struct breach_watch *w, uint8_t how, uint64_t t, const uint8_t *data, size_t len,
		struct trace_log *log)
{
	static const unsigned int links[] = {
		FRAME_LINK_ETHERNET, FRAME_LINK_RAW, FRAME_LINK_COOKED, FRAME_LINK_IPV4,
		FRAME_LINK_COOKED2, 9,
	};
	unsigned int link = links[(how & 0xf) % ARRAY_SIZE(links)];
	uint8_t frame[FRAME_MAX], *exact;
	struct trace_packet p;

	if (how & WRAPPED) {
		len = wrap(how, data, len, frame);
		data = frame;
		link = FRAME_LINK_ETHERNET;
	}
	exact = malloc(len + !len);
	check(exact != NULL);
	memcpy(exact, data, len);
	trace_packet_read(link, exact, len, how & CUT ? len + 1 : len, &p);
	if (p.kind != TRACE_PACKET_OTHER)
		take(w, t, &p, exact, len, log);
	free(exact);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct breach_watch *w = breach_watch_new();
	cleanup_trace_log struct trace_log log = { 0 };
	struct reader r;
	uint64_t t = 0;

	check(w != NULL);
	reader_init(&r, data, size);
	for (unsigned int i = 0; i < PACKETS_MAX && reader_left(&r) >= 5; i++) {
		uint8_t how = get_u8(&r);
		size_t len;

		t += get_be16(&r) * (uint64_t)TICK_US;
		len = min_u64(get_be16(&r), reader_left(&r));
		one(w, how, t, get_span(&r, len), len, &log);
	}
	show_all(&log);
	breach_watch_free(w);
	return 0;
}
