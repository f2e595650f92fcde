/* SPDX-License-Identifier: MIT */
/*
 * proc_sandbox.c - the end of privilege. For the process that reads packets of
 * strangers, of all: what is open stays usable, nothing new is to be had. The
 * other processes of a lab keep what their work takes.
 */
#include <cap-ng.h>
#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <seccomp.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sys/fd.h"
#include "sys/file.h"
#include "sys/proc.h"

#define NOBODY 65534
#define PROGRAM_MAX (BPF_MAXINSNS * sizeof(struct sock_filter))

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WITH_LEAK_CHECK 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#define WITH_LEAK_CHECK 1
#endif

#ifdef WITH_LEAK_CHECK
/*
 * The leak check of a sanitized build stops the process with ptrace(2) when it
 * ends, which is just what the sandbox forbids: it asks here whether to run.
 */
int __lsan_is_turned_off(void);
int __lsan_is_turned_off(void)
{
	return prctl(PR_GET_DUMPABLE) != 1;
}
#endif

/* Whatever is not named here answers ENOSYS, at which the C library falls back or gives up. */
static const int allowed[] = {
	/* what is open already */
	SCMP_SYS(read), SCMP_SYS(readv), SCMP_SYS(pread64),
	SCMP_SYS(write), SCMP_SYS(writev), SCMP_SYS(pwrite64),
	SCMP_SYS(lseek), SCMP_SYS(close), SCMP_SYS(dup), SCMP_SYS(fcntl), SCMP_SYS(fcntl64),
	SCMP_SYS(ftruncate), SCMP_SYS(ftruncate64),
	SCMP_SYS(fsync), SCMP_SYS(fdatasync), SCMP_SYS(fstat), SCMP_SYS(fstat64),
	SCMP_SYS(recvfrom), SCMP_SYS(recvmsg), SCMP_SYS(recvmmsg), SCMP_SYS(recvmmsg_time64),
	SCMP_SYS(sendto), SCMP_SYS(sendmsg), SCMP_SYS(sendmmsg), SCMP_SYS(shutdown),
	SCMP_SYS(getsockopt), SCMP_SYS(getsockname),
	/* waiting and the time */
	SCMP_SYS(poll), SCMP_SYS(ppoll), SCMP_SYS(ppoll_time64),
	SCMP_SYS(epoll_create1), SCMP_SYS(epoll_ctl), SCMP_SYS(epoll_wait),
	SCMP_SYS(epoll_pwait), SCMP_SYS(epoll_pwait2),
	SCMP_SYS(eventfd2), SCMP_SYS(timerfd_create), SCMP_SYS(timerfd_settime),
	SCMP_SYS(timerfd_settime64), SCMP_SYS(timerfd_gettime), SCMP_SYS(timerfd_gettime64),
	SCMP_SYS(clock_gettime), SCMP_SYS(clock_gettime64), SCMP_SYS(clock_getres),
	SCMP_SYS(gettimeofday), SCMP_SYS(time), SCMP_SYS(nanosleep),
	SCMP_SYS(clock_nanosleep), SCMP_SYS(clock_nanosleep_time64),
	SCMP_SYS(restart_syscall), SCMP_SYS(getrandom),
	/* memory; mapping it is below */
	SCMP_SYS(brk), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise),
	/* threads and signals of its own */
	SCMP_SYS(futex), SCMP_SYS(futex_time64), SCMP_SYS(set_robust_list), SCMP_SYS(rseq),
	SCMP_SYS(gettid), SCMP_SYS(getpid), SCMP_SYS(getuid), SCMP_SYS(geteuid),
	SCMP_SYS(sched_yield), SCMP_SYS(sched_getaffinity),
	SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn),
	SCMP_SYS(sigaltstack), SCMP_SYS(exit), SCMP_SYS(exit_group),
};

/* No honest path leads there: the process is somebody else's by now. */
static const int deadly[] = {
	SCMP_SYS(execve), SCMP_SYS(execveat), SCMP_SYS(ptrace),
};

