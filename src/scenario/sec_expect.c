/* SPDX-License-Identifier: MIT */
/* sec_expect.c - [Expect NAME] */
#include <errno.h>
#include <string.h>

#include "base/text.h"
#include "scenario/parse.h"

#define WITHIN_MAX (7 * 86400ull * 1000000)
#define POINTS_MAX 1000

/* RFC 2131 figure 5, as traces spell them. */
static const char *const states[] = {
	"INIT",	   "SELECTING", "REQUESTING",  "BOUND",
	"RENEWING", "REBINDING", "INIT-REBOOT", "REBOOTING",
};

static const char *const phases[] = { "end", "start" };

static int set_state(struct parse *p, const struct key_def *key, void *field, const struct value *v)
{
	for (size_t i = 0; i < ARRAY_SIZE(states); i++)
		if (strcmp(states[i], v->text) == 0)
			return set_text(p, key, field, v);
	return bad_key(p, key, v, "\"%s\" is no state of a client%s", v->text,
		       did_you_mean(p, v->text, states, ARRAY_SIZE(states), "\"", "\""));
}

static int set_phase(struct parse *p, const struct key_def *key, void *field, const struct value *v)
{
	for (size_t i = 0; i < ARRAY_SIZE(phases); i++) {
		if (strcmp(phases[i], v->text) != 0)
			continue;
		((struct given *)field)->value = i;
		return 0;
	}
	return bad_key(p, key, v, "\"%s\" is neither start nor end", v->text);
}

/* "A", "A-B" or "A/LEN", kept as the first address above the last one. */
static int set_address(struct parse *p, const struct key_def *key, void *field,
		       const struct value *v)
{
	cleanup_free char *text = strdup(v->text);
	uint32_t first, last;
	uint8_t len = 32;
	char *dash;
	int r;

	if (!text)
		return -ENOMEM;
	dash = strchr(text, '-');
	if (dash)
		*dash = '\0';
	r = dash ? ip4_parse(text, &first) : ip4_parse_prefix(text, &first, &len);
	last = first;
	if (r == 0 && dash)
		r = ip4_parse(dash + 1, &last);
	if (r < 0)
		return bad_key(p, key, v, "\"%s\" is no address, range (10.0.0.2-10.0.0.9) or "
			       "prefix (10.0.0.0/24)", v->text);
	if (!dash && len < 32)
		subnet_hosts(first, len, &first, &last);
	if (first > last)
		return bad_key(p, key, v, "the range counts down");
	if (!ip4_is_host(first) || !ip4_is_host(last))
		return bad_key(p, key, v, "%s is no address that a host can have", v->text);

	((struct given *)field)->value = (uint64_t)first << 32 | last;
	return 0;
}

/* "yes": any address at all; or those that must not be there. */
static int set_no_address(struct parse *p, const struct key_def *key, void *field,
			  const struct value *v)
{
	if (strcmp(v->text, "yes") != 0)
		return set_address(p, key, field, v);
	((struct given *)field)->value = UINT32_MAX;
	return 0;
}

/* "DESTINATION [via GATEWAY]", kept as the destination above the gateway. */
static int set_route(struct parse *p, const struct key_def *key, void *field, const struct value *v)
{
	struct given *g = field, gateway = { 0 };
	struct value rest = *v, word[4];
	uint32_t dest;
	size_t n = 0;
	int r;

	while (n < ARRAY_SIZE(word) && (r = next_word(p, &rest, &word[n])) != 0) {
		if (r < 0)
			return r;
		n++;
	}
	if ((n != 1 && n != 3) || (n == 3 && strcmp(word[1].text, "via") != 0))
		return bad_key(p, key, v, "write DESTINATION or DESTINATION via GATEWAY");
	r = parse_destination(p, key, &word[0], &dest, &g->len);
	if (r == 0 && n == 3)
		r = set_ip4(p, key, &gateway, &word[2]);
	if (r < 0)
		return r;

	g->value = (uint64_t)dest << 32 | gateway.value;
	return 0;
}

#define FIELD(f) offsetof(struct raw_expect, f)

