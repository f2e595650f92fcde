/* SPDX-License-Identifier: MIT */
/* server_reply.c - OFFER, ACK and NAK as RFC 2131 table 3 wants them, and where they go. */
#include <string.h>

#include "base/addr.h"
#include "base/util.h"
#include "dhcp/auth.h"
#include "dhcp/domain.h"
#include "dhcp/server_internal.h"
#include "dhcp/wire.h"

#define IP_UDP_LEN 28		/* headers that option 57 counts and the payload does not */
#define HTYPE_ETHERNET 1

static const uint8_t mac_broadcast[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };

/*
 * RFC 2132 section 9.10: the client's option 57, never under 576, which all
 * accept. RFC 951 section 3, RFC 1542 section 2.1: a BOOTP client has 64 bytes
 * for options, or as many as it sent.
 */
size_t server_reply_limit(const struct dhcp_message *m)
{
	uint16_t datagram = 0;

	if (m->type == DHCP_NO_TYPE)
		return min_u64(max_u64(m->size, DHCP_MIN_LEN), DHCP_MESSAGE_MAX);

	(void)dhcp_message_get_u16(m, DHCP_OPT_MAX_SIZE, &datagram);
	return min_u64(max_u64(datagram, DHCP_MIN_MAX_SIZE) - IP_UDP_LEN, DHCP_MESSAGE_MAX);
}

static bool is_asked(const struct dhcp_message *m, uint8_t code)
{
	size_t n = 0;
	const uint8_t *list = dhcp_message_get(m, DHCP_OPT_PARAMETER_LIST, &n);

	return n && memchr(list, code, n);
}

/* Who asks for 66 or 67 gets the option, and the field stays free for other options. */
static void write_boot(const struct dhcp_server *s, const struct dhcp_message *m,
		       struct dhcp_message *ret)
{
	ret->siaddr = s->opt.next_server;
	if (!is_asked(m, DHCP_OPT_TFTP_SERVER))
		memcpy(ret->sname, s->opt.boot_server, sizeof(s->opt.boot_server));
	if (!is_asked(m, DHCP_OPT_BOOT_FILE))
		memcpy(ret->file, s->opt.boot_file, sizeof(s->opt.boot_file));
}

/* RFC 2131 section 4.3.1, table 3: the fixed fields. */
static void write_header(const struct dhcp_server *s, const struct server_query *q,
			 const struct server_reply *reply, struct dhcp_message *ret)
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
	if (reply->type == DHCP_ACK || reply->type == DHCP_NO_TYPE)
		ret->ciaddr = m->ciaddr;
	if (reply->type != DHCP_NAK)
		write_boot(s, m, ret);
	if (reply->type == DHCP_NO_TYPE && !ret->siaddr)	/* RFC 951 section 7.3 */
		ret->siaddr = s->opt.address;
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
	else if ((m->flags & DHCP_FLAG_BROADCAST) || !is_ethernet || !reply->yiaddr)
		send_to(send, IP4_BROADCAST, DHCP_CLIENT_PORT, mac_broadcast);
	else
		send_to(send, reply->yiaddr, DHCP_CLIENT_PORT, m->chaddr);
}

/*
 * RFC 2131 section 4.4.5: T1 and T2 are 0.5 and 0.875 of the lease. False where
 * no whole seconds with 0 < T1 < T2 < lease exist: the client chooses for itself.
 */
bool server_lease_times(uint32_t lease_sec, uint32_t *ret_t1, uint32_t *ret_t2)
{
	if (lease_sec < 3 || lease_sec == DHCP_INFINITY)
		return false;

	*ret_t1 = lease_sec / 2;
	*ret_t2 = (uint32_t)((uint64_t)lease_sec * 7 / 8);
	return true;
}

