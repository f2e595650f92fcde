/* SPDX-License-Identifier: MIT */
/* Each rule with an exchange that breaks it, and nothing else; and exchanges that break none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/addr.h"
#include "base/bytes.h"
#include "trace/breach_view.h"

#define ALL IP4_BROADCAST
#define SERVER 0x0a000001u
#define OTHER 0x0a000002u
#define RELAY 0x0a0000feu
#define YOURS 0x0a000069u
#define MESSAGES 3
#define SIZE 700

/**
 * struct message - one message; what is 0 has its usual value
 * @ms: when
 * @opt: options behind 53: code, length, value; ended by code 0
 * @type: option 53
 * @dst: @port: by op, if 0
 */
struct message {
	unsigned int ms;
	uint8_t op, type, hops, hlen;
	uint16_t secs, flags, port, len;
	uint32_t xid, ciaddr, yiaddr, siaddr, giaddr, src, dst;
	uint8_t opt[64];
	bool no_end, after_end, full_file, own_source;
};

struct row {
	const char *rule;	/* that the last message breaks; NULL: none */
	struct message m[MESSAGES];
};

static size_t put_options(const struct message *m, uint8_t *out)
{
	size_t n = 0;

	out[n++] = 53;
	out[n++] = 1;
	out[n++] = m->type;
	for (size_t i = 0; m->opt[i]; i += 2u + m->opt[i + 1]) {
		memcpy(out + n, m->opt + i, 2u + m->opt[i + 1]);
		n += 2u + m->opt[i + 1];
	}
	return n;
}

static size_t build(const struct message *m, uint8_t out[static SIZE])
{
	size_t end;

	memset(out, 0, SIZE);
	out[0] = m->op;
	out[1] = 1;
	out[2] = m->hlen ? m->hlen : 6;
	out[3] = m->hops;
	store_be32(out + 4, m->xid ? m->xid : 7);
	store_be16(out + 8, m->secs);
	store_be16(out + 10, m->flags);
	store_be32(out + 12, m->ciaddr);
	store_be32(out + 16, m->yiaddr);
	store_be32(out + 20, m->siaddr);
	store_be32(out + 24, m->giaddr);
	memcpy(out + 28, "\2\0\0\0\0\1", 6);
	if (m->full_file)
		memset(out + 108, 'x', 128);
	store_be32(out + 236, DHCP_COOKIE);
	end = 240 + put_options(m, out + 240);
	if (!m->no_end)
		out[end] = 255;
	if (m->after_end)
		out[end + 1] = 1;
	return m->len ? m->len : 300;
}

static void packet(const struct message *m, uint8_t *bytes, struct trace_packet *p)
{
	size_t len = build(m, bytes);
	struct frame *f = &p->link.frame;
	const char *why = NULL;

	memset(p, 0, sizeof(*p));
	p->kind = TRACE_PACKET_DHCP;
	f->payload = bytes;
	f->payload_len = len;
	f->src_ip = m->own_source ? OTHER : m->op == 1 ? m->ciaddr : SERVER;
	f->dst_ip = m->dst ? m->dst : ALL;
	f->dst_port = m->port ? m->port : m->op == 1 ? 67 : 68;
	if (dhcp_message_decode(bytes, len, &p->msg, &why, NULL) < 0)
		fail_msg("the message of the test cannot be read: %s", why);
}

static void run(const struct row *row, struct breaches *ret)
{
	struct breach_watch *w = breach_watch_new();

	assert_non_null(w);
	for (size_t i = 0; i < MESSAGES && row->m[i].op; i++) {
		uint8_t bytes[SIZE];
		struct trace_packet p;

		packet(&row->m[i], bytes, &p);
		assert_int_equal(breach_watch_packet(w, row->m[i].ms * 1000ull, &p, ret), 0);
	}
	breach_watch_free(w);
}

