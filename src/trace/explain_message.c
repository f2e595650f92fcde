/* SPDX-License-Identifier: MIT */
/* explain_message.c - a page a message: what for, who to whom, fields, options. */
#include <string.h>

#include "base/util.h"
#include "trace/explain_pages.h"
#include "trace/page.h"

#define COLUMN 14

/**
 * struct story - what the tables of the RFC do not say in a word
 * @from: @to: who sends it to whom
 * @when: in a sentence or two
 * @ciaddr: @yiaddr: @siaddr: fields, RFC 2131 tables 3 and 5
 */
struct story {
	const char *from, *to, *when;
	const char *ciaddr, *yiaddr, *siaddr;
};

static const struct story stories[DHCP_TYPE_MAX + 1] = {
	[DHCP_NO_TYPE] = {
		"a BOOTP client or server", "each other",
		"BOOTP (RFC 951) is the protocol that DHCP grew out of. Its messages look the "
		"same, "
		"but carry no option 53. A DHCP server may answer BOOTP clients; what they get, "
		"they keep for ever (RFC 1534).",
		"the client's address, if it knows it", "the answer: the client's address",
		"the server to boot from",
	},
	[DHCP_DISCOVER] = {
		"a client without an address", "everyone (255.255.255.255), from 0.0.0.0",
		"The first message of all. The client may name an address that it would like (50) "
		"and how long (51). Lost or unanswered, it is sent again after 4, 8, 16, 32 and "
		"64 seconds, each give or take one.",
		"0: it has no address", "0", "0",
	},
	[DHCP_OFFER] = {
		"a server", "the client, or everyone if it asked for broadcasts",
		"The answer to a DISCOVER. Several servers may offer; nothing is lent yet, but a "
		"server should keep the address free until the client has chosen.",
		"0", "the address on offer", "the server to boot from next, or 0",
	},
	[DHCP_REQUEST] = {
		"a client",
		"everyone; when renewing, only the server that lent the address",
		"Four occasions: taking an offer (SELECTING: option 54 names the server chosen, so "
		"the others take their offers back), asking for an old address again "
		"(INIT-REBOOT), "
		"extending a lease (RENEWING from T1, REBINDING from T2).",
		"the client's address when renewing or rebinding; else 0", "0", "0",
	},
	[DHCP_DECLINE] = {
		"a client", "everyone",
		"Before it uses a new address the client asks by ARP whether somebody has it. "
		"If so, "
		"it declines, waits at least ten seconds, and starts anew; the server should lend "
		"the address to nobody for a while.",
		"0", "0", "0",
	},
	[DHCP_ACK] = {
		"a server", "the client, or everyone if it asked for broadcasts",
		"The address is lent, from the moment when the client sent its REQUEST and for as "
		"long as option 51 says. The answer to an INFORM is an ACK too: it has parameters, "
		"but neither an address nor a lease time.",
		"that of the REQUEST or INFORM, or 0", "the address that is lent; 0 after an "
		"INFORM",
		"the server to boot from next, or 0",
	},
	[DHCP_NAK] = {
		"a server", "everyone on the client's link",
		"The client asked for an address that it can not have: of another network, lent to "
		"somebody else, or no longer its own. The client gives the address up at once and "
		"starts anew.",
		"0", "0", "0",
	},
	[DHCP_RELEASE] = {
		"a client", "the server that lent the address",
		"The client leaves politely, so that others can have the address. There is no "
		"answer. A client that just vanishes keeps its address until the lease runs out.",
		"the address that is given back", "0", "0",
	},
	[DHCP_INFORM] = {
		"a client whose address was set by hand", "everyone, or a server that it knows",
		"The client asks for the other parameters only (55). The server answers with "
		"an ACK "
		"and records nothing.",
		"the client's address", "0", "0",
	},
	[DHCP_FORCERENEW] = {
		"a server", "the client",
		"The client goes to RENEWING at once. It must be authenticated, else anybody could "
		"keep all clients of a network busy (RFC 3203 section 6).",
		NULL, NULL, NULL,
	},
	[DHCP_LEASEQUERY] = {
		"a relay agent", "a server",
		"The relay wants to know who holds an address (ciaddr), or which address a MAC "
		"address or a client id (61) has, to keep strangers from using it.",
		"the address in question, or 0", NULL, NULL,
	},
	[DHCP_LEASEUNASSIGNED] = {
		"a server", "the relay agent that asked",
		"An answer to a LEASEQUERY: nobody holds the address.",
		"the address in question", NULL, NULL,
	},
	[DHCP_LEASEUNKNOWN] = {
		"a server", "the relay agent that asked",
		"An answer to a LEASEQUERY: the server has no such address or client.", NULL, NULL,
		NULL,
	},
	[DHCP_LEASEACTIVE] = {
		"a server", "the relay agent that asked",
		"An answer to a LEASEQUERY, with the lease time that is left (51) and who holds "
		"the address (chaddr, 61).",
		"the address in question", NULL, NULL,
	},
};

