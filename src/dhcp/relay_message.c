/* SPDX-License-Identifier: MIT */
/*
 * relay_message.c - the bytes of a message, changed in no other place than a
 * relay agent may change: hops, giaddr, option 82 (RFC 1542 sections 4.1.1 and
 * 4.1.2, RFC 3046 section 2.1). Everything else goes on as it came, also what
 * the codec would write in another way.
 */
#include <errno.h>
#include <string.h>

#include "base/bytes.h"
#include "dhcp/relay_internal.h"
#include "dhcp/wire.h"

#define HOPS_OFFSET 3
#define GIADDR_OFFSET 24

static bool has_options(const struct dhcp_rx *rx)
{
	return rx->msg->size > OPTIONS_OFFSET &&
	       load_be32((const uint8_t *)rx->payload + DHCP_HEADER_LEN) == DHCP_COOKIE;
}

/* The options field up to its END, without option 82, added to @w. True if there was one. */
static bool copy_options(const struct dhcp_rx *rx, struct writer *w)
{
	bool found = false;
	struct reader r;

	reader_init(&r, (const uint8_t *)rx->payload + OPTIONS_OFFSET,
		    rx->msg->size - (size_t)OPTIONS_OFFSET);
	while (reader_left(&r)) {
		uint8_t code = get_u8(&r), len;
		const uint8_t *value;

		if (code == DHCP_OPT_END)
			break;
		if (code == DHCP_OPT_PAD) {
			put_u8(w, code);
			continue;
		}
		len = get_u8(&r);
		value = get_span(&r, len);
		if (!value)
			break;
		if (code == DHCP_OPT_RELAY_INFO) {
			found = true;
			continue;
		}
		put_u8(w, code);
		put_u8(w, len);
		put_bytes(w, value, len);
	}

	return found;
}

/*
 * RFC 3046 section 2.1: the last option, never in file or sname; nor is it taken
 * out there. False: there is nothing to change.
 */
static bool rewrite_options(const struct dhcp_rx *rx, const struct relay_change *change,
			    struct writer *w)
{
	put_bytes(w, rx->payload, OPTIONS_OFFSET);
	if (!copy_options(rx, w) && !change->info_len)
		return false;
	if (change->info_len) {
		put_u8(w, DHCP_OPT_RELAY_INFO);
		put_u8(w, (uint8_t)change->info_len);
		put_bytes(w, change->info, change->info_len);
	}
	put_u8(w, DHCP_OPT_END);
	if (w->len < DHCP_MIN_LEN)
		put_zeros(w, DHCP_MIN_LEN - w->len);
	return true;
}

int relay_write(const struct dhcp_rx *rx, const struct relay_change *change, struct dhcp_send *ret)
{
	struct writer w;

	writer_init(&w, ret->data, sizeof(ret->data));
	if (!(change->strip || change->info_len) || !has_options(rx) ||
	    !rewrite_options(rx, change, &w)) {
		writer_init(&w, ret->data, sizeof(ret->data));
		put_bytes(&w, rx->payload, rx->msg->size);
	}
	if (w.overflow)
		return -EMSGSIZE;

	ret->data[HOPS_OFFSET] = change->hops;
	store_be32(ret->data + GIADDR_OFFSET, change->giaddr);
	ret->len = (uint16_t)w.len;
	return 0;
}

size_t relay_marked_len(const struct dhcp_rx *rx, size_t info_len)
{
	uint8_t scratch[DHCP_MESSAGE_MAX];
	struct writer w;
	size_t len;

	if (!has_options(rx))
		return 0;

	writer_init(&w, scratch, sizeof(scratch));
	copy_options(rx, &w);
	len = OPTIONS_OFFSET + w.len + 2 + info_len + 1;
	return max_u64(len, DHCP_MIN_LEN);
}
