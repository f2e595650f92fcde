/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

#define MS 1000ull
#define SECOND (1000 * MS)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)
#define WEEK (7 * DAY)
#define MONTH (2630016 * SECOND)
#define YEAR (31557600 * SECOND)

#define DURATION_MAX (1ull << 63)

struct unit {
	const char *name;
	uint64_t us;
};

/* systemd.time(7), "Parsing time spans"; months and years as there: 30.44 and 365.25 days. */
static const struct unit units[] = {
	{ "us", 1 }, { "usec", 1 }, { "\xc2\xb5s", 1 }, { "\xce\xbcs", 1 },
	{ "ms", MS }, { "msec", MS },
	{ "s", SECOND }, { "sec", SECOND }, { "second", SECOND }, { "seconds", SECOND },
	{ "m", MINUTE }, { "min", MINUTE }, { "minute", MINUTE }, { "minutes", MINUTE },
	{ "h", HOUR }, { "hr", HOUR }, { "hour", HOUR }, { "hours", HOUR },
	{ "d", DAY }, { "day", DAY }, { "days", DAY },
	{ "w", WEEK }, { "week", WEEK }, { "weeks", WEEK },
	{ "M", MONTH }, { "month", MONTH }, { "months", MONTH },
	{ "y", YEAR }, { "year", YEAR }, { "years", YEAR },
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t';
}

/* The unit's microseconds, one second where there is none; 0 if nobody knows it. */
static uint64_t parse_unit(const char **s)
{
	size_t len = 0;

	while ((*s)[len] && !is_digit((*s)[len]) && !is_space((*s)[len]))
		len++;
	if (len == 0)
		return SECOND;

	for (size_t i = 0; i < ARRAY_SIZE(units); i++) {
		if (strlen(units[i].name) == len && memcmp(units[i].name, *s, len) == 0) {
			*s += len;
			return units[i].us;
		}
	}

	return 0;
}

static void skip_space(const char **s)
{
	while (is_space(**s))
		(*s)++;
}

/* One "NUMBER[.NUMBER] [UNIT]", added to @sum. */
static int parse_term(const char **s, uint64_t *sum)
{
	uint64_t number = 0, us, fraction = 0;
	const char *decimals = "";

	if (!is_digit(**s))
		return -EINVAL;
	for (; is_digit(**s); (*s)++)
		if (__builtin_mul_overflow(number, 10, &number) ||
		    __builtin_add_overflow(number, (uint64_t)(**s - '0'), &number))
			return -ERANGE;

	if (**s == '.') {
		decimals = ++*s;
		if (!is_digit(**s))
			return -EINVAL;
		while (is_digit(**s))
			(*s)++;
	}
	skip_space(s);
	us = parse_unit(s);
	if (us == 0)
		return -EINVAL;

	for (uint64_t place = us / 10; place > 0 && is_digit(*decimals); place /= 10)
		fraction += place * (uint64_t)(*decimals++ - '0');

	if (__builtin_mul_overflow(number, us, &number) ||
	    __builtin_add_overflow(number, fraction, &number) ||
	    __builtin_add_overflow(*sum, number, sum) || *sum > DURATION_MAX)
		return -ERANGE;
	return 0;
}

int duration_parse(const char *s, uint64_t *ret_us)
{
	uint64_t sum = 0;

	skip_space(&s);
	if (strcmp(s, "infinity") == 0) {
		*ret_us = UINT64_MAX;
		return 0;
	}

	do {
		int r = parse_term(&s, &sum);

		if (r < 0)
			return r;
		skip_space(&s);
	} while (*s);

	*ret_us = sum;
	return 0;
}

/* @us in a @unit of its own, up to three decimals: "2.5s", "12ms". */
static void format_decimal(uint64_t us, uint64_t unit, const char *name, char *buf)
{
	unsigned int thousandths = (unsigned int)(us % unit * 1000 / unit);
	int len = snprintf(buf, DURATION_LEN, "%llu", (unsigned long long)(us / unit));

	if (thousandths > 0) {
		len += snprintf(buf + len, DURATION_LEN - (size_t)len, ".%03u", thousandths);
		while (buf[len - 1] == '0')
			len--;
	}
	snprintf(buf + len, DURATION_LEN - (size_t)len, "%s", name);
}

const char *duration_format(uint64_t us, char buf[static DURATION_LEN])
{
	static const struct unit parts[] = {
		{ "d", DAY }, { "h", HOUR }, { "min", MINUTE }, { "s", SECOND }
	};
	int len = 0;

	if (us == UINT64_MAX) {
		str_copy(buf, DURATION_LEN, "for ever");
	} else if (us == 0) {
		str_copy(buf, DURATION_LEN, "0s");
	} else if (us < MS) {
		snprintf(buf, DURATION_LEN, "%lluus", (unsigned long long)us);
	} else if (us < SECOND) {
		format_decimal(us, MS, "ms", buf);
	} else if (us < MINUTE) {
		format_decimal(us, SECOND, "s", buf);
	} else {
		for (size_t i = 0; i < ARRAY_SIZE(parts); us %= parts[i++].us)
			if (us >= parts[i].us)
				len += snprintf(buf + len, DURATION_LEN - (size_t)len, "%s%llu%s",
						len ? " " : "",
						(unsigned long long)(us / parts[i].us),
						parts[i].name);
	}

	return buf;
}
