/* SPDX-License-Identifier: MIT */
#include <netlab/dhcp_message.h>

#include <errno.h>
#include <string.h>

#include "base/bytes.h"
#include "dhcp/wire.h"

#define HLEN_MAX 16

struct fault {
	const char *why;
	const char *rfc;
};

static const struct fault runs_past_options = {
	"an option runs past the end of the options field", "RFC 2132 section 2"
};
static const struct fault runs_past_file = {
	"an option runs past the end of the file field", "RFC 2131 section 4.1"
};
static const struct fault runs_past_sname = {
	"an option runs past the end of the sname field", "RFC 2131 section 4.1"
};

/* One of the places that options stand in. */
struct region {
	struct reader bytes;
	const struct fault *overrun;
};

/**
 * struct survey - all options of a message, before any is copied
 * @region: in RFC 3396 section 5's order: options, file, sname
 * @slot: as in struct dhcp_message
 * @field: @off is not known yet; @len counts all parts
 * @first: of each field: its first part
 * @split: one field at least has several parts
 * @overload: value of option 52
 */
struct survey {
	struct region region[3];
	unsigned int n_regions;
	uint8_t slot[256];
	struct dhcp_field field[DHCP_OPTIONS_MAX];
	const uint8_t *first[DHCP_OPTIONS_MAX];
	uint16_t n_fields;
	bool split;
	uint8_t type;
	uint8_t overload;
};

static void add_region(struct survey *s, const uint8_t *data, size_t len,
		       const struct fault *overrun)
{
	struct region *region = &s->region[s->n_regions++];

	reader_init(&region->bytes, data, len);
	region->overrun = overrun;
}

/*
 * The next option: 1; 0 at END or at the end of the field, which is taken for
 * one; -EBADMSG when it runs past the field. RFC 2132 section 2: PAD and END
 * have no length byte, all others do, known or not.
 */
static int next_option(struct reader *r, uint8_t *ret_code, const uint8_t **ret_value,
		       uint8_t *ret_len)
{
	uint8_t code;

	do {
		if (reader_left(r) == 0)
			return 0;
		code = get_u8(r);
	} while (code == DHCP_OPT_PAD);
	if (code == DHCP_OPT_END)
		return 0;

	*ret_code = code;
	*ret_len = get_u8(r);
	*ret_value = get_span(r, *ret_len);
	return r->overrun ? -EBADMSG : 1;
}

static const struct fault *check_message_type(const uint8_t *value, size_t len)
{
	static const struct fault wrong_length = {
		"the message type (53) is not one byte", "RFC 2132 section 9.6"
	};
	static const struct fault unknown = {
		"the message type (53) is none that is known", "RFC 2132 section 9.6"
	};

	if (len != 1)
		return &wrong_length;
	return value[0] >= DHCP_DISCOVER && value[0] <= DHCP_TYPE_MAX ? NULL : &unknown;
}

/* The options without which a message can not be understood must be sound. */
static const struct fault *check_value(uint8_t code, const uint8_t *value, size_t len)
{
	static const struct fault requested = {
		"the requested address (50) is not four bytes", "RFC 2132 section 9.1"
	};
	static const struct fault lease = {
		"the lease time (51) is not four bytes", "RFC 2132 section 9.2"
	};
	static const struct fault overload = {
		"the overload (52) is not 1, 2 or 3", "RFC 2132 section 9.3"
	};
	static const struct fault server = {
		"the server id (54) is not four bytes", "RFC 2132 section 9.7"
	};

	const struct fault *fault;

	if (code == DHCP_OPT_MESSAGE_TYPE)
		return check_message_type(value, len);
	else if (code == DHCP_OPT_REQUESTED_ADDRESS)
		fault = &requested;
	else if (code == DHCP_OPT_LEASE_TIME)
		fault = &lease;
	else if (code == DHCP_OPT_OVERLOAD)
		fault = &overload;
	else if (code == DHCP_OPT_SERVER_ID)
		fault = &server;
	else
		return NULL;

	return dhcp_option_is_valid(code, value, len) ? NULL : fault;
}

