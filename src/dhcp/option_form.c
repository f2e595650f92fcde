/* SPDX-License-Identifier: MIT */
#include "dhcp/option_form.h"

#include "base/bytes.h"
#include "dhcp/domain.h"

#define IP6_GROUPS 8

/* Is the value one of what @fields says, or a list of them? */
enum list {
	ONE,
	LENGTH8,	/* each with its length in front, one byte */
	LENGTH16,	/* two bytes */
	CODED,		/* each with a code and its length in front */
};

/*
 * In @fields % and a letter stand for a field, all else for itself.
 *
 *	1 2	a number of so many bytes	X	two bytes in hex
 *	a 6	an IPv4, an IPv6 address	c	two letters
 *	n l	a name, addresses, with a length in front
 *	g m	degrees, an altitude (RFC 6225 section 2), with six bits in front that
 *		r and R, before them, show: how well it is known
 *
 * and for all that is left:
 *
 *	A	IPv4 addresses			D	names
 *	B	bytes, numbers each		T	text
 *	O	options: code, length, value	H	hex, of one byte at least
 *
 * The RFC is the one in the option's row (option_table.c). An option with several rows
 * here has the first that fits.
 */
static const struct form {
	uint8_t code;
	enum list list;
	const char *fields;
} forms[] = {
	{ 78, ONE, "mandatory %1: %A" },
	{ 79, ONE, "mandatory %1: %T" },
	{ 83, ONE, "functions %X, access %X, administration %X, security %X%X: %A" },
	{ 99, ONE, "what %1, country %c: %O" },
	{ 109, ONE, "%6" },
	{ 123, ONE, "%r bits of latitude %g, %r bits of longitude %g, %R bits of altitude %m, "
		    "datum %1" },
	{ 139, CODED, "%A" },
	{ 140, CODED, "%D" },
	{ 143, LENGTH16, "%T" },
	{ 144, ONE, "uncertainty %r of latitude %g, %r of longitude %g, %R of altitude %m, "
		    "version and datum %1" },
	{ 145, ONE, "algorithm %B" },
	{ 146, ONE, "preference %1, %a, %a for %D" },
	{ 151, ONE, "status %1" },
	{ 151, ONE, "status %1: %T" },
	{ 158, LENGTH8, "%A" },
	{ 159, ONE, "offset %1, PSID of %1 bits %X" },
	{ 162, LENGTH16, "priority %2, %n" },
	{ 162, LENGTH16, "priority %2, %n, %l" },
	{ 162, LENGTH16, "priority %2, %n, %l, parameters %H" },
	{ 208, ONE, "the magic %X %X" },
	{ 212, ONE, "IPv4 mask length %1, prefix length %1, prefix %6, relays %A" },
	{ 220, ONE, "flags %1: %O" },
	{ 221, ONE, "type %1" },
	{ 221, ONE, "type %1: %T" },
};

/* RFC 5952 section 4.2: the longest run of zeros, two at least, the first of equals. */
static size_t find_zeros(const uint16_t group[static IP6_GROUPS], size_t *ret_start)
{
	size_t most = 1, n = 0;

	for (size_t i = 0; i < IP6_GROUPS; i++) {
		n = group[i] ? 0 : n + 1;
		if (n > most) {
			most = n;
			*ret_start = i + 1 - n;
		}
	}
	return most > 1 ? most : 0;
}

static bool add_ip6(struct option_output *out, struct reader *r)
{
	uint16_t group[IP6_GROUPS];
	size_t start = IP6_GROUPS, n;

	for (size_t i = 0; i < IP6_GROUPS; i++)
		group[i] = get_be16(r);
	n = find_zeros(group, &start);
	for (size_t i = 0; i < IP6_GROUPS; i++) {
		if (i == start) {
			option_add(out, "::");
			i += n - 1;
			continue;
		}
		option_add(out, i > 0 && i != start + n ? ":%x" : "%x", group[i]);
	}
	return true;
}

static bool add_addresses(struct option_output *out, struct reader *r, size_t len)
{
	const uint8_t *data = get_span(r, len);

	if (!data || len == 0 || len % 4)
		return false;
	option_add_addresses(out, data, len);
	return true;
}

static bool add_names(struct option_output *out, struct reader *r, size_t len)
{
	const uint8_t *data = get_span(r, len);
	char name[DOMAIN_TEXT_LEN];
	size_t pos = 0;

	while (data && pos < len)
		if (domain_read(data, len, &pos, false, name) < 0)
			return false;
	if (!data || len == 0)
		return false;
	option_add_domains(out, data, len);
	return true;
}

/* @len bytes, one at least, as @add shows them. */
static bool add_span(struct option_output *out, struct reader *r, size_t len,
		     void (*add)(struct option_output *out, const uint8_t *data, size_t len))
{
	const uint8_t *data = get_span(r, len);

	if (!data || len == 0)
		return false;
	add(out, data, len);
	return true;
}

static bool add_numbers(struct option_output *out, struct reader *r)
{
	bool any = reader_left(r) > 0;

	for (size_t i = 0; reader_left(r) > 0; i++) {
		option_add_comma(out, i);
		option_add(out, "%u", get_u8(r));
	}
	return any;
}

