/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "sys/fd.h"
#include "sys/netns.h"
#include "world.h"

const uint8_t mac_a[6] = { 2, 0x4e, 0x4c, 0, 0, 1 };
const uint8_t mac_b[6] = { 2, 0x4e, 0x4c, 0, 0, 2 };

static void raise_end(struct world *w, struct netconf *n, const char *name, uint32_t ip,
		      int *ret_index)
{
	struct netconf_address addr = {
		.address = ip, .prefix_len = 24, .broadcast = ip | 0xff,
		.valid_sec = FOREVER, .preferred_sec = FOREVER,
	};

	*ret_index = assert_ok(w, netconf_index(n, name, &w->err));
	assert_ok(w, netconf_set_up(n, 1, true, &w->err));
	assert_ok(w, netconf_set_up(n, *ret_index, true, &w->err));
	addr.ifindex = *ret_index;
	assert_ok(w, netconf_add_address(n, &addr, false, &w->err));
}

int make_world(void **state)
{
	struct world *w = calloc(1, sizeof(*w));
	struct netconf_end a = { .name = "east", .alias = "test:east" };
	struct netconf_end b = { .name = "west", .alias = "test:west" };

	memcpy(a.mac, mac_a, sizeof(a.mac));
	memcpy(b.mac, mac_b, sizeof(b.mac));
	w->home = netns_open_self();
	a.ns = w->a = assert_ok(w, netns_create(w->home, &w->err));
	b.ns = w->b = assert_ok(w, netns_create(w->home, &w->err));
	assert_ok(w, netconf_open(w->home, w->a, &w->na, &w->err));
	assert_ok(w, netconf_open(w->home, w->b, &w->nb, &w->err));
	assert_ok(w, netconf_add_veth(w->na, &a, &b, &w->err));
	raise_end(w, w->na, "east", IP_A, &w->ia);
	raise_end(w, w->nb, "west", IP_B, &w->ib);
	assert_ok(w, netconf_wait_up(w->na, &w->ia, 1, SECOND_US, &w->err));
	assert_ok(w, netconf_wait_up(w->nb, &w->ib, 1, SECOND_US, &w->err));
	*state = w;
	return 0;
}

int end_world(void **state)
{
	struct world *w = *state;

	netconf_close(w->na);
	netconf_close(w->nb);
	fd_close(w->a);
	fd_close(w->b);
	fd_close(w->home);
	free(w);
	return 0;
}
