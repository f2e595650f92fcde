/* SPDX-License-Identifier: MIT */
/* test_life.c - machines that end and begin again, and the record between two lives. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "dhcp/journal.h"
#include "node/node.h"

#define SERVER_IP 0x0a000001u
#define SECOND DHCP_SECOND

static const uint8_t server_mac[6] = { 2, 0, 0, 0, 0, 2 };
static const uint8_t everyone[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };

/**
 * struct world - a server, a client, and what they did
 * @done: one letter each, of both: s send, k commit, c configure, d deconfigure
 * @told: what the lab events said, a line each
 */
struct world {
	struct node server, client;
	struct dhcp_send sent;
	char done[64];
	struct text journal, told;
	int commit_result, recall_result;
};

static void add(struct world *w, char what)
{
	size_t n = strlen(w->done);

	assert_true(n + 1 < sizeof(w->done));
	w->done[n] = what;
	w->done[n + 1] = '\0';
}

static int on_send(void *ctx, struct node *n, const struct dhcp_send *s)
{
	struct world *w = ctx;

	add(w, 's');
	w->sent = *s;
	return 0;
}

static int on_send_frame(void *ctx, struct node *n, const void *frame, size_t len)
{
	return 0;
}

static int on_configure(void *ctx, struct node *n, const struct dhcp_config *c)
{
	add(ctx, 'c');
	return 0;
}

static int on_deconfigure(void *ctx, struct node *n, const struct dhcp_config *c)
{
	assert_int_not_equal(c->address, 0);
	add(ctx, 'd');
	return 0;
}

static void on_event(void *ctx, struct node *n, const struct trace_event *e)
{
	struct world *w = ctx;

	if (e->kind == TRACE_LAB)
		text_add(&w->told, "%s\n", e->text);
}

static int on_commit(void *ctx, struct node *n, const char *line, size_t len)
{
	struct world *w = ctx;

	add(w, 'k');
	assert_true(n->persist);
	if (w->commit_result == 0)
		text_addn(&w->journal, line, len);
	return w->commit_result;
}

static int on_recall(void *ctx, struct node *n, struct text *ret)
{
	struct world *w = ctx;

	assert_true(n->persist);
	if (w->journal.len)
		text_addn(ret, w->journal.str, w->journal.len);
	return w->recall_result;
}

static const struct node_ops ops = {
	.send = on_send,
	.send_frame = on_send_frame,
	.configure = on_configure,
	.deconfigure = on_deconfigure,
	.event = on_event,
	.commit = on_commit,
	.recall = on_recall,
};

static void begin(struct world *w, bool persist)
{
	struct dhcp_server_options server = {
		.address = SERVER_IP, .prefix_len = 24, .first = SERVER_IP + 9,
		.last = SERVER_IP + 19, .default_lease_sec = 3600, .min_lease_sec = 2,
		.max_lease_sec = 7200, .offer_sec = 60, .decline_sec = 60, .max_bindings = 32,
		.seed = 7,
	};
	struct dhcp_client_options client = { .seed = 7, .mac = { 2, 0, 0, 0, 0, 1 } };

	*w = (struct world){ 0 };
	assert_int_equal(node_init_server(&w->server, "s:eth0", server_mac, &server, &ops, w), 0);
	assert_int_equal(node_init_client(&w->client, "c:eth0", &client, &ops, w), 0);
	w->server.persist = persist;
	node_start(&w->server, 0);
}

static void end(struct world *w)
{
	node_done(&w->server);
	node_done(&w->client);
	text_done(&w->journal);
	text_done(&w->told);
}

/* What was sent last comes to @to. */
static int arrive(struct world *w, struct node *to, uint64_t now)
{
	struct node *from = to == &w->server ? &w->client : &w->server;
	uint8_t frame[FRAME_MAX];
	int len = node_frame(from, &w->sent, everyone, frame, sizeof(frame));

	assert_true(len > 0);
	return node_rx_frame(to, now, frame, (size_t)len, false);
}

static void up_to_request(struct world *w)
{
	assert_int_equal(node_start(&w->client, 1), 1);
	assert_int_equal(arrive(w, &w->server, 2), 1);
	assert_int_equal(arrive(w, &w->client, 3), 1);
	assert_int_equal(w->sent.type, DHCP_REQUEST);
}

static void up_to_bound(struct world *w)
{
	up_to_request(w);
	assert_int_equal(arrive(w, &w->server, 4), 1);
	assert_int_equal(arrive(w, &w->client, 5), 1);
	assert_string_equal(node_state(&w->client), "BOUND");
}

static const struct dhcp_binding *only_binding(const struct world *w)
{
	assert_null(dhcp_server_binding(w->server.server, 1));
	return dhcp_server_binding(w->server.server, 0);
}

static bool was_told(const struct world *w, const char *words)
{
	return w->told.str && strstr(w->told.str, words);
}

static void rfc2131_3_1_the_commit_comes_before_the_ack(void **state)
{
	struct world w;

	begin(&w, true);
	up_to_bound(&w);
	assert_string_equal(w.done, "sssksc");
	end(&w);
}

