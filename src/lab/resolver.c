/* SPDX-License-Identifier: MIT */
/*
 * resolver.c - a node's own /etc/resolv.conf, which says what its leases say.
 * The machine's is never touched: a node's is in its own mount namespace, and
 * the caller's node, which has none, is left alone.
 */
#include <errno.h>
#include <string.h>

#include "base/addr.h"
#include "lab/monitor_private.h"
#include "sys/file.h"

/* Names, and the spaces between them. */
static bool is_name_char(char ch)
{
	return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9') ||
	       ch == '-' || ch == '.' || ch == '_' || ch == ' ';
}

/* The client let no other in; but it is the agent's word, and this is a file of root's. */
static bool are_names(const char *name, size_t size)
{
	size_t len = strnlen(name, size);

	if (len == 0 || len == size)
		return false;
	for (size_t i = 0; i < len; i++) {
		if (!is_name_char(name[i]))
			return false;
	}
	return true;
}

static void add_lease(struct text *t, const char *label, const struct dhcp_config *c)
{
	char ip[IP4_LEN];

	if (c->n_dns == 0 && !c->domain[0])
		return;
	text_add(t, "# from the lease of %s\n", label);
	if (are_names(c->domain, sizeof(c->domain)))
		text_add(t, "search %s\n", c->domain);
	for (size_t i = 0; i < c->n_dns && i < DHCP_DNS_MAX; i++)
		text_add(t, "nameserver %s\n", ip4_format(c->dns[i], ip));
}

int resolver_write(struct monitor *m, size_t node, struct error *err)
{
	const struct scn_node *n = &m->scenario->nodes[node];
	struct text cleanup_text t = { 0 };
	int r;

	if (m->node_etc[node] < 0)
		return 0;
	for (size_t k = 0; k < n->n_ifaces; k++) {
		size_t i = n->ifaces[k];

		if (m->configured[i].address && m->scenario->ifaces[i].client->use_dns)
			add_lease(&t, m->scenario->ifaces[i].label,
				  held_config_rest(&m->configured[i]));
	}
	r = t.failed ? -ENOMEM
		     : file_replace_at(m->node_etc[node], "resolv.conf", t.str ? t.str : "", t.len);
	return r < 0 ? error_set(err, r, "cannot write /etc/resolv.conf of %s: %s", n->name,
				 strerror(-r)) : 0;
}
