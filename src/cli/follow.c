/* SPDX-License-Identifier: MIT */
#include "cli/follow.h"

#include <stdio.h>

#include "cli/out.h"
#include "cli/stop.h"
#include "sys/clock.h"
#include "sys/file.h"

#define POLL_US 50000

static bool has_enough(const struct follow *f)
{
	return f->enough && f->enough(f->ctx);
}

/**
 * struct progress - how far the log has been read
 * @n: events handed over
 */
struct progress {
	struct lab_log log;
	uint64_t n;
	enum exit_status status;
};

/* Hands over events until there are no more for now. False: enough. */
static bool read_events(struct progress *p, const struct follow *f)
{
	for (;;) {
		cleanup_event struct trace_event e = { 0 };
		struct error err = { 0 };
		int r = lab_log_next(&p->log, &e, &err);

		if (r < 0)
			p->status = report_error(&err);
		if (r <= 0)
			return r == 0;
		if (e.n <= f->from)
			continue;
		if (f->frame)
			*f->frame = p->log.reader.frame;
		p->status = f->event(f->ctx, &e);
		p->n++;
		if (p->status || (f->max && p->n >= f->max) || has_enough(f))
			return false;
	}
}

/* The log of a lab that is taken down goes with its folder: its lock is what tells. */
static bool is_alive(const struct lab_info *info)
{
	char lock[LAB_PATH_MAX];

	lab_path(info, "lock", lock);
	return file_is_locked(lock);
}

static void wait_for_more(struct progress *p, const struct lab_info *info, const struct follow *f)
{
	for (bool alive = true; alive && !stop_wanted();) {
		fflush(stdout);
		if (ferror(stdout))
			return;
		clock_sleep_us(POLL_US);
		/* Asked first: what it wrote at its end is read all the same. */
		alive = is_alive(info);
		if (!read_events(p, f) || has_enough(f))
			return;
	}
}

enum exit_status follow_log(const struct lab_info *info, const struct follow *f)
{
	struct progress p = { .log = LAB_LOG_CLOSED };
	struct error err = { 0 };

	if (lab_log_open(info, &p.log, &err) < 0)
		p.status = report_error(&err);
	else if (read_events(&p, f) && f->live)
		wait_for_more(&p, info, f);
	lab_log_done(&p.log);
	return p.status;
}
