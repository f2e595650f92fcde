/* SPDX-License-Identifier: MIT */
#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>

#include "bare_dhcp.h"

#define COOKIE 0x63825363u
#define OPTION_END 255

/* RFC 1071 section 2(B): in whatever byte order the words are, so is the sum. */
static uint32_t add_up(const void *data, size_t len, uint32_t sum)
{
	const uint8_t *p = data;
	uint16_t word;

	for (; len >= sizeof(word); p += sizeof(word), len -= sizeof(word)) {
		memcpy(&word, p, sizeof(word));
		sum += word;
	}
	if (len > 0) {
		word = 0;
		memcpy(&word, p, len);
		sum += word;
	}
	return sum;
}

static uint16_t fold(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

static bool is_from_client(uint8_t type)
{
	return type == DISCOVER || type == REQUEST;
}

/* Fills the IP and UDP checksums in. */
static void sum_up(struct bare_frame *f)
{
	size_t udp_len = sizeof(*f) - sizeof(f->eth) - sizeof(f->ip);
	uint32_t sum;

	f->ip.check = 0;
	f->ip.check = fold(add_up(&f->ip, sizeof(f->ip), 0));
	f->udp.check = 0;
	sum = add_up(&f->ip.saddr, 8, htons(IPPROTO_UDP));
	sum = add_up(&f->udp.len, sizeof(f->udp.len), sum);
	f->udp.check = fold(add_up(&f->udp, udp_len, sum));
}

static void fill_headers(const struct bare_message *m, struct bare_frame *f)
{
	bool from_client = is_from_client(m->type);
	size_t udp_len = sizeof(*f) - sizeof(f->eth) - sizeof(f->ip);

	memcpy(f->eth.h_source, from_client ? m->client_mac : m->server_mac, 6);
	memset(f->eth.h_dest, 0xff, 6);
	if (!from_client)
		memcpy(f->eth.h_dest, m->client_mac, 6);
	f->eth.h_proto = htons(ETH_P_IP);
	f->ip.version = 4;
	f->ip.ihl = 5;
	f->ip.tot_len = htons((uint16_t)(sizeof(f->ip) + udp_len));
	f->ip.ttl = 64;
	f->ip.protocol = IPPROTO_UDP;
	f->ip.saddr = htonl(from_client ? 0 : m->server);
	f->ip.daddr = htonl(from_client ? 0xffffffff : m->client);
	f->udp.source = htons(from_client ? 68 : 67);
	f->udp.dest = htons(from_client ? 67 : 68);
	f->udp.len = htons((uint16_t)udp_len);
}

static uint8_t *put_u32(uint8_t *p, uint8_t code, uint32_t value)
{
	value = htonl(value);
	*p++ = code;
	*p++ = sizeof(value);
	memcpy(p, &value, sizeof(value));
	return p + sizeof(value);
}

static void fill_options(const struct bare_message *m, uint8_t *p)
{
	*p++ = 53;
	*p++ = 1;
	*p++ = m->type;
	if (m->type != DISCOVER)
		p = put_u32(p, 54, m->server);
	if (m->type == REQUEST)
		p = put_u32(p, 50, m->client);
	if (!is_from_client(m->type)) {
		p = put_u32(p, 51, 3600);
		p = put_u32(p, 1, 0xffffff00);
	}
	*p = OPTION_END;
}

void bare_message_build(const struct bare_message *m, struct bare_frame *ret)
{
	bool from_client = is_from_client(m->type);

	*ret = (struct bare_frame){
		.bootp = {
			.op = from_client ? 1 : 2,
			.htype = 1,
			.hlen = 6,
			.xid = htonl(m->xid),
			.yiaddr = htonl(from_client ? 0 : m->client),
			.cookie = htonl(COOKIE),
		},
	};
	memcpy(ret->bootp.chaddr, m->client_mac, sizeof(m->client_mac));
	fill_options(m, ret->bootp.options);
	fill_headers(m, ret);
	sum_up(ret);
}

uint8_t bare_message_type(const struct bare_frame *f, size_t len, uint16_t port)
{
	if (len < offsetof(struct bare_frame, bootp.options) + 3 ||
	    f->eth.h_proto != htons(ETH_P_IP) || f->ip.protocol != IPPROTO_UDP ||
	    f->udp.dest != htons(port) || f->bootp.cookie != htonl(COOKIE) ||
	    f->bootp.options[0] != 53)
		return 0;
	return f->bootp.options[2];
}

uint32_t bare_message_option(const struct bare_frame *f, size_t len, uint8_t code)
{
	const uint8_t *p = f->bootp.options, *end = (const uint8_t *)f + len;
	uint32_t value;

	while (p + 2 <= end && *p != OPTION_END && p + 2 + p[1] <= end) {
		if (*p == code && p[1] == sizeof(value)) {
			memcpy(&value, p + 2, sizeof(value));
			return ntohl(value);
		}
		p += *p ? 2 + p[1] : 1;
	}
	return 0;
}

int bare_open_packet(struct bare_ns *ns, int ifindex, int home)
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

void bare_send(int fd, int ifindex, const void *frame, size_t len)
{
	struct sockaddr_ll to = {
		.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_IP), .sll_ifindex = ifindex,
	};

	if (sendto(fd, frame, len, 0, (struct sockaddr *)&to, sizeof(to)) < 0)
		die("sendto");
}
