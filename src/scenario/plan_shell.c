/* SPDX-License-Identifier: MIT */
/* plan_shell.c - a plan as a shell script. All names in it are plain (is_plain_name()). */
#include "scenario/plan_shell.h"

void shell_exec(struct text *t, const struct scn_node *node)
{
	if (!node->is_caller)
		text_add(t, "ip netns exec %s ", node->netns);
}

/* "ip -n NAME ", or "ip " where the caller is. */
static void add_ip(struct text *t, const struct scn_node *node)
{
	if (node->is_caller)
		text_add(t, "ip ");
	else
		text_add(t, "ip -n %s ", node->netns);
}

static void add_names(struct text *t, const struct scenario *s)
{
	for (size_t i = 0; i < s->n_nodes; i++)
		if (!s->nodes[i].is_caller)
			text_add(t, " %s", s->nodes[i].netns);
}

static void add_caller_links(struct text *t, const struct scenario *s, const char *fmt)
{
	for (size_t i = 0; i < s->n_ifaces; i++)
		if (s->nodes[s->ifaces[i].node].is_caller)
			text_add(t, fmt, s->ifaces[i].name);
}

static void add_header(struct text *t, const struct scenario *s)
{
	text_add(t, "#!/bin/sh\n# %s%s%s\n#\n"
		    "# What netlab does for this lab, by hand. It needs root and ip(8), and for\n"
		    "# DHCP dnsmasq and dhclient.\n"
		    "#\tsh SCRIPT        builds the lab\n"
		    "#\tsh SCRIPT down   removes it\n\n"
		    "set -e\n"
		    "dir=/run/netlab-by-hand.%s\t# what the programs write: logs, leases, pids\n",
		 s->name, s->title[0] ? ": " : "", s->title, s->name);
}

/* A namespace ends when nobody is in it and no name is left; its cables end with it. */
static void add_down(struct text *t, const struct scenario *s)
{
	text_add(t, "\ndown() {\n"
		    "\tfor file in \"$dir\"/*.pid; do\n"
		    "\t\tif [ -s \"$file\" ]; then kill \"$(cat \"$file\")\" 2>/dev/null || :; fi\n"
		    "\tdone\n");
	add_caller_links(t, s, "\tip link del %s 2>/dev/null || :\n");
	text_add(t, "\tfor name in");
	add_names(t, s);
	text_add(t, "; do\n\t\tip netns del \"$name\" 2>/dev/null || :\n\tdone\n"
		    "\trm -rf \"$dir\"\n}\n\n"
		    "if [ \"$1\" = down ]; then\n"
		    "\tif [ -d \"$dir\" ]; then down; fi\n"
		    "\texit 0\n"
		    "fi\n");
}

/* Nothing that was there before may be taken for the lab's, or down would remove it. */
static void add_guard(struct text *t, const struct scenario *s)
{
	text_add(t, "\n# Names that are taken stay whose they are.\nfor name in");
	add_names(t, s);
	text_add(t, "; do\n"
		    "\tif [ -e \"/run/netns/$name\" ]; then\n"
		    "\t\techo \"namespace $name exists already\" >&2\n\t\texit 1\n\tfi\ndone\n");
	add_caller_links(t, s, "if ip link show dev %1$s >/dev/null 2>&1; then\n"
			       "\techo \"interface %1$s exists already\" >&2\n\texit 1\nfi\n");
	text_add(t, "\nmkdir -m 700 \"$dir\"\n"
		    "trap down EXIT\t# until all is built: a failure leaves nothing behind\n");
}

/* One end, as `ip link add` takes it: it is born where it belongs. */
static void add_end(struct text *t, const struct scenario *s, const struct scn_iface *iface)
{
	const struct scn_node *node = &s->nodes[iface->node];
	char mac[MAC_LEN];

	text_add(t, "%s address %s", iface->name, mac_format(iface->mac, mac));
	if (!node->is_caller)
		text_add(t, " netns %s", node->netns);
}

