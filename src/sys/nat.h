/* SPDX-License-Identifier: MIT */
/*
 * nat.h - masquerading: what leaves a namespace for elsewhere leaves it with the
 * namespace's own address. By nftables, through libnftables, which is loaded
 * when it is needed.
 */
#ifndef SYS_NAT_H
#define SYS_NAT_H

#include "base/error.h"

/**
 * nat_masquerade() - for all that comes from one subnet and goes to another
 * @home: @ns: as for netns_call()
 * @address: any of the subnet, host byte order
 *
 * It ends with the namespace.
 * Return: 0; -EOPNOTSUPP: the library is not there, or the kernel can not; -errno
 */
int nat_masquerade(int home, int ns, uint32_t address, uint8_t prefix_len, struct error *err);

#endif
