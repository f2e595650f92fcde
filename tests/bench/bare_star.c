/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bare_star.h"

#define PINS "/run/netns"
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

static void raise_end(struct bare_end *e, struct bare_ns *ns, const char *name)
{
	e->ns = ns;
	e->ifindex = bare_index(ns, name);
	bare_no_ipv6(ns, e->ifindex);
	bare_up(ns, e->ifindex);
}

void bare_star_build(struct bare_star *s, unsigned int n, unsigned int n_addresses, bool pinned)
{
	struct bare_ns *ns = calloc(n + 1, sizeof(*ns)), *sw = ns;
	struct bare_end *ends = calloc(2 * n + 1, sizeof(*ends));
	int home = bare_ns_self(), bridge;
	char name[16];

	if (!ns || !ends)
		die("memory");
	*s = (struct bare_star){ .n = n, .home = home, .pinned = pinned, .ns = ns, .ends = ends };
	raise_limit();
	if (pinned)
		prepare_pins();

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
		if (i <= n_addresses)
			bare_add_address(&ns[i], ends[i].ifindex, BARE_FIRST_ADDRESS + i, 8);
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

void bare_star_unpin(const struct bare_star *s)
{
	for (unsigned int i = 0; s->pinned && i <= s->n; i++)
		unpin(i);
}
