/* SPDX-License-Identifier: MIT */
/* raw_options.h - keys whose values are options, or parts of one, byte by byte. */
#ifndef SCENARIO_RAW_OPTIONS_H
#define SCENARIO_RAW_OPTIONS_H

#include "scenario/parse.h"

/* Setters; each value is one element of a struct raw_options. */
int add_send_option(struct parse *p, const struct key_def *key, void *field,
		    const struct value *v);
int add_vendor_option(struct parse *p, const struct key_def *key, void *field,
		      const struct value *v);
/* Domain names, of which each is an element. */
int add_search_domains(struct parse *p, const struct key_def *key, void *field,
		       const struct value *v);
/* DESTINATION GATEWAY, an element as RFC 3442 writes it. */
int add_route_option(struct parse *p, const struct key_def *key, void *field,
		     const struct value *v);
void clear_options(struct parse *p, void *field);

/*
 * What the options of [DHCPServer] come to: those of SendOption=, and the others
 * each as one. 0 or -ENOMEM. @server: its routers are known.
 */
int finish_options(struct parse *p, const struct raw_server *raw, struct scn_server *server);

#endif
