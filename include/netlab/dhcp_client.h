/* SPDX-License-Identifier: MIT */
/*
 * dhcp_client.h - the DHCP client, RFC 2131 figure 5, as a pure machine.
 *
 * What the RFC leaves open: the first good offer wins, unless the user has them
 * collected for a while. A REQUEST that four
 * tries brought no answer for gives up; so does INIT-REBOOT, unless the lease
 * is still on the interface: then it is kept. After a NAK comes a pause of about
 * 1 s, doubled by each further NAK until a lease comes; after a DECLINE one of
 * 10 s, from the tenth on of 60 s (RFC 5227 section 2.1.1). An address in
 * use is defended once in 10 s (RFC 5227 section 2.4 (b)). An INFORM in BOUND is
 * sent four times at most, elsewhere once. Leases count from the first REQUEST
 * of an exchange, so that no delayed ACK can make a client outlive its lease.
 */
#ifndef NETLAB_DHCP_CLIENT_H
#define NETLAB_DHCP_CLIENT_H

#include <netlab/dhcp_machine.h>

/*
 * RFC 2131 figure 5. A client waits for START in INIT, or in INIT_REBOOT if it
 * was told an old address; STOPPED is where STOP leaves it. A client that has
 * released its lease is in INIT with no deadline: it waits for START again.
 */
enum dhcp_client_state {
	DHCP_CLIENT_STOPPED,
	DHCP_CLIENT_INIT,
	DHCP_CLIENT_SELECTING,
	DHCP_CLIENT_REQUESTING,
	DHCP_CLIENT_BOUND,
	DHCP_CLIENT_RENEWING,
	DHCP_CLIENT_REBINDING,
	DHCP_CLIENT_INIT_REBOOT,
	DHCP_CLIENT_REBOOTING,
};
#define DHCP_CLIENT_STATES (DHCP_CLIENT_REBOOTING + 1)

/* What can happen to a client, after the filters: the columns of its table. */
enum dhcp_client_trigger {
	DHCP_CLIENT_ON_START,
	DHCP_CLIENT_ON_OFFER,
	DHCP_CLIENT_ON_ACK,
	DHCP_CLIENT_ON_NAK,
	DHCP_CLIENT_ON_DEADLINE,
	DHCP_CLIENT_ON_CONFLICT,
	DHCP_CLIENT_ON_STOP,
	DHCP_CLIENT_ON_RELEASE,
	DHCP_CLIENT_ON_RENEW,
	DHCP_CLIENT_ON_REBIND,
	DHCP_CLIENT_ON_RESTART,
	DHCP_CLIENT_ON_DECLINE,
	DHCP_CLIENT_ON_INFORM,
	DHCP_CLIENT_ON_LINK_UP,
	DHCP_CLIENT_ON_FORCERENEW,
};
#define DHCP_CLIENT_TRIGGERS (DHCP_CLIENT_ON_FORCERENEW + 1)

#define DHCP_CLIENT_ID_MAX 64
#define DHCP_CLIENT_REQUEST_MAX 24
#define DHCP_CLIENT_SEND_MAX 120
#define DHCP_CLIENT_SERVERS_MAX 8

/* RFC 4702: who shall tell the DNS of the client's name. */
enum dhcp_fqdn {
	DHCP_FQDN_NO,		/* the name goes as option 12, if at all */
	DHCP_FQDN_SERVER,
	DHCP_FQDN_CLIENT,
	DHCP_FQDN_NOBODY,
};

#define DHCP_NONCE_LEN 16

/* Addresses that have their first @len bits in common. */
struct dhcp_prefix {
	uint32_t address;
	uint8_t len;
};

/**
 * struct dhcp_client_options - what a client is told before it starts
 * @mac: of its Ethernet interface
 * @client_id: value of option 61, type byte first; @client_id_len 0: 1 and the MAC address
 * @host_name: option 12; "" for none
 * @fqdn: @host_name goes as option 81, not as 12 (RFC 4702 section 3.1)
 * @request: option 55, in this order; @n_request 0: the usual list
 * @send: options of the user's choice, one after the other: code, length, value.
 *	None that the client writes itself
 * @servers: only these may give an address (@only_servers), or all but these
 * @max_attempts: DISCOVERs that nobody answers before the client ends; 0: for ever
 * @rapid_commit: an ACK may be the answer to a DISCOVER (RFC 4039)
 * @force_renew: a server may have the lease renewed, if it signs that (RFC 6704)
 * @auto_configure: who owns it makes up an address for it if there is no lease, and
 *	says so; see @no_auto_configure of struct dhcp_client (RFC 2563)
 * @broadcast: ask for broadcast replies (RFC 2131 section 4.1)
 * @release_on_stop: STOP sends a RELEASE
 * @conflict_probes: ARP probes before an address is used, and announcements
 *	after (RFC 5227); 0: none. The RFC has 3
 * @conflict_wait: microseconds to wait for an answer to the last probe, the first
 *	being sent at once; 0: the RFC's times
 * @collect: microseconds: how long to collect offers before one is taken: the first
 *	that came, or that of the address of before, which is waited for no longer
 *	than it takes to come (RFC 2131 section 4.4.1); 0: the first wins at once
 * @init_delay: microseconds: wait at most this long in INIT, and at least 1 s if
 *	that is not longer (RFC 2131 section 4.4.1 says 1 to 10 s); 0: none
 * @reboot_address: the address of an old lease: start in INIT-REBOOT; 0: none
 * @seed: same seed, same packets
 */
