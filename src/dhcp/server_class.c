/* SPDX-License-Identifier: MIT */
/*
 * server_class.c - kinds of clients, told by what they say of themselves: the
 * user's word (RFC 3004) and the vendor's (RFC 2132 section 9.13, RFC 3925).
 */
#include <string.h>

#include "base/addr.h"
#include "base/bytes.h"
#include "dhcp/server_internal.h"

/*
 * RFC 3004 section 4: classes with a length before each. Many clients send one
 * text without: a value that is the class to the letter is taken for that.
 */
static bool is_user(const struct dhcp_server_class *c, const struct dhcp_message *m)
{
	size_t len = 0;
	const uint8_t *value = dhcp_message_get(m, DHCP_OPT_USER_CLASS, &len);
	struct reader r;

	if (!value)
		return false;
	if (len == c->user_len && memcmp(value, c->user, len) == 0)
		return true;

	reader_init(&r, value, len);
	while (reader_left(&r)) {
		uint8_t one_len = get_u8(&r);
		const uint8_t *one = get_span(&r, one_len);

		if (!one)
			break;		/* it runs past the end: the rest says nothing */
		if (one_len == c->user_len && memcmp(one, c->user, one_len) == 0)
			return true;
	}

	return false;
}

static bool is_vendor(const struct dhcp_server_class *c, const struct dhcp_message *m)
{
	size_t len = 0;
	const uint8_t *value = dhcp_message_get(m, DHCP_OPT_VENDOR_CLASS, &len);

	return value && len >= c->vendor_len && (c->vendor_is_prefix || len == c->vendor_len) &&
	       memcmp(value, c->vendor, c->vendor_len) == 0;
}

/* RFC 3925 section 3: enterprise number, length, data, and so on. */
static bool is_enterprise(const struct dhcp_server_class *c, const struct dhcp_message *m)
{
	size_t len = 0;
	const uint8_t *value = dhcp_message_get(m, DHCP_OPT_VI_VENDOR_CLASS, &len);
	struct reader r;

	reader_init(&r, value, len);
	while (reader_left(&r)) {
		uint32_t enterprise = get_be32(&r);
		uint8_t data_len = get_u8(&r);

		if (!get_span(&r, data_len))
			break;
		if (enterprise == c->enterprise)
			return true;
	}

	return false;
}

const struct dhcp_server_class *server_find_class(const struct dhcp_server *s,
						  const struct dhcp_message *m)
{
	for (size_t i = 0; i < s->opt.n_classes; i++) {
		const struct dhcp_server_class *c = &s->opt.class[i];

		if ((!c->user_len || is_user(c, m)) && (!c->vendor_len || is_vendor(c, m)) &&
		    (!c->enterprise || is_enterprise(c, m)))
			return c;
	}

	return NULL;
}

uint8_t server_pool_of(const struct dhcp_server *s, uint8_t subnet,
		       const struct dhcp_server_class *class)
{
	const struct dhcp_server_subnet *net = &s->net[subnet];

	if (!class || !class->first || !ip4_in_prefix(class->first, net->address, net->prefix_len))
		return subnet;

	return (uint8_t)(s->leases.n_subnets + (class - s->opt.class));
}

static const struct dhcp_server_value *find(const struct dhcp_server_value *value, size_t n,
					    uint8_t code)
{
	for (size_t i = 0; i < n; i++)
		if (value[i].code == code)
			return &value[i];

	return NULL;
}

const struct dhcp_server_value *server_find_value(const struct dhcp_server *s,
						  const struct server_query *q, uint8_t code)
{
	const struct dhcp_server_subnet *net = server_net(s, q);
	const struct dhcp_server_value *v = NULL;

	if (q->class)
		v = find(q->class->value, q->class->n_values, code);
	return v ? v : find(net->value, net->n_values, code);
}
