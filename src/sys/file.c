/* SPDX-License-Identifier: MIT */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config.h"
#include "sys/clock.h"
#include "sys/fd.h"
#include "sys/file.h"

#define READ_STEP 4096
#define LOCK_RETRY_US 1000

/* A pipe has no start to go back to: what is left of it is the whole. */
static ssize_t read_at(int fd, char *buf, size_t size, size_t offset)
{
	for (;;) {
		ssize_t n = pread(fd, buf, size, (off_t)offset);

		if (n < 0 && errno == ESPIPE)
			n = read(fd, buf, size);
		if (n >= 0)
			return n;
		if (errno != EINTR)
			return -errno;
	}
}

int file_read_fd(int fd, size_t max, char **ret, size_t *ret_len)
{
	cleanup_free char *buf = NULL;
	size_t size = 0, len = 0;

	for (;;) {
		ssize_t n;

		if (size - len <= 1) {
			char *grown;

			size = size ? size * 2 : READ_STEP;
			grown = realloc(buf, size);
			if (!grown)
				return -ENOMEM;
			buf = grown;
		}

		n = read_at(fd, buf + len, size - len - 1, len);
		if (n < 0)
			return (int)n;
		if (n == 0)
			break;
		len += (size_t)n;
		if (len > max)
			return -EFBIG;
	}

	buf[len] = '\0';
	*ret = TAKE_PTR(buf);
	if (ret_len)
		*ret_len = len;
	return 0;
}

int file_read(const char *path, size_t max, char **ret, size_t *ret_len)
{
	cleanup_fd int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return -errno;

	return file_read_fd(fd, max, ret, ret_len);
}

int file_open_append(const char *path, bool reuse)
{
	int flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW;
	int fd = open(path, reuse ? flags : flags | O_EXCL, 0600);

	return fd < 0 ? -errno : fd;
}

int file_read_some(int fd, void *buf, size_t size)
{
	ssize_t n;

	do {
		n = read(fd, buf, min_u64(size, INT_MAX));
	} while (n < 0 && errno == EINTR);

	return n < 0 ? -errno : (int)n;
}

