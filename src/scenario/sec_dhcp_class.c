/* SPDX-License-Identifier: MIT */
/* sec_dhcp_class.c - [DHCPServerClass]: options, and addresses, for clients of one kind */
#include <errno.h>
#include <string.h>

#include "base/text.h"
#include "scenario/raw_options.h"
#include "scenario/server_keys.h"

#define CLASS_BYTES 480		/* of all options of one class */
#define AT(f) offsetof(struct raw_class, f)
#define IN_SERVER(f) (AT(server) + FIELD(f))

static const struct key_def keys[] = {
	{ "UserClass", set_text, AT(user), .max = sizeof(((struct scn_class *)0)->user) - 1 },
	{ "VendorClass", set_text, AT(vendor),
	  .max = sizeof(((struct scn_class *)0)->vendor) - 1 },
	{ "VendorEnterprise", set_number, AT(enterprise), 1, UINT32_MAX },
	{ "PoolStart", set_ip4, IN_SERVER(pool_start) },
	{ "PoolEnd", set_ip4, IN_SERVER(pool_end) },
	{ "SendOption", add_send_option, IN_SERVER(send), .clear = clear_options },
	{ "SendVendorOption", add_vendor_option, IN_SERVER(vendor), .clear = clear_options },
};

static void *class_object(struct parse *p, size_t index, struct place at)
{
	struct raw_class *raw;

	if (array_grow(&p->classes, p->n_classes, sizeof(*p->classes)) < 0)
		return NULL;

	raw = &p->classes[p->n_classes++];
	*raw = (struct raw_class){ .iface = index, .server = { .at = at } };
	return raw;
}

const struct section_def dhcp_class_section = {
	.name = "DHCPServerClass",
	.phase = PHASE_REST,
	.kind = SECTION_IFACE,
	.keys = keys,
	.n_keys = ARRAY_SIZE(keys),
	.object = class_object,
};

static bool meets(const struct scn_class *c, uint32_t first, uint32_t last)
{
	return first && c->first <= last && first <= c->last;
}

/* Is it a part of @net's hosts? */
static bool is_in(const struct scn_class *c, const struct scn_server *net)
{
	uint32_t first, last;

	subnet_hosts(net->address, net->prefix_len, &first, &last);
	return c->first >= first && c->last <= last;
}

/* Reports a pool that is not in one subnet, or has addresses of another pool. */
static void check_pool(struct parse *p, const struct raw_class *raw,
		       const struct scn_server *server, const struct scn_class *new)
{
	bool is_inside = is_in(new, server), clash = meets(new, server->first, server->last);
	char text[IP4_LEN];

	for (size_t i = 0; i < server->n_subnets; i++) {
		is_inside |= is_in(new, &server->subnets[i]);
		clash |= meets(new, server->subnets[i].first, server->subnets[i].last);
	}
	for (size_t i = 0; i < server->n_classes; i++)
		clash |= meets(new, server->classes[i].first, server->classes[i].last);

	ip4_format(new->first, text);
	if (new->first > new->last)
		bad(p, raw->server.pool_end.at, "the pool contains no address");
	else if (!is_inside)
		bad(p, raw->server.pool_start.at, "the pool from %s is in no subnet of the server",
		    text);
	else if (clash)
		bad(p, raw->server.pool_start.at, "the pool from %s has addresses of another pool; "
		    "give that one PoolStart= and PoolEnd= that leave them out", text);
}

static int finish_class_options(struct parse *p, const struct raw_class *raw, struct scn_class *new)
{
	struct scn_server only_options = { .at = raw->server.at };
	size_t bytes = 0;
	int r = finish_options(p, &raw->server, &only_options);

	new->options = only_options.options;
	new->n_options = only_options.n_options;
	for (size_t i = 0; i < new->n_options; i++)
		bytes += new->options[i].len;
	if (bytes > CLASS_BYTES)
		bad(p, new->at, "the options of one class are over %d bytes", CLASS_BYTES);
	return r;
}

static bool is_complete(struct parse *p, const struct raw_class *raw)
{
	const struct raw_server *rs = &raw->server;

	if (!is_given(&raw->user) && !is_given(&raw->vendor) && !is_given(&raw->enterprise)) {
		bad(p, rs->at, "[DHCPServerClass] needs UserClass=, VendorClass= or "
		    "VendorEnterprise=");
		return false;
	}
	if (is_given(&rs->pool_start) != is_given(&rs->pool_end)) {
		bad(p, rs->at, "[DHCPServerClass] needs PoolStart= and PoolEnd= together");
		return false;
	}

	return true;
}

static int finish_class(struct parse *p, const struct raw_class *raw)
{
	struct scn_server *server = p->s->ifaces[raw->iface].server;
	struct scn_class new = {
		.at = raw->server.at,
		.enterprise = (uint32_t)raw->enterprise.value,
		.first = (uint32_t)raw->server.pool_start.value,
		.last = (uint32_t)raw->server.pool_end.value,
	};
	int r;

	if (!server)
		refuse_on(p, raw->iface, "DHCPServerClass", new.at);
	if (!server || !server->address || !is_complete(p, raw))
		return 0;
	if (server->n_classes == CLASSES_PER_SERVER) {
		bad(p, new.at, "more than %d classes for one server", CLASSES_PER_SERVER);
		return 0;
	}

	copy_text(new.user, sizeof(new.user), &raw->user);
	copy_text(new.vendor, sizeof(new.vendor), &raw->vendor);
	if (new.first || new.last)
		check_pool(p, raw, server, &new);
	if (array_grow(&server->classes, server->n_classes, sizeof(*server->classes)) < 0)
		return -ENOMEM;

	r = finish_class_options(p, raw, &new);
	server->classes[server->n_classes++] = new;	/* it owns the options, whatever r is */
	return r;
}

int class_finish(struct parse *p)
{
	for (size_t i = 0; i < p->n_classes; i++) {
		int r = finish_class(p, &p->classes[i]);

		if (r < 0)
			return r;
	}

	return 0;
}
