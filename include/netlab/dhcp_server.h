/* SPDX-License-Identifier: MIT */
/*
 * dhcp_server.h - the DHCP server, RFC 2131 section 4.3, as a pure machine.
 *
 * The table is per binding: what a client's binding is, what came, what it
 * becomes, what is answered.
 */
#ifndef NETLAB_DHCP_SERVER_H
#define NETLAB_DHCP_SERVER_H

#include <netlab/dhcp_machine.h>

/* What can come to a server; the four kinds of REQUEST are RFC 2131 section 4.3.2's. */
enum dhcp_server_trigger {
	DHCP_SERVER_ON_DISCOVER,
	DHCP_SERVER_ON_RAPID,		/* a DISCOVER that wants its lease at once (RFC 4039) */
	DHCP_SERVER_ON_SELECTING,
	DHCP_SERVER_ON_OTHER_SERVER,	/* a REQUEST that names another server */
	DHCP_SERVER_ON_INIT_REBOOT,
	DHCP_SERVER_ON_RENEWING,
	DHCP_SERVER_ON_REBINDING,
	DHCP_SERVER_ON_DECLINE,
	DHCP_SERVER_ON_RELEASE,
	DHCP_SERVER_ON_INFORM,
	DHCP_SERVER_ON_DEADLINE,	/* the binding's time is over */
	DHCP_SERVER_ON_CONFLICT,
	DHCP_SERVER_ON_BOOTP,		/* a message without option 53 (RFC 1534) */
	DHCP_SERVER_ON_LEASEQUERY,	/* RFC 4388 */
	DHCP_SERVER_ON_FORCERENEW,	/* the user wants the holder to renew (RFC 3203) */
};
#define DHCP_SERVER_TRIGGERS (DHCP_SERVER_ON_FORCERENEW + 1)

#define DHCP_SERVER_OPTIONS_MAX 40
#define DHCP_SERVER_VALUES_MAX 8192
#define DHCP_SERVER_SUBNETS_MAX 16
#define DHCP_SERVER_CLASSES_MAX 8
#define DHCP_SERVER_PROBES_MAX 32
#define DHCP_SERVER_PROBE_MS_MAX 10000
#define DHCP_SERVER_RESERVED_MAX 256
#define DHCP_SERVER_QUERIERS_MAX 8
#define DHCP_SERVER_SECRETS_MAX 24

/* One option that the server gives out; the value stands in dhcp_server_options.values. */
struct dhcp_server_value {
	uint8_t code;
	uint8_t forced;		/* sent whether asked for or not, and whatever its bytes */
	uint16_t off, len;
};

/**
 * struct dhcp_server_subnet - a subnet behind relay agents (RFC 2131 section 4.3.1)
 * @address: of the subnet, without host bits
 * @first: @last: its pool, both included; 0 and 0: none
 * @value: as those of the server's own link, and in the same dhcp_server_options.values
 */
struct dhcp_server_subnet {
	uint32_t address;
	uint8_t prefix_len;
	uint8_t n_values;
	uint32_t first, last;
	uint32_t default_lease_sec, min_lease_sec, max_lease_sec;
	struct dhcp_server_value value[DHCP_SERVER_OPTIONS_MAX];
};

/**
 * struct dhcp_reservation - an address that is kept for one client
 * @address: of one of the subnets, in its pool or outside
 * @id: option 61, or htype and chaddr, as in struct dhcp_binding. An address may
 *	stand twice, once with each
 * @id_is_circuit: @id is the circuit id of a relay agent (RFC 3046 section 3.1): for
 *	whoever is behind it, and has no address of its own
 * @host_name: option 12 for this client; "" for none
 */
struct dhcp_reservation {
	uint32_t address;
	uint8_t id_len;
	bool id_is_option, id_is_circuit;
	uint8_t id[DHCP_BINDING_ID_MAX];
	char host_name[64];
};

/**
 * struct dhcp_server_class - clients that get other options, or addresses of their own
 * @user: option 77, one of its classes (RFC 3004) or all of it; len 0: whichever
 * @vendor: option 60, or with @vendor_is_prefix how it begins; len 0: whichever
 * @enterprise: one of those in option 124 (RFC 3925); 0: whichever
 * @first: @last: a pool for its members alone, in one of the subnets and apart from
 *	all other pools: there they get new addresses from it, and from no other; 0
 *	and 0: none
 * @value: go before those of the subnet; in the same dhcp_server_options.values
 *
 * All that is given must fit. A client is of the first class that it fits.
 */
