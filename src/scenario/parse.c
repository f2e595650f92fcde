/* SPDX-License-Identifier: MIT */
/* parse.c - the engine under the tables: sections to objects, keys to setters. */
#include "scenario/parse.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "scenario/expand.h"

#define WORD_MAX (2 * PLACE_NAME_MAX)	/* a longer name with ranges and globs means nothing */

static const struct section_def *const sections[] = {
	&lab_section,	  &node_section,	&switch_section,      &wiring_section,
	&network_section, &link_section,	&address_section,     &route_section,
	&dhcp_server_section, &dhcp_subnet_section, &dhcp_class_section, &dhcp_static_section,
	&dhcp_client_section, &expect_section, &task_section, &lesson_section,
	&event_section, &emulator_section, &fault_section,
};

/* Objects that a section names, by index. */
struct targets {
	size_t n;
	size_t *index;
};

/* A key of a section with its row. */
struct bound_key {
	const struct ini_key *ini;
	const struct key_def *def;	/* NULL: reported already, skip it */
	size_t n;			/* strings that its value's ranges stand for; 0: no range */
};

static void targets_done(struct targets *t)
{
	free(t->index);
}

struct place place_of(const struct parse *p, const char *s)
{
	return p->source->set ? (struct place){ 0 } : ini_place(&p->source->ini, s);
}

/* @key: put in front of the text, or NULL. -EINVAL, as all that report. */
static int report(struct parse *p, struct place at, const char *key, const char *fmt, va_list ap)
{
	cleanup_free char *text = NULL;
	const char *set = p->source ? p->source->set : NULL;

	if (vasprintf(&text, fmt, ap) < 0) {
		text = NULL;
		return -ENOMEM;
	}
	return diag_add(p->diags, set ? (struct place){ 0 } : at, "%s%s%s%s%s%s",
			set ? "--set '" : "", set ? set : "", set ? "': " : "", key ? key : "",
			key ? "=: " : "", text);
}

int bad(struct parse *p, struct place at, const char *fmt, ...)
{
	va_list ap;
	int r;

	va_start(ap, fmt);
	r = report(p, at, NULL, fmt, ap);
	va_end(ap);
	return r;
}

int bad_key(struct parse *p, const struct key_def *key, const struct value *v, const char *fmt, ...)
{
	va_list ap;
	int r;

	va_start(ap, fmt);
	r = report(p, place_of(p, v->raw), key->name, fmt, ap);
	va_end(ap);
	return r;
}

const char *keep(struct parse *p, const char *s)
{
	char *copy;

	if (array_grow(&p->kept, p->n_kept, sizeof(*p->kept)) < 0)
		return NULL;
	copy = strdup(s);
	if (copy)
		p->kept[p->n_kept++] = copy;
	return copy;
}

const char *did_you_mean(struct parse *p, const char *word, const char *const *words, size_t n,
			 const char *prefix, const char *suffix)
{
	cleanup_free char *text = NULL;
	const char *near;

	if (p->diags->n == DIAGS_MAX)
		return "";
	near = nearest(word, words, n);
	if (!near || asprintf(&text, "; did you mean %s%s%s?", prefix, near, suffix) < 0) {
		text = NULL;
		return "";
	}

	near = keep(p, text);
	return near ? near : "";
}

static const struct section_def *find_section(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(sections); i++)
		if (strcmp(sections[i]->name, name) == 0)
			return sections[i];
	return NULL;
}

static void unknown_section(struct parse *p, const struct ini_section *s)
{
	const char *names[ARRAY_SIZE(sections)];

	for (size_t i = 0; i < ARRAY_SIZE(sections); i++)
		names[i] = sections[i]->name;
	bad(p, s->at, "unknown section [%s]%s", s->name,
	    did_you_mean(p, s->name, names, ARRAY_SIZE(names), "[", "]"));
}

static void unknown_key(struct parse *p, const struct section_def *def, const struct ini_key *key)
{
	const char *names[32];
	size_t n = 0;

	for (; n < def->n_keys && n < ARRAY_SIZE(names); n++)
		names[n] = def->keys[n].name;
	bad(p, key->at, "unknown key \"%s=\" in [%s]%s", key->name, def->name,
	    did_you_mean(p, key->name, names, n, "\"", "=\""));
}

/* Counts @s's ranges against the cap. Return: 0, -EINVAL reported. */
static int count_ranges(struct parse *p, const char *s, size_t *ret_n)
{
	const char *why, *at;

	if (expand_count(s, ret_n, &why, &at) < 0)
		return bad(p, place_of(p, at), "the range %.*s %s", (int)strcspn(at, " \t"), at,
			   why);
	p->expanded += *ret_n;
	if (p->expanded > EXPAND_MAX)
		return bad(p, place_of(p, s), "the file's ranges stand for more than %d names",
			   EXPAND_MAX);
	return 0;
}

