/* SPDX-License-Identifier: MIT */
/*
 * relay_filter.c - what stands in front of the relay agent's table: messages
 * that no row shall see, and which link a message is about.
 */
#include <errno.h>
#include <string.h>

#include "base/addr.h"
#include "base/bytes.h"
#include "dhcp/relay_internal.h"

uint32_t relay_giaddr(const struct dhcp_relay_port *port)
{
	return port->giaddr ? port->giaddr : port->address;
}

static bool is_own(const struct dhcp_relay *r, uint32_t address)
{
	for (size_t i = 0; i < r->opt.n_own; i++)
		if (r->opt.own[i] == address)
			return true;
	for (size_t i = 0; i < r->opt.n_ports; i++)
		if (r->opt.port[i].address == address ||
		    relay_giaddr(&r->opt.port[i]) == address)
			return true;

	return false;
}

/* The first suboption @code of @info; NULL if it has none, or runs past its end before. */
static const uint8_t *find_suboption(const uint8_t *info, size_t len, uint8_t code,
				     uint8_t *ret_len)
{
	struct reader r;

	reader_init(&r, info, len);
	while (reader_left(&r)) {
		uint8_t sub = get_u8(&r), sub_len = get_u8(&r);
		const uint8_t *value = get_span(&r, sub_len);

		if (!value)
			return NULL;
		if (sub == code) {
			*ret_len = sub_len;
			return value;
		}
	}

	return NULL;
}

static void put_suboption(struct writer *w, uint8_t code, const void *value, size_t len)
{
	put_u8(w, code);
	put_u8(w, (uint8_t)len);
	put_bytes(w, value, len);
}

/* The option 82 of a link (RFC 3046 section 2.0, RFC 3527, RFC 5107). */
static size_t write_info(const struct dhcp_relay_port *port, uint8_t ret[static RELAY_INFO_MAX])
{
	uint8_t address[4];
	struct writer w;

	writer_init(&w, ret, RELAY_INFO_MAX);
	store_be32(address, port->address);
	if (port->circuit_id_len)
		put_suboption(&w, RELAY_INFO_CIRCUIT_ID, port->circuit_id, port->circuit_id_len);
	if (port->remote_id_len)
		put_suboption(&w, RELAY_INFO_REMOTE_ID, port->remote_id, port->remote_id_len);
	/* RFC 3527 section 3: only where giaddr does not name the link. */
	if (relay_giaddr(port) != port->address)
		put_suboption(&w, RELAY_INFO_LINK, address, sizeof(address));
	if (port->server_id_override)
		put_suboption(&w, RELAY_INFO_SERVER_ID, address, sizeof(address));
	return w.len;
}

/* The port that a request came by: its link, or the address that a unicast was sent to. */
static int port_of_request(const struct dhcp_relay *r, const struct dhcp_rx *rx)
{
	if (rx->port < r->opt.n_ports)
		return rx->port;
	for (int i = 0; i < r->opt.n_ports; i++)
		if (r->opt.port[i].address == rx->dst_ip)
			return i;

	return -ENOENT;
}

static bool is_echo_of(const struct dhcp_relay_port *port, uint8_t code, const uint8_t *value,
		       uint8_t len)
{
	uint8_t address[4];

	if (code == RELAY_INFO_CIRCUIT_ID)
		return port->circuit_id_len && len == port->circuit_id_len &&
		       memcmp(value, port->circuit_id, len) == 0;

	store_be32(address, port->address);
	return len == sizeof(address) && memcmp(value, address, len) == 0;
}

/*
 * RFC 1542 section 4.1.2: the link by its giaddr. Where several have one giaddr,
 * by what came back of the option 82 (RFC 3046 section 3.1, RFC 3527 section 3).
 */
static int port_of_reply(const struct dhcp_relay *r, const struct dhcp_message *m)
{
	static const uint8_t codes[] = { RELAY_INFO_CIRCUIT_ID, RELAY_INFO_LINK };
	size_t len = 0;
	const uint8_t *info = dhcp_message_get(m, DHCP_OPT_RELAY_INFO, &len);

	for (int i = 0; i < r->opt.n_ports; i++)
		if (relay_giaddr(&r->opt.port[i]) == r->opt.port[i].address &&
		    r->opt.port[i].address == m->giaddr)
			return i;

	for (size_t k = 0; info && k < sizeof(codes); k++) {
		uint8_t sub_len = 0;
		const uint8_t *value = find_suboption(info, len, codes[k], &sub_len);

		for (int i = 0; value && i < r->opt.n_ports; i++)
			if (relay_giaddr(&r->opt.port[i]) == m->giaddr &&
			    is_echo_of(&r->opt.port[i], codes[k], value, sub_len))
				return i;
	}

	return -ENOENT;
}