#define A4 10, 0, 0
#define DISCOVER .op = 1, .type = 1
#define OFFER_TO .op = 2, .type = 2, .yiaddr = YOURS
#define OFFER OFFER_TO, .dst = YOURS
#define REQUEST .op = 1, .type = 3
#define DECLINE .op = 1, .type = 4
#define ACK .op = 2, .type = 5, .yiaddr = YOURS, .dst = YOURS
#define NAK .op = 2, .type = 6
#define RELEASE .op = 1, .type = 7, .ciaddr = YOURS, .dst = SERVER
#define INFORM .op = 1, .type = 8, .ciaddr = YOURS
#define OPT(...) .opt = { __VA_ARGS__ }
#define SID 54, 4, A4, 1
#define WANT 50, 4, A4, 0x69
#define LEASE 51, 4, 0, 0, 14, 16
#define ID 61, 7, 1, 2, 0, 0, 0, 0, 1
#define LIST 55, 3, 1, 3, 6
#define AGENT 82, 3, 1, 1, 'a'
#define RENEW .op = 1, .type = 3, .ciaddr = YOURS, .dst = SERVER

static const struct row sound[] = {
	{ NULL, { { DISCOVER, OPT(ID, LIST) }, { OFFER, OPT(SID, LEASE, ID) },
		  { REQUEST, OPT(SID, WANT, ID, LIST) } } },
	{ NULL, { { DISCOVER, OPT(LIST) }, { REQUEST, OPT(SID, WANT, LIST) },
		  { ACK, OPT(SID, LEASE, 58, 4, 0, 0, 7, 8, 59, 4, 0, 0, 12, 78) } } },
	{ NULL, { { RENEW, .xid = 9 }, { ACK, .ciaddr = YOURS, .xid = 9, OPT(SID, LEASE) } } },
	{ NULL, { { INFORM }, { .op = 2, .type = 5, .dst = YOURS, OPT(SID) } } },
	{ NULL, { { REQUEST, OPT(WANT) }, { NAK, OPT(SID, 56, 2, 'n', 'o') } } },
	{ NULL, { { RELEASE, OPT(SID, ID) } } },
	{ NULL, { { DECLINE, OPT(SID, WANT) } } },
	/* Backoff as in RFC 2131 section 4.1, with secs counted. */
	{ NULL, { { DISCOVER }, { DISCOVER, .ms = 3100, .secs = 3 },
		  { DISCOVER, .ms = 10200, .secs = 10 } } },
	/* A relay agent between: the same request on both cables, and the answer on both. */
	{ NULL, { { DISCOVER }, { DISCOVER, .ms = 1, .giaddr = RELAY, .hops = 1, .dst = SERVER,
				  OPT(AGENT) },
		  { OFFER_TO, .ms = 2, .giaddr = RELAY, .dst = RELAY, .port = 67,
		    OPT(SID, LEASE, AGENT) } } },
	/* Seen twice, as on a bridge: not sent twice. */
	{ NULL, { { DISCOVER }, { DISCOVER, .ms = 1 } } },
	/* An INIT-REBOOT of later, with an xid of its own: no server id is right. */
	{ NULL, { { OFFER, OPT(SID, LEASE) }, { REQUEST, .xid = 8, OPT(WANT) } } },
};

