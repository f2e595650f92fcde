/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "frames.h"
#include "node/intruder.h"

#define MS 1000ull

static const char base[] = "[Lab]\nFormatVersion=1\n[Node srv evil c]\n[Switch sw]\n"
			   "[Wiring]\nCable=srv:eth0 sw:p1\nCable=evil:eth0 sw:p2\n"
			   "Cable=c:eth0 sw:p3\n[Network srv:eth0]\nAddress=10.0.0.254/24\n"
			   "DHCPServer=yes\n[Network c:eth0]\nAddress=10.0.0.252/24\n"
			   "[Fault x]\nNode=evil\nAfterSec=1s\n";

static const uint8_t client[6] = { 2, 0, 0, 0, 0, 9 };

static struct intruder someone(struct scenario **s, const char *keys)
{
	struct intruder in;

	*s = scenario_of(base, keys);
	assert_int_equal(intruder_init(&in, *s, &(*s)->faults[0]), 0);
	return in;
}

/* A message of the client's, to everyone. */
static size_t say(uint8_t type, uint32_t address, uint32_t server, uint8_t *out)
{
	struct dhcp_message m = { .op = DHCP_OP_REQUEST, .htype = 1, .hlen = 6, .type = type,
				  .xid = 7 };
	uint8_t payload[DHCP_MIN_LEN];
	struct frame f = { .dst_ip = UINT32_MAX, .src_port = DHCP_CLIENT_PORT,
			   .dst_port = DHCP_SERVER_PORT, .payload = payload };
	struct dhcp_builder b;

	memcpy(m.chaddr, client, 6);
	memcpy(f.src_mac, client, 6);
	memset(f.dst_mac, 0xff, 6);
	assert_int_equal(dhcp_build_begin(&b, payload, sizeof(payload), &m), 0);
	if (address)
		dhcp_build_put_u32(&b, DHCP_OPT_REQUESTED_ADDRESS, address);
	if (server)
		dhcp_build_put_u32(&b, DHCP_OPT_SERVER_ID, server);
	dhcp_build_put_u32(&b, DHCP_OPT_LEASE_TIME, 10);	/* a wish */
	dhcp_build_put(&b, DHCP_OPT_PARAMETER_LIST, (uint8_t[]){ 1, 3, 6 }, 3);
	f.payload_len = (size_t)dhcp_build_end(&b);
	return (size_t)frame_encode_udp(&f, 1, out, FRAME_MAX);
}

static size_t arp(uint16_t op, uint32_t sender, uint32_t address, uint8_t *out)
{
	struct frame f = { .arp_op = op, .src_ip = sender, .dst_ip = address };

	memcpy(f.src_mac, client, 6);
	memcpy(f.arp_sender_mac, client, 6);
	memset(f.dst_mac, 0xff, 6);
	return (size_t)frame_encode_arp(&f, out, FRAME_MAX);
}

/* The client asks who has @address; @sender 0: a probe. */
static size_t ask(uint32_t sender, uint32_t address, uint8_t *out)
{
	return arp(ARP_REQUEST, sender, address, out);
}

/* The client renews @address by unicast, through a router that has the MAC address @via. */
static size_t renew(const struct intruder *in, uint32_t address, const uint8_t via[static 6],
		    uint8_t *out)
{
	struct dhcp_message m = { .op = DHCP_OP_REQUEST, .htype = 1, .hlen = 6,
				  .type = DHCP_REQUEST, .xid = 8, .ciaddr = address };
	uint8_t payload[DHCP_MIN_LEN];
	struct frame f = { .src_ip = address, .dst_ip = in->fault.address,
			   .src_port = DHCP_CLIENT_PORT, .dst_port = DHCP_SERVER_PORT,
			   .payload = payload };
	struct dhcp_builder b;

	memcpy(m.chaddr, client, 6);
	memcpy(f.src_mac, via, 6);
	memcpy(f.dst_mac, in->scenario->ifaces[in->iface].mac, 6);
	assert_int_equal(dhcp_build_begin(&b, payload, sizeof(payload), &m), 0);
	f.payload_len = (size_t)dhcp_build_end(&b);
	return (size_t)frame_encode_udp(&f, 1, out, FRAME_MAX);
}

