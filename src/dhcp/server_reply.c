/* SPDX-License-Identifier: MIT */
/* server_reply.c - OFFER, ACK and NAK as RFC 2131 table 3 wants them, and where they go. */
#include <string.h>

#include "base/addr.h"
#include "base/util.h"
#include "dhcp/server_internal.h"

#define IP_UDP_LEN 28		/* headers that option 57 counts and the payload does not */
#define HTYPE_ETHERNET 1

static const uint8_t mac_broadcast[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };

/* RFC 2132 section 9.10: the client's option 57, never under 576, which all accept. */
static size_t reply_limit(const struct dhcp_message *m)
{
	uint16_t datagram = 0;

	(void)dhcp_message_get_u16(m, DHCP_OPT_MAX_SIZE, &datagram);
	return min_u64(max_u64(datagram, DHCP_MIN_MAX_SIZE) - IP_UDP_LEN, DHCP_MESSAGE_MAX);
}

/* RFC 2131 section 4.3.1, table 3: the fixed fields. */
static void write_header(const struct server_query *q, const struct server_reply *reply,
			 struct dhcp_message *ret)
{
	const struct dhcp_message *m = q->rx->msg;

	ret->op = DHCP_OP_REPLY;
	ret->type = reply->type;
	ret->htype = m->htype;
	ret->hlen = m->hlen;
	ret->xid = m->xid;
	ret->flags = m->flags & DHCP_FLAG_BROADCAST;	/* the others are sent as zero, RFC 1542 */
	ret->giaddr = m->giaddr;
	ret->yiaddr = reply->yiaddr;
	memcpy(ret->chaddr, m->chaddr, sizeof(ret->chaddr));
	if (reply->type == DHCP_ACK)
		ret->ciaddr = m->ciaddr;
	/* RFC 2131 section 4.3.2: the relay agent shall broadcast a NAK. */
	if (reply->type == DHCP_NAK && m->giaddr)
		ret->flags = DHCP_FLAG_BROADCAST;
}

static void send_to(struct dhcp_send *send, uint32_t ip, uint16_t port, const uint8_t *mac)
{
	send->dst_ip = ip;
	send->dst_port = port;
	send->to_mac = mac;
	if (mac)
		memcpy(send->dst_mac, mac, sizeof(send->dst_mac));
}

/* RFC 2131 section 4.1: five places where a reply can go. */
static void address_reply(const struct server_query *q, const struct server_reply *reply,
			  struct dhcp_send *send)
{
	const struct dhcp_message *m = q->rx->msg;
	bool is_ethernet = m->htype == HTYPE_ETHERNET && m->hlen == sizeof(send->dst_mac);

	if (q->trigger == DHCP_SERVER_ON_INFORM)	/* section 4.3.5: straight to the client */
		send_to(send, server_inform_target(q), DHCP_CLIENT_PORT, NULL);
	else if (m->giaddr)
		send_to(send, m->giaddr, DHCP_SERVER_PORT, NULL);
	else if (reply->type == DHCP_NAK)
		send_to(send, IP4_BROADCAST, DHCP_CLIENT_PORT, mac_broadcast);
	else if (m->ciaddr)
		send_to(send, m->ciaddr, DHCP_CLIENT_PORT, NULL);
	else if ((m->flags & DHCP_FLAG_BROADCAST) || !is_ethernet)
		send_to(send, IP4_BROADCAST, DHCP_CLIENT_PORT, mac_broadcast);
	else
		send_to(send, reply->yiaddr, DHCP_CLIENT_PORT, m->chaddr);
}

/*
 * RFC 2131 section 4.4.5: T1 and T2 are 0.5 and 0.875 of the lease. False where
 * no whole seconds with 0 < T1 < T2 < lease exist: the client chooses for itself.
 */
static bool lease_times(uint32_t lease_sec, uint32_t *ret_t1, uint32_t *ret_t2)
{
	if (lease_sec < 3 || lease_sec == DHCP_INFINITY)
		return false;

	*ret_t1 = lease_sec / 2;
	*ret_t2 = (uint32_t)((uint64_t)lease_sec * 7 / 8);
	return true;
}

/* What must be in the reply: it goes first, so that it always fits. */
static int put_mandatory(const struct dhcp_server *s, const struct server_query *q,
			 const struct server_reply *reply, struct dhcp_builder *b)
{
	size_t id_len = 0;
	const uint8_t *id = dhcp_message_get(q->rx->msg, DHCP_OPT_CLIENT_ID, &id_len);
	uint32_t t1, t2, selection;
	int r;

	r = dhcp_build_put_u32(b, DHCP_OPT_SERVER_ID, q->server_id);
	if (r == 0 && reply->lease_sec)
		r = dhcp_build_put_u32(b, DHCP_OPT_LEASE_TIME, reply->lease_sec);
	if (r == 0 && lease_times(reply->lease_sec, &t1, &t2)) {
		r = dhcp_build_put_u32(b, DHCP_OPT_T1, t1);
		if (r == 0)
			r = dhcp_build_put_u32(b, DHCP_OPT_T2, t2);
	}
	/* RFC 6842 section 3: the identifier comes back unaltered, and only if it came. */
	if (r == 0 && id)
		r = dhcp_build_put(b, DHCP_OPT_CLIENT_ID, id, id_len);
	/* RFC 3011 section 2: who selects a subnet gets the option back. A NAK has none. */
	if (r == 0 && reply->type != DHCP_NAK &&
	    dhcp_message_get_u32(q->rx->msg, DHCP_OPT_SUBNET_SELECTION, &selection) == 0)
		r = dhcp_build_put_u32(b, DHCP_OPT_SUBNET_SELECTION, selection);

	return r;
}

