/* SPDX-License-Identifier: MIT */
/* The machine of RFC 3927 beside a client: when it begins, and what it gives way to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "node/node.h"

static const uint8_t our_mac[6] = { 2, 0, 0, 0, 0, 1 };
static const uint8_t other_mac[6] = { 2, 0, 0, 0, 0, 9 };

#define TALES_MAX 8192
#define SENT_MAX 256

/**
 * struct world - what one client did
 * @tale: words in order: "DISCOVER", "probe", "announce", "+lease", "-lease", "+local", "-local"
 * @sent: a sum of each message's bytes and time
 */
struct world {
	struct node n;
	char tale[TALES_MAX];
	char states[TALES_MAX];
	uint64_t now;
	uint64_t sent[SENT_MAX];
	size_t n_sent;
	struct dhcp_send last;
	uint32_t local;
};

static void say(char *tale, const char *word)
{
	size_t len = strlen(tale);

	assert_true(len + strlen(word) + 2 < TALES_MAX);
	sprintf(tale + len, "%s%s", len ? " " : "", word);
}

static int on_send(void *ctx, struct node *n, const struct dhcp_send *s)
{
	struct world *w = ctx;
	uint64_t sum = w->now;

	for (size_t i = 0; i < s->len; i++)
		sum = sum * 31 + s->data[i];
	assert_true(w->n_sent < SENT_MAX);
	w->sent[w->n_sent++] = sum;
	w->last = *s;
	say(w->tale, dhcp_type_name(s->type));
	return 0;
}

static int on_send_frame(void *ctx, struct node *n, const void *frame, size_t len)
{
	struct world *w = ctx;
	struct frame f;

	assert_int_equal(frame_decode(frame, len, false, &f), 0);
	assert_memory_equal(f.arp_sender_mac, our_mac, 6);
	assert_int_equal(f.dst_ip >> 16, 0xa9fe);
	assert_true(f.src_ip == 0 || f.src_ip == f.dst_ip);
	say(w->tale, f.src_ip ? "announce" : "probe");
	return 0;
}

static int on_configure(void *ctx, struct node *n, const struct dhcp_config *c)
{
	say(((struct world *)ctx)->tale, "+lease");
	return 0;
}

static int on_deconfigure(void *ctx, struct node *n, const struct dhcp_config *c)
{
	say(((struct world *)ctx)->tale, "-lease");
	return 0;
}

static int on_link_local(void *ctx, struct node *n, const struct dhcp_config *c, bool on)
{
	struct world *w = ctx;

	say(w->tale, on ? "+local" : "-local");
	assert_true(on != (w->local == c->address));
	w->local = on ? c->address : 0;
	return 0;
}

static void on_event(void *ctx, struct node *n, const struct trace_event *e)
{
	struct world *w = ctx;

	if (e->kind != TRACE_STATE || strcmp(e->machine, "link-local") != 0)
		return;
	assert_true(strstr(e->rfc, "RFC 3927 section ") || strstr(e->rfc, "RFC 2563 section "));
	assert_true(strlen(e->text) > 10);
	if (strcmp(e->from, e->to) != 0)
		say(w->states, e->to);
}

static const struct node_ops ops = {
	.send = on_send,
	.send_frame = on_send_frame,
	.configure = on_configure,
	.deconfigure = on_deconfigure,
	.link_local = on_link_local,
	.event = on_event,
};

static void begin(struct world *w, enum scn_link_local mode, uint8_t max_attempts)
{
	struct dhcp_client_options opt = { .seed = 7, .max_attempts = max_attempts };

	memset(w, 0, sizeof(*w));
	memcpy(opt.mac, our_mac, 6);
	assert_int_equal(node_init_client(&w->n, "c:eth0", &opt, &ops, w), 0);
	node_set_link_local(&w->n, mode);
	node_start(&w->n, 0);
}

