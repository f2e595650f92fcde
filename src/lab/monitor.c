/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lab/agent.h"
#include "lab/flood.h"
#include "lab/monitor_private.h"
#include "sys/clock.h"
#include "sys/fd.h"
#include "sys/file.h"
#include "sys/netns.h"

#define STOP_PATIENCE_US 1000000	/* for the agent's releases */
#define AGENT_PATIENCE_US 2000000	/* to take a message from its full queue */
#define QUIT_PATIENCE_US 3000000	/* for its packet sockets to close */

const char *const lab_files[] = { "lock",	   "state",	  "ctl", "scenario.ini",
				  "events.jsonl", "capture.pcapng", "log", "answers",
				  "leases.*", NULL };
static_assert(ARRAY_SIZE(lab_files) == LAB_N_FILES + 1, "LAB_N_FILES");

int monitor_tell_agent(struct monitor *m, const struct agent_message *msg, const char *text,
		       size_t len, const int *fds, size_t n_fds)
{
	struct {
		struct agent_message msg;
		char text[256];
	} out;
	int r;

	out.msg = *msg;
	out.msg.text_len = (uint32_t)min_u64(len, sizeof(out.text));
	memcpy(out.text, text ? text : "", out.msg.text_len);
	r = fd_send(m->agent, &out, sizeof(out.msg) + out.msg.text_len, fds, n_fds);
	/* It reads all the time, even while it sends: this one hangs, and would hang the lab. */
	if (r == -EAGAIN && m->agent_pid) {
		dprintf(STDERR_FILENO, "the agent does not listen: it is killed\n");
		kill(m->agent_pid, SIGKILL);
	}
	return r;
}

/* The last line of the lab's life, from here on only the kernel cleans. */
static void remove_run_dir(struct monitor *m)
{
	file_remove_dir_at(m->setup->dir_parent, m->setup->info->name, lab_files, LAB_N_FILES);
}

/* Could the same be done by somebody who has more of it? */
static bool is_shortage(int r)
{
	return r == -EMFILE || r == -ENFILE || r == -ENOMEM || r == -ENOBUFS;
}

static void undo(struct monitor *m)
{
	int r = 0;

	/* Without privilege nothing of it can be seen from outside: it ends with the process. */
	if (!m->setup->info->rootless)
		r = build_undo(m->setup->info->name, m->setup->info->dir, m->build.home,
			       &m->report);
	else
		build_count(m->scenario, &m->report);
	/* What is left is in the state file: `up`, which waits, or a `down` has another try. */
	if (!is_shortage(r))
		remove_run_dir(m);
}

/* Everything back, and the reason to `up`, who still waits. */
static _Noreturn void fail(struct monitor *m, const struct error *err)
{
	struct up_message msg = { .type = UP_FAILED, .error = *err };

	undo(m);
	fd_send(m->setup->up, &msg, sizeof(msg), NULL, 0);
	_exit(1);
}

/* Says `up` that it is gone, without having said that the lab may stay? Then the lab goes too. */
static bool up_has_gone(void *ctx)
{
	struct monitor *m = ctx;

	return fd_is_closed(m->setup->up);
}

static int open_file(struct monitor *m, const char *name, int (*open)(const char *path),
		     struct error *err)
{
	char path[LAB_PATH_MAX];
	int fd;

	lab_path(m->setup->info, name, path);
	fd = open(path);
	return fd < 0 ? error_set(err, fd, "cannot create %s: %s", path, strerror(-fd)) : fd;
}

static int create(const char *path)
{
	return file_open_append(path, false);
}

/* A server's record and the place for its next, for the agent, who may open nothing. */
static int open_journals(struct monitor *m, struct lab_sockets *s, struct error *err)
{
	for (size_t i = 0; i < m->scenario->n_ifaces; i++) {
		const struct scn_iface *iface = &m->scenario->ifaces[i];
		char name[sizeof("leases.:2") + PLACE_NAME_MAX];

		if (!iface->server || !iface->server->persist_leases)
			continue;
		snprintf(name, sizeof(name), "leases.%s", iface->label);
		s->journal[i][0] = open_file(m, name, file_open_record, err);
		if (s->journal[i][0] < 0)
			return s->journal[i][0];
		snprintf(name, sizeof(name), "leases.%s:2", iface->label);
		s->journal[i][1] = open_file(m, name, file_open_record, err);
		if (s->journal[i][1] < 0)
			return s->journal[i][1];
	}
	return 0;
}

