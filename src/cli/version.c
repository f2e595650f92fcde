/* SPDX-License-Identifier: MIT */
#include <argp.h>
#include <stdio.h>

#include "cli/exit.h"
#include "cli/verb.h"
#include "config.h"

static error_t parse(int key, char *arg, struct argp_state *state)
{
	if (key == ARGP_KEY_ARG)
		argp_error(state, "\"%s\" is one word too many", arg);
	return ARGP_ERR_UNKNOWN;
}

static const struct argp argp = {
	.parser = parse,
	.doc = "Print the versions of netlab and of the libraries that it was built with.\v"
	       "Example: " PROGRAM_NAME " version\n",
};

int verb_version(int argc, char **argv)
{
	argp_parse(&argp, argc, argv, 0, NULL, NULL);
	printf("%s %s\n%s\n", PROGRAM_NAME, VERSION, LIBRARY_VERSIONS);
	return EXIT_OK;
}