static bool add_options(struct option_output *out, struct reader *r)
{
	for (size_t i = 0; reader_left(r) > 0; i++) {
		uint8_t code = get_u8(r), len = get_u8(r);
		const uint8_t *value = get_span(r, len);

		if (!value)
			return false;
		option_add_comma(out, i);
		option_add(out, len > 0 ? "%u " : "%u", code);
		option_add_bytes(out, value, len);
	}
	return true;
}

static bool add_address(struct option_output *out, struct reader *r)
{
	return add_addresses(out, r, 4);
}

/* The last @bits of @value, with their sign; the point is before the last @fraction of them. */
static void add_fixed(struct option_output *out, uint64_t value, unsigned int bits,
		      unsigned int fraction, unsigned int digits)
{
	uint64_t sign = UINT64_C(1) << (bits - 1), factor = digits == 6 ? 1000000 : 100, n;

	value &= 2 * sign - 1;
	n = value & sign ? 2 * sign - value : value;
	n = (n * factor + (UINT64_C(1) << (fraction - 1))) >> fraction;
	option_add(out, "%s%llu.%0*llu", value & sign ? "-" : "",
		   (unsigned long long)(n / factor), (int)digits,
		   (unsigned long long)(n % factor));
}

static uint64_t get_40_bits(struct reader *r)
{
	uint64_t high = get_u8(r);

	return high << 32 | get_be32(r);
}

static bool add_degrees(struct option_output *out, struct reader *r)
{
	add_fixed(out, get_40_bits(r), 34, 25, 6);
	return true;
}

/* Type, accuracy, and what is counted: metres or floors. */
static bool add_altitude(struct option_output *out, struct reader *r)
{
	uint64_t value = get_40_bits(r);
	unsigned int type = (unsigned int)(value >> 36);

	add_fixed(out, value, 30, 8, 2);
	if (type == 1 || type == 2)
		option_add(out, type == 1 ? " m" : " floors");
	else
		option_add(out, " of type %u", type);
	return true;
}

/* The six bits behind the first @skip: a look ahead. */
static bool add_accuracy(struct option_output *out, struct reader r, unsigned int skip)
{
	option_add(out, "%u", (get_be16(&r) >> (10 - skip)) & 0x3fu);
	return !r.overrun;
}

static bool add_number(struct option_output *out, char width, struct reader *r)
{
	option_add(out, width == 'X' ? "%04x" : "%u",
		   width == '1' ? get_u8(r) : get_be16(r));
	return true;
}

static bool add_field(struct option_output *out, char letter, struct reader *r)
{
	switch (letter) {
	case '1':
	case '2':
	case 'X':
		return add_number(out, letter, r);
	case 'a':
		return add_address(out, r);
	case '6':
		return add_ip6(out, r);
	case 'g':
		return add_degrees(out, r);
	case 'm':
		return add_altitude(out, r);
	case 'r':
		return add_accuracy(out, *r, 0);
	case 'R':
		return add_accuracy(out, *r, 4);
	case 'c':
		return add_span(out, r, 2, option_add_text);
	case 'n':
		return add_names(out, r, get_u8(r));
	case 'l':
		return add_addresses(out, r, get_u8(r));
	case 'A':
		return add_addresses(out, r, reader_left(r));
	case 'D':
		return add_names(out, r, reader_left(r));
	case 'B':
		return add_numbers(out, r);
	case 'T':
		return add_span(out, r, reader_left(r), option_add_text);
	case 'O':
		return add_options(out, r);
	case 'H':
		return add_span(out, r, reader_left(r), option_add_hex);
	}
	return false;
}

/* All of @r. */
static bool add_fields(struct option_output *out, const char *fields, struct reader *r)
{
	for (; *fields; fields++) {
		if (*fields != '%')
			option_add(out, "%c", *fields);
		else if (!add_field(out, *++fields, r) || r->overrun)
			return false;
	}
	return reader_left(r) == 0;
}

static bool add_item(struct option_output *out, const struct form *f, struct reader *r)
{
	const uint8_t *data;
	struct reader item;
	size_t len;

	if (f->list == CODED)
		option_add(out, "%u ", get_u8(r));
	len = f->list == LENGTH16 ? get_be16(r) : get_u8(r);
	data = get_span(r, len);
	if (!data)
		return false;
	reader_init(&item, data, len);
	return add_fields(out, f->fields, &item);
}

static bool add_form(struct option_output *out, const struct form *f, const uint8_t *data,
		     size_t len)
{
	struct reader r;

	reader_init(&r, data, len);
	if (f->list == ONE)
		return add_fields(out, f->fields, &r);
	for (size_t i = 0; reader_left(&r) > 0; i++) {
		option_add_comma(out, i);
		if (!add_item(out, f, &r))
			return false;
	}
	return len > 0;
}

bool option_form_add(struct option_output *out, uint8_t code, const uint8_t *data, size_t len)
{
	for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
		/* It takes nothing: only whether the value has this form is asked. */
		struct option_output none = { .cut = true };

		if (forms[i].code == code && add_form(&none, &forms[i], data, len)) {
			add_form(out, &forms[i], data, len);
			return true;
		}
	}
	return false;
}
