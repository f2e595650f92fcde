/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/filter.h>
#include <linux/if.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "sys/fd.h"
#include "sys/netconf_request.h"
#include "sys/netns.h"
#include "sys/netwatch.h"

#define BUFFER 8192	/* a datagram holds one thing, or the answer to one question */

/*
 * What netlab did itself it knows: its renewals wake nobody here. Fields of a
 * message are in host byte order, and a filter reads in the network's.
 */
static int ignore(int fd, uint32_t own)
{
	const struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_H | BPF_ABS, offsetof(struct nlmsghdr, nlmsg_type)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __builtin_bswap16(RTM_NEWADDR), 4, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __builtin_bswap16(RTM_NEWROUTE), 1, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __builtin_bswap16(RTM_DELROUTE), 0, 5),
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS,
			 NLMSG_HDRLEN + offsetof(struct rtmsg, rtm_protocol)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, RTPROT_KERNEL, 2, 0),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct nlmsghdr, nlmsg_pid)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __builtin_bswap32(own), 0, 1),
		BPF_STMT(BPF_RET | BPF_K, 0),
		BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
	};
	const struct sock_fprog prog = { .len = ARRAY_SIZE(code),
					 .filter = (struct sock_filter *)code };

	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &prog, sizeof(prog)) < 0 ? -errno : 0;
}

struct wish {
	uint32_t own;
	bool links;
};

static int open_socket(void *arg)
{
	const struct wish *w = arg;
	struct sockaddr_nl addr = {
		.nl_family = AF_NETLINK,
		.nl_groups = RTMGRP_IPV4_IFADDR | RTMGRP_IPV4_ROUTE | (w->links ? RTMGRP_LINK : 0),
	};
	cleanup_fd int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK,
				   NETLINK_ROUTE);
	int r;

	if (fd < 0)
		return -errno;
	r = ignore(fd, w->own);
	if (r < 0)
		return r;
	return bind(fd, (struct sockaddr *)&addr, sizeof(addr)) < 0 ? -errno : TAKE_FD(fd);
}

int netwatch_open(int home, int ns, const struct netconf *own, bool links)
{
	struct wish w = { .own = netconf_port(own), .links = links };

	return netns_call(home, ns, open_socket, &w);
}

int netwatch_ask(int fd, int ifindex)
{
	char buf[MNL_NLMSG_HDRLEN + MNL_ALIGN(sizeof(struct ifinfomsg))];
	struct nlmsghdr *h = mnl_nlmsg_put_header(buf);
	struct ifinfomsg *info;

	h->nlmsg_type = RTM_GETLINK;
	h->nlmsg_flags = NLM_F_REQUEST;
	info = mnl_nlmsg_put_extra_header(h, sizeof(*info));
	info->ifi_family = AF_UNSPEC;
	info->ifi_index = ifindex;
	return send(fd, h, h->nlmsg_len, 0) < 0 ? -errno : 0;
}

/* A question about a link that is gone comes back, with -ENODEV before it. */
static bool read_error(const struct nlmsghdr *h, struct net_news *ret)
{
	const struct nlmsgerr *e = mnl_nlmsg_get_payload(h);
	const struct ifinfomsg *info = (const void *)((const char *)&e->msg + MNL_NLMSG_HDRLEN);

	if (mnl_nlmsg_get_payload_len(h) < sizeof(*e) + sizeof(*info) || e->error != -ENODEV)
		return false;
	*ret = (struct net_news){ .ifindex = info->ifi_index, .gone = true };
	return true;
}

static bool read_link(const struct nlmsghdr *h, struct net_news *ret)
{
	const struct ifinfomsg *info = mnl_nlmsg_get_payload(h);

	/* A bridge tells of its ports under its own family: that is no news of the link. */
	if (mnl_nlmsg_get_payload_len(h) < sizeof(*info) || info->ifi_family != AF_UNSPEC)
		return false;
	*ret = (struct net_news){
		.ifindex = info->ifi_index,
		.gone = h->nlmsg_type == RTM_DELLINK,
		.up = (info->ifi_flags & IFF_UP) && (info->ifi_flags & IFF_RUNNING),
	};
	return true;
}

static uint32_t get_ip4(const struct nlattr *attr)
{
	return mnl_attr_get_payload_len(attr) == 4 ? __builtin_bswap32(mnl_attr_get_u32(attr)) : 0;
}

static uint32_t get_u32(const struct nlattr *attr)
{
	return mnl_attr_get_payload_len(attr) == 4 ? mnl_attr_get_u32(attr) : 0;
}

