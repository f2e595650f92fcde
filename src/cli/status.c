/* SPDX-License-Identifier: MIT */
#include <argp.h>
#include <errno.h>
#include <string.h>

#include "cli/out.h"
#include "cli/status_json.h"
#include "cli/stop.h"
#include "cli/term.h"
#include "cli/verb.h"
#include "config.h"
#include "sys/clock.h"

#define WATCH_US 250000

struct status {
	struct term term;
	const char *lab;
	bool json, watch;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct status *s = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &s->term;
		return 0;
	case 'j':
		s->json = true;
		return 0;
	case 'w':
		s->watch = true;
		return 0;
	case ARGP_KEY_END:
		if (s->watch && s->json)
			argp_error(state, "either --watch or --json");
		return 0;
	case ARGP_KEY_ARG:
		if (state->arg_num > 0)
			argp_error(state, "one LAB at a time, not also \"%s\"; without any: all",
				   arg);
		s->lab = arg;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option options[] = {
	{ "watch", 'w', NULL, 0, "go on, and show what changes, until Ctrl-C", 0 },
	{ "json", 'j', NULL, 0, "as JSON, schema netlab.status/1", 0 },
	{ 0 },
};

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "[LAB]",
	.children = term_children,
	.doc = "What a lab is at this moment, or all labs: the addresses that the kernel has, the "
	       "states of the DHCP clients, the leases of the servers.\v"
	       "Example: " PROGRAM_NAME " status\n",
};

static void add_seconds(struct text *out, const char *label, const json_t *o, const char *key)
{
	const json_t *v = json_object_get(o, key);
	char buf[DURATION_LEN];

	if (json_is_number(v))
		text_add(out, ", %s in %s", label,
			 duration_format((uint64_t)(json_number_value(v) * 1e6), buf));
}

static void add_client(struct text *out, const json_t *client)
{
	const char *server = object_string(client, "server_id");

	text_add(out, "client %s", object_string(client, "state"));
	if (server[0])
		text_add(out, ", from %s", server);
	add_seconds(out, "renews", client, "t1_in");
	add_seconds(out, "expires", client, "expires_in");
}

static void add_server(struct text *out, const json_t *server)
{
	const json_t *pools = json_object_get(server, "pools"), *p;
	size_t i;

	text_add(out, "server");
	if (json_is_false(json_object_get(server, "running"))) {
		text_add(out, " stopped");
		return;
	}
	json_array_foreach(pools, i, p)
		text_add(out, "%s %s-%s: %.0f of %.0f leased", i ? "," : "",
			 object_string(p, "first"), object_string(p, "last"),
			 object_number(p, "leased"), object_number(p, "size"));
}

static void add_relay(struct text *out, const json_t *relay)
{
	const json_t *target;
	size_t i;

	text_add(out, "relay to");
	json_array_foreach(json_object_get(relay, "targets"), i, target)
		text_add(out, " %s", json_string_value(target));
}

static void add_iface(struct text *out, const json_t *node, const json_t *iface, size_t width)
{
	const json_t *client = json_object_get(iface, "client");
	const json_t *server = json_object_get(iface, "server");
	const json_t *relay = json_object_get(iface, "relay");
	const json_t *list = json_object_get(iface, "addresses"), *a;
	struct text cleanup_text line = { 0 };
	size_t i;

	text_add(&line, "  %s:%s", object_string(node, "name"), object_string(iface, "name"));
	text_pad(&line, width + 2);
	text_add(&line, "  %s", json_is_true(json_object_get(iface, "up")) ? "up  " : "down");
	text_add(&line, "  ");
	json_array_foreach(list, i, a)
		text_add(&line, "%s%s", i ? ", " : "", json_string_value(a));
	text_pad(&line, width + 2 + 8 + 18);
	if (json_is_object(client)) {
		text_add(&line, "  ");
		add_client(&line, client);
	}
	if (json_is_object(server)) {
		text_add(&line, "  ");
		add_server(&line, server);
	}
	if (json_is_object(relay)) {
		text_add(&line, "  ");
		add_relay(&line, relay);
	}
	while (line.len && line.str[line.len - 1] == ' ')
		line.len--;
	text_addn(out, line.str, line.len);
	text_add(out, "\n");
}

static size_t name_width(const json_t *nodes)
{
	const json_t *node, *iface;
	size_t width = 0, n, i;

	json_array_foreach(nodes, n, node)
		json_array_foreach(json_object_get(node, "interfaces"), i, iface)
			width = max_u64(width, strlen(object_string(node, "name")) + 1 +
						       strlen(object_string(iface, "name")));
	return width;
}

static void add_leases(struct text *out, const json_t *leases)
{
	const json_t *l;
	size_t i;

	if (!json_array_size(leases))
		return;
	text_add(out, "leases\n");
	json_array_foreach(leases, i, l) {
		struct text cleanup_text line = { 0 };

		text_add(&line, "  %s", object_string(l, "address"));
		text_pad(&line, 18);
		text_add(&line, "  %s  %s", object_string(l, "mac"), object_string(l, "hostname"));
		text_pad(&line, 50);
		text_add(&line, "  %s", object_string(l, "state"));
		add_seconds(&line, "expires", l, "expires_in");
		text_add(&line, "  (%s)\n", object_string(l, "server"));
		text_addn(out, line.str, line.len);
	}
}