static const struct key_def keys[] = {
	{ "Node", set_text, FIELD(node), .max = PLACE_NAME_MAX - 1 },
	{ "State", set_state, FIELD(state), .max = 15 },
	{ "Address", set_address, FIELD(address) },
	{ "Server", set_ip4, FIELD(server) },
	{ "Router", set_ip4, FIELD(router) },
	{ "DNS", set_ip4, FIELD(dns) },
	{ "LeaseTimeSec", set_seconds, FIELD(lease), 1, UINT32_MAX },
	{ "Messages", add_messages, FIELD(messages), .clear = clear_list },
	{ "SameTransaction", set_bool, FIELD(same) },
	{ "Message", set_message, FIELD(message) },
	{ "Field", add_field_match, FIELD(fields), .clear = clear_matches },
	{ "Option", add_option_match, FIELD(options), .clear = clear_matches },
	{ "From", set_text, FIELD(from), .max = PLACE_NAME_MAX - 1 },
	{ "Count", set_count, FIELD(count) },
	{ "Ping", set_ip4, FIELD(ping) },
	{ "Route", set_route, FIELD(route) },
	{ "NoAddress", set_no_address, FIELD(no_address) },
	{ "AfterSec", set_time, FIELD(after), 1, WITHIN_MAX },
	{ "Within", set_time, FIELD(within), 1, WITHIN_MAX },
	{ "Phase", set_phase, FIELD(phase) },
	{ "Points", set_number, FIELD(points), .max = POINTS_MAX },
	{ "Hint", set_text, FIELD(hint), .max = sizeof(((struct scn_expect *)0)->hint) - 1,
	  .plain = true },
};

static int add_expect(struct parse *p, const char *name, struct place at)
{
	struct scenario *s = p->s;
	struct scn_expect *e;

	if (array_grow(&s->expects, s->n_expects, sizeof(*s->expects)) < 0 ||
	    array_grow(&p->expects, s->n_expects, sizeof(*p->expects)) < 0 ||
	    index_add(&p->expect_index, name, s->n_expects, NULL) < 0)
		return -ENOMEM;

	p->expects[s->n_expects] = (struct raw_expect){ .at = at };
	e = &s->expects[s->n_expects++];
	*e = (struct scn_expect){ .at = at, .node = NONE, .iface = NONE, .from_node = NONE,
				  .from_iface = NONE };
	str_copy(e->name, sizeof(e->name), name);
	return 0;
}

static int declare_expect(struct parse *p, const char *name, struct place at, size_t *ret)
{
	size_t other = index_find(&p->expect_index, name);

	if (p->source->set && other != NONE) {
		*ret = other;
		return 0;
	}
	if (p->source->set)
		return bad(p, at, "no expectation \"%s\"", name);
	if (other != NONE)
		return bad(p, at, "expectation \"%s\" is written twice; first in line %u", name,
			   p->s->expects[other].at.line);
	if (!is_plain_name(name, NODE_NAME_MAX - 1))
		return bad(p, at, "\"%s\" is no name: letters, digits, '-', '_', '.', at most %d",
			   name, NODE_NAME_MAX - 1);

	*ret = p->s->n_expects;
	return add_expect(p, name, at);
}

static void *expect_object(struct parse *p, size_t index, struct place at)
{
	return &p->expects[index];
}

const struct section_def expect_section = {
	.name = "Expect",
	.phase = PHASE_REST,
	.kind = SECTION_DECLARE,
	.keys = keys,
	.n_keys = ARRAY_SIZE(keys),
	.declare = declare_expect,
	.object = expect_object,
};

int find_place(struct parse *p, const char *name, struct place at, size_t *ret_node,
	       size_t *ret_iface)
{
	size_t iface;
	int r;

	if (!strchr(name, ':'))
		return find_node(p, name, at, ret_node);
	r = find_iface(p, name, at, &iface);
	if (r < 0)
		return r;
	*ret_iface = iface;
	*ret_node = p->s->ifaces[iface].node;
	return 0;
}

static int finish_node(struct parse *p, const struct raw_expect *raw, struct scn_expect *e)
{
	if (raw->from.section &&
	    find_place(p, raw->from.text, raw->from.at, &e->from_node, &e->from_iface) < 0)
		return -EINVAL;
	if (raw->node.wrong)
		return -EINVAL;
	if (!raw->node.section && is_given(&raw->message))
		return 0;
	if (!raw->node.section)
		return bad(p, raw->at, "[Expect %s] needs Node=", e->name);
	return find_place(p, raw->node.text, raw->node.at, &e->node, &e->iface);
}

