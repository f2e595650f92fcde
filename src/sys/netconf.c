/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <linux/if.h>
#include <linux/if_addr.h>
#include <linux/if_bridge.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <string.h>
#include <sys/socket.h>

#include "base/text.h"
#include "sys/clock.h"
#include "sys/fd.h"
#include "sys/netconf_request.h"
#include "sys/netns.h"

#define CREATE (NLM_F_CREATE | NLM_F_EXCL)

#define WAIT_FIRST_US 50
#define WAIT_MOST_US 1000

static bool is_link_name(const char *name)
{
	size_t len = strlen(name);

	return len >= 1 && len < IFNAMSIZ;
}

static void begin_link(struct netconf_request *q, uint16_t type, uint16_t flags, int ifindex)
{
	struct ifinfomsg link = { .ifi_index = ifindex };

	request_begin(q, type, flags, &link, sizeof(link));
}

/* More queues than one would cost every pair two grace periods of the whole machine. */
static void put_birth(struct netconf_request *q, const struct netconf_end *end)
{
	request_put_str(q, IFLA_IFNAME, end->name);
	request_put_u32(q, IFLA_NET_NS_FD, (uint32_t)end->ns);
	request_put(q, IFLA_ADDRESS, end->mac, sizeof(end->mac));
	request_put_u32(q, IFLA_NUM_TX_QUEUES, 1);
	request_put_u32(q, IFLA_NUM_RX_QUEUES, 1);
}

static void put_peer(struct netconf_request *q, const struct netconf_end *peer)
{
	struct ifinfomsg link = { .ifi_index = peer->ifindex };
	struct nlattr *info, *data, *end;

	info = request_nest(q, IFLA_LINKINFO);
	request_put_str(q, IFLA_INFO_KIND, "veth");
	data = request_nest(q, IFLA_INFO_DATA);
	end = request_nest(q, VETH_INFO_PEER);
	request_put_header(q, &link, sizeof(link));
	put_birth(q, peer);
	request_nest_end(q, end);
	request_nest_end(q, data);
	request_nest_end(q, info);
}

static void put_no_ipv6_addresses(struct netconf_request *q)
{
	struct nlattr *families = request_nest(q, IFLA_AF_SPEC);
	struct nlattr *inet6 = request_nest(q, AF_INET6);

	request_put_u8(q, IFLA_INET6_ADDR_GEN_MODE, IN6_ADDR_GEN_MODE_NONE);
	request_nest_end(q, inet6);
	request_nest_end(q, families);
}

static int set_end(struct netconf *n, const struct netconf_end *end, bool ipv6,
		   struct error *err)
{
	struct netconf_request q;

	begin_link(&q, RTM_SETLINK, 0, 0);
	request_put_str(&q, IFLA_IFNAME, end->name);
	if (end->alias)
		request_put_str(&q, IFLA_IFALIAS, end->alias);
	if (end->master)
		request_put_u32(&q, IFLA_MASTER, (uint32_t)end->master);
	if (ipv6)
		put_no_ipv6_addresses(&q);

	return netconf_commit(n, &q, err, "link %s", end->name);
}

/* What the kernel does not take at birth. EAFNOSUPPORT: it has no IPv6 to be silenced. */
static int finish_end(struct netconf *n, const struct netconf_end *end, struct error *err)
{
	int r = set_end(n, end, true, err);

	return r == -EAFNOSUPPORT ? set_end(n, end, false, err) : r;
}

static int finish_far_end(const struct netconf_end *end, struct error *err)
{
	cleanup_netconf struct netconf *n = NULL;
	cleanup_fd int home = -1;
	int r;

	if (end->conf)
		return finish_end(end->conf, end, err);
	home = netns_open_self();
	if (home < 0)
		return error_set(err, home, "own namespace: %s", strerror(-home));

	r = netconf_open(home, end->ns, &n, err);
	return r < 0 ? r : finish_end(n, end, err);
}

