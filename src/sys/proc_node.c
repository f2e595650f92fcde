/* SPDX-License-Identifier: MIT */
/*
 * proc_node.c - what a node sees of the machine's files: programs written for
 * a whole machine (dhclient, dnsmasq, systemd-networkd) run in it and change
 * nothing outside.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/prng.h"
#include "sys/fd.h"
#include "sys/file.h"
#include "sys/netns.h"
#include "sys/proc.h"
#include "sys/proc_mirror.h"
#include "sys/syscall.h"

#define TMPFS_FLAGS (MS_NOSUID | MS_NODEV)
#define PSEUDO_FLAGS (MS_NOSUID | MS_NODEV | MS_NOEXEC)
#define TEXT_LEN 320

static int mount_tmpfs(const char *path, struct error *err)
{
	if (mount("tmpfs", path, "tmpfs", TMPFS_FLAGS, "mode=755") < 0)
		return error_set(err, -errno, "%s: tmpfs: %s", path, strerror(errno));

	return 0;
}

/* In order, parents first. */
static int make_dirs(const char *const *paths, size_t n, struct error *err)
{
	for (size_t i = 0; i < n; i++) {
		if (mkdir(paths[i], 0755) < 0 && errno != EEXIST)
			return error_set(err, -errno, "%s: %s", paths[i], strerror(errno));
	}

	return 0;
}

static int write_text(const char *path, const char *text, struct error *err)
{
	cleanup_fd int fd = -1;
	int r;

	/* It may be a link to a file of the machine's. */
	if (unlink(path) < 0 && errno != ENOENT)
		return error_set(err, -errno, "%s: %s", path, strerror(errno));
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	r = fd < 0 ? -errno : file_write(fd, text, strlen(text));

	return r < 0 ? error_set(err, r, "%s: %s", path, strerror(-r)) : 0;
}

/* The pinned namespaces stay in sight, so that `ip netns list` shows them inside too. */
static int make_run(struct error *err)
{
	static const char *const dirs[] = {
		"/run/lock", "/run/dhcpcd", "/run/kea", "/run/systemd", "/run/systemd/netif",
		"/run/systemd/netif/links", "/run/systemd/netif/leases",
		"/run/systemd/netif/lldp", NETNS_DIR,
	};
	cleanup_fd int pins = syscall_clone_tree(AT_FDCWD, NETNS_DIR);
	int r;

	r = mount_tmpfs("/run", err);
	if (r == 0)
		r = make_dirs(dirs, ARRAY_SIZE(dirs), err);
	if (r < 0 || pins < 0)
		return r;
	if (syscall_attach_tree(pins, AT_FDCWD, NETNS_DIR) < 0)
		return error_set(err, -errno, NETNS_DIR ": %s", strerror(errno));

	return 0;
}

static int make_var(struct error *err)
{
	static const char *const dirs[] = {
		"/var/lib", "/var/lib/dhcp", "/var/lib/misc", "/var/lib/dhcpcd", "/var/lib/kea",
		"/var/lib/systemd", "/var/log", "/var/log/kea", "/var/cache", "/var/db",
		"/var/tmp",
	};
	int r;

	r = mount_tmpfs("/var", err);
	if (r == 0)
		r = make_dirs(dirs, ARRAY_SIZE(dirs), err);
	if (r < 0)
		return r;
	if (chmod("/var/tmp", 01777) < 0 || symlink("/run", "/var/run") < 0 ||
	    symlink("/run/lock", "/var/lock") < 0)
		return error_set(err, -errno, "/var: %s", strerror(errno));

	/* ISC dhcpd does not start without it. */
	return write_text("/var/lib/dhcp/dhcpd.leases", "", err);
}

/* RFC 4361 identifiers are made from the machine's id: each node needs its own, always the same. */
static int write_machine_id(const char *hostname, struct error *err)
{
	char text[TEXT_LEN];

	snprintf(text, sizeof(text), "%016" PRIx64 "%016" PRIx64 "\n", prng_derive(0, hostname),
		 prng_derive(1, hostname));
	return write_text("/etc/machine-id", text, err);
}

static int make_etc(const char *hostname, struct error *err)
{
	static const char *const copied[] = { "dhcp", "kea", "systemd", NULL };
	char text[TEXT_LEN];
	int r;

	r = proc_mirror("/etc", copied, err);
	if (r == 0)
		r = write_text("/etc/resolv.conf", "", err);
	snprintf(text, sizeof(text), "127.0.0.1 localhost\n127.0.1.1 %s\n", hostname);
	if (r == 0)
		r = write_text("/etc/hosts", text, err);
	snprintf(text, sizeof(text), "%s\n", hostname);
	if (r == 0)
		r = write_text("/etc/hostname", text, err);
	if (r == 0)
		r = write_machine_id(hostname, err);

	return r;
}

