/* SPDX-License-Identifier: MIT */
#include "cli/scenario_file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/out.h"
#include "config.h"
#include "scenario/ini.h"
#include "sys/file.h"

#define SUFFIX ".ini"
#define FOLDERS_MAX 5

struct folders {
	size_t n;
	char *path[FOLDERS_MAX];
};

static void folders_add(struct folders *f, const char *base, const char *below)
{
	if (asprintf(&f->path[f->n], "%s%s", base, below) >= 0)
		f->n++;
}

static void folders_done(struct folders *f)
{
	for (size_t i = 0; i < f->n; i++)
		free(f->path[i]);
}
#define cleanup_folders CLEANUP(folders_done)

/* In the order of search: what lies nearer to the user wins. */
static void folders_init(struct folders *f)
{
	const char *data = getenv("XDG_DATA_HOME");
	const char *home = getenv("HOME");

	folders_add(f, ".", "");
	folders_add(f, "./scenarios", "");
	if (data && data[0] == '/')
		folders_add(f, data, "/" PROGRAM_NAME "/scenarios");
	else if (home && home[0] == '/')
		folders_add(f, home, "/.local/share/" PROGRAM_NAME "/scenarios");
	folders_add(f, SCENARIO_DIR, "");
	/* Only on the machine that built it. */
	if (access(BUILD_SCENARIO_DIR, F_OK) == 0)
		folders_add(f, BUILD_SCENARIO_DIR, "");
}

static bool has_suffix(const char *name)
{
	size_t len = strlen(name), n = strlen(SUFFIX);

	return len > n && strcmp(name + len - n, SUFFIX) == 0;
}

char *scenario_file_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *base = slash ? slash + 1 : path;

	return strndup(base, strlen(base) - (has_suffix(base) ? strlen(SUFFIX) : 0));
}

/* Is there a scenario of this name among the first @n paths? Names are what counts, not folders. */
static bool is_listed(char *const *paths, size_t n, const char *file)
{
	for (size_t i = 0; i < n; i++) {
		const char *slash = strrchr(paths[i], '/');

		if (strcmp(slash ? slash + 1 : paths[i], file) == 0)
			return true;
	}
	return false;
}

static int compare_files(const void *a, const void *b)
{
	const char *x = strrchr(*(char *const *)a, '/') + 1;
	const char *y = strrchr(*(char *const *)b, '/') + 1;
	size_t nx = strlen(x) - strlen(SUFFIX), ny = strlen(y) - strlen(SUFFIX);
	int r = memcmp(x, y, nx < ny ? nx : ny);

	/* Without the suffix: "a" stands before "a-b". */
	return r ? r : (nx > ny) - (nx < ny);
}

static int list_folder(const char *folder, char ***paths, size_t *n)
{
	char **names = NULL, **more;
	int count, r = 0;

	count = file_list(folder, &names);
	if (count <= 0) {
		free(names);
		return 0;	/* a folder that is not there holds no scenarios */
	}

	more = reallocarray(*paths, *n + (size_t)count, sizeof(**paths));
	if (more)
		*paths = more;
	for (int i = 0; i < count; i++) {
		if (!more)
			r = -ENOMEM;
		else if (has_suffix(names[i]) && !is_listed(more, *n, names[i]) &&
			 asprintf(&more[*n], "%s/%s", folder, names[i]) >= 0)
			(*n)++;
		free(names[i]);
	}
	free(names);
	return r;
}

int scenario_file_list(char ***ret)
{
	struct folders cleanup_folders f = { 0 };
	char **paths = NULL;
	size_t n = 0;

	folders_init(&f);
	for (size_t i = 0; i < f.n; i++) {
		if (list_folder(f.path[i], &paths, &n) < 0) {
			scenario_file_list_free(paths, n);
			return -ENOMEM;
		}
	}
	if (n)
		qsort(paths, n, sizeof(*paths), compare_files);
	*ret = paths;
	return (int)n;
}

void scenario_file_list_free(char **paths, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(paths[i]);
	free(paths);
}

static enum exit_status no_such_scenario(const char *name)
{
	char **paths = NULL;
	int n = scenario_file_list(&paths);
	const char *near = NULL;
	enum exit_status status;

