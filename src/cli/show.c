/* SPDX-License-Identifier: MIT */
#include <argp.h>
#include <string.h>

#include "cli/out.h"
#include "cli/scenario_file.h"
#include "cli/verb.h"
#include "cli/words.h"
#include "config.h"

/* Room for one kind of thing, before a list is cut short. */
#define SHOW_MAX 24
#define WIDTH 80
#define FACTS_AT 32	/* cells before what is known of an interface */
#define NAMES_MAX 24	/* cells for names, if they are long */

/* Words of a paragraph, broken before column 80; its first line is indented already. */
static void wrap(struct text *out, const char *words, size_t indent)
{
	size_t column = indent;

	for (bool first = true; *words; first = false) {
		size_t len = strcspn(words, " ");

		if (column + 1 + len >= WIDTH) {
			text_add(out, "\n%*s", (int)indent, "");
			column = indent;
		} else if (!first) {
			text_add(out, " ");
			column++;
		}
		text_addn(out, words, len);
		column += len;
		words += len;
		words += strspn(words, " ");
	}
	text_add(out, "\n");
}

/* What is known of an interface: beside what stands in the line, or below if there is no room. */
static void add_fact(struct text *out, size_t *line, struct text *fact)
{
	size_t column = out->len - *line;

	if (column > FACTS_AT && column + 2 + fact->len >= WIDTH) {
		text_add(out, "\n");
		*line = out->len;
	}
	text_pad(out, FACTS_AT);
	text_add(out, "  %s", fact->str ? fact->str : "");
	text_done(fact);
	*fact = (struct text){ 0 };
}

static void show_iface(struct text *out, const struct scenario *s, const struct scn_iface *i)
{
	struct text cleanup_text fact = { 0 };
	char address[IP4_LEN];
	size_t line = out->len;

	text_add(out, "    %s", i->name);
	text_pad(out, 14);
	text_add(out, " -- %s", s->ifaces[i->peer].label);
	for (size_t a = 0; a < i->n_addresses; a++) {
		text_add(&fact, "%s/%u", ip4_format(i->addresses[a].address, address),
			 i->addresses[a].prefix_len);
		add_fact(out, &line, &fact);
	}
	if (i->server) {
		text_add(&fact, "DHCP server: ");
		words_pool(&fact, i->server);
		add_fact(out, &line, &fact);
	}
	if (i->relay) {
		text_add(&fact, "DHCP relay to");
		words_targets(&fact, i->relay);
		add_fact(out, &line, &fact);
	}
	if (i->client) {
		text_add(&fact, "DHCP client");
		add_fact(out, &line, &fact);
	}
	for (size_t r = 0; r < i->n_routes; r++) {
		text_add(&fact, "route ");
		words_route(&fact, &i->routes[r]);
		add_fact(out, &line, &fact);
	}
	text_add(out, "\n");
}

static void show_node(struct text *out, const struct scenario *s, const struct scn_node *n)
{
	text_add(out, "  %s", n->name);
	if (n->kind == SCN_SWITCH)
		text_add(out, "  switch");
	if (n->ip_forward)
		text_add(out, "  router");
	if (n->is_caller)
		text_add(out, "  the namespace that %s is started in", PROGRAM_NAME);
	else
		text_add(out, "  namespace %s", n->netns);
	text_add(out, "\n");
	for (size_t i = 0; i < n->n_ifaces && i < SHOW_MAX; i++)
		show_iface(out, s, &s->ifaces[n->ifaces[i]]);
	if (n->n_ifaces > SHOW_MAX)
		text_add(out, "    ... and %zu more\n", n->n_ifaces - SHOW_MAX);
}

/* A page of a book: goal, steps, what to look at, what to ask oneself, what to keep. */
static void show_lesson(struct text *out, const struct scenario *s)
{
	static const char *const heads[] = {
		[SCN_LESSON_GOAL] = "goal",
		[SCN_LESSON_DO] = "do",
		[SCN_LESSON_LOOK] = "look",
		[SCN_LESSON_QUESTION] = "question",
		[SCN_LESSON_REMEMBER] = "remember",
	};
	unsigned int step = 0;

	for (size_t i = 0; i < s->n_lesson; i++) {
		const struct scn_paragraph *p = &s->lesson[i];
		bool first = i == 0 || s->lesson[i - 1].part != p->part;

		if (first)
			text_add(out, "\n%s\n", heads[p->part]);
		if (p->part == SCN_LESSON_DO)
			text_add(out, "  %u. ", ++step);
		else
			text_add(out, "  ");
		wrap(out, p->text, p->part == SCN_LESSON_DO ? 5 : 2);
	}
}

