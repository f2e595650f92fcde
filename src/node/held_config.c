/* SPDX-License-Identifier: MIT */
#include "node/held_config.h"

#include <errno.h>
#include <string.h>

struct shared_config {
	size_t refs;
	struct dhcp_config config;
};

void shared_config_put(struct shared_config *s)
{
	if (s && --s->refs == 0)
		free(s);
}

/* One that says the same as @c: the last one, if it does. NULL: no memory. */
static struct shared_config *config_like(struct shared_config **last, const struct dhcp_config *c)
{
	struct dhcp_config rest = *c;
	struct shared_config *s = *last;

	rest.address = 0;
	rest.expires = 0;
	if (!s || memcmp(&s->config, &rest, sizeof(rest)) != 0) {
		s = malloc(sizeof(*s));
		if (!s)
			return NULL;
		*s = (struct shared_config){ .refs = 1 };
		memcpy(&s->config, &rest, sizeof(rest));	/* what is between members, too */
		shared_config_put(*last);
		*last = s;
	}
	s->refs++;
	return s;
}

int held_config_set(struct held_config *h, struct shared_config **last,
		    const struct dhcp_config *c)
{
	struct shared_config *rest = config_like(last, c);

	if (!rest)
		return -ENOMEM;
	shared_config_put(h->rest);
	*h = (struct held_config){ c->address, c->expires, rest };
	return 0;
}

void held_config_clear(struct held_config *h)
{
	shared_config_put(h->rest);
	*h = (struct held_config){ 0 };
}

struct dhcp_config held_config(const struct held_config *h)
{
	struct dhcp_config c = { 0 };

	if (!h->rest)
		return c;
	c = h->rest->config;
	c.address = h->address;
	c.expires = h->expires;
	return c;
}

const struct dhcp_config *held_config_rest(const struct held_config *h)
{
	return &h->rest->config;
}

size_t lease_routes(const struct dhcp_config *c, struct dhcp_route ret[static LEASE_ROUTES_MAX])
{
	size_t n = 0;

	while (n < c->n_routes && n < DHCP_ROUTES_MAX) {
		ret[n] = c->routes[n];
		n++;
	}
	if (c->n_routers > 0)
		ret[n++] = (struct dhcp_route){ .gateway = c->routers[0] };
	return n;
}
