/* SPDX-License-Identifier: MIT */
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include "base/addr.h"
#include "sys/netconf_request.h"

/* RFC 3927 section 2.7: a link-local address is for its link, whoever chose it. */
static uint8_t scope_of(uint32_t address)
{
	if (address >> 24 == 127)
		return RT_SCOPE_HOST;
	return ip4_is_link_local(address) ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE;
}

static void put_address(struct netconf_request *q, uint16_t type, uint16_t flags,
			const struct netconf_address *a)
{
	struct ifaddrmsg msg = {
		.ifa_family = AF_INET,
		.ifa_prefixlen = a->prefix_len,
		.ifa_scope = scope_of(a->address),
		.ifa_index = (unsigned int)a->ifindex,
	};

	request_begin(q, type, flags, &msg, sizeof(msg));
	request_put_ip4(q, IFA_LOCAL, a->address);
	request_put_ip4(q, IFA_ADDRESS, a->address);
}

int netconf_add_address(struct netconf *n, const struct netconf_address *a, bool replace,
			struct error *err)
{
	struct ifa_cacheinfo lifetimes = {
		.ifa_valid = a->valid_sec,
		.ifa_prefered = a->preferred_sec,
	};
	struct netconf_request q;
	char text[IP4_LEN];

	put_address(&q, RTM_NEWADDR, NLM_F_CREATE | (replace ? NLM_F_REPLACE : NLM_F_EXCL), a);
	if (a->broadcast)
		request_put_ip4(&q, IFA_BROADCAST, a->broadcast);
	request_put(&q, IFA_CACHEINFO, &lifetimes, sizeof(lifetimes));

	return netconf_commit(n, &q, err, "address %s/%u", ip4_format(a->address, text),
			      a->prefix_len);
}

int netconf_del_address(struct netconf *n, const struct netconf_address *a, struct error *err)
{
	struct netconf_request q;
	char text[IP4_LEN];

	put_address(&q, RTM_DELADDR, 0, a);
	return netconf_commit(n, &q, err, "address %s/%u", ip4_format(a->address, text),
			      a->prefix_len);
}

static int change_route(struct netconf *n, const struct netconf_route *r, uint16_t type,
			uint16_t flags, uint8_t scope, struct error *err)
{
	struct rtmsg msg = {
		.rtm_family = AF_INET,
		.rtm_dst_len = r->prefix_len,
		.rtm_table = RT_TABLE_MAIN,
		.rtm_protocol = r->dhcp ? RTPROT_DHCP : RTPROT_STATIC,
		.rtm_scope = scope,
		.rtm_type = RTN_UNICAST,
	};
	struct netconf_request q;
	char text[IP4_LEN];

	request_begin(&q, type, flags, &msg, sizeof(msg));
	if (r->prefix_len > 0)
		request_put_ip4(&q, RTA_DST, r->dest);
	if (r->gateway)
		request_put_ip4(&q, RTA_GATEWAY, r->gateway);
	if (r->ifindex)
		request_put_u32(&q, RTA_OIF, (uint32_t)r->ifindex);
	if (r->metric)
		request_put_u32(&q, RTA_PRIORITY, r->metric);

	return netconf_commit(n, &q, err, "route to %s/%u", ip4_format(r->dest, text),
			      r->prefix_len);
}

int netconf_add_route(struct netconf *n, const struct netconf_route *r, struct error *err)
{
	uint8_t scope = r->gateway ? RT_SCOPE_UNIVERSE : RT_SCOPE_LINK;

	return change_route(n, r, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, scope, err);
}

int netconf_del_route(struct netconf *n, const struct netconf_route *r, struct error *err)
{
	return change_route(n, r, RTM_DELROUTE, 0, RT_SCOPE_NOWHERE, err);
}
