/* SPDX-License-Identifier: MIT */
/* reserved.c - see reserved.h */
#include "dhcp/reserved.h"

#include <errno.h>
#include <string.h>

#include "base/addr.h"
#include "base/util.h"

/* What the order is by: who, and there from which address on. */
struct key {
	enum reserved_by by;
	size_t len;
	const uint8_t *id;
	uint32_t address;
};

static enum reserved_by by_what(const struct dhcp_reservation *e)
{
	if (e->id_is_circuit)
		return RESERVED_BY_CIRCUIT;

	return e->id_is_option ? RESERVED_BY_ID : RESERVED_BY_HARDWARE;
}

static struct key key_of(const struct dhcp_reservation *e)
{
	return (struct key){ by_what(e), e->id_len, e->id, e->address };
}

static int compare_clients(const struct key *a, const struct key *b)
{
	if (a->by != b->by)
		return a->by < b->by ? -1 : 1;
	if (a->len != b->len)
		return a->len < b->len ? -1 : 1;

	return memcmp(a->id, b->id, a->len);
}

static int compare(const struct key *a, const struct key *b)
{
	int c = compare_clients(a, b);

	return c || a->address == b->address ? c : a->address < b->address ? -1 : 1;
}

/* The first of @n places whose entry is not before @key. */
static uint16_t lower_bound(const struct reserved *r, const struct dhcp_server_options *opt,
			    const struct key *key)
{
	uint16_t first = 0, last = r->n;

	while (first < last) {
		uint16_t middle = (uint16_t)((first + last) / 2);
		struct key k = key_of(&opt->reserved[r->by_id[middle]]);

		if (compare(&k, key) < 0)
			first = (uint16_t)(middle + 1);
		else
			last = middle;
	}

	return first;
}

const struct dhcp_reservation *reserved_find(const struct reserved *r,
					     const struct dhcp_server_options *opt,
					     const struct dhcp_server_subnet *net,
					     enum reserved_by by, const uint8_t *id, size_t id_len)
{
	const struct key want = { by, id_len, id, net->address };
	uint16_t pos = lower_bound(r, opt, &want);
	const struct dhcp_reservation *e;
	struct key k;

	if (pos == r->n)
		return NULL;

	e = &opt->reserved[r->by_id[pos]];
	k = key_of(e);
	return compare_clients(&k, &want) == 0 &&
	       ip4_in_prefix(e->address, net->address, net->prefix_len) ? e : NULL;
}

static const struct dhcp_server_subnet *find_net(const struct dhcp_server_subnet *net, size_t n,
						 uint32_t address)
{
	for (size_t i = 0; i < n; i++)
		if (ip4_in_prefix(address, net[i].address, net[i].prefix_len))
			return &net[i];

	return NULL;
}

static bool is_host_of(const struct dhcp_server_subnet *net, uint32_t address)
{
	uint32_t host = address & ~ip4_mask(net->prefix_len);

	return host && host != ~ip4_mask(net->prefix_len);
}

static int reserved_add(struct reserved *r, const struct dhcp_server_options *opt, uint16_t i,
			const struct dhcp_server_subnet *net)
{
	const struct dhcp_reservation *e = &opt->reserved[i];
	struct key key = key_of(e);
	uint16_t pos;

	if (reserved_find(r, opt, net, by_what(e), e->id, e->id_len))
		return -EINVAL;

	pos = lower_bound(r, opt, &key);
	memmove(&r->by_id[pos + 1], &r->by_id[pos], (size_t)(r->n - pos) * sizeof(r->by_id[0]));
	r->by_id[pos] = i;
	r->n++;
	return 0;
}

/* An address may stand twice: for one client's identifier and its hardware address. */
static bool is_for_another(const struct dhcp_server_options *opt, uint16_t i)
{
	for (uint16_t k = 0; k < i; k++)
		if (opt->reserved[k].address == opt->reserved[i].address &&
		    (opt->reserved[i].id_is_circuit || opt->reserved[k].id_is_circuit ||
		     opt->reserved[k].id_is_option == opt->reserved[i].id_is_option))
			return true;

	return false;
}

int reserved_init(struct reserved *r, const struct dhcp_server_options *opt,
		  const struct dhcp_server_subnet *net, size_t n_nets)
{
	*r = (struct reserved){ 0 };
	if (opt->n_reserved > DHCP_SERVER_RESERVED_MAX)
		return -EINVAL;

	for (uint16_t i = 0; i < opt->n_reserved; i++) {
		const struct dhcp_reservation *e = &opt->reserved[i];
		const struct dhcp_server_subnet *of = find_net(net, n_nets, e->address);

		if (!of || !is_host_of(of, e->address) || e->address == opt->address ||
		    !e->id_len || e->id_len > sizeof(e->id) || is_for_another(opt, i) ||
		    !memchr(e->host_name, '\0', sizeof(e->host_name)) ||
		    reserved_add(r, opt, i, of) < 0)
			return -EINVAL;
	}

	return 0;
}

uint16_t reserved_addresses(const struct dhcp_server_options *opt,
			    uint32_t ret[static DHCP_SERVER_RESERVED_MAX])
{
	uint16_t n = 0;

	for (uint16_t i = 0; i < opt->n_reserved; i++) {
		uint32_t address = opt->reserved[i].address;
		uint16_t pos = n;

		while (pos && ret[pos - 1] >= address)
			pos--;
		if (pos < n && ret[pos] == address)
			continue;
		memmove(&ret[pos + 1], &ret[pos], (size_t)(n - pos) * sizeof(ret[0]));
		ret[pos] = address;
		n++;
	}

	return n;
}
