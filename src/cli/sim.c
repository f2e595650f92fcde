/* SPDX-License-Identifier: MIT */
#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/judge_sim.h"
#include "cli/number.h"
#include "cli/out.h"
#include "cli/scenario_file.h"
#include "cli/step_sim.h"
#include "cli/term.h"
#include "cli/verb.h"
#include "config.h"
#include "node/node.h"
#include "scenario/multiply.h"
#include "sim/sim.h"
#include "sys/memory.h"
#include "trace/view.h"

#define MANY_CLIENTS 1000
#define CLIENT_BYTES 2048	/* about: of the scenario, and of the simulation */
#define TIMEOUT_US 10000000	/* of virtual time: for clients, after the last event */

struct sim_verb {
	struct term term;
	const char *scenario;
	struct scenario_options opt;
	uint64_t clients;	/* --clients; 0: as many as the scenario has */
	bool json, quiet, has_for, check, step;
	uint64_t for_us;
	struct view view;
	bool failed;	/* memory ran out for a line */
};

enum { OPT_SEED = 256, OPT_FOR, OPT_CLIENTS, OPT_CHECK, OPT_STEP };

static const struct argp_option options[] = {
	{ "seed", OPT_SEED, "N", 0, "same seed, same packets", 0 },
	{ "for", OPT_FOR, "TIME", 0, "go on for so long: 90, 1h, 7d; else until all are BOUND", 0 },
	{ "clients", OPT_CLIENTS, "N", 0, "copies of the first client, until there are N", 0 },
	{ "check", OPT_CHECK, NULL, 0, "judge the expectations, in place of the messages", 0 },
	{ "step", OPT_STEP, NULL, 0, "message by message, with the commands of `step`", 0 },
	{ "quiet", 'q', NULL, 0, "only the last line: how it ended", 0 },
	{ "json", 'j', NULL, 0,
	  "one JSON object a line, schema netlab.event/1; with --check netlab.check/1", 0 },
	{ 0 },
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct sim_verb *v = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &v->term;
		return 0;
	case OPT_SEED:
		v->opt.seed = number_seed(arg, state);
		v->opt.has_seed = true;
		return 0;
	case OPT_FOR:
		v->for_us = number_time(arg, "--for", state);
		v->has_for = true;
		return 0;
	case OPT_CLIENTS:
		v->clients = number_count(arg, "--clients", state);
		if (v->clients > CLIENTS_MAX)
			argp_error(state, "--clients: at most %d", CLIENTS_MAX);
		return 0;
	case OPT_CHECK:
		v->check = true;
		return 0;
	case OPT_STEP:
		v->step = true;
		return 0;
	case 'j':
		v->json = true;
		return 0;
	case 'q':
		v->quiet = true;
		return 0;
	case ARGP_KEY_END:
		if (v->quiet && (v->json || v->check))
			argp_error(state, "--quiet goes neither with --json nor with --check");
		if (v->step && (v->quiet || v->json || v->check || v->has_for))
			argp_error(state,
				   "--step goes with none of --quiet, --json, --check, --for");
		return 0;
	case ARGP_KEY_ARG:
		if (state->arg_num > 0)
			argp_error(state, "one SCENARIO at a time, not also \"%s\"", arg);
		v->scenario = arg;
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "which SCENARIO? (%s list)", PROGRAM_NAME);
		return EINVAL;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "SCENARIO",
	.children = term_children,
	.doc = "Run a scenario in virtual time: the same machines on simulated cables, without "
	       "privileges, a day in a moment. Same seed, same output.\v"
	       "Exit status: 0 all clients that are to get a lease have one at its end, 1 one has "
	       "not. With --check: 0 all expectations are met, 1 one is not, 6 there was nothing "
	       "to judge.\n"
	       "Example: " PROGRAM_NAME " sim dhcptest --for 1h\n",
};

static void on_event(void *ctx, const struct trace_event *e)
{
	struct text cleanup_text out = { 0 };
	struct sim_verb *v = ctx;

	if (v->json)
		trace_event_to_json(e, &out);
	else
		view_timeline(&v->view, e, &out);
	if (out.failed)
		v->failed = true;
	else if (v->json)
		out_raw(&out);
	else
		out_text(&out);
}

