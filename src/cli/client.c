/* SPDX-License-Identifier: MIT */
/* client.c - `client`: have a client do something now, and show what came of it. */
#include <argp.h>
#include <errno.h>
#include <string.h>

#include "cli/follow.h"
#include "cli/number.h"
#include "cli/out.h"
#include "cli/place.h"
#include "cli/stop.h"
#include "cli/term.h"
#include "cli/verb.h"
#include "config.h"
#include "sys/clock.h"

#define TIMEOUT_US (10 * UINT64_C(1000000))

/**
 * struct client - one wish, and what has come of it so far
 * @timeout_us: lab time; @until: clock_us()
 * @label: of the client's interface
 * @state: it is in, as the lab and then the log said
 * @has_address: it has its lease on the interface
 * @is_stepped: its messages are held (`step`): nothing can be waited for
 * @inform_xid: of the INFORM that is waited for; 0: none yet
 * @n_forced: FORCERENEWs that a server has sent; @n_renewed: ACKs since then
 * @last_seen: number of the last event; @done: what was waited for has come
 */
struct client {
	struct term term;
	const char *place;
	enum scn_action action;
	uint64_t timeout_us, until;
	bool json;
	struct target target;
	const char *label;
	struct view view;
	struct lab_wish_report report;
	char state[16];
	bool has_address, is_stepped;
	uint32_t inform_xid;
	unsigned int n_forced, n_renewed;
	uint64_t last_seen;
	bool done;
};

static void set_action(struct client *c, const char *word, struct argp_state *state)
{
	const char *names[SCN_CLIENT_ACTIONS], *near;
	int action = scn_action(word);

	if (action >= 0 && action < SCN_CLIENT_ACTIONS) {
		c->action = (enum scn_action)action;
		return;
	}
	for (int a = 0; a < SCN_CLIENT_ACTIONS; a++)
		names[a] = scn_action_name((enum scn_action)a);
	near = nearest(word, names, ARRAY_SIZE(names));
	if (near)
		argp_error(state, "no ACTION \"%s\"; did you mean \"%s\"?", word, near);
	argp_error(state, "no ACTION \"%s\"", word);
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct client *c = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &c->term;
		return 0;
	case 'j':
		c->json = true;
		return 0;
	case 't':
		c->timeout_us = number_time(arg, "--timeout", state);
		return 0;
	case ARGP_KEY_ARG:
		if (state->arg_num == 0)
			c->place = arg;
		else if (state->arg_num == 1)
			set_action(c, arg, state);
		else
			argp_error(state, "one ACTION at a time, not also \"%s\"", arg);
		return 0;
	case ARGP_KEY_END:
		if (state->arg_num < 2)
			argp_error(state, "which NODE, and which ACTION?");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option options[] = {
	{ "timeout", 't', "TIME", 0, "how long to wait for answers, in lab time; 10 s", 0 },
	{ "json", 'j', NULL, 0, "one JSON object a line, schema netlab.event/1", 0 },
	{ 0 },
};

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "[LAB/]NODE[:IF] ACTION",
	.children = term_children,
	.doc = "Have a client do something now, and show what came of it: the lines that "
	       "`" PROGRAM_NAME " trace` has of it.\n\n"
	       "ACTION is renew (ask the leasing server for more time), rebind (ask every server), "
	       "release (give the lease back), decline (say that the address is in use), inform "
	       "(ask for parameters only), reboot (ask whether the lease still holds), stop, "
	       "start, or crash (be gone without a word). A server can do the last three, and "
	       "forcerenew (have all its clients renew that can be told, RFC 6704).\v"
	       "Exit status: 0 done, or in that state already; 1 what was waited for has not come "
	       "in time; 5 the client cannot do that now.\n"
	       "Example: " PROGRAM_NAME " client host renew\n",
};

static bool is_at(const struct client *c, const char *place)
{
	return strcmp(c->label, place) == 0;
}

static bool is_server(const struct client *c)
{
	return c->target.session.scenario->ifaces[c->target.iface].server;
}

/* What other clients do in the meantime is not what came of it. */
static bool is_others_place(const struct client *c, const char *place)
{
	const struct scenario *s = c->target.session.scenario;
	size_t i = is_at(c, place) ? NONE : scenario_iface(s, place);

	return i != NONE && s->ifaces[i].client;
}

static bool is_of_others(const struct client *c, const struct trace_event *e)
{
	if (e->kind != TRACE_MESSAGE)
		return is_others_place(c, e->at);
	if (is_server(c))
		return !is_at(c, e->msg.from) && !is_at(c, e->msg.to);
	return is_others_place(c, e->msg.from) || is_others_place(c, e->msg.to);
}

static void note_message(struct client *c, const struct trace_event *e)
{
	bool sent = is_at(c, e->msg.from);

	switch (c->action) {
	case SCN_RELEASE:
		c->done |= sent && e->msg.type == DHCP_RELEASE;
		break;
	case SCN_DECLINE:
		c->done |= sent && e->msg.type == DHCP_DECLINE;
		break;
	case SCN_INFORM:
		if (sent && e->msg.type == DHCP_INFORM)
			c->inform_xid = e->msg.xid;
		c->done |= e->msg.type == DHCP_ACK && c->inform_xid &&
			   e->msg.xid == c->inform_xid;
		break;
	case SCN_FORCERENEW:
		c->n_forced += sent && e->msg.type == DHCP_FORCERENEW;
		c->n_renewed += sent && e->msg.type == DHCP_ACK;
		c->done = c->n_forced && c->n_renewed >= c->n_forced;
		break;
	case SCN_RENEW:
	case SCN_REBIND:
	case SCN_REBOOT:
	case SCN_STOP:
	case SCN_START:
	case SCN_CRASH:
	case SCN_LINK_DOWN:
	case SCN_LINK_UP:
	case SCN_MOVE:
		break;
	}
}