size_t file_write_some(int fd, const void *data, size_t len)
{
	const char *p = data;
	size_t done = 0;

	while (done < len) {
		ssize_t n = write(fd, p + done, len - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			break;
		done += (size_t)n;
	}

	return done;
}

int file_write(int fd, const void *data, size_t len)
{
	return file_write_some(fd, data, len) == len ? 0 : -errno;
}

int file_replace_at(int dir, const char *name, const void *data, size_t len)
{
	char new[NAME_MAX + 1];
	int fd, r;

	if ((size_t)snprintf(new, sizeof(new), ".%s.new", name) >= sizeof(new))
		return -ENAMETOOLONG;
	if (unlinkat(dir, new, 0) < 0 && errno != ENOENT)
		return -errno;
	fd = openat(dir, new, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
	if (fd < 0)
		return -errno;
	r = file_write(fd, data, len);
	if (r == 0 && fchmod(fd, 0644) < 0)
		r = -errno;
	close(fd);
	if (r == 0 && renameat(dir, new, dir, name) < 0)
		r = -errno;
	if (r < 0)
		unlinkat(dir, new, 0);
	return r;
}

int file_memfd(const void *data, size_t len)
{
	cleanup_fd int fd = memfd_create(PROGRAM_NAME, MFD_CLOEXEC);
	int r;

	if (fd < 0)
		return -errno;
	r = file_write(fd, data, len);
	if (r < 0)
		return r;
	if (lseek(fd, 0, SEEK_SET) < 0)
		return -errno;

	return TAKE_FD(fd);
}

static int make_dir(const char *path)
{
	struct stat st;

	if (mkdir(path, 0700) == 0)
		return 0;
	if (errno != EEXIST)
		return -errno;
	if (stat(path, &st) < 0)
		return -errno;

	return S_ISDIR(st.st_mode) ? 0 : -ENOTDIR;
}

int file_mkdir(const char *path)
{
	char part[PATH_MAX];
	size_t len = strlen(path);

	if (len == 0)
		return -ENOENT;
	if (len >= sizeof(part))
		return -ENAMETOOLONG;

	memcpy(part, path, len + 1);
	for (char *slash = strchr(part + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		int r;

		*slash = '\0';
		r = make_dir(part);
		if (r < 0)
			return r;
		*slash = '/';
	}

	return make_dir(part);
}

int file_open_record(const char *path)
{
	int flags = O_RDWR | O_APPEND | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW;
	int fd = open(path, flags, 0600);

	return fd < 0 ? -errno : fd;
}

int file_truncate(int fd, size_t len)
{
	return ftruncate(fd, (off_t)len) < 0 ? -errno : 0;
}

/* All files of a folder whose name begins with @len bytes of @name. 0 or -errno. */
static int remove_all(int fd, const char *name, size_t len)
{
	int copy = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = copy < 0 ? NULL : fdopendir(copy);
	struct dirent *d;
	int r = 0;

	if (!dir) {
		r = -errno;
		fd_close(copy);
		return r;
	}
	while ((d = readdir(dir))) {
		if (strncmp(d->d_name, name, len) == 0 && unlinkat(fd, d->d_name, 0) < 0)
			r = -errno;
	}
	closedir(dir);
	return r;
}

static int remove_named(int fd, const char *name)
{
	size_t len = strlen(name);

	if (name[len - 1] == '*')
		return remove_all(fd, name, len - 1);
	return unlinkat(fd, name, 0) < 0 && errno != ENOENT ? -errno : 0;
}

int file_remove_dir_at(int parent, const char *dir, const char *const *names, size_t n)
{
	cleanup_fd int fd = openat(parent, dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	int r = 0;

	if (fd < 0)
		return -errno;

	for (size_t i = 0; i < n; i++) {
		int gone = remove_named(fd, names[i]);

		if (r == 0)
			r = gone;
	}

	if (unlinkat(parent, dir, AT_REMOVEDIR) < 0 && r == 0)
		r = -errno;
	return r;
}

int file_remove_dir(const char *dir, const char *const *names, size_t n)
{
	return file_remove_dir_at(AT_FDCWD, dir, names, n);
}

static int is_visible(const struct dirent *d)
{
	return d->d_name[0] != '.';
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void free_names(char **names, size_t n)
{
	while (n > 0)
		free(names[--n]);
	free(names);
}

static void free_entries(struct dirent **entries, size_t n)
{
	while (n > 0)
		free(entries[--n]);
	free(entries);
}

int file_list(const char *dir, char ***ret)
{
	struct dirent **entries;
	char **names;
	int n = scandir(dir, &entries, is_visible, NULL);

	if (n < 0)
		return -errno;

	names = calloc((size_t)n + 1, sizeof(*names));
	for (int i = 0; names && i < n; i++) {
		names[i] = strdup(entries[i]->d_name);
		if (!names[i]) {
			free_names(names, (size_t)i);
			names = NULL;
		}
	}
	free_entries(entries, (size_t)n);
	if (!names)
		return -ENOMEM;

	qsort(names, (size_t)n, sizeof(*names), compare_names);
	*ret = names;
	return n;
}

int file_stat(const char *path, unsigned int *ret_uid, bool *ret_is_dir)
{
	struct stat st;

	if (lstat(path, &st) < 0)
		return -errno;

	if (ret_uid)
		*ret_uid = st.st_uid;
	if (ret_is_dir)
		*ret_is_dir = S_ISDIR(st.st_mode);
	return 0;
}

int file_writers(const char *path, unsigned int *ret_uid, bool *ret_others)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return -errno;

	*ret_uid = st.st_uid;
	*ret_others = st.st_mode & (S_IWGRP | S_IWOTH);
	return 0;
}

/* Whoever held the lock before may have removed the file: then the lock is on nothing. */
static bool is_still_at(int fd, const char *path)
{
	struct stat held, there;

	return fstat(fd, &held) == 0 && stat(path, &there) == 0 && held.st_ino == there.st_ino &&
	       held.st_dev == there.st_dev;
}

static int try_lock(const char *path)
{
	cleanup_fd int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd < 0)
		return -errno;
	if (flock(fd, LOCK_EX | LOCK_NB) < 0)
		return -errno;
	if (!is_still_at(fd, path))
		return -ESTALE;

	return TAKE_FD(fd);
}

int file_lock(const char *path, uint64_t wait_us)
{
	uint64_t start = clock_us();

	for (;;) {
		int fd = try_lock(path);

		if (fd == -ESTALE)
			continue;
		if (fd != -EWOULDBLOCK || clock_us() - start >= wait_us)
			return fd;
		clock_sleep_us(LOCK_RETRY_US);
	}
}

bool file_is_locked(const char *path)
{
	cleanup_fd int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

	/* Without a descriptor to spare nobody is called dead. */
	if (fd < 0)
		return errno == EMFILE || errno == ENFILE || errno == ENOMEM;
	/* Shared: two who ask at once do not take each other for the holder. */
	return flock(fd, LOCK_SH | LOCK_NB) < 0 && errno == EWOULDBLOCK;
}

void file_boot_id(char ret[static BOOT_ID_LEN])
{
	cleanup_free char *text = NULL;
	size_t len;

	ret[0] = '\0';
	if (file_read("/proc/sys/kernel/random/boot_id", 4096, &text, &len) == 0)
		snprintf(ret, BOOT_ID_LEN, "%.*s", (int)strcspn(text, "\n"), text);
}

static int format_run_dir(bool privileged, char *ret, size_t size)
{
	const char *runtime = getenv("XDG_RUNTIME_DIR");
	int n;

	if (privileged)
		n = snprintf(ret, size, "/run/" PROGRAM_NAME);
	else if (runtime && runtime[0] == '/')
		n = snprintf(ret, size, "%s/" PROGRAM_NAME, runtime);
	else
		n = snprintf(ret, size, "%s/" PROGRAM_NAME "-%u", P_tmpdir, getuid());

	return n >= 0 && (size_t)n < size ? 0 : -ENAMETOOLONG;
}

/* Made if need be, and then seen to be ours alone. @what: for people */
static int own_dir(const char *path, const char *what, struct error *err)
{
	struct stat st;
	int r;

	/* No conflict with anybody: this machine does not let us. */
	r = file_mkdir(path);
	if (r < 0)
		return error_set(err, r == -EACCES ? -EPERM : r,
				 "cannot make the %s directory %s: %s", what, path, strerror(-r));

	/* In a folder that all may write to, it may have been laid there for us. */
	if (lstat(path, &st) < 0)
		return error_set(err, -errno, "%s: %s", path, strerror(errno));
	if (!S_ISDIR(st.st_mode) || st.st_uid != geteuid() || (st.st_mode & 077))
		return error_set(err, -EPERM, "%s: not a directory that is yours alone", path);
	return 0;
}

int file_run_dir(bool privileged, char *ret, size_t size, struct error *err)
{
	char path[PATH_MAX];
	int r;

	r = format_run_dir(privileged, path, sizeof(path));
	if (r < 0 || strlen(path) >= size)
		return error_set(err, -ENAMETOOLONG, "the path of the run directory is too long");
	r = own_dir(path, "run", err);
	if (r == 0)
		memcpy(ret, path, strlen(path) + 1);
	return r;
}

static int format_state_dir(bool privileged, char *ret, size_t size)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
	int n;

	if (privileged)
		n = snprintf(ret, size, "/var/lib/" PROGRAM_NAME);
	else if (state && state[0] == '/')
		n = snprintf(ret, size, "%s/" PROGRAM_NAME, state);
	else if (home && home[0] == '/')
		n = snprintf(ret, size, "%s/.local/state/" PROGRAM_NAME, home);
	else
		return -ENOENT;
	return n >= 0 && (size_t)n < size ? 0 : -ENAMETOOLONG;
}

int file_state_dir(bool privileged, char *ret, size_t size, struct error *err)
{
	char path[PATH_MAX];
	int r;

	r = format_state_dir(privileged, path, sizeof(path));
	if (r < 0 || strlen(path) >= size)
		return error_set(err, r < 0 ? r : -ENAMETOOLONG,
				 "no folder for LeaseFile=: neither XDG_STATE_HOME nor HOME names "
				 "one");
	r = own_dir(path, "state", err);
	if (r == 0)
		memcpy(ret, path, strlen(path) + 1);
	return r;
}

int file_remove_at(int dir, const char *name)
{
	return unlinkat(dir, name, 0) < 0 && errno != ENOENT ? -errno : 0;
}

int file_open(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}
