/* SPDX-License-Identifier: MIT */
/*
 * bench_dora.c - the floor of a whole walkthrough: two namespaces, a cable,
 * DISCOVER, OFFER, REQUEST, ACK as real frames with real checksums, and the
 * address on the client. Prints the milliseconds of all, and the microseconds
 * of the exchange alone.
 */
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bare.h"

#define SERVER_IP 0x0a000001u
#define CLIENT_IP 0x0a000002u
#define XID 0x4e4c4142u
#define LOOPBACK 1

enum { DISCOVER = 1, OFFER = 2, REQUEST = 3, ACK = 5 };

struct frame {
	struct ethhdr eth;
	struct iphdr ip;
	struct udphdr udp;
	struct {
		uint8_t op, htype, hlen, hops;
		uint32_t xid;
		uint16_t secs, flags;
		uint32_t ciaddr, yiaddr, siaddr, giaddr;
		uint8_t chaddr[16], sname[64], file[128];
		uint32_t cookie;
		uint8_t options[60];
	} __attribute__((packed)) bootp;
} __attribute__((packed));

static const uint8_t client_mac[6] = { 2, 0, 0, 0, 0, 2 };
static const uint8_t server_mac[6] = { 2, 0, 0, 0, 0, 1 };

static uint32_t add_up(const void *data, size_t len, uint32_t sum)
{
	const uint8_t *p = data;

	for (size_t i = 0; i < len; i++)
		sum += i % 2 ? p[i] : (uint32_t)p[i] << 8;
	return sum;
}

static uint16_t fold(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return htons((uint16_t)~sum);
}

static void fill_headers(struct frame *f, bool from_client)
{
	size_t udp_len = sizeof(*f) - sizeof(f->eth) - sizeof(f->ip);

	memcpy(f->eth.h_source, from_client ? client_mac : server_mac, 6);
	memset(f->eth.h_dest, 0xff, 6);
	if (!from_client)
		memcpy(f->eth.h_dest, client_mac, 6);
	f->eth.h_proto = htons(ETH_P_IP);
	f->ip.version = 4;
	f->ip.ihl = 5;
	f->ip.tot_len = htons((uint16_t)(sizeof(f->ip) + udp_len));
	f->ip.ttl = 64;
	f->ip.protocol = IPPROTO_UDP;
	f->ip.saddr = htonl(from_client ? 0 : SERVER_IP);
	f->ip.daddr = htonl(from_client ? 0xffffffff : CLIENT_IP);
	f->ip.check = fold(add_up(&f->ip, sizeof(f->ip), 0));
	f->udp.source = htons(from_client ? 68 : 67);
	f->udp.dest = htons(from_client ? 67 : 68);
	f->udp.len = htons((uint16_t)udp_len);
	f->udp.check = fold(add_up(&f->udp, udp_len,
				   add_up(&f->ip.saddr, 8, IPPROTO_UDP + (uint32_t)udp_len)));
}

static void send_message(int fd, int ifindex, uint8_t type)
{
	bool from_client = type == DISCOVER || type == REQUEST;
	struct sockaddr_ll to = {
		.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_IP), .sll_ifindex = ifindex,
	};
	struct frame f = {
		.bootp = {
			.op = from_client ? 1 : 2,
			.htype = 1,
			.hlen = 6,
			.xid = htonl(XID),
			.yiaddr = htonl(from_client ? 0 : CLIENT_IP),
			.cookie = htonl(0x63825363),
			.options = {
				53, 1, type, 54, 4, 10, 0, 0, 1, 50, 4, 10, 0, 0, 2,
				51, 4, 0, 0, 14, 16, 1, 4, 255, 255, 255, 0, 255,
			},
		},
	};

	memcpy(f.bootp.chaddr, client_mac, sizeof(client_mac));
	fill_headers(&f, from_client);
	if (sendto(fd, &f, sizeof(f), 0, (struct sockaddr *)&to, sizeof(to)) < 0)
		die("sendto");
}

/* Waits for the message; what else is on the wire is passed over. */
static void await_message(int fd, uint8_t type)
{
	for (;;) {
		struct pollfd p = { .fd = fd, .events = POLLIN };
		struct frame f = { 0 };

		if (poll(&p, 1, 1000) != 1)
			die("no answer");
		if (recv(fd, &f, sizeof(f), 0) == (ssize_t)sizeof(f) &&
		    f.ip.protocol == IPPROTO_UDP && ntohl(f.bootp.xid) == XID &&
		    f.bootp.options[2] == type)
			return;
	}
}

static int open_packet(struct bare_ns *ns, int ifindex, int home)
{
	struct sockaddr_ll addr = {
		.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_IP), .sll_ifindex = ifindex,
	};
	int fd;

	bare_ns_enter(ns->fd);
	fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	if (fd < 0 || bind(fd, (struct sockaddr *)&addr, sizeof(addr)) < 0)
		die("packet socket");
	bare_ns_enter(home);
	return fd;
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
	sfd = open_packet(&server, si, home);
	cfd = open_packet(&client, ci, home);
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
