/* SPDX-License-Identifier: MIT */
#include "cli/number.h"

#include <errno.h>
#include <stdlib.h>

#include "base/text.h"
#include "lab/lab.h"

/* Digits only: strtoull(3) would take signs, and wrap them round. */
static int parse(const char *arg, uint64_t *ret)
{
	char *end;

	if (arg[0] < '0' || arg[0] > '9')
		return -EINVAL;
	errno = 0;
	*ret = strtoull(arg, &end, 10);
	return errno || *end || *ret > INT64_MAX ? -EINVAL : 0;
}

uint64_t number_seed(const char *arg, struct argp_state *state)
{
	uint64_t n = 0;

	if (parse(arg, &n) < 0)
		argp_error(state, "--seed wants a number from 0 to 2^63-1, not \"%s\"", arg);
	return n;
}

uint64_t number_count(const char *arg, const char *option, struct argp_state *state)
{
	uint64_t n = 0;

	if (parse(arg, &n) < 0 || !n)
		argp_error(state, "%s wants a number from 1, not \"%s\"", option, arg);
	return n;
}

uint64_t number_time(const char *arg, const char *option, struct argp_state *state)
{
	uint64_t us = 0;

	if (duration_parse(arg, &us) < 0 || us > INT64_MAX)
		argp_error(state, "%s wants a time, like 90, 5min or 1d, not \"%s\"", option, arg);
	return us;
}

double number_speed(const char *arg, const char *option, struct argp_state *state)
{
	char *end;
	double n = strtod(arg, &end);

	if (*end || end == arg || !(n > 0 && n <= LAB_SPEED_MAX))
		argp_error(state, "%s wants a number over 0 and up to %d, not \"%s\"", option,
			   LAB_SPEED_MAX, arg);
	return n;
}
