/* SPDX-License-Identifier: MIT */
/*
 * scenario.h - a scenario file as a checked struct: nodes, cables, what runs
 * on them, what is expected of them.
 *
 * All addresses are in host byte order, all times in microseconds of lab
 * time unless the name says seconds. Nodes, interfaces and cables refer to
 * each other by index.
 */
#ifndef SCENARIO_SCENARIO_H
#define SCENARIO_SCENARIO_H

#include "base/addr.h"
#include "scenario/event.h"
#include "scenario/expect.h"
#include "scenario/fault.h"
#include "scenario/terms.h"

/**
 * struct scn_reservation - [DHCPServerStaticLease]: an address for one client
 * @mac: if @has_mac; of one with neither there is no such section
 * @client_id: option 61, type byte first; len 0: not told apart by it
 * @circuit_id: of a relay agent, for whoever is behind it; neither of the others then
 */
struct scn_reservation {
	struct place at;
	uint32_t address;
	bool has_mac;
	uint8_t mac[6];
	uint8_t client_id_len;
	uint8_t client_id[64];
	uint8_t circuit_id_len;
	uint8_t circuit_id[64];
	char host_name[64];	/* "" for none */
};

/* One option that a server gives out: to those who ask, or @forced to all. */
struct scn_option {
	struct place at;
	uint8_t code;
	bool forced;
	uint8_t len;
	uint8_t value[255];
};

/**
 * struct scn_class - [DHCPServerClass]: clients of one kind
 * @user: @vendor: "" for whichever; a '*' at @vendor's end stands for any rest
 * @enterprise: 0 for whichever
 * @first: @last: a pool for them alone; 0 and 0: none
 * @options: go before the server's
 */
struct scn_class {
	struct place at;
	char user[65], vendor[65];
	uint32_t enterprise;
	uint32_t first, last;
	size_t n_options;
	struct scn_option *options;
};

#define CLASSES_PER_SERVER 8
#define SUBNETS_PER_SERVER 16
#define RESERVED_PER_SERVER 128

struct scn_prefix {
	uint32_t address;
	uint8_t len;
};

/**
 * struct scn_server - [DHCPServer], with Emit*= already turned into options
 * @address: @prefix_len: its own, the interface's first
 * @first: @last: the pool; computed from PoolOffset/PoolSize or
 *	PoolStart/PoolEnd. Without any: the subnet's hosts, less the server's
 *	own address where that is the first or the last of them; inside the
 *	pool it is the server that leaves it out
 * @default_lease_sec: 1h unless told otherwise
 * @min_lease_sec: 2 s, so that T1 and T2 are whole seconds before the end
 * @max_lease_sec: 12h as systemd-networkd has it, or the default lease's time
 *	if that is longer
 * @offer_sec: 60 s
 * @authoritative: no, as RFC 2131 section 4.3.2 wants servers silent about
 *	clients that they do not know
 * @router: @dns: @ntp: what EmitRouter/EmitDNS/EmitNTP give out; n 0: not
 *	given out. A router is emitted where one is named by Router=, or where
 *	the node forwards (IPForward=yes): its own address then. DNS, NTP and
 *	time zone are emitted where they are named
 * @allow_unknown: yes: others than those with a reservation are served too
 * @ignore_client_id: no: clients are told apart by option 61 before the MAC address
 * @next_server: siaddr; 0 for none. @boot_server: @boot_file: "" for none
 * @probe_ms: ConflictDetection=: how long an address is asked for before it is
 *	offered; 0: no
 * @rapid_commit: yes, as systemd-networkd has it; @auto_configure: yes; @bootp: no
 * @force_renew: no; @queriers: who may ask about leases; n 0: nobody; @secret: which
 *	options those are not told
 * @persist_leases: yes: bindings outlive the server, not the lab
 * @options: no two of one code, and none of those that the server sets itself
 * @subnets: [DHCPServerSubnet], each with its own pool, times and lists, of which
 *	times, DNS, NTP and time zone are the server's where not given; @address is
 *	the subnet's. Without pool keys there is no pool: @first and @last 0
 * @classes: in the order of the file, the first that fits is a client's
 * @reserved: of the server's own link and of its subnets
 * Lease times in seconds, 2 to UINT32_MAX - 1, UINT32_MAX for ever; min <= default <= max.
 */
