/* SPDX-License-Identifier: MIT */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "bare.h"

#define BUFFER_SIZE 32768
#define POLL_US 50

/* Big enough for every request here: names are constants of these programs. */
union request {
	struct nlmsghdr hdr;
	char bytes[512];
};

void die(const char *what)
{
	fprintf(stderr, "%s: %s\n", what, strerror(errno));
	exit(EXIT_FAILURE);
}

double now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e3 + (double)ts.tv_nsec / 1e6;
}

int bare_ns_self(void)
{
	int fd = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		die("/proc/thread-self/ns/net");
	return fd;
}

void bare_ns_enter(int fd)
{
	if (setns(fd, CLONE_NEWNET) < 0)
		die("setns");
}

void bare_ns_create(struct bare_ns *ns, int home)
{
	if (unshare(CLONE_NEWNET) < 0)
		die("unshare");
	ns->fd = bare_ns_self();
	ns->nl = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
	if (!ns->nl || mnl_socket_bind(ns->nl, 0, MNL_SOCKET_AUTOPID) < 0)
		die("netlink socket");
	bare_ns_enter(home);
}

static void begin(union request *q, uint16_t type, uint16_t flags, const void *header, size_t len)
{
	struct nlmsghdr *hdr = mnl_nlmsg_put_header(q->bytes);

	hdr->nlmsg_type = type;
	hdr->nlmsg_flags = NLM_F_REQUEST | flags;
	memcpy(mnl_nlmsg_put_extra_header(hdr, len), header, len);
}

static void begin_link(union request *q, uint16_t type, uint16_t flags, int ifindex)
{
	struct ifinfomsg link = { .ifi_index = ifindex };

	begin(q, type, flags, &link, sizeof(link));
}

/* Sends, and reads the answer up to its end; @fn gets every message that carries something. */
static void ask(struct bare_ns *ns, union request *q, mnl_cb_t fn, void *arg, const char *what)
{
	static char buf[BUFFER_SIZE] __attribute__((aligned(NLMSG_ALIGNTO)));
	int r = MNL_CB_OK;

	if (mnl_socket_sendto(ns->nl, q->bytes, q->hdr.nlmsg_len) < 0)
		die(what);
	while (r == MNL_CB_OK) {
		ssize_t len = mnl_socket_recvfrom(ns->nl, buf, sizeof(buf));

		if (len < 0)
			die(what);
		r = mnl_cb_run(buf, (size_t)len, 0, 0, fn, arg);
	}
	if (r < 0)
		die(what);
}

static void tell(struct bare_ns *ns, union request *q, const char *what)
{
	q->hdr.nlmsg_flags |= NLM_F_ACK;
	ask(ns, q, NULL, NULL, what);
}

void bare_add_bridge(struct bare_ns *ns, const char *name)
{
	struct nlattr *info, *data;
	union request q;

	begin_link(&q, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, 0);
	mnl_attr_put_strz(&q.hdr, IFLA_IFNAME, name);
	info = mnl_attr_nest_start(&q.hdr, IFLA_LINKINFO);
	mnl_attr_put_strz(&q.hdr, IFLA_INFO_KIND, "bridge");
	data = mnl_attr_nest_start(&q.hdr, IFLA_INFO_DATA);
	mnl_attr_put_u8(&q.hdr, IFLA_BR_MCAST_SNOOPING, 0);
	mnl_attr_nest_end(&q.hdr, data);
	mnl_attr_nest_end(&q.hdr, info);
	tell(ns, &q, "bridge");
}

static void put_end(union request *q, const char *name)
{
	mnl_attr_put_strz(&q->hdr, IFLA_IFNAME, name);
	mnl_attr_put_u32(&q->hdr, IFLA_NUM_TX_QUEUES, 1);
	mnl_attr_put_u32(&q->hdr, IFLA_NUM_RX_QUEUES, 1);
}

void bare_add_veth(struct bare_ns *ns, const char *name, int master, struct bare_ns *far,
		   const char *far_name)
{
	struct nlattr *info, *data, *peer;
	union request q;

	begin_link(&q, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, 0);
	put_end(&q, name);
	if (master)
		mnl_attr_put_u32(&q.hdr, IFLA_MASTER, (uint32_t)master);
	info = mnl_attr_nest_start(&q.hdr, IFLA_LINKINFO);
	mnl_attr_put_strz(&q.hdr, IFLA_INFO_KIND, "veth");
	data = mnl_attr_nest_start(&q.hdr, IFLA_INFO_DATA);
	peer = mnl_attr_nest_start(&q.hdr, VETH_INFO_PEER);
	memset(mnl_nlmsg_put_extra_header(&q.hdr, sizeof(struct ifinfomsg)), 0,
	       sizeof(struct ifinfomsg));
	put_end(&q, far_name);
	mnl_attr_put_u32(&q.hdr, IFLA_NET_NS_FD, (uint32_t)far->fd);
	mnl_attr_nest_end(&q.hdr, peer);
	mnl_attr_nest_end(&q.hdr, data);
	mnl_attr_nest_end(&q.hdr, info);
	tell(ns, &q, "veth");
}

