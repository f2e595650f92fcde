/* SPDX-License-Identifier: MIT */
#include <cap-ng.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sys/clock.h"
#include "sys/fd.h"
#include "sys/proc.h"
#include "sys/syscall.h"

#define USEC_PER_MSEC 1000u

bool proc_is_privileged(void)
{
	/* Ourselves: the library remembers a number, which is another's after proc_clone_lab(). */
	capng_setpid(0);
	return capng_get_caps_process() == 0 &&
	       capng_have_capability(CAPNG_EFFECTIVE, CAP_SYS_ADMIN) &&
	       capng_have_capability(CAPNG_EFFECTIVE, CAP_NET_ADMIN);
}

/* nohup(1) means it, and so does a shell that starts a job in the background. */
static bool is_ignored_on_purpose(int sig)
{
	struct sigaction now;

	return (sig == SIGHUP || sig == SIGINT || sig == SIGQUIT) &&
	       sigaction(sig, NULL, &now) == 0 && now.sa_handler == SIG_IGN;
}

static void reset_signals(void)
{
	struct sigaction dfl = { .sa_handler = SIG_DFL };

	/* SIGKILL, SIGSTOP and those of the C library refuse: they need no reset. */
	for (int sig = 1; sig < NSIG; sig++)
		if (!is_ignored_on_purpose(sig))
			sigaction(sig, &dfl, NULL);
}

pid_t proc_fork(void)
{
	sigset_t all, before, none;
	pid_t pid;

	/* Held back, so that no handler of the parent's runs in the child. */
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);
	pid = fork();
	if (pid == 0) {
		reset_signals();
		sigemptyset(&none);
		sigprocmask(SIG_SETMASK, &none, NULL);
		return 0;
	}
	if (pid < 0)
		pid = -errno;
	sigprocmask(SIG_SETMASK, &before, NULL);

	return pid;
}

pid_t proc_fork_piped(int *ret_fd)
{
	cleanup_fd int from = -1, to = -1;
	int fd[2];
	pid_t pid;

	if (pipe2(fd, O_CLOEXEC) < 0)
		return -errno;
	from = fd[0];
	to = fd[1];
	pid = proc_fork();
	if (pid >= 0)
		*ret_fd = pid == 0 ? TAKE_FD(to) : TAKE_FD(from);
	return pid;
}

bool proc_reap(pid_t pid, bool end)
{
	int status;

	if (end)
		kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return false;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

int proc_daemonize(struct error *err)
{
	cleanup_fd int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	sigset_t none;

	if (null < 0)
		return error_set(err, -errno, "/dev/null: %s", strerror(errno));
	if (setsid() < 0)
		return error_set(err, -errno, "new session: %s", strerror(errno));

	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		if (dup2(null, fd) < 0)
			return error_set(err, -errno, "standard streams: %s", strerror(errno));
	}
	/* They were closed before, and /dev/null got one of their numbers: that one stays. */
	if (null <= STDERR_FILENO) {
		fcntl(null, F_SETFD, 0);
		null = -1;
	}
	/* No folder is kept busy, and no signal held back because the caller's caller did so. */
	if (chdir("/") < 0)
		return error_set(err, -errno, "/: %s", strerror(errno));
	reset_signals();
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	umask(077);

	return 0;
}

int proc_wait_pidfd(int pidfd, uint64_t timeout_us)
{
	uint64_t start = clock_us();

	for (;;) {
		struct pollfd p = { .fd = pidfd, .events = POLLIN };
		uint64_t spent = min_u64(clock_us() - start, timeout_us);
		uint64_t left_ms = (timeout_us - spent) / USEC_PER_MSEC +
				   ((timeout_us - spent) % USEC_PER_MSEC != 0);
		int n = poll(&p, 1, (int)min_u64(left_ms, INT32_MAX));

		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0)
			return p.revents & POLLNVAL ? -EBADF : 0;
		if (left_ms == 0)
			return -ETIMEDOUT;
	}
}

int proc_kill_pidfd(int pidfd, int sig)
{
	return syscall_pidfd_send_signal(pidfd, sig) < 0 ? -errno : 0;
}

int proc_visible_pid(void)
{
	char text[16];
	ssize_t len = readlink("/proc/self", text, sizeof(text) - 1);

	if (len < 0)
		return -errno;
	text[len] = '\0';
	return atoi(text);
}

/* Pages of a program or library that nobody writes to: they come back from the file when needed. */
static int drop_clean(struct dl_phdr_info *info, size_t size, void *arg)
{
	uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);

	/* The kernel's own page is none of a file's. */
	if (strstr(info->dlpi_name, "vdso"))
		return 0;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *h = &info->dlpi_phdr[i];
		uintptr_t from = (info->dlpi_addr + h->p_vaddr) & ~(page - 1);

		if (h->p_type == PT_LOAD && !(h->p_flags & PF_W))
			madvise((void *)from, info->dlpi_addr + h->p_vaddr + h->p_memsz - from,
				MADV_DONTNEED);
	}
	return 0;
}

void proc_trim_memory(void)
{
#ifdef __GLIBC__
	malloc_trim(0);
#endif
	dl_iterate_phdr(drop_clean, NULL);
}