static int add_target(struct targets *t, size_t index)
{
	int r = array_grow(&t->index, t->n, sizeof(*t->index));

	if (r == 0)
		t->index[t->n++] = index;
	return r;
}

/* An interface once a section, however often its head names it. */
static int add_iface_target(struct parse *p, struct targets *t, size_t iface)
{
	if (p->ifaces[iface].section == p->section)
		return 0;
	p->ifaces[iface].section = p->section;
	return add_target(t, iface);
}

/* A glob means the interfaces of hosts; a switch's are meant only by [Link]. */
static int match_ifaces(struct parse *p, const struct section_def *def, const char *glob,
			struct place at, struct targets *t)
{
	const struct scenario *s = p->s;
	size_t before = p->compared;
	bool found = false;

	if (!strchr(glob, ':'))
		return bad(p, at, "\"%s\" is no interface: write NODE:IF", glob);
	p->compared += s->n_ifaces;
	if (p->compared > COMPARED_MAX)
		return before > COMPARED_MAX ? -EINVAL : bad(p, at, "too many globs");

	for (size_t i = 0; i < s->n_ifaces; i++) {
		const struct scn_iface *iface = &s->ifaces[i];
		int r;

		if (s->nodes[iface->node].kind == SCN_SWITCH && def != &link_section)
			continue;
		if (!expand_match(glob, iface->label))
			continue;
		found = true;
		r = add_iface_target(p, t, i);
		if (r < 0)
			return r;
	}

	return found ? 0 : bad(p, at, "\"%s\" matches no interface", glob);
}

static int resolve(struct parse *p, const struct section_def *def, const char *name,
		   struct place at, struct targets *t)
{
	size_t index;
	int r;

	if (def->kind == SECTION_DECLARE) {
		r = def->declare(p, name, at, &index);
		return r < 0 ? r : add_target(t, index);
	}
	if (expand_is_glob(name))
		return match_ifaces(p, def, name, at, t);
	r = find_iface(p, name, at, &index);
	return r < 0 ? r : add_iface_target(p, t, index);
}

/* One word of a section's head. */
static int resolve_word(struct parse *p, const struct section_def *def, const char *word,
			struct place at, struct targets *t)
{
	size_t n;
	int r;

	if (strlen(word) > WORD_MAX)
		return bad(p, at, "the name is too long");
	r = count_ranges(p, word, &n);
	if (r < 0)
		return r;
	p->broad = p->broad || n > 0 || expand_is_glob(word);

	for (size_t i = 0; i < max_u64(n, 1); i++) {
		cleanup_free char *name = expand_nth(word, i);

		r = name ? resolve(p, def, name, at, t) : -ENOMEM;
		if (r < 0)
			return r;
	}
	return 0;
}

/* The objects that the head names. -EINVAL: some of them are wrong, the others are in @t. */
static int find_targets(struct parse *p, const struct section_def *def,
			const struct ini_section *s, struct targets *t)
{
	bool wrong = false;

	if (def->kind == SECTION_ONE) {
		if (s->n_instances > 0)
			return bad(p, s->instance_at[0], "[%s] takes no name", def->name);
		return add_target(t, 0);
	}
	if (s->n_instances == 0)
		return bad(p, s->at, def->kind == SECTION_IFACE
				? "[%s] needs an interface: [%s NODE:IF]"
				: "[%s] needs a name: [%s NAME]", def->name, def->name);

	for (size_t i = 0; i < s->n_instances; i++) {
		int r = resolve_word(p, def, s->instance[i], s->instance_at[i], t);

		if (r == -ENOMEM)
			return r;
		wrong = wrong || r < 0;
	}
	return wrong ? -EINVAL : 0;
}

/* Finds the key's row and checks what can be checked without an object. */
static void bind_key(struct parse *p, const struct section_def *def, size_t n_targets,
		     bool all_targets, struct bound_key *key)
{
	for (size_t i = 0; i < def->n_keys && !key->def; i++)
		if (strcmp(def->keys[i].name, key->ini->name) == 0)
			key->def = &def->keys[i];
	if (!key->def) {
		unknown_key(p, def, key->ini);
		return;
	}
	if (key->def->plain)
		return;
	if (count_ranges(p, key->ini->value, &key->n) < 0) {
		key->def = NULL;
		return;
	}
	if (key->n == 0 || def->kind == SECTION_ONE || key->n == n_targets)
		return;
	if (all_targets)
		bad(p, place_of(p, key->ini->value),
		    "%s=: a range of %zu does not pair off with the section's %zu name%s",
		    key->def->name, key->n, n_targets, n_targets == 1 ? "" : "s");
	key->def = NULL;
}