static struct dhcp_message reply(const struct intruder_frame *f, uint32_t *ret_router)
{
	struct dhcp_message m;
	struct frame frame;

	assert_int_equal(frame_decode(f->data, f->len, false, &frame), 0);
	assert_memory_equal(frame.dst_mac, client, 6);
	assert_int_equal(dhcp_message_decode(frame.payload, frame.payload_len, &m, NULL, NULL), 0);
	assert_int_equal(dhcp_message_get_u32(&m, DHCP_OPT_ROUTER, ret_router), 0);
	return m;
}

static void test_a_rogue_has_what_the_subnet_leaves_him(void **state)
{
	struct scenario *s;
	struct intruder in = someone(&s, "Type=rogue\n");
	const struct scn_fault *f = &in.fault;

	assert_int_equal(f->address, 0x0a0000fd);	/* .254 is the server's */
	assert_int_equal(f->prefix_len, 24);
	assert_int_equal(f->first, 0x0a0000f3);
	assert_int_equal(f->last, 0x0a0000fc);
	assert_int_equal(f->router, f->address);
	assert_int_equal(f->dns, f->address);
	assert_int_equal(f->lease_sec, 3600);
	assert_int_equal(intruder_address(&in), f->address);
	intruder_done(&in);
	assert_int_equal(intruder_address(&in), 0);
	scenario_free(s);
}

static const struct pool {
	const char *keys;
	uint32_t first, last;
} pools[] = {
	{ "Type=rogue\nAddress=10.0.0.4\n", 0x0a000001, 0x0a000003 },
	{ "Type=rogue\nAddress=10.0.0.1\n", 0x0a000002, 0x0a00000b },
	{ "Type=rogue\nAddress=10.0.0.1\nPoolSize=3\n", 0x0a000002, 0x0a000004 },
	{ "Type=rogue\nAddress=10.0.0.200\nPoolSize=3\n", 0x0a0000c5, 0x0a0000c7 },
	{ "Type=rogue\nPoolOffset=100\n", 0x0a000064, 0x0a00006d },
	{ "Type=rogue\nPoolOffset=250\n", 0x0a0000fa, 0x0a0000fe },
	{ "Type=rogue\nPoolOffset=100\nPoolSize=1\n", 0x0a000064, 0x0a000064 },
};

static void test_the_pool_of_a_rogue(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(pools); i++) {
		struct scenario *s = scenario_of(base, pools[i].keys);

		assert_int_equal(s->faults[0].first, pools[i].first);
		assert_int_equal(s->faults[0].last, pools[i].last);
		scenario_free(s);
	}
}

