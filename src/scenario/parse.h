/* SPDX-License-Identifier: MIT */
/*
 * parse.h - what the parts of the scenario parser share. Nobody outside
 * src/scenario includes it.
 *
 * The sections and keys are tables (struct section_def, struct key_def). Each
 * key's setter checks the value by itself and keeps it, with its place, in a
 * raw_* struct. When all was read, the *_finish() functions turn the raw
 * values into the scenario, with the checks that need more than one of them.
 */
#ifndef SCENARIO_PARSE_H
#define SCENARIO_PARSE_H

#include "scenario/array.h"
#include "scenario/index.h"
#include "scenario/ini.h"
#include "scenario/scenario.h"

#define NODES_MAX 4096
#define CABLES_MAX 8192
#define SWITCH_PORTS_MAX 4000	/* four bridges of SWITCH_BRIDGE_PORTS */
#define SETTINGS_MAX (1u << 18)	/* values given to an object: globs and ranges multiply */
#define COMPARED_MAX (1u << 24)	/* names held against a glob */

/**
 * struct given - one value, and whether and where somebody gave it
 * @section: serial number of the section that did, 0: none
 * @broad: that section named its objects by a glob or a range
 * @wrong: it was given, and reported; nobody need complain that it is missing
 * @value: number, address, microseconds, bool: as the key's setter has it
 * @len: of a prefix
 * @text: of a text
 */
struct given {
	size_t section;
	bool broad, wrong;
	uint8_t len;
	struct place at;
	uint64_t value;
	const char *text;
};

/* One element of a list; @value and @len as in struct given. */
struct item {
	struct place at;
	uint32_t value;
	uint8_t len;
};

static inline bool is_given(const struct given *g)
{
	return g->section || g->wrong;
}

struct list {
	bool wrong;	/* as in struct given */
	size_t n;
	struct item *item;
};

/**
 * struct value - a value on its way to a setter
 * @text: with its ranges expanded
 * @raw: as written, for its place; word by word the same
 */
struct value {
	const char *text, *raw;
};

/* Texts that a key gave; they live as long as the parse. */
struct raw_texts {
	size_t n;
	const char **text;
};

/* One file, or one --set. */
struct source {
	struct ini_file ini;
	const char *set;	/* NULL: the file */
};

struct raw_lab {
	struct given version, title, objective, level, seed, speed;
	struct raw_texts solution;
};

struct raw_node {
	struct given netns;
	struct given snooping, trusted, leases_per_port;
};

struct raw_matches {
	bool wrong;	/* as in struct given */
	size_t n;
	struct scn_match item[SCN_MATCHES_MAX];
};

struct raw_options {
	bool wrong;	/* as in struct given */
	size_t n;
	struct scn_option *item;
};

struct raw_server {
	struct place at;
	struct given pool_offset, pool_size, pool_start, pool_end;
	struct given default_lease, min_lease, max_lease, offer;
	struct given emit_dns, emit_router, emit_ntp, emit_timezone, timezone, authoritative;
	struct given allow_unknown, ignore_client_id;
	struct given next_server, boot_server, boot_file, rapid_commit, auto_configure,
		bootp, persist_leases, force_renew;
	struct given domain, portal, ipv6_only, conflict_detection;
	struct raw_options send, vendor, search, routes;
	struct list dns, router, ntp, queriers, secrets;
	struct list relay_targets;
	struct given circuit_id, remote_id, relay_address, relay_override, relay_trusted;
	struct given relay_policy, relay_hops, relay_secs, relay_size;
};

/* One [DHCPServerSubnet] section for one interface. */
struct raw_subnet {
	size_t iface;
	struct given subnet;
	struct raw_server server;
};

/* One [DHCPServerClass] section for one interface. */
struct raw_class {
	size_t iface;
	struct given user, vendor, enterprise;
	struct raw_server server;	/* its pool and options */
};

/* One [DHCPServerStaticLease] section for one interface. */
struct raw_reservation {
	struct place at;
	size_t iface;
	struct given mac, client_id, circuit_id, address, host_name;
};

