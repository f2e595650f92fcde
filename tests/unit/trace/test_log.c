/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "base/text.h"
#include "../../log_text.h"

#define HEAD "{\"schema\":\"netlab.event/1\",\"n\":1,\"t\":0.5,"

/* A log and its capture, as the agent writes them. */
struct lab {
	struct text log, capture;
	struct pcapng pcapng;
	uint64_t n;
};

static int write_capture(void *ctx, const void *data, size_t len)
{
	struct lab *l = ctx;

	text_addn(&l->capture, data, len);
	return 0;
}

static void begin(struct lab *l)
{
	*l = (struct lab){ .pcapng = { .write = write_capture, .ctx = l } };
	assert_int_equal(pcapng_begin(&l->pcapng, "netlab", "test"), 0);
	assert_int_equal(pcapng_add_interface(&l->pcapng, "a:x--b:y", NULL), 0);
	assert_int_equal(pcapng_add_interface(&l->pcapng, "c:x--d:y", NULL), 1);
}

static void end(struct lab *l)
{
	text_done(&l->log);
	text_done(&l->capture);
}

static size_t make_frame(uint8_t type, uint8_t *out, size_t size)
{
	uint8_t bytes[DHCP_MIN_LEN * 2];
	struct dhcp_message m = {
		.op = DHCP_OP_REPLY, .htype = 1, .hlen = 6, .type = type, .xid = 0x3d6a3b68,
		.yiaddr = 0x0a000069,
	};
	struct frame f = {
		.src_mac = { 2, 0x4e, 0x4c, 0, 0, 1 }, .dst_mac = { 2, 0x4e, 0x4c, 0, 0, 2 },
		.src_ip = 0x0a000001, .dst_ip = 0x0a000069, .src_port = 67, .dst_port = 68,
		.payload = bytes,
	};
	struct dhcp_builder b;
	int len;

	assert_int_equal(dhcp_build_begin(&b, bytes, sizeof(bytes), &m), 0);
	assert_int_equal(dhcp_build_put_u32(&b, DHCP_OPT_LEASE_TIME, 3600), 0);
	f.payload_len = (size_t)dhcp_build_end(&b);
	len = frame_encode_udp(&f, 1, out, size);
	assert_true(len > 0);
	return (size_t)len;
}

/* The event as it would be if everything were in the log. */
static void whole_event(const uint8_t *frame, size_t len, struct trace_event *ret)
{
	struct dhcp_message m;
	struct frame f;

	assert_int_equal(frame_decode(frame, len, false, &f), 0);
	assert_int_equal(dhcp_message_decode(f.payload, f.payload_len, &m, NULL, NULL), 0);
	assert_int_equal(trace_event_message(&f, &m, ret), 0);
	str_copy(ret->msg.from, sizeof(ret->msg.from), "c:x");
	str_copy(ret->msg.to, sizeof(ret->msg.to), "d:y");
	str_copy(ret->msg.cable, sizeof(ret->msg.cable), "c:x--d:y");
}

/* One message on the second cable; @want gets the line that scripts shall see. */
static void add_message(struct lab *l, uint8_t type, bool captured, struct text *want)
{
	cleanup_event struct trace_event e = { 0 };
	uint8_t frame[FRAME_MAX];
	size_t len = make_frame(type, frame, sizeof(frame));
	int64_t number = captured ? pcapng_add_packet(&l->pcapng, 1, 99, frame, len, len, "x") : 0;

	whole_event(frame, len, &e);
	e.n = ++l->n;
	e.t = 1000 * l->n;
	e.msg.frame = (uint64_t)number;
	assert_int_equal(trace_event_to_log(&e, e.n, e.t, &l->log), 0);
	assert_int_equal(trace_event_to_json(&e, want), 0);
}

static void add_note(struct lab *l, struct text *want)
{
	struct trace_event e = { .kind = TRACE_LAB, .n = ++l->n, .text = (char *)"up" };

	assert_int_equal(trace_event_to_log(&e, e.n, e.t, &l->log), 0);
	assert_int_equal(trace_event_to_json(&e, want), 0);
}

static void add_other_frame(struct lab *l)
{
	assert_true(pcapng_add_packet(&l->pcapng, 0, 98, "arp", 3, 3, NULL) > 0);
}

/* All lines that the reader can make of what there is, in @got. What it ended with. */
static int read_all(struct trace_reader *r, struct text *got)
{
	int n;

	do {
		cleanup_event struct trace_event e = { 0 };

		n = trace_reader_next(r, &e);
		if (n == 1)
			assert_int_equal(trace_event_to_json(&e, got), 0);
	} while (n == 1);
	return n;
}

