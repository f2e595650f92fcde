/* SPDX-License-Identifier: MIT */
/* Descriptors, files, locks and local sockets; all in a folder of the test's own. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "sys/clock.h"
#include "sys/fd.h"
#include "sys/file.h"

struct folder {
	char path[64];
	char cwd[PATH_MAX];
};

static int make_folder(void **state)
{
	struct folder *f = calloc(1, sizeof(*f));

	snprintf(f->path, sizeof(f->path), "%s/test-file-XXXXXX", P_tmpdir);
	*state = f;
	return !getcwd(f->cwd, sizeof(f->cwd)) || !mkdtemp(f->path) || chdir(f->path) < 0;
}

/* Every test leaves it empty, or this fails. */
static int end_folder(void **state)
{
	struct folder *f = *state;
	int r = chdir(f->cwd) < 0 || rmdir(f->path) < 0;

	free(f);
	return r;
}

static void write_file(const char *path, const char *text)
{
	int fd = file_open_append(path, true);

	assert_true(fd >= 0);
	assert_int_equal(file_write(fd, text, strlen(text)), 0);
	fd_close(fd);
}

static int count_fds(void)
{
	char **names;
	int n = file_list("/proc/self/fd", &names);

	for (int i = 0; i < n; i++)
		free(names[i]);
	free(names);
	return n;
}

static void test_messages_carry_descriptors(void **state)
{
	int pair[2], pipes[2], got[FD_PASS_MAX], before;
	char buf[8];
	size_t n = 0;

	(void)state;
	assert_int_equal(fd_socketpair(pair), 0);
	assert_int_equal(pipe2(pipes, O_CLOEXEC), 0);
	assert_int_equal(fd_send(pair[0], "two", 3, pipes, 2), 0);
	assert_int_equal(fd_recv(pair[1], buf, sizeof(buf), got, &n), 3);
	assert_int_equal(n, 2);
	assert_int_equal(fcntl(got[0], F_GETFD), FD_CLOEXEC);
	assert_int_equal(write(got[1], "x", 1), 1);
	assert_int_equal(read(pipes[0], buf, 1), 1);
	fd_close(got[0]);
	fd_close(got[1]);

	/* Neither those that nobody wants nor those of a message that is too long may leak. */
	before = count_fds();
	assert_int_equal(fd_send(pair[0], "unwanted", 8, pipes, 2), 0);
	assert_int_equal(fd_recv(pair[1], buf, sizeof(buf), NULL, NULL), 8);
	assert_int_equal(fd_send(pair[0], "too long!", 9, pipes, 2), 0);
	assert_int_equal(fd_recv(pair[1], buf, sizeof(buf), got, &n), -EMSGSIZE);
	assert_int_equal(count_fds(), before);

	assert_int_equal(fd_send(pair[0], "", 0, pipes, FD_PASS_MAX + 1), -EINVAL);
	fd_close(pair[0]);
	assert_int_equal(fd_recv(pair[1], buf, sizeof(buf), got, &n), 0);
	assert_int_equal(fd_send(pair[1], "x", 1, NULL, 0), -EPIPE);
	fd_close(pair[1]);
	fd_close(pipes[0]);
	fd_close(pipes[1]);
}

static void test_close_keeps_errno(void **state)
{
	(void)state;
	errno = ENOTEMPTY;
	assert_int_equal(fd_close(-1), -1);
	assert_int_equal(fd_close(99999), -1);
	assert_int_equal(errno, ENOTEMPTY);
}

static void test_closer_closes_all(void **state)
{
	int fds[201], before = count_fds();

	(void)state;
	for (size_t i = 0; i < 200; i++) {
		fds[i] = open("/dev/null", O_RDONLY | O_CLOEXEC);
		assert_true(fds[i] >= 0);
	}
	fds[200] = -1;
	fd_closer_run(fds, 201);
	assert_int_equal(count_fds(), before);
	fd_closer_run(NULL, 0);
}

