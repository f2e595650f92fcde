/* SPDX-License-Identifier: MIT */
/*
 * bench_dora.c - the floor of a whole walkthrough: two namespaces, a cable,
 * DISCOVER, OFFER, REQUEST, ACK as real frames with real checksums, and the
 * address on the client. Prints the milliseconds of all, and the microseconds
 * of the exchange alone.
 */
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>

#include "bare_dhcp.h"

#define SERVER_IP 0x0a000001u
#define CLIENT_IP 0x0a000002u
#define XID 0x4e4c4142u
#define LOOPBACK 1

static void send_message(int fd, int ifindex, uint8_t type)
{
	const struct bare_message m = {
		.type = type, .xid = XID, .client = CLIENT_IP, .server = SERVER_IP,
		.client_mac = { 2, 0, 0, 0, 0, 2 }, .server_mac = { 2, 0, 0, 0, 0, 1 },
	};
	struct bare_frame f;

	bare_message_build(&m, &f);
	bare_send(fd, ifindex, &f, sizeof(f));
}

/* Waits for the message; what else is on the wire is passed over. */
static void await_message(int fd, uint8_t type)
{
	uint16_t port = type == DISCOVER || type == REQUEST ? 67 : 68;

	for (;;) {
		struct pollfd p = { .fd = fd, .events = POLLIN };
		struct bare_frame f;
		ssize_t len;

		if (poll(&p, 1, 1000) != 1)
			die("no answer");
		len = recv(fd, &f, sizeof(f), 0);
		if (len > 0 && bare_message_type(&f, (size_t)len, port) == type)
			return;
	}
}

static void raise_link(struct bare_ns *ns, int ifindex)
{
	bare_no_ipv6(ns, ifindex);
	bare_up(ns, ifindex);
	bare_up(ns, LOOPBACK);
}

int main(void)
{
	double start = now_ms(), before, after;
	struct bare_ns server, client;
	int home = bare_ns_self(), si, ci, sfd, cfd;

	bare_ns_create(&server, home);
	bare_ns_create(&client, home);
	bare_add_veth(&server, "guest", 0, &client, "host");
	si = bare_index(&server, "guest");
	ci = bare_index(&client, "host");
	raise_link(&server, si);
	raise_link(&client, ci);
	bare_add_address(&server, si, SERVER_IP, 24);
	sfd = bare_open_packet(&server, si, home);
	cfd = bare_open_packet(&client, ci, home);
	bare_wait_up(&server, si);
	bare_wait_up(&client, ci);

	before = now_ms();
	send_message(cfd, ci, DISCOVER);
	await_message(sfd, DISCOVER);
	send_message(sfd, si, OFFER);
	await_message(cfd, OFFER);
	send_message(cfd, ci, REQUEST);
	await_message(sfd, REQUEST);
	send_message(sfd, si, ACK);
	await_message(cfd, ACK);
	after = now_ms();
	bare_add_address(&client, ci, CLIENT_IP, 24);

	printf("%.3f ms, of them %.1f us for the four messages\n", now_ms() - start,
	       (after - before) * 1e3);
	return 0;
}
