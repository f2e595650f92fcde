/* SPDX-License-Identifier: MIT */
/* probes.c - see probes.h */
#include "dhcp/probes.h"

void probes_init(struct probe *p)
{
	for (size_t i = 0; i < DHCP_SERVER_PROBES_MAX; i++)
		p[i] = (struct probe){ .due = DHCP_NEVER };
}

struct probe *probes_free(struct probe *p)
{
	for (size_t i = 0; i < DHCP_SERVER_PROBES_MAX; i++)
		if (p[i].due == DHCP_NEVER)
			return &p[i];

	return NULL;
}

struct probe *probes_find(struct probe *p, uint32_t address)
{
	for (size_t i = 0; i < DHCP_SERVER_PROBES_MAX; i++)
		if (p[i].due != DHCP_NEVER && p[i].address == address)
			return &p[i];

	return NULL;
}

struct probe *probes_first(struct probe *p)
{
	struct probe *first = &p[0];

	for (size_t i = 1; i < DHCP_SERVER_PROBES_MAX; i++)
		if (p[i].due < first->due)
			first = &p[i];

	return first->due == DHCP_NEVER ? NULL : first;
}

struct dhcp_rx probe_rx(const struct probe *p)
{
	struct dhcp_rx rx = p->rx;

	rx.msg = &p->msg;
	return rx;
}