static const struct row rows[] = {
	{ "no-end", { { DISCOVER, .no_end = true } } },
	{ "after-end", { { DISCOVER, .after_end = true } } },
	{ "overload-no-end", { { DISCOVER, OPT(52, 1, 1) } } },
	{ "text-open", { { DISCOVER, .full_file = true } } },
	{ "too-short", { { DISCOVER, .len = 299 } } },
	{ "bad-value", { { DISCOVER, OPT(57, 1, 9) } } },
	{ "wrong-op", { { .op = 2, .type = 1 } } },
	{ "wrong-hlen", { { DISCOVER, .hlen = 8 } } },

	{ "discover-ciaddr", { { DISCOVER, .ciaddr = YOURS } } },
	{ "client-option", { { DISCOVER, OPT(SID) } } },
	{ "client-option", { { DECLINE, OPT(SID, WANT, 12, 1, 'h') } } },
	{ "client-option", { { INFORM, OPT(LEASE) } } },
	{ "client-option-missing", { { RELEASE } } },
	{ "client-option-missing", { { DECLINE, OPT(SID) } } },
	{ "servers-fields", { { DISCOVER, .yiaddr = YOURS } } },
	{ "servers-fields", { { DISCOVER, .siaddr = SERVER } } },
	{ "client-hops", { { DISCOVER, .hops = 1 } } },
	{ "reserved-flags", { { DISCOVER, .flags = 0x8001 } } },
	{ "end-header", { { RELEASE, .secs = 1, OPT(SID) } } },
	{ "end-header", { { DECLINE, .flags = 0x8000, OPT(SID, WANT) } } },
	{ "end-ciaddr", { { .op = 1, .type = 7, .dst = SERVER, OPT(SID) } } },
	{ "end-ciaddr", { { DECLINE, .ciaddr = YOURS, OPT(SID, WANT) } } },
	{ "inform-ciaddr", { { .op = 1, .type = 8 } } },
	{ "small-max-size", { { DISCOVER, OPT(57, 2, 2, 0x3f) } } },
	{ "rapid-commit-listed", { { DISCOVER, OPT(55, 2, 1, 80) } } },
	{ "selecting-no-server", { { OFFER, OPT(SID, LEASE) }, { REQUEST, OPT(WANT) } } },
	{ "selecting-ciaddr", { { RENEW, OPT(SID) } } },
	{ "selecting-no-address", { { REQUEST, OPT(SID) } } },
	{ "selecting-other-address", { { OFFER, OPT(SID, LEASE) },
				       { REQUEST, OPT(SID, 50, 4, A4, 9) } } },
	{ "request-for-nothing", { { REQUEST } } },
	{ "renewing-address", { { RENEW, OPT(WANT) } } },
	{ "request-xid", { { OFFER, OPT(SID, LEASE) }, { REQUEST, .xid = 8, OPT(SID, WANT) } } },
	{ "request-secs", { { DISCOVER, .secs = 4 }, { REQUEST, .secs = 5, OPT(SID, WANT) } } },
	{ "request-secs", { { DISCOVER, .secs = 4 }, { REQUEST, OPT(SID, WANT) } } },
	{ "client-id-changes", { { DISCOVER, OPT(ID) },
				 { REQUEST, OPT(SID, WANT, 61, 2, 0, 'x') } } },
	{ "client-id-changes", { { DISCOVER, OPT(ID) }, { REQUEST, OPT(SID, WANT) } } },
	{ "list-missing", { { DISCOVER, OPT(LIST) }, { REQUEST, OPT(SID, WANT) } } },
	{ "list-missing", { { DISCOVER, OPT(LIST) }, { REQUEST, OPT(SID, WANT, 55, 1, 1) } } },
	{ "xid-reused", { { DISCOVER }, { ACK, OPT(SID, LEASE) }, { DISCOVER, .ms = 99000 } } },
	{ "too-early", { { DISCOVER }, { DISCOVER, .ms = 2800, .secs = 2 } } },
	{ "too-early", { { DISCOVER }, { DISCOVER, .ms = 4000, .secs = 4 },
			 { DISCOVER, .ms = 8000, .secs = 8 } } },
	{ "renews-too-early", { { RENEW }, { RENEW, .ms = 59000, .secs = 59 } } },
	{ "secs-constant", { { DISCOVER }, { DISCOVER, .ms = 4000 } } },
	{ "source-address", { { DISCOVER, .own_source = true } } },
	{ "decline-unicast", { { DECLINE, .dst = SERVER, OPT(SID, WANT) } } },
	{ "release-broadcast", { { .op = 1, .type = 7, .ciaddr = YOURS, OPT(SID) } } },
	{ "release-elsewhere", { { .op = 1, .type = 7, .ciaddr = YOURS, .dst = OTHER, OPT(SID) } } },
	{ "request-port", { { DISCOVER, .port = 68 } } },
	{ "relay-hops", { { DISCOVER, .giaddr = RELAY, .dst = SERVER } } },
	{ "too-many-hops", { { DISCOVER, .giaddr = RELAY, .hops = 17, .dst = SERVER } } },
	{ "relay-info-not-last", { { DISCOVER, .giaddr = RELAY, .hops = 1, .dst = SERVER,
				     OPT(AGENT, ID) } } },

	{ "server-option", { { OFFER, OPT(SID, LEASE, LIST) } } },
	{ "server-option", { { NAK, OPT(SID, 3, 4, A4, 1) } } },
	{ "server-option-missing", { { OFFER, OPT(SID) } } },
	{ "server-option-missing", { { NAK } } },
	{ "ack-no-lease", { { REQUEST, OPT(SID, WANT) }, { ACK, OPT(SID) } } },
	{ "inform-lease", { { INFORM },
			    { .op = 2, .type = 5, .dst = YOURS, OPT(SID, LEASE) } } },
	{ "inform-yiaddr", { { INFORM }, { ACK, OPT(SID) } } },
	{ "offer-nothing", { { .op = 2, .type = 2, OPT(SID, LEASE) } } },
	{ "ack-other-address", { { REQUEST, OPT(SID, 50, 4, A4, 9) }, { ACK, OPT(SID, LEASE) } } },
	{ "reply-ciaddr", { { OFFER, .ciaddr = YOURS, OPT(SID, LEASE) } } },
	{ "reply-ciaddr", { { REQUEST, OPT(SID, WANT) },
			    { ACK, .ciaddr = YOURS, OPT(SID, LEASE) } } },
	{ "reply-header", { { OFFER, .secs = 2, OPT(SID, LEASE) } } },
	{ "nak-fields", { { NAK, .yiaddr = YOURS, OPT(SID) } } },
	{ "reply-flags", { { DISCOVER }, { OFFER, .flags = 0x8000, OPT(SID, LEASE) } } },
	{ "bad-times", { { ACK, OPT(SID, LEASE, 58, 4, 0, 0, 2, 0, 59, 4, 0, 0, 1, 0) } } },
	{ "bad-times", { { ACK, OPT(SID, LEASE, 59, 4, 0, 0, 14, 16) } } },
	{ "mask-after-router", { { ACK, OPT(SID, LEASE, 3, 4, A4, 1, 1, 4, 255, 255, 255, 0) } } },
	{ "not-chosen", { { REQUEST, OPT(SID, WANT) }, { ACK, OPT(54, 4, A4, 2, LEASE) } } },
	{ "rapid-commit-unasked", { { DISCOVER }, { ACK, OPT(SID, LEASE, 80, 0) } } },
	{ "too-long", { { DISCOVER }, { OFFER, .len = 549, OPT(SID, LEASE) } } },
	{ "client-id-missing", { { DISCOVER, OPT(ID) }, { OFFER, OPT(SID, LEASE) } } },
	{ "client-id-invented", { { DISCOVER }, { OFFER, OPT(SID, LEASE, ID) } } },
	{ "relay-info-missing", { { DISCOVER, .giaddr = RELAY, .hops = 1, .dst = SERVER,
				    OPT(AGENT) },
				  { OFFER_TO, .giaddr = RELAY, .dst = RELAY, .port = 67,
				    OPT(SID, LEASE) } } },
	{ "relay-info-changed", { { DISCOVER, .giaddr = RELAY, .hops = 1, .dst = SERVER,
				    OPT(AGENT) },
				  { OFFER_TO, .giaddr = RELAY, .dst = RELAY, .port = 67,
				    OPT(SID, LEASE, 82, 3, 1, 1, 'b') } } },
	{ "relay-info-left", { { OFFER, .giaddr = RELAY, OPT(SID, LEASE, AGENT) } } },
	{ "nak-not-broadcast", { { NAK, .dst = YOURS, OPT(SID) } } },
	{ "nak-relayed-flag", { { NAK, .giaddr = RELAY, .dst = RELAY, .port = 67, OPT(SID) } } },
	{ "ciaddr-elsewhere", { { RENEW },
				{ .op = 2, .type = 5, .yiaddr = YOURS, OPT(SID, LEASE) } } },
	{ "flag-not-broadcast", { { DISCOVER, .flags = 0x8000 },
				  { OFFER, .flags = 0x8000, OPT(SID, LEASE) } } },
	{ "giaddr-elsewhere", { { OFFER_TO, .giaddr = RELAY, .dst = OTHER, .port = 67,
				  OPT(SID, LEASE) } } },
};

