/* SPDX-License-Identifier: MIT */
/* sec_fault.c - [NetworkEmulator] and [Fault]: what goes wrong on purpose */
#include <errno.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "scenario/parse.h"
#include "scenario/server_keys.h"

#define FAULTS_MAX 64
#define PERCENT (SCN_MILLION / 100)

static const char *const kinds[] = {
	[SCN_FAULT_DROP] = "drop",	     [SCN_FAULT_DELAY] = "delay",
	[SCN_FAULT_DUPLICATE] = "duplicate", [SCN_FAULT_CORRUPT] = "corrupt",
	[SCN_FAULT_REORDER] = "reorder",     [SCN_FAULT_STARVE] = "starve",
	[SCN_FAULT_ROGUE] = "rogue",	     [SCN_FAULT_CONFLICT] = "conflict",
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

/* With its prefix, or without: then it is that of the subnet. */
static int set_address(struct parse *p, const struct key_def *key, void *field,
		       const struct value *v)
{
	struct given *g = field;
	uint32_t address;
	int r;

	g->len = 0;
	if (!strchr(v->text, '/'))
		return set_ip4(p, key, field, v);
	r = parse_iface_address(p, key, v, &address, &g->len);
	if (r == 0)
		g->value = address;
	return r;
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

#undef FIELD
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
	{ "Address", set_address, FIELD(address) },
	{ "PoolOffset", set_number, FIELD(pool_offset), 1, UINT32_MAX },
	{ "PoolSize", set_number, FIELD(pool_size), 1, SCN_ROGUE_POOL_MAX },
	{ "Router", set_ip4, FIELD(router) },
	{ "DNS", set_ip4, FIELD(dns) },
	{ "DefaultLeaseTimeSec", set_seconds, FIELD(lease), LEASE_MIN, UINT32_MAX },
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

/* Which of the faults have a use for a key: a bit for each enum scn_fault_kind. */
#define BIT(kind) (1u << SCN_FAULT_##kind)
#define STRIKING (BIT(DROP) | BIT(DELAY) | BIT(DUPLICATE) | BIT(CORRUPT) | BIT(REORDER))

static const struct use {
	const char *key;
	size_t at;
	unsigned int kinds;
	const char *words;
} uses[] = {
	{ "Direction", FIELD(direction), STRIKING, NULL },
	{ "Message", FIELD(message), STRIKING, NULL },
	{ "Rate", FIELD(rate), STRIKING, NULL },
	{ "Count", FIELD(count), ~BIT(CRASH), NULL },
	{ "DelaySec", FIELD(delay), BIT(DELAY) | BIT(REORDER) | BIT(STARVE),
	  "delay, reorder and starve" },
	{ "RestartSec", FIELD(restart), BIT(CRASH), "crash" },
	{ "ForgeSource", FIELD(forge), BIT(STARVE), "starve" },
	{ "Address", FIELD(address), BIT(ROGUE) | BIT(CONFLICT), "rogue and conflict" },
	{ "PoolOffset", FIELD(pool_offset), BIT(ROGUE), "rogue" },
	{ "PoolSize", FIELD(pool_size), BIT(ROGUE), "rogue" },
	{ "Router", FIELD(router), BIT(ROGUE), "rogue" },
	{ "DNS", FIELD(dns), BIT(ROGUE), "rogue" },
	{ "DefaultLeaseTimeSec", FIELD(lease), BIT(ROGUE), "rogue" },
};

static const struct given *given_at(const struct raw_fault *raw, size_t at)
{
	return (const struct given *)((const char *)raw + at);
}

/* Keys that the fault has no use for. */
static void refuse_keys(struct parse *p, const struct raw_fault *raw, enum scn_fault_kind kind)
{
	for (size_t i = 0; i < ARRAY_SIZE(uses); i++) {
		const struct use *u = &uses[i];
		const struct given *g = given_at(raw, u->at);

		if (!g->section || u->kinds & 1u << kind)
			continue;
		if (u->words)
			bad(p, g->at, "%s= is for Type=%s", u->key, u->words);
		else
			bad(p, g->at, "%s= is not for Type=%s", u->key, kinds[kind]);
	}
}

static void read_keys(const struct raw_fault *raw, struct scn_fault *f)
{
	f->kind = (enum scn_fault_kind)raw->type.value;
	f->direction = (enum scn_direction)raw->direction.value;
	f->message = (uint8_t)raw->message.value;
	f->count = (uint32_t)raw->count.value;
	f->rate = raw->rate.section ? (uint32_t)raw->rate.value : SCN_MILLION;
	f->after = raw->after.value;
	f->delay = raw->delay.section ? raw->delay.value : scenario_fault_delay(f->kind);
	f->forge_source = raw->forge.value;
	f->address = (uint32_t)raw->address.value;
	f->prefix_len = raw->address.len;
	f->pool_offset = (uint32_t)raw->pool_offset.value;
	f->pool_size = (uint32_t)raw->pool_size.value;
	f->router = (uint32_t)raw->router.value;
	f->dns = (uint32_t)raw->dns.value;
	f->lease_sec = (uint32_t)raw->lease.value;
}

/* The key that is wrong of somebody at an interface; where it is not given, the section. */
static struct place place_of_key(const struct raw_fault *raw, const char *key)
{
	if (strcmp(key, "Node") == 0 && raw->node.section)
		return raw->node.at;
	for (size_t i = 0; i < ARRAY_SIZE(uses); i++)
		if (strcmp(key, uses[i].key) == 0 && given_at(raw, uses[i].at)->section)
			return given_at(raw, uses[i].at)->at;
	return raw->at;
}

/* It sends from one interface. */
static int finish_sender(struct parse *p, const struct raw_fault *raw, struct scn_fault *f)
{
	struct error err = { 0 };
	const char *key = "";
	int r;

	if (f->node == NONE)
		return bad(p, raw->at, "[Fault %s] needs Node=: who is it?", f->name);
	if (raw->address.wrong)
		return -EINVAL;
	r = scenario_fault_fill(p->s, f, &key, &err);
	return r == -EINVAL ? bad(p, place_of_key(raw, key), "%s=: %s", key, err.text) : r;
}

static int finish_fault(struct parse *p, const struct raw_fault *raw, struct scn_fault *f)
{
	int r;

	read_keys(raw, f);
	if (!is_given(&raw->type))
		bad(p, raw->at, "[Fault %s] needs Type=", f->name);
	if (raw->type.section)
		refuse_keys(p, raw, f->kind);
	if (f->kind == SCN_FAULT_CRASH)
		return finish_crash(p, raw, f);
	r = finish_node(p, raw, f);
	if (r == 0 && raw->type.section && scn_fault_sends(f->kind))
		r = finish_sender(p, raw, f);
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
