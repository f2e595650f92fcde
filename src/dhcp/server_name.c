/* SPDX-License-Identifier: MIT */
/* server_name.c - states and triggers of the server's table, in words */
#include <netlab/dhcp_server.h>

const char *dhcp_binding_state_name(enum dhcp_binding_state s)
{
	switch (s) {
	case DHCP_BINDING_NONE:
		return "NONE";
	case DHCP_BINDING_OFFERED:
		return "OFFERED";
	case DHCP_BINDING_ACTIVE:
		return "ACTIVE";
	case DHCP_BINDING_EXPIRED:
		return "EXPIRED";
	case DHCP_BINDING_RELEASED:
		return "RELEASED";
	case DHCP_BINDING_DECLINED:
		return "DECLINED";
	case DHCP_BINDING_PROBED:
		return "PROBED";
	}

	return "?";
}

const char *dhcp_server_trigger_name(enum dhcp_server_trigger t)
{
	switch (t) {
	case DHCP_SERVER_ON_DISCOVER:
		return "DISCOVER";
	case DHCP_SERVER_ON_RAPID:
		return "DISCOVER (rapid commit)";
	case DHCP_SERVER_ON_SELECTING:
		return "REQUEST (SELECTING)";
	case DHCP_SERVER_ON_OTHER_SERVER:
		return "REQUEST (another server)";
	case DHCP_SERVER_ON_INIT_REBOOT:
		return "REQUEST (INIT-REBOOT)";
	case DHCP_SERVER_ON_RENEWING:
		return "REQUEST (RENEWING)";
	case DHCP_SERVER_ON_REBINDING:
		return "REQUEST (REBINDING)";
	case DHCP_SERVER_ON_DECLINE:
		return "DECLINE";
	case DHCP_SERVER_ON_RELEASE:
		return "RELEASE";
	case DHCP_SERVER_ON_INFORM:
		return "INFORM";
	case DHCP_SERVER_ON_DEADLINE:
		return "time is over";
	case DHCP_SERVER_ON_CONFLICT:
		return "conflict";
	case DHCP_SERVER_ON_BOOTP:
		return "BOOTP";
	case DHCP_SERVER_ON_LEASEQUERY:
		return "LEASEQUERY";
	case DHCP_SERVER_ON_FORCERENEW:
		return "forcerenew";
	}

	return "?";
}