static void fail_with(const struct row *row, size_t i, const struct breaches *b)
{
	cleanup_text struct text list = { 0 };

	for (size_t k = 0; k < b->n; k++)
		text_add(&list, " %s (%s)", b->breach[k].rule->name, b->breach[k].detail);
	fail_msg("row %zu, %s: found%s", i, row->rule ? row->rule : "sound",
		 list.str ? list.str : " nothing");
}

static void sound_exchanges_break_nothing(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(sound); i++) {
		struct breaches b;

		run(&sound[i], &b);
		if (b.n)
			fail_with(&sound[i], i, &b);
	}
}

static void each_rule_is_broken_alone(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct breaches b;

		run(&rows[i], &b);
		if (b.n != 1 || strcmp(b.breach[0].rule->name, rows[i].rule) != 0)
			fail_with(&rows[i], i, &b);
	}
}

static void each_rule_has_a_row(void **state)
{
	const struct breach_rule *rule;
	size_t n = 0;

	for (; (rule = breach_rule(n)); n++) {
		bool found = false;

		for (size_t i = 0; i < ARRAY_SIZE(rows) && !found; i++)
			found = strcmp(rows[i].rule, rule->name) == 0;
		if (!found)
			fail_msg("no row breaks %s", rule->name);
		assert_non_null(strstr(rule->rfc, "RFC "));
		assert_null(strpbrk(rule->what, "\"\\"));
	}
	assert_true(n <= BREACH_RULES_MAX);
}

