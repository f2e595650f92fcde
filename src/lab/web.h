/* SPDX-License-Identifier: MIT */
/*
 * web.h - a lab's page over HTTP while the lab runs: the page, its events as
 * they happen (server-sent events), and the user's wishes, which go on to the
 * monitor as those of other commands do.
 *
 * Who asks must know the token, and must ask by the name under which we
 * listen: a page of somebody else's, or a name that was made to point here,
 * gets nothing.
 */
#ifndef LAB_WEB_H
#define LAB_WEB_H

#include "lab/lab.h"

#define WEB_TOKEN_LEN 33	/* hex digits and NUL */

/**
 * struct web - what is served, and to whom; all borrowed
 * @address: "127.0.0.1"; @port: 0: any that is free
 * @page: the page so far into @out. 0 or -errno
 * @check: the lab judged now, JSON into @out, by a child process: a ping that nobody answers
 *	takes its time. 0 or -errno
 * @started: called once it listens, with the address for the browser
 * @enough: asked now and then; true ends it
 */
struct web {
	const struct lab_info *info;
	const char *address;
	uint16_t port;
	void *ctx;
	int (*page)(void *ctx, const char *token, struct text *out);
	int (*check)(void *ctx, struct text *out);
	void (*started)(void *ctx, const char *url);
	bool (*enough)(void *ctx);
};

/* Until @enough says so or the lab is gone. 0 or -errno. */
int web_serve(const struct web *w, struct error *err);

#endif
