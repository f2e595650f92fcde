/* SPDX-License-Identifier: MIT */
/* story_page.h - a lab as a page for a browser (trace/story.h), from its scenario and its log. */
#ifndef CLI_STORY_PAGE_H
#define CLI_STORY_PAGE_H

#include "cli/session.h"
#include "trace/story.h"

/**
 * struct story_page - @story and what it borrows
 * @cable_names: CABLE_NAME_MAX bytes a cable
 */
struct story_page {
	struct story story;
	struct story_node *nodes;
	struct story_cable *cables;
	char *cable_names;
	struct text *addresses;
};

/* Of a session that is open; it must outlive it. 0 or -ENOMEM; free it in any case. */
int story_page_make(const struct session *s, struct story_page *ret);
void story_page_done(struct story_page *p);
#define cleanup_story_page CLEANUP(story_page_done)

/* The whole page so far, into the file at @path ("-": standard output). */
enum exit_status story_page_write(const struct session *s, const char *path);

#endif