	/* The paths become names in place: nobody needs them any more. */
	for (int i = 0; i < n; i++) {
		char *base = scenario_file_name(paths[i]);

		free(paths[i]);
		paths[i] = base ? base : strdup("");
	}
	if (n > 0)
		near = nearest(name, (const char *const *)paths, (size_t)n);
	if (near)
		status = report(EXIT_USAGE, "no scenario \"%s\"; did you mean \"%s\"? (%s list)",
				name, near, PROGRAM_NAME);
	else
		status = report(EXIT_USAGE, "no scenario \"%s\" (%s list)", name, PROGRAM_NAME);
	if (n > 0)
		scenario_file_list_free(paths, (size_t)n);
	return status;
}

static enum exit_status find(const char *arg, char **ret)
{
	struct folders cleanup_folders f = { 0 };

	if (strchr(arg, '/') || has_suffix(arg)) {
		*ret = strdup(arg);
		return *ret ? EXIT_OK : report_no_memory();
	}

	folders_init(&f);
	for (size_t i = 0; i < f.n; i++) {
		cleanup_free char *path = NULL;

		if (asprintf(&path, "%s/%s" SUFFIX, f.path[i], arg) < 0)
			return report_no_memory();
		if (access(path, F_OK) == 0) {
			/* "./x.ini" is x.ini to people. */
			*ret = strncmp(path, "./", 2) == 0 ? strdup(path + 2) : TAKE_PTR(path);
			return *ret ? EXIT_OK : report_no_memory();
		}
	}
	return no_such_scenario(arg);
}

enum exit_status scenario_file_read(const char *arg, struct scenario_file *ret)
{
	struct scenario_file cleanup_scenario_file f = { 0 };
	enum exit_status status;
	bool is_dir = false;
	int r;

	status = find(arg, &f.path);
	if (status)
		return status;
	f.name = scenario_file_name(f.path);
	if (!f.name)
		return report_no_memory();

	r = file_stat(f.path, NULL, &is_dir);
	if (r < 0)
		return report(EXIT_SCENARIO, "cannot read %s: %s (%s list)", f.path, strerror(-r),
			      PROGRAM_NAME);
	if (is_dir)
		return report(EXIT_SCENARIO, "%s is a folder, not a scenario file", f.path);

	r = file_read(f.path, INI_MAX_SIZE, &f.text, &f.len);
	if (r == -EFBIG)
		return report(EXIT_SCENARIO, "%s is longer than a scenario may be (%u bytes)",
			      f.path, INI_MAX_SIZE);
	/* Who may not read it has named the wrong file; the rest is the machine's trouble. */
	if (r < 0)
		return report(r == -EACCES || r == -ENOENT ? EXIT_SCENARIO : EXIT_CANNOT,
			      "cannot read %s: %s", f.path, strerror(-r));
	if (!f.len)
		return report(EXIT_SCENARIO,
			      "%s is empty; a scenario needs at least one [Node NAME]", f.path);

	*ret = f;
	f = (struct scenario_file){ 0 };
	return EXIT_OK;
}

void scenario_file_done(struct scenario_file *f)
{
	free(f->path);
	free(f->name);
	free(f->text);
}

enum exit_status scenario_file_parse(const struct scenario_file *f,
				     const struct scenario_options *opt, struct scenario **ret)
{
	struct diags cleanup_diags diags = { 0 };
	struct scenario_options o = *opt;
	cleanup_free char *text = NULL;
	int r;

	if (!o.name)
		o.name = f->name;
	if (!scenario_is_name(o.name))
		return report(EXIT_USAGE,
			      "\"%s\" cannot be a lab's name: 1 to 31 letters, digits, '-', '_' or "
			      "'.'; give one with --name, or rename the file", o.name);

	r = scenario_parse(f->text, f->len, &o, ret, &diags);
	if (r == -EINVAL) {
		text = diags_format(&diags, f->path);
		fflush(stdout);
		if (text)
			fputs(text, stderr);
		return EXIT_SCENARIO;
	}
	return r < 0 ? report_no_memory() : EXIT_OK;
}