static void add_lab(const struct term *term, struct text *out, const json_t *lab)
{
	const json_t *nodes = json_object_get(lab, "nodes"), *node, *iface;
	const char *state = object_string(lab, "state");
	bool broken = strcmp(state, "broken") == 0;
	size_t width = name_width(nodes), n, i;
	char up[DURATION_LEN];

	text_add(out, "%s: ", object_string(lab, "name"));
	term_paint(term, out, broken ? TONE_BAD : TONE_GOOD, state);
	/* Its record is what is made first. */
	if (broken && !*object_string(lab, "scenario")) {
		text_add(out, "\n  up was killed before it had made anything; %s down %s "
			 "removes the rest\n", PROGRAM_NAME, object_string(lab, "name"));
		return;
	}
	/* Whole seconds: nobody waits for the milliseconds. */
	text_add(out, "%s%s, %sseed %" JSON_INTEGER_FORMAT ", from %s\n",
		 broken ? ", started before " : strcmp(state, "up") == 0 ? " for " : ", up for ",
		 duration_format((uint64_t)object_number(lab, "up_seconds") * 1000000, up),
		 json_is_true(json_object_get(lab, "rootless")) ? "rootless, " : "",
		 json_integer_value(json_object_get(lab, "seed")), object_string(lab, "scenario"));
	if (broken) {
		text_add(out, "  its monitor is dead; %s down %s removes what is left\n",
			 PROGRAM_NAME, object_string(lab, "name"));
		return;
	}
	json_array_foreach(nodes, n, node)
		json_array_foreach(json_object_get(node, "interfaces"), i, iface)
			add_iface(out, node, iface, width);
	add_leases(out, json_object_get(lab, "leases"));
}

/* Adds the lab's object to @labs. */
static enum exit_status collect(const char *name, json_t *labs)
{
	struct session cleanup_session s = { 0 };
	enum exit_status status;
	json_t *lab = NULL;

	status = session_open(name, &s);
	if (!status && s.info.alive)
		status = session_connect(&s);
	if (!status)
		status = status_lab(&s, &lab);
	if (!status)
		json_array_append_new(labs, lab);
	return status;
}

static enum exit_status collect_all(json_t *labs)
{
	enum exit_status status = EXIT_OK;
	struct lab_info *list = NULL;
	struct error err = { 0 };
	int n = lab_list(&list, &err);

	if (n < 0)
		return report_error(&err);
	for (int i = 0; i < n; i++) {
		enum exit_status one = collect(list[i].name, labs);

		status = status ? status : one;
	}
	lab_list_free(list, (size_t)n);
	return status;
}

static void show(const struct status *s, const json_t *labs, struct text *out)
{
	const json_t *lab;
	size_t i;

	if (!json_array_size(labs) && !s->lab)
		text_add(out, "no lab is up (%s list, %s up SCENARIO)\n", PROGRAM_NAME,
			 PROGRAM_NAME);
	json_array_foreach(labs, i, lab) {
		text_add(out, "%s", i ? "\n" : "");
		add_lab(&s->term, out, lab);
	}
}

static enum exit_status print(const struct status *s, const json_t *labs)
{
	struct text cleanup_text out = { 0 };

	show(s, labs, &out);
	return out_text(&out);
}

static enum exit_status find_all(const struct status *s, json_t *labs)
{
	return s->lab ? collect(s->lab, labs) : collect_all(labs);
}

static enum exit_status draw(const struct status *s)
{
	struct text cleanup_text out = { 0 };
	json_t *labs = json_array();
	enum exit_status status = find_all(s, labs);

	show(s, labs, &out);
	if (!status)
		term_screen_draw(&out);
	json_decref(labs);
	return status;
}

/* A lab that goes while it is watched is the end, and no failure. */
static enum exit_status watch(const struct status *s)
{
	enum exit_status status;
	json_t *labs;

	if (!term_can_redraw())
		return report(EXIT_USAGE, "--watch draws on a terminal, and standard output is "
			      "none; for scripts there is --json");
	labs = json_array();
	status = find_all(s, labs);
	json_decref(labs);
	if (status)
		return status;
	stop_catch();
	term_screen_begin();
	while (!stop_wanted() && draw(s) == EXIT_OK)
		clock_sleep_us(WATCH_US);
	term_screen_end();
	return EXIT_OK;
}

int verb_status(int argc, char **argv)
{
	struct status s = { 0 };
	enum exit_status status, printed;
	json_t *labs;

	argp_parse(&argp, argc, argv, 0, NULL, &s);
	term_decide(&s.term);
	if (s.watch)
		return (int)watch(&s);

	labs = json_array();
	status = find_all(&s, labs);
	if (s.json) {
		printed = out_json(json_pack("{s:s, s:o}", "schema", "netlab.status/1", "labs",
					     labs));
	} else {
		printed = status && !json_array_size(labs) ? EXIT_OK : print(&s, labs);
		json_decref(labs);
	}
	return (int)(status ? status : printed);
}
