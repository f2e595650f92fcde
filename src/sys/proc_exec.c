/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <grp.h>
#include <limits.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"
#include "sys/fd.h"
#include "sys/proc.h"

#define STATUS_OURS 125
#define STATUS_NOT_EXECUTABLE 126
#define STATUS_NOT_FOUND 127
#define STATUS_SIGNAL 128

/* An ordinary user's PATH lacks them, and dnsmasq, dhclient and ip live there. */
#define SBIN "/usr/local/sbin:/usr/sbin:/sbin"
#define DEFAULT_PATH "/usr/local/bin:/usr/bin:/bin"

/* The user namespace first: it gives the right to the others. */
static int enter(const struct proc_ns *ns, struct error *err)
{
	const struct {
		int fd, type;
		const char *name;
	} order[] = {
		{ ns->user, CLONE_NEWUSER, "user" },
		{ ns->pid, CLONE_NEWPID, "pid" },
		{ ns->net, CLONE_NEWNET, "network" },
		{ ns->uts, CLONE_NEWUTS, "UTS" },
		{ ns->mnt, CLONE_NEWNS, "mount" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(order); i++) {
		if (order[i].fd >= 0 && setns(order[i].fd, order[i].type) < 0)
			return error_set(err, -errno, "cannot enter the %s namespace: %s",
					 order[i].name, strerror(errno));
	}

	return 0;
}

/* A mount namespace begins at its root: back to the folder of the same name, if there is one. */
static void enter_keeping_folder(const char *cwd)
{
	if (!cwd || chdir(cwd) < 0) {
		if (chdir("/") < 0)
			return;
	}
}

int proc_pretend_ids(struct error *err)
{
	static const int calls[] = {
		SCMP_SYS(setuid), SCMP_SYS(setgid), SCMP_SYS(setreuid), SCMP_SYS(setregid),
		SCMP_SYS(setresuid), SCMP_SYS(setresgid), SCMP_SYS(setgroups), SCMP_SYS(chown),
		SCMP_SYS(lchown), SCMP_SYS(fchown), SCMP_SYS(fchownat),
	};
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	int r = filter ? 0 : -ENOMEM;

	/* Without no_new_privs, so that ping and other file capabilities go on working. */
	if (r == 0)
		r = seccomp_attr_set(filter, SCMP_FLTATR_CTL_NNP, 0);
	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(calls); i++)
		r = seccomp_rule_add(filter, SCMP_ACT_ERRNO(0), calls[i], 0);
	if (r == 0)
		r = seccomp_load(filter);
	seccomp_release(filter);

	return r < 0 ? error_set(err, r, "filter of system calls: %s", strerror(-r)) : 0;
}

static int become_root(struct error *err)
{
	if (setresgid(0, 0, 0) < 0 || setresuid(0, 0, 0) < 0)
		return error_set(err, -errno, "cannot become the lab's root: %s", strerror(errno));

	return proc_pretend_ids(err);
}

static int set_environment(const char *const *env, struct error *err)
{
	const char *old = getenv("PATH");
	cleanup_text struct text path = { 0 };

	text_add(&path, "%s:" SBIN, old && old[0] ? old : DEFAULT_PATH);
	if (path.failed || setenv("PATH", path.str, 1) < 0)
		return error_set(err, -ENOMEM, "out of memory");

	for (; env && *env; env++) {
		if (putenv((char *)*env) != 0)
			return error_set(err, -errno, "environment: %s", strerror(errno));
	}

	return 0;
}

/* What the child tells of itself; nothing when the command has begun to run. */
struct report {
	int status;
	struct error err;
};

_Noreturn static void run_child(int sock, const struct proc_ns *ns, char *const *argv,
				const char *const *env)
{
	struct report report = { .status = STATUS_OURS };
	int r;

	r = ns->user >= 0 ? become_root(&report.err) : 0;
	if (r == 0)
		r = proc_limit_command(ns->user >= 0, &report.err);
	if (r == 0)
		r = set_environment(env, &report.err);
	if (r == 0) {
		execvp(argv[0], argv);
		report.status = errno == ENOENT || errno == ENOTDIR ? STATUS_NOT_FOUND :
								      STATUS_NOT_EXECUTABLE;
		error_set(&report.err, -errno, "%s: %s", argv[0], strerror(errno));
	}

	fd_send(sock, &report, sizeof(report), NULL, 0);
	_exit(report.status);
}