static int open_files(struct monitor *m, struct error *err)
{
	cleanup_fd int log = -1;

	m->log = open_file(m, "events.jsonl", create, err);
	if (m->log < 0)
		return m->log;
	m->capture = open_file(m, "capture.pcapng", create, err);
	if (m->capture < 0)
		return m->capture;
	m->listener = open_file(m, "ctl", file_listen, err);
	if (m->listener < 0)
		return m->listener;
	log = open_file(m, "log", create, err);
	if (log < 0)
		return log;
	/* What a sanitizer, or the C library, has to say in despair shall be found somewhere. */
	return dup2(log, STDERR_FILENO) < 0 ? error_set(err, -errno, "dup2: %s", strerror(errno))
					    : 0;
}

static int init_arrays(struct monitor *m, struct error *err)
{
	size_t n_nodes = m->scenario->n_nodes;

	m->configured = calloc(m->scenario->n_ifaces + 1, sizeof(*m->configured));
	m->node_mnt = calloc(n_nodes + 1, sizeof(*m->node_mnt));
	m->node_uts = calloc(n_nodes + 1, sizeof(*m->node_uts));
	m->node_etc = calloc(n_nodes + 1, sizeof(*m->node_etc));
	if (!m->configured || !m->node_mnt || !m->node_uts || !m->node_etc)
		return error_set(err, -ENOMEM, "out of memory");
	for (size_t i = 0; i < n_nodes; i++)
		m->node_mnt[i] = m->node_uts[i] = m->node_etc[i] = -1;
	for (size_t i = 0; i < m->scenario->n_ifaces; i++)
		m->clients += scn_is_awaited(&m->scenario->ifaces[i]);
	return 0;
}

/* What a script had open when it called `up` is not the lab's: a pipe's reader awaits its end. */
static int close_inherited(const struct monitor_setup *s, struct error *err)
{
	const int keep[] = { s->up, s->lock, s->dir_parent, s->leases };
	int r = fd_close_all_but(keep, ARRAY_SIZE(keep) - (s->leases < 0));

	return r < 0 ? error_set(err, r, "cannot close files: %s", strerror(-r)) : 0;
}

/* The run directory's files come before the private mounts, which may hide its path. */
static int prepare(struct monitor *m, struct error *err)
{
	int r;

	r = close_inherited(m->setup, err);
	if (r == 0)
		r = proc_daemonize(err);
	if (r == 0)
		r = open_files(m, err);
	if (r == 0)
		r = init_arrays(m, err);
	if (r == 0)
		r = build_init(&m->build, m->setup->want->plan, err);
	if (r < 0)
		return r;
	m->setup->info->monitor = proc_visible_pid();
	m->build.state = state_create(m->setup->info, err);
	if (m->build.state < 0)
		return m->build.state;
	m->build.pin = true;
	m->build.profile = &m->profile;
	m->build.ctx = m;
	m->build.cancelled = up_has_gone;
	fd_raise_limit();
	return m->setup->info->rootless ? proc_mount_private(err) : netns_dir_prepare(err);
}

static int start_agent(struct monitor *m, struct lab_sockets *sockets, struct error *err)
{
	PROFILE_SCOPE(&m->profile, PROFILE_AGENT);
	struct agent_setup setup = {
		.scenario = m->scenario,
		.sockets = sockets,
		.ifindex = m->build.ifindex,
		.wire_index = m->build.wire_index,
		.stored = m->setup->stored,
		.speed = m->setup->info->speed,
		.step = m->setup->want->step,
		.log = m->log,
		.capture = m->capture,
	};
	int pair[2], r;
	pid_t pid;

	r = fd_socketpair(pair);
	if (r < 0)
		return error_set(err, r, "cannot make a socket pair: %s", strerror(-r));
	pid = proc_fork();
	if (pid < 0) {
		fd_close(pair[0]);
		fd_close(pair[1]);
		return error_set(err, (int)pid, "cannot start the agent: %s", strerror((int)-pid));
	}
	fd_set_send_patience(pair[0], AGENT_PATIENCE_US);
	setup.monitor = pair[1];
	if (pid == 0)
		agent_run(&setup);
	fd_close(pair[1]);
	m->agent = pair[0];
	m->agent_pid = pid;
	return 0;
}

