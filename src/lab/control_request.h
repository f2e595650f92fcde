/* SPDX-License-Identifier: MIT */
/*
 * control_request.h - what a command may ask of a lab's monitor: the bytes that
 * came in by the control socket, read and checked against the scenario before
 * anything is done.
 */
#ifndef LAB_CONTROL_REQUEST_H
#define LAB_CONTROL_REQUEST_H

#include "lab/proto.h"

enum control_op {
	CONTROL_DOWN,
	CONTROL_STATUS,
	CONTROL_WISH,		/* @wish, for the agent */
	CONTROL_SOCKET,		/* of @kind, in @node */
	CONTROL_ENTER,		/* the namespaces of @node */
};

/**
 * struct control_request
 * @node: index into the scenario's nodes
 * @wish: AGENT_CLIENT, AGENT_TIME, AGENT_FAULT or AGENT_STEP
 */
struct control_request {
	enum control_op op;
	size_t node;
	enum lab_socket kind;
	struct agent_message wish;
};

#define CONTROL_REQUEST_MAX 4096

/**
 * control_request_parse() - one request, of whatever bytes
 *
 * Return: 0; -ENOENT: it names what the scenario has not; -EINVAL: no such request
 */
int control_request_parse(const struct scenario *s, const char *data, size_t len,
			  struct control_request *ret, struct error *err);

#endif