static void a_client_whose_slot_is_taken_is_forgotten(void **state)
{
	struct breach_watch *w = breach_watch_new();
	struct message m = { DISCOVER };
	struct trace_packet p;
	struct breaches b;
	uint8_t bytes[SIZE];

	/* More clients than the watch remembers; each sends its second message too early. */
	for (unsigned int i = 0; i < 20000; i++) {
		packet(&m, bytes, &p);
		store_be32(p.msg.chaddr, i);
		assert_int_equal(breach_watch_packet(w, i, &p, &b), 0);
		assert_int_equal(b.n, 0);
	}
	breach_watch_free(w);
}

static void views(void **state)
{
	const struct row *row = &rows[8];
	cleanup_text struct text lines = { 0 }, json = { 0 }, sum = { 0 };
	struct trace_event e = { .kind = TRACE_LAB, .n = 3, .text = (char *)"x" };
	struct breach_tally tally = { 0 };
	struct breaches b;

	run(row, &b);
	breach_view_lines(&(struct view){ 0 }, &b, &lines);
	assert_string_equal(lines.str, "             !  a DISCOVER has ciaddr 0 (RFC 2131 "
			    "section 4.4.1); here: ciaddr\n                10.0.0.105\n");
	assert_int_equal(breach_view_json(&e, &b, &json), 0);
	assert_non_null(strstr(json.str, "\"what\":\"x\",\"breaches\":[{\"rule\":\"discover-ciaddr\","
			       "\"level\":\"RFC\",\"rfc\":\"RFC 2131 section 4.4.1\","));
	assert_string_equal(json.str + json.len - 4, "}]}\n");
	breach_tally_add(&tally, &b, 3);
	breach_tally_add(&tally, &b, 5);
	breach_tally_view(&tally, &sum);
	assert_string_equal(sum.str, "  RFC     a DISCOVER has ciaddr 0 (RFC 2131 section 4.4.1): "
			    "2 times, first in #3\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sound_exchanges_break_nothing),
		cmocka_unit_test(each_rule_is_broken_alone),
		cmocka_unit_test(each_rule_has_a_row),
		cmocka_unit_test(a_client_whose_slot_is_taken_is_forgotten),
		cmocka_unit_test(views),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
