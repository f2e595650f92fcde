/* SPDX-License-Identifier: MIT */
#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/down.h"
#include "cli/findings.h"
#include "cli/follow.h"
#include "cli/judge_lab.h"
#include "cli/number.h"
#include "cli/out.h"
#include "cli/scenario_file.h"
#include "cli/session.h"
#include "cli/step.h"
#include "cli/stop.h"
#include "cli/term.h"
#include "cli/up_view.h"
#include "cli/verb.h"
#include "config.h"
#include "sys/clock.h"
#include "sys/file.h"
#include "trace/view.h"

#define TIMEOUT_US 10000000	/* of lab time */
#define SEED_MAX 1000000000	/* of those that are drawn: people read them */
#define NAMED_MAX 3	/* clients without a lease that are named */
#define LONG_WORK 100		/* nodes: from here on it takes long enough to say so */

struct up {
	struct term term;
	const char *scenario;
	struct scenario_options opt;
	const char **set;
	bool foreground, show_commands, profile, rootless, rootful, solved, step;
	double speed;
	uint64_t timeout_us;
	struct scenario *s, *first;	/* the one that is started; the file as it stands */
	struct plan plan;
};

enum {
	OPT_ROOTLESS = 256, OPT_ROOTFUL, OPT_SET, OPT_SHOW, OPT_PROFILE, OPT_SEED, OPT_SPEED,
	OPT_SOLUTION, OPT_STEP,
};

static const struct argp_option options[] = {
	{ "name", 'n', "NAME", 0, "the lab's name; else the file's", 0 },
	{ "foreground", 'f', NULL, 0, "stay, show what happens, take it down on Ctrl-C", 0 },
	{ "timeout", 't', "S", 0, "wait S seconds of lab time for the leases (10)", 0 },
	{ "seed", OPT_SEED, "N", 0, "same seed, same packets", 0 },
	{ "speed", OPT_SPEED, "N", 0, "N seconds of lab time a second", 0 },
	{ "rootless", OPT_ROOTLESS, NULL, 0,
	  "in a user namespace of its own, even with privilege", 0 },
	{ "rootful", OPT_ROOTFUL, NULL, 0,
	  "with names under /run/netns, or not at all", 0 },
	{ "set", OPT_SET, "'SECTION INSTANCE.KEY=VALUE'", 0,
	  "in place of what the file says; may be repeated", 0 },
	{ "solution", OPT_SOLUTION, NULL, 0, "with what the file breaks on purpose mended", 0 },
	{ "step", OPT_STEP, NULL, 0, "message by message: stop before the first one", 0 },
	{ "show-commands", OPT_SHOW, NULL, 0, "print how to do it by hand, and touch nothing", 0 },
	{ "profile", OPT_PROFILE, NULL, 0, "say where the time went", 0 },
	{ 0 },
};

static int add_set(struct up *u, const char *arg)
{
	const char **more = reallocarray(u->set, u->opt.n_set + 1, sizeof(*more));

	if (!more)
		return ENOMEM;
	u->set = more;
	u->set[u->opt.n_set++] = arg;
	u->opt.set = u->set;
	return 0;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct up *u = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &u->term;
		return 0;
	case 'n':
		u->opt.name = arg;
		return 0;
	case 'f':
		u->foreground = true;
		return 0;
	case 't':
		u->timeout_us = number_time(arg, "--timeout", state);
		return 0;
	case OPT_SEED:
		u->opt.seed = number_seed(arg, state);
		u->opt.has_seed = true;
		return 0;
	case OPT_SPEED:
		u->speed = number_speed(arg, "--speed", state);
		return 0;
	case OPT_ROOTLESS:
		u->rootless = true;
		return 0;
	case OPT_ROOTFUL:
		u->rootful = true;
		return 0;
	case OPT_SET:
		return add_set(u, arg);
	case OPT_SOLUTION:
		u->solved = true;
		return 0;
	case OPT_SHOW:
		u->show_commands = true;
		return 0;
	case OPT_STEP:
		u->step = true;
		return 0;
	case OPT_PROFILE:
		u->profile = true;
		return 0;
	case ARGP_KEY_END:
		if (u->step && u->foreground)
			argp_error(state, "--step does not go with --foreground");
		return 0;
	case ARGP_KEY_ARG:
		if (state->arg_num > 0)
			argp_error(state, "one SCENARIO at a time, not also \"%s\"", arg);
		u->scenario = arg;
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
	.doc = "Create a lab, start it, show its first messages, and return when every client has "
	       "its lease. The lab goes on in the background. Without privilege it lives in a user "
	       "namespace of its own.\v"
	       "Exit status: 0 it is up, or was already; 1 it is up, but a client has no lease in "
	       "time; 3 the scenario is wrong; 4 this machine cannot (doctor says why); 5 a name "
	       "or subnet is taken. Unless it is 0 or 1, nothing was left behind.\n"
	       "Example: " PROGRAM_NAME " up dhcptest\n",
};

