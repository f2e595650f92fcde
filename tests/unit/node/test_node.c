/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "base/prng.h"
#include "node/node.h"

static const uint8_t client_mac[6] = { 2, 0, 0, 0, 0, 1 };
static const uint8_t other_mac[6] = { 2, 0, 0, 0, 0, 9 };
static const uint8_t server_mac[6] = { 2, 0, 0, 0, 0, 2 };
static const uint8_t everyone[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };

#define SERVER_IP 0x0a000001u
#define EVENTS_MAX 64

/* What a machine did, in order; @kinds is one letter each: s f c d, and S D L for events. */
struct record {
	char kinds[EVENTS_MAX];
	struct dhcp_send sent;
	uint8_t frame[FRAME_MAX];
	size_t frame_len;
	struct dhcp_config config;
	char why[256], from[16], to[16];
	uint8_t dropped;
	int send_result;
};

static void add(struct record *r, char kind)
{
	size_t n = strlen(r->kinds);

	assert_true(n + 1 < sizeof(r->kinds));
	r->kinds[n] = kind;
}

static int on_send(void *ctx, struct node *n, const struct dhcp_send *s)
{
	struct record *r = ctx;

	add(r, 's');
	r->sent = *s;
	return r->send_result;
}

static int on_send_frame(void *ctx, struct node *n, const void *frame, size_t len)
{
	struct record *r = ctx;

	add(r, 'f');
	memcpy(r->frame, frame, len);
	r->frame_len = len;
	return 0;
}

static int on_configure(void *ctx, struct node *n, const struct dhcp_config *c)
{
	struct record *r = ctx;

	add(r, 'c');
	r->config = *c;
	return 0;
}

static int on_deconfigure(void *ctx, struct node *n, const struct dhcp_config *c)
{
	add(ctx, 'd');
	return 0;
}

static void on_event(void *ctx, struct node *n, const struct trace_event *e)
{
	struct record *r = ctx;

	assert_string_equal(e->at, n->label);
	add(r, e->kind == TRACE_STATE ? 'S' : e->kind == TRACE_DROP ? 'D' : 'L');
	str_copy(r->why, sizeof(r->why), e->text);
	str_copy(r->from, sizeof(r->from), e->from);
	str_copy(r->to, sizeof(r->to), e->to);
	if (e->kind == TRACE_DROP) {
		r->dropped = e->message;
		assert_non_null(e->text);
		assert_non_null(e->rfc);
	}
}

static const struct node_ops ops = {
	.send = on_send,
	.send_frame = on_send_frame,
	.configure = on_configure,
	.deconfigure = on_deconfigure,
	.event = on_event,
};

static void make_client(struct node *n, struct record *r, uint8_t probes)
{
	struct dhcp_client_options opt = { .seed = 7, .conflict_probes = probes };

	memset(r, 0, sizeof(*r));
	memcpy(opt.mac, client_mac, 6);
	assert_int_equal(node_init_client(n, "c:eth0", &opt, &ops, r), 0);
}

static void make_server(struct node *n, struct record *r)
{
	struct dhcp_server_options opt = {
		.address = SERVER_IP,
		.prefix_len = 24,
		.first = SERVER_IP + 9,
		.last = SERVER_IP + 19,
		.default_lease_sec = 3600,
		.min_lease_sec = 2,
		.max_lease_sec = 7200,
		.offer_sec = 60,
		.decline_sec = 60,
		.n_values = 2,
		.value = { { DHCP_OPT_ROUTER, 1, 0, 4 }, { DHCP_OPT_DNS, 1, 0, 4 } },
		.values = { 10, 0, 0, 1 },
		.max_bindings = 32,
		.seed = 7,
	};

	memset(r, 0, sizeof(*r));
	assert_int_equal(node_init_server(n, "s:eth0", server_mac, &opt, &ops, r), 0);
}

/* The frame of what @from sent last, to @dst. */
static size_t frame_of(struct node *from, const struct record *r, const uint8_t dst[static 6],
		       uint8_t out[static FRAME_MAX])
{
	int len = node_frame(from, &r->sent, dst, out, FRAME_MAX);

	assert_true(len > 0);
	return (size_t)len;
}

