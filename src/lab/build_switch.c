/* SPDX-License-Identifier: MIT */
#include "lab/build_switch.h"

#include <string.h>

/* A trunk: a cable inside the switch, from the first bridge to another. */
static int join(struct build *b, size_t node, size_t bridge, struct error *err)
{
	char near[IF_NAME_MAX], far[IF_NAME_MAX], name[IF_NAME_MAX];
	struct netconf *conf = b->conf[node];
	const int first = netconf_index(conf, SWITCH_BRIDGE, err);
	const int other = netconf_index(conf, plan_bridge_name(bridge, name), err);
	struct netconf_end z, a = { .ns = b->ns[node], .name = near, .master = first };
	int r;

	if (first < 0 || other < 0)
		return first < 0 ? first : other;
	plan_trunk_names(bridge, near, far);
	memcpy(a.mac, (uint8_t[6]){ 0x02, 0x4e, 0x4c, 0xfe, 0, (uint8_t)bridge }, sizeof(a.mac));
	z = a;
	z.name = far;
	z.master = other;
	z.mac[4] = 1;
	r = netconf_add_veth(conf, &a, &z, err);
	if (r == 0)
		r = netconf_set_up(conf, netconf_index(conf, near, err), true, err);
	if (r == 0)
		r = netconf_set_up(conf, netconf_index(conf, far, err), true, err);
	return r;
}

int switch_make(struct build *b, size_t node, struct error *err)
{
	size_t n = plan_bridges(b->scenario, node);
	char name[IF_NAME_MAX];
	int r = 0;

	for (size_t i = 0; r == 0 && i < n; i++) {
		const uint8_t mac[6] = { 0x02, 0x4e, 0x4c, (uint8_t)(0xff - 2 * i),
					 (uint8_t)(node >> 8), (uint8_t)node };

		r = netconf_add_bridge(b->conf[node], plan_bridge_name(i, name), mac, err);
		if (r == 0 && i > 0)
			r = join(b, node, i, err);
	}

	return r;
}

int switch_up(struct build *b, size_t node, struct error *err)
{
	size_t n = plan_bridges(b->scenario, node);
	char name[IF_NAME_MAX];
	int r = 0;

	for (size_t i = 0; r == 0 && i < n; i++) {
		r = netconf_index(b->conf[node], plan_bridge_name(i, name), err);
		if (r >= 0)
			r = netconf_set_up(b->conf[node], r, true, err);
	}

	return r;
}

int switch_master(struct build *b, size_t port, struct error *err)
{
	char name[IF_NAME_MAX];

	return netconf_index(b->conf[b->scenario->ifaces[port].node],
			     plan_bridge_name(plan_bridge_of(b->scenario, port), name), err);
}
