/* SPDX-License-Identifier: MIT */
#include "dhcp/client_lease.h"

#include <errno.h>
#include <string.h>

#include "base/addr.h"
#include "base/bytes.h"
#include "dhcp/domain.h"
#include "dhcp/route.h"

#define MTU_MIN 576	/* RFC 1122 section 3.3.2: what every host must take in */

static uint64_t duration(uint32_t sec)
{
	return sec == DHCP_INFINITY ? DHCP_NEVER : sec * DHCP_SECOND;
}

void lease_times_normalise(uint32_t lease_sec, uint32_t t1_sec, uint32_t t2_sec,
			   struct lease_times *ret)
{
	uint64_t lease = duration(lease_sec);
	uint64_t t1 = lease / 2, t2 = lease / 8 * 7;

	if (lease == DHCP_NEVER) {
		*ret = (struct lease_times){ lease, lease, lease, .is_default = true };
		return;
	}

	*ret = (struct lease_times){ lease, t1, t2, .is_default = true };
	if (t1_sec)
		t1 = duration(t1_sec);
	if (t2_sec)
		t2 = duration(t2_sec);
	if ((t1_sec || t2_sec) && t1 < t2 && t2 < lease)
		*ret = (struct lease_times){ lease, t1, t2, .is_default = false };
}

void lease_times_read(const struct dhcp_message *m, struct lease_times *ret, bool *ret_bad)
{
	uint32_t lease = 0, t1 = 0, t2 = 0;
	bool has = dhcp_message_has(m, DHCP_OPT_T1) || dhcp_message_has(m, DHCP_OPT_T2);

	/* An option of a wrong length is as good as none: the value stays 0. */
	(void)dhcp_message_get_u32(m, DHCP_OPT_LEASE_TIME, &lease);
	(void)dhcp_message_get_u32(m, DHCP_OPT_T1, &t1);
	(void)dhcp_message_get_u32(m, DHCP_OPT_T2, &t2);
	lease_times_normalise(lease, t1, t2, ret);
	*ret_bad = has && ret->is_default && lease != DHCP_INFINITY;
}

int lease_prefix_len(const struct dhcp_message *m, uint32_t address)
{
	uint32_t mask;
	int r, len;

	r = dhcp_message_get_u32(m, DHCP_OPT_SUBNET_MASK, &mask);
	if (r == -ENOENT)
		return ip4_class_len(address);
	if (r < 0)
		return r;

	len = ip4_mask_len(mask);
	return len > 0 ? len : -EBADMSG;
}

/* What the server says if it can be true, else all host bits set (RFC 919). */
static uint32_t broadcast_of(const struct dhcp_message *m, uint32_t address, uint8_t prefix_len)
{
	uint32_t said;

	if (prefix_len > 30)
		return 0;	/* RFC 3021: such links have none */
	if (!dhcp_message_get_u32(m, DHCP_OPT_BROADCAST, &said) &&
	    (said == IP4_BROADCAST || ip4_in_prefix(said, address, prefix_len)) && said != address)
		return said;
	return address | ~ip4_mask(prefix_len);
}

/* The first @max usable addresses of a list. */
static uint8_t read_addresses(const struct dhcp_message *m, uint8_t code, uint32_t *ret,
			      uint8_t max)
{
	struct reader r;
	const uint8_t *value;
	size_t len;
	uint8_t n = 0;

	value = dhcp_message_get(m, code, &len);
	if (!value)
		return 0;

	reader_init(&r, value, len);
	while (n < max && reader_left(&r) >= 4) {
		uint32_t a = get_be32(&r);

		if (ip4_is_host(a))
			ret[n++] = a;
	}
	return n;
}

/*
 * Option 121: all of it or, if any of it is wrong, nothing. The number of its routes, of
 * which @cfg has as many as have room.
 */
static size_t read_classless_routes(const struct dhcp_message *m, struct dhcp_config *cfg)
{
	const uint8_t *value;
	size_t len, pos = 0, n = 0;

	value = dhcp_message_get(m, DHCP_OPT_CLASSLESS_ROUTES, &len);
	if (!value)
		return 0;

	while (pos < len) {
		struct dhcp_route route;

		if (dhcp_route_read(value, len, &pos, &route) < 0)
			return 0;
		if (route.gateway && !ip4_is_host(route.gateway))
			return 0;
		if (n < DHCP_ROUTES_MAX)
			cfg->routes[n] = route;
		n++;
	}
	cfg->n_routes = min_u64(n, DHCP_ROUTES_MAX);
	return n;
}

/* Option 33: destinations and routers; masks go by class (RFC 2132 section 5.8). */
static void read_static_routes(const struct dhcp_message *m, struct dhcp_config *cfg)
{
	struct reader r;
	const uint8_t *value;
	size_t len;

	value = dhcp_message_get(m, DHCP_OPT_STATIC_ROUTES, &len);
	if (!value)
		return;

	reader_init(&r, value, len);
	while (cfg->n_routes < DHCP_ROUTES_MAX && reader_left(&r) >= 8) {
		struct dhcp_route route;

		route.dest = get_be32(&r);
		route.gateway = get_be32(&r);
		/* 0.0.0.0 is no legal destination there */
		if (!ip4_is_host(route.dest) || !ip4_is_host(route.gateway))
			continue;
		route.prefix_len = ip4_class_len(route.dest);
		route.dest &= ip4_mask(route.prefix_len);
		cfg->routes[cfg->n_routes++] = route;
	}
}