struct raw_client {
	struct place at;
	struct given host_name, send_host_name, client_id;
	struct given use_dns, use_gateway, use_routes, use_mtu;
	struct given broadcast, send_release, route_metric, start_delay, request_address;
	struct given collect;
	struct given conflict, attempts, rapid_commit, force_renew, fqdn, lease_file;
	struct given vendor_class, user_class;
	struct list request, send, deny, allow;
};

/* One [Address] or [Route] section for one interface. */
struct raw_object {
	struct place at;
	size_t iface;
	struct given address, destination, gateway, metric;
};

struct raw_iface {
	size_t section;		/* serial of the last section that named it */
	struct place at;	/* of the first [Network] */
	struct list addresses;
	struct given gateway, dhcp, dhcp_server, ip_forward, masquerade, link_local;
	struct given mac, mtu;
	struct given delay, jitter, loss, duplicate;
	struct raw_server *server;
	struct raw_client *client;
};

struct raw_expect {
	struct place at;
	struct given node, state, address, server, router, dns, lease, same, ping, route;
	struct given no_address, message, from, count;
	struct given after, within, phase, points, hint;
	struct list messages;
	struct raw_matches fields, options;
};

struct raw_task {
	struct given ask, answer, points, hint;
};

struct raw_lesson {
	struct given number;
	struct raw_texts part[SCN_LESSON_PARTS];
};

struct raw_fault {
	struct place at;
	struct given type, node, direction, message, count, rate, after, delay, restart, forge;
	struct given address, pool_offset, pool_size, router, dns, lease;
};

struct raw_event {
	struct place at;
	struct given node, action, after, to;
};

struct raw_cable {
	const char *end[2];	/* "NODE:IF" */
	struct place at[2];
};

struct parse {
	struct scenario *s;
	const struct scenario_options *opt;
	struct diags *diags;
	size_t n_sources;
	struct source *sources, *source;	/* all; the one that is being read */

	/* the section that is being read */
	size_t section;			/* serial, from 1 */
	bool broad;

	struct raw_lab lab;
	struct place lab_at;
	struct raw_node *nodes;		/* beside s->nodes, and so on */
	struct raw_iface *ifaces;
	struct raw_expect *expects;
	struct raw_fault *faults;
	struct raw_event *events;
	struct raw_task *tasks;
	struct raw_lesson lesson;
	size_t n_cables, n_addresses, n_routes;
	struct raw_cable *cables;
	struct raw_object *addresses, *routes;
	size_t n_subnets, n_classes, n_reserved;
	struct raw_subnet *subnets;
	struct raw_class *classes;
	struct raw_reservation *reserved;
	struct index node_index, iface_index, expect_index, task_index, event_index, fault_index;

	size_t expanded, compared, settings;	/* against EXPAND_MAX and its like */
	size_t n_kept;
	char **kept;
};

/* What a setter may have to know of its row. */
struct key_def {
	const char *name;
	int (*set)(struct parse *p, const struct key_def *key, void *field, const struct value *v);
	size_t offset;		/* of its struct given or struct list in the object */
	uint64_t min, max;	/* of numbers, seconds, bytes of a text */
	void (*clear)(struct parse *p, void *field);	/* of a list; NULL: one value is meant */
	bool plain;		/* a text: brackets in it are no ranges */
};

enum section_kind {
	SECTION_ONE,	/* no instances: the lab's only one */
	SECTION_DECLARE,	/* its instances are new names */
	SECTION_IFACE,	/* its instances are interfaces that cables made */
};

/* In this order they are read, whatever theirs in the file: each needs the ones before. */
enum section_phase {
	PHASE_LAB,
	PHASE_NODES,
	PHASE_WIRING,
	PHASE_REST,
};
#define PHASES (PHASE_REST + 1)

/**
 * struct section_def - one section
 * @declare: SECTION_DECLARE: the index of object @name in @ret, made if it is new
 * @object: what its keys' offsets count from, for object @index; NULL: no memory.
 *	It is asked once a section and object
 */
