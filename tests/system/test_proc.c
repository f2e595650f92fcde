/* SPDX-License-Identifier: MIT */
/* Processes: a lab's namespaces, a node's files, commands in a node, the sandbox. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "private.h"
#include "sys/clock.h"
#include "sys/fd.h"
#include "sys/file.h"
#include "sys/netns.h"
#include "sys/packet.h"
#include "sys/proc.h"

#define SECOND_US 1000000u

/* In a child a failed check is its exit status: the number of the line. */
#define CHECK(condition)                          \
	do {                                      \
		if (!(condition))                 \
			_exit(__LINE__ % 255);    \
	} while (0)

/* Exit status of @fn in a child, or 128 + the signal that ended it. */
static int run_in_child(void (*fn)(void))
{
	pid_t pid = proc_fork();
	int status;

	if (pid == 0) {
		fn();
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static void test_privilege(void **state)
{
	(void)state;
	assert_true(proc_is_privileged());
}

static volatile sig_atomic_t handled;

static void on_signal(int sig)
{
	handled = sig;
}

static void test_fork_resets_signals(void **state)
{
	struct sigaction handler = { .sa_handler = on_signal }, now, before;
	sigset_t usr1, mask;
	int status;
	pid_t pid;

	(void)state;
	sigemptyset(&usr1);
	sigaddset(&usr1, SIGUSR1);
	sigprocmask(SIG_BLOCK, &usr1, NULL);
	sigaction(SIGTERM, &handler, &before);
	pid = proc_fork();
	if (pid == 0) {
		CHECK(sigaction(SIGTERM, NULL, &now) == 0 && now.sa_handler == SIG_DFL);
		CHECK(sigprocmask(SIG_BLOCK, NULL, &mask) == 0 && !sigismember(&mask, SIGUSR1));
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	sigprocmask(SIG_BLOCK, NULL, &mask);
	assert_true(sigismember(&mask, SIGUSR1));
	sigprocmask(SIG_UNBLOCK, &usr1, NULL);
	sigaction(SIGTERM, &before, NULL);
}

static void daemonize(void)
{
	struct stat null, out;

	CHECK(proc_daemonize(NULL) == 0);
	CHECK(getsid(0) == getpid());
	CHECK(stat("/dev/null", &null) == 0 && fstat(STDOUT_FILENO, &out) == 0);
	CHECK(null.st_rdev == out.st_rdev && S_ISCHR(out.st_mode));
	CHECK(umask(0) == 077);
}

static void daemonize_without_streams(void)
{
	close(STDIN_FILENO);
	close(STDOUT_FILENO);
	close(STDERR_FILENO);
	CHECK(proc_daemonize(NULL) == 0);
	for (int fd = 0; fd <= 2; fd++)
		CHECK(fcntl(fd, F_GETFD) == 0);
}

static void test_daemonize(void **state)
{
	(void)state;
	assert_int_equal(run_in_child(daemonize), 0);
	assert_int_equal(run_in_child(daemonize_without_streams), 0);
}

static void be_pid_one(bool rootless)
{
	struct error err = { 0 };
	struct stat st;
	int home, ns;

	CHECK(getpid() == 1);
	CHECK(geteuid() == 0 && proc_is_privileged());
	if (rootless) {
		CHECK(proc_mount_private(&err) == 0);
		CHECK(stat("/proc/1/ns", &st) == 0);
	}
	home = netns_open_self();
	ns = netns_create(home, &err);
	CHECK(ns >= 0);
	if (rootless)
		CHECK(netns_pin("inside", ns, &err) == 0);
	_exit(7);
}

static void test_clone_lab(void **state)
{
	(void)state;
	for (int rootless = 0; rootless < 2; rootless++) {
		struct error err = { 0 };
		int pidfd = -1, status, r;
		pid_t pid = 0;

		r = proc_clone_lab(rootless, &pid, &pidfd, &err);
		if (r < 0)
			fail_msg("%s", err.text);
		if (r == 0)
			be_pid_one(rootless);
		assert_int_equal(r, 1);
		assert_int_equal(proc_wait_pidfd(pidfd, 5 * SECOND_US), 0);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), 7);
		fd_close(pidfd);
		assert_int_equal(access(NETNS_DIR "/inside", F_OK), -1);
	}
}

/* Sets the limit of this test's own user namespace. */
static void set_limit(const char *path, const char *value)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	CHECK(file_write(fd, value, strlen(value)) == 0);
	close(fd);
}