/* Calls that are harmless with some arguments only. */
static int add_conditional(scmp_filter_ctx filter)
{
	const struct {
		int call;
		struct scmp_arg_cmp condition;
	} rules[] = {
		/* Memory, but none to run code from. */
		{ SCMP_SYS(mmap), SCMP_A2_64(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0) },
		{ SCMP_SYS(mmap2), SCMP_A2_64(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0) },
		{ SCMP_SYS(mprotect), SCMP_A2_64(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0) },
		/*
		 * Threads (fd_closer_run()), but no processes. The flags of
		 * clone3() are out of a filter's sight: ENOSYS sends the C
		 * library back to this one.
		 */
		{ SCMP_SYS(clone), SCMP_A0_64(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD) },
		/* abort() */
		{ SCMP_SYS(tgkill), SCMP_A0_64(SCMP_CMP_EQ, (scmp_datum_t)getpid()) },
		/* A new thread asks for the limit of its stack; to set one is refused. */
		{ SCMP_SYS(prlimit64), SCMP_A2_64(SCMP_CMP_EQ, 0) },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rules); i++) {
		int r = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, rules[i].call, 1,
					       &rules[i].condition);

		if (r < 0)
			return r;
	}

	return 0;
}

/* A client hands its port over between its packet socket and its UDP socket (udp_set_sink()). */
static int add_socket_filters(scmp_filter_ctx filter)
{
	const int options[] = { SO_ATTACH_FILTER, SO_DETACH_FILTER };

	for (size_t i = 0; i < ARRAY_SIZE(options); i++) {
		int r = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(setsockopt), 2,
					 SCMP_A1_64(SCMP_CMP_EQ, SOL_SOCKET),
					 SCMP_A2_64(SCMP_CMP_EQ, (scmp_datum_t)options[i]));

		if (r < 0)
			return r;
	}

	return 0;
}

static int add_all(scmp_filter_ctx filter, uint32_t action, const int *calls, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		int r = seccomp_rule_add(filter, action, calls[i], 0);

		if (r < 0)
			return r;
	}

	return 0;
}

static int add_rules(scmp_filter_ctx filter)
{
	/* A tree instead of a list: every packet costs two system calls. */
	int r = seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2);

	if (r == 0)
		r = add_all(filter, SCMP_ACT_ALLOW, allowed, ARRAY_SIZE(allowed));
	if (r == 0)
		r = add_conditional(filter);
	if (r == 0)
		r = add_socket_filters(filter);
	if (r == 0)
		r = add_all(filter, SCMP_ACT_KILL_PROCESS, deadly, ARRAY_SIZE(deadly));
	return r;
}

/* Instructions of the filter, as the kernel wants them: @ret_len bytes. */
static int translate(scmp_filter_ctx filter, char **ret, size_t *ret_len)
{
	cleanup_fd int fd = file_memfd("", 0);
	int r = fd < 0 ? fd : seccomp_export_bpf(filter, fd);

	return r < 0 ? r : file_read_fd(fd, PROGRAM_MAX, ret, ret_len);
}

/*
 * The library loses rules to an allocation that fails, and says nothing: then the
 * process might not even wait or end. Only errno knows of it, so the program is
 * made first, and loaded when it is known to be whole.
 */
static int load_filter(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(ENOSYS));
	cleanup_free char *program = NULL;
	struct sock_fprog prog;
	size_t len = 0;
	int r;

	if (!filter)
		return -ENOMEM;

	errno = 0;
	r = add_rules(filter);
	if (r == 0)
		r = translate(filter, &program, &len);
	if (r == 0 && errno == ENOMEM)
		r = -ENOMEM;
	if (r == 0) {
		prog.len = (unsigned short)(len / sizeof(*prog.filter));
		prog.filter = (struct sock_filter *)program;
		if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &prog, 0, 0) < 0)
			r = -errno;
	}

	seccomp_release(filter);
	return r;
}

/* In a user's own namespace there is no nobody: root is that user there already. */
static int become_nobody(void)
{
	if (geteuid() != 0)
		return 0;
	if (setresgid(NOBODY, NOBODY, NOBODY) < 0)
		return errno == EINVAL ? 0 : -errno;
	if (setgroups(0, NULL) < 0 || setresuid(NOBODY, NOBODY, NOBODY) < 0)
		return -errno;

	return 0;
}

