/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/bytes.h"
#include "base/prng.h"
#include "node/starve.h"

#include <netlab/dhcp_message.h>
#include <netlab/dhcp_option.h>

/* Local addresses, beside those that netlab gives to interfaces. */
static const uint8_t prefix[3] = { 0x02, 0x53, 0x54 };

void starve_init(struct starve *st, const struct scenario *s, const struct scn_fault *f)
{
	*st = (struct starve){ .scenario = s, .fault = *f, .iface = f->iface, .due = f->after };
}

static void mac_of(uint32_t n, uint8_t ret[static 6])
{
	memcpy(ret, prefix, sizeof(prefix));
	ret[3] = (uint8_t)(n >> 16);
	ret[4] = (uint8_t)(n >> 8);
	ret[5] = (uint8_t)n;
}

static uint32_t xid_of(const struct starve *st, uint32_t n)
{
	uint64_t x = prng_derive(st->scenario->seed, st->fault.name) + n;

	return prng_u32(&x);
}

/* The broadcast flag: nobody here answers for that address, so that a switch could not know it. */
static void begin(const struct starve *st, uint32_t n, uint8_t type, uint8_t *out, size_t size,
		  struct dhcp_builder *b)
{
	struct dhcp_message m = {
		.op = DHCP_OP_REQUEST, .htype = 1, .hlen = 6, .type = type,
		.xid = xid_of(st, n), .flags = DHCP_FLAG_BROADCAST,
	};

	mac_of(n, m.chaddr);
	dhcp_build_begin(b, out, size, &m);
}

static size_t finish(const struct starve *st, uint32_t n, struct dhcp_builder *b,
		     uint8_t ret[static FRAME_MAX])
{
	struct frame f = {
		.dst_mac = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff }, .dst_ip = UINT32_MAX,
		.src_port = DHCP_CLIENT_PORT, .dst_port = DHCP_SERVER_PORT,
		.payload = b->data,
	};

	f.payload_len = (size_t)dhcp_build_end(b);
	if (st->fault.forge_source)
		mac_of(n, f.src_mac);
	else
		memcpy(f.src_mac, st->scenario->ifaces[st->iface].mac, 6);
	return (size_t)frame_encode_udp(&f, (uint16_t)n, ret, FRAME_MAX);
}

size_t starve_ask(struct starve *st, uint8_t ret[static FRAME_MAX])
{
	uint8_t message[DHCP_MIN_LEN];
	struct dhcp_builder b;

	begin(st, st->asked, DHCP_DISCOVER, message, sizeof(message), &b);
	st->due += st->fault.delay;
	st->asked++;
	if (st->asked == st->fault.count)
		st->due = UINT64_MAX;
	return finish(st, st->asked - 1, &b, ret);
}

size_t starve_answer(const struct starve *st, const void *data, size_t len,
		     uint8_t ret[static FRAME_MAX])
{
	uint8_t message[DHCP_MIN_LEN];
	struct dhcp_builder b;
	struct dhcp_message m;
	struct frame f;
	uint32_t n, server;

	if (frame_decode(data, len, true, &f) < 0 || f.kind != FRAME_UDP ||
	    f.dst_port != DHCP_CLIENT_PORT ||
	    dhcp_message_decode(f.payload, f.payload_len, &m, NULL, NULL) < 0 ||
	    m.type != DHCP_OFFER || memcmp(m.chaddr, prefix, sizeof(prefix)) != 0)
		return 0;
	n = load_be32(m.chaddr + 2) & 0xffffff;
	if (n >= st->asked || m.xid != xid_of(st, n) ||
	    dhcp_message_get_u32(&m, DHCP_OPT_SERVER_ID, &server) < 0)
		return 0;

	begin(st, n, DHCP_REQUEST, message, sizeof(message), &b);
	dhcp_build_put_u32(&b, DHCP_OPT_REQUESTED_ADDRESS, m.yiaddr);
	dhcp_build_put_u32(&b, DHCP_OPT_SERVER_ID, server);
	return finish(st, n, &b, ret);
}
