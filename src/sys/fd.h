/* SPDX-License-Identifier: MIT */
/* fd.h - descriptors that close themselves, and messages that carry descriptors. */
#ifndef SYS_FD_H
#define SYS_FD_H

#include "base/util.h"

/* Closes if it is one (>= 0); keeps errno. Returns -1, so that fd = fd_close(fd) works. */
int fd_close(int fd);

static inline void cleanup_fdp(int *fd)
{
	fd_close(*fd);
}

#define cleanup_fd CLEANUP(cleanup_fdp)

/* Hands the descriptor over to the caller: yields its value and leaves -1 behind. */
#define TAKE_FD(fd)                    \
	({                             \
		int take_ = (fd);      \
		(fd) = -1;             \
		take_;                 \
	})

#define FD_PASS_MAX 8

/**
 * fd_send() - one message over a SOCK_SEQPACKET socket, with descriptors
 * @fds: @n_fds of them, at most FD_PASS_MAX; they stay the caller's
 *
 * Return: 0 or -errno (-EPIPE: nobody is there; no signal is raised)
 */
int fd_send(int sock, const void *data, size_t len, const int *fds, size_t n_fds);

/**
 * fd_recv() - one message, with its descriptors (close-on-exec)
 * @ret_fds: FD_PASS_MAX places, now the caller's to close; NULL: none wanted, they are closed
 * @ret_n_fds: how many came
 *
 * Return: bytes, 0 at the end of the stream, -errno (-EMSGSIZE: longer than @size)
 */
int fd_recv(int sock, void *data, size_t size, int *ret_fds, size_t *ret_n_fds);

/* A connected pair of SOCK_SEQPACKET sockets, close-on-exec. 0 or -errno. */
int fd_socketpair(int ret[static 2]);

/* Has the other end of a socket been closed, with nothing left to read? */
bool fd_is_closed(int sock);

/* Waits until there is something to read: 1, 0 at the end of @timeout_us, -errno (-EINTR). */
int fd_wait_readable(int fd, uint64_t timeout_us);

/* Waits until something can be read or written, for @timeout_us at most. 1, 0, -errno (-EINTR). */
int fd_wait_ready(int fd, uint64_t timeout_us);

/* Does somebody else hold a flock on the file that @fd has open? */
bool fd_is_locked(int fd);

/* Closes every descriptor from 3 on but those in @keep (@n of them, -1s are fine). 0 or -errno. */
int fd_close_all_but(const int *keep, size_t n);

/*
 * Puts /dev/null where a standard stream was closed: else the next file that is
 * opened would be taken for it. Writing to it fails all the same (-EBADF). 0 or -errno.
 */
int fd_fill_standard(void);

/* From now on, what would wait on @fd answers -EAGAIN instead. 0 or -errno. */
int fd_set_nonblocking(int fd);

/* From now on, a send that waits longer ends with -EAGAIN. 0 or -errno. */
int fd_set_send_patience(int sock, uint64_t us);

/* Raises the soft limit of descriptors to the hard one. 0 or -errno. */
int fd_raise_limit(void);

/**
 * fd_closer_run() - close descriptors whose close() takes long, side by side
 * @fds: packet sockets: each close waits 10 to 17 ms for a grace period that
 *	all of them can share. Returns when all are closed; -1s are skipped.
 * @n: up to 64 threads are used for them
 */
void fd_closer_run(const int *fds, size_t n);

#endif