static void show_tasks(struct text *out, const struct scenario *s)
{
	if (!s->n_tasks)
		return;
	text_add(out, "\nquestions  (%s check NAME=ANSWER)\n", PROGRAM_NAME);
	for (size_t i = 0; i < s->n_tasks; i++) {
		struct text cleanup_text words = { 0 };

		text_add(out, "  %s", s->tasks[i].name);
		text_pad(out, 16);
		text_add(&words, "%s (", s->tasks[i].ask);
		text_count(&words, s->tasks[i].points, "point");
		text_add(&words, ")");
		text_add(out, "  ");
		wrap(out, words.str ? words.str : "", 18);
	}
}

static void show_expects(struct text *out, const struct scenario *s)
{
	size_t width = 0;

	if (!s->n_expects)
		return;
	text_add(out, "\nexpected\n");
	for (size_t i = 0; i < s->n_expects; i++)
		width = max_u64(width, min_u64(strlen(s->expects[i].name), NAMES_MAX));
	for (size_t i = 0; i < s->n_expects; i++) {
		struct text cleanup_text words = { 0 };

		text_add(out, "  %s", s->expects[i].name);
		text_pad(out, 2 + width);
		text_add(out, "  ");
		words_expect(&words, s, &s->expects[i]);
		text_add(&words, "  (");
		text_count(&words, s->expects[i].points, "point");
		text_add(&words, ")");
		wrap(out, words.str ? words.str : "", 4 + width);
	}
}

static void show(struct text *out, const struct scenario *s, const char *path)
{
	if (s->lesson_number)
		text_add(out, "lab %u, ", s->lesson_number);
	text_add(out, "%s: %s", s->name, s->title[0] ? s->title : "(no title)");
	text_add(out, "%s%s%s\n", s->level[0] ? "  (" : "", s->level, s->level[0] ? ")" : "");
	if (s->objective[0]) {
		text_add(out, "  ");
		wrap(out, s->objective, 2);
	}
	show_lesson(out, s);

	text_add(out, "\nnodes\n");
	for (size_t i = 0; i < s->n_nodes && i < SHOW_MAX; i++)
		show_node(out, s, &s->nodes[i]);
	if (s->n_nodes > SHOW_MAX)
		text_add(out, "  ... and %zu more\n", s->n_nodes - SHOW_MAX);
	show_expects(out, s);
	show_tasks(out, s);

	text_add(out, "\nfile  %s\nnext: %s up %s   %s sim %s\n", path, PROGRAM_NAME, s->name,
		 PROGRAM_NAME, s->name);
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	const char **name = state->input;

	switch (key) {
	case ARGP_KEY_ARG:
		if (state->arg_num > 0)
			argp_error(state, "one SCENARIO at a time, not also \"%s\"", arg);
		*name = arg;
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "which SCENARIO? (%s list)", PROGRAM_NAME);
		return EINVAL;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.parser = parse,
	.args_doc = "SCENARIO",
	.doc = "What a scenario is for, its lesson page, its nodes and cables, what runs on them, "
	       "and what is expected of them.\v"
	       "Example: " PROGRAM_NAME " show dhcptest\n",
};

int verb_show(int argc, char **argv)
{
	struct scenario_file cleanup_scenario_file file = { 0 };
	cleanup_scenario struct scenario *s = NULL;
	struct text cleanup_text out = { 0 };
	struct scenario_options opt = { 0 };
	const char *name = NULL;
	enum exit_status status;

	argp_parse(&argp, argc, argv, 0, NULL, &name);
	status = scenario_file_read(name, &file);
	if (!status)
		status = scenario_file_parse(&file, &opt, &s);
	if (status)
		return status;
	show(&out, s, file.path);
	return out_text(&out);
}
