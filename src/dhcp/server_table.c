/* SPDX-License-Identifier: MIT */
/*
 * server_table.c - the server of RFC 2131 section 4.3 as a table: what a
 * client's binding is, what came, what it becomes, what is answered, and why.
 *
 * Read it from the top: the first row of the binding's state and of what came
 * whose guard holds is taken. Pairs that are nobody's row stand in ignored[].
 */
#include "base/util.h"
#include "dhcp/server_internal.h"

/* ---- the table ---- */

#define NONE DHCP_BINDING_NONE
#define OFFERED DHCP_BINDING_OFFERED
#define ACTIVE DHCP_BINDING_ACTIVE
#define EXPIRED DHCP_BINDING_EXPIRED
#define RELEASED DHCP_BINDING_RELEASED
#define DECLINED DHCP_BINDING_DECLINED
#define PROBED DHCP_BINDING_PROBED
#define ANY SERVER_ANY

#define DISCOVER DHCP_SERVER_ON_DISCOVER
#define RAPID DHCP_SERVER_ON_RAPID
#define SELECTING DHCP_SERVER_ON_SELECTING
#define OTHER_SERVER DHCP_SERVER_ON_OTHER_SERVER
#define INIT_REBOOT DHCP_SERVER_ON_INIT_REBOOT
#define RENEWING DHCP_SERVER_ON_RENEWING
#define REBINDING DHCP_SERVER_ON_REBINDING
#define DECLINE DHCP_SERVER_ON_DECLINE
#define RELEASE DHCP_SERVER_ON_RELEASE
#define INFORM DHCP_SERVER_ON_INFORM
#define DEADLINE DHCP_SERVER_ON_DEADLINE
#define CONFLICT DHCP_SERVER_ON_CONFLICT
#define BOOTP DHCP_SERVER_ON_BOOTP
#define LEASEQUERY DHCP_SERVER_ON_LEASEQUERY
#define FORCERENEW DHCP_SERVER_ON_FORCERENEW

#define RAPID_RFC "RFC 4039 section 3.1"
#define BOOTP_RFC "RFC 1534 section 2"
#define RFC(section) "RFC 2131 section " section

