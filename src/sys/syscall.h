/* SPDX-License-Identifier: MIT */
/*
 * syscall.h - system calls that glibc has functions for only since 2.36;
 * Ubuntu 22.04 has 2.35. <linux/mount.h> is not for use with <sys/mount.h>.
 */
#ifndef SYS_SYSCALL_H
#define SYS_SYSCALL_H

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef OPEN_TREE_CLONE
#define OPEN_TREE_CLONE 1
#endif
#ifndef OPEN_TREE_CLOEXEC
#define OPEN_TREE_CLOEXEC O_CLOEXEC
#endif
#ifndef AT_RECURSIVE
#define AT_RECURSIVE 0x8000
#endif
#ifndef MOVE_MOUNT_F_EMPTY_PATH
#define MOVE_MOUNT_F_EMPTY_PATH 0x04
#endif

/* open_tree(2) of a whole tree, as a mount of its own that is nowhere yet. A descriptor, or -1. */
static inline int syscall_clone_tree(int dir, const char *path)
{
	return (int)syscall(SYS_open_tree, dir, path,
			    OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE);
}

/* move_mount(2) of what the descriptor @tree is. 0 or -1. */
static inline int syscall_attach_tree(int tree, int dir, const char *path)
{
	return (int)syscall(SYS_move_mount, tree, "", dir, path, MOVE_MOUNT_F_EMPTY_PATH);
}

static inline int syscall_pidfd_open(pid_t pid)
{
	return (int)syscall(SYS_pidfd_open, pid, 0);
}

static inline int syscall_pidfd_send_signal(int pidfd, int sig)
{
	return (int)syscall(SYS_pidfd_send_signal, pidfd, sig, NULL, 0);
}

#endif
