/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "base/bytes.h"
#include "trace/pcapng.h"

struct file {
	uint8_t data[4096];
	size_t len;
	unsigned int writes;
	int fail;
};

static int write_file(void *ctx, const void *data, size_t len)
{
	struct file *f = ctx;

	if (f->fail)
		return f->fail;
	assert_true(f->len + len <= sizeof(f->data));
	memcpy(f->data + f->len, data, len);
	f->len += len;
	f->writes++;
	return 0;
}

static void assert_bytes(const struct file *f, size_t at, const void *want, size_t len)
{
	assert_true(at + len <= f->len);
	assert_memory_equal(f->data + at, want, len);
}

static void section_header(void **state)
{
	static const uint8_t want[] = {
		0x0a, 0x0d, 0x0d, 0x0a, 0, 0, 0, 60, 0x1a, 0x2b, 0x3c, 0x4d, 0, 1, 0, 0,
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		0, 1, 0, 5, 'l', 'a', 'b', ' ', 'x', 0, 0, 0,
		0, 4, 0, 12, 'n', 'e', 't', 'l', 'a', 'b', ' ', '0', '.', '1', '.', '0',
		0, 0, 0, 0, 0, 0, 0, 60,
	};
	struct file f = { 0 };
	struct pcapng p = { .write = write_file, .ctx = &f, .interfaces = 9, .frames = 9 };

	assert_int_equal(pcapng_begin(&p, "netlab 0.1.0", "lab x"), 0);
	assert_int_equal(f.len, sizeof(want));
	assert_bytes(&f, 0, want, sizeof(want));
	assert_int_equal(p.interfaces, 0);
	assert_int_equal(p.frames, 0);
}

static void interface_block(void **state)
{
	static const uint8_t want[] = {
		0, 0, 0, 1, 0, 0, 0, 48, 0, 1, 0, 0, 0, 0, 0xff, 0xff,
		0, 2, 0, 3, 'a', '-', 'b', 0,
		0, 3, 0, 4, 'w', 'i', 'r', 'e',
		0, 9, 0, 1, 9, 0, 0, 0,
		0, 0, 0, 0, 0, 0, 0, 48,
	};
	struct file f = { 0 };
	struct pcapng p = { .write = write_file, .ctx = &f };

	assert_int_equal(pcapng_add_interface(&p, "a-b", "wire"), 0);
	assert_bytes(&f, 0, want, sizeof(want));
	assert_int_equal(f.len, sizeof(want));
	assert_int_equal(pcapng_add_interface(&p, "c-d", NULL), 1);
}

static void packet_block(void **state)
{
	static const uint8_t want[] = {
		0, 0, 0, 6, 0, 0, 0, 52, 0, 0, 0, 0,
		0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x02,
		0, 0, 0, 5, 0, 0, 0, 60, 1, 2, 3, 4, 5, 0, 0, 0,
		0, 1, 0, 2, 'h', 'i', 0, 0,
		0, 0, 0, 0, 0, 0, 0, 52,
	};
	struct file f = { 0 };
	struct pcapng p = { .write = write_file, .ctx = &f, .interfaces = 1 };
	const uint8_t data[] = { 1, 2, 3, 4, 5 };

	assert_int_equal(pcapng_add_packet(&p, 0, (1ull << 32) + 2, data, 5, 60, "hi"), 1);
	assert_int_equal(f.len, sizeof(want));
	assert_bytes(&f, 0, want, sizeof(want));
	assert_int_equal(f.writes, 1);
	assert_int_equal(pcapng_add_packet(&p, 0, 3, data, 4, 4, NULL), 2);
	assert_int_equal(f.len - sizeof(want), 36);
}

/* Whatever the sizes are, both lengths of a block agree and the next block follows. */
static void every_padding(void **state)
{
	for (size_t len = 0; len < 9; len++) {
		struct file f = { 0 };
		struct pcapng p = { .write = write_file, .ctx = &f, .interfaces = 1 };
		static const char *const comments[] = { NULL, "", "a", "ab", "abc", "abcd" };

		for (size_t i = 0; i < ARRAY_SIZE(comments); i++) {
			size_t start = f.len;

			assert_true(pcapng_add_packet(&p, 0, 0, "12345678", len, len,
						      comments[i]) > 0);
			assert_int_equal((f.len - start) % 4, 0);
			assert_int_equal(load_be32(f.data + start + 4), f.len - start);
			assert_int_equal(load_be32(f.data + f.len - 4), f.len - start);
		}
	}
}

static int count_bytes(void *ctx, const void *data, size_t len)
{
	*(size_t *)ctx += len;
	return 0;
}

static void comments_are_cut_to_their_field(void **state)
{
	size_t bytes = 0;
	struct pcapng p = { .write = count_bytes, .ctx = &bytes, .interfaces = 1 };
	char *comment = malloc(100001);

	assert_non_null(comment);
	memset(comment, 'x', 100000);
	comment[100000] = '\0';
	assert_int_equal(pcapng_add_packet(&p, 0, 0, "1234", 4, 4, comment), 1);
	assert_int_equal(bytes, 12 + 20 + 4 + 4 + 65532 + 4);
	free(comment);
}

static void what_is_wrong_is_refused(void **state)
{
	struct file f = { 0 };
	struct pcapng p = { .write = write_file, .ctx = &f, .interfaces = 1 };

	assert_int_equal(pcapng_add_packet(&p, 1, 0, "12", 2, 2, NULL), -EINVAL);
	assert_int_equal(pcapng_add_packet(&p, 0, 0, "12", 2, 1, NULL), -EINVAL);
	assert_int_equal(pcapng_add_packet(&p, 0, 0, "", 65536, 65536, NULL), -EINVAL);
	assert_int_equal(f.len, 0);

	f.fail = -ENOSPC;
	assert_int_equal(pcapng_begin(&p, "netlab", NULL), -ENOSPC);
	assert_int_equal(pcapng_add_interface(&p, "x", NULL), -ENOSPC);
	assert_int_equal(p.interfaces, 0);
	p.interfaces = 1;
	assert_int_equal(pcapng_add_packet(&p, 0, 0, "12", 2, 2, NULL), -ENOSPC);
	assert_int_equal(p.frames, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(section_header),
		cmocka_unit_test(interface_block),
		cmocka_unit_test(packet_block),
		cmocka_unit_test(every_padding),
		cmocka_unit_test(comments_are_cut_to_their_field),
		cmocka_unit_test(what_is_wrong_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