static const struct server_row server_table[] = {
	/* DISCOVER: the address is chosen in the order of section 4.3.1 */
	{ PROBED, DISCOVER, NULL, PROBED, &server_act_silent,
	  { "its address is being asked for: the OFFER follows", RFC("2.2") } },
	{ ANY, DISCOVER, &server_guard_probe_reserved, PROBED, &server_act_probe_reserved,
	  { "the address that is reserved for it, if nobody has it", RFC("2.2") } },
	{ ANY, DISCOVER, &server_guard_reserved_open, OFFERED, &server_act_offer_reserved,
	  { "the address that is reserved for it", RFC("2.2") } },
	{ ACTIVE, DISCOVER, NULL, ACTIVE, &server_act_offer_own,
	  { "the address it holds already", RFC("4.3.1") } },
	{ OFFERED, DISCOVER, NULL, OFFERED, &server_act_offer_own,
	  { "the address that is on offer to it: the same again", RFC("4.3.1") } },
	{ ANY, DISCOVER, &server_guard_ipv6_only, ANY, &server_act_offer_nothing,
	  { "it can do without IPv4 here, and gets no address", "RFC 8925 section 3.3" } },
	{ EXPIRED, DISCOVER, &server_guard_probe_own, PROBED, &server_act_probe_own,
	  { "its address of before, if nobody has it", RFC("2.2") } },
	{ RELEASED, DISCOVER, &server_guard_probe_own, PROBED, &server_act_probe_own,
	  { "its address of before, if nobody has it", RFC("2.2") } },
	{ ANY, DISCOVER, &server_guard_probe_asked, PROBED, &server_act_probe_asked,
	  { "the address it asked for, if nobody has it", RFC("2.2") } },
	{ ANY, DISCOVER, &server_guard_probe_new, PROBED, &server_act_probe_new,
	  { "a new address from the pool, if nobody has it", RFC("2.2") } },
	{ EXPIRED, DISCOVER, NULL, OFFERED, &server_act_offer_own,
	  { "its address of before, still free", RFC("4.3.1") } },
	{ RELEASED, DISCOVER, NULL, OFFERED, &server_act_offer_own,
	  { "its address of before, still free", RFC("4.3.1") } },
	{ NONE, DISCOVER, &server_guard_left_without, NONE, &server_act_offer_nothing,
	  { "no address for it, and it shall not make one up", "RFC 2563 section 2.3" } },
	{ NONE, DISCOVER, &server_guard_no_room, NONE, &server_act_silent,
	  { "no memory for another binding", RFC("4.2") } },
	{ NONE, DISCOVER, &server_guard_reserved_taken, OFFERED, &server_act_offer_new,
	  { "its reserved address is not open: another until it is", RFC("2.2") } },
	{ NONE, DISCOVER, &server_guard_asked_is_free, OFFERED, &server_act_offer_asked,
	  { "the address it asked for is free", RFC("4.3.1") } },
	{ NONE, DISCOVER, &server_guard_has_new, OFFERED, &server_act_offer_new,
	  { "a new address from the pool", RFC("4.3.1") } },
	{ NONE, DISCOVER, NULL, NONE, &server_act_silent, { "the pool is full", RFC("4.3.1") } },
	{ DECLINED, DISCOVER, &server_guard_left_without, DECLINED, &server_act_offer_nothing,
	  { "no address for it, and it shall not make one up", "RFC 2563 section 2.3" } },
	{ DECLINED, DISCOVER, &server_guard_no_room, DECLINED, &server_act_silent,
	  { "no memory for another binding", RFC("4.2") } },
	{ DECLINED, DISCOVER, &server_guard_reserved_taken, OFFERED, &server_act_offer_new,
	  { "its reserved address is not open: another until it is", RFC("2.2") } },
	{ DECLINED, DISCOVER, &server_guard_asked_is_free, OFFERED, &server_act_offer_asked,
	  { "the address it asked for is free", RFC("4.3.1") } },
	{ DECLINED, DISCOVER, &server_guard_has_new, OFFERED, &server_act_offer_new,
	  { "a new address from the pool: the declined one rests", RFC("4.3.3") } },
	{ DECLINED, DISCOVER, NULL, DECLINED, &server_act_silent,
	  { "the pool is full", RFC("4.3.1") } },

	/* DISCOVER with rapid commit: the same choice, and the lease at once */
	{ ANY, RAPID, &server_guard_reserved_open, ACTIVE, &server_act_commit_reserved,
	  { "the address that is reserved for it, without an OFFER", RAPID_RFC } },
	{ ANY, RAPID, &server_guard_own_address, ACTIVE, &server_act_commit_own,
	  { "its address, without an OFFER", RAPID_RFC } },
	{ ANY, RAPID, &server_guard_left_without, ANY, &server_act_offer_nothing,
	  { "no address for it, and it shall not make one up", "RFC 2563 section 2.3" } },
	{ ANY, RAPID, &server_guard_no_room, ANY, &server_act_silent,
	  { "no memory for another binding", RFC("4.2") } },
	{ ANY, RAPID, &server_guard_reserved_taken, ACTIVE, &server_act_commit_new,
	  { "its reserved address is not open: another until it is", RFC("2.2") } },
	{ ANY, RAPID, &server_guard_asked_is_free, ACTIVE, &server_act_commit_asked,
	  { "the address it asked for, without an OFFER", RAPID_RFC } },
	{ ANY, RAPID, &server_guard_has_new, ACTIVE, &server_act_commit_new,
	  { "a new address from the pool, without an OFFER", RAPID_RFC } },
	{ ANY, RAPID, NULL, ANY, &server_act_silent, { "the pool is full", RFC("4.3.1") } },

	/* BOOTP: one message each way, and the address for ever */
	{ ANY, BOOTP, &server_guard_reserved_open, ACTIVE, &server_act_commit_reserved,
	  { "a BOOTP client: the address that is reserved for it, for ever", BOOTP_RFC } },
	{ ANY, BOOTP, &server_guard_bootp_own, ACTIVE, &server_act_commit_own,
	  { "a BOOTP client: its address, for ever", BOOTP_RFC } },
	{ ANY, BOOTP, &server_guard_no_bootp, ANY, &server_act_silent,
	  { "a BOOTP client: no address is reserved for it, and BOOTP=yes is not given",
	    BOOTP_RFC } },
	{ ANY, BOOTP, &server_guard_no_room, ANY, &server_act_silent,
	  { "no memory for another binding", RFC("4.2") } },
	{ ANY, BOOTP, &server_guard_has_new, ACTIVE, &server_act_commit_new,
	  { "a BOOTP client: a new address from the pool, for ever", BOOTP_RFC } },
	{ ANY, BOOTP, NULL, ANY, &server_act_silent, { "the pool is full", RFC("4.3.1") } },

	/* REQUEST in SELECTING: it chose us */
	{ OFFERED, SELECTING, &server_guard_its_address, ACTIVE, &server_act_ack,
	  { "it chose our offer", RFC("4.3.2") } },
	{ OFFERED, SELECTING, NULL, OFFERED, &server_act_nak,
	  { "not the address that was offered", RFC("4.3.2") } },
	{ PROBED, SELECTING, NULL, PROBED, &server_act_nak,
	  { "nothing was offered yet: the address is being asked for", RFC("2.2") } },
	{ ACTIVE, SELECTING, &server_guard_its_address, ACTIVE, &server_act_ack,
	  { "it holds this address: the same answer again", RFC("4.3.2") } },
	{ ACTIVE, SELECTING, NULL, ACTIVE, &server_act_nak,
	  { "it holds another address", RFC("4.3.2") } },
	{ EXPIRED, SELECTING, &server_guard_its_address, ACTIVE, &server_act_ack,
	  { "its address of before, still free", RFC("4.3.2") } },
	{ EXPIRED, SELECTING, &server_guard_asked_is_free, ACTIVE, &server_act_ack,
	  { "the offer lapsed, but the address is still free", RFC("4.3.2") } },
	{ EXPIRED, SELECTING, NULL, EXPIRED, &server_act_nak,
	  { "the address is not free any more", RFC("3.1") } },
	{ RELEASED, SELECTING, &server_guard_its_address, ACTIVE, &server_act_ack,
	  { "its address of before, still free", RFC("4.3.2") } },
	{ RELEASED, SELECTING, &server_guard_asked_is_free, ACTIVE, &server_act_ack,
	  { "the offer lapsed, but the address is still free", RFC("4.3.2") } },
	{ RELEASED, SELECTING, NULL, RELEASED, &server_act_nak,
	  { "the address is not free any more", RFC("3.1") } },
	{ NONE, SELECTING, &server_guard_asked_is_free, ACTIVE, &server_act_ack,
	  { "the offer lapsed, but the address is still free", RFC("4.3.2") } },
	{ NONE, SELECTING, NULL, NONE, &server_act_nak,
	  { "the address is not free any more", RFC("3.1") } },
	{ DECLINED, SELECTING, &server_guard_asked_is_free, ACTIVE, &server_act_ack,
	  { "the offer lapsed, but the address is still free", RFC("4.3.2") } },
	{ DECLINED, SELECTING, NULL, DECLINED, &server_act_nak,
	  { "the address is not free any more", RFC("3.1") } },

	/* REQUEST that names another server: our offer is not wanted */
	{ OFFERED, OTHER_SERVER, &server_guard_remembered, EXPIRED, &server_act_change,
	  { "it chose another server: the address is free again", RFC("3.1") } },
	{ OFFERED, OTHER_SERVER, NULL, NONE, &server_act_change,
	  { "it chose another server: the address is free again", RFC("3.1") } },

	{ PROBED, OTHER_SERVER, &server_guard_remembered, EXPIRED, &server_act_change,
	  { "it chose another server: the address is free again", RFC("3.1") } },
	{ PROBED, OTHER_SERVER, NULL, NONE, &server_act_change,
	  { "it chose another server: the address is free again", RFC("3.1") } },

	/* REQUEST in INIT-REBOOT: is my old address still right? */
	{ ANY, INIT_REBOOT, &server_guard_asked_reserved, ACTIVE, &server_act_ack,
	  { "the address that is reserved for it", RFC("4.3.2") } },
	{ ANY, INIT_REBOOT, &server_guard_not_reserved, ANY, &server_act_nak,
	  { "another address is reserved for it", RFC("4.3.2") } },
	{ ACTIVE, INIT_REBOOT, &server_guard_its_address, ACTIVE, &server_act_ack,
	  { "its address is right", RFC("4.3.2") } },
	{ ACTIVE, INIT_REBOOT, NULL, ACTIVE, &server_act_nak,
	  { "not the address of its lease", RFC("4.3.2") } },
	{ OFFERED, INIT_REBOOT, &server_guard_its_address, ACTIVE, &server_act_ack,
	  { "the address is kept for it", RFC("4.3.2") } },
	{ OFFERED, INIT_REBOOT, &server_guard_remembered, OFFERED, &server_act_nak,
	  { "not the address of its lease", RFC("4.3.2") } },
	{ OFFERED, INIT_REBOOT, &server_guard_foreign, OFFERED, &server_act_nak,
	  { "an address of another network", RFC("4.3.2") } },
	{ OFFERED, INIT_REBOOT, NULL, OFFERED, &server_act_silent,
	  { "no lease of this client on record: another server may have one", RFC("4.3.2") } },
	{ EXPIRED, INIT_REBOOT, &server_guard_its_address, ACTIVE, &server_act_ack,
	  { "its lease is over, but its address is still free", RFC("4.3.2") } },
	{ EXPIRED, INIT_REBOOT, NULL, EXPIRED, &server_act_nak,
	  { "not the address of its lease", RFC("4.3.2") } },
	{ RELEASED, INIT_REBOOT, &server_guard_its_address, ACTIVE, &server_act_ack,
	  { "it gave its address back, but it is still free", RFC("4.3.2") } },
	{ RELEASED, INIT_REBOOT, NULL, RELEASED, &server_act_nak,
	  { "not the address of its lease", RFC("4.3.2") } },
	{ NONE, INIT_REBOOT, &server_guard_foreign, NONE, &server_act_nak,
	  { "an address of another network", RFC("4.3.2") } },
	{ NONE, INIT_REBOOT, NULL, NONE, &server_act_silent,
	  { "no record of this client: another server may have one", RFC("4.3.2") } },
	{ PROBED, INIT_REBOOT, &server_guard_foreign, PROBED, &server_act_nak,
	  { "an address of another network", RFC("4.3.2") } },
	{ PROBED, INIT_REBOOT, NULL, PROBED, &server_act_silent,
	  { "its address is being asked for", RFC("2.2") } },
	{ DECLINED, INIT_REBOOT, &server_guard_its_address, DECLINED, &server_act_nak,
	  { "it declined this address", RFC("4.3.3") } },
	{ DECLINED, INIT_REBOOT, &server_guard_foreign, DECLINED, &server_act_nak,
	  { "an address of another network", RFC("4.3.2") } },
	{ DECLINED, INIT_REBOOT, NULL, DECLINED, &server_act_silent,
	  { "no lease of this client on record: another server may have one", RFC("4.3.2") } },

	/* REQUEST in RENEWING: unicast to us, who gave the lease */
	{ ANY, RENEWING, &server_guard_asked_reserved, ACTIVE, &server_act_ack,
	  { "the address that is reserved for it", RFC("4.3.2") } },
	{ ANY, RENEWING, &server_guard_not_reserved, ANY, &server_act_nak,
	  { "another address is reserved for it", RFC("4.3.2") } },
	{ ACTIVE, RENEWING, &server_guard_its_address, ACTIVE, &server_act_ack,
	  { "the lease is extended", RFC("4.3.2") } },
	{ ACTIVE, RENEWING, NULL, ACTIVE, &server_act_nak,
	  { "not the address of its lease", RFC("4.3.2") } },
	{ OFFERED, RENEWING, &server_guard_its_address, ACTIVE, &server_act_ack,
	  { "the address is kept for it", RFC("4.3.2") } },
	{ OFFERED, RENEWING, &server_guard_remembered, OFFERED, &server_act_nak,
	  { "not the address of its lease", RFC("4.3.2") } },
	{ OFFERED, RENEWING, &server_guard_authoritative, OFFERED, &server_act_nak,
	  { "no lease of this client on record", RFC("4.3.2") } },
	{ OFFERED, RENEWING, NULL, OFFERED, &server_act_silent,
	  { "no lease of this client on record", RFC("4.3.2") } },
	{ EXPIRED, RENEWING, &server_guard_its_address, ACTIVE, &server_act_ack,
	  { "its lease is over, but its address is still free", RFC("4.3.2") } },
	{ EXPIRED, RENEWING, NULL, EXPIRED, &server_act_nak,
	  { "not the address of its lease", RFC("4.3.2") } },
	{ RELEASED, RENEWING, &server_guard_its_address, ACTIVE, &server_act_ack,
	  { "it gave its address back, but it is still free", RFC("4.3.2") } },
	{ RELEASED, RENEWING, NULL, RELEASED, &server_act_nak,
	  { "not the address of its lease", RFC("4.3.2") } },
	{ NONE, RENEWING, &server_guard_authoritative, NONE, &server_act_nak,
	  { "no lease of this client on record", RFC("4.3.2") } },
	{ NONE, RENEWING, NULL, NONE, &server_act_silent,
	  { "no lease of this client on record", RFC("4.3.2") } },
	{ PROBED, RENEWING, &server_guard_authoritative, PROBED, &server_act_nak,
	  { "no lease of this client on record", RFC("4.3.2") } },
	{ PROBED, RENEWING, NULL, PROBED, &server_act_silent,
	  { "its address is being asked for", RFC("2.2") } },
	{ DECLINED, RENEWING, &server_guard_its_address, DECLINED, &server_act_nak,
	  { "it declined this address", RFC("4.3.3") } },
	{ DECLINED, RENEWING, &server_guard_authoritative, DECLINED, &server_act_nak,
	  { "no lease of this client on record", RFC("4.3.2") } },
	{ DECLINED, RENEWING, NULL, DECLINED, &server_act_silent,
	  { "no lease of this client on record", RFC("4.3.2") } },

	/* REQUEST in REBINDING: broadcast, any server that knows the lease may answer */
	{ ANY, REBINDING, &server_guard_asked_reserved, ACTIVE, &server_act_ack,
	  { "the address that is reserved for it", RFC("4.3.2") } },
	{ ANY, REBINDING, &server_guard_not_reserved, ANY, &server_act_nak,
	  { "another address is reserved for it", RFC("4.3.2") } },
	{ ACTIVE, REBINDING, &server_guard_its_address, ACTIVE, &server_act_ack,
	  { "the lease is extended", RFC("4.3.2") } },
	{ ACTIVE, REBINDING, NULL, ACTIVE, &server_act_nak,
	  { "not the address of its lease", RFC("4.3.2") } },
	{ OFFERED, REBINDING, &server_guard_its_address, ACTIVE, &server_act_ack,
	  { "the address is kept for it", RFC("4.3.2") } },
	{ OFFERED, REBINDING, &server_guard_remembered, OFFERED, &server_act_nak,
	  { "not the address of its lease", RFC("4.3.2") } },
	{ OFFERED, REBINDING, &server_guard_foreign, OFFERED, &server_act_nak,
	  { "an address of another network", RFC("4.3.2") } },
	{ OFFERED, REBINDING, NULL, OFFERED, &server_act_silent,
	  { "no lease of this client on record: another server may have one", RFC("4.3.2") } },
	{ EXPIRED, REBINDING, &server_guard_its_address, ACTIVE, &server_act_ack,
	  { "its lease is over, but its address is still free", RFC("4.3.2") } },
	{ EXPIRED, REBINDING, NULL, EXPIRED, &server_act_nak,
	  { "not the address of its lease", RFC("4.3.2") } },
	{ RELEASED, REBINDING, &server_guard_its_address, ACTIVE, &server_act_ack,
	  { "it gave its address back, but it is still free", RFC("4.3.2") } },
	{ RELEASED, REBINDING, NULL, RELEASED, &server_act_nak,
	  { "not the address of its lease", RFC("4.3.2") } },
	{ NONE, REBINDING, &server_guard_foreign, NONE, &server_act_nak,
	  { "an address of another network", RFC("4.3.2") } },
	{ NONE, REBINDING, NULL, NONE, &server_act_silent,
	  { "no record of this client: another server may have one", RFC("4.3.2") } },
	{ PROBED, REBINDING, &server_guard_foreign, PROBED, &server_act_nak,
	  { "an address of another network", RFC("4.3.2") } },
	{ PROBED, REBINDING, NULL, PROBED, &server_act_silent,
	  { "its address is being asked for", RFC("2.2") } },
	{ DECLINED, REBINDING, &server_guard_its_address, DECLINED, &server_act_nak,
	  { "it declined this address", RFC("4.3.3") } },
	{ DECLINED, REBINDING, &server_guard_foreign, DECLINED, &server_act_nak,
	  { "an address of another network", RFC("4.3.2") } },
	{ DECLINED, REBINDING, NULL, DECLINED, &server_act_silent,
	  { "no lease of this client on record: another server may have one", RFC("4.3.2") } },

	/* DECLINE, RELEASE, INFORM */
	{ OFFERED, DECLINE, &server_guard_its_address, DECLINED, &server_act_quarantine,
	  { "the client found the address in use: nobody gets it for a while", RFC("4.3.3") } },
	{ OFFERED, DECLINE, NULL, OFFERED, &server_act_silent,
	  { "only the holder of an address may decline it", RFC("4.3.3") } },
	{ ACTIVE, DECLINE, &server_guard_its_address, DECLINED, &server_act_quarantine,
	  { "the client found the address in use: nobody gets it for a while", RFC("4.3.3") } },
	{ ACTIVE, DECLINE, NULL, ACTIVE, &server_act_silent,
	  { "only the holder of an address may decline it", RFC("4.3.3") } },
	{ ACTIVE, RELEASE, &server_guard_its_address, RELEASED, &server_act_change,
	  { "the address is free, and remembered as the client's", RFC("4.3.4") } },
	{ ACTIVE, RELEASE, NULL, ACTIVE, &server_act_silent,
	  { "only the holder of an address may release it", RFC("4.3.4") } },
	{ ANY, INFORM, &server_guard_on_link, ANY, &server_act_inform,
	  { "it has an address and wants the rest", RFC("4.3.5") } },
	{ ANY, INFORM, NULL, ANY, &server_act_silent,
	  { "its address is none of this link", RFC("3.4") } },

	/* who has this address, or which address has this client? */
	{ ACTIVE, LEASEQUERY, NULL, ACTIVE, &server_act_lease_active,
	  { "the address is leased", "RFC 4388 section 6.4" } },
	{ ANY, LEASEQUERY, &server_guard_managed, ANY, &server_act_lease_unassigned,
	  { "nobody has the address, but this server gives it away", "RFC 4388 section 6.4" } },
	{ ANY, LEASEQUERY, NULL, ANY, &server_act_lease_unknown,
	  { "no address of this server's, or no client with a lease", "RFC 4388 section 6.4" } },

	/* the user wants a client to renew */
	{ ACTIVE, FORCERENEW, &server_guard_has_nonce, ACTIVE, &server_act_force_renew,
	  { "its holder shall renew now", "RFC 3203 section 2.2" } },
	{ ACTIVE, FORCERENEW, NULL, ACTIVE, &server_act_silent,
	  { "its holder has no nonce to check a FORCERENEW with, and would not obey",
	    "RFC 6704 section 3.1.3" } },

	/* time */
	{ OFFERED, DEADLINE, &server_guard_remembered, EXPIRED, &server_act_change,
	  { "the offer lapsed: the address is free again", RFC("4.3.2") } },
	{ OFFERED, DEADLINE, NULL, NONE, &server_act_change,
	  { "the offer lapsed: the address is free again", RFC("4.3.2") } },
	{ ACTIVE, DEADLINE, NULL, EXPIRED, &server_act_change,
	  { "the lease is over: the address is free, and remembered as the client's",
	    RFC("2.2") } },
	{ DECLINED, DEADLINE, NULL, NONE, &server_act_change,
	  { "the quarantine is over: the address is free again", RFC("4.3.3") } },

	{ PROBED, DEADLINE, NULL, OFFERED, &server_act_offer_own,
	  { "nobody answered for the address: it is offered", RFC("2.2") } },

	/* somebody was seen using an address that is not leased */
	{ NONE, CONFLICT, &server_guard_asked_is_free, DECLINED, &server_act_quarantine,
	  { "a stranger uses the address: nobody gets it for a while", RFC("2.2") } },
	{ NONE, CONFLICT, NULL, NONE, &server_act_silent,
	  { "the address is not one to give away", RFC("2.2") } },
	{ OFFERED, CONFLICT, NULL, DECLINED, &server_act_quarantine,
	  { "a stranger uses the address: the offer is withdrawn", RFC("2.2") } },
	{ PROBED, CONFLICT, NULL, DECLINED, &server_act_quarantine,
	  { "a stranger has the address: another for the client", RFC("2.2") } },
	{ EXPIRED, CONFLICT, NULL, DECLINED, &server_act_quarantine,
	  { "a stranger uses the address: nobody gets it for a while", RFC("2.2") } },
	{ RELEASED, CONFLICT, NULL, DECLINED, &server_act_quarantine,
	  { "a stranger uses the address: nobody gets it for a while", RFC("2.2") } },
	{ DECLINED, CONFLICT, NULL, DECLINED, &server_act_quarantine,
	  { "the address is still in use: the quarantine begins anew", RFC("2.2") } },
};

