/* SPDX-License-Identifier: MIT */
/* sec_fault.c - [NetworkEmulator] and [Fault]: what goes wrong on purpose */
#include <errno.h>
#include <string.h>

#include "base/text.h"
#include "scenario/parse.h"

#define FAULTS_MAX 64
#define PERCENT (SCN_MILLION / 100)

static const char *const kinds[] = {
	[SCN_FAULT_DROP] = "drop",	     [SCN_FAULT_DELAY] = "delay",
	[SCN_FAULT_DUPLICATE] = "duplicate", [SCN_FAULT_CORRUPT] = "corrupt",
	[SCN_FAULT_REORDER] = "reorder",     [SCN_FAULT_STARVE] = "starve",
	[SCN_FAULT_CRASH] = "crash",
};

static const char *const directions[] = {
	[SCN_BOTH] = "both",
	[SCN_FROM] = "from",
	[SCN_TO] = "to",
};

static int find_word(const char *word, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(words[i], word) == 0)
			return (int)i;
	return -EINVAL;
}

const char *scenario_fault_name(enum scn_fault_kind kind)
{
	return kinds[kind];
}

int scenario_fault_kind(const char *name)
{
	return find_word(name, kinds, ARRAY_SIZE(kinds));
}

const char *scenario_direction_name(enum scn_direction d)
{
	return directions[d];
}

int scenario_direction(const char *name)
{
	return find_word(name, directions, ARRAY_SIZE(directions));
}

static bool is_at(const struct scenario *s, const struct scn_fault *f, size_t iface)
{
	return f->iface != NONE ? f->iface == iface : f->node == s->ifaces[iface].node;
}

bool scenario_fault_covers(const struct scenario *s, const struct scn_fault *f, size_t from)
{
	if (f->node == NONE)
		return true;
	return (f->direction != SCN_TO && is_at(s, f, from)) ||
	       (f->direction != SCN_FROM && is_at(s, f, s->ifaces[from].peer));
}

static int set_kind(struct parse *p, const struct key_def *key, void *field, const struct value *v)
{
	int kind = scenario_fault_kind(v->text);

	if (strcmp(v->text, "rogue") == 0)
		return bad_key(p, key, v, "a rogue server is a [Node] with a DHCPServer=yes of its "
			       "own, which an [Event] can start");
	if (strcmp(v->text, "conflict") == 0)
		return bad_key(p, key, v, "who takes an address of the pool is a [Node] with that "
			       "Address=");
	if (kind < 0)
		return bad_key(p, key, v, "\"%s\" is no fault%s", v->text,
			       did_you_mean(p, v->text, kinds, ARRAY_SIZE(kinds), "\"", "\""));
	((struct given *)field)->value = (uint64_t)kind;
	return 0;
}

static int set_direction(struct parse *p, const struct key_def *key, void *field,
			 const struct value *v)
{
	int direction = scenario_direction(v->text);

	if (direction < 0)
		return bad_key(p, key, v, "\"%s\" is none of from, to, both%s", v->text,
			       did_you_mean(p, v->text, directions, ARRAY_SIZE(directions), "\"",
					    "\""));
	((struct given *)field)->value = (uint64_t)direction;
	return 0;
}

static int set_rate(struct parse *p, const struct key_def *key, void *field, const struct value *v)
{
	uint32_t rate;
	int r = scenario_rate(v->text, &rate);

	if (r < 0)
		return bad_key(p, key, v, "\"%s\" is no percentage; write 10%% or 0.5%%", v->text);
	((struct given *)field)->value = rate;
	return 0;
}

/* Digits, a point and four digits more at most: a millionth is the smallest rate. */
int scenario_rate(const char *s, uint32_t *ret)
{
	uint64_t rate = 0;
	uint32_t place = PERCENT;

	if (*s < '0' || *s > '9')
		return -EINVAL;
	for (; *s >= '0' && *s <= '9' && rate <= SCN_MILLION; s++)
		rate = 10 * rate + (uint64_t)(*s - '0') * PERCENT;
	if (*s == '.')
		for (s++; *s >= '0' && *s <= '9'; s++) {
			place /= 10;
			rate += place * (uint64_t)(*s - '0');
		}
	if (strcmp(s, "%") != 0 || rate > SCN_MILLION)
		return -EINVAL;
	*ret = (uint32_t)rate;
	return 0;
}

static const struct key_def emulator_keys[] = {
	{ "DelaySec", set_time, offsetof(struct raw_iface, delay), .max = SCN_DELAY_MAX },
	{ "DelayJitterSec", set_time, offsetof(struct raw_iface, jitter), .max = SCN_DELAY_MAX },
	{ "LossRate", set_rate, offsetof(struct raw_iface, loss) },
	{ "DuplicateRate", set_rate, offsetof(struct raw_iface, duplicate) },
};

static void *emulator_object(struct parse *p, size_t index, struct place at)
{
	struct scn_emulator **e = &p->s->ifaces[index].emulator;

	if (!*e)
		*e = calloc(1, sizeof(**e));
	return *e ? &p->ifaces[index] : NULL;
}

