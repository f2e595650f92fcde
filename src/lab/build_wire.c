/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "lab/build_wire.h"
#include "sys/netns.h"

#define ANY_MTU 65535	/* what is too long for a receiver its own end drops */

static int make_namespace(struct build *b, struct error *err)
{
	if (b->wires >= 0)
		return 0;
	b->wires = netns_create(b->home, err);
	if (b->wires < 0)
		return b->wires;
	/* What speaks on a wire are the machines at its ends. */
	netconf_sysctl(b->home, b->wires, "net/ipv6/conf/default/disable_ipv6", "1", NULL);
	return netconf_open(b->home, b->wires, &b->wires_conf, err);
}

/* One half: from the machine's interface to the inner end. */
static int lay(struct build *b, size_t iface, const struct netconf_end *outer, struct error *err)
{
	char name[IF_NAME_MAX];
	struct netconf_end inner = { .ns = b->wires, .name = name };
	int r;

	snprintf(name, sizeof(name), "w%zu", iface);
	inner.mac[0] = 0x02;
	inner.mac[4] = (uint8_t)(iface >> 8);
	inner.mac[5] = (uint8_t)iface;
	r = netconf_add_veth(b->wires_conf, &inner, outer, err);
	if (r == 0)
		r = netconf_index(b->wires_conf, name, err);
	if (r < 0)
		return r;
	b->wire_index[iface] = r;
	r = netconf_set_mtu(b->wires_conf, b->wire_index[iface], ANY_MTU, err);
	return r < 0 ? r : netconf_set_up(b->wires_conf, b->wire_index[iface], true, err);
}

int build_wire(struct build *b, const struct scn_cable *c, const struct netconf_end *a,
	       const struct netconf_end *z, struct error *err)
{
	int r = make_namespace(b, err);

	if (r == 0)
		r = lay(b, c->a, a, err);
	return r < 0 ? r : lay(b, c->b, z, err);
}