static void rfc2131_3_1_no_ack_without_a_record(void **state)
{
	struct world w;

	begin(&w, true);
	up_to_request(&w);
	w.commit_result = -ENOSPC;
	assert_int_equal(arrive(&w, &w.server, 4), 1);
	assert_string_equal(w.done, "sssk");
	assert_true(was_told(&w, "no ACK is sent: No space left on device"));

	/* The client asks again; by now there is room. */
	w.commit_result = 0;
	assert_int_equal(node_deadline(&w.client, node_next_deadline(&w.client)), 1);
	assert_int_equal(arrive(&w, &w.server, 5 * SECOND), 1);
	assert_int_equal(w.sent.type, DHCP_ACK);
	end(&w);
}

static void rfc2131_2_1_a_crashed_server_knows_its_leases(void **state)
{
	struct dhcp_binding before;
	struct world w;

	begin(&w, true);
	up_to_bound(&w);
	before = *only_binding(&w);
	assert_int_equal(node_crash(&w.server, SECOND), 1);
	assert_int_equal(node_crash(&w.server, SECOND), 0);
	assert_null(only_binding(&w));
	assert_true(was_told(&w, "the server has crashed"));

	assert_int_equal(node_start(&w.server, 2 * SECOND), 1);
	assert_memory_equal(only_binding(&w), &before, sizeof(before));
	assert_true(was_told(&w, "starts again, with 1 binding on record"));
	end(&w);
}

static void a_stopped_server_hears_nothing_and_waits_for_nothing(void **state)
{
	struct world w;

	begin(&w, true);
	up_to_request(&w);
	assert_int_equal(node_stop(&w.server, 4), 1);
	assert_int_equal(node_stop(&w.server, 4), 0);
	assert_int_equal(arrive(&w, &w.server, 5), 0);
	assert_string_equal(w.done, "sss");
	assert_true(node_next_deadline(&w.server) == DHCP_NEVER);
	assert_int_equal(node_deadline(&w.server, 61 * SECOND), 0);

	/* The offer is forgotten, the address is free: RFC 2131 section 4.3.2 lets it ACK. */
	assert_int_equal(node_start(&w.server, 62 * SECOND), 1);
	assert_true(was_told(&w, "with 0 bindings on record"));
	end(&w);
}

static void without_persistence_all_is_forgotten(void **state)
{
	struct world w;

	begin(&w, false);
	up_to_bound(&w);
	assert_string_equal(w.done, "ssssc");
	assert_int_equal(node_stop(&w.server, SECOND), 1);
	assert_int_equal(node_start(&w.server, SECOND), 1);
	assert_null(only_binding(&w));
	assert_true(was_told(&w, "knows of no lease (PersistLeases=no)"));
	end(&w);
}

static void a_cut_and_a_damaged_line_are_passed_over_and_told(void **state)
{
	char line[512];
	struct world w;
	size_t len;

	begin(&w, true);
	up_to_bound(&w);
	len = w.journal.len;
	memcpy(line, w.journal.str, len);
	line[3] ^= 1;
	text_addn(&w.journal, line, len);
	text_addn(&w.journal, line, len / 2);
	node_crash(&w.server, SECOND);
	assert_int_equal(node_start(&w.server, SECOND), 1);
	assert_non_null(only_binding(&w));
	assert_true(was_told(&w, "the last line of the lease file was cut short"));
	assert_true(was_told(&w, "1 line of the lease file can not be read (the first: 2)"));
	end(&w);
}

/* It would give addresses away that it has leased. */
static void a_server_that_can_not_read_its_record_stays_off(void **state)
{
	struct world w;

	begin(&w, true);
	up_to_bound(&w);
	node_crash(&w.server, SECOND);
	w.recall_result = -EIO;
	assert_int_equal(node_start(&w.server, SECOND), -EIO);
	assert_true(was_told(&w, "the server can not take up what it has on record: "));
	assert_true(node_next_deadline(&w.server) == DHCP_NEVER);
	w.recall_result = 0;
	assert_int_equal(node_start(&w.server, SECOND), 1);
	end(&w);
}

static void a_snapshot_says_the_same_in_fewer_lines(void **state)
{
	struct text cleanup_text fresh = { 0 };
	struct dhcp_binding before;
	struct world w;

	begin(&w, true);
	up_to_bound(&w);
	assert_int_equal(node_command(&w.client, SECOND, DHCP_COMMAND_RENEW), 1);
	assert_int_equal(arrive(&w, &w.server, SECOND), 1);
	before = *only_binding(&w);
	node_snapshot(&w.server, 0, &fresh);
	assert_int_equal(2 * fresh.len, w.journal.len);

	text_done(&w.journal);
	w.journal = fresh;
	fresh = (struct text){ 0 };
	node_crash(&w.server, SECOND);
	assert_int_equal(node_start(&w.server, SECOND), 1);
	assert_memory_equal(only_binding(&w), &before, sizeof(before));
	end(&w);
}

