/* SPDX-License-Identifier: MIT */
/*
 * fuzz_message.c - a UDP payload: decode it, read and format every option, build it again.
 *
 * What was built from a message must decode to the same values.
 */
#include <string.h>

#include <netlab/dhcp_message.h>

#include "base/util.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool ok)
{
	if (!ok)
		abort();
}

/* @text is terminated, and nothing in it does anything to a terminal. */
static void check_text(const char *text, size_t len)
{
	check(strlen(text) == len);
	for (size_t i = 0; i < len; i++)
		check(text[i] >= ' ' && text[i] <= '~');
}

static void format_options(const struct dhcp_message *m)
{
	char text[4096], cut[16];

	for (unsigned int i = 0; i < m->n_fields; i++) {
		const struct dhcp_field *f = &m->fields[i];
		const uint8_t *value = m->data + f->off;

		check((size_t)f->off + f->len <= m->data_len);
		check_text(text, dhcp_option_format(f->code, value, f->len, text, sizeof(text)));
		check_text(cut, dhcp_option_format(f->code, value, f->len, cut, sizeof(cut)));
	}
}

static void compare(const struct dhcp_message *a, const struct dhcp_message *b)
{
	check(a->op == b->op && a->type == b->type && a->xid == b->xid);
	/* RFC 2131 section 2: clients set the other bits to zero; they are decoded as they came. */
	check((a->flags & DHCP_FLAG_BROADCAST) == b->flags);
	check(a->ciaddr == b->ciaddr && a->yiaddr == b->yiaddr);
	/* RFC 2131 section 2: what we send is terminated within its field, what came may not be. */
	check(strncmp(a->sname, b->sname, 63) == 0 && strncmp(a->file, b->file, 127) == 0);

	for (unsigned int code = 1; code < 255; code++) {
		size_t a_len = 0, b_len = 0;
		const uint8_t *x = dhcp_message_get(a, (uint8_t)code, &a_len);
		const uint8_t *y = dhcp_message_get(b, (uint8_t)code, &b_len);

		if (code == DHCP_OPT_OVERLOAD)
			continue;
		check(!x == !y && a_len == b_len);
		check(!x || memcmp(x, y, a_len) == 0);
	}
}

static void build_again(const struct dhcp_message *m)
{
	uint8_t out[2 * DHCP_MESSAGE_MAX];
	struct dhcp_message again;
	struct dhcp_builder b;
	int len;

	check(dhcp_build_begin(&b, out, DHCP_MESSAGE_MAX, m) == 0);
	b.may_overload = true;
	for (unsigned int i = 0; i < m->n_fields; i++) {
		const struct dhcp_field *f = &m->fields[i];

		if (f->code == DHCP_OPT_MESSAGE_TYPE || f->code == DHCP_OPT_OVERLOAD)
			continue;
		if (dhcp_build_put(&b, f->code, m->data + f->off, f->len) < 0)
			return;
	}
	len = dhcp_build_end(&b);
	check(len >= DHCP_MIN_LEN && len <= DHCP_MESSAGE_MAX);
	check(dhcp_message_decode(out, (size_t)len, &again, NULL, NULL) == 0);
	compare(m, &again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *why = NULL, *rfc = NULL;
	struct dhcp_message m;

	if (dhcp_message_decode(data, size, &m, &why, &rfc) < 0) {
		check(why && rfc);
		return 0;
	}

	format_options(&m);
	build_again(&m);
	return 0;
}