static void run(struct world *w, uint64_t seconds)
{
	uint64_t end = w->now + seconds * DHCP_SECOND;

	while (node_next_deadline(&w->n) <= end) {
		uint64_t t = node_next_deadline(&w->n);

		assert_true(t >= w->now);
		w->now = t;
		assert_int_equal(node_deadline(&w->n, t), 1);
	}
	w->now = end;
}

static void forget(struct world *w)
{
	w->tale[0] = w->states[0] = '\0';
}

/* A server's answer to what was sent last; @nothing: an OFFER of no address (RFC 2563). */
static void answer_with(struct world *w, uint8_t type, bool nothing)
{
	struct dhcp_message asked, m;
	struct frame f = { .src_ip = 0x0a000001, .dst_ip = 0xffffffff,
			   .src_port = DHCP_SERVER_PORT, .dst_port = DHCP_CLIENT_PORT };
	uint8_t payload[600], frame[FRAME_MAX];
	const char *why, *rfc;
	struct dhcp_builder b;
	int len;

	assert_int_equal(dhcp_message_decode(w->last.data, w->last.len, &asked, &why, &rfc), 0);
	m = (struct dhcp_message){ .op = DHCP_OP_REPLY, .htype = 1, .hlen = 6, .xid = asked.xid,
				   .type = type, .yiaddr = nothing ? 0 : 0x0a000009 };
	memcpy(m.chaddr, our_mac, 6);
	assert_int_equal(dhcp_build_begin(&b, payload, sizeof(payload), &m), 0);
	assert_int_equal(dhcp_build_put_u32(&b, DHCP_OPT_SERVER_ID, 0x0a000001), 0);
	if (nothing)
		assert_int_equal(dhcp_build_put_u8(&b, DHCP_OPT_AUTO_CONFIGURE, 0), 0);
	else
		assert_int_equal(dhcp_build_put_u32(&b, DHCP_OPT_LEASE_TIME, 3600), 0);
	f.payload_len = (size_t)dhcp_build_end(&b);
	f.payload = payload;
	memcpy(f.src_mac, other_mac, 6);
	memset(f.dst_mac, 0xff, 6);
	len = frame_encode_udp(&f, 1, frame, sizeof(frame));
	assert_true(len > 0);
	assert_int_equal(node_rx_frame(&w->n, w->now, frame, (size_t)len, false), 1);
}

static void answer(struct world *w, uint8_t type)
{
	answer_with(w, type, false);
}

static int arp(struct world *w, uint16_t op, uint32_t sender, uint32_t target)
{
	struct frame f = { .arp_op = op, .src_ip = sender, .dst_ip = target };
	uint8_t frame[FRAME_MAX];
	int len;

	memcpy(f.src_mac, other_mac, 6);
	memcpy(f.arp_sender_mac, other_mac, 6);
	memset(f.dst_mac, 0xff, 6);
	len = frame_encode_arp(&f, frame, sizeof(frame));
	assert_true(len > 0);
	return node_rx_frame(&w->n, w->now, frame, (size_t)len, false);
}

#define CLAIM "probe probe probe +local announce announce"

static void fallback_begins_when_three_discovers_had_no_answer(void **state)
{
	struct world w;

	begin(&w, SCN_LINK_LOCAL_FALLBACK, 0);
	run(&w, 24);	/* 4, 8 and 16 s, each give or take one, and no less than 25 */
	assert_string_equal(w.tale, "DISCOVER DISCOVER DISCOVER");
	assert_int_equal(node_link_local(&w.n), 0);
	run(&w, 20);
	assert_string_equal(w.tale, "DISCOVER DISCOVER DISCOVER DISCOVER " CLAIM);
	assert_string_equal(w.states, "PROBING CLAIMED");
	assert_int_equal(node_link_local(&w.n), w.local);
	assert_int_equal(w.local >> 16, 0xa9fe);
}

