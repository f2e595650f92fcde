/* SPDX-License-Identifier: MIT */
/* session.h - one lab, opened: what the verbs that ask a lab need of it. */
#ifndef CLI_SESSION_H
#define CLI_SESSION_H

#include "cli/exit.h"
#include "lab/lab.h"
#include "sys/netstate.h"

/**
 * struct session - a lab and what it was made from
 * @lab: NULL: its monitor is dead, the lab is broken
 * @status: lab_status(); NULL likewise
 */
struct session {
	struct lab_info info;
	struct scenario *scenario;
	struct lab *lab;
	json_t *status;
};

/*
 * session_find() finds the lab (NULL: the only one); session_open() also reads
 * the scenario that it was made from;
 * session_reach() connects to its monitor; session_connect() also asks for the
 * machines' status. They tell the user what is wrong.
 */
enum exit_status session_find(const char *name, struct session *ret);
enum exit_status session_open(const char *name, struct session *ret);
enum exit_status session_reach(struct session *s);
enum exit_status session_connect(struct session *s);
void session_done(struct session *s);
#define cleanup_session CLEANUP(session_done)

/* status --json's object of the client or server on an interface; borrowed, NULL: there is none. */
json_t *session_client(const struct session *s, size_t iface);
json_t *session_server(const struct session *s, size_t iface);
json_t *session_relay(const struct session *s, size_t iface);

/* What the kernel has in a node's namespace. 0 or -errno. */
int session_netstate(const struct session *s, size_t node, struct netstate *ret, struct error *err);

/* Strings and numbers of a JSON object; "" and 0 where it has none. */
const char *object_string(const json_t *o, const char *key);
double object_number(const json_t *o, const char *key);

#endif