struct dhcp_server_class {
	uint8_t user_len, vendor_len;
	bool vendor_is_prefix;
	uint8_t n_values;
	uint8_t user[64], vendor[64];
	uint32_t enterprise;
	uint32_t first, last;
	struct dhcp_server_value value[DHCP_SERVER_OPTIONS_MAX];
};

/* Addresses that have their first bits in common. */
struct dhcp_server_querier {
	uint32_t address;
	uint8_t prefix_len;
};

/**
 * struct dhcp_server_options - what a server is told before it starts
 * @address: its own, on the interface that it serves
 * @prefix_len: of that subnet
 * @first: @last: the pool, both included; 0 and 0: none
 * @default_lease_sec: @min_lease_sec: @max_lease_sec: DHCP_INFINITY for ever;
 *	1 <= min <= default <= max
 * @offer_sec: how long an offer holds an address; at least 1
 * @decline_sec: how long a declined address rests; at least 1
 * @authoritative: answer NAK, where silence is the rule, to a client unknown that
 *	renews here or is on the wrong network
 * @trust_relay_info: option 82 is believed and given back where no relay agent put
 *	its address into giaddr (RFC 3046 section 2.1: a switch on this link did)
 * @next_server: siaddr; 0 for none. @boot_server: @boot_file: options 66 and 67 for
 *	those who ask, else sname and file; "" for none (RFC 2131 section 2)
 * @rapid_commit: a client that wants to may have its lease in two messages
 * @bootp: clients without DHCP get addresses of the pool too, for ever; else only
 *	those that are reserved for them (RFC 1534 section 2)
 * @no_auto_configure: a client that gets no address and asks is told to make none
 *	up for itself (RFC 2563)
 * @value: options of its own link from the scenario (router, DNS, ...); mask, times
 *	and server id are the machine's own
 * @subnet: others that it has addresses for, through relay agents; none may overlap
 * @probe_ms: before a new OFFER its address is asked for by ARP, and is offered if
 *	nobody has it after so long (RFC 2131 section 2.2); 0: no. DHCP_SERVER_PROBES_MAX
 *	at once, more are offered without. There is no rapid commit then
 * @reserved: one client may have one in each subnet; by client identifier goes
 *	before by hardware address
 * @class: in the order in which they are tried
 * @reserved_only: others than those clients are not served
 * @ignore_client_id: option 61 comes back, but clients are told apart by htype and
 *	chaddr alone
 * @querier: who may ask about leases (RFC 4388), by the giaddr to which the answer
 *	goes: section 7 wants others not to learn who is where
 * @secret: options that those are not told (RFC 4388 section 6.4.2), none of
 *	those that an answer must have
 * @force_renew: clients that can check it get a nonce, with which a FORCERENEW is
 *	signed (RFC 6704). It follows from @seed, which is then a secret
 * @max_bindings: most bindings that are held at once; the memory follows what is held
 */
struct dhcp_server_options {
	uint32_t address;
	uint8_t prefix_len;
	uint32_t first, last;
	uint32_t default_lease_sec, min_lease_sec, max_lease_sec;
	uint32_t offer_sec, decline_sec;
	bool authoritative;
	bool trust_relay_info;
	uint32_t next_server;
	char boot_server[64];
	char boot_file[128];
	bool rapid_commit;
	bool bootp;
	bool no_auto_configure;
	uint32_t probe_ms;
	uint8_t n_values;
	struct dhcp_server_value value[DHCP_SERVER_OPTIONS_MAX];
	uint8_t values[DHCP_SERVER_VALUES_MAX];
	uint8_t n_subnets;
	struct dhcp_server_subnet subnet[DHCP_SERVER_SUBNETS_MAX];
	uint16_t n_reserved;
	struct dhcp_reservation reserved[DHCP_SERVER_RESERVED_MAX];
	uint8_t n_classes;
	struct dhcp_server_class class[DHCP_SERVER_CLASSES_MAX];
	bool reserved_only;
	bool ignore_client_id;
	bool force_renew;
	uint8_t n_queriers;
	struct dhcp_server_querier querier[DHCP_SERVER_QUERIERS_MAX];
	uint8_t n_secrets;
	uint8_t secret[DHCP_SERVER_SECRETS_MAX];
	uint32_t max_bindings;
	uint64_t seed;
};

struct dhcp_server;

/* Bytes that a server of these options needs at first; 0 if they make no sense. */
size_t dhcp_server_size(const struct dhcp_server_options *opt);

