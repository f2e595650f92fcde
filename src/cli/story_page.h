/* SPDX-License-Identifier: MIT */
/* story_page.h - a lab as a page for a browser (trace/story.h), from its scenario and its log. */
#ifndef CLI_STORY_PAGE_H
#define CLI_STORY_PAGE_H

#include "cli/session.h"

/*
 * The whole page so far, handed to @out piece by piece as it grows; @live and @check:
 * as in struct story. 0 or -errno
 */
int story_page_text(const struct session *s, const char *live, const char *check,
		    int (*out)(void *ctx, struct text *t), void *ctx, struct error *err);

/*
 * The lab, judged as it is now, for the page: the document of `check --json`, the
 * caller's to free. NULL: there is nothing to judge, or nobody to ask.
 */
char *story_page_check(struct session *s);

/* The whole page so far, judged, into the file at @path ("-": standard output). */
enum exit_status story_page_write(struct session *s, const char *path);

#endif
