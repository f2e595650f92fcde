/* SPDX-License-Identifier: MIT */
#include "trace/hex.h"

#include <string.h>

#include <netlab/dhcp_message.h>

#include "base/addr.h"
#include "base/bytes.h"
#include "dhcp/wire.h"
#include "trace/option_value.h"
#include "trace/page.h"

#define INDENT 4
#define ROW 16		/* bytes a row */
#define NAME_COLUMN 9	/* behind the offset */
#define MORE_COLUMN 12	/* where a name goes on in the next line */

struct field {
	const char *name;
	size_t len;
};

/* RFC 2131 section 2, figure 1; a row of the picture a row here. */
static const struct field header[] = {
	{ "op", 1 }, { "ht", 1 }, { "hl", 1 }, { "ho", 1 }, { "xid", 4 }, { "secs", 2 },
	{ "flags", 2 }, { NULL, 0 },
	{ "ciaddr", 4 }, { "yiaddr", 4 }, { "siaddr", 4 }, { "giaddr", 4 }, { NULL, 0 },
	{ "chaddr", CHADDR_LEN }, { NULL, 0 },
};

static void add_bytes(struct text *out, const uint8_t *data, size_t at, size_t len)
{
	text_pad(out, INDENT);
	text_add(out, "%03zx  ", at);
	for (size_t i = 0; i < len; i++) {
		char digits[2];

		hex_byte(data[at + i], digits);
		text_addn(out, digits, 2);
		if (i + 1 < len)
			text_add(out, " ");
	}
	text_add(out, "\n");
}

/* All bytes, in rows of 16. */
static void add_rows(struct text *out, const uint8_t *data, size_t at, size_t len)
{
	for (size_t done = 0; done < len; done += ROW)
		add_bytes(out, data, at + done, min_u64(ROW, len - done));
}

/* It has the lines that it needs. */
static void add_name(struct text *out, const char *name)
{
	text_pad(out, NAME_COLUMN);
	page_words(out, MORE_COLUMN, name);
	text_add(out, "\n");
}

/* One row of fields, each name under its first byte. Returns how many bytes it was. */
static size_t add_fields(struct text *out, const uint8_t *data, size_t len, size_t at,
			 const struct field **f)
{
	cleanup_text struct text names = { 0 };
	size_t n = 0;

	for (; (*f)->name; (*f)++) {
		text_pad(&names, NAME_COLUMN + 3 * n);
		text_add(&names, "%s", (*f)->name);
		n += (*f)->len;
	}
	(*f)++;
	if (at >= len)
		return n;
	add_bytes(out, data, at, min_u64(n, len - at));
	text_add(out, "%s\n", names.str ? names.str : "");
	return n;
}

static bool is_zero(const uint8_t *data, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (data[i])
			return false;
	return true;
}

/* The option's field if it is whole only with its other parts (RFC 3396). */
static const struct dhcp_field *find_split(const struct dhcp_message *whole, uint8_t code)
{
	for (size_t i = 0; i < whole->n_fields; i++) {
		const struct dhcp_field *f = &whole->fields[i];

		if (f->code == code && f->flags & DHCP_FIELD_SPLIT)
			return f;
	}
	return NULL;
}

static void add_option_name(struct text *out, const struct dhcp_message *whole, uint8_t code,
			    const uint8_t *value, size_t len)
{
	const struct dhcp_option_info *info = dhcp_option_info(code);
	const struct dhcp_field *split = find_split(whole, code);
	cleanup_text struct text line = { 0 };

	text_add(&line, "%u %s", code, info->name ? info->label : "unassigned");
	if (split) {
		text_add(&line, ", a part; all of it: ");
		option_value_format(&line, code, whole->data + split->off, split->len);
	} else if (info->name || len) {
		text_add(&line, ": ");
		option_value_format(&line, code, value, len);
	}
	if (line.str)
		add_name(out, line.str);
}

/* END, PAD and what is cut have no value. Returns the bytes that were shown. */
static size_t add_option(struct text *out, const struct dhcp_message *whole, const uint8_t *data,
			 size_t at, size_t end)
{
	size_t len, left = end - at - 1;

	if (left == 0 || left - 1 < data[at + 1]) {
		add_rows(out, data, at, end - at);
		add_name(out, "an option that runs past the end");
		return end - at;
	}

	len = data[at + 1];
	add_rows(out, data, at, 2 + len);
	add_option_name(out, whole, data[at], data + at + 2, len);
	return 2 + len;
}

