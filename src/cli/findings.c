/* SPDX-License-Identifier: MIT */
#include "cli/findings.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/out.h"
#include "config.h"

int findings_new(const struct scenario *s, struct findings *ret)
{
	struct findings f = { .s = s, .n = s->n_expects + s->n_tasks };

	f.all = calloc(f.n ? f.n : 1, sizeof(*f.all));
	if (!f.all)
		return -ENOMEM;
	for (size_t i = 0; i < f.n; i++) {
		struct finding *one = &f.all[i];
		const struct scn_expect *e = i < s->n_expects ? &s->expects[i] : NULL;
		const struct scn_task *t = e ? NULL : &s->tasks[i - s->n_expects];

		*one = (struct finding){ .expect = e, .task = t, .wanted = true };
		one->name = e ? e->name : t->name;
		one->hint = e ? e->hint : t->hint;
		one->of = e ? e->points : t->points;
		one->found.result = JUDGE_SKIP;
	}
	*ret = f;
	return 0;
}

void findings_done(struct findings *f)
{
	free(f->all);
}

struct finding *findings_find(struct findings *f, const char *name)
{
	cleanup_free const char **names = calloc(f->n + 1, sizeof(*names));
	const char *near;

	for (size_t i = 0; i < f->n; i++) {
		if (strcmp(f->all[i].name, name) == 0)
			return &f->all[i];
	}
	if (!names)
		return NULL;
	for (size_t i = 0; i < f->n; i++)
		names[i] = f->all[i].name;
	names[f->n] = f->s->name;
	near = nearest(name, names, f->n + 1);
	report(EXIT_USAGE, "%s has no expectation \"%s\", nor is there a lab of that name%s%s%s",
	       f->s->name, name, near ? "; did you mean \"" : "", near ? near : "",
	       near ? "\"?" : "");
	return NULL;
}

static void skip(struct finding *one, const char *why)
{
	one->found.result = JUDGE_SKIP;
	str_copy(one->found.evidence, sizeof(one->found.evidence), why);
}

static void judge_one(const struct findings *f, struct finding *one, enum scn_phase phase,
		      const struct judge_ops *ops, void *ctx)
{
	if (one->expect && one->expect->phase != phase)
		skip(one, phase == SCN_PHASE_START ? "not judged at the start"
						   : "judged when the lab came up");
	else if (one->expect)
		judge_expect(f->s, one->expect, ops, ctx, &one->found);
	else if (phase == SCN_PHASE_START)
		skip(one, "not asked at the start");
	else
		judge_task(f->s, one->task, ops->log(ctx), one->answer, &one->found);
}

static void count(struct findings *f)
{
	f->passed = f->failed = f->skipped = 0;
	f->points = f->of = 0;
	for (size_t i = 0; i < f->n; i++) {
		const struct finding *one = &f->all[i];
		enum judge_result r = one->found.result;

		if (!one->wanted)
			continue;
		f->passed += r == JUDGE_PASS;
		f->failed += r == JUDGE_FAIL;
		f->skipped += r == JUDGE_SKIP;
		f->points += r == JUDGE_PASS ? one->of : 0;
		f->of += r != JUDGE_SKIP ? one->of : 0;
	}
}

void findings_judge(struct findings *f, enum scn_phase phase, const struct judge_ops *ops,
		    void *ctx)
{
	for (size_t i = 0; i < f->n; i++) {
		struct finding *one = &f->all[i];

		/* Waiting is for the others. */
		if (one->wanted && one->found.result != JUDGE_PASS)
			judge_one(f, one, phase, ops, ctx);
	}
	count(f);
}

void findings_skip_tasks(struct findings *f, const char *why)
{
	for (size_t i = 0; i < f->n; i++) {
		if (f->all[i].task)
			skip(&f->all[i], why);
	}
	count(f);
}

void findings_join(struct findings *f, const struct findings *start)
{
	for (size_t i = 0; i < f->n; i++) {
		if (f->all[i].expect && f->all[i].expect->phase == SCN_PHASE_START)
			f->all[i].found = start->all[i].found;
	}
	count(f);
}

/* What to do next about one that is not met. */
static void add_hint(struct text *out, const struct finding *one)
{
	if (one->found.result != JUDGE_FAIL)
		return;
	if (one->task && !one->answer)
		text_add(out, "answer with: " PROGRAM_NAME " check %s=ANSWER",
			 one->name);
	else
		text_add(out, "%s", one->hint);
}

static void print_one(const struct term *term, struct text *out, const struct finding *one,
		      size_t width)
{
	static const char *const words[] = {
		[JUDGE_PASS] = "ok", [JUDGE_FAIL] = "FAIL", [JUDGE_SKIP] = "skip",
	};
	static const enum tone tones[] = {
		[JUDGE_PASS] = TONE_GOOD, [JUDGE_FAIL] = TONE_BAD, [JUDGE_SKIP] = TONE_DIM,
	};
	const struct judgement *j = &one->found;
	struct text cleanup_text line = { 0 }, hint = { 0 };
	const char *word = words[j->result];

	text_add(&line, "%-*s  %s", (int)width, one->name, j->evidence);
	text_pad(&line, 66);
	text_add(&line, "  %u/%u", j->result == JUDGE_PASS ? one->of : 0, one->of);
	text_add(out, "  ");
	term_paint(term, out, tones[j->result], word);
	text_add(out, "%*s%s\n", 6 - (int)strlen(word), "", line.str ? line.str : "");
	add_hint(&hint, one);
	if (hint.len)
		text_add(out, "        hint: %s\n", hint.str);
}