static bool read_address(const struct nlmsghdr *h, struct net_news *ret)
{
	const struct ifaddrmsg *msg = mnl_nlmsg_get_payload(h);
	const struct nlattr *attr;

	if (mnl_nlmsg_get_payload_len(h) < sizeof(*msg) || msg->ifa_family != AF_INET)
		return false;
	*ret = (struct net_news){
		.kind = NET_NEWS_ADDRESS,
		.ifindex = (int)msg->ifa_index,
		.gone = h->nlmsg_type == RTM_DELADDR,
		.prefix_len = msg->ifa_prefixlen,
		.port = h->nlmsg_pid,
	};
	mnl_attr_for_each(attr, h, sizeof(*msg)) {
		if (mnl_attr_get_type(attr) == IFA_LOCAL)
			ret->address = get_ip4(attr);
	}
	return true;
}

/* The kernel's word for what made a route; a number where it has none. */
static void name_protocol(uint8_t protocol, char ret[static NET_PROTOCOL_LEN])
{
	static const char *const names[] = {
		[RTPROT_UNSPEC] = "none",   [RTPROT_REDIRECT] = "redirect",
		[RTPROT_KERNEL] = "kernel", [RTPROT_BOOT] = "boot",
		[RTPROT_STATIC] = "static", [RTPROT_RA] = "ra",
		[RTPROT_DHCP] = "dhcp",
	};

	if (protocol < ARRAY_SIZE(names) && names[protocol])
		snprintf(ret, NET_PROTOCOL_LEN, "%s", names[protocol]);
	else
		snprintf(ret, NET_PROTOCOL_LEN, "%u", protocol);
}

static void read_route_attribute(const struct nlattr *attr, struct net_news *ret)
{
	switch (mnl_attr_get_type(attr)) {
	case RTA_DST:
		ret->address = get_ip4(attr);
		break;
	case RTA_GATEWAY:
		ret->gateway = get_ip4(attr);
		break;
	case RTA_PRIORITY:
		ret->metric = get_u32(attr);
		break;
	case RTA_OIF:
		ret->ifindex = (int)get_u32(attr);
		break;
	}
}

/* The table of local addresses follows the addresses by itself. */
static bool read_route(const struct nlmsghdr *h, struct net_news *ret)
{
	const struct rtmsg *msg = mnl_nlmsg_get_payload(h);
	const struct nlattr *attr;

	if (mnl_nlmsg_get_payload_len(h) < sizeof(*msg) || msg->rtm_family != AF_INET ||
	    msg->rtm_table != RT_TABLE_MAIN || msg->rtm_type != RTN_UNICAST)
		return false;
	*ret = (struct net_news){
		.kind = NET_NEWS_ROUTE,
		.gone = h->nlmsg_type == RTM_DELROUTE,
		.replaced = h->nlmsg_type == RTM_NEWROUTE && h->nlmsg_flags & NLM_F_REPLACE,
		.prefix_len = msg->rtm_dst_len,
		.port = h->nlmsg_pid,
	};
	name_protocol(msg->rtm_protocol, ret->protocol);
	mnl_attr_for_each(attr, h, sizeof(*msg))
		read_route_attribute(attr, ret);
	return true;
}

static bool read_one(const struct nlmsghdr *h, struct net_news *ret)
{
	switch (h->nlmsg_type) {
	case NLMSG_ERROR:
		return read_error(h, ret);
	case RTM_NEWLINK:
	case RTM_DELLINK:
		return read_link(h, ret);
	case RTM_NEWADDR:
	case RTM_DELADDR:
		return read_address(h, ret);
	case RTM_NEWROUTE:
	case RTM_DELROUTE:
		return read_route(h, ret);
	}
	return false;
}

int netwatch_read(int fd, struct net_news *ret)
{
	_Alignas(struct nlmsghdr) char buf[BUFFER];
	const struct nlmsghdr *h = (const struct nlmsghdr *)buf;
	struct sockaddr_nl from = { 0 };
	socklen_t from_len = sizeof(from);
	ssize_t n = recvfrom(fd, buf, sizeof(buf), MSG_TRUNC, (struct sockaddr *)&from, &from_len);
	int len, count = 0;

	if (n < 0)
		return -errno;
	if (from.nl_pid != 0)
		return 0;	/* not from the kernel */
	if ((size_t)n > sizeof(buf))
		return -ENOBUFS;
	for (len = (int)n; mnl_nlmsg_ok(h, len) && count < NET_NEWS_MAX;
	     h = mnl_nlmsg_next(h, &len))
		count += read_one(h, &ret[count]);
	return count;
}
