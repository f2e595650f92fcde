/* SPDX-License-Identifier: MIT */
/* scenario_file.h - SCENARIO on the command line: a name to look up, or a file's path. */
#ifndef CLI_SCENARIO_FILE_H
#define CLI_SCENARIO_FILE_H

#include "cli/exit.h"
#include "scenario/scenario.h"

/**
 * struct scenario_file - a file and its text
 * @path: as found
 * @name: its last part without ".ini"
 * @text: @len bytes; owned, as @path and @name are
 */
struct scenario_file {
	char *path, *name, *text;
	size_t len;
};

/*
 * Finds the file that @arg means and reads it. What has a '/' in it or ends in
 * ".ini" is a path; else NAME.ini is looked for in ./, ./scenarios, the user's
 * folder, the installed one, and that of a build tree. Tells the user what is wrong.
 */
enum exit_status scenario_file_read(const char *arg, struct scenario_file *ret);
void scenario_file_done(struct scenario_file *f);
#define cleanup_scenario_file CLEANUP(scenario_file_done)

/**
 * scenario_file_parse() - its text as a checked scenario
 * @opt: its name may be NULL: the file's own is meant
 *
 * All errors go to standard error as FILE:LINE:COL.
 */
enum exit_status scenario_file_parse(const struct scenario_file *f,
				     const struct scenario_options *opt, struct scenario **ret);

/* Paths of all scenarios that a name finds, sorted by name; a name counts once. -errno or count. */
int scenario_file_list(char ***ret);
void scenario_file_list_free(char **paths, size_t n);

/* The last part of a path without ".ini", as a new string. */
char *scenario_file_name(const char *path);

#endif
