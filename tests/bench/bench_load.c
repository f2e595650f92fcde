/* SPDX-License-Identifier: MIT */
/*
 * bench_load.c - whole exchanges, DISCOVER to ACK, asked for as fast as a
 * server answers, many at once, over a packet socket.
 *
 *	bench_load IF SECONDS CLIENTS [FILL]
 *	bench_load IF --echo | --echo-one-by-one
 *
 * CLIENTS take turns, each with a MAC address of its own; first each of them
 * (with FILL: of so many) gets a lease, which does not count: then it says "go".
 * Prints how many exchanges came to an end, in how many seconds, and how many had
 * to be given up. --echo is what a server is
 * measured against: it sends every request back to where it came from, many with
 * one system call; --echo-one-by-one has a call for each that comes and goes.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "bare_dhcp.h"

#define WINDOW 256		/* exchanges at once */
#define BATCH 64
#define FRAME_SIZE 1514
#define PATIENCE_MS 1000.0	/* then an exchange is given up */
#define QUEUE_BYTES (8 << 20)

struct batch {
	struct mmsghdr msg[BATCH];
	struct iovec iov[BATCH];
	uint8_t data[BATCH][FRAME_SIZE];
};

/* One of the exchanges under way; its number is in the xid's low bits. */
struct slot {
	uint32_t client;
	uint32_t round;
	bool asked;		/* the REQUEST is out */
	double since;
};

struct load {
	int fd;
	struct slot slot[WINDOW];
	uint32_t clients, next;
	uint64_t done, lost;
	double now;
	struct batch in;
	struct bare_frame out[BATCH];
	struct mmsghdr out_msg[BATCH];
	struct iovec out_iov[BATCH];
	unsigned int n_out;
};

static int open_socket(const char *ifname)
{
	struct sockaddr_ll addr = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_IP),
		.sll_ifindex = (int)if_nametoindex(ifname),
	};
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0), one = 1, size = QUEUE_BYTES;

	if (fd < 0 || addr.sll_ifindex == 0 ||
	    setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &one, sizeof(one)) < 0 ||
	    bind(fd, (struct sockaddr *)&addr, sizeof(addr)) < 0)
		die(ifname);
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	return fd;
}

static void batch_init(struct batch *b)
{
	for (int i = 0; i < BATCH; i++) {
		b->iov[i] = (struct iovec){ b->data[i], FRAME_SIZE };
		b->msg[i].msg_hdr = (struct msghdr){ .msg_iov = &b->iov[i], .msg_iovlen = 1 };
	}
}

static void send_all(int fd, struct mmsghdr *msg, unsigned int n)
{
	for (unsigned int done = 0; done < n;) {
		int r = sendmmsg(fd, msg + done, n - done, 0);

		if (r < 0 && errno != ENOBUFS && errno != EAGAIN)
			die("sendmmsg");
		done += r > 0 ? (unsigned int)r : 0;
	}
}

static int receive(int fd, struct batch *b, int timeout_ms)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	int n;

	if (poll(&p, 1, timeout_ms) <= 0)
		return 0;
	n = recvmmsg(fd, b->msg, BATCH, MSG_DONTWAIT, NULL);
	return n < 0 ? 0 : n;
}

/* A request becomes a reply to who sent it: its length; 0: it is none. */
static size_t turn_round(struct bare_frame *f, size_t len)
{
	if (!bare_message_type(f, len, 67))
		return 0;
	f->bootp.op = 2;
	f->udp.source = htons(67);
	f->udp.dest = htons(68);
	memcpy(f->eth.h_dest, f->eth.h_source, ETH_ALEN);
	return len;
}

/* Every request goes back at once. */
static _Noreturn void echo(int fd)
{
	static struct batch b;

	batch_init(&b);
	for (;;) {
		int n = receive(fd, &b, -1), requests = 0;

		for (int i = 0; i < n; i++) {
			b.iov[i].iov_len = turn_round((void *)b.data[i], b.msg[i].msg_len);
			if (b.iov[i].iov_len > 0)
				b.msg[requests++].msg_hdr.msg_iov = &b.iov[i];
		}
		send_all(fd, b.msg, (unsigned int)requests);
		batch_init(&b);
	}
}