static bool cancelled(void *ctx)
{
	return stop_wanted();
}

/* On a terminal a long silence is explained, and the explanation taken back. */
static void progress(const struct up *u, bool on)
{
	if (u->s->n_nodes < LONG_WORK || !term_shows_progress())
		return;
	if (on)
		fprintf(stderr, "building %zu nodes, %zu cables ...", u->s->n_nodes,
			u->s->n_cables);
	else
		fputs("\r\033[K", stderr);
	fflush(stderr);
}

static void built(void *ctx)
{
	const struct up *u = ctx;
	struct text cleanup_text out = { 0 };

	progress(u, false);
	up_view_title(&out, u->s, u->rootless ? "rootless" : "with privilege");
	up_view_plan(&u->term, &out, &u->plan);
	out_text(&out);
	fflush(stdout);
}

static enum exit_status refuse_caller(const struct up *u)
{
	for (size_t i = 0; u->rootless && i < u->s->n_nodes; i++) {
		if (u->s->nodes[i].is_caller)
			return report(EXIT_CANNOT,
				      "node %1$s is the namespace that you are in "
				      "(Namespace=@caller), and a rootless lab can put no cable "
				      "there; run this as root, or give it a namespace of its "
				      "own: --set 'Node %1$s.Namespace=%2$s-%1$s'",
				      u->s->nodes[i].name, u->s->name);
	}
	return EXIT_OK;
}

static enum exit_status show_commands(const struct up *u)
{
	cleanup_free char *script = plan_shell(&u->plan);

	if (!script)
		return report_no_memory();
	fputs(script, stdout);
	return EXIT_OK;
}

static bool is_up(const char *name)
{
	struct lab_info cleanup_lab_info info = { 0 };

	return lab_find(name, &info, NULL) == 0 && info.alive;
}

/*
 * Whom the lab owes a lease, and what to look at. Asked after the wait is over:
 * a client that was late by a moment is none of them.
 */
static enum exit_status report_missing(const struct session *l, const struct up *u)
{
	struct text cleanup_text who = { 0 };
	const json_t *all = json_object_get(l->status, "clients");
	size_t clients = 0, missing = 0;
	char time[DURATION_LEN];

	for (size_t i = 0; i < u->s->n_ifaces; i++) {
		const char *label = u->s->ifaces[i].label;
		const char *state = object_string(json_object_get(all, label), "state");

		if (!scn_is_awaited(&u->s->ifaces[i]))
			continue;
		clients++;
		if (strcmp(state, "BOUND") == 0)
			continue;
		if (missing++ < NAMED_MAX)
			text_add(&who, "%s%s (%s)", missing > 1 ? ", " : "", label, state);
	}
	if (!missing)
		return EXIT_OK;
	return report(EXIT_FAILED,
		      "%zu of %zu clients %s no lease after %s: %s%s; the lab goes on "
		      "(%s trace %s, %s down %s)",
		      missing, clients, missing == 1 ? "has" : "have",
		      duration_format(u->timeout_us, time), who.str ? who.str : "",
		      missing > NAMED_MAX ? " and more" : "", PROGRAM_NAME, u->s->name,
		      PROGRAM_NAME, u->s->name);
}

