/* SPDX-License-Identifier: MIT */
/* proc_lab.c - the namespaces of a whole lab: its PID 1, and without privilege all the others. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sys/fd.h"
#include "sys/file.h"
#include "sys/netconf.h"
#include "sys/netns.h"
#include "sys/proc_mirror.h"
#include "sys/proc.h"

#define LOOPBACK 1		/* its ifindex in every network namespace */
#define SYSCTL_MAX 64
#define STATUS_MAX 65536
#define MAP_LEN 32

static int write_map(const char *path, const char *map, struct error *err)
{
	cleanup_fd int fd = open(path, O_WRONLY | O_CLOEXEC);
	int r = fd < 0 ? -errno : file_write(fd, map, strlen(map));

	return r < 0 ? error_set(err, r, "cannot write %s: %s", path, strerror(-r)) : 0;
}

static int map_ids(uid_t uid, gid_t gid, struct error *err)
{
	char map[MAP_LEN];
	int r;

	/* The kernel takes no map of groups from an ordinary user before this. */
	r = write_map("/proc/self/setgroups", "deny", err);
	if (r < 0)
		return r;
	snprintf(map, sizeof(map), "0 %u 1", uid);
	r = write_map("/proc/self/uid_map", map, err);
	if (r < 0)
		return r;
	snprintf(map, sizeof(map), "0 %u 1", gid);
	return write_map("/proc/self/gid_map", map, err);
}

/*
 * The loopback of the lab's own network namespace. Also the proof that the
 * new privileges are worth something: some machines give a user namespace
 * and then refuse all that is done in it.
 */
static int raise_loopback(struct error *err)
{
	cleanup_netconf struct netconf *n = NULL;
	cleanup_fd int self = netns_open_self();
	int r;

	if (self < 0)
		return error_set(err, self, "own network namespace: %s", strerror(-self));

	r = netconf_open(self, self, &n, err);
	if (r == 0)
		r = netconf_set_up(n, LOOPBACK, true, err);
	return r;
}

static int enter_rootless(uid_t uid, gid_t gid, struct error *err)
{
	int r = map_ids(uid, gid, err);

	if (r < 0)
		return r;
	/* The machine's mounts reach us, ours do not reach the machine. */
	if (mount("", "/", "none", MS_REC | MS_SLAVE, NULL) < 0)
		return error_set(err, -errno, "cannot separate the mounts: %s", strerror(errno));

	return raise_loopback(err);
}

static bool is_sysctl(const char *path, const char *value)
{
	cleanup_free char *text = NULL;

	return file_read(path, SYSCTL_MAX, &text, NULL) == 0 &&
	       strncmp(text, value, strlen(value)) == 0 && text[strlen(value)] == '\n';
}

/* Set up by a container, or by whoever started us. */
static bool is_filtered(void)
{
	cleanup_free char *text = NULL;

	return file_read("/proc/self/status", STATUS_MAX, &text, NULL) == 0 &&
	       strstr(text, "\nSeccomp:\t2\n");
}

/* What the machine's owner has forbidden, and how it is allowed again. */
struct cause {
	const char *path, *value, *reason, *mend;
};

#define OR_SUDO ", or run it with sudo"
#define LIMIT(kind, mend_too)                                           \
	{ "/proc/sys/user/max_" kind "_namespaces", "0",                \
	  "user.max_" kind "_namespaces=0",                             \
	  "sudo sysctl -w user.max_" kind "_namespaces=15000" mend_too }

/* As far as the kernel shows it; NULL: nothing to be seen. */
static const struct cause *find_cause(int code)
{
	static const struct cause causes[] = {
		LIMIT("user", OR_SUDO),
		LIMIT("net", ""),
		LIMIT("pid", ""),
		LIMIT("mnt", ""),
		{ "/proc/sys/kernel/unprivileged_userns_clone", "0",
		  "kernel.unprivileged_userns_clone=0",
		  "sudo sysctl -w kernel.unprivileged_userns_clone=1" OR_SUDO },
		{ "/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1",
		  "kernel.apparmor_restrict_unprivileged_userns=1",
		  "install the AppArmor profile tools/apparmor/netlab" OR_SUDO },
	};
	static const struct cause filter = {
		NULL, NULL, "a seccomp filter is set, as in a container",
		"docker run, or podman run, with --security-opt seccomp=unconfined",
	};
	static const struct cause limit = {
		NULL, NULL, "a limit of user.max_*_namespaces is reached",
		"end what has so many namespaces, or raise the limits: sysctl -a -r "
		"user.max_.*_namespaces",
	};

	static const struct cause processes = {
		NULL, NULL, "the limit of processes is reached",
		"end some, or raise it with ulimit -u",
	};

	if (code == -EAGAIN)
		return &processes;
	for (size_t i = 0; i < ARRAY_SIZE(causes); i++) {
		if (is_sysctl(causes[i].path, causes[i].value))
			return &causes[i];
	}
	if ((code == -EPERM || code == -ENOSYS) && is_filtered())
		return &filter;
	return code == -ENOSPC || code == -EUSERS ? &limit : NULL;
}

