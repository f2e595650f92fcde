/* SPDX-License-Identifier: MIT */
/* frames.h - for the tests of what judges frames: scenarios from text, frames to be judged. */
#ifndef TESTS_NODE_FRAMES_H
#define TESTS_NODE_FRAMES_H

#include <stdio.h>
#include <string.h>

#include "frame/frame.h"
#include "scenario/scenario.h"

#include <netlab/dhcp_machine.h>
#include <netlab/dhcp_message.h>
#include <netlab/dhcp_option.h>

struct bytes {
	size_t len;
	uint8_t data[FRAME_MAX];
};

/**
 * struct said - a DHCP message on a cable
 * @src: last byte of the sender's MAC address; @who: of chaddr
 */
struct said {
	uint8_t type, op, src, who;
	uint32_t yiaddr, giaddr, lease;
};

static inline struct scenario *scenario_of(const char *text, const char *more)
{
	const struct scenario_options opt = { .name = "test" };
	cleanup_diags struct diags diags = { 0 };
	struct scenario *s = NULL;
	char all[2048];

	snprintf(all, sizeof(all), "%s%s", text, more);
	if (scenario_parse(all, strlen(all), &opt, &s, &diags) < 0) {
		cleanup_free char *errors = diags_format(&diags, "test");

		fail_msg("%s", errors);
	}
	return s;
}

static inline struct bytes frame_of(const struct said *w)
{
	struct dhcp_message m = { .op = w->op, .htype = 1, .hlen = 6, .type = w->type,
				  .yiaddr = w->yiaddr, .giaddr = w->giaddr };
	struct frame f = { .dst_mac = { 255, 255, 255, 255, 255, 255 },
			   .dst_ip = 0xffffffff };
	uint8_t payload[DHCP_MIN_LEN + 64];
	struct dhcp_builder b;
	struct bytes ret;
	int len;

	memcpy(m.chaddr, (const uint8_t[]){ 2, 0, 0, 0, 0, w->who }, 6);
	memcpy(f.src_mac, (const uint8_t[]){ 2, 0, 0, 0, 0, w->src }, 6);
	f.src_port = w->op == DHCP_OP_REPLY ? DHCP_SERVER_PORT : DHCP_CLIENT_PORT;
	f.dst_port = w->op == DHCP_OP_REPLY ? DHCP_CLIENT_PORT : DHCP_SERVER_PORT;
	assert_int_equal(dhcp_build_begin(&b, payload, sizeof(payload), &m), 0);
	if (w->lease)
		assert_int_equal(dhcp_build_put_u32(&b, DHCP_OPT_LEASE_TIME, w->lease), 0);
	f.payload_len = (size_t)dhcp_build_end(&b);
	f.payload = payload;
	len = frame_encode_udp(&f, 1, ret.data, sizeof(ret.data));
	assert_true(len > 0);
	ret.len = (size_t)len;
	return ret;
}

static inline struct bytes dhcp_frame(uint8_t type)
{
	return frame_of(&(struct said){ .type = type, .op = DHCP_OP_REQUEST, .src = 1, .who = 1 });
}

static inline struct bytes arp_frame(void)
{
	struct frame f = { .arp_op = ARP_REQUEST, .src_mac = { 2 }, .dst_mac = { 255 } };
	struct bytes ret;
	int len = frame_encode_arp(&f, ret.data, sizeof(ret.data));

	assert_true(len > 0);
	ret.len = (size_t)len;
	return ret;
}

#endif