static void add_end_settings(struct text *t, const struct scenario *s,
			     const struct scn_iface *iface)
{
	const struct scn_node *node = &s->nodes[iface->node];
	size_t bridge = plan_bridge_of(s, (size_t)(iface - s->ifaces));
	char name[IF_NAME_MAX];

	add_ip(t, node);
	text_add(t, "link set dev %s addrgenmode none", iface->name);
	if (node->kind == SCN_SWITCH)
		text_add(t, " master %s", plan_bridge_name(bridge, name));
	text_add(t, "\n");
}

static void shell_cable(struct text *t, const struct scenario *s, const struct scn_cable *cable)
{
	const struct scn_iface *a = &s->ifaces[cable->a], *b = &s->ifaces[cable->b];

	text_add(t, "ip link add ");
	add_end(t, s, a);
	text_add(t, " type veth \\\n\tpeer name ");
	add_end(t, s, b);
	text_add(t, "\n");
	add_end_settings(t, s, a);
	add_end_settings(t, s, b);
}

static void shell_address(struct text *t, const struct scn_iface *iface, size_t index)
{
	const struct scn_address *a = &iface->addresses[index];
	char address[IP4_LEN];

	text_add(t, "addr add %s/%u%s dev %s\n", ip4_format(a->address, address), a->prefix_len,
		 a->prefix_len <= 30 ? " brd +" : "", iface->name);
}

static void shell_masquerade(struct text *t, const struct scn_node *node,
			     const struct scn_address *a)
{
	char subnet[IP4_LEN];

	ip4_format(a->address & ip4_mask(a->prefix_len), subnet);
	shell_exec(t, node);
	text_add(t, "nft 'add table ip netlab; add chain ip netlab postrouting { type nat hook "
		 "postrouting priority 100; }; add rule ip netlab postrouting ip saddr %s/%u "
		 "ip daddr != %s/%u masquerade'\n", subnet, a->prefix_len, subnet, a->prefix_len);
}

static void shell_route(struct text *t, const struct scn_iface *iface, size_t index)
{
	const struct scn_route *route = &iface->routes[index];
	char address[IP4_LEN];

	if (route->prefix_len == 0)
		text_add(t, "route add default");
	else
		text_add(t, "route add %s/%u", ip4_format(route->dest, address), route->prefix_len);
	if (route->gateway)
		text_add(t, " via %s", ip4_format(route->gateway, address));
	text_add(t, " dev %s", iface->name);
	if (route->metric)
		text_add(t, " metric %u", route->metric);
	text_add(t, "\n");
}

/* A bridge of a switch, and its trunk to the first one. */
static void shell_bridge(struct text *t, const struct scn_node *node, size_t i)
{
	char buf[IF_NAME_MAX], near[IF_NAME_MAX], far[IF_NAME_MAX];
	const char *name = plan_bridge_name(i, buf);

	add_ip(t, node);
	text_add(t, "link add %s type bridge mcast_snooping 0\n", name);
	add_ip(t, node);
	text_add(t, "link set dev %s addrgenmode none\n", name);
	if (i == 0)
		return;
	plan_trunk_names(i, near, far);
	add_ip(t, node);
	text_add(t, "link add %s type veth peer name %s\n", near, far);
	add_ip(t, node);
	text_add(t, "link set dev %s addrgenmode none master " SWITCH_BRIDGE " up\n", near);
	add_ip(t, node);
	text_add(t, "link set dev %s addrgenmode none master %s up\n", far, name);
}

static void shell_switch_up(struct text *t, const struct scenario *s, size_t node)
{
	char name[IF_NAME_MAX];

	for (size_t i = 0; i < plan_bridges(s, node); i++) {
		add_ip(t, &s->nodes[node]);
		text_add(t, "link set dev %s up\n", plan_bridge_name(i, name));
	}
}

