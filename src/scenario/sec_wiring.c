/* SPDX-License-Identifier: MIT */
/* sec_wiring.c - [Wiring], and the interfaces that its cables make */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "scenario/parse.h"

/* The field is the whole parse: a cable is no list of numbers. */
static int add_cable(struct parse *p, const struct key_def *key, void *field, const struct value *v)
{
	struct value rest = *v, word[2], more;
	struct raw_cable *cable;
	int r;

	for (size_t i = 0; i < 2; i++) {
		r = next_word(p, &rest, &word[i]);
		if (r < 0)
			return r;
		if (r == 0)
			return bad_key(p, key, v, "a cable has two ends: A:IF B:IF");
	}
	r = next_word(p, &rest, &more);
	if (r < 0)
		return r;
	if (r > 0)
		return bad_key(p, key, &more, "\"%s\" is a third end; a cable has two", more.text);
	if (p->n_cables == CABLES_MAX)
		return bad_key(p, key, v, "more than %d cables", CABLES_MAX);
	if (array_grow(&p->cables, p->n_cables, sizeof(*p->cables)) < 0)
		return -ENOMEM;

	cable = &p->cables[p->n_cables++];
	for (size_t i = 0; i < 2; i++) {
		cable->end[i] = word[i].text;
		cable->at[i] = place_of(p, word[i].raw);
	}
	return 0;
}

static void clear_cables(struct parse *p, void *field)
{
	p->n_cables = 0;
}

static const struct key_def keys[] = {
	{ "Cable", add_cable, .clear = clear_cables },
};

static void *wiring_object(struct parse *p, size_t index, struct place at)
{
	return p;
}

const struct section_def wiring_section = {
	.name = "Wiring",
	.phase = PHASE_WIRING,
	.kind = SECTION_ONE,
	.keys = keys,
	.n_keys = ARRAY_SIZE(keys),
	.object = wiring_object,
};

/* systemd and the kernel would allow more; ip(8), sysctl names and shells want these. */
static int check_iface_name(struct parse *p, const char *name, const struct scn_node *node,
			    struct place at)
{
	if (strlen(name) >= IF_NAME_MAX)
		return bad(p, at, "\"%s\" is over %d bytes: no interface can have that name", name,
			   IF_NAME_MAX - 1);
	if (!is_plain_name(name, IF_NAME_MAX - 1))
		return bad(p, at, "\"%s\" is no name for an interface: letters, digits, '-', '_', "
			   "'.', the first a letter or digit", name);
	if (strcmp(name, "lo") == 0 || strcmp(name, "all") == 0 || strcmp(name, "default") == 0)
		return bad(p, at, "\"%s\" is taken: the kernel uses that name itself", name);
	if (node->kind == SCN_SWITCH && strcmp(name, "br0") == 0)
		return bad(p, at, "\"br0\" is taken: it is the switch's bridge");
	return 0;
}

static int add_iface(struct parse *p, const char *label, size_t node, struct place at)
{
	struct scenario *s = p->s;
	struct scn_node *nd = &s->nodes[node];
	struct scn_iface *iface;

	if (array_grow(&s->ifaces, s->n_ifaces, sizeof(*s->ifaces)) < 0 ||
	    array_grow(&p->ifaces, s->n_ifaces, sizeof(*p->ifaces)) < 0 ||
	    array_grow(&nd->ifaces, nd->n_ifaces, sizeof(*nd->ifaces)) < 0)
		return -ENOMEM;

	p->ifaces[s->n_ifaces] = (struct raw_iface){ 0 };
	nd->ifaces[nd->n_ifaces++] = s->n_ifaces;
	iface = &s->ifaces[s->n_ifaces++];
	*iface = (struct scn_iface){ .at = at, .node = node, .peer = NONE, .cable = NONE };
	str_copy(iface->label, sizeof(iface->label), label);
	str_copy(iface->name, sizeof(iface->name), strchr(label, ':') + 1);
	return 0;
}

/* One end of a cable. @ret: the new interface. 0, -EINVAL reported, -ENOMEM */
static int make_end(struct parse *p, const char *label, struct place at, size_t *ret)
{
	const char *colon = strchr(label, ':');
	cleanup_free char *name = NULL;
	size_t node, other;
	int r;

	if (!colon)
		return bad(p, at, "\"%s\" is no end of a cable: write NODE:IF", label);
	name = strndup(label, (size_t)(colon - label));
	if (!name)
		return -ENOMEM;
	r = find_node(p, name, at, &node);
	if (r < 0)
		return r;
	r = check_iface_name(p, colon + 1, &p->s->nodes[node], at);
	if (r < 0)
		return r;
	r = index_add(&p->iface_index, label, p->s->n_ifaces, &other);
	if (r == -EEXIST)
		return bad(p, at, "a cable ends in \"%s\" already, in line %u", label,
			   p->s->ifaces[other].at.line);
	if (r < 0)
		return r;
	if (p->s->nodes[node].kind == SCN_SWITCH && p->s->nodes[node].n_ifaces == SWITCH_PORTS_MAX)
		bad(p, at, "switch \"%s\" has over %d ports", name, SWITCH_PORTS_MAX);

	*ret = p->s->n_ifaces;
	return add_iface(p, label, node, at);
}

static int make_cable(struct parse *p, const struct raw_cable *raw)
{
	struct scenario *s = p->s;
	struct scn_cable *cable;
	size_t end[2];

	if (strcmp(raw->end[0], raw->end[1]) == 0) {
		bad(p, raw->at[1], "both ends of the cable are \"%s\"", raw->end[1]);
		return 0;
	}
	for (size_t i = 0; i < 2; i++) {
		int r = make_end(p, raw->end[i], raw->at[i], &end[i]);

		if (r == -ENOMEM)
			return r;
		if (r < 0)
			end[i] = NONE;
	}
	if (end[0] == NONE || end[1] == NONE)
		return 0;	/* an end that is right stays, so that its sections are read */
	if (array_grow(&s->cables, s->n_cables, sizeof(*s->cables)) < 0)
		return -ENOMEM;

	cable = &s->cables[s->n_cables];
	*cable = (struct scn_cable){ .at = raw->at[0], .a = end[0], .b = end[1] };
	s->ifaces[end[0]].peer = end[1];
	s->ifaces[end[1]].peer = end[0];
	s->ifaces[end[0]].cable = s->ifaces[end[1]].cable = s->n_cables++;
	return 0;
}

int wiring_finish(struct parse *p)
{
	for (size_t i = 0; i < p->n_cables; i++) {
		int r = make_cable(p, &p->cables[i]);

		if (r < 0)
			return r;
	}

	return 0;
}
