/* SPDX-License-Identifier: MIT */
#include <netlab/dhcp_option.h>

#include "base/util.h"
#include "dhcp/domain.h"
#include "dhcp/option_table.h"
#include "dhcp/route.h"

const struct dhcp_option_info *dhcp_option_info(uint8_t code)
{
	return &dhcp_option_table[code];
}

/* The next letter that counts, in lower case; 0 at the end. */
static char next_letter(const char **s)
{
	char c;

	while (**s == '-' || **s == '_' || **s == ' ')
		(*s)++;
	c = **s;
	if (c == '\0')
		return c;

	(*s)++;
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool same_word(const char *a, const char *b)
{
	char c;

	do {
		c = next_letter(&a);
		if (c != next_letter(&b))
			return false;
	} while (c);

	return true;
}

/* 0..255, or -1 when @s is no number of an option. */
static int parse_code(const char *s)
{
	int code = 0;

	if (*s == '\0')
		return -1;
	for (; *s; s++) {
		if (*s < '0' || *s > '9')
			return -1;
		code = code * 10 + (*s - '0');
		if (code > 255)
			return -1;
	}

	return code;
}

const struct dhcp_option_info *dhcp_option_find(const char *name_or_number)
{
	int code = parse_code(name_or_number);

	if (code >= 0)
		return dhcp_option_info((uint8_t)code);

	for (size_t i = 0; i < ARRAY_SIZE(dhcp_option_table); i++) {
		const struct dhcp_option_info *info = &dhcp_option_table[i];

		if (info->name && (same_word(info->name, name_or_number) ||
				   same_word(info->label, name_or_number)))
			return info;
	}

	return NULL;
}

static bool domains_are_valid(const uint8_t *data, size_t len)
{
	char name[DOMAIN_TEXT_LEN];
	size_t pos = 0;

	while (pos < len)
		if (domain_read(data, len, &pos, false, name) < 0)
			return false;

	return true;
}

bool dhcp_option_is_fixed(uint8_t code)
{
	switch ((enum dhcp_option_type)dhcp_option_info(code)->type) {
	case DHCP_TYPE_FLAG:
	case DHCP_TYPE_BOOL:
	case DHCP_TYPE_U8:
	case DHCP_TYPE_U16:
	case DHCP_TYPE_U32:
	case DHCP_TYPE_I32:
	case DHCP_TYPE_SECONDS:
	case DHCP_TYPE_ADDRESS:
	case DHCP_TYPE_MESSAGE_TYPE:
	case DHCP_TYPE_OVERLOAD:
		return true;
	case DHCP_TYPE_NONE:
	case DHCP_TYPE_U16S:
	case DHCP_TYPE_ADDRESSES:
	case DHCP_TYPE_PAIRS:
	case DHCP_TYPE_TEXT:
	case DHCP_TYPE_CODES:
	case DHCP_TYPE_CLIENT_ID:
	case DHCP_TYPE_ROUTES:
	case DHCP_TYPE_DOMAINS:
	case DHCP_TYPE_FQDN:
	case DHCP_TYPE_SUBOPTIONS:
	case DHCP_TYPE_BYTES:
		return false;
	}
	return false;
}

bool dhcp_option_is_valid(uint8_t code, const uint8_t *data, size_t len)
{
	const struct dhcp_option_info *info = dhcp_option_info(code);

	if (len < info->min_len)
		return false;

	switch ((enum dhcp_option_type)info->type) {
	case DHCP_TYPE_FLAG:
	case DHCP_TYPE_U8:
	case DHCP_TYPE_U16:
	case DHCP_TYPE_U32:
	case DHCP_TYPE_I32:
	case DHCP_TYPE_SECONDS:
	case DHCP_TYPE_ADDRESS:
	case DHCP_TYPE_MESSAGE_TYPE:
		return len == info->min_len;
	case DHCP_TYPE_BOOL:
		return len == info->min_len && data[0] <= 1;
	case DHCP_TYPE_OVERLOAD:
		return len == info->min_len && data[0] >= 1 && data[0] <= 3;
	case DHCP_TYPE_U16S:
		return len % 2 == 0;
	case DHCP_TYPE_ADDRESSES:
		return len % 4 == 0;
	case DHCP_TYPE_PAIRS:
		return len % 8 == 0;
	case DHCP_TYPE_ROUTES:
		return dhcp_routes_are_valid(data, len);
	case DHCP_TYPE_DOMAINS:
		return domains_are_valid(data, len);
	case DHCP_TYPE_NONE:
	case DHCP_TYPE_TEXT:
	case DHCP_TYPE_CODES:
	case DHCP_TYPE_CLIENT_ID:
	case DHCP_TYPE_FQDN:
	case DHCP_TYPE_SUBOPTIONS:
	case DHCP_TYPE_BYTES:
		return true;
	}
	return false;
}
