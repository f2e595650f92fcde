/* SPDX-License-Identifier: MIT */
/* A relay agent's machines, one a link: who hears what, and by which link it leaves. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "node/node.h"

#define LAN_A 0x0a010001u	/* 10.1.0.1 */
#define LAN_B 0x0a020001u	/* 10.2.0.1 */
#define UPLINK 0x0a090001u	/* 10.9.0.1 */
#define SERVER 0x0a090002u
#define OFFERED 0x0a020032u	/* 10.2.0.50 */

static const uint8_t everyone[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
static const uint8_t client_mac[6] = { 2, 0, 0, 0, 0, 1 };
static const struct node_port ports[2] = {
	{ "r:a", { 2, 0, 0, 0, 0, 0xa } },
	{ "r:b", { 2, 0, 0, 0, 0, 0xb } },
};

/* What a machine did: the last message, how many, and its last line in the log. */
struct record {
	unsigned int n_sent, n_told;
	struct dhcp_send sent;
	char at[TRACE_PLACE_MAX], why[256];
	enum trace_kind kind;
};

static int on_send(void *ctx, struct node *n, const struct dhcp_send *s)
{
	struct record *r = ctx;

	r->n_sent++;
	r->sent = *s;
	return 0;
}

static void on_event(void *ctx, struct node *n, const struct trace_event *e)
{
	struct record *r = ctx;

	r->n_told++;
	r->kind = e->kind;
	str_copy(r->at, sizeof(r->at), e->at);
	str_copy(r->why, sizeof(r->why), e->text ? e->text : "");
}

static const struct node_ops ops = { .send = on_send, .event = on_event };

/* Both links of one relay agent, and a client on the second. */
struct bench {
	struct node a, b, client;
	struct record at_a, at_b, at_client;
	uint8_t frame[FRAME_MAX];
	size_t len;
};

static struct dhcp_relay_port link_of(uint32_t address)
{
	return (struct dhcp_relay_port){
		.address = address,
		.n_targets = 1,
		.target = { SERVER },
		.hops_max = 16,
		.max_size = 1500,
	};
}

static void bench_start(struct bench *t)
{
	struct dhcp_relay_options opt = {
		.n_ports = 2,
		.n_own = 3,
		.own = { LAN_A, LAN_B, UPLINK },
		.port = { link_of(LAN_A), link_of(LAN_B) },
	};
	struct dhcp_client_options client = { .seed = 7 };
	int len;

	memset(t, 0, sizeof(*t));
	memcpy(client.mac, client_mac, sizeof(client.mac));
	assert_int_equal(node_init_relay(&t->a, ports, 0, &opt, &ops, &t->at_a), 0);
	assert_int_equal(node_init_relay(&t->b, ports, 1, &opt, &ops, &t->at_b), 0);
	assert_int_equal(node_init_client(&t->client, "c:eth0", &client, &ops, &t->at_client), 0);
	assert_int_equal(node_start(&t->client, 0), 1);
	len = node_frame(&t->client, &t->at_client.sent, everyone, t->frame, sizeof(t->frame));
	assert_true(len > 0);
	t->len = (size_t)len;
}

static void bench_end(struct bench *t)
{
	node_done(&t->a);
	node_done(&t->b);
	node_done(&t->client);
}

/* The server's OFFER for what was relayed last. */
static size_t offer(const struct dhcp_send *request, uint8_t ret[static DHCP_MESSAGE_MAX])
{
	struct dhcp_builder b;
	struct dhcp_message m;

	assert_int_equal(dhcp_message_decode(request->data, request->len, &m, NULL, NULL), 0);
	m.op = DHCP_OP_REPLY;
	m.type = DHCP_OFFER;
	m.yiaddr = OFFERED;
	assert_int_equal(dhcp_build_begin(&b, ret, DHCP_MESSAGE_MAX, &m), 0);
	dhcp_build_put_u32(&b, DHCP_OPT_LEASE_TIME, 3600);
	dhcp_build_put_u32(&b, DHCP_OPT_SERVER_ID, SERVER);
	return (size_t)dhcp_build_end(&b);
}

static void rfc1542_4_1_1_giaddr_is_of_the_link_it_came_by(void **state)
{
	struct bench t;
	struct dhcp_message m;

	bench_start(&t);
	assert_int_equal(node_rx_frame(&t.b, 1, t.frame, t.len, false), 1);
	assert_int_equal(t.at_b.n_sent, 1);
	assert_false(t.at_b.sent.to_mac);
	assert_int_equal(t.at_b.sent.dst_ip, SERVER);
	assert_int_equal(t.at_b.sent.dst_port, 67);
	assert_int_equal(dhcp_message_decode(t.at_b.sent.data, t.at_b.sent.len, &m, NULL, NULL), 0);
	assert_int_equal(m.giaddr, LAN_B);
	assert_int_equal(m.hops, 1);
	assert_string_equal(t.at_b.at, "r:b");
	bench_end(&t);
}

/* The socket is the first link's; the frame is the link's that giaddr names. */
static void rfc1542_4_1_2_reply_leaves_by_the_link_of_giaddr(void **state)
{
	uint8_t reply[DHCP_MESSAGE_MAX], frame[FRAME_MAX];
	struct bench t;
	struct frame f;
	int len;

	bench_start(&t);
	assert_int_equal(node_rx_frame(&t.b, 1, t.frame, t.len, false), 1);
	len = (int)offer(&t.at_b.sent, reply);
	assert_int_equal(node_rx_udp(&t.a, 2, SERVER, 67, LAN_B, reply, (size_t)len), 1);
	assert_int_equal(t.at_a.n_sent, 1);
	assert_true(t.at_a.sent.to_mac);
	assert_int_equal(t.at_a.sent.port, 1);
	assert_string_equal(t.at_a.at, "r:b");

	len = node_frame(&t.a, &t.at_a.sent, t.at_a.sent.dst_mac, frame, sizeof(frame));
	assert_true(len > 0);
	assert_int_equal(frame_decode(frame, (size_t)len, false, &f), 0);
	assert_memory_equal(f.src_mac, ports[1].mac, 6);
	assert_memory_equal(f.dst_mac, client_mac, 6);
	assert_int_equal(f.dst_port, 68);
	assert_int_equal(node_rx_frame(&t.client, 3, frame, (size_t)len, false), 1);
	assert_string_equal(node_state(&t.client), "REQUESTING");
	bench_end(&t);
}

/* What is sent to one MAC address the kernel forwards, or hands to the UDP socket. */
static void unicast_frame_is_the_kernels(void **state)
{
	struct bench t;

	bench_start(&t);
	memcpy(t.frame, ports[1].mac, 6);
	assert_int_equal(node_rx_frame(&t.b, 1, t.frame, t.len, false), 0);
	assert_int_equal(t.at_b.n_sent + t.at_b.n_told, 0);
	bench_end(&t);
}

/* The UDP socket hears broadcasts, too; each link has heard its own already. */
static void broadcast_over_udp_is_not_relayed_twice(void **state)
{
	struct bench t;

	bench_start(&t);
	assert_int_equal(node_rx_udp(&t.a, 1, 0, 68, 0xffffffffu, t.at_client.sent.data,
				     t.at_client.sent.len), 0);
	assert_int_equal(t.at_a.n_sent + t.at_a.n_told, 0);
	bench_end(&t);
}

static void drop_is_told_at_the_link(void **state)
{
	uint8_t reply[DHCP_MESSAGE_MAX];
	struct bench t;
	size_t len;

	bench_start(&t);
	assert_int_equal(node_rx_frame(&t.b, 1, t.frame, t.len, false), 1);
	len = offer(&t.at_b.sent, reply);
	reply[24 + 3] = 9;	/* giaddr 10.2.0.9 */
	assert_int_equal(node_rx_udp(&t.a, 2, SERVER, 67, LAN_B, reply, len), 0);
	assert_int_equal(t.at_a.n_sent, 0);
	assert_int_equal(t.at_a.kind, TRACE_DROP);
	assert_true(t.at_a.why[0] != '\0');
	bench_end(&t);
}

static void it_waits_for_nothing_and_can_not_crash_alone(void **state)
{
	struct bench t;

	bench_start(&t);
	assert_int_equal(node_next_deadline(&t.a), DHCP_NEVER);
	assert_string_equal(node_state(&t.a), "");
	assert_int_equal(node_crash(&t.a, 1), -EINVAL);
	assert_int_equal(node_rx_frame(&t.a, 2, t.frame, t.len, false), 1);
	bench_end(&t);
}

static void a_copy_has_a_label_of_its_own(void **state)
{
	const struct dhcp_relay_options opt = {
		.n_ports = 2, .n_own = 3, .own = { LAN_A, LAN_B, UPLINK },
		.port = { link_of(LAN_A), link_of(LAN_B) },
	};
	struct node n, copy;

	assert_int_equal(node_init_relay(&n, ports, 1, &opt, &ops, NULL), 0);
	assert_int_equal(node_copy(&n, &copy), 0);
	assert_ptr_equal(copy.label, copy.relay->port[1].label);
	node_done(&n);
	assert_string_equal(copy.label, "r:b");
	node_done(&copy);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(rfc1542_4_1_1_giaddr_is_of_the_link_it_came_by),
		cmocka_unit_test(rfc1542_4_1_2_reply_leaves_by_the_link_of_giaddr),
		cmocka_unit_test(a_copy_has_a_label_of_its_own),
		cmocka_unit_test(unicast_frame_is_the_kernels),
		cmocka_unit_test(broadcast_over_udp_is_not_relayed_twice),
		cmocka_unit_test(drop_is_told_at_the_link),
		cmocka_unit_test(it_waits_for_nothing_and_can_not_crash_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