/* False: there are more than have room. */
static bool read_routes(const struct dhcp_message *m, struct dhcp_config *cfg)
{
	size_t n;

	cfg->n_routes = 0;
	cfg->n_routers = 0;

	/* RFC 3442 page 5: with 121, the router option and 33 do not count. */
	n = read_classless_routes(m, cfg);
	if (n > 0)
		return n <= DHCP_ROUTES_MAX;

	cfg->n_routers = read_addresses(m, DHCP_OPT_ROUTER, cfg->routers, DHCP_ROUTERS_MAX);
	read_static_routes(m, cfg);
	return true;
}

static bool is_name_char(uint8_t ch)
{
	return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9') ||
	       ch == '-' || ch == '.' || ch == '_';
}

/*
 * A host or domain name, which may end in NULs (RFC 2132 section 2). Such names
 * reach files and commands: one with any other byte, or too long, is none.
 */
static void read_name(const struct dhcp_message *m, uint8_t code, char *ret, size_t size)
{
	const uint8_t *value;
	size_t len;

	ret[0] = '\0';
	value = dhcp_message_get(m, code, &len);
	if (!value)
		return;

	while (len && !value[len - 1])
		len--;
	if (!len || len >= size || value[0] == '-' || value[0] == '.')
		return;
	for (size_t i = 0; i < len; i++) {
		if (!is_name_char(value[i]))
			return;
	}
	memcpy(ret, value, len);
	ret[len] = '\0';
}

static bool is_name_text(const char *s)
{
	if (s[0] == '-' || s[0] == '.')
		return false;
	for (; *s; s++) {
		if (!is_name_char((uint8_t)*s))
			return false;
	}
	return true;
}

/*
 * Option 119 (RFC 3397 section 2), with a space between its names. A value that
 * is broken is none; a name that is no host's, or has no room, is left out.
 * Returns whether there is any.
 */
static bool read_search_list(const struct dhcp_message *m, char *ret, size_t size)
{
	size_t value_len, pos = 0, len = 0;
	const uint8_t *value = dhcp_message_get(m, DHCP_OPT_DOMAIN_SEARCH, &value_len);
	char name[DOMAIN_TEXT_LEN], list[256] = "";

	while (value && pos < value_len) {
		size_t n;

		if (domain_read(value, value_len, &pos, false, name) < 0)
			return false;
		n = strlen(name);
		if (!is_name_text(name) || len + (len > 0) + n >= min_u64(size, sizeof(list)))
			continue;
		if (len > 0)
			list[len++] = ' ';
		memcpy(list + len, name, n + 1);
		len += n;
	}
	if (len > 0)
		memcpy(ret, list, len + 1);
	return len > 0;
}

/* RFC 4702 section 3.1: of a host name and a full name, the full one is preferred. */
static void prefer_fqdn(const struct dhcp_message *m, char *ret, size_t size)
{
	size_t len, pos = FQDN_NAME;
	const uint8_t *value = dhcp_message_get(m, DHCP_OPT_FQDN, &len);
	char name[DOMAIN_TEXT_LEN];

	/* Section 2.3.1: the other encoding is no longer used. */
	if (!value || !(value[0] & FQDN_E) || !dhcp_message_has(m, DHCP_OPT_HOST_NAME) ||
	    domain_read(value, len, &pos, true, name) < 0)
		return;
	if (is_name_text(name) && strlen(name) < size)
		memcpy(ret, name, strlen(name) + 1);
}

bool lease_parameters(const struct dhcp_message *m, struct dhcp_config *cfg)
{
	int prefix_len = lease_prefix_len(m, cfg->address);
	bool has_all;

	/* The class only counts where nobody ever named a mask. */
	if (prefix_len > 0 && (!cfg->prefix_len || dhcp_message_has(m, DHCP_OPT_SUBNET_MASK)))
		cfg->prefix_len = prefix_len;
	cfg->broadcast = broadcast_of(m, cfg->address, cfg->prefix_len);
	has_all = read_routes(m, cfg);
	cfg->n_dns = read_addresses(m, DHCP_OPT_DNS, cfg->dns, DHCP_DNS_MAX);
	cfg->mtu = 0;
	if (dhcp_message_get_u16(m, DHCP_OPT_MTU, &cfg->mtu) < 0 || cfg->mtu < MTU_MIN)
		cfg->mtu = 0;
	if (!read_search_list(m, cfg->domain, sizeof(cfg->domain)))
		read_name(m, DHCP_OPT_DOMAIN_NAME, cfg->domain, sizeof(cfg->domain));
	read_name(m, DHCP_OPT_HOST_NAME, cfg->host_name, sizeof(cfg->host_name));
	prefer_fqdn(m, cfg->host_name, sizeof(cfg->host_name));
	return has_all;
}