static void add_next(const struct up *u, struct text *out)
{
	const char *name = u->s->nodes[0].name, *look = "status";
	char lab[NODE_NAME_MAX + 1] = "";
	struct lab_info *labs = NULL;
	int n;

	/* A client is the best place to look from. */
	for (size_t i = 0; i < u->s->n_ifaces; i++) {
		if (u->s->ifaces[i].client) {
			name = u->s->nodes[u->s->ifaces[i].node].name;
			look = "trace --explain";
			break;
		}
	}
	/* Where another lab is up, too, each verb wants to know which. */
	n = lab_list(&labs, NULL);
	if (n >= 0)
		lab_list_free(labs, (size_t)n);
	if (n > 1)
		snprintf(lab, sizeof(lab), " %s", u->s->name);

	text_add(out, "next: %s %s%s   %s shell ", PROGRAM_NAME, look, lab, PROGRAM_NAME);
	if (lab[0])
		text_add(out, "%s/", u->s->name);
	text_add(out, "%s   ", name);
	if (u->s->n_expects)
		text_add(out, "%s check%s   ", PROGRAM_NAME, lab);
	text_add(out, "%s down%s\n", PROGRAM_NAME, lab);
}

static bool wants_start(const struct scenario *s)
{
	for (size_t i = 0; i < s->n_expects; i++) {
		if (s->expects[i].phase == SCN_PHASE_START)
			return true;
	}
	return false;
}

/* Is the lab as broken as it claims to be, before anybody mends it? */
static enum exit_status judge_start(const struct up *u)
{
	struct findings cleanup_findings f = { 0 };
	struct lab_court cleanup_lab_court c = { 0 };
	struct session cleanup_session l = { 0 };
	enum exit_status status;

	if (u->solved || !wants_start(u->s))
		return EXIT_OK;
	status = session_open(u->s->name, &l);
	if (!status)
		status = session_connect(&l);
	if (status)
		return status;
	c.session = &l;
	if (findings_new(u->s, &f) < 0)
		return report_no_memory();
	status = lab_court_refresh(&c);
	if (status)
		return status;
	findings_judge(&f, SCN_PHASE_START, &lab_judge_ops, &c);
	for (size_t i = 0; i < f.n; i++) {
		if (f.all[i].found.result == JUDGE_FAIL)
			status = report(EXIT_FAILED, "%s is not as its file promises (%s): %s",
					u->s->name, f.all[i].name, f.all[i].found.evidence);
	}
	return status;
}

/* Who is BOUND to what? Not where nobody is waited for, or all are, and too many to be named. */
static bool must_ask(const struct up *u, const struct lab_up_report *r)
{
	size_t n = up_view_count_clients(u->s);

	return r->clients > 0 && (n <= UP_VIEW_LINES || r->bound < n);
}

/* What there is to see of a lab that has just been started. */
static enum exit_status show(const struct up *u, const struct lab_up_report *r,
			     uint64_t *ret_shown)
{
	struct trace_log cleanup_trace_log log = { 0 };
	struct session cleanup_session l = { 0 };
	struct text cleanup_text out = { 0 }, more = { 0 };
	struct lab_log_rest rest = { 0 };
	struct error err = { 0 };
	enum exit_status status;

	status = session_find(u->s->name, &l);
	if (!status && must_ask(u, r))
		status = session_connect(&l);
	if (status)
		return status;
	if (lab_events_first(&l.info, UP_VIEW_LINES, &log, &rest, &err) < 0)
		return report_error(&err);

	*ret_shown = rest.last;
	text_add(&more, "%s trace", PROGRAM_NAME);
	up_view_messages(&u->term, &out, &log, rest.messages, more.str ? more.str : "");
	up_view_clients(&out, u->s, json_object_get(l.status, "clients"), r->bound, r->total_us);
	if (r->profile)
		text_add(&out, "\n%s", r->profile);
	if (!u->foreground)
		add_next(u, &out);
	status = out_text(&out);
	if (!status)
		status = judge_start(u);
	return !status && r->bound < r->clients ? report_missing(&l, u) : status;
}

