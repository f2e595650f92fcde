/* SPDX-License-Identifier: MIT */
/*
 * forbid.c - runs a command in which some system calls are refused (EPERM), as
 * in a container: forbid NAME[,NAME...] COMMAND [ARG...]
 *
 * "userns" stands for clone(2) and unshare(2) of a user namespace.
 */
#include <errno.h>
#include <linux/sched.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define REFUSED SCMP_ACT_ERRNO(EPERM)

static int forbid(scmp_filter_ctx filter, const char *name)
{
	const struct scmp_arg_cmp user = SCMP_A0_64(SCMP_CMP_MASKED_EQ, CLONE_NEWUSER,
						    CLONE_NEWUSER);
	int call;

	if (!strcmp(name, "userns")) {
		if (seccomp_rule_add_array(filter, REFUSED, SCMP_SYS(clone), 1, &user) < 0)
			return -1;
		return seccomp_rule_add_array(filter, REFUSED, SCMP_SYS(unshare), 1, &user);
	}
	call = seccomp_syscall_resolve_name(name);
	return call == __NR_SCMP_ERROR ? -1 : seccomp_rule_add(filter, REFUSED, call, 0);
}

int main(int argc, char **argv)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	char *save = NULL;

	if (argc < 3 || !filter)
		return 99;
	for (char *name = strtok_r(argv[1], ",", &save); name; name = strtok_r(NULL, ",", &save))
		if (forbid(filter, name) < 0)
			return 99;
	if (seccomp_load(filter) < 0)
		return 99;
	execvp(argv[2], argv + 2);
	return 99;
}
