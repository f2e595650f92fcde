/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "frames.h"
#include "node/starve.h"

static const char ini[] = "[Lab]\nFormatVersion=1\n[Node srv thief]\n"
			  "[Wiring]\nCable=srv:eth0 thief:eth0\n"
			  "[Fault x]\nType=starve\nNode=thief\nCount=2\nAfterSec=1s\nDelaySec=5ms\n";

static struct dhcp_message decode(const uint8_t *data, size_t len, struct frame *f)
{
	struct dhcp_message m;

	assert_int_equal(frame_decode(data, len, false, f), 0);
	assert_int_equal(dhcp_message_decode(f->payload, f->payload_len, &m, NULL, NULL), 0);
	return m;
}

static void test_asks_as_so_many_clients(void **state)
{
	struct scenario *s = scenario_of(ini, *state);
	uint8_t frame[FRAME_MAX];
	struct dhcp_message a, b;
	bool forged = s->faults[0].forge_source;
	struct starve st;
	struct frame f;

	starve_init(&st, s, &s->faults[0]);
	assert_true(s->cables[0].wire);
	assert_int_equal(st.due, 1000000);
	a = decode(frame, starve_ask(&st, frame), &f);
	assert_int_equal(a.type, DHCP_DISCOVER);
	assert_int_equal(memcmp(f.src_mac, a.chaddr, 6) == 0, forged);
	assert_int_equal(memcmp(f.src_mac, s->ifaces[st.iface].mac, 6) == 0, !forged);
	assert_int_equal(st.due, 1005000);
	b = decode(frame, starve_ask(&st, frame), &f);
	assert_memory_not_equal(a.chaddr, b.chaddr, 6);
	assert_int_not_equal(a.xid, b.xid);
	assert_int_equal(st.due, UINT64_MAX);
	scenario_free(s);
}

/* The OFFER of a server to whoever asked with @m. */
static size_t offer(const struct dhcp_message *m, uint8_t *out)
{
	struct dhcp_message reply = *m;
	uint8_t payload[DHCP_MIN_LEN];
	struct dhcp_builder b;
	struct frame f = { .src_port = DHCP_SERVER_PORT, .dst_port = DHCP_CLIENT_PORT,
			   .payload = payload };

	reply.op = DHCP_OP_REPLY;
	reply.type = DHCP_OFFER;
	reply.yiaddr = 0x0a000009;
	assert_int_equal(dhcp_build_begin(&b, payload, sizeof(payload), &reply), 0);
	dhcp_build_put_u32(&b, DHCP_OPT_SERVER_ID, 0x0a000001);
	f.payload_len = (size_t)dhcp_build_end(&b);
	return (size_t)frame_encode_udp(&f, 1, out, FRAME_MAX);
}

static void test_takes_what_is_offered_to_it(void **state)
{
	struct scenario *s = scenario_of(ini, "");
	uint8_t in[FRAME_MAX], out[FRAME_MAX];
	struct dhcp_message ask, request;
	struct starve st;
	struct frame f;
	uint32_t address;
	size_t len;

	starve_init(&st, s, &s->faults[0]);
	ask = decode(in, starve_ask(&st, in), &f);
	len = offer(&ask, in);
	request = decode(out, starve_answer(&st, in, len, out), &f);
	assert_int_equal(request.type, DHCP_REQUEST);
	assert_memory_equal(request.chaddr, ask.chaddr, 6);
	assert_int_equal(dhcp_message_get_u32(&request, DHCP_OPT_REQUESTED_ADDRESS, &address), 0);
	assert_int_equal(address, 0x0a000009);

	/* Of a client that it has not been yet, and of somebody else. */
	ask.chaddr[5] = 1;
	assert_int_equal(starve_answer(&st, in, offer(&ask, in), out), 0);
	ask.chaddr[1] = 0;
	assert_int_equal(starve_answer(&st, in, offer(&ask, in), out), 0);
	assert_int_equal(starve_answer(&st, "x", 1, out), 0);
	scenario_free(s);
}

static char own[] = "", forged_too[] = "ForgeSource=yes\n";

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_prestate(test_asks_as_so_many_clients, own),
		cmocka_unit_test_prestate(test_asks_as_so_many_clients, forged_too),
		cmocka_unit_test(test_takes_what_is_offered_to_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
