/* SPDX-License-Identifier: MIT */
#include "cli/story_page.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/answers.h"
#include "cli/judge_lab.h"
#include "cli/out.h"
#include "trace/story.h"

#define CHUNK (1u << 20)

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

static const char *kind_of(const struct scn_node *n)
{
	if (n->kind == SCN_SWITCH)
		return "switch";
	return n->ip_forward ? "router" : "host";
}

static const char *addresses_of(const struct scenario *s, const struct scn_node *n, struct text *t)
{
	for (size_t i = 0; i < n->n_ifaces; i++) {
		const struct scn_iface *iface = &s->ifaces[n->ifaces[i]];

		for (size_t a = 0; a < iface->n_addresses; a++) {
			char ip[IP4_LEN];

			text_add(t, "%s%s/%u", t->len ? " " : "",
				 ip4_format(iface->addresses[a].address, ip),
				 iface->addresses[a].prefix_len);
		}
	}
	return t->str ? t->str : "";
}

static void name_cable(const struct scenario *s, size_t c, struct story_page *p)
{
	char *name = p->cable_names + c * CABLE_NAME_MAX;

	scenario_cable_name(s, c, name);
	p->cables[c] = (struct story_cable){
		.name = name,
		.a = s->nodes[s->ifaces[s->cables[c].a].node].name,
		.b = s->nodes[s->ifaces[s->cables[c].b].node].name,
	};
}

static int story_page_make(const struct session *session, struct story_page *ret)
{
	const struct scenario *s = session->scenario;
	struct story_page *p = ret;

	*p = (struct story_page){
		.story = {
			.name = session->info.name, .title = s->title, .objective = s->objective,
			.seed = session->info.seed, .speed = session->info.speed,
			.n_nodes = s->n_nodes, .n_cables = s->n_cables,
		},
		.nodes = calloc(s->n_nodes + 1, sizeof(*p->nodes)),
		.addresses = calloc(s->n_nodes + 1, sizeof(*p->addresses)),
		.cables = calloc(s->n_cables + 1, sizeof(*p->cables)),
		.cable_names = calloc(s->n_cables + 1, CABLE_NAME_MAX),
	};
	if (!p->nodes || !p->addresses || !p->cables || !p->cable_names)
		return -ENOMEM;
	for (size_t i = 0; i < s->n_nodes; i++)
		p->nodes[i] = (struct story_node){
			.name = s->nodes[i].name,
			.kind = kind_of(&s->nodes[i]),
			.addresses = addresses_of(s, &s->nodes[i], &p->addresses[i]),
		};
	for (size_t c = 0; c < s->n_cables; c++)
		name_cable(s, c, p);
	p->story.nodes = p->nodes;
	p->story.cables = p->cables;
	return 0;
}

static void story_page_done(struct story_page *p)
{
	for (size_t i = 0; p->addresses && i < p->story.n_nodes; i++)
		text_done(&p->addresses[i]);
	free(p->addresses);
	free(p->nodes);
	free(p->cables);
	free(p->cable_names);
}

#define cleanup_story_page CLEANUP(story_page_done)

static int add_events(const struct session *s, int (*out)(void *ctx, struct text *t), void *ctx,
		      struct text *t, struct error *err)
{
	struct lab_log cleanup_lab_log log = LAB_LOG_CLOSED;
	int r = lab_log_open(&s->info, &log, err);

	while (r >= 0) {
		cleanup_event struct trace_event e = { 0 };
		const struct pcapng_packet *frame = &log.reader.frame;

		r = lab_log_next(&log, &e, err);
		if (r <= 0)
			break;
		r = story_event(&e, frame->data, e.kind == TRACE_MESSAGE ? frame->len : 0, t);
		if (r == 0 && t->len > CHUNK)
			r = out(ctx, t);
	}
	return r;
}

int story_page_text(const struct session *s, const char *live, const char *check,
		    int (*out)(void *ctx, struct text *t), void *ctx, struct error *err)
{
	struct story_page cleanup_story_page page = { 0 };
	struct text cleanup_text t = { 0 };
	int r = story_page_make(s, &page);

	page.story.live = live;
	page.story.check = check;
	if (r == 0)
		r = story_begin(&page.story, &t);
	if (r == 0)
		r = add_events(s, out, ctx, &t, err);
	if (r == 0)
		r = story_end(&t);
	if (r == 0)
		r = out(ctx, &t);
	return r < 0 && err->code == 0 ? error_set(err, r, "%s", strerror(-r)) : r;
}

static char *judge(struct session *s, struct findings *f)
{
	struct lab_court cleanup_lab_court court = { .session = s };
	cleanup_free char *answers = NULL;
	char *text = NULL;
	json_t *doc;

	if ((!s->lab && session_reach(s) != EXIT_OK) || lab_court_refresh(&court) != EXIT_OK ||
	    answers_read(&s->info, f, &answers) != EXIT_OK)
		return NULL;
	findings_judge(f, SCN_PHASE_END, &lab_judge_ops, &court);
	doc = findings_json(f);
	if (doc)
		text = json_dumps(doc, JSON_COMPACT);
	json_decref(doc);
	return text;
}

char *story_page_check(struct session *s)
{
	struct findings cleanup_findings f = { 0 };

	if (!s->info.alive || findings_new(s->scenario, &f) < 0 || f.n == 0)
		return NULL;
	return judge(s, &f);
}

static int write_out(void *ctx, struct text *t)
{
	size_t n = t->failed ? 0 : fwrite(t->str ? t->str : "", 1, t->len, ctx);
	int r = t->failed ? -ENOMEM : n < t->len ? -EIO : 0;

	text_done(t);
	*t = (struct text){ 0 };
	return r;
}

enum exit_status story_page_write(struct session *s, const char *path)
{
	cleanup_free char *check = story_page_check(s);
	struct error err = { 0 };
	FILE *f = strcmp(path, "-") == 0 ? stdout : fopen(path, "we");
	int r;

	if (!f)
		return report(EXIT_CANNOT, "cannot write %s: %s", path, strerror(errno));
	r = story_page_text(s, NULL, check, write_out, f, &err);
	if (f == stdout)
		return r < 0 ? report_error(&err) : EXIT_OK;
	if (fclose(f) != 0 && r == 0)
		r = error_set(&err, -errno, "%s", strerror(errno));
	if (r < 0)
		return report(EXIT_CANNOT, "cannot write %s: %s", path, err.text);
	printf("%s: open it in a browser\n", path);
	return EXIT_OK;
}