/* Options that answer one of the client's, whatever it lists. */
static int put_answers(const struct dhcp_server *s, const struct server_query *q,
		       const struct server_reply *reply, struct dhcp_builder *b)
{
	const struct dhcp_message *m = q->rx->msg;
	uint32_t selection;
	int r = 0;

	/* RFC 3011 section 2: who selects a subnet gets the option back. */
	if (dhcp_message_get_u32(m, DHCP_OPT_SUBNET_SELECTION, &selection) == 0)
		r = dhcp_build_put_u32(b, DHCP_OPT_SUBNET_SELECTION, selection);
	/* RFC 4039 section 4: in that ACK, and in no other message of a server's. */
	if (r == 0 && q->trigger == DHCP_SERVER_ON_RAPID && reply->type == DHCP_ACK)
		r = dhcp_build_put(b, DHCP_OPT_RAPID_COMMIT, NULL, 0);
	/* RFC 2563 sections 2.1 and 2.3: with an OFFER of no address; 1 is AutoConfigure. */
	if (r == 0 && reply->type == DHCP_OFFER && !reply->yiaddr &&
	    dhcp_message_has(m, DHCP_OPT_AUTO_CONFIGURE))
		r = dhcp_build_put_u8(b, DHCP_OPT_AUTO_CONFIGURE, !s->opt.no_auto_configure);

	/* RFC 6704 section 3.1.3: this server could have the client renew. */
	if (r == 0 && reply->type == DHCP_OFFER && reply->yiaddr && server_can_force(s, q))
		r = dhcp_build_put_u8(b, DHCP_OPT_FORCERENEW_NONCE, AUTH_HMAC_MD5);

	return r;
}

/* RFC 6704 section 3.1.2. Without room for it the client can not be made to renew. */
static void put_nonce(const struct server_query *q, const uint8_t *nonce, struct dhcp_builder *b)
{
	struct auth auth = { .type = AUTH_NONCE, .replay = q->now };
	uint8_t value[AUTH_LEN];

	memcpy(auth.value, nonce, sizeof(auth.value));
	auth_write(&auth, value);
	(void)dhcp_build_put(b, DHCP_OPT_AUTHENTICATION, value, sizeof(value));
}

/* What must be in the reply: it goes first, so that it always fits. */
static int put_mandatory(const struct dhcp_server *s, const struct server_query *q,
			 const struct server_reply *reply, struct dhcp_builder *b)
{
	size_t id_len = 0;
	const uint8_t *id = dhcp_message_get(q->rx->msg, DHCP_OPT_CLIENT_ID, &id_len);
	uint32_t t1, t2;
	int r;

	r = dhcp_build_put_u32(b, DHCP_OPT_SERVER_ID, q->server_id);
	if (r == 0 && reply->lease_sec)
		r = dhcp_build_put_u32(b, DHCP_OPT_LEASE_TIME, reply->lease_sec);
	if (r == 0 && server_lease_times(reply->lease_sec, &t1, &t2)) {
		r = dhcp_build_put_u32(b, DHCP_OPT_T1, t1);
		if (r == 0)
			r = dhcp_build_put_u32(b, DHCP_OPT_T2, t2);
	}
	/* RFC 6842 section 3: the identifier comes back unaltered, and only if it came. */
	if (r == 0 && id)
		r = dhcp_build_put(b, DHCP_OPT_CLIENT_ID, id, id_len);
	if (r == 0 && reply->type != DHCP_NAK)
		r = put_answers(s, q, reply, b);
	if (r == 0 && reply->nonce)
		put_nonce(q, reply->nonce, b);

	return r;
}

bool server_is_ipv6_only(const struct dhcp_server *s, const struct server_query *q)
{
	return is_asked(q->rx->msg, DHCP_OPT_IPV6_ONLY) &&
	       server_find_value(s, q, DHCP_OPT_IPV6_ONLY);
}

/*
 * RFC 4702 section 4: the client's name and encoding; this server enters names
 * in no DNS, and says so where the client wants it to (S) or not (N).
 */
