/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <time.h>

#include <linux/errqueue.h>	/* needs struct timespec */
#include <linux/icmp.h>
#include <linux/ip.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/bytes.h"
#include "sys/clock.h"
#include "sys/fd.h"
#include "sys/netns.h"
#include "sys/packet.h"

#define USEC_PER_MSEC 1000u
#define REPLY_MAX 256
#define NONCE_OFFSET 8
#define ECHO_LEN (NONCE_OFFSET + sizeof(uint64_t))

/* One request that is under way. The nonce is what tells its reply from all others. */
struct echo {
	int fd;
	uint32_t dst;
	uint8_t packet[ECHO_LEN];
};

static int open_ping(void *arg)
{
	struct icmp_filter filter = { .data = ~(1u << ICMP_ECHOREPLY) };
	cleanup_fd int fd = socket(AF_INET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_ICMP);
	int one = 1;

	if (fd < 0)
		return -errno;
	if (setsockopt(fd, SOL_RAW, ICMP_FILTER, &filter, sizeof(filter)) < 0 ||
	    setsockopt(fd, IPPROTO_IP, IP_RECVERR, &one, sizeof(one)) < 0)
		return -errno;

	return TAKE_FD(fd);
}

int ping_open(int home, int ns, struct error *err)
{
	int r = netns_call(home, ns, open_ping, NULL);

	return r < 0 ? error_set(err, r, "ICMP socket: %s", strerror(-r)) : r;
}

/* RFC 1071, over an even number of bytes. */
static uint16_t checksum(const uint8_t *p, size_t len)
{
	uint32_t sum = 0;

	for (size_t i = 0; i + 1 < len; i += 2)
		sum += load_be16(p + i);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);

	return (uint16_t)~sum;
}

static void build_echo(struct echo *e, uint16_t seq)
{
	uint64_t nonce = clock_random_seed();

	memset(e->packet, 0, sizeof(e->packet));
	e->packet[0] = ICMP_ECHO;
	store_be16(e->packet + 4, (uint16_t)getpid());
	store_be16(e->packet + 6, seq);
	memcpy(e->packet + NONCE_OFFSET, &nonce, sizeof(nonce));
	store_be16(e->packet + 2, checksum(e->packet, sizeof(e->packet)));
}

/*
 * From the identifier on: type and checksum of a reply differ from the
 * request's. A reply has it all, an error quotes eight bytes at least (RFC 792).
 */
static bool is_same(const struct echo *e, const uint8_t *icmp, size_t len, size_t least)
{
	return len >= least &&
	       memcmp(icmp + 4, e->packet + 4, min_u64(len, ECHO_LEN) - 4) == 0;
}

/* 0: a reply came; -EAGAIN: nothing more is there; -errno: the path's error. */
static int read_reply(const struct echo *e)
{
	for (;;) {
		uint8_t buf[REPLY_MAX];
		struct sockaddr_in from = { 0 };
		socklen_t from_len = sizeof(from);
		ssize_t n = recvfrom(e->fd, buf, sizeof(buf), 0, (struct sockaddr *)&from,
				     &from_len);
		size_t header;

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if ((size_t)n < sizeof(struct iphdr))
			continue;

		header = (size_t)(buf[0] & 0xf) * 4;
		if (header > (size_t)n || ntohl(from.sin_addr.s_addr) != e->dst)
			continue;
		if (is_same(e, buf + header, (size_t)n - header, ECHO_LEN))
			return 0;
	}
}

static int queued_error(struct msghdr *msg)
{
	for (struct cmsghdr *c = CMSG_FIRSTHDR(msg); c; c = CMSG_NXTHDR(msg, c)) {
		struct sock_extended_err why;

		if (c->cmsg_level != IPPROTO_IP || c->cmsg_type != IP_RECVERR)
			continue;
		memcpy(&why, CMSG_DATA(c), sizeof(why));
		return -(int)why.ee_errno;
	}

	return 0;
}

/* The error that the network gave for this request: it comes with the request's own bytes. */
static int read_error(const struct echo *e)
{
	for (;;) {
		uint8_t buf[REPLY_MAX];
		char control[256] __attribute__((aligned(__alignof__(struct cmsghdr))));
		struct iovec iov = { .iov_base = buf, .iov_len = sizeof(buf) };
		struct msghdr msg = {
			.msg_iov = &iov,
			.msg_iovlen = 1,
			.msg_control = control,
			.msg_controllen = sizeof(control),
		};
		ssize_t n = recvmsg(e->fd, &msg, MSG_ERRQUEUE);
		int r;

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;

		r = queued_error(&msg);
		if (r < 0 && is_same(e, buf, (size_t)n, NONCE_OFFSET))
			return r;
	}
}

/* 0, -EAGAIN: go on waiting, or the error of this request. */
static int read_answer(const struct echo *e)
{
	int r = read_reply(e);

	if (r == 0)
		return 0;

	/* Also when the reply's error is another request's: only the queue knows whose it is. */
	return read_error(e);
}

static int send_echo(const struct echo *e)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(e->dst) };

	for (;;) {
		if (sendto(e->fd, e->packet, sizeof(e->packet), 0, (struct sockaddr *)&to,
			   sizeof(to)) >= 0)
			return 0;
		/* What a link without a carrier says when it throws a packet away. */
		if (errno == ENOBUFS)
			return -ENETDOWN;
		if (errno != EINTR)
			return -errno;
	}
}

int ping_once(int fd, uint32_t dst, uint16_t seq, uint64_t timeout_us, uint64_t *ret_rtt_us)
{
	struct echo e = { .fd = fd, .dst = dst };
	uint64_t start = clock_us();
	int r;

	build_echo(&e, seq);
	/* Nothing can answer it yet: this clears what earlier requests left behind. */
	read_answer(&e);
	r = send_echo(&e);
	if (r < 0)
		return r;

	for (;;) {
		struct pollfd p = { .fd = fd, .events = POLLIN };
		uint64_t spent = clock_us() - start;

		r = read_answer(&e);
		if (r == 0 && ret_rtt_us)
			*ret_rtt_us = clock_us() - start;
		if (r != -EAGAIN)
			return r;
		if (spent >= timeout_us)
			return -ETIMEDOUT;
		/* Up to a whole millisecond: the last one is not spent spinning. */
		poll(&p, 1, (int)min_u64((timeout_us - spent) / USEC_PER_MSEC + 1, INT32_MAX));
	}
}
