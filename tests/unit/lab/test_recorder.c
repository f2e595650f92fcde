/* SPDX-License-Identifier: MIT */
/* The lab's two files: nothing is lost on the way there, and nothing out of order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "lab/recorder.h"
#include "sys/clock.h"
#include "trace/log.h"

#define SERVER 0
#define CLIENT 1
#define TURN 64			/* exchanges */
#define STORM_TURNS 200

static const char text[] =
	"[Lab]\nFormatVersion=1\n[Node srv host]\n[Wiring]\nCable=srv:eth0 host:eth0\n"
	"[Network srv:eth0]\nAddress=10.0.0.1/24\nDHCPServer=yes\n"
	"[Network host:eth0]\nDHCP=ipv4\n";

struct lab {
	struct scenario *scenario;
	int fd[TRACE_FILES];
	struct recorder recorder;
	uint64_t t;
	size_t len;
	uint8_t frame[600];
};

static size_t make_frame(struct lab *l)
{
	uint8_t bytes[2 * DHCP_MIN_LEN];
	const struct dhcp_message m = {
		.op = DHCP_OP_REQUEST, .htype = 1, .hlen = 6, .type = DHCP_DISCOVER,
		.xid = 0x3d6a3b68,
	};
	struct frame f = {
		.dst_mac = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff },
		.dst_ip = UINT32_MAX, .src_port = 68, .dst_port = 67, .payload = bytes,
	};
	struct dhcp_builder b;
	int len;

	assert_int_equal(dhcp_build_begin(&b, bytes, sizeof(bytes), &m), 0);
	f.payload_len = (size_t)dhcp_build_end(&b);
	len = frame_encode_udp(&f, 1, l->frame, sizeof(l->frame));
	assert_true(len > 0);
	return (size_t)len;
}

static int setup(void **state)
{
	const struct scenario_options opt = { .name = "test" };
	cleanup_diags struct diags diags = { 0 };
	struct lab *l = calloc(1, sizeof(*l));

	assert_non_null(l);
	assert_int_equal(scenario_parse(text, strlen(text), &opt, &l->scenario, &diags), 0);
	for (size_t i = 0; i < TRACE_FILES; i++) {
		l->fd[i] = memfd_create("log", MFD_CLOEXEC);
		assert_true(l->fd[i] >= 0);
	}
	l->len = make_frame(l);
	assert_int_equal(recorder_init(&l->recorder, l->scenario, l->fd[TRACE_FILE_LOG],
				       l->fd[TRACE_FILE_CAPTURE]), 0);
	*state = l;
	return 0;
}

static bool has_thread(struct lab *l)
{
	bool is;

	pthread_mutex_lock(&l->recorder.lock);
	is = l->recorder.has_thread;
	pthread_mutex_unlock(&l->recorder.lock);
	return is;
}

static int teardown(void **state)
{
	struct lab *l = *state;

	/* The storm is over: its thread goes. */
	while (has_thread(l))
		clock_sleep_us(1000);
	recorder_trim(&l->recorder);
	assert_null(l->recorder.out_log.str);
	assert_null(l->recorder.queue.str);
	assert_null(l->recorder.noted.str);
	for (size_t i = 0; i < TRACE_FILES; i++)
		close(l->fd[i]);
	scenario_free(l->scenario);
	free(l);
	return 0;
}

/* A message, whose number is in its source MAC address, and what the server made of it. */
static void note_exchange(struct lab *l, uint32_t number)
{
	const struct packet_meta meta = { .wall_ns = 1000 * l->t, .wire_len = l->len };
	struct trace_event e = { .kind = TRACE_STATE, .facts.address = number };
	char why[32];

	memcpy(l->frame + 6, &number, sizeof(number));
	recorder_frame(&l->recorder, ++l->t, CLIENT, &meta, l->frame, l->len);
	snprintf(why, sizeof(why), "number \"%u\"", number);
	e.text = why;
	e.rfc = number % 2 ? (char *)"RFC 2131 section 4.3.1" : NULL;
	str_copy(e.at, sizeof(e.at), "srv:eth0");
	recorder_event(&l->recorder, l->t, &e);
}

static int read_file(void *ctx, enum trace_file file, void *buf, size_t size)
{
	const struct lab *l = ctx;
	static off_t at[TRACE_FILES];
	ssize_t n;

	if (!buf) {	/* from the start */
		memset(at, 0, sizeof(at));
		return 0;
	}
	n = pread(l->fd[file], buf, size, at[file]);
	assert_true(n >= 0);
	at[file] += n;
	return (int)n;
}

static void start_reading(struct lab *l, struct trace_reader *ret)
{
	*ret = (struct trace_reader){ .read = read_file, .ctx = l };
	read_file(l, TRACE_FILE_LOG, NULL, 0);
}

