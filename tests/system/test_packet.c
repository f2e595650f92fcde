/* SPDX-License-Identifier: MIT */
/* Packet, UDP and ICMP sockets over a cable. */
#include <errno.h>
#include <poll.h>
#include <string.h>

#include "base/bytes.h"
#include "private.h"
#include "sys/clock.h"
#include "sys/fd.h"
#include "sys/packet.h"
#include "world.h"

static bool is_readable(int fd, int timeout_ms)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	return poll(&p, 1, timeout_ms) == 1;
}

/* Ethernet and IPv4 headers with @options more words, and the first bytes of what they carry. */
static size_t build_frame(uint8_t *f, const uint8_t dst[6], uint8_t protocol, uint16_t fragment,
			  unsigned int options, uint16_t port)
{
	size_t ip_len = 20 + 4 * options;

	memset(f, 0, 128);
	memcpy(f, dst, 6);
	memcpy(f + 6, mac_a, 6);
	store_be16(f + 12, 0x0800);
	f[14] = (uint8_t)(0x40 | ip_len / 4);
	store_be16(f + 16, (uint16_t)(ip_len + 8));
	store_be16(f + 20, fragment);
	f[23] = protocol;
	store_be16(f + 14 + ip_len + 2, port);
	store_be16(f + 14 + ip_len + 4, 8);
	return 14 + ip_len + 8;
}

static void test_the_filter_lets_dhcp_through_and_nothing_else(void **state)
{
	static const uint8_t broadcast[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
	static const uint8_t stranger[6] = { 2, 1, 2, 3, 4, 5 };
	static const struct {
		const char *what;
		const uint8_t *dst;
		uint16_t type;
		uint8_t protocol;
		uint16_t fragment;
		unsigned int options;
		uint16_t port;
		bool client, server;
		size_t cut;
	} cases[] = {
		{ "to a client", broadcast, 0x0800, 17, 0, 0, 68, true, false },
		{ "to a server", broadcast, 0x0800, 17, 0, 0, 67, false, true },
		{ "another's, to a server", stranger, 0x0800, 17, 0, 0, 67, false, false },
		{ "VLAN tag, to a server", broadcast, 0x8100, 17, 0, 0, 67, false, false },
		{ "unicast", mac_b, 0x0800, 17, 0, 0, 68, true, false },
		{ "IP options", broadcast, 0x0800, 17, 0, 10, 68, true, false },
		{ "do not fragment", broadcast, 0x0800, 17, 0x4000, 0, 68, true, false },
		{ "ARP", broadcast, 0x0806, 0, 0, 0, 0, true, true },
		{ "TCP", broadcast, 0x0800, 6, 0, 0, 68, false, false },
		{ "a later fragment", broadcast, 0x0800, 17, 5, 0, 68, false, false },
		{ "DNS", broadcast, 0x0800, 17, 0, 0, 53, false, false },
		{ "IPv6", broadcast, 0x86dd, 17, 0, 0, 68, false, false },
		{ "no IP header", broadcast, 0x0800, 17, 0, 0, 67, false, false, 14 },
		{ "cut in its IP header", broadcast, 0x0800, 17, 0, 0, 67, false, false, 23 },
		{ "cut in its IP options", broadcast, 0x0800, 17, 0, 10, 67, false, false, 40 },
		{ "cut before its port", broadcast, 0x0800, 17, 0, 0, 67, false, false, 37 },
		{ "cut behind its port", broadcast, 0x0800, 17, 0, 0, 67, false, true, 38 },
		{ "another's MAC", stranger, 0x0800, 17, 0, 0, 68, false, false },
		{ "VLAN tag", broadcast, 0x8100, 17, 0, 0, 68, false, false },
	};
	struct world *w = *state;
	int out = assert_ok(w, packet_open(w->home, w->a, w->ia, PACKET_ALL_INGRESS, &w->err));
	int client = assert_ok(w, packet_open(w->home, w->b, w->ib, PACKET_DHCP_CLIENT, &w->err));
	int server = assert_ok(w, packet_open(w->home, w->b, w->ib, PACKET_DHCP_SERVER, &w->err));
	int rest = assert_ok(w, packet_open(w->home, w->b, w->ib, PACKET_ALL_BUT_SERVER, &w->err));

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct packet_meta meta;
		uint8_t frame[128], got[256];
		size_t len = build_frame(frame, cases[i].dst, cases[i].protocol,
					 cases[i].fragment, cases[i].options, cases[i].port);
		int n;

		len = cases[i].cut ? cases[i].cut : len;
		store_be16(frame + 12, cases[i].type);
		assert_ok(w, packet_send(out, w->ia, frame, len));
		n = packet_recv(client, got, sizeof(got), &meta);
		if (n != (cases[i].client ? (int)len : -EAGAIN))
			fail_msg("client: %s: %d", cases[i].what, n);
		n = packet_recv(server, got, sizeof(got), &meta);
		if (n != (cases[i].server ? (int)len : -EAGAIN))
			fail_msg("server: %s: %d", cases[i].what, n);
		n = packet_recv(rest, got, sizeof(got), &meta);
		if ((n < 0) != cases[i].server)
			fail_msg("all but the server's: %s: %d", cases[i].what, n);
	}

	fd_closer_run((int[]){ out, client, server, rest, -1 }, 5);
}