static void test_a_rogue_offers_and_leases(void **state)
{
	struct scenario *s;
	struct intruder in = someone(&s, "Type=rogue\nCount=2\nRouter=10.0.0.66\n"
					 "DefaultLeaseTimeSec=1min\n");
	uint8_t frame[FRAME_MAX];
	struct intruder_frame out;
	uint32_t router, lease;
	struct dhcp_message m;

	assert_int_equal(intruder_next(&in), 1000 * MS);
	intruder_hear(&in, 999 * MS, frame, say(DHCP_DISCOVER, 0, 0, frame), &out);
	assert_int_equal(out.len, 0);

	/* A frame of the moment may come before his timer does. */
	intruder_hear(&in, 1000 * MS, frame, say(DHCP_DISCOVER, 0, 0, frame), &out);
	m = reply(&out, &router);
	assert_int_equal(m.type, DHCP_OFFER);
	assert_int_equal(router, 0x0a000042);
	assert_int_equal(dhcp_message_get_u32(&m, DHCP_OPT_LEASE_TIME, &lease), 0);
	assert_int_equal(lease, 60);
	assert_true(m.yiaddr >= in.fault.first && m.yiaddr <= in.fault.last);
	assert_string_equal(out.text, "OFFER OF SERVER 10.0.0.253 SENT BY FAULT x (1 of 2)");

	intruder_hear(&in, 1001 * MS, frame, say(DHCP_REQUEST, m.yiaddr, in.fault.address, frame),
		      &out);
	m = reply(&out, &router);
	assert_int_equal(m.type, DHCP_ACK);
	assert_string_equal(out.text, "ACK OF SERVER 10.0.0.253 SENT BY FAULT x (2 of 2)");
	/* His lease ends one day; two messages were all that he had to say. */
	assert_int_equal(intruder_next(&in), 61001 * MS);
	intruder_hear(&in, 2000 * MS, frame, say(DHCP_DISCOVER, 0, 0, frame), &out);
	assert_int_equal(out.len, 0);
	intruder_due(&in, 61001 * MS, &out);
	assert_int_equal(out.len, 0);
	intruder_done(&in);
	scenario_free(s);
}

static void test_a_rogue_answers_whom_he_heard(void **state)
{
	static const uint8_t router[6] = { 2, 0, 0, 0, 0, 8 };
	struct scenario *s;
	struct intruder in = someone(&s, "Type=rogue\nDNS=10.0.0.53\n");
	uint8_t frame[FRAME_MAX];
	struct intruder_frame out;
	struct dhcp_message m;
	struct frame f;
	uint32_t value;
	size_t len;

	/* An OFFER goes to the client itself, whoever has brought its question. */
	len = say(DHCP_DISCOVER, 0, 0, frame);
	memcpy(frame + 6, router, 6);
	intruder_hear(&in, 1000 * MS, frame, len, &out);
	m = reply(&out, &value);
	assert_int_equal(dhcp_message_get_u32(&m, DHCP_OPT_DNS, &value), 0);
	assert_int_equal(value, 0x0a000035);
	/* What he ignores is not counted. */
	intruder_hear(&in, 1000 * MS, frame, say(DHCP_REQUEST, m.yiaddr, 0x0a0000fe, frame), &out);
	assert_int_equal(out.len, 0);
	assert_int_equal(in.fired, 1);
	intruder_hear(&in, 1000 * MS, frame, say(DHCP_DISCOVER, 0, 0, frame), &out);
	m = reply(&out, &value);
	intruder_hear(&in, 1001 * MS, frame, say(DHCP_REQUEST, m.yiaddr, in.fault.address, frame),
		      &out);
	assert_int_equal(in.fired, 3);

	/* A renewal has no MAC address but that it came from. */
	intruder_hear(&in, 1002 * MS, frame, renew(&in, m.yiaddr, router, frame), &out);
	assert_int_equal(frame_decode(out.data, out.len, false, &f), 0);
	assert_memory_equal(f.dst_mac, router, 6);
	assert_int_equal(f.dst_ip, m.yiaddr);
	/* What his own interface says he does not hear. */
	len = say(DHCP_DISCOVER, 0, 0, frame);
	memcpy(frame + 6, s->ifaces[in.iface].mac, 6);
	intruder_hear(&in, 1003 * MS, frame, len, &out);
	assert_int_equal(out.len, 0);
	intruder_done(&in);
	scenario_free(s);
}