const struct section_def emulator_section = {
	.name = "NetworkEmulator",
	.phase = PHASE_REST,
	.kind = SECTION_IFACE,
	.keys = emulator_keys,
	.n_keys = ARRAY_SIZE(emulator_keys),
	.object = emulator_object,
};

#define FIELD(f) offsetof(struct raw_fault, f)

static const struct key_def fault_keys[] = {
	{ "Type", set_kind, FIELD(type) },
	{ "Node", set_text, FIELD(node), .max = PLACE_NAME_MAX - 1 },
	{ "Direction", set_direction, FIELD(direction) },
	{ "Message", set_message, FIELD(message) },
	{ "Count", set_number, FIELD(count), 1, UINT32_MAX },
	{ "Rate", set_rate, FIELD(rate) },
	{ "AfterSec", set_time, FIELD(after), .max = SCN_AFTER_MAX },
	{ "DelaySec", set_time, FIELD(delay), 1, SCN_DELAY_MAX },
	{ "RestartSec", set_time, FIELD(restart), 1, SCN_AFTER_MAX },
	{ "ForgeSource", set_bool, FIELD(forge) },
};

static int add_fault(struct parse *p, const char *name, struct place at)
{
	struct scenario *s = p->s;
	struct scn_fault *f;

	if (array_grow(&s->faults, s->n_faults, sizeof(*s->faults)) < 0 ||
	    array_grow(&p->faults, s->n_faults, sizeof(*p->faults)) < 0 ||
	    index_add(&p->fault_index, name, s->n_faults, NULL) < 0)
		return -ENOMEM;

	p->faults[s->n_faults] = (struct raw_fault){ .at = at };
	f = &s->faults[s->n_faults++];
	*f = (struct scn_fault){ .at = at, .node = NONE, .iface = NONE };
	str_copy(f->name, sizeof(f->name), name);
	return 0;
}

static int declare_fault(struct parse *p, const char *name, struct place at, size_t *ret)
{
	size_t other = index_find(&p->fault_index, name);

	if (p->source->set && other != NONE) {
		*ret = other;
		return 0;
	}
	if (p->source->set)
		return bad(p, at, "no fault \"%s\"", name);
	if (other != NONE)
		return bad(p, at, "fault \"%s\" is written twice; first in line %u", name,
			   p->s->faults[other].at.line);
	if (!is_plain_name(name, NODE_NAME_MAX - 1))
		return bad(p, at, "\"%s\" is no name: letters, digits, '-', '_', '.', at most %d",
			   name, NODE_NAME_MAX - 1);
	if (p->s->n_faults == FAULTS_MAX)
		return bad(p, at, "more than %d faults", FAULTS_MAX);

	*ret = p->s->n_faults;
	return add_fault(p, name, at);
}

static void *fault_object(struct parse *p, size_t index, struct place at)
{
	return &p->faults[index];
}

const struct section_def fault_section = {
	.name = "Fault",
	.phase = PHASE_REST,
	.kind = SECTION_DECLARE,
	.keys = fault_keys,
	.n_keys = ARRAY_SIZE(fault_keys),
	.declare = declare_fault,
	.object = fault_object,
};

static int finish_node(struct parse *p, const struct raw_fault *raw, struct scn_fault *f)
{
	int r;

	if (raw->node.wrong)
		return -EINVAL;
	if (!raw->node.section && raw->direction.section)
		return bad(p, raw->direction.at, "Direction= needs Node=");
	if (!raw->node.section)
		return 0;
	if (!strchr(raw->node.text, ':'))
		return find_node(p, raw->node.text, raw->node.at, &f->node);
	r = find_iface(p, raw->node.text, raw->node.at, &f->iface);
	if (r == 0)
		f->node = p->s->ifaces[f->iface].node;
	return r;
}

static bool is_late(enum scn_fault_kind kind)
{
	return scenario_fault_delay(kind) > 0;
}

/* It sends from one interface. */
static int finish_starve(struct parse *p, const struct raw_fault *raw, struct scn_fault *f)
{
	const struct scn_node *node;

	if (raw->message.section || raw->rate.section || raw->direction.section)
		return bad(p, raw->at, "[Fault %s]: Message=, Rate= and Direction= are not for "
			   "Type=starve", f->name);
	if (f->node == NONE)
		return bad(p, raw->at, "[Fault %s] needs Node=: who is it?", f->name);
	node = &p->s->nodes[f->node];
	if (f->iface == NONE && node->n_ifaces == 1)
		f->iface = node->ifaces[0];
	if (f->iface == NONE || node->kind == SCN_SWITCH)
		return bad(p, raw->node.at, "Node=: write NODE:IF of a host");
	f->direction = SCN_FROM;
	return 0;
}

/* A key that the fault has no use for. */
static void refuse(struct parse *p, const struct given *g, const char *key, const char *kind)
{
	if (g->section)
		bad(p, g->at, "%s= is not for Type=%s", key, kind);
}

