/* SPDX-License-Identifier: MIT */
#include "dhcp/option_output.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/addr.h"
#include "base/bytes.h"
#include "dhcp/domain.h"

void option_add(struct option_output *out, const char *fmt, ...)
{
	size_t left = out->size - out->len;
	va_list ap;
	int len;

	if (out->cut)
		return;

	va_start(ap, fmt);
	len = vsnprintf(out->buf + out->len, left, fmt, ap);
	va_end(ap);
	if (len < 0 || (size_t)len >= left) {
		out->cut = true;
		out->len = out->size - 1;
		return;
	}
	out->len += (size_t)len;
}

void option_add_comma(struct option_output *out, size_t pos)
{
	if (pos > 0)
		option_add(out, ", ");
}

void option_add_address(struct option_output *out, const uint8_t *data)
{
	char buf[IP4_LEN];

	option_add(out, "%s", ip4_format(load_be32(data), buf));
}

void option_add_addresses(struct option_output *out, const uint8_t *data, size_t len)
{
	for (size_t pos = 0; pos < len && !out->cut; pos += 4) {
		option_add_comma(out, pos);
		option_add_address(out, data + pos);
	}
}

void option_add_domains(struct option_output *out, const uint8_t *data, size_t len)
{
	char name[DOMAIN_TEXT_LEN];

	for (size_t pos = 0; pos < len && !out->cut;) {
		option_add_comma(out, pos);
		if (domain_read(data, len, &pos, false, name) < 0)
			return;
		option_add(out, "%s", name);
	}
}

void option_add_hex(struct option_output *out, const uint8_t *data, size_t len)
{
	for (size_t i = 0; i < len && !out->cut; i++)
		option_add(out, i > 0 ? ":%02x" : "%02x", data[i]);
}

static bool is_printable(uint8_t c)
{
	return c >= ' ' && c <= '~';
}

/* RFC 2132 section 2: NULs at the end do not belong to the text. The rest is made harmless. */
void option_add_text(struct option_output *out, const uint8_t *data, size_t len)
{
	while (len > 0 && data[len - 1] == '\0')
		len--;

	for (size_t i = 0; i < len && !out->cut; i++) {
		if (data[i] == '\\')
			option_add(out, "\\\\");
		else
			option_add(out, is_printable(data[i]) ? "%c" : "\\x%02x", data[i]);
	}
}

void option_add_bytes(struct option_output *out, const uint8_t *data, size_t len)
{
	bool text = len > 1;

	for (size_t i = 0; i < len; i++)
		text = text && is_printable(data[i]) && data[i] != '"';

	if (!text) {
		option_add_hex(out, data, len);
		return;
	}
	option_add(out, "\"");
	option_add_text(out, data, len);
	option_add(out, "\"");
}