struct dhcp_client_options {
	uint8_t mac[6];
	uint8_t client_id[DHCP_CLIENT_ID_MAX];
	uint8_t client_id_len;
	char host_name[64];
	enum dhcp_fqdn fqdn;
	uint8_t request[DHCP_CLIENT_REQUEST_MAX];
	uint8_t n_request;
	uint8_t send[DHCP_CLIENT_SEND_MAX];
	uint8_t n_send;
	uint8_t n_servers;
	struct dhcp_prefix servers[DHCP_CLIENT_SERVERS_MAX];
	bool only_servers;
	uint8_t max_attempts;
	bool rapid_commit, force_renew;
	bool auto_configure;
	bool broadcast;
	bool release_on_stop;
	uint8_t conflict_probes;
	uint64_t conflict_wait;
	uint64_t collect;
	uint64_t init_delay;
	uint32_t reboot_address;
	uint64_t seed;
};

/**
 * struct dhcp_client - one client
 * @state: RFC 2131's
 * @deadline: send DHCP_EVENT_DEADLINE at this time; DHCP_NEVER: at none
 * @lease: what it holds (or asks for, in REQUESTING and REBOOTING; or will, in SELECTING
 *	while it collects offers); address 0: nothing
 * @no_auto_configure: a server said that it shall have no address that nobody gave
 *	(RFC 2563); until the next exchange begins
 * @t1: @t2: @expires: microseconds on the caller's clock; DHCP_NEVER for ever
 *
 * The rest is the machine's own. No pointers: a copy is a snapshot.
 */
struct dhcp_client {
	enum dhcp_client_state state;
	uint64_t deadline;
	struct dhcp_config lease;
	uint64_t t1, t2, expires;
	struct dhcp_client_options opt;
	uint64_t prng;
	uint32_t xid;
	uint64_t exchange_start;	/* for secs */
	uint64_t request_sent;		/* leases count from here, RFC 2131 section 4.4.1 */
	uint16_t discover_secs;		/* the REQUEST carries the DISCOVER's, section 3.1 */
	uint8_t attempt;		/* transmissions of this message */
	uint8_t probes_left, announcements_left;
	uint64_t announce_at;		/* the next announcement */
	uint64_t retry_at;		/* the next REQUEST, in RENEWING and REBINDING */
	uint64_t defended_until;	/* a conflict before this is the second in 10 s */
	uint32_t last_address;		/* option 50 of the next DISCOVER */
	uint64_t reboot_until;		/* START may ask for @last_address again before this */
	uint32_t inform_xid;		/* of an INFORM that nobody answered yet; 0: none */
	uint64_t inform_again;		/* in BOUND: when it is sent again */
	uint8_t inform_attempt;
	uint8_t refusals;		/* NAKs since the last lease: the pause grows */
	uint8_t conflicts;		/* DECLINEs since the machine was made, up to 10 */
	bool has_nonce;			/* @nonce is what a FORCERENEW is signed with */
	bool nonce_promised;		/* by the OFFER: the ACK must have it */
	uint8_t nonce[DHCP_NONCE_LEN];
	uint64_t replay;		/* of the last FORCERENEW, or the nonce's */
	bool no_auto_configure;
	bool ipv6_only;			/* in INIT: no IPv4 for a while (RFC 8925) */
	bool configured;		/* @lease is on the interface */
	bool probing;			/* @lease is ours unless somebody answers a probe */
};

/**
 * dhcp_client_init() - a client that waits for START
 * @c: in INIT, or in INIT_REBOOT if @opt names an old address
 *
 * Two clients with the same seed and different MAC addresses draw different
 * numbers.
 *
 * Return: 0, or -EINVAL for options that make no sense
 */
int dhcp_client_init(struct dhcp_client *c, const struct dhcp_client_options *opt);

/**
 * dhcp_client_step() - one event
 * @c: untouched if the event is ignored or fails
 * @out: filled anew; @out->reason says which arrow was taken, or why none
 *
 * Return: 1 taken, 0 ignored, -EINVAL for an event that is none
 */
int dhcp_client_step(struct dhcp_client *c, const struct dhcp_event *ev, struct dhcp_actions *out);

/* The usual option 55, for those who want to ask for less or more of it. */
const uint8_t *dhcp_client_usual_request(size_t *ret_n);

/* "SELECTING"; never NULL. */
const char *dhcp_client_state_name(enum dhcp_client_state s);
const char *dhcp_client_trigger_name(enum dhcp_client_trigger t);

/* The table, for `netlab explain client` and the tests: row @i, false past the end. */
bool dhcp_client_row(size_t i, struct dhcp_row *ret);

/*
 * Is the pair on the list of what is ignored on purpose? Then why (the reason
 * that holds when none before it does). A pair whose rows all have a guard is
 * on this list too, for when no guard holds. NULL @ret allowed.
 */
bool dhcp_client_ignores(enum dhcp_client_state s, enum dhcp_client_trigger t,
			 struct dhcp_reason *ret);
bool dhcp_client_has_row(enum dhcp_client_state s, enum dhcp_client_trigger t);

#endif