struct scn_server {
	struct place at;
	uint32_t address;
	uint8_t prefix_len;
	uint32_t first, last;
	uint32_t default_lease_sec, min_lease_sec, max_lease_sec;
	uint32_t offer_sec;
	bool authoritative;
	bool allow_unknown, ignore_client_id;
	size_t n_router, n_dns, n_ntp;
	uint32_t router[4], dns[6], ntp[6];
	char timezone[64];
	uint32_t next_server;
	char boot_server[64], boot_file[128];
	bool rapid_commit, auto_configure, bootp, persist_leases, force_renew;
	size_t n_queriers;
	struct scn_prefix queriers[8];
	uint8_t n_secrets;
	uint8_t secret[24];
	uint32_t probe_ms;
	size_t n_options, n_subnets, n_classes, n_reserved;
	struct scn_option *options;
	struct scn_server *subnets;
	struct scn_class *classes;
	struct scn_reservation *reserved;
};

#define RELAY_TARGETS 4

enum scn_relay_policy {
	SCN_RELAY_KEEP,
	SCN_RELAY_REPLACE,
	SCN_RELAY_DROP,
};

/**
 * struct scn_relay - [DHCPServer] with RelayTarget=: a relay agent's link with clients
 * @address: the interface's first
 * @giaddr: RelayAddress=, an address of the node's; 0: @address
 * @circuit_id: @remote_id: of option 82; len 0: not added
 * @server_id_override: @trusted: no
 * @hops_max: 16; @secs_min: 0; @max_size: 1500 bytes of IP datagram
 */
struct scn_relay {
	struct place at;
	uint32_t address, giaddr;
	uint8_t n_targets;
	uint32_t target[RELAY_TARGETS];
	uint8_t circuit_id_len, remote_id_len;
	uint8_t circuit_id[64], remote_id[64];
	bool server_id_override, trusted;
	enum scn_relay_policy policy;
	uint8_t hops_max;
	uint16_t secs_min, max_size;
};

/* SendFQDN=; RFC 4702 */
enum scn_fqdn {
	SCN_FQDN_NO,
	SCN_FQDN_SERVER,
	SCN_FQDN_CLIENT,
	SCN_FQDN_NOBODY,
};

/* LinkLocalAddressing=; RFC 3927 */
enum scn_link_local {
	SCN_LINK_LOCAL_NO,
	SCN_LINK_LOCAL_FALLBACK,	/* when no server answers */
	SCN_LINK_LOCAL_IPV4,		/* whenever there is no lease */
};

#define SCN_CLIENT_ID_MAX 64

/**
 * struct scn_client - DHCP=ipv4 and [DHCPv4]
 * @users: interfaces that share it: many clients of one kind have one
 * @sends_node_name: the host name is the node's; @host_name is "" then
 * @client_id: option 61, type byte first; len 0: the MAC address, or a DUID if @by_duid
 * @request: option codes, no two alike; n 0: the usual list
 * @use_gateway: @use_dns: @use_routes: yes, but no for the caller's node, which
 *	takes an address only; @use_mtu: no
 * @broadcast: no; @send_release: yes
 * @route_metric: of the lease's routes; 1024 as systemd-networkd has it
 * @start_delay: microseconds before it starts
 * @request_address: of an old lease, which it asks for again; 0: none
 * @detect_conflicts: no; as RFC 5227 has it, or with one probe and a wait of
 *	@conflict_wait microseconds, if that is not 0
 * @send: options beyond its own: code, length, value, and so on
 * @servers: only these may give an address (@only_servers), or all but these
 * @collect: microseconds that it waits for more offers; 0: it takes the first
 * @max_attempts: DISCOVERs without an answer before it ends; 0: for ever
 * @rapid_commit: @force_renew: no
 * @lease_file: name of the file that keeps its lease; "" for none
 * @link_local: of [Network]; no
 * @fqdn: the name goes as option 81, and who shall tell the DNS
 * @goes_without: an [Expect] wants it to get no lease, so nobody waits for one
 */