static void summary(const struct sim_verb *v, const struct sim *sim, const struct scenario *s)
{
	struct text cleanup_text out = { 0 };
	char buf[DURATION_LEN];
	size_t clients = 0;

	for (size_t i = 0; i < s->n_ifaces; i++)
		clients += s->ifaces[i].client != NULL;
	if (!clients) {
		printf("%s has no DHCP clients: there is nothing to simulate (%s up %s)\n", s->name,
		       PROGRAM_NAME, s->name);
		return;
	}
	/* Whole milliseconds are enough for a sum. */
	text_add(&out, "%s%s after %s: %zu of ", v->quiet ? "" : "\n", s->name,
		 duration_format(sim_now(sim) / 1000 * 1000, buf), sim_bound(sim));
	text_count(&out, clients, "client");
	text_add(&out, " BOUND, ");
	text_count(&out, sim_messages(sim), "message");
	text_add(&out, "\n");
	out_text(&out);
}

#define NAMES_MAX 24	/* cells for names, if they are long */
#define HOUR_US 3600000000ull

/* There is no log yet that tells how wide the columns of names and times will be. */
static void fit(struct view *view, const struct scenario *s, uint64_t until)
{
	size_t width = strlen("everyone"), *machines = calloc(s->n_nodes, sizeof(*machines));

	for (size_t i = 0; machines && i < s->n_ifaces; i++)
		if (scn_has_machine(&s->ifaces[i]))
			view->places |= ++machines[s->ifaces[i].node] > 1;
	free(machines);
	for (size_t i = 0; i < s->n_ifaces; i++) {
		const struct scn_iface *iface = &s->ifaces[i];

		if (scn_has_machine(iface))
			width = max_u64(width, view->places ? strlen(iface->label)
							    : strlen(s->nodes[iface->node].name));
	}
	view->name_width = (unsigned int)min_u64(width, NAMES_MAX);
	if (until >= HOUR_US)
		view->time_width =
			strlen(until < 24 * HOUR_US ? "23h30m00.001s" : "6d23h30m00.001s");
}

/* The scenario's events are waited for, and what they bring. */
static uint64_t patience(const struct scenario *s)
{
	return TIMEOUT_US + (s->n_events > 0 ? s->events[s->n_events - 1].after : 0);
}

static enum exit_status run(struct sim_verb *v, const struct scenario *s)
{
	const struct sim_options opt = {
		.seed = s->seed, .ctx = v, .on_event = v->quiet ? NULL : on_event,
	};
	struct sim *sim = NULL;
	int r;

	if (sim_new(s, &opt, &sim) < 0)
		return report_no_memory();
	v->view = term_view(&v->term);
	fit(&v->view, s, v->has_for ? v->for_us : patience(s));
	r = v->has_for ? sim_run(sim, v->for_us) : sim_run_until_bound(sim, patience(s));
	if (r >= 0 && !v->json)
		summary(v, sim, s);
	sim_free(sim);
	if (r < 0 || v->failed)
		return report(EXIT_CANNOT, "the simulation ended early: %s",
			      strerror(r < 0 ? -r : ENOMEM));
	return r ? EXIT_OK : EXIT_FAILED;
}

/* What must be so at the start is judged then, all else at the end. */
static enum exit_status check(const struct sim_verb *v, const struct scenario *s)
{
	struct findings cleanup_findings start = { 0 }, end = { 0 };
	enum exit_status status = sim_judge(s, v->for_us, &start, &end);

	if (status)
		return status;
	findings_join(&end, &start);
	status = v->json ? findings_print_json(&end) : findings_print(&end, &v->term);
	return status ? status : findings_status(&end);
}

static enum exit_status multiply(struct scenario *s, uint64_t clients)
{
	int r;

	if (clients >= MANY_CLIENTS)
		memory_expect(clients * CLIENT_BYTES);
	r = scenario_multiply(s, clients);
	if (r == -ENOENT)
		return report(EXIT_USAGE, "--clients: %s has no DHCP client to copy", s->name);
	if (r == -ERANGE)
		return report(EXIT_USAGE, "--clients: their names would be too long");
	return r < 0 ? report_no_memory() : EXIT_OK;
}

int verb_sim(int argc, char **argv)
{
	struct scenario_file cleanup_scenario_file file = { 0 };
	cleanup_scenario struct scenario *s = NULL;
	struct sim_verb v = { 0 };
	enum exit_status status;

	argp_parse(&argp, argc, argv, 0, NULL, &v);
	term_decide(&v.term);
	status = scenario_file_read(v.scenario, &file);
	if (!status)
		status = scenario_file_parse(&file, &v.opt, &s);
	if (!status && v.clients)
		status = multiply(s, v.clients);
	if (!status)
		status = v.step	 ? sim_step_through(s, &v.term)
			 : v.check ? check(&v, s)
				   : run(&v, s);
	return (int)status;
}
