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

const char *const message_names[MESSAGE_NAMES] = {
	NULL, "DISCOVER", "OFFER", "REQUEST", "DECLINE", "ACK", "NAK", "RELEASE", "INFORM",
};

static int set_state(struct parse *p, const struct key_def *key, void *field, const struct value *v)
{
	for (size_t i = 0; i < ARRAY_SIZE(states); i++)
		if (strcmp(states[i], v->text) == 0)
			return set_text(p, key, field, v);
	return bad_key(p, key, v, "\"%s\" is no state of a client%s", v->text,
		       did_you_mean(p, v->text, states, ARRAY_SIZE(states), "\"", "\""));
}

static int add_messages(struct parse *p, const struct key_def *key, void *field,
			const struct value *v)
{
	struct value rest = *v, word;
	struct list *list = field;
	int r;

	while ((r = next_word(p, &rest, &word)) > 0) {
		size_t type = 1;

		while (type < MESSAGE_NAMES && strcmp(message_names[type], word.text) != 0)
			type++;
		if (type == MESSAGE_NAMES)
			return bad_key(p, key, &word, "\"%s\" is no DHCP message%s", word.text,
				       did_you_mean(p, word.text, message_names + 1,
						    MESSAGE_NAMES - 1, "\"", "\""));
		if (list->n == SCN_MESSAGES_MAX)
			return bad_key(p, key, &word, "more than %d messages", SCN_MESSAGES_MAX);
		r = list_add(list, place_of(p, word.raw), (uint32_t)type, 0);
		if (r < 0)
			return r;
	}

	return r;
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
	{ "Ping", set_ip4, FIELD(ping) },
	{ "Route", set_route, FIELD(route) },
	{ "Within", set_time, FIELD(within), 1, WITHIN_MAX },
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
	*e = (struct scn_expect){ .at = at, .node = NONE, .iface = NONE };
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

static int finish_node(struct parse *p, const struct raw_expect *raw, struct scn_expect *e)
{
	int r;

	if (raw->node.wrong)
		return -EINVAL;
	if (!raw->node.section)
		return bad(p, raw->at, "[Expect %s] needs Node=", e->name);
	if (!strchr(raw->node.text, ':'))
		return find_node(p, raw->node.text, raw->node.at, &e->node);
	r = find_iface(p, raw->node.text, raw->node.at, &e->iface);
	if (r == 0)
		e->node = p->s->ifaces[e->iface].node;
	return r;
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

/* Which kind the keys make it. */
static int finish_kind(struct parse *p, const struct raw_expect *raw, struct scn_expect *e)
{
	bool state = asks_lease(raw) || is_given(&raw->address);
	bool dora = list_is_given(&raw->messages);
	int kinds = state + dora + is_given(&raw->ping) + is_given(&raw->route);

	if (kinds == 0)
		return bad(p, raw->at, "[Expect %s] expects nothing: give State=, Address=, "
			   "Messages=, Ping= or Route=", e->name);
	if (kinds > 1)
		return bad(p, raw->at, "[Expect %s] expects several things; each of State= or "
			   "Address=, Messages=, Ping=, Route= has a section of its own", e->name);
	if (raw->same.section && !dora)
		return bad(p, raw->same.at, "SameTransaction= needs Messages=");

	if (state)
		e->kind = SCN_EXPECT_STATE;
	else if (dora)
		e->kind = SCN_EXPECT_MESSAGES;
	else
		e->kind = is_given(&raw->ping) ? SCN_EXPECT_PING : SCN_EXPECT_ROUTE;
	return 0;
}

/* Does the interface exist, and has it the client that the keys are about? */
static int finish_iface(struct parse *p, const struct raw_expect *raw, struct scn_expect *e)
{
	bool client;

	if (p->s->nodes[e->node].kind == SCN_SWITCH)
		return bad(p, raw->node.at, "Node=: \"%s\" is a switch: nothing runs on it",
			   p->s->nodes[e->node].name);
	if (e->kind == SCN_EXPECT_PING || e->kind == SCN_EXPECT_ROUTE)
		return 0;
	if (need_iface(p, raw, e) < 0)
		return -EINVAL;

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
	e->first = (uint32_t)(raw->address.value >> 32);
	e->last = (uint32_t)raw->address.value;
	e->server = (uint32_t)raw->server.value;
	e->router = (uint32_t)raw->router.value;
	e->dns = (uint32_t)raw->dns.value;
	e->lease_sec = (uint32_t)raw->lease.value;
	e->same_transaction = raw->same.value;
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
}

int expect_finish(struct parse *p)
{
	for (size_t i = 0; i < p->s->n_expects; i++) {
		const struct raw_expect *raw = &p->expects[i];
		struct scn_expect *e = &p->s->expects[i];
		int r = finish_kind(p, raw, e);

		if (finish_node(p, raw, e) == 0 && r == 0)
			finish_iface(p, raw, e);
		finish_values(raw, e);
	}

	return 0;
}
