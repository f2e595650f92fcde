/* SPDX-License-Identifier: MIT */
/*
 * server_keys.h - what [DHCPServer] and [DHCPServerSubnet] share: keys for a
 * pool, its times and its lists, and what becomes of them.
 */
#ifndef SCENARIO_SERVER_KEYS_H
#define SCENARIO_SERVER_KEYS_H

#include <string.h>

#include "scenario/parse.h"

#define LEASE_MIN 2
#define SERVERS_MAX(list) ARRAY_SIZE(((struct scn_server *)0)->list)

/* Rows of a table; @at: where the object has its struct raw_server. */
#define SUBNET_KEYS(at)                                                                           \
	{ "PoolOffset", set_number, (at) + FIELD(pool_offset), .max = UINT32_MAX },               \
	{ "PoolSize", set_number, (at) + FIELD(pool_size), .max = UINT32_MAX },                   \
	{ "PoolStart", set_ip4, (at) + FIELD(pool_start) },                                       \
	{ "PoolEnd", set_ip4, (at) + FIELD(pool_end) },                                           \
	{ "DefaultLeaseTimeSec", set_seconds, (at) + FIELD(default_lease), LEASE_MIN,             \
	  UINT32_MAX },                                                                           \
	{ "MinLeaseTimeSec", set_seconds, (at) + FIELD(min_lease), LEASE_MIN, UINT32_MAX },       \
	{ "MaxLeaseTimeSec", set_seconds, (at) + FIELD(max_lease), LEASE_MIN, UINT32_MAX },       \
	{ "EmitDNS", set_bool, (at) + FIELD(emit_dns) },                                          \
	{ "DNS", add_servers, (at) + FIELD(dns), .max = SERVERS_MAX(dns), .clear = clear_list },  \
	{ "EmitRouter", set_bool, (at) + FIELD(emit_router) },                                    \
	{ "Router", add_servers, (at) + FIELD(router), .max = SERVERS_MAX(router),                \
	  .clear = clear_list },                                                                  \
	{ "EmitNTP", set_bool, (at) + FIELD(emit_ntp) },                                          \
	{ "NTP", add_servers, (at) + FIELD(ntp), .max = SERVERS_MAX(ntp), .clear = clear_list },  \
	{ "EmitTimezone", set_bool, (at) + FIELD(emit_timezone) },                                \
	{ "Timezone", set_timezone, (at) + FIELD(timezone),                                       \
	  .max = sizeof(((struct scn_server *)0)->timezone) - 1 }

#define FIELD(f) offsetof(struct raw_server, f)

int add_servers(struct parse *p, const struct key_def *key, void *field, const struct value *v);
int set_timezone(struct parse *p, const struct key_def *key, void *field, const struct value *v);

/* Reports @section of an interface without a server, unless that is reported already. */
void refuse_on(struct parse *p, size_t iface, const char *section, struct place at);

/**
 * server_finish_parts() - pool, times and lists of @raw in @server
 * @self: what _server_address stands for
 * @parent: whose times and lists are used where @raw has none; NULL: the defaults
 * @server: has its address and prefix_len
 */
void server_finish_parts(struct parse *p, const struct raw_server *raw, uint32_t self,
			 const struct scn_server *parent, bool forwards,
			 struct scn_server *server);

#endif
