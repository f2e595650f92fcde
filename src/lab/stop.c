/* SPDX-License-Identifier: MIT */
/* stop.c - a lab's end: asked of its monitor, or done from the state file alone. */
#include <errno.h>
#include <signal.h>
#include <string.h>

#include "lab/build.h"
#include "lab/connect.h"
#include "lab/monitor.h"
#include "sys/clock.h"
#include "sys/fd.h"
#include "sys/file.h"
#include "sys/netns.h"

#define LOCK_WAIT_US 100000
#define START_WAIT_US 20000000ull
#define END_WAIT_US 20000000ull
#define END_POLL_US 1000

void lab_down_report_done(struct lab_down_report *r)
{
	for (size_t i = 0; i < r->n_released; i++)
		free(r->released[i]);
	for (size_t i = 0; i < r->n_kept; i++)
		free(r->kept[i]);
	free(r->released);
	free(r->kept);
	*r = (struct lab_down_report){ 0 };
}

static int take_strings(const json_t *list, char ***ret, size_t *ret_n)
{
	size_t n = json_array_size(list);

	*ret = calloc(n + 1, sizeof(char *));
	if (!*ret)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		const char *s = json_string_value(json_array_get(list, i));

		(*ret)[i] = strdup(s ? s : "");
		if (!(*ret)[i])
			return -ENOMEM;
		++*ret_n;
	}
	return 0;
}

static size_t count_of(const json_t *j, const char *name)
{
	return (size_t)json_integer_value(json_object_get(j, name));
}

static int take_report(const json_t *j, struct lab_down_report *ret)
{
	int r;

	ret->servers = count_of(j, "servers");
	ret->clients = count_of(j, "clients");
	ret->namespaces = count_of(j, "namespaces");
	ret->cables = count_of(j, "cables");
	r = take_strings(json_object_get(j, "released"), &ret->released, &ret->n_released);
	return r < 0 ? r : take_strings(json_object_get(j, "kept"), &ret->kept, &ret->n_kept);
}

static int ask_monitor(const struct lab_info *i, struct lab_down_report *ret, struct error *err)
{
	cleanup_lab struct lab *l = NULL;
	json_t *reply;
	int r;

	r = lab_connect(i, &l, err);
	if (r < 0)
		return r;
	r = lab_request(l, json_pack("{s:s}", "op", "down"), &reply, NULL, NULL, err);
	if (r < 0)
		return r;
	r = take_report(reply, ret);
	json_decref(reply);
	return r;
}

/* The monitor is dead: its plan's inverses from the state file, under its lock. */
static int undo_alone(const struct lab_info *i, struct lab_down_report *ret, struct error *err)
{
	char path[LAB_PATH_MAX];
	cleanup_fd int lock = -1;
	cleanup_fd int home = -1;
	int r;

	lab_path(i, "lock", path);
	lock = file_lock(path, LOCK_WAIT_US);
	if (lock == -ENOENT)
		return 0;	/* somebody else was faster */
	if (lock < 0)
		return error_set(err, -EBUSY, "%s does not answer, but is alive (process %d)",
				 i->name, i->monitor);
	home = netns_open_self();
	/* Names that a lab of before the boot had can only be others' now. */
	r = i->rootless || i->stale ? 0 : build_undo(i->name, i->dir, home, ret);
	/* What is kept stays in the state file, for another try. */
	if (r < 0)
		return error_set(err, r, "%s", ret->n_kept ? ret->kept[0] : strerror(-r));
	r = file_remove_dir(i->dir, lab_files, LAB_N_FILES);
	return r < 0 && r != -ENOENT ?
		       error_set(err, r, "cannot remove %s: %s", i->dir, strerror(-r)) :
		       0;
}

/* Who holds the socket. -errno where there is nobody, or an old kernel. */
static int monitor_pidfd(const struct lab_info *i)
{
	char path[LAB_PATH_MAX];
	cleanup_fd int sock = -1;

	lab_path(i, "ctl", path);
	sock = file_connect(path, LOCK_WAIT_US);
	return sock < 0 ? sock : file_peer_pidfd(sock);
}

/*
 * The kernel's half: a monitor that ends lets go of the lock, then the kernel kills
 * all that is in the lab, and only then it has ended.
 */
static int wait_end(int lock, int pidfd, struct error *err)
{
	uint64_t limit = clock_us() + END_WAIT_US;

	while (fd_is_locked(lock)) {
		if (clock_us() > limit)
			return error_set(err, -ETIMEDOUT, "the lab's processes do not end");
		clock_sleep_us(END_POLL_US);
	}
	if (pidfd >= 0 && proc_wait_pidfd(pidfd, END_WAIT_US) < 0)
		return error_set(err, -ETIMEDOUT, "the lab's processes do not end");
	return 0;
}

/*
 * A monitor that cannot be asked is dead, or on its way down for another
 * reason: what is left is in the state file. Or it is still building, and does
 * not listen yet: then it holds the lock, and will.
 */
static int stop(const struct lab_info *i, struct lab_down_report *ret, struct error *err)
{
	uint64_t limit = clock_us() + START_WAIT_US;
	int r;

	do {
		r = ask_monitor(i, ret, err);
		if (r == -ECONNREFUSED || r == -EPIPE)
			r = undo_alone(i, ret, err);
		else
			break;
	} while (r == -EBUSY && clock_us() < limit);
	return r;
}

int lab_stop(const struct lab_info *i, bool wait, struct lab_down_report *ret, struct error *err)
{
	struct lab_down_report report = { 0 };
	struct error reason = { 0 };
	char path[LAB_PATH_MAX];
	cleanup_fd int lock = -1;
	cleanup_fd int pidfd = -1;
	int r;

	lab_path(i, "lock", path);
	if (wait) {
		lock = file_open(path);
		pidfd = monitor_pidfd(i);
	}
	r = stop(i, &report, &reason);
	if (r == 0 && lock >= 0)
		r = wait_end(lock, pidfd, &reason);
	if (r < 0) {
		lab_down_report_done(&report);
		return error_set(err, r, "%s", reason.text);
	}
	*ret = report;
	return 0;
}

int lab_kill(const struct lab_info *i, struct error *err)
{
	/* Not the number in the state file, which may be anybody's. */
	cleanup_fd int pidfd = monitor_pidfd(i);
	int r = pidfd < 0 ? pidfd : proc_kill_pidfd(pidfd, SIGKILL);

	if (r == 0)
		r = proc_wait_pidfd(pidfd, END_WAIT_US);
	if (r < 0)
		return error_set(err, r, "cannot end the monitor of %s: %s", i->name,
				 strerror(-r));
	return 0;
}