static void test_a_rogue_is_found_by_arp(void **state)
{
	struct scenario *s;
	struct intruder in = someone(&s, "Type=rogue\n");
	uint8_t frame[FRAME_MAX];
	struct intruder_frame out;
	struct frame f;

	intruder_due(&in, 1000 * MS, &out);
	assert_int_equal(out.len, 0);
	intruder_hear(&in, 1000 * MS, frame, ask(0x0a000005, 0x0a0000fe, frame), &out);
	assert_int_equal(out.len, 0);
	intruder_hear(&in, 1000 * MS, frame, ask(0x0a000005, in.fault.address, frame), &out);
	assert_int_equal(frame_decode(out.data, out.len, false, &f), 0);
	assert_int_equal(f.arp_op, ARP_REPLY);
	assert_int_equal(f.src_ip, in.fault.address);
	assert_memory_equal(f.arp_sender_mac, s->ifaces[in.iface].mac, 6);
	assert_memory_equal(f.dst_mac, client, 6);
	assert_memory_equal(f.arp_target_mac, client, 6);
	assert_int_equal(f.dst_ip, 0x0a000005);
	intruder_hear(&in, 1000 * MS, frame, arp(ARP_REPLY, 0x0a000005, in.fault.address, frame),
		      &out);
	assert_int_equal(out.len, 0);
	intruder_done(&in);
	scenario_free(s);
}

static void test_a_copy_goes_its_own_way(void **state)
{
	struct scenario *s;
	struct intruder in = someone(&s, "Type=rogue\nPoolOffset=100\nPoolSize=1\n"), was;
	uint8_t frame[FRAME_MAX];
	struct intruder_frame out;
	uint32_t router;

	intruder_due(&in, 1000 * MS, &out);
	assert_int_equal(intruder_copy(&in, &was), 0);
	intruder_hear(&in, 1000 * MS, frame, say(DHCP_DISCOVER, 0, 0, frame), &out);
	assert_int_equal(reply(&out, &router).yiaddr, 0x0a000064);
	assert_int_equal(in.fired, 1);
	intruder_done(&in);
	assert_int_equal(was.fired, 0);
	intruder_hear(&was, 1000 * MS, frame, say(DHCP_DISCOVER, 0, 0, frame), &out);
	assert_int_equal(reply(&out, &router).yiaddr, 0x0a000064);
	intruder_done(&was);
	intruder_hear(&was, 1000 * MS, frame, say(DHCP_DISCOVER, 0, 0, frame), &out);
	assert_int_equal(out.len, 0);
	assert_int_equal(intruder_next(&was), UINT64_MAX);
	scenario_free(s);
}

static struct frame arp_of(const struct intruder_frame *out)
{
	struct frame f;

	assert_int_equal(frame_decode(out->data, out->len, false, &f), 0);
	assert_int_equal(f.kind, FRAME_ARP);
	return f;
}

static void test_an_address_is_taken_and_announced(void **state)
{
	struct scenario *s;
	struct intruder in = someone(&s, "Type=conflict\nAddress=10.0.0.9\n");
	uint8_t frame[FRAME_MAX];
	struct intruder_frame out;
	struct frame f;
	size_t len;

	intruder_hear(&in, 0, frame, ask(0, 0x0a000009, frame), &out);
	assert_int_equal(out.len, 0);	/* not yet */
	assert_int_equal(intruder_next(&in), 1000 * MS);
	intruder_due(&in, 1000 * MS, &out);
	f = arp_of(&out);
	assert_true(f.arp_op == ARP_REQUEST && f.src_ip == 0x0a000009 && f.dst_ip == f.src_ip);
	assert_string_equal(out.text, "10.0.0.9 TAKEN BY FAULT x");
	assert_int_equal(intruder_next(&in), UINT64_MAX);

	/* A probe, and anybody who looks for the address; not those who look for another. */
	intruder_hear(&in, 1001 * MS, frame, ask(0, 0x0a000009, frame), &out);
	f = arp_of(&out);
	assert_true(f.arp_op == ARP_REPLY && f.src_ip == 0x0a000009);
	assert_string_equal(out.text, "ARP FOR 10.0.0.9 ANSWERED BY FAULT x");
	intruder_hear(&in, 1001 * MS, frame, ask(0x0a000005, 0x0a000009, frame), &out);
	assert_int_equal(arp_of(&out).arp_op, ARP_REPLY);
	intruder_hear(&in, 1001 * MS, frame, arp(ARP_REPLY, 0x0a000005, 0x0a000009, frame), &out);
	assert_int_equal(out.len, 0);
	assert_int_equal(intruder_address(&in), 0);
	len = ask(0, 0x0a000009, frame);
	memcpy(frame + 6, s->ifaces[in.iface].mac, 6);	/* his own interface asks */
	intruder_hear(&in, 1001 * MS, frame, len, &out);
	assert_int_equal(out.len, 0);
	intruder_hear(&in, 1001 * MS, frame, ask(0, 0x0a000008, frame), &out);
	assert_int_equal(out.len, 0);
	assert_int_equal(in.fired, 2);
	scenario_free(s);
}

