/* SPDX-License-Identifier: MIT */
/* exec.c - `exec` and `shell`: a command inside a node. */
#include <argp.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/out.h"
#include "cli/place.h"
#include "cli/verb.h"
#include "config.h"

struct exec {
	const char *place;
	char **command;	/* NULL-terminated tail of argv; NULL: none was given */
};

/* Everything behind the node is the command's, options too; a "--" between them is optional. */
static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct exec *e = state->input;

	if (key == ARGP_KEY_NO_ARGS)
		argp_error(state, "which NODE?");
	if (key != ARGP_KEY_ARG)
		return ARGP_ERR_UNKNOWN;
	e->place = arg;
	if (state->next < state->argc && strcmp(state->argv[state->next], "--") == 0)
		state->next++;
	if (state->next < state->argc)
		e->command = &state->argv[state->next];
	state->next = state->argc;
	return 0;
}

static const struct argp exec_argp = {
	.parser = parse,
	.args_doc = "[LAB/]NODE -- CMD [ARG...]",
	.doc = "Run a command in a node: in its network, its /etc/resolv.conf, its host name.\v"
	       "Exit status: the command's own, 128+N if signal N ended it; 125 if the node cannot "
	       "be entered, 126 if CMD cannot be run, 127 if there is none. The command finds "
	       "NETLAB_LAB and NETLAB_NODE in its environment.\n"
	       "Example: " PROGRAM_NAME " exec host -- ip -br address\n",
};

static const struct argp shell_argp = {
	.parser = parse,
	.args_doc = "[LAB/]NODE",
	.doc = "Start a shell ($SHELL, or sh) in a node. Its prompt says where: (LAB/NODE).\v"
	       "Exit status: the shell's.\n"
	       "Example: " PROGRAM_NAME " shell host\n",
};

/* Runs @argv in a node. Environment: @env, NULL-terminated. */
static int run_in(struct target *t, char *const *argv, const char *const *env)
{
	struct proc_ns ns = { -1, -1, -1, -1, -1 };
	struct error err = { 0 };
	enum exit_status status;
	int r;

	status = session_reach(&t->session);
	if (status)
		return EXIT_EXEC;
	if (lab_enter(t->session.lab, t->node, &ns, &err) < 0) {
		report_error(&err);
		return EXIT_EXEC;
	}
	r = proc_exec_in(&ns, argv, env, &err);
	if (err.text[0])
		report_error(&err);
	/*
	 * This process has gone into the lab's pid namespace for its children: it
	 * can make no more threads, and sanitizers want one at exit(3).
	 */
	_exit(out_done(r));
}

static const char *node_name(const struct target *t)
{
	return t->session.scenario->nodes[t->node].name;
}

#define VARIABLE_MAX (LAB_PATH_MAX + 2 * NODE_NAME_MAX)

int verb_exec(int argc, char **argv)
{
	struct target cleanup_target t = { 0 };
	char lab[VARIABLE_MAX], node[VARIABLE_MAX];
	const char *env[] = { lab, node, NULL };
	struct exec e = { 0 };
	enum exit_status status;

	argp_parse(&exec_argp, argc, argv, ARGP_IN_ORDER, NULL, &e);
	if (!e.command)
		return report(EXIT_USAGE, "which command? %s exec %s -- ip address", PROGRAM_NAME,
			      e.place);
	status = place_find(e.place, &t);
	if (status)
		return (int)status;

	snprintf(lab, sizeof(lab), "NETLAB_LAB=%s", t.session.info.name);
	snprintf(node, sizeof(node), "NETLAB_NODE=%s", node_name(&t));
	return run_in(&t, e.command, env);
}

/*
 * The prompt: a plain sh takes PS1 from its environment; bash sets its own in
 * the user's bashrc, so there the name is put in front of it before each
 * prompt. History and settings stay the user's. Both names are plain words.
 */
int verb_shell(int argc, char **argv)
{
	struct target cleanup_target t = { 0 };
	char lab[VARIABLE_MAX], node[VARIABLE_MAX], ps1[VARIABLE_MAX], bash[4 * VARIABLE_MAX];
	const char *env[] = { lab, node, ps1, bash, NULL };
	const char *shell = getenv("SHELL");
	char *command[] = { NULL, NULL };
	cleanup_free char *program = NULL;
	struct exec e = { 0 };
	enum exit_status status;

	argp_parse(&shell_argp, argc, argv, ARGP_IN_ORDER, NULL, &e);
	if (e.command)
		return report(EXIT_USAGE, "shell takes no command; to run one: %s exec %s -- %s",
			      PROGRAM_NAME, e.place, e.command[0]);
	status = place_find(e.place, &t);
	if (status)
		return (int)status;

	snprintf(lab, sizeof(lab), "NETLAB_LAB=%s", t.session.info.name);
	snprintf(node, sizeof(node), "NETLAB_NODE=%s", node_name(&t));
	snprintf(ps1, sizeof(ps1), "PS1=(%s/%s) $ ", t.session.info.name, node_name(&t));
	snprintf(bash, sizeof(bash),
		 "PROMPT_COMMAND=case $PS1 in \"(%1$s/%2$s) \"*) ;; "
		 "*) PS1=\"(%1$s/%2$s) $PS1\" ;; esac",
		 t.session.info.name, node_name(&t));
	program = strdup(shell && shell[0] == '/' ? shell : "/bin/sh");
	if (!program)
		return report_no_memory();
	command[0] = program;
	return run_in(&t, command, env);
}
