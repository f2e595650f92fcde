/* SPDX-License-Identifier: MIT */
/*
 * bench_untraced.c - the server of a lab with its batches and its lease file, but
 * nobody who writes down what happens: what the log and the capture cost is the
 * difference.
 *
 *	bench_untraced IF FILE
 *
 * On IF of this namespace, 10.8.0.1/14, with the pool of the lab of tests/bench/run;
 * FILE is what it commits its leases to.
 */
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/text.h"
#include "node/node.h"
#include "sys/clock.h"
#include "sys/file.h"
#include "sys/packet.h"

#define SERVER 0x0a080001u
#define FIRST 0x0a080100u
#define POOL 120000u

struct server {
	struct node node;
	struct text lines;
	struct packet_batch *in, *out;
	int socket, file;
	uint8_t asker[6];	/* a relay agent is answered where it asked from */
};

static _Noreturn void fail(const char *what, int err)
{
	fprintf(stderr, "bench_untraced: %s: %s\n", what, strerror(-err));
	exit(1);
}

static int on_send(void *ctx, struct node *n, const struct dhcp_send *s)
{
	struct server *v = ctx;
	int len = node_frame(n, s, s->to_mac ? s->dst_mac : v->asker, packet_batch_room(v->out),
			     PACKET_BATCH_KEPT);

	if (len < 0)
		return len;
	packet_batch_add(v->out, (size_t)len);
	return 0;
}

static int on_commit(void *ctx, struct node *n, const char *line, size_t len)
{
	struct server *v = ctx;

	text_addn(&v->lines, line, len);
	return v->lines.failed ? -ENOMEM : 0;
}

static int on_recall(void *ctx, struct node *n, struct text *ret)
{
	return 0;
}

static const struct node_ops ops = {
	.send = on_send, .commit = on_commit, .recall = on_recall,
};

static void get_mac(const char *ifname, uint8_t ret[static 6])
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ifreq ifr = { 0 };

	str_copy(ifr.ifr_name, sizeof(ifr.ifr_name), ifname);
	if (fd < 0 || ioctl(fd, SIOCGIFHWADDR, &ifr) < 0)
		fail(ifname, -errno);
	close(fd);
	memcpy(ret, ifr.ifr_hwaddr.sa_data, 6);
}

static void start(struct server *v, const char *ifname, const char *path)
{
	struct dhcp_server_options opt = {
		.address = SERVER, .prefix_len = 14, .first = FIRST, .last = FIRST + POOL - 1,
		.default_lease_sec = 3600, .min_lease_sec = 60, .max_lease_sec = 86400,
		.offer_sec = 60, .decline_sec = 600, .max_bindings = POOL, .seed = 7,
	};
	int home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC), r;
	struct error err = { 0 };
	uint8_t mac[6];

	get_mac(ifname, mac);
	v->in = packet_batch_new();
	v->out = packet_batch_new();
	if (home < 0 || !v->in || !v->out)
		fail("namespace", -errno);
	v->socket = packet_open(home, home, (int)if_nametoindex(ifname), PACKET_DHCP_SERVER, &err);
	if (v->socket < 0)
		fail(err.text, v->socket);
	v->file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
	if (v->file < 0)
		fail(path, -errno);
	r = node_init_server(&v->node, "srv:eth0", mac, &opt, &ops, v);
	if (r < 0)
		fail("server", r);
	v->node.persist = true;
	node_start(&v->node, clock_us());
}

/* As a turn of the lab's server: all steps, one write, all replies. */
static void turn(struct server *v)
{
	int n = packet_batch_recv(v->in, v->socket), r = 0;
	size_t failed;

	for (int i = 0; i < n; i++) {
		const struct packet_frame *f = packet_batch_frame(v->in, i);

		memcpy(v->asker, f->data + sizeof(v->asker), sizeof(v->asker));
		node_rx_frame(&v->node, clock_us(), f->data, f->len, f->meta.csum_partial);
	}
	if (v->lines.len > 0)
		r = file_write(v->file, v->lines.str, v->lines.len);
	v->lines.len = 0;
	if (r == 0)
		r = packet_batch_send(v->out, v->socket, &failed);
	if (r < 0)
		fail("turn", r);
}

int main(int argc, char **argv)
{
	static struct server v;

	if (argc != 3) {
		fprintf(stderr, "usage: %s IF FILE\n", argv[0]);
		return EXIT_FAILURE;
	}
	start(&v, argv[1], argv[2]);
	for (;;) {
		struct pollfd p = { .fd = v.socket, .events = POLLIN };

		poll(&p, 1, -1);
		turn(&v);
	}
}
