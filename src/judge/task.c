/* SPDX-License-Identifier: MIT */
/* task.c - is the answer what the lab's own log says? */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "judge/private.h"

/* Is @place, "node:if", the one that the task is about? */
static bool is_from(const struct scenario *s, const struct scn_task *t, const char *place)
{
	const char *name;
	size_t len;

	if (t->from_node == NONE)
		return true;
	if (t->from_iface != NONE)
		return strcmp(place, s->ifaces[t->from_iface].label) == 0;
	name = s->nodes[t->from_node].name;
	len = strlen(name);
	return strncmp(place, name, len) == 0 && place[len] == ':';
}

static bool counts(const struct scenario *s, const struct scn_task *t, const struct trace_event *e)
{
	if (t->edits)
		return e->kind == TRACE_ADDRESS && e->by_others && is_from(s, t, e->at);
	return e->kind == TRACE_MESSAGE && e->msg.type == t->message && is_from(s, t, e->msg.from);
}

/* The message that is asked about, NULL: it was not seen yet; and how many there are. */
static const struct trace_event *find(const struct scenario *s, const struct scn_task *t,
				      const struct trace_log *log, size_t *ret_count)
{
	const struct trace_event *found = NULL;
	size_t n = 0;

	for (size_t i = 0; i < log->n; i++) {
		const struct trace_event *e = &log->event[i];

		if (counts(s, t, e) && ++n == t->nth)
			found = e;
	}
	*ret_count = n;
	return found;
}

/* A whole number in a base; nothing after it. */
static bool is_number(const char *s, int base, uint64_t want)
{
	char *end;
	uint64_t v;

	if (!*s || *s == '-' || *s == '+' || *s == ' ')
		return false;
	errno = 0;
	v = strtoull(s, &end, base);
	return !*end && !errno && v == want;
}

static bool number_is_right(enum scn_field f, uint64_t want, const char *answer)
{
	enum scn_field_form form = scn_field_form(f);
	uint8_t mac[6];
	uint32_t ip;
	uint64_t v = 0;

	if (form == SCN_FORM_IP4)
		return ip4_parse(answer, &ip) == 0 && ip == want;
	if (form == SCN_FORM_MAC) {
		if (mac_parse(answer, mac) < 0)
			return false;
		for (size_t i = 0; i < sizeof(mac); i++)
			v = v << 8 | mac[i];
		return v == want;
	}
	/* An xid is written in hexadecimal everywhere, with 0x or without. */
	if (f == SCN_FIELD_XID)
		return is_number(answer, 16, want);
	return is_number(answer, strncasecmp(answer, "0x", 2) == 0 ? 16 : 10, want);
}

/* A place also by its node alone. */
static bool text_is_right(enum scn_field f, const char *want, const char *answer)
{
	size_t node = strcspn(want, ":");

	if (strcasecmp(want, answer) == 0)
		return true;
	return (f == SCN_FIELD_FROM || f == SCN_FIELD_TO) && strlen(answer) == node &&
	       strncmp(want, answer, node) == 0;
}

static bool is_right(const struct trace_event *e, const struct scn_task *t, size_t count,
		     const char *answer)
{
	struct text cleanup_text want = { 0 };

	if (t->field == SCN_FIELD_COUNT)
		return number_is_right(t->field, count, answer);
	if (scn_field_form(t->field) != SCN_FORM_TEXT)
		return number_is_right(t->field, field_number(&e->msg, t->field), answer);
	/* An option that is not there: "none". */
	if (field_text(e, t->field, t->option, &want) < 0)
		return strcasecmp(answer, "none") == 0;
	return want.str && text_is_right(t->field, want.str, answer);
}

void judge_task(const struct scenario *s, const struct scn_task *t, const struct trace_log *log,
		const char *answer, struct judgement *ret)
{
	const struct trace_event *e;
	size_t count;

	ret->result = JUDGE_FAIL;
	if (!answer) {
		snprintf(ret->evidence, sizeof(ret->evidence), "not answered yet: %s", t->ask);
		return;
	}
	e = find(s, t, log, &count);
	if (!e && t->field != SCN_FIELD_COUNT) {
		snprintf(ret->evidence, sizeof(ret->evidence),
			 "nobody can know yet: there was no such %s", dhcp_type_name(t->message));
		return;
	}
	if (!is_right(e, t, count, answer)) {
		snprintf(ret->evidence, sizeof(ret->evidence), "\"%.80s\" is not it: %s", answer,
			 t->ask);
		return;
	}
	ret->result = JUDGE_PASS;
	snprintf(ret->evidence, sizeof(ret->evidence), "%.80s: right", answer);
}
