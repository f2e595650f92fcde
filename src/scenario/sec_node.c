/* SPDX-License-Identifier: MIT */
/* sec_node.c - [Node] and [Switch] */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "scenario/parse.h"

#define CALLER "@caller"

static int set_namespace(struct parse *p, const struct key_def *key, void *field,
			 const struct value *v)
{
	if (v->text[0] == '@' && strcmp(v->text, CALLER) != 0)
		return bad_key(p, key, v, "\"%s\" is not known; did you mean \"" CALLER "\"?",
			       v->text);
	if (v->text[0] != '@' && !is_plain_name(v->text, key->max))
		return bad_key(p, key, v, "\"%s\" is no name of a namespace: letters, digits, "
			       "'-', '_', '.', at most %u", v->text, (unsigned int)key->max);
	return set_text(p, key, field, v);
}

static const struct key_def keys[] = {
	{ "Namespace", set_namespace, offsetof(struct raw_node, netns),
	  .max = 2 * NODE_NAME_MAX - 1 },
};

#define LEASES_PER_PORT_MAX 65535

static const struct key_def switch_keys[] = {
	{ "DHCPSnooping", set_bool, offsetof(struct raw_node, snooping) },
	{ "TrustedPort", set_text, offsetof(struct raw_node, trusted), .max = 512 },
	{ "LeasesPerPort", set_number, offsetof(struct raw_node, leases_per_port), 1,
	  LEASES_PER_PORT_MAX },
};

static int add_node(struct parse *p, const char *name, enum scn_node_kind kind, struct place at)
{
	struct scenario *s = p->s;
	struct scn_node *node;

	if (array_grow(&s->nodes, s->n_nodes, sizeof(*s->nodes)) < 0 ||
	    array_grow(&p->nodes, s->n_nodes, sizeof(*p->nodes)) < 0 ||
	    index_add(&p->node_index, name, s->n_nodes, NULL) < 0)
		return -ENOMEM;

	p->nodes[s->n_nodes] = (struct raw_node){ 0 };
	node = &s->nodes[s->n_nodes++];
	*node = (struct scn_node){ .at = at, .kind = kind };
	str_copy(node->name, sizeof(node->name), name);
	return 0;
}

static int declare(struct parse *p, const char *name, enum scn_node_kind kind, struct place at,
		   size_t *ret)
{
	size_t other;
	int r;

	if (p->source->set) {	/* changes nodes, makes none */
		r = find_node(p, name, at, ret);
		if (r < 0 || p->s->nodes[*ret].kind == kind)
			return r;
		return bad(p, at, "\"%s\" is a %s", name, kind == SCN_HOST ? "[Switch]" : "[Node]");
	}
	if (!is_plain_name(name, NODE_NAME_MAX - 1))
		return bad(p, at, "\"%s\" is no name for a node: letters, digits, '-', '_', '.', "
			   "the first a letter or digit, at most %d", name, NODE_NAME_MAX - 1);
	other = index_find(&p->node_index, name);
	if (other != NONE)
		return bad(p, at, "node \"%s\" is declared twice; first in line %u", name,
			   p->s->nodes[other].at.line);
	if (p->s->n_nodes == NODES_MAX)
		return bad(p, at, "more than %d nodes", NODES_MAX);

	r = add_node(p, name, kind, at);
	*ret = p->s->n_nodes - 1;
	return r;
}

static int declare_host(struct parse *p, const char *name, struct place at, size_t *ret)
{
	return declare(p, name, SCN_HOST, at, ret);
}

static int declare_switch(struct parse *p, const char *name, struct place at, size_t *ret)
{
	return declare(p, name, SCN_SWITCH, at, ret);
}

static void *node_object(struct parse *p, size_t index, struct place at)
{
	return &p->nodes[index];
}

const struct section_def node_section = {
	.name = "Node",
	.phase = PHASE_NODES,
	.kind = SECTION_DECLARE,
	.keys = keys,
	.n_keys = ARRAY_SIZE(keys),
	.declare = declare_host,
	.object = node_object,
};

