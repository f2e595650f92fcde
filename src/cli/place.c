/* SPDX-License-Identifier: MIT */
#include "cli/place.h"

#include <string.h>

#include "cli/out.h"

static enum exit_status no_such(const char *what, const char *word, const char *lab,
				const char *near)
{
	if (near)
		return report(EXIT_USAGE, "%s has no %s \"%s\"; did you mean \"%s\"?", lab, what,
			      word, near);
	return report(EXIT_USAGE, "%s has no %s \"%s\"", lab, what, word);
}

static enum exit_status no_node(const struct scenario *s, const char *name)
{
	cleanup_free const char **names = calloc(s->n_nodes, sizeof(*names));
	struct text cleanup_text known = { 0 };
	const char *near;

	if (!names)
		return report_no_memory();
	for (size_t i = 0; i < s->n_nodes; i++)
		names[i] = s->nodes[i].name;
	near = nearest(name, names, s->n_nodes);
	if (near || s->n_nodes > 12)
		return no_such("node", name, s->name, near);

	for (size_t i = 0; i < s->n_nodes; i++)
		text_add(&known, "%s%s", i ? ", " : "", names[i]);
	return report(EXIT_USAGE, "%s has no node \"%s\"; it has %s", s->name, name,
		      known.str ? known.str : "none");
}

static enum exit_status no_iface(const struct scenario *s, const char *label)
{
	cleanup_free const char **labels = calloc(s->n_ifaces, sizeof(*labels));

	if (!labels)
		return report_no_memory();
	for (size_t i = 0; i < s->n_ifaces; i++)
		labels[i] = s->ifaces[i].label;
	return no_such("interface", label, s->name, nearest(label, labels, s->n_ifaces));
}

static enum exit_status find(const struct scenario *s, const char *place, size_t *ret_node,
			     size_t *ret_iface)
{
	cleanup_free char *node = strndup(place, strcspn(place, ":"));

	if (!node)
		return report_no_memory();
	*ret_iface = NONE;
	*ret_node = scenario_node(s, node);
	if (*ret_node == NONE)
		return no_node(s, node);
	if (!strchr(place, ':'))
		return EXIT_OK;
	*ret_iface = scenario_iface(s, place);
	return *ret_iface == NONE ? no_iface(s, place) : EXIT_OK;
}

enum exit_status place_check(const struct scenario *s, const char *word)
{
	size_t node, iface;

	return find(s, word, &node, &iface);
}

enum exit_status place_find(const char *arg, struct target *ret)
{
	const char *slash = strchr(arg, '/');
	cleanup_free char *lab = slash ? strndup(arg, (size_t)(slash - arg)) : NULL;
	struct target t = { 0 };
	enum exit_status status;

	if (slash && !lab)
		return report_no_memory();
	status = session_open(lab, &t.session);
	if (status)
		return status;
	status = find(t.session.scenario, slash ? slash + 1 : arg, &t.node, &t.iface);
	if (status) {
		target_done(&t);
		return status;
	}
	*ret = t;
	return EXIT_OK;
}

enum exit_status place_client(struct target *t)
{
	const struct scenario *s = t->session.scenario;
	const struct scn_node *n = &s->nodes[t->node];

	if (t->iface != NONE && s->ifaces[t->iface].client)
		return EXIT_OK;
	if (t->iface != NONE)
		return report(EXIT_USAGE, "%s runs no client of netlab's",
			      s->ifaces[t->iface].label);
	for (size_t i = 0; i < n->n_ifaces; i++) {
		size_t iface = n->ifaces[i];

		if (!s->ifaces[iface].client)
			continue;
		if (t->iface != NONE)
			return report(EXIT_USAGE, "%s has several clients: %s or %s?", n->name,
				      s->ifaces[t->iface].label, s->ifaces[iface].label);
		t->iface = iface;
	}
	if (t->iface == NONE)
		return report(EXIT_USAGE, "%s runs no client of netlab's", n->name);
	return EXIT_OK;
}

enum exit_status place_machine(struct target *t)
{
	const struct scenario *s = t->session.scenario;
	const struct scn_node *n = &s->nodes[t->node];
	size_t server = NONE;

	if (t->iface != NONE && s->ifaces[t->iface].server)
		return EXIT_OK;
	for (size_t i = 0; t->iface == NONE && i < n->n_ifaces; i++) {
		if (s->ifaces[n->ifaces[i]].client)
			return place_client(t);
		if (!s->ifaces[n->ifaces[i]].server)
			continue;
		if (server != NONE)
			return report(EXIT_USAGE, "%s has several servers: %s or %s?", n->name,
				      s->ifaces[server].label, s->ifaces[n->ifaces[i]].label);
		server = n->ifaces[i];
	}
	if (server == NONE)
		return place_client(t);
	t->iface = server;
	return EXIT_OK;
}

void target_done(struct target *t)
{
	session_done(&t->session);
}
