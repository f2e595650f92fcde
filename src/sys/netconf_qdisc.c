/* SPDX-License-Identifier: MIT */
/* netconf_qdisc.c - is there a netem in this kernel? Labs do without it. */
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>

#include "sys/netconf_request.h"

#define QUEUE_FRAMES 1000

int netconf_add_netem(struct netconf *n, int ifindex, struct error *err)
{
	const struct tcmsg tc = {
		.tcm_family = AF_UNSPEC,
		.tcm_ifindex = ifindex,
		.tcm_parent = TC_H_ROOT,
	};
	const struct tc_netem_qopt nothing = { .limit = QUEUE_FRAMES };
	struct netconf_request q;

	request_begin(&q, RTM_NEWQDISC, NLM_F_CREATE | NLM_F_EXCL, &tc, sizeof(tc));
	request_put_str(&q, TCA_KIND, "netem");
	request_put(&q, TCA_OPTIONS, &nothing, sizeof(nothing));
	return netconf_commit(n, &q, err, "netem");
}
