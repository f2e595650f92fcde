/* SPDX-License-Identifier: MIT */
/* sec_event.c - [Event NAME]: what happens to a client at a time */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "scenario/parse.h"

#define AFTER_MAX (10 * 366 * 86400ull * 1000000)

static int set_action(struct parse *p, const struct key_def *key, void *field,
		      const struct value *v)
{
	const char *words[SCN_ACTIONS];
	int action = scn_action(v->text);

	for (int a = 0; a < SCN_ACTIONS; a++)
		words[a] = scn_action_name((enum scn_action)a);
	if (action < 0)
		return bad_key(p, key, v, "\"%s\" is no action%s", v->text,
			       did_you_mean(p, v->text, words, SCN_ACTIONS, "\"", "\""));
	((struct given *)field)->value = (uint64_t)action;
	return 0;
}

#define FIELD(f) offsetof(struct raw_event, f)

static const struct key_def keys[] = {
	{ "Node", set_text, FIELD(node), .max = PLACE_NAME_MAX - 1 },
	{ "Action", set_action, FIELD(action) },
	{ "AfterSec", set_time, FIELD(after), .max = AFTER_MAX },
	{ "Switch", set_text, FIELD(to), .max = NODE_NAME_MAX - 1 },
};

static int add_event(struct parse *p, const char *name, struct place at)
{
	struct scenario *s = p->s;
	struct scn_event *e;

	if (array_grow(&s->events, s->n_events, sizeof(*s->events)) < 0 ||
	    array_grow(&p->events, s->n_events, sizeof(*p->events)) < 0 ||
	    index_add(&p->event_index, name, s->n_events, NULL) < 0)
		return -ENOMEM;

	p->events[s->n_events] = (struct raw_event){ .at = at };
	e = &s->events[s->n_events++];
	*e = (struct scn_event){ .at = at, .iface = NONE, .to = NONE };
	str_copy(e->name, sizeof(e->name), name);
	return 0;
}

static int declare_event(struct parse *p, const char *name, struct place at, size_t *ret)
{
	size_t other = index_find(&p->event_index, name);

	if (p->source->set && other != NONE) {
		*ret = other;
		return 0;
	}
	if (p->source->set)
		return bad(p, at, "no event \"%s\"", name);
	if (other != NONE)
		return bad(p, at, "event \"%s\" is written twice; first in line %u", name,
			   p->s->events[other].at.line);
	if (!is_plain_name(name, NODE_NAME_MAX - 1))
		return bad(p, at, "\"%s\" is no name: letters, digits, '-', '_', '.', at most %d",
			   name, NODE_NAME_MAX - 1);

	*ret = p->s->n_events;
	return add_event(p, name, at);
}

static void *event_object(struct parse *p, size_t index, struct place at)
{
	return &p->events[index];
}

const struct section_def event_section = {
	.name = "Event",
	.phase = PHASE_REST,
	.kind = SECTION_DECLARE,
	.keys = keys,
	.n_keys = ARRAY_SIZE(keys),
	.declare = declare_event,
	.object = event_object,
};

/* Can @action happen to it? */
static bool is_for(const struct scn_iface *i, enum scn_action action)
{
	if (i->server)
		return scn_action_is_for_servers(action);
	return i->client && action != SCN_FORCERENEW;
}

/* What a node must have for it, in words. */
static const char *machine_for(enum scn_action action)
{
	if (action == SCN_FORCERENEW)
		return "server";
	return scn_action_is_for_servers(action) ? "client or server" : "client";
}

/* The only machine of a node that was named without its interface. */
static int find_only(struct parse *p, const struct raw_event *raw, enum scn_action action,
		     size_t *ret)
{
	const struct scn_node *node;
	size_t index, only = NONE;
	int r;

	r = find_node(p, raw->node.text, raw->node.at, &index);
	if (r < 0)
		return r;
	node = &p->s->nodes[index];
	for (size_t k = 0; k < node->n_ifaces; k++) {
		if (!is_for(&p->s->ifaces[node->ifaces[k]], action))
			continue;
		if (only != NONE)
			return bad(p, raw->node.at, "Node=: \"%s\" has several DHCP %ss; "
				   "write NODE:IF", node->name, machine_for(action));
		only = node->ifaces[k];
	}
	if (only == NONE)
		return bad(p, raw->node.at, "Node=: \"%s\" runs no DHCP %s", node->name,
			   machine_for(action));
	*ret = only;
	return 0;
}