static int drop_capabilities(void)
{
	int r;

	/* Ourselves: the library may remember the number of the process we come from. */
	capng_setpid(0);
	capng_clear(CAPNG_SELECT_BOTH);
	/* Fails for who has no capability to begin with; then nothing could bring one back. */
	(void)capng_apply(CAPNG_SELECT_BOUNDS);
	r = become_nobody();
	if (r < 0)
		return r;

	return capng_apply(CAPNG_SELECT_CAPS) < 0 ? -EPERM : 0;
}

int proc_sandbox(struct error *err)
{
	int r = drop_capabilities();

	if (r < 0)
		return error_set(err, r, "cannot give up capabilities: %s", strerror(-r));
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
		return error_set(err, -errno, "cannot give up privileges: %s", strerror(errno));

	r = load_filter();
	if (r < 0)
		return error_set(err, r, "filter of system calls: %s", strerror(-r));

	return 0;
}

int proc_limit_keeper(struct error *err)
{
	static const unsigned int kept[] = {
		CAP_SYS_ADMIN,		/* namespaces and mounts */
		CAP_NET_ADMIN,		/* addresses, routes, links */
		CAP_NET_RAW,		/* packet sockets, pings */
		CAP_KILL,		/* the agent is nobody's */
		CAP_CHOWN, CAP_FOWNER, CAP_DAC_OVERRIDE,	/* a node's copy of /etc */
	};

	capng_setpid(0);
	if (capng_get_caps_process() < 0)
		return error_set(err, -EPERM, "cannot read capabilities");
	for (unsigned int cap = 0; cap <= CAP_LAST_CAP; cap++) {
		bool keeps = false;

		for (size_t i = 0; i < ARRAY_SIZE(kept); i++)
			keeps |= cap == kept[i];
		if (!keeps)
			capng_update(CAPNG_DROP, CAPNG_EFFECTIVE | CAPNG_PERMITTED |
						 CAPNG_INHERITABLE | CAPNG_BOUNDING_SET, cap);
	}
	/* Bounds first: it takes CAP_SETPCAP, which is then gone; who never had it needs none. */
	(void)capng_apply(CAPNG_SELECT_BOUNDS);
	if (capng_apply(CAPNG_SELECT_CAPS) < 0)
		return error_set(err, -EPERM, "cannot give up capabilities");
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return error_set(err, -errno, "cannot give up privileges: %s", strerror(errno));
	return 0;
}

int proc_limit_command(bool own_user, struct error *err)
{
	static const unsigned int allowed_caps[] = {
		CAP_CHOWN, CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, CAP_FOWNER, CAP_FSETID,
		CAP_KILL, CAP_SETGID, CAP_SETUID, CAP_SETPCAP, CAP_SETFCAP, CAP_SYS_CHROOT,
		CAP_NET_BIND_SERVICE, CAP_NET_BROADCAST, CAP_NET_ADMIN, CAP_NET_RAW,
		CAP_IPC_LOCK, CAP_IPC_OWNER, CAP_SYS_PTRACE, CAP_SYS_NICE, CAP_SYS_RESOURCE,
		CAP_AUDIT_WRITE, CAP_LEASE,
	};

	capng_setpid(0);
	if (capng_get_caps_process() < 0)
		return error_set(err, -EPERM, "cannot read capabilities");
	/* Who has no right to bound has nothing to bound. */
	if (!capng_have_capability(CAPNG_EFFECTIVE, CAP_SETPCAP))
		return 0;
	capng_clear(CAPNG_SELECT_BOUNDS);
	for (size_t i = 0; i < ARRAY_SIZE(allowed_caps); i++)
		capng_update(CAPNG_ADD, CAPNG_BOUNDING_SET, allowed_caps[i]);
	if (own_user)
		capng_update(CAPNG_ADD, CAPNG_BOUNDING_SET, CAP_SYS_ADMIN);
	if (capng_apply(CAPNG_SELECT_BOUNDS) < 0)
		return error_set(err, -EPERM, "cannot bound the capabilities of a command");
	return 0;
}
