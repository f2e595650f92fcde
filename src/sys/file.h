/* SPDX-License-Identifier: MIT */
/* file.h - the few things done with files: whole reads, appends, folders, locks, memfds. */
#ifndef SYS_FILE_H
#define SYS_FILE_H

#include "base/error.h"

/* The whole file, NUL added behind @ret_len bytes. -EFBIG over @max. 0 or -errno. */
int file_read(const char *path, size_t max, char **ret, size_t *ret_len);
/* The same from a descriptor, from its start. */
int file_read_fd(int fd, size_t max, char **ret, size_t *ret_len);
/* Opens to append, 0600, O_CREAT|O_EXCL unless it may be there (@reuse). Descriptor or -errno. */
int file_open_append(const char *path, bool reuse);
/* A new file to append to and to read, 0600. Descriptor or -errno. */
int file_open_record(const char *path);
/* Its first @len bytes stay. 0 or -errno. */
int file_truncate(int fd, size_t len);
/* Opens for reading. Descriptor or -errno. */
int file_open(const char *path);
/* What follows in the file, at most @size bytes. Their number, 0 at its end, or -errno. */
int file_read_some(int fd, void *buf, size_t size);
/* As much as there is room for. Bytes, 0 if the first one failed. */
size_t file_write_some(int fd, const void *data, size_t len);
/* All of it or -errno. */
int file_write(int fd, const void *data, size_t len);
/* The file @name in a folder, in one step, whatever stood there before, a link too. 0 or -errno. */
int file_replace_at(int dir, const char *name, const void *data, size_t len);
/* One that is not there is no failure. 0 or -errno. */
int file_remove_at(int dir, const char *name);
/* A memfd that holds @data, at offset 0. Descriptor or -errno. */
int file_memfd(const void *data, size_t len);

/* mkdir -p with 0700 for what is missing. 0 or -errno. */
int file_mkdir(const char *path);
/* The same by descriptor of the parent folder: it works where the path is hidden by a mount. */
int file_remove_dir_at(int parent, const char *dir, const char *const *names, size_t n);
/*
 * Removes the named plain files of a folder, then the folder; a name that ends in '*'
 * stands for all that begin so. 0 or the first -errno.
 */
int file_remove_dir(const char *dir, const char *const *names, size_t n);
/* Names in a folder, sorted, without dot files; free each and the array. Count or -errno. */
int file_list(const char *dir, char ***ret);
/* 0, -ENOENT, ...; the owner's uid and whether it is a folder. */
int file_stat(const char *path, unsigned int *ret_uid, bool *ret_is_dir);
/* Who can change what a file says: its owner, and perhaps others. 0 or -errno. */
int file_writers(const char *path, unsigned int *ret_uid, bool *ret_others);

/**
 * file_lock() - an exclusive flock on a file, made if need be
 * @wait_us: how long to wait for it; 0: not at all
 *
 * Return: a descriptor that holds the lock until closed; -EWOULDBLOCK: somebody has it
 */
int file_lock(const char *path, uint64_t wait_us);
/* Does somebody hold the lock? A file that is missing is not held. */
bool file_is_locked(const char *path);

/* A pidfd of the process that listens at the other end of a socket that file_connect() made. */
int file_peer_pidfd(int fd);

#define BOOT_ID_LEN 37

/* The kernel's name for this boot, and NUL; "" where it tells none. */
void file_boot_id(char ret[static BOOT_ID_LEN]);

/**
 * struct file_run_dir - the folder of all labs of this user
 * /run/netlab with privilege, else $XDG_RUNTIME_DIR/netlab, else netlab-UID in
 * the temporary folder, if it is the user's own and closed to others.
 */
int file_run_dir(bool privileged, char *ret, size_t size, struct error *err);

/*
 * The folder of what outlives a lab: /var/lib/netlab with privilege, else
 * $XDG_STATE_HOME/netlab or ~/.local/state/netlab; made if need be, and the user's alone.
 */
int file_state_dir(bool privileged, char *ret, size_t size, struct error *err);

/* SOCK_SEQPACKET at @path, 0600. A listening descriptor or -errno. */
int file_listen(const char *path);
/* Accepts; @ret_uid is the peer's. Descriptor, which does not block, or -errno. */
int file_accept(int listener, unsigned int *ret_uid);
/*
 * Descriptor, -ENOENT, -ECONNREFUSED (nobody listens) ... What takes longer than
 * @patience_us, to connect, to send or to receive, ends with -EAGAIN.
 */
int file_connect(const char *path, uint64_t patience_us);

#endif
