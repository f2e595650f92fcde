/* SPDX-License-Identifier: MIT */
#include "lab/errand.h"

#include <errno.h>
#include <unistd.h>

#include "sys/fd.h"
#include "sys/file.h"
#include "sys/proc.h"

struct errand {
	struct errand_plan plan;
	struct event *readable;
	struct text out;
	pid_t pid;
	int fd;
};

static void errand_free(struct errand *e)
{
	if (e->readable)
		event_free(e->readable);
	fd_close(e->fd);
	text_done(&e->out);
	free(e);
}

static void on_readable(evutil_socket_t fd, short what, void *ctx)
{
	struct errand *e = ctx;
	char buf[4096];
	int len = file_read_some(e->fd, buf, sizeof(buf));
	bool done;

	if (len > 0) {
		text_addn(&e->out, buf, (size_t)len);
		return;
	}
	/* It has closed its end of the pipe: it has ended, or is about to. */
	done = proc_reap(e->pid, len < 0) && !e->out.failed;
	e->plan.done(e->plan.arg, done ? &e->out : NULL);
	errand_free(e);
}

/* Never returns. What it inherits from the parent's libraries stays untouched. */
static void do_work(const struct errand_plan *p, int fd)
{
	struct text out = { 0 };

	if (fd_close_all_but(&fd, 1) < 0 || p->work(p->ctx, &out) < 0 || out.failed)
		_exit(1);
	_exit(file_write(fd, out.str, out.len) < 0);
}

static int start(struct errand *e, struct event_base *base)
{
	int fd;

	e->pid = proc_fork_piped(&fd);
	if (e->pid < 0)
		return e->pid;
	if (e->pid == 0)
		do_work(&e->plan, fd);
	e->fd = fd;
	e->readable = event_new(base, fd, EV_READ | EV_PERSIST, on_readable, e);
	if (e->readable && event_add(e->readable, NULL) == 0)
		return 0;
	proc_reap(e->pid, true);
	return -ENOMEM;
}

int errand_begin(struct event_base *base, const struct errand_plan *plan, struct errand **ret)
{
	struct errand *e = malloc(sizeof(*e));
	int r;

	if (!e)
		return -ENOMEM;
	*e = (struct errand){ .plan = *plan, .fd = -1 };
	r = start(e, base);
	if (r < 0) {
		errand_free(e);
		return r;
	}
	*ret = e;
	return 0;
}

void errand_drop(struct errand *e)
{
	if (!e)
		return;
	proc_reap(e->pid, true);
	errand_free(e);
}
