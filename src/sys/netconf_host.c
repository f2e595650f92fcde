/* SPDX-License-Identifier: MIT */
/* netconf_host.c - what rtnetlink does not set: sysctls and offloads. */
#include <errno.h>
#include <fcntl.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "base/text.h"
#include "sys/fd.h"
#include "sys/file.h"
#include "sys/netconf.h"
#include "sys/netns.h"

#define SYSCTL_PATH_LEN 128

struct sysctl {
	char path[SYSCTL_PATH_LEN];
	const char *value;
};

static int write_sysctl(void *arg)
{
	struct sysctl *s = arg;
	cleanup_fd int fd = open(s->path, O_WRONLY | O_CLOEXEC);

	return fd < 0 ? -errno : file_write(fd, s->value, strlen(s->value));
}

int netconf_sysctl(int home, int ns, const char *name, const char *value, struct error *err)
{
	struct sysctl s = { .value = value };
	int n, r;

	/* Only these have one value a namespace; all others are the whole machine's. */
	if (strncmp(name, "net/", 4) != 0 || strstr(name, ".."))
		return error_set(err, -EINVAL, "%s: not a sysctl of a network namespace", name);

	n = snprintf(s.path, sizeof(s.path), "/proc/sys/%s", name);
	if (n < 0 || (size_t)n >= sizeof(s.path))
		return error_set(err, -ENAMETOOLONG, "%s: too long", name);

	r = netns_call(home, ns, write_sysctl, &s);
	return r < 0 ? error_set(err, r, "sysctl %s=%s: %s", name, value, strerror(-r)) : 0;
}

static int disable(int sock, const char *ifname, uint32_t command)
{
	struct ethtool_value off = { .cmd = command, .data = 0 };
	struct ifreq request = { .ifr_data = (char *)&off };

	str_copy(request.ifr_name, sizeof(request.ifr_name), ifname);
	return ioctl(sock, SIOCETHTOOL, &request) < 0 ? -errno : 0;
}

static int disable_offloads(void *arg)
{
	static const uint32_t commands[] = { ETHTOOL_STXCSUM, ETHTOOL_STSO, ETHTOOL_SGSO };
	cleanup_fd int sock = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	const char *ifname = arg;

	if (sock < 0)
		return -errno;

	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		int r = disable(sock, ifname, commands[i]);

		/* What a device never had is off. */
		if (r < 0 && r != -EOPNOTSUPP)
			return r;
	}

	return 0;
}

int netconf_no_offload(int home, int ns, const char *ifname, struct error *err)
{
	int r = netns_call(home, ns, disable_offloads, (void *)ifname);

	return r < 0 ? error_set(err, r, "link %s, offloads: %s", ifname, strerror(-r)) : 0;
}
