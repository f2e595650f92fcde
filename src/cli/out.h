/* SPDX-License-Identifier: MIT */
/* out.h - results on standard output, everything else on standard error. */
#ifndef CLI_OUT_H
#define CLI_OUT_H

#include <jansson.h>
#include <stdio.h>

#include "base/error.h"
#include "base/text.h"
#include "cli/exit.h"

/* "netlab: ..." and a newline on standard error. Returns @status, so that it can end a verb. */
enum exit_status report(enum exit_status status, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* The same with the words and the status of an error. */
enum exit_status report_error(const struct error *err);
enum exit_status report_no_memory(void);

/*
 * @t to standard output, for people: on a terminal, lines are folded at its width.
 * out_raw() is for programs, and for pictures.
 * EXIT_OK, or EXIT_CANNOT when memory had run out while it was made.
 */
enum exit_status out_text(const struct text *t);
enum exit_status out_raw(const struct text *t);
/* A JSON document and a newline, indented. Takes the reference, NULL included. */
enum exit_status out_json(json_t *doc);

/**
 * out_done() - the last thing that the program does with its standard output
 * @status: what the verb returned
 *
 * A result that was not written is a failure, whatever the verb thought. A
 * reader that went away ends the program as it would have ended any other.
 */
int out_done(int status);

/* "3 nodes", "1 node": @one with an s unless @n is 1. */
void text_count(struct text *t, size_t n, const char *one);

#endif
