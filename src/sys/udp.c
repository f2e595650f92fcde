/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <linux/filter.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "sys/fd.h"
#include "sys/netns.h"
#include "sys/packet.h"

union udp_control {
	struct cmsghdr align;
	char bytes[CMSG_SPACE(sizeof(struct in_pktinfo))];
};

struct opening {
	const char *ifname;	/* NULL: any */
	struct sockaddr_in local;
	const char *step;	/* what failed */
};

static int open_udp(void *arg)
{
	struct opening *o = arg;
	cleanup_fd int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	socklen_t name_len = o->ifname ? (socklen_t)strlen(o->ifname) + 1 : 0;
	int one = 1;

	o->step = "open";
	if (fd < 0)
		return -errno;
	o->step = "options";
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_BROADCAST, &one, sizeof(one)) < 0 ||
	    setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &one, sizeof(one)) < 0)
		return -errno;
	o->step = "device";
	if (o->ifname &&
	    setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, o->ifname, name_len) < 0)
		return -errno;
	o->step = "bind";
	if (bind(fd, (struct sockaddr *)&o->local, sizeof(o->local)) < 0)
		return -errno;

	return TAKE_FD(fd);
}

int udp_open(int home, int ns, const char *ifname, uint32_t address, uint16_t port,
	     struct error *err)
{
	struct opening o = {
		.ifname = ifname,
		.local = {
			.sin_family = AF_INET,
			.sin_port = htons(port),
			.sin_addr.s_addr = htonl(address),
		},
		.step = "namespace",
	};
	int r = netns_call(home, ns, open_udp, &o);

	if (r < 0)
		return error_set(err, r, "UDP socket on %s, port %u, %s: %s",
				 ifname ? ifname : "all links", port, o.step,
				 strerror(-r));

	return r;
}

static uint32_t sent_to(struct msghdr *msg)
{
	for (struct cmsghdr *c = CMSG_FIRSTHDR(msg); c; c = CMSG_NXTHDR(msg, c)) {
		struct in_pktinfo info;

		if (c->cmsg_level != IPPROTO_IP || c->cmsg_type != IP_PKTINFO)
			continue;
		memcpy(&info, CMSG_DATA(c), sizeof(info));
		return ntohl(info.ipi_addr.s_addr);
	}

	return 0;
}

int udp_recv(int fd, void *buf, size_t size, uint32_t *ret_src, uint16_t *ret_port,
	     uint32_t *ret_dst)
{
	struct iovec iov = { .iov_base = buf, .iov_len = size };
	struct sockaddr_in from = { 0 };
	union udp_control control;
	struct msghdr msg = {
		.msg_name = &from,
		.msg_namelen = sizeof(from),
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = sizeof(control.bytes),
	};
	ssize_t n;

	do {
		n = recvmsg(fd, &msg, 0);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;

	if (ret_src)
		*ret_src = ntohl(from.sin_addr.s_addr);
	if (ret_port)
		*ret_port = ntohs(from.sin_port);
	if (ret_dst)
		*ret_dst = sent_to(&msg);
	return (int)n;
}

int udp_send(int fd, uint32_t src, uint32_t dst, uint16_t port, const void *data, size_t len)
{
	struct in_pktinfo info = { .ipi_spec_dst.s_addr = htonl(src) };
	struct iovec iov = { .iov_base = (void *)data, .iov_len = len };
	struct sockaddr_in to = {
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(dst),
	};
	union udp_control control = { 0 };
	struct msghdr msg = {
		.msg_name = &to,
		.msg_namelen = sizeof(to),
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = sizeof(control.bytes),
	};

	control.align.cmsg_level = IPPROTO_IP;
	control.align.cmsg_type = IP_PKTINFO;
	control.align.cmsg_len = CMSG_LEN(sizeof(info));
	memcpy(CMSG_DATA(&control.align), &info, sizeof(info));

	for (;;) {
		if (sendmsg(fd, &msg, MSG_NOSIGNAL) >= 0)
			return 0;
		if (errno != EINTR)
			return -errno;
	}
}

int udp_set_sink(int fd, bool on)
{
	struct sock_filter nothing = BPF_STMT(BPF_RET | BPF_K, 0);
	struct sock_fprog prog = { .len = 1, .filter = &nothing };
	int zero = 0;

	if (on)
		return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &prog, sizeof(prog)) < 0 ?
			       -errno :
			       0;
	if (setsockopt(fd, SOL_SOCKET, SO_DETACH_FILTER, &zero, sizeof(zero)) < 0)
		return errno == ENOENT ? 0 : -errno;
	return 0;
}
