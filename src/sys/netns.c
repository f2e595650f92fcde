/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/nsfs.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "sys/crew.h"
#include "sys/fd.h"
#include "sys/netns.h"

#define SELF_NS "/proc/thread-self/ns/net"
#define NAME_MAX_LEN 255
#define PIN_PATH_LEN (sizeof(NETNS_DIR "/") + NAME_MAX_LEN)
#define UNPIN_THREADS 8
#define FD_PATH_LEN 32

int netns_open_self(void)
{
	int fd = open(SELF_NS, O_RDONLY | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

bool netns_is_name(const char *name)
{
	size_t len = strlen(name);

	return len >= 1 && len <= NAME_MAX_LEN && !strchr(name, '/') && strcmp(name, ".") != 0 &&
	       strcmp(name, "..") != 0;
}

static void pin_path(const char *name, char ret[static PIN_PATH_LEN])
{
	snprintf(ret, PIN_PATH_LEN, NETNS_DIR "/%s", name);
}

/* A network namespace, and not another file or a namespace of another kind? */
static bool is_netns(int fd)
{
	struct statfs fs;

	return fstatfs(fd, &fs) == 0 && fs.f_type == NSFS_MAGIC &&
	       ioctl(fd, NS_GET_NSTYPE) == CLONE_NEWNET;
}

int netns_open_name(const char *name)
{
	char path[PIN_PATH_LEN];
	cleanup_fd int fd = -1;

	if (!netns_is_name(name))
		return -EINVAL;

	pin_path(name, path);
	/* Not blocking: whatever else lies there must not hold us up. */
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
	if (fd < 0)
		return -errno;
	if (!is_netns(fd))
		return -EINVAL;

	return TAKE_FD(fd);
}

/* Nobody may go on in a namespace that is not where the others take it to be. */
static void go_home(int home)
{
	if (setns(home, CLONE_NEWNET) == 0)
		return;
	dprintf(STDERR_FILENO, "cannot return to the own network namespace: %s\n",
		strerror(errno));
	_exit(EXIT_FAILURE);
}

int netns_create(int home, struct error *err)
{
	int fd;

	if (unshare(CLONE_NEWNET) < 0) {
		int r = -errno;

		if (r == -ENOSPC)
			return error_set(err, r,
					 "no more network namespaces: user.max_net_namespaces");
		return error_set(err, r, "no new network namespace: %s", strerror(-r));
	}

	fd = netns_open_self();
	go_home(home);
	if (fd < 0)
		return error_set(err, fd, SELF_NS ": %s", strerror(-fd));

	return fd;
}

int netns_call(int home, int ns, int (*fn)(void *arg), void *arg)
{
	int r;

	if (setns(ns, CLONE_NEWNET) < 0)
		return -errno;

	r = fn(arg);
	go_home(home);
	return r;
}

/*
 * A mount in a shared folder reaches every mount namespace that the caller's
 * has for a peer: that is what makes a name visible to `ip netns`.
 */
static int make_shared(void)
{
	if (mount("", NETNS_DIR, "none", MS_SHARED | MS_REC, NULL) == 0)
		return 0;
	if (errno != EINVAL)
		return -errno;

	/* Not a mount point yet. */
	if (mount(NETNS_DIR, NETNS_DIR, "none", MS_BIND | MS_REC, NULL) < 0)
		return -errno;
	if (mount("", NETNS_DIR, "none", MS_SHARED | MS_REC, NULL) < 0)
		return -errno;

	return 0;
}

int netns_dir_prepare(struct error *err)
{
	cleanup_fd int dir = -1;
	int r;

	/* For everyone to list, as iproute2 has it, whatever our umask is. */
	if (mkdir(NETNS_DIR, 0755) == 0)
		chmod(NETNS_DIR, 0755);
	else if (errno != EEXIST)
		return error_set(err, -errno, NETNS_DIR ": %s", strerror(errno));

	dir = open(NETNS_DIR, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		return error_set(err, -errno, NETNS_DIR ": %s", strerror(errno));

	/* iproute2 holds the same lock: two first ones at once would mount it twice. */
	while (flock(dir, LOCK_EX) < 0) {
		if (errno != EINTR)
			return error_set(err, -errno, NETNS_DIR ": lock: %s", strerror(errno));
	}

	r = make_shared();
	if (r < 0)
		return error_set(err, r, NETNS_DIR ": cannot be made a shared mount: %s",
				 strerror(-r));

	return 0;
}

static int bind_ns(const char *path, int ns)
{
	char source[FD_PATH_LEN];

	snprintf(source, sizeof(source), "/proc/thread-self/fd/%d", ns);
	return mount(source, path, "none", MS_BIND, NULL) < 0 ? -errno : 0;
}

int netns_pin(const char *name, int ns, struct error *err)
{
	char path[PIN_PATH_LEN];
	int fd, r;

	if (!netns_is_name(name))
		return error_set(err, -EINVAL, "\"%s\" can not name a namespace", name);
	if (!is_netns(ns))
		return error_set(err, -EINVAL, "not a network namespace");

	pin_path(name, path);
	fd = open(path, O_RDONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0);
	if (fd < 0 && errno == EEXIST)
		return error_set(err, -EEXIST, "namespace \"%s\" exists already", name);
	if (fd < 0)
		return error_set(err, -errno, "%s: %s", path, strerror(errno));
	fd_close(fd);

	r = bind_ns(path, ns);
	if (r < 0) {
		unlink(path);
		return error_set(err, r, "%s: cannot be mounted: %s", path, strerror(-r));
	}

	return 0;
}

#ifndef SO_NETNS_COOKIE
#define SO_NETNS_COOKIE 71
#endif

static int read_cookie(void *arg)
{
	cleanup_fd int sock = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	uint64_t *cookie = arg;
	socklen_t len = sizeof(*cookie);

	if (sock < 0)
		return -errno;
	if (getsockopt(sock, SOL_SOCKET, SO_NETNS_COOKIE, cookie, &len) < 0)
		*cookie = 0;
	return 0;
}

int netns_identify(int ns, struct netns_id *ret)
{
	cleanup_fd int home = netns_open_self();
	struct netns_id id = { 0 };
	struct stat st;
	int r;

	if (home < 0)
		return home;
	if (fstat(ns, &st) < 0)
		return -errno;
	id.ino = st.st_ino;
	r = netns_call(home, ns, read_cookie, &id.cookie);
	if (r < 0)
		return r;
	*ret = id;
	return 0;
}

static int check_namespace(const char *path, const struct netns_id *wanted)
{
	cleanup_fd int ns = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
	struct netns_id id;
	int r;

	if (ns < 0)
		return -errno;
	r = netns_identify(ns, &id);
	if (r < 0)
		return r;
	/* A cookie that could not be read tells nothing. */
	if (id.cookie && wanted->cookie && id.cookie != wanted->cookie)
		return -ESTALE;
	return id.ino == wanted->ino ? 0 : -ESTALE;
}

/*
 * Is it the namespace that the caller means? An empty file is what is left of
 * a name whose making or unmaking was cut short: nobody misses it.
 */
static int check_pin(const char *path, const struct netns_id *wanted)
{
	cleanup_fd int fd = open(path, O_PATH | O_CLOEXEC | O_NOFOLLOW);
	struct statfs fs;
	struct stat st;

	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) < 0 || fstatfs(fd, &fs) < 0)
		return -errno;

	if (fs.f_type == NSFS_MAGIC)
		return wanted ? check_namespace(path, wanted) : 0;

	return S_ISREG(st.st_mode) && st.st_size == 0 ? 0 : -ESTALE;
}

int netns_unpin(const char *name, const struct netns_id *id, struct error *err)
{
	char path[PIN_PATH_LEN];
	int r;

	if (!netns_is_name(name))
		return error_set(err, -EINVAL, "\"%s\" can not name a namespace", name);

	pin_path(name, path);
	r = check_pin(path, id);
	if (r == -ENOENT)
		return 0;
	if (r == -ESTALE)
		return error_set(err, r, "namespace \"%s\" is somebody else's now: left alone",
				 name);
	if (r < 0)
		return error_set(err, r, "%s: %s", path, strerror(-r));

	/* EINVAL: not mounted, the empty file alone is left. */
	if (umount2(path, MNT_DETACH | UMOUNT_NOFOLLOW) < 0 && errno != EINVAL && errno != ENOENT)
		return error_set(err, -errno, "%s: cannot be unmounted: %s", path,
				 strerror(errno));
	if (unlink(path) < 0 && errno != ENOENT)
		return error_set(err, -errno, "%s: %s", path, strerror(errno));

	return 0;
}

static void unpin_one(void *arg, size_t i)
{
	struct netns_pin *pin = (struct netns_pin *)arg + i;

	pin->err.code = 0;
	netns_unpin(pin->name, &pin->id, &pin->err);
}

void netns_unpin_all(struct netns_pin *pins, size_t n)
{
	/* A thread costs as much as a name: below some number they do not pay. */
	crew_run(1 + min_u64(n / 8, UNPIN_THREADS - 1), n, unpin_one, pins);
}