/* What is asked of an interface must name one; a node with one only has named it. */
static int need_iface(struct parse *p, const struct raw_expect *raw, struct scn_expect *e)
{
	const struct scn_node *node = &p->s->nodes[e->node];

	if (e->iface == NONE && node->n_ifaces == 1)
		e->iface = node->ifaces[0];
	if (e->iface == NONE)
		return bad(p, raw->node.at, "Node=: \"%s\" has %zu interfaces; write NODE:IF",
			   node->name, node->n_ifaces);
	return 0;
}

static bool asks_lease(const struct raw_expect *raw)
{
	return is_given(&raw->state) || is_given(&raw->server) || is_given(&raw->router) ||
	       is_given(&raw->dns) || is_given(&raw->lease);
}

/* A key that is there without the one that it is about. */
static int alone(struct parse *p, const struct given *g, const char *key, const char *needs)
{
	return g->section ? bad(p, g->at, "%s= needs %s", key, needs) : 0;
}

/* Keys that only some kinds know. */
static int check_keys(struct parse *p, const struct raw_expect *raw, const struct scn_expect *e)
{
	bool wire = e->kind == SCN_EXPECT_MESSAGE || e->kind == SCN_EXPECT_MESSAGES;
	bool now = e->kind == SCN_EXPECT_PING || e->kind == SCN_EXPECT_ROUTE;

	if (e->kind != SCN_EXPECT_MESSAGES && alone(p, &raw->same, "SameTransaction", "Messages="))
		return -EINVAL;
	if (e->kind != SCN_EXPECT_MESSAGE && alone(p, &raw->from, "From", "Message="))
		return -EINVAL;
	if (e->kind != SCN_EXPECT_MESSAGE && (raw->fields.n || raw->options.n))
		return bad(p, raw->at, "[Expect %s]: Field= and Option= need Message=", e->name);
	if (e->kind != SCN_EXPECT_MESSAGE && !now &&
	    alone(p, &raw->count, "Count", "Message=, Ping= or Route="))
		return -EINVAL;
	if (now && raw->count.section && raw->count.value != 0)
		return bad(p, raw->count.at, "Count=: with Ping= and Route= only 0 can be meant");
	if (!wire && e->kind != SCN_EXPECT_STATE && e->kind != SCN_EXPECT_NO_ADDRESS &&
	    alone(p, &raw->within, "Within", "State=, Messages=, Message= or NoAddress="))
		return -EINVAL;
	if (raw->phase.value == SCN_PHASE_START &&
	    alone(p, &raw->after, "AfterSec", "Phase=end: at the start there is no after"))
		return -EINVAL;
	return 0;
}

/* Which kind the keys make it. */
static int finish_kind(struct parse *p, const struct raw_expect *raw, struct scn_expect *e)
{
	const struct {
		bool given;
		enum scn_expect_kind kind;
	} kinds[] = {
		{ asks_lease(raw) || is_given(&raw->address), SCN_EXPECT_STATE },
		{ list_is_given(&raw->messages), SCN_EXPECT_MESSAGES },
		{ is_given(&raw->message), SCN_EXPECT_MESSAGE },
		{ is_given(&raw->ping), SCN_EXPECT_PING },
		{ is_given(&raw->route), SCN_EXPECT_ROUTE },
		{ is_given(&raw->no_address), SCN_EXPECT_NO_ADDRESS },
	};
	unsigned int n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		if (!kinds[i].given)
			continue;
		n++;
		e->kind = kinds[i].kind;
	}
	if (n == 0)
		return bad(p, raw->at, "[Expect %s] expects nothing: give State=, Address=, "
			   "Messages=, Message=, Ping=, Route= or NoAddress=", e->name);
	if (n > 1)
		return bad(p, raw->at, "[Expect %s] expects several things; each of State= or "
			   "Address=, Messages=, Message=, Ping=, Route=, NoAddress= has a section "
			   "of its own", e->name);
	return check_keys(p, raw, e);
}