struct pair {
	struct node client, server;
	struct record c, s;
	uint8_t frame[FRAME_MAX];
	size_t len;
};

/* Until the server's OFFER stands in @p->frame. */
static void up_to_offer(struct pair *p, uint8_t probes)
{
	make_client(&p->client, &p->c, probes);
	make_server(&p->server, &p->s);
	node_start(&p->server, 0);
	assert_int_equal(node_start(&p->client, 0), 1);
	assert_string_equal(p->c.kinds, "Ss");
	p->len = frame_of(&p->client, &p->c, everyone, p->frame);
	assert_int_equal(node_rx_frame(&p->server, 1, p->frame, p->len, false), 1);
	p->len = frame_of(&p->server, &p->s, client_mac, p->frame);
}

/* Until its ACK does. */
static void up_to_ack(struct pair *p, uint8_t probes)
{
	up_to_offer(p, probes);
	assert_int_equal(node_rx_frame(&p->client, 2, p->frame, p->len, false), 1);
	p->len = frame_of(&p->client, &p->c, everyone, p->frame);
	assert_int_equal(node_rx_frame(&p->server, 3, p->frame, p->len, false), 1);
	p->len = frame_of(&p->server, &p->s, client_mac, p->frame);
	memset(p->c.kinds, 0, sizeof(p->c.kinds));
}

static void pair_done(struct pair *p)
{
	node_done(&p->client);
	node_done(&p->server);
}

static void test_four_messages(void **state)
{
	struct pair p;

	up_to_ack(&p, 0);
	assert_int_equal(node_rx_frame(&p.client, 4, p.frame, p.len, false), 1);
	assert_string_equal(p.c.kinds, "Sc");
	assert_string_equal(node_state(&p.client), "BOUND");
	assert_string_equal(p.c.from, "REQUESTING");
	assert_in_range(p.c.config.address, SERVER_IP + 9, SERVER_IP + 19);
	assert_int_equal(p.c.config.n_routers, 1);
	assert_int_equal(p.c.config.n_dns, 1);
	assert_int_not_equal(node_next_deadline(&p.client), DHCP_NEVER);
	assert_string_equal(node_state(&p.server), "");
	pair_done(&p);
}

/* To an address that is not on the interface yet: its frames are the client's all the same. */
static void rfc2131_2_unicast_is_taken_before_there_is_an_address(void **state)
{
	struct frame f;
	struct pair p;

	up_to_offer(&p, 0);
	assert_int_equal(frame_decode(p.frame, p.len, false, &f), 0);
	assert_memory_equal(f.dst_mac, client_mac, 6);
	assert_in_range(f.dst_ip, SERVER_IP + 9, SERVER_IP + 19);
	assert_int_equal(node_rx_frame(&p.client, 2, p.frame, p.len, false), 1);
	assert_string_equal(node_state(&p.client), "REQUESTING");
	pair_done(&p);
}

/* A release changes a binding and has something to say of it: one line, with the address. */
static void test_release_is_told_once(void **state)
{
	struct pair p;

	up_to_ack(&p, 0);
	assert_int_equal(node_rx_frame(&p.client, 4, p.frame, p.len, false), 1);
	assert_int_equal(node_command(&p.client, 5, DHCP_COMMAND_RELEASE), 1);
	p.len = frame_of(&p.client, &p.c, server_mac, p.frame);
	memset(p.s.kinds, 0, sizeof(p.s.kinds));
	assert_int_equal(node_rx_frame(&p.server, 6, p.frame, p.len, false), 1);
	assert_string_equal(p.s.kinds, "S");
	assert_string_equal(p.s.from, "ACTIVE");
	assert_string_equal(p.s.to, "RELEASED");
	assert_non_null(strstr(p.s.why, "10.0.0."));
	pair_done(&p);
}

