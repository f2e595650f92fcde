/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/virtio_net.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "sys/fd.h"
#include "sys/netns.h"
#include "sys/packet.h"
#include "sys/packet_control.h"

#define TYPE_OFFSET 12		/* of the EtherType in a frame */
#define PORT_CLIENT 68
#define PORT_SERVER 67

/* In a filter, where the kernel shows what it knows of a frame beside its bytes. */
#define ANCILLARY(what) ((uint32_t)(SKF_AD_OFF + (what)))

/*
 * A thousand clients may speak at once, and the default queue holds some 200
 * short frames. The memory is only taken while frames wait.
 */
#define QUEUE_BYTES (4 * 1024 * 1024)

struct opening {
	int ifindex;
	enum packet_filter filter;
	const char *step;	/* what failed */
};

/*
 * What a filter answers, bytes of the frame that are wanted: of DHCP that comes in, of
 * all else that comes in, of what goes out, and of that what is marked.
 */
struct wanted {
	uint32_t dhcp, other, sent, marked;
};

#define ALL UINT32_MAX
#define MARK 0x4e4c4142		/* of what a PACKET_DHCP_SERVER_MARKED socket sends */

/* Where the fields are; to load one that is not there would end the filter with "nothing". */
#define AT_PROTOCOL (ETH_HLEN + 9)
#define AT_FRAGMENT (ETH_HLEN + 6)
#define AT_PORT (ETH_HLEN + 2)		/* behind IP's header */

/*
 * DHCP: ARP, and unfragmented UDP over IPv4 to @port, as a network card without VLANs
 * would take it.
 */
static int attach_dhcp_filter(int fd, uint16_t port, struct wanted w)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, ANCILLARY(SKF_AD_PKTTYPE)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PACKET_OUTGOING, 0, 4),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, ANCILLARY(SKF_AD_MARK)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, MARK, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, w.marked),
		BPF_STMT(BPF_RET | BPF_K, w.sent),
		/* What a switch floods for another's MAC address: the type of packet is loaded. */
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PACKET_OTHERHOST, 20, 0),
		/* The kernel has taken a tag out already: without it the frame looks like ours. */
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, ANCILLARY(SKF_AD_VLAN_TAG_PRESENT)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 18),
		BPF_STMT(BPF_LD | BPF_H | BPF_ABS, TYPE_OFFSET),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ETH_P_ARP, 15, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ETH_P_IP, 0, 15),
		BPF_STMT(BPF_LD | BPF_W | BPF_LEN, 0),
		BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, AT_PROTOCOL, 0, 13),
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, AT_PROTOCOL),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, IPPROTO_UDP, 0, 11),
		BPF_STMT(BPF_LD | BPF_H | BPF_ABS, AT_FRAGMENT),
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0x1fff, 9, 0),
		BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, ETH_HLEN),		/* X: header length */
		BPF_STMT(BPF_MISC | BPF_TXA, 0),
		BPF_STMT(BPF_ALU | BPF_ADD | BPF_K, AT_PORT + 2),
		BPF_STMT(BPF_LDX | BPF_W | BPF_LEN, 0),
		BPF_JUMP(BPF_JMP | BPF_JGT | BPF_X, 0, 4, 0),
		BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, ETH_HLEN),
		BPF_STMT(BPF_LD | BPF_H | BPF_IND, AT_PORT),		/* destination port */
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, port, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, w.dhcp),
		BPF_STMT(BPF_RET | BPF_K, w.other),
	};
	struct sock_fprog program = { .len = ARRAY_SIZE(code), .filter = code };

	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program));
}

static int attach_filter(int fd, enum packet_filter filter)
{
	switch (filter) {
	case PACKET_DHCP_CLIENT:
		return attach_dhcp_filter(fd, PORT_CLIENT, (struct wanted){ .dhcp = ALL });
	case PACKET_DHCP_SERVER:
	case PACKET_DHCP_SERVER_MARKED:
		return attach_dhcp_filter(fd, PORT_SERVER, (struct wanted){ .dhcp = ALL });
	case PACKET_ALL_BUT_SERVER:
		return attach_dhcp_filter(fd, PORT_SERVER,
					  (struct wanted){ .other = ALL, .sent = ALL });
	case PACKET_ALL:
	case PACKET_ALL_INGRESS:
	case PACKET_WIRE:
		return 0;
	}

	errno = EINVAL;
	return -1;
}

int packet_see_marked(int fd)
{
	struct wanted w = { .other = ALL, .sent = ALL, .marked = ALL };

	return attach_dhcp_filter(fd, PORT_SERVER, w) < 0 ? -errno : 0;
}

static int set_options(int fd, enum packet_filter filter)
{
	int one = 1, queue = QUEUE_BYTES, mark = MARK;

	/* Without privilege over the machine the limit of net.core.rmem_max holds: so be it. */
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &queue, sizeof(queue)) < 0)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &queue, sizeof(queue));

	if (setsockopt(fd, SOL_PACKET, PACKET_AUXDATA, &one, sizeof(one)) < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &one, sizeof(one)) < 0)
		return -1;
	if (filter == PACKET_ALL || filter == PACKET_ALL_BUT_SERVER)
		return 0;
	if (filter == PACKET_DHCP_SERVER_MARKED &&
	    setsockopt(fd, SOL_SOCKET, SO_MARK, &mark, sizeof(mark)) < 0)
		return -1;
	if (filter == PACKET_WIRE &&
	    setsockopt(fd, SOL_PACKET, PACKET_VNET_HDR, &one, sizeof(one)) < 0)
		return -1;

	return setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &one, sizeof(one));
}