/* Does the interface exist, and has it the client that the keys are about? */
static int finish_iface(struct parse *p, const struct raw_expect *raw, struct scn_expect *e)
{
	bool client;

	if (e->node == NONE)
		return 0;
	if (p->s->nodes[e->node].kind == SCN_SWITCH)
		return bad(p, raw->node.at, "Node=: \"%s\" is a switch: nothing runs on it",
			   p->s->nodes[e->node].name);
	if (e->kind == SCN_EXPECT_PING || e->kind == SCN_EXPECT_ROUTE)
		return 0;
	if (need_iface(p, raw, e) < 0)
		return -EINVAL;
	if (e->kind == SCN_EXPECT_NO_ADDRESS)
		return 0;

	client = p->ifaces[e->iface].dhcp.value;
	if (!client && e->kind == SCN_EXPECT_STATE && !asks_lease(raw))
		e->kind = SCN_EXPECT_ADDRESS;
	else if (!client)
		return bad(p, raw->node.at, "Node=: %s runs no DHCP client",
			   p->s->ifaces[e->iface].label);
	return 0;
}

static void finish_values(const struct raw_expect *raw, struct scn_expect *e)
{
	copy_text(e->state, sizeof(e->state), &raw->state);
	e->first = (uint32_t)((raw->address.value | raw->no_address.value) >> 32);
	e->last = (uint32_t)(raw->address.value | raw->no_address.value);
	e->server = (uint32_t)raw->server.value;
	e->router = (uint32_t)raw->router.value;
	e->dns = (uint32_t)raw->dns.value;
	e->lease_sec = (uint32_t)raw->lease.value;
	e->same_transaction = raw->same.value;
	e->message = (uint8_t)raw->message.value;
	e->count_first = raw->count.section ? (uint32_t)(raw->count.value >> 32) : 1;
	e->count_last = raw->count.section ? (uint32_t)raw->count.value : UINT32_MAX;
	e->phase = (enum scn_phase)raw->phase.value;
	e->after = raw->after.value;
	e->ping = (uint32_t)raw->ping.value;
	e->route.at = raw->route.at;
	e->route.dest = (uint32_t)(raw->route.value >> 32);
	e->route.gateway = (uint32_t)raw->route.value;
	e->route.prefix_len = raw->route.len;
	e->within = raw->within.value;
	e->points = raw->points.section ? (unsigned int)raw->points.value : 1;
	copy_text(e->hint, sizeof(e->hint), &raw->hint);
	for (size_t i = 0; i < raw->messages.n; i++)
		e->messages[e->n_messages++] = (uint8_t)raw->messages.item[i].value;
	for (size_t i = 0; i < raw->fields.n; i++)
		e->matches[e->n_matches++] = raw->fields.item[i];
}

/* Field= and Option= together fill one list. */
static int finish_options(struct parse *p, const struct raw_expect *raw, struct scn_expect *e)
{
	for (size_t i = 0; i < raw->options.n; i++) {
		if (e->n_matches == SCN_MATCHES_MAX)
			return bad(p, raw->at, "[Expect %s]: more than %d of Field= and Option=",
				   e->name, SCN_MATCHES_MAX);
		e->matches[e->n_matches++] = raw->options.item[i];
	}
	return 0;
}

/* What is told of one client is not told of those that it has the rest in common with. */
static int take_apart(struct scn_client **client)
{
	struct scn_client *own;

	if ((*client)->users == 1)
		return 0;
	own = malloc(sizeof(*own));
	if (!own)
		return -ENOMEM;
	*own = **client;
	own->users = 1;
	(*client)->users--;
	*client = own;
	return 0;
}

/* A client that is to be left in INIT or SELECTING gets no lease: nobody waits for one. */
static int mark_client(struct scenario *s, const struct scn_expect *e)
{
	bool is_start = !strcmp(e->state, "INIT") || !strcmp(e->state, "SELECTING");
	struct scn_client **client = &s->ifaces[e->iface].client;
	int r;

	if (!*client || e->kind != SCN_EXPECT_STATE || e->phase != SCN_PHASE_END || !is_start ||
	    e->after)
		return 0;
	r = take_apart(client);
	if (r == 0)
		(*client)->goes_without = true;
	return r;
}

int expect_finish(struct parse *p)
{
	for (size_t i = 0; i < p->s->n_expects; i++) {
		const struct raw_expect *raw = &p->expects[i];
		struct scn_expect *e = &p->s->expects[i];
		int r = finish_kind(p, raw, e);

		if (finish_node(p, raw, e) == 0 && r == 0)
			r = finish_iface(p, raw, e);
		finish_values(raw, e);
		finish_options(p, raw, e);
		if (r == 0 && e->iface != NONE && mark_client(p->s, e) < 0)
			return -ENOMEM;
	}

	return 0;
}
