/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/if.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include "sys/fd.h"
#include "sys/linkwatch.h"
#include "sys/netns.h"

#define BUFFER 8192	/* a datagram holds one link, or the answer to one question */

static int open_socket(void *arg)
{
	struct sockaddr_nl addr = { .nl_family = AF_NETLINK, .nl_groups = RTMGRP_LINK };
	cleanup_fd int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK,
				   NETLINK_ROUTE);

	if (fd < 0 || bind(fd, (struct sockaddr *)&addr, sizeof(addr)) < 0)
		return -errno;
	return TAKE_FD(fd);
}

int linkwatch_open(int home, int ns)
{
	return netns_call(home, ns, open_socket, NULL);
}

int linkwatch_ask(int fd, int ifindex)
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
static bool read_error(const struct nlmsghdr *h, struct link_news *ret)
{
	const struct nlmsgerr *e = mnl_nlmsg_get_payload(h);
	const struct ifinfomsg *info = (const void *)((const char *)&e->msg + MNL_NLMSG_HDRLEN);

	if (mnl_nlmsg_get_payload_len(h) < sizeof(*e) + sizeof(*info) || e->error != -ENODEV)
		return false;
	*ret = (struct link_news){ .ifindex = info->ifi_index, .gone = true };
	return true;
}

static bool read_link(const struct nlmsghdr *h, struct link_news *ret)
{
	const struct ifinfomsg *info = mnl_nlmsg_get_payload(h);

	/* A bridge tells of its ports under its own family: that is no news of the link. */
	if (mnl_nlmsg_get_payload_len(h) < sizeof(*info) || info->ifi_family != AF_UNSPEC)
		return false;
	*ret = (struct link_news){
		.ifindex = info->ifi_index,
		.gone = h->nlmsg_type == RTM_DELLINK,
		.up = (info->ifi_flags & IFF_UP) && (info->ifi_flags & IFF_RUNNING),
	};
	return true;
}

static bool read_one(const struct nlmsghdr *h, struct link_news *ret)
{
	switch (h->nlmsg_type) {
	case NLMSG_ERROR:
		return read_error(h, ret);
	case RTM_NEWLINK:
	case RTM_DELLINK:
		return read_link(h, ret);
	}
	return false;
}

int linkwatch_read(int fd, struct link_news *ret)
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
	for (len = (int)n; mnl_nlmsg_ok(h, len) && count < LINK_NEWS_MAX;
	     h = mnl_nlmsg_next(h, &len))
		count += read_one(h, &ret[count]);
	return count;
}
