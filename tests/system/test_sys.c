/* SPDX-License-Identifier: MIT */
/* Namespaces, links, addresses, routes: written by src/sys, read back through libnl. */
#include <errno.h>
#include <fcntl.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "private.h"
#include "sys/clock.h"
#include "sys/fd.h"
#include "sys/netwatch.h"
#include "sys/netns.h"
#include "sys/netstate.h"
#include "sys/packet.h"
#include "world.h"

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
	struct netns_id id, other;

	assert_ok(w, netns_dir_prepare(&w->err));
	assert_ok(w, netns_dir_prepare(&w->err));
	assert_ok(w, netns_pin("one", w->a, &w->err));
	found = netns_open_name("one");
	assert_int_equal(ns_ino(found), ns_ino(w->a));
	assert_int_equal(netns_identify(found, &id), 0);
	assert_int_equal(id.ino, ns_ino(w->a));

	assert_int_equal(netns_pin("one", w->b, &w->err), -EEXIST);
	assert_string_equal(w->err.text, "namespace \"one\" exists already");
	assert_int_equal(netns_identify(w->b, &other), 0);
	assert_int_equal(netns_unpin("one", &other, &w->err), -ESTALE);
	/* The number of one that is gone is given to the next: the cookie is not. */
	other = id;
	other.cookie++;
	assert_int_equal(netns_unpin("one", &other, &w->err), -ESTALE);

	assert_ok(w, netns_unpin("one", &id, &w->err));
	assert_int_equal(access(NETNS_DIR "/one", F_OK), -1);
	assert_ok(w, netns_unpin("one", &id, &w->err));
	assert_int_equal(netns_open_name("one"), -ENOENT);
}

static void test_pin_leaves_nothing_on_failure(void **state)
{
	struct world *w = *state;
	cleanup_fd int file = open("/dev/null", O_RDONLY | O_CLOEXEC);

	assert_ok(w, netns_dir_prepare(&w->err));
	assert_int_equal(netns_pin("two", file, &w->err), -EINVAL);
	assert_int_equal(access(NETNS_DIR "/two", F_OK), -1);
}

static void test_unpin_removes_an_unfinished_name_only(void **state)
{
	struct world *w = *state;
	const struct netns_id other = { .ino = 4711 };
	int fd;

	assert_ok(w, netns_dir_prepare(&w->err));
	fd = open(NETNS_DIR "/three", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_int_equal(netns_open_name("three"), -EINVAL);
	assert_int_equal(write(fd, "x", 1), 1);
	assert_int_equal(netns_unpin("three", NULL, &w->err), -ESTALE);
	assert_int_equal(ftruncate(fd, 0), 0);
	close(fd);
	assert_ok(w, netns_unpin("three", &other, &w->err));
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

/* Waits until a link is said to be so; the kernel may take its time to notice a lost carrier. */
static void await_news(int fd, int ifindex, bool up, bool gone)
{
	uint64_t end = clock_us() + 3 * SECOND_US;
	struct net_news news[NET_NEWS_MAX];

	while (clock_us() < end) {
		int n;

		fd_wait_readable(fd, SECOND_US);
		n = netwatch_read(fd, news);
		for (int i = 0; i < n; i++) {
			if (news[i].ifindex == ifindex && news[i].up == up && news[i].gone == gone)
				return;
		}
	}
	fail_msg("link %d: no news that it is %s", ifindex, gone ? "gone" : up ? "up" : "down");
}

static void test_links_are_watched(void **state)
{
	struct world *w = *state;
	cleanup_fd int fd = netwatch_open(w->home, w->a, w->na, true);
	struct net_news news[NET_NEWS_MAX];

	assert_true(fd >= 0);
	assert_int_equal(netwatch_read(fd, news), -EAGAIN);
	assert_int_equal(netwatch_ask(fd, w->ia), 0);
	await_news(fd, w->ia, true, false);

	/* The other end goes: the carrier is lost. */
	assert_ok(w, netconf_set_up(w->nb, w->ib, false, &w->err));
	await_news(fd, w->ia, false, false);
	assert_ok(w, netconf_set_up(w->nb, w->ib, true, &w->err));
	await_news(fd, w->ia, true, false);

	assert_ok(w, netconf_del_link(w->na, "east", &w->err));
	await_news(fd, w->ia, false, true);
	/* Asked about, it is gone too. */
	assert_int_equal(netwatch_ask(fd, w->ia), 0);
	await_news(fd, w->ia, false, true);
}

/* The next news that is none of a link; fails the test where none comes. */
static struct net_news next_news(int fd)
{
	struct net_news news[NET_NEWS_MAX];
	uint64_t end = clock_us() + 3 * SECOND_US;

	while (clock_us() < end) {
		fd_wait_readable(fd, SECOND_US);
		if (netwatch_read(fd, news) == 1)
			return news[0];
	}
	fail_msg("no news");
	return news[0];
}

static void test_addresses_and_routes_of_others_are_watched(void **state)
{
	struct world *w = *state;
	cleanup_netconf struct netconf *other = NULL;
	cleanup_fd int fd = netwatch_open(w->home, w->a, w->na, false);
	struct netconf_address own = { .ifindex = w->ia, .address = 0x0a050001,
				       .prefix_len = 24, .valid_sec = FOREVER,
				       .preferred_sec = FOREVER };
	struct netconf_address theirs = own;
	struct netconf_route route = { .dest = 0x0a090000, .prefix_len = 16,
				       .gateway = 0x0a050009, .ifindex = w->ia, .metric = 7 };
	struct net_news news;

	assert_true(fd >= 0);
	assert_ok(w, netconf_open(w->home, w->a, &other, &w->err));
	theirs.address = 0x0a060001;

	/* Of its own only that an address goes is told, which may take others' with it. */
	assert_ok(w, netconf_add_address(w->na, &own, false, &w->err));
	assert_ok(w, netconf_add_address(other, &theirs, false, &w->err));
	news = next_news(fd);
	assert_int_equal(news.kind, NET_NEWS_ADDRESS);
	assert_int_equal(news.address, theirs.address);
	assert_int_equal(news.prefix_len, 24);
	assert_int_equal(news.ifindex, w->ia);
	assert_int_equal(news.port, netconf_port(other));
	assert_false(news.gone);

	assert_ok(w, netconf_add_route(w->na, &route, &w->err));
	assert_ok(w, netconf_del_route(other, &route, &w->err));
	news = next_news(fd);
	assert_int_equal(news.kind, NET_NEWS_ROUTE);
	assert_true(news.gone);
	assert_int_equal(news.address, route.dest);
	assert_int_equal(news.prefix_len, 16);
	assert_int_equal(news.gateway, route.gateway);
	assert_int_equal(news.metric, 7);
	assert_string_equal(news.protocol, "static");

	assert_ok(w, netconf_del_address(w->na, &own, &w->err));
	news = next_news(fd);
	assert_true(news.gone);
	assert_int_equal(news.address, own.address);
	assert_int_equal(news.port, netconf_port(w->na));
}

static void test_name_of_a_link(void **state)
{
	struct world *w = *state;
	char name[16];

	assert_ok(w, netconf_name(w->na, w->ia, name, &w->err));
	assert_string_equal(name, "east");
	assert_int_equal(netconf_name(w->na, 4711, name, &w->err), -ENODEV);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_TEST(test_links_are_watched),
		WORLD_TEST(test_addresses_and_routes_of_others_are_watched),
		WORLD_TEST(test_name_of_a_link),
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
	};

	private_enter();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
