/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/prng.h"
#include "base/text.h"
#include "node/fault.h"

/* Draws of one rule for one frame. */
enum draw {
	DRAW_RATE,
	DRAW_JITTER,
	DRAW_BIT,
};

static int add_rule(struct faults *f, const struct scn_fault *fault, bool emulates,
		    uint64_t jitter)
{
	struct fault_rule *rules = reallocarray(f->rules, f->n_rules + 1, sizeof(*rules));

	if (!rules)
		return -ENOMEM;
	f->rules = rules;
	if (!f->seen)
		f->seen = calloc(f->scenario->n_ifaces + 1, sizeof(*f->seen));
	if (!f->seen)
		return -ENOMEM;
	rules[f->n_rules++] = (struct fault_rule){
		.f = *fault,
		.salt = prng_derive(0, fault->name) + fault->kind,
		.jitter = jitter,
		.emulates = emulates,
	};
	return 0;
}

static int emulate(struct faults *f, struct scn_fault fault, enum scn_fault_kind kind,
		   uint32_t rate, uint64_t jitter)
{
	fault.kind = kind;
	fault.rate = rate;
	return rate ? add_rule(f, &fault, true, jitter) : 0;
}

/* What is lost is not late. */
static int add_emulator(struct faults *f, size_t iface)
{
	const struct scn_iface *i = &f->scenario->ifaces[iface];
	const struct scn_emulator *e = i->emulator;
	struct scn_fault fault = {
		.direction = SCN_FROM, .node = i->node, .iface = iface, .delay = e->delay,
	};
	int r;

	str_copy(fault.name, sizeof(fault.name), "NetworkEmulator");
	r = emulate(f, fault, SCN_FAULT_DROP, e->loss, 0);
	if (r == 0)
		r = emulate(f, fault, SCN_FAULT_DUPLICATE, e->duplicate, 0);
	if (r == 0)
		r = emulate(f, fault, SCN_FAULT_DELAY, e->delay ? SCN_MILLION : 0, e->jitter);
	return r;
}

static int add_all(struct faults *f)
{
	const struct scenario *s = f->scenario;
	int r = 0;

	for (size_t i = 0; r == 0 && i < s->n_faults; i++)
		if (scn_fault_strikes(s->faults[i].kind))
			r = add_rule(f, &s->faults[i], false, 0);
	for (size_t i = 0; r == 0 && i < s->n_ifaces; i++)
		if (s->ifaces[i].emulator)
			r = add_emulator(f, i);
	return r;
}

int faults_init(struct faults *f, const struct scenario *s)
{
	int r;

	*f = (struct faults){ .scenario = s, .seed = s->seed };
	r = add_all(f);
	if (r < 0)
		faults_done(f);
	return r;
}

void faults_done(struct faults *f)
{
	free(f->rules);
	free(f->seen);
	*f = (struct faults){ 0 };
}

/* An array of @n times @size bytes, never NULL but for want of memory. */
static void *copy_array(const void *from, size_t n, size_t size)
{
	void *copy = calloc(n + 1, size);

	if (copy && n > 0)
		memcpy(copy, from, n * size);
	return copy;
}

int faults_copy(const struct faults *f, struct faults *ret)
{
	struct faults copy = *f;
	size_t n = f->scenario->n_ifaces;

	copy.rules = copy_array(f->rules, f->n_rules, sizeof(*f->rules));
	copy.seen = f->seen ? copy_array(f->seen, n, sizeof(*f->seen)) : NULL;
	if (!copy.rules || (f->seen && !copy.seen)) {
		faults_done(&copy);
		return -ENOMEM;
	}
	*ret = copy;
	return 0;
}

bool faults_has(const struct faults *f, const char *name)
{
	for (size_t i = 0; i < f->n_rules; i++)
		if (!f->rules[i].emulates && strcmp(f->rules[i].f.name, name) == 0)
			return true;
	return false;
}

int faults_add(struct faults *f, const struct scn_fault *fault)
{
	return faults_has(f, fault->name) ? -EEXIST : add_rule(f, fault, false, 0);
}

size_t faults_clear(struct faults *f)
{
	size_t kept = 0, cleared;

	for (size_t i = 0; i < f->n_rules; i++)
		if (f->rules[i].emulates)
			f->rules[kept++] = f->rules[i];
	cleared = f->n_rules - kept;
	f->n_rules = kept;
	return cleared;
}

bool faults_cover(const struct faults *f, size_t from)
{
	for (size_t i = 0; i < f->n_rules; i++)
		if (scenario_fault_covers(f->scenario, &f->rules[i].f, from))
			return true;
	return false;
}

unsigned int fault_class_of_message(const void *payload, size_t len)
{
	struct dhcp_message m;

	if (dhcp_message_decode(payload, len, &m, NULL, NULL) < 0 || m.type > DHCP_TYPE_MAX)
		return FAULT_OTHER;
	return m.type;
}