/**
 * dhcp_server_init() - sets a server up in memory of the caller's
 * @mem: dhcp_server_size() bytes, aligned as malloc() does
 * @ret: @mem, as a server
 *
 * Return: 0, or -EINVAL for options that make no sense
 */
int dhcp_server_init(void *mem, const struct dhcp_server_options *opt, struct dhcp_server **ret);

/* Bytes that it has; a copy of so many is a snapshot. */
size_t dhcp_server_bytes(const struct dhcp_server *s);
/*
 * Bytes that would suit it better than those it has, before its next step: more,
 * as its leases become many, or less; 0: it is well as it is. Without more it
 * goes on, but forgets clients and turns new ones away before max_bindings.
 */
size_t dhcp_server_wants(const struct dhcp_server *s);
/* The same server in @mem, dhcp_server_wants() bytes; @s is left to the caller. */
struct dhcp_server *dhcp_server_move(void *mem, const struct dhcp_server *s);

/*
 * Return: 1 taken; 0 ignored (see @out->reason) or -errno, with the server untouched.
 * One DEADLINE ends all that is due; @out has notes of as many as it holds. OFFERs
 * that waited for a probe are sent one a DEADLINE: more of them are due at once.
 *
 * What outlives the server comes as a COMMIT: a lease given or extended (its ACK is in
 * the same step, behind it), given back, or declined. Offers bind nobody and are not
 * (RFC 2131 section 3.1); that a time is over follows from the record.
 */
int dhcp_server_step(struct dhcp_server *s, const struct dhcp_event *ev, struct dhcp_actions *out);

/* Everything but its options, as a server that was just set up: a crash. */
void dhcp_server_forget(struct dhcp_server *s);
/**
 * dhcp_server_restore() - one COMMIT of an earlier life (RFC 2131 section 2.1)
 * @b: all but expired ones come in the order in which they were committed
 * @more: NULL: nothing more is on record
 * @now: what is over by then is over
 *
 * The client and the address have this binding, and no other, from now on. Before
 * each the owner sees to the memory, as before a step.
 *
 * Return: 0; -EINVAL: no server commits such a binding; -ENOENT: its address is of
 * none of the subnets; -ENOSPC: there is no room for it
 */
int dhcp_server_restore(struct dhcp_server *s, const struct dhcp_binding *b,
			const struct dhcp_binding_more *more, uint64_t now);

/* DHCP_NEVER: none. */
uint64_t dhcp_server_deadline(const struct dhcp_server *s);
const struct dhcp_server_options *dhcp_server_options(const struct dhcp_server *s);
/* Is a PROBE for @address out? Whoever has it is to be told as a CONFLICT. */
bool dhcp_server_is_probing(const struct dhcp_server *s, uint32_t address);
/* Binding @i, in an order that holds until the next step; NULL past the end. */
const struct dhcp_binding *dhcp_server_binding(const struct dhcp_server *s, size_t i);
/* What is kept beside binding @i; NULL: nothing is, or past the end. */
const struct dhcp_binding_more *dhcp_server_binding_more(const struct dhcp_server *s, size_t i);
/*
 * The expired and released bindings, in the order in which each pool gives their
 * addresses to others: the one after @after (NULL: the first), or NULL.
 */
const struct dhcp_binding *dhcp_server_remembered(const struct dhcp_server *s,
						  const struct dhcp_binding *after);

/**
 * struct dhcp_pool_count - a pool at some time
 * @address: @prefix_len: its subnet
 * @first: @last: 0 and 0: it has no address
 * @size: addresses that can be given away; of which
 * @leased: or on offer; @free: for anybody
 */
struct dhcp_pool_count {
	uint32_t address;
	uint8_t prefix_len;
	uint32_t first, last;
	uint32_t size, leased, free;
};
/*
 * Pool @i at time @now: that of the server's own subnet, then those of the other
 * subnets, then those of the classes. False: past the last.
 */
bool dhcp_server_count(const struct dhcp_server *s, size_t i, uint64_t now,
		       struct dhcp_pool_count *ret);

const char *dhcp_binding_state_name(enum dhcp_binding_state s);
const char *dhcp_server_trigger_name(enum dhcp_server_trigger t);
bool dhcp_server_row(size_t i, struct dhcp_row *ret);
bool dhcp_server_ignores(enum dhcp_binding_state s, enum dhcp_server_trigger t,
			 struct dhcp_reason *ret);
bool dhcp_server_has_row(enum dhcp_binding_state s, enum dhcp_server_trigger t);

#endif