struct section_def {
	const char *name;
	enum section_phase phase;
	enum section_kind kind;
	const struct key_def *keys;
	size_t n_keys;
	int (*declare)(struct parse *p, const char *name, struct place at, size_t *ret);
	void *(*object)(struct parse *p, size_t index, struct place at);
};

extern const struct section_def lab_section;
extern const struct section_def node_section, switch_section;
extern const struct section_def wiring_section;
extern const struct section_def network_section, link_section, address_section, route_section;
extern const struct section_def dhcp_server_section;
extern const struct section_def dhcp_subnet_section, dhcp_class_section;
extern const struct section_def dhcp_static_section;
extern const struct section_def dhcp_client_section;
extern const struct section_def expect_section, task_section;
extern const struct section_def lesson_section;
extern const struct section_def emulator_section, fault_section;
extern const struct section_def event_section;

/* parse.c: all sections of all sources, in the order of the phases. 0 or -ENOMEM. */
int parse_sections(struct parse *p);

/* Reports an error at @at; for a --set, as one of it. Always -EINVAL. */
int bad(struct parse *p, struct place at, const char *fmt, ...) PRINTF_LIKE(3, 4);
/* Likewise, with the key's name in front: "Seed=: ...". */
int bad_key(struct parse *p, const struct key_def *key, const struct value *v, const char *fmt, ...)
	PRINTF_LIKE(4, 5);
/* Place of a byte of the source that is being read. */
struct place place_of(const struct parse *p, const char *s);
/* "; did you mean PREFIXnearestSUFFIX?", or "", which lives as long as @p. */
const char *did_you_mean(struct parse *p, const char *word, const char *const *words, size_t n,
			 const char *prefix, const char *suffix);
/* A copy that lives as long as @p; NULL when memory ran out. */
const char *keep(struct parse *p, const char *s);

/* names.c: interfaces and nodes by name, with an error at @at that names the nearest. */
int find_node(struct parse *p, const char *name, struct place at, size_t *ret);
int find_iface(struct parse *p, const char *label, struct place at, size_t *ret);
/* Letters, digits, '-', '_', '.', the first a letter or digit; 1 to @max bytes. */
bool is_plain_name(const char *s, size_t max);

/* value.c: setters that more than one section uses. */
int set_text(struct parse *p, const struct key_def *key, void *field, const struct value *v);
int set_bool(struct parse *p, const struct key_def *key, void *field, const struct value *v);
/* yes, no, or ipv4 for yes */
int set_bool4(struct parse *p, const struct key_def *key, void *field, const struct value *v);
int set_number(struct parse *p, const struct key_def *key, void *field, const struct value *v);
/* Whole seconds, UINT32_MAX for ever if @key->max allows it. */
int set_seconds(struct parse *p, const struct key_def *key, void *field, const struct value *v);
/* Microseconds; @min and @max too. */
int set_time(struct parse *p, const struct key_def *key, void *field, const struct value *v);
/* The address of a host. */
int set_ip4(struct parse *p, const struct key_def *key, void *field, const struct value *v);
/* An interface's address with its prefix: neither the subnet's own nor its broadcast address. */
int parse_iface_address(struct parse *p, const struct key_def *key, const struct value *v,
			uint32_t *ret, uint8_t *ret_len);
/* A prefix without host bits; "default" is 0.0.0.0/0. */
int parse_destination(struct parse *p, const struct key_def *key, const struct value *v,
		      uint32_t *ret, uint8_t *ret_len);
