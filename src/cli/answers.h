/* SPDX-License-Identifier: MIT */
/* answers.h - what a student answered to a lab's tasks; it lasts as long as the lab. */
#ifndef CLI_ANSWERS_H
#define CLI_ANSWERS_H

#include "cli/findings.h"
#include "lab/lab.h"

/* The answers that were given before, into @f; @ret_text holds them and is the caller's to free. */
enum exit_status answers_read(const struct lab_info *lab, struct findings *f, char **ret_text);
/* One more: the last one given counts. */
enum exit_status answers_add(const struct lab_info *lab, const char *name, const char *answer);

#endif
