/* SPDX-License-Identifier: MIT */
#include "trace/breach_view.h"

#include <errno.h>
#include <string.h>

#include "trace/page.h"
#include "trace/view_parts.h"

#define INDENT 13	/* under the names of the timeline */
#define TALLY_COLUMN 10

static void add_sentence(struct text *out, const struct breach_rule *r)
{
	text_add(out, "%s (%s%s)", r->what, r->rfc,
		 r->level == BREACH_MUST ? ": MUST" : r->level == BREACH_SHOULD ? ": SHOULD" : "");
}

void breach_view_lines(const struct view *v, const struct breaches *b, struct text *out)
{
	for (size_t i = 0; i < b->n; i++) {
		cleanup_text struct text line = { 0 };

		add_sentence(&line, b->breach[i].rule);
		if (b->breach[i].detail[0])
			text_add(&line, "; here: %s", b->breach[i].detail);
		if (!line.str)
			continue;
		view_colour(v, out, VIEW_RED);
		text_pad(out, INDENT);
		text_add(out, "!  ");
		view_colour(v, out, VIEW_PLAIN);
		page_words(out, INDENT + 3, line.str);
		text_add(out, "\n");
	}
}

/* Rules and details have neither quotes nor backslashes. */
static void add_json(const struct breach *b, struct text *out)
{
	text_add(out, "{\"rule\":\"%s\",\"level\":\"%s\",\"rfc\":\"%s\",\"what\":\"%s\","
		 "\"detail\":\"%s\"}", b->rule->name, breach_level_name(b->rule->level),
		 b->rule->rfc, b->rule->what, b->detail);
}

int breach_view_json(const struct trace_event *e, const struct breaches *b, struct text *out)
{
	int r = trace_event_to_json(e, out);

	if (r < 0)
		return r;

	/* In front of the line's end, "}\n". */
	out->len -= 2;
	text_add(out, ",\"breaches\":[");
	for (size_t i = 0; i < b->n; i++) {
		text_add(out, "%s", i ? "," : "");
		add_json(&b->breach[i], out);
	}
	text_add(out, "]}\n");
	return out->failed ? -ENOMEM : 0;
}

static size_t rule_index(const struct breach_rule *rule)
{
	size_t i = 0;

	while (breach_rule(i) != rule)
		i++;
	return i;
}

void breach_tally_add(struct breach_tally *t, const struct breaches *b, uint64_t n)
{
	for (size_t i = 0; i < b->n; i++) {
		size_t k = rule_index(b->breach[i].rule);

		assert(k < BREACH_RULES_MAX);
		if (t->times[k]++ == 0)
			t->first[k] = n;
	}
}

static void add_level(const struct breach_tally *t, enum breach_level level, struct text *out)
{
	const struct breach_rule *r;

	for (size_t i = 0; (r = breach_rule(i)); i++) {
		cleanup_text struct text line = { 0 };

		if (r->level != level || t->times[i] == 0)
			continue;
		text_add(&line, "%s (%s): ", r->what, r->rfc);
		if (t->times[i] == 1)
			text_add(&line, "#%llu", (unsigned long long)t->first[i]);
		else
			text_add(&line, "%zu times, first in #%llu", t->times[i],
				 (unsigned long long)t->first[i]);
		if (line.str)
			page_item(out, breach_level_name(level), TALLY_COLUMN, line.str);
	}
}

void breach_tally_view(const struct breach_tally *t, struct text *out)
{
	add_level(t, BREACH_MUST, out);
	add_level(t, BREACH_SHOULD, out);
	add_level(t, BREACH_TEXT, out);
}
