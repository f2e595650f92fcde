/* SPDX-License-Identifier: MIT */
/* start.c - `up`'s half of a lab's beginning. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config.h"
#include "lab/lease_file.h"
#include "lab/build.h"
#include "lab/monitor.h"
#include "lab/proto.h"
#include "sys/clock.h"
#include "sys/fd.h"
#include "sys/file.h"

#define PARENT_LOCK_US 5000000
#define POLL_US 20000
#define ROLLBACK_US 30000000ull

/**
 * struct start - a lab on its way up
 * @leases: @stored: as lease_files_open() has them
 * @parent: folder of all labs; @parent_fd a descriptor of it
 * @lock: of the lab, until its monitor has it
 * @sock: to the monitor; @pidfd of it
 */
struct start {
	const struct lab_up *want;
	struct lab_info info;
	char parent[LAB_PATH_MAX];
	int parent_fd, lock, sock, pidfd, leases;
	uint32_t *stored;
	struct profile profile;
};

static int make_lab_dir(struct start *s, struct error *err)
{
	return mkdir(s->info.dir, 0700) < 0 ?
		       error_set(err, -errno, "cannot make %s: %s", s->info.dir, strerror(errno)) :
		       0;
}

/* Another's? Or the rest of an `up` that was killed before it made anything: that is taken over. */
static int already_there(struct start *s, struct error *err)
{
	char path[LAB_PATH_MAX];

	lab_path(&s->info, "lock", path);
	if (file_is_locked(path))
		return error_set(err, -EALREADY, "%s is already up", s->info.name);
	lab_path(&s->info, "state", path);
	if (access(path, F_OK) == 0)
		return error_set(err, -EEXIST,
				 "%s was left behind by a monitor that died: " PROGRAM_NAME
				 " down %s cleans up",
				 s->info.name, s->info.name);
	file_remove_dir(s->info.dir, lab_files, LAB_N_FILES);
	return make_lab_dir(s, err);
}

static int write_scenario(struct start *s, struct error *err)
{
	char path[LAB_PATH_MAX];
	cleanup_fd int fd = -1;
	int r;

	lab_path(&s->info, "scenario.ini", path);
	fd = file_open_append(path, false);
	r = fd < 0 ? fd : file_write(fd, s->want->text, s->want->len);
	return r < 0 ? error_set(err, r, "cannot write %s: %s", path, strerror(-r)) : 0;
}

static bool path_join(char *ret, size_t size, const char *dir, const char *name)
{
	int n = snprintf(ret, size, "%s/%s", dir, name);

	return n > 0 && (size_t)n < size;
}

/* The run directory and its lock, as one step for all who may try at once. */
static int make_run_dir(struct start *s, struct error *err)
{
	PROFILE_SCOPE(&s->profile, PROFILE_RUN_DIR);
	char path[LAB_PATH_MAX];
	cleanup_fd int parent_lock = -1;
	int r;

	r = file_run_dir(proc_is_privileged(), s->parent, sizeof(s->parent), err);
	if (r < 0)
		return r;
	r = file_mkdir(s->parent);
	if (r < 0)
		return error_set(err, r, "cannot make %s: %s", s->parent, strerror(-r));
	if (!path_join(s->info.dir, sizeof(s->info.dir), s->parent, s->info.name) ||
	    !path_join(path, sizeof(path), s->parent, ".lock"))
		return error_set(err, -ENAMETOOLONG, "%s: the path is too long", s->parent);
	s->parent_fd = open(s->parent, O_PATH | O_DIRECTORY | O_CLOEXEC);
	parent_lock = file_lock(path, PARENT_LOCK_US);
	if (parent_lock < 0 || s->parent_fd < 0)
		return error_set(err, parent_lock < 0 ? parent_lock : -errno, "cannot lock %s: %s",
				 s->parent, strerror(parent_lock < 0 ? -parent_lock : errno));

	r = make_lab_dir(s, err);
	if (r == -EEXIST)
		r = already_there(s, err);
	if (r < 0)
		return r;
	lab_path(&s->info, "lock", path);
	s->lock = file_lock(path, 0);
	if (s->lock < 0) {
		rmdir(s->info.dir);
		return error_set(err, s->lock, "cannot lock %s: %s", path, strerror(-s->lock));
	}
	return write_scenario(s, err);
}

static void remove_run_dir(struct start *s)
{
	if (s->lock >= 0)
		file_remove_dir(s->info.dir, lab_files, LAB_N_FILES);
}

static int spawn(struct start *s, struct error *err)
{
	PROFILE_SCOPE(&s->profile, PROFILE_SPAWN);
	struct monitor_setup setup = {
		.want = s->want,
		.info = &s->info,
		.dir_parent = s->parent_fd,
		.lock = s->lock,
		.leases = s->leases,
		.stored = s->stored,
	};
	struct error cause = { 0 };
	int pair[2], r;

	r = fd_socketpair(pair);
	if (r < 0)
		return error_set(err, r, "cannot make a socket pair: %s", strerror(-r));
	r = proc_clone_lab(s->want->rootless, &s->info.monitor, &s->pidfd, &cause);
	if (r == 0) {
		fd_close(pair[0]);
		setup.up = pair[1];
		monitor_run(&setup);
	}
	fd_close(pair[1]);
	if (r < 0) {
		fd_close(pair[0]);
		return error_set(err, r, "%s: %s (" PROGRAM_NAME " doctor looks further)",
				 cause.text, proc_lab_mend(r, s->want->rootless));
	}
	s->sock = pair[0];
	/* The monitor holds the lock now, and nobody else shall. */
	s->lock = fd_close(s->lock);
	return 0;
}