static void put_fqdn(const struct dhcp_message *m, struct dhcp_builder *b)
{
	size_t len = 0;
	const uint8_t *fqdn = dhcp_message_get(m, DHCP_OPT_FQDN, &len);
	uint8_t reply[UINT8_MAX];

	if (!fqdn || len > sizeof(reply))
		return;

	memcpy(reply, fqdn, len);
	reply[0] = fqdn[0] & (FQDN_E | FQDN_N);
	if ((fqdn[0] & (FQDN_S | FQDN_N)) == FQDN_S)
		reply[0] |= FQDN_O;
	reply[1] = reply[2] = UINT8_MAX;	/* RCODE1 and RCODE2, sections 2.2 and 4 */
	(void)dhcp_build_put(b, DHCP_OPT_FQDN, reply, len);
}

static void put_text(const char *text, uint8_t code, struct dhcp_builder *b)
{
	if (text[0])
		(void)dhcp_build_put(b, code, text, strlen(text));
}

/*
 * One parameter; nothing if it is not configured, or does not fit: RFC 2132
 * section 9.8 puts the most wanted first. What the client's own facts decide
 * goes before what stands in the scenario.
 */
void server_put_parameter(const struct dhcp_server *s, const struct server_query *q, uint8_t code,
			  struct dhcp_builder *b)
{
	const struct dhcp_server_subnet *net = server_net(s, q);
	const struct dhcp_server_value *v = server_find_value(s, q, code);

	if (code == DHCP_OPT_HOST_NAME && q->reserved && q->reserved->host_name[0])
		put_text(q->reserved->host_name, code, b);
	else if (code == DHCP_OPT_TFTP_SERVER)
		put_text(s->opt.boot_server, code, b);
	else if (code == DHCP_OPT_BOOT_FILE)
		put_text(s->opt.boot_file, code, b);
	else if (v)
		(void)dhcp_build_put(b, code, s->opt.values + v->off, v->len);
	else if (code == DHCP_OPT_BROADCAST)
		(void)dhcp_build_put_u32(b, code, net->address | ~ip4_mask(net->prefix_len));
}

static void put_once(const struct dhcp_server *s, const struct server_query *q, uint8_t code,
		     bool *is_sent, struct dhcp_builder *b)
{
	if (is_sent[code])
		return;

	is_sent[code] = true;
	server_put_parameter(s, q, code, b);
}

/* Those that are sent unasked. */
static void put_values(const struct dhcp_server *s, const struct server_query *q,
		       const struct dhcp_server_value *value, size_t n, bool *is_sent,
		       struct dhcp_builder *b)
{
	bool lists = dhcp_message_has(q->rx->msg, DHCP_OPT_PARAMETER_LIST);

	for (size_t i = 0; i < n; i++)
		if (!lists || value[i].forced)
			put_once(s, q, value[i].code, is_sent, b);
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
	put_fqdn(q->rx->msg, b);
	for (size_t i = 0; i < n_asked; i++)
		put_once(s, q, asked[i], is_sent, b);
	/* A client that lists nothing gets all that there is; RFC 8925 section 3.3: but for 108. */
	if (!asked)
		put_once(s, q, DHCP_OPT_HOST_NAME, is_sent, b);
	is_sent[DHCP_OPT_IPV6_ONLY] = true;
	if (q->class)
		put_values(s, q, q->class->value, q->class->n_values, is_sent, b);
	put_values(s, q, net->value, net->n_values, is_sent, b);
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
	struct dhcp_message header;
	struct relay_info info;
	struct dhcp_builder b;
	int r;

	message_clear(&header);
	write_header(s, q, reply, &header);
	r = dhcp_build_begin(&b, ret->data, server_reply_limit(q->rx->msg), &header);
	if (r < 0)
		return r;

	/* Table 3; and RFC 951 knows no options in these fields. */
	b.may_overload = reply->type != DHCP_NAK && reply->type != DHCP_NO_TYPE;
	if (reply->type != DHCP_NO_TYPE)	/* RFC 2132 section 9: of DHCP clients alone */
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