static void ipv4_begins_with_the_client(void **state)
{
	struct world w;

	begin(&w, SCN_LINK_LOCAL_IPV4, 0);
	run(&w, 3);
	assert_string_equal(w.tale, "DISCOVER probe probe");
	run(&w, 7);
	assert_true(w.local != 0);
}

static void no_is_no(void **state)
{
	struct world w;

	begin(&w, SCN_LINK_LOCAL_NO, 0);
	run(&w, 600);
	assert_null(strstr(w.tale, "probe"));
	assert_string_equal(w.states, "");
}

static void rfc3927_2_11_the_dhcp_client_goes_on_as_if_it_were_not_there(void **state)
{
	static const enum scn_link_local modes[] = { SCN_LINK_LOCAL_FALLBACK,
						     SCN_LINK_LOCAL_IPV4 };
	struct world without, with;

	begin(&without, SCN_LINK_LOCAL_NO, 0);
	run(&without, 3600);
	for (size_t i = 0; i < ARRAY_SIZE(modes); i++) {
		begin(&with, modes[i], 0);
		run(&with, 3600);
		assert_true(with.local != 0);
		assert_int_equal(with.n_sent, without.n_sent);
		assert_memory_equal(with.sent, without.sent, sizeof(with.sent));
	}
}

static void rfc3927_1_9_the_address_goes_before_the_lease_comes(void **state)
{
	struct world w;

	begin(&w, SCN_LINK_LOCAL_FALLBACK, 0);
	run(&w, 60);
	forget(&w);
	answer(&w, DHCP_OFFER);
	assert_string_equal(w.tale, "REQUEST");	/* an offer is no lease yet */
	answer(&w, DHCP_ACK);
	assert_string_equal(w.tale, "REQUEST -local +lease");
	assert_string_equal(w.states, "OFF");
	assert_int_equal(node_link_local(&w.n), 0);
	run(&w, 1000);
	assert_null(strstr(w.tale, "announce"));

	/* Nobody extends it: it ends, and after three more DISCOVERs the old address is back. */
	forget(&w);
	run(&w, 3600);
	assert_non_null(strstr(w.tale, "-lease DISCOVER DISCOVER DISCOVER DISCOVER " CLAIM));
}

/* Before it begins, and when it has begun. */
static void rfc2563_2_2_a_server_can_forbid_it(void **state)
{
	struct world w;

	begin(&w, SCN_LINK_LOCAL_FALLBACK, 0);
	w.n.client.opt.auto_configure = true;
	answer_with(&w, DHCP_OFFER, true);
	run(&w, 600);
	assert_null(strstr(w.tale, "probe"));
	assert_non_null(strstr(w.tale, "DISCOVER DISCOVER DISCOVER DISCOVER DISCOVER"));

	begin(&w, SCN_LINK_LOCAL_IPV4, 0);
	w.n.client.opt.auto_configure = true;
	run(&w, 20);
	forget(&w);
	answer_with(&w, DHCP_OFFER, true);
	assert_string_equal(w.tale, "-local");
	run(&w, 600);
	assert_null(strstr(w.tale, "probe"));
	answer(&w, DHCP_OFFER);
	answer(&w, DHCP_ACK);
	assert_non_null(strstr(w.tale, "+lease"));
}

static void the_users_last_attempt_is_silence_too(void **state)
{
	struct world w;

	begin(&w, SCN_LINK_LOCAL_FALLBACK, 2);
	run(&w, 60);
	assert_string_equal(w.tale, "DISCOVER DISCOVER " CLAIM);
	assert_string_equal(node_state(&w.n), "STOPPED");
	forget(&w);
	node_stop(&w.n, w.now);
	assert_string_equal(w.tale, "-local");
}