static enum exit_status print_line(void *ctx, const struct trace_event *e)
{
	struct text cleanup_text out = { 0 };
	const struct view *view = ctx;

	view_timeline(view, e, &out);
	return out_text(&out);
}

/* --step: nobody has a lease, nor was anybody given the time for one. */
static enum exit_status show_first(const struct up *u)
{
	enum exit_status status;

	putchar('\n');
	status = step_first(u->s->name, &u->term);
	if (!status)
		printf("\nnext: %s step %s   %s down %s\n", PROGRAM_NAME, u->s->name, PROGRAM_NAME,
		       u->s->name);
	return status;
}

/* --foreground: what happens from now on, until Ctrl-C or `down` from elsewhere. */
static enum exit_status stay(const struct up *u, uint64_t shown)
{
	struct lab_info cleanup_lab_info info = { 0 };
	struct view view = term_view(&u->term);
	struct follow f = { .from = shown, .live = true, .ctx = &view, .event = print_line };
	struct error err = { 0 };
	enum exit_status status;

	if (lab_find(u->s->name, &info, &err) < 0)
		return report_error(&err);
	printf("\nCtrl-C takes %s down\n", info.name);
	status = follow_log(&info, &f);
	if (!stop_wanted() && !status)
		return EXIT_OK;
	/* In a hurry? A second Ctrl-C ends only this program; `down` does the rest. */
	stop_release();
	return take_down(&info, &u->term, false);
}

/* Ctrl-C after the last lease and before the last line. */
static enum exit_status undo(const struct up *u)
{
	struct lab_info cleanup_lab_info info = { 0 };
	struct error err = { 0 };
	enum exit_status status;

	if (lab_find(u->s->name, &info, &err) < 0)
		return report_error(&err);
	stop_release();
	status = take_down(&info, &u->term, false);
	return status ? status : EXIT_INTERRUPTED;
}

static enum exit_status start(struct up *u, const struct scenario_file *file)
{
	struct lab_up want = {
		.plan = &u->plan,
		.path = file->path,
		.text = file->text,
		.len = file->len,
		.set = u->opt.set,
		.n_set = u->opt.n_set,
		.rootless = u->rootless,
		.profile = u->profile,
		.step = u->step,
		.speed = u->speed > 0 ? u->speed : u->s->speed,
		.ctx = u,
		.cancelled = cancelled,
		.built = built,
	};
	struct lab_up_report report_ = { 0 };
	struct error err = { 0 };
	enum exit_status status, end;
	uint64_t shown = 0;
	int r;

	want.timeout_us = (uint64_t)((double)u->timeout_us / want.speed);
	stop_catch();
	progress(u, true);
	r = lab_start(&want, &report_, &err);
	if (r < 0)
		progress(u, false);
	if (r == -EALREADY) {
		printf("%s is already up\n", u->s->name);
		return EXIT_OK;
	}
	if (r == -ECANCELED)
		return report(EXIT_INTERRUPTED, "stopped; nothing of %s is left", u->s->name);
	if (r < 0)
		return report_error(&err);

	status = u->step ? show_first(u) : show(u, &report_, &shown);
	free(report_.profile);
	/* "No such lab" is no slip of who has just started it: it was taken down meanwhile. */
	if (status == EXIT_USAGE)
		status = EXIT_CONFLICT;
	if (!u->foreground)
		return stop_wanted() ? undo(u) : status;
	end = stay(u, shown);
	return end ? end : status;
}

