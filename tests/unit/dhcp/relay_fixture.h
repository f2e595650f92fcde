/* SPDX-License-Identifier: MIT */
/* relay_fixture.h - a relay agent with two links, and messages for it. */
#ifndef TEST_RELAY_FIXTURE_H
#define TEST_RELAY_FIXTURE_H

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <netlab/dhcp_relay.h>

#include "base/addr.h"
#include "base/bytes.h"
#include "base/util.h"

#define LAN_A 0x0a010001u	/* 10.1.0.1 */
#define LAN_B 0x0a020001u	/* 10.2.0.1 */
#define UPLINK 0x0a090001u	/* 10.9.0.1 */
#define SERVER 0x0a090002u
#define CLIENT 0x0a010032u	/* 10.1.0.50 */
#define FIRST_RELAY 0x0a030001u

#define DISCOVER(...) ((struct sent){ .type = DHCP_DISCOVER, __VA_ARGS__ })
#define OFFER(...) as_offer((struct sent){ .type = DHCP_OFFER, __VA_ARGS__ })

/* What a message is made of; what is 0 is not in it. */
struct sent {
	uint8_t op, type, hops, htype, hlen, port;
	uint16_t secs, flags, dst_port;
	uint32_t src_ip, dst_ip, ciaddr, yiaddr, giaddr;
	const char *info;	/* option 82, up to its NUL unless @n_info */
	size_t n_info;
	size_t filler;		/* bytes of an option that makes it longer */
	bool multicast_chaddr;
};

/* Of the server, for the client on the first link, unless @s says otherwise. */
static inline struct sent as_offer(struct sent s)
{
	s.op = DHCP_OP_REPLY;
	s.port = DHCP_RELAY_NO_PORT;
	s.src_ip = SERVER;
	s.yiaddr = CLIENT;
	if (!s.giaddr)
		s.giaddr = LAN_A;
	return s;
}

struct bench {
	struct dhcp_relay_options opt;
	struct dhcp_relay r;
	uint8_t bytes[DHCP_MESSAGE_MAX];
	size_t len;
	struct dhcp_message msg;
	struct dhcp_actions out;
	struct dhcp_message passed;	/* the first that was sent */
};

static inline struct dhcp_relay_port usual_port(uint32_t address)
{
	return (struct dhcp_relay_port){
		.address = address, .n_targets = 1, .target = { SERVER },
		.hops_max = 16, .max_size = 1500,
	};
}

static inline struct bench usual_bench(void)
{
	struct bench b = { .opt = { .n_ports = 2, .n_own = 3, .own = { LAN_A, LAN_B, UPLINK } } };

	b.opt.port[0] = usual_port(LAN_A);
	b.opt.port[1] = usual_port(LAN_B);
	return b;
}

static inline void set_circuit_id(struct dhcp_relay_port *port, const char *id)
{
	port->circuit_id_len = (uint8_t)strlen(id);
	memcpy(port->circuit_id, id, strlen(id));
}

static inline void bench_start(struct bench *b)
{
	assert_int_equal(dhcp_relay_init(&b->r, &b->opt), 0);
}

static inline void write_message(struct bench *b, const struct sent *s)
{
	static const uint8_t filler[DHCP_MESSAGE_MAX];
	struct dhcp_message m = {
		.op = s->op ? s->op : DHCP_OP_REQUEST, .type = s->type, .hops = s->hops,
		.htype = s->htype ? s->htype : 1, .hlen = s->hlen ? s->hlen : 6, .xid = 0x1234,
		.secs = s->secs, .flags = s->flags, .ciaddr = s->ciaddr, .yiaddr = s->yiaddr,
		.giaddr = s->giaddr, .chaddr = { 2, 'N', 'L', 0, 0, 9 },
	};
	struct dhcp_builder builder;

	m.chaddr[0] |= s->multicast_chaddr;
	assert_int_equal(dhcp_build_begin(&builder, b->bytes, sizeof(b->bytes), &m), 0);
	if (s->filler)
		assert_int_equal(dhcp_build_put(&builder, 224, filler, s->filler), 0);
	if (s->info)
		assert_int_equal(dhcp_build_put(&builder, DHCP_OPT_RELAY_INFO, s->info,
						s->n_info ? s->n_info : strlen(s->info)), 0);
	b->len = (size_t)dhcp_build_end(&builder);
}

/* The bytes that stand in @b come to it. */
static inline int receive(struct bench *b, const struct sent *s)
{
	struct dhcp_relay before = b->r;
	struct dhcp_event ev = { .type = DHCP_EVENT_RX };
	int r;

	assert_int_equal(dhcp_message_decode(b->bytes, b->len, &b->msg, NULL, NULL), 0);
	ev.rx = (struct dhcp_rx){
		.msg = &b->msg, .payload = b->bytes, .src_ip = s->src_ip, .port = s->port,
		.dst_ip = s->dst_ip ? s->dst_ip : s->op == DHCP_OP_REPLY ? s->giaddr : IP4_BROADCAST,
		.src_port = 68, .dst_port = s->dst_port ? s->dst_port : 67,
	};
	r = dhcp_relay_step(&b->r, &ev, &b->out);
	assert_true(b->out.reason.why[0] && b->out.reason.rfc[0]);
	if (r == 0)
		assert_memory_equal(&before, &b->r, sizeof(before));
	if (r == 1)
		assert_int_equal(dhcp_message_decode(b->out.action[0].send.data,
						     b->out.action[0].send.len, &b->passed,
						     NULL, NULL), 0);
	return r;
}

static inline int step(struct bench *b, struct sent s)
{
	write_message(b, &s);
	return receive(b, &s);
}

/* The message was dropped, for a reason of that section. */
static inline void expect_drop(struct bench *b, struct sent s, const char *rfc)
{
	assert_int_equal(step(b, s), 0);
	assert_int_equal(b->out.n, 0);
	assert_string_equal(b->out.reason.rfc, rfc);
}

static inline const struct dhcp_send *sent_by(const struct bench *b)
{
	return &b->out.action[0].send;
}

static inline void expect_info(const struct bench *b, const void *info, size_t n)
{
	size_t len = 0;
	const uint8_t *value = dhcp_message_get(&b->passed, DHCP_OPT_RELAY_INFO, &len);

	assert_int_equal(len, n);
	if (n)
		assert_memory_equal(value, info, n);
	else
		assert_null(value);
}

#endif