static int build(struct monitor *m, struct error *err)
{
	struct lab_sockets sockets = { 0 };
	uint64_t begun = clock_us();
	int r;

	r = prepare(m, err);
	if (r == 0)
		r = build_run(&m->build, err);
	m->build.plan = NULL;
	plan_done(m->setup->want->plan);
	if (r == 0)
		r = sockets_open(&m->build, &sockets, err);
	if (r == 0)
		r = open_journals(m, &sockets, err);
	if (r == 0)
		r = build_wait_up(&m->build, err);
	if (r == 0)
		r = start_agent(m, &sockets, err);
	if (r == 0)
		r = proc_limit_keeper(err);
	/* The agent has them now: closing this process's copies costs nothing. */
	sockets_done(&sockets);
	m->log = fd_close(m->log);
	m->capture = fd_close(m->capture);
	m->build_us = clock_us() - begun;
	return r;
}

static void tell_built(struct monitor *m)
{
	struct up_message msg = {
		.type = UP_PROFILE,
		.clients = m->clients,
		.build_us = m->build_us,
	};

	if (m->profile.on) {
		fd_send(m->setup->up, &msg, sizeof(msg), NULL, 0);
		fd_send(m->setup->up, &m->profile, sizeof(m->profile), NULL, 0);
	}
	msg.type = UP_BUILT;
	fd_send(m->setup->up, &msg, sizeof(msg), NULL, 0);
}

/* The end, second half: the agent has released, or its time is over. */
static void finish_down(struct monitor *m)
{
	struct agent_message quit = { .type = AGENT_QUIT };
	struct timeval patience = { .tv_sec = QUIT_PATIENCE_US / 1000000 };

	event_del(&m->stop_timer);
	/* Whatever still looks at what stands: its ground is about to go. */
	release_finish_all(m);
	watch_end(m);
	undo(m);
	control_down_done(m, &m->report);
	monitor_tell_agent(m, &quit, NULL, 0, NULL, 0);
	/*
	 * The names are gone and `down` has returned. The namespaces go when the
	 * last descriptor does, all of them at once; the agent closes its packet
	 * sockets side by side, which is faster than the kernel's way at exit.
	 */
	build_done(&m->build);
	m->finished = true;
	event_add(&m->stop_timer, &patience);
	if (!m->agent_pid)
		event_base_loopbreak(m->base);
}

static int add_released(struct lab_down_report *r, const char *line, size_t len)
{
	char **list = realloc(r->released, (r->n_released + 1) * sizeof(*list));

	if (!list)
		return -ENOMEM;
	r->released = list;
	list[r->n_released] = strndup(line, len);
	if (!list[r->n_released])
		return -ENOMEM;
	/* It ends on a terminal, and the agent that wrote it is not to be trusted. */
	for (char *p = list[r->n_released]; *p; p++)
		if (*p < ' ' || *p > '~')
			*p = '?';
	r->n_released++;
	return 0;
}

void monitor_agent_stopped(struct monitor *m, const char *names, size_t len)
{
	/* Once, and when it was told to. */
	if (!m->going_down || m->finished)
		return;
	while (len > 0) {
		const char *end = memchr(names, '\n', len);

		/* A last line without its end was cut: too many to name them all. */
		if (!end || add_released(&m->report, names, (size_t)(end - names)) < 0)
			break;
		len -= (size_t)(end - names) + 1;
		names = end + 1;
	}
	finish_down(m);
}