const struct section_def switch_section = {
	.name = "Switch",
	.phase = PHASE_NODES,
	.kind = SECTION_DECLARE,
	.keys = switch_keys,
	.n_keys = ARRAY_SIZE(switch_keys),
	.declare = declare_switch,
	.object = node_object,
};

/* The one node that may stand in the caller's own namespace. */
static void finish_caller(struct parse *p, size_t index, size_t *caller)
{
	struct scn_node *node = &p->s->nodes[index];

	node->is_caller = true;
	if (*caller != NONE)
		bad(p, p->nodes[index].netns.at, "only one node can be in " CALLER
		    "; \"%s\" is already", p->s->nodes[*caller].name);
	else
		*caller = index;
}

static bool has_node_section(const struct parse *p)
{
	const struct ini_file *f = &p->sources[0].ini;

	for (size_t i = 0; i < f->n_sections; i++)
		if (strcmp(f->section[i].name, "Node") == 0)
			return true;
	return false;
}

char *scenario_netns_name(const char *lab, const char *node)
{
	char name[2 * NODE_NAME_MAX];

	snprintf(name, sizeof(name), "%s-%s", lab, node);
	return strdup(name);
}

int node_finish(struct parse *p)
{
	cleanup_index struct index names = { 0 };
	struct scenario *s = p->s;
	size_t caller = NONE;

	if (!has_node_section(p))
		bad(p, (struct place){ 1, 1 }, "no [Node]: the file describes no machine");

	for (size_t i = 0; i < s->n_nodes; i++) {
		const struct given *g = &p->nodes[i].netns;
		struct scn_node *node = &s->nodes[i];
		size_t other;
		int r;

		if (g->section && g->text[0] == '@') {
			node->netns = strdup("");
			if (!node->netns)
				return -ENOMEM;
			finish_caller(p, i, &caller);
			continue;
		}
		node->netns = g->section ? strdup(g->text)
					 : scenario_netns_name(s->name, node->name);
		if (!node->netns)
			return -ENOMEM;
		r = index_add(&names, node->netns, i, &other);
		if (r == -ENOMEM)
			return r;
		if (r < 0)
			bad(p, g->section ? g->at : node->at,
			    "namespace \"%s\" is node \"%s\"'s already", node->netns,
			    s->nodes[other].name);
	}

	return 0;
}

/* A port by its own name, or as NODE:IF. */
static int trust_port(struct parse *p, size_t node, struct value *word, struct place at)
{
	const struct scn_node *sw = &p->s->nodes[node];
	char label[PLACE_NAME_MAX + sizeof(":")];
	size_t iface;
	int r;

	if (strchr(word->text, ':'))
		str_copy(label, sizeof(label), word->text);
	else
		snprintf(label, sizeof(label), "%s:%.*s", sw->name, IF_NAME_MAX, word->text);
	r = find_iface(p, label, at, &iface);
	if (r < 0)
		return r;
	if (p->s->ifaces[iface].node != node)
		return bad(p, at, "TrustedPort=: %s is no port of %s", label, sw->name);
	p->s->ifaces[iface].trusted = true;
	return 0;
}

static int finish_snooping(struct parse *p, size_t node)
{
	const struct raw_node *raw = &p->nodes[node];
	struct scn_node *sw = &p->s->nodes[node];
	struct value rest = { raw->trusted.text, raw->trusted.text }, word;
	int r = 0;

	sw->snooping = raw->snooping.value;
	sw->leases_per_port = (uint32_t)raw->leases_per_port.value;
	while (rest.text && (r = next_word(p, &rest, &word)) > 0) {
		r = trust_port(p, node, &word, raw->trusted.at);
		if (r == -ENOMEM)
			return r;
	}
	return r == -ENOMEM ? r : 0;
}

int switch_finish(struct parse *p)
{
	for (size_t i = 0; i < p->s->n_nodes; i++) {
		int r = p->s->nodes[i].kind == SCN_SWITCH ? finish_snooping(p, i) : 0;

		if (r < 0)
			return r;
	}
	return 0;
}
