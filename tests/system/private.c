/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "private.h"

static void skip(const char *step)
{
	printf("skipped: %s: %s\n", step, strerror(errno));
	exit(EXIT_SKIP);
}

static void write_map(const char *path, const char *format, unsigned int id)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || dprintf(fd, format, id) < 0)
		skip(path);
	close(fd);
}

void private_enter(void)
{
	unsigned int uid = geteuid(), gid = getegid();

	if (unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWNET) < 0)
		skip("unshare");
	write_map("/proc/self/setgroups", "deny", 0);
	write_map("/proc/self/uid_map", "0 %u 1", uid);
	write_map("/proc/self/gid_map", "0 %u 1", gid);
	if (mount("", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
	    mount("tmpfs", "/run", "tmpfs", 0, "mode=755") < 0)
		skip("tmpfs on /run");
}