static bool is_reply(uint8_t type)
{
	return type == DHCP_OFFER || type == DHCP_ACK || type == DHCP_NAK;
}

/* RFC 2131 tables 3 and 5 for the messages that stand there. */
static void add_fields(struct text *out, uint8_t type)
{
	const struct story *s = &stories[type];
	bool reply = is_reply(type), ends = type == DHCP_DECLINE || type == DHCP_RELEASE;

	text_add(out, "\nFields (RFC 2131 section %s)\n", reply ? "4.3.1, table 3" :
							       "4.4.1, table 5");
	page_item(out, "op", COLUMN, reply ? "2, BOOTREPLY" : "1, BOOTREQUEST");
	page_item(out, "xid", COLUMN, reply ? "that of the message that it answers" :
		  "chosen by the client; all messages of one exchange have the same");
	page_item(out, "secs", COLUMN, reply || ends ? "0" :
		  "seconds since the client began, or 0; a REQUEST that takes an offer has "
		  "that of its DISCOVER");
	page_item(out, "flags", COLUMN, reply ? "as the client sent them" : ends ? "0" :
		  "0x8000 if the client can only take broadcasts; all other bits are 0");
	page_item(out, "ciaddr", COLUMN, s->ciaddr);
	page_item(out, "yiaddr", COLUMN, s->yiaddr);
	page_item(out, "siaddr", COLUMN, s->siaddr);
	page_item(out, "giaddr", COLUMN, reply ? "as it came in" :
		  "0; a relay agent puts its own address there");
	page_item(out, "chaddr", COLUMN, "the client's MAC address");
	page_item(out, "sname, file", COLUMN, type == DHCP_NAK || ends ? "unused" :
		  reply ? "name of the boot server and the boot file, or options (52)" :
			  "unused, or options (52)");
}

/* "51 lease-time, 54 server-id" */
static void add_rule(struct text *out, uint8_t type, enum message_rule rule)
{
	cleanup_text struct text list = { 0 };

	for (unsigned int code = 1; code < DHCP_OPT_END; code++) {
		if (message_rule_is_named((uint8_t)code) &&
		    message_rule(type, (uint8_t)code) == rule)
			text_add(&list, "%s%u %s", list.len ? ", " : "", code,
				 dhcp_option_info((uint8_t)code)->name);
	}
	/* Any option without a row of its own will do to ask about the others. */
	if (message_rule(type, DHCP_OPT_ROUTER) == rule)
		text_add(&list, "%s", list.len ? ", and all others" : "all others");
	if (list.str)
		page_item(out, message_rule_name(rule), COLUMN, list.str);
}

static void add_conditions(struct text *out, uint8_t type)
{
	text_add(out, "  %s\n", message_rule_name(RULE_DEPENDS));
	for (unsigned int code = 1; code < DHCP_OPT_END; code++) {
		const char *note = message_rule_note(type, (uint8_t)code);
		cleanup_text struct text item = { 0 };

		if (!note)
			continue;
		text_add(&item, "%u %s: %s", code, dhcp_option_info((uint8_t)code)->name, note);
		if (item.str)
			page_paragraph(out, COLUMN, item.str);
	}
}

static void add_options(struct text *out, uint8_t type)
{
	text_add(out, "\nOptions (RFC 2131 table %u)\n", is_reply(type) ? 3 : 5);
	add_rule(out, type, RULE_MUST);
	add_rule(out, type, RULE_SHOULD);
	add_rule(out, type, RULE_MAY);
	add_conditions(out, type);
	add_rule(out, type, RULE_SHOULD_NOT);
	add_rule(out, type, RULE_MUST_NOT);
}

static void add_other_fields(struct text *out, const struct story *s)
{
	if (!s->ciaddr && !s->yiaddr && !s->siaddr)
		return;

	text_add(out, "\nFields\n");
	if (s->ciaddr)
		page_item(out, "ciaddr", COLUMN, s->ciaddr);
	if (s->yiaddr)
		page_item(out, "yiaddr", COLUMN, s->yiaddr);
	if (s->siaddr)
		page_item(out, "siaddr", COLUMN, s->siaddr);
}

void explain_message(struct text *out, uint8_t type)
{
	const struct story *s = &stories[type];

	text_add(out, "%s%s: %s\n\n", type == DHCP_NO_TYPE ? "" : "DHCP", dhcp_type_name(type),
		 dhcp_type_purpose(type));
	if (type != DHCP_NO_TYPE)
		text_add(out, "  number      %u, the value of option 53\n", type);
	page_item(out, "sent by", COLUMN, s->from);
	page_item(out, "sent to", COLUMN, s->to);
	page_item(out, "defined in", COLUMN, dhcp_type_rfc(type));
	text_add(out, "\n");
	page_paragraph(out, 0, s->when);

	if (type >= DHCP_DISCOVER && type <= DHCP_INFORM) {
		add_fields(out, type);
		add_options(out, type);
	} else {
		add_other_fields(out, s);
	}
}