int netconf_add_veth(struct netconf *n, const struct netconf_end *a,
		     const struct netconf_end *b, struct error *err)
{
	struct netconf_request q;
	int r;

	if (!is_link_name(a->name) || !is_link_name(b->name))
		return error_set(err, -EINVAL, "\"%s\", \"%s\": a link's name has 1 to 15 bytes",
				 a->name, b->name);

	begin_link(&q, RTM_NEWLINK, CREATE, a->ifindex);
	put_birth(&q, a);
	if (a->master)
		request_put_u32(&q, IFLA_MASTER, (uint32_t)a->master);
	put_peer(&q, b);
	r = netconf_commit(n, &q, err, "cable from %s to %s", a->name, b->name);
	if (r < 0)
		return r;

	r = finish_end(n, &(struct netconf_end){ .name = a->name, .alias = a->alias }, err);
	if (r == 0)
		r = finish_far_end(b, err);
	if (r < 0)
		netconf_del_link(n, a->name, NULL);

	return r;
}

int netconf_add_bridge(struct netconf *n, const char *name, const uint8_t mac[static 6],
		       struct error *err)
{
	struct netconf_request q;
	struct nlattr *info, *data;

	if (!is_link_name(name))
		return error_set(err, -EINVAL, "\"%s\": a link's name has 1 to 15 bytes", name);

	begin_link(&q, RTM_NEWLINK, CREATE, 0);
	request_put_str(&q, IFLA_IFNAME, name);
	request_put(&q, IFLA_ADDRESS, mac, 6);
	info = request_nest(&q, IFLA_LINKINFO);
	request_put_str(&q, IFLA_INFO_KIND, "bridge");
	data = request_nest(&q, IFLA_INFO_DATA);
	request_put_u32(&q, IFLA_BR_STP_STATE, 0);
	request_put_u32(&q, IFLA_BR_FORWARD_DELAY, 0);
	request_put_u8(&q, IFLA_BR_MCAST_SNOOPING, 0);
	request_nest_end(&q, data);
	request_nest_end(&q, info);

	return netconf_commit(n, &q, err, "switch %s", name);
}

