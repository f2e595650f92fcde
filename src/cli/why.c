/* SPDX-License-Identifier: MIT */
#include <argp.h>
#include <stdio.h>
#include <string.h>

#include "cli/out.h"
#include "cli/place.h"
#include "cli/verb.h"
#include "config.h"
#include "trace/why.h"

struct why_args {
	const char *place;
	bool json;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct why_args *a = state->input;

	switch (key) {
	case 'j':
		a->json = true;
		return 0;
	case ARGP_KEY_ARG:
		if (state->arg_num > 0)
			argp_error(state, "one NODE at a time, not also \"%s\"", arg);
		a->place = arg;
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "which NODE?");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option options[] = {
	{ "json", 'j', NULL, 0, "the same as JSON, schema netlab.why/1", 0 },
	{ 0 },
};

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "NODE[:IF]",
	.doc = "The recorded decisions that led a client to its state, or to having no lease: its "
	       "own, and those of the servers that heard it.\v"
	       "Example: " PROGRAM_NAME " why host\n",
};

static void read_client(const struct scn_iface *iface, const json_t *now, struct why_client *ret)
{
	const char *address = object_string(now, "address");
	const json_t *next = json_object_get(now, "next_in");

	*ret = (struct why_client){ .place = iface->label, .next_in = -1 };
	memcpy(ret->mac, iface->mac, sizeof(ret->mac));
	str_copy(ret->state, sizeof(ret->state), object_string(now, "state"));
	if (address[0])
		snprintf(ret->address, sizeof(ret->address), "%.15s/%u", address,
			 (unsigned int)object_number(now, "prefix_length"));
	if (json_is_integer(next))
		ret->next_in = json_integer_value(next);
}

static json_t *json_events(const struct trace_log *log, const struct why *w)
{
	json_t *list = json_array();

	for (size_t i = 0; i < w->n; i++) {
		struct text cleanup_text line = { 0 };

		if (trace_event_to_json(&log->event[w->event[i]], &line) == 0)
			json_array_append_new(list, json_loadb(line.str, line.len, 0, NULL));
	}
	return list;
}

static enum exit_status print_json(const struct why_client *c, const struct trace_log *log,
				   const struct why *w)
{
	json_t *next = c->next_in < 0 ? json_null() : json_integer(c->next_in);
	json_t *address = c->address[0] ? json_string(c->address) : json_null();

	return out_json(json_pack("{s:s, s:s, s:s, s:o, s:i, s:o, s:o}", "schema", "netlab.why/1",
				  "at", c->place, "state", c->state, "address", address, "attempt",
				  (int)w->attempt, "next_in", next, "events",
				  json_events(log, w)));
}

static enum exit_status explain(const struct why_args *a, struct target *t)
{
	struct trace_log cleanup_trace_log log = { 0 };
	struct why cleanup_why w = { 0 };
	struct text cleanup_text out = { 0 };
	struct error err = { 0 };
	struct why_client c;

	if (lab_events(&t->session.info, &log, &err) < 0)
		return report_error(&err);
	read_client(&t->session.scenario->ifaces[t->iface], session_client(&t->session, t->iface),
		    &c);
	if (why_find(&c, &log, &w) < 0)
		return report_no_memory();
	if (a->json)
		return print_json(&c, &log, &w);
	why_view(&c, &log, &w, &out);
	return out_text(&out);
}

int verb_why(int argc, char **argv)
{
	struct why_args a = { 0 };
	struct target t = { 0 };
	enum exit_status status;

	argp_parse(&argp, argc, argv, 0, NULL, &a);
	status = place_find(a.place, &t);
	if (status)
		return (int)status;
	status = place_client(&t);
	if (!status)
		status = session_connect(&t.session);
	if (!status)
		status = explain(&a, &t);
	target_done(&t);
	return (int)status;
}
