/* SPDX-License-Identifier: MIT */
/* netlab - a DHCP lab in network namespaces. This file knows the verbs, not what they do. */
#include <argp.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "cli/out.h"
#include "cli/verb.h"
#include "config.h"
#include "sys/fd.h"

static const struct verb verbs[] = {
	{ "up", "SCENARIO", "create a lab and start it", verb_up },
	{ "down", "[LAB|--all]", "stop it and remove what it made", verb_down },
	{ "status", "[LAB]", "nodes, addresses, client states, leases", verb_status },
	{ "trace", "[LAB]", "every message, transition, drop and address", verb_trace },
	{ "why", "NODE[:IF]", "the decisions that led to a client's state", verb_why },
	{ "capture", "[NODE:IF]", "all cables as pcapng, to a file or a pipe", verb_capture },
	{ "decode", "FILE", "any capture explained, with the rules it breaks", verb_decode },
	{ "check", "[LAB] [NAME...]", "judge the scenario's expectations", verb_check },
	{ "step", "[LAB]", "message by message: let go, drop, edit, go back", verb_step },
	{ "client", "NODE[:IF] ACTION", "have a client renew, release, reboot ...", verb_client },
	{ "time", "[LAB] SPEC", "lab time: pause, resume, speed 60, +30min, until T1", verb_time },
	{ "fault", "[LAB] ...", "messages lost, late, double or broken, on purpose", verb_fault },
	{ "web", "[LAB]", "the lab as a live page in a browser", verb_web },
	{ "exec", "NODE -- CMD", "run a command in a node", verb_exec },
	{ "shell", "NODE", "a shell in a node; its prompt says where", verb_shell },
	{ "sim", "SCENARIO", "the same in virtual time, without privileges", verb_sim },
	{ "explain", "[TOPIC]", "a machine, a message or an option in words", verb_explain },
	{ "list", "", "the scenarios that there are", verb_list },
	{ "show", "SCENARIO", "what a scenario is and what it expects", verb_show },
	{ "lint", "FILE...", "check scenario files, touch nothing", verb_lint },
	{ "new", "NAME", "a scenario file to start from", verb_new },
	{ "graph", "[LAB|SCENARIO]", "draw a lab: text, dot, mermaid or svg", verb_graph },
	{ "doctor", "", "what this machine can do, and how to mend it", verb_doctor },
	{ "reset", "", "list what labs left, and remove all of it", verb_reset },
	{ "version", "", "versions of netlab and its libraries", verb_version },
};

static void usage(FILE *f)
{
	fprintf(f, "Usage: %s VERB [ARGUMENT...]\n\n", PROGRAM_NAME);
	for (size_t i = 0; i < ARRAY_SIZE(verbs); i++) {
		const struct verb *v = &verbs[i];

		fprintf(f, "  %-7s %-16s %s\n", v->name, v->args, v->what);
	}
	fprintf(f, "\n%s help VERB says more; so does the man page %s(1).\n"
		   "Example: %s up dhcptest\n",
		PROGRAM_NAME, PROGRAM_NAME, PROGRAM_NAME);
}

static const struct verb *verb_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(verbs); i++) {
		if (strcmp(verbs[i].name, name) == 0)
			return &verbs[i];
	}
	return NULL;
}

static int unknown_verb(const char *name)
{
	const char *names[ARRAY_SIZE(verbs)];
	const char *near;

	for (size_t i = 0; i < ARRAY_SIZE(verbs); i++)
		names[i] = verbs[i].name;
	near = nearest(name, names, ARRAY_SIZE(names));
	if (near)
		return report(EXIT_USAGE, "no verb \"%s\"; did you mean \"%s\"? (%s help)", name,
			      near, PROGRAM_NAME);
	return report(EXIT_USAGE, "no verb \"%s\" (%s help)", name, PROGRAM_NAME);
}

/* Runs a verb under the name "netlab VERB", which is how its help and errors call it. */
static int run_verb(const char *name, int argc, char **argv)
{
	const struct verb *v = verb_find(name);
	char title[64];

	if (!v)
		return unknown_verb(name);
	snprintf(title, sizeof(title), "%s %s", PROGRAM_NAME, v->name);
	argv[0] = title;
	return v->run(argc, argv);
}

static int help(int argc, char **argv)
{
	char option[] = "--help";
	char *args[] = { NULL, option, NULL };

	if (argc < 2) {
		usage(stdout);
		return EXIT_OK;
	}
	return run_verb(argv[1], 2, args);
}

static int run(int argc, char **argv)
{
	const char *word = argc > 1 ? argv[1] : NULL;

	if (!word) {
		usage(stderr);
		return EXIT_USAGE;
	}
	if (strcmp(word, "help") == 0 || strcmp(word, "--help") == 0 || strcmp(word, "-?") == 0 ||
	    strcmp(word, "-h") == 0)
		return help(argc - 1, argv + 1);
	if (strcmp(word, "--version") == 0 || strcmp(word, "-V") == 0)
		return run_verb("version", 1, argv + 1);
	if (word[0] == '-')
		return report(EXIT_USAGE, "no option \"%s\" before the verb (%s help)", word,
			      PROGRAM_NAME);
	return run_verb(word, argc - 1, argv + 1);
}

/* Also after argp has printed a help text and left by exit(3). */
static void flush_at_exit(void)
{
	if (out_done(EXIT_OK) != EXIT_OK)
		_exit(EXIT_CANNOT);
}

int main(int argc, char **argv)
{
	int r = fd_fill_standard();

	/* No machine without /dev/null has any use for the rest. */
	if (r < 0) {
		dprintf(STDERR_FILENO, PROGRAM_NAME ": /dev/null: %s\n", strerror(-r));
		_exit(EXIT_CANNOT);
	}
	/* Not LC_NUMERIC: numbers that programs read have a point, whatever the locale says. */
	setlocale(LC_CTYPE, "");
	/* A reader that went away shall not kill the program between two steps of `up`. */
	signal(SIGPIPE, SIG_IGN);
	argp_err_exit_status = EXIT_USAGE;
	atexit(flush_at_exit);
	return out_done(run(argc, argv));
}