static struct dhcp_binding lease(uint8_t n, enum dhcp_binding_state s, uint64_t expires)
{
	return (struct dhcp_binding){
		.state = s, .address = SERVER_IP + 8 + n, .id_len = 1, .id_is_option = true,
		.id = { n }, .htype = 1, .hlen = 6, .chaddr = { n }, .expires = expires,
	};
}

/* Who remembers what, oldest first, as a digit each. */
static void remembered(const struct world *w, char *out)
{
	const struct dhcp_binding *b = NULL;

	while ((b = dhcp_server_remembered(w->server.server, b)))
		*out++ = (char)('0' + b->id[0]);
	*out = '\0';
}

static void begin_anew(struct world *w)
{
	struct text fresh = { 0 };

	node_snapshot(&w->server, 1, &fresh);
	assert_false(fresh.failed);
	text_done(&w->journal);
	w->journal = fresh;
	node_crash(&w->server, 200 * SECOND);
	assert_int_equal(node_start(&w->server, 200 * SECOND), 1);
}

/* RFC 2131 section 4.3.1: what was given up goes to others in that order, old before new. */
static void a_snapshot_keeps_the_order_in_which_addresses_were_given_up(void **state)
{
	/* 3 is released, 1 over, 5 released; then 4 is over at 100 s, 2 at 150 s, in no order. */
	const struct dhcp_binding made[] = {
		lease(1, DHCP_BINDING_ACTIVE, 20 * SECOND), lease(2, DHCP_BINDING_ACTIVE, 150 * SECOND),
		lease(3, DHCP_BINDING_RELEASED, 10 * SECOND), lease(4, DHCP_BINDING_ACTIVE, 100 * SECOND),
		lease(5, DHCP_BINDING_RELEASED, 30 * SECOND), lease(6, DHCP_BINDING_ACTIVE, 999 * SECOND),
	};
	const uint64_t at[] = { 1, 1, 10 * SECOND, 20 * SECOND, 30 * SECOND, 40 * SECOND };
	char order[16];
	struct world w;

	begin(&w, true);
	for (size_t i = 0; i < ARRAY_SIZE(made); i++)
		assert_int_equal(dhcp_server_restore(w.server.server, &made[i], NULL, at[i]), 0);
	remembered(&w, order);
	assert_string_equal(order, "315");
	begin_anew(&w);
	remembered(&w, order);
	assert_string_equal(order, "31542");
	begin_anew(&w);
	remembered(&w, order);
	assert_string_equal(order, "31542");
	end(&w);
}

static void a_head_is_no_bad_line_but_only_at_the_top(void **state)
{
	char head[JOURNAL_LINE_MAX];
	struct world w;

	begin(&w, true);
	text_addn(&w.journal, head, journal_write_head(1, 0, head));
	up_to_bound(&w);
	node_crash(&w.server, SECOND);
	assert_int_equal(node_start(&w.server, SECOND), 1);
	assert_non_null(only_binding(&w));
	assert_false(was_told(&w, "can not be read"));
	text_addn(&w.journal, head, journal_write_head(1, 0, head));
	node_crash(&w.server, SECOND);
	assert_int_equal(node_start(&w.server, SECOND), 1);
	assert_true(was_told(&w, "can not be read (the first: 3)"));
	end(&w);
}

static void a_crashed_client_has_nothing_and_says_nothing(void **state)
{
	struct world w;
	uint32_t xid;

	begin(&w, true);
	up_to_bound(&w);
	xid = w.client.client.xid;
	w.done[0] = '\0';
	assert_int_equal(node_crash(&w.client, SECOND), 1);
	assert_string_equal(w.done, "d");
	assert_string_equal(node_state(&w.client), "INIT");
	assert_int_equal(node_command(&w.client, SECOND, DHCP_COMMAND_RENEW), 0);
	assert_true(was_told(&w, "it has crashed, and has to be started"));

	assert_int_equal(node_start(&w.client, 2 * SECOND), 1);
	assert_string_equal(w.done, "ds");
	assert_int_equal(w.sent.type, DHCP_DISCOVER);
	assert_int_not_equal(w.client.client.xid, xid);
	end(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rfc2131_3_1_the_commit_comes_before_the_ack),
		cmocka_unit_test(rfc2131_3_1_no_ack_without_a_record),
		cmocka_unit_test(rfc2131_2_1_a_crashed_server_knows_its_leases),
		cmocka_unit_test(a_stopped_server_hears_nothing_and_waits_for_nothing),
		cmocka_unit_test(without_persistence_all_is_forgotten),
		cmocka_unit_test(a_cut_and_a_damaged_line_are_passed_over_and_told),
		cmocka_unit_test(a_server_that_can_not_read_its_record_stays_off),
		cmocka_unit_test(a_snapshot_says_the_same_in_fewer_lines),
		cmocka_unit_test(a_snapshot_keeps_the_order_in_which_addresses_were_given_up),
		cmocka_unit_test(a_head_is_no_bad_line_but_only_at_the_top),
		cmocka_unit_test(a_crashed_client_has_nothing_and_says_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
