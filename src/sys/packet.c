/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/virtio_net.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>

#include "base/bytes.h"
#include "sys/clock.h"
#include "sys/fd.h"
#include "sys/netns.h"
#include "sys/packet.h"

#define NSEC_PER_SEC 1000000000u
#define TYPE_OFFSET 12		/* of the EtherType in a frame */
#define TAG_LEN 4		/* of an 802.1Q tag */
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

/* ARP, and unfragmented UDP over IPv4 to @port, as a network card without VLANs would take it. */
static int attach_dhcp_filter(int fd, uint16_t port)
{
	struct sock_filter code[] = {
		/* The kernel has taken a tag out already: without it the frame looks like ours. */
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, ANCILLARY(SKF_AD_VLAN_TAG_PRESENT)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 13),
		/* What a switch floods for another's MAC address. */
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, ANCILLARY(SKF_AD_PKTTYPE)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PACKET_OTHERHOST, 11, 0),
		BPF_STMT(BPF_LD | BPF_H | BPF_ABS, TYPE_OFFSET),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ETH_P_ARP, 8, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ETH_P_IP, 0, 8),
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, ETH_HLEN + 9),	/* protocol */
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, IPPROTO_UDP, 0, 6),
		BPF_STMT(BPF_LD | BPF_H | BPF_ABS, ETH_HLEN + 6),	/* fragment offset */
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0x1fff, 4, 0),
		BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, ETH_HLEN),		/* X: header length */
		BPF_STMT(BPF_LD | BPF_H | BPF_IND, ETH_HLEN + 2),	/* destination port */
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, port, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	struct sock_fprog program = { .len = ARRAY_SIZE(code), .filter = code };

	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program));
}

static int attach_filter(int fd, enum packet_filter filter)
{
	switch (filter) {
	case PACKET_DHCP_CLIENT:
		return attach_dhcp_filter(fd, PORT_CLIENT);
	case PACKET_DHCP_SERVER:
		return attach_dhcp_filter(fd, PORT_SERVER);
	case PACKET_ALL:
	case PACKET_ALL_INGRESS:
	case PACKET_WIRE:
		return 0;
	}

	errno = EINVAL;
	return -1;
}

static int set_options(int fd, enum packet_filter filter)
{
	int one = 1, queue = QUEUE_BYTES;

	/* Without privilege over the machine the limit of net.core.rmem_max holds: so be it. */
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &queue, sizeof(queue)) < 0)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &queue, sizeof(queue));

	if (setsockopt(fd, SOL_PACKET, PACKET_AUXDATA, &one, sizeof(one)) < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &one, sizeof(one)) < 0)
		return -1;
	if (filter == PACKET_ALL)
		return 0;
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

union packet_control {
	struct cmsghdr align;
	char bytes[CMSG_SPACE(sizeof(struct tpacket_auxdata)) +
		   CMSG_SPACE(sizeof(struct timespec))];
};

/* What the kernel says beside a frame; the structs in a control message may lie unaligned. */
static void read_control(struct msghdr *msg, struct tpacket_auxdata *aux, struct timespec *stamp)
{
	for (struct cmsghdr *c = CMSG_FIRSTHDR(msg); c; c = CMSG_NXTHDR(msg, c)) {
		if (c->cmsg_level == SOL_PACKET && c->cmsg_type == PACKET_AUXDATA)
			memcpy(aux, CMSG_DATA(c), sizeof(*aux));
		else if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_TIMESTAMPNS)
			memcpy(stamp, CMSG_DATA(c), sizeof(*stamp));
	}
}

/* Puts the 802.1Q tag back that the kernel has taken out: it was on the wire. */
static size_t restore_tag(uint8_t *frame, size_t len, size_t size,
			  const struct tpacket_auxdata *aux)
{
	bool has_type = aux->tp_status & TP_STATUS_VLAN_TPID_VALID;
	size_t rest;

	if (len < TYPE_OFFSET)
		return len;

	rest = min_u64(len - TYPE_OFFSET, size - TYPE_OFFSET - TAG_LEN);
	memmove(frame + TYPE_OFFSET + TAG_LEN, frame + TYPE_OFFSET, rest);
	store_be16(frame + TYPE_OFFSET, has_type ? aux->tp_vlan_tpid : ETH_P_8021Q);
	store_be16(frame + TYPE_OFFSET + 2, aux->tp_vlan_tci);
	return TYPE_OFFSET + TAG_LEN + rest;
}

static void fill_meta(struct packet_meta *m, const struct tpacket_auxdata *aux,
		      const struct timespec *stamp, const struct sockaddr_ll *from)
{
	*m = (struct packet_meta){
		.wall_ns = (uint64_t)stamp->tv_sec * NSEC_PER_SEC + (uint64_t)stamp->tv_nsec,
		.ifindex = from->sll_ifindex,
		.outgoing = from->sll_pkttype == PACKET_OUTGOING,
		.csum_partial = aux->tp_status & TP_STATUS_CSUMNOTREADY,
		.wire_len = aux->tp_len,
	};
	if (m->wall_ns == 0)
		m->wall_ns = clock_wall_ns();
}

/* The last of @iov is the frame's. Bytes of all of them, or -errno; 802.1Q tags are @aux's. */
static int receive(int fd, struct iovec *iov, size_t n_iov, struct tpacket_auxdata *aux,
		   struct packet_meta *ret)
{
	struct sockaddr_ll from = { 0 };
	union packet_control control;
	struct msghdr msg = {
		.msg_name = &from,
		.msg_namelen = sizeof(from),
		.msg_iov = iov,
		.msg_iovlen = n_iov,
		.msg_control = control.bytes,
		.msg_controllen = sizeof(control.bytes),
	};
	struct timespec stamp = { 0 };
	ssize_t n;

	do {
		n = recvmsg(fd, &msg, 0);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;

	read_control(&msg, aux, &stamp);
	fill_meta(ret, aux, &stamp, &from);
	return (int)n;
}

int packet_recv(int fd, void *buf, size_t size, struct packet_meta *ret)
{
	struct iovec iov = { .iov_base = buf, .iov_len = size };
	struct tpacket_auxdata aux = { 0 };
	size_t len;
	int n;

	if (size < ETH_HLEN + TAG_LEN)
		return -EINVAL;
	n = receive(fd, &iov, 1, &aux, ret);
	if (n < 0)
		return n;

	len = (size_t)n;
	if (aux.tp_status & TP_STATUS_VLAN_VALID) {
		len = restore_tag(buf, len, size, &aux);
		ret->wire_len += TAG_LEN;
	}

	return (int)len;
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
		h->csum_start = (uint16_t)(h->csum_start + TAG_LEN);
}

int packet_wire_recv(int fd, struct packet_offload *ret_offload, void *buf, size_t size,
		     struct packet_meta *ret)
{
	struct virtio_net_hdr header = { 0 };
	struct iovec iov[] = { { &header, sizeof(header) }, { buf, size } };
	struct tpacket_auxdata aux = { 0 };
	size_t len;
	int n;

	static_assert(sizeof(header) == sizeof(ret_offload->header), "its size is fixed");
	if (size < ETH_HLEN + TAG_LEN)
		return -EINVAL;
	n = receive(fd, iov, ARRAY_SIZE(iov), &aux, ret);
	if (n < 0)
		return n;
	if ((size_t)n < sizeof(header) + ETH_HLEN)
		return -EBADMSG;

	len = (size_t)n - sizeof(header);
	if (aux.tp_status & TP_STATUS_VLAN_VALID) {
		len = restore_tag(buf, len, size, &aux);
		ret->wire_len += TAG_LEN;
		shift_offload(&header);
	}
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