static void make_lab(struct lab *l, struct text *want)
{
	begin(l);
	add_note(l, want);
	add_other_frame(l);
	add_message(l, DHCP_OFFER, true, want);
	add_message(l, DHCP_ACK, true, want);
	add_message(l, DHCP_NAK, false, want);
	add_other_frame(l);
	add_message(l, DHCP_ACK, true, want);
}

static void what_was_left_out_is_put_back(void **state)
{
	cleanup_text struct text want = { 0 }, got = { 0 };
	struct lab l;
	struct log_text text;
	cleanup_trace_reader struct trace_reader r = { .read = log_text_read, .ctx = &text };

	make_lab(&l, &want);
	assert_null(strstr(l.log.str, "3600\"},\"length\":300,\"frame\":2"));
	text = (struct log_text){ { l.log.str, l.capture.str }, { l.log.len, l.capture.len } };
	assert_int_equal(read_all(&r, &got), 0);
	assert_string_equal(got.str, want.str);
	end(&l);
}

static void the_bytes_of_the_frame_are_there(void **state)
{
	cleanup_text struct text want = { 0 };
	cleanup_event struct trace_event first = { 0 }, second = { 0 };
	uint8_t frame[FRAME_MAX];
	size_t len = make_frame(DHCP_OFFER, frame, sizeof(frame));
	struct lab l;
	struct log_text text;
	cleanup_trace_reader struct trace_reader r = { .read = log_text_read, .ctx = &text };

	begin(&l);
	add_message(&l, DHCP_OFFER, true, &want);
	add_message(&l, DHCP_OFFER, false, &want);
	text = (struct log_text){ { l.log.str, l.capture.str }, { l.log.len, l.capture.len } };
	assert_int_equal(trace_reader_next(&r, &first), 1);
	assert_int_equal(r.frame.len, len);
	assert_memory_equal(r.frame.data, frame, len);
	assert_int_equal(r.frame.wall_ns, 99);
	assert_int_equal(trace_reader_next(&r, &second), 1);
	assert_int_equal(r.frame.len, 0);
	end(&l);
}

/* As while the lab runs, and as after its agent was killed: never half an event. */
static void files_that_grow_byte_by_byte(void **state)
{
	for (int slow = TRACE_FILE_LOG; slow <= TRACE_FILE_CAPTURE; slow++) {
		cleanup_text struct text want = { 0 }, got = { 0 };
		struct lab l;
		struct log_text text;
		cleanup_trace_reader struct trace_reader r = { .read = log_text_read,
							       .ctx = &text };
		size_t left;

		make_lab(&l, &want);
		text = (struct log_text){ { l.log.str, l.capture.str },
					  { l.log.len, l.capture.len } };
		left = text.len[slow];
		for (text.len[slow] = 0; left > 0; left--) {
			text.len[slow]++;
			assert_int_equal(read_all(&r, &got), 0);
			assert_memory_equal(want.str, got.str ? got.str : "", got.len);
		}
		assert_string_equal(got.str, want.str);
		end(&l);
	}
}

static void a_capture_that_lies_is_refused(void **state)
{
	cleanup_text struct text want = { 0 };
	struct lab l;

	make_lab(&l, &want);
	for (size_t i = 0; i < l.capture.len; i++) {
		cleanup_text struct text got = { 0 };
		struct log_text text = { { l.log.str, l.capture.str },
					 { l.log.len, l.capture.len } };
		cleanup_trace_reader struct trace_reader r = { .read = log_text_read,
							       .ctx = &text };
		char was = l.capture.str[i];
		int n;

		l.capture.str[i] = (char)~was;
		n = read_all(&r, &got);
		assert_true(n == 0 || n == -EBADMSG);
		l.capture.str[i] = was;
	}
	end(&l);
}

static void a_frame_that_is_no_message_is_refused(void **state)
{
	cleanup_text struct text log = { 0 }, got = { 0 };
	struct lab l;
	struct log_text text;
	cleanup_trace_reader struct trace_reader r = { .read = log_text_read, .ctx = &text };

	begin(&l);
	add_other_frame(&l);
	text_add(&log, HEAD "\"kind\":\"message\",\"frame\":1}\n");
	text = (struct log_text){ { log.str, l.capture.str }, { log.len, l.capture.len } };
	assert_int_equal(read_all(&r, &got), -EBADMSG);
	end(&l);
}

static void frames_come_in_their_order(void **state)
{
	cleanup_text struct text want = { 0 }, got = { 0 }, log = { 0 };
	struct lab l;
	struct log_text text;
	cleanup_trace_reader struct trace_reader r = { .read = log_text_read, .ctx = &text };

	make_lab(&l, &want);
	text_add(&log, HEAD "\"kind\":\"message\",\"frame\":3}\n"
		       HEAD "\"kind\":\"message\",\"frame\":2}\n");
	text = (struct log_text){ { log.str, l.capture.str }, { log.len, l.capture.len } };
	assert_int_equal(read_all(&r, &got), -EBADMSG);
	end(&l);
}

