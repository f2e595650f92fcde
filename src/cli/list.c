/* SPDX-License-Identifier: MIT */
#include <argp.h>

#include "cli/out.h"
#include "cli/scenario_file.h"
#include "cli/verb.h"
#include "config.h"
#include "scenario/ini.h"
#include "sys/file.h"

struct list {
	bool json;
	struct text out;
	json_t *entries;
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

static void list_one(struct list *l, const char *path)
{
	cleanup_free char *name = scenario_file_name(path);
	cleanup_scenario struct scenario *s = NULL;

	if (!name)
		return;
	s = load_quietly(path, name);
	if (l->json) {
		json_array_append_new(l->entries,
				      json_pack("{s:s, s:s, s:s, s:s, s:b}", "name", name,
						"title", s ? s->title : "",
						"level", s ? s->level : "",
						"path", path, "valid", s != NULL));
		return;
	}
	text_add(&l->out, "%s", name);
	text_pad(&l->out, 18);
	if (!s)
		text_add(&l->out, "  has errors: %s lint %s", PROGRAM_NAME, path);
	else
		text_add(&l->out, "  %s%s%s%s", s->title, s->level[0] ? "  (" : "", s->level,
			 s->level[0] ? ")" : "");
	text_add(&l->out, "\n");
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
	.doc = "List the scenarios that a name finds: in ., ./scenarios, the user's own folder, "
	       "and the installed ones.\v"
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

	l.entries = l.json ? json_array() : NULL;
	for (int i = 0; i < n; i++)
		list_one(&l, paths[i]);
	scenario_file_list_free(paths, (size_t)n);

	if (l.json)
		return out_json(json_pack("{s:s, s:o}", "schema", "netlab.list/1", "scenarios",
					  l.entries));
	status = out_text(&l.out);
	text_done(&l.out);
	if (!n)
		return report(EXIT_OK, "no scenarios here, nor in %s", SCENARIO_DIR);
	return status;
}