struct scn_client {
	uint32_t users;
	bool sends_node_name;
	struct place at;
	uint8_t client_id[SCN_CLIENT_ID_MAX];
	uint8_t client_id_len;
	bool by_duid;		/* see scn_client_id() */
	char host_name[64];	/* HostName=; "": none */
	uint8_t request[24];
	uint8_t n_request;
	bool use_gateway, use_dns, use_routes, use_mtu;
	bool broadcast;
	bool send_release;
	uint32_t route_metric;
	uint64_t start_delay;
	uint32_t request_address;
	bool detect_conflicts;
	uint64_t conflict_wait, collect;
	uint8_t send[120];
	uint8_t n_send;
	uint8_t n_servers;
	struct scn_prefix servers[8];
	bool only_servers;
	uint8_t max_attempts;
	bool rapid_commit, force_renew;
	char lease_file[64];
	enum scn_fqdn fqdn;
	enum scn_link_local link_local;
	bool goes_without;
};

/**
 * struct scn_emulator - [NetworkEmulator]: what happens to what an interface sends
 * @delay: @jitter: microseconds; each frame is late by @delay, and up to @jitter more or less
 * @loss: @duplicate: of a million frames
 */
struct scn_emulator {
	uint64_t delay, jitter;
	uint32_t loss, duplicate;
};

/**
 * struct scn_iface - one end of a cable
 * @node: index
 * @peer: index of the interface at the cable's other end
 * @cable: index
 * @mac: from the seed and the name, or MACAddress=
 * @mtu: 0: the kernel's
 * @server: @relay: @client: @emulator: NULL for none: a port of a switch, of which
 *	there are as many as clients, has no part of them
 * @trusted: TrustedPort= of a switch names it
 * @masquerade: what comes from its subnets and goes elsewhere leaves with the node's address
 */
struct scn_iface {
	struct place at;
	char name[IF_NAME_MAX];
	char label[PLACE_NAME_MAX];	/* "node:if", as places are written everywhere */
	size_t node, peer, cable;
	uint8_t mac[6];
	bool trusted, masquerade;
	unsigned int mtu;
	uint32_t n_addresses, n_routes;
	struct scn_address *addresses;
	struct scn_route *routes;
	struct scn_server *server;
	struct scn_relay *relay;
	struct scn_client *client;
	struct scn_emulator *emulator;
};

/* Does a machine of netlab's run on it? */
static inline bool scn_has_machine(const struct scn_iface *i)
{
	return i->server || i->relay || i->client;
}

/* A client that is to have a lease before the lab is said to be up. */
static inline bool scn_is_awaited(const struct scn_iface *i)
{
	return i->client && !i->client->goes_without;
}

enum scn_node_kind {
	SCN_HOST,
	SCN_SWITCH,	/* a bridge in a namespace of its own */
};

/**
 * struct scn_node - one machine
 * @netns: name of its namespace, LAB-NAME unless told otherwise, no two alike;
 *	"" for the caller's (@is_caller); NULL for one that scenario_multiply() added
 * @snooping: DHCPSnooping= of a switch; @leases_per_port: 0: no limit
 */
struct scn_node {
	struct place at;
	enum scn_node_kind kind;
	char name[NODE_NAME_MAX];
	char *netns;
	bool is_caller;
	bool ip_forward, has_relay;
	bool snooping;
	uint32_t leases_per_port;
	size_t n_ifaces;
	size_t *ifaces;		/* indexes */
};

/**
 * struct scn_cable - two interfaces
 * @wire: what is on it is to be judged frame by frame (an impairment, a fault, a switch
 *	that snoops), so in a lab it goes through the agent
 */
struct scn_cable {
	struct place at;
	size_t a, b;		/* interfaces, in the order in which they were written */
	bool wire;
};

enum scn_lesson_part {
	SCN_LESSON_GOAL,
	SCN_LESSON_DO,
	SCN_LESSON_LOOK,
	SCN_LESSON_QUESTION,
	SCN_LESSON_REMEMBER,
};
#define SCN_LESSON_PARTS (SCN_LESSON_REMEMBER + 1)

/* One paragraph of [Lesson]. */
struct scn_paragraph {
	enum scn_lesson_part part;
	char *text;	/* owned */
};

