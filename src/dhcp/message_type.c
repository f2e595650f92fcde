/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <strings.h>

#include <netlab/dhcp_message.h>

struct type_info {
	const char *name;
	const char *purpose;
	const char *rfc;
};

static const struct type_info types[] = {
	[DHCP_NO_TYPE] = { "BOOTP", "a message of the protocol before DHCP: it has no type",
			   "RFC 1534" },
	[DHCP_DISCOVER] = { "DISCOVER", "a client asks every server for an address",
			    "RFC 2131 section 3.1" },
	[DHCP_OFFER] = { "OFFER", "a server offers an address and what goes with it",
			 "RFC 2131 section 4.3.1" },
	[DHCP_REQUEST] = { "REQUEST", "a client takes an offer, or wants to keep its address",
			   "RFC 2131 section 4.3.2" },
	[DHCP_DECLINE] = { "DECLINE", "a client found that somebody else uses the address",
			   "RFC 2131 section 4.3.3" },
	[DHCP_ACK] = { "ACK", "a server lends the address", "RFC 2131 section 4.3.1" },
	[DHCP_NAK] = { "NAK", "a server says that the client may not have the address",
		       "RFC 2131 section 4.3.2" },
	[DHCP_RELEASE] = { "RELEASE", "a client gives its address back",
			   "RFC 2131 section 4.3.4" },
	[DHCP_INFORM] = { "INFORM", "a client that has an address asks for the other parameters",
			  "RFC 2131 section 4.3.5" },
	[DHCP_FORCERENEW] = { "FORCERENEW", "a server tells a client to renew now",
			      "RFC 3203 section 2" },
	[DHCP_LEASEQUERY] = { "LEASEQUERY", "a relay asks who has an address",
			      "RFC 4388 section 6.2" },
	[DHCP_LEASEUNASSIGNED] = { "LEASEUNASSIGNED", "the server manages the address; it is free",
				   "RFC 4388 section 6.4" },
	[DHCP_LEASEUNKNOWN] = { "LEASEUNKNOWN", "the server does not know the address or client",
				"RFC 4388 section 6.4" },
	[DHCP_LEASEACTIVE] = { "LEASEACTIVE", "the address is lent, and to whom",
			       "RFC 4388 section 6.4" },
};

static const struct type_info unknown = { "UNKNOWN", "a number that no RFC gives a meaning",
					  "RFC 2132 section 9.6" };

static const struct type_info *type_info(uint8_t type)
{
	return type <= DHCP_TYPE_MAX ? &types[type] : &unknown;
}

const char *dhcp_type_name(uint8_t type)
{
	return type_info(type)->name;
}

int dhcp_type_by_name(const char *name)
{
	const char *word = strncasecmp(name, "DHCP", 4) == 0 ? name + 4 : name;

	for (int i = 0; i <= DHCP_TYPE_MAX; i++)
		if (strcasecmp(types[i].name, word) == 0)
			return i;

	return -ENOENT;
}

const char *dhcp_type_purpose(uint8_t type)
{
	return type_info(type)->purpose;
}

const char *dhcp_type_rfc(uint8_t type)
{
	return type_info(type)->rfc;
}
