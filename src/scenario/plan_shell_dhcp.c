/* SPDX-License-Identifier: MIT */
/* plan_shell_dhcp.c - the servers and clients of a lab as dnsmasq and dhclient */
#include "scenario/plan_shell.h"

#define DNSMASQ_LEASE_MIN 120
#define SECOND 1000000

static void add_option(struct text *t, const char *name, const uint32_t *address, size_t n)
{
	char text[IP4_LEN];

	if (n == 0)
		return;
	text_add(t, " \\\n\t--dhcp-option=option:%s", name);
	for (size_t i = 0; i < n; i++)
		text_add(t, ",%s", ip4_format(address[i], text));
}

static void add_pool(struct text *t, const struct scn_server *server)
{
	char first[IP4_LEN], last[IP4_LEN], mask[IP4_LEN];

	text_add(t, " \\\n\t--dhcp-range=%s,%s,%s,", ip4_format(server->first, first),
		 ip4_format(server->last, last), ip4_format(ip4_mask(server->prefix_len), mask));
	if (server->default_lease_sec == UINT32_MAX)
		text_add(t, "infinite");
	else
		text_add(t, "%u", server->default_lease_sec);
}

void shell_server(struct text *t, const struct scenario *s, const struct scn_iface *iface)
{
	const struct scn_server *server = iface->server;
	const struct scn_node *node = &s->nodes[iface->node];

	text_add(t, "\n# A DHCP server on %s. With --no-daemon in place of the last two lines\n"
		    "# it would stay in the terminal and say what it does.\n", iface->label);
	if (server->default_lease_sec < DNSMASQ_LEASE_MIN)
		text_add(t, "# (dnsmasq makes every lease at least two minutes long.)\n");
	shell_exec(t, node);
	text_add(t, "dnsmasq --conf-file=/dev/null --port=0 --user=root \\\n"
		    "\t--interface=%s --except-interface=lo --bind-interfaces", iface->name);
	add_pool(t, server);
	if (server->n_router == 0)
		text_add(t, " \\\n\t--dhcp-option=option:router");	/* else it names itself */
	add_option(t, "router", server->router, server->n_router);
	add_option(t, "dns-server", server->dns, server->n_dns);
	add_option(t, "ntp-server", server->ntp, server->n_ntp);
	if (server->timezone[0])
		text_add(t, " \\\n\t--dhcp-option=101,%s", server->timezone);
	if (server->authoritative)
		text_add(t, " \\\n\t--dhcp-authoritative");
	text_add(t, " \\\n\t--dhcp-leasefile=\"$dir/%s.leases\" --pid-file=\"$dir/%s.pid\" \\\n"
		    "\t--log-dhcp --log-facility=\"$dir/%s.log\"\n", iface->label, iface->label,
		 iface->label);
}

void shell_relay(struct text *t, const struct scenario *s, const struct scn_iface *iface)
{
	char address[IP4_LEN], target[IP4_LEN];

	text_add(t, "\n# A DHCP relay agent on %s.\n", iface->label);
	shell_exec(t, &s->nodes[iface->node]);
	text_add(t, "dnsmasq --conf-file=/dev/null --port=0 --user=root \\\n"
		    "\t--interface=%s --except-interface=lo", iface->name);
	for (size_t i = 0; i < iface->relay->n_targets; i++)
		text_add(t, " \\\n\t--dhcp-relay=%s,%s", ip4_format(iface->relay->address, address),
			 ip4_format(iface->relay->target[i], target));
	text_add(t, " \\\n\t--pid-file=\"$dir/%s.pid\" --log-facility=\"$dir/%s.log\"\n",
		 iface->label, iface->label);
}

void shell_lease_script(struct text *t)
{
	text_add(t, "\n"
	    "# dhclient calls a program with what the server gave it. This one sets the\n"
	    "# address and the default route; the system's own would also rewrite this\n"
	    "# machine's /etc/resolv.conf.\n"
	    "cat >\"$dir/lease\" <<'END'\n"
	    "#!/bin/sh\n"
	    "new=$new_ip_address old=$old_ip_address\n"
	    "case $reason in\n"
	    "PREINIT)\n"
	    "\tip link set dev \"$interface\" up ;;\n"
	    "BOUND|RENEW|REBIND|REBOOT)\n"
	    "\tif [ \"$old\" ] && [ \"$old\" != \"$new\" ]; then\n"
	    "\t\tip addr flush dev \"$interface\"\n"
	    "\tfi\n"
	    "\tip addr replace \"$new/$new_subnet_mask\" brd + dev \"$interface\"\n"
	    "\tif [ \"$new_routers\" ] && [ \"$use_gateway\" = yes ]; then\n"
	    "\t\tip route replace default via \"${new_routers%%%% *}\" \\\n"
	    "\t\t\tdev \"$interface\" metric \"$route_metric\"\n"
	    "\tfi ;;\n"
	    "EXPIRE|FAIL|RELEASE|STOP)\n"
	    "\tip addr flush dev \"$interface\" ;;\n"
	    "esac\n"
	    "END\n"
	    "chmod 700 \"$dir/lease\"\n");
}

static void add_client_id(struct text *t, const struct scenario *s, const struct scn_iface *iface)
{
	uint8_t id[SCN_CLIENT_ID_MAX];
	size_t len = scn_client_id(s, iface, id);

	if (len == 0) {
		text_add(t, "send dhcp-client-identifier = hardware;\n");
		return;
	}
	text_add(t, "send dhcp-client-identifier ");
	for (size_t i = 0; i < len; i++)
		text_add(t, "%s%02x", i ? ":" : "", id[i]);
	text_add(t, ";\n");
}

/* What dhclient is told in a file. */
static void add_client_conf(struct text *t, const struct scenario *s,
			    const struct scn_iface *iface)
{
	const struct scn_client *client = iface->client;
	const char *name = scn_host_name(s, iface);
	char address[IP4_LEN];

	text_add(t, "cat >\"$dir/%s.conf\" <<'END'\n", iface->label);
	add_client_id(t, s, iface);
	if (name[0])
		text_add(t, "send host-name \"%s\";\n", name);
	if (client->request_address)
		text_add(t, "send dhcp-requested-address %s;\n",
			 ip4_format(client->request_address, address));
	text_add(t, "END\n");
}

void shell_client(struct text *t, const struct scenario *s, const struct scn_iface *iface)
{
	const struct scn_client *client = iface->client;
	const char *label = iface->label;

	text_add(t, "\n# A DHCP client on %s: -1 asks once, then stays to renew the lease.\n",
		 label);
	add_client_conf(t, s, iface);
	if (client->start_delay)
		text_add(t, "sleep %llu\n",
			 (unsigned long long)((client->start_delay + SECOND - 1) / SECOND));
	shell_exec(t, &s->nodes[iface->node]);
	text_add(t, "dhclient -4 -1 -v%s -sf \"$dir/lease\" -cf \"$dir/%s.conf\" \\\n"
		    "\t-lf \"$dir/%s.leases\" -pf \"$dir/%s.pid\" \\\n"
		    "\t-e use_gateway=%s -e route_metric=%u %s\n", client->broadcast ? " -B" : "",
		 label, label, label, client->use_gateway ? "yes" : "no", client->route_metric,
		 iface->name);
}
