/* SPDX-License-Identifier: MIT */
/* client_keys.h - keys of [DHCPv4] whose values are more than a word or a number. */
#ifndef SCENARIO_CLIENT_KEYS_H
#define SCENARIO_CLIENT_KEYS_H

#include "scenario/parse.h"

#define CONFLICT_YES UINT64_MAX
#define CODES_MAX ARRAY_SIZE(((struct scn_client *)0)->request)

/* yes (CONFLICT_YES), no (0), or microseconds. */
int set_conflict(struct parse *p, const struct key_def *key, void *field, const struct value *v);
/* server, client, nobody, or no; an enum scn_fqdn. */
int set_fqdn(struct parse *p, const struct key_def *key, void *field, const struct value *v);
/* The plain name of a file: no folder, so that no scenario writes elsewhere. */
int set_lease_file(struct parse *p, const struct key_def *key, void *field,
		   const struct value *v);
/* 1 to 255; 0 for infinity. */
int set_attempts(struct parse *p, const struct key_def *key, void *field, const struct value *v);
/* Addresses and prefixes, at most @key->max. */
int add_prefixes(struct parse *p, const struct key_def *key, void *field, const struct value *v);
/* Numbers of options, each once; at most CODES_MAX. */
int add_codes(struct parse *p, const struct key_def *key, void *field, const struct value *v);
/* CODE:TYPE:VALUE as in systemd.network(5); a list of its bytes: code, length, value. */
int add_option(struct parse *p, const struct key_def *key, void *field, const struct value *v);
/* Words, each with its length before it (RFC 3004 section 4). */
int set_user_class(struct parse *p, const struct key_def *key, void *field, const struct value *v);

/* What [DHCPv4] has of them, in @c. */
void finish_client_keys(struct parse *p, const struct raw_client *raw,
			const struct scn_iface *iface);

#endif
