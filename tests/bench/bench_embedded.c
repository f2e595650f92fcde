/* SPDX-License-Identifier: MIT */
/*
 * bench_embedded.c - netlab's client and server, embedded in one loop, beside
 * the same four messages from and to nobody: real frames with real checksums on
 * a cable between two namespaces, in turns. Prints the median microseconds of
 * an exchange of each, and the ratio, which shall be 2.5 at most.
 */
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "bare_dhcp.h"
#include "node/node.h"

#define SERVER_IP 0x0a000001u
#define ROUNDS 2001

/* Both ends of the cable, and who is there; the messages of round @number are its client's. */
struct bench {
	int server_fd, client_fd, server_index, client_index;
	struct node server, client;
	uint32_t number;
};

static const uint8_t server_mac[6] = { 2, 0, 0, 0, 0, 1 };

static size_t receive(int fd, void *ret, size_t size)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	ssize_t len;

	if (poll(&p, 1, 1000) != 1)
		die("no answer");
	len = recv(fd, ret, size, 0);
	if (len < 0)
		die("recv");
	return (size_t)len;
}

static void bare_step(const struct bench *b, uint8_t type)
{
	bool is_client = type == DISCOVER || type == REQUEST;
	struct bare_message m = {
		.type = type, .xid = b->number, .client = SERVER_IP + 1 + b->number,
		.server = SERVER_IP, .client_mac = { 2, 0, 0, 0, 0, 2 },
	};
	struct bare_frame f;
	size_t len;

	memcpy(m.server_mac, server_mac, sizeof(m.server_mac));
	bare_message_build(&m, &f);
	bare_send(is_client ? b->client_fd : b->server_fd,
		  is_client ? b->client_index : b->server_index, &f, sizeof(f));
	do
		len = receive(is_client ? b->server_fd : b->client_fd, &f, sizeof(f));
	while (bare_message_type(&f, len, is_client ? 67 : 68) != type);
}

static double bare_exchange(const struct bench *b)
{
	double before = now_ms();

	bare_step(b, DISCOVER);
	bare_step(b, OFFER);
	bare_step(b, REQUEST);
	bare_step(b, ACK);
	return now_ms() - before;
}

static int on_send(void *ctx, struct node *n, const struct dhcp_send *s)
{
	struct bench *b = ctx;
	bool is_client = n->kind == NODE_CLIENT;
	uint8_t frame[FRAME_MAX];
	int len = node_frame(n, s, s->dst_mac, frame, sizeof(frame));

	if (len < 0)
		return len;
	bare_send(is_client ? b->client_fd : b->server_fd,
		  is_client ? b->client_index : b->server_index, frame, (size_t)len);
	return 0;
}

static int on_config(void *ctx, struct node *n, const struct dhcp_config *c)
{
	return 0;
}

static const struct node_ops ops = {
	.send = on_send, .configure = on_config, .deconfigure = on_config,
};

static void hand_over(struct bench *b, struct node *to, uint64_t now)
{
	uint8_t frame[FRAME_MAX];
	size_t len = receive(to->kind == NODE_CLIENT ? b->client_fd : b->server_fd, frame,
			     sizeof(frame));

	node_rx_frame(to, now, frame, len, false);
}

/* Up to BOUND; the client is a new one each time. */
static double embedded_exchange(struct bench *b)
{
	const uint32_t number = b->number;
	const struct dhcp_client_options opt = {
		.mac = { 2, 1, 0, 0, (uint8_t)(number >> 8), (uint8_t)number }, .seed = 1,
	};
	double before = now_ms();
	uint64_t now = (uint64_t)(before * 1e3);

	if (node_init_client(&b->client, "client", &opt, &ops, b) < 0)
		die("client");
	node_start(&b->client, now);
	hand_over(b, &b->server, now);
	hand_over(b, &b->client, now);
	hand_over(b, &b->server, now);
	hand_over(b, &b->client, now);
	if (b->client.client.state != DHCP_CLIENT_BOUND)
		die("the client is not BOUND");
	return now_ms() - before;
}

static void wire(struct bench *b)
{
	struct bare_ns server, client;
	int home = bare_ns_self();

	bare_ns_create(&server, home);
	bare_ns_create(&client, home);
	bare_add_veth(&server, "guest", 0, &client, "host");
	b->server_index = bare_index(&server, "guest");
	b->client_index = bare_index(&client, "host");
	bare_no_ipv6(&server, b->server_index);
	bare_no_ipv6(&client, b->client_index);
	bare_up(&server, b->server_index);
	bare_up(&client, b->client_index);
	b->server_fd = bare_open_packet(&server, b->server_index, home);
	b->client_fd = bare_open_packet(&client, b->client_index, home);
	bare_wait_up(&server, b->server_index);
	bare_wait_up(&client, b->client_index);
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static double median(double *of)
{
	qsort(of, ROUNDS, sizeof(*of), compare);
	return of[ROUNDS / 2] * 1e3;
}

int main(void)
{
	static const struct dhcp_server_options opt = {
		.address = SERVER_IP, .prefix_len = 16, .first = SERVER_IP + 1,
		.last = SERVER_IP + 20000, .default_lease_sec = 3600, .min_lease_sec = 60,
		.max_lease_sec = 7200, .offer_sec = 60, .decline_sec = 60, .max_bindings = 20000,
		.seed = 1,
	};
	static double bare[ROUNDS], embedded[ROUNDS];
	static struct bench b;
	double floor, ours;

	wire(&b);
	if (node_init_server(&b.server, "server", server_mac, &opt, &ops, &b) < 0)
		die("server");
	node_start(&b.server, (uint64_t)(now_ms() * 1e3));
	for (b.number = 0; b.number < ROUNDS; b.number++) {
		bare[b.number] = bare_exchange(&b);
		embedded[b.number] = embedded_exchange(&b);
	}

	node_done(&b.server);
	floor = median(bare);
	ours = median(embedded);
	printf("%.1f us embedded, %.1f us bare: %.2f\n", ours, floor, ours / floor);
	return 0;
}
