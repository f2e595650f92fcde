/* SPDX-License-Identifier: MIT */
/* time_wish.c - what a user may want of the lab's clock: the words, and the request. */
#include <errno.h>
#include <string.h>

#include "lab/connect.h"
#include "lab/time_wish.h"

static const char *const ops[LAB_TIME_OPS] = {
	[LAB_TIME_PAUSE] = "pause",	[LAB_TIME_RESUME] = "resume", [LAB_TIME_SPEED] = "speed",
	[LAB_TIME_FORWARD] = "forward", [LAB_TIME_UNTIL] = "until",   [LAB_TIME_TO] = "to",
};

static const char *const moments[LAB_MOMENTS] = {
	[LAB_MOMENT_T1] = "T1",
	[LAB_MOMENT_T2] = "T2",
	[LAB_MOMENT_EXPIRY] = "expiry",
};

static int find(const char *name, const char *const *words, int n)
{
	for (int i = 0; name && i < n; i++)
		if (!strcasecmp(words[i], name))
			return i;
	return -EINVAL;
}

const char *lab_moment_name(enum lab_moment m)
{
	return moments[m];
}

int lab_moment(const char *name)
{
	return find(name, moments, LAB_MOMENTS);
}

static json_t *to_json(const struct lab_time_wish *w)
{
	return json_pack("{s:s, s:s, s:f, s:I, s:s, s:I}", "op", "time", "wish", ops[w->op],
			 "speed", w->speed, "us", (json_int_t)w->us, "moment",
			 moments[w->moment], "iface", (json_int_t)w->iface);
}

int lab_time_wish_from_json(const json_t *j, struct lab_time_wish *ret)
{
	int op = find(json_string_value(json_object_get(j, "wish")), ops, LAB_TIME_OPS);
	int moment = lab_moment(json_string_value(json_object_get(j, "moment")));
	json_int_t us = json_integer_value(json_object_get(j, "us"));
	json_int_t iface = json_integer_value(json_object_get(j, "iface"));
	double speed = json_number_value(json_object_get(j, "speed"));

	if (op < 0 || moment < 0 || us < 0 ||
	    (op == LAB_TIME_FORWARD && (uint64_t)us > LAB_FORWARD_MAX_US) || iface < 0 ||
	    iface > UINT32_MAX || (op == LAB_TIME_SPEED && !(speed > 0 && speed <= LAB_SPEED_MAX)))
		return -EINVAL;
	*ret = (struct lab_time_wish){
		.op = (enum lab_time_op)op,
		.speed = speed,
		.us = (uint64_t)us,
		.moment = (enum lab_moment)moment,
		.iface = (uint32_t)iface,
	};
	return 0;
}

int lab_time(struct lab *l, const struct lab_time_wish *wish, struct lab_wish_report *ret,
	     struct error *err)
{
	return lab_wish(l, to_json(wish), ret, err);
}