static size_t count_pads(const uint8_t *data, size_t at, size_t end)
{
	size_t n = 0;

	while (at + n < end && data[at + n] == DHCP_OPT_PAD)
		n++;
	return n;
}

static void add_pads(struct text *out, size_t at, size_t n)
{
	text_pad(out, INDENT);
	text_add(out, "%03zx  %zu pad byte%s\n", at, n, n == 1 ? "" : "s");
}

/* Behind END, RFC 2132 section 3.2. */
static void add_rest(struct text *out, const uint8_t *data, size_t at, size_t len)
{
	if (is_zero(data + at, len)) {
		add_pads(out, at, len);
		return;
	}
	add_rows(out, data, at, len);
	add_name(out, "behind the end: nobody reads this");
}

static void add_options(struct text *out, const struct dhcp_message *whole, const uint8_t *data,
			size_t at, size_t end)
{
	while (at < end) {
		size_t pads = count_pads(data, at, end);

		if (pads) {
			add_pads(out, at, pads);
			at += pads;
		} else if (data[at] == DHCP_OPT_END) {
			add_bytes(out, data, at++, 1);
			add_name(out, "255 end");
			break;
		} else {
			at += add_option(out, whole, data, at, end);
		}
	}
	if (at < end)
		add_rest(out, data, at, end - at);
}

/* sname and file: text, options (52), or nothing. */
static void add_text_field(struct text *out, const char *name, const struct dhcp_message *whole,
			   const uint8_t *data, size_t at, size_t len, bool options)
{
	if (is_zero(data + at, len)) {
		text_pad(out, INDENT);
		text_add(out, "%03zx  %zu zero bytes: no %s\n", at, len, name);
	} else if (options) {
		add_options(out, whole, data, at, at + len);
	} else {
		add_rows(out, data, at, len);
		add_name(out, name);
	}
}

/* RFC 951: without the cookie no one but the vendor can read it. */
static void add_vendor_area(struct text *out, const uint8_t *data, size_t at, size_t len)
{
	if (is_zero(data + at, len)) {
		text_pad(out, INDENT);
		text_add(out, "%03zx  %zu zero bytes: no vendor area\n", at, len);
		return;
	}
	add_rows(out, data, at, len);
	add_name(out, "vendor area: no magic cookie, so no options");
}

/* Option 52 of the options field; 0: none. */
static uint8_t find_overload(const uint8_t *data, size_t len)
{
	size_t at = OPTIONS_OFFSET;

	while (at < len && data[at] != DHCP_OPT_END) {
		if (data[at] == DHCP_OPT_PAD)
			at++;
		else if (at + 2 < len && data[at] == DHCP_OPT_OVERLOAD)
			return data[at + 2];
		else
			at += at + 1 < len ? 2u + data[at + 1] : 1;
	}
	return 0;
}

void view_hex(struct text *out, const uint8_t *data, size_t len)
{
	const struct field *f = header;
	uint8_t overload = find_overload(data, len);
	struct dhcp_message whole;
	size_t at = 0;

	/* What cannot be decoded has no parts to be joined. */
	if (dhcp_message_decode(data, len, &whole, NULL, NULL) < 0)
		whole.n_fields = 0;

	while (f < header + ARRAY_SIZE(header))
		at += add_fields(out, data, len, at, &f);
	if (len < DHCP_HEADER_LEN)
		return;

	add_text_field(out, "sname", &whole, data, SNAME_OFFSET, SNAME_LEN,
		       overload & OVERLOAD_SNAME);
	add_text_field(out, "file", &whole, data, FILE_OFFSET, FILE_LEN, overload & OVERLOAD_FILE);
	if (len >= OPTIONS_OFFSET && load_be32(data + DHCP_HEADER_LEN) == DHCP_COOKIE) {
		add_bytes(out, data, DHCP_HEADER_LEN, 4);
		add_name(out, "magic cookie: options follow");
		add_options(out, &whole, data, OPTIONS_OFFSET, len);
	} else if (len > DHCP_HEADER_LEN) {
		add_vendor_area(out, data, DHCP_HEADER_LEN, len - DHCP_HEADER_LEN);
	}
}
