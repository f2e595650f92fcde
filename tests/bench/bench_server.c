/* SPDX-License-Identifier: MIT */
/*
 * bench_server.c - the server's machine alone: steps a second with 100 leases
 * held and with 100000, and the ratio, which shall be 0.9 at least. Each round
 * is a renewal of a holder drawn at random, and a newcomer that gets a lease by
 * four messages and gives it back. Prints the server's memory too.
 *
 *	bench_server [ROUNDS]
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <netlab/dhcp_server.h>

#include "base/bytes.h"
#include "base/prng.h"
#include "base/util.h"

#define SERVER 0x0a000001u
#define NEWCOMER 0xffffff
#define YIADDR_AT 16	/* RFC 2131 section 2 */
#define MEASURES 9
#define STEPS_A_ROUND 4

struct bench {
	uint32_t n;
	struct dhcp_server *s;
	uint32_t *address;	/* of client i */
	struct dhcp_message msg;
	struct dhcp_actions out;
	uint64_t now, prng;
};

static void fail(const char *what)
{
	fprintf(stderr, "bench_server: %s\n", what);
	exit(1);
}

static void write_message(struct dhcp_message *ret, uint8_t type, uint32_t server, uint32_t asked)
{
	struct dhcp_message m = { .op = DHCP_OP_REQUEST, .htype = 1, .hlen = 6, .type = type };
	static const uint8_t list[] = { 1, 3, 6, 15, 51, 54 };
	uint8_t bytes[DHCP_MESSAGE_MAX];
	struct dhcp_builder b;

	if (dhcp_build_begin(&b, bytes, sizeof(bytes), &m) < 0 ||
	    dhcp_build_put(&b, DHCP_OPT_PARAMETER_LIST, list, sizeof(list)) < 0 ||
	    (server && dhcp_build_put_u32(&b, DHCP_OPT_SERVER_ID, server) < 0) ||
	    (asked && dhcp_build_put_u32(&b, DHCP_OPT_REQUESTED_ADDRESS, asked) < 0) ||
	    dhcp_message_decode(bytes, (size_t)dhcp_build_end(&b), ret, NULL, NULL) < 0)
		fail("a message can not be made");
}

/* As the owner of a server does it before each step. */
static void fit(struct bench *b)
{
	size_t size = dhcp_server_wants(b->s);
	struct dhcp_server *old = b->s;
	void *mem;

	if (!size)
		return;
	mem = malloc(size);
	if (!mem)
		fail("no memory");
	b->s = dhcp_server_move(mem, old);
	free(old);
}

static uint32_t step(struct bench *b, uint32_t client, uint32_t ciaddr)
{
	struct dhcp_event ev = {
		.type = DHCP_EVENT_RX,
		.now = b->now,
		.rx = { .msg = &b->msg, .src_ip = ciaddr,
			.dst_ip = ciaddr ? SERVER : UINT32_MAX },
	};

	b->msg.ciaddr = ciaddr;
	b->msg.chaddr[3] = (uint8_t)(client >> 16);
	b->msg.chaddr[4] = (uint8_t)(client >> 8);
	b->msg.chaddr[5] = (uint8_t)client;
	fit(b);
	if (dhcp_server_step(b->s, &ev, &b->out) != 1)
		fail(b->out.reason.why);
	for (unsigned int i = 0; i < b->out.n; i++)
		if (b->out.action[i].type == DHCP_ACTION_SEND)
			return load_be32(b->out.action[i].send.data + YIADDR_AT);
	return 0;
}

static uint32_t get_lease(struct bench *b, uint32_t client)
{
	uint32_t address;

	write_message(&b->msg, DHCP_DISCOVER, 0, 0);
	address = step(b, client, 0);
	write_message(&b->msg, DHCP_REQUEST, SERVER, address);
	return step(b, client, 0);
}

static void start(struct bench *b, uint32_t n)
{
	struct dhcp_server_options opt = {
		.address = SERVER, .prefix_len = 8, .first = SERVER + 1, .last = SERVER + 0xfffff0,
		.default_lease_sec = 3600, .min_lease_sec = 60, .max_lease_sec = 86400,
		.offer_sec = 60, .decline_sec = 600, .max_bindings = 1u << 20, .seed = 7,
	};
	void *mem = malloc(dhcp_server_size(&opt));

	*b = (struct bench){ .n = n, .now = DHCP_SECOND, .prng = 7 };
	b->address = calloc(n, sizeof(*b->address));
	if (!mem || !b->address || dhcp_server_init(mem, &opt, &b->s) < 0)
		fail("no server");
	for (uint32_t i = 0; i < n; i++) {
		b->now++;
		b->address[i] = get_lease(b, i);
	}
}

/* Nanoseconds a step. */
static double measure(struct bench *b, uint32_t rounds)
{
	struct dhcp_message renew, discover, request, release;
	struct timespec t0, t1;

	write_message(&renew, DHCP_REQUEST, 0, 0);
	write_message(&discover, DHCP_DISCOVER, 0, 0);
	b->msg = discover;
	clock_gettime(CLOCK_MONOTONIC, &t0);
	for (uint32_t i = 0; i < rounds; i++) {
		uint32_t holder = (uint32_t)(prng_u64(&b->prng) % b->n), address;

		b->now += 100;
		b->msg = renew;
		step(b, holder, b->address[holder]);
		b->msg = discover;
		address = step(b, NEWCOMER - i % 1024, 0);
		write_message(&request, DHCP_REQUEST, SERVER, address);
		b->msg = request;
		step(b, NEWCOMER - i % 1024, 0);
		write_message(&release, DHCP_RELEASE, SERVER, 0);
		b->msg = release;
		step(b, NEWCOMER - i % 1024, address);
	}
	clock_gettime(CLOCK_MONOTONIC, &t1);
	return ((double)(t1.tv_sec - t0.tv_sec) * 1e9 + (double)(t1.tv_nsec - t0.tv_nsec)) /
	       (STEPS_A_ROUND * rounds);
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
	uint32_t rounds = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : 20000;
	static struct bench none, few, many;
	double a[MEASURES], b[MEASURES];

	start(&few, 100);
	start(&many, 100000);
	for (size_t i = 0; i < MEASURES; i++) {		/* by turns: the machine is not alone */
		a[i] = measure(&few, rounds);
		b[i] = measure(&many, rounds);
	}
	qsort(a, MEASURES, sizeof(a[0]), by_size);
	qsort(b, MEASURES, sizeof(b[0]), by_size);
	start(&none, 3);
	printf("leases held          3: %7zu KiB\n", dhcp_server_bytes(none.s) / 1024);
	printf("leases held        100: %7zu KiB %7.0f ns a step\n",
	       dhcp_server_bytes(few.s) / 1024, a[MEASURES / 2]);
	printf("leases held     100000: %7zu KiB %7.0f ns a step\n",
	       dhcp_server_bytes(many.s) / 1024, b[MEASURES / 2]);
	printf("rate with 100000 / 100: %7.2f\n", a[MEASURES / 2] / b[MEASURES / 2]);
	return 0;
}