/* More than one batch. */
static void test_batches(void **state)
{
	static const uint8_t broadcast[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
	struct world *w = *state;
	int server = assert_ok(w, packet_open(w->home, w->a, w->ia, PACKET_DHCP_SERVER, &w->err));
	int near = assert_ok(w, packet_open(w->home, w->a, w->ia, PACKET_ALL_BUT_SERVER, &w->err));
	int far = assert_ok(w, packet_open(w->home, w->b, w->ib, PACKET_DHCP_SERVER, &w->err));
	struct packet_batch *out = packet_batch_new(), *in = packet_batch_new();
	size_t len = 0, failed = 7;

	assert_non_null(out);
	assert_non_null(in);
	assert_int_equal(packet_batch_recv(in, far), 0);
	assert_int_equal(packet_batch_send(out, server, &failed), 0);
	assert_int_equal(failed, 0);
	for (int i = 0; i < PACKET_BATCH; i++) {
		len = build_frame(packet_batch_room(out), broadcast, 17, 0, 0, 67);
		packet_batch_room(out)[len] = (uint8_t)i;
		packet_batch_add(out, len + 1);
	}
	assert_null(packet_batch_room(out));
	assert_int_equal(packet_batch_count(out), PACKET_BATCH);
	assert_int_equal(packet_batch_send(out, server, &failed), 0);
	/* Less than a header is no frame; the one behind it is. */
	packet_batch_add(out, 3);
	packet_batch_add(out, build_frame(packet_batch_room(out), broadcast, 17, 0, 0, 67));
	assert_int_equal(packet_batch_send(out, server, &failed), -EINVAL);
	assert_int_equal(failed, 1);

	for (size_t k = 0; k < 2; k++) {
		int fd = k ? far : near;

		assert_int_equal(packet_batch_recv(in, fd), PACKET_BATCH);
		for (int i = 0; i < PACKET_BATCH; i++) {
			const struct packet_frame *f = packet_batch_frame(in, i);

			assert_int_equal(f->len, len + 1);
			assert_int_equal(f->data[len], i);
			assert_int_equal(f->meta.outgoing, fd == near);
			assert_int_equal(f->meta.wire_len, len + 1);
		}
		assert_int_equal(packet_batch_recv(in, fd), 1);
		assert_int_equal(packet_batch_frame(in, 0)->len, len);
		assert_int_equal(packet_batch_recv(in, fd), 0);
	}

	/* Emptied, they are as good as new. */
	packet_batch_clear(out);
	packet_batch_clear(in);
	assert_int_equal(packet_batch_count(out), 0);
	packet_batch_add(out, build_frame(packet_batch_room(out), broadcast, 17, 0, 0, 67));
	assert_int_equal(packet_batch_send(out, server, &failed), 0);
	assert_int_equal(packet_batch_recv(in, far), 1);
	assert_int_equal(packet_batch_frame(in, 0)->len, len);

	packet_batch_free(out);
	packet_batch_free(in);
	fd_closer_run((int[]){ server, near, far }, 3);
}

/* A capture beside a server that writes down itself what it sends, until it does not any more. */
static void test_marked_frames(void **state)
{
	static const uint8_t broadcast[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
	struct world *w = *state;
	int own = assert_ok(w, packet_open(w->home, w->a, w->ia, PACKET_DHCP_SERVER_MARKED,
					   &w->err));
	int other = assert_ok(w, packet_open(w->home, w->a, w->ia, PACKET_DHCP_SERVER, &w->err));
	int near = assert_ok(w, packet_open(w->home, w->a, w->ia, PACKET_ALL_BUT_SERVER, &w->err));
	int queues = assert_ok(w, packet_watch_queues(w->home, w->a, &w->err));
	uint8_t frame[128], got[128];
	int len = (int)build_frame(frame, broadcast, 17, 0, 0, 68);
	struct packet_meta meta;

	assert_ok(w, packet_send(own, w->ia, frame, (size_t)len));
	assert_int_equal(packet_recv(near, got, sizeof(got), &meta), -EAGAIN);
	assert_ok(w, packet_send(other, w->ia, frame, (size_t)len));
	assert_int_equal(packet_recv(near, got, sizeof(got), &meta), len);
	assert_int_equal(packet_see_marked(near), 0);
	assert_ok(w, packet_send(own, w->ia, frame, (size_t)len));
	assert_int_equal(packet_recv(near, got, sizeof(got), &meta), len);
	assert_true(meta.outgoing);
	/* Links that go up have no queue. */
	assert_false(is_readable(queues, 0));

	fd_close(queues);
	fd_closer_run((int[]){ own, other, near }, 3);
}

static void test_a_capture_sees_both_directions_and_tags(void **state)
{
	static const uint8_t broadcast[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
	struct world *w = *state;
	/* A socket does not see what it sent itself. */
	int out = assert_ok(w, packet_open(w->home, w->a, w->ia, PACKET_ALL_INGRESS, &w->err));
	int near = assert_ok(w, packet_open(w->home, w->a, 0, PACKET_ALL, &w->err));
	int far = assert_ok(w, packet_open(w->home, w->b, w->ib, PACKET_ALL_INGRESS, &w->err));
	uint8_t frame[128], got[128];
	size_t len = build_frame(frame, broadcast, 17, 0, 0, 68);
	uint64_t before = clock_wall_ns();
	struct packet_meta meta;

	memmove(frame + 16, frame + 12, len - 12);
	store_be16(frame + 12, 0x8100);
	store_be16(frame + 14, 42);
	len += 4;
	assert_ok(w, packet_send(out, w->ia, frame, len));

	assert_int_equal(packet_recv(near, got, sizeof(got), &meta), len);
	assert_true(meta.outgoing);
	assert_int_equal(meta.ifindex, w->ia);
	assert_int_equal(packet_recv(far, got, sizeof(got), &meta), len);
	assert_memory_equal(got, frame, len);
	assert_false(meta.outgoing);
	assert_int_equal(meta.ifindex, w->ib);
	assert_int_equal(meta.wire_len, len);
	assert_in_range(meta.wall_ns, before, clock_wall_ns());

	/* Cut to the buffer, the length on the wire is kept. */
	assert_ok(w, packet_send(out, w->ia, frame, len));
	assert_int_equal(packet_recv(far, got, 20, &meta), 20);
	assert_memory_equal(got, frame, 20);
	assert_int_equal(meta.wire_len, len);
	assert_int_equal(packet_recv(far, got, sizeof(got), &meta), -EAGAIN);
	assert_int_equal(packet_send(out, w->ia, frame, 13), -EINVAL);
	fd_closer_run((int[]){ out, near, far }, 3);
}

static void test_a_dead_link_is_told_once(void **state)
{
	struct world *w = *state;
	int fd = assert_ok(w, packet_open(w->home, w->b, w->ib, PACKET_DHCP_CLIENT, &w->err));
	struct packet_meta meta;
	uint8_t buf[64];

	assert_ok(w, netconf_set_up(w->nb, w->ib, false, &w->err));
	assert_int_equal(packet_recv(fd, buf, sizeof(buf), &meta), -ENETDOWN);
	assert_int_equal(packet_recv(fd, buf, sizeof(buf), &meta), -EAGAIN);
	fd_close(fd);
}

/* What the kernel's own UDP leaves out is marked, and complete once the offload is off. */
static void test_partial_checksums_are_marked(void **state)
{
	struct world *w = *state;
	int tap = assert_ok(w, packet_open(w->home, w->b, w->ib, PACKET_DHCP_SERVER, &w->err));
	cleanup_fd int udp = assert_ok(w, udp_open(w->home, w->a, "east", 0, 68, &w->err));
	struct packet_meta meta;
	uint8_t buf[256];

	assert_ok(w, udp_send(udp, IP_A, 0xffffffff, 67, "four", 4));
	assert_int_equal(packet_recv(tap, buf, sizeof(buf), &meta), 14 + 20 + 8 + 4);
	assert_true(meta.csum_partial);

	assert_ok(w, netconf_no_offload(w->home, w->a, "east", &w->err));
	assert_ok(w, udp_send(udp, IP_A, 0xffffffff, 67, "four", 4));
	assert_int_equal(packet_recv(tap, buf, sizeof(buf), &meta), 14 + 20 + 8 + 4);
	assert_false(meta.csum_partial);
	fd_close(tap);
}

static void test_udp(void **state)
{
	struct world *w = *state;
	cleanup_fd int client = assert_ok(w, udp_open(w->home, w->a, "east", IP_A, 68, &w->err));
	cleanup_fd int server = assert_ok(w, udp_open(w->home, w->b, "west", 0, 67, &w->err));
	uint32_t src = 0, dst = 0;
	uint16_t port = 0;
	char buf[16];

	assert_int_equal(udp_recv(server, buf, sizeof(buf), &src, &port, &dst), -EAGAIN);
	assert_ok(w, udp_send(client, IP_A, IP_B, 67, "hello", 5));
	assert_true(is_readable(server, 1000));
	assert_int_equal(udp_recv(server, buf, sizeof(buf), &src, &port, &dst), 5);
	assert_memory_equal(buf, "hello", 5);
	assert_int_equal(src, IP_A);
	assert_int_equal(dst, IP_B);
	assert_int_equal(port, 68);

	assert_ok(w, udp_send(client, IP_A, 0xffffffff, 67, "", 0));
	assert_int_equal(udp_recv(server, buf, sizeof(buf), &src, &port, &dst), 0);
	assert_int_equal(dst, 0xffffffff);
}

static void test_ping(void **state)
{
	struct world *w = *state;
	cleanup_fd int fd = assert_ok(w, ping_open(w->home, w->a, &w->err));
	uint64_t rtt = UINT64_MAX;

	assert_int_equal(ping_once(fd, IP_B, 1, SECOND_US, &rtt), 0);
	assert_true(rtt < SECOND_US);
	assert_int_equal(ping_once(fd, IP_B, 2, SECOND_US, NULL), 0);
	assert_int_equal(ping_once(fd, 0xc0000201, 3, SECOND_US, &rtt), -ENETUNREACH);
	assert_int_equal(ping_once(fd, 0x0a000063, 4, 20000, &rtt), -ETIMEDOUT);
	/* The kernel asks three times, a second apart, who has the address. */
	assert_int_equal(ping_once(fd, 0x0a000063, 5, 8 * SECOND_US, &rtt), -EHOSTUNREACH);
	assert_int_equal(ping_once(fd, IP_B, 6, SECOND_US, &rtt), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_TEST(test_the_filter_lets_dhcp_through_and_nothing_else),
		WORLD_TEST(test_batches),
		WORLD_TEST(test_marked_frames),
		WORLD_TEST(test_a_capture_sees_both_directions_and_tags),
		WORLD_TEST(test_a_dead_link_is_told_once),
		WORLD_TEST(test_partial_checksums_are_marked),
		WORLD_TEST(test_udp),
		WORLD_TEST(test_ping),
	};

	private_enter();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
