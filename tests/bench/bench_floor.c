/* SPDX-License-Identifier: MIT */
/*
 * bench_floor.c - the floor of `netlab up`: a star of N machines on one
 * switch, by bare netlink, until every link is ready to carry its first frame.
 *
 *	bench_floor N [--pin] [--hold]
 *
 * Prints the milliseconds that it took. --pin: under /run/netns too, as
 * bench-0 (the switch), bench-1 ...; the names are taken away at the end.
 * --hold: waits for the end of its standard input before it goes.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bare.h"

#define PINS "/run/netns"
#define FIRST_ADDRESS 0x0a000001u	/* 10.0.0.1/8 */
#define PORTS_MAX 1023			/* of a bridge in Linux */
#define LOOPBACK 1

static void raise_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		die("getrlimit");
	limit.rlim_cur = limit.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &limit) < 0)
		die("setrlimit");
}

static void prepare_pins(void)
{
	if (mkdir(PINS, 0755) < 0 && errno != EEXIST)
		die(PINS);
	if (mount("", PINS, "none", MS_SHARED | MS_REC, NULL) == 0)
		return;
	if (mount(PINS, PINS, "none", MS_BIND | MS_REC, NULL) < 0 ||
	    mount("", PINS, "none", MS_SHARED | MS_REC, NULL) < 0)
		die(PINS);
}

static void pin(const struct bare_ns *ns, unsigned int i)
{
	char path[64], source[64];
	int fd;

	snprintf(path, sizeof(path), PINS "/bench-%u", i);
	snprintf(source, sizeof(source), "/proc/self/fd/%d", ns->fd);
	fd = open(path, O_RDONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0);
	if (fd < 0)
		die(path);
	close(fd);
	if (mount(source, path, "none", MS_BIND, NULL) < 0)
		die(path);
}

static void unpin(unsigned int i)
{
	char path[64];

	snprintf(path, sizeof(path), PINS "/bench-%u", i);
	if (umount2(path, MNT_DETACH) < 0 || unlink(path) < 0)
		die(path);
}

/* One end of a cable: its namespace and index. */
struct end {
	struct bare_ns *ns;
	int ifindex;
};

static void raise_end(struct end *e, struct bare_ns *ns, const char *name)
{
	e->ns = ns;
	e->ifindex = bare_index(ns, name);
	bare_no_ipv6(ns, e->ifindex);
	bare_up(ns, e->ifindex);
}

/* @ns: the switch and @n nodes; @ends: the bridge, @n ends in the nodes, @n ports */
static void build(struct bare_ns *ns, struct end *ends, unsigned int n, int home, bool pinned)
{
	struct bare_ns *sw = &ns[0];
	char name[16];
	int bridge;

	for (unsigned int i = 0; i <= n; i++) {
		bare_ns_create(&ns[i], home);
		if (pinned)
			pin(&ns[i], i);
	}

	bare_add_bridge(sw, "switch");
	bridge = bare_index(sw, "switch");
	for (unsigned int i = 1; i <= n; i++) {
		snprintf(name, sizeof(name), "port%u", i);
		bare_add_veth(sw, name, bridge, &ns[i], "eth0");
	}

	for (unsigned int i = 1; i <= n; i++) {
		raise_end(&ends[i], &ns[i], "eth0");
		bare_up(&ns[i], LOOPBACK);
		bare_add_address(&ns[i], ends[i].ifindex, FIRST_ADDRESS + i, 8);
	}
	for (unsigned int i = 1; i <= n; i++) {
		snprintf(name, sizeof(name), "port%u", i);
		raise_end(&ends[n + i], sw, name);
	}
	raise_end(&ends[0], sw, "switch");

	for (unsigned int i = 2 * n; i > 0; i--)
		bare_wait_up(ends[i].ns, ends[i].ifindex);
	bare_wait_up(sw, bridge);
}

int main(int argc, char **argv)
{
	bool pinned = false, hold = false;
	unsigned long n = argc > 1 ? strtoul(argv[1], NULL, 10) : 0;
	struct bare_ns *ns;
	struct end *ends;
	double start;
	int home;

	for (int i = 2; i < argc; i++) {
		pinned |= strcmp(argv[i], "--pin") == 0;
		hold |= strcmp(argv[i], "--hold") == 0;
	}
	if (n < 1 || n > PORTS_MAX) {
		fprintf(stderr, "usage: %s N [--pin] [--hold]   (N from 1 to %d)\n", argv[0],
			PORTS_MAX);
		return EXIT_FAILURE;
	}

	start = now_ms();
	raise_limit();
	home = bare_ns_self();
	ns = calloc(n + 1, sizeof(*ns));
	ends = calloc(2 * n + 1, sizeof(*ends));
	if (!ns || !ends)
		die("memory");
	if (pinned)
		prepare_pins();
	build(ns, ends, (unsigned int)n, home, pinned);
	printf("%.3f\n", now_ms() - start);
	fflush(stdout);

	while (hold && getchar() != EOF)
		;
	for (unsigned int i = 0; pinned && i <= n; i++)
		unpin(i);
	/* Not one by one: the kernel takes all that a process held down in one go. */
	_exit(EXIT_SUCCESS);
}
