/* SPDX-License-Identifier: MIT */
/*
 * packet.h - packet, UDP and ICMP sockets: opened inside a namespace, used
 * from outside it.
 *
 * All are non-blocking and close-on-exec. A packet socket is dear to close
 * (see fd_closer_run()).
 */
#ifndef SYS_PACKET_H
#define SYS_PACKET_H

#include "base/error.h"

/* What a packet socket lets through: a filter in the kernel. */
enum packet_filter {
	PACKET_DHCP_CLIENT,	/* UDP to port 68, and ARP */
	PACKET_DHCP_SERVER,	/* UDP to port 67, and ARP */
	PACKET_DHCP_SERVER_MARKED,	/* likewise; what it sends is marked */
	PACKET_ALL,		/* everything, in both directions: a capture */
	/* likewise, but for what a PACKET_DHCP_SERVER_MARKED takes and sends */
	PACKET_ALL_BUT_SERVER,
	PACKET_ALL_INGRESS,	/* everything that comes in: a capture of a switch's ports */
	PACKET_WIRE,		/* likewise, for packet_wire_recv() and packet_wire_send() */
};

/**
 * packet_open() - an AF_PACKET socket that receives nothing until it is bound to its link
 * @ifindex: 0: all links of the namespace (captures)
 *
 * With PACKET_AUXDATA and receive timestamps.
 * Return: a descriptor or -errno
 */
int packet_open(int home, int ns, int ifindex, enum packet_filter filter, struct error *err);

/*
 * From now on a PACKET_ALL_BUT_SERVER socket sees what is marked, too. Needs no
 * privilege. 0 or -errno.
 */
int packet_see_marked(int fd);

/*
 * What a socket has sent is on the wire when the call returns, or the call says that
 * it is not, unless somebody has put a queueing discipline or a filter on the link:
 * then this socket can be read from, and never needs to be. Descriptor or -errno.
 */
int packet_watch_queues(int home, int ns, struct error *err);

/**
 * struct packet_meta - what the kernel says of a frame
 * @wall_ns: CLOCK_REALTIME
 * @ifindex: of the link it was seen on
 * @outgoing: the link's own machine sent it
 * @csum_partial: its UDP checksum was left to be filled in (TP_STATUS_CSUMNOTREADY)
 * @wire_len: length before it was cut to the buffer
 */
struct packet_meta {
	uint64_t wall_ns;
	int ifindex;
	bool outgoing;
	bool csum_partial;
	size_t wire_len;
};

/* Bytes, -EAGAIN when there is nothing, -ENETDOWN (once, when the link goes down), -errno. */
int packet_recv(int fd, void *buf, size_t size, struct packet_meta *ret);
/* A whole frame. 0 or -errno. */
int packet_send(int fd, int ifindex, const void *frame, size_t len);

/* What the kernel has put off for a frame (checksum, segmentation): it goes with the frame. */
struct packet_offload {
	uint8_t header[10];	/* struct virtio_net_hdr */
};

/*
 * Many frames, one system call: what a socket has, or what goes out by it.
 */
#define PACKET_BATCH 64
#define PACKET_BATCH_KEPT 2048	/* bytes of a frame that fit */

struct packet_batch;

struct packet_frame {
	struct packet_meta meta;
	size_t len;
	uint8_t *data;
};

/* NULL: out of memory. Memory that no frame has ever filled is not taken. */
struct packet_batch *packet_batch_new(void);
void packet_batch_free(struct packet_batch *b);
/* What it had received and sent is forgotten, and the memory given back; nothing waits in it. */
void packet_batch_clear(struct packet_batch *b);
/*
 * What comes next, at most PACKET_BATCH frames: how many, 0 if there is none.
 * -errno as packet_recv().
 */
int packet_batch_recv(struct packet_batch *b, int fd);
/* One of them; until the next call with @b. */
const struct packet_frame *packet_batch_frame(const struct packet_batch *b, int i);
/* Where the next frame to be sent is to be written, PACKET_BATCH_KEPT bytes; NULL: no room. */
uint8_t *packet_batch_room(struct packet_batch *b);
/* It is there, and has @len bytes. */
void packet_batch_add(struct packet_batch *b, size_t len);
int packet_batch_count(const struct packet_batch *b);
/*
 * Sends all that was added, by the link that @fd is bound to: packet_batch_frame() has
 * it then, with a @len of 0 for what could not be sent, which keeps none of the others
 * back. Return: 0, or the first one's -errno with how many in @ret_failed
 */
int packet_batch_send(struct packet_batch *b, int fd, size_t *ret_failed);

#define PACKET_WIRE_MAX (65535 + 14 + 4)

/*
 * As packet_recv() and packet_send(), of a PACKET_WIRE socket. What one has received the
 * other can send on, whatever it is; without @offload's header a checksum that
 * is not filled in yet would never be.
 */
int packet_wire_recv(int fd, struct packet_offload *ret_offload, void *buf, size_t size,
		     struct packet_meta *ret);
int packet_wire_send(int fd, int ifindex, const struct packet_offload *offload, const void *frame,
		     size_t len);
/* Nothing is put off any more: a checksum that is not right stays so. */
void packet_offload_clear(struct packet_offload *o);

/**
 * udp_open() - a UDP socket on a port of one link
 * @ifname: it is bound to this device, and may broadcast; NULL: to all
 * @address: local address, 0: any
 *
 * Return: a descriptor or -errno
 */
int udp_open(int home, int ns, const char *ifname, uint32_t address, uint16_t port,
	     struct error *err);
/* Bytes; @ret_dst is the address that the datagram was sent to (IP_PKTINFO). */
int udp_recv(int fd, void *buf, size_t size, uint32_t *ret_src, uint16_t *ret_port,
	     uint32_t *ret_dst);
int udp_send(int fd, uint32_t src, uint32_t dst, uint16_t port, const void *data, size_t len);

/**
 * udp_set_sink() - make a UDP socket swallow all that comes, or receive again
 *
 * A bound socket keeps the kernel from answering "port unreachable" for a
 * port whose datagrams are read elsewhere, from a packet socket.
 * Needs no privilege. Return: 0 or -errno
 */
int udp_set_sink(int fd, bool on);

/* A raw ICMP socket of a namespace, to be handed to somebody without privilege. */
int ping_open(int home, int ns, struct error *err);
/**
 * ping_once() - one echo request, and the wait for its reply
 * @ret_rtt_us: may be NULL
 *
 * Return: 0; -ETIMEDOUT; -ENETUNREACH, -EHOSTUNREACH ...
 */
int ping_once(int fd, uint32_t dst, uint16_t seq, uint64_t timeout_us, uint64_t *ret_rtt_us);

#endif