/* Questions are about this student's own trace: no two labs share their numbers. */
static void draw_seed(struct up *u)
{
	if (!u->s->n_tasks || u->s->has_seed)
		return;
	u->opt.seed = clock_random_seed() % SEED_MAX;
	u->opt.has_seed = true;
}

/* Once as it stands; again with what only the file could say: its solution, its questions. */
static enum exit_status read_scenario(struct up *u, const struct scenario_file *file)
{
	enum exit_status status = scenario_file_parse(file, &u->opt, &u->s);
	struct scenario *first = u->s;
	size_t n_set = u->opt.n_set;

	if (status)
		return status;
	if (u->solved && !first->n_solution)
		return report(EXIT_USAGE, "%s has no Solution=: nothing in it is broken",
			      first->name);
	draw_seed(u);
	for (size_t i = 0; u->solved && i < first->n_solution; i++) {
		if (add_set(u, first->solution[i]) != 0)
			return report_no_memory();
	}
	if (u->opt.n_set == n_set && u->opt.has_seed == first->has_seed)
		return EXIT_OK;
	u->s = NULL;
	status = scenario_file_parse(file, &u->opt, &u->s);
	u->first = first;
	return status;
}

/* Who typed sudo is no stranger; only root can say so of others. */
static bool is_sudoer(unsigned int uid)
{
	const char *sudo = getenv("SUDO_UID");
	char text[16];

	snprintf(text, sizeof(text), "%u", uid);
	return sudo && strcmp(sudo, text) == 0;
}

/* A scenario runs no command, but it says what root's lab does: that shall be root's word. */
static void warn_of_stranger(const char *path)
{
	bool others = false;
	unsigned int uid;

	if (!proc_is_privileged() || file_writers(path, &uid, &others) < 0)
		return;
	if (uid != 0 && !is_sudoer(uid))
		report(EXIT_OK, "%s is not root's: it belongs to user %u, who says what this lab, "
		       "made with root's rights, is; look at it first, or use --rootless", path,
		       uid);
	else if (others)
		report(EXIT_OK, "%s can be changed by others than its owner: what this lab, made "
		       "with root's rights, is, anybody of them says; chmod go-w %s", path, path);
}

static enum exit_status up(struct up *u)
{
	struct scenario_file cleanup_scenario_file file = { 0 };
	enum exit_status status;

	status = scenario_file_read(u->scenario, &file);
	if (status)
		return status;
	if (!u->rootless)
		warn_of_stranger(file.path);
	status = read_scenario(u, &file);
	if (status)
		return status;
	if (u->step)
		scenario_wire_guests(u->s);
	if (plan_make(u->s, &u->plan) < 0)
		return report_no_memory();
	if (u->show_commands)
		return show_commands(u);
	if (is_up(u->s->name)) {
		printf("%s is already up\n", u->s->name);
		return EXIT_OK;
	}
	status = refuse_caller(u);
	return status ? status : start(u, &file);
}

/* The capabilities decide, not the user's number; and then what was asked for. */
static enum exit_status choose_rights(struct up *u)
{
	bool privileged = proc_is_privileged();

	if (u->rootless && u->rootful)
		return report(EXIT_USAGE, "either --rootless or --rootful");
	if (u->rootful && !privileged)
		return report(EXIT_CANNOT, "--rootful needs privilege (CAP_SYS_ADMIN and "
			      "CAP_NET_ADMIN): run it with sudo, or let the lab be rootless");
	u->rootless |= !privileged;
	return EXIT_OK;
}

int verb_up(int argc, char **argv)
{
	struct up u = { .timeout_us = TIMEOUT_US };
	enum exit_status status;

	argp_parse(&argp, argc, argv, 0, NULL, &u);
	term_decide(&u.term);
	status = choose_rights(&u);
	if (!status)
		status = up(&u);
	plan_done(&u.plan);
	scenario_free(u.s);
	scenario_free(u.first);
	free(u.set);
	return (int)status;
}
