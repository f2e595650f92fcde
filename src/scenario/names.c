/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "base/text.h"
#include "scenario/parse.h"

#define NEAR_MAX 1024	/* candidates that are compared for a "did you mean" */

bool is_plain_name(const char *s, size_t max)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
	size_t len = strnlen(s, max + 1);

	if (len == 0 || len > max || !strchr(letters, s[0]))
		return false;
	for (size_t i = 0; i < len; i++)
		if (!strchr(letters, s[i]) && !strchr("-_.", s[i]))
			return false;

	return true;
}

bool scenario_is_name(const char *name)
{
	return is_plain_name(name, 31);
}

static int unknown_node(struct parse *p, const char *name, struct place at)
{
	cleanup_free const char **names = NULL;
	size_t n = min_u64(p->s->n_nodes, NEAR_MAX);

	names = calloc(n + 1, sizeof(*names));
	if (!names)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++)
		names[i] = p->s->nodes[i].name;

	return bad(p, at, "no node \"%s\"%s", name, did_you_mean(p, name, names, n, "\"", "\""));
}

int find_node(struct parse *p, const char *name, struct place at, size_t *ret)
{
	size_t i = index_find(&p->node_index, name);

	if (i == NONE)
		return unknown_node(p, name, at);
	*ret = i;
	return 0;
}

/* The node is there, the interface is not. */
static int unknown_iface(struct parse *p, size_t node, const char *label, struct place at)
{
	cleanup_free const char **labels = NULL;
	const struct scn_node *nd = &p->s->nodes[node];
	size_t n = min_u64(nd->n_ifaces, NEAR_MAX);

	labels = calloc(n + 1, sizeof(*labels));
	if (!labels)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++)
		labels[i] = p->s->ifaces[nd->ifaces[i]].label;

	return bad(p, at, "no cable ends in \"%s\"%s", label,
		   did_you_mean(p, label, labels, n, "\"", "\""));
}

int find_iface(struct parse *p, const char *label, struct place at, size_t *ret)
{
	size_t i = index_find(&p->iface_index, label), node;
	cleanup_free char *name = NULL;
	const char *colon;
	int r;

	if (i != NONE) {
		*ret = i;
		return 0;
	}
	colon = strchr(label, ':');
	if (!colon)
		return bad(p, at, "\"%s\" is no interface: write NODE:IF", label);
	name = strndup(label, (size_t)(colon - label));
	if (!name)
		return -ENOMEM;

	r = find_node(p, name, at, &node);
	return r < 0 ? r : unknown_iface(p, node, label, at);
}

size_t scenario_node(const struct scenario *s, const char *name)
{
	for (size_t i = 0; i < s->n_nodes; i++)
		if (strcmp(s->nodes[i].name, name) == 0)
			return i;
	return NONE;
}

size_t scenario_iface(const struct scenario *s, const char *label)
{
	for (size_t i = 0; i < s->n_ifaces; i++)
		if (strcmp(s->ifaces[i].label, label) == 0)
			return i;
	return NONE;
}