/* The same with two system calls for each. */
static _Noreturn void echo_one_by_one(int fd)
{
	static uint8_t data[FRAME_SIZE];

	for (;;) {
		ssize_t n = recv(fd, data, sizeof(data), 0);
		size_t len = n > 0 ? turn_round((void *)data, (size_t)n) : 0;

		if (len > 0 && send(fd, data, len, 0) < 0 && errno != ENOBUFS)
			die("send");
	}
}

static void flush(struct load *l)
{
	send_all(l->fd, l->out_msg, l->n_out);
	l->n_out = 0;
}

static void queue(struct load *l, uint32_t number, uint8_t type, uint32_t address, uint32_t server)
{
	struct slot *s = &l->slot[number];
	struct bare_message m = {
		.type = type, .xid = s->round * WINDOW + number, .client = address, .server = server,
		.client_mac = { 2, 0x10 },
	};
	uint32_t client = htonl(s->client);

	memcpy(m.client_mac + 2, &client, sizeof(client));
	if (l->n_out == BATCH)
		flush(l);
	bare_message_build(&m, &l->out[l->n_out]);
	l->out_iov[l->n_out] = (struct iovec){ &l->out[l->n_out], sizeof(l->out[0]) };
	l->out_msg[l->n_out].msg_hdr = (struct msghdr){
		.msg_iov = &l->out_iov[l->n_out], .msg_iovlen = 1,
	};
	l->n_out++;
	s->since = l->now;
}

static void begin(struct load *l, uint32_t number)
{
	struct slot *s = &l->slot[number];

	*s = (struct slot){ .client = l->next++ % l->clients, .round = s->round + 1 };
	queue(l, number, DISCOVER, 0, 0);
}

static void take(struct load *l, const struct bare_frame *f, size_t len)
{
	uint8_t type = bare_message_type(f, len, 68);
	uint32_t xid = ntohl(f->bootp.xid), number = xid % WINDOW;
	struct slot *s = &l->slot[number];

	if (!type || s->round != xid / WINDOW)
		return;
	if (!s->asked && (type == OFFER || type == DISCOVER)) {
		s->asked = true;
		queue(l, number, REQUEST, ntohl(f->bootp.yiaddr),
		      bare_message_option(f, len, 54));
	} else if (s->asked && (type == ACK || type == REQUEST)) {
		l->done++;
		begin(l, number);
	}
}

static void give_up_old(struct load *l)
{
	for (uint32_t i = 0; i < WINDOW; i++) {
		if (l->now - l->slot[i].since < PATIENCE_MS)
			continue;
		l->lost++;
		begin(l, i);
	}
}

/* Until the time is over, or so many are done. */
static void run(struct load *l, double seconds, uint64_t count)
{
	double end = now_ms() + seconds * 1e3;

	l->done = 0;
	l->lost = 0;
	while ((l->now = now_ms()) < end && l->done < count) {
		int n = receive(l->fd, &l->in, 10);

		for (int i = 0; i < n; i++)
			take(l, (const struct bare_frame *)l->in.data[i], l->in.msg[i].msg_len);
		give_up_old(l);
		flush(l);
	}
}

int main(int argc, char **argv)
{
	static struct load l;
	double seconds, start;
	uint32_t fill;

	if (argc == 3 && strcmp(argv[2], "--echo") == 0)
		echo(open_socket(argv[1]));
	if (argc == 3 && strcmp(argv[2], "--echo-one-by-one") == 0)
		echo_one_by_one(open_socket(argv[1]));
	if (argc < 4) {
		fprintf(stderr, "usage: %s IF SECONDS CLIENTS [FILL] | IF --echo[-one-by-one]\n", argv[0]);
		return EXIT_FAILURE;
	}
	l.fd = open_socket(argv[1]);
	seconds = strtod(argv[2], NULL);
	l.clients = fill = (uint32_t)strtoul(argv[argc > 4 ? 4 : 3], NULL, 10);
	batch_init(&l.in);

	l.now = now_ms();
	for (uint32_t i = 0; i < WINDOW; i++)
		begin(&l, i);
	run(&l, 120, fill);
	l.clients = (uint32_t)strtoul(argv[3], NULL, 10);
	puts("go");
	fflush(stdout);
	start = now_ms();
	run(&l, seconds, UINT64_MAX);
	printf("%llu %.6f %llu\n", (unsigned long long)l.done, (now_ms() - start) / 1e3,
	       (unsigned long long)l.lost);
	return 0;
}
