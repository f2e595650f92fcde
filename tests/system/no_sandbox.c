/* SPDX-License-Identifier: MIT */
/*
 * no_sandbox.c - preloaded into netlab, it leaves out the filters of system
 * calls: valgrind, which makes code as it goes, needs what they forbid.
 */
#include <seccomp.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

scmp_filter_ctx seccomp_init(uint32_t action)
{
	static int filter;

	return &filter;
}

void seccomp_release(scmp_filter_ctx filter)
{
}

int seccomp_attr_set(scmp_filter_ctx filter, enum scmp_filter_attr attr, uint32_t value)
{
	return 0;
}

int seccomp_rule_add(scmp_filter_ctx filter, uint32_t action, int call, unsigned int n, ...)
{
	return 0;
}

int seccomp_rule_add_array(scmp_filter_ctx filter, uint32_t action, int call, unsigned int n,
			   const struct scmp_arg_cmp *args)
{
	return 0;
}

int seccomp_export_bpf(const scmp_filter_ctx filter, int fd)
{
	return 0;
}

int seccomp_load(const scmp_filter_ctx filter)
{
	return 0;
}

int prctl(int option, ...)
{
	unsigned long arg[4];
	va_list args;

	if (option == PR_SET_SECCOMP)
		return 0;
	va_start(args, option);
	for (size_t i = 0; i < 4; i++)
		arg[i] = va_arg(args, unsigned long);
	va_end(args);
	return (int)syscall(SYS_prctl, option, arg[0], arg[1], arg[2], arg[3]);
}