static int add_event(struct parse *p, const struct scn_event *like, enum scn_action action,
		     uint64_t after)
{
	struct scenario *s = p->s;
	struct scn_event *e;

	if (array_grow(&s->events, s->n_events, sizeof(*s->events)) < 0)
		return -ENOMEM;
	e = &s->events[s->n_events];
	*e = *like;
	e->action = action;
	e->after = after;
	e->order = s->n_events++;
	return 0;
}

/* The machine's end, and its next beginning, happen as other events do. */
static int finish_crash(struct parse *p, const struct raw_fault *raw, const struct scn_fault *f)
{
	const struct raw_event where = { .at = raw->at, .node = raw->node };
	struct scn_event e = {
		.at = raw->at,
		.action = SCN_CRASH,
		.iface = NONE,
		.to = NONE,
		.of_fault = true,
	};
	int r;

	refuse(p, &raw->direction, "Direction", "crash");
	refuse(p, &raw->message, "Message", "crash");
	refuse(p, &raw->count, "Count", "crash");
	refuse(p, &raw->rate, "Rate", "crash");
	if (!raw->node.section)
		return raw->node.wrong ? -EINVAL : bad(p, raw->at, "[Fault %s] needs Node=: what "
						       "crashes?", f->name);
	str_copy(e.name, sizeof(e.name), f->name);
	r = event_find_node(p, &where, &e);
	if (r == 0)
		r = add_event(p, &e, SCN_CRASH, f->after);
	if (r == 0 && raw->restart.section)
		r = add_event(p, &e, SCN_START, f->after + raw->restart.value);
	return r;
}

static int finish_fault(struct parse *p, const struct raw_fault *raw, struct scn_fault *f)
{
	int r;

	if (!is_given(&raw->type))
		bad(p, raw->at, "[Fault %s] needs Type=", f->name);
	f->kind = (enum scn_fault_kind)raw->type.value;
	if (raw->delay.section && raw->type.section && !is_late(f->kind))
		bad(p, raw->delay.at, "DelaySec= is for Type=delay, reorder and starve");
	f->direction = (enum scn_direction)raw->direction.value;
	f->message = (uint8_t)raw->message.value;
	f->count = (uint32_t)raw->count.value;
	f->rate = raw->rate.section ? (uint32_t)raw->rate.value : SCN_MILLION;
	f->after = raw->after.value;
	f->delay = raw->delay.section ? raw->delay.value : scenario_fault_delay(f->kind);
	f->forge_source = raw->forge.value;
	if (raw->forge.section && f->kind != SCN_FAULT_STARVE)
		bad(p, raw->forge.at, "ForgeSource= is for Type=starve");
	if (raw->restart.section && f->kind != SCN_FAULT_CRASH)
		bad(p, raw->restart.at, "RestartSec= is for Type=crash");
	if (f->kind == SCN_FAULT_CRASH)
		return finish_crash(p, raw, f);
	r = finish_node(p, raw, f);
	if (r == 0 && f->kind == SCN_FAULT_STARVE)
		r = finish_starve(p, raw, f);
	return r;
}

uint64_t scenario_fault_delay(enum scn_fault_kind kind)
{
	return kind == SCN_FAULT_DELAY ? SCN_DELAY_US :
	       kind == SCN_FAULT_REORDER ? SCN_REORDER_US :
	       kind == SCN_FAULT_STARVE ? SCN_STARVE_US : 0;
}

static void finish_emulator(struct parse *p, size_t iface)
{
	const struct raw_iface *raw = &p->ifaces[iface];
	struct scn_emulator *e = p->s->ifaces[iface].emulator;

	e->delay = raw->delay.value;
	e->jitter = raw->jitter.value;
	e->loss = (uint32_t)raw->loss.value;
	e->duplicate = (uint32_t)raw->duplicate.value;
	if (e->jitter > e->delay)
		bad(p, raw->jitter.at, "DelayJitterSec= is over DelaySec=: no frame can come "
		    "before it was sent");
}

static bool needs_wire(const struct scenario *s, size_t iface)
{
	if (s->ifaces[iface].emulator || s->nodes[s->ifaces[iface].node].snooping)
		return true;
	for (size_t i = 0; i < s->n_faults; i++)
		if (s->faults[i].kind != SCN_FAULT_CRASH &&
		    scenario_fault_covers(s, &s->faults[i], iface))
			return true;
	return false;
}

int fault_finish(struct parse *p)
{
	struct scenario *s = p->s;

	for (size_t i = 0; i < s->n_faults; i++)
		if (finish_fault(p, &p->faults[i], &s->faults[i]) == -ENOMEM)
			return -ENOMEM;
	events_sort(s);
	for (size_t i = 0; i < s->n_ifaces; i++)
		if (s->ifaces[i].emulator)
			finish_emulator(p, i);
	for (size_t i = 0; i < s->n_cables; i++)
		s->cables[i].wire = needs_wire(s, s->cables[i].a) || needs_wire(s, s->cables[i].b);
	return 0;
}