static void test_the_next_addresses_are_taken_as_they_are_asked_for(void **state)
{
	struct scenario *s;
	struct intruder in = someone(&s, "Type=conflict\nCount=2\n");
	uint8_t frame[FRAME_MAX];
	struct intruder_frame out;

	intruder_due(&in, 1000 * MS, &out);
	assert_int_equal(out.len, 0);
	intruder_hear(&in, 1001 * MS, frame, arp(ARP_REPLY, 0, 0x0a000007, frame), &out);
	assert_int_equal(out.len, 0);
	/* Who has an address and looks for another machine's is not asking for it. */
	intruder_hear(&in, 1001 * MS, frame, ask(0x0a000005, 0x0a000007, frame), &out);
	assert_int_equal(out.len, 0);
	intruder_hear(&in, 1001 * MS, frame, say(DHCP_DISCOVER, 0x0a000007, 0, frame), &out);
	assert_int_equal(out.len, 0);
	intruder_hear(&in, 1001 * MS, frame, say(DHCP_REQUEST, 0x0a000007, 1, frame), &out);
	assert_int_equal(arp_of(&out).src_ip, 0x0a000007);
	assert_string_equal(out.text, "10.0.0.7 TAKEN BY FAULT x");
	intruder_hear(&in, 1002 * MS, frame, ask(0, 0x0a000007, frame), &out);
	assert_int_equal(arp_of(&out).arp_op, ARP_REPLY);
	/* A server's probe, or a client's. */
	intruder_hear(&in, 1003 * MS, frame, ask(0, 0x0a000008, frame), &out);
	assert_int_equal(arp_of(&out).src_ip, 0x0a000008);
	/* Two were all. */
	intruder_hear(&in, 1004 * MS, frame, ask(0, 0x0a00000a, frame), &out);
	assert_int_equal(out.len, 0);
	intruder_hear(&in, 1004 * MS, frame, say(DHCP_REQUEST, 0x0a00000a, 1, frame), &out);
	assert_int_equal(out.len, 0);
	scenario_free(s);
}

static void test_who_starves_is_an_intruder_too(void **state)
{
	struct scenario *s;
	struct intruder in = someone(&s, "Type=starve\nCount=1\n");
	struct intruder_frame out;

	assert_int_equal(intruder_next(&in), 1000 * MS);
	intruder_due(&in, 1000 * MS, &out);
	assert_int_equal(fault_class(out.data, out.len), DHCP_DISCOVER);
	assert_string_equal(out.text, "");
	assert_int_equal(in.fired, 1);
	assert_int_equal(intruder_next(&in), UINT64_MAX);
	scenario_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_rogue_has_what_the_subnet_leaves_him),
		cmocka_unit_test(test_the_pool_of_a_rogue),
		cmocka_unit_test(test_a_rogue_offers_and_leases),
		cmocka_unit_test(test_a_rogue_answers_whom_he_heard),
		cmocka_unit_test(test_a_rogue_is_found_by_arp),
		cmocka_unit_test(test_a_copy_goes_its_own_way),
		cmocka_unit_test(test_an_address_is_taken_and_announced),
		cmocka_unit_test(test_the_next_addresses_are_taken_as_they_are_asked_for),
		cmocka_unit_test(test_who_starves_is_an_intruder_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