/* The transition stands in the log before what it sends. */
static void test_state_before_send(void **state)
{
	struct pair p;

	up_to_offer(&p, 0);
	assert_string_equal(p.s.kinds, "Ss");
	assert_string_equal(p.s.from, "NONE");
	assert_string_equal(p.s.to, "OFFERED");
	pair_done(&p);
}

static void test_what_comes_over_udp_is_the_same(void **state)
{
	struct pair p;
	struct frame f;

	up_to_offer(&p, 0);
	assert_int_equal(frame_decode(p.frame, p.len, false, &f), 0);
	assert_int_equal(node_rx_udp(&p.client, 2, f.src_ip, f.src_port, f.dst_ip, f.payload,
				     f.payload_len), 1);
	assert_string_equal(node_state(&p.client), "REQUESTING");
	pair_done(&p);
}

enum { SRC_MAC = 6, ARP_TARGET_MAC = 32, UDP_SUM = 40, DHCP = 42 };

/* What is done to an OFFER on its way, and what becomes of it: a letter, or none. */
static const struct {
	const char *name;
	size_t at;
	uint8_t value[6];
	size_t len;
	bool drops;
} damages[] = {
	{ "to another MAC address", 0, { 2, 0, 0, 0, 0, 9 }, 6, false },
	{ "our own, come back", SRC_MAC, { 2, 0, 0, 0, 0, 1 }, 6, false },
	{ "another protocol", 12, { 0x86, 0xdd }, 2, false },
	{ "broken IP header", 14, { 0x46 }, 1, false },
	{ "another client's chaddr", DHCP + 28, { 2, 0, 0, 0, 0, 9 }, 6, false },
	{ "another client's xid", DHCP + 4, { 1, 2, 3, 4 }, 4, true },
	{ "op of a request", DHCP, { 1 }, 1, true },
	{ "hlen beyond chaddr", DHCP + 2, { 255 }, 1, true },
	{ "option runs past the end", DHCP + 241, { 255 }, 1, true },
};

static void test_ignored_frames(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(damages); i++) {
		struct pair p;

		up_to_offer(&p, 0);
		memset(p.c.kinds, 0, sizeof(p.c.kinds));
		memcpy(p.frame + damages[i].at, damages[i].value, damages[i].len);
		/* A sender that means it: DHCP's bytes changed, and no checksum (RFC 768). */
		memset(p.frame + UDP_SUM, 0, 2);
		if (node_rx_frame(&p.client, 2, p.frame, p.len, false) != 0 ||
		    strcmp(p.c.kinds, damages[i].drops ? "D" : "") != 0)
			fail_msg("%s: \"%s\"", damages[i].name, p.c.kinds);
		assert_string_equal(node_state(&p.client), "SELECTING");
		pair_done(&p);
	}
}

static void test_drop_names_the_message(void **state)
{
	struct pair p;

	up_to_offer(&p, 0);
	p.frame[DHCP + 4] ^= 1;
	memset(p.frame + UDP_SUM, 0, 2);
	assert_int_equal(node_rx_frame(&p.client, 2, p.frame, p.len, false), 0);
	assert_int_equal(p.c.dropped, DHCP_OFFER);
	pair_done(&p);
}

/* RFC 768; but where the kernel has left the checksum to hardware it is not looked at. */
static void test_wrong_checksum_is_a_drop(void **state)
{
	struct pair p;

	up_to_offer(&p, 0);
	memset(p.c.kinds, 0, sizeof(p.c.kinds));
	p.frame[UDP_SUM] ^= 1;
	assert_int_equal(node_rx_frame(&p.client, 2, p.frame, p.len, false), 0);
	assert_string_equal(p.c.kinds, "D");
	assert_int_equal(p.c.dropped, DHCP_OFFER);
	assert_int_equal(node_rx_frame(&p.client, 2, p.frame, p.len, true), 1);
	pair_done(&p);
}

