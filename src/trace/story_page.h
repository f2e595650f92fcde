/* SPDX-License-Identifier: MIT */
/* story_page.h - the empty page of a story: story/ as one string, made by story/embed.py. */
#ifndef TRACE_STORY_PAGE_H
#define TRACE_STORY_PAGE_H

extern const char story_page[];

#endif