/*
 * Protocol 0, and the real one only in bind(): a socket with a protocol
 * receives from all links at once, before its filter stands, and binding it
 * then waits for a grace period.
 */
static int open_packet(void *arg)
{
	struct opening *o = arg;
	struct sockaddr_ll addr = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_ALL),
		.sll_ifindex = o->ifindex,
	};
	cleanup_fd int fd = socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	o->step = "open";
	if (fd < 0)
		return -errno;
	o->step = "filter";
	if (attach_filter(fd, o->filter) < 0)
		return -errno;
	o->step = "options";
	if (set_options(fd, o->filter) < 0)
		return -errno;
	o->step = "bind";
	if (bind(fd, (struct sockaddr *)&addr, sizeof(addr)) < 0)
		return -errno;

	return TAKE_FD(fd);
}

int packet_open(int home, int ns, int ifindex, enum packet_filter filter, struct error *err)
{
	struct opening o = { .ifindex = ifindex, .filter = filter, .step = "namespace" };
	int r = netns_call(home, ns, open_packet, &o);

	if (r < 0)
		return error_set(err, r, "packet socket, %s: %s", o.step, strerror(-r));

	return r;
}

/* The last of @iov is the frame's; @msg is ready for packet_control_read(). Bytes, or -errno. */
static int receive(int fd, struct packet_control *control, struct msghdr *msg)
{
	ssize_t n;

	msg->msg_name = &control->from;
	msg->msg_namelen = sizeof(control->from);
	msg->msg_control = control->bytes;
	msg->msg_controllen = sizeof(control->bytes);
	do {
		n = recvmsg(fd, msg, 0);
	} while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : (int)n;
}

int packet_recv(int fd, void *buf, size_t size, struct packet_meta *ret)
{
	struct iovec iov = { .iov_base = buf, .iov_len = size };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	struct packet_control control;
	bool tagged;
	int n;

	if (size < ETH_HLEN + PACKET_TAG_LEN)
		return -EINVAL;
	n = receive(fd, &control, &msg);
	if (n < 0)
		return n;
	return (int)packet_control_read(&msg, buf, (size_t)n, size, ret, &tagged);
}

static int open_queue_watch(void *arg)
{
	struct sockaddr_nl addr = { .nl_family = AF_NETLINK, .nl_groups = RTMGRP_TC };
	cleanup_fd int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK,
				   NETLINK_ROUTE);

	if (fd < 0 || bind(fd, (struct sockaddr *)&addr, sizeof(addr)) < 0)
		return -errno;
	return TAKE_FD(fd);
}

int packet_watch_queues(int home, int ns, struct error *err)
{
	int r = netns_call(home, ns, open_queue_watch, NULL);

	return r < 0 ? error_set(err, r, "watch of queues: %s", strerror(-r)) : r;
}

int packet_send(int fd, int ifindex, const void *frame, size_t len)
{
	struct sockaddr_ll to = { .sll_family = AF_PACKET, .sll_ifindex = ifindex };

	if (len < ETH_HLEN)
		return -EINVAL;

	memcpy(&to.sll_protocol, (const uint8_t *)frame + TYPE_OFFSET, sizeof(to.sll_protocol));
	for (;;) {
		if (sendto(fd, frame, len, 0, (struct sockaddr *)&to, sizeof(to)) >= 0)
			return 0;
		if (errno != EINTR)
			return -errno;
	}
}

/* The tag that was put back has moved what the header points at. */
static void shift_offload(struct virtio_net_hdr *h)
{
	if (h->flags & VIRTIO_NET_HDR_F_NEEDS_CSUM)
		h->csum_start = (uint16_t)(h->csum_start + PACKET_TAG_LEN);
}

int packet_wire_recv(int fd, struct packet_offload *ret_offload, void *buf, size_t size,
		     struct packet_meta *ret)
{
	struct virtio_net_hdr header = { 0 };
	struct iovec iov[] = { { &header, sizeof(header) }, { buf, size } };
	struct msghdr msg = { .msg_iov = iov, .msg_iovlen = ARRAY_SIZE(iov) };
	struct packet_control control;
	bool tagged;
	size_t len;
	int n;

	static_assert(sizeof(header) == sizeof(ret_offload->header), "its size is fixed");
	if (size < ETH_HLEN + PACKET_TAG_LEN)
		return -EINVAL;
	n = receive(fd, &control, &msg);
	if (n < 0)
		return n;
	if ((size_t)n < sizeof(header) + ETH_HLEN)
		return -EBADMSG;

	len = packet_control_read(&msg, buf, (size_t)n - sizeof(header), size, ret, &tagged);
	if (tagged)
		shift_offload(&header);
	memcpy(ret_offload->header, &header, sizeof(header));
	return (int)len;
}

int packet_wire_send(int fd, int ifindex, const struct packet_offload *offload, const void *frame,
		     size_t len)
{
	struct sockaddr_ll to = { .sll_family = AF_PACKET, .sll_ifindex = ifindex };
	struct iovec iov[] = { { (void *)offload->header, sizeof(offload->header) },
			       { (void *)frame, len } };
	struct msghdr msg = {
		.msg_name = &to, .msg_namelen = sizeof(to), .msg_iov = iov, .msg_iovlen = 2,
	};

	if (len < ETH_HLEN)
		return -EINVAL;

	memcpy(&to.sll_protocol, (const uint8_t *)frame + TYPE_OFFSET, sizeof(to.sll_protocol));
	for (;;) {
		if (sendmsg(fd, &msg, 0) >= 0)
			return 0;
		if (errno != EINTR)
			return -errno;
	}
}

void packet_offload_clear(struct packet_offload *o)
{
	*o = (struct packet_offload){ 0 };
}