/* A client does not listen on the server's port, nor a server on the client's. */
static void test_other_port_is_silent(void **state)
{
	struct pair p;

	up_to_offer(&p, 0);
	memset(p.s.kinds, 0, sizeof(p.s.kinds));
	memcpy(p.frame, server_mac, 6);
	memcpy(p.frame + SRC_MAC, other_mac, 6);
	assert_int_equal(node_rx_frame(&p.server, 2, p.frame, p.len, false), 0);
	assert_string_equal(p.s.kinds, "");
	pair_done(&p);
}

static size_t arp(uint16_t op, const uint8_t mac[static 6], uint32_t sender, uint32_t target,
		  uint8_t out[static FRAME_MAX])
{
	struct frame f = { .arp_op = op, .src_ip = sender, .dst_ip = target };
	int len;

	memcpy(f.src_mac, mac, 6);
	memcpy(f.arp_sender_mac, mac, 6);
	memset(f.dst_mac, 0xff, 6);
	len = frame_encode_arp(&f, out, FRAME_MAX);
	assert_true(len > 0);
	return (size_t)len;
}

static void assert_zeros(const uint8_t *data, size_t n)
{
	for (size_t i = 0; i < n; i++)
		assert_int_equal(data[i], 0);
}

/* A client that was given an address and asks by ARP whether it is free. */
static uint32_t up_to_probe(struct pair *p)
{
	struct frame f;

	up_to_ack(p, 1);
	assert_int_equal(node_rx_frame(&p->client, 4, p->frame, p->len, false), 1);
	for (int i = 0; i < 4 && !strchr(p->c.kinds, 'f'); i++)
		node_deadline(&p->client, node_next_deadline(&p->client));
	assert_non_null(strchr(p->c.kinds, 'f'));

	/* RFC 5227 section 2.1.1: a request whose sender address is zero. */
	assert_int_equal(frame_decode(p->c.frame, p->c.frame_len, false, &f), 0);
	assert_int_equal(f.kind, FRAME_ARP);
	assert_int_equal(f.arp_op, 1);
	assert_int_equal(f.src_ip, 0);
	assert_memory_equal(f.arp_sender_mac, client_mac, 6);
	assert_memory_equal(f.dst_mac, everyone, 6);
	assert_int_equal(f.dst_ip, p->client.client.lease.address);
	assert_zeros(p->c.frame + ARP_TARGET_MAC, 6);
	memset(p->c.kinds, 0, sizeof(p->c.kinds));
	return f.dst_ip;
}

static void test_probe_answered(void **state)
{
	struct pair p;
	uint32_t address = up_to_probe(&p);

	p.len = arp(2, other_mac, address, 0, p.frame);
	assert_int_equal(node_rx_frame(&p.client, 10 * DHCP_SECOND, p.frame, p.len, false), 1);
	assert_int_equal(p.c.sent.type, DHCP_DECLINE);
	assert_false(p.client.client.probing);
	pair_done(&p);
}

/* RFC 5227 section 2.1.1: a probe for the same address at the same time. */
static void test_rival_probe(void **state)
{
	struct pair p;
	uint32_t address = up_to_probe(&p);

	p.len = arp(1, other_mac, 0, address, p.frame);
	assert_int_equal(node_rx_frame(&p.client, 10 * DHCP_SECOND, p.frame, p.len, false), 1);
	assert_int_equal(p.c.sent.type, DHCP_DECLINE);
	pair_done(&p);
}

/* From the beginning of the probing process: that is the wait before the first probe. */
static void rfc5227_2_1_1_a_rival_is_noticed_before_the_first_probe(void **state)
{
	for (uint16_t op = 1; op <= 2; op++) {
		uint32_t address;
		struct pair p;

		up_to_ack(&p, 1);
		assert_int_equal(node_rx_frame(&p.client, 4, p.frame, p.len, false), 1);
		assert_null(strchr(p.c.kinds, 'f'));
		address = p.client.client.lease.address;
		p.len = op == 1 ? arp(op, other_mac, 0, address, p.frame)
				: arp(op, other_mac, address, 0, p.frame);
		assert_int_equal(node_rx_frame(&p.client, 5, p.frame, p.len, false), 1);
		assert_int_equal(p.c.sent.type, DHCP_DECLINE);
		pair_done(&p);
	}
}