/* Counts one part of an option; @region is 0 for the options field. */
static const struct fault *survey_part(struct survey *s, unsigned int region, uint8_t code,
				       const uint8_t *value, size_t len)
{
	static const struct fault nested = {
		"an overload (52) inside an overloaded field", "RFC 2132 section 9.3"
	};
	static const struct fault repeated = {
		"an option that has one value came twice", "RFC 2131 section 4.1"
	};
	struct dhcp_field *field;

	if (code == DHCP_OPT_OVERLOAD && region > 0)
		return &nested;
	if (s->slot[code]) {
		field = &s->field[s->slot[code] - 1];
		if (dhcp_option_is_fixed(code))
			return &repeated;
		field->flags |= DHCP_FIELD_SPLIT;
		s->split = true;
		field->len += (uint16_t)len;
		return NULL;
	}

	field = &s->field[s->n_fields];
	s->first[s->n_fields++] = value;
	*field = (struct dhcp_field){ .code = code, .len = (uint16_t)len };
	s->slot[code] = (uint8_t)s->n_fields;
	if (code == DHCP_OPT_MESSAGE_TYPE && len > 0)
		s->type = value[0];
	if (code == DHCP_OPT_OVERLOAD && len > 0)
		s->overload = value[0];
	return check_value(code, value, len);
}

static const struct fault *survey_region(struct survey *s, unsigned int region)
{
	struct reader r = s->region[region].bytes;

	for (;;) {
		const struct fault *fault;
		const uint8_t *value;
		uint8_t code, len;
		int more = next_option(&r, &code, &value, &len);

		if (more < 0)
			return s->region[region].overrun;
		if (more == 0)
			return NULL;
		fault = survey_part(s, region, code, value, len);
		if (fault)
			return fault;
	}
}

/* RFC 2131 section 4.1: options first, then file, then sname, as option 52 says. */
static const struct fault *survey_options(struct survey *s, const uint8_t *data, size_t len)
{
	const struct fault *fault;

	memset(s->slot, 0, sizeof(s->slot));
	s->n_regions = 0;
	s->n_fields = 0;
	s->split = false;
	s->type = DHCP_NO_TYPE;
	s->overload = 0;

	/* RFC 951: a message without the cookie has no options, or some that nobody can read. */
	if (len < OPTIONS_OFFSET || load_be32(data + DHCP_HEADER_LEN) != DHCP_COOKIE)
		return NULL;

	add_region(s, data + OPTIONS_OFFSET, len - OPTIONS_OFFSET, &runs_past_options);
	fault = survey_region(s, 0);
	if (fault)
		return fault;

	if (s->overload & OVERLOAD_FILE)
		add_region(s, data + FILE_OFFSET, FILE_LEN, &runs_past_file);
	if (s->overload & OVERLOAD_SNAME)
		add_region(s, data + SNAME_OFFSET, SNAME_LEN, &runs_past_sname);
	for (unsigned int i = 1; i < s->n_regions && !fault; i++)
		fault = survey_region(s, i);
	return fault;
}

/* RFC 3396 section 7: one value a code, its parts joined in order. Linear in the message. */
static void join_parts(const struct survey *s, struct dhcp_message *m)
{
	uint16_t filled[DHCP_OPTIONS_MAX] = { 0 };

	for (unsigned int i = 0; i < s->n_regions; i++) {
		struct reader r = s->region[i].bytes;
		const uint8_t *value;
		uint8_t code, len;

		while (next_option(&r, &code, &value, &len) > 0) {
			unsigned int slot = s->slot[code] - 1u;

			memcpy(m->data + m->fields[slot].off + filled[slot], value, len);
			filled[slot] += len;
		}
	}
}

static void copy_values(const struct survey *s, struct dhcp_message *m)
{
	m->n_fields = s->n_fields;
	memcpy(m->slot, s->slot, sizeof(m->slot));
	for (unsigned int i = 0; i < s->n_fields; i++) {
		m->fields[i] = s->field[i];
		m->fields[i].off = m->data_len;
		if (!s->split)
			memcpy(m->data + m->data_len, s->first[i], s->field[i].len);
		m->data_len += s->field[i].len;
	}
	if (s->split)
		join_parts(s, m);
}

/* The text of a fixed field, whether somebody terminated it or not. */
static void copy_text(char *dst, const uint8_t *src, size_t size)
{
	memcpy(dst, src, strnlen((const char *)src, size));
}