/* A key that means one value may be given once; a plain name goes over a glob or range. */
static int check_once(struct parse *p, const struct key_def *key, const struct given *g,
		      const struct value *v, struct place at)
{
	if (!*v->text)
		return bad(p, at, "%s= has no value", key->name);
	if (g->section == 0 || p->source->set)
		return 0;
	if (g->section != p->section && g->broad && !p->broad)
		return 0;
	if (g->at.line == 0)
		return bad(p, at, "%s= is given twice", key->name);
	return bad(p, at, "%s= is given twice; first in line %u", key->name, g->at.line);
}

static int set_one(struct parse *p, const struct key_def *key, void *field, const struct value *v,
		   struct place at)
{
	struct given *g = field;
	int r = check_once(p, key, g, v, at);

	if (r == 0)
		r = key->set(p, key, field, v);
	if (r < 0) {
		g->wrong = true;
		return r;
	}

	g->section = p->section;
	g->broad = p->broad;
	g->at = place_of(p, v->raw);
	return 0;
}

static int set_list(struct parse *p, const struct key_def *key, void *field, const struct value *v)
{
	int r = 0;

	if (p->source->set || !*v->text)
		key->clear(p, field);
	if (*v->text)
		r = key->set(p, key, field, v);
	if (r < 0 && key->clear == clear_list)
		((struct list *)field)->wrong = true;
	return r;
}

/* Gives the object the @i-th of the key's strings. */
static int apply_nth(struct parse *p, struct bound_key *key, void *object, size_t i)
{
	cleanup_free char *text = NULL;
	void *field = (char *)object + key->def->offset;
	struct value v = { .text = key->ini->value, .raw = key->ini->value };

	if (++p->settings > SETTINGS_MAX)
		return bad(p, key->ini->at, "the file gives more than %u values", SETTINGS_MAX);
	if (key->n > 0) {
		text = expand_nth(key->ini->value, i);
		if (!text)
			return -ENOMEM;
		v.text = text;
	}

	return key->def->clear ? set_list(p, key->def, field, &v)
			       : set_one(p, key->def, field, &v, key->ini->at);
}

/* A value that is wrong for one object is not tried on the others. 0 or -ENOMEM. */
static int apply_key(struct parse *p, const struct section_def *def, struct bound_key *key,
		     void *object, size_t nth_target)
{
	bool is_set_of_many = def->kind == SECTION_ONE && key->n > 0;
	size_t first = is_set_of_many ? 0 : nth_target;
	size_t last = is_set_of_many ? key->n - 1 : nth_target;

	for (size_t i = first; key->def && i <= last; i++) {
		int r = apply_nth(p, key, object, i);

		if (r == -ENOMEM)
			return r;
		if (r < 0)
			key->def = NULL;
	}

	return 0;
}

static int apply_keys(struct parse *p, const struct section_def *def, const struct ini_section *s,
		      const struct targets *t, bool all_targets)
{
	cleanup_free struct bound_key *keys = calloc(s->n_keys + 1, sizeof(*keys));

	if (!keys)
		return -ENOMEM;
	for (size_t i = 0; i < s->n_keys; i++) {
		keys[i].ini = &s->key[i];
		bind_key(p, def, t->n, all_targets, &keys[i]);
	}

	for (size_t i = 0; i < t->n; i++) {
		void *object = def->object(p, t->index[i], s->at);

		if (!object)
			return -ENOMEM;
		for (size_t k = 0; k < s->n_keys; k++) {
			int r = apply_key(p, def, &keys[k], object, i);

			if (r < 0)
				return r;
		}
	}

	return 0;
}

static int parse_section(struct parse *p, const struct section_def *def,
			 const struct ini_section *s)
{
	CLEANUP(targets_done) struct targets targets = { 0 };
	int r;

	p->section++;
	p->broad = false;
	r = find_targets(p, def, s, &targets);
	if (r == -ENOMEM)
		return r;

	return apply_keys(p, def, s, &targets, r == 0);
}

static int parse_source(struct parse *p, enum section_phase phase)
{
	const struct ini_file *ini = &p->source->ini;

	for (size_t i = 0; i < ini->n_sections; i++) {
		const struct section_def *def = find_section(ini->section[i].name);
		int r = 0;

		if (!def && phase == PHASE_LAB)
			unknown_section(p, &ini->section[i]);
		if (def && def->phase == phase)
			r = parse_section(p, def, &ini->section[i]);
		if (r < 0)
			return r;
	}

	return 0;
}

int parse_sections(struct parse *p)
{
	for (unsigned int phase = 0; phase < PHASES; phase++) {
		for (size_t i = 0; i < p->n_sources; i++) {
			int r;

			p->source = &p->sources[i];
			r = parse_source(p, (enum section_phase)phase);
			if (r < 0)
				return r;
		}
		p->source = NULL;
		if (phase == PHASE_WIRING) {
			int r = wiring_finish(p);

			if (r < 0)
				return r;
		}
	}

	return 0;
}
