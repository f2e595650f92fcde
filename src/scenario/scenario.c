/* SPDX-License-Identifier: MIT */
/* scenario.c - from text to a checked scenario, and its end */
#include "scenario/scenario.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "scenario/parse.h"

static void raw_server_done(struct raw_server *raw)
{
	free(raw->dns.item);
	free(raw->router.item);
	free(raw->ntp.item);
	free(raw->relay_targets.item);
	free(raw->queriers.item);
	free(raw->secrets.item);
	free(raw->send.item);
	free(raw->vendor.item);
	free(raw->search.item);
	free(raw->routes.item);
}

static void raw_iface_done(struct raw_iface *raw)
{
	free(raw->addresses.item);
	if (raw->server)
		raw_server_done(raw->server);
	free(raw->server);
	if (raw->client) {
		free(raw->client->request.item);
		free(raw->client->send.item);
		free(raw->client->deny.item);
		free(raw->client->allow.item);
	}
	free(raw->client);
}

/* Leaves the scenario itself alone. */
static void parse_done(struct parse *p)
{
	if (!p->s)
		return;
	for (size_t i = 0; i < p->s->n_ifaces; i++)
		raw_iface_done(&p->ifaces[i]);
	for (size_t i = 0; i < p->s->n_expects; i++)
		free(p->expects[i].messages.item);
	for (size_t i = 0; i < p->n_subnets; i++)
		raw_server_done(&p->subnets[i].server);
	for (size_t i = 0; i < p->n_classes; i++)
		raw_server_done(&p->classes[i].server);
	for (size_t i = 0; i < SCN_LESSON_PARTS; i++)
		free(p->lesson.part[i].text);
	for (size_t i = 0; i < p->n_kept; i++)
		free(p->kept[i]);
	free(p->lab.solution.text);
	for (size_t i = 0; i < p->n_sources; i++)
		ini_done(&p->sources[i].ini);
	free(p->sources);
	free(p->kept);
	free(p->nodes);
	free(p->ifaces);
	free(p->expects);
	free(p->faults);
	free(p->events);
	free(p->tasks);
	free(p->cables);
	free(p->addresses);
	free(p->routes);
	free(p->subnets);
	free(p->classes);
	free(p->reserved);
	index_done(&p->node_index);
	index_done(&p->iface_index);
	index_done(&p->expect_index);
	index_done(&p->fault_index);
	index_done(&p->event_index);
	index_done(&p->task_index);
}

/* A --set has no place in any file. */
static void forget_places(struct ini_file *f)
{
	for (size_t i = 0; i < f->n_sections; i++) {
		struct ini_section *s = &f->section[i];

		s->at = (struct place){ 0 };
		for (size_t k = 0; k < s->n_instances; k++)
			s->instance_at[k] = (struct place){ 0 };
		for (size_t k = 0; k < s->n_keys; k++)
			s->key[k].at = s->key[k].value_at = (struct place){ 0 };
	}
}

/* "Section INSTANCE.Key=Value" as a file of one section. NULL: it is none, or no memory. */
static char *set_to_ini(const char *set)
{
	const char *equals = strchr(set, '='), *dot = equals;
	cleanup_text struct text t = { 0 };

	if (!equals || strpbrk(set, "\n\\"))
		return NULL;
	while (dot > set && *dot != '.')
		dot--;
	if (dot == set)
		return NULL;

	text_add(&t, "[%.*s]\n%s\n", (int)(dot - set), set, dot + 1);
	return text_take(&t);
}

static int parse_set(struct parse *p, struct source *source)
{
	cleanup_diags struct diags grammar = { 0 };
	cleanup_free char *text = set_to_ini(source->set);
	int r = text ? ini_parse(text, strlen(text), &source->ini, &grammar) : -EINVAL;

	if (r == -EINVAL || (r == 0 && source->ini.n_sections != 1))
		diag_add(p->diags, (struct place){ 0 }, "--set '%s': write "
			 "'Section INSTANCE.Key=Value'", source->set);
	forget_places(&source->ini);
	return r == -ENOMEM ? r : 0;
}

