/* SPDX-License-Identifier: MIT */
/* fault_wish.c - what a user may want of the faults of a lab: the request. */
#include <errno.h>
#include <string.h>

#include "base/text.h"
#include "lab/connect.h"
#include "lab/fault_wish.h"

/* NONE is -1 in JSON. */
static json_int_t index_to_json(size_t i)
{
	return i == NONE ? -1 : (json_int_t)i;
}

int lab_fault(struct lab *l, const struct lab_fault_wish *wish, struct lab_wish_report *ret,
	      struct error *err)
{
	const struct scn_fault *f = &wish->fault;

	return lab_wish(l,
			json_pack("{s:s, s:b, s:s, s:s, s:s, s:I, s:I, s:i, s:I, s:I, s:I, s:I,"
				  " s:b, s:I, s:I, s:I, s:I, s:I, s:I, s:I}",
				  "op", "fault", "clear", wish->clear, "name", f->name, "type",
				  scenario_fault_name(f->kind), "direction",
				  scenario_direction_name(f->direction), "node",
				  index_to_json(f->node), "iface", index_to_json(f->iface),
				  "message", f->message, "count", (json_int_t)f->count, "rate",
				  (json_int_t)f->rate, "after", (json_int_t)f->after, "delay",
				  (json_int_t)f->delay, "forge", f->forge_source, "address",
				  (json_int_t)f->address, "prefix", (json_int_t)f->prefix_len,
				  "router", (json_int_t)f->router, "dns", (json_int_t)f->dns,
				  "lease", (json_int_t)f->lease_sec, "pool_offset",
				  (json_int_t)f->pool_offset, "pool_size",
				  (json_int_t)f->pool_size),
			ret, err);
}

/* A number of @ask's, from -1 to @max; *ret = -2 for one that is none of them. */
static json_int_t number(const json_t *ask, const char *key, json_int_t max)
{
	json_int_t n = json_integer_value(json_object_get(ask, key));

	return n < -1 || n > max ? -2 : n;
}

static size_t index_from_json(json_int_t n)
{
	return n < 0 ? NONE : (size_t)n;
}

/* What is for who sends himself: it is filled in here anew, from what was given. */
static int sender_from_json(const struct scenario *s, const json_t *j, struct scn_fault *f)
{
	json_int_t address = number(j, "address", UINT32_MAX), prefix = number(j, "prefix", 32);
	json_int_t router = number(j, "router", UINT32_MAX), dns = number(j, "dns", UINT32_MAX);
	json_int_t lease = number(j, "lease", UINT32_MAX);
	json_int_t offset = number(j, "pool_offset", UINT32_MAX);
	json_int_t size = number(j, "pool_size", SCN_ROGUE_POOL_MAX);
	const char *key;

	if (address < 0 || prefix < 0 || router < 0 || dns < 0 || lease < 0 || offset < 0 ||
	    size < 0)
		return -EINVAL;
	f->forge_source = json_is_true(json_object_get(j, "forge"));
	f->address = (uint32_t)address;
	f->prefix_len = (uint8_t)prefix;
	f->router = (uint32_t)router;
	f->dns = (uint32_t)dns;
	f->lease_sec = (uint32_t)lease;
	f->pool_offset = (uint32_t)offset;
	f->pool_size = (uint32_t)size;
	return scenario_fault_fill(s, f, &key, NULL);
}

int lab_fault_wish_from_json(const struct scenario *s, const json_t *j, struct lab_fault_wish *ret)
{
	const char *name = json_string_value(json_object_get(j, "name"));
	const char *type = json_string_value(json_object_get(j, "type"));
	const char *direction = json_string_value(json_object_get(j, "direction"));
	json_int_t node = number(j, "node", (json_int_t)s->n_nodes - 1);
	json_int_t iface = number(j, "iface", (json_int_t)s->n_ifaces - 1);
	json_int_t message = number(j, "message", UINT8_MAX);
	json_int_t count = number(j, "count", UINT32_MAX), rate = number(j, "rate", SCN_MILLION);
	json_int_t after = number(j, "after", SCN_AFTER_MAX);
	json_int_t delay = number(j, "delay", SCN_DELAY_MAX);
	int kind, way;

	/* A name that was cut short could be cut within a character. */
	if (!name || strlen(name) >= sizeof(ret->fault.name) || !type || !direction ||
	    node < -1 || iface < -1 || message < 0 || count < 0 || rate < 0 || after < 0 ||
	    delay < 0)
		return -EINVAL;
	kind = scenario_fault_kind(type);
	way = scenario_direction(direction);
	if (kind < 0 || kind == SCN_FAULT_CRASH || way < 0 ||
	    (iface >= 0 && s->ifaces[iface].node != (size_t)node))
		return -EINVAL;
	*ret = (struct lab_fault_wish){
		.clear = json_is_true(json_object_get(j, "clear")),
		.fault = {
			.kind = (enum scn_fault_kind)kind, .direction = (enum scn_direction)way,
			.node = index_from_json(node), .iface = index_from_json(iface),
			.message = (uint8_t)message, .count = (uint32_t)count,
			.rate = (uint32_t)rate, .after = (uint64_t)after,
			.delay = (uint64_t)delay,
		},
	};
	str_copy(ret->fault.name, sizeof(ret->fault.name), name);
	return scn_fault_sends(ret->fault.kind) ? sender_from_json(s, j, &ret->fault) : 0;
}