const char *proc_lab_mend(int code, bool rootless)
{
	const struct cause *cause = find_cause(code);

	if (cause)
		return cause->mend;
	return rootless ? "run it with sudo" : "look at the kernel's log";
}

/* @cause: the step that failed and its errno, in words */
static int explain(const struct error *cause, struct error *err)
{
	const struct cause *found = find_cause(cause->code);

	return error_set(err, cause->code, "cannot make the lab's namespaces: %s%s%s",
			 cause->text, found ? "; " : "", found ? found->reason : "");
}

/*
 * fork() into new namespaces. The child has no stack of its own, so the order
 * of the arguments behind it is the same on all machines that matter here.
 */
static pid_t clone_into(unsigned long flags, int *ret_pidfd)
{
	long pid = syscall(SYS_clone, flags | CLONE_PIDFD | SIGCHLD, NULL, ret_pidfd, NULL, NULL);

	return pid < 0 ? -errno : (pid_t)pid;
}

/*
 * The child's half: tells the parent how it went. Returns only if it went
 * well. A parent that is dead by now is no reason to end: the caller still has
 * to clear up behind it.
 */
static void report_from_child(int sock, bool rootless, uid_t uid, gid_t gid)
{
	struct error err = { 0 };
	int r = rootless ? enter_rootless(uid, gid, &err) : 0;

	fd_send(sock, &err, sizeof(err), NULL, 0);
	if (r < 0)
		_exit(EXIT_FAILURE);
}

static int await_report(int sock, struct error *ret)
{
	int n = fd_recv(sock, ret, sizeof(*ret), NULL, NULL);

	if (n == (int)sizeof(*ret))
		return ret->code;
	if (n < 0)
		return error_set(ret, n, "no word from the child: %s", strerror(-n));

	return error_set(ret, -ECHILD, "the child died");
}

int proc_clone_lab(bool rootless, pid_t *ret_pid, int *ret_pidfd, struct error *err)
{
	unsigned long own = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWNET;
	cleanup_fd int near = -1, far = -1, pidfd = -1;
	uid_t uid = geteuid();
	gid_t gid = getegid();
	struct error cause = { 0 };
	int pair[2], r;
	pid_t pid;

	r = fd_socketpair(pair);
	if (r < 0)
		return error_set(err, r, "socket pair: %s", strerror(-r));
	near = pair[0];
	far = pair[1];

	pid = clone_into(CLONE_NEWPID | (rootless ? own : 0), &pidfd);
	if (pid == 0) {
		/* The number in it is a descriptor of the parent's. */
		pidfd = -1;
		report_from_child(far, rootless, uid, gid);
		return 0;
	}
	if (pid < 0) {
		error_set(&cause, pid, "clone: %s", strerror(-pid));
		return explain(&cause, err);
	}

	far = fd_close(far);
	r = await_report(near, &cause);
	if (r < 0) {
		proc_kill_pidfd(pidfd, SIGKILL);
		waitpid(pid, NULL, 0);
		return explain(&cause, err);
	}

	*ret_pid = pid;
	*ret_pidfd = TAKE_FD(pidfd);
	return 1;
}

int proc_mount_private(struct error *err)
{
	struct stat st;
	int r;

	/* Where nobody used `ip netns` yet, only root of the machine could make the folder. */
	if (stat(NETNS_DIR, &st) < 0) {
		r = proc_mirror("/run", NULL, err);
		if (r < 0)
			return r;
		if (mkdir(NETNS_DIR, 0755) < 0)
			return error_set(err, -errno, NETNS_DIR ": %s", strerror(errno));
	} else if (mount("tmpfs", NETNS_DIR, "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC,
			 "mode=755") < 0) {
		return error_set(err, -errno, NETNS_DIR ": tmpfs: %s", strerror(errno));
	}

	r = netns_dir_prepare(err);
	if (r < 0)
		return r;

	/* Refused where /proc is partly hidden, as in a container: the one that is there stays. */
	if (mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) < 0 &&
	    errno != EPERM)
		return error_set(err, -errno, "/proc: %s", strerror(errno));

	return 0;
}