/* RFC 2132 section 3.14: the name that goes with a reserved address. True: there is one. */
static bool put_reserved_name(const struct server_query *q, bool *is_sent, struct dhcp_builder *b)
{
	const char *name = q->reserved ? q->reserved->host_name : "";

	if (!name[0] || is_sent[DHCP_OPT_HOST_NAME])
		return name[0];

	is_sent[DHCP_OPT_HOST_NAME] = true;
	(void)dhcp_build_put(b, DHCP_OPT_HOST_NAME, name, strlen(name));
	return true;
}

static const struct dhcp_server_value *find_value(const struct dhcp_server_subnet *net,
						  uint8_t code)
{
	for (size_t i = 0; i < net->n_values; i++)
		if (net->value[i].code == code)
			return &net->value[i];

	return NULL;
}

/* What does not fit is left out: RFC 2132 section 9.8 puts the most wanted first. */
static void put_value(const struct dhcp_server_options *opt, const struct dhcp_server_value *v,
		      bool *is_sent, struct dhcp_builder *b)
{
	if (!v || is_sent[v->code])
		return;

	is_sent[v->code] = true;
	(void)dhcp_build_put(b, v->code, opt->values + v->off, v->len);
}

/* RFC 2131 section 4.3.1: what the client asked for, as far as it is configured, each once. */
static void put_parameters(const struct dhcp_server *s, const struct server_query *q,
			   struct dhcp_builder *b)
{
	const struct dhcp_server_subnet *net = server_net(s, q);
	bool is_sent[256] = { false };
	size_t n_asked = 0;
	const uint8_t *asked = dhcp_message_get(q->rx->msg, DHCP_OPT_PARAMETER_LIST, &n_asked);

	/* RFC 2132 section 3.3: the mask stands before the router. */
	(void)dhcp_build_put_u32(b, DHCP_OPT_SUBNET_MASK, ip4_mask(net->prefix_len));
	for (size_t i = 0; i < n_asked; i++) {
		if (asked[i] == DHCP_OPT_HOST_NAME && put_reserved_name(q, is_sent, b))
			continue;
		put_value(&s->opt, find_value(net, asked[i]), is_sent, b);
	}
	/* A client that lists nothing gets all that there is. */
	if (!asked)
		(void)put_reserved_name(q, is_sent, b);
	for (size_t i = 0; i < net->n_values; i++)
		if (!asked || net->value[i].forced)
			put_value(&s->opt, &net->value[i], is_sent, b);
}

/**
 * struct relay_info - option 82 of the request
 * @value: NULL: it does not come back
 * @room: bytes that it takes in the reply
 */
struct relay_info {
	const uint8_t *value;
	size_t len, room;
};

/*
 * RFC 3046 section 2.2: it comes back whole in the options field, or, if it
 * does not fit, not at all. Only of a relay agent, and on the way through it.
 */
static struct relay_info keep_room(const struct dhcp_server *s, const struct server_query *q,
				   struct dhcp_builder *b)
{
	struct relay_info info = { 0 };

	if (q->trigger != DHCP_SERVER_ON_INFORM)
		info.value = server_relay_info(s, q->rx->msg, &info.len);
	if (!info.value)
		return info;

	info.room = info.len + 2 * ((info.len + 254) / 255);	/* RFC 3396: parts of 255 bytes */
	if (b->len + info.room >= b->limit)
		return (struct relay_info){ 0 };

	b->limit -= info.room;
	return info;
}

/* The last option of the reply (RFC 3046 section 2.2). */
static void put_relay_info(const struct relay_info *info, struct dhcp_builder *b)
{
	if (!info->value)
		return;

	b->limit += info->room;
	(void)dhcp_build_put(b, DHCP_OPT_RELAY_INFO, info->value, info->len);	/* it fits */
}

int server_write_reply(const struct dhcp_server *s, const struct server_query *q,
		       const struct server_reply *reply, struct dhcp_send *ret)
{
	struct dhcp_message header = { 0 };
	struct relay_info info;
	struct dhcp_builder b;
	int r;

	write_header(q, reply, &header);
	r = dhcp_build_begin(&b, ret->data, reply_limit(q->rx->msg), &header);
	if (r < 0)
		return r;

	b.may_overload = reply->type != DHCP_NAK;	/* table 3 */
	r = put_mandatory(s, q, reply, &b);
	if (r < 0)
		return r;

	info = keep_room(s, q, &b);
	if (reply->type != DHCP_NAK)
		put_parameters(s, q, &b);
	if (reply->message)
		(void)dhcp_build_put(&b, DHCP_OPT_MESSAGE, reply->message, strlen(reply->message));
	put_relay_info(&info, &b);

	ret->len = (uint16_t)dhcp_build_end(&b);
	ret->type = (uint8_t)reply->type;
	ret->src_ip = s->opt.address;
	ret->src_port = DHCP_SERVER_PORT;
	memset(ret->dst_mac, 0, sizeof(ret->dst_mac));
	address_reply(q, reply, ret);
	return 0;
}