struct ignored {
	uint8_t from, on;
	struct dhcp_reason reason;
};

static const struct ignored ignored[] = {
	{ NONE, OTHER_SERVER, { "it chose another server; nothing was on offer", RFC("3.1") } },
	{ ACTIVE, OTHER_SERVER,
	  { "it chose another server; its lease here runs to its end", RFC("3.1") } },
	{ EXPIRED, OTHER_SERVER, { "it chose another server; nothing was on offer", RFC("3.1") } },
	{ RELEASED, OTHER_SERVER,
	  { "it chose another server; nothing was on offer", RFC("3.1") } },
	{ DECLINED, OTHER_SERVER,
	  { "it chose another server; nothing was on offer", RFC("3.1") } },
	{ NONE, DECLINE, { "only the holder of an address may decline it", RFC("4.3.3") } },
	{ EXPIRED, DECLINE, { "its lease is over: nothing to decline", RFC("4.3.3") } },
	{ RELEASED, DECLINE, { "it gave the address back: nothing to decline", RFC("4.3.3") } },
	{ DECLINED, DECLINE, { "declined already", RFC("4.3.3") } },
	{ PROBED, DECLINE, { "nothing was offered yet: nothing to decline", RFC("4.3.3") } },
	{ PROBED, RELEASE, { "nothing was offered yet: nothing to release", RFC("4.3.4") } },
	{ NONE, RELEASE, { "only the holder of an address may release it", RFC("4.3.4") } },
	{ OFFERED, RELEASE, { "only offered, not leased: nothing to release", RFC("4.3.4") } },
	{ EXPIRED, RELEASE, { "its lease is over: nothing to release", RFC("4.3.4") } },
	{ RELEASED, RELEASE, { "released already", RFC("4.3.4") } },
	{ DECLINED, RELEASE, { "it declined the address: nothing to release", RFC("4.3.4") } },
	{ NONE, DEADLINE, { "nothing runs out", RFC("4.3") } },
	{ EXPIRED, DEADLINE, { "the lease is over already", RFC("4.3") } },
	{ RELEASED, DEADLINE, { "the address is free already", RFC("4.3") } },
	{ NONE, FORCERENEW, { "nobody has the address", "RFC 3203 section 2.2" } },
	{ OFFERED, FORCERENEW, { "it is only offered, not leased", "RFC 3203 section 2.2" } },
	{ EXPIRED, FORCERENEW, { "the lease is over", "RFC 3203 section 2.2" } },
	{ RELEASED, FORCERENEW, { "its holder has given it back", "RFC 3203 section 2.2" } },
	{ DECLINED, FORCERENEW, { "it was declined: nobody has it", "RFC 3203 section 2.2" } },
	{ PROBED, FORCERENEW, { "it is not leased yet", "RFC 3203 section 2.2" } },
	{ ACTIVE, CONFLICT,
	  { "the address is leased: its holder uses it, and declines it if need be",
	    RFC("4.4.1") } },
};

