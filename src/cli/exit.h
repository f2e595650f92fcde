/* SPDX-License-Identifier: MIT */
/* exit.h - what the program's exit status means; the one place where errors become one. */
#ifndef CLI_EXIT_H
#define CLI_EXIT_H

enum exit_status {
	EXIT_OK = 0,		/* done; all expectations met; already in that state */
	EXIT_FAILED = 1,	/* an expectation failed, or a client has no lease in time */
	EXIT_USAGE = 2,		/* wrong usage; no such lab, node, verb, scenario */
	EXIT_SCENARIO = 3,	/* the scenario file is wrong; nothing was touched */
	EXIT_CANNOT = 4,	/* this machine cannot */
	EXIT_CONFLICT = 5,	/* name taken, not running, another user's, addresses in use */
	EXIT_NOTHING = 6,	/* nothing to test */
	EXIT_EXEC = 125,	/* exec: a failure of netlab's own */
	EXIT_INTERRUPTED = 130,	/* Ctrl-C */
};

/* The exit status of a negative errno that a room below has returned; EXIT_OK for the others. */
enum exit_status exit_from_errno(int code);

#endif
