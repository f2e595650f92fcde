/* SPDX-License-Identifier: MIT */
#include "lab/control_request.h"

#include <errno.h>
#include <string.h>

#include "config.h"
#include "lab/fault_wish.h"
#include "lab/time_wish.h"

static int parse_client(const struct scenario *s, const json_t *ask, struct agent_message *ret,
			struct error *err)
{
	json_int_t iface = json_integer_value(json_object_get(ask, "iface"));
	int action = scn_action(json_string_value(json_object_get(ask, "action")));

	if (action < 0 || action >= SCN_CLIENT_ACTIONS)
		return error_set(err, -EINVAL,
				 "this " PROGRAM_NAME " does not know that action");
	if (iface < 0 || (size_t)iface >= s->n_ifaces ||
	    !(s->ifaces[iface].client || s->ifaces[iface].server))
		return error_set(err, -ENOENT,
				 "the scenario runs no client there, and no server");
	*ret = (struct agent_message){
		.type = AGENT_CLIENT,
		.iface = (uint32_t)iface,
		.action = (enum scn_action)action,
	};
	return 0;
}

static int parse_time(const struct scenario *s, const json_t *ask, struct agent_message *ret,
		      struct error *err)
{
	*ret = (struct agent_message){ .type = AGENT_TIME };
	if (lab_time_wish_from_json(ask, &ret->time) < 0 ||
	    (ret->time.iface != LAB_ANY && ret->time.iface >= s->n_ifaces))
		return error_set(err, -EINVAL,
				 "this " PROGRAM_NAME " does not know that wish about time");
	return 0;
}

static int parse_fault(const struct scenario *s, const json_t *ask, struct agent_message *ret,
		       struct error *err)
{
	*ret = (struct agent_message){ .type = AGENT_FAULT };
	if (lab_fault_wish_from_json(s, ask, &ret->fault) < 0)
		return error_set(err, -EINVAL, "this " PROGRAM_NAME " does not know that fault");
	return 0;
}

static int parse_step(const struct scenario *s, const json_t *ask, struct agent_message *ret,
		      struct error *err)
{
	const char *command = json_string_value(json_object_get(ask, "command"));

	*ret = (struct agent_message){ .type = AGENT_STEP };
	return step_parse(command ? command : "", &ret->step, err);
}

static int parse_socket(const json_t *ask, enum lab_socket *ret, struct error *err)
{
	const char *kind = json_string_value(json_object_get(ask, "kind"));

	if (!kind)
		return error_set(err, -EINVAL,
				 "this " PROGRAM_NAME " does not know that request");
	*ret = !strcmp(kind, "ping") ? LAB_SOCKET_PING : LAB_SOCKET_ROUTE;
	return 0;
}

static int parse_node(const struct scenario *s, const json_t *ask, size_t *ret, struct error *err)
{
	json_int_t node = json_integer_value(json_object_get(ask, "node"));

	if (node < 0 || (size_t)node >= s->n_nodes)
		return error_set(err, -ENOENT, "the lab has no such node");
	*ret = (size_t)node;
	return 0;
}

static int parse(const struct scenario *s, const json_t *ask, struct control_request *ret,
		 struct error *err)
{
	static const struct {
		const char *name;
		enum control_op op;
		int (*parse)(const struct scenario *s, const json_t *ask,
			     struct agent_message *ret, struct error *err);
	} ops[] = {
		{ "down", CONTROL_DOWN, NULL },
		{ "status", CONTROL_STATUS, NULL },
		{ "client", CONTROL_WISH, parse_client },
		{ "time", CONTROL_WISH, parse_time },
		{ "fault", CONTROL_WISH, parse_fault },
		{ "step", CONTROL_WISH, parse_step },
		{ "socket", CONTROL_SOCKET, NULL },
		{ "enter", CONTROL_ENTER, NULL },
	};
	const char *op = json_string_value(json_object_get(ask, "op"));
	size_t i = 0;
	int r = 0;

	while (i < ARRAY_SIZE(ops) && !(op && !strcmp(op, ops[i].name)))
		i++;
	if (i == ARRAY_SIZE(ops))
		return error_set(err, -EINVAL,
				 "this " PROGRAM_NAME " does not know that request");
	ret->op = ops[i].op;
	if (ops[i].parse)
		return ops[i].parse(s, ask, &ret->wish, err);
	if (ret->op == CONTROL_SOCKET || ret->op == CONTROL_ENTER)
		r = parse_node(s, ask, &ret->node, err);
	return r == 0 && ret->op == CONTROL_SOCKET ? parse_socket(ask, &ret->kind, err) : r;
}

int control_request_parse(const struct scenario *s, const char *data, size_t len,
			  struct control_request *ret, struct error *err)
{
	struct control_request request = { 0 };
	json_t *ask = json_loadb(data, len, 0, NULL);
	int r = parse(s, ask, &request, err);

	json_decref(ask);
	if (r == 0)
		*ret = request;
	return r;
}
