/* SPDX-License-Identifier: MIT */
#include "cli/follow.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/out.h"
#include "cli/stop.h"
#include "sys/clock.h"
#include "sys/file.h"

#define POLL_US 50000

struct reader_state {
	FILE *file;
	struct text line;	/* what was read of the line so far */
	uint64_t n;
	enum exit_status status;
};

static void close_file(FILE **f)
{
	if (*f)
		fclose(*f);
}

static bool has_enough(const struct follow *f)
{
	return f->enough && f->enough(f->ctx);
}

/* Hands over whole lines until the file has no more for now. False: enough. */
static bool read_lines(struct reader_state *r, const struct follow *f)
{
	char buf[4096];

	clearerr(r->file);
	while (fgets(buf, sizeof(buf), r->file)) {
		size_t len = strlen(buf);
		bool whole = len && buf[len - 1] == '\n';

		text_addn(&r->line, buf, len - whole);
		if (!whole)
			continue;
		if (++r->n > f->from)
			r->status = f->line(f->ctx, r->line.str, r->line.len);
		text_done(&r->line);
		r->line = (struct text){ 0 };
		if (r->status || (f->max && r->n >= f->from + f->max) || has_enough(f))
			return false;
	}
	return true;
}

/* The log of a lab that is taken down goes with its folder: its lock is what tells. */
static bool is_alive(const struct lab_info *info)
{
	char lock[LAB_PATH_MAX];

	lab_path(info, "lock", lock);
	return file_is_locked(lock);
}

static void wait_for_more(struct reader_state *r, const struct lab_info *info,
			  const struct follow *f)
{
	for (bool alive = true; alive && !stop_wanted();) {
		fflush(stdout);
		if (ferror(stdout))
			return;
		clock_sleep_us(POLL_US);
		/* Asked first: what it wrote at its end is read all the same. */
		alive = is_alive(info);
		if (!read_lines(r, f) || has_enough(f))
			return;
	}
}

enum exit_status follow_log(const struct lab_info *info, const struct follow *f)
{
	FILE *file CLEANUP(close_file) = NULL;
	struct reader_state r = { 0 };
	char path[LAB_PATH_MAX];

	lab_path(info, "events.jsonl", path);
	file = fopen(path, "re");
	if (!file)
		return report(EXIT_CONFLICT, "cannot read %s: %s", path, strerror(errno));
	r.file = file;
	if (read_lines(&r, f) && f->live)
		wait_for_more(&r, info, f);
	text_done(&r.line);
	return r.status;
}