static void who_stops_or_crashes_has_no_address(void **state)
{
	struct world w;

	begin(&w, SCN_LINK_LOCAL_IPV4, 0);
	run(&w, 20);
	forget(&w);
	node_stop(&w.n, w.now);
	assert_string_equal(w.tale, "-local");
	node_start(&w.n, w.now);
	run(&w, 20);
	forget(&w);
	node_crash(&w.n, w.now);
	assert_string_equal(w.tale, "-local");
	assert_int_equal(node_next_deadline(&w.n), DHCP_NEVER);
}

static void rfc3927_2_2_a_link_that_comes_back_is_probed(void **state)
{
	struct world w;

	begin(&w, SCN_LINK_LOCAL_IPV4, 0);
	run(&w, 20);
	forget(&w);
	node_command(&w.n, w.now, DHCP_COMMAND_LINK_UP);
	assert_string_equal(w.tale, "-local DISCOVER");
	run(&w, 3);
	assert_string_equal(w.tale, "-local DISCOVER probe probe");
}

static void rfc3927_2_5_arp_of_others_is_a_conflict(void **state)
{
	uint32_t first, second;
	struct world w;

	begin(&w, SCN_LINK_LOCAL_IPV4, 0);
	first = w.n.link_local.address;
	assert_int_equal(arp(&w, 1, first + 1, first), 0);	/* somebody asks for it */
	assert_int_equal(arp(&w, 1, 0, first + 1), 0);		/* probes for another one */
	assert_int_equal(w.n.link_local.address, first);
	assert_int_equal(arp(&w, 1, 0, first), 1);	/* section 2.2.1: probes at the same time */
	second = w.n.link_local.address;
	assert_int_not_equal(second, first);
	assert_int_equal(arp(&w, 2, second, 0), 1);	/* section 2.2.1: has it */
	assert_int_not_equal(w.n.link_local.address, second);

	run(&w, 20);
	forget(&w);
	assert_int_equal(arp(&w, 1, 0, w.local), 0);	/* a probe for what is claimed: the
							   kernel answers, as for any request */
	assert_int_equal(arp(&w, 2, w.local, 0), 1);
	assert_string_equal(w.tale, "announce");
	first = w.local;
	assert_int_equal(arp(&w, 2, first, 0), 1);
	assert_string_equal(w.tale, "announce -local");
	run(&w, 20);
	assert_int_not_equal(w.local, first);
}

/* Unlike RFC 5227: who has not this interface's hardware address is somebody else. */
static void rfc3927_2_5_the_hosts_other_interface_is_a_conflict(void **state)
{
	struct scn_iface iface = { 0 };
	struct scenario s = { .ifaces = &iface, .n_ifaces = 1 };
	struct scn_node host = { .ifaces = (size_t[]){ 0 }, .n_ifaces = 1 };
	struct world w;

	memcpy(iface.mac, other_mac, sizeof(iface.mac));
	begin(&w, SCN_LINK_LOCAL_IPV4, 0);
	w.n.scenario = &s;
	w.n.host = &host;
	assert_int_equal(arp(&w, 2, w.n.link_local.address, 0), 1);
	node_done(&w.n);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fallback_begins_when_three_discovers_had_no_answer),
		cmocka_unit_test(ipv4_begins_with_the_client),
		cmocka_unit_test(no_is_no),
		cmocka_unit_test(rfc3927_2_11_the_dhcp_client_goes_on_as_if_it_were_not_there),
		cmocka_unit_test(rfc3927_1_9_the_address_goes_before_the_lease_comes),
		cmocka_unit_test(rfc2563_2_2_a_server_can_forbid_it),
		cmocka_unit_test(the_users_last_attempt_is_silence_too),
		cmocka_unit_test(who_stops_or_crashes_has_no_address),
		cmocka_unit_test(rfc3927_2_2_a_link_that_comes_back_is_probed),
		cmocka_unit_test(rfc3927_2_5_arp_of_others_is_a_conflict),
		cmocka_unit_test(rfc3927_2_5_the_hosts_other_interface_is_a_conflict),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