static void log_is_read_to_its_last_whole_line(void **state)
{
	static const char text[] = HEAD "\"kind\":\"lab\",\"what\":\"a\"}\n\n"
				   HEAD "\"kind\":\"later\"}\n"
				   HEAD "\"kind\":\"lab\",\"what\":\"b\"}\n";

	for (size_t cut = 0; cut < 46; cut++) {
		cleanup_trace_log struct trace_log log = { 0 };

		assert_int_equal(log_text_events(text, sizeof(text) - 1 - cut, &log), 0);
		assert_int_equal(log.n, cut == 0 ? 2 : 1);
		assert_string_equal(log.event[0].text, "a");
	}
}

static void log_with_a_broken_line_is_refused(void **state)
{
	static const char text[] = "{\"schema\":\n" HEAD "\"kind\":\"lab\"}\n";
	struct trace_log log = { 0 };

	assert_int_equal(log_text_events(text, sizeof(text) - 1, &log), -EBADMSG);
	assert_int_equal(log.n, 0);
	assert_int_equal(log_text_events("", 0, &log), 0);
	assert_int_equal(log.n, 0);
}

/* Who only counts needs neither the frames nor the lines that were read before. */
static void the_rest_can_be_counted(void **state)
{
	cleanup_text struct text want = { 0 };
	struct lab l;

	make_lab(&l, &want);
	for (size_t read = 0; read <= 5; read++) {
		struct log_text text = { { l.log.str, l.capture.str },
					 { l.log.len, l.capture.len } };
		cleanup_trace_reader struct trace_reader r = { .read = log_text_read,
							       .ctx = &text };
		size_t messages = 100;
		uint64_t last = 0;

		for (size_t i = 0; i < read; i++) {
			cleanup_event struct trace_event e = { 0 };

			assert_int_equal(trace_reader_next(&r, &e), 1);
		}
		text.len[TRACE_FILE_CAPTURE] = 0;
		assert_int_equal(trace_reader_count(&r, &messages, &last), 0);
		assert_int_equal(messages, read == 0 ? 104 : 105 - read);
		assert_int_equal(last, read == 5 ? 0 : 5);
	}
	end(&l);
}

/* Not what only speaks of one, nor what is cut, nor what is no event. */
static void only_messages_are_counted(void **state)
{
	cleanup_text struct text lines = { 0 };
	struct trace_event note = { .kind = TRACE_LAB, .text = (char *)"\"kind\":\"message\"" };
	struct log_text text = { .data = { "", "" } };
	cleanup_trace_reader struct trace_reader r = { .read = log_text_read, .ctx = &text };
	size_t messages = 0;
	uint64_t last = 0;

	assert_int_equal(trace_event_to_log(&note, 7, 0, &lines), 0);
	text_add(&lines, "\n" HEAD "\"kind\":\"message\"}");
	text.data[TRACE_FILE_LOG] = lines.str;
	text.len[TRACE_FILE_LOG] = lines.len;
	assert_int_equal(trace_reader_count(&r, &messages, &last), 0);
	assert_int_equal(messages, 0);
	assert_int_equal(last, 7);

	text.data[TRACE_FILE_LOG] = "\n{\"schema\":\n";
	text.len[TRACE_FILE_LOG] = strlen("\n{\"schema\":\n");
	assert_int_equal(trace_reader_count(&r, &messages, &last), -EBADMSG);
	assert_int_equal(messages, 1);
	assert_int_equal(last, 1);
}

/* Whatever stands there instead of a log, it does not end up in memory. */
static void a_line_without_end_is_refused(void **state)
{
	static char text[3 << 20];
	struct trace_log log = { 0 };

	memset(text, 'x', sizeof(text));
	assert_int_equal(log_text_events(text, sizeof(text), &log), -EBADMSG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_left_out_is_put_back),
		cmocka_unit_test(the_bytes_of_the_frame_are_there),
		cmocka_unit_test(files_that_grow_byte_by_byte),
		cmocka_unit_test(a_capture_that_lies_is_refused),
		cmocka_unit_test(a_frame_that_is_no_message_is_refused),
		cmocka_unit_test(frames_come_in_their_order),
		cmocka_unit_test(log_is_read_to_its_last_whole_line),
		cmocka_unit_test(log_with_a_broken_line_is_refused),
		cmocka_unit_test(the_rest_can_be_counted),
		cmocka_unit_test(only_messages_are_counted),
		cmocka_unit_test(a_line_without_end_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