/* Six bytes as a number: of an interface, no group. */
int set_mac(struct parse *p, const struct key_def *key, void *field, const struct value *v);
void mac_from_number(uint64_t number, uint8_t ret[static 6]);
#define CLIENT_ID_MAX sizeof(((struct scn_client *)0)->client_id)
/* mac, id:TEXT or hex:01:02:...; a text that parse_client_id() reads. */
int set_client_id(struct parse *p, const struct key_def *key, void *field, const struct value *v);
/* Bytes in @ret; 0 for mac, -1 for what is none. */
int parse_client_id(const char *s, uint8_t ret[static CLIENT_ID_MAX]);
int set_host_name(struct parse *p, const struct key_def *key, void *field, const struct value *v);
/* A struct raw_texts: one more text, none. */
int append_text(struct parse *p, const struct key_def *key, void *field, const struct value *v);
void clear_texts(struct parse *p, void *field);
void clear_list(struct parse *p, void *field);
/* Was anything put into the list, if only something wrong? */
bool list_is_given(const struct list *l);
int list_add(struct list *l, struct place at, uint32_t value, uint8_t len);
/* The next word of @v in @ret; @v moves on. Return: 1, 0 at the end, -ENOMEM. */
int next_word(struct parse *p, struct value *v, struct value *ret);
/* Copies a text, each run of white space (a joined line has them) made one space. */
void copy_text(char *dst, size_t size, const struct given *g);

/* sec_expect_match.c: a struct raw_matches. */
int add_field_match(struct parse *p, const struct key_def *key, void *field, const struct value *v);
int add_option_match(struct parse *p, const struct key_def *key, void *field,
		     const struct value *v);
void clear_matches(struct parse *p, void *field);
/* A struct list of messages. */
int add_messages(struct parse *p, const struct key_def *key, void *field, const struct value *v);
/* One message by its name: option 53's value. */
int set_message(struct parse *p, const struct key_def *key, void *field, const struct value *v);
/* "N", "N-M", "N-": kept as the first above the last one. */
int set_count(struct parse *p, const struct key_def *key, void *field, const struct value *v);
/* The field that an answer may be, "option N" not. -EINVAL reported. */
int find_field(struct parse *p, const struct key_def *key, const struct value *word,
	       bool is_answer, enum scn_field *ret);
/* The number of an option, 1 to 254. -EINVAL reported. */
int find_option(struct parse *p, const struct key_def *key, const struct value *word,
		uint8_t *ret);
/* A place by its name, NODE or NODE:IF, and NONE in @ret_iface for the former. */
int find_place(struct parse *p, const char *name, struct place at, size_t *ret_node,
	       size_t *ret_iface);

/* First and last address that a host of the subnet can have. */
void subnet_hosts(uint32_t address, uint8_t len, uint32_t *ret_first, uint32_t *ret_last);

/* RFC 2132 section 9.6: option 53's value is the index. */
#define MESSAGE_NAMES 9
extern const char *const message_names[MESSAGE_NAMES];

/* When all was read: 0, or -ENOMEM; errors go to the diags. */
int lab_finish(struct parse *p);
int node_finish(struct parse *p);
int wiring_finish(struct parse *p);	/* before PHASE_REST: makes the interfaces */
int network_finish(struct parse *p);
int server_finish(struct parse *p);
/* One interface whose [DHCPServer] has RelayTarget=. */
int relay_finish(struct parse *p, size_t index);
/* When all relay agents are known. */
void relay_check(struct parse *p);
int subnet_finish(struct parse *p);	/* after server_finish() */
int class_finish(struct parse *p);	/* after subnet_finish() */
int reservation_finish(struct parse *p);	/* after subnet_finish() */
int client_finish(struct parse *p);
int expect_finish(struct parse *p);
int switch_finish(struct parse *p);
int fault_finish(struct parse *p);	/* after switch_finish() and event_finish() */
int event_finish(struct parse *p);	/* after client_finish() */
/* The interface of a machine that @e->action can happen to. 0 or -EINVAL, reported. */
int event_find_node(struct parse *p, const struct raw_event *raw, struct scn_event *e);
/* In the order of their times; what happens at one time, in that of the file. */
void events_sort(struct scenario *s);
int task_finish(struct parse *p);
int lesson_finish(struct parse *p);
int mac_finish(struct parse *p);
/* Checks across nodes: segments, loops, addresses, pools, routes. */
int check_scenario(struct parse *p);

#endif
