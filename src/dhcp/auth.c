/* SPDX-License-Identifier: MIT */
/* auth.c - see auth.h */
#include "dhcp/auth.h"

#include <errno.h>
#include <string.h>

#include <netlab/dhcp_message.h>

#include "base/bytes.h"
#include "dhcp/md5.h"

#define PROTOCOL 3	/* RFC 3315 section 21.5: reconfigure key */
#define METHOD 0	/* RFC 3118 section 2: a counter */

int auth_read(const uint8_t *value, size_t len, struct auth *ret)
{
	struct auth a = { .type = AUTH_NONCE };
	uint8_t protocol, algorithm, method, type;
	struct reader r;

	reader_init(&r, value, len);
	protocol = get_u8(&r);
	algorithm = get_u8(&r);
	method = get_u8(&r);
	a.replay = (uint64_t)get_be32(&r) << 32;
	a.replay |= get_be32(&r);
	type = get_u8(&r);
	get_bytes(&r, a.value, sizeof(a.value));
	if (r.overrun || reader_left(&r) || protocol != PROTOCOL || algorithm != AUTH_HMAC_MD5 ||
	    method != METHOD || (type != AUTH_NONCE && type != AUTH_DIGEST))
		return -EBADMSG;

	a.type = (enum auth_type)type;
	*ret = a;
	return 0;
}

void auth_write(const struct auth *a, uint8_t ret[static AUTH_LEN])
{
	struct writer w;

	writer_init(&w, ret, AUTH_LEN);
	put_u8(&w, PROTOCOL);
	put_u8(&w, AUTH_HMAC_MD5);
	put_u8(&w, METHOD);
	put_be32(&w, (uint32_t)(a->replay >> 32));
	put_be32(&w, (uint32_t)a->replay);
	put_u8(&w, (uint8_t)a->type);
	put_bytes(&w, a->value, sizeof(a->value));
}

/* Where in @msg the digest stands; -ENOENT for nowhere. */
static int find_digest(const uint8_t *msg, size_t len, size_t *ret)
{
	struct reader r;

	reader_init(&r, msg, len);
	(void)get_span(&r, DHCP_HEADER_LEN + sizeof(uint32_t));
	while (reader_left(&r)) {
		uint8_t code = get_u8(&r), value_len;
		const uint8_t *value;
		struct auth a;

		if (code == DHCP_OPT_PAD)
			continue;
		if (code == DHCP_OPT_END)
			break;
		value_len = get_u8(&r);
		value = get_span(&r, value_len);
		if (!value)
			break;
		if (code != DHCP_OPT_AUTHENTICATION)
			continue;
		if (auth_read(value, value_len, &a) < 0 || a.type != AUTH_DIGEST)
			break;
		*ret = r.pos - sizeof(a.value);
		return 0;
	}

	return -ENOENT;
}

/* RFC 6704 section 3.1.3: over the whole message, with zeros where the digest stands. */
static void digest(const uint8_t *msg, size_t len, size_t at,
		   const uint8_t nonce[static AUTH_VALUE_LEN], uint8_t ret[static MD5_LEN])
{
	static const uint8_t zeros[MD5_LEN];
	const struct md5_part part[] = {
		{ msg, at }, { zeros, sizeof(zeros) },
		{ msg + at + MD5_LEN, len - at - MD5_LEN },
	};

	hmac_md5(nonce, AUTH_VALUE_LEN, part, 3, ret);
}

int auth_sign(uint8_t *msg, size_t len, const uint8_t nonce[static AUTH_VALUE_LEN])
{
	uint8_t value[MD5_LEN];
	size_t at;
	int r;

	r = find_digest(msg, len, &at);
	if (r < 0)
		return r;

	digest(msg, len, at, nonce, value);
	memcpy(msg + at, value, sizeof(value));
	return 0;
}

bool auth_is_genuine(const uint8_t *msg, size_t len, const uint8_t nonce[static AUTH_VALUE_LEN])
{
	uint8_t value[MD5_LEN], differs = 0;
	size_t at;

	if (find_digest(msg, len, &at) < 0)
		return false;

	digest(msg, len, at, nonce, value);
	for (size_t i = 0; i < sizeof(value); i++)	/* as long for a near miss as for any */
		differs |= value[i] ^ msg[at + i];
	return !differs;
}