static int parse_sources(struct parse *p, const char *text, size_t len)
{
	int r;

	p->sources = calloc(1 + p->opt->n_set, sizeof(*p->sources));
	if (!p->sources)
		return -ENOMEM;

	p->n_sources = 1 + p->opt->n_set;
	r = ini_parse(text, len, &p->sources[0].ini, p->diags);
	for (size_t i = 0; i < p->opt->n_set && r != -ENOMEM; i++) {
		p->sources[1 + i].set = p->opt->set[i];
		r = parse_set(p, &p->sources[1 + i]);
	}

	return r == -ENOMEM ? r : 0;
}

static int finish(struct parse *p)
{
	static int (*const steps[])(struct parse *p) = {
		lab_finish,    node_finish,   network_finish, server_finish,
		subnet_finish, class_finish, reservation_finish,
		client_finish, expect_finish, task_finish,    lesson_finish,
		event_finish,  switch_finish, fault_finish,   mac_finish,
		check_scenario,
	};

	for (size_t i = 0; i < ARRAY_SIZE(steps); i++) {
		int r = steps[i](p);

		if (r < 0)
			return r;
	}
	return 0;
}

static int parse_text(struct parse *p, const char *text, size_t len)
{
	int r;

	if (!scenario_is_name(p->opt->name))
		return diag_add(p->diags, (struct place){ 0 },
				"\"%s\" can not be a lab's name: letters, digits, '-', '_', '.', "
				"the first a letter or digit, at most 31", p->opt->name);
	str_copy(p->s->name, sizeof(p->s->name), p->opt->name);

	r = parse_sources(p, text, len);
	if (r < 0)
		return r;
	if (!p->sources[0].ini.text || (p->diags->n > 0 && p->sources[0].ini.n_sections == 0))
		return -EINVAL;	/* no text file: its sections are not missing */
	r = parse_sections(p);
	return r < 0 ? r : finish(p);
}

int scenario_parse(const char *text, size_t len, const struct scenario_options *opt,
		   struct scenario **ret, struct diags *diags)
{
	cleanup_scenario struct scenario *s = calloc(1, sizeof(*s));
	CLEANUP(parse_done) struct parse p = { .s = s, .opt = opt, .diags = diags };
	size_t errors = diags->n + diags->dropped;
	int r;

	if (!s)
		return -ENOMEM;
	r = parse_text(&p, text, len);
	diags_sort(diags);
	if (r < 0)
		return r;
	if (diags->n + diags->dropped > errors)
		return -EINVAL;

	*ret = TAKE_PTR(s);
	return 0;
}

static void free_server(struct scn_server *server)
{
	if (!server)
		return;
	free(server->options);
	for (size_t k = 0; k < server->n_classes; k++)
		free(server->classes[k].options);
	free(server->classes);
	free(server->subnets);
	free(server->reserved);
	free(server);
}

static void free_iface(struct scn_iface *i)
{
	free(i->addresses);
	free(i->routes);
	free_server(i->server);
	free(i->relay);
	free(i->emulator);
	if (i->client && --i->client->users == 0)
		free(i->client);
}

struct scenario *scenario_free(struct scenario *s)
{
	if (!s)
		return NULL;
	for (size_t i = 0; i < s->n_nodes; i++) {
		free(s->nodes[i].ifaces);
		free(s->nodes[i].netns);
	}
	for (size_t i = 0; i < s->n_ifaces; i++)
		free_iface(&s->ifaces[i]);
	for (size_t i = 0; i < s->n_lesson; i++)
		free(s->lesson[i].text);
	for (size_t i = 0; i < s->n_solution; i++)
		free(s->solution[i]);
	free(s->lesson);
	free(s->solution);
	free(s->tasks);
	free(s->nodes);
	free(s->ifaces);
	free(s->cables);
	free(s->expects);
	free(s->faults);
	free(s->events);
	free(s);
	return NULL;
}