/* Has it one at all, sound or not, in whatever field? */
static bool is_marked(const struct dhcp_message *m)
{
	for (size_t i = 0; i < m->n_fields; i++)
		if (m->fields[i].code == DHCP_OPT_RELAY_INFO)
			return true;

	return false;
}

/* NULL: a request that may go on. */
static const struct dhcp_reason *refuse_request(const struct dhcp_relay *r,
						const struct relay_query *q)
{
	static const struct dhcp_reason own = {
		"our own message came back", "RFC 1542 section 4.1.1"
	};
	static const struct dhcp_reason hops = {
		"it passed more relay agents than it may", "RFC 1542 section 4.1.1"
	};
	static const struct dhcp_reason secs = {
		"the client has not waited long enough for a server of its own link",
		"RFC 1542 section 4.1.1"
	};
	static const struct dhcp_reason spoofed = {
		"giaddr is one of our own addresses already: a loop, or a lie",
		"RFC 3046 section 2.1.1"
	};
	static const struct dhcp_reason no_relay = {
		"giaddr is no address that a relay agent can have", "RFC 3046 section 2.1.1"
	};
	const struct dhcp_message *m = q->rx->msg;

	if (is_own(r, q->rx->src_ip))
		return &own;
	if (m->hops > q->port->hops_max)
		return &hops;
	if (m->secs < q->port->secs_min)
		return &secs;
	if (m->giaddr && is_own(r, m->giaddr))
		return &spoofed;

	return m->giaddr && !ip4_is_host(m->giaddr) ? &no_relay : NULL;
}

static const struct dhcp_reason *take_request(const struct dhcp_relay *r, const struct dhcp_rx *rx,
					      struct relay_query *q)
{
	static const struct dhcp_reason no_link = {
		"it came by none of the links that are relayed for", "RFC 1542 section 4.1.1"
	};
	int port = port_of_request(r, rx);

	if (port < 0)
		return &no_link;

	q->trigger = rx->msg->giaddr ? DHCP_RELAY_ON_RELAYED : DHCP_RELAY_ON_REQUEST;
	q->port_no = (uint8_t)port;
	q->port = &r->opt.port[port];
	return refuse_request(r, q);
}

static const struct dhcp_reason *take_reply(const struct dhcp_relay *r, const struct dhcp_rx *rx,
					    struct relay_query *q)
{
	static const struct dhcp_reason not_ours = {
		"giaddr is none of our links", "RFC 1542 section 4.1.2"
	};
	static const struct dhcp_reason not_sent_here = {
		"a reply that was not sent to its giaddr", "RFC 2131 section 4.1"
	};
	int port = rx->msg->giaddr ? port_of_reply(r, rx->msg) : -ENOENT;

	if (port < 0)
		return &not_ours;
	if (rx->dst_ip != rx->msg->giaddr)
		return &not_sent_here;

	q->trigger = DHCP_RELAY_ON_REPLY;
	q->port_no = (uint8_t)port;
	q->port = &r->opt.port[port];
	return NULL;
}

int relay_filter(const struct dhcp_relay *r, const struct dhcp_rx *rx, struct relay_query *ret,
		 struct dhcp_reason *ret_why)
{
	static const struct dhcp_reason to_client = {
		"it was sent to the port of clients", "RFC 1542 section 4.1"
	};
	struct relay_query q = { .rx = rx };
	const struct dhcp_reason *why = NULL;

	if (rx->dst_port != DHCP_SERVER_PORT)
		why = &to_client;
	else if (rx->msg->op == DHCP_OP_REQUEST)
		why = take_request(r, rx, &q);
	else
		why = take_reply(r, rx, &q);
	if (why) {
		*ret_why = *why;
		return -ENOMSG;
	}

	q.state = is_marked(rx->msg) ? DHCP_RELAY_MARKED : DHCP_RELAY_PLAIN;
	q.info_len = write_info(q.port, q.info);
	if (q.info_len)
		q.marked_len = relay_marked_len(rx, q.info_len);
	*ret = q;
	return 0;
}