static void test_read(void **state)
{
	char *text = NULL;
	size_t len = 0;
	int fd;

	(void)state;
	write_file("f", "12345678");
	assert_int_equal(file_read("f", 8, &text, &len), 0);
	assert_int_equal(len, 8);
	assert_string_equal(text, "12345678");
	free(text);

	text = NULL;
	assert_int_equal(file_read("f", 7, &text, &len), -EFBIG);
	assert_int_equal(file_read("none", 7, &text, &len), -ENOENT);
	assert_int_equal(file_read(".", 7, &text, &len), -EISDIR);
	assert_null(text);

	/* From the start, wherever others have left off; and the longer than one step. */
	fd = open("f", O_RDWR | O_CLOEXEC);
	assert_int_equal(ftruncate(fd, 100000), 0);
	assert_int_equal(lseek(fd, 50, SEEK_SET), 50);
	assert_int_equal(file_read_fd(fd, 200000, &text, &len), 0);
	assert_int_equal(len, 100000);
	assert_memory_equal(text, "12345678", 8);
	free(text);
	fd_close(fd);
	unlink("f");
}

static void test_append(void **state)
{
	char *text = NULL;
	struct stat st;
	int fd;

	(void)state;
	write_file("log", "one");
	write_file("log", "two");
	assert_int_equal(file_open_append("log", false), -EEXIST);
	assert_int_equal(file_read("log", 100, &text, NULL), 0);
	assert_string_equal(text, "onetwo");
	free(text);
	assert_int_equal(stat("log", &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);

	/* A link that somebody laid there is not followed. */
	assert_int_equal(symlink("log", "link"), 0);
	assert_int_equal(file_open_append("link", true), -ELOOP);
	fd = open("/dev/full", O_WRONLY | O_CLOEXEC);
	assert_int_equal(file_write(fd, "x", 1), -ENOSPC);
	fd_close(fd);
	unlink("link");
	unlink("log");
}

static void test_memfd(void **state)
{
	int fd = file_memfd("abc", 3);
	char buf[8];

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(read(fd, buf, sizeof(buf)), 3);
	assert_memory_equal(buf, "abc", 3);
	fd_close(fd);
}

static void test_folders(void **state)
{
	const char *const names[] = { "b", "a", "missing" };
	unsigned int uid = 4711;
	bool is_dir = false;
	struct stat st;
	char **list;

	(void)state;
	assert_int_equal(file_mkdir("x/y//z"), 0);
	assert_int_equal(file_mkdir("x/y/z/"), 0);
	assert_int_equal(stat("x/y/z", &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	write_file("x/y/z/b", "");
	write_file("x/y/z/a", "");
	write_file("x/y/z/.hidden", "");
	assert_int_equal(file_mkdir("x/y/z/a"), -ENOTDIR);
	assert_int_equal(file_mkdir(""), -ENOENT);

	assert_int_equal(file_list("x/y/z", &list), 2);
	assert_string_equal(list[0], "a");
	assert_string_equal(list[1], "b");
	free(list[0]);
	free(list[1]);
	free(list);
	assert_int_equal(file_list("none", &list), -ENOENT);

	assert_int_equal(file_stat("x", &uid, &is_dir), 0);
	assert_int_equal(uid, geteuid());
	assert_true(is_dir);
	assert_int_equal(file_stat("none", &uid, &is_dir), -ENOENT);

	/* What was not named is somebody else's: it stays, and the folder with it. */
	assert_int_equal(file_remove_dir("x/y/z", names, 3), -ENOTEMPTY);
	assert_int_equal(access("x/y/z/a", F_OK), -1);
	unlink("x/y/z/.hidden");
	assert_int_equal(file_remove_dir("x/y/z", names, 3), 0);
	assert_int_equal(file_remove_dir("x/y/z", names, 3), -ENOENT);
	assert_int_equal(rmdir("x/y") | rmdir("x"), 0);
}

static void test_locks(void **state)
{
	uint64_t start;
	int fd, second;

	(void)state;
	assert_false(file_is_locked("lock"));
	fd = file_lock("lock", 0);
	assert_true(fd >= 0);
	assert_true(file_is_locked("lock"));
	assert_int_equal(file_lock("lock", 0), -EWOULDBLOCK);
	start = clock_us();
	assert_int_equal(file_lock("lock", 20000), -EWOULDBLOCK);
	assert_true(clock_us() - start >= 20000);

	/* A lock on a file that was removed keeps nobody out, and nobody gets one. */
	unlink("lock");
	assert_false(file_is_locked("lock"));
	second = file_lock("lock", 0);
	assert_true(second >= 0);
	fd_close(fd);
	assert_true(file_is_locked("lock"));
	fd_close(second);
	assert_false(file_is_locked("lock"));
	assert_int_equal(file_lock("none/lock", 0), -ENOENT);
	unlink("lock");
}

static void test_local_sockets(void **state)
{
	char long_path[200];
	unsigned int uid = 4711;
	int listener, fd, peer;
	struct stat st;

	(void)state;
	assert_int_equal(file_connect("sock", 1000000), -ENOENT);
	listener = file_listen("sock");
	assert_true(listener >= 0);
	assert_int_equal(stat("sock", &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(file_listen("sock"), -EADDRINUSE);
	assert_int_equal(file_accept(listener, &uid), -EAGAIN);

	fd = file_connect("sock", 1000000);
	peer = file_accept(listener, &uid);
	assert_true(fd >= 0 && peer >= 0);
	assert_int_equal(uid, getuid());
	assert_int_equal(fd_send(fd, "hi", 2, NULL, 0), 0);
	assert_int_equal(fd_recv(peer, long_path, sizeof(long_path), NULL, NULL), 2);
	fd_close(fd);
	fd_close(peer);
	fd_close(listener);
	assert_int_equal(file_connect("sock", 1000000), -ECONNREFUSED);
	unlink("sock");

	memset(long_path, 'x', sizeof(long_path));
	long_path[sizeof(long_path) - 1] = '\0';
	assert_int_equal(file_listen(long_path), -ENAMETOOLONG);
	assert_int_equal(file_connect(long_path, 1000000), -ENAMETOOLONG);
}

static void test_run_dir(void **state)
{
	struct folder *f = *state;
	char path[128], want[128];
	struct error err = { 0 };
	const char *name;

	assert_int_equal(setenv("XDG_RUNTIME_DIR", f->path, 1), 0);
	assert_int_equal(file_run_dir(false, path, sizeof(path), &err), 0);
	name = strrchr(path, '/') + 1;
	snprintf(want, sizeof(want), "%s/%s", f->path, name);
	assert_string_equal(path, want);
	assert_int_equal(file_run_dir(false, path, 10, &err), -ENAMETOOLONG);

	/* Open to others: they could lay anything there. */
	assert_int_equal(chmod(name, 0777), 0);
	assert_int_equal(file_run_dir(false, path, sizeof(path), &err), -EPERM);
	assert_int_equal(rmdir(name), 0);
	assert_int_equal(symlink(P_tmpdir, name), 0);
	assert_int_equal(file_run_dir(false, path, sizeof(path), &err), -EPERM);
	assert_int_equal(unlink(name), 0);
}

int main(void)
{
#define FOLDER_TEST(fn) cmocka_unit_test_setup_teardown(fn, make_folder, end_folder)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_messages_carry_descriptors),
		cmocka_unit_test(test_close_keeps_errno),
		cmocka_unit_test(test_closer_closes_all),
		FOLDER_TEST(test_read),
		FOLDER_TEST(test_append),
		cmocka_unit_test(test_memfd),
		FOLDER_TEST(test_folders),
		FOLDER_TEST(test_locks),
		FOLDER_TEST(test_local_sockets),
		FOLDER_TEST(test_run_dir),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
