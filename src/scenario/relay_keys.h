/* SPDX-License-Identifier: MIT */
/* relay_keys.h - keys of [DHCPServer] that make a relay agent of a server. */
#ifndef SCENARIO_RELAY_KEYS_H
#define SCENARIO_RELAY_KEYS_H

#include "scenario/server_keys.h"

#define RELAY_ID_MAX sizeof(((struct scn_relay *)0)->circuit_id)

/* Rows of a table whose object is a struct raw_server. */
#define RELAY_KEYS                                                                         \
	{ "RelayTarget", add_servers, FIELD(relay_targets), .max = RELAY_TARGETS,          \
	  .clear = clear_list },                                                           \
	{ "RelayAgentCircuitId", set_relay_id, FIELD(circuit_id), .plain = true },         \
	{ "RelayAgentRemoteId", set_relay_id, FIELD(remote_id), .plain = true },           \
	{ "RelayAddress", set_ip4, FIELD(relay_address) },                                 \
	{ "RelayServerIdOverride", set_bool, FIELD(relay_override) },                      \
	{ "RelayTrusted", set_bool, FIELD(relay_trusted) },                                \
	{ "RelayPolicy", set_relay_policy, FIELD(relay_policy) },                          \
	{ "RelayMaxHops", set_number, FIELD(relay_hops), 1, 16 },                          \
	{ "RelayMinSecs", set_number, FIELD(relay_secs), .max = UINT16_MAX },              \
	{ "RelayMaxMessageSize", set_number, FIELD(relay_size), 576, 1500 }

/* string:TEXT, as systemd.network(5) has it. */
int set_relay_id(struct parse *p, const struct key_def *key, void *field, const struct value *v);
int set_relay_policy(struct parse *p, const struct key_def *key, void *field,
		     const struct value *v);
/* The bytes behind "string:", RELAY_ID_MAX at most, in @ret; how many. */
uint8_t copy_relay_id(const struct given *g, uint8_t ret[static RELAY_ID_MAX]);

#endif