static int save_index(const struct nlmsghdr *msg, void *arg)
{
	const struct ifinfomsg *link = mnl_nlmsg_get_payload(msg);

	*(int *)arg = link->ifi_index;
	return MNL_CB_STOP;
}

int bare_index(struct bare_ns *ns, const char *name)
{
	union request q;
	int ifindex = 0;

	begin_link(&q, RTM_GETLINK, 0, 0);
	mnl_attr_put_u32(&q.hdr, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
	mnl_attr_put_strz(&q.hdr, IFLA_IFNAME, name);
	ask(ns, &q, save_index, &ifindex, name);
	return ifindex;
}

void bare_no_ipv6(struct bare_ns *ns, int ifindex)
{
	struct nlattr *spec, *inet6;
	union request q;

	begin_link(&q, RTM_SETLINK, 0, ifindex);
	spec = mnl_attr_nest_start(&q.hdr, IFLA_AF_SPEC);
	inet6 = mnl_attr_nest_start(&q.hdr, AF_INET6);
	mnl_attr_put_u8(&q.hdr, IFLA_INET6_ADDR_GEN_MODE, IN6_ADDR_GEN_MODE_NONE);
	mnl_attr_nest_end(&q.hdr, inet6);
	mnl_attr_nest_end(&q.hdr, spec);
	tell(ns, &q, "addrgenmode none");
}

void bare_up(struct bare_ns *ns, int ifindex)
{
	struct ifinfomsg link = {
		.ifi_index = ifindex, .ifi_flags = IFF_UP, .ifi_change = IFF_UP,
	};
	union request q;

	begin(&q, RTM_SETLINK, 0, &link, sizeof(link));
	tell(ns, &q, "up");
}

void bare_add_address(struct bare_ns *ns, int ifindex, uint32_t ip, uint8_t prefix_len)
{
	struct ifaddrmsg addr = {
		.ifa_family = AF_INET,
		.ifa_prefixlen = prefix_len,
		.ifa_index = (unsigned int)ifindex,
	};
	union request q;

	begin(&q, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, &addr, sizeof(addr));
	mnl_attr_put_u32(&q.hdr, IFA_LOCAL, htonl(ip));
	mnl_attr_put_u32(&q.hdr, IFA_ADDRESS, htonl(ip));
	tell(ns, &q, "address");
}

void bare_no_flood(struct bare_ns *ns, int ifindex)
{
	struct ifinfomsg link = { .ifi_family = AF_BRIDGE, .ifi_index = ifindex };
	struct nlattr *port;
	union request q;

	begin(&q, RTM_SETLINK, 0, &link, sizeof(link));
	port = mnl_attr_nest_start(&q.hdr, IFLA_PROTINFO);
	mnl_attr_put_u8(&q.hdr, IFLA_BRPORT_BCAST_FLOOD, 0);
	mnl_attr_nest_end(&q.hdr, port);
	tell(ns, &q, "flood");
}

static int save_operstate(const struct nlmsghdr *msg, void *arg)
{
	const struct nlattr *attr;

	mnl_attr_for_each(attr, msg, sizeof(struct ifinfomsg)) {
		if (mnl_attr_get_type(attr) == IFLA_OPERSTATE)
			*(uint8_t *)arg = mnl_attr_get_u8(attr);
	}

	return MNL_CB_STOP;
}

void bare_wait_up(struct bare_ns *ns, int ifindex)
{
	for (;;) {
		uint8_t operstate = IF_OPER_UNKNOWN;
		union request q;

		/* Not by a dump: only this makes the kernel (6.8 and later) see to it at once. */
		begin_link(&q, RTM_GETLINK, 0, ifindex);
		mnl_attr_put_u32(&q.hdr, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
		ask(ns, &q, save_operstate, &operstate, "operstate");
		if (operstate == IF_OPER_UP)
			return;
		usleep(POLL_US);
	}
}