static void shell_op(struct text *t, const struct scenario *s, const struct plan_op *op)
{
	const struct scn_node *node = &s->nodes[op->node];
	const struct scn_iface *iface = op->iface == NONE ? NULL : &s->ifaces[op->iface];

	switch (op->type) {
	case PLAN_NETNS:
		text_add(t, "ip netns add %s\n", node->netns);
		return;
	case PLAN_BRIDGE:
		for (size_t i = 0; i < plan_bridges(s, op->node); i++)
			shell_bridge(t, node, i);
		return;
	case PLAN_CABLE:
		shell_cable(t, s, &s->cables[op->index]);
		return;
	case PLAN_ADDRESS:
		add_ip(t, node);
		shell_address(t, iface, op->index);
		return;
	case PLAN_MTU:
		add_ip(t, node);
		text_add(t, "link set dev %s mtu %u\n", iface->name, iface->mtu);
		return;
	case PLAN_FORWARD:
		shell_exec(t, node);
		text_add(t, "sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward'\n");
		return;
	case PLAN_MASQUERADE:
		shell_masquerade(t, node, &iface->addresses[op->index]);
		return;
	case PLAN_LINK_UP:
		if (!iface && node->kind == SCN_SWITCH) {
			shell_switch_up(t, s, op->node);
			return;
		}
		add_ip(t, node);
		text_add(t, "link set dev %s up\n", iface ? iface->name : "lo");
		return;
	case PLAN_ROUTE:
		add_ip(t, node);
		shell_route(t, iface, op->index);
		return;
	case PLAN_SERVER:
		shell_server(t, s, iface);
		return;
	case PLAN_RELAY:
		shell_relay(t, s, iface);
		return;
	case PLAN_CLIENT:
		shell_client(t, s, iface);
		return;
	}
}

/* The lesson in front of the first operation of a kind. */
static const char *comment(enum plan_op_type type)
{
	switch (type) {
	case PLAN_NETNS:
		return "A network namespace is a machine's whole network: interfaces, routes,\n"
		       "# sockets.";
	case PLAN_BRIDGE:
		return "A switch is a bridge; here it has a namespace of its own.";
	case PLAN_CABLE:
		return "A cable is a veth pair: what goes in at one end comes out at the other.\n"
		       "# addrgenmode none: no IPv6 address, so no IPv6 packets in the captures.";
	case PLAN_ADDRESS:
		return "Addresses of the machines. The kernel adds the route to the subnet itself.";
	case PLAN_MTU:
		return "The largest packet of an interface, in bytes.";
	case PLAN_FORWARD:
		return "A router is a machine that forwards packets that are not for itself.";
	case PLAN_MASQUERADE:
		return "What comes from this subnet and goes elsewhere gets the router's own\n"
		       "# address, so that answers find back.";
	case PLAN_LINK_UP:
		return "Interfaces begin switched off.";
	case PLAN_ROUTE:
		return "Where packets go that are for none of a machine's own subnets.";
	case PLAN_SERVER:
	case PLAN_RELAY:
	case PLAN_CLIENT:
		return NULL;
	}

	return NULL;
}

static void add_ops(struct text *t, const struct plan *p)
{
	unsigned int told = 0;
	bool script = false;

	for (size_t i = 0; i < p->n_ops; i++) {
		const struct plan_op *op = &p->ops[i];
		const char *lesson = comment(op->type);

		if (op->type == PLAN_CLIENT && !script) {
			shell_lease_script(t);
			script = true;
		}
		if (lesson && !(told & 1u << op->type))
			text_add(t, "\n# %s\n", lesson);
		told |= 1u << op->type;
		shell_op(t, p->scenario, op);
	}
}

char *plan_shell(const struct plan *p)
{
	cleanup_text struct text t = { 0 };

	add_header(&t, p->scenario);
	add_down(&t, p->scenario);
	add_guard(&t, p->scenario);
	add_ops(&t, p);
	text_add(&t, "\ntrap - EXIT\n"
		     "echo \"%s is up: ip netns, ip -n NAME addr; logs are in $dir\"\n"
		     "echo \"remove it: sh $0 down\"\n", p->scenario->name);

	return text_take(&t);
}