unsigned int fault_class(const void *data, size_t len)
{
	struct frame f;

	/* Whether its checksum is right does not change what it was meant to be. */
	if (frame_decode(data, len, true, &f) < 0)
		return FAULT_OTHER;
	if (f.kind == FRAME_ARP)
		return FAULT_ARP;
	if (f.kind != FRAME_UDP ||
	    (f.dst_port != DHCP_SERVER_PORT && f.dst_port != DHCP_CLIENT_PORT))
		return FAULT_OTHER;
	return fault_class_of_message(f.payload, f.payload_len);
}

/**
 * struct subject - the frame that is judged
 * @n: it is the n-th of its class from there
 */
struct subject {
	uint64_t now;
	size_t from;
	unsigned int class;
	uint32_t n;
	size_t len;
};

static uint64_t draw(const struct faults *f, const struct fault_rule *r, const struct subject *s,
		     enum draw what, uint64_t below)
{
	uint64_t x = prng_derive(f->seed, f->scenario->ifaces[s->from].label) ^ r->salt;

	x = prng_u64(&x) + s->class;
	x = prng_u64(&x) + s->n;
	x = prng_u64(&x) + what;
	return prng_below(&x, below);
}

static bool strikes(const struct faults *f, const struct fault_rule *r, const struct subject *s)
{
	if (s->now < r->f.after || (r->f.count && r->fired >= r->f.count))
		return false;
	if (r->f.message && r->f.message != s->class)
		return false;
	if (!scenario_fault_covers(f->scenario, &r->f, s->from))
		return false;
	return r->f.rate >= SCN_MILLION || draw(f, r, s, DRAW_RATE, SCN_MILLION) < r->f.rate;
}

/* With jitter, as netem has it: the delay, and up to so much more or less. */
static uint64_t delay_of(const struct faults *f, const struct fault_rule *r,
			 const struct subject *s)
{
	if (!r->jitter)
		return r->f.delay;
	return r->f.delay - r->jitter + draw(f, r, s, DRAW_JITTER, 2 * r->jitter + 1);
}

static void apply(const struct faults *f, const struct fault_rule *r, const struct subject *s,
		  struct fault_verdict *v)
{
	switch (r->f.kind) {
	case SCN_FAULT_DROP:
		v->copies = 0;
		break;
	case SCN_FAULT_DELAY:
	case SCN_FAULT_REORDER:
		v->late += delay_of(f, r, s);
		break;
	case SCN_FAULT_DUPLICATE:
		v->copies = 2;
		break;
	case SCN_FAULT_CORRUPT:
		/* Behind the Ethernet header: who is to have it still gets it. */
		v->corrupt = s->len > ETH_HEADER_LEN;
		if (v->corrupt)
			v->bit = ETH_HEADER_LEN * 8 +
				 draw(f, r, s, DRAW_BIT, (s->len - ETH_HEADER_LEN) * 8);
		break;
	case SCN_FAULT_STARVE:
	case SCN_FAULT_ROGUE:
	case SCN_FAULT_CONFLICT:
	case SCN_FAULT_CRASH:
		break;
	}
}

/* That a slow link is slow is nothing that happened. */
static bool is_news(const struct fault_rule *r)
{
	return !r->emulates || r->f.kind != SCN_FAULT_DELAY;
}

void faults_judge(struct faults *f, uint64_t now, size_t from, const void *data, size_t len,
		  struct fault_verdict *ret)
{
	if (f->n_rules == 0)
		*ret = (struct fault_verdict){ .copies = 1 };
	else
		faults_judge_class(f, now, from, fault_class(data, len), len, ret);
}

void faults_judge_class(struct faults *f, uint64_t now, size_t from, unsigned int class, size_t len,
			struct fault_verdict *ret)
{
	struct subject s = { .now = now, .from = from, .class = class, .len = len };

	*ret = (struct fault_verdict){ .copies = 1 };
	s.n = f->seen[from][s.class]++;
	for (size_t i = 0; i < f->n_rules && ret->copies > 0; i++) {
		struct fault_rule *r = &f->rules[i];

		if (!strikes(f, r, &s))
			continue;
		r->fired++;
		apply(f, r, &s, ret);
		if (is_news(r) && ret->n_strikes < FAULT_STRIKES_MAX)
			ret->strikes[ret->n_strikes++] = r;
	}
}

static const char *class_name(unsigned int class)
{
	if (class == FAULT_ARP)
		return "ARP";
	if (class == FAULT_OTHER)
		return "a frame";
	return dhcp_type_name((uint8_t)class);
}

static const char *const done[] = {
	[SCN_FAULT_DROP] = "DROPPED",	[SCN_FAULT_DELAY] = "DELAYED",
	[SCN_FAULT_DUPLICATE] = "DUPLICATED", [SCN_FAULT_CORRUPT] = "CORRUPTED",
	[SCN_FAULT_REORDER] = "HELD BACK",
};

void fault_describe(const struct fault_rule *r, unsigned int class,
		    char ret[static FAULT_TEXT_MAX])
{
	char count[32] = "";

	if (r->f.count)
		snprintf(count, sizeof(count), " (%u of %u)", r->fired, r->f.count);
	snprintf(ret, FAULT_TEXT_MAX, "%s %s BY %s%s%s", class_name(class), done[r->f.kind],
		 r->emulates ? "" : "FAULT ", r->f.name, count);
}