static void expect_exchange(struct trace_reader *r, uint32_t number, uint64_t n)
{
	cleanup_event struct trace_event message = { 0 }, state = { 0 };
	char why[32];
	uint32_t sent;

	snprintf(why, sizeof(why), "number \"%u\"", number);
	assert_int_equal(trace_reader_next(r, &message), 1);
	assert_int_equal(message.kind, TRACE_MESSAGE);
	assert_int_equal(message.n, n);
	assert_string_equal(message.msg.from, "host:eth0");
	assert_string_equal(message.msg.to, "everyone");
	memcpy(&sent, message.msg.src_mac, sizeof(sent));
	assert_int_equal(sent, number);

	assert_int_equal(trace_reader_next(r, &state), 1);
	assert_int_equal(state.kind, TRACE_STATE);
	assert_int_equal(state.n, n + 1);
	assert_int_equal(state.t, message.t);
	assert_int_equal(state.facts.address, number);
	assert_string_equal(state.text, why);
	if (number % 2)
		assert_string_equal(state.rfc, "RFC 2131 section 4.3.1");
	else
		assert_null(state.rfc);
}

static void expect_exchanges(struct lab *l, uint32_t n)
{
	cleanup_trace_reader struct trace_reader r;
	struct trace_event none;

	start_reading(l, &r);
	for (uint32_t i = 0; i < n; i++)
		expect_exchange(&r, i, 2 * i + 1);
	assert_int_equal(trace_reader_next(&r, &none), 0);
}

/* A small lab has no thread, and its log is there when the turn is over. */
static void small_turn_is_written_at_once(void **state)
{
	struct lab *l = *state;

	note_exchange(l, 0);
	recorder_flush(&l->recorder);
	assert_false(has_thread(l));
	expect_exchanges(l, 1);
	note_exchange(l, 1);
	assert_int_equal(recorder_settle(&l->recorder), 4);
	expect_exchanges(l, 2);
}

static void storm(struct lab *l, uint32_t *number, unsigned int turns)
{
	for (unsigned int turn = 0; turn < turns; turn++) {
		for (int i = 0; i < TURN; i++)
			note_exchange(l, (*number)++);
		recorder_flush(&l->recorder);
	}
}

static void storm_is_written_by_a_thread_in_order(void **state)
{
	struct lab *l = *state;
	uint32_t n = 0;

	storm(l, &n, STORM_TURNS);
	assert_true(has_thread(l));
	assert_int_equal(recorder_settle(&l->recorder), 2 * n);
	expect_exchanges(l, n);
}

/* Nobody waits for the thread: it comes by itself, after the last turn too. */
static void end_of_a_storm_is_written_unasked(void **state)
{
	struct lab *l = *state;
	uint32_t n = 0;

	storm(l, &n, 5);
	note_exchange(l, n++);
	recorder_flush(&l->recorder);
	while (has_thread(l))
		clock_sleep_us(1000);
	expect_exchanges(l, n);
	storm(l, &n, 5);
	recorder_settle(&l->recorder);
	expect_exchanges(l, n);
}

/* The loop turns for other reasons, too, while the thread has not begun yet. */
static void turn_without_news_changes_nothing(void **state)
{
	struct lab *l = *state;
	uint32_t n = 0;

	for (int i = 0; i < 20; i++) {
		storm(l, &n, 1);
		recorder_flush(&l->recorder);
		recorder_flush(&l->recorder);
	}
	recorder_settle(&l->recorder);
	recorder_settle(&l->recorder);
	expect_exchanges(l, n);
}

/* A turn that is larger than all that may wait. */
static void turn_without_end_is_written(void **state)
{
	struct lab *l = *state;
	uint32_t n = 0;

	while (n < 20000)
		note_exchange(l, n++);
	recorder_settle(&l->recorder);
	expect_exchanges(l, n);
}

static void limit_files(rlim_t max)
{
	struct rlimit limit;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = max;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/* What found no room is counted; the rest is whole lines, and each message has its frame. */
static void full_disk_loses_events_and_says_how_many(void **state)
{
	struct lab *l = *state;
	cleanup_trace_reader struct trace_reader r;
	uint32_t n = 0, kept = 0, lost = 0;
	struct rlimit before;

	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	limit_files(200000);
	storm(l, &n, STORM_TURNS);
	recorder_settle(&l->recorder);
	limit_files(before.rlim_cur);
	recorder_settle(&l->recorder);
	note_exchange(l, n++);
	recorder_settle(&l->recorder);

	start_reading(l, &r);
	for (;;) {
		cleanup_event struct trace_event e = { 0 };
		int got = trace_reader_next(&r, &e);

		assert_true(got >= 0);
		if (got == 0)
			break;
		kept += e.kind != TRACE_LAB;
		if (e.kind == TRACE_LAB)
			assert_int_equal(sscanf(e.text, "the disk was full: %u events are lost",
						&lost), 1);
	}
	assert_true(lost > 1000);
	assert_true(kept > 1000);
	assert_int_equal(kept + lost, 2 * n);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(small_turn_is_written_at_once, setup, teardown),
		cmocka_unit_test_setup_teardown(storm_is_written_by_a_thread_in_order, setup,
						teardown),
		cmocka_unit_test_setup_teardown(end_of_a_storm_is_written_unasked, setup,
						teardown),
		cmocka_unit_test_setup_teardown(turn_without_news_changes_nothing, setup,
						teardown),
		cmocka_unit_test_setup_teardown(turn_without_end_is_written, setup, teardown),
		cmocka_unit_test_setup_teardown(full_disk_loses_events_and_says_how_many, setup,
						teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
