/* SPDX-License-Identifier: MIT */
/*
 * bare_dhcp.h - the four messages as whole frames with real checksums, and the
 * packet sockets that carry them; none of netlab's code.
 */
#ifndef BENCH_BARE_DHCP_H
#define BENCH_BARE_DHCP_H

#include <linux/if_ether.h>
#include <netinet/ip.h>
#include <netinet/udp.h>

#include "bare.h"

enum { DISCOVER = 1, OFFER = 2, REQUEST = 3, ACK = 5 };

struct bare_frame {
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

/**
 * struct bare_message - what differs from one message to the next
 * @client_mac: @server_mac: the client's is chaddr, too
 * @client: @server: addresses in host byte order; @client 0: it has none yet
 */
struct bare_message {
	uint8_t type;
	uint32_t xid;
	uint8_t client_mac[6], server_mac[6];
	uint32_t client, server;
};

void bare_message_build(const struct bare_message *m, struct bare_frame *ret);
/* Is it a message that a whole bare_frame holds, to that port? Its type, or 0. */
uint8_t bare_message_type(const struct bare_frame *f, size_t len, uint16_t port);
/* The address in an option of four bytes, in host byte order; 0: it has none. */
uint32_t bare_message_option(const struct bare_frame *f, size_t len, uint8_t code);

/* A packet socket for IPv4 on a link, opened in @ns; the process is back at @home. */
int bare_open_packet(struct bare_ns *ns, int ifindex, int home);
void bare_send(int fd, int ifindex, const void *frame, size_t len);

#endif