/*
 * Its own /sys shows the node's interfaces, and read-only it tells
 * systemd-networkd that no udev is to be waited for. A container may refuse
 * fresh ones where its own are partly hidden: then the old ones must do.
 */
static int make_pseudo(struct error *err)
{
	if (mount("sysfs", "/sys", "sysfs", PSEUDO_FLAGS | MS_RDONLY, NULL) < 0) {
		if (errno != EPERM)
			return error_set(err, -errno, "/sys: %s", strerror(errno));
		if (mount("/sys", "/sys", NULL, MS_BIND | MS_REC, NULL) == 0)
			mount(NULL, "/sys", NULL,
			      MS_REMOUNT | MS_BIND | MS_RDONLY | PSEUDO_FLAGS, NULL);
	}
	if (mount("proc", "/proc", "proc", PSEUDO_FLAGS, NULL) < 0 && errno != EPERM)
		return error_set(err, -errno, "/proc: %s", strerror(errno));

	return 0;
}

struct node_ns {
	const char *hostname;
	int mnt, uts, etc;
	struct error *err;
};

/* Runs in the child, inside the node's network namespace. */
static int make_node(void *arg)
{
	struct node_ns *n = arg;
	int r;

	if (unshare(CLONE_NEWNS | CLONE_NEWUTS) < 0)
		return error_set(n->err, -errno, "mount and UTS namespace: %s", strerror(errno));
	/* Opened now: the /proc of later may be that of another pid namespace. */
	n->mnt = open("/proc/thread-self/ns/mnt", O_RDONLY | O_CLOEXEC);
	n->uts = open("/proc/thread-self/ns/uts", O_RDONLY | O_CLOEXEC);
	if (n->mnt < 0 || n->uts < 0)
		return error_set(n->err, -errno, "/proc/thread-self/ns: %s", strerror(errno));
	if (mount("", "/", "none", MS_REC | MS_SLAVE, NULL) < 0)
		return error_set(n->err, -errno, "cannot separate the mounts: %s",
				 strerror(errno));
	if (sethostname(n->hostname, strlen(n->hostname)) < 0)
		return error_set(n->err, -errno, "hostname: %s", strerror(errno));

	umask(022);
	r = make_run(n->err);
	if (r == 0)
		r = make_var(n->err);
	if (r == 0)
		r = make_etc(n->hostname, n->err);
	if (r == 0)
		r = make_pseudo(n->err);
	if (r < 0)
		return r;
	n->etc = open("/etc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return n->etc < 0 ? error_set(n->err, -errno, "/etc: %s", strerror(errno)) : 0;
}

_Noreturn static void run_child(int sock, int net, const char *hostname)
{
	struct error err = { 0 };
	struct node_ns n = { .hostname = hostname, .mnt = -1, .uts = -1, .etc = -1, .err = &err };
	int r = netns_call(net, net, make_node, &n);

	if (r < 0 && err.code == 0)
		error_set(&err, r, "network namespace: %s", strerror(-r));
	fd_send(sock, &err, sizeof(err), (int[]){ n.mnt, n.uts, n.etc }, r < 0 ? 0 : 3);
	_exit(EXIT_SUCCESS);
}

static int await_child(int sock, int *ret_mnt, int *ret_uts, int *ret_etc, struct error *err)
{
	struct error told = { 0 };
	int fds[FD_PASS_MAX];
	size_t n_fds = 0;
	int n = fd_recv(sock, &told, sizeof(told), fds, &n_fds);

	if (n == (int)sizeof(told) && told.code < 0)
		return error_set(err, told.code, "%s", told.text);
	if (n != (int)sizeof(told) || n_fds != 3)
		return error_set(err, n < 0 ? n : -ECHILD, "the child died");

	*ret_mnt = fds[0];
	*ret_uts = fds[1];
	*ret_etc = fds[2];
	return 0;
}

int proc_make_node_ns(int net, const char *hostname, int *ret_mnt, int *ret_uts, int *ret_etc,
		      struct error *err)
{
	cleanup_fd int near = -1, far = -1;
	int pair[2], r;
	pid_t pid;

	r = fd_socketpair(pair);
	if (r < 0)
		return error_set(err, r, "socket pair: %s", strerror(-r));
	near = pair[0];
	far = pair[1];

	pid = proc_fork();
	if (pid < 0)
		return error_set(err, pid, "fork: %s", strerror(-pid));
	if (pid == 0)
		run_child(far, net, hostname);

	far = fd_close(far);
	r = await_child(near, ret_mnt, ret_uts, ret_etc, err);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	if (r < 0)
		error_prefix(err, "files of node %s", hostname);

	return r;
}
