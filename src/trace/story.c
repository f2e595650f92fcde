/* SPDX-License-Identifier: MIT */
#include "trace/story.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "trace/moment.h"
#include "trace/option_value.h"
#include "trace/story_page.h"
#include "trace/view.h"

#include <netlab/dhcp_option.h>

/* '<' would end the script that the data stands in; in JSON it stands in strings only. */
static void add_guarded(struct text *out, const char *json, size_t len)
{
	while (len > 0) {
		const char *at = memchr(json, '<', len);
		size_t n = at ? (size_t)(at - json) : len;

		text_addn(out, json, n);
		if (!at)
			return;
		text_add(out, "\\u003c");
		json += n + 1;
		len -= n + 1;
	}
}

/* Takes the reference. */
static int add_json(struct text *out, json_t *j)
{
	cleanup_free char *line = j ? json_dumps(j, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;

	json_decref(j);
	if (!line)
		return -ENOMEM;
	add_guarded(out, line, strlen(line));
	return out->failed ? -ENOMEM : 0;
}

/* What options are called, so that the page need not know. */
static json_t *option_names(void)
{
	json_t *names = json_object();

	for (int code = 1; code < 255; code++) {
		const struct dhcp_option_info *info = dhcp_option_info((uint8_t)code);
		char key[4];

		if (!info->name)
			continue;
		snprintf(key, sizeof(key), "%d", code);
		json_object_set_new(names, key, json_pack("[s, s]", info->label, info->rfc));
	}
	return names;
}

static json_t *lab_json(const struct story *s)
{
	return json_pack("{s:s, s:s, s:s, s:I, s:f}", "name", s->name, "title", s->title,
			 "objective", s->objective ? s->objective : "", "seed",
			 (json_int_t)s->seed, "speed", s->speed);
}

static json_t *nodes_json(const struct story *s)
{
	json_t *list = json_array();

	for (size_t i = 0; i < s->n_nodes; i++)
		json_array_append_new(list, json_pack("{s:s, s:s, s:s}", "name", s->nodes[i].name,
						      "kind", s->nodes[i].kind, "addresses",
						      s->nodes[i].addresses));
	return list;
}

static json_t *cables_json(const struct story *s)
{
	json_t *list = json_array();

	for (size_t i = 0; i < s->n_cables; i++)
		json_array_append_new(list, json_pack("{s:s, s:s, s:s}", "name", s->cables[i].name,
						      "a", s->cables[i].a, "b", s->cables[i].b));
	return list;
}

/* The page up to @mark, from *@at on, which moves behind it. */
static void add_page(struct text *out, const char **at, const char *mark)
{
	const char *end = strstr(*at, mark);

	text_addn(out, *at, (size_t)(end - *at));
	*at = end + strlen(mark);
}

static void add_title(struct text *out, const char *title)
{
	for (; *title; title++) {
		if (*title == '<' || *title == '&')
			text_add(out, "&#%d;", *title);
		else
			text_addn(out, title, 1);
	}
}

int story_begin(const struct story *s, struct text *out)
{
	const char *page = story_page;
	int r;

	add_page(out, &page, "@CONNECT@");
	text_add(out, "%s", s->live ? "'self'" : "'none'");
	add_page(out, &page, "@TITLE@");
	add_title(out, s->name);
	add_page(out, &page, "@STORY@");
	text_add(out, "{\"schema\":\"netlab.story/1\",\"lab\":");
	r = add_json(out, lab_json(s));
	text_add(out, ",\"nodes\":");
	r = r < 0 ? r : add_json(out, nodes_json(s));
	text_add(out, ",\"cables\":");
	r = r < 0 ? r : add_json(out, cables_json(s));
	text_add(out, ",\"options\":");
	r = r < 0 ? r : add_json(out, option_names());
	text_add(out, ",\"check\":");
	add_guarded(out, s->check ? s->check : "null", s->check ? strlen(s->check) : 4);
	text_add(out, ",\"live\":%s,\"events\":[\n", s->live ? s->live : "null");
	return r < 0 ? r : out->failed ? -ENOMEM : 0;
}

/* What an option says in words, and why it is there, as in trace --explain. */
static int add_option(const struct trace_event *e, const struct trace_option *o, bool first,
		      struct text *out)
{
	const char *here = moment_of_option(e, o->code);
	cleanup_text struct text words = { 0 };

	option_value_show(&words, o->code, o->text);
	if (here)
		text_add(&words, "%s%s", words.len ? "; " : "", here);
	text_add(out, "%s\"%u\":", first ? "" : ",", o->code);
	return add_json(out, json_string(words.str ? words.str : ""));
}

static int add_options(const struct trace_event *e, struct text *out)
{
	int r = 0;

	text_add(out, ",\"says\":{");
	for (size_t i = 0; r == 0 && i < e->msg.n_options; i++)
		r = add_option(e, &e->msg.options[i], i == 0, out);
	text_add(out, "}");
	return r;
}

/* What a message is at this moment, and its bytes: added to the object that is open. */
static int add_message(const struct trace_event *e, const uint8_t *frame, size_t len,
		       struct text *out)
{
	cleanup_text struct text means = { 0 };
	const char *rfc = NULL, *why = moment_of_message(e, &rfc);
	int r;

	view_meaning(e, &means);
	text_add(out, ",\"means\":");
	r = add_json(out, json_string(means.str ? means.str : ""));
	text_add(out, ",\"why\":");
	r = r < 0 ? r : add_json(out, json_string(why));
	if (rfc)
		text_add(out, ",\"rfc\":\"%s\"", rfc);
	r = r < 0 ? r : add_options(e, out);
	text_add(out, ",\"hex\":\"");
	for (size_t i = 0; i < len; i++) {
		char digits[2];

		hex_byte(frame[i], digits);
		text_addn(out, digits, 2);
	}
	text_add(out, "\"");
	return r;
}

int story_event_json(const struct trace_event *e, const void *frame, size_t len,
		     struct text *out)
{
	cleanup_text struct text line = { 0 };
	int r = trace_event_to_json(e, &line);

	if (r < 0)
		return r;
	/* Without its "}" and newline: there is more to say. */
	add_guarded(out, line.str, line.len - 2);
	if (e->kind == TRACE_MESSAGE)
		r = add_message(e, frame, len, out);
	text_add(out, "}\n");
	return r < 0 ? r : out->failed ? -ENOMEM : 0;
}

int story_event(const struct trace_event *e, const void *frame, size_t len, struct text *out)
{
	/* Its line ends in a newline; the comma before the next one stands on that one's. */
	if (e->n > 1)
		text_add(out, ",");
	return story_event_json(e, frame, len, out);
}

int story_end(struct text *out)
{
	const char *end = strstr(story_page, "@STORY@") + strlen("@STORY@");

	text_add(out, "]}%s", end);
	return out->failed ? -ENOMEM : 0;
}