enum exit_status findings_print(const struct findings *f, const struct term *term)
{
	struct text cleanup_text out = { 0 };
	size_t width = 5, tasks = 0, expects = 0;

	for (size_t i = 0; i < f->n; i++) {
		if (!f->all[i].wanted)
			continue;
		width = max_u64(width, strlen(f->all[i].name));
		tasks += f->all[i].task != NULL;
		expects += f->all[i].expect != NULL;
	}
	text_add(&out, "%s: ", f->s->name);
	text_count(&out, expects, "expectation");
	if (tasks) {
		text_add(&out, ", ");
		text_count(&out, tasks, "task");
	}
	text_add(&out, "\n");
	for (size_t i = 0; i < f->n; i++) {
		if (f->all[i].wanted)
			print_one(term, &out, &f->all[i], width);
	}
	text_add(&out, "%zu passed, %zu failed", f->passed, f->failed);
	if (f->skipped)
		text_add(&out, ", %zu skipped", f->skipped);
	text_add(&out, "; %u of ", f->points);
	text_count(&out, f->of, "point");
	text_add(&out, "\n");
	return out_text(&out);
}

static json_t *one_json(const struct finding *one)
{
	struct text cleanup_text hint = { 0 };
	const struct judgement *j = &one->found;

	add_hint(&hint, one);
	return json_pack("{s:s, s:s, s:s, s:s, s:I, s:I}", "name", one->name, "result",
			 judge_result_name(j->result), "evidence", j->evidence, "hint",
			 hint.str ? hint.str : "", "points",
			 (json_int_t)(j->result == JUDGE_PASS ? one->of : 0), "of",
			 (json_int_t)one->of);
}

json_t *findings_json(const struct findings *f)
{
	json_t *results = json_array();

	for (size_t i = 0; i < f->n; i++) {
		if (f->all[i].wanted)
			json_array_append_new(results, one_json(&f->all[i]));
	}
	return json_pack("{s:s, s:s, s:I, s:I, s:I, s:I, s:I, s:o}", "schema", "netlab.check/1",
			 "lab", f->s->name, "passed", (json_int_t)f->passed, "failed",
			 (json_int_t)f->failed, "skipped", (json_int_t)f->skipped, "points",
			 (json_int_t)f->points, "of", (json_int_t)f->of, "results", results);
}

enum exit_status findings_print_json(const struct findings *f)
{
	return out_json(findings_json(f));
}

/* Text for an XML attribute; what XML 1.0 has no place for becomes '?'. */
static void add_xml(struct text *out, const char *s)
{
	for (; *s; s++) {
		unsigned char c = (unsigned char)*s;

		if (c == '<' || c == '>' || c == '&' || c == '"')
			text_add(out, "&#%u;", c);
		else if (c < ' ' || c == 0x7f)
			text_add(out, "?");
		else
			text_addn(out, s, 1);
	}
}

static void junit_one(struct text *out, const struct findings *f, const struct finding *one)
{
	struct text cleanup_text hint = { 0 };

	text_add(out, "  <testcase classname=\"%s\" name=\"%s\">\n", f->s->name, one->name);
	if (one->found.result == JUDGE_PASS) {
		text_add(out, "    <system-out>");
		add_xml(out, one->found.evidence);
		text_add(out, "</system-out>\n");
	} else {
		const char *word = one->found.result == JUDGE_FAIL ? "failure" : "skipped";

		text_add(out, "    <%s message=\"", word);
		add_xml(out, one->found.evidence);
		text_add(out, "\">");
		add_hint(&hint, one);
		add_xml(out, hint.str ? hint.str : "");
		text_add(out, "</%s>\n", word);
	}
	text_add(out, "  </testcase>\n");
}

enum exit_status findings_write_junit(const struct findings *f, const char *path)
{
	struct text cleanup_text out = { 0 };
	FILE *file;
	int err = 0;

	text_add(&out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"%s\" "
		       "tests=\"%zu\" failures=\"%zu\" skipped=\"%zu\">\n", f->s->name,
		 f->passed + f->failed + f->skipped, f->failed, f->skipped);
	for (size_t i = 0; i < f->n; i++) {
		if (f->all[i].wanted)
			junit_one(&out, f, &f->all[i]);
	}
	text_add(&out, "</testsuite>\n");
	if (out.failed)
		return report_no_memory();

	file = fopen(path, "we");
	if (!file)
		return report(EXIT_CANNOT, "cannot write %s: %s", path, strerror(errno));
	if (fwrite(out.str, 1, out.len, file) != out.len)
		err = errno;
	if (fclose(file) != 0)
		err = errno;
	return err ? report(EXIT_CANNOT, "cannot write %s: %s", path, strerror(err)) : EXIT_OK;
}

enum exit_status findings_status(const struct findings *f)
{
	if (f->failed)
		return EXIT_FAILED;
	return f->passed ? EXIT_OK : EXIT_NOTHING;
}
