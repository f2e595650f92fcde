/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>

#include "sys/fd.h"
#include "sys/file.h"
#include "sys/syscall.h"

#define BACKLOG 16

static int set_path(const char *path, struct sockaddr_un *ret)
{
	size_t len = strlen(path);

	if (len >= sizeof(ret->sun_path))
		return -ENAMETOOLONG;

	*ret = (struct sockaddr_un){ .sun_family = AF_UNIX };
	memcpy(ret->sun_path, path, len + 1);
	return 0;
}

int file_listen(const char *path)
{
	cleanup_fd int fd = -1;
	struct sockaddr_un addr;
	int r;

	r = set_path(path, &addr);
	if (r < 0)
		return r;

	fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;

	/* bind() gives the file the socket's mode: it is never open to others, not even briefly. */
	if (fchmod(fd, 0600) < 0)
		return -errno;
	if (bind(fd, (struct sockaddr *)&addr, sizeof(addr)) < 0)
		return -errno;
	if (listen(fd, BACKLOG) < 0)
		return -errno;

	return TAKE_FD(fd);
}

int file_accept(int listener, unsigned int *ret_uid)
{
	cleanup_fd int fd = -1;
	struct ucred peer;
	socklen_t len = sizeof(peer);

	do {
		fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	} while (fd < 0 && errno == EINTR);
	if (fd < 0)
		return -errno;

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) < 0)
		return -errno;

	if (ret_uid)
		*ret_uid = peer.uid;
	return TAKE_FD(fd);
}

/* Both ways, connect() included. */
static int set_patience(int fd, uint64_t us)
{
	struct timeval tv = { .tv_sec = (time_t)(us / 1000000),
			      .tv_usec = (suseconds_t)(us % 1000000) };

	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv)) < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &tv, sizeof(tv)) < 0)
		return -errno;
	return 0;
}

int file_connect(const char *path, uint64_t patience_us)
{
	cleanup_fd int fd = -1;
	struct sockaddr_un addr;
	int r;

	r = set_path(path, &addr);
	if (r < 0)
		return r;

	fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	r = set_patience(fd, patience_us);
	if (r < 0)
		return r;
	if (connect(fd, (struct sockaddr *)&addr, sizeof(addr)) < 0)
		return -errno;

	return TAKE_FD(fd);
}

int file_peer_pidfd(int fd)
{
	struct ucred peer;
	socklen_t len = sizeof(peer);
	int pidfd;

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) < 0)
		return -errno;
	pidfd = syscall_pidfd_open(peer.pid);
	return pidfd < 0 ? -errno : pidfd;
}