#define SCENARIO_SEED 7		/* where nobody names one: walkthroughs look the same everywhere */

/**
 * struct scenario - a checked scenario
 * @has_seed: the file or the command line names @seed; else it is SCENARIO_SEED
 * @lesson_number: its place in the workshop, 0: none
 * @lesson: in the order of the file
 * @solution: --set words that mend what the file has broken on purpose; owned
 */
struct scenario {
	char name[NODE_NAME_MAX];
	char title[160], objective[400], level[32];
	uint64_t seed;
	bool has_seed;
	double speed;		/* 1.0 unless Speed= */
	size_t n_nodes, n_ifaces, n_cables, n_expects, n_tasks, n_events, n_faults;
	struct scn_node *nodes;
	struct scn_iface *ifaces;
	struct scn_cable *cables;
	struct scn_expect *expects;
	struct scn_fault *faults;
	struct scn_event *events;	/* in the order of their times */
	struct scn_task *tasks;
	unsigned int lesson_number;
	size_t n_lesson, n_solution;
	struct scn_paragraph *lesson;
	char **solution;
};

/**
 * struct scenario_options - what the command line adds
 * @name: of the lab, in names of namespaces
 * @seed: used if @has_seed, over the file's; without either it is SCENARIO_SEED
 * @set: "Section INSTANCE.Key=Value" (--set), @n_set of them; errors in them
 *	are reported at line 0, column 0. A value given so takes the place of
 *	the file's, a list's too
 */
struct scenario_options {
	const char *name;
	uint64_t seed;
	bool has_seed;
	const char *const *set;
	size_t n_set;
};

/**
 * scenario_parse() - text to a checked scenario
 * @diags: every error of the file, sorted
 * @ret: filled on success only; free it with scenario_free()
 *
 * Return: 0, -EINVAL (see @diags), -ENOMEM
 */
int scenario_parse(const char *text, size_t len, const struct scenario_options *opt,
		   struct scenario **ret, struct diags *diags);
/* NULL allowed; returns NULL. */
struct scenario *scenario_free(struct scenario *s);
static inline void cleanup_scenariop(struct scenario **s)
{
	scenario_free(*s);
}
#define cleanup_scenario CLEANUP(cleanup_scenariop)

/* Index of a node or interface by name ("node:if"), NONE if there is none. */
size_t scenario_node(const struct scenario *s, const char *name);
size_t scenario_iface(const struct scenario *s, const char *label);

/* What the log says when @e happens: "host:eth0: event walk: its link goes down". */
void scn_event_text(const struct scenario *s, const struct scn_event *e,
		    char ret[static SCN_EVENT_TEXT]);

/* The name of a node's namespace where it has none of its own: "LAB-NODE", or NULL; to be freed. */
char *scenario_netns_name(const char *lab, const char *node);

/* Option 61 of a client, in @ret; its length, 0: the machine's own, by the MAC address. */
size_t scn_client_id(const struct scenario *s, const struct scn_iface *iface,
		     uint8_t ret[static SCN_CLIENT_ID_MAX]);

/* The name that a client sends; "" for none. */
static inline const char *scn_host_name(const struct scenario *s, const struct scn_iface *i)
{
	return i->client->sends_node_name ? s->nodes[i->node].name : i->client->host_name;
}

/* LeaseFile= of an interface's client; "" for none, and where there is no client. */
static inline const char *scn_lease_file(const struct scn_iface *i)
{
	return i->client ? i->client->lease_file : "";
}

/* "a:x--b:y", the ends in the order in which they were written. */
void scenario_cable_name(const struct scenario *s, size_t cable, char ret[static CABLE_NAME_MAX]);

/*
 * Where only a program of somebody else's can speak DHCP: an interface without a machine of
 * the scenario, nor a relay agent of its beside it. What a router just passes on comes from an
 * address that is not the router's, unless it masquerades: then nobody can tell, and it is none.
 */
bool scenario_is_guest(const struct scenario *s, size_t iface);
/* The cables of all of them become wires, so that what such a program sends can be held. */
void scenario_wire_guests(struct scenario *s);

/* A file's name or a word that can be a lab's name: letters, digits, '-', '_', '.'; 1..31 bytes. */
bool scenario_is_name(const char *name);

#endif