/* 0 when it stopped and was continued, 1 when it is over. */
static int look_at_child(pid_t pid, int *ret_status)
{
	int status;
	pid_t r = waitpid(pid, &status, WNOHANG | WUNTRACED);

	if (r == 0 || (r < 0 && errno == EINTR))
		return 0;
	if (r < 0) {
		*ret_status = STATUS_OURS;
		return 1;
	}
	if (WIFSTOPPED(status)) {
		/* The shell that waits for us shall see a stopped job, and continue both. */
		kill(getpid(), SIGSTOP);
		kill(pid, SIGCONT);
		return 0;
	}

	*ret_status = WIFSIGNALED(status) ? STATUS_SIGNAL + WTERMSIG(status) : WEXITSTATUS(status);
	return 1;
}

/* @awaited: SIGCHLD and what is passed on; all are blocked. */
static int wait_for(pid_t pid, const sigset_t *awaited)
{
	int status = STATUS_OURS;

	while (!look_at_child(pid, &status)) {
		int sig = sigwaitinfo(awaited, NULL);

		if (sig == SIGTERM || sig == SIGHUP)
			kill(pid, sig);
	}

	return status;
}

/*
 * The terminal's signals reach the command by itself, for it is in the same
 * process group; whoever waits must outlive them to tell what became of it.
 */
static int outlive(pid_t pid, const sigset_t *awaited)
{
	static const int signals[] = { SIGINT, SIGQUIT, SIGTSTP };
	struct sigaction ignore = { .sa_handler = SIG_IGN };
	struct sigaction before[ARRAY_SIZE(signals)];
	int status;

	for (size_t i = 0; i < ARRAY_SIZE(signals); i++)
		sigaction(signals[i], &ignore, &before[i]);
	status = wait_for(pid, awaited);
	for (size_t i = 0; i < ARRAY_SIZE(signals); i++)
		sigaction(signals[i], &before[i], NULL);

	return status;
}

/* @pair: [0] ours, [1] the child's, closed here */
static int run(const struct proc_ns *ns, char *const *argv, const char *const *env, int pair[2],
	       struct error *err)
{
	struct report report;
	sigset_t awaited;
	int status;
	pid_t pid;

	sigemptyset(&awaited);
	sigaddset(&awaited, SIGCHLD);
	sigaddset(&awaited, SIGTERM);
	sigaddset(&awaited, SIGHUP);
	sigprocmask(SIG_BLOCK, &awaited, NULL);

	pid = proc_fork();
	if (pid == 0)
		run_child(pair[1], ns, argv, env);
	pair[1] = fd_close(pair[1]);
	if (pid < 0) {
		error_set(err, pid, "fork: %s", strerror(-pid));
		return STATUS_OURS;
	}

	status = outlive(pid, &awaited);
	if (fd_recv(pair[0], &report, sizeof(report), NULL, NULL) == (int)sizeof(report))
		error_set(err, report.err.code, "%s", report.err.text);
	return status;
}

static int enter_and_run(const struct proc_ns *ns, char *const *argv, const char *const *env,
			 int pair[2], struct error *err)
{
	struct sigaction dfl = { .sa_handler = SIG_DFL }, chld_before;
	char cwd[PATH_MAX];
	const char *folder = getcwd(cwd, sizeof(cwd));
	sigset_t mask_before;
	int status;

	if (enter(ns, err) < 0)
		return STATUS_OURS;
	if (ns->mnt >= 0)
		enter_keeping_folder(folder);

	/* An ignored SIGCHLD would let the status go by. */
	sigaction(SIGCHLD, &dfl, &chld_before);
	sigprocmask(SIG_BLOCK, NULL, &mask_before);
	status = run(ns, argv, env, pair, err);
	sigprocmask(SIG_SETMASK, &mask_before, NULL);
	sigaction(SIGCHLD, &chld_before, NULL);
	return status;
}

int proc_exec_in(const struct proc_ns *ns, char *const *argv, const char *const *env,
		 struct error *err)
{
	int pair[2], r, status;

	r = fd_socketpair(pair);
	if (r < 0) {
		error_set(err, r, "socket pair: %s", strerror(-r));
		return STATUS_OURS;
	}

	status = enter_and_run(ns, argv, env, pair, err);
	fd_close(pair[0]);
	fd_close(pair[1]);
	return status;
}