static int take_profile(struct start *s)
{
	struct profile p;

	if (fd_recv(s->sock, &p, sizeof(p), NULL, NULL) != sizeof(p))
		return -EBADMSG;
	profile_merge(&s->profile, &p);
	return 0;
}

/* One message of the monitor's. 1 when the wait is over, 0 when not, -errno. */
static int take_message(struct start *s, struct lab_up_report *ret, struct error *err)
{
	struct up_message msg;
	int n = fd_recv(s->sock, &msg, sizeof(msg), NULL, NULL);

	if (n == -EAGAIN || n == -EINTR)
		return 0;
	if (n != sizeof(msg))
		return error_set(err, -EPIPE, "the lab was taken down, or its monitor killed, "
					    "before it was ready");
	if (msg.type == UP_FAILED)
		return error_set(err, msg.error.code, "%s", msg.error.text);
	if (msg.type == UP_PROFILE)
		return take_profile(s);

	ret->clients = msg.clients;
	ret->bound = msg.bound;
	ret->build_us = msg.build_us;
	return msg.bound == msg.clients;
}

static bool is_cancelled(const struct start *s)
{
	return s->want->cancelled && s->want->cancelled(s->want->ctx);
}

/* The news that everything stands: the exchange begins, and so does our patience. */
static uint64_t take_built(struct start *s)
{
	profile_enter(&s->profile, PROFILE_EXCHANGE);
	if (s->want->built)
		s->want->built(s->want->ctx);
	return clock_us() + (s->want->step ? 0 : s->want->timeout_us);
}

/* Until all clients have what they want, or the patience that begins with UP_BUILT is over. */
static int wait_settled(struct start *s, struct lab_up_report *ret, struct error *err)
{
	uint64_t limit = UINT64_MAX;

	while (clock_us() < limit) {
		int r;

		if (is_cancelled(s))
			return error_set(err, -ECANCELED, "interrupted");
		r = fd_wait_readable(s->sock, POLL_US);
		if (r <= 0)
			continue;
		r = take_message(s, ret, err);
		if (r < 0)
			return r;
		if (limit == UINT64_MAX && ret->build_us > 0)
			limit = take_built(s);
		if (r > 0)
			break;
	}
	profile_leave(&s->profile);
	return 0;
}

/* The monitor rolls back when this end closes; its own end is the sign that it is done. */
static void roll_back(struct start *s)
{
	cleanup_down_report struct lab_down_report report = { 0 };

	s->sock = fd_close(s->sock);
	if (s->pidfd >= 0)
		proc_wait_pidfd(s->pidfd, ROLLBACK_US);
	/* Nothing to do, unless it was killed before it could clean up. */
	lab_stop(&s->info, false, &report, NULL);
}

static int start(struct start *s, struct lab_up_report *ret, struct error *err)
{
	PROFILE_SCOPE(&s->profile, PROFILE_UP);
	int r;

	r = build_check_caller(s->want->plan->scenario, err);
	if (r < 0)
		return r;
	s->leases = lease_files_open(s->want->plan->scenario, !s->want->rootless, &s->stored, err);
	if (s->leases < -1)
		return s->leases;
	r = make_run_dir(s, err);
	if (r == 0)
		r = spawn(s, err);
	if (r < 0) {
		remove_run_dir(s);
		return r;
	}
	r = wait_settled(s, ret, err);
	if (r < 0) {
		roll_back(s);
		return r;
	}
	return fd_send(s->sock, &(char){ UP_KEEP }, 1, NULL, 0);
}

int lab_start(const struct lab_up *want, struct lab_up_report *ret, struct error *err)
{
	const struct scenario *scn = want->plan->scenario;
	struct start s = {
		.want = want,
		.parent_fd = -1,
		.lock = -1,
		.leases = -1,
		.sock = -1,
		.pidfd = -1,
		.info = { .rootless = want->rootless,
			  .seed = scn->seed,
			  .speed = want->speed,
			  .started_wall_ns = clock_wall_ns(),
			  .set = (char **)want->set,	/* only read */
			  .n_set = want->n_set },
	};
	struct lab_up_report report = { 0 };
	cleanup_text struct text profile = { 0 };
	uint64_t begun = clock_us();
	int r;

	str_copy(s.info.name, sizeof(s.info.name), scn->name);
	str_copy(s.info.scenario, sizeof(s.info.scenario), want->path);
	s.profile.on = want->profile;
	r = start(&s, &report, err);
	fd_close(s.sock);
	fd_close(s.pidfd);
	fd_close(s.lock);
	fd_close(s.parent_fd);
	fd_close(s.leases);
	free(s.stored);
	if (r < 0)
		return r;
	report.total_us = clock_us() - begun;
	if (want->profile) {
		profile_format(&s.profile, &profile);
		report.profile = text_take(&profile);
	}
	*ret = report;
	return 0;
}
