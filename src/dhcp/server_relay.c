/* SPDX-License-Identifier: MIT */
/*
 * server_relay.c - what relay agents tell a server: where the client is, and
 * what the client shall call the server.
 */
#include <errno.h>

#include "base/addr.h"
#include "base/bytes.h"
#include "dhcp/server_internal.h"

const uint8_t *server_relay_info(const struct dhcp_server *s, const struct dhcp_message *m,
				 size_t *ret_len)
{
	*ret_len = 0;
	if (!m->giaddr && !s->opt.trust_relay_info)
		return NULL;

	return dhcp_message_get(m, DHCP_OPT_RELAY_INFO, ret_len);
}

const uint8_t *server_relay_suboption(const struct dhcp_server *s, const struct dhcp_message *m,
				      enum relay_suboption code, size_t *ret_len)
{
	size_t len;
	const uint8_t *info = server_relay_info(s, m, &len);
	struct reader r;

	reader_init(&r, info, len);
	while (reader_left(&r)) {
		uint8_t sub = get_u8(&r);
		uint8_t sub_len = get_u8(&r);
		const uint8_t *value = get_span(&r, sub_len);

		if (!value)
			break;		/* it runs past the end: the rest says nothing */
		if (sub == (uint8_t)code) {
			*ret_len = sub_len;
			return value;
		}
	}

	return NULL;
}

uint32_t server_relay_address(const struct dhcp_server *s, const struct dhcp_message *m,
			      enum relay_suboption code)
{
	size_t len = 0;
	const uint8_t *value = server_relay_suboption(s, m, code, &len);

	return value && len == sizeof(uint32_t) ? load_be32(value) : 0;
}

int server_subnet_of(const struct dhcp_server *s, uint32_t address)
{
	for (int i = 0; i < s->leases.n_subnets; i++)
		if (ip4_in_prefix(address, s->net[i].address, s->net[i].prefix_len))
			return i;

	return -ENOENT;
}

/* Can a relay agent have this address? It is none that nobody has, nor ours. */
static bool is_relay_address(const struct dhcp_server *s, uint32_t address)
{
	int i = server_subnet_of(s, address);
	uint32_t host;

	if (!ip4_is_host(address) || address == s->opt.address)
		return false;
	if (i < 0)
		return true;

	host = address & ~ip4_mask(s->net[i].prefix_len);
	return host && host != ~ip4_mask(s->net[i].prefix_len);
}

/*
 * A subnet that was named: by the relay agent (RFC 3527), who goes before the
 * client (RFC 3011; RFC 3527 section 3). 0: by neither.
 */
static uint32_t selected_subnet(const struct dhcp_server *s, const struct dhcp_message *m)
{
	uint32_t subnet = server_relay_address(s, m, RELAY_LINK_SELECTION);

	if (!subnet)
		(void)dhcp_message_get_u32(m, DHCP_OPT_SUBNET_SELECTION, &subnet);
	return subnet;
}

/* RFC 2131 section 4.3.1: by giaddr, else by the link; the others overrule it. */
int server_find_subnet(const struct dhcp_server *s, const struct dhcp_rx *rx,
		       const struct dhcp_reason **ret_why)
{
	static const struct dhcp_reason bad_relay = {
		"giaddr is no address that a relay agent can have", "RFC 2131 section 4.3.1"
	};
	static const struct dhcp_reason unknown = {
		"no addresses for the subnet of this relay agent", "RFC 2131 section 4.3.1"
	};
	static const struct dhcp_reason not_selected = {
		"no addresses for the subnet that was selected", "RFC 3527 section 3"
	};
	const struct dhcp_message *m = rx->msg;
	uint32_t selected = selected_subnet(s, m);
	int i;

	*ret_why = selected ? &not_selected : &unknown;
	if (m->giaddr && !is_relay_address(s, m->giaddr)) {
		*ret_why = &bad_relay;
		return -ENOENT;
	}
	if (selected || m->giaddr)
		return server_subnet_of(s, selected ? selected : m->giaddr);
	if (!m->ciaddr || rx->dst_ip != s->opt.address)
		return 0;

	/* A unicast comes past the relay agent (section 4.3.2): ciaddr says where from. */
	i = server_subnet_of(s, m->ciaddr);
	return i < 0 ? 0 : i;
}
