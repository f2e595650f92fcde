/* SPDX-License-Identifier: MIT */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sys/fd.h"
#include "sys/file.h"
#include "sys/proc_mirror.h"
#include "sys/syscall.h"

#define FILE_MAX (4 * 1024 * 1024)
#define DEPTH_MAX 8

/* One folder on its way from the machine's to ours. */
struct mirror {
	int from, to;
	const char *const *copied;
	unsigned int depth;
};

static int mirror_entries(const struct mirror *m);

static bool is_listed(const char *const *names, const char *name)
{
	for (; names && *names; names++) {
		if (strcmp(*names, name) == 0)
			return true;
	}

	return false;
}

static int copy_file(const struct mirror *m, const char *name, const struct stat *st)
{
	cleanup_fd int from = openat(m->from, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	cleanup_free char *text = NULL;
	cleanup_fd int to = -1;
	size_t len;
	int r;

	/* Not for us to read, or not worth it: the program does without. */
	if (from < 0 || file_read_fd(from, FILE_MAX, &text, &len) < 0)
		return 0;

	to = openat(m->to, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (to < 0)
		return -errno;
	r = file_write(to, text, len);
	if (r < 0)
		return r;

	/* A user's namespace knows one owner only: then all is its. */
	if (fchown(to, st->st_uid, st->st_gid) < 0 && errno != EINVAL && errno != EPERM)
		return -errno;
	return fchmod(to, st->st_mode & 07777) < 0 ? -errno : 0;
}

static int copy_symlink(const struct mirror *m, const char *name)
{
	char target[PATH_MAX];
	ssize_t n = readlinkat(m->from, name, target, sizeof(target) - 1);

	if (n < 0)
		return 0;
	target[n] = '\0';
	return symlinkat(target, m->to, name) < 0 ? -errno : 0;
}

static int show_dir(const struct mirror *m, const char *name)
{
	cleanup_fd int tree = syscall_clone_tree(m->from, name);

	if (tree < 0)
		return -errno;
	return syscall_attach_tree(tree, m->to, name) < 0 ? -errno : 0;
}

static int copy_dir(const struct mirror *m, const char *name)
{
	cleanup_fd int from = openat(m->from, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	cleanup_fd int to = openat(m->to, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (to < 0)
		return -errno;
	if (from < 0 || m->depth == DEPTH_MAX)
		return 0;

	return mirror_entries(&(struct mirror){ .from = from, .to = to, .depth = m->depth + 1 });
}

static int mirror_dir(const struct mirror *m, const char *name, const struct stat *st)
{
	if (mkdirat(m->to, name, st->st_mode & 07777) < 0)
		return -errno;

	/* Below a copied folder everything is copied. */
	if (m->depth > 0 || is_listed(m->copied, name))
		return copy_dir(m, name);

	return show_dir(m, name);
}

static int mirror_entry(const struct mirror *m, const char *name)
{
	struct stat st;

	if (fstatat(m->from, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return 0;
	if (S_ISDIR(st.st_mode))
		return mirror_dir(m, name, &st);
	if (S_ISLNK(st.st_mode))
		return copy_symlink(m, name);
	if (S_ISREG(st.st_mode))
		return copy_file(m, name, &st);

	return 0;
}

static void closedirp(DIR **dir)
{
	if (*dir)
		closedir(*dir);
}

static int mirror_entries(const struct mirror *m)
{
	CLEANUP(closedirp) DIR *dir = NULL;
	int fd = openat(m->from, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	const struct dirent *d;

	if (fd < 0)
		return -errno;
	dir = fdopendir(fd);
	if (!dir) {
		fd_close(fd);
		return -ENOMEM;
	}

	while ((d = readdir(dir))) {
		int r;

		if (strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0)
			continue;
		r = mirror_entry(m, d->d_name);
		if (r < 0)
			return r;
	}

	return 0;
}

int proc_mirror(const char *path, const char *const *copied, struct error *err)
{
	/* Opened before it is covered, it goes on leading to what is below. */
	cleanup_fd int from = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	cleanup_fd int to = -1;
	int r;

	if (from < 0)
		return error_set(err, -errno, "%s: %s", path, strerror(errno));
	if (mount("tmpfs", path, "tmpfs", MS_NOSUID | MS_NODEV, "mode=755") < 0)
		return error_set(err, -errno, "%s: tmpfs: %s", path, strerror(errno));
	to = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (to < 0)
		return error_set(err, -errno, "%s: %s", path, strerror(errno));

	r = mirror_entries(&(struct mirror){ .from = from, .to = to, .copied = copied });
	return r < 0 ? error_set(err, r, "%s: private copy: %s", path, strerror(-r)) : 0;
}
