/* SPDX-License-Identifier: MIT */
#include <argp.h>
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "cli/out.h"
#include "cli/scenario_file.h"
#include "cli/verb.h"
#include "config.h"
#include "scenario/ini.h"
#include "sys/file.h"

/* One scenario. @s: NULL: the file has errors. */
struct entry {
	char *path, *name;
	struct scenario *s;
};

struct list {
	bool json;
	size_t n;
	struct entry *entry;
};

/* A list shows what it can: a file with errors is named as such, and lint says the rest. */
static struct scenario *load_quietly(const char *path, const char *name)
{
	struct scenario_options opt = { .name = name };
	struct diags cleanup_diags diags = { 0 };
	cleanup_free char *text = NULL;
	struct scenario *s = NULL;
	size_t len;

	if (!scenario_is_name(name) || file_read(path, INI_MAX_SIZE, &text, &len) < 0)
		return NULL;
	return scenario_parse(text, len, &opt, &s, &diags) < 0 ? NULL : s;
}

static unsigned int number_of(const struct entry *e)
{
	return e->s && e->s->lesson_number ? e->s->lesson_number : UINT_MAX;
}

static const char *level_of(const struct entry *e)
{
	return e->s ? e->s->level : "";
}

/* In the order of teaching; what has no place in it after that, by name. */
static int compare(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	unsigned int m = number_of(x), n = number_of(y);

	if (m != n)
		return m < n ? -1 : 1;
	return strcmp(x->name, y->name);
}

static json_t *entry_json(const struct entry *e)
{
	const struct scenario *s = e->s;

	return json_pack("{s:s, s:s, s:s, s:I, s:s, s:b}", "name", e->name, "title",
			 s ? s->title : "", "level", level_of(e), "lesson",
			 (json_int_t)(s ? s->lesson_number : 0), "path", e->path, "valid",
			 s != NULL);
}

static void add_entry(struct text *out, const struct entry *e)
{
	if (number_of(e) != UINT_MAX)
		text_add(out, "  %2u", number_of(e));
	else
		text_add(out, "    ");
	text_add(out, "  %s", e->name);
	text_pad(out, 22);
	if (e->s)
		text_add(out, "  %s\n", e->s->title);
	else
		text_add(out, "  has errors: %s lint %s\n", PROGRAM_NAME, e->path);
}

/* Level by level, each where its first scenario stands. */
static void add_levels(struct text *out, const struct list *l)
{
	for (size_t i = 0; i < l->n; i++) {
		const char *level = level_of(&l->entry[i]);
		bool seen = false;

		for (size_t k = 0; k < i && !seen; k++)
			seen = strcmp(level_of(&l->entry[k]), level) == 0;
		if (seen)
			continue;
		text_add(out, "%s%s\n", out->len ? "\n" : "", level[0] ? level : "others");
		for (size_t k = i; k < l->n; k++) {
			if (strcmp(level_of(&l->entry[k]), level) == 0)
				add_entry(out, &l->entry[k]);
		}
	}
}

static int load(struct list *l, char **paths, size_t n)
{
	l->entry = calloc(n ? n : 1, sizeof(*l->entry));
	if (!l->entry)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		struct entry *e = &l->entry[l->n];

		e->name = scenario_file_name(paths[i]);
		if (!e->name)
			return -ENOMEM;
		l->n++;
		e->path = paths[i];
		e->s = load_quietly(paths[i], e->name);
	}
	qsort(l->entry, l->n, sizeof(*l->entry), compare);
	return 0;
}

static void list_done(struct list *l)
{
	for (size_t i = 0; i < l->n; i++) {
		free(l->entry[i].name);
		scenario_free(l->entry[i].s);
	}
	free(l->entry);
}

static enum exit_status print(const struct list *l)
{
	struct text cleanup_text out = { 0 };
	json_t *entries;

	if (!l->json) {
		add_levels(&out, l);
		return out_text(&out);
	}
	entries = json_array();
	for (size_t i = 0; i < l->n; i++)
		json_array_append_new(entries, entry_json(&l->entry[i]));
	return out_json(json_pack("{s:s, s:o}", "schema", "netlab.list/1", "scenarios", entries));
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct list *l = state->input;

	switch (key) {
	case 'j':
		l->json = true;
		return 0;
	case ARGP_KEY_ARG:
		argp_error(state, "\"%s\" is one word too many; to see one scenario: %s show %s",
			   arg, PROGRAM_NAME, arg);
		return EINVAL;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option options[] = {
	{ "json", 'j', NULL, 0, "as JSON, schema netlab.list/1", 0 },
	{ 0 },
};

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.doc = "List the scenarios that a name finds, level by level, in the order of teaching: in "
	       "., ./scenarios, the user's own folder, and the installed ones.\v"
	       "Example: " PROGRAM_NAME " list\n",
};

int verb_list(int argc, char **argv)
{
	struct list l = { 0 };
	char **paths = NULL;
	enum exit_status status;
	int n;

	argp_parse(&argp, argc, argv, 0, NULL, &l);
	n = scenario_file_list(&paths);
	if (n < 0)
		return report_no_memory();
	status = load(&l, paths, (size_t)n) < 0 ? report_no_memory() : print(&l);
	list_done(&l);
	scenario_file_list_free(paths, (size_t)n);
	if (!n && !l.json && !status)
		return report(EXIT_OK, "no scenarios here, nor in %s", SCENARIO_DIR);
	return status;
}
