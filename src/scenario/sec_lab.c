/* SPDX-License-Identifier: MIT */
/* sec_lab.c - [Lab] */
#include <errno.h>
#include <string.h>

#include "base/text.h"
#include "scenario/parse.h"

#define MILLION 1000000u

static int set_version(struct parse *p, const struct key_def *key, void *field,
		       const struct value *v)
{
	struct given *g = field;

	if (strcmp(v->text, "1") != 0)
		return bad_key(p, key, v, "this netlab reads version 1 only");
	g->value = 1;
	return 0;
}

/* A decimal number, kept in millionths. Not strtod(): that one reads what the locale says. */
static int set_speed(struct parse *p, const struct key_def *key, void *field, const struct value *v)
{
	const char *s = v->text;
	uint64_t whole = 0, millionths = 0;
	unsigned int digits = 0;

	for (; *s >= '0' && *s <= '9' && whole <= key->max; s++, digits++)
		whole = 10 * whole + (uint64_t)(*s - '0');
	if (*s == '.' && digits > 0) {
		s++;
		for (uint64_t place = MILLION / 10; *s >= '0' && *s <= '9'; s++, place /= 10)
			millionths += place * (uint64_t)(*s - '0');
	}
	millionths += whole * MILLION;
	if ((*s && whole <= key->max) || digits == 0)
		return bad_key(p, key, v, "\"%s\" is not a number", v->text);
	if (millionths == 0 || millionths > key->max * MILLION)
		return bad_key(p, key, v, "%s is out of range: over 0, at most %llu", v->text,
			       (unsigned long long)key->max);

	((struct given *)field)->value = millionths;
	return 0;
}

static const struct key_def keys[] = {
	{ "FormatVersion", set_version, offsetof(struct raw_lab, version) },
	{ "Title", set_text, offsetof(struct raw_lab, title),
	  .max = sizeof(((struct scenario *)0)->title) - 1, .plain = true },
	{ "Objective", set_text, offsetof(struct raw_lab, objective),
	  .max = sizeof(((struct scenario *)0)->objective) - 1, .plain = true },
	{ "Level", set_text, offsetof(struct raw_lab, level),
	  .max = sizeof(((struct scenario *)0)->level) - 1, .plain = true },
	{ "Seed", set_number, offsetof(struct raw_lab, seed), .max = UINT64_MAX },
	{ "Solution", append_text, offsetof(struct raw_lab, solution), .max = 400,
	  .clear = clear_texts, .plain = true },
	{ "Speed", set_speed, offsetof(struct raw_lab, speed), .max = 100000 },
};

static void *lab_object(struct parse *p, size_t index, struct place at)
{
	if (p->lab_at.line == 0)
		p->lab_at = at;
	return &p->lab;
}

const struct section_def lab_section = {
	.name = "Lab",
	.phase = PHASE_LAB,
	.kind = SECTION_ONE,
	.keys = keys,
	.n_keys = ARRAY_SIZE(keys),
	.object = lab_object,
};

static int finish_solution(struct parse *p)
{
	const struct raw_texts *texts = &p->lab.solution;
	struct scenario *s = p->s;

	for (size_t i = 0; i < texts->n; i++) {
		if (array_grow(&s->solution, s->n_solution, sizeof(*s->solution)) < 0)
			return -ENOMEM;
		s->solution[s->n_solution] = strdup(texts->text[i]);
		if (!s->solution[s->n_solution])
			return -ENOMEM;
		s->n_solution++;
	}

	return 0;
}

int lab_finish(struct parse *p)
{
	const struct raw_lab *lab = &p->lab;
	struct scenario *s = p->s;
	bool has_section = p->lab_at.line > 0;

	if (!is_given(&lab->version))
		bad(p, has_section ? p->lab_at : (struct place){ 1, 1 },
		    "FormatVersion=1 is missing%s", has_section ? "" : "; it stands in [Lab]");

	copy_text(s->title, sizeof(s->title), &lab->title);
	copy_text(s->objective, sizeof(s->objective), &lab->objective);
	copy_text(s->level, sizeof(s->level), &lab->level);
	s->speed = lab->speed.section ? (double)lab->speed.value / MILLION : 1.0;
	s->has_seed = p->opt->has_seed || lab->seed.section;
	s->seed = p->opt->has_seed ? p->opt->seed : lab->seed.section ? lab->seed.value
								       : SCENARIO_SEED;
	return finish_solution(p);
}