static void test_arp_of_no_concern(void **state)
{
	struct pair p;
	uint32_t address = up_to_probe(&p);
	const struct {
		const uint8_t *mac;
		uint16_t op;
		uint32_t sender, target;
	} others[] = {
		{ other_mac, 1, address + 1, address },		/* somebody asks for it */
		{ other_mac, 2, address + 1, 0 },
		{ other_mac, 1, 0, address + 1 },		/* probes for another one */
		{ other_mac, 1, 0, 0 },
		{ client_mac, 1, 0, address },			/* our own */
	};

	for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
		p.len = arp(others[i].op, others[i].mac, others[i].sender, others[i].target, p.frame);
		assert_int_equal(node_rx_frame(&p.client, DHCP_SECOND, p.frame, p.len, false), 0);
		assert_string_equal(p.c.kinds, "");
	}
	pair_done(&p);
}

/* The kernel may say by one of a host's interfaces what address another has. */
static void rfc5227_2_4_the_hosts_other_interface_is_no_conflict(void **state)
{
	static const uint8_t sisters[] = { 2, 0, 0, 0, 0, 77 };
	struct scn_iface ifaces[3] = { 0 };
	struct scenario s = { .ifaces = ifaces, .n_ifaces = 3 };
	struct scn_node host = { .ifaces = (size_t[]){ 0, 2 }, .n_ifaces = 2 };

	memcpy(ifaces[0].mac, client_mac, 6);
	memcpy(ifaces[1].mac, other_mac, 6);
	memcpy(ifaces[2].mac, sisters, 6);
	for (uint16_t op = 1; op <= 2; op++) {
		struct pair p;
		uint32_t address = up_to_probe(&p);

		p.client.scenario = &s;
		p.client.host = &host;
		p.len = op == 1 ? arp(op, sisters, 0, address, p.frame)
				: arp(op, sisters, address, 0, p.frame);
		assert_int_equal(node_rx_frame(&p.client, 5, p.frame, p.len, false), 0);
		assert_string_equal(p.c.kinds, "");
		p.len = arp(op, other_mac, op == 1 ? 0 : address, address, p.frame);
		assert_int_equal(node_rx_frame(&p.client, 5, p.frame, p.len, false), 1);
		pair_done(&p);
	}
}

/* RFC 2131 section 4.1: what a timer brings has a reason, though the state stays. */
static void test_a_timer_is_told(void **state)
{
	struct record r;
	struct node n;

	make_client(&n, &r, 0);
	node_start(&n, 0);
	assert_int_equal(node_deadline(&n, node_next_deadline(&n)), 1);
	assert_string_equal(r.kinds, "SsSs");
	assert_string_equal(r.from, "SELECTING");
	assert_string_equal(r.to, "SELECTING");
	assert_non_null(strstr(r.why, "the wait doubles"));
	node_done(&n);
}

/* Somebody has the address that is only on offer: no conflict yet, and no silence. */
static void test_an_ignored_conflict_is_told(void **state)
{
	struct pair p;

	up_to_offer(&p, 0);
	assert_int_equal(node_rx_frame(&p.client, 2, p.frame, p.len, false), 1);
	memset(p.c.kinds, 0, sizeof(p.c.kinds));
	p.len = arp(2, other_mac, p.client.client.lease.address, 0, p.frame);
	assert_int_equal(node_rx_frame(&p.client, 3, p.frame, p.len, false), 0);
	assert_string_equal(p.c.kinds, "L");
	assert_non_null(strstr(p.c.why, "not ours yet"));
	pair_done(&p);
}

static void test_failed_send_is_told(void **state)
{
	struct record r;
	struct node n;

	make_client(&n, &r, 0);
	r.send_result = -ENETDOWN;
	assert_int_equal(node_start(&n, 0), 1);
	assert_string_equal(r.kinds, "SsL");
	assert_non_null(strstr(r.why, strerror(ENETDOWN)));
	assert_int_not_equal(node_next_deadline(&n), DHCP_NEVER);
	node_done(&n);
}