static void clone_without_user_namespaces(void)
{
	struct error err = { 0 };
	int pidfd;
	pid_t pid;

	set_limit("/proc/sys/user/max_user_namespaces", "0");
	CHECK(proc_clone_lab(true, &pid, &pidfd, &err) == -ENOSPC);
	CHECK(strstr(err.text, "clone: No space left on device"));
	CHECK(strstr(err.text, "user.max_user_namespaces=0"));
	CHECK(strstr(proc_lab_mend(err.code, true), "sysctl -w user.max_user_namespaces=15000"));
	set_limit("/proc/sys/user/max_user_namespaces", "100");
}

static void test_clone_lab_names_the_reason(void **state)
{
	(void)state;
	assert_int_equal(run_in_child(clone_without_user_namespaces), 0);
}

static void test_pidfd(void **state)
{
	struct error err = { 0 };
	int pidfd, status;
	pid_t pid;

	(void)state;
	if (proc_clone_lab(false, &pid, &pidfd, &err) == 0) {
		for (;;)
			pause();
	}
	assert_int_equal(proc_wait_pidfd(pidfd, 0), -ETIMEDOUT);
	assert_int_equal(proc_wait_pidfd(pidfd, 2000), -ETIMEDOUT);
	assert_int_equal(proc_kill_pidfd(pidfd, SIGKILL), 0);
	assert_int_equal(proc_wait_pidfd(pidfd, 5 * SECOND_US), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(proc_kill_pidfd(pidfd, SIGKILL), -ESRCH);
	fd_close(pidfd);
}

/* Exit status of a shell script in a node, and what it wrote, with its last newline cut off. */
static int run_in_node(const struct proc_ns *ns, const char *script, char *ret_out, size_t size)
{
	char *const argv[] = { (char *)"sh", (char *)"-c", (char *)script, NULL };
	const char *const env[] = { "NODE=alpha", NULL };
	int out[2], status;
	ssize_t n;
	pid_t pid;

	assert_int_equal(pipe2(out, O_CLOEXEC), 0);
	pid = proc_fork();
	if (pid == 0) {
		struct error err = { 0 };

		dup2(out[1], STDOUT_FILENO);
		status = proc_exec_in(ns, argv, env, &err);
		if (err.code)
			dprintf(STDOUT_FILENO, "%s\n", err.text);
		_exit(status);
	}
	close(out[1]);
	n = read(out[0], ret_out, size - 1);
	ret_out[n > 0 ? n - 1 : 0] = '\0';
	close(out[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WEXITSTATUS(status);
}

static void test_node_has_files_of_its_own(void **state)
{
	static const struct {
		const char *script, *want;
	} cases[] = {
		{ "hostname", "alpha" },
		{ "cat /etc/hostname", "alpha" },
		{ "grep -c alpha /etc/hosts", "1" },
		{ "cat /etc/resolv.conf | wc -c", "0" },
		/* as resolvconf and dhclient-script do it */
		{ "echo x >/etc/r && mv /etc/r /etc/resolv.conf && cat /etc/resolv.conf", "x" },
		{ "touch /etc/systemd/mine /var/lib/dhcp/mine /run/mine && echo ok", "ok" },
		{ "wc -c </etc/machine-id", "33" },
		{ "ls /sys/class/net", "lo" },
		{ "touch /sys/x 2>/dev/null || echo read-only", "read-only" },
		{ "ls /run/netns", "pinned" },
		{ "readlink /var/run", "/run" },
		{ "echo $NODE", "alpha" },
		{ "grep root: /etc/passwd | cut -d: -f1", "root" },
		{ "case $PATH in *:/sbin) echo yes; esac", "yes" },
	};
	struct error err = { 0 };
	struct proc_ns ns = { .user = -1, .pid = -1 };
	int home = netns_open_self(), etc = -1;
	struct stat before, after;
	char out[256];

	(void)state;
	assert_int_equal(stat("/etc/resolv.conf", &before), 0);
	ns.net = netns_create(home, &err);
	assert_int_equal(netns_dir_prepare(&err), 0);
	assert_int_equal(netns_pin("pinned", ns.net, &err), 0);
	if (proc_make_node_ns(ns.net, "alpha", &ns.mnt, &ns.uts, &etc, &err) < 0)
		fail_msg("%s", err.text);

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		int status = run_in_node(&ns, cases[i].script, out, sizeof(out));

		if (status != 0 || strcmp(out, cases[i].want) != 0)
			fail_msg("%s: %d: \"%s\"", cases[i].script, status, out);
	}

	/* From outside, even where a program in the node has made a link of it. */
	assert_int_equal(run_in_node(&ns, "ln -sf /etc/passwd /etc/resolv.conf", out, sizeof(out)), 0);
	assert_int_equal(file_replace_at(etc, "resolv.conf", "search a.b\n", 11), 0);
	assert_int_equal(run_in_node(&ns, "test ! -L /etc/resolv.conf && cat /etc/resolv.conf", out,
				     sizeof(out)), 0);
	assert_string_equal(out, "search a.b");

	assert_int_equal(stat("/etc/resolv.conf", &after), 0);
	assert_int_equal(before.st_ino, after.st_ino);
	assert_int_equal(access("/run/mine", F_OK), -1);
	assert_int_equal(netns_unpin("pinned", NULL, &err), 0);
	fd_close(ns.mnt);
	fd_close(ns.uts);
	fd_close(etc);
	fd_close(ns.net);
	fd_close(home);
}

static void test_node_without_a_network_namespace_fails(void **state)
{
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC), mnt = -1, uts = -1, etc = -1;
	struct error err = { 0 };

	(void)state;
	assert_int_equal(proc_make_node_ns(null, "alpha", &mnt, &uts, &etc, &err), -EINVAL);
	assert_int_equal(mnt, -1);
	assert_non_null(strstr(err.text, "alpha"));
	fd_close(null);
}

static void test_exit_statuses(void **state)
{
	const struct proc_ns here = { -1, -1, -1, -1, -1 };
	const struct proc_ns wrong = { -1, -1, STDIN_FILENO, -1, -1 };
	char out[256];

	(void)state;
	assert_int_equal(run_in_node(&here, "exit 7", out, sizeof(out)), 7);
	assert_int_equal(run_in_node(&here, "kill -TERM $$", out, sizeof(out)), 128 + SIGTERM);
	/* Passed on to the command by who waits for it: that is the shell's parent. */
	assert_int_equal(run_in_node(&here, "kill -TERM $PPID; exec sleep 5", out, sizeof(out)),
			 128 + SIGTERM);
	assert_int_equal(run_in_node(&wrong, "true", out, sizeof(out)), 125);
	assert_non_null(strstr(out, "network namespace"));
}

static int exec_status(const char *program, struct error *err)
{
	const struct proc_ns here = { -1, -1, -1, -1, -1 };
	char *const argv[] = { (char *)program, NULL };

	return proc_exec_in(&here, argv, NULL, err);
}

static void test_commands_that_do_not_run(void **state)
{
	struct error err = { 0 };

	(void)state;
	/* A folder that may not be searched would make it 126, as env(1) has it. */
	assert_int_equal(setenv("PATH", "/usr/bin:/bin", 1), 0);
	assert_int_equal(exec_status("no-such-program", &err), 127);
	assert_string_equal(err.text, "no-such-program: No such file or directory");
	assert_int_equal(exec_status("/etc/passwd", &err), 126);
	assert_int_equal(err.code, -EACCES);
}

static void pretend(void)
{
	CHECK(setuid(4711) < 0);
	CHECK(proc_pretend_ids(NULL) == 0);
	CHECK(setuid(4711) == 0 && geteuid() == 0);
	CHECK(chown("/proc", 4711, 4711) == 0);
}

static void test_pretended_ids(void **state)
{
	(void)state;
	assert_int_equal(run_in_child(pretend), 0);
}

static void *write_one(void *arg)
{
	return arg;
}

/* What an agent does all day. */
static void work_in_sandbox(void)
{
	int pair[2], fds[20], loop = epoll_create1(EPOLL_CLOEXEC);
	struct epoll_event event = { .events = EPOLLIN };
	char buf[8];

	CHECK(fd_socketpair(pair) == 0);
	for (size_t i = 0; i < ARRAY_SIZE(fds); i++)
		fds[i] = open("/dev/null", O_RDONLY | O_CLOEXEC);
	CHECK(proc_sandbox(NULL) == 0);
	CHECK(epoll_ctl(loop, EPOLL_CTL_ADD, pair[1], &event) == 0);
	CHECK(fd_send(pair[0], "x", 1, fds, 1) == 0);
	CHECK(epoll_wait(loop, &event, 1, 1000) == 1);
	CHECK(fd_recv(pair[1], buf, sizeof(buf), NULL, NULL) == 1);
	CHECK(clock_us() > 0 && clock_random_seed() != clock_random_seed());
	CHECK(udp_set_sink(pair[0], true) == 0 && udp_set_sink(pair[0], false) == 0);
	for (size_t i = 1; i < 100; i++)
		free(write_one(malloc(i * 10000)));
	fd_closer_run(fds, ARRAY_SIZE(fds));
	CHECK(fcntl(fds[0], F_GETFD) < 0);
	/* exit() and not _exit(): the leak check of a sanitized build runs there. */
	exit(0);
}

static void try_what_is_refused(void)
{
	struct error err = { 0 };
	int home = netns_open_self();

	CHECK(proc_sandbox(&err) == 0);
	CHECK(!proc_is_privileged());
	CHECK(socket(AF_PACKET, SOCK_RAW, 0) < 0);
	CHECK(socket(AF_INET, SOCK_DGRAM, 0) < 0);
	CHECK(open("/etc/passwd", O_RDONLY) < 0);
	CHECK(open("/proc/self/mem", O_RDWR) < 0);
	CHECK(setns(home, CLONE_NEWNET) < 0);
	CHECK(unshare(CLONE_NEWUSER) < 0);
	CHECK(fork() < 0);
	CHECK(kill(getpid(), 0) < 0);
	CHECK(mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) ==
	      MAP_FAILED);
}

static void execute_in_sandbox(void)
{
	char *const argv[] = { (char *)"true", NULL };

	CHECK(proc_sandbox(NULL) == 0);
	execv("/bin/true", argv);
}

static void test_sandbox(void **state)
{
	(void)state;
	assert_int_equal(run_in_child(work_in_sandbox), 0);
	assert_int_equal(run_in_child(try_what_is_refused), 0);
	assert_int_equal(run_in_child(execute_in_sandbox), 128 + SIGSYS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_privilege),
		cmocka_unit_test(test_fork_resets_signals),
		cmocka_unit_test(test_daemonize),
		cmocka_unit_test(test_clone_lab),
		cmocka_unit_test(test_clone_lab_names_the_reason),
		cmocka_unit_test(test_pidfd),
		cmocka_unit_test(test_node_has_files_of_its_own),
		cmocka_unit_test(test_node_without_a_network_namespace_fails),
		cmocka_unit_test(test_exit_statuses),
		cmocka_unit_test(test_commands_that_do_not_run),
		cmocka_unit_test(test_pretended_ids),
		cmocka_unit_test(test_sandbox),
	};

	private_enter();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
