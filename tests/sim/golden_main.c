/* SPDX-License-Identifier: MIT */
/*
 * golden_main.c - a scenario in virtual time, as a workshop handout.
 *
 *	golden SCENARIO.ini HANDOUT.golden DURATION|bound [--update]
 *
 * Compares what happens with the handout, or (--update) writes the handout anew.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "sim/sim.h"
#include "trace/view.h"
#include "../log_text.h"

#define SIM_PATIENCE (60 * DHCP_SECOND)

static char *read_file(const char *path, size_t *ret_len)
{
	FILE *f = fopen(path, "rb");
	struct text t = { 0 };
	char buf[4096];
	size_t n;

	if (!f) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		return NULL;
	}
	while ((n = fread(buf, 1, sizeof(buf), f)) > 0)
		text_addn(&t, buf, n);
	fclose(f);
	*ret_len = t.len;
	return text_take(&t);
}

static int write_file(const char *path, const char *bytes, size_t len)
{
	FILE *f = fopen(path, "wb");
	size_t n;

	if (!f)
		return -errno;
	n = fwrite(bytes, 1, len, f);
	return fclose(f) == 0 && n == len ? 0 : -EIO;
}

/* "scenarios/dhcptest.ini" is the scenario "dhcptest". */
static void name_of(const char *path, char *ret, size_t size)
{
	const char *slash = strrchr(path, '/');
	char *dot;

	str_copy(ret, size, slash ? slash + 1 : path);
	dot = strchr(ret, '.');
	if (dot)
		*dot = '\0';
}

static struct scenario *load(const char *path)
{
	cleanup_diags struct diags diags = { 0 };
	cleanup_free char *text = NULL, *errors = NULL;
	struct scenario *s = NULL;
	char name[NODE_NAME_MAX];
	size_t len;

	name_of(path, name, sizeof(name));
	text = read_file(path, &len);
	if (!text)
		return NULL;
	if (scenario_parse(text, len, &(struct scenario_options){ .name = name }, &s, &diags) < 0) {
		errors = diags_format(&diags, path);
		fputs(errors ? errors : "out of memory\n", stderr);
	}
	return s;
}

/* Events come one by one; a view wants the whole log: it goes through the log's own lines. */
static void collect(void *ctx, const struct trace_event *e)
{
	if (trace_event_to_json(e, ctx) < 0)
		abort();
}

static int simulate(const struct scenario *s, const char *until, struct text *lines)
{
	struct sim_options opt = { .seed = s->seed, .ctx = lines, .on_event = collect };
	struct sim *sim = NULL;
	uint64_t duration = 0;
	int r;

	if (strcmp(until, "bound") != 0 && duration_parse(until, &duration) < 0)
		return -EINVAL;
	r = sim_new(s, &opt, &sim);
	if (r < 0)
		return r;
	r = duration ? sim_run(sim, duration) : sim_run_until_bound(sim, SIM_PATIENCE);
	sim_free(sim);
	return r;
}

static int handout(const struct scenario *s, const char *until, struct text *out)
{
	cleanup_text struct text lines = { 0 };
	cleanup_trace_log struct trace_log log = { 0 };
	struct view view = { .unicode = false };
	int bound, r;

	bound = simulate(s, until, &lines);
	if (bound < 0)
		return bound;
	r = log_text_events(lines.str ? lines.str : "", lines.len, &log);
	if (r < 0)
		return r;

	text_add(out, "%s\n\n%s\n\n", s->title, s->objective);
	view_fit_names(&view, &log);
	for (size_t i = 0; i < log.n; i++)
		view_timeline(&view, &log.event[i], out);
	text_add(out, "\n%s\n", bound ? "All clients are BOUND." : "Not all clients are BOUND.");
	return out->failed ? -ENOMEM : 0;
}

static int compare(const char *path, const struct text *got)
{
	cleanup_free char *want = NULL;
	size_t len;

	want = read_file(path, &len);
	if (!want)
		return 1;
	if (len == got->len && memcmp(want, got->str, len) == 0)
		return 0;
	fprintf(stderr, "%s is not what happens. This is:\n%s", path, got->str);
	return 1;
}

int main(int argc, char **argv)
{
	bool update = argc == 5 && strcmp(argv[4], "--update") == 0;
	cleanup_scenario struct scenario *s = NULL;
	cleanup_text struct text out = { 0 };
	int r;

	if (argc != 4 && !update) {
		fprintf(stderr, "usage: golden SCENARIO HANDOUT DURATION|bound [--update]\n");
		return 2;
	}
	s = load(argv[1]);
	if (!s)
		return 1;
	r = handout(s, argv[3], &out);
	if (r == 0 && update)
		r = write_file(argv[2], out.str, out.len);
	if (r < 0) {
		fprintf(stderr, "%s: %s\n", argv[1], strerror(-r));
		return 1;
	}
	return update ? 0 : compare(argv[2], &out);
}
