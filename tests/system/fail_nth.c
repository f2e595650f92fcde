/* SPDX-License-Identifier: MIT */
/*
 * fail_nth.c - preloaded into netlab, it makes the n-th call of one function
 * fail, counted over all its processes.
 *
 * FAIL_CALL: the function; FAIL_NTH: which call of it, from 1 (0: none, they
 * are only counted); FAIL_ERRNO: with what; FAIL_COUNTER: a file of eight
 * bytes, which holds the count.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *call;
static uint64_t nth;
static int with;
static _Atomic uint64_t *counter;

/* Before anything else runs; what is forked later shares the page. */
__attribute__((constructor)) static void begin(void)
{
	const char *path = getenv("FAIL_COUNTER");
	int (*next)(const char *, int, ...) =
		(int (*)(const char *, int, ...))dlsym(RTLD_NEXT, "open");
	int fd = path ? next(path, O_RDWR | O_CLOEXEC) : -1;
	void *page;

	if (fd < 0)
		return;
	page = mmap(NULL, sizeof(*counter), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	if (page == MAP_FAILED)
		return;
	nth = strtoull(getenv("FAIL_NTH"), NULL, 10);
	with = atoi(getenv("FAIL_ERRNO"));
	call = getenv("FAIL_CALL");
	counter = page;
}

static bool fails(const char *name)
{
	if (!counter || strcmp(name, call) != 0)
		return false;
	if (atomic_fetch_add(counter, 1) + 1 != nth)
		return false;
	errno = with;
	return true;
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
#define WRAP(type, name, params, ...)                   \
	type name params                                \
	{                                               \
		if (fails(#name))                       \
			return (type)-1;                \
		return NEXT(name)(__VA_ARGS__);         \
	}

WRAP(int, socket, (int domain, int type, int protocol), domain, type, protocol)
WRAP(int, socketpair, (int domain, int type, int protocol, int fds[2]), domain, type, protocol, fds)
WRAP(int, listen, (int fd, int n), fd, n)
WRAP(int, getsockopt, (int fd, int level, int name, void *value, socklen_t *len), fd, level, name,
     value, len)
WRAP(int, setsockopt, (int fd, int level, int name, const void *value, socklen_t len), fd, level,
     name, value, len)
WRAP(ssize_t, recvmsg, (int fd, struct msghdr *msg, int flags), fd, msg, flags)
WRAP(ssize_t, sendmsg, (int fd, const struct msghdr *msg, int flags), fd, msg, flags)
WRAP(int, mount, (const char *source, const char *target, const char *type, unsigned long flags,
		  const void *data), source, target, type, flags, data)
WRAP(int, umount2, (const char *target, int flags), target, flags)
WRAP(int, setns, (int fd, int type), fd, type)
WRAP(int, unshare, (int flags), flags)
WRAP(int, mkdir, (const char *path, mode_t mode), path, mode)
WRAP(int, unlink, (const char *path), path)
WRAP(int, unlinkat, (int dir, const char *path, int flags), dir, path, flags)
WRAP(int, fchmod, (int fd, mode_t mode), fd, mode)
WRAP(int, chmod, (const char *path, mode_t mode), path, mode)
WRAP(pid_t, fork, (void))
WRAP(int, memfd_create, (const char *name, unsigned int flags), name, flags)
WRAP(ssize_t, write, (int fd, const void *data, size_t len), fd, data, len)
WRAP(int, flock, (int fd, int how), fd, how)

#define WRAP_SOCKET(name, constness)                                            \
	int name(int fd, constness struct sockaddr *addr, socklen_t len)        \
	{                                                                       \
		if (fails(#name))                                               \
			return -1;                                              \
		return NEXT(name)(fd, addr, len);                               \
	}
WRAP_SOCKET(bind, const)
WRAP_SOCKET(connect, const)

int open(const char *path, int flags, ...)
{
	va_list args;
	mode_t mode;

	va_start(args, flags);
	mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(args, mode_t) : 0;
	va_end(args);
	return fails("open") ? -1 : NEXT(open)(path, flags, mode);
}

int openat(int dir, const char *path, int flags, ...)
{
	va_list args;
	mode_t mode;

	va_start(args, flags);
	mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(args, mode_t) : 0;
	va_end(args);
	return fails("openat") ? -1 : NEXT(openat)(dir, path, flags, mode);
}

/* With the sanitizers' own allocator in front, only calls of netlab's own pass here. */
void *calloc(size_t n, size_t size)
{
	static void *(*next)(size_t, size_t);
	static char early[4096];
	static size_t used;

	if (!next) {
		static bool asking;

		/* dlsym() itself may want some. */
		if (asking) {
			void *p = early + used;

			used += (n * size + 15) & ~(size_t)15;
			return used <= sizeof(early) ? p : NULL;
		}
		asking = true;
		next = (void *(*)(size_t, size_t))dlsym(RTLD_NEXT, "calloc");
	}
	return fails("calloc") ? NULL : next(n, size);
}