static void test_ignored_parts_stay_off(void **state)
{
	struct pair p;

	up_to_ack(&p, 0);
	p.client.ignore = NODE_IGNORE_GATEWAY | NODE_IGNORE_DNS | NODE_IGNORE_ROUTES |
			  NODE_IGNORE_MTU;
	assert_int_equal(node_rx_frame(&p.client, 4, p.frame, p.len, false), 1);
	assert_int_equal(p.c.config.n_routers, 0);
	assert_int_equal(p.c.config.n_dns, 0);
	assert_int_equal(p.c.config.n_routes, 0);
	assert_int_equal(p.c.config.mtu, 0);
	assert_int_not_equal(p.c.config.address, 0);
	pair_done(&p);
}

static void test_datagrams_are_numbered(void **state)
{
	uint8_t a[FRAME_MAX], b[FRAME_MAX];
	struct record r;
	struct node n;

	make_client(&n, &r, 0);
	node_start(&n, 0);
	frame_of(&n, &r, everyone, a);
	frame_of(&n, &r, everyone, b);
	assert_int_equal(a[19] + 1, b[19]);
	assert_int_equal(node_frame(&n, &r.sent, everyone, a, 100), -EMSGSIZE);
	node_done(&n);
}

static void test_bad_options(void **state)
{
	struct dhcp_client_options c = { .n_request = DHCP_CLIENT_REQUEST_MAX + 1 };
	struct dhcp_server_options s = { .prefix_len = 33 };
	struct record r = { 0 };
	struct node n;

	assert_int_equal(node_init_client(&n, "c:e", &c, &ops, &r), -EINVAL);
	assert_int_equal(node_init_server(&n, "s:e", server_mac, &s, &ops, &r), -EINVAL);
}

/* Whatever comes in: no crash, no error, nothing read beyond the bytes (the sanitizers watch). */
static void test_hostile_frames(void **state)
{
	uint64_t prng = 1;
	struct pair p;
	uint8_t bytes[FRAME_MAX];

	up_to_offer(&p, 0);
	for (int i = 0; i < 20000; i++) {
		size_t len = prng_below(&prng, p.len + 1), hits = prng_below(&prng, 8);

		memcpy(bytes, p.frame, p.len);
		for (size_t h = 0; h < hits; h++)
			bytes[prng_below(&prng, p.len)] = (uint8_t)prng_u32(&prng);
		if (prng_below(&prng, 2))
			len = p.len;
		memset(p.c.kinds, 0, sizeof(p.c.kinds));
		assert_true(node_rx_frame(&p.client, 2, bytes, len, prng_below(&prng, 2)) >= 0);
	}
	pair_done(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_four_messages),
		cmocka_unit_test(rfc2131_2_unicast_is_taken_before_there_is_an_address),
		cmocka_unit_test(test_release_is_told_once),
		cmocka_unit_test(test_state_before_send),
		cmocka_unit_test(test_what_comes_over_udp_is_the_same),
		cmocka_unit_test(test_ignored_frames),
		cmocka_unit_test(test_drop_names_the_message),
		cmocka_unit_test(test_wrong_checksum_is_a_drop),
		cmocka_unit_test(test_other_port_is_silent),
		cmocka_unit_test(test_probe_answered),
		cmocka_unit_test(test_rival_probe),
		cmocka_unit_test(rfc5227_2_1_1_a_rival_is_noticed_before_the_first_probe),
		cmocka_unit_test(test_arp_of_no_concern),
		cmocka_unit_test(rfc5227_2_4_the_hosts_other_interface_is_no_conflict),
		cmocka_unit_test(test_a_timer_is_told),
		cmocka_unit_test(test_an_ignored_conflict_is_told),
		cmocka_unit_test(test_failed_send_is_told),
		cmocka_unit_test(test_ignored_parts_stay_off),
		cmocka_unit_test(test_datagrams_are_numbered),
		cmocka_unit_test(test_bad_options),
		cmocka_unit_test(test_hostile_frames),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