int event_find_node(struct parse *p, const struct raw_event *raw, struct scn_event *e)
{
	int r;

	if (raw->node.wrong)
		return -EINVAL;
	if (!raw->node.section)
		return bad(p, raw->at, "[Event %s] needs Node=", e->name);
	if (!strchr(raw->node.text, ':'))
		return find_only(p, raw, e->action, &e->iface);
	r = find_iface(p, raw->node.text, raw->node.at, &e->iface);
	if (r == 0 && !is_for(&p->s->ifaces[e->iface], e->action))
		r = bad(p, raw->node.at, "Node=: %s runs no DHCP %s", raw->node.text,
			machine_for(e->action));
	return r;
}

/* The far end of its cable; NULL: its Node= or the cable's line is wrong, and said to be. */
static const struct scn_iface *far_end(const struct scenario *s, const struct scn_event *e)
{
	size_t peer = e->iface == NONE ? NONE : s->ifaces[e->iface].peer;

	return peer == NONE ? NULL : &s->ifaces[peer];
}

/* Where the cable is plugged in must be a switch, as where it is pulled out. */
static int finish_move(struct parse *p, const struct raw_event *raw, struct scn_event *e)
{
	const struct scenario *s = p->s;
	const struct scn_iface *port = far_end(s, e);
	int r;

	if (!port)
		return -EINVAL;
	if (!raw->to.section)
		return raw->to.wrong ? -EINVAL : bad(p, raw->at, "[Event %s] needs Switch=, where "
						     "the cable is plugged in", e->name);
	r = find_node(p, raw->to.text, raw->to.at, &e->to);
	if (r < 0)
		return r;
	if (s->nodes[e->to].kind != SCN_SWITCH)
		return bad(p, raw->to.at, "Switch=: \"%s\" is no switch", raw->to.text);
	if (s->nodes[port->node].kind != SCN_SWITCH)
		return bad(p, raw->node.at, "Node=: the cable of %s does not end in a switch, so "
			   "it can not be moved to another", s->ifaces[e->iface].label);
	for (size_t k = 0; k < s->nodes[e->to].n_ifaces; k++) {
		const struct scn_iface *other = &s->ifaces[s->nodes[e->to].ifaces[k]];

		if (other != port && !strcmp(other->name, port->name))
			return bad(p, raw->to.at, "Switch=: %s and %s would be one port; give one "
				   "of them another name", other->label, port->label);
	}
	return 0;
}

/* Two cables that go to one switch keep the names of their ports. */
static void check_ports(struct parse *p, size_t index)
{
	const struct scn_event *e = &p->s->events[index];
	const struct scn_iface *mine, *other;

	for (size_t i = 0; i < index; i++) {
		const struct scn_event *o = &p->s->events[i];

		if (o->action != SCN_MOVE || o->to != e->to || o->iface == e->iface)
			continue;
		mine = far_end(p->s, e);
		other = far_end(p->s, o);
		if (mine && other && !strcmp(mine->name, other->name))
			bad(p, p->events[index].to.at, "Switch=: %s and %s would be one port; give "
			    "one of them another name", other->label, mine->label);
	}
}

static int finish_event(struct parse *p, size_t index)
{
	const struct raw_event *raw = &p->events[index];
	struct scn_event *e = &p->s->events[index];
	int r;

	e->after = raw->after.value;
	e->action = (enum scn_action)raw->action.value;
	r = event_find_node(p, raw, e);
	if (!is_given(&raw->after))
		return bad(p, raw->at, "[Event %s] needs AfterSec=", e->name);
	if (!is_given(&raw->action))
		return bad(p, raw->at, "[Event %s] needs Action=", e->name);
	if (r < 0 || raw->action.wrong)
		return -EINVAL;
	if (e->action == SCN_MOVE)
		return finish_move(p, raw, e);
	if (is_given(&raw->to))
		return bad(p, raw->to.at, "Switch= is for Action=move only");
	return 0;
}

/* In the order of their times; what happens at one time, in that of the file. */
static int compare(const void *a, const void *b)
{
	const struct scn_event *x = a, *y = b;

	if (x->after != y->after)
		return x->after < y->after ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

void events_sort(struct scenario *s)
{
	if (s->n_events > 0)
		qsort(s->events, s->n_events, sizeof(*s->events), compare);
}

int event_finish(struct parse *p)
{
	struct scenario *s = p->s;

	for (size_t i = 0; i < s->n_events; i++) {
		s->events[i].order = i;
		if (finish_event(p, i) == 0 && s->events[i].action == SCN_MOVE)
			check_ports(p, i);
	}
	events_sort(s);
	return 0;
}
