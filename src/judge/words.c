/* SPDX-License-Identifier: MIT */
#include "judge/words.h"

#include <netlab/dhcp_message.h>

#include "judge/private.h"

void words_seconds(struct text *out, uint32_t sec)
{
	char buf[DURATION_LEN];

	text_add(out, "%s",
		 duration_format(sec == UINT32_MAX ? UINT64_MAX : sec * UINT64_C(1000000), buf));
}

void words_range(struct text *out, uint32_t first, uint32_t last)
{
	char a[IP4_LEN], b[IP4_LEN];

	text_add(out, "%s", ip4_format(first, a));
	if (last != first)
		text_add(out, "-%s", ip4_format(last, b));
}

void words_route(struct text *out, const struct scn_route *r)
{
	char dest[IP4_LEN], gateway[IP4_LEN];

	if (!r->prefix_len)
		text_add(out, "default");
	else
		text_add(out, "%s/%u", ip4_format(r->dest, dest), r->prefix_len);
	if (r->gateway)
		text_add(out, " via %s", ip4_format(r->gateway, gateway));
}

void words_messages(struct text *out, const uint8_t *types, size_t n)
{
	for (size_t i = 0; i < n; i++)
		text_add(out, "%s%s", i ? " " : "", dhcp_type_name(types[i]));
}

const char *words_subject(const struct scenario *s, const struct scn_expect *e)
{
	if (e->iface != NONE)
		return s->ifaces[e->iface].label;
	return e->node != NONE ? s->nodes[e->node].name : "the lab";
}

static void add_address(struct text *out, const char *what, uint32_t address)
{
	char buf[IP4_LEN];

	if (address)
		text_add(out, ", %s %s", what, ip4_format(address, buf));
}

static void expect_state(struct text *out, const struct scn_expect *e)
{
	text_add(out, " is %s", e->state[0] ? e->state : "configured");
	if (e->last) {
		text_add(out, ", address %s", e->first == e->last ? "" : "within ");
		words_range(out, e->first, e->last);
	}
	add_address(out, "from server", e->server);
	add_address(out, "router", e->router);
	add_address(out, "DNS", e->dns);
	if (e->lease_sec) {
		text_add(out, ", lease time ");
		words_seconds(out, e->lease_sec);
	}
}

/* ", within 2s", and what else is said of the time. */
static void add_time(struct text *out, const struct scn_expect *e)
{
	char time[DURATION_LEN];

	if (e->after)
		text_add(out, ", after %s", duration_format(e->after, time));
	if (e->within)
		text_add(out, ", within %s", duration_format(e->within, time));
	if (e->phase == SCN_PHASE_START)
		text_add(out, ", at the start");
}

/* Is it asked that the field is something, whatever? */
static bool is_any(const struct scn_match *m)
{
	return m->first == 1 && m->last >= UINT16_MAX;
}

static void add_match(struct text *out, const struct scn_match *m)
{
	if (m->field == SCN_FIELD_OPTION) {
		text_add(out, "%s option %u%s%s", m->absent ? "without" : "with", m->option,
			 m->value[0] ? " " : "", m->value);
		return;
	}
	text_add(out, "%s %s", m->last ? "with" : "without", scn_field_name(m->field));
	if (!m->last || is_any(m))
		return;
	text_add(out, " ");
	field_format(m->field, m->first, out);
	if (m->last != m->first) {
		text_add(out, "-");
		field_format(m->field, m->last, out);
	}
}

void words_message(struct text *out, const struct scn_expect *e)
{
	text_add(out, "%s", dhcp_type_name(e->message));
	for (size_t i = 0; i < e->n_matches; i++) {
		text_add(out, i ? ", " : " ");
		add_match(out, &e->matches[i]);
	}
}

/* "2 x", "at least 1 x" */
static void add_count(struct text *out, const struct scn_expect *e)
{
	if (e->count_last == 0)
		text_add(out, "no ");
	else if (e->count_last == UINT32_MAX && e->count_first > 1)
		text_add(out, "at least %u x ", e->count_first);
	else if (e->count_first == e->count_last)
		text_add(out, "%u x ", e->count_first);
	else if (e->count_last != UINT32_MAX)
		text_add(out, "%u to %u x ", e->count_first, e->count_last);
}

void words_expect(struct text *out, const struct scenario *s, const struct scn_expect *e)
{
	char buf[IP4_LEN];

	text_add(out, "%s", words_subject(s, e));
	switch (e->kind) {
	case SCN_EXPECT_STATE:
		expect_state(out, e);
		break;
	case SCN_EXPECT_MESSAGES:
		text_add(out, " sees ");
		words_messages(out, e->messages, e->n_messages);
		text_add(out, "%s", e->same_transaction ? ", one transaction id" : "");
		break;
	case SCN_EXPECT_MESSAGE:
		text_add(out, " sees ");
		add_count(out, e);
		words_message(out, e);
		if (e->from_node != NONE)
			text_add(out, ", from %s", e->from_iface != NONE ?
				 s->ifaces[e->from_iface].label : s->nodes[e->from_node].name);
		break;
	case SCN_EXPECT_NO_ADDRESS:
		text_add(out, " has no ");
		if (e->last != UINT32_MAX)
			words_range(out, e->first, e->last);
		else
			text_add(out, "address");
		break;
	case SCN_EXPECT_PING:
		text_add(out, e->count_last ? " can ping %s" : " cannot ping %s",
			 ip4_format(e->ping, buf));
		break;
	case SCN_EXPECT_ROUTE:
		text_add(out, e->count_last ? " has the route " : " has no route ");
		words_route(out, &e->route);
		break;
	case SCN_EXPECT_ADDRESS:
		text_add(out, " has address ");
		words_range(out, e->first, e->last);
		break;
	}
	add_time(out, e);
}