/* The statistics are most of a link's message, and never wanted here. */
static void begin_query(struct netconf_request *q, int ifindex)
{
	begin_link(q, RTM_GETLINK, 0, ifindex);
	request_put_u32(q, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
}

static void save_index(const struct nlmsghdr *msg, void *arg)
{
	const struct ifinfomsg *link = mnl_nlmsg_get_payload(msg);
	int *ret = arg;

	*ret = link->ifi_index;
}

int netconf_index(struct netconf *n, const char *name, struct error *err)
{
	struct netconf_request q;
	int ifindex = -ENODEV;
	int r;

	if (!is_link_name(name))
		return error_set(err, -ENODEV, "\"%s\" can not be a link's name", name);

	begin_query(&q, 0);
	request_put_str(&q, IFLA_IFNAME, name);
	r = netconf_query(n, &q, save_index, &ifindex, err, "link %s", name);
	return r < 0 ? r : ifindex;
}

static void save_name(const struct nlmsghdr *msg, void *arg)
{
	const struct nlattr *attr;

	mnl_attr_for_each(attr, msg, sizeof(struct ifinfomsg)) {
		if (mnl_attr_get_type(attr) == IFLA_IFNAME &&
		    mnl_attr_validate(attr, MNL_TYPE_NUL_STRING) >= 0)
			str_copy(arg, IFNAMSIZ, mnl_attr_get_str(attr));
	}
}

int netconf_name(struct netconf *n, int ifindex, char ret[static 16], struct error *err)
{
	struct netconf_request q;
	char name[IFNAMSIZ] = "";
	int r;

	begin_query(&q, ifindex);
	r = netconf_query(n, &q, save_name, name, err, "name of link %d", ifindex);
	if (r < 0)
		return r;
	memcpy(ret, name, sizeof(name));
	return 0;
}

int netconf_del_link(struct netconf *n, const char *name, struct error *err)
{
	struct netconf_request q;

	begin_link(&q, RTM_DELLINK, 0, 0);
	request_put_str(&q, IFLA_IFNAME, name);
	return netconf_commit(n, &q, err, "link %s", name);
}

int netconf_set_up(struct netconf *n, int ifindex, bool up, struct error *err)
{
	struct ifinfomsg link = {
		.ifi_index = ifindex,
		.ifi_flags = up ? IFF_UP : 0,
		.ifi_change = IFF_UP,
	};
	struct netconf_request q;

	request_begin(&q, RTM_SETLINK, 0, &link, sizeof(link));
	return netconf_commit(n, &q, err, "link %d %s", ifindex, up ? "up" : "down");
}

int netconf_set_mtu(struct netconf *n, int ifindex, unsigned int mtu, struct error *err)
{
	struct netconf_request q;

	begin_link(&q, RTM_SETLINK, 0, ifindex);
	request_put_u32(&q, IFLA_MTU, mtu);
	return netconf_commit(n, &q, err, "link %d, MTU %u", ifindex, mtu);
}

int netconf_move_link(struct netconf *n, int ifindex, int ns, struct error *err)
{
	struct netconf_request q;

	begin_link(&q, RTM_SETLINK, 0, ifindex);
	request_put_u32(&q, IFLA_NET_NS_FD, (uint32_t)ns);
	return netconf_commit(n, &q, err, "link %d to another namespace", ifindex);
}

int netconf_set_master(struct netconf *n, int ifindex, int master, struct error *err)
{
	struct netconf_request q;

	begin_link(&q, RTM_SETLINK, 0, ifindex);
	request_put_u32(&q, IFLA_MASTER, (uint32_t)master);
	return netconf_commit(n, &q, err, "link %d as a port of link %d", ifindex, master);
}

int netconf_set_flood(struct netconf *n, int ifindex, bool on, struct error *err)
{
	struct ifinfomsg link = { .ifi_family = AF_BRIDGE, .ifi_index = ifindex };
	struct netconf_request q;
	struct nlattr *port;

	request_begin(&q, RTM_SETLINK, 0, &link, sizeof(link));
	port = request_nest(&q, IFLA_PROTINFO);
	request_put_u8(&q, IFLA_BRPORT_BCAST_FLOOD, on);
	request_nest_end(&q, port);
	return netconf_commit(n, &q, err, "port %d, flooding of broadcasts", ifindex);
}

/* A bridge lets nothing through a port that is not forwarding yet. */
static bool is_forwarding(const struct nlattr *link_info)
{
	const struct nlattr *attr, *port;

	mnl_attr_for_each_nested(attr, link_info) {
		if (mnl_attr_get_type(attr) != IFLA_INFO_SLAVE_DATA)
			continue;
		mnl_attr_for_each_nested(port, attr) {
			if (mnl_attr_get_type(port) == IFLA_BRPORT_STATE)
				return mnl_attr_get_u8(port) == BR_STATE_FORWARDING;
		}
	}
	return true;	/* no port */
}

/*
 * OPERSTATE may say up a moment before the link has its queue, and its bridge knows:
 * until then what it is to send is thrown away.
 */
static void save_is_up(const struct nlmsghdr *msg, void *arg)
{
	bool *ret = arg, up = false, sends = true, forwards = true;
	const struct nlattr *attr;

	mnl_attr_for_each(attr, msg, sizeof(struct ifinfomsg)) {
		if (mnl_attr_get_type(attr) == IFLA_OPERSTATE)
			up = mnl_attr_get_u8(attr) == IF_OPER_UP;
		if (mnl_attr_get_type(attr) == IFLA_QDISC)
			sends = strcmp(mnl_attr_get_str(attr), "noop") != 0;
		if (mnl_attr_get_type(attr) == IFLA_LINKINFO)
			forwards = is_forwarding(attr);
	}
	*ret = up && sends && forwards;
}

/*
 * One query a link, not one dump for all: since Linux 6.8 the query itself
 * makes the kernel finish what it has to do about a link's state, which it
 * else puts off, for the second end of a cable by up to a second.
 */
static int is_link_up(struct netconf *n, int ifindex, struct error *err)
{
	struct netconf_request q;
	bool up = false;
	int r;

	begin_query(&q, ifindex);
	r = netconf_query(n, &q, save_is_up, &up, err, "state of link %d", ifindex);
	return r < 0 ? r : up;
}

int netconf_wait_up(struct netconf *n, const int *ifindex, size_t count, uint64_t timeout_us,
		    struct error *err)
{
	uint64_t pause = WAIT_FIRST_US, start = clock_us();
	size_t up = 0;

	while (up < count) {
		int r = is_link_up(n, ifindex[up], err);

		if (r < 0)
			return r;
		if (r) {
			up++;
			continue;
		}
		if (clock_us() - start >= timeout_us)
			return error_set(err, -ETIMEDOUT, "link %d does not come up", ifindex[up]);
		clock_sleep_us(pause);
		pause = min_u64(pause * 2, WAIT_MOST_US);
	}

	return 0;
}
