/* SPDX-License-Identifier: MIT */
/* field.c - the fields of a message as numbers and as texts. */
#include <errno.h>
#include <inttypes.h>

#include "base/text.h"
#include "judge/private.h"

static uint64_t mac_number(const uint8_t mac[static 6])
{
	uint64_t v = 0;

	for (size_t i = 0; i < 6; i++)
		v = v << 8 | mac[i];
	return v;
}

uint64_t field_number(const struct trace_message *m, enum scn_field f)
{
	switch (f) {
	case SCN_FIELD_XID:
		return m->xid;
	case SCN_FIELD_SRC_MAC:
		return mac_number(m->src_mac);
	case SCN_FIELD_DST_MAC:
		return mac_number(m->dst_mac);
	case SCN_FIELD_SRC_IP:
		return m->src_ip;
	case SCN_FIELD_DST_IP:
		return m->dst_ip;
	case SCN_FIELD_SRC_PORT:
		return m->src_port;
	case SCN_FIELD_DST_PORT:
		return m->dst_port;
	case SCN_FIELD_SECS:
		return m->secs;
	case SCN_FIELD_FLAGS:
		return m->flags;
	case SCN_FIELD_CIADDR:
		return m->ciaddr;
	case SCN_FIELD_YIADDR:
		return m->yiaddr;
	case SCN_FIELD_SIADDR:
		return m->siaddr;
	case SCN_FIELD_GIADDR:
		return m->giaddr;
	case SCN_FIELD_LENGTH:
		return m->length;
	case SCN_FIELD_FROM:
	case SCN_FIELD_TO:
	case SCN_FIELD_COUNT:
	case SCN_FIELD_OPTION:
		break;
	}
	return 0;
}

void field_format(enum scn_field f, uint64_t value, struct text *out)
{
	uint8_t mac[6];
	char buf[MAC_LEN > IP4_LEN ? MAC_LEN : IP4_LEN];

	switch (scn_field_form(f)) {
	case SCN_FORM_IP4:
		text_add(out, "%s", ip4_format((uint32_t)value, buf));
		return;
	case SCN_FORM_MAC:
		for (size_t i = 0; i < 6; i++)
			mac[i] = (uint8_t)(value >> (40 - 8 * i));
		text_add(out, "%s", mac_format(mac, buf));
		return;
	case SCN_FORM_HEX:
		text_add(out, f == SCN_FIELD_XID ? "%08" PRIx64 : "0x%04" PRIx64, value);
		return;
	case SCN_FORM_NUMBER:
	case SCN_FORM_TEXT:
		text_add(out, "%" PRIu64, value);
		return;
	}
}

int field_text(const struct trace_event *e, enum scn_field f, uint8_t option, struct text *out)
{
	const char *value;

	if (f == SCN_FIELD_FROM || f == SCN_FIELD_TO) {
		text_add(out, "%s", f == SCN_FIELD_FROM ? e->msg.from : e->msg.to);
	} else if (f == SCN_FIELD_OPTION) {
		value = trace_option(e, option);
		if (!value)
			return -ENOENT;
		text_add(out, "%s", value);
	} else {
		field_format(f, field_number(&e->msg, f), out);
	}
	return 0;
}
