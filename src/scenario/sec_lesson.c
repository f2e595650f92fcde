/* SPDX-License-Identifier: MIT */
/* sec_lesson.c - [Lesson] */
#include <errno.h>

#include "base/text.h"
#include "scenario/parse.h"

#define NUMBER_MAX 999
#define PARAGRAPH_MAX 1200
#define PART(i) offsetof(struct raw_lesson, part[i])

static const struct key_def keys[] = {
	{ "Number", set_number, offsetof(struct raw_lesson, number), 1, NUMBER_MAX },
	{ "Goal", append_text, PART(SCN_LESSON_GOAL), .max = PARAGRAPH_MAX, .clear = clear_texts,
	  .plain = true },
	{ "Do", append_text, PART(SCN_LESSON_DO), .max = PARAGRAPH_MAX, .clear = clear_texts,
	  .plain = true },
	{ "Look", append_text, PART(SCN_LESSON_LOOK), .max = PARAGRAPH_MAX, .clear = clear_texts,
	  .plain = true },
	{ "Question", append_text, PART(SCN_LESSON_QUESTION), .max = PARAGRAPH_MAX,
	  .clear = clear_texts, .plain = true },
	{ "Remember", append_text, PART(SCN_LESSON_REMEMBER), .max = PARAGRAPH_MAX,
	  .clear = clear_texts, .plain = true },
};

static void *lesson_object(struct parse *p, size_t index, struct place at)
{
	return &p->lesson;
}

const struct section_def lesson_section = {
	.name = "Lesson",
	.phase = PHASE_LAB,
	.kind = SECTION_ONE,
	.keys = keys,
	.n_keys = ARRAY_SIZE(keys),
	.object = lesson_object,
};

static int add_paragraph(struct scenario *s, enum scn_lesson_part part, const char *text)
{
	cleanup_free char *copy = calloc(1, PARAGRAPH_MAX + 1);
	const struct given g = { .text = text };

	if (!copy || array_grow(&s->lesson, s->n_lesson, sizeof(*s->lesson)) < 0)
		return -ENOMEM;
	copy_text(copy, PARAGRAPH_MAX + 1, &g);
	s->lesson[s->n_lesson++] = (struct scn_paragraph){ part, TAKE_PTR(copy) };
	return 0;
}

int lesson_finish(struct parse *p)
{
	p->s->lesson_number = (unsigned int)p->lesson.number.value;
	for (unsigned int part = 0; part < SCN_LESSON_PARTS; part++) {
		const struct raw_texts *texts = &p->lesson.part[part];

		for (size_t i = 0; i < texts->n; i++) {
			int r = add_paragraph(p->s, (enum scn_lesson_part)part, texts->text[i]);

			if (r < 0)
				return r;
		}
	}

	return 0;
}
