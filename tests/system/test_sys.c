/* SPDX-License-Identifier: MIT */
/* Namespaces, links, addresses, sockets: written by src/sys, read back through libnl. */
#include <errno.h>
#include <fcntl.h>
#include <linux/rtnetlink.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "private.h"
#include "sys/clock.h"
#include "sys/fd.h"
#include "sys/netconf.h"
#include "sys/netns.h"
#include "sys/netstate.h"
#include "sys/packet.h"

#define IP_A 0x0a000001u	/* 10.0.0.1 */
#define IP_B 0x0a000002u
#define FOREVER UINT32_MAX
#define SECOND_US 1000000u

static const uint8_t mac_a[6] = { 2, 0x4e, 0x4c, 0, 0, 1 };
static const uint8_t mac_b[6] = { 2, 0x4e, 0x4c, 0, 0, 2 };

/* Two machines and the cable between them, up and addressed. */
struct world {
	int home, a, b;
	struct netconf *na, *nb;
	int ia, ib;
	struct error err;
};

/* Fails the test with the error's text. */
#define assert_ok(w, call)                                                   \
	({                                                                   \
		int ok_ = (call);                                            \
		if (ok_ < 0)                                                 \
			fail_msg("%s: %d: %s", #call, ok_, (w)->err.text);   \
		ok_;                                                         \
	})

static void raise_end(struct world *w, struct netconf *n, const char *name, uint32_t ip,
		      int *ret_index)
{
	struct netconf_address addr = {
		.address = ip, .prefix_len = 24, .broadcast = ip | 0xff,
		.valid_sec = FOREVER, .preferred_sec = FOREVER,
	};

	*ret_index = assert_ok(w, netconf_index(n, name, &w->err));
	assert_ok(w, netconf_set_up(n, 1, true, &w->err));
	assert_ok(w, netconf_set_up(n, *ret_index, true, &w->err));
	addr.ifindex = *ret_index;
	assert_ok(w, netconf_add_address(n, &addr, false, &w->err));
}

static int make_world(void **state)
{
	struct world *w = calloc(1, sizeof(*w));
	struct netconf_end a = { .name = "east", .alias = "test:east" };
	struct netconf_end b = { .name = "west", .alias = "test:west" };

	memcpy(a.mac, mac_a, sizeof(a.mac));
	memcpy(b.mac, mac_b, sizeof(b.mac));
	w->home = netns_open_self();
	a.ns = w->a = assert_ok(w, netns_create(w->home, &w->err));
	b.ns = w->b = assert_ok(w, netns_create(w->home, &w->err));
	assert_ok(w, netconf_open(w->home, w->a, &w->na, &w->err));
	assert_ok(w, netconf_open(w->home, w->b, &w->nb, &w->err));
	assert_ok(w, netconf_add_veth(w->na, &a, &b, &w->err));
	raise_end(w, w->na, "east", IP_A, &w->ia);
	raise_end(w, w->nb, "west", IP_B, &w->ib);
	assert_ok(w, netconf_wait_up(w->na, &w->ia, 1, SECOND_US, &w->err));
	assert_ok(w, netconf_wait_up(w->nb, &w->ib, 1, SECOND_US, &w->err));
	*state = w;
	return 0;
}

static int end_world(void **state)
{
	struct world *w = *state;

	netconf_close(w->na);
	netconf_close(w->nb);
	fd_close(w->a);
	fd_close(w->b);
	fd_close(w->home);
	free(w);
	return 0;
}

static struct netstate read_state(struct world *w, int ns)
{
	cleanup_fd int sock = netstate_socket(w->home, ns);
	struct netstate s = { 0 };

	assert_true(sock >= 0);
	assert_ok(w, netstate_read(sock, &s, &w->err));
	return s;
}

static ino_t ns_ino(int fd)
{
	struct stat st;

	assert_int_equal(fstat(fd, &st), 0);
	return st.st_ino;
}

static void test_create_leaves_the_thread_at_home(void **state)
{
	struct world *w = *state;
	cleanup_fd int self = netns_open_self();

	assert_int_equal(ns_ino(self), ns_ino(w->home));
	assert_int_not_equal(ns_ino(w->a), ns_ino(w->home));
	assert_int_not_equal(ns_ino(w->a), ns_ino(w->b));
}

static void test_pin_and_unpin(void **state)
{
	struct world *w = *state;
	cleanup_fd int found = -1;
	uint64_t ino = 0;

	assert_ok(w, netns_dir_prepare(&w->err));
	assert_ok(w, netns_dir_prepare(&w->err));
	assert_ok(w, netns_pin("one", w->a, &ino, &w->err));
	assert_int_equal(ino, ns_ino(w->a));
	found = netns_open_name("one");
	assert_int_equal(ns_ino(found), ino);

	assert_int_equal(netns_pin("one", w->b, NULL, &w->err), -EEXIST);
	assert_string_equal(w->err.text, "namespace \"one\" exists already");
	assert_int_equal(netns_unpin("one", ino + 1, &w->err), -ESTALE);

	assert_ok(w, netns_unpin("one", ino, &w->err));
	assert_int_equal(access(NETNS_DIR "/one", F_OK), -1);
	assert_ok(w, netns_unpin("one", ino, &w->err));
	assert_int_equal(netns_open_name("one"), -ENOENT);
}

static void test_pin_leaves_nothing_on_failure(void **state)
{
	struct world *w = *state;
	cleanup_fd int file = open("/dev/null", O_RDONLY | O_CLOEXEC);

	assert_ok(w, netns_dir_prepare(&w->err));
	assert_int_equal(netns_pin("two", file, NULL, &w->err), -EINVAL);
	assert_int_equal(access(NETNS_DIR "/two", F_OK), -1);
}

static void test_unpin_removes_an_unfinished_name_only(void **state)
{
	struct world *w = *state;
	int fd;

	assert_ok(w, netns_dir_prepare(&w->err));
	fd = open(NETNS_DIR "/three", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_int_equal(netns_open_name("three"), -EINVAL);
	assert_int_equal(write(fd, "x", 1), 1);
	assert_int_equal(netns_unpin("three", 0, &w->err), -ESTALE);
	assert_int_equal(ftruncate(fd, 0), 0);
	close(fd);
	assert_ok(w, netns_unpin("three", 4711, &w->err));
	assert_int_equal(access(NETNS_DIR "/three", F_OK), -1);
}

static void test_names_of_namespaces(void **state)
{
	char longest[257];

	memset(longest, 'n', sizeof(longest) - 1);
	longest[256] = '\0';
	assert_false(netns_is_name(longest));
	longest[255] = '\0';
	assert_true(netns_is_name(longest));
	assert_false(netns_is_name(""));
	assert_false(netns_is_name("."));
	assert_false(netns_is_name(".."));
	assert_false(netns_is_name("a/b"));
}

static int return_arg(void *arg)
{
	return *(int *)arg;
}

static void test_call_returns_what_the_function_returned(void **state)
{
	struct world *w = *state;
	cleanup_fd int file = open("/dev/null", O_RDONLY | O_CLOEXEC);
	int seven = 7;

	assert_int_equal(netns_call(w->home, w->a, return_arg, &seven), 7);
	assert_int_equal(netns_call(w->home, file, return_arg, &seven), -EINVAL);
}

static void test_veth_is_born_in_place(void **state)
{
	struct world *w = *state;
	cleanup_netstate struct netstate a = read_state(w, w->a), b = read_state(w, w->b);
	const struct netstate_link *east = netstate_find(&a, "east");
	const struct netstate_link *west = netstate_find(&b, "west");

	assert_int_equal(a.n_links, 2);
	assert_int_equal(b.n_links, 2);
	assert_non_null(east);
	assert_non_null(west);
	assert_null(netstate_find(&a, "west"));
	assert_memory_equal(east->mac, mac_a, 6);
	assert_memory_equal(west->mac, mac_b, 6);
	assert_string_equal(east->alias, "test:east");
	assert_string_equal(west->alias, "test:west");
	assert_int_equal(east->ifindex, w->ia);
	assert_true(east->up && east->running && !east->loopback);
	assert_true(netstate_find(&a, "lo")->loopback);
}

/* No interface got an fe80:: address: each line of if_inet6 would be one. */
static int count_ipv6(void *arg)
{
	FILE *f = fopen("/proc/thread-self/net/if_inet6", "re");
	char line[128];
	int n = 0;

	while (f && fgets(line, sizeof(line), f)) {
		if (strncmp(line, "fe80", 4) == 0)
			n++;
	}
	if (f)
		fclose(f);
	return n;
}

static void test_veth_has_no_ipv6_addresses(void **state)
{
	struct world *w = *state;

	assert_int_equal(netns_call(w->home, w->a, count_ipv6, NULL), 0);
	assert_int_equal(netns_call(w->home, w->b, count_ipv6, NULL), 0);
}

static void test_veth_failures_leave_nothing(void **state)
{
	struct world *w = *state;
	struct netconf_end a = { .ns = w->a, .name = "north", .mac = { 2 } };
	struct netconf_end b = { .ns = w->b, .name = "west", .mac = { 2, 1 } };
	struct netstate s;

	assert_int_equal(netconf_add_veth(w->na, &a, &b, &w->err), -EEXIST);
	b.name = "name-of-16-bytes";
	assert_int_equal(netconf_add_veth(w->na, &a, &b, &w->err), -EINVAL);
	/* The far end is no switch's: found out after the cable was made. */
	b.name = "south";
	b.master = 4711;
	assert_true(netconf_add_veth(w->na, &a, &b, &w->err) < 0);

	s = read_state(w, w->a);
	assert_null(netstate_find(&s, "north"));
	netstate_done(&s);
}

static void test_bridge_with_a_port(void **state)
{
	struct world *w = *state;
	static const uint8_t mac[6] = { 2, 9 };
	cleanup_fd int ns = netns_create(w->home, &w->err), far = netns_create(w->home, &w->err);
	cleanup_netconf struct netconf *n = NULL;
	struct netconf_end port = { .ns = ns, .name = "port1", .mac = { 2, 9, 1 }, .ifindex = 100 };
	struct netconf_end end = { .ns = far, .name = "eth0", .mac = { 2, 9, 2 }, .ifindex = 200 };
	struct netstate s;
	int index;

	assert_ok(w, netconf_open(w->home, ns, &n, &w->err));
	assert_ok(w, netconf_add_bridge(n, "sw", mac, &w->err));
	assert_int_equal(netconf_add_bridge(n, "sw", mac, &w->err), -EEXIST);
	port.master = assert_ok(w, netconf_index(n, "sw", &w->err));
	assert_ok(w, netconf_add_veth(n, &port, &end, &w->err));
	index = assert_ok(w, netconf_index(n, "port1", &w->err));
	assert_int_equal(index, 100);
	/* Only a port of a bridge has this switch. */
	assert_ok(w, netconf_set_flood(n, index, false, &w->err));
	assert_true(netconf_set_flood(w->na, w->ia, false, &w->err) < 0);

	s = read_state(w, ns);
	assert_false(netstate_find(&s, "sw")->up);
	assert_memory_equal(netstate_find(&s, "sw")->mac, mac, 6);
	netstate_done(&s);
	s = read_state(w, far);
	assert_int_equal(netstate_find(&s, "eth0")->ifindex, 200);
	netstate_done(&s);
}

static void test_addresses(void **state)
{
	struct world *w = *state;
	struct netconf_address addr = {
		.ifindex = w->ia, .address = 0xc0a80105, .prefix_len = 16,
		.valid_sec = 600, .preferred_sec = 300,
	};
	const struct netstate_link *east;
	struct netstate s;

	assert_ok(w, netconf_add_address(w->na, &addr, false, &w->err));
	assert_int_equal(netconf_add_address(w->na, &addr, false, &w->err), -EEXIST);
	addr.valid_sec = 1200;
	assert_ok(w, netconf_add_address(w->na, &addr, true, &w->err));

	s = read_state(w, w->a);
	east = netstate_find(&s, "east");
	assert_int_equal(east->n_addresses, 2);
	assert_int_equal(east->addresses[0].address, IP_A);
	assert_int_equal(east->addresses[0].broadcast, IP_A | 0xff);
	assert_int_equal(east->addresses[0].valid_sec, FOREVER);
	assert_int_equal(east->addresses[1].prefix_len, 16);
	assert_int_equal(east->addresses[1].broadcast, 0);
	assert_in_range(east->addresses[1].valid_sec, 1190, 1200);
	assert_in_range(east->addresses[1].preferred_sec, 290, 300);
	netstate_done(&s);

	assert_ok(w, netconf_del_address(w->na, &addr, &w->err));
	assert_int_equal(netconf_del_address(w->na, &addr, &w->err), -EADDRNOTAVAIL);
}

static const struct netstate_route *find_route(const struct netstate *s, uint32_t dest)
{
	for (size_t i = 0; i < s->n_routes; i++) {
		if (s->routes[i].dest == dest)
			return &s->routes[i];
	}

	return NULL;
}

static void test_routes(void **state)
{
	struct world *w = *state;
	struct netconf_route far = {
		.dest = 0xac100000, .prefix_len = 12, .gateway = IP_B, .metric = 77, .dhcp = true,
	};
	struct netconf_route link = { .dest = 0xc0000200, .prefix_len = 24, .ifindex = w->ia };
	const struct netstate_route *r;
	struct netstate s;

	assert_ok(w, netconf_add_route(w->na, &far, &w->err));
	assert_ok(w, netconf_add_route(w->na, &link, &w->err));
	assert_int_equal(netconf_add_route(w->na, &far, &w->err), -EEXIST);

	s = read_state(w, w->a);
	r = find_route(&s, far.dest);
	assert_non_null(r);
	assert_int_equal(r->gateway, IP_B);
	assert_int_equal(r->prefix_len, 12);
	assert_int_equal(r->ifindex, w->ia);
	assert_int_equal(r->metric, 77);
	assert_int_equal(r->protocol, RTPROT_DHCP);
	r = find_route(&s, link.dest);
	assert_non_null(r);
	assert_int_equal(r->gateway, 0);
	assert_int_equal(r->protocol, RTPROT_STATIC);
	netstate_done(&s);

	/* A route of somebody else's to the same place is left alone. */
	far.dhcp = false;
	assert_int_equal(netconf_del_route(w->na, &far, &w->err), -ESRCH);
	far.dhcp = true;
	assert_ok(w, netconf_del_route(w->na, &far, &w->err));
}

static void test_the_kernels_own_words_reach_the_caller(void **state)
{
	struct world *w = *state;
	struct netconf_route route = { .gateway = 0xc0000201 };

	assert_int_equal(netconf_add_route(w->na, &route, &w->err), -ENETUNREACH);
	assert_string_equal(w->err.text, "route to 0.0.0.0/0: Nexthop has invalid gateway "
					 "(Network is unreachable)");
	assert_int_equal(netconf_set_mtu(w->na, w->ia, 70000, &w->err), -EINVAL);
	assert_non_null(strstr(w->err.text, "mtu greater than device maximum"));
}

static void test_links_that_are_not_there(void **state)
{
	struct world *w = *state;

	assert_int_equal(netconf_index(w->na, "north", &w->err), -ENODEV);
	assert_non_null(strstr(w->err.text, "north"));
	assert_int_equal(netconf_index(w->na, "", NULL), -ENODEV);
	assert_int_equal(netconf_set_up(w->na, 4711, true, &w->err), -ENODEV);
	assert_int_equal(netconf_del_link(w->na, "north", &w->err), -ENODEV);
	assert_int_equal(netconf_no_offload(w->home, w->a, "north", &w->err), -ENODEV);
	assert_int_equal(packet_open(w->home, w->a, 4711, PACKET_ALL, &w->err), -ENODEV);
	assert_int_equal(udp_open(w->home, w->a, "north", 0, 67, &w->err), -ENODEV);
}

static void test_wait_gives_up_on_a_link_without_carrier(void **state)
{
	struct world *w = *state;

	assert_ok(w, netconf_set_up(w->nb, w->ib, false, &w->err));
	/* The kernel's own work that notices it comes a little later. */
	clock_sleep_us(SECOND_US / 10);
	assert_int_equal(netconf_wait_up(w->na, &w->ia, 1, 5000, &w->err), -ETIMEDOUT);
	assert_non_null(strstr(w->err.text, "does not come up"));
}

static void test_deleting_one_end_takes_the_cable(void **state)
{
	struct world *w = *state;

	assert_ok(w, netconf_del_link(w->nb, "west", &w->err));
	assert_int_equal(netconf_index(w->na, "east", &w->err), -ENODEV);
}

static void test_sysctl(void **state)
{
	struct world *w = *state;

	assert_ok(w, netconf_sysctl(w->home, w->a, "net/ipv4/ip_forward", "1", &w->err));
	assert_int_equal(netconf_sysctl(w->home, w->a, "kernel/hostname", "x", &w->err), -EINVAL);
	assert_int_equal(netconf_sysctl(w->home, w->a, "net/../kernel/x", "x", &w->err), -EINVAL);
	assert_int_equal(netconf_sysctl(w->home, w->a, "net/ipv4/none", "1", &w->err), -ENOENT);
}

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
	} cases[] = {
		{ "to a client", broadcast, 0x0800, 17, 0, 0, 68, true, false },
		{ "to a server", broadcast, 0x0800, 17, 0, 0, 67, false, true },
		{ "unicast", mac_b, 0x0800, 17, 0, 0, 68, true, false },
		{ "IP options", broadcast, 0x0800, 17, 0, 10, 68, true, false },
		{ "do not fragment", broadcast, 0x0800, 17, 0x4000, 0, 68, true, false },
		{ "ARP", broadcast, 0x0806, 0, 0, 0, 0, true, true },
		{ "TCP", broadcast, 0x0800, 6, 0, 0, 68, false, false },
		{ "a later fragment", broadcast, 0x0800, 17, 5, 0, 68, false, false },
		{ "DNS", broadcast, 0x0800, 17, 0, 0, 53, false, false },
		{ "IPv6", broadcast, 0x86dd, 17, 0, 0, 68, false, false },
		{ "another's MAC", stranger, 0x0800, 17, 0, 0, 68, false, false },
		{ "VLAN tag", broadcast, 0x8100, 17, 0, 0, 68, false, false },
	};
	struct world *w = *state;
	int out = assert_ok(w, packet_open(w->home, w->a, w->ia, PACKET_ALL_INGRESS, &w->err));
	int client = assert_ok(w, packet_open(w->home, w->b, w->ib, PACKET_DHCP_CLIENT, &w->err));
	int server = assert_ok(w, packet_open(w->home, w->b, w->ib, PACKET_DHCP_SERVER, &w->err));

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct packet_meta meta;
		uint8_t frame[128], got[256];
		size_t len = build_frame(frame, cases[i].dst, cases[i].protocol,
					 cases[i].fragment, cases[i].options, cases[i].port);
		int n;

		store_be16(frame + 12, cases[i].type);
		assert_ok(w, packet_send(out, w->ia, frame, len));
		n = packet_recv(client, got, sizeof(got), &meta);
		if (n != (cases[i].client ? (int)len : -EAGAIN))
			fail_msg("client: %s: %d", cases[i].what, n);
		n = packet_recv(server, got, sizeof(got), &meta);
		if (n != (cases[i].server ? (int)len : -EAGAIN))
			fail_msg("server: %s: %d", cases[i].what, n);
	}

	fd_closer_run((int[]){ out, client, server, -1 }, 4);
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
#define WORLD_TEST(fn) cmocka_unit_test_setup_teardown(fn, make_world, end_world)
	const struct CMUnitTest tests[] = {
		WORLD_TEST(test_create_leaves_the_thread_at_home),
		WORLD_TEST(test_pin_and_unpin),
		WORLD_TEST(test_pin_leaves_nothing_on_failure),
		WORLD_TEST(test_unpin_removes_an_unfinished_name_only),
		cmocka_unit_test(test_names_of_namespaces),
		WORLD_TEST(test_call_returns_what_the_function_returned),
		WORLD_TEST(test_veth_is_born_in_place),
		WORLD_TEST(test_veth_has_no_ipv6_addresses),
		WORLD_TEST(test_veth_failures_leave_nothing),
		WORLD_TEST(test_bridge_with_a_port),
		WORLD_TEST(test_addresses),
		WORLD_TEST(test_routes),
		WORLD_TEST(test_the_kernels_own_words_reach_the_caller),
		WORLD_TEST(test_links_that_are_not_there),
		WORLD_TEST(test_wait_gives_up_on_a_link_without_carrier),
		WORLD_TEST(test_deleting_one_end_takes_the_cable),
		WORLD_TEST(test_sysctl),
		WORLD_TEST(test_the_filter_lets_dhcp_through_and_nothing_else),
		WORLD_TEST(test_a_capture_sees_both_directions_and_tags),
		WORLD_TEST(test_a_dead_link_is_told_once),
		WORLD_TEST(test_partial_checksums_are_marked),
		WORLD_TEST(test_udp),
		WORLD_TEST(test_ping),
	};

	private_enter();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
