/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "sys/crew.h"
#include "sys/fd.h"

union fd_control {
	struct cmsghdr align;
	char bytes[CMSG_SPACE(FD_PASS_MAX * sizeof(int))];
};

int fd_close(int fd)
{
	int saved = errno;

	if (fd >= 0)
		close(fd);
	errno = saved;
	return -1;
}

int fd_send(int sock, const void *data, size_t len, const int *fds, size_t n_fds)
{
	struct iovec iov = { .iov_base = (void *)data, .iov_len = len };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	union fd_control control = { 0 };

	if (n_fds > FD_PASS_MAX)
		return -EINVAL;

	if (n_fds > 0) {
		struct cmsghdr *c = &control.align;

		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(n_fds * sizeof(int));
		memcpy(CMSG_DATA(c), fds, n_fds * sizeof(int));
		msg.msg_control = control.bytes;
		msg.msg_controllen = CMSG_SPACE(n_fds * sizeof(int));
	}

	for (;;) {
		if (sendmsg(sock, &msg, MSG_NOSIGNAL) >= 0)
			return 0;
		if (errno != EINTR)
			return -errno;
	}
}

/* Takes over the descriptors that came with @msg: at most FD_PASS_MAX fit its buffer. */
static size_t take_fds(struct msghdr *msg, int fds[static FD_PASS_MAX])
{
	size_t n = 0;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(msg); c; c = CMSG_NXTHDR(msg, c)) {
		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		n = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		memcpy(fds, CMSG_DATA(c), n * sizeof(int));
	}

	return n;
}

static void close_all(const int *fds, size_t n)
{
	for (size_t i = 0; i < n; i++)
		fd_close(fds[i]);
}

int fd_recv(int sock, void *data, size_t size, int *ret_fds, size_t *ret_n_fds)
{
	struct iovec iov = { .iov_base = data, .iov_len = size };
	union fd_control control;
	struct msghdr msg = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = sizeof(control.bytes),
	};
	int fds[FD_PASS_MAX];
	size_t n_fds;
	ssize_t len;

	do {
		len = recvmsg(sock, &msg, MSG_CMSG_CLOEXEC);
	} while (len < 0 && errno == EINTR);
	if (len < 0)
		return -errno;

	n_fds = take_fds(&msg, fds);
	if (msg.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) {
		close_all(fds, n_fds);
		return -EMSGSIZE;
	}

	if (ret_fds)
		memcpy(ret_fds, fds, n_fds * sizeof(int));
	else
		close_all(fds, n_fds);
	if (ret_n_fds)
		*ret_n_fds = ret_fds ? n_fds : 0;

	return (int)len;
}

int fd_socketpair(int ret[static 2])
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return -errno;

	ret[0] = pair[0];
	ret[1] = pair[1];
	return 0;
}

int fd_fill_standard(void)
{
	for (;;) {
		int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

		if (fd < 0)
			return -errno;
		if (fd > STDERR_FILENO) {
			fd_close(fd);
			return 0;
		}
		fcntl(fd, F_SETFD, 0);
	}
}

int fd_set_nonblocking(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	return flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0 ? -errno : 0;
}

int fd_set_send_patience(int sock, uint64_t us)
{
	struct timeval tv = { .tv_sec = (time_t)(us / 1000000),
			      .tv_usec = (suseconds_t)(us % 1000000) };

	return setsockopt(sock, SOL_SOCKET, SO_SNDTIMEO, &tv, sizeof(tv)) < 0 ? -errno : 0;
}

int fd_raise_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		return -errno;

	limit.rlim_cur = limit.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &limit) < 0)
		return -errno;

	return 0;
}

static void close_one(void *arg, size_t i)
{
	fd_close(((const int *)arg)[i]);
}

void fd_closer_run(const int *fds, size_t n)
{
	crew_run(CREW_MAX, n, close_one, (void *)fds);
}

bool fd_is_closed(int sock)
{
	char byte;
	ssize_t n = recv(sock, &byte, sizeof(byte), MSG_PEEK | MSG_DONTWAIT);

	return n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR);
}

static int wait_for(int fd, short events, uint64_t timeout_us)
{
	struct pollfd p = { .fd = fd, .events = events };
	int r = poll(&p, 1, (int)min_u64((timeout_us + 999) / 1000, 60000));

	return r < 0 ? -errno : r;
}

int fd_wait_readable(int fd, uint64_t timeout_us)
{
	return wait_for(fd, POLLIN, timeout_us);
}

int fd_wait_ready(int fd, uint64_t timeout_us)
{
	return wait_for(fd, POLLIN | POLLOUT, timeout_us);
}

bool fd_is_locked(int fd)
{
	if (flock(fd, LOCK_SH | LOCK_NB) < 0)
		return errno == EWOULDBLOCK;
	flock(fd, LOCK_UN);
	return false;
}

static int compare_fds(const void *a, const void *b)
{
	int x = *(const int *)a, y = *(const int *)b;

	return (x > y) - (x < y);
}

int fd_close_all_but(const int *keep, size_t n)
{
	cleanup_free int *sorted = calloc(n + 1, sizeof(*sorted));
	int from = 3;

	if (!sorted)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++)
		sorted[i] = keep[i];
	qsort(sorted, n, sizeof(*sorted), compare_fds);

	for (size_t i = 0; i < n; i++) {
		if (sorted[i] < from)
			continue;
		if (sorted[i] > from &&
		    close_range((unsigned int)from, (unsigned int)sorted[i] - 1, 0) < 0)
			return -errno;
		from = sorted[i] + 1;
	}
	return close_range((unsigned int)from, ~0u, 0) < 0 ? -errno : 0;
}