void monitor_go_down(struct monitor *m)
{
	struct agent_message stop = { .type = AGENT_STOP };
	struct timeval patience = { .tv_sec = STOP_PATIENCE_US / 1000000 };

	if (m->going_down)
		return;
	m->going_down = true;
	watch_end(m);
	if (m->kept)
		flood_mute_again(&m->build);
	event_add(&m->stop_timer, &patience);
	if (!m->agent_pid || monitor_tell_agent(m, &stop, NULL, 0, NULL, 0) < 0)
		finish_down(m);
}

static void on_stop_timer(evutil_socket_t fd, short what, void *ctx)
{
	struct monitor *m = ctx;

	if (m->finished)
		event_base_loopbreak(m->base);
	else
		finish_down(m);
}

/* What can wait until `up` has returned. */
static void keep(struct monitor *m)
{
	int r = watch_nodes(m);

	if (r < 0)
		dprintf(STDERR_FILENO, "cannot watch the nodes: %s\n", strerror(-r));
	proc_trim_memory();
}

/* `up` says that the lab may stay, or is gone without a word: then the lab goes with it. */
static void on_up(evutil_socket_t fd, short what, void *ctx)
{
	struct monitor *m = ctx;
	char word;

	if (fd_recv(fd, &word, sizeof(word), NULL, NULL) == sizeof(word) && word == UP_KEEP) {
		m->kept = true;
		event_del(&m->rx_up);
		flood_unmute_all(&m->build);
		keep(m);
		return;
	}
	monitor_go_down(m);
}

static void on_term(evutil_socket_t sig, short what, void *ctx)
{
	monitor_go_down(ctx);
}

/* PID 1 reaps whatever ends in the lab; one of them is the agent. */
static void on_child(evutil_socket_t sig, short what, void *ctx)
{
	struct monitor *m = ctx;
	pid_t pid;
	int status;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		if (pid != m->agent_pid)
			continue;
		m->agent_pid = 0;
		if (m->finished)
			event_base_loopbreak(m->base);
		else if (!m->going_down)
			dprintf(STDERR_FILENO, "the agent has ended with status 0x%x\n",
				(unsigned int)status);
		if (m->going_down && !m->finished)
			finish_down(m);
		control_status_done(m, &agent_is_dead);
		control_wish_done(m, &(struct agent_message){ .error = agent_is_dead });
	}
}

static int make_loop(struct monitor *m)
{
	m->base = event_base_new();
	if (!m->base)
		return -ENOMEM;
	evtimer_assign(&m->stop_timer, m->base, on_stop_timer, m);
	evsignal_assign(&m->on_term, m->base, SIGTERM, on_term, m);
	evsignal_assign(&m->on_child, m->base, SIGCHLD, on_child, m);
	event_assign(&m->rx_up, m->base, m->setup->up, EV_READ | EV_PERSIST, on_up, m);
	event_assign(&m->rx_agent, m->base, m->agent, EV_READ | EV_PERSIST, monitor_on_agent, m);
	if (event_add(&m->on_term, NULL) < 0 || event_add(&m->on_child, NULL) < 0 ||
	    event_add(&m->rx_up, NULL) < 0 || event_add(&m->rx_agent, NULL) < 0)
		return -ENOMEM;
	return control_init(m);
}

_Noreturn void monitor_run(const struct monitor_setup *setup)
{
	struct monitor m;
	struct error err = { 0 };

	m = (struct monitor){
		.setup = setup,
		.scenario = setup->want->plan->scenario,
		.agent = -1,
		.listener = -1,
		.log = -1,
		.capture = -1,
	};
	m.profile.on = setup->want->profile;
	/* A stopped `up` shall not stop the lab: it misses some news of its progress. */
	fd_set_nonblocking(setup->up);
	if (build(&m, &err) < 0)
		fail(&m, &err);
	tell_built(&m);
	if (make_loop(&m) < 0)
		fail(&m, &(struct error){ -ENOMEM, "out of memory" });
	/* A child that ended before the loop listened is not missed. */
	on_child(SIGCHLD, 0, &m);
	event_base_dispatch(m.base);
	_exit(0);
}