static void copy_header(const uint8_t *data, const struct survey *s, struct dhcp_message *m)
{
	m->op = data[0];
	m->htype = data[1];
	m->hlen = data[2];
	m->hops = data[3];
	m->type = s->type;
	m->xid = load_be32(data + XID_OFFSET);
	m->secs = load_be16(data + 8);
	m->flags = load_be16(data + 10);
	m->ciaddr = load_be32(data + 12);
	m->yiaddr = load_be32(data + 16);
	m->siaddr = load_be32(data + 20);
	m->giaddr = load_be32(data + 24);
	memcpy(m->chaddr, data + CHADDR_OFFSET, sizeof(m->chaddr));
	if (!(s->overload & OVERLOAD_SNAME))
		copy_text(m->sname, data + SNAME_OFFSET, SNAME_LEN);
	if (!(s->overload & OVERLOAD_FILE))
		copy_text(m->file, data + FILE_OFFSET, FILE_LEN);
}

static const struct fault *check_header(const uint8_t *data, size_t len)
{
	static const struct fault too_short = {
		"the message is shorter than the fixed fields", "RFC 2131 section 2"
	};
	static const struct fault too_long = {
		"the message is longer than an Ethernet frame can carry", "RFC 894"
	};
	static const struct fault op = { "op is neither 1 nor 2", "RFC 2131 section 2" };
	static const struct fault hlen = { "hlen is over 16", "RFC 2131 section 2" };

	if (len < DHCP_HEADER_LEN)
		return &too_short;
	if (len > DHCP_MESSAGE_MAX)
		return &too_long;
	if (data[0] != DHCP_OP_REQUEST && data[0] != DHCP_OP_REPLY)
		return &op;
	return data[2] > HLEN_MAX ? &hlen : NULL;
}

int dhcp_message_peek(const void *payload, size_t len, uint8_t *ret_type, uint32_t *ret_xid)
{
	const uint8_t *data = payload;
	struct survey survey;

	if (check_header(data, len) || survey_options(&survey, data, len))
		return -EBADMSG;
	*ret_type = survey.type;
	*ret_xid = load_be32(data + XID_OFFSET);
	return 0;
}

int dhcp_message_decode(const void *payload, size_t len, struct dhcp_message *ret,
			const char **ret_why, const char **ret_rfc)
{
	const struct fault *fault = check_header(payload, len);
	struct survey survey;

	if (!fault)
		fault = survey_options(&survey, payload, len);
	if (fault) {
		if (ret_why)
			*ret_why = fault->why;
		if (ret_rfc)
			*ret_rfc = fault->rfc;
		return -EBADMSG;
	}

	message_clear(ret);
	ret->size = (uint16_t)len;
	copy_header(payload, &survey, ret);
	copy_values(&survey, ret);
	return 0;
}

static const struct dhcp_field *find_field(const struct dhcp_message *m, uint8_t code)
{
	return m->slot[code] ? &m->fields[m->slot[code] - 1] : NULL;
}

const uint8_t *dhcp_message_get(const struct dhcp_message *m, uint8_t code, size_t *ret_len)
{
	const struct dhcp_field *field = find_field(m, code);

	if (!field || !dhcp_option_is_valid(code, m->data + field->off, field->len))
		return NULL;

	if (ret_len)
		*ret_len = field->len;
	return m->data + field->off;
}

bool dhcp_message_has(const struct dhcp_message *m, uint8_t code)
{
	return dhcp_message_get(m, code, NULL) != NULL;
}

/* The value if it is there and has @len bytes. */
static int get_exact(const struct dhcp_message *m, uint8_t code, size_t len,
		     const uint8_t **ret_value)
{
	const struct dhcp_field *field = find_field(m, code);

	if (!field)
		return -ENOENT;
	if (field->len != len)
		return -EBADMSG;

	*ret_value = m->data + field->off;
	return 0;
}

int dhcp_message_get_u8(const struct dhcp_message *m, uint8_t code, uint8_t *ret)
{
	const uint8_t *value;
	int r = get_exact(m, code, 1, &value);

	if (r == 0)
		*ret = value[0];
	return r;
}

int dhcp_message_get_u16(const struct dhcp_message *m, uint8_t code, uint16_t *ret)
{
	const uint8_t *value;
	int r = get_exact(m, code, 2, &value);

	if (r == 0)
		*ret = load_be16(value);
	return r;
}

int dhcp_message_get_u32(const struct dhcp_message *m, uint8_t code, uint32_t *ret)
{
	const uint8_t *value;
	int r = get_exact(m, code, 4, &value);

	if (r == 0)
		*ret = load_be32(value);
	return r;
}
