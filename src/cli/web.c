/* SPDX-License-Identifier: MIT */
/* web.c - `web`: the page of trace --html, live, with buttons. */
#include "lab/web.h"

#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "cli/number.h"
#include "cli/out.h"
#include "cli/stop.h"
#include "cli/story_page.h"
#include "cli/verb.h"
#include "config.h"

struct web_args {
	const char *lab, *listen;
	uint64_t port;
	struct session session;
};

enum { OPT_LISTEN = 256 };

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct web_args *w = state->input;

	switch (key) {
	case 'p':
		w->port = number_count(arg, "--port", state);
		if (w->port > UINT16_MAX)
			argp_error(state, "--port wants a number from 1 to %d, not \"%s\"",
				   UINT16_MAX, arg);
		return 0;
	case OPT_LISTEN:
		w->listen = arg;
		return 0;
	case ARGP_KEY_ARG:
		if (state->arg_num > 0)
			argp_error(state, "one LAB at a time, not also \"%s\"", arg);
		w->lab = arg;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option options[] = {
	{ "port", 'p', "N", 0, "the port; else any that is free", 0 },
	{ "listen", OPT_LISTEN, "ADDRESS", 0,
	  "an address of this machine, for browsers on others; else 127.0.0.1", 0 },
	{ 0 },
};

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "[LAB]",
	.doc = "The page of `" PROGRAM_NAME " trace --html`, live: what happens appears as it "
	       "happens, and clients and the clock have buttons. It is served until Ctrl-C, or "
	       "until the lab is down.\n\n"
	       "The address that is printed holds a secret: whoever has all of it can see the lab "
	       "and move its clients, and nothing else on this machine.\v"
	       "Example: " PROGRAM_NAME " web\n",
};

static json_t *clients_json(const struct scenario *s)
{
	json_t *list = json_array();

	for (size_t i = 0; i < s->n_ifaces; i++)
		if (s->ifaces[i].client)
			json_array_append_new(list, json_pack("[s, I]", s->ifaces[i].label,
							      (json_int_t)i));
	return list;
}

static int gather(void *ctx, struct text *t)
{
	struct text *all = ctx;

	text_addn(all, t->str ? t->str : "", t->len);
	all->failed |= t->failed;
	text_done(t);
	*t = (struct text){ 0 };
	return all->failed ? -ENOMEM : 0;
}

static int make_page(void *ctx, const char *token, struct text *out)
{
	const struct web_args *w = ctx;
	const struct scenario *s = w->session.scenario;
	json_t *live = json_pack("{s:s, s:o, s:b}", "token", token, "clients", clients_json(s),
				 "check", s->n_expects + s->n_tasks > 0);
	cleanup_free char *text = live ? json_dumps(live, JSON_COMPACT) : NULL;
	struct error err = { 0 };

	json_decref(live);
	return text ? story_page_text(&w->session, text, NULL, gather, out, &err) : -ENOMEM;
}

static int judge(void *ctx, struct text *out)
{
	struct web_args *w = ctx;
	cleanup_free char *check = story_page_check(&w->session);

	text_add(out, "%s\n", check ? check : "null");
	return out->failed ? -ENOMEM : 0;
}

static void started(void *ctx, const char *url)
{
	const struct web_args *w = ctx;

	printf("%s: %s\n", w->session.info.name, url);
	fflush(stdout);
	if (isatty(STDOUT_FILENO))
		fprintf(stderr, "Ctrl-C ends it\n");
}

static bool enough(void *ctx)
{
	return stop_wanted();
}

static enum exit_status serve(struct web_args *args)
{
	struct web w = {
		.info = &args->session.info,
		.address = args->listen ? args->listen : "127.0.0.1",
		.port = (uint16_t)args->port,
		.ctx = args,
		.page = make_page,
		.check = judge,
		.started = started,
		.enough = enough,
	};
	struct error err = { 0 };

	return web_serve(&w, &err) < 0 ? report_error(&err) : EXIT_OK;
}

int verb_web(int argc, char **argv)
{
	struct web_args w = { 0 };
	enum exit_status status;

	argp_parse(&argp, argc, argv, 0, NULL, &w);
	stop_catch();
	status = session_open(w.lab, &w.session);
	if (status)
		return (int)status;
	status = serve(&w);
	session_done(&w.session);
	return (int)status;
}
