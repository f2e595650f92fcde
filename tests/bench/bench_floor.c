/* SPDX-License-Identifier: MIT */
/*
 * bench_floor.c - the floor of `netlab up`: a star of N machines on one
 * switch, by bare netlink, until every link is ready to carry its first frame.
 *
 *	bench_floor N [--pin] [--hold] [--dhcp]
 *
 * Prints the milliseconds that it took. --pin: under /run/netns too, as
 * bench-0 (the switch), bench-1 ...; the names are taken away at the end.
 * --hold: waits for the end of its standard input before it goes. --dhcp: the N are
 * clients of one server more: each gets its address by the four messages.
 */
#include <pthread.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bare_dhcp.h"
#include "bare_star.h"

#define CLOSERS 256	/* the kernel takes 10 to 17 ms for each packet socket, if it is alone */

/* Node 1 is the server, the others are clients; @fd of each node. */
struct dhcp {
	struct bare_star *star;
	int fd[BARE_STAR_MAX + 1];
};

static void set_mac(uint8_t mac[static 6], unsigned int node)
{
	memcpy(mac, (const uint8_t[]){ 2, 0, 0, 0, (uint8_t)(node >> 8), (uint8_t)node }, 6);
}

/* From @from to @to, whoever else hears it; then it is there. */
static void pass(const struct dhcp *d, unsigned int from, unsigned int to, uint8_t type)
{
	unsigned int client = from == 1 ? to : from;
	struct bare_message m = {
		.type = type, .xid = client, .client = BARE_FIRST_ADDRESS + client,
		.server = BARE_FIRST_ADDRESS + 1,
	};
	struct bare_frame f;
	ssize_t len;

	set_mac(m.client_mac, client);
	set_mac(m.server_mac, 1);
	bare_message_build(&m, &f);
	bare_send(d->fd[from], d->star->ends[from].ifindex, &f, sizeof(f));
	do {
		struct pollfd p = { .fd = d->fd[to], .events = POLLIN };

		if (poll(&p, 1, 1000) != 1)
			die("no answer");
		len = recv(d->fd[to], &f, sizeof(f), 0);
	} while (len < 0 || bare_message_type(&f, (size_t)len, to == 1 ? 67 : 68) != type);
}

static void serve(struct dhcp *d)
{
	const struct bare_star *s = d->star;

	for (unsigned int i = 1; i <= s->n; i++)
		d->fd[i] = bare_open_packet(s->ends[i].ns, s->ends[i].ifindex, s->home);
	for (unsigned int i = 2; i <= s->n; i++) {
		pass(d, i, 1, DISCOVER);
		pass(d, 1, i, OFFER);
		pass(d, i, 1, REQUEST);
		pass(d, 1, i, ACK);
		bare_add_address(s->ends[i].ns, s->ends[i].ifindex, BARE_FIRST_ADDRESS + i, 8);
	}
}

static void *close_one(void *arg)
{
	close(*(int *)arg);
	return NULL;
}

static void close_all(struct dhcp *d)
{
	pthread_t thread[CLOSERS];

	for (unsigned int first = 1; first <= d->star->n; first += CLOSERS) {
		unsigned int n = 0;

		while (n < CLOSERS && first + n <= d->star->n &&
		       pthread_create(&thread[n], NULL, close_one, &d->fd[first + n]) == 0)
			n++;
		while (n > 0)
			pthread_join(thread[--n], NULL);
	}
}

/* A client's broadcasts are for the server's port alone. */
static void keep_quiet(const struct bare_star *s)
{
	for (unsigned int i = 2; i <= s->n; i++)
		bare_no_flood(&s->ns[0], s->ends[s->n + i].ifindex);
}

int main(int argc, char **argv)
{
	bool pinned = false, hold = false, dhcp = false;
	unsigned long n = argc > 1 ? strtoul(argv[1], NULL, 10) : 0;
	struct bare_star star;
	struct dhcp d = { .star = &star };
	double start;

	for (int i = 2; i < argc; i++) {
		pinned |= strcmp(argv[i], "--pin") == 0;
		hold |= strcmp(argv[i], "--hold") == 0;
		dhcp |= strcmp(argv[i], "--dhcp") == 0;
	}
	if (n < 1 || n + dhcp > BARE_STAR_MAX) {
		fprintf(stderr, "usage: %s N [--pin] [--hold] [--dhcp]   (N from 1 to %d)\n",
			argv[0], BARE_STAR_MAX - dhcp);
		return EXIT_FAILURE;
	}

	start = now_ms();
	bare_star_build(&star, (unsigned int)n + dhcp, dhcp ? 1 : (unsigned int)n, pinned);
	if (dhcp) {
		keep_quiet(&star);
		serve(&d);
	}
	printf("%.3f\n", now_ms() - start);
	fflush(stdout);

	while (hold && getchar() != EOF)
		;
	if (dhcp)
		close_all(&d);
	bare_star_unpin(&star);
	/* Not one by one: the kernel takes all that a process held down in one go. */
	_exit(EXIT_SUCCESS);
}
