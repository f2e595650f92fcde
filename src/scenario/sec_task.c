/* SPDX-License-Identifier: MIT */
/* sec_task.c - [Task NAME] */
#include <errno.h>
#include <string.h>

#include "base/text.h"
#include "scenario/parse.h"

#define POINTS_MAX 1000
#define NTH_MAX 1000

#define FIELD(f) offsetof(struct raw_task, f)
#define ROOM(f) (sizeof(((struct scn_task *)0)->f) - 1)

/* What an Answer= is made of, word by word. */
struct words {
	size_t n;
	struct value word[8];
};

static int split(struct parse *p, const struct key_def *key, const struct value *v,
		 struct words *ret)
{
	struct value rest = *v;
	int r;

	while ((r = next_word(p, &rest, &ret->word[ret->n])) > 0) {
		if (++ret->n == ARRAY_SIZE(ret->word))
			return bad_key(p, key, v, "too many words");
	}
	return r;
}

static int read_nth(struct parse *p, const struct key_def *key, const struct value *word,
		    struct scn_task *t)
{
	struct given g = { 0 };
	const struct key_def number = { key->name, set_number, 0, .min = 1, .max = NTH_MAX };
	int r = set_number(p, &number, &g, word);

	t->nth = (unsigned int)g.value;
	return r;
}

/*
 * "FIELD of MESSAGE [N] [from PLACE]", FIELD may be "option CODE"; or "count of edits
 * [from PLACE]". The place is looked up later, when all nodes are known.
 */
static int read_answer(struct parse *p, const struct key_def *key, const struct value *v,
		       struct scn_task *t, struct value *ret_from)
{
	struct words w = { 0 };
	struct given type = { 0 };
	size_t at = 0;
	int r = split(p, key, v, &w);

	if (r < 0)
		return r;
	r = w.n ? find_field(p, key, &w.word[at++], true, &t->field) : -EINVAL;
	if (r == 0 && t->field == SCN_FIELD_OPTION && at < w.n)
		r = find_option(p, key, &w.word[at++], &t->option);
	if (r < 0)
		return r;
	if (w.n < at + 2 || strcmp(w.word[at].text, "of") != 0)
		return bad_key(p, key, v, "write FIELD of MESSAGE, as xid of DISCOVER or option 54 "
			       "of REQUEST");
	t->edits = strcmp(w.word[at + 1].text, "edits") == 0;
	if (t->edits && t->field != SCN_FIELD_COUNT)
		return bad_key(p, key, v, "edits can only be counted; write count of edits");
	r = t->edits ? 0 : set_message(p, key, &type, &w.word[at + 1]);
	if (r < 0)
		return r;
	t->message = (uint8_t)type.value;
	at += 2;
	if (at < w.n && !t->edits && strcmp(w.word[at].text, "from") != 0) {
		r = read_nth(p, key, &w.word[at++], t);
		if (r < 0)
			return r;
	}
	if (at + 2 == w.n && strcmp(w.word[at].text, "from") == 0)
		*ret_from = w.word[at + 1];
	else if (at < w.n)
		return bad_key(p, key, &w.word[at], "\"%s\" is not expected here; write FIELD of "
			       "MESSAGE [NUMBER] [from NODE:IF]", w.word[at].text);
	return 0;
}

/* Kept as a text that is known to be right, but for the place. */
static int set_answer(struct parse *p, const struct key_def *key, void *field,
		      const struct value *v)
{
	struct scn_task t = { 0 };
	struct value from = { 0 };
	int r = read_answer(p, key, v, &t, &from);

	return r < 0 ? r : set_text(p, key, field, v);
}

static const struct key_def keys[] = {
	{ "Ask", set_text, FIELD(ask), .max = ROOM(ask), .plain = true },
	{ "Answer", set_answer, FIELD(answer), .max = 160 },
	{ "Points", set_number, FIELD(points), .max = POINTS_MAX },
	{ "Hint", set_text, FIELD(hint), .max = ROOM(hint), .plain = true },
};

static int add_task(struct parse *p, const char *name, struct place at)
{
	struct scenario *s = p->s;

	if (array_grow(&s->tasks, s->n_tasks, sizeof(*s->tasks)) < 0 ||
	    array_grow(&p->tasks, s->n_tasks, sizeof(*p->tasks)) < 0 ||
	    index_add(&p->task_index, name, s->n_tasks, NULL) < 0)
		return -ENOMEM;

	p->tasks[s->n_tasks] = (struct raw_task){ 0 };
	s->tasks[s->n_tasks] = (struct scn_task){ .at = at, .nth = 1, .from_node = NONE,
						  .from_iface = NONE };
	str_copy(s->tasks[s->n_tasks].name, NODE_NAME_MAX, name);
	s->n_tasks++;
	return 0;
}

static int declare_task(struct parse *p, const char *name, struct place at, size_t *ret)
{
	size_t other = index_find(&p->task_index, name);

	if (p->source->set && other != NONE) {
		*ret = other;
		return 0;
	}
	if (p->source->set)
		return bad(p, at, "no task \"%s\"", name);
	if (other != NONE)
		return bad(p, at, "task \"%s\" is written twice; first in line %u", name,
			   p->s->tasks[other].at.line);
	if (!is_plain_name(name, NODE_NAME_MAX - 1))
		return bad(p, at, "\"%s\" is no name: letters, digits, '-', '_', '.', at most %d",
			   name, NODE_NAME_MAX - 1);

	*ret = p->s->n_tasks;
	return add_task(p, name, at);
}

static void *task_object(struct parse *p, size_t index, struct place at)
{
	return &p->tasks[index];
}

const struct section_def task_section = {
	.name = "Task",
	.phase = PHASE_REST,
	.kind = SECTION_DECLARE,
	.keys = keys,
	.n_keys = ARRAY_SIZE(keys),
	.declare = declare_task,
	.object = task_object,
};

static void finish_answer(struct parse *p, const struct raw_task *raw, struct scn_task *t)
{
	const struct value v = { raw->answer.text, raw->answer.text };
	struct value from = { 0 };

	/* It was read once without a word of complaint. */
	if (read_answer(p, &keys[1], &v, t, &from) == 0 && from.text)
		find_place(p, from.text, raw->answer.at, &t->from_node, &t->from_iface);
}

int task_finish(struct parse *p)
{
	for (size_t i = 0; i < p->s->n_tasks; i++) {
		const struct raw_task *raw = &p->tasks[i];
		struct scn_task *t = &p->s->tasks[i];

		if (index_find(&p->expect_index, t->name) != NONE)
			bad(p, t->at, "\"%s\" is an expectation's name already: `check` could not "
			    "tell them apart", t->name);
		if (!is_given(&raw->ask))
			bad(p, t->at, "[Task %s] needs Ask=", t->name);
		if (!is_given(&raw->answer))
			bad(p, t->at, "[Task %s] needs Answer=", t->name);
		copy_text(t->ask, sizeof(t->ask), &raw->ask);
		copy_text(t->hint, sizeof(t->hint), &raw->hint);
		t->points = raw->points.section ? (unsigned int)raw->points.value : 1;
		if (raw->answer.section)
			finish_answer(p, raw, t);
	}

	return 0;
}
