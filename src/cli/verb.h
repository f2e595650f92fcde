/* SPDX-License-Identifier: MIT */
/* verb.h - the verbs of the program: one small file each, one table of them all. */
#ifndef CLI_VERB_H
#define CLI_VERB_H

#include <stddef.h>

/**
 * struct verb - one word of the command line
 * @args: what it takes, for the usage text
 * @what: what it does, in a few words
 * @run: argv[0] is "netlab VERB"; returns the exit status (cli/exit.h)
 */
struct verb {
	const char *name;
	const char *args;
	const char *what;
	int (*run)(int argc, char **argv);
};

int verb_capture(int argc, char **argv);
int verb_check(int argc, char **argv);
int verb_client(int argc, char **argv);
int verb_decode(int argc, char **argv);
int verb_doctor(int argc, char **argv);
int verb_down(int argc, char **argv);
int verb_exec(int argc, char **argv);
int verb_explain(int argc, char **argv);
int verb_fault(int argc, char **argv);
int verb_lint(int argc, char **argv);
int verb_list(int argc, char **argv);
int verb_reset(int argc, char **argv);
int verb_shell(int argc, char **argv);
int verb_new(int argc, char **argv);
int verb_graph(int argc, char **argv);
int verb_show(int argc, char **argv);
int verb_sim(int argc, char **argv);
int verb_status(int argc, char **argv);
int verb_time(int argc, char **argv);
int verb_step(int argc, char **argv);
int verb_trace(int argc, char **argv);
int verb_up(int argc, char **argv);
int verb_version(int argc, char **argv);
int verb_web(int argc, char **argv);
int verb_why(int argc, char **argv);

#endif
