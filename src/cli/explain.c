/* SPDX-License-Identifier: MIT */
#include <argp.h>
#include <errno.h>

#include "cli/out.h"
#include "cli/verb.h"
#include "config.h"
#include "trace/explain.h"

static error_t parse(int key, char *arg, struct argp_state *state)
{
	const char **topic = state->input;

	if (key != ARGP_KEY_ARG)
		return ARGP_ERR_UNKNOWN;
	if (state->arg_num > 0)
		argp_error(state, "one TOPIC at a time, not also \"%s\"", arg);
	*topic = arg;
	return 0;
}

static const struct argp argp = {
	.parser = parse,
	.args_doc = "[TOPIC]",
	.doc = "What a machine does, what a message is for, what an option means, and where the "
	       "RFC says so. Without a TOPIC: what there is to explain.\v"
	       "Example: " PROGRAM_NAME " explain OFFER\n",
};

static enum exit_status explain(const char *topic, struct text *out)
{
	const char *near = NULL;
	int r;

	if (!topic) {
		explain_contents(out);
		return EXIT_OK;
	}
	r = explain_topic(topic, out, &near);
	if (r == -ENOENT && near)
		return report(EXIT_USAGE,
			      "nothing is known of \"%s\"; did you mean \"%s\"? (%s explain)",
			      topic, near, PROGRAM_NAME);
	if (r == -ENOENT)
		return report(EXIT_USAGE, "nothing is known of \"%s\" (%s explain)", topic,
			      PROGRAM_NAME);
	return r < 0 ? report_no_memory() : EXIT_OK;
}

int verb_explain(int argc, char **argv)
{
	struct text cleanup_text out = { 0 };
	const char *topic = NULL;
	enum exit_status status;

	argp_parse(&argp, argc, argv, 0, NULL, &topic);
	status = explain(topic, &out);
	return status ? status : out_text(&out);
}