static bool is_of(const struct server_row *row, unsigned int from, unsigned int on)
{
	return row->on == on && (row->from == from || row->from == ANY);
}

const struct server_row *server_find_row(const struct dhcp_server *s, const struct server_query *q,
					 struct dhcp_reason *ret_why)
{
	for (size_t i = 0; i < ARRAY_SIZE(server_table); i++) {
		const struct server_row *row = &server_table[i];

		if (is_of(row, q->state, q->trigger) && (!row->guard || row->guard->holds(s, q)))
			return row;
	}

	(void)dhcp_server_ignores(q->state, q->trigger, ret_why);
	return NULL;
}

bool dhcp_server_ignores(enum dhcp_binding_state s, enum dhcp_server_trigger t,
			 struct dhcp_reason *ret)
{
	for (size_t i = 0; i < ARRAY_SIZE(ignored); i++) {
		if (ignored[i].from != s || ignored[i].on != t)
			continue;
		if (ret)
			*ret = ignored[i].reason;
		return true;
	}

	return false;
}

bool dhcp_server_has_row(enum dhcp_binding_state s, enum dhcp_server_trigger t)
{
	for (size_t i = 0; i < ARRAY_SIZE(server_table); i++)
		if (is_of(&server_table[i], s, t))
			return true;

	return false;
}

/* ---- for those who print it ---- */

static const char *state_name(uint8_t state)
{
	return state == ANY ? "any" : dhcp_binding_state_name((enum dhcp_binding_state)state);
}

bool dhcp_server_row(size_t i, struct dhcp_row *ret)
{
	const struct server_row *row;

	if (i >= ARRAY_SIZE(server_table))
		return false;

	row = &server_table[i];
	*ret = (struct dhcp_row){
		.from = state_name(row->from),
		.on = dhcp_server_trigger_name((enum dhcp_server_trigger)row->on),
		.guard = row->guard ? row->guard->name : "",
		.to = state_name(row->to),
		.act = row->act->name,
		.reason = row->reason,
	};
	return true;
}
