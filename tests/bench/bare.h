/* SPDX-License-Identifier: MIT */
/*
 * bare.h - the least that the kernel must be asked for a lab, with libmnl and
 * without any of netlab's code: what netlab is measured against.
 *
 * A failure ends the program with a message; there is nothing to clean up, for
 * all that is made vanishes with the process.
 */
#ifndef BENCH_BARE_H
#define BENCH_BARE_H

#include <libmnl/libmnl.h>
#include <stdbool.h>
#include <stdint.h>

_Noreturn void die(const char *what);
double now_ms(void);

/* A namespace with a netlink socket in it. */
struct bare_ns {
	int fd;
	struct mnl_socket *nl;
};

/* Makes one; the process is back at @home afterwards. */
void bare_ns_create(struct bare_ns *ns, int home);
int bare_ns_self(void);
void bare_ns_enter(int fd);

void bare_add_bridge(struct bare_ns *ns, const char *name);
/* @far_name is born in @far, @name in @ns as a port of @master (0: of none). */
void bare_add_veth(struct bare_ns *ns, const char *name, int master, struct bare_ns *far,
		   const char *far_name);
int bare_index(struct bare_ns *ns, const char *name);
void bare_no_ipv6(struct bare_ns *ns, int ifindex);
void bare_up(struct bare_ns *ns, int ifindex);
/* @ip in host byte order */
void bare_add_address(struct bare_ns *ns, int ifindex, uint32_t ip, uint8_t prefix_len);
/* A port gets no broadcasts from the others. */
void bare_no_flood(struct bare_ns *ns, int ifindex);
/* Until the link has OPERSTATE up. */
void bare_wait_up(struct bare_ns *ns, int ifindex);

#endif