static bool wants_lease(enum scn_action a)
{
	return a == SCN_RENEW || a == SCN_REBIND || a == SCN_REBOOT ||
	       a == SCN_START;
}

static void note(struct client *c, const struct trace_event *e)
{
	c->last_seen = e->n;
	if (e->kind == TRACE_MESSAGE)
		note_message(c, e);
	else if (e->kind == TRACE_STATE && is_at(c, e->at))
		str_copy(c->state, sizeof(c->state), e->to);
	else if (e->kind == TRACE_ADDRESS && is_at(c, e->at) && !e->by_others)
		c->has_address = strcmp(e->op, "add") == 0;

	if (wants_lease(c->action) && is_server(c))
		c->done = true;
	else if (wants_lease(c->action))
		c->done = c->has_address && strcmp(c->state, "BOUND") == 0;
	else if (c->action == SCN_STOP || c->action == SCN_CRASH)
		c->done = true;
}

static enum exit_status print_line(void *ctx, const struct trace_event *e)
{
	struct text cleanup_text out = { 0 };
	struct client *c = ctx;

	note(c, e);
	if (is_of_others(c, e))
		return EXIT_OK;
	if (c->json)
		trace_event_to_json(e, &out);
	else
		view_timeline(&c->view, e, &out);
	return out_text(&out);
}

/* On a full disk the log's lines do not come. */
static bool is_told(const struct client *c)
{
	return c->last_seen >= c->report.last;
}

static bool has_enough(void *ctx)
{
	const struct client *c = ctx;

	if (clock_us() >= c->until)
		return true;
	return is_told(c) && (c->done || c->is_stepped || !c->report.taken);
}

static bool is_there_already(const struct client *c)
{
	return c->action == SCN_START || c->action == SCN_STOP || c->action == SCN_CRASH;
}

static enum exit_status verdict(const struct client *c)
{
	char time[DURATION_LEN];

	if (!c->report.taken && is_there_already(c))
		return EXIT_OK;
	if (!c->report.taken)
		return report(EXIT_CONFLICT, "%s cannot %s now", c->label,
			      scn_action_name(c->action));
	if ((c->done || c->is_stepped) && is_told(c))
		return EXIT_OK;
	if (stop_wanted())
		return EXIT_INTERRUPTED;
	if (!is_told(c))
		return report(EXIT_FAILED, "%s has heard of it, but the log does not tell what "
			      "came of it: is there no room on the disk of %s?", c->label,
			      c->target.session.info.dir);
	if (c->action == SCN_FORCERENEW)
		return report(EXIT_FAILED, "%s: %u of %u clients have renewed in %s", c->label,
			      c->n_renewed, c->n_forced, duration_format(c->timeout_us, time));
	return report(EXIT_FAILED, "%s: nothing came of it in %s; it is %s, and goes on "
		      "(%s trace %s)", c->label, duration_format(c->timeout_us, time),
		      c->state, PROGRAM_NAME,
		      c->target.session.info.name);
}

static enum exit_status check_action(const struct client *c)
{
	const char *label = c->target.session.scenario->ifaces[c->target.iface].label;

	if (is_server(c) && !scn_action_is_for_servers(c->action))
		return report(EXIT_USAGE, "%s runs a server, which can stop, start, crash and "
			      "forcerenew, but not %s", label, scn_action_name(c->action));
	if (!is_server(c) && c->action == SCN_FORCERENEW)
		return report(EXIT_USAGE, "%s runs a client; forcerenew is for servers", label);
	return EXIT_OK;
}

/* The widths of the columns come from the log so far, as in `trace`. */
static enum exit_status prepare(struct client *c)
{
	struct trace_log cleanup_trace_log log = { 0 };
	struct session *s = &c->target.session;
	struct error err = { 0 };
	enum exit_status status;
	const json_t *now;

	status = place_machine(&c->target);
	if (!status)
		status = check_action(c);
	if (!status)
		status = session_connect(s);
	if (status)
		return status;
	if (lab_events(&s->info, &log, &err) < 0)
		return report_error(&err);
	c->label = s->scenario->ifaces[c->target.iface].label;
	now = session_client(s, c->target.iface);
	c->is_stepped = json_is_object(json_object_get(s->status, "step"));
	c->has_address = object_string(now, "address")[0];
	str_copy(c->state, sizeof(c->state), object_string(now, "state"));
	c->view = term_view(&c->term);
	view_fit_names(&c->view, &log);
	return EXIT_OK;
}

static enum exit_status wish(struct client *c)
{
	struct follow f = { .live = true, .ctx = c, .enough = has_enough, .event = print_line };
	struct session *s = &c->target.session;
	struct error err = { 0 };
	enum exit_status status;
	double speed;

	status = prepare(c);
	if (status)
		return status;
	if (lab_client(s->lab, c->target.iface, c->action, &c->report, &err) < 0)
		return report_error(&err);
	speed = object_number(s->status, "speed");
	c->until = clock_us() + (uint64_t)((double)c->timeout_us / speed);
	f.from = c->report.first - 1;
	c->last_seen = f.from;
	status = follow_log(&s->info, &f);
	return status ? status : verdict(c);
}

int verb_client(int argc, char **argv)
{
	struct client c = { .timeout_us = TIMEOUT_US };
	enum exit_status status;

	argp_parse(&argp, argc, argv, 0, NULL, &c);
	term_decide(&c.term);
	stop_catch();
	status = place_find(c.place, &c.target);
	if (status)
		return (int)status;
	status = wish(&c);
	target_done(&c.target);
	return (int)status;
}
